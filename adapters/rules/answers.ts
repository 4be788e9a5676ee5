import type { Intent, Sure, Utterance } from '../../actors/shapes/understanding.ts';
import { inAllLanguages } from './lexicon/languages.ts';
import type { Lexicon } from './lexicon/lexicon.ts';
import { phraseBook } from './phrases.ts';
import { plainPhrases, type Sentence } from './reading.ts';
import { speller } from './spelling.ts';

type List = 'filler' | 'greeting' | 'thanks' | 'bye' | 'refuse' | 'agree' | 'stop';

/** "Jaa", "okk", "yess": a letter written twice is one. */
const single = (words: string) => words.replaceAll(/(\p{L})\1+/gu, '$1');

const phrasesOf = (list: keyof Lexicon & List) =>
  single(plainPhrases(inAllLanguages((lexicon) => lexicon[list])));

const lists = ['filler', 'greeting', 'thanks', 'bye', 'refuse', 'agree'] as const;

/**
 * Answers that count only when they are the whole message, with what may be around them. All in one book, because the longest
 * phrase at a place wins there: "good" agrees, but "good morning" does not, and must never be taken for a consent.
 */
const book = phraseBook<List>(lists.map((list) => [phrasesOf(list), list]));
const stops = phraseBook<List>([
  [phrasesOf('filler'), 'filler'],
  [phrasesOf('stop'), 'stop'],
]);
const spelled = speller(lists.map(phrasesOf), [], 4);

/** Longer messages say more than an answer. */
const longest = 120;

/** "Ediyorm", "ediyoum", "katılıyrm": the ending of "I do", with a letter or two wrong or missing. */
const withEndings = (words: string): string =>
  words.replaceAll(
    /(?<=\p{L})([iu])(?:yor?u?m|yrum|yoru|orum|yourm|yorun|yorim|yotum|youm)(?!\p{L})/gu,
    '$1yorum',
  );

/** What an answer is and nothing else; null if it is none, or both a yes and a no. */
export function answerIn(
  sentences: readonly Sentence[],
  isAsked: boolean,
): 'refuse' | 'agree' | 'thanks' | 'greeting' | 'stop' | null {
  const words = single(
    sentences
      .map((sentence) => sentence.words)
      .join(' ')
      .replaceAll(' ,', ''),
  );
  if (words === '' || words.length > longest) return null;
  if (stops.covers(words) && stops.find(words).some(({ value }) => value === 'stop')) return 'stop';
  const isSpelled = book.covers(words);
  const read = isSpelled ? words : spelled(withEndings(words));
  if (!book.covers(read)) return null;
  const kinds = new Set(book.find(read).map(({ value }) => value));
  if (kinds.has('agree') && kinds.has('refuse')) return null;
  // A word that is only nearly a yes is one where something was asked.
  if (kinds.has('agree') && !isSpelled && !isAsked) return null;
  // "Ok thank you, bye" leaves; it agrees to nothing.
  if (kinds.has('bye') && !kinds.has('refuse') && !kinds.has('greeting')) return 'thanks';
  return (
    (['refuse', 'agree', 'thanks', 'greeting'] as const).find((kind) => kinds.has(kind)) ?? null
  );
}

/**
 * A message without words. A thumb up is never a consent, and elsewhere too little to act on; a thumb down refuses, as doing nothing
 * harms nobody.
 */
export function answerOfSigns(folded: string, asked: Utterance['asked']): Sure<Intent> {
  const sure = (value: Intent, confidence: number) => ({ value, confidence });
  if (/[?؟]/.test(folded)) return sure('question', 0.6);
  if (/^[👍👌✅🆗💯\s\u{1F3FB}-\u{1F3FF}]+$/u.test(folded))
    return asked === null || asked === 'consent' ? sure('unclear', 0.3) : sure('agree', 0.5);
  if (/^[👎❌🚫\s\u{1F3FB}-\u{1F3FF}]+$/u.test(folded)) return sure('refuse', 0.8);
  if (/^[🙏❤💐🌹\s\u{1F3FB}-\u{1F3FF}]+$/u.test(folded)) return sure('thanks', 0.8);
  if (/^[👋🤝\s\u{1F3FB}-\u{1F3FF}]+$/u.test(folded)) return sure('greeting', 0.8);
  return sure('unclear', 0.3);
}
