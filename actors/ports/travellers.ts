import type { Travellers } from '../shapes/travellers.ts';

/** Whose trip. */
export interface TripPlace {
  readonly tenant: string;
  readonly caseId: string;
  readonly bookingId: string;
}

/** A filled-in form, without what stands in it. */
export interface GivenTravellers {
  readonly version: number;
  /** How many travellers it has. */
  readonly count: number;
  /** When it was given, by our clock: ISO 8601, UTC. */
  readonly at: string;
}

/** Why nothing can be filled in any more: the flights are ordered, or the trip is over. */
export const formClosings = ['ordered', 'over'] as const;
export type FormClosing = (typeof formClosings)[number];

/** Where a trip's form stands. */
export interface TravellerForm {
  readonly given: GivenTravellers | null;
  readonly closed: FormClosing | null;
}

/** The form of a trip, as staff may know of it. */
export interface TravellerFormOfCase extends TravellerForm {
  readonly bookingId: string;
}

/** Travellers' passport data, encrypted under the case's key. */
export interface TravellersPort {
  /**
   * Keeps a new version, and says which; the newest one again is that version. Nothing is overwritten: an order may be reading it.
   *
   * @throws {TravellersRefused} the form is closed, was filled in too often, or its case was erased
   */
  keep(place: TripPlace, travellers: Travellers): Promise<GivenTravellers>;
  /** Null: that version is not there, or was erased. */
  read(place: TripPlace, version: number): Promise<Travellers | null>;
  /** Where the form stands. */
  form(place: TripPlace): Promise<TravellerForm>;
  /** All forms of a case, by booking. */
  formsOf(place: Pick<TripPlace, 'tenant' | 'caseId'>): Promise<readonly TravellerFormOfCase[]>;
  /**
   * Takes no new version from now on. Answers the newest one, which the order is to be made with; 0 if there is none. Who orders
   * calls it first, so that no version comes in between.
   */
  close(place: TripPlace, reason: FormClosing): Promise<number>;
  /** Takes new versions again: what was ordered with was refused. */
  reopen(place: TripPlace): Promise<void>;
  /** Full names, each once, for the masker: what we know is masked first. Newest versions of all the case's trips. */
  names(place: Pick<TripPlace, 'tenant' | 'caseId'>): Promise<readonly string[]>;
}
