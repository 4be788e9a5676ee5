import { randomUUID } from 'node:crypto';

import { createBatcher } from './batcher.ts';
import { createCaseWorker } from './case-worker.ts';
import {
  CaseFinished,
  CaseNotFound,
  CaseUnreadable,
  DedupeConflict,
  KernelOverloaded,
  Unstorable,
  UnstorableEvent,
  UnstorableSnapshot,
  WaitTimedOut,
} from './errors.ts';
import { inHalves } from './halves.ts';
import { pause } from './loop.ts';
import { met } from './meeting.ts';
import { guarded } from './observing.ts';
import type { CaseUpdate, Observer } from './observing.ts';
import { notificationsFor, settledAs } from './outcomes.ts';
import { createPerformerWorker } from './performer-worker.ts';
import { parseEnvelope } from './persisted-state.ts';
import { caseEventsTopic } from './ports.ts';
import type {
  Appended,
  CaseStatus,
  Leases,
  Ledger,
  NewEvent,
  NewPublication,
  Outward,
  PendingEvent,
  Performer,
  SettledEffect,
  Transport,
} from './ports.ts';
import { prepareMachines, type HostedMachine } from './registry.ts';
import { createTimekeeper } from './timekeeper.ts';
import { keep, revive, type Mark } from './values.ts';

export type Role = 'cases' | 'performers' | 'timekeeper';

export interface KernelOptions {
  readonly machines: Readonly<Record<string, HostedMachine>>;
  readonly performers: Readonly<Record<string, Performer>>;
  readonly ledger: Ledger;
  readonly leases: Leases;
  readonly transport: Transport;
  /** Fixed for the life of the database. */
  readonly partitions: number;
  /** What is told to the world outside; nothing if absent. */
  readonly outward?: Outward;
  /** ms a dead worker's partitions stay its own. 8,000 by default. */
  readonly leaseMs?: number;
  readonly observer?: Observer;
  /** Epoch ms. */
  readonly now?: () => number;
  readonly random?: () => number;
}

export interface CaseRef {
  readonly tenant: string;
  /** Unique over all tenants; 1 to 100 of `A-Z a-z 0-9 . _ : -`. */
  readonly caseId: string;
}

export interface Sending extends CaseRef {
  /** Who sends. With tenant and `dedupeKey` unique for ever: the same again is a duplicate and changes nothing. */
  readonly source: string;
  readonly dedupeKey: string;
  /** Opens the case first if there is none. Never touches one that is there. */
  readonly create?: { readonly machine: string; readonly input: unknown };
  readonly event?: { readonly type: string; readonly [field: string]: unknown };
  /** What the sender makes of the event: its case gets it with the event, and the same key again may come with another. */
  readonly hint?: Readonly<Record<string, unknown>>;
  readonly traceparent?: string | undefined;
  /** Told to the world outside if the event is stored. */
  readonly publication?: NewPublication | null;
  /** What has to be the same when `dedupeKey` comes again, where that is not the whole event. JSON value. */
  readonly sameness?: unknown;
}

/** A case as it was last committed. */
export interface CaseSnapshot extends CaseRef {
  readonly status: CaseStatus;
  readonly machine: string;
  readonly version: string;
  readonly seq: number;
  readonly value: unknown;
  /** Of the root, as its state has them. */
  readonly tags: readonly string[];
  /** References to actors are `{ xstate$$type: 1, id }`. */
  readonly context: unknown;
  readonly output: unknown;
  readonly timers: readonly { readonly id: string; readonly dueAt: number }[];
}

