import { consentPurposes } from '../shapes/consents.ts';
import type { DocumentKind } from '../shapes/documents.ts';
import type { OfferLine, OfferWay } from '../shapes/flights.ts';
import type { PartyValue, PlacesValue, TextValue, TripValue } from '../shapes/messages.ts';
import { decimalFromMoney, type Money } from '../shapes/money.ts';
import type { PlaceChoice } from '../shapes/understanding.ts';
import { ar } from './ar.ts';
import { de } from './de.ts';
import { en } from './en.ts';
import { fr } from './fr.ts';
import {
  languages,
  type ButtonId,
  type Counted,
  type Language,
  type TextKey,
  type TripPart,
  type Wording,
} from './keys.ts';
import { comma, placeDescription, placeText, placeTitle } from './places.ts';
import { ru } from './ru.ts';
import { tr } from './tr.ts';

/** What we say, in every language. */
export const wordings: Readonly<Record<Language, Wording>> = checked({ tr, en, de, ar, ru, fr });

/** @throws {TypeError} a text has other gaps in one language than in English, and would be sent half-said */
function checked(all: Readonly<Record<Language, Wording>>): Readonly<Record<Language, Wording>> {
  for (const [language, { texts }] of Object.entries(all)) {
    for (const [key, text] of Object.entries(texts)) {
      const expected = gapsOf(en.texts[key as TextKey])
        .toSorted()
        .join();
      if (gapsOf(text).toSorted().join() !== expected) {
        throw new TypeError(
          `Text ${key} has other gaps in ${language} than in English: ${expected}`,
        );
      }
    }
  }
  return all;
}

const wordingIn = (lang: string): Wording => wordings[languageOf(lang)];

/** The gaps of a text in the order they first appear. */
export function gapsOf(text: string): string[] {
  return [...new Set([...text.matchAll(/\{(\w+)\}/g)].map(([, gap = '']) => gap))];
}

/** `{ amountMinor: '125000', currency: 'EUR' }` is `1250.00 EUR`, the same in every language and on every ICU. */
export function moneyText(money: Money): string {
  return `${decimalFromMoney(money)} ${money.currency}`;
}

const clock = (local: string): string => local.slice(11, 16);

function offerText(offer: OfferLine, index: number, lang: string): string {
  const { price, more = [], number = index + 1 } = offer;
  if (more.length === 0) return `${number}) ${wayText(offer, lang)}: ${moneyText(price)}`;
  const { there, back } = wordingIn(lang).trip;
  const ways = [offer, ...more].map(
    (way, place) => `${place === 0 ? there : back}: ${wayText(way, lang)}`,
  );
  return [`${number}) ${moneyText(price)}`, ...ways].join('\n');
}

/** `TK1722, Mon, Feb 1, BER 10:40 – IST 15:45, direct`; the day of arrival where it is another. */
function wayText(way: OfferWay, lang: string): string {
  const { flight, from, to, departLocal, arriveLocal, stops } = way;
  const [left, arrived] = [departLocal.slice(0, 10), arriveLocal.slice(0, 10)];
  const next = left === arrived ? '' : ` (${dayIn(arrived, lang, shortDay)})`;
  return `${flight}, ${dayIn(left, lang, shortDay)}, ${from} ${clock(departLocal)} – ${to} ${clock(arriveLocal)}${next}, ${stopsText(stops, lang)}`;
}

function stopsText(stops: number, lang: string): string {
  const { rows } = wordingIn(lang);
  return stops === 0 ? rows.direct : rows.stops.replace('{n}', String(stops));
}

const shortDay = { weekday: 'short', day: 'numeric', month: 'short' } as const;
const buttonDay = { ...shortDay, year: 'numeric' } as const;

/** Western digits everywhere. What is no day stands as it came: a provider may call a time what it likes. */
function dayIn(day: string, lang: string, format: Intl.DateTimeFormatOptions): string {
  const at = Date.parse(`${day}T00:00:00Z`);
  if (Number.isNaN(at)) return day;
  return dayFormat(languageOf(lang), format).format(at);
}

const formats = new Map<string, Intl.DateTimeFormat>();

