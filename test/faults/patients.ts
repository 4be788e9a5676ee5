import { appendFileSync, closeSync, existsSync, openSync, readFileSync, readSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

import type { TextKey } from '../../actors/texts/keys.ts';
import { renderText } from '../../actors/texts/texts.ts';
import { wordings } from '../../actors/texts/wordings.ts';
import { DEVELOPMENT_SECRETS } from '../../config.ts';
import type { LedgerEntry } from '../sandbox/ledger.ts';
import type { SentMessage } from '../sandbox/meta/messages.ts';
import { sandboxAccount } from '../sandbox/sandbox.ts';
import { metaJson, signWhatsapp, whatsappInbound } from '../sandbox/webhooks.ts';
import type { Cluster } from './cluster.ts';
import { seeded } from './random.ts';
import { buyers, officeAt } from './staff.ts';

/** A line of the generator's own file. Every `invoke` is followed by one of the others, about the same `request`. */
export interface GeneratorLine {
  readonly at: number;
  readonly request: string;
  /** `ok`: 2xx. `fail`: another status. `info`: no answer, so nobody knows. */
  readonly type: 'invoke' | 'ok' | 'fail' | 'info';
  readonly kind: 'message' | 'payment';
  /** The provider's id: what the ledger dedupes by. For a payment the event's, known once it has ended. */
  readonly id: string;
  readonly patient: number;
  /** The patient's how-manieth message it is. */
  readonly step: number;
  readonly status?: number | null;
  readonly retryAfter?: string | null;
  readonly ms?: number;
  /** Whose telephone it is about: what reaches it answers this. Absent where nobody waits for an answer. */
  readonly phone?: string;
  /** What was written or pressed, with the line that says that it begins. */
  readonly words?: string;
}

export interface Load {
  /** Resolves when every patient has paid and all their requests have ended. Rejects when one cannot go on. */
  readonly done: Promise<void>;
  /** Epoch ms when the last patient wrote first. */
  readonly begun: Promise<number>;
  stop(): void;
  counts(): {
    requests: number;
    duplicates: number;
    retries: number;
    payments: number;
  };
}

export interface LoadOptions {
  readonly cluster: Cluster;
  readonly seed: number;
  readonly patients: number;
  /** Over how long they come, ms. */
  readonly rampMs: number;
  /** Of sending a message twice, 0 to 1. */
  readonly duplicates?: number;
  /** They wait for the travellers' form and fill it in; otherwise only where its link is there once they have paid. */
  readonly fillForm?: boolean;
}

type Ask =
  | 'consent'
  | 'origin'
  | 'date'
  | 'adults'
  | 'confirm'
  | 'offer'
  | 'payment'
  | 'confirmed'
  | 'travellers'
  | 'doubt';
type Content =
  | { readonly kind: 'text'; readonly body: string }
  | { readonly kind: 'button'; readonly id: string; readonly title: string };

/** The edge gives a commit 10 s; whoever has no answer after this gets none. */
export const requestDeadlineMs = 12_000;
const mostAttempts = 60;
const pollMs = 60;
/** WhatsApp takes a message to one person in some seconds. */
const longestLinkMs = 15_000;

/**
 * Patients who go the whole way over real, signed webhooks, each reacting to the messages that the sandbox recorded for
 * them. Like Meta, they send a message again with the same id until it is answered 2xx, and sometimes twice anyway.
 *
 * They act on nothing but what they hear. A message with an unknown outcome is never sent again (section 3 of the
 * design): whoever waits for it is told so within the minute, writes that nothing came, and hears it then.
 */
export function startPatients({
  cluster,
  seed,
  patients,
  rampMs,
  duplicates = 0.15,
  fillForm = false,
}: LoadOptions): Load {
  const random = seeded(seed);
  const stopped = new AbortController();
  const tail = tailLedger(cluster.sandboxFile);
  const counted = { requests: 0, duplicates: 0, retries: 0, payments: 0 };
  const background = new Set<Promise<unknown>>();
  const departDate = new Date(Date.now() + 60 * 24 * 60 * 60 * 1_000).toISOString().slice(0, 10);

  const note = (line: GeneratorLine) =>
    appendFileSync(cluster.generatorFile, `${JSON.stringify(line)}\n`);

  /** One try at one edge. True when it was answered 2xx. */
  async function post(
    edge: string,
    body: string,
    {
      words,
      ...what
    }: Pick<GeneratorLine, 'id' | 'patient' | 'step' | 'phone'> & { readonly words: string },
  ): Promise<boolean> {
    const request = `r${++counted.requests}`;
    const line = { request, kind: 'message', ...what } as const;
    note({ at: Date.now(), type: 'invoke', ...line, words });
    const since = performance.now();
    const ms = () => Math.round(performance.now() - since);
    try {
      const answer = await fetch(`${edge}/webhooks/whatsapp`, {
        method: 'POST',
        body,
        headers: {
          'content-type': 'application/json',
          'x-hub-signature-256': signWhatsapp(body, DEVELOPMENT_SECRETS.WHATSAPP_APP_SECRET),
        },
        signal: AbortSignal.timeout(requestDeadlineMs),
      });
      await answer.arrayBuffer();
      const { status, ok } = answer;
      note({
        at: Date.now(),
        type: ok ? 'ok' : 'fail',
        ...line,
        status,
        retryAfter: answer.headers.get('retry-after'),
        ms: ms(),
      });
      return ok;
    } catch {
      note({ at: Date.now(), type: 'info', ...line, status: null, ms: ms() });
      return false;
    }
  }

  const anEdge = () => {
    const edges = cluster.edges();
    return edges[Math.floor(random() * edges.length)];
  };

  const office = officeAt(() => cluster.edges());

  /** Until it is answered 2xx; each try at any living edge, as behind a load balancer. */
  async function send(
    patient: number,
    step: number,
    phone: string,
    content: Content,
  ): Promise<string> {
    const id = `wamid.${seed}-${patient}-${step}`;
    const message = {
      messageId: id,
      from: phone,
      userId: null,
      profileName: null,
      content,
      // Nobody answers within the second in which they were asked; these patients would.
      atEpochSeconds: Math.floor(Date.now() / 1_000) + step,
    };
    const body = metaJson(whatsappInbound(sandboxAccount, [message]));
    const words = content.kind === 'text' ? content.body : content.id;
    const what = { id, patient, step, phone, words };
    const again = random() < duplicates;
    const together = random() < 0.5;
    const twin = (edge: string) => {
      counted.duplicates += 1;
      const posted = post(edge, body, what);
      background.add(posted);
      void posted.finally(() => background.delete(posted));
    };
    for (let attempt = 1; attempt <= mostAttempts && !stopped.signal.aborted; attempt++) {
      const edge = anEdge();
      if (edge !== undefined) {
        if (attempt > 1) counted.retries += 1;
        if (again && together && attempt === 1) twin(edge);
        if (await post(edge, body, what)) {
          if (again && !together) twin(anEdge() ?? edge);
          return id;
        }
      }
      await pause(Math.min(1_000, 100 * attempt) * (0.5 + random()));
    }
    throw new Error(`Nobody took message ${step} of patient ${patient}`);
  }

  async function pay(
    patient: number,
    step: number,
    phone: string,
    sessionId: string,
  ): Promise<void> {
    const request = `r${++counted.requests}`;
    const line = { request, kind: 'payment', patient, step, phone } as const;
    note({ at: Date.now(), type: 'invoke', ...line, id: sessionId });
    const since = performance.now();
    const { eventId, webhook } = (await cluster.paySession(sessionId)) as {
      eventId: string;
      webhook: { delivered: boolean; status: number | null; attempts: number };
    };
    counted.payments += 1;
    counted.retries += Math.max(0, webhook.attempts - 1);
    const ms = Math.round(performance.now() - since);
    note({
      at: Date.now(),
      type: webhook.delivered ? 'ok' : 'info',
      ...line,
      id: eventId,
      status: webhook.status,
      ms,
    });
  }

  /** The form behind a link, sent until an edge takes it: the same travellers again are the same version. */
  async function give(patient: number, token: string): Promise<void> {
    const travellers = ['Ann', 'Bob'].map((givenName, index) => ({
      givenName,
      familyName: `Patient ${'abcdefghij'[patient % 10]}`,
      bornOn: '1980-05-01',
      sex: index === 0 ? 'f' : 'm',
      passport: {
        number: `P${1_000_000 + 2 * patient + index}`,
        issuingCountry: 'GB',
        expiresOn: '2034-01-01',
      },
    }));
    for (let attempt = 1; attempt <= mostAttempts && !stopped.signal.aborted; attempt++) {
      const edge = anEdge();
      const given =
        edge !== undefined &&
        (await fetch(`${edge}/travellers`, {
          method: 'POST',
          headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
          body: JSON.stringify({ travellers }),
          signal: AbortSignal.timeout(requestDeadlineMs),
        }).then(
          async (answer) => {
            if (answer.status < 500 && answer.status !== 429 && !answer.ok)
              throw new Error(`The form answered ${answer.status}: ${await answer.text()}`);
            return answer.ok;
          },
          () => false,
        ));
      if (given) return;
      await pause(Math.min(1_000, 100 * attempt) * (0.5 + random()));
    }
  }

  async function live(patient: number): Promise<void> {
    const phone = `4479${String(seed % 1_000).padStart(3, '0')}${String(patient).padStart(5, '0')}`;
    const answered = new Set<Ask>();
    let heard = 0;
    let step = 1;
    let session: string | null = null;
    let inDoubt = false;
    let form: string | null = null;
    await send(patient, step++, phone, { kind: 'text', body: 'Hello' });

    const answer = async (ask: Ask): Promise<void> => {
      // What is asked again is answered again, but for what would be done twice; after a doubt everything but money.
      const isOnce = ask === 'payment' || (!inDoubt && !repeatable.has(ask));
      if (answered.has(ask) && isOnce) return;
      if (ask === 'payment' && session === null) return;
      answered.add(ask);
      inDoubt = ask === 'doubt';
      if (ask === 'payment') {
        await pay(patient, step++, phone, session as string);
        const caseId = tail.caseOf(session as string);
        if (caseId === null) throw new Error(`Patient ${patient} paid for nobody`);
        // Staff enter whom the invoice is made out to, without which there is none.
        const billing = { type: 'staff.billing', buyer: buyers.foreigner };
        await office.tell(caseId, billing, `billing-${patient}`);
      }
      if (ask === 'travellers' && form !== null) await give(patient, form);
      if (ask !== 'payment' && ask !== 'confirmed' && ask !== 'travellers')
        await send(patient, step++, phone, contentFor(ask, departDate, random));
    };

    // The form's link follows the word that the payment came; one that is in doubt comes with a reminder, the next day.
    let linkBy = Number.POSITIVE_INFINITY;
    const isDone = () =>
      answered.has('confirmed') && (answered.has('travellers') || Date.now() > linkBy);
    while (!isDone() && !stopped.signal.aborted) {
      const messages = tail.messagesTo(phone);
      for (const { body, buttons } of messages.slice(heard)) {
        heard += 1;
        session ??= /cs_test_\w+/.exec(body)?.[0] ?? null;
        form ??= /\/travellers#([\w.-]+)/.exec(body)?.[1] ?? null;
        const ask = askOf(body, buttons);
        if (ask) await answer(ask);
        if (ask === 'confirmed') linkBy = Date.now() + (fillForm ? longestLinkMs : 0);
      }
      await pause(pollMs);
    }
  }

  async function pause(ms: number): Promise<void> {
    await delay(ms, undefined, { signal: stopped.signal }).catch(() => undefined);
  }

  const { promise: begun, resolve: begin } = Promise.withResolvers<number>();
  const arrivals = Array.from({ length: patients }, () => random() * rampMs);
  const last = Math.max(...arrivals);
  async function everybody(): Promise<void> {
    await Promise.all(
      arrivals.map(async (afterMs, patient) => {
        await pause(afterMs);
        if (afterMs === last) begin(Date.now());
        await live(patient);
      }),
    );
    while (background.size > 0) await Promise.allSettled(background);
  }
  const done = everybody();
  done.catch(() => undefined); // Whoever awaits it sees it; until then it must not end the process.
  return { done, begun, stop: () => stopped.abort(), counts: () => ({ ...counted }) };
}

function contentFor(ask: Ask, departDate: string, random: () => number): Content {
  const [year, month, day] = departDate.split('-');
  switch (ask) {
    case 'consent':
      return random() < 0.5
        ? { kind: 'text', body: 'yes' }
        : { kind: 'button', id: 'consent:service:yes', title: 'Yes' };
    case 'origin':
      return { kind: 'text', body: random() < 0.5 ? 'Berlin' : 'FRA' };
    case 'date':
      return { kind: 'text', body: random() < 0.5 ? departDate : `${day}.${month}.${year}` };
    case 'adults':
      return { kind: 'text', body: '2' };
    case 'confirm':
      return random() < 0.5
        ? { kind: 'text', body: 'yes' }
        : { kind: 'button', id: 'trip:yes', title: 'Yes' };
    case 'offer':
      return { kind: 'button', id: 'offer:1', title: 'Offer 1' };
    case 'doubt':
      return { kind: 'text', body: nothingCame[Math.floor(random() * nothingCame.length)] ?? '?' };
    case 'payment':
    case 'confirmed':
    case 'travellers':
      throw new Error('Not answered in words');
    default:
      throw new Error(`No answer to ${String(ask)}`);
  }
}

const repeatable: ReadonlySet<Ask> = new Set(['origin', 'date', 'adults', 'doubt']);

const nothingCame = ['Nothing came', 'hello??', 'I got no message', '?'];

const said = (key: TextKey) => renderText(key, 'en', {});
/** How a text begins, up to its first gap. */
const beginningOf = (key: TextKey) => wordings.en.texts[key].split('{')[0] ?? '';

/** What a message asks for. */
function askOf(body: string, buttons: readonly { readonly id: string }[]): Ask | null {
  if (buttons.some(({ id }) => id === 'consent:service:yes')) return 'consent';
  if (buttons.some(({ id }) => id === 'trip:yes')) return 'confirm';
  if (buttons.some(({ id }) => id === 'offer:1')) return 'offer';
  if (body.includes('cs_test_')) return 'payment';
  if (body.includes('/travellers#')) return 'travellers';
  if (body === said('conversation.doubt')) return 'doubt';
  if (body.startsWith(beginningOf('booking.confirmed'))) return 'confirmed';
  // Where the word that a question was sent died with its process, a "2" may be taken for a day, and is asked about.
  if (body === said('intake.date.which') || body === said('intake.dates')) return 'date';
  if (body === said('intake.party')) return 'adults';
  if (body === said('intake.origin') || body === said('intake.origin.again')) return 'origin';
  if (body === said('intake.date') || body === said('intake.date.again')) return 'date';
  if (body === said('intake.adults') || body === said('intake.adults.again')) return 'adults';
  return null;
}

interface Heard {
  readonly body: string;
  /** Or the rows of a list. */
  readonly buttons: readonly { readonly id: string }[];
}

/** Follows the sandbox's ledger file as it grows. */
function tailLedger(file: string) {
  let offset = 0;
  let rest = '';
  const messages = new Map<string, Heard[]>();
  const sessions = new Map<string, string>();

  function read(): void {
    if (!existsSync(file)) return;
    const handle = openSync(file, 'r');
    try {
      const chunk = Buffer.allocUnsafe(256 * 1024);
      for (let size = 1; size > 0;) {
        size = readSync(handle, chunk, 0, chunk.length, offset);
        offset += size;
        rest += chunk.toString('latin1', 0, size); // JSON lines are cut at newlines, which no other UTF-8 byte is.
      }
    } finally {
      closeSync(handle);
    }
    const lines = rest.split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines)
      take(JSON.parse(Buffer.from(line, 'latin1').toString('utf8')) as LedgerEntry);
  }

  function take({ kind, detail }: LedgerEntry): void {
    if (kind === 'message') {
      const { to, body, buttons, list } = detail as unknown as SentMessage;
      const rows = list?.sections.flatMap((section) => section.rows) ?? [];
      const choices = [...buttons, ...rows];
      messages.set(to, [...(messages.get(to) ?? []), { body, buttons: choices }]);
    }
    if (kind === 'checkout') {
      const { id, metadata } = detail as { id: string; metadata: Record<string, string> };
      const caseId = metadata['case_id'];
      if (caseId !== undefined) sessions.set(caseId, id);
    }
  }

  return {
    messagesTo(phone: string): readonly Heard[] {
      read();
      return messages.get(phone) ?? [];
    },
    caseOf(session: string): string | null {
      read();
      return [...sessions].find(([, id]) => id === session)?.[0] ?? null;
    },
  };
}

/** All lines of a generator's file, oldest first. */
export function readGenerator(file: string): GeneratorLine[] {
  if (!existsSync(file)) return [];
  return readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as GeneratorLine);
}
