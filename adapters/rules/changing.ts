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
 * Which part of the trip somebody wants to change without saying to what: "I want to change the date". Undefined where the message
 * says none, or more than one.
 */
export function changeIn(sentences: readonly Sentence[]): Understanding['change'] {
  const words = sentences.map((sentence) => sentence.words).join(' , ');
  if (words.split(' ').length > mostWords) return undefined;
  if (!books.change.has(words) || books.other.has(words)) return undefined;
  const named = parts.filter((part) => books[part].has(words));
  const [part] = named;
  return part !== undefined && named.length === 1 ? { value: part, confidence: 0.8 } : undefined;
}
