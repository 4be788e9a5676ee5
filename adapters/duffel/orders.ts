import type { Dispatcher } from 'undici';
import * as v from 'valibot';

import {
  ProviderAnswerInvalid,
  ProviderBusy,
  ProviderCredentialsRefused,
  ProviderRefused,
  ProviderUnreachable,
} from '../../actors/errors.ts';
import type { FlightOrdersPort } from '../../actors/ports/flight-orders.ts';
import type {
  FlightOrder,
  FlightOrderRequest,
  FlightRefusal,
} from '../../actors/shapes/flight-orders.ts';
import { decimalFromMoney, type Money } from '../../actors/shapes/money.ts';
import type { Traveller, Travellers } from '../../actors/shapes/travellers.ts';
import type { Telemetry } from '../../telemetry.ts';
import { exchange, jsonOf, waitMs, type ProviderAnswer } from '../http.ts';
import { priceOf } from '../offers.ts';
import {
  whenNothingWasDone,
  whenRetryable,
  type CallPolicy,
  type PolicyOptions,
} from '../policy.ts';

const DUFFEL_VERSION = 'v2';

/** Duffel gives an airline 120 s to take an order: who hangs up before does not know what became of it. */
const ORDER_TIMEOUT_MS = 130_000;

/** An order is sent once; only what certainly was not sent is sent again. */
export const duffelOrderPolicy: PolicyOptions = {
  timeoutMs: ORDER_TIMEOUT_MS,
  retryWhen: whenNothingWasDone,
  concurrency: 16,
};
/** Reading an offer or an order. */
export const duffelReadPolicy: PolicyOptions = {
  timeoutMs: 15_000,
  retryWhen: whenRetryable,
  concurrency: 16,
};

/** Where airlines reach us about an order. */
export interface OrderContact {
  readonly email: string;
  /** E.164 with its `+`. */
  readonly phone: string;
}

export interface DuffelOrdersOptions {
  /** `https://api.duffel.com`. */
  readonly baseUrl: string;
  readonly token: string;
  readonly contact: OrderContact;
  readonly dispatcher?: Dispatcher;
  /** Made from `duffelOrderPolicy`. */
  readonly orderPolicy: CallPolicy;
  /** Made from `duffelReadPolicy`. */
  readonly readPolicy: CallPolicy;
  readonly telemetry: Pick<Telemetry, 'integrationCall'>;
  /** Epoch ms: whether an offer is over. */
  readonly now?: () => number;
}

const Passenger = v.object({ id: v.string(), age: v.nullish(v.number()) });
const Offer = v.object({
  data: v.object({
    id: v.string(),
    total_amount: v.string(),
    total_currency: v.string(),
    expires_at: v.pipe(v.string(), v.isoTimestamp()),
    passengers: v.array(Passenger),
    passenger_identity_documents_required: v.nullish(v.boolean()),
    supported_passenger_identity_document_types: v.nullish(v.array(v.string())),
  }),
});
type Offer = v.InferOutput<typeof Offer>['data'];

const Order = v.object({
  id: v.string(),
  booking_reference: v.string(),
  total_amount: v.string(),
  total_currency: v.string(),
  passengers: v.array(v.object({ id: v.string() })),
  // They may come later than the order.
  documents: v.nullish(
    v.array(
      v.object({
        type: v.string(),
        unique_identifier: v.nullish(v.string()),
        passenger_ids: v.nullish(v.array(v.string())),
      }),
    ),
  ),
  metadata: v.nullish(v.record(v.string(), v.string())),
});
const OneOrder = v.object({ data: Order });
/** Each order is parsed by itself: one of another shape hides none. */
const Orders = v.object({
  data: v.array(v.unknown()),
  meta: v.nullish(v.object({ after: v.nullish(v.string()) })),
});
const Marked = v.object({ metadata: v.object({ order_id: v.string() }) });

const Refused = v.object({
  errors: v.tupleWithRest(
    [
      v.object({
        code: v.string(),
        source: v.nullish(
          v.object({ pointer: v.nullish(v.string()), field: v.nullish(v.string()) }),
        ),
      }),
    ],
    v.unknown(),
  ),
});

/** Codes by which Duffel says that nothing was bought, and why. @see https://duffel.com/docs/api/overview/errors */
const refusals: Readonly<Record<string, FlightRefusal>> = {
  offer_no_longer_available: 'offer-gone',
  offer_expired: 'offer-gone',
  price_changed: 'price-changed',
  payment_amount_does_not_match_order_amount: 'price-changed',
  payment_currency_does_not_match_order_currency: 'price-changed',
  schedule_changed: 'schedule-changed',
  insufficient_balance: 'balance',
  payment_declined: 'airline-refused',
  high_fraud_risk: 'airline-refused',
  order_not_created: 'airline-refused',
  order_passengers_incompatible_with_offer: 'passenger-data',
  duplicate_passenger_name: 'passenger-data',
  duplicate_passenger_names: 'passenger-data',
  invalid_passenger_name: 'passenger-data',
  invalid_passenger_title: 'passenger-data',
  not_valid_with_selected_offer: 'passenger-data',
};