export interface Kernel {
  /**
   * Starts these roles in this process; all by default. Resolves at once; `send` needs none of them.
   */
  start(roles?: readonly Role[]): void;
  /**
   * Commits an event. When it resolves, the event is on disk and will reach its case exactly once, whatever crashes.
   *
   * @throws {CaseNotFound} and `create` was not given
   * @throws {DedupeConflict} the key came before with another body; nothing is stored
   * @throws {CaseUnreadable} the case's key is broken; nothing is stored
   * @throws {UnstorableEvent} it holds what JSON would silently change; the message names the place
   * @throws {KernelOverloaded} too many wait; send again
   * @throws {Unstorable} a field that the ledger can never store, by its name; nothing is stored
   */
  send(sending: Sending): Promise<{ readonly outcome: 'stored' | 'duplicate' }>;
  /**
   * As `send` for many, with outcomes in order instead of errors. They share transactions with other calls and may fall
   * into several: when it throws, some may be stored, and the same again finds those as duplicates. One that the ledger can
   * never store makes it throw before anything is sent.
   */
  sendAll(sendings: readonly Sending[]): Promise<readonly Appended['outcome'][]>;
  /** @throws {CaseNotFound | CaseUnreadable} */
  read(ref: CaseRef): Promise<CaseSnapshot>;
  /**
   * The first snapshot that meets the condition. It may have been met and left again between two looks.
   *
   * @throws {WaitTimedOut} after `timeoutMs`; {CaseNotFound} is not thrown, since the case may come
   * @throws {CaseFinished} at once, when the case is done and its last snapshot does not meet the condition
   */
  waitFor(
    ref: CaseRef,
    condition: (snapshot: CaseSnapshot) => boolean,
    timeoutMs: number,
  ): Promise<CaseSnapshot>;
  /** Settles effects by the provider's later word, e.g. a status callback. Those that are settled, or are none, stay as they are. */
  resolveAll(
    words: readonly { readonly effectId: string; readonly ok: boolean; readonly value: unknown }[],
  ): Promise<void>;
  /**
   * The names of the effects that the case would ask for if it got this event now; none where it does not take it, is over
   * or cannot be read. Nothing is stored.
   */
  preview(ref: CaseRef, event: { readonly type: string }): Promise<readonly string[]>;
  /** Hears every commit of this process. Must be cheap. */
  onCommit(listener: (updates: readonly CaseUpdate[]) => void): () => void;
  /** ms since each loop last made progress: what readiness looks at. */
  stalledMs(): Readonly<Record<string, number>>;
  /** Stops taking, finishes or gives back what runs. Effects under way get 4 s to finish, then are cut off. */
  stop(): Promise<void>;
}

/** The case that asked for an effect, by the effect's id. */
export const caseOfEffect = (effectId: string) => effectId.replace(/\.\d+\.\d+$/, '');

/**
 * A durable host for XState machines. Give it machines, performers, a ledger and a transport; start, send, read.
 *
 * Guarantees: an event whose `send` resolved is applied, ignored with a reason or dead-lettered with a reason, exactly
 * once and in the ledger's order; an effect starts after the state that asked for it is committed, and is never
 * started again once its outcome is; a timer fires once, also when it was due while nobody was there.
 */
