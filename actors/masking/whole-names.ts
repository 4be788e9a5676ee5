import { isInitial } from './initials.ts';
import {
  AMBIGUOUS,
  ARABIC_FIRST,
  CLOSES,
  COMMON,
  GIVEN,
  HINTS,
  INTRODUCES,
  MONTH,
  PARTICLE,
  PERSON_VERB,
  PLACE,
  RELATION,
  SURNAME,
  TITLE,
  TITLE_AFTER,
  TRADE,
  flagsOf,
} from './lexicon.ts';
import {
  ARABIC,
  CYRILLIC,
  NAME,
  NISBA,
  hasCapital,
  isName,
  isUncased,
  joins,
  listed,
  looksLikeName,
  startsSentence,
  type Reading,
} from './reading.ts';

/** Longer names than this are not looked for. */
const longestName = 5;

const PATRONYMIC = /(?:ович|евич|ьич|овн|евн|ичн)(?:а|у|ем|ом|е|ы|ой|и)?$/;

const RUSSIAN_SURNAME =
  /(?:ов|ев|ин|ын)(?:а|у|ым|ой|е)?$|(?:ск|цк)(?:ий|ого|ому|им|ом|ая|ой|ую)$|(?:енко|чук|дзе|швили)$/;

/** The first token of the name that holds `index`. */
export function leftmost(reading: Reading, index: number, free: number): number {
  let first = index;
  while (first > free && index - first < longestName - 1) {
    const word = reading.words[first - 1];
    const gap = reading.words[first]?.gap;
    if (word?.kind !== 'word') break;
    if (/^\.[ -]?$/.test(gap ?? '') && isInitial(reading, first - 1)) {
      first--;
      continue;
    }
    if (/^['’]$/.test(gap ?? '') && /^[od]$/.test(word.key) && word.shape === 'capital') {
      first--;
      continue;
    }
    if (!joins(gap) || !belongsLeft(reading, first - 1)) break;
    first--;
  }
  return first;
}

function belongsLeft(reading: Reading, index: number): boolean {
  const word = reading.words[index];
  if (!word) return false;
  const { flags } = listed(word);
  if (flags & (TITLE | TRADE | TITLE_AFTER | MONTH | RELATION | CLOSES)) return false;
  if (isUncased(word))
    return (
      (flagsOf(word.key) & ARABIC_FIRST) !== 0 ||
      ((flags & GIVEN) !== 0 && !(flags & (COMMON | PLACE | AMBIGUOUS)))
    );
  if (!hasCapital(reading, word))
    return (
      (flags & GIVEN) !== 0 && !(flags & (COMMON | PLACE | AMBIGUOUS)) && word.end - word.start > 2
    );
  if (flags & NAME && !(flags & PLACE)) return !(flags & COMMON) || !startsSentence(reading, index);
  if (flags & (COMMON | PLACE | RELATION | HINTS | INTRODUCES | PERSON_VERB)) return false;
  if (word.shape === 'upper') return word.end - word.start > 3;
  if (CYRILLIC.test(word.key)) return RUSSIAN_SURNAME.test(word.key);
  return !reading.german && !startsSentence(reading, index) && word.end - word.start > 2;
}

/** The token after the name that starts at `first` and reaches at least to `end`. */
export function rightmost(reading: Reading, first: number, end: number): number {
  let last = end;
  while (last < first + longestName) {
    const word = reading.words[last];
    if (!word || word.kind !== 'word') break;
    // O'Connor, D'Angelo
    const before = reading.words[last - 1];
    if (
      before &&
      /^['’]$/.test(word.gap ?? '') &&
      /^[od]$/.test(before.key) &&
      word.shape === 'capital'
    ) {
      last++;
      continue;
    }
    // "Петрова О. В."
    if (
      isInitial(reading, last) &&
      /^[ .]+$/.test(word.gap ?? '') &&
      CYRILLIC.test(word.key) &&
      !startsNext(reading, last)
    ) {
      last++;
      continue;
    }
    if (!joins(word.gap)) break;
    if (belongsRight(reading, last, first)) {
      last++;
      continue;
    }
    // "van der Berg", "بن علي": particles only with what follows them.
    const beyond = particlesFrom(reading, last);
    if (beyond === 0) break;
    last = beyond;
  }
  return last;
}

/** Whether the initial at `index` begins another name: "Анна. И. П. Морозов". */
function startsNext(reading: Reading, index: number): boolean {
  return (reading.words[index]?.gap ?? '').includes('.') && !isInitial(reading, index - 1);
}

function belongsRight(reading: Reading, index: number, first: number): boolean {
  const word = reading.words[index];
  const head = reading.words[first];
  if (!word || !head) return false;
  const { flags, stripped } = listed(word);
  if (flags & (TITLE | TITLE_AFTER | TRADE | MONTH)) return false;
  if (isUncased(word)) {
    const before = reading.words[index - 1];
    if (before && ARABIC_FIRST & flagsOf(before.key.replace(/^[ولب]/, '')) && !(word.flags & PLACE))
      return true;
    if (flagsOf(word.key) & ARABIC_FIRST) return false;
    if (stripped || flags & PLACE || ARABIC.test(head.key) !== ARABIC.test(word.key)) return false;
    if (flags & COMMON && !(flags & AMBIGUOUS && flags & NAME)) return false;
    return (flags & NAME) !== 0 || NISBA.test(word.key);
  }
  if (!hasCapital(reading, word)) {
    const lowerHead = head.shape === 'lower' || reading.shouting;
    if (!lowerHead || flags & (COMMON | PLACE | PERSON_VERB)) return false;
    if (CYRILLIC.test(word.key))
      return (
        (flags & NAME) !== 0 ||
        PATRONYMIC.test(word.key) ||
        (RUSSIAN_SURNAME.test(word.key) && word.key.length > 5)
      );
    return (flags & NAME) !== 0 && !stripped;
  }
  if (word.shape === 'upper' && word.end - word.start <= 3) return false;
  if (flags & NAME) return !(flags & PLACE) || (flags & SURNAME) !== 0;
  if (flags & (COMMON | PLACE | PERSON_VERB | RELATION)) return false;
  return word.end - word.start > 1;
}

/** The token after "van der Berg"'s last word if particles start at `index`, or 0. */
function particlesFrom(reading: Reading, index: number): number {
  let at = index;
  while (at < index + 3) {
    const word = reading.words[at];
    if (!word || !joins(word.gap) || !(word.flags & PARTICLE)) break;
    at++;
  }
  const word = reading.words[at];
  if (at === index || !word || !joins(word.gap)) return 0;
  if (isUncased(word)) return isName(word) && !(word.flags & PLACE) ? at + 1 : 0;
  const particle = reading.words[index];
  if (particle && isUncased(particle)) return 0;
  if (particle?.shape !== 'lower' && !/^(?:al|el|van|von|de|di|bin|abu)$/.test(particle?.key ?? ''))
    return 0;
  return looksLikeName(reading, word) && word.shape !== 'lower' ? at + 1 : 0;
}
