/** What the kernel needs from the world. `persistence/` implements the ledger, `streams/` the transport. */

import type { Mark } from './values.ts';

/** The stream on which cases hear that something waits for them: events, outcomes of effects, timers. By partition. */
export const caseEventsTopic = 'case-events';

/** A case's partition, 0 to N-1. One worker owns a partition at a time; the epoch grows with each change of owner. */
export interface Lease {
  readonly partition: number;
  readonly epoch: number;
}

/** An event on its way into the ledger. */
export interface NewEvent {
  readonly tenant: string;
  readonly caseId: string;
  readonly partition: number;
  /** Who sent it, e.g. `whatsapp`; `effect` for outcomes. With tenant and `dedupeKey` unique for ever. */
  readonly source: string;
  readonly dedupeKey: string;
  /** The stream it is announced on. */
  readonly topic: string;
  /** Event type, for history and staff. Holds no patient data. */
  readonly type: string;
  /** JSON text of an `EventBody`. Stored encrypted. */
  readonly body: string;
  /** What must be the same when the dedupe key comes again: the event, without what would open its case, or the part of it that its sender names. */
  readonly content: string;
  /** True when this event may open its case. */
  readonly opens: boolean;
  readonly traceparent: string | null;
  /** Told to the world outside if this event is stored; its id is the event's. */
  readonly publication?: NewPublication | null;
}

/** What the world outside is told: one entry on the outward stream of this name, at least once, in order for each case. */
export interface NewPublication {
  readonly stream: string;
  readonly type: string;
  /** Which part of the system says so. */
  readonly source: string;
  /** A JSON value. */
  readonly data: unknown;
  /** True when it is about a person, if only by a pseudonym: then it is stored encrypted, and erased with its case. */
  readonly isPersonal: boolean;
}

/** An effect that failed for good. */
export interface FailedEffect {
  readonly effectId: string;
  readonly name: string;
  readonly tenant: string;
  readonly caseId: string;
  /** Whom the error named; null where it named nobody. */
  readonly provider: string | null;
  readonly code: string;
  readonly attempts: number;
  /** Epoch ms. */
  readonly at: number;
}

/**
 * What of a case's life is told to the world outside. Each publication is stored by the statement that stores its cause,
 * and only with it. Pure and quick; null for what is nobody's business. What throws is not published, and reported as trouble.
 */
export interface Outward {
  /** What a machine emitted; the publication's id is the effect's. */
  emitted?(event: { readonly type: string }, from: OutwardOrigin): NewPublication | null;
  /** What an effect brought back. */
  done?(name: string, output: unknown, from: OutwardOrigin): NewPublication | null;
  failed?(failed: FailedEffect): NewPublication | null;
}

export interface OutwardOrigin {
  readonly tenant: string;
  readonly caseId: string;
  /** Epoch ms: when it came about. */
  readonly at: number;
}

/**
 * What an event says to its case. One of: an event for the machine (with `create` it first opens the case if there is
 * none), or the outcome of an effect.
 */
export type EventBody =
  | {
      readonly create?: { readonly machine: string; readonly input: unknown };
      readonly event?: { readonly type: string };
      /** What JSON cannot say of the input and the event: see `values.ts`. */
      readonly marks?: readonly Mark[];
    }
  | {
      readonly outcome: {
        readonly effectId: string;
        readonly ok: boolean;
        readonly value: unknown;
      };
    };

/**
 * `stored` is committed; `duplicate` was there with the same body; `conflict` was there with another and is flagged.
 * Nothing is stored of the others: `no-case` is none that was opened, `unreadable` one whose key is broken.
 */
export interface Appended {
  readonly outcome: 'stored' | 'duplicate' | 'conflict' | 'no-case' | 'unreadable';
  /** Of the stored event. Null when nothing was stored. */
  readonly eventId: string | null;
}

