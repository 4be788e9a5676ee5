import assert from 'node:assert/strict';
import { suite, test } from 'node:test';

import { Registry } from 'prom-client';

import { watchClock } from '../../deploy/wiring/clock.ts';
import { createPool } from '../../persistence/database/pool.ts';
import { databaseClock } from '../../persistence/database/ready.ts';
import type { LogFields } from '../../telemetry.ts';
import { testDatabase } from '../support/services.ts';

/** A watch of a process whose clock is `aheadMs` ahead of this machine's, on which PostgreSQL runs too. */
async function watching(url: string, aheadMs: number) {
  const registry = new Registry();
  const warned: LogFields[] = [];
  const pool = createPool({ url, max: 1 });
  const watch = watchClock({
    databaseClock: () => databaseClock(pool),
    registry,
    log: (_level, event, fields) => void warned.push({ ...fields, type: event }),
    now: () => Date.now() + aheadMs,
  });
  await watch.compare();
  await watch.compare();
  await pool.end();
  const skew = /^clock_skew_seconds (\S+)$/m.exec(await registry.metrics())?.[1];
  return { watch, warned, skewSeconds: Number(skew) };
}

suite('the clock', { timeout: 60_000 }, () => {
  test('is well when it agrees with PostgreSQL’s', async () => {
    await using database = await testDatabase();
    const { watch, warned, skewSeconds } = await watching(database.url, 0);
    watch.check();
    assert.deepEqual(warned, []);
    assert.ok(Math.abs(skewSeconds) < 1.5, String(skewSeconds));
  });

  for (const seconds of [-600, -90, 90, 600]) {
    test(`makes the process unready when it is ${seconds} s ahead, and says so once`, async () => {
      await using database = await testDatabase();
      const { watch, warned, skewSeconds } = await watching(database.url, seconds * 1_000);
      assert.throws(() => watch.check(), /ahead of PostgreSQL/);
      assert.ok(Math.abs(skewSeconds - seconds) < 1.5, String(skewSeconds));
      assert.equal(warned.length, 1);
      assert.equal(warned[0]?.type, 'clock.skewed');
      assert.equal(
        warned[0]?.reason,
        seconds > 0 ? 'clock_ahead_of_postgresql' : 'clock_behind_postgresql',
      );
    });
  }

  test('warns of some seconds, and goes on', async () => {
    await using database = await testDatabase();
    const { watch, warned } = await watching(database.url, 5_000);
    watch.check();
    assert.equal(warned.length, 1);
  });
});
