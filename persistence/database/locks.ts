import pg from 'pg';

import type { Locks } from '../../actors/ports/locks.ts';
import { lively, reached } from './pool.ts';

/** Keeps these names apart from whatever else locks by number; hashed to 64 bits, where two names that meet only wait for each other. */
const namespace = 'locks/';

/** How often the holder shows that it lives, and how long PostgreSQL waits for that before it takes the lock away, ms. */
const beatMs = 4_000;
const silenceMs = 15_000;

/**
 * Advisory locks, each held by an open transaction on a connection of its own. A transaction keeps its connection also
 * behind a pooler that hands a session to others between two transactions. One that only locks holds back no vacuum: it
 * has neither a snapshot nor an id while it is idle.
 *
 * A holder that falls silent loses its lock after 15 s, since PostgreSQL would otherwise believe for hours that it lives.
 *
 * @see https://www.postgresql.org/docs/current/explicit-locking.html#ADVISORY-LOCKS
 */
export function createLocks({ url }: { readonly url: string }): Locks {
  return {
    async tryLock(name) {
      const client = new pg.Client({
        ...lively,
        connectionString: url,
        query_timeout: 5_000,
        application_name: 'orchestrator lock',
      });
      client.on('error', () => undefined); // The lock is lost with the connection; its holder learns nothing, see the port.
      let beating: NodeJS.Timeout | undefined;
      const end = async () => {
        clearInterval(beating);
        // With a statement under way this breaks the connection off; else it waits for a server that may be silent.
        const giveUp = setTimeout(() => client.connection.stream.destroy(), 1_000);
        await client.end().catch(() => undefined);
        clearTimeout(giveUp);
      };
      try {
        await reached('locks', client.connect());
        if (!(await reached('locks', lock(client, name)))) {
          await end();
          return null;
        }
      } catch (error) {
        await end();
        throw error;
      }
      beating = setInterval(() => {
        client.query('select 1').catch(() => void end());
      }, beatMs).unref();
      let released: Promise<void> | undefined;
      return async () => (released ??= end());
    },
  };
}

async function lock(client: pg.Client, name: string): Promise<boolean> {
  await client.query('begin');
  await client.query(`set local idle_in_transaction_session_timeout = ${silenceMs}`);
  const { rows } = await client.query<{ locked: boolean }>(
    'select pg_try_advisory_xact_lock(hashtextextended($1, 0)) as locked',
    [namespace + name],
  );
  return rows[0]?.locked === true;
}
