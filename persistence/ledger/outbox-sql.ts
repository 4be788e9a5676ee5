import { statement } from '../database/pool.ts';
import { iso } from '../database/times.ts';

/** Written only when half of the lease is over: an idle publisher asks four times a second. */
export const holdOutbox = statement<{ held: boolean }>(
  'hold_outbox',
  `
  with taken as (
    update outbox_lease set owner = $1, lease_until = clock_timestamp() + $2 * interval '1 ms'
    where lease_until < clock_timestamp()
      or (owner = $1 and lease_until < clock_timestamp() + $2 / 2 * interval '1 ms')
    returning owner
  )
  select exists (select from taken)
    or exists (select from outbox_lease where owner = $1 and lease_until > clock_timestamp()) as held`,
);

export const releaseOutbox = statement(
  'release_outbox',
  `update outbox_lease set lease_until = '-infinity' where owner = $1`,
);

export const addToOutbox = statement(
  'add_to_outbox',
  `
  insert into outbox (id, stream, type, source, tenant, traceparent, body)
  select id, stream, type, source, tenant, traceparent, body
  from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[])
    with ordinality as p(id, stream, type, source, tenant, traceparent, body, ordinal)
  order by ordinal`,
);

export const waitingInOutbox = statement<{
  position: bigint;
  id: string;
  stream: string;
  type: string;
  source: string;
  tenant: string;
  case_id: string | null;
  time: string;
  traceparent: string | null;
  body: string | null;
  sealed: Buffer | null;
}>(
  'waiting_in_outbox',
  `
  select position, id, stream, type, source, tenant, case_id, ${iso('time')} as time, traceparent, body, sealed
  from outbox where published_at is null and stream <> all($2::text[])
  order by position limit $1`,
);

export const markPublished = statement(
  'mark_published',
  `
  update outbox o set published_at = clock_timestamp(), entry_id = p.entry_id
  from unnest($1::int8[], $2::text[]) as p(position, entry_id)
  where o.position = p.position`,
);

/** An entry id as a number that sorts as Redis does: milliseconds, then the count within one. */
const order = (entryId: string) =>
  `row(split_part(${entryId}, '-', 1)::int8, split_part(${entryId}, '-', 2)::int8)`;

export const newestPublished = statement<{ stream: string; entry_id: string }>(
  'newest_published',
  `
  select distinct on (stream) stream, entry_id from outbox
  where published_at is not null and entry_id is not null
  order by stream, split_part(entry_id, '-', 1)::int8 desc, split_part(entry_id, '-', 2)::int8 desc`,
);

export const unpublish = statement<{ n: number }>(
  'unpublish',
  `
  with again as (
    update outbox set published_at = null, entry_id = null
    where published_at is not null and entry_id is not null and stream = $1 and ${order('entry_id')} > ${order('$2::text')}
    returning 1
  )
  select count(*)::int4 as n from again`,
);

export const forgetPublished = statement<{ n: number }>(
  'forget_published',
  `
  with old as (
    select position from outbox
    where published_at is not null and published_at <= clock_timestamp() - $1 * interval '1 ms'
    order by published_at limit $2
  ), gone as (
    delete from outbox o using old where o.position = old.position returning 1
  )
  select count(*)::int4 as n from gone`,
);
