import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import type pg from 'pg';

import type { Config } from '../../config.ts';
import { asRole, makeLoginRole } from '../../persistence/database/login-role.ts';
import { DatabaseUnfit } from '../../persistence/database/route.ts';
import { missingMigrations, roleProblems } from '../../persistence/database/schema.ts';
import { postgresProblem } from './preflight.ts';

export type DatabaseSettings = Pick<
  Config,
  'databaseUrl' | 'migrationDatabaseUrl' | 'migratesAtStart' | 'dataDir' | 'production'
>;

/**
 * The database as the application works in it, which is never as its owner where we may choose. `served` is of the
 * settings, or a server of our own: that one is migrated here, and gets a role for the application, so that development
 * meets the same refusals as production. A database of others is migrated here in development alone.
 *
 * @throws {DatabaseUnfit} the server that would be migrated is too old or can't be reached
 */
export async function workingDatabaseUrl(
  served: string,
  { databaseUrl, migrationDatabaseUrl, migratesAtStart, dataDir }: DatabaseSettings,
): Promise<string> {
  if (databaseUrl !== null) {
    if (!migratesAtStart) return databaseUrl;
    const [url, variable] =
      migrationDatabaseUrl === null
        ? ([databaseUrl, 'DATABASE_URL'] as const)
        : ([migrationDatabaseUrl, 'MIGRATION_DATABASE_URL'] as const);
    const problem = await postgresProblem(url, variable);
    if (problem !== null) throw new DatabaseUnfit(problem);
    await migrated(url);
    return databaseUrl;
  }
  await migrated(served);
  const role = {
    name: 'patient_cases',
    password: passwordIn(join(dataDir, 'postgres', 'application-password')),
  };
  await makeLoginRole(served, role);
  return asRole(served, role);
}

/** Loaded only here: it brings in the ORM, which costs half a second and some 40 MiB. */
async function migrated(url: string): Promise<void> {
  const { migrate } = await import('../../persistence/database/migrate.ts');
  await migrate(url);
}

/** Made on first use. */
function passwordIn(path: string): string {
  if (!existsSync(path)) {
    writeFileSync(path, `${randomBytes(24).toString('base64url')}\n`, { mode: 0o600 });
  }
  return readFileSync(path, 'utf8').trim();
}

/**
 * Before anything else is asked of the database: that its schema is of this release, and in production that our role is no
 * more than it needs to be.
 *
 * @throws {DatabaseUnfit} with what to do
 */
export async function checkDatabase(
  pool: pg.Pool,
  { production }: Pick<DatabaseSettings, 'production'>,
): Promise<void> {
  const missing = await missingMigrations(pool);
  if (missing.length > 0) {
    throw new DatabaseUnfit(
      `DATABASE_URL lacks ${missing.length} of our migrations (${missing.join(', ')}): ` +
        'run `npm run migrate` with MIGRATION_DATABASE_URL of the role that owns it, then start again',
    );
  }
  if (!production) return;
  const problems = await roleProblems(pool);
  if (problems.length > 0) {
    throw new DatabaseUnfit(
      `DATABASE_URL is refused in production: ${problems.join('; ')}. ` +
        'Give it a login role that is a member of patient_cases_app alone, and keep the owner for MIGRATION_DATABASE_URL',
    );
  }
}
