import { eld } from 'eld/extrasmall';

import type { Sure } from '../../actors/shapes/understanding.ts';
import { fold, wordsOf } from './fold.ts';
import { type Language, lexicons } from './lexicon/languages.ts';

/** What we read to tell a language: more does not make us surer. */
const sample = 300;

/** Below this many characters the n-grams of `eld` guess. */
const enoughForNgrams = 20;

/**
 * Tells which of our languages a text is in. The script decides for Arabic and Russian; for the others our own words
 * come first and `eld` second. Null for other languages, and where the text does not tell ("Berlin", "2", "ok").
 */
export function languageOfText(text: string): Sure<Language> | null {
  const read = text.slice(0, sample);
  const arabic = count(read, /\p{Script=Arabic}/gu);
  const cyrillic = count(read, /\p{Script=Cyrillic}/gu);
  const latin = count(read, /\p{Script=Latin}/gu);
  if (arabic + cyrillic + latin === 0) return null;
  if (arabic >= cyrillic && arabic >= latin) return arabicOrNot(read, arabic);
  if (cyrillic >= latin) return russianOrNot(read, cyrillic);
  return latinLanguage(read);
}

/** Letters of Persian and Urdu. An Iraqi writes one of them now and then, so one among many says little. */
function arabicOrNot(text: string, letters: number): Sure<Language> | null {
  const foreign = count(text, /[پچژگکیۀےٹڈڑںہھۓ]/g);
  if (foreign === 0) return { value: 'ar', confidence: letters > 2 ? 0.95 : 0.6 };
  return foreign * 20 <= letters ? { value: 'ar', confidence: 0.6 } : null;
}

/** `eld` mistakes Russian for Ukrainian, so letters decide; only for Bulgarian, which has no letter of its own, it is asked. */
function russianOrNot(text: string, letters: number): Sure<Language> | null {
  if (/[іїєґўљњћђџјәғқңөұүһ]/i.test(text)) return null;
  if (/[ыэё]/i.test(text)) return { value: 'ru', confidence: 0.95 };
  const known = scores(text).get('ru') ?? 0;
  if (known >= 1) return { value: 'ru', confidence: known >= 2 ? 0.95 : 0.8 };
  if (letters >= enoughForNgrams && ['bg', 'sr', 'mk'].includes(eld.detect(text).language)) {
    return null;
  }
  return { value: 'ru', confidence: letters > 3 ? 0.8 : 0.6 };
}

function latinLanguage(text: string): Sure<Language> | null {
  const [best, second] = [...scores(text)]
    .filter(([language]) => language !== 'ar' && language !== 'ru')
    .toSorted(([, left], [, right]) => right - left);
  if (!best || !second) return null;
  const [value, points] = best;
  const clear = points >= 1 && points >= 1.5 * second[1];
  if (text.length < enoughForNgrams) {
    if (!clear || foreignLetters.test(text)) return null;
    return { value, confidence: points >= 2 ? 0.95 : 0.8 };
  }
  const ngrams = eld.detect(text);
  if (ngrams.language === value && points > 0) return { value, confidence: 0.95 };
  if (clear && points >= 3 && !foreignLetters.test(text)) return { value, confidence: 0.8 };
  const detected = ours.find((language) => language === ngrams.language);
  if (!detected) return null;
  return { value: detected, confidence: ngrams.isReliable() ? 0.8 : 0.5 };
}

const ours: readonly Language[] = ['tr', 'en', 'de', 'fr'];
const foreignLetters = /[ñ¿¡ãõåøłąęćńśźżőűžčřšěůđəțțảạếồ]/i;

/** Letters one or two of our languages have, and what they say. */
const letters: readonly (readonly [RegExp, Language, number])[] = [
  [/[ğşıİ]/, 'tr', 1.5],
  [/[öü]/i, 'tr', 0.4],
  [/ß/, 'de', 3],
  [/ä/i, 'de', 1],
  [/[öü]/i, 'de', 0.4],
  [/[éèêàùœëîûô]/i, 'fr', 1],
  [/ç/i, 'fr', 0.4],
  [/ç/i, 'tr', 0.4],
];

function scores(text: string): Map<Language, number> {
  const points = new Map<Language, number>(languages.map((language) => [language, 0]));
  const add = (language: Language, more: number) =>
    points.set(language, (points.get(language) ?? 0) + more);
  for (const [pattern, language, more] of letters) if (pattern.test(text)) add(language, more);
  for (const word of new Set(wordsOf(fold(text)).split(' '))) {
    const known = weights.get(word);
    if (known) for (const [language, weight] of known) add(language, weight);
  }
  return points;
}

const languages = Object.keys(lexicons) as Language[];

/** Word to what it says for each language; a word that several languages have says little for any. */
const weights: ReadonlyMap<string, readonly (readonly [Language, number])[]> = weigh();

function weigh(): Map<string, [Language, number][]> {
  const raw = new Map<string, Map<Language, number>>();
  const note = (language: Language, list: string, weight: number) => {
    for (const phrase of list.split('|')) {
      if (phrase.endsWith('*')) continue;
      for (const word of wordsOf(fold(phrase)).split(' ')) {
        const known = raw.get(word) ?? new Map<Language, number>();
        known.set(language, Math.max(known.get(language) ?? 0, weight));
        raw.set(word, known);
      }
    }
  };
  for (const language of languages) {
    const lexicon = lexicons[language];
    note(language, lexicon.everyday, 2);
    for (const list of [
      lexicon.greeting,
      lexicon.thanks,
      lexicon.agree,
      lexicon.refuse,
      lexicon.stop,
    ]) {
      note(language, list, 1);
    }
    for (const list of [lexicon.human, lexicon.alone, lexicon.companion]) {
      note(language, list, 0.5);
    }
    for (const list of lexicon.months) note(language, list, 0.7);
  }
  return new Map(
    [...raw].map(([word, known]) => [
      word,
      [...known].map(([language, weight]): [Language, number] => [
        language,
        weight / known.size ** 2,
      ]),
    ]),
  );
}

function count(text: string, pattern: RegExp): number {
  return text.match(pattern)?.length ?? 0;
}
