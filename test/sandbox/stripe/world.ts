import { StripeRefusal } from './errors.ts';
import type { Keying } from './idempotency.ts';
import {
  type Books,
  type Dispute,
  type Metadata,
  type Payment,
  type Refund,
  type Session,
  moneyDetail,
  newId,
  now,
} from './model.ts';
import type { Notice } from './notices.ts';
import type { Rendered } from './rendered.ts';

/** How a patient pays. `amount` simulates a payment that is not of the session's price. */
export interface Paying {
  readonly method: 'card' | 'delayed';
  readonly amount?: number | undefined;
  readonly fraud?: 'review' | 'rejected' | undefined;
}

/** What can happen at Stripe. Each is in the ledger when it returns; `told` is what the webhooks are to say, most telling last. */
export interface World {
  pay(session: Session, paying: Paying): { payment: Payment; told: readonly Notice[] };
  settleDelayed(session: Session, outcome: 'succeed' | 'fail'): { told: readonly Notice[] } | null;
  expire(session: Session, keying?: Keying): { session: Session; told: readonly Notice[] };
  approve(payment: Payment): { told: readonly Notice[] };
  /** Of `amount`, or what is left. @throws {StripeRefusal} more than is left, or disputed */
  refund(
    payment: Payment,
    amount: number | null,
    metadata: Metadata,
    keying?: Keying,
  ): { refund: Refund; told: readonly Notice[] };
  failRefund(refund: Refund): { told: readonly Notice[] };
  dispute(payment: Payment, amount: number): { dispute: Dispute; told: readonly Notice[] };
  closeDispute(dispute: Dispute, outcome: 'won' | 'lost'): { told: readonly Notice[] };
  /** Each payment's latest charge. */
  charges(): Iterable<{
    readonly id: string;
    readonly created: number;
    readonly paymentId: string;
    readonly payment: Payment;
  }>;
}

