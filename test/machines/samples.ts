/** What may come to a case: samples of events, and of what the world answers, for walks through the machines. */
import * as v from 'valibot';

import { staffEvents, staffEventTypes } from '../../actors/shapes/staff-events.ts';
import { understandingOf, type Asked } from './understanding.ts';
import {
  anonymised,
  buyer,
  checkout,
  clean,
  deal,
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

type Event = { readonly type: string; readonly [field: string]: unknown };

/** Codes that the machines' own text tells apart, and one that none does. */
export const failureCodes = (sources: readonly string[]): string[] => [
  'not_permitted',
  'failed',
  ...new Set(
    sources.flatMap((text) =>
      [...text.matchAll(/'([a-z]+(?:[_.][a-zA-Z]+)+)'/g)].map(([, code]) => code ?? ''),
    ),
  ),
];

const free = { ...price, amountMinor: '0' };

/** What a performer may answer; empty for one that is not known here, which then only fails. */
export function outcomeSamples(name: string, input: unknown): unknown[] {
  const about = (input ?? {}) as Readonly<Record<string, string | undefined>>;
  const bookingId = about['bookingId'] ?? 'case-1-b1';
  const checkoutId = about['checkoutId'] ?? `cs_${bookingId}`;
  const ofBooking = { bookingId, checkoutId };
  const part = { ...price, amountMinor: '1000' };
  const samples: Readonly<Record<string, () => unknown[]>> = {
    understand: () => [understandingOf(input as Asked)],
    fetchMedia: () => [stored('2.1')],
    searchFlights: () => [
      flights(3),
      flights(0),
      flights(2, '2027-01-01T09:30:00Z'),
      { ...flights(3), isOrderable: true },
    ],
    orderFlights: () => [
      ordered(bookingId, 2),
      ordered(bookingId, 0),
      { state: 'pending' },
      { state: 'refused', reason: 'price-changed', code: null, now: price },
      { state: 'refused', reason: 'passenger-data', code: 'invalid_passenger_name', now: null },
    ],
    findFlightOrder: () => [null, ordered(bookingId, 2), ordered(bookingId, 1)],
    readFlightOrder: () => [ordered(bookingId, 2), ordered(bookingId, 1)],
    tellClinic: () => [receipt],
    openCheckout: () => [{ ...checkout(bookingId), checkoutId: `cs_${bookingId}` }],
    closeCheckout: () => [null],
    readPayment: () => [
      paid(ofBooking),
      paid(ofBooking),
      ...(['open', 'pending', 'failed', 'expired'] as const).map((status) => ({
        ...unpaid(status),
        ...ofBooking,
      })),
      paid({ ...ofBooking, fraud: 'review' }),
      paid({ ...ofBooking, fraud: 'refused' }),
      paid({ ...ofBooking, captured: part }),
      paid({ ...ofBooking, dispute: { status: 'open' } }),
      paid({ ...ofBooking, dispute: { status: 'lost' } }),
      paid({ ...ofBooking, dispute: { status: 'won' } }),
      paid({ ...ofBooking, refunds: [refunded({ reference: `${bookingId}-r1` })] }),
      paid({ ...ofBooking, refunds: [refunded({ reference: `${bookingId}-r1`, amount: part })] }),
      paid({ ...ofBooking, captured: free, refunds: [] }),
    ],
    refundPayment: () => [
      refunded({ reference: about['reference'] ?? `${bookingId}-r1` }),
      refunded({ reference: about['reference'] ?? `${bookingId}-r1`, status: 'pending' }),
      refunded({ reference: about['reference'] ?? `${bookingId}-r1`, status: 'failed' }),
    ],
    queueInvoice: () => [issued(about['invoiceId'])],
    submitInvoice: () => statuses,
    readInvoice: () => statuses,
    archiveInvoice: () => [null],
    findStudies: () => [[], [study()], [study(), study('study-2')]],
    anonymiseStudy: () => [anonymised()],
    inspectStudy: () => [clean, leaking],
    analyseStudy: () => [seen],
    verifyDocument: () => [verified(about['key'] ?? uploadKey('passport', 'clinic'))],
    readDeal: () => [deal, { ...deal, status: 'cancelled' }],
    openCompanion: () => [{ name: 'Fatma', called: ['annem'], isHolder: false, caseId: 'case-2' }],
    comparePlan: () => [
      { isPlanned: false, differences: [] },
      { isPlanned: true, differences: [] },
      { isPlanned: true, differences: [{ field: 'arrival' }] },
    ],
  };
  return samples[name]?.() ?? [];
}

const statuses = [
  { status: 'submitted', code: '1000' },
  { status: 'accepted', code: '1300' },
  { status: 'rejected', code: '1150' },
];

/** The provider took a question of ours: the performer tells so. */
export const sentOf = (asks: string, at: string) => ({
  type: 'message.sent' as const,
  effectId: `case-1.q${asks}.0`,
  messageId: `wamid.ours-${asks}`,
  asks,
  at,
});

/** The questions among the effects that were asked for. */
export const askedIn = (
  effects: readonly { readonly name: string; readonly input: string }[],
): string[] =>
  effects.flatMap(({ name, input }) => {
    const { asks } = JSON.parse(input) as { asks?: string };
    return name === 'sendMessage' && asks !== undefined ? [asks] : [];
  });

/** What staff say without more to it: a new one needs no sample. */
const plainStaffEvents = staffEventTypes.filter((type) =>
  v.is(staffEvents[type].body, { at: '2027-01-01T09:00:00Z' }),
);

const words = [
  'Hello',
  'stop',
  'yes',
  'no',
  'Berlin',
  '2027-02-01',
  '2',
  'from Berlin, 2027-02-01, 2 adults',
  'hair',
  'a person',
  'is there a meal?',
  'thanks',
  'leave me alone',
  'pain and bleeding',
  'xyzzy',
  'from frankfurt',
  'on 3.4.',
  'with the kids',
  'the second',
  'a new link please',
];

/** What the case of another patient on the phone may tell this one. */
function companionNews(at: string, count: number): object[] {
  const said = { messageId: `wamid.${count}`, at };
  const fatma = { name: 'Fatma', called: ['annem'], isHolder: false, caseId: 'case-2' };
  return [
    { about: 'companion', companion: fatma },
    { about: 'message', message: { ...said, message: { kind: 'text', text: 'from Ankara' } } },
    { about: 'contact', recipient: { phone: '491700000002' } },
    ...[{ kind: 'text', text: 'from Izmir' }, null].map((message) => ({
      ...said,
      about: 'edit',
      originalMessageId: 'wamid.1',
      message,
    })),
    { about: 'danger', ...said },
    { about: 'erasure', ...said },
    { about: 'stop', ...said },
  ];
}

/** What the world may tell a case that stands as the envelope says. */
export function eventSamples(envelope: string, now: number, count: number): Event[] {
  const at = new Date(now).toISOString();
  const named = (pattern: RegExp) => [...new Set(envelope.match(pattern))];
  const bookings = named(/case-1-b\d+(?![\d-])/g);
  const invoices = named(/case-1-b\d+-i\d+/g);
  const inbound = (message: object): Event => ({
    type: 'whatsapp.inbound',
    messageId: `wamid.${count}`,
    message,
    lang: null,
    at,
    from: { userId: null, phone: '491700000001' },
  });
  const buttons = [
    ...['service', 'health-data', 'transfer-abroad', 'marketing'].flatMap((purpose) => [
      `consent:${purpose}:yes`,
      `consent:${purpose}:no`,
    ]),
    ...[1, 2, 3].map((round) => `offer:1${round === 1 ? '' : `:${round}`}`),
    'offer:none',
    ...Array.from({ length: 9 }, (_, index) => `trip:yes${index === 0 ? '' : `:${index + 1}`}`),
    ...['origin', 'dates', 'party', 'procedure', 'change'].map((part) => `trip:${part}`),
    'place:MUC',
    'day:2027-02-02',
    'journey:new',
    'journey:same',
    'case:1',
    'case:2',
    ...bookings.map((id) => `pay:again:${id}`),
  ];
  const questions = named(/(?<="number":)\d+/g);
  const edit = { type: 'whatsapp.edited', originalMessageId: `wamid.${count - 1}` };
  const staff = (type: string, more: object = {}): Event => ({
    type: `staff.${type}`,
    at,
    ...more,
  });
  return [
    ...words.map((text) => inbound({ kind: 'text', text })),
    ...buttons.map((id) => inbound({ kind: 'button', id })),
    ...['image', 'audio', 'sticker'].map((kind) =>
      inbound({ kind, mediaId: `media-${count}`, sha256: null }),
    ),
    inbound({ kind: 'location' }),
    ...(['sure', 'likely', 'unclear', 'own', 'whose'] as const).flatMap((routed) => [
      { ...inbound({ kind: 'text', text: 'Berlin' }), routed },
      { ...inbound({ kind: 'text', text: 'Fatma from Ankara' }), routed },
    ]),
    { ...inbound({ kind: 'image', mediaId: `media-${count}`, sha256: null }), routed: 'unclear' },
    ...companionNews(at, count).map((news) => ({ type: 'companion.news', news })),
    { type: 'companion.unreached', effectId: 'case-1.1.1', code: 'case_over' },
    { type: 'whatsapp.status', status: 'failed', errorCode: '131047', at },
    { type: 'whatsapp.status', status: 'failed', errorCode: '131026', at },
    { type: 'message.failed', effectId: 'case-1.1.1', code: 'refused' },
    ...questions.flatMap((asks) => [
      sentOf(asks, at),
      { type: 'message.doubted', effectId: `case-1.q${asks}.0`, asks, again: null },
    ]),
    { ...inbound({ kind: 'text', text: 'from Köln' }), ...edit, messageId: `wamid.e${count}` },
    { ...edit, type: 'whatsapp.revoked', messageId: `wamid.r${count}`, at },
    {
      type: 'message.doubted',
      effectId: 'case-1.1.1',
      asks: null,
      again: { text: 'payment.link', values: {}, purpose: 'service' },
    },
    ...bookings.flatMap((bookingId) => [
      ...['paid', 'failed', 'expired', 'refunded', 'disputed', 'returned'].map((notice) => ({
        type: 'payment.notified',
        provider: 'stripe',
        notice,
        bookingId,
        checkoutId: `cs_${bookingId}`,
        paymentId: null,
        at,
      })),
      staff('refund', { bookingId }),
      staff('refund', { bookingId, amount: { ...price, amountMinor: '1000' } }),
      staff('refunded', { bookingId }),
      staff('keep', { bookingId }),
      { type: 'travellers.given', bookingId, version: 1, count: 2, at },
      staff('resume', { bookingId }),
      staff('orderFlights', { bookingId }),
      staff('ticketed', { bookingId, pnr: 'ZQ4X7K', tickets: ['157-1', '157-2'] }),
    ]),
    ...invoices.flatMap((invoiceId) => [
      ...['submitted', 'accepted', 'rejected'].map((status) => ({
        type: 'efatura.status.update',
        invoiceId,
        status,
      })),
      staff('resume', { invoiceId }),
    ]),
    ...['passport', 'visa', 'xray'].flatMap((kind) => [
      staff('askDocument', { kind }),
      {
        type: 'document.uploaded',
        key: uploadKey(kind as 'passport', 'clinic'),
        size: 2_048,
        checksum: 'etag:1',
      },
    ]),
    ...plainStaffEvents.map((type) => ({ type, at })),
    staff('reply', { text: 'We will call you.' }),
    staff('send', { document: '2.1.jpg' }),
    staff('linked', { patientId: 'MRN-7', dealId: 'deal-9' }),
    staff('linked', { itineraryId: 'I-1' }),
    staff('billing', { buyer }),
    staff('quote', {
      title: 'Deposit',
      lines: [{ kind: 'health', description: 'Knee replacement', quantity: 1, gross: price }],
    }),
    ...['urgent', 'question', 'rights-request'].map((reason) => staff('settled', { reason })),
    { type: 'rights.requested', kind: 'erasure', messageId: `wamid.${count}`, at },
    staff('close', { reason: 'done' }),
  ];
}
