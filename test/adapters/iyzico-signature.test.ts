import assert from 'node:assert/strict';
import { suite, test } from 'node:test';

import { exactJson, plainDecimal } from '../../adapters/iyzico/exact-json.ts';
import { inTurkey, turkishDay } from '../../adapters/iyzico/reports.ts';
import {
  answerSignature,
  authorization,
  isSigned,
  requestSignature,
} from '../../adapters/iyzico/signature.ts';

const secretKey = 'sandbox-secret-EXAMPLE';
const read = {
  paymentStatus: 'SUCCESS',
  paymentId: '27000001',
  currency: 'EUR',
  basketId: 'B-42',
  conversationId: 'conv-42',
  paidPrice: '1250.5',
  price: '1250.5',
  token: '11111111-2222-4333-8444-555555555555',
};
const readSignature = 'e2a392ef63b1e1d7090953c760fda412245f6d9eebdc2529d62ad0fb73a37ae2';

suite('iyzico signatures', () => {
  test('sign a request as the known vector has it', () => {
    const request = {
      random: '1700000000000123456789',
      path: '/payment/iyzipos/checkoutform/auth/ecom/detail',
      body: '{"locale":"en","conversationId":"conv-42","token":"abc"}',
    };
    const signature = '3a39b75be6ea75cbf38915cb4d11b4739f489cc93b7f3161269f882bd55ef59e';
    assert.equal(requestSignature(secretKey, request), signature);
    const [scheme, encoded = ''] = authorization({ apiKey: 'key', secretKey }, request).split(' ');
    assert.equal(scheme, 'IYZWSv2');
    assert.equal(
      Buffer.from(encoded, 'base64').toString(),
      `apiKey:key&randomKey:${request.random}&signature:${signature}`,
    );
  });

  test('verify an answer as the known vector has it', () => {
    assert.equal(answerSignature(secretKey, 'checkoutRead', read), readSignature);
    assert.equal(isSigned(secretKey, 'checkoutRead', { ...read, signature: readSignature }), true);
  });

  test('leave out trailing zeros of prices, and of nothing else', () => {
    const padded = { ...read, paidPrice: '1250.50000000', price: '1250.50' };
    assert.equal(answerSignature(secretKey, 'checkoutRead', padded), readSignature);
    assert.notEqual(
      answerSignature(secretKey, 'checkoutRead', { ...read, paymentId: '2700000.10' }),
      answerSignature(secretKey, 'checkoutRead', { ...read, paymentId: '2700000.1' }),
    );
  });

  test('take a missing field as empty', () => {
    const { basketId: _basketId, ...without } = read;
    assert.equal(
      answerSignature(secretKey, 'checkoutRead', without),
      answerSignature(secretKey, 'checkoutRead', { ...read, basketId: '' }),
    );
  });

  test('do not verify with a field, a digit or a length changed, or without a signature', () => {
    const wrong = [
      { ...read, signature: readSignature, paidPrice: '1250.6' },
      { ...read, signature: readSignature.replace('e2', 'e3') },
      { ...read, signature: readSignature.slice(1) },
      { ...read, signature: '' },
      { ...read, signature: 42 },
      read,
    ];
    for (const answer of wrong) assert.equal(isSigned(secretKey, 'checkoutRead', answer), false);
  });
});

suite('iyzico numbers', () => {
  const plain: readonly (readonly [string, string])[] = [
    ['1250.50', '1250.5'],
    ['1250.50000000', '1250.5'],
    ['100.0', '100'],
    ['100', '100'],
    ['0E-8', '0'],
    ['0.00', '0'],
    ['1.25E+3', '1250'],
    ['1.2505e3', '1250.5'],
    ['12E-3', '0.012'],
    ['1E-1', '0.1'],
    ['-0.0', '0'],
    ['-1.50', '-1.5'],
    ['9007199254740993.10', '9007199254740993.1'],
    ['27000001', '27000001'],
    ['none', 'none'],
  ];
  for (const [written, meant] of plain) {
    test(`read ${written} as ${meant}`, () => assert.equal(plainDecimal(written), meant));
  }

  test('keep every digit that was written, wherever in the answer', () => {
    const text =
      '{"a":9007199254740993,"b":[{"price":123456789012.340000000}],"c":"1.50","d":null}';
    assert.deepEqual(exactJson(text), {
      a: '9007199254740993',
      b: [{ price: '123456789012.34' }],
      c: '1.50',
      d: null,
    });
  });
});

suite('iyzico times', () => {
  test('are of the clock in Turkey, whatever the Z says', () => {
    assert.equal(inTurkey('2026-11-23T13:30:57.000Z'), '2026-11-23T13:30:57+03:00');
    assert.equal(inTurkey('2026-11-23 13:30:57'), '2026-11-23T13:30:57+03:00');
    assert.equal(inTurkey('2026-11-23T10:30:57+0000'), '2026-11-23T10:30:57+00:00');
    assert.equal(inTurkey('23.11.2026'), null);
    assert.equal(inTurkey('2026-13-23T13:30:57Z'), null);
  });

  test('begin a new day at nine in the evening of UTC', () => {
    assert.equal(turkishDay(Date.parse('2026-11-23T20:59:59Z')), '2026-11-23');
    assert.equal(turkishDay(Date.parse('2026-11-23T21:00:00Z')), '2026-11-24');
  });
});
