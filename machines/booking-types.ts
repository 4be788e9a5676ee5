import type { SoldTrip } from './flight-types.ts';
import type {
  Checkout,
  KnownRefund,
  Money,
  Payer,
  PaymentState,
  RefundOrder,
} from './money-types.ts';

/** Times are ISO 8601 with offset, everywhere in this file. */
export interface BookingInput {
  readonly caseId: string;
  readonly bookingId: string;
  /** The language of the provider's page. */
  readonly lang: string;
  readonly total: Money;
  /** Shown on the provider's page. Nothing about health. */
  readonly title: string;
  /** As messages show it, where it is a trip. */
  readonly trip?: SoldTrip;
  readonly payer: Payer;
  /** When the patient accepted: the checkout's lifetime counts from here. */
  readonly acceptedAt: string;
  /** `YYYY-MM-DD`: when what is paid for begins; null if that is open. Refund rules count from it. */
  readonly beginsOn: string | null;
}

/** Why staff have to look at a booking. Part of what staff see, so a name never changes. */
export type HeldFor =
  | 'checkout-not-opened'
  | 'payment-not-readable'
  | 'payment-differs'
  | 'payment-unsettled'
  | 'payment-suspected'
  | 'paid-late'
  | 'paid-twice'
  | 'refund-failed'
  | 'refund-too-much'
  | 'refund-outside-rules'
  | 'refund-while-disputed';

/** Another checkout than the booking's own: an older link, or one whose opening we never heard of. */
export interface OtherCheckout {
  readonly provider: Checkout['provider'];
  readonly checkoutId: string;
}

/** What a booking remembers. */
export interface BookingContext extends BookingInput {
  /** How many checkouts were opened. */
  readonly attempt: number;
  readonly checkout: Checkout | null;
  readonly isLinkSent: boolean;
  readonly isLinkOver: boolean;
  /** The patient was asked whether they want another link. */
  readonly isRenewalOffered: boolean;
  /** By the last reading a payment is on its way: nobody is reminded to pay meanwhile. */
  readonly isUnderWay: boolean;
  /** The provider was asked to take no payment any more. */
  readonly isClosed: boolean;
  readonly isReminded: boolean;
  readonly isTimeOver: boolean;
  readonly hasLapsed: boolean;
  /** Staff take a payment that came after it lapsed. */
  readonly isLateAccepted: boolean;
  /** The patient withdrew: nothing is said any more, and nothing more is to be paid. */
  readonly isQuiet: boolean;
  /** What the provider has just told, until it is decided what it means. */
  readonly reading: PaymentState | null;
  /** As the provider last told it. What was taken is never forgotten for a reading that knows less. */
  readonly payment: PaymentState | null;
  /** A signed webhook said "paid". From then on the booking may be confirmed or held, but never quietly lapse. */
  readonly saidPaid: boolean;
  /** A webhook said "paid" of another checkout, which has to be looked at. */
  readonly other: OtherCheckout | null;
  /** A second payment for the same booking, to be given back. */
  readonly second: PaymentState | null;
  readonly isAnnounced: boolean;
  readonly heldFor: HeldFor | null;
  /** How many refunds were asked for; makes their references. */
  readonly refunds: number;
  /** All that were asked for, without those that the provider refused. */
  readonly refundsAsked: readonly AskedRefund[];
  /** The refund that is being made, or whose outcome is in doubt: asked for again it is the same one. */
  readonly refunding: RefundOrder | null;
  /** What staff asked for while something else was under way. */
  readonly askedRefund: RefundWish | null;
  /** Minor units given back that patient and case were told of: the most there ever were. */
  readonly refundTold: string;
  /** Failed refunds that staff have seen. */
  readonly seenFailures: readonly string[];
  readonly revision: number;
  /** When we last heard of it. */
  readonly noticedAt: string;
  /** What led here last, for the books. */
  readonly cause: string;
}

/** A refund that was asked for, and of which payment. */
export interface AskedRefund extends KnownRefund {
  readonly paymentId: string;
}

/** Staff want money to go back: all that the rules give, or so much. */
export interface RefundWish {
  readonly type: 'staff.refund';
  readonly bookingId: string;
  readonly amount?: Money;
  readonly at: string;
}

/** What a booking hears. */
export type BookingEvent =
  | {
      readonly type: 'payment.notified';
      readonly provider: string;
      readonly notice: string;
      readonly bookingId: string | null;
      readonly checkoutId: string | null;
      readonly paymentId: string | null;
      readonly at: string;
    }
  /** The patient asks for another link. */
  | { readonly type: 'booking.renew'; readonly at: string }
  /** The patient asks for their trip, or whether their payment came. */
  | { readonly type: 'trip.asked' | 'payment.asked' }
  /** The patient withdrew, or staff close the case: what is open is closed. */
  | { readonly type: 'booking.abandon' }
  | { readonly type: 'staff.resume'; readonly at: string }
  | RefundWish
  /** Given back in the provider's dashboard. */
  | { readonly type: 'staff.refunded'; readonly bookingId: string; readonly at: string }
  // From its own clock.
  | { readonly type: 'reminder.due' }
  | { readonly type: 'link.over' }
  | { readonly type: 'time.over' }
  // From itself.
  | { readonly type: 'all.told' };

/** What rules that need no event take. */
export interface Seen {
  readonly context: BookingContext;
}

/** What rules take that ask about an event. */
export interface Heard extends Seen {
  readonly event: BookingEvent;
}
