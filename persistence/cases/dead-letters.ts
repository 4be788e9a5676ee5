import type pg from 'pg';

import type { DeadLetter, DeadLetterStore } from '../../actors/ports/dead-letters.ts';
import type { ProviderName } from '../../actors/ports/providers.ts';
import {
  deadLetterById,
  deadLetterPage,
  markDeadLetterRetried,
  retryDeadEffect,
  retryDeadEvent,
  type DeadLetterRow,
} from './dead-letters-sql.ts';

const errors = '.errors';

/** Dead letters in the ledger. A letter that is tried again is marked by the statement that has it tried. */
export function createDeadLetterStore({ pool }: { readonly pool: pg.Pool }): DeadLetterStore {
  const isRetried = (rows: readonly { retried: boolean }[]) => rows[0]?.retried === true;
  return {
    async list(tenant, { provider, caseId, state, after, limit }) {
      const stream = provider && provider + errors;
      const rows = await deadLetterPage(pool, [tenant, stream, caseId, after, state, limit]);
      return rows.map(letterOf);
    },

    async find(tenant, id) {
      const [row] = await deadLetterById(pool, [tenant, id]);
      if (!row) return null;
      const { case_status: caseStatus, is_erased: isErased, kind, doubtful, repeatable } = row;
      const effect =
        kind === null
          ? null
          : { awaited: kind === 'invoke', doubtful: doubtful === true && repeatable !== true };
      return { ...letterOf(row), caseStatus, isErased, effect };
    },

    retryEffect: async (id) => isRetried(await retryDeadEffect(pool, [id])),
    retryEvent: async (id) => isRetried(await retryDeadEvent(pool, [id])),
    markRetried: async (id) => isRetried(await markDeadLetterRetried(pool, [id])),
  };
}

function letterOf(row: DeadLetterRow): DeadLetter {
  const [, kind = 'event', rest = ''] = /^(effect|timer|case):(.*)$/s.exec(row.subject) ?? [];
  return {
    id: row.id,
    kind: kind as DeadLetter['kind'],
    subject: kind === 'event' ? row.subject : rest,
    caseId: row.case_id,
    provider: row.stream === null ? null : (row.stream.slice(0, -errors.length) as ProviderName),
    name: row.name,
    code: row.reason,
    attempts: row.attempts,
    at: row.at,
    state: row.is_open ? 'open' : ((row.resolution ?? 'resolved') as DeadLetter['state']),
  };
}
