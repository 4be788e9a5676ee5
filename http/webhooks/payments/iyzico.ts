import * as v from 'valibot';

import type { Delivery } from '../../../actors/ports/intake.ts';
import { caseOfBooking } from '../../../actors/ports/references.ts';
import type { EventData } from '../../../actors/shapes/events.ts';
import { Refusal } from '../../server/errors.ts';
import { parseTolerantly } from '../../server/json.ts';
import { contentKey, isFarAhead, unroutable } from '../../server/pipeline.ts';
import { isId } from '../../server/request.ts';
import { spare } from '../../server/schema.ts';
import { isSigned, type SigningKeys } from '../../server/signatures.ts';

const source = 'iyzico';

/** What is no text here was none when iyzico signed, so that it counts as absent. */
const Field = spare(v.nullable(v.pipe(v.string(), v.maxLength(1_000))));

/** What the signatures cover, with numbers as the digits that came. */
const Signed = v.object({
  iyziEventType: v.pipe(v.string(), v.minLength(1), v.maxLength(100)),
  iyziPaymentId: Field,
  paymentId: Field,
  token: Field,
  paymentConversationId: Field,
  status: Field,
  subscriptionReferenceCode: Field,
  orderReferenceCode: Field,
  customerReferenceCode: Field,
});
type Signed = v.InferOutput<typeof Signed>;

/** Milliseconds since the epoch. */
const EventTime = v.object({ iyziEventTime: v.pipe(v.string(), v.regex(/^\d{1,15}$/)) });

type Notice = EventData['payment.notified']['notice'];

/** A notification whose signature holds. */
export interface IyzicoNotice {
  readonly fields: Signed;
  /** What was signed, without the secret: one fact has one such text, however often and in whatever clothes it comes. */
  readonly signedText: string;
  /** Not signed. Milliseconds since the epoch, of the fact's first notification; null where it has no such time. */
  readonly at: number | null;
  /** As it came. */
  readonly body: unknown;
}

/**
 * Reads a notification if `signature` (`X-IYZ-SIGNATURE-V3`) is one that iyzico makes of it: hex HMAC-SHA256 under the
 * secret, of a concatenation that holds the secret too. Three formats, told apart by what the body has: a subscription's
 * reference code, or the token of a hosted page, or neither (direct).
 *
 * Amount, time and `iyziReferenceCode` are not signed, and no time is: a notification replayed is a duplicate and no 401.
 * A time more than a day ahead of ours is refused as any signature from the future is.
 *
 * @param merchantId ours, part of what a subscription's signature covers; null if we have none, and then no such holds
 * @returns null when the signature does not hold, or nothing could be read that it might cover
 * @see https://docs.iyzico.com/en/advanced/webhook
 */
export function readIyzicoNotice(
  keys: SigningKeys,
  merchantId: string | null,
  signature: string,
  bytes: Uint8Array,
  nowMs: number,
): IyzicoNotice | null {
  const json = jsonOf(bytes);
  if (json === null) return null;
  const parsed = v.safeParse(Signed, json.withDigits);
  if (!parsed.success) return null;
  const fields = parsed.output;

  const ofSubscription = isOfSubscription(fields);
  if (ofSubscription && merchantId === null) return null;
  const before = ofSubscription ? (merchantId ?? '') : '';
  const signedText = signedTextOf(fields);
  const holds = keys.some((key) => isSigned([key], [before, key.export(), signedText], signature));
  if (!holds) return null;

  const time = v.safeParse(EventTime, json.withDigits);
  const at = time.success ? Number(time.output.iyziEventTime) : null;
  return at !== null && isFarAhead(at, nowMs) ? null : { fields, signedText, at, body: json.body };
}

/**
 * What a verified notification says: that there is news of a payment, never how much. Our booking is iyzico's conversation;
 * what is of no booking of ours, of a subscription, of a status we have no word for, or without a time, is kept as unroutable.
 *
 * The dedupe key is a digest of what was signed: event type, payment, token, conversation and status. Not the
 * `iyziReferenceCode`: whether it stays the same over iyzico's three tries is unverified, and nobody signed it, so that who
 * has one notification could make many. A second failure on one payment then is no new event; it has no news either, and
 * as its time differs the ledger flags it.
 */
export function iyzicoDelivery({ fields, signedText, at, body }: IyzicoNotice): Delivery {
  const dedupeKey = contentKey(signedText);
  const unroutableFor = (reason: string) =>
    unroutable(source, dedupeKey, fields.iyziEventType, body, reason);
  if (isOfSubscription(fields)) return unroutableFor('subscription event');

  const notice = noticeOf(fields);
  if (notice === null) return unroutableFor('unknown payment status');
  const bookingId = fields.paymentConversationId ?? '';
  const caseId = caseOfBooking(bookingId);
  if (caseId === null) return unroutableFor('payment without a booking');
  if (at === null) return unroutableFor('bad event: iyziEventTime: expected milliseconds');
  const data: EventData['payment.notified'] = {
    provider: source,
    notice,
    bookingId,
    checkoutId: idOrNull(fields.token),
    paymentId: idOrNull(fields.iyziPaymentId || fields.paymentId),
    at: new Date(at).toISOString(),
  };
  return { source, dedupeKey, type: 'payment.notified', data, about: { kind: 'case', caseId } };
}

const idOrNull = (value: string | null | undefined) => (value && isId(value) ? value : null);

/** `BKM_POS_SELECTED` and whatever is new are null. */
function noticeOf({ iyziEventType, status }: Signed): Notice | null {
  if (status === 'SUCCESS') return iyziEventType === 'CONTACTLESS_REFUND' ? 'refund' : 'paid';
  if (status === 'FAILURE') return 'failed';
  return /^(INIT_|PENDING_|CALLBACK_THREEDS$)/.test(status ?? '') ? 'pending' : null;
}

function isOfSubscription({ subscriptionReferenceCode: code }: Signed): boolean {
  return code !== undefined && code !== null && code !== '';
}

function signedTextOf(fields: Signed): string {
  const { iyziEventType: type, iyziPaymentId, token, paymentConversationId, status } = fields;
  const { subscriptionReferenceCode, orderReferenceCode, customerReferenceCode } = fields;
  const parts = isOfSubscription(fields)
    ? [type, subscriptionReferenceCode, orderReferenceCode, customerReferenceCode]
    : token
      ? [type, iyziPaymentId, token, paymentConversationId, status]
      : [type, fields.paymentId ?? iyziPaymentId, paymentConversationId, status];
  return parts.map((part) => part ?? '').join('');
}

/** Null for what is no JSON that we take: who sent it cannot be told, so it gets no better answer than a wrong signature. */
function jsonOf(bytes: Uint8Array): { body: unknown; withDigits: unknown } | null {
  try {
    const { value: body } = parseTolerantly(bytes);
    // Ids are JSON numbers, and the signature covers their digits: a double would round the long ones.
    const withDigits: unknown = JSON.parse(Buffer.from(bytes).toString(), digitsOf);
    return { body, withDigits };
  } catch (error) {
    if (error instanceof Refusal) return null;
    throw error;
  }
}

function digitsOf(_key: string, value: unknown, context?: { readonly source?: string }): unknown {
  return typeof value === 'number' ? (context?.source ?? String(value)) : value;
}
