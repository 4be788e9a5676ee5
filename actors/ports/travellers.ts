import type { Travellers } from '../shapes/flight-orders.ts';

/** Whose trip. */
export interface TripPlace {
  readonly tenant: string;
  readonly caseId: string;
  readonly bookingId: string;
}

/** Travellers' passport data, encrypted under the case's key. */
export interface TravellersPort {
  /** Keeps a new version, and says which. Nothing is overwritten before an order could read it. */
  keep(place: TripPlace, travellers: Travellers): Promise<number>;
  /** Null: that version is not there, or was erased. */
  read(place: TripPlace, version: number): Promise<Travellers | null>;
  /** Names, for the masker: what we know is masked first. Newest versions of all the case's trips. */
  names(place: Pick<TripPlace, 'tenant' | 'caseId'>): Promise<readonly string[]>;
}
