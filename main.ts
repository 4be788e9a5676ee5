/** The composition root: reads the settings, wires ports to edges, starts the roles, and drains them on SIGTERM. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

import { Redis } from 'ioredis';

import { eventSchemas } from './actors/events.ts';
import { createIntake } from './actors/intake.ts';
import { journeyMachines, journeyPerformers, wordsOf } from './actors/journey.ts';
import { createKernel } from './actors/kernel/kernel.ts';
import type { Failpoint } from './actors/kernel/loop.ts';
import { mask } from './actors/masking/mask.ts';
import { backlogGauges, kernelObserver } from './actors/observe.ts';
import type { Intake } from './actors/ports/intake.ts';
import { createStaffActions } from './actors/staff-actions.ts';
import { templates } from './actors/texts.ts';
import { modelFirst } from './actors/understanding.ts';
import { amadeusFlights, amadeusPolicy } from './adapters/amadeus/flights.ts';
import { chatPolicy, chatUnderstanding } from './adapters/chat-completions/understanding.ts';
import { clamavScan, noScan } from './adapters/clamav/scan.ts';
import { duffelFlights, duffelPolicy } from './adapters/duffel/flights.ts';
import { embeddedStore } from './adapters/embedded-store/documents.ts';
import { guardedFetch } from './adapters/guarded-fetch.ts';
import { providerDispatcher } from './adapters/http.ts';
import { callPolicy } from './adapters/policy.ts';
import { languageOfText } from './adapters/rules/language.ts';
import { rulesUnderstanding } from './adapters/rules/understanding.ts';
import { stripePayments, stripePolicy } from './adapters/stripe/payments.ts';
import { whatsappMedia, whatsappMediaPolicy } from './adapters/whatsapp/media.ts';
import {
  whatsappMessaging,
  whatsappPolicy,
  whatsappUploadPolicy,
} from './adapters/whatsapp/messaging.ts';
import { whatsappTokens } from './adapters/whatsapp/token.ts';
import { ConfigInvalid, isLoopback, loadConfig, type Config } from './config.ts';
import { createEdge } from './http/app.ts';
import { createOps } from './http/ops.ts';
import { serve } from './http/server.ts';
import { readBacklog } from './persistence/backlog.ts';
import { createBlindIndex } from './persistence/blind-index.ts';
import { createConsentRegister } from './persistence/consents.ts';
import { createDataKeys } from './persistence/data-keys.ts';
import { createDesk } from './persistence/desk.ts';
import { createDirectory } from './persistence/directory.ts';
import { createLocalKeyring } from './persistence/keyring.ts';
import { createLeases, fixPartitions } from './persistence/leases.ts';
import { createLedger } from './persistence/ledger.ts';
import { migrate } from './persistence/migrate.ts';
import { createPool } from './persistence/pool.ts';
import { createReceipts } from './persistence/receipts.ts';
import { createSealing } from './persistence/sealing.ts';
import { createTransport } from './streams/transport.ts';
import { createTelemetry, startTracing, type Telemetry } from './telemetry.ts';

/** Everything that was started, to be stopped in the opposite order. */
type Stop = () => Promise<unknown>;

/** SIGTERM to exit. Kubernetes gives 30 s, and a second copy is waiting for our partitions. */
const drainMs = 9_000;
/** Documents live for 180 days; some hours more do not matter. */
const expireEveryMs = 6 * 60 * 60 * 1_000;
/** A loop that has not come round for this long makes the process unready: its blocking reads return every second. */
const stalledMs = 15_000;

const config = settings();
const telemetry = createTelemetry({ level: config.logLevel, processMetrics: true });
const stops: Stop[] = [];

process.on('unhandledRejection', (error) => {
  telemetry.log('error', 'process.unhandled', {}, error);
  process.exit(1); // What state we are in nobody knows; the ledger does.
});
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => void drain(0));

try {
  await start(config, telemetry);
} catch (error) {
  telemetry.log('error', 'process.not-started', {}, error);
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  await drain(1);
}

function settings(): Config {
  try {
    return loadConfig(process.env);
  } catch (error) {
    if (!(error instanceof ConfigInvalid)) throw error;
    process.stderr.write(`${error.message}\n`);
    return process.exit(2);
  }
}

