import assert from 'node:assert/strict';
import { suite, test } from 'node:test';

import fc from 'fast-check';

import type { EventData } from '../../actors/shapes/events.ts';
import { runs } from '../support/runs.ts';
import { understandingOf, type Asked } from './understanding.ts';
import {
  anonymised,
  buyer,
  checkout,
  deal,
  clean,
  flights,
  issued,
  hour,
  leaking,
  paid,
  price,
  refunded,
  receipt,
  seen,
  settled,
  startCase,
  stored,
  study,
  uploadKey,
  unpaid,
  verified,
  type Walk,
} from './walk.ts';

/** One thing that can happen to a case, in any order. */
type Step =
  | { readonly kind: 'write'; readonly what: string }
  | { readonly kind: 'press'; readonly what: string }
  | { readonly kind: 'show'; readonly what: 'photo' | 'voice' | 'sticker' | 'place' }
  | { readonly kind: 'late'; readonly what: string }
  | { readonly kind: 'staff'; readonly what: string }
  | { readonly kind: 'payment'; readonly what: string }
  | { readonly kind: 'upload'; readonly what: 'passport' | 'x-ray' }
  | { readonly kind: 'wait'; readonly hours: number }
  | { readonly kind: 'answer'; readonly how: number };

const words = fc.oneof(
  {
    arbitrary: fc.constantFrom(
      'yes',
      'no',
      'BER',
      '2027-02-01',
      '2',
      '1',
      '0',
      'hm',
      'hair',
      'why?',
      'pain',
      'thanks',
    ),
    weight: 8,
  },
  fc.string({ unit: 'binary' }),
);

const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ kind: fc.constant('write' as const), what: words }),
  fc.record({ kind: fc.constant('late' as const), what: words }),
  fc.record({
    kind: fc.constant('press' as const),
    what: fc.constantFrom(
      'consent:service:yes',
      'consent:health-data:yes',
      'consent:health-data:no',
      'consent:transfer-abroad:yes',
      'consent:marketing:no',
      'consent:marketing:yes',
      'offer:1',
      'offer:2',
      'offer:none',
      'offer:1:2',
      'x',
    ),
  }),
  fc.record({
    kind: fc.constant('show' as const),
    what: fc.constantFrom('photo', 'voice', 'sticker', 'place'),
  }),
  fc.record({
    kind: fc.constant('staff' as const),
    what: fc.constantFrom(
      'resume',
      'arrived',
      'discharged',
      'refunded',
      'refund',
      'keep',
      'close',
      'quote',
      'billing',
      'linked',
      'askDocument',
      'skipImaging',
      'cleared',
      'declined',
    ),
  }),
  fc.record({
    kind: fc.constant('upload' as const),
    what: fc.constantFrom('passport', 'x-ray'),
  }),
  fc.record({
    kind: fc.constant('payment' as const),
    what: fc.constantFrom('paid', 'expired', 'failed', 'refund', 'dispute'),
  }),
  fc.record({ kind: fc.constant('wait' as const), hours: fc.constantFrom(1, 20, 24, 200) }),
  fc.record({ kind: fc.constant('answer' as const), how: fc.nat(10) }),
);

const answers: Readonly<Record<string, readonly unknown[]>> = {
  searchFlights: [flights(3), flights(1), flights(0)],
  openCheckout: [checkout()],
  readPayment: [
    paid(),
    unpaid('open'),
    unpaid('expired'),
    paid({ captured: { ...price, amountMinor: '1' } }),
    paid({ refunds: [refunded({ amount: { ...price, amountMinor: '1000' } })] }),
    paid({ refunds: [refunded()] }),
    paid({ dispute: { disputeId: 'dp_1', amount: price, status: 'open' } }),
    paid({ fraud: 'rejected' }),
    paid({ paymentId: 'pi_2' }),
    unpaid('pending'),
  ],
  closeCheckout: [null],
  refundPayment: [refunded(), refunded({ status: 'pending' })],
  queueInvoice: [issued()],
  submitInvoice: [
    { status: 'accepted', code: null },
    { status: 'rejected', code: '1150' },
    { status: 'submitted', code: null },
  ],
  readInvoice: [{ status: 'accepted', code: null }],
  archiveInvoice: [null],
  fetchMedia: [stored('1.1')],
  findStudies: [[study()], []],
  anonymiseStudy: [anonymised()],
  inspectStudy: [clean, leaking],
  analyseStudy: [seen],
  verifyDocument: [verified(uploadKey('x-ray'))],
  tellClinic: [receipt],
  readDeal: [deal],
  comparePlan: [{ isPlanned: true, differences: [] }],
};

