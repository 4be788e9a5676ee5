import { arabicStems, type Case, russianStems, turkishCase, turkishStems } from './endings.ts';
import {
  airportOf,
  beginsName,
  cityOf,
  type Meaning,
  meaningsOf,
  nearestNames,
} from './gazetteer.ts';
import { kilometres } from './kilometres.ts';
import type { Message, Token } from './message.ts';
import { ownWords } from './own-words.ts';

/** A name of a place in a message. */
export interface Span {
  /** By tokens; `end` is exclusive, endings and what tells the country included. */
  readonly start: number;
  readonly end: number;
  readonly nameEnd: number;
  readonly meanings: readonly Meaning[];
  readonly ending: Case;
  /** How it was found: as it stands, without an ending, or in spite of a wrong letter. */
  readonly by: 'name' | 'stem' | 'spelling';
  /** An ending was cut without an apostrophe. */
  readonly isCut: boolean;
  readonly isWord: boolean;
  readonly isPerson: boolean;
  readonly countries: ReadonlySet<string>;
  readonly regions: ReadonlySet<string>;
}

const isPlace = ({ kind }: Meaning) => kind !== 'word' && kind !== 'person';

interface Name {
  readonly meanings: readonly Meaning[];
  readonly ending: Case;
  readonly by: Span['by'];
  readonly isCut: boolean;
}

/** What was looked up for a message before: a hostile one repeats itself. */
type Memory = Map<string, Name | null>;

/** What one or several words name, as they stand or without an ending; null for no place. */
function nameOf(tokens: readonly Token[], withStems: boolean, memory: Memory): Name | null {
  const key = tokens.map((token) => token.key).join(' ');
  const known = memory.get(`${key}${withStems}`);
  if (known !== undefined) return known;
  const name = lookedUp(tokens, key, withStems);
  memory.set(`${key}${withStems}`, name);
  return name;
}

function lookedUp(tokens: readonly Token[], key: string, withStems: boolean): Name | null {
  const known = meaningsOf(key);
  const exact = ownWords.has(key) ? [...known, { kind: 'word' } as const] : known;
  if (exact.some(isPlace)) return { meanings: exact, ending: null, by: 'name', isCut: false };
  const last = tokens.at(-1)?.key ?? '';
  if (!withStems || last.length < 3) return null;
  // A word that we know is no place with an ending.
  if (tokens.length === 1 && exact.length > 0) return null;
  const front = tokens.slice(0, -1).map((token) => token.key);
  for (const { key: stem, ending } of stemsOf(last)) {
    const meanings = meaningsOf([...front, stem].join(' '));
    if (meanings.some(isPlace)) return { meanings, ending, by: 'stem', isCut: true };
  }
  if (tokens.length === 1 || !/^[\u0400-\u04FF]/.test(last)) return null;
  return inflected(tokens);
}

function stemsOf(word: string): readonly { key: string; ending: Case }[] {
  if (/^[\u0400-\u04FF]/.test(word))
    return russianStems(word).map((key) => ({ key, ending: null }));
  if (/^[\u0600-\u06FF]/.test(word)) return arabicStems(word);
  return turkishStems(word);
}

/** "Нижнего Новгорода": every word of a Russian name is inflected. */
function inflected(tokens: readonly Token[]): Name | null {
  let fronts = [''];
  for (const [index, { key }] of tokens.entries()) {
    const stems = [key, ...russianStems(key)];
    fronts = fronts.flatMap((front) => stems.map((stem) => `${front} ${stem}`.trim()));
    // Few words begin a name, so few are left to go on with.
    if (index < tokens.length - 1) fronts = fronts.filter(beginsName).slice(0, 4);
  }
  for (const key of fronts) {
    const meanings = meaningsOf(key);
    if (meanings.some(isPlace)) return { meanings, ending: null, by: 'stem', isCut: false };
  }
  return null;
}

/** Russian in Latin letters after "iz": "moskvy". */
function romanisedName(token: Token): Name | null {
  for (const key of russianStems(token.key)) {
    const meanings = meaningsOf(key);
    if (meanings.some(isPlace) && key.length > 2)
      return { meanings, ending: null, by: 'stem', isCut: true };
  }
  return null;
}

