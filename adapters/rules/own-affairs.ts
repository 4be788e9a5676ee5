import { askedOfOwn } from './lexicon/asked-of-own.ts';
import { ownAffairs } from './lexicon/own-affairs.ts';
import type { PhraseBook } from './phrases.ts';
import { plainBook, type Sentence } from './reading.ts';

const books = Object.fromEntries(
  Object.entries(ownAffairs).map(([list, phrases]) => [list, plainBook([[phrases, true]])]),
) as unknown as Record<keyof typeof ownAffairs, PhraseBook<true>>;

const of = Object.fromEntries(
  Object.entries(askedOfOwn).map(([list, phrases]) => [
    list,
    plainBook([[phrases.join('|'), true]]),
  ]),
) as unknown as Record<keyof typeof askedOfOwn, PhraseBook<true>>;

/** What somebody may ask of their own affairs; see `intents`. */
export type OwnAffair = 'itinerary' | 'paid' | 'paid-twice' | 'next';

/** More words than that tell a story, in which such words are by the way. */
const mostWords = 45;
/** Who only says that they have paid says no more. */
const mostToldWords = 9;
/** One of these questions is short: a longer sentence asks something else. */
const mostTopicWords = 25;

/**
 * Whether a message asks for what we know of somebody's own flights, or whether their payment came, in whatever words. Wishes to
 * change, prices and refunds are something else. Null if it does not.
 */
export function ownAffairIn(sentences: readonly Sentence[], isQuestion: boolean): OwnAffair | null {
  const words = sentences.map((sentence) => sentence.words).join(' , ');
  const count = words.split(' ').length;
  if (count > mostWords) return null;
  const asks = sentences.some((sentence) => sentence.asks);
  const topics = sentences.map((sentence) => topicOf(sentence, isQuestion));
  // What else is asked needs a person, who answers all of it.
  const asksElse = sentences.some(
    (sentence, index) =>
      of.otherwise.has(sentence.words) ||
      (topics[index] === null && sentence.asks && sentence.words.includes(' ')),
  );
  const topic = (['paid-twice', 'paid', 'itinerary', 'next'] as const).find((one) =>
    topics.includes(one),
  );
  if (topic !== undefined && !asksElse) return topic;
  if (books.paid.has(words) && !books.money.has(words)) {
    if (books.twice.has(words)) return 'paid-twice';
    if (books.came.has(words) || asks || count <= mostToldWords) return 'paid';
  }
  if (books.other.has(words)) return null;
  if (books.wholly.has(words)) return 'itinerary';
  const isAsked = sentences.some((one) => books.flight.has(one.words) && books.asks.has(one.words));
  return isAsked ? 'itinerary' : null;
}

/** One sentence, by the words that it has of two kinds: "when" and "my flight". What is of a body, or general, is no such question. */
function topicOf({ words, asks }: Sentence, isQuestion: boolean): OwnAffair | null {
  if (words.split(' ').length > mostTopicWords || of.medical.has(words)) return null;
  if (of.twice.has(words) && of.charged.has(words)) return 'paid-twice';
  if (of.next.has(words)) return 'next';
  if (!asks && !isQuestion) return null;
  const isOwnPrice = of.howMuch.has(words) && of.ownPrice.has(words);
  if (!isOwnPrice && of.payment.has(words) && of.arrived.has(words)) return 'paid';
  if (isOwnPrice || (of.what.has(words) && of.booked.has(words))) return 'itinerary';
  if (of.general.has(words)) return null;
  return of.asksWhen.has(words) && of.ownFlight.has(words) ? 'itinerary' : null;
}
