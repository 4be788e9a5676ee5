import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { type Server, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, beforeEach, suite, test } from 'node:test';

import { authorization } from '../../adapters/iyzico/signature.ts';
import { signIyzico } from '../sandbox/iyzico/signing.ts';
import { sandboxSecrets, startSandbox } from '../sandbox/sandbox.ts';
import { type Provider, call, startProvider, until } from './fixtures.ts';

const INITIALIZE = '/payment/iyzipos/checkoutform/initialize/auth/ecom';
const RETRIEVE = '/payment/iyzipos/checkoutform/auth/ecom/detail';

const form = {
  locale: 'en',
  conversationId: 'case-1-b1',
  price: '1250.5',
  paidPrice: '1250.5',
  currency: 'EUR',
  basketId: 'case-1-b1',
  paymentGroup: 'PRODUCT',
  callbackUrl: 'http://127.0.0.1:1/',
  enabledInstallments: [1],
  buyer: {
    id: 'case-1',
    name: 'Booking',
    surname: 'case-1-b1',
    identityNumber: '11111111111',
    email: 'payments@clinic.example',
    registrationAddress: 'Clinic street 1',
    city: 'Istanbul',
    country: 'Turkey',
    ip: '192.0.2.10',
  },
  billingAddress: {
    contactName: 'Booking case-1-b1',
    address: 'Clinic street 1',
    city: 'Istanbul',
    country: 'Turkey',
  },
  basketItems: [
    {
      id: 'case-1-b1',
      name: 'Travel package',
      category1: 'Travel',
      itemType: 'VIRTUAL',
      price: '1250.5',
    },
  ],
};

interface Answer {
  readonly status: string;
  readonly errorCode?: string;
  readonly token?: string;
  readonly [name: string]: unknown;
}

