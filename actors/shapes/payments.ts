import * as v from 'valibot';

import { Id, Text, Time, type Shape } from './basics.ts';
import { Money } from './money.ts';

export const paymentProviders = ['stripe', 'iyzico'] as const;
export type PaymentProvider = (typeof paymentProviders)[number];
const Provider = v.picklist(paymentProviders);

/** Who pays, as far as we know. Providers that want more than we have say in their adapter what they get instead. */
export const Payer = v.object({
  firstName: v.nullable(Text),
  familyName: v.nullable(Text),
  email: v.nullable(Text),
  /** E.164 digits, without `+`. */
  phone: v.nullable(Text),
  /** ISO 3166-1 alpha-2 of where they live; null where nothing tells. */
  country: v.nullable(Text),
  city: v.nullable(Text),
  address: v.nullable(Text),
});
export type Payer = Shape<typeof Payer>;

const nobody: Payer = {
  firstName: null,
  familyName: null,
  email: null,
  phone: null,
  country: null,
  city: null,
  address: null,
};

/** A checkout to open. What was asked for before version 2 of the booking says less. */
export const CheckoutOrder = v.strictObject({
  caseId: Id,
  /** `{caseId}-b{n}`: at most 200 characters. Goes to the provider as our reference, and comes back with its webhooks. */
  bookingId: Id,
  /** 1 for a booking's first checkout; one that ran out is followed by the next. */
  attempt: v.optional(v.pipe(v.number(), v.safeInteger(), v.minValue(1)), 1),
  total: Money,
  /** Shown on the provider's page. Nothing about health. */
  title: Text,
  /** Providers take 30 minutes to 24 hours from now. A provider whose checkouts live shorter says so in its answer. */
  expiresAt: Time,
  payer: v.optional(Payer, nobody),
  /** BCP 47 primary tag for the provider's page. */
  lang: v.optional(v.string(), 'en'),
});
export type CheckoutOrder = Shape<typeof CheckoutOrder>;

export interface Checkout {
  readonly provider: PaymentProvider;
  readonly checkoutId: string;
  /** Where the patient pays. */
  readonly url: string;
  /** ISO 8601 with offset. */
  readonly expiresAt: string;
  /** How long it can be paid, from when it was opened. ms. */
  readonly lifetimeMs: number;
}

/** A refund as we asked for it. */
export const KnownRefund = v.object({ reference: Id, amount: Money });
export type KnownRefund = Shape<typeof KnownRefund>;

/**
 * Refunds of a payment that we asked for, oldest first, without those the provider refused. For a provider whose list does
 * not name them: its entries are then told apart by amount, each for one of these.
 */
const KnownRefunds = v.exactOptional(v.array(KnownRefund));

/** Which payment to look at. */
export const PaymentReference = v.strictObject({
  provider: Provider,
  bookingId: Id,
  checkoutId: Id,
  /** Of this checkout, never of another one of the booking. Null until the provider named one. */
  paymentId: v.nullable(Id),
  /** Payments of the booking that are known to belong to its other checkouts: those are not this one's. */
  otherPaymentIds: v.exactOptional(v.array(Id)),
  knownRefunds: KnownRefunds,
});
export type PaymentReference = Shape<typeof PaymentReference>;

export const RefundState = v.object({
  /** The provider's. */
  refundId: Id,
  /** Ours, as given to `refund`; null for one made in the provider's dashboard. */
  reference: v.nullable(Id),
  amount: Money,
  /** `pending` may still become `failed`, and so may `done` with some banks. */
  status: v.picklist(['pending', 'done', 'failed']),
});
export type RefundState = Shape<typeof RefundState>;

export const DisputeState = v.object({
  disputeId: Id,
  amount: Money,
  /** `open`: the provider holds the money until it is decided. `lost`: it is gone. `won`: it is ours again. */
  status: v.picklist(['open', 'won', 'lost']),
});
export type DisputeState = Shape<typeof DisputeState>;

/** What the provider itself says of a payment: the only word on money we act on. Refunds and disputes oldest first. */
export const PaymentState = v.object({
  provider: Provider,
  checkoutId: Id,
  /** Our reference as the provider kept it. */
  bookingId: v.nullable(Id),
  paymentId: v.nullable(Id),
  /**
   * `open` can be paid; `pending` is being paid by a slow method, or the provider looks into it (`fraud`); `failed` will not
   * be paid, though another try on the same page may; `expired` can no longer be paid.
   */
  status: v.picklist(['open', 'pending', 'paid', 'failed', 'expired']),
  /** Deliver only on `clear`. */
  fraud: v.picklist(['clear', 'review', 'rejected']),
  /** What was asked for. */
  total: Money,
  /** What was taken: zero until `paid`. Refunds do not lower it. */
  captured: Money,
  /** When it was paid, by the provider's clock. Null until then, or where the provider does not say. */
  paidAt: v.nullable(Time),
  refunds: v.array(RefundState),
  dispute: v.nullable(DisputeState),
});
export type PaymentState = Shape<typeof PaymentState>;

export const RefundOrder = v.strictObject({
  provider: Provider,
  bookingId: Id,
  checkoutId: Id,
  paymentId: Id,
  /** Ours, `{bookingId}-r{n}`: the same reference is refunded once. */
  reference: Id,
  amount: Money,
  /** True asks to undo the whole payment on the day it was made (iyzico's cancel); a provider without that refunds. */
  whole: v.boolean(),
  /** Those asked for before this one. Without them an entry of theirs may be taken for it. */
  knownRefunds: KnownRefunds,
});
export type RefundOrder = Shape<typeof RefundOrder>;

/** Where a booking stands, for staff and for reconciliation. */
export const bookingStates = [
  'opening',
  'awaiting-payment',
  'held',
  'confirmed',
  'refunding',
  'refunded',
  'disputed',
  'lapsed',
] as const;
export type BookingState = (typeof bookingStates)[number];

/** For the books: where a booking stands, and what its provider says of its money. */
export const BookingReport = v.strictObject({
  caseId: Id,
  bookingId: Id,
  /** Counts the case's reports of this booking: an older one changes nothing but adds movements that were missing. */
  revision: v.pipe(v.number(), v.safeInteger(), v.minValue(1)),
  state: v.picklist(bookingStates),
  provider: v.nullable(Provider),
  checkoutId: v.nullable(Id),
  total: Money,
  /** Usually one; two where the patient paid twice. */
  payments: v.pipe(v.array(PaymentState), v.maxLength(2)),
  heldFor: v.nullable(Text),
  /** Why: the event or effect that led to it, as a code. */
  cause: Text,
});
export type BookingReport = Shape<typeof BookingReport>;
