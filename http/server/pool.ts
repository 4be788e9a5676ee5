import type { Source } from './client-address.ts';

export interface PoolLimits {
  /** Unfinished requests at one time, of all sources and of one. */
  readonly requests: number;
  readonly requestsOfSource: number;
  /** Bytes held in memory for them, of all sources and of one. */
  readonly bytes: number;
  readonly bytesOfSource: number;
}

/** One unfinished request's place in a pool. */
export interface Place {
  /** Counts bytes that are held for it. False when there is no room for them: then it is to be ended itself. */
  hold(bytes: number): boolean;
  /** Counts bytes no longer. */
  release(bytes: number): void;
  /** It is all here: from now on it makes way for nobody, while what is held still counts. */
  keep(): void;
  /** Gives the place back, and all that was held. May be called again. */
  leave(): void;
}

/** Room for requests that are not all here yet. */
export interface Pool {
  /**
   * `makeWay` is called at most once, when others need the room: the request is to end at once. Null when there is no
   * room, and nobody unfinished who could make way.
   */
  enter(source: Source, makeWay: () => void): Place | null;
}

interface Entry {
  readonly source: Source;
  readonly makeWay: () => void;
  bytes: number;
  isKept: boolean;
}

interface Share {
  /** Oldest first. */
  readonly entries: Set<Entry>;
  bytes: number;
}

/**
 * A budget that nobody uses up for others. Whoever comes is let in: when there is no room, the oldest unfinished request of
 * the source that has the most makes way. Who is quick is never the oldest, so he is served even beside a flood of requests
 * that never end, from his own address too.
 */
export function createPool(limits: PoolLimits): Pool {
  const shares = new Map<Source, Share>();
  let requests = 0;
  let bytes = 0;

  function leave(entry: Entry): void {
    const share = shares.get(entry.source);
    if (!share?.entries.delete(entry)) return;
    requests -= 1;
    bytes -= entry.bytes;
    share.bytes -= entry.bytes;
    entry.bytes = 0;
    if (share.entries.size === 0) shares.delete(entry.source);
  }

  function end(entry: Entry): void {
    leave(entry);
    entry.makeWay();
  }

  function greediest(amountOf: (share: Share) => number): Share | undefined {
    let most: Share | undefined;
    for (const share of shares.values()) {
      if (most === undefined || amountOf(share) > amountOf(most)) most = share;
    }
    return most;
  }

  const oldest = (share: Share | undefined, holding = 0) =>
    share?.entries.values().find((entry) => !entry.isKept && entry.bytes >= holding);

  /** The share that is too large for this many bytes more of a source; undefined when there is room. */
  function tooLarge(more: number, own: Share): Share | undefined {
    if (own.bytes + more > limits.bytesOfSource) return own;
    return bytes + more > limits.bytes ? greediest((one) => one.bytes) : undefined;
  }

  function hold(entry: Entry, more: number): boolean {
    const own = shares.get(entry.source);
    if (!own?.entries.has(entry)) return false;
    for (let share = tooLarge(more, own); share; share = tooLarge(more, own)) {
      const late = oldest(share, 1);
      if (late === undefined || late === entry) return false;
      end(late);
    }
    entry.bytes += more;
    own.bytes += more;
    bytes += more;
    return true;
  }

  return {
    enter(source, makeWay) {
      const own = shares.get(source);
      const full =
        own !== undefined && own.entries.size >= limits.requestsOfSource
          ? own
          : requests >= limits.requests
            ? greediest((share) => share.entries.size)
            : undefined;
      if (full) {
        const late = oldest(full);
        if (late === undefined) return null;
        end(late);
      }
      const entry: Entry = { source, makeWay, bytes: 0, isKept: false };
      const share = shares.get(source) ?? { entries: new Set(), bytes: 0 };
      shares.set(source, share);
      share.entries.add(entry);
      requests += 1;
      return {
        hold: (more) => hold(entry, more),
        release: (less) => {
          const given = Math.min(less, entry.bytes);
          entry.bytes -= given;
          bytes -= given;
          const held = shares.get(source);
          if (held) held.bytes -= given;
        },
        keep: () => {
          entry.isKept = true;
        },
        leave: () => leave(entry),
      };
    },
  };
}
