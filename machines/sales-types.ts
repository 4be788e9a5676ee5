import type { FamilyEventOf, Say } from './family-types.ts';
import type {
  BookingSummary,
  Buyer,
  InvoiceSummary,
  Money,
  PaymentState,
  SaleLine,
} from './money-types.ts';
import type { TicketingEvent } from './ticketing-types.ts';

/** What starts the sales of a case. */
export interface SalesInput {
  readonly tenant: string;
  readonly caseId: string;
  /** Whether what is sold is invoiced here. */
  readonly isInvoicing: boolean;
  /** The patient's number, for the payer's form of payment providers; null if there is none. */
  readonly phone: string | null;
  /** The language of payment pages. */
  readonly lang: string;
}

/** What the sales of a case remember. */
export interface SalesContext extends SalesInput {
  /** The patient agreed to the service: staff may quote. */
  readonly mayQuote: boolean;
  /** The trip that was chosen last; null before, and once the patient withdrew and came back. */
  readonly tripBookingId: string | null;
  /** Every booking of this case, oldest first. */
  readonly bookings: readonly BookingSummary[];
  readonly invoices: readonly InvoiceSummary[];
  /** Whom invoices are made out to, as staff entered it. */
  readonly buyer: Buyer | null;
  /** The patient withdrew, and its time is over, or staff closed the case. */
  readonly isLeaving: boolean;
  /** Staff's own words when they closed it. */
  readonly reason: string | null;
  /** What the case was told last. */
  readonly told: SalesSummary;
}

/** What the journey has to know of the sales. */
export type SalesSummary = Pick<FamilyEventOf<'sales.changed'>, 'owesNothing' | 'neverPaid'>;

/** What the sales of a case hear. Times are ISO 8601 with offset. */
export type SalesEvent =
  | FamilyEventOf<'sale.begun'>
  | FamilyEventOf<'consent.changed'>
  | FamilyEventOf<'contact.changed'>
  | FamilyEventOf<'abandon'>
  | FamilyEventOf<'link.wanted'>
  | FamilyEventOf<'withdrawn'>
  | FamilyEventOf<'reopen.wanted'>
  | FamilyEventOf<'patient.said'>
  | Say
  | {
      readonly type: 'payment.notified';
      readonly provider: string;
      readonly notice: string;
      readonly bookingId: string | null;
      readonly checkoutId: string | null;
      readonly paymentId: string | null;
      readonly at: string;
    }
  /** The form for the trip's travellers was filled in: who they are is kept elsewhere. */
  | {
      readonly type: 'travellers.given';
      readonly bookingId: string;
      readonly version: number;
      readonly count: number;
      readonly at: string;
    }
  /** What webhooks became before version 3. Some may still wait in the ledger. */
  | {
      readonly type: 'payment.succeeded' | 'payment.expired' | 'payment.failed';
      readonly provider?: string;
      readonly checkoutId?: string;
      readonly bookingId: string;
      readonly at?: string;
    }
  | {
      readonly type: 'efatura.status.update';
      readonly invoiceId: string;
      readonly status: 'submitted' | 'accepted' | 'rejected' | 'archived';
    }
  /** Of everything that is held and can be tried again; of what needs a decision only where it is named. */
  | {
      readonly type: 'staff.resume';
      readonly bookingId?: string;
      readonly invoiceId?: string;
      readonly at: string;
    }
  | { readonly type: 'staff.refunded'; readonly bookingId: string; readonly at: string }
  | {
      readonly type: 'staff.refund';
      readonly bookingId: string;
      readonly amount?: Money;
      readonly at: string;
    }
  | {
      readonly type: 'staff.quote';
      readonly title: string;
      readonly beginsOn?: string;
      readonly lines: readonly SaleLine[];
      readonly at: string;
    }
  /** The money of a patient who withdrew rightly stays. */
  | { readonly type: 'staff.keep'; readonly bookingId: string; readonly at: string }
  | FamilyEventOf<'travellers.wanted'>
  | FamilyEventOf<'trip.ticketed'>
  | FamilyEventOf<'handOver'>
  | Extract<TicketingEvent, { readonly type: 'staff.orderFlights' | 'staff.ticketed' }>
  | { readonly type: 'staff.billing'; readonly buyer: Buyer; readonly at: string }
  | { readonly type: 'staff.close'; readonly reason: string; readonly at: string }
  | BookingNews
  | InvoiceNews;

/** From the booking actors. */
export type BookingNews =
  | {
      readonly type: 'booking.held' | 'booking.unsettled';
      readonly bookingId: string;
      readonly heldFor: string;
    }
  | {
      readonly type: 'booking.settled' | 'booking.lapsed' | 'booking.chargedBack';
      readonly bookingId: string;
    }
  | {
      readonly type: 'booking.confirmed';
      readonly bookingId: string;
      readonly payment: PaymentState;
      readonly at: string;
    }
  | {
      readonly type: 'booking.refunded';
      readonly bookingId: string;
      readonly refundedMinor: string;
      readonly isWhole: boolean;
    };

/** From the invoice actors. */
export type InvoiceNews =
  | { readonly type: 'invoice.held'; readonly invoiceId: string; readonly heldFor: string }
  | { readonly type: 'invoice.settled'; readonly invoiceId: string }
  | { readonly type: 'invoice.archived'; readonly invoiceId: string; readonly number: string };

export interface Seen {
  readonly context: SalesContext;
}

export interface Heard extends Seen {
  readonly event: SalesEvent;
}
