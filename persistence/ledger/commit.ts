import { statement } from '../database/pool.ts';
import { open } from './effects.ts';

/**
 * Everything a batch of activations changes, in one statement and so in one transaction. At its end it counts what it
 * did against what it was asked to do, and `refuse_unless` undoes it all when another worker was there first.
 */
const text = (published = '') => `
  with held as (
    select count(*) as n from partition_leases l
    join unnest($2::int4[], $3::int8[]) as h(partition, epoch) on l.partition = h.partition and l.epoch = h.epoch
    where l.owner = $1 and l.lease_until > clock_timestamp()
  ), stepped as (
    select * from unnest(
      $4::text[], $5::text[], $6::int4[], $7::int4[], $8::int4[], $9::text[], $10::text[], $11::text[],
      $12::text[], $13::bool[], $14::text[], $15::timestamptz[], $16::bytea[]
    ) as c(
      case_id, tenant, partition, expected_seq, seq, machine, version, status,
      state, state_changed, tags, wake_at, envelope)
  ), opened as (
    insert into cases (case_id, tenant, partition, machine, version, status, state, tags, seq, wake_at, envelope, state_since)
    select case_id, tenant, partition, machine, version, status, state, tags::jsonb, seq, wake_at, envelope, $17::timestamptz
    from stepped where expected_seq = 0
    on conflict do nothing
    returning 1
  ), updated as (
    update cases k set
      machine = c.machine, version = c.version, status = c.status, state = c.state, tags = c.tags::jsonb, seq = c.seq,
      wake_at = c.wake_at, envelope = c.envelope, parked_reason = null, updated_at = $17::timestamptz,
      state_since = case when c.state_changed then $17::timestamptz else k.state_since end
    from stepped c
    where c.expected_seq > 0 and k.case_id = c.case_id and k.tenant = c.tenant and k.seq = c.expected_seq
    returning 1
  ), parked as (
    update cases k set status = 'parked', parked_reason = p.reason, updated_at = $17::timestamptz
    from unnest($18::text[], $19::text[]) as p(case_id, reason)
    where k.case_id = p.case_id
  ), held_back as (
    -- Until a worker starts anew, perhaps with the migration that was missing.
    update pending_events set announced_at = 'infinity' where case_id = any($18::text[])
  ), asked as (
    insert into effects (effect_id, tenant, case_id, partition, name, port, kind, resolution, in_order, needs, status, input, traceparent, next_at, settled_at)
    select effect_id, tenant, case_id, partition, name, port, kind, resolution, in_order, needs,
      -- What was emitted is done by this commit: it is in the outbox.
      case when cancelled then 'cancelled' when kind = 'emit' then 'done' else 'pending' end, input, traceparent,
      clock_timestamp() + interval '5 s', case when cancelled or kind = 'emit' then clock_timestamp() end
    from unnest(
      $20::text[], $21::text[], $22::text[], $23::int4[], $24::text[], $25::text[], $26::text[], $27::text[],
      $28::bool[], $29::bytea[], $30::text[], $48::bool[], $49::text[]
    ) with ordinality as e(
      effect_id, tenant, case_id, partition, name, port, kind, resolution, cancelled, input, traceparent, in_order, needs, ordinal)
    order by ordinal
  )${published}, abandoned as (
    update effects set status = 'cancelled', settled_at = clock_timestamp()
    where effect_id = any($31::text[]) and status in ${open}
  ), consumed as (
    delete from pending_events p
    using unnest($32::text[], $33::int8[]) as c(case_id, position)
    where p.case_id = c.case_id and p.position = c.position
    returning 1
  ), audited as (
    insert into audit_entries (chain, seq, at, actor, action, case_id, case_seq, subject, detail, hash)
    select * from unnest(
      $34::text[], $35::int8[], $36::timestamptz[], $37::text[], $38::text[], $39::text[], $40::int4[], $41::text[],
      $42::text[], $43::bytea[])
  ), buried as (
    insert into dead_letters (tenant, case_id, subject, reason)
    select * from unnest($44::text[], $45::text[], $46::text[], $47::text[])
  )
  select refuse_unless((select n from held) = cardinality($2::int4[]), 'lease')
     and refuse_unless((select count(*) from opened) + (select count(*) from updated) = (select count(*) from stepped), 'version')
     and refuse_unless((select count(*) from consumed) = cardinality($32::text[]), 'version') as committed`;

/** What the outbox gets, of a batch that publishes something: $50 to $58. */
const published = `, published as (
    insert into outbox (id, stream, type, source, tenant, case_id, traceparent, body, sealed)
    select id, stream, type, source, tenant, case_id, traceparent, body, sealed
    from unnest($50::text[], $51::text[], $52::text[], $53::text[], $54::text[], $55::text[], $56::text[], $57::text[], $58::bytea[])
      with ordinality as p(id, stream, type, source, tenant, case_id, traceparent, body, sealed, ordinal)
    order by ordinal
  )`;

/** Of a batch that publishes nothing, as most do: $1 to $49. */
export const commit = statement('commit', text());

export const commitPublishing = statement('commit_publishing', text(published));

export const headsOf = statement<{ chain: string; seq: bigint; hash: Buffer }>(
  'heads_of',
  `select c.chain, h.seq, h.hash from unnest($1::text[]) as c(chain)
   cross join lateral (select seq, hash from audit_entries a where a.chain = c.chain order by seq desc limit 1) h`,
);
