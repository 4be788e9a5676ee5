import {
  bool,
  bytea,
  from,
  int4,
  list,
  orNull,
  rows,
  statement,
  text,
  textOf,
  time,
  uuid,
} from '../database/statement.ts';

/**
 * The contact of each asked key, by user id or by number. `stale` when its case is over, so that a new one is due;
 * `opened` once the case has a key, which its first event brings.
 *
 * A number finds nobody whose known user id is another than the one asked for: numbers change hands, and the next
 * owner must not meet the last one's case. What somebody had before leads to them too: an id for ever, because ids are not given
 * away anew; a number for what was said until a week after the change, because providers repeat for a week, and nobody else gets
 * the number so soon.
 */
export const findContacts = statement('find_contacts', {
  takes: {
    asked: rows({
      tenant: text,
      userIndex: orNull(bytea),
      phoneIndex: orNull(bytea),
      at: orNull(time),
    }),
  },
  gives: {
    ordinal: from('a.ordinal::int4', int4),
    tenant: from('t.tenant', text),
    contactId: from('c.id', orNull(uuid)),
    caseId: from('c.case_id', orNull(text)),
    // Not "exists": the planner may make a hash of all of data_keys, and of every case that is done, for each call.
    opened: from('(select true from data_keys k where k.case_id = c.case_id) is true', bool),
    // Of several cases all are over. In this order: whose one case runs is asked about no other.
    stale: from(
      `(select s.status = 'done' from cases s where s.case_id = c.case_id) is true
        and (case when c.several then (
          select true from contact_cases k left join cases o on o.case_id = k.case_id
          where k.contact_id = c.id and o.status is distinct from 'done' limit 1
        ) end) is not true`,
      bool,
    ),
    several: from('c.several is true', bool),
    knowsUser: from('c.user_index is not null', bool),
    hasPhone: from('a.phone_index is null or (c.phone_index = a.phone_index) is true', bool),
  },
  sql: ({ asked }, columns) => `
  select ${columns()}
  from ${asked.as('a', 'ordinal')}
  join tenants t on t.tenant = a.tenant
  -- Two looks and not one with "or": planned on an empty table, that one would read all contacts of the tenant.
  left join lateral (
    select * from (
      select u.id, u.case_id, u.user_index, u.phone_index, u.several, 1 as choice from contacts u
      where u.tenant = a.tenant and u.user_index = a.user_index
      union all
      select p.id, p.case_id, p.user_index, p.phone_index, p.several, 2 from contacts p
      where p.tenant = a.tenant and p.phone_index = a.phone_index and (p.user_index is null or a.user_index is null)
      union all
      select c.id, c.case_id, c.user_index, c.phone_index, c.several, 3 from contact_aliases x join contacts c on c.id = x.contact_id
      where x.tenant = a.tenant and x.kind = 'user' and x.alias = a.user_index
      union all
      select c.id, c.case_id, c.user_index, c.phone_index, c.several, 4 from contact_aliases x join contacts c on c.id = x.contact_id
      where x.tenant = a.tenant and x.kind = 'phone' and x.alias = a.phone_index and a.user_index is null
        and a.at <= x.until + interval '7 days'
    ) found
    order by choice limit 1
  ) c on true`,
});

/** Takes numbers from those who no longer have them: a newcomer with another user id shows the number as theirs. */
export const releaseNumbers = statement('release_numbers', {
  takes: { shown: rows({ tenant: text, userIndex: orNull(bytea), phoneIndex: orNull(bytea) }) },
  sql: ({ shown }) => `update contacts c set phone_index = null
   from ${shown.as('n')}
   where c.tenant = n.tenant and c.phone_index = n.phone_index and c.user_index <> n.user_index`,
});

/** Losing to another process that adds the same contact is fine: the next look finds its row. */
export const addContacts = statement('add_contacts', {
  takes: {
    contacts: rows({
      id: uuid,
      tenant: text,
      userIndex: orNull(bytea),
      phoneIndex: orNull(bytea),
      caseId: text,
    }),
  },
  sql: ({ contacts }) => `insert into contacts (${contacts.names})
   select * from ${contacts.as('c')}
   on conflict do nothing`,
});

/** A new case for those whose last one is over, unless somebody was quicker. It is their only one that is open. */
export const renewContacts = statement('renew_contacts', {
  takes: { renewed: rows({ id: uuid, oldCaseId: text, caseId: text }) },
  sql: ({ renewed }) => `update contacts c set case_id = n.case_id, several = false
   from ${renewed.as('n')}
   where c.id = n.id and c.case_id = n.old_case_id`,
});

/**
 * A contact known by number that now shows its user id. Where two show the same one, one of them has it.
 *
 * What is asked of other contacts is asked before the join, and what is asked of the contact itself in words that no
 * index understands: otherwise the planner, on a small table, makes a hash of all contacts, or of all without an id.
 */
