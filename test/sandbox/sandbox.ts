import { type IncomingMessage, type Server, type ServerResponse, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

import * as v from 'valibot';

import { amadeusSimulator } from './amadeus.ts';
import { chatSimulator } from './chat.ts';
import { createDeliveries } from './delivery.ts';
import { duffelSimulator } from './duffel.ts';
import { Fault, createFaults, isSpoiled, type Spoiled } from './faults.ts';
import { type LedgerEntry, openLedger } from './ledger.ts';
import { metaSimulator } from './meta.ts';
import { metaControl } from './meta/controls.ts';
import type { RegisteredTemplate } from './meta/messages.ts';
import type { Rules } from './meta/rules.ts';
import {
  type Operation,
  type Reply,
  type SandboxRequest,
  type Simulator,
  jsonIn,
} from './simulator.ts';
import { type Settled, stripeSimulator } from './stripe.ts';
import type { WhatsappAccount } from './webhooks.ts';

export interface SandboxSecrets {
  readonly whatsappAccessToken: string;
  readonly whatsappAppSecret: string;
  /** For the exchange of tokens; the one of `sandboxSecrets` if absent. */
  readonly whatsappAppId?: string;
  readonly duffelToken: string;
  readonly amadeusClientId: string;
  readonly amadeusClientSecret: string;
  readonly stripeSecretKey: string;
  readonly stripeWebhookSecret: string;
  /** The one of `sandboxSecrets` if absent. */
  readonly chatApiKey?: string;
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
  /** Of an exchanged WhatsApp token; 60 days if absent. */
  readonly whatsappTokenSeconds?: number;
  /** The templates that Meta approved; any template is taken if absent. */
  readonly whatsappTemplates?: readonly RegisteredTemplate[];
  /** Meta's rules at the start; `usualRules` where absent. */
  readonly whatsappRules?: Partial<Rules>;
  /** Epoch ms, never going back: Meta's clock. */
  readonly now?: () => number;
}

export interface Sandbox {
  /** `http://127.0.0.1:49152`: the API base of all providers, and of `/_sandbox`. */
  readonly origin: string;
  /** For a test that learns its own port after it started the sandbox. */
  pointWebhooksAt(webhooks: SandboxWebhooks): void;
  /** Stops listening and posting; webhooks that nobody has answered are given up. */
  close(): Promise<void>;
}

/** For tests and `npm start` without settings; worth nothing anywhere else. */
export const sandboxSecrets: Required<SandboxSecrets> = {
  whatsappAccessToken: 'sandbox-whatsapp-token',
  whatsappAppSecret: 'sandbox-whatsapp-app-secret',
  whatsappAppId: '700800900100200',
  duffelToken: 'duffel_test_sandbox',
  amadeusClientId: 'sandbox-amadeus-client',
  amadeusClientSecret: 'sandbox-amadeus-secret',
  stripeSecretKey: 'sk_test_sandbox',
  stripeWebhookSecret: 'whsec_sandbox',
  chatApiKey: 'sk-sandbox',
};

export const sandboxAccount: WhatsappAccount = {
  wabaId: '100200300400500',
  phoneNumberId: '555666777888999',
  displayPhoneNumber: '902120000000',
};

const MAX_BODY_BYTES = 1_024 * 1_024;
/** Of the calls that bring files: the largest is 100 MiB, and base64 needs a third more. */
const MAX_FILE_BODY_BYTES = 140 * 1_024 * 1_024;
const BRINGS_FILES = /\/media$|^\/_sandbox\/whatsapp\/inbound/;

/**
 * Meta Graph, Duffel, Amadeus, Stripe and a chat completions API as one HTTP server, at the paths they really have, and
 * under `/_sandbox` what the world does to them: README.md beside this file lists the controls.
 *
 * An effect is in the ledger file before it is answered.
 */
export async function startSandbox(options: SandboxOptions): Promise<Sandbox> {
  const { port, host = '127.0.0.1', ledgerFile, secrets, account = sandboxAccount } = options;
  const { retryWebhooksForMs = 90_000, amadeusTokenSeconds = 1_799, now = Date.now } = options;
  let { webhooks } = options;
  let origin = '';
  const ledger = openLedger(ledgerFile);
  const faults = createFaults();
  const deliveries = createDeliveries({ retryForMs: retryWebhooksForMs, concurrency: 32 });
  const meta = metaSimulator({
    account,
    accessToken: secrets.whatsappAccessToken,
    appId: secrets.whatsappAppId ?? sandboxSecrets.whatsappAppId,
    appSecret: secrets.whatsappAppSecret,
    tokenSeconds: options.whatsappTokenSeconds ?? 5_184_000,
    templates: options.whatsappTemplates,
    rules: options.whatsappRules ?? {},
    ledger,
    mediaFolder: `${ledgerFile}.media`,
    deliveries,
    webhookUrl: () => webhooks.whatsappUrl,
    origin: () => origin,
    now,
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
    chatSimulator(secrets.chatApiKey ?? sandboxSecrets.chatApiKey, ledger),
  ];

  /** Null: never answer, and close the connection. */
  async function answer(request: SandboxRequest): Promise<Reply | null> {
    if (request.url.pathname.startsWith('/_sandbox/')) return control(request);
    for (const simulator of simulators) {
      const operation = simulator.find(request);
      if (!operation) continue;
      operation.arrived?.();
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
      case 'GET /_sandbox/ledger':
        return { status: 200, body: { entries: ledger.read().filter(wanted(url.searchParams)) } };
      default:
        return (
          (await metaControl(request, meta, account, now)) ?? {
            status: 404,
            body: { error: 'no such control' },
          }
        );
    }
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
  const error = (status: number | undefined, code?: string | number) =>
    simulator.error(status, code);
  const delay = () => sleep(fault?.delayMs ?? 0);
  const perform = (pause = async () => {}, spoiled?: Spoiled) =>
    operation.authorised ? operation.perform(pause, spoiled) : Promise.resolve(error(401));
  const mode = fault?.mode;
  if (mode !== undefined && isSpoiled(mode)) return perform(undefined, mode);
  switch (mode) {
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
      const retryAfterSeconds = fault?.retryAfterSeconds;
      const headers =
        retryAfterSeconds === undefined ? {} : { 'retry-after': String(retryAfterSeconds) };
      return { ...error(429), headers };
    }
    case 'unauthorized':
      return error(401);
    case 'refuse':
      return error(fault?.status, fault?.code);
    case 'process-then-drop':
      await perform();
      await delay();
      return null;
    case 'hang':
      return new Promise(() => {});
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
    const url = new URL(incoming.url ?? '/', 'http://sandbox');
    const mostBytes = BRINGS_FILES.test(url.pathname) ? MAX_FILE_BODY_BYTES : MAX_BODY_BYTES;
    const chunks: Buffer[] = [];
    let length = 0;
    for await (const chunk of incoming as AsyncIterable<Buffer>) {
      length += chunk.length;
      if (length > mostBytes) return void incoming.socket.destroy();
      chunks.push(chunk);
    }
    const bytes = Buffer.concat(chunks);
    const reply = await answer({
      method: incoming.method ?? 'GET',
      url,
      headers: incoming.headers,
      bytes,
      get body() {
        return bytes.toString('utf8'); // Only where somebody asks: a file of 100 MB is no text.
      },
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
  response.end(body instanceof Uint8Array ? body : JSON.stringify(body));
}

async function listen(server: Server, port: number, host: string): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  server.once('error', reject);
  server.listen(port, host, resolve);
  await promise;
  server.off('error', reject);
  return `http://${host}:${(server.address() as AddressInfo).port}`;
}
