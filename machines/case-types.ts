import type { ClinicFlights, ClinicFlightsReceipt } from '../actors/shapes/clinic.ts';
import type { ConsentPurpose } from '../actors/shapes/consents.ts';
import type { Attachment, StoredDocument } from '../actors/shapes/documents.ts';
import type { EventData, EventType } from '../actors/shapes/events.ts';
import type { Companion, CompanionNews, Patient } from '../actors/shapes/families.ts';
import type { FlightOffers, FlightQuery, Legs, OfferLine } from '../actors/shapes/flights.ts';
import type { HandOverReason } from '../actors/shapes/hand-over.ts';
import type {
  ConsentAnswer,
  FileToPatient,
  MessageToPatient,
  Recipient,
} from '../actors/shapes/messages.ts';
import type { StaffEventType } from '../actors/shapes/staff-events.ts';
import type {
  Intent,
  Picked,
  PlaceChoice,
  Trip,
  TripPart,
  Understanding,
  Utterance,
} from '../actors/shapes/understanding.ts';
import type { ButtonId, TextKey } from '../actors/texts/keys.ts';

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
  HandOverReason,
  Intent,
  MessageToPatient as Message,
  Picked,
  PlaceChoice,
  StoredDocument,
  TextKey,
  Trip,
  TripPart,
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
  /** Of a case that another patient on the phone asked for. */
  readonly patient?: Patient;
  readonly companions?: readonly Companion[];
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

export interface Consent {
  readonly status: 'unasked' | 'asked' | 'given' | 'refused' | 'withdrawn';
  /** The language it was asked in last. */
  readonly lang: string;
  /** When it was last answered. An answer said before that and heard after it counts for nothing. */
  readonly at: string | null;
  /** Whom the question named; nobody if absent. */
  readonly patient?: string;
}

/** What we asked last. */
export type Question =
  | ConsentPurpose
  | 'procedure'
  | 'origin'
  | 'departDate'
  | 'adults'
  | 'childrenAges'
  | 'offer'
  /** What was read back: the trip, or a flight that was picked in words. */
  | 'confirm'
  /** Whether somebody else is to have a journey of their own. */
  | 'journey';

/**
 * How sure it is that a message is for this case, where its contact has several: it says so itself, it answers what was asked last, or
 * nobody knows. `own` and `whose` are said by the companions' actor, which has looked at it.
 */
export type Routed = 'sure' | 'likely' | 'unclear' | 'own' | 'whose';

