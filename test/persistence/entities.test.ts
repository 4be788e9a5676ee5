import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';

import type { MikroORM } from '@mikro-orm/postgresql';

import {
  AuditEntry,
  Case,
  CaseTag,
  Consent,
  entities,
  Event,
  Tenant,
} from '../../persistence/database/entities.ts';
import { fixPartitions } from '../../persistence/database/leases.ts';
import { openOrm } from '../../persistence/database/migrate.ts';
import { testDatabase } from '../support/services.ts';
import {
  at,
  commitOf,
  event,
  newCaseId,
  openLedger,
  stepped,
  tenant,
  type LedgerProcess,
} from './ledger-fixture.ts';

/** Of the migrator's own. */
const notOurs = 'mikro_orm_migrations';

/** PostgreSQL's names for types, and MikroORM's. */
const typeNames: Readonly<Record<string, string>> = {
  int4: 'int',
  int8: 'bigint',
  bool: 'boolean',
};
/** How MikroORM says that an integer is generated. */
const generated: Readonly<Record<string, string>> = { bigserial: 'bigint', serial: 'int' };

suite('the entities', { timeout: 60_000 }, () => {
  let database: Awaited<ReturnType<typeof testDatabase>>;
  let one: LedgerProcess;
  let orm: MikroORM;
  before(async () => {
    database = await testDatabase();
    one = openLedger(database.url);
    orm = await openOrm(database.url);
  });
  after(async () => {
    await orm.close();
    await one[Symbol.asyncDispose]();
    await database[Symbol.asyncDispose]();
  });

  test('describe every column of every table, and nothing else', async () => {
    const { rows } = await one.pool.query<{
      column: string;
      type: string;
      nullable: boolean;
      primary: boolean;
      filled: boolean;
    }>(
      `select c.table_name || '.' || c.column_name as column, c.udt_name as type, c.is_nullable = 'YES' as nullable,
         c.column_default is not null or c.is_identity = 'YES' as filled,
         exists (
           select from information_schema.table_constraints t
           join information_schema.key_column_usage k using (constraint_schema, constraint_name)
           where t.constraint_type = 'PRIMARY KEY' and t.table_name = c.table_name and k.column_name = c.column_name
         ) as primary
       from information_schema.columns c
       join information_schema.tables t using (table_schema, table_name)
       where c.table_schema = 'public' and c.table_name <> $1 and t.table_type = 'BASE TABLE'`,
      [notOurs],
    );
    const inDatabase = rows.map(({ type, ...column }) => ({
      ...column,
      type: typeNames[type] ?? type,
    }));
    const inEntities = [...orm.getMetadata().getAll().values()].flatMap(({ tableName, props }) =>
      props.map(({ fieldNames, columnTypes, nullable, primary, autoincrement, defaultRaw }) => ({
        column: `${tableName}.${fieldNames.join()}`,
        nullable: nullable === true,
        // The ledger alone inserts events and effects, and gives them their position.
        filled:
          autoincrement === true ||
          defaultRaw !== undefined ||
          (fieldNames.join() === 'position' && ['events', 'effects'].includes(tableName)),
        primary: primary === true,
        type: generated[columnTypes.join()] ?? columnTypes.join(),
      })),
    );
    const byName = <T extends { column: string }>(all: T[]) =>
      Object.fromEntries(
        all.toSorted((a, b) => (a.column < b.column ? -1 : 1)).map((one) => [one.column, one]),
      );
    assert.ok(inDatabase.length > 90);
    assert.deepEqual(byName(inEntities), byName(inDatabase));
  });

  test('read what the ledger wrote', async () => {
    const caseId = newCaseId();
    await fixPartitions(one.pool, 1);
    const [lease] = await one.leases.hold('worker', 1, 60_000);
    await one.ledger.append([event(caseId, { type: 'hello' }), event(caseId)]);
    const change = stepped(caseId, { tags: ['waiting'], wakeAt: at + 1 });
    await one.ledger.commit(
      commitOf({ owner: 'worker', epoch: lease?.epoch ?? 0 }, { cases: [change] }),
    );
    const em = orm.em.fork();
    const stored = await em.findOneOrFail(Case, { caseId });
    const { status, state, tags, seq, wakeAt, parkedReason } = stored;
    assert.deepEqual(
      { tenant: stored.tenant, status, state, tags, seq, wakeAt, parkedReason },
      {
        tenant,
        status: 'active',
        state: '"waiting"',
        tags: ['waiting'],
        seq: 1,
        wakeAt: new Date(at + 1),
        parkedReason: null,
      },
    );
    assert.ok(Buffer.isBuffer(stored.envelope));
    const [tag] = await em.find(CaseTag, { caseId });
    assert.deepEqual([tag?.tag, tag?.tenant, tag?.since], ['waiting', tenant, stored.stateSince]);
    const [line, ...rest] = await em.find(AuditEntry, { caseId });
    assert.deepEqual([line?.seq, line?.caseSeq, line?.at, rest.length], [1n, 1, new Date(at), 0]);
    const events = await em.find(Event, { caseId }, { orderBy: { position: 'asc' } });
    assert.deepEqual(
      events.map(({ type }) => type),
      ['hello', 'message'],
    );
    for (const entity of entities)
      assert.ok(Array.isArray(await em.find(entity as typeof Tenant, {})));
  });

  test('write through the unit of work, but never to the audit trail', async () => {
    const em = orm.em.fork();
    em.create(Tenant, { tenant: 'agency', name: 'Agency', createdAt: new Date(at) });
    await em.flush();
    const found = await orm.em.fork().findOneOrFail(Tenant, { tenant: 'agency' });
    assert.deepEqual(
      [found.name, found.whatsappAccount, found.createdAt],
      ['Agency', null, new Date(at)],
    );
    const [line] = await em.find(AuditEntry, {});
    assert.ok(line);
    line.actor = 'nobody';
    await assert.rejects(em.flush(), /only grows/);
  });

  test('write a consent once, and never change it', async () => {
    const em = orm.em.fork();
    const consent = em.create(Consent, {
      id: 'consent-1',
      tenant,
      caseId: newCaseId(),
      purpose: 'service',
      status: 'given',
      text: 'consent.service.1',
      lang: 'tr',
      textHash: Buffer.alloc(32, 1),
      evidence: Buffer.alloc(40),
      saidAt: new Date(at),
      recordedAt: new Date(at),
    });
    await em.flush();
    consent.status = 'withdrawn';
    await assert.rejects(em.flush(), /consents only grows/);
  });
});