export const learnUsers = statement('learn_users', {
  takes: { learned: rows({ id: uuid, tenant: text, userIndex: bytea }) },
  sql: ({ learned }) => `update contacts c set user_index = n.user_index
   from (
     select distinct on (l.tenant, l.user_index) l.id, l.user_index
     from ${learned.as('l')}
     where (select true from contacts o where o.tenant = l.tenant and o.user_index = l.user_index) is not true
     order by l.tenant, l.user_index, l.id
   ) n
   where c.id = n.id and c.user_index is not distinct from null::bytea`,
});

/**
 * Whom each change is about, unless it is old: the contact changed since, or who has the new number or id now came to
 * it by this change or by a later one. Without the second, a change that comes again would take the number from its
 * owner for whoever has shown the old one meanwhile. `taken` says that somebody else had before the change what they would be given, and has a
 * case that is open: whose it is, is for a person to say. Who came with it since is the same person, and quicker than the provider.
 */
export const findMoving = statement('find_moving', {
  takes: {
    moves: rows({
      tenant: text,
      userIndex: orNull(bytea),
      phoneIndex: orNull(bytea),
      toUserIndex: orNull(bytea),
      toPhoneIndex: orNull(bytea),
      at: time,
    }),
  },
  gives: {
    ordinal: from('a.ordinal::int4', int4),
    contactId: from('c.id', uuid),
    taken: from(
      `exists (
        select 1 from (
          select h.id, h.case_id, h.created_at from contacts h where h.tenant = a.tenant and h.phone_index = a.to_phone_index
          union all
          select h.id, h.case_id, h.created_at from contacts h where h.tenant = a.tenant and h.user_index = a.to_user_index
          union all
          select h.id, h.case_id, h.created_at from contact_aliases x join contacts h on h.id = x.contact_id
          where x.tenant = a.tenant and x.kind = 'user' and x.alias = a.to_user_index
        ) o
        where o.id <> c.id and o.created_at < a.at
          and (select true from data_keys k where k.case_id = o.case_id) is true
          and (select s.status = 'done' from cases s where s.case_id = o.case_id) is not true
      )`,
      bool,
    ),
  },
  sql: ({ moves }, columns) => `
  select ${columns()}
  from ${moves.as('a', 'ordinal')}
  cross join lateral (
    select * from (
      select u.id, u.moved_at, 1 as choice from contacts u
      where u.tenant = a.tenant and u.user_index = a.user_index
      union all
      select p.id, p.moved_at, 2 from contacts p
      where p.tenant = a.tenant and p.phone_index = a.phone_index and (p.user_index is null or a.user_index is null)
    ) found
    order by choice limit 1
  ) c
  where (c.moved_at >= a.at) is not true
    and (select h.moved_at >= a.at from contacts h
      where h.tenant = a.tenant and h.phone_index = a.to_phone_index) is not true
    and (select h.moved_at >= a.at from contacts h
      where h.tenant = a.tenant and h.user_index = a.to_user_index) is not true`,
});

/**
 * Makes the numbers and ids free that these contacts are about to be given. Who held one turns out to be the same
 * person, or had the number before them: a contact with an id of its own loses the number; one that nothing else is
 * known by is gone, and its case, if one is open, becomes a dead letter, because nobody's words reach it any more.
 */
export const releaseHeld = statement('release_held', {
  takes: { gifts: rows({ id: uuid, userIndex: orNull(bytea), phoneIndex: orNull(bytea) }) },
  sql: ({ gifts }) => `
  with held as (
    select o.id, o.phone_index, o.user_index, g.id as into_id, g.case_id as into_case_id,
      o.user_index is null or (o.user_index = n.user_index) is true as gone
    from ${gifts.as('n')}
    join contacts g on g.id = n.id
    cross join lateral (
      select * from contacts p where p.tenant = g.tenant and p.phone_index = n.phone_index
      union
      select * from contacts u where u.tenant = g.tenant and u.user_index = n.user_index
    ) o
    where o.id <> g.id
  ), left_behind as (
    -- As it was when we looked: it may have learned an id or a number meanwhile.
    delete from contacts c using held h
    where c.id = h.id and h.gone
      and c.user_index is not distinct from h.user_index and c.phone_index is not distinct from h.phone_index
    returning c.id, c.tenant, c.case_id, h.into_case_id, h.into_id
  ), moved as (
    update contact_aliases x set contact_id = l.into_id from left_behind l where x.contact_id = l.id
  ), left_family as (
    delete from contact_cases k using left_behind b where k.contact_id = b.id
    returning b.tenant, k.case_id, b.into_case_id
  ), left_cases as (
    select tenant, case_id, into_case_id from left_behind
    union
    select * from left_family
  ), freed as (
    update contacts c set phone_index = null from held h
    where c.id = h.id and not h.gone
      and c.user_index is not distinct from h.user_index and c.phone_index is not distinct from h.phone_index
  )
  insert into dead_letters (tenant, case_id, subject, reason)
  select l.tenant, l.case_id, 'case:' || l.into_case_id, 'contact_merged' from left_cases l
  where (select true from data_keys k where k.case_id = l.case_id) is true
    and (select s.status = 'done' from cases s where s.case_id = l.case_id) is not true`,
});

