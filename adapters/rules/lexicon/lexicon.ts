import type { Procedure } from '../../../actors/shapes/understanding.ts';

/**
 * What one language says for what we listen for. Lists are written `one|two words|stem*`, in ordinary spelling: they are
 * folded when read, so accents and capitals do not matter.
 */
export interface Lexicon {
  /** Small words that tell this language from the other five. */
  readonly everyday: string;

  readonly greeting: string;
  readonly agree: string;
  readonly refuse: string;
  /** Withdraws, when it is the whole message. */
  readonly stop: string;
  readonly thanks: string;
  readonly bye: string;
  /** Politeness that changes nothing in a short answer. */
  readonly filler: string;
  readonly human: string;
  /** Makes a question at the beginning of a sentence. */
  readonly asks: string;
  /** Makes a question anywhere. */
  readonly asksAnywhere: string;

  readonly procedures: Readonly<Record<Procedure, string>>;

  /** January first. */
  readonly months: readonly string[];
  /** Sunday first. */
  readonly weekdays: readonly string[];
  /** From nought on. */
  readonly numbers: readonly string[];
  readonly ordinalEnding: string;
  readonly of: string;
  readonly or: string;
  readonly and: string;
  /** Between the ends of a range. */
  readonly until: string;
  /** Ahead of a return. */
  readonly back: string;

  readonly adult: string;
  readonly child: string;
  readonly person: string;
  readonly self: string;
  readonly my: string;
  readonly with: string;
  /** People who come along, each one adult. */
  readonly companion: string;
  readonly alone: string;
  readonly two: string;
  readonly three: string;
  readonly four: string;
  /** After an age. */
  readonly yearsOld: string;
  /** Ahead of an age. */
  readonly aged: string;
  readonly infant: string;

  /** Talk of a journey: a date in it is a day of travel. */
  readonly travel: string;
  /** Talk of what somebody can pay. */
  readonly budget: string;
}
