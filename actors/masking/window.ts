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
  /** Whether the token is still to be read. */
  isDue(index: number): boolean;
  /** Those from `first` up to `next` are to be read, once more if they have been. */
  makeDue(first: number, next: number): void;
  /** What is here has been read. */
  advance(): void;
  /** No number begins before `next`: what is there is part of something that was understood. */
  stepOver(next: number): void;
  isSteppedOver(index: number): boolean;
  /** Puts one token, which is not read, in the place of those from `first` up to `next`, and goes back to `reach` before it. */
  replace(first: number, next: number, token: Token, reach: number): void;
  /** All the tokens, once there are no more to read. */
  all(): Token[];
}

/** `due` says of each token whether it is to be read. */
export function createWindow(tokens: readonly Token[], due: readonly boolean[]): TokenWindow {
  const words = tokens.slice(0, margin + stretch);
  const isDue = due.slice(0, margin + stretch);
  /** For each word the reader came to: how far from it numbers are stepped over. */
  const limits: number[] = [0];
  let ahead = words.length;
  /** What is left of the window, in order. */
  const behind = { words: [] as Token[], isDue: [] as boolean[], limits: [] as number[] };
  let index = 0;
  let limit = 0;

  /** Moves the window on or back, so that the reader has enough on both sides, and notes where the reader is. */
  function follow(): void {
    if (index > 2 * margin + stretch) {
      const moved = index - 2 * margin;
      behind.words.push(...words.splice(0, moved));
      behind.isDue.push(...isDue.splice(0, moved));
      behind.limits.push(...limits.splice(0, moved));
      index -= moved;
      limit -= moved;
    } else if (index < margin && behind.words.length > 0) {
      const moved = Math.min(behind.words.length, stretch);
      words.unshift(...behind.words.splice(-moved));
      isDue.unshift(...behind.isDue.splice(-moved));
      limits.unshift(...behind.limits.splice(-moved));
      index += moved;
      limit += moved;
    }
    if (words.length - index <= margin && ahead < tokens.length) {
      words.push(...tokens.slice(ahead, ahead + stretch));
      isDue.push(...due.slice(ahead, ahead + stretch));
      ahead += stretch;
    }
    limits[index] = Math.max(0, limit - index);
  }

  return {
    words,
    get index() {
      return index;
    },
    hasMore: () => index < words.length,
    isDue: (at) => isDue[at] ?? false,
    makeDue(first, next) {
      isDue.fill(true, Math.max(0, first), next);
    },
    advance() {
      isDue[index] = false;
      index++;
      follow();
    },
    stepOver(next) {
      limit = next;
    },
    isSteppedOver: (at) => at < limit,
    replace(first, next, token, reach) {
      words.splice(first, next - first, token);
      isDue.splice(first, next - first, false);
      index = Math.max(0, first - reach);
      limit = index + (limits[index] ?? 0);
      limits.length = index;
      follow();
    },
    all: () => [...behind.words, ...words],
  };
}