/**
 * Gives contacts a number or an id that is free, or that they have; null leaves what is there. Asks of others before the join, as
 * above. What a change takes the place of is kept as an alias. With a number its owner's id becomes another one, too: after a
 * change that names no new id the old one is an alias alone, and the contact learns the next one that it shows.
 */
export const giveHeld = statement('give_held', {
  takes: {
    gifts: rows({
      id: uuid,
      tenant: text,
      userIndex: orNull(bytea),
      phoneIndex: orNull(bytea),
      movedAt: orNull(time),
    }),
  },
  sql: ({ gifts }) => `
  with given as (
    select n.*, c.user_index as old_user_index, c.phone_index as old_phone_index
    from ${gifts.as('n')}
    join contacts c on c.id = n.id
    where (select true from contacts o
        where o.tenant = n.tenant and o.phone_index = n.phone_index and o.id <> n.id) is not true
      and (select true from contacts o
        where o.tenant = n.tenant and o.user_index = n.user_index and o.id <> n.id) is not true
  ), kept as (
    insert into contact_aliases (tenant, kind, alias, contact_id, until)
    select distinct on (a.tenant, a.kind, a.alias) a.*
    from (
      select tenant, 'user', old_user_index, id, moved_at from given
      where moved_at is not null and old_user_index is distinct from user_index
        and (user_index is not null or phone_index is distinct from old_phone_index)
      union all
      select tenant, 'phone', old_phone_index, id, moved_at from given
      where moved_at is not null and phone_index is not null and old_phone_index is distinct from phone_index
    ) a (tenant, kind, alias, contact_id, until)
    where a.alias is not null
    order by a.tenant, a.kind, a.alias
    on conflict (tenant, kind, alias) do update set contact_id = excluded.contact_id, until = excluded.until
  )
  update contacts c set
     user_index = case
       when n.user_index is null and n.moved_at is not null and n.phone_index is distinct from n.old_phone_index
         and n.phone_index is not null then null
       else coalesce(n.user_index, c.user_index)
     end,
     phone_index = coalesce(n.phone_index, c.phone_index),
     moved_at = coalesce(n.moved_at, c.moved_at)
   from given n
   where c.id = n.id`,
});

export const tenantsByAccount = statement('tenants_by_account', {
  takes: { accounts: list(text) },
  gives: { account: from('whatsapp_account', text), tenant: text, name: text },
  sql: ({ accounts }, columns) =>
    `select ${columns()} from tenants where whatsapp_account = any(${accounts})`,
});

export const upsertTenant = statement('upsert_tenant', {
  takes: { tenant: text, name: text, whatsappAccount: text },
  sql: ({
    tenant,
    name,
    whatsappAccount,
  }) => `insert into tenants (tenant, name, whatsapp_account) values (${tenant}, ${name}, ${whatsappAccount})
   on conflict (tenant) do update set name = excluded.name, whatsapp_account = excluded.whatsapp_account`,
});

export const parkDeliveries = statement('park_deliveries', {
  takes: {
    deliveries: rows({
      id: uuid,
      source: text,
      dedupeKey: text,
      type: text,
      reason: text,
      wrappedKey: bytea,
      body: bytea,
      bodyDigest: bytea,
      address: bytea,
    }),
  },
  gives: {
    ordinal: from('o.ordinal::int4', int4),
    outcome: from(
      `case when p.id is not null then 'parked' when coalesce(d.body_digest, t.body_digest) <> o.body_digest then 'conflict' else 'duplicate' end`,
      textOf<'parked' | 'duplicate' | 'conflict'>(),
    ),
  },
  sql: ({ deliveries }, columns) => `
  with offered as (
    select * from ${deliveries.as('o', 'ordinal')}
  ), parked as (
    insert into parked_deliveries (${deliveries.names})
    select ${deliveries.names} from offered order by ordinal
    on conflict (source, dedupe_key) do nothing
    returning id, source, dedupe_key, body_digest
  )
  select ${columns()}
  from offered o
  left join parked p on p.id = o.id
  left join parked t on t.source = o.source and t.dedupe_key = o.dedupe_key -- Its twin in this batch: "d" cannot see it yet.
  left join parked_deliveries d on d.source = o.source and d.dedupe_key = o.dedupe_key
  order by o.ordinal`,
});

/** Each payment's booking, in order. */
export const bookingsOfPayments = statement('bookings_of_payments', {
  takes: { payments: rows({ provider: text, paymentId: text }) },
  gives: { ordinal: from('p.ordinal::int4', int4), tenant: text, caseId: text, bookingId: text },
  sql: ({ payments }, columns) => `
  select ${columns('r')}
  from ${payments.as('p', 'ordinal')}
  cross join lateral (
    select * from external_references where provider = p.provider and kind = 'payment' and external_id = p.payment_id limit 1
  ) r
  where r.booking_id is not null`,
});
