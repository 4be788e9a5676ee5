import { type Language, lexicons } from './lexicon/languages.ts';
import { type Found, type PhraseBook, phraseBook } from './phrases.ts';

/**
 * A message with each word or phrase written as one letter for its kind, so that one short pattern reads all languages:
 * "vom 3. bis 10. Mai" and "from 3 to 10 May" both hold `N~NM`. Numbers are `N` (up to three digits), `Z` (a year),
 * `#` (longer); months `M`, weekdays `D`; other kinds are in `kinds`; punctuation stands for itself, other words are `x`.
 */
export interface Sketch {
  readonly letters: string;
  /** What a letter stands for: the number, the month 1 to 12, the weekday 0 to 6, how many people. */
  readonly values: readonly number[];
  /** Where in the folded text it stood. */
  readonly offsets: readonly number[];
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
  const list = (phrases: string, letter: string, value = 0): [string, Kind] => [
    phrases,
    { letter, value },
  ];
  // A later list wins where two hold the same word, so what is rarer meant by a word comes first.
  const book = phraseBook<Kind>([
    list(lexicon.aged, 'g'),
    list(lexicon.of, 'u'),
    list(lexicon.ordinalEnding, 'o'),
    list(lexicon.my, 'p'),
    list(lexicon.with, 'W'),
    list(lexicon.and, '&'),
    list(lexicon.or, '|'),
    list(lexicon.until, '~'),
    list(lexicon.back, 'R'),
    list(lexicon.self, 'S'),
    list(lexicon.companion, 'C'),
    list(lexicon.person, 'P'),
    list(lexicon.infant, 'K', 1),
    list(lexicon.child, 'K'),
    list(lexicon.adult, 'A'),
    list(lexicon.yearsOld, 'Y'),
    list(lexicon.alone, 'L', 1),
    list(lexicon.two, 'L', 2),
    list(lexicon.three, 'L', 3),
    list(lexicon.four, 'L', 4),
    ...lexicon.numbers.map((phrases, number) => list(phrases, 'N', number)),
    ...lexicon.months.map((phrases, index) => list(phrases, 'M', index + 1)),
    ...lexicon.weekdays.map((phrases, index) => list(phrases, 'D', index)),
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
  const offsets: number[] = [];
  let skipTo = 0;
  for (const [index, { 0: token, index: offset }] of tokens.entries()) {
    const start = starts[index] ?? -1;
    if (start >= 0 && start < skipTo) continue;
    const phrase = start < 0 ? undefined : phrases.get(start);
    if (phrase) skipTo = phrase.end;
    const { letter, value } = phrase ? kindOf(phrase) : plainKind(token);
    letters += letter;
    values.push(value);
    offsets.push(offset);
  }
  return { letters, values, offsets };
}

/** "Eşimle" is my wife and with in one word: its value says so. */
function kindOf({ value, tail }: Found<Kind>): Kind {
  return value.letter === 'C' && /l[ae]$/.test(tail) ? { letter: 'C', value: 1 } : value;
}

function plainKind(token: string): Kind {
  if (/^\d/.test(token)) {
    if (token.length > 4) return { letter: '#', value: 0 };
    const value = Number(token);
    if (token.length === 4) return { letter: value >= 2000 && value < 2100 ? 'Z' : '#', value };
    return { letter: 'N', value };
  }
  if (/^[-.,/()]$/.test(token)) return { letter: token, value: 0 };
  if (token === '&' || token === '+') return { letter: '&', value: 0 };
  if (token === '،') return { letter: ',', value: 0 };
  return { letter: 'x', value: 0 };
}
