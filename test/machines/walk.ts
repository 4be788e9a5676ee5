import assert from 'node:assert/strict';

import {
  createActor,
  fromPromise,
  SimulatedClock,
  type Actor,
  type ActorLogic,
  type AnyActorRef,
  type PromiseActorLogic,
  type Snapshot,
  type SnapshotFrom,
} from 'xstate';

import type { Deal } from '../../actors/shapes/clinic.ts';
import type { DocumentKind } from '../../actors/shapes/documents.ts';
import type { EventData } from '../../actors/shapes/events.ts';
import type { DocumentLinkToPatient } from '../../actors/shapes/messages.ts';
import type { StoredActor } from '../../actors/staff/case-view.ts';
import { attachmentsMachine } from '../../machines/attachments.ts';
import { attentionMachine } from '../../machines/attention.ts';
import { bookingMachine } from '../../machines/booking.ts';
import type { CaseEvent, CaseInput, FileMessage } from '../../machines/case-types.ts';
import { caseMachine } from '../../machines/case.ts';
import { clinicMachine } from '../../machines/clinic.ts';
import { companionsMachine } from '../../machines/companions.ts';
import { consentMachine } from '../../machines/consent.ts';
import { conversationMachine } from '../../machines/conversation.ts';
import { dealMachine } from '../../machines/deal.ts';
import { documentsMachine } from '../../machines/documents.ts';
import { imagingMachine } from '../../machines/imaging.ts';
import { invoiceMachine } from '../../machines/invoice.ts';
import { journeyMachine } from '../../machines/journey.ts';
import type { BookingRecord } from '../../machines/money-types.ts';
import { reviewMachine } from '../../machines/review.ts';
import { salesMachine } from '../../machines/sales.ts';
import { understandingOf, type Asked } from './understanding.ts';
import { valueOf, wholeContext } from './whole.ts';

export const minute = 60 * 1_000;
export const hour = 60 * minute;
export const day = 24 * hour;

/** Where every walk's clock starts. */
const start = Date.parse('2027-01-01T09:00:00Z');

interface Sent {
  readonly text: string;
  readonly before?: string;
  readonly lang: string;
  readonly recipient: unknown;
  readonly values: Readonly<Record<string, unknown>>;
  readonly choices?: readonly string[];
  readonly heardAt: string | null;
  readonly purpose: string;
  readonly asks?: string;
}

interface Recorded {
  readonly messageId: string;
  readonly at: string;
  readonly records: readonly {
    readonly purpose: string;
    readonly status: string;
    readonly text: string;
    readonly lang: string;
  }[];
}

type Inbound = Extract<CaseEvent, { readonly type: 'whatsapp.inbound' }>;
type Said = Inbound['message'];

/** What a message may have of its own. */
type More = Partial<Pick<Inbound, 'at' | 'lang' | 'from' | 'messageId' | 'replyTo'>>;

interface Call {
  readonly name: string;
  readonly input: unknown;
  resolve(output: unknown): void;
  reject(error: unknown): void;
}

/** What staff say without more to it. */
type StaffWord =
  | 'staff.resume'
  | 'staff.arrived'
  | 'staff.discharged'
  | 'staff.skipImaging'
  | 'staff.cleared'
  | 'staff.declined';

/** What bookings say to the world. */
interface Published {
  readonly type: 'payment.succeeded';
  readonly bookingId: string;
  readonly amountMinor: string;
  readonly currency: string;
}

export type Walk = ReturnType<typeof startCase>;

/** What of an actor's snapshot is looked into here. */
interface Grown {
  readonly context?: unknown;
  readonly status: string;
  readonly tags?: ReadonlySet<string>;
  readonly children?: Readonly<Record<string, AnyActorRef>>;
}

/** Whether the case or an actor below it has the tag, as the kernel tells it. */
const hasTag = (ref: AnyActorRef, tag: string): boolean => {
  const { tags, children = {} } = ref.getSnapshot() as Grown;
  return (
    tags?.has(tag) === true ||
    Object.values(children).some(
      (child) => (child.getSnapshot() as Grown).status === 'active' && hasTag(child, tag),
    )
  );
};

/** A message that is being understood. */
type Reading = Snapshot<unknown> & { readonly input: Asked };
type ReadingEvent =
  | { readonly type: 'read'; readonly output: unknown }
  | { readonly type: 'unreadable'; readonly error: unknown }
  | { readonly type: 'xstate.stop' };

