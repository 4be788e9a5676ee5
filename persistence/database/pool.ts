import pg from 'pg';

import { ExpectedError, ProviderUnreachable } from '../../actors/errors.ts';
import { giveUpTogether } from './silence.ts';

/** How statements reach PostgreSQL. `routeTo` in persistence/database/route.ts finds it out. */
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
