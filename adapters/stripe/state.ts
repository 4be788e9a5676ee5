import { type Money, zeroMoney } from '../../actors/shapes/money.ts';
import type { DisputeState, PaymentState, RefundState } from '../../actors/shapes/payments.ts';
import { moneyFromStripe } from '../amounts.ts';
import {
  type Dispute,
  type PaymentIntent,
  type Refund,
  type SessionInFull,
  isoSeconds,
} from './answers.ts';

/**
 * What Stripe says of a payment, in the port's words. `captured` is what the payment intent received, in the currency it
 * was charged in; what the patient saw on the page (`presentment_details`) is nobody's money of ours and is not read.
 * `paidAt` is when the charge was made: with a slow method that is before the money came.
 */
export function paymentStateOf(
  session: SessionInFull,
  refunds: readonly Refund[],
  disputes: readonly Dispute[],
): PaymentState {
  const intent = session.payment_intent;
  const total = totalOf(session);
  const status = statusOf(session);
  const paid = status === 'paid' && intent !== null;
  const charge = intent?.latest_charge ?? null;
  return {
    provider: 'stripe',
    checkoutId: session.id,
    bookingId: session.metadata?.['booking_id'] ?? session.client_reference_id,
    paymentId: intent?.id ?? null,
    status,
    fraud: intent === null ? 'clear' : fraudOf(intent),
    total,
    captured: paid
      ? moneyFromStripe(intent.amount_received, intent.currency)
      : zeroMoney(total.currency),
    paidAt: paid && charge !== null ? isoSeconds(charge.created) : null,
    refunds: refunds.toSorted((a, b) => a.created - b.created).map(refundStateOf),
    dispute: disputeStateOf(disputes),
  };
}

export function refundStateOf({ id, amount, currency, status, metadata }: Refund): RefundState {
  return {
    refundId: id,
    reference: metadata?.['reference'] ?? null,
    amount: moneyFromStripe(amount, currency),
    status: refundStatusOf(status),
  };
}

const refundStatuses = {
  succeeded: 'done',
  failed: 'failed',
  canceled: 'failed',
  pending: 'pending',
  requires_action: 'pending', // Of the patient, e.g. to name a bank account.
} as const;

/** A status of null is not known yet. */
export function refundStatusOf(status: Refund['status']): RefundState['status'] {
  return status === null ? 'pending' : refundStatuses[status];
}

function totalOf({ amount_total, currency, currency_conversion }: SessionInFull): Money {
  return currency_conversion === null
    ? moneyFromStripe(amount_total, currency)
    : moneyFromStripe(currency_conversion.amount_total, currency_conversion.source_currency);
}

/** Of a checkout that is complete. */
const intentStatuses = {
  succeeded: 'paid',
  processing: 'pending',
  requires_action: 'pending', // A voucher that is not paid yet.
  requires_confirmation: 'pending',
  requires_capture: 'pending',
  // A slow payment that failed. The page is over with its first try, so unlike a card's it can't be tried again.
  requires_payment_method: 'expired',
  canceled: 'expired',
} as const;

/**
 * The payment intent has the last word where the money came: it may know before the session does, and a session can't
 * expire what was paid. A completed checkout is not yet paid with slow methods. Nothing we sell is free, so a checkout that
 * needed no payment is no payment, and can get none any more.
 */
function statusOf({ status, payment_intent }: SessionInFull): PaymentState['status'] {
  if (payment_intent?.status === 'succeeded') return 'paid';
  if (status !== 'complete') return status;
  return payment_intent === null ? 'expired' : intentStatuses[payment_intent.status];
}

/**
 * By the review, where there is one: it is what a person decided. Without it by Radar's outcome of the latest try. A blocked
 * try leaves the page open for another one.
 *
 * Unverified: whether a payment intent keeps its review once that is closed. Should it not, a payment that was approved
 * stays in `review` here, and staff clear it.
 */
function fraudOf({ review, latest_charge }: PaymentIntent): PaymentState['fraud'] {
  const outcome = latest_charge?.outcome?.type;
  if (outcome === 'blocked' || review?.closed_reason === 'refunded_as_fraud') return 'rejected';
  if (review !== null) return review.open ? 'review' : 'clear';
  return outcome === 'manual_review' ? 'review' : 'clear';
}

const weights = { open: 2, lost: 1, won: 0 } as const;

/** The one that weighs most, should there be several: one that is open, then one that is lost; of these the newest. */
function disputeStateOf(disputes: readonly Dispute[]): DisputeState | null {
  const states = disputes
    .toSorted((a, b) => b.created - a.created)
    .flatMap((dispute) => {
      const status = disputeStatusOf(dispute);
      if (status === null) return [];
      const amount = moneyFromStripe(dispute.amount, dispute.currency);
      return [{ disputeId: dispute.id, amount, status }];
    });
  return states.toSorted((a, b) => weights[b.status] - weights[a.status])[0] ?? null;
}

const disputeStatuses = {
  needs_response: 'open',
  under_review: 'open',
  appeal_needs_response: 'open',
  appeal_under_review: 'open',
  won: 'won',
  lost: 'lost',
  // Inquiries: Stripe holds no money for them.
  warning_needs_response: null,
  warning_under_review: null,
  warning_closed: null,
} as const;

/** Null where no money is held. Unverified: whether a `prevented` dispute took the money, so its balance transactions tell. */
export function disputeStatusOf({
  status,
  balance_transactions,
}: Dispute): DisputeState['status'] | null {
  if (status !== 'prevented') return disputeStatuses[status];
  return balance_transactions.length === 1 ? 'lost' : null;
}
