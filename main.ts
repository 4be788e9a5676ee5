/** The composition root: reads the settings, wires ports to edges, starts the roles, and drains them on SIGTERM. */
import { randomUUID } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

import type pg from 'pg';

import { ProviderRefused } from './actors/errors.ts';
import { createIntake } from './actors/intake.ts';
import { createKernel } from './actors/kernel/kernel.ts';
import { mask } from './actors/masking/mask.ts';
import { backlogGauges, kernelObserver, waitingTags } from './actors/observe.ts';
import { journeyOutward } from './actors/outward/publications.ts';
import { createDocumentLinks, type DocumentLinks } from './actors/performers/document-links.ts';
import {
  journeyMachines,
  journeyPerformers,
  journeyWaitingOf,
  wordsOf,
} from './actors/performers/journey.ts';
import { modelFirst } from './actors/performers/understanding.ts';
import type { ClinicPort } from './actors/ports/clinic.ts';
import type { ClinicalPort } from './actors/ports/clinical.ts';
import type { DocumentStore, ServedDocuments } from './actors/ports/documents.ts';
import type { ImagingPort } from './actors/ports/imaging.ts';
import type { VisionPort } from './actors/ports/vision.ts';
import { runEvery } from './actors/reconciliation/rounds.ts';
import { withClinicRecords } from './actors/staff/clinical-review.ts';
import { reviewOf } from './actors/staff/review-view.ts';
import { createStaffActions } from './actors/staff/staff-actions.ts';
import { tripOf } from './actors/staff/waiting-view.ts';
import { templates } from './actors/texts/texts.ts';
import { amadeusFlights, amadeusPolicy } from './adapters/amadeus/flights.ts';
import { chatPolicy, chatUnderstanding } from './adapters/chat-completions/understanding.ts';
import { clamavScan, noScan } from './adapters/clamav/scan.ts';
import { doktor365Clinic, doktor365Policy } from './adapters/doktor365/clinic.ts';
import { duffelFlights, duffelPolicy } from './adapters/duffel/flights.ts';
import { embeddedStore } from './adapters/embedded-store/documents.ts';
import { embeddedLinks } from './adapters/embedded-store/links.ts';
import { fhirClinical } from './adapters/fhir/clinical.ts';
import { fhirPolicy } from './adapters/fhir/requests.ts';
import { guardedFetch } from './adapters/guarded-fetch.ts';
import { providerDispatcher } from './adapters/http.ts';
import { redisLinkUses } from './adapters/link-uses.ts';
import { minioDocuments, minioPolicy } from './adapters/minio/documents.ts';
import { orthancImaging, orthancJobPolicy, orthancPolicy } from './adapters/orthanc/imaging.ts';
import { callPolicy } from './adapters/policy.ts';
import { languageOfText } from './adapters/rules/language.ts';
import { rulesUnderstanding } from './adapters/rules/understanding.ts';
import { redisSeenRequests } from './adapters/seen-requests.ts';
import { createTokenEncryption, type TokenEncryption } from './adapters/token-encryption.ts';
import { httpVision, visionPolicy } from './adapters/vision/vision.ts';
import { whatsappMedia, whatsappMediaPolicy } from './adapters/whatsapp/media.ts';
import {
  whatsappMessaging,
  whatsappPolicy,
  whatsappUploadPolicy,
} from './adapters/whatsapp/messaging.ts';
import { whatsappTokens } from './adapters/whatsapp/token.ts';
import {
  ConfigInvalid,
  DEVELOPMENT_SECRETS,
  isLoopback,
  loadConfig,
  type Config,
} from './config.ts';
import { onParentGone } from './deploy/local/parent.ts';
import { checkpointStoreOf } from './deploy/wiring/checkpoint-store.ts';
import { closeDataFolder } from './deploy/wiring/data-folder.ts';
import { checkDatabase, workingDatabaseUrl } from './deploy/wiring/database.ts';
import { failuresOf } from './deploy/wiring/failures.ts';
import { readinessChecks } from './deploy/wiring/health.ts';
import { efaturaOf, invoiceArchiveOf } from './deploy/wiring/invoices.ts';
import { openKeys } from './deploy/wiring/keys.ts';
import { publisherOf } from './deploy/wiring/outward.ts';
import { paymentsOf } from './deploy/wiring/payments.ts';
import { problemsBeforeStart } from './deploy/wiring/preflight.ts';
import { reconcilerOf } from './deploy/wiring/reconciler.ts';
import { createEdge } from './http/app.ts';
import { returnAddress } from './http/patients/payment-return.ts';
import { clientAddresses } from './http/server/client-address.ts';
import { createOps, type ReadinessCheck } from './http/server/ops.ts';
import { serve } from './http/server/serve.ts';
import { createCheckpointer } from './persistence/audit/checkpoints.ts';
import { createConsentRegister } from './persistence/cases/consents.ts';
import { createDesk } from './persistence/cases/views.ts';
import { createReceipts } from './persistence/contacts/delivery-status.ts';
import { createDirectory } from './persistence/contacts/directory.ts';
import { createLeases, fixPartitions } from './persistence/database/leases.ts';
import { createLocks } from './persistence/database/locks.ts';
import { createPool } from './persistence/database/pool.ts';
import { routeTo } from './persistence/database/route.ts';
import type { DataKeys } from './persistence/encryption/data-keys.ts';
import { createDocumentEncryption } from './persistence/encryption/documents.ts';
import { createBooks } from './persistence/finance/books.ts';
import { createMoneyDesk } from './persistence/finance/views.ts';
import { readBacklog } from './persistence/ledger/backlog.ts';
import { createLedger } from './persistence/ledger/ledger.ts';
import { connectRedis, type RedisClient } from './streams/connection.ts';
import { createTransport } from './streams/transport.ts';
import { createTelemetry, startTracing, type Telemetry } from './telemetry.ts';

