import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { mkdir, mkdtemp, rm, statfs, writeFile } from 'node:fs/promises';
import { createServer, isIP } from 'node:net';
import { join } from 'node:path';

import { Redis } from 'ioredis';
import pg from 'pg';
import * as v from 'valibot';

import { isRunning } from '../local/processes.ts';
import { oldestRedis, redisSoftware } from '../local/software.ts';

/** What a start is about to use. */
export interface Preflight {
  /** Where we listen, with the variables that say so. Port 0 is any free one. */
  readonly addresses: readonly {
    readonly host: string;
    readonly hostVariable: string;
    readonly port: number;
    readonly portVariable: string;
  }[];
  /** `DATA_DIR`; null if nothing is kept there. */
  readonly dataDir: string | null;
  /** Null: one of our own, of a version that we chose. */
  readonly databaseUrl: string | null;
  /** Null: this start does not migrate as another role. */
  readonly migrationDatabaseUrl: string | null;
  /** Null: one of our own, by the program of this machine. */
  readonly redisUrl: string | null;
}

/** The oldest major version whose SQL our migrations speak. */
export const oldestPostgres = 16;
/** An empty PostgreSQL takes 40 MiB, and its write-ahead log as much again before long. */
const leastFreeMiB = 256;
const answerTimeoutMs = 5_000;

/**
 * What would stop a start half way, found before anything is started: a line for each, with what to do. Empty if a start may
 * begin. Changes nothing but that DATA_DIR exists. A Redis that does not answer is no problem: who needs it waits for it.
 */
export async function problemsBeforeStart(preflight: Preflight): Promise<string[]> {
  const { addresses, dataDir, databaseUrl, migrationDatabaseUrl, redisUrl } = preflight;
  const found = await Promise.all([
    addressProblems(addresses),
    samePortProblem(preflight),
    dataDir === null ? null : folderProblem(dataDir),
    dataDir === null ? null : useProblem(preflight, dataDir),
    databaseUrl === null ? null : postgresProblem(databaseUrl, 'DATABASE_URL'),
    migrationDatabaseUrl === null
      ? null
      : postgresProblem(migrationDatabaseUrl, 'MIGRATION_DATABASE_URL'),
    redisUrl === null ? ownRedisProblem() : redisProblem(redisUrl),
  ]);
  return found.flat().flatMap((problem) => (problem === null ? [] : [oneLine(problem)]));
}

type Address = Preflight['addresses'][number];

/** One after another, so that none meets the probe of another. */
async function addressProblems(addresses: readonly Address[]): Promise<(string | null)[]> {
  const problems: (string | null)[] = [];
  for (const address of addresses) problems.push(await addressProblem(address));
  return problems;
}

async function addressProblem({
  host,
  hostVariable,
  port,
  portVariable,
}: Address): Promise<string | null> {
  const server = createServer();
  try {
    server.listen(port, host);
    await once(server, 'listening');
    server.close();
    await once(server, 'close');
    return null;
  } catch (error) {
    const { code = '', message } = error as NodeJS.ErrnoException;
    switch (code) {
      case 'EADDRINUSE':
        return `Port ${port} is taken: stop what listens there, or set ${portVariable} to another`;
      case 'EACCES':
        return `Port ${port} is for root alone: set ${portVariable} to one from 1024 on`;
      case 'EADDRNOTAVAIL':
      case 'ENOTFOUND':
        return `${hostVariable} ${host} is no address of this machine: set it to one, or to 127.0.0.1`;
      default:
        return `Port ${port} of ${host} can't be listened on (${message}): see ${hostVariable} and ${portVariable}`;
    }
  }
}

async function samePortProblem({ addresses }: Preflight): Promise<string | null> {
  const [one, other] = addresses;
  if (one === undefined || other === undefined || one.port === 0 || one.port !== other.port) {
    return null;
  }
  return mayClash(one.host, other.host)
    ? `${one.portVariable} and ${other.portVariable} are both ${one.port}: set one of them to another port`
    : null;
}

/** Two addresses of this machine can each have the same port, unless one of them stands for all. */
function mayClash(one: string, other: string): boolean {
  const isEvery = (host: string) => host === '0.0.0.0' || host === '::';
  const isNumeric = isIP(one) !== 0 && isIP(other) !== 0;
  return one === other || !isNumeric || isEvery(one) || isEvery(other);
}

async function folderProblem(folder: string): Promise<string | null> {
  try {
    await mkdir(folder, { recursive: true });
    const probe = await mkdtemp(join(folder, 'probe-'));
    try {
      await writeFile(join(probe, 'file'), 'x');
    } finally {
      await rm(probe, { recursive: true, force: true });
    }
  } catch (error) {
    return whyNotWritable(folder, error as NodeJS.ErrnoException);
  }
  const { bavail, bsize } = await statfs(folder);
  const freeMiB = Math.floor((bavail * bsize) / 1_024 / 1_024);
  if (freeMiB < leastFreeMiB) {
    return `The disk of DATA_DIR ${folder} has ${freeMiB} MiB left, and ${leastFreeMiB} are needed: free some, or set DATA_DIR to another place`;
  }
  return null;
}

