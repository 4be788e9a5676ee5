import type { ClinicFlights, ClinicFlightsReceipt, Deal } from '../shapes/clinic.ts';
import type { Performing } from './performing.ts';

export interface ClinicItinerary {
  readonly id: string;
  /** In the order of their times. May be empty. */
  readonly items: readonly {
    /** `other` is also what the clinic calls by a word that we do not know. */
    readonly kind:
      | 'arrival'
      | 'transfer'
      | 'accommodation'
      | 'consultation'
      | 'treatment'
      | 'checkup'
      | 'departure'
      | 'other';
    /** ISO 8601 with offset. */
    readonly at: string;
    readonly place: string | null;
    /** Written by the clinic's staff, so it may hold anything about the patient. */
    readonly note: string | null;
  }[];
}

/** The clinic's own system of deals and itineraries. An unknown outcome is resolved by `key`: send again. */
export interface ClinicPort {
  /**
   * Reads a deal; null if this tenant has none of that id.
   *
   * @throws {ProviderRefused | ProviderCredentialsRefused} and will again
   * @throws {ProviderBusy | ProviderUnreachable} ask again
   */
  deal(dealId: string, performing: Performing): Promise<Deal | null>;
  /**
   * Tells the clinic how its patient travels. The effect id is the idempotency key: the same id with the same flights is
   * taken once.
   *
   * @throws {ProviderRefused} also when the id was used for other flights (`key_reused`), and when there is no such deal
   *   (`deal_not_found`); a field that was refused is named, never its value (`field:total.amount`)
   * @throws {ProviderCredentialsRefused} and will again
   * @throws {ProviderBusy | ProviderUnreachable} send again with the same id
   */
  sendFlights(flights: ClinicFlights, performing: Performing): Promise<ClinicFlightsReceipt>;
  /** Reads an itinerary; null if this tenant has none of that id. Errors as `deal`. */
  itinerary(itineraryId: string, performing: Performing): Promise<ClinicItinerary | null>;
}
