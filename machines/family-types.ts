import type { DocumentKind } from '../actors/shapes/documents.ts';
import type { TravellerAsking } from '../actors/shapes/messages.ts';
import type {
  ButtonId,
  CaseEvent,
  ConsentPurpose,
  HandOverReason,
  HeardMessage,
  Intent,
  Message,
  Picked,
  PlaceChoice,
  Question,
  StoredDocument,
  Trip,
} from './case-types.ts';
import type { Legs, SoldTrip } from './flight-types.ts';
import type { Money, PaymentState, Recipient, SaleLine, TripToOrder } from './money-types.ts';

// What the actors of a case say to one another. All of it goes through the case, which knows who is to hear what.

/** What an actor wants said to the patient. Only the conversation knows whom that is, in which language, and whether it may. */
export interface Say {
  readonly type: 'say';
  readonly text: Message['text'];
  readonly values?: Message['values'];
  readonly choices?: readonly ButtonId[];
  /** What it says holds until then; for ever if absent. */
  readonly until?: string;
  /** `service` if absent. */
  readonly purpose?: Message['purpose'];
}

/** As `say`, and what the patient answers next is the answer to it. */
export interface Ask extends Omit<Say, 'type'> {
  readonly type: 'ask';
  readonly question: Question;
}

export interface ConsentChanged {
  readonly type: 'consent.changed';
  readonly purpose: ConsentPurpose;
  readonly status: 'given' | 'refused';
  /** When the patient said so; null where it only was not answered in time. */
  readonly at: string | null;
}

/** What the register is to keep of an answer. */
export interface ConsentRecorded {
  readonly type: 'consent.recorded';
  readonly purpose: ConsentPurpose;
  readonly status: 'given' | 'refused' | 'withdrawn';
  readonly messageId: string;
  readonly at: string;
  readonly lang: string;
}

export interface ConsentAnswered {
  readonly type: 'consent.answered';
  readonly purpose: ConsentPurpose;
  readonly answer: 'yes' | 'no';
  /** By its button: only so a consent is taken back. */
  readonly isPressed: boolean;
  readonly messageId: string;
  readonly at: string;
  /** What it was asked in. */
  readonly lang: string;
  /** It came round again: what was asked in the same turn is asked by now. */
  readonly hasWaited?: boolean;
}

/** A message was understood. */
export interface PatientSaid extends HeardMessage {
  readonly type: 'patient.said';
  /** `press` for a button, `place` for a location. */
  readonly intent: Intent | 'press' | 'place';
  /** Told us a detail of the trip. */
  readonly informs: boolean;
  /** What it tells, and not so that it can be believed: to be asked for. Absent: nothing. */
  readonly doubts?: readonly (keyof Trip)[];
  /** What may have been meant where `origin` is in doubt, and where `departDate` is. */
  readonly places?: readonly PlaceChoice[];
  readonly days?: readonly string[];
  /** Picks one of what was offered last, in words. */
  readonly picked?: Picked;
  /** Said before a message that was understood before it. */
  readonly late: boolean;
  /** Needs no answer from the journey: said before the question, for staff, a thank-you, or more is still to be read. */
  readonly isAside: boolean;
  /** Said after what was asked last, while the bot speaks: its words may be the answer. */
  readonly isAnswer: boolean;
  /** Answers one of the consents that are asked in between. */
  readonly answersConsent: boolean;
  /** What it may answer: what was asked last when it was written, as far as the patient can have seen that. */
  readonly asked?: Question | null;
}

export type Inbound = Extract<CaseEvent, { readonly type: 'whatsapp.inbound' }>;
export type Changed = Extract<CaseEvent, { readonly type: 'whatsapp.edited' | 'whatsapp.revoked' }>;
/** What the patient says now: a message, or the new words of one. */
type Spoken = Inbound | Extract<Changed, { readonly type: 'whatsapp.edited' }>;

/** A message may be about somebody else than the patient, or nobody said about whom: nothing of it is told to the others. */
export interface AnotherTold {
  readonly type: 'another.told';
  readonly message: HeardMessage;
  /** As the patient calls them; empty where they do not. */
  readonly name: string;
  /** Why we think so; `unclear`: several patients wait for an answer. */
  readonly reason: 'another' | 'introduced' | 'procedure' | 'unclear';
  /** What the patient calls themselves on their telephone. The case adds it. */
  readonly profileName?: string | null;
}

