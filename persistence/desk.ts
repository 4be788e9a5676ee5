import type pg from 'pg';

import type { Desk, HistoryEntryView, Staff } from '../actors/ports/desk.ts';
import { textArray } from './array-codec.ts';
import { emptyHead, extendChain, type AuditEntry } from './audit-chain.ts';
import { open } from './cipher.ts';
import type { DataKeys } from './data-keys.ts';
import { headsOf } from './ledger/commit.ts';
import {
  caseView,
  deadLettersOf,
  historyPage,
  openEffectsOf,
  pendingCount,
  recordAccess,
} from './ledger/desk.ts';

/** Other processes extend the same chain at the same time: whoever is late chains again. Each round somebody succeeds. */
const maxTries = 64;

/** What staff read, each time with an entry in the tenant's audit trail first: without the entry there is no answer. */
export function createDesk({
  pool,
  keys,
  now,
}: {
  readonly pool: pg.Pool;
  readonly keys: DataKeys;
  readonly now: () => number;
}): Desk {
  /** The last entry under way in each chain. One after the other here, so that 90 readers at once do not race 90 times. */
  const underWay = new Map<string, Promise<void>>();

  async function audit(
    { subject: actor, tenant, roles }: Staff,
    caseId: string,
    route: string,
  ): Promise<void> {
    const chain = `${tenant}/desk`;
    const entry: AuditEntry = {
      chain,
      at: now(),
      actor,
      action: 'access',
      caseId,
      caseSeq: null,
      subject: route,
      detail: JSON.stringify({ roles }),
    };
    const record = () => extend(entry);
    const recorded = (underWay.get(chain) ?? Promise.resolve()).then(record, record);
    underWay.set(chain, recorded);
    try {
      await recorded;
    } finally {
      if (underWay.get(chain) === recorded) underWay.delete(chain);
    }
  }

  async function extend(entry: AuditEntry): Promise<void> {
    const { chain, caseId } = entry;
    for (let tries = 1; ; tries++) {
      const [last] = await headsOf(pool, [textArray([chain])]);
      const head = last ? { chain, seq: Number(last.seq), hash: last.hash } : emptyHead(chain);
      const [row] = extendChain(head, [entry]).rows;
      if (!row) return;
      try {
        await recordAccess(pool, [
          chain,
          row.seq,
          new Date(row.at),
          row.actor,
          row.action,
          caseId,
          row.subject,
          row.detail,
          row.hash,
        ]);
        return;
      } catch (error) {
        if ((error as { code?: string }).code !== '23505' || tries === maxTries) throw error;
      }
    }
  }

  return {
    audit,
    async readCase(staff, caseId) {
      await audit(staff, caseId, 'GET /admin/cases/{caseId}');
      const [row] = await caseView(pool, [caseId, staff.tenant]);
      if (!row) return null;
      const [[pending], effects, letters] = await Promise.all([
        pendingCount(pool, [caseId]),
        openEffectsOf(pool, [caseId]),
        deadLettersOf(pool, [caseId, staff.tenant]),
        keys.load([caseId]),
      ]);
      const key = keys.known(caseId);
      const place = {
        tenant: staff.tenant,
        caseId,
        table: 'cases',
        column: 'envelope',
        row: String(row.seq),
      };
      // Names of timers and their times, and nothing else of the envelope, leave this function.
      const { timers } = key
        ? (JSON.parse(open(key, place, row.envelope)) as {
            timers: { id: string; source: string[]; dueAt: number }[];
          })
        : { timers: [] };
      return {
        caseId,
        machine: row.machine,
        version: row.version,
        status: row.status,
        parkedReason: row.parked_reason,
        state: JSON.parse(row.state) as unknown,
        tags: JSON.parse(row.tags) as string[],
        seq: row.seq,
        createdAt: row.created_at,
        updatedAt: row.updated_at,
        stateSince: row.state_since,
        waitsFor: {
          timers: timers.map(({ id, source, dueAt }) => ({
            id: [...source, id].join('/'),
            dueAt: new Date(dueAt).toISOString(),
          })),
          effects: effects.map(({ effect_id: effectId, name, status, attempt, reason }) => ({
            effectId,
            name,
            status,
            attempt,
            reason,
          })),
          pendingEvents: pending?.waiting ?? 0,
        },
        deadLetters: letters.map(({ subject, reason, at }) => ({ subject, reason, at })),
      };
    },

    async readHistory(staff, caseId, { after, limit }) {
      await audit(staff, caseId, 'GET /admin/cases/{caseId}/history');
      const [row] = await caseView(pool, [caseId, staff.tenant]);
      if (!row) return null;
      const rows = await historyPage(pool, [caseId, after, limit]);
      return rows.map(({ case_seq: seq, at, subject, detail }): HistoryEntryView => {
        const { kind, type, disposition, reason, stateBefore, stateAfter, effects } = JSON.parse(
          detail,
        ) as Detail;
        const parsed = (state: string | null) =>
          state === null ? null : (JSON.parse(state) as unknown);
        return {
          seq,
          at,
          kind,
          type,
          disposition,
          reason,
          stateBefore: parsed(stateBefore),
          stateAfter: parsed(stateAfter),
          effects,
          eventId: kind === 'event' ? subject : null,
        };
      });
    },
  };
}

type Detail = Pick<HistoryEntryView, 'kind' | 'type' | 'disposition' | 'reason' | 'effects'> & {
  readonly stateBefore: string | null;
  readonly stateAfter: string | null;
};
