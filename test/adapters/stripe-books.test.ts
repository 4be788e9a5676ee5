import assert from 'node:assert/strict';
import { after, before, beforeEach, suite, test } from 'node:test';

import { ProviderCredentialsRefused, ProviderRefused } from '../../actors/errors.ts';
import type {
  PaymentBooks,
  ProviderMovement,
  UnreadableMovement,
} from '../../actors/ports/payments.ts';
import { openLedger } from '../sandbox/ledger.ts';
import { sandboxSecrets, startSandbox } from '../sandbox/sandbox.ts';
import { performing } from './fixtures.ts';
import { type StripeWorld, startStripe } from './stripe-fixture.ts';

const euros = (amountMinor: string) => ({ amountMinor, currency: 'EUR' });
const hourMs = 60 * 60 * 1_000;

suite("stripe's books", () => {
  let stripe: StripeWorld;
  const today = {
    from: new Date(Date.now() - hourMs).toISOString(),
    to: new Date(Date.now() + hourMs).toISOString(),
  };

  before(async () => {
    stripe = await startStripe();
  });
  after(() => stripe.close());
  beforeEach(() => stripe.provider.fault({ provider: 'stripe', mode: 'none' }));

  async function all(
    period: { readonly from: string; readonly to: string } = today,
    books: PaymentBooks = stripe.books(),
  ): Promise<readonly ProviderMovement[]> {
    const read: ProviderMovement[] = [];
    for await (const page of books.movements(period, AbortSignal.timeout(20_000))) {
      read.push(...page);
    }
    return read;
  }

  async function of(bookingId: string | null): Promise<readonly ProviderMovement[]> {
    return (await all()).filter((movement) => movement.bookingId === bookingId);
  }

  test('have what was taken and given back, by whomever', async () => {
    const { refundOrder, ...state } = await stripe.paid();
    const ours = await stripe.payments().refund(refundOrder(1, '25000'), performing());
    const theirs = await stripe.control(`payments/${state.paymentId}/refund`, { amount: 1_000 });
    const movements = await of(state.bookingId);
    const told = movements.map(({ kind, movementId, paymentId, amount }) => ({
      kind,
      movementId,
      paymentId,
      amount,
    }));
    const paymentId = state.paymentId ?? '';
    assert.deepEqual(told.slice(0, 1), [
      { kind: 'capture', movementId: paymentId, paymentId, amount: euros('125000') },
    ]);
    assert.deepEqual(
      new Map(told.slice(1).map(({ movementId, ...refund }) => [movementId, refund])),
      new Map([
        [ours.refundId, { kind: 'refund', paymentId, amount: euros('25000') }],
        [String(theirs['refundId']), { kind: 'refund', paymentId, amount: euros('1000') }],
      ]),
    );
    assert.equal(movements[0]?.at, state.paidAt);
  });

  test('have nothing of what was not paid, nor refunds that failed', async () => {
    const { bookingId } = await stripe.paid({ method: 'delayed' });
    const { bookingId: blocked } = await stripe.paid({ fraud: 'rejected' });
    const { refundOrder, ...paid } = await stripe.paid();
    const { refundId } = await stripe.payments().refund(refundOrder(1, '25000'), performing());
    await stripe.control(`refunds/${refundId}/fail`);
    assert.deepEqual([await of(bookingId), await of(blocked)], [[], []]);
    assert.deepEqual(
      (await of(paid.bookingId)).map(({ kind }) => kind),
      ['capture'],
    );
  });

  test('have disputes as chargebacks, and those we won as reversed', async () => {
    const { bookingId, paymentId } = await stripe.paid();
    const { disputeId } = await stripe.control(`payments/${paymentId}/dispute`, { amount: 5_000 });
    const chargebacks = async () =>
      (await of(bookingId)).flatMap(({ kind, movementId, amount, ...movement }) =>
        kind === 'capture' ? [] : [[kind, movementId, movement.paymentId, amount]],
      );
    const taken = ['chargeback', disputeId, paymentId, euros('5000')];
    assert.deepEqual(await chargebacks(), [taken]);
    await stripe.control(`disputes/${String(disputeId)}/close`, { outcome: 'won' });
    const back = ['chargeback-reversed', disputeId, paymentId, euros('5000')];
    assert.deepEqual(await chargebacks(), [taken, back]);
  });

  test('are read from the first moment of a period up to its end', async () => {
    const { paidAt, bookingId } = await stripe.paid();
    const at = Date.parse(paidAt ?? '');
    const within = async (fromMs: number, toMs: number) => {
      const period = {
        from: new Date(at + fromMs).toISOString(),
        to: new Date(at + toMs).toISOString(),
      };
      return (await all(period)).some((movement) => movement.bookingId === bookingId);
    };
    assert.deepEqual(
      [await within(0, 1), await within(-1_000, 0), await within(1, 1_000), await within(-1, 1)],
      [true, false, false, true],
    );
  });

  test('are read again when a page failed', async () => {
    const { bookingId } = await stripe.paid();
    await stripe.provider.fault({ provider: 'stripe', mode: 'error500', count: 2 });
    assert.equal((await of(bookingId)).length, 1);
  });

  test('are closed to others', async () => {
    await stripe.provider.fault({ provider: 'stripe', mode: 'unauthorized' });
    await assert.rejects(all(), ProviderCredentialsRefused);
  });

  test('are read to the last of many pages, each movement once', async () => {
    const state = await stripe.paid();
    const ledger = openLedger(stripe.provider.ledgerFile);
    // As many more as fill two pages and begin a third, written where the sandbox goes on from.
    const [entry] = await stripe.entries('payment', state.bookingId ?? '');
    assert.ok(entry);
    const { change } = entry.detail as unknown as { change: { payment: Record<string, unknown> } };
    for (let count = 0; count < 210; count++) {
      const payment = { ...change.payment, id: `pi_many${count}`, chargeId: `ch_many${count}` };
      ledger.append({
        provider: 'stripe',
        kind: 'payment',
        key: null,
        digest: '',
        detail: { change: { payment } },
      });
    }
    const sandbox = await startSandbox({
      port: 0,
      ledgerFile: stripe.provider.ledgerFile,
      webhooks: {},
      secrets: sandboxSecrets,
    });
    const movements = await all(today, stripe.books(sandbox));
    await sandbox.close();
    const many = movements.filter(({ paymentId }) => paymentId.startsWith('pi_many'));
    assert.deepEqual(
      [many.length, new Set(many.map(({ paymentId }) => paymentId)).size],
      [210, 210],
    );
  });

  // Last, since the sandbox goes on from what it writes.
  test('leave out what can not be read and is not ours, and tell of what is', async () => {
    const state = await stripe.paid();
    const ledger = openLedger(stripe.provider.ledgerFile);
    const [entry] = await stripe.entries('payment', state.bookingId ?? '');
    assert.ok(entry);
    const { change } = entry.detail as unknown as { change: { payment: Record<string, unknown> } };
    for (const [id, currency, bookingId] of [
      ['pi_foreign', 'ugx', 'shop-17'],
      ['pi_odd', 'isk', null],
      ['pi_ours', 'isk', 'case-1-b1'],
    ] as const) {
      const metadata = bookingId === null ? {} : { booking_id: bookingId };
      const payment = {
        ...change.payment,
        id,
        chargeId: `ch_${id}`,
        amount: 101,
        currency,
        metadata,
      };
      ledger.append({
        provider: 'stripe',
        kind: 'payment',
        key: null,
        digest: '',
        detail: { change: { payment } },
      });
    }
    const sandbox = await startSandbox({
      port: 0,
      ledgerFile: stripe.provider.ledgerFile,
      webhooks: {},
      secrets: sandboxSecrets,
    });
    try {
      const books = stripe.books(sandbox);
      const told: UnreadableMovement[] = [];
      const read: ProviderMovement[] = [];
      const tell = (movement: UnreadableMovement) => told.push(movement);
      for await (const page of books.movements(today, AbortSignal.timeout(20_000), tell)) {
        read.push(...page);
      }
      assert.ok(read.some(({ paymentId }) => paymentId === state.paymentId));
      assert.ok(!read.some(({ paymentId }) => /foreign|odd|ours/.test(paymentId)));
      assert.deepEqual(
        told.map(({ movementId, bookingId, reason }) => [movementId, bookingId, reason]),
        [['pi_ours', 'case-1-b1', 'amount_too_fine']],
      );
      await assert.rejects(
        all(today, books),
        (error) => error instanceof ProviderRefused && error.reason === 'amount_too_fine',
      );
    } finally {
      await sandbox.close();
    }
  });
});
