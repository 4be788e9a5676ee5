/**
 * Statements whose parameters and columns are declared once: from the declaration come the numbers and types in the
 * SQL, the encoding of a batch as binary arrays, the select list, and the types of what goes in and comes out.
 * Names are camelCase here and snake_case in the SQL.
 */
import { createHash } from 'node:crypto';

import pg from 'pg';

import {
  boolArray,
  byteaArray,
  float8Array,
  int4Array,
  int8Array,
  textArray,
  timestamptzArray,
  uuidArray,
} from './array-codec.ts';
import { mayBeNamed, namesAreOfNoUse } from './pool.ts';

/** A type of PostgreSQL, as it is read (`Read`) and written (`Write`). */
export interface Type<Read, Write = Read> {
  readonly sql: string;
  readonly array: (values: readonly (Write | null)[]) => Buffer;
  /** As a single parameter; as it is if absent. */
  readonly single?: (value: Write & {}) => unknown;
  /** How it is selected; as it is if absent. `statement` knows no types but text, numbers, `bytea` and booleans. */
  readonly select?: (expression: string) => string;
  /** What is selected, where it is not the column of this name. */
  readonly expression?: string;
  /** For the compiler alone. */
  readonly reads?: Read;
}

/** A list of one type: `$1::text[]` in the SQL. */
interface List<Write> {
  readonly list: Type<unknown, Write>;
}

type Columns = Readonly<Record<string, Type<unknown, never>>>;

/** A batch of rows: an array for each column, and `unnest` of them in the SQL. */
interface Rows<C extends Columns> {
  readonly rows: C;
}

type Parameter = Type<unknown, never> | List<never> | Rows<Columns>;
type Takes = Readonly<Record<string, Parameter>>;

type Written<T> = T extends Type<unknown, infer Write> ? Write : never;
type ValueOf<P> =
  P extends Rows<infer C>
    ? readonly { readonly [Name in keyof C]: Written<C[Name]> }[]
    : P extends List<infer Write>
      ? readonly Write[]
      : Written<P>;
type ValuesOf<T extends Takes> = { readonly [Name in keyof T]: ValueOf<T[Name]> };
type RowOf<Gives extends Columns> = {
  readonly [Name in keyof Gives]: Gives[Name] extends Type<infer Read, never> ? Read : never;
};

/** The rows that a statement gives. */
export type RowsOf<S extends (...values: never[]) => Promise<unknown[]>> = Awaited<
  ReturnType<S>
>[number];

export const text: Type<string> = { sql: 'text', array: textArray };
export const bool: Type<boolean> = { sql: 'bool', array: boolArray };
export const int4: Type<number> = { sql: 'int4', array: int4Array };
export const int8: Type<bigint, bigint | number> = { sql: 'int8', array: int8Array };
export const float8: Type<number> = { sql: 'float8', array: float8Array };
export const bytea: Type<Buffer, Uint8Array> = { sql: 'bytea', array: byteaArray };
export const uuid: Type<string> = {
  sql: 'uuid',
  array: uuidArray,
  select: (expression) => `${expression}::text`,
};
/** Written as a date or ms since 1970, read as ISO 8601 in UTC, to the millisecond. */
export const time: Type<string, Date | number> = {
  sql: 'timestamptz',
  array: timestamptzArray,
  single: (value) => (typeof value === 'number' ? new Date(value) : value),
  select: (expression) =>
    `to_char(${expression} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`,
};
/** A time as microseconds since 1970: a bigint has them all, and so it can be compared and sent to and fro. */
export const microseconds: Type<bigint> = {
  ...int8,
  select: (expression) => `(extract(epoch from ${expression}) * 1000000)::int8`,
};
/** Text with the JSON of a value, for a column of text or `jsonb`; read as that text. */
export const json: Type<string, unknown> = {
  sql: 'text',
  array: (values) =>
    textArray(values.map((value) => (value === null ? null : JSON.stringify(value)))),
  single: (value) => JSON.stringify(value),
  select: (expression) => `${expression}::text`,
};

/** Text of which only some values occur. */
export const textOf = <T extends string>(): Type<T> => text as Type<string, never> as Type<T>;

/** The same, where null is allowed. */
export const orNull = <Read, Write>(type: Type<Read, Write>) =>
  type as Type<unknown, never> as Type<Read | null, Write | null>;

/** Selects an expression under the name it is declared by. */
export const from = <Read, Write>(
  expression: string,
  type: Type<Read, Write>,
): Type<Read, Write> => ({ ...type, expression });

export const list = <Write>(type: Type<unknown, Write>): List<Write> => ({ list: type });

export const rows = <const C extends Columns>(columns: C): Rows<C> => ({ rows: columns });

/** What the SQL says of the parameters that a statement takes. */
export type ParametersOf<T extends Takes> = { readonly [Name in keyof T]: SqlOf<T[Name]> };

type SqlOf<P> = P extends Rows<infer C> ? RowsSql<C> : string;

