import { statement } from '../database/pool.ts';
import { open } from './effects.ts';

interface Row {
  id: string;
  type: string;
  topic: string;
  tenant: string;
  case_id: string;
  partition: number;
  traceparent: string | null;
}

/** Events whose announcement was lost or whose consumer died. Marking them announced keeps sweepers off each other's toes. */
export const overdueEvents = statement<Row>(
  'overdue_events',
  `
  with picked as (
    select case_id, position from pending_events
    where announced_at < clock_timestamp() - $1 * interval '1 ms'
    order by announced_at limit $2
    for update skip locked
  ), marked as (
    update pending_events p set announced_at = clock_timestamp() from picked k
    where p.case_id = k.case_id and p.position = k.position
    returning p.event_id, p.case_id, p.partition, p.topic
  )
  select e.id::text as id, e.type, m.topic, e.tenant, m.case_id, m.partition, e.traceparent
  from marked m join events e on e.id = m.event_id`,
);

export const overdueEffects = statement<Row>(
  'overdue_effects',
  `
  with picked as (
    select effect_id from effects
    where settled_at is null and next_at < clock_timestamp()
      and (status in ('pending', 'retry') or (status = 'started' and resolution <> 'none' and lease_until < clock_timestamp()))
    order by created_at limit $2
    for update skip locked
  )
  update effects e set
    next_at = clock_timestamp() + $1 * interval '1 ms', status = case e.status when 'retry' then 'pending' else e.status end
  from picked k
  where e.effect_id = k.effect_id
  returning e.effect_id as id, e.name as type, 'effects.' || e.port as topic, e.tenant, e.case_id, e.partition, e.traceparent`,
);

/** A performer died while it held them, and nobody may try again: now the provider's word, or time, decides. */
export const markUnknown = statement(
  'mark_unknown',
  `
  update effects set status = 'unknown', doubtful = true, reason = 'performer_lost', next_at = clock_timestamp() + $1 * interval '1 ms'
  where settled_at is null and status = 'started' and resolution = 'none' and lease_until < clock_timestamp()`,
);

interface UnknownRow {
  effect_id: string;
  tenant: string;
  case_id: string;
  partition: number;
  name: string;
  kind: 'invoke' | 'action' | 'emit';
  attempt: number;
  traceparent: string | null;
}

export const unknownTooLong = statement<UnknownRow>(
  'unknown_too_long',
  `
  select effect_id, tenant, case_id, partition, name, kind, attempt, traceparent from effects
  where settled_at is null and status = 'unknown' and next_at < clock_timestamp()
  order by created_at limit $1`,
);

/** For a provider's late word. */
export const openEffects = statement<UnknownRow>(
  'open_effects',
  `
  select effect_id, tenant, case_id, partition, name, kind, attempt, traceparent from effects
  where effect_id = any($1::text[]) and status in ${open}`,
);

export const dueCases = statement<{
  case_id: string;
  tenant: string;
  partition: number;
  due_at: number;
}>(
  'due_cases',
  `
  select case_id, tenant, partition, round(extract(epoch from wake_at) * 1000)::float8 as due_at from cases
  where wake_at is not null and status = 'active' and wake_at <= $1::timestamptz
  order by wake_at limit $2`,
);

/**
 * Everything that waits in these partitions is overdue from now on, and what was parked is tried once more: by its
 * events, or by its timer, for which it must be active again.
 */
export const resume = statement(
  'resume',
  `
  with unparked as (
    update cases set status = 'active', parked_reason = null
    where status = 'parked' and wake_at is not null and partition = any($1::int4[])
  )
  update pending_events set announced_at = '-infinity' where partition = any($1::int4[])`,
);
