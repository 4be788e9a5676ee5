import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { type IncomingMessage, type Server, type ServerResponse, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';

import { readLedger } from '../sandbox/ledger.ts';
import { sandboxAccount, sandboxSecrets } from '../sandbox/sandbox.ts';
import { metaJson, signStripe, signWhatsapp, whatsappInbound } from '../sandbox/webhooks.ts';
import { type Provider, call, startProvider, until } from './fixtures.ts';

interface Posted {
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
}

/** As much of Meta's webhook as the tests look at. */
interface MetaBody {
  readonly entry: readonly {
    readonly changes: readonly {
      readonly value: {
        readonly contacts?: readonly object[];
        readonly messages?: readonly Record<string, unknown>[];
        readonly statuses?: readonly Record<string, unknown>[];
      };
    }[];
  }[];
}

const send = {
  messaging_product: 'whatsapp',
  to: '491700000001',
  type: 'text',
  text: { body: 'Hello' },
  biz_opaque_callback_data: 'effect-1',
};

suite('the sandbox', () => {
  let provider: Provider;
  let webhooks: Server;
  const posted: Posted[] = [];
  let refusals = 0;

  before(async () => {
    const take = async (request: IncomingMessage, response: ServerResponse) => {
      const body = Buffer.concat(await request.toArray());
      const refused = refusals > 0;
      if (refused) refusals -= 1;
      else posted.push({ headers: request.headers, body });
      response.writeHead(refused ? 503 : 200).end();
    };
    webhooks = createServer((request, response) => void take(request, response));
    webhooks.listen(0, '127.0.0.1');
    await once(webhooks, 'listening');
    provider = await startProvider();
    const { port } = webhooks.address() as AddressInfo;
    provider.sandbox.pointWebhooksAt({ whatsappUrl: `http://127.0.0.1:${port}/webhooks/whatsapp` });
  });
  after(async () => {
    await provider.close();
    webhooks.closeAllConnections();
    webhooks.close();
  });

  function ask(path: string, init: RequestInit) {
    return fetch(provider.sandbox.origin + path, init);
  }
  function sendTo(origin: string, body: object, token = sandboxSecrets.whatsappAccessToken) {
    return fetch(`${origin}/v26.0/${sandboxAccount.phoneNumberId}/messages`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
  }
  const valueOf = ({ body }: Posted) =>
    (JSON.parse(body.toString()) as MetaBody).entry[0]?.changes[0]?.value;

  test('signs as Meta and Stripe do', () => {
    assert.equal(
      signWhatsapp('{"object":"whatsapp_business_account","entry":[]}', 'app-secret-EXAMPLE'),
      'sha256=9e445fb0efa71760c3bb6ae17ce8d067089bf47673f776e75092d1225e40d132',
    );
    assert.equal(
      signStripe('{"id":"evt_1","object":"event"}', 'whsec_EXAMPLE', 1_760_000_000),
      't=1760000000,v1=acf8b5f85c7732a5d307da9532636ee44b28cb821b6d73811772fd3a0577e48a',
    );
  });

  test('writes JSON that is the same value, but never the same bytes', () => {
    const value = { text: 'Ağrı var/yok 😀' };
    assert.deepEqual(JSON.parse(metaJson(value)), value);
    assert.notEqual(metaJson(value), JSON.stringify(value));
    assert.match(metaJson(value), /^[ -~]+$/);
  });

  test('posts what a patient writes, until it is taken', async () => {
    refusals = 2;
    const answer = (await call(provider.sandbox, 'POST', '/_sandbox/whatsapp/inbound', {
      from: '491700000001',
      userId: 'DE.10000000000000000001',
      profileName: 'Anna',
      text: 'Merhaba ☀',
      messageId: 'wamid.one',
    })) as { webhook: { status: number; attempts: number } };
    assert.deepEqual([answer.webhook.status, answer.webhook.attempts], [200, 3]);
    const one = posted.find(({ body }) => body.includes('wamid.one'));
    assert.ok(one);
    const hash = createHmac('sha256', sandboxSecrets.whatsappAppSecret)
      .update(one.body)
      .digest('hex');
    assert.equal(one.headers['x-hub-signature-256'], `sha256=${hash}`);
    const { timestamp, ...message } = valueOf(one)?.messages?.[0] ?? {};
    assert.match(String(timestamp), /^\d{10}$/);
    assert.deepEqual(message, {
      from: '491700000001',
      from_user_id: 'DE.10000000000000000001',
      id: 'wamid.one',
      type: 'text',
      text: { body: 'Merhaba ☀' },
    });
  });

  test('gives up a webhook nobody takes', async () => {
    refusals = 100;
    const inbound = {
      userId: 'DE.10000000000000000001',
      button: { id: 'y', title: 'Yes' },
      maxAttempts: 2,
    };
    const answer = (await call(
      provider.sandbox,
      'POST',
      '/_sandbox/whatsapp/inbound',
      inbound,
    )) as { webhook: object };
    refusals = 0;
    assert.deepEqual(answer.webhook, { status: 503, attempts: 2, delivered: false });
  });

  test('leaves out the number of somebody with a username, and batches', () => {
    const atEpochSeconds = 1_795_400_000;
    const person = {
      from: null,
      userId: 'DE.10000000000000000002',
      profileName: null,
      atEpochSeconds,
    };
    const body = whatsappInbound(sandboxAccount, [
      { ...person, messageId: 'wamid.a', content: { kind: 'text', body: 'a' } },
      { ...person, messageId: 'wamid.b', content: { kind: 'button', id: 'y', title: 'Yes' } },
    ]) as MetaBody;
    const value = body.entry[0]?.changes[0]?.value;
    assert.deepEqual(value?.contacts, [{ profile: {}, user_id: 'DE.10000000000000000002' }]);
    assert.equal(value.messages?.length, 2);
    assert.ok(!value.messages.some((message) => 'from' in message));
  });

  test('reports a message as sent and delivered, with the callback data', async () => {
    assert.equal(
      (await sendTo(provider.sandbox.origin, { ...send, biz_opaque_callback_data: 'e-7' })).status,
      200,
    );
    const statuses = () =>
      posted
        .flatMap((one) => valueOf(one)?.statuses ?? [])
        .filter((status) => status['biz_opaque_callback_data'] === 'e-7')
        .map((status) => status['status']);
    await until(() => statuses().length === 2);
    assert.deepEqual(statuses(), ['sent', 'delivered']);
  });

  test("refuses wrong credentials in each provider's own words", async () => {
    const meta = await sendTo(provider.sandbox.origin, send, 'wrong');
    assert.equal(meta.status, 401);
    assert.equal(((await meta.json()) as { error: { code: number } }).error.code, 190);
    for (const [path, method] of [
      ['/air/offer_requests', 'POST'],
      ['/v2/shopping/flight-offers', 'GET'],
      ['/v1/checkout/sessions', 'POST'],
    ] as const) {
      assert.equal((await ask(path, { method })).status, 401, path);
    }
  });

  test('refuses what it does not know, and applies nothing of it', async () => {
    const before = (await provider.applied('message')).length;
    for (const body of [
      { ...send, priority: 'high' },
      { ...send, to: undefined },
      { ...send, text: {} },
      { ...send, type: 'hologram' },
    ]) {
      const answer = await sendTo(provider.sandbox.origin, body);
      assert.equal(answer.status, 400);
      assert.equal(((await answer.json()) as { error: { code: number } }).error.code, 100);
    }
    const stripe = await ask('/v1/checkout/sessions', {
      method: 'POST',
      headers: { authorization: `Bearer ${sandboxSecrets.stripeSecretKey}` },
      body: new URLSearchParams({ mode: 'payment', 'payment_method_types[0]': 'card' }),
    });
    assert.equal(stripe.status, 400);
    const { error } = (await stripe.json()) as { error: { code: string; param: string } };
    assert.deepEqual([error.code, error.param], ['parameter_unknown', 'payment_method_types[0]']);
    assert.equal((await provider.applied('message')).length, before);
  });

  test('hits by chance as its seed says, again and again', async () => {
    const outcomes = async () => {
      await provider.fault({ provider: 'whatsapp', mode: 'error500', probability: 0.5, seed: 7 });
      const statuses = [];
      for (let count = 0; count < 12; count++) {
        statuses.push((await sendTo(provider.sandbox.origin, send)).status);
      }
      return statuses;
    };
    const first = await outcomes();
    assert.deepEqual(await outcomes(), first);
    assert.deepEqual(new Set(first), new Set([200, 500]));
    await provider.fault({ provider: 'whatsapp', mode: 'none' });
  });
});

suite('a sandbox that is killed', () => {
  const folder = mkdtempSync(join(tmpdir(), 'sandbox-'));
  const ledgerFile = join(folder, 'deep', 'ledger.jsonl');
  const children: ChildProcess[] = [];
  after(() => {
    for (const child of children) child.kill('SIGKILL');
    rmSync(folder, { recursive: true });
  });

  async function start(): Promise<{ child: ChildProcess; origin: string }> {
    const main = new URL('../sandbox/main.ts', import.meta.url).pathname;
    const child = spawn(process.execPath, [main], {
      env: { SANDBOX_PORT: '0', SANDBOX_LEDGER: ledgerFile },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    children.push(child);
    const [line] = (await once(child.stdout, 'data')) as [Buffer];
    return { child, origin: line.toString().trim().replace('sandbox ', '') };
  }

  test('has every effect it answered for in its file, and goes on from there', async () => {
    const first = await start();
    const url = `/v26.0/${sandboxAccount.phoneNumberId}/messages`;
    const headers = { authorization: `Bearer ${sandboxSecrets.whatsappAccessToken}` };
    let answered = 0;
    const clients = [1, 2, 3, 4].map(async () => {
      for (;;) {
        const body = JSON.stringify(send);
        const answer = await fetch(first.origin + url, { method: 'POST', headers, body });
        if (answer.ok) answered += 1;
        if (answered === 50) first.child.kill('SIGKILL');
      }
    });
    await Promise.allSettled(clients);
    assert.ok(answered >= 50);
    const kept = readLedger(ledgerFile);
    assert.ok(kept.length >= answered, `${kept.length} of ${answered}`);
    assert.ok(kept.every(({ key }) => key === 'effect-1'));

    const second = await start();
    const answer = await fetch(`${second.origin}/_sandbox/whatsapp/messages?to=${send.to}`);
    const { messages } = (await answer.json()) as { messages: object[] };
    assert.equal(messages.length, kept.length);
    const exited = once(second.child, 'exit');
    second.child.kill('SIGTERM');
    assert.deepEqual(await exited, [0, null]);
  });
});
