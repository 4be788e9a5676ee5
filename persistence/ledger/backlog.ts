import type pg from 'pg';

import type { Backlog } from '../../actors/ports/backlog.ts';
import { textArray } from '../database/array-codec.ts';
import { backlog } from './backlog-sql.ts';

/** What waits, in counts: for gauges. One statement; on a large `cases` table the slowest of all we have, so ask seldom. `waitingTags` are those that say what a case waits for. */
export async function readBacklog(
  pool: pg.Pool,
  waitingTags: readonly string[] = [],
): Promise<Backlog> {
  const [row] = await backlog(pool, [textArray([...waitingTags])]);
  return JSON.parse(row?.backlog ?? '{}') as Backlog;
}
