import { statement } from '../pool.ts';

/**
 * The contact of each asked key, by user id or by number. `stale` when its case is over, so that a new one is due;
 * `opened` once the case has a key, which its first event brings.
 *
 * A number finds nobody whose known user id is another than the one asked for: numbers change hands, and the next
 * owner must not meet the last one's case.
 */
export const findContacts = statement<{
  ordinal: number;
  tenant: string;
  contact_id: string | null;
  case_id: string | null;
  opened: boolean;
  stale: boolean;
  knows_user: boolean;
}>(
  'find_contacts',
  `
  select a.ordinal::int4 as ordinal, t.tenant, c.id::text as contact_id, c.case_id,
    -- Not "exists": the planner may make a hash of all of data_keys, and of every case that is done, for each call.
    (select true from data_keys k where k.case_id = c.case_id) is true as opened,
    (select s.status = 'done' from cases s where s.case_id = c.case_id) is true as stale,
    c.user_index is not null as knows_user
  from unnest($1::text[], $2::bytea[], $3::bytea[]) with ordinality as a(tenant, user_index, phone_index, ordinal)
  join tenants t on t.tenant = a.tenant
  -- Two looks and not one with "or": planned on an empty table, that one would read all contacts of the tenant.
  left join lateral (
    select * from (
      select u.id, u.case_id, u.user_index, 1 as choice from contacts u
      where u.tenant = a.tenant and u.user_index = a.user_index
      union all
      select p.id, p.case_id, p.user_index, 2 from contacts p
      where p.tenant = a.tenant and p.phone_index = a.phone_index and (p.user_index is null or a.user_index is null)
    ) found
    order by choice limit 1
  ) c on true`,
);

/** Takes numbers from those who no longer have them: a newcomer with another user id shows the number as theirs. */
export const releaseNumbers = statement(
  'release_numbers',
  `update contacts c set phone_index = null
   from unnest($1::text[], $2::bytea[], $3::bytea[]) as n(tenant, user_index, phone_index)
   where c.tenant = n.tenant and c.phone_index = n.phone_index and c.user_index <> n.user_index`,
);

/** Losing to another process that adds the same contact is fine: the next look finds its row. */
export const addContacts = statement(
  'add_contacts',
  `insert into contacts (id, tenant, user_index, phone_index, case_id)
   select * from unnest($1::uuid[], $2::text[], $3::bytea[], $4::bytea[], $5::text[])
   on conflict do nothing`,
);

/** A new case for those whose last one is over, unless somebody was quicker. */
export const renewContacts = statement(
  'renew_contacts',
  `update contacts c set case_id = n.case_id
   from unnest($1::uuid[], $2::text[], $3::text[]) as n(id, old_case_id, case_id)
   where c.id = n.id and c.case_id = n.old_case_id`,
);

/** A contact known by number that now shows its user id. Where two show the same one, one of them has it. */
export const learnUsers = statement(
  'learn_users',
  `update contacts c set user_index = n.user_index
   from (
     select distinct on (k.tenant, l.user_index) l.id, l.user_index
     from unnest($1::uuid[], $2::bytea[]) as l(id, user_index) join contacts k on k.id = l.id
     order by k.tenant, l.user_index, l.id
   ) n
   where c.id = n.id and c.user_index is null
     and not exists (select from contacts o where o.tenant = c.tenant and o.user_index = n.user_index)`,
);

export const tenantsByAccount = statement<{ account: string; tenant: string; name: string }>(
  'tenants_by_account',
  `select whatsapp_account as account, tenant, name from tenants where whatsapp_account = any($1::text[])`,
);

export const upsertTenant = statement(
  'upsert_tenant',
  `insert into tenants (tenant, name, whatsapp_account) values ($1, $2, $3)
   on conflict (tenant) do update set name = excluded.name, whatsapp_account = excluded.whatsapp_account`,
);

export const parkDeliveries = statement<{
  ordinal: number;
  outcome: 'parked' | 'duplicate' | 'conflict';
}>(
  'park_deliveries',
  `
  with offered as (
    select * from unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[], $6::bytea[], $7::bytea[], $8::bytea[])
      with ordinality as o(id, source, dedupe_key, type, reason, wrapped_key, body, body_digest, ordinal)
  ), parked as (
    insert into parked_deliveries (id, source, dedupe_key, type, reason, wrapped_key, body, body_digest)
    select id, source, dedupe_key, type, reason, wrapped_key, body, body_digest from offered order by ordinal
    on conflict (source, dedupe_key) do nothing
    returning id, source, dedupe_key, body_digest
  )
  select o.ordinal::int4 as ordinal,
    case when p.id is not null then 'parked' when coalesce(d.body_digest, t.body_digest) <> o.body_digest then 'conflict' else 'duplicate' end as outcome
  from offered o
  left join parked p on p.id = o.id
  left join parked t on t.source = o.source and t.dedupe_key = o.dedupe_key -- Its twin in this batch: "d" cannot see it yet.
  left join parked_deliveries d on d.source = o.source and d.dedupe_key = o.dedupe_key
  order by o.ordinal`,
);
