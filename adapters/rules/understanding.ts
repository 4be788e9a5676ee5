import { type UnderstandingPort } from '../../actors/ports/understanding.ts';
import type {
  Details,
  Intent,
  Sure,
  Understanding,
  Utterance,
} from '../../actors/shapes/understanding.ts';
import { languages } from '../../actors/texts/keys.ts';
import { anotherIn } from './another.ts';
import { budgetIn } from './budget.ts';
import { changeIn } from './changing.ts';
import { type Danger, dangerIn } from './danger.ts';
import { datesIn } from './dates.ts';
import { fold, wordsOf } from './fold.ts';
import { intentOf } from './intent.ts';
import { languageOfText } from './language.ts';
import type { Language } from './lexicon/languages.ts';
import { partyIn } from './party.ts';
import { pickedIn } from './picked.ts';
import { nowhere, originIn } from './places.ts';
import { procedureIn } from './procedures.ts';
import { sentencesOf, type Sentence } from './reading.ts';
import { pausesIn } from './stopping.ts';

const noDanger: Danger = { urgent: 0 };
const told: Sure<Intent> = { value: 'inform', confidence: 0.8 };

/** Understands by rules and word lists alone: works offline, answers at once, never fails. */
export function rulesUnderstanding(): UnderstandingPort {
  return { understand: async (utterance) => understandByRules(utterance) };
}

/**
 * What a message says, by rules. Confidence is 0.95 for what is said outright, 0.8 for what a rule makes clear, 0.6 for what
 * is inferred, below 0.5 for a guess nobody should act on. Reads at most 4,096 characters, in time that grows with them.
 */
export function understandByRules(utterance: Utterance): Understanding {
  const { asked } = utterance;
  const text = utterance.text.slice(0, 4_096);
  const lang = languageOfText(text);
  const language = lang && lang.confidence >= 0.6 ? lang.value : languageSpoken(utterance.lang);
  const isCertain = lang !== null && lang.confidence >= 0.6;
  const folded = fold(text);
  const words = wordsOf(folded);

  const { procedure, isDoubtful } = procedureIn(words);
  const sentences = sentencesOf(text);
  const place = originIn(text, folded, words, utterance);
  const danger = place.isAll ? noDanger : dangerIn(heardFor(sentences), text);
  // Who is in danger goes nowhere, and what hurts may be the name of a city.
  const from = danger.urgent >= 0.6 ? nowhere : place;
  const { budget, isDoubtful: isSum } = budgetIn(folded, words);
  const dates = datesIn(text, language, isCertain, utterance);
  const party = partyIn(folded, language, isCertain, asked);
  const details: Details = {
    ...(procedure && { procedure }),
    ...(from.origin && { origin: from.origin }),
    ...dates.details,
    ...party.details,
    ...(budget && { budget }),
  };
  const doubts = [
    ...(isDoubtful ? (['procedure'] as const) : []),
    ...(from.isDoubtful ? (['origin'] as const) : []),
    ...dates.doubts,
    ...party.doubts,
    ...(isSum ? (['budget'] as const) : []),
  ];
  const hasDetails =
    doubts.length > 0 || Object.values(details).some(({ confidence }) => confidence >= 0.4);
  const another = anotherIn(text, language, procedure !== undefined);
  const picked = pickedIn(sentences, asked);
  const change = hasDetails || danger.urgent >= 0.6 ? undefined : changeIn(sentences);
  const isTrip = (['origin', 'departDate', 'returnDate', 'adults'] as const).some(
    (name) => (details[name]?.confidence ?? 0) >= 0.6,
  );
  const remark = {
    folded,
    words,
    sentences,
    language,
    asked,
    hasDetails,
    isTrip,
    danger,
    picked,
    hasProcedure: procedure !== undefined,
  };
  const intent = intentOf(remark);
  const read = {
    lang,
    intent: from.isAll && from.origin && intent.value !== 'question' ? told : intent,
    ...(doubts.length > 0 && { doubts }),
    ...(from.places.length > 0 && { places: from.places }),
    ...(dates.days.length > 0 && { days: dates.days }),
    ...(picked && { picked }),
    ...(change && intent.value !== 'stop' && { change }),
    ...(another && { another }),
    by: 'rules' as const,
  };
  // An emergency names what hurts, not what is wanted.
  if (danger.urgent < 0.6 || !procedure) return { ...read, details };
  return { ...read, details: { ...details, procedure: { ...procedure, confidence: 0.4 } } };
}

/** "Dur" halts in Turkish, and is a hard belly in French: who goes and asks somebody means the first. */
const heardFor = (sentences: readonly Sentence[]): readonly Sentence[] =>
  pausesIn(sentences)
    ? sentences.map((one) => ({ ...one, words: one.words.replaceAll(/\bdur(?:un)?\b/g, ',') }))
    : sentences;

function languageSpoken(tag: string): Language {
  const primary = tag.slice(0, 2).toLowerCase();
  return languages.find((language) => language === primary) ?? 'en';
}
