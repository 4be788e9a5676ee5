import assert from 'node:assert/strict';
import { suite, test } from 'node:test';

import { understandingOf } from './understanding.ts';
import {
  accepted,
  askedConsent,
  awaitingPayment,
  confirmed,
  day,
  flights,
  hour,
  inIntake,
  inSearch,
  invoiced,
  journeyOf,
  lapse,
  offered,
  paid,
  price,
  refunded,
  startCase,
  unpaid,
  type Walk,
} from './walk.ts';

const handedOverFor = (walk: Walk) => walk.state().context.handedOverFor;
const statusOf = (walk: Walk, purpose: keyof Consents) =>
  walk.state().context.consents[purpose].status;
type Consents = ReturnType<Walk['state']>['context']['consents'];

suite('consent to the service', () => {
  test('is asked when the patient first writes, and not before', () => {
    const walk = startCase();
    assert.deepEqual(walk.said(), []);
    walk.write('Good evening');
    assert.deepEqual(walk.sent, [
      {
        recipient: { phone: '491700000001' },
        lang: 'en',
        text: 'consent.service.1',
        values: { tenant: 'anadolu' },
        choices: ['consent:service:yes', 'consent:service:no'],
        heardAt: '2027-01-01T09:00:01.000Z',
        purpose: 'notice',
      },
    ]);
    assert.equal(journeyOf(walk), 'consent');
    assert.ok(!walk.has('consent:service'));
  });

  for (const yes of ['yes', 'EVET', 'نعم', 'Да!', 'oui', 'Ja.']) {
    test(`is given by "${yes}", with its evidence`, () => {
      const walk = askedConsent();
      walk.write(yes);
      assert.deepEqual(journeyOf(walk), { intake: 'origin' });
      assert.ok(walk.has('consent:service'));
      assert.deepEqual(walk.state().context.consents.service, {
        status: 'given',
        lang: 'en',
        at: walk.at(),
      });
      assert.deepEqual(walk.recorded, [
        {
          tenant: 'anadolu',
          tenantName: 'anadolu',
          caseId: 'case-1',
          messageId: 'wamid.2',
          at: walk.at(),
          records: [{ purpose: 'service', status: 'given', text: 'consent.service.1', lang: 'en' }],
        },
      ]);
    });
  }

  test('is given by its button, old or new', () => {
    for (const button of ['consent:yes', 'consent:service:yes']) {
      const walk = askedConsent();
      walk.press(button);
      assert.deepEqual(walk.said(), ['consent.service.1', 'intake.origin']);
    }
  });

  test('is never taken from words said before the question', () => {
    const walk = startCase();
    walk.write('yes');
    assert.equal(journeyOf(walk), 'consent');
    walk.write('yes', { at: '2027-01-01T09:00:00Z' });
    walk.write('no', { at: '2027-01-01T09:00:00Z' });
    assert.equal(journeyOf(walk), 'consent');
    assert.deepEqual(walk.recorded, []);
    assert.deepEqual(walk.said(), ['consent.service.1'], 'Nor are they a miss');
    walk.press('consent:service:yes', { at: '2027-01-01T09:00:00Z' });
    assert.deepEqual(journeyOf(walk), { intake: 'origin' }, 'A button says what it answers');
  });

  test('is not taken from words that came in before it was asked and are read after it', async () => {
    const walk = startCase();
    walk.readByHand();
    walk.write('Hello');
    walk.write('yes');
    for (const intent of ['greeting', 'agree']) {
      await walk.answer('understand', understandingOf({ text: intent, asked: null }));
    }
    assert.equal(journeyOf(walk), 'consent');
  });

  for (const no of ['consent:no', 'consent:service:no', 'Hayır', 'нет']) {
    test(`is refused by "${no}", politely; the case rests, and ends after a month`, () => {
      const walk = askedConsent();
      if (no.startsWith('consent')) walk.press(no);
      else walk.write(no);
      assert.deepEqual(walk.said(), ['consent.service.1', 'consent.refused']);
      assert.equal(walk.recorded[0]?.records[0]?.status, 'refused');
      assert.equal(journeyOf(walk), 'consent');
      assert.ok(walk.has('resting'));
      walk.clock.increment(30 * day);
      assert.deepEqual(walk.said(), []);
      assert.equal(journeyOf(walk), 'noConsent');
      assert.deepEqual(walk.state().output, {
        caseId: 'case-1',
        outcome: 'consent-refused',
        reason: null,
      });
    });
  }

  test('is asked again once, then staff read what was meant', () => {
    const walk = askedConsent();
    walk.write('hm');
    assert.deepEqual(walk.said(), ['consent.service.1', 'consent.again']);
    walk.write('HM');
    assert.deepEqual(walk.said(), ['staff.handover']);
    assert.equal(handedOverFor(walk), 'consent-unclear');
    walk.write('hmm');
    assert.equal(walk.state().context.unanswered, 1);
    assert.deepEqual(walk.said(), []);
    walk.staff('staff.resume');
    assert.deepEqual(walk.said(), ['consent.service.1']);
    assert.ok(!walk.has('with-staff'));
    walk.press('consent:service:yes');
    assert.deepEqual(journeyOf(walk), { intake: 'origin' });
  });

  test('is recalled once within a day, rests after a week, and ends without consent a month later', () => {
    const walk = askedConsent();
    walk.said();
    walk.clock.increment(23 * hour - 1);
    assert.deepEqual(walk.said(), []);
    walk.clock.increment(1);
    assert.deepEqual(walk.said(), ['consent.reminder']);
    walk.clock.increment(7 * day - 23 * hour - 1);
    assert.equal(journeyOf(walk), 'consent');
    walk.clock.increment(1);
    assert.deepEqual(walk.said(), ['consent.unanswered']);
    assert.ok(walk.has('resting'));
    walk.clock.increment(30 * day);
    assert.equal(journeyOf(walk), 'noConsent');
    assert.equal(walk.state().output?.outcome, 'consent-unanswered');
  });

  test('leaves nothing of the trip behind when it is not given', () => {
    const walk = askedConsent();
    walk.write('from Berlin, 2 adults, hair');
    walk.press('consent:service:no');
    walk.clock.increment(30 * day);
    assert.ok(Object.values(walk.state().context.trip).every((detail) => detail === null));
  });
});

