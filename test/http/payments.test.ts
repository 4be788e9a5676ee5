import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { suite, test } from 'node:test';

import fc from 'fast-check';
import { Stripe } from 'stripe';
import * as v from 'valibot';

import { eventSchemas, isEventType } from '../../actors/shapes/events.ts';
import { signingKeys } from '../../http/server/signatures.ts';
import { isStripeSigned, stripeDelivery } from '../../http/webhooks/payments/stripe.ts';
import { memorySeen, postWebhook, problemOf, startEdge, webhookSecrets } from './edge.ts';

const nowMs = 1_795_400_000_000;
const nowSeconds = nowMs / 1_000;

function v1(body: string, secret: string, seconds: number): string {
  return createHmac('sha256', secret).update(`${seconds}.${body}`).digest('hex');
}

function stripeSignature(body: string, secret: string = webhookSecrets[0], seconds = nowSeconds) {
  return `t=${seconds},v1=${v1(body, secret, seconds)}`;
}

const ours = { tenant: 't1', case_id: 'case-1', booking_id: 'case-1-b1' };

function session(changes: Record<string, unknown> = {}) {
  return {
    id: 'cs_test_a1',
    object: 'checkout.session',
    mode: 'payment',
    status: 'complete',
    payment_status: 'paid',
    amount_total: 125_000,
    currency: 'eur',
    client_reference_id: 'case-1-b1',
    payment_intent: 'pi_1',
    metadata: ours,
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

const post = (url: string, body: unknown, headers: Record<string, string>) =>
  postWebhook(url, 'payments', body, headers);

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
  test('of a paid checkout says that there is news of the payment, and not how much', () => {
    assert.deepEqual(deliveryOf(event('checkout.session.completed')), {
      source: 'stripe',
      dedupeKey: 'evt_1',
      type: 'payment.notified',
      data: {
        provider: 'stripe',
        notice: 'paid',
        bookingId: 'case-1-b1',
        checkoutId: 'cs_test_a1',
        paymentId: 'pi_1',
        at: '2026-11-23T02:13:20.000Z',
      },
      about: { kind: 'case', caseId: 'case-1' },
    });
  });

  const intent = { id: 'pi_1', object: 'payment_intent', metadata: ours };
  const ofIntent = { id: 're_1', payment_intent: 'pi_1', metadata: {} };

  test('becomes the notice that its type and payment status mean', () => {
    const unpaid = { payment_status: 'unpaid' };
    const meanings: readonly (readonly [string, unknown, string])[] = [
      ['checkout.session.completed', session(), 'paid'],
      ['checkout.session.completed', session(unpaid), 'pending'],
      ['checkout.session.async_payment_succeeded', session(), 'paid'],
      ['checkout.session.async_payment_failed', session(unpaid), 'failed'],
      ['checkout.session.expired', session({ ...unpaid, payment_intent: null }), 'expired'],
      ['payment_intent.succeeded', intent, 'paid'],
      ['payment_intent.payment_failed', intent, 'failed'],
      ['charge.refunded', ofIntent, 'refund'],
      ['refund.created', ofIntent, 'refund'],
      ['refund.updated', ofIntent, 'refund'],
      ['refund.failed', ofIntent, 'refund'],
      ['charge.dispute.created', ofIntent, 'dispute'],
      ['charge.dispute.updated', ofIntent, 'dispute'],
      ['charge.dispute.closed', ofIntent, 'dispute'],
      ['charge.dispute.funds_withdrawn', ofIntent, 'dispute'],
      ['charge.dispute.funds_reinstated', ofIntent, 'dispute'],
    ];
    for (const [type, object, notice] of meanings) {
      const { data } = deliveryOf(event(type, object));
      assert.equal((data as { notice?: string }).notice, notice, type);
    }
  });

  test('finds its case by metadata, or else by the payment that the books know', () => {
    const aboutOf = (type: string, object: unknown) => deliveryOf(event(type, object)).about;
    const payment = { kind: 'payment', provider: 'stripe', paymentId: 'pi_1' };
    const theCase = { kind: 'case', caseId: 'case-1' };
    assert.deepEqual(aboutOf('payment_intent.succeeded', intent), theCase);
    assert.deepEqual(aboutOf('charge.refunded', { ...ofIntent, metadata: ours }), theCase);
    assert.deepEqual(aboutOf('refund.created', ofIntent), payment);
    assert.deepEqual(
      aboutOf('charge.dispute.created', { payment_intent: { id: 'pi_1' } }),
      payment,
    );
    assert.deepEqual(aboutOf('checkout.session.completed', session({ metadata: null })), payment);
    // A case without a booking is not enough to know which payment is meant; a client reference is a booking.
    const noBooking = { metadata: { case_id: 'case-1' }, client_reference_id: null };
    assert.deepEqual(aboutOf('checkout.session.completed', session(noBooking)), payment);
    const byReference = session({ metadata: { case_id: 'case-1' } });
    assert.deepEqual(aboutOf('checkout.session.completed', byReference), theCase);
  });

  test('has no amount in it, whatever Stripe says of amounts', () => {
    const first = deliveryOf(event('checkout.session.completed', session({ amount_total: 1 })));
    const second = deliveryOf(event('checkout.session.completed', session({ amount_total: 'x' })));
    assert.deepEqual(first, second);
  });

  test('of a type without a word of ours, of nobody, or thin, is parked with a reason', () => {
    const nobody = { metadata: {}, client_reference_id: null, payment_intent: null };
    const strangers: readonly (readonly [unknown, string])[] = [
      [event('invoice.paid', { anything: true }), 'unknown event type'],
      [event('constructor', null), 'unknown event type'],
      [event('checkout.session.completed', session(nobody)), 'payment without a booking'],
      [event('charge.refunded', { payment_intent: null }), 'payment without a booking'],
      [
        event('checkout.session.completed', session({ ...nobody, metadata: { case_id: 'no id' } })),
        'payment without a booking',
      ],
      [
        event('checkout.session.completed', session({ payment_status: 'no_payment_required' })),
        'checkout completed without a payment',
      ],
      [
        event('checkout.session.completed', session({ mode: 'setup' })),
        'checkout that is no payment',
      ],
      [
        {
          id: 'evt_thin',
          object: 'v2.core.event',
          type: 'v1.billing.meter.error_report_triggered',
          created: '2026-11-23T02:13:20.000Z',
          related_object: { id: 'mtr_1', type: 'billing.meter', url: '/v1/billing/meters/mtr_1' },
        },
        'thin event',
      ],
    ];
    for (const [stranger, reason] of strangers) {
      const delivery = deliveryOf(stranger);
      assert.deepEqual(delivery.about, { kind: 'nobody', reason });
      assert.equal(delivery.type, 'unknown');
    }
  });
});

