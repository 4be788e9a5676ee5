import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { type IncomingMessage, type Server, type ServerResponse, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, beforeEach, suite, test } from 'node:test';

import { Stripe } from 'stripe';

import {
  ProviderBusy,
  ProviderCredentialsRefused,
  ProviderRefused,
  ProviderUnreachable,
} from '../../actors/errors.ts';
import type { CheckoutOrder, PaymentsPort } from '../../actors/ports/payments.ts';
import type { CallPolicy } from '../../adapters/policy.ts';
import { moneyFromStripe, stripeAmount } from '../../adapters/stripe/amounts.ts';
import { stripePayments, stripePolicy } from '../../adapters/stripe/payments.ts';
import { sandboxSecrets, startSandbox } from '../sandbox/sandbox.ts';
import { type Provider, call, performing, quick, startProvider, until } from './fixtures.ts';

const order: CheckoutOrder = {
  caseId: 'case-1',
  bookingId: 'booking-1',
  total: { amountMinor: '125000', currency: 'EUR' },
  title: 'Travel package',
  expiresAt: new Date(Date.now() + 2 * 60 * 60 * 1_000).toISOString(),
};

suite('stripe', () => {
  let provider: Provider;
  let webhooks: Server;
  const posted: { signature: string; body: string }[] = [];
  let refusals = 0;

  before(async () => {
    const take = async (request: IncomingMessage, response: ServerResponse) => {
      const body = Buffer.concat(await request.toArray()).toString();
      if (refusals > 0) {
        refusals -= 1;
        response.writeHead(503).end();
        return;
      }
      posted.push({ signature: String(request.headers['stripe-signature']), body });
      response.writeHead(200).end();
    };
    webhooks = createServer((request, response) => void take(request, response));
    await new Promise<void>((resolve) => webhooks.listen(0, '127.0.0.1', resolve));
    const { port } = webhooks.address() as AddressInfo;
    provider = await startProvider({ webhooks: { paymentsUrl: `http://127.0.0.1:${port}/` } });
  });
  after(async () => {
    await provider.close();
    webhooks.closeAllConnections();
    await new Promise((resolve) => webhooks.close(resolve));
  });
  beforeEach(() => provider.fault({ provider: 'stripe', mode: 'none' }));

  function payments(
    policy: CallPolicy = quick('stripe', stripePolicy),
    secretKey = sandboxSecrets.stripeSecretKey,
  ): PaymentsPort {
    return stripePayments({
      baseUrl: provider.sandbox.origin,
      secretKey,
      successUrl: 'https://clinic.example/paid?session={CHECKOUT_SESSION_ID}',
      cancelUrl: 'https://clinic.example/cancelled',
      dispatcher: provider.dispatcher,
      policy,
      telemetry: provider.telemetry,
    });
  }

  async function appliedWith(effectId: string) {
    return (await provider.applied('checkout')).filter(({ key }) => key === effectId);
  }

  test('opens a checkout that knows its booking, case and tenant', async () => {
    const effectId = randomUUID();
    const checkout = await payments().openCheckout(order, performing({ effectId }));
    assert.equal(checkout.provider, 'stripe');
    assert.equal(
      Date.parse(checkout.expiresAt),
      Math.floor(Date.parse(order.expiresAt) / 1_000) * 1_000,
    );
    const [entry] = await appliedWith(effectId);
    assert.equal(entry?.detail['amount'], 125_000);
    assert.deepEqual(entry.detail['metadata'], {
      case_id: 'case-1',
      booking_id: 'booking-1',
      tenant: 'clinic-a',
    });
    assert.deepEqual(await payments().readCheckout(checkout.checkoutId, performing()), {
      checkoutId: checkout.checkoutId,
      bookingId: 'booking-1',
      status: 'open',
      total: order.total,
      paymentId: null,
    });
  });

  test('opens one checkout for one effect, however often it is asked', async () => {
    const effectId = randomUUID();
    const opened = await Promise.all(
      Array.from({ length: 5 }, () => payments().openCheckout(order, performing({ effectId }))),
    );
    assert.equal(new Set(opened.map(({ checkoutId }) => checkoutId)).size, 1);
    assert.equal((await appliedWith(effectId)).length, 1);
  });

  for (const mode of ['process-then-drop', 'process-then-500']) {
    test(`opens one checkout, although ${mode} hid the first answer`, async () => {
      const effectId = randomUUID();
      await provider.fault({ provider: 'stripe', mode, count: 1 });
      const checkout = await payments().openCheckout(order, performing({ effectId }));
      const [entry, ...more] = await appliedWith(effectId);
      assert.equal(entry?.detail['id'], checkout.checkoutId);
      assert.deepEqual(more, []);
    });
  }

  test('waits for its own slow first request, whose key is in use', async () => {
    const effectId = randomUUID();
    await provider.fault({ provider: 'stripe', mode: 'slow', delayMs: 200, count: 1 });
    const hasty = quick('stripe', stripePolicy, { timeoutMs: 100, initialDelayMs: 200 });
    await payments(hasty).openCheckout(order, performing({ effectId }));
    assert.equal((await appliedWith(effectId)).length, 1);
  });

  test('stays in doubt when a rate limit follows a lost answer', async () => {
    await provider.fault({ provider: 'stripe', mode: 'process-then-drop', count: 1 });
    const port = payments(quick('stripe', stripePolicy, { maxRetries: 1, initialDelayMs: 400 }));
    const effectId = randomUUID();
    const opening = port.openCheckout(order, performing({ effectId }));
    const settled = assert.rejects(opening, ProviderUnreachable);
    await until(async () => (await appliedWith(effectId)).length > 0);
    await provider.fault({ provider: 'stripe', mode: 'busy429' });
    await settled;
  });

  test('is refused another order under the same effect id', async () => {
    const effectId = randomUUID();
    await payments().openCheckout(order, performing({ effectId }));
    const other = { ...order, total: { amountMinor: '1', currency: 'EUR' } };
    await assert.rejects(
      payments().openCheckout(other, performing({ effectId })),
      (error) => error instanceof ProviderRefused && error.reason === 'idempotency_error',
    );
  });

  test('is refused a checkout that lapses too soon', async () => {
    const expiresAt = new Date(Date.now() + 60_000).toISOString();
    await assert.rejects(
      payments().openCheckout({ ...order, expiresAt }, performing({ effectId: randomUUID() })),
      (error) => error instanceof ProviderRefused && error.reason === 'parameter_invalid',
    );
  });

  test('reports refused credentials, and does not try again', async () => {
    const before = await provider.telemetry.registry.getSingleMetricAsString(
      'integration_requests_total',
    );
    await assert.rejects(
      payments(undefined, 'sk_test_wrong').openCheckout(order, performing()),
      ProviderCredentialsRefused,
    );
    const after = await provider.telemetry.registry.getSingleMetricAsString(
      'integration_requests_total',
    );
    assert.equal(failed(after) - failed(before), 1);
  });

  test('reports a checkout that does not exist', async () => {
    await assert.rejects(
      payments().readCheckout('cs_test_nowhere', performing()),
      (error) => error instanceof ProviderRefused && error.reason === 'resource_missing',
    );
  });

  test('ends at the signal, in doubt', async () => {
    await provider.fault({ provider: 'stripe', mode: 'process-then-hang' });
    await assert.rejects(
      payments().openCheckout(
        order,
        performing({ effectId: randomUUID(), signal: AbortSignal.timeout(100) }),
      ),
      (error) => error instanceof ProviderUnreachable && error.reason === 'timeout',
    );
  });

  test('reads a paid checkout, and the webhook is signed as the SDK wants it', async () => {
    const { checkoutId } = await payments().openCheckout(
      order,
      performing({ effectId: randomUUID() }),
    );
    refusals = 2;
    const path = `/_sandbox/stripe/sessions/${checkoutId}/pay`;
    const paid = (await call(provider.sandbox, 'POST', path)) as {
      eventId: string;
      webhook: { status: number; attempts: number };
    };
    assert.deepEqual([paid.webhook.status, paid.webhook.attempts], [200, 3]);
    const { body = '', signature = '' } = posted.at(-1) ?? {};
    const event = await Stripe.webhooks.constructEventAsync(
      body,
      signature,
      sandboxSecrets.stripeWebhookSecret,
    );
    assert.deepEqual([event.id, event.type], [paid.eventId, 'checkout.session.completed']);
    const state = await payments().readCheckout(checkoutId, performing());
    assert.equal(state.status, 'paid');
    assert.match(state.paymentId ?? '', /^pi_/);
    assert.deepEqual(state.total, order.total);
    const captured = (await provider.applied('payment')).filter(({ key }) => key === checkoutId);
    assert.equal(captured.length, 1);
    await assert.rejects(call(provider.sandbox, 'POST', path), /409.*not_open/);
  });

  test('reads an expired checkout', async () => {
    const { checkoutId } = await payments().openCheckout(
      order,
      performing({ effectId: randomUUID() }),
    );
    await call(provider.sandbox, 'POST', `/_sandbox/stripe/sessions/${checkoutId}/expire`);
    assert.equal((await payments().readCheckout(checkoutId, performing())).status, 'expired');
  });

  test('opens no second checkout when Stripe itself was restarted in between', async () => {
    const effectId = randomUUID();
    const { checkoutId } = await payments().openCheckout(order, performing({ effectId }));
    const restarted = await startSandbox({
      port: 0,
      ledgerFile: provider.ledgerFile,
      webhooks: {},
      secrets: sandboxSecrets,
    });
    const port = stripePayments({
      baseUrl: restarted.origin,
      secretKey: sandboxSecrets.stripeSecretKey,
      successUrl: 'https://clinic.example/paid?session={CHECKOUT_SESSION_ID}',
      cancelUrl: 'https://clinic.example/cancelled',
      dispatcher: provider.dispatcher,
      policy: quick('stripe', stripePolicy),
      telemetry: provider.telemetry,
    });
    const again = await port.openCheckout(order, performing({ effectId }));
    await restarted.close();
    assert.equal(again.checkoutId, checkoutId);
  });
});

