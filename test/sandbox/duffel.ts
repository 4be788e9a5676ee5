import { randomUUID } from 'node:crypto';

import * as v from 'valibot';

import { duffelOrderDesk } from './duffel-orders.ts';
import { fares } from './fares.ts';
import type { SandboxLedger } from './ledger.ts';
import {
  type Reply,
  type SandboxRequest,
  type Simulator,
  bearerIs,
  digestOf,
  jsonIn,
} from './simulator.ts';

const Iata = v.pipe(v.string(), v.regex(/^[A-Z]{3}$/));
const OfferRequest = v.strictObject({
  data: v.strictObject({
    slices: v.pipe(
      v.array(
        v.strictObject({
          origin: Iata,
          destination: Iata,
          departure_date: v.pipe(v.string(), v.isoDate()),
        }),
      ),
      v.minLength(1),
    ),
    passengers: v.pipe(
      v.array(
        v.union([
          v.strictObject({ type: v.literal('adult') }),
          v.strictObject({
            age: v.pipe(v.number(), v.safeInteger(), v.minValue(0), v.maxValue(130)),
          }),
        ]),
      ),
      v.minLength(1),
      v.maxLength(9),
    ),
    cabin_class: v.optional(v.picklist(['first', 'business', 'premium_economy', 'economy'])),
    max_connections: v.optional(v.picklist([0, 1, 2])),
  }),
});
const Query = v.strictObject({
  return_offers: v.optional(v.picklist(['true', 'false'])),
  supplier_timeout: v.optional(
    v.pipe(v.string(), v.transform(Number), v.safeInteger(), v.minValue(2_000), v.maxValue(60_000)),
  ),
});

const OFFER_LIFETIME_MS = 30 * 60 * 1_000;

/** Duffel's offer requests and orders. Every route has three offers, at prices that depend on the route and date alone. */
export function duffelSimulator(token: string, ledger: SandboxLedger): Simulator {
  const desk = duffelOrderDesk(ledger, duffelError);

  async function search(request: SandboxRequest, pause: () => Promise<void>): Promise<Reply> {
    if (request.headers['duffel-version'] !== 'v2') return duffelError(400, 'unsupported_version');
    const query = v.safeParse(Query, Object.fromEntries(request.url.searchParams));
    if (!query.success) return duffelError(422, 'validation_error');
    const checked = v.safeParse(OfferRequest, jsonIn(request.body));
    if (!checked.success)
      return duffelError(422, 'validation_required', v.getDotPath(checked.issues[0]));
    await pause();
    const { slices, passengers } = checked.output.data;
    const id = `orq_${randomUUID()}`;
    ledger.append({
      provider: 'duffel',
      kind: 'search',
      key: null,
      digest: digestOf(request.body),
      detail: { id },
    });
    const offers =
      query.output.return_offers === 'false' ? [] : offersOf(slices, passengers.length);
    const [first] = slices;
    const places = passengers.map((one) => ({
      id: `pas_${randomUUID()}`,
      ...('age' in one ? { age: one.age } : {}),
    }));
    for (const offer of offers)
      desk.remember({
        requestId: id,
        body: offer,
        passengers: places,
        cents: Math.round(Number(offer.total_amount) * 100),
        route: `${first?.origin}-${first?.destination}`,
      });
    const created_at = new Date().toISOString();
    return { status: 201, body: { data: { id, live_mode: false, created_at, slices, offers } } };
  }

  return {
    provider: 'duffel',
    find(request) {
      const authorised = bearerIs(request, token);
      const ordering = desk.find(request);
      if (ordering) return { ...ordering, authorised };
      if (request.method !== 'POST' || request.url.pathname !== '/air/offer_requests')
        return undefined;
      return { name: 'search', authorised, perform: (pause) => search(request, pause) };
    },
    error: (status = 400, code) => duffelError(status, code),
  };
}

function offersOf(
  slices: v.InferOutput<typeof OfferRequest>['data']['slices'],
  passengers: number,
) {
  const [first] = slices;
  if (!first) return [];
  return fares(first.origin, first.destination, first.departure_date).map((fare) => ({
    id: `off_${randomUUID()}`,
    total_amount: decimal(fare.cents * passengers * slices.length),
    total_currency: 'EUR',
    base_amount: decimal(fare.cents * passengers * slices.length),
    base_currency: 'EUR',
    tax_amount: null,
    tax_currency: null,
    created_at: new Date().toISOString(),
    expires_at: new Date(Date.now() + OFFER_LIFETIME_MS).toISOString(),
    owner: { iata_code: 'ZZ', name: 'Duffel Airways' },
    slices: slices.map((slice) => ({
      id: `sli_${randomUUID()}`,
      duration: fare.duration,
      origin: { iata_code: slice.origin },
      destination: { iata_code: slice.destination },
      fare_brand_name: null,
      segments: [
        {
          id: `seg_${randomUUID()}`,
          origin: { iata_code: slice.origin, time_zone: 'Europe/Berlin' },
          destination: { iata_code: slice.destination, time_zone: 'Europe/Istanbul' },
          departing_at: `${slice.departure_date}T${fare.departs}`,
          arriving_at: `${slice.departure_date}T${fare.arrives}`,
          duration: fare.duration,
          marketing_carrier: { iata_code: 'ZZ', name: 'Duffel Airways' },
          marketing_carrier_flight_number: fare.number,
          operating_carrier: { iata_code: 'ZZ', name: 'Duffel Airways' },
          origin_terminal: null,
          stops: [],
        },
      ],
    })),
  }));
}

function decimal(cents: number): string {
  return (cents / 100).toFixed(2);
}

const USUAL_CODES: Readonly<Record<number, string>> = {
  401: 'access_token_not_found',
  429: 'rate_limit_exceeded',
  503: 'service_unavailable',
};

function duffelError(
  status: number,
  code: string | number = USUAL_CODES[status] ?? 'internal_server_error',
  field?: string | null,
): Reply {
  const error = {
    type:
      status >= 500
        ? 'api_error'
        : status === 401
          ? 'authentication_error'
          : 'invalid_request_error',
    title: 'Simulated',
    code: String(code),
    message: 'Simulated',
    documentation_url: 'https://duffel.com/docs/api/overview/errors',
    ...(field ? { source: { field, pointer: `/${field.replaceAll('.', '/')}` } } : {}),
  };
  return { status, body: { errors: [error], meta: { status, request_id: randomUUID() } } };
}
