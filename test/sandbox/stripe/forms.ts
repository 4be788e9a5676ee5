import * as v from 'valibot';

import { StripeRefusal } from './errors.ts';
import { type Metadata, type Session, newId, now } from './model.ts';

/** Form keys we send or might; any other is Stripe's `parameter_unknown`. */
const SESSION_PARAMETERS = [
  /^(mode|success_url|cancel_url|client_reference_id|customer_email|expires_at|locale)$/,
  /^line_items\[\d+\]\[quantity\]$/,
  /^line_items\[\d+\]\[price_data\]\[(currency|unit_amount)\]$/,
  /^line_items\[\d+\]\[price_data\]\[product_data\]\[(name|description)\]$/,
  /^(payment_intent_data\[metadata\]|metadata)\[\w{1,40}\]$/,
  /^adaptive_pricing\[enabled\]$/,
  /^allowed_payment_method_types\[\d+\]$/,
];

const LOCALES =
  'auto bg cs da de el en en-GB es es-419 et fi fil fr fr-CA hi-IN hr hu id it ja ko lt lv ms mt nb nl pl pt pt-BR ro ru sk sl sv th tr vi zh zh-HK zh-TW'.split(
    ' ',
  );

const Whole = (least: number, most: number) =>
  v.pipe(v.string(), v.regex(/^\d+$/), v.transform(Number), v.minValue(least), v.maxValue(most));
const Amount = Whole(1, 99_999_999);

const SessionForm = v.object({
  mode: v.literal('payment'),
  success_url: v.pipe(v.string(), v.url()),
  cancel_url: v.optional(v.pipe(v.string(), v.url())),
  client_reference_id: v.optional(v.pipe(v.string(), v.maxLength(200)), ''),
  locale: v.optional(v.picklist(LOCALES)),
  expires_at: v.optional(v.pipe(v.string(), v.regex(/^\d{10}$/), v.transform(Number))),
  'line_items[0][quantity]': Whole(1, 1_000),
  'line_items[0][price_data][currency]': v.pipe(v.string(), v.regex(/^[a-z]{3}$/)),
  'line_items[0][price_data][unit_amount]': Amount,
  'line_items[0][price_data][product_data][name]': v.pipe(v.string(), v.minLength(1)),
});

const RefundForm = v.object({
  payment_intent: v.pipe(v.string(), v.minLength(1)),
  amount: v.optional(Amount),
  reason: v.optional(v.picklist(['duplicate', 'fraudulent', 'requested_by_customer'])),
});

const Cursor = v.optional(v.pipe(v.string(), v.minLength(1)));
const Time = v.optional(Whole(0, 99_999_999_999));
const ListForm = v.object({
  limit: v.optional(Whole(1, 100), '10'),
  starting_after: Cursor,
  payment_intent: Cursor,
  'created[gte]': Time,
  'created[gt]': Time,
  'created[lte]': Time,
  'created[lt]': Time,
});
export type ListForm = v.InferOutput<typeof ListForm>;

const DAY_SECONDS = 24 * 60 * 60;

/** The session that a form asks for. @throws {StripeRefusal} */
export function sessionIn(body: string): Session {
  const form = new URLSearchParams(body);
  const checked = checkedForm(SessionForm, SESSION_PARAMETERS, form);
  const expires = checked.expires_at ?? now() + DAY_SECONDS;
  const left = expires - now();
  // Rounded down by the sender, so up to a second less than half an hour is fair.
  if (left < DAY_SECONDS / 48 - 1 || left > DAY_SECONDS) {
    throw new StripeRefusal(400, 'parameter_invalid', { param: 'expires_at' });
  }
  return {
    id: newId('cs_test'),
    amount: checked['line_items[0][price_data][unit_amount]'] * checked['line_items[0][quantity]'],
    currency: checked['line_items[0][price_data][currency]'],
    clientReferenceId: checked.client_reference_id || null,
    metadata: metadataIn(form, /^metadata\[(\w+)\]$/),
    paymentMetadata: metadataIn(form, /^payment_intent_data\[metadata\]\[(\w+)\]$/),
    locale: checked.locale ?? null,
    created: now(),
    expires,
    status: 'open',
    paymentId: null,
  };
}

/** The refund that a form asks for; without an amount it is of what is left. @throws {StripeRefusal} */
export function refundIn(body: string) {
  const form = new URLSearchParams(body);
  const known = [/^(payment_intent|amount|reason)$/, /^metadata\[\w{1,40}\]$/];
  const { payment_intent: paymentId, amount } = checkedForm(RefundForm, known, form);
  return { paymentId, amount: amount ?? null, metadata: metadataIn(form, /^metadata\[(\w+)\]$/) };
}

/** What a list is asked for. `expand` is what may be expanded in it. @throws {StripeRefusal} */
export function listIn(query: URLSearchParams): ListForm {
  const known = [/^(limit|starting_after|payment_intent)$/, /^created\[(gte|gt|lte|lt)\]$/];
  return checkedForm(ListForm, [...known, EXPAND], query);
}

const EXPAND = /^expand\[\d*\]$/;

/** What is to be expanded. @throws {StripeRefusal} not in `possible` */
export function expansionsIn(
  query: URLSearchParams,
  possible: readonly string[],
): ReadonlySet<string> {
  const wanted = [...query].flatMap(([key, value]) => (EXPAND.test(key) ? [value] : []));
  const impossible = wanted.find((path) => !possible.includes(path));
  if (impossible !== undefined) throw new StripeRefusal(400, undefined, { param: 'expand' });
  // Expanding a part expands what it is part of.
  const parents = wanted.flatMap((path) => {
    const parts = path.split('.');
    return parts.map((_, index) => parts.slice(0, index + 1).join('.'));
  });
  return new Set(parents);
}

/** The same of a request that takes nothing else. @throws {StripeRefusal} */
export function onlyExpansionsIn(query: URLSearchParams, possible: readonly string[]) {
  refuseUnknown(query, [EXPAND]);
  return expansionsIn(query, possible);
}

export function refuseUnknown(form: URLSearchParams, known: readonly RegExp[]): void {
  const unknown = [...form.keys()].find((key) => !known.some((pattern) => pattern.test(key)));
  if (unknown !== undefined) throw new StripeRefusal(400, 'parameter_unknown', { param: unknown });
}

function checkedForm<Schema extends v.GenericSchema>(
  schema: Schema,
  known: readonly RegExp[],
  form: URLSearchParams,
): v.InferOutput<Schema> {
  refuseUnknown(form, known);
  const checked = v.safeParse(schema, Object.fromEntries(form));
  if (checked.success) return checked.output;
  const [issue] = checked.issues;
  // A path of one key; `getDotPath` would do, were the key not full of brackets.
  const param = String(issue.path?.[0]?.key);
  const code = issue.received === 'undefined' ? 'parameter_missing' : 'parameter_invalid';
  throw new StripeRefusal(400, code, { param });
}

function metadataIn(form: URLSearchParams, pattern: RegExp): Metadata {
  const pairs = [...form].flatMap(([key, value]) => {
    const name = pattern.exec(key)?.[1];
    return name === undefined ? [] : [[name, value] as const];
  });
  return Object.fromEntries(pairs);
}
