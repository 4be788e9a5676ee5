import type pg from 'pg';

import { float8, statement } from './statement.ts';

/** As the hot path asks: by a prepared statement, on a connection of the pool, and for the right to write. No row comes of it. */
const appendNothing = statement('append_nothing', {
  sql: () => 'insert into pending_events select * from pending_events where false',
});

const readClock = statement('read_clock', {
  gives: { ms: float8 },
  sql: () => 'select (extract(epoch from clock_timestamp()) * 1000)::float8 as ms',
});

/** Rejects when events could not be stored: no connection, a server that is read-only, a right or a table that is missing. */
export async function takesEvents(pool: pg.Pool): Promise<void> {
  await appendNothing(pool);
}

/** PostgreSQL's clock, epoch ms. */
export async function databaseClock(pool: pg.Pool): Promise<number> {
  const [row] = await readClock(pool);
  return row?.ms ?? Number.NaN;
}
