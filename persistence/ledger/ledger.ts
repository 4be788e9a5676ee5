/** The kernel's ledger on PostgreSQL: encrypts what goes in, decrypts what comes out, keeps the audit chain. */
import { createHmac, randomUUIDv7 } from 'node:crypto';

import type pg from 'pg';

import { ExpectedError } from '../../actors/errors.ts';
import { CaseUnreadable, CommitRefused, kindOf, Unstorable } from '../../actors/kernel/errors.ts';
import { caseEventsTopic } from '../../actors/kernel/ports.ts';
import type {
  Announcement,
  Appended,
  ClaimedEffect,
  EffectRow,
  Ledger,
  NewEvent,
  NewPublication,
} from '../../actors/kernel/ports.ts';
import {
  boolArray,
  byteaArray,
  float8Array,
  int4Array,
  int8Array,
  textArray,
  timestamptzArray,
  uuidArray,
} from '../database/array-codec.ts';
import { KeyMissing } from '../database/errors.ts';
import { isStorable, withoutNul } from '../database/storable.ts';
import { decrypt, encrypt, type Place } from '../encryption/cipher.ts';
import type { CaseKey, DataKeys } from '../encryption/data-keys.ts';
import { createLru } from '../encryption/lru.ts';
import { append, appendPublishing } from './append.ts';
import { auditOf, type AuditHeads, createAuditHeads } from './audit-entries.ts';
import { commit, commitPublishing } from './commit.ts';
import { claim, extend, giveBack, nextInOrder, settle } from './effects.ts';
import { outboxPlace } from './outbox.ts';
import { casesOf, historyOf, pendingOf } from './read.ts';
import {
  dueCases,
  markUnknown,
  openEffects,
  overdueEffects,
  overdueEvents,
  resume,
  unknownTooLong,
} from './sweep.ts';

export interface LedgerOptions {
  readonly pool: pg.Pool;
  readonly keys: DataKeys;
  /** 32 bytes: keys the digests that tell a repeated body from another one. Must not change while dedupe keys live. */
  readonly digestKey: Buffer;
}

/** How long an effect without an answer waits for the provider's word before it fails, when a dead performer held it. */
const unknownWaitMs = 15 * 60 * 1_000;

/** The first, one with the key that another process gave the case, one that sees its twin; and one for bad luck. */
const maxAppendTries = 4;

/** About 64 MB at most. */
const recentCharacters = 32 * 1_024 * 1_024;

