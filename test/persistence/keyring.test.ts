import assert from 'node:assert/strict';
import { suite, test } from 'node:test';

import fc from 'fast-check';

import { decrypt, encrypt } from '../../persistence/encryption/cipher.ts';
import { KeyMissing, CiphertextBroken } from '../../persistence/encryption/errors.ts';
import { createLocalKeyring, rootKeyIdOf } from '../../persistence/encryption/keyring.ts';

const first = { id: 'root-1', key: Buffer.alloc(32, 1) };
const second = { id: 'root-2', key: Buffer.alloc(32, 2) };
const place = {
  tenant: 'clinic',
  caseId: 'case-1',
  table: 'cases',
  column: 'envelope',
  row: 'case-1',
};

suite('keyring', () => {
  test('unwraps the data key that it made', () => {
    const keyring = createLocalKeyring([first]);
    const text = fc.string({ unit: 'binary' });
    fc.assert(
      fc.property(text, text, (tenant, caseId) => {
        const { keyId, key, wrapped } = keyring.newDataKey(tenant, caseId);
        const unwrapped = keyring.unwrap(tenant, caseId, wrapped);
        assert.equal(unwrapped.keyId, keyId);
        assert.ok(unwrapped.key.equals(key));
      }),
    );
  });

  test('makes another key each time', () => {
    const keyring = createLocalKeyring([first]);
    const keys = Array.from({ length: 1_000 }, () => keyring.newDataKey('clinic', 'case-1'));
    assert.equal(new Set(keys.map(({ keyId }) => keyId)).size, 1_000);
    const bytes = keys.map(({ key }) => key.export().toString('hex'));
    assert.equal(new Set(bytes).size, 1_000);
  });

  test('still unwraps what its first version wrapped', () => {
    const wrapped = Buffer.from(
      '0106726f6f742d3100112233445546778899aabbccddeeff' +
        '0101000102030405060708090a0b917a2eb18d90d6daf1551bed4412efab95514b49059aa57664ae5a9e537afa730660f05aeb228f8f719f33b0a03e1715',
      'hex',
    );
    const { keyId, key } = createLocalKeyring([first]).unwrap('clinic', 'case-1', wrapped);
    assert.equal(keyId, '00112233-4455-4677-8899-aabbccddeeff');
    assert.deepEqual(key.export(), Buffer.alloc(32, 9));
  });

  test('unwraps for no other tenant and for no other case', () => {
    const keyring = createLocalKeyring([first]);
    const { wrapped } = keyring.newDataKey('clinic', 'case-1');
    assert.throws(() => keyring.unwrap('agency', 'case-1', wrapped), CiphertextBroken);
    assert.throws(() => keyring.unwrap('clinic', 'case-2', wrapped), CiphertextBroken);
    assert.throws(() => keyring.unwrap('cliniccase', '-1', wrapped), CiphertextBroken);
  });

  test('finds every changed bit and every byte cut off', () => {
    const keyring = createLocalKeyring([first]);
    const { wrapped } = keyring.newDataKey('clinic', 'case-1');
    const isRefused = (error: unknown) =>
      error instanceof CiphertextBroken || error instanceof KeyMissing;
    for (let bit = 0; bit < wrapped.length * 8; bit += 1) {
      const changed = Buffer.from(wrapped);
      changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      assert.throws(() => keyring.unwrap('clinic', 'case-1', changed), isRefused, `bit ${bit}`);
    }
    for (let length = 0; length < wrapped.length; length += 1) {
      const cut = wrapped.subarray(0, length);
      assert.throws(() => keyring.unwrap('clinic', 'case-1', cut), isRefused, `${length} bytes`);
    }
  });

  test('wraps under the newest root key, and keeps what was encrypted readable through a rotation', () => {
    const before = createLocalKeyring([first]);
    const made = before.newDataKey('clinic', 'case-1');
    const encrypted = encrypt(made, place, 'Merhaba');
    assert.equal(rootKeyIdOf(made.wrapped), 'root-1');

    const during = createLocalKeyring([second, first]);
    assert.equal(rootKeyIdOf(during.newDataKey('clinic', 'case-2').wrapped), 'root-2');
    assert.equal(
      decrypt(during.unwrap('clinic', 'case-1', made.wrapped), place, encrypted),
      'Merhaba',
    );
    const rewrapped = during.rewrap('clinic', 'case-1', made.wrapped);
    assert.equal(rootKeyIdOf(rewrapped), 'root-2');
    assert.equal(during.rewrap('clinic', 'case-1', rewrapped), rewrapped);

    const after = createLocalKeyring([second]);
    assert.equal(decrypt(after.unwrap('clinic', 'case-1', rewrapped), place, encrypted), 'Merhaba');
    assert.throws(
      () => after.unwrap('clinic', 'case-1', made.wrapped),
      (error: unknown) => error instanceof KeyMissing && error.keyId === 'root-1',
    );
  });

  test('rewraps only what is sound', () => {
    const during = createLocalKeyring([second, first]);
    const { wrapped } = createLocalKeyring([first]).newDataKey('clinic', 'case-1');
    assert.throws(() => during.rewrap('agency', 'case-1', wrapped), CiphertextBroken);
    const current = during.newDataKey('clinic', 'case-1').wrapped;
    assert.throws(() => during.rewrap('agency', 'case-1', current), CiphertextBroken);
  });

  test('refuses root keys that cannot be right', () => {
    assert.throws(() => createLocalKeyring([]), RangeError);
    assert.throws(() => createLocalKeyring([first, first]), RangeError);
    assert.throws(() => createLocalKeyring([{ id: 'short', key: Buffer.alloc(16) }]), RangeError);
    for (const id of ['', 'a b', 'x'.repeat(65)]) {
      assert.throws(() => createLocalKeyring([{ id, key: first.key }]), RangeError);
    }
  });
});