/** An event that waits for its case, as the ledger has it. */
export interface PendingEvent {
  readonly eventId: string;
  readonly caseId: string;
  readonly tenant: string;
  /** Ledger order. */
  readonly position: bigint;
  readonly type: string;
  readonly body: string;
  /** Epoch ms by the database's clock. */
  readonly receivedAt: number;
  readonly traceparent: string | null;
}

/** Hears of a row that is there and cannot be read, and why: a code such as `seal_broken`, `key_unreadable` or `key_missing`. */
export type TellUnreadable<Row> = (row: Row, reason: string) => void;

/** A case as it is stored. `envelope` is JSON text, see `persisted-state.ts`. */
export interface StoredCase {
  readonly caseId: string;
  readonly tenant: string;
  readonly seq: number;
  readonly status: CaseStatus;
  readonly envelope: string;
  /** Of its whole tree, as committed: plain names, then `tag@path`. Left out where nobody asks for them. */
  readonly tags?: readonly string[];
}

export type CaseStatus = 'active' | 'done' | 'parked';

/** One line of a case's history: how one event or timer met the machine. */
export interface HistoryEntry {
  readonly seq: number;
  /** Epoch ms: the time the step saw. */
  readonly at: number;
  readonly kind: 'event' | 'timer';
  /** Event id, or the timer's path and id. */
  readonly subject: string;
  readonly type: string;
  readonly disposition: 'applied' | 'ignored' | 'dead';
  /** Why it was not applied: a code, no data. */
  readonly reason: string | null;
  /** JSON text of the state value, null before the first. */
  readonly stateBefore: string | null;
  readonly stateAfter: string | null;
  /** Ids of the effects it asked for. */
  readonly effects: readonly string[];
}

/** How an effect whose answer we missed is settled: see `Performer`. */
export type Resolution = 'key' | 'lookup' | 'none';

export interface NewEffect {
  readonly effectId: string;
  readonly name: string;
  /** Announced on `effects.<port>`. */
  readonly port: string;
  readonly kind: 'invoke' | 'action' | 'emit';
  readonly resolution: Resolution;
  /** True when it waits for the earlier ones of its case and port. */
  readonly inOrder: boolean;
  /** The tag that its case, or a machine inside it, must have when it starts; null if none. `tag@path` asks for that of one machine. */
  readonly needs: string | null;
  /** JSON text. Stored encrypted. */
  readonly input: string;
  /** True when the case left the state that wanted it in the same commit. */
  readonly cancelled: boolean;
  readonly traceparent: string | null;
  /** Of what was emitted: stored with it. Its id is the effect's. */
  readonly publication?: NewPublication | null;
}

/** What one activation changes. */
export interface CaseCommit {
  readonly tenant: string;
  readonly caseId: string;
  readonly partition: number;
  /** The `seq` that was read; 0 for a case that was not there. */
  readonly expectedSeq: number;
  readonly seq: number;
  readonly machine: string;
  readonly version: string;
  readonly status: CaseStatus;
  /** JSON text of the state value. */
  readonly state: string;
  readonly stateChanged: boolean;
  /** Of the root and of every running machine below it, by plain name, each once; then the latter as `tag@path`. */
  readonly tags: readonly string[];
  /** Epoch ms of the earliest timer. */
  readonly wakeAt: number | null;
  readonly envelope: string;
  readonly history: readonly HistoryEntry[];
  readonly effects: readonly NewEffect[];
  /** Effects of earlier commits that nobody waits for any more. */
  readonly abandoned: readonly string[];
}

export interface Commit {
  readonly owner: string;
  readonly leases: readonly Lease[];
  readonly cases: readonly CaseCommit[];
  /** Events that now have their disposition. */
  readonly consumed: readonly { readonly caseId: string; readonly position: bigint }[];
  readonly deadLetters: readonly {
    readonly eventId: string;
    readonly tenant: string;
    readonly caseId: string;
    readonly reason: string;
  }[];
  /** Cases that cannot be opened: their events wait, and staff see why. */
  readonly parked: readonly { readonly caseId: string; readonly reason: string }[];
  /** Epoch ms: the time the steps saw. */
  readonly at: number;
}

