/**
 * `npm run demo`: two patients with the running system, over real HTTP with real signatures. The sandbox plays their
 * phones, the card pages, the clinic, the vision model and the e-invoice integrator; everything between is the product. Elif
 * writes Turkish: the clinic reviews her X-ray, she books and pays her flights by Stripe, uploads her passport, and pays a
 * deposit by iyzico; a part of the flights is given back; her invoices are made out, exempt and ordinary, with a credit note.
 * Omar writes Arabic, sends a photo, is handed to staff and back, and withdraws. Then the books are compared with the
 * providers' and the audit trail is verified. Ends with Elif's case as JSON.
 */
import { execFile } from 'node:child_process';
import { randomInt, randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { SignJWT } from 'jose';
import * as v from 'valibot';

import { loadConfig } from '../config.ts';
import { dicomFile } from './support/dicom.ts';
import { waitUntil } from './support/wait.ts';

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
const Stored = v.object({ ParentStudy: v.string() });
const Study = v.object({ IsStable: v.boolean() });
const Form = v.object({ url: v.string(), fields: v.record(v.string(), v.string()) });
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
const Messages = v.object({ messages: v.array(Sent) });
const Why = v.object({
  actor: v.nullable(v.string()),
  label: v.string(),
  waitsFor: v.string(),
  reason: v.nullable(v.string()),
  since: v.string(),
  targetAt: v.nullable(v.string()),
});
const Case = v.looseObject({
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
const DeadLetters = v.object({
  deadLetters: v.array(
    v.object({
      name: v.nullable(v.string()),
      code: v.nullable(v.string()),
      provider: v.nullable(v.string()),
      attempts: v.nullable(v.number()),
    }),
  ),
});
type Sent = v.InferOutput<typeof Sent>;
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
const photo =
  '/9j/4AAQSkZJRgABAQEASABIAAD/2wBDAAMCAgMCAgMDAwMEAwMEBQgFBQQEBQoHBwYIDAoMDAsKCwsNDhIQDQ4RDgsLEBYQERMUFRUVDA8XGBYUGBIUFRT/wAALCAABAAEBAREA/8QAFAABAAAAAAAAAAAAAAAAAAAACf/EABQQAQAAAAAAAAAAAAAAAAAAAAD/2gAIAQEAAD8AVN//2Q==';

const config = loadConfig(process.env);
const startedAt = performance.now();
const { edge, sandbox, orthanc } = await runningSystem();
const asStaff = { authorization: `Bearer ${await staffToken()}` };

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

const control = async (path: string, body: unknown) =>
  json(v.looseObject({}), `${sandbox}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });

/** Staff, by the same door as the console. */
const staff = {
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
function sayWhy({ why }: v.InferOutput<typeof Case>): void {
  for (const { actor, label, waitsFor, reason, targetAt } of why) {
    const what = [actor, label, reason].filter((part) => part !== null).join(', ');
    say('staff', `see it waits for ${waitsFor}: ${what}${targetAt ? `, until ${targetAt}` : ''}`);
  }
}

async function caseIs(
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

/** A patient's phone. Nobody types faster than a message every two seconds, so that is what the timestamps say. */
function phoneOf(name: string, country: string) {
  const phone = `${country}${randomInt(1_000_000, 9_999_999)}`;
  let epochSeconds = Math.floor(Date.now() / 1_000) - 120;
  let heard = 0;
  let last: Sent | undefined;

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
    last = messages.at(-1) as Sent;
    return last;
  }

  /** Until a message brings the choice: others may come before it. */
  async function hearChoice(id: string): Promise<void> {
    do await hear(1);
    while (!(last && choicesOf(last).some((choice) => choice.id === id)));
  }

  async function send(words: string, content: object, answers: number): Promise<Sent | undefined> {
    say(name, words);
    epochSeconds += 2;
    await control('/_sandbox/whatsapp/inbound', {
      from: phone,
      profileName: name,
      timestamp: epochSeconds,
      ...content,
    });
    return answers === 0 ? undefined : hear(answers);
  }

  return {
    hear,
    hearChoice,
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

const choicesOf = ({ buttons, list }: Sent) => [
  ...buttons,
  ...(list?.sections.flatMap(({ rows }) => rows) ?? []),
];

/** The hospital takes an image: a real DICOM file, stored in a real archive. */
async function takeXRay(patientId: string): Promise<void> {
  if (!orthanc) {
    say('hospital', 'takes no X-ray, because imaging is off');
    return;
  }
  const file = dicomFile({
    instances: 1,
    number: randomInt(1_000_000, 9_999_999),
    patientName: 'Demir^Elif',
    patientId,
    modality: 'DX',
    side: 64,
    // A bright square: what the sandbox's model calls an opacity.
    pixel: (_instance, x, y) => (x < 20 && y < 20 ? 3_900 : 400),
  });
  const { origin, username, password } = orthanc;
  const basic = Buffer.from(`${username}:${password}`).toString('base64');
  const headers = { authorization: `Basic ${basic}` };
  const stored = await fetch(`${origin}/instances`, {
    method: 'POST',
    headers,
    body: new Uint8Array(file),
    signal: AbortSignal.timeout(20_000),
  });
  if (!stored.ok) throw new Error(`Orthanc answered ${stored.status}`);
  say('hospital', `stores an X-ray of ${file.length} bytes in Orthanc`);
  const { ParentStudy: study } = v.parse(Stored, await stored.json());
  await waitUntil(
    async () => (await json(Study, `${origin}/studies/${study}`, { headers })).IsStable,
    { timeoutMs: 30_000, what: 'Orthanc to take the study as complete' },
  );
}

const inDays = (days: number): string =>
  new Date(Date.now() + days * 24 * 60 * 60 * 1_000).toISOString().slice(0, 10);

/** The clinic's own record of the patient, with what was measured and which studies there are. */
async function clinicKnows(patientId: string): Promise<void> {
  const id = `demo-${patientId}`;
  const subject = { reference: `Patient/${id}` };
  const loinc = (code: string, text: string) => ({
    coding: [{ system: 'http://loinc.org', code }],
    text,
  });
  const resources = [
    {
      resourceType: 'Patient',
      id,
      identifier: [{ system: 'urn:patient-cases:patient', value: patientId }],
      name: [{ family: 'Demir', given: ['Elif'] }],
      birthDate: '1968-04-12',
    },
    {
      resourceType: 'Observation',
      id: `${id}-bmi`,
      status: 'final',
      code: loinc('39156-5', 'Body mass index'),
      subject,
      effectiveDateTime: `${inDays(-20)}T09:00:00+03:00`,
      valueQuantity: { value: 27.4, unit: 'kg/m2' },
    },
    {
      resourceType: 'ImagingStudy',
      id: `${id}-knee`,
      status: 'available',
      subject,
      started: `${inDays(-10)}T10:00:00+03:00`,
      modality: [{ system: 'http://dicom.nema.org/resources/ontology/DCM', code: 'DX' }],
    },
  ];
  await control('/_sandbox/fhir', {
    resourceType: 'Bundle',
    type: 'collection',
    entry: resources.map((resource) => ({ resource })),
  });
}

/** What a clinician sees beside the images: the clinic's own records, the deal, and the plan of the stay. */
async function sayReview(caseId: string): Promise<void> {
  const { record, clinic, itinerary, differences } = await staff.review(caseId);
  if (record.outcome === 'read') {
    const { observations, studies } = record.value;
    const measured = observations.map(({ code, value }) => `${code.text} ${value?.amount}`);
    const seen = studies.map(({ modalities }) => modalities.join('+'));
    say('doctor', `reads the clinic's record: ${[...measured, ...seen].join(', ')}`);
  }
  const { deal } = clinic;
  if (deal) say('doctor', `reads the deal: ${deal.treatment}, ${deal.beginsOn} to ${deal.endsOn}`);
  if (itinerary.outcome === 'read') {
    const items = itinerary.value.items.map(({ kind, at }) => `${kind} ${at.slice(0, 16)}`);
    say('doctor', `reads the plan: ${items.join(', ')}; ${differences.length} differences`);
  }
}

/** The clinic's side: staff link the patient, the study is found, anonymised, inspected and read by the model. */
async function clinicReviews(caseId: string): Promise<void> {
  const patientId = `MRN-${randomInt(100_000, 999_999)}`;
  const dealId = `D-${randomInt(100_000, 999_999)}`;
  await control('/_sandbox/doktor365/deals', {
    deal: {
      id: dealId,
      status: 'accepted',
      treatment: 'Total knee replacement, left',
      budget: { amount: '9500.00', currency: 'EUR' },
      price: { amount: '7800.00', currency: 'EUR' },
      startsOn: inDays(61),
      endsOn: inDays(66),
      clinic: { name: config.tenant.name },
    },
  });
  await clinicKnows(patientId);
  await takeXRay(patientId);
  sayWhy(await staff.read(caseId));
  say('staff', `link the patient ${patientId} and the deal ${dealId}`);
  await staff.tell(caseId, { type: 'staff.linked', patientId, dealId });
  if (orthanc) {
    const { imaging } = await waitUntil(
      async () => {
        const found = await staff.review(caseId);
        return found.imaging !== null && found;
      },
      { timeoutMs: 60_000, what: 'the findings' },
    );
    const findings = imaging?.findings.map(
      ({ label, confidence }) => `${label} ${confidence.toFixed(2)}`,
    );
    say('clinic', `(for the doctor) the model read the anonymised study: ${findings?.join(', ')}`);
  }
  await sayReview(caseId);
  say('staff', 'the doctor clears the treatment');
  await staff.tell(caseId, { type: 'staff.cleared' });
}

/** As the page behind the link does it in a browser: asks for a form, and posts the file with it. */
async function uploadPassport(caseId: string, message: Sent): Promise<void> {
  const token = /[#?](?:token=)?([\w-]+\.[\w-]+\.[\w-]+)/.exec(message.body)?.[1];
  if (!token) throw new Error('The message has no link');
  const scan = Buffer.from(photo, 'base64');
  const { url, fields } = await json(Form, `${edge}/docs-visa/presign`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ kind: 'passport', contentType: 'image/jpeg', size: scan.length }),
  });
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.append(name, value);
  form.append('file', new Blob([scan], { type: 'image/jpeg' }), 'passport.jpg');
  const stored = await fetch(url, { method: 'POST', body: form });
  if (!stored.ok) throw new Error(`The store answered ${stored.status}`);
  say('Elif', '(uploads a scan of her passport)');
  const { documents } = await waitUntil(
    async () => {
      const found = await staff.documents(caseId);
      return found.documents.some(({ name }) => name.startsWith('passport-')) && found;
    },
    { timeoutMs: 30_000, what: 'the passport' },
  );
  for (const { name, size, contentType } of documents)
    say('staff', `sees ${name}, ${contentType}, ${size} bytes`);
}

