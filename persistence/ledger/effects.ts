import {
  bool,
  bytea,
  float8,
  from,
  int4,
  list,
  orNull,
  rows,
  statement,
  text,
  textOf,
  uuid,
} from '../database/statement.ts';

/** What is announced, as the sweep and others give it. */
export const announced = {
  id: text,
  type: text,
  topic: text,
  tenant: text,
  caseId: text,
  partition: int4,
  traceparent: orNull(text),
};

/** An effect as the kernel knows it. */
export const effectColumns = {
  effectId: text,
  tenant: text,
  caseId: text,
  partition: int4,
  name: text,
  kind: textOf<'invoke' | 'action' | 'emit'>(),
  attempt: int4,
  traceparent: orNull(text),
};

/** An effect's announcement, of the table or alias given. */
export const announcementOfEffect = (of: string) => ({
  ...announced,
  id: from(`${of}.effect_id`, text),
  type: from(`${of}.name`, text),
  topic: from(`'effects.' || ${of}.port`, text),
});

/**
 * Takes effects that may start: those that wait, and those whose performer's lease ran out, unless that forbids another
 * try. A notification that comes twice must not cut short the delay before the next try: the sweep makes that `pending`.
 *
 * `permitted` is whether the case has the tag that the effect needs, as it is committed once the effect is ours: not
 * as it was when we began to wait for a row that somebody else held.
 *
 * Each call has an id of its own: by it `giveBack` finds what was claimed if the answer is lost.
 */
export const claim = statement('claim', {
  takes: { effectIds: list(text), leaseMs: float8, claimId: orNull(text) },
  gives: {
    ...effectColumns,
    input: bytea,
    doubtful: bool,
    deferred: int4,
    ageMs: from('extract(epoch from clock_timestamp() - created_at)::float8 * 1000', float8),
    permitted: from('needs is null or has_tag_now(case_id, needs)', bool),
  },
  sql: ({ effectIds, leaseMs, claimId }, columns) => `
  update effects e set
    status = 'started', attempt = attempt + 1, doubtful = doubtful or status = 'started',
    lease_until = clock_timestamp() + ${leaseMs} * interval '1 ms', claimed_as = ${claimId}::text || '/' || (attempt + 1)
  where effect_id = any(${effectIds})
    and (status = 'pending' or (status = 'retry' and next_at <= clock_timestamp())
      or (status = 'started' and resolution <> 'none' and lease_until < clock_timestamp()))
    and not (in_order and exists (
      -- The ids of a case's effects begin with its own, so the primary key finds them.
      select from effects earlier
      where earlier.effect_id > e.case_id || '.' and earlier.effect_id < e.case_id || '/' and earlier.case_id = e.case_id
        and earlier.port = e.port and earlier.in_order and earlier.position < e.position
        and earlier.status in ('pending', 'started', 'retry')))
  returning ${columns()}`,
});

/**
 * Undoes one claim of which nothing was begun, since its answer was lost: what it claimed waits again, and that try was
 * none. What somebody else claimed since, and what is settled, is left alone. One that the sweep took for an effect whose
 * performer died while it ran is not in doubt any more.
 */
export const giveBack = statement('give_back', {
  takes: { effectIds: list(text), claimId: text },
  gives: announcementOfEffect('effects'),
  sql: ({ effectIds, claimId }, columns) => `
  update effects set
    status = 'pending', deferred = deferred + 1, reason = nullif(reason, 'performer_lost'), claimed_as = null,
    next_at = clock_timestamp()
  where effect_id = any(${effectIds}) and claimed_as = ${claimId}::text || '/' || attempt
    and (status = 'started' or (status = 'unknown' and reason = 'performer_lost'))
  returning ${columns()}`,
});

/**
 * What is not settled, for looking effects up by id. Said by the status and not by `settled_at is null`, or the planner
 * takes the small index of open effects for it, which is full of dead entries until the next vacuum: 1.3 ms in place of 0.1.
 */
export const open = `('pending', 'started', 'retry', 'unknown')`;

/** For each of these, the next effect of its case and port that waits its turn. */
export const nextInOrder = statement('next_in_order', {
  takes: { effectIds: list(text) },
  gives: announcementOfEffect('n'),
  sql: ({ effectIds }, columns) => `
  select distinct on (n.case_id, n.port) ${columns('n')}
  from effects s
  join effects n on n.effect_id > s.case_id || '.' and n.effect_id < s.case_id || '/' and n.case_id = s.case_id
    and n.port = s.port and n.in_order and n.status = 'pending'
  where s.effect_id = any(${effectIds})
  order by n.case_id, n.port, n.position`,
});

