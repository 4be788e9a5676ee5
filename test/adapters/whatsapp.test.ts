import assert from 'node:assert/strict';
import { after, before, beforeEach, suite, test } from 'node:test';

import type { Redis } from 'ioredis';

import {
  Deferred,
  ProviderBusy,
  ProviderCredentialsRefused,
  ProviderRefused,
  ProviderUnreachable,
} from '../../actors/errors.ts';
import type { MessagingPort, OutboundMessage } from '../../actors/ports/messaging.ts';
import { type CallPolicy, callPolicy, whenRetryable } from '../../adapters/policy.ts';
import { whatsappPolicy } from '../../adapters/whatsapp/messaging.ts';
import { createTelemetry } from '../../telemetry.ts';
import { sandboxAccount, sandboxSecrets } from '../sandbox/sandbox.ts';
import {
  type Provider,
  type TestRedis,
  performing,
  quick,
  startProvider,
  startRedis,
} from './fixtures.ts';
import {
  type Said,
  accepted,
  hello,
  messagingAt,
  patient,
  refusal,
  startMeta,
  tokensAt,
} from './whatsapp-server.ts';

const hourMs = 60 * 60 * 1_000;
const once = quick('whatsapp', whatsappPolicy, { maxRetries: 0 });

let redisServer: TestRedis;
let redis: Redis;
before(async () => {
  redisServer = await startRedis();
  redis = redisServer.connect();
});
after(() => redisServer.close());
beforeEach(() => redis.flushall());

suite('a whatsapp message', () => {
  const bodies: readonly { message: OutboundMessage; body: object }[] = [
    {
      message: { kind: 'text', body: 'Merhaba ☀' },
      body: { type: 'text', text: { body: 'Merhaba ☀' } },
    },
    {
      message: { kind: 'buttons', body: 'Agree?', buttons: [{ id: 'yes', title: 'Yes' }] },
      body: {
        type: 'interactive',
        interactive: {
          type: 'button',
          body: { text: 'Agree?' },
          action: { buttons: [{ type: 'reply', reply: { id: 'yes', title: 'Yes' } }] },
        },
      },
    },
    {
      message: {
        kind: 'list',
        body: 'Where from?',
        button: 'Airports',
        rows: [
          { id: 'BER', title: 'Berlin', description: 'BER' },
          { id: 'HAM', title: 'Hamburg' },
        ],
      },
      body: {
        type: 'interactive',
        interactive: {
          type: 'list',
          body: { text: 'Where from?' },
          action: {
            button: 'Airports',
            sections: [
              {
                rows: [
                  { id: 'BER', title: 'Berlin', description: 'BER' },
                  { id: 'HAM', title: 'Hamburg' },
                ],
              },
            ],
          },
        },
      },
    },
    {
      message: { kind: 'media', media: 'image', mediaId: '71', caption: 'Map', filename: 'a.png' },
      body: { type: 'image', image: { id: '71', caption: 'Map' } },
    },
    {
      message: { kind: 'media', media: 'video', mediaId: '72', caption: 'Clinic' },
      body: { type: 'video', video: { id: '72', caption: 'Clinic' } },
    },
    {
      message: {
        kind: 'media',
        media: 'audio',
        mediaId: '73',
        caption: 'Hello',
        filename: 'b.ogg',
      },
      body: { type: 'audio', audio: { id: '73' } },
    },
    {
      message: { kind: 'media', media: 'document', mediaId: '74', caption: 'x', filename: 'o.pdf' },
      body: { type: 'document', document: { id: '74', caption: 'x', filename: 'o.pdf' } },
    },
  ];
  for (const { message, body } of bodies) {
    const kind = message.kind === 'media' ? message.media : message.kind;
    test(`is ${kind} as Meta documents it`, async () => {
      await using meta = await startMeta();
      const sent = await messagingAt(meta.origin, redis).send(
        hello({ message }),
        performing({ effectId: 'effect-7' }),
      );
      assert.equal(sent.messageId, 'wamid.1');
      assert.deepEqual(meta.messages(), [
        {
          messaging_product: 'whatsapp',
          recipient_type: 'individual',
          to: patient.phone,
          ...body,
          biz_opaque_callback_data: 'effect-7',
        },
      ]);
      const [asked] = meta.asked;
      assert.equal(asked?.url.pathname, '/v26.0/555666777888999/messages');
      assert.equal(asked?.headers.authorization, 'Bearer token-of-the-clinic');
    });
  }

  test('reaches somebody who has no number', async () => {
    await using meta = await startMeta();
    const recipient = { userId: 'DE.10000000000000000001' };
    await messagingAt(meta.origin, redis).send(hello({ recipient }), performing());
    const [message] = meta.messages();
    assert.deepEqual([message?.['recipient'], message?.['to']], [recipient.userId, undefined]);
  });

  test('goes nowhere without a recipient, or from a tenant without a number', async () => {
    await using meta = await startMeta();
    await assert.rejects(
      messagingAt(meta.origin, redis).send(hello({ recipient: {} }), performing()),
      (error) => error instanceof ProviderRefused && error.reason === 'no_recipient',
    );
    const stranger = messagingAt(meta.origin, redis, { senderOf: () => undefined });
    await assert.rejects(stranger.send(hello(), performing()), ProviderCredentialsRefused);
    assert.equal(meta.asked.length, 0);
  });

  test('stays out of errors and of Redis, and so does whom it is for', async () => {
    await using meta = await startMeta((_, index) => (index < 2 ? accepted() : refusal(131026)));
    const port = messagingAt(meta.origin, redis);
    await port.send(hello(), performing());
    await port.send(hello({ recipient: { userId: 'DE.1000' }, heardAt: null }), performing());
    await assert.rejects(port.send(hello(), performing()), (error: Error) => {
      assert.doesNotMatch(
        JSON.stringify([error.message, error.stack, error]),
        /Merhaba|4917000|token-of/,
      );
      return true;
    });
    const keys = await redis.keys('*');
    const values = await Promise.all(keys.map((key) => redis.dumpBuffer(key)));
    const limits = keys
      .map((key, index) => [key, values[index]?.toString('latin1')].join())
      .filter((pair) => !pair.startsWith('whatsapp:access_token'));
    assert.ok(limits.length > 3);
    assert.doesNotMatch(limits.join(), /4917000|DE\.1000|5556667/);
    const times = await Promise.all(keys.map((key) => redis.pttl(key)));
    assert.ok(times.every((left) => left > 0));
  });
});