suite('a consent asked in between', () => {
  test('is asked for a photo, and before the service is agreed to for nothing', () => {
    const walk = askedConsent();
    walk.photo();
    assert.deepEqual(walk.said(), ['consent.service.1']);
    walk.press('consent:service:yes');
    assert.deepEqual(walk.said().toSorted(), ['consent.health-data.1', 'intake.origin']);
    assert.equal(statusOf(walk, 'health-data'), 'asked');
    assert.ok(!walk.has('consent:health-data'));
  });

  test('is asked for a procedure', () => {
    const walk = inIntake();
    walk.write('hair, from Berlin');
    assert.ok(walk.said().includes('consent.health-data.1'));
  });

  test('is given in words while it was asked last, and the question before it is asked again by nobody', () => {
    const walk = inIntake();
    walk.photo();
    walk.said();
    walk.write('yes');
    assert.ok(walk.has('consent:health-data'));
    assert.deepEqual(walk.said(), ['consent.noted', 'consent.transfer-abroad.1']);
    walk.write('no');
    assert.equal(statusOf(walk, 'transfer-abroad'), 'refused');
    assert.deepEqual(walk.said(), ['consent.noted']);
    walk.write('Berlin');
    assert.deepEqual(journeyOf(walk), { intake: 'departDate' });
  });

  test('is recalled after a day and taken as a no after a week', () => {
    const walk = inIntake();
    walk.write('hair');
    walk.said();
    walk.clock.increment(23 * hour);
    assert.deepEqual(walk.said().toSorted(), ['consent.health-data.1', 'intake.reminder']);
    walk.clock.increment(6 * day + hour);
    assert.equal(statusOf(walk, 'health-data'), 'refused');
    assert.equal(walk.state().context.trip.procedure, null);
    assert.equal(walk.recorded.length, 1, 'Silence is no answer to be recorded');
  });

  test('when refused drops the files and the procedure, tells the patient, and takes neither again', () => {
    const walk = inIntake();
    walk.photo('hair');
    walk.said();
    walk.press('consent:health-data:no');
    assert.deepEqual(walk.said().toSorted(), ['consent.noted', 'media.refused']);
    assert.equal(walk.state().context.trip.procedure, null);
    assert.deepEqual(walk.state().context.attachments, []);
    walk.photo('hair');
    assert.ok(walk.said().includes('media.refused'));
    assert.equal(walk.state().context.trip.procedure, null);
    assert.deepEqual(walk.calls, []);
  });

  test('is given late by its old button, and taken back by its other one', async () => {
    const walk = inIntake();
    walk.photo();
    walk.press('consent:health-data:no');
    walk.press('consent:health-data:yes');
    assert.ok(walk.has('consent:health-data'));
    walk.photo();
    walk.said();
    walk.press('consent:health-data:no');
    assert.ok(!walk.has('consent:health-data'));
    assert.deepEqual(walk.calls, [], 'The file is not fetched any more');
    assert.deepEqual(walk.said().toSorted(), ['consent.noted', 'media.refused']);
    assert.deepEqual(
      walk.recorded.flatMap(({ records }) => records.map(({ status }) => status)),
      ['given', 'refused', 'given', 'withdrawn'],
    );
  });

  test('follows the answer said last, not the one heard last', () => {
    const walk = inIntake();
    walk.photo();
    const before = walk.at();
    walk.write('thanks');
    walk.press('consent:health-data:no');
    walk.press('consent:health-data:yes', { at: before });
    assert.equal(statusOf(walk, 'health-data'), 'refused');
  });

  test('to transfer abroad lets messages be read there, while it is given', async () => {
    const walk = inIntake();
    walk.photo();
    walk.press('consent:health-data:yes');
    walk.readByHand();
    const read = async () => {
      walk.write('thanks');
      const understood = understandingOf({ text: 'thanks', asked: null });
      return ((await walk.answer('understand', understood)) as { mayLeave: boolean }).mayLeave;
    };
    assert.equal(await read(), false);
    walk.press('consent:transfer-abroad:yes');
    assert.ok(walk.has('consent:transfer-abroad'));
    assert.equal(await read(), true);
    walk.press('consent:transfer-abroad:no');
    assert.equal(await read(), false);
  });

  test('to marketing is asked when the treatment is over', async () => {
    const walk = await confirmed();
    walk.staff('staff.arrived');
    walk.said();
    walk.staff('staff.discharged');
    assert.deepEqual(walk.said(), ['aftercare.start', 'consent.marketing.1']);
    walk.write('yes');
    assert.ok(walk.has('consent:marketing'));
    assert.deepEqual(walk.said(), ['consent.noted'], 'A yes is nothing for staff');
    walk.press('consent:marketing:no');
    assert.ok(!walk.has('consent:marketing'));
    assert.deepEqual(walk.said(), ['consent.noted']);
  });
});