export function createLedger({ pool, keys, digestKey }: LedgerOptions): Ledger {
  const heads: AuditHeads = createAuditHeads(pool);
  /** What this process stored a moment ago and will be asked for at once: it is not read, sent and opened again. */
  const recentBodies = createLru<string, string>({
    capacity: recentCharacters,
    ttlMs: 60_000,
    now: () => performance.now(),
    weigh: (body) => body.length + 100,
  });

  /** Not over the case: a contact whose case was renewed in between sends the same message again. */
  const digestOf = ({ tenant, content }: NewEvent) =>
    createHmac('sha256', digestKey).update(tenant).update('\0').update(content).digest();

  /** The key of a case that must have one. */
  const keyOf = (caseId: string): CaseKey => {
    const key = keys.known(caseId);
    if (!key) throw new KeyMissing(caseId);
    return key;
  };
  /**
   * Reads each row by itself, with its case's key: one that cannot be read must not stop the batch it is in. Without
   * `tell` there is nobody to hear of it, so it throws; rows of erased cases are then left out.
   */
  async function readEach<Row extends { readonly case_id: string }, Read>(
    rows: readonly Row[],
    read: (row: Row, key: CaseKey) => Read,
    tell: ((row: Row, reason: string) => void) | undefined,
  ): Promise<Read[]> {
    const { known, broken } = await keys.load(rows.map(({ case_id: caseId }) => caseId));
    return rows.flatMap((row) => {
      const key = known.get(row.case_id);
      const unreadable = broken.get(row.case_id);
      try {
        if (unreadable) throw unreadable;
        if (key) return [read(row, key)];
        tell?.(row, 'key_missing');
      } catch (error) {
        if (!tell || !(error instanceof ExpectedError) || error.retryable) throw error;
        tell(row, error.code);
      }
      return [];
    });
  }
  const place = (
    tenant: string,
    caseId: string,
    table: string,
    column: string,
    row: string,
  ): Place => ({
    tenant,
    caseId,
    table,
    column,
    row,
  });
  const sealBody = (key: CaseKey, caseId: string, eventId: string, body: string) =>
    encrypt(key, place(key.tenant, caseId, 'events', 'body', eventId), body);

  /** Makes keys known, and adds to `broken` the cases whose key cannot be. */
  async function loadKeys(caseIds: readonly string[], broken: Set<string>): Promise<void> {
    for (const caseId of (await keys.load(caseIds)).broken.keys()) broken.add(caseId);
  }
  /** The columns `body` and `sealed` of publications. Data about a person are encrypted like everything of their case. */
  const bodiesOf = (
    all: readonly { id: string; caseId: string; key: CaseKey; publication: NewPublication }[],
  ) => {
    const text = ({ publication: { data } }: (typeof all)[number]) => JSON.stringify(data);
    return [
      textArray(all.map((one) => (one.publication.isPersonal ? null : text(one)))),
      byteaArray(
        all.map((one) =>
          one.publication.isPersonal
            ? encrypt(one.key, outboxPlace(one.key.tenant, one.caseId, one.id), text(one))
            : null,
        ),
      ),
    ] as const;
  };

  /** One try to store events; those whose key turned out to be another's, or that met a twin, are for the next try. */
  async function tryAppend(
    events: readonly NewEvent[],
    results: Appended[],
    ordinals: readonly number[],
    broken: Set<string>,
  ): Promise<number[]> {
    const minted = new Map<string, CaseKey & { wrapped: Buffer }>();
    await loadKeys(
      ordinals.filter((i) => !events[i]!.opens).map((i) => events[i]!.caseId),
      broken,
    );
    const offered: { ordinal: number; event: NewEvent; key: CaseKey; id: string }[] = [];
    for (const ordinal of ordinals) {
      const event = events[ordinal]!;
      const { tenant, caseId } = event;
      let key = keys.known(caseId) ?? minted.get(caseId);
      if (!key && broken.has(caseId)) {
        results[ordinal] = { outcome: 'unreadable', eventId: null };
        continue;
      }
      if (!key && event.opens) {
        const made = { ...(await keys.mint(tenant, caseId)), tenant };
        minted.set(caseId, made);
        key = made;
      }
      if (key?.tenant === tenant) offered.push({ ordinal, event, key, id: randomUUIDv7() });
      else results[ordinal] = { outcome: 'no-case', eventId: null };
    }
    if (offered.length === 0) return [];
    const column = <T>(pick: (o: (typeof offered)[number]) => T) => offered.map(pick);
    const newKeys = [...minted];
    const told = offered.flatMap(({ id, key, event: { caseId, publication } }) =>
      publication ? [{ id, caseId, key, publication }] : [],
    );
    const values = [
      uuidArray(column((o) => o.id)),
      textArray(column((o) => o.event.tenant)),
      textArray(column((o) => o.event.caseId)),
      int4Array(column((o) => o.event.partition)),
      textArray(column((o) => o.event.source)),
      textArray(column((o) => o.event.dedupeKey)),
      textArray(column((o) => o.event.topic)),
      textArray(column((o) => o.event.type)),
      byteaArray(column((o) => sealBody(o.key, o.event.caseId, o.id, o.event.body))),
      byteaArray(column((o) => digestOf(o.event))),
      textArray(column((o) => o.event.traceparent)),
      uuidArray(column((o) => o.key.keyId)),
      textArray(newKeys.map(([caseId]) => caseId)),
      textArray(newKeys.map(([, key]) => key.tenant)),
      uuidArray(newKeys.map(([, key]) => key.keyId)),
      byteaArray(newKeys.map(([, key]) => key.wrapped)),
    ];
    const isPublishing = told.length > 0;
    if (isPublishing)
      values.push(
        uuidArray(told.map(({ id }) => id)),
        textArray(told.map(({ publication }) => publication.stream)),
        textArray(told.map(({ publication }) => publication.type)),
        textArray(told.map(({ publication }) => publication.source)),
        ...bodiesOf(told),
      );
    const rows = await (isPublishing ? appendPublishing : append)(pool, values);
    const left: number[] = [];
    for (const { ordinal, outcome, event_id: eventId } of rows) {
      const { ordinal: original, event, key } = offered[ordinal - 1]!;
      if (outcome === 'stale_key') keys.forget(event.caseId);
      if (outcome === 'stale_key' || outcome === 'unseen') left.push(original);
      else results[original] = { outcome, eventId };
      if (outcome === 'stored' && minted.has(event.caseId)) keys.remember(event.caseId, key);
      if (outcome === 'stored' && eventId) recentBodies.set(eventId, event.body);
    }
    return left;
  }

  const announcementOf = (row: {
    id: string;
    type: string;
    topic: string;
    tenant: string;
    case_id: string;
    partition: number;
    traceparent: string | null;
  }): Announcement => ({
    id: row.id,
    type: row.type,
    topic: row.topic,
    tenant: row.tenant,
    caseId: row.case_id,
    partition: row.partition,
    traceparent: row.traceparent,
  });

  const ledger: Ledger = {
    async append(events) {
      const results: Appended[] = [];
      const broken = new Set<string>();
      let left = await tryAppend(events, results, [...events.keys()], broken);
      for (let tries = 1; left.length > 0 && tries < maxAppendTries; tries++) {
        await loadKeys(
          left.map((i) => events[i]!.caseId),
          broken,
        );
        left = await tryAppend(events, results, left, broken);
      }
      // Stale again and again: the key is destroyed whenever we look away, so the case is erased.
      for (const ordinal of left) results[ordinal] = { outcome: 'no-case', eventId: null };
      return results;
    },

    async pending(caseIds, limit, expected, tell) {
      // The bodies themselves, not their ids: one may be evicted while we ask.
      const atHand = new Map(
        expected.flatMap((eventId) => {
          const body = recentBodies.get(eventId);
          return body === undefined ? [] : [[eventId, body] as const];
        }),
      );
      type Row = Awaited<ReturnType<typeof pendingOf>>[number];
      const eventOf = (row: Row) => ({
        eventId: row.event_id,
        caseId: row.case_id,
        tenant: row.tenant,
        position: row.position,
        type: row.type,
        receivedAt: row.received_at,
        traceparent: row.traceparent,
      });
      return readEach(
        await pendingOf(pool, [
          textArray(caseIds.filter(isStorable)),
          limit,
          uuidArray([...atHand.keys()]),
        ]),
        (row, key) => {
          const { event_id: eventId, case_id: caseId, tenant, body } = row;
          const at = place(tenant, caseId, 'events', 'body', eventId);
          const text = body ? decrypt(key, at, body) : (atHand.get(eventId) as string);
          return { ...eventOf(row), body: text };
        },
        tell && ((row, reason) => tell(eventOf(row), reason)),
      );
    },

    async load(caseIds, tell) {
      return readEach(
        await casesOf(pool, [textArray(caseIds.filter(isStorable))]),
        ({ case_id: caseId, tenant, seq, status, envelope, tags }, key) => {
          const at = place(tenant, caseId, 'cases', 'envelope', String(seq));
          const labels = JSON.parse(tags) as string[];
          return {
            caseId,
            tenant,
            seq,
            status,
            tags: labels,
            envelope: decrypt(key, at, envelope),
          };
        },
        tell &&
          (({ case_id: caseId, tenant, seq, status }, reason) =>
            tell({ caseId, tenant, seq, status }, reason)),
      );
    },

    async commit({ owner, leases, cases, consumed, deadLetters, parked, at }) {
      const { broken } = await keys.load(cases.map(({ caseId }) => caseId));
      for (const unreadable of broken.values()) throw unreadable;
      const effects = cases.flatMap((stepped) =>
        stepped.effects.map((effect) => ({ ...effect, stepped })),
      );
      const told = effects.flatMap(({ effectId: id, publication, stepped, traceparent }) =>
        publication
          ? [{ id, publication, caseId: stepped.caseId, key: keyOf(stepped.caseId), traceparent }]
          : [],
      );
      const { entries, accept } = await heads.extend(cases.flatMap(auditOf));
      const column = <T>(pick: (c: (typeof cases)[number]) => T) => cases.map(pick);
      const asked = <T>(pick: (e: (typeof effects)[number]) => T) => effects.map(pick);
      const values = [
        owner,
        int4Array(leases.map(({ partition }) => partition)),
        int8Array(leases.map(({ epoch }) => BigInt(epoch))),
        textArray(column((c) => c.caseId)),
        textArray(column((c) => c.tenant)),
        int4Array(column((c) => c.partition)),
        int4Array(column((c) => c.expectedSeq)),
        int4Array(column((c) => c.seq)),
        textArray(column((c) => c.machine)),
        textArray(column((c) => c.version)),
        textArray(column((c) => c.status)),
        textArray(column((c) => c.state)),
        boolArray(column((c) => c.stateChanged)),
        textArray(column((c) => JSON.stringify(c.tags))),
        timestamptzArray(column((c) => c.wakeAt)),
        byteaArray(
          column(({ caseId, tenant, seq, envelope }) =>
            encrypt(
              keyOf(caseId),
              place(tenant, caseId, 'cases', 'envelope', String(seq)),
              envelope,
            ),
          ),
        ),
        new Date(at),
        textArray(parked.map(({ caseId }) => caseId)),
        textArray(parked.map(({ reason }) => reason)),
        textArray(asked((e) => e.effectId)),
        textArray(asked((e) => e.stepped.tenant)),
        textArray(asked((e) => e.stepped.caseId)),
        int4Array(asked((e) => e.stepped.partition)),
        textArray(asked((e) => e.name)),
        textArray(asked((e) => e.port)),
        textArray(asked((e) => e.kind)),
        textArray(asked((e) => e.resolution)),
        boolArray(asked((e) => e.cancelled)),
        byteaArray(
          asked(({ effectId, input, stepped: { caseId, tenant } }) =>
            encrypt(keyOf(caseId), place(tenant, caseId, 'effects', 'input', effectId), input),
          ),
        ),
        textArray(asked((e) => e.traceparent)),
        textArray(cases.flatMap((c) => c.abandoned)),
        textArray(consumed.map(({ caseId }) => caseId)),
        int8Array(consumed.map(({ position }) => position)),
        textArray(entries.map((e) => e.chain)),
        int8Array(entries.map((e) => BigInt(e.seq))),
        timestamptzArray(entries.map((e) => e.at)),
        textArray(entries.map((e) => e.actor)),
        textArray(entries.map((e) => e.action)),
        textArray(entries.map((e) => e.caseId)),
        int4Array(entries.map((e) => e.caseSeq)),
        textArray(entries.map((e) => e.subject)),
        textArray(entries.map((e) => e.detail)),
        byteaArray(entries.map((e) => e.hash)),
        textArray(deadLetters.map((d) => d.tenant)),
        textArray(deadLetters.map((d) => d.caseId)),
        textArray(deadLetters.map((d) => d.eventId)),
        textArray(deadLetters.map((d) => d.reason)),
        boolArray(asked((e) => e.inOrder)),
        textArray(asked((e) => e.needs)),
      ];
      const isPublishing = told.length > 0;
      if (isPublishing)
        values.push(
          textArray(told.map(({ id }) => id)),
          textArray(told.map(({ publication }) => publication.stream)),
          textArray(told.map(({ publication }) => publication.type)),
          textArray(told.map(({ publication }) => publication.source)),
          textArray(told.map(({ key }) => key.tenant)),
          textArray(told.map(({ caseId }) => caseId)),
          textArray(told.map(({ traceparent }) => traceparent)),
          ...bodiesOf(told),
        );
      try {
        await (isPublishing ? commitPublishing : commit)(pool, values);
      } catch (error) {
        heads.forget(entries.map(({ chain }) => chain));
        throw error;
      }
      accept();
    },

    async claim(effectIds, leaseMs, { claimId = null, tell } = {}) {
      return readEach(
        await claim(pool, [textArray(effectIds.filter(isStorable)), leaseMs, claimId]),
        (row, key): ClaimedEffect => {
          const { effect_id: effectId, case_id: caseId, tenant } = row;
          const { doubtful, deferred, age_ms: ageMs, permitted } = row;
          const at = place(tenant, caseId, 'effects', 'input', effectId);
          const input = decrypt(key, at, row.input);
          return { ...effectOf(row), doubtful, deferred, ageMs, permitted, input };
        },
        tell && ((row, reason) => tell(effectOf(row), reason)),
      );
    },

    giveBack: async (effectIds, claimId) =>
      (await giveBack(pool, [textArray(effectIds.filter(isStorable)), claimId])).map(
        announcementOf,
      ),

    async settle(settled) {
      await keys.load(settled.flatMap(({ event }) => (event ? [event.caseId] : [])));
      // Of an erased case only the fact that the effect is over is kept.
      const told = settled.flatMap(({ effectId, event }) =>
        event && keys.known(event.caseId) ? [{ effectId, event, id: randomUUIDv7() }] : [],
      );
      const published = settled.flatMap(({ effectId, attempt, outcome, event, publication }) => {
        if (!publication) return [];
        const caseId = event?.caseId ?? '';
        const key = keys.known(caseId);
        // What is about a person is told only of a case that is there and hears of it, too.
        if (publication.isPersonal && !key) return [];
        // Tried again by staff it may fail again, and that is another fact.
        const id = outcome.status === 'failed' ? `${effectId}/${attempt}` : effectId;
        return [{ effectId, id, caseId, key: key as CaseKey, publication }];
      });
      const rows = await settle(pool, [
        textArray(settled.map((s) => s.effectId)),
        int4Array(settled.map((s) => s.attempt)),
        textArray(settled.map((s) => s.outcome.status)),
        float8Array(
          settled.map(({ outcome: o }) =>
            o.status === 'retry' ? o.delayMs : o.status === 'unknown' ? o.waitMs : 0,
          ),
        ),
        boolArray(
          settled.map(
            ({ outcome: o }) => o.status === 'unknown' || (o.status === 'retry' && o.doubtful),
          ),
        ),
        textArray(
          settled.map(({ outcome: o }) =>
            'reason' in o ? withoutNul(o.reason) : o.status === 'failed' ? reasonIn(o.value) : null,
          ),
        ),
        textArray(told.map((t) => t.effectId)),
        uuidArray(told.map((t) => t.id)),
        textArray(told.map((t) => t.event.type)),
        byteaArray(
          told.map(({ event, id }) => sealBody(keyOf(event.caseId), event.caseId, id, event.body)),
        ),
        byteaArray(told.map(({ event }) => digestOf(event))),
        textArray(told.map((t) => t.event.traceparent)),
        int4Array(told.map((t) => t.event.partition)),
        textArray(told.map((t) => t.event.topic)),
        boolArray(settled.map(({ outcome: o }) => o.status === 'retry' && o.deferred === true)),
        textArray(published.map(({ effectId }) => effectId)),
        textArray(published.map(({ id }) => id)),
        textArray(published.map(({ publication }) => publication.stream)),
        textArray(published.map(({ publication }) => publication.type)),
        textArray(published.map(({ publication }) => publication.source)),
        ...bodiesOf(published),
      ]);
      const bodies = new Map<string, string>(told.map(({ id, event }) => [id, event.body]));
      const stored = new Map<string, string>();
      for (const { effect_id: effectId, event_id: eventId } of rows) {
        if (eventId === null) continue;
        stored.set(effectId, eventId);
        recentBodies.set(eventId, bodies.get(eventId) as string);
      }
      return stored;
    },

    nextInOrder: async (effectIds) =>
      (await nextInOrder(pool, [textArray(effectIds)])).map(announcementOf),

    async due(now, limit) {
      const rows = await dueCases(pool, [new Date(now), limit]);
      return rows.map(({ case_id: caseId, tenant, partition, due_at: dueAt }) => ({
        topic: caseEventsTopic,
        partition,
        id: `${caseId}@${dueAt}`,
        type: 'timer.due',
        tenant,
        caseId,
        traceparent: null,
      }));
    },

    async overdue(graceMs, limit) {
      const events = await overdueEvents(pool, [graceMs, limit]);
      const effects = await overdueEffects(pool, [graceMs, limit]);
      return { events: events.map(announcementOf), effects: effects.map(announcementOf) };
    },

    async unknown(limit) {
      await markUnknown(pool, [unknownWaitMs]);
      return (await unknownTooLong(pool, [limit])).map(effectOf);
    },

    openEffects: async (effectIds) =>
      (await openEffects(pool, [textArray(effectIds.filter(isStorable))])).map(effectOf),

    resume: async (partitions) => void (await resume(pool, [int4Array(partitions)])),
    extend: async (effectIds, leaseMs) =>
      void (await extend(pool, [textArray(effectIds), leaseMs])),

    async read(tenant, caseId) {
      const [found] = await this.load([caseId], (row, reason) => {
        // Of an erased case, and of another tenant's, nobody is told anything.
        if (reason !== 'key_missing' && row.tenant === tenant)
          throw new CaseUnreadable(caseId, reason);
      });
      return found?.tenant === tenant ? found : null;
    },

    async history(tenant, caseId) {
      await keys.load([caseId]);
      if (keys.known(caseId)?.tenant !== tenant) return [];
      const rows = await historyOf(pool, [caseId, 0, 100_000]);
      return rows.map(({ case_seq: seq, at, subject, detail, event_id: eventId, body }) => ({
        ...(JSON.parse(detail) as Omit<
          Awaited<ReturnType<Ledger['history']>>[number],
          'seq' | 'at' | 'subject' | 'body'
        >),
        seq,
        at,
        subject,
        body:
          eventId && body
            ? decrypt(keyOf(caseId), place(tenant, caseId, 'events', 'body', eventId), body)
            : null,
      }));
    },
  };
  return {
    ...ledger,
    append: async (events) => refusing(ledger.append(events), unstorableOf),
    settle: async (settled) => refusing(ledger.settle(settled), unstorableOf),
    commit: async (batch) => refusing(ledger.commit(batch), refusalOf),
  };
}

