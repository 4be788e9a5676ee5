import * as v from 'valibot';

import { Refusal, type RefusalCode } from './errors.ts';

/** A text; where its sender wrote a number, the digits of that. */
export const Text = v.pipe(
  v.unknown(),
  v.transform((value) => (typeof value === 'number' ? String(value) : value)),
  v.string(),
);

/** A number; where its sender wrote a text that is one, what stands there. */
export const Decimal = v.union([
  v.number(),
  v.pipe(v.string(), v.regex(/^-?\d{1,15}(?:\.\d{1,20})?$/), v.transform(Number)),
]);

/** What an item can do without: of a wrong type it counts as absent, and costs nobody the message. */
export const spare = <const Schema extends v.GenericSchema>(schema: Schema) =>
  v.fallback(v.optional(schema), undefined);

/**
 * Where a value is wrong and what was expected there. Valibot's own message repeats the value, and the path of a key that a strict
 * object does not know ends in that key: both may be health data.
 */
export function faultOf(issue: v.BaseIssue<unknown>, prefix = ''): string {
  const isUnknownKey = issue.kind === 'schema' && issue.expected === 'never';
  const keys = (issue.path ?? []).map(({ key }) => String(key));
  const path = [prefix, ...(isUnknownKey ? keys.slice(0, -1) : keys)].filter(Boolean).join('.');
  const field = path === '' ? 'value' : path;
  if (isUnknownKey) return `${field}: has a key that is not known`;
  return issue.expected !== null && issue.kind === 'schema'
    ? `${field}: expected ${issue.expected}`
    : `${field}: not acceptable`;
}

/** @throws {Refusal} with `code`, naming the first field that is wrong */
export function parseOr<const Schema extends v.GenericSchema>(
  code: RefusalCode,
  schema: Schema,
  value: unknown,
  prefix = '',
): v.InferOutput<Schema> {
  const result = v.safeParse(schema, value, { abortEarly: true });
  if (!result.success) throw new Refusal(code, faultOf(result.issues[0], prefix));
  return result.output;
}
