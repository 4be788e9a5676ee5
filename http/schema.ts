import * as v from 'valibot';

import { Refusal, type RefusalCode } from './errors.ts';

/** Where a value is wrong and what was expected there. Valibot's own message repeats the value, which may be health data. */
export function faultOf(issue: v.BaseIssue<unknown>, prefix = ''): string {
  const path = [prefix, v.getDotPath(issue)].filter(Boolean).join('.');
  const field = path === '' ? 'value' : path;
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
