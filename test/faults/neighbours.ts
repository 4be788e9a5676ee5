import { join } from 'node:path';

import { DEVELOPMENT_SECRETS } from '../../config.ts';
import { readLedger } from '../sandbox/ledger.ts';
import { temporaryFolder, removeFolder } from '../support/folders.ts';
import { startProgram } from '../support/proc.ts';
import { startProxy, type Proxy } from '../support/proxy.ts';
import { services, type StartedServices } from '../support/services.ts';
import { waitUntil } from '../support/wait.ts';
import { inbound, startOrchestrator, textFrom, type Orchestrator } from '../system/orchestrator.ts';

/** One orchestrator that reaches each of its neighbours through a proxy. */
export interface Neighbours extends AsyncDisposable {
  readonly services: StartedServices;
  readonly system: Orchestrator;
  readonly redis: Proxy;
  readonly postgres: Proxy;
  /** Plays all providers. */
  readonly provider: Proxy;
  /** So many patients write for the first time, at once; each one's number and the status of the answer. */
  write(count: number): Promise<readonly Written[]>;
  /** Resolves when each of them got an answer from us; rejects after `timeoutMs`. */
  answered(written: readonly Written[], timeoutMs: number): Promise<void>;
  /** The names of readiness checks that fail. */
  unready(): Promise<readonly string[]>;
}

export interface Written {
  readonly phone: string;
  readonly status: number;
}

export interface NeighboursOptions {
  /** Where DATABASE_URL leads instead of the database itself: to a pooler before it. */
  readonly databaseUrl?: (services: StartedServices) => Promise<string>;
  /** Where REDIS_URL leads at first. */
  readonly redisUrl?: string;
  readonly env?: Readonly<Record<string, string>>;
}

let lastPhone = 49_155_000_000;

export async function startNeighbours(options: NeighboursOptions = {}): Promise<Neighbours> {
  await using parts = new AsyncDisposableStack();
  const started = parts.use(await services());
  const folder = parts.adopt(await temporaryFolder(), removeFolder);
  const sandboxFile = join(folder, 'sandbox.jsonl');
  const played = parts.use(
    await startProgram('test/sandbox/main.ts', {
      env: {
        SANDBOX_PORT: '0',
        SANDBOX_LEDGER: sandboxFile,
        WHATSAPP_ACCESS_TOKEN: DEVELOPMENT_SECRETS.WHATSAPP_TOKEN,
        WHATSAPP_APP_SECRET: DEVELOPMENT_SECRETS.WHATSAPP_APP_SECRET,
        DUFFEL_TOKEN: DEVELOPMENT_SECRETS.DUFFEL_TOKEN,
        STRIPE_SECRET_KEY: DEVELOPMENT_SECRETS.STRIPE_SECRET_KEY,
        STRIPE_WEBHOOK_SECRET: DEVELOPMENT_SECRETS.STRIPE_WEBHOOK_SECRET,
      },
    }),
  );
  const [, sandbox = ''] = await played.line(/^sandbox (\S+)$/m);
  const behind = async (url: string) => parts.use(await startProxy(url));
  const databaseUrl = (await options.databaseUrl?.(started)) ?? started.databaseUrl;
  const redisUrl = options.redisUrl ?? started.redisUrl;
  const redis = await behind(redisUrl);
  const postgres = await behind(databaseUrl);
  const provider = await behind(sandbox);
  const system = parts.use(
    await startOrchestrator(
      { ...started, databaseUrl: postgres.through(databaseUrl), redisUrl: redis.through(redisUrl) },
      'http://127.0.0.1:9', // Traces go nowhere.
      {
        sandbox: provider.through(sandbox).replace(/\/$/, ''),
        env: { LOG_LEVEL: 'warn', WHATSAPP_PER_SECOND: '1000', ...options.env },
      },
    ),
  );
  const stack = parts.move();

  async function writeAs(phone: string): Promise<Written> {
    const { status } = await system.whatsapp(inbound([textFrom(phone, 'Hello, I need a dentist')]));
    return { phone, status };
  }

  return {
    services: started,
    system,
    redis,
    postgres,
    provider,
    write: async (count) =>
      Promise.all(Array.from({ length: count }, async () => writeAs(String(++lastPhone)))),
    async answered(written, timeoutMs) {
      const left = () => {
        const to = new Set(
          readLedger(sandboxFile).flatMap((entry) =>
            entry.kind === 'message' ? [String(entry.detail['to'])] : [],
          ),
        );
        return written.filter(({ phone }) => !to.has(phone));
      };
      await waitUntil(() => left().length === 0, {
        timeoutMs,
        what: `${written.length} patients to be answered`,
      });
    },
    async unready() {
      const answer = await system.request(`${system.ops}/health/ready`);
      const { checks } = answer.json() as { checks: { name: string; ok: boolean }[] };
      return checks.filter(({ ok }) => !ok).map(({ name }) => name);
    },
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}
