import assert from 'node:assert/strict';
import { suite, test } from 'node:test';

import type { Locks } from '../../actors/ports/locks.ts';
import type { Reconciler } from '../../actors/reconciliation/reconciler.ts';
import { runEvery } from '../../actors/reconciliation/rounds.ts';
import { waitUntil } from '../support/wait.ts';
import { noon } from './reconciliation-fixture.ts';

/** One lock of each name, in this process. */
function locksInMemory(): Locks & { readonly held: Set<string> } {
  const held = new Set<string>();
  return {
    held,
    async tryLock(name) {
      if (held.has(name)) return null;
      held.add(name);
      return async () => void held.delete(name);
    },
  };
}

function rounds(locks: Locks, poll: () => Promise<void> = async () => {}) {
  const done: string[] = [];
  const logged: string[] = [];
  const reconciler: Reconciler = {
    providers: ['stripe', 'iyzico'],
    async pollOpen(_signal, only) {
      done.push(`poll ${only}`);
      await poll();
      return [];
    },
    async reconcileDay(day, _signal, how) {
      done.push(`${day} ${how?.only}`);
      return { day, from: '', to: '', providers: [], outcome: 'clean' };
    },
  };
  const stop = new AbortController();
  const clock = { nowMs: noon };
  const running = runEvery(
    {
      reconciler,
      locks,
      now: () => clock.nowMs,
      random: () => 0.5,
      log: (_level, event) => void logged.push(event),
      everyMs: 1,
      dayEveryMs: 60_000,
    },
    stop.signal,
  );
  const end = async () => {
    stop.abort();
    await running;
  };
  const count = (what: string) => done.filter((one) => one === what).length;
  return { done, logged, clock, end, count };
}

suite('rounds of reconciliation', { timeout: 30_000 }, () => {
  test('look at each provider again and again, and at days now and then', async () => {
    const { done, clock, end, count } = rounds(locksInMemory());
    await waitUntil(() => count('poll stripe') > 5 && count('poll iyzico') > 5, { what: 'polls' });
    const days = done.filter((one) => one.startsWith('2026') && one.endsWith('stripe'));
    assert.equal(days.length, 15, 'today and two weeks back, once');
    assert.deepEqual(
      [days[0], days[1], days.at(-1)],
      ['2026-11-24 stripe', '2026-11-23 stripe', '2026-11-10 stripe'],
    );
    clock.nowMs += 61_000;
    await waitUntil(() => count('2026-11-23 stripe') === 2, { what: 'the next look at days' });
    assert.equal(count('2026-11-24 stripe'), 2);
    assert.equal(count('2026-11-10 stripe'), 1);
    await end();
  });

  test('are done by one process at a time', async () => {
    const locks = locksInMemory();
    const running = { now: 0, most: 0 };
    const slowly = async () => {
      running.most = Math.max(running.most, ++running.now);
      await new Promise(setImmediate);
      running.now -= 1;
    };
    locks.held.add('reconciliation/iyzico'); // By a third process, all the time.
    const processes = [rounds(locks, slowly), rounds(locks, slowly)];
    for (const { count } of processes) {
      await waitUntil(() => count('poll stripe') > 5, { what: 'rounds' });
      assert.equal(count('poll iyzico'), 0);
    }
    for (const { end } of processes) await end();
    assert.equal(running.most, 1);
    assert.deepEqual([...locks.held], ['reconciliation/iyzico']);
  });

  test('go on after a failed one, which gives its lock back', async () => {
    const locks = locksInMemory();
    const { logged, end } = rounds(locks, async () => {
      throw new Error('broken');
    });
    await waitUntil(() => logged.length > 3, { what: 'failed rounds' });
    await end();
    assert.deepEqual([...new Set(logged)], ['reconciliation.failed']);
    assert.equal(locks.held.size, 0);
  });
});
