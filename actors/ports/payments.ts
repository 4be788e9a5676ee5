import type { Money } from './money.ts';
import type { Performing } from './performing.ts';

export const paymentProviders = ['stripe', 'iyzico'] as const;
export type PaymentProvider = (typeof paymentProviders)[number];

/** What is sold, as an invoice names it later. */
export const saleKinds = [
  'health',
  'aesthetic',
  'accommodation',
  'transfer',
  'travel',
  'commission',
] as const;
export type SaleKind = (typeof saleKinds)[number];

/** One line of what is paid for. `gross` is for the whole line, taxes included. */
export interface SaleLine {
  readonly kind: SaleKind;
  /** Shown on the provider's page and on the invoice. Nothing about health on the page: adapters send the order's `title`. */
  readonly description: string;
  readonly quantity: number;
  readonly gross: Money;
}

/** Who pays, as far as we know. Providers that want more than we have say in their adapter what they get instead. */
export interface Payer {
  readonly firstName: string | null;
  readonly familyName: string | null;
  readonly email: string | null;
  /** E.164 digits, without `+`. */
  readonly phone: string | null;
  /** ISO 3166-1 alpha-2 of where they live; null where nothing tells. */
  readonly country: string | null;
  readonly city: string | null;
  readonly address: string | null;
}

export interface CheckoutOrder {
  readonly caseId: string;
  /** `{caseId}-b{n}`: at most 200 characters. Goes to the provider as our reference, and comes back with its webhooks. */
  readonly bookingId: string;
  /** 1 for a booking's first checkout; one that ran out is followed by the next. */
  readonly attempt: number;
  readonly total: Money;
  /** Shown on the provider's page. Nothing about health. */
  readonly title: string;
  /** ISO 8601 with offset; providers take 30 minutes to 24 hours from now. A provider whose checkouts live shorter says so in its answer. */
  readonly expiresAt: string;
  readonly payer: Payer;
  /** BCP 47 primary tag for the provider's page. */
  readonly lang: string;
}

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

/** Which payment to look at. `paymentId` is null until the provider named one. */
export interface PaymentReference {
  readonly provider: PaymentProvider;
  readonly bookingId: string;
  readonly checkoutId: string;
  /** Of this checkout, never of another one of the booking. */
  readonly paymentId: string | null;
  /** Payments of the booking that are known to belong to its other checkouts: those are not this one's. */
  readonly otherPaymentIds?: readonly string[];
  /**
   * Refunds of the payment that we asked for, oldest first, without those the provider refused. For a provider whose list
   * does not name them: its entries are then told apart by amount, each for one of these.
   */
  readonly knownRefunds?: readonly KnownRefund[];
}

/** A refund as we asked for it. */
export interface KnownRefund {
  readonly reference: string;
  readonly amount: Money;
}

export interface RefundState {
  /** The provider's. */
  readonly refundId: string;
  /** Ours, as given to `refund`; null for one made in the provider's dashboard. */
  readonly reference: string | null;
  readonly amount: Money;
  /** `pending` may still become `failed`, and so may `done` with some banks. */
  readonly status: 'pending' | 'done' | 'failed';
}

export interface DisputeState {
  readonly disputeId: string;
  readonly amount: Money;
  /** `open`: the provider holds the money until it is decided. `lost`: it is gone. `won`: it is ours again. */
  readonly status: 'open' | 'won' | 'lost';
}

/** What the provider itself says of a payment: the only word on money we act on. Refunds and disputes oldest first. */
export interface PaymentState {
  readonly provider: PaymentProvider;
  readonly checkoutId: string;
  /** Our reference as the provider kept it. */
  readonly bookingId: string | null;
  readonly paymentId: string | null;
  /**
   * `open` can be paid; `pending` is being paid by a slow method, or the provider looks into it (`fraud`); `failed` will not
   * be paid, though another try on the same page may; `expired` can no longer be paid.
   */
  readonly status: 'open' | 'pending' | 'paid' | 'failed' | 'expired';
  /** Deliver only on `clear`. */
  readonly fraud: 'clear' | 'review' | 'rejected';
  /** What was asked for. */
  readonly total: Money;
  /** What was taken: zero until `paid`. Refunds do not lower it. */
  readonly captured: Money;
  /** When it was paid, by the provider's clock: ISO 8601 with offset. Null until then, or where the provider does not say. */
  readonly paidAt: string | null;
  readonly refunds: readonly RefundState[];
  readonly dispute: DisputeState | null;
}

