import type { KeyObject } from 'node:crypto';
import { createHmac, createSecretKey, hkdfSync } from 'node:crypto';

import { LRUCache } from 'lru-cache';

import { NotIndexable } from './errors.ts';
import type { RootKey } from './keyring.ts';

/** What can be looked up: a phone number with its country code, or a provider's own id of a person. */
export type IndexedKind = 'phone' | 'user';

/**
 * Looks people up by what they are reached at, without storing it. An index is 17 bytes: the version of its form, then
 * half of an HMAC-SHA-256 under the tenant's own key, so that equal numbers of two tenants look unlike. It still shows
 * which rows are of one person, so erasing the person deletes it.
 *
 * Both functions throw {NotIndexable} for a number without a country code or with other characters in it, and for an
 * empty user id.
 */
export interface BlindIndex {
  /** The index under the newest key: what is written. 3 µs. */
  of(tenant: string, kind: IndexedKind, value: string): Buffer;
  /** The indexes under every key, newest first: what is searched for while a rotation is under way. */
  every(tenant: string, kind: IndexedKind, value: string): Buffer[];
}

const version = 1;
const keyBytes = 32;
const codeBytes = 16;

/** Tenants whose key is kept derived. */
const tenantsKept = 10_000;

/**
 * A blind index over root keys, newest first. To rotate, put a new key in front, write every row's index anew, then
 * take the old key out. The derivation differs from the keyring's, so root keys may be shared with it.
 *
 * @throws {RangeError} no key, or a key that is not of 32 bytes
 */
export function createBlindIndex(rootKeys: readonly RootKey[]): BlindIndex {
  const under = rootKeys.map(({ id, key }) => {
    if (key.length !== keyBytes)
      throw new RangeError(`Index key ${id} is not of ${keyBytes} bytes`);
    return indexUnder(createSecretKey(key));
  });
  const [newest] = under;
  if (newest === undefined) throw new RangeError('A blind index needs at least one key');

  return {
    of: (tenant, kind, value) => newest(tenant, subject(kind, value)),
    every: (tenant, kind, value) => {
      const what = subject(kind, value);
      return under.map((index) => index(tenant, what));
    },
  };
}

function indexUnder(root: KeyObject): (tenant: string, what: string) => Buffer {
  const derived = new LRUCache<string, KeyObject>({ max: tenantsKept });

  const tenantKey = (tenant: string): KeyObject => {
    const kept = derived.get(tenant);
    if (kept !== undefined) return kept;
    const bytes = Buffer.from(hkdfSync('sha256', root, '', `blind-index:${tenant}`, keyBytes));
    const made = createSecretKey(bytes);
    bytes.fill(0);
    derived.set(tenant, made);
    return made;
  };

  return (tenant, what) => {
    const code = createHmac('sha256', tenantKey(tenant)).update(what).digest();
    const index = Buffer.allocUnsafe(1 + codeBytes);
    index[0] = version;
    index.set(code.subarray(0, codeBytes), 1);
    return index;
  };
}

// `v1` is the way we normalise: changing it makes other indexes, as a new key does.
function subject(kind: IndexedKind, value: string): string {
  return kind === 'phone' ? `phone:v1:${phoneDigits(value)}` : `user:v1:${userId(value)}`;
}

/**
 * A number's E.164 digits without the plus: `+90 (532) 111-22-33`, `0090532…` and `٩٠٥٣٢…` are all `905321112233`.
 *
 * @throws {NotIndexable} fewer than 8 or more than 15 digits, a national number, or other characters
 */
export function phoneDigits(value: string): string {
  if (/^[1-9]\d{7,14}$/.test(value)) return value; // As WhatsApp gives it.
  const digits = value
    .slice(0, 64) // No number is as long; the rest of an absurd one need not be looked at.
    .normalize('NFKC')
    .replace(/[\u0660-\u0669\u06F0-\u06F9]/g, (digit) => String(digit.charCodeAt(0) & 0xf))
    // `(0)` is the national prefix in print. Marks of direction come along when a number is pasted from Arabic text.
    .replace(/\(0\)|[\s().\-\u2010-\u2015/\u200E\u200F\u202A-\u202E\u2066-\u2069]/g, '')
    .replace(/^(?:\+|00)/, '');
  // A national number (0532…) is refused: without its country it would meet another person's.
  if (value.length > 64 || !/^[1-9]\d{7,14}$/.test(digits)) throw new NotIndexable('phone');
  return digits;
}

function userId(value: string): string {
  const id = value.trim();
  if (id === '' || id.length > 256 || !id.isWellFormed()) throw new NotIndexable('user');
  return id;
}
