import { execFile } from 'node:child_process';
import { randomInt, randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { SignJWT } from 'jose';
import * as v from 'valibot';

import { loadConfig } from '../../config.ts';
import { waitUntil } from '../support/wait.ts';

// The running system as the demo sees it: the sandbox that plays everybody else, the staff's door, and patients' phones.

const Addresses = v.object({
  edge: v.string(),
  sandbox: v.string(),
  /** It starts after the rest, and may have to be installed. */
  imaging: v.picklist(['starting', 'on', 'off']),
  /** Null unless imaging is on. */
  orthanc: v.nullable(v.object({ origin: v.string(), username: v.string(), password: v.string() })),
});
const Code = v.object({ text: v.nullable(v.string()) });
const Money = v.object({ amountMinor: v.string(), currency: v.string() });
const Review = v.object({
  clinic: v.object({
    deal: v.nullable(
      v.object({
        treatment: v.nullable(v.string()),
        price: v.nullable(Money),
        beginsOn: v.nullable(v.string()),
        endsOn: v.nullable(v.string()),
      }),
    ),
  }),
  differences: v.array(v.unknown()),
  record: v.variant('outcome', [
    v.object({
      outcome: v.literal('read'),
      value: v.object({
        observations: v.array(
          v.object({
            code: Code,
            value: v.nullable(v.looseObject({ amount: v.exactOptional(v.number()) })),
          }),
        ),
        studies: v.array(v.object({ modalities: v.array(v.string()) })),
      }),
    }),
    v.object({ outcome: v.picklist(['not-linked', 'not-permitted', 'not-found', 'unavailable']) }),
  ]),
  itinerary: v.variant('outcome', [
    v.object({
      outcome: v.literal('read'),
      value: v.object({ items: v.array(v.object({ kind: v.string(), at: v.string() })) }),
    }),
    v.object({ outcome: v.picklist(['not-linked', 'not-permitted', 'not-found', 'unavailable']) }),
  ]),
  imaging: v.nullable(
    v.object({
      outcome: v.string(),
      findings: v.array(v.object({ label: v.string(), confidence: v.number() })),
    }),
  ),
});
const Documents = v.object({
  documents: v.array(v.object({ name: v.string(), size: v.number(), contentType: v.string() })),
});
const Choice = v.object({ id: v.string(), title: v.string() });
const Sent = v.object({
  body: v.string(),
  effectId: v.string(),
  buttons: v.array(Choice),
  list: v.optional(v.object({ sections: v.array(v.object({ rows: v.array(Choice) })) })),
});
export type Sent = v.InferOutput<typeof Sent>;
export const Messages = v.object({ messages: v.array(Sent) });
const Why = v.object({
  actor: v.nullable(v.string()),
  label: v.string(),
  waitsFor: v.string(),
  reason: v.nullable(v.string()),
  since: v.string(),
  targetAt: v.nullable(v.string()),
});
const Case = v.looseObject({
  waitsFor: v.object({
    effects: v.array(v.object({ nextTryAt: v.nullable(v.string()) })),
    pendingEvents: v.number(),
  }),
  why: v.array(Why),
  tags: v.array(v.string()),
  state: v.unknown(),
  consents: v.array(v.object({ purpose: v.string(), status: v.string() })),
});
const History = v.object({
  entries: v.array(v.looseObject({ seq: v.number(), type: v.string(), disposition: v.string() })),
});
const Conversation = v.object({
  lines: v.array(
    v.looseObject({ from: v.string(), kind: v.string(), text: v.nullable(v.string()) }),
  ),
});
const Booking = v.object({
  state: v.string(),
  provider: v.nullable(v.string()),
  captured: Money,
  refunded: Money,
  invoices: v.array(
    v.object({
      invoiceId: v.string(),
      number: v.nullable(v.string()),
      ettn: v.nullable(v.string()),
      type: v.nullable(v.string()),
      status: v.string(),
      pdfKey: v.nullable(v.string()),
    }),
  ),
});

/** A grey square: the smallest JPEG that is one. */
export const photo =
  '/9j/4AAQSkZJRgABAQEASABIAAD/2wBDAAMCAgMCAgMDAwMEAwMEBQgFBQQEBQoHBwYIDAoMDAsKCwsNDhIQDQ4RDgsLEBYQERMUFRUVDA8XGBYUGBIUFRT/wAALCAABAAEBAREA/8QAFAABAAAAAAAAAAAAAAAAAAAACf/EABQQAQAAAAAAAAAAAAAAAAAAAAD/2gAIAQEAAD8AVN//2Q==';

export const config = loadConfig(process.env);
const startedAt = performance.now();
export const { edge, sandbox, orthanc } = await runningSystem();
export const asStaff = { authorization: `Bearer ${await staffToken()}` };

/** Where it is, as soon as it knows whether the X-ray can be taken. */
async function runningSystem(): Promise<v.InferOutput<typeof Addresses>> {
  const read = () => v.parse(Addresses, JSON.parse(addressesFile()));
  if (read().imaging === 'starting') {
    say('npm start', 'is still starting Orthanc, for the X-ray: waiting for it');
    await waitUntil(() => read().imaging !== 'starting', {
      timeoutMs: 10 * 60_000,
      what: 'Orthanc, which "npm start" starts and perhaps installs',
    });
  }
  return read();
}

function addressesFile(): string {
  const file = join(config.dataDir, 'running.json');
  try {
    return readFileSync(file, 'utf8');
  } catch {
    process.stderr.write(
      `Nothing runs here that wrote ${file}: start the system first, with npm start\n`,
    );
    return process.exit(1);
  }
}

async function staffToken(): Promise<string> {
  const { issuer, audience, keys } = config.staffTokens;
  return new SignJWT({ tenant: config.tenant.tenant, roles: ['support', 'clinician', 'finance'] })
    .setProtectedHeader({ alg: 'HS256' })
    .setIssuer(issuer)
    .setAudience(audience)
    .setSubject('demo')
    .setIssuedAt()
    .setExpirationTime('5m')
    .sign(new TextEncoder().encode(keys.kind === 'secrets' ? keys.secrets[0] : ''));
}

export function say(who: string, what: string): void {
  const seconds = ((performance.now() - startedAt) / 1_000).toFixed(2).padStart(6);
  process.stdout.write(`${seconds} s  ${who.padEnd(8)} ${what.replaceAll('\n', ' / ')}\n`);
}

export async function json<Schema extends v.GenericSchema>(
  schema: Schema,
  url: string,
  init?: RequestInit,
): Promise<v.InferOutput<Schema>> {
  const response = await fetch(url, { ...init, signal: AbortSignal.timeout(10_000) });
  if (!response.ok) throw new Error(`${new URL(url).pathname} answered ${response.status}`);
  return v.parse(schema, await response.json());
}

export const control = async (path: string, body: unknown) =>
  json(v.looseObject({}), `${sandbox}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });

/** Staff, by the same door as the console. */
export const staff = {
  read: async (caseId: string) => json(Case, `${edge}/admin/cases/${caseId}`, { headers: asStaff }),
  conversation: async (caseId: string) =>
    json(Conversation, `${edge}/admin/cases/${caseId}/conversation`, { headers: asStaff }),
  history: async (caseId: string) =>
    json(History, `${edge}/admin/cases/${caseId}/history?limit=500`, { headers: asStaff }),
  review: async (caseId: string) =>
    json(Review, `${edge}/admin/cases/${caseId}/review`, { headers: asStaff }),
  documents: async (caseId: string) =>
    json(Documents, `${edge}/admin/cases/${caseId}/documents`, { headers: asStaff }),
  booking: async (bookingId: string) =>
    json(Booking, `${edge}/admin/bookings/${bookingId}`, { headers: asStaff }),
  async tell(caseId: string, event: { readonly type: string; readonly [key: string]: unknown }) {
    await json(v.unknown(), `${edge}/admin/cases/${caseId}/events`, {
      method: 'POST',
      headers: {
        ...asStaff,
        'content-type': 'application/json',
        'idempotency-key': randomUUID(),
      },
      body: JSON.stringify(event),
    });
  },
};

/** Why a case waits, as staff see it. */
export function sayWhy({ why }: v.InferOutput<typeof Case>): void {
  for (const { actor, label, waitsFor, reason, targetAt } of why) {
    const what = [actor, label, reason].filter((part) => part !== null).join(', ');
    say('staff', `see it waits for ${waitsFor}: ${what}${targetAt ? `, until ${targetAt}` : ''}`);
  }
}

export async function caseIs(
  caseId: string,
  what: string,
  holds: (found: v.InferOutput<typeof Case>) => boolean,
) {
  return waitUntil(
    async () => {
      const found = await staff.read(caseId);
      return holds(found) && found;
    },
    { timeoutMs: 30_000, what },
  );
}

export const inDays = (days: number): string =>
  new Date(Date.now() + days * 24 * 60 * 60 * 1_000).toISOString().slice(0, 10);

/** A patient's phone. */
export function phoneOf(name: string, country: string) {
  const phone = `${country}${randomInt(1_000_000, 9_999_999)}`;
  let heard = 0;
  let last: Sent | undefined;
  let screen: readonly Sent[] = [];

  async function hear(answers: number): Promise<Sent> {
    const messages = await waitUntil(
      async () => {
        const url = `${sandbox}/_sandbox/whatsapp/messages?to=${phone}`;
        const { messages: all } = await json(Messages, url);
        return all.length >= heard + answers && all;
      },
      { timeoutMs: 30_000, what: `an answer to ${name}` },
    );
    for (const message of messages.slice(heard)) {
      say('clinic', message.body);
      const titles = choicesOf(message).map(({ title }) => `[${title}]`);
      if (titles.length > 0) say('', titles.join(' '));
    }
    heard = messages.length;
    screen = messages;
    last = messages.at(-1) as Sent;
    return last;
  }

  /** Until a message brings the choice: others may come before it. */
  async function hearChoice(id: string): Promise<void> {
    do await hear(1);
    while (!(last && choicesOf(last).some((choice) => choice.id === id)));
  }

  /** Until a message with these words is there, whatever comes before or after it. */
  async function hearOf(words: string): Promise<Sent> {
    for (;;) {
      const found = screen.find(({ body }) => body.includes(words));
      if (found) return found;
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      await hear(1);
    }
  }

  async function send(words: string, content: object, answers: number): Promise<Sent | undefined> {
    say(name, words);
    await control('/_sandbox/whatsapp/inbound', {
      from: phone,
      profileName: name,
      timestamp: Math.floor(Date.now() / 1_000),
      ...content,
    });
    return answers === 0 ? undefined : hear(answers);
  }

  return {
    hear,
    hearChoice,
    hearOf,
    write: async (text: string, answers = 1) => send(text, { text }, answers),
    async press(id: string, answers = 1) {
      const choice = last && choicesOf(last).find((offered) => offered.id === id);
      const button = { id, title: choice?.title ?? id };
      return send(`[${button.title}]`, { button }, answers);
    },
    sendPhoto: async (answers = 1) =>
      send('(photo)', { image: { base64: photo, mimeType: 'image/jpeg' } }, answers),
  };
}

export const choicesOf = ({ buttons, list }: Sent) => [
  ...buttons,
  ...(list?.sections.flatMap(({ rows }) => rows) ?? []),
];

/** As whoever runs the system does it, with the settings of this command. */
export async function runs(script: string, ...args: readonly string[]): Promise<void> {
  const file = join(import.meta.dirname, '..', '..', 'deploy', 'tools', script);
  const { stdout } = await promisify(execFile)(process.execPath, [file, ...args], {
    timeout: 120_000,
  });
  for (const line of stdout.trimEnd().split('\n')) say('books', line);
}