async function take(walk: Walk, step: Step): Promise<void> {
  if (step.kind === 'wait') return walk.clock.increment(step.hours * hour);
  if (step.kind === 'write') return walk.write(step.what);
  if (step.kind === 'late') return walk.write(step.what, { at: '2027-01-01T09:00:00.500Z' });
  if (step.kind === 'press') return walk.press(step.what);
  if (step.kind === 'show') return walk[step.what]();
  if (step.kind === 'payment')
    return walk.payment(step.what as EventData['payment.notified']['notice']);
  if (step.kind === 'upload') return walk.upload(uploadKey(step.what));
  if (step.kind === 'staff') {
    const type = `staff.${step.what}` as 'staff.refunded';
    const ids = {
      bookingId: 'case-1-b1',
      patientId: 'MRN-7',
      dealId: 'deal-9',
      kind: 'visa' as const,
      title: 'Deposit',
      lines: [{ kind: 'health' as const, description: 'Knee', quantity: 1, gross: price }],
      buyer,
      reason: 'done',
    };
    return walk.send({ type, ...ids, at: walk.at() });
  }
  const [call] = walk.calls;
  if (call === undefined) return;
  const possible = answers[call.name] ?? [];
  if (step.how < possible.length) await walk.answer(call.name, possible[step.how]);
  else await walk.fail(call.name);
}

const written = (what: string): Step => ({ kind: 'write', what });

const ofMoney: ReadonlySet<string> = new Set([
  'closeCheckout',
  'readPayment',
  'refundPayment',
  'queueInvoice',
  'submitInvoice',
  'readInvoice',
  'archiveInvoice',
]);

/** Random steps alone seldom get far; these do, and a walk follows them for a while. */
const wayToAftercare: readonly Step[] = [
  ...['hi', 'yes', 'BER', '2027-02-01', '2', 'yes'].map(written),
  { kind: 'answer', how: 0 },
  written('1'),
  { kind: 'answer', how: 0 },
  { kind: 'payment', what: 'paid' },
  { kind: 'answer', how: 0 },
  { kind: 'staff', what: 'arrived' },
  { kind: 'staff', what: 'discharged' },
];

suite('a case, whatever happens to it', () => {
  // Contexts that do not survive JSON, or grow, fail inside the walk itself.
  test('never breaks, and says nothing more once consent is withdrawn', async () => {
    let withdrawn = 0;
    let booked = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.nat(wayToAftercare.length),
        fc.array(step, { maxLength: 25 }),
        fc.array(
          step.filter(({ kind }) => !['write', 'press', 'show'].includes(kind)),
          { maxLength: 10 },
        ),
        async (ahead, before, after) => {
          const walk = startCase();
          for (const each of [...wayToAftercare.slice(0, ahead), ...before]) await take(walk, each);
          assert.notEqual(walk.state().status, 'error');
          if (walk.state().context.booking !== null) booked++;
          if (walk.state().status === 'done') return;
          walk.write('STOP');
          assert.ok(walk.has('consent-withdrawn'));
          for (const purpose of ['service', 'health-data', 'transfer-abroad', 'marketing']) {
            assert.ok(!walk.has(`consent:${purpose}`), purpose);
          }
          withdrawn++;
          walk.said();
          walk.linked();
          for (const each of after) await take(walk, each);
          await settled();
          // Money is settled and invoiced whatever was withdrawn; everything else ends.
          const asked = walk.calls.map(({ name }) => name).filter((name) => !ofMoney.has(name));
          assert.deepEqual([walk.said(), walk.linked(), asked], [[], [], []]);
        },
      ),
      { numRuns: runs(400) },
    );
    assert.ok(
      withdrawn > runs(400) / 8 && booked > runs(400) / 16,
      'The walks went far enough to mean something',
    );
  });
});

/** What a patient says in one message. */
type Utterance =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'button'; readonly id: string }
  | { readonly kind: 'image'; readonly mediaId: string; readonly sha256: null }
  | { readonly kind: 'reaction' }
  | { readonly kind: 'sticker'; readonly mediaId: string; readonly sha256: null };

const text = (words: string): Utterance => ({ kind: 'text', text: words });
const details = ['from berlin', '2027-02-01', 'back 2027-02-09', '2 adults', 'child 4 7', 'hair'];
const corrections = ['from köln', '2027-03-05', '3 adults', 'child 5', 'back 2027-03-12'];

/**
 * Words that mean something only after a certain question ("2", "yes") are left out: nobody can say them before it was
 * asked, and which question they answer is what a shuffle takes away. What a button or a detail means stands in it. Of
 * the answers to one purpose there is one: yes, photo, no and photo, yes, no differ in what was kept meanwhile.
 */
