import { join } from 'node:path';

import { Redis } from 'ioredis';
import pg from 'pg';

import { DEVELOPMENT_SECRETS } from '../../config.ts';
import { startPostgres, type LocalPostgres } from '../../deploy/local/postgres.ts';
import { startRedis, type LocalRedis } from '../../deploy/local/redis.ts';
import type { Fault } from '../sandbox/faults.ts';
import { clinicAt } from '../support/clinic.ts';
import { removeFolder, temporaryFolder } from '../support/folders.ts';
import { freePort } from '../support/ports.ts';
import { startProgram, type Program } from '../support/proc.ts';

/** What one orchestrator process is told. */
export interface ProcessOptions {
  /** As ROLES; `all` if absent. */
  readonly roles?: string;
  readonly leaseMs?: number;
  readonly failpoint?: string;
  readonly plantedBug?: string;
  /** More settings, or others than these processes usually have. */
  readonly env?: Readonly<Record<string, string>>;
}

/** One `main.ts` in a process of its own, on ports that it keeps over restarts. */
export interface Orchestrator {
  /** Null without the role `edge`. */
  readonly edge: string | null;
  readonly program: Program;
  /** Resolves when it died of SIGKILL; rejects if it lives on for `timeoutMs`, or ended in another way. */
  killed(timeoutMs: number): Promise<void>;
  /** A counter of its /metrics; 0 if it has none of that name. */
  metric(name: string): Promise<number>;
}

/** PostgreSQL, Redis, the sandbox and any number of orchestrators: all real, all in processes that can be killed. */
export interface Cluster extends AsyncDisposable {
  readonly databaseUrl: string;
  /** What the providers applied, and what the load generator did: evidence from outside. */
  readonly sandboxFile: string;
  readonly generatorFile: string;
  readonly sandbox: string;
  start(options?: ProcessOptions): Promise<Orchestrator>;
  /** A dead one again, on its ports, with other options: without its failpoint. */
  restart(dead: Orchestrator, options?: ProcessOptions): Promise<Orchestrator>;
  /** Edges that were started and have not ended. */
  edges(): readonly string[];
  /** Where the providers post to from now on, as a load balancer would: the first living edge, unless told which. */
  pointWebhooks(edge?: string): Promise<void>;
  setFault(fault: Fault): Promise<void>;
  /** Requests that faults have hit, by provider. */
  faultHits(): Promise<Readonly<Record<string, number>>>;
  paySession(sessionId: string): Promise<unknown>;
  /** Tells the sandbox what the world does (test/sandbox/README.md), or asks it if there is no `body`; answers with its JSON. */
  control(path: string, body?: unknown): Promise<unknown>;
  /** A command of ours, as a user runs it here, to its end. */
  run(
    file: string,
    args?: readonly string[],
  ): Promise<{ readonly code: number | null; readonly output: string }>;
  stopPostgres(mode: 'fast' | 'immediate'): Promise<void>;
  startPostgres(): Promise<void>;
  killRedis(): Promise<void>;
  startRedis(): Promise<void>;
  /** One command on a connection of its own. */
  redis<T>(work: (redis: Redis) => Promise<T>): Promise<T>;
  /** Over a small pool of our own, which survives a restart of the server. */
  query<Row extends object>(sql: string, values?: readonly unknown[]): Promise<Row[]>;
  /** The end of what each process wrote. */
  outputs(): string;
}

