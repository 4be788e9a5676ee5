import assert from 'node:assert/strict';
import { suite, test } from 'node:test';

import fc from 'fast-check';

import { createBlindIndex, phoneDigits } from '../../persistence/encryption/blind-index.ts';
import { NotIndexable } from '../../persistence/encryption/errors.ts';

const first = { id: 'root-1', key: Buffer.alloc(32, 1) };
const second = { id: 'root-2', key: Buffer.alloc(32, 2) };
const index = createBlindIndex([first]);

suite('blind index', () => {
  test('is the version and half of an HMAC under a key derived for the tenant', () => {
    // Made with Python's hmac and hashlib.
    assert.equal(
      index.of('clinic', 'phone', '+905321112233').toString('hex'),
      '017ff057cef0f6b03601a36979f3dcfa96',
    );
  });

  test('is one for all ways to write a number', () => {
    const ways = [
      '+90 532 111 22 33',
      '+90 (532) 111-22-33',
      '0090 532 1112233',
      '+90.532.111.22.33',
      '+90 (0) 532 111 2233',
      '\u200E+90\u00A0532\u2011111\u20112233',
      '٩٠٥٣٢١١١٢٢٣٣',
      '+۹۰۵۳۲۱۱۱۲۲۳۳',
      '+90532111２２３３',
    ];
    for (const way of ways) assert.equal(phoneDigits(way), '905321112233', way);
  });

  test('does not care where separators stand', () => {
    const digits = fc.stringMatching(/^[1-9]\d{7,14}$/);
    const separators = fc.array(fc.constantFrom('', ' ', '-', '.'), {
      minLength: 15,
      maxLength: 15,
    });
    fc.assert(
      fc.property(digits, separators, fc.constantFrom('', '+', '00'), (number, between, prefix) => {
        const written = number
          .split('')
          .map((digit, at) => `${digit}${between[at]}`)
          .join('');
        assert.deepEqual(
          index.of('clinic', 'phone', `${prefix}${written}`),
          index.of('clinic', 'phone', number),
        );
      }),
    );
  });

  test('refuses what is not a number with its country code, without repeating it', () => {
    const wrong = [
      '',
      '0532 111 22 33',
      '+0532111223',
      '1234567',
      '1234567890123456',
      '+90 532 CALL ME',
      '++905321112233',
      `905321112233${' '.repeat(100)}`,
    ];
    for (const value of wrong) {
      assert.throws(
        () => index.of('clinic', 'phone', value),
        (error: unknown) =>
          error instanceof NotIndexable && error.message === 'Not a phone that can be indexed',
        value,
      );
    }
    for (const value of ['', '  ', 'x'.repeat(257), 'a\uD83D']) {
      assert.throws(() => index.of('clinic', 'user', value), NotIndexable);
    }
  });

  test('is another for another tenant, kind, person or key', () => {
    const all = [
      index.of('clinic', 'phone', '905321112233'),
      index.of('agency', 'phone', '905321112233'),
      index.of('clinic', 'user', '905321112233'),
      index.of('clinic', 'phone', '905321112234'),
      createBlindIndex([second]).of('clinic', 'phone', '905321112233'),
    ];
    assert.equal(new Set(all.map((one) => one.toString('hex'))).size, all.length);
    assert.notDeepEqual(index.of('clinic', 'user', 'TR.abc'), index.of('clinic', 'user', 'TR.ABC'));
  });

  test('writes under the newest key and looks under all, newest first', () => {
    const rotating = createBlindIndex([second, first]);
    const [written, old] = rotating.every('clinic', 'user', 'TR.1');
    assert.deepEqual(rotating.of('clinic', 'user', 'TR.1'), written);
    assert.deepEqual(index.of('clinic', 'user', 'TR.1'), old);
  });

  test('refuses to work without a proper key', () => {
    assert.throws(() => createBlindIndex([]), RangeError);
    assert.throws(() => createBlindIndex([{ id: 'short', key: Buffer.alloc(31) }]), RangeError);
  });
});