const conversation: fc.Arbitrary<readonly Utterance[]> = fc
  .record({
    details: fc.shuffledSubarray(details, { minLength: 0 }),
    splits: fc.array(fc.nat(3), { minLength: details.length, maxLength: details.length }),
    corrections: fc.shuffledSubarray(corrections),
    health: fc.constantFrom('yes', 'no', null),
    transfer: fc.constantFrom('yes', 'no', null),
    photo: fc.boolean(),
    asides: fc.shuffledSubarray<Utterance>([
      text('thanks'),
      text('hello again'),
      { kind: 'reaction' },
      { kind: 'sticker', mediaId: 'sticker-1', sha256: null },
    ]),
    place: fc.nat(10),
    end: fc.constantFrom(null, null, 'STOP', 'leave me alone', 'how long does it take?'),
  })
  .map(({ details, splits, corrections, health, transfer, photo, asides, place, end }) => {
    const told = details.reduce<readonly string[]>((messages, detail, index) => {
      const last = messages.at(-1);
      return last === undefined || splits[index] === 0
        ? [...messages, detail]
        : [...messages.slice(0, -1), `${last}, ${detail}`];
    }, []);
    const between: Utterance[] = [
      ...told.map(text),
      ...(photo ? [{ kind: 'image', mediaId: 'photo-1', sha256: null } as const] : []),
      ...corrections.map(text),
      ...(health === null
        ? []
        : [{ kind: 'button', id: `consent:health-data:${health}` } as const]),
      ...(transfer === null
        ? []
        : [{ kind: 'button', id: `consent:transfer-abroad:${transfer}` } as const]),
    ];
    between.splice(place, 0, ...asides);
    return [
      text('hello'),
      { kind: 'button', id: 'consent:service:yes' } as const,
      ...between,
      ...(end === null ? [] : [text(end)]),
    ];
  });

const answersOfProviders: Readonly<Record<string, unknown>> = {
  searchFlights: flights(3),
  findStudies: [study()],
  anonymiseStudy: anonymised(),
  inspectStudy: clean,
  analyseStudy: seen,
};

/** When what arrives, and where the world answers in between. A message is its place in the order of saying. */
const arrivals = conversation.chain((said) =>
  fc.record({
    said: fc.constant(said),
    order: fc.shuffledSubarray(
      said.map((_, index) => index),
      { minLength: said.length },
    ),
    answered: fc.array(fc.boolean(), { minLength: said.length, maxLength: said.length }),
    slowly: fc.boolean(),
    /** After how many messages staff say who the patient is; never where it is more than there are. */
    linkedAfter: fc.nat(20),
  }),
);

async function answerOne(walk: Walk): Promise<void> {
  const [call] = walk.calls;
  if (call === undefined) return;
  if (call.name === 'understand') {
    await walk.answer('understand', understandingOf(call.input as Asked));
  } else if (call.name === 'fetchMedia') {
    await walk.answer('fetchMedia', stored((call.input as { mediaId: string }).mediaId));
  } else await walk.answer(call.name, answersOfProviders[call.name]);
}

/** What has to be the same in the end, whatever came first. */
async function endOf(
  said: readonly Utterance[],
  order: readonly number[],
  answered: readonly boolean[],
  slowly: boolean,
  linkedAfter: number | null,
) {
  const walk = startCase();
  if (slowly) walk.readByHand();
  for (const [turn, index] of order.entries()) {
    const message = said[index];
    assert.ok(message);
    if (turn === linkedAfter) walk.link({ patientId: 'MRN-7', dealId: 'deal-9' });
    const at = new Date(Date.parse('2027-01-01T09:00:00Z') + 1_000 * (index + 1)).toISOString();
    walk.inbound(message, { at, messageId: `wamid.${index}` });
    if (answered[turn] ?? false) await answerOne(walk);
  }
  for (let left = 100; walk.calls.length > 0; left--) {
    assert.ok(left > 0, 'It never comes to rest');
    await answerOne(walk);
  }
  const { value, context } = walk.state();
  const { trip, consents, documents, imaging } = context;
  const answers = new Set(
    walk.recorded.flatMap(({ messageId, records }) =>
      records.map(({ purpose, status }) => `${messageId} ${purpose} ${status}`),
    ),
  );
  assert.equal(answers.size, walk.recorded.flatMap(({ records }) => records).length);
  const withdrawn = walk.has('consent-withdrawn');
  // A stop ends fetching and answering at once: what was kept and answered by then depends on what came first.
  return {
    value,
    trip,
    consents,
    imaging,
    ...(withdrawn ? {} : { documents, answers: [...answers].toSorted() }),
  };
}

suite('what a patient said', () => {
  test('comes to the same in any order of arrival, however slowly it is understood', async () => {
    let orders = 0;
    await fc.assert(
      fc.asyncProperty(arrivals, async ({ said, order, answered, slowly, linkedAfter }) => {
        const isLinked = linkedAfter < said.length;
        const inOrder = await endOf(
          said,
          said.map((_, index) => index),
          [],
          false,
          isLinked ? 0 : null,
        );
        assert.deepEqual(await endOf(said, order, answered, slowly, linkedAfter), inOrder);
        orders++;
      }),
      { numRuns: runs(500) },
    );
    assert.equal(orders, runs(500));
  });
});