const reading = (input: Asked, output: unknown): Reading =>
  output === null
    ? { status: 'active', output: undefined, error: undefined, input }
    : { status: 'done', output, error: undefined, input };

/** Lets promise actors report to their parents. */
export const settled = async (): Promise<void> =>
  new Promise((resolve) => {
    setImmediate(resolve);
  });

/**
 * A case in memory: what it says is in `sent`, answers to consents in `recorded`, and what it asks of the world waits in
 * `calls` until it is answered. Each message is said a second after the one before; the clock does not move by it.
 */
export function startCase(input: Partial<CaseInput> = {}) {
  const clock = new SimulatedClock();
  const sent: Sent[] = [];
  const calls: Call[] = [];
  const recorded: Recorded[] = [];
  let readsByHand = false;
  let sendsByHand = false;
  /** A question is sent at once, in the second of the patient's last message. */
  const sendMessage = (_: unknown, message: unknown) => {
    const { asks, ...told } = message as Sent;
    sent.push(told);
    if (asks === undefined) return;
    questions.push(asks);
    if (!sendsByHand) send(sentOf(asks));
  };
  const questions: string[] = [];
  const sentOf = (asks: string, more: { readonly at?: string } = {}) => ({
    type: 'message.sent' as const,
    effectId: `case-1.${asks}.0`,
    messageId: `wamid.ours-${asks}`,
    asks,
    at: at(),
    ...more,
  });
  const files: FileMessage[] = [];
  const sendFile = (_: unknown, file: FileMessage) => void files.push(file);
  const links: DocumentLinkToPatient[] = [];
  const sendDocumentLink = (_: unknown, link: DocumentLinkToPatient) => void links.push(link);
  const booked: BookingRecord[] = [];
  const recordBooking = (_: unknown, record: BookingRecord) => void booked.push(record);
  const published: Published[] = [];
  const listenedTo = new Set<AnyActorRef>();
  const recordConsent = (_: unknown, answer: unknown) => void recorded.push(answer as Recorded);
  const removed = (call: Call) => {
    const index = calls.indexOf(call);
    if (index >= 0) calls.splice(index, 1);
  };
  const asked = <Output, Input>(name: string): PromiseActorLogic<Output, Input> =>
    fromPromise<Output, Input>(
      async ({ input, signal }) =>
        new Promise((resolve, reject) => {
          const call: Call = {
            name,
            input,
            resolve: (output) => resolve(output as Output),
            reject,
          };
          calls.push(call);
          signal.addEventListener('abort', () => removed(call));
        }),
    );

  /** Understands at once, so that a walk can be read from top to bottom; by hand, once `readByHand` was called. */
  const understand: ActorLogic<Reading, ReadingEvent, Asked> = {
    getInitialSnapshot: (_, input) => reading(input, readsByHand ? null : understandingOf(input)),
    getPersistedSnapshot: (snapshot) => snapshot,
    start: ({ status, input }, { self }) => {
      if (status !== 'active') return;
      calls.push({
        name: 'understand',
        input,
        resolve: (output) => self.send({ type: 'read', output }),
        reject: (error) => self.send({ type: 'unreadable', error }),
      });
    },
    transition: (snapshot, event) => {
      if (event.type === 'read') return reading(snapshot.input, event.output);
      if (event.type === 'unreadable')
        return { ...snapshot, status: 'error', error: event.error } as Reading;
      if (event.type !== 'xstate.stop') return snapshot;
      for (const call of calls.filter(({ input }) => input === snapshot.input)) removed(call);
      return { ...snapshot, status: 'stopped' } as Reading;
    },
  };

  const reader = <Output, Input>() => understand as unknown as PromiseActorLogic<Output, Input>;

  const machine = caseMachine.provide({
    actions: { recordConsent },
    actors: {
      consent: consentMachine,
      conversation: conversationMachine.provide({
        actions: { sendMessage, sendFile, sendDocumentLink },
        actors: { understand: reader() },
      }),
      journey: journeyMachine.provide({ actors: { searchFlights: asked('searchFlights') } }),
      attachments: attachmentsMachine.provide({ actors: { fetchMedia: asked('fetchMedia') } }),
      attention: attentionMachine,
      companions: companionsMachine,
      review: reviewMachine.provide({
        actors: {
          imaging: imagingMachine.provide({
            actors: {
              findStudies: asked('findStudies'),
              anonymiseStudy: asked('anonymiseStudy'),
              inspectStudy: asked('inspectStudy'),
              analyseStudy: asked('analyseStudy'),
            },
          }),
        },
      }),
      clinic: clinicMachine.provide({
        actors: {
          tellClinic: asked('tellClinic'),
          deal: dealMachine.provide({
            actors: { readDeal: asked('readDeal'), comparePlan: asked('comparePlan') },
          }),
        },
      }),
      documents: documentsMachine.provide({
        actors: { verifyDocument: asked('verifyDocument') },
      }),
      sales: salesMachine.provide({
        actors: {
          booking: bookingMachine.provide({
            actions: { recordBooking },
            actors: {
              openCheckout: asked('openCheckout'),
              closeCheckout: asked('closeCheckout'),
              readPayment: asked('readPayment'),
              refundPayment: asked('refundPayment'),
            },
          }),
          invoice: invoiceMachine.provide({
            actors: {
              queueInvoice: asked('queueInvoice'),
              submitInvoice: asked('submitInvoice'),
              readInvoice: asked('readInvoice'),
              archiveInvoice: asked('archiveInvoice'),
            },
          }),
        },
      }),
    },
  });
  const actor: Actor<typeof machine> = createActor(machine, {
    clock,
    input: {
      tenant: 'anadolu',
      caseId: 'case-1',
      contact: { userId: null, phone: '491700000001' },
      lang: 'en',
      ...input,
    },
  });
  const persisted = () => actor.getPersistedSnapshot() as unknown as StoredActor;
  const listenTo = (ref: AnyActorRef) => {
    const { children = {}, context } = ref.getSnapshot() as Grown;
    if (context !== undefined) assert.deepEqual(JSON.parse(JSON.stringify(context)), context);
    if (!listenedTo.has(ref)) {
      listenedTo.add(ref);
      ref.on('payment.succeeded', (event) => void published.push(event as Published));
    }
    for (const child of Object.values(children)) listenTo(child);
  };
  actor.subscribe(() => {
    listenTo(actor);
    assert.ok(JSON.stringify(wholeContext(persisted())).length < 8_000, 'The context stays small');
  });
  actor.start();

  let messages = 0;
  const at = () => new Date(start + clock.now() + 1_000 * messages).toISOString();
  const send = (event: CaseEvent) => actor.send(event);
  const inbound = (message: Said, more: More = {}) => {
    messages++;
    send({
      type: 'whatsapp.inbound',
      messageId: `wamid.${messages}`,
      message,
      lang: null,
      at: at(),
      from: { userId: null, phone: '491700000001' },
      ...more,
    });
  };
  const file = (
    kind: 'image' | 'document' | 'audio' | 'video' | 'sticker',
    caption?: string,
    more?: More,
  ) => {
    const mediaId = `media-${messages + 1}`;
    inbound({ kind, mediaId, sha256: null, ...(caption === undefined ? {} : { caption }) }, more);
  };

  return {
    actor,
    clock,
    sent,
    recorded,
    /** What was told to the books. */
    booked,
    /** What bookings published. */
    published,
    files,
    /** The kinds of the documents that were asked for since the last time this was asked. */
    linked: () => links.splice(0).map(({ kind }) => kind),
    links,
    calls,
    at,
    send,
    inbound,
    write: (text: string, more?: More) => inbound({ kind: 'text', text }, more),
    press: (id: string, more?: More) => inbound({ kind: 'button', id }, more),
    photo: (caption?: string, more?: More) => file('image', caption, more),
    voice: () => file('audio'),
    sticker: (more?: More) => file('sticker', undefined, more),
    place: () => inbound({ kind: 'location' }),
    file,
    staff: (type: StaffWord) => send({ type, at: at() }),
    /** Staff say who the patient is at the clinic. */
    link: (ids: {
      readonly patientId?: string;
      readonly dealId?: string;
      readonly itineraryId?: string;
    }) => send({ type: 'staff.linked', ...ids, at: at() }),
    askDocument: (kind: DocumentKind) => send({ type: 'staff.askDocument', kind, at: at() }),
    /** The object store has it. */
    upload: (key: string) =>
      send({ type: 'document.uploaded', key, size: 2_048, checksum: 'etag:1' }),
    /** The numbers of the questions that were asked, oldest first. */
    questions,
    /** From now on a question is sent when `deliver` says so. */
    sendByHand: () => void (sendsByHand = true),
    /** The provider took the last question. */
    deliver: (more?: { readonly at?: string }) => send(sentOf(questions.at(-1) ?? '', more)),
    /** Nobody knows whether the last question was sent. */
    doubt: () =>
      send({
        type: 'message.doubted',
        effectId: `case-1.${questions.at(-1) ?? ''}.0`,
        asks: questions.at(-1) ?? null,
        again: null,
      }),
    /** From now on a message is understood when `answer('understand', …)` says so. */
    readByHand: () => void (readsByHand = true),
    /** The keys of what was said since the last time this was asked. */
    said(): string[] {
      return sent.splice(0).map(({ text }) => text);
    },
    /** Of the whole family, as if it were one machine; `children` are the case's own. */
    state: () => {
      const { status, output, children } = actor.getSnapshot();
      const stored = persisted();
      return { status, output, children, value: valueOf(stored), context: wholeContext(stored) };
    },
    /** An actor inside the case, by the path of ids to it; undefined if it does not run. */
    below: (...path: readonly string[]): AnyActorRef | undefined =>
      path.reduce<AnyActorRef | undefined>(
        (ref, id) => (ref?.getSnapshot() as Grown | undefined)?.children?.[id],
        actor,
      ),
    has: (tag: string) => hasTag(actor, tag),
    async answer(name: string, output: unknown) {
      const index = calls.findIndex((call) => call.name === name);
      assert.notEqual(index, -1, `Nobody asked for ${name}`);
      const [call] = calls.splice(index, 1);
      call?.resolve(output);
      await settled();
      return call?.input;
    },
    async fail(name: string, error: unknown = new Error('no')) {
      const index = calls.findIndex((call) => call.name === name);
      assert.notEqual(index, -1, `Nobody asked for ${name}`);
      calls.splice(index, 1)[0]?.reject(error);
      await settled();
    },
    /** A provider speaks of a payment. */
    payment(
      notice: EventData['payment.notified']['notice'],
      bookingId = 'case-1-b1',
      checkoutId: string | null = `cs_${bookingId}`,
    ) {
      const about = { provider: 'stripe' as const, bookingId, checkoutId, paymentId: null };
      send({ type: 'payment.notified', notice, ...about, at: at() });
    },
  };
}

