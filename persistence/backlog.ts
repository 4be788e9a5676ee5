import type pg from 'pg';

import { backlog } from './ledger/backlog.ts';

/** What waits, in counts: for gauges. One statement; on a large `cases` table the slowest of all we have, so ask seldom. */
export async function readBacklog(pool: pg.Pool) {
  const [row] = await backlog(pool, []);
  return JSON.parse(row?.backlog ?? '{}') as {
    eventsPending: number;
    oldestEventSeconds: number;
    effects: Record<string, number>;
    timersOverdue: number;
    deadLetters: number;
    parkedDeliveries: number;
    cases: Record<string, number>;
    outboxWaiting: number;
    oldestPublicationSeconds: number;
    deadLettersByProvider: Record<string, number>;
  };
}
