import { RELATION, TRADE } from './lexicon.ts';
import { NAME, hasCapital, joins, listed, looksLikeName, type Reading } from './reading.ts';

/** "J. K. Morrison", "И. П. Морозов", "K.-H. Becker": the token after the name, or 0. */
export function initialsAt(reading: Reading, index: number): number {
  if (!isInitial(reading, index)) return 0;
  const previous = reading.words[index - 1];
  // "Terminal C. Bitte …"
  if (
    previous &&
    joins(reading.words[index]?.gap) &&
    previous.flags & TRADE &&
    !(previous.flags & RELATION)
  ) {
    if (/^(?:terminal|gate|halle|block)$/.test(previous.key)) return 0;
  }
  let at = index + 1;
  while (at < index + 3 && isInitial(reading, at) && /^\.[ -]?$/.test(reading.words[at]?.gap ?? ''))
    at++;
  const word = reading.words[at];
  if (!word || !/^\.\s?$/.test(word.gap ?? '') || word.shape === 'lower') return 0;
  if (!hasCapital(reading, word) || word.end - word.start < 3) return 0;
  if (listed(word).flags & NAME) return at + 1;
  return looksLikeName(reading, word) ? at + 1 : 0;
}

/** A single capital before a full stop. */
export function isInitial(reading: Reading, index: number): boolean {
  const word = reading.words[index];
  const next = reading.words[index + 1];
  return (
    word?.kind === 'word' &&
    word.end - word.start === 1 &&
    word.shape === 'capital' &&
    (next?.gap?.startsWith('.') ?? false)
  );
}
