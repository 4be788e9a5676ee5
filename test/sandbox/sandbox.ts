import * as v from 'valibot';

import { amadeusSimulator } from './amadeus.ts';
import { chatSimulator } from './chat.ts';
import { type Deliveries, createDeliveries } from './delivery.ts';
import { doktor365Simulator } from './doktor365.ts';
import { duffelSimulator } from './duffel.ts';
import { Fault, createFaults } from './faults.ts';
import { fhirSimulator } from './fhir.ts';
import { fhirControl } from './fhir/controls.ts';
import { FhirClient } from './fhir/tokens.ts';
import { iyzicoSimulator } from './iyzico.ts';
import { type LedgerEntry, type SandboxLedger, openLedger } from './ledger.ts';
import { metaSimulator } from './meta.ts';
import { metaControl } from './meta/controls.ts';
import type { RegisteredTemplate } from './meta/messages.ts';
import type { Rules } from './meta/rules.ts';
import { nilveraSimulator } from './nilvera.ts';
import { listen, sandboxServer } from './server.ts';
import { type Reply, type SandboxRequest, type Simulator, jsonIn } from './simulator.ts';
import { stripeSimulator } from './stripe.ts';
import { tcmbSimulator } from './tcmb.ts';
import { type VisionArchive, visionSimulator } from './vision.ts';
import type { WhatsappAccount } from './webhooks.ts';
import { withFault } from './with-fault.ts';

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
  /** Those of `sandboxSecrets` if absent. */
  readonly iyzicoApiKey?: string;
  readonly iyzicoSecretKey?: string;
  /** The one of `sandboxSecrets` if absent. */
  readonly chatApiKey?: string;
  /** The one of `sandboxSecrets` if absent. */
  readonly visionApiKey?: string;
  /** Secrets by client id, one client for each tenant; those of `sandboxSecrets` if absent. */
  readonly doktor365Clients?: Readonly<Record<string, string>>;
  /** Of the FHIR server's first client; those of `sandboxSecrets` if absent. */
  readonly fhirClientId?: string;
  readonly fhirClientSecret?: string;
  /** The one of `sandboxSecrets` if absent. */
  readonly nilveraApiKey?: string;
  /** Of an e-invoice integrator that pushes; the one of `sandboxSecrets` if absent. */
  readonly efaturaWebhookSecret?: string;
}

/** Where the providers post to; nowhere if absent. */
export interface SandboxWebhooks {
  readonly whatsappUrl?: string | undefined;
  readonly paymentsUrl?: string | undefined;
  readonly efaturaUrl?: string | undefined;
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
  /** Between iyzico's three attempts to post a webhook; 100 ms if absent. The real one waits for 15 minutes. */
  readonly iyzicoWebhookSpacingMs?: number;
  readonly amadeusTokenSeconds?: number;
  readonly doktor365TokenSeconds?: number;
  /** Polls at each step of an invoice; 0 for by control only, 1 if absent. */
  readonly nilveraPollsPerStep?: number;
  /** Of an exchanged WhatsApp token; 60 days if absent. */
  readonly whatsappTokenSeconds?: number;
  /** The templates that Meta approved; any template is taken if absent. */
  readonly whatsappTemplates?: readonly RegisteredTemplate[];
  /** Meta's rules at the start; `usualRules` where absent. */
  readonly whatsappRules?: Partial<Rules>;
  /** Where the vision model reads studies; it answers 503 if absent. */
  readonly visionArchive?: VisionArchive;
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
  iyzicoApiKey: 'sandbox-iyzico-api-key',
  iyzicoSecretKey: 'sandbox-iyzico-secret-key',
  chatApiKey: 'sk-sandbox',
  visionApiKey: 'vision-sandbox',
  doktor365Clients: { 'sandbox-doktor365-client': 'sandbox-doktor365-secret' },
  fhirClientId: 'sandbox-fhir-client',
  fhirClientSecret: 'sandbox-fhir-secret',
  nilveraApiKey: 'sandbox-nilvera-key',
  efaturaWebhookSecret: 'sandbox-efatura-secret',
};

export const sandboxAccount: WhatsappAccount = {
  wabaId: '100200300400500',
  phoneNumberId: '555666777888999',
  displayPhoneNumber: '902120000000',
};

/**
 * Meta Graph, Duffel, Amadeus, Stripe and a chat completions API as one HTTP server, at the paths they really have, Doktor365
 * and a FHIR server below paths of their own, and under `/_sandbox` what the world does to them: README.md beside this file lists the controls.
 *
 * An effect is in the ledger file before it is answered.
 */
