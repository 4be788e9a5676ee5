import assert from 'node:assert/strict';
import { after, before, beforeEach, suite, test } from 'node:test';

import { modelFirst } from '../../actors/performers/understanding.ts';
import type { UnderstandingPort } from '../../actors/ports/understanding.ts';
import type { Utterance } from '../../actors/shapes/understanding.ts';
import { chatPolicy, chatUnderstanding } from '../../adapters/chat-completions/understanding.ts';
import { callPolicy } from '../../adapters/policy.ts';
import { rulesUnderstanding } from '../../adapters/rules/understanding.ts';
import { sandboxSecrets } from '../sandbox/sandbox.ts';
import { type Provider, startProvider } from './fixtures.ts';

const message = (text: string, more: Partial<Utterance> = {}): Utterance => ({
  text,
  lang: 'en',
  asked: null,
  at: '2027-01-01T09:00:00Z',
  destination: 'IST',
  mayLeave: true,
  ...more,
});
const never = new AbortController().signal;

suite('understanding by a model', () => {
  let provider: Provider;
  before(async () => {
    provider = await startProvider();
  });
  after(() => provider.close());
  beforeEach(() => provider.fault({ provider: 'chat', mode: 'none' }));

  const model = (apiKey = sandboxSecrets.chatApiKey) =>
    chatUnderstanding({
      baseUrl: `${provider.sandbox.origin}/v1`,
      apiKey,
      model: 'small',
      dispatcher: provider.dispatcher,
      policy: callPolicy('chat', { ...chatPolicy, timeoutMs: 500, openMs: 1 }),
      telemetry: provider.telemetry,
    });

  test('answers with language, intent and details, each with how sure it is', async () => {
    const words = 'Hello, I want a hair transplant and fly from Berlin on 2027-02-01, 2 adults';
    const understood = await model().understand(message(words), never);
    assert.equal(understood.by, 'model');
    assert.equal(understood.lang?.value, 'en');
    const { details } = understood;
    assert.equal(details.origin?.value, 'BER');
    assert.equal(details.departDate?.value, '2027-02-01');
    assert.equal(details.adults?.value, 2);
    assert.equal(details.procedure?.value, 'hair-transplant');
    assert.ok(!('budget' in details), 'what was not said is not there');
  });

  test('sends masked text and nothing else of the patient', async () => {
    const words = 'My name is Anna Kowalski, +49 170 1234567, anna@example.org: from Berlin please';
    await model().understand(message(words), never);
    const sent = JSON.stringify((await provider.applied('chat')).at(-1));
    for (const secret of ['Anna', 'Kowalski', '1234567', 'anna@'])
      assert.ok(!sent.includes(secret));
    assert.ok(sent.includes('[NAME]') && sent.includes('Berlin'));
  });

  for (const mode of ['invalid-json', 'off-schema', 'refusal', 'truncated', 'error500', 'busy429'])
    test(`has no answer when the service gives ${mode}`, async () => {
      await provider.fault({ provider: 'chat', mode });
      await assert.rejects(model().understand(message('from Berlin'), never), {
        retryable: true,
        provider: 'chat',
      });
    });

  test('has no answer when the service is silent past the deadline, or the key is wrong', async () => {
    await provider.fault({ provider: 'chat', mode: 'hang' });
    await assert.rejects(model().understand(message('from Berlin'), never), {
      code: 'provider_unreachable',
    });
    await provider.fault({ provider: 'chat', mode: 'none' });
    await assert.rejects(model('wrong').understand(message('from Berlin'), never), {
      code: 'provider_credentials_refused',
    });
  });

  suite('with the rules behind it', () => {
    const rules = rulesUnderstanding();
    const troubles: unknown[] = [];
    const together = () =>
      modelFirst({ model: model(), rules, timeoutMs: 700, onFallback: (e) => troubles.push(e) });

    test('asks nobody abroad without consent', async () => {
      const asked = (await provider.applied('chat')).length;
      const own = await together().understand(message('from Berlin', { mayLeave: false }), never);
      assert.equal(own.by, 'rules');
      assert.equal((await provider.applied('chat')).length, asked);
    });

    for (const mode of ['hang', 'off-schema', 'refusal', 'process-then-drop'])
      test(`answers by rules when the model does not: ${mode}`, async () => {
        await provider.fault({ provider: 'chat', mode });
        troubles.length = 0;
        const answer = await together().understand(message('from Berlin'), never);
        assert.equal(answer.by, 'rules');
        assert.equal(answer.details.origin?.value, 'BER');
        assert.equal(troubles.length, 1);
      });

    test('never lets a model silence an emergency, a wish to end, or make a consent of a thumb', async () => {
      const calm: UnderstandingPort = {
        understand: async () => ({
          lang: null,
          intent: { value: 'agree', confidence: 0.99 },
          details: { procedure: { value: 'breast', confidence: 0.99 } },
          by: 'model',
        }),
      };
      const heard = (text: string) =>
        modelFirst({ model: calm, rules, timeoutMs: 700, onFallback: () => {} }).understand(
          message(text, { asked: 'consent' }),
          never,
        );
      for (const [text, intent] of [
        ['my chest hurts and my left arm is numb', 'urgent'],
        ['please never text me again', 'stop'],
        ['delete all my data', 'erase'],
        ['👍', 'unclear'],
      ] as const) {
        const answer = await heard(text);
        assert.equal(answer.intent.value, intent, text);
        assert.ok(!((answer.details.procedure?.confidence ?? 0) >= 0.6), text);
      }
      assert.equal((await heard('the first one sounds right to me')).by, 'model');
    });

    test('hears an emergency that only the model hears, and keeps what the rules doubt', async () => {
      const alarmed: UnderstandingPort = {
        understand: async () => ({
          lang: null,
          intent: { value: 'urgent', confidence: 0.9 },
          details: { procedure: { value: 'eye', confidence: 0.9 } },
          by: 'model',
        }),
      };
      const both = modelFirst({ model: alarmed, rules, timeoutMs: 700, onFallback: () => {} });
      const answer = await both.understand(
        message('zorblax, the second', { asked: 'offer' }),
        never,
      );
      assert.equal(answer.intent.value, 'urgent');
      assert.equal(answer.details.procedure, undefined);
    });

    test('ends with its signal instead of falling back', async () => {
      await provider.fault({ provider: 'chat', mode: 'hang' });
      const stopping = new AbortController();
      const answer = together().understand(message('from Berlin'), stopping.signal);
      stopping.abort(new Error('stopping'));
      await assert.rejects(answer, { message: 'stopping' });
    });
  });
});
