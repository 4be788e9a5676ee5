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

/** Looks at the bytes only, so that no parser ever recurses into what is too deep. */
function refuseDepth(bytes: Uint8Array): void {
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
      if (depth > deepest) {
        throw new Refusal('malformed_json', `Nested deeper than ${deepest} levels`);
      }
    } else if (byte === closeBrace || byte === closeBracket) depth -= 1;
  }
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

/** Cleans in place: what JSON.parse made belongs to us. Recursion is bounded by `deepest`. */
function clean(value: unknown): unknown {
  if (typeof value === 'string') return cleanString(value);
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) throw new Refusal('malformed_json', 'A number is out of range');
    return value;
  }
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) {
    for (let index = 0; index < value.length; index += 1) value[index] = clean(value[index]);
    return value;
  }
  const record = value as Record<string, unknown>;
  for (const key of Object.keys(record)) {
    const inner = record[key];
    const safeKey = cleanString(key);
    if (safeKey !== key || isPoison(key, inner)) delete record[key];
    // A key made safe may not become a poisonous one: '\uFFFD' is in neither name.
    if (!isPoison(key, inner)) record[safeKey] = clean(inner);
  }
  return record;
}

/**
 * Parses a body that came from outside into a value that is safe to walk, merge and store.
 *
 * NUL and lone surrogates, which PostgreSQL and UTF-8 cannot hold, become U+FFFD: the patient's message should still
 * arrive. `__proto__` keys, and `constructor` keys that hold a `prototype`, are dropped. The last of duplicate keys wins.
 *
 * @throws {Refusal} 400: not UTF-8, not JSON, nested deeper than 64 levels, or a number that is no finite double (1e400)
 */
export function parseJson(bytes: Uint8Array): unknown {
  if (!isUtf8(bytes)) throw new Refusal('malformed_json', 'Not UTF-8');
  refuseDepth(bytes);
  let parsed: unknown;
  try {
    parsed = JSON.parse(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString());
  } catch {
    // The parser's own message quotes the body, which may hold health data.
    throw new Refusal('malformed_json');
  }
  return clean(parsed);
}