/** Everything that was started, to be stopped in the opposite order. */
type Stop = () => Promise<unknown>;

type Settings = Omit<Config, 'roles'>;
type Server = Awaited<ReturnType<typeof serve>>;

/** An image archive, wherever it is. */
interface Archive {
  readonly baseUrl: string;
  readonly username: string;
  readonly password: string;
  readonly dicomWebUrl: string;
}

/** Documents, and what only a store without a server of its own needs of us. */
interface Documents {
  readonly store: DocumentStore;
  readonly served?: ServedDocuments;
  readonly expire?: (now: number) => Promise<number>;
}

/** SIGTERM to exit. Kubernetes gives 30 s, and a second copy is waiting for our partitions. */
const drainMs = 9_000;
/** Documents live for 180 days; some hours more do not matter. */
const expireEveryMs = 6 * 60 * 60 * 1_000;

const config = settings();
await preflight(config);
const telemetry = createTelemetry({ level: config.logLevel, processMetrics: true });
const stops: Stop[] = [];
/** What takes its time and holds up nobody: begun first, waited for last. */
const slowStops: Stop[] = [];
let isDraining = false;

process.on('unhandledRejection', (error) => {
  telemetry.log('error', 'process.unhandled', {}, error);
  process.exit(1); // What state we are in nobody knows; the ledger does.
});
// Ctrl+C comes twice under npm, from the terminal and from npm: a drain that has begun goes on.
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => void drain(0));
onParentGone(() => void drain(0));

