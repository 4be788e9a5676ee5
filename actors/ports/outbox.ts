import type { NewPublication } from '../kernel/ports.ts';

/** A publication that waits for its stream. */
export interface OutboxEntry {
  /** The order in which entries are published. */
  readonly position: bigint;
  readonly id: string;
  readonly stream: string;
  readonly type: string;
  readonly source: string;
  readonly tenant: string;
  /** ISO 8601 with offset: when it was stored. */
  readonly time: string;
  readonly traceparent: string | null;
  /** JSON text. Null when it cannot be told: its case was erased meanwhile, or its data cannot be read. */
  readonly data: string | null;
}

/** A publication that no case causes. */
export interface OwnPublication extends Omit<NewPublication, 'isPersonal'> {
  readonly id: string;
  readonly tenant: string;
  readonly traceparent: string | null;
}

/** Where publications wait. Every method is one transaction and may be repeated. */
export interface Outbox {
  /** Renews or takes the right to publish, which one process has at a time. False: another has it. */
  hold(owner: string, leaseMs: number): Promise<boolean>;
  release(owner: string): Promise<void>;
  /** Stores what no case causes; what a case causes is stored with its cause, by the ledger. */
  add(publications: readonly OwnPublication[]): Promise<void>;
  /** The oldest that wait, but for those of some streams. */
  waiting(limit: number, without: readonly string[]): Promise<readonly OutboxEntry[]>;
  /** `entryId` is null for what could not be told. */
  published(
    entries: readonly { readonly position: bigint; readonly entryId: string | null }[],
  ): Promise<void>;
  /** The newest entry of each stream that is known to have been published. */
  newest(): Promise<ReadonlyMap<string, string>>;
  /** Redis lost what came after `entryId`: what of it is still here waits again. Answers how many. */
  lost(stream: string, entryId: string): Promise<number>;
  /** Forgets what was published `keptMs` ago or more, at most `limit`. Answers how many. */
  forget(keptMs: number, limit: number): Promise<number>;
}

/** A stream as it was found when it was trimmed. */
export interface OutwardStream {
  readonly stream: string;
  readonly length: number;
  /** ms since the oldest entry that some group has yet to acknowledge or to read was published; 0 if there is none. */
  readonly unacknowledgedMs: number;
  /** Entries that went although some group had not acknowledged them. */
  readonly dropped: number;
}

export interface TrimBounds {
  /** An entry that every group has acknowledged goes after this, ms. */
  readonly keptMs: number;
  /** An entry that some group has not acknowledged goes after this, ms. */
  readonly heldMs: number;
  /** More entries than this are in no stream, acknowledged or not. */
  readonly maxEntries: number;
}

/** The platform's streams. Nothing throws: what a stream did not answer or take is left out, and reported. */
export interface OutwardStreams {
  /** The last entry each stream ever had; `0-0` for one that is not there. Without those that did not answer. */
  lastIds(streams: readonly string[]): Promise<ReadonlyMap<string, string>>;
  /** Adds entries, those of one stream all or none and in order. Answers their entry ids; null where the stream did not take them. */
  add(
    entries: readonly (OutboxEntry & { readonly data: string })[],
  ): Promise<readonly (string | null)[]>;
  /** Trims each stream by time, never under what a group has not acknowledged as long as that is within the bounds. */
  trim(
    streams: readonly string[],
    bounds: TrimBounds,
    now: number,
  ): Promise<readonly OutwardStream[]>;
}

/** Whether one entry id of a stream comes before another. */
export function isBefore(one: string, other: string): boolean {
  const [ms = 0, count = 0] = one.split('-').map(Number);
  const [otherMs = 0, otherCount = 0] = other.split('-').map(Number);
  return ms === otherMs ? count < otherCount : ms < otherMs;
}
