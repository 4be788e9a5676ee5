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
import type { Telemetry } from '../../telemetry.ts';
import { durationMinutes } from '../durations.ts';
import { parsed, sendJson, waitMs } from '../http.ts';
import { cheapest, priceOf } from '../offers.ts';
import type { CallPolicy, PolicyOptions } from '../policy.ts';

/** v1 is retired. @see https://duffel.com/docs/api/overview/response-handling */
const DUFFEL_VERSION = 'v2';

/** How long Duffel waits for airlines (2 to 60 s). Shorter than our time-out, or we would never see what did come. */
const SUPPLIER_TIMEOUT_MS = 10_000;

/** A search returns some hundred offers with all their conditions: megabytes. */
const MAX_BYTES = 16 * 1_024 * 1_024;

export const duffelPolicy: PolicyOptions = {
  timeoutMs: 15_000,
  retryWhen: duffelMayBeAskedAgain,
  concurrency: 16,
};

/** Duffel asks not to repeat a 500 or 502 at once. @see https://duffel.com/docs/api/overview/errors */
function duffelMayBeAskedAgain(error: ExpectedError): boolean {
  const theirs =
    error instanceof ProviderUnreachable && ['status_500', 'status_502'].includes(error.reason);
  return error.retryable && !theirs;
}

export interface DuffelOptions {
  /** `https://api.duffel.com`. */
  readonly baseUrl: string;
  /** Its prefix, `duffel_test_` or `duffel_live_`, chooses the environment. */
  readonly token: string;
  readonly dispatcher?: Dispatcher;
  /** Made from `duffelPolicy`. */
  readonly policy: CallPolicy;
  readonly telemetry: Pick<Telemetry, 'integrationCall'>;
}

const Place = v.object({ iata_code: v.string() });
const Segment = v.object({
  origin: Place,
  destination: Place,
  departing_at: v.string(),
  arriving_at: v.string(),
  duration: v.nullable(v.string()),
  marketing_carrier: v.object({ iata_code: v.string() }),
  marketing_carrier_flight_number: v.string(),
});
const Offer = v.object({
  id: v.string(),
  total_amount: v.string(),
  total_currency: v.string(),
  expires_at: v.pipe(v.string(), v.isoTimestamp()),
  slices: v.array(
    v.object({
      duration: v.nullable(v.string()),
      segments: v.pipe(v.array(Segment), v.minLength(1)),
    }),
  ),
});
const OfferRequest = v.object({ data: v.object({ offers: v.array(Offer) }) });
const Refused = v.object({
  errors: v.tupleWithRest([v.object({ code: v.string() })], v.unknown()),
});

/**
 * Searches by Duffel's offer requests. The currency of prices is the account's, whatever was wished.
 *
 * @see https://duffel.com/docs/api/offer-requests/create-offer-request
 */
export function duffelFlights(options: DuffelOptions): FlightsPort {
  const { baseUrl, token, dispatcher, policy, telemetry } = options;
  return {
    search(query, { signal }) {
      return policy.execute(
        (call) =>
          telemetry.integrationCall('duffel', async () => {
            const { status, json } = await sendJson(
              {
                provider: 'duffel',
                dispatcher,
                baseUrl,
                path: `/air/offer_requests?return_offers=true&supplier_timeout=${SUPPLIER_TIMEOUT_MS}`,
                method: 'POST',
                headers: {
                  authorization: `Bearer ${token}`,
                  'duffel-version': DUFFEL_VERSION,
                  accept: 'application/json',
                  'content-type': 'application/json',
                },
                body: JSON.stringify({ data: asked(query) }),
                signal: call.signal,
                maxBytes: MAX_BYTES,
              },
              (headers) => waitMs(headers['ratelimit-reset']),
            );
            if (status >= 400) throw refusal(status, json);
            return offered(parsed('duffel', OfferRequest, json));
          }),
        signal,
      );
    },
  };
}

function refusal(status: number, json: unknown): ExpectedError {
  const { code } = parsed('duffel', Refused, json).errors[0];
  if (status === 401 || status === 403) return new ProviderCredentialsRefused('duffel', code);
  return new ProviderRefused('duffel', code);
}

function asked(query: FlightQuery): object {
  const { origin, destination, departDate, returnDate, adults, childrenAges } = query;
  const back = { origin: destination, destination: origin, departure_date: returnDate };
  return {
    slices: [
      { origin, destination, departure_date: departDate },
      ...(returnDate === undefined ? [] : [back]),
    ],
    passengers: [
      ...Array.from({ length: adults }, () => ({ type: 'adult' })),
      ...childrenAges.map((age) => ({ age })),
    ],
    cabin_class: 'economy',
  };
}

function offered({ data }: v.InferOutput<typeof OfferRequest>): FlightOffers {
  const readable = data.offers.flatMap((offer) => {
    const made = offerOf(offer);
    return made ? [{ made, expiresAt: offer.expires_at }] : [];
  });
  const offers = cheapest(readable.map(({ made }) => made));
  const lapses = readable
    .filter(({ made }) => offers.includes(made))
    .map(({ expiresAt }) => expiresAt)
    .toSorted((one, other) => Date.parse(one) - Date.parse(other));
  return { provider: 'duffel', expiresAt: lapses[0] ?? null, offers };
}

/**
 * Null when the airline left out a duration, as it may. It can't be worked out from local times without their zones,
 * and an offer with a made-up duration is worse than one offer less.
 */
function offerOf(offer: v.InferOutput<typeof Offer>): FlightOffer | null {
  const legs = [];
  for (const slice of offer.slices) {
    const duration = durationMinutes(slice.duration);
    if (duration === undefined) return null;
    const segments = [];
    for (const segment of slice.segments) {
      const segmentMinutes = durationMinutes(segment.duration);
      if (segmentMinutes === undefined) return null;
      segments.push({
        carrier: segment.marketing_carrier.iata_code,
        flightNumber: segment.marketing_carrier_flight_number,
        from: segment.origin.iata_code,
        to: segment.destination.iata_code,
        departLocal: segment.departing_at,
        arriveLocal: segment.arriving_at,
        durationMinutes: segmentMinutes,
      });
    }
    legs.push({ durationMinutes: duration, segments });
  }
  return { id: offer.id, price: priceOf('duffel', offer.total_amount, offer.total_currency), legs };
}