export async function startSandbox(options: SandboxOptions): Promise<Sandbox> {
  const { port, host = '127.0.0.1', ledgerFile, retryWebhooksForMs = 90_000 } = options;
  let { webhooks } = options;
  let origin = '';
  const ledger = openLedger(ledgerFile);
  const faults = createFaults();
  const deliveries = createDeliveries({ retryForMs: retryWebhooksForMs, concurrency: 32 });
  const simulators = simulatorsOf(options, {
    ledger,
    deliveries,
    webhooks: () => webhooks,
    origin: () => origin,
  });

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
        return (await controlOf(request)) ?? { status: 404, body: { error: 'no such control' } };
    }
  }

  async function controlOf(request: SandboxRequest): Promise<Reply | undefined> {
    for (const simulator of simulators) {
      const reply = await simulator.control?.(request);
      if (reply) return reply;
    }
    return undefined;
  }

  const server = sandboxServer(answer);
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

/** What the simulators share. */
interface World {
  readonly ledger: SandboxLedger;
  readonly deliveries: Deliveries;
  readonly webhooks: () => SandboxWebhooks;
  readonly origin: () => string;
}

/**
 * The providers, each with its controls, in the order in which they are asked whether a path is theirs. A new one is an
 * entry here, its secrets above, and its name in faults.ts.
 */
function simulatorsOf(options: SandboxOptions, world: World): readonly Simulator[] {
  const { account = sandboxAccount, now = Date.now } = options;
  const { ledger, deliveries, webhooks, origin } = world;
  const secrets = { ...sandboxSecrets, ...options.secrets };
  const meta = metaSimulator({
    account,
    accessToken: secrets.whatsappAccessToken,
    appId: secrets.whatsappAppId,
    appSecret: secrets.whatsappAppSecret,
    tokenSeconds: options.whatsappTokenSeconds ?? 5_184_000,
    templates: options.whatsappTemplates,
    rules: options.whatsappRules ?? {},
    ledger,
    mediaFolder: `${options.ledgerFile}.media`,
    deliveries,
    webhookUrl: () => webhooks().whatsappUrl,
    origin,
    now,
  });
  const fhir = fhirSimulator({
    client: v.parse(FhirClient, {
      clientId: secrets.fhirClientId,
      secret: secrets.fhirClientSecret,
    }),
    ledger,
    origin,
    now,
  });
  return [
    { ...meta, control: (request) => metaControl(request, meta, account, now) },
    stripeSimulator({
      secretKey: secrets.stripeSecretKey,
      webhookSecret: secrets.stripeWebhookSecret,
      ledger,
      deliveries,
      webhookUrl: () => webhooks().paymentsUrl,
      origin,
    }),
    iyzicoSimulator({
      apiKey: secrets.iyzicoApiKey,
      secretKey: secrets.iyzicoSecretKey,
      ledger,
      deliveries,
      webhookUrl: () => webhooks().paymentsUrl,
      webhookSpacingMs: options.iyzicoWebhookSpacingMs ?? 100,
      origin,
      now,
    }),
    duffelSimulator(secrets.duffelToken, ledger),
    amadeusSimulator({
      clientId: secrets.amadeusClientId,
      clientSecret: secrets.amadeusClientSecret,
      ledger,
      tokenSeconds: options.amadeusTokenSeconds ?? 1_799,
    }),
    chatSimulator(secrets.chatApiKey, ledger),
    doktor365Simulator({
      clients: secrets.doktor365Clients,
      ledger,
      tokenSeconds: options.doktor365TokenSeconds,
    }),
    visionSimulator(secrets.visionApiKey, options.visionArchive ?? null, ledger),
    nilveraSimulator({
      apiKey: secrets.nilveraApiKey,
      ledger,
      folder: `${options.ledgerFile}.invoices`,
      pollsPerStep: options.nilveraPollsPerStep,
      deliveries,
      pushUrl: () => webhooks().efaturaUrl,
      pushSecret: secrets.efaturaWebhookSecret,
      now,
    }),
    tcmbSimulator(now),
    { ...fhir, control: async (request) => (await fhirControl(request, fhir)) ?? undefined },
  ];
}

const Pointed = v.strictObject({
  whatsappUrl: v.optional(v.pipe(v.string(), v.url())),
  paymentsUrl: v.optional(v.pipe(v.string(), v.url())),
  efaturaUrl: v.optional(v.pipe(v.string(), v.url())),
});

function wanted(query: URLSearchParams): (entry: LedgerEntry) => boolean {
  const [provider, kind] = [query.get('provider'), query.get('kind')];
  return (entry) =>
    (provider === null || entry.provider === provider) && (kind === null || entry.kind === kind);
}
