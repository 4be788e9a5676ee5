import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

import { abandonDaemon, ServerNotStarted } from './daemon.ts';
import { type LocalOrthanc, startOrthanc } from './orthanc.ts';
import { type LocalPostgres, startPostgres } from './postgres.ts';
import { type LocalRedis, startRedis } from './redis.ts';

/** PostgreSQL and Redis of our own where no others are named, and an image archive beside them. */
export interface LocalServers {
  /**
   * Starts the database and Redis, and answers where they are once both do. Call it once.
   *
   * @throws {Error} one of them can't be had; the other was stopped
   */
  start(): Promise<{ readonly databaseUrl: string; readonly redisUrl: string }>;
  /** Begins with what may come later, which may have to be installed. For who has nothing more urgent to do. */
  startOptional(): void;
  /** Null when it is not wanted or cannot be had. Never rejects, and waits for `startOptional`. */
  readonly orthanc: Promise<LocalOrthanc | null>;
  /** Stops the database and Redis that this call started, also while they start, and leaves what was given alone. */
  stop(): Promise<void>;
  /** Stops our own Orthanc, which takes seconds: begin with it, and wait for it last. */
  stopOrthanc(): Promise<void>;
}

/** A server that has not answered by then is killed, and an installation goes on without us. */
const startingStopMs = 3_000;
/** A process that drains is gone after 10 s. */
const predecessorMs = 15_000;

/**
 * The servers for `npm start`: those that the settings name, and our own for the rest. `note` gets a line for each thing
 * that a person who waits wants to know.
 */
export function localServers(
  settings: {
    readonly databaseUrl: string | null;
    readonly redisUrl: string | null;
    readonly orthanc: boolean;
    readonly dataDir: string;
  },
  note: (line: string) => void = (line) => process.stderr.write(`${line}\n`),
): LocalServers {
  const folderOf = (name: string) => join(settings.dataDir, name);
  const optional = Promise.withResolvers<void>();
  let begun = false;
  const orthanc = settings.orthanc
    ? optional.promise.then(async () => orthancOrNone(folderOf('orthanc'), note))
    : Promise.resolve(null);
  let postgres: Promise<LocalPostgres | null> = Promise.resolve(null);
  let redis: Promise<LocalRedis | null> = Promise.resolve(null);

  async function stop(): Promise<void> {
    await Promise.all([
      stopped(postgres, folderOf('postgres'), async (server) => server.stop('fast')),
      stopped(redis, folderOf('redis'), async (server) => server.stop()),
    ]);
  }

  return {
    orthanc,
    stop,
    async start() {
      if (settings.databaseUrl === null)
        postgres = startPostgres({ dataDir: folderOf('postgres') });
      if (settings.redisUrl === null) redis = startRedis({ dataDir: folderOf('redis') }, note);
      const results = await Promise.allSettled([postgres, redis]);
      const failures = results.flatMap((result) =>
        result.status === 'rejected' ? [result.reason as Error] : [],
      );
      if (failures.length > 0) {
        await stop();
        throw new Error(failures.map(({ message }) => message).join('\n'), { cause: failures[0] });
      }
      const [ownPostgres, ownRedis] = await Promise.all([postgres, redis]);
      return {
        databaseUrl: ownPostgres?.socketUrl ?? (settings.databaseUrl as string),
        redisUrl: ownRedis?.url ?? (settings.redisUrl as string),
      };
    },
    startOptional() {
      begun = true;
      optional.resolve();
    },
    async stopOrthanc() {
      if (begun) await stopped(orthanc, folderOf('orthanc'), async (server) => server.stop());
    },
  };
}

/** Stops a server, or, if it does not answer soon, kills what was launched so far. */
async function stopped<Server>(
  starting: Promise<Server | null>,
  dataDir: string,
  stop: (server: Server) => Promise<void>,
): Promise<void> {
  const server = await Promise.race([
    starting.catch(() => null),
    delay(startingStopMs, 'late' as const, { ref: false }),
  ]);
  if (server === 'late') await abandonDaemon(dataDir);
  else if (server !== null) await stop(server);
}

async function orthancOrNone(
  dataDir: string,
  note: (line: string) => void,
): Promise<LocalOrthanc | null> {
  const giveUpAt = Date.now() + predecessorMs;
  for (;;) {
    try {
      const server = await startOrthanc({ dataDir }, note);
      note('Imaging is on: Orthanc answers');
      return server;
    } catch (error) {
      const reason = reasonOf(error);
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

/** Without a server's own lines, which are in its log. */
function reasonOf(error: unknown): string {
  if (error instanceof ServerNotStarted) return error.summary;
  return error instanceof Error ? error.message : String(error);
}
