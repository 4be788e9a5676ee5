import {
  bytea,
  float8,
  from,
  int4,
  int8,
  orNull,
  rows,
  statement,
  text,
} from '../database/statement.ts';

/** The next chain by name. One at a time: the primary key leaps over a chain's rows, where `distinct` would read them all. */
export const auditChains = statement('audit_chains', {
  takes: { after: text },
  gives: { chain: text },
  sql: ({ after }) =>
    `select chain from audit_entries where chain > ${after} order by chain limit 1`,
});

export const auditPage = statement('audit_page', {
  takes: { chain: text, after: int8, limit: int4 },
  gives: {
    seq: int8,
    at: from('(extract(epoch from at) * 1000)::float8', float8),
    actor: text,
    action: text,
    caseId: orNull(text),
    caseSeq: orNull(int4),
    subject: text,
    detail: text,
    hash: bytea,
  },
  sql: ({ chain, after, limit }, columns) => `
  select ${columns()}
  from audit_entries where chain = ${chain} and seq > ${after} order by seq limit ${limit}`,
});

/**
 * The last row of each chain, at one moment, beside the hash that now stands at the place that was signed (`signed`). A chain that was signed and has no row any more comes without a last row. The names leap as in
 * `audit_chains`: 17 µs for each chain, however long it is.
 */
export const auditHeads = statement('audit_heads', {
  takes: { signed: rows({ chain: text, seq: int8 }) },
  gives: {
    chain: from('coalesce(h.chain, s.chain)', text),
    seq: from('h.seq', orNull(int8)),
    hash: from('h.hash', orNull(bytea)),
    signedHash: from(
      '(select hash from audit_entries a where a.chain = s.chain and a.seq = s.seq)',
      orNull(bytea),
    ),
  },
  sql: ({ signed }, columns) => `
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
  select ${columns()}
  from heads h
  full join ${signed.as('s')} on s.chain = h.chain`,
});

export const recordCheckpoints = statement('record_checkpoints', {
  takes: { checkpoints: rows({ id: text, number: int8 }) },
  sql: ({ checkpoints }) => `
  insert into audit_checkpoints (${checkpoints.names}) select * from ${checkpoints.as('c')}
  on conflict (id) do nothing`,
});

export const newestCheckpoints = statement('newest_checkpoints', {
  takes: { limit: int4 },
  gives: { id: text, number: int8 },
  sql: ({ limit }) =>
    `select id, number from audit_checkpoints order by number desc, id desc limit ${limit}`,
});

export const checkpointsAfter = statement('checkpoints_after', {
  takes: { number: int8, id: text, limit: int4 },
  gives: { id: text, number: int8 },
  sql: ({ number, id, limit }) =>
    `select id, number from audit_checkpoints where (number, id) > (${number}::int8, ${id}) order by number, id limit ${limit}`,
});
