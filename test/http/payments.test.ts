import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { suite, test } from 'node:test';

import fc from 'fast-check';
import { Stripe } from 'stripe';
import * as v from 'valibot';

import { eventSchemas, isEventType } from '../../actors/events.ts';
import { isStripeSigned, stripeDelivery } from '../../http/payments.ts';
import { signingKeys } from '../../http/signatures.ts';
import { problemOf, startEdge, webhookSecrets } from './edge.ts';

const nowMs = 1_795_400_000_000;
const nowSeconds = nowMs / 1_000;

function v1(body: string, secret: string, seconds: number): string {
  return createHmac('sha256', secret).update(`${seconds}.${body}`).digest('hex');
}

function stripeSignature(body: string, secret: string = webhookSecrets[0], seconds = nowSeconds) {
  return `t=${seconds},v1=${v1(body, secret, seconds)}`;
}

function session(changes: Record<string, unknown> = {}) {
  return {
    id: 'cs_test_a1',
    object: 'checkout.session',
    mode: 'payment',
    status: 'complete',
    payment_status: 'paid',
    amount_total: 125_000,
    currency: 'eur',
    client_reference_id: 'booking-1',
    payment_intent: 'pi_1',
    metadata: { tenant: 't1', case_id: 'case-1', booking_id: 'booking-1' },
    ...changes,
  };
}

function event(type: string, object: unknown = session(), id = 'evt_1') {
  return { id, object: 'event', created: nowSeconds, livemode: false, type, data: { object } };
}

function deliveryOf(body: unknown) {
  const delivery = stripeDelivery(body);
  assert.ok(isEventType(delivery.type));
  assert.ok(v.is(eventSchemas[delivery.type], delivery.data));
  return delivery;
}

async function post(url: string, body: string, headers: Record<string, string>) {
  return await fetch(`${url}/webhooks/payments`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body,
  });
}

suite("Stripe's signature", () => {
  const body = '{"id":"evt_1","object":"event"}';
  const keys = signingKeys(['whsec_EXAMPLE']);
  const vector = 'acf8b5f85c7732a5d307da9532636ee44b28cb821b6d73811772fd3a0577e48a';
  const signedAt = 1_760_000_000;
  const isTaken = (header: string, at = signedAt) =>
    isStripeSigned(keys, header, Buffer.from(body), at * 1_000);

  test('matches the published vector', () => {
    assert.ok(isTaken(`t=${signedAt},v1=${vector}`));
  });

  test('is taken up to 300 s from now, in both directions, and not further', () => {
    const header = `t=${signedAt},v1=${vector}`;
    for (const away of [-300, -1, 1, 300]) assert.ok(isTaken(header, signedAt + away));
    for (const away of [-301, 301, 86_400, -86_400]) assert.ok(!isTaken(header, signedAt + away));
  });

  test('may be one of several, beside other schemes', () => {
    const other = '0'.repeat(64);
    assert.ok(isTaken(`t=${signedAt},v1=${other},v1=${vector},v0=${other}`));
    assert.ok(!isTaken(`t=${signedAt},v0=${vector}`));
  });

  test('with a time that is missing, repeated or no number is refused', () => {
    for (const header of [
      '',
      ',',
      `v1=${vector}`,
      `t=,v1=${vector}`,
      `t=x,v1=${vector}`,
      `t=${signedAt},t=${signedAt},v1=${vector}`,
      `t=${signedAt}.0,v1=${vector}`,
      `t=${signedAt}`,
      `t=${signedAt},v1=`,
    ]) {
      assert.ok(!isTaken(header), header);
    }
  });

  test("is judged as Stripe's own library does, but for the future", async () => {
    const stripe = new Stripe('sk_test_x', { telemetry: false });
    const theirs = async (payload: string, header: string) =>
      await stripe.webhooks
        .constructEventAsync(payload, header, 'whsec_EXAMPLE', 300, undefined, nowMs)
        .then(
          () => true,
          () => false,
        );
    const change = fc.constantFrom('none', 'body', 'secret', 'time', 'cut');
    await fc.assert(
      fc.asyncProperty(
        fc.object(),
        fc.integer({ min: 0, max: 400 }),
        change,
        async (object, age, change) => {
          const payload = JSON.stringify(object);
          const seconds = nowSeconds - age;
          const secret = change === 'secret' ? 'whsec_other' : 'whsec_EXAMPLE';
          const whole = stripeSignature(payload, secret, seconds);
          const header = change === 'cut' ? whole.slice(0, -2) : whole;
          const sentHeader = change === 'time' ? header.replace(/^t=\d/, 't=2') : header;
          const sent = change === 'body' ? `${payload} ` : payload;
          assert.equal(
            isStripeSigned(keys, sentHeader, Buffer.from(sent), nowMs),
            await theirs(sent, sentHeader),
          );
        },
      ),
    );
  });
});

