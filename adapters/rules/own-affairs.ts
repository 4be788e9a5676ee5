import { ownAffairs } from './lexicon/own-affairs.ts';
import type { PhraseBook } from './phrases.ts';
import { plainBook, type Sentence } from './reading.ts';

const books = Object.fromEntries(
  Object.entries(ownAffairs).map(([list, phrases]) => [list, plainBook([[phrases, true]])]),
) as unknown as Record<keyof typeof ownAffairs, PhraseBook<true>>;

/** What somebody may ask of their own affairs; see `intents`. */
export type OwnAffair = 'itinerary' | 'paid' | 'paid-twice';

/** More words than that tell a story, in which such words are by the way. */
const mostWords = 45;
/** Who only says that they have paid says no more. */
const mostToldWords = 9;

/**
 * Whether a message asks for what we know of somebody's own flights, or whether their payment came, in whatever words. Wishes to
 * change, prices and refunds are something else. Null if it does not.
 */
export function ownAffairIn(sentences: readonly Sentence[]): OwnAffair | null {
  const words = sentences.map((sentence) => sentence.words).join(' , ');
  const count = words.split(' ').length;
  if (count > mostWords) return null;
  const asks = sentences.some((sentence) => sentence.asks);
  if (books.paid.has(words) && !books.money.has(words)) {
    if (books.twice.has(words)) return 'paid-twice';
    if (books.came.has(words) || asks || count <= mostToldWords) return 'paid';
  }
  if (books.other.has(words)) return null;
  if (books.wholly.has(words)) return 'itinerary';
  const isAsked = sentences.some((one) => books.flight.has(one.words) && books.asks.has(one.words));
  return isAsked ? 'itinerary' : null;
}
