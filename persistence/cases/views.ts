import type pg from 'pg';
import * as v from 'valibot';

import { CaseUnreadable, kindOf } from '../../actors/kernel/errors.ts';
import { isPlainTag } from '../../actors/kernel/tags.ts';
import type {
  AttentionView,
  CaseLine,
  CaseStanding,
  Desk,
  DelayedEffect,
  HistoryEntryView,
  OrderedTag,
  ReviewView,
  Staff,
  TripView,
  WaitingView,
} from '../../actors/ports/desk.ts';
import { care } from '../../actors/shapes/permissions.ts';
import { reading } from '../database/orm.ts';
import type { BlindIndex } from '../encryption/blind-index.ts';
import { decrypt } from '../encryption/cipher.ts';
import type { DataKeys, LoadedKeys } from '../encryption/data-keys.ts';
import { emptyHead, extendChain, type AuditEntry } from '../ledger/audit-chain.ts';
import { headsOf } from '../ledger/audit-entries.ts';
import { liveConsents } from './consents.ts';
import { createCasePages } from './pages.ts';
import { spokenLines } from './spoken.ts';
import { detailOf, jsonOf, statesIn } from './trail.ts';
import {
  caseView,
  heardOf,
  messagesOf,
  openEffectsOf,
  pendingCount,
  recordAccess,
  saidOf,
  tagsSince,
  type CaseRow,
} from './views-sql.ts';

/** Other processes extend the same chain at the same time: whoever is late chains again. Each round somebody succeeds. */
const maxTries = 64;

/** How far back the states of a case are followed to say since when it waits. */
const stepsRead = 200;

/** Who may see what is about a patient's health. */
const seesHealthData = ({ roles }: Staff) =>
  roles.some((role) => (care as readonly string[]).includes(role));

export interface DeskOptions {
  readonly pool: pg.Pool;
  readonly keys: DataKeys;
  /** Epoch ms. */
  readonly now: () => number;
  /** Takes out of a text what names or reaches a person. Everything that was said goes through it. */
  readonly mask: (text: string) => string;
  /** What clinicians see of a case, of its envelope. */
  readonly reviewOf: (envelope: string) => ReviewView | null;
  /** Why a case waits, of its envelope. */
  readonly waitingOf: (envelope: string, standing: CaseStanding, now: number) => WaitingView[];
  /** Who waits for staff in a case, of its envelope and of what it waits for. */
  readonly attentionOf: (
    envelope: string,
    standing: CaseStanding,
    why: readonly WaitingView[],
  ) => AttentionView | null;
  /** By which tags lists are put in order. */
  readonly order: readonly OrderedTag[];
  /** The provider that an effect waits for, by its name and the reason that is stored; null where that is none or unknown. */
  readonly providerOf: (name: string, reason: string | null) => string | null;
  /** What is known of a case's trip, of its envelope. */
  readonly tripOf: (envelope: string, seesHealthData: boolean) => TripView | null;
  /** The words of a `sendMessage` by its input. What it throws on is shown without words. */
  readonly say: (input: unknown) => string;
  readonly blindIndex: BlindIndex;
}

