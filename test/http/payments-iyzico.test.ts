import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { suite, test } from 'node:test';

import fc from 'fast-check';
import * as v from 'valibot';

import { eventSchemas, isEventType } from '../../actors/shapes/events.ts';
import { signingKeys } from '../../http/server/signatures.ts';
import { iyzicoDelivery, readIyzicoNotice } from '../../http/webhooks/payments/iyzico.ts';
import {
  iyzicoSecrets,
  merchantId,
  postWebhook,
  problemOf,
  startEdge,
  webhooksWith,
} from './edge.ts';

const nowMs = 1_795_400_000_000;
const dayMs = 24 * 60 * 60 * 1_000;

const hosted = {
  paymentConversationId: 'case-1-b1',
  merchantId: 3_300_000,
  token: '11111111-2222-4333-8444-555555555555',
  status: 'SUCCESS',
  iyziReferenceCode: '22222222-3333-4444-8555-666666666666',
  iyziEventType: 'CHECKOUT_FORM_AUTH',
  iyziEventTime: nowMs,
  iyziPaymentId: 27_000_001,
};

const subscription = {
  orderReferenceCode: 'order-1',
  customerReferenceCode: 'customer-1',
  subscriptionReferenceCode: 'subscription-1',
  iyziReferenceCode: 'reference-1',
  iyziEventType: 'subscription.order.success',
  iyziEventTime: nowMs,
};

function hmac(secret: string, message: string): string {
  return createHmac('sha256', secret).update(message).digest('hex');
}

/** As iyzico's page has it: of a hosted page, and of a payment without one. */
function signatureOf(
  notice: Partial<Record<keyof typeof hosted, string | number | null>> & {
    paymentId?: string | number;
  },
  secret: string = iyzicoSecrets[0],
): string {
  const { iyziEventType, iyziPaymentId, paymentId, token, paymentConversationId, status } = notice;
  const middle = token === undefined ? `${paymentId}` : `${iyziPaymentId ?? ''}${token}`;
  return hmac(secret, `${secret}${iyziEventType}${middle}${paymentConversationId}${status}`);
}

const headerOf = (signature: string) => ({ 'x-iyz-signature-v3': signature });
const post = (url: string, body: unknown, signature: string) =>
  postWebhook(url, 'payments', body, headerOf(signature));

function noticeOf(secret: string, body: string, signature: string, merchant: string | null = null) {
  return readIyzicoNotice(signingKeys([secret]), merchant, signature, Buffer.from(body), nowMs);
}

function deliveryOf(changes: Record<string, unknown> = {}) {
  const notice = { ...hosted, ...changes };
  const read = noticeOf(iyzicoSecrets[0], JSON.stringify(notice), signatureOf(notice));
  assert.ok(read);
  const delivery = iyzicoDelivery(read);
  assert.ok(isEventType(delivery.type));
  const schema: v.GenericSchema = eventSchemas[delivery.type];
  assert.ok(v.is(schema, delivery.data));
  return delivery;
}

