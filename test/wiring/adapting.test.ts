import assert from 'node:assert/strict';
import { suite, test } from 'node:test';

import { loadConfig } from '../../config.ts';
import { adaptingOf } from '../../deploy/wiring/adapting.ts';
import type { System } from '../../deploy/wiring/system.ts';

suite('what adapters hold', () => {
  test('is closed after the kernel, however late it was loaded: its last calls go through it', async () => {
    const ended: string[] = [];
    const stops: (() => Promise<unknown>)[] = [];
    const onStop = (stop: () => Promise<unknown>) => void stops.push(stop);
    const system: unknown = { config: loadConfig({ NODE_ENV: 'test' }), shutdown: { onStop } };
    const adapting = adaptingOf(system as System);
    onStop(async () => ended.push('kernel'));

    const { onIdle } = await adapting(); // As the first call of a provider does, with the kernel under way.
    onIdle(async () => ended.push('client'));

    for (const stop of stops.toReversed()) await stop();
    assert.deepEqual(ended, ['kernel', 'client']);
  });
});
