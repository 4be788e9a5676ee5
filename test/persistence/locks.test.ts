import assert from 'node:assert/strict';
import { suite, test } from 'node:test';

import { createLocks } from '../../persistence/database/locks.ts';
import { createPool } from '../../persistence/database/pool.ts';
import { testDatabase } from '../support/services.ts';
import { waitUntil } from '../support/wait.ts';

suite('locks', { timeout: 60_000 }, () => {
  test('are held by one at a time, each name by itself', async () => {
    await using database = await testDatabase();
    const [one, other] = [createLocks(database), createLocks(database)];
    const release = await one.tryLock('a');
    assert.ok(release);
    assert.equal(await other.tryLock('a'), null);
    assert.equal(await one.tryLock('a'), null, 'nor twice by the same process');
    const second = await other.tryLock('b');
    assert.ok(second);
    await release();
    await release();
    const again = await waitUntil(() => other.tryLock('a'), { what: 'the lock' });
    await Promise.all([again(), second()]);
  });

  test('have one holder however many ask at once', async () => {
    await using database = await testDatabase();
    const locks = createLocks(database);
    const asked = await Promise.all(Array.from({ length: 12 }, async () => locks.tryLock('a')));
    const held = asked.filter((release) => release !== null);
    assert.equal(held.length, 1);
    await held[0]?.();
  });

  test('are free again when their holder’s connection is gone', async () => {
    await using database = await testDatabase();
    const locks = createLocks(database);
    const release = await locks.tryLock('a');
    assert.ok(release);
    const pool = createPool({ url: database.url, max: 1 });
    await pool.query(
      `select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'orchestrator lock' and datname = current_database()`,
    );
    await pool.end();
    const next = await waitUntil(() => locks.tryLock('a'), { what: 'the lock of the dead' });
    await release(); // Theirs no more, and no trouble.
    assert.equal(await locks.tryLock('a'), null);
    await next();
  });

  test('say in the words of the ports that the database is away', async () => {
    const locks = createLocks({ url: 'postgresql://nobody@127.0.0.1:1/none' });
    await assert.rejects(locks.tryLock('a'), { name: 'ProviderUnreachable' });
  });
});
