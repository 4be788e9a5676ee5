import {
  AMBIGUOUS,
  AMBIGUOUS_LOWER,
  ARABIC_FIRST,
  CLOSES,
  COMMON,
  GERMAN_MARK,
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
  introduces,
} from './lexicon.ts';
import { type Listed, nothing } from './listed.ts';
import type { Span } from './span.ts';
import type { Token } from './tokens.ts';

const NAME = GIVEN | SURNAME;
/** Longer names than this are not looked for. */
const longestName = 5;

/** The same after an apostrophe, where Turkish writes them, and the English possessive. */
const AFTER_APOSTROPHE =
  /^(?:s|[ny]?[iu]n?|y?[aei]|y?l[ae]|[dt][ae]n?|n[iu]n|[dt][ae]ki|lar|ler|larin|lerin)$/;
const PATRONYMIC = /(?:ович|евич|ьич|овн|евн|ичн)(?:а|у|ем|ом|е|ы|ой|и)?$/;
const RUSSIAN_SURNAME =
  /(?:ов|ев|ин|ын)(?:а|у|ым|ой|е)?$|(?:ск|цк)(?:ий|ого|ому|им|ом|ая|ой|ую)$|(?:енко|чук|дзе|швили)$/;
const ARABIC = /^[\u0600-\u06ff]/;
const CYRILLIC = /^[\u0400-\u04ff]/;
const NISBA = /^ال.{2,}ي$/;

/** What makes a look at one text: the words, whether nouns have capitals in it, whether everything has. */
interface Reading {
  readonly text: string;
  readonly words: readonly Token[];
  readonly german: boolean;
  readonly shouting: boolean;
}

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

function listed(word: Token | undefined): Listed {
  return word?.listed ?? nothing;
}

function isName(word: Token | undefined): boolean {
  return (listed(word).flags & NAME) !== 0;
}

/** Neither a frequent word, nor a place, a month or a word of our trade. */
function isFree(word: Token | undefined): boolean {
  if (word?.kind !== 'word') return false;
  const { flags } = listed(word);
  return (flags & (COMMON | PLACE | MONTH | TRADE | TITLE | RELATION | PERSON_VERB)) === 0;
}

function hasCapital(reading: Reading, word: Token | undefined): boolean {
  return (
    word?.kind === 'word' &&
    !reading.shouting &&
    (word.shape === 'capital' || word.shape === 'upper')
  );
}

function isUncased(word: Token | undefined): boolean {
  return word?.kind === 'word' && word.shape === 'uncased';
}

/** Written as a name could be: a capital, at least two letters, and no code like IST. */
function looksLikeName(reading: Reading, word: Token | undefined): boolean {
  if (!word || !isFree(word) || word.end - word.start < 2) return false;
  if (word.shape === 'upper' && word.end - word.start <= 3) return false;
  return hasCapital(reading, word);
}

function startsSentence(reading: Reading, index: number): boolean {
  const gap = reading.words[index]?.gap;
  if (gap === null || gap === undefined) return true;
  return /[.!?\n؟;:•*>|]/.test(gap) || /(?:^|\s)[-–—]\s/.test(gap);
}

/** Only what may stand between two words of a name. */
function joins(gap: string | null | undefined): boolean {
  return gap === ' ' || gap === '-' || gap === '\u00a0' || gap === '‑';
}

// Names by the lists

