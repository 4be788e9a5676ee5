import { readFileSync } from 'node:fs';

import type { Sure, Utterance } from '../../actors/shapes/understanding.ts';
import { cities } from './cities.ts';
import { fold, wordsOf } from './fold.ts';
import { inAllLanguages } from './lexicon/languages.ts';
import { type Found, phraseBook } from './phrases.ts';

/** Airports that share a city with the one they are asked for. */
const cityOf = new Map<string, string>();
for (const [airports] of cities) {
  const [main = '', ...others] = airports.split(' ');
  for (const airport of [main, ...others]) cityOf.set(airport, main);
}

const cityBook = phraseBook(
  cities.map(([airports, names]): [string, string] => [names, airports.slice(0, 3)]),
);

/** Every airport with scheduled flights, and the cities their names tell; the larger airport wins a name. */
const { codes, named } = airportsFrom(
  readFileSync(new URL('airports.txt', import.meta.url), 'utf8'),
);

function airportsFrom(table: string): { codes: Set<string>; named: Map<string, string> } {
  const codes = new Set<string>();
  const named = new Map<string, string>();
  const large = new Set<string>();
  for (const line of table.split('\n')) {
    const code = line.slice(0, 3);
    if (code === '') continue;
    codes.add(code);
    const city = wordsOf(fold(line.slice(6)));
    if (city.length < 4 || cityBook.find(city)[0]?.start === 0) continue;
    if (large.has(city) && line[4] !== '1') continue;
    if (line[4] === '1') large.add(city);
    else if (named.has(city)) continue;
    named.set(city, code);
  }
  return { codes, named };
}

/** Three letters that people write for other things than airports: words, money, medicine. */
const otherThings = new Set(
  'THE AND YES HEY YOK BEN DUR VAR AED EUR USD TRY GBP CHF RUB SAR SMS PDF IVF MRI VIP BMI OUI NON DIE DER DAS AUS BIS BUT FOR CAN HAS DAY BAY BIR IKI DIS PAR SUR MOI NOS ICH UND SIE WIR MIT VON ARE YOU NOT HOW WHY WHO WAS MAY TWO ONE ALL NEW NOW UCH SAC GOZ QUE LES DES UNE TOI EST VOS DNA HIV FUE DHI BBL ACL EKG ECG TCK ADI HER BIZ SIZ ILE ICI KAC DOC HAI'.split(
    ' ',
  ),
);
/** Words only when written small: in capitals they are airports. */
const wordsWhenSmall = new Set(
  'LAX SIN MAN BUS MAD BOS TUN LED ADD MED DAM LOS NAP HAM LIS'.split(' '),
);

type Mark = 'from' | 'to' | 'place';
const marks = phraseBook<Mark>([
  [inAllLanguages((lexicon) => lexicon.place), 'place'],
  [inAllLanguages((lexicon) => lexicon.to), 'to'],
  [inAllLanguages((lexicon) => lexicon.from), 'from'],
]);
const fromAfter = phraseBook<true>([[inAllLanguages((lexicon) => lexicon.fromAfter), true]]);

/** Turkish endings: out of, to, in. */
const outOf = /^n?[dt][ae]n/;
const into = /^[ynh]?[ae]$/;
const turkishEnding =
  /^(?:n?[dt][ae]n?|[yn]?[ae]|n?[ıiuü]n?|l[ıiuü]y?[ıiuü]?[mz]?|n?[dt][ae]y[ıi][mz])$/;

interface Place {
  readonly airport: string;
  readonly start: number;
  readonly end: number;
  readonly mark: 'from' | 'to' | null;
}

/**
 * Where the patient flies from. What is marked so ("aus München", "Berlin'den", "из Москвы") beats any other place; the
 * clinic's own city is never an origin.
 *
 * @param text as written: codes are told by their capitals
 */
export function originIn(
  text: string,
  words: string,
  { asked, destination }: Pick<Utterance, 'asked' | 'destination'>,
): Sure<string> | undefined {
  const marked = marks.find(words);
  const places = [...citiesIn(words, marked), ...codesIn(text, words, marked, asked)].filter(
    ({ airport }) => (cityOf.get(airport) ?? airport) !== (cityOf.get(destination) ?? destination),
  );
  const from = places.find(({ mark }) => mark === 'from');
  if (from) return { value: from.airport, confidence: 0.95 };
  const [other] = places.filter(({ mark }) => mark !== 'to');
  if (other) return { value: other.airport, confidence: asked === 'origin' ? 0.95 : 0.6 };
  return lesserCity(words, marked, asked, destination);
}

