import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, beforeEach, suite, test } from 'node:test';

import {
  ProviderBusy,
  ProviderCredentialsRefused,
  ProviderRefused,
  ProviderUnreachable,
} from '../../actors/errors.ts';
import { stripePolicy } from '../../adapters/stripe/payments.ts';
import { sandboxSecrets, startSandbox } from '../sandbox/sandbox.ts';
import { call, performing, quick, until } from './fixtures.ts';
import { type StripeWorld, orderOf, startStripe } from './stripe-fixture.ts';

suite("stripe's checkouts", () => {
  let stripe: StripeWorld;

  before(async () => {
    stripe = await startStripe();
  });
  after(() => stripe.close());
  beforeEach(() => stripe.provider.fault({ provider: 'stripe', mode: 'none' }));

  async function appliedWith(effectId: string) {
    return (await stripe.provider.applied('checkout')).filter(({ key }) => key === effectId);
  }

  test('know their booking, case, tenant and attempt', async () => {
    const effectId = randomUUID();
    const order = orderOf({ attempt: 2 });
    const checkout = await stripe.payments().openCheckout(order, performing({ effectId }));
    assert.equal(checkout.provider, 'stripe');
    const expires = Math.floor(Date.parse(order.expiresAt) / 1_000) * 1_000;
    assert.equal(Date.parse(checkout.expiresAt), expires);
    // Two hours from the order, of which a second at most was gone when Stripe had it, by clocks of whole seconds.
    assert.ok(Math.abs(checkout.lifetimeMs - 2 * 60 * 60 * 1_000) <= 2_000);
    const [entry] = await appliedWith(effectId);
    const metadata = {
      case_id: order.caseId,
      booking_id: order.bookingId,
      tenant: 'clinic-a',
      attempt: '2',
    };
    assert.equal(entry?.detail['amount'], 125_000);
    assert.equal(entry.detail['locale'], 'tr');
    assert.deepEqual(entry.detail['metadata'], metadata);
    assert.deepEqual(entry.detail['paymentMetadata'], metadata);
    assert.equal(JSON.stringify(entry).includes('ada@example.org'), false);
  });

  for (const [lang, locale] of [
    ['de', 'de'],
    ['ar', 'auto'],
    ['xx', 'auto'],
  ] as const) {
    test(`are shown in ${locale} to who speaks ${lang}`, async () => {
      const effectId = randomUUID();
      await stripe.payments().openCheckout(orderOf({ lang }), performing({ effectId }));
      assert.equal((await appliedWith(effectId))[0]?.detail['locale'], locale);
    });
  }

  test('are one for one effect, however often it is asked', async () => {
    const [effectId, order] = [randomUUID(), orderOf()];
    const opened = await Promise.all(
      Array.from({ length: 5 }, () =>
        stripe.payments().openCheckout(order, performing({ effectId })),
      ),
    );
    assert.equal(new Set(opened.map(({ checkoutId }) => checkoutId)).size, 1);
    assert.equal((await appliedWith(effectId)).length, 1);
  });

  for (const mode of ['process-then-drop', 'process-then-500']) {
    test(`are one, although ${mode} hid the first answer`, async () => {
      const effectId = randomUUID();
      await stripe.provider.fault({ provider: 'stripe', mode, count: 1 });
      const doing = performing({ effectId });
      const checkout = await stripe.payments().openCheckout(orderOf(), doing);
      const [entry, ...more] = await appliedWith(effectId);
      assert.equal(entry?.detail['id'], checkout.checkoutId);
      assert.deepEqual(more, []);
    });
  }

  test('wait for their own slow first request, whose key is in use', async () => {
    const effectId = randomUUID();
    await stripe.provider.fault({ provider: 'stripe', mode: 'slow', delayMs: 200, count: 1 });
    const policy = quick('stripe', stripePolicy, { timeoutMs: 100, initialDelayMs: 200 });
    await stripe.payments({ policy }).openCheckout(orderOf(), performing({ effectId }));
    assert.equal((await appliedWith(effectId)).length, 1);
  });

  test('stay in doubt when a rate limit follows a lost answer', async () => {
    await stripe.provider.fault({ provider: 'stripe', mode: 'process-then-drop', count: 1 });
    const policy = quick('stripe', stripePolicy, { maxRetries: 1, initialDelayMs: 400 });
    const effectId = randomUUID();
    const opening = stripe.payments({ policy }).openCheckout(orderOf(), performing({ effectId }));
    const settled = assert.rejects(opening, ProviderUnreachable);
    await until(async () => (await appliedWith(effectId)).length > 0);
    await stripe.provider.fault({ provider: 'stripe', mode: 'busy429' });
    await settled;
  });

  test('are refused another order under the same effect id', async () => {
    const [effectId, order] = [randomUUID(), orderOf()];
    await stripe.payments().openCheckout(order, performing({ effectId }));
    const other = { ...order, total: { amountMinor: '1', currency: 'EUR' } };
    await assert.rejects(
      stripe.payments().openCheckout(other, performing({ effectId })),
      (error) => error instanceof ProviderRefused && error.reason === 'idempotency_error',
    );
  });

  test('are refused if they lapse too soon', async () => {
    const expiresAt = new Date(Date.now() + 60_000).toISOString();
    await assert.rejects(
      stripe
        .payments()
        .openCheckout(orderOf({ expiresAt }), performing({ effectId: randomUUID() })),
      (error) => error instanceof ProviderRefused && error.reason === 'parameter_invalid',
    );
  });

  test('report refused credentials, and do not try again', async () => {
    const requests = () =>
      stripe.provider.telemetry.registry.getSingleMetricAsString('integration_requests_total');
    const earlier = failed(await requests());
    await assert.rejects(
      stripe.payments({ secretKey: 'sk_test_wrong' }).openCheckout(orderOf(), performing()),
      ProviderCredentialsRefused,
    );
    assert.equal(failed(await requests()) - earlier, 1);
  });

  test('end at the signal, in doubt', async () => {
    await stripe.provider.fault({ provider: 'stripe', mode: 'process-then-hang' });
    const signal = AbortSignal.timeout(100);
    await assert.rejects(
      stripe.payments().openCheckout(orderOf(), performing({ effectId: randomUUID(), signal })),
      (error) => error instanceof ProviderUnreachable && error.reason === 'timeout',
    );
  });

  test('are not opened again when Stripe itself was restarted in between', async () => {
    const [effectId, order] = [randomUUID(), orderOf()];
    const doing = performing({ effectId });
    const { checkoutId } = await stripe.payments().openCheckout(order, doing);
    const sandbox = await startSandbox({
      port: 0,
      ledgerFile: stripe.provider.ledgerFile,
      webhooks: {},
      secrets: sandboxSecrets,
    });
    const again = await stripe.payments({ sandbox }).openCheckout(order, doing);
    await sandbox.close();
    assert.equal(again.checkoutId, checkoutId);
  });

  test('name when to come back, and leave a busy Stripe alone until then', async () => {
    const hits = async () => {
      const path = '/_sandbox/faults';
      const answer = (await call(stripe.provider.sandbox, 'GET', path)) as {
        hits: { stripe: number };
      };
      return answer.hits.stripe;
    };
    const earlier = await hits();
    await stripe.provider.fault({ provider: 'stripe', mode: 'busy429', retryAfterSeconds: 30 });
    await assert.rejects(
      stripe.payments().openCheckout(orderOf(), performing({ effectId: randomUUID() })),
      (error) => error instanceof ProviderBusy && error.retryAfterMs === 30_000,
    );
    assert.equal((await hits()) - earlier, 1);
  });

  test('can be closed, once or twice, and then not be paid', async () => {
    const reference = await stripe.opened();
    await stripe.payments().closeCheckout(reference, performing({ effectId: randomUUID() }));
    await stripe.payments().closeCheckout(reference, performing({ effectId: randomUUID() }));
    assert.equal((await stripe.read(reference)).status, 'expired');
    await assert.rejects(stripe.control(`sessions/${reference.checkoutId}/pay`), /409.*not_open/);
    const expired = (await stripe.provider.applied('expiry')).filter(
      ({ detail }) => detail['id'] === reference.checkoutId,
    );
    assert.equal(expired.length, 1);
  });

  test('are closed, although the answer was lost', async () => {
    const reference = await stripe.opened();
    await stripe.provider.fault({ provider: 'stripe', mode: 'process-then-drop', count: 1 });
    await stripe.payments().closeCheckout(reference, performing({ effectId: randomUUID() }));
    assert.equal((await stripe.read(reference)).status, 'expired');
  });

  test('are fine to close when they were paid, and stay paid', async () => {
    const { checkoutId, bookingId } = await stripe.paid();
    const reference = {
      provider: 'stripe',
      bookingId: bookingId ?? '',
      checkoutId,
      paymentId: null,
    } as const;
    await stripe.payments().closeCheckout(reference, performing({ effectId: randomUUID() }));
    assert.equal((await stripe.read(reference)).status, 'paid');
  });

  test('are not closed when Stripe refuses to, or does not know them', async () => {
    const reference = await stripe.opened();
    const fault = { provider: 'stripe', mode: 'refuse', status: 400, operation: 'expire' };
    await stripe.provider.fault(fault);
    await assert.rejects(stripe.payments().closeCheckout(reference, performing()), ProviderRefused);
    await stripe.provider.fault({ provider: 'stripe', mode: 'none' });
    await assert.rejects(
      stripe.payments().closeCheckout({ ...reference, checkoutId: 'cs_test_no' }, performing()),
      (error) => error instanceof ProviderRefused && error.reason === 'resource_missing',
    );
  });
});

function failed(metric: string): number {
  return Number(/status="error"\} (\d+)/.exec(metric)?.[1] ?? 0);
}
