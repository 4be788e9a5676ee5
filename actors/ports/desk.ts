import type { PlanDifference, Deal } from '../shapes/clinic.ts';
import type { ConsentPurpose } from '../shapes/consents.ts';
import type { FlightOrder } from '../shapes/flight-orders.ts';
import type { HandOverReason } from '../shapes/hand-over.ts';
import type { InvoiceType } from '../shapes/invoices.ts';
import type { Money } from '../shapes/money.ts';
import type { BookingState, PaymentProvider } from '../shapes/payments.ts';
import type { BookingView, Difference } from './books.ts';
import type { ClinicItinerary } from './clinic.ts';
import type { ClinicalImagingStudy, ClinicalObservation } from './clinical.ts';
import type { ConsentRecord } from './consents.ts';
import type { InvoiceFinding, InvoiceStatus } from './invoicing.ts';

/** Who asks, from a verified token. `tenant` is where every answer stays. */
export interface Staff {
  readonly subject: string;
  readonly tenant: string;
  readonly roles: readonly string[];
}

/** A case as support staff may see it: where it stands and why it waits. No message text, no name, no number. */
export interface CaseView {
  readonly caseId: string;
  /** There only when what is stored of it, or its key, is damaged: a code, such as `seal_broken`. What is inside is then not shown. */
  readonly unreadable?: string;
  readonly machine: string;
  readonly version: string;
  readonly status: 'active' | 'done' | 'parked';
  /** Why it is parked, for developers. Null unless it is. */
  readonly parkedReason: string | null;
  /** XState state value. */
  readonly state: unknown;
  readonly tags: readonly string[];
  readonly seq: number;
  readonly createdAt: string;
  readonly updatedAt: string;
  /** Since when the state value is what it is. */
  readonly stateSince: string;
  readonly waitsFor: {
    readonly timers: readonly { readonly id: string; readonly dueAt: string }[];
    readonly effects: readonly {
      readonly effectId: string;
      readonly name: string;
      readonly status: string;
      readonly attempt: number;
      /** The last try's error or what it waits for, as a code. */
      readonly reason: string | null;
      /** When it is tried again; null unless it waits for that. */
      readonly nextTryAt: string | null;
    }[];
    readonly pendingEvents: number;
  };
  /** What could not be done and waits for a person: an event's id, `timer:…` or `effect:…`. */
  readonly deadLetters: readonly {
    readonly subject: string;
    readonly reason: string;
    readonly at: string;
  }[];
  /** The newest answer for each purpose that was asked for. */
  readonly consents: readonly {
    readonly purpose: ConsentPurpose;
    readonly status: ConsentRecord['status'];
    /** Which wording was shown. */
    readonly text: string;
    readonly lang: string;
    readonly at: string;
  }[];
  /** Who waits for staff, and why; null where nobody keeps an eye on it: it is over, older than that, or cannot be read. */
  readonly attention: AttentionView | null;
  /** Why it waits and who has to act: staff's first, then by target time. Empty where its key is gone or it cannot be read. */
  readonly why: readonly WaitingView[];
  /** What is known of the trip; null where there is none. */
  readonly trip: TripView | null;
  /** The last 50 messages to the patient, newest last. Without their words. */
  readonly messages: readonly {
    readonly effectId: string;
    readonly status: MessageStatus;
    /** Why it waits, failed or is unknown, as a code. */
    readonly reason: string | null;
    /** Since when the status is what it is; of a waiting one, when it was asked for. */
    readonly at: string;
  }[];
}

/** What staff have to see to in a case. Codes and times, no words of the patient's. */
export interface AttentionView {
  readonly urgency: 'urgent' | 'normal' | 'none';
  /** Since when it is an emergency. */
  readonly urgentSince: string | null;
  /** All reasons why staff have it, what was given last first. */
  readonly reasons: readonly {
    readonly reason: HandOverReason;
    /** When it was given first since staff last settled it, by our clock. */
    readonly since: string | null;
    /** When it was given last, by the clock of who said so; null where nobody said. */
    readonly newestAt: string | null;
    readonly times: number;
  }[];
  /** Messages of the patient that staff have not answered. */
  readonly unanswered: number;
  /** When a person should have seen to it; null if nobody waits. */
  readonly targetAt: string | null;
  readonly isOverdue: boolean;
  /** How often that passed without anybody taking it, and when last. */
  readonly escalations: { readonly count: number; readonly lastAt: string | null };
  /** Who has it: the subject of their token. */
  readonly taken: { readonly by: string | null; readonly at: string } | null;
}

