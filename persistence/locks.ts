import pg from 'pg';

import type { Locks } from '../actors/ports/locks.ts';
import { reached } from './pool.ts';

/** Keeps these names apart from whatever else locks by number; hashed to 64 bits, where two names that meet only wait for each other. */
const namespace = 'locks/';

/**
 * Advisory locks. Each is held by the session of a connection of its own, so that no pool hands that to somebody else, and
 * ends with it. `url` must lead to PostgreSQL itself, or to a pooler in session mode: one in transaction mode would give
 * the session away.
 *
 * @see https://www.postgresql.org/docs/current/explicit-locking.html#ADVISORY-LOCKS
 */
export function createLocks({ url }: { readonly url: string }): Locks {
  return {
    async tryLock(name) {
      const client = new pg.Client({
        connectionString: url,
        connectionTimeoutMillis: 5_000,
        query_timeout: 5_000,
        statement_timeout: 5_000,
        application_name: 'orchestrator lock',
        keepAlive: true,
      });
      client.on('error', () => undefined); // The lock is lost with the connection; its holder learns nothing, see the port.
      const end = async () => client.end().catch(() => undefined);
      try {
        await reached('locks', client.connect());
        const { rows } = await reached(
          'locks',
          client.query<{ locked: boolean }>(
            'select pg_try_advisory_lock(hashtextextended($1, 0)) as locked',
            [namespace + name],
          ),
        );
        if (rows[0]?.locked !== true) {
          await end();
          return null;
        }
      } catch (error) {
        await end();
        throw error;
      }
      let released: Promise<void> | undefined;
      return async () => (released ??= end());
    },
  };
}
