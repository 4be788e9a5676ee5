import { ordinary } from './lexicon/danger/all.ts';
import { pausing } from './lexicon/pausing.ts';
import { stoppingWords } from './lexicon/stopping.ts';
import type { Found, PhraseBook } from './phrases.ts';
import { plainBook, type Sentence } from './reading.ts';
import { speller } from './spelling.ts';

type List = keyof typeof stoppingWords;

const books = Object.fromEntries(
  Object.entries(stoppingWords).map(([list, phrases]) => [
    list,
    plainBook([[phrases.join('|'), true]]),
  ]),
) as unknown as Record<List, PhraseBook<true>>;
const spelled = speller(
  (
    ['leave', 'cease', 'contact', 'refrain', 'unwanted', 'erase', 'held', 'number'] as const
  ).flatMap((list) => [...stoppingWords[list]]),
  ordinary,
);

const pauses = plainBook([[pausing, true]]);

/** Who goes and asks somebody says so in few words. */
const mostPausingWords = 12;

/** "Stop, let me ask my wife": halts us for a while, and wants neither an end nor an answer. */
export function pausesIn(sentences: readonly Sentence[]): boolean {
  const words = sentences.map((sentence) => sentence.words).join(' , ');
  return words.split(' ').length <= mostPausingWords && pauses.has(words);
}

/** What a message wants to end: all messages, what we have of somebody, something that was arranged. */
export type Ending = 'stop' | 'erase' | 'cancel';

/** Hears a wish that something ends, however it is worded; null if there is none. */
export function endingIn(sentences: readonly Sentence[]): Ending | null {
  const read = sentences.map(({ words, asks }) => ({ words: spelled(words), asks }));
  if (read.some(erases)) return 'erase';
  const all = read.map(({ words }) => words).join(' , ');
  if (read.some((sentence) => stops(sentence, all))) return 'stop';
  if (read.some(({ words }) => isNear(words, 'cancel', 'arranged', 6))) return 'cancel';
  return null;
}

function erases({ words, asks }: Sentence): boolean {
  if (!books.erase.has(words) || books.told.has(words)) return false;
  if (books.law.has(words)) return !asks || books.held.has(words);
  return isNear(words, 'erase', 'held', 9);
}

/**
 * Whether a sentence wants no more messages. Not writing at night, to somebody else, or in place of a call is no such wish, nor is
 * missing a message.
 */
function stops({ words, asks }: Sentence, all: string): boolean {
  if (books.leave.has(words)) return !(asks && books.missing.has(words));
  if (isNear(words, 'takeOut', 'number', 6) && isAboutUs(words)) return !books.told.has(words);
  if (!books.contact.has(words) && !books.refrain.has(words)) return false;
  if (books.limit.has(words)) return false;
  if (books.missing.has(words)) return books.demand.has(words);
  if (asks && !books.again.has(words)) return false;
  if (books.calls.has(words) && books.writes.has(all)) return false;
  if (isNear(words, 'cease', 'contact', 5)) return true;
  if (isNear(words, 'unwanted', 'contact', 6)) return true;
  if (books.refrain.has(words))
    return (
      books.again.has(words) ||
      books.me.has(words) ||
      books.letters.has(words) ||
      words.split(' ').length <= 3
    );
  if (isNear(words, 'not', 'letters', 3)) return books.again.has(words) || isShort(words);
  if (!isNear(words, 'not', 'contact', 4)) return false;
  return books.again.has(words) || books.me.has(words) || isShort(words);
}

/** Somebody's own number, name or place in a list of ours. */
const isAboutUs = (words: string) => books.me.has(words) || books.ours.has(words);

const isShort = (words: string) => words.split(' ').length <= 5;

/** Whether words of two lists stand within so many words of one another. */
function isNear(words: string, one: List, other: List, apart: number): boolean {
  const left = books[one].find(words);
  if (left.length === 0) return false;
  const right = books[other].find(words);
  const between = (first: Found<true>, second: Found<true>) =>
    words.slice(first.end, second.start).split(' ').length - 2;
  let at = 0;
  for (const first of left) {
    // Both lists go forward, so that this stays linear: only the nearest before and behind are looked at.
    while (at < right.length && (right[at]?.end ?? 0) <= first.start) at++;
    const before = right[at - 1];
    const after = right.slice(at, at + 2).find(({ start }) => start >= first.end);
    if (before && between(before, first) <= apart) return true;
    if (after && between(first, after) <= apart) return true;
  }
  return false;
}