/** Making one takes longer than a hundred uses of it. */
function dayFormat(language: Language, format: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `${language} ${Object.entries(format).join()}`;
  const made =
    formats.get(key) ??
    // In English the day before the month: most of those who read it here write it so, and nobody misreads it.
    new Intl.DateTimeFormat(`${language === 'en' ? 'en-GB' : language}-u-ca-gregory-nu-latn`, {
      ...format,
      timeZone: 'UTC',
    });
  formats.set(key, made);
  return made;
}

/** A day with its weekday, as the language writes it: "Monday, 15 February 2027". Western digits everywhere. */
export function dayText(day: string, lang: string): string {
  return dayIn(day, lang, { dateStyle: 'full' });
}

/** The places of a list where there can be none: a line for each, with its number. */
function placesText({ places }: PlacesValue, lang: string): string {
  return places
    .map((choice, index) => {
      const { title, description } = placeRow(choice, lang);
      return `${index + 1}) ${title}: ${description}`;
    })
    .join('\n');
}

/** "2 adults, 2 children (ages 0 and 7)". */
function partyText({ adults, childrenAges }: PartyValue, lang: string): string {
  const wording = wordingIn(lang);
  const grown = countedText(wording.adults, adults, lang);
  if (childrenAges.length === 0) return grown;
  const ages = new Intl.ListFormat(languageOf(lang)).format(childrenAges.map(String));
  const children = countedText(wording.children, childrenAges.length, lang);
  return `${grown}${comma(languageOf(lang))}${children.replace('{ages}', ages)}`;
}

function countedText(forms: Counted, count: number, lang: string): string {
  const form = forms[new Intl.PluralRules(languageOf(lang)).select(count)] ?? forms.other;
  return form.replace('{n}', String(count));
}

/** A line for each part, between line breaks of its own. In a template, which has none, the dots part them. */
function tripText(trip: TripValue, lang: string): string {
  const { trip: names, procedures } = wordingIn(lang);
  const { from, to, departDate, returnDate, party, procedure } = trip;
  const lines = [
    [names.from, placeText(from, languageOf(lang))],
    [names.to, placeText(to, languageOf(lang))],
    [names.there, dayText(departDate, lang)],
    ...(returnDate === null ? [] : [[names.back, dayText(returnDate, lang)]]),
    [names.party, partyText(party, lang)],
    ...(procedure === null ? [] : [[names.procedure, procedures[procedure]]]),
  ];
  return `\n${lines.map(([name, value]) => `• ${name}: ${value}`).join('\n')}\n`;
}

/** What stands in a gap. */
export function valueText(value: TextValue, lang: string): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number') return String(value);
  if ('amountMinor' in value) return moneyText(value);
  if ('place' in value) return placeText(value, languageOf(lang));
  if ('places' in value) return placesText(value, lang);
  if ('day' in value) return dayText(value.day, lang);
  if ('adults' in value) return partyText(value, lang);
  if ('departDate' in value) return tripText(value, lang);
  if ('procedure' in value) return wordingIn(lang).procedures[value.procedure];
  return value.map((offer, index) => offerText(offer, index, lang)).join('\n');
}

/** The language to write in for a BCP 47 tag: `de-AT` is `de`; what we do not have is `en`. */
export function languageOf(tag: string): Language {
  const primary = tag.toLowerCase().split('-')[0];
  return languages.find((language) => language === primary) ?? 'en';
}

/** @throws {Error} a gap has no value: a mistake of ours, so nothing half-said is sent */
export function valueOf(
  key: TextKey,
  gap: string,
  values: Readonly<Record<string, TextValue>>,
): TextValue {
  const value = Object.hasOwn(values, gap) ? values[gap] : undefined;
  if (value === undefined) throw new Error(`Text ${key} has no value for {${gap}}`);
  return value;
}

/**
 * A text with its gaps filled. Values are put in once and never read as gaps themselves.
 *
 * @throws {Error} a gap has no value: a mistake of ours, so nothing half-said is sent
 */
export function renderText(
  key: TextKey,
  lang: string,
  values: Readonly<Record<string, TextValue>>,
): string {
  // A value that brings line breaks of its own needs no space beside them.
  return wordingIn(lang).texts[key].replaceAll(
    /( ?)\{(\w+)\}( ?)/g,
    (_, before: string, gap: string, after: string) => {
      const value = valueText(valueOf(key, gap, values), lang);
      return `${value.startsWith('\n') ? '' : before}${value}${value.endsWith('\n') ? '' : after}`;
    },
  );
}