/** Something that a provider, a limit or a doubt keeps waiting. */
export interface DelayedEffect {
  readonly effectId: string;
  readonly name: string;
  /** The provider it depends on, where there is but one. */
  readonly provider: string | null;
  readonly status: 'retry' | 'unknown';
  readonly attempt: number;
  /** As in `CaseView.waitsFor`. */
  readonly reason: string | null;
  /** When it was asked for. */
  readonly since: string;
  readonly nextTryAt: string | null;
}

/** What is stored beside a case's snapshot of where it stood, and since when. */
export interface CaseStanding {
  /** The root machine's name. */
  readonly machine: string;
  /** The newest steps, newest first; may be empty. State values as XState has them. */
  readonly steps: readonly {
    readonly at: string;
    readonly stateBefore: unknown;
    readonly stateAfter: unknown;
  }[];
  readonly tagsSince: ReadonlyMap<string, string>;
  /** Since when the whole state value is what it is. */
  readonly stateSince: string;
}

/** One thing that a case waits for. Codes and labels of the machines, no words of the patient's. */
export interface WaitingView {
  /** The booking, invoice or other child that waits; null for the case itself. */
  readonly actor: string | null;
  /** The state that waits, its parents before it, joined by dots. */
  readonly state: string;
  /** The state's name for staff. */
  readonly label: string;
  /** Who has to act. */
  readonly waitsFor: 'staff' | 'provider' | 'patient';
  /** Why staff have it, as a code: the reason of a hand-over, or what a payment, invoice, study or document is held for. */
  readonly reason: string | null;
  readonly since: string;
  /** When it should be done; null where time does not matter. */
  readonly targetAt: string | null;
  readonly isOverdue: boolean;
}

/** A trip as far as the patient told us, and what was chosen. Local dates and times. */
export interface TripView {
  /** Health data: null also for those who may not see it. */
  readonly procedure: string | null;
  /** IATA code. */
  readonly origin: string | null;
  readonly destination: string;
  readonly departDate: string | null;
  readonly returnDate: string | null;
  readonly adults: number | null;
  readonly childrenAges: readonly number[] | null;
  readonly budget: Money | null;
  readonly booking: {
    readonly bookingId: string;
    /** Paid, by the provider's own word. */
    readonly isConfirmed: boolean;
    /** Where its flights stand that we order; null where a person does, or nothing was ordered yet. */
    readonly order: FlightOrder | null;
    readonly price: Money;
    /** Each way, with every flight of it. */
    readonly legs: readonly (readonly {
      readonly carrier: string;
      readonly flightNumber: string;
      readonly from: string;
      readonly to: string;
      readonly departLocal: string;
      readonly arriveLocal: string;
    }[])[];
  } | null;
}

/** `waiting` is not sent yet; `unknown` is perhaps sent; the others are the provider's word. */
export type MessageStatus = 'waiting' | 'sent' | 'delivered' | 'read' | 'failed' | 'unknown';

/** One thing that was said. PHI, as far as masking leaves some. */
export interface SpokenLine {
  /** Of the patient's: when it was said, by the provider's clock. Of ours: when the case asked to say it. */
  readonly at: string;
  readonly from: 'patient' | 'us';
  /**
   * Of the patient's: a kind of `Said`; `edit` for the new words of an earlier line, `revocation` where one was taken back. Ours are
   * `text`, or a kind of `Said` where a colleague wrote on the telephone. `unreadable` where what is stored is damaged.
   */
  readonly kind: string;
  /** Masked. Null for what has no words, whose words we do not show (files, places, contact cards), or whose new words did not come. */
  readonly text: string | null;
  /** What the patient did to this line later. The words of one that was taken back are not shown. */
  readonly change?: 'edited' | 'revoked';
  /** BCP 47 primary tag. */
  readonly lang: string | null;
  /** Null for the patient's. */
  readonly status: MessageStatus | null;
}

/** A case as one line of a list. No words, no names, no numbers of the patient's. */
export interface CaseLine {
  readonly caseId: string;
  /** As in `CaseView`: the list is served, and says which of its cases is damaged. */
  readonly unreadable?: string;
  /** XState state value. */
  readonly state: unknown;
  readonly tags: readonly string[];
  readonly waitsFor: {
    /** Its earliest timer. */
    readonly timerAt: string | null;
    /** How many effects are not settled. */
    readonly effects: number;
    /** Of those the first that wait for another try, or whose outcome nobody knows; at most 5. */
    readonly delayed: readonly DelayedEffect[];
    readonly pendingEvents: number;
  };
  readonly stateSince: string;
  readonly updatedAt: string;
  /** How many wait for a person. */
  readonly deadLetters: number;
  /** The first of the reasons why it waits; null where it waits for nobody, or cannot be read. */
  readonly why: WaitingView | null;
  /** As in `CaseView`. */
  readonly attention: AttentionView | null;
}

