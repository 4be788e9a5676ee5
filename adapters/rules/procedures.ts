import { type Procedure, procedures, type Sure } from '../../actors/shapes/understanding.ts';
import { inAllLanguages } from './lexicon/languages.ts';
import { phraseBook } from './phrases.ts';

const book = phraseBook(
  procedures.map((procedure) => [
    inAllLanguages((lexicon) => lexicon.procedures[procedure]),
    procedure,
  ]),
);

/**
 * What the patient wants done, in whatever language it is named. Of several the one named by most words wins, then the
 * first: "rhinoplasty, also a look at my teeth" is about the nose.
 */
export function procedureIn(words: string): Sure<Procedure> | undefined {
  const named = new Map<Procedure, number>();
  for (const { value } of book.find(words)) named.set(value, (named.get(value) ?? 0) + 1);
  const ranked = [...named].toSorted(([, left], [, right]) => right - left);
  const [first, second] = ranked;
  if (!first) return undefined;
  if (!second) return { value: first[0], confidence: 0.95 };
  return { value: first[0], confidence: first[1] > second[1] ? 0.8 : 0.6 };
}