export const price = { amountMinor: '21000', currency: 'EUR' } as const;

/** As a flights adapter answers, with `count` flights. */
/** What a provider says of an order for two, with so many tickets. */
export const ordered = (bookingId: string, tickets: number) => ({
  state: 'ordered' as const,
  orderRef: `ord_${bookingId}`,
  pnr: 'ZQ4X7K',
  total: price,
  tickets: Array.from({ length: tickets }, (_, index) => `157-240000000${index}`),
  travellers: 2,
});

export const flights = (
  count: number,
  expiresAt: string | null = null,
  /** Those that have an expiry of their own, by place. */
  own: readonly (string | null)[] = [],
  /** Back again, where the trip is one of two ways. */
  back: string | null = null,
) => ({
  provider: 'duffel',
  expiresAt,
  offers: Array.from({ length: count }, (_, index) => ({
    id: `off_${index + 1}`,
    price: { ...price, amountMinor: String(21_000 + 1_000 * index) },
    ...(own[index] === undefined ? {} : { expiresAt: own[index] }),
    legs: [
      {
        durationMinutes: 185,
        segments: [
          {
            carrier: 'TK',
            flightNumber: String(1722 + index),
            from: 'BER',
            to: 'IST',
            departLocal: '2027-02-01T10:40:00',
            arriveLocal: '2027-02-01T15:45:00',
            durationMinutes: 185,
          },
        ],
      },
      ...(back === null
        ? []
        : [
            {
              durationMinutes: 200 - index,
              segments: [
                {
                  carrier: 'TK',
                  flightNumber: String(1822 + index),
                  from: 'IST',
                  to: 'BER',
                  departLocal: `${back}T22:40:00`,
                  arriveLocal: `${back}T23:55:00`,
                  durationMinutes: 200 - index,
                },
              ],
            },
          ]),
    ],
  })),
});

