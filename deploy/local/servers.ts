import { join } from 'node:path';

import { startPostgres } from './postgres.ts';
import { startRedis } from './redis.ts';

export interface LocalServers {
  readonly databaseUrl: string;
  readonly redisUrl: string;
  /** Stops what this call started, and leaves what was given alone. */
  stop(): Promise<void>;
}

/** PostgreSQL and Redis for `npm start`: those that the settings name, and our own for the rest. */
export async function startLocalServers(settings: {
  readonly databaseUrl: string | null;
  readonly redisUrl: string | null;
  readonly dataDir: string;
}): Promise<LocalServers> {
  const [postgres, redis] = await Promise.all([
    settings.databaseUrl === null
      ? startPostgres({ dataDir: join(settings.dataDir, 'postgres') })
      : null,
    settings.redisUrl === null ? startRedis({ dataDir: join(settings.dataDir, 'redis') }) : null,
  ]);
  return {
    databaseUrl: postgres?.socketUrl ?? (settings.databaseUrl as string),
    redisUrl: redis?.url ?? (settings.redisUrl as string),
    stop: async () => {
      await Promise.all([postgres?.stop('fast'), redis?.stop()]);
    },
  };
}
