import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, beforeEach, suite, test } from 'node:test';

import { Stripe } from 'stripe';

import { sandboxSecrets } from '../sandbox/sandbox.ts';
import { waitUntil } from '../support/wait.ts';
import { performing } from './fixtures.ts';
import { type Posted, type StripeWorld, startStripe } from './stripe-fixture.ts';

suite('the sandbox of Stripe', () => {
  let stripe: StripeWorld;

  before(async () => {
    stripe = await startStripe();
  });
  after(() => stripe.close());
  beforeEach(async () => {
    await stripe.control('delivery', {});
    stripe.posted.length = 0;
  });

  async function api(
    method: 'GET' | 'POST',
    path: string,
    form: Readonly<Record<string, string>> = {},
    key?: string,
  ) {
    const body = new URLSearchParams(form);
    const query = method === 'GET' && body.size > 0 ? `?${body.toString()}` : '';
    const answer = await fetch(`${stripe.provider.sandbox.origin}/v1/${path}${query}`, {
      method,
      headers: {
        authorization: `Bearer ${sandboxSecrets.stripeSecretKey}`,
        ...(key === undefined ? {} : { 'idempotency-key': key }),
      },
      ...(method === 'POST' ? { body } : {}),
    });
    const json = (await answer.json()) as {
      id?: string;
      error?: { code?: string; param?: string; type: string };
      data?: { id: string }[];
      has_more?: boolean;
    };
    return { status: answer.status, json, replayed: answer.headers.get('idempotent-replayed') };
  }

  /** What was posted about an object, or what belongs to its payment. */
  function about(id: string | null): readonly Posted[] {
    return stripe.posted.filter(
      ({ object }) => object['id'] === id || object['payment_intent'] === id,
    );
  }

  function typesAbout(id: string | null): readonly string[] {
    return about(id)
      .map(({ type }) => type)
      .toSorted();
  }

  test('signs its webhooks as the SDK wants it, and posts them until they are taken', async () => {
    const { checkoutId } = await stripe.opened();
    stripe.refuse(2);
    const paid = (await stripe.control(`sessions/${checkoutId}/pay`)) as {
      eventId: string;
      events: { webhook: { status: number; attempts: number } }[];
    };
    assert.deepEqual(
      paid.events.map(({ webhook }) => webhook.status),
      [200, 200],
    );
    assert.equal(
      paid.events.reduce((sum, { webhook }) => sum + webhook.attempts, 0),
      4,
    );
    for (const { body, signature, id } of stripe.posted) {
      const event = await Stripe.webhooks.constructEventAsync(
        body,
        signature,
        sandboxSecrets.stripeWebhookSecret,
      );
      assert.equal(event.id, id);
    }
    assert.ok(stripe.posted.some(({ id }) => id === paid.eventId));
  });

  test('tells of a payment by its intent and its session, with the booking on both', async () => {
    const { checkoutId, bookingId, paymentId } = await stripe.paid();
    assert.deepEqual(stripe.posted.map(({ type }) => type).toSorted(), [
      'checkout.session.completed',
      'payment_intent.succeeded',
    ]);
    for (const { object } of stripe.posted) {
      assert.equal((object['metadata'] as Record<string, string>)['booking_id'], bookingId);
      assert.ok([checkoutId, paymentId].includes(String(object['id'])));
    }
  });

  test('tells of a slow payment when it is begun and when it ends', async () => {
    for (const [outcome, types] of [
      ['succeed', ['checkout.session.async_payment_succeeded', 'payment_intent.succeeded']],
      ['fail', ['checkout.session.async_payment_failed', 'payment_intent.payment_failed']],
    ] as const) {
      stripe.posted.length = 0;
      const { checkoutId } = await stripe.paid({ method: 'delayed' });
      const [begun] = stripe.posted;
      assert.deepEqual(
        [begun?.type, begun?.object['payment_status'], stripe.posted.length],
        ['checkout.session.completed', 'unpaid', 1],
      );
      stripe.posted.length = 0;
      await stripe.control(`sessions/${checkoutId}/settle-delayed`, { outcome });
      assert.deepEqual(stripe.posted.map(({ type }) => type).toSorted(), types);
      await assert.rejects(
        stripe.control(`sessions/${checkoutId}/settle-delayed`, { outcome }),
        /409.*not_pending/,
      );
    }
  });

  test('tells of refunds, wherever they were made, and when they fail', async () => {
    const { paymentId, refundOrder } = await stripe.paid();
    stripe.posted.length = 0;
    const { refundId } = await stripe.payments().refund(refundOrder(1, '25000'), performing());
    await waitUntil(() => about(paymentId).length === 2, { what: 'the webhooks of a refund' });
    assert.deepEqual(typesAbout(paymentId), ['charge.refunded', 'refund.created']);
    const charge = about(paymentId).find(({ type }) => type === 'charge.refunded');
    assert.deepEqual(
      [charge?.object['amount_refunded'], charge?.object['refunded']],
      [25_000, false],
    );
    stripe.posted.length = 0;
    await stripe.control(`refunds/${refundId}/fail`);
    assert.deepEqual(typesAbout(refundId), ['refund.failed', 'refund.updated']);
    await assert.rejects(stripe.control(`refunds/${refundId}/fail`), /409/);
    await assert.rejects(
      stripe.control(`payments/${paymentId}/refund`, { amount: 125_001 }),
      /400.*amount/,
    );
  });

  test('tells of disputes', async () => {
    const { paymentId } = await stripe.paid();
    const { disputeId } = await stripe.control(`payments/${paymentId}/dispute`, { amount: 5_000 });
    const id = String(disputeId);
    await stripe.control(`disputes/${id}/close`, { outcome: 'won' });
    assert.deepEqual(typesAbout(id), [
      'charge.dispute.closed',
      'charge.dispute.created',
      'charge.dispute.funds_reinstated',
      'charge.dispute.funds_withdrawn',
    ]);
    const [dispute] = (await stripe.provider.applied('dispute')).filter(({ key }) => key === id);
    assert.equal(dispute?.detail['amount'], 5_000);
  });

  test('loses webhooks on demand, and the money is taken all the same', async () => {
    const { bookingId } = await stripe.paid({ lose: true });
    assert.deepEqual(stripe.posted, []);
    assert.equal((await stripe.entries('payment', bookingId ?? '')).length, 1);
  });

  test('sends duplicates as the same event and as another one about the same fact', async () => {
    const { checkoutId } = await stripe.paid({ duplicate: true });
    const completed = about(checkoutId);
    assert.equal(completed.length, 3);
    assert.equal(new Set(completed.map(({ id }) => id)).size, 2);
    assert.equal(new Set(completed.map(({ object }) => JSON.stringify(object))).size, 1);
  });

  test('holds one back behind the next', async () => {
    await stripe.paid({ reorder: true });
    await waitUntil(() => stripe.posted.length === 2, { what: 'the event held back' });
    assert.deepEqual(
      stripe.posted.map(({ type }) => type),
      ['checkout.session.completed', 'payment_intent.succeeded'],
    );
  });

  test('sends what it held back when nothing follows', async () => {
    const { checkoutId } = await stripe.opened();
    const held = await stripe.control(`sessions/${checkoutId}/expire`, { reorder: true });
    assert.deepEqual(held['webhook'], { status: null, attempts: 0, delivered: false });
    await waitUntil(() => about(checkoutId).length === 1, { what: 'the event held back' });
  });

  test('loses and repeats by chance as its seed says, again and again', async () => {
    const counts = async () => {
      await stripe.control('delivery', { lose: 0.3, duplicate: 0.3, seed: 11 });
      const arrived: number[] = [];
      for (let count = 0; count < 12; count++) {
        stripe.posted.length = 0;
        const { checkoutId } = await stripe.opened();
        await stripe.control(`sessions/${checkoutId}/expire`);
        arrived.push(stripe.posted.length);
      }
      return arrived;
    };
    const first = await counts();
    assert.deepEqual(await counts(), first);
    assert.deepEqual(
      [...new Set(first)].toSorted((a, b) => a - b),
      [0, 1, 3],
    );
  });

  test('keeps a key to one request: replayed, refused to another, busy while it runs', async () => {
    const { paymentId } = await stripe.paid();
    const key = randomUUID();
    const form = { payment_intent: paymentId ?? '', amount: '100' };
    const slow = { provider: 'stripe', mode: 'slow', delayMs: 100, count: 1 };
    await stripe.provider.fault({ ...slow, operation: 'refund' });
    const [one, other] = await Promise.all([
      api('POST', 'refunds', form, key),
      api('POST', 'refunds', form, key),
    ]);
    assert.deepEqual(new Set([one.status, other.status]), new Set([200, 409]));
    const again = await api('POST', 'refunds', form, key);
    assert.deepEqual([again.status, again.replayed], [200, 'true']);
    const changed = await api('POST', 'refunds', { ...form, amount: '101' }, key);
    assert.deepEqual([changed.status, changed.json.error?.type], [400, 'idempotency_error']);
    const { id = '' } = again.json;
    assert.equal((await api('GET', `refunds/${id}`)).json.id, id);
    const listed = await api('GET', 'refunds', { payment_intent: paymentId ?? '' });
    assert.deepEqual([listed.json.data?.length, listed.json.has_more], [1, false]);
  });

  test('takes no parameter it does not know, and no more than was paid', async () => {
    const { paymentId } = await stripe.paid();
    const of = { payment_intent: paymentId ?? '' };
    for (const [method, path, form, code, param] of [
      ['POST', 'refunds', { ...of, currency: 'eur' }, 'parameter_unknown', 'currency'],
      ['POST', 'refunds', { ...of, amount: '1.5' }, 'parameter_invalid', 'amount'],
      ['POST', 'refunds', { ...of, amount: '125001' }, undefined, 'amount'],
      ['POST', 'refunds', { amount: '1' }, 'parameter_missing', 'payment_intent'],
      ['GET', 'refunds', { reference: 'x' }, 'parameter_unknown', 'reference'],
      ['GET', 'charges', { limit: '101' }, 'parameter_invalid', 'limit'],
      ['GET', 'charges', { starting_after: 'ch_no' }, 'resource_missing', 'starting_after'],
      ['GET', 'disputes', { 'expand[0]': 'data.soul' }, undefined, 'expand'],
      ['GET', `payment_intents/${paymentId}`, { verbose: '1' }, 'parameter_unknown', 'verbose'],
    ] as const) {
      const { status, json } = await api(method, path, form);
      assert.deepEqual([status, json.error?.code, json.error?.param], [400, code, param]);
    }
    assert.equal((await api('POST', 'refunds', { payment_intent: 'pi_no' })).status, 404);
    const { paymentId: pending } = await stripe.paid({ method: 'delayed' });
    assert.equal((await api('POST', 'refunds', { payment_intent: pending ?? '' })).status, 400);
  });

  test('lists sessions by what is asked for, page by page', async () => {
    const { checkoutId, paymentId } = await stripe.paid();
    const { checkoutId: later } = await stripe.paid();
    const one = await api('GET', 'checkout/sessions', { payment_intent: paymentId ?? '' });
    assert.deepEqual(
      one.json.data?.map(({ id }) => id),
      [checkoutId],
    );
    const newest = await api('GET', 'checkout/sessions', { limit: '1' });
    assert.deepEqual([newest.json.data?.[0]?.id, newest.json.has_more], [later, true]);
    const next = await api('GET', 'checkout/sessions', { limit: '1', starting_after: later });
    assert.equal(next.json.data?.[0]?.id, checkoutId);
  });

  test('has no control it does not know, and no word too much', async () => {
    const { checkoutId } = await stripe.opened();
    for (const [path, body, status] of [
      [`sessions/${checkoutId}/refuse`, {}, /404/],
      [`sessions/${checkoutId}/pay`, { tip: 1 }, /400/],
      ['sessions/cs_test_no/pay', {}, /404/],
      ['payments/pi_no/refund', {}, /404/],
      ['refunds/re_no/fail', {}, /404/],
      ['disputes/dp_no/close', { outcome: 'won' }, /404/],
      ['delivery', { lose: 2 }, /400/],
    ] as const) {
      await assert.rejects(stripe.control(path, body), status);
    }
  });
});
