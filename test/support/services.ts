import { randomBytes } from 'node:crypto';
import { after, before } from 'node:test';

import { startRedis, type LocalRedis } from '../../deploy/local/redis.ts';
import { removeFolder, temporaryFolder } from './folders.ts';
import { databaseUrl, query, serverVariable, startTestServer } from './postgres.ts';

/** A migrated, empty database and an empty Redis server that nobody else uses. */
export interface Services {
  readonly databaseUrl: string;
  readonly redisUrl: string;
  /** The server itself, for tests that kill it. Start it again in `redisFolder`, on the same port. */
  readonly redis: LocalRedis;
  readonly redisFolder: string;
}

/** Ended by `stop` or `await using`. */
export interface StartedServices extends Services, AsyncDisposable {
  stop(): Promise<void>;
}

/**
 * Services for the test file or suite that calls this in its body: there from its first `before` that stands below the
 * call, and gone after its last test, passed or failed.
 */
export function withServices(): Services {
  let started: StartedServices | undefined;
  before(async () => {
    started = await services();
  });
  after(async () => {
    await started?.stop();
  });
  const there = (): StartedServices => {
    if (started === undefined) throw new Error('Services are there in tests and hooks only');
    return started;
  };
  return {
    get databaseUrl() {
      return there().databaseUrl;
    },
    get redisUrl() {
      return there().redisUrl;
    },
    get redis() {
      return there().redis;
    },
    get redisFolder() {
      return there().redisFolder;
    },
  };
}

/** The same, for a program that has no hooks. The PostgreSQL server is the run's, or one of its own if there is none. */
export async function services(): Promise<StartedServices> {
  await using parts = new AsyncDisposableStack(); // Undoes what was started if the next part fails.
  const [database, redisFolder] = await Promise.all([
    testDatabase().then((made) => parts.use(made)),
    temporaryFolder().then((made) => parts.adopt(made, removeFolder)),
  ]);
  const redis = await startRedis({ dataDir: redisFolder });
  const started = parts.move();
  const stop = () => started.disposeAsync();
  return {
    databaseUrl: database.url,
    redisUrl: redis.url,
    redis,
    redisFolder,
    stop,
    [Symbol.asyncDispose]: stop,
  };
}

/** A migrated, empty database alone. Disposing drops it, whoever is still connected. */
export async function testDatabase(): Promise<{ url: string } & AsyncDisposable> {
  const shared = process.env[serverVariable];
  const server =
    shared === undefined ? await startTestServer() : { url: shared, stop: async () => {} };
  const name = `test_${randomBytes(6).toString('hex')}`;
  await query(server.url, `create database ${name} template template`);
  return {
    url: databaseUrl(server.url, name),
    async [Symbol.asyncDispose]() {
      await query(server.url, `drop database if exists ${name} with (force)`);
      await server.stop();
    },
  };
}
