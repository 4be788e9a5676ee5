import type { InferEntity } from '@mikro-orm/core';
import type pg from 'pg';

import type { DeadLetter, DeadLetterStore } from '../../actors/ports/dead-letters.ts';
import type { ProviderName } from '../../actors/ports/providers.ts';
import { reading, type Reading } from '../database/orm.ts';
import { bool, statement, text } from '../database/statement.ts';

/** Tries again what an open or told letter is about, and marks the letter if that came about. */
const retried = (id: string, again: string) => `
  with letter as (
    select id, subject from dead_letters where id = ${id}::int8 and resolution is distinct from 'retried'
  ), again as (${again}), marked as (
    update dead_letters set resolved_at = clock_timestamp(), resolution = 'retried'
    where id = ${id}::int8 and exists (select from again)
  )
  select exists (select from again) as retried`;

/**
 * Its tries begin anew: those of before count as put off. The number of the attempt goes on, so that a late word of an
 * old try is told from one of the new. The next sweep announces it.
 */
const retryDeadEffect = statement('retry_dead_effect', {
  takes: { id: text },
  gives: { retried: bool },
  sql: ({ id }) =>
    retried(
      id,
      `
    update effects e set status = 'pending', settled_at = null, deferred = e.attempt, reason = null, next_at = clock_timestamp()
    from letter l
    where e.effect_id = substr(l.subject, 8) and e.status = 'failed'
    returning 1`,
    ),
});

/** The next sweep announces it. */
const retryDeadEvent = statement('retry_dead_event', {
  takes: { id: text },
  gives: { retried: bool },
  sql: ({ id }) =>
    retried(
      id,
      `
    insert into pending_events (case_id, position, event_id, partition, topic, announced_at)
    select e.case_id, e.position, e.id, k.partition, 'case-events', '-infinity'
    from letter l join events e on e.id::text = l.subject join cases k on k.case_id = e.case_id
    on conflict do nothing
    returning 1`,
    ),
});

const markDeadLetterRetried = statement('mark_dead_letter_retried', {
  takes: { id: text },
  gives: { retried: bool },
  sql: ({ id }) => retried(id, 'select 1 from letter'),
});

const errors = '.errors';
const ofEffect = 'effect:';

/** Dead letters in the ledger. A letter that is tried again is marked by the statement that has it tried. */
export function createDeadLetterStore({ pool }: { readonly pool: pg.Pool }): DeadLetterStore {
  const isRetried = (rows: readonly { retried: boolean }[]) => rows[0]?.retried === true;
  return {
    async list(tenant, { provider, caseId, state, after, limit }) {
      const { em, DeadLetter } = await reading(pool);
      const letters = await em.find(
        DeadLetter,
        {
          tenant,
          ...(provider === null ? {} : { stream: provider + errors }),
          ...(caseId === null ? {} : { caseId }),
          ...(after === null ? {} : { id: { $lt: BigInt(after) } }),
          ...(state === null ? {} : inState(state)),
        },
        { orderBy: { id: 'desc' }, limit },
      );
      return letters.map(letterOf);
    },

    async find(tenant, id) {
      const { em, Case, DataKey, DeadLetter, Effect } = await reading(pool);
      const letter = await em.findOne(DeadLetter, { tenant, id: BigInt(id) });
      if (!letter) return null;
      const { caseId, subject } = letter;
      const effectId = subject.startsWith(ofEffect) ? subject.slice(ofEffect.length) : null;
      const [itsCase, key, effect] = await Promise.all([
        em.findOne(Case, { caseId }),
        em.findOne(DataKey, { caseId }),
        effectId === null ? null : em.findOne(Effect, { effectId }),
      ]);
      return {
        ...letterOf(letter),
        caseStatus: itsCase?.status ?? null,
        isErased: itsCase !== null && key === null,
        effect: effect && {
          awaited: effect.kind === 'invoke',
          doubtful: effect.doubtful && effect.resolution === 'none',
        },
      };
    },

    retryEffect: async (id) => isRetried(await retryDeadEffect(pool, { id })),
    retryEvent: async (id) => isRetried(await retryDeadEvent(pool, { id })),
    markRetried: async (id) => isRetried(await markDeadLetterRetried(pool, { id })),
  };
}

/** What is asked of letters in this state. */
function inState(state: DeadLetter['state']) {
  if (state === 'open') return { resolvedAt: null };
  return { resolvedAt: { $ne: null }, resolution: state === 'resolved' ? null : state };
}

function letterOf(row: InferEntity<Reading['DeadLetter']>): DeadLetter {
  const [, kind = 'event', rest = ''] = /^(effect|timer|case):(.*)$/s.exec(row.subject) ?? [];
  return {
    id: String(row.id),
    kind: kind as DeadLetter['kind'],
    subject: kind === 'event' ? row.subject : rest,
    caseId: row.caseId,
    provider: row.stream ? (row.stream.slice(0, -errors.length) as ProviderName) : null,
    name: row.name ?? null,
    code: row.reason,
    attempts: row.attempts ?? null,
    at: row.at.toISOString(),
    state: row.resolvedAt ? ((row.resolution ?? 'resolved') as DeadLetter['state']) : 'open',
  };
}
