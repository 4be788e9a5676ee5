import type { MessageStatus } from '../../actors/ports/desk.ts';
import { statement } from '../database/pool.ts';
import { iso } from '../database/times.ts';
import { open } from '../ledger/effects.ts';

/** A case's effects, by the range of ids that begin with its own: the primary key serves it. */
const ofCase = `effect_id > $1::text || '.' and effect_id < $1::text || '/' and case_id = $1`;

export const caseView = statement<{
  machine: string;
  version: string;
  status: 'active' | 'done' | 'parked';
  parked_reason: string | null;
  state: string;
  tags: string;
  seq: number;
  envelope: Buffer;
  created_at: string;
  updated_at: string;
  state_since: string;
}>(
  'case_view',
  `select machine, version, status, parked_reason, state, tags::text as tags, seq, envelope,
     ${iso('created_at')} as created_at, ${iso('updated_at')} as updated_at, ${iso('state_since')} as state_since
   from cases where case_id = $1 and tenant = $2`,
);

export const pendingCount = statement<{ waiting: number }>(
  'pending_count',
  `select count(*)::int4 as waiting from pending_events where case_id = $1`,
);

export const openEffectsOf = statement<{
  effect_id: string;
  name: string;
  status: string;
  attempt: number;
  reason: string | null;
  next_try_at: string | null;
}>(
  'open_effects_of',
  `select effect_id, name, status, attempt, reason,
     case when status = 'retry' then ${iso('next_at')} end as next_try_at
   from effects where ${ofCase} and status in ${open}
   order by created_at limit 100`,
);

export const deadLettersOf = statement<{ subject: string; reason: string; at: string }>(
  'dead_letters_of',
  `select subject, reason, ${iso('at')} as at from dead_letters
   where case_id = $1 and tenant = $2 and resolved_at is null order by id limit 100`,
);

export const historyPage = statement<{
  case_seq: number;
  at: string;
  subject: string;
  detail: string;
}>(
  'history_page',
  `select case_seq, ${iso('at')} as at, subject, detail from audit_entries
   where case_id = $1 and case_seq > $2 order by case_seq limit $3`,
);

