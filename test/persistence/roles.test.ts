import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { after, before, suite, test } from 'node:test';

import type pg from 'pg';

import { applicationRole, grants } from '../../persistence/database/grants.ts';
import { asRole, makeLoginRole } from '../../persistence/database/login-role.ts';
import { createPool } from '../../persistence/database/pool.ts';
import { missingMigrations, roleProblems } from '../../persistence/database/schema.ts';
import { asApplication, databaseUrl, query } from '../support/postgres.ts';
import { startProgram } from '../support/proc.ts';
import { testDatabase } from '../support/services.ts';

const denied = '42501';

suite('the application’s role', { timeout: 120_000 }, () => {
  let database: Awaited<ReturnType<typeof testDatabase>>;
  let owner: pg.Pool;
  let application: pg.Pool;
  before(async () => {
    database = await testDatabase();
    owner = createPool({ url: database.url, max: 2 });
    application = createPool({ url: asApplication(database.url), max: 2 });
  });
  after(async () => {
    await Promise.all([owner?.end(), application?.end()]);
    await database[Symbol.asyncDispose]();
  });

  /** What may be done with each table and view, as the database has it. */
  async function granted(): Promise<Record<string, string[]>> {
    const { rows } = await owner.query<{ name: string; may: string[] }>(
      `select c.relname::text as name, array(
         select a.privilege_type::text from aclexplode(c.relacl) a
         where a.grantee = $1::regrole or a.grantee = 0 order by 1) as may
       from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p', 'v', 'm', 'f')
       order by 1`,
      [applicationRole],
    );
    return Object.fromEntries(rows.map(({ name, may }) => [name, may]));
  }

  test('has for every table what persistence/database/grants.ts decided, and no table is undecided', async () => {
    const decided = Object.entries(grants).map(([name, may]) => [name, may.toSorted()]);
    assert.deepEqual(await granted(), Object.fromEntries(decided));
  });

  test('gets the rows of a table that a later migration makes, and not the table', async (t) => {
    await owner.query('create table later (id bigint generated always as identity, note text)');
    t.after(() => owner.query('drop table later'));
    assert.deepEqual((await granted())['later'], ['DELETE', 'INSERT', 'SELECT', 'UPDATE']);
    await application.query(`insert into later (note) values ('x')`);
    await assert.rejects(application.query('truncate later'), { code: denied });
    await assert.rejects(application.query('drop table later'), { code: denied });
  });

  test('may not change evidence, nor what guards it', async () => {
    await application.query(
      `insert into audit_entries (chain, seq, at, actor, action, subject, detail, hash)
       values ('roles/p0', 1, now(), 'x', 'x', 'x', '{}', 'x')`,
    );
    const refused = [
      `update audit_entries set actor = 'nobody'`,
      `update audit_entries set actor = 'nobody' where false`,
      'delete from audit_entries',
      'truncate audit_entries',
      'alter table audit_entries disable trigger user',
      'alter table audit_entries disable trigger all',
      'drop trigger audit_entries_only_grow on audit_entries',
      'drop table audit_entries',
      'drop table audit_entries cascade',
      'drop view audit_logs',
      `create trigger mine before insert on audit_entries for each row execute function refuse_change()`,
      'create rule mine as on insert to audit_entries do instead nothing',
      'create or replace function refuse_change() returns trigger language plpgsql as $$ begin return null; end $$',
      'drop function refuse_change() cascade',
      `set session_replication_role = 'replica'`,
      `delete from audit_logs`,
      `update events set type = 'x'`,
      `delete from events`,
      `update consents set status = 'given'`,
      `delete from consents`,
      `update money_movements set amount_minor = 0`,
      `delete from money_movements`,
      `delete from invoices`,
      `delete from cases`,
      `update data_keys set wrapped = ''`,
    ];
    for (const statement of refused)
      await assert.rejects(application.query(statement), { code: denied }, statement);
    await application.query('grant all on audit_entries to public'); // A warning, and nothing is granted.
    assert.deepEqual((await granted())['audit_entries'], ['INSERT', 'SELECT']);
    const { rows } = await owner.query(`select actor from audit_entries where chain = 'roles/p0'`);
    assert.deepEqual(rows, [{ actor: 'x' }]);
  });

  test('may not alter anything, become anybody, or let anybody in', async () => {
    const refused = [
      'create table mine (id int)',
      'create schema mine',
      'create function mine() returns int language sql as $$ select 1 $$',
      'alter table cases add column mine text',
      'alter table cases owner to current_user',
      'drop table cases',
      'truncate cases',
      'create index mine on cases (state)',
      'drop index cases_due',
      'set role postgres',
      'set session authorization postgres',
      'create role mine',
      `alter role ${applicationRole} login`,
      `grant ${applicationRole} to postgres`,
      'create extension dblink',
      `copy cases to program 'true'`,
      `copy cases to '/tmp/cases'`,
      `select pg_read_file('postgresql.conf')`,
      `insert into mikro_orm_migrations (name) values ('mine')`,
      'delete from mikro_orm_migrations',
      'alter default privileges for role postgres grant all on tables to public',
    ];
    for (const statement of refused)
      await assert.rejects(application.query(statement), { code: denied }, statement);
    // The group itself may be put on; it may no more than its members.
    const client = await application.connect();
    try {
      await client.query(`set role ${applicationRole}`);
      await assert.rejects(client.query('delete from audit_entries'), { code: denied });
    } finally {
      client.release(true);
    }
  });

  test('is all that production takes: no superuser, no owner, nobody who may become one', async (t) => {
    assert.deepEqual(await roleProblems(application), []);
    assert.match((await roleProblems(owner)).join(), /is a superuser/);
    const name = `own_${randomBytes(4).toString('hex')}`;
    const role = { name, password: name };
    await makeLoginRole(database.url, role);
    const own = createPool({ url: asRole(database.url, role), max: 1 });
    t.after(async () => {
      await own.end();
      await query(database.url, `drop owned by ${name}; drop role ${name}`);
    });
    assert.deepEqual(await roleProblems(own), []);
    await owner.query(`create table theirs (id int); alter table theirs owner to ${name}`);
    assert.match((await roleProblems(own)).join(), /owns tables \(theirs\)/);
    await owner.query(`drop table theirs; grant update on audit_entries to ${name}`);
    assert.match((await roleProblems(own)).join(), /may change the audit trail/);
    await owner.query(`revoke update on audit_entries from ${name}; grant postgres to ${name}`);
    assert.match((await roleProblems(own)).join(), /is a superuser/);
    await owner.query(`revoke postgres from ${name}`);
    assert.deepEqual(await roleProblems(own), []);
  });

  test('can tell that a migration is missing', async (t) => {
    assert.deepEqual(await missingMigrations(application), []);
    const { rows } = await owner.query<{ name: string }>(
      `delete from mikro_orm_migrations where name like '%schema' returning name`,
    );
    t.after(() =>
      owner.query('insert into mikro_orm_migrations (name) values ($1)', [rows[0]?.name]),
    );
    assert.deepEqual(await missingMigrations(application), ['2026-11-30-schema']);
  });

  test('is made by `npm run migrate`, on an empty database whose owner is no superuser', async (t) => {
    const name = `made_${randomBytes(4).toString('hex')}`;
    const [ownerRole, workingRole] = [
      { name: `${name}_owner`, password: 'o' },
      { name: `${name}_login`, password: 'w' },
    ];
    await makeLoginRole(database.url, ownerRole);
    await makeLoginRole(database.url, workingRole);
    // Members of the group and no more: the owner has to be able to say who is one.
    await query(database.url, `revoke ${applicationRole} from ${workingRole.name}`);
    await query(database.url, `grant ${applicationRole} to ${ownerRole.name} with admin option`);
    await query(database.url, `create database ${name} owner ${ownerRole.name}`);
    const url = databaseUrl(database.url, name);
    t.after(async () => {
      await query(database.url, `drop database ${name} with (force)`);
      await query(database.url, `drop role ${workingRole.name}`);
      await query(database.url, `drop role ${ownerRole.name}`);
    });
    const env = {
      MIGRATION_DATABASE_URL: asRole(url, ownerRole),
      DATABASE_URL: asRole(url, workingRole),
    };
    const run = async () => {
      await using program = await startProgram('deploy/tools/migrate.ts', { env });
      return { ...(await program.exited), output: program.output() };
    };
    const first = await run();
    assert.equal(first.code, 0, first.output);
    assert.match(first.output, /^migrated 2026-11-30-schema$/m);
    assert.deepEqual(await run(), {
      code: 0,
      signal: null,
      output: 'Nothing to do: the schema is of this release\n',
    });
    const pool = createPool({ url: env.DATABASE_URL, max: 1 });
    t.after(() => pool.end());
    assert.deepEqual([await roleProblems(pool), await missingMigrations(pool)], [[], []]);
    await pool.query('select from cases');
    await assert.rejects(pool.query('delete from audit_entries'), { code: denied });
  });
});
