import type { ClinicFlights, ClinicFlightsReceipt, Deal } from '../actors/shapes/clinic.ts';
import type { ConsentPurpose } from '../actors/shapes/consents.ts';
import type { Attachment, DocumentKind, StoredDocument } from '../actors/shapes/documents.ts';
import type { EventData, EventType } from '../actors/shapes/events.ts';
import type { FlightOffers, FlightQuery, Legs, OfferLine } from '../actors/shapes/flights.ts';
import type { Buyer, SaleLine } from '../actors/shapes/invoices.ts';
import type {
  ConsentAnswer,
  FileToPatient,
  MessageToPatient,
  Recipient,
} from '../actors/shapes/messages.ts';
import type { Money } from '../actors/shapes/money.ts';
import type { PaymentState } from '../actors/shapes/payments.ts';
import type { StaffEventType } from '../actors/shapes/staff-events.ts';
import type { Intent, Trip, Understanding, Utterance } from '../actors/shapes/understanding.ts';
import type { ButtonId, TextKey } from '../actors/texts/keys.ts';
import type { Say } from './family-types.ts';
import type { ImagingOutput } from './imaging.ts';

// What machines/case.ts is about. The shapes that others know too are written once, with their schemas, in actors/shapes;
// only types come from there, which are gone when the file is pasted into an editor.

export type {
  Attachment,
  ButtonId,
  ClinicFlights,
  ClinicFlightsReceipt as ClinicReceipt,
  ConsentAnswer,
  ConsentPurpose,
  FileToPatient as FileMessage,
  FlightOffers,
  FlightQuery,
  Intent,
  MessageToPatient as Message,
  StoredDocument,
  TextKey,
  Trip,
  Understanding,
  Utterance,
};

/** What starts a case. `contact` has at least one of its two; `lang` is a BCP 47 primary tag. */
export interface CaseInput {
  readonly tenant: string;
  readonly caseId: string;
  readonly contact: { readonly userId: string | null; readonly phone: string | null };
  readonly lang: string;
  /** What patients know the tenant by; its id if absent. */
  readonly tenantName?: string;
  /** The tenant's airport; `IST` if absent. */
  readonly destination?: string;
  /** What prices are asked in; `EUR` if absent. */
  readonly currency?: string;
  /** Whether what is sold is invoiced here; it is if absent. */
  readonly isInvoicing?: boolean;
}

/** What a message needs of an offer; the whole answer stays in the ledger. */
export interface OfferSummary extends OfferLine {
  readonly id: string;
}

/** An offer as it is kept: the clinic is told of the whole way. */
export interface Offer extends OfferSummary {
  /** ISO 8601 with offset; null where the provider does not say. Absent: as the whole list. */
  readonly expiresAt?: string | null;
  readonly legs: Legs;
}

