import {
  bytea,
  float8,
  from,
  int4,
  int8,
  json,
  list,
  orNull,
  statement,
  text,
  textOf,
  uuid,
} from '../database/statement.ts';

/** What waits for cases, at most `limit` for each. Bodies are null for those the caller has at hand. */
export const pendingOf = statement('pending_of', {
  takes: { caseIds: list(text), limit: int4, atHand: list(uuid) },
  gives: {
    eventId: from('e.id', uuid),
    caseId: from('e.case_id', text),
    tenant: from('e.tenant', text),
    position: from('p.position', int8),
    type: from('e.type', text),
    body: from('b.body', orNull(bytea)),
    receivedAt: from('floor(extract(epoch from e.received_at) * 1000)::float8', float8),
    traceparent: from('e.traceparent', orNull(text)),
  },
  sql: ({ caseIds, limit, atHand }, columns) => `
  select ${columns()}
  from unnest(${caseIds}) as c(case_id)
  cross join lateral (
    select event_id, position from pending_events q where q.case_id = c.case_id order by position limit ${limit}
  ) p
  join events e on e.id = p.event_id
  cross join lateral (select case when e.id = any(${atHand}) then null else e.body end as body) b
  order by p.position`,
});

export const casesOf = statement('cases_of', {
  takes: { caseIds: list(text) },
  gives: {
    caseId: text,
    tenant: text,
    seq: int4,
    status: textOf<'active' | 'done' | 'parked'>(),
    envelope: bytea,
    tags: json,
  },
  sql: ({ caseIds }, columns) => `select ${columns()} from cases where case_id = any(${caseIds})`,
});

/** A case's history with the bodies of its events, oldest first. */
export const historyOf = statement('history_of', {
  takes: { caseId: text, after: int4, limit: int4 },
  gives: {
    seq: from('a.case_seq', int4),
    at: from('round(extract(epoch from a.at) * 1000)::float8', float8),
    subject: from('a.subject', text),
    detail: from('a.detail', text),
    eventId: from('e.id', orNull(uuid)),
    body: from('e.body', orNull(bytea)),
  },
  sql: ({ caseId, after, limit }, columns) => `
  select ${columns()}
  from audit_entries a
  left join events e on e.id = case when a.detail like '{"kind":"event"%' then a.subject::uuid end
  where a.case_id = ${caseId} and a.case_seq > ${after}
  order by a.case_seq limit ${limit}`,
});
