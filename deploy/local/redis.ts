import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join, resolve } from 'node:path';
import { text } from 'node:stream/consumers';

import { startDaemon } from './daemon.ts';
import { install } from './installer.ts';
import { oldestRedis, redisSoftware } from './software.ts';

/** Where Redis keeps its data, and how soon what it acknowledged is on the disk. */
export interface RedisOptions {
  readonly dataDir: string;
  /** Any free port if absent. */
  readonly port?: number;
  /** `everysec` may lose the last second in a power cut; the ledger has it. `everysec` if absent. */
  readonly appendfsync?: 'always' | 'everysec' | 'no';
}

/** A Redis server of our own. It outlives this process unless it is stopped. */
export interface LocalRedis {
  /** With the password: never to be logged. */
  readonly url: string;
  readonly port: number;
  readonly pid: number;
  /** Writes out the append-only file, then ends. */
  stop(): Promise<void>;
  /** SIGKILL, for tests of what a crash leaves behind. */
  kill(): Promise<void>;
}

const startTimeoutMs = 30_000; // Reading a large append-only file takes most of it; an empty one takes 50 ms.

/**
 * Starts the machine's `redis-server` in `dataDir`, which keeps its append-only file. If the program is missing, and
 * we are root on a machine with apt, it is installed first and `note` is told so.
 * If a predecessor of this process was killed and its server still runs, that one is taken over as it is.
 *
 * @throws {NotInstalled} no Redis here, and it can't be installed
 * @throws {Error} it is older than 7, another living process uses `dataDir`, or no answer within 30 s
 */
export async function startRedis(
  options: RedisOptions,
  note: (line: string) => void = (line) => process.stderr.write(`${line}\n`),
): Promise<LocalRedis> {
  const dataDir = resolve(options.dataDir);
  const config = join(dataDir, 'redis.conf');
  const daemon = await startDaemon({
    name: 'Redis',
    dataDir,
    port: options.port,
    startTimeoutMs,
    prepare: async () => {
      if (redisVersion() === null) await install(redisSoftware, note);
      const version = redisVersion();
      if (version === null || version < oldestRedis) {
        throw new Error(
          `Redis ${oldestRedis} or newer is needed, and this machine has ${version ?? 'none'}: update it, or set REDIS_URL`,
        );
      }
      await writeFile(config, configuration(dataDir, passwordOf(config), options), { mode: 0o600 });
    },
    command: (port) => ({ file: 'redis-server', args: [config, '--port', String(port)] }),
    answers: (port) => ping(port, passwordOf(config)),
    worthAnotherTry: () => false,
  });
  return {
    url: urlOf(config, daemon.port),
    port: daemon.port,
    pid: daemon.pid,
    stop: () =>
      daemon.end([
        { signal: 'SIGTERM', timeoutMs: 5_000 },
        { signal: 'SIGKILL', timeoutMs: 5_000 },
      ]),
    kill: () => daemon.end([{ signal: 'SIGKILL', timeoutMs: 5_000 }]),
  };
}

/** What `redis-server` on the path is: its major version, or `null` for none. */
export function redisVersion(): number | null {
  const { stdout } = spawnSync('redis-server', ['--version'], { encoding: 'utf8' });
  const major = /\bv=(\d+)/.exec(stdout ?? '')?.[1];
  return major === undefined ? null : Number(major);
}

/** @see https://redis.io/docs/latest/operate/oss_and_stack/management/config-file/ */
function configuration(
  dataDir: string,
  password: string,
  { appendfsync = 'everysec' }: RedisOptions,
): string {
  return [
    'bind 127.0.0.1',
    'protected-mode yes',
    `requirepass ${password}`,
    `dir ${JSON.stringify(dataDir)}`,
    'appendonly yes',
    `appendfsync ${appendfsync}`,
    'aof-load-truncated yes', // A crash cuts the last command short; the ledger has what it said.
    'save ""',
    // A stream entry must not go because memory is short: refuse the write, and the sweeper adds it later.
    'maxmemory-policy noeviction',
    'daemonize no',
    '',
  ].join('\n');
}

/** Kept from start to start, so that clients of a restarted server need not change. */
function passwordOf(config: string): string {
  const known = existsSync(config)
    ? /^requirepass (\S+)$/m.exec(readFileSync(config, 'utf8'))?.[1]
    : undefined;
  return known ?? randomBytes(24).toString('base64url');
}

function urlOf(config: string, port: number): string {
  return `redis://:${passwordOf(config)}@127.0.0.1:${port}`;
}

/** Throws while the append-only file is being read, too: Redis answers LOADING then. */
async function ping(port: number, password: string): Promise<void> {
  // By hand, because a client that was refused leaves its connect timer running, and that our process.
  const socket = connect({ host: '127.0.0.1', port });
  socket.setTimeout(2_000, () => socket.destroy(new Error('Redis does not answer')));
  socket.write(`AUTH ${password}\r\nPING\r\nQUIT\r\n`);
  const answer = await text(socket);
  if (!answer.startsWith('+OK\r\n+PONG\r\n')) {
    throw new Error(`Redis is not ready: ${answer.trim().replaceAll('\r\n', ', ')}`);
  }
}
