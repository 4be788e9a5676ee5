import { generateKeyPairSync, type KeyObject } from 'node:crypto';

import type pg from 'pg';

import type { CheckpointLine, CheckpointStore } from '../../actors/ports/checkpoints.ts';
import { auditPage } from '../../persistence/audit/statements.ts';
import {
  byteaArray,
  float8Array,
  int4Array,
  int8Array,
  textArray,
} from '../../persistence/database/array-codec.ts';
import {
  emptyHead,
  extendChain,
  type AuditEntry,
  type ChainedEntry,
  type ChainHead,
  type SigningKey,
} from '../../persistence/ledger/audit-chain.ts';

/** A key to sign with, and its public half. */
export function auditKey(keyId: string): SigningKey & { readonly publicKey: KeyObject } {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  return { keyId, key: privateKey, publicKey };
}

/** The public halves, by their ids. */
export function publicKeysOf(
  ...keys: readonly (SigningKey & { readonly publicKey: KeyObject })[]
): Map<string, KeyObject> {
  return new Map(keys.map(({ keyId, publicKey }) => [keyId, publicKey]));
}

/** A line of the audit trail as money leaves it. */
export function auditEntry(chain: string, number: number, at: number): AuditEntry {
  return {
    chain,
    at,
    actor: 'books',
    action: 'capture',
    caseId: `case-${number}`,
    caseSeq: null,
    subject: `case-${number}-b1`,
    detail: JSON.stringify({ movementId: `pi_${number}`, amountMinor: '12345', cause: 'notified' }),
  };
}

/** Where a chain ends in the database. */
export async function headOf(pool: pg.Pool, chain: string): Promise<ChainHead> {
  const { rows } = await pool.query<{ seq: string; hash: Buffer }>(
    'select seq, hash from audit_entries where chain = $1 order by seq desc limit 1',
    [chain],
  );
  return rows[0] ? { chain, seq: Number(rows[0].seq), hash: rows[0].hash } : emptyHead(chain);
}

/** Lets a chain grow by `count` entries of the time `at`, rightly hashed. */
export async function grow(pool: pg.Pool, chain: string, count: number, at: number): Promise<void> {
  const head = await headOf(pool, chain);
  const entries = Array.from({ length: count }, (_, n) => auditEntry(chain, head.seq + n + 1, at));
  await insert(pool, extendChain(head, entries).rows);
}

/** Puts rows in as they are. */
export async function insert(pool: pg.Pool, rows: readonly ChainedEntry[]): Promise<void> {
  await pool.query({
    text: `insert into audit_entries (chain, seq, at, actor, action, case_id, case_seq, subject, detail, hash)
      select chain, seq, to_timestamp(at / 1000), actor, action, case_id, case_seq, subject, detail, hash
      from unnest($1::text[], $2::int8[], $3::float8[], $4::text[], $5::text[], $6::text[], $7::int4[], $8::text[], $9::text[], $10::bytea[])
        as r(chain, seq, at, actor, action, case_id, case_seq, subject, detail, hash)`,
    values: [
      textArray(rows.map(({ chain }) => chain)),
      int8Array(rows.map(({ seq }) => seq)),
      float8Array(rows.map(({ at }) => at)),
      textArray(rows.map(({ actor }) => actor)),
      textArray(rows.map(({ action }) => action)),
      textArray(rows.map(({ caseId }) => caseId)),
      int4Array(rows.map(({ caseSeq }) => caseSeq)),
      textArray(rows.map(({ subject }) => subject)),
      textArray(rows.map(({ detail }) => detail)),
      byteaArray(rows.map(({ hash }) => hash)),
    ],
  });
}

/** Does with a chain what whoever owns the database could: gives it another past, with hashes that match. */
export async function rewrite(
  pool: pg.Pool,
  chain: string,
  change: (entry: AuditEntry, seq: number) => AuditEntry,
): Promise<void> {
  const rows = await auditPage(pool, { chain, after: 0, limit: 100_000 });
  const entries = rows.map((row, index) =>
    change(
      {
        chain,
        at: row.at,
        actor: row.actor,
        action: row.action,
        caseId: row.caseId,
        caseSeq: row.caseSeq,
        subject: row.subject,
        detail: row.detail,
      },
      index + 1,
    ),
  );
  await pool.query('delete from audit_entries where chain = $1', [chain]);
  await insert(pool, extendChain(emptyHead(chain), entries).rows);
}

/** Changes rows as only an owner of the database can, and puts them back after `look`. */
export async function tampered(
  pool: pg.Pool,
  change: string | (() => Promise<void>),
  look: () => Promise<void>,
): Promise<void> {
  await pool.query('create table kept as select * from audit_entries');
  await pool.query('alter table audit_entries disable trigger user');
  try {
    await (typeof change === 'string' ? pool.query(change) : change());
    await look();
  } finally {
    await pool.query('truncate audit_entries');
    await pool.query('insert into audit_entries select * from kept');
    await pool.query('drop table kept');
    await pool.query('alter table audit_entries enable trigger user');
  }
}

/** A store in memory, whose lines a test may change. One line a page, so that cursors matter. */
export function memoryStore(): CheckpointStore & { lines: string[] } {
  const store = {
    lines: [] as string[],
    async append({ text }: CheckpointLine) {
      store.lines.push(text);
    },
    async *read(after: string | null) {
      for (let at = Number(after ?? 0); at < store.lines.length; at += 1) {
        const text = store.lines[at] ?? '';
        yield { lines: [{ place: `line ${at + 1}`, text }], cursor: String(at + 1) };
      }
    },
  };
  return store;
}