function whyNotWritable(folder: string, { code = '', message }: NodeJS.ErrnoException): string {
  const setIt = 'set DATA_DIR to a folder that can be written';
  switch (code) {
    case 'EROFS':
      return `DATA_DIR ${folder} is on a read-only file system: ${setIt}`;
    case 'EACCES':
    case 'EPERM':
      return `DATA_DIR ${folder} can't be written by this user: change its owner, or ${setIt}`;
    case 'EEXIST':
    case 'ENOTDIR':
      return `DATA_DIR ${folder} is or lies in a file: ${setIt}`;
    case 'ENOSPC':
    case 'EDQUOT':
      return `The disk of DATA_DIR ${folder} is full: free some, or set DATA_DIR to another place`;
    default:
      return `DATA_DIR ${folder} can't be written (${message}): ${setIt}`;
  }
}

const Owned = v.pipe(
  v.string(),
  v.parseJson(),
  v.object({ owner: v.object({ pid: v.number(), startedAt: v.string() }) }),
);

/** Another living process runs a server of its own where ours would, by what deploy/local/daemon.ts notes. */
async function useProblem(
  { databaseUrl, redisUrl }: Preflight,
  dataDir: string,
): Promise<string | null> {
  const ours = [databaseUrl === null ? 'postgres' : [], redisUrl === null ? 'redis' : []].flat();
  for (const name of ours) {
    const path = join(dataDir, name, 'owner.json');
    const note = existsSync(path) ? v.safeParse(Owned, readFileSync(path, 'utf8')) : null;
    if (note?.success && isRunning(note.output.owner)) {
      return `DATA_DIR ${dataDir} is in use by process ${note.output.owner.pid}: stop that first, or set DATA_DIR to another folder`;
    }
  }
  return null;
}

/** Also for who migrates: in one line what is wrong with the server that `variable` names; null if nothing is. Changes nothing. */
export async function postgresProblem(
  url: string,
  variable: 'DATABASE_URL' | 'MIGRATION_DATABASE_URL',
): Promise<string | null> {
  const client = new pg.Client({
    connectionString: url,
    connectionTimeoutMillis: answerTimeoutMs,
    query_timeout: answerTimeoutMs,
  });
  client.on('error', () => {}); // A lost connection also rejects the call that waits on it.
  try {
    await client.connect();
    const { rows } = await client.query<{ server_version_num: string }>('show server_version_num');
    const version = Math.floor(Number(rows[0]?.server_version_num) / 10_000);
    return version >= oldestPostgres
      ? null
      : `PostgreSQL at ${variable} is version ${version}, and ${oldestPostgres} or newer is needed: upgrade it, or name another`;
  } catch (error) {
    return `PostgreSQL at ${variable} can't be used (${reasonOf(error)}): start it, or correct ${variable}`;
  } finally {
    await client.end().catch(() => undefined);
  }
}

async function redisProblem(url: string): Promise<string | null> {
  const redis = new Redis(url, {
    lazyConnect: true,
    retryStrategy: () => null,
    enableReadyCheck: false,
    maxRetriesPerRequest: 0,
    connectTimeout: answerTimeoutMs,
    commandTimeout: answerTimeoutMs,
  });
  // The reason of a refusal comes here; the call that waits rejects with "Connection is closed".
  let refusal: Error | undefined;
  redis.on('error', (error: Error) => (refusal ??= error));
  try {
    await redis.connect();
    const version = /^redis_version:(\d+)/m.exec(await redis.info('server'))?.[1];
    return version === undefined || Number(version) >= oldestRedis
      ? null
      : `Redis at REDIS_URL is version ${version}, and ${oldestRedis} or newer is needed: upgrade it, or name another`;
  } catch (error) {
    const reason = reasonOf(refusal ?? error);
    return /WRONGPASS|NOAUTH/.test(reason)
      ? `Redis at REDIS_URL refuses us (${reason}): correct the password in REDIS_URL`
      : null;
  } finally {
    redis.disconnect();
  }
}

/** Loaded only for development, as all of deploy/local. */
async function ownRedisProblem(): Promise<string | null> {
  const { redisVersion } = await import('../local/redis.ts');
  const { canInstall, missing } = await import('../local/installer.ts');
  const version = redisVersion();
  if (version === null) return canInstall() ? null : missing(redisSoftware);
  return version >= oldestRedis
    ? null
    : `redis-server of this machine is version ${version}, and ${oldestRedis} or newer is needed: upgrade it, or set REDIS_URL`;
}

/** A refused connection to a name with several addresses has its reasons inside. */
function reasonOf(error: unknown): string {
  if (error instanceof AggregateError) return error.errors.map(reasonOf).join(', ');
  return oneLine(error instanceof Error ? error.message : String(error));
}

const oneLine = (text: string) => text.trim().replaceAll(/\s*\n\s*/g, '; ');