/** A message that waits to be understood. `text` is null for a button, `buttonId` for words; a place has neither. */
export interface HeardMessage {
  readonly messageId: string;
  readonly at: string;
  readonly text: string | null;
  readonly buttonId: string | null;
  /** The message of ours that it answers, where the patient said so. */
  readonly replyTo?: string;
  /** The message whose words it replaces. */
  readonly edits?: string;
  /** The number of the last question that was known to be sent when it came: order within a second is arrival. */
  readonly after?: number;
  /** Of several patients on one phone: `own` is this one's for certain, `whose` is read for danger alone. */
  readonly routed?: Routed;
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

/** What more than one actor of the case has to know, and what outlives them when the patient says stop. */
export interface CaseContext {
  readonly tenant: string;
  readonly tenantName: string;
  readonly caseId: string;
  readonly destination: string;
  readonly currency: string;
  readonly isInvoicing: boolean;
  /** As the conversation knows them now. */
  readonly recipient: Recipient;
  readonly lang: string;
  readonly consents: Readonly<Record<ConsentPurpose, Consent>>;
  /** Consents that something waits for. They are asked for once there is a service consent. */
  readonly needed: readonly ConsentPurpose[];
  /** When the patient last said stop. What was said until then is not kept. */
  readonly withdrawnAt: string | null;
  /** Number of the last list of flights: tells a button of an old list from one of a newer. */
  readonly round: number;
  /** Of the patient's files and uploads, those that we keep. */
  readonly documents: readonly StoredDocument[];
  /** Who the patient is at the clinic, as staff said. */
  readonly clinic: {
    readonly patientId: string | null;
    readonly dealId: string | null;
    readonly itineraryId: string | null;
  };
  /** What sales says of all bookings. */
  readonly sold: { readonly owesNothing: boolean; readonly neverPaid: boolean };
  readonly ending: { readonly outcome: CaseOutcome; readonly reason: string | null } | null;
  /** The trip of a case that was closed, for staff who look back. */
  readonly last: {
    readonly destination: string;
    readonly trip: Trip;
    readonly booking: TripBooking | null;
  } | null;
  /** Somebody waits whom staff must not lose sight of: an emergency, or a right of the law. */
  readonly isAwaited: boolean;
  /** What the patient calls themselves on their telephone. */
  readonly profileName: string | null;
  /** Whom our messages name, where several patients have one phone. */
  readonly patient: string | null;
  /** As the case was opened, for the companions' actor. */
  readonly opened: { readonly patient: Patient; readonly others: readonly Companion[] } | null;
  /** It would have ended, were it not for that. */
  readonly isOver: boolean;
}

/** The trip's booking, as far as the journey needs it: sales has its money. */
export interface TripBooking {
  readonly bookingId: string;
  readonly offer: Offer;
  readonly acceptedAt: string;
  /** Paid, by the provider's own word. */
  readonly isConfirmed: boolean;
  /** We order its flights: the clinic hears of them once they have tickets. */
  readonly isOrdered?: boolean;
  /** Not every provider names one. */
  readonly paymentId: string | null;
}

/** What a case looks at of an event from outside. */
type Told<Type extends EventType, Keys extends keyof EventData[Type]> = {
  readonly type: Type;
} & Pick<EventData[Type], Keys>;

/** What staff tell a case, whole. */
type StaffTold = {
  [Type in StaffEventType]: { readonly type: Type } & EventData[Type];
}[StaffEventType];

type SeenKey = 'kind' | 'text' | 'id' | 'mediaId' | 'sha256' | 'caption' | 'type' | 'errorCode';
type SeenOf<One> = One extends unknown ? Pick<One, Extract<keyof One, SeenKey>> : never;

/** What a patient sent, as far as a case looks at it. */
export type Said = SeenOf<EventData['whatsapp.inbound']['message']>;

/** Times are ISO 8601 with offset. */
export type CaseEvent =
  | (Told<'whatsapp.inbound', 'messageId' | 'lang' | 'at'> & {
      readonly message: Said;
      readonly from?: EventData['whatsapp.inbound']['from'];
      readonly replyTo?: string;
      readonly profileName?: string | null;
      readonly routed?: Routed;
    })
  | (Told<'whatsapp.edited', 'messageId' | 'originalMessageId' | 'lang' | 'at'> & {
      readonly message: Said | null;
      readonly from?: EventData['whatsapp.edited']['from'];
      readonly routed?: Routed;
    })
  | (Told<'whatsapp.revoked', 'messageId' | 'originalMessageId' | 'at'> & {
      readonly routed?: Routed;
    })
  /** A colleague wrote to the patient on the clinic's own telephone. */
  | Told<'whatsapp.echoed', 'messageId' | 'at'>
  | Told<'whatsapp.contact', 'contact' | 'at'>
  | (Told<'whatsapp.status', 'status' | 'errorCode' | 'at'> & {
      readonly effectId?: string | null;
    })
  /** A message of ours will never be sent. From the host, as the next two. */
  | { readonly type: 'message.failed'; readonly effectId: string; readonly code: string }
  /**
   * A question of ours was sent: `asks` is its number, `at` when the provider took it, by its clock. With `again` something else was
   * sent in its place, or in the place of what is no question: that we have news, and want an answer.
   */
  | {
      readonly type: 'message.sent';
      readonly effectId: string;
      readonly messageId: string;
      readonly asks: string | null;
      readonly at: string | null;
      readonly again?: Pick<MessageToPatient, 'text' | 'values' | 'choices' | 'until' | 'purpose'>;
    }
  /** Nobody knows whether a message of ours was sent. `again` is what it says, where it may be said again. */
  | {
      readonly type: 'message.doubted';
      readonly effectId: string;
      readonly asks?: string | null;
      readonly again?: Pick<
        MessageToPatient,
        'text' | 'values' | 'choices' | 'until' | 'purpose'
      > | null;
    }
  /** From another case of the same phone. */
  | { readonly type: 'companion.news'; readonly news: CompanionNews }
  /** What was for another case of the phone could not be told there. From the host. */
  | { readonly type: 'companion.unreached'; readonly effectId: string; readonly code: string }
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
  | Told<'travellers.given', keyof EventData['travellers.given']>
  | Told<'document.uploaded', 'key' | 'size' | 'checksum'>
  | StaffTold
  /** From the documents actor. */
  | ({ readonly type: 'document.verified'; readonly kind: string } & StoredDocument)
  | { readonly type: 'document.expired'; readonly kind: string; readonly key: string }
  | { readonly type: 'documents.held'; readonly kind: string; readonly heldFor: string }
  /** From the clinic actor: the clinic has the flights. */
  | { readonly type: 'clinic.told'; readonly flights: Legs; readonly itineraryId: string | null };

export type CaseTag =
  | 'waiting-for-patient'
  | 'waiting-for-provider'
  | 'with-staff'
  | 'confirmed'
  | 'refund-needed'
  | 'invoice-held'
  | 'window-closed'
  | 'clinical-review'
  /** The patient does not let us arrange the trip, and may come back. */
  | 'resting'
  /** Nobody knows whether the patient has our last message. */
  | 'message-in-doubt'
  | 'consent-withdrawn'
  | 'awaits-staff'
  | 'urgent'
  | 'urgent-untaken'
  | 'taken'
  | 'rights-request'
  /** What effects need to start: the host checks it then. */
  | `consent:${ConsentPurpose}`;
