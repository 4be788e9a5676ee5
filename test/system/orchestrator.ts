import { SignJWT } from 'jose';
import pg from 'pg';

import { DEVELOPMENT_SECRETS } from '../../config.ts';
import type { Fault } from '../sandbox/faults.ts';
import { sandboxAccount } from '../sandbox/sandbox.ts';
import {
  metaJson,
  newMessageId,
  signStripe,
  signWhatsapp,
  stripeEvent,
  whatsappInbound,
  type InboundMessage,
} from '../sandbox/webhooks.ts';
import { clinicAt } from '../support/clinic.ts';
import { removeFolder, temporaryFolder } from '../support/folders.ts';
import { freePort } from '../support/ports.ts';
import { asApplication } from '../support/postgres.ts';
import { startProgram, type Program } from '../support/proc.ts';
import type { Services } from '../support/services.ts';

/** An answer of the orchestrator, read to its end. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** Throws if it is no JSON. */
  json(): Record<string, unknown>;
}

/** What an orchestrator is told beside where its servers are. */
export interface OrchestratorOptions {
  /** On top of everything else. */
  readonly env?: Readonly<Record<string, string>>;
  /** A sandbox that runs already and plays all providers. Absent: the process starts its own, and tells it where to post. */
  readonly sandbox?: string;
  /** The folder of another process, which both share. Absent: one of its own, removed with it. */
  readonly dataDir?: string;
}

/** One `main.ts` with all roles and a sandbox, on data that outlives it. */
export interface Orchestrator extends AsyncDisposable {
  /** The process that runs now; another one after `startAgain`. */
  readonly program: Program;
  readonly edge: string;
  readonly ops: string;
  readonly sandbox: string;
  readonly dataDir: string;
  request(url: string, init?: RequestInit): Promise<Answer>;
  /** With the real signature, unless `headers` say otherwise. */
  whatsapp(body: string | Uint8Array, headers?: Readonly<Record<string, string>>): Promise<Answer>;
  /** Signed at `t`, epoch seconds: now, unless told. */
  stripe(body: string, t?: number): Promise<Answer>;
  query<Row extends object>(sql: string, values?: readonly unknown[]): Promise<Row[]>;
  /** What the patient got so far, in order. */
  messagesTo(phone: string): Promise<readonly SentMessage[]>;
  /** What the sandbox does wrong from now on. */
  setFault(fault: Fault): Promise<void>;
  /** The same data, a new process, with `env` from now on. The old one must have ended. */
  startAgain(env?: Readonly<Record<string, string>>): Promise<void>;
  /** What all processes wrote, from the first byte. */
  outputs(): string;
  /** Bodies and headers of every answer so far. */
  answers(): string;
}

interface SentMessage {
  readonly kind: string;
  readonly body: string;
  readonly effectId: string;
  readonly buttons: readonly { readonly id: string }[];
}

