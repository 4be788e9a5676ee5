/** One whole journey as the events a case gets, for golden snapshots. Effects' outcomes are answered by the effect's name. */
import type { EventBody } from '../../actors/kernel/ports.ts';
import { understandingOf } from './understanding.ts';
import {
  anonymised,
  buyer,
  checkout,
  deal,
  clean,
  day,
  flights,
  issued,
  leaking,
  ordered,
  paid,
  price,
  receipt,
  refunded,
  seen,
  stored,
  study,
  unpaid,
  uploadKey,
  verified,
} from './walk.ts';

export interface Step {
  readonly name: string;
  /** ms since the step before. */
  readonly afterMs: number;
  readonly body: EventBody | { readonly answers: string; readonly value: unknown };
}

const start = Date.parse('2027-01-01T09:00:00Z');
const minute = 60_000;
let messages = 0;

const at = new Date(start).toISOString();
const inbound = (message: object): EventBody => {
  const saidAt = new Date(start + 1_000 * ++messages).toISOString();
  const event = { messageId: `wamid.${messages}`, message, lang: null, at: saidAt };
  const from = { userId: null, phone: '491700000001' };
  return { event: { type: 'whatsapp.inbound', ...event, from } as { type: string } };
};
const text = (words: string) => inbound({ kind: 'text', text: words });
const button = (id: string) => inbound({ kind: 'button', id });
/** Words are understood in a step of their own. */
const understood = (words: string, asked: string | null = null) => ({
  answers: 'understand',
  value: understandingOf({ text: words, asked }),
});
const staff = (type: string, more: object = {}): EventBody => ({
  event: { type, at, ...more } as { type: string },
});

const opening: EventBody = {
  create: {
    machine: 'case',
    input: {
      tenant: 'clinic',
      tenantName: 'The Clinic',
      caseId: 'case-1',
      contact: { userId: null, phone: '491700000001' },
      lang: 'en',
    },
  },
};

/** A provider speaks of a payment. */
const notified = (notice: string, bookingId = 'case-1-b1'): EventBody => {
  const about = { provider: 'stripe', bookingId, checkoutId: `cs_${bookingId}`, paymentId: null };
  return { event: { type: 'payment.notified', notice, ...about, at } as { type: string } };
};
const ofDeposit = { bookingId: 'case-1-b2', checkoutId: 'cs_case-1-b2' };

const passport = uploadKey('passport', 'clinic');
const partlyRefunded = refunded({ amount: { ...price, amountMinor: '1000' } });

