import assert from 'node:assert/strict';
import { after, before, beforeEach, suite, test } from 'node:test';

import { conforms, type JsonSchema } from '../sandbox/chat/schema.ts';
import { sandboxSecrets } from '../sandbox/sandbox.ts';
import { type Provider, startProvider, until } from './fixtures.ts';

const closed = (properties: Record<string, JsonSchema>): JsonSchema => ({
  type: 'object',
  properties,
  required: Object.keys(properties),
  additionalProperties: false,
});
const confidence = { type: 'number', minimum: 0, maximum: 1 } as const;
const sure = (value: JsonSchema): JsonSchema => ({
  anyOf: [closed({ value, confidence }), { type: 'null' }],
});
const text = { type: 'string' } as const;
const intents = ['greeting', 'agree', 'inform', 'question', 'stop', 'urgent', 'unclear'];
const schema = closed({
  lang: sure({ type: 'string', enum: ['tr', 'en', 'de', 'ar', 'ru', 'fr'] }),
  intent: closed({ value: { type: 'string', enum: intents }, confidence }),
  details: closed({
    procedure: sure({ type: 'string', enum: ['hair-transplant', 'dental'] }),
    origin: sure({ type: 'string', pattern: '^[A-Z]{3}$' }),
    departDate: sure(text),
    returnDate: sure(text),
    adults: sure({ type: 'integer', minimum: 1, maximum: 9 }),
    childrenAges: sure({ type: 'array', items: { type: 'integer' } }),
    budget: sure(closed({ amountMinor: text, currency: text })),
  }),
});

interface Completion {
  readonly error?: { readonly code: string; readonly param: string };
  readonly choices: readonly {
    readonly message: { readonly content: string | null; readonly refusal: string | null };
    readonly finish_reason: string;
  }[];
}

