import { readFileSync } from 'node:fs';

import * as v from 'valibot';

import type { Span } from '../../actors/masking/span.ts';
import { intents, procedures, questions } from '../../actors/shapes/understanding.ts';
import { languages } from '../../actors/texts/keys.ts';
import { labelled } from '../masking/corpus.ts';

const Line = v.object({
  id: v.string(),
  lang: v.picklist(languages),
  text: v.string(),
  asked: v.nullable(v.picklist(questions)),
  at: v.pipe(v.string(), v.isoTimestamp()),
  intent: v.nullable(v.picklist(intents)),
  details: v.nullable(
    v.strictObject({
      procedure: v.exactOptional(v.picklist(procedures)),
      origin: v.exactOptional(v.string()),
      departDate: v.exactOptional(v.string()),
      returnDate: v.exactOptional(v.string()),
      adults: v.exactOptional(v.number()),
      childrenAges: v.exactOptional(v.array(v.number())),
      budget: v.exactOptional(v.strictObject({ amountMinor: v.string(), currency: v.string() })),
    }),
  ),
  urgent: v.boolean(),
  stop: v.boolean(),
  known: v.optional(v.array(v.string()), []),
  /** What of an offered list it picks; null for nothing, not there where it is not judged. */
  picked: v.exactOptional(
    v.nullable(v.union([v.number(), v.picklist(['last', 'cheapest', 'fastest', 'none'])])),
  ),
});

/**
 * One message as a patient wrote it, and what is right for it. `spans` is what masking has to hide, `known` what of it the
 * case knows beforehand. `details` are those to be understood and no others; null where they are not judged, as for `intent`.
 */
export interface LabelledUtterance extends v.InferOutput<typeof Line> {
  readonly spans: readonly Span[];
}

/** Reads a file of them, one JSON object a line, labels in the text as `{{kind:what}}`. @throws {Error} naming the line */
export function readUtterances(file: string): LabelledUtterance[] {
  return readFileSync(file, 'utf8')
    .split('\n')
    .flatMap((line, index) => {
      if (line.trim() === '') return [];
      try {
        const utterance = v.parse(Line, JSON.parse(line));
        return [{ ...utterance, ...labelled(utterance.text) }];
      } catch (cause) {
        throw new Error(`${file}, line ${index + 1} is no labelled utterance`, { cause });
      }
    });
}