async function start(
  { roles, ...settings }: Config,
  { registry, log, ...more }: Telemetry,
): Promise<void> {
  const { databaseUrl, redisUrl } = await serversOf(settings);
  stops.push(
    await startTracing({
      serviceName: 'patient-cases',
      otlpEndpoint: settings.otlpEndpoint ?? undefined,
    }),
  );

  await migrate(databaseUrl);
  const pool = createPool({ url: databaseUrl, max: 16 });
  stops.push(() => pool.end());
  await fixPartitions(pool, settings.partitions);
  const keyring = createLocalKeyring(
    settings.keyring.map(({ id, key }) => ({ id, key: Buffer.from(key) })),
  );
  const keys = createDataKeys(pool, keyring);
  const digestKey = settings.indexKey;
  const ledger = createLedger({ pool, keys, digestKey, planted: plantedIn(settings.plantedBug) });
  const blindIndex = createBlindIndex([{ id: '1', key: settings.indexKey }]);
  const directory = createDirectory({ pool, keys, keyring, blindIndex, digestKey });
  await directory.setUpTenant(settings.tenant);
  backlogGauges(registry, () => readBacklog(pool));

  const transport = createTransport({
    url: redisUrl,
    onTrouble: (where, error) => log('warn', 'redis.trouble', { reason: where }, error),
  });
  stops.push(() => transport.close());

  await answering(() => transport.ping());

  const sandbox = settings.sandbox ? await sandboxOf(settings) : null;
  const failpoint = failpointOf(settings.failpoint);
  const documents = embeddedStore({
    folder: join(settings.dataDir, 'documents'),
    ...createSealing(keys),
  });
  const kernel = createKernel({
    machines: journeyMachines,
    performers: journeyPerformers({
      ...portsOf(settings, sandbox?.origin ?? null, redisUrl, { registry, log, ...more }),
      documents,
      consents: createConsentRegister({ pool, keyring }),
    }),
    ledger,
    leases: createLeases(pool),
    transport,
    partitions: settings.partitions,
    topics: Object.keys(eventSchemas).filter((type) => type !== 'unknown'),
    leaseMs: settings.leaseMs,
    observer: kernelObserver({ registry, log }),
    failpoint,
  });
  const kernelRoles = roles.filter((role) => role !== 'edge');
  if (kernelRoles.length > 0) kernel.start(kernelRoles);
  stops.push(() => kernel.stop());
  if (roles.includes('timekeeper')) {
    const expire = async () => {
      const expired = await documents.expire(Date.now());
      if (expired > 0) log('info', 'documents.expired', { count: expired });
    };
    const report = (error: unknown) => log('warn', 'documents.not-expired', {}, error);
    const expiring = setInterval(() => void expire().catch(report), expireEveryMs);
    void expire().catch(report); // Also where processes are replaced more often than that.
    stops.push(async () => clearInterval(expiring));
  }

  let draining = false;
  stops.push(async () => {
    draining = true;
  });
  const ops = createOps({
    registry,
    checks: [
      { name: 'postgresql', check: async () => void (await pool.query('select 1')) },
      { name: 'redis', check: () => transport.ping() },
      {
        name: 'loops',
        check: async () => {
          const stalled = Object.entries(kernel.stalledMs()).filter(([, ms]) => ms > stalledMs);
          if (stalled.length > 0)
            throw new Error(`No progress: ${stalled.map(([name]) => name).join(', ')}`);
        },
      },
      {
        name: 'draining',
        check: async () => {
          if (draining) throw new Error('This process is stopping');
        },
      },
    ],
  });
  const opsServer = await serve(ops.callback(), { host: settings.host, port: settings.opsPort });
  stops.unshift(() => opsServer.drain(500)); // Last to go, so that health can be asked to the end.

  if (!roles.includes('edge')) {
    process.stdout.write(`ready ${opsServer.url} (${roles.join(', ')})\n`);
    return;
  }
  const intake = createIntake({
    kernel,
    directory,
    receipts: createReceipts({ pool }),
    languageOf: surelyIn,
    machine: 'case',
  });
  const desk = createDesk({ pool, keys, now: Date.now, mask, say: wordsOf });
  const edge = createEdge({
    intake: settings.plantedBug === 'ack-before-commit' ? ackingTooEarly(intake) : intake,
    desk,
    staffActions: createStaffActions({ kernel, desk }),
    whatsapp: settings.whatsapp,
    stripe: settings.stripe,
    staffTokens: settings.staffTokens,
    registry,
    report: (error, correlationId) => log('error', 'http.unexpected', { correlationId }, error),
    afterCommit: () => void failpoint('edge.after-commit'),
  });
  const edgeServer = await serve(edge.callback(), { host: settings.host, port: settings.port });
  stops.push(() => edgeServer.drain(3_000));
  sandbox?.pointWebhooksAt({
    whatsappUrl: `${edgeServer.url}/webhooks/whatsapp`,
    paymentsUrl: `${edgeServer.url}/webhooks/payments`,
  });
  if (sandbox) await tellDemo(settings.dataDir, { edge: edgeServer.url, sandbox: sandbox.origin });
  process.stdout.write(`ready ${edgeServer.url}\nTry a whole journey: npm run demo\n`);
}

