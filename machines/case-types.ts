import type { Deal } from './deal.ts';
import type { DocumentKind } from './documents.ts';
import type { Say } from './family-types.ts';
import type { FlightSegment, Legs } from './flight-types.ts';
import type { ImagingOutput } from './imaging.ts';
import type { Buyer, Money, PaymentState, Recipient, SaleLine } from './money-types.ts';

// What machines/case.ts is about, as types. Shapes of other modules are written again here, because a machine's file
// knows nothing but xstate and machines; the compiler holds them to the originals where the host puts both together.

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

/** As actors/ports/flights.ts has it. */
export interface FlightQuery {
  readonly origin: string;
  readonly destination: string;
  readonly departDate: string;
  readonly returnDate?: string;
  readonly adults: number;
  readonly childrenAges: readonly number[];
  readonly currency: string;
}

export interface FlightOffers {
  readonly provider: string;
  readonly expiresAt: string | null;
  readonly offers: readonly {
    readonly id: string;
    readonly price: Money;
    /** Absent where the provider's answer has one expiry for all. */
    readonly expiresAt?: string | null;
    readonly legs: readonly {
      readonly durationMinutes: number;
      readonly segments: readonly FlightSegment[];
    }[];
  }[];
}

/** What a message needs of an offer; the whole answer stays in the ledger. Local times, without offset. */
export interface OfferSummary {
  readonly id: string;
  readonly price: Money;
  readonly flight: string;
  readonly from: string;
  readonly to: string;
  readonly departLocal: string;
  readonly arriveLocal: string;
  readonly stops: number;
}

/** An offer as it is kept: the clinic is told of the whole way. */
export interface Offer extends OfferSummary {
  /** ISO 8601 with offset; null where the provider does not say. Absent: as the whole list. */
  readonly expiresAt?: string | null;
  readonly legs: FlightOffers['offers'][number]['legs'];
}

/** As actors/ports/clinic.ts has it: no names, nothing about health. */
export interface ClinicFlights {
  readonly dealId: string;
  readonly caseId: string;
  readonly booking: {
    readonly bookingId: string;
    readonly adults: number;
    readonly children: number;
  };
  readonly flights: Offer['legs'];
  readonly total: Money;
}