export const recordAccess = statement(
  'record_access',
  `insert into audit_entries (chain, seq, at, actor, action, case_id, subject, detail, hash)
   values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
);

/** The provider's word goes before ours: it may have sent what we gave up. */
const messageStatus = `coalesce(r.status, case
  when e.status in ('pending', 'started', 'retry') then 'waiting'
  when e.status = 'unknown' then 'unknown'
  when e.status = 'done' then 'sent'
  else 'failed'
end)`;

/** By its key for each effect: with "limit" no plan, made while the table was small, can be to read all of it. */
const itsReceipt = `left join lateral (select * from message_receipts m where m.effect_id = e.effect_id limit 1) r on true`;

/** Not what the case itself took back before it was said: that was no message. */
const meantToBeSaid = `(e.status <> 'cancelled' or e.reason is not null or r.effect_id is not null)`;

/** Newest first. */
export const messagesOf = statement<{
  effect_id: string;
  status: MessageStatus;
  reason: string | null;
  at: string;
}>(
  'messages_of',
  `select effect_id, status, case when status in ('waiting', 'failed', 'unknown') then reason end as reason, at
   from (
     select e.effect_id, e.position, ${messageStatus} as status, coalesce(r.error_code, e.reason) as reason,
       ${iso('coalesce(r.at, e.settled_at, e.created_at)')} as at
     from (select * from effects where ${ofCase}) e
     ${itsReceipt}
     where e.port = 'messaging' and ${meantToBeSaid}
     order by e.position desc limit 50
   ) m
   order by position desc`,
);

/** Microseconds: a bigint has them all, and so it can be compared and sent to and fro. */
const microseconds = (column: string) => `(extract(epoch from ${column}) * 1000000)::int8`;

/** The last of what the patient wrote: what is in the history, and what still waits. Newest first. */
export const heardOf = statement<{ event_id: string; body: Buffer; reached_us: bigint }>(
  'heard_of',
  `
  select e.id::text as event_id, e.body, ${microseconds('e.received_at')} as reached_us
  from (
    (
      select subject::uuid as event_id from audit_entries
      where case_id = $1 and case_seq is not null and detail like '{"kind":"event","type":"whatsapp.inbound"%'
      order by case_seq desc limit $2
    )
    union all
    (select event_id from pending_events where case_id = $1 order by position desc limit $2)
  ) h
  cross join lateral (select * from events where id = h.event_id limit 1) e
  where e.type = 'whatsapp.inbound'
  order by e.position desc limit $2`,
);

/** The last of what the case said. Newest first. */
export const saidOf = statement<{
  effect_id: string;
  input: Buffer;
  status: MessageStatus;
  at: string;
  reached_us: bigint;
}>(
  'said_of',
  `
  select e.effect_id, e.input, ${messageStatus} as status, ${iso('e.created_at')} as at,
    ${microseconds('e.created_at')} as reached_us
  from (select * from effects where ${ofCase}) e
  ${itsReceipt}
  where e.name = 'sendMessage' and ${meantToBeSaid}
  order by e.position desc limit $2`,
);

/** The newest steps of a case, newest first. */
export const newestSteps = statement<{ at: string; detail: string }>(
  'newest_steps',
  `select ${iso('at')} as at, detail from audit_entries
   where case_id = $1 and case_seq is not null order by case_seq desc limit $2`,
);

export const tagsSince = statement<{ case_id: string; tag: string; since: string }>(
  'tags_since',
  `select case_id, tag, ${iso('since')} as since from case_tags where case_id = any($1)`,
);

/** A case as a line of a list. */
export interface CaseRow {
  readonly case_id: string;
  readonly since: bigint;
  readonly machine: string;
  readonly status: 'active' | 'done' | 'parked';
  readonly parked_reason: string | null;
  readonly state: string;
  readonly tags: string;
  readonly seq: number;
  readonly envelope: Buffer;
  readonly timer_at: string | null;
  readonly state_since: string;
  readonly updated_at: string;
  readonly effects: number;
  readonly pending_events: number;
  readonly dead_letters: number;
}

/** `page` names the cases and their places (`case_id`, `since`) and is cut before anything else of them is read. $1 is the tenant. */
const casesOf = (name: string, page: string, order: string) =>
  statement<CaseRow>(
    name,
    `
  select t.case_id, ${microseconds('t.since')} as since, k.machine, k.status, k.parked_reason,
    k.state, k.tags::text as tags, k.seq, k.envelope,
    ${iso('k.wake_at')} as timer_at, ${iso('k.state_since')} as state_since, ${iso('k.updated_at')} as updated_at,
    (
      select count(*)::int4 from effects e
      where e.effect_id > k.case_id || '.' and e.effect_id < k.case_id || '/' and e.case_id = k.case_id
        and e.status in ${open}
    ) as effects,
    (select count(*)::int4 from pending_events p where p.case_id = k.case_id) as pending_events,
    (
      select count(*)::int4 from dead_letters d
      where d.tenant = k.tenant and d.case_id = k.case_id and d.resolved_at is null
    ) as dead_letters
  from (${page}) t
  cross join lateral (select * from cases where case_id = t.case_id and tenant = $1 limit 1) k
  order by ${order}`,
  );

/** A place in a list: microseconds since 1970, and the case there. */
const place = (micros: string, caseId: string) =>
  `('epoch'::timestamptz + ${micros}::int8 * interval '1 us', ${caseId})`;

/** By the tag's age, from a place on. */
export const casesByTag = casesOf(
  'cases_by_tag',
  `select case_id, since from case_tags
   where tenant = $1 and tag = $5 and (since, case_id) > ${place('$2', '$3')}
   order by since, case_id limit $4`,
  't.since, t.case_id',
);

/** Newest first, from a place on. */
export const casesByAge = casesOf(
  'cases_by_age',
  `select case_id, created_at as since from cases
   where tenant = $1 and (created_at, case_id) < ${place('$2', '$3')}
   order by created_at desc, case_id desc limit $4`,
  't.since desc, t.case_id desc',
);

/** Of a person's number, by its indexes. */
export const casesByPhone = casesOf(
  'cases_by_phone',
  `select case_id, created_at as since from contacts
   where tenant = $1 and phone_index = any($5) and (created_at, case_id) > ${place('$2', '$3')}
   order by created_at, case_id limit $4`,
  't.since, t.case_id',
);

/** Of a reference: our case's or booking's own id ($6), an invoice's number, or what a provider calls a payment or checkout. */
export const casesByReference = casesOf(
  'cases_by_reference',
  `select c.case_id, c.created_at as since
   from (
     select $6::text as case_id
     union
     select case_id from invoices where tenant = $1 and number = $5
     union
     select case_id from external_references
     where tenant = $1 and provider = any($7) and kind in ('payment', 'checkout') and external_id = $5
   ) r
   cross join lateral (select * from cases where case_id = r.case_id and tenant = $1 limit 1) c
   where (c.created_at, c.case_id) > ${place('$2', '$3')}
   order by c.created_at, c.case_id limit $4`,
  't.since, t.case_id',
);
