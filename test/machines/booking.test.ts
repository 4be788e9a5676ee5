import assert from 'node:assert/strict';
import { suite, test } from 'node:test';

import {
  accepted,
  awaitingPayment,
  bookingIn as booking,
  checkout,
  confirmed,
  hour,
  paid,
  unpaid,
} from './walk.ts';

suite('booking', () => {
  test('opens a checkout of the accepted price, which ends within the 24 h a provider takes', async () => {
    const walk = await accepted();
    assert.deepEqual(await walk.answer('openCheckout', checkout()), {
      caseId: 'case-1',
      bookingId: 'case-1-b1',
      attempt: 1,
      payer: {
        firstName: null,
        familyName: null,
        email: null,
        phone: '491700000001',
        country: null,
        city: null,
        address: null,
      },
      lang: 'en',
      total: { amountMinor: '21000', currency: 'EUR' },
      title: 'TK1722 BER-IST 2027-02-01',
      expiresAt: '2027-01-02T08:00:07.000Z', // 23 h after the patient chose.
    });
    assert.deepEqual(walk.sent.at(-1), {
      recipient: { phone: '491700000001' },
      lang: 'en',
      text: 'payment.link',
      values: {
        url: 'https://pay.example/case-1-b1',
        title: {
          ways: [
            {
              flight: 'TK1722',
              from: 'BER',
              to: 'IST',
              departLocal: '2027-02-01T10:40:00',
              arriveLocal: '2027-02-01T15:45:00',
              stops: 0,
            },
          ],
          party: { adults: 2, childrenAges: [] },
          payableUntil: '2027-01-02T08:00:00.000Z',
        },
        total: { amountMinor: '21000', currency: 'EUR' },
      },
      heardAt: '2027-01-01T09:00:07.000Z',
      purpose: 'service',
    });
  });

  test('says that the link takes longer where the provider does not answer, and then sends it', async () => {
    const walk = await accepted();
    walk.said();
    walk.clock.increment(30_000);
    assert.deepEqual(walk.said(), ['payment.slow']);
    walk.clock.increment(hour);
    assert.deepEqual(walk.said(), [], 'Once');
    await walk.answer('openCheckout', checkout());
    assert.deepEqual(walk.said(), ['payment.link']);
  });

  test('says that a payment is being checked where the provider does not tell of it', async () => {
    const walk = await awaitingPayment();
    walk.said();
    walk.payment('paid');
    walk.clock.increment(30_000);
    assert.deepEqual(walk.said(), ['payment.checking']);
    await walk.answer('readPayment', paid());
    assert.deepEqual(walk.said(), ['booking.confirmed']);
  });

  test('is held when no checkout can be opened, and opens one with a fresh lifetime on resume', async () => {
    const walk = await accepted();
    await walk.fail('openCheckout');
    assert.equal(booking(walk).context.heldFor, 'checkout-not-opened');
    assert.ok(walk.has('with-staff'));
    walk.clock.increment(48 * hour);
    walk.send({ type: 'staff.resume', at: walk.at() });
    const order = await walk.answer('openCheckout', checkout());
    assert.equal((order as { expiresAt: string }).expiresAt, '2027-01-04T08:00:07.000Z');
    assert.ok(booking(walk).matches('waiting'));
  });

  test('takes money that comes before it knows of its own checkout, once the provider says so', async () => {
    const walk = await accepted();
    walk.payment('paid');
    await walk.answer('openCheckout', checkout());
    assert.ok(booking(walk).matches('reading'));
    assert.notEqual(walk.sent.at(-1)?.text, 'payment.link');
    await walk.answer('readPayment', paid());
    assert.ok(walk.has('confirmed'));
  });

  test('asks the provider before it believes a webhook', async () => {
    const walk = await awaitingPayment();
    walk.payment('paid');
    assert.ok(booking(walk).matches('reading'));
    assert.deepEqual(await walk.answer('readPayment', paid()), {
      provider: 'stripe',
      bookingId: 'case-1-b1',
      checkoutId: 'cs_case-1-b1',
      paymentId: null,
      otherPaymentIds: [],
      knownRefunds: [],
    });
    assert.ok(walk.has('confirmed'));
  });

  const differences = {
    'another order': { total: { amountMinor: '1', currency: 'EUR' } },
    'another amount': { captured: { amountMinor: '20999', currency: 'EUR' } },
    'another currency': { captured: { amountMinor: '21000', currency: 'TRY' } },
    'another booking': { bookingId: 'case-2-b1' },
    'no booking': { bookingId: null },
  };
  for (const [difference, change] of Object.entries(differences)) {
    test(`is held when the provider tells of ${difference}`, async () => {
      const walk = await awaitingPayment();
      walk.payment('paid');
      await walk.answer('readPayment', paid(change));
      assert.ok(booking(walk).matches('held'));
      assert.equal(booking(walk).context.heldFor, 'payment-differs');
      walk.staff('staff.resume');
      assert.deepEqual(walk.calls, [], 'Resuming what waits decides nothing about money');
      walk.send({ type: 'staff.resume', bookingId: 'case-1-b1', at: walk.at() });
      await walk.answer('readPayment', paid());
      assert.ok(walk.has('confirmed'), 'Resuming the booking asks the provider again');
    });
  }

  test('looks at the checkout that a payment names, and is held when that one was paid besides', async () => {
    const walk = await confirmed();
    walk.payment('paid', 'case-1-b1', 'cs_other');
    const other = { checkoutId: 'cs_other', paymentId: 'pi_2' };
    const reference = await walk.answer('readPayment', paid(other));
    assert.deepEqual(reference, {
      provider: 'stripe',
      bookingId: 'case-1-b1',
      checkoutId: 'cs_other',
      paymentId: null,
      otherPaymentIds: ['pi_1'],
      knownRefunds: [],
    });
    assert.equal(booking(walk).context.heldFor, 'paid-twice');
    assert.ok(walk.has('with-staff') && walk.has('refund-needed'));
  });

  test('waits on when a payment failed but the checkout is open', async () => {
    const walk = await awaitingPayment();
    walk.payment('failed');
    await walk.answer('readPayment', unpaid('open'));
    assert.ok(booking(walk).matches('waiting'));
    walk.payment('paid');
    await walk.answer('readPayment', paid());
    assert.ok(walk.has('confirmed'));
  });

  test('reads again when news comes while it reads', async () => {
    const walk = await awaitingPayment();
    walk.payment('expired');
    walk.payment('paid');
    assert.equal(walk.calls.length, 1, 'The older reading is dropped');
    await walk.answer('readPayment', paid());
    assert.ok(walk.has('confirmed'));
  });

  test('reminds once, before the link ends', async () => {
    const walk = await awaitingPayment();
    walk.clock.increment(20 * hour - 1);
    assert.deepEqual(walk.said(), []);
    walk.clock.increment(1);
    assert.deepEqual(walk.said(), ['payment.reminder']);
    walk.clock.increment(3 * hour);
    assert.deepEqual(walk.said(), []);
  });

  test('keeps its timers while it checks', async () => {
    const walk = await awaitingPayment();
    walk.clock.increment(19 * hour);
    walk.payment('failed');
    await walk.answer('readPayment', unpaid('open'));
    walk.clock.increment(1 * hour);
    assert.deepEqual(walk.said(), ['payment.reminder']);
    walk.clock.increment(3 * hour);
    await walk.answer('readPayment', unpaid('pending'));
    walk.clock.increment(1 * hour);
    assert.ok(booking(walk).matches('closing'));
  });

  test('finds a payment whose webhook never came', async () => {
    const walk = await awaitingPayment();
    walk.clock.increment(24 * hour);
    await walk.answer('readPayment', paid());
    assert.ok(walk.has('confirmed'));
  });

  test('is held when a slow payment is under way at the end', async () => {
    const walk = await awaitingPayment();
    walk.clock.increment(24 * hour);
    await walk.answer('readPayment', unpaid('pending'));
    await walk.answer('closeCheckout', null);
    await walk.answer('readPayment', unpaid('pending'));
    assert.equal(booking(walk).context.heldFor, 'payment-unsettled');
    walk.payment('paid');
    await walk.answer('readPayment', paid());
    assert.ok(walk.has('confirmed'));
  });

  test('never lapses quietly once a webhook said "paid"', async () => {
    const walk = await awaitingPayment();
    walk.payment('paid');
    await walk.answer('readPayment', unpaid('expired'));
    assert.equal(booking(walk).context.heldFor, 'payment-differs');
  });

  test('is held when the provider cannot be read', async () => {
    const walk = await awaitingPayment();
    walk.payment('paid');
    await walk.fail('readPayment');
    assert.equal(booking(walk).context.heldFor, 'payment-not-readable');
    assert.ok(walk.has('with-staff'));
  });
});
