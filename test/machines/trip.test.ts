import assert from 'node:assert/strict';
import { suite, test } from 'node:test';

import fc from 'fast-check';

import type { TextValue } from '../../actors/shapes/messages.ts';
import type { TextKey } from '../../actors/texts/keys.ts';
import { renderText } from '../../actors/texts/texts.ts';
import type { JourneyContext } from '../../machines/journey-types.ts';
import { runs } from '../support/runs.ts';
import {
  askedConsent,
  awaitingPayment,
  checkout,
  confirmed,
  flights,
  inConfirm,
  inIntake,
  inReview,
  inSearch,
  journeyOf,
  minute,
  offered,
  paid,
  settled,
  unpaid,
  type Walk,
} from './walk.ts';

const lastSaid = (walk: Walk) => walk.sent.at(-1) ?? assert.fail('Nothing was said');

/** The last message as its reader sees it. */
const lastWords = (walk: Walk): string => {
  const { text, lang, values } = lastSaid(walk);
  return renderText(text as TextKey, lang, values as Record<string, TextValue>);
};

/** The checkout of the first booking is closed, and the provider says that nobody paid it. */
async function closed(walk: Walk): Promise<void> {
  await walk.answer('closeCheckout', null);
  await walk.answer('readPayment', unpaid('expired'));
}

const journeyContext = (walk: Walk): JourneyContext =>
  (walk.below('journey') ?? assert.fail()).getSnapshot().context as JourneyContext;

const names = (walk: Walk) => walk.calls.map(({ name }) => name);

suite('a trip read back', () => {
  test('says from where, when with weekdays, who with ages, in one message', () => {
    const walk = inIntake();
    walk.said();
    walk.write('from Berlin, 2027-02-01, back 2027-02-08, 2 adults, child 0 7');
    assert.match(
      lastWords(walk),
      /Berlin.*\n.*Istanbul.*\n.*Monday, 1 February 2027\n.*Monday, 8 February 2027\n.*2 adults, 2 children \(ages 0 and 7\)/,
    );
    assert.deepEqual(lastSaid(walk).choices, [
      'trip:yes',
      'trip:origin',
      'trip:dates',
      'trip:party',
    ]);
    assert.equal(lastSaid(walk).purpose, 'service');
    assert.deepEqual(walk.said(), ['intake.confirm']);
    assert.deepEqual(names(walk), []);
  });

  test('names the treatment only by the consent to health data', () => {
    const walk = inIntake();
    walk.write('hair');
    walk.write('from Berlin, 2027-02-01, 2 adults');
    assert.doesNotMatch(lastWords(walk), /hair/);
    walk.press('consent:health-data:yes');
    const readBack = walk.sent.findLast(({ text }) => text === 'intake.confirm');
    assert.equal(readBack?.purpose, 'health-data');
    assert.ok(readBack.choices?.includes('trip:procedure'));
    walk.press('trip:yes'); // Of the first: it is the same trip.
    assert.equal(journeyOf(walk), 'clinicalReview');
    const told = inReview();
    assert.ok(told.sent.every(({ text }) => text !== 'intake.confirm'));
  });

  test('is confirmed by words of agreement to it, and by no others', () => {
    for (const [words, searched] of [
      ['yes', ['searchFlights']],
      ['thanks', []],
      ['hm', []],
      ['hello', []],
    ] as const) {
      const walk = inConfirm();
      walk.write(words);
      assert.deepEqual(names(walk), searched, words);
    }
    const asked = inConfirm();
    asked.photo(); // Now the consent to health data is what was asked last.
    asked.write('yes');
    assert.deepEqual(journeyOf(asked), { intake: 'confirm' });
  });

  test('is changed by new details in words, and read back again', () => {
    const walk = inConfirm();
    walk.said();
    walk.write('no, 2027-02-12');
    assert.deepEqual(walk.said(), ['intake.confirm']);
    walk.write('yes, but from köln');
    assert.match(lastWords(walk), /Friday, 12 February 2027/);
    assert.deepEqual(walk.said(), ['intake.confirm']);
    walk.press('trip:yes');
    assert.deepEqual(walk.said(), ['intake.confirm'], 'The button of what was no longer so');
    walk.press('trip:yes:3');
    assert.deepEqual(names(walk), ['searchFlights']);
  });

  test('is changed part by part, and a plain no asks which', () => {
    const walk = inConfirm();
    walk.said();
    walk.write('no');
    assert.deepEqual(lastSaid(walk).choices, ['trip:origin', 'trip:dates', 'trip:party']);
    assert.deepEqual(walk.said(), ['intake.change']);
    walk.press('trip:dates');
    assert.deepEqual(walk.said(), ['intake.dates']);
    walk.write('2027-02-12');
    assert.deepEqual(walk.said(), ['intake.confirm']);
    walk.press('trip:party');
    assert.deepEqual(walk.said(), ['intake.party']);
    walk.write('3 adults');
    assert.deepEqual(walk.said(), ['intake.confirm']);
    walk.press('trip:origin');
    assert.deepEqual(walk.said(), ['intake.origin']);
    walk.write('München');
    assert.deepEqual(walk.said(), ['intake.confirm']);
    walk.write('yes');
    const [call] = walk.calls;
    const { origin, departDate, adults } = (call ?? assert.fail()).input as Record<string, unknown>;
    assert.deepEqual([origin, departDate, adults], ['MUC', '2027-02-12', 3]);
  });

  test('is explained once more, then staff look; what is told meanwhile is not asked again', () => {
    const walk = inConfirm();
    walk.said();
    walk.write('hm');
    assert.deepEqual(walk.said(), ['intake.confirm']);
    walk.write('hmm');
    assert.deepEqual(walk.said(), ['staff.handover']);
    walk.write('2027-02-12');
    assert.deepEqual(walk.said(), ['intake.confirm']);
    walk.press('trip:yes:2');
    assert.deepEqual(walk.said(), ['flights.searching']);
    walk.staff('staff.resume');
    assert.deepEqual(walk.said(), []);
  });
});

