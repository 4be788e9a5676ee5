import { statement } from '../pool.ts';
import { open } from './effects.ts';

const iso = (column: string) =>
  `to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;

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

/** By the range of ids that begin with the case's: the primary key serves it. */
export const openEffectsOf = statement<{
  effect_id: string;
  name: string;
  status: string;
  attempt: number;
  reason: string | null;
}>(
  'open_effects_of',
  `select effect_id, name, status, attempt, reason from effects
   where effect_id > $1::text || '.' and effect_id < $1::text || '/' and case_id = $1 and status in ${open}
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
