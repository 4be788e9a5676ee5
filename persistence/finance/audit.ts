import type pg from 'pg';

import { byteaArray, int8Array, textArray, timestamptzArray } from '../database/array-codec.ts';
import { emptyHead, extendChain, type AuditEntry } from '../ledger/audit-chain.ts';
import { headsOf } from '../ledger/audit-entries.ts';
import { appendToChains, lockChains } from './books-sql.ts';

/** Where a tenant's money and invoices are audited. Any process extends it, so it is locked for that. */
export const moneyChain = (tenant: string): string => `${tenant}/money`;

/**
 * Puts lines at the end of their chains, in the caller's transaction: what they tell of and they are there together or not
 * at all. Whoever extends these chains at the same time waits for us, or we for them: last in the transaction, so not for long.
 */
export async function appendMoneyAudit(
  client: pg.ClientBase,
  lines: readonly AuditEntry[],
): Promise<void> {
  if (lines.length === 0) return;
  const byChain = Map.groupBy(lines, ({ chain }) => chain);
  const chains = textArray([...byChain.keys()].toSorted());
  await lockChains(client, [chains]);
  const heads = new Map(
    (await headsOf(client, { chains: [...byChain.keys()] })).map((head) => [head.chain, head]),
  );
  const entries = [...byChain].flatMap(([chain, own]) => {
    const last = heads.get(chain);
    const head = last ? { chain, seq: Number(last.seq), hash: last.hash } : emptyHead(chain);
    return extendChain(head, own).rows;
  });
  await appendToChains(client, [
    textArray(entries.map((e) => e.chain)),
    int8Array(entries.map((e) => e.seq)),
    timestamptzArray(entries.map((e) => e.at)),
    textArray(entries.map((e) => e.actor)),
    textArray(entries.map((e) => e.action)),
    textArray(entries.map((e) => e.caseId)),
    textArray(entries.map((e) => e.subject)),
    textArray(entries.map((e) => e.detail)),
    byteaArray(entries.map((e) => e.hash)),
  ]);
}
