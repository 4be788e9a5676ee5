import type { PlaceChoice } from '../../../actors/shapes/understanding.ts';
import { regions } from './curated.ts';
import {
  type AirportPlace,
  airportOf,
  airportsIn,
  airportsNear,
  airportsOf,
  type City,
  cityOf,
  largestIn,
  type Meaning,
} from './gazetteer.ts';
import { kilometres } from './kilometres.ts';

/**
 * What a name comes to. `exact` is one airport; `others` are what it could be besides, not likely. `choose` is a list to ask
 * with, likeliest first, at most nine.
 */
export type Resolved =
  | { readonly kind: 'exact'; readonly airport: string; readonly others: readonly PlaceChoice[] }
  | { readonly kind: 'choose'; readonly choices: readonly PlaceChoice[] };

/** What else the message tells of where it is. */
export interface Hint {
  readonly countries: ReadonlySet<string>;
  readonly regions: ReadonlySet<string>;
  /** As the patient wrote the place. */
  readonly written: string;
}

export const mostChoices = 9;

/** A city is meant for sure if it is ten times as large as the next of its name. */
const surely = 10;

/** Names of regions: `US.AL` is Alabama. */
const regionNames = new Map(regions.map(([code, names]) => [code, names.split('|')[0] ?? code]));

/** What a name with these meanings comes to; null if nobody flies from there. */
export function resolve(meanings: readonly Meaning[], hint: Hint): Resolved | null {
  const isCountry = meanings.some(({ kind }) => kind === 'country');
  // Kuwait and Tunis are both; a village of a country's name is not meant.
  const cities = rankedCities(meanings, hint).filter(
    ({ city, isMain }) => !isCountry || (isMain && airportsOf(city.id).length > 0),
  );
  const [first, second] = cities;
  if (first) {
    const isSure = !second || first.weight >= (isVillage(second.city) ? 2 : surely) * second.weight;
    if (isSure) {
      const found = airportsFor(first.city, hint.written);
      const others = [...found.others, ...choicesOf(cities.slice(1), hint)].slice(
        0,
        mostChoices - 1,
      );
      if (found.exact) return { kind: 'exact', airport: found.exact, others };
      if (found.others.length === 0) return null;
      return { kind: 'choose', choices: found.others.slice(0, mostChoices) };
    }
    const choices = choicesOf(cities, hint);
    const [only, another] = choices;
    if (!only) return null;
    // Two neighbours of one name share their airport.
    if (!another && only.km <= 40) return { kind: 'exact', airport: only.airport, others: [] };
    return { kind: 'choose', choices };
  }
  for (const meaning of meanings) {
    if (meaning.kind === 'airport') return { kind: 'exact', airport: meaning.iata, others: [] };
  }
  for (const meaning of meanings) {
    if (meaning.kind === 'country') return ofCountry(meaning.country);
  }
  for (const meaning of meanings) {
    if (meaning.kind !== 'region') continue;
    const [country = '', region = ''] = meaning.region.split('.');
    return ofCountry(country, region);
  }
  return null;
}

interface Ranked {
  readonly city: City;
  readonly weight: number;
  readonly isMain: boolean;
}

function rankedCities(meanings: readonly Meaning[], hint: Hint): Ranked[] {
  const all = meanings.filter((meaning) => meaning.kind === 'city');
  const ranked = all
    .map(({ id, main }) => {
      const city = cityOf(id);
      // What a small place was called once, or in some other tongue, is seldom meant.
      const isLarge = all.some((other) => other.main && cityOf(other.id).thousands >= 300);
      const alias = airportsOf(id).length > 0 && !isLarge ? 1 : 0.05;
      const known = (main ? 1 : alias) * (airportsOf(id).length > 0 ? 1.5 : 1);
      return { city, weight: city.thousands * known * nearness(city), isMain: main };
    })
    .toSorted((left, right) => right.weight - left.weight);
  const inRegion = ranked.filter(({ city }) => hint.regions.has(`${city.country}.${city.region}`));
  if (inRegion.length > 0) return inRegion.slice(0, 1);
  const inCountry = ranked.filter(({ city }) => hint.countries.has(city.country));
  return inCountry.length > 0 ? inCountry : ranked;
}

