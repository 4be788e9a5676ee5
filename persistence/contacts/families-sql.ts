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
  uuid,
} from '../database/statement.ts';

const ms = (column: string) => `(extract(epoch from ${column}) * 1000)::float8`;

/** The cases of contacts that have several, oldest first. */
export const familyCases = statement('family_cases', {
  takes: { contactIds: list(uuid) },
  gives: {
    contactId: from('k.contact_id', uuid),
    caseId: from('k.case_id', text),
    opened: from('(select true from data_keys d where d.case_id = k.case_id) is true', bool),
    over: from("(select s.status = 'done' from cases s where s.case_id = k.case_id) is true", bool),
    askedAt: from(ms('k.asked_at'), orNull(float8)),
    heardAt: from(ms('k.heard_at'), orNull(float8)),
    now: from(ms('clock_timestamp()'), float8),
  },
  sql: ({ contactIds }, columns) => `
  select ${columns()} from contact_cases k
  where k.contact_id = any(${contactIds})
  order by k.contact_id, k.created_at, k.case_id`,
});

/** The case that has each event, by its key. */
export const casesOfEvents = statement('cases_of_events', {
  takes: { asked: rows({ ordinal: int4, tenant: text, source: text, dedupeKey: text }) },
  gives: { ordinal: from('a.ordinal', int4), caseId: from('e.case_id', text) },
  sql: ({ asked }, columns) => `
  select ${columns()} from ${asked.as('a')}
  join events e on e.tenant = a.tenant and e.source = a.source and e.dedupe_key = a.dedupe_key`,
});

/** The case that sent each message, by the provider's id of it. */
export const casesOfMessages = statement('cases_of_messages', {
  takes: { asked: rows({ ordinal: int4, tenant: text, provider: text, messageId: text }) },
  gives: { ordinal: from('a.ordinal', int4), caseId: from('r.case_id', text) },
  sql: ({ asked }, columns) => `
  select ${columns()} from ${asked.as('a')}
  join external_references r on r.provider = a.provider and r.kind = 'message' and r.external_id = a.message_id
  where r.tenant = a.tenant`,
});

/** In one order for all, or two batches that touch the same cases deadlock. */
export const hearCases = statement('hear_cases', {
  takes: { caseIds: list(text) },
  sql: ({ caseIds }) => `
  with heard as (
    select case_id from contact_cases where case_id = any(${caseIds}) order by case_id for update
  )
  update contact_cases k set heard_at = clock_timestamp() from heard h where k.case_id = h.case_id`,
});

export const askOfCase = statement('ask_of_case', {
  takes: { caseId: text },
  sql: ({ caseId }) =>
    `update contact_cases set asked_at = clock_timestamp() where case_id = ${caseId}`,
});

/**
 * The contact that a case is one of, locked, by the indexes of who it writes to: no index of ours leads from a case to its
 * contact, and none is to be kept up for every newcomer.
 */
export const contactOfCase = statement('contact_of_case', {
  takes: { tenant: text, caseId: text, userIndexes: list(bytea), phoneIndexes: list(bytea) },
  gives: { contactId: from('c.id', uuid), mainCaseId: from('c.case_id', text) },
  sql: ({ tenant, caseId, userIndexes, phoneIndexes }, columns) => `
  select ${columns()} from contacts c
  where c.tenant = ${tenant}
    and c.id = any(array(
      select u.id from contacts u where u.tenant = ${tenant} and u.user_index = any(${userIndexes})
      union
      select p.id from contacts p where p.tenant = ${tenant} and p.phone_index = any(${phoneIndexes})
    ))
    and (c.case_id = ${caseId}
      or (select true from contact_cases k where k.case_id = ${caseId} and k.contact_id = c.id) is true)
  limit 1
  for update`,
});

export const addFamilyCases = statement('add_family_cases', {
  takes: { added: rows({ contactId: uuid, caseId: text }) },
  sql: ({ added }) => `
  with offered as (
    select * from ${added.as('a', 'ordinal')}
  ), kept as (
    insert into contact_cases (contact_id, case_id)
    select contact_id, case_id from offered order by ordinal
    on conflict do nothing
    returning contact_id
  )
  update contacts c set several = true
  where c.id in (select contact_id from offered) and not c.several`,
});

export const isCaseOver = statement('is_case_over', {
  takes: { caseId: text },
  gives: { over: from("s.status = 'done'", bool) },
  sql: ({ caseId }, columns) => `select ${columns()} from cases s where s.case_id = ${caseId}`,
});