/** Gives a server some time to answer first. One that is down now must not keep us down: what needs it waits for it. */
async function answering(ping: () => Promise<void>): Promise<void> {
  for (let tries = 0; tries < 30; tries++) {
    const answers = await ping().then(
      () => true,
      () => false,
    );
    if (answers) return;
    await delay(100);
  }
}

/** Where `npm run demo` finds the running system, whose sandbox listens on any free port. */
async function tellDemo(
  dataDir: string,
  addresses: { readonly edge: string; readonly sandbox: string },
): Promise<void> {
  await writeFile(join(dataDir, 'running.json'), JSON.stringify(addresses));
}

/** The servers that the settings name; in development our own under DATA_DIR for those they do not. */
async function serversOf(
  settings: Omit<Config, 'roles'>,
): Promise<{ databaseUrl: string; redisUrl: string }> {
  const { databaseUrl, redisUrl } = settings;
  if (databaseUrl !== null && redisUrl !== null) return { databaseUrl, redisUrl };
  const { startLocalServers } = await import('./deploy/local/servers.ts');
  const servers = await startLocalServers(settings);
  stops.push(() => servers.stop());
  return servers;
}

/** Plays the providers that have no settings. Development only: `loadConfig` sees to that. */
async function sandboxOf({ dataDir, whatsapp, stripe, flights }: Omit<Config, 'roles'>) {
  const { startSandbox } = await import('./test/sandbox/sandbox.ts');
  const sandbox = await startSandbox({
    port: 0,
    ledgerFile: join(dataDir, 'sandbox.jsonl'),
    webhooks: {},
    whatsappTemplates: templates(),
    secrets: {
      whatsappAccessToken: whatsapp.token,
      whatsappAppSecret: whatsapp.appSecrets[0] as string,
      duffelToken: flights.duffel.token,
      amadeusClientId: flights.amadeus.clientId,
      amadeusClientSecret: flights.amadeus.clientSecret,
      stripeSecretKey: stripe.secretKey,
      stripeWebhookSecret: stripe.webhookSecrets[0] as string,
    },
  });
  stops.push(() => sandbox.close());
  process.stdout.write(`sandbox ${sandbox.origin}\n`);
  return sandbox;
}

