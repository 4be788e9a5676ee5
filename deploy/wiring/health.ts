import { setInterval, setTimeout as delay } from 'node:timers/promises';

import type pg from 'pg';
import type { Registry } from 'prom-client';

import type { ReadinessCheck } from '../../http/server/ops.ts';
import { databaseClock, takesEvents } from '../../persistence/database/ready.ts';
import type { RedisConnection } from '../../streams/connection.ts';
import type { RedisTransport } from '../../streams/transport.ts';
import type { Log } from '../../telemetry.ts';
import { watchClock } from './clock.ts';

/** A loop that has not come round for this long makes the process unready: its blocking reads return every second. */
const mostMs = 15_000;
const compareClocksMs = 10_000;
/** For the first comparison: a database that is slow to answer must not hold up the start. */
const startMs = 2_000;

/** What this process works with, whatever its roles are. */
interface Dependencies {
  readonly pool: pg.Pool;
  readonly transport: RedisTransport;
  /** Limits, tokens, seen requests. */
  readonly redis: RedisConnection;
  /** ms since each loop of its work came round, by the loop's name. */
  readonly stalledMs: () => Readonly<Record<string, number>>;
  readonly registry: Registry;
  readonly log: Log;
}

/**
 * What has to be well for this process to get work: each server by the connections that the work itself uses, and by
 * what the work asks of them. Compares the clocks first, and from then on until `signal` aborts.
 */
export async function readinessChecks(
  { pool, transport, redis, stalledMs, registry, log }: Dependencies,
  signal: AbortSignal,
): Promise<ReadinessCheck[]> {
  const clock = watchClock({
    databaseClock: () => databaseClock(pool),
    registry,
    log,
    now: Date.now,
  });
  const compare = async () =>
    clock.compare().catch((error: unknown) => log('warn', 'clock.not-compared', {}, error));
  await Promise.race([compare(), delay(startMs, undefined, { ref: false })]);
  void compareRegularly(compare, signal);
  return [
    { name: 'postgresql', check: async () => takesEvents(pool) },
    { name: 'redis', check: () => transport.ping() },
    { name: 'redis-shared', check: () => redis.probe() },
    { name: 'loops', check: async () => stalledNone(stalledMs()) },
    { name: 'clock', check: async () => clock.check() },
  ];
}

async function compareRegularly(compare: () => Promise<void>, signal: AbortSignal): Promise<void> {
  try {
    for await (const _ of setInterval(compareClocksMs, undefined, { signal, ref: false })) {
      await compare();
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}

function stalledNone(loops: Readonly<Record<string, number>>): void {
  const stalled = Object.entries(loops).filter(([, ms]) => ms > mostMs);
  if (stalled.length > 0)
    throw new Error(`No progress: ${stalled.map(([name]) => name).join(', ')}`);
}