suite('what is in doubt', () => {
  test('of a place is asked with a list, from which a button or words pick', () => {
    for (const pick of [
      (walk: Walk) => walk.press('place:FRA'),
      (walk: Walk) => walk.write('the second'),
    ]) {
      const walk = inIntake();
      walk.write('from frankfurt, 2027-02-01, 2 adults');
      assert.deepEqual(lastSaid(walk).choices, ['place:FRA', 'place:BER']);
      assert.equal(lastSaid(walk).text, 'intake.origin.which');
      walk.said();
      pick(walk);
      assert.deepEqual(walk.said(), ['intake.confirm']);
    }
  });

  test('of a day is asked with the days it may be', () => {
    const walk = inIntake();
    walk.write('from Berlin on 3.4., 2 adults');
    assert.deepEqual(lastSaid(walk).choices, ['day:2027-03-04', 'day:2027-04-03']);
    walk.said();
    walk.press('day:2027-04-03');
    assert.match(lastWords(walk), /Saturday, 3 April 2027/);
    assert.deepEqual(walk.said(), ['intake.confirm']);
  });

  test('of the first message is asked once the patient agreed', () => {
    const walk = inIntake();
    walk.write('STOP');
    const fresh = inIntake();
    fresh.write('with the kids, from Berlin, 2027-02-01, 2 adults');
    assert.equal(lastSaid(fresh).text, 'intake.children');
    fresh.write('4 7');
    fresh.press('trip:yes');
    const [call] = fresh.calls;
    assert.deepEqual((call?.input as { childrenAges?: unknown } | undefined)?.childrenAges, [4, 7]);
  });

  test('goes to staff when it stays so', () => {
    const walk = inIntake();
    walk.said();
    for (let i = 0; i < 3; i++) walk.write('from frankfurt');
    assert.deepEqual(walk.said(), ['intake.origin.which', 'intake.origin.which', 'staff.handover']);
  });

  test('takes an offer back only to ask', async () => {
    const walk = await offered();
    walk.said();
    walk.write('on 3.4.');
    assert.deepEqual(walk.said(), ['intake.date.which']);
    walk.press('offer:1');
    assert.deepEqual(walk.said(), ['offer.gone', 'intake.date.which']);
    assert.equal(walk.state().context.booking, null);
  });
});

