import { suite, test } from 'node:test';

import type { Cluster, Orchestrator } from './cluster.ts';
import { assertRed, baseSeed, full, play } from './scenario.ts';

/**
 * Here the suite is tested: with a bug in the product, an invariant must not hold. `npm test` tries the invariants on
 * evidence that was changed (judged.ts). `no-fencing` is in zombie.test.ts.
 */
suite('a planted bug', { skip: !full && 'FAULTS=full asks for it' }, () => {
  const victims = new WeakMap<Cluster, Orchestrator>();

  test('that answers before the commit turns I1 and I12 red', async (t) => {
    const findings = await play(t, {
      name: 'planted: ack-before-commit',
      seed: baseSeed + 300,
      patients: 30,
      rampMs: 500,
      mayDoubt: true,
      patienceMs: 8_000,
      boot: async (cluster) => {
        victims.set(
          cluster,
          await cluster.start({
            leaseMs: 2_000,
            failpoint: 'edge.after-commit:25',
            plantedBug: 'ack-before-commit',
          }),
        );
      },
      fault: async (cluster) => {
        const victim = victims.get(cluster) as Orchestrator;
        await victim.killed(20_000);
        await cluster.restart(victim);
        return { healedAt: Date.now(), kills: 1, failpointHits: 1 };
      },
    });
    assertRed(findings, {
      I1: /acknowledged and met its case 0 times/,
      I12: /answered 200, and .* is not in the ledger/,
    });
  });

  test('that forgets to look for duplicates turns I1 red', async (t) => {
    const findings = await play(t, {
      name: 'planted: no-dedupe',
      seed: baseSeed + 310,
      duplicates: 0.3,
      patienceMs: 5_000,
      boot: async (cluster) => void (await cluster.start({ plantedBug: 'no-dedupe' })),
      fault: async (_cluster, load) => ({ healedAt: await load.begun }),
    });
    assertRed(findings, { I1: /met its case 2 times/ });
  });
});
