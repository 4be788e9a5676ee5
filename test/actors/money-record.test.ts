import assert from 'node:assert/strict';
import { suite, test } from 'node:test';

import fc from 'fast-check';

import {
  movementsOf,
  recordOf,
  type BookingStanding,
} from '../../actors/performers/money-record.ts';
import type { Movement } from '../../actors/ports/books.ts';
import type { DisputeState, PaymentState, RefundState } from '../../actors/shapes/payments.ts';

const at = '2026-11-23T10:00:00Z';
const eur = (amountMinor: string) => ({ amountMinor, currency: 'EUR' });

const booking: BookingStanding = {
  tenant: 'clinic',
  caseId: 'c1',
  bookingId: 'c1-b1',
  revision: 3,
  state: 'confirmed',
  provider: 'stripe',
  checkoutId: 'cs_1',
  paymentId: null,
  total: eur('1000'),
  heldFor: null,
  at,
  cause: 'payment.notified',
};
const unpaid: PaymentState = {
  provider: 'stripe',
  checkoutId: 'cs_1',
  bookingId: 'c1-b1',
  paymentId: null,
  status: 'open',
  fraud: 'clear',
  total: eur('1000'),
  captured: eur('0'),
  paidAt: null,
  refunds: [],
  dispute: null,
};
const paid: PaymentState = {
  ...unpaid,
  paymentId: 'pi_1',
  status: 'paid',
  captured: eur('1000'),
  paidAt: '2026-11-23T09:59:00Z',
};
const refund = (refundId: string, status: RefundState['status']): RefundState => ({
  refundId,
  reference: null,
  amount: eur('100'),
  status,
});
const kinds = (movements: readonly Movement[]) =>
  movements.map(({ kind, movementId }) => `${kind} ${movementId}`);

suite('the record of a booking', () => {
  test('has no movements before money moved', () => {
    assert.deepEqual(recordOf(booking, null), { ...booking, movements: [] });
    assert.deepEqual(recordOf(booking, unpaid), { ...booking, movements: [] });
  });

  test('has the capture under the payment’s id and time, whatever the amount', () => {
    const differing = { ...paid, captured: eur('999') };
    const record = recordOf(booking, differing);
    assert.equal(record.paymentId, 'pi_1');
    assert.deepEqual(record.movements, [
      { movementId: 'pi_1', kind: 'capture', amount: eur('999'), at: paid.paidAt },
    ]);
    assert.equal(recordOf(booking, { ...paid, paidAt: null }).movements[0]?.at, at);
  });

  test('has no money of another booking', () => {
    assert.deepEqual(recordOf(booking, { ...paid, bookingId: 'c1-b2' }).movements, []);
    assert.deepEqual(recordOf(booking, { ...paid, provider: 'iyzico' }).movements, []);
    assert.equal(recordOf(booking, { ...paid, bookingId: null }).movements.length, 1);
  });

  test('takes provider and checkout from the payment where the booking has none yet', () => {
    const fresh = { ...booking, provider: null, checkoutId: null };
    const { provider, checkoutId } = recordOf(fresh, paid);
    assert.deepEqual([provider, checkoutId], ['stripe', 'cs_1']);
  });

  test('has refunds once they are done, and both sides of those that failed', () => {
    const refunds = [refund('re_1', 'pending'), refund('re_2', 'done'), refund('re_3', 'failed')];
    assert.deepEqual(kinds(movementsOf({ ...paid, refunds }, at)), [
      'capture pi_1',
      'refund re_2',
      'refund re_3',
      'refund-failed re_3',
    ]);
  });

  test('has disputes as chargebacks until they are won', () => {
    const disputed = (status: DisputeState['status']) =>
      kinds(
        movementsOf({ ...paid, dispute: { disputeId: 'dp_1', amount: eur('1000'), status } }, at),
      ).slice(1);
    assert.deepEqual(disputed('open'), ['chargeback dp_1']);
    assert.deepEqual(disputed('lost'), ['chargeback dp_1']);
    assert.deepEqual(disputed('won'), ['chargeback dp_1', 'chargeback-reversed dp_1']);
  });

  test('gives the sums of the last state, in whatever order and however often states are recorded', () => {
    fc.assert(
      fc.property(lives, ({ states, order }) => {
        const books = new Map<string, Movement>();
        for (const state of order) {
          for (const movement of recordOf(booking, state).movements) {
            const key = `${movement.kind}/${movement.movementId}`;
            if (!books.has(key)) books.set(key, movement);
          }
        }
        assert.deepEqual(sumsOf([...books.values()]), sumsByProvider(states.at(-1) ?? unpaid));
      }),
      { numRuns: 500 },
    );
  });
});