suite('intake', () => {
  test('asks one thing at a time, reads it back, and searches when it is confirmed', async () => {
    const walk = inIntake();
    walk.write('München');
    assert.deepEqual(journeyOf(walk), { intake: 'departDate' });
    walk.write('2027-02-01');
    assert.deepEqual(journeyOf(walk), { intake: 'adults' });
    walk.write('2 adults');
    assert.deepEqual(journeyOf(walk), { intake: 'confirm' });
    assert.deepEqual(walk.calls, [], 'Nothing is searched yet');
    walk.press('trip:yes');
    assert.deepEqual(journeyOf(walk), { searching: 'begun' });
    assert.deepEqual(walk.said(), [
      'consent.service.1',
      'intake.origin',
      'intake.date',
      'intake.adults',
      'intake.confirm',
      'flights.searching',
    ]);
    assert.deepEqual(await walk.answer('searchFlights', flights(1)), {
      origin: 'MUC',
      destination: 'IST',
      departDate: '2027-02-01',
      adults: 2,
      childrenAges: [],
      currency: 'EUR',
    });
  });

  test('skips what one message said already, and passes on the way back and the children', async () => {
    const walk = inIntake();
    walk.write('from Berlin, 2 adults, child 4 9, back 2027-02-09');
    assert.deepEqual(journeyOf(walk), { intake: 'departDate' });
    walk.write('2027-02-01');
    walk.write('yes');
    assert.deepEqual(await walk.answer('searchFlights', flights(1)), {
      origin: 'BER',
      destination: 'IST',
      departDate: '2027-02-01',
      returnDate: '2027-02-09',
      adults: 2,
      childrenAges: [4, 9],
      currency: 'EUR',
    });
  });

  test('keeps what was said before consent, and asks only for the rest', () => {
    const walk = startCase();
    walk.write('Hi, from Berlin on 2027-02-01');
    assert.deepEqual(walk.said(), ['consent.service.1']);
    walk.press('consent:service:yes');
    assert.deepEqual(walk.said(), ['intake.adults']);
  });

  test('does not fly from where it flies to, nor believe what is hardly sure', async () => {
    const walk = inIntake();
    walk.write('Istanbul');
    assert.equal(walk.state().context.trip.origin, null);
    walk.readByHand();
    walk.write('perhaps Berlin');
    await walk.answer('understand', {
      lang: null,
      intent: { value: 'inform', confidence: 0.5 },
      details: { origin: { value: 'BER', confidence: 0.5 } },
      by: 'rules',
    });
    assert.equal(walk.state().context.trip.origin, null);
  });

  test('does not let a late message undo a later one, nor counts it as a miss', () => {
    const walk = inIntake();
    const before = walk.at();
    walk.write('from Köln, 3 adults');
    walk.said();
    walk.write('from Berlin on 2027-02-01', { at: before });
    assert.equal(walk.state().context.trip.origin, 'CGN');
    assert.equal(walk.state().context.trip.departDate, '2027-02-01', 'It still tells what is new');
    const unclear = inIntake();
    unclear.said();
    for (let i = 0; i < 5; i++) unclear.write('hm', { at: '2027-01-01T09:00:00Z' });
    assert.deepEqual(unclear.said(), []);
    assert.deepEqual(journeyOf(unclear), { intake: 'origin' });
  });

  for (const [answers, question] of [
    [[], 'intake.origin'],
    [['BER'], 'intake.date'],
    [['BER', '2027-02-01'], 'intake.adults'],
  ] as const) {
    test(`asks ${question} again once, then hands over, and staff hand back to the same question`, () => {
      const walk = inIntake();
      for (const answer of answers) walk.write(answer);
      walk.said();
      walk.write('hm');
      assert.deepEqual(walk.said(), [`${question}.again`]);
      walk.write('HMM');
      assert.deepEqual(walk.said(), ['staff.handover']);
      assert.deepEqual(journeyOf(walk), { intake: 'held' });
      assert.equal(handedOverFor(walk), 'trip-unclear');
      walk.staff('staff.resume');
      assert.deepEqual(walk.said(), [question]);
      assert.equal(walk.state().context.misses, 0);
    });

    test(`recalls ${question} within a day, and sleeps after a week until the patient writes`, () => {
      const walk = inIntake();
      for (const answer of answers) walk.write(answer);
      walk.said();
      walk.clock.increment(23 * hour);
      assert.deepEqual(walk.said(), ['intake.reminder']);
      walk.clock.increment(7 * day - 23 * hour);
      assert.equal(journeyOf(walk), 'dormant');
      walk.write('I am back');
      assert.deepEqual(walk.said(), [question], 'What was told of a day to come still stands');
    });
  }

  test('asks again, and counts no miss, when something else is told', () => {
    const walk = inIntake();
    walk.said();
    for (const told of ['3 adults', 'hello', '2 adults']) walk.write(told);
    assert.deepEqual(walk.said(), ['intake.origin', 'intake.origin', 'intake.origin']);
    assert.equal(walk.state().context.misses, 0);
  });

  test('says that a place on the map is no airport', () => {
    const walk = inIntake();
    walk.said();
    walk.place();
    assert.deepEqual(walk.said(), ['conversation.location']);
  });

  test('is held without reminders while staff have it', () => {
    const walk = inIntake();
    walk.write('!!');
    walk.write('!!');
    walk.said();
    walk.clock.increment(60 * day);
    assert.deepEqual(walk.said(), []);
    assert.ok(walk.has('with-staff'));
  });
});

