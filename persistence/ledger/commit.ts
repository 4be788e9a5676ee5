import {
  bool,
  bytea,
  int4,
  int8,
  json,
  list,
  orNull,
  rows,
  statement,
  text,
  time,
  type ParametersOf,
} from '../database/statement.ts';
import { open } from './effects.ts';

/** What a batch of activations changes. */
const takes = {
  owner: text,
  leases: rows({ partition: int4, epoch: int8 }),
  cases: rows({
    caseId: text,
    tenant: text,
    partition: int4,
    expectedSeq: int4,
    seq: int4,
    machine: text,
    version: text,
    status: text,
    state: text,
    stateChanged: bool,
    tags: json,
    wakeAt: orNull(time),
    envelope: bytea,
  }),
  at: time,
  parked: rows({ caseId: text, reason: text }),
  effects: rows({
    effectId: text,
    tenant: text,
    caseId: text,
    partition: int4,
    name: text,
    port: text,
    kind: text,
    resolution: text,
    inOrder: bool,
    needs: orNull(text),
    cancelled: bool,
    input: bytea,
    traceparent: orNull(text),
  }),
  abandoned: list(text),
  consumed: rows({ caseId: text, position: int8 }),
  entries: rows({
    chain: text,
    seq: int8,
    at: time,
    actor: text,
    action: text,
    caseId: orNull(text),
    caseSeq: orNull(int4),
    subject: text,
    detail: text,
    hash: bytea,
  }),
  deadLetters: rows({ tenant: text, caseId: text, subject: text, reason: text }),
};

/** With what the outbox gets, of a batch that publishes something. */
const takesPublishing = {
  ...takes,
  told: rows({
    id: text,
    stream: text,
    type: text,
    source: text,
    tenant: text,
    caseId: text,
    traceparent: orNull(text),
    body: orNull(text),
    sealed: orNull(bytea),
  }),
};

/**
 * Everything a batch of activations changes, in one statement and so in one transaction. At its end it counts what it
 * did against what it was asked to do, and `refuse_unless` undoes it all when another worker was there first.
 */
const sqlOf = (
  {
    owner,
    leases,
    cases,
    at,
    parked,
    effects,
    abandoned,
    consumed,
    entries,
    deadLetters,
  }: ParametersOf<typeof takes>,
  published = '',
) => `
  with held as (
    select count(*) as n from partition_leases l
    join ${leases.as('h')} on l.partition = h.partition and l.epoch = h.epoch
    where l.owner = ${owner} and l.lease_until > clock_timestamp()
  ), stepped as (
    select * from ${cases.as('c')}
  ), opened as (
    insert into cases (case_id, tenant, partition, machine, version, status, state, tags, seq, wake_at, envelope, state_since)
    select case_id, tenant, partition, machine, version, status, state, tags::jsonb, seq, wake_at, envelope, ${at}::timestamptz
    from stepped where expected_seq = 0
    on conflict do nothing
    returning 1
  ), updated as (
    update cases k set
      machine = c.machine, version = c.version, status = c.status, state = c.state, tags = c.tags::jsonb, seq = c.seq,
      wake_at = c.wake_at, envelope = c.envelope, parked_reason = null, updated_at = ${at}::timestamptz,
      state_since = case when c.state_changed then ${at}::timestamptz else k.state_since end
    from stepped c
    where c.expected_seq > 0 and k.case_id = c.case_id and k.tenant = c.tenant and k.seq = c.expected_seq
    returning 1
  ), parked as (
    update cases k set status = 'parked', parked_reason = p.reason, updated_at = ${at}::timestamptz
    from ${parked.as('p')}
    where k.case_id = p.case_id
  ), held_back as (
    -- Parked cases are announced again when a worker starts, because a release may bring the migration they need.
    update pending_events set announced_at = 'infinity' where case_id = any(${parked.array('caseId')})
  ), asked as (
    insert into effects (effect_id, tenant, case_id, partition, name, port, kind, resolution, in_order, needs, status, input, traceparent, next_at, settled_at)
    select effect_id, tenant, case_id, partition, name, port, kind, resolution, in_order, needs,
      -- What was emitted is done by this commit: it is in the outbox.
      case when cancelled then 'cancelled' when kind = 'emit' then 'done' else 'pending' end, input, traceparent,
      clock_timestamp() + interval '5 s', case when cancelled or kind = 'emit' then clock_timestamp() end
    from ${effects.as('e', 'ordinal')}
    order by ordinal
  )${published}, abandoned as (
    update effects set status = 'cancelled', settled_at = clock_timestamp()
    where effect_id = any(${abandoned}) and status in ${open}
  ), consumed as (
    delete from pending_events p
    using ${consumed.as('c')}
    where p.case_id = c.case_id and p.position = c.position
    returning 1
  ), audited as (
    insert into audit_entries (${entries.names})
    select * from ${entries.as('a')}
  ), dead_lettered as (
    insert into dead_letters (${deadLetters.names}) select * from ${deadLetters.as('d')}
  )
  select refuse_unless((select n from held) = cardinality(${leases.array('partition')}), 'lease')
     and refuse_unless((select count(*) from opened) + (select count(*) from updated) = (select count(*) from stepped), 'version')
     and refuse_unless((select count(*) from consumed) = cardinality(${consumed.array('caseId')}), 'version') as committed`;

/** Of a batch that publishes nothing, as most do. */
export const commit = statement('commit', { takes, sql: (parameters) => sqlOf(parameters) });

export const commitPublishing = statement('commit_publishing', {
  takes: takesPublishing,
  sql: ({ told, ...parameters }) =>
    sqlOf(
      parameters,
      `, published as (
    insert into outbox (${told.names})
    select ${told.names} from ${told.as('p', 'ordinal')}
    order by ordinal
  )`,
    ),
});