function sumsOf(movements: readonly Movement[]) {
  const sum = (kind: Movement['kind']) =>
    movements.reduce(
      (total, movement) =>
        movement.kind === kind ? total + BigInt(movement.amount.amountMinor) : total,
      0n,
    );
  return {
    captured: sum('capture'),
    refunded: sum('refund') - sum('refund-failed'),
    chargedBack: sum('chargeback') - sum('chargeback-reversed'),
  };
}

/** What the provider itself would say, from the state alone. */
function sumsByProvider({ captured, refunds, dispute }: PaymentState) {
  return {
    captured: BigInt(captured.amountMinor),
    refunded: refunds.reduce(
      (sum, { status, amount }) => (status === 'done' ? sum + BigInt(amount.amountMinor) : sum),
      0n,
    ),
    chargedBack:
      dispute === null || dispute.status === 'won' ? 0n : BigInt(dispute.amount.amountMinor),
  };
}

/** A payment's states as time goes by, and an order in which they are recorded: any, with repeats and gaps, but the last is in it. */
const lives = fc
  .array(
    fc.oneof(
      fc.record({ what: fc.constant('pay' as const) }),
      fc.record({ what: fc.constant('refund' as const), amount: fc.integer({ min: 1, max: 300 }) }),
      fc.record({ what: fc.constant('move' as const), which: fc.nat({ max: 4 }) }),
      fc.record({ what: fc.constant('fail' as const), which: fc.nat({ max: 4 }) }),
      fc.record({ what: fc.constant('dispute' as const) }),
    ),
    { maxLength: 15 },
  )
  .map((steps) => {
    const states = [unpaid];
    for (const step of steps) {
      const last = states.at(-1) ?? unpaid;
      if (step.what === 'pay')
        states.push({ ...paid, refunds: last.refunds, dispute: last.dispute });
      else if (last.status === 'paid') states.push(stepped(last, step));
    }
    return states;
  })
  .chain((states) =>
    fc
      .array(fc.constantFrom(...states), { maxLength: 20 })
      .chain((some) =>
        fc.shuffledSubarray([...some, states.at(-1) ?? unpaid], { minLength: some.length + 1 }),
      )
      .map((order) => ({ states, order })),
  );

type Step =
  | { readonly what: 'refund'; readonly amount: number }
  | { readonly what: 'move' | 'fail'; readonly which: number }
  | { readonly what: 'dispute' };

function stepped(state: PaymentState, step: Step): PaymentState {
  const { refunds, dispute } = state;
  if (step.what === 'dispute') {
    const next = { open: 'lost', lost: 'won', won: 'won' } as const;
    const status = dispute === null ? 'open' : next[dispute.status];
    return { ...state, dispute: { disputeId: 'dp_1', amount: eur('1000'), status } };
  }
  if (step.what === 'refund') {
    const refundId = `re_${refunds.length}`;
    const made = { refundId, reference: null, amount: eur(String(step.amount)) };
    return { ...state, refunds: [...refunds, { ...made, status: 'pending' }] };
  }
  const changed = refunds.map((one, i): RefundState => {
    if (i !== step.which || one.status === 'failed') return one;
    return { ...one, status: step.what === 'move' ? 'done' : 'failed' };
  });
  return { ...state, refunds: changed };
}
