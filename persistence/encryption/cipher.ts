import type { KeyObject } from 'node:crypto';
import { createCipheriv, createDecipheriv, randomFillSync } from 'node:crypto';

import { CiphertextBroken } from './errors.ts';

/**
 * A case's key for its own data. `key` is a secret of 32 bytes. A KeyObject, because it shows no bytes when it is
 * logged or serialised and OpenSSL wipes it when it goes; it is as fast as a Buffer (3.7 against 3.8 µs a encrypt).
 */
export interface DataKey {
  readonly keyId: string;
  readonly key: KeyObject;
}

/** Where a ciphertext stands. It can be decrypted there and nowhere else. */
export interface Place {
  readonly tenant: string;
  readonly caseId: string;
  readonly table: string;
  readonly column: string;
  /** The row's primary key, as text. */
  readonly row: string;
}

const algorithm = 'aes-256-gcm';
const version = 1;
const aes256Gcm = 1;
const nonceBytes = 12;
const tagBytes = 16;
const headBytes = 2 + nonceBytes;

// Without it Node takes shorter tags when it decrypts, and a tag of 4 bytes can be guessed.
const options = { authTagLength: tagBytes } as const;

/**
 * Encrypts `plaintext` with AES-256-GCM as `version(1) | algorithm(1) | nonce(12) | ciphertext | tag(16)`: 30 bytes more
 * than the UTF-8 of `plaintext`. The key's id is not stored but bound with the place, so nothing is decrypted by trying keys.
 *
 * 3.9 µs for 100 bytes, 4.6 µs for 1.5 KB, 5.4 µs for 4 KB.
 *
 * @throws {RangeError} a string with a lone surrogate, which UTF-8 could not give back (`JSON.stringify` makes none)
 */
export function encrypt(dataKey: DataKey, place: Place, plaintext: string | Buffer): Buffer {
  if (typeof plaintext === 'string' && !plaintext.isWellFormed()) {
    throw new RangeError('A text with a lone surrogate cannot be encrypted');
  }
  const nonce = nextNonce();
  const cipher = createCipheriv(algorithm, dataKey.key, nonce, options);
  cipher.setAAD(associatedData(dataKey.keyId, place));
  const ciphertext =
    typeof plaintext === 'string' ? cipher.update(plaintext, 'utf8') : cipher.update(plaintext);
  cipher.final(); // Empty: GCM is a stream.
  const encrypted = Buffer.allocUnsafe(headBytes + ciphertext.length + tagBytes);
  encrypted[0] = version;
  encrypted[1] = aes256Gcm;
  encrypted.set(nonce, 2);
  encrypted.set(ciphertext, headBytes);
  encrypted.set(cipher.getAuthTag(), headBytes + ciphertext.length);
  return encrypted;
}

/**
 * Decrypts what `encrypt` made of a text.
 *
 * 3.1 µs for 100 bytes, 4.4 µs for 1.5 KB, 5.3 µs for 4 KB.
 *
 * @throws {CiphertextBroken} another key or place, or a changed byte
 */
export function decrypt(dataKey: DataKey, place: Place, encrypted: Buffer): string {
  return decryptBytes(dataKey, place, encrypted).toString('utf8');
}

/**
 * Decrypts what `encrypt` made of bytes. The caller owns them, and wipes them if they are a key.
 *
 * @throws {CiphertextBroken} another key or place, or a changed byte
 */
export function decryptBytes(dataKey: DataKey, place: Place, encrypted: Buffer): Buffer {
  const at = encrypted.length - tagBytes;
  if (at < headBytes || encrypted[0] !== version || encrypted[1] !== aes256Gcm) {
    throw new CiphertextBroken(`${place.table}.${place.column}`, 'form');
  }
  const nonce = encrypted.subarray(2, headBytes);
  const decipher = createDecipheriv(algorithm, dataKey.key, nonce, options);
  decipher.setAAD(associatedData(dataKey.keyId, place));
  decipher.setAuthTag(encrypted.subarray(at));
  const plaintext = decipher.update(encrypted.subarray(headBytes, at));
  try {
    decipher.final(); // Until here the plaintext is unproven and must not be looked at.
  } catch (cause) {
    throw new CiphertextBroken(`${place.table}.${place.column}`, 'authenticity', { cause });
  }
  return plaintext;
}

let scratch = Buffer.allocUnsafeSlow(1_024);

/**
 * `version | algorithm`, then each field as `length(4, big-endian, bytes) | UTF-8`: no two places give the same bytes.
 * Lives in a shared buffer until the next call, which is fine because OpenSSL reads it at once. 0.2 µs.
 */
function associatedData(keyId: string, place: Place): Buffer {
  const { tenant, caseId, table, column, row } = place;
  const characters =
    keyId.length + tenant.length + caseId.length + table.length + column.length + row.length;
  // Three bytes is the most that UTF-8 needs for a UTF-16 unit. Too small a buffer would cut a field without a word.
  const most = 2 + 6 * 4 + 3 * characters;
  if (scratch.length < most) scratch = Buffer.allocUnsafeSlow(2 * most);
  scratch[0] = version;
  scratch[1] = aes256Gcm;
  let end = putField(tenant, 2);
  end = putField(caseId, end);
  end = putField(table, end);
  end = putField(column, end);
  end = putField(row, end);
  end = putField(keyId, end);
  return scratch.subarray(0, end);
}

function putField(value: string, at: number): number {
  const bytes = scratch.write(value, at + 4);
  scratch.writeUInt32BE(bytes, at);
  return at + 4 + bytes;
}

// One call to the random generator for 64 nonces: 0.03 µs each in place of 1.5 µs. Never derived from a row or a
// version, which a restored backup repeats: one repeated nonce gives the authentication key away.
const nonces = Buffer.allocUnsafeSlow(64 * nonceBytes);
let nextNonceAt = nonces.length;

function nextNonce(): Buffer {
  if (nextNonceAt === nonces.length) {
    randomFillSync(nonces);
    nextNonceAt = 0;
  }
  const nonce = nonces.subarray(nextNonceAt, nextNonceAt + nonceBytes);
  nextNonceAt += nonceBytes;
  return nonce;
}