/** An adapter for each port. A provider without an API base is played by the sandbox. */
function portsOf(
  settings: Omit<Config, 'roles'>,
  sandboxOrigin: string | null,
  redisUrl: string,
  telemetry: Telemetry,
) {
  const { whatsapp, stripe, flights, tenant, model, clamav } = settings;
  const dispatcher = providerDispatcher();
  stops.push(() => dispatcher.close());
  const baseOf = (apiBase: string | null) => apiBase ?? sandboxOrigin ?? '';
  const { log } = telemetry;
  const shared = { dispatcher, telemetry };

  const redis = new Redis(redisUrl, { maxRetriesPerRequest: 1, commandTimeout: 1_000 });
  redis.on('error', (error) => log('warn', 'redis.trouble', { reason: 'tokens' }, error));
  stops.push(async () => redis.disconnect());

  const graph = { ...shared, baseUrl: baseOf(whatsapp.apiBase), redis };
  const tokens = whatsappTokens({
    ...graph,
    accessToken: whatsapp.token,
    app:
      whatsapp.appId === null
        ? undefined
        : { id: whatsapp.appId, secret: whatsapp.appSecrets[0] as string },
    now: Date.now,
  });
  const phoneNumberIdOf = (asked: string) =>
    asked === tenant.tenant ? whatsapp.phoneNumberId : undefined;
  const messaging = whatsappMessaging({
    ...graph,
    senderOf: (asked) => {
      const phoneNumberId = phoneNumberIdOf(asked);
      return phoneNumberId === undefined ? undefined : { phoneNumberId };
    },
    tokens,
    limits: whatsapp.limits,
    recipientKey: settings.indexKey,
    policy: callPolicy('whatsapp', whatsappPolicy, log),
    uploadPolicy: callPolicy('whatsapp', whatsappUploadPolicy, log),
    now: Date.now,
    random: Math.random,
  });
  const guard = guardedFetch({
    // Only where Meta itself is played on this machine may a file come from it.
    trustedOrigins:
      !settings.production && isLoopback(graph.baseUrl) ? [new URL(graph.baseUrl).origin] : [],
  });
  stops.push(() => guard.close());
  const media = whatsappMedia({
    ...graph,
    tokenOf: (_tenant, signal) => tokens.get(signal),
    tokenRefused: (token, reason) => tokens.refused(token, reason),
    phoneNumberIdOf,
    guard,
    policy: callPolicy('whatsapp-media', whatsappMediaPolicy, log),
  });
  const virusScan = clamav ? clamavScan(clamav) : noScan();
  const rules = rulesUnderstanding();
  const understanding = model
    ? modelFirst({
        model: chatUnderstanding({
          ...shared,
          ...model,
          policy: callPolicy('chat', chatPolicy, log),
        }),
        rules,
        timeoutMs: 8_000,
        onFallback: (error) => log('warn', 'understanding.fallback', {}, error),
      })
    : rules;
  const conversing = { messaging, media, virusScan, understanding };
  const payments = stripePayments({
    ...shared,
    ...stripe,
    baseUrl: baseOf(stripe.apiBase),
    policy: callPolicy('stripe', stripePolicy, log),
  });
  if (flights.provider === 'duffel') {
    const { apiBase, token } = flights.duffel;
    return {
      ...conversing,
      payments,
      flights: duffelFlights({
        ...shared,
        baseUrl: baseOf(apiBase),
        token,
        policy: callPolicy('duffel', duffelPolicy, log),
      }),
    };
  }
  const { apiBase, ...client } = flights.amadeus;
  const policy = callPolicy('amadeus', amadeusPolicy, log);
  return {
    ...conversing,
    payments,
    flights: amadeusFlights({ ...shared, ...client, baseUrl: baseOf(apiBase), redis, policy }),
  };
}

/** A message's language where its words tell it; a guess would change the language we answer in. */
function surelyIn(text: string): string | null {
  const lang = languageOfText(text);
  return lang !== null && lang.confidence >= 0.8 ? lang.value : null;
}

/**
 * Kills this process when it passes the named failpoint for the n-th time: a crash, at the worst moment. With `pause.`
 * before the name it is stopped there instead, and goes on when somebody sends SIGCONT.
 */
function failpointOf(setting: string | null): Failpoint {
  if (setting === null) return () => undefined;
  const [, pause, name, times = '1'] = /^(pause\.)?([^:]+)(?::(\d+))?$/.exec(setting) ?? [];
  let left = Number(times);
  return (passed) => {
    if (passed === name && --left === 0) process.kill(process.pid, pause ? 'SIGSTOP' : 'SIGKILL');
  };
}

/** A planted bug: answers before anything is stored. */
function ackingTooEarly(intake: Intake): Intake {
  return {
    async receive(deliveries) {
      setTimeout(() => void intake.receive(deliveries).catch(() => undefined), 250);
      return deliveries.map(() => ({ outcome: 'stored' }));
    },
  };
}

function plantedIn(bug: Config['plantedBug']) {
  return { unfenced: bug === 'no-fencing', noDedupe: bug === 'no-dedupe' };
}

/** Stops everything in the opposite order of its start, and ends the process whatever hangs. */
async function drain(code: number): Promise<void> {
  process.removeAllListeners('SIGTERM');
  process.removeAllListeners('SIGINT');
  setTimeout(() => process.exit(code || 1), drainMs).unref();
  for (const stop of stops.toReversed()) {
    await stop().catch((error: unknown) => telemetry.log('warn', 'process.drain', {}, error));
  }
  process.exit(code);
}
