import { readFileSync } from 'node:fs';

import type { PlaceValue } from '../shapes/messages.ts';
import type { PlaceChoice } from '../shapes/understanding.ts';
import { languages, type Language } from './keys.ts';

/** What is known of an airport; the city is its name in one language. */
interface Named {
  readonly city: string;
  /** ISO 3166-1 alpha-2. */
  readonly country: string;
  /** What the airport is called where its city has several; empty otherwise. */
  readonly airport: string;
}

let table: string | undefined;

/**
 * Names from places.txt, which `adapters/rules/places/build.ts` writes. It is read with the first place that is named and
 * searched where it lies, for most processes name none.
 */
function namedAirport(iata: string, language: Language): Named | null {
  table ??= `\n${readFileSync(new URL('places.txt', import.meta.url), 'utf8')}`;
  const at = /^[A-Z]{3}$/.test(iata) ? table.indexOf(`\n${iata}\t`) : -1;
  if (at < 0) return null;
  const [, country = '', airport = '', ...cities] = table
    .slice(at + 1, table.indexOf('\n', at + 1))
    .split('\t');
  return { country, airport, city: cities[languages.indexOf(language)] ?? cities[0] ?? iata };
}

/** Making one takes longer than a hundred uses of it. */
const regionNames = new Map<Language, Intl.DisplayNames>();

function countryName(country: string, language: Language): string {
  const names = regionNames.get(language) ?? new Intl.DisplayNames(language, { type: 'region' });
  regionNames.set(language, names);
  return names.of(country) ?? country;
}

const kilometreFormats = new Map<Language, Intl.NumberFormat>();

function kilometresIn(language: Language): Intl.NumberFormat {
  const format =
    kilometreFormats.get(language) ??
    new Intl.NumberFormat(`${language}-u-nu-latn`, { style: 'unit', unit: 'kilometer' });
  kilometreFormats.set(language, format);
  return format;
}

/** What parts two words of a list. */
export const comma = (language: Language): string => (language === 'ar' ? '، ' : ', ');

/** "München (MUC), Deutschland". A code that nobody knows stands alone. */
export function placeText({ place, city, country }: PlaceValue, language: Language): string {
  const known = namedAirport(place, language);
  const name = city ?? known?.city;
  const land = country ?? known?.country;
  const named = name === undefined ? place : `${name} (${place})`;
  return land === undefined ? named : `${named}${comma(language)}${countryName(land, language)}`;
}

/** "München (MUC)", its city shortened to `limit` code points at most. */
export function placeTitle(iata: string, language: Language, limit: number): string {
  const city = namedAirport(iata, language)?.city;
  if (city === undefined) return iata;
  const room = limit - ` (${iata})`.length;
  const letters = Array.from(city);
  const shown = letters.length <= room ? city : `${letters.slice(0, room - 1).join('')}…`;
  return `${shown} (${iata})`;
}

/**
 * What tells a place from others of a list, in at most 72 code points: which place is meant where that is not the airport's
 * city, which of a city's airports it is, region, country, and how far it is.
 */
export function placeDescription(
  { airport, city, region, country, km }: PlaceChoice,
  language: Language,
): string {
  const known = namedAirport(airport, language);
  const distance = kilometresIn(language).format(km);
  const parts = [
    ...(km > 45 ? [city] : []),
    known?.airport ?? '',
    region ?? '',
    countryName(country, language),
    ...(km > 0 ? [`≈ ${distance}`] : []),
  ];
  const letters = Array.from(parts.filter((part) => part !== '').join(comma(language)));
  return letters.length <= 72 ? letters.join('') : `${letters.slice(0, 71).join('')}…`;
}
