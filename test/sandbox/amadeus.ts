import { randomUUID } from 'node:crypto';

import * as v from 'valibot';

import { fares } from './fares.ts';
import type { SandboxLedger } from './ledger.ts';
import { type Reply, type SandboxRequest, type Simulator, digestOf } from './simulator.ts';

export interface AmadeusOptions {
  readonly clientId: string;
  readonly clientSecret: string;
  readonly ledger: SandboxLedger;
  /** As the real one: 1799. */
  readonly tokenSeconds?: number;
}

const Iata = v.pipe(v.string(), v.regex(/^[A-Z]{3}$/));
const Whole = (least: number, most: number) =>
  v.pipe(v.string(), v.regex(/^\d+$/), v.transform(Number), v.minValue(least), v.maxValue(most));
const Query = v.pipe(
  v.strictObject({
    originLocationCode: Iata,
    destinationLocationCode: Iata,
    departureDate: v.pipe(v.string(), v.isoDate()),
    returnDate: v.optional(v.pipe(v.string(), v.isoDate())),
    adults: Whole(1, 9),
    children: v.optional(Whole(0, 9), '0'),
    infants: v.optional(Whole(0, 9), '0'),
    travelClass: v.optional(v.picklist(['ECONOMY', 'PREMIUM_ECONOMY', 'BUSINESS', 'FIRST'])),
    nonStop: v.optional(v.picklist(['true', 'false'])),
    currencyCode: v.optional(Iata),
    max: v.optional(Whole(1, 250), '250'),
  }),
  v.check(({ adults, children }) => adults + children <= 9),
  v.check(({ adults, infants }) => infants <= adults),
);

/** Amadeus's token endpoint and Flight Offers Search. */
export function amadeusSimulator(options: AmadeusOptions): Simulator {
  const { clientId, clientSecret, ledger, tokenSeconds = 1_799 } = options;
  /** Token to the moment it dies, in epoch milliseconds. */
  const tokens = new Map<string, number>();

  async function issue(request: SandboxRequest, pause: () => Promise<void>): Promise<Reply> {
    const form = new URLSearchParams(request.body);
    if (form.get('grant_type') !== 'client_credentials')
      return notIssued(400, 'unsupported_grant_type');
    if (form.get('client_id') !== clientId || form.get('client_secret') !== clientSecret) {
      return notIssued(401, 'invalid_client');
    }
    await pause();
    const token = randomUUID();
    tokens.set(token, Date.now() + tokenSeconds * 1_000);
    // The request holds the secret, so not even its digest goes into the file.
    ledger.append({ provider: 'amadeus', kind: 'token', key: null, digest: '', detail: {} });
    return {
      status: 200,
      body: {
        type: 'amadeusOAuth2Token',
        username: 'sandbox@example.com',
        application_name: 'sandbox',
        client_id: clientId,
        token_type: 'Bearer',
        access_token: token,
        expires_in: tokenSeconds,
        state: 'approved',
        scope: '',
      },
    };
  }

  async function search(request: SandboxRequest, pause: () => Promise<void>): Promise<Reply> {
    const checked = v.safeParse(Query, Object.fromEntries(request.url.searchParams));
    if (!checked.success) return amadeusError(400, 477, v.getDotPath(checked.issues[0]));
    await pause();
    const reference = request.headers['ama-client-ref'];
    ledger.append({
      provider: 'amadeus',
      kind: 'search',
      key: typeof reference === 'string' ? reference : null,
      digest: digestOf(request.url.search),
      detail: {},
    });
    const data = offersOf(checked.output).slice(0, checked.output.max);
    const dictionaries = {
      carriers: { '6X': 'AMADEUS SIX' },
      currencies: {},
      aircraft: {},
      locations: {},
    };
    return { status: 200, body: { meta: { count: data.length }, data, dictionaries } };
  }

  return {
    provider: 'amadeus',
    find(request) {
      const { method, url, headers } = request;
      if (method === 'POST' && url.pathname === '/v1/security/oauth2/token') {
        return { name: 'token', authorised: true, perform: (pause) => issue(request, pause) };
      }
      if (method !== 'GET' || url.pathname !== '/v2/shopping/flight-offers') return undefined;
      const token = headers.authorization?.replace(/^Bearer /, '') ?? '';
      const authorised = (tokens.get(token) ?? 0) > Date.now();
      return { name: 'search', authorised, perform: (pause) => search(request, pause) };
    },
    error: (status = 400, code) => amadeusError(status, code),
  };
}

function offersOf(query: v.InferOutput<typeof Query>): object[] {
  const there = leg(query.originLocationCode, query.destinationLocationCode, query.departureDate);
  const back = query.returnDate
    ? leg(query.destinationLocationCode, query.originLocationCode, query.returnDate)
    : null;
  const seats = query.adults + query.children;
  const currency = query.currencyCode ?? 'EUR';
  return there.map((outward, index) => {
    const homeward = back?.[index];
    const total = (((outward.cents + (homeward?.cents ?? 0)) * seats) / 100).toFixed(2);
    return {
      type: 'flight-offer',
      id: String(index + 1),
      source: 'GDS',
      instantTicketingRequired: false,
      oneWay: false,
      lastTicketingDate: query.departureDate,
      numberOfBookableSeats: 9,
      itineraries: [outward.itinerary, ...(homeward ? [homeward.itinerary] : [])],
      price: { currency, total, base: total, grandTotal: total, fees: [] },
      validatingAirlineCodes: ['6X'],
      travelerPricings: [],
    };
  });
}

function leg(from: string, to: string, date: string) {
  return fares(from, to, date).map(({ cents, duration, departs, arrives, number }) => ({
    cents,
    itinerary: {
      duration,
      segments: [
        {
          id: number,
          departure: { iataCode: from, at: `${date}T${departs}` },
          arrival: { iataCode: to, at: `${date}T${arrives}` },
          carrierCode: '6X',
          number,
          duration,
          numberOfStops: 0,
        },
      ],
    },
  }));
}

const USUAL_CODES: Readonly<Record<number, number>> = { 401: 38190, 429: 38194 };

function amadeusError(
  status: number,
  code: string | number = USUAL_CODES[status] ?? 38189,
  parameter?: string | null,
): Reply {
  const error = {
    status,
    code,
    title: 'Simulated',
    detail: 'Simulated',
    ...(parameter ? { source: { parameter } } : {}),
  };
  return { status, body: { errors: [error] } };
}

/** The token endpoint's own shape. */
function notIssued(status: number, error: string): Reply {
  return {
    status,
    body: { error, error_description: 'Simulated', code: 38187, title: 'Invalid parameters' },
  };
}
