import type pg from 'pg';

import { emptyHead, verifyChain, type ChainedEntry, type Verdict } from './audit-chain.ts';
import { auditChains, auditPage } from './ledger/audit.ts';

/** What became of one chain. `entries` is how many were verified: up to the break, if it is broken. */
export interface ChainReport {
  readonly chain: string;
  readonly entries: number;
  readonly verdict: Verdict;
}

/** Rows read at once: some 400 bytes each. */
const pageRows = 5_000;

/**
 * Verifies every audit chain of the database against its own hashes, one after the other, in pages of `rows`; a chain
 * that grows meanwhile is verified up to where it is met. That nobody rewrote a chain as a whole, or cut off its end,
 * only a checkpoint kept elsewhere can tell.
 */
export async function* verifyAudit(pool: pg.Pool, rows = pageRows): AsyncGenerator<ChainReport> {
  for (
    let chain = await chainAfter(pool, '');
    chain !== null;
    chain = await chainAfter(pool, chain)
  ) {
    yield await verifyOne(pool, chain, rows);
  }
}

async function verifyOne(pool: pg.Pool, chain: string, limit: number): Promise<ChainReport> {
  let from = emptyHead(chain);
  let after = Number.MIN_SAFE_INTEGER; // Somebody may have put rows before the first.
  for (;;) {
    const page = await entriesAfter(pool, chain, after, limit);
    const more = page.length === limit;
    const verdict = verifyChain(page, { from, more });
    if (!verdict.ok) return { chain, entries: verdict.seq - 1, verdict };
    if (!more) return { chain, entries: verdict.head.seq, verdict };
    from = verdict.head;
    after = from.seq;
  }
}

/** A chain's entries behind `seq`, in order, at most `limit`. Exactly as they are stored: a time keeps its microseconds. */
async function entriesAfter(
  pool: pg.Pool,
  chain: string,
  seq: number,
  limit: number,
): Promise<ChainedEntry[]> {
  const rows = await auditPage(pool, [chain, seq, limit]);
  return rows.map((row) => ({
    chain,
    seq: Number(row.seq),
    at: row.at,
    actor: row.actor,
    action: row.action,
    caseId: row.case_id,
    caseSeq: row.case_seq,
    subject: row.subject,
    detail: row.detail,
    hash: row.hash,
  }));
}

async function chainAfter(pool: pg.Pool, chain: string): Promise<string | null> {
  const [next] = await auditChains(pool, [chain]);
  return next?.chain ?? null;
}
