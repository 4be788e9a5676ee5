import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';

import { recordOf } from '../../actors/performers/money-record.ts';
import type { PaymentState } from '../../actors/shapes/payments.ts';
import { createPool } from '../../persistence/database/pool.ts';
import { createBooks } from '../../persistence/finance/books.ts';
import { createDifferenceRegister } from '../../persistence/finance/differences.ts';
import { startStripe, type StripeWorld } from '../adapters/stripe-fixture.ts';
import { sandboxSecrets } from '../sandbox/sandbox.ts';
import { startProgram } from '../support/proc.ts';
import { testDatabase } from '../support/services.ts';

suite('npm run reconcile', { timeout: 180_000 }, () => {
  let stripe: StripeWorld;
  before(async () => {
    stripe = await startStripe();
  });
  after(() => stripe.close());

  async function run(url: string, ...args: readonly string[]) {
    await using program = await startProgram('deploy/tools/reconcile.ts', {
      args,
      env: {
        NODE_ENV: undefined,
        DATABASE_URL: url,
        STRIPE_API_BASE: stripe.provider.sandbox.origin,
        STRIPE_SECRET_KEY: sandboxSecrets.stripeSecretKey,
        IYZICO_API_BASE: stripe.provider.sandbox.origin,
        IYZICO_API_KEY: sandboxSecrets.iyzicoApiKey,
        IYZICO_SECRET_KEY: sandboxSecrets.iyzicoSecretKey,
        DATA_DIR: stripe.provider.ledgerFile,
      },
    });
    const { code } = await program.exited;
    return { code, output: program.output() };
  }

  /** Books a payment as its case would. */
  async function book(url: string, state: PaymentState): Promise<void> {
    const bookingId = state.bookingId ?? '';
    const pool = createPool({ url, max: 1 });
    await createBooks({ pool }).record(
      recordOf(
        {
          tenant: 'clinic-a',
          caseId: bookingId.slice(0, bookingId.lastIndexOf('-b')),
          bookingId,
          revision: 1,
          state: 'confirmed',
          provider: 'stripe',
          checkoutId: state.checkoutId,
          paymentId: state.paymentId,
          total: state.total,
          heldFor: null,
          at: new Date().toISOString(),
          cause: 'test',
        },
        state,
      ),
    );
    await pool.end();
  }

  async function openFindings(url: string) {
    const pool = createPool({ url, max: 1 });
    const open = await createDifferenceRegister({ pool }).open();
    await pool.end();
    return open.map(({ kind, subject, day }) => ({ kind, subject, day }));
  }

  test('ends clean where the books agree, and names what differs where they don’t', async () => {
    await using database = await testDatabase();
    const { url } = database;
    const paid = await stripe.paid();
    const day = paid.paidAt?.slice(0, 10) ?? '';
    await book(url, paid);
    const clean = await run(url, '--day', day);
    assert.deepEqual([clean.code, clean.output.endsWith('clean\n')], [0, true], clean.output);
    assert.match(clean.output, /captures +1250\.00 +1250\.00\n/);

    const stranger = await stripe.paid();
    const looked = await run(url, '--day', day, '--json', '--dry-run');
    assert.equal(looked.code, 1, looked.output);
    const report = JSON.parse(looked.output) as { readonly outcome: string };
    assert.equal(report.outcome, 'differences');
    assert.deepEqual(await openFindings(url), [], 'a dry run keeps nothing');

    // Nobody's case, so nobody can be told.
    const kept = await run(url, '--day', day);
    assert.equal(kept.code, 1, kept.output);
    assert.ok(kept.output.includes(`payment-unknown ${stranger.paymentId}`), kept.output);
    const found = [{ kind: 'payment-unknown', subject: stranger.paymentId, day }];
    assert.deepEqual(await openFindings(url), found);

    await book(url, stranger);
    assert.equal((await run(url, '--day', day)).code, 0);
    assert.deepEqual(await openFindings(url), [], 'closed once it was gone');
  });

  test('says that it could not look', async () => {
    await using database = await testDatabase();
    await stripe.provider.fault({ provider: 'stripe', mode: 'unauthorized' });
    const refused = await run(database.url, '--day', '2026-11-22');
    await stripe.provider.fault({ provider: 'stripe', mode: 'none' });
    assert.equal(refused.code, 2);
    assert.match(refused.output, /stripe: could not be compared: provider_credentials_refused/);
  });

  for (const args of [
    ['--day', 'yesterday'],
    ['--days', '2026-11-22'],
  ]) {
    test(`shows how it is used when asked for \`${args.join(' ')}\``, async () => {
      const { code, output } = await run('postgresql://nobody@127.0.0.1:1/none', ...args);
      assert.equal(code, 2);
      assert.match(output, /^npm run reconcile -- /);
    });
  }

  test('refuses a day to come', async () => {
    const { code, output } = await run(
      'postgresql://nobody@127.0.0.1:1/none',
      '--day',
      '2999-01-01',
    );
    assert.deepEqual([code, output], [2, 'Nothing of 2999-01-01 (UTC) is over yet\n']);
  });
});
