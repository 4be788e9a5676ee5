import { spawn } from 'node:child_process';
import {
  closeSync,
  fstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  readSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

import * as v from 'valibot';

import { freePort } from './ports.ts';
import { endProcess, identify, isRunning, type ProcessIdentity } from './processes.ts';

/** What to run in a data directory, and how to tell that it answers. */
export interface Daemon {
  /** For messages: "PostgreSQL", "Redis". */
  readonly name: string;
  /** Ours to keep `owner.json`, `server.log` and the server's own files in. Made if absent. */
  readonly dataDir: string;
  /** Where to listen. Any free port if absent. */
  readonly port: number | undefined;
  /** From the launch of the server: what `prepare` takes, an installation say, does not count. */
  readonly startTimeoutMs: number;
  /** Makes the directory ready for the server. Called when the directory is ours and no server runs in it. */
  prepare(): Promise<void>;
  /** The program and its arguments; asked for each try, because the port may change. */
  command(port: number): Command;
  /** Resolves if the server answers as ours, and throws if it doesn't (yet). Must end within some 2 s by itself. */
  answers(port: number): Promise<void>;
  /** Whether this output of a server that ended while starting means: just start it again. */
  worthAnotherTry(output: string): boolean;
}

/** A program to spawn. `uid` and `gid` only when root has to become somebody else. */
export interface Command {
  readonly file: string;
  readonly args: readonly string[];
  readonly uid?: number;
  readonly gid?: number;
}

/** A server that answers, in a process of its own that outlives ours unless it is stopped. */
export interface RunningDaemon {
  readonly port: number;
  readonly pid: number;
  /**
   * Sends each signal in turn, giving it its time, until the server has gone; then the directory is free for others.
   *
   * @throws {Error} it outlived the last one
   */
  end(steps: readonly { signal: NodeJS.Signals; timeoutMs: number }[]): Promise<void>;
}

/** A server ended, or did not answer in time, while it started. The message ends with the last lines of its log. */
export class ServerNotStarted extends Error {
  override readonly name = 'ServerNotStarted';
  /** The message without the server's own lines. */
  readonly summary: string;

  constructor(summary: string, logTail: string, cause: unknown) {
    super(logTail === '' ? summary : `${summary}\n${logTail}`, { cause });
    this.summary = summary;
  }
}

const Identity = v.object({ pid: v.number(), startedAt: v.string() });
const Owner = v.object({
  owner: Identity,
  server: v.nullable(v.object({ ...Identity.entries, port: v.number() })),
});
type Owner = v.InferOutput<typeof Owner>;

const pollMs = 20;
const logLimitBytes = 16 * 1024 * 1024;

/**
 * Starts a server in its data directory, or takes over the one that a killed predecessor of ours left running there.
 * The directory belongs to one living process at a time: `owner.json` says which, and which server runs.
 *
 * @throws {Error} the directory is in use by another process, or `prepare` threw
 * @throws {ServerNotStarted} the server ended or didn't answer in time
 */
export async function startDaemon(daemon: Daemon): Promise<RunningDaemon> {
  mkdirSync(daemon.dataDir, { recursive: true });
  const left = claim(daemon);
  if (left !== null && isRunning(left)) {
    if (daemon.port !== undefined && daemon.port !== left.port) {
      throw new Error(
        `${daemon.name} (process ${left.pid}) already listens on port ${left.port}, not ${daemon.port}, ` +
          `for ${daemon.dataDir}: stop it, or ask for its port`,
      );
    }
    await untilItAnswers(daemon, left, left.port, Date.now() + daemon.startTimeoutMs, () => '');
    return running(daemon, left, left.port);
  }
  try {
    await daemon.prepare();
  } catch (error) {
    release(daemon.dataDir);
    throw error;
  }
  const deadline = Date.now() + daemon.startTimeoutMs;
  for (;;) {
    const port = daemon.port ?? (await freePort());
    const log = openLog(daemon.dataDir);
    const server = launch(daemon, port, log.fd);
    try {
      await untilItAnswers(daemon, server, port, deadline, () => log.written());
      return running(daemon, server, port);
    } catch (error) {
      const again = daemon.worthAnotherTry(log.written()) && Date.now() < deadline;
      const portTaken = daemon.port === undefined && /address already in use/i.test(log.written());
      await endProcess(server, 'SIGKILL', 2_000);
      if (!again && !portTaken) {
        release(daemon.dataDir);
        throw error;
      }
      await delay(100);
    } finally {
      log.close();
    }
  }
}

/** The server that `dataDir` was left with, dead or alive, now that we own the directory. */
function claim({ name, dataDir }: Daemon): NonNullable<Owner['server']> | null {
  const found = readOwner(dataDir);
  if (found !== null && found.owner.pid !== process.pid && isRunning(found.owner)) {
    throw new Error(
      `${name} in ${dataDir} is in use by process ${found.owner.pid}. Stop that first, or choose another DATA_DIR`,
    );
  }
  const server = found?.server ?? null;
  writeOwner(dataDir, server);
  return server;
}

function launch(daemon: Daemon, port: number, logFd: number): ProcessIdentity {
  const { file, args, ...user } = daemon.command(port);
  const child = spawn(file, args, {
    ...user,
    cwd: daemon.dataDir,
    // A session of its own: Ctrl+C and a signal to our group reach us alone, and we stop it once we have drained.
    detached: true,
    stdio: ['ignore', logFd, logFd],
  });
  child.on('error', () => {}); // Reported below as a missing pid; without a listener it would end us.
  child.unref();
  if (child.pid === undefined) throw new Error(`${daemon.name} could not be run: ${file}`);
  const server = identify(child.pid) ?? { pid: child.pid, startedAt: 'ended already' };
  writeOwner(daemon.dataDir, { ...server, port });
  return server;
}

async function untilItAnswers(
  daemon: Daemon,
  server: ProcessIdentity,
  port: number,
  deadline: number,
  written: () => string,
): Promise<void> {
  const where = `, see ${join(daemon.dataDir, 'server.log')}`;
  for (;;) {
    try {
      return await daemon.answers(port);
    } catch (cause) {
      const tail = written().trim().split('\n').slice(-8).join('\n');
      if (!isRunning(server)) {
        throw new ServerNotStarted(`${daemon.name} ended while starting${where}`, tail, cause);
      }
      if (Date.now() > deadline) {
        const seconds = daemon.startTimeoutMs / 1_000;
        const summary = `${daemon.name} did not answer within ${seconds} s${where}`;
        throw new ServerNotStarted(summary, tail, cause);
      }
    }
    await delay(pollMs);
  }
}

/** Kills the server that this process is still starting in `dataDir`, if there is one: for who can't wait until it answers. */
export async function abandonDaemon(dataDir: string): Promise<void> {
  const found = readOwner(dataDir);
  if (found?.owner.pid !== process.pid || found.server === null) return;
  await endProcess(found.server, 'SIGKILL', 2_000);
  release(dataDir, found.server);
}

function running(daemon: Daemon, server: ProcessIdentity, port: number): RunningDaemon {
  return {
    port,
    pid: server.pid,
    async end(steps) {
      for (const { signal, timeoutMs } of steps) {
        if (await endProcess(server, signal, timeoutMs)) return release(daemon.dataDir, server);
      }
      throw new Error(`${daemon.name} (process ${server.pid}) would not stop`);
    },
  };
}

/** What the server wrote since this start; appended to what earlier ones did. */
function openLog(dataDir: string): { fd: number; written(): string; close(): void } {
  const path = join(dataDir, 'server.log');
  const fd = openSync(path, 'a+', 0o600);
  const from = fstatSync(fd).size;
  if (from > logLimitBytes) {
    closeSync(fd);
    renameSync(path, `${path}.1`);
    return openLog(dataDir);
  }
  return {
    fd,
    written() {
      const chunk = Buffer.alloc(64 * 1024);
      return chunk.toString('utf8', 0, readSync(fd, chunk, 0, chunk.length, from));
    },
    close: () => closeSync(fd),
  };
}

function readOwner(dataDir: string): Owner | null {
  try {
    return v.parse(Owner, JSON.parse(readFileSync(join(dataDir, 'owner.json'), 'utf8')));
  } catch {
    return null; // None yet, or a crash cut it short, and then its writer is dead too.
  }
}

function writeOwner(dataDir: string, server: Owner['server']): void {
  const owner = identify(process.pid);
  if (owner === null) throw new Error('This process cannot be seen in the process table');
  // Renamed into place, so that a reader never sees half of it.
  const draft = join(dataDir, `owner.json.${process.pid}`);
  writeFileSync(draft, JSON.stringify({ owner, server } satisfies Owner), { mode: 0o600 });
  renameSync(draft, join(dataDir, 'owner.json'));
}

/** Gives the directory back, unless a later start of ours in it has a server running. */
function release(dataDir: string, ended?: ProcessIdentity): void {
  const server = readOwner(dataDir)?.server ?? null;
  if (server === null || ended === undefined || server.pid === ended.pid) {
    rmSync(join(dataDir, 'owner.json'), { force: true });
  }
}