export function stripeWorld(books: Books, rendered: Rendered): World {
  function paymentOf({ paymentId }: { readonly paymentId: string | null }): Payment | undefined {
    return paymentId === null ? undefined : books.payments.get(paymentId);
  }

  /** @throws {StripeRefusal} */
  function refundable(payment: Payment, amount: number | null): number {
    if (payment.status !== 'succeeded') {
      throw new StripeRefusal(400, 'payment_intent_unexpected_state', { param: 'payment_intent' });
    }
    if (books.disputeOf(payment.id)) throw new StripeRefusal(400, 'charge_disputed');
    const left = payment.amount - books.refundedOf(payment.id);
    if (left === 0) throw new StripeRefusal(400, 'charge_already_refunded');
    if ((amount ?? left) > left) throw new StripeRefusal(400, undefined, { param: 'amount' });
    return amount ?? left;
  }

  return {
    pay(open, { method, amount = open.amount, fraud }) {
      const payment: Payment = {
        id: open.paymentId ?? newId('pi'),
        chargeId: newId(method === 'card' ? 'ch' : 'py'),
        sessionId: open.id,
        amount,
        currency: open.currency,
        metadata: open.paymentMetadata,
        method,
        status:
          fraud === 'rejected'
            ? 'requires_payment_method'
            : method === 'card'
              ? 'succeeded'
              : 'processing',
        created: now(),
        outcome:
          fraud === 'rejected' ? 'blocked' : fraud === 'review' ? 'manual_review' : 'authorized',
        review: fraud === 'review' ? 'open' : 'none',
      };
      // A try that is blocked leaves the page open for another.
      const session: Session = {
        ...open,
        paymentId: payment.id,
        status: fraud === 'rejected' ? 'open' : 'complete',
      };
      const kind =
        payment.status === 'succeeded'
          ? 'payment'
          : payment.status === 'processing'
            ? 'payment-pending'
            : 'payment-failed';
      books.write({
        kind,
        key: session.id,
        detail: moneyDetail(payment, payment),
        change: { session, payment },
      });
      const completed = { type: 'checkout.session.completed', object: rendered.session(session) };
      const object = rendered.payment(payment);
      const told: Record<Payment['status'], readonly Notice[]> = {
        succeeded: [{ type: 'payment_intent.succeeded', object }, completed],
        processing: [completed],
        requires_payment_method: [{ type: 'payment_intent.payment_failed', object }],
      };
      return { payment, told: told[payment.status] };
    },

    settleDelayed(session, outcome) {
      const before = paymentOf(session);
      if (before?.status !== 'processing') return null;
      const paid = outcome === 'succeed';
      const payment: Payment = {
        ...before,
        status: paid ? 'succeeded' : 'requires_payment_method',
      };
      books.write({
        kind: paid ? 'payment' : 'payment-failed',
        key: session.id,
        detail: moneyDetail(payment, payment),
        change: { payment },
      });
      const after = paid ? 'async_payment_succeeded' : 'async_payment_failed';
      return {
        told: [
          {
            type: paid ? 'payment_intent.succeeded' : 'payment_intent.payment_failed',
            object: rendered.payment(payment),
          },
          { type: `checkout.session.${after}`, object: rendered.session(session) },
        ],
      };
    },

    expire(open, keying) {
      const session: Session = { ...open, status: 'expired' };
      books.write({
        kind: 'expiry',
        key: session.id,
        ...keying,
        detail: { id: session.id },
        change: { session },
      });
      const object = rendered.session(session);
      return { session, told: [{ type: 'checkout.session.expired', object }] };
    },

    approve(before) {
      const payment: Payment = { ...before, review: 'approved' };
      const detail = { id: payment.id, sessionId: payment.sessionId };
      books.write({ kind: 'review-approved', key: payment.id, detail, change: { payment } });
      const object = {
        id: `prv_${payment.id.slice(3)}`,
        object: 'review',
        open: false,
        closed_reason: 'approved',
        payment_intent: payment.id,
        charge: payment.chargeId,
      };
      return { told: [{ type: 'review.closed', object }] };
    },

    refund(payment, amount, metadata, keying) {
      const refund: Refund = {
        id: newId('re'),
        paymentId: payment.id,
        chargeId: payment.chargeId,
        amount: refundable(payment, amount),
        currency: payment.currency,
        metadata,
        status: 'succeeded',
        created: now(),
      };
      const reference = metadata['reference'] ?? null;
      books.write({
        kind: 'refund',
        key: null,
        ...keying,
        detail: { ...moneyDetail(refund, payment), reference },
        change: { refund },
      });
      return {
        refund,
        told: [
          { type: 'refund.created', object: rendered.refund(refund) },
          { type: 'charge.refunded', object: rendered.charge(payment) },
        ],
      };
    },

    failRefund(before) {
      const refund: Refund = { ...before, status: 'failed' };
      const payment = paymentOf(refund);
      if (!payment) throw new Error('A refund without its payment');
      books.write({
        kind: 'refund-failed',
        key: refund.id,
        detail: {
          ...moneyDetail(refund, payment),
          reference: refund.metadata['reference'] ?? null,
        },
        change: { refund },
      });
      const object = rendered.refund(refund);
      return {
        told: [
          { type: 'refund.updated', object },
          { type: 'refund.failed', object },
        ],
      };
    },

    dispute(payment, amount) {
      const dispute: Dispute = {
        id: newId('dp'),
        paymentId: payment.id,
        chargeId: payment.chargeId,
        amount,
        currency: payment.currency,
        status: 'needs_response',
        created: now(),
      };
      const detail = moneyDetail(dispute, payment);
      books.write({ kind: 'dispute', key: dispute.id, detail, change: { dispute } });
      const object = rendered.dispute(dispute);
      return {
        dispute,
        told: [
          { type: 'charge.dispute.funds_withdrawn', object },
          { type: 'charge.dispute.created', object },
        ],
      };
    },

    closeDispute(before, outcome) {
      const dispute: Dispute = { ...before, status: outcome };
      const payment = paymentOf(dispute);
      if (!payment) throw new Error('A dispute without its payment');
      books.write({
        kind: 'dispute-closed',
        key: dispute.id,
        detail: { ...moneyDetail(dispute, payment), outcome },
        change: { dispute },
      });
      const object = rendered.dispute(dispute);
      const closed = { type: 'charge.dispute.closed', object };
      return {
        told:
          outcome === 'won'
            ? [{ type: 'charge.dispute.funds_reinstated', object }, closed]
            : [closed],
      };
    },

    *charges() {
      for (const payment of books.payments.values()) {
        const { chargeId, created, id } = payment;
        yield { id: chargeId, created, paymentId: id, payment };
      }
    },
  };
}
