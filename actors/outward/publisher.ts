import { forever, pause } from '../kernel/loop.ts';
import {
  isBefore,
  type Outbox,
  type OutboxEntry,
  type OutwardStream,
  type OutwardStreams,
  type TrimBounds,
} from '../ports/outbox.ts';

export interface PublisherOptions {
  readonly owner: string;
  readonly outbox: Outbox;
  readonly streams: OutwardStreams;
  /** Every stream there may be, for trimming. */
  readonly names: readonly string[];
  readonly bounds: TrimBounds;
  /** How long a publication is kept after it was published: what Redis loses within it is published again, ms. */
  readonly outboxKeptMs: number;
  readonly now: () => number;
  readonly random: () => number;
  readonly onTrouble: (where: string, error: unknown) => void;
  /** Hears of each round of trimming. */
  readonly onTrimmed: (streams: readonly OutwardStream[]) => void;
}

const batchLimit = 500;
/** How long a publication may wait for somebody to look. */
const pollMs = 250;
/** A publisher that dies is succeeded after this. */
const leaseMs = 10_000;
const standbyMs = 2_000;
const trimEveryMs = 30_000;
/** A stream that takes nothing is left alone for this, so that the others go on. */
const refusedForMs = 1_000;

/**
 * Publishes what waits in the outbox, at least once and in order, from one process at a time. A crash between a stream and
 * the mark repeats a batch, under the same ids. A publisher that stood still for longer than its lease may publish once
 * more beside its successor.
 *
 * Redis may lose what it acknowledged, in a failover or with its memory. So before each batch the last entry of a stream
 * is compared with the last we know of; what is missing and still kept is published again.
 */
export function createPublisher(options: PublisherOptions) {
  const { owner, outbox, streams, names, bounds, outboxKeptMs } = options;
  const { now, random, onTrouble, onTrimmed } = options;
  /** The newest entry of each stream; null while another process publishes. */
  let newest: Map<string, string> | null = null;
  /** Streams that did not take what was added, and when they are tried again. */
  const refusing = new Map<string, number>();
  let progressAt = performance.now();

  async function isOurs(): Promise<boolean> {
    const held = await outbox.hold(owner, leaseMs);
    if (!held) newest = null;
    else newest ??= new Map(await outbox.newest());
    return held;
  }

  /** Whether Redis has lost something of these streams, which then waits to be published again. */
  async function isLost(known: Map<string, string>, asked: readonly string[]): Promise<boolean> {
    const last = await streams.lastIds(asked);
    const behind = [...last].filter(([stream, id]) => isBefore(id, known.get(stream) ?? '0-0'));
    if (behind.length === 0) return false;
    const again = await Promise.all(behind.map(([stream, id]) => outbox.lost(stream, id)));
    for (const [stream, id] of behind) known.set(stream, id);
    return again.some((n) => n > 0);
  }

  async function publish(): Promise<void> {
    const ours = await isOurs();
    progressAt = performance.now();
    if (!ours || newest === null) return pauseFor(standbyMs);
    for (const [stream, until] of refusing) if (until < now()) refusing.delete(stream);
    const waiting = await outbox.waiting(batchLimit, [...refusing.keys()]);
    if (waiting.length === 0) return pauseFor(pollMs);
    const tellable = waiting.filter(isTellable);
    const named = [...new Set(tellable.map(({ stream }) => stream))];
    if (await isLost(newest, named)) return; // What was lost comes before what waits.
    const entryIds = await streams.add(tellable);
    const over: { position: bigint; entryId: string | null }[] = waiting
      .filter((entry) => !isTellable(entry))
      .map(({ position }) => ({ position, entryId: null }));
    for (const [i, { stream, position }] of tellable.entries()) {
      const entryId = entryIds[i] ?? null;
      if (entryId === null) refusing.set(stream, now() + refusedForMs);
      else {
        over.push({ position, entryId });
        newest.set(stream, entryId);
      }
    }
    if (over.length > 0) await outbox.published(over);
  }

  async function tidy(): Promise<void> {
    if (newest === null) return;
    await isLost(newest, [...newest.keys()]);
    onTrimmed(await streams.trim(names, bounds, now()));
    await outbox.forget(outboxKeptMs, 10_000);
  }

  let pauseFor: (ms: number) => Promise<void> = async () => undefined;
  return {
    /** Runs until `signal` aborts, and then lets another process publish. */
    async run(signal: AbortSignal): Promise<void> {
      pauseFor = (ms) => pause(ms * (0.9 + random() / 5), signal);
      const loop = (where: string, work: () => Promise<void>) =>
        forever(work, { signal, random, onTrouble: (error) => onTrouble(where, error) });
      await Promise.all([
        loop('publisher', publish),
        loop('outward streams', async () => {
          await pauseFor(trimEveryMs);
          if (!signal.aborted) await tidy();
        }),
      ]);
      await outbox.release(owner).catch((error: unknown) => onTrouble('publisher', error));
    },
    /** ms since the last completed look: what readiness looks at. */
    stalledMs: () => performance.now() - progressAt,
    tidy,
  };
}

const isTellable = (entry: OutboxEntry): entry is OutboxEntry & { readonly data: string } =>
  entry.data !== null;
