import { randomUUID } from 'node:crypto';

import * as v from 'valibot';

import type { Delivered, Deliveries } from './delivery.ts';
import type { SandboxLedger } from './ledger.ts';
import {
  type Reply,
  type SandboxRequest,
  type Simulator,
  bearerIs,
  digestOf,
  jsonIn,
} from './simulator.ts';
import { signStripe, stripeEvent } from './webhooks.ts';

export interface StripeOptions {
  readonly secretKey: string;
  readonly webhookSecret: string;
  readonly ledger: SandboxLedger;
  readonly deliveries: Deliveries;
  readonly webhookUrl: () => string | undefined;
  /** Where its pay pages are, for `url`. */
  readonly origin: () => string;
}

/** What the patient does on the provider's page, and what came of our webhook. */
export type Settled =
  | { readonly outcome: 'settled'; readonly eventId: string; readonly webhook: Delivered }
  | { readonly outcome: 'no_such_session' | 'not_open' };

export interface StripeSimulator extends Simulator {
  /** The patient pays, or lets the time pass; posts the signed webhook. */
  settle(sessionId: string, by: 'payment' | 'expiry', maxAttempts?: number): Promise<Settled>;
}

/** The parts of a Checkout Session that the ledger keeps. */
interface Session {
  readonly id: string;
  readonly amount: number;
  readonly currency: string;
  readonly clientReferenceId: string | null;
  readonly metadata: Readonly<Record<string, string>>;
  readonly createdEpochSeconds: number;
  readonly expiresEpochSeconds: number;
  readonly status: 'open' | 'complete' | 'expired';
  readonly paymentIntent: string | null;
}

type Keyed =
  | { readonly digest: string; readonly sessionId: string }
  | { readonly digest: string; readonly running: true };

/** Form keys we send or might; any other is Stripe's `parameter_unknown`. */
const KNOWN_PARAMETERS = [
  /^(mode|success_url|cancel_url|client_reference_id|customer_email|expires_at|locale)$/,
  /^line_items\[\d+\]\[quantity\]$/,
  /^line_items\[\d+\]\[price_data\]\[(currency|unit_amount)\]$/,
  /^line_items\[\d+\]\[price_data\]\[product_data\]\[(name|description)\]$/,
  /^(payment_intent_data\[metadata\]|metadata)\[\w{1,40}\]$/,
  /^adaptive_pricing\[enabled\]$/,
  /^allowed_payment_method_types\[\d+\]$/,
];

const Whole = (least: number, most: number) =>
  v.pipe(v.string(), v.regex(/^\d+$/), v.transform(Number), v.minValue(least), v.maxValue(most));
const Form = v.object({
  mode: v.literal('payment'),
  success_url: v.pipe(v.string(), v.url()),
  cancel_url: v.optional(v.pipe(v.string(), v.url())),
  client_reference_id: v.optional(v.pipe(v.string(), v.maxLength(200)), ''),
  expires_at: v.optional(v.pipe(v.string(), v.regex(/^\d{10}$/), v.transform(Number))),
  'line_items[0][quantity]': Whole(1, 1_000),
  'line_items[0][price_data][currency]': v.pipe(v.string(), v.regex(/^[a-z]{3}$/)),
  'line_items[0][price_data][unit_amount]': Whole(1, 99_999_999),
  'line_items[0][price_data][product_data][name]': v.pipe(v.string(), v.minLength(1)),
});

const Limited = v.strictObject({
  maxAttempts: v.optional(v.pipe(v.number(), v.safeInteger(), v.minValue(1))),
});

const DAY_SECONDS = 24 * 60 * 60;

