import assert from 'node:assert/strict';
import { after, before, beforeEach, suite, test } from 'node:test';

import { ProviderRefused, ProviderUnreachable } from '../../actors/errors.ts';
import { type Dispute, type SessionInFull } from '../../adapters/stripe/answers.ts';
import { stripePolicy } from '../../adapters/stripe/payments.ts';
import { paymentStateOf, refundStatusOf } from '../../adapters/stripe/state.ts';
import { sandboxSecrets, startSandbox } from '../sandbox/sandbox.ts';
import { performing, quick, until } from './fixtures.ts';
import { type StripeWorld, startStripe } from './stripe-fixture.ts';

const euros = (amountMinor: string) => ({ amountMinor, currency: 'EUR' });

suite("stripe's payments", () => {
  let stripe: StripeWorld;

  before(async () => {
    stripe = await startStripe();
  });
  after(() => stripe.close());
  beforeEach(() => stripe.provider.fault({ provider: 'stripe', mode: 'none' }));

  test('are open until somebody pays', async () => {
    const reference = await stripe.opened();
    assert.deepEqual(await stripe.read(reference), {
      provider: 'stripe',
      checkoutId: reference.checkoutId,
      bookingId: reference.bookingId,
      paymentId: null,
      status: 'open',
      fraud: 'clear',
      total: euros('125000'),
      captured: euros('0'),
      paidAt: null,
      refunds: [],
      dispute: null,
    });
  });

  test('are paid by card at once', async () => {
    const state = await stripe.paid();
    assert.deepEqual([state.status, state.fraud], ['paid', 'clear']);
    assert.deepEqual(state.captured, euros('125000'));
    assert.match(state.paymentId ?? '', /^pi_/);
    assert.ok(Math.abs(Date.parse(state.paidAt ?? '') - Date.now()) < 300_000);
    const [entry, ...more] = await stripe.entries('payment', state.bookingId ?? '');
    assert.deepEqual([entry?.detail['amount'], entry?.detail['currency']], [125_000, 'eur']);
    assert.deepEqual(more, []);
  });

  for (const [outcome, status, captured] of [
    ['succeed', 'paid', '125000'],
    ['fail', 'expired', '0'],
  ] as const) {
    test(`of a slow method are pending, and then ${status}`, async () => {
      const { checkoutId, ...pending } = await stripe.paid({ method: 'delayed' });
      assert.deepEqual([pending.status, pending.captured], ['pending', euros('0')]);
      assert.equal(pending.paidAt, null);
      await stripe.control(`sessions/${checkoutId}/settle-delayed`, { outcome });
      const settled = await stripe.read({ checkoutId });
      assert.deepEqual([settled.status, settled.captured], [status, euros(captured)]);
      const taken = await stripe.entries('payment', pending.bookingId ?? '');
      assert.equal(taken.length, status === 'paid' ? 1 : 0);
    });
  }

  test('are told as they were, not as they were ordered', async () => {
    const state = await stripe.paid({ amount: 100 });
    assert.deepEqual([state.total, state.captured], [euros('125000'), euros('100')]);
  });

  test('under review are paid, and clear once staff approve them', async () => {
    const state = await stripe.paid({ fraud: 'review' });
    assert.deepEqual([state.status, state.fraud], ['paid', 'review']);
    await stripe.control(`payments/${state.paymentId}/approve`);
    assert.equal((await stripe.read(state)).fraud, 'clear');
  });

  test('that Radar blocked leave the page open for another try', async () => {
    const blocked = await stripe.paid({ fraud: 'rejected' });
    assert.deepEqual([blocked.status, blocked.fraud], ['open', 'rejected']);
    await stripe.control(`sessions/${blocked.checkoutId}/pay`);
    const state = await stripe.read(blocked);
    assert.deepEqual([state.status, state.fraud], ['paid', 'clear']);
    assert.equal(state.paymentId, blocked.paymentId);
  });

  test('expire unpaid', async () => {
    const reference = await stripe.opened();
    await stripe.control(`sessions/${reference.checkoutId}/expire`);
    assert.equal((await stripe.read(reference)).status, 'expired');
  });

  for (const [currency, amountMinor] of [
    ['JPY', '12500'],
    ['KWD', '12340'],
    ['ISK', '500'],
  ] as const) {
    test(`in ${currency} come back to the unit`, async () => {
      const total = { amountMinor, currency };
      const { refundOrder, ...state } = await stripe.paid({}, { total });
      assert.deepEqual([state.total, state.captured], [total, total]);
      const refund = await stripe.payments().refund(refundOrder(1, '100'), performing());
      assert.deepEqual(refund.amount, { amountMinor: '100', currency });
    });
  }

  test('that do not exist are refused', async () => {
    await assert.rejects(
      stripe.read({ checkoutId: 'cs_test_nowhere' }),
      (error) => error instanceof ProviderRefused && error.reason === 'resource_missing',
    );
  });

  test('are read again when a read failed', async () => {
    const state = await stripe.paid();
    await stripe.provider.fault({ provider: 'stripe', mode: 'error503', count: 2 });
    assert.equal((await stripe.read(state)).status, 'paid');
  });

  test('are not half read when their refunds are refused', async () => {
    const state = await stripe.paid();
    const fault = { provider: 'stripe', mode: 'refuse', status: 402, code: 'card_declined' };
    await stripe.provider.fault({ ...fault, operation: 'refunds' });
    await assert.rejects(
      stripe.read(state),
      (error) => error instanceof ProviderRefused && error.reason === 'card_declined',
    );
  });

  test('are disputed, and won or lost', async () => {
    const dispute = async (outcome: 'won' | 'lost') => {
      const state = await stripe.paid();
      const control = await stripe.control(`payments/${state.paymentId}/dispute`);
      const disputeId = String(control['disputeId']);
      const open = await stripe.read(state);
      assert.deepEqual(open.dispute, { disputeId, amount: euros('125000'), status: 'open' });
      await stripe.control(`disputes/${disputeId}/close`, { outcome });
      assert.equal((await stripe.read(state)).dispute?.status, outcome);
      return state;
    };
    await dispute('won');
    const lost = await dispute('lost');
    await assert.rejects(
      stripe.payments().refund(lost.refundOrder(1, '100'), performing()),
      (error) => error instanceof ProviderRefused && error.reason === 'charge_disputed',
    );
  });
});

