import { dayWords } from './lexicon/days/all.ts';
import { type Language, lexicons } from './lexicon/languages.ts';
import { partyWords } from './lexicon/party-words.ts';
import { type Found, type PhraseBook, phraseBook } from './phrases.ts';

/**
 * A message with each word or phrase written as one letter for its kind, so that one short pattern reads a party in all
 * languages: "zwei Kinder, 5 und 7" and "two kids (5 and 7)" both hold `NK` and `N&N`. Numbers are `N`; other kinds are in
 * `bookOf`; punctuation stands for itself, words that say nothing are left out, other words are `x`.
 */
export interface Sketch {
  readonly letters: string;
  /** What a letter stands for: the number, how many people. */
  readonly values: readonly number[];
}

interface Kind {
  readonly letter: string;
  readonly value: number;
}

const books = new Map<Language, PhraseBook<Kind>>();

function bookOf(language: Language): PhraseBook<Kind> {
  const known = books.get(language);
  if (known) return known;
  const lexicon = lexicons[language];
  const party = partyWords[language];
  const days = dayWords[language];
  const list = (phrases: string, letter: string, value = 0): [string, Kind] => [
    phrases,
    { letter, value },
  ];
  const lists = (of: readonly (readonly [number, string])[], letter: string): [string, Kind][] =>
    of.map(([value, phrases]) => list(phrases, letter, value));
  // A later list wins where two hold the same word, so what is rarer meant by a word comes first.
  const book = phraseBook<Kind>([
    list(party.filler, 'ø'),
    list(days.until, '-'),
    list(days.counted, 'y'),
    ...days.units.map(([, , phrases]) => list(phrases, 'y')),
    list(lexicon.aged, 'g'),
    list(party.without, 'q'),
    list(party.about, 'a'),
    list(lexicon.with, 'W'),
    list(lexicon.and, '&'),
    list(lexicon.or, '|'),
    list(lexicon.self, 'S'),
    list(lexicon.companion, 'C', 1),
    ...lists(party.companions, 'C'),
    list(lexicon.person, 'P'),
    list(lexicon.child, 'K', 1),
    ...lists(party.children, 'K'),
    list(lexicon.infant, 'b', 1),
    list(party.babies, 'b', 1),
    list(lexicon.adult, 'A'),
    list(lexicon.yearsOld, 'Y'),
    list(party.monthsOld, 'm'),
    list(party.along, 'v'),
    list(party.weAre, 'U'),
    ...lists(days.counts, 'N'),
    ...lists(party.counts, 'N'),
    list(party.owns, 'x'),
    list(party.one, '1', 1),
    list(party.oneOf, 'O'),
    ...party.together.map(([count, words]) => list(words, count === 1 ? 'l' : 'L', count)),
    ...lexicon.months.map((phrases) => list(phrases, 'M')),
  ]);
  books.set(language, book);
  return book;
}

/** Sketches folded text as its language reads it. */
export function sketchOf(folded: string, language: Language): Sketch {
  const tokens = [...folded.matchAll(/\d+|\p{L}+|[^\s\p{L}\d']/gu)];
  let words = '';
  const starts: number[] = [];
  for (const [token] of tokens) {
    const isWord = /^[\p{L}\d]/u.test(token);
    if (isWord && words !== '') words += ' ';
    starts.push(isWord ? words.length : -1);
    if (isWord) words += token;
  }
  const phrases = new Map<number, Found<Kind>>();
  for (const found of bookOf(language).find(words)) phrases.set(found.start, found);

  let letters = '';
  const values: number[] = [];
  let skipTo = 0;
  for (const [index, { 0: token }] of tokens.entries()) {
    const start = starts[index] ?? -1;
    if (start >= 0 && start < skipTo) continue;
    const phrase = start < 0 ? undefined : phrases.get(start);
    if (phrase) skipTo = phrase.end;
    const { letter, value } = phrase ? kindOf(phrase, letters) : plainKind(token);
    if (letter === 'ø') continue;
    // "Eşimle" is my wife and with in one word, "وزوجتي" and my wife.
    const joint = letter.endsWith('+') ? 'W' : joinsArabic(token, letter) ? '&' : '';
    if (joint !== '') values.push(0);
    letters += joint;
    letters += letter[0] ?? 'x';
    values.push(value);
  }
  return { letters, values };
}

/** The Turkish "-le" is a "with", unless an "and" is meant: "eşimle ben". */
function kindOf({ value, tail }: Found<Kind>, before: string): Kind {
  const isJoined = /^[CKb]$/.test(value.letter) && /l[ae]$/.test(tail) && !before.endsWith('W');
  return isJoined ? { ...value, letter: `${value.letter}+` } : value;
}

/** The Arabic "and" is written on the word behind it; "والدي", "ولدي" and "وحدي" begin with the same letter. */
function joinsArabic(token: string, letter: string): boolean {
  return token.startsWith('و') && /^[CKbSANLP]$/.test(letter) && !/^و(?:الد|لد|احد|حد)/.test(token);
}

function plainKind(token: string): Kind {
  if (/^\d/.test(token)) {
    return token.length > 3 ? { letter: '#', value: 0 } : { letter: 'N', value: Number(token) };
  }
  if (/^[-.,/()]$/.test(token)) return { letter: token, value: 0 };
  if (token === ':') return { letter: '(', value: 0 };
  if (token === '&' || token === '+') return { letter: '&', value: 0 };
  if (/^[،;!?؟]$/.test(token)) return { letter: token === '،' ? ',' : '.', value: 0 };
  return { letter: 'x', value: 0 };
}
