import assert from 'node:assert/strict';
import { suite, test } from 'node:test';

import * as v from 'valibot';

import { DEVELOPMENT_SECRETS } from '../../config.ts';
import { signingKeys } from '../../http/server/signatures.ts';
import { iyzicoDelivery, readIyzicoNotice } from '../../http/webhooks/payments/iyzico.ts';
import { isStripeSigned, stripeDelivery } from '../../http/webhooks/payments/stripe.ts';
import { seeded } from '../faults/random.ts';
import { removeFolder, temporaryFolder } from '../support/folders.ts';
import { startProgram } from '../support/proc.ts';
import { isThorough } from '../support/runs.ts';
import { factsPerPayment, postsAbout, withDuplicates } from './money/webhooks.ts';
import type { Payment } from './money/webhooks.ts';
import { machineCpuMs } from './usage.ts';

const ours = { caseId: 'c-1', bookingId: 'c-1-b1' };
const metadata = { case_id: ours.caseId, booking_id: ours.bookingId };
const stripePayment: Payment = {
  ...ours,
  provider: 'stripe',
  checkoutId: 'cs_1',
  paymentId: 'pi_1',
  session: {
    id: 'cs_1',
    mode: 'payment',
    payment_status: 'paid',
    payment_intent: 'pi_1',
    metadata,
  },
  intent: { id: 'pi_1', metadata },
};
const iyzicoPayment: Payment = {
  ...ours,
  provider: 'iyzico',
  checkoutId: '5b0c7a2e-94d1-4e6f-8c51-e6f29b7d0001',
  paymentId: '24512345',
};

const Round = v.looseObject({
  kind: v.literal('round'),
  missing: v.optional(v.number()),
  unconfirmed: v.optional(v.number()),
  wrong: v.optional(v.number()),
});

suite('the benchmark of money', () => {
  test('posts what the edge believes of Stripe, and knows', () => {
    const keys = signingKeys([DEVELOPMENT_SECRETS.STRIPE_WEBHOOK_SECRET]);
    const posts = postsAbout(stripePayment);
    const deliveries = posts.map(({ body, headers }) => {
      const signature = headers['stripe-signature'] ?? '';
      assert.ok(isStripeSigned(keys, signature, Buffer.from(body), Date.now()));
      return stripeDelivery(JSON.parse(body));
    });
    assert.deepEqual(
      deliveries.map(({ type }) => type),
      ['unknown', 'payment.notified', 'payment.notified'],
    );
    assert.equal(posts.length, factsPerPayment);
    assert.equal(new Set(deliveries.map(({ dedupeKey }) => dedupeKey)).size, factsPerPayment);
  });

  test('posts what the edge believes of iyzico, and knows', () => {
    const keys = signingKeys([DEVELOPMENT_SECRETS.IYZICO_SECRET_KEY]);
    const deliveries = postsAbout(iyzicoPayment).map(({ body, headers }) => {
      const signature = headers['x-iyz-signature-v3'] ?? '';
      const notice = readIyzicoNotice(keys, null, signature, Buffer.from(body), Date.now());
      assert.ok(notice);
      return iyzicoDelivery(notice);
    });
    assert.deepEqual(
      deliveries.map(({ data }) => (data as { notice?: string }).notice),
      ['pending', 'pending', 'paid'],
    );
    assert.equal(new Set(deliveries.map(({ dedupeKey }) => dedupeKey)).size, factsPerPayment);
  });

  test('repeats as often as it is told, and nothing before it was said', () => {
    const facts = Array.from({ length: 300 }, () => postsAbout(stripePayment)).flat();
    const posts = withDuplicates(facts, 0.2, seeded(7));
    const said = new Set<string>();
    for (const { body, isDuplicate } of posts) {
      assert.equal(said.has(body), isDuplicate);
      said.add(body);
    }
    assert.equal(said.size, facts.length);
    const share = posts.filter(({ isDuplicate }) => isDuplicate).length / posts.length;
    assert.ok(share > 0.15 && share < 0.25, String(share));
    assert.deepEqual(withDuplicates(facts, 0, seeded(7)), facts);
  });

  test('sees the whole machine work', { skip: process.platform !== 'linux' }, () => {
    const before = machineCpuMs();
    const cpu = process.cpuUsage();
    while (process.cpuUsage(cpu).user < 100_000);
    const counted = machineCpuMs() - before;
    assert.ok(counted >= 80, `${counted} ms`);
  });

  // Small, but whole: what the money flow comes to change must not break them unseen.
  for (const [name, ...args] of [
    ['payments', '--rate', '20', '--seconds', '2', '--warmup-seconds', '1', '--seen', 'both'],
    ['bookings', '--bookings', '6', '--warmup', '2', '--concurrency', '4', '--rounds', '1'],
  ] as const) {
    const skip = name === 'payments' && !isThorough && 'THOROUGH asks for it';
    test(
      `plays ${name} to the end, and finds nothing lost`,
      { skip, timeout: 240_000 },
      async (t) => {
        const folder = await temporaryFolder();
        t.after(() => removeFolder(folder));
        await using program = await startProgram('test/bench/main.ts', {
          args: [name, ...args, '--data-dir', folder],
        });
        const { code } = await program.exited;
        assert.equal(code, 0, program.output());
        const rounds = program
          .output()
          .split('\n')
          .flatMap((line) => (line.startsWith('{"kind":"round"') ? [JSON.parse(line)] : []))
          .map((line) => v.parse(Round, line));
        assert.equal(rounds.length, name === 'payments' ? 2 : 1);
        for (const { missing = 0, unconfirmed = 0, wrong = 0 } of rounds)
          assert.deepEqual([missing, unconfirmed, wrong], [0, 0, 0]);
      },
    );
  }
});
