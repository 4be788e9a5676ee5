import pg from 'pg';

import { startPostgres } from '../../deploy/local/postgres.ts';
import { asRole, makeLoginRole } from '../../persistence/database/login-role.ts';
import { removeFolder, temporaryFolder } from './folders.ts';

/** In the environment of test files that test/run.ts started: the server they share. */
export const serverVariable = 'TEST_POSTGRES_URL';

/** The PostgreSQL server of a test run, with the migrated database `template` to copy from. */
export interface TestServer {
  readonly url: string;
  stop(): Promise<void>;
}

/** Starts a server in a temporary folder. Durable like the real one: our promises are about what a commit means. */
export async function startTestServer(): Promise<TestServer> {
  const folder = await temporaryFolder();
  const stop = () => removeFolder(folder);
  try {
    const { url } = await startPostgres({
      dataDir: folder,
      settings: { max_connections: '400', shared_buffers: '256MB' },
    });
    await query(url, 'create database template');
    // Loaded here and not above: it brings in MikroORM, which a test file given a server needs not pay for.
    const { prepareTemplate } = await import('./template.ts');
    await prepareTemplate(databaseUrl(url, 'template'));
    await makeLoginRole(databaseUrl(url, 'template'), application);
    // PostgreSQL refuses to copy a database that somebody is connected to.
    await query(url, 'alter database template with is_template true allow_connections false');
    return { url, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** As whom the system works in production: it owns nothing. */
const application = { name: 'test_application', password: 'test_application' };

/** The same database of a test server, as the application's role. */
export function asApplication(url: string): string {
  return asRole(url, application);
}

/** The same server, another database. */
export function databaseUrl(serverUrl: string, name: string): string {
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  return url.href;
}

/** One statement on a connection of its own: what creates or drops a database can't be in a transaction. */
export async function query(url: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}