/** An effect taken by a performer. */
export interface ClaimedEffect {
  readonly effectId: string;
  readonly tenant: string;
  readonly caseId: string;
  readonly partition: number;
  readonly name: string;
  readonly kind: 'invoke' | 'action' | 'emit';
  readonly input: string;
  /** 1 for the first try. */
  readonly attempt: number;
  /** True when an earlier try may have reached the provider. */
  readonly doubtful: boolean;
  /** How many of the earlier tries were none: put off before anything was done. */
  readonly deferred: number;
  /** Since the case asked for it, ms. */
  readonly ageMs: number;
  /** False when its case lacks, as committed now, the tag it needs: it must not be performed. */
  readonly permitted: boolean;
  readonly traceparent: string | null;
}

export type EffectRow = Omit<
  ClaimedEffect,
  'input' | 'doubtful' | 'deferred' | 'ageMs' | 'permitted'
>;

/** An effect that somebody settles who does not perform it; without what it was asked with where that cannot be read. */
export type OpenEffect = EffectRow & Partial<Pick<ClaimedEffect, 'input'>>;

/** How a try ended. */
export type EffectOutcome =
  | { readonly status: 'done'; readonly value: unknown }
  /** `provider`: whom the error named. */
  | { readonly status: 'failed'; readonly value: unknown; readonly provider?: string }
  /** Never performed, and nobody has to be told. */
  | { readonly status: 'cancelled'; readonly reason: string }
  /** Try again after `delayMs`. `doubtful` when this try may have reached the provider; `deferred` when it was none. */
  | {
      readonly status: 'retry';
      readonly delayMs: number;
      readonly doubtful: boolean;
      readonly deferred?: boolean;
      readonly reason: string;
    }
  /** Perhaps done; `resolution: 'none'` forbids another try. Waits `waitMs` for the provider's word, then fails. */
  | { readonly status: 'unknown'; readonly waitMs: number; readonly reason: string };

export interface SettledEffect {
  readonly effectId: string;
  readonly attempt: number;
  readonly outcome: EffectOutcome;
  /** The event that carries the outcome, or the doubt about it, to the case; null for `retry` and where the case need not know. */
  readonly event: NewEvent | null;
  /** Stored if this outcome counts. Its id is the effect's, with the attempt behind it where it failed. */
  readonly publication?: NewPublication | null;
}

/** A notification: whom to look at. Everything else is in the ledger. */
export interface Announcement {
  readonly topic: string;
  readonly partition: number;
  /** Event id, effect id, or `caseId@dueAt` for a timer. */
  readonly id: string;
  readonly type: string;
  readonly tenant: string;
  readonly caseId: string;
  readonly traceparent: string | null;
}

/**
 * The truth. Every method is one transaction; set-based, so call it with many.
 *
 * One row that cannot be read spoils no batch: a reading method calls `tell` for it and answers the others. Without
 * `tell` it throws what kept it from reading, and leaves out what belongs to erased cases.
 *
 * Errors that are not the kernel's own (a broken connection) mean that the outcome is unknown, and every method may
 * be called again with the same arguments.
 */
