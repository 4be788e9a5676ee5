import { mkdirSync } from 'node:fs';
import { join } from 'node:path';

import pg from 'pg';
import { Pool } from 'undici';

import { templates } from '../../../actors/texts/templates.ts';
import { DEVELOPMENT_SECRETS } from '../../../config.ts';
import { sandboxSecrets, startSandbox } from '../../sandbox/sandbox.ts';
import { clinicAt } from '../../support/clinic.ts';
import { freePort } from '../../support/ports.ts';
import { startProgram } from '../../support/proc.ts';
import { staffHeader } from '../../system/orchestrator.ts';
import type { Databases } from '../databases.ts';
import { cpuMsOf, machineCpuMs, peakRssMb, readProcesses } from '../usage.ts';

/** Whose processor time is counted: `runtime` is `main.ts`, `client` the sandbox and whoever plays patients and staff. */
const parts = ['runtime', 'postgres', 'redis', 'client'] as const;
type Part = (typeof parts)[number];
type PerPart = Readonly<Record<Part, number>>;

/** Processor time so far, in ms: of each part, and of everybody on the machine. */
export interface CpuReading extends PerPart {
  readonly machine: number;
}

/** The system as `npm start` runs it, in all roles and a process of its own, with the sandbox in ours. */
export interface MoneySystem {
  /** `http://127.0.0.1:49152`, no path. */
  readonly edge: string;
  /** The same of the sandbox. */
  readonly sandbox: string;
  query<Row extends pg.QueryResultRow>(sql: string, values?: readonly unknown[]): Promise<Row[]>;
  /** Posts JSON to the edge. @throws when the answer isn't 2xx */
  post(path: string, body: string, headers?: Readonly<Record<string, string>>): Promise<void>;
  /** Posts what staff tell a case. */
  staff(caseId: string, event: { readonly type: string }): Promise<void>;
  /** Tells the sandbox what the world does; answers with its JSON. */
  control(path: string, body: object): Promise<unknown>;
  cpuMs(): CpuReading;
  runtimeRssMb(): number;
  /** Ends everything but the databases. */
  stop(): Promise<void>;
}

export interface MoneySystemOptions {
  readonly databases: Databases;
  /** Of the database, which is made the first time. */
  readonly name: string;
  readonly dataDir: string;
  /** False takes the Redis fast path of repeated webhooks away. */
  readonly seen: boolean;
  /** Whether what the sandbox knows is posted to the edge. */
  readonly webhooks: boolean;
  /** Where the runtime leaves a CPU profile when it ends; null for none. */
  readonly profileDir: string | null;
}

