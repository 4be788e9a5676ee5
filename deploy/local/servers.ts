import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

import { startOrthanc, type LocalOrthanc } from './orthanc.ts';
import { startPostgres } from './postgres.ts';
import { startRedis } from './redis.ts';

export interface LocalServers {
  readonly databaseUrl: string;
  readonly redisUrl: string;
  /** Comes later than the others: null when it was not wanted or cannot be had. Never rejects. */
  readonly orthanc: Promise<LocalOrthanc | null>;
  /** Stops what this call started, and leaves what was given alone. */
  stop(): Promise<void>;
}

/** An installation by apt may take minutes, and nobody waits for that to stop. */
const startingStopMs = 3_000;

/**
 * PostgreSQL and Redis for `npm start`, those that the settings name and our own for the rest, and an own Orthanc where
 * `orthanc` asks for one. Only what cannot be done without has to start: a missing Orthanc is one line to `note`.
 */
export async function startLocalServers(
  settings: {
    readonly databaseUrl: string | null;
    readonly redisUrl: string | null;
    readonly orthanc: boolean;
    readonly dataDir: string;
  },
  note: (line: string) => void = (line) => process.stderr.write(`${line}\n`),
): Promise<LocalServers> {
  const orthanc = settings.orthanc
    ? orthancOrNone(join(settings.dataDir, 'orthanc'), note)
    : Promise.resolve(null);
  const [postgres, redis] = await Promise.all([
    settings.databaseUrl === null
      ? startPostgres({ dataDir: join(settings.dataDir, 'postgres') })
      : null,
    settings.redisUrl === null ? startRedis({ dataDir: join(settings.dataDir, 'redis') }) : null,
  ]);
  return {
    databaseUrl: postgres?.socketUrl ?? (settings.databaseUrl as string),
    redisUrl: redis?.url ?? (settings.redisUrl as string),
    orthanc,
    stop: async () => {
      const started = Promise.race([orthanc, delay(startingStopMs, null, { ref: false })]);
      await Promise.all([
        postgres?.stop('fast'),
        redis?.stop(),
        started.then((server) => server?.stop()),
      ]);
    },
  };
}

async function orthancOrNone(
  dataDir: string,
  note: (line: string) => void,
): Promise<LocalOrthanc | null> {
  try {
    return await startOrthanc({ dataDir }, note);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    note(`Imaging is off: ${reason.replaceAll(/\s*\n\s*/g, ' ')}`);
    return null;
  }
}