export const startsAt = start;
export const journeySteps: readonly Step[] = [
  { name: 'contacted', afterMs: 0, body: opening },
  { name: 'consent asked', afterMs: minute, body: text('Hello') },
  { name: 'greeting read', afterMs: minute, body: understood('Hello') },
  { name: 'origin asked', afterMs: minute, body: button('consent:service:yes') },
  { name: 'origin being read', afterMs: minute, body: text('Berlin') },
  { name: 'date asked', afterMs: minute, body: understood('Berlin') },
  {
    name: 'health data asked',
    afterMs: minute,
    body: inbound({ kind: 'image', mediaId: 'media-1', sha256: null }),
  },
  { name: 'transfer asked', afterMs: minute, body: button('consent:health-data:yes') },
  { name: 'photo kept', afterMs: minute, body: { answers: 'fetchMedia', value: stored('2.1') } },
  { name: 'date being read', afterMs: minute, body: text('2027-02-01') },
  { name: 'party asked', afterMs: minute, body: understood('2027-02-01') },
  { name: 'party being read', afterMs: minute, body: text('2') },
  { name: 'read back', afterMs: minute, body: understood('2', 'adults') },
  { name: 'waiting for the clinic', afterMs: minute, body: button('trip:yes') },
  {
    name: 'archive asked',
    afterMs: minute,
    body: staff('staff.linked', { patientId: 'MRN-7', dealId: 'deal-9' }),
  },
  { name: 'no study yet', afterMs: minute, body: { answers: 'findStudies', value: [] } },
  { name: 'archive asked again', afterMs: 10 * minute, body: staff('staff.resume') },
  { name: 'anonymising', afterMs: minute, body: { answers: 'findStudies', value: [study()] } },
  {
    name: 'looking for leaks',
    afterMs: minute,
    body: { answers: 'anonymiseStudy', value: anonymised() },
  },
  { name: 'leak held', afterMs: minute, body: { answers: 'inspectStudy', value: leaking } },
  { name: 'anonymised again', afterMs: minute, body: staff('staff.resume') },
  {
    name: 'looking for leaks again',
    afterMs: minute,
    body: { answers: 'anonymiseStudy', value: anonymised() },
  },
  { name: 'analysing', afterMs: minute, body: { answers: 'inspectStudy', value: clean } },
  { name: 'clinic decides', afterMs: minute, body: { answers: 'analyseStudy', value: seen } },
  { name: 'searching', afterMs: minute, body: staff('staff.cleared') },
  { name: 'offered', afterMs: minute, body: { answers: 'searchFlights', value: flights(3) } },
  { name: 'handed over', afterMs: minute, body: text('is there a meal?') },
  { name: 'with staff', afterMs: minute, body: understood('is there a meal?') },
  { name: 'back with the bot', afterMs: minute, body: staff('staff.resume') },
  { name: 'checkout opening', afterMs: minute, body: button('offer:1') },
  {
    name: 'awaiting payment',
    afterMs: minute,
    body: { answers: 'openCheckout', value: checkout() },
  },
  {
    name: 'payment checked',
    afterMs: minute,
    body: notified('paid'),
  },
  { name: 'travel', afterMs: minute, body: { answers: 'readPayment', value: paid() } },
  {
    name: 'invoice drafted',
    afterMs: minute,
    body: staff('staff.billing', { buyer }),
  },
  { name: 'deal read', afterMs: minute, body: { answers: 'readDeal', value: deal } },
  { name: 'clinic told', afterMs: minute, body: { answers: 'tellClinic', value: receipt } },
  {
    name: 'plan compared',
    afterMs: minute,
    body: { answers: 'comparePlan', value: { isPlanned: false, differences: [] } },
  },
  {
    name: 'invoice sent',
    afterMs: minute,
    body: { answers: 'queueInvoice', value: issued() },
  },
  {
    name: 'treatment quoted',
    afterMs: minute,
    body: staff('staff.quote', {
      title: 'Deposit',
      lines: [{ kind: 'health', description: 'Knee replacement', quantity: 1, gross: price }],
    }),
  },
  {
    name: 'invoice under way',
    afterMs: minute,
    body: { answers: 'submitInvoice', value: { status: 'submitted', code: '1000' } },
  },
  {
    name: 'deposit awaited',
    afterMs: minute,
    body: { answers: 'openCheckout', value: checkout('case-1-b2') },
  },
  { name: 'deposit looked at', afterMs: minute, body: notified('expired', 'case-1-b2') },
  {
    name: 'deposit link over',
    afterMs: minute,
    body: { answers: 'readPayment', value: { ...unpaid('expired'), ...ofDeposit } },
  },
  { name: 'deposit link asked for', afterMs: minute, body: button('pay:again:case-1-b2') },
  {
    name: 'deposit awaited again',
    afterMs: minute,
    body: {
      answers: 'openCheckout',
      value: { ...checkout('case-1-b2'), checkoutId: 'cs_case-1-b2-2' },
    },
  },
  {
    name: 'refunding',
    afterMs: minute,
    body: staff('staff.refund', {
      bookingId: 'case-1-b1',
      amount: { ...price, amountMinor: '1000' },
    }),
  },
  {
    name: 'refund checked',
    afterMs: minute,
    body: { answers: 'refundPayment', value: partlyRefunded },
  },
  {
    name: 'refunded in part',
    afterMs: minute,
    body: { answers: 'readPayment', value: paid({ refunds: [partlyRefunded] }) },
  },
  {
    name: 'invoice asked about',
    afterMs: minute,
    body: {
      event: {
        type: 'efatura.status.update',
        invoiceId: 'case-1-b1-i1',
        status: 'rejected',
      } as { type: string },
    },
  },
  {
    name: 'invoice refused',
    afterMs: minute,
    body: { answers: 'readInvoice', value: { status: 'rejected', code: '1150' } },
  },
  { name: 'invoice corrected', afterMs: minute, body: staff('staff.billing', { buyer }) },
  {
    name: 'correction being sent',
    afterMs: minute,
    body: { answers: 'queueInvoice', value: issued('case-1-b1-i101', 'ABC2027000000002') },
  },
  {
    name: 'correction accepted',
    afterMs: minute,
    body: { answers: 'submitInvoice', value: { status: 'accepted', code: '1300' } },
  },
  {
    name: 'credit note drafted',
    afterMs: minute,
    body: { answers: 'archiveInvoice', value: null },
  },
  {
    name: 'credit note being sent',
    afterMs: minute,
    body: { answers: 'queueInvoice', value: issued('case-1-b1-i2', 'ABC2027000000003') },
  },
  {
    name: 'credit note accepted',
    afterMs: minute,
    body: { answers: 'submitInvoice', value: { status: 'accepted', code: '1300' } },
  },
  {
    name: 'credit note kept',
    afterMs: minute,
    body: { answers: 'archiveInvoice', value: null },
  },
  {
    name: 'passport uploaded',
    afterMs: minute,
    body: {
      event: {
        type: 'document.uploaded',
        key: passport,
        size: 2_048,
        checksum: 'etag:1',
      } as { type: string },
    },
  },
  {
    name: 'passport verified',
    afterMs: minute,
    body: { answers: 'verifyDocument', value: verified(passport) },
  },
  { name: 'treatment', afterMs: minute, body: staff('staff.arrived') },
  { name: 'aftercare', afterMs: minute, body: staff('staff.discharged') },
  { name: 'settling up', afterMs: minute, body: staff('staff.close', { reason: 'done' }) },
  { name: 'deposit given up', afterMs: minute, body: staff('staff.close', { reason: 'done' }) },
  { name: 'deposit closed', afterMs: minute, body: { answers: 'closeCheckout', value: null } },
  {
    name: 'deposit lapsed',
    afterMs: minute,
    body: { answers: 'readPayment', value: { ...unpaid('expired'), ...ofDeposit } },
  },
  { name: 'closed', afterMs: 150 * day, body: notified('returned') },
];