suite('an offer chosen in words', () => {
  for (const [words, id] of [
    ['the second please', 'off_2'],
    ['the last one', 'off_3'],
    ['the cheapest', 'off_1'],
    ['the fastest', 'off_3'],
  ] as const) {
    test(`is read back before it is booked: "${words}"`, async () => {
      const walk = inSearch();
      await walk.answer('searchFlights', flights(3, null, [], '2027-02-08'));
      walk.said();
      walk.write(words);
      assert.equal(lastSaid(walk).text, 'offer.confirm');
      assert.equal(walk.state().context.booking, null);
      walk.said();
      walk.write('yes');
      assert.equal(walk.state().context.booking?.offer.id, id);
      assert.equal(journeyOf(walk), 'booking');
    });
  }

  test('is not booked by no: the list comes again', async () => {
    const walk = await offered();
    walk.write('the second');
    walk.said();
    walk.write('no');
    assert.deepEqual(walk.said(), ['offer.list']);
    assert.equal(journeyOf(walk), 'offer');
  });

  test('names every flight of both ways, and what all of it costs', async () => {
    const walk = inIntake();
    walk.write('from Berlin, 2027-02-01, back 2027-02-08, 2 adults');
    walk.press('trip:yes');
    await walk.answer('searchFlights', flights(5, null, [], '2027-02-08'));
    const words = lastWords(walk);
    assert.match(words, /TK1722.*BER 10:40 – IST 15:45.*\n.*TK1822.*IST 22:40 – BER 23:55/);
    assert.ok(words.length <= 1_024);
    walk.press('offer:1');
    await walk.answer('openCheckout', checkout());
    assert.match(
      lastWords(walk),
      /1 February 2027.*\n.*TK1722.*\(BER\) 10:40 – .*\(IST\) 15:45\n.*8 February 2027.*\n.*TK1822/,
    );
  });
});

