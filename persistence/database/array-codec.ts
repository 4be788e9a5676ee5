/**
 * PostgreSQL arrays in the binary format, one parameter each: `pg` sends a Buffer as it is and marks it as binary, so
 * that `unnest($1::text[], $2::bytea[])` takes a whole batch without escaping a value.
 * µs for an array of 100, and with pg's own conversion to text: ids as text 6 (10), JSON of 300 bytes 14 (26), bytea of
 * 600 bytes 15 (42, and twice as much to send), int8 2.2 (11), int4 1.3 (9), bool 0.9 (9), timestamptz 2.5 (45), uuid 10 (12).
 *
 * The parameter must be cast to the very type: PostgreSQL converts nothing here and refuses another element type.
 *
 * @see https://www.postgresql.org/docs/current/protocol-overview.html#PROTOCOL-FORMAT-CODES
 * @see https://github.com/postgres/postgres/blob/REL_18_STABLE/src/backend/utils/adt/arrayfuncs.c array_recv
 */

// Fixed for all time in PostgreSQL's pg_type.dat.
const boolOid = 16;
const byteaOid = 17;
const int8Oid = 20;
const int4Oid = 23;
const textOid = 25;
const float8Oid = 701;
const timestamptzOid = 1184;
const uuidOid = 2950;

const headBytes = 20;
const lengthBytes = 4;
const slackBytes = 1_024;

/** 2000-01-01 in microseconds since 1970, from where PostgreSQL counts. */
const epochMicroseconds = 946_684_800_000_000;

/**
 * `text[]`. A lone surrogate becomes U+FFFD, as everywhere in UTF-8.
 *
 * @throws {RangeError} a text with U+0000, which PostgreSQL cannot store and for which it would refuse the whole batch
 */
export function textArray(values: readonly (string | null)[]): Buffer {
  let left = lengthBytes * values.length; // What the values still to come need, if they are ASCII.
  let longest = 0;
  for (const value of values) {
    const length = value?.length ?? 0;
    left += length;
    if (length > longest) longest = length;
  }
  let buffer = startArray(textOid, values, left + Math.min(2 * longest, slackBytes));
  if (values.length === 0) return buffer;
  let at = headBytes;
  for (let index = 0; index < values.length; index += 1) {
    const value = values[index] ?? null;
    left -= lengthBytes + (value?.length ?? 0);
    if (value === null) {
      at = buffer.writeInt32BE(-1, at);
      continue;
    }
    if (value.includes('\0')) throw new RangeError(`Text ${index} has a U+0000`);
    const textAt = at + lengthBytes;
    // Three bytes is the most that UTF-8 needs for a UTF-16 unit. Counting takes as long as writing, and the slack
    // spares it for what is short.
    if (textAt + 3 * value.length + left > buffer.length) {
      const end = textAt + Buffer.byteLength(value);
      // Half as much again for the rest, which is likely to be of the same language.
      if (end + left > buffer.length) buffer = grown(buffer, at, end + 1.5 * left);
    }
    const bytes = buffer.write(value, textAt);
    buffer.writeInt32BE(bytes, at);
    at = textAt + bytes;
  }
  return buffer.subarray(0, at);
}

/** `bytea[]`. */
export function byteaArray(values: readonly (Uint8Array | null)[]): Buffer {
  let bytes = lengthBytes * values.length;
  for (const value of values) bytes += value?.length ?? 0;
  const buffer = startArray(byteaOid, values, bytes);
  let at = headBytes;
  for (const value of values) {
    at = buffer.writeInt32BE(value?.length ?? -1, at);
    if (value === null) continue;
    buffer.set(value, at);
    at += value.length;
  }
  return buffer;
}

/**
 * `int8[]`.
 *
 * @throws {RangeError} a number that is not a safe integer, or a bigint of more than 64 bits
 */
export function int8Array(values: readonly (number | bigint | null)[]): Buffer {
  return fixedArray(int8Oid, 8, values, (buffer, value, at) => {
    if (typeof value === 'bigint') buffer.writeBigInt64BE(value, at);
    else if (Number.isSafeInteger(value)) putSafeInteger(buffer, value, at);
    else throw new RangeError(`${value} is not a safe integer`);
  });
}

/**
 * `int4[]`.
 *
 * @throws {RangeError} not an integer of 32 bits
 */
export function int4Array(values: readonly (number | null)[]): Buffer {
  return fixedArray(int4Oid, 4, values, (buffer, value, at) => {
    if (!Number.isInteger(value)) throw new RangeError(`${value} is not an integer`);
    buffer.writeInt32BE(value, at);
  });
}

/** `float8[]`. */
export function float8Array(values: readonly (number | null)[]): Buffer {
  return fixedArray(float8Oid, 8, values, (buffer, value, at) => {
    buffer.writeDoubleBE(value, at);
  });
}