/** A booking as its case sees it: each is an actor of its own, under its own id. */
export interface BookingStanding {
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

/** An invoice or credit note, as its case sees it. */
export interface InvoiceStanding {
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

export interface Consent {
  readonly status: 'unasked' | 'asked' | 'given' | 'refused' | 'withdrawn';
  /** The language it was asked in last. */
  readonly lang: string;
  /** When it was last answered. An answer said before that and heard after it counts for nothing. */
  readonly at: string | null;
}

/** What we asked last. */
export type Question = ConsentPurpose | 'origin' | 'departDate' | 'adults' | 'offer';

/** A message that waits to be understood. `text` is null for a button, `buttonId` for words; a place has neither. */
export interface HeardMessage {
  readonly messageId: string;
  readonly at: string;
  readonly text: string | null;
  readonly buttonId: string | null;
}

/** How a case ended. Reports count these, so a name never changes. */
export type CaseOutcome =
  | 'completed'
  | 'consent-refused'
  | 'consent-unanswered'
  | 'consent-withdrawn'
  | 'lapsed'
  | 'closed-by-staff';

export interface CaseOutput {
  readonly caseId: string;
  readonly outcome: CaseOutcome;
  /** Staff's own words when they closed it. */
  readonly reason: string | null;
}

/** Why staff have the conversation. */
export type HandOverReason =
  | 'consent-unclear'
  | 'trip-unclear'
  | 'offer-unclear'
  | 'flights-not-searched'
  | 'booking-held'
  | 'payment-unknown'
  | 'question'
  | 'urgent'
  | 'voice-or-video'
  | 'file-not-readable'
  | 'too-many-messages'
  | 'review-late'
  | 'imaging-held'
  | 'document-held'
  | 'clinic-not-told'
  | 'deal-held'
  | 'message-not-delivered';

export interface CaseContext {
  readonly tenant: string;
  readonly tenantName: string;
  readonly caseId: string;
  readonly recipient: Recipient;
  readonly lang: string;
  readonly destination: string;
  readonly currency: string;
  readonly isInvoicing: boolean;
  readonly consents: Readonly<Record<ConsentPurpose, Consent>>;
  readonly trip: Trip;
  /** When each detail was said. A message that comes late does not undo a later one. */
  readonly toldAt: { readonly [Key in keyof Trip]?: string };
  /** The trip that flights were last searched for. */
  readonly searched: string | null;
  /** When the patient last said stop. What was said until then is not kept. */
  readonly withdrawnAt: string | null;
  /** When the patient was last heard, by the provider's clock: free text may be sent for 24 h. */
  readonly heardAt: string | null;
  /** Messages not yet understood, as they came. */
  readonly heard: readonly HeardMessage[];
  /** The message that is being understood. One said before it may come meanwhile, and waits. */
  readonly reading: HeardMessage | null;
  /** When the newest message that was understood was said. What was said before it and comes after it is late. */
  readonly readUpTo: string | null;
  readonly asked: Question | null;
  /** When that was asked, by the provider's clock: what was said until then does not answer it. */
  readonly askedAt: string | null;
  /** What was asked when a consent came in between. */
  readonly askedBefore: Question | null;
  /** Answers in a row that we did not understand. */
  readonly misses: number;
  /** When we last said that we cannot read something. */
  readonly unreadableAt: string | null;
  readonly attachments: readonly Attachment[];
  readonly documents: readonly StoredDocument[];
  /** Who the patient is at the clinic, as staff said. */
  readonly clinic: {
    readonly patientId: string | null;
    readonly dealId: string | null;
    readonly itineraryId: string | null;
    /** What the deal says, as it was read last. */
    readonly deal: Deal | null;
    /** The clinic has the flights. */
    readonly isTold: boolean;
  };
  /** What the clinic says to the journey. */
  readonly review: 'unneeded' | 'needed' | 'cleared' | 'declined';
  /** What the model saw, for the clinic's eyes. */
  readonly imaging: ImagingOutput | null;
  readonly imagingHeld: { readonly heldFor: string; readonly tags: readonly string[] } | null;
  readonly handedOverFor: HandOverReason | null;
  /** Messages since staff took over. */
  readonly unanswered: number;
  /** `round` tells a button of an old list from one of this list. */
  readonly offers: {
    readonly round: number;
    readonly expiresAt: string | null;
    readonly list: readonly Offer[];
  };
  /** How many bookings this case began; makes their ids. */
  readonly bookings: number;
  readonly booking: {
    readonly bookingId: string;
    readonly offer: Offer;
    readonly acceptedAt: string;
    /** Paid, by the provider's own word. */
    readonly isConfirmed: boolean;
    /** Not every provider names one. */
    readonly paymentId: string | null;
  } | null;
  /** Every booking of this case, oldest first. */
  readonly standings: readonly BookingStanding[];
  readonly invoices: readonly InvoiceStanding[];
  /** Whom invoices are made out to, as staff entered it. */
  readonly buyer: Buyer | null;
  readonly ending: { readonly outcome: CaseOutcome; readonly reason: string | null } | null;
}

/** What a case looks at of an event from outside. */
type Told<Type extends EventType, Keys extends keyof EventData[Type]> = {
  readonly type: Type;
} & Pick<EventData[Type], Keys>;

/** What staff tell a case, whole. */
type StaffTold = {
  [Type in StaffEventType]: { readonly type: Type } & EventData[Type];
}[StaffEventType];

type SeenKey = 'kind' | 'text' | 'id' | 'mediaId' | 'sha256' | 'caption';
type SeenOf<One> = One extends unknown ? Pick<One, Extract<keyof One, SeenKey>> : never;

/** What a patient sent, as far as a case looks at it. */
export type Said = SeenOf<EventData['whatsapp.inbound']['message']>;

/** Times are ISO 8601 with offset. */
export type CaseEvent =
  | (Told<'whatsapp.inbound', 'messageId' | 'lang' | 'at'> & {
      readonly message: Said;
      readonly from?: EventData['whatsapp.inbound']['from'];
    })
  | Told<'whatsapp.contact', 'contact' | 'at'>
  | Told<'whatsapp.status', 'status' | 'errorCode' | 'at'>
  /** A message of ours will never be sent. From the host. */
  | { readonly type: 'message.failed'; readonly effectId: string; readonly code: string }
  | Told<'payment.notified', keyof EventData['payment.notified']>
  /** What webhooks became before version 3. Some may still wait in the ledger. */
  | {
      readonly type: 'payment.succeeded' | 'payment.expired' | 'payment.failed';
      readonly provider?: string;
      readonly checkoutId?: string;
      readonly bookingId: string;
      readonly at?: string;
    }
  | Told<'efatura.status.update', 'invoiceId' | 'status'>
  | Told<'document.uploaded', 'key' | 'size' | 'checksum'>
  | StaffTold
  /** From the documents actor. */
  | ({ readonly type: 'document.verified'; readonly kind: string } & StoredDocument)
  | { readonly type: 'document.expired'; readonly kind: string; readonly key: string }
  | { readonly type: 'documents.held'; readonly kind: string; readonly heldFor: string }
  /** From the imaging actor. */
  | { readonly type: 'imaging.held'; readonly heldFor: string; readonly tags: readonly string[] }
  /** From the deal actor. */
  | { readonly type: 'deal.read'; readonly deal: Deal }
  | { readonly type: 'deal.held'; readonly heldFor: string }
  | Say
  /** From the booking actors. */
  | { readonly type: 'booking.held'; readonly bookingId: string; readonly heldFor: string }
  | {
      readonly type: 'booking.settled' | 'booking.lapsed' | 'booking.chargedBack';
      readonly bookingId: string;
    }
  | { readonly type: 'booking.unsettled'; readonly bookingId: string; readonly heldFor: string }
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
    }
  /** From the invoice actors. */
  | { readonly type: 'invoice.held'; readonly invoiceId: string; readonly heldFor: string }
  | { readonly type: 'invoice.settled'; readonly invoiceId: string }
  | { readonly type: 'invoice.archived'; readonly invoiceId: string; readonly number: string }
  // Between the regions.
  /** A message was understood. `intent` is `press` for a button and `place` for a location. */
  | {
      readonly type: 'patient.said';
      readonly messageId: string;
      readonly at: string;
      readonly text: string | null;
      readonly buttonId: string | null;
      readonly intent: Intent | 'press' | 'place';
      /** Told us a detail of the trip. */
      readonly informs: boolean;
      /** A message said after it was understood before it. */
      readonly late: boolean;
    }
  | { readonly type: 'hearing.next' }
  | { readonly type: 'clinic.told'; readonly flights: Legs; readonly itineraryId: string | null }
  | { readonly type: 'marketing.due' }
  | { readonly type: 'document.due'; readonly kind: DocumentKind }
  | { readonly type: 'handOver'; readonly reason: HandOverReason };

export type CaseTag =
  | 'waiting-for-patient'
  | 'waiting-for-provider'
  | 'with-staff'
  | 'confirmed'
  | 'refund-needed'
  | 'invoice-held'
  | 'window-closed'
  | 'clinical-review'
  | 'consent-withdrawn'
  /** What effects need to start: the host checks it then. */
  | `consent:${ConsentPurpose}`;

export interface Seen {
  readonly context: CaseContext;
}
export interface Heard extends Seen {
  readonly event: CaseEvent;
}
