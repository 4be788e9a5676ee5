import type { Intent, Sure, Utterance } from '../../actors/shapes/understanding.ts';
import { fold, wordsOf } from './fold.ts';
import { inAllLanguages, type Language, lexicons } from './lexicon/languages.ts';
import type { Lexicon } from './lexicon/lexicon.ts';
import { type PhraseBook, phraseBook } from './phrases.ts';

type List = 'stop' | 'agree' | 'refuse' | 'thanks' | 'greeting' | 'human' | 'urgent';

type Kind = keyof Lexicon & (List | 'filler');

/** The words of one or more lists of every language: a patient may say stop in another language than ours. */
function bookOf(...lists: readonly Kind[]): PhraseBook<Kind> {
  return phraseBook(lists.map((list) => [inAllLanguages((lexicon) => lexicon[list]), list]));
}

/**
 * Answers that count only when they are the whole message, with what may be around them. All in one book, because the
 * longest phrase at a place wins there: "good" agrees, but "good morning" does not, and must never be taken for a consent.
 */
const answers = bookOf('filler', 'greeting', 'thanks', 'refuse', 'agree');
const stops = bookOf('filler', 'stop');

/** What the message is and nothing else; null if it is none of these, or both a yes and a no. */
function answerIn(words: string): (Intent & List) | null {
  if (!answers.covers(words)) return null;
  const kinds = new Set(answers.find(words).map(({ value }) => value));
  if (kinds.has('agree') && kinds.has('refuse')) return null;
  return (
    (['refuse', 'agree', 'thanks', 'greeting'] as const).find((kind) => kinds.has(kind)) ?? null
  );
}

const greetings = bookOf('greeting');
const thanks = bookOf('thanks');
const human = bookOf('human');
const urgent = bookOf('urgent');

const noneBefore = phrasesOf((lexicon) => lexicon.noneBefore);
const noneAfter = phrasesOf((lexicon) => lexicon.noneAfter);

/** Talk of what might happen, not of what does. */
const mights = phraseBook<true>([
  [
    'risk|risks|chance of|possibility|side effects|complications|risk*|riski|ihtimali|yan etki*|olur mu|risiko|risiken|nebenwirkung*|komplikation*|risque|risques|effets secondaires|риск*|осложнен*|побочн*|خطر|مخاطر|احتمال|مضاعفات',
    true,
  ],
]);

interface Asking {
  readonly first: PhraseBook<true>;
  readonly anywhere: PhraseBook<true>;
}

const asking: ReadonlyMap<Language, Asking> = new Map(
  Object.entries(lexicons).map(([language, lexicon]) => [
    language as Language,
    {
      first: phraseBook<true>([[lexicon.asks, true]]),
      anywhere: phraseBook<true>([[lexicon.asksAnywhere, true]]),
    },
  ]),
);

/** What the rules read an intent from. `hasDetails` says that the message tells us something of the trip. */
export interface Remark {
  readonly folded: string;
  readonly words: string;
  readonly language: Language;
  readonly asked: Utterance['asked'];
  readonly hasDetails: boolean;
}

/**
 * What a message is for. A withdrawal and an emergency come before everything else; agreement and refusal count only
 * when they are all that is said, so that "I don't agree" or "yes, but when?" is never taken for a yes.
 */
export function intentOf(remark: Remark): Sure<Intent> {
  const { folded, words, asked, hasDetails } = remark;
  if (words === '') return intentOfSigns(folded);
  const short = words.length <= 120;
  if (short && stops.covers(words) && stops.find(words).some(({ value }) => value === 'stop'))
    return sure('stop', 0.95);

  const questioned = /[?؟]/.test(folded);
  const asksUs = questioned || asks(remark);
  if (inDanger(words)) {
    if (asksUs && mights.has(words)) return sure('question', 0.6);
    return sure('urgent', asksUs ? 0.8 : 0.95);
  }
  if (human.has(words)) return sure('human', 0.8);

  const answer = short ? answerIn(words) : null;
  if (answer !== null && (!questioned || answer === 'greeting'))
    return sure(answer, asked ? 0.95 : 0.8);
  if (asksUs) return sure('question', questioned ? 0.95 : 0.8);
  if (hasDetails) return sure('inform', 0.8);
  if (words.length <= 60) {
    if (thanks.has(words)) return sure('thanks', 0.6);
    if (greetings.has(words)) return sure('greeting', 0.6);
  }
  return sure('unclear', 0.3);
}

function sure(value: Intent, confidence: number): Sure<Intent> {
  return { value, confidence };
}

/** A message without words: a thumb up is a yes, a bare question mark a question. */
function intentOfSigns(folded: string): Sure<Intent> {
  if (/[?؟]/.test(folded)) return sure('question', 0.6);
  if (/^[👍👌✅🆗\s\u{1F3FB}-\u{1F3FF}]+$/u.test(folded)) return sure('agree', 0.8);
  if (/^[👎❌🚫\s\u{1F3FB}-\u{1F3FF}]+$/u.test(folded)) return sure('refuse', 0.8);
  if (/^[🙏❤💐🌹\s\u{1F3FB}-\u{1F3FF}]+$/u.test(folded)) return sure('thanks', 0.8);
  if (/^[👋🤝\s\u{1F3FB}-\u{1F3FF}]+$/u.test(folded)) return sure('greeting', 0.8);
  return sure('unclear', 0.3);
}

/** An emergency word that nobody denies beside it. */
function inDanger(words: string): boolean {
  return urgent
    .find(words)
    .some(({ start, end }) => !endsBefore(words, start) && !startsAfter(words, end));
}

const endsBefore = (words: string, at: number) =>
  noneBefore.some(
    (phrase) =>
      words.startsWith(`${phrase} `, at - phrase.length - 1) &&
      (at === phrase.length + 1 || /[ و]/.test(words[at - phrase.length - 2] ?? '')),
  );

const startsAfter = (words: string, at: number) =>
  noneAfter.some(
    (phrase) =>
      words.startsWith(phrase, at + 1) &&
      (words.length === at + 1 + phrase.length || words[at + 1 + phrase.length] === ' '),
  );

function phrasesOf(list: (lexicon: Lexicon) => string): string[] {
  const written: string[] = [];
  for (const phrase of inAllLanguages(list).split('|')) {
    const words = wordsOf(fold(phrase));
    if (words !== '') written.push(words);
  }
  return [...new Set(written)];
}

/** Question words begin a sentence, or say by themselves that something is asked. */
function asks({ folded, words, language }: Remark): boolean {
  const book = asking.get(language);
  if (!book) return false;
  if (book.anywhere.has(words)) return true;
  return folded
    .split(/[.!;:,،\n]+/, 20)
    .map((sentence) => withoutGreeting(wordsOf(sentence)))
    .some((sentence) => book.first.find(sentence.slice(0, 60))[0]?.start === 0);
}

function withoutGreeting(sentence: string): string {
  const first = greetings.find(sentence.slice(0, 60))[0];
  return first?.start === 0 ? sentence.slice(first.end + 1) : sentence;
}
