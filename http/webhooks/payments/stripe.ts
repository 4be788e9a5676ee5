import * as v from 'valibot';

import type { Delivery } from '../../../actors/ports/intake.ts';
import type { EventData } from '../../../actors/shapes/events.ts';
import type { Refusal } from '../../server/errors.ts';
import { contentKey, unroutable } from '../../server/pipeline.ts';
import { isId } from '../../server/request.ts';
import { Decimal, faultOf, spare, Text } from '../../server/schema.ts';
import { isSigned, type SigningKeys } from '../../server/signatures.ts';

const source = 'stripe';

/** How far a signature's time may be from ours, either way. Stripe's own library lets any time in the future pass. */
const toleranceSeconds = 300;

const ProviderId = v.pipe(Text, v.minLength(1), v.maxLength(200));
const ProviderType = v.pipe(v.string(), v.minLength(1), v.maxLength(150));

/** Of Stripe's second API: it names its object and does not show it. We ask for none. */
const ThinEvent = v.object({
  object: v.literal('v2.core.event'),
  id: ProviderId,
  type: ProviderType,
});

/** Enough of an event to keep it as unroutable under its own id. */
const Named = v.object({ id: ProviderId, type: ProviderType });

/** Seconds since the epoch, until the year 9999. */
const Created = v.pipe(Decimal, v.safeInteger(), v.minValue(0), v.maxValue(253_402_300_799));
const Event = v.object({
  ...Named.entries,
  created: Created,
  data: v.object({ object: v.unknown() }),
});
type Event = v.InferOutput<typeof Event>;

/** Of metadata that anybody may add to, ours alone counts: what else is wrong with it costs nothing. */
const Metadata = spare(v.object({ case_id: spare(Text), booking_id: spare(Text) }));
/** An id, or the object itself where the event expands it. */
const Reference = v.optional(v.nullable(v.union([ProviderId, v.object({ id: ProviderId })])));

const Session = v.object({
  id: ProviderId,
  mode: v.string(),
  payment_status: v.string(),
  payment_intent: Reference,
  client_reference_id: spare(ProviderId),
  metadata: Metadata,
});
const PaymentIntent = v.object({ id: ProviderId, metadata: Metadata });
/** A charge, a refund or a dispute: each names its payment intent. Only a charge is sure to have the payment's metadata. */
const OfPayment = v.object({ payment_intent: Reference, metadata: Metadata });

type Notice = EventData['payment.notified']['notice'];

/** What a payment is known by in an event. Ids that could not be ours are null. */
interface Naming {
  readonly caseId: string | null;
  readonly bookingId: string | null;
  readonly checkoutId: string | null;
  readonly paymentId: string | null;
}

const sessionTypes: ReadonlyMap<string, Notice> = new Map([
  ['checkout.session.completed', 'paid'],
  ['checkout.session.async_payment_succeeded', 'paid'],
  ['checkout.session.async_payment_failed', 'failed'],
  ['checkout.session.expired', 'expired'],
]);
const intentTypes: ReadonlyMap<string, Notice> = new Map([
  ['payment_intent.succeeded', 'paid'],
  ['payment_intent.payment_failed', 'failed'],
]);
const movementTypes: ReadonlyMap<string, Notice> = new Map([
  ['charge.refunded', 'refund'],
  ['refund.created', 'refund'],
  ['refund.updated', 'refund'],
  ['refund.failed', 'refund'],
]);

/**
 * What a verified Stripe event says: that there is news of a payment, never how much. The metadata we gave the session and
 * its payment intent tells the case (`case_id`) and the booking (`booking_id`, or else the client reference); where it is
 * missing the books may know the payment intent; without that the event is kept as unroutable, as is every type we have no word for,
 * and what cannot be read, with the field that is wrong.
 *
 * The dedupe key is the event's id. Stripe may make two events of one fact: both are stored, and the second finds nothing new.
 *
 * @param flaw what is thrown if not even an id can be read
 */
export function stripeDelivery(body: unknown, flaw: Refusal | null = null): Delivery {
  const thin = v.safeParse(ThinEvent, body);
  if (thin.success) return unroutable(source, thin.output.id, thin.output.type, body, 'thin event');

  const event = v.safeParse(Event, body);
  if (!event.success && flaw && !v.is(Named, body)) throw flaw;
  if (!event.success) return unreadable(body, faultOf(event.issues[0]));
  const { type } = event.output;
  const ofSession = sessionTypes.get(type);
  if (ofSession !== undefined) return sessionDelivery(event.output, body, ofSession);

  const ofIntent = intentTypes.get(type);
  if (ofIntent !== undefined) return intentDelivery(event.output, body, ofIntent);

  const ofMovement = type.startsWith('charge.dispute.') ? 'dispute' : movementTypes.get(type);
  if (ofMovement !== undefined) return movementDelivery(event.output, body, ofMovement);
  return unroutableEvent(event.output, body, 'unknown event type');
}

