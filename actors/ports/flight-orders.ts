import type {
  FlightOrder,
  FlightOrderReference,
  FlightOrderRequest,
} from '../shapes/flight-orders.ts';
import type { Travellers } from '../shapes/travellers.ts';
import type { Performing } from './performing.ts';

/**
 * Where flights are ordered. Providers have no idempotency key, so nothing here sends an order twice by itself: after an unknown
 * outcome `find` is asked, and a person where it finds nothing.
 */
export interface FlightOrdersPort {
  /**
   * Reads the offer anew, compares its price, and orders it. A refusal and an order whose outcome is open are answers.
   *
   * @throws {ProviderUnreachable} it may have been ordered
   * @throws {ProviderBusy} it never reached the airline: the same call later
   * @throws {ProviderRefused | ProviderCredentialsRefused} our own fault: nothing was ordered
   */
  order(
    request: FlightOrderRequest,
    travellers: Travellers,
    performing: Performing,
  ): Promise<FlightOrder>;
  /**
   * Looks for an order by our own id. Null: not there so far, which is no proof that it never will be.
   *
   * @throws {ProviderAnswerInvalid} several have our id: a person's
   */
  find(
    request: Pick<FlightOrderRequest, 'orderId' | 'offerId'>,
    performing: Performing,
  ): Promise<FlightOrder | null>;
  /** The order as it is now: tickets may come later than it. */
  read(reference: FlightOrderReference, performing: Performing): Promise<FlightOrder>;
}