/** Nobody means it by a name that it shares with a large city. */
const isVillage = ({ id, thousands }: City): boolean =>
  thousands < 100 && airportsOf(id).length === 0;

/** The middle of Türkiye: all our clinics are there. */
const clinics = { lat: 39, lon: 33 };

/** Of two cities of one name the one from which people fly to us within half a day is likelier. */
const nearness = (city: City): number => (kilometres(city, clinics) <= 5_000 ? 1 : 0.15);

/** The airport of a city, or the ones to choose from. */
export function airportsFor(
  city: City,
  written: string,
): { exact: string | null; others: PlaceChoice[] } {
  const own = airportsOf(city.id).toSorted(
    (left, right) =>
      left.rank - right.rank ||
      Number(right.large) - Number(left.large) ||
      kilometres(city, left) - kilometres(city, right),
  );
  const [main, ...rest] = own;
  if (main && kilometres(city, main) <= 90) {
    return { exact: main.iata, others: rest.map((airport) => choiceOf(city, airport, written)) };
  }
  const near = [60, 120, 200, 400]
    .map((within) => airportsNear(city, within))
    .find((found) => found.length > 0);
  const ranked = (near ?? [])
    .map(({ airport, km }) => ({ airport, km, cost: cost(airport, km, city.country) }))
    .toSorted((left, right) => left.cost - right.cost);
  const [nearest, next] = ranked;
  const others = ranked.slice(0, 4).map(({ airport }) => choiceOf(city, airport, written));
  const isOnly =
    nearest && (next ? nearest.km <= 40 && next.cost >= 2.5 * nearest.cost : nearest.km <= 120);
  if (!isOnly) return { exact: null, others };
  return { exact: nearest.airport.iata, others: others.slice(1) };
}

/** Large airports before others at the same distance, those of the country before those behind a border. */
const cost = (airport: AirportPlace, km: number, country: string): number =>
  (km + 5) * (airport.large ? 1 : 1.6) * (airport.country === country ? 1 : 2);

function choicesOf(ranked: readonly Ranked[], hint: Hint): PlaceChoice[] {
  const countries = ranked.map(({ city }) => city.country);
  const choices: PlaceChoice[] = [];
  for (const { city } of ranked.slice(0, mostChoices)) {
    const { exact, others } = airportsFor(city, hint.written);
    const airport = airportOf(exact ?? others[0]?.airport ?? '');
    if (!airport || choices.some((choice) => choice.airport === airport.iata)) continue;
    const choice = choiceOf(city, airport, hint.written);
    const isOnly = countries.filter((country) => country === city.country).length === 1;
    choices.push(isOnly ? choice : { ...choice, region: regionOf(city) });
  }
  return choices;
}

const regionOf = (city: City): string | null =>
  regionNames.get(`${city.country}.${city.region}`) ??
  largestIn(city.country, city.region)?.name ??
  null;

export function choiceOf(city: City, airport: AirportPlace, written: string): PlaceChoice {
  return {
    airport: airport.iata,
    city: (written === '' ? city.name : written).slice(0, 60),
    region: null,
    country: airport.country,
    km: Math.round(kilometres(city, airport)),
  };
}

/** A country's airports by the size of their cities; a country with one city people fly from is that city. */
function ofCountry(country: string, region: string | null = null): Resolved | null {
  const cities = new Map<number, AirportPlace>();
  const rows = airportsIn(country).toSorted(
    (left, right) => left.rank - right.rank || Number(right.large) - Number(left.large),
  );
  for (const airport of rows) {
    if (airport.city === null || cities.has(airport.city)) continue;
    if (region === null || cityOf(airport.city).region === region)
      cities.set(airport.city, airport);
  }
  return listed([...cities].toSorted(([left], [right]) => left - right));
}

function listed(
  cities: readonly (readonly [id: number, airport: AirportPlace])[],
): Resolved | null {
  const [only, second] = cities;
  if (!only) return null;
  if (!second) return { kind: 'exact', airport: only[1].iata, others: [] };
  const choices = cities
    .slice(0, mostChoices)
    .map(([id, airport]) => choiceOf(cityOf(id), airport, ''));
  return { kind: 'choose', choices };
}