/** A tag by which staff's list is ordered, and how. */
export interface OrderedTag {
  readonly tag: string;
  /** Lower ones come first. */
  readonly rank: number;
  /** After how long under the tag somebody should have acted: within a rank, what is due first comes first. */
  readonly minutes: number;
  /** Only what is past that time is put in order. */
  readonly isLateOnly: boolean;
}

/** Which cases a list shows: all, those first that staff have to see to, or newest first; or of a tag, of a person's number (digits with country code), or of one of our or a provider's references. */
export type CaseSearch =
  | { readonly by: 'need' }
  | { readonly by: 'age' }
  | { readonly by: 'tag'; readonly tag: string }
  | { readonly by: 'phone'; readonly phone: string }
  | { readonly by: 'reference'; readonly reference: string };

export interface HistoryEntryView {
  readonly seq: number;
  readonly at: string;
  readonly kind: 'event' | 'timer';
  /** Event type or timer id. */
  readonly type: string;
  readonly disposition: 'applied' | 'ignored' | 'dead';
  readonly reason: string | null;
  readonly stateBefore: unknown;
  readonly stateAfter: unknown;
  readonly effects: readonly string[];
  readonly eventId: string | null;
}

/** What a member of staff tells a case: an event type of `actors/shapes/events.ts` that begins with `staff.`, and its data. */
export interface StaffAct {
  readonly type: string;
  readonly data: Readonly<Record<string, unknown>>;
  /** The same key again is the same act, and done once. */
  readonly dedupeKey: string;
  readonly traceparent: string;
}

/** What staff do. As what they read, it is in the audit trail before it is done. */
export interface StaffActions {
  /**
   * Commits the act; the case decides what comes of it. Null when this tenant has no such case.
   *
   * @throws {CaseUnreadable} the case's key is broken; nothing is stored
   */
  act(staff: Staff, caseId: string, act: StaffAct): Promise<'stored' | 'duplicate' | null>;
}

/** What one of the clinic's own systems says, as far as it could be asked. */
export type ClinicReading<Value> =
  | { readonly outcome: 'read'; readonly value: Value }
  /** Staff have not said who or what it is there. */
  | { readonly outcome: 'not-linked' }
  /** The patient did not agree that health data is read. */
  | { readonly outcome: 'not-permitted' }
  | { readonly outcome: 'not-found' }
  /** `reason` is the code of an error, or `timed_out`. */
  | { readonly outcome: 'unavailable'; readonly reason: string };

/** What clinicians see of a case: what the model saw, what the clinic's records say, and what stands in its way. Health data. */
export interface ReviewView {
  readonly review: string;
  readonly clinic: {
    readonly patientId: string | null;
    readonly dealId: string | null;
    readonly itineraryId: string | null;
    /** Treatment, price and days, as they were read last. */
    readonly deal: Deal | null;
  };
  /** Why the deal or the plan is held; null unless it is. */
  readonly dealHeldFor: string | null;
  /** Where the clinic's plan and the flights differ. */
  readonly differences: readonly PlanDifference[];
  readonly mayReadHealthData: boolean;
  /** JSON of the imaging actor's output; null until there is one. */
  readonly imaging: unknown;
  /** Why a study is held, with `leaks`: for each place the reason (a `LeakReason`), the tag and how many images, and never a value. */
  readonly imagingHeld: unknown;
  readonly documents: readonly {
    readonly key: string;
    readonly size: number;
    readonly contentType: string;
  }[];
  /** Of the linked patient, read for this look; absent where nobody asked the clinic. */
  readonly record?: ClinicReading<{
    readonly observations: readonly ClinicalObservation[];
    readonly studies: readonly ClinicalImagingStudy[];
  }>;
  /** The clinic's plan of the stay, read for this look. */
  readonly itinerary?: ClinicReading<ClinicItinerary>;
}