suite('the 24 h window', () => {
  const now = Date.parse('2027-01-02T12:00:00Z');
  const template = {
    type: 'template',
    template: {
      name: 'case_update',
      language: { code: 'de' },
      components: [
        {
          type: 'body',
          parameters: [
            { type: 'text', text: 'Anna' },
            { type: 'text', text: 'Ihr Angebot' },
          ],
        },
      ],
    },
  };

  test('gives each quick reply of a template its payload', async () => {
    await using meta = await startMeta();
    const buttons = ['consent:yes', 'consent:no'];
    const bare = { name: 'hello', language: 'tr', parameters: [], buttons };
    const message = hello({ template: bare, heardAt: null });
    await messagingAt(meta.origin, redis, { now: () => now }).send(message, performing());
    const sent = meta.messages()[0]?.['template'] as { components: object[] };
    assert.deepEqual(
      sent.components,
      buttons.map((payload, index) => ({
        type: 'button',
        sub_type: 'quick_reply',
        index: String(index),
        parameters: [{ type: 'payload', payload }],
      })),
    );
  });

  const rows = [
    { heardAt: '2027-01-02T11:59:00Z', type: 'text' },
    { heardAt: '2027-01-01T15:01:01+03:00', type: 'text' },
    { heardAt: '2027-01-01T12:01:00Z', type: 'template' },
    { heardAt: '2026-12-01T12:00:00Z', type: 'template' },
    { heardAt: null, type: 'template' },
    { heardAt: 'yesterday', type: 'template' },
  ];
  for (const { heardAt, type } of rows) {
    test(`takes ${type} from who was heard at ${heardAt}`, async () => {
      await using meta = await startMeta();
      await messagingAt(meta.origin, redis, { now: () => now }).send(
        hello({ heardAt }),
        performing(),
      );
      assert.deepEqual(
        meta.messages().map((message) => message['type']),
        [type],
      );
    });
  }

  test('is left by a template with its parameters, or none', async () => {
    await using meta = await startMeta();
    const port = messagingAt(meta.origin, redis);
    await port.send(hello({ heardAt: null }), performing({ effectId: 'e' }));
    const bare = { name: 'hello', language: 'tr', parameters: [], buttons: [] };
    await port.send(hello({ heardAt: null, template: bare }), performing());
    const [first, second] = meta.messages();
    assert.deepEqual(first, {
      messaging_product: 'whatsapp',
      recipient_type: 'individual',
      to: patient.phone,
      ...template,
      biz_opaque_callback_data: 'e',
    });
    assert.deepEqual(second?.['template'], {
      name: 'hello',
      language: { code: 'tr' },
      components: [],
    });
  });

  test('131047: is closed for Meta, so the template follows at once, and once', async () => {
    await using meta = await startMeta((_, index) => (index === 0 ? refusal(131047) : accepted()));
    const { messageId } = await messagingAt(meta.origin, redis).send(hello(), performing());
    assert.equal(messageId, 'wamid.1');
    assert.deepEqual(
      meta.messages().map((message) => message['type']),
      ['text', 'template'],
    );
    assert.deepEqual(
      meta.messages().map((message) => message['biz_opaque_callback_data']),
      ['effect-1', 'effect-1'],
    );
  });

  test('131047: is final for a template', async () => {
    await using meta = await startMeta(() => refusal(131047));
    await assert.rejects(
      messagingAt(meta.origin, redis).send(hello(), performing()),
      (error) => error instanceof ProviderRefused && error.reason === '131047',
    );
    assert.equal(meta.asked.length, 2);
  });
});

