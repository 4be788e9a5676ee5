import type { Money } from './money.ts';
import type { Performing } from './performing.ts';

export interface FlightQuery {
  /** IATA codes. */
  readonly origin: string;
  readonly destination: string;
  /** `YYYY-MM-DD`, local to the airport. */
  readonly departDate: string;
  readonly returnDate?: string;
  readonly adults: number;
  readonly childrenAges: readonly number[];
  /** Wanted currency; a provider may answer in another. */
  readonly currency?: string;
}

export interface FlightSegment {
  readonly carrier: string;
  readonly flightNumber: string;
  readonly from: string;
  readonly to: string;
  /** Local to the airport, without an offset: never make a `Date` of it. */
  readonly departLocal: string;
  readonly arriveLocal: string;
  readonly durationMinutes: number;
}

export interface FlightOffer {
  /** Only meaningful to the provider that made it. */
  readonly id: string;
  readonly price: Money;
  /** ISO 8601 with offset; null where the provider does not say. Absent: as the whole answer. */
  readonly expiresAt?: string | null;
  readonly legs: readonly {
    readonly durationMinutes: number;
    readonly segments: readonly FlightSegment[];
  }[];
}

export interface FlightOffers {
  readonly provider: string;
  /** ISO 8601 with offset; when the earliest of `offers` lapses, or null where the provider does not say. Each has its own. */
  readonly expiresAt: string | null;
  /** Cheapest first, at most 5, none of them over. Empty where nothing was found: an answer, and no error. */
  readonly offers: readonly FlightOffer[];
}

/** Where flights are searched. Reading only, so an unknown outcome is settled by searching again. */
export interface FlightsPort {
  /**
   * @throws {ProviderRefused | ProviderCredentialsRefused | ProviderAnswerInvalid} and will again
   * @throws {ProviderBusy | ProviderUnreachable} ask again
   */
  search(query: FlightQuery, performing: Performing): Promise<FlightOffers>;
}
