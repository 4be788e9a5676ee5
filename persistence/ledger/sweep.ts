import {
  bytea,
  float8,
  from,
  int4,
  list,
  statement,
  text,
  time,
  uuid,
} from '../database/statement.ts';
import { announced, announcementOfEffect, effectColumns, open } from './effects.ts';

/** Events whose announcement was lost or whose consumer died. Marking them announced keeps sweepers off each other's toes. */
export const overdueEvents = statement('overdue_events', {
  takes: { graceMs: float8, limit: int4 },
  gives: { ...announced, id: from('e.id', uuid) },
  sql: ({ graceMs, limit }) => `
  with picked as (
    select case_id, position from pending_events
    where announced_at < clock_timestamp() - ${graceMs} * interval '1 ms'
    order by announced_at limit ${limit}
    for update skip locked
  ), marked as (
    update pending_events p set announced_at = clock_timestamp() from picked k
    where p.case_id = k.case_id and p.position = k.position
    returning p.event_id, p.case_id, p.partition, p.topic
  )
  select e.id::text as id, e.type, m.topic, e.tenant, m.case_id as "caseId", m.partition, e.traceparent
  from marked m join events e on e.id = m.event_id`,
});

export const overdueEffects = statement('overdue_effects', {
  takes: { graceMs: float8, limit: int4 },
  gives: announcementOfEffect('e'),
  sql: ({ graceMs, limit }, columns) => `
  with picked as (
    select effect_id from effects
    where settled_at is null and next_at < clock_timestamp()
      and (status in ('pending', 'retry') or (status = 'started' and resolution <> 'none' and lease_until < clock_timestamp()))
    order by created_at limit ${limit}
    for update skip locked
  )
  update effects e set
    next_at = clock_timestamp() + ${graceMs} * interval '1 ms', status = case e.status when 'retry' then 'pending' else e.status end
  from picked k
  where e.effect_id = k.effect_id
  returning ${columns('e')}`,
});

/** A performer died while it held them, and nobody may try again. */
export const lostEffects = statement('lost_effects', {
  takes: { limit: int4 },
  gives: { ...effectColumns, input: bytea },
  sql: ({ limit }, columns) => `
  select ${columns()} from effects
  where settled_at is null and status = 'started' and resolution = 'none' and lease_until < clock_timestamp()
  order by created_at limit ${limit}`,
});

export const unknownTooLong = statement('unknown_too_long', {
  takes: { limit: int4 },
  gives: effectColumns,
  sql: ({ limit }, columns) => `
  select ${columns()} from effects
  where settled_at is null and status = 'unknown' and next_at < clock_timestamp()
  order by created_at limit ${limit}`,
});

/** For a provider's late status. */
export const openEffects = statement('open_effects', {
  takes: { effectIds: list(text) },
  gives: { ...effectColumns, input: bytea },
  sql: ({ effectIds }, columns) =>
    `select ${columns()} from effects where effect_id = any(${effectIds}) and status in ${open}`,
});

export const dueCases = statement('due_cases', {
  takes: { now: time, limit: int4 },
  gives: {
    caseId: text,
    tenant: text,
    partition: int4,
    dueAt: from('round(extract(epoch from wake_at) * 1000)::float8', float8),
  },
  sql: ({ now, limit }, columns) => `
  select ${columns()} from cases
  where wake_at is not null and status = 'active' and wake_at <= ${now}::timestamptz
  order by wake_at limit ${limit}`,
});

/**
 * Everything that waits in these partitions is overdue from now on, and what was parked is tried once more: by its
 * events, or by its timer, for which it must be active again.
 */
export const resume = statement('resume', {
  takes: { partitions: list(int4) },
  sql: ({ partitions }) => `
  with unparked as (
    update cases set status = 'active', parked_reason = null
    where status = 'parked' and wake_at is not null and partition = any(${partitions})
  )
  update pending_events set announced_at = '-infinity' where partition = any(${partitions})`,
});
