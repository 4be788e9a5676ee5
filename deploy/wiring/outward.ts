import { randomUUID } from 'node:crypto';

import type pg from 'pg';
import type { Registry } from 'prom-client';

import { outwardGauges } from '../../actors/observe.ts';
import { OUTWARD_VERSION, outwardStreams } from '../../actors/outward/events.ts';
import { createPublisher } from '../../actors/outward/publisher.ts';
import type { Config } from '../../config.ts';
import type { DataKeys } from '../../persistence/encryption/data-keys.ts';
import { createOutbox } from '../../persistence/ledger/outbox.ts';
import type { RedisClient } from '../../streams/connection.ts';
import { createOutwardStreams } from '../../streams/outward.ts';
import type { Log } from '../../telemetry.ts';

export interface OutwardWiring {
  readonly settings: Pick<Config, 'outward'>;
  readonly pool: pg.Pool;
  readonly keys: DataKeys;
  readonly redis: RedisClient;
  readonly registry: Registry;
  readonly log: Log;
}

/** Publishes what waits for the platform's other services, from now on until it is stopped. */
export function publisherOf({ settings, pool, keys, redis, registry, log }: OutwardWiring) {
  const ending = new AbortController();
  const onTrouble = (where: string, error: unknown) =>
    log('warn', 'outward.trouble', { reason: where.replaceAll(' ', '_') }, error);
  const publisher = createPublisher({
    owner: randomUUID(),
    outbox: createOutbox({ pool, keys, onTrouble }),
    streams: createOutwardStreams({ redis, schemaVersion: OUTWARD_VERSION, onTrouble }),
    names: outwardStreams,
    bounds: settings.outward.bounds,
    outboxKeptMs: settings.outward.outboxKeptMs,
    now: Date.now,
    random: Math.random,
    onTrouble,
    onTrimmed: outwardGauges(registry),
  });
  const running = publisher.run(ending.signal);
  return {
    async stop(): Promise<void> {
      ending.abort();
      await running;
    },
    stalledMs: publisher.stalledMs,
  };
}
