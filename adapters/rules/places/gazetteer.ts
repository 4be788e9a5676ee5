import { readFile } from 'node:fs/promises';
import { setImmediate } from 'node:timers/promises';

import { distance } from './distance.ts';
import { kilometres, type Position } from './kilometres.ts';

/** A city by its number; the lower, the larger. */
export interface City extends Position {
  readonly id: number;
  readonly name: string;
  /** ISO 3166-1 alpha-2. */
  readonly country: string;
  /** GeoNames' code within the country. */
  readonly region: string;
  readonly thousands: number;
}

export interface AirportPlace extends Position {
  readonly iata: string;
  readonly country: string;
  readonly large: boolean;
  /** Whose airport it is; null where no city of size is near. */
  readonly city: number | null;
  readonly name: string;
  /** 0 is its city's main airport; 9 where we do not know. */
  readonly rank: number;
}

/** What a name may mean. `main`: it is the city's first name and no other. */
export type Meaning =
  | { readonly kind: 'city'; readonly id: number; readonly main: boolean }
  | { readonly kind: 'country'; readonly country: string }
  | { readonly kind: 'region'; readonly region: string }
  | { readonly kind: 'airport'; readonly iata: string }
  /** It is a word, too, that mostly means something else. */
  | { readonly kind: 'word' }
  | { readonly kind: 'person' };

/**
 * The tables stay text, and are searched where they lie: 26,000 cities with 110,000 names cost 6 MB and a few milliseconds,
 * as maps they would cost 40 MB and a fifth of a second. Between two files others get their turn.
 */
const table = async (name: string): Promise<string> => {
  const text = await readFile(new URL(name, import.meta.url), 'utf8');
  await setImmediate();
  return text;
};
const latinNames = await table('names-latin.txt');
const otherNames = await table('names-other.txt');
const citiesText = await table('cities.txt');
const airportsText = await table('airports.txt');

const cityLines = lineStarts(citiesText);

function lineStarts(text: string): Uint32Array {
  let lines = 0;
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) lines++;
  const starts = new Uint32Array(lines);
  for (let line = 0, at = 0; line < lines; line++, at = text.indexOf('\n', at) + 1)
    starts[line] = at;
  return starts;
}

/** @throws {RangeError} no such city */
export function cityOf(id: number): City {
  const start = cityLines[id];
  if (start === undefined) throw new RangeError(`No city ${id}`);
  const line = citiesText.slice(start, citiesText.indexOf('\n', start));
  const [name = '', country = '', region = '', lat, lon, thousands] = line.split('\t');
  return {
    id,
    name,
    country,
    region,
    lat: Number(lat),
    lon: Number(lon),
    thousands: Number(thousands),
  };
}

const airports: readonly AirportPlace[] = airportsText
  .trimEnd()
  .split('\n')
  .map((line) => {
    const [iata = '', country = '', size = '', lat, lon, city = '', name = ''] = line.split('\t');
    return {
      iata,
      country,
      large: size.startsWith('L'),
      rank: Number(size[1] ?? 9),
      lat: Number(lat),
      lon: Number(lon),
      city: city === '' ? null : Number(city),
      name,
    };
  });
const byCode = new Map(airports.map((airport) => [airport.iata, airport]));

export const airportOf = (iata: string): AirportPlace | undefined => byCode.get(iata);

const byCity = Map.groupBy(airports, ({ city }) => city);
const byCountry = Map.groupBy(airports, ({ country }) => country);

/** Airports whose city this is. */
export const airportsOf = (city: number): readonly AirportPlace[] => byCity.get(city) ?? [];

export const airportsIn = (country: string): readonly AirportPlace[] =>
  byCountry.get(country) ?? [];

/** With the distance in kilometres, nearest first. */
export function airportsNear(
  position: Position,
  within: number,
): { airport: AirportPlace; km: number }[] {
  return airports
    .filter(({ lat }) => Math.abs(lat - position.lat) * 110 <= within)
    .map((airport) => ({ airport, km: kilometres(position, airport) }))
    .filter(({ km }) => km <= within)
    .toSorted((left, right) => left.km - right.km);
}

/** The largest city of a region, for regions whose name we do not know. */
export function largestIn(country: string, region: string): City | undefined {
  const mark = `\t${country}\t${region}\t`;
  const at = citiesText.indexOf(mark);
  if (at < 0) return undefined;
  let low = 0;
  let high = cityLines.length;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if ((cityLines[middle] ?? 0) <= at) low = middle;
    else high = middle;
  }
  return cityOf(low);
}

const isLatin = (key: string): boolean => key.charCodeAt(0) < 0x80;

