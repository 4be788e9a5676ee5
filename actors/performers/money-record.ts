import type { BookingRecord, Movement } from '../ports/books.ts';
import { isSameMoney, zeroMoney, type Money } from '../shapes/money.ts';
import type { DisputeState, PaymentState, RefundState } from '../shapes/payments.ts';

/** A booking as its case has it, but for the money that moved: that is the provider's word. */
export type BookingStanding = Omit<BookingRecord, 'movements'>;

/**
 * What goes into the books for a booking, with the payment as its provider just described it (null while there is none).
 *
 * A payment that the provider keeps under another booking's name moves nothing here: its money belongs into that other
 * booking's record, and an id is booked once.
 */
export function recordOf(booking: BookingStanding, payment: PaymentState | null): BookingRecord {
  if (payment === null || !isPaymentOf(booking, payment)) return { ...booking, movements: [] };
  return {
    ...booking,
    provider: booking.provider ?? payment.provider,
    checkoutId: booking.checkoutId ?? payment.checkoutId,
    paymentId: booking.paymentId ?? payment.paymentId,
    movements: movementsOf(payment, booking.at),
  };
}

function isPaymentOf(
  { bookingId, provider }: BookingStanding,
  payment: Pick<PaymentState, 'bookingId' | 'provider'>,
): boolean {
  if (provider !== null && provider !== payment.provider) return false;
  return payment.bookingId === null || payment.bookingId === bookingId;
}

/**
 * All movements that led to this state of a payment, under the provider's own ids. `at` is when we learned of it, for
 * those whose time the provider does not tell.
 *
 * One state doesn't show what was recorded before, and the books only grow: what they have is the union of the movements of
 * every state that was ever recorded. So the movements of each later state include those of all earlier ones, and then
 * order, repeats and gaps don't matter: as soon as the newest state is recorded, the sums are the provider's. Therefore
 *
 * - a `pending` refund is no movement yet: it may fail without having moved anything;
 * - a `failed` refund is always both the refund and its `refund-failed`, whether or not it was ever seen `done`. They
 *   cancel out, so one that failed while it was pending adds two lines and no money. The refund alone would be right only if
 *   nobody had recorded it; the `refund-failed` alone only if somebody had;
 * - a dispute that was `won` is both the chargeback and its reversal, for the same reason.
 *
 * This rests on providers going one way: refunds from pending to done to failed, disputes from open to lost to won
 * (an appeal), payments from unpaid to captured. A state that goes back leaves a difference, and reconciliation finds it.
 */
export function movementsOf(payment: PaymentState, at: string): readonly Movement[] {
  const { paymentId, captured, paidAt, refunds, dispute } = payment;
  if (paymentId === null || isNothing(captured)) return [];
  return [
    { movementId: paymentId, kind: 'capture', amount: captured, at: paidAt ?? at },
    ...refunds.flatMap((refund) => refundMovements(refund, at)),
    ...(dispute === null ? [] : disputeMovements(dispute, at)),
  ];
}

function refundMovements({ refundId, amount, status }: RefundState, at: string): Movement[] {
  if (status === 'pending' || isNothing(amount)) return [];
  const refund: Movement = { movementId: refundId, kind: 'refund', amount, at };
  return status === 'done' ? [refund] : [refund, { ...refund, kind: 'refund-failed' }];
}

function disputeMovements({ disputeId, amount, status }: DisputeState, at: string): Movement[] {
  if (isNothing(amount)) return [];
  const chargeback: Movement = { movementId: disputeId, kind: 'chargeback', amount, at };
  return status === 'won'
    ? [chargeback, { ...chargeback, kind: 'chargeback-reversed' }]
    : [chargeback];
}

const isNothing = (amount: Money): boolean => isSameMoney(amount, zeroMoney(amount.currency));
