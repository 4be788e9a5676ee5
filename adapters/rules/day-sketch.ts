import type { Calendar } from './calendar.ts';
import { dayWords } from './lexicon/days/all.ts';
import type { DayWords } from './lexicon/days/day-words.ts';
import { type Language, lexicons } from './lexicon/languages.ts';
import { numericDay, type NumericDay } from './numeric-days.ts';
import { isOneOff } from './one-off.ts';
import { type Found, type PhraseBook, phraseBook } from './phrases.ts';

/**
 * One word, phrase or sign of a message as it matters for days, see `letters` of `DaySketch`. Words that say nothing between
 * the parts of a day ("the", "of") are left out.
 */
export interface DayToken {
  readonly letter: string;
  readonly value: number;
  /** Behind a word that makes it a day of a month: "on the 20th", "am 20.". */
  readonly led: boolean;
  /** What an `I` means. */
  readonly numeric: NumericDay | null;
  readonly text: string;
}

/**
 * A message as one letter for each token, so that short patterns read all languages: numbers `N`, days of a month `O`, years `Z`,
 * months `M`, weekdays `D`, numeric dates `I`, today and tomorrow `T`, weeks `W` and months `L` counted from this one, units
 * `d` `w` `m`, "a" `1`; the rest is in `bookOf`; punctuation stands for itself, other words are `x`.
 */
export interface DaySketch {
  readonly letters: string;
  readonly tokens: readonly DayToken[];
  readonly words: DayWords;
}

interface Kind {
  readonly letter: string;
  readonly value: number;
}

const books = new Map<Language, PhraseBook<Kind>>();

function bookOf(language: Language): PhraseBook<Kind> {
  const known = books.get(language);
  if (known) return known;
  const words = dayWords[language];
  const names = lexicons[language];
  const list = (phrases: string, letter: string, value = 0): [string, Kind] => [
    phrases,
    { letter, value },
  ];
  const lists = (of: readonly (readonly [number, string])[], letter: string): [string, Kind][] =>
    of.map(([value, phrases]) => list(phrases, letter, value));
  const bounds = new Set(words.bound.split('|'));
  const laters = new Set(words.later.split('|'));
  const isBound = (phrases: string, letter: string) =>
    phrases.split('|').map((phrase) => list(phrase, letter, bounds.has(phrase) ? 1 : 0));
  // A later list wins where two hold the same word, so what is rarer meant by a word comes first.
  const book = phraseBook<Kind>([
    list(words.filler, 'ø'),
    list(words.travel, 'V'),
    list(words.stay, 'B'),
    list(words.arrives, 'Y'),
    list(words.otherwise, 'X'),
    list(words.expecting, 'π'),
    list(words.past, 'H'),
    list(words.out, 'G'),
    list(words.back, 'R'),
    list(words.counted, 'j'),
    list(words.clock, 'k'),
    list(words.correction, 'e'),
    list(words.change, 'E'),
    list(words.leads, 'λ'),
    list(words.during, 'f'),
    list(words.not, 'q'),
    list(words.notAfter, 'Q'),
    list(words.about, 'a'),
    list(words.part, 'p'),
    list(words.bound, 'F'),
    ...words.boundAfter
      .split('|')
      .filter((phrase) => !laters.has(phrase))
      .map((phrase) => list(phrase, 'S')),
    list(words.later, 's'),
    ...isBound(words.ahead, 'i'),
    list(words.or, '|'),
    list(words.and, '&'),
    ...isBound(words.until, '~'),
    list(words.between, 'z'),
    list(words.endings, 'o'),
    list(words.last, 'l'),
    list(words.this, 't'),
    list(words.coming, 'c'),
    list(words.next, 'n'),
    list(words.afterNext, 'y'),
    ...lists(words.ordinals, 'O'),
    ...lists(words.counts, 'N'),
    list(words.one, '1', 1),
    ...words.units.map(([unit, count, phrases]) => list(phrases, unit, count)),
    ...names.months.map((phrases, index) => list(phrases, 'M', index + 1)),
    ...lists(words.months, 'M'),
    ...names.weekdays.map((phrases, index) => list(phrases, 'D', index)),
    ...lists(words.weekdays, 'D'),
    list(words.vague, 'v'),
    ...lists(words.fixed, 'T'),
    ...lists(words.weeks, 'W'),
    ...lists(words.monthsAhead, 'L'),
  ]);
  books.set(language, book);
  return book;
}

