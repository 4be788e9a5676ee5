import type { Kernel } from '../../actors/kernel/kernel.ts';
import { runEvery } from '../../actors/reconciliation/rounds.ts';
import { createCheckpointer } from '../../persistence/audit/checkpoints.ts';
import { createLocks } from '../../persistence/database/locks.ts';
import { checkpointStoreOf } from './checkpoint-store.ts';
import type { Documents } from './documents.ts';
import { intakeOf } from './intake.ts';
import { publisherOf } from './outward.ts';
import type { Providers } from './providers.ts';
import { reconcilerOf } from './reconciler.ts';
import type { Shutdown } from './shutdown.ts';
import type { System } from './system.ts';

/** Documents live for 180 days; some hours more do not matter. */
const expireEveryMs = 6 * 60 * 60 * 1_000;

/** Signs how far the audit trail goes, every minute, where whoever writes to the database can't reach. */
export async function startCheckpoints({
  config,
  ledger,
  telemetry,
  shutdown,
}: System): Promise<void> {
  const { audit } = config;
  const { log } = telemetry;
  const checkpointer = createCheckpointer({
    pool: ledger.pool,
    store: await checkpointStoreOf(audit, telemetry),
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
  runUntilStopped(shutdown, (signal) => checkpointer.run(signal));
}

/**
 * What happens by the clock, besides the kernel's timers: documents expire, our books are compared with the providers', and
 * what waits for other services is published. Answers how long ago the publisher's loop came round.
 */
export function startTimekeeping(
  system: System,
  { documents, payments }: Providers,
  kernel: Kernel,
): { readonly stalledMs: () => number } {
  const { config, ledger, redis, telemetry, shutdown } = system;
  const { registry, log } = telemetry;
  const { pool, keys } = ledger;
  expireRegularly(documents, log, shutdown);
  const reconciler = reconcilerOf({
    pool,
    providers: payments.providers,
    paymentBooks: payments.books,
    intake: intakeOf(system, kernel),
    log,
    invoicedTenants: config.efatura === null ? [] : [config.tenant.tenant],
  });
  const locks = createLocks({ url: ledger.url });
  const rounds = { reconciler, locks, now: Date.now, random: Math.random, log };
  runUntilStopped(shutdown, (signal) => runEvery(rounds, signal));
  const { client } = redis.shared;
  const publisher = publisherOf({ settings: config, pool, keys, redis: client, registry, log });
  shutdown.onStop(() => publisher.stop());
  return publisher;
}

function runUntilStopped(shutdown: Shutdown, run: (signal: AbortSignal) => Promise<void>): void {
  const ending = new AbortController();
  const running = run(ending.signal);
  shutdown.onStop(async () => {
    ending.abort();
    await running;
  });
}

/** An object store forgets what is too old by itself; ours has to be told. */
function expireRegularly(
  { expire }: Documents,
  log: System['telemetry']['log'],
  shutdown: Shutdown,
): void {
  if (expire === undefined) return;
  const round = async () => {
    const expired = await expire(Date.now());
    if (expired > 0) log('info', 'documents.expired', { count: expired });
  };
  const report = (error: unknown) => log('warn', 'documents.not-expired', {}, error);
  const expiring = setInterval(() => void round().catch(report), expireEveryMs);
  void round().catch(report); // Also where processes are replaced more often than that.
  shutdown.onStop(async () => clearInterval(expiring));
}