suite("stripe's refunds", () => {
  let stripe: StripeWorld;

  before(async () => {
    stripe = await startStripe();
  });
  after(() => stripe.close());
  beforeEach(() => stripe.provider.fault({ provider: 'stripe', mode: 'none' }));

  test('give back a part, then the rest, and no more', async () => {
    const { refundOrder, ...state } = await stripe.paid();
    const port = stripe.payments();
    const part = await port.refund(refundOrder(1, '25000'), performing());
    assert.deepEqual(part, {
      refundId: part.refundId,
      reference: `${state.bookingId}-r1`,
      amount: euros('25000'),
      status: 'done',
    });
    await assert.rejects(port.refund(refundOrder(2, '100001'), performing()), ProviderRefused);
    const rest = await port.refund(refundOrder(3, '100000'), performing());
    await assert.rejects(
      port.refund(refundOrder(4, '1'), performing()),
      (error) => error instanceof ProviderRefused && error.reason === 'charge_already_refunded',
    );
    const { refunds, captured } = await stripe.read(state);
    assert.deepEqual(captured, euros('125000'));
    // Those of one second come in no order.
    assert.deepEqual(
      refunds.toSorted((a, b) => Number(a.amount.amountMinor) - Number(b.amount.amountMinor)),
      [part, rest],
    );
  });

  test('are one for one reference, however often and by whom they are asked', async () => {
    const { refundOrder, bookingId } = await stripe.paid();
    const refunds = await Promise.all(
      Array.from({ length: 5 }, (_, effect) =>
        stripe.payments().refund(refundOrder(1, '25000'), performing({ effectId: `e-${effect}` })),
      ),
    );
    assert.equal(new Set(refunds.map(({ refundId }) => refundId)).size, 1);
    assert.equal((await stripe.entries('refund', bookingId ?? '')).length, 1);
  });

  test('of another amount under the same reference are refused', async () => {
    const { refundOrder } = await stripe.paid();
    await stripe.payments().refund(refundOrder(1, '25000'), performing());
    await assert.rejects(
      stripe.payments().refund(refundOrder(1, '25001'), performing()),
      (error) => error instanceof ProviderRefused && error.reason === 'idempotency_error',
    );
  });

  for (const mode of ['process-then-drop', 'process-then-hang', 'process-then-500'] as const) {
    test(`are found after ${mode} left them in doubt, and made once`, async () => {
      const { refundOrder, bookingId } = await stripe.paid();
      const order = refundOrder(1, '25000');
      const policy = quick('stripe', stripePolicy, { maxRetries: 0, timeoutMs: 200 });
      assert.equal(await stripe.payments().findRefund(order, performing()), null);
      await stripe.provider.fault({ provider: 'stripe', mode, operation: 'refund', count: 1 });
      await assert.rejects(
        stripe.payments({ policy }).refund(order, performing()),
        ProviderUnreachable,
      );
      await until(async () => (await stripe.entries('refund', bookingId ?? '')).length > 0);
      const found = await stripe.payments().findRefund(order, performing());
      assert.deepEqual([found?.reference, found?.amount], [order.reference, order.amount]);
      assert.deepEqual(await stripe.payments().refund(order, performing()), found);
      assert.equal((await stripe.entries('refund', bookingId ?? '')).length, 1);
    });
  }

  test('are not found when nothing was done', async () => {
    const { refundOrder, bookingId } = await stripe.paid();
    const order = refundOrder(1, '25000');
    const policy = quick('stripe', stripePolicy, { maxRetries: 0, timeoutMs: 200 });
    await stripe.provider.fault({ provider: 'stripe', mode: 'hang', count: 1 });
    await assert.rejects(stripe.payments({ policy }).refund(order, performing()));
    assert.equal(await stripe.payments().findRefund(order, performing()), null);
    assert.deepEqual(await stripe.entries('refund', bookingId ?? ''), []);
  });

  test('made in the dashboard have no reference, and leave less to refund', async () => {
    const { refundOrder, ...state } = await stripe.paid();
    await stripe.control(`payments/${state.paymentId}/refund`, { amount: 125_000 });
    const [refund] = (await stripe.read(state)).refunds;
    assert.deepEqual([refund?.reference, refund?.amount], [null, euros('125000')]);
    await assert.rejects(
      stripe.payments().refund(refundOrder(1, '1'), performing()),
      (error) => error instanceof ProviderRefused && error.reason === 'charge_already_refunded',
    );
  });

  test('that the bank sent back have failed, and can be made again', async () => {
    const { refundOrder, ...state } = await stripe.paid();
    const first = await stripe.payments().refund(refundOrder(1, '125000'), performing());
    await stripe.control(`refunds/${first.refundId}/fail`);
    const [failed] = (await stripe.read(state)).refunds;
    assert.equal(failed?.status, 'failed');
    const second = await stripe.payments().refund(refundOrder(2, '125000'), performing());
    assert.equal(second.status, 'done');
    const taken = await stripe.entries('refund', state.bookingId ?? '');
    const back = await stripe.entries('refund-failed', state.bookingId ?? '');
    assert.deepEqual([taken.length, back.length], [2, 1]);
  });

  test('are still known by their reference when Stripe was restarted', async () => {
    const { refundOrder, bookingId } = await stripe.paid();
    const order = refundOrder(1, '25000');
    const refund = await stripe.payments().refund(order, performing());
    const sandbox = await startSandbox({
      port: 0,
      ledgerFile: stripe.provider.ledgerFile,
      webhooks: {},
      secrets: sandboxSecrets,
    });
    const again = await stripe.payments({ sandbox }).refund(order, performing());
    await sandbox.close();
    assert.deepEqual(again, refund);
    assert.equal((await stripe.entries('refund', bookingId ?? '')).length, 1);
  });
});

