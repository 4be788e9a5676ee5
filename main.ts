/** The composition root: reads the settings, connects, starts the parts of this process's roles, and stops them in order on SIGTERM. */
import { ConfigInvalid, loadConfig, type Config } from './config.ts';
import { onParentGone } from './deploy/local/parent.ts';
import { closeDataFolder } from './deploy/wiring/data-folder.ts';
import { kernelOf } from './deploy/wiring/kernel.ts';
import { openLedger } from './deploy/wiring/ledger.ts';
import { startOps } from './deploy/wiring/ops.ts';
import { problemsBeforeStart } from './deploy/wiring/preflight.ts';
import { providersOf } from './deploy/wiring/providers.ts';
import { answering, connectToRedis } from './deploy/wiring/redis.ts';
import { serversOf } from './deploy/wiring/servers.ts';
import { createShutdown } from './deploy/wiring/shutdown.ts';
import type { System } from './deploy/wiring/system.ts';
import { createTelemetry, startTracing } from './telemetry.ts';

const config = settings();
await preflight(config);
const telemetry = createTelemetry({ level: config.logLevel, processMetrics: true });
const { log } = telemetry;
const shutdown = createShutdown(log);

process.on('unhandledRejection', (error) => {
  log('error', 'process.unhandled', {}, error);
  process.exit(1); // What state we are in nobody knows; the ledger does.
});
// Ctrl+C comes twice under npm, from the terminal and from npm: a drain that has begun goes on.
for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.on(signal, () => void shutdown.drain(0));
}
onParentGone(() => void shutdown.drain(0));

try {
  await start();
} catch (error) {
  if (!shutdown.isDraining) {
    log('error', 'process.not-started', {}, error);
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    await shutdown.drain(1);
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
  const { roles, host, port, opsHost, opsPort } = config;
  const ops = { host: opsHost, hostVariable: 'OPS_HOST', port: opsPort, portVariable: 'OPS_PORT' };
  const edge = { host, hostVariable: 'HOST', port, portVariable: 'PORT' };
  const problems = await problemsBeforeStart({
    ...config,
    addresses: roles.includes('edge') ? [edge, ops] : [ops],
    // In production everything is kept elsewhere.
    dataDir: config.production ? null : config.dataDir,
    migrationDatabaseUrl: config.migratesAtStart ? config.migrationDatabaseUrl : null,
  });
  if (problems.length === 0) return;
  process.stderr.write(`Not started:\n  ${problems.join('\n  ')}\n`);
  process.exit(2);
}

/** Everything of a role is loaded when it is this process's: the others cost it neither time nor memory. */
async function start(): Promise<void> {
  const { roles } = config;
  await closeDataFolder(config.dataDir, !config.production);
  const servers = await serversOf(config, shutdown);
  shutdown.onStop(
    await startTracing({
      serviceName: 'patient-cases',
      otlpEndpoint: config.otlpEndpoint ?? undefined,
    }),
  );
  const ledger = await openLedger(servers.databaseUrl, config, telemetry, shutdown);
  const redis = connectToRedis(servers.redisUrl, log, shutdown);
  const sandbox = await sandboxIfPlayed(servers.archive);
  await answering(redis);

  let edgeUrl = `http://${config.host}:${config.port}`;
  const system: System = {
    config,
    telemetry,
    shutdown,
    ledger,
    redis,
    archive: servers.archive,
    sandboxOrigin: sandbox?.origin ?? '',
    edgeUrl: () => edgeUrl,
  };
  const providers = await providersOf(system);
  const timekeeper = roles.includes('timekeeper')
    ? await import('./deploy/wiring/timekeeper.ts')
    : null;
  await timekeeper?.startCheckpoints(system); // Its last round follows the kernel's last commit.
  const kernel = kernelOf(system, providers.ports);
  const kernelRoles = roles.filter((role) => role !== 'edge');
  if (kernelRoles.length > 0) kernel.start(kernelRoles);
  shutdown.onStop(() => kernel.stop());

  let publisherStalledMs = () => 0;
  const ops = await startOps(system, () => ({
    ...kernel.stalledMs(),
    publisher: publisherStalledMs(),
  }));
  if (timekeeper !== null) {
    publisherStalledMs = timekeeper.startTimekeeping(system, providers, kernel).stalledMs;
  }
  if (roles.includes('edge')) {
    const { startEdge } = await import('./deploy/wiring/edge.ts');
    edgeUrl = (await startEdge(system, providers, kernel)).url;
    await sandbox?.serveEdge(edgeUrl);
    process.stdout.write(`ready ${edgeUrl}\nTry a whole journey: npm run demo\n`);
  } else {
    process.stdout.write(`ready ${ops.url} (${roles.join(', ')})\n`);
  }
  servers.startOptional();
  if (roles.includes('performers'))
    await providers.loadForMessages().catch((error: unknown) => {
      log('warn', 'providers.not-loaded', {}, error); // Whoever needs them first tries again.
    });
}

async function sandboxIfPlayed(archive: System['archive']) {
  if (!config.sandbox) return null;
  const { sandboxOf } = await import('./deploy/wiring/sandbox.ts');
  return sandboxOf(config, archive, shutdown);
}