/** What we call a kind of document where a text has `{document}`. */
export function documentName(kind: DocumentKind, lang: string): string {
  return wordingIn(lang).documents[kind];
}

/** With its weekday where that fits in a button. */
function dayTitle(day: string, lang: string): string {
  const title = dayIn(day, lang, buttonDay);
  const { weekday: _weekday, ...withoutWeekday } = buttonDay;
  return title.length <= 20 ? title : shortened(dayIn(day, lang, withoutWeekday), 20);
}

const consentButton = new RegExp(`^consent(?::(?:${consentPurposes.join('|')}))?:(yes|no)$`);

/**
 * What stands on the button with this id. A list's round (`offer:2:3`) is not shown.
 *
 * @throws {Error} no such button
 */
export function buttonTitle(id: ButtonId, lang: string): string {
  const { buttons } = wordingIn(lang);
  const [, answer] = consentButton.exec(id) ?? [];
  if (answer !== undefined) return buttons[`consent:${answer as 'yes' | 'no'}`];
  if (id.startsWith('pay:again:')) return buttons['pay:again'];
  if (id === 'continue') return buttons.continue;
  const [, place] = /^place:([A-Z]{3})$/.exec(id) ?? [];
  if (place !== undefined) return placeTitle(place, languageOf(lang), 20);
  const [, part] = /^trip:(origin|dates|party|procedure|change|yes(?=$|:\d+$))/.exec(id) ?? [];
  if (part !== undefined) return buttons[`trip:${part as TripPart | 'yes' | 'change'}`];
  const [, day] = /^day:(\d{4}-\d\d-\d\d)$/.exec(id) ?? [];
  if (day !== undefined) return dayTitle(day, lang);
  if (id === 'journey:new' || id === 'journey:same') return buttons[id];
  const [, choice] = /^offer:([1-5]|none)(?::\d+)?$/.exec(id) ?? [];
  if (choice === undefined) throw new Error(`No button ${id}`);
  if (choice === 'none') return buttons['offer:none'];
  return buttons['offer:{n}'].replace('{n}', choice);
}

/** What one of several patients on a phone is called there: by the name that they gave, or else as who holds it. */
export function patientName(name: string, lang: string): string {
  return name === '' ? wordingIn(lang).rows.self : name;
}

/** A text for one of several patients on a phone: whom it is for stands in front. */
export function textFor(name: string, text: string, lang: string): string {
  return `${patientName(name, lang)}: ${text}`;
}

/** What opens a list, at most 20 characters. */
export function listButton(lang: string): string {
  return wordingIn(lang).buttons.choose;
}

/** A row of a list as WhatsApp takes it: `title` at most 24 characters, `description` at most 72. */
export interface Row {
  readonly title: string;
  readonly description: string;
}

/** At most `limit` UTF-16 units, with `…` where something was cut, and never half a surrogate pair. */
export function shortened(text: string, limit: number): string {
  if (text.length <= limit) return text;
  return `${text.slice(0, limit - 1).replace(/[\uD800-\uDBFF]$/, '')}…`;
}

/** One flight as a row: `1) TK1722 11:05`, `412.50 EUR, BER – IST, direct`. `index` counts from 0. */
export function offerRow(offer: OfferLine, index: number, lang: string): Row {
  const { flight, departLocal, price, more = [] } = offer;
  const ways = [offer, ...more].map(
    ({ from, to, stops }) => `${from} – ${to}, ${stopsText(stops, lang)}`,
  );
  // The time and the price are what one chooses by: a long flight number or place gives way to them.
  const time = ` ${clock(departLocal)}`;
  const title = `${index + 1}) ${flight}`;
  return {
    title: `${shortened(title, 24 - time.length)}${time}`,
    description: shortened(`${moneyText(price)}, ${ways.join('; ')}`, 72),
  };
}

/** One place as a row: `Tripoli (MJI)`, `Libya, ≈ 8 km`. */
export function placeRow(choice: PlaceChoice, lang: string): Row {
  const language = languageOf(lang);
  return {
    title: placeTitle(choice.airport, language, 24),
    description: placeDescription(choice, language),
  };
}

/** The row for who wants none of the flights. */
export function noneRow(lang: string): Row {
  const { buttons, rows } = wordingIn(lang);
  return { title: buttons['offer:none'], description: rows.none };
}
