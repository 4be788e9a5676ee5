import { loadMigrationConfig } from '../../config.ts';
import { joinApplication } from '../../persistence/database/login-role.ts';
import { migrate } from '../../persistence/database/migrate.ts';
import { openDatabase } from '../local/database.ts';
import { postgresProblem } from '../wiring/preflight.ts';

/**
 * `npm run migrate`: brings the database to this release's schema, as its owner: MIGRATION_DATABASE_URL, or DATABASE_URL
 * where that is not set, or the local database under DATA_DIR. Where both are set, the role of DATABASE_URL becomes a member
 * of the application's group. Nothing to do is fine, and several at once do it once. A server that is too old or not there
 * is refused in one line before anything is changed.
 */
async function main(): Promise<void> {
  const { databaseUrl, migrationDatabaseUrl, dataDir } = loadMigrationConfig(process.env);
  const [url, variable] =
    migrationDatabaseUrl === null
      ? ([databaseUrl, 'DATABASE_URL'] as const)
      : ([migrationDatabaseUrl, 'MIGRATION_DATABASE_URL'] as const);
  const problem = url === null ? null : await postgresProblem(url, variable);
  if (problem !== null) throw new Error(problem);
  const database = await openDatabase({ databaseUrl: url, dataDir });
  try {
    const done = await migrate(database.url);
    for (const name of done) process.stdout.write(`migrated ${name}\n`);
    if (done.length === 0) process.stdout.write('Nothing to do: the schema is of this release\n');
    if (databaseUrl === null || migrationDatabaseUrl === null) return;
    if (!(await joinApplication(database.url, databaseUrl))) {
      process.stderr.write(
        'The role of DATABASE_URL is no member of patient_cases_app: let an administrator `grant patient_cases_app to` it\n',
      );
      process.exitCode = 1;
    }
  } finally {
    await database.close();
  }
}

try {
  await main();
} catch (error) {
  process.stderr.write(`${(error as Error).message}\n`);
  process.exitCode = 2;
}