function citiesIn(words: string, marked: readonly Found<Mark>[]): Place[] {
  const places: Place[] = [];
  for (const { value, start, end, tail } of cityBook.find(words)) {
    const latin = /^[a-z]/.test(words.slice(start, start + 1));
    if (tail !== '' && (latin ? !turkishEnding.test(tail) : tail.length > 4)) continue;
    places.push({ airport: value, start, end, mark: markOf(words, { start, end, tail }, marked) });
  }
  return places;
}

/** What the words around a place say of it. */
function markOf(
  words: string,
  { start, end, tail }: Pick<Found<string>, 'start' | 'end' | 'tail'>,
  marked: readonly Found<Mark>[],
): Place['mark'] {
  if (outOf.test(tail) || /^n?[dt][ae]y[ıi]/.test(tail)) return 'from';
  const next = /^ (\p{L}+)/u.exec(words.slice(end, end + 12))?.[1] ?? '';
  if (outOf.test(next)) return 'from';
  if (fromAfter.find(words.slice(end + 1, end + 40))[0]?.start === 0) return 'from';
  if (into.test(tail)) return 'to';
  // Back over "the city of" to the word that says which way.
  let at = start;
  for (let index = marked.length - 1, steps = 0; index >= 0 && steps < 4; index--) {
    const mark = marked[index];
    if (!mark || mark.end > at) continue;
    if (mark.end !== at - 1) break;
    if (mark.value !== 'place') return mark.value;
    at = mark.start;
    steps++;
  }
  // "Berlin'e"; but "de Paris à Istanbul", so the words in front come first.
  return /^[yn]?[ae]$/.test(next) ? 'to' : null;
}

function codesIn(
  text: string,
  words: string,
  marked: readonly Found<Mark>[],
  asked: Utterance['asked'],
): Place[] {
  const alone = /^\W*([a-z]{3})\W*$/i.exec(text)?.[1]?.toUpperCase();
  if (alone) {
    const written = text.includes(alone);
    const meant = written || (asked === 'origin' && !wordsWhenSmall.has(alone));
    const isAirport = codes.has(alone) && !otherThings.has(alone) && meant;
    return isAirport ? [{ airport: alone, start: 0, end: 3, mark: 'from' }] : [];
  }
  // Where all is written large, capitals say nothing.
  const shouted = !/\p{Ll}/u.test(text) && /\p{Lu}/u.test(text) && text.length > 12;
  const places: Place[] = [];
  for (const [code] of text.matchAll(/(?<![\p{L}\d])[A-Z]{3}(?![\p{L}\d])/gu)) {
    if (!codes.has(code) || places.length > 8) continue;
    const start = ` ${words} `.indexOf(` ${code.toLowerCase()} `);
    if (start < 0) continue;
    const mark = markOf(words, { start, end: start + 3, tail: '' }, marked);
    const doubtful = shouted || otherThings.has(code);
    if (doubtful && mark !== 'from') continue;
    places.push({ airport: code, start, end: start + 3, mark });
  }
  return places;
}

/** A city known by its airport's name alone counts only where a place is expected: after "from", or as the answer. */
function lesserCity(
  words: string,
  marked: readonly Found<Mark>[],
  asked: Utterance['asked'],
  destination: string,
): Sure<string> | undefined {
  const lookUp = (start: number): string | undefined => {
    const next = words
      .slice(start, start + 40)
      .split(' ')
      .slice(0, 3);
    for (let length = next.length; length > 0; length--) {
      const code = named.get(next.slice(0, length).join(' '));
      if (code && code !== destination) return code;
    }
    return undefined;
  };
  if (asked === 'origin' && words.length <= 40) {
    const code = lookUp(0);
    if (code) return { value: code, confidence: 0.8 };
  }
  for (const { value, end } of marked.slice(0, 20)) {
    const code = value === 'from' ? lookUp(end + 1) : undefined;
    if (code) return { value: code, confidence: asked === 'origin' ? 0.8 : 0.6 };
  }
  return undefined;
}
