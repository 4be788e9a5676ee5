import * as v from 'valibot';

import { contentKey, messageKey } from '../webhook.ts';

export const source = 'whatsapp';

/** Short enough that a dedupe key made of it fits the ledger's 200. */
export const ProviderId = v.pipe(v.string(), v.minLength(1), v.maxLength(180));

/** 2100-01-01. A time that no calendar of ours can hold would stop the whole batch at the ledger. */
const latestSeconds = 4_102_444_800;

/** Epoch seconds in a string, to ISO 8601. */
export const Timestamp = v.pipe(
  v.string(),
  v.regex(/^\d{1,12}$/),
  v.check((seconds) => Number(seconds) <= latestSeconds),
  v.transform((seconds) => new Date(Number(seconds) * 1_000).toISOString()),
);

/** What an item can do without: of a wrong type it counts as absent, and costs nobody the message. */
export const spare = <const Schema extends v.GenericSchema>(schema: Schema) =>
  v.fallback(v.optional(schema), undefined);

export const ErrorCode = v.object({ code: v.pipe(v.number(), v.safeInteger()) });

/** Meta's errors on an item; the first is the one that counts. */
export const Errors = v.array(ErrorCode);

/** Enough of any item to name it when it is not one of ours. */
const Named = v.object({
  id: ProviderId,
  type: spare(v.string()),
  status: spare(v.string()),
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