export function createKernel(options: KernelOptions): Kernel {
  const {
    ledger,
    leases,
    transport,
    partitions,
    outward = {},
    leaseMs = 8_000,
    observer: outside = {},
    now = Date.now,
    random = Math.random,
  } = options;
  const owner = randomUUID();
  const listeners = new Set<(updates: readonly CaseUpdate[]) => void>();
  const observer: Observer = guarded({
    ...outside,
    committed(updates) {
      outside.committed?.(updates);
      for (const listener of listeners) listener(updates);
    },
  });

  const registry = prepareMachines(options.machines, options.performers);
  const performers: Record<string, Performer> = { ...options.performers };
  const ports = new Set(Object.entries(performers).map(([name, { port }]) => port ?? name));

  const partitionOf = (caseId: string) => fnv1a(caseId) % partitions;

  const sending = createBatcher<NewEvent, Appended>({
    async flush(events) {
      const appended = await ledger.append(events);
      const stored = events.flatMap((event, i) => {
        const eventId = appended[i]?.outcome === 'stored' ? appended[i].eventId : null;
        return eventId ? [{ ...notificationOf(event), id: eventId }] : [];
      });
      if (stored.length > 0) void transport.announce(stored); // Nobody waits for Redis: the ledger has it.
      return appended;
    },
    maxBatch: 256,
    maxQueue: 10_000,
  });

  const eventOf = ({
    tenant,
    caseId,
    source,
    dedupeKey,
    create,
    event,
    hint,
    traceparent,
    publication = null,
    sameness,
  }: Sending): NewEvent => {
    if (!/^[\w.:-]{1,100}$/.test(caseId))
      throw new RangeError('caseId must be 1 to 100 of A-Z a-z 0-9 . _ : -');
    if (!create && !event) throw new RangeError('Give an event, or what to create');
    if (event && typeof event.type !== 'string') throw new UnstorableEvent('event.type is no text');
    // Before it joins a batch: the database would refuse the others with it.
    refuseNul({ tenant, source, dedupeKey, type: event?.type, traceparent });
    const marks: Mark[] = [];
    const opening = create && { ...create, input: kept(create.input, ['create', 'input'], marks) };
    const given = hint === undefined || event === undefined ? event : { ...event, ...hint };
    const said = given && (kept(given, ['event'], marks) as NonNullable<typeof event>);
    // As it was given: what must be the same when the key comes again does not depend on how we keep it.
    const whole = JSON.stringify(event ?? create);
    const content = sameness === undefined ? whole : JSON.stringify(sameness);
    return {
      tenant,
      caseId,
      partition: partitionOf(caseId),
      source,
      dedupeKey,
      topic: caseEventsTopic,
      type: event?.type ?? 'xstate.init',
      // An `EventBody`, put together from its parts so that the event is made JSON once.
      body: `{${[
        opening && `"create":${JSON.stringify(opening)}`,
        said && `"event":${said === event ? whole : JSON.stringify(said)}`,
        marks.length > 0 && `"marks":${JSON.stringify(marks)}`,
      ]
        .filter(Boolean)
        .join()}}`,
      content,
      opens: create !== undefined,
      traceparent: traceparent ?? null,
      publication,
    };
  };

  let stopping = new AbortController();
  let runs: Promise<void>[] = [];
  const stalls: Record<string, () => number> = {};

  async function snapshotOf(ref: CaseRef): Promise<CaseSnapshot | null> {
    const stored = await ledger.read(ref.tenant, ref.caseId);
    if (!stored) return null;
    const { machine, version, seq, snapshot, timers } = parseEnvelope(stored.envelope);
    const { value, context, output } = withMarks(snapshot);
    const waiting = timers.map(({ id, dueAt }) => ({ id, dueAt }));
    return {
      ...ref,
      status: stored.status,
      machine,
      version,
      seq,
      value,
      tags: stored.tags ?? [],
      context,
      output,
      timers: waiting,
    };
  }

  return {
    start(roles = ['cases', 'performers', 'timekeeper']) {
      const common = { ledger, transport, partitions, random, observer, outward, now };
      const { signal } = stopping;
      if (roles.includes('cases')) {
        const worker = createCaseWorker({
          ...common,
          owner,
          leases,
          registry,
          performers,
          partitionOf,
          leaseMs,
        });
        stalls['cases'] = worker.stalledMs;
        runs.push(worker.run(signal));
      }
      if (roles.includes('performers')) {
        for (const port of ports) {
          const worker = createPerformerWorker(port, { ...common, consumer: owner, performers });
          stalls[`effects.${port}`] = worker.stalledMs;
          runs.push(worker.run(signal));
        }
      }
      if (roles.includes('timekeeper')) {
        const keeper = createTimekeeper({
          ...common,
          performers,
          topics: [caseEventsTopic, ...[...ports].map((port) => `effects.${port}`)],
          groups: ['cases', 'performers'],
        });
        runs.push(keeper.run(signal));
      }
    },

    async send(one) {
      const { outcome } = await sending.add(eventOf(one));
      if (outcome === 'no-case') throw new CaseNotFound(one.caseId);
      if (outcome === 'unreadable') throw new CaseUnreadable(one.caseId, 'key_unreadable');
      if (outcome === 'conflict') throw new DedupeConflict(one.source, one.dedupeKey);
      return { outcome };
    },

    async sendAll(many) {
      const events = many.map(eventOf);
      const results = await Promise.all(events.map((event) => sending.add(event)));
      return results.map(({ outcome }) => outcome);
    },

    async read(ref) {
      const snapshot = await snapshotOf(ref);
      if (!snapshot) throw new CaseNotFound(ref.caseId);
      return snapshot;
    },

    async waitFor(ref, condition, timeoutMs) {
      const deadline = AbortSignal.timeout(timeoutMs);
      let look = new AbortController();
      const stop = this.onCommit((updates) => {
        if (updates.some(({ caseId }) => caseId === ref.caseId)) look.abort();
      });
      try {
        for (let waitMs = 50; ; waitMs = Math.min(1_000, waitMs * 2)) {
          const snapshot = await snapshotOf(ref);
          if (snapshot && condition(snapshot)) return snapshot;
          if (snapshot?.status === 'done') throw new CaseFinished(ref.caseId);
          if (deadline.aborted) throw new WaitTimedOut(ref.caseId, timeoutMs);
          await pause(waitMs, AbortSignal.any([look.signal, deadline])); // Commits of other processes are found by looking.
          look = new AbortController();
        }
      } finally {
        stop();
      }
    },

    async resolveAll(words) {
      const open = new Map(
        (await ledger.openEffects(words.map(({ effectId }) => effectId))).map((effect) => [
          effect.effectId,
          effect,
        ]),
      );
      const settled = words.flatMap(({ effectId, ok, value }) => {
        const effect = open.get(effectId);
        if (!effect) return [];
        open.delete(effectId); // The first word counts, also within one call.
        const outcome = ok
          ? ({ status: 'done', value } as const)
          : ({ status: 'failed', value } as const);
        const told = { performer: performers[effect.name], outward, observer, at: now() };
        return [settledAs(effect, outcome, told)];
      });
      if (settled.length === 0) return;
      const settle = async (some: readonly SettledEffect[]) =>
        void transport.announce(notificationsFor(some, await ledger.settle(some)));
      await inHalves(settled, settle, (error) => observer.trouble?.('words of providers', error));
    },

    async preview(ref, event) {
      const stored = await ledger.read(ref.tenant, ref.caseId);
      if (stored?.status !== 'active') return [];
      const at = now();
      const asked: PendingEvent = {
        ...ref,
        eventId: 'preview',
        position: 0n,
        type: event.type,
        body: JSON.stringify({ event }),
        receivedAt: at,
        traceparent: null,
      };
      const partition = partitionOf(ref.caseId);
      const { commit } = met(ref, stored, [asked], [], {
        registry,
        performers,
        partition,
        now: at,
      });
      const taken = commit?.history.find(({ subject }) => subject === asked.eventId);
      const effects = new Set(taken?.effects);
      return (commit?.effects ?? []).flatMap(({ effectId, name, cancelled }) =>
        effects.has(effectId) && !cancelled ? [name] : [],
      );
    },

    onCommit(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },

    stalledMs: () =>
      Object.fromEntries(
        Object.entries(stalls).map(([name, stalled]) => [name, Math.round(stalled())]),
      ),

    async stop() {
      stopping.abort(new KernelOverloaded('The kernel is stopping'));
      await Promise.all(runs);
      await sending.idle();
      runs = [];
      stopping = new AbortController();
    },
  };
}

