import assert from 'node:assert/strict';
import { suite, test } from 'node:test';

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
  offered,
  price,
  startCase,
  type Walk,
} from './walk.ts';

const journey = (walk: Walk) => {
  const { value } = walk.state();
  return typeof value === 'object' && 'open' in value ? value.open.journey : value;
};

suite('consent', () => {
  test('is asked when the patient first writes, and not before', () => {
    const walk = startCase();
    assert.deepEqual(walk.said(), []);
    walk.write('Merhaba');
    const [first] = walk.sent;
    assert.deepEqual(first, {
      recipient: { phone: '491700000001' },
      lang: 'en',
      text: 'consent.ask',
      values: { tenant: 'anadolu' },
      buttons: ['consent:yes', 'consent:no'],
      purpose: 'service',
    });
    assert.equal(journey(walk), 'consent');
  });

  for (const yes of ['yes', 'EVET', 'نعم', 'Да!', 'oui', ' Ja. ']) {
    test(`is given by "${yes}"`, () => {
      const walk = askedConsent();
      walk.write(yes);
      assert.deepEqual(journey(walk), { intake: 'origin' });
      assert.equal(walk.state().context.consent.status, 'given');
      assert.equal(walk.state().context.consent.at, walk.at());
    });
  }

  test('is given by its button', () => {
    assert.deepEqual(inIntake().said(), ['consent.ask', 'intake.origin']);
  });

  for (const no of ['consent:no', 'Hayır', 'нет']) {
    test(`is refused by "${no}", politely and for good`, () => {
      const walk = askedConsent();
      if (no === 'consent:no') walk.press(no);
      else walk.write(no);
      assert.deepEqual(walk.said(), ['consent.ask', 'consent.refused']);
      assert.equal(walk.state().status, 'done');
      assert.deepEqual(walk.state().output, {
        caseId: 'case-1',
        outcome: 'consent-refused',
        reason: null,
      });
    });
  }

  test('is asked again once, then staff read what was meant', () => {
    const walk = askedConsent();
    walk.write('what for?');
    assert.deepEqual(walk.said(), ['consent.ask', 'consent.again']);
    walk.write('I do not understand');
    assert.deepEqual(walk.said(), ['staff.handover']);
    assert.ok(walk.has('with-staff'));
    walk.write('hello?');
    assert.equal(walk.state().context.unanswered, 1);
    assert.deepEqual(walk.said(), []);
    walk.send({ type: 'staff.resume', at: walk.at() });
    assert.deepEqual(walk.said(), ['consent.ask']);
    assert.ok(!walk.has('with-staff'));
    walk.press('consent:yes');
    assert.deepEqual(journey(walk), { intake: 'origin' });
  });

  test('is recalled once within a day and lapses in silence after a week', () => {
    const walk = askedConsent();
    walk.said();
    walk.clock.increment(23 * hour - 1);
    assert.deepEqual(walk.said(), []);
    walk.clock.increment(1);
    assert.deepEqual(walk.said(), ['consent.reminder']);
    walk.clock.increment(7 * day - 23 * hour - 1);
    assert.equal(journey(walk), 'consent');
    walk.clock.increment(1);
    assert.deepEqual(walk.said(), []);
    assert.equal(walk.state().output?.outcome, 'lapsed');
  });
});

