import type { Deal } from '../../machines/deal.ts';
import type { FlightOffer } from './flights.ts';
import type { Money } from './money.ts';
import type { Performing } from './performing.ts';

/** What the clinic and the patient agree on, as far as a journey needs it. Nothing that says who the patient is. */
export type ClinicDeal = Deal;

/** The flights of a booked case, as the clinic is told of them: no names, no birth dates, nothing about health. */
export interface ClinicFlights {
  readonly dealId: string;
  readonly caseId: string;
  readonly booking: {
    readonly bookingId: string;
    readonly adults: number;
    readonly children: number;
  };
  readonly flights: FlightOffer['legs'];
  readonly total: Money;
}

/** The clinic has the flights. The same again, word for word, whenever it is told the same again. */
export interface ClinicFlightsReceipt {
  /** The clinic's own id of what it was told. */
  readonly receiptId: string;
  /** ISO 8601 with offset, by the clinic's clock. */
  readonly receivedAt: string;
  /** The itinerary that has the flights now; null where the clinic names none. */
  readonly itineraryId: string | null;
}

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
  deal(dealId: string, performing: Performing): Promise<ClinicDeal | null>;
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