/** Parks what is no event of ours to read; under its id if it has one. */
function unreadable(body: unknown, fault: string): Delivery {
  const named = v.safeParse(Named, body);
  const { id, type } = named.success ? named.output : { id: contentKey(body), type: 'event' };
  return unroutable(source, id, type, body, `bad event: ${fault}`);
}

/** Where an event's object stands in it, for reasons that name the field. */
const faultIn = (issue: v.BaseIssue<unknown>) => faultOf(issue, 'data.object');

function sessionDelivery(event: Event, body: unknown, meant: Notice): Delivery {
  const session = v.safeParse(Session, event.data.object);
  if (!session.success) return unreadable(body, faultIn(session.issues[0]));
  const { id, mode, payment_status: status, payment_intent: intent } = session.output;
  if (mode !== 'payment') return unroutableEvent(event, body, 'checkout that is no payment');
  const isCompleted = event.type === 'checkout.session.completed';
  if (isCompleted && status !== 'paid' && status !== 'unpaid') {
    return unroutableEvent(event, body, 'checkout completed without a payment');
  }
  // Slow methods complete unpaid, and another event says how it ended.
  const notice = isCompleted && status === 'unpaid' ? 'pending' : meant;
  return noticeOr(event, body, notice, {
    ...oursIn(session.output.metadata, session.output.client_reference_id),
    checkoutId: id,
    paymentId: idOf(intent),
  });
}

function intentDelivery(event: Event, body: unknown, notice: Notice): Delivery {
  const intent = v.safeParse(PaymentIntent, event.data.object);
  if (!intent.success) return unreadable(body, faultIn(intent.issues[0]));
  const { id, metadata } = intent.output;
  return noticeOr(event, body, notice, { ...oursIn(metadata), paymentId: id });
}

function movementDelivery(event: Event, body: unknown, notice: Notice): Delivery {
  const movement = v.safeParse(OfPayment, event.data.object);
  if (!movement.success) return unreadable(body, faultIn(movement.issues[0]));
  const { payment_intent: intent, metadata } = movement.output;
  return noticeOr(event, body, notice, { ...oursIn(metadata), paymentId: idOf(intent) });
}

function noticeOr(event: Event, body: unknown, notice: Notice, naming: Naming): Delivery {
  const { caseId, bookingId, checkoutId, paymentId } = naming;
  const about = aboutOf(caseId, bookingId, paymentId);
  if (about === null) return unroutableEvent(event, body, 'payment without a booking');
  const at = new Date(event.created * 1_000).toISOString();
  const data: EventData['payment.notified'] = {
    provider: source,
    notice,
    bookingId,
    checkoutId,
    paymentId,
    at,
  };
  return { source, dedupeKey: event.id, type: 'payment.notified', data, about };
}

function aboutOf(
  caseId: string | null,
  bookingId: string | null,
  paymentId: string | null,
): Delivery['about'] | null {
  if (caseId !== null && bookingId !== null) return { kind: 'case', caseId };
  return paymentId === null ? null : { kind: 'payment', provider: source, paymentId };
}

function oursIn(
  metadata: v.InferOutput<typeof Metadata>,
  clientReference?: string,
): Pick<Naming, 'caseId' | 'bookingId' | 'checkoutId'> {
  const known = (value: string | undefined) => (value && isId(value) ? value : null);
  return {
    caseId: known(metadata?.case_id),
    bookingId: known(metadata?.booking_id ?? clientReference),
    checkoutId: null,
  };
}

function idOf(reference: v.InferOutput<typeof Reference>): string | null {
  if (reference === undefined || reference === null) return null;
  return typeof reference === 'string' ? reference : reference.id;
}

function unroutableEvent({ id, type }: Event, body: unknown, reason: string): Delivery {
  return unroutable(source, id, type, body, reason);
}

/**
 * Whether `header` signs these bytes at about this time: `t=<epoch s>,v1=<hex>[,v1=…]`, other schemes ignored.
 * Two `v1` come while Stripe rolls a secret, several `keys` while we do.
 */
export function isStripeSigned(
  keys: SigningKeys,
  header: string,
  bytes: Uint8Array,
  nowMs: number,
): boolean {
  const items = header.split(',').map((item) => item.trim());
  const times = items.filter((item) => item.startsWith('t='));
  const time = times[0]?.slice(2) ?? '';
  if (times.length !== 1 || !/^\d{1,12}$/.test(time)) return false;
  if (Math.abs(nowMs / 1_000 - Number(time)) > toleranceSeconds) return false;
  return items
    .filter((item) => item.startsWith('v1='))
    .slice(0, 8) // A bound on the work an unsigned request can make us do.
    .some((item) => isSigned(keys, [`${time}.`, bytes], item.slice(3)));
}