suite('POST /webhooks/payments', () => {
  const now = () => nowMs;
  const signed = (body: string, headers: Record<string, string> = {}) => ({
    'stripe-signature': stripeSignature(body),
    ...headers,
  });

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
    assert.deepEqual(
      intake.received.map(({ type }) => type),
      ['payment.notified'],
    );
  });

  test('stores both of two events of one fact, and parks what it does not know, with 200', async (t) => {
    const { url, intake } = await startEdge(t, { now });
    const outcomes = [];
    for (const sent of [
      event('checkout.session.completed', session(), 'evt_1'),
      event('checkout.session.completed', session(), 'evt_2'),
      event('customer.created', {}, 'evt_3'),
      { id: 'evt_4', object: 'v2.core.event', type: 'v2.core.account.updated' },
    ]) {
      const body = JSON.stringify(sent);
      const response = await post(url, body, signed(body));
      assert.equal(response.status, 200);
      outcomes.push(await response.json());
    }
    assert.deepEqual(outcomes, [{ stored: 1 }, { stored: 1 }, { parked: 1 }, { parked: 1 }]);
    assert.equal(intake.received.length, 4);
  });

  test('answers 401 without detail to a wrong, old, future, missing or second signature', async (t) => {
    const { url, intake } = await startEdge(t, { now });
    const body = JSON.stringify(event('checkout.session.completed'));
    const iyzico = '42ca2aaee33ef3f9f4bd978c755e9146f62e10e372a8d5585860ad7aa2d11cbd';
    const wrong: Record<string, string>[] = [
      {},
      { 'stripe-signature': '' },
      { 'stripe-signature': stripeSignature(body, 'whsec_other') },
      { 'stripe-signature': stripeSignature(`${body} `) },
      { 'stripe-signature': stripeSignature(body, webhookSecrets[0], nowSeconds - 301) },
      { 'stripe-signature': stripeSignature(body, webhookSecrets[0], nowSeconds + 301) },
      signed(body, { 'x-iyz-signature-v3': iyzico }),
      { 'x-iyz-signature-v3': iyzico },
    ];
    for (const headers of wrong) {
      const response = await post(url, body, headers);
      const { status, code, detail } = await problemOf(response);
      assert.deepEqual([status, code, detail], [401, 'bad_signature', undefined]);
    }
    assert.equal(intake.received.length, 0);
  });

  test('parks an event that cannot be read, with the field’s name', async (t) => {
    const { url, intake } = await startEdge(t, { now });
    const { id: _, ...nameless } = event('checkout.session.completed');
    const faults: [unknown, string][] = [
      [nameless, 'id'],
      [[], 'id'],
      [null, 'value'],
      [{ ...event('x'), data: null }, 'data'],
      [{ ...event('x'), created: 'soon' }, 'created'],
      [event('checkout.session.completed', null), 'data.object'],
      [event('checkout.session.completed', session({ id: {} })), 'data.object.id'],
      [event('payment_intent.succeeded', { metadata: ours }), 'data.object.id'],
      [event('refund.created', { payment_intent: [] }), 'data.object.payment_intent'],
    ];
    for (const [index, [fault, field]] of faults.entries()) {
      intake.received.length = 0;
      const named = v.is(v.object({ id: v.string() }), fault)
        ? { ...fault, id: `evt_${index}` }
        : fault;
      const body = JSON.stringify(named);
      assert.equal((await post(url, body, signed(body))).status, 200);
      const about = intake.received[0]?.about;
      const reason = about?.kind === 'nobody' ? about.reason : '';
      assert.ok(reason.startsWith(`bad event: ${field}: `), reason);
    }
  });

  test('reads an event whatever others put into its metadata', () => {
    const metadata = { ...ours, n: 1, list: [], nothing: null };
    const { about } = stripeDelivery(event('charge.refunded', { payment_intent: 5, metadata }));
    assert.deepEqual(about, { kind: 'case', caseId: ours.case_id });
  });

  test('holds to the limits of size and type', async (t) => {
    const { url } = await startEdge(t, { now, limits: { bodyBytes: 2_000 } });
    const body = JSON.stringify(event('checkout.session.completed'));
    const large = `${body}${' '.repeat(2_000)}`;
    assert.equal((await post(url, large, signed(large))).status, 413);
    const form = { ...signed(body), 'content-type': 'application/x-www-form-urlencoded' };
    assert.equal((await post(url, body, form)).status, 415);
  });

  test('answers what was committed under the same key and body without asking the ledger', async (t) => {
    const seen = memorySeen();
    const { url, intake } = await startEdge(t, { now, seen });
    const body = JSON.stringify(event('checkout.session.completed'));
    const given = signed(body, { 'x-idempotency-key': 'their-key' });
    for (const headers of [signed(body), given]) {
      const first = await post(url, body, headers);
      assert.equal(first.status, 200);
      intake.closed = true;
      const second = await post(url, body, headers);
      assert.deepEqual([second.status, await second.json()], [200, { duplicate: 1 }]);
      intake.closed = false;
    }
    assert.equal(new Set(seen.asked).size, 2);
    assert.equal(intake.received.length, 1);
  });

  test('asks the ledger about another body under a key, and remembers no contradiction', async (t) => {
    const seen = memorySeen();
    const { url } = await startEdge(t, { now, seen });
    const outcomes = [];
    for (const status of ['paid', 'unpaid', 'unpaid', 'paid']) {
      const body = JSON.stringify(
        event('checkout.session.completed', session({ payment_status: status })),
      );
      const response = await post(url, body, signed(body, { 'x-idempotency-key': 'their-key' }));
      outcomes.push(await response.json());
    }
    assert.deepEqual(outcomes, [{ stored: 1 }, { conflict: 1 }, { conflict: 1 }, { duplicate: 1 }]);
  });

  test('asks what was seen only once the signature held, and remembers only what was committed', async (t) => {
    const seen = memorySeen();
    const { url, intake } = await startEdge(t, { now, seen });
    const body = JSON.stringify(event('checkout.session.completed'));
    const forged = { 'stripe-signature': stripeSignature(body, 'whsec_other') };
    assert.equal((await post(url, body, forged)).status, 401);
    assert.deepEqual(seen.asked, []);
    intake.closed = true;
    assert.equal((await post(url, body, signed(body))).status, 503);
    assert.equal(seen.digests.size, 0);
    intake.closed = false;
    assert.deepEqual(await (await post(url, body, signed(body))).json(), { stored: 1 });
    assert.equal(seen.digests.size, 1);
  });

  test("passes over what is no key and goes by the event's id", async (t) => {
    const seen = memorySeen();
    const { url } = await startEdge(t, { now, seen });
    const body = JSON.stringify(event('checkout.session.completed'));
    for (const key of ['', 'two words', 'x'.repeat(201), 'é']) {
      assert.equal((await post(url, body, signed(body, { 'x-idempotency-key': key }))).status, 200);
    }
    assert.deepEqual([...new Set(seen.asked)], ['stripe fact evt_1']);
  });
});