export interface Ledger {
  /** Stores events, all or none. In the order given, which is the ledger's order. */
  append(events: readonly NewEvent[]): Promise<readonly Appended[]>;
  /**
   * Events of these cases that have no disposition yet, in ledger order, at most `limit` per case. `expected` are ids
   * that were announced: a hint, so that what the ledger still has in memory is not read.
   */
  pending(
    caseIds: readonly string[],
    limit: number,
    expected: readonly string[],
    tell?: TellUnreadable<Omit<PendingEvent, 'body'>>,
  ): Promise<readonly PendingEvent[]>;
  load(
    caseIds: readonly string[],
    tell?: TellUnreadable<Omit<StoredCase, 'envelope'>>,
  ): Promise<readonly StoredCase[]>;
  /** @throws {CommitRefused} nothing was written */
  commit(commit: Commit): Promise<void>;
  /** Keeps running effects ours. Call well before their lease ends. */
  extend(effectIds: readonly string[], leaseMs: number): Promise<void>;
  /** Takes effects that may start now. Cancelled, settled or running ones are left out. `claimId`, at most 64 characters: of this call alone. */
  claim(
    effectIds: readonly string[],
    leaseMs: number,
    options?: { readonly claimId?: string; readonly tell?: TellUnreadable<EffectRow> },
  ): Promise<readonly ClaimedEffect[]>;
  /**
   * For whoever called `claim` with this id, got no answer and so began nothing: what that call took, if anything, waits
   * again, and answered are its announcements. What somebody else claimed since is left alone.
   */
  giveBack(effectIds: readonly string[], claimId: string): Promise<readonly Announcement[]>;
  /**
   * Records how tries ended; an effect that is already settled stays so, and the same again changes nothing. Answers the
   * ids of the events stored, by effect.
   */
  settle(settled: readonly SettledEffect[]): Promise<ReadonlyMap<string, string>>;
  /** What may start now that these are settled: the next effect in order of each one's case and port. */
  nextInOrder(effectIds: readonly string[]): Promise<readonly Announcement[]>;
  /** Cases with a timer due at `now` (epoch ms), earliest first. */
  due(now: number, limit: number): Promise<readonly Announcement[]>;
  /** Events and effects that were announced `graceMs` ago or more and still wait. Each is answered at most once per grace. */
  overdue(
    graceMs: number,
    limit: number,
  ): Promise<{
    readonly events: readonly Announcement[];
    readonly effects: readonly Announcement[];
  }>;
  /** Effects whose outcome stayed unknown past their wait, to be failed. */
  unknown(limit: number): Promise<readonly EffectRow[]>;
  /** Effects whose performer died while it held them, and that may not be tried again: their outcome is unknown from now on. */
  lost(limit: number): Promise<readonly OpenEffect[]>;
  /** Those of these effects that are not settled. */
  openEffects(effectIds: readonly string[]): Promise<readonly OpenEffect[]>;
  /**
   * For the new owner of partitions: has everything that waits in them announced again by the next sweep, and tries
   * parked cases once more, since this worker may know their machine.
   */
  resume(partitions: readonly number[]): Promise<void>;
  /** Null if this tenant has no such case. */
  read(tenant: string, caseId: string): Promise<StoredCase | null>;
  /** All of it, oldest first, each entry with the body of its event; empty if there is no such case. */
  history(
    tenant: string,
    caseId: string,
  ): Promise<readonly (HistoryEntry & { readonly body: string | null })[]>;
}

/** Who owns which partition. Rows in the database; its clock counts. */
export interface Leases {
  /** Renews what `owner` holds and takes up to `want` in all, free or expired ones. Answers all it holds now. */
  hold(owner: string, want: number, leaseMs: number): Promise<readonly Lease[]>;
  /** How many others asked for leases lately, whether they got any or not. */
  others(owner: string): Promise<number>;
  release(owner: string): Promise<void>;
}

/** An announcement as a consumer got it. `ack` it by its stream and entry id. */
export interface Received extends Announcement {
  readonly stream: string;
  readonly entryId: string;
}

/** Streams: transport only. Losing all of it loses nothing but time. */
export interface Transport {
  /** Resolves to whether Redis took them all; never throws. What it did not take, the sweeper announces later. */
  announce(announcements: readonly Announcement[]): Promise<boolean>;
  /** Reads what is new for the group on these topics and partitions, waiting at most `waitMs`. Throws when Redis is away. */
  read(
    subscription: Subscription,
    waitMs: number,
    signal: AbortSignal,
  ): Promise<readonly Received[]>;
  /** Takes over what other consumers of the group left unacknowledged for `idleMs`. */
  reclaim(subscription: Subscription, idleMs: number): Promise<readonly Received[]>;
  /** Best effort: an entry that stays unacknowledged is read again, which changes nothing. */
  ack(group: string, received: readonly Received[]): Promise<void>;
  /** Trims what every group has acknowledged, and forgets consumers long gone. */
  tidy(
    topics: readonly string[],
    partitions: readonly number[],
    groups: readonly string[],
  ): Promise<void>;
}