suite('A Stripe event', () => {
  test('of a paid checkout says what was paid, for which case and booking', () => {
    assert.deepEqual(deliveryOf(event('checkout.session.completed')), {
      source: 'stripe',
      dedupeKey: 'evt_1',
      type: 'payment.succeeded',
      data: {
        provider: 'stripe',
        checkoutId: 'cs_test_a1',
        bookingId: 'booking-1',
        caseId: 'case-1',
        amount: { amountMinor: '125000', currency: 'EUR' },
        at: '2026-11-23T02:13:20.000Z',
      },
      about: { kind: 'case', caseId: 'case-1' },
    });
  });

  test('of a checkout becomes the event that its type and payment status mean', () => {
    const meanings: [string, Record<string, unknown>, string][] = [
      ['checkout.session.async_payment_succeeded', {}, 'payment.succeeded'],
      ['checkout.session.async_payment_failed', { payment_status: 'unpaid' }, 'payment.failed'],
      ['checkout.session.expired', { payment_status: 'unpaid' }, 'payment.expired'],
      ['checkout.session.completed', { payment_status: 'unpaid' }, 'unknown'],
      ['checkout.session.completed', { payment_status: 'no_payment_required' }, 'unknown'],
      ['checkout.session.completed', { mode: 'setup', amount_total: null }, 'unknown'],
    ];
    for (const [type, changes, expected] of meanings) {
      assert.equal(deliveryOf(event(type, session(changes))).type, expected, type);
    }
  });

  test('of a type without a word of ours, or of somebody else, is parked', () => {
    const strangers = [
      event('invoice.paid', { anything: true }),
      event('constructor', null),
      event('checkout.session.completed', session({ metadata: {}, client_reference_id: null })),
      event('checkout.session.completed', session({ metadata: null })),
      event('checkout.session.completed', session({ metadata: { case_id: 'not an id' } })),
    ];
    for (const stranger of strangers) assert.equal(deliveryOf(stranger).about.kind, 'nobody');
  });

  test('counts money in ISO minor units, and never guesses', () => {
    const amountOf = (amount: number, currency: string) =>
      deliveryOf(event('checkout.session.completed', session({ amount_total: amount, currency })))
        .data;
    const moneyOf = (amount: number, currency: string) =>
      (amountOf(amount, currency) as { amount?: unknown }).amount;
    assert.deepEqual(moneyOf(5_000, 'jpy'), { amountMinor: '5000', currency: 'JPY' });
    assert.deepEqual(moneyOf(5_000, 'kwd'), { amountMinor: '5000', currency: 'KWD' });
    assert.deepEqual(moneyOf(5_000, 'isk'), { amountMinor: '50', currency: 'ISK' });
    assert.deepEqual(moneyOf(50, 'mga'), { amountMinor: '5000', currency: 'MGA' });
    assert.equal(moneyOf(5_001, 'isk'), undefined);
    assert.equal(moneyOf(5_000, 'ugx'), undefined);
  });
});

suite('POST /webhooks/payments', () => {
  const now = () => nowMs;

  test('takes a signed event under each live secret, once', async (t) => {
    const { url, intake } = await startEdge(t, { now });
    const body = JSON.stringify(event('checkout.session.completed'));
    const outcomes = [];
    for (const secret of webhookSecrets) {
      const response = await post(url, body, { 'stripe-signature': stripeSignature(body, secret) });
      assert.equal(response.status, 200);
      outcomes.push(await response.json());
    }
    assert.deepEqual(outcomes, [{ stored: 1 }, { duplicate: 1 }]);
    assert.equal(intake.received[0]?.type, 'payment.succeeded');
  });

  test('parks a type it does not know with 200', async (t) => {
    const { url } = await startEdge(t, { now });
    const body = JSON.stringify(event('customer.created', {}));
    const response = await post(url, body, { 'stripe-signature': stripeSignature(body) });
    assert.deepEqual([response.status, await response.json()], [200, { parked: 1 }]);
  });

  test('answers 401 to a wrong, old, future or missing signature, and to iyzico for now', async (t) => {
    const { url, intake } = await startEdge(t, { now });
    const body = JSON.stringify(event('checkout.session.completed'));
    const wrong: Record<string, string>[] = [
      {},
      { 'stripe-signature': stripeSignature(body, 'whsec_other') },
      { 'stripe-signature': stripeSignature(`${body} `) },
      { 'stripe-signature': stripeSignature(body, webhookSecrets[0], nowSeconds - 301) },
      { 'stripe-signature': stripeSignature(body, webhookSecrets[0], nowSeconds + 301) },
      { 'x-iyz-signature-v3': '42ca2aaee33ef3f9f4bd978c755e9146f62e10e372a8d5585860ad7aa2d11cbd' },
    ];
    for (const headers of wrong) {
      const response = await post(url, body, headers);
      const { status, code, detail } = await problemOf(response);
      assert.deepEqual([status, code, detail], [401, 'bad_signature', undefined]);
    }
    assert.equal(intake.received.length, 0);
  });

  test('answers 400 naming the field of an event that is none', async (t) => {
    const { url } = await startEdge(t, { now });
    const { id: _, ...nameless } = event('checkout.session.completed');
    const faults: [unknown, string][] = [
      [nameless, 'id'],
      [{ ...event('x'), data: null }, 'data'],
      [{ ...event('x'), created: '1' }, 'created'],
      [event('checkout.session.completed', null), 'data.object'],
      [event('checkout.session.completed', session({ id: 5 })), 'data.object.id'],
      [
        event('checkout.session.completed', session({ amount_total: 12.5 })),
        'data.object.amount_total',
      ],
    ];
    for (const [fault, field] of faults) {
      const body = JSON.stringify(fault);
      const response = await post(url, body, { 'stripe-signature': stripeSignature(body) });
      const { status, detail } = await problemOf(response);
      assert.equal(status, 400);
      assert.ok(detail?.startsWith(`${field}: `), detail ?? 'no detail');
    }
  });
});
