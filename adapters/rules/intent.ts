import type { Intent, Picked, Sure, Utterance } from '../../actors/shapes/understanding.ts';
import { answerIn, answerOfSigns } from './answers.ts';
import type { Danger } from './danger.ts';
import { wordsOf } from './fold.ts';
import { inAllLanguages, type Language, lexicons } from './lexicon/languages.ts';
import { payingWords } from './lexicon/paying.ts';
import { otherQuestions, requests } from './lexicon/requests.ts';
import { ownAffairIn } from './own-affairs.ts';
import { type PhraseBook, phraseBook } from './phrases.ts';
import { plainBook, type Sentence } from './reading.ts';
import { endingIn, pausesIn } from './stopping.ts';

const listed = (list: 'greeting' | 'thanks' | 'human') =>
  phraseBook<true>([[inAllLanguages((lexicon) => lexicon[list]), true]]);
const greetings = listed('greeting');
const thanks = listed('thanks');
const human = listed('human');

const paying = Object.fromEntries(
  Object.entries(payingWords).map(([list, phrases]) => [list, plainBook([[phrases, true]])]),
) as unknown as Record<keyof typeof payingWords, PhraseBook<true>>;

const halts = phraseBook<true>([
  [
    `${inAllLanguages(({ stop }) => stop)}|dur|durun|bekle|bekleyin|halt|stopp|hold|wait|hang on|attendez|attends|стой|стойте|подождите|подожди|استنى|لحظة|لحظه`,
    true,
  ],
]);

/** "Can we make it the 12th?" tells a day, and calls for nobody. */
const requesting = phraseBook<true>([[requests, true]]);
const questioning = phraseBook<true>([[otherQuestions, true]]);

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
  readonly sentences: readonly Sentence[];
  readonly language: Language;
  readonly asked: Utterance['asked'];
  readonly hasDetails: boolean;
  /** Tells where from, when, or how many, sure enough to be read back. */
  readonly isTrip: boolean;
  /** Names a treatment: what is asked then is for a person. */
  readonly hasProcedure: boolean;
  readonly danger: Danger;
  readonly picked: Sure<Picked> | undefined;
}

/**
 * What a message is for. An emergency and a withdrawal come before everything else; agreement and refusal count only when they are
 * all that is said, so that "I don't agree" or "yes, but when?" is never taken for a yes.
 */
export function intentOf(remark: Remark): Sure<Intent> {
  const { folded, words, sentences, asked, hasDetails, danger, picked } = remark;
  if (words === '') return answerOfSigns(folded, asked);
  const ending = endingIn(sentences);
  // Who is angry has words of pain, too; who is in danger says so outright.
  if (danger.urgent >= (ending === 'stop' ? 0.9 : 0.6)) return sure('urgent', danger.urgent);
  const answer = answerIn(sentences, asked !== null);
  if (ending === 'erase') return sure('erase', 0.9);
  if (answer === 'stop' || ending === 'stop') return sure('stop', 0.95);

  const questioned = sentences.some(({ asks }) => asks);
  const asksUs = questioned || asks(remark);
  const affair = remark.hasProcedure ? null : ownAffairIn(sentences, asksUs);
  if (affair === 'paid-twice') return sure(affair, 0.8);
  if (wantsLink(words) && affair !== 'itinerary') return sure('link', 0.8);
  // "When is my flight? I'd like the 12th" tells of another.
  if (affair === 'paid' || (affair !== null && !remark.isTrip)) return sure(affair, 0.8);
  if (ending === 'cancel') return sure(asksUs ? 'question' : 'human', 0.8);
  if (human.has(words)) return sure('human', 0.8);

  if (picked !== undefined && picked.confidence >= 0.6 && !hasDetails)
    return sure('inform', picked.confidence);
  if (answer !== null && (!questioned || answer === 'greeting'))
    return sure(answer, asked ? 0.95 : 0.8);
  if (asksUs && remark.isTrip && requesting.has(words) && !questioning.has(words))
    return sure('inform', 0.8);
  if (asksUs) return sure('question', questioned ? 0.95 : 0.8);
  if (hasDetails) return sure('inform', 0.8);
  if (isHalted(words, sentences)) return sure('thanks', 0.8);
  if (words.length <= 60) {
    if (thanks.has(words)) return sure('thanks', 0.6);
    if (greetings.has(words)) return sure('greeting', 0.6);
  }
  return sure('unclear', 0.3);
}

/** A word of stopping, and what for: to ask somebody, to think. */
const isHalted = (words: string, sentences: readonly Sentence[]): boolean =>
  halts.has(words) && pausesIn(sentences);

function sure(value: Intent, confidence: number): Sure<Intent> {
  return { value, confidence };
}

/** "Send me a new link", "can I still pay?"; not the link of a website or a map. */
function wantsLink(words: string): boolean {
  if (words.length > 300) return false;
  // "Link?"
  if (words.split(' ').length <= 2 && paying.link.has(words)) return true;
  if (paying.link.has(words)) return paying.again.has(words) && !paying.other.has(words);
  return paying.pay.has(words) && paying.still.has(words) && !paying.other.has(words);
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
