import assert from 'node:assert/strict';
import { before, suite, test } from 'node:test';

import { Redis } from 'ioredis';
import pg from 'pg';

import { identify } from '../../deploy/local/processes.ts';
import { freePort } from './ports.ts';
import { query } from './postgres.ts';
import { startProgram } from './proc.ts';
import { services, withServices } from './services.ts';
import { waitUntil } from './wait.ts';

async function tables(url: string): Promise<string[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query<{ name: string }>(
      `select tablename as name from pg_tables where schemaname not in ('pg_catalog', 'information_schema')`,
    );
    return rows.map(({ name }) => name);
  } finally {
    await client.end();
  }
}

suite('test services', { timeout: 60_000 }, () => {
  const shared = withServices();
  before(async () => {
    await query(shared.databaseUrl, 'create table only_here ()');
  });

  test('are a migrated database and a Redis server', async () => {
    const found = await tables(shared.databaseUrl);
    assert.ok(found.includes('only_here') && found.length > 1, found.join());
    const redis = new Redis(shared.redisUrl);
    assert.equal(await redis.dbsize(), 0);
    redis.disconnect();
  });

  test('are nobody else’s, and gone when they are stopped, whoever is connected', async () => {
    const others = await services();
    assert.ok(!(await tables(others.databaseUrl)).includes('only_here'));
    const client = new pg.Client({ connectionString: others.databaseUrl });
    client.on('error', () => {}); // It is cut off below.
    await client.connect();
    await others.stop();
    await assert.rejects(tables(others.databaseUrl));
    assert.equal(identify(others.redis.pid), null);
    await assert.rejects(client.query('select 1'));
  });
});

suite('a test program', { timeout: 60_000 }, () => {
  test('is waited for, paused, resumed and stopped', async () => {
    const port = await freePort();
    await using program = await startProgram('test/support/echo.ts', {
      env: { PORT: String(port) },
    });
    assert.equal((await program.line(/^ready on (\d+)$/m))[1], String(port));
    const ask = async (timeoutMs: number) =>
      (await fetch(`http://127.0.0.1:${port}`, { signal: AbortSignal.timeout(timeoutMs) })).status;
    assert.equal(await ask(5_000), 200);
    program.signal('SIGSTOP');
    await assert.rejects(ask(200), { name: 'TimeoutError' });
    program.signal('SIGCONT');
    assert.equal(await ask(5_000), 200);
    assert.deepEqual(await program.stop(), { code: 0, signal: null });
    assert.match(program.output(), /stopped\n$/);
  });

  test('is killed even when it is paused', async () => {
    const program = await startProgram('test/support/echo.ts', { env: { PORT: '0' } });
    await program.line(/^ready/m);
    program.signal('SIGSTOP');
    await program.kill();
    assert.deepEqual(await program.exited, { code: null, signal: 'SIGKILL' });
  });

  test('that ends early says what it wrote', async () => {
    const program = await startProgram('test/support/echo.ts', { env: { PORT: 'none' } });
    await assert.rejects(program.line(/^ready/m), /ended without writing[^]*ERR_SOCKET_BAD_PORT/);
  });
});

test('waitUntil gives up with what it waited for and why', async () => {
  let asked = 0;
  assert.equal(await waitUntil(() => ++asked > 2 && asked, { what: 'three' }), 3);
  const cause = new Error('not there');
  await assert.rejects(
    waitUntil(() => Promise.reject(cause), { timeoutMs: 30, what: 'the row' }),
    { message: 'Waited 0.03 s for the row', cause },
  );
});