export const extend = statement('extend', {
  takes: { effectIds: list(text), leaseMs: float8 },
  sql: ({ effectIds, leaseMs }) =>
    `update effects set lease_until = clock_timestamp() + ${leaseMs} * interval '1 ms'
     where effect_id = any(${effectIds}) and status = 'started'`,
});

/**
 * Records how tries ended. A late "done" counts whoever brings it, since the provider did it; a late "failed" or
 * "retry" counts only if no newer try runs. The events of those that count are stored in the same statement.
 *
 * The same again changes nothing, for whoever lost the answer: a "retry" is recorded of what runs, or is thought lost, and
 * not of what waits for its next try already.
 */
export const settle = statement('settle', {
  takes: {
    settled: rows({
      effectId: text,
      attempt: int4,
      status: text,
      waitMs: float8,
      doubtful: bool,
      reason: orNull(text),
      deferred: bool,
    }),
    told: rows({
      effectId: text,
      dedupeKey: text,
      id: uuid,
      type: text,
      body: bytea,
      bodyDigest: bytea,
      traceparent: orNull(text),
      partition: int4,
      topic: text,
    }),
    offered: rows({
      effectId: text,
      id: text,
      stream: text,
      type: text,
      source: text,
      body: orNull(text),
      sealed: orNull(bytea),
    }),
  },
  gives: { effectId: from('s.effect_id', text), eventId: from('t.id', orNull(uuid)) },
  sql: ({ settled, told, offered }, columns) => `
  with tried as (
    select * from ${settled.as('t')}
  ), settled as (
    update effects e set
      status = t.status,
      doubtful = e.doubtful or t.doubtful,
      reason = t.reason,
      deferred = e.deferred + t.deferred::int4,
      next_at = clock_timestamp() + t.wait_ms * interval '1 ms',
      settled_at = case when t.status in ('done', 'failed', 'cancelled') then clock_timestamp() end
    from tried t
    where e.effect_id = t.effect_id and e.status in ${open} and (t.status = 'done' or e.attempt = t.attempt)
      and (t.status <> 'retry' or e.status in ('started', 'unknown'))
    returning e.effect_id, e.tenant, e.case_id, e.kind, e.name, e.attempt - e.deferred as tries, e.traceparent, t.status, t.reason
  ), offered as (
    select * from ${offered.as('p')}
  ), published as (
    insert into outbox (id, stream, type, source, tenant, case_id, traceparent, body, sealed)
    select p.id, p.stream, p.type, p.source, s.tenant, s.case_id, s.traceparent, p.body, p.sealed
    from offered p join settled s on s.effect_id = p.effect_id
  ), told as (
    insert into events (id, tenant, case_id, source, dedupe_key, type, body, body_digest, traceparent)
    select o.id, s.tenant, s.case_id, 'effect', o.dedupe_key, o.type, o.body, o.body_digest, o.traceparent
    from ${told.as('o')}
    join settled s on s.effect_id = o.effect_id
    on conflict (tenant, source, dedupe_key) do nothing
    returning id, case_id, position, dedupe_key
  ), lined_up as (
    insert into pending_events (case_id, position, event_id, partition, topic)
    select t.case_id, t.position, t.id, o.partition, o.topic
    from told t join ${told.as('o')} on o.dedupe_key = t.dedupe_key
  ), dead_lettered as (
    -- Of an effect that its case awaits, the case hears, unless it cannot be told: its key is gone or broken.
    insert into dead_letters (tenant, case_id, subject, reason, name, attempts, stream, resolved_at, resolution)
    select s.tenant, s.case_id, 'effect:' || s.effect_id, coalesce(s.reason, 'failed'), s.name, s.tries, p.stream,
      case when s.is_told then clock_timestamp() end, case when s.is_told then 'case_told' end
    from (select *, kind = 'invoke' and effect_id = any(${told.array('effectId')}) as is_told from settled) s
    left join offered p on p.effect_id = s.effect_id
    where s.status = 'failed' and (s.kind <> 'invoke' or s.reason is distinct from 'not_permitted')
  )
  select ${columns()} from settled s left join ${told.as('o')} on o.effect_id = s.effect_id
  left join told t on t.dedupe_key = o.dedupe_key`,
});
