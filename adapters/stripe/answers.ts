import * as v from 'valibot';

/** What we read of Stripe's objects. Amounts are integers in Stripe's units: `adapters/amounts.ts` reads them. */

const Amount = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const CurrencyCode = v.pipe(v.string(), v.regex(/^[a-z]{3}$/));
const EpochSeconds = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const Metadata = v.record(v.string(), v.string());
/** An object we did not ask to expand, or that Stripe expanded unasked. */
const Reference = v.pipe(
  v.union([v.string(), v.object({ id: v.string() })]),
  v.transform((reference) => (typeof reference === 'string' ? reference : reference.id)),
);

/** @see https://docs.stripe.com/api/charges/object */
export const Charge = v.object({
  id: v.string(),
  status: v.picklist(['succeeded', 'pending', 'failed']),
  captured: v.boolean(),
  amount_captured: Amount,
  currency: CurrencyCode,
  created: EpochSeconds,
  /** Stripe copies the payment intent's when it charges. */
  metadata: Metadata,
  payment_intent: v.nullable(Reference),
  outcome: v.nullable(v.object({ type: v.string() })),
});
export type Charge = v.InferOutput<typeof Charge>;

/** With `latest_charge` and `review` expanded. @see https://docs.stripe.com/api/payment_intents/object */
const PaymentIntent = v.object({
  id: v.string(),
  status: v.picklist([
    'requires_payment_method',
    'requires_confirmation',
    'requires_action',
    'processing',
    'requires_capture',
    'canceled',
    'succeeded',
  ]),
  amount_received: Amount,
  currency: CurrencyCode,
  latest_charge: v.nullable(Charge),
  review: v.nullable(v.object({ open: v.boolean(), closed_reason: v.nullable(v.string()) })),
});
export type PaymentIntent = v.InferOutput<typeof PaymentIntent>;

const session = {
  id: v.string(),
  url: v.nullable(v.string()),
  status: v.picklist(['open', 'complete', 'expired']),
  created: EpochSeconds,
  expires_at: EpochSeconds,
};

/** @see https://docs.stripe.com/api/checkout/sessions/object */
export const Session = v.object(session);
export type Session = v.InferOutput<typeof Session>;

/** With `payment_intent.latest_charge` and `payment_intent.review` expanded. */
export const SessionInFull = v.object({
  ...session,
  payment_status: v.picklist(['paid', 'unpaid', 'no_payment_required']),
  amount_total: Amount,
  currency: CurrencyCode,
  /**
   * Where Stripe converted the prices itself, `amount_total` is in the patient's currency and these are ours. We switch
   * that off; this is for an account that has it on by force.
   */
  currency_conversion: v.optional(
    v.nullable(v.object({ amount_total: Amount, source_currency: CurrencyCode })),
    null,
  ),
  client_reference_id: v.nullable(v.string()),
  metadata: v.nullable(Metadata),
  payment_intent: v.nullable(PaymentIntent),
});
export type SessionInFull = v.InferOutput<typeof SessionInFull>;

/** @see https://docs.stripe.com/api/refunds/object */
export const Refund = v.object({
  id: v.string(),
  amount: Amount,
  currency: CurrencyCode,
  created: EpochSeconds,
  status: v.nullable(v.picklist(['pending', 'requires_action', 'succeeded', 'failed', 'canceled'])),
  metadata: v.nullable(Metadata),
});
export type Refund = v.InferOutput<typeof Refund>;

/** With `payment_intent` expanded, for the booking of a refund that was made in the dashboard. */
export const RefundOfPayment = v.object({
  ...Refund.entries,
  payment_intent: v.nullable(v.object({ id: v.string(), metadata: Metadata })),
});
export type RefundOfPayment = v.InferOutput<typeof RefundOfPayment>;

/** @see https://docs.stripe.com/api/disputes/object */
export const Dispute = v.object({
  id: v.string(),
  amount: Amount,
  currency: CurrencyCode,
  created: EpochSeconds,
  status: v.picklist([
    'warning_needs_response',
    'warning_under_review',
    'warning_closed',
    'needs_response',
    'under_review',
    'appeal_needs_response',
    'appeal_under_review',
    'prevented',
    'won',
    'lost',
  ]),
  /** Funds withdrawn, and funds reinstated: none, one or both. */
  balance_transactions: v.array(v.unknown()),
});
export type Dispute = v.InferOutput<typeof Dispute>;

/** With `payment_intent` expanded, for its booking. */
export const DisputeOfPayment = v.object({
  ...Dispute.entries,
  payment_intent: v.nullable(v.object({ id: v.string(), metadata: Metadata })),
});
export type DisputeOfPayment = v.InferOutput<typeof DisputeOfPayment>;

/** A page of a list, newest first. */
export function pageOf<Item extends v.GenericSchema>(item: Item) {
  return v.object({ data: v.array(item), has_more: v.boolean() });
}

/** As `pageOf`, for lists in which one item must not spoil the page: each is parsed by itself. */
export const LoosePage = v.object({
  data: v.array(v.looseObject({ id: v.string() })),
  has_more: v.boolean(),
});

/** What must be known even of an odd item, to tell whose it is: none of ours only if its metadata say so. */
export const OddItem = v.object({
  id: v.string(),
  created: EpochSeconds,
  metadata: v.optional(v.nullable(v.record(v.string(), v.unknown()))),
  payment_intent: v.optional(
    v.nullable(
      v.union([
        v.string(),
        v.object({ id: v.string(), metadata: v.optional(v.record(v.string(), v.unknown())) }),
      ]),
    ),
  ),
});

/** Stripe's times are in whole seconds. */
export function isoSeconds(epochSeconds: number): string {
  return new Date(epochSeconds * 1_000).toISOString();
}