/** The names in a message, in order. */
export function spansIn(message: Message, isAsked: boolean): Span[] {
  const { tokens, endingAt } = message;
  const spans: Span[] = [];
  const memory: Memory = new Map();
  for (let at = 0; at < tokens.length;) {
    const span = spanAt(message, at, isAsked || endingAt.has(at), memory);
    if (span) spans.push(span);
    at = span ? span.end : at + 1;
  }
  return spans;
}

const mostWords = 4;

/** Whether a name of several words begins with this one, in whatever case it stands. */
function beginsSome(word: string): boolean {
  if (beginsName(word)) return true;
  return /^[\u0400-\u04FF]/.test(word) && russianStems(word).some(beginsName);
}

function spanAt(
  { tokens, endingAt }: Message,
  at: number,
  isMarked: boolean,
  memory: Memory,
): Span | null {
  const first = tokens[at];
  if (!first || !/^\p{L}/u.test(first.key)) return null;
  const longest = beginsSome(first.key) ? mostWords : 1;
  for (let length = longest; length > 0; length--) {
    const some = tokens.slice(at, at + length);
    if (some.length < length || some.slice(1).some(({ begins }) => begins)) continue;
    if (length === 1 && first.key.length < 2) continue;
    const isOwnEnding = /(?:[dt][ae]n|[dt][ae]y[iu][mz])$/.test(first.key);
    const withStems = isMarked || isOwnEnding || /^[\u0400-\u06FF]/.test(first.key);
    const mark = endingAt.get(at);
    const isRussian =
      mark !== undefined && /^(?:iz|s|v|zhivu v|ya iz)$/.test(tokens[at - 1]?.key ?? '');
    const name =
      nameOf(some, withStems, memory) ?? (length === 1 && isRussian ? romanisedName(first) : null);
    // "مدينة برلين" is the city of Berlin, and not Medina.
    const isMarkToo = length === 1 && endingAt.get(at + 1)?.start === at;
    if (isMarkToo && tokens[at + 1] && !tokens[at + 1]?.begins) return null;
    if (name) return spanOf(tokens, at, length, name, memory);
  }
  return null;
}

function spanOf(
  tokens: readonly Token[],
  start: number,
  length: number,
  name: Name,
  memory: Memory,
): Span {
  let end = start + length;
  let { ending } = name;
  const tail = tokens[end];
  const tailCase = tail ? turkishCase(tail.key) : undefined;
  // "Köln'den"; without the apostrophe only what is no word by itself.
  if (tail && tailCase !== undefined && ending === null) {
    if (tail.isTail || /^(?:n?[dt][ae]n|[dt][ae]y[iu][mz])$/.test(tail.key)) {
      ending = tailCase;
      end++;
    }
  }
  const told = qualified(tokens, end, name.meanings, memory);
  return {
    start,
    end: told.end,
    nameEnd: start + length,
    meanings: told.airport ? [{ kind: 'airport', iata: told.airport }] : name.meanings,
    ending: told.ending ?? ending,
    by: name.by,
    isCut: name.isCut,
    isWord: name.meanings.some(({ kind }) => kind === 'word') && told.end === end,
    isPerson: name.meanings.some(({ kind }) => kind === 'person') && told.end === end,
    countries: told.countries,
    regions: told.regions,
  };
}

interface Told {
  readonly end: number;
  readonly ending: Case;
  readonly airport: string | null;
  readonly countries: ReadonlySet<string>;
  readonly regions: ReadonlySet<string>;
}

const linking = new Set([
  'in',
  'the',
  'de',
  'du',
  'en',
  'au',
  'в',
  'في',
  'from',
  'is',
  'im',
  'а',
  'l',
  'near',
  'bei',
]);

