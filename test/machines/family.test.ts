/** The family of actors that a case is now, beside the one machine that it was: patients, staff and providers see the same. */
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';

import fc from 'fast-check';
import type { AnyStateMachine } from 'xstate';

import { isPlainTag } from '../../actors/kernel/tags.ts';
import { journeyMachines, journeyPerformers } from '../../actors/performers/journey.ts';
import { openCase, type PersistedCase } from '../kernel/stored.ts';
import { runs } from '../support/runs.ts';
import { bookingMachine } from './before/booking.ts';
import { caseMachine } from './before/case.ts';
import { dealMachine } from './before/deal.ts';
import { documentsMachine } from './before/documents.ts';
import { imagingMachine } from './before/imaging.ts';
import { invoiceMachine } from './before/invoice.ts';
import { noPorts } from './no-ports.ts';
import { understandingOf, type Asked } from './understanding.ts';
import {
  anonymised,
  buyer,
  checkout,
  clean,
  day,
  deal,
  flights,
  hour,
  issued,
  minute,
  paid,
  receipt,
  refunded,
  seen,
  stored,
  study,
  uploadKey,
  verified,
} from './walk.ts';

const machineBefore: AnyStateMachine = caseMachine.provide({
  actors: {
    booking: bookingMachine,
    invoice: invoiceMachine,
    imaging: imagingMachine,
    documents: documentsMachine,
    deal: dealMachine,
  },
});
const effects = Object.keys(journeyPerformers(noPorts));
const start = Date.parse('2027-01-01T09:00:00Z');
const input = {
  tenant: 'anadolu',
  caseId: 'case-1',
  contact: { userId: null, phone: '491700000001' },
  lang: 'en',
};

const words = [
  'Hello',
  'yes',
  'no',
  'Berlin',
  '2027-02-01',
  '2',
  'hair',
  'from Berlin, 2027-02-01, 2 adults',
  'is it far?',
  'a person please',
  'thanks',
  'I am bleeding',
  'merhaba',
  'hm',
  '1',
  '0',
  'leave me alone',
  'STOP',
] as const;
const buttons = [
  'consent:service:yes',
  'consent:service:no',
  'consent:health-data:yes',
  'consent:health-data:no',
  'consent:transfer-abroad:yes',
  'consent:transfer-abroad:no',
  'consent:marketing:yes',
  'offer:1',
  'offer:2:2',
  'offer:none',
  'pay:again:case-1-b1',
] as const;
const staffs = [
  { type: 'staff.resume' },
  { type: 'staff.arrived' },
  { type: 'staff.discharged' },
  { type: 'staff.cleared' },
  { type: 'staff.declined' },
  { type: 'staff.skipImaging' },
  { type: 'staff.close', reason: 'done' },
  { type: 'staff.reply', text: 'Hi' },
  { type: 'staff.linked', patientId: 'MRN-7' },
  { type: 'staff.linked', dealId: 'deal-9' },
  { type: 'staff.linked', patientId: 'MRN-8', dealId: 'deal-8', itineraryId: 'I-8' },
  { type: 'staff.askDocument', kind: 'visa' },
  { type: 'staff.billing', buyer },
  { type: 'staff.keep', bookingId: 'case-1-b1' },
  { type: 'staff.refund', bookingId: 'case-1-b1' },
  {
    type: 'staff.quote',
    title: 'Stay',
    lines: [
      {
        kind: 'health',
        description: 'Knee',
        quantity: 1,
        gross: { amountMinor: '21000', currency: 'EUR' },
      },
    ],
  },
] as const;
const world = [
  { type: 'whatsapp.status', status: 'failed', errorCode: '131047' },
  { type: 'whatsapp.status', status: 'failed', errorCode: '131026' },
  { type: 'message.failed', effectId: 'e', code: 'refused' },
  { type: 'document.uploaded', key: uploadKey('passport'), size: 1, checksum: 'e' },
  { type: 'document.uploaded', key: uploadKey('x-ray'), size: 1, checksum: 'e' },
  {
    type: 'payment.notified',
    provider: 'stripe',
    notice: 'paid',
    bookingId: 'case-1-b1',
    checkoutId: 'cs_case-1-b1',
    paymentId: null,
  },
] as const;

const failure = { name: 'E', code: 'refused', message: 'no' };