/** What JSON can keep of what is sent, with what it cannot as marks. */
function kept(value: unknown, path: readonly string[], marks: Mark[]): unknown {
  if (value === undefined) return undefined;
  try {
    return keep(value, '', path, { marks });
  } catch (error) {
    if (error instanceof UnstorableSnapshot) throw new UnstorableEvent(error.finding);
    throw error;
  }
}

/** A root's stored snapshot as its machine would see it. */
function withMarks(snapshot: unknown) {
  const root = snapshot as {
    readonly value: unknown;
    readonly context: unknown;
    readonly output?: unknown;
    readonly marks?: readonly Mark[];
  };
  if (root.marks) revive(root, root.marks);
  return root;
}

const notificationOf = ({ topic, partition, type, tenant, caseId, traceparent }: NewEvent) => ({
  topic,
  partition,
  type,
  tenant,
  caseId,
  traceparent,
});

/** @throws {Unstorable} naming the field that PostgreSQL cannot store, because it has a U+0000 in it */
function refuseNul(fields: Readonly<Record<string, string | undefined>>): void {
  for (const [name, value] of Object.entries(fields))
    if (value?.includes('\0')) throw new Unstorable(`${name} has a U+0000`);
}

/** FNV-1a over UTF-16 units: quick, stable for ever, and spreads ids that differ in their last digit. */
function fnv1a(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash >>> 0;
}
