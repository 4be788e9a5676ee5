import { randomInt } from 'node:crypto';

import * as v from 'valibot';

import { dicomFile } from '../support/dicom.ts';
import { waitUntil } from '../support/wait.ts';
import {
  caseIs,
  config,
  control,
  edge,
  inDays,
  json,
  orthanc,
  phoneOf,
  photo,
  say,
  sayWhy,
  staff,
  type Sent,
} from './world.ts';

const Stored = v.object({ ParentStudy: v.string() });
const Study = v.object({ IsStable: v.boolean() });
const Form = v.object({ url: v.string(), fields: v.record(v.string(), v.string()) });

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

const tokenIn = ({ body }: Sent): string => {
  const [, token] = /[#?](?:token=)?([\w-]+\.[\w-]+\.[\w-]+)/.exec(body) ?? [];
  if (token === undefined) throw new Error('The message has no link');
  return token;
};

/** As the form behind the link does it: who flies, as their passports say. Then the airline is asked, and tickets come. */
async function travellersGiven(message: Sent): Promise<void> {
  const passport = (number: string) => ({
    number,
    issuingCountry: 'DE',
    expiresOn: inDays(2_000),
  });
  const given = await fetch(`${edge}/travellers`, {
    method: 'POST',
    headers: { authorization: `Bearer ${tokenIn(message)}`, 'content-type': 'application/json' },
    body: JSON.stringify({
      travellers: [
        {
          givenName: 'Elif',
          familyName: 'Demir',
          bornOn: '1968-04-12',
          sex: 'f',
          passport: passport('C01X00T47'),
        },
        {
          givenName: 'Murat',
          familyName: 'Demir',
          bornOn: '1965-09-30',
          sex: 'm',
          passport: passport('C01X00T48'),
        },
      ],
    }),
    signal: AbortSignal.timeout(20_000),
  });
  if (!given.ok) throw new Error(`The form answered ${given.status}: ${await given.text()}`);
  say('Elif', '(gives the passport data of both travellers)');
}

/** As the page behind the link does it in a browser: asks for a form, and posts the file with it. */
async function uploadPassport(caseId: string, message: Sent): Promise<void> {
  const token = tokenIn(message);
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

/**
 * Elif writes Turkish: the clinic reviews her X-ray, she books and pays her flights by Stripe, gives the travellers' passports and gets tickets, uploads a scan, and pays a deposit
 * by iyzico; a part of the flights is given back; her invoices are made out, exempt and ordinary, with a credit note.
 */
export async function elifBooks(): Promise<string> {
  const [year, month, date] = inDays(60).split('-');
  const elif = phoneOf('Elif', '49170');
  const first = await elif.write('Merhaba, diz protezi için gelmek istiyorum');
  const caseId = first?.effectId.split('.')[0] as string;
  await elif.press('consent:service:yes', 2);
  await elif.press('consent:health-data:yes', 2);
  await elif.press('consent:transfer-abroad:no');
  await elif.write(`Berlin'den ${date}.${month}.${year} tarihinde iki kişi gelmek istiyoruz`);
  await elif.press('trip:yes');
  await clinicReviews(caseId);
  await elif.hearChoice('offer:1');
  const link = await elif.press('offer:1');
  const session = /cs_\w+/.exec(link?.body ?? '')?.[0];
  if (!session) throw new Error('The payment message has no link');
  say('Elif', 'pays on the card page');
  await control(`/_sandbox/stripe/sessions/${session}/pay`, {});
  await uploadPassport(caseId, await elif.hearOf('/docs-visa'));
  await travellersGiven(await elif.hearOf('/travellers'));
  await elif.hearOf('Biletleriniz kesildi');
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