/** What follows a city and says which: a country, a region, one of its airports. */
function qualified(
  tokens: readonly Token[],
  from: number,
  meanings: readonly Meaning[],
  memory: Memory,
): Told {
  const cities = meanings.flatMap((meaning) =>
    meaning.kind === 'city' ? [cityOf(meaning.id)] : [],
  );
  const nothing = {
    end: from,
    ending: null,
    airport: null,
    countries: new Set<string>(),
    regions: new Set<string>(),
  };
  if (cities.length === 0) return nothing;
  const skipped = linking.has(tokens[from]?.key ?? '') ? [from + 1, from] : [from];
  for (const at of skipped) {
    for (let length = 3; length > 0; length--) {
      const some = tokens.slice(at, at + length);
      if (some.length < length || some.some(({ begins }, index) => index > 0 && begins)) continue;
      const initials = length === 1 ? initialsOf(some[0]) : null;
      const name = initials ?? nameOf(some, (some.at(-1)?.key.length ?? 0) > 4, memory);
      if (!name) continue;
      const end = at + length;
      const countries = new Set<string>();
      const regions = new Set<string>();
      for (const meaning of name.meanings) {
        const known = (country: string) => cities.some((city) => city.country === country);
        if (meaning.kind === 'country' && known(meaning.country)) countries.add(meaning.country);
        if (
          meaning.kind === 'region' &&
          cities.some((city) => `${city.country}.${city.region}` === meaning.region)
        )
          regions.add(meaning.region);
        if (meaning.kind !== 'airport') continue;
        const airport = airportOf(meaning.iata);
        if (airport && cities.some((city) => kilometres(city, airport) <= 150))
          return { ...nothing, end, ending: name.ending, airport: meaning.iata };
      }
      if (countries.size + regions.size === 0) continue;
      // "Köln, Almanya'dan": the ending is at the end.
      const tail = tokens[end];
      const tailCase = tail?.isTail ? turkishCase(tail.key) : undefined;
      if (tailCase !== undefined)
        return { ...nothing, end: end + 1, ending: tailCase, countries, regions };
      return { ...nothing, end, ending: name.ending, countries, regions };
    }
  }
  return nothing;
}

/** GeoNames' codes of the Canadian provinces. */
const provinces: Readonly<Record<string, string>> = {
  AB: '01',
  BC: '02',
  MB: '03',
  NB: '04',
  NL: '05',
  NS: '07',
  ON: '08',
  PE: '09',
  QC: '10',
  SK: '11',
};

/** "AL", "UK": two capitals after a city. */
function initialsOf(token: Token | undefined): Name | null {
  const written = token?.written ?? '';
  if (!/^[A-Z]{2}$/.test(written)) return null;
  const meanings: Meaning[] = [
    { kind: 'country', country: written === 'UK' ? 'GB' : written },
    { kind: 'region', region: `US.${written}` },
    { kind: 'region', region: `CA.${provinces[written] ?? ''}` },
  ];
  return { meanings, ending: null, by: 'name', isCut: false };
}

/** The place that a word with a wrong letter names. */
export function misspelled(message: Message, at: number): Span | null {
  const token = message.tokens[at];
  if (!token || token.key.length < 5 || token.key.length > 24) return null;
  if (meaningsOf(token.key).length > 0 || ownWords.has(token.key)) return null;
  const stems = [{ key: token.key, ending: null as Case }];
  // "müchenden"
  for (const stem of /^[a-z]/.test(token.key) ? turkishStems(token.key) : []) {
    if (stem.ending === 'from' && stem.key.length >= 5) stems.push(stem);
  }
  for (const { key, ending } of stems) {
    const names = nearestNames(key).filter((name) => isAlike(name, key));
    const meanings = names.flatMap((name) => meaningsOf(name).filter(isPlace));
    const [largest] = meanings
      .flatMap((meaning) => (meaning.kind === 'city' ? [meaning] : []))
      .toSorted((left, right) => left.id - right.id);
    const airport = meanings.find(({ kind }) => kind === 'airport');
    if (!largest && !airport) continue;
    const same = largest
      ? meanings.filter((one) => one.kind === 'city' && one.id === largest.id)
      : [airport as Meaning];
    const name = {
      meanings: same.slice(0, 1),
      ending,
      by: 'spelling',
      isCut: ending !== null,
    } as const;
    return spanOf(message.tokens, at, 1, name, new Map());
  }
  return null;
}

/** People seldom get the first letter wrong. */
const isAlike = (name: string, key: string): boolean =>
  name[0] === key[0] || (name[0] === key[1] && name[1] === key[0]);