/** Codes by which it says that there is an order already, or may be. */
const inDoubt: ReadonlySet<string> = new Set([
  'duplicate_booking',
  'offer_request_already_booked',
  'order_creation_already_attempted',
]);

/** Pages that are looked through where Duffel does not filter: 200 orders each, more than a day of ours. */
const MOST_PAGES = 5;

const refused = (
  reason: FlightRefusal,
  code: string | null = null,
  now: Money | null = null,
): FlightOrder => ({ state: 'refused', reason, code, now });

/**
 * Orders at Duffel, and finds what was ordered: it has no idempotency key, so our own id goes along as `metadata.order_id`, and one
 * offer request can be booked once.
 *
 * @see https://duffel.com/docs/api/orders
 */
export function duffelOrders(options: DuffelOrdersOptions): FlightOrdersPort {
  const { baseUrl, token, contact, dispatcher, orderPolicy, readPolicy, telemetry } = options;
  const { now = Date.now } = options;

  const call = async (
    policy: CallPolicy,
    path: string,
    signal: AbortSignal,
    body?: object,
  ): Promise<ProviderAnswer> =>
    policy.execute(
      (attempt) =>
        telemetry.integrationCall('duffel', async () => {
          const answer = await exchange({
            provider: 'duffel',
            dispatcher,
            baseUrl,
            path,
            method: body === undefined ? 'GET' : 'POST',
            headers: {
              authorization: `Bearer ${token}`,
              'duffel-version': DUFFEL_VERSION,
              accept: 'application/json',
              ...(body === undefined ? {} : { 'content-type': 'application/json' }),
            },
            ...(body === undefined
              ? {}
              : { body: JSON.stringify({ data: body }), silenceMs: ORDER_TIMEOUT_MS }),
            signal: attempt.signal,
            maxBytes: 8 * 1_024 * 1_024,
          });
          const { status, headers } = answer;
          // Neither was taken: Duffel says of 503 that no booking was made.
          if (status === 429 || status === 503)
            throw new ProviderBusy(
              'duffel',
              `status_${status}`,
              waitMs(headers['ratelimit-reset']),
            );
          if (status === 401 || status === 403)
            throw new ProviderCredentialsRefused('duffel', codeIn(answer) ?? `status_${status}`);
          if (status >= 300 && (status < 400 || (status >= 500 && codeIn(answer) === undefined)))
            throw new ProviderUnreachable('duffel', `status_${status}`);
          return answer;
        }),
      signal,
    );

  /** The offer as it is now; or why it can't be had. A doubt about it is none about the order: nothing was sent yet. */
  async function offerNow(
    { offerId }: FlightOrderRequest,
    signal: AbortSignal,
  ): Promise<Offer | FlightOrder> {
    const path = `/air/offers/${encodeURIComponent(offerId)}`;
    const answer = await call(readPolicy, path, signal).catch((cause: unknown) => {
      if (!(cause instanceof ProviderUnreachable)) throw cause;
      throw new ProviderBusy('duffel', cause.reason, undefined, { cause });
    });
    if (answer.status >= 500) throw new ProviderBusy('duffel', codeIn(answer) ?? 'server_error');
    // Only read so far: whatever is wrong with it, it can't be had.
    if (answer.status >= 400) return refused('offer-gone', codeIn(answer) ?? null);
    const offer = v.safeParse(Offer, jsonOf('duffel', answer.text));
    if (!offer.success) throw new ProviderAnswerInvalid('duffel', 'unexpected_offer');
    return offer.output.data;
  }

  async function listed(query: string, signal: AbortSignal) {
    const answer = await call(readPolicy, `/air/orders?${query}`, signal);
    if (answer.status >= 500) throw new ProviderUnreachable('duffel', `status_${answer.status}`);
    if (answer.status >= 400) return null;
    const orders = v.safeParse(Orders, jsonOf('duffel', answer.text));
    if (!orders.success) throw new ProviderAnswerInvalid('duffel', 'unexpected_orders');
    return orders.output;
  }

  /** Not every version of Duffel's API filters: then the newest orders are looked through. */
  async function newest(signal: AbortSignal): Promise<readonly unknown[]> {
    const found: unknown[] = [];
    let after = '';
    for (let page = 0; page < MOST_PAGES; page++) {
      // oxlint-disable-next-line no-await-in-loop -- each page names the next
      const orders = await listed(`limit=200${after}`, signal);
      found.push(...(orders?.data ?? []));
      const next = orders?.meta?.after ?? null;
      if (next === null) break;
      after = `&after=${encodeURIComponent(next)}`;
    }
    return found;
  }

  return {
    async order(request, travellers, { signal }) {
      const offer = await offerNow(request, signal);
      if ('state' in offer) return offer;
      const price = priceOf('duffel', offer.total_amount, offer.total_currency);
      if (isMore(price, request.expect)) return refused('price-changed', null, price);
      if (Date.parse(offer.expires_at) <= now()) return refused('offer-gone', 'offer_expired');
      const passengers = passengersOf(offer, travellers, contact);
      if (passengers === null) return refused('passenger-data', 'other_travellers');
      const answer = await call(orderPolicy, '/air/orders', signal, {
        type: 'instant',
        selected_offers: [offer.id],
        passengers,
        payments: [{ type: 'balance', amount: decimalFromMoney(price), currency: price.currency }],
        metadata: { order_id: request.orderId },
      });
      return outcomeOf(answer);
    },

    async find({ orderId, offerId }, { signal }) {
      const filtered = await listed(`offer_id=${encodeURIComponent(offerId)}&limit=200`, signal);
      const found = filtered?.data ?? (await newest(signal));
      const ours = found.filter((one) => v.is(Marked, one) && one.metadata.order_id === orderId);
      if (ours.length > 1) throw new ProviderAnswerInvalid('duffel', 'several_orders');
      if (ours.length === 0) return null;
      const order = v.safeParse(Order, ours[0]);
      return order.success ? orderedAs(order.output) : { state: 'pending' };
    },

    async read({ orderRef }, { signal }) {
      const answer = await call(readPolicy, `/air/orders/${encodeURIComponent(orderRef)}`, signal);
      if (answer.status >= 400) throw new ProviderRefused('duffel', codeIn(answer) ?? 'unknown');
      return outcomeOf({ ...answer, status: 201 });
    },
  };
}

