import type pg from 'pg';
import * as v from 'valibot';

import { Said } from '../actors/events.ts';
import type {
  Desk,
  HistoryEntryView,
  ReviewView,
  SpokenLine,
  Staff,
} from '../actors/ports/desk.ts';
import { textArray } from './array-codec.ts';
import { emptyHead, extendChain, type AuditEntry } from './audit-chain.ts';
import { open } from './cipher.ts';
import type { DataKeys } from './data-keys.ts';
import { headsOf } from './ledger/commit.ts';
import { liveConsents } from './ledger/consents.ts';
import {
  caseView,
  casesByTag,
  deadLettersOf,
  heardOf,
  historyPage,
  messagesOf,
  openEffectsOf,
  pendingCount,
  recordAccess,
  saidOf,
} from './ledger/desk.ts';

/** Other processes extend the same chain at the same time: whoever is late chains again. Each round somebody succeeds. */
const maxTries = 64;

/** What is stored of a message from a patient, as far as staff are shown it. Older releases stored another shape. */
const Heard = v.object({
  event: v.object({ message: Said, lang: v.nullable(v.string()), at: v.string() }),
});
const InSomeLanguage = v.object({ lang: v.string() });

export interface DeskOptions {
  readonly pool: pg.Pool;
  readonly keys: DataKeys;
  /** Epoch ms. */
  readonly now: () => number;
  /** Takes out of a text what names or reaches a person. Everything that was said goes through it. */
  readonly mask: (text: string) => string;
  /** What clinicians see of a case, of its envelope. */
  readonly reviewOf: (envelope: string) => ReviewView | null;
  /** The words of a `sendMessage` by its input. What it throws on is shown without words. */
  readonly say: (input: unknown) => string;
}

/** What staff read, each time with an entry in the tenant's audit trail first: without the entry there is no answer. */
export function createDesk({ pool, keys, now, mask, say, reviewOf }: DeskOptions): Desk {
  /** The last entry under way in each chain. One after the other here, so that 90 readers at once do not race 90 times. */
  const underWay = new Map<string, Promise<void>>();

  async function audit(
    { subject: actor, tenant, roles }: Staff,
    caseId: string | null,
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
      const [[pending], effects, letters, consents, messages] = await Promise.all([
        pendingCount(pool, [caseId]),
        openEffectsOf(pool, [caseId]),
        deadLettersOf(pool, [caseId, staff.tenant]),
        liveConsents(pool, [staff.tenant, caseId]),
        messagesOf(pool, [caseId]),
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
          effects: effects.map(({ effect_id: effectId, next_try_at: nextTryAt, ...effect }) => ({
            effectId,
            name: effect.name,
            status: effect.status,
            attempt: effect.attempt,
            reason: effect.reason,
            nextTryAt,
          })),
          pendingEvents: pending?.waiting ?? 0,
        },
        deadLetters: letters.map(({ subject, reason, at }) => ({ subject, reason, at })),
        consents: consents.map(({ purpose, status, text, lang, at }) => ({
          purpose,
          status,
          text,
          lang,
          at,
        })),
        messages: messages
          .toReversed()
          .map(({ effect_id: effectId, status, reason, at }) => ({ effectId, status, reason, at })),
      };
    },

    async readReview(staff, caseId) {
      await audit(staff, caseId, 'GET /admin/cases/{caseId}/review');
      const [row] = await caseView(pool, [caseId, staff.tenant]);
      if (!row) return null;
      await keys.load([caseId]);
      const key = keys.known(caseId);
      if (!key) return null;
      const place = { tenant: staff.tenant, caseId, table: 'cases', column: 'envelope' };
      const envelope = open(key, { ...place, row: String(row.seq) }, row.envelope);
      return reviewOf(envelope);
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

    async readConversation(staff, caseId, { limit }) {
      await audit(staff, caseId, 'GET /admin/cases/{caseId}/conversation');
      const { tenant } = staff;
      const [row] = await caseView(pool, [caseId, tenant]);
      if (!row) return null;
      await keys.load([caseId]);
      const key = keys.known(caseId);
      if (!key) return [];
      const [heard, said] = await Promise.all([
        heardOf(pool, [caseId, limit]),
        saidOf(pool, [caseId, limit]),
      ]);
      const opened = (table: string, column: string, id: string, sealed: Buffer): unknown =>
        JSON.parse(open(key, { tenant, caseId, table, column, row: id }, sealed));
      const lines = [
        ...heard.map(({ event_id: id, body, reached_us: us }) => ({
          us,
          line: heardLine(opened('events', 'body', id, body), new Date(Number(us / 1_000n))),
        })),
        ...said.map(({ effect_id: id, input, status, at, reached_us: us }) => ({
          us,
          line: saidLine(opened('effects', 'input', id, input), status, at),
        })),
      ];
      // By our own clock alone: the provider's has whole seconds, and an answer would stand before its question.
      lines.sort((one, other) => (one.us < other.us ? -1 : one.us > other.us ? 1 : 0));
      return lines.slice(-limit).map(({ line }) => line);
    },

    async listCases(staff, { tag, after, limit }) {
      await audit(staff, null, 'GET /admin/cases');
      const [, since = '0', afterCase = ''] = /^(\d+)\.(.*)$/s.exec(after ?? '') ?? [];
      const rows = await casesByTag(pool, [staff.tenant, tag, since, afterCase, limit + 1]);
      const page = rows.slice(0, limit);
      const last = rows.length > limit ? page.at(-1) : undefined;
      return {
        cases: page.map((row) => ({
          caseId: row.case_id,
          state: JSON.parse(row.state) as unknown,
          tags: JSON.parse(row.tags) as string[],
          waitsFor: {
            timerAt: row.timer_at,
            effects: row.effects,
            pendingEvents: row.pending_events,
          },
          stateSince: row.state_since,
          updatedAt: row.updated_at,
          deadLetters: row.dead_letters,
        })),
        next: last ? `${last.since}.${last.case_id}` : null,
      };
    },
  };

  function heardLine(body: unknown, reachedAt: Date): SpokenLine {
    const { success, output } = v.safeParse(Heard, body);
    if (!success) {
      const at = reachedAt.toISOString();
      return { at, from: 'patient', kind: 'unsupported', text: null, lang: null, status: null };
    }
    const { message, lang, at } = output.event;
    const words = wordsOf(message);
    const text = words === null ? null : mask(words);
    return { at, from: 'patient', kind: message.kind, text, lang, status: null };
  }

  function saidLine(input: unknown, status: SpokenLine['status'], at: string): SpokenLine {
    const { success, output } = v.safeParse(InSomeLanguage, input);
    const lang = success ? output.lang : null;
    let text: string | null = null;
    try {
      text = mask(say(input));
    } catch {
      // A text that a later release took away. The rest of the conversation is still worth reading.
    }
    return { at, from: 'us', kind: 'text', text, lang, status };
  }
}

/** What of a message may be shown, once masked. Of files, places and contact cards nothing is. */
function wordsOf(message: Said): string | null {
  if (message.kind === 'text') return message.text;
  if (message.kind === 'button') return message.title ?? message.id;
  return message.kind === 'reaction' ? message.emoji : null;
}

type Detail = Pick<HistoryEntryView, 'kind' | 'type' | 'disposition' | 'reason' | 'effects'> & {
  readonly stateBefore: string | null;
  readonly stateAfter: string | null;
};
