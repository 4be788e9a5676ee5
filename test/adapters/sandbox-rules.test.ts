import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';

import { type Rules, createGate, usualRules } from '../sandbox/meta/rules.ts';
import { type Receiver, startReceiver } from '../sandbox/receiver.ts';
import { sandboxAccount, sandboxSecrets, startSandbox } from '../sandbox/sandbox.ts';
import { type Provider, call, startProvider, until } from './fixtures.ts';

const HOUR_MS = 60 * 60 * 1_000;
const DAY_MS = 24 * HOUR_MS;

suite("the sandbox's gate", () => {
  const rules = (more: Partial<Rules>): Rules => ({ ...usualRules, ...more });
  const text = { person: 'a', heardAtMs: 0, isTemplate: false };

  test('lets 45 messages to one person through at once, and then one every 6 s', () => {
    const gate = createGate();
    const paired = rules({ pairRate: true });
    const admitted = (nowMs: number, person = 'a') =>
      gate.admit({ ...text, person }, paired, nowMs).refused;
    for (let count = 0; count < 45; count++) assert.equal(admitted(0), null);
    assert.equal(admitted(0), 131056);
    assert.equal(admitted(5_999), 131056);
    assert.equal(admitted(6_000), null);
    assert.equal(admitted(6_000), 131056);
    assert.equal(admitted(6_000, 'b'), null);
    // A message every 6 s goes on for ever.
    for (let count = 2; count < 100; count++) assert.equal(admitted(count * 6_000), null);
  });

  test('lets so many through in any second', () => {
    const gate = createGate();
    const limited = rules({ perSecond: 80 });
    const admitted = (nowMs: number) => gate.admit(text, limited, nowMs).refused;
    for (let count = 0; count < 80; count++) assert.equal(admitted(count), null);
    assert.equal(admitted(999), 130429);
    assert.equal(admitted(1_000), null); // The one of time 0 is out of the second.
    assert.equal(admitted(1_000), 130429);
  });

  test('counts the people written to outside a window', () => {
    const gate = createGate();
    const limited = rules({ uniquePerDay: 2 });
    const template = (person: string, nowMs: number, heardAtMs: number | null = null) =>
      gate.admit({ person, heardAtMs, isTemplate: true }, limited, nowMs).refused;
    assert.equal(template('a', 0), null);
    assert.equal(template('b', 0), null);
    assert.equal(template('a', 1), null);
    assert.equal(template('c', 1), 131048);
    assert.equal(template('c', 1, 0), null); // Inside the window.
    assert.equal(template('c', DAY_MS), null); // `b` is forgotten.
    assert.equal(template('d', DAY_MS), 131048);
  });

  test('closes the window after 24 h', () => {
    const gate = createGate();
    const admitted = (nowMs: number, more: Partial<Rules> = {}, heardAtMs: number | null = 0) =>
      gate.admit({ ...text, heardAtMs }, rules(more), nowMs);
    assert.deepEqual(admitted(DAY_MS - 1), { refused: null, fails: null });
    assert.deepEqual(admitted(DAY_MS), { refused: 131047, fails: null });
    assert.deepEqual(admitted(DAY_MS, { outsideWindow: 'fail' }), { refused: null, fails: 131047 });
    assert.deepEqual(admitted(DAY_MS, { window: 'off' }), { refused: null, fails: null });
    assert.deepEqual(admitted(0, {}, null), { refused: null, fails: null });
    assert.equal(admitted(0, { window: 'everybody' }, null).refused, 131047);
  });
});

suite('the sandbox of WhatsApp enforces', () => {
  const phone = '491700000001';
  const userId = 'DE.10000000000000000001';
  let provider: Provider;
  let receiver: Receiver;
  before(async () => {
    receiver = await startReceiver();
    provider = await startProvider({ webhooks: { whatsappUrl: receiver.url } });
  });
  after(async () => {
    await provider.close();
    await receiver.close();
  });

  const control = (path: string, body: object) =>
    call(provider.sandbox, 'POST', `/_sandbox/whatsapp/${path}`, body);
  const write = (more: object = {}) =>
    control('inbound', { from: phone, userId, text: 'Hello', ...more });
  async function send(
    more: object = {},
    origin = provider.sandbox.origin,
  ): Promise<number | undefined> {
    const answer = await fetch(`${origin}/v26.0/${sandboxAccount.phoneNumberId}/messages`, {
      method: 'POST',
      headers: { authorization: `Bearer ${sandboxSecrets.whatsappAccessToken}` },
      body: JSON.stringify({
        messaging_product: 'whatsapp',
        to: phone,
        type: 'text',
        text: { body: 'x' },
        ...more,
      }),
    });
    return ((await answer.json()) as { error?: { code: number } }).error?.code;
  }
  const template = {
    type: 'template',
    text: undefined,
    template: { name: 'hello', language: { code: 'tr' } },
  };
  const toUser = { to: undefined, recipient: userId };

  test('the window of a person, by phone number and user id alike', async () => {
    assert.equal(await send(), undefined); // Never heard through the sandbox.
    await write();
    assert.equal(await send(), undefined);
    await control('close-window', { of: userId });
    assert.equal(await send(), 131047);
    assert.equal(await send(toUser), 131047);
    assert.equal(await send(template), undefined);
    await write({ timestamp: Math.floor((Date.now() - 25 * HOUR_MS) / 1_000) });
    assert.equal(await send(), 131047);
    await write();
    assert.equal(await send(toUser), undefined);
  });

  test('the window also after a restart', async () => {
    await control('close-window', { of: phone });
    const again = await startSandbox({
      port: 0,
      ledgerFile: provider.ledgerFile,
      webhooks: {},
      secrets: sandboxSecrets,
    });
    const code = await send({}, again.origin);
    await again.close();
    assert.equal(code, 131047);
    await write();
  });

  test('the window by a status that comes later', async () => {
    await control('rules', { outsideWindow: 'fail', window: 'everybody' });
    const callback = { to: '491700000077', biz_opaque_callback_data: 'late-1' };
    assert.equal(await send(callback), undefined);
    const failed = () =>
      receiver.statuses().find((one) => one['biz_opaque_callback_data'] === 'late-1');
    await until(() => failed() !== undefined);
    const errors = failed()?.['errors'] as readonly { code: number }[] | undefined;
    assert.equal(errors?.[0]?.code, 131047);
    const { messages } = (await call(
      provider.sandbox,
      'GET',
      '/_sandbox/whatsapp/messages?to=491700000077',
    )) as { messages: object[] };
    assert.deepEqual(messages, []);
    await control('rules', { outsideWindow: 'refuse', window: 'heard' });
  });

  test('the pair rate, and counts what it refused', async () => {
    await control('rules', { pairRate: true });
    const to = { to: '491700000088' };
    const codes = await Promise.all(Array.from({ length: 50 }, () => send(to)));
    assert.equal(codes.filter((code) => code === 131056).length, 5);
    const { refusals } = (await call(provider.sandbox, 'GET', '/_sandbox/whatsapp/refusals')) as {
      refusals: Record<string, number>;
    };
    assert.equal(refusals['131056'], 5);
    assert.ok((refusals['131047'] ?? 0) >= 4);
    await control('rules', { pairRate: false });
    await assert.rejects(control('rules', { pairRates: true }), /400/);
  });
});