async function elifBooks(): Promise<string> {
  const [year, month, date] = inDays(60).split('-');
  const elif = phoneOf('Elif', '49170');
  const first = await elif.write('Merhaba, diz protezi için gelmek istiyorum');
  const caseId = first?.effectId.split('.')[0] as string;
  await elif.press('consent:service:yes', 2);
  await elif.press('consent:health-data:yes', 2);
  await elif.press('consent:transfer-abroad:no');
  await elif.write(`Berlin'den ${date}.${month}.${year} tarihinde iki kişi gelmek istiyoruz`);
  await clinicReviews(caseId);
  await elif.hearChoice('offer:1');
  const link = await elif.press('offer:1');
  const session = /cs_\w+/.exec(link?.body ?? '')?.[0];
  if (!session) throw new Error('The payment message has no link');
  say('Elif', 'pays on the card page');
  await control(`/_sandbox/stripe/sessions/${session}/pay`, {});
  const asked = await elif.hear(2);
  await uploadPassport(caseId, asked);
  await caseIs(caseId, 'the clinic to be told', ({ state }) =>
    JSON.stringify(state).includes('"news":"told"'),
  );
  say('clinic', '(has the flights of its patient)');
  await waitUntil(async () => (await staff.review(caseId)).itinerary.outcome === 'read', {
    timeoutMs: 30_000,
    what: 'the plan of the stay',
  });
  await sayReview(caseId);
  await elifPaysDeposit(caseId, elif);
  return caseId;
}