export const checkout = (bookingId = 'case-1-b1') => ({
  provider: 'stripe',
  checkoutId: `cs_${bookingId}`,
  url: `https://pay.example/${bookingId}`,
  expiresAt: '2027-01-02T08:00:00.000Z',
  lifetimeMs: 23 * hour,
});

export const paid = (change: Readonly<Record<string, unknown>> = {}) => ({
  provider: 'stripe',
  checkoutId: 'cs_case-1-b1',
  bookingId: 'case-1-b1',
  paymentId: 'pi_1',
  status: 'paid',
  fraud: 'clear',
  total: price,
  captured: price,
  paidAt: '2027-01-01T09:30:00.000Z',
  refunds: [],
  dispute: null,
  ...change,
});

/** As the provider tells of a checkout that nobody paid. */
export const unpaid = (status: 'open' | 'pending' | 'failed' | 'expired') =>
  paid({ status, captured: { ...price, amountMinor: '0' }, paymentId: null, paidAt: null });

/** As a provider tells of a refund. */
export const refunded = (change: Readonly<Record<string, unknown>> = {}) => ({
  refundId: 're_1',
  reference: 'case-1-b1-r1',
  amount: price,
  status: 'done',
  ...change,
});

export const buyer = {
  kind: 'person',
  firstName: 'Elif',
  familyName: 'Demir',
  companyName: null,
  nationality: 'DE',
  residence: 'DE',
  tckn: null,
  vkn: null,
  passport: 'C01X00T47',
  lastEntry: '2027-01-01',
  address: {
    street: 'Hauptstr. 1',
    district: 'Mitte',
    city: 'Berlin',
    postalCode: '10115',
    country: 'DE',
  },
  email: null,
} as const;