suite('search', () => {
  test('asks for another date when there are no flights, and for nothing else', async () => {
    const walk = inSearch();
    walk.said();
    await walk.answer('searchFlights', flights(0));
    assert.deepEqual(walk.said(), ['flights.none', 'intake.date']);
    walk.write('2027-02-05');
    assert.deepEqual(walk.said(), ['intake.confirm']);
    walk.press('trip:yes:2');
    assert.deepEqual(journeyOf(walk), { searching: 'begun' });
    const query = await walk.answer('searchFlights', flights(1));
    assert.equal((query as { departDate: string }).departDate, '2027-02-05');
  });

  test('goes to staff when it fails, and is tried again when they say so', async () => {
    const walk = inSearch();
    await walk.fail('searchFlights');
    assert.equal(journeyOf(walk), 'searchHeld');
    assert.ok(walk.has('with-staff'));
    walk.staff('staff.resume');
    assert.deepEqual(journeyOf(walk), { searching: 'begun' });
    await walk.answer('searchFlights', flights(2));
    assert.equal(journeyOf(walk), 'offer');
  });
});

suite('offer', () => {
  test('is searched anew for another wish, while searching and after', async () => {
    const walk = inSearch();
    walk.said();
    walk.write('3 adults');
    assert.equal(walk.calls.length, 0, 'The first search is given up');
    assert.deepEqual(walk.said(), ['intake.confirm']);
    walk.press('trip:yes');
    assert.deepEqual(walk.said(), ['intake.confirm'], 'What was read back before is no longer so');
    walk.press('trip:yes:2');
    assert.deepEqual(walk.said(), ['flights.searching']);
    const first = await walk.answer('searchFlights', flights(2));
    assert.equal((first as { adults: number }).adults, 3);
    walk.write('back 2027-02-09');
    walk.write('yes');
    const second = await walk.answer('searchFlights', flights(2));
    assert.equal((second as { returnDate: string }).returnDate, '2027-02-09');
    walk.said();
    walk.write('3 adults');
    assert.equal(journeyOf(walk), 'offer', 'The same wish is no other one');
    assert.deepEqual(walk.said(), ['offer.list']);
  });

  test('shows at most five flights, and a choice of none of them', async () => {
    for (const [count, choices] of [
      [1, ['offer:1', 'offer:none']],
      [2, ['offer:1', 'offer:2', 'offer:none']],
      [7, ['offer:1', 'offer:2', 'offer:3', 'offer:4', 'offer:5', 'offer:none']],
    ] as const) {
      const walk = await offered(count);
      const message = walk.sent.at(-1);
      assert.equal(message?.text, 'offer.list');
      assert.deepEqual(message?.choices, choices);
      assert.equal(walk.state().context.offers.list.length, Math.min(count, 5));
    }
  });

  test('is accepted by a button or its number', async () => {
    for (const accept of [
      (walk: Walk) => walk.press('offer:2'),
      (walk: Walk) => walk.write('2.'),
    ]) {
      const walk = await offered();
      accept(walk);
      assert.equal(journeyOf(walk), 'booking');
      assert.equal(walk.state().context.booking?.offer.id, 'off_2');
      assert.equal(walk.state().context.booking?.bookingId, 'case-1-b1');
    }
  });

  test('is declined by a button or 0, and another date is asked', async () => {
    for (const decline of [
      (walk: Walk) => walk.press('offer:none'),
      (walk: Walk) => walk.write('0'),
    ]) {
      const walk = await offered(2);
      decline(walk);
      assert.deepEqual(journeyOf(walk), { intake: 'departDate' });
    }
  });

  test('does not take a button of an earlier list for one of this list', async () => {
    const walk = await offered(2);
    walk.press('offer:none');
    walk.write('2027-02-05');
    walk.write('yes');
    await walk.answer('searchFlights', flights(2));
    assert.deepEqual(walk.sent.at(-1)?.choices, ['offer:1:2', 'offer:2:2', 'offer:none:2']);
    walk.said();
    walk.press('offer:1');
    assert.equal(journeyOf(walk), 'offer');
    assert.deepEqual(walk.said(), ['offer.old']);
    walk.press('offer:1:2');
    assert.equal(journeyOf(walk), 'booking');
  });

  test('does not take a button it did not show', async () => {
    const walk = await offered(2);
    walk.press('offer:3');
    walk.press('offer:9');
    walk.press('__proto__');
    assert.equal(journeyOf(walk), 'offer');
  });

  test('is recalled before it lapses, and says so when it does', async () => {
    const walk = await offered();
    walk.said();
    walk.clock.increment(20 * hour);
    assert.deepEqual(walk.said(), ['offer.reminder']);
    walk.clock.increment(3 * hour);
    assert.deepEqual(walk.said(), ['offer.expired']);
    assert.equal(journeyOf(walk), 'dormant');
    walk.write('sorry, I am late');
    assert.deepEqual(walk.said(), ['intake.confirm']);
  });

  test('is searched anew when its price lapsed before the patient chose', async () => {
    const walk = await offered(2, '2027-01-01T09:30:00Z');
    walk.clock.increment(hour / 2);
    walk.said();
    walk.press('offer:1');
    assert.deepEqual(walk.said(), ['offer.lapsed', 'flights.searching']);
    assert.equal(walk.state().context.booking, null);
  });

  test('is judged by the expiry of the flight that was chosen, whatever became of the others', async () => {
    const own = ['2027-01-01T09:30:00Z', '2027-01-01T11:00:00Z', null];
    for (const [choice, isOver] of [
      ['offer:1', true],
      ['offer:2', false],
      ['offer:3', false],
    ] as const) {
      const walk = await offered(3, '2027-01-01T09:30:00Z', own);
      walk.clock.increment(hour / 2);
      walk.said();
      walk.press(choice);
      assert.equal(walk.said().includes('offer.lapsed'), isOver, choice);
      assert.equal(walk.state().context.booking === null, isOver, choice);
    }
  });

  test('is explained once more, then staff take over; its buttons still work', async () => {
    const walk = await offered();
    walk.said();
    walk.write('hm');
    assert.deepEqual(walk.said(), ['offer.list']);
    walk.write('hmm');
    assert.deepEqual(walk.said(), ['staff.handover']);
    assert.equal(handedOverFor(walk), 'offer-unclear');
    walk.send({ type: 'staff.reply', text: 'How many bags?', at: walk.at() });
    walk.said();
    walk.write('1'); // Perhaps an answer to staff: so it is asked.
    assert.deepEqual(walk.said(), ['offer.confirm']);
    assert.equal(journeyOf(walk), 'offer');
    walk.press('offer:1');
    assert.equal(journeyOf(walk), 'booking');
  });

  test('is accepted by a number while staff have the case, who have not spoken since', async () => {
    const walk = await offered();
    walk.write('do you have a hotel?');
    assert.ok(walk.has('with-staff'));
    walk.write('1');
    assert.equal(journeyOf(walk), 'booking');
  });

  test('is not accepted by a number said before it', async () => {
    const walk = inSearch();
    const before = walk.at();
    walk.write('thanks');
    await walk.answer('searchFlights', flights(3));
    walk.said();
    walk.write('2', { at: before });
    walk.write('2', { at: before });
    assert.equal(journeyOf(walk), 'offer');
    assert.deepEqual(walk.said(), []);
  });

  test('is read back where a number was said to staff', async () => {
    const walk = await offered();
    walk.write('is there a later one?');
    walk.send({ type: 'staff.reply', text: 'How many hours later?', at: walk.at() });
    walk.said();
    walk.write('2');
    assert.equal(journeyOf(walk), 'offer');
    assert.deepEqual(walk.sent.at(-1)?.choices, ['offer:2', 'offer:none']);
    assert.deepEqual(walk.said(), ['offer.confirm']);
    walk.staff('staff.resume');
    walk.write('2');
    assert.equal(journeyOf(walk), 'booking');
  });
});