suite('an error of Meta', () => {
  async function failing(said: Said, run: (port: MessagingPort) => Promise<unknown>) {
    await using meta = await startMeta(() => said);
    const port = messagingAt(meta.origin, redis, { policy: quick('whatsapp', whatsappPolicy) });
    const error = await run(port).then(
      () => assert.fail('It was sent'),
      (thrown: unknown) => thrown,
    );
    return { error, asked: meta.asked.length, port };
  }
  const sending = (port: MessagingPort) => port.send(hello(), performing());

  for (const code of [0, 190, 3, 10, 200, 230, 299]) {
    test(`${code}: stops every process until there is another token`, async () => {
      await using meta = await startMeta(() => refusal(code, code === 190 ? 401 : 403));
      const telemetry = createTelemetry({ level: 'silent' });
      const tokens = tokensAt(meta.origin, redis, { telemetry });
      const here = messagingAt(meta.origin, redis, { tokens });
      const elsewhere = messagingAt(meta.origin, redisServer.connect());
      for (const port of [here, here, elsewhere]) {
        await assert.rejects(
          sending(port),
          (error) =>
            error instanceof Deferred &&
            error.reason === 'token_dead' &&
            error.retryAfterMs === 60_000,
        );
      }
      assert.equal(meta.asked.length, 1);
      assert.match(await telemetry.registry.metrics(), /^whatsapp_token_dead 1$/m);
    });
  }

  const limits = [
    { code: 4, waitsMs: [60_000, 120_000, hourMs] },
    { code: 80007, waitsMs: [60_000, 120_000, hourMs] },
    { code: 130429, waitsMs: [1_000, 2_000, 60_000] },
    { code: 131056, waitsMs: [1_000, 4_000, 1_024_000] },
  ];
  for (const { code, waitsMs } of limits) {
    test(`${code}: waits ${waitsMs.join(', ')} ms for the 1st, 2nd and 9th time, however often the message was put off`, async () => {
      for (const [index, times] of [0, 1, 8].entries()) {
        for (const hold of await redis.keys('{whatsapp}:limit:hold:*')) {
          await redis.hset(hold, { until: 0, times });
        }
        const { error, asked } = await failing(refusal(code), (port) =>
          port.send(hello(), performing({ attempt: 2_880 })),
        );
        assert.ok(error instanceof Deferred);
        assert.deepEqual([error.reason, asked], [String(code), 1]);
        const waitMs = waitsMs[index] ?? 0;
        assert.ok(Math.abs(error.retryAfterMs - waitMs) <= 1, `${error.retryAfterMs}`);
      }
    });
  }

  const held = [
    { code: 4, sameOnly: false },
    { code: 80007, sameOnly: false },
    { code: 130429, sameOnly: false },
    { code: 131056, sameOnly: true },
  ];
  for (const { code, sameOnly } of held) {
    test(`${code}: holds ${sameOnly ? 'that patient' : 'everybody'} in every process`, async () => {
      await using meta = await startMeta((_, index) => (index === 0 ? refusal(code) : accepted()));
      await assert.rejects(sending(messagingAt(meta.origin, redis)), Deferred);
      const elsewhere = messagingAt(meta.origin, redisServer.connect());
      await assert.rejects(
        sending(elsewhere),
        (error) => error instanceof Deferred && error.reason === String(code),
      );
      const other = elsewhere.send(hello({ recipient: { phone: '49172' } }), performing());
      await (sameOnly ? other : assert.rejects(other, Deferred));
      assert.equal(meta.asked.length, sameOnly ? 2 : 1);
    });
  }

  test('131048: refuses the message, and the number sends no templates for an hour', async () => {
    await using meta = await startMeta((_, index) => (index === 0 ? refusal(131048) : accepted()));
    const port = messagingAt(meta.origin, redis);
    const template = hello({ heardAt: null });
    await assert.rejects(
      port.send(template, performing()),
      (error) => error instanceof ProviderRefused && error.reason === '131048',
    );
    await assert.rejects(
      port.send(template, performing()),
      (error) =>
        error instanceof Deferred &&
        error.reason === '131048' &&
        error.retryAfterMs > hourMs - 60_000,
    );
    await sending(port); // An answer to a patient who waits for one.
    assert.equal(meta.asked.length, 2);
  });

  const final = [
    131049, 131026, 131042, 131051, 131052, 131053, 131062, 132000, 132001, 132007, 132012, 132015,
    132068, 368, 131031, 130497, 100, 77777,
  ];
  for (const code of final) {
    test(`${code}: is final`, async () => {
      const { error, asked } = await failing(refusal(code), sending);
      assert.ok(error instanceof ProviderRefused);
      assert.deepEqual([error.reason, asked], [String(code), 1]);
    });
  }

  for (const code of [2, 131016, 133004]) {
    test(`${code}: says that nothing was accepted, so it is tried again`, async () => {
      const { error, asked } = await failing(refusal(code, 503), sending);
      assert.ok(error instanceof ProviderBusy);
      assert.deepEqual([error.reason, asked], [String(code), 4]);
    });
  }

  for (const { code, status } of [
    { code: 1, status: 400 },
    { code: 131000, status: 500 },
    { code: 77777, status: 500 },
  ]) {
    test(`${code} with status ${status}: leaves it in doubt, so it is not sent again`, async () => {
      const { error, asked } = await failing(refusal(code, status), sending);
      assert.ok(error instanceof ProviderUnreachable);
      assert.deepEqual([error.reason, asked], [String(code), 1]);
    });
  }

  test('without a code is judged by its status', async () => {
    for (const { status, Expected, calls } of [
      { status: 502, Expected: ProviderUnreachable, calls: 1 },
      { status: 429, Expected: ProviderBusy, calls: 4 },
      { status: 401, Expected: Deferred, calls: 1 },
    ]) {
      const { error, asked } = await failing({ status, json: { oops: true } }, sending);
      assert.ok(error instanceof Expected);
      assert.equal(asked, calls);
    }
  });

  test('that is a limit is never tried again by a policy', async () => {
    const policy = callPolicy('acme', { timeoutMs: 1_000, retryWhen: whenRetryable });
    let calls = 0;
    const wait = new Deferred('acme', 'pair_rate', 0);
    const call = async () => {
      calls++;
      throw wait;
    };
    await assert.rejects(policy.execute(call, new AbortController().signal), wait);
    assert.equal(calls, 1);
  });
});

