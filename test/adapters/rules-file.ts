import { isDeepStrictEqual } from 'node:util';

import type { Details } from '../../actors/shapes/understanding.ts';
import { airportOf } from '../../adapters/rules/places/gazetteer.ts';
import { understandByRules } from '../../adapters/rules/understanding.ts';
import type { LabelledUtterance } from '../support/utterances.ts';

/** Shares of 1; null where nothing of the kind was said. */
export interface Judged {
  readonly urgentRecall: number | null;
  readonly stopRecall: number | null;
  /** Of what is neither urgent nor a wish to stop: how much was taken for one. */
  readonly falseAlarms: number | null;
  /** Details, not a share: wrong, and sure enough to act on without asking. */
  readonly wrongActedOn: number;
  readonly originRight: number | null;
  /** Days of departure and return. */
  readonly dateRight: number | null;
  /** Of texts with three words or more. */
  readonly language: number | null;
}

/** Callers act on what is at least this sure. */
const actsAt = 0.6;

const dates: readonly string[] = ['departDate', 'returnDate'];

/** Judges the rules by labelled utterances. */
export function judge(utterances: readonly LabelledUtterance[]): Judged {
  const urgent: boolean[] = [];
  const stops: boolean[] = [];
  const alarms: boolean[] = [];
  const origins: boolean[] = [];
  const days: boolean[] = [];
  const languages: boolean[] = [];
  let wrongActedOn = 0;
  for (const { text, lang, asked, at, details, ...right } of utterances) {
    const said = { text, lang: 'en', asked, at, destination: 'IST', mayLeave: false };
    const read = understandByRules(said);
    const intent = read.intent.confidence >= actsAt ? read.intent.value : null;
    if (right.urgent) urgent.push(intent === 'urgent');
    if (right.stop) stops.push(intent === 'stop');
    if (!right.urgent && !right.stop) alarms.push(intent === 'urgent' || intent === 'stop');
    if ((text.match(/\p{L}+/gu) ?? []).length >= 3)
      languages.push(read.lang?.value === lang && read.lang.confidence >= actsAt);
    if (details === null) continue;
    for (const [name, found] of Object.entries(read.details) as [keyof Details, Read][]) {
      if (found.confidence >= actsAt && !isRight(name, found.value, details[name])) wrongActedOn++;
    }
    for (const [name, wanted] of Object.entries(details) as [keyof Details, unknown][]) {
      const found = read.details[name];
      const isTold = found !== undefined && found.confidence >= actsAt;
      const into = name === 'origin' ? origins : dates.includes(name) ? days : null;
      into?.push(isTold && isRight(name, found.value, wanted));
    }
  }
  return {
    urgentRecall: share(urgent),
    stopRecall: share(stops),
    falseAlarms: share(alarms),
    wrongActedOn,
    originRight: share(origins),
    dateRight: share(days),
    language: share(languages),
  };
}

interface Read {
  readonly value: unknown;
  readonly confidence: number;
}

/** One airport with a code for each of its three cities. */
const euroAirport = new Set(['BSL', 'MLH', 'EAP']);

/** Another airport of the same city is as right. */
function isRight(name: keyof Details, value: unknown, wanted: unknown): boolean {
  if (name !== 'origin' || typeof wanted !== 'string') return isDeepStrictEqual(value, wanted);
  const city = airportOf(wanted)?.city;
  if (value === wanted || (euroAirport.has(wanted) && euroAirport.has(String(value)))) return true;
  return city !== undefined && city !== null && airportOf(String(value))?.city === city;
}

function share(all: readonly boolean[]): number | null {
  return all.length === 0 ? null : all.filter(Boolean).length / all.length;
}

/** What `npm run understanding -- FILE` prints: a line for each language, and last all together as JSON. */
export function judgedLines(utterances: readonly LabelledUtterance[]): string {
  const languages = [...new Set(utterances.map(({ lang }) => lang))].toSorted();
  const lines = languages.map((language) => {
    const some = utterances.filter(({ lang }) => lang === language);
    return `${language} (${some.length}): ${JSON.stringify(rounded(judge(some)))}`;
  });
  return `${lines.join('\n')}\n${JSON.stringify(rounded(judge(utterances)))}\n`;
}

function rounded(judged: Judged): Record<string, number | null> {
  return Object.fromEntries(
    Object.entries(judged).map(([name, value]) => [name, value && Number(value.toFixed(4))]),
  );
}