/** Starts it on a database of its own. Limits of WhatsApp are out of the way: they would set the pace. */
export async function startMoneySystem(options: MoneySystemOptions): Promise<MoneySystem> {
  const { databases, name, dataDir, seen, webhooks, profileDir } = options;
  await using stack = new AsyncDisposableStack(); // Undoes what was started if the next part fails.
  const folder = join(dataDir, name);
  mkdirSync(folder, { recursive: true });
  const { databaseUrl, redisUrl } = await databases.urlsOf(name);
  const sandbox = stack.adopt(
    await startSandbox({
      port: 0,
      ledgerFile: join(folder, 'sandbox.jsonl'),
      webhooks: {},
      whatsappTemplates: templates(),
      secrets: {
        ...sandboxSecrets,
        whatsappAccessToken: DEVELOPMENT_SECRETS.WHATSAPP_TOKEN,
        whatsappAppSecret: DEVELOPMENT_SECRETS.WHATSAPP_APP_SECRET,
        duffelToken: DEVELOPMENT_SECRETS.DUFFEL_TOKEN,
        stripeSecretKey: DEVELOPMENT_SECRETS.STRIPE_SECRET_KEY,
        stripeWebhookSecret: DEVELOPMENT_SECRETS.STRIPE_WEBHOOK_SECRET,
        iyzicoApiKey: DEVELOPMENT_SECRETS.IYZICO_API_KEY,
        iyzicoSecretKey: DEVELOPMENT_SECRETS.IYZICO_SECRET_KEY,
        nilveraApiKey: DEVELOPMENT_SECRETS.NILVERA_API_KEY,
        efaturaWebhookSecret: DEVELOPMENT_SECRETS.EFATURA_WEBHOOK_SECRET,
      },
    }),
    async (one) => one.close(),
  );
  const program = stack.adopt(
    await startProgram('main.ts', {
      env: {
        NODE_ENV: 'development',
        NODE_OPTIONS: [
          ...(seen ? [] : [`--import=${import.meta.resolve('./unseen.ts')}`]),
          ...(profileDir === null ? [] : ['--cpu-prof', `--cpu-prof-dir=${profileDir}`]),
        ].join(' '),
        ROLES: 'all',
        PORT: '0',
        OPS_PORT: String(await freePort()),
        DATABASE_URL: databaseUrl,
        REDIS_URL: redisUrl,
        DATA_DIR: folder,
        LOG_LEVEL: 'warn',
        WHATSAPP_API_BASE: sandbox.origin,
        WHATSAPP_PER_SECOND: '10000',
        WHATSAPP_MESSAGES_PER_DAY: '10000000',
        WHATSAPP_PEOPLE_PER_DAY: '10000000',
        DUFFEL_API_BASE: sandbox.origin,
        STRIPE_API_BASE: sandbox.origin,
        IYZICO_API_BASE: sandbox.origin,
        IYZICO_REPORT_LAG_SECONDS: '0',
        NILVERA_API_BASE: sandbox.origin,
        TCMB_API_BASE: sandbox.origin,
        ...clinicAt(sandbox.origin),
      },
    }),
    async (one) => void (await one.stop().catch(async () => one.kill())),
  );
  const [, edge = ''] = await program.line(/^ready (\S+)$/m);
  if (webhooks) {
    sandbox.pointWebhooksAt({
      paymentsUrl: `${edge}/webhooks/payments`,
      efaturaUrl: `${edge}/webhooks/efatura`,
    });
  }
  const sql = stack.adopt(new pg.Pool({ connectionString: databaseUrl, max: 2 }), async (pool) =>
    pool.end(),
  );
  const http = stack.adopt(new Pool(edge, { connections: 32 }), async (pool) => pool.destroy());
  const world = stack.adopt(new Pool(sandbox.origin, { connections: 32 }), async (pool) =>
    pool.destroy(),
  );
  const asStaff = await staffHeader({}, { expires: '6h' });
  const started = stack.move();

  async function posted(pool: Pool, path: string, body: string, headers: object): Promise<string> {
    const answer = await pool.request({
      method: 'POST',
      path,
      headers: { 'content-type': 'application/json', ...headers },
      body,
    });
    const text = await answer.body.text();
    if (answer.statusCode >= 300) throw new Error(`${path} was answered ${answer.statusCode}`);
    return text;
  }

  return {
    edge,
    sandbox: sandbox.origin,
    query: async <Row extends pg.QueryResultRow>(text: string, values: readonly unknown[] = []) =>
      (await sql.query<Row>(text, [...values])).rows,
    post: async (path, body, headers = {}) => void (await posted(http, path, body, headers)),
    staff: async (caseId, event) =>
      void (await posted(http, `/admin/cases/${caseId}/events`, JSON.stringify(event), asStaff)),
    control: async (path, body) =>
      JSON.parse(await posted(world, `/_sandbox/${path}`, JSON.stringify(body), {})) as unknown,
    cpuMs: () => {
      const processes = readProcesses();
      const own = process.cpuUsage();
      return {
        runtime: cpuMsOf(processes, program.pid),
        postgres: cpuMsOf(processes, databases.postgresPid),
        redis: cpuMsOf(processes, databases.redisPid),
        client: (own.user + own.system) / 1_000,
        machine: machineCpuMs(),
      };
    },
    runtimeRssMb: () => peakRssMb(program.pid),
    stop: async () => started.disposeAsync(),
  };
}

/**
 * How many cores were busy with things that are none of ours: what disturbed the figures. `more` is what the generator used
 * in ms.
 */
export function coresOfOthers(
  before: CpuReading,
  after: CpuReading,
  windowMs: number,
  more = 0,
): number {
  const ours = parts.reduce((sum, part) => sum + after[part] - before[part], more);
  return Number(Math.max(0, (after.machine - before.machine - ours) / windowMs).toFixed(2));
}

/** What was spent between two readings, for each of `count` things; `all` is their sum. */
export function cpuPerOne(
  before: PerPart,
  after: PerPart,
  count: number,
): Record<Part | 'all', number> {
  const each = (part: Part) => (after[part] - before[part]) / count;
  const all = parts.reduce((sum, part) => sum + each(part), 0);
  const digits = (value: number) => Number(value.toFixed(3));
  return {
    runtime: digits(each('runtime')),
    postgres: digits(each('postgres')),
    redis: digits(each('redis')),
    client: digits(each('client')),
    all: digits(all),
  };
}