/** What the answer to an order says. 200 and 202 mean that it is, or may become, an order which is to be looked for. */
function outcomeOf(answer: ProviderAnswer): FlightOrder {
  const { status, text } = answer;
  if (status < 300) {
    const order = status === 201 ? v.safeParse(OneOrder, jsonOf('duffel', text)) : null;
    return order?.success === true ? orderedAs(order.output.data) : { state: 'pending' };
  }
  const code = codeIn(answer);
  if (code !== undefined && inDoubt.has(code)) return { state: 'pending' };
  const reason = refusals[code ?? ''] ?? (isOfPassenger(answer) ? 'passenger-data' : undefined);
  if (reason !== undefined) return refused(reason, code);
  // Of a server's error nobody knows how far it got.
  if (status >= 500) throw new ProviderUnreachable('duffel', code ?? `status_${status}`);
  return refused('airline-refused', code ?? null);
}

function orderedAs(order: v.InferOutput<typeof Order>): FlightOrder {
  const numbers = new Map<string, string>();
  for (const { type, unique_identifier: number, passenger_ids: ids } of order.documents ?? [])
    if (type === 'electronic_ticket' && number) for (const id of ids ?? []) numbers.set(id, number);
  return {
    state: 'ordered',
    orderRef: order.id,
    pnr: order.booking_reference,
    total: priceOf('duffel', order.total_amount, order.total_currency),
    tickets: order.passengers.flatMap(({ id }) => numbers.get(id) ?? []),
    travellers: order.passengers.length,
  };
}

function problemIn({ text }: ProviderAnswer) {
  try {
    const { success, output } = v.safeParse(Refused, JSON.parse(text));
    return success ? output.errors[0] : undefined;
  } catch {
    return undefined;
  }
}

const codeIn = (answer: ProviderAnswer): string | undefined => problemIn(answer)?.code;

/** A validation error names the field that it is about, never what stood in it. */
const isOfPassenger = (answer: ProviderAnswer): boolean =>
  /passenger/.test(
    `${problemIn(answer)?.source?.pointer ?? ''} ${problemIn(answer)?.source?.field ?? ''}`,
  );

const isMore = (price: Money, expected: Money): boolean =>
  price.currency !== expected.currency || BigInt(price.amountMinor) > BigInt(expected.amountMinor);

/**
 * The travellers in the places of the offer: adults, then children from the eldest, as both the form and the search have them. Who is
 * under two flies on an adult's lap. Null where they are not as many.
 */
function passengersOf(
  offer: Offer,
  travellers: Travellers,
  { email, phone }: OrderContact,
): object[] | null {
  if (offer.passengers.length !== travellers.length) return null;
  const ageOf = ({ age }: v.InferOutput<typeof Passenger>): number => age ?? 200;
  const places = offer.passengers.toSorted((one, other) => ageOf(other) - ageOf(one));
  const infants = places.filter((place) => ageOf(place) < 2).map(({ id }) => id);
  const takesPassports =
    offer.supported_passenger_identity_document_types?.includes('passport') === true ||
    offer.passenger_identity_documents_required === true;
  return travellers.map((traveller, index) => ({
    id: places[index]?.id,
    ...personOf(traveller),
    email,
    phone_number: phone,
    ...(infants[index] === undefined ? {} : { infant_passenger_id: infants[index] }),
    ...(takesPassports ? { identity_documents: [passportOf(traveller)] } : {}),
  }));
}

const personOf = ({ givenName, familyName, bornOn, sex }: Traveller): object => ({
  given_name: givenName,
  family_name: familyName,
  born_on: bornOn,
  title: sex === 'm' ? 'mr' : 'ms',
  gender: sex,
});

const passportOf = ({ passport }: Traveller): object => ({
  type: 'passport',
  unique_identifier: passport.number,
  issuing_country_code: passport.issuingCountry,
  expires_on: passport.expiresOn,
});
