import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { type Server, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, beforeEach, suite, test } from 'node:test';

import {
  Deferred,
  ProviderBusy,
  ProviderCredentialsRefused,
  ProviderRefused,
  ProviderUnreachable,
} from '../../actors/errors.ts';
import type {
  PaymentsPort,
  ProviderMovement,
  UnreadableMovement,
} from '../../actors/ports/payments.ts';
import { moneyFromDecimal } from '../../actors/shapes/money.ts';
import type { CheckoutOrder, PaymentReference, RefundOrder } from '../../actors/shapes/payments.ts';
import { iyzicoBooks } from '../../adapters/iyzico/books.ts';
import {
  type IyzicoOptions,
  iyzicoPayments,
  iyzicoPolicy,
  iyzicoRefundPolicy,
} from '../../adapters/iyzico/payments.ts';
import type { LedgerEntry } from '../sandbox/ledger.ts';
import { sandboxSecrets, startSandbox } from '../sandbox/sandbox.ts';
import { type Provider, call, performing, quick, startProvider } from './fixtures.ts';

const eur = (amountMinor: string) => ({ amountMinor, currency: 'EUR' });
const unknownPayer = {
  firstName: null,
  familyName: null,
  email: null,
  phone: null,
  country: null,
  city: null,
  address: null,
};
const buyerFallback = {
  email: 'payments@clinic.example',
  ip: '192.0.2.10',
  address: 'Clinic street 1',
  city: 'Istanbul',
  country: 'Turkey',
  identityNumber: '11111111111',
};
const MINUTE_MS = 60_000;
const NOON = Date.parse('2026-11-23T09:00:00Z');

