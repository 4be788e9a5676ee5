import { initialsAt } from './initials.ts';
import { introducedAt } from './introduced-names.ts';
import { GERMAN_MARK } from './lexicon.ts';
import { isSeed } from './listed-names.ts';
import type { Reading } from './reading.ts';
import type { Span } from './span.ts';
import type { Token } from './tokens.ts';
import { leftmost, rightmost } from './whole-names.ts';

/** Names of persons, in order. Linear: every rule looks a fixed number of words around. */
export function people(text: string, tokens: readonly Token[]): readonly Span[] {
  let germanMarks = 0;
  let upper = 0;
  let cased = 0;
  for (const { flags, shape, kind } of tokens) {
    if (kind !== 'word') continue;
    if (flags & GERMAN_MARK) germanMarks++;
    if (shape !== 'uncased') cased++;
    if (shape === 'upper') upper++;
  }
  const reading: Reading = {
    text,
    words: tokens,
    german: germanMarks >= 2,
    shouting: upper > 3 && upper * 2 > cased,
  };
  const spans: Span[] = [];
  let free = 0; // The first token that no name has taken.
  for (let index = 0; index < tokens.length; index++) {
    if (index < free) continue;
    const end = nameAt(reading, index);
    if (end === 0) continue;
    const first = leftmost(reading, index, free);
    const last = rightmost(reading, first, Math.max(end, index + 1));
    const start = tokens[first]?.start;
    const stop = tokens[last - 1]?.end;
    if (start === undefined || stop === undefined) continue;
    spans.push({ kind: 'name', start, end: stop });
    free = last;
  }
  return spans;
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
