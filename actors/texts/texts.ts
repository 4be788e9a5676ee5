import { shortReference } from '../ports/references.ts';
import { consentPurposes } from '../shapes/consents.ts';
import type { DocumentKind } from '../shapes/documents.ts';
import type { PlacesValue, TextValue, TripValue } from '../shapes/messages.ts';
import type { PlaceChoice, TripPart } from '../shapes/understanding.ts';
import { offersText, soldText, type Row } from './flights.ts';
import { dayIn, dayText, moneyText, partyText, shortened } from './formats.ts';
import type { ButtonId, TextKey } from './keys.ts';
import { placeDescription, placeText, placeTitle } from './places.ts';
import { languageOf, wordingIn } from './wordings.ts';

/** The places of a list where there can be none: a line for each, with its number. */
function placesText({ places }: PlacesValue, lang: string): string {
  return places
    .map((choice, index) => {
      const { title, description } = placeRow(choice, lang);
      return `${index + 1}) ${title}: ${description}`;
    })
    .join('\n');
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
  if ('amountMinor' in value) return moneyText(value, lang);
  if ('ways' in value) return soldText(value, lang);
  if ('reference' in value) return shortReference(value.reference);
  if ('place' in value) return placeText(value, languageOf(lang));
  if ('places' in value) return placesText(value, lang);
  if ('day' in value) return dayText(value.day, lang);
  if ('adults' in value) return partyText(value, lang);
  if ('departDate' in value) return tripText(value, lang);
  if ('procedure' in value) return wordingIn(lang).procedures[value.procedure];
  return offersText(value, lang);
}

/** @throws {Error} a gap has no value: a mistake of ours, so nothing half-said is sent */
function valueOf(
  key: TextKey,
  gap: string,
  values: Readonly<Record<string, TextValue>>,
): TextValue {
  const value = Object.hasOwn(values, gap) ? values[gap] : undefined;
  if (value === undefined) throw new Error(`Text ${key} has no value for {${gap}}`);
  return value;
}

/** What stands in a gap. What was sold has lines of its own, whether it is a trip or the title of something else. */
export function gapText(
  key: TextKey,
  gap: string,
  lang: string,
  values: Readonly<Record<string, TextValue>>,
): string {
  const text = valueText(valueOf(key, gap, values), lang);
  return gap === 'title' && !text.startsWith('\n') ? `\n• ${text}\n` : text;
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
      const value = gapText(key, gap, lang, values);
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
  const title = dayIn(day, lang, 'year');
  return title.length <= 20 ? title : shortened(dayIn(day, lang, 'numeric'), 20);
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
