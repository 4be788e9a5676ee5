import { createHash } from 'node:crypto';

import pg from 'pg';

import { ExpectedError, ProviderUnreachable } from '../../actors/errors.ts';
import { giveUpTogether } from './silence.ts';

/** `int8` as bigint, where the driver would give a string. (Its binary results are broken in 8.23: it decodes them as UTF-8 first.) */
const types = new pg.TypeOverrides();
types.setTypeParser(pg.types.builtins.INT8, BigInt);

/** How statements reach PostgreSQL. `routeTo` in persistence/route.ts finds it out. */
export interface Route {
  /** Whether what is prepared under a name is still there for the next statement of the same connection. */
  readonly named: boolean;
  /** Whether settings may be sent with the start of a connection. */
  readonly settings: boolean;
}

/** To PostgreSQL itself, or to a pooler that gives each client a connection of its own. */
export const direct: Route = { named: true, settings: true };

export interface PoolOptions {
  readonly url: string;
  /** Connections at most. */
  readonly max: number;
  /** A statement that runs longer is cancelled, ms. */
  readonly statementTimeoutMs?: number;
  /** `direct` if absent. */
  readonly route?: Route;
}

/**
 * Where a black hole is noticed also while nothing is sent: after 5 s, and ten probes a second apart. Settings of
 * `connectionParameters` that a connection to PostgreSQL has wherever it is opened.
 */
export const lively = {
  connectionTimeoutMillis: 5_000,
  keepAlive: true,
  keepAliveInitialDelayMillis: 5_000,
} as const;

/** Whether statements of a pool, and of its clients, still go by their names. */
interface Naming {
  named: boolean;
}
const namings = new WeakMap<object, Naming>();

/** Whether a statement that is sent to this pool, or to a client of one, may be prepared under a name. */
export const mayBeNamed = (pool: pg.Pool | pg.ClientBase): boolean =>
  namings.get(pool)?.named !== false;

/** From now on nothing that is sent to this pool has a name. */
export function namesAreOfNoUse(pool: pg.Pool | pg.ClientBase): void {
  const naming = namings.get(pool);
  if (naming) naming.named = false;
}

/**
 * A pool for the hot path. A caller that gets no connection within 5 s fails instead of queueing. A server that goes silent
 * is given up, with all connections to it, 2 s after the time that a statement may take: after 10 s, unless told otherwise.
 */
export function createPool({
  url,
  max,
  statementTimeoutMs = 8_000,
  route = direct,
}: PoolOptions): pg.Pool {
  const queryTimeoutMs = statementTimeoutMs + 2_000; // A black-holed connection answers nothing, not even a cancel.
  const pool = new pg.Pool({
    ...lively,
    connectionString: url,
    max,
    query_timeout: queryTimeoutMs,
    application_name: 'orchestrator',
    ...(route.settings
      ? {
          statement_timeout: statementTimeoutMs,
          idle_in_transaction_session_timeout: 10_000,
          // A plan made while a table was empty would go on scanning it when it is full.
          options: '-c jit=off -c enable_seqscan=off',
        }
      : {}),
  });
  pool.on('error', () => undefined); // An idle connection broke; the pool drops it and the next query opens another.
  giveUpTogether(pool, queryTimeoutMs);
  const naming: Naming = { named: route.named };
  namings.set(pool, naming);
  pool.on('connect', (client) => namings.set(client, naming));
  return pool;
}

/** How often a statement is sent that PostgreSQL ends to break a deadlock. */
const maxTries = 4;

/** It deadlocked, so it was undone; or it never ran, since its name means nothing, or another text, to a pooled connection. */
const worthAnotherTry = /^(?:40P01|26000|42P05)$/;
const nameIsOfNoUse = /^(?:26000|42P05)$/;

/**
 * One prepared statement, planned once per connection. Rows come back as objects of text, `number` (int4, float8),
 * `bigint` (int8), `boolean` and `Buffer` (bytea); cast everything else to text in the SQL.
 *
 * Two batches that touch the same rows in another order may deadlock. The victim was undone as a whole, so it is sent
 * again, unless it is a part of its caller's transaction.
 *
 * Where a pooler hands the connection's session to others, a name may be known to no server, or to the wrong one: from the
 * first sign of that on, the pool plans each statement anew. The name stands for the text, so that two releases behind
 * one pooler never run each other's.
 */
export function statement<Row extends object = Record<string, never>>(name: string, text: string) {
  const exactName = `${name}_${createHash('sha1').update(text).digest('hex').slice(0, 8)}`;
  return async (pool: pg.Pool | pg.ClientBase, values: unknown[]): Promise<Row[]> => {
    const naming = namings.get(pool);
    for (let tries = 1; ; tries++) {
      try {
        const named = naming?.named === false ? {} : { name: exactName };
        const { rows } = await pool.query({ ...named, text, values, types } as pg.QueryConfig);
        return rows as Row[];
      } catch (error) {
        const { code = '' } = error as { code?: string };
        if (naming && nameIsOfNoUse.test(code)) naming.named = false;
        if (!worthAnotherTry.test(code) || tries === maxTries || !(pool instanceof pg.Pool))
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