/** In lira, which goes to iyzico; then a part of the flights goes back. */
async function elifPaysDeposit(caseId: string, elif: ReturnType<typeof phoneOf>): Promise<void> {
  say('staff', 'enter whom invoices are made out to, and ask for a deposit of 45,000 TRY');
  await staff.tell(caseId, {
    type: 'staff.billing',
    buyer: {
      kind: 'person',
      firstName: 'Elif',
      familyName: 'Demir',
      nationality: 'DE',
      residence: 'DE',
      passport: 'C01X00T47',
      lastEntry: new Date().toISOString().slice(0, 10),
      address: {
        street: 'Hauptstr. 1',
        district: 'Mitte',
        city: 'Berlin',
        postalCode: '10115',
        country: 'DE',
      },
    },
  });
  await staff.tell(caseId, {
    type: 'staff.quote',
    title: 'Deposit',
    lines: [
      {
        kind: 'health',
        description: 'Ortopedi hizmeti, ön ödeme',
        gross: { amountMinor: '4500000', currency: 'TRY' },
      },
    ],
  });
  const link = await elif.hear(1);
  const token = /[\da-f]{8}-[\da-f-]{27}/.exec(link.body)?.[0];
  if (!token) throw new Error('The payment message has no token');
  say('Elif', 'pays on the page of iyzico');
  await control(`/_sandbox/iyzico/checkouts/${token}/pay`, {});
  await elif.hear(1);
  say('staff', 'give 50.00 EUR of the flights back');
  await staff.tell(caseId, {
    type: 'staff.refund',
    bookingId: `${caseId}-b1`,
    amount: { amountMinor: '5000', currency: 'EUR' },
  });
  await elif.hear(1);
  for (const [bookingId, invoices] of [
    [`${caseId}-b1`, 1],
    [`${caseId}-b2`, 1],
    [`${caseId}-b1`, 2],
  ] as const)
    await invoicesKept(bookingId, invoices);
}

