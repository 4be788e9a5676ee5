import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';

import { reading } from '../../persistence/database/orm.ts';
import { createPool } from '../../persistence/database/pool.ts';
import { testDatabase } from '../support/services.ts';

/** PostgreSQL's names for types, and MikroORM's. */
const typeNames: Readonly<Record<string, string>> = {
  int4: 'int',
  int8: 'bigint',
  bool: 'boolean',
};

suite('the entities that staff read', { timeout: 60_000 }, () => {
  let database: Awaited<ReturnType<typeof testDatabase>>;
  let pool: ReturnType<typeof createPool>;
  before(async () => {
    database = await testDatabase();
    pool = createPool({ url: database.url, max: 2 });
  });
  after(async () => {
    await pool.end();
    await database[Symbol.asyncDispose]();
  });

  test('have the types and keys that the tables have', async () => {
    const { rows } = await pool.query<{
      column: string;
      type: string;
      nullable: boolean;
      primary: boolean;
    }>(
      `select c.table_name || '.' || c.column_name as column, c.udt_name as type, c.is_nullable = 'YES' as nullable,
         exists (
           select from information_schema.table_constraints t
           join information_schema.key_column_usage k using (constraint_schema, constraint_name)
           where t.constraint_type = 'PRIMARY KEY' and t.table_name = c.table_name and k.column_name = c.column_name
         ) as primary
       from information_schema.columns c where c.table_schema = 'public'`,
    );
    const inDatabase = new Map(
      rows.map(({ column, type, ...rest }) => [column, { type: typeNames[type] ?? type, ...rest }]),
    );
    const { em } = await reading(pool);
    const described = [...em.getMetadata().getAll().values()];
    assert.ok(described.length >= 8);
    for (const { tableName, props } of described) {
      for (const { fieldNames, columnTypes, nullable, primary } of props) {
        const column = `${tableName}.${fieldNames.join()}`;
        assert.deepEqual(
          { type: columnTypes.join(), nullable: nullable === true, primary: primary === true },
          inDatabase.get(column),
          column,
        );
      }
      const keys = [...inDatabase].filter(
        ([name, { primary }]) => primary && name.startsWith(`${tableName}.`),
      );
      assert.equal(props.filter(({ primary }) => primary === true).length, keys.length, tableName);
    }
  });

  test('can be read, each of them', async () => {
    const { em, ...entities } = await reading(pool);
    for (const entity of Object.values(entities))
      assert.deepEqual(await em.find(entity as typeof entities.Case, {}), []);
  });

  test('have no connections of their own, and no transactions', async () => {
    const { em } = await reading(pool);
    await assert.rejects(
      em.transactional(async () => undefined),
      /alone/,
    );
  });
});