/** Stripe's Checkout Sessions with idempotency keys, and the pages behind them. A restart continues from the ledger. */
export function stripeSimulator(options: StripeOptions): StripeSimulator {
  const { secretKey, webhookSecret, ledger, deliveries, webhookUrl, origin } = options;
  const { sessions, keys } = restored(ledger);

  async function create(request: SandboxRequest, pause: () => Promise<void>): Promise<Reply> {
    const digest = digestOf(request.body);
    const key = headerOf(request, 'idempotency-key');
    const seen = key === null ? undefined : keys.get(key);
    if (seen && seen.digest !== digest) {
      return stripeError(400, undefined, { type: 'idempotency_error' });
    }
    if (seen && 'running' in seen) {
      return stripeError(409, 'idempotency_key_in_use', { type: 'idempotency_error' });
    }
    if (seen) return replayed(seen.sessionId);

    const fault = faultIn(request.body);
    if (fault) return fault;
    if (key !== null) keys.set(key, { digest, running: true });
    await pause();
    const session = sessionOf(request.body);
    ledger.append({ provider: 'stripe', kind: 'checkout', key, digest, detail: { ...session } });
    sessions.set(session.id, session);
    if (key !== null) keys.set(key, { digest, sessionId: session.id });
    return { status: 200, body: rendered(session, origin()) };
  }

  function replayed(sessionId: string): Reply {
    const session = sessions.get(sessionId);
    if (!session) throw new Error('A remembered key without its session');
    // The first answer, so an open session, whatever has become of it.
    const first: Session = { ...session, status: 'open', paymentIntent: null };
    return {
      status: 200,
      body: rendered(first, origin()),
      headers: { 'idempotent-replayed': 'true' },
    };
  }

  async function retrieve(id: string, pause: () => Promise<void>): Promise<Reply> {
    await pause();
    const session = current(id);
    if (!session) return stripeError(404, 'resource_missing', { param: 'session' });
    return { status: 200, body: rendered(session, origin()) };
  }

  /** As it is now: an open session past its time is expired. */
  function current(id: string): Session | undefined {
    const session = sessions.get(id);
    if (session?.status !== 'open' || session.expiresEpochSeconds > now()) return session;
    return { ...session, status: 'expired' };
  }

  async function settle(
    id: string,
    by: 'payment' | 'expiry',
    maxAttempts?: number,
  ): Promise<Settled> {
    const session = current(id);
    if (!session) return { outcome: 'no_such_session' };
    if (session.status !== 'open') return { outcome: 'not_open' };
    const settled: Session =
      by === 'payment'
        ? { ...session, status: 'complete', paymentIntent: `pi_${compactId()}` }
        : { ...session, status: 'expired' };
    ledger.append({ provider: 'stripe', kind: by, key: id, digest: '', detail: { ...settled } });
    sessions.set(id, settled);
    const eventId = `evt_${compactId()}`;
    const body = JSON.stringify(
      stripeEvent({
        id: eventId,
        type: by === 'payment' ? 'checkout.session.completed' : 'checkout.session.expired',
        createdEpochSeconds: now(),
        object: rendered(settled, origin()),
      }),
    );
    const webhook = await deliveries.deliver(() => {
      const url = webhookUrl();
      if (url === undefined) return null;
      // A retry is signed anew with its own time, or a late one would be out of tolerance.
      const signature = signStripe(body, webhookSecret, now());
      const headers = {
        'content-type': 'application/json; charset=utf-8',
        'user-agent': 'Stripe/1.0 (+https://stripe.com/docs/webhooks)',
        'stripe-signature': signature,
      };
      return { url, headers, body };
    }, maxAttempts);
    return { outcome: 'settled', eventId, webhook };
  }

  return {
    provider: 'stripe',
    find(request) {
      const { method, url } = request;
      const authorised = bearerIs(request, secretKey);
      if (method === 'POST' && url.pathname === '/v1/checkout/sessions') {
        return { name: 'create', authorised, perform: (pause) => create(request, pause) };
      }
      const id = /^\/v1\/checkout\/sessions\/(\w+)$/.exec(url.pathname)?.[1];
      if (method !== 'GET' || id === undefined) return undefined;
      return { name: 'retrieve', authorised, perform: (pause) => retrieve(id, pause) };
    },
    error: (status = 400, code) => stripeError(status, code),
    control: (request) => stripeControl(request, settle),
    settle,
  };
}

/** `/_sandbox/stripe/…`: what patients do on Stripe's pages. Undefined when there is no such control. */
async function stripeControl(
  { method, url, body }: SandboxRequest,
  settle: StripeSimulator['settle'],
): Promise<Reply | undefined> {
  const settled = /^\/_sandbox\/stripe\/sessions\/(\w+)\/(pay|expire)$/.exec(url.pathname);
  if (method !== 'POST' || !settled) return undefined;
  const [, id = '', verb] = settled;
  const { maxAttempts } = v.parse(Limited, body === '' ? {} : jsonIn(body));
  return settledReply(await settle(id, verb === 'pay' ? 'payment' : 'expiry', maxAttempts));
}

