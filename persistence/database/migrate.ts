import { Migrator } from '@mikro-orm/migrations';
import { MikroORM } from '@mikro-orm/postgresql';

import { Schema20261130 } from './migrations/2026-11-30-schema.ts';
import { Aliases20261201 } from './migrations/2026-12-01-aliases.ts';
import { Families20261201 } from './migrations/2026-12-01-families.ts';
import { Travellers20261201 } from './migrations/2026-12-01-travellers.ts';
import { lively } from './pool.ts';
import { folded, namesThatStand } from './schema.ts';

/**
 * Brings the database to the newest schema, as the role that owns it, and answers the names of what was done; nothing to do
 * is fine. Safe to run from several processes at once.
 */
export async function migrate(databaseUrl: string): Promise<string[]> {
  const orm = await openMigrator(databaseUrl);
  try {
    // A pooler may know the database by another name, and the migrator would go and create one of that name.
    const [named] = await orm.em.execute<{ name: string }[]>('select current_database() as name');
    if (named) orm.config.set('dbName', named.name);
    // Two processes that start together would both see an empty table of migrations.
    return await orm.em.transactional(async (em) => {
      await em.execute('select pg_advisory_xact_lock(7151011)');
      await takeOver(orm);
      const done = await orm.migrator.up();
      return done.map(({ name }) => name);
    });
  } finally {
    await orm.close();
  }
}

/**
 * An installation that had every step from which the first schema was folded has that schema: it is noted as done.
 *
 * @throws {Error} it had some of those steps: no release ever stopped there
 */
async function takeOver(orm: MikroORM): Promise<void> {
  // Beside the transaction that holds the lock, because the migrator looks from beside it, too.
  const connection = orm.em.getDriver().getConnection();
  const [there] = await connection.execute<{ found: string | null }[]>(
    `select to_regclass('public.mikro_orm_migrations')::text as found`,
  );
  if (there?.found == null) return;
  const rows = await connection.execute<{ name: string }[]>(
    'select name from mikro_orm_migrations',
  );
  const executed = new Set(rows.map(({ name }) => name));
  if (executed.has(folded.into)) return;
  if (namesThatStand(executed).has(folded.into)) {
    await connection.execute(`insert into mikro_orm_migrations (name) values ('${folded.into}')`);
  } else if (folded.from.some((name) => executed.has(name)))
    throw new Error(
      'This database has a part of the first schema. Migrate it with the release that made it.',
    );
}

/** MikroORM with our migrations and no entities, over connections of its own. Close it when done. */
export async function openMigrator(databaseUrl: string): Promise<MikroORM> {
  return MikroORM.init({
    clientUrl: databaseUrl,
    // The ORM itself reads host, user and name of an URL and no more: without this `sslmode` would be passed over.
    driverOptions: { ...lively, connectionString: databaseUrl },
    entities: [],
    discovery: { warnWhenNoEntities: false },
    extensions: [Migrator],
    ensureDatabase: false, // A name that is misspelt must fail, not become an empty database.
    pool: { min: 0, max: 2 },
    migrations: {
      migrationsList: [
        { name: '2026-11-30-schema', class: Schema20261130 },
        { name: '2026-12-01-aliases', class: Aliases20261201 },
        { name: '2026-12-01-families', class: Families20261201 },
        { name: '2026-12-01-travellers', class: Travellers20261201 },
      ],
      snapshot: false,
      silent: true,
      transactional: true,
    },
  });
}
