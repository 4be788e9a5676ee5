import assert from 'node:assert/strict';
import { after, before, beforeEach, suite, test } from 'node:test';

import {
  ProviderBusy,
  ProviderCredentialsRefused,
  ProviderRefused,
  ProviderUnreachable,
} from '../../actors/errors.ts';
import type { MessagingPort } from '../../actors/ports/messaging.ts';
import type { CallPolicy } from '../../adapters/policy.ts';
import { whatsappMessaging, whatsappPolicy } from '../../adapters/whatsapp/messaging.ts';
import type { SentMessage } from '../sandbox/meta.ts';
import { sandboxAccount, sandboxSecrets } from '../sandbox/sandbox.ts';
import { type Provider, call, performing, quick, startProvider } from './fixtures.ts';

const patient = { phone: '491700000001' };
const hello = { recipient: patient, message: { kind: 'text', body: 'Merhaba ☀' } } as const;

suite('whatsapp', () => {
  let provider: Provider;
  before(async () => {
    provider = await startProvider();
  });
  after(() => provider.close());
  beforeEach(() => provider.fault({ provider: 'whatsapp', mode: 'none' }));

  function messaging(policy: CallPolicy = quick('whatsapp', whatsappPolicy)): MessagingPort {
    return whatsappMessaging({
      baseUrl: provider.sandbox.origin,
      senderOf: (tenant) =>
        tenant === 'clinic-a'
          ? {
              phoneNumberId: sandboxAccount.phoneNumberId,
              accessToken: sandboxSecrets.whatsappAccessToken,
            }
          : undefined,
      dispatcher: provider.dispatcher,
      policy,
      telemetry: provider.telemetry,
    });
  }

  async function appliedWith(effectId: string): Promise<number> {
    const entries = await provider.applied('message');
    return entries.filter(({ key }) => key === effectId).length;
  }

  test('sends text, with the effect id to know it by', async () => {
    const { messageId } = await messaging().send(hello, performing({ effectId: 'text-1' }));
    const { messages } = (await call(
      provider.sandbox,
      'GET',
      '/_sandbox/whatsapp/messages?to=491700000001',
    )) as { messages: SentMessage[] };
    const [message] = messages;
    assert.equal(message?.messageId, messageId);
    assert.equal(message.body, 'Merhaba ☀');
    assert.equal(message.effectId, 'text-1');
  });

  test('sends buttons to somebody who has no number', async () => {
    const buttons = [
      { id: 'yes', title: 'Yes' },
      { id: 'no', title: 'No' },
    ];
    const recipient = { userId: 'DE.10000000000000000001' };
    await messaging().send(
      { recipient, message: { kind: 'buttons', body: 'Agree?', buttons } },
      performing({ effectId: 'buttons-1' }),
    );
    const { messages } = (await call(
      provider.sandbox,
      'GET',
      `/_sandbox/whatsapp/messages?to=${recipient.userId}`,
    )) as { messages: SentMessage[] };
    assert.deepEqual(messages[0]?.buttons, buttons);
  });

  test('reports what Meta refuses by its code, and sends it once', async () => {
    const buttons = [{ id: 'yes', title: 'A title that is much longer than 20 characters' }];
    const message = { kind: 'buttons', body: 'Agree?', buttons } as const;
    await assert.rejects(
      messaging().send({ recipient: patient, message }, performing()),
      (error) => error instanceof ProviderRefused && error.reason === '100',
    );
  });

  const rows = [
    { code: 190, status: 401, Expected: ProviderCredentialsRefused },
    { code: 0, status: 401, Expected: ProviderCredentialsRefused },
    { code: 10, status: 403, Expected: ProviderCredentialsRefused },
    { code: 200, status: 403, Expected: ProviderCredentialsRefused },
    { code: 4, status: 400, Expected: ProviderBusy },
    { code: 80007, status: 400, Expected: ProviderBusy },
    { code: 130429, status: 400, Expected: ProviderBusy },
    { code: 131056, status: 400, Expected: ProviderBusy },
    { code: 131016, status: 500, Expected: ProviderBusy },
    { code: 131000, status: 500, Expected: ProviderUnreachable },
    { code: 1, status: 400, Expected: ProviderUnreachable },
    { code: 77777, status: 500, Expected: ProviderUnreachable },
    { code: 131026, status: 400, Expected: ProviderRefused },
    { code: 131047, status: 400, Expected: ProviderRefused },
    { code: 131048, status: 400, Expected: ProviderRefused },
    { code: 131049, status: 400, Expected: ProviderRefused },
    { code: 132001, status: 404, Expected: ProviderRefused },
    { code: 368, status: 403, Expected: ProviderRefused },
    { code: 131062, status: 400, Expected: ProviderRefused },
  ];
  for (const { code, status, Expected } of rows) {
    test(`takes code ${code} with status ${status} as ${Expected.name}`, async () => {
      await provider.fault({ provider: 'whatsapp', mode: 'refuse', code, status });
      const once = quick('whatsapp', whatsappPolicy, { maxRetries: 0 });
      await assert.rejects(
        messaging(once).send(hello, performing()),
        (error) => error instanceof Expected && error.reason === String(code),
      );
    });
  }

  test('waits 4^X seconds for the pair rate, X being the tries so far', async () => {
    await provider.fault({ provider: 'whatsapp', mode: 'refuse', code: 131056 });
    const once = quick('whatsapp', whatsappPolicy, { maxRetries: 0 });
    for (const [attempt, retryAfterMs] of [
      [1, 1_000],
      [3, 16_000],
    ] as const) {
      await assert.rejects(
        messaging(once).send(hello, performing({ attempt })),
        (error) => error instanceof ProviderBusy && error.retryAfterMs === retryAfterMs,
      );
    }
  });

  test('tries again after a rate limit, and applies one message', async () => {
    await provider.fault({ provider: 'whatsapp', mode: 'busy429', count: 2 });
    await messaging().send(hello, performing({ effectId: 'busy-1' }));
    assert.equal(await appliedWith('busy-1'), 1);
  });

  for (const mode of ['process-then-drop', 'process-then-500']) {
    test(`never sends again after ${mode}`, async () => {
      await provider.fault({ provider: 'whatsapp', mode });
      await assert.rejects(
        messaging().send(hello, performing({ effectId: mode })),
        ProviderUnreachable,
      );
      assert.equal(await appliedWith(mode), 1);
    });
  }

  test('never sends again after a time-out', async () => {
    await provider.fault({ provider: 'whatsapp', mode: 'process-then-hang' });
    const hasty = quick('whatsapp', whatsappPolicy, { timeoutMs: 100 });
    await assert.rejects(
      messaging(hasty).send(hello, performing({ effectId: 'hang-1' })),
      (error) => error instanceof ProviderUnreachable && error.reason === 'timeout',
    );
    assert.equal(await appliedWith('hang-1'), 1);
  });

  test('knows that nothing was sent when there is nobody to connect to', async () => {
    const gone = await startProvider();
    await gone.close();
    const port = whatsappMessaging({
      baseUrl: gone.sandbox.origin,
      senderOf: () => ({ phoneNumberId: '1', accessToken: 'token' }),
      policy: quick('whatsapp', whatsappPolicy),
      telemetry: provider.telemetry,
    });
    await assert.rejects(
      port.send(hello, performing()),
      (error) => error instanceof ProviderBusy && error.reason === 'not_connected',
    );
  });

  test('has no sender for a stranger, and asks nobody', async () => {
    await assert.rejects(
      messaging().send(hello, performing({ tenant: 'clinic-b' })),
      ProviderCredentialsRefused,
    );
  });

  test('keeps what it sends out of its errors', async () => {
    await provider.fault({ provider: 'whatsapp', mode: 'refuse', code: 131026 });
    await assert.rejects(messaging().send(hello, performing()), (error: Error) => {
      assert.doesNotMatch(
        JSON.stringify([error.message, error.stack, error]),
        /Merhaba|491700000001/,
      );
      return true;
    });
  });
});