/** What the world answers, by what was asked. */
function answerTo(name: string, asked: Readonly<Record<string, unknown>>): unknown {
  const { bookingId = 'case-1-b1' } = asked as { readonly bookingId?: string };
  const answers: Readonly<Record<string, unknown>> = {
    understand: name === 'understand' ? understandingOf(asked as unknown as Asked) : null,
    searchFlights: flights(3),
    openCheckout: checkout(bookingId),
    closeCheckout: null,
    readPayment: paid({ bookingId, checkoutId: `cs_${bookingId}` }),
    refundPayment: refunded(),
    fetchMedia: stored('1.jpg'),
    verifyDocument: verified(String(asked['key'])),
    findStudies: [study()],
    anonymiseStudy: anonymised(),
    inspectStudy: clean,
    analyseStudy: seen,
    tellClinic: receipt,
    readDeal: deal,
    comparePlan: { isPlanned: true, differences: [] },
    queueInvoice: issued(String(asked['invoiceId'])),
    submitInvoice: { status: 'accepted', code: '1300' },
    readInvoice: { status: 'accepted', code: '1300' },
    archiveInvoice: { key: 'invoices/1.pdf' },
  };
  return answers[name];
}

type Step =
  | { readonly kind: 'message'; readonly message: object; readonly isLate: boolean }
  | { readonly kind: 'event'; readonly event: { readonly type: string } }
  | { readonly kind: 'wait'; readonly ms: number }
  | { readonly kind: 'answer'; readonly nth: number; readonly ok: boolean };

const message = (of: object, isLate = false): Step => ({ kind: 'message', message: of, isLate });
const text = (one: string): Step => message({ kind: 'text', text: one });
const button = (id: string): Step => message({ kind: 'button', id });
const answered: Step = { kind: 'answer', nth: 0, ok: true };

const step = fc.oneof(
  { weight: 5, arbitrary: fc.constant(answered) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('answer' as const),
      nth: fc.nat(3),
      ok: fc.boolean(),
    }),
  },
  {
    weight: 5,
    arbitrary: fc
      .tuple(fc.constantFrom(...words), fc.nat(9))
      .map(([one, late]) => message({ kind: 'text', text: one }, late === 0)),
  },
  {
    weight: 4,
    arbitrary: fc
      .tuple(fc.constantFrom(...buttons), fc.nat(9))
      .map(([id, late]) => message({ kind: 'button', id }, late === 0)),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      message({ kind: 'image', mediaId: 'media-1', sha256: null }),
      message({ kind: 'image', mediaId: 'media-2', sha256: null, caption: 'hair' }),
      message({ kind: 'sticker', mediaId: 'media-3', sha256: null }),
      message({ kind: 'location' }),
    ),
  },
  {
    weight: 3,
    arbitrary: fc
      .constantFrom(...staffs, ...world)
      .map((event): Step => ({ kind: 'event', event })),
  },
  {
    weight: 1,
    arbitrary: fc
      .constantFrom(minute, hour, 20 * hour, 2 * day, 8 * day, 31 * day)
      .map((ms): Step => ({ kind: 'wait', ms })),
  },
);

/** How far the journey is before anything may happen. */
const wholeWay: readonly Step[] = [
  text('Hello'),
  answered,
  button('consent:service:yes'),
  text('from Berlin, 2027-02-01, 2 adults'),
  answered,
  answered,
  button('offer:1'),
  answered,
  { kind: 'event', event: world[5] },
  answered,
];
const reviewWay: readonly Step[] = [
  text('Hello'),
  answered,
  button('consent:service:yes'),
  text('hair'),
  answered,
  button('consent:health-data:yes'),
  button('consent:transfer-abroad:no'),
  text('from Berlin, 2027-02-01, 2 adults'),
  answered,
  { kind: 'event', event: staffs[8] },
  answered,
];

const sayings: ReadonlySet<string> = new Set(['sendMessage', 'sendDocumentLink', 'sendFile']);

