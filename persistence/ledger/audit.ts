import { statement } from '../pool.ts';

/** The next chain by name. One at a time: the primary key leaps over a chain's rows, where `distinct` would read them all. */
export const auditChains = statement<{ chain: string }>(
  'audit_chains',
  `select chain from audit_entries where chain > $1 order by chain limit 1`,
);

export const auditPage = statement<{
  seq: bigint;
  at: number;
  actor: string;
  action: string;
  case_id: string | null;
  case_seq: number | null;
  subject: string;
  detail: string;
  hash: Buffer;
}>(
  'audit_page',
  `
  select seq, (extract(epoch from at) * 1000)::float8 as at, actor, action, case_id, case_seq, subject, detail, hash
  from audit_entries where chain = $1 and seq > $2 order by seq limit $3`,
);
