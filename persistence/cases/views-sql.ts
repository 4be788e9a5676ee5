import type { MessageStatus } from '../../actors/ports/desk.ts';
import {
  bool,
  bytea,
  from,
  int4,
  int8,
  json,
  list,
  microseconds,
  orNull,
  rows,
  statement,
  text,
  textOf,
  time,
  uuid,
  type ParametersOf,
  type RowsOf,
} from '../database/statement.ts';
import { open } from '../ledger/effects.ts';

/** A case's effects, by the range of ids that begin with its own: the primary key serves it. */
const ofCase = (caseId: string) =>
  `effect_id > ${caseId}::text || '.' and effect_id < ${caseId}::text || '/' and case_id = ${caseId}`;

const caseStatus = textOf<'active' | 'done' | 'parked'>();

export const caseView = statement('case_view', {
  takes: { caseId: text, tenant: text },
  gives: {
    machine: text,
    version: text,
    status: caseStatus,
    parkedReason: orNull(text),
    state: text,
    tags: json,
    seq: int4,
    envelope: bytea,
    createdAt: time,
    updatedAt: time,
    stateSince: time,
  },
  sql: ({ caseId, tenant }, columns) =>
    `select ${columns()} from cases where case_id = ${caseId} and tenant = ${tenant}`,
});

export const pendingCount = statement('pending_count', {
  takes: { caseId: text },
  gives: { waiting: int4 },
  sql: ({ caseId }) =>
    `select count(*)::int4 as waiting from pending_events where case_id = ${caseId}`,
});

export const openEffectsOf = statement('open_effects_of', {
  takes: { caseId: text },
  gives: {
    effectId: text,
    name: text,
    status: text,
    attempt: int4,
    reason: orNull(text),
    nextTryAt: from("case when status = 'retry' then next_at end", orNull(time)),
  },
  sql: ({ caseId }, columns) => `
  select ${columns()} from effects where ${ofCase(caseId)} and status in ${open}
  order by created_at limit 100`,
});

export const recordAccess = statement('record_access', {
  takes: {
    chain: text,
    seq: int8,
    at: time,
    actor: text,
    action: text,
    caseId: orNull(text),
    subject: text,
    detail: text,
    hash: bytea,
  },
  sql: ({ chain, seq, at, actor, action, caseId, subject, detail, hash }) => `
  insert into audit_entries (chain, seq, at, actor, action, case_id, subject, detail, hash)
  values (${chain}, ${seq}, ${at}, ${actor}, ${action}, ${caseId}, ${subject}, ${detail}, ${hash})`,
});

/** The provider's status goes before ours: it may have sent what we gave up. */
const messageStatus = `coalesce(r.status, case
  when e.status in ('pending', 'started', 'retry') then 'waiting'
  when e.status = 'unknown' then 'unknown'
  when e.status = 'done' then 'sent'
  else 'failed'
end)`;

/** By its key for each effect: with "limit" no plan, made while the table was small, can be to read all of it. */
const itsStatus = `left join lateral (select * from message_receipts m where m.effect_id = e.effect_id limit 1) r on true`;

/** Not what the case itself took back before it was said: that was no message. */
const meantToBeSaid = `(e.status <> 'cancelled' or e.reason is not null or r.effect_id is not null)`;

/** Newest first. */
export const messagesOf = statement('messages_of', {
  takes: { caseId: text },
  gives: {
    effectId: text,
    status: textOf<MessageStatus>(),
    reason: from(
      "case when status in ('waiting', 'failed', 'unknown') then reason end",
      orNull(text),
    ),
    at: time,
  },
  sql: ({ caseId }, columns) => `
  select ${columns()}
  from (
    select e.effect_id, e.position, ${messageStatus} as status, coalesce(r.error_code, e.reason) as reason,
      coalesce(r.at, e.settled_at, e.created_at) as at
    from (select * from effects where ${ofCase(caseId)}) e
    ${itsStatus}
    where e.port = 'messaging' and ${meantToBeSaid}
    order by e.position desc limit 50
  ) m
  order by position desc`,
});

/** What is part of a conversation, of what reaches a case. */
const spokenTypes = [
  'whatsapp.inbound',
  'whatsapp.edited',
  'whatsapp.revoked',
  'whatsapp.echoed',
] as const;

/** The last of what the patient wrote, and what was written beside us: what is in the history, and what still waits. Newest first. */
export const heardOf = statement('heard_of', {
  takes: { caseId: text, limit: int4 },
  gives: {
    eventId: from('e.id', uuid),
    type: from('e.type', textOf<(typeof spokenTypes)[number]>()),
    body: from('e.body', bytea),
    reachedUs: from('e.received_at', microseconds),
  },
  sql: ({ caseId, limit }, columns) => `
  select ${columns()}
  from (
    (
      select subject::uuid as event_id from audit_entries
      where case_id = ${caseId} and case_seq is not null and detail like any (array[${spokenTypes.map((type) => `'{"kind":"event","type":"${type}"%'`).join()}])
      order by case_seq desc limit ${limit}
    )
    union all
    (select event_id from pending_events where case_id = ${caseId} order by position desc limit ${limit})
  ) h
  cross join lateral (select * from events where id = h.event_id limit 1) e
  where e.type in (${spokenTypes.map((type) => `'${type}'`).join()})
  order by e.position desc limit ${limit}`,
});