suite('another wish after the link', () => {
  test('of another day closes the link before anything is searched', async () => {
    const walk = await awaitingPayment();
    walk.said();
    walk.write('2027-02-14');
    assert.deepEqual(walk.said(), ['intake.confirm']);
    assert.deepEqual(names(walk), ['closeCheckout'], 'At once, not after the yes');
    walk.press('trip:yes:2');
    assert.equal(journeyOf(walk), 'linkClosing');
    assert.deepEqual(names(walk), ['closeCheckout']);
    await closed(walk);
    assert.deepEqual(names(walk), ['searchFlights']);
    assert.deepEqual(walk.said(), ['flights.searching']);
    await walk.answer('searchFlights', flights(2));
    walk.said();
    walk.press('offer:1');
    assert.deepEqual(walk.said(), ['offer.old']);
    walk.press('offer:1:2');
    assert.equal(walk.state().context.booking?.bookingId, 'case-1-b2');
  });

  test('of another flight of the list is asked, and the first link ends before the second begins', async () => {
    const walk = await awaitingPayment();
    walk.press('offer:2');
    assert.deepEqual(lastSaid(walk).choices, ['offer:2', 'offer:1']);
    assert.deepEqual(walk.said(), ['offer.change']);
    assert.deepEqual(names(walk), []);
    walk.write('yes');
    assert.deepEqual(names(walk), ['closeCheckout']);
    await closed(walk);
    assert.equal(walk.state().context.booking?.offer.id, 'off_2');
    assert.equal(walk.state().context.booking?.bookingId, 'case-1-b2');
    assert.deepEqual(names(walk), ['openCheckout']);
  });

  test('of the same flight brings the same link again, as asking for it does', async () => {
    const walk = await awaitingPayment();
    for (const again of [
      () => walk.press('offer:1'),
      () => walk.write('a new link please'),
      () => walk.press('pay:again:case-1-b1'),
    ]) {
      again();
      assert.equal(lastSaid(walk).values['url'], 'https://pay.example/case-1-b1');
      assert.deepEqual(walk.said(), ['payment.link']);
    }
    assert.equal(walk.state().context.handedOverFor, null);
  });

  test('brings a new link where the first has run out', async () => {
    const walk = await awaitingPayment();
    walk.payment('expired');
    await walk.answer('readPayment', unpaid('expired'));
    assert.deepEqual(walk.said(), ['payment.renew']);
    walk.write('a new link please');
    assert.equal(
      ((await walk.answer('openCheckout', checkout())) as { attempt: number }).attempt,
      2,
    );
    assert.equal(walk.state().context.handedOverFor, null);
  });

  test('that crosses a payment loses no money: it arrived, and staff see to the rest', async () => {
    const walk = await awaitingPayment();
    walk.write('2027-02-14');
    walk.said();
    await walk.answer('closeCheckout', null);
    await walk.answer('readPayment', paid());
    assert.deepEqual(walk.said(), ['payment.received', 'staff.handover']);
    assert.equal(journeyOf(walk), 'travel');
  });

  test('never says that a flight is confirmed which nobody has ordered', async () => {
    const walk = await confirmed();
    const { text, values } =
      walk.sent.find((one) => one.text === 'booking.confirmed') ?? assert.fail();
    for (const [lang, word] of [
      ['en', /confirm/],
      ['de', /bestätig/],
      ['fr', /confirm/],
    ] as const)
      assert.doesNotMatch(
        renderText(text as TextKey, lang, values as Record<string, TextValue>),
        word,
      );
  });
});

suite('a search that takes long', () => {
  test('is told within the minute by itself, once, and said again who asks, not twice in twenty seconds', async () => {
    const walk = inSearch();
    walk.said();
    walk.clock.increment(45_000 - 1);
    assert.deepEqual(walk.said(), []);
    walk.clock.increment(1);
    assert.deepEqual(walk.said(), ['flights.slow']);
    assert.deepEqual(journeyOf(walk), { searching: 'slow' });
    walk.write('hello');
    assert.deepEqual(walk.said(), ['flights.still']);
    walk.write('hello');
    assert.deepEqual(walk.said(), []);
    walk.clock.increment(20_000);
    walk.write('hello');
    assert.deepEqual(walk.said(), ['flights.still']);
    walk.clock.increment(60 * minute);
    assert.deepEqual(walk.said(), []);
    assert.deepEqual(names(walk), ['searchFlights'], 'It is the same search');
    await walk.answer('searchFlights', flights(2));
    assert.deepEqual(walk.said(), ['offer.list']);
  });
});

/** What may happen to the trip, in any order. */
const acts = fc.oneof(
  { arbitrary: fc.constant({ press: 'newest' }), weight: 4 },
  fc
    .constantFrom(
      'yes',
      'no',
      'hm',
      'BER',
      'from köln',
      '2027-02-01',
      '2027-03-05',
      '2 adults',
      '3 adults',
      'from frankfurt',
      'on 3.4.',
      'with the kids',
      '4 7',
      'hair',
      'the second',
      '1',
      '0',
      'why?',
    )
    .map((text) => ({ text })),
  fc
    .constantFrom(
      'trip:yes',
      'trip:yes:2',
      'trip:yes:3',
      'trip:dates',
      'trip:party',
      'trip:origin',
      'place:MUC',
      'day:2027-02-20',
      'offer:1',
      'offer:1:2',
      'offer:none',
      'offer:2',
      'consent:health-data:yes',
    )
    .map((press) => ({ press })),
  fc.constantFrom('staff.resume' as const, 'staff.cleared' as const).map((staff) => ({ staff })),
  { arbitrary: fc.constantFrom(0, 0, 1).map((answer) => ({ answer })), weight: 4 },
);