/** `bool[]`. */
export function boolArray(values: readonly (boolean | null)[]): Buffer {
  return fixedArray(boolOid, 1, values, (buffer, value, at) => {
    buffer[at] = value ? 1 : 0;
  });
}

/**
 * `timestamptz[]`, from dates or ms since 1970, to the microsecond. Infinity and -Infinity are PostgreSQL's own.
 *
 * @throws {RangeError} an invalid date, or a time outside the years 1715 to 2254
 */
export function timestamptzArray(values: readonly (Date | number | null)[]): Buffer {
  return fixedArray(timestamptzOid, 8, values, (buffer, value, at) => {
    const ms = typeof value === 'number' ? value : value.getTime();
    if (ms === Number.POSITIVE_INFINITY) buffer.writeBigInt64BE(2n ** 63n - 1n, at);
    else if (ms === Number.NEGATIVE_INFINITY) buffer.writeBigInt64BE(-(2n ** 63n), at);
    else {
      // Not (ms - epoch) * 1_000: the difference has fewer digits left for the fraction.
      const sinceUnix = Math.round(ms * 1_000);
      const microseconds = sinceUnix - epochMicroseconds;
      if (!Number.isSafeInteger(sinceUnix) || !Number.isSafeInteger(microseconds)) {
        throw new RangeError(`${ms} ms is no time we can store`);
      }
      putSafeInteger(buffer, microseconds, at);
    }
  });
}

/**
 * `uuid[]`, from the usual form with dashes, of either case.
 *
 * @throws {RangeError} not of that form
 */
export function uuidArray(values: readonly (string | null)[]): Buffer {
  return fixedArray(uuidOid, 16, values, putUuid);
}

/** A buffer with the array's head, and `bytes` of room for its elements with their lengths. */
function startArray(oid: number, values: readonly unknown[], bytes: number): Buffer {
  if (values.length === 0) {
    const empty = Buffer.alloc(12); // No dimensions, no nulls.
    empty.writeInt32BE(oid, 8);
    return empty;
  }
  const buffer = Buffer.allocUnsafe(headBytes + bytes);
  buffer.writeInt32BE(1, 0); // Dimensions.
  buffer.writeInt32BE(1, 4); // There may be nulls: PostgreSQL looks for itself.
  buffer.writeInt32BE(oid, 8);
  buffer.writeInt32BE(values.length, 12);
  buffer.writeInt32BE(1, 16); // The first index.
  return buffer;
}

function fixedArray<T>(
  oid: number,
  size: number,
  values: readonly (T | null)[],
  put: (buffer: Buffer, value: T, at: number) => void,
): Buffer {
  const buffer = startArray(oid, values, (lengthBytes + size) * values.length);
  let at = headBytes;
  for (const value of values) {
    if (value === null) {
      at = buffer.writeInt32BE(-1, at);
      continue;
    }
    at = buffer.writeInt32BE(size, at);
    put(buffer, value, at);
    at += size;
  }
  return values.length === 0 ? buffer : buffer.subarray(0, at);
}

function grown(buffer: Buffer, used: number, bytes: number): Buffer {
  const larger = Buffer.allocUnsafe(Math.ceil(bytes));
  buffer.copy(larger, 0, 0, used);
  return larger;
}

/** A safe integer in two's complement. Not `writeBigInt64BE`, which costs a bigint. */
function putSafeInteger(buffer: Buffer, value: number, at: number): void {
  const high = Math.floor(value / 2 ** 32);
  buffer.writeInt32BE(high, at);
  buffer.writeUInt32BE(value - high * 2 ** 32, at + 4);
}

/** What each ASCII character is worth as a hexadecimal digit; 16 for those that are none. */
const hexDigits = Uint8Array.from({ length: 128 }, (_, code) => {
  const digit = Number.parseInt(String.fromCharCode(code), 16);
  return Number.isNaN(digit) ? 16 : digit;
});

const dash = 45;

function putUuid(buffer: Buffer, uuid: string, at: number): void {
  let from = 0;
  let wrong = uuid.length === 36 ? 0 : 16;
  for (let byte = 0; byte < 16; byte += 1) {
    if (byte === 4 || byte === 6 || byte === 8 || byte === 10) {
      if (uuid.charCodeAt(from) !== dash) wrong = 16;
      from += 1;
    }
    const high = hexDigits[uuid.charCodeAt(from)] ?? 16;
    const low = hexDigits[uuid.charCodeAt(from + 1)] ?? 16;
    wrong |= high | low;
    buffer[at + byte] = (high << 4) | low;
    from += 2;
  }
  if (wrong >= 16) throw new RangeError('Not a UUID');
}