/** The last of what the case said. Newest first. */
export const saidOf = statement('said_of', {
  takes: { caseId: text, limit: int4 },
  gives: {
    effectId: from('e.effect_id', text),
    input: from('e.input', bytea),
    status: from(messageStatus, textOf<MessageStatus>()),
    at: from('e.created_at', time),
    reachedUs: from('e.created_at', microseconds),
  },
  sql: ({ caseId, limit }, columns) => `
  select ${columns()}
  from (select * from effects where ${ofCase(caseId)}) e
  ${itsStatus}
  where e.name = 'sendMessage' and ${meantToBeSaid}
  order by e.position desc limit ${limit}`,
});

export const tagsSince = statement('tags_since', {
  takes: { caseIds: list(text) },
  gives: { caseId: text, tag: text, since: time },
  sql: ({ caseIds }, columns) =>
    `select ${columns()} from case_tags where case_id = any(${caseIds})`,
});

/** A case as a line of a list. */
const caseLine = {
  caseId: from('t.case_id', text),
  since: from('t.since', microseconds),
  machine: from('k.machine', text),
  status: from('k.status', caseStatus),
  parkedReason: from('k.parked_reason', orNull(text)),
  state: from('k.state', text),
  tags: from('k.tags', json),
  seq: from('k.seq', int4),
  envelope: from('k.envelope', bytea),
  timerAt: from('k.wake_at', orNull(time)),
  stateSince: from('k.state_since', time),
  updatedAt: from('k.updated_at', time),
  effects: from(
    `(
      select count(*)::int4 from effects e
      where e.effect_id > k.case_id || '.' and e.effect_id < k.case_id || '/' and e.case_id = k.case_id
        and e.status in ${open}
    )`,
    int4,
  ),
  delayed: from(
    `(
      select coalesce(json_agg(x), '[]')::text from (
        select e.effect_id as "effectId", e.name, e.status, e.attempt, e.reason,
          ${time.select?.('e.created_at')} as since,
          case when e.status = 'retry' then ${time.select?.('e.next_at')} end as "nextTryAt"
        from effects e
        where e.effect_id > k.case_id || '.' and e.effect_id < k.case_id || '/' and e.case_id = k.case_id
          and e.status in ('retry', 'unknown')
        order by e.created_at limit 5
      ) x
    )`,
    text,
  ),
  pendingEvents: from(
    '(select count(*)::int4 from pending_events p where p.case_id = k.case_id)',
    int4,
  ),
  deadLetters: from(
    `(
      select count(*)::int4 from dead_letters d
      where d.tenant = k.tenant and d.case_id = k.case_id and d.resolved_at is null
    )`,
    int4,
  ),
};

const microsecond = (number: string) =>
  `('epoch'::timestamptz + ${number}::int8 * interval '1 us')`;

/** A page of a tenant's cases from a place on: microseconds since 1970, and the case there. */
const pageTakes = { tenant: text, since: text, caseId: text, limit: int4 };
type Page = ParametersOf<typeof pageTakes>;

/** `page` names the cases and their places (`case_id`, `since`) and is cut before anything else of them is read. */
const listed = (
  { tenant }: Pick<Page, 'tenant'>,
  columns: () => string,
  page: string,
  order = 't.since, t.case_id',
) => `
  select ${columns()}
  from (${page}) t
  cross join lateral (select * from cases where case_id = t.case_id and tenant = ${tenant} limit 1) k
  order by ${order}`;

const place = ({ since, caseId }: Page) => `(${microsecond(since)}, ${caseId})`;

/** A list in the order of tags, cut before anything else of its cases is read. `now` and `cut`: microseconds since 1970. */
const orderTakes = {
  tenant: text,
  order: rows({ tag: text, rank: int4, minutes: int4, isLateOnly: bool }),
  /** What counts as late is late by then. */
  now: text,
  /** What came under a tag later than this has no place in this order: it came between two pages. */
  cut: text,
  limit: int4,
};
type Order = ParametersOf<typeof orderTakes>;

/** Until when a tag must have been there for its case to have a place by it. */
const until = ({ now, cut }: Order, tag: string) =>
  `case when ${tag}.is_late_only then ${microsecond(now)} - ${tag}.minutes * interval '1 min' else ${microsecond(cut)} end`;

