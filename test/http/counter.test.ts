import assert from 'node:assert/strict';
import { suite, test } from 'node:test';

import { createCounter } from '../../http/server/counter.ts';

suite('A counter', () => {
  const world = (mostKeys = 100) => {
    const clock = { now: 0 };
    const closed: [string, number][] = [];
    const counter = createCounter({
      windowMs: 10,
      mostKeys,
      now: () => clock.now,
      onClosed: (key, count) => closed.push([key, count]),
    });
    return { clock, closed, counter };
  };

  test('counts each key in its own window, and tells how often it came', () => {
    const { clock, closed, counter } = world();
    assert.deepEqual(
      ['a', 'b', 'a', 'a'].map((key) => counter.count(key)),
      [1, 1, 2, 3],
    );
    clock.now = 9;
    assert.equal(counter.count('a'), 4);
    clock.now = 10;
    assert.equal(counter.count('c'), 1);
    assert.deepEqual(closed, [
      ['a', 4],
      ['b', 1],
    ]);
    assert.equal(counter.count('a'), 1);
  });

  test('takes a count back', () => {
    const { closed, counter } = world();
    counter.count('a');
    counter.forget('a');
    counter.forget('b');
    assert.equal(counter.count('a'), 1);
    assert.deepEqual(closed, []);
  });

  test('closes the oldest window early when it has too many', () => {
    const { closed, counter } = world(2);
    for (const key of ['a', 'b', 'c', 'd', 'e']) counter.count(key);
    assert.deepEqual(closed.length, 2);
  });
});
