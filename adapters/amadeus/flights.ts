import type { Dispatcher } from 'undici';
import * as v from 'valibot';

import {
  type ExpectedError,
  ProviderCredentialsRefused,
  ProviderRefused,
  ProviderUnreachable,
} from '../../actors/errors.ts';
import type { FlightsPort } from '../../actors/ports/flights.ts';
import type { Performing } from '../../actors/ports/performing.ts';
import type { FlightQuery } from '../../actors/shapes/flights.ts';
import type { Telemetry } from '../../telemetry.ts';
import { sendJson } from '../http.ts';
import { minutesOf, offeredOf, refusalOf, type WordedOffer } from '../offers.ts';
import { type CallPolicy, type PolicyOptions, whenRetryable } from '../policy.ts';
import type { TokenStore } from '../token-cache.ts';
import type { TokenEncryption } from '../token-encryption.ts';
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
  readonly encryption: TokenEncryption;
  readonly dispatcher?: Dispatcher;
  /** Made from `amadeusPolicy`. */
  readonly policy: CallPolicy;
  readonly telemetry: Pick<Telemetry, 'integrationCall'>;
  /** Epoch ms: which offers are over. */
  readonly now?: () => number;
}

const Point = v.object({ iataCode: v.string(), at: v.string() });
/** Ids, numbers and codes come as numbers and as strings. */
const Named = v.pipe(v.union([v.string(), v.number()]), v.transform(String));
const Offer = v.object({
  id: Named,
  // `total` is without what must be paid besides, so it does not stand in for it.
  price: v.object({ currency: v.string(), grandTotal: v.string() }),
  lastTicketingDate: v.nullish(v.string()),
  itineraries: v.array(
    v.object({
      duration: v.nullish(v.string()),
      segments: v.array(
        v.object({
          departure: Point,
          arrival: Point,
          carrierCode: v.string(),
          number: Named,
          duration: v.nullish(v.string()),
        }),
      ),
    }),
  ),
});
/** Each offer is parsed by itself. */
const Found = v.object({ data: v.array(v.unknown()) });
const Refused = v.object({ errors: v.tupleWithRest([v.object({ code: Named })], v.unknown()) });
/** "No response found for this query", with a 404: nothing flies that day, which is an answer. */
const NOTHING_FOUND = '1797';
/** "System error has occurred", also seen with a 4xx. */
const SYSTEM_ERRORS: readonly string[] = ['141', '38189'];

/**
 * Searches by Amadeus's Flight Offers Search.
 *
 * @see https://github.com/amadeus4dev/amadeus-open-api-specification FlightOffersSearch v2
 */
export function amadeusFlights(options: AmadeusOptions): FlightsPort {
  const { baseUrl, dispatcher, policy, telemetry, now = Date.now } = options;
  const tokens = amadeusToken(options);

  const offered = (list: readonly unknown[], legs: number) => {
    const nowMs = now();
    return offeredOf(list, { provider: 'amadeus', read: readerAt(nowMs), legs, nowMs });
  };

  /** @throws {ProviderCredentialsRefused} this token was refused */
  function searchWith(
    token: string,
    { query, legs }: { readonly query: string; readonly legs: number },
    performing: Performing,
    signal: AbortSignal,
  ) {
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
      const found = v.safeParse(Found, json);
      if (status < 400 && found.success) return offered(found.output.data, legs);
      const refused = v.safeParse(Refused, json);
      const code = refused.success ? refused.output.errors[0].code : undefined;
      if (status === 404 && code === NOTHING_FOUND) return offered([], legs);
      throw refusal(status, code);
    });
  }

  return {
    async search(wanted, performing) {
      const query = {
        query: asked(wanted).toString(),
        legs: wanted.returnDate === undefined ? 1 : 2,
      };
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

function refusal(status: number, code: string | undefined): ExpectedError {
  if (code !== undefined && SYSTEM_ERRORS.includes(code))
    return new ProviderUnreachable('amadeus', code);
  return refusalOf('amadeus', status, code);
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

/** Null too for one whose last day for ticketing is over everywhere. */
function readerAt(nowMs: number): (json: unknown) => WordedOffer | null {
  return (json) => {
    const { success, output } = v.safeParse(Offer, json);
    if (!success) return null;
    const { id, price, itineraries, lastTicketingDate } = output;
    // A day without a zone, so no moment at which an offer lapses; 36 h after it began it is over in the last zone.
    if (Date.parse(lastTicketingDate ?? '') + 36 * 60 * 60 * 1_000 < nowMs) return null;
    const legs = [];
    for (const { duration, segments } of itineraries) {
      const minutes = minutesOf(
        duration,
        segments.map((segment) => segment.duration),
      );
      if (!minutes) return null;
      legs.push({
        durationMinutes: minutes.leg,
        segments: segments.map((segment, index) => ({
          carrier: segment.carrierCode,
          flightNumber: segment.number,
          from: segment.departure.iataCode,
          to: segment.arrival.iataCode,
          departLocal: segment.departure.at,
          arriveLocal: segment.arrival.at,
          durationMinutes: minutes.segments[index] ?? Number.NaN,
        })),
      });
    }
    const { grandTotal: decimal, currency } = price;
    return { id, price: { decimal, currency }, expiresAt: null, legs };
  };
}
