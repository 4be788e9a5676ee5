import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { after, before, suite, test } from 'node:test';

import fc from 'fast-check';
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
} from '../../persistence/database/array-codec.ts';
import { runs } from '../support/runs.ts';
import { testDatabase } from '../support/services.ts';

suite('array codec', () => {
  let database: Awaited<ReturnType<typeof testDatabase>>;
  let client: pg.Client;

  before(async () => {
    database = await testDatabase();
    client = new pg.Client({ connectionString: database.url });
    await client.connect();
  });

  after(async () => {
    await client.end();
    await database[Symbol.asyncDispose]();
  });

  /** What PostgreSQL makes of the parameter: each element, in its own text form or as `pg` reads it. */
  async function elements(type: string, parameter: Buffer, as = 'x'): Promise<unknown[]> {
    const { rows } = await client.query<{ value: unknown }>(
      `select ${as} as value from unnest($1::${type}[]) with ordinality as u(x, n) order by n`,
      [parameter],
    );
    return rows.map(({ value }) => value);
  }

  /** That PostgreSQL reads any array of these values as what it is. */
  async function holds<T>(
    type: string,
    value: fc.Arbitrary<T>,
    encode: (values: (T | null)[]) => Buffer,
    expected: (value: T) => unknown,
    as?: string,
  ): Promise<void> {
    const values = fc.array(fc.option(value, { nil: null, freq: 5 }), { size: '+1' });
    await fc.assert(
      fc.asyncProperty(values, async (values) => {
        assert.deepEqual(
          await elements(type, encode(values), as),
          values.map((one) => (one === null ? null : expected(one))),
        );
      }),
      // Shrinking a failure asks the database, too.
      { numRuns: runs(60), interruptAfterTimeLimit: 20_000, markInterruptAsFailure: true },
    );
  }

  const storable = fc
    .string({ unit: 'binary', size: '+1' })
    .map((value) => value.replaceAll('\0', ''));

  test('carries text of any script, with nulls', async () => {
    await holds('text', storable, textArray, (value) => value);
  });

  test('makes room for texts that are longer in UTF-8 than they look', async () => {
    const texts = [
      'a',
      'ş'.repeat(10_000),
      'b',
      '😀'.repeat(10_000),
      '中',
      '',
      'ş',
      'c'.repeat(99),
    ];
    for (const values of [texts, texts.toReversed(), ['ş'], Array(1_000).fill('中'.repeat(7))]) {
      assert.deepEqual(await elements('text', textArray(values)), values);
    }
  });

  test('does not touch quotes, backslashes and what looks like an array', async () => {
    const values = [
      '{"a":1}',
      '{a,b}',
      'NULL',
      "'; drop table cases; --",
      '\\x00',
      '\\',
      '"',
      ',',
      '',
    ];
    assert.deepEqual(await elements('text', textArray(values)), values);
  });

  test('refuses a text that PostgreSQL cannot store, and says which', () => {
    assert.throws(() => textArray(['a', 'b\0c']), /Text 1 has a U\+0000/);
  });

  test('gives a lone surrogate as the replacement character', async () => {
    assert.deepEqual(await elements('text', textArray(['a\uD83Db', 'c'])), ['a\uFFFDb', 'c']);
  });

  test('carries bytes, with nulls', async () => {
    const bytes = fc.uint8Array({ maxLength: 300 }).map((value) => Buffer.from(value));
    await holds('bytea', bytes, byteaArray, (value) => value);
    const large = [randomBytes(2_000_000), Buffer.alloc(0), null, randomBytes(1)];
    assert.deepEqual(await elements('bytea', byteaArray(large)), large);
  });

  test('carries int8 from numbers and bigints', async () => {
    const value = fc.oneof(
      fc.maxSafeInteger(),
      fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
      fc.constantFrom(0, -1, 2 ** 32, -(2 ** 32), 2 ** 31, Number.MIN_SAFE_INTEGER),
    );
    await holds('int8', value, int8Array, String);
    for (const wrong of [0.5, 2 ** 53, Number.NaN, 2n ** 63n]) {
      assert.throws(() => int8Array([wrong]), RangeError);
    }
  });

  test('carries int4', async () => {
    await holds('int4', fc.integer(), int4Array, (value) => value);
    for (const wrong of [0.5, 2 ** 31, -(2 ** 31) - 1, Number.NaN]) {
      assert.throws(() => int4Array([wrong]), RangeError);
    }
  });

  test('carries float8', async () => {
    await holds('float8', fc.double(), float8Array, (value) => value);
  });

  test('carries bool', async () => {
    await holds('bool', fc.boolean(), boolArray, (value) => value);
  });

  test('carries timestamptz from dates and from ms, to the microsecond', async () => {
    const ms = fc.integer({ min: Date.UTC(1715), max: Date.UTC(2255) });
    const microseconds = 'round(extract(epoch from x) * 1000000)::text';
    const date = ms.map((value) => new Date(value));
    await holds('timestamptz', date, timestamptzArray, (value) => value);
    const fraction = fc.tuple(ms, fc.nat(999)).map(([whole, part]) => whole + part / 1_000);
    const expected = (value: number) => String(Math.round(value * 1_000));
    await holds('timestamptz', fraction, timestamptzArray, expected, microseconds);

    const special = [0, 946_684_800_000, Infinity, -Infinity, null];
    assert.deepEqual(await elements('timestamptz', timestamptzArray(special), 'x::text'), [
      '1970-01-01 00:00:00+00',
      '2000-01-01 00:00:00+00',
      'infinity',
      '-infinity',
      null,
    ]);
    for (const wrong of [new Date(Number.NaN), Number.NaN, 8.64e15]) {
      assert.throws(() => timestamptzArray([wrong]), RangeError);
    }
  });

  test('carries uuid of either case', async () => {
    const uuid = fc
      .tuple(fc.uuid(), fc.boolean())
      .map(([value, upper]) => (upper ? value.toUpperCase() : value));
    await holds('uuid', uuid, uuidArray, (value) => value.toLowerCase());
    const right = '00112233-4455-4677-8899-aabbccddeeff';
    const wrong = [
      '',
      right.slice(1),
      `${right}0`,
      right.replace('-', '0'),
      right.replace('a', 'g'),
    ];
    for (const value of [...wrong, right.replace('a', 'ş'), right.replace('0', '-')]) {
      assert.throws(() => uuidArray([value]), RangeError, value);
    }
  });

  test('carries empty arrays and arrays of nothing but null', async () => {
    const encoders = {
      text: textArray,
      bytea: byteaArray,
      int8: int8Array,
      int4: int4Array,
      float8: float8Array,
      bool: boolArray,
      timestamptz: timestamptzArray,
      uuid: uuidArray,
    };
    for (const [type, encode] of Object.entries(encoders)) {
      const { rows } = await client.query(
        `select $1::${type}[] = '{}' as empty, $2::${type}[] = '{null,null}' as nulls,
                cardinality($2::${type}[]) as two`,
        [encode([]), encode([null, null])],
      );
      assert.deepEqual(rows, [{ empty: true, nulls: true, two: 2 }], type);
    }
  });

  test('carries a batch of ten thousand in one statement', async () => {
    const ids = Array.from({ length: 10_000 }, (_, index) => index);
    const { rows } = await client.query(
      `select count(*)::int4 as count, sum(length(b))::int4 as bytes, bool_and(i::text = t) as same
       from unnest($1::int8[], $2::text[], $3::bytea[]) as u(i, t, b)`,
      [int8Array(ids), textArray(ids.map(String)), byteaArray(ids.map(() => Buffer.alloc(100)))],
    );
    assert.deepEqual(rows, [{ count: 10_000, bytes: 1_000_000, same: true }]);
  });
});
