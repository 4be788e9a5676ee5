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
  /** Stops the database and Redis that this call started, and leaves what was given alone. */
  stop(): Promise<void>;
  /** Stops our own Orthanc, which takes seconds: begin with it, and wait for it last. */
  stopOrthanc(): Promise<void>;
}

/** An installation by apt may take minutes, and nobody waits for that to stop. */
const startingStopMs = 3_000;
/** A process that drains is gone after 10 s. */
const predecessorMs = 15_000;

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
    stop: async () => void (await Promise.all([postgres?.stop('fast'), redis?.stop()])),
    stopOrthanc: async () => {
      const server = await Promise.race([orthanc, delay(startingStopMs, null, { ref: false })]);
      await server?.stop();
    },
  };
}

async function orthancOrNone(
  dataDir: string,
  note: (line: string) => void,
): Promise<LocalOrthanc | null> {
  const giveUpAt = Date.now() + predecessorMs;
  for (;;) {
    try {
      return await startOrthanc({ dataDir }, note);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      // Our predecessor may still be ending its own: nothing else waits for this.
      if (reason.includes('is in use by process') && Date.now() < giveUpAt) {
        await delay(500);
        continue;
      }
      note(`Imaging is off: ${reason.replaceAll(/\s*\n\s*/g, ' ')}`);
      return null;
    }
  }
}