suite('intake', () => {
  test('asks one thing at a time and searches when all is known', async () => {
    const walk = inIntake();
    walk.write('München');
    assert.deepEqual(journey(walk), { intake: 'departDate' });
    walk.write('2027-02-01');
    assert.deepEqual(journey(walk), { intake: 'adults' });
    walk.write('2 adults');
    assert.equal(journey(walk), 'searching');
    assert.deepEqual(walk.said(), [
      'consent.ask',
      'intake.origin',
      'intake.date',
      'intake.adults',
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

  const origins: readonly (readonly [string, string | null])[] = [
    ['ber', 'BER'],
    ['BER', 'BER'],
    ['Köln', 'CGN'],
    ['DÜSSELDORF!', 'DUS'],
    ['دبي', 'DXB'],
    ['Москва', 'SVO'],
    ['İzmir', 'ADB'],
    ['IST', null], // Where we fly to.
    ['yes', null],
    ['somewhere warm', null],
    ['', null],
  ];
  for (const [text, airport] of origins) {
    test(`takes "${text}" as ${airport ?? 'no airport'}`, () => {
      const walk = inIntake();
      walk.write(text);
      assert.equal(walk.state().context.trip.origin, airport);
    });
  }

  const dates: readonly (readonly [string, string | null])[] = [
    ['2027-02-01', '2027-02-01'],
    ['01.02.2027', '2027-02-01'],
    ['1.2.2027', '2027-02-01'],
    ['1/2/2027', '2027-02-01'],
    ['٠١.٠٢.٢٠٢٧', '2027-02-01'],
    ['2027-01-01', '2027-01-01'], // Today.
    ['2026-12-31', null],
    ['2028-01-02', null],
    ['31.02.2027', null],
    ['2027-13-01', null],
    ['next week', null],
  ];
  for (const [text, date] of dates) {
    test(`takes "${text}" as ${date ?? 'no date we fly on'}`, () => {
      const walk = inIntake();
      walk.write('BER');
      walk.write(text);
      assert.equal(walk.state().context.trip.departDate, date);
    });
  }

  const parties: readonly (readonly [string, number | null])[] = [
    ['1', 1],
    ['2 kişi', 2],
    ['we are 9', 9],
    ['0', null],
    ['10', null],
    ['two', null],
    ['2 or 3', null],
  ];
  for (const [text, adults] of parties) {
    test(`takes "${text}" as ${adults ?? 'no number of'} adults`, () => {
      const walk = inIntake();
      walk.write('BER');
      walk.write('01.02.2027');
      walk.write(text);
      assert.equal(walk.state().context.trip.adults, adults);
    });
  }

  for (const [answers, question] of [
    [[], 'intake.origin'],
    [['BER'], 'intake.date'],
    [['BER', '01.02.2027'], 'intake.adults'],
  ] as const) {
    test(`asks ${question} again once, then hands over, and staff hand back to the same question`, () => {
      const walk = inIntake();
      for (const answer of answers) walk.write(answer);
      walk.said();
      walk.write('hm');
      assert.deepEqual(walk.said(), [`${question}.again`]);
      walk.write('HMM?');
      assert.deepEqual(walk.said(), ['staff.handover']);
      assert.deepEqual(journey(walk), { intake: 'held' });
      assert.equal(walk.state().context.handedOverFor, 'trip-unclear');
      walk.send({ type: 'staff.resume', at: walk.at() });
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
      assert.equal(journey(walk), 'dormant');
      walk.write('I am back');
      assert.deepEqual(walk.said(), [question === 'intake.adults' ? 'intake.date' : question]);
    });
  }

  test('is held without reminders while staff have it', () => {
    const walk = inIntake();
    walk.write('?!');
    walk.write('?!');
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
    walk.write('05.02.2027');
    assert.equal(journey(walk), 'searching');
    const query = await walk.answer('searchFlights', flights(1));
    assert.equal((query as { departDate: string }).departDate, '2027-02-05');
  });

  test('goes to staff when it fails, and is tried again when they say so', async () => {
    const walk = inSearch();
    await walk.fail('searchFlights');
    assert.equal(journey(walk), 'searchHeld');
    assert.ok(walk.has('with-staff'));
    walk.send({ type: 'staff.resume', at: walk.at() });
    assert.equal(journey(walk), 'searching');
    await walk.answer('searchFlights', flights(2));
    assert.equal(journey(walk), 'offer');
  });
});

suite('offer', () => {
  test('shows at most three flights, with as many buttons as WhatsApp takes', async () => {
    for (const [count, buttons] of [
      [1, ['offer:1', 'offer:none']],
      [2, ['offer:1', 'offer:2', 'offer:none']],
      [5, ['offer:1', 'offer:2', 'offer:3']],
    ] as const) {
      const walk = await offered(count);
      const message = walk.sent.at(-1);
      assert.equal(message?.text, 'offer.list');
      assert.deepEqual(message?.buttons, buttons);
      assert.equal(walk.state().context.offers.list.length, Math.min(count, 3));
    }
  });

  test('is accepted by a button or its number', async () => {
    for (const accept of [
      (walk: Walk) => walk.press('offer:2'),
      (walk: Walk) => walk.write('2.'),
    ]) {
      const walk = await offered();
      accept(walk);
      assert.equal(journey(walk), 'booking');
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
      assert.deepEqual(journey(walk), { intake: 'departDate' });
    }
  });

  test('does not take a button of an earlier list for one of this list', async () => {
    const walk = await offered(2);
    walk.press('offer:none');
    walk.write('05.02.2027');
    await walk.answer('searchFlights', flights(2));
    assert.deepEqual(walk.sent.at(-1)?.buttons, ['offer:1:2', 'offer:2:2', 'offer:none:2']);
    walk.said();
    walk.press('offer:1');
    assert.equal(journey(walk), 'offer');
    assert.deepEqual(walk.said(), ['offer.list']);
    walk.press('offer:1:2');
    assert.equal(journey(walk), 'booking');
  });

  test('does not take a button it did not show', async () => {
    const walk = await offered(2);
    walk.press('offer:3');
    walk.press('offer:9');
    walk.press('__proto__');
    assert.equal(journey(walk), 'offer');
  });

  test('is recalled before it lapses, and says so when it does', async () => {
    const walk = await offered();
    walk.said();
    walk.clock.increment(20 * hour);
    assert.deepEqual(walk.said(), ['offer.reminder']);
    walk.clock.increment(3 * hour);
    assert.deepEqual(walk.said(), ['offer.expired']);
    assert.equal(journey(walk), 'dormant');
    walk.write('sorry, I am late');
    assert.deepEqual(walk.said(), ['intake.date']);
  });

  test('is searched anew when its price lapsed before the patient chose', async () => {
    const walk = await offered(2, '2027-01-01T09:30:00Z');
    walk.clock.increment(hour / 2 - 1);
    assert.equal(journey(walk), 'offer');
    walk.said();
    walk.clock.increment(1);
    walk.press('offer:1');
    assert.deepEqual(walk.said(), ['offer.lapsed', 'flights.searching']);
    assert.equal(walk.state().context.booking, null);
  });

  test('is explained once more, then staff take over; its buttons still work', async () => {
    const walk = await offered();
    walk.said();
    walk.write('is there a later one?');
    assert.deepEqual(walk.said(), ['offer.list']);
    walk.write('hello?');
    assert.deepEqual(walk.said(), ['staff.handover']);
    walk.write('1'); // Perhaps an answer to staff.
    assert.equal(journey(walk), 'offer');
    walk.press('offer:1');
    assert.equal(journey(walk), 'booking');
  });
});

suite('booking in a case', () => {
  test('is confirmed, and the journey goes on to its end', async () => {
    const walk = await confirmed();
    assert.deepEqual(walk.said(), ['booking.confirmed']);
    assert.equal(journey(walk), 'travel');
    assert.ok(walk.has('confirmed'));
    assert.equal(walk.state().context.booking?.paymentId, 'pi_1');
    walk.payment('payment.succeeded'); // The same news again is no second payment.
    assert.ok(!walk.has('refund-needed'));
    walk.send({ type: 'staff.arrived', at: walk.at() });
    assert.equal(journey(walk), 'treatment');
    walk.send({ type: 'staff.discharged', at: walk.at() });
    assert.deepEqual(walk.said(), ['aftercare.start']);
    walk.clock.increment(30 * day);
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
    assert.equal(journey(walk), 'booking');
  });

  test('sleeps when it is not paid in time, and begins anew under another id', async () => {
    const walk = await awaitingPayment();
    walk.payment('payment.expired');
    await walk.answer('readCheckout', {
      checkoutId: 'cs_case-1-b1',
      bookingId: 'case-1-b1',
      status: 'expired',
      total: price,
      paymentId: null,
    });
    assert.deepEqual(walk.said(), ['payment.expired']);
    assert.equal(journey(walk), 'dormant');
    walk.write('I want to pay now');
    walk.write('05.02.2027');
    await walk.answer('searchFlights', flights(1));
    walk.write('1');
    assert.equal(walk.state().context.booking?.bookingId, 'case-1-b2');
  });

  test('keeps late money in sight until staff refunded it', async () => {
    const walk = await awaitingPayment();
    walk.clock.increment(24 * hour);
    await walk.answer('readCheckout', {
      checkoutId: 'cs_case-1-b1',
      bookingId: 'case-1-b1',
      status: 'open',
      total: price,
      paymentId: null,
    });
    assert.equal(journey(walk), 'dormant');
    walk.payment('payment.succeeded');
    walk.payment('payment.succeeded'); // Told twice, owed once.
    assert.ok(walk.has('refund-needed'));
    assert.equal(walk.state().context.strayPayments.length, 1);
    walk.clock.increment(365 * day);
    assert.equal(walk.state().status, 'active', 'A case that owes money does not close itself');
    walk.send({ type: 'staff.refunded', bookingId: 'case-1-b1', at: walk.at() });
    assert.ok(!walk.has('refund-needed'));
    assert.deepEqual(walk.state().context.strayPayments, []);
  });

  test('shows staff a payment that differs', async () => {
    const walk = await awaitingPayment();
    walk.payment('payment.succeeded');
    await walk.answer('readCheckout', {
      checkoutId: 'cs_case-1-b1',
      bookingId: 'case-1-b1',
      status: 'paid',
      total: { amountMinor: '20999', currency: 'EUR' },
      paymentId: 'pi_1',
    });
    assert.equal(journey(walk), 'booking');
    assert.ok(walk.has('with-staff'));
    assert.equal(walk.state().context.handedOverFor, 'booking-held');
    assert.deepEqual(walk.said(), ['staff.handover']);
  });

  test('is closed by staff with their reason, from anywhere', async () => {
    for (const walk of [
      askedConsent(),
      inIntake(),
      inSearch(),
      await accepted(),
      await confirmed(),
    ]) {
      walk.send({ type: 'staff.close', reason: 'asked us by phone', at: walk.at() });
      assert.deepEqual(walk.state().output, {
        caseId: 'case-1',
        outcome: 'closed-by-staff',
        reason: 'asked us by phone',
      });
    }
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
      walk.write('?!');
      walk.write('?!');
      return walk;
    },
    'a sleeping case': () => {
      const walk = inIntake();
      walk.clock.increment(7 * day);
      return walk;
    },
  };
  for (const [place, walkThere] of Object.entries(places)) {
    test(`in ${place} withdraws consent at once, and nothing more is said`, async () => {
      for (const word of ['STOP', 'dur', 'İPTAL', 'iptal!', 'Стоп', 'إيقاف']) {
        const walk = await walkThere();
        walk.said();
        walk.write(word);
        assert.ok(walk.has('consent-withdrawn'), word);
        assert.equal(walk.state().context.consent.status, 'withdrawn');
        assert.deepEqual(walk.calls, [], 'What was asked of providers is dropped');
        walk.write('hello?');
        walk.press('consent:yes');
        walk.clock.increment(40 * day);
        assert.deepEqual(walk.said(), []);
      }
    });
  }

  test('is meant by "no" on the consent buttons, however late', async () => {
    const withStaff = inIntake();
    withStaff.write('?!');
    withStaff.write('?!');
    const asleep = inIntake();
    asleep.clock.increment(7 * day);
    for (const walk of [await offered(), await confirmed(), withStaff, asleep]) {
      walk.press('consent:no');
      assert.ok(walk.has('consent-withdrawn'));
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
    assert.ok(!walk.has('refund-needed'));
    walk.clock.increment(30 * day);
    assert.equal(walk.state().output?.outcome, 'consent-withdrawn');
  });

  test('still sees money paid through a link that was sent before', async () => {
    const walk = await awaitingPayment();
    walk.write('STOP');
    assert.ok(!walk.has('refund-needed'));
    walk.payment('payment.succeeded');
    assert.ok(walk.has('refund-needed'));
    assert.deepEqual(walk.said(), []);
    walk.clock.increment(365 * day);
    assert.equal(walk.state().status, 'active');
  });

  test('does not lose a payment that was being checked', async () => {
    const walk = await awaitingPayment();
    walk.payment('payment.succeeded');
    walk.write('STOP');
    assert.ok(walk.has('refund-needed'));
  });
});
