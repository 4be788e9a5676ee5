import { type IncomingMessage, type Server, type ServerResponse, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

import * as v from 'valibot';

import { amadeusSimulator } from './amadeus.ts';
import { createDeliveries } from './delivery.ts';
import { duffelSimulator } from './duffel.ts';
import { Fault, createFaults } from './faults.ts';
import { type LedgerEntry, openLedger } from './ledger.ts';
import { metaSimulator } from './meta.ts';
import {
  type Operation,
  type Reply,
  type SandboxRequest,
  type Simulator,
  jsonIn,
} from './simulator.ts';
import { type Settled, stripeSimulator } from './stripe.ts';
import { type WhatsappAccount, newMessageId } from './webhooks.ts';

export interface SandboxSecrets {
  readonly whatsappAccessToken: string;
  readonly whatsappAppSecret: string;
  readonly duffelToken: string;
  readonly amadeusClientId: string;
  readonly amadeusClientSecret: string;
  readonly stripeSecretKey: string;
  readonly stripeWebhookSecret: string;
}

/** Where the providers post to; nowhere if absent. */
export interface SandboxWebhooks {
  readonly whatsappUrl?: string | undefined;
  readonly paymentsUrl?: string | undefined;
}

export interface SandboxOptions {
  /** 0 for any free one. */
  readonly port: number;
  readonly host?: string;
  /** Continued if it exists. */
  readonly ledgerFile: string;
  readonly webhooks: SandboxWebhooks;
  readonly secrets: SandboxSecrets;
  readonly account?: WhatsappAccount;
  /** How long a webhook is tried. */
  readonly retryWebhooksForMs?: number;
  readonly amadeusTokenSeconds?: number;
}

export interface Sandbox {
  /** `http://127.0.0.1:49152`: the API base of all four providers, and of `/_sandbox`. */
  readonly origin: string;
  /** For a test that learns its own port after it started the sandbox. */
  pointWebhooksAt(webhooks: SandboxWebhooks): void;
  /** Stops listening and posting; webhooks that nobody has answered are given up. */
  close(): Promise<void>;
}

/** For tests and `npm start` without settings; worth nothing anywhere else. */
export const sandboxSecrets: SandboxSecrets = {
  whatsappAccessToken: 'sandbox-whatsapp-token',
  whatsappAppSecret: 'sandbox-whatsapp-app-secret',
  duffelToken: 'duffel_test_sandbox',
  amadeusClientId: 'sandbox-amadeus-client',
  amadeusClientSecret: 'sandbox-amadeus-secret',
  stripeSecretKey: 'sk_test_sandbox',
  stripeWebhookSecret: 'whsec_sandbox',
};

export const sandboxAccount: WhatsappAccount = {
  wabaId: '100200300400500',
  phoneNumberId: '555666777888999',
  displayPhoneNumber: '902120000000',
};

const MAX_BODY_BYTES = 1_024 * 1_024;

/**
 * Meta Graph, Duffel, Amadeus and Stripe as one HTTP server, at the paths they really have, and under `/_sandbox`
 * what the world does to them:
 *
 * | call | does |
 * |---|---|
 * | `POST /_sandbox/faults` | sets a provider's fault (`faults.ts`); `GET` counts the hits |
 * | `POST /_sandbox/webhooks` | `{ whatsappUrl?, paymentsUrl? }`: where to post from now on |
 * | `POST /_sandbox/whatsapp/inbound` | a patient writes; answers with the webhook's status |
 * | `GET /_sandbox/whatsapp/messages?to=` | what a patient has got, in order |
 * | `POST /_sandbox/stripe/sessions/{id}/pay`, `…/expire` | settles a checkout; answers with the webhook's status |
 * | `GET /_sandbox/ledger?provider=&kind=` | what was applied |
 *
 * An effect is in the ledger file before it is answered.
 */
export async function startSandbox(options: SandboxOptions): Promise<Sandbox> {
  const { port, host = '127.0.0.1', ledgerFile, secrets, account = sandboxAccount } = options;
  const { retryWebhooksForMs = 90_000, amadeusTokenSeconds = 1_799 } = options;
  let { webhooks } = options;
  let origin = '';
  const ledger = openLedger(ledgerFile);
  const faults = createFaults();
  const deliveries = createDeliveries({ retryForMs: retryWebhooksForMs, concurrency: 32 });
  const meta = metaSimulator({
    account,
    accessToken: secrets.whatsappAccessToken,
    appSecret: secrets.whatsappAppSecret,
    ledger,
    deliveries,
    webhookUrl: () => webhooks.whatsappUrl,
  });
  const stripe = stripeSimulator({
    secretKey: secrets.stripeSecretKey,
    webhookSecret: secrets.stripeWebhookSecret,
    ledger,
    deliveries,
    webhookUrl: () => webhooks.paymentsUrl,
    origin: () => origin,
  });
  const simulators: readonly Simulator[] = [
    meta,
    stripe,
    duffelSimulator(secrets.duffelToken, ledger),
    amadeusSimulator({
      clientId: secrets.amadeusClientId,
      clientSecret: secrets.amadeusClientSecret,
      ledger,
      tokenSeconds: amadeusTokenSeconds,
    }),
  ];

  /** Null: never answer, and close the connection. */
  async function answer(request: SandboxRequest): Promise<Reply | null> {
    if (request.url.pathname.startsWith('/_sandbox/')) return control(request);
    for (const simulator of simulators) {
      const operation = simulator.find(request);
      if (operation)
        return withFault(simulator, operation, faults.next(simulator.provider, operation.name));
    }
    return { status: 404, body: { error: 'no provider has this path' } };
  }

  async function control(request: SandboxRequest): Promise<Reply> {
    const { method, url, body } = request;
    const settled = /^\/_sandbox\/stripe\/sessions\/(\w+)\/(pay|expire)$/.exec(url.pathname);
    if (method === 'POST' && settled) {
      const [, id = '', verb] = settled;
      const { maxAttempts } = v.parse(Limited, body === '' ? {} : jsonIn(body));
      return settledReply(
        await stripe.settle(id, verb === 'pay' ? 'payment' : 'expiry', maxAttempts),
      );
    }
    switch (`${method} ${url.pathname}`) {
      case 'POST /_sandbox/faults':
        faults.set(v.parse(Fault, jsonIn(body)));
        return { status: 200, body: { ok: true } };
      case 'GET /_sandbox/faults':
        return { status: 200, body: { hits: faults.hits() } };
      case 'POST /_sandbox/webhooks':
        webhooks = v.parse(Pointed, jsonIn(body));
        return { status: 200, body: { ok: true } };
      case 'POST /_sandbox/whatsapp/inbound':
        return inbound(v.parse(Inbound, jsonIn(body)));
      case 'GET /_sandbox/whatsapp/messages':
        return { status: 200, body: { messages: meta.sentTo(url.searchParams.get('to') ?? '') } };
      case 'GET /_sandbox/ledger':
        return { status: 200, body: { entries: ledger.read().filter(wanted(url.searchParams)) } };
      default:
        return { status: 404, body: { error: 'no such control' } };
    }
  }

  async function inbound(message: v.InferOutput<typeof Inbound>): Promise<Reply> {
    const messageId = message.messageId ?? newMessageId();
    const webhook = await meta.receive(
      {
        messageId,
        from: message.from ?? null,
        userId: message.userId ?? null,
        profileName: message.profileName ?? null,
        content:
          message.button === undefined
            ? { kind: 'text', body: message.text ?? '' }
            : { kind: 'button', ...message.button },
        atEpochSeconds: Math.floor(Date.now() / 1_000),
      },
      message.maxAttempts,
    );
    return { status: 200, body: { messageId, webhook } };
  }

  const server = createServer((request, response) => void serve(request, response, answer));
  origin = await listen(server, port, host);
  return {
    origin,
    pointWebhooksAt(urls) {
      webhooks = urls;
    },
    async close() {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await Promise.all([closed, deliveries.close()]);
    },
  };
}

const maxAttempts = v.optional(v.pipe(v.number(), v.safeInteger(), v.minValue(1)));
const Limited = v.strictObject({ maxAttempts });
const Pointed = v.strictObject({
  whatsappUrl: v.optional(v.pipe(v.string(), v.url())),
  paymentsUrl: v.optional(v.pipe(v.string(), v.url())),
});
const Inbound = v.pipe(
  v.strictObject({
    from: v.nullish(v.string()),
    userId: v.nullish(v.string()),
    profileName: v.nullish(v.string()),
    text: v.optional(v.string()),
    button: v.optional(v.strictObject({ id: v.string(), title: v.string() })),
    messageId: v.optional(v.string()),
    maxAttempts,
  }),
  v.check(({ text, button }) => (text === undefined) !== (button === undefined), 'text or button'),
);

function settledReply(settled: Settled): Reply {
  if (settled.outcome === 'settled') return { status: 200, body: settled };
  return { status: settled.outcome === 'not_open' ? 409 : 404, body: settled };
}

function wanted(query: URLSearchParams): (entry: LedgerEntry) => boolean {
  const [provider, kind] = [query.get('provider'), query.get('kind')];
  return (entry) =>
    (provider === null || entry.provider === provider) && (kind === null || entry.kind === kind);
}

async function withFault(
  simulator: Simulator,
  operation: Operation,
  fault: Fault | undefined,
): Promise<Reply | null> {
  const error = (status: number, code?: string | number) => simulator.error(status, code);
  const delay = () => sleep(fault?.delayMs ?? 0);
  const perform = (pause = async () => {}) =>
    operation.authorised ? operation.perform(pause) : Promise.resolve(error(401));
  switch (fault?.mode) {
    case undefined:
    case 'none':
      return perform();
    case 'slow':
      return perform(async () => delay());
    case 'error500':
      return error(500);
    case 'error503':
      return error(503);
    case 'busy429': {
      const { retryAfterSeconds } = fault;
      const headers =
        retryAfterSeconds === undefined ? {} : { 'retry-after': String(retryAfterSeconds) };
      return { ...error(429), headers };
    }
    case 'unauthorized':
      return error(401);
    case 'refuse':
      return error(fault.status ?? 400, fault.code);
    case 'process-then-drop':
      await perform();
      await delay();
      return null;
    case 'process-then-hang':
      await perform();
      return new Promise(() => {});
    case 'process-then-500':
      await perform();
      return error(500);
    default:
      throw new Error('A fault without a meaning');
  }
}

async function serve(
  incoming: IncomingMessage,
  response: ServerResponse,
  answer: (request: SandboxRequest) => Promise<Reply | null>,
): Promise<void> {
  try {
    const chunks: Buffer[] = [];
    let length = 0;
    for await (const chunk of incoming as AsyncIterable<Buffer>) {
      length += chunk.length;
      if (length > MAX_BODY_BYTES) return void incoming.socket.destroy();
      chunks.push(chunk);
    }
    const reply = await answer({
      method: incoming.method ?? 'GET',
      url: new URL(incoming.url ?? '/', 'http://sandbox'),
      headers: incoming.headers,
      body: Buffer.concat(chunks).toString('utf8'),
    });
    if (reply === null) return void incoming.socket.destroy();
    respond(response, reply);
  } catch (error) {
    const why = error instanceof v.ValiError ? error.message : 'the sandbox failed';
    respond(response, { status: error instanceof v.ValiError ? 400 : 500, body: { error: why } });
  }
}

function respond(response: ServerResponse, { status, body, headers }: Reply): void {
  if (response.destroyed) return;
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(JSON.stringify(body));
}

async function listen(server: Server, port: number, host: string): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  server.once('error', reject);
  server.listen(port, host, resolve);
  await promise;
  server.off('error', reject);
  return `http://${host}:${(server.address() as AddressInfo).port}`;
}
