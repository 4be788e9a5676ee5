import {
  AMBIGUOUS,
  AMBIGUOUS_LOWER,
  ARABIC_FIRST,
  COMMON,
  GIVEN,
  MONTH,
  PERSON_VERB,
  PLACE,
  RELATION,
  TITLE,
  TITLE_AFTER,
  TRADE,
  flagsOf,
} from './lexicon.ts';
import {
  NAME,
  NISBA,
  hasCapital,
  isFree,
  isName,
  isUncased,
  joins,
  listed,
  looksLikeName,
  startsSentence,
  type Reading,
} from './reading.ts';
import type { Token } from './tokens.ts';

/** The same after an apostrophe, where Turkish writes them, and the English possessive. */
const AFTER_APOSTROPHE =
  /^(?:s|[ny]?[iu]n?|y?[aei]|y?l[ae]|[dt][ae]n?|n[iu]n|[dt][ae]ki|lar|ler|larin|lerin)$/;

/** Whether the word at `index` is somebody's name, by the lists and the words beside it. */
export function isSeed(reading: Reading, index: number): boolean {
  const word = reading.words[index];
  if (!word) return false;
  const { flags, stripped } = listed(word);
  const next = reading.words[index + 1];
  const previous = reading.words[index - 1];
  const length = word.end - word.start;

  // "Kemal Bey", "elif hanım": whoever it is.
  if (next && next.flags & TITLE_AFTER && next.gap === ' ' && length > 1) {
    if (flags & NAME && !(flags & (TITLE | TRADE))) return true;
    if (isFree(word) && (looksLikeName(reading, word) || word.shape === 'lower'))
      return !(flags & (AMBIGUOUS | TITLE_AFTER));
  }
  if (!(flags & NAME)) return isArabicPair(word, next);
  if (flags & (TITLE_AFTER | RELATION)) return false;
  if (flags & (MONTH | TRADE | TITLE) && !(previous && isPlainName(reading, previous, word)))
    return false;
  if (word.shape === 'uncased') return isArabicSeed(word, next, previous, flags, stripped);

  const plain = (flags & (AMBIGUOUS | PLACE | COMMON)) === 0;
  const capital = hasCapital(reading, word);
  if (!capital) {
    if (!(flags & GIVEN) || !plain || flags & AMBIGUOUS_LOWER || length < 4) {
      // "ali rıza doğan": two of the lists together, one of them a given name that is no word.
      return flags & GIVEN && plain && !(flags & AMBIGUOUS_LOWER) && length >= 3
        ? joins(next?.gap) && isName(next) && !((next?.flags ?? 0) & COMMON)
        : false;
    }
    return !stripped || length >= 6;
  }
  if (word.shape === 'upper' && length <= 3)
    return isPlainName(reading, next, next) && joins(next?.gap);
  const inTitle = isInTitle(reading, index);
  if (plain && flags & GIVEN) return !inTitle;
  if (plain) {
    // A German sentence starts with nouns as well, so a surname there has to do something.
    const acts = next !== undefined && /^(?:hat|ist|wird|war|kann|will|hatte|soll)$/.test(next.key);
    return !inTitle && (!reading.german || acts || !startsSentence(reading, index));
  }

  // Words that are names too: they need a neighbour, or a place in the sentence that only a name has.
  if (!(flags & GIVEN)) return false;
  if (
    joins(next?.gap) &&
    hasCapital(reading, next) &&
    isName(next) &&
    !((next?.flags ?? 0) & (MONTH | TRADE))
  )
    if (!((next?.flags ?? 0) & PLACE) || next?.flags === undefined) return !inTitle;
  if (next && next.flags & PERSON_VERB && next.gap === ' ') return !inTitle;
  if (flags & PLACE) return false;
  if (/^['’]$/.test(next?.gap ?? '') && AFTER_APOSTROPHE.test(next?.key ?? '')) return !inTitle;
  if (reading.german || inTitle || flags & COMMON) return false;
  return !startsSentence(reading, index);
}

/** Beside a capital or a quotation mark that is no person's: "Hotel Rose", «Виктория», "Viktoria Park". */
function isInTitle(reading: Reading, index: number): boolean {
  const word = reading.words[index];
  const previous = reading.words[index - 1];
  const next = reading.words[index + 1];
  if (!word) return false;
  if (/[«“„"]$/.test(word.gap ?? '') && previous && previous.flags & TRADE) return true;
  if (previous && joins(word.gap) && previous.flags & TRADE && previous.shape !== 'upper') {
    return /^(?:hotel|otel|отель|отеля|klinik|clinic|klinika|grand|hospital|hastanesi|клиника|клинике|resort)$/.test(
      previous.key,
    );
  }
  return (
    next !== undefined &&
    next.gap === ' ' &&
    (next.flags & TRADE) !== 0 &&
    hasCapital(reading, next) &&
    /^(?:hotel|otel|park|klinik|kliniği|klinigi|clinic|hospital|hastanesi|palace|street|strasse|resort|beach|airport|airlines)$/.test(
      next.key,
    )
  );
}

/** A capitalised given name of the lists that is no word. */
function isPlainName(reading: Reading, word: Token | undefined, after: Token | undefined): boolean {
  if (!word || !joins(after?.gap)) return false;
  const { flags } = listed(word);
  return (
    (flags & GIVEN) !== 0 &&
    (flags & (AMBIGUOUS | PLACE | MONTH | COMMON)) === 0 &&
    hasCapital(reading, word)
  );
}

/** عبد الله, أبو محمد, بن علي: the first word makes the second a name. */
function isArabicPair(word: Token, next: Token | undefined): boolean {
  if (!next || !isUncased(word) || !joins(next.gap)) return false;
  const key = /^[ولب]عبد$/.test(word.key) ? 'عبد' : word.key;
  if (!(flagsOf(key) & ARABIC_FIRST)) return false;
  if (key === 'عبد') return next.key.startsWith('ال');
  return isName(next) && !(next.flags & PLACE);
}

function isArabicSeed(
  word: Token,
  next: Token | undefined,
  previous: Token | undefined,
  flags: number,
  stripped: boolean,
): boolean {
  if (!(flags & GIVEN)) {
    return (
      NISBA.test(word.key) &&
      joins(word.gap) &&
      isName(previous) &&
      !((previous?.flags ?? 0) & COMMON)
    );
  }
  if (isArabicPair(word, next)) return true;
  if (flags & PLACE) return false;
  const nisba =
    joins(next?.gap) &&
    NISBA.test(next?.key ?? '') &&
    isFree(next) &&
    !((next?.flags ?? 0) & COMMON);
  if (flags & (AMBIGUOUS | COMMON)) {
    if (stripped || !next) return false;
    if (nisba) return true;
    const beside = listed(next).flags;
    return (
      joins(next.gap) && (beside & GIVEN) !== 0 && (beside & (AMBIGUOUS | COMMON | PLACE)) === 0
    );
  }
  return word.end - word.start >= (stripped ? 4 : 3);
}
