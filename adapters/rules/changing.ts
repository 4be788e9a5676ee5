import type { Understanding } from '../../actors/shapes/understanding.ts';
import { changing } from './lexicon/changing.ts';
import type { PhraseBook } from './phrases.ts';
import { plainBook, type Sentence } from './reading.ts';

const books = Object.fromEntries(
  Object.entries(changing).map(([list, phrases]) => [list, plainBook([[phrases, true]])]),
) as unknown as Record<keyof typeof changing, PhraseBook<true>>;

const parts = ['dates', 'origin', 'party', 'procedure'] as const;

/** More words than that say how, or are about something else. */
const mostWords = 14;

/**
 * Which part of the trip somebody wants to change without saying to what: "I want to change the date"; `change` where they do not
 * say which. Undefined where the message says no such thing, or more than one.
 */
export function changeIn(sentences: readonly Sentence[]): Understanding['change'] {
  const words = sentences.map((sentence) => sentence.words).join(' , ');
  if (words.split(' ').length > mostWords) return undefined;
  if (books.other.has(words)) return undefined;
  const named = parts.filter((part) => books[part].has(words));
  const isAny = books.anything.has(words);
  if (!isAny && !books.change.has(words)) return undefined;
  const [part = isAny ? ('change' as const) : undefined, ...more] = named;
  return part !== undefined && more.length === 0 ? { value: part, confidence: 0.8 } : undefined;
}