suite('what Stripe says', () => {
  const session: SessionInFull = {
    id: 'cs_1',
    url: null,
    status: 'complete',
    created: 1_795_400_000,
    expires_at: 1_795_407_200,
    payment_status: 'paid',
    amount_total: 125_000,
    currency: 'eur',
    currency_conversion: null,
    client_reference_id: 'c-b1',
    metadata: null,
    payment_intent: {
      id: 'pi_1',
      status: 'succeeded',
      amount_received: 125_000,
      currency: 'eur',
      latest_charge: null,
      review: null,
    },
  };
  const intent = session.payment_intent;
  assert.ok(intent);

  test('of the intent counts before what it says of the session', () => {
    for (const status of ['open', 'complete', 'expired'] as const) {
      const state = paymentStateOf({ ...session, status, payment_status: 'unpaid' }, [], []);
      assert.deepEqual([state.status, state.captured], ['paid', euros('125000')]);
      assert.equal(state.bookingId, 'c-b1');
    }
  });

  for (const [status, expected] of [
    ['requires_action', 'pending'],
    ['requires_capture', 'pending'],
    ['requires_payment_method', 'expired'],
    ['canceled', 'expired'],
  ] as const) {
    test(`with an intent that ${status} is ${expected}`, () => {
      const unpaid = { ...session, payment_intent: { ...intent, status } };
      const state = paymentStateOf(unpaid, [], []);
      assert.deepEqual([state.status, state.captured], [expected, euros('0')]);
    });
  }

  test('of a checkout that needed no payment is no payment', () => {
    const free = { ...session, payment_status: 'no_payment_required', payment_intent: null };
    assert.equal(paymentStateOf(free as SessionInFull, [], []).status, 'expired');
  });

  test('of prices it converted itself is ours in the total, and what was taken in the captured', () => {
    const converted = {
      ...session,
      amount_total: 139_000,
      currency: 'usd',
      currency_conversion: { amount_total: 125_000, source_currency: 'eur' },
      payment_intent: { ...intent, amount_received: 139_000, currency: 'usd' },
    };
    const state = paymentStateOf(converted, [], []);
    assert.deepEqual(state.total, euros('125000'));
    assert.deepEqual(state.captured, { amountMinor: '139000', currency: 'USD' });
  });

  test('of refunds under way is pending', () => {
    for (const status of ['pending', 'requires_action', null] as const) {
      assert.equal(refundStatusOf(status), 'pending');
    }
    assert.equal(refundStatusOf('canceled'), 'failed');
  });

  for (const [statuses, expected] of [
    [['needs_response'], 'open'],
    [['under_review'], 'open'],
    [['appeal_under_review'], 'open'],
    [['warning_needs_response'], undefined],
    [['warning_closed'], undefined],
    [['won', 'lost'], 'lost'],
    [['lost', 'under_review', 'won'], 'open'],
    [['prevented'], 'lost'],
  ] as const) {
    test(`of disputes that are ${statuses.join(', ')} is ${expected}`, () => {
      const disputes = statuses.map((status, index): Dispute => ({
        id: `dp_${index}`,
        amount: 100,
        currency: 'eur',
        created: index,
        status,
        balance_transactions: [{}],
      }));
      assert.equal(paymentStateOf(session, [], disputes).dispute?.status, expected);
    });
  }
});
