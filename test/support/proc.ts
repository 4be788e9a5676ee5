import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { join } from 'node:path';

import { noteProgram, temporaryFolder } from './folders.ts';
import { waitUntil } from './wait.ts';

/** What to run: a TypeScript file of ours, from the project's root, with this Node. */
export interface ProgramOptions {
  readonly args?: readonly string[];
  /** A module to load before it, from the project's root: test/faults/preload.ts. */
  readonly preload?: string | undefined;
  /** On top of our own environment; `undefined` takes a variable away. */
  readonly env?: Readonly<Record<string, string | undefined>>;
}

/** How a program ended: one of the two is `null`. */
interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** A program of ours in a process of its own. It never outlives the test file: see `startProgram`. */
export interface Program extends AsyncDisposable {
  readonly pid: number;
  readonly exited: Promise<Exit>;
  /** All it wrote so far, standard output and error in the order they came. */
  output(): string;
  /**
   * Its first match of `pattern`, now or within `timeoutMs` (60 s if absent).
   *
   * @throws {Error} it ended before, or the time is up; with the end of its output
   */
  line(pattern: RegExp, timeoutMs?: number): Promise<RegExpMatchArray>;
  /** SIGSTOP and SIGCONT pause and resume it. Nothing happens if it has ended. */
  signal(signal: NodeJS.Signals): void;
  /** SIGTERM, and the way it ended. After `timeoutMs` (15 s if absent) it is killed, and this throws. */
  stop(timeoutMs?: number): Promise<Exit>;
  /** SIGKILL, paused or not, and waits until it has gone. */
  kill(): Promise<void>;
}

const live = new Set<Program>();
// An uncaught error or `process.exit` runs this; if the test file itself is killed, test/run.ts clears up.
process.on('exit', () => {
  for (const program of live) program.signal('SIGKILL');
});

/** Starts `file` (from the project's root, like `main.ts`). Stop it, kill it, or hold it with `await using`. */
export async function startProgram(
  file: string,
  { args = [], preload, env = {} }: ProgramOptions = {},
): Promise<Program> {
  const folder = await temporaryFolder();
  const root = join(import.meta.dirname, '..', '..');
  const before = preload === undefined ? [] : ['--import', join(root, preload)];
  const child = spawn(process.execPath, [...before, file, ...args], {
    cwd: root,
    // Node's test runner talks to the processes it starts through their output; this isn't one of them.
    env: { ...process.env, NODE_TEST_CONTEXT: undefined, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => (output += text));
  }
  const exited = new Promise<Exit>((resolve) => {
    child.once('exit', (code, signal) => resolve({ code, signal }));
  });
  // The last of its output comes after 'exit'. 'close' waits for that, but also for grandchildren that hold the pipe.
  const closed = new Promise<void>((resolve) => {
    child.once('close', resolve);
    child.once('exit', () => setTimeout(resolve, 1_000).unref());
  });
  await once(child, 'spawn');
  const { pid } = child;
  if (pid === undefined) throw new Error(`${file} has no process`);
  let ended = false;
  void closed.then(() => (ended = true));
  const ending = () => output.trim().split('\n').slice(-15).join('\n');

  const program: Program = {
    pid,
    exited,
    output: () => output,
    async line(pattern, timeoutMs = 60_000) {
      const what = `${file} to write ${pattern}`;
      try {
        const found = await waitUntil(() => output.match(pattern) ?? ended, { timeoutMs, what });
        if (found !== true) return found;
      } catch (cause) {
        throw new Error(`${file} did not write ${pattern} in time:\n${ending()}`, { cause });
      }
      throw new Error(`${file} ended without writing ${pattern}:\n${ending()}`);
    },
    signal: (signal) => void child.kill(signal),
    async stop(timeoutMs = 15_000) {
      child.kill('SIGTERM');
      try {
        const gone = () => child.exitCode !== null || child.signalCode !== null;
        await waitUntil(gone, { timeoutMs, what: `${file} to stop` });
      } catch (cause) {
        await program.kill();
        throw new Error(`${file} did not stop on SIGTERM:\n${ending()}`, { cause });
      }
      return exited;
    },
    async kill() {
      child.kill('SIGKILL');
      await exited;
    },
    [Symbol.asyncDispose]: () => program.kill(),
  };
  live.add(program);
  child.once('exit', () => {
    live.delete(program);
    rmSync(folder, { recursive: true, force: true });
  });
  noteProgram(folder, pid);
  return program;
}