export interface RefundOrder {
  readonly provider: PaymentProvider;
  readonly bookingId: string;
  readonly checkoutId: string;
  readonly paymentId: string;
  /** Ours, `{bookingId}-r{n}`: the same reference is refunded once. */
  readonly reference: string;
  readonly amount: Money;
  /** True asks to undo the whole payment on the day it was made (iyzico's cancel); a provider without that refunds. */
  readonly whole: boolean;
  /** As a `PaymentReference` has them: those asked for before this one. Without them an entry of theirs may be taken for it. */
  readonly knownRefunds?: readonly KnownRefund[];
}

/** One movement of money, as the provider's own books have it. */
export interface ProviderMovement {
  readonly provider: PaymentProvider;
  /** Of the movement: unique for its kind. A capture's is its payment's id. */
  readonly movementId: string;
  /** A `chargeback` is a dispute that took the money from us, a `chargeback-reversed` the same one won. Amounts are never negative. */
  readonly kind: 'capture' | 'refund' | 'chargeback' | 'chargeback-reversed';
  readonly paymentId: string;
  /** Our reference as the provider kept it; null where its list does not have it. */
  readonly bookingId: string | null;
  readonly amount: Money;
  readonly at: string;
}

/** A movement for one of our bookings whose amount we can't read exactly. `reason` is a code. */
export interface UnreadableMovement extends Omit<ProviderMovement, 'amount' | 'bookingId'> {
  readonly bookingId: string;
  readonly reason: string;
}

/**
 * Where patients pay, on the provider's own pages: card data never touches us. All of it
 *
 * @throws {ProviderRefused | ProviderCredentialsRefused} and will again
 * @throws {ProviderBusy | ProviderUnreachable} ask again; see each method
 */
export interface PaymentsPort {
  /**
   * Opens a hosted checkout. Called again with the same effect id it does no harm: either the provider knows the id
   * (Stripe), or a checkout whose address nobody ever got stays unpaid (iyzico).
   */
  openCheckout(order: CheckoutOrder, performing: Performing): Promise<Checkout>;
  /** Makes sure that an open checkout can't be paid any more, as far as the provider has that; it may have been paid. */
  closeCheckout(reference: PaymentReference, performing: Performing): Promise<void>;
  /** Reads a payment with its refunds and disputes. Changes nothing. */
  readPayment(reference: PaymentReference, performing: Performing): Promise<PaymentState>;
  /** Gives money back. An unknown outcome is settled by `findRefund`, never by asking again blindly. */
  refund(order: RefundOrder, performing: Performing): Promise<RefundState>;
  /**
   * The refund with this reference, if the provider has it.
   *
   * @throws {Deferred} it is not in the provider's list, which may still be behind: null now could give money back twice
   */
  findRefund(order: RefundOrder, performing: Performing): Promise<RefundState | null>;
}

/** A provider's own books, for reconciliation. */
export interface PaymentBooks {
  readonly provider: PaymentProvider;
  /**
   * Everything the provider moved from `from` up to, not including, `to` (ISO 8601 with offset), in any order, page by page.
   * What can't be read exactly is left out if it is not ours, by its booking's id; else `onUnreadable` is told.
   *
   * @throws {ProviderRefused} such a movement, and nobody to tell
   */
  movements(
    period: { readonly from: string; readonly to: string },
    signal: AbortSignal,
    onUnreadable?: (movement: UnreadableMovement) => void,
  ): AsyncIterable<readonly ProviderMovement[]>;
}
