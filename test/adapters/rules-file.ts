import { isDeepStrictEqual } from 'node:util';

import type { Details, Understanding } from '../../actors/shapes/understanding.ts';
import { airportOf } from '../../adapters/rules/places/gazetteer.ts';
import { understandByRules } from '../../adapters/rules/understanding.ts';
import type { LabelledUtterance } from '../support/utterances.ts';

/** Shares of 1; null where nothing of the kind was said. */
export interface Judged {
  readonly urgentRecall: number | null;
  /** A wish to be erased is one for no more messages, too. */
  readonly stopRecall: number | null;
  /** Of what is neither urgent nor a wish to stop: how much was taken for one. */
  readonly falseAlarms: number | null;
  /**
   * Not a share: wrong, and acted on without asking once more. That is an agreement that was none, and a wrong pick of a list; no
   * detail is among them, because all are read back.
   */
  readonly wrongActedOn: number;
  readonly originRight: number | null;
  /** Days of departure and return. */
  readonly dateRight: number | null;
  /** Of texts with three words or more. */
  readonly language: number | null;
  /** Details, not a share: wrong in what is read back, so that the patient has to put them right. */
  readonly wrongReadBack: number;
}

/** What one message was misread in. */
interface Miss {
  readonly id: string;
  readonly text: string;
  readonly misread: readonly string[];
}

/** Callers act on, or read back, what is at least this sure. */
const actsAt = 0.6;

const dates: readonly string[] = ['departDate', 'returnDate'];

/** Judges the rules by labelled utterances. */
export function judge(utterances: readonly LabelledUtterance[]): Judged {
  return judgeAll(utterances).judged;
}

function judgeAll(utterances: readonly LabelledUtterance[]): {
  readonly judged: Judged;
  readonly misses: readonly Miss[];
} {
  const shares = {
    urgentRecall: [] as boolean[],
    stopRecall: [] as boolean[],
    falseAlarms: [] as boolean[],
    originRight: [] as boolean[],
    dateRight: [] as boolean[],
    language: [] as boolean[],
  };
  let wrongActedOn = 0;
  let wrongReadBack = 0;
  const misses: Miss[] = [];
  for (const { id, text, lang, asked, at, details, ...right } of utterances) {
    const said = { text, lang: 'en', asked, at, destination: 'IST', mayLeave: false };
    const read = understandByRules(said);
    const misread: string[] = [];
    const note = (of: keyof typeof shares, value: boolean, isGood: boolean, found: unknown) => {
      shares[of].push(value);
      if (!isGood) misread.push(`${of}: ${JSON.stringify(found)}`);
    };
    const intent = read.intent.confidence >= actsAt ? read.intent.value : null;
    const isStop = intent === 'stop' || intent === 'erase';
    if (right.urgent) note('urgentRecall', intent === 'urgent', intent === 'urgent', read.intent);
    if (right.stop) note('stopRecall', isStop, isStop, read.intent);
    if (!right.urgent && !right.stop) {
      const isAlarm = intent === 'urgent' || isStop;
      note('falseAlarms', isAlarm, !isAlarm, read.intent);
    }
    const wronglyActed = actedOnWrongly(read, right);
    if (wronglyActed) {
      wrongActedOn++;
      misread.push(`wrongActedOn: ${JSON.stringify(read.picked ?? read.intent)}`);
    }
    if ((text.match(/\p{L}+/gu) ?? []).length >= 3) {
      const isRightLanguage = read.lang?.value === lang && read.lang.confidence >= actsAt;
      note('language', isRightLanguage, isRightLanguage, read.lang);
    }
    for (const [name, found] of Object.entries(details === null ? {} : read.details) as [
      keyof Details,
      Read,
    ][]) {
      if (found.confidence < actsAt || isRight(name, found.value, details?.[name])) continue;
      wrongReadBack++;
      misread.push(`wrongReadBack: ${name} ${JSON.stringify(found)}`);
    }
    for (const [name, wanted] of Object.entries(details ?? {}) as [keyof Details, unknown][]) {
      const found = read.details[name];
      const isTold = found !== undefined && found.confidence >= actsAt;
      const into = name === 'origin' ? 'originRight' : dates.includes(name) ? 'dateRight' : null;
      const isGood = isTold && isRight(name, found.value, wanted);
      if (into) note(into, isGood, isGood, found ?? null);
    }
    if (misread.length > 0) misses.push({ id, text, misread });
  }
  const { originRight, dateRight, language, ...heard } = shares;
  const judged = {
    urgentRecall: share(heard.urgentRecall),
    stopRecall: share(heard.stopRecall),
    falseAlarms: share(heard.falseAlarms),
    wrongActedOn,
    originRight: share(originRight),
    dateRight: share(dateRight),
    language: share(language),
    wrongReadBack,
  };
  return { judged, misses };
}

/** A yes that was none, or a pick of something else. */
function actedOnWrongly(
  { intent, picked }: Understanding,
  right: Pick<LabelledUtterance, 'intent' | 'picked'>,
): boolean {
  if (intent.value === 'agree' && intent.confidence >= actsAt)
    return right.intent !== null && right.intent !== 'agree';
  if (!picked || picked.confidence < actsAt || right.picked === undefined) return false;
  return picked.value !== right.picked;
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

/**
 * What `npm run understanding -- FILE` prints: a line for each language, and last all together as JSON. With `misses`, ahead of them
 * a line for each message that was misread.
 */
export function judgedLines(utterances: readonly LabelledUtterance[], misses: boolean): string {
  const languages = [...new Set(utterances.map(({ lang }) => lang))].toSorted();
  const lines = languages.map((language) => {
    const some = utterances.filter(({ lang }) => lang === language);
    return `${language} (${some.length}): ${JSON.stringify(rounded(judge(some)))}`;
  });
  const all = judgeAll(utterances);
  const missed = misses
    ? all.misses.map(
        ({ id, text, misread }) => `${id} ${JSON.stringify(text)} → ${misread.join('; ')}`,
      )
    : [];
  return `${[...missed, ...lines, JSON.stringify(rounded(all.judged))].join('\n')}\n`;
}

function rounded(judged: Judged): Record<string, number | null> {
  return Object.fromEntries(
    Object.entries(judged).map(([name, value]) => [name, value && Number(value.toFixed(4))]),
  );
}