/** Another day, when there is a link for the first already: that one is closed before anything else is searched. */
export const changeSteps: readonly Step[] = [
  ...journeySteps.slice(
    0,
    journeySteps.findIndex(({ name }) => name === 'payment checked'),
  ),
  { name: 'another day read back', afterMs: minute, body: button('day:2027-02-02') },
  { name: 'link closing', afterMs: minute, body: button('trip:yes:2') },
  { name: 'link closed', afterMs: minute, body: { answers: 'closeCheckout', value: null } },
  {
    name: 'searching again',
    afterMs: minute,
    body: { answers: 'readPayment', value: unpaid('expired') },
  },
  { name: 'offered again', afterMs: minute, body: { answers: 'searchFlights', value: flights(3) } },
  { name: 'children being read', afterMs: minute, body: text('with the kids') },
  { name: 'ages asked', afterMs: minute, body: understood('with the kids') },
];

const until = (name: string): readonly Step[] =>
  journeySteps.slice(0, journeySteps.findIndex((step) => step.name === name) + 1);

/** Somebody else on the same phone is to have a journey of their own. */
export const companionSteps: readonly Step[] = [
  ...until('date asked'),
  { name: 'somebody else being read', afterMs: minute, body: text('my mother Fatma too') },
  {
    name: 'journey asked',
    afterMs: minute,
    body: {
      answers: 'understand',
      value: {
        ...understandingOf({ text: 'my mother Fatma too', asked: 'departDate' }),
        another: { value: 'Fatma', confidence: 0.9 },
      },
    },
  },
  { name: 'second case opening', afterMs: minute, body: button('journey:new') },
];

/** The patient withdraws while an invoice is on its way, staff say that the money stays, and the time to keep it all runs out. */
export const leavingSteps: readonly Step[] = [
  ...until('invoice drafted'),
  { name: 'withdrawn', afterMs: minute, body: text('stop') },
  { name: 'kept', afterMs: minute, body: staff('staff.keep', { bookingId: 'case-1-b1' }) },
  { name: 'leaving', afterMs: 151 * day, body: staff('staff.resume') },
];

/** We order the flights ourselves: travellers, order, tickets that come later. */
export const ticketSteps: readonly Step[] = [
  ...until('searching'),
  {
    name: 'offered for us to order',
    afterMs: minute,
    body: { answers: 'searchFlights', value: { ...flights(3), isOrderable: true } },
  },
  { name: 'checkout opening', afterMs: minute, body: button('offer:1') },
  {
    name: 'awaiting payment',
    afterMs: minute,
    body: { answers: 'openCheckout', value: checkout() },
  },
  { name: 'payment checked', afterMs: minute, body: notified('paid') },
  {
    name: 'travellers asked for',
    afterMs: minute,
    body: { answers: 'readPayment', value: paid() },
  },
  {
    name: 'ordering',
    afterMs: minute,
    body: {
      event: { type: 'travellers.given', bookingId: 'case-1-b1', version: 1, count: 2, at } as {
        type: string;
      },
    },
  },
  {
    name: 'flights held',
    afterMs: minute,
    body: {
      answers: 'orderFlights',
      value: { state: 'refused', reason: 'price-changed', code: null, now: price },
    },
  },
  {
    name: 'ordered once more',
    afterMs: minute,
    body: staff('staff.orderFlights', { bookingId: 'case-1-b1' }),
  },
  {
    name: 'order in doubt',
    afterMs: minute,
    body: { answers: 'orderFlights', value: { state: 'pending' } },
  },
  { name: 'order looked for', afterMs: minute, body: staff('staff.took') },
  {
    name: 'ordered',
    afterMs: minute,
    body: { answers: 'findFlightOrder', value: ordered('case-1-b1', 1) },
  },
  { name: 'order read', afterMs: 5 * minute, body: staff('staff.took') },
  {
    name: 'ticketed',
    afterMs: minute,
    body: { answers: 'readFlightOrder', value: ordered('case-1-b1', 2) },
  },
  { name: 'tickets to give back', afterMs: minute, body: text('stop') },
];
