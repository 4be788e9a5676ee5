import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';

import { createLocks } from '../../persistence/database/locks.ts';
import { createPool } from '../../persistence/database/pool.ts';
import { routeTo } from '../../persistence/database/route.ts';
import { int4, statement } from '../../persistence/database/statement.ts';
import { startPgbouncer } from '../support/pgbouncer.ts';
import { testDatabase } from '../support/services.ts';

const double = statement('double', {
  takes: { n: int4 },
  gives: { doubled: int4 },
  sql: ({ n }) => `select ${n}::int4 * 2 as doubled`,
});

suite('the way to PostgreSQL', { timeout: 120_000 }, () => {
  let database: Awaited<ReturnType<typeof testDatabase>>;
  before(async () => {
    database = await testDatabase();
  });
  after(() => database[Symbol.asyncDispose]());

  /** Many at once, so that a pooler hands its connections around. */
  async function doubles(url: string, route = { named: true, settings: true }): Promise<number[]> {
    const pool = createPool({ url, max: 8, route });
    try {
      const rounds = Array.from({ length: 5 }, () => Array.from({ length: 16 }, (_, i) => i));
      const found: number[] = [];
      for (const round of rounds) {
        const rows = await Promise.all(round.map(async (n) => double(pool, { n })));
        found.push(...rows.map(([row]) => row?.doubled ?? -1));
      }
      return found;
    } finally {
      await pool.end();
    }
  }
  const expected = Array.from({ length: 5 }, () =>
    Array.from({ length: 16 }, (_, i) => 2 * i),
  ).flat();

  test('is direct where nothing is between', async () => {
    assert.deepEqual(await routeTo(database.url), { named: true, settings: true });
    assert.deepEqual(await doubles(database.url), expected);
  });

  for (const poolSize of [1, 3, 20]) {
    test(`names no statement behind a pooler in transaction mode with ${poolSize} connections`, async () => {
      await using pooler = await startPgbouncer(database.url, {
        poolMode: 'transaction',
        poolSize,
      });
      const route = await routeTo(pooler.url);
      assert.deepEqual(route, { named: false, settings: true });
      assert.deepEqual(await doubles(pooler.url, route), expected);
    });
  }

  test('sends no settings to a pooler that refuses them', async () => {
    await using pooler = await startPgbouncer(database.url, {
      poolMode: 'transaction',
      ignored: 'extra_float_digits',
    });
    const route = await routeTo(pooler.url);
    assert.deepEqual(route, { named: false, settings: false });
    assert.deepEqual(await doubles(pooler.url, route), expected);
  });

  test('relies on no session behind a pooler in session mode either, since nothing proves it', async () => {
    await using pooler = await startPgbouncer(database.url, { poolMode: 'session' });
    assert.equal((await routeTo(pooler.url)).named, false);
  });

  test('is refused with one line behind a pooler in statement mode', async () => {
    await using pooler = await startPgbouncer(database.url, { poolMode: 'statement' });
    await assert.rejects(routeTo(pooler.url), {
      name: 'DatabaseUnfit',
      message: /^DATABASE_URL leads to a pooler in statement mode[^\n]+$/,
    });
  });

  test('gives names up by itself when a pooler comes between later', async () => {
    await using pooler = await startPgbouncer(database.url, {
      poolMode: 'transaction',
      poolSize: 3,
    });
    assert.deepEqual(await doubles(pooler.url), expected);
  });

  test('leads to locks that one at a time holds, also behind a pooler', async () => {
    await using pooler = await startPgbouncer(database.url, { poolMode: 'transaction' });
    const [one, other] = [createLocks(pooler), createLocks(pooler)];
    const release = await one.tryLock('a');
    assert.ok(release);
    for (let times = 0; times < 5; times++) assert.equal(await other.tryLock('a'), null);
    await release();
    const again = await other.tryLock('a');
    assert.ok(again);
    await again();
  });
});
