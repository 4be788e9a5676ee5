import { createHmac } from 'node:crypto';
import { connect } from 'node:net';
import type { TestContext } from 'node:test';

import { SignJWT } from 'jose';
import { Registry } from 'prom-client';

import type {
  CaseLine,
  CaseSearch,
  CaseView,
  Desk,
  HistoryEntryView,
  SpokenLine,
  Staff,
  StaffAct,
  StaffActions,
} from '../../actors/ports/desk.ts';
import type { SeenRequests } from '../../actors/ports/idempotency.ts';
import {
  IntakeUnavailable,
  type Delivery,
  type Intake,
  type Receipt,
} from '../../actors/ports/intake.ts';
import { createEdge, type EdgeOptions, type Webhook } from '../../http/app.ts';
import { serve, type ServerLimits } from '../../http/server/serve.ts';
import { efaturaRoutes } from '../../http/webhooks/efatura.ts';
import { paymentRoutes, type IyzicoSecrets } from '../../http/webhooks/payments.ts';
import { whatsappRoutes } from '../../http/webhooks/whatsapp.ts';

export const appSecrets = ['app-secret-new', 'app-secret-old'] as const;
export const verifyTokens = ['verify-new', 'verify-old'] as const;
export const webhookSecrets = ['whsec_new', 'whsec_old'] as const;
export const iyzicoSecrets = ['sandbox-new', 'sandbox-old'] as const;
export const merchantId = '3300000';
export const efaturaSecrets = ['efatura-new', 'efatura-old'] as const;
export const returnKeys = [Buffer.alloc(32, 'new'), Buffer.alloc(32, 'old')] as const;
export const jwtSecret = 'a-secret-for-tests-of-32-characters-or-more';
export const issuer = 'urn:test:issuer';
export const audience = 'test-audience';

export interface MemoryIntake extends Intake {
  readonly received: Delivery[];
  /** While true nothing can be committed. */
  closed: boolean;
}

/** The ledger's contract in memory: first come, first kept. */
export function memoryIntake(): MemoryIntake {
  const bodies = new Map<string, string>();
  const received: Delivery[] = [];
  const intake: MemoryIntake = {
    received,
    closed: false,
    receive: async (deliveries) => {
      if (intake.closed) throw new IntakeUnavailable('The ledger did not commit');
      return deliveries.map((delivery): Receipt => {
        const key = `${delivery.source} ${delivery.dedupeKey}`;
        const body = JSON.stringify(delivery.data);
        const seen = bodies.get(key);
        if (seen !== undefined) return { outcome: seen === body ? 'duplicate' : 'conflict' };
        bodies.set(key, body);
        received.push(delivery);
        return { outcome: delivery.about.kind === 'nobody' ? 'parked' : 'stored' };
      });
    },
  };
  return intake;
}

const at = '2026-11-23T10:00:00.000Z';

export const caseView: CaseView = {
  caseId: 'case-1',
  machine: 'case',
  version: '1.0.0',
  status: 'active',
  parkedReason: null,
  state: 'intake',
  tags: [],
  seq: 7,
  createdAt: at,
  updatedAt: at,
  stateSince: at,
  waitsFor: { timers: [], effects: [], pendingEvents: 0 },
  deadLetters: [],
  consents: [],
  attention: null,
  why: [],
  trip: null,
  messages: [],
};

export const caseLine: CaseLine = {
  caseId: 'case-1',
  state: 'intake',
  tags: ['with-staff'],
  waitsFor: { timerAt: null, effects: 0, delayed: [], pendingEvents: 0 },
  stateSince: at,
  updatedAt: at,
  deadLetters: 0,
  why: null,
  attention: null,
};

export const spokenLine: SpokenLine = {
  at,
  from: 'patient',
  kind: 'text',
  text: 'Merhaba',
  lang: 'tr',
  status: null,
};

const entry = (seq: number): HistoryEntryView => ({
  seq,
  at,
  kind: 'event',
  type: 'whatsapp.inbound',
  disposition: 'applied',
  reason: null,
  stateBefore: null,
  stateAfter: 'intake',
  effects: [],
  eventId: null,
});

/** Knows `case-1` of `tenant-a`, with seven history entries. */
export function memoryDesk(): Desk &
  StaffActions & {
    readonly readers: Staff[];
    readonly acts: StaffAct[];
    readonly searches: CaseSearch[];
  } {
  const searches: CaseSearch[] = [];
  const acts: StaffAct[] = [];
  const readers: Staff[] = [];
  const knows = (staff: Staff, caseId: string) => {
    readers.push(staff);
    return staff.tenant === 'tenant-a' && caseId === caseView.caseId;
  };
  return {
    readers,
    acts,
    searches,
    audit: async () => undefined,
    act: async (staff, caseId, act) => {
      if (!knows(staff, caseId)) return null;
      if (acts.some(({ dedupeKey }) => dedupeKey === act.dedupeKey)) return 'duplicate';
      acts.push(act);
      return 'stored';
    },
    readCase: async (staff, caseId) => (knows(staff, caseId) ? caseView : null),
    readHistory: async (staff, caseId, { after, limit }) =>
      knows(staff, caseId)
        ? [1, 2, 3, 4, 5, 6, 7]
            .filter((seq) => seq > after)
            .slice(0, limit)
            .map(entry)
        : null,
    readConversation: async (staff, caseId, { limit }) =>
      knows(staff, caseId) ? Array.from({ length: Math.min(limit, 3) }, () => spokenLine) : null,
    readReview: async (staff, caseId) =>
      knows(staff, caseId)
        ? {
            review: 'needed',
            clinic: { patientId: 'P-1', dealId: null, itineraryId: null, deal: null },
            dealHeldFor: null,
            differences: [],
            mayReadHealthData: true,
            imaging: null,
            imagingHeld: null,
            documents: [],
          }
        : null,
    listCases: async (staff, { search, after, limit }) => {
      readers.push(staff);
      searches.push(search);
      const isKnown = search.by !== 'tag' || search.tag === 'with-staff';
      const cases = staff.tenant === 'tenant-a' && isKnown ? [caseLine] : [];
      return { cases, next: after ?? `${limit}.case-1` };
    },
  };
}

