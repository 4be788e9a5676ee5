import type { Dispatcher } from 'undici';
import * as v from 'valibot';

import {
  type ExpectedError,
  ProviderCredentialsRefused,
  ProviderRefused,
  ProviderUnreachable,
} from '../../actors/errors.ts';
import type {
  FlightOffer,
  FlightOffers,
  FlightQuery,
  FlightsPort,
} from '../../actors/ports/flights.ts';
import type { Performing } from '../../actors/ports/performing.ts';
import type { Telemetry } from '../../telemetry.ts';
import { durationMinutes } from '../durations.ts';
import { parsed, sendJson } from '../http.ts';
import { cheapest, priceOf } from '../offers.ts';
import { type CallPolicy, type PolicyOptions, whenRetryable } from '../policy.ts';
import type { TokenStore } from '../token-cache.ts';
import { amadeusToken } from './token.ts';

export const amadeusPolicy: PolicyOptions = {
  timeoutMs: 15_000,
  retryWhen: whenRetryable,
  concurrency: 8, // Of 40 transactions a second in production, 10 on the test system.
};

const MAX_BYTES = 16 * 1_024 * 1_024;

export interface AmadeusOptions {
  /**
   * An Enterprise host: the self-service hosts were shut down on 2026-07-17.
   * @see https://developers.amadeus.com
   */
  readonly baseUrl: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly redis: TokenStore;
  readonly dispatcher?: Dispatcher;
  /** Made from `amadeusPolicy`. */
  readonly policy: CallPolicy;
  readonly telemetry: Pick<Telemetry, 'integrationCall'>;
}

const Point = v.object({ iataCode: v.string(), at: v.string() });
const Offer = v.object({
  id: v.string(),
  price: v.object({ currency: v.string(), grandTotal: v.string() }),
  itineraries: v.array(
    v.object({
      duration: v.string(),
      segments: v.pipe(
        v.array(
          v.object({
            departure: Point,
            arrival: Point,
            carrierCode: v.string(),
            number: v.string(),
            duration: v.string(),
          }),
        ),
        v.minLength(1),
      ),
    }),
  ),
});
const Found = v.object({ data: v.array(Offer) });
/** Codes come as numbers and as strings. */
const Refused = v.object({
  errors: v.tupleWithRest([v.object({ code: v.union([v.string(), v.number()]) })], v.unknown()),
});
/** "System error has occurred", also seen with a 4xx. */
const SYSTEM_ERRORS: readonly string[] = ['141', '38189'];

/**
 * Searches by Amadeus's Flight Offers Search.
 *
 * @see https://github.com/amadeus4dev/amadeus-open-api-specification FlightOffersSearch v2
 */
export function amadeusFlights(options: AmadeusOptions): FlightsPort {
  const { baseUrl, dispatcher, policy, telemetry } = options;
  const tokens = amadeusToken(options);

  /** @throws {ProviderCredentialsRefused} this token was refused */
  function searchWith(token: string, query: string, performing: Performing, signal: AbortSignal) {
    return telemetry.integrationCall('amadeus', async () => {
      const { status, json } = await sendJson({
        provider: 'amadeus',
        dispatcher,
        baseUrl,
        path: `/v2/shopping/flight-offers?${query}`,
        method: 'GET',
        headers: {
          authorization: `Bearer ${token}`,
          accept: 'application/vnd.amadeus+json',
          // Enterprise's correlation id.
          'ama-client-ref': `${performing.effectId}-${performing.attempt}`,
        },
        signal,
        maxBytes: MAX_BYTES,
      });
      if (status >= 400) throw refusal(status, json);
      return offered(parsed('amadeus', Found, json));
    });
  }

  return {
    async search(wanted, performing) {
      const query = asked(wanted).toString();
      return await policy.execute(async ({ signal }) => {
        const token = await tokens.get(signal);
        try {
          return await searchWith(token, query, performing, signal);
        } catch (error) {
          if (!(error instanceof ProviderCredentialsRefused)) throw error;
          // Amadeus may end a token before its time: one new one, and then it's not the token.
          await tokens.forget(token);
          return await searchWith(await tokens.get(signal), query, performing, signal);
        }
      }, performing.signal);
    },
  };
}

function refusal(status: number, json: unknown): ExpectedError {
  const code = String(parsed('amadeus', Refused, json).errors[0].code);
  if (SYSTEM_ERRORS.includes(code)) return new ProviderUnreachable('amadeus', code);
  if (status === 401 || status === 403) return new ProviderCredentialsRefused('amadeus', code);
  return new ProviderRefused('amadeus', code);
}

/** Amadeus counts where the port has ages: under 2 an infant on a lap, under 12 a child, then an adult's fare. */
function asked(query: FlightQuery): URLSearchParams {
  const { origin, destination, departDate, returnDate, currency, childrenAges } = query;
  const infants = childrenAges.filter((age) => age < 2).length;
  const children = childrenAges.filter((age) => age >= 2 && age < 12).length;
  const adults = query.adults + childrenAges.length - infants - children;
  if (adults < 1 || adults + children > 9 || infants > adults) {
    throw new ProviderRefused('amadeus', 'travellers');
  }
  return new URLSearchParams({
    originLocationCode: origin,
    destinationLocationCode: destination,
    departureDate: departDate,
    ...(returnDate === undefined ? {} : { returnDate }),
    adults: String(adults),
    ...(children > 0 ? { children: String(children) } : {}),
    ...(infants > 0 ? { infants: String(infants) } : {}),
    ...(currency === undefined ? {} : { currencyCode: currency }),
    max: '50',
  });
}

function offered({ data }: v.InferOutput<typeof Found>): FlightOffers {
  // `lastTicketingDate` is a day without a zone, no moment at which an offer lapses.
  return { provider: 'amadeus', expiresAt: null, offers: cheapest(data.map(offerOf)) };
}

function offerOf({ id, price, itineraries }: v.InferOutput<typeof Offer>): FlightOffer {
  return {
    id,
    price: priceOf('amadeus', price.grandTotal, price.currency),
    legs: itineraries.map((itinerary) => ({
      durationMinutes: minutes(itinerary.duration),
      segments: itinerary.segments.map((segment) => ({
        carrier: segment.carrierCode,
        flightNumber: segment.number,
        from: segment.departure.iataCode,
        to: segment.arrival.iataCode,
        departLocal: segment.departure.at,
        arriveLocal: segment.arrival.at,
        durationMinutes: minutes(segment.duration),
      })),
    })),
  };
}

function minutes(duration: string): number {
  const whole = durationMinutes(duration);
  if (whole === undefined) throw new ProviderUnreachable('amadeus', 'unexpected_duration');
  return whole;
}
