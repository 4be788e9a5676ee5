import { type Procedure, procedures, type Sure } from '../../actors/shapes/understanding.ts';
import { fold, wordsOf } from './fold.ts';
import { inAllLanguages } from './lexicon/languages.ts';
import {
  bodyParts,
  colloquial,
  complaints,
  doneAfter,
  doneBefore,
  idioms,
  unwantedAfter,
  unwantedBefore,
} from './lexicon/procedure-words.ts';
import { isOneOff } from './one-off.ts';
import { type Found, type PhraseBook, phraseBook } from './phrases.ts';

const lists = procedures.map(
  (procedure) =>
    [
      `${inAllLanguages((lexicon) => lexicon.procedures[procedure])}|${colloquial[procedure]}`,
      procedure,
    ] as const,
);
const book = phraseBook<Procedure | null>([...lists, [idioms, null]]);
const parts = phraseBook([[bodyParts, true]]);
const ill = phraseBook([[complaints, true]]);
const notBefore = phraseBook([[unwantedBefore, true]]);
const notAfter = phraseBook([[unwantedAfter, true]]);
const wasBefore = phraseBook([[doneBefore, true]]);
const wasAfter = phraseBook([[doneAfter, true]]);

/** What the patient wants done; `isDoubtful` where two things are. */
export interface Wanted {
  readonly procedure: Sure<Procedure> | undefined;
  readonly isDoubtful: boolean;
}

/** More treatments than this nobody asks for; bounds the looks around each. */
const most = 40;

/**
 * What the patient wants done, in whatever language it is named. Not what hurts, what is not wanted and what has been done. Two
 * treatments are a doubt.
 */
export function procedureIn(words: string): Wanted {
  const found = book
    .find(words)
    .slice(0, most)
    .filter((one): one is Found<Procedure> => one.value !== null);
  const wanted = found.filter((one, index) => isWanted(words, one, found[index - 1]?.end ?? 0));
  const named = new Map<Procedure, number>();
  for (const { value } of wanted) named.set(value, (named.get(value) ?? 0) + 1);
  // "Breast cancer" is no breast surgery, and a check of the heart is about the heart.
  if (named.has('oncology')) {
    return {
      procedure: { value: 'oncology', confidence: named.size > 1 ? 0.8 : 0.95 },
      isDoubtful: false,
    };
  }
  if (named.size > 1) named.delete('check-up');
  const [first, ...more] = [...named.keys()];
  if (first && more.length > 0)
    return { procedure: { value: first, confidence: 0.5 }, isDoubtful: true };
  if (first) return { procedure: { value: first, confidence: 0.95 }, isDoubtful: false };
  const guess = found.length === 0 ? misspelt(words) : null;
  return { procedure: guess ? { value: guess, confidence: 0.7 } : undefined, isDoubtful: false };
}

function isWanted(words: string, { start, end }: Found<Procedure>, from: number): boolean {
  const before = lastWords(words.slice(Math.max(from, start - 60), start), 5);
  const after = firstWords(words.slice(end, end + 60), 4);
  const itself = words.slice(start, end);
  const isPart = parts.covers(itself) || ill.has(itself) || /schmerz|blutung/.test(itself);
  if (isPart && (ill.has(lastWords(before, 4)) || ill.has(after) || /schmerz|blutung/.test(itself)))
    return false;
  if (endsWith(notBefore, before, 1)) return false;
  if (notAfter.find(firstWords(after, 2)).some((found) => found.start === 0)) return false;
  if (endsWith(wasBefore, before, 2)) return false;
  return !wasAfter.find(firstWords(after, 3)).some((found) => found.start <= 12);
}

/** Whether a phrase of the book ends the words, or is at most so many words from their end. */
function endsWith(book: PhraseBook<boolean>, words: string, most: number): boolean {
  const last = book.find(words).at(-1);
  return last !== undefined && words.slice(last.end).split(' ').filter(Boolean).length <= most;
}

function lastWords(words: string, count: number): string {
  return words.trim().split(' ').slice(-count).join(' ');
}

function firstWords(words: string, count: number): string {
  return words.trim().split(' ').slice(0, count).join(' ');
}

/** Names long enough that one letter off is a slip, not another word. */
const long: readonly (readonly [stem: string, procedure: Procedure])[] = lists.flatMap(
  ([list, procedure]) =>
    list
      .split('|')
      .map((phrase) => wordsOf(fold(phrase)))
      .filter((phrase) => phrase.length >= 7 && !phrase.includes(' '))
      .map((phrase) => [phrase, procedure] as const),
);

function misspelt(words: string): Procedure | null {
  for (const word of words.slice(0, 400).split(' ')) {
    if (word.length < 6) continue;
    for (const [stem, procedure] of long) {
      if (stem[0] !== word[0] || Math.abs(stem.length - word.length) > 6) continue;
      const isClose = [0, 1, -1].some((more) => isOneOff(word.slice(0, stem.length + more), stem));
      if (isClose) return procedure;
    }
  }
  return null;
}
