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

/** Something we think we understood. `confidence` is 0 to 1. */
export interface Sure<Value> {
  readonly value: Value;
  readonly confidence: number;
}

/** What one message tells of the trip. */
export type Details = { readonly [Key in keyof Trip]?: Sure<NonNullable<Trip[Key]>> };

export interface Understanding {
  /** One of `understoodLanguages`; null where the message does not tell. */
  readonly lang: Sure<(typeof understoodLanguages)[number]> | null;
  readonly intent: Sure<Intent>;
  readonly details: Details;
  /** Who understood it: `rules` or `model`. */
  readonly by: 'rules' | 'model';
}

/** A message to be understood, with what the answer depends on. */
export const Utterance = v.strictObject({
  /** As the patient wrote it, at most 4,096 characters. */
  text: Text,
  /** What we write to the patient in. */
  lang: v.string(),
  /** What we asked last: a bare "2" answers it. Null when we asked nothing. */
  asked: v.nullable(
    v.picklist(['consent', 'procedure', 'origin', 'departDate', 'adults', 'offer']),
  ),
  /** When it was said. Relative dates count from it. */
  at: Time,
  /** The clinic's airport: nobody flies from there to there. */
  destination: Airport,
  /** Whether masked text may be shown to a processor abroad: only with the patient's consent. */
  mayLeave: v.boolean(),
});
export type Utterance = Shape<typeof Utterance>;
