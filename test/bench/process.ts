import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

import * as v from 'valibot';

import { RuntimeMessage } from './protocol.ts';
import type { RuntimeSettings } from './protocol.ts';

export type VariantName = 'durable' | 'memory';

/** A runtime under test in a process of its own. */
export interface RuntimeProcess {
  readonly url: string;
  readonly pid: number;
  onReached(listener: (caseId: string, state: string) => void): void;
  /** Asks it to end and waits; killed after 20 s. */
  stop(): Promise<void>;
}

/**
 * Starts `variant` and waits until it serves (or, with `openCases`, until they are stored). With `profileDir` it leaves
 * a CPU profile there when it stops.
 *
 * @throws when it ends before it is ready
 */
export async function startRuntime(
  variant: VariantName,
  settings: RuntimeSettings,
  profileDir: string | null,
): Promise<RuntimeProcess> {
  const child = fork(
    fileURLToPath(new URL(`./${variant}.ts`, import.meta.url)),
    [JSON.stringify(settings)],
    { execArgv: profileDir === null ? [] : ['--cpu-prof', `--cpu-prof-dir=${profileDir}`] },
  );
  const { promise: ready, resolve, reject } = Promise.withResolvers<number>();
  let listener = (_caseId: string, _state: string): void => {};
  child.on('message', (message) => {
    const told = v.parse(RuntimeMessage, message);
    if (told.kind === 'ready') return resolve(told.port);
    for (let index = 0; index + 1 < told.reached.length; index += 2) {
      listener(told.reached[index] ?? '', told.reached[index + 1] ?? '');
    }
  });
  child.once('exit', (code) => reject(new Error(`the ${variant} runtime ended with ${code}`)));
  const port = await ready;

  return {
    url: `http://127.0.0.1:${port}`,
    pid: child.pid ?? 0,
    onReached: (next) => {
      listener = next;
    },
    stop: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const exited = once(child, 'exit');
      const killer = setTimeout(() => child.kill('SIGKILL'), 20_000);
      child.send('stop');
      await exited;
      clearTimeout(killer);
    },
  };
}
