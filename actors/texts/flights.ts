import type { Baggage, OfferFlight, OfferLine, OfferWay, SoldTrip } from '../shapes/flights.ts';
import {
  countedText,
  dayIn,
  dayText,
  instantText,
  moneyText,
  partyText,
  shortened,
} from './formats.ts';
import { comma, placeTitle } from './places.ts';
import { languageOf, wordingIn } from './wordings.ts';

const clock = (local: string): string => local.slice(11, 16);
const dayOf = (local: string): string => local.slice(0, 10);

/** Codes and times read from left to right, in an Arabic line too. */
const ltr = (text: string, lang: string): string =>
  languageOf(lang) === 'ar' ? `\u2066${text}\u2069` : text;

const airport = (iata: string, lang: string): string => placeTitle(iata, languageOf(lang), 40);

/** The way as one line knows it, or each of its flights. */
const flightsOf = (way: OfferWay): readonly OfferFlight[] => way.flights ?? [way];

/** "direct", "1 stop in Vienna (VIE)"; "stops: 1" where it is not said in which place, or there is no room for it. */
function stopsText(way: OfferWay, lang: string, isBrief: boolean): string {
  const { rows, stops: counted } = wordingIn(lang);
  const { stops, flights = [] } = way;
  if (stops === 0) return rows.direct;
  if (isBrief || flights.length !== stops + 1) return rows.stops.replace('{n}', String(stops));
  const places = new Intl.ListFormat(languageOf(lang)).format(
    flights.slice(0, -1).map(({ to }) => airport(to, lang)),
  );
  return countedText(counted, stops, lang).replace('{places}', () => places);
}

/** `BER 10:40 – IST 00:35 (Tue, 9 Mar)`: the day of arrival where it is another. */
function timesText({ from, to, departLocal, arriveLocal }: OfferFlight, lang: string): string {
  const times = `${from} ${clock(departLocal)} – ${to} ${clock(arriveLocal)}`;
  return ltr(times, lang) + arrivalDay(departLocal, arriveLocal, lang);
}

function arrivalDay(departLocal: string, arriveLocal: string, lang: string): string {
  const arrived = dayOf(arriveLocal);
  return dayOf(departLocal) === arrived ? '' : ` (${dayIn(arrived, lang, 'short')})`;
}

/** `Berlin (BER) 10:40 – Istanbul (IST) 15:45`: names go the language's way, so only the times are held. */
function namedTimes({ from, to, departLocal, arriveLocal }: OfferFlight, lang: string): string {
  const left = `${airport(from, lang)} ${ltr(clock(departLocal), lang)}`;
  const arrived = `${airport(to, lang)} ${ltr(clock(arriveLocal), lang)}`;
  return `${left} – ${arrived}${arrivalDay(departLocal, arriveLocal, lang)}`;
}

/** `OS226 + OS823, Mon, 1 Mar, BER 06:00 – IST 12:55, 1 stop in Vienna (VIE)`. */
function wayText(way: OfferWay, lang: string, isBrief: boolean): string {
  const numbers = isBrief
    ? way.flight
    : flightsOf(way)
        .map(({ flight }) => flight)
        .join(' + ');
  return [
    ltr(numbers, lang),
    dayIn(dayOf(way.departLocal), lang, 'short'),
    timesText(way, lang),
    stopsText(way, lang, isBrief),
  ].join(comma(languageOf(lang)));
}

function baggageText({ checked }: Baggage, lang: string): string | null {
  if (checked === null) return null;
  const { bags, rows } = wordingIn(lang);
  return checked === 0 ? rows.handBaggage : countedText(bags, checked, lang);
}

/** A way with each of its flights in a line of its own, and the day only where it is another than the way's. */
function wholeWay(way: OfferWay, name: string, lang: string): string[] {
  const day = dayOf(way.departLocal);
  const and = comma(languageOf(lang));
  return [
    `${name}: ${dayText(day, lang)}${and}${stopsText(way, lang, false)}`,
    ...flightsOf(way).map((flight) => {
      const left = dayOf(flight.departLocal);
      const other = left === day ? '' : `${dayIn(left, lang, 'short')}${and}`;
      return `  ${ltr(flight.flight, lang)}${and}${other}${namedTimes(flight, lang)}`;
    }),
  ];
}