suite('a file for whatsapp', () => {
  const file = { bytes: Buffer.from('%PDF-1.7'), contentType: 'application/pdf' };

  test('is left with Meta as a form', async () => {
    await using meta = await startMeta(() => ({ status: 200, json: { id: '7654321' } }));
    const filename = 'Ihr "Angebot"\r\nX.pdf';
    const { mediaId } = await messagingAt(meta.origin, redis).upload(
      { ...file, filename },
      performing(),
    );
    assert.equal(mediaId, '7654321');
    const [asked] = meta.asked;
    assert.equal(asked?.url.pathname, '/v26.0/555666777888999/media');
    const form = await new Response(new Uint8Array(asked.body), {
      headers: { 'content-type': asked.headers['content-type'] ?? '' },
    }).formData();
    assert.deepEqual(
      [form.get('messaging_product'), form.get('type')],
      ['whatsapp', 'application/pdf'],
    );
    const sent = form.get('file');
    assert.ok(sent instanceof File);
    assert.deepEqual([await sent.text(), sent.type], ['%PDF-1.7', 'application/pdf']);
  });

  test('131053: is refused with the reason', async () => {
    await using meta = await startMeta(() => refusal(131053));
    await assert.rejects(
      messagingAt(meta.origin, redis).upload({ ...file, filename: 'a.pdf' }, performing()),
      (error) => error instanceof ProviderRefused && error.reason === '131053',
    );
  });

  test('is left again after a doubt, since that does no harm', async () => {
    await using meta = await startMeta((_, index) =>
      index === 0 ? refusal(131000, 500) : { status: 200, json: { id: '1' } },
    );
    await messagingAt(meta.origin, redis).upload({ ...file, filename: 'a.pdf' }, performing());
    assert.equal(meta.asked.length, 2);
  });
});