suite("iyzico's signature", () => {
  // @see https://github.com/iyzico/iyzipay-php/blob/master/samples/webhook_Signature_Validation.php
  const secret = 'sandbox-UuLnD7wZa0a3DmytfIrwHQqAMfqCNJrs';

  test('matches the published vector of a hosted page', () => {
    const body =
      '{"paymentConversationId":"conversationId","merchantId":3382172,"token":"e828c62d-fd12-4b1a-ad5a-380f15fe6596","status":"SUCCESS","iyziReferenceCode":"77e1635c-6b39-475a-8b7b-ca15ad0cd4ac","iyziEventType":"CHECKOUT_FORM_AUTH","iyziEventTime":1721825036103,"iyziPaymentId":22483975}';
    const signature = '4031c575763486a2d2bf3f7ace0baebfcd6bed65393ab4df3fe80c00d5fd6878';
    const notice = noticeOf(secret, body, signature);
    assert.equal(notice?.at, 1_721_825_036_103);
    assert.ok(noticeOf(secret, body, signature.toUpperCase()));
    assert.equal(noticeOf(secret, body.replace('SUCCESS', 'FAILURE'), signature), null);
    assert.equal(noticeOf('sandbox-other', body, signature), null);
  });

  test('matches the published vector of a direct payment', () => {
    const body =
      '{"paymentConversationId":"conversationId","merchantId":3382172,"paymentId":22484059,"status":"SUCCESS","iyziReferenceCode":"a9af8e6b-4401-4928-b6b8-40419aaa3d0f","iyziEventType":"API_AUTH","iyziEventTime":1721825828467,"iyziPaymentId":22484059}';
    const signature = '92c7a72b7741bc83eb696066605c894778c87297b2c88d6037670666230e18ae';
    assert.ok(noticeOf(secret, body, signature));
    assert.equal(noticeOf(secret, body.replaceAll('22484059', '22484058'), signature), null);
  });

  test('matches the vector of our own notes', () => {
    const body = JSON.stringify({ ...hosted, paymentConversationId: 'conv-42' });
    const signature = '42ca2aaee33ef3f9f4bd978c755e9146f62e10e372a8d5585860ad7aa2d11cbd';
    assert.ok(noticeOf('sandbox-secret-EXAMPLE', body, signature));
  });

  test('of a subscription covers the merchant that we are, not the one it names', () => {
    const message = `${merchantId}secretsubscription.order.successsubscription-1order-1customer-1`;
    const signature = hmac('secret', message);
    const body = JSON.stringify({ ...subscription, merchantId: 1 });
    assert.ok(noticeOf('secret', body, signature, merchantId));
    assert.equal(noticeOf('secret', body, signature, '3300001'), null);
    assert.equal(noticeOf('secret', body, signature), null);
  });

  test('covers the digits that came, however many', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 10n ** 30n }), (id) => {
        const body = JSON.stringify(hosted).replace('27000001', String(id));
        const signature = signatureOf({ ...hosted, iyziPaymentId: String(id) });
        const notice = noticeOf(iyzicoSecrets[0], body, signature);
        assert.equal(notice && (iyzicoDelivery(notice).data as Paid).paymentId, String(id));
      }),
    );
  });

  test('is null for what cannot be what was signed, and never throws', () => {
    for (const body of [
      '',
      '{',
      'null',
      '[]',
      '"x"',
      '{"iyziEventType":1e400}',
      JSON.stringify({ ...hosted, status: { is: 'SUCCESS' } }),
      JSON.stringify({ ...hosted, iyziEventType: undefined }),
      '['.repeat(100_000),
    ]) {
      assert.equal(noticeOf(iyzicoSecrets[0], body, signatureOf(hosted)), null);
    }
  });
});

interface Paid {
  readonly notice?: string;
  readonly checkoutId?: string | null;
  readonly paymentId?: string | null;
}

suite('A notification of iyzico', () => {
  test('says that there is news of a payment, and not how much', () => {
    const delivery = deliveryOf();
    assert.match(delivery.dedupeKey, /^sha256:[0-9a-f]{64}$/);
    assert.deepEqual(delivery, {
      source: 'iyzico',
      dedupeKey: delivery.dedupeKey,
      type: 'payment.notified',
      data: {
        provider: 'iyzico',
        notice: 'paid',
        bookingId: 'case-1-b1',
        checkoutId: '11111111-2222-4333-8444-555555555555',
        paymentId: '27000001',
        at: '2026-11-23T02:13:20.000Z',
      },
      about: { kind: 'case', caseId: 'case-1' },
    });
  });

  test('becomes the notice that its status means', () => {
    const meanings: readonly (readonly [string, string | undefined])[] = [
      ['SUCCESS', 'paid'],
      ['FAILURE', 'failed'],
      ['INIT_THREEDS', 'pending'],
      ['CALLBACK_THREEDS', 'pending'],
      ['INIT_APM', 'pending'],
      ['INIT_CREDIT', 'pending'],
      ['PENDING_CREDIT', 'pending'],
      ['INIT_BANK_TRANSFER', 'pending'],
      ['INIT_CONTACTLESS', 'pending'],
      ['BKM_POS_SELECTED', undefined],
      ['success', undefined],
      ['', undefined],
    ];
    for (const [status, notice] of meanings) {
      assert.equal((deliveryOf({ status }).data as Paid).notice, notice, status);
    }
    const refund = deliveryOf({ iyziEventType: 'CONTACTLESS_REFUND' });
    assert.equal((refund.data as Paid).notice, 'refund');
  });

  test('of no booking of ours is parked', () => {
    const strangers = ['conv-42', 'case-1', '-b1', 'case-1-b0', 'case-1-b01', 'case-1-b10000'];
    for (const id of [
      ...strangers,
      'case 1-b1',
      'a/b-b1',
      `${'x'.repeat(198)}-b1`,
      'case-1-b1\n',
    ]) {
      const { type, about } = deliveryOf({ paymentConversationId: id });
      assert.equal(type, 'unknown', id);
      assert.deepEqual(about, { kind: 'nobody', reason: 'payment without a booking' });
    }
    for (const id of ['case-1-b9999', 'a-b1-b2', 'x-b1']) {
      assert.equal(deliveryOf({ paymentConversationId: id }).type, 'payment.notified', id);
    }
  });

  test('names nothing that could be no id', () => {
    const { data } = deliveryOf({ token: 'x'.repeat(201), iyziPaymentId: null });
    const { checkoutId, paymentId } = data as Paid;
    assert.deepEqual([checkoutId, paymentId], [null, null]);
  });

  test('is the same fact by what was signed, whatever else changes or is cut anew', () => {
    const { dedupeKey } = deliveryOf();
    const same = [
      { iyziReferenceCode: 'another' },
      { iyziEventTime: nowMs - 1 },
      { merchantId: 1 },
      // The signature covers no separators: these have the same one.
      { iyziPaymentId: 2_700_000, token: `1${hosted.token}` },
      { token: `${hosted.token}case-1`, paymentConversationId: '-b1' },
    ];
    for (const changes of same) assert.equal(deliveryOf(changes).dedupeKey, dedupeKey);
    const other = [{ status: 'FAILURE' }, { iyziPaymentId: 1 }, { iyziEventType: 'BKM_AUTH' }];
    for (const changes of other) assert.notEqual(deliveryOf(changes).dedupeKey, dedupeKey);
  });
});