function wholeLines(
  { ways, party, baggage, payableUntil }: SoldTrip,
  lang: string,
): readonly string[] {
  const { trip: names } = wordingIn(lang);
  const bags = baggage === undefined ? null : baggageText(baggage, lang);
  return [
    ...ways.flatMap((way, index) => wholeWay(way, index === 0 ? names.there : names.back, lang)),
    ...(party === undefined ? [] : [`${names.party}: ${partyText(party, lang)}`]),
    ...(bags === null ? [] : [`${names.baggage}: ${bags}`]),
    ...(payableUntil === undefined ? [] : [`${names.until}: ${instantText(payableUntil, lang)}`]),
  ];
}

/** A trip as it was sold, with every flight, between line breaks of its own. In a template, which has none, the dots part them. */
export function soldText(trip: SoldTrip, lang: string): string {
  const lines = wholeLines(trip, lang);
  return `\n${lines.map((line) => (line.startsWith('  ') ? line : `• ${line}`)).join('\n')}\n`;
}

/** WhatsApp takes 1,024 characters above a list; the words around the flights have the rest. */
const roomForOffers = 850;

/** The flights of a list with their numbers. What stands alone is told whole; of many only as much as there is room for. */
export function offersText(offers: readonly OfferLine[], lang: string): string {
  const [only] = offers;
  if (offers.length === 1 && only?.number !== undefined) {
    const { number, price, more = [], party, baggage } = only;
    const trip = { ways: [only, ...more], ...(party && { party }), ...(baggage && { baggage }) };
    return [`${number}) ${moneyText(price, lang)}`, ...wholeLines(trip, lang)].join('\n');
  }
  const party = only?.party;
  const forAll =
    party === undefined ? '' : `\n${wordingIn(lang).trip.party}: ${partyText(party, lang)}`;
  const listed = (isBrief: boolean): string =>
    offers.map((offer, index) => offerText(offer, index, lang, isBrief)).join('\n') + forAll;
  const whole = listed(false);
  return whole.length <= roomForOffers ? whole : listed(true);
}

function offerText(offer: OfferLine, index: number, lang: string, isBrief: boolean): string {
  const { price, more = [], number = index + 1, baggage } = offer;
  const bags = baggage === undefined || isBrief ? null : baggageText(baggage, lang);
  const priced =
    bags === null
      ? moneyText(price, lang)
      : `${moneyText(price, lang)}${comma(languageOf(lang))}${bags}`;
  if (more.length === 0) return `${number}) ${wayText(offer, lang, isBrief)}: ${priced}`;
  const { there, back } = wordingIn(lang).trip;
  const ways = [offer, ...more].map(
    (way, place) => `${place === 0 ? there : back}: ${wayText(way, lang, isBrief)}`,
  );
  return [`${number}) ${priced}`, ...ways].join('\n');
}

/** A row of a list as WhatsApp takes it: `title` at most 24 characters, `description` at most 72. */
export interface Row {
  readonly title: string;
  readonly description: string;
}

/** One flight as a row: `1) TK1722 11:05`, `€412.50, BER – IST, direct`. `index` counts from 0. */
export function offerRow(offer: OfferLine, index: number, lang: string): Row {
  const { flight, departLocal, price, more = [] } = offer;
  const ways = [offer, ...more].map(
    (way) => `${ltr(`${way.from} – ${way.to}`, lang)}, ${stopsText(way, lang, true)}`,
  );
  // The time and the price are what one chooses by: a long flight number or place gives way to them.
  const time = ` ${clock(departLocal)}`;
  const title = `${index + 1}) ${flight}`;
  return {
    title: `${shortened(title, 24 - time.length)}${time}`,
    description: shortened(`${moneyText(price, lang)}, ${ways.join('; ')}`, 72),
  };
}