/** As the client answers that made an invoice out. */
export const issued = (invoiceId = 'case-1-b1-i1', number = 'ABC2027000000001') => ({
  invoiceId,
  ettn: '0190b7a4-0000-7000-8000-000000000001',
  number,
  profile: 'EARSIVFATURA',
  type: 'SATIS',
  issueDate: '2027-01-01',
  payable: price,
  tax: { ...price, amountMinor: '3500' },
});

/** Staff enter the buyer; so many invoices, one after the other, are made out, sent, accepted and kept. */
export async function invoiced(walk: Walk, count: number): Promise<void> {
  walk.send({ type: 'staff.billing', buyer, at: walk.at() });
  for (let made = 0; made < count; made++) {
    await walk.answer('queueInvoice', issued());
    await walk.answer('submitInvoice', { status: 'accepted', code: '1300' });
    await walk.answer('archiveInvoice', { key: 'invoices/1.pdf' });
  }
}

/** Nobody paid the link of a day: a look at its end, the checkout is closed, and a last look. */
export async function lapse(walk: Walk): Promise<void> {
  walk.clock.increment(23 * hour);
  await walk.answer('readPayment', unpaid('open'));
  await walk.answer('closeCheckout', null);
  await walk.answer('readPayment', unpaid('expired'));
}

/** The booking actor of a walk. */
export function bookingIn(walk: Walk, bookingId = 'case-1-b1') {
  const actor = walk.below('sales', bookingId);
  assert.ok(actor, 'There is no such booking');
  return actor.getSnapshot() as SnapshotFrom<typeof bookingMachine>;
}

/** As the documents port answers. */
export const stored = (name: string) => ({
  key: `docs/anadolu/case-1/${name}`,
  size: 2_048,
  checksum: 'ab'.repeat(32),
  contentType: 'image/jpeg',
});

/** The key of a patient's upload. */
export const uploadKey = (kind: DocumentKind, tenant = 'anadolu'): string =>
  `docs/${tenant}/case-1/${kind}-0190b7a4-0000-7000-8000-000000000001.jpg`;

/** As `verifyDocument` answers. */
export const verified = (key: string) => ({
  key,
  contentType: 'image/jpeg',
  size: 2_048,
  checksum: 'ab'.repeat(32),
});

/** As an archive answers. */
export const study = (studyId = 'study-1') => ({
  studyId,
  studyInstanceUid: '1.2.1',
  date: '2027-01-01',
  modalities: ['DX'],
  description: null,
  instances: 2,
  stable: true,
});

