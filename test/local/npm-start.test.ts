import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, suite, test, type TestContext } from 'node:test';

import { identify, isRunning, type ProcessIdentity } from '../../deploy/local/processes.ts';
import { removeFolder, temporaryFolder } from '../support/folders.ts';
import { waitUntil } from '../support/wait.ts';

/** `npm start` with servers of its own, as a supervisor starts it: its pid is all that is known of it. */
interface Started {
  readonly npm: ChildProcess;
  /** What it says so far. */
  readonly output: () => string;
  /** Everything that runs for it: npm, the orchestrator, PostgreSQL, Redis. */
  readonly family: () => ProcessIdentity[];
}

async function npmStart(t: TestContext, dataDir: string): Promise<Started> {
  const npm = spawn('npm', ['start'], {
    cwd: join(import.meta.dirname, '..', '..'),
    env: {
      ...process.env,
      NODE_TEST_CONTEXT: undefined,
      NODE_ENV: undefined,
      PORT: '0',
      OPS_PORT: '0',
      DATA_DIR: dataDir,
      ORTHANC_API_BASE: 'none',
      LOG_LEVEL: 'error',
      DATABASE_URL: undefined,
      REDIS_URL: undefined,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true, // A group of its own, so that a test can be the terminal's Ctrl+C.
  });
  let output = '';
  for (const stream of [npm.stdout, npm.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => (output += text));
  }
  const started: Started = {
    npm,
    output: () => output,
    family: () => {
      const own = identify(npm.pid ?? 0);
      return own === null ? [] : [own, ...descendantsOf(own.pid)];
    },
  };
  t.after(async () => {
    npm.kill('SIGTERM');
    await waitUntil(() => npm.exitCode !== null || npm.signalCode !== null, { what: 'npm to end' });
  });
  await waitUntil(() => /^ready http/m.test(output) || npm.exitCode !== null, {
    timeoutMs: 90_000,
    what: 'npm start to be ready',
  });
  assert.match(output, /^ready http/m);
  return started;
}

/** Of all generations, from the process table. */
function descendantsOf(pid: number): ProcessIdentity[] {
  const parents = new Map<number, number>();
  for (const name of readdirSync('/proc').filter((entry) => /^\d+$/.test(entry))) {
    try {
      const stat = readFileSync(`/proc/${name}/stat`, 'utf8');
      const [, parent] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      parents.set(Number(name), Number(parent));
    } catch {
      // It has ended since.
    }
  }
  const found = [pid];
  for (const ancestor of found) {
    for (const [child, parent] of parents) if (parent === ancestor) found.push(child);
  }
  return found.slice(1).flatMap((child) => identify(child) ?? []);
}

async function allGone(family: readonly ProcessIdentity[]): Promise<void> {
  await waitUntil(() => !family.some(isRunning), { timeoutMs: 20_000, what: 'all to have ended' });
}

const skip = process.platform === 'linux' ? false : 'reads /proc';

suite('npm start ends whole', { skip, timeout: 300_000 }, () => {
  let folder: string;
  before(async () => {
    folder = await temporaryFolder();
  });
  after(async () => {
    await removeFolder(folder);
  });

  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    test(`on ${signal} to npm alone, and says that all went well`, async (t) => {
      const { npm, family } = await npmStart(t, join(folder, 'data'));
      const all = family();
      assert.ok(all.length >= 4, 'npm, the orchestrator, PostgreSQL and Redis');
      npm.kill(signal);
      const [code, by] = (await once(npm, 'exit')) as [number | null, NodeJS.Signals | null];
      assert.deepEqual([code, by], [0, null]);
      await allGone(all);
    });
  }

  test('on Ctrl+C, which npm and the orchestrator get twice', async (t) => {
    const { npm, family } = await npmStart(t, join(folder, 'data'));
    const all = family();
    process.kill(-(npm.pid ?? 0), 'SIGINT');
    await once(npm, 'exit');
    await allGone(all);
  });

  test('when npm is killed', async (t) => {
    const { npm, family } = await npmStart(t, join(folder, 'data'));
    const all = family();
    npm.kill('SIGKILL');
    await allGone(all);
  });

  test('when it is stopped while it starts', async (t) => {
    const starting = npmStart(t, join(folder, 'new'));
    starting.catch(() => undefined); // It never gets ready.
    const note = join(folder, 'new', 'postgres', 'owner.json');
    // PostgreSQL runs, and nothing else does yet.
    const server = await waitUntil(
      () => (JSON.parse(readFileSync(note, 'utf8')) as { server: ProcessIdentity | null }).server,
      { timeoutMs: 60_000, what: 'PostgreSQL to be launched' },
    );
    const { owner } = JSON.parse(readFileSync(note, 'utf8')) as { owner: ProcessIdentity };
    const npm = Number(
      /^PPid:\s*(\d+)/m.exec(readFileSync(`/proc/${owner.pid}/status`, 'utf8'))?.[1],
    );
    process.kill(npm, 'SIGTERM');
    await allGone([owner, server]);
  });
});
