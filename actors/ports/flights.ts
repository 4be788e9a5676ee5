import type { FlightOffers, FlightQuery } from '../shapes/flights.ts';
import type { Performing } from './performing.ts';

/** Where flights are searched. Reading only, so an unknown outcome is settled by searching again. */
export interface FlightsPort {
  /**
   * @throws {ProviderRefused | ProviderCredentialsRefused | ProviderAnswerInvalid} and will again
   * @throws {ProviderBusy | ProviderUnreachable} ask again
   */
  search(query: FlightQuery, performing: Performing): Promise<FlightOffers>;
}