function isSeed(reading: Reading, index: number): boolean {
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

// Names by what stands before them

const introductionGap = /^[\s:–—\-"'«“„,=]{1,4}$/;

/** The token after a name that an introduction, a title, a relative or a closing before `index` announces; or 0. */
function introducedAt(reading: Reading, index: number): number {
  const word = reading.words[index];
  const cue = reading.words[index - 1];
  if (!word || !cue || cue.kind !== 'word' || word.kind !== 'word') return 0;
  const gap = word.gap ?? '';
  const flags = listed(word).flags;
  const named = (flags & NAME) !== 0;
  const capital = looksLikeName(reading, word);
  const quoted = introductionGap.test(gap);

  if (
    cue.flags & TITLE &&
    /^\.?\s?$/.test(gap) &&
    gap !== '' &&
    (cue.key !== 'm' || gap.startsWith('.'))
  ) {
    if (capital || (named && (word.shape !== 'lower' || !(flags & (COMMON | AMBIGUOUS)))))
      if (!(flags & (TITLE | TRADE))) return index + 1;
    if (isUncased(word) && isFree(word)) return index + 1;
    if (word.shape === 'lower' && isFree(word) && /^(?:mr|mrs|sayin|mme|bay|bayan)$/.test(cue.key))
      return index + 1;
  }
  if (
    cue.key === 'm' &&
    gap.startsWith('.') &&
    cue.shape === 'capital' &&
    (capital || named) &&
    hasCapital(reading, word)
  )
    return index + 1;

  if (cue.flags & (INTRODUCES | HINTS) && quoted) {
    const kind = introduction(reading, index - 1);
    if (kind === 'strong') return introducedName(reading, index, gap);
    if (kind === 'weak' && !gap.includes(',') && hinted(reading, index)) return index + 1;
  }
  // "Mein Name ist: X", "اسم المرافق: X": one word between may be a verb.
  const before = reading.words[index - 2];
  if (
    before &&
    quoted &&
    /^(?:is|ist|est|lautet|هو|هي)$/.test(cue.key) &&
    before.flags & INTRODUCES
  ) {
    if (introduction(reading, index - 2) === 'strong') return introducedName(reading, index, gap);
  }

  if (cue.flags & RELATION && (quoted || gap === ' ')) {
    if (isUncased(word)) {
      if (named && !(flags & (COMMON | PLACE) && !(flags & AMBIGUOUS))) return index + 1;
      // An unknown word before a surname like القحطاني.
      const next = reading.words[index + 1];
      if (isFree(word) && joins(next?.gap) && isFree(next) && NISBA.test(next?.key ?? ''))
        return index + 2;
    } else if (hasCapital(reading, word)) {
      const greeting = /^(?:hi|hello|hallo|bonjour|merhaba|selam|dear|contact|slov)$/.test(cue.key);
      if (flags & GIVEN && !(flags & (TRADE | PLACE)))
        return !greeting || !(flags & (AMBIGUOUS | COMMON)) ? index + 1 : 0;
      if (named && !(flags & (TRADE | PLACE)) && !/[,-]/.test(gap)) return index + 1;
      if (capital && !greeting && !gap.includes(',') && (!reading.german || personAsNoun(cue)))
        return index + 1;
    } else if (named && flags & GIVEN && !(flags & (AMBIGUOUS | AMBIGUOUS_LOWER | COMMON | PLACE)))
      return index + 1;
  }

  if (cue.flags & CLOSES && /[,\n!.]|^ $/.test(gap) && endsSoon(reading, index)) {
    if (hasCapital(reading, word) && (named || capital) && !(flags & (TRADE | COMMON) && !named))
      return index + 1;
    if (named && !(flags & (AMBIGUOUS | COMMON | PLACE))) return index + 1;
  }
  return 0;
}

/** "Patient Köhler": in German these nouns stand right before the name. */
function personAsNoun(cue: Token): boolean {
  return /^(?:patient|patientin|mann|frau|schwester|bruder|sohn|tochter|mutter|vater|freundin|freund|gast)$/.test(
    cue.key,
  );
}

/** Strength of the introduction that ends at `index`: its last one, two or three words. */
function introduction(reading: Reading, index: number): 'strong' | 'weak' | null {
  let phrase = '';
  let found: 'strong' | 'weak' | null = null;
  for (let count = 0; count < 3; count++) {
    const word = reading.words[index - count];
    if (word?.kind !== 'word') break;
    phrase = count === 0 ? word.key : `${word.key} ${phrase}`;
    const strength = introduces(phrase);
    if (strength === 'strong') return strength;
    found ??= strength;
    if (!/^(?:[ '’]|\u00a0)$/.test(word.gap ?? '')) break;
  }
  return found;
}

/** Up to three words that an introduction announced, in any case and script; 0 if what follows is an ordinary word. */
function introducedName(reading: Reading, index: number, gap: string): number {
  const word = reading.words[index];
  if (!word) return 0;
  const named = isName(word);
  // "Name, Vorname" is a form's heading.
  if (gap.includes(',') && !named) return 0;
  if (
    word.flags & (INTRODUCES | TITLE | TRADE | PARTICLE) &&
    !(named && !(word.flags & (TITLE | TRADE)))
  )
    return 0;
  const labelled = /[:=]/.test(gap);
  if (!named && (word.flags & (COMMON | PLACE | MONTH | RELATION) || word.end - word.start < 2))
    return 0;
  if (
    named &&
    !hasCapital(reading, word) &&
    !labelled &&
    word.flags & COMMON &&
    !(word.flags & GIVEN)
  )
    return 0;
  let end = index + 1;
  const lower = word.shape === 'lower' || isUncased(word) || reading.shouting;
  while (end < index + 3) {
    const next = reading.words[end];
    if (!next || !joins(next.gap)) break;
    const unknown =
      isFree(next) &&
      next.end - next.start > 2 &&
      !((next.flags & (HINTS | INTRODUCES | CLOSES | TITLE_AFTER)) !== 0);
    if (isName(next) && !((next.flags & COMMON) !== 0 && !hasCapital(reading, next))) end++;
    else if (
      unknown &&
      (hasCapital(reading, next) || (lower && end === index + 1 && !strippedCommon(next)))
    )
      end++;
    else break;
  }
  return end;
}

/** An Arabic word that is a frequent one under its particle: وأريد, "and I want". */
function strippedCommon(word: Token): boolean {
  return (
    ARABIC.test(word.key) &&
    (listed(word).flags & COMMON || /^[وفلبك]/.test(word.key)) !== 0 &&
    !isName(word)
  );
}

/** After "I am", "this is": what could also be "happy" has to be a name of the lists, or written as one. */
function hinted(reading: Reading, index: number): boolean {
  const word = reading.words[index];
  const cue = reading.words[index - 1];
  if (!word || !cue) return false;
  const { flags } = listed(word);
  const next = reading.words[index + 1];
  if (flags & (MONTH | TRADE | TITLE | PLACE)) return false;
  const plain = (flags & (AMBIGUOUS | COMMON)) === 0;
  if (isUncased(word)) return (flags & GIVEN) !== 0 && plain;
  if (hasCapital(reading, word)) {
    if (flags & GIVEN) return true;
    if (flags & SURNAME && plain) return true;
    return (
      /^(?:im|m|am|suis|ben|я)$/.test(cue.key) && !reading.german && looksLikeName(reading, word)
    );
  }
  if (!(flags & GIVEN)) return false;
  if (plain && word.end - word.start >= 3 && !(flags & AMBIGUOUS_LOWER)) return true;
  return (
    joins(next?.gap) && (listed(next).flags & NAME) !== 0 && (listed(next).flags & COMMON) === 0
  );
}

/** At most four words are left in the text or the line: a signature's place. */
function endsSoon(reading: Reading, index: number): boolean {
  for (let at = index + 1; at < index + 4; at++) {
    const word = reading.words[at];
    if (!word || /[\n,]/.test(word.gap ?? '') || word.kind !== 'word') return true;
  }
  return reading.words[index + 4] === undefined;
}

// Initials

/** "J. K. Morrison", "И. П. Морозов", "K.-H. Becker": the token after the name, or 0. */
function initialsAt(reading: Reading, index: number): number {
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

function isInitial(reading: Reading, index: number): boolean {
  const word = reading.words[index];
  const next = reading.words[index + 1];
  return (
    word?.kind === 'word' &&
    word.end - word.start === 1 &&
    word.shape === 'capital' &&
    (next?.gap?.startsWith('.') ?? false)
  );
}

// From a sure word to the whole name

/** The first token of the name that holds `index`. */
function leftmost(reading: Reading, index: number, free: number): number {
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
function rightmost(reading: Reading, first: number, end: number): number {
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
