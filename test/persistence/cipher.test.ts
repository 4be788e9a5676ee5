import assert from 'node:assert/strict';
import { createSecretKey, randomBytes, webcrypto } from 'node:crypto';
import { suite, test } from 'node:test';
import { inspect } from 'node:util';

import fc from 'fast-check';

import { SealBroken } from '../../persistence/database/errors.ts';
import type { DataKey, Place } from '../../persistence/encryption/cipher.ts';
import { open, openBytes, seal } from '../../persistence/encryption/cipher.ts';

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

function isBroken(fault: SealBroken['fault']) {
  return (error: unknown) => error instanceof SealBroken && error.fault === fault;
}

suite('cipher', () => {
  test('gives back any text, sealed at any place', () => {
    const places = fc.record({ tenant: text, caseId: text, table: text, column: text, row: text });
    fc.assert(
      fc.property(text, places, text, (plaintext, at, keyId) => {
        const key = { ...dataKey, keyId };
        assert.equal(open(key, at, seal(key, at, plaintext)), plaintext);
      }),
    );
  });

  test('gives back any bytes, and texts of a megabyte and of nothing', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        const plaintext = Buffer.from(bytes);
        assert.deepEqual(openBytes(dataKey, place, seal(dataKey, place, plaintext)), plaintext);
      }),
    );
    for (const plaintext of ['', 'ş'.repeat(1_000_000)]) {
      const sealed = seal(dataKey, place, plaintext);
      assert.equal(sealed.length, Buffer.byteLength(plaintext) + 30);
      assert.equal(open(dataKey, place, sealed), plaintext);
    }
  });

  test('is AES-256-GCM in the documented form: WebCrypto seals what we open and opens what we seal', async () => {
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
    const sealed = Buffer.concat([Buffer.from([1, 1]), iv, Buffer.from(theirs)]);
    assert.equal(open(dataKey, place, sealed), 'Merhaba');

    const ours = Uint8Array.from(seal(dataKey, place, 'Merhaba'));
    assert.deepEqual([ours[0], ours[1]], [1, 1]);
    const opened = await webcrypto.subtle.decrypt(
      { name: 'AES-GCM', iv: ours.subarray(2, 14), additionalData },
      key,
      ours.subarray(14),
    );
    assert.equal(Buffer.from(opened).toString(), 'Merhaba');
  });

  test('still opens what its first version sealed', () => {
    const sealed = Buffer.from(
      '0101000102030405060708090a0b55e49b187c6bb816193eb1578dfc19912792eaa6bb7ee3',
      'hex',
    );
    assert.equal(open(dataKey, place, sealed), 'Merhaba');
  });

  test('opens nothing at another place or with another key', () => {
    const sealed = seal(dataKey, place, 'Merhaba');
    for (const field of fields) {
      const elsewhere = { ...place, [field]: `${place[field]}x` };
      assert.throws(() => open(dataKey, elsewhere, sealed), isBroken('authenticity'), field);
    }
    const renamed = { ...dataKey, keyId: 'key-2' };
    assert.throws(() => open(renamed, place, sealed), isBroken('authenticity'));
    const other = { ...dataKey, key: createSecretKey(randomBytes(32)) };
    assert.throws(() => open(other, place, sealed), isBroken('authenticity'));
  });

  test('tells places apart whose fields are the same in a row', () => {
    fc.assert(
      fc.property(text, text, text, fc.nat(3), (left, middle, right, at) => {
        fc.pre(middle !== '');
        const [one = 'tenant', other = 'caseId'] = fields.slice(at, at + 2);
        const there = { ...place, [one]: left + middle, [other]: right };
        const sealed = seal(dataKey, there, 'Merhaba');
        const shifted = { ...place, [one]: left, [other]: middle + right };
        assert.throws(() => open(dataKey, shifted, sealed), isBroken('authenticity'));
      }),
    );
  });

  test('finds every changed bit', () => {
    const sealed = seal(dataKey, place, 'Merhaba');
    for (let bit = 0; bit < sealed.length * 8; bit += 1) {
      const changed = Buffer.from(sealed);
      changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      const fault = bit < 16 ? 'form' : 'authenticity';
      assert.throws(() => open(dataKey, place, changed), isBroken(fault), `bit ${bit}`);
    }
  });

  test('finds what was cut off and what was added, so tags are never short', () => {
    const sealed = seal(dataKey, place, 'Merhaba');
    for (let length = 0; length < sealed.length; length += 1) {
      assert.throws(() => open(dataKey, place, sealed.subarray(0, length)), SealBroken);
      assert.throws(
        () => open(dataKey, place, sealed.subarray(sealed.length - length)),
        SealBroken,
      );
    }
    const longer = Buffer.concat([sealed, Buffer.alloc(1)]);
    assert.throws(() => open(dataKey, place, longer), isBroken('authenticity'));
  });

  test('never repeats a nonce', () => {
    const nonces = new Set<string>();
    for (let count = 0; count < 10_000; count += 1) {
      nonces.add(seal(dataKey, place, '').toString('hex', 2, 14));
    }
    assert.equal(nonces.size, 10_000);
  });

  test('refuses a text that UTF-8 could not give back', () => {
    assert.throws(() => seal(dataKey, place, 'a\uD83D'), RangeError);
  });

  test('says in its errors where, but neither what nor with which key', () => {
    const sealed = seal(dataKey, place, 'Merhaba');
    assert.throws(
      () => open(dataKey, { ...place, row: 'case-2' }, sealed),
      (error: unknown) => {
        assert.ok(error instanceof SealBroken);
        assert.equal(
          error.message,
          'The seal of cases.envelope is broken: its authenticity is wrong',
        );
        assert.deepEqual([error.code, error.retryable], ['seal_broken', false]);
        return true;
      },
    );
    const shown = `${inspect(dataKey, { depth: 9, showHidden: true })}${JSON.stringify(dataKey)}`;
    assert.ok(!shown.includes(keyBytes.toString('hex').slice(0, 8)));
  });
});