/** In the order of tags, from a place on: a rank, a time when it is due, and the case there. */
export const casesByNeed = statement('cases_by_need', {
  takes: {
    ...orderTakes,
    rank: int4,
    due: text,
    caseId: text,
    /** Only cases with this tag; all if null. */
    required: orNull(text),
  },
  gives: { ...caseLine, since: from('t.due', microseconds), rank: from('t.rank', int4) },
  sql: ({ rank, due, caseId, required, ...page }, columns) => `
  select ${columns()}
  from (
    select w.rank, p.case_id, p.since + w.minutes * interval '1 min' as due
    from ${page.order.as('w', 'ordinal')}
    -- What of each tag comes next: so many are read of it and no more.
    cross join lateral (
      select c.case_id, c.since from case_tags c
      where c.tenant = ${page.tenant} and c.tag = w.tag and c.since <= ${until(page, 'w')}
        and (c.since, c.case_id) > (
          case when w.rank > ${rank} then '-infinity' when w.rank < ${rank} then 'infinity'
            else ${microsecond(due)} - w.minutes * interval '1 min' end,
          ${caseId}
        )
        -- Scalar, so that no plan reads the whole table for them, and guessed to let half of the rows pass, so that the index's order is used.
        and coalesce(
          ${required}::text is null
            or (select true from case_tags r where r.case_id = c.case_id and r.tag = ${required} limit 1),
          false
        )
        -- A case stands where its foremost tag puts it.
        and not coalesce((
          select true from case_tags o
          join ${page.order.as('v', 'ordinal')} on v.tag = o.tag
          where o.case_id = c.case_id and o.since <= ${until(page, 'v')}
            and (v.rank, o.since + v.minutes * interval '1 min', v.ordinal)
              < (w.rank, c.since + w.minutes * interval '1 min', w.ordinal)
          limit 1
        ), false)
      order by c.since, c.case_id limit ${page.limit}
    ) p
    order by w.rank, due, p.case_id limit ${page.limit}
  ) t
  cross join lateral (select * from cases where case_id = t.case_id and tenant = ${page.tenant} limit 1) k
  order by t.rank, t.due, t.case_id`,
});

/** Those that no tag puts in that order, newest first, from a place on. */
export const casesBeside = statement('cases_beside', {
  takes: { ...orderTakes, since: text, caseId: text },
  gives: caseLine,
  sql: ({ since, caseId, ...page }, columns) =>
    listed(
      page,
      columns,
      `select c.case_id, c.created_at as since from cases c
       where c.tenant = ${page.tenant} and (c.created_at, c.case_id) < (${microsecond(since)}, ${caseId})
         and not coalesce((
           select true from case_tags o
           join ${page.order.as('v')} on v.tag = o.tag
           where o.case_id = c.case_id and o.since <= ${until(page, 'v')}
           limit 1
         ), false)
       order by c.created_at desc, c.case_id desc limit ${page.limit}`,
      't.since desc, t.case_id desc',
    ),
});

/** Newest first, from a place on. */
export const casesByAge = statement('cases_by_age', {
  takes: pageTakes,
  gives: caseLine,
  sql: (page, columns) =>
    listed(
      page,
      columns,
      `select case_id, created_at as since from cases
       where tenant = ${page.tenant} and (created_at, case_id) < ${place(page)}
       order by created_at desc, case_id desc limit ${page.limit}`,
      't.since desc, t.case_id desc',
    ),
});

/** Of a person's number, by its indexes: of several patients on one phone each one's case. */
export const casesByPhone = statement('cases_by_phone', {
  takes: { ...pageTakes, indexes: list(bytea) },
  gives: caseLine,
  sql: (page, columns) =>
    listed(
      page,
      columns,
      `select f.case_id, f.since from (
         select c.case_id, c.created_at as since from contacts c
         where c.tenant = ${page.tenant} and c.phone_index = any(${page.indexes}) and not c.several
         union
         select k.case_id, k.created_at from contacts c join contact_cases k on k.contact_id = c.id
         where c.tenant = ${page.tenant} and c.phone_index = any(${page.indexes})
       ) f
       where (f.since, f.case_id) > ${place(page)}
       order by f.since, f.case_id limit ${page.limit}`,
    ),
});

/**
 * Of a reference: our case's or booking's own id, what patients call a booking, an invoice's number, or what a provider calls a payment
 * or checkout. `from` and `below` hold the ids that begin as the patient's word does.
 */
export const casesByReference = statement('cases_by_reference', {
  takes: {
    ...pageTakes,
    reference: text,
    ownCaseId: text,
    from: text,
    below: text,
    providers: list(text),
  },
  gives: caseLine,
  sql: (page, columns) =>
    listed(
      page,
      columns,
      `select c.case_id, c.created_at as since
       from (
         select ${page.ownCaseId}::text as case_id
         union
         (select case_id from cases
          where tenant = ${page.tenant} and case_id >= ${page.from} and case_id < ${page.below} limit 20)
         union
         select case_id from invoices where tenant = ${page.tenant} and number = ${page.reference}
         union
         select case_id from external_references
         where tenant = ${page.tenant} and provider = any(${page.providers}) and kind in ('payment', 'checkout')
           and external_id = ${page.reference}
       ) r
       cross join lateral (select * from cases where case_id = r.case_id and tenant = ${page.tenant} limit 1) c
       where (c.created_at, c.case_id) > ${place(page)}
       order by c.created_at, c.case_id limit ${page.limit}`,
    ),
});

export type CaseRow = RowsOf<typeof casesByAge>;
