import type pg from 'pg';

import { isConnectionLost } from './silence.ts';

/** What a transaction came to: with `commit: false` nothing of it stays. */
interface Outcome<T> {
  readonly commit: boolean;
  readonly value: T;
}

/**
 * Several statements that depend on one another, all or none. What one statement can do by itself needs no transaction.
 *
 * Rejects with what `work` or the database rejected with; if that was the commit, it may have happened.
 */
export async function inTransaction<T>(
  pool: pg.Pool,
  work: (client: pg.ClientBase) => Promise<Outcome<T>>,
): Promise<T> {
  let broken: Error | undefined;
  // A connection that ends between two statements says so here, and would end the process if nobody listened.
  const onError = (error: Error) => {
    broken = error;
  };
  const client = await connected(pool, onError);
  try {
    await client.query('begin');
    const { commit, value } = await work(client);
    await client.query(commit ? 'commit' : 'rollback');
    return value;
  } catch (error) {
    // Over a lost connection the rollback would wait in vain, and the server does it by itself when that ends.
    if (isConnectionLost(error)) broken = error;
    else await client.query('rollback').catch(onError);
    throw error;
  } finally {
    client.off('error', onError);
    client.release(broken);
  }
}

/** By a callback: a server may refuse a session in the very bytes that end its start, before any promise is settled. */
async function connected(pool: pg.Pool, onError: (error: Error) => void): Promise<pg.PoolClient> {
  return new Promise((resolve, reject) => {
    pool.connect((error, client) => {
      if (error || !client) {
        reject(error ?? new Error('There is no connection'));
        return;
      }
      client.on('error', onError);
      resolve(client);
    });
  });
}
