import { Migrator } from '@mikro-orm/migrations';
import { MikroORM } from '@mikro-orm/postgresql';

import { Contacts20261123 } from './migrations/2026-11-23-contacts.ts';
import { Conversation20261123 } from './migrations/2026-11-23-conversation.ts';
import { Credits20261123 } from './migrations/2026-11-23-credits.ts';
import { Gates20261123 } from './migrations/2026-11-23-gates.ts';
import { Ledger20261123 } from './migrations/2026-11-23-ledger.ts';
import { Money20261123 } from './migrations/2026-11-23-money.ts';
import { Permits20261123 } from './migrations/2026-11-23-permits.ts';
import { SetAside20261123 } from './migrations/2026-11-23-set-aside.ts';
import { CaseSearch20261130 } from './migrations/2026-11-30-case-search.ts';
import { CheckpointRecords20261130 } from './migrations/2026-11-30-checkpoint-records.ts';
import { Claims20261130 } from './migrations/2026-11-30-claims.ts';
import { KeyProbes20261130 } from './migrations/2026-11-30-key-probes.ts';
import { Outbox20261130 } from './migrations/2026-11-30-outbox.ts';
import { Roles20261130 } from './migrations/2026-11-30-roles.ts';
import { lively } from './pool.ts';

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
      const done = await orm.migrator.up();
      return done.map(({ name }) => name);
    });
  } finally {
    await orm.close();
  }
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
        { name: '2026-11-23-ledger', class: Ledger20261123 },
        { name: '2026-11-23-gates', class: Gates20261123 },
        { name: '2026-11-23-conversation', class: Conversation20261123 },
        { name: '2026-11-23-contacts', class: Contacts20261123 },
        { name: '2026-11-23-permits', class: Permits20261123 },
        { name: '2026-11-23-money', class: Money20261123 },
        { name: '2026-11-23-credits', class: Credits20261123 },
        { name: '2026-11-23-set-aside', class: SetAside20261123 },
        { name: '2026-11-30-case-search', class: CaseSearch20261130 },
        { name: '2026-11-30-roles', class: Roles20261130 },
        { name: '2026-11-30-outbox', class: Outbox20261130 },
        { name: '2026-11-30-key-probes', class: KeyProbes20261130 },
        { name: '2026-11-30-checkpoint-records', class: CheckpointRecords20261130 },
        { name: '2026-11-30-claims', class: Claims20261130 },
      ],
      snapshot: false,
      silent: true,
      transactional: true,
    },
  });
}
