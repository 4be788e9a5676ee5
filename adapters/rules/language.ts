import { eld } from 'eld/extrasmall';

import type { Sure } from '../../actors/shapes/understanding.ts';
import { fold, wordsOf } from './fold.ts';
import { dangerLexicons } from './lexicon/danger/all.ts';
import { type Language, lexicons } from './lexicon/languages.ts';
import { latinWords } from './lexicon/latin.ts';
import { stoppingLanguages, stoppingWords } from './lexicon/stopping.ts';

/** What we read to tell a language: more does not make us surer. */
const sample = 300;

/** Below this many characters the n-grams of `eld` guess. */
const enoughForNgrams = 20;

/**
 * Tells which of our languages a text is in. The script decides for Arabic and Russian; for the others our own words
 * come first and `eld` second. Null for other languages, and where the text does not tell ("Berlin", "2", "ok").
 */
export function languageOfText(text: string): Sure<Language> | null {
  const read = text.slice(0, sample).replaceAll(addresses, ' ');
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
  const isForeign = foreignLetters.test(text);
  // A name with such a letter says nothing of the words around it.
  const read = isForeign
    ? text
        .split(' ')
        .filter((word) => !foreignLetters.test(word))
        .join(' ')
    : text;
  const points = scores(read);
  if (read.length >= enoughForNgrams) {
    const ngrams = eld.detect(read);
    const detected = ours.find((language) => language === ngrams.language);
    const known = Math.max(...points.values());
    // Three words of ours may stand in a Spanish message, too.
    if (!detected && ngrams.isReliable() && known < (isForeign ? 5 : 2.5)) return null;
    if (detected)
      points.set(detected, (points.get(detected) ?? 0) + (ngrams.isReliable() ? 1.5 : 0.8));
  }
  const [best, second] = [...points].toSorted(([, left], [, right]) => right - left);
  if (!best || !second) return null;
  const [value, most] = best;
  const isLatin = value !== 'ar' && value !== 'ru';
  if (most < (isLatin ? 1 : 1.5) || most < 1.3 * second[1] || (isForeign && most < 2)) return null;
  return { value, confidence: most >= 2.5 && most >= 2 * second[1] ? 0.95 : 0.8 };
}

/** They are in nobody's language. */
const addresses = /\S{1,64}@\S{1,255}|https?:\S+|www\.\S+/g;

const ours: readonly Language[] = ['tr', 'en', 'de', 'fr'];
const foreignLetters = /[íóáúñ¿¡ãõåøłąęćńśźżőűžčřšěůđəțțảạếồ]/i;

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
  [
    /\p{L}(?:[iıuü]yor|[iıuü]yo\b|mak\b|mek\b|lar[ıi]|ler[i]|d[ıiuü]m\b|acağ|eceğ|[ae]cam\b|[iı]cam\b|m[ıiuü]ş)/iu,
    'tr',
    1,
  ],
  [/[iıuü]yo(?:rum|ruz|rsun)/iu, 'tr', 2],
  [/[iıuü]yo(?:rum|ruz|m\b|z\b|rsun)/iu, 'tr', 2],
  [/\b(?:sch\p{L}|\p{L}+(?:ung|lich|keit|schaft|ieren)\b|ge\p{L}{3,}t\b)/iu, 'de', 0.7],
  [/\p{L}(?:aient|ez\b|eux\b|ais\b|ait\b|tion\b)|\b(?:[jlmnst]'|qu')/iu, 'fr', 0.5],
  [/\p{L}(?:ing\b|'ve\b|n't\b|'m\b|ed\b|'s\b|'re\b)/iu, 'en', 0.6],
  // Arabic with Latin letters has digits for what Latin has none: sha3r, a2dar.
  [/[a-z][235679][a-z]/i, 'ar', 2],
];

function scores(text: string): Map<Language, number> {
  const points = new Map<Language, number>(languages.map((language) => [language, 0]));
  const add = (language: Language, more: number) =>
    points.set(language, (points.get(language) ?? 0) + more);
  for (const [pattern, language, more] of letters) if (pattern.test(text)) add(language, more);
  for (const word of new Set(wordsOf(fold(text)).split(' '))) {
    // Initials: "d.o.b.".
    if (/^[a-hj-z]$/.test(word)) continue;
    const known = weights.get(word) ?? stemOf(word);
    if (known) for (const [language, weight] of known) add(language, weight);
  }
  return points;
}

/** What the longest stem says that a word begins with. */
function stemOf(word: string): readonly (readonly [Language, number])[] | undefined {
  for (let end = Math.min(word.length, 12); end >= 4; end--) {
    const known = stems.get(word.slice(0, end));
    if (known) return known;
  }
  return undefined;
}

const languages = Object.keys(lexicons) as Language[];

type Weights = ReadonlyMap<string, readonly (readonly [Language, number])[]>;

/** Word, and beginning of words, to what it says for each language; what several languages have says little for any. */
const [weights, stems] = weigh();

function weigh(): [Weights, Weights] {
  const whole = new Map<string, Map<Language, number>>();
  const begun = new Map<string, Map<Language, number>>();
  const note = (language: Language, list: string, weight: number) => {
    for (const phrase of list.split('|')) {
      const words = wordsOf(fold(phrase)).split(' ');
      for (const [index, word] of words.entries()) {
        const isStem = phrase.endsWith('*') && index === words.length - 1;
        if (word === '' || /^\d+$/.test(word)) continue;
        const into = isStem ? begun : whole;
        const known = into.get(word) ?? new Map<Language, number>();
        known.set(language, Math.max(known.get(language) ?? 0, weight));
        into.set(word, known);
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
      lexicon.bye,
    ])
      note(language, list, 1);
    for (const list of [lexicon.stop, lexicon.filler, lexicon.asks, lexicon.asksAnywhere])
      note(language, list, 1);
    for (const list of [lexicon.human, lexicon.alone, lexicon.companion]) note(language, list, 0.5);
    for (const list of lexicon.months) note(language, list, 0.7);
    for (const list of Object.values(lexicon.procedures)) note(language, list, 0.5);
    for (const list of Object.values<string>({ ...dangerLexicons[language] }))
      note(language, list, 0.7);
    for (const list of Object.values(stoppingWords))
      note(language, list[stoppingLanguages.indexOf(language)] ?? '', 0.7);
  }
  note('ar', latinWords.ar, 2);
  note('ru', latinWords.ru, 2);
  const weighed = (raw: Map<string, Map<Language, number>>) =>
    new Map(
      [...raw].map(([word, known]) => [
        word,
        [...known].map(([language, weight]): [Language, number] => [
          language,
          weight / known.size ** 2,
        ]),
      ]),
    );
  return [weighed(whole), weighed(begun)];
}

function count(text: string, pattern: RegExp): number {
  return text.match(pattern)?.length ?? 0;
}
