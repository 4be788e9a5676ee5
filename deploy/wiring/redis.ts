import { setTimeout as delay } from 'node:timers/promises';

import { connectRedis, type RedisConnection } from '../../streams/connection.ts';
import { createTransport, type RedisTransport } from '../../streams/transport.ts';
import type { Log } from '../../telemetry.ts';
import type { Shutdown } from './shutdown.ts';

export interface RedisWiring {
  /** Among our workers. */
  readonly transport: RedisTransport;
  /** For limits, tokens and seen requests. */
  readonly shared: RedisConnection;
}

export function connectToRedis(url: string, log: Log, shutdown: Shutdown): RedisWiring {
  const transport = createTransport({
    url,
    onTrouble: (where, error) => log('warn', 'redis.trouble', { reason: where }, error),
  });
  shutdown.onStop(() => transport.close());
  const shared = connectRedis({
    url,
    onTrouble: (error) => log('warn', 'redis.trouble', { reason: 'shared' }, error),
  });
  shutdown.onStop(async () => shared.close());
  return { transport, shared };
}

/** Gives Redis some time to answer first. One that is down now must not keep us down: what needs it waits for it. */
export async function answering({ transport, shared }: RedisWiring): Promise<void> {
  for (let tries = 0; tries < 30; tries++) {
    const answers = await Promise.all([transport.ping(), shared.probe()]).then(
      () => true,
      () => false,
    );
    if (answers) return;
    await delay(100);
  }
}
