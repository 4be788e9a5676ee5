import * as v from 'valibot';

/** What a schema lets through, as everybody passes it on: nobody changes what was told. */
export type Shape<Schema extends v.GenericSchema> = Immutable<v.InferOutput<Schema>>;

type Immutable<Value> = Value extends object
  ? { readonly [Key in keyof Value]: Immutable<Value[Key]> }
  : Value;

/** Somebody's id: never parsed, only compared. 200 is the ledger's limit. */
export const Id = v.pipe(v.string(), v.minLength(1), v.maxLength(200));

/** ISO 8601 with an offset. */
export const Time = v.pipe(v.string(), v.isoTimestamp());

/** `YYYY-MM-DD`, local to where it is about. */
export const Day = v.pipe(v.string(), v.isoDate());

export const Text = v.pipe(v.string(), v.maxLength(5_000));

/** A name or a line of an address. */
export const ShortText = v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(200));

/** A provider's own code for what went wrong: fit for logs, no free text. */
export const Code = v.pipe(v.string(), v.maxLength(100));

export const Count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));

/** IATA code. */
export const Airport = v.pipe(v.string(), v.regex(/^[A-Z]{3}$/));

/** ISO 3166-1 alpha-2. */
export const Country = v.pipe(v.string(), v.regex(/^[A-Z]{2}$/));
