import { isUtf8 } from 'node:buffer';

import { Refusal } from './errors.ts';

/** Levels of nesting. The providers stay under 12; everything that walks a value later recurses. */
const deepest = 64;

const quote = 0x22;
const backslash = 0x5c;
const openBracket = 0x5b;
const closeBracket = 0x5d;
const openBrace = 0x7b;
const closeBrace = 0x7d;

/**
 * Where a body is nested deeper than it may be: the outermost values that are too deep, from their bracket to past the one
 * that closes it, or the end. Looks at the bytes only: the parser takes most of a second for a mebibyte of brackets.
 */
function deepPartsOf(bytes: Uint8Array): { readonly from: number; readonly to: number }[] {
  const parts: { from: number; to: number }[] = [];
  let from = -1;
  let depth = 0;
  let inString = false;
  for (let index = 0; index < bytes.length; index += 1) {
    const byte = bytes[index];
    if (inString) {
      if (byte === backslash) index += 1;
      else if (byte === quote) inString = false;
    } else if (byte === quote) inString = true;
    else if (byte === openBrace || byte === openBracket) {
      depth += 1;
      if (depth === deepest + 1) from = index;
    } else if (byte === closeBrace || byte === closeBracket) {
      if (depth === deepest + 1) parts.push({ from, to: index + 1 });
      depth -= 1;
    }
  }
  if (depth > deepest) parts.push({ from, to: bytes.length });
  return parts;
}

const nothing = Buffer.from('null');

/** The bytes with null in the place of each of these parts. */
function without(bytes: Uint8Array, parts: ReturnType<typeof deepPartsOf>): Uint8Array {
  if (parts.length === 0) return bytes;
  const kept = parts.flatMap(({ from }, index) => [
    bytes.subarray(parts[index - 1]?.to ?? 0, from),
    nothing,
  ]);
  return Buffer.concat([...kept, bytes.subarray(parts.at(-1)?.to)]);
}

function cleanString(value: string): string {
  const wellFormed = value.isWellFormed() ? value : value.toWellFormed();
  return wellFormed.includes('\0') ? wellFormed.replaceAll('\0', '\uFFFD') : wellFormed;
}

/** Whether a key could reach a prototype if some later code merged the object carelessly. */
function isPoison(key: string, value: unknown): boolean {
  if (key === '__proto__') return true;
  return (
    key === 'constructor' &&
    typeof value === 'object' &&
    value !== null &&
    Object.hasOwn(value, 'prototype')
  );
}

/** Cleans in place: what JSON.parse made belongs to us. Recursion is bounded by `deepest`. Throws the first flaw, or keeps them. */
function clean(value: unknown, flaws: Refusal[] | null): unknown {
  if (typeof value === 'string') return cleanString(value);
  if (typeof value === 'number') {
    if (Number.isFinite(value)) return value;
    const flaw = new Refusal('malformed_json', 'A number is out of range');
    if (flaws === null) throw flaw;
    flaws.push(flaw);
    return null;
  }
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) {
    for (let index = 0; index < value.length; index += 1) {
      value[index] = clean(value[index], flaws);
    }
    return value;
  }
  const record = value as Record<string, unknown>;
  for (const key of Object.keys(record)) {
    const inner = record[key];
    const safeKey = cleanString(key);
    if (safeKey !== key || isPoison(key, inner)) delete record[key];
    // A key made safe may not become a poisonous one: '\uFFFD' is in neither name.
    if (!isPoison(key, inner)) record[safeKey] = clean(inner, flaws);
  }
  return record;
}

/** Some systems write a byte order mark in front, which no JSON parser takes. */
const byteOrderMark = 0xfeff;

function parsed(text: string): unknown {
  try {
    return JSON.parse(text.charCodeAt(0) === byteOrderMark ? text.slice(1) : text);
  } catch {
    // The parser's own message quotes the body, which may hold health data.
    throw new Refusal('malformed_json');
  }
}

/**
 * Parses a body that came from outside into a value that is safe to walk, merge and store.
 *
 * NUL and lone surrogates, which PostgreSQL and UTF-8 cannot hold, become U+FFFD: the patient's message should still
 * arrive. `__proto__` keys, and `constructor` keys that hold a `prototype`, are dropped. The last of duplicate keys wins.
 * A byte order mark in front is passed over.
 *
 * @throws {Refusal} 400: not UTF-8, not JSON, nested deeper than 64 levels, or a number that is no finite double (1e400)
 */
export function parseJson(bytes: Uint8Array): unknown {
  if (!isUtf8(bytes)) throw new Refusal('malformed_json', 'Not UTF-8');
  if (deepPartsOf(bytes).length > 0) throw tooDeep();
  return clean(parsed(textOf(bytes)), null);
}

/** A body that was read although something in it is not acceptable. */
interface Tolerated {
  readonly value: unknown;
  /** What `parseJson` would have thrown; null if nothing. To be thrown by who finds nothing in `value` that he can use. */
  readonly flaw: Refusal | null;
}

/**
 * As `parseJson`, for bodies that many senders share and whose signature held: what one item has wrong costs the others
 * nothing. Bytes that are no UTF-8 become U+FFFD, and what is nested too deeply, or is no finite number, becomes null: so
 * the item that needed it is found wanting, and no other.
 *
 * @throws {Refusal} 400: not JSON
 */
export function parseTolerantly(bytes: Uint8Array): Tolerated {
  const isText = isUtf8(bytes);
  const deepParts = deepPartsOf(bytes);
  const flaws: Refusal[] = [];
  if (!isText) flaws.push(new Refusal('malformed_json', 'Not UTF-8'));
  if (deepParts.length > 0) flaws.push(tooDeep());
  const value = clean(parsed(textOf(without(bytes, deepParts))), flaws);
  return { value, flaw: flaws[0] ?? null };
}

/** Invalid bytes become U+FFFD. */
function textOf(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString();
}

function tooDeep(): Refusal {
  return new Refusal('malformed_json', `Nested deeper than ${deepest} levels`);
}
