/** The kernel's ledger on PostgreSQL: encrypts what goes in, decrypts what comes out, keeps the audit chain. */
import { createHmac, randomUUIDv7 } from 'node:crypto';

import { LRUCache } from 'lru-cache';
import type pg from 'pg';

import { ExpectedError } from '../../actors/errors.ts';
import { CaseUnreadable } from '../../actors/kernel/errors.ts';
import { caseEventsTopic } from '../../actors/kernel/ports.ts';
import type {
  Appended,
  ClaimedEffect,
  EffectRow,
  Ledger,
  NewEvent,
  NewPublication,
  OpenEffect,
} from '../../actors/kernel/ports.ts';
import type { RowsOf } from '../database/statement.ts';
import { isStorable, withoutNul } from '../database/storable.ts';
import { decrypt, encrypt, type Place } from '../encryption/cipher.ts';
import type { CaseKey, DataKeys } from '../encryption/data-keys.ts';
import { KeyMissing } from '../encryption/errors.ts';
import { append, appendPublishing } from './append.ts';
import { auditOf, type AuditHeads, createAuditHeads } from './audit-entries.ts';
import { commit, commitPublishing } from './commit.ts';
import { claim, extend, giveBack, nextInOrder, settle } from './effects.ts';
import { outboxPlace } from './outbox.ts';
import { casesOf, historyOf, pendingOf } from './read.ts';
import { refusalOf, refusing, unstorableOf } from './refusals.ts';
import {
  dueCases,
  lostEffects,
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

/** The first, one with the key that another process gave the case, one that sees its twin; and one for bad luck. */
const maxAppendTries = 4;

/** About 64 MB at most. */
const recentCharacters = 32 * 1_024 * 1_024;

export function createLedger({ pool, keys, digestKey }: LedgerOptions): Ledger {
  const heads: AuditHeads = createAuditHeads(pool);
  /** What this process stored a moment ago and will be asked for at once: it is not read, sent and opened again. */
  const recentBodies = new LRUCache<string, string>({
    maxSize: recentCharacters,
    sizeCalculation: (body) => body.length + 100,
    ttl: 60_000,
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
  async function readEach<Row extends { readonly caseId: string }, Read>(
    rows: readonly Row[],
    read: (row: Row, key: CaseKey) => Read,
    tell: ((row: Row, reason: string) => void) | undefined,
  ): Promise<Read[]> {
    const { known, broken } = await keys.load(rows.map(({ caseId }) => caseId));
    return rows.flatMap((row) => {
      const key = known.get(row.caseId);
      const unreadable = broken.get(row.caseId);
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
  /** Effects that are settled without their performer. One that cannot be read is settled all the same. */
  async function openOf(
    rows: readonly (EffectRow & { readonly input: Buffer })[],
  ): Promise<OpenEffect[]> {
    const unreadable: OpenEffect[] = [];
    const read = await readEach<(typeof rows)[number], OpenEffect>(
      rows,
      (row, key) => {
        const at = place(row.tenant, row.caseId, 'effects', 'input', row.effectId);
        return { ...effectOf(row), input: decrypt(key, at, row.input) };
      },
      (row) => void unreadable.push(effectOf(row)),
    );
    return [...read, ...unreadable];
  }
  const encryptBody = (key: CaseKey, caseId: string, eventId: string, body: string) =>
    encrypt(key, place(key.tenant, caseId, 'events', 'body', eventId), body);

  /** Makes keys known, and adds to `broken` the cases whose key cannot be. */
  async function loadKeys(caseIds: readonly string[], broken: Set<string>): Promise<void> {
    for (const caseId of (await keys.load(caseIds)).broken.keys()) broken.add(caseId);
  }
  /** A publication as the outbox has it. Data about a person are encrypted like everything of their case. */
  function outboxRow(
    { stream, type, source, data, isPersonal }: NewPublication,
    place: { readonly id: string; readonly caseId: string; readonly key: CaseKey },
  ) {
    const body = JSON.stringify(data);
    const at = () => outboxPlace(place.key.tenant, place.caseId, place.id);
    const named = { stream, type, source };
    return isPersonal
      ? { ...named, body: null, sealed: encrypt(place.key, at(), body) }
      : { ...named, body, sealed: null };
  }

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
    const told = offered.flatMap(({ id, key, event: { caseId, publication } }) =>
      publication ? [{ eventId: id, ...outboxRow(publication, { id, caseId, key }) }] : [],
    );
    const values = {
      offered: offered.map(({ id, event, key }) => ({
        ...event,
        id,
        keyId: key.keyId,
        body: encryptBody(key, event.caseId, id, event.body),
        bodyDigest: digestOf(event),
      })),
      newKeys: [...minted].map(([caseId, key]) => ({ ...key, caseId })),
    };
    const rows = await (told.length > 0
      ? appendPublishing(pool, { ...values, told })
      : append(pool, values));
    const left: number[] = [];
    for (const { ordinal, outcome, eventId } of rows) {
      const { ordinal: original, event, key } = offered[ordinal - 1]!;
      if (outcome === 'stale_key') keys.forget(event.caseId);
      if (outcome === 'stale_key' || outcome === 'unseen') left.push(original);
      else results[original] = { outcome, eventId };
      if (outcome === 'stored' && minted.has(event.caseId)) keys.remember(event.caseId, key);
      if (outcome === 'stored' && eventId) recentBodies.set(eventId, event.body);
    }
    return left;
  }

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
      const eventOf = ({ body: _body, ...event }: RowsOf<typeof pendingOf>) => event;
      return readEach(
        await pendingOf(pool, {
          caseIds: caseIds.filter(isStorable),
          limit,
          atHand: [...atHand.keys()],
        }),
        (row, key) => {
          const { eventId, caseId, tenant, body } = row;
          const at = place(tenant, caseId, 'events', 'body', eventId);
          return { ...row, body: body ? decrypt(key, at, body) : (atHand.get(eventId) as string) };
        },
        tell && ((row, reason) => tell(eventOf(row), reason)),
      );
    },

    async load(caseIds, tell) {
      return readEach(
        await casesOf(pool, { caseIds: caseIds.filter(isStorable) }),
        ({ envelope, tags, ...row }, key) => {
          const at = place(row.tenant, row.caseId, 'cases', 'envelope', String(row.seq));
          return {
            ...row,
            tags: JSON.parse(tags) as string[],
            envelope: decrypt(key, at, envelope),
          };
        },
        tell &&
          (({ caseId, tenant, seq, status }, reason) =>
            tell({ caseId, tenant, seq, status }, reason)),
      );
    },

    async commit({ owner, leases, cases, consumed, deadLetters, parked, at }) {
      const { broken } = await keys.load(cases.map(({ caseId }) => caseId));
      for (const unreadable of broken.values()) throw unreadable;
      const asked = cases.flatMap(({ caseId, tenant, partition, effects }) =>
        effects.map((effect) => {
          const at = place(tenant, caseId, 'effects', 'input', effect.effectId);
          const input = encrypt(keyOf(caseId), at, effect.input);
          return { ...effect, caseId, tenant, partition, input };
        }),
      );
      const told = asked.flatMap(({ effectId: id, publication, caseId, traceparent }) => {
        if (!publication) return [];
        const key = keyOf(caseId);
        const { tenant } = key;
        return [
          { id, tenant, caseId, traceparent, ...outboxRow(publication, { id, caseId, key }) },
        ];
      });
      const { entries, accept } = await heads.extend(cases.flatMap(auditOf));
      const values = {
        owner,
        leases,
        cases: cases.map((stepped) => {
          const { caseId, tenant, seq } = stepped;
          const at = place(tenant, caseId, 'cases', 'envelope', String(seq));
          return { ...stepped, envelope: encrypt(keyOf(caseId), at, stepped.envelope) };
        }),
        at,
        parked,
        effects: asked,
        abandoned: cases.flatMap(({ abandoned }) => abandoned),
        consumed,
        entries,
        deadLetters: deadLetters.map(({ eventId, ...letter }) => ({ ...letter, subject: eventId })),
      };
      try {
        await (told.length > 0
          ? commitPublishing(pool, { ...values, told })
          : commit(pool, values));
      } catch (error) {
        heads.forget(entries.map(({ chain }) => chain));
        throw error;
      }
      accept();
    },

    async claim(effectIds, leaseMs, { claimId = null, tell } = {}) {
      return readEach(
        await claim(pool, { effectIds: effectIds.filter(isStorable), leaseMs, claimId }),
        (row, key): ClaimedEffect => {
          const { effectId, caseId, tenant } = row;
          const at = place(tenant, caseId, 'effects', 'input', effectId);
          return { ...row, input: decrypt(key, at, row.input) };
        },
        tell && ((row, reason) => tell(effectOf(row), reason)),
      );
    },

    giveBack: async (effectIds, claimId) =>
      giveBack(pool, { effectIds: effectIds.filter(isStorable), claimId }),

    async settle(settled) {
      await keys.load(settled.flatMap(({ event }) => (event ? [event.caseId] : [])));
      // Of an erased case only the fact that the effect is over is kept.
      const told = settled.flatMap(({ effectId, event }) => {
        const key = event && keys.known(event.caseId);
        if (!event || !key) return [];
        const id = randomUUIDv7();
        const body = encryptBody(key, event.caseId, id, event.body);
        return [{ ...event, effectId, id, body, text: event.body, bodyDigest: digestOf(event) }];
      });
      const offered = settled.flatMap(({ effectId, attempt, outcome, event, publication }) => {
        if (!publication) return [];
        const caseId = event?.caseId ?? '';
        const key = keys.known(caseId) as CaseKey;
        // What is about a person is told only of a case that is there and hears of it, too.
        if (publication.isPersonal && !key) return [];
        // Tried again by staff it may fail again, and that is another fact.
        const id = outcome.status === 'failed' ? `${effectId}/${attempt}` : effectId;
        return [{ effectId, id, ...outboxRow(publication, { id, caseId, key }) }];
      });
      const rows = await settle(pool, {
        settled: settled.map(({ effectId, attempt, outcome }) => ({
          effectId,
          attempt,
          ...settlementOf(outcome),
        })),
        told,
        offered,
      });
      const bodies = new Map<string, string>(told.map(({ id, text }) => [id, text]));
      const stored = new Map<string, string>();
      for (const { effectId, eventId } of rows) {
        if (eventId === null) continue;
        stored.set(effectId, eventId);
        recentBodies.set(eventId, bodies.get(eventId));
      }
      return stored;
    },

    nextInOrder: async (effectIds) => nextInOrder(pool, { effectIds }),

    async due(now, limit) {
      const rows = await dueCases(pool, { now, limit });
      return rows.map(({ caseId, tenant, partition, dueAt }) => ({
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
      const events = await overdueEvents(pool, { graceMs, limit });
      return { events, effects: await overdueEffects(pool, { graceMs, limit }) };
    },

    unknown: async (limit) => unknownTooLong(pool, { limit }),
    lost: async (limit) => openOf(await lostEffects(pool, { limit })),
    openEffects: async (effectIds) =>
      openOf(await openEffects(pool, { effectIds: effectIds.filter(isStorable) })),

    resume: async (partitions) => void (await resume(pool, { partitions })),
    extend: async (effectIds, leaseMs) => void (await extend(pool, { effectIds, leaseMs })),

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
      const rows = await historyOf(pool, { caseId, after: 0, limit: 100_000 });
      return rows.map(({ seq, at, subject, detail, eventId, body }) => ({
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

/** Without what only its performer may see. */
function effectOf({
  effectId,
  tenant,
  caseId,
  partition,
  name,
  kind,
  attempt,
  traceparent,
}: EffectRow): EffectRow {
  return { effectId, tenant, caseId, partition, name, kind, attempt, traceparent };
}

/** What the row of an effect becomes by the outcome of a try. */
function settlementOf(outcome: Parameters<Ledger['settle']>[0][number]['outcome']) {
  const { status } = outcome;
  return {
    status,
    waitMs: status === 'retry' ? outcome.delayMs : status === 'unknown' ? outcome.waitMs : 0,
    doubtful: status === 'unknown' || (status === 'retry' && outcome.doubtful),
    deferred: status === 'retry' && outcome.deferred === true,
    reason:
      'reason' in outcome
        ? withoutNul(outcome.reason)
        : status === 'failed'
          ? reasonIn(outcome.value)
          : null,
  };
}

/** A code, never a message: messages may quote values. */
function reasonIn(value: unknown): string {
  const { code } = (value ?? {}) as { code?: unknown };
  return typeof code === 'string' ? withoutNul(code).slice(0, 200) : 'failed';
}
