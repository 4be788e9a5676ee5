// What bookings and invoices are about, as types. Shapes of actors/ports are written again here, because a machine's file
// knows nothing but xstate and machines; the compiler holds them to the originals where the host puts both together.

/** An integer count of minor units as a decimal string, with its ISO 4217 code. */
export interface Money {
  readonly amountMinor: string;
  readonly currency: string;
}

/** Whom messages go to. At least one is there. */
export interface Recipient {
  readonly phone?: string;
  readonly userId?: string;
}

export type Provider = 'stripe' | 'iyzico';

/** One line of what is paid for: `gross` for the whole line, taxes included. */
export interface SaleLine {
  readonly kind: 'health' | 'aesthetic' | 'accommodation' | 'transfer' | 'travel' | 'commission';
  readonly description: string;
  readonly quantity: number;
  readonly gross: Money;
}

export interface Payer {
  readonly firstName: string | null;
  readonly familyName: string | null;
  readonly email: string | null;
  readonly phone: string | null;
  readonly country: string | null;
  readonly city: string | null;
  readonly address: string | null;
}

export interface CheckoutOrder {
  readonly caseId: string;
  readonly bookingId: string;
  readonly attempt: number;
  readonly total: Money;
  readonly title: string;
  readonly expiresAt: string;
  readonly payer: Payer;
  readonly lang: string;
}

export interface Checkout {
  readonly provider: Provider;
  readonly checkoutId: string;
  readonly url: string;
  readonly expiresAt: string;
  readonly lifetimeMs: number;
}

export interface PaymentReference {
  readonly provider: Provider;
  readonly bookingId: string;
  readonly checkoutId: string;
  readonly paymentId: string | null;
  readonly otherPaymentIds: readonly string[];
  readonly knownRefunds: readonly KnownRefund[];
}

export interface KnownRefund {
  readonly reference: string;
  readonly amount: Money;
}

export interface RefundState {
  readonly refundId: string;
  readonly reference: string | null;
  readonly amount: Money;
  readonly status: 'pending' | 'done' | 'failed';
}

export interface PaymentState {
  readonly provider: Provider;
  readonly checkoutId: string;
  readonly bookingId: string | null;
  readonly paymentId: string | null;
  readonly status: 'open' | 'pending' | 'paid' | 'failed' | 'expired';
  readonly fraud: 'clear' | 'review' | 'rejected';
  readonly total: Money;
  readonly captured: Money;
  readonly paidAt: string | null;
  readonly refunds: readonly RefundState[];
  readonly dispute: {
    readonly disputeId: string;
    readonly amount: Money;
    readonly status: 'open' | 'won' | 'lost';
  } | null;
}

export interface RefundOrder {
  readonly provider: Provider;
  readonly bookingId: string;
  readonly checkoutId: string;
  readonly paymentId: string;
  readonly reference: string;
  readonly amount: Money;
  readonly whole: boolean;
  readonly knownRefunds: readonly KnownRefund[];
}

/** Whom an invoice is made out to. */
export interface Buyer {
  readonly kind: 'person' | 'company';
  readonly firstName: string | null;
  readonly familyName: string | null;
  readonly companyName: string | null;
  readonly nationality: string;
  readonly residence: string;
  readonly tckn: string | null;
  readonly vkn: string | null;
  readonly passport: string | null;
  readonly lastEntry: string | null;
  readonly address: {
    readonly street: string;
    readonly district: string;
    readonly city: string;
    readonly postalCode: string | null;
    readonly country: string;
  };
  readonly email: string | null;
}

/** For the books: where a booking stands, and what its provider says of its money. */
export interface BookingRecord {
  readonly caseId: string;
  readonly bookingId: string;
  readonly revision: number;
  readonly state:
    | 'opening'
    | 'awaiting-payment'
    | 'held'
    | 'confirmed'
    | 'refunding'
    | 'refunded'
    | 'disputed'
    | 'lapsed';
  readonly provider: Provider | null;
  readonly checkoutId: string | null;
  readonly total: Money;
  /** Usually one; two where the patient paid twice. */
  readonly payments: readonly PaymentState[];
  readonly heldFor: string | null;
  readonly cause: string;
}

/** A booking as the sales of its case see it: each is an actor of its own, under its own id. */
export interface BookingSummary {
  readonly bookingId: string;
  /** What stands on the card page. */
  readonly title: string;
  readonly lines: readonly SaleLine[];
  readonly total: Money;
  readonly status: 'open' | 'paid' | 'refunded' | 'chargedBack' | 'lapsed';
  /** Money that stays though the patient withdrew, as staff said. */
  readonly isKept: boolean;
  /** Why staff have to look; null while they need not. */
  readonly heldFor: string | null;
  /** Minor units that went back, as far as invoices know. */
  readonly refundedMinor: string;
  /** How many invoices and credit notes were asked for; makes their ids. */
  readonly invoices: number;
}

/** An invoice or credit note, as the sales of its case see it. */
export interface InvoiceSummary {
  /** Of its actor. A correction has a number of its own under the same actor. */
  readonly actorId: string;
  readonly bookingId: string;
  readonly lines: readonly SaleLine[];
  readonly paidAt: string;
  readonly payment: { readonly provider: string; readonly paymentId: string };
  /** Whether it gives back another one. */
  readonly isCredit: boolean;
  /** The id under which it was accepted and is kept; null until then. */
  readonly keptAs: string | null;
  readonly heldFor: string | null;
  /** For each line, the minor units that went back: on a credit note, or on `toCredit`. */
  readonly credited: readonly string[];
  /** For each line, the minor units that are not on a credit note yet. */
  readonly toCredit: readonly string[];
}

/** How staff are to read a state. */
export interface StateMeta {
  readonly label: string;
  readonly waitsFor: 'patient' | 'provider' | 'staff' | 'nobody';
  /** How long a case may stand here before staff should look; null where time does not matter. */
  readonly targetMinutes: number | null;
}