export const anonymised = (sourceStudyId = 'study-1') => ({
  studyId: 'copy-1',
  sourceStudyId,
  instances: 2,
});

export const clean = {
  outcome: 'clean',
  reference: {
    studyId: 'copy-1',
    studyInstanceUid: '1.2.3',
    url: 'https://pacs.example/dicom-web/studies/1.2.3',
    pseudonym: 'P-case1',
    instances: 2,
  },
};

export const leaking = {
  outcome: 'held',
  leaks: [
    { reason: 'name', tag: '0008,1030', instances: 2 },
    { reason: 'phone', tag: '0008,1030', instances: 1 },
    { reason: 'burned_in', tag: '0028,0301', instances: 2 },
  ],
};

/** As a model answers. */
export const seen = {
  model: { name: 'knee', version: '3' },
  findings: [
    { label: 'fracture', confidence: 0.9, seriesInstanceUid: '1.2', sopInstanceUid: '1.3' },
  ],
};

export const receipt = {
  receiptId: 'rcpt-1',
  receivedAt: '2027-01-01T09:00:30Z',
  itineraryId: 'I-1',
};

/** What a clinic says of its deal. */
export const deal: Deal = {
  id: 'deal-1',
  status: 'accepted',
  treatment: 'Knee replacement',
  budget: { amountMinor: '900000', currency: 'EUR' },
  price: { amountMinor: '750000', currency: 'EUR' },
  beginsOn: '2027-02-02',
  endsOn: '2027-02-06',
  clinicName: 'Anadolu',
};

/** Whether the case is open: then its regions stand each for itself. */
export const isOpen = (
  value: unknown,
): value is { readonly open: Readonly<Record<string, unknown>> } =>
  typeof value === 'object' && value !== null && 'open' in value;

/** Where the journey of a walk stands; the whole state where the case is not open. */
export const journeyOf = (walk: Walk) => {
  const { value } = walk.state();
  return isOpen(value) ? value.open['journey'] : value;
};

// Walks up to a point of the journey, each starting from the one before.

export function askedConsent(input: Partial<CaseInput> = {}): Walk {
  const walk = startCase(input);
  walk.write('Hello');
  return walk;
}

export function inIntake(): Walk {
  const walk = askedConsent();
  walk.press('consent:service:yes');
  return walk;
}

/** All is told, and read back: nothing is searched before the patient says that it is right. */
export function inConfirm(): Walk {
  const walk = inIntake();
  walk.write('Berlin');
  walk.write('2027-02-01');
  walk.write('2');
  return walk;
}

export function inSearch(): Walk {
  const walk = inConfirm();
  walk.press('trip:yes');
  return walk;
}

export async function offered(
  count = 3,
  expiresAt: string | null = null,
  own: readonly (string | null)[] = [],
): Promise<Walk> {
  const walk = inSearch();
  await walk.answer('searchFlights', flights(count, expiresAt, own));
  return walk;
}

export async function accepted(): Promise<Walk> {
  const walk = await offered();
  walk.press('offer:1');
  return walk;
}

export async function awaitingPayment(): Promise<Walk> {
  const walk = await accepted();
  await walk.answer('openCheckout', checkout());
  walk.said();
  return walk;
}

export async function confirmed(): Promise<Walk> {
  const walk = await awaitingPayment();
  walk.payment('paid');
  await walk.answer('readPayment', paid());
  return walk;
}

// The clinic's side.

/** Said what it is about, with the consent to keep it. The clinic has to look. */
export function inReview(): Walk {
  const walk = inIntake();
  walk.write('hair');
  walk.press('consent:health-data:yes');
  walk.press('consent:transfer-abroad:no');
  walk.write('from Berlin, 2027-02-01, 2 adults');
  walk.press('trip:yes');
  walk.said();
  return walk;
}

/** The clinic knows who it is; the archive is asked. */
export function inImaging(): Walk {
  const walk = inReview();
  walk.link({ patientId: 'MRN-7' });
  return walk;
}

/** The study was read: the clinic decides. */
export async function inDeciding(): Promise<Walk> {
  const walk = inImaging();
  await walk.answer('findStudies', [study()]);
  await walk.answer('anonymiseStudy', anonymised());
  await walk.answer('inspectStudy', clean);
  await walk.answer('analyseStudy', seen);
  return walk;
}