/** The integrator brings each invoice to the authority, and tells us; then its PDF is kept. */
async function invoicesKept(bookingId: string, count: number): Promise<void> {
  const told = new Set<string>();
  const booking = await waitUntil(
    async () => {
      const found = await staff.booking(bookingId);
      for (const { invoiceId, ettn, status } of found.invoices) {
        if (ettn === null || status !== 'submitted' || told.has(invoiceId)) continue;
        told.add(invoiceId);
        await control('/_sandbox/nilvera/status', { ettn, code: 'succeed' });
        await control('/_sandbox/efatura/push', { invoiceId, status: 'accepted' });
      }
      const kept = found.invoices.filter(({ pdfKey }) => pdfKey !== null);
      return kept.length >= count && found;
    },
    { timeoutMs: 30_000, what: `${count} invoices of ${bookingId}` },
  );
  const { provider, captured, refunded } = booking;
  const of = ({ amountMinor }: { readonly amountMinor: string }) =>
    `${amountMinor.slice(0, -2) || '0'}.${amountMinor.slice(-2).padStart(2, '0')}`;
  say(
    'staff',
    `see ${provider}: captured ${of(captured)} ${captured.currency}, refunded ${of(refunded)}`,
  );
  for (const { number, type, status, pdfKey } of booking.invoices)
    say('staff', `see invoice ${number} ${type} ${status} ${pdfKey}`);
}

