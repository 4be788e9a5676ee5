import type { Dispatcher } from 'undici';
import * as v from 'valibot';

import { type ExpectedError, ProviderUnreachable } from '../../actors/errors.ts';
import type { FlightsPort } from '../../actors/ports/flights.ts';
import type { FlightQuery } from '../../actors/shapes/flights.ts';
import type { Telemetry } from '../../telemetry.ts';
import { sendJson, waitMs } from '../http.ts';
import { minutesOf, offeredOf, refusalOf, type WordedOffer } from '../offers.ts';
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
  /** We order what is paid for. */
  readonly isOrderable?: boolean;
  /** Epoch ms: which offers are over. */
  readonly now?: () => number;
}

const Place = v.object({ iata_code: v.string() });
const Duration = v.nullish(v.string());
const Segment = v.object({
  origin: Place,
  destination: Place,
  departing_at: v.string(),
  arriving_at: v.string(),
  duration: Duration,
  marketing_carrier: v.object({ iata_code: v.string() }),
  marketing_carrier_flight_number: v.string(),
});
const Offer = v.object({
  id: v.string(),
  total_amount: v.string(),
  total_currency: v.string(),
  // With its zone: without one nobody knows when it is over.
  expires_at: v.pipe(v.string(), v.isoTimestamp()),
  slices: v.array(v.object({ duration: Duration, segments: v.array(Segment) })),
});
/** Each offer is parsed by itself. */
const OfferRequest = v.object({ data: v.object({ offers: v.array(v.unknown()) }) });
const Refused = v.object({
  errors: v.tupleWithRest([v.object({ code: v.string() })], v.unknown()),
});

/**
 * Searches by Duffel's offer requests. The currency of prices is the account's, whatever was wished.
 *
 * @see https://duffel.com/docs/api/offer-requests/create-offer-request
 */
export function duffelFlights(options: DuffelOptions): FlightsPort {
  const { baseUrl, token, dispatcher, policy, telemetry, isOrderable = false } = options;
  const { now = Date.now } = options;
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
            const found = v.safeParse(OfferRequest, json);
            if (status >= 400 || !found.success) throw refusal(status, json);
            const legs = query.returnDate === undefined ? 1 : 2;
            const reading = { provider: 'duffel', read: offerOf, legs, nowMs: now() };
            const offers = offeredOf(found.output.data.offers, reading);
            return isOrderable ? { ...offers, isOrderable } : offers;
          }),
        signal,
      );
    },
  };
}

function refusal(status: number, json: unknown): ExpectedError {
  const { success, output } = v.safeParse(Refused, json);
  return refusalOf('duffel', status, success ? output.errors[0].code : undefined);
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

function offerOf(json: unknown): WordedOffer | null {
  const { success, output } = v.safeParse(Offer, json);
  if (!success) return null;
  const { id, total_amount: decimal, total_currency: currency, expires_at: expiresAt } = output;
  const legs = [];
  for (const { duration, segments } of output.slices) {
    const minutes = minutesOf(
      duration,
      segments.map((segment) => segment.duration),
    );
    if (!minutes) return null;
    legs.push({
      durationMinutes: minutes.leg,
      segments: segments.map((segment, index) => ({
        carrier: segment.marketing_carrier.iata_code,
        flightNumber: segment.marketing_carrier_flight_number,
        from: segment.origin.iata_code,
        to: segment.destination.iata_code,
        departLocal: segment.departing_at,
        arriveLocal: segment.arriving_at,
        durationMinutes: minutes.segments[index] ?? Number.NaN,
      })),
    });
  }
  return { id, price: { decimal, currency }, expiresAt, legs };
}
