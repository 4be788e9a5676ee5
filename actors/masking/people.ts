import { initialsAt } from './initials.ts';
import { introducedAt } from './introduced-names.ts';
import { GERMAN_MARK } from './lexicon.ts';
import { isSeed } from './listed-names.ts';
import type { Reading } from './reading.ts';
import type { Span } from './span.ts';
import type { Find } from './surroundings.ts';
import type { Token } from './tokens.ts';
import { leftmost, rightmost } from './whole-names.ts';

/** What the whole text says of how its words are written. */
export interface Manner {
  /** Nouns have capitals. */
  readonly german: boolean;
  /** Nearly everything has. */
  readonly shouting: boolean;
}

export function mannerOf(tokens: readonly Token[]): Manner {
  let germanMarks = 0;
  let upper = 0;
  let cased = 0;
  for (const { flags, shape, kind } of tokens) {
    if (kind !== 'word') continue;
    if (flags & GERMAN_MARK) germanMarks++;
    if (shape !== 'uncased') cased++;
    if (shape === 'upper') upper++;
  }
  return { german: germanMarks >= 2, shouting: upper > 3 && upper * 2 > cased };
}

/** Names of persons, in order. Linear: every rule looks a fixed number of words around. */
export function people(text: string, tokens: readonly Token[]): readonly Span[] {
  const reading: Reading = { text, words: tokens, ...mannerOf(tokens) };
  const spans: Span[] = [];
  let free = 0; // The first token that no name has taken.
  for (let index = 0; index < tokens.length; index++) {
    if (index < free) continue;
    const find = personAt(reading, index, free);
    if (!find) continue;
    spans.push(find.span);
    free = find.next;
  }
  return spans;
}

/** The name that `index` is surely part of, with its first token; it may begin before, though not before `free`. */
export function personAt(
  reading: Reading,
  index: number,
  free: number,
): (Find & { readonly first: number }) | null {
  const end = nameAt(reading, index);
  if (end === 0) return null;
  const first = leftmost(reading, index, free);
  const next = rightmost(reading, first, Math.max(end, index + 1));
  const start = reading.words[first]?.start;
  const stop = reading.words[next - 1]?.end;
  if (start === undefined || stop === undefined) return null;
  return { span: { kind: 'name', start, end: stop }, first, next };
}

/** The token after the name that certainly starts at `index`, or 0. */
function nameAt(reading: Reading, index: number): number {
  const word = reading.words[index];
  if (word?.kind !== 'word') return 0;
  // A letter right beside a digit is part of an id, a flight or a code.
  const next = reading.words[index + 1];
  const previous = reading.words[index - 1];
  if (next?.kind === 'digits' && next.gap === '') return 0;
  if (previous?.kind === 'digits' && word.gap === '') return 0;
  return (
    introducedAt(reading, index) ||
    initialsAt(reading, index) ||
    (isSeed(reading, index) ? index + 1 : 0)
  );
}