/** As whoever runs the system does it, with the settings of this command. */
async function runs(script: string, ...args: readonly string[]): Promise<void> {
  const file = join(import.meta.dirname, '..', 'deploy', 'tools', script);
  const { stdout } = await promisify(execFile)(process.execPath, [file, ...args], {
    timeout: 120_000,
  });
  for (const line of stdout.trimEnd().split('\n')) say('books', line);
}

async function omarAsks(): Promise<void> {
  const omar = phoneOf('Omar', '97150');
  const first = await omar.write('السلام عليكم، أريد زراعة شعر');
  const caseId = first?.effectId.split('.')[0] as string;
  await omar.press('consent:service:yes', 2);
  await omar.press('consent:health-data:yes', 2);
  await omar.sendPhoto();
  await omar.write('كم تكلفة العملية؟ اسمي عمر الخطيب');
  sayWhy(await caseIs(caseId, 'the hand-over', ({ tags }) => tags.includes('with-staff')));
  for (const { from, kind, text } of (await staff.conversation(caseId)).lines.slice(-4))
    say('staff', `reads ${from}: ${text ?? `(${kind})`}`);
  say('staff', 'answers, and lets the bot go on');
  await staff.tell(caseId, { type: 'staff.reply', text: 'سيتصل بكم طبيبنا غدًا صباحًا.' });
  await omar.hear(1);
  await staff.tell(caseId, { type: 'staff.resume' });
  await omar.write('إيقاف', 0);
  const { consents } = await caseIs(
    caseId,
    'the withdrawal',
    ({ tags, consents: all }) =>
      tags.includes('consent-withdrawn') && all.every(({ status }) => status !== 'given'),
  );
  say('staff', `sees ${consents.map(({ purpose, status }) => `${purpose} ${status}`).join(', ')}`);
}

/** The airline's side refuses her search: she hears that it takes longer, and staff see what failed and why she waits. */
async function johannaWaits(): Promise<void> {
  const johanna = phoneOf('Johanna', '49151');
  const first = await johanna.write('Guten Tag, ich möchte eine Zahnbehandlung');
  const caseId = first?.effectId.split('.')[0] as string;
  await johanna.press('consent:service:yes', 2);
  await johanna.press('consent:health-data:no');
  const provider = config.flights.provider;
  await control('/_sandbox/faults', {
    provider,
    mode: 'refuse',
    status: 422,
    code: 'validation_error',
    operation: 'search',
    count: 1,
  });
  const [year, month, date] = inDays(45).split('-');
  await johanna.write(`Von Berlin am ${date}.${month}.${year}, zwei Erwachsene`, 1);
  sayWhy(
    await caseIs(caseId, 'the hand-over', ({ why }) =>
      why.some(({ reason }) => reason === 'flights-not-searched'),
    ),
  );
  const { deadLetters } = await json(DeadLetters, `${edge}/admin/dead-letters?caseId=${caseId}`, {
    headers: asStaff,
  });
  for (const { name, code, provider, attempts } of deadLetters)
    say('staff', `see a dead letter: ${name} at ${provider}, ${code}, after ${attempts} tries`);
}

const caseId = await elifBooks();
await omarAsks();
await johannaWaits();
await runs('reconcile.ts', '--day', new Date().toISOString().slice(0, 10));
await runs('verify-audit.ts');

const { entries } = await staff.history(caseId);
for (const { seq, type, disposition } of entries) say('history', `${seq} ${type} ${disposition}`);
const confirmed = await staff.read(caseId);
sayWhy(confirmed);
if (!confirmed.tags.includes('confirmed'))
  throw new Error(`The case is not confirmed but at ${JSON.stringify(confirmed.state)}`);
process.stdout.write(`${JSON.stringify(confirmed)}\n`);
