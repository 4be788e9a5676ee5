import * as v from 'valibot';

import { Airport, Text, Time, type Shape } from './basics.ts';
import type { Money } from './money.ts';

/** Languages we speak. */
export const understoodLanguages = ['tr', 'en', 'de', 'ar', 'ru', 'fr'] as const;

/** What a message is for. */
export const intents = [
  'greeting',
  'agree',
  'refuse',
  'stop',
  /** Tells us details of the trip or the treatment. */
  'inform',
  /** Asks us something. */
  'question',
  /** Wants a person. */
  'human',
  /** Pain, bleeding, an accident: a person at once. */
  'urgent',
  'thanks',
  /** Wants what we have of them erased: a rights request, and no wish to stop unless it says so too. */
  'erase',
  /** Wants the link to pay once more, or a new one. */
  'link',
  /** Asks when, from where or with what they fly: what we have arranged for them. */
  'itinerary',
  /** Says or asks whether their payment came. */
  'paid',
  /** The same, and believes to have paid twice. */
  'paid-twice',
  /** Asks what happens next, or why it takes so long. */
  'next',
  'unclear',
] as const;
export type Intent = (typeof intents)[number];

/** What the platform arranges. */
export const procedures = [
  'hair-transplant',
  'dental',
  'eye',
  'nose',
  'breast',
  'liposuction',
  'bariatric',
  'orthopaedic',
  'ivf',
  'oncology',
  'cardiology',
  'check-up',
] as const;
export type Procedure = (typeof procedures)[number];

/** What the patient told us of the trip; null is not known yet. */
export interface Trip {
  /** Health data. */
  readonly procedure: Procedure | null;
  /** IATA code of the airport to fly from. */
  readonly origin: string | null;
  /** `YYYY-MM-DD`, local; from the day of the message to a year after. */
  readonly departDate: string | null;
  readonly returnDate: string | null;
  /** 1 to 9, the patient included. */
  readonly adults: number | null;
  /** 0 to 17 each. */
  readonly childrenAges: readonly number[] | null;
  readonly budget: Money | null;
}

/** Parts of a trip as patients are asked for them and may change them. */
export const tripParts = ['origin', 'dates', 'party', 'procedure'] as const;
export type TripPart = (typeof tripParts)[number];

/** Something we think we understood. `confidence` is 0 to 1. */
export interface Sure<Value> {
  readonly value: Value;
  readonly confidence: number;
}

/**
 * What one message tells of the trip. From 0.6 on it is read back to the patient, who confirms it before anything is done with it;
 * below that it is asked for.
 */
export type Details = { readonly [Key in keyof Trip]?: Sure<NonNullable<Trip[Key]>> };

/** A place that may have been meant, with one of its airports. */
export interface PlaceChoice {
  /** IATA code. */
  readonly airport: string;
  /** As the patient would write it, in the language of the message where we know it. */
  readonly city: string;
  /** Where two cities of a country have one name; null otherwise. */
  readonly region: string | null;
  /** ISO 3166-1 alpha-2. */
  readonly country: string;
  /** From the city's centre to the airport in a straight line, whole kilometres. */
  readonly km: number;
}

/** One of what was offered last: its number counted from 1, or words for it. `none` is "none of these", or "another day". */
export type Picked = number | 'last' | 'cheapest' | 'fastest' | 'none';

export interface Understanding {
  /** One of `understoodLanguages`; null where the message does not tell. */
  readonly lang: Sure<(typeof understoodLanguages)[number]> | null;
  readonly intent: Sure<Intent>;
  readonly details: Details;
  /** Told, but not to be believed: two readings, an impossible day, a name of many places. To be asked for. */
  readonly doubts?: readonly (keyof Trip)[];
  /** Where `origin` is in doubt: what may have been meant, likeliest first, at most 9. */
  readonly places?: readonly PlaceChoice[];
  /** Where `departDate` is in doubt: the days that may have been meant, `YYYY-MM-DD`, earliest first, at most 3. */
  readonly days?: readonly string[];
  /** The message picks one of a list that was offered, in words: "the second please", "2 bitte", "the cheaper one". */
  readonly picked?: Sure<Picked>;
  /** What of the trip is to be another, where the message does not say which: "I want to change the date", or something of it. */
  readonly change?: Sure<TripPart | 'change'>;
  /**
   * Somebody else than the patient is to be treated: what the patient calls them, at most 40 characters ("annem", "Fatma"); empty
   * where the message does not name them.
   */
  readonly another?: Sure<string>;
  /** Names in the message, as they stand there: whom its writer says to be, and at most 5 people that it names. Found here, and shown to nobody. */
  readonly people?: { readonly introduces: string | null; readonly names: readonly string[] };
  /** Who understood it: `rules` or `model`. */
  readonly by: 'rules' | 'model';
}

/** What may be asked, as far as an answer depends on it. `confirm` is the trip that was read back, `journey` whether this is the same journey. */
export const questions = [
  'consent',
  'procedure',
  'origin',
  'departDate',
  'adults',
  'childrenAges',
  'offer',
  'confirm',
  'journey',
] as const;

/** A message to be understood, with what the answer depends on. */
export const Utterance = v.strictObject({
  /** As the patient wrote it, at most 4,096 characters. */
  text: Text,
  /** What we write to the patient in. */
  lang: v.string(),
  /** What we asked last: a bare "2" answers it. Null when we asked nothing. */
  asked: v.nullable(v.picklist(questions)),
  /** When it was said. Relative dates count from it. */
  at: Time,
  /** The clinic's airport: nobody flies from there to there. */
  destination: Airport,
  /** Whether masked text may be shown to a processor abroad: only with the patient's consent. */
  mayLeave: v.boolean(),
});
export type Utterance = Shape<typeof Utterance>;