try {
  await start(config, telemetry);
} catch (error) {
  if (!isDraining) {
    telemetry.log('error', 'process.not-started', {}, error);
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    await drain(1);
  }
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

/** Ends the process with a line for each thing that would have stopped the start half way. */
async function preflight(config: Config): Promise<void> {
  const { roles, host, port, opsHost, opsPort, ...settings } = config;
  const ops = { host: opsHost, hostVariable: 'OPS_HOST', port: opsPort, portVariable: 'OPS_PORT' };
  const edge = { host, hostVariable: 'HOST', port, portVariable: 'PORT' };
  const problems = await problemsBeforeStart({
    ...settings,
    addresses: roles.includes('edge') ? [edge, ops] : [ops],
    // In production everything is kept elsewhere.
    dataDir: settings.production ? null : settings.dataDir,
    migrationDatabaseUrl: settings.migratesAtStart ? settings.migrationDatabaseUrl : null,
  });
  if (problems.length === 0) return;
  process.stderr.write(`Not started:\n  ${problems.join('\n  ')}\n`);
  process.exit(2);
}

async function start({ roles, ...settings }: Config, telemetry: Telemetry): Promise<void> {
  const { registry, log } = telemetry;
  await closeDataFolder(settings.dataDir, !settings.production);
  const {
    databaseUrl: served,
    redisUrl,
    archive,
    startOptional,
  } = await serversOf(roles, settings);
  stops.push(
    await startTracing({
      serviceName: 'patient-cases',
      otlpEndpoint: settings.otlpEndpoint ?? undefined,
    }),
  );

  const databaseUrl = await workingDatabaseUrl(served, settings);
  const route = await routeTo(databaseUrl);
  const pool = createPool({ url: databaseUrl, max: 16, route });
  stops.push(() => pool.end());
  await checkDatabase(pool, settings);
  const { keyring, keys, blindIndex, digestKey } = await openKeys(pool, settings);
  await fixPartitions(pool, settings.partitions);
  const ledger = createLedger({ pool, keys, digestKey });
  const directory = createDirectory({ pool, keys, keyring, blindIndex, digestKey });
  await directory.setUpTenant(settings.tenant);
  backlogGauges(registry, () => readBacklog(pool, waitingTags));

  const transport = createTransport({
    url: redisUrl,
    onTrouble: (where, error) => log('warn', 'redis.trouble', { reason: where }, error),
  });
  stops.push(() => transport.close());

  const sandbox = settings.sandbox ? await sandboxOf(settings, archive) : null;
  const sharedRedis = connectRedis({
    url: redisUrl,
    onTrouble: (error) => log('warn', 'redis.trouble', { reason: 'shared' }, error),
  });
  stops.push(async () => sharedRedis.close());
  const redis = sharedRedis.client;
  await answering(() => Promise.all([transport.ping(), sharedRedis.probe()]));
  const { host, port } = settings;
  let edgeUrl = `http://${host}:${port}`;
  const documents = documentsOf(settings, keys, () => edgeUrl, telemetry);
  const dispatcher = providerDispatcher();
  stops.push(() => dispatcher.close());
  const shared: Shared = {
    dispatcher,
    telemetry,
    encryption: createTokenEncryption(settings.keyring),
    sandboxOrigin: sandbox?.origin ?? '',
  };
  const { payments, providers, books } = paymentsOf({
    ...shared,
    settings,
    returnTo: (provider) =>
      returnAddress(() => settings.publicUrl ?? edgeUrl, settings.documents.linkKeys, provider),
  });
  const invoiceArchive = invoiceArchiveOf({ settings, keyring, telemetry });
  const links = linksOf(settings, redis);
  // Its last round follows the kernel's last commit.
  if (roles.includes('timekeeper')) checkpointRegularly(settings, pool, telemetry);
  const ports = await portsOf(settings, archive, redis, shared);
  const kernel = createKernel({
    machines: journeyMachines,
    performers: journeyPerformers({
      ...ports,
      payments,
      books: createBooks({ pool }),
      efatura: efaturaOf({ ...shared, settings, pool, keyring }, invoiceArchive),
      now: Date.now,
      store: documents.store,
      documents: documents.store,
      links,
      uploadPage: (token) =>
        `${settings.documents.uploadPageUrl ?? `${edgeUrl}/docs-visa`}#${token}`,
      consents: createConsentRegister({ pool, keyring }),
    }),
    ledger,
    leases: createLeases(pool),
    transport,
    partitions: settings.partitions,
    outward: journeyOutward,
    leaseMs: settings.leaseMs,
    observer: kernelObserver({ registry, log }),
  });
  const kernelRoles = roles.filter((role) => role !== 'edge');
  if (kernelRoles.length > 0) kernel.start(kernelRoles);
  stops.push(() => kernel.stop());

  const watching = new AbortController();
  stops.push(async () => watching.abort());
  let publisherStalledMs = () => 0;
  const stalledMs = () => ({ ...kernel.stalledMs(), publisher: publisherStalledMs() });
  const checked = { pool, transport, redis: sharedRedis, stalledMs, registry, log };
  const checks = await readinessChecks(checked, watching.signal);
  const opsServer = await serveOps(settings, registry, checks);
  const intake = createIntake({
    kernel,
    directory,
    receipts: createReceipts({ pool }),
    languageOf: surelyIn,
    machine: 'case',
    isInvoicing: settings.efatura !== null,
    outward: { mask, message: settings.outward.message },
  });
  if (roles.includes('timekeeper')) {
    expireRegularly(documents, log);
    const invoicedTenants = settings.efatura === null ? [] : [settings.tenant.tenant];
    const reconciler = reconcilerOf({
      pool,
      providers,
      paymentBooks: books,
      intake,
      log,
      invoicedTenants,
    });
    const locks = createLocks({ url: databaseUrl });
    reconcileRegularly({ reconciler, locks, now: Date.now, random: Math.random, log });
    const publisher = publisherOf({ settings, pool, keys, redis, registry, log });
    publisherStalledMs = publisher.stalledMs;
    stops.push(() => publisher.stop());
  }
  if (!roles.includes('edge')) {
    process.stdout.write(`ready ${opsServer.url} (${roles.join(', ')})\n`);
    startOptional();
    return;
  }
  const desk = createDesk({
    pool,
    keys,
    now: Date.now,
    mask,
    say: wordsOf,
    reviewOf,
    waitingOf: journeyWaitingOf,
    tripOf,
    blindIndex,
  });
  const addresses = clientAddresses(settings.trustedProxies);
  const edge = createEdge({
    addresses,
    isHttps: settings.publicUrl?.startsWith('https:') === true,
    ...(settings.securityContacts.length === 0
      ? {}
      : {
          security: { contacts: settings.securityContacts, publicUrl: settings.publicUrl },
        }),
    intake,
    desk: withClinicRecords(desk, ports),
    staffActions: createStaffActions({ kernel, desk }),
    whatsapp: settings.whatsapp,
    seen: redisSeenRequests(redis),
    stripe: settings.stripe,
    ...(settings.iyzico === null
      ? {}
      : {
          iyzico: {
            webhookSecrets: settings.iyzico.secretKeys,
            merchantId: settings.iyzico.merchantId,
          },
        }),
    ...(settings.efaturaWebhookSecrets.length === 0
      ? {}
      : { efatura: { webhookSecrets: settings.efaturaWebhookSecrets } }),
    paymentReturn: { keys: settings.documents.linkKeys },
    failures: failuresOf({ settings, pool, keyring, kernel, intake, desk, mask, now: Date.now }),
    money: { desk: createMoneyDesk({ pool, desk }), archive: invoiceArchive },
    staffTokens: settings.staffTokens,
    documents: {
      ...documents,
      links,
      bucket: settings.documents.bucket,
      webhookTokens: settings.documents.webhookTokens,
      tenantOf: (caseId) => tenantOf(keys, caseId),
    },
    registry,
    report: (error, correlationId) => log('error', 'http.unexpected', { correlationId }, error),
  });
  const edgeServer = await serve(edge.callback(), { host, port }, {}, addresses);
  edgeUrl = edgeServer.url;
  stops.push(() => edgeServer.drain(3_000));
  sandbox?.pointWebhooksAt({
    whatsappUrl: `${edgeServer.url}/webhooks/whatsapp`,
    paymentsUrl: `${edgeServer.url}/webhooks/payments`,
    efaturaUrl: `${edgeServer.url}/webhooks/efatura`,
  });
  if (sandbox) {
    const orthanc = archive.then(
      (own) => own && { origin: own.baseUrl, username: own.username, password: own.password },
    );
    const { origin } = sandbox;
    const addresses = { edge: edgeServer.url, sandbox: origin };
    await tellDemo(settings.dataDir, { ...addresses, imaging: 'starting', orthanc: null });
    void orthanc.then(async (started) =>
      tellDemo(settings.dataDir, {
        ...addresses,
        imaging: started === null ? 'off' : 'on',
        orthanc: started,
      }),
    );
  }
  process.stdout.write(`ready ${edgeServer.url}\nTry a whole journey: npm run demo\n`);
  startOptional();
}

/** Health and metrics. Unready as soon as one of `checks` throws, or we drain. */
async function serveOps(
  { opsHost, opsPort }: Settings,
  registry: Telemetry['registry'],
  checks: readonly ReadinessCheck[],
): Promise<Server> {
  let draining = false;
  stops.push(async () => {
    draining = true;
  });
  const goingOn = async () => {
    if (draining) throw new Error('This process is stopping');
  };
  const ops = createOps({
    registry,
    checks: [...checks, { name: 'draining', check: goingOn }],
  });
  const server = await serve(ops.callback(), { host: opsHost, port: opsPort });
  stops.unshift(() => server.drain(500)); // Last to go, so that health can be asked to the end.
  return server;
}

/** An object store forgets what is too old by itself; ours has to be told. */
function expireRegularly({ expire }: Documents, log: Telemetry['log']): void {
  if (expire === undefined) return;
  const round = async () => {
    const expired = await expire(Date.now());
    if (expired > 0) log('info', 'documents.expired', { count: expired });
  };
  const report = (error: unknown) => log('warn', 'documents.not-expired', {}, error);
  const expiring = setInterval(() => void round().catch(report), expireEveryMs);
  void round().catch(report); // Also where processes are replaced more often than that.
  stops.push(async () => clearInterval(expiring));
}

/** Signs how far the audit trail goes, every minute, where whoever writes to the database can't reach. */
function checkpointRegularly({ audit }: Settings, pool: pg.Pool, telemetry: Telemetry): void {
  const ending = new AbortController();
  const { log } = telemetry;
  const checkpointer = createCheckpointer({
    pool,
    store: checkpointStoreOf(audit, telemetry),
    signingKey: audit.signingKey,
    publicKeys: audit.publicKeys,
    now: Date.now,
    random: Math.random,
    onRound: ({ chains, store }) => {
      if (chains.length + store.length > 0)
        log('error', 'audit.broken', { reason: [...chains, ...store].map(String).join(' ') });
    },
    onFailure: (error) => log('warn', 'audit.not-checkpointed', {}, error),
  });
  const running = checkpointer.run(ending.signal);
  stops.push(async () => {
    ending.abort();
    await running;
  });
}

function reconcileRegularly(rounds: Parameters<typeof runEvery>[0]): void {
  const ending = new AbortController();
  const running = runEvery(rounds, ending.signal);
  stops.push(async () => {
    ending.abort();
    await running;
  });
}

/** A case has its key from its first event until it is erased. */
async function tenantOf(keys: DataKeys, caseId: string): Promise<string | null> {
  return (await keys.load([caseId])).known.get(caseId)?.tenant ?? null;
}

/** Gives a server some time to answer first. One that is down now must not keep us down: what needs it waits for it. */
async function answering(ping: () => Promise<unknown>): Promise<void> {
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
  addresses: {
    readonly edge: string;
    readonly sandbox: string;
    readonly imaging: 'starting' | 'on' | 'off';
    readonly orthanc: {
      readonly origin: string;
      readonly username: string;
      readonly password: string;
    } | null;
  },
): Promise<void> {
  await writeFile(join(dataDir, 'running.json'), JSON.stringify(addresses), { mode: 0o600 });
}

/**
 * The servers that the settings name; in development our own under DATA_DIR for those they do not. An archive of our own
 * comes after `startOptional`; null when there is none.
 */
async function serversOf(
  roles: Config['roles'],
  settings: Settings,
): Promise<{
  databaseUrl: string;
  redisUrl: string;
  archive: Promise<Archive | null>;
  startOptional: () => void;
}> {
  const { databaseUrl, redisUrl, orthanc, dataDir } = settings;
  const given = Promise.resolve(orthanc.kind === 'server' ? orthanc : null);
  const wanted = orthanc.kind === 'own' && roles.includes('performers');
  if (databaseUrl !== null && redisUrl !== null && !wanted) {
    return { databaseUrl, redisUrl, archive: given, startOptional: () => undefined };
  }
  const { localServers } = await import('./deploy/local/servers.ts');
  const servers = localServers({ databaseUrl, redisUrl, dataDir, orthanc: wanted });
  stops.push(() => servers.stop());
  slowStops.push(() => servers.stopOrthanc());
  const addresses = await servers.start();
  const own = servers.orthanc.then(
    (server) =>
      server && {
        baseUrl: server.origin,
        username: server.username,
        password: server.password,
        dicomWebUrl: `${server.origin}/dicom-web`,
      },
  );
  return {
    ...addresses,
    archive: wanted ? own : given,
    startOptional: () => servers.startOptional(),
  };
}

/** Plays the providers that have no settings. Development only: `loadConfig` sees to that. */
async function sandboxOf(
  { dataDir, whatsapp, stripe, iyzico, efatura, efaturaWebhookSecrets, flights }: Settings,
  archive: Promise<Archive | null>,
) {
  const { startSandbox } = await import('./test/sandbox/sandbox.ts');
  const seen: { archive: Archive | null } = { archive: null };
  void archive.then((started) => (seen.archive = started));
  const sandbox = await startSandbox({
    port: 0,
    ledgerFile: join(dataDir, 'sandbox.jsonl'),
    webhooks: {},
    whatsappTemplates: templates(),
    // Asked at each study, because an archive of our own starts later than the sandbox.
    visionArchive: {
      get origin() {
        return seen.archive === null ? '' : new URL(seen.archive.dicomWebUrl).origin;
      },
      get username() {
        return seen.archive?.username ?? '';
      },
      get password() {
        return seen.archive?.password ?? '';
      },
    },
    secrets: {
      fhirClientId: DEVELOPMENT_SECRETS.FHIR_CLIENT_ID,
      fhirClientSecret: DEVELOPMENT_SECRETS.FHIR_CLIENT_SECRET,
      visionApiKey: DEVELOPMENT_SECRETS.VISION_API_KEY,
      doktor365Clients: {
        [DEVELOPMENT_SECRETS.DOKTOR365_CLIENT_ID]: DEVELOPMENT_SECRETS.DOKTOR365_CLIENT_SECRET,
      },
      whatsappAccessToken: whatsapp.token,
      whatsappAppSecret: whatsapp.appSecrets[0] as string,
      duffelToken: flights.duffel.token,
      amadeusClientId: flights.amadeus.clientId,
      amadeusClientSecret: flights.amadeus.clientSecret,
      stripeSecretKey: stripe.secretKey,
      stripeWebhookSecret: stripe.webhookSecrets[0] as string,
      ...(iyzico === null
        ? {}
        : { iyzicoApiKey: iyzico.apiKey, iyzicoSecretKey: iyzico.secretKeys[0] as string }),
      ...(efatura === null ? {} : { nilveraApiKey: efatura.apiKey }),
      efaturaWebhookSecret: efaturaWebhookSecrets[0] ?? '',
    },
  });
  stops.push(() => sandbox.close());
  process.stdout.write(`sandbox ${sandbox.origin}\n`);
  return sandbox;
}

/** Where documents are: in the bucket that the settings name, else on the disk under DATA_DIR. */
function documentsOf(
  { documents, dataDir }: Settings,
  keys: DataKeys,
  edgeUrl: () => string,
  telemetry: Telemetry,
): Documents {
  const { s3, bucket, linkKeys, publicUrl } = documents;
  if (s3 !== null) {
    const policy = callPolicy('minio', minioPolicy, telemetry.log);
    return { store: minioDocuments({ ...s3, bucket, policy, telemetry }) };
  }
  const disk = embeddedStore({
    folder: join(dataDir, 'documents'),
    ...createDocumentEncryption(keys),
  });
  const store = embeddedLinks({
    store: disk,
    bucket,
    edgeUrl: () => publicUrl ?? edgeUrl(),
    keys: linkKeys,
  });
  return { store, served: store, expire: (now) => disk.expire(now) };
}

function linksOf({ documents }: Settings, redis: RedisClient): DocumentLinks {
  const uses = redisLinkUses(redis);
  return createDocumentLinks({ keys: documents.linkKeys, uses, newId: randomUUID, now: Date.now });
}

/** What every adapter of a provider is made with. */
interface Shared {
  readonly dispatcher: ReturnType<typeof providerDispatcher>;
  readonly telemetry: Telemetry;
  /** Of providers' tokens in Redis. */
  readonly encryption: TokenEncryption;
  /** Empty where no provider is played. */
  readonly sandboxOrigin: string;
}

/** The clinic's own systems. A tenant may have none of them: then what asks them fails, and staff see why. */
async function clinicOf(
  settings: Settings,
  archive: Promise<Archive | null>,
  redis: RedisClient,
  shared: Shared,
): Promise<{
  imaging: ImagingPort;
  vision: VisionPort;
  clinical: ClinicalPort;
  clinic: ClinicPort;
}> {
  const { fhir, vision, doktor365, tenant } = settings;
  const { sandboxOrigin } = shared;
  const { log } = shared.telemetry;
  return {
    imaging: await imagingOf(settings, archive, shared),
    vision:
      vision === null
        ? refusing('vision', ['analyse'])
        : httpVision({
            ...shared,
            baseUrl: vision.apiBase ?? sandboxOrigin,
            apiKey: vision.apiKey,
            policy: callPolicy('vision', visionPolicy, log),
          }),
    clinical:
      fhir === null
        ? refusing('fhir', ['findPatient', 'readPatient', 'observations', 'imagingStudies'])
        : fhirClinical({
            ...shared,
            servers: new Map([
              [
                tenant.tenant,
                {
                  baseUrl: fhir.apiBase ?? `${sandboxOrigin}/fhir`,
                  auth: fhir.auth,
                  policy: callPolicy('fhir', fhirPolicy, log),
                },
              ],
            ]),
            redis,
            now: Date.now,
          }),
    clinic:
      doktor365 === null
        ? refusing('doktor365', ['deal', 'sendFlights', 'itinerary'])
        : doktor365Clinic({
            ...shared,
            baseUrl: doktor365.apiBase ?? `${sandboxOrigin}/doktor365`,
            credentialsOf: (asked) => (asked === tenant.tenant ? doktor365 : undefined),
            redis,
            policy: callPolicy('doktor365', doktor365Policy, log),
          }),
  };
}

async function imagingOf(
  { orthanc }: Settings,
  archive: Promise<Archive | null>,
  shared: Shared,
): Promise<ImagingPort> {
  const { log } = shared.telemetry;
  const imagingOn = (server: Archive) =>
    orthancImaging({
      ...shared,
      ...server,
      policy: callPolicy('orthanc', orthancPolicy, log),
      jobPolicy: callPolicy('orthanc', orthancJobPolicy, log),
    });
  if (orthanc.kind === 'server') return imagingOn(orthanc);
  if (orthanc.kind === 'own') {
    const { imagingOnceStarted } = await import('./deploy/local/imaging.ts');
    return imagingOnceStarted(archive.then((server) => server && imagingOn(server)));
  }
  return refusing('orthanc', [
    'studies',
    'anonymise',
    'lookup',
    'inspect',
    'instanceIds',
    'readInstance',
    'remove',
  ]);
}

/** The port of a provider that this installation has none of. */
function refusing<Method extends string>(
  provider: string,
  methods: readonly Method[],
): Record<Method, () => Promise<never>> {
  const refuse = async () => {
    throw new ProviderRefused(provider, 'not_configured');
  };
  return Object.fromEntries(methods.map((method) => [method, refuse])) as Record<
    Method,
    typeof refuse
  >;
}

/** An adapter for each port. A provider without an API base is played by the sandbox. */
async function portsOf(
  settings: Settings,
  archive: Promise<Archive | null>,
  redis: RedisClient,
  shared: Shared,
) {
  const { whatsapp, flights, tenant, model, clamav } = settings;
  const { sandboxOrigin, telemetry } = shared;
  const baseOf = (apiBase: string | null) => apiBase ?? sandboxOrigin;
  const { log } = telemetry;

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
    policy: callPolicy('whatsapp', whatsappMediaPolicy, log),
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
  const clinical = await clinicOf(settings, archive, redis, shared);
  const conversing = { ...clinical, messaging, media, virusScan, understanding };
  if (flights.provider === 'duffel') {
    const { apiBase, token } = flights.duffel;
    return {
      ...conversing,
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
    flights: amadeusFlights({ ...shared, ...client, baseUrl: baseOf(apiBase), redis, policy }),
  };
}

/** A message's language where its words tell it; a guess would change the language we answer in. */
function surelyIn(text: string): string | null {
  const lang = languageOfText(text);
  return lang !== null && lang.confidence >= 0.8 ? lang.value : null;
}

/** Stops everything in the opposite order of its start, and ends the process whatever hangs. Called again, it changes nothing. */
async function drain(code: number): Promise<void> {
  if (isDraining) return;
  isDraining = true;
  setTimeout(() => process.exit(code || 1), drainMs).unref();
  const trouble = (error: unknown) => telemetry.log('warn', 'process.drain', {}, error);
  const slow = slowStops.map(async (stop) => stop().catch(trouble));
  for (const stop of stops.toReversed()) await stop().catch(trouble);
  await Promise.all(slow);
  process.exit(code);
}
