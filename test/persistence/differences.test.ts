import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';

import type pg from 'pg';

import type { Difference } from '../../actors/ports/books.ts';
import { createPool } from '../../persistence/database/pool.ts';
import { createDifferenceRegister } from '../../persistence/finance/differences.ts';
import { testDatabase } from '../support/services.ts';

const eur = (amountMinor: string) => ({ amountMinor, currency: 'EUR' });
const difference = (subject: string, more: Partial<Difference> = {}): Difference => ({
  provider: 'stripe',
  subject,
  bookingId: null,
  kind: 'payment-unknown',
  ours: null,
  theirs: eur('100'),
  ...more,
});

suite('the differences of reconciliation', { timeout: 60_000 }, () => {
  let database: Awaited<ReturnType<typeof testDatabase>>;
  let pool: pg.Pool;
  let register: ReturnType<typeof createDifferenceRegister>;
  before(async () => {
    database = await testDatabase();
    pool = createPool({ url: database.url, max: 4 });
    register = createDifferenceRegister({ pool });
  });
  after(async () => {
    await pool.end();
    await database[Symbol.asyncDispose]();
  });

  const open = async () =>
    (await register.open()).map(({ day, provider, subject, kind, theirs }) =>
      [day, provider, subject, kind, theirs?.amountMinor].join(' '),
    );
  const sinceOf = async (subject: string) =>
    (await register.open()).find((one) => one.subject === subject)?.since;

  test('replace what was open for their provider and day, and close the rest', async () => {
    const [first, second] = ['2026-11-22', '2026-11-23'];
    await register.keep('stripe', first, [difference('pi_0')]);
    await register.keep('iyzico', second, [difference('77', { provider: 'iyzico' })]);
    await register.keep('stripe', second, [
      difference('pi_1'),
      difference('pi_1'), // The same subject and kind is one row.
      difference('pi_1', { kind: 'amount-differs', ours: eur('90') }),
      difference('pi_2'),
    ]);
    const since = await sinceOf('pi_2');
    await register.keep('stripe', second, [
      difference('pi_2', { theirs: eur('101') }),
      difference('pi_3'),
    ]);
    assert.deepEqual(await open(), [
      `${first} stripe pi_0 payment-unknown 100`,
      `${second} iyzico 77 payment-unknown 100`,
      `${second} stripe pi_2 payment-unknown 101`,
      `${second} stripe pi_3 payment-unknown 100`,
    ]);
    assert.equal(await sinceOf('pi_2'), since, 'it is as old as it was');
    const { rows } = await pool.query(
      'select subject, kind from reconciliation_findings where closed_at is not null order by kind',
    );
    assert.deepEqual(rows, [
      { subject: 'pi_1', kind: 'amount-differs' },
      { subject: 'pi_1', kind: 'payment-unknown' },
    ]);

    await register.keep('stripe', second, []);
    await register.keep('stripe', second, [difference('pi_2')]);
    assert.deepEqual(await open(), [
      `${first} stripe pi_0 payment-unknown 100`,
      `${second} iyzico 77 payment-unknown 100`,
      `${second} stripe pi_2 payment-unknown 100`,
    ]);
    assert.notEqual(await sinceOf('pi_2'), since, 'it came back');
    const [found] = (await register.open()).filter(({ provider }) => provider === 'iyzico');
    assert.deepEqual(
      [found?.bookingId, found?.ours, found?.theirs, found?.kind],
      [null, null, eur('100'), 'payment-unknown'],
    );
  });

  test('are kept twice at once without harm', async () => {
    const day = '2026-11-20';
    const many = Array.from({ length: 50 }, (_, n) => difference(`pi_many_${n}`));
    await Promise.all(
      Array.from({ length: 8 }, (_, n) =>
        register.keep('stripe', day, n % 2 ? many : many.toReversed()),
      ),
    );
    assert.equal((await register.open()).filter((one) => one.day === day).length, 50);
  });
});
