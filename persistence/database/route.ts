/** Finds out what stands between us and PostgreSQL, and what may be asked of it. */
import { randomUUID } from 'node:crypto';

import pg from 'pg';

import { ExpectedError } from '../../actors/errors.ts';
import { direct, lively, type Route } from './pool.ts';
import { isConnectionLost } from './silence.ts';

/** A database, or a pooler before it, that this system cannot work in. The message says what to change; the process should print it and end. */
export class DatabaseUnfit extends ExpectedError {
  override readonly name = 'DatabaseUnfit';
  readonly code = 'database_unfit';
  readonly retryable = false;
}

/** Of connections that may share a pooler's. More are not opened to find two that differ. */
const mostProbes = 4;

/**
 * How to use the database behind `url`. A pooler shows by its own cancellation key, which is not the server's process
 * id. Behind one nothing of a session is relied on, unless prepared statements were seen to survive a change of the
 * server's process: PgBouncer carries them from 1.21 on. To plan each statement anew is right everywhere, and slower.
 *
 * @throws {DatabaseUnfit} a pooler that gives each statement another connection, or one that refuses what we need
 * @throws whatever a connection fails with: no such database, a wrong password, nobody there
 */
export async function routeTo(url: string): Promise<Route> {
  const settings = await takesSettings(url);
  const probes = new AsyncDisposableStack(); // Not `await using`, which the check of the arrows cannot parse yet.
  try {
    return { ...(await probed(url, probes)), settings };
  } finally {
    await probes.disposeAsync();
  }
}

async function probed(url: string, probes: AsyncDisposableStack): Promise<Omit<Route, 'settings'>> {
  const open = async () => {
    const client = new pg.Client({
      ...lively,
      connectionString: url,
      query_timeout: 5_000,
      application_name: 'orchestrator route',
    });
    client.on('error', () => undefined); // Its statements tell.
    probes.defer(async () => client.end().catch(() => undefined));
    await client.connect();
    return client;
  };
  const first = await open();
  const server = await processOf(first);
  if (server === (first as unknown as { processID: number }).processID) return direct;

  const name = `probe_${randomUUID()}`;
  const probe = { name, text: 'select pg_backend_pid() as pid' };
  try {
    await first.query(probe);
    for (let tries = 0; tries < mostProbes; tries++) {
      // Each holds the process that the pooler would give to the first one next.
      const other = await open();
      await other.query('begin');
      await processOf(other);
      const { rows } = await first.query<{ pid: number }>(probe);
      if (rows[0]?.pid !== server) return { named: true };
    }
  } catch (error) {
    const { code, message } = error as { code?: string; message: string };
    if (/transaction blocks not allowed/i.test(message)) {
      throw new DatabaseUnfit(
        'DATABASE_URL leads to a pooler in statement mode: set pool_mode to transaction or session',
        { cause: error },
      );
    }
    // A pooler with a single connection for all would keep us waiting.
    if (code !== '26000' && code !== '42P05' && !isConnectionLost(error)) throw error;
  }
  return { named: false };
}

async function processOf(client: pg.Client): Promise<number | undefined> {
  const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid');
  return rows[0]?.pid;
}

/** PgBouncer refuses a connection for settings that it neither keeps nor was told to ignore. */
async function takesSettings(url: string): Promise<boolean> {
  const client = new pg.Client({
    ...lively,
    connectionString: url,
    query_timeout: 5_000,
    statement_timeout: 5_000,
    idle_in_transaction_session_timeout: 5_000,
    options: '-c jit=off',
  });
  client.on('error', () => undefined);
  try {
    await client.connect();
    return true;
  } catch (error) {
    if (!/unsupported startup parameter/i.test((error as Error).message)) throw error;
    return false;
  } finally {
    await client.end().catch(() => undefined);
  }
}
