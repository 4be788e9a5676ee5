import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { after, before, suite, test } from 'node:test';

import pg from 'pg';

import { migrate, openMigrator } from '../../persistence/database/migrate.ts';
import { folded, missingMigrations } from '../../persistence/database/schema.ts';
import { databaseUrl, query } from '../support/postgres.ts';
import { startProgram } from '../support/proc.ts';
import { testDatabase } from '../support/services.ts';
import { openLedger } from './ledger-fixture.ts';

suite('migrating', { timeout: 120_000 }, () => {
  let database: Awaited<ReturnType<typeof testDatabase>>;
  before(async () => {
    database = await testDatabase();
  });
  after(async () => {
    await database[Symbol.asyncDispose]();
  });

  /** A database with nothing in it. */
  async function emptyDatabase(): Promise<{ url: string } & AsyncDisposable> {
    const name = `empty_${randomBytes(6).toString('hex')}`;
    await query(database.url, `create database ${name}`);
    return {
      url: databaseUrl(database.url, name),
      [Symbol.asyncDispose]: () => query(database.url, `drop database ${name} with (force)`),
    };
  }

  /** What there is, in a few lines: tables, columns, indexes, constraints, triggers. */
  async function schemaOf(url: string): Promise<unknown[]> {
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    try {
      const { rows } = await client.query<Record<string, unknown>>(`
        select attrelid::regclass::text as of, attname::text as what, format_type(atttypid, atttypmod) as how
        from pg_attribute where attrelid in (select oid from pg_class where relnamespace = 'public'::regnamespace)
          and attnum > 0 and not attisdropped
        union all select tablename, indexname, indexdef from pg_indexes where schemaname = 'public'
        union all select conrelid::regclass::text, conname, pg_get_constraintdef(oid) from pg_constraint where conrelid <> 0
        union all select tgrelid::regclass::text, tgname, pg_get_triggerdef(oid) from pg_trigger
        order by 1, 2, 3`);
      return rows;
    } finally {
      await client.end();
    }
  }

  async function migrations(): Promise<string[]> {
    const files = await readdir('persistence/database/migrations');
    return files.filter((file) => file.endsWith('.ts')).map((file) => basename(file, '.ts'));
  }

  test('an up-to-date database changes nothing', async () => {
    const before = await schemaOf(database.url);
    await migrate(database.url);
    assert.deepEqual(await schemaOf(database.url), before);
  });

  test('an empty database from several processes at once works in each, and they print nothing', async () => {
    await using empty = await emptyDatabase();
    const programs = await Promise.all(
      Array.from({ length: 4 }, () =>
        startProgram('test/persistence/migrate-once.ts', { env: { DATABASE_URL: empty.url } }),
      ),
    );
    const exits = await Promise.all(programs.map(({ exited }) => exited));
    assert.deepEqual(
      exits.map(({ code }, i) => ({ code, output: programs[i]?.output() })),
      exits.map(() => ({ code: 0, output: '' })),
    );
    assert.deepEqual(await schemaOf(empty.url), await schemaOf(database.url));
    await using ledger = openLedger(empty.url);
    assert.equal((await ledger.leases.hold('worker', 8, 1_000)).length, 8);
  });

  test('many times at once within one process does it once', async () => {
    await using empty = await emptyDatabase();
    await Promise.all(Array.from({ length: 5 }, () => migrate(empty.url)));
    await using orm = {
      orm: await openMigrator(empty.url),
      [Symbol.asyncDispose]: async () => orm.orm.close(),
    };
    const names = await migrations();
    const executed = (await orm.orm.migrator.getExecuted()).map(({ name }) => name);
    assert.deepEqual(executed.toSorted(), names.toSorted());
    assert.deepEqual(await orm.orm.migrator.getPending(), []);
  });

  test('a database that had each step of the first schema has it, before and after it is migrated', async () => {
    await using old = await testDatabase();
    const pool = new pg.Pool({ connectionString: old.url, max: 1 });
    const later = (await migrations()).filter((name) => name !== folded.into);
    const values = [...folded.from, ...later].map((name) => `('${name}')`).join();
    await pool.query(`truncate mikro_orm_migrations`);
    await pool.query(`insert into mikro_orm_migrations (name) values ${values}`);
    assert.deepEqual(await missingMigrations(pool), []);
    assert.deepEqual(await migrate(old.url), []);
    assert.deepEqual(await missingMigrations(pool), []);
    assert.deepEqual(await schemaOf(old.url), await schemaOf(database.url));
    await pool.query(
      `delete from mikro_orm_migrations where name in ('${folded.into}', '2026-11-30-claims')`,
    );
    assert.deepEqual(await missingMigrations(pool), [folded.into]);
    await assert.rejects(migrate(old.url), /a part of the first schema/);
    await pool.end();
  });

  test('a database of the first release gets the tables of later ones, and keeps its contacts', async () => {
    await using old = await emptyDatabase();
    const first = await readFile(`persistence/database/migrations/${folded.into}.sql`, 'utf8');
    await query(
      old.url,
      `create table mikro_orm_migrations (
         id serial primary key, name varchar(255) not null, executed_at timestamptz(6) not null default current_timestamp
       );
       insert into mikro_orm_migrations (name) values ('${folded.into}');
       ${first};
       insert into contacts (id, tenant, phone_index, case_id)
       values (gen_random_uuid(), 'clinic', '\\x01', 'case-1')`,
    );
    await migrate(old.url);
    assert.deepEqual(await schemaOf(old.url), await schemaOf(database.url));
    const pool = new pg.Pool({ connectionString: old.url, max: 1 });
    const { rows } = await pool.query('select case_id, several from contacts');
    await pool.end();
    assert.deepEqual(rows, [{ case_id: 'case-1', several: false }]);
  });

  test('a database that is not there fails', async () => {
    await assert.rejects(migrate(databaseUrl(database.url, 'nowhere')), /nowhere/);
  });
});
