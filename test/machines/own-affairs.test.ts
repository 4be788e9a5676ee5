import assert from 'node:assert/strict';
import { suite, test } from 'node:test';

import { awaitingPayment, confirmed, inIntake, offered, paid, price } from './walk.ts';

suite('what a patient asks of their own affairs', () => {
  test('is answered with nothing where nothing is booked, and no question of ours is lost by it', () => {
    const walk = inIntake();
    walk.said();
    walk.write('When do I fly');
    assert.deepEqual(walk.said(), ['trip.none']);
    walk.write('I paid');
    assert.deepEqual(walk.said(), ['payment.none']);
    assert.ok(!walk.has('with-staff'));
    walk.write('Berlin');
    assert.deepEqual(walk.said(), ['intake.date'], 'It is still the airport that was asked for');
  });

  test('is the trip that was chosen, and that it is to be paid', async () => {
    const walk = await awaitingPayment();
    walk.said();
    walk.write('When do I fly');
    const title = walk.sent.at(-1)?.values['title'] as { ways: readonly unknown[] };
    assert.equal(title.ways.length, 1);
    assert.deepEqual(walk.said(), ['trip.unpaid']);
    walk.write('I paid');
    assert.deepEqual(walk.said(), ['payment.none']);
    assert.ok(!walk.has('with-staff'));
  });

  test('is the trip that is paid with its reference, and the payment with its day, also while staff have the case', async () => {
    const walk = await confirmed();
    for (const isWithStaff of [false, true]) {
      if (isWithStaff) walk.write('Where is the hotel?');
      walk.said();
      walk.write('When do I fly');
      assert.deepEqual(walk.sent.at(-1)?.values['bookingId'], { reference: 'case-1-b1' });
      assert.deepEqual(walk.said(), ['trip.known']);
      walk.write('I paid');
      assert.deepEqual(walk.sent.at(-1)?.values['total'], price);
      assert.deepEqual(walk.said(), ['payment.known']);
      assert.equal(walk.has('with-staff'), isWithStaff);
    }
  });

  test('is one payment to who believes to have paid twice, and a person looks', async () => {
    const walk = await confirmed();
    walk.said();
    walk.write('I think I paid twice');
    assert.deepEqual(walk.said().toSorted(), ['payment.known', 'staff.handover']);
    assert.ok(walk.has('with-staff'));
  });

  test('is what comes next, where they stand: the open question, the offers, the link, the trip that is paid', async () => {
    const asking = inIntake();
    asking.said();
    asking.write('What happens next');
    assert.deepEqual(asking.said(), ['intake.next', 'intake.origin']);
    for (const [begin, answer] of [
      [async () => offered(2), 'offer.list'],
      [awaitingPayment, 'payment.link'],
      [confirmed, 'trip.known'],
    ] as const) {
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      const walk = await begin();
      walk.said();
      walk.write('What happens next');
      assert.deepEqual(walk.said(), [answer]);
      assert.ok(!walk.has('with-staff'));
    }
  });

  test('is what comes next also for words that were written before our question was sent', () => {
    const walk = inIntake();
    walk.sendByHand();
    walk.write('Berlin');
    walk.said();
    walk.write('What happens next');
    walk.deliver({ at: new Date(Date.parse(walk.at()) + 5_000).toISOString() });
    assert.deepEqual(walk.said(), ['intake.next', 'intake.date']);
  });

  test('is what comes next, a person says, once their case is being closed', async () => {
    const walk = await awaitingPayment();
    walk.send({ type: 'staff.close', reason: 'duplicate', at: walk.at() });
    walk.said();
    walk.write('What happens next');
    assert.deepEqual(walk.said(), ['staff.handover']);
  });

  test('is a payment that is being checked while the provider does not tell', async () => {
    const walk = await awaitingPayment();
    walk.payment('paid');
    walk.said();
    walk.write('I paid');
    assert.deepEqual(walk.said(), ['payment.checking']);
    await walk.answer('readPayment', paid());
    assert.deepEqual(walk.said(), ['booking.confirmed']);
  });
});

suite('a part of the trip that is to be another, in words', () => {
  test('is asked for as by its button, before and after the offers and the link', async () => {
    for (const begin of [async () => offered(2), awaitingPayment]) {
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      const walk = await begin();
      walk.said();
      walk.write('Change the date');
      assert.ok(walk.said().includes('intake.dates'));
      assert.ok(!walk.has('with-staff'));
      assert.ok(!walk.calls.some(({ name }) => name === 'searchFlights'));
    }
  });

  test('is asked for where it is only something', async () => {
    const walk = await offered(2);
    walk.said();
    walk.write('Change something');
    assert.deepEqual(walk.said(), ['intake.change']);
  });

  test('is acknowledged while staff have the case, in front of what is asked where something is', async () => {
    for (const [begin, text] of [
      [async () => offered(2), 'intake.dates'],
      [confirmed, 'staff.noted'],
    ] as const) {
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      const walk = await begin();
      walk.write('Where is the hotel?');
      walk.clock.increment(4 * 60_000);
      walk.said();
      walk.write('Change the date');
      assert.deepEqual(walk.said(), [text]);
    }
  });
});

suite('a question for a person with details of the trip', () => {
  test('is one message: what is asked next, with the word on who answers in front', () => {
    const walk = inIntake();
    walk.said();
    walk.write('From Berlin on 2027-03-04, 2 adults. Is there a pool?');
    assert.equal(walk.sent.at(-1)?.before, 'staff.handover');
    assert.deepEqual(walk.said(), ['intake.confirm']);
    assert.ok(walk.has('with-staff'));
  });

  test('is told by itself where nothing is asked', async () => {
    const walk = await confirmed();
    walk.said();
    walk.write('We are from Berlin. Is there a pool?');
    assert.deepEqual(walk.said(), ['staff.handover']);
  });
});
