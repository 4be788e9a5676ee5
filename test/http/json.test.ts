import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { suite, test } from 'node:test';

import fc from 'fast-check';

import { Refusal } from '../../http/server/errors.ts';
import { parseJson } from '../../http/server/json.ts';
import { runs } from '../support/runs.ts';
import { notification, postWhatsapp, startEdge, textMessage, webhookSecrets } from './edge.ts';

const parse = (text: string) => parseJson(Buffer.from(text));
const isRefusal = (error: unknown) => error instanceof Refusal && error.status === 400;

/** JSON written by hand: keys and strings that bite, at any place. */
const nasty = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constantFrom(null, true, 0, -0, 1e308, '', '\0', '\uD800', '__proto__', '😀'),
    fc.string({ unit: 'binary' }),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.array(tie('value'), { maxLength: 4 }),
    fc
      .array(
        fc.tuple(
          fc.constantFrom('__proto__', 'constructor', 'prototype', 'toString', 'a', '\0', '\uDC00'),
          tie('value'),
        ),
        { maxLength: 4 },
      )
      .map((entries) => Object.fromEntries(entries)),
  ),
})).value;

function assertNothingPolluted(): void {
  assert.deepEqual(Object.keys(Object.prototype), []);
  assert.equal(({} as Record<string, unknown>)['polluted'], undefined);
  assert.equal(Object.getPrototypeOf({}), Object.prototype);
}

suite('JSON from outside', () => {
  test('that nests deeper than 64 levels is refused, however deep', () => {
    assert.deepEqual(
      parse('['.repeat(64) + ']'.repeat(64)),
      JSON.parse('['.repeat(64) + ']'.repeat(64)),
    );
    for (const depth of [65, 10_000, 400_000]) {
      assert.throws(() => parse('['.repeat(depth) + ']'.repeat(depth)), isRefusal);
      assert.throws(() => parse('{"a":'.repeat(depth)), isRefusal);
    }
    const bracketsInText = JSON.stringify({ text: `\\"${'['.repeat(1_000)}` });
    assert.deepEqual(parse(bracketsInText), JSON.parse(bracketsInText));
  });

  test('loses the keys that lead to a prototype, however they are written', () => {
    const poisons = [
      '{"__proto__":{"polluted":1},"a":1}',
      String.raw`{"\u005f_proto__":{"polluted":1},"a":1}`,
      '{"constructor":{"prototype":{"polluted":1}},"a":1}',
    ];
    for (const poison of poisons) {
      const parsed = parse(poison) as object;
      assert.deepEqual(Reflect.ownKeys(parsed), ['a']);
      assert.equal(Object.getPrototypeOf(parsed), Object.prototype);
      assert.deepEqual(Object.assign({}, parsed), { a: 1 });
    }
    assert.deepEqual(parse('{"constructor":"Anna","text":"__proto__"}'), {
      constructor: 'Anna',
      text: '__proto__',
    });
  });

  test('gets U+FFFD where there was NUL or half a surrogate pair', () => {
    assert.deepEqual(parse(String.raw`{"a\u0000":"b\u0000\ud800c\udc00","d":"\ud83d\ude00"}`), {
      'a\uFFFD': 'b\uFFFD\uFFFDc\uFFFD',
      d: '😀',
    });
  });

  test('takes the last of duplicate keys', () => {
    assert.deepEqual(parse('{"a":1,"a":2}'), { a: 2 });
  });

  test('with a number beyond a double, not UTF-8, or not JSON is refused', () => {
    const refused = ['1e400', '-1e400', '9'.repeat(400), '', '{', '{"a":1}x', "{'a':1}", 'NaN'];
    for (const text of refused) assert.throws(() => parse(text), isRefusal, text);
    assert.throws(() => parse('{"a":[1e400]}'), isRefusal);
    assert.throws(() => parseJson(Buffer.from([0x22, 0xff, 0x22])), isRefusal);
    assert.throws(() => parseJson(Buffer.from([0x22, 0xed, 0xa0, 0x80, 0x22])), isRefusal);
  });

  test('is what JSON.parse says where nothing is wrong with it', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 8, stringUnit: 'grapheme' }), (value) => {
        const text = JSON.stringify(value);
        if (/__proto__|\\u0000/.test(text)) return;
        assert.deepEqual(parse(text), JSON.parse(text));
      }),
    );
  });

  test('is refused or made safe to store, whatever the bytes', () => {
    const storable = (text: string) => text.isWellFormed() && !text.includes('\0');
    const check = (value: unknown): void => {
      if (typeof value === 'string') assert.ok(storable(value));
      if (typeof value === 'number') assert.ok(Number.isFinite(value));
      if (typeof value !== 'object' || value === null) return;
      assert.ok([Object.prototype, Array.prototype].includes(Object.getPrototypeOf(value)));
      for (const key of Object.keys(value)) {
        assert.ok(storable(key) && key !== '__proto__');
        check(Reflect.get(value, key));
      }
    };
    const bytes = fc.oneof(
      nasty.map((value) => Buffer.from(JSON.stringify(value))),
      fc.json().map((text) => Buffer.from(text)),
      fc.uint8Array().map((array) => Buffer.from(array)),
    );
    fc.assert(
      fc.property(bytes, (buffer) => {
        try {
          check(parseJson(buffer));
        } catch (error) {
          if (!isRefusal(error)) throw error;
        }
        assertNothingPolluted();
      }),
      { numRuns: runs(1_000) },
    );
  });
});

