import { statement } from '../database/pool.ts';

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

/**
 * The last row of each chain, at one moment, beside the hash that now stands at the place that was signed ($1 chains,
 * $2 places). A chain that was signed and has no row any more comes without a last row. The names leap as in
 * `audit_chains`: 17 µs for each chain, however long it is.
 */
export const auditHeads = statement<{
  chain: string;
  seq: bigint | null;
  hash: Buffer | null;
  signed_hash: Buffer | null;
}>(
  'audit_heads',
  `
  with recursive names as (
    (select chain from audit_entries order by chain limit 1)
    union all
    select (select a.chain from audit_entries a where a.chain > n.chain order by a.chain limit 1)
    from names n where n.chain is not null
  ), heads as (
    select n.chain, h.seq, h.hash from names n
    cross join lateral (select seq, hash from audit_entries a where a.chain = n.chain order by seq desc limit 1) h
    where n.chain is not null
  )
  select coalesce(h.chain, s.chain) as chain, h.seq, h.hash,
    (select hash from audit_entries a where a.chain = s.chain and a.seq = s.seq) as signed_hash
  from heads h
  full join unnest($1::text[], $2::int8[]) as s(chain, seq) on s.chain = h.chain`,
);

export const recordCheckpoints = statement(
  'record_checkpoints',
  `
  insert into audit_checkpoints (id, number) select * from unnest($1::text[], $2::int8[])
  on conflict (id) do nothing`,
);

export const newestCheckpoints = statement<{ id: string; number: bigint }>(
  'newest_checkpoints',
  `select id, number from audit_checkpoints order by number desc, id desc limit $1`,
);

export const checkpointsAfter = statement<{ id: string; number: bigint }>(
  'checkpoints_after',
  `select id, number from audit_checkpoints where (number, id) > ($1::int8, $2) order by number, id limit $3`,
);
