import type {
  CancelQuote,
  FlightOrder,
  FlightOrderReference,
  FlightOrderRequest,
  Travellers,
} from '../shapes/flight-orders.ts';
import type { Performing } from './performing.ts';

/**
 * Where flights are ordered. Providers have no idempotency key, so nothing here ever sends an order twice by itself: who calls
 * `order` again has asked `find` before.
 */
export interface FlightOrdersPort {
  /**
   * Prices the offer anew and orders it. Refusals and open outcomes are answers.
   *
   * @throws {ProviderOutcomeUnknown} it may have been ordered: ask `find`
   * @throws {ProviderBusy | ProviderUnreachable} it never reached the airline: the same call later
   * @throws {ProviderRefused | ProviderCredentialsRefused} our own fault
   */
  order(
    request: FlightOrderRequest,
    travellers: Travellers,
    contact: { readonly phone: string | null; readonly email: string | null },
    performing: Performing,
  ): Promise<FlightOrder>;
  /**
   * Looks for an order by our reference. Null: not found, which is no proof that there is none: the
   * caller judges by time. More than one is `ProviderAnswerInvalid`, a person's.
   * @throws {ProviderRefused} `not_supported`: this provider cannot be asked; a person has to
   */
  find(request: FlightOrderRequest, performing: Performing): Promise<FlightOrder | null>;
  /** The order as it is now: late tickets, cancellations, changes. */
  read(reference: FlightOrderReference, performing: Performing): Promise<FlightOrder>;
  /** What giving it back would bring; null where the airline does not let it be given back this way. */
  quoteCancel(reference: FlightOrderReference, performing: Performing): Promise<CancelQuote | null>;
  /** Irreversible. Already given back is done. */
  cancel(
    reference: FlightOrderReference,
    quote: CancelQuote,
    performing: Performing,
  ): Promise<FlightOrder>;
}