suite('booking in a case', () => {
  test('is confirmed, and the journey goes on to its end', async () => {
    const walk = await confirmed();
    assert.deepEqual(walk.said(), ['booking.confirmed']);
    assert.equal(journeyOf(walk), 'travel');
    assert.ok(walk.has('confirmed'));
    assert.equal(walk.state().context.booking?.paymentId, 'pi_1');
    walk.payment('paid'); // The same news again is no second payment.
    await walk.answer('readPayment', paid());
    assert.ok(!walk.has('refund-needed'));
    walk.staff('staff.arrived');
    assert.equal(journeyOf(walk), 'treatment');
    walk.staff('staff.discharged');
    assert.deepEqual(walk.said(), ['aftercare.start', 'consent.marketing.1']);
    walk.clock.increment(7 * day);
    assert.equal(statusOf(walk, 'marketing'), 'refused');
    walk.clock.increment(23 * day);
    assert.deepEqual(journeyOf(walk), { settlingUp: 'disputable' });
    assert.ok(walk.has('invoice-held'), 'What was sold has to be invoiced');
    await invoiced(walk, 1);
    walk.clock.increment(150 * day - 1);
    assert.equal(walk.state().status, 'active', 'What was paid may still be disputed');
    walk.clock.increment(1);
    assert.deepEqual(walk.state().output, {
      caseId: 'case-1',
      outcome: 'completed',
      reason: null,
    });
  });

  test('keeps its timers while staff answer a question', async () => {
    const walk = await awaitingPayment();
    walk.write('Can I pay in cash?');
    assert.deepEqual(walk.said(), ['staff.handover']);
    assert.equal(walk.state().context.handedOverFor, 'question');
    walk.clock.increment(20 * hour);
    assert.deepEqual(walk.said(), ['payment.reminder']);
    assert.equal(journeyOf(walk), 'booking');
  });

  test('sleeps when it is not paid in time, and begins anew under another id', async () => {
    const walk = await awaitingPayment();
    await lapse(walk);
    assert.deepEqual(walk.said(), ['payment.reminder', 'payment.expired']);
    assert.equal(journeyOf(walk), 'dormant');
    walk.write('I want to pay now');
    walk.write('2027-02-05');
    walk.write('yes');
    await walk.answer('searchFlights', flights(1));
    walk.write('1');
    assert.equal(walk.state().context.booking?.bookingId, 'case-1-b2');
  });

  test('keeps late money in sight until staff refunded it', async () => {
    const walk = await awaitingPayment();
    await lapse(walk);
    assert.equal(journeyOf(walk), 'dormant');
    walk.payment('paid');
    walk.payment('paid'); // Told twice, owed once.
    await walk.answer('readPayment', paid());
    assert.ok(walk.has('refund-needed'));
    walk.clock.increment(365 * day);
    assert.equal(walk.state().status, 'active', 'A case that owes money does not close itself');
    walk.send({ type: 'staff.refund', bookingId: 'case-1-b1', amount: price, at: walk.at() });
    await walk.answer('refundPayment', refunded());
    await walk.answer('readPayment', paid({ refunds: [refunded()] }));
    assert.ok(!walk.has('refund-needed'));
    walk.clock.increment(150 * day);
    assert.equal(walk.state().output?.outcome, 'lapsed');
  });

  test('shows staff a payment that differs', async () => {
    const walk = await awaitingPayment();
    walk.payment('paid');
    await walk.answer('readPayment', paid({ captured: { ...price, amountMinor: '20999' } }));
    assert.equal(journeyOf(walk), 'booking');
    assert.ok(walk.has('with-staff'));
    assert.equal(walk.state().context.handedOverFor, 'booking-held');
    assert.deepEqual(walk.said(), ['staff.handover']);
  });

  test('is closed by staff with their reason, from anywhere, once its money is settled', async () => {
    const ended = { caseId: 'case-1', outcome: 'closed-by-staff', reason: 'asked us by phone' };
    const closed = (walk: Walk) => {
      walk.send({ type: 'staff.close', reason: 'asked us by phone', at: walk.at() });
      return walk;
    };
    for (const walk of [askedConsent(), inIntake(), inSearch(), await offered()]) {
      assert.deepEqual(closed(walk).state().output, ended);
    }
    const opening = closed(await accepted());
    assert.deepEqual(opening.state().output, ended, 'Nobody ever had the link');
    const unpaidLink = closed(await awaitingPayment());
    assert.equal(unpaidLink.state().status, 'active', 'Its link can be paid');
    await unpaidLink.answer('closeCheckout', null);
    await unpaidLink.answer('readPayment', unpaid('expired'));
    assert.deepEqual(unpaidLink.state().output, ended);
    const sold = closed(await confirmed());
    await invoiced(sold, 1);
    sold.clock.increment(150 * day);
    assert.deepEqual(sold.state().output, ended, 'What was paid can be disputed until then');
    const last = closed(await awaitingPayment());
    await last.fail('closeCheckout');
    await last.answer('readPayment', paid());
    assert.equal(journeyOf(last), 'travel', 'It was paid in the last moment');
  });

  test('is closed by staff again where it waits for disputes: that shortens and prolongs nothing', async () => {
    const walk = await confirmed();
    await invoiced(walk, 1);
    walk.send({ type: 'staff.close', reason: 'done', at: walk.at() });
    walk.clock.increment(149 * day);
    walk.send({ type: 'staff.close', reason: 'again', at: walk.at() });
    walk.clock.increment(1 * day);
    assert.equal(walk.state().output?.reason, 'done');
  });
});

