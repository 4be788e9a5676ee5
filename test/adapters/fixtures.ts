import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { Redis } from 'ioredis';
import { Agent, type Dispatcher } from 'undici';

import type { Performing } from '../../actors/ports/performing.ts';
import { type CallPolicy, type PolicyOptions, callPolicy } from '../../adapters/policy.ts';
import { createTokenEncryption } from '../../adapters/token-encryption.ts';
import { type Telemetry, createTelemetry } from '../../telemetry.ts';
import type { LedgerEntry } from '../sandbox/ledger.ts';
import {
  type Sandbox,
  type SandboxOptions,
  sandboxSecrets,
  startSandbox,
} from '../sandbox/sandbox.ts';
import { freePort } from '../support/ports.ts';
import { need, testSoftware } from '../support/software.ts';

export interface Provider {
  readonly sandbox: Sandbox;
  readonly dispatcher: Dispatcher;
  readonly telemetry: Telemetry;
  readonly ledgerFile: string;
  /** Of a kind, from the file by way of the control endpoint. */
  applied(kind: string): Promise<readonly LedgerEntry[]>;
  fault(fault: object): Promise<void>;
  close(): Promise<void>;
}

/** As one installation has it. */
export const tokenEncryption = createTokenEncryption([
  { id: 'k1', key: new Uint8Array(32).fill(7) },
]);

/** A sandbox of one's own, with a ledger in a temporary folder. */
export async function startProvider(options: Partial<SandboxOptions> = {}): Promise<Provider> {
  const folder = mkdtempSync(join(tmpdir(), 'sandbox-'));
  const ledgerFile = join(folder, 'ledger.jsonl');
  const sandbox = await startSandbox({
    port: 0,
    ledgerFile,
    webhooks: {},
    secrets: sandboxSecrets,
    ...options,
  });
  const dispatcher = new Agent();
  return {
    sandbox,
    dispatcher,
    telemetry: createTelemetry({ level: 'silent' }),
    ledgerFile,
    async applied(kind) {
      const { entries } = (await call(sandbox, 'GET', `/_sandbox/ledger?kind=${kind}`)) as {
        entries: LedgerEntry[];
      };
      return entries;
    },
    async fault(fault) {
      await call(sandbox, 'POST', '/_sandbox/faults', fault);
    },
    async close() {
      await dispatcher.destroy();
      await sandbox.close();
      rmSync(folder, { recursive: true });
    },
  };
}

/** Calls a control of the sandbox. */
export async function call(sandbox: Sandbox, method: string, path: string, body?: object) {
  const answer = await fetch(sandbox.origin + path, {
    method,
    ...(body ? { body: JSON.stringify(body) } : {}),
  });
  const json: unknown = await answer.json();
  if (!answer.ok) throw new Error(`${answer.status} ${JSON.stringify(json)}`);
  return json;
}

/** The provider's own policy, but with waits too short to notice. */
export function quick(
  provider: string,
  options: PolicyOptions,
  more: Partial<PolicyOptions> = {},
): CallPolicy {
  return callPolicy(provider, { ...options, timeoutMs: 2_000, initialDelayMs: 1, ...more });
}

export function performing(more: Partial<Performing> = {}): Performing {
  return {
    effectId: 'effect-1',
    attempt: 1,
    signal: AbortSignal.timeout(20_000),
    tenant: 'clinic-a',
    ...more,
  };
}

export interface TestRedis {
  readonly port: number;
  connect(): Redis;
  close(): Promise<void>;
}

/** For 10 s or more: a client of a server that is down for good has to give up before its test does. */
const triesToConnect = 500;

/** A Redis server of one's own, as a child process that writes nothing. */
export async function startRedis(): Promise<TestRedis> {
  await need(testSoftware.redis);
  const folder = mkdtempSync(join(tmpdir(), 'redis-'));
  const port = await freePort();
  const server: ChildProcess = spawn(
    'redis-server',
    [
      '--port',
      String(port),
      '--bind',
      '127.0.0.1',
      '--save',
      '',
      '--appendonly',
      'no',
      '--dir',
      folder,
    ],
    { stdio: 'ignore' },
  );
  const exited = once(server, 'exit');
  exited.catch(() => undefined); // Seen below, and by who closes it.
  const clients: Redis[] = [];
  const connect = () => {
    const retryStrategy = (times: number) => (times > triesToConnect ? null : 20);
    const client = new Redis({ port, host: '127.0.0.1', retryStrategy });
    client.on('error', () => {}); // Seen by the commands.
    clients.push(client);
    return client;
  };
  const ended = exited.then(() => {
    throw new Error('redis-server ended while starting');
  });
  await Promise.race([connect().ping(), ended]); // Waits until it listens.
  ended.catch(() => undefined);
  return {
    port,
    connect,
    async close() {
      for (const client of clients) client.disconnect();
      server.kill();
      await exited;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Waits for a condition, at most 10 s. */
export async function until(condition: () => Promise<boolean> | boolean): Promise<void> {
  const giveUpAt = performance.now() + 10_000;
  while (!(await condition())) {
    if (performance.now() > giveUpAt) throw new Error('It did not come about in 10 s');
    await sleep(5);
  }
}
