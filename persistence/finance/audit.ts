import type pg from 'pg';

import { bytea, int8, list, orNull, rows, statement, text, time } from '../database/statement.ts';
import { emptyHead, extendChain, type AuditEntry } from '../ledger/audit-chain.ts';
import { headsOf } from '../ledger/audit-entries.ts';

/** One after the other for each chain, until the transaction ends. Ask in the order of their names. */
const lockChains = statement('lock_chains', {
  takes: { chains: list(text) },
  gives: { locked: text },
  sql: ({ chains }) =>
    `select pg_advisory_xact_lock(hashtextextended('audit ' || chain, 0))::text as locked from unnest(${chains}) as c(chain)`,
});

const appendToChains = statement('append_to_chains', {
  takes: {
    entries: rows({
      chain: text,
      seq: int8,
      at: time,
      actor: text,
      action: text,
      caseId: orNull(text),
      subject: text,
      detail: text,
      hash: bytea,
    }),
  },
  sql: ({ entries }) =>
    `insert into audit_entries (${entries.names}) select * from ${entries.as('e')}`,
});

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
  const chains = [...byChain.keys()].toSorted();
  await lockChains(client, { chains });
  const heads = new Map((await headsOf(client, { chains })).map((head) => [head.chain, head]));
  const entries = [...byChain].flatMap(([chain, own]) => {
    const last = heads.get(chain);
    const head = last ? { chain, seq: Number(last.seq), hash: last.hash } : emptyHead(chain);
    return extendChain(head, own).rows;
  });
  await appendToChains(client, { entries });
}
