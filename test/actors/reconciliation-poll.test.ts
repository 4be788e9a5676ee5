import assert from 'node:assert/strict';
import { suite, test } from 'node:test';

import * as v from 'valibot';

import {
  ProviderCredentialsRefused,
  ProviderRefused,
  ProviderUnreachable,
} from '../../actors/errors.ts';
import { eventSchemas } from '../../actors/shapes/events.ts';
import { booking, eur, open, paid, world } from './reconciliation-fixture.ts';

const signal = new AbortController().signal;
const poll = async ({ reconciler }: ReturnType<typeof world>) =>
  (await reconciler.pollOpen(signal))[0];
const minuteMs = 60_000;

suite('a look at open bookings', () => {
  test('tells the case of a payment whose webhook never came', async () => {
    const made = world();
    made.it.states.set('cs_1', paid);
    assert.deepEqual(await poll(made), {
      provider: 'stripe',
      looked: 1,
      notified: 1,
      unreadable: 0,
    });
    const [delivery] = made.it.deliveries;
    assert.deepEqual(delivery?.about, { kind: 'case', caseId: 'c1' });
    assert.deepEqual([delivery.source, delivery.type], ['reconciliation', 'payment.notified']);
    assert.ok(delivery.dedupeKey.length <= 200);
    const data = v.parse(eventSchemas['payment.notified'], delivery.data);
    assert.deepEqual(
      { ...data, at: null },
      {
        provider: 'stripe',
        notice: 'reconciled',
        bookingId: 'c1-b1',
        checkoutId: 'cs_1',
        paymentId: 'pi_1',
        at: null,
      },
    );
    assert.equal(JSON.stringify(delivery).includes('1000'), false, 'no amounts');
  });

  for (const [what, state] of [
    ['failed', { ...open, status: 'failed' }],
    ['expired', { ...open, status: 'expired' }],
    ['rejected', { ...open, status: 'pending', fraud: 'rejected' }],
    ['disputed', { ...open, dispute: { disputeId: 'd', amount: eur('1'), status: 'open' } }],
    [
      'refunded',
      { ...open, refunds: [{ refundId: 'r', reference: null, amount: eur('1'), status: 'done' }] },
    ],
  ] as const) {
    test(`tells the case of a payment that ${what === 'failed' ? 'failed' : `is ${what}`}`, async () => {
      const made = world();
      made.it.states.set('cs_1', state);
      assert.equal((await poll(made))?.notified, 1);
    });
  }

  test('says nothing of one that can still be paid, or is on its way', async () => {
    const made = world();
    made.it.states.set('cs_1', open);
    assert.equal((await poll(made))?.notified, 0);
    made.it.states.set('cs_1', { ...open, status: 'pending', fraud: 'review' });
    assert.equal((await poll(made))?.notified, 0);
  });

  test('makes one event of one finding, and another one of the next', async () => {
    const made = world();
    made.it.casesWork = false;
    const told = () => made.it.deliveries.length;
    made.it.states.set('cs_1', { ...open, status: 'failed' });
    await poll(made);
    made.it.nowMs += 5 * minuteMs;
    assert.equal((await poll(made))?.notified, 0);
    assert.equal(told(), 1);
    made.it.states.set('cs_1', paid);
    await poll(made);
    assert.equal(told(), 2);
    made.it.nowMs += 6 * 60 * minuteMs;
    await poll(made);
    assert.equal(told(), 3, 'told again when nothing came of it');
  });

  test('leaves bookings alone that were touched just now', async () => {
    const made = world();
    made.it.states.set('cs_1', paid);
    const updatedAt = new Date(made.it.nowMs - 9 * minuteMs).toISOString();
    made.it.bookings = [{ ...booking, updatedAt }];
    assert.equal((await poll(made))?.looked, 0);
    made.it.nowMs += 2 * minuteMs;
    assert.equal((await poll(made))?.looked, 1);
  });

  test('reads all pages, so many at a time', async () => {
    const made = world({ pageSize: 10, concurrency: 3 });
    made.it.bookings = Array.from({ length: 35 }, (_, n) => ({
      ...booking,
      bookingId: `c1-b${n + 1}`,
      checkoutId: `cs_${n + 1}`,
    }));
    for (const { checkoutId, bookingId } of made.it.bookings) {
      made.it.states.set(checkoutId, {
        ...paid,
        checkoutId,
        bookingId,
        paymentId: `pi_${bookingId}`,
      });
    }
    made.it.casesWork = false;
    assert.deepEqual(await poll(made), {
      provider: 'stripe',
      looked: 35,
      notified: 35,
      unreadable: 0,
    });
    assert.equal(new Set(made.it.read).size, 35);
    assert.equal(made.it.reading.most, 3);
  });

  test('goes on when one payment can’t be read, and gives up on bad credentials', async () => {
    const made = world();
    made.it.bookings = [
      { ...booking, bookingId: 'c1-b2', checkoutId: 'cs_2' },
      { ...booking, bookingId: 'c1-b3', checkoutId: 'cs_3' },
      booking,
    ];
    made.it.states.set('cs_1', paid);
    made.it.states.set('cs_2', new ProviderUnreachable('stripe', 'timeout'));
    made.it.states.set('cs_3', new ProviderRefused('stripe', 'resource_missing'));
    assert.deepEqual(await poll(made), {
      provider: 'stripe',
      looked: 3,
      notified: 1,
      unreadable: 2,
    });
    made.it.states.set('cs_2', new ProviderCredentialsRefused('stripe', 'api_key_expired'));
    await assert.rejects(poll(made), { name: 'ProviderCredentialsRefused' });
  });

  test('looks at held and lapsed bookings too, once an hour', async () => {
    const made = world();
    made.it.casesWork = false;
    const old = new Date(made.it.nowMs - 15 * 24 * 60 * minuteMs).toISOString();
    made.it.bookings = [
      { ...booking, bookingId: 'c1-b2', checkoutId: 'cs_2', state: 'lapsed' },
      { ...booking, bookingId: 'c1-b3', checkoutId: 'cs_3', state: 'lapsed' },
      { ...booking, bookingId: 'c1-b4', checkoutId: 'cs_4', state: 'lapsed', updatedAt: old },
      { ...booking, bookingId: 'c1-b5', checkoutId: 'cs_5', state: 'held', updatedAt: old },
      { ...booking, bookingId: 'c1-b6', checkoutId: 'cs_6', state: 'confirmed' },
    ];
    made.it.states.set('cs_2', { ...open, status: 'expired' });
    made.it.states.set('cs_3', { ...paid, checkoutId: 'cs_3' });
    made.it.states.set('cs_5', { ...open, status: 'pending', fraud: 'rejected' });
    const looks = { provider: 'stripe', looked: 3, notified: 2, unreadable: 0 };
    assert.deepEqual(await poll(made), looks);
    assert.deepEqual(made.it.read.toSorted(), ['cs_2', 'cs_3', 'cs_5']);
    made.it.nowMs += 55 * minuteMs;
    assert.equal((await poll(made))?.looked, 0);
    made.it.nowMs += 6 * minuteMs;
    assert.deepEqual(await poll(made), { ...looks, notified: 0 }, 'told already');
    made.it.nowMs += 24 * 60 * minuteMs;
    assert.deepEqual(await poll(made), looks, 'told again a day later');
  });

  test('goes on with set aside bookings where the last look stopped', async () => {
    const made = world({ pageSize: 2, setAsidePages: 2 });
    made.it.bookings = Array.from({ length: 5 }, (_, n) => ({
      ...booking,
      bookingId: `c1-b${n + 1}`,
      checkoutId: `cs_${n + 1}`,
      state: 'held' as const,
    }));
    for (const { checkoutId } of made.it.bookings) made.it.states.set(checkoutId, open);
    const looked: (number | undefined)[] = [];
    for (let look = 0; look < 3; look++) {
      looked.push((await poll(made))?.looked);
      made.it.nowMs += 61 * minuteMs;
    }
    assert.deepEqual(looked, [4, 1, 4]);
    assert.deepEqual(made.it.read.slice(0, 5).toSorted(), ['cs_1', 'cs_2', 'cs_3', 'cs_4', 'cs_5']);
  });

  test('ends with its signal', async () => {
    const { it, reconciler } = world();
    it.states.set('cs_1', paid);
    await assert.rejects(reconciler.pollOpen(AbortSignal.abort()), { name: 'AbortError' });
    assert.deepEqual(it.deliveries, []);
  });
});
