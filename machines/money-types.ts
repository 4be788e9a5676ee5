// What bookings and invoices are about. The shapes are written once, with their schemas, in actors/shapes; only types come
// from there, which are gone when the file is pasted into an editor.

import type { Buyer, SaleLine } from '../actors/shapes/invoices.ts';
import type { Money } from '../actors/shapes/money.ts';

export type { Buyer, Money, SaleLine };
export type { Recipient } from '../actors/shapes/messages.ts';
export type {
  BookingReport as BookingRecord,
  Checkout,
  CheckoutOrder,
  KnownRefund,
  Payer,
  PaymentReference,
  PaymentState,
  RefundOrder,
  RefundState,
} from '../actors/shapes/payments.ts';

/** Where the offer of a trip can be ordered. */
export interface TripToOrder {
  readonly provider: string;
  readonly offerId: string;
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
  /** Its flights are ordered by us: an actor of its own sees to the tickets. */
  readonly isOrdered?: boolean;
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
