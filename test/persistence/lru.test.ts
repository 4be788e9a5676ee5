import assert from 'node:assert/strict';
import { suite, test } from 'node:test';

import fc from 'fast-check';

import { createLru } from '../../persistence/encryption/lru.ts';

function clock() {
  let ms = 0;
  return { now: () => ms, pass: (more: number) => void (ms += more) };
}

suite('lru', () => {
  test('drops the least recently used when it is full', () => {
    const lru = createLru<string, number>({ capacity: 2, ttlMs: 1_000, now: () => 0 });
    lru.set('a', 1);
    lru.set('b', 2);
    lru.get('a');
    lru.set('c', 3);
    assert.deepEqual([lru.get('a'), lru.get('b'), lru.get('c')], [1, undefined, 3]);
    assert.deepEqual([lru.size, lru.weight], [2, 2]);
  });

  test('keeps nothing for its lifetime or longer, however often it is read', () => {
    const { now, pass } = clock();
    const lru = createLru<string, number>({ capacity: 2, ttlMs: 1_000, now });
    lru.set('a', 1);
    pass(999);
    assert.equal(lru.get('a'), 1);
    pass(1);
    assert.equal(lru.get('a'), undefined);
    assert.equal(lru.size, 0);
  });

  test('forgets at once what is deleted', () => {
    const lru = createLru<string, number>({ capacity: 2, ttlMs: 1_000, now: () => 0 });
    lru.set('a', 1);
    assert.equal(lru.delete('a'), true);
    assert.equal(lru.delete('a'), false);
    assert.equal(lru.get('a'), undefined);
  });

  test('keeps nothing that is heavier than all, nor what it would have replaced', () => {
    const lru = createLru<string, number>({
      capacity: 10,
      ttlMs: 1,
      now: () => 0,
      weigh: (value) => value,
    });
    lru.set('a', 4);
    lru.set('b', 5);
    lru.set('a', 11);
    assert.deepEqual([lru.get('a'), lru.get('b'), lru.weight], [undefined, 5, 5]);
  });

  test('does what a list ordered by use would do', () => {
    const key = fc.integer({ min: 0, max: 7 });
    const step = fc.oneof(
      { weight: 4, arbitrary: fc.record({ do: fc.constant('get' as const), key }) },
      {
        weight: 4,
        arbitrary: fc.record({
          do: fc.constant('set' as const),
          key,
          value: fc.integer({ min: 1, max: 6 }),
        }),
      },
      fc.record({ do: fc.constant('delete' as const), key }),
      fc.record({ do: fc.constant('pass' as const), ms: fc.integer({ min: 1, max: 60 }) }),
      fc.record({ do: fc.constant('clear' as const) }),
    );
    const capacity = 12;
    fc.assert(
      fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
        const { now, pass } = clock();
        const lru = createLru<number, number>({
          capacity,
          ttlMs: 100,
          now,
          weigh: (value) => value,
        });
        let model: { key: number; value: number; at: number }[] = []; // Least recently used first.
        const weight = () => model.reduce((sum, { value }) => sum + value, 0);
        for (const step of steps) {
          if (step.do === 'pass') pass(step.ms);
          if (step.do === 'clear') {
            lru.clear();
            model = [];
          }
          if (step.do === 'delete') {
            const there = model.some(({ key }) => key === step.key);
            assert.equal(lru.delete(step.key), there);
            model = model.filter(({ key }) => key !== step.key);
          }
          if (step.do === 'get') {
            const found = model.find(({ key, at }) => key === step.key && now() - at < 100);
            assert.equal(lru.get(step.key), found?.value);
            model = model.filter(({ key }) => key !== step.key);
            if (found !== undefined) model.push(found);
          }
          if (step.do === 'set') {
            lru.set(step.key, step.value);
            model = model.filter(({ key }) => key !== step.key);
            while (weight() + step.value > capacity) model.shift();
            model.push({ key: step.key, value: step.value, at: now() });
          }
          assert.deepEqual([lru.size, lru.weight], [model.length, weight()]);
        }
      }),
      { numRuns: 500 },
    );
  });
});
