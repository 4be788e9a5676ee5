import type { EntityManager } from '@mikro-orm/core';
import type pg from 'pg';

import type * as Entities from './entities.ts';

/** What staff read with: the entities, and an entity manager of this reading's own. */
export type Reading = typeof Entities & { readonly em: EntityManager };

const managers = new WeakMap<pg.Pool, Promise<EntityManager>>();

/**
 * The entities and a new entity manager over a pool of ours, for what staff read and what is not hot. The ORM is
 * loaded when somebody first asks, because it costs a second and 45 MB that a process without staff need not pay.
 * It has no connections of its own, so the pool's limits hold for it; and so each statement stands alone: it reads, or
 * changes by `nativeUpdate`, and has no transactions.
 */
export async function reading(pool: pg.Pool): Promise<Reading> {
  const entities = await import('./entities.ts');
  let manager = managers.get(pool);
  if (manager === undefined) {
    manager = managerOver(pool, entities);
    managers.set(pool, manager);
  }
  return { ...entities, em: (await manager).fork() };
}

async function managerOver(pool: pg.Pool, entities: typeof Entities): Promise<EntityManager> {
  const [{ MikroORM, createPostgreSqlTypeParsers }, { PostgresDialect }, { default: driver }] =
    await Promise.all([import('@mikro-orm/postgresql'), import('kysely'), import('pg')]);
  const types = new driver.TypeOverrides();
  const noArrays = (text: string) => [text];
  for (const [oid, parser] of Object.entries(createPostgreSqlTypeParsers(noArrays)))
    types.setTypeParser(Number(oid), parser);
  const client = {
    query: (text: string, values: unknown[]) => {
      if (/^(?:begin|start)/.test(text)) throw new Error('Each statement of the ORM stands alone');
      return pool.query({ text, values, types } as pg.QueryConfig);
    },
    release: () => undefined,
  };
  const orm = await MikroORM.init({
    // The name is not asked for: the pool is connected already.
    dbName: 'postgres',
    driverOptions: new PostgresDialect({
      pool: { options: {}, connect: async () => client as never, end: async () => undefined },
    }),
    connect: false,
    entities: Object.values(entities),
    ensureDatabase: false,
  } as Parameters<typeof MikroORM.init>[0]);
  return orm.em;
}