/** One of the two, with what it asked for since the last step. */
function follow(atRest: PersistedCase, tagsOf: () => ReadonlySet<string>) {
  const over = new Set<string>();
  let seenUpTo = 0;
  const open = () =>
    atRest.effects
      .filter(
        ({ kind, effectId, cancelled }) =>
          kind === 'invoke' &&
          !cancelled &&
          !over.has(effectId) &&
          !atRest.abandoned.includes(effectId),
      )
      .map(({ name, input: asked, effectId }) => ({
        name,
        asked,
        effectId,
        is: `${name} ${asked}`,
      }));
  return {
    atRest,
    tagsOf,
    open,
    settle: (is: string, ok: boolean, value: unknown) => {
      const found = open().find((one) => one.is === is);
      assert.ok(found, is);
      over.add(found.effectId);
      atRest.settle(found.effectId, ok, value);
    },
    /** What was asked of the world, but for messages that lack their consent: those never go out. */
    news: () => {
      const tags = tagsOf();
      const news = atRest.effects.slice(seenUpTo);
      seenUpTo = atRest.effects.length;
      return news
        .filter(({ cancelled }) => !cancelled) // Asked for and left in one step: it never starts.
        .map(({ name, kind, input: asked }) => ({
          name,
          kind,
          asked: JSON.parse(asked) as Readonly<Record<string, unknown>>,
        }))
        .filter(({ name, asked: { purpose = 'service' } }) =>
          sayings.has(name) ? purpose === 'notice' || tags.has(`consent:${String(purpose)}`) : true,
        )
        .map(({ name, asked }) => {
          // Bookings and documents wrote to the number, and in the language, of when they were begun.
          const isOfActor =
            name === 'sendDocumentLink' || /^(?:payment|documents)\./.test(String(asked['text']));
          const { recipient: _r, lang: _l, heardAt: _h, ...rest } = asked;
          return `${name} ${JSON.stringify(sorted(isOfActor ? rest : asked))}`;
        })
        .toSorted();
    },
  };
}

const sorted = (value: Readonly<Record<string, unknown>>) =>
  Object.fromEntries(Object.entries(value).toSorted(([one], [other]) => (one < other ? -1 : 1)));

/** Tags that only what is inside the case has, and had under other names, where nobody saw them at the case. */
const inner: ReadonlySet<string> = new Set([
  'held',
  'awaiting-patient',
  'awaiting-provider',
  'paid',
]);

function play(steps: readonly Step[]): void {
  const before = openCase({ case: { machine: machineBefore } }, effects, {
    stored: null,
    now: start,
  });
  const now = openCase(journeyMachines, effects, { stored: null, now: start });
  const old = follow(before, () => {
    const { value, context } = before.envelope().snapshot as { value: never; context: never };
    return machineBefore.resolveState({ value, context }).tags;
  });
  const family = follow(
    now,
    () => new Set((now.last?.tags ?? []).filter((tag) => isPlainTag(tag) && !inner.has(tag))),
  );
  const both = [old, family] as const;
  for (const { atRest } of both) atRest.activate([{ create: { machine: 'case', input } }]);
  let messages = 0;
  for (const [index, one] of steps.entries()) {
    const at = (back = 0) => new Date(before.now() + 1_000 * (messages - back)).toISOString();
    if (one.kind === 'message') {
      messages++;
      const event = {
        type: 'whatsapp.inbound',
        messageId: `wamid.${messages}`,
        message: one.message,
        lang: null,
        at: at(one.isLate ? 4 : 0),
        from: { userId: null, phone: '491700000001' },
      };
      for (const { atRest } of both) atRest.send({ ...event });
    } else if (one.kind === 'event') {
      for (const { atRest } of both) atRest.send({ at: at(), ...one.event });
    } else if (one.kind === 'wait') {
      for (const { atRest } of both) {
        atRest.wait(one.ms);
        atRest.activate();
      }
    } else {
      const waiting = old.open().toSorted((a, b) => (a.is < b.is ? -1 : 1));
      const call = waiting[one.nth % Math.max(1, waiting.length)];
      if (call !== undefined) {
        const asked = JSON.parse(call.asked) as Readonly<Record<string, unknown>>;
        for (const side of both)
          side.settle(call.is, one.ok, one.ok ? answerTo(call.name, asked) : failure);
      }
    }
    const place = `step ${index + 1}: ${JSON.stringify(one)}`;
    assert.deepEqual(family.news(), old.news(), place);
    assert.deepEqual([...family.tagsOf()].toSorted(), [...old.tagsOf()].toSorted(), place);
    assert.deepEqual(
      family
        .open()
        .map(({ is }) => is)
        .toSorted(),
      old
        .open()
        .map(({ is }) => is)
        .toSorted(),
      place,
    );
    assert.equal(now.last?.status, before.last?.status, place);
  }
}

suite('the family of a case', () => {
  test('says, asks, records and shows the same as the one machine did, whatever happens', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(wholeWay, reviewWay),
        fc.nat(wholeWay.length),
        fc.array(step, { maxLength: 24 }),
        (way, ahead, more) => play([...way.slice(0, ahead), ...more]),
      ),
      { numRuns: runs(3_000) },
    );
  });
});
