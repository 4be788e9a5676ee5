import { statement } from '../database/pool.ts';
import { iso } from '../database/times.ts';

export interface DeadLetterRow {
  id: string;
  subject: string;
  case_id: string;
  stream: string | null;
  name: string | null;
  reason: string;
  attempts: number | null;
  at: string;
  resolution: string | null;
  is_open: boolean;
}

const columns = `d.id::text as id, d.subject, d.case_id, d.stream, d.name, d.reason, d.attempts, ${iso('d.at')} as at,
    d.resolution, d.resolved_at is null as is_open`;

/** Newest first. `$5`: `open`, `case_told`, `retried`, `resolved` or null for all. */
export const deadLetterPage = statement<DeadLetterRow>(
  'dead_letter_page',
  `
  select ${columns} from dead_letters d
  where d.tenant = $1 and ($2::text is null or d.stream = $2) and ($3::text is null or d.case_id = $3)
    and ($4::int8 is null or d.id < $4)
    and ($5::text is null or $5 = case when d.resolved_at is null then 'open' else coalesce(d.resolution, 'resolved') end)
  order by d.id desc limit $6`,
);

export const deadLetterById = statement<
  DeadLetterRow & {
    case_status: 'active' | 'done' | 'parked' | null;
    is_erased: boolean;
    kind: string | null;
    doubtful: boolean | null;
    repeatable: boolean | null;
  }
>(
  'dead_letter_by_id',
  `
  select ${columns}, k.status as case_status, k.case_id is not null and y.case_id is null as is_erased,
    e.kind, e.doubtful, e.resolution <> 'none' as repeatable
  from dead_letters d
  left join cases k on k.case_id = d.case_id
  left join data_keys y on y.case_id = d.case_id
  left join effects e on e.effect_id = substr(d.subject, 8) and d.subject like 'effect:%'
  where d.tenant = $1 and d.id = $2::int8`,
);

/** Tries again what an open or told letter is about, and marks the letter if that came about. */
const retried = (again: string) => `
  with letter as (
    select id, subject from dead_letters where id = $1::int8 and resolution is distinct from 'retried'
  ), again as (${again}), marked as (
    update dead_letters set resolved_at = clock_timestamp(), resolution = 'retried'
    where id = $1::int8 and exists (select from again)
  )
  select exists (select from again) as retried`;

/**
 * Its tries begin anew: those of before count as put off. The number of the attempt goes on, so that a late word of an
 * old try is told from one of the new. The next sweep announces it.
 */
export const retryDeadEffect = statement<{ retried: boolean }>(
  'retry_dead_effect',
  retried(`
    update effects e set status = 'pending', settled_at = null, deferred = e.attempt, reason = null, next_at = clock_timestamp()
    from letter l
    where e.effect_id = substr(l.subject, 8) and e.status = 'failed'
    returning 1`),
);

/** The next sweep announces it. */
export const retryDeadEvent = statement<{ retried: boolean }>(
  'retry_dead_event',
  retried(`
    insert into pending_events (case_id, position, event_id, partition, topic, announced_at)
    select e.case_id, e.position, e.id, k.partition, 'case-events', '-infinity'
    from letter l join events e on e.id::text = l.subject join cases k on k.case_id = e.case_id
    on conflict do nothing
    returning 1`),
);

export const markDeadLetterRetried = statement<{ retried: boolean }>(
  'mark_dead_letter_retried',
  retried('select 1 from letter'),
);