suite('No body at all', () => {
  /** Puts `nasty` somewhere into a good notification. */
  const mutated = fc
    .tuple(
      nasty,
      fc.constantFrom('object', 'entry', 'id', 'changes', 'field', 'value', 'metadata', 'contacts'),
      fc.constantFrom('messages', 'from', 'timestamp', 'type', 'text', 'body', 'profile', 'wa_id'),
      fc.boolean(),
    )
    .map(([value, outer, inner, isOuter]) => {
      const target = isOuter ? outer : inner;
      return JSON.stringify(notification({ messages: [textMessage('wamid.1')] }), (key, old) =>
        key === target ? value : (old as unknown),
      );
    });
  const stripeEvent = fc
    .tuple(nasty, fc.constantFrom('id', 'created', 'data', 'object', 'metadata', 'currency'))
    .map(([value, target]) =>
      JSON.stringify(
        {
          id: 'evt_1',
          created: 1_795_400_000,
          type: 'checkout.session.completed',
          data: { object: { id: 'cs', mode: 'payment', payment_status: 'paid', metadata: {} } },
        },
        (key, old) => (key === target ? value : (old as unknown)),
      ),
    );

  test('that is signed brings WhatsApp to a 5xx, or pollutes a prototype', async (t) => {
    const { url, intake } = await startEdge(t);
    const bodies = fc.oneof(
      mutated,
      nasty.map((value) => JSON.stringify(value)),
      fc.json(),
      fc.string({ unit: 'binary' }).map((text) => text.toWellFormed()),
    );
    await fc.assert(
      fc.asyncProperty(bodies, async (body) => {
        const { status } = await postWhatsapp(url, body);
        assert.ok(status === 200 || status === 400, `${status}`);
        assertNothingPolluted();
      }),
      { numRuns: runs(300) },
    );
    assert.ok(intake.received.length > 0, 'nothing came through, so nothing was tested');
    for (const { data } of intake.received) {
      assert.doesNotMatch(JSON.stringify(data), /\\u0000|\\ud[89a-f]/);
    }
  });

  test('that is signed brings payments to a 5xx', async (t) => {
    const now = () => 1_795_400_000_000;
    const { url } = await startEdge(t, { now });
    await fc.assert(
      fc.asyncProperty(fc.oneof(stripeEvent, fc.json()), async (body) => {
        const signed = createHmac('sha256', webhookSecrets[0]).update(`1795400000.${body}`);
        const response = await fetch(`${url}/webhooks/payments`, {
          method: 'POST',
          headers: {
            'content-type': 'application/json',
            'stripe-signature': `t=1795400000,v1=${signed.digest('hex')}`,
          },
          body,
        });
        assert.ok(response.status === 200 || response.status === 400, `${response.status}`);
        assertNothingPolluted();
      }),
      { numRuns: runs(200) },
    );
  });

  test('of depth 10,000 does more than get a 400', async (t) => {
    const { url } = await startEdge(t);
    for (const body of ['['.repeat(10_000) + ']'.repeat(10_000), '{"a":'.repeat(10_000)]) {
      assert.equal((await postWhatsapp(url, body)).status, 400);
    }
    assert.equal((await postWhatsapp(url, notification({}))).status, 200);
  });
});