suite('the iyzico of the sandbox', () => {
  let provider: Provider;
  let webhooks: Server;
  let url: string;
  let refusals = 0;
  const posted: { readonly type: string; readonly signature: string; readonly body: string }[] = [];

  before(async () => {
    webhooks = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        posted.push({
          type: String(request.headers['content-type']),
          signature: String(request.headers['x-iyz-signature-v3']),
          body: Buffer.concat(chunks).toString(),
        });
        refusals -= 1;
        response.writeHead(refusals >= 0 ? 503 : 200).end();
      });
    });
    await new Promise<void>((resolve) => webhooks.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(webhooks.address() as AddressInfo).port}/`;
    provider = await startProvider({ webhooks: { paymentsUrl: url }, iyzicoWebhookSpacingMs: 5 });
  });
  after(async () => {
    await provider.close();
    webhooks.closeAllConnections();
    await new Promise((resolve) => webhooks.close(resolve));
  });
  beforeEach(async () => {
    refusals = 0;
    posted.length = 0;
    await control('delivery', {});
  });

  function control(path: string, body: object = {}): Promise<unknown> {
    return call(provider.sandbox, 'POST', `/_sandbox/iyzico/${path}`, body);
  }

  async function post(
    path: string,
    body: object,
    { origin = provider.sandbox.origin, apiKey = sandboxSecrets.iyzicoApiKey, sent = '' } = {},
  ): Promise<Answer> {
    const text = JSON.stringify(body);
    const keys = { apiKey, secretKey: sandboxSecrets.iyzicoSecretKey };
    const answer = await fetch(origin + path, {
      method: 'POST',
      headers: {
        authorization: authorization(keys, { random: 'r1', path, body: text }),
        'x-iyzi-rnd': 'r1',
      },
      body: sent === '' ? text : sent,
    });
    assert.equal(answer.status, 200);
    return (await answer.json()) as Answer;
  }

  async function opened(more: object = {}): Promise<string> {
    const { status, token } = await post(INITIALIZE, { ...form, ...more });
    assert.equal(status, 'success');
    return String(token);
  }

  async function pay(token: string, body: object = {}) {
    return (await control(`checkouts/${token}/pay`, body)) as {
      readonly paymentId: string;
      readonly webhook: { readonly delivered: boolean; readonly attempts: number };
    };
  }

  const said = () => posted.map(({ body }) => JSON.parse(body) as Record<string, unknown>);

  for (const [what, fields, errorCode] of [
    ['a field it does not know', { note: 'x' }, '11'],
    ['a field it does not know inside', { buyer: { ...form.buyer, gsm: '1' } }, '11'],
    ['a missing field', { buyer: { ...form.buyer, identityNumber: undefined } }, '11'],
    ['a price of nothing', { price: '0' }, '11'],
    ['a currency it does not have', { currency: 'JPY' }, '11'],
    [
      'goods sent nowhere',
      { basketItems: [{ ...form.basketItems[0], itemType: 'PHYSICAL' }] },
      '11',
    ],
    ['a basket that does not sum up', { price: '1250.51' }, '5062'],
  ] as const) {
    test(`refuses ${what}, with HTTP 200`, async () => {
      const answer = await post(INITIALIZE, { ...form, ...fields });
      assert.deepEqual([answer.status, answer.errorCode], ['failure', errorCode]);
    });
  }

  test('refuses a signature of other bytes, and a key it does not know', async () => {
    const changed = await post(INITIALIZE, form, { sent: JSON.stringify({ ...form, price: '1' }) });
    assert.equal(changed.errorCode, '1000');
    assert.equal((await post(INITIALIZE, form, { apiKey: 'other' })).errorCode, '1001');
  });

  test('posts the signed word of a payment, without its amount', async () => {
    const token = await opened();
    const { paymentId, webhook } = await pay(token);
    assert.deepEqual([webhook.delivered, webhook.attempts], [true, 1]);
    const [notice] = said();
    assert.deepEqual(Object.keys(notice ?? {}).toSorted(), [
      'iyziEventTime',
      'iyziEventType',
      'iyziPaymentId',
      'iyziReferenceCode',
      'merchantId',
      'paymentConversationId',
      'status',
      'token',
    ]);
    const { iyzicoSecretKey } = sandboxSecrets;
    const message = `${iyzicoSecretKey}CHECKOUT_FORM_AUTH${paymentId}${token}case-1-b1SUCCESS`;
    const signature = createHmac('sha256', iyzicoSecretKey).update(message).digest('hex');
    assert.equal(posted[0]?.signature, signature);
  });

  test('gives a webhook up after three attempts, and takes the third', async () => {
    refusals = 2;
    const third = await pay(await opened());
    assert.deepEqual([third.webhook.delivered, third.webhook.attempts], [true, 3]);
    assert.equal(new Set(posted.map(({ body }) => body)).size, 1);
    refusals = 99;
    const lost = await pay(await opened());
    assert.deepEqual([lost.webhook.delivered, lost.webhook.attempts], [false, 3]);
    assert.equal(posted.length, 6);
  });

  test('loses, doubles and turns around webhooks when it is told to', async () => {
    const lost = await pay(await opened({ conversationId: 'lost' }), { lose: true });
    assert.deepEqual([lost.webhook.attempts, posted.length], [0, 0]);
    await pay(await opened({ conversationId: 'twice' }), { duplicate: true });
    assert.equal(posted.length, 2);
    assert.equal(new Set(posted.map(({ body }) => body)).size, 1);
    await pay(await opened({ conversationId: 'held' }), { reorder: true });
    await pay(await opened({ conversationId: 'next' }));
    await until(() => posted.length === 4);
    assert.deepEqual(
      said().map(({ paymentConversationId }) => paymentConversationId),
      ['twice', 'twice', 'next', 'held'],
    );
  });

  test('spoils the same webhooks again from the same seed', async () => {
    const attempts = async () => {
      await control('delivery', { lose: 0.5, seed: 7 });
      const outcomes: number[] = [];
      for (let n = 0; n < 12; n++) outcomes.push((await pay(await opened())).webhook.attempts);
      return outcomes;
    };
    const first = await attempts();
    assert.deepEqual(new Set(first), new Set([0, 1]));
    assert.deepEqual(await attempts(), first);
  });

  test('signs all three formats as the known vector and their rules have it', async () => {
    const hpp = {
      format: 'hpp',
      iyziEventType: 'CHECKOUT_FORM_AUTH',
      iyziPaymentId: 27_000_001,
      token: '11111111-2222-4333-8444-555555555555',
      paymentConversationId: 'conv-42',
      status: 'SUCCESS',
    } as const;
    assert.equal(
      signIyzico('sandbox-secret-EXAMPLE', 3_300_000, hpp),
      '42ca2aaee33ef3f9f4bd978c755e9146f62e10e372a8d5585860ad7aa2d11cbd',
    );
    await control('webhooks/direct', { paymentId: 42, paymentConversationId: 'case-1-b1' });
    await control('webhooks/subscription', {
      subscriptionReferenceCode: 'sub',
      orderReferenceCode: 'order',
      customerReferenceCode: 'customer',
    });
    const key = sandboxSecrets.iyzicoSecretKey;
    const messages = [
      `${key}API_AUTH42case-1-b1SUCCESS`,
      `3300000${key}subscription.order.successsubordercustomer`,
    ];
    assert.deepEqual(
      posted.map(({ signature }) => signature),
      messages.map((message) => createHmac('sha256', key).update(message).digest('hex')),
    );
  });

  test("brings the buyer's browser back with nothing but the token", async () => {
    const token = await opened({ callbackUrl: url });
    assert.deepEqual(await control(`checkouts/${token}/return`), { status: 200 });
    assert.deepEqual(
      [posted[0]?.type, posted[0]?.body],
      ['application/x-www-form-urlencoded;charset=UTF-8', `token=${token}`],
    );
  });

  test('takes no payment of a form twice, and none of a form that is not', async () => {
    const token = await opened();
    await pay(token);
    await assert.rejects(pay(token), /409.*paid_before/);
    await assert.rejects(pay('none'), /404/);
    await assert.rejects(control(`checkouts/${token}/pay`, { amount: 1 }), /400/);
  });

  test('writes money as iyzico does, and remembers it after a restart', async () => {
    const token = await opened({
      price: '100',
      paidPrice: '100.00',
      basketItems: [{ ...form.basketItems[0], price: 100 }],
    });
    const { paymentId } = await pay(token);
    await control(`payments/${paymentId}/refund`, { price: '0.07' });
    const restarted = await startSandbox({
      port: 0,
      ledgerFile: provider.ledgerFile,
      webhooks: {},
      secrets: sandboxSecrets,
    });
    try {
      const { origin } = restarted;
      const body = { conversationId: 'any', token };
      const read = await post(RETRIEVE, body, { origin });
      assert.deepEqual(
        [read['paymentStatus'], read['paymentId'], read['paidPrice'], read['basketId']],
        ['SUCCESS', paymentId, 100, 'case-1-b1'],
      );
      const again = await fetch(`${origin}/_sandbox/iyzico/payments/${paymentId}/refund`, {
        method: 'POST',
        body: JSON.stringify({ price: '99.94' }),
      });
      assert.equal(again.status, 409);
    } finally {
      await restarted.close();
    }
    const [payment] = (await provider.applied('payment')).filter(
      ({ detail }) => detail['paymentId'] === paymentId,
    );
    const { bookingId, amount, currency } = payment?.detail ?? {};
    assert.deepEqual([bookingId, amount, currency], ['case-1-b1', '100', 'EUR']);
  });
});
