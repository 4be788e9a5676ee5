import { suite, test } from 'node:test';

import { assertGreen, assertRed, baseSeed, full, play } from './scenario.ts';
import { zombie } from './zombie.ts';

suite('a worker that sleeps through its lease', () => {
  test('wakes up and can commit nothing', async (t) => {
    assertGreen(await play(t, zombie('zombie', baseSeed + 200)));
  });

  const skip = !full && 'FAULTS=full asks for it';
  test('would overwrite a case without fencing, and I3 and I5 tell', { skip }, async (t) => {
    const findings = await play(t, zombie('planted: no-fencing', baseSeed + 210, 'no-fencing'));
    assertRed(findings, {
      I3: /is at \d+, its history at \d+/,
      I5: /stored at seq \d+, replayed to \d+/,
    });
  });
});
