import assert from 'node:assert/strict';
import { suite, test } from 'node:test';

import fc from 'fast-check';

import { createPool, type Place, type PoolLimits } from '../../http/server/pool.ts';

const limits: PoolLimits = { requests: 4, requestsOfSource: 3, bytes: 100, bytesOfSource: 60 };

/** A pool in which each request has a name, and those that had to make way are kept in order. */
function world(of: PoolLimits = limits) {
  const pool = createPool(of);
  const ended: string[] = [];
  const enter = (source: string, name: string) =>
    pool.enter(source, () => ended.push(name)) as Place;
  return { pool, ended, enter };
}

suite('A pool', () => {
  test('ends the oldest of a source that has too many', () => {
    const { enter, ended } = world();
    for (const name of ['a1', 'a2', 'a3', 'a4', 'a5']) enter('a', name);
    assert.deepEqual(ended, ['a1', 'a2']);
  });

  test('ends the oldest of the greediest source when all have too many', () => {
    const { enter, ended } = world();
    enter('b', 'b1');
    for (const name of ['a1', 'a2', 'a3']) enter('a', name);
    enter('c', 'c1');
    enter('d', 'd1');
    assert.deepEqual(ended, ['a1', 'a2'], 'b was there before them all');
  });

  test('ends the oldest that holds something for whoever needs the room', () => {
    const { enter, ended } = world();
    enter('a', 'a0');
    const first = enter('a', 'a1');
    const second = enter('a', 'a2');
    assert.ok(first.hold(30) && second.hold(30));
    assert.ok(second.hold(10));
    assert.deepEqual(ended, ['a1']);
    assert.equal(second.hold(30), false, 'more than a source may have');
    assert.equal(first.hold(1), false, 'it was ended');
  });

  test('lets nobody take what another source holds while he has more himself', () => {
    const { enter, ended } = world();
    const a = enter('a', 'a');
    const b = enter('b', 'b');
    const c = enter('c', 'c');
    assert.ok(a.hold(40) && b.hold(50));
    assert.ok(c.hold(20));
    assert.deepEqual(ended, ['b']);
    assert.ok(c.hold(40));
    assert.equal(c.hold(10), false);
    assert.deepEqual(ended, ['b']);
  });

  test('keeps what is all here, and says so when nobody can make way', () => {
    const { pool, enter, ended } = world();
    const first = enter('a', 'a1');
    for (const place of [first, enter('a', 'a2'), enter('a', 'a3')]) place.keep();
    assert.equal(
      pool.enter('a', () => {}),
      null,
    );
    assert.ok(first.hold(60));
    assert.equal(enter('b', 'b1').hold(50), false);
    assert.deepEqual(ended, []);
    first.leave();
    assert.ok(pool.enter('a', () => {}));
  });

  test('never has more than its limits, and forgets nobody', () => {
    const step = fc.record({
      source: fc.constantFrom('a', 'b', 'c', 'd'),
      does: fc.constantFrom('enter', 'hold', 'release', 'keep', 'leave'),
      which: fc.nat(20),
      amount: fc.nat(70),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const pool = createPool(limits);
        const living = new Map<number, { place: Place; source: string; bytes: number }>();
        let next = 0;
        for (const { source, does, which, amount } of steps) {
          if (does === 'enter') {
            const name = (next += 1);
            const place = pool.enter(source, () => assert.ok(living.delete(name)));
            if (place) living.set(name, { place, source, bytes: 0 });
          } else {
            const [name, one] = [...living][which % Math.max(1, living.size)] ?? [];
            if (name === undefined || !one) continue;
            if (does === 'hold' && one.place.hold(amount)) one.bytes += amount;
            if (does === 'release') {
              one.place.release(amount);
              one.bytes = Math.max(0, one.bytes - amount);
            }
            if (does === 'keep') one.place.keep();
            if (does === 'leave') {
              one.place.leave();
              living.delete(name);
            }
          }
          const all = [...living.values()];
          const bytes = (some: typeof all) => some.reduce((sum, one) => sum + one.bytes, 0);
          assert.ok(all.length <= limits.requests && bytes(all) <= limits.bytes);
          for (const own of Map.groupBy(all, (one) => one.source).values()) {
            assert.ok(own.length <= limits.requestsOfSource && bytes(own) <= limits.bytesOfSource);
          }
        }
      }),
    );
  });
});
