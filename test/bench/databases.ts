import pg from 'pg';

import { startPostgres } from '../../deploy/local/postgres.ts';
import { startRedis } from '../../deploy/local/redis.ts';

/** PostgreSQL and Redis for one benchmark, with a database of its own for each thing compared. */
export interface Databases {
  readonly postgresPid: number;
  readonly redisPid: number;
  /** The settings that durable figures mean nothing without. */
  readonly durability: Readonly<Record<string, string>>;
  /** Creates it the first time. */
  urlsOf(name: string): Promise<{ readonly databaseUrl: string; readonly redisUrl: string }>;
  /** After a bulk load: planner statistics, and hint bits that the first reader would have to write. */
  analyse(name: string): Promise<void>;
  /** Writes out what a round has left dirty, so that the next one does not pay for it. */
  settle(): Promise<void>;
  stop(): Promise<void>;
}

/** Starts both as `npm start` does, but for `more`, settings of PostgreSQL. `dataDir` must be on a real disk, or fsync costs nothing. */
export async function startDatabases(
  dataDir: string,
  more: Readonly<Record<string, string>> = {},
): Promise<Databases> {
  const postgres = await startPostgres({ dataDir: `${dataDir}/postgres`, settings: more });
  const redis = await startRedis({ dataDir: `${dataDir}/redis` });
  const created = new Map<string, { databaseUrl: string; redisUrl: string }>();

  const query = async (url: string, sql: string): Promise<Record<string, unknown>[]> => {
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    try {
      return (await client.query<Record<string, unknown>>(sql)).rows;
    } finally {
      await client.end();
    }
  };

  const [settings] = await query(
    postgres.url,
    `select current_setting('server_version') as version, current_setting('fsync') as fsync,
            current_setting('synchronous_commit') as synchronous_commit,
            current_setting('full_page_writes') as full_page_writes`,
  );

  return {
    postgresPid: postgres.pid,
    redisPid: redis.pid,
    durability: Object.fromEntries(
      Object.entries(settings ?? {}).map(([name, value]) => [name, String(value)]),
    ),
    urlsOf: async (name) => {
      const before = created.get(name);
      if (before !== undefined) return before;
      await query(postgres.url, `create database ${pg.escapeIdentifier(name)}`);
      const databaseUrl = new URL(postgres.socketUrl);
      databaseUrl.pathname = `/${name}`;
      const redisUrl = new URL(redis.url);
      redisUrl.pathname = `/${created.size}`;
      const urls = { databaseUrl: databaseUrl.href, redisUrl: redisUrl.href };
      created.set(name, urls);
      return urls;
    },
    analyse: async (name) => {
      const urls = created.get(name);
      if (urls !== undefined) await query(urls.databaseUrl, 'vacuum analyze');
    },
    settle: async () => {
      await query(postgres.url, 'checkpoint');
    },
    stop: async () => {
      await redis.stop();
      await postgres.stop('fast');
    },
  };
}
