import {
  bytea,
  from,
  int4,
  orNull,
  rows,
  statement,
  text,
  textOf,
  uuid,
  type ParametersOf,
} from '../database/statement.ts';

/** What the ledger is asked to store: events with their keys, and the keys of cases that they open. */
const takes = {
  offered: rows({
    id: uuid,
    tenant: text,
    caseId: text,
    partition: int4,
    source: text,
    dedupeKey: text,
    topic: text,
    type: text,
    body: bytea,
    bodyDigest: bytea,
    traceparent: orNull(text),
    keyId: uuid,
  }),
  newKeys: rows({ caseId: text, tenant: text, keyId: uuid, wrapped: bytea }),
};

/** What the outbox gets, of a batch that publishes something. */
const takesPublishing = {
  ...takes,
  told: rows({
    eventId: uuid,
    stream: text,
    type: text,
    source: text,
    body: orNull(text),
    sealed: orNull(bytea),
  }),
};

const gives = {
  ordinal: from('o.ordinal::int4', int4),
  outcome: from(
    `case
      when s.id is not null then 'stored'
      when e.same then 'duplicate'
      when e.id is not null then 'conflict'
      when r.id is null then 'stale_key'
      else 'unseen'
    end`,
    textOf<'stored' | 'duplicate' | 'conflict' | 'stale_key' | 'unseen'>(),
  ),
  eventId: from('coalesce(s.id, e.id)', orNull(uuid)),
};

/**
 * Stores new data keys and the events encrypted with them, and puts the events into line.
 *
 * An event is stored only if the key it was encrypted with is the case's key: two processes may open one case at the same
 * time, and the loser's ciphertext could never be read. Such rows come back as `stale_key`, to be encrypted again.
 *
 * `unseen` is a key that this statement met but cannot see: it stands twice in this batch, or another process stored
 * it a moment ago. The next statement sees it, and can compare the bodies.
 */
const sqlOf = (
  { offered, newKeys }: ParametersOf<typeof takes>,
  columns: () => string,
  published = '',
) => `
  with offered as (
    select * from ${offered.as('o', 'ordinal')}
  ), earlier as (
    select o.ordinal, e.id, e.body_digest = o.body_digest as same, o.body_digest
    from offered o
    join events e on e.tenant = o.tenant and e.source = o.source and e.dedupe_key = o.dedupe_key
  ), fresh as (
    select * from offered o where not exists (select from earlier e where e.ordinal = o.ordinal)
  ), new_keys as (
    insert into data_keys (${newKeys.names})
    -- A key proves that its case was opened, so what came before brings none.
    select * from ${newKeys.as('k')}
    where exists (select from fresh f where f.case_id = k.case_id)
    order by case_id collate "C" -- In one order for all, or two processes that open the same cases deadlock.
    on conflict do nothing
    returning case_id, tenant, key_id
  ), readable as (
    -- Joins: as two "exists" with an "or" between them the planner hashed all of data_keys for each call.
    select o.* from fresh o
    left join data_keys k on k.case_id = o.case_id
    left join new_keys n on n.case_id = o.case_id
    where (k.tenant = o.tenant and k.key_id = o.key_id) or (n.tenant = o.tenant and n.key_id = o.key_id)
  ), stored as (
    insert into events (id, tenant, case_id, source, dedupe_key, type, body, body_digest, traceparent)
    select id, tenant, case_id, source, dedupe_key, type, body, body_digest, traceparent from readable order by ordinal
    on conflict (tenant, source, dedupe_key) do nothing
    returning id, case_id, position, tenant, traceparent
  )${published}, lined_up as (
    insert into pending_events (case_id, position, event_id, partition, topic)
    select s.case_id, s.position, s.id, r.partition, r.topic from stored s join readable r on r.id = s.id
  ), flagged as (
    insert into event_conflicts (event_id, body_digest)
    select id, body_digest from earlier where not same
    on conflict do nothing
  )
  select ${columns()}
  from offered o
  left join readable r on r.id = o.id
  left join stored s on s.id = o.id
  left join earlier e on e.ordinal = o.ordinal
  order by o.ordinal`;

/** Of a batch that publishes nothing. */
export const append = statement('append', { takes, gives, sql: sqlOf });

export const appendPublishing = statement('append_publishing', {
  takes: takesPublishing,
  gives,
  sql: (parameters, columns) =>
    sqlOf(
      parameters,
      columns,
      `, published as (
    insert into outbox (id, stream, type, source, tenant, case_id, traceparent, body, sealed)
    select s.id::text, p.stream, p.type, p.source, s.tenant, s.case_id, s.traceparent, p.body, p.sealed
    from ${parameters.told.as('p')}
    join stored s on s.id = p.event_id
    order by s.position
  )`,
    ),
});