export interface Subscription {
  readonly group: string;
  readonly consumer: string;
  readonly topics: readonly string[];
  readonly partitions: readonly number[];
  readonly limit: number;
}

/** What a performer is told beside its input. */
export interface Performance {
  readonly effectId: string;
  readonly tenant: string;
  readonly caseId: string;
  readonly attempt: number;
  readonly signal: AbortSignal;
}

/**
 * Does what effects of one name ask for. `perform` may be called more than once with one `effectId`:
 * - `key`: the provider takes the id as idempotency key (or the call only reads), so it is simply called again;
 * - `lookup`: before another try `lookup` asks the provider whether the earlier one worked;
 * - `none`: it is never called again once it may have reached the provider; `Kernel.resolveAll` or a person settles it.
 *
 * It throws to fail. `retryable: true` on the error asks for another try later, `unknown: true` says that the
 * provider may have acted, and `deferred: true` that this was no try at all: the effect waits `retryAfterMs` and keeps its
 * tries. What it returns must be JSON; of what it throws the machine sees an error with its `name`, `code` and `message`.
 */
export interface Performer {
  readonly perform: (input: unknown, performance: Performance) => Promise<unknown>;
  readonly resolution: Resolution;
  /** For `lookup`: the earlier try's output, or null if the provider knows nothing of it. */
  readonly lookup?: (
    input: unknown,
    performance: Performance,
  ) => Promise<{ readonly output: unknown } | null>;
  /** Stream of its effects, `effects.<port>`; by default `effects.<name>`. */
  readonly port?: string;
  /**
   * One at a time for each case, in the order the case asked: what is said to a person. An effect that waits for a
   * retry holds back the later ones of its port; one whose outcome is unknown does not.
   */
  readonly inOrder?: boolean;
  /**
   * The tag that the case must have when the effect starts, by its input; null if any case may. A plain name is met by the
   * root and by any running machine below it, `tag@path` by the machine at that path alone. Checked against the
   * committed case in the statement that starts the effect, and anew when its performer stood still for longer than its
   * lease before it began. Without it an invoke fails with code `not_permitted`, and an action is cancelled. What a
   * performer does later within one try it does under the permission it started with.
   */
  readonly needs?: (input: unknown) => string | null;
  /**
   * For effects that nobody awaits: the event that tells the case when one fails for good,
   * `{ type: failedAs, effectId, name, code }`. Without it only staff see it.
   */
  readonly failedAs?: string;
  /**
   * For effects that nobody awaits: the event that tells the case when one is done, `{ type, effectId, name }` and what `tell` makes
   * of its input and output; none where that is null. Each costs an event, so only for what the case has to know.
   */
  readonly doneAs?: {
    readonly type: string;
    readonly tell: (input: unknown, output: unknown) => object | null;
  };
  /**
   * For effects with resolution `none` that nobody awaits: the event that tells the case at once when it is not known whether one
   * was done. `doneAs` or `failedAs` follows when the provider's word comes, or when nobody waits for it any more.
   */
  readonly doubtedAs?: {
    readonly type: string;
    readonly tell: (input: unknown) => object | null;
  };
  /** How long an effect may be put off (`deferred`) before it fails, 48 h by default. ms. */
  readonly patienceMs?: number;
  /** ms for one try, 30,000 by default. */
  readonly timeoutMs?: number;
  /** Tries before it fails, 8 by default. */
  readonly attempts?: number;
  /** At once in one process, 64 by default. */
  readonly concurrency?: number;
}
