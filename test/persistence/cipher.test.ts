import assert from 'node:assert/strict';
import { createSecretKey, randomBytes, webcrypto } from 'node:crypto';
import { suite, test } from 'node:test';
import { inspect } from 'node:util';

import fc from 'fast-check';

import type { DataKey, Place } from '../../persistence/encryption/cipher.ts';
import { decrypt, decryptBytes, encrypt } from '../../persistence/encryption/cipher.ts';
import { CiphertextBroken } from '../../persistence/encryption/errors.ts';

const keyBytes = Buffer.alloc(32, 7);
const dataKey: DataKey = { keyId: 'key-1', key: createSecretKey(keyBytes) };
const place: Place = {
  tenant: 'clinic',
  caseId: 'case-1',
  table: 'cases',
  column: 'envelope',
  row: 'case-1',
};
const fields = ['tenant', 'caseId', 'table', 'column', 'row'] as const;

/** Any text without lone surrogates, so ids and content in any script. */
const text = fc.string({ unit: 'binary' });

/** The associated data as the docstring has it, written a second time. */
function associatedData({ keyId }: DataKey, at: Place): Uint8Array<ArrayBuffer> {
  const parts = [at.tenant, at.caseId, at.table, at.column, at.row, keyId].map((field) => {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(Buffer.byteLength(field));
    return Buffer.concat([length, Buffer.from(field)]);
  });
  return Uint8Array.from(Buffer.concat([Buffer.from([1, 1]), ...parts]));
}

function isBroken(fault: CiphertextBroken['fault']) {
  return (error: unknown) => error instanceof CiphertextBroken && error.fault === fault;
}

suite('cipher', () => {
  test('gives back any text, encrypted at any place', () => {
    const places = fc.record({ tenant: text, caseId: text, table: text, column: text, row: text });
    fc.assert(
      fc.property(text, places, text, (plaintext, at, keyId) => {
        const key = { ...dataKey, keyId };
        assert.equal(decrypt(key, at, encrypt(key, at, plaintext)), plaintext);
      }),
    );
  });

  test('gives back any bytes, and texts of a megabyte and of nothing', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        const plaintext = Buffer.from(bytes);
        assert.deepEqual(
          decryptBytes(dataKey, place, encrypt(dataKey, place, plaintext)),
          plaintext,
        );
      }),
    );
    for (const plaintext of ['', 'ş'.repeat(1_000_000)]) {
      const encrypted = encrypt(dataKey, place, plaintext);
      assert.equal(encrypted.length, Buffer.byteLength(plaintext) + 30);
      assert.equal(decrypt(dataKey, place, encrypted), plaintext);
    }
  });

  test('is AES-256-GCM in the documented form: WebCrypto encrypts what we open and opens what we encrypt', async () => {
    const key = await webcrypto.subtle.importKey('raw', keyBytes, 'AES-GCM', false, [
      'encrypt',
      'decrypt',
    ]);
    const iv = webcrypto.getRandomValues(new Uint8Array(12));
    const additionalData = associatedData(dataKey, place);
    const theirs = await webcrypto.subtle.encrypt(
      { name: 'AES-GCM', iv, additionalData },
      key,
      Buffer.from('Merhaba'),
    );
    const encrypted = Buffer.concat([Buffer.from([1, 1]), iv, Buffer.from(theirs)]);
    assert.equal(decrypt(dataKey, place, encrypted), 'Merhaba');

    const ours = Uint8Array.from(encrypt(dataKey, place, 'Merhaba'));
    assert.deepEqual([ours[0], ours[1]], [1, 1]);
    const opened = await webcrypto.subtle.decrypt(
      { name: 'AES-GCM', iv: ours.subarray(2, 14), additionalData },
      key,
      ours.subarray(14),
    );
    assert.equal(Buffer.from(opened).toString(), 'Merhaba');
  });

  test('still opens what its first version encrypted', () => {
    const encrypted = Buffer.from(
      '0101000102030405060708090a0b55e49b187c6bb816193eb1578dfc19912792eaa6bb7ee3',
      'hex',
    );
    assert.equal(decrypt(dataKey, place, encrypted), 'Merhaba');
  });

  test('opens nothing at another place or with another key', () => {
    const encrypted = encrypt(dataKey, place, 'Merhaba');
    for (const field of fields) {
      const elsewhere = { ...place, [field]: `${place[field]}x` };
      assert.throws(() => decrypt(dataKey, elsewhere, encrypted), isBroken('authenticity'), field);
    }
    const renamed = { ...dataKey, keyId: 'key-2' };
    assert.throws(() => decrypt(renamed, place, encrypted), isBroken('authenticity'));
    const other = { ...dataKey, key: createSecretKey(randomBytes(32)) };
    assert.throws(() => decrypt(other, place, encrypted), isBroken('authenticity'));
  });

  test('tells places apart whose fields are the same in a row', () => {
    fc.assert(
      fc.property(text, text, text, fc.nat(3), (left, middle, right, at) => {
        fc.pre(middle !== '');
        const [one = 'tenant', other = 'caseId'] = fields.slice(at, at + 2);
        const there = { ...place, [one]: left + middle, [other]: right };
        const encrypted = encrypt(dataKey, there, 'Merhaba');
        const shifted = { ...place, [one]: left, [other]: middle + right };
        assert.throws(() => decrypt(dataKey, shifted, encrypted), isBroken('authenticity'));
      }),
    );
  });

  test('finds every changed bit', () => {
    const encrypted = encrypt(dataKey, place, 'Merhaba');
    for (let bit = 0; bit < encrypted.length * 8; bit += 1) {
      const changed = Buffer.from(encrypted);
      changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      const fault = bit < 16 ? 'form' : 'authenticity';
      assert.throws(() => decrypt(dataKey, place, changed), isBroken(fault), `bit ${bit}`);
    }
  });

  test('finds what was cut off and what was added, so tags are never short', () => {
    const encrypted = encrypt(dataKey, place, 'Merhaba');
    for (let length = 0; length < encrypted.length; length += 1) {
      assert.throws(() => decrypt(dataKey, place, encrypted.subarray(0, length)), CiphertextBroken);
      assert.throws(
        () => decrypt(dataKey, place, encrypted.subarray(encrypted.length - length)),
        CiphertextBroken,
      );
    }
    const longer = Buffer.concat([encrypted, Buffer.alloc(1)]);
    assert.throws(() => decrypt(dataKey, place, longer), isBroken('authenticity'));
  });

  test('never repeats a nonce', () => {
    const nonces = new Set<string>();
    for (let count = 0; count < 10_000; count += 1) {
      nonces.add(encrypt(dataKey, place, '').toString('hex', 2, 14));
    }
    assert.equal(nonces.size, 10_000);
  });

  test('refuses a text that UTF-8 could not give back', () => {
    assert.throws(() => encrypt(dataKey, place, 'a\uD83D'), RangeError);
  });

  test('says in its errors where, but neither what nor with which key', () => {
    const encrypted = encrypt(dataKey, place, 'Merhaba');
    assert.throws(
      () => decrypt(dataKey, { ...place, row: 'case-2' }, encrypted),
      (error: unknown) => {
        assert.ok(error instanceof CiphertextBroken);
        assert.equal(
          error.message,
          'cases.envelope cannot be decrypted: its authenticity is wrong',
        );
        assert.deepEqual([error.code, error.retryable], ['seal_broken', false]);
        return true;
      },
    );
    const shown = `${inspect(dataKey, { depth: 9, showHidden: true })}${JSON.stringify(dataKey)}`;
    assert.ok(!shown.includes(keyBytes.toString('hex').slice(0, 8)));
  });
});
