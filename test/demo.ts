/**
 * `npm run demo`: one patient's whole journey through the running system, over real HTTP with real signatures. The
 * sandbox plays the patient's phone and the card page; everything between is the product. Ends with the confirmed case.
 */
import { randomInt } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { SignJWT } from 'jose';
import * as v from 'valibot';

import { loadConfig } from '../config.ts';
import { waitUntil } from './support/wait.ts';

const Addresses = v.object({ edge: v.string(), sandbox: v.string() });
const Messages = v.object({
  messages: v.array(
    v.object({
      body: v.string(),
      effectId: v.string(),
      buttons: v.optional(v.array(v.object({ id: v.string(), title: v.string() }))),
    }),
  ),
});
const Case = v.looseObject({
  tags: v.array(v.string()),
  state: v.unknown(),
  waitsFor: v.unknown(),
});
const History = v.object({
  entries: v.array(
    v.looseObject({
      seq: v.number(),
      type: v.string(),
      disposition: v.string(),
      stateAfter: v.unknown(),
    }),
  ),
});
type Message = v.InferOutput<typeof Messages>['messages'][number];

const config = loadConfig(process.env);
const startedAt = performance.now();
const phone = `49170${randomInt(1_000_000, 9_999_999)}`;
const { edge, sandbox } = v.parse(Addresses, JSON.parse(runningSystem()));

function runningSystem(): string {
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

function say(who: string, what: string): void {
  const seconds = ((performance.now() - startedAt) / 1_000).toFixed(2).padStart(6);
  process.stdout.write(`${seconds} s  ${who.padEnd(8)} ${what.replaceAll('\n', ' / ')}\n`);
}

async function json<Schema extends v.GenericSchema>(
  schema: Schema,
  url: string,
  init?: RequestInit,
): Promise<v.InferOutput<Schema>> {
  const response = await fetch(url, { ...init, signal: AbortSignal.timeout(10_000) });
  if (!response.ok) throw new Error(`${new URL(url).pathname} answered ${response.status}`);
  return v.parse(schema, await response.json());
}

const post = async (path: string, body: unknown) =>
  json(v.looseObject({}), `${sandbox}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });

let heard = 0;

/** The patient writes or presses a button, as Meta would tell it; then we wait for `answers` messages. */
async function patient(
  words: { readonly text: string } | { readonly press: string },
  answers = 1,
): Promise<Message> {
  const button = 'press' in words ? last?.buttons?.find(({ id }) => id === words.press) : undefined;
  say('patient', 'text' in words ? words.text : `[${button?.title ?? words.press}]`);
  const content =
    'text' in words
      ? { text: words.text }
      : { button: { id: words.press, title: button?.title ?? words.press } };
  await post('/_sandbox/whatsapp/inbound', {
    from: phone,
    userId: `DE.${phone}`,
    profileName: 'Anna',
    ...content,
  });
  return hear(answers);
}

let last: Message | undefined;

async function hear(answers: number): Promise<Message> {
  let messages: Message[] = [];
  await waitUntil(
    async () => {
      ({ messages } = await json(Messages, `${sandbox}/_sandbox/whatsapp/messages?to=${phone}`));
      return messages.length >= heard + answers;
    },
    { timeoutMs: 30_000, what: 'an answer to the patient' },
  );
  for (const message of messages.slice(heard)) {
    say('clinic', message.body);
    if (message.buttons?.length)
      say('', message.buttons.map(({ title }) => `[${title}]`).join(' '));
  }
  heard = messages.length;
  last = messages.at(-1) as Message;
  return last;
}

const inTwoMonths = new Date(Date.now() + 60 * 24 * 60 * 60 * 1_000).toISOString().slice(0, 10);

const greeting = await patient({ text: 'Hallo!' });
const caseId = greeting.effectId.split('.')[0] as string;
await patient({ press: 'consent:yes' });
await patient({ text: 'Berlin' });
await patient({ text: inTwoMonths });
await patient({ text: '2' }, 2);
const { body: link } = await patient({ press: 'offer:1' });
const session = /cs_\w+/.exec(link)?.[0];
if (!session) throw new Error('The payment message has no link');
say('patient', 'pays on the card page');
await post(`/_sandbox/stripe/sessions/${session}/pay`, {});
await hear(1);

const token = await new SignJWT({ tenant: config.tenant.tenant, roles: ['support'] })
  .setProtectedHeader({ alg: 'HS256' })
  .setIssuer(config.staffTokens.issuer)
  .setAudience(config.staffTokens.audience)
  .setSubject('demo')
  .setIssuedAt()
  .setExpirationTime('5m')
  .sign(
    new TextEncoder().encode(
      config.staffTokens.keys.kind === 'secrets' ? config.staffTokens.keys.secrets[0] : '',
    ),
  );
const asStaff = { headers: { authorization: `Bearer ${token}` } };

const { entries } = await json(History, `${edge}/admin/cases/${caseId}/history?limit=500`, asStaff);
for (const { seq, type, disposition, stateAfter } of entries)
  say('history', `${seq} ${type} ${disposition} → ${JSON.stringify(stateAfter)}`);
const confirmed = await json(Case, `${edge}/admin/cases/${caseId}`, asStaff);
if (!confirmed.tags.includes('confirmed'))
  throw new Error(`The case is not confirmed but at ${JSON.stringify(confirmed.state)}`);
process.stdout.write(`${JSON.stringify(confirmed)}\n`);
