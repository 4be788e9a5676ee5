import {
  AMBIGUOUS,
  AMBIGUOUS_LOWER,
  CLOSES,
  COMMON,
  GIVEN,
  HINTS,
  INTRODUCES,
  MONTH,
  PARTICLE,
  PLACE,
  RELATION,
  SURNAME,
  TITLE,
  TITLE_AFTER,
  TRADE,
  introduces,
} from './lexicon.ts';
import {
  ARABIC,
  NAME,
  NISBA,
  hasCapital,
  isFree,
  isName,
  isUncased,
  joins,
  listed,
  looksLikeName,
  type Reading,
} from './reading.ts';
import type { Token } from './tokens.ts';

const introductionGap = /^[\s:–—\-"'«“„,=]{1,4}$/;

/** The token after a name that an introduction, a title, a relative or a closing before `index` announces; or 0. */
export function introducedAt(reading: Reading, index: number): number {
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