/** From one actor of the case to another. */
export type FamilyEvent =
  | Say
  | Ask
  | ConsentChanged
  | ConsentRecorded
  | ConsentAnswered
  | PatientSaid
  /** Nothing is asked any more, or not this question. */
  | { readonly type: 'unask'; readonly question?: Question }
  | AnotherTold
  /** The patient said who writes. */
  | { readonly type: 'name.told'; readonly name: string }
  /** Our messages name the patient from now on, unless they are alone on their phone. */
  | { readonly type: 'patient.named'; readonly name: string; readonly isAlone: boolean }
  | { readonly type: 'handOver'; readonly reason: HandOverReason }
  /** The conversation went to staff by itself. */
  | { readonly type: 'handed.over'; readonly reason: HandOverReason }
  /** What staff were told of is over without them. */
  | { readonly type: 'reason.gone'; readonly reason: HandOverReason }
  /** The patient wants to use a right of the law. */
  | {
      readonly type: 'rights.requested';
      readonly kind: 'erasure';
      readonly messageId: string;
      readonly at: string;
      /** Heard in another case of the phone, and acknowledged there. */
      readonly quietly?: boolean;
    }
  /** Somebody waits, or no longer does, of whom nobody may lose sight: the case does not end meanwhile. */
  | { readonly type: 'attention.changed'; readonly isAwaited: boolean }
  /** Something waits for this consent. */
  | { readonly type: 'consent.needed'; readonly purpose: ConsentPurpose }
  | { readonly type: 'consent.asked'; readonly purpose: ConsentPurpose; readonly lang: string }
  | { readonly type: 'contact.changed'; readonly recipient: Recipient; readonly lang: string }
  | {
      readonly type: 'trip.told';
      readonly details: Partial<Trip>;
      readonly at: string;
      readonly messageId?: string;
    }
  /** What treatment the patient wants: health data. */
  | { readonly type: 'procedure.told' }
  /** The patient took back the consent to health data. */
  | { readonly type: 'procedure.forgotten' }
  /** Comes back once everybody had their say to what went before. */
  | { readonly type: 'hearing.next'; readonly turns: number }
  /** Without the service consent for so long that the case is over. */
  | { readonly type: 'consent.lapsed'; readonly purpose: ConsentPurpose }
  /** Understanding says that the patient wants to stop. */
  | {
      readonly type: 'stopped';
      readonly messageId: string;
      readonly at: string;
      /** Heard in another case of the phone, and acknowledged there. */
      readonly quietly?: boolean;
    }
  | {
      readonly type: 'withdrawn';
      readonly at: string | null;
      readonly messageId?: string;
      readonly quietly?: boolean;
    }
  | { readonly type: 'reopen.wanted'; readonly message: Spoken }
  | { readonly type: 'reopened'; readonly message: Spoken }
  | { readonly type: 'file.kept'; readonly document: StoredDocument }
  | { readonly type: 'documents.changed'; readonly documents: readonly StoredDocument[] }
  | { readonly type: 'document.wanted'; readonly kind: DocumentKind }
  | {
      readonly type: 'review.changed';
      readonly review: 'unneeded' | 'needed' | 'cleared' | 'declined';
    }
  | {
      readonly type: 'sale.begun';
      readonly kind: 'trip';
      readonly title: string;
      /** As messages show it. */
      readonly trip?: SoldTrip;
      /** Where its flights can be ordered; absent where a person does that. */
      readonly order?: TripToOrder;
      readonly lines: readonly SaleLine[];
      readonly beginsOn: string | null;
      readonly at: string;
    }
  /** The form for the passports of a trip's travellers is to be asked for. */
  | {
      readonly type: 'travellers.wanted';
      readonly bookingId: string;
      readonly trip: SoldTrip;
      readonly text: TravellerAsking;
    }
  /** Every traveller of a trip has a ticket. */
  | {
      readonly type: 'trip.ticketed';
      readonly bookingId: string;
    }
  | { readonly type: 'sale.opened'; readonly bookingId: string }
  | {
      readonly type: 'sale.confirmed';
      readonly bookingId: string;
      readonly payment: PaymentState;
      readonly at: string;
    }
  | { readonly type: 'sale.lapsed'; readonly bookingId: string }
  | { readonly type: 'sale.refunded'; readonly bookingId: string; readonly isWhole: boolean }
  | { readonly type: 'sales.changed'; readonly owesNothing: boolean; readonly neverPaid: boolean }
  | { readonly type: 'sales.over'; readonly reason: string | null }
  /** Nobody is to pay this booking any more; absent: none of them. */
  | { readonly type: 'abandon'; readonly bookingId?: string }
  /** The patient wants the link of this booking once more. */
  | { readonly type: 'link.wanted'; readonly bookingId: string; readonly at: string }
  /** A question of this kind went to the patient: its time begins. */
  | { readonly type: 'question.sent'; readonly question: Question; readonly at: string | null }
  /** It waited so long to be sent that it holds no more, and was not. */
  | { readonly type: 'question.outdated' }
  /** A list of flights was offered; its number tells its buttons from those of earlier lists. */
  | { readonly type: 'offers.made'; readonly round: number }
  /** An upload link, wanted by whoever asks for documents. */
  | { readonly type: 'link'; readonly kind: DocumentKind }
  /** The trip is paid: the clinic is to hear of it. */
  | {
      readonly type: 'trip.confirmed';
      readonly booking: {
        readonly bookingId: string;
        readonly adults: number;
        readonly children: number;
      };
      readonly flights: Legs;
      readonly total: Money;
    };

export type FamilyEventOf<Type extends FamilyEvent['type']> = Extract<
  FamilyEvent,
  { readonly type: Type }
>;
