import { randomUUID } from 'node:crypto';

import type { SandboxLedger } from '../ledger.ts';

export type Metadata = Readonly<Record<string, string>>;

/** A Checkout Session. Amounts are in Stripe's units, times in epoch seconds. */
export interface Session {
  readonly id: string;
  readonly amount: number;
  readonly currency: string;
  readonly clientReferenceId: string | null;
  readonly metadata: Metadata;
  /** Of its payment intent to be. */
  readonly paymentMetadata: Metadata;
  readonly locale: string | null;
  readonly created: number;
  readonly expires: number;
  readonly status: 'open' | 'complete' | 'expired';
  readonly paymentId: string | null;
}

/** A payment intent and its latest charge. */
export interface Payment {
  readonly id: string;
  readonly chargeId: string;
  readonly sessionId: string;
  readonly amount: number;
  readonly currency: string;
  readonly metadata: Metadata;
  readonly method: 'card' | 'delayed';
  readonly status: 'succeeded' | 'processing' | 'requires_payment_method';
  /** Of the charge. */
  readonly created: number;
  readonly outcome: 'authorized' | 'manual_review' | 'blocked';
  readonly review: 'none' | 'open' | 'approved';
}

export interface Refund {
  readonly id: string;
  readonly paymentId: string;
  readonly chargeId: string;
  readonly amount: number;
  readonly currency: string;
  readonly metadata: Metadata;
  readonly status: 'succeeded' | 'failed';
  readonly created: number;
}

export interface Dispute {
  readonly id: string;
  readonly paymentId: string;
  readonly chargeId: string;
  readonly amount: number;
  readonly currency: string;
  readonly status: 'needs_response' | 'won' | 'lost';
  readonly created: number;
}

/** What a ledger entry changed, as it was then. */
export interface Change {
  readonly session?: Session;
  readonly payment?: Payment;
  readonly refund?: Refund;
  readonly dispute?: Dispute;
}

/** What happened, and how much of it: the judge of what was taken sums `payment`, `refund`, `refund-failed` and `dispute`. */
export interface Fact {
  readonly kind:
    | 'checkout'
    | 'expiry'
    | 'payment'
    | 'payment-pending'
    | 'payment-failed'
    | 'refund'
    | 'refund-failed'
    | 'dispute'
    | 'dispute-closed'
    | 'review-approved';
  readonly key: string | null;
  readonly digest?: string;
  /** Of the request, where `key` is an idempotency key. */
  readonly path?: string;
  readonly detail: Readonly<Record<string, unknown>>;
  readonly change: Change;
}

/** Stripe's memory: folded from the ledger, and written through it. */
export interface Books {
  readonly sessions: ReadonlyMap<string, Session>;
  readonly payments: ReadonlyMap<string, Payment>;
  readonly refunds: ReadonlyMap<string, Refund>;
  readonly disputes: ReadonlyMap<string, Dispute>;
  /** In the ledger's file when it returns. */
  write(fact: Fact): void;
  /** A session as it is now: an open one past its time is expired. */
  sessionNow(id: string): Session | undefined;
  /** What a payment's refunds took, without those that failed. */
  refundedOf(paymentId: string): number;
  /** The dispute that holds or took the money. */
  disputeOf(paymentId: string): Dispute | undefined;
}

/** What happened so far under an idempotency key. */
export interface Kept {
  readonly key: string;
  readonly digest: string;
  readonly path: string;
  readonly change: Change;
}

/** Continues from the ledger. `kept` are the answers that idempotency keys stand for. */
export function restoredBooks(ledger: SandboxLedger): { books: Books; kept: readonly Kept[] } {
  const sessions = new Map<string, Session>();
  const payments = new Map<string, Payment>();
  const refunds = new Map<string, Refund>();
  const disputes = new Map<string, Dispute>();
  const kept: Kept[] = [];

  function apply({ session, payment, refund, dispute }: Change): void {
    if (session) sessions.set(session.id, session);
    if (payment) payments.set(payment.id, payment);
    if (refund) refunds.set(refund.id, refund);
    if (dispute) disputes.set(dispute.id, dispute);
  }

  for (const { provider, key, digest, detail } of ledger.read()) {
    if (provider !== 'stripe') continue;
    const { change = {}, path } = detail as { change?: Change; path?: string };
    apply(change);
    if (key !== null && path !== undefined) kept.push({ key, digest, path, change });
  }

  const books: Books = {
    sessions,
    payments,
    refunds,
    disputes,
    write({ kind, key, digest = '', path, detail, change }) {
      const named = path === undefined ? {} : { path };
      ledger.append({
        provider: 'stripe',
        kind,
        key,
        digest,
        detail: { ...detail, ...named, change },
      });
      apply(change);
    },
    sessionNow(id) {
      const session = sessions.get(id);
      if (session?.status !== 'open' || session.expires > now()) return session;
      return { ...session, status: 'expired' };
    },
    refundedOf: (paymentId) =>
      [...refunds.values()]
        .filter((refund) => refund.paymentId === paymentId && refund.status !== 'failed')
        .reduce((sum, { amount }) => sum + amount, 0),
    disputeOf: (paymentId) =>
      [...disputes.values()].find(
        (dispute) => dispute.paymentId === paymentId && dispute.status !== 'won',
      ),
  };
  return { books, kept };
}

/** What the judge needs of a payment, a refund or a dispute. */
export function moneyDetail(
  { id, amount, currency }: Payment | Refund | Dispute,
  payment: Payment,
): Readonly<Record<string, unknown>> {
  const { metadata, sessionId } = payment;
  return {
    id,
    amount,
    currency,
    bookingId: metadata['booking_id'] ?? null,
    paymentId: payment.id,
    sessionId,
    metadata,
  };
}

/** `pi_` and 32 hexadecimal digits. */
export function newId(prefix: string): string {
  return `${prefix}_${randomUUID().replaceAll('-', '')}`;
}

/** Epoch seconds. */
export function now(): number {
  return Math.floor(Date.now() / 1_000);
}