interface RowsSql<C extends Columns> {
  /** `unnest(…) as alias(columns)`; with `ordinal` each row's place in the batch, from 1. */
  as(alias: string, ordinal?: 'ordinal'): string;
  /** The columns' names, for a list of an insert or a select. */
  readonly names: string;
  /** The array of one column. */
  array(column: keyof C): string;
}

/** It deadlocked, so it was undone; or it never ran, since its name means nothing, or another text, to a pooled connection. */
const worthAnotherTry = /^(?:40P01|26000|42P05)$/;
const nameIsOfNoUse = /^(?:26000|42P05)$/;
/** How often a statement is sent that PostgreSQL ends to break a deadlock. */
const maxTries = 4;

/** `int8` as bigint, where the driver would give a string. (Its binary results are broken in 8.23: it decodes them as UTF-8 first.) */
const types = new pg.TypeOverrides();
types.setTypeParser(pg.types.builtins.INT8, BigInt);

/**
 * One prepared statement, planned once per connection.
 *
 * Two batches that touch the same rows in another order may deadlock. The victim was undone as a whole, so it is sent
 * again, unless it is a part of its caller's transaction.
 *
 * Where a pooler hands the connection's session to others, a name may be known to no server, or to the wrong one: from the
 * first sign of that on, the pool plans each statement anew. The name stands for the text, so that two releases behind
 * one pooler never run each other's.
 */
export function statement<const T extends Takes = Takes, const Gives extends Columns = Columns>(
  name: string,
  {
    takes = {} as T,
    gives = {} as Gives,
    sql,
  }: {
    readonly takes?: T;
    readonly gives?: Gives;
    /** `columns` is the select list of `gives`, of the table or alias given. */
    readonly sql: (parameters: ParametersOf<T>, columns: (of?: string) => string) => string;
  },
) {
  const { sqlOf, encode } = numbered(takes);
  const content = sql(sqlOf as ParametersOf<T>, (of) => selectList(gives, of));
  const exactName = `${name}_${createHash('sha1').update(content).digest('hex').slice(0, 8)}`;
  return async (
    pool: pg.Pool | pg.ClientBase,
    ...[values]: string extends keyof T ? [] : [values: ValuesOf<T>]
  ): Promise<RowOf<Gives>[]> => {
    const encoded = encode(values ?? {});
    for (let tries = 1; ; tries++) {
      try {
        const named = mayBeNamed(pool) ? { name: exactName } : {};
        const query = { ...named, text: content, values: encoded, types };
        return (await pool.query(query as pg.QueryConfig)).rows as RowOf<Gives>[];
      } catch (error) {
        const { code = '' } = error as { code?: string };
        if (nameIsOfNoUse.test(code)) namesAreOfNoUse(pool);
        if (!worthAnotherTry.test(code) || tries === maxTries || !(pool instanceof pg.Pool))
          throw error;
      }
    }
  };
}

/** Gives each parameter its numbers, in the order of the declaration. */
function numbered(takes: Takes) {
  const sqlOf: Record<string, string | RowsSql<Columns>> = {};
  const encoders: ((values: Readonly<Record<string, unknown>>) => unknown)[] = [];
  for (const [name, parameter] of Object.entries(takes)) {
    if ('rows' in parameter) {
      const columns = Object.entries(parameter.rows);
      const first = encoders.length + 1;
      sqlOf[name] = rowsSql(columns, first);
      for (const [column, { array }] of columns)
        encoders.push((values) => {
          const batch = values[name] as readonly Readonly<Record<string, never>>[];
          return array(batch.map((row) => row[column] as never));
        });
    } else if ('list' in parameter) {
      const { sql, array } = parameter.list;
      encoders.push((values) => array(values[name] as never));
      sqlOf[name] = `$${encoders.length}::${sql}[]`;
    } else {
      const { single } = parameter;
      encoders.push((values) => {
        const value = values[name];
        return value == null || single === undefined ? value : single(value as never);
      });
      sqlOf[name] = `$${encoders.length}`;
    }
  }
  return {
    sqlOf,
    encode: (values: Readonly<Record<string, unknown>>) =>
      encoders.map((encoder) => encoder(values)),
  };
}

function rowsSql(
  columns: readonly (readonly [string, Type<unknown, never>])[],
  first: number,
): RowsSql<Columns> {
  const names = columns.map(([name]) => snakeCase(name)).join(', ');
  const arrays = columns.map(([, { sql }], index) => `$${first + index}::${sql}[]`);
  return {
    names,
    as: (alias, ordinal) =>
      ordinal === undefined
        ? `unnest(${arrays.join(', ')}) as ${alias}(${names})`
        : `unnest(${arrays.join(', ')}) with ordinality as ${alias}(${names}, ordinal)`,
    array: (column) => arrays[columns.findIndex(([name]) => name === column)] as string,
  };
}

function selectList(columns: Columns, of?: string): string {
  return Object.entries(columns)
    .map(([name, { expression, select = same }]) => {
      const column = of === undefined ? snakeCase(name) : `${of}.${snakeCase(name)}`;
      return `${select(expression ?? column)} as "${name}"`;
    })
    .join(', ');
}

const same = (expression: string) => expression;

const snakeCase = (name: string) =>
  name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