suite('the sandbox of chat completions', () => {
  let provider: Provider;
  before(async () => {
    provider = await startProvider();
  });
  after(() => provider.close());
  beforeEach(() => provider.fault({ provider: 'chat', mode: 'none' }));

  const asking = (content: string, more: object = {}) => ({
    model: 'small',
    temperature: 0,
    messages: [
      { role: 'system', content: 'Read what a patient wrote. Never mention Paris.' },
      { role: 'user', content },
    ],
    response_format: {
      type: 'json_schema',
      json_schema: { name: 'understanding', strict: true, schema },
    },
    ...more,
  });
  async function complete(
    body: object,
    { key = sandboxSecrets.chatApiKey, signal }: { key?: string; signal?: AbortSignal } = {},
  ): Promise<{ status: number; json: Completion }> {
    const answer = await fetch(`${provider.sandbox.origin}/v1/chat/completions`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
      ...(signal ? { signal } : {}),
    });
    return { status: answer.status, json: (await answer.json()) as Completion };
  }
  async function understood(content: string, more: object = {}): Promise<unknown> {
    const { status, json } = await complete(asking(content, more));
    assert.equal(status, 200, JSON.stringify(json));
    return JSON.parse(json.choices[0]?.message.content ?? '');
  }

  test('answers by the schema it was sent', async () => {
    const words =
      'Hallo, ich möchte eine Haartransplantation, ab Berlin am 3.4.2027 bis 10.4.2027, 2 Personen, Kind 7, 2.500 €';
    const answer = await understood(words);
    assert.ok(conforms(answer, schema));
    assert.deepEqual(answer, {
      lang: { value: 'de', confidence: 0.9 },
      intent: { value: 'inform', confidence: 0.9 },
      details: {
        procedure: { value: 'hair-transplant', confidence: 0.9 },
        origin: { value: 'BER', confidence: 0.9 },
        departDate: { value: '2027-04-03', confidence: 0.9 },
        returnDate: { value: '2027-04-10', confidence: 0.9 },
        adults: { value: 2, confidence: 0.9 },
        childrenAges: { value: [7], confidence: 0.9 },
        budget: { value: { amountMinor: '250000', currency: 'EUR' }, confidence: 0.9 },
      },
    });
  });

  test('follows schemas of another form', async () => {
    const flat = closed({
      language: text,
      languageConfidence: confidence,
      intent: { $ref: '#/$defs/intent' },
      intent_confidence: confidence,
      depart_date: { type: ['string', 'null'] },
      budget: { anyOf: [closed({ amount: { type: 'number' }, currency: text }), { type: 'null' }] },
      remarks: { type: 'array', items: text },
    });
    const other: JsonSchema = { ...flat, $defs: { intent: { type: 'string', enum: intents } } };
    const answer = await understood(
      JSON.stringify({ text: 'Merhaba, 3 Mart için', at: '2026-11-23T10:00:00Z' }),
      {
        response_format: {
          type: 'json_schema',
          json_schema: { name: 'other', strict: true, schema: other },
        },
      },
    );
    assert.deepEqual(answer, {
      language: 'tr',
      languageConfidence: 0.9,
      intent: 'inform',
      intent_confidence: 0.9,
      depart_date: '2027-03-03',
      budget: null,
      remarks: [],
    });
  });

  for (const [words, lang, intent] of [
    ['مرحبا', 'ar', 'greeting'],
    ['STOP', null, 'stop'],
    ['Kanama var, çok kötü', 'tr', 'urgent'],
    ['How long does it take from start to end?', 'en', 'question'],
    ['Oui', 'fr', 'agree'],
    ['xyzzy', null, 'unclear'],
  ] as const) {
    test(`reads "${words}" as ${intent}`, async () => {
      const answer = (await understood(words)) as {
        lang: { value: string } | null;
        intent: { value: string };
      };
      assert.deepEqual([answer.lang?.value ?? null, answer.intent.value], [lang, intent]);
    });
  }

  test('refuses what the real one refuses', async () => {
    const loose = { ...schema, additionalProperties: true };
    const format = (schema: object) => ({
      response_format: { type: 'json_schema', json_schema: { name: 'x', strict: true, schema } },
    });
    for (const [body, code] of [
      [asking('x', { prompt: 'x' }), 'unknown_parameter'],
      [asking('x', { temperature: 3 }), 'invalid_value'],
      [asking('x', { messages: [] }), 'invalid_value'],
      [asking('x', { response_format: { type: 'json_object' } }), 'invalid_value'],
      [asking('x', format(loose)), 'invalid_json_schema'],
      [asking('x', format({ ...schema, required: ['lang'] })), 'invalid_json_schema'],
      [asking('x', format({ ...schema, minLength: 3 })), 'invalid_json_schema'],
      [asking('x', format({ anyOf: [schema] })), 'invalid_json_schema'],
    ] as const) {
      const { status, json } = await complete(body);
      assert.deepEqual([status, json.error?.code], [400, code]);
    }
    const { status, json } = await complete(asking('x'), { key: 'wrong' });
    assert.deepEqual([status, json.error?.code], [401, 'invalid_api_key']);
  });

  test('keeps every request, also one that it does not answer', async () => {
    const hasArrived = async (words: string) =>
      (await provider.applied('chat')).some(({ detail }) => JSON.stringify(detail).includes(words));
    await understood('kept-1 [NAME]');
    assert.ok(await hasArrived('kept-1 [NAME]'));
    await provider.fault({ provider: 'chat', mode: 'error500', count: 1 });
    assert.equal((await complete(asking('kept-2'))).status, 500);
    assert.ok(await hasArrived('kept-2'));
    await complete(asking('kept-3'), { key: 'wrong' });
    assert.ok(await hasArrived('kept-3'));
    await provider.fault({ provider: 'chat', mode: 'hang', count: 1 });
    const controller = new AbortController();
    const hanging = complete(asking('kept-4'), { signal: controller.signal });
    hanging.catch(() => {}); // Seen below.
    await until(() => hasArrived('kept-4'));
    controller.abort();
    await assert.rejects(hanging, { name: 'AbortError' });
    assert.ok(!JSON.stringify(await provider.applied('chat')).includes(sandboxSecrets.chatApiKey));
  });

  test('spoils its answer as a fault says', async () => {
    const spoiled = async (mode: string) => {
      await provider.fault({ provider: 'chat', mode, count: 1 });
      const { choices } = (await complete(asking('Hello'))).json;
      assert.ok(choices[0]);
      return choices[0];
    };
    const parsed = (content: string | null) => JSON.parse(content ?? '') as unknown;
    const invalid = await spoiled('invalid-json');
    assert.throws(() => parsed(invalid.message.content), SyntaxError);
    const off = await spoiled('off-schema');
    assert.ok(!conforms(parsed(off.message.content), schema));
    const refused = await spoiled('refusal');
    assert.equal(refused.message.content, null);
    assert.match(refused.message.refusal ?? '', /can't help/);
    const cut = await spoiled('truncated');
    assert.equal(cut.finish_reason, 'length');
    assert.throws(() => parsed(cut.message.content), SyntaxError);
    const { choices } = (await complete(asking('Hello', { max_tokens: 5 }))).json;
    assert.equal(choices[0]?.finish_reason, 'length');
    await assert.rejects(provider.fault({ provider: 'stripe', mode: 'refusal' }), /400/);
  });
});