/** Where the first name is that does not come before `key`: the start of its line. */
function firstFrom(text: string, key: string): number {
  let low = 0;
  let high = text.length;
  while (low < high) {
    const start = text.lastIndexOf('\n', ((low + high) >> 1) - 1) + 1;
    const begins = Math.max(start, low);
    if (text.slice(begins, text.indexOf('\t', begins)) < key) low = text.indexOf('\n', begins) + 1;
    else high = begins;
  }
  return low;
}

/** What a key (see `keyOf`) means; empty where nobody knows it. */
export function meaningsOf(key: string): Meaning[] {
  const text = isLatin(key) ? latinNames : otherNames;
  const at = firstFrom(text, key);
  if (!text.startsWith(`${key}\t`, at)) return [];
  return meaningsIn(text.slice(at + key.length + 1, text.indexOf('\n', at)));
}

/** Whether a name of several words begins with these. */
export function beginsName(words: string): boolean {
  const text = isLatin(words) ? latinNames : otherNames;
  return text.startsWith(`${words} `, firstFrom(text, `${words} `));
}

function meaningsIn(written: string): Meaning[] {
  return written.split(',').map((what) => {
    const rest = what.slice(1);
    if (what.startsWith('@')) return { kind: 'country', country: rest };
    if (what.startsWith('#')) return { kind: 'region', region: rest };
    if (what.startsWith('=')) return { kind: 'airport', iata: rest };
    if (what === '!') return { kind: 'word' };
    if (what === '?') return { kind: 'person' };
    if (what.startsWith('~')) return { kind: 'city', id: Number(rest), main: false };
    return { kind: 'city', id: Number(what), main: true };
  });
}

/** Names in which a wrong letter is forgiven: where each stands in its text, how long it is, and the letters it has as bits. */
interface Spellings {
  readonly text: string;
  readonly starts: Uint32Array;
  readonly lengths: Uint8Array;
  readonly letters: Uint32Array;
}

/** Cities of fewer people than some 150,000 are too many: every word would be near to one of them. */
const largeCities = 3_500;

const ofLargeAirports = new Set(airports.filter(({ large }) => large).map(({ city }) => city));

function spellingsOf(text: string): Spellings {
  const lines = lineStarts(text).filter((start) => {
    const tab = text.indexOf('\t', start);
    if (tab - start < 4) return false;
    const first = text[tab + 1];
    if (first === '=') return true;
    const id = numberAt(text, first === '~' ? tab + 2 : tab + 1);
    return id !== null && (id < largeCities || ofLargeAirports.has(id));
  });
  return {
    text,
    starts: lines,
    lengths: Uint8Array.from(lines, (start) => text.indexOf('\t', start) - start),
    letters: lines.map((start) => lettersIn(text, start, text.indexOf('\t', start))),
  };
}

/** Without a string in between, which a hundred thousand times would cost 20 MB. */
function numberAt(text: string, at: number): number | null {
  let value: number | null = null;
  for (let index = at; ; index++) {
    const digit = text.charCodeAt(index) - 48;
    if (!(digit >= 0 && digit <= 9)) return value;
    value = (value ?? 0) * 10 + digit;
  }
}

function lettersIn(text: string, start: number, end: number): number {
  let bits = 0;
  for (let index = start; index < end; index++) bits |= 1 << (text.charCodeAt(index) & 31);
  return bits;
}

function countOf(bits: number): number {
  let left = bits - ((bits >>> 1) & 0x5555_5555);
  left = (left & 0x3333_3333) + ((left >>> 2) & 0x3333_3333);
  return (((left + (left >>> 4)) & 0x0f0f_0f0f) * 0x0101_0101) >>> 24;
}

const latinSpellings = spellingsOf(latinNames);
await setImmediate();
const otherSpellings = spellingsOf(otherNames);

/** The known names that are fewest wrong letters away: one of them, or two in a word of eight letters or more. */
export function nearestNames(key: string): string[] {
  const { text, starts, lengths, letters } = isLatin(key) ? latinSpellings : otherSpellings;
  const own = lettersIn(key, 0, key.length);
  let nearest: string[] = [];
  let far = key.length >= 8 ? 2 : 1;
  for (const [index, length] of lengths.entries()) {
    if (Math.abs(length - key.length) > far) continue;
    if (countOf((letters[index] ?? 0) ^ own) > 2 * far) continue;
    const start = starts[index] ?? 0;
    const name = text.slice(start, start + length);
    const apart = distance(name, key, far);
    if (apart < far) [nearest, far] = [[name], apart];
    else if (apart === far) nearest.push(name);
  }
  return nearest;
}