/** What staff read. Each call writes an audit entry first; if that fails the call fails. */
export interface Desk {
  /** Writes the audit entry of an access or an act; `what` is a route or an event type. Null where it is of no one case. */
  audit(staff: Staff, caseId: string | null, what: string): Promise<void>;
  /** Null when this tenant has no such case. */
  readCase(staff: Staff, caseId: string): Promise<CaseView | null>;
  /** Entries with `seq` greater than `after`, at most `limit` (1 to 500). Null when this tenant has no such case. */
  readHistory(
    staff: Staff,
    caseId: string,
    page: { readonly after: number; readonly limit: number },
  ): Promise<readonly HistoryEntryView[] | null>;
  /**
   * The last of what patient and case said to each other, at most `limit` (1 to 200), newest last, in the order in which
   * it reached our ledger. Empty once the case's key is destroyed; null when this tenant has no such case.
   */
  readConversation(
    staff: Staff,
    caseId: string,
    page: { readonly limit: number },
  ): Promise<readonly SpokenLine[] | null>;
  /** For the clinic's eyes only. Null when this tenant has no such case, or its key is destroyed. */
  readReview(staff: Staff, caseId: string): Promise<ReviewView | null>;
  /**
   * The tenant's cases, at most `limit` (1 to 200): all of them, emergencies first, then what waits for staff by its target time, then the
   * others newest first; or all newest first; or those that have a tag now, emergencies first, then those that have had it longest; or
   * those of a phone number or a reference. `after` and `next` are places between pages: a case is shown in every list, and once, but
   * for one that staff settle between two pages, which may be shown again among those that wait for nobody. `next` is null at the end.
   */
  listCases(
    staff: Staff,
    page: { readonly search: CaseSearch; readonly after: string | null; readonly limit: number },
  ): Promise<{ readonly cases: readonly CaseLine[]; readonly next: string | null }>;
}

/** A booking as one line of a list. */
export type BookingLine = Omit<BookingView, 'movements'>;

/** An invoice as staff see it. Who it is made out to stands in the document alone. */
export interface InvoiceView {
  readonly invoiceId: string;
  /** These are null until it has a number, which one that is `invalid` never had. */
  readonly number: string | null;
  readonly ettn: string | null;
  readonly type: InvoiceType | null;
  readonly issuedAt: string | null;
  readonly payable: Money | null;
  readonly status: InvoiceStatus;
  /** A code that came with the status. */
  readonly statusDetail: string | null;
  /** What is wrong with one that is `invalid`. */
  readonly findings: readonly Pick<InvoiceFinding, 'rule' | 'element'>[];
  /** The invoice that this one gives back, or stands in for. */
  readonly credits: string | null;
  readonly replaces: string | null;
  /** Null until its PDF is kept. */
  readonly pdfKey: string | null;
  readonly retainUntil: string | null;
}

export interface BookingDetail extends BookingView {
  /** Oldest first. */
  readonly invoices: readonly InvoiceView[];
}

/** What staff read of the tenant's money. As all they read, it is in the audit trail first. */
export interface MoneyDesk {
  /**
   * The tenant's bookings, newest first, at most `limit` (1 to 200). `after` and `next` are places between pages,
   * `<digits>.<bookingId>`: a booking is shown once, whatever happens to it between two pages. `next` is null at the end.
   */
  listBookings(
    staff: Staff,
    page: {
      readonly state: BookingState | null;
      readonly provider: PaymentProvider | null;
      readonly after: string | null;
      readonly limit: number;
    },
  ): Promise<{ readonly bookings: readonly BookingLine[]; readonly next: string | null }>;
  /** Null when this tenant has no such booking. */
  readBooking(staff: Staff, bookingId: string): Promise<BookingDetail | null>;
  /** Oldest first, at most 200. Null when this tenant has no such case. */
  bookingsOfCase(staff: Staff, caseId: string): Promise<readonly BookingLine[] | null>;
  /**
   * Open differences about this tenant's bookings, at most 500, oldest day first. `unplaced` counts those of which nobody knows
   * whose they are: `npm run reconcile` lists them to those who run the system.
   */
  readFindings(staff: Staff): Promise<{
    readonly findings: readonly (Difference & { readonly day: string; readonly since: string })[];
    readonly unplaced: number;
  }>;
  /** Where an invoice's PDF is kept, and the SHA-256 it was kept with, in hex. Null when this tenant has no such invoice, or its PDF is not kept yet. */
  invoicePdf(
    staff: Staff,
    invoiceId: string,
  ): Promise<{ readonly key: string; readonly number: string; readonly checksum: string } | null>;
}
