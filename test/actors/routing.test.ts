import assert from 'node:assert/strict';
import { suite, test } from 'node:test';

import fc from 'fast-check';

import type { FamilyCase } from '../../actors/ports/directory.ts';
import { routeOf, taggedButton, untaggedButton, type Clue } from '../../actors/routing.ts';
import { runs } from '../support/runs.ts';

const ids = ['11111111-a', '22222222-b', '33333333-c'] as const;
const [ayse, fatma, can] = ids;
const one = (caseId: string, more: Partial<FamilyCase> = {}): FamilyCase => ({
  caseId,
  opened: true,
  over: false,
  askedAt: null,
  heardAt: null,
  ...more,
});
const words: Clue = { named: null, tag: null, isPressed: false };
const now = 1_000_000;

suite('which of a contact’s cases a message is for', () => {
  test('the only one that is open', () => {
    assert.deepEqual(routeOf([one(ayse)], words, now), { caseId: ayse, routed: 'sure' });
    const cases = [one(ayse, { over: true }), one(fatma), one(can, { opened: false })];
    assert.deepEqual(routeOf(cases, words, now), { caseId: fatma, routed: 'sure' });
    assert.equal(routeOf([one(ayse, { over: true })], words, now), null);
    assert.equal(routeOf([], words, now), null);
  });

  test('the one that has it, or that said what it answers, open or over', () => {
    const cases = [one(ayse, { over: true }), one(fatma, { askedAt: 9 }), one(can)];
    const named = { ...words, named: ayse };
    assert.deepEqual(routeOf(cases, named, now), { caseId: ayse, routed: 'sure' });
    assert.equal(routeOf(cases, { ...words, named: 'stranger' }, now)?.caseId, fatma);
  });

  test('the one on the button; without one the first, which was alone when it sent it', () => {
    const cases = [one(ayse), one(fatma, { askedAt: 9 })];
    const pressed = { ...words, isPressed: true };
    assert.equal(routeOf(cases, { ...pressed, tag: '22222222' }, now)?.caseId, fatma);
    assert.deepEqual(routeOf(cases, pressed, now), { caseId: ayse, routed: 'sure' });
    assert.equal(routeOf(cases, { ...pressed, tag: '99999999' }, now)?.routed, 'likely');
  });

  test('the one that alone asked since the patient wrote', () => {
    const cases = [one(ayse, { askedAt: 1, heardAt: 5 }), one(fatma, { askedAt: 9 })];
    assert.deepEqual(routeOf(cases, words, now), { caseId: fatma, routed: 'likely' });
  });

  test('asks whom where two asked since, or an older question waits too', () => {
    const both = [one(ayse, { askedAt: 6, heardAt: 5 }), one(fatma, { askedAt: 9 })];
    assert.deepEqual(routeOf(both, words, now), { caseId: fatma, routed: 'unclear' });
    const older = [one(ayse, { askedAt: 3, heardAt: 1 }), one(fatma, { askedAt: 4, heardAt: 5 })];
    assert.deepEqual(routeOf(older, words, 6), { caseId: ayse, routed: 'unclear' });
  });

  test('goes on where the patient wrote a moment ago, and asks whom later', () => {
    const cases = [one(ayse, { heardAt: now - 5_000 }), one(fatma, { askedAt: 1, heardAt: 2 })];
    assert.deepEqual(routeOf(cases, words, now), { caseId: ayse, routed: 'likely' });
    assert.equal(routeOf(cases, words, now + 200_000)?.routed, 'unclear');
  });

  test('is asked for later on, though one question alone seems to wait', () => {
    const cases = [one(ayse, { askedAt: 3, heardAt: 1 }), one(fatma, { askedAt: 4, heardAt: 5 })];
    assert.deepEqual(routeOf(cases, words, now), { caseId: ayse, routed: 'unclear' });
  });

  test('is always an open one of theirs, and never guessed of two questions at once', () => {
    const time = fc.option(fc.integer({ min: 1, max: 50 }), { nil: null });
    const family = fc.tuple(
      ...ids.map((caseId) =>
        fc.record({
          caseId: fc.constant(caseId),
          opened: fc.boolean(),
          over: fc.boolean(),
          askedAt: time,
          heardAt: time,
        }),
      ),
    );
    fc.assert(
      fc.property(family, (cases) => {
        const open = cases.filter(({ opened, over }) => opened && !over);
        const route = routeOf(cases, words, 51);
        if (open.length === 0) return route === null;
        const heardAt = Math.max(0, ...open.map((each) => each.heardAt ?? 0));
        const asked = open.filter((each) => (each.askedAt ?? 0) > heardAt);
        assert.ok(open.some(({ caseId }) => caseId === route?.caseId));
        return asked.length < 2 || route?.routed === 'unclear';
      }),
      { numRuns: runs(1_000) },
    );
  });

  test('a button’s id is read as it was written', () => {
    for (const id of ['consent:yes', 'offer:1:3', 'pay:again:a~b-b1', 'place:MUC']) {
      const tagged = taggedButton(id, '0f1e2d3c-4b5a-4678-9012-3456789abcde');
      assert.deepEqual(untaggedButton(tagged), { id, tag: '0f1e2d3c' });
    }
    assert.deepEqual(untaggedButton('offer:none'), { id: 'offer:none', tag: null });
  });
});
