import { Router } from '@koa/router';
import * as v from 'valibot';

import type { EventData } from '../actors/events.ts';
import type { Delivery } from '../actors/ports/intake.ts';
import type { Money } from '../actors/ports/money.ts';
import { Refusal } from './errors.ts';
import { parseJson } from './json.ts';
import { isId, type EdgeState } from './request.ts';
import { parseOr } from './schema.ts';
import { isSigned, signingKeys, type SigningKeys } from './signatures.ts';
import { parked, type WebhookDoor } from './webhook.ts';

const source = 'stripe';

/** How far a signature's time may be from ours, either way. Stripe's own library lets any time in the future pass. */
const toleranceSeconds = 300;

const ProviderId = v.pipe(v.string(), v.minLength(1), v.maxLength(200));

const Event = v.object({
  id: ProviderId,
  type: v.pipe(v.string(), v.minLength(1), v.maxLength(150)),
  created: v.pipe(v.number(), v.safeInteger(), v.minValue(0), v.maxValue(253_402_300_799)),
  data: v.object({ object: v.unknown() }),
});
type Event = v.InferOutput<typeof Event>;

const Session = v.object({
  id: ProviderId,
  mode: v.string(),
  payment_status: v.string(),
  client_reference_id: v.optional(v.nullable(ProviderId)),
  metadata: v.optional(v.nullable(v.record(v.string(), v.string()))),
});

const Amount = v.object({
  amount_total: v.pipe(v.number(), v.safeInteger(), v.minValue(0)),
  currency: v.pipe(v.string(), v.regex(/^[A-Za-z]{3}$/)),
});

/** Where Stripe's count of minor units is not ISO 4217's, as a power of ten from theirs to ours. https://docs.stripe.com/currencies */
const stripeToIso: ReadonlyMap<string, number> = new Map([
  ['ISK', -2],
  ['MGA', 2],
]);
/** Stripe's page has it both as zero-decimal and as ×100: a guess would be wrong by a hundred. */
const ambiguous: ReadonlySet<string> = new Set(['UGX']);

/** Null when we can't be sure what was paid. */
function moneyOf({ amount_total: amount, currency }: v.InferOutput<typeof Amount>): Money | null {
  const code = currency.toUpperCase();
  const shift = stripeToIso.get(code) ?? 0;
  const minor = BigInt(amount) * 10n ** BigInt(Math.max(shift, 0));
  const divisor = 10n ** BigInt(Math.max(-shift, 0));
  if (ambiguous.has(code) || minor % divisor !== 0n) return null;
  return { amountMinor: String(minor / divisor), currency: code };
}

const checkoutTypes = new Map([
  ['checkout.session.completed', 'completed'],
  ['checkout.session.async_payment_succeeded', 'completed'],
  ['checkout.session.async_payment_failed', 'failed'],
  ['checkout.session.expired', 'expired'],
] as const);

/**
 * What a verified Stripe event says. The session's metadata tells the case (`case_id`) and the booking (`booking_id`,
 * or else the client reference); a checkout without them is not ours and is parked, as is every type we have no word for.
 *
 * @throws {Refusal} 400 naming the field: no event, or a checkout event without what a checkout has
 */
export function stripeDelivery(body: unknown): Delivery {
  const event = parseOr('invalid_body', Event, body);
  const fact = (checkoutTypes as ReadonlyMap<string, 'completed' | 'failed' | 'expired'>).get(
    event.type,
  );
  if (fact === undefined) return parkedEvent(event, body, 'unknown event type');

  const where = 'data.object';
  const session = parseOr('invalid_body', Session, event.data.object, where);
  if (session.mode !== 'payment') return parkedEvent(event, body, 'checkout that is no payment');
  const bookingId = session.metadata?.['booking_id'] ?? session.client_reference_id;
  if (bookingId === undefined || bookingId === null || !isId(bookingId)) {
    return parkedEvent(event, body, 'checkout without a booking');
  }
  const claimed = session.metadata?.['case_id'];
  const caseId = claimed !== undefined && isId(claimed) ? claimed : null;
  const checkout = {
    provider: source,
    checkoutId: session.id,
    bookingId,
    caseId,
    at: new Date(event.created * 1_000).toISOString(),
  };

  if (fact === 'expired') {
    return deliveryOf(event, 'payment.expired', checkout);
  }
  if (fact === 'failed') {
    return deliveryOf(event, 'payment.failed', { ...checkout, reason: 'async_payment_failed' });
  }
  if (session.payment_status === 'paid') {
    const amount = moneyOf(parseOr('invalid_body', Amount, event.data.object, where));
    if (amount === null) return parkedEvent(event, body, 'amount in an unclear unit');
    return deliveryOf(event, 'payment.succeeded', { ...checkout, amount });
  }
  // Slow methods complete unpaid, and another event says how it ended; a free checkout is none that we open.
  return parkedEvent(event, body, 'checkout completed without a payment');
}

function deliveryOf<Type extends 'payment.succeeded' | 'payment.failed' | 'payment.expired'>(
  { id }: Event,
  type: Type,
  data: EventData[Type],
): Delivery {
  const { caseId } = data;
  return {
    source,
    dedupeKey: id,
    type,
    data,
    about:
      caseId === null
        ? { kind: 'nobody', reason: 'checkout without a case' }
        : { kind: 'case', caseId },
  };
}

function parkedEvent({ id, type }: Event, body: unknown, reason: string): Delivery {
  return parked(source, id, type, body, reason);
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

/**
 * Takes signed payment notifications: 200 with the counts of outcomes after the commit. Providers are told apart by their
 * signature header. iyzico's cannot be verified yet, so `X-IYZ-SIGNATURE-V3` alone gets a 401, as no signature does.
 */
export function paymentRoutes(
  door: WebhookDoor,
  stripe: { readonly webhookSecrets: readonly string[] },
): Router<EdgeState> {
  const keys = signingKeys(stripe.webhookSecrets);
  const router = new Router<EdgeState>();

  router.post('/webhooks/payments', async (ctx) => {
    const bytes = await door.readBody(ctx.req);
    if (!isStripeSigned(keys, ctx.get('stripe-signature'), bytes, door.now())) {
      throw new Refusal('bad_signature');
    }
    ctx.body = await door.commit([stripeDelivery(parseJson(bytes))], ctx.state.traceparent);
  });

  return router;
}