/** `31.12.2027`, `3.-10.5.`; a time of day; digits; a word; a sign. */
const pieces =
  /(?<![\d.,/])(?:20\d\d([-./])\d{1,2}\1\d{1,2}|(?:\d{1,2}\.? ?- ?)?\d{1,2}([-./]) ?\d{1,2}(?:\2 ?(?:20\d\d|\d\d)(?!\d)|\.)?)(?![\d/]|[.,]\d)|\d{1,2}(?::|h)\d{2}(?!\d)|\d+|\p{L}+|[^\s\p{L}\d']/gu;

/** What stands behind a number that only looks like a date: `2.5 k`, `10.11 uhr`. */
const noDate =
  /^ ?(?:k|bin|euro|eur|€|\$|£|tl|usd|%|mm|cm|kg|mg|ml|mio|uhr|h|am|pm|a\.m|p\.m|часов|ч|утра|вечера|صباحا|مساء|الف|тыс)(?!\p{L})/u;

/** Sketches folded text as one language reads it; where it is only tried (not `isSpoken`), no misspelt weekday is guessed. */
export function daySketchOf(
  folded: string,
  language: Language,
  calendar: Calendar,
  isSpoken = true,
): DaySketch {
  const found = [...folded.matchAll(pieces)].flatMap(({ 0: text, index }) => {
    const end = index + text.length;
    const numeric = /^\d/.test(text) && /[-./]/.test(text) ? numericDay(text, calendar) : null;
    if (numeric && noDate.test(folded.slice(end, end + 8))) return [piece('#', index, end)];
    // Two numbers and a sign: "3-10".
    if (/^\d.*[-./]/.test(text) && numeric === null)
      return [...text.matchAll(/\d+|[^\d\s]/g)].map((part) =>
        piece(part[0], index + part.index, index + part.index + part[0].length),
      );
    return [{ text, index, end, numeric }];
  });
  let sentence = '';
  const starts: number[] = [];
  for (const { text, numeric } of found) {
    const isWord = numeric === null && /^(?:\d+|\p{L}+)$/u.test(text);
    if (isWord && sentence !== '') sentence += ' ';
    starts.push(isWord ? sentence.length : -1);
    // A sign between them parts no phrase ("vingt-trois"), but a date does.
    sentence += isWord ? text : numeric ? ' @' : '';
  }
  const phrases = new Map<number, Found<Kind>>();
  for (const phrase of bookOf(language).find(sentence)) phrases.set(phrase.start, phrase);

  const tokens: DayToken[] = [];
  let skipTo = 0;
  let led = false;
  let endOfDigits = -1;
  const push = (letter: string, value = 0, text = '', numeric: NumericDay | null = null) => {
    tokens.push({ letter, value, led, numeric, text });
    led = false;
  };
  for (const [index, { text, index: offset, end, numeric }] of found.entries()) {
    if (numeric) {
      if (numeric.opens !== null) {
        push('I', 0, text, { ...numeric, days: [numeric.opens], opens: null });
        push('-');
      }
      push('I', 0, text, { ...numeric, opens: null });
      continue;
    }
    const start = starts[index] ?? -1;
    const isSign = start < 0;
    const nextStart = isSign ? (starts.slice(index, index + 4).find((at) => at >= 0) ?? 0) : start;
    if (nextStart < skipTo) continue;
    const phrase = isSign ? undefined : phrases.get(start);
    const { letter, value } = phrase?.value ?? plainKind(text);
    const attached =
      endOfDigits >= 0 && offset - endOfDigits <= 1 && !/\s/.test(folded[endOfDigits] ?? '');
    const isHyphen =
      attached &&
      letter === '-' &&
      /^-(?:го|е|ое|ого|му)(?!\p{L})/u.test(folded.slice(offset, offset + 5));
    endOfDigits = isHyphen || /^\d{1,2}$/.test(text) ? end : -1;
    if (isHyphen) continue;
    if (letter === 'o') {
      const previous = tokens.at(-1);
      // "15inde", "3rd": only right behind the digits; "20 числа" is a word of its own.
      if ((attached || text.length >= 5) && previous?.letter === 'N')
        tokens[tokens.length - 1] = { ...previous, letter: 'O' };
      else push('x', 0, text);
      if (phrase) skipTo = phrase.end;
      continue;
    }
    if (phrase) skipTo = phrase.end;
    if (letter === 'ø') continue;
    // The Arabic for "day" is also a unit of time: "on day 20".
    const leads = letter === 'λ' || (text === 'يوم' && /^ ?\d/.test(folded.slice(end, end + 2)));
    if (leads) led = true;
    else if (attached && letter === '.' && isOrdinalDot(folded, end, tokens.at(-1), language)) {
      const previous = tokens.at(-1);
      if (previous) tokens[tokens.length - 1] = { ...previous, letter: 'O' };
    } else push(letter, value, text);
    if (letter === 'M' && language === 'tr') {
      const ending = monthEnding(text, folded.slice(end, end + 12));
      if (ending) push(ending);
    }
  }
  return sketched(tokens, language, isSpoken);
}

/** "Mart'tan … Mart'a", but "Mart'tan sonra"; "Şubat'taydı" has been. */
function monthEnding(month: string, behind: string): string | null {
  if (/(?:d[ae]|t[ae])yd[iu]/.test(month)) return 'H';
  const isFrom =
    /(?:dan|den|tan|ten)$/.test(month) || /^'(?:dan|den|tan|ten)(?!\p{L})/u.test(behind);
  return isFrom && !/^(?:'?..n)? (?:sonra|once|itibaren|beri)/.test(behind) ? '~' : null;
}

function piece(text: string, index: number, end: number) {
  return { text, index, end, numeric: null };
}

/** "15. März" and "am 20." have the dot of an ordinal; "we are 2." ends a sentence. */
function isOrdinalDot(
  folded: string,
  end: number,
  previous: DayToken | undefined,
  language: Language,
): boolean {
  if (previous?.letter !== 'N' || previous.value > 31) return false;
  return previous.led && language === 'de'
    ? true
    : /^ ?(?:\p{L}|-|\d)/u.test(folded.slice(end, end + 2));
}

function plainKind(text: string): Kind {
  if (/^\d+$/.test(text)) {
    const value = Number(text);
    if (text.length <= 2) return { letter: 'N', value };
    if (text.length === 4 && value >= 2_000 && value < 2_100) return { letter: 'Z', value };
    return { letter: '#', value: 0 };
  }
  if (text === '&' || text === '+') return { letter: '&', value: 0 };
  if (text === '/') return { letter: '|', value: 0 };
  if (text === '،') return { letter: ',', value: 0 };
  if (text === '؟') return { letter: '?', value: 0 };
  if (/^[-.,;!?]$/.test(text)) return { letter: text, value: 0 };
  if (/^[^\p{L}\d]$/u.test(text)) return { letter: ',', value: 0 };
  return { letter: 'x', value: 0 };
}

/** Reads names of months and weekdays that are a letter off, and takes what is counted out of the numbers. */
function sketched(tokens: readonly DayToken[], language: Language, isSpoken: boolean): DaySketch {
  const read = tokens.map((token, index) => {
    const before = tokens[index - 1]?.letter ?? '';
    const after = tokens[index + 1]?.letter ?? '';
    // "2.5" is a number, but "Montag den 10.5" is none.
    if (token.numeric?.bare && !token.led && before !== 'D' && after !== 'D') {
      return { ...token, letter: '#', numeric: null };
    }
    if (token.letter === 'x' && token.text.length >= 4) {
      const bare =
        language === 'tr' ? token.text.replace(/(?:[dt][ae]|[iu]n|[dt][ae]n)$/, '') : token.text;
      const byNumber = /[NO]/.test(before) || (/[NO]/.test(after) && language === 'en');
      const month = byNumber ? misspelt(bare, monthNames(language)) : null;
      if (month !== null) return { ...token, letter: 'M', value: month };
      const weekday = isSpoken ? misspelt(token.text, weekdayNames(language)) : null;
      if (weekday !== null) return { ...token, letter: 'D', value: weekday };
    }
    const isYear =
      before === 'M' && /^[23]\d$/.test(token.text) && /[NO]/.test(tokens[index - 2]?.letter ?? '');
    if (token.letter === 'N' && isYear && !/[jdwmMNP]/.test(after)) {
      return { ...token, letter: 'Z', value: 2_000 + token.value };
    }
    if (token.letter === 'N' && after === 'j') return { ...token, letter: '#' };
    if (token.letter === 'N' && before === 'k' && !/[MLO]/.test(after))
      return { ...token, letter: '#' };
    return token;
  });
  return {
    letters: read.map(({ letter }) => letter).join(''),
    tokens: read,
    words: dayWords[language],
  };
}

type Names = readonly (readonly [name: string, value: number])[];

const names = new Map<string, Names>();

function monthNames(language: Language): Names {
  const usual = lexicons[language].months.map((list, index) => [index + 1, list] as const);
  return namesOf(`months ${language}`, [...usual, ...dayWords[language].months]);
}

function weekdayNames(language: Language): Names {
  const usual = lexicons[language].weekdays.map((list, index) => [index, list] as const);
  return namesOf(`weekdays ${language}`, usual);
}

function namesOf(key: string, lists: readonly (readonly [number, string])[]): Names {
  const known = names.get(key);
  if (known) return known;
  const made = lists.flatMap(([value, list]) =>
    list
      .split('|')
      .map((name) => foldedName(name))
      // One letter off a short name is another word: "mart", "juli", "man".
      .filter((name) => name.length >= 5 && !name.includes(' '))
      .map((name) => [name, value] as const),
  );
  names.set(key, made);
  return made;
}

const foldedName = (name: string) =>
  name
    .replace('*', '')
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '')
    .replaceAll('ı', 'i')
    .replaceAll('ى', 'ي')
    .toLowerCase();

/** Words that are a letter off a month or a weekday, and neither. */
const lookalikes = new Set(
  'insan match marsh larch marche marches matin mardis montage soday sundae pazarlik salim cumada'.split(
    ' ',
  ),
);

function misspelt(word: string, from: Names): number | null {
  if (word.length > 12 || lookalikes.has(word)) return null;
  for (const [name, value] of from) {
    if (word[0] === name[0] && isOneOff(word, name)) return value;
  }
  return null;
}