const answersOf: Readonly<Record<string, readonly unknown[]>> = {
  searchFlights: [flights(3), flights(0)],
  openCheckout: [checkout()],
  closeCheckout: [null],
  readPayment: [unpaid('expired')],
};

suite('whatever a patient says and presses', () => {
  test('no flight is searched for that the patient did not confirm after the last change', async () => {
    let searches = 0;
    let payable = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(acts, { maxLength: 30 }), async (steps) => {
        const walk = inIntake();
        const seen = new Set<unknown>();
        for (const step of [{ text: 'from Berlin, 2027-02-01, 2 adults' }, ...steps]) {
          const before = walk.sent.length;
          if ('text' in step) walk.write(step.text);
          else if ('press' in step)
            walk.press(
              step.press === 'newest'
                ? (walk.sent.findLast(({ choices }) => choices)?.choices?.[0] ?? '')
                : step.press,
            );
          else if ('staff' in step) walk.staff(step.staff);
          else {
            const [call] = walk.calls;
            const possible = answersOf[call?.name ?? ''];
            if (call && possible)
              // oxlint-disable-next-line no-await-in-loop -- one after the other
              await walk.answer(call.name, possible[step.answer % possible.length]);
          }
          // oxlint-disable-next-line no-await-in-loop -- one after the other
          await settled();
          assert.ok(walk.sent.length - before < 8, 'One message is not answered by many');
          const { trip, confirmed: known } = journeyContext(walk);
          for (const call of walk.calls.filter(({ name }) => name === 'searchFlights')) {
            if (seen.has(call)) continue;
            seen.add(call);
            searches++;
            const query = call.input as Record<string, unknown>;
            const readBack = walk.sent.findLast(({ text }) => text === 'intake.confirm');
            const told = readBack?.values['trip'] as Record<string, { place?: string }>;
            assert.ok(known, 'It was confirmed');
            assert.deepEqual(
              [query['origin'], query['departDate'], query['returnDate'] ?? null],
              [told['from']?.place, told['departDate'], told['returnDate']],
            );
            assert.deepEqual(
              [trip.origin, trip.departDate],
              [query['origin'], query['departDate']],
            );
            assert.ok(
              !walk.calls.some(({ name }) => name === 'openCheckout'),
              'Nothing old can still be paid',
            );
          }
          if (journeyContext(walk).isPayable) payable++;
        }
      }),
      { numRuns: runs(400) },
    );
    assert.ok(searches > runs(400) / 4 && payable > 0, `${searches} ${payable}`);
  });
});

suite('what was told of a trip', () => {
  test('goes with the message that the patient takes back, as long as it is not confirmed', () => {
    const walk = inIntake();
    walk.write('from Berlin, 2 adults');
    walk.write('2027-02-01', { messageId: 'wamid.day' });
    walk.said();
    const revoke = (originalMessageId: string) =>
      walk.send({ type: 'whatsapp.revoked', messageId: 'r', originalMessageId, at: walk.at() });
    revoke('wamid.day');
    assert.deepEqual(walk.said(), ['intake.date']);
    walk.write('2027-02-03', { messageId: 'wamid.other' });
    walk.press('trip:yes:2');
    assert.deepEqual(names(walk), ['searchFlights']);
    revoke('wamid.other');
    assert.deepEqual(names(walk), ['searchFlights'], 'What was confirmed stays');
  });

  test('is forgotten with a refusal of the service', () => {
    const walk = askedConsent();
    walk.write('from Berlin, 2027-02-01, 2 adults');
    walk.press('consent:service:no');
    assert.equal(journeyContext(walk).trip.origin, null);
  });
});
