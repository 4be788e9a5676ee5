import type { ConsentPurpose } from '../shapes/consents.ts';
import type { DocumentKind } from '../shapes/documents.ts';
import type { Procedure, TripPart } from '../shapes/understanding.ts';
import { en } from './en.ts';

/** Languages we write in and understand. Anything else is answered in English. */
export const languages = ['tr', 'en', 'de', 'ar', 'ru', 'fr'] as const;
export type Language = (typeof languages)[number];

/** Names a text that patients may read. */
export type TextKey = keyof (typeof en)['texts'];

export function isTextKey(key: string): key is TextKey {
  return Object.hasOwn(en.texts, key);
}

/**
 * What a patient may press, as it comes back: `consent:yes`, `consent:marketing:no`, `offer:1` to `offer:5` of the list
 * shown in round `offer:1:{round}`, `offer:none`, `pay:again:` with a booking; `trip:yes` confirms the trip that was read back (the
 * second one `trip:yes:2`, so that an old one confirms nothing newer) and `trip:dates` changes a part of it; `place:MUC` and
 * `day:2027-04-03` say which was meant; `journey:new` begins one for somebody else, and `case:` with a number says whom of several
 * patients on one phone a message is for; `continue` wants to hear what could not be said while only templates were taken.
 */
export type ButtonId =
  | `consent:${'' | `${ConsentPurpose}:`}${'yes' | 'no'}`
  | `offer:${number | 'none'}${'' | `:${number}`}`
  | `trip:yes${'' | `:${number}`}`
  | `trip:${TripPart | 'change'}`
  | `place:${string}`
  | `day:${string}`
  | `journey:${'same' | 'new'}`
  | `case:${string}`
  | `pay:again:${string}`
  | 'continue';

/** A word that counts, by the categories of `Intl.PluralRules`. `{n}` is the number, `{ages}` a list of ages. */
export type Counted = { readonly [Category in Intl.LDMLPluralRule]?: string } & {
  readonly other: string;
};

/** All that one language has to say. The keys are those of English, so that none can be missing or too many. */
export interface Wording {
  /**
   * Everything we say to patients. `{name}` is a gap. WhatsApp text leaves the country, so nothing here may tell or hint
   * at anything about health: no clinic, no treatment, no doctor. Two texts cannot help it: the one that asks for consent
   * to health data, which would not be informed without the word, and the one that says what follows from refusing it.
   * Beside them `documents.ask` and `documents.received` have a gap `{document}` for a name of `documents`, and two of
   * those names hint at it. No other text has that gap.
   *
   * A consent text that was published never changes, not by a comma: the register keeps its key and the hash of its words
   * as the evidence of what was agreed to. A new wording gets the next number, and the machine asks with that one.
   */
  readonly texts: Readonly<Record<TextKey, string>>;
  /**
   * Titles of the buttons, at most 20 characters. `{n}` is the number in the button's id. Consent asks for every purpose
   * with the same two.
   */
  readonly buttons: Readonly<
    Record<
      | 'consent:yes'
      | 'consent:no'
      | 'offer:none'
      | 'offer:{n}'
      | 'pay:again'
      | 'continue'
      | `trip:${'yes' | TripPart | 'change'}`
      | 'journey:new'
      | 'journey:same'
      | 'choose',
      string
    >
  >;
  /**
   * Words of a list's rows. The number stands behind a colon, so that no language needs a plural. `self` is who holds the phone,
   * among several patients on it, where we know no name. `for` begins a template for one of them: Meta wants a word before a name.
   */
  readonly rows: Readonly<
    Record<'direct' | 'stops' | 'handBaggage' | 'none' | 'self' | 'for', string>
  >;
  /** What stands before the lines of a trip that is read back. `procedure` hints at health, and stands there only by consent. */
  readonly trip: Readonly<
    Record<'from' | 'to' | 'there' | 'back' | 'party' | 'baggage' | 'until' | 'procedure', string>
  >;
  /** Where a way changes planes, in words: `{places}`. */
  readonly stops: Counted;
  /** Checked baggage of each traveller. */
  readonly bags: Counted;
  readonly adults: Counted;
  readonly children: Counted;
  /** What treatments are called. Health data: in messages of that purpose only. */
  readonly procedures: Readonly<Record<Procedure, string>>;
  /**
   * The `{document}` of a text: "passport" after English "your". Turkish and Arabic say "your" in the noun, so theirs have
   * it; English, German ("Ihr", no feminine) and French say it in the text, Russian leaves it out. So a new name has to be
   * read in both texts. `report` and `x-ray` hint at health, for one cannot ask for a thing without naming it; they say
   * which paper it is and nothing of what is in it.
   */
  readonly documents: Readonly<Record<DocumentKind, string>>;
}
