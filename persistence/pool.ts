import pg from 'pg';

import { ExpectedError, ProviderUnreachable } from '../actors/errors.ts';

/** `int8` as bigint, where the driver would give a string. (Its binary results are broken in 8.23: it decodes them as UTF-8 first.) */
const types = new pg.TypeOverrides();
types.setTypeParser(pg.types.builtins.INT8, BigInt);

export interface PoolOptions {
  readonly url: string;
  /** Connections at most. */
  readonly max: number;
  /** A statement that runs longer is cancelled, ms. */
  readonly statementTimeoutMs?: number;
}

/** A pool for the hot path. A caller that gets no connection within 5 s fails instead of queueing. */
export function createPool({ url, max, statementTimeoutMs = 10_000 }: PoolOptions): pg.Pool {
  const pool = new pg.Pool({
    connectionString: url,
    max,
    connectionTimeoutMillis: 5_000,
    statement_timeout: statementTimeoutMs,
    query_timeout: statementTimeoutMs + 2_000, // A black-holed connection answers nothing, not even a cancel.
    idle_in_transaction_session_timeout: 10_000,
    application_name: 'orchestrator',
    keepAlive: true,
    // A plan made while a table was empty would go on scanning it when it is full.
    options: '-c jit=off -c enable_seqscan=off',
  });
  pool.on('error', () => undefined); // An idle connection broke; the pool drops it and the next query opens another.
  return pool;
}

/** How often a statement is sent that PostgreSQL ends to break a deadlock. */
const maxTries = 4;

/**
 * One prepared statement, planned once per connection. Rows come back as objects of text, `number` (int4, float8),
 * `bigint` (int8), `boolean` and `Buffer` (bytea); cast everything else to text in the SQL.
 *
 * Two batches that touch the same rows in another order may deadlock. The victim was undone as a whole, so it is sent
 * again, unless it is a part of its caller's transaction.
 */
export function statement<Row extends object = Record<string, never>>(name: string, text: string) {
  return async (pool: pg.Pool | pg.ClientBase, values: unknown[]): Promise<Row[]> => {
    for (let tries = 1; ; tries++) {
      try {
        const { rows } = await pool.query({ name, text, values, types } as pg.QueryConfig);
        return rows as Row[];
      } catch (error) {
        if (
          (error as { code?: string }).code !== '40P01' ||
          tries === maxTries ||
          !(pool instanceof pg.Pool)
        )
          throw error;
      }
    }
  };
}

/** SQLSTATE classes that say nothing against the statement: connections, rollbacks, resources, interventions, the system. */
const passing = /^(?:08|40|53|55|57|58|XX)/;

/**
 * What a performer asks the database for, in the words that have it tried again: the driver's own errors would fail
 * the effect for good. Only for work that is safe to repeat.
 *
 * @throws {ProviderUnreachable} no answer, or none for now; the work may be done
 * @throws whatever else `work` rejects with
 */
export async function reached<T>(provider: string, work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof ExpectedError) throw error;
    const code = error instanceof pg.DatabaseError ? (error.code ?? '') : 'database_away';
    if (code !== 'database_away' && !passing.test(code)) throw error;
    throw new ProviderUnreachable(provider, code, { cause: error });
  }
}
