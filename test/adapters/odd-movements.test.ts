/** A movement that is not as its provider documents it spoils no report, and is never left out in silence. */
import assert from 'node:assert/strict';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, suite, test } from 'node:test';

import { Agent } from 'undici';

import { ProviderUnreachable } from '../../actors/errors.ts';
import type { UnreadableMovement } from '../../actors/ports/payments.ts';
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

suite('a report of charges', () => {
  let server: Server;
  let charges: readonly object[] = [];
  const dispatcher = new Agent();
  before(async () => {
    server = createServer((request, response) => {
      const data = request.url?.startsWith('/v1/charges') === true ? charges : [];
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify({ object: 'list', data, has_more: false, url: '/v1/charges' }));
    }).listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
  });
  after(async () => {
    await dispatcher.destroy();
    server.close();
  });

  async function read(given: readonly object[]) {
    charges = given;
    const { port } = server.address() as AddressInfo;
    const books = stripeBooks({
      baseUrl: `http://127.0.0.1:${port}`,
      secretKey: 'sk_test_1',
      dispatcher,
      policy: quick('stripe', stripePolicy),
      telemetry: createTelemetry({ level: 'silent' }),
    });
    const movements: string[] = [];
    const told: UnreadableMovement[] = [];
    const tell = (movement: UnreadableMovement) => void told.push(movement);
    for await (const page of books.movements(period, AbortSignal.timeout(20_000), tell))
      movements.push(...page.map(({ movementId }) => movementId));
    return { movements, told };
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