/** What was thrown, in the kernel's words where it has some for it. */
async function refusing<T>(
  work: Promise<T>,
  named: (error: unknown) => Error | undefined,
): Promise<T> {
  try {
    return await work;
  } catch (error) {
    throw named(error) ?? error;
  }
}

const effectOf = (row: Awaited<ReturnType<typeof unknownTooLong>>[number]): EffectRow => ({
  effectId: row.effect_id,
  tenant: row.tenant,
  caseId: row.case_id,
  partition: row.partition,
  name: row.name,
  kind: row.kind,
  attempt: row.attempt,
  traceparent: row.traceparent,
});

/** A code, never a message: messages may quote values. */
function reasonIn(value: unknown): string {
  const { code } = (value ?? {}) as { code?: unknown };
  return typeof code === 'string' ? withoutNul(code).slice(0, 200) : 'failed';
}

/** SQLSTATE classes of a refusal that lies in the values: their number, range, constraints, size, or a trigger's word. */
const ofValues = /^(?:21|22|23|54|P0)/;

/** Whether the same again would meet the same: a value that cannot be written, a ciphertext or key that is broken. */
function isOfContent(error: unknown): boolean {
  if (error instanceof RangeError) return true; // Of the codecs: a U+0000, a time no column can hold.
  if (error instanceof ExpectedError) return !error.retryable;
  const { code } = (error ?? {}) as { code?: unknown };
  return typeof code === 'string' && code.length === 5 && ofValues.test(code);
}

const unstorableOf = (error: unknown) =>
  isOfContent(error)
    ? new Unstorable(`Not to be stored: ${kindOf(error)}`, { cause: error })
    : undefined;

/** What PostgreSQL's refusal means to the kernel; undefined if it was something else. */
function refusalOf(error: unknown): CommitRefused | undefined {
  const { code, message, constraint } = error as {
    code?: string;
    message?: string;
    constraint?: string;
  };
  if (code === 'KR001')
    return new CommitRefused(message === 'lease' ? 'lease' : 'version', { cause: error });
  if (code === '23505')
    return new CommitRefused(constraint === 'audit_entries_pkey' ? 'chain' : 'version', {
      cause: error,
    });
  if (code === '40001' || code === '40P01') return new CommitRefused('version', { cause: error });
  return isOfContent(error) ? new CommitRefused('content', { cause: error }) : undefined;
}
