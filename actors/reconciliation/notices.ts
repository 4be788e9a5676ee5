import { createHash } from 'node:crypto';

import type { Delivery } from '../ports/intake.ts';
import type { EventData } from '../shapes/events.ts';
import type { PaymentProvider, PaymentState } from '../shapes/payments.ts';
import type { ReconciliationSettings } from './settings.ts';

/** The payment a case is told of, as far as it is known. */
export interface NoticeAbout {
  readonly provider: PaymentProvider;
  readonly caseId: string;
  readonly bookingId: string;
  readonly checkoutId: string | null;
  readonly paymentId: string | null;
}

/**
 * Tells a case to read its payment again. It carries no amount and is trusted for nothing, so it is safe to tell.
 *
 * The same `state` about the same payment is one event in each `repeatMs`, whoever makes it and how often. All in it
 * follows from the key, since a key that comes with another body is flagged: hence the beginning of that time as `at`.
 */
export function noticeOf(
  about: NoticeAbout,
  state: unknown,
  { nowMs, repeatMs }: { readonly nowMs: number } & Pick<ReconciliationSettings, 'repeatMs'>,
): Delivery {
  const { provider, caseId, bookingId, checkoutId, paymentId } = about;
  const since = Math.floor(nowMs / repeatMs) * repeatMs;
  const data: EventData['payment.notified'] = {
    provider,
    notice: 'reconciled',
    bookingId,
    checkoutId,
    paymentId,
    at: new Date(since).toISOString(),
  };
  const key = JSON.stringify([data, state]);
  return {
    source: 'reconciliation',
    // A digest: a booking's id alone may be as long as a key.
    dedupeKey: createHash('sha256').update(key).digest('base64url'),
    type: 'payment.notified',
    data,
    about: { kind: 'case', caseId },
  };
}

/** What of a payment's state makes another notice of it. */
export function noticedStateOf({
  status,
  fraud,
  paymentId,
  captured,
  refunds,
  dispute,
}: PaymentState): unknown {
  return [
    status,
    fraud,
    paymentId,
    [captured.amountMinor, captured.currency],
    refunds.map((refund) => [refund.refundId, refund.status, refund.amount.amountMinor]),
    dispute && [dispute.disputeId, dispute.status, dispute.amount.amountMinor],
  ];
}