/** Every provider's webhook, with the secrets above. */
export function webhooksWith(
  iyzico: IyzicoSecrets = { webhookSecrets: iyzicoSecrets, merchantId },
): readonly Webhook[] {
  return [
    (pipeline) => whatsappRoutes(pipeline, { appSecrets, verifyTokens }),
    (pipeline) => paymentRoutes(pipeline, { webhookSecrets }, iyzico),
    (pipeline) => efaturaRoutes(pipeline, { webhookSecrets: efaturaSecrets }),
  ];
}

/** An edge on a free port, drained after the test. */
export async function startEdge(
  t: TestContext,
  options: Partial<EdgeOptions> & { server?: Partial<ServerLimits> } = {},
) {
  const { server, ...edge } = options;
  const registry = new Registry();
  const intake = memoryIntake();
  const app = createEdge({
    intake,
    desk: memoryDesk(),
    staffActions: memoryDesk(),
    webhooks: webhooksWith(),
    paymentReturn: { keys: returnKeys },
    staffTokens: { issuer, audience, keys: { kind: 'secrets', secrets: [jwtSecret] } },
    registry,
    ...edge,
  });
  const running = await serve(app.callback(), { host: '127.0.0.1', port: 0 }, server);
  t.after(() => running.drain(0));
  return { ...running, registry, intake };
}

/** The port's contract in memory, with what it was asked and told. */
export function memorySeen(): SeenRequests & {
  readonly asked: string[];
  readonly digests: Map<string, string>;
} {
  const asked: string[] = [];
  const digests = new Map<string, string>();
  return {
    asked,
    digests,
    digestsOf: async (keys) => {
      asked.push(...keys);
      return keys.map((key) => digests.get(key) ?? null);
    },
    remember: (seen) => {
      for (const { key, digest } of seen) digests.set(key, digest);
    },
  };
}

/** Posts these bytes, or this value as JSON, to a webhook. */
export async function postWebhook(
  url: string,
  path: string,
  body: unknown,
  headers: Record<string, string>,
): Promise<Response> {
  return await fetch(`${url}/webhooks/${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
}

export function whatsappSignature(
  body: string | Uint8Array,
  secret: string = appSecrets[0],
): string {
  return `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`;
}

export async function postWhatsapp(
  url: string,
  body: unknown,
  headers: Record<string, string> = {},
): Promise<Response> {
  const bytes = typeof body === 'string' ? body : JSON.stringify(body);
  return await fetch(`${url}/webhooks/whatsapp`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'x-hub-signature-256': whatsappSignature(bytes),
      ...headers,
    },
    body: bytes,
  });
}

/** A notification with these items, by a contact with a number and a name. */
export function notification(items: { messages?: unknown[]; statuses?: unknown[] }) {
  return {
    object: 'whatsapp_business_account',
    entry: [
      {
        id: '100200300400500',
        changes: [
          {
            field: 'messages',
            value: {
              messaging_product: 'whatsapp',
              metadata: { display_phone_number: '902120000000', phone_number_id: '555666' },
              contacts: [{ profile: { name: 'Anna K' }, wa_id: '491700000001' }],
              ...items,
            },
          },
        ],
      },
    ],
  };
}

export function textMessage(id: string, body = 'Merhaba') {
  return { from: '491700000001', id, timestamp: '1795400000', type: 'text', text: { body } };
}

export function staffToken(claims: Record<string, unknown> = {}, secret = jwtSecret) {
  return new SignJWT({ tenant: 'tenant-a', roles: ['support'], ...claims })
    .setProtectedHeader({ alg: 'HS256' })
    .setSubject('staff-1')
    .setIssuer(issuer)
    .setAudience(audience)
    .setExpirationTime('5m')
    .sign(new TextEncoder().encode(secret));
}

export interface Problem {
  readonly status: number;
  readonly code: string;
  readonly detail?: string;
  readonly correlationId: string;
}

/** The answer's problem, checked to be one. */
export async function problemOf(response: Response): Promise<Problem> {
  const type = response.headers.get('content-type');
  if (!type?.startsWith('application/problem+json')) throw new Error(`No problem but ${type}`);
  return (await response.json()) as Problem;
}

/** Writes bytes to a socket as they are and reads until the server closes. A reset counts as a close. */
export async function rawExchange(port: number, ...parts: readonly (string | Uint8Array)[]) {
  const socket = connect(port, '127.0.0.1');
  const { promise, resolve } = Promise.withResolvers<string>();
  let answer = '';
  socket.on('data', (bytes) => (answer += bytes.toString('latin1')));
  socket.on('error', () => {});
  socket.on('close', () => resolve(answer));
  for (const part of parts) socket.write(part);
  return await promise;
}
