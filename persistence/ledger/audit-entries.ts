/** Turns what the kernel commits into lines of the audit trail, chained per tenant and partition. */
import type pg from 'pg';

import type { CaseCommit } from '../../actors/kernel/ports.ts';
import { bytea, int8, list, statement, text } from '../database/statement.ts';
import {
  emptyHead,
  extendChain,
  type AuditEntry,
  type ChainedEntry,
  type ChainHead,
} from './audit-chain.ts';

/** One line for each transition and for each effect. The worker that owns the partition is the chain's one writer. */
export function auditOf({ tenant, caseId, partition, history, effects }: CaseCommit): AuditEntry[] {
  const chain = `${tenant}/p${partition}`;
  const lines: AuditEntry[] = [];
  for (const {
    seq,
    at,
    kind,
    subject,
    type,
    disposition,
    reason,
    stateBefore,
    stateAfter,
    effects: asked,
  } of history) {
    // Starts with the kind: `history_of` in ledger/read.ts tells events from timers by it.
    const detail = JSON.stringify({
      kind,
      type,
      disposition,
      reason,
      stateBefore,
      stateAfter,
      effects: asked,
    });
    lines.push({
      chain,
      at,
      actor: 'kernel',
      action: 'transition',
      caseId,
      caseSeq: seq,
      subject,
      detail,
    });
  }
  const at = history.at(-1)?.at ?? 0;
  for (const { effectId, name, kind, cancelled } of effects) {
    const detail = JSON.stringify({ name, kind, cancelled });
    lines.push({
      chain,
      at,
      actor: 'kernel',
      action: 'effect',
      caseId,
      caseSeq: null,
      subject: effectId,
      detail,
    });
  }
  return lines;
}

/** Where each of these chains ends. */
export const headsOf = statement('heads_of', {
  takes: { chains: list(text) },
  gives: { chain: text, seq: int8, hash: bytea },
  sql: ({ chains }) => `
  select c.chain, h.seq, h.hash from unnest(${chains}) as c(chain)
  cross join lateral (select seq, hash from audit_entries a where a.chain = c.chain order by seq desc limit 1) h`,
});

export interface AuditHeads {
  /** Chains lines onto the heads this process knows. Call `accept` once they are committed, `forget` if they are not. */
  extend(
    lines: readonly AuditEntry[],
  ): Promise<{ entries: readonly ChainedEntry[]; accept: () => void }>;
  forget(chains: readonly string[]): void;
}

/** Heads are read once and then kept: only a chain's one writer moves it, and a second one meets the primary key. */
export function createAuditHeads(pool: pg.Pool): AuditHeads {
  const heads = new Map<string, ChainHead>();
  return {
    async extend(lines) {
      const unknown = [...new Set(lines.map(({ chain }) => chain))].filter(
        (chain) => !heads.has(chain),
      );
      if (unknown.length > 0) {
        const found = await headsOf(pool, { chains: unknown });
        for (const chain of unknown) heads.set(chain, emptyHead(chain));
        for (const { chain, seq, hash } of found)
          heads.set(chain, { chain, seq: Number(seq), hash });
      }
      const next: ChainHead[] = [];
      const entries: ChainedEntry[] = [];
      for (const [chain, own] of Map.groupBy(lines, ({ chain }) => chain)) {
        const { rows, head } = extendChain(heads.get(chain) ?? emptyHead(chain), own);
        entries.push(...rows);
        next.push(head);
      }
      return { entries, accept: () => next.forEach((head) => heads.set(head.chain, head)) };
    },
    forget: (chains) => chains.forEach((chain) => heads.delete(chain)),
  };
}