export async function startCluster(): Promise<Cluster> {
  await using parts = new AsyncDisposableStack();
  const folder = parts.adopt(await temporaryFolder(), removeFolder);
  const [postgresPort, redisPort] = [await freePort(), await freePort()];
  const postgresOptions = {
    dataDir: join(folder, 'postgres'),
    port: postgresPort,
    settings: { track_commit_timestamp: 'on' }, // I10 is about when a withdrawal was committed.
  };
  const redisOptions = { dataDir: join(folder, 'redis'), port: redisPort };
  let postgres: LocalPostgres;
  let redis: LocalRedis;
  [postgres, redis] = await Promise.all([startPostgres(postgresOptions), startRedis(redisOptions)]);
  const sandboxFile = join(folder, 'sandbox.jsonl');
  const sandboxProgram = parts.use(
    await startProgram('test/sandbox/main.ts', {
      env: {
        SANDBOX_PORT: '0',
        SANDBOX_LEDGER: sandboxFile,
        WHATSAPP_ACCESS_TOKEN: DEVELOPMENT_SECRETS.WHATSAPP_TOKEN,
        WHATSAPP_APP_SECRET: DEVELOPMENT_SECRETS.WHATSAPP_APP_SECRET,
        DUFFEL_TOKEN: DEVELOPMENT_SECRETS.DUFFEL_TOKEN,
        STRIPE_SECRET_KEY: DEVELOPMENT_SECRETS.STRIPE_SECRET_KEY,
        STRIPE_WEBHOOK_SECRET: DEVELOPMENT_SECRETS.STRIPE_WEBHOOK_SECRET,
        IYZICO_API_KEY: DEVELOPMENT_SECRETS.IYZICO_API_KEY,
        IYZICO_SECRET_KEY: DEVELOPMENT_SECRETS.IYZICO_SECRET_KEY,
        NILVERA_API_KEY: DEVELOPMENT_SECRETS.NILVERA_API_KEY,
        EFATURA_WEBHOOK_SECRET: DEVELOPMENT_SECRETS.EFATURA_WEBHOOK_SECRET,
      },
    }),
  );
  const sandbox = (await sandboxProgram.line(/^sandbox (\S+)$/m))[1] as string;
  const pool = new pg.Pool({
    connectionString: postgres.url,
    max: 4,
    connectionTimeoutMillis: 2_000,
    query_timeout: 10_000,
  });
  pool.on('error', () => {}); // It is cut off when the server is stopped, and connects again.
  parts.defer(() => pool.end());

  type Ports = { readonly edge: number; readonly ops: number };
  const known = new Map<Orchestrator, Ports>();
  const living = new Set<Orchestrator>();
  const programs = new Set<Program>();

  /** What every program of ours is told, whatever it is for. */
  const settings = () => ({
    NODE_ENV: 'test',
    DATABASE_URL: postgres.url,
    REDIS_URL: redis.url,
    DATA_DIR: folder,
    WHATSAPP_API_BASE: sandbox,
    STRIPE_API_BASE: sandbox,
    IYZICO_API_BASE: sandbox,
    IYZICO_REPORT_LAG_SECONDS: '0',
    NILVERA_API_BASE: sandbox,
    TCMB_API_BASE: sandbox,
    DUFFEL_API_BASE: sandbox,
    ...clinicAt(sandbox),
  });

  async function launch(ports: Ports, options: ProcessOptions): Promise<Orchestrator> {
    const { roles = 'all', leaseMs, failpoint, plantedBug, env = {} } = options;
    const program = await startProgram('main.ts', {
      preload: failpoint || plantedBug ? 'test/faults/preload.ts' : undefined,
      env: {
        ...settings(),
        PORT: String(ports.edge),
        OPS_PORT: String(ports.ops),
        LOG_LEVEL: 'warn',
        WHATSAPP_MESSAGES_PER_DAY: '1000000', // Limits have tests of their own.
        WHATSAPP_PEOPLE_PER_DAY: '1000000',
        WHATSAPP_PER_SECOND: '1000',
        ROLES: roles,
        LEASE_MS: leaseMs === undefined ? undefined : String(leaseMs),
        FAILPOINT: failpoint,
        PLANTED_BUG: plantedBug,
        ...env,
      },
    });
    programs.add(program);
    await program.line(/^ready \S+/m);
    const isEdge = roles === 'all' || roles.includes('edge');
    const orchestrator: Orchestrator = {
      edge: isEdge ? `http://127.0.0.1:${ports.edge}` : null,
      program,
      async killed(timeoutMs) {
        const { promise: late, reject } = Promise.withResolvers<never>();
        const timer = setTimeout(
          reject,
          timeoutMs,
          new Error('Inconclusive: the process passed no failpoint'),
        );
        const { code, signal } = await Promise.race([program.exited, late]).finally(() =>
          clearTimeout(timer),
        );
        if (signal !== 'SIGKILL') {
          throw new Error(`Inconclusive: it ended with ${signal ?? code}, not by its failpoint`);
        }
      },
      async metric(name) {
        const answer = await fetch(`http://127.0.0.1:${ports.ops}/metrics`);
        const found = new RegExp(`^${name}(?:\\{[^}]*\\})? (\\S+)$`, 'm').exec(await answer.text());
        return Number(found?.[1] ?? 0);
      },
    };
    known.set(orchestrator, ports);
    living.add(orchestrator);
    void program.exited.then(() => living.delete(orchestrator));
    return orchestrator;
  }
  async function control(path: string, body?: unknown): Promise<unknown> {
    const answer = await fetch(`${sandbox}/_sandbox/${path}`, {
      ...(body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(120_000),
    });
    if (!answer.ok) throw new Error(`The sandbox answered ${answer.status} to ${path}`);
    return answer.json();
  }

  const edges = () => [...living].flatMap(({ edge }) => edge ?? []);
  const stack = parts.move();
  return {
    databaseUrl: postgres.url,
    sandboxFile,
    generatorFile: join(folder, 'generator.jsonl'),
    sandbox,
    start: async (options = {}) =>
      launch({ edge: await freePort(), ops: await freePort() }, options),
    restart: (dead, options = {}) => launch(known.get(dead) as Ports, options),
    edges,
    async pointWebhooks(edge = edges()[0]) {
      await control('webhooks', {
        whatsappUrl: `${edge}/webhooks/whatsapp`,
        paymentsUrl: `${edge}/webhooks/payments`,
        efaturaUrl: `${edge}/webhooks/efatura`,
      });
    },
    setFault: async (fault) => void (await control('faults', fault)),
    faultHits: async () => ((await control('faults')) as { hits: Record<string, number> }).hits,
    paySession: (sessionId) => control(`stripe/sessions/${sessionId}/pay`, {}),
    control,
    async run(file, args = []) {
      const program = await startProgram(file, { args, env: settings() });
      const { code } = await program.exited;
      return { code, output: program.output() };
    },
    stopPostgres: (mode) => postgres.stop(mode),
    async startPostgres() {
      postgres = await startPostgres(postgresOptions);
    },
    killRedis: () => redis.kill(),
    async startRedis() {
      redis = await startRedis(redisOptions);
    },
    async redis(work) {
      const client = new Redis(redis.url, { maxRetriesPerRequest: 1, retryStrategy: () => null });
      client.on('error', () => {}); // The command's own error is enough.
      try {
        return await work(client);
      } finally {
        client.disconnect();
      }
    },
    async query<Row extends object>(sql: string, values: readonly unknown[] = []) {
      return (await pool.query<Row>(sql, [...values])).rows;
    },
    outputs: () =>
      [...known.keys()]
        .map(
          ({ program }) =>
            `--- process ${program.pid}\n${program.output().split('\n').slice(-25).join('\n')}`,
        )
        .join('\n'),
    async [Symbol.asyncDispose]() {
      // The processes first: an orchestrator without its servers would only complain.
      await Promise.all([...programs].map((program) => program.kill()));
      await stack.disposeAsync();
    },
  };
}