suite('iyzico', () => {
  let provider: Provider;
  let nowMs = NOON;
  let bookings = 0;

  before(async () => {
    provider = await startProvider({ now: () => nowMs });
  });
  after(() => provider.close());
  beforeEach(async () => {
    nowMs = Math.max(nowMs, NOON);
    await provider.fault({ provider: 'iyzico', mode: 'none' });
    await control('rules', {});
  });

  function control(path: string, body: object): Promise<unknown> {
    return call(provider.sandbox, 'POST', `/_sandbox/iyzico/${path}`, body);
  }

  function optionsOf(more: Partial<IyzicoOptions> = {}): IyzicoOptions {
    return {
      baseUrl: provider.sandbox.origin,
      apiKey: sandboxSecrets.iyzicoApiKey,
      secretKey: sandboxSecrets.iyzicoSecretKey,
      callbackUrl: (bookingId) => `https://clinic.example/paid/${bookingId}`,
      buyerFallback,
      dispatcher: provider.dispatcher,
      policy: quick('iyzico', iyzicoPolicy),
      refundPolicy: quick('iyzico', iyzicoRefundPolicy),
      telemetry: provider.telemetry,
      now: () => nowMs,
      reportingLagMs: 0,
      ...more,
    };
  }

  function payments(more: Partial<IyzicoOptions> = {}): PaymentsPort {
    return iyzicoPayments(optionsOf(more));
  }

  function newOrder(more: Partial<CheckoutOrder> = {}): CheckoutOrder {
    bookings += 1;
    return {
      caseId: `case-${bookings}`,
      bookingId: `case-${bookings}-b1`,
      attempt: 1,
      total: eur('125050'),
      title: 'Travel package',
      expiresAt: new Date(nowMs + 60 * MINUTE_MS).toISOString(),
      payer: unknownPayer,
      lang: 'en',
      ...more,
    };
  }

  async function opened(more: Partial<CheckoutOrder> = {}) {
    const order = newOrder(more);
    const checkout = await payments().openCheckout(order, performing());
    const reference: PaymentReference = {
      provider: 'iyzico',
      bookingId: order.bookingId,
      checkoutId: checkout.checkoutId,
      paymentId: null,
    };
    return { order, checkout, reference };
  }

  async function pay(token: string, body: object = {}): Promise<string> {
    const paid = await control(`checkouts/${token}/pay`, body);
    return (paid as { paymentId: string }).paymentId;
  }

  async function paid(more: Partial<CheckoutOrder> = {}) {
    const { order, reference } = await opened(more);
    const paymentId = await pay(reference.checkoutId);
    return { order, reference: { ...reference, paymentId } };
  }

  function refundOrder(
    { reference }: { readonly reference: PaymentReference },
    more: Partial<RefundOrder> = {},
  ): RefundOrder {
    const { bookingId, checkoutId, paymentId } = reference;
    return {
      provider: 'iyzico',
      bookingId,
      checkoutId,
      paymentId: paymentId ?? '',
      reference: `${bookingId}-r1`,
      amount: eur('50'),
      whole: false,
      ...more,
    };
  }

  /** What the sandbox's own ledger says went back of a payment. */
  async function wentBack(paymentId: string): Promise<readonly LedgerEntry[]> {
    const entries = [...(await provider.applied('refund')), ...(await provider.applied('cancel'))];
    return entries.filter(({ detail }) => detail['paymentId'] === paymentId);
  }

  async function checkoutsOf(bookingId: string): Promise<readonly LedgerEntry[]> {
    return (await provider.applied('checkout')).filter(({ key }) => key === bookingId);
  }

  const refusedBy = (reason: string) => (error: unknown) =>
    error instanceof ProviderRefused && error.reason === reason;

  suite('a checkout', () => {
    test('lives for half an hour and knows its booking', async () => {
      const { order, checkout } = await opened();
      assert.equal(checkout.provider, 'iyzico');
      assert.equal(checkout.lifetimeMs, 30 * MINUTE_MS);
      assert.equal(checkout.expiresAt, new Date(nowMs + 30 * MINUTE_MS).toISOString());
      assert.match(checkout.url, new RegExp(checkout.checkoutId));
      const [entry, ...more] = await checkoutsOf(order.bookingId);
      assert.deepEqual(more, []);
      const change = entry?.detail['change'] as { checkout: Record<string, unknown> };
      assert.equal(change.checkout['token'], checkout.checkoutId);
      assert.equal(change.checkout['basketId'], order.bookingId);
      assert.equal(change.checkout['price'], '1250.5');
      assert.equal(
        change.checkout['callbackUrl'],
        `https://clinic.example/paid/${order.bookingId}`,
      );
    });

    test('opens for a payer of whom all is known', async () => {
      const payer = {
        firstName: 'Erika',
        familyName: 'Mustermann',
        email: 'erika@example.org',
        phone: '4915112345678',
        country: 'DE',
        city: 'Berlin',
        address: 'Unter den Linden 1',
      };
      await opened({ payer, lang: 'tr' });
    });

    test('opened twice at once are two, each with its own life', async () => {
      const order = newOrder();
      const port = payments();
      const two = await Promise.all([
        port.openCheckout(order, performing()),
        port.openCheckout(order, performing()),
      ]);
      assert.equal(new Set(two.map(({ checkoutId }) => checkoutId)).size, 2);
      assert.equal((await checkoutsOf(order.bookingId)).length, 2);
    });

    test('whose answer was lost is opened anew, and the lost one stays unpaid', async () => {
      const order = newOrder();
      await provider.fault({ provider: 'iyzico', mode: 'process-then-drop', count: 1 });
      const { checkoutId } = await payments().openCheckout(order, performing());
      assert.equal((await checkoutsOf(order.bookingId)).length, 2);
      await pay(checkoutId);
      const captured = await provider.applied('payment');
      assert.equal(captured.filter(({ key }) => key === order.bookingId).length, 1);
    });

    test('is refused in a currency that iyzico does not have, before it is asked', async () => {
      const order = newOrder({ total: { amountMinor: '100', currency: 'JPY' } });
      await assert.rejects(
        payments().openCheckout(order, performing()),
        refusedBy('currency_unsupported'),
      );
      assert.deepEqual(await checkoutsOf(order.bookingId), []);
    });

    test('is closed by nothing, since its token dies by itself', async () => {
      const { reference } = await opened();
      await payments().closeCheckout(reference, performing());
      nowMs += 30 * MINUTE_MS;
      await assert.rejects(pay(reference.checkoutId), /409.*expired/);
    });
  });

  suite('a payment', () => {
    for (const unpaid of ['refused', 'told']) {
      test(`that nobody made is open, where an unpaid token is ${unpaid}`, async () => {
        const { reference } = await opened();
        await control('rules', { unpaid });
        const state = await payments().readPayment(reference, performing());
        assert.deepEqual([state.status, state.fraud, state.paymentId], ['open', 'clear', null]);
        assert.deepEqual(state.captured, { amountMinor: '0', currency: 'XXX' });
      });
    }

    test('that was made is paid, with when and how much', async () => {
      const { order, reference } = await paid();
      assert.deepEqual(await payments().readPayment(reference, performing()), {
        provider: 'iyzico',
        checkoutId: reference.checkoutId,
        bookingId: order.bookingId,
        paymentId: reference.paymentId,
        status: 'paid',
        fraud: 'clear',
        total: order.total,
        captured: order.total,
        paidAt: `${new Date(nowMs + 180 * MINUTE_MS).toISOString().slice(0, 19)}+03:00`,
        refunds: [],
        dispute: null,
      });
    });

    test('failed, and another try on the same form succeeded', async () => {
      const { reference } = await opened();
      await pay(reference.checkoutId, { outcome: 'failure' });
      const failed = await payments().readPayment(reference, performing());
      assert.deepEqual([failed.status, failed.captured.amountMinor], ['failed', '0']);
      await pay(reference.checkoutId);
      assert.equal((await payments().readPayment(reference, performing())).status, 'paid');
    });

    test('is open while its 3-D Secure was only begun', async () => {
      const { reference } = await opened();
      await pay(reference.checkoutId, { outcome: 'threeds' });
      assert.equal((await payments().readPayment(reference, performing())).status, 'open');
    });

    test('of another amount is told with both', async () => {
      const { reference } = await opened();
      await pay(reference.checkoutId, { paid: '1.07' });
      const state = await payments().readPayment(reference, performing());
      assert.deepEqual([state.total, state.captured], [eur('125050'), eur('107')]);
    });

    for (const [decision, status, fraud] of [
      [1, 'paid', 'clear'],
      [-1, 'failed', 'rejected'],
    ] as const) {
      test(`under review is pending, and then ${status}`, async () => {
        const { order, reference } = await opened();
        const paymentId = await pay(reference.checkoutId, { fraud: 0 });
        const reviewed = await payments().readPayment(reference, performing());
        assert.deepEqual(
          [reviewed.status, reviewed.fraud, reviewed.captured.amountMinor, reviewed.total],
          ['pending', 'review', '0', order.total],
        );
        await control(`payments/${paymentId}/fraud`, { status: decision });
        const decided = await payments().readPayment(reference, performing());
        assert.deepEqual([decided.status, decided.fraud], [status, fraud]);
      });
    }

    test('is found by the report where the token is forgotten', async () => {
      const { order, reference } = await paid();
      for (const paymentId of [null, reference.paymentId]) {
        const lost = { ...reference, checkoutId: randomUUID(), paymentId };
        const state = await payments().readPayment(lost, performing());
        assert.deepEqual(
          [state.status, state.bookingId, state.paymentId, state.captured],
          ['paid', order.bookingId, reference.paymentId, order.total],
        );
      }
    });

    suite('of a booking that was paid twice', () => {
      async function twice() {
        const first = await paid();
        const { checkoutId } = await payments().openCheckout(
          { ...first.order, attempt: 2 },
          performing(),
        );
        const paymentId = await pay(checkoutId);
        return { first, second: { ...first.reference, checkoutId, paymentId } };
      }

      test('is the one of the token that is asked for', async () => {
        const { first, second } = await twice();
        for (const asked of [first.reference, second]) {
          const state = await payments().readPayment({ ...asked, paymentId: null }, performing());
          assert.equal(state.paymentId, asked.paymentId);
        }
      });

      test('is never taken from the other token, where its own is forgotten', async () => {
        const { first, second } = await twice();
        const lost = { ...second, checkoutId: randomUUID() };
        const read = (more: Partial<PaymentReference>) =>
          payments().readPayment({ ...lost, ...more }, performing());
        assert.equal((await read({})).paymentId, second.paymentId);
        const untold = await read({ paymentId: null });
        assert.deepEqual([untold.status, untold.paymentId], ['pending', null]);
        const others = [first.reference.paymentId];
        const told = await read({ paymentId: null, otherPaymentIds: others });
        assert.deepEqual([told.status, told.paymentId], ['paid', second.paymentId]);
        const none = [...others, second.paymentId];
        assert.equal((await read({ paymentId: null, otherPaymentIds: none })).status, 'open');
      });
    });

    for (const rules of [{ refusing: true }, { reportingLagMs: MINUTE_MS }]) {
      const how = 'refusing' in rules ? 'refuses' : 'is behind';
      test(`that is known is not unpaid because the report ${how}`, async () => {
        const { reference } = await paid();
        await control('rules', rules);
        const forgotten = { ...reference, checkoutId: randomUUID() };
        assert.equal((await payments().readPayment(forgotten, performing())).status, 'paid');
        const unknown = { ...forgotten, paymentId: '1' };
        await assert.rejects(
          payments().readPayment(unknown, performing()),
          (error) =>
            error instanceof ProviderUnreachable && error.reason === 'payment_not_reported',
        );
      });
    }

    test('that is known is read by its id where the token says nothing', async () => {
      const { reference } = await paid();
      const { checkoutId } = (await opened()).reference;
      await control('rules', { unpaid: 'told' });
      const state = await payments().readPayment({ ...reference, checkoutId }, performing());
      assert.deepEqual([state.status, state.paymentId], ['paid', reference.paymentId]);
    });

    test('says whose it is by the basket, not by the conversation that we sent ourselves', async () => {
      const { order, reference } = await paid();
      const other = { ...reference, bookingId: 'case-other-b1' };
      const state = await payments().readPayment(other, performing());
      assert.equal(state.bookingId, order.bookingId);
    });

    test('that staff gave back in the panel shows it, without a reference', async () => {
      const one = await paid();
      await control(`payments/${one.reference.paymentId}/refund`, { price: '0.07' });
      const [refund] = (await payments().readPayment(one.reference, performing())).refunds;
      assert.deepEqual(
        [refund?.reference, refund?.amount, refund?.status],
        [null, eur('7'), 'done'],
      );
    });

    test('reads the same after iyzico itself was restarted', async () => {
      const { reference } = await paid();
      const beforehand = await payments().readPayment(reference, performing());
      const restarted = await startSandbox({
        port: 0,
        ledgerFile: provider.ledgerFile,
        webhooks: {},
        secrets: sandboxSecrets,
        now: () => nowMs,
      });
      try {
        const port = payments({ baseUrl: restarted.origin });
        assert.deepEqual(await port.readPayment(reference, performing()), beforehand);
      } finally {
        await restarted.close();
      }
    });
  });

  suite('a refund', () => {
    test('in part is made under our reference, which is also its id', async () => {
      const one = await paid();
      const order = refundOrder(one);
      const refunded = await payments().refund(order, performing());
      const { reference } = order;
      assert.deepEqual(refunded, {
        refundId: reference,
        reference,
        amount: eur('50'),
        status: 'done',
      });
      assert.deepEqual(await payments().findRefund(order, performing()), refunded);
      const state = await payments().readPayment(one.reference, performing());
      assert.deepEqual([state.status, state.refunds], ['paid', [refunded]]);
      assert.deepEqual(state.captured, eur('125050'));
    });

    test('of the whole is a cancel on the day it was paid', async () => {
      const one = await paid();
      const order = refundOrder(one, { amount: eur('125050'), whole: true });
      const cancelled = await payments().refund(order, performing());
      assert.deepEqual(cancelled.amount, eur('125050'));
      const entries = await wentBack(order.paymentId);
      assert.deepEqual(
        entries.map(({ kind, detail }) => [kind, detail['amount']]),
        [['cancel', '1250.5']],
      );
      assert.deepEqual(await payments().findRefund(order, performing()), cancelled);
      const state = await payments().readPayment(one.reference, performing());
      assert.deepEqual(state.refunds, [cancelled]);
    });

    test('of the whole is a refund on the day after', async () => {
      const one = await paid();
      nowMs += 24 * 60 * MINUTE_MS;
      const order = refundOrder(one, { amount: eur('125050'), whole: true });
      await payments().refund(order, performing());
      assert.deepEqual(
        (await wentBack(order.paymentId)).map(({ kind }) => kind),
        ['refund'],
      );
    });

    test('follows a cancel that the bank refused', async () => {
      const one = await paid();
      await provider.fault({
        provider: 'iyzico',
        mode: 'refuse',
        operation: 'cancel',
        code: '10057',
        status: 400,
      });
      const order = refundOrder(one, { amount: eur('125050'), whole: true });
      await payments().refund(order, performing());
      assert.deepEqual(
        (await wentBack(order.paymentId)).map(({ kind }) => kind),
        ['refund'],
      );
    });

    test('does not follow a cancel in doubt', async () => {
      const one = await paid();
      await provider.fault({ provider: 'iyzico', mode: 'process-then-drop', operation: 'cancel' });
      const order = refundOrder(one, { amount: eur('125050'), whole: true });
      await assert.rejects(payments().refund(order, performing()), ProviderUnreachable);
      const found = await payments().findRefund(order, performing());
      assert.equal(found?.reference, order.reference);
      assert.equal((await wentBack(order.paymentId)).length, 1);
    });

    test('is made once, however often it is asked for', async () => {
      const order = refundOrder(await paid());
      const first = await payments().refund(order, performing());
      assert.deepEqual(await payments().refund(order, performing()), first);
      assert.equal((await wentBack(order.paymentId)).length, 1);
    });

    test('of more than is left is refused', async () => {
      const order = refundOrder(await paid(), { amount: eur('125051') });
      await assert.rejects(
        payments().refund(order, performing()),
        refusedBy('sandbox_more_than_left'),
      );
    });

    for (const mode of ['process-then-drop', 'process-then-500', 'process-then-hang']) {
      test(`whose answer ${mode} hid is found, and not made again`, async () => {
        const order = refundOrder(await paid());
        await provider.fault({ provider: 'iyzico', mode, operation: 'refund' });
        const hasty = quick('iyzico', iyzicoRefundPolicy, { timeoutMs: 200 });
        await assert.rejects(
          payments({ refundPolicy: hasty }).refund(order, performing()),
          ProviderUnreachable,
        );
        const found = await payments().findRefund(order, performing());
        assert.deepEqual([found?.reference, found?.amount], [order.reference, order.amount]);
        assert.equal((await wentBack(order.paymentId)).length, 1);
      });
    }

    for (const mode of ['hang', 'error500']) {
      test(`that ${mode} kept from happening is not found, and can be made`, async () => {
        const order = refundOrder(await paid());
        await provider.fault({ provider: 'iyzico', mode, operation: 'refund' });
        const hasty = quick('iyzico', iyzicoRefundPolicy, { timeoutMs: 200 });
        await assert.rejects(
          payments({ refundPolicy: hasty }).refund(order, performing()),
          ProviderUnreachable,
        );
        assert.equal(await payments().findRefund(order, performing()), null);
        assert.deepEqual(await wentBack(order.paymentId), []);
        await provider.fault({ provider: 'iyzico', mode: 'none' });
        await payments().refund(order, performing());
        assert.equal((await wentBack(order.paymentId)).length, 1);
      });
    }

    suite('that is not in a report that may be behind', () => {
      const lagMs = 15 * MINUTE_MS;
      const later = (leftMs: number) => (error: unknown) =>
        error instanceof Deferred &&
        error.reason === 'refund_in_doubt' &&
        error.retryAfterMs === leftMs;

      /** One that was made, and whose answer was lost at the first try. */
      async function inDoubt() {
        const port = payments({ reportingLagMs: lagMs });
        const order = refundOrder(await paid());
        nowMs += MINUTE_MS;
        await provider.fault({ provider: 'iyzico', mode: 'process-then-500', operation: 'refund' });
        await assert.rejects(port.refund(order, performing()), ProviderUnreachable);
        await control('rules', { reportingLagMs: 10_000 });
        return { port, order };
      }

      test('waits, and is found when the report has it', async () => {
        const { port, order } = await inDoubt();
        await assert.rejects(port.findRefund(order, performing({ attempt: 2 })), later(30_000));
        nowMs += 30_000;
        const found = await port.findRefund(order, performing({ attempt: 3 }));
        assert.equal(found?.refundId, order.reference);
      });

      test('is not there only when the doubt is old enough', async () => {
        const { port, order } = await inDoubt();
        const never = { ...order, reference: `${order.bookingId}-r9`, amount: eur('7') };
        const look = (attempt: number) => port.findRefund(never, performing({ attempt }));
        await assert.rejects(look(2), later(30_000));
        nowMs += 30_000;
        await assert.rejects(look(3), later(lagMs - 30_000));
        nowMs += lagMs - 30_001;
        await assert.rejects(look(4), later(1));
        nowMs += 1;
        assert.equal(await look(5), null);
      });

      test('waits anew where another process may have sent it in between, and after a restart', async () => {
        const { port, order } = await inDoubt();
        const never = { ...order, reference: `${order.bookingId}-r9`, amount: eur('7') };
        const look = (attempt: number, by = port) => by.findRefund(never, performing({ attempt }));
        await assert.rejects(look(2), later(30_000));
        nowMs += lagMs;
        await assert.rejects(look(4), later(30_000));
        await assert.rejects(look(5, payments({ reportingLagMs: lagMs })), later(30_000));
        nowMs += lagMs;
        assert.equal(await look(5), null);
      });

      test('is not asked for by another effect meanwhile', async () => {
        const { port, order } = await inDoubt();
        await assert.rejects(
          port.refund(order, performing({ effectId: 'effect-2' })),
          later(30_000),
        );
        assert.equal((await wentBack(order.paymentId)).length, 1);
      });

      test('is not in doubt when it was refused', async () => {
        const port = payments({ reportingLagMs: lagMs });
        const order = refundOrder(await paid());
        const fault = { provider: 'iyzico', mode: 'refuse', operation: 'refund', status: 400 };
        await provider.fault({ ...fault, code: '10246' });
        await assert.rejects(port.refund(order, performing()), ProviderBusy);
        await provider.fault({ provider: 'iyzico', mode: 'none' });
        await port.refund(order, performing({ attempt: 2 }));
        assert.equal((await wentBack(order.paymentId)).length, 1);
      });
    });

    test('can not be told where the report does not even have the payment', async () => {
      const order = refundOrder(await paid());
      await control('rules', { reportingLagMs: MINUTE_MS });
      await assert.rejects(
        payments().findRefund(order, performing()),
        (error) => error instanceof ProviderUnreachable && error.reason === 'payment_not_reported',
      );
    });

    test('is no doubt while nothing was sent that changes anything', async () => {
      const order = refundOrder(await paid());
      await provider.fault({ provider: 'iyzico', mode: 'error500', operation: 'details' });
      await assert.rejects(
        payments().refund(order, performing()),
        (error) => error instanceof ProviderBusy && error.reason === 'not_sent:status_500',
      );
    });

    test('of the same amount in the panel is not taken for ours, once iyzico names any', async () => {
      const one = await paid();
      await payments().refund(refundOrder(one), performing());
      await control(`payments/${one.reference.paymentId}/refund`, { price: '0.5' });
      const second = refundOrder(one, { reference: `${one.order.bookingId}-r2` });
      assert.equal(await payments().findRefund(second, performing()), null);
    });

    suite('without any name', () => {
      beforeEach(() => control('rules', { naming: false }));

      /** Two of one amount and one of another, and one that staff made in the panel. */
      async function three() {
        const one = await paid();
        const orders = ['50', '50', '70'].map((amount, index) =>
          refundOrder(one, {
            reference: `${one.order.bookingId}-r${index + 1}`,
            amount: eur(amount),
          }),
        );
        for (const order of orders) await payments().refund(order, performing());
        await control(`payments/${one.reference.paymentId}/refund`, { price: '0.5' });
        return { one, orders };
      }

      test('is one of those we know, each entry once, and the rest is of the panel', async () => {
        const { one, orders } = await three();
        const reference = { ...one.reference, knownRefunds: orders };
        const { refunds } = await payments().readPayment(reference, performing());
        assert.deepEqual(
          refunds.map((refund) => [refund.reference, refund.amount.amountMinor]),
          [...orders.map((order) => [order.reference, order.amount.amountMinor]), [null, '50']],
        );
        assert.equal(new Set(refunds.map(({ refundId }) => refundId)).size, 4);
        assert.deepEqual(
          refunds.slice(0, 3).map(({ refundId }) => refundId),
          orders.map((order) => order.reference),
        );
      });

      test('is not found in the entry of an earlier one', async () => {
        const one = await paid();
        const first = refundOrder(one);
        await payments().refund(first, performing());
        const second = { ...first, reference: `${one.order.bookingId}-r2`, knownRefunds: [first] };
        assert.equal(await payments().findRefund(second, performing()), null);
        await payments().refund(second, performing());
        const found = await payments().findRefund(second, performing());
        assert.equal(found?.refundId, second.reference);
        const again = await payments().findRefund(first, performing());
        assert.equal(again?.refundId, first.reference);
      });

      test('is made although staff gave the same amount back before', async () => {
        const one = await paid();
        await control(`payments/${one.reference.paymentId}/refund`, { price: '0.5' });
        await payments().refund(refundOrder(one), performing());
        assert.equal((await wentBack(one.reference.paymentId)).length, 2);
      });
    });

    test('without any name is taken for ours by its amount', async () => {
      const one = await paid();
      await control(`payments/${one.reference.paymentId}/refund`, { price: '0.5' });
      const found = await payments().findRefund(refundOrder(one), performing());
      assert.deepEqual(found?.amount, eur('50'));
      const other = refundOrder(one, { amount: eur('51') });
      assert.equal(await payments().findRefund(other, performing()), null);
    });
  });

  suite('an error', () => {
    test('of credentials is told as such, and not tried again', async () => {
      const wrong = [
        [{ secretKey: 'wrong' }, '1000'],
        [{ apiKey: 'wrong' }, '1001'],
      ] as const;
      for (const [keys, code] of wrong) {
        await assert.rejects(
          payments(keys).openCheckout(newOrder(), performing()),
          (error) => error instanceof ProviderCredentialsRefused && error.reason === code,
        );
      }
    });

    test('with HTTP 200 is one', async () => {
      await provider.fault({ provider: 'iyzico', mode: 'refuse', code: '5062', status: 400 });
      await assert.rejects(payments().openCheckout(newOrder(), performing()), refusedBy('5062'));
    });

    test('of exceeded limits is a reason to wait', async () => {
      await provider.fault({ provider: 'iyzico', mode: 'busy429' });
      await assert.rejects(
        payments().openCheckout(newOrder(), performing()),
        (error) => error instanceof ProviderBusy && error.reason === '50000',
      );
      await assert.rejects(
        payments().readPayment((await unopened()).reference, performing()),
        ProviderBusy,
      );
    });

    test("of the bank's own time-out leaves a refund in doubt", async () => {
      const order = refundOrder(await paid());
      const fault = { provider: 'iyzico', mode: 'refuse', operation: 'refund', status: 400 };
      await provider.fault({ ...fault, code: '10219' });
      await assert.rejects(
        payments().refund(order, performing()),
        (error) => error instanceof ProviderUnreachable && error.reason === '10219',
      );
      await provider.fault({ ...fault, code: '10246' });
      await assert.rejects(payments().refund(order, performing()), ProviderBusy);
    });

    test('of a server is tried again where that does no harm', async () => {
      const { reference } = await paid();
      await provider.fault({ provider: 'iyzico', mode: 'error503', count: 2 });
      assert.equal((await payments().readPayment(reference, performing())).status, 'paid');
    });

    /** A reference to a form that nobody opened. */
    async function unopened() {
      const reference: PaymentReference = {
        provider: 'iyzico',
        bookingId: 'case-none-b1',
        checkoutId: randomUUID(),
        paymentId: null,
      };
      return { reference };
    }
  });

  suite('an answer with a wrong signature', () => {
    let server: Server;
    let answer: object = {};

    before(async () => {
      server = createServer((request, response) => {
        request.resume();
        response.writeHead(200, { 'content-type': 'application/json' });
        response.end(JSON.stringify(answer));
      });
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    });
    after(async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    });

    const isForged = (error: unknown) =>
      error instanceof ProviderUnreachable && error.reason === 'bad_signature';
    const forger = () =>
      payments({ baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}` });
    const reference = {
      provider: 'iyzico',
      bookingId: 'case-1-b1',
      checkoutId: 'token',
      paymentId: null,
    } as const;
    const paidAnswer = {
      status: 'success',
      paymentStatus: 'SUCCESS',
      paymentId: '1',
      fraudStatus: 1,
      currency: 'EUR',
      price: 1250.5,
      paidPrice: 1250.5,
      basketId: 'case-1-b1',
      conversationId: 'case-1-b1',
      token: 'token',
    };

    test('is not believed to have opened a checkout', async () => {
      answer = {
        status: 'success',
        conversationId: 'case-1-b1',
        token: 'token',
        tokenExpireTime: 1800,
        paymentPageUrl: 'https://pay.example/?token=token',
        signature: 'f'.repeat(64),
      };
      await assert.rejects(forger().openCheckout(newOrder(), performing()), isForged);
    });

    for (const [what, signature] of [
      ['wrong', 'f'.repeat(64)],
      ['missing', undefined],
    ] as const) {
      test(`is not believed to tell of money: ${what}`, async () => {
        answer = { ...paidAnswer, signature };
        await assert.rejects(forger().readPayment(reference, performing()), isForged);
      });
    }

    test('is not believed to tell that nothing was paid', async () => {
      answer = { ...paidAnswer, paymentStatus: 'FAILURE', signature: 'f'.repeat(64) };
      await assert.rejects(forger().readPayment(reference, performing()), isForged);
    });

    test('leaves a refund in doubt', async () => {
      answer = {
        status: 'success',
        paymentId: '1',
        conversationId: 'case-1-b1-r1',
        price: 0.5,
        currency: 'EUR',
        signature: 'f'.repeat(64),
      };
      const order = refundOrder({ reference: { ...reference, paymentId: '1' } });
      await assert.rejects(forger().refund(order, performing()), isForged);
    });

    test('of nonsense is no answer', async () => {
      answer = [] as object;
      await assert.rejects(
        forger().openCheckout(newOrder(), performing()),
        (error) => error instanceof ProviderUnreachable && error.reason === 'unexpected_body',
      );
    });
  });

  suite("iyzico's books", () => {
    async function movements(from: string, to: string): Promise<readonly ProviderMovement[]> {
      const all: ProviderMovement[] = [];
      const books = iyzicoBooks(optionsOf());
      const signal = AbortSignal.timeout(20_000);
      for await (const page of books.movements({ from, to }, signal)) all.push(...page);
      return all;
    }

    test('have each movement once, over pages and days, as the ledger has it', async () => {
      nowMs += 48 * 60 * MINUTE_MS;
      const from = new Date(nowMs).toISOString();
      for (let day = 0; day < 2; day++) {
        for (let n = 0; n < 8; n++) {
          const one = await paid({ total: eur(String(1_000 + n)) });
          if (n % 2 === 0) await payments().refund(refundOrder(one), performing());
          if (n === 3) {
            const whole = { amount: one.order.total, whole: true };
            await payments().refund(refundOrder(one, whole), performing());
          }
          if (n === 5) await control(`payments/${one.reference.paymentId}/refund`, {});
        }
        const { reference } = await opened();
        await pay(reference.checkoutId, { fraud: 0 });
        nowMs += 24 * 60 * MINUTE_MS;
      }
      const to = new Date(nowMs).toISOString();
      const found = await movements(from, to);
      const keyOf = (entry: LedgerEntry) => {
        const { paymentId, reference, refundId, amount, currency } = entry.detail;
        const id = entry.kind === 'payment' ? paymentId : (reference ?? refundId);
        const { amountMinor } = moneyFromDecimal(String(amount), String(currency));
        return `${entry.kind === 'payment' ? 'capture' : 'refund'} ${String(id)} ${amountMinor}`;
      };
      const seen = new Set(found.map(({ paymentId }) => paymentId));
      const theirs = [
        ...(await provider.applied('payment')),
        ...(await provider.applied('refund')),
        ...(await provider.applied('cancel')),
      ].filter(({ detail }) => seen.has(String(detail['paymentId'])));
      assert.deepEqual(
        found.map((one) => `${one.kind} ${one.movementId} ${one.amount.amountMinor}`).toSorted(),
        theirs.map(keyOf).toSorted(),
      );
      assert.equal(found.filter(({ kind }) => kind === 'capture').length, 16);
      assert.equal(found.filter(({ kind }) => kind === 'refund').length, 12);
      assert.ok(found.every(({ bookingId }) => bookingId?.endsWith('-b1')));
    });

    test('name a movement as the payment itself does', async () => {
      nowMs += 48 * 60 * MINUTE_MS;
      const from = new Date(nowMs).toISOString();
      const one = await paid();
      await payments().refund(refundOrder(one), performing());
      await control(`payments/${one.reference.paymentId}/refund`, { price: '1' });
      const state = await payments().readPayment(one.reference, performing());
      const found = await movements(from, new Date(nowMs + 1_000).toISOString());
      assert.deepEqual(
        found.filter(({ kind }) => kind === 'refund').map(({ movementId }) => movementId),
        state.refunds.map(({ refundId }) => refundId),
      );
      const [capture] = found.filter(({ kind }) => kind === 'capture');
      assert.equal(capture?.movementId, state.paymentId);
      assert.equal(capture?.at, state.paidAt);
    });

    test('leave out what can not be read and is not ours, and tell of what is', async () => {
      const line = {
        transactionType: 'PAYMENT',
        transactionDate: '2026-11-23 12:00:00',
        transactionStatus: 2,
        paymentId: 1,
        conversationId: 'shop-17',
        price: 10,
        transactionCurrency: 'EUR',
      };
      const transactions = [
        line,
        { ...line, paymentId: 2, transactionCurrency: 'JPY' },
        { ...line, paymentId: 3, price: 10.005, transactionDate: 'yesterday' },
        { ...line, paymentId: 4, price: 10.005, conversationId: 'case-1-b1' },
      ];
      const server = createServer((_, response) =>
        response.end(JSON.stringify({ status: 'success', transactions })),
      );
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      const { port } = server.address() as AddressInfo;
      const books = iyzicoBooks(optionsOf({ baseUrl: `http://127.0.0.1:${port}` }));
      const period = { from: '2026-11-23T00:00:00Z', to: '2026-11-23T12:00:00Z' };
      const read = async (tell?: (movement: UnreadableMovement) => void) => {
        const all: ProviderMovement[] = [];
        const signal = AbortSignal.timeout(20_000);
        for await (const page of books.movements(period, signal, tell)) all.push(...page);
        return all.map(({ paymentId }) => paymentId);
      };
      try {
        const told: UnreadableMovement[] = [];
        assert.deepEqual(await read((movement) => told.push(movement)), ['1']);
        assert.deepEqual(told, [
          {
            provider: 'iyzico',
            movementId: '4',
            kind: 'capture',
            paymentId: '4',
            bookingId: 'case-1-b1',
            at: '2026-11-23T12:00:00+03:00',
            reason: 'amount_too_fine',
          },
        ]);
        await assert.rejects(read(), refusedBy('amount_too_fine'));
      } finally {
        server.closeAllConnections();
        await new Promise((resolve) => server.close(resolve));
      }
    });

    test('keep to the period, from its beginning and before its end', async () => {
      nowMs += 48 * 60 * MINUTE_MS;
      const start = nowMs;
      await paid();
      nowMs += MINUTE_MS;
      await paid();
      const at = (ms: number) => new Date(ms).toISOString();
      assert.equal((await movements(at(start), at(nowMs))).length, 1);
      assert.equal((await movements(at(start), at(nowMs + 1_000))).length, 2);
      assert.deepEqual(await movements(at(start), at(start)), []);
      await assert.rejects(
        movements('2020-01-01T00:00:00Z', '2026-01-01T00:00:00Z'),
        refusedBy('period_too_long'),
      );
    });
  });

  test('ends at the signal', async () => {
    const { reference } = await paid();
    await provider.fault({ provider: 'iyzico', mode: 'hang' });
    await assert.rejects(
      payments().readPayment(reference, performing({ signal: AbortSignal.timeout(100) })),
      (error) => error instanceof ProviderUnreachable && error.reason === 'timeout',
    );
  });
});