suite("stripe's amounts", () => {
  for (const [amountMinor, currency, amount] of [
    ['125000', 'EUR', 125_000],
    ['12500', 'JPY', 12_500],
    ['12340', 'KWD', 12_340],
    ['500', 'ISK', 50_000],
    ['500', 'MGA', 5],
  ] as const) {
    test(`are ${amount} for ${amountMinor} ${currency}, and back`, () => {
      assert.equal(stripeAmount({ amountMinor, currency }), amount);
      assert.deepEqual(moneyFromStripe(amount, currency.toLowerCase()), { amountMinor, currency });
    });
  }

  for (const [amountMinor, currency] of [
    ['12345', 'KWD'],
    ['501', 'MGA'],
    ['100', 'UGX'],
    ['0', 'EUR'],
    ['100000000', 'EUR'],
  ] as const) {
    test(`do not exist for ${amountMinor} ${currency}`, () => {
      assert.throws(() => stripeAmount({ amountMinor, currency }), ProviderRefused);
    });
  }
});

function failed(metric: string): number {
  return Number(/status="failed"\} (\d+)/.exec(metric)?.[1] ?? 0);
}

suite('a busy stripe', () => {
  test('names when to come back, and is left alone until then', async () => {
    const provider = await startProvider();
    await provider.fault({ provider: 'stripe', mode: 'busy429', retryAfterSeconds: 30 });
    const port = stripePayments({
      baseUrl: provider.sandbox.origin,
      secretKey: sandboxSecrets.stripeSecretKey,
      successUrl: 'https://clinic.example/paid',
      cancelUrl: 'https://clinic.example/cancelled',
      dispatcher: provider.dispatcher,
      policy: quick('stripe', stripePolicy),
      telemetry: provider.telemetry,
    });
    await assert.rejects(
      port.openCheckout(order, performing()),
      (error) => error instanceof ProviderBusy && error.retryAfterMs === 30_000,
    );
    const { hits } = (await call(provider.sandbox, 'GET', '/_sandbox/faults')) as {
      hits: { stripe: number };
    };
    assert.equal(hits.stripe, 1);
    await provider.close();
  });
});