/** Starts one, tracing to `otlpEndpoint`. Disposing kills it and removes its files. */
export async function startOrchestrator(
  { databaseUrl, redisUrl }: Services,
  otlpEndpoint: string,
  { env: firstEnv = {}, sandbox: given, dataDir }: OrchestratorOptions = {},
): Promise<Orchestrator> {
  const stack = new AsyncDisposableStack();
  const folder = dataDir ?? stack.adopt(await temporaryFolder(), removeFolder);
  const pool = stack.adopt(new pg.Pool({ connectionString: databaseUrl, max: 2 }), (pool) =>
    pool.end(),
  );
  pool.on('error', () => {}); // Cut off with the database, if a test failed before we were disposed of.
  const opsPort = await freePort();
  const heard: string[] = [];
  const programs: Program[] = [];
  const providers: Record<string, string> =
    given === undefined
      ? {}
      : {
          WHATSAPP_API_BASE: given,
          STRIPE_API_BASE: given,
          DUFFEL_API_BASE: given,
          ...clinicAt(given),
        };

  async function launch(env: Readonly<Record<string, string>>) {
    const program = stack.use(
      await startProgram('main.ts', {
        preload: env['FAILPOINT'] === undefined ? undefined : 'test/faults/preload.ts',
        env: {
          NODE_ENV: 'test',
          ROLES: 'all',
          PORT: '0',
          OPS_PORT: String(opsPort),
          DATABASE_URL: asApplication(databaseUrl),
          MIGRATION_DATABASE_URL: databaseUrl,
          REDIS_URL: redisUrl,
          DATA_DIR: folder,
          LOG_LEVEL: 'debug',
          ORTHANC_API_BASE: 'none', // Most tests see no image; those that do ask for one.
          OTEL_EXPORTER_OTLP_ENDPOINT: otlpEndpoint,
          ...providers,
          ...env,
        },
      }),
    );
    programs.push(program);
    const [, sandbox = ''] = given ? ['', given] : await program.line(/^sandbox (\S+)$/m);
    const [, edge = ''] = await program.line(/^ready (\S+)$/m);
    return { program, sandbox, edge };
  }
  let running = await launch(firstEnv);

  async function request(url: string, init?: RequestInit): Promise<Answer> {
    const answer = await fetch(url, { signal: AbortSignal.timeout(15_000), ...init });
    const text = await answer.text();
    heard.push(text, JSON.stringify([...answer.headers]));
    return {
      status: answer.status,
      headers: answer.headers,
      text,
      json: () => JSON.parse(text) as Record<string, unknown>,
    };
  }

  return {
    get program() {
      return running.program;
    },
    get edge() {
      return running.edge;
    },
    ops: `http://127.0.0.1:${opsPort}`,
    get sandbox() {
      return running.sandbox;
    },
    dataDir: folder,
    request,
    whatsapp: (body, headers) =>
      request(`${running.edge}/webhooks/whatsapp`, {
        method: 'POST',
        body,
        headers: {
          'content-type': 'application/json',
          ...(headers ?? {
            'x-hub-signature-256': signWhatsapp(body, DEVELOPMENT_SECRETS.WHATSAPP_APP_SECRET),
          }),
        },
      }),
    stripe: (body, t = epochSeconds()) =>
      request(`${running.edge}/webhooks/payments`, {
        method: 'POST',
        body,
        headers: {
          'content-type': 'application/json',
          'stripe-signature': signStripe(body, DEVELOPMENT_SECRETS.STRIPE_WEBHOOK_SECRET, t),
        },
      }),
    async query<Row extends object>(sql: string, values: readonly unknown[] = []) {
      return (await pool.query<Row>(sql, [...values])).rows;
    },
    async messagesTo(phone) {
      const answer = await fetch(`${running.sandbox}/_sandbox/whatsapp/messages?to=${phone}`);
      return ((await answer.json()) as { messages: SentMessage[] }).messages;
    },
    async setFault(fault) {
      const body = JSON.stringify(fault);
      const answer = await fetch(`${running.sandbox}/_sandbox/faults`, { method: 'POST', body });
      if (!answer.ok) throw new Error(`The sandbox answered ${answer.status} to a fault`);
    },
    async startAgain(env = firstEnv) {
      running = await launch(env);
    },
    outputs: () => programs.map((program) => program.output()).join('\n'),
    answers: () => heard.join('\n'),
    async [Symbol.asyncDispose]() {
      await Promise.all(programs.map((program) => program.kill()));
      await stack.disposeAsync();
    },
  };
}

export const epochSeconds = () => Math.floor(Date.now() / 1_000);

/** A text message as Meta reports it, now, from a number; with a new id unless told. */
export function textFrom(
  phone: string,
  body: string,
  more: Partial<InboundMessage> = {},
): InboundMessage {
  return {
    messageId: newMessageId(),
    from: phone,
    userId: null,
    profileName: null,
    content: { kind: 'text', body },
    atEpochSeconds: secondOf(phone),
    ...more,
  };
}

const lastSeconds = new Map<string, number>();

/** Nobody writes two messages in one second, and so fast is only a test. */
function secondOf(phone: string): number {
  const second = Math.max(epochSeconds(), (lastSeconds.get(phone) ?? 0) + 1);
  lastSeconds.set(phone, second);
  return second;
}

/** A webhook body with these messages, for our number unless told. */
export function inbound(
  messages: readonly InboundMessage[],
  phoneNumberId = sandboxAccount.phoneNumberId,
): string {
  return metaJson(whatsappInbound({ ...sandboxAccount, phoneNumberId }, messages));
}

/** A Stripe event about `object`, as Stripe writes it. */
export function stripeBody(id: string, type: string, object: object): string {
  return JSON.stringify(stripeEvent({ id, type, createdEpochSeconds: epochSeconds(), object }));
}

/** The `Authorization` of a member of staff, of the demo tenant with a reader's role unless told. */
export async function staffHeader(
  claims: { readonly tenant?: string; readonly roles?: readonly string[] } = {},
  { secret, expires = '5m' }: { readonly secret?: string; readonly expires?: string } = {},
): Promise<{ authorization: string }> {
  const token = await new SignJWT({ tenant: 'demo', roles: ['support'], ...claims })
    .setProtectedHeader({ alg: 'HS256' })
    .setIssuer('urn:patient-cases:development')
    .setAudience('patient-cases-admin')
    .setSubject('staff-1')
    .setExpirationTime(expires)
    .sign(new TextEncoder().encode(secret ?? DEVELOPMENT_SECRETS.ADMIN_JWT_SECRET));
  return { authorization: `Bearer ${token}` };
}
