import type { Token } from './tokens.ts';

/** Tokens that a rule may look at on either side of the one it is asked about: an IBAN of single characters is the longest. */
const margin = 72;
/** Tokens moved at a time. */
const stretch = 256;

/**
 * A part of the tokens that moves along with a reader, so that replacing some in the middle of a long text costs no more
 * than in a short one. Indexes are those of `words`, and hold until the next `advance` or `replace`.
 */
export interface TokenWindow {
  readonly words: readonly Token[];
  /** Where the reader stands. */
  readonly index: number;
  hasMore(): boolean;
  advance(): void;
  /** No number begins before `next`: what is there is part of something that was understood. */
  stepOver(next: number): void;
  isSteppedOver(index: number): boolean;
  /** Puts one token in the place of those from `first` up to `next`, and goes back to `reach` before it. */
  replace(first: number, next: number, token: Token, reach: number): void;
  /** All the tokens, once there are no more to read. */
  all(): Token[];
}

export function createWindow(tokens: readonly Token[]): TokenWindow {
  const words = tokens.slice(0, margin + stretch);
  let ahead = words.length;
  /** What is left of the window, in order, and up to where numbers were stepped over there. */
  const behind: Token[] = [];
  const limitsBehind: number[] = [];
  /** For each word that was read: how far beyond it numbers are stepped over. */
  const limits: number[] = [];
  let index = 0;
  let limit = 0;

  function settle(): void {
    if (index > 2 * margin + stretch) {
      const moved = index - 2 * margin;
      behind.push(...words.splice(0, moved));
      limitsBehind.push(...limits.splice(0, moved));
      index -= moved;
      limit -= moved;
    } else if (index < margin && behind.length > 0) {
      const moved = Math.min(behind.length, stretch);
      words.unshift(...behind.splice(-moved));
      limits.unshift(...limitsBehind.splice(-moved));
      index += moved;
      limit += moved;
    }
    if (words.length - index <= margin && ahead < tokens.length) {
      words.push(...tokens.slice(ahead, ahead + stretch));
      ahead += stretch;
    }
    limits.length = index;
    limits.push(Math.max(0, limit - index));
  }

  settle();
  return {
    words,
    get index() {
      return index;
    },
    hasMore: () => index < words.length,
    advance() {
      index++;
      settle();
    },
    stepOver(next) {
      limit = next;
    },
    isSteppedOver: (at) => at < limit,
    replace(first, next, token, reach) {
      words.splice(first, next - first, token);
      index = Math.max(0, first - reach);
      limit = index + (limits[index] ?? 0);
      settle();
    },
    all: () => [...behind, ...words],
  };
}