/** The clinic has the flights; it may say in which itinerary it puts them. */
export interface ClinicReceipt {
  readonly receiptId: string;
  readonly receivedAt: string;
  readonly itineraryId?: string | null;
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

/** What a patient is asked to agree to. As actors/ports/consents.ts has it. */
export type ConsentPurpose = 'service' | 'health-data' | 'transfer-abroad' | 'marketing';

export interface Consent {
  readonly status: 'unasked' | 'asked' | 'given' | 'refused' | 'withdrawn';
  /** The language it was asked in last. */
  readonly lang: string;
  /** When it was last answered. An answer said before that and heard after it counts for nothing. */
  readonly at: string | null;
}

/** The evidence of an answer, for the register. Each record's `text` is a key of the message catalogue. */
export interface ConsentAnswer {
  readonly tenant: string;
  readonly tenantName: string;
  readonly caseId: string;
  readonly messageId: string;
  readonly at: string;
  readonly records: readonly {
    readonly purpose: ConsentPurpose;
    readonly status: 'given' | 'refused' | 'withdrawn';
    readonly text: string;
    readonly lang: string;
  }[];
}

/** As actors/ports/understanding.ts has them. */
export interface Sure<Value> {
  readonly value: Value;
  readonly confidence: number;
}

export type Intent =
  | 'greeting'
  | 'agree'
  | 'refuse'
  | 'stop'
  | 'inform'
  | 'question'
  | 'human'
  | 'urgent'
  | 'thanks'
  | 'unclear';

export interface Understanding {
  readonly lang: Sure<string> | null;
  readonly intent: Sure<Intent>;
  readonly details: { readonly [Key in keyof Trip]?: Sure<NonNullable<Trip[Key]>> };
}

export interface Utterance {
  readonly text: string;
  readonly lang: string;
  readonly asked: 'consent' | 'origin' | 'departDate' | 'adults' | 'offer' | null;
  readonly at: string;
  readonly destination: string;
  readonly mayLeave: boolean;
}

/** A file that a patient sent, to be fetched while the provider still has it. */
export interface Attachment {
  readonly kind: 'image' | 'document' | 'audio' | 'video';
  readonly mediaId: string;
  readonly sha256: string | null;
  readonly at: string;
}

/** A patient's file that we keep. As actors/ports/documents.ts has it. */
export interface StoredDocument {
  readonly key: string;
  readonly size: number;
  readonly checksum: string;
  readonly contentType: string;
}

/** What the patient told us of the trip. Local dates, IATA code of the airport; null is not known yet. */
export interface Trip {
  readonly procedure: string | null;
  readonly origin: string | null;
  readonly departDate: string | null;
  readonly returnDate: string | null;
  readonly adults: number | null;
  readonly childrenAges: readonly number[] | null;
  readonly budget: Money | null;
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

/** What a patient can send, as actors/events.ts has it. */
export type Said =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'button'; readonly id: string }
  | {
      readonly kind: 'image' | 'document' | 'audio' | 'video' | 'sticker';
      readonly mediaId: string;
      readonly sha256: string | null;
      readonly caption?: string;
    }
  | { readonly kind: 'location' | 'contacts' | 'reaction' | 'unsupported' };

/** Times are ISO 8601 with offset. */
export type CaseEvent =
  | {
      readonly type: 'whatsapp.inbound';
      readonly messageId: string;
      readonly message: Said;
      /** Null where the words do not tell. */
      readonly lang: string | null;
      readonly at: string;
      readonly from?: { readonly userId: string | null; readonly phone: string | null };
    }
  | {
      readonly type: 'whatsapp.contact';
      readonly contact: { readonly userId: string | null; readonly phone: string | null };
      readonly at: string;
    }
  | {
      readonly type: 'whatsapp.status';
      readonly status: 'sent' | 'delivered' | 'read' | 'failed';
      readonly errorCode: string | null;
      readonly at: string;
    }
  /** A message of ours will never be sent. From the host. */
  | { readonly type: 'message.failed'; readonly effectId: string; readonly code: string }
  | {
      readonly type: 'payment.notified';
      readonly provider: string;
      readonly notice: string;
      readonly bookingId: string | null;
      readonly checkoutId: string | null;
      readonly paymentId: string | null;
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
  | { readonly type: 'staff.reply'; readonly text: string; readonly at: string }
  | { readonly type: 'staff.send'; readonly document: string; readonly at: string }
  | { readonly type: 'staff.arrived'; readonly at: string }
  | { readonly type: 'staff.discharged'; readonly at: string }
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
  | { readonly type: 'staff.billing'; readonly buyer: Buyer; readonly at: string }
  | { readonly type: 'staff.close'; readonly reason: string; readonly at: string }
  | {
      readonly type: 'staff.linked';
      readonly patientId?: string;
      readonly dealId?: string;
      readonly itineraryId?: string;
      readonly at: string;
    }
  | { readonly type: 'staff.askDocument'; readonly kind: DocumentKind; readonly at: string }
  | { readonly type: 'staff.skipImaging'; readonly at: string }
  | { readonly type: 'staff.cleared'; readonly at: string }
  | { readonly type: 'staff.declined'; readonly at: string }
  /** The object store has a document of this case. */
  | {
      readonly type: 'document.uploaded';
      readonly key: string;
      readonly size: number;
      readonly checksum: string;
    }
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

/** What we say: a key of the message catalogue and what goes in its gaps. Choices are the ids that come back. */
export interface Message {
  readonly recipient: Recipient;
  readonly lang: string;
  readonly text: string;
  readonly values: Readonly<Record<string, string | number | Money | readonly OfferSummary[]>>;
  readonly choices?: readonly string[];
  /** When the patient was last heard: it decides between free text and template. */
  readonly heardAt: string | null;
  /** The consent it needs when it is sent; `notice` needs none: it asks for consent, or must be said in any case. */
  readonly purpose: ConsentPurpose | 'notice';
}

/** A stored document of this case, by its name, on its way to the patient. */
export interface FileMessage extends Pick<Message, 'recipient' | 'lang' | 'heardAt'> {
  readonly document: string;
  readonly purpose: 'health-data';
}

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
