import { consentPurposes } from '../shapes/consents.ts';
import type { DocumentKind } from '../shapes/documents.ts';
import type { OfferLine } from '../shapes/flights.ts';
import type { PlacesValue, TextValue } from '../shapes/messages.ts';
import { decimalFromMoney, type Money } from '../shapes/money.ts';
import type { PlaceChoice } from '../shapes/understanding.ts';
import { ar } from './ar.ts';
import { de } from './de.ts';
import { en } from './en.ts';
import { fr } from './fr.ts';
import { languages, type ButtonId, type Language, type TextKey, type Wording } from './keys.ts';
import { placeDescription, placeText, placeTitle } from './places.ts';
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

function offerText(offer: OfferLine, index: number): string {
  const { flight, from, to, departLocal, arriveLocal, stops, price } = offer;
  const via = stops === 0 ? '' : ` (+${stops})`;
  const day = departLocal.slice(0, 10);
  return `${index + 1}) ${flight} ${day} ${from} ${clock(departLocal)} – ${to} ${clock(arriveLocal)}${via}: ${moneyText(price)}`;
}

/** A day with its weekday, as the language writes it: "Monday, 15 February 2027". Western digits everywhere. */
export function dayText(day: string, lang: string): string {
  return new Intl.DateTimeFormat(`${languageOf(lang)}-u-ca-gregory-nu-latn`, {
    dateStyle: 'full',
    timeZone: 'UTC',
  }).format(Date.parse(`${day}T00:00:00Z`));
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

/** What stands in a gap. */
export function valueText(value: TextValue, lang: string): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number') return String(value);
  if ('amountMinor' in value) return moneyText(value);
  if ('place' in value) return placeText(value, languageOf(lang));
  if ('places' in value) return placesText(value, lang);
  if ('day' in value) return dayText(value.day, lang);
  if ('adults' in value) return [value.adults, ...value.childrenAges].join(' + ');
  if ('procedure' in value) return value.procedure;
  return value.map(offerText).join('\n');
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
  return wordingIn(lang).texts[key].replaceAll(/\{(\w+)\}/g, (_, gap: string) =>
    valueText(valueOf(key, gap, values), lang),
  );
}

/** What we call a kind of document where a text has `{document}`. */
export function documentName(kind: DocumentKind, lang: string): string {
  return wordingIn(lang).documents[kind];
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
  const [, choice] = /^offer:([1-5]|none)(?::\d+)?$/.exec(id) ?? [];
  if (choice === undefined) throw new Error(`No button ${id}`);
  if (choice === 'none') return buttons['offer:none'];
  return buttons['offer:{n}'].replace('{n}', choice);
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
  const { flight, from, to, departLocal, stops, price } = offer;
  const { rows } = wordingIn(lang);
  const via = stops === 0 ? rows.direct : rows.stops.replace('{n}', String(stops));
  // The time and the price are what one chooses by: a long flight number or place gives way to them.
  const time = ` ${clock(departLocal)}`;
  const title = `${index + 1}) ${flight}`;
  return {
    title: `${shortened(title, 24 - time.length)}${time}`,
    description: shortened(`${moneyText(price)}, ${from} – ${to}, ${via}`, 72),
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