suite('stop', () => {
  const places: Readonly<Record<string, () => Walk | Promise<Walk>>> = {
    'a new contact': () => startCase(),
    consent: () => askedConsent(),
    intake: inIntake,
    search: inSearch,
    offer: async () => offered(),
    'opening a checkout': accepted,
    'awaiting payment': awaitingPayment,
    travel: confirmed,
    'a conversation with staff': () => {
      const walk = inIntake();
      walk.write('a person please');
      return walk;
    },
    'a sleeping case': () => {
      const walk = inIntake();
      walk.clock.increment(7 * day);
      return walk;
    },
  };
  for (const [place, walkThere] of Object.entries(places)) {
    test(`in ${place} withdraws consent at once, is acknowledged, and nothing more is said`, async () => {
      for (const word of ['STOP', 'dur', 'İPTAL', 'iptal!', 'Stopp', 'Стоп', 'إيقاف', 'Arrêter']) {
        const walk = await walkThere();
        walk.said();
        walk.write(word);
        assert.ok(walk.has('consent-withdrawn'), word);
        assert.equal(statusOf(walk, 'service'), 'withdrawn');
        const withdrawnAt = walk.at();
        const asked = walk.calls.map(({ name }) => name);
        assert.deepEqual(asked, place === 'awaiting payment' ? ['closeCheckout'] : []);
        for (const [name, answer] of Object.entries({
          closeCheckout: null,
          readPayment: unpaid('expired'),
        }))
          if (place === 'awaiting payment') await walk.answer(name, answer);
        assert.deepEqual(walk.said(), ['conversation.stopped']);
        walk.write(word);
        walk.write('hello?', { at: '2027-01-01T09:00:00Z' });
        walk.press('consent:service:yes', { at: '2027-01-01T09:00:00Z' });
        walk.press('consent:service:no');
        walk.photo(undefined, { at: withdrawnAt });
        walk.clock.increment(20 * day);
        assert.deepEqual(walk.said(), []);
        assert.ok(!walk.has('consent:service'));
        walk.clock.increment(10 * day);
        const outcome = walk.has('refund-needed') ? undefined : 'consent-withdrawn';
        assert.equal(walk.state().output?.outcome, outcome);
        assert.deepEqual(walk.said(), []);
      }
    });
  }

  test('keeps nothing that was said until then, also where it comes after the patient wrote anew', () => {
    const walk = inIntake();
    const before = walk.at();
    walk.write('STOP');
    walk.write('Hello again');
    walk.press('consent:service:yes');
    walk.write('from Berlin on 2027-02-01', { at: before });
    walk.photo('my head', { at: before });
    const { trip, attachments } = walk.state().context;
    assert.deepEqual([trip.origin, trip.departDate, attachments], [null, null, []]);
    assert.deepEqual(journeyOf(walk), { intake: 'origin' });
  });

  test('is meant by "no" on the consent buttons, however late', async () => {
    const withStaff = inIntake();
    withStaff.write('a person please');
    const asleep = inIntake();
    asleep.clock.increment(7 * day);
    for (const walk of [await offered(), await confirmed(), withStaff, asleep]) {
      walk.press('consent:no');
      assert.ok(walk.has('consent-withdrawn'));
    }
  });

  test('is recorded for every consent that was given', () => {
    const walk = inIntake();
    walk.photo();
    walk.press('consent:health-data:yes');
    walk.press('consent:transfer-abroad:no');
    walk.recorded.splice(0);
    walk.write('STOP');
    assert.deepEqual(
      walk.recorded.map(({ messageId, records }) => [
        messageId,
        records.map(({ purpose, status }) => `${purpose} ${status}`),
      ]),
      [['wamid.6', ['service withdrawn', 'health-data withdrawn']]],
    );
    assert.deepEqual(walk.calls, [], 'Nor is the photo fetched');
  });

  test('is understood in other words, too, with the message as evidence', () => {
    const walk = inSearch();
    walk.recorded.splice(0);
    walk.said();
    walk.write('please leave me alone');
    assert.ok(walk.has('consent-withdrawn'));
    assert.deepEqual(walk.said(), ['conversation.stopped']);
    const [{ messageId, at, records } = assert.fail('Nothing is recorded')] = walk.recorded;
    assert.deepEqual([messageId, at, records.length], ['wamid.7', walk.at(), 1]);
    assert.equal(walk.state().context.consents.service.at, walk.at());
  });

  test('ends the reading of what was said before', () => {
    const walk = inIntake();
    walk.readByHand();
    walk.write('from Berlin');
    walk.write('STOP');
    assert.deepEqual(walk.calls, []);
    assert.ok(walk.has('consent-withdrawn'));
    assert.ok(Object.values(walk.state().context.trip).every((detail) => detail === null));
  });

  test('is over when the patient writes again: everything is asked anew', () => {
    const walk = inIntake();
    walk.photo();
    walk.press('consent:health-data:yes');
    const before = walk.at();
    walk.write('hm');
    walk.write('STOP');
    walk.said();
    walk.write('I changed my mind');
    assert.deepEqual(walk.said(), ['consent.service.1']);
    assert.equal(journeyOf(walk), 'consent');
    walk.press('consent:service:yes', { at: before });
    walk.press('consent:health-data:yes', { at: before });
    assert.equal(journeyOf(walk), 'consent', 'A button pressed before the stop gives nothing');
    assert.equal(statusOf(walk, 'health-data'), 'unasked');
    walk.press('consent:service:yes');
    assert.deepEqual(walk.said(), ['intake.origin']);
    assert.equal(walk.state().context.misses, 0);
  });

  test('is over when the patient changes a message to new words, which may be an emergency', () => {
    for (const [words, heard] of [
      ['I am bleeding', 'conversation.urgent'],
      ['I changed my mind', 'consent.service.1'],
      ['stop', null],
    ] as const) {
      const walk = inIntake();
      walk.write('STOP');
      walk.said();
      walk.send({
        type: 'whatsapp.edited',
        messageId: 'wamid.edited',
        originalMessageId: 'wamid.4',
        message: { kind: 'text', text: words },
        lang: null,
        at: walk.at(),
      });
      assert.deepEqual(walk.said(), heard === null ? [] : [heard]);
      assert.equal(walk.has('urgent'), heard === 'conversation.urgent');
    }
  });

  test('is not meant by a sentence with such a word in it', () => {
    const walk = inIntake();
    walk.write('dur bir dakika');
    assert.ok(!walk.has('consent-withdrawn'));
  });

  test('leaves the money of a confirmed booking to staff', async () => {
    const walk = await confirmed();
    walk.write('STOP');
    assert.ok(walk.has('refund-needed') && walk.has('with-staff'));
    walk.send({ type: 'staff.refunded', bookingId: 'case-1-b1', at: walk.at() });
    await walk.answer('readPayment', paid({ refunds: [refunded({ reference: null })] }));
    assert.ok(!walk.has('refund-needed'));
    walk.clock.increment(30 * day);
    assert.equal(walk.state().status, 'active', 'What was sold has to be invoiced, and credited');
    assert.ok(walk.has('invoice-held') && walk.has('with-staff'));
    await invoiced(walk, 2);
    walk.clock.increment(30 * day);
    assert.equal(walk.state().output?.outcome, 'consent-withdrawn');
  });

  test('still sees money paid through a link that was sent before', async () => {
    const walk = await awaitingPayment();
    walk.write('STOP');
    await walk.answer('closeCheckout', null);
    await walk.answer('readPayment', unpaid('expired'));
    assert.ok(!walk.has('refund-needed'));
    walk.said();
    walk.payment('paid');
    await walk.answer('readPayment', paid());
    assert.ok(walk.has('refund-needed'));
    assert.deepEqual(walk.said(), []);
    walk.clock.increment(365 * day);
    assert.equal(walk.state().status, 'active');
  });

  test('does not lose a payment that was being checked', async () => {
    const walk = await awaitingPayment();
    walk.payment('paid');
    walk.write('STOP');
    await walk.answer('readPayment', paid());
    assert.ok(walk.has('refund-needed'));
  });
});
