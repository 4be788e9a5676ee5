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

/** Something we think we understood. `confidence` is 0 to 1. */
export interface Sure<Value> {
  readonly value: Value;
  readonly confidence: number;
}

export interface Details {
  readonly procedure?: Sure<Procedure>;
  /** IATA code of the airport to fly from. */
  readonly origin?: Sure<string>;
  /** `YYYY-MM-DD`, local; from the day of the message to a year after. */
  readonly departDate?: Sure<string>;
  readonly returnDate?: Sure<string>;
  /** 1 to 9, the patient included. */
  readonly adults?: Sure<number>;
  /** 0 to 17 each. */
  readonly childrenAges?: Sure<readonly number[]>;
  readonly budget?: Sure<Money>;
}

export interface Understanding {
  /** One of `understoodLanguages`; null where the message does not tell. */
  readonly lang: Sure<(typeof understoodLanguages)[number]> | null;
  readonly intent: Sure<Intent>;
  readonly details: Details;
  /** Who understood it: `rules` or `model`. */
  readonly by: 'rules' | 'model';
}

/** A message to be understood, with what the answer depends on. */
export interface Utterance {
  /** As the patient wrote it, at most 4,096 characters. */
  readonly text: string;
  /** What we write to the patient in. */
  readonly lang: string;
  /** What we asked last: a bare "2" answers it. Null when we asked nothing. */
  readonly asked: 'consent' | 'procedure' | 'origin' | 'departDate' | 'adults' | 'offer' | null;
  /** When it was said: ISO 8601 with offset. Relative dates count from it. */
  readonly at: string;
  /** IATA code of the clinic's airport: nobody flies from there to there. */
  readonly destination: string;
  /** Whether masked text may be shown to a processor abroad: only with the patient's consent. */
  readonly mayLeave: boolean;
}

/** Understands what patients write. Reading only. */
export interface UnderstandingPort {
  /** Always answers; what it cannot make sense of is `unclear`. */
  understand(utterance: Utterance, signal: AbortSignal): Promise<Understanding>;
}
