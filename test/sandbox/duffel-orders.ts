import { randomBytes, randomUUID } from 'node:crypto';

import * as v from 'valibot';

import type { SandboxLedger } from './ledger.ts';
import { digestOf, jsonIn, type Operation, type Reply, type SandboxRequest } from './simulator.ts';

type DuffelError = (status: number, code: string, field?: string | null) => Reply;

/** An offer as it was answered, and the request that it belongs to: of all its offers one can be booked. */
interface MadeOffer {
  readonly requestId: string;
  readonly body: { readonly id: string; readonly expires_at: string } & Record<string, unknown>;
  readonly passengers: readonly { readonly id: string; readonly age?: number }[];
  /** Minor units of a euro. */
  cents: number;
  /** `LHR-LGW` */
  readonly route: string;
}

const Stored = v.object({
  id: v.string(),
  offerId: v.string(),
  requestId: v.string(),
  createdAt: v.number(),
  /** Epoch ms from which it is seen; null: never. */
  visibleAt: v.nullable(v.number()),
  amount: v.string(),
  reference: v.string(),
  passengers: v.array(v.string()),
  metadata: v.record(v.string(), v.string()),
});
type Stored = v.InferOutput<typeof Stored>;

const name = v.pipe(
  v.string(),
  v.regex(/^(?![^]*[ÆæĲĳŒœÞþð])[A-Za-z\u00C0-\u017F][A-Za-z\u00C0-\u017F '-]{0,19}$/u),
);
const OrderBody = v.strictObject({
  data: v.strictObject({
    type: v.literal('instant'),
    selected_offers: v.tuple([v.string()]),
    passengers: v.pipe(
      v.array(
        v.strictObject({
          id: v.string(),
          given_name: name,
          family_name: name,
          born_on: v.pipe(v.string(), v.isoDate()),
          email: v.pipe(v.string(), v.email()),
          phone_number: v.pipe(v.string(), v.regex(/^\+\d{7,15}$/)),
          title: v.picklist(['mr', 'ms', 'mrs', 'miss', 'dr']),
          gender: v.picklist(['m', 'f']),
          infant_passenger_id: v.optional(v.string()),
          identity_documents: v.optional(
            v.array(
              v.strictObject({
                type: v.literal('passport'),
                unique_identifier: v.string(),
                issuing_country_code: v.pipe(v.string(), v.regex(/^[A-Z]{2}$/)),
                expires_on: v.pipe(v.string(), v.isoDate()),
              }),
            ),
          ),
        }),
      ),
      v.minLength(1),
      v.maxLength(9),
    ),
    payments: v.tuple([
      v.strictObject({
        type: v.literal('balance'),
        amount: v.string(),
        currency: v.string(),
      }),
    ]),
    metadata: v.record(
      v.pipe(v.string(), v.regex(/^[A-Za-z0-9_-]{1,40}$/)),
      v.pipe(v.string(), v.maxLength(500)),
    ),
  }),
});

/** Routes of Duffel's test mode, where an order goes wrong in its own way. @see https://duffel.com/docs/api/overview/test-your-integration */
const gone = 'LGW-LHR';
const dearer = 'LHR-STN';
const refusedRoutes: Readonly<Record<string, readonly [status: number, code: string]>> = {
  'LHR-LGW': [502, 'order_not_created'],
  'LGW-STN': [422, 'insufficient_balance'],
};
/** Status of the answer, and after how long the order is seen, ms; null: it never comes about. */
const openRoutes: Readonly<Record<string, readonly [status: number, seenAfterMs: number | null]>> =
  {
    'LTN-STN': [200, 15_000],
    'SEN-STN': [202, 15_000],
    'LCY-STN': [202, null],
  };

/** Tickets of an order that is seen late come a moment after it; all others have theirs at once. */
const TICKETS_AFTER_MS = 3_000;
const MOST_OFFERS = 20_000;
const yearMs = 365.25 * 24 * 60 * 60 * 1_000;

/** Duffel's orders, and the offers that they are made of. Orders live in the ledger, and are there after a restart. */
export function duffelOrderDesk(ledger: SandboxLedger, error: DuffelError) {
  const offers = new Map<string, MadeOffer>();
  const orders = new Map<string, Stored>();
  for (const { provider, kind, detail } of ledger.read())
    if (provider === 'duffel' && kind === 'order') {
      const order = v.parse(Stored, detail);
      orders.set(order.id, order);
    }

  const priced = (offer: MadeOffer) => ({
    ...offer.body,
    total_amount: (offer.cents / 100).toFixed(2),
    passengers: offer.passengers,
    passenger_identity_documents_required: true,
    supported_passenger_identity_document_types: ['passport'],
  });

  async function readOffer(id: string, pause: () => Promise<void>): Promise<Reply> {
    await pause();
    const offer = offers.get(id);
    if (offer === undefined) return error(404, 'not_found');
    if (offer.route === gone) return error(422, 'offer_no_longer_available');
    if (offer.route === dearer) offer.cents += 1_000;
    return { status: 200, body: { data: priced(offer) } };
  }

  async function order(request: SandboxRequest, pause: () => Promise<void>): Promise<Reply> {
    const checked = v.safeParse(OrderBody, jsonIn(request.body));
    if (!checked.success)
      return error(422, 'validation_required', v.getDotPath(checked.issues[0]) ?? 'data');
    const { selected_offers, passengers, payments, metadata } = checked.output.data;
    const offer = offers.get(selected_offers[0]);
    const wrong = offer === undefined ? error(422, 'offer_no_longer_available') : wrongIn(offer);
    if (offer === undefined || wrong !== null) return wrong ?? error(500, 'internal_server_error');
    await pause();
    const [status, seenAfterMs] = openRoutes[offer.route] ?? [201, 0];
    const now = Date.now();
    const made: Stored = {
      id: `ord_${randomUUID()}`,
      offerId: offer.body.id,
      requestId: offer.requestId,
      createdAt: now,
      visibleAt: seenAfterMs === null ? null : now + seenAfterMs,
      amount: payments[0].amount,
      reference: randomBytes(8)
        .toString('base64')
        .replaceAll(/[^A-Z0-9]/gi, '')
        .slice(0, 6)
        .toUpperCase()
        .padEnd(6, 'X'),
      passengers: passengers.map(({ id }) => id),
      metadata,
    };
    ledger.append({
      provider: 'duffel',
      kind: 'order',
      key: metadata['order_id'] ?? null,
      digest: digestOf(request.body),
      detail: made,
    });
    orders.set(made.id, made);
    if (status === 201) return { status, body: { data: shown(made, now) } };
    return { status, body: { data: status === 200 ? { id: made.id } : {} } };

    function wrongIn({ body, route, requestId, cents, passengers: places }: MadeOffer) {
      if (Date.parse(body.expires_at) <= Date.now() || route === gone)
        return error(422, 'offer_no_longer_available');
      if ([...orders.values()].some((one) => one.requestId === requestId))
        return error(422, 'offer_request_already_booked');
      const refused = refusedRoutes[route];
      if (refused) return error(...refused);
      if (payments[0].amount !== (cents / 100).toFixed(2))
        return error(422, 'payment_amount_does_not_match_order_amount');
      const ids = new Set(passengers.map(({ id }) => id));
      if (ids.size !== places.length || places.some(({ id }) => !ids.has(id)))
        return error(422, 'order_passengers_incompatible_with_offer');
      const names = passengers.map((one) => `${one.given_name} ${one.family_name}`);
      if (new Set(names).size < names.length) return error(422, 'duplicate_passenger_name');
      for (const [index, { id, born_on, identity_documents }] of passengers.entries()) {
        const { age } = places.find((place) => place.id === id) ?? {};
        const years = (Date.now() - Date.parse(born_on)) / yearMs;
        // On the day of the flight they may be a year older.
        const isRight = age === undefined ? years >= 11 : years > age - 2 && years < age + 1.01;
        if (!isRight) return error(422, 'validation_required', `passengers.${index}.born_on`);
        if ((identity_documents ?? []).length !== 1)
          return error(422, 'validation_required', `passengers.${index}.identity_documents`);
      }
      return null;
    }
  }

  const isSeen = ({ visibleAt }: Stored): boolean => visibleAt !== null && visibleAt <= Date.now();

  function shown(made: Stored, now = Date.now()): object {
    const seenAt = made.visibleAt ?? Number.POSITIVE_INFINITY;
    const hasTickets = seenAt === made.createdAt || now - seenAt >= TICKETS_AFTER_MS;
    return {
      id: made.id,
      booking_reference: made.reference,
      live_mode: false,
      created_at: new Date(made.createdAt).toISOString(),
      total_amount: made.amount,
      total_currency: 'EUR',
      passengers: made.passengers.map((id) => ({ id })),
      metadata: made.metadata,
      documents: hasTickets
        ? made.passengers.map((id, index) => ({
            type: 'electronic_ticket',
            unique_identifier: `1-${made.createdAt}${index}`,
            passenger_ids: [id],
          }))
        : [],
    };
  }

  async function list(url: URL, pause: () => Promise<void>): Promise<Reply> {
    await pause();
    const offerId = url.searchParams.get('offer_id');
    const found = [...orders.values()]
      .filter((one) => isSeen(one) && (offerId === null || one.offerId === offerId))
      .slice(-200);
    return { status: 200, body: { data: found.map((one) => shown(one)), meta: { after: null } } };
  }

  async function readOrder(id: string, pause: () => Promise<void>): Promise<Reply> {
    await pause();
    const made = orders.get(id);
    if (made === undefined || !isSeen(made)) return error(404, 'not_found');
    return { status: 200, body: { data: shown(made) } };
  }

  return {
    /** What was offered can be read and ordered from now on. */
    remember(made: Omit<MadeOffer, 'cents'> & { readonly cents: number }): void {
      offers.set(made.body.id, { ...made });
      const [oldest] = offers.keys();
      if (offers.size > MOST_OFFERS && oldest !== undefined) offers.delete(oldest);
    },
    find(request: SandboxRequest): Omit<Operation, 'authorised'> | undefined {
      const { method, url } = request;
      const [, offerId] = /^\/air\/offers\/([^/]{1,100})$/.exec(url.pathname) ?? [];
      const [, orderId] = /^\/air\/orders\/([^/]{1,100})$/.exec(url.pathname) ?? [];
      if (method === 'GET' && offerId !== undefined)
        return { name: 'offer', perform: async (pause) => readOffer(offerId, pause) };
      if (method === 'GET' && orderId !== undefined)
        return { name: 'order-read', perform: async (pause) => readOrder(orderId, pause) };
      if (url.pathname !== '/air/orders') return undefined;
      return method === 'POST'
        ? { name: 'order', perform: async (pause) => order(request, pause) }
        : { name: 'order-list', perform: async (pause) => list(url, pause) };
    },
  };
}
