import * as v from 'valibot';

import { intents, procedures, type Understanding } from '../../actors/shapes/understanding.ts';
import { languages } from '../../actors/texts/keys.ts';

/** As the service asks for it: every key is required, and what is not said is null. */
const sure = (value: object) => ({
  anyOf: [
    {
      type: 'object',
      properties: { value, confidence: { type: 'number' } },
      required: ['value', 'confidence'],
      additionalProperties: false,
    },
    { type: 'null' },
  ],
});

const money = {
  type: 'object',
  properties: { amountMinor: { type: 'string' }, currency: { type: 'string' } },
  required: ['amountMinor', 'currency'],
  additionalProperties: false,
};

const details = {
  procedure: sure({ type: 'string', enum: procedures }),
  origin: sure({ type: 'string' }),
  departDate: sure({ type: 'string' }),
  returnDate: sure({ type: 'string' }),
  adults: sure({ type: 'integer' }),
  childrenAges: sure({ type: 'array', items: { type: 'integer' } }),
  budget: sure(money),
};

/** The answer that is asked for, in the subset of JSON Schema that structured outputs take. */
export const answerSchema = {
  type: 'object',
  properties: {
    lang: sure({ type: 'string', enum: languages }),
    intent: {
      type: 'object',
      properties: {
        value: { type: 'string', enum: intents },
        confidence: { type: 'number' },
      },
      required: ['value', 'confidence'],
      additionalProperties: false,
    },
    details: {
      type: 'object',
      properties: details,
      required: Object.keys(details),
      additionalProperties: false,
    },
  },
  required: ['lang', 'intent', 'details'],
  additionalProperties: false,
};

const Confidence = v.pipe(v.number(), v.minValue(0), v.maxValue(1));
const sureOf = <Schema extends v.GenericSchema>(value: Schema) =>
  v.nullable(v.strictObject({ value, confidence: Confidence }));

/** A day that exists: `2027-02-30` has the form and is none. */
const Day = v.pipe(
  v.string(),
  v.isoDate(),
  v.check((day) => {
    const ms = Date.parse(`${day}T00:00:00Z`);
    return !Number.isNaN(ms) && new Date(ms).toISOString().startsWith(day);
  }),
);

/** The same answer, checked. What a schema cannot say (a real day, a code of three letters) is checked here. */
const Answer = v.strictObject({
  lang: sureOf(v.picklist(languages)),
  intent: v.strictObject({ value: v.picklist(intents), confidence: Confidence }),
  details: v.strictObject({
    procedure: sureOf(v.picklist(procedures)),
    origin: sureOf(v.pipe(v.string(), v.regex(/^[A-Z]{3}$/))),
    departDate: sureOf(Day),
    returnDate: sureOf(Day),
    adults: sureOf(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(9))),
    childrenAges: sureOf(
      v.pipe(
        v.array(v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(17))),
        v.maxLength(9),
      ),
    ),
    budget: sureOf(
      v.strictObject({
        amountMinor: v.pipe(v.string(), v.regex(/^(0|[1-9]\d{0,17})$/)),
        currency: v.pipe(v.string(), v.regex(/^[A-Z]{3}$/)),
      }),
    ),
  }),
});

const day = 24 * 60 * 60 * 1_000; // ms

/**
 * The answer in our words, or null if it breaks the schema. A date that is past or over a year ahead of `at` is left out:
 * a model that cannot count days must not make the patient fly on one of them.
 */
export function understandingIn(json: unknown, at: string): Understanding | null {
  const checked = v.safeParse(Answer, json);
  if (!checked.success) return null;
  const { lang, intent, details } = checked.output;
  const today = Date.parse(`${at.slice(0, 10)}T00:00:00Z`);
  const isAhead = (date: string) => {
    const ms = Date.parse(`${date}T00:00:00Z`);
    return ms >= today && ms <= today + 365 * day;
  };
  const told = Object.entries(details).filter(([key, sureOne]) => {
    if (sureOne === null) return false;
    return !key.endsWith('Date') || isAhead(sureOne.value as string);
  });
  return { lang, intent, details: Object.fromEntries(told), by: 'model' };
}
