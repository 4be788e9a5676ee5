import type {
  CaseEvent,
  CaseOutcome,
  PlaceChoice,
  Question,
  Trip,
  TripBooking,
} from './case-types.ts';
import type { ConsentChanged, FamilyEventOf, PatientSaid } from './family-types.ts';
import type { OfferList } from './flight-offers.ts';

export interface JourneyInput {
  readonly destination: string;
  readonly currency: string;
  /** Of the last list of flights that this case offered; 0 if there was none. */
  readonly round: number;
  /** What sales says of what the case sold before. */
  readonly owesNothing: boolean;
  readonly neverPaid: boolean;
}

/** What the patient is asked about the trip. `change` is which part of it is wrong. */
export type Asking =
  | Exclude<
      Question,
      'service' | 'health-data' | 'transfer-abroad' | 'marketing' | 'offer' | 'journey'
    >
  | 'change';

export interface JourneyContext extends Omit<JourneyInput, 'round'> {
  readonly trip: Trip;
  /** When each detail was said. A message that comes late does not undo a later one. */
  readonly toldAt: { readonly [Key in keyof Trip]?: string };
  /** The message that told each detail: taken back, it takes with it what was not confirmed. */
  readonly toldBy: { readonly [Key in keyof Trip]?: string };
  /** What was told so that it cannot be believed, and has to be asked for. */
  readonly doubts: readonly (keyof Trip)[];
  /** What the patient wants to change, and has not said yet how. */
  readonly opened: readonly (keyof Trip)[];
  /** What may have been meant, likeliest first. */
  readonly places: readonly PlaceChoice[];
  readonly days: readonly string[];
  readonly asking: Asking | null;
  /** The trip that was read back last, by which it is known whether it has changed since. */
  readonly readBack: {
    /** Tells the button of an old one from that of a newer one. */
    readonly round: number;
    /** The first one that had this trip: the buttons of all since then confirm it. */
    readonly since: number;
    readonly trip: string | null;
    readonly procedure: Trip['procedure'];
  };
  /** The trip that the patient confirmed. Flights are searched for nothing else. */
  readonly confirmed: {
    readonly trip: string;
    readonly procedure: Trip['procedure'];
  } | null;
  /** The patient agreed that we keep health data. */
  readonly mayNameProcedure: boolean;
  /** Answers in a row that we did not understand. */
  readonly misses: number;
  /** What the clinic says. */
  readonly review: FamilyEventOf<'review.changed'>['review'];
  readonly offers: OfferList;
  /** Of the offers, the one that is to be booked once the patient says so, or the link before it is closed. */
  readonly picked: { readonly index: number; readonly at: string } | null;
  readonly booking: TripBooking | null;
  /** The booking can still be paid. */
  readonly isPayable: boolean;
  /** When we last said that the search goes on. */
  readonly newsAt: string | null;
  readonly ending: Pick<JourneyOutput, 'outcome' | 'reason'>;
}

export interface JourneyOutput {
  readonly outcome: CaseOutcome;
  /** Staff's own words when they closed it. */
  readonly reason: string | null;
  /** What there was of the trip. */
  readonly last: {
    readonly destination: string;
    readonly trip: Trip;
    readonly booking: TripBooking | null;
  };
}

export type JourneyEvent =
  | PatientSaid
  | ConsentChanged
  | FamilyEventOf<
      | 'consent.asked'
      | 'trip.told'
      | 'review.changed'
      | 'question.sent'
      | 'question.outdated'
      | 'sale.opened'
      | 'sale.confirmed'
      | 'sale.lapsed'
      | 'sale.refunded'
      | 'trip.ticketed'
      | 'sales.changed'
    >
  | Extract<
      CaseEvent,
      {
        readonly type:
          | 'whatsapp.revoked'
          | 'staff.resume'
          | 'staff.arrived'
          | 'staff.discharged'
          | 'staff.close';
      }
    >;

export interface Seen {
  readonly context: JourneyContext;
}
export interface Heard extends Seen {
  readonly event: JourneyEvent;
}