suite('whatsapp, by the sandbox', () => {
  let provider: Provider;
  before(async () => {
    provider = await startProvider();
  });
  after(() => provider.close());
  beforeEach(() => provider.fault({ provider: 'whatsapp', mode: 'none' }));

  function messaging(policy: CallPolicy = once): MessagingPort {
    const baseUrl = provider.sandbox.origin;
    return messagingAt(baseUrl, redis, {
      senderOf: () => ({ phoneNumberId: sandboxAccount.phoneNumberId }),
      tokens: tokensAt(baseUrl, redis, { accessToken: sandboxSecrets.whatsappAccessToken }),
      dispatcher: provider.dispatcher,
      policy,
    });
  }

  async function appliedWith(effectId: string): Promise<number> {
    const entries = await provider.applied('message');
    return entries.filter(({ key }) => key === effectId).length;
  }

  test('is sent, with the effect id to know it by', async () => {
    await messaging().send(hello(), performing({ effectId: 'text-1' }));
    assert.equal(await appliedWith('text-1'), 1);
  });

  for (const mode of ['process-then-drop', 'process-then-500']) {
    test(`is never sent again after ${mode}`, async () => {
      await provider.fault({ provider: 'whatsapp', mode });
      const policy = quick('whatsapp', whatsappPolicy);
      await assert.rejects(
        messaging(policy).send(hello(), performing({ effectId: mode })),
        ProviderUnreachable,
      );
      assert.equal(await appliedWith(mode), 1);
    });
  }

  test('is never sent again after a time-out', async () => {
    await provider.fault({ provider: 'whatsapp', mode: 'process-then-hang' });
    const hasty = quick('whatsapp', whatsappPolicy, { timeoutMs: 200 });
    await assert.rejects(
      messaging(hasty).send(hello(), performing({ effectId: 'hang-1' })),
      (error) => error instanceof ProviderUnreachable && error.reason === 'timeout',
    );
    assert.equal(await appliedWith('hang-1'), 1);
  });

  test('is known not to be sent when there is nobody to connect to', async () => {
    const gone = await startProvider();
    await gone.close();
    await assert.rejects(
      messagingAt(gone.sandbox.origin, redis).send(hello(), performing()),
      (error) => error instanceof ProviderBusy && error.reason === 'not_connected',
    );
  });
});
