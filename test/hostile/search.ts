/**
 * Looks for texts that cost a function much more than their length: mutates a repeated piece, keeps what costs most, and
 * goes on from there. What is found depends on the seed and on the machine; what is promised must hold for all of it.
 */

/** A text that repeats `piece`, with something before and behind it. */
export interface Candidate {
  readonly head: string;
  readonly piece: string;
  readonly tail: string;
}

export interface Found extends Candidate {
  /** Milliseconds for `length` characters, the quickest of a few runs. */
  readonly ms: number;
}

export interface SearchOptions {
  readonly work: (text: string) => unknown;
  /** What pieces are made of. */
  readonly scraps: readonly string[];
  /** UTF-16 units of a tried text. */
  readonly length: number;
  readonly rounds: number;
  readonly seed: number;
}

/** The text of a candidate, cut to `length`. */
export function textOf({ head, piece, tail }: Candidate, length: number): string {
  const room = Math.max(0, length - head.length - tail.length);
  const times = Math.ceil(room / Math.max(1, piece.length));
  return (head + piece.repeat(times).slice(0, room) + tail).slice(0, length);
}

/**
 * Milliseconds of processor time of the quickest of `runs`: whatever else the machine does makes a run slower, and none
 * quicker.
 */
export function quickest(work: (text: string) => unknown, text: string, runs: number): number {
  let least = Infinity;
  for (let run = 0; run < runs; run++) {
    const before = process.cpuUsage();
    work(text);
    const { user, system } = process.cpuUsage(before);
    least = Math.min(least, (user + system) / 1_000);
  }
  return least;
}

/** Numbers from 0 to 1, the same for the same seed (mulberry32). */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** The costliest texts found, the worst first. */
export function search({ work, scraps, length, rounds, seed }: SearchOptions): readonly Found[] {
  const random = randomFrom(seed);
  const below = (count: number) => Math.floor(random() * count);
  const scrap = () => scraps[below(scraps.length)] ?? 'a';
  const made = (most: number) => Array.from({ length: 1 + below(most) }, scrap).join('');
  const cost = (candidate: Candidate): Found => ({
    ...candidate,
    ms: quickest(work, textOf(candidate, length), 3),
  });
  const mutated = ({ head, piece, tail }: Candidate): Candidate => {
    const at = below(piece.length + 1);
    const cut = at + below(4);
    switch (below(8)) {
      case 0:
        return { head, piece: piece.slice(0, at) + scrap() + piece.slice(at), tail };
      case 1:
        return { head, piece: piece.slice(0, at) + piece.slice(cut) || scrap(), tail };
      case 2:
        return { head, piece: piece.slice(0, at) + scrap() + piece.slice(cut), tail };
      case 3:
        return { head, piece: (piece + piece.slice(at)).slice(0, 400), tail };
      case 4:
        return { head: made(3), piece, tail };
      case 5:
        return { head, piece, tail: made(3) };
      case 6:
        return { head: '', piece, tail: '' };
      default:
        return { head, piece: piece + scrap(), tail };
    }
  };

  const kept = 12;
  let best: Found[] = scraps.map((piece) => cost({ head: '', piece, tail: '' }));
  best = best.toSorted((left, right) => right.ms - left.ms).slice(0, kept);
  for (let round = 0; round < rounds; round++) {
    const parent = best[below(best.length)] ?? { head: '', piece: 'a', tail: '' };
    const found = cost(below(6) === 0 ? { head: '', piece: made(6), tail: '' } : mutated(parent));
    if (found.ms <= (best.at(-1)?.ms ?? 0)) continue;
    // Noise is no find: what seems to cost more has to do so twice.
    const again = cost(found);
    best.push({ ...again, ms: Math.min(found.ms, again.ms) });
    best = best.toSorted((left, right) => right.ms - left.ms).slice(0, kept);
  }
  return best.map((one) => cost(one)).toSorted((left, right) => right.ms - left.ms);
}
