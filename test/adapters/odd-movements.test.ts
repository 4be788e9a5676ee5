/** A movement that is not as its provider documents it spoils no report, and is never left out in silence. */
import assert from 'node:assert/strict';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, suite, test } from 'node:test';

import { Agent } from 'undici';

import { ProviderUnreachable } from '../../actors/errors.ts';
import type { PaymentBooks, UnreadableMovement } from '../../actors/ports/payments.ts';
import { iyzicoBooks } from '../../adapters/iyzico/books.ts';
import { iyzicoPolicy } from '../../adapters/iyzico/payments.ts';
import { stripeBooks } from '../../adapters/stripe/books.ts';
import { stripePolicy } from '../../adapters/stripe/payments.ts';
import { createTelemetry } from '../../telemetry.ts';
import { quick } from './fixtures.ts';

const created = Date.parse('2026-11-20T10:00:00Z') / 1_000;
const charge = (n: number, more: object = {}) => ({
  id: `ch_${n}`,
  object: 'charge',
  status: 'succeeded',
  captured: true,
  amount_captured: 1_000 * n,
  currency: 'eur',
  created,
  metadata: { booking_id: `case-${n}-b1` },
  payment_intent: `pi_${n}`,
  outcome: null,
  ...more,
});
const period = { from: '2026-11-20T00:00:00Z', to: '2026-11-21T00:00:00Z' };

/** Provider's answers over HTTP, to whatever is asked; and how `books` reads them. */
function provider() {
  let server: Server;
  let answerTo: (url: string) => object;
  const dispatcher = new Agent();
  before(async () => {
    server = createServer((request, response) => {
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify(answerTo(request.url ?? '')));
    }).listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
  });
  after(async () => {
    await dispatcher.destroy();
    server.close();
  });
  return {
    answering: (answers: typeof answerTo) => void (answerTo = answers),
    reach: () => ({
      baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      dispatcher,
      telemetry: createTelemetry({ level: 'silent' }),
    }),
  };
}

async function readFrom(books: PaymentBooks) {
  const movements: string[] = [];
  const told: UnreadableMovement[] = [];
  const tell = (movement: UnreadableMovement) => void told.push(movement);
  for await (const page of books.movements(period, AbortSignal.timeout(20_000), tell))
    movements.push(...page.map(({ movementId }) => movementId));
  return { movements, told };
}

suite('a report of charges', () => {
  const { answering, reach } = provider();

  function read(charges: readonly object[]) {
    answering((url) => {
      const data = url.startsWith('/v1/charges') ? charges : [];
      return { object: 'list', data, has_more: false, url: '/v1/charges' };
    });
    const policy = quick('stripe', stripePolicy);
    return readFrom(stripeBooks({ ...reach(), secretKey: 'sk_test_1', policy }));
  }

  for (const more of [
    { status: 'partially_captured' },
    { amount_captured: '2000' },
    { currency: 'euro' },
    { captured: null },
    { outcome: 'odd' },
    { payment_intent: { id: 'pi_2', metadata: {} }, amount_captured: 0.5 },
  ]) {
    test(`with one of ours that says ${JSON.stringify(more)} has the others, and tells of it`, async () => {
      const { movements, told } = await read([charge(1), charge(2, more), charge(3)]);
      assert.deepEqual(movements, ['pi_1', 'pi_3']);
      assert.deepEqual(
        told.map(({ bookingId, paymentId, kind, reason }) => [bookingId, paymentId, kind, reason]),
        [['case-2-b1', 'pi_2', 'capture', 'unexpected_item']],
      );
    });
  }

  test('with one of somebody else’s goes on without it', async () => {
    const { movements, told } = await read([charge(1), charge(2, { status: 'odd', metadata: {} })]);
    assert.deepEqual([movements, told], [['pi_1'], []]);
  });

  test('with one that may be ours, as nobody can tell whose it is, is not taken for complete', async () => {
    const nobodys = charge(2, { status: 'odd', metadata: 'none' });
    await assert.rejects(read([charge(1), nobodys]), ProviderUnreachable);
  });
});

const payment = (n: number, more: object = {}) => ({
  transactionType: 'PAYMENT',
  transactionDate: '2026-11-20 13:00:00',
  transactionId: `${100 + n}`,
  transactionStatus: '2',
  paymentId: `${n}`,
  conversationId: `case-${n}-b1`,
  basketId: `case-${n}-b1`,
  price: 10.5 * n,
  paidPrice: 10.5 * n,
  transactionCurrency: 'EUR',
  ...more,
});
const refund = { transactionType: 'REFUND', conversationId: 'case-2-b1-r1' };

suite('a day’s list of transactions', () => {
  const { answering, reach } = provider();

  function read(lines: readonly unknown[]) {
    answering((url) => {
      const isTheDay = url.includes('transactionDate=2026-11-20');
      return { status: 'success', totalPageCount: 1, transactions: isTheDay ? lines : [] };
    });
    const keys = { apiKey: 'key', secretKey: 'secret' };
    return readFrom(iyzicoBooks({ ...reach(), ...keys, policy: quick('iyzico', iyzicoPolicy) }));
  }

  for (const [more, kind, movementId] of [
    [{ price: null }, 'capture', '2'],
    [{ transactionDate: 'yesterday' }, 'capture', '2'],
    [{ transactionCurrency: undefined, basketId: {} }, 'capture', '2'],
    [{ transactionType: null }, 'capture', '2'],
    [{ conversationId: {} }, 'capture', '2'],
    [{ paymentId: ['2'] }, 'capture', 'unnamed'],
    [{ ...refund, price: [10] }, 'refund', 'case-2-b1-r1'],
    [{ ...refund, transactionDate: null }, 'refund', 'case-2-b1-r1'],
    [{ ...refund, transactionType: null, price: 21 }, 'refund', 'case-2-b1-r1'],
    [{ transactionType: 'CANCEL', conversationId: null, price: {} }, 'refund', '102'],
  ] as const) {
    test(`with one of ours that says ${JSON.stringify(more)} has the others, and tells of it`, async () => {
      const { movements, told } = await read([payment(1), payment(2, more), payment(3)]);
      assert.deepEqual(movements, ['1', '3']);
      assert.deepEqual(
        told.map((one) => [one.bookingId, one.movementId, one.kind, one.reason]),
        [['case-2-b1', movementId, kind, 'unexpected_item']],
      );
      assert.ok(told[0] && told[0].at.startsWith('2026-11-20T1'), 'within its day');
    });
  }

  for (const more of [
    { price: null, conversationId: 'B67832', basketId: 'B67832' },
    { transactionType: 'FEE', price: null },
  ]) {
    test(`with one that is none of ours, ${JSON.stringify(more)}, goes on without it`, async () => {
      const { movements, told } = await read([payment(1), payment(2, more)]);
      assert.deepEqual([movements, told], [['1'], []]);
    });
  }

  for (const line of [payment(2, { price: null, conversationId: {}, basketId: null }), null, 'x']) {
    test(`with ${JSON.stringify(line)}, which may be ours, is not taken for complete`, async () => {
      await assert.rejects(read([payment(1), line]), ProviderUnreachable);
    });
  }
});
