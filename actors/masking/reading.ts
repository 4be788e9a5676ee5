import {
  COMMON,
  GIVEN,
  MONTH,
  PERSON_VERB,
  PLACE,
  RELATION,
  SURNAME,
  TITLE,
  TRADE,
} from './lexicon.ts';
import { nothing, type Listed } from './listed.ts';
import type { Token } from './tokens.ts';

/** Flags of a word that the lists have as a name. */
export const NAME = GIVEN | SURNAME;

/** A word's script, by its first letter. */
export const ARABIC = /^[\u0600-\u06ff]/;
export const CYRILLIC = /^[\u0400-\u04ff]/;

/** An Arabic name of origin: القحطاني. */
export const NISBA = /^ال.{2,}ي$/;

/** What makes a look at one text: the words, whether nouns have capitals in it, whether everything has. */
export interface Reading {
  readonly text: string;
  readonly words: readonly Token[];
  readonly german: boolean;
  readonly shouting: boolean;
}

/** What the lists say of a word, its endings taken off where need be. */
export function listed(word: Token | undefined): Listed {
  return word?.listed ?? nothing;
}

/** Whether the lists have it as a given name or a surname, whatever else it is. */
export function isName(word: Token | undefined): boolean {
  return (listed(word).flags & NAME) !== 0;
}

/** Neither a frequent word, nor a place, a month or a word of our trade. */
export function isFree(word: Token | undefined): boolean {
  if (word?.kind !== 'word') return false;
  const { flags } = listed(word);
  return (flags & (COMMON | PLACE | MONTH | TRADE | TITLE | RELATION | PERSON_VERB)) === 0;
}

/** In a text all in capitals nothing has one. */
export function hasCapital(reading: Reading, word: Token | undefined): boolean {
  return (
    word?.kind === 'word' &&
    !reading.shouting &&
    (word.shape === 'capital' || word.shape === 'upper')
  );
}

/** Written in a script without capitals. */
export function isUncased(word: Token | undefined): boolean {
  return word?.kind === 'word' && word.shape === 'uncased';
}

/** Written as a name could be: a capital, at least two letters, and no code like IST. */
export function looksLikeName(reading: Reading, word: Token | undefined): boolean {
  if (!word || !isFree(word) || word.end - word.start < 2) return false;
  if (word.shape === 'upper' && word.end - word.start <= 3) return false;
  return hasCapital(reading, word);
}

/** Also after a colon, a bullet or a dash. */
export function startsSentence(reading: Reading, index: number): boolean {
  const gap = reading.words[index]?.gap;
  if (gap === null || gap === undefined) return true;
  return /[.!?\n؟;:•*>|]/.test(gap) || /(?:^|\s)[-–—]\s/.test(gap);
}

/** Only what may stand between two words of a name. */
export function joins(gap: string | null | undefined): boolean {
  return gap === ' ' || gap === '-' || gap === '\u00a0' || gap === '‑';
}