suite('POST /webhooks/payments from iyzico', () => {
  const now = () => nowMs;

  test('takes each format under each live secret, once', async (t) => {
    const { url, intake } = await startEdge(t, { now });
    const { token: _, ...direct } = { ...hosted, iyziEventType: 'API_AUTH', paymentId: 27_000_001 };
    const ofSubscription = (secret: string) =>
      hmac(
        secret,
        `${merchantId}${secret}subscription.order.successsubscription-1order-1customer-1`,
      );
    const outcomes = [];
    for (const secret of iyzicoSecrets) {
      for (const [body, signature] of [
        [hosted, signatureOf(hosted, secret)],
        [direct, signatureOf(direct, secret)],
        [subscription, ofSubscription(secret)],
      ] as const) {
        const response = await post(url, body, signature);
        assert.equal(response.status, 200);
        outcomes.push(await response.json());
      }
    }
    const [stored, parked, duplicate] = [{ stored: 1 }, { parked: 1 }, { duplicate: 1 }];
    assert.deepEqual(outcomes, [stored, stored, parked, duplicate, duplicate, duplicate]);
    assert.deepEqual(
      intake.received.map(({ type }) => type),
      ['payment.notified', 'payment.notified', 'unknown'],
    );
  });

  test('finds a replay and a retry with another reference code to be duplicates', async (t) => {
    const { url, intake } = await startEdge(t, { now });
    const outcomes = [];
    for (const iyziReferenceCode of ['first', 'first', 'second']) {
      const response = await post(url, { ...hosted, iyziReferenceCode }, signatureOf(hosted));
      outcomes.push(await response.json());
    }
    assert.deepEqual(outcomes, [{ stored: 1 }, { duplicate: 1 }, { duplicate: 1 }]);
    assert.equal(intake.received.length, 1);
  });

  test('answers 401 without detail to what is forged, malformed or of a day to come', async (t) => {
    const { url, intake } = await startEdge(t, { now });
    const signature = signatureOf(hosted);
    const wrong: readonly (readonly [unknown, string])[] = [
      [hosted, signatureOf(hosted, 'sandbox-other')],
      [hosted, 'x'],
      [hosted, signature.slice(0, -2)],
      [hosted, `${signature}, ${signature}`],
      [{ ...hosted, status: 'FAILURE' }, signature],
      [{ ...hosted, paymentConversationId: 'case-2-b1' }, signature],
      ['{', signature],
      [{ ...hosted, iyziEventTime: nowMs + dayMs + 1 }, signature],
      // Signed for another merchant.
      [subscription, hmac(iyzicoSecrets[0], `1${iyzicoSecrets[0]}subscription.order.success`)],
    ];
    for (const [body, header] of wrong) {
      const { status, code, detail } = await problemOf(await post(url, body, header));
      assert.deepEqual([status, code, detail], [401, 'bad_signature', undefined]);
    }
    assert.equal(intake.received.length, 0);
    const nearly = { ...hosted, iyziEventTime: nowMs + dayMs };
    assert.equal((await post(url, nearly, signature)).status, 200);
  });

  test('parks one without a time', async (t) => {
    for (const iyziEventTime of [undefined, 'today', -1, 1.5]) {
      const { url, intake } = await startEdge(t, { now });
      const answer = await post(url, { ...hosted, iyziEventTime }, signatureOf(hosted));
      assert.deepEqual(await answer.json(), { parked: 1 });
      const about = intake.received[0]?.about;
      assert.match(about?.kind === 'nobody' ? about.reason : '', /^bad event: iyziEventTime: /);
    }
  });

  test('answers 401 where iyzico is not set up', async (t) => {
    const { url } = await startEdge(t, {
      now,
      webhooks: webhooksWith({ webhookSecrets: ['other'], merchantId }),
    });
    assert.equal((await post(url, hosted, signatureOf(hosted))).status, 401);
  });
});
