/**
 * What one language says of danger, written as in `Lexicon`: `one|two words|stem*`. Every list answers one question, and
 * `danger.ts` puts the answers together. A phrase that is found hides the words in it: "won't stop" is no "stop", "not breathing" no
 * denial.
 */
export interface DangerWords {
  /** An emergency by itself: it is happening, whoever it happens to. */
  readonly alarm: string;
  /** An emergency where it is told, not where it is asked about or long past: "a stroke", "a haemorrhage", "an ambulance". */
  readonly event: string;
  /** Where pain is an emergency whatever else is said: chest, breath, head, belly. */
  readonly vital: string;
  readonly part: string;
  /** What an operation leaves: wound, stitches, dressing. */
  readonly wound: string;
  /** A complaint by itself: pain, numbness, fever, swelling. */
  readonly hurt: string;
  /** A complaint when it is said of a part, a wound, or with something acute. */
  readonly sign: string;
  /** Colours and warmth: said of a wound, of something vital, or two of them. */
  readonly hue: string;
  /** Bad, sudden, new, since the operation. */
  readonly acute: string;
  /** Since the operation, the tablet, the flight, last night: acute, and enough beside a part of the body where all is not well. */
  readonly since: string;
  readonly well: string;
  readonly blood: string;
  /** "All", "the tablets", "I took". */
  readonly whole: string;
  readonly dose: string;
  readonly took: string;
  /** A cry for help, which may be for help with a form. */
  readonly cry: string;
  /** Ahead of a complaint: there is none. Parts may stand between. */
  readonly none: string;
  /** Ahead of a complaint: it does not. */
  readonly not: string;
  /** After a complaint: it is over. */
  readonly gone: string;
  /** Ahead of a complaint: it might be, whoever is spoken of. */
  readonly might: string;
  /** The same, unless somebody's own body is spoken of: "if", "is there". */
  readonly perhaps: string;
  /** The same after it, where a language puts them there. */
  readonly mightAfter: string;
  readonly perhapsAfter: string;
  /** Somebody's own body. */
  readonly own: string;
  /** Long ago. */
  readonly past: string;
  /** For a long time; what wears out; what it costs: the reason for a journey. */
  readonly lasting: string;
  /** A reason for a journey together with `treatment`. */
  readonly wish: string;
  readonly treatment: string;
  /** Heat of a body, acute from 38 degrees on. */
  readonly heat: string;
  /** Sounds like danger and is none. */
  readonly harmless: string;
}
