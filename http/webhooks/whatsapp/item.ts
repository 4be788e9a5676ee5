import * as v from 'valibot';

import { contentKey, messageKey } from '../../server/pipeline.ts';
import { spare, Text } from '../../server/schema.ts';

export const source = 'whatsapp';

/** Short enough that a dedupe key made of it fits the ledger's 200. */
export const ProviderId = v.pipe(Text, v.minLength(1), v.maxLength(180));

/** 2100-01-01. A time that no calendar of ours can hold would stop the whole batch at the ledger. */
const latestSeconds = 4_102_444_800;

/** Epoch seconds, to ISO 8601. */
export const Timestamp = v.pipe(
  Text,
  v.regex(/^\d{1,12}$/),
  v.check((seconds) => Number(seconds) <= latestSeconds),
  v.transform((seconds) => new Date(Number(seconds) * 1_000).toISOString()),
);

/** A word of the provider's own, such as the type of a message. `parseTolerantly` puts U+FFFD where something cannot be stored: then it is no word. */
export const Word = v.pipe(v.string(), v.minLength(1), v.excludes('\ufffd'));

/** Which of our accounts received something. */
export const Metadata = v.object({
  phone_number_id: v.pipe(Text, v.minLength(1), v.maxLength(64), v.excludes('\ufffd')),
});

const Coded = v.object({ code: v.pipe(Text, v.regex(/^-?\d{1,15}$/)) });

/** The code of an error, if there is one. */
export function codeOf(raw: unknown): string | null {
  const coded = v.safeParse(Coded, raw);
  return coded.success ? coded.output.code : null;
}

/** The code of the first of an item's errors that has one. */
export function errorCodeIn(raw: unknown): string | null {
  const errors = v.is(v.object({ errors: v.unknown() }), raw) ? raw.errors : null;
  for (const error of Array.isArray(errors) ? errors : [errors]) {
    const code = codeOf(error);
    if (code !== null) return code;
  }
  return null;
}

/** What of an item names it, when it is not one of ours. */
const Named = v.object({
  id: ProviderId,
  type: spare(Word),
  status: spare(Word),
});

/** A dedupe key for an item that we may not be able to read, and the provider's words for what it is. */
export function nameOf(raw: unknown): { key: string; type?: string; status?: string } {
  const named = v.safeParse(Named, raw);
  if (!named.success) return { key: contentKey(raw) };
  const { id, type, status } = named.output;
  return {
    key: messageKey(id),
    ...(type === undefined ? {} : { type }),
    ...(status === undefined ? {} : { status }),
  };
}