/** What staff read, each time with an entry in the tenant's audit trail first: without the entry there is no answer. */
export function createDesk({
  pool,
  keys,
  now,
  mask,
  say,
  reviewOf,
  waitingOf,
  attentionOf,
  order,
  providerOf,
  tripOf,
  blindIndex,
}: DeskOptions): Desk {
  const pageOf = createCasePages({ pool, blindIndex, order, now });

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
    const { chain } = entry;
    for (let tries = 1; ; tries++) {
      const [last] = await headsOf(pool, { chains: [chain] });
      const head = last ? { chain, seq: Number(last.seq), hash: last.hash } : emptyHead(chain);
      const [row] = extendChain(head, [entry]).rows;
      if (!row) return;
      try {
        await recordAccess(pool, row);
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
      const [row] = await caseView(pool, { caseId, tenant: staff.tenant });
      if (!row) return null;
      const { tenant } = staff;
      const { em, AuditEntry, DeadLetter } = await reading(pool);
      const [[pending], effects, letters, consents, messages, steps, tags] = await Promise.all([
        pendingCount(pool, { caseId }),
        openEffectsOf(pool, { caseId }),
        em.find(
          DeadLetter,
          { tenant, caseId, resolvedAt: null },
          { orderBy: { id: 'asc' }, limit: 100 },
        ),
        liveConsents(pool, { tenant, caseId }),
        messagesOf(pool, { caseId }),
        em.find(
          AuditEntry,
          { caseId, caseSeq: { $ne: null } },
          { orderBy: { caseSeq: 'desc' }, limit: stepsRead },
        ),
        tagsSince(pool, { caseIds: [caseId] }),
      ]);
      // Names of timers and their times, and nothing else of the envelope, leave this function.
      const { envelope, unreadable } = read(staff.tenant, caseId, row, await keys.load([caseId]));
      const timers = timersIn(envelope);
      const standing: CaseStanding = {
        machine: row.machine,
        steps: steps.map(({ at, detail }) => ({ at: at.toISOString(), ...statesIn(detail) })),
        tagsSince: new Map(tags.map(({ tag, since }) => [tag, since])),
        stateSince: row.stateSince,
      };
      const why = whyOf(envelope, row, standing);
      return {
        caseId,
        machine: row.machine,
        version: row.version,
        status: row.status,
        parkedReason: row.parkedReason,
        state: jsonOf(row.state),
        tags: (JSON.parse(row.tags) as string[]).filter(isPlainTag),
        seq: row.seq,
        createdAt: row.createdAt,
        updatedAt: row.updatedAt,
        stateSince: row.stateSince,
        waitsFor: {
          timers: timers.map(({ id, source, dueAt }) => ({
            id: [...source, id].join('/'),
            dueAt: new Date(dueAt).toISOString(),
          })),
          effects,
          pendingEvents: pending?.waiting ?? 0,
        },
        deadLetters: letters.map(({ subject, reason, at }) => ({
          subject,
          reason,
          at: at.toISOString(),
        })),
        consents,
        messages: messages.toReversed(),
        why,
        attention: attentionIn(envelope, row, standing, why),
        trip: unlessOdd(
          () => (envelope === null ? null : tripOf(envelope, seesHealthData(staff))),
          null,
        ),
        ...(unreadable === null ? {} : { unreadable }),
      };
    },

    async readReview(staff, caseId) {
      await audit(staff, caseId, 'GET /admin/cases/{caseId}/review');
      const [row] = await caseView(pool, { caseId, tenant: staff.tenant });
      if (!row) return null;
      const { envelope, unreadable } = read(staff.tenant, caseId, row, await keys.load([caseId]));
      if (unreadable !== null) throw new CaseUnreadable(caseId, unreadable);
      return envelope === null ? null : reviewOf(envelope);
    },

    async readHistory(staff, caseId, { after, limit }) {
      await audit(staff, caseId, 'GET /admin/cases/{caseId}/history');
      const [row] = await caseView(pool, { caseId, tenant: staff.tenant });
      if (!row) return null;
      const { em, AuditEntry } = await reading(pool);
      const entries = await em.find(
        AuditEntry,
        { caseId, caseSeq: { $gt: after } },
        { orderBy: { caseSeq: 'asc' }, limit },
      );
      return entries.map(({ caseSeq, at, subject, detail }): HistoryEntryView => {
        const { kind, type, disposition, reason, effects } = detailOf(detail);
        return {
          seq: caseSeq as number,
          at: at.toISOString(),
          kind,
          type,
          disposition,
          reason,
          ...statesIn(detail),
          effects,
          eventId: kind === 'event' ? subject : null,
        };
      });
    },

    async readConversation(staff, caseId, { limit }) {
      await audit(staff, caseId, 'GET /admin/cases/{caseId}/conversation');
      const { tenant } = staff;
      const [row] = await caseView(pool, { caseId, tenant });
      if (!row) return null;
      const { known, broken } = await keys.load([caseId]);
      const unreadable = broken.get(caseId);
      if (unreadable) throw new CaseUnreadable(caseId, unreadable.code);
      const key = known.get(caseId);
      if (!key) return [];
      const [heard, said] = await Promise.all([
        heardOf(pool, { caseId, limit }),
        saidOf(pool, { caseId, limit }),
      ]);
      const opened = (table: string, column: string, id: string, sealed: Buffer): unknown =>
        JSON.parse(decrypt(key, { tenant, caseId, table, column, row: id }, sealed));
      return spokenLines({ heard, said, opened, mask, say, limit });
    },

    async listCases(staff, { search, after, limit }) {
      await audit(staff, null, 'GET /admin/cases');
      const { tenant } = staff;
      const { rows, next } = await pageOf(tenant, search, after, limit);
      const caseIds = rows.map((row) => row.caseId);
      const [tags, loaded] = await Promise.all([tagsSince(pool, { caseIds }), keys.load(caseIds)]);
      const byCase = Map.groupBy(tags, (row) => row.caseId);
      return {
        cases: rows.map((row) => lineOf(tenant, row, byCase.get(row.caseId) ?? [], loaded)),
        next,
      };
    },
  };

  function lineOf(
    tenant: string,
    row: CaseRow,
    tags: readonly { readonly tag: string; readonly since: string }[],
    loaded: LoadedKeys,
  ): CaseLine {
    const { envelope, unreadable } = read(tenant, row.caseId, row, loaded);
    const standing: CaseStanding = {
      machine: row.machine,
      steps: [],
      tagsSince: new Map(tags.map(({ tag, since }) => [tag, since])),
      stateSince: row.stateSince,
    };
    const why = whyOf(envelope, row, standing);
    return {
      caseId: row.caseId,
      state: jsonOf(row.state),
      tags: (JSON.parse(row.tags) as string[]).filter(isPlainTag),
      waitsFor: {
        timerAt: row.timerAt,
        effects: row.effects,
        delayed: delayedIn(row.delayed),
        pendingEvents: row.pendingEvents,
      },
      stateSince: row.stateSince,
      updatedAt: row.updatedAt,
      deadLetters: row.deadLetters,
      why: why[0] ?? null,
      attention: attentionIn(envelope, row, standing, why),
      ...(unreadable === null ? {} : { unreadable }),
    };
  }

  /** What stopped a parked case comes first. A shape that nobody here knows is no reason not to show the case. */
  function whyOf(
    envelope: string | null,
    row: Pick<CaseRow, 'status' | 'parkedReason' | 'updatedAt'>,
    standing: CaseStanding,
  ): readonly WaitingView[] {
    if (row.status === 'done') return [];
    const parked: WaitingView = {
      actor: null,
      state: 'parked',
      label: 'Parked',
      waitsFor: 'staff',
      reason: row.parkedReason,
      since: row.updatedAt,
      targetAt: null,
      isOverdue: false,
    };
    const waits = unlessOdd(() => (envelope ? waitingOf(envelope, standing, now()) : []), []);
    return row.status === 'parked' ? [parked, ...waits] : waits;
  }

  function attentionIn(
    envelope: string | null,
    { status }: Pick<CaseRow, 'status'>,
    standing: CaseStanding,
    why: readonly WaitingView[],
  ): AttentionView | null {
    if (status === 'done' || envelope === null) return null;
    return unlessOdd(() => attentionOf(envelope, standing, why), null);
  }

  function delayedIn(delayed: string): DelayedEffect[] {
    const effects = JSON.parse(delayed) as Omit<DelayedEffect, 'provider'>[];
    return effects.map((effect) => ({
      ...effect,
      provider: providerOf(effect.name, effect.reason),
    }));
  }

  /** One case that cannot be read must not take the list away from everybody, nor itself from those who are to mend it. */
  function read(
    tenant: string,
    caseId: string,
    { seq, envelope }: { readonly seq: number; readonly envelope: Buffer },
    { known, broken }: LoadedKeys,
  ): { readonly envelope: string | null; readonly unreadable: string | null } {
    const key = known.get(caseId);
    const place = { tenant, caseId, table: 'cases', column: 'envelope', row: String(seq) };
    // Without a key and without a broken one its data is erased.
    if (!key) return { envelope: null, unreadable: broken.get(caseId)?.code ?? null };
    try {
      const opened = decrypt(key, place, envelope);
      JSON.parse(opened);
      return { envelope: opened, unreadable: null };
    } catch (error) {
      return { envelope: null, unreadable: kindOf(error) };
    }
  }
}

const Timers = v.object({
  timers: v.array(
    v.object({
      id: v.string(),
      source: v.array(v.string()),
      dueAt: v.pipe(v.number(), v.finite()),
    }),
  ),
});

/** None of a case whose envelope is gone, or of a shape that nobody here knows. */
function timersIn(envelope: string | null): v.InferOutput<typeof Timers>['timers'] {
  const parsed = v.safeParse(Timers, envelope === null ? null : JSON.parse(envelope));
  return parsed.success ? parsed.output.timers : [];
}

function unlessOdd<Value>(read: () => Value, otherwise: Value): Value {
  try {
    return read();
  } catch {
    return otherwise;
  }
}
