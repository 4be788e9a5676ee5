import { statement } from '../database/pool.ts';

export const pendingOf = statement<{
  event_id: string;
  case_id: string;
  tenant: string;
  position: bigint;
  type: string;
  /** Null for those the caller has at hand. */
  body: Buffer | null;
  received_at: number;
  traceparent: string | null;
}>(
  'pending_of',
  `
  select e.id::text as event_id, e.case_id, e.tenant, p.position, e.type,
    case when e.id = any($3::uuid[]) then null else e.body end as body,
    floor(extract(epoch from e.received_at) * 1000)::float8 as received_at, e.traceparent
  from unnest($1::text[]) as c(case_id)
  cross join lateral (
    select event_id, position from pending_events q where q.case_id = c.case_id order by position limit $2
  ) p
  join events e on e.id = p.event_id
  order by p.position`,
);

export const casesOf = statement<{
  case_id: string;
  tenant: string;
  seq: number;
  status: 'active' | 'done' | 'parked';
  envelope: Buffer;
  tags: string;
}>(
  'cases_of',
  `select case_id, tenant, seq, status, envelope, tags::text as tags from cases where case_id = any($1::text[])`,
);

/** A case's history with the bodies of its events, oldest first. */
export const historyOf = statement<{
  case_seq: number;
  at: number;
  subject: string;
  detail: string;
  event_id: string | null;
  body: Buffer | null;
}>(
  'history_of',
  `
  select a.case_seq, round(extract(epoch from a.at) * 1000)::float8 as at, a.subject, a.detail, e.id::text as event_id, e.body
  from audit_entries a
  left join events e on e.id = case when a.detail like '{"kind":"event"%' then a.subject::uuid end
  where a.case_id = $1 and a.case_seq > $2
  order by a.case_seq limit $3`,
);
