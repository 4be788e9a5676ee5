import type pg from 'pg';

import type { Backlog } from '../../actors/ports/backlog.ts';
import { list, statement, text } from '../database/statement.ts';

/** Counts for the gauges. Everything scanned here is small when all is well, but for `cases`, which is counted by estimate beyond need. */
const backlog = statement('backlog', {
  takes: { waitingTags: list(text) },
  gives: { backlog: text },
  sql: ({ waitingTags }) => `
  with waiting as (
    select tag, count(*) as n, min(since) as since from case_tags where tag = any(${waitingTags}) group by tag
  )
  select json_build_object(
    'eventsPending', (select count(*) from pending_events),
    'oldestEventSeconds', coalesce((
      select extract(epoch from clock_timestamp() - min(e.received_at)) from (
        select event_id from pending_events order by position limit 1) p join events e on e.id = p.event_id), 0),
    'effects', coalesce((select json_object_agg(status, n) from (
      select status, count(*) as n from effects where settled_at is null group by status) s), '{}'),
    'timersOverdue', (select count(*) from cases where wake_at is not null and status = 'active' and wake_at < now() - interval '10 s'),
    'deadLetters', (select count(*) from dead_letters where resolved_at is null),
    'parkedDeliveries', (select count(*) from parked_deliveries where resolved_at is null),
    'outboxWaiting', (select count(*) from outbox where published_at is null),
    'oldestPublicationSeconds', coalesce((
      select extract(epoch from clock_timestamp() - time) from outbox where published_at is null order by position limit 1), 0),
    'deadLettersByProvider', coalesce((select json_object_agg(provider, n) from (
      select coalesce(regexp_replace(stream, '\\.errors$', ''), 'none') as provider, count(*) as n from dead_letters
      where at > now() - interval '24 h' and name is not null group by 1) s), '{}'),
    'casesWaiting', coalesce((select json_object_agg(tag, n) from waiting), '{}'),
    'oldestWaiting', coalesce((select json_object_agg(tag, extract(epoch from clock_timestamp() - since)) from waiting), '{}'),
    'cases', coalesce((select json_object_agg(status, n) from (select status, count(*) as n from cases group by status) s), '{}')
  )::text as backlog`,
});

/** What waits, in counts: for gauges. One statement; on a large `cases` table the slowest of all we have, so ask seldom. `waitingTags` are those that say what a case waits for. */
export async function readBacklog(
  pool: pg.Pool,
  waitingTags: readonly string[] = [],
): Promise<Backlog> {
  const [row] = await backlog(pool, { waitingTags });
  return JSON.parse(row?.backlog ?? '{}') as Backlog;
}
