import assert from 'node:assert/strict';
import { suite, test } from 'node:test';

import fc from 'fast-check';

import type { BookedMovement } from '../../actors/ports/books.ts';
import type { ProviderMovement } from '../../actors/ports/payments.ts';
import { compare } from '../../actors/reconciliation/compare.ts';
import { booked, capture, eur, refund } from './reconciliation-fixture.ts';

/** Few ids and amounts, so that they meet; amounts that no float can tell apart. */
const movements = fc.array(
  fc.record({
    provider: fc.constantFrom('stripe' as const, 'iyzico' as const),
    kind: fc.constantFrom<ProviderMovement['kind']>(
      'capture',
      'refund',
      'chargeback',
      'chargeback-reversed',
    ),
    movementId: fc.constantFrom('1', '2', '3'),
    amount: fc.record({
      amountMinor: fc.constantFrom('9007199254740992', '9007199254740993', '5'),
      currency: fc.constantFrom('EUR', 'TRY'),
    }),
  }),
  { maxLength: 8 },
);
type Drawn = typeof movements extends fc.Arbitrary<(infer T)[]> ? T : never;

const theirsOf = (drawn: readonly Drawn[]): ProviderMovement[] =>
  drawn.map((one) => ({ ...one, paymentId: 'p', bookingId: null, at: '2026-11-23T10:00:00Z' }));
const oursOf = (drawn: readonly Drawn[]): BookedMovement[] =>
  theirsOf(drawn).map((one) => booked(one, { at: '2026-11-24T10:00:00Z' }));
const sorted = (drawn: readonly Drawn[]) =>
  drawn
    .map((one) => [one.provider, one.kind, one.movementId, Object.values(one.amount)].join(' '))
    .toSorted();

suite('a comparison of books', () => {
  test('is empty if and only if both have the same movements equally often', () => {
    fc.assert(
      fc.property(movements, movements, (one, other) => {
        const alike = JSON.stringify(sorted(one)) === JSON.stringify(sorted(other));
        assert.equal(compare(theirsOf(one), oursOf(other)).length === 0, alike);
      }),
    );
    fc.assert(
      fc.property(
        movements.chain((one) =>
          fc.tuple(fc.constant(one), fc.shuffledSubarray(one, { minLength: one.length })),
        ),
        ([one, shuffled]) => assert.deepEqual(compare(theirsOf(one), oursOf(shuffled)), []),
      ),
    );
  });

  test('accounts for each movement that is left over, with its amount', () => {
    fc.assert(
      fc.property(movements, movements, (one, other) => {
        const found = compare(theirsOf(one), oursOf(other));
        const count = (side: 'theirs' | 'ours') => found.filter((each) => each[side]).length;
        assert.equal(one.length - count('theirs'), other.length - count('ours'));
      }),
    );
  });

  const difference = { provider: 'stripe', bookingId: 'c1-b1', ours: null, theirs: null };

  test('finds what only they have', () => {
    assert.deepEqual(compare([capture, refund], []), [
      { ...difference, subject: 'pi_1', kind: 'payment-unknown', theirs: eur('1000') },
      { ...difference, subject: 're_1', kind: 'refund-unknown', theirs: eur('300') },
    ]);
  });

  test('finds what only we have', () => {
    assert.deepEqual(compare([], [booked(capture), booked(refund)]), [
      { ...difference, subject: 'pi_1', kind: 'payment-missing', ours: eur('1000') },
      { ...difference, subject: 're_1', kind: 'refund-missing', ours: eur('300') },
    ]);
  });

  test('finds another amount or currency', () => {
    for (const amount of [eur('1001'), { amountMinor: '1000', currency: 'TRY' }]) {
      assert.deepEqual(compare([capture], [booked(capture, { amount })]), [
        {
          ...difference,
          subject: 'pi_1',
          kind: 'amount-differs',
          ours: amount,
          theirs: eur('1000'),
        },
      ]);
    }
  });

  test('finds money that is booked for another booking', () => {
    const elsewhere = booked(capture, { bookingId: 'c1-b2' });
    assert.deepEqual(
      compare([capture], [elsewhere]).map(({ kind, bookingId }) => [kind, bookingId]),
      [['state-differs', 'c1-b2']],
    );
    assert.deepEqual(compare([{ ...capture, bookingId: null }], [elsewhere]), []);
  });

  test('takes times for nothing', () => {
    assert.deepEqual(compare([capture], [booked(capture, { at: '2026-12-31T00:00:00Z' })]), []);
  });
});
