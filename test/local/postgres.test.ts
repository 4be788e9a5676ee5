import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';

import pg from 'pg';

import { startPostgres } from '../../deploy/local/postgres.ts';
import { endProcess, identify } from '../../deploy/local/processes.ts';
import { removeFolder, temporaryFolder } from '../support/folders.ts';
import { startProgram } from '../support/proc.ts';

async function rows(url: string, sql: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => {}); // The server is stopped under it.
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows;
  } finally {
    await client.end();
  }
}

suite('the local PostgreSQL', { timeout: 120_000 }, () => {
  let dataDir: string;
  before(async () => {
    dataDir = join(await temporaryFolder(), 'made', 'on demand');
  });
  after(async () => {
    await removeFolder(join(dataDir, '..', '..'));
  });

  test('starts durable, on the loopback only, with a password that only its owner can read', async () => {
    const server = await startPostgres({ dataDir, settings: { max_connections: '17' } });
    const names = ['fsync', 'synchronous_commit', 'full_page_writes', 'max_connections'];
    const settings = await rows(
      server.url,
      `select setting from pg_settings where name in ('${names.join("','")}') order by name`,
    );
    assert.deepEqual(
      settings.map((row) => Object.values(row as object)[0]),
      ['on', 'on', '17', 'on'],
    );
    assert.deepEqual(await rows(server.url, 'show listen_addresses'), [
      { listen_addresses: '127.0.0.1' },
    ]);
    assert.equal(statSync(join(dataDir, 'password')).mode & 0o777, 0o600);
    assert.equal(statSync(join(dataDir, 'cluster')).mode & 0o777, 0o700);
    const stranger = new URL(server.url);
    stranger.password = 'guess';
    await assert.rejects(rows(stranger.href, 'select 1'), { code: '28P01' });
    await rows(server.url, 'create table kept (how text)');
    await server.stop('fast');
    assert.equal(identify(server.pid), null);
  });

  for (const how of ['fast', 'immediate', 'kill'] as const) {
    test(`keeps what was committed over ${how}, on the same port and with the same password`, async () => {
      const server = await startPostgres({ dataDir });
      await rows(server.url, `insert into kept values ('${how}')`);
      await (how === 'kill' ? server.kill() : server.stop(how));
      const again = await startPostgres({ dataDir, port: server.port });
      assert.equal(again.url, server.url);
      assert.notEqual(again.pid, server.pid);
      assert.deepEqual(await rows(again.url, `select how from kept where how = '${how}'`), [
        { how },
      ]);
      await again.stop('fast');
    });
  }

  test('starts although somebody else has the number in a stale postmaster.pid', async () => {
    const server = await startPostgres({ dataDir });
    const path = join(dataDir, 'cluster', 'postmaster.pid');
    const file = readFileSync(path, 'utf8');
    await server.kill();
    // Of the same user: PostgreSQL itself knows that a process it may not signal isn't an old server.
    const other = await startPostgres({ dataDir: join(dataDir, '..', 'other') });
    writeFileSync(path, file.replace(/^\d+/, String(other.pid)));
    const again = await startPostgres({ dataDir });
    assert.equal((await rows(again.url, 'select how from kept')).length, 3);
    await again.stop('fast');
    await other.stop('fast');
  });

  test('refuses a second process, and is taken over once the first was killed', async () => {
    const program = await startProgram('test/local/sleeper.ts', { args: ['postgres', dataDir] });
    const [, port, pid] = await program.line(/^started (\d+) (\d+)$/m);
    await assert.rejects(startPostgres({ dataDir }), {
      message: new RegExp(`in use by process ${program.pid}\\b`),
    });
    await program.kill();
    await assert.rejects(startPostgres({ dataDir, port: 1 }), {
      message: new RegExp(`already listens on port ${port}, not 1`),
    });
    const taken = await startPostgres({ dataDir });
    assert.deepEqual([taken.port, taken.pid], [Number(port), Number(pid)]);
    assert.equal((await rows(taken.url, 'select how from kept')).length, 3);
    await taken.stop('immediate');
    assert.equal(identify(taken.pid), null);
  });

  test('makes a new cluster where a crash left half of one', async () => {
    const halfDir = join(dataDir, '..', 'half');
    mkdirSync(join(halfDir, 'cluster.new', 'base'), { recursive: true });
    const server = await startPostgres({ dataDir: halfDir });
    assert.deepEqual(await rows(server.url, 'select 1 as one'), [{ one: 1 }]);
    await server.stop('fast');
  });

  test('says why it did not start', async () => {
    await assert.rejects(startPostgres({ dataDir, settings: { max_connections: 'many' } }), {
      message:
        /^PostgreSQL ended while starting, see .*server\.log\n[^]*invalid value for parameter "max_connections"/,
    });
    const server = await startPostgres({ dataDir });
    const other = join(dataDir, '..', 'half');
    await assert.rejects(startPostgres({ dataDir: other, port: server.port }), {
      message: /^PostgreSQL ended while starting, see [^]*Address already in use/,
    });
    await server.stop('fast');
    const ended = { pid: server.pid, startedAt: 'long ago' };
    assert.equal(await endProcess(ended, 'SIGKILL', 0), true);
  });
});