function settledReply(settled: Settled): Reply {
  if (settled.outcome === 'settled') return { status: 200, body: settled };
  return { status: settled.outcome === 'not_open' ? 409 : 404, body: settled };
}

function restored(ledger: SandboxLedger) {
  const sessions = new Map<string, Session>();
  const keys = new Map<string, Keyed>();
  for (const { provider, kind, key, digest, detail } of ledger.read()) {
    if (provider !== 'stripe') continue;
    const session = detail as unknown as Session;
    sessions.set(session.id, session);
    if (kind === 'checkout' && key !== null) keys.set(key, { digest, sessionId: session.id });
  }
  return { sessions, keys };
}

function faultIn(body: string): Reply | null {
  const form = new URLSearchParams(body);
  const unknown = [...form.keys()].find(
    (key) => !KNOWN_PARAMETERS.some((known) => known.test(key)),
  );
  if (unknown !== undefined) return stripeError(400, 'parameter_unknown', { param: unknown });
  const checked = v.safeParse(Form, Object.fromEntries(form));
  if (!checked.success) {
    const [issue] = checked.issues;
    // A path of one key; `getDotPath` would do, were the key not full of brackets.
    const param = String(issue.path?.[0]?.key);
    const code = issue.received === 'undefined' ? 'parameter_missing' : 'parameter_invalid';
    return stripeError(400, code, { param });
  }
  const { expires_at } = checked.output;
  if (expires_at === undefined) return null;
  const left = expires_at - now();
  // Rounded down by the sender, so up to a second less than half an hour is fair.
  if (left >= DAY_SECONDS / 48 - 1 && left <= DAY_SECONDS) return null;
  return stripeError(400, 'parameter_invalid', { param: 'expires_at' });
}

function sessionOf(body: string): Session {
  const form = new URLSearchParams(body);
  const checked = v.parse(Form, Object.fromEntries(form));
  const metadata = [...form].flatMap(([key, value]) => {
    const name = /^metadata\[(\w+)\]$/.exec(key)?.[1];
    return name === undefined ? [] : [[name, value] as const];
  });
  return {
    id: `cs_test_${compactId()}`,
    amount: checked['line_items[0][price_data][unit_amount]'] * checked['line_items[0][quantity]'],
    currency: checked['line_items[0][price_data][currency]'],
    clientReferenceId: checked.client_reference_id || null,
    metadata: Object.fromEntries(metadata),
    createdEpochSeconds: now(),
    expiresEpochSeconds: checked.expires_at ?? now() + DAY_SECONDS,
    status: 'open',
    paymentIntent: null,
  };
}

/** As the API and the events show it. */
function rendered(session: Session, origin: string): object {
  const open = session.status === 'open';
  return {
    id: session.id,
    object: 'checkout.session',
    mode: 'payment',
    ui_mode: 'hosted_page',
    livemode: false,
    status: session.status,
    payment_status: session.status === 'complete' ? 'paid' : 'unpaid',
    amount_subtotal: session.amount,
    amount_total: session.amount,
    currency: session.currency,
    client_reference_id: session.clientReferenceId,
    customer_details: null,
    metadata: session.metadata,
    payment_intent: session.paymentIntent,
    created: session.createdEpochSeconds,
    expires_at: session.expiresEpochSeconds,
    url: open ? `${origin}/_sandbox/stripe/sessions/${session.id}` : null,
  };
}

const USUAL_CODES: Readonly<Record<number, string>> = { 429: 'rate_limit' };

function stripeError(
  status: number,
  code: string | number | undefined = USUAL_CODES[status],
  more: { readonly type?: string; readonly param?: string } = {},
): Reply {
  const type = status >= 500 ? 'api_error' : 'invalid_request_error';
  const named = code === undefined ? {} : { code: String(code) };
  return { status, body: { error: { type, ...named, message: 'Simulated', ...more } } };
}

function headerOf({ headers }: SandboxRequest, name: string): string | null {
  const value = headers[name];
  return typeof value === 'string' ? value : null;
}

function compactId(): string {
  return randomUUID().replaceAll('-', '');
}

function now(): number {
  return Math.floor(Date.now() / 1_000);
}
