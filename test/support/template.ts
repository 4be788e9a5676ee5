import { migrate } from '../../persistence/database/migrate.ts';

/** Fills the empty database from which each test file's own is copied. No connection to it may stay open. */
export async function prepareTemplate(databaseUrl: string): Promise<void> {
  await migrate(databaseUrl);
}
