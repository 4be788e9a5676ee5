import pg from 'pg';

/** `int8` as bigint, where the driver would give a string. (Its binary results are broken in 8.23: it decodes them as UTF-8 first.) */
const types = {
  getTypeParser: (oid: number) => (oid === pg.types.builtins.INT8 ? BigInt : pg.types.getTypeParser(oid)),
};

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
  });
  pool.on('error', () => undefined); // An idle connection broke; the pool drops it and the next query opens another.
  return pool;
}

/**
 * One prepared statement, planned once per connection. Rows come back as objects of text, `number` (int4, float8),
 * `bigint` (int8), `boolean` and `Buffer` (bytea); cast everything else to text in the SQL.
 */
export function statement<Row extends object = Record<string, never>>(name: string, text: string) {
  return async (pool: pg.Pool | pg.ClientBase, values: unknown[]): Promise<Row[]> => {
    const { rows } = await pool.query({ name, text, values, types } as pg.QueryConfig);
    return rows as Row[];
  };
}
