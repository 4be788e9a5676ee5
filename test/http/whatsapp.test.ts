import assert from 'node:assert/strict';
import { suite, test } from 'node:test';

import * as v from 'valibot';

import { IntakeUnavailable } from '../../actors/ports/intake.ts';
import { eventSchemas, isEventType, type EventData } from '../../actors/shapes/events.ts';
import { messageKey } from '../../http/server/pipeline.ts';
import { isSigned, signingKeys } from '../../http/server/signatures.ts';
import { whatsappDeliveries } from '../../http/webhooks/whatsapp.ts';
import { waitUntil } from '../support/wait.ts';
import {
  appSecrets,
  memoryIntake,
  notification,
  postWhatsapp,
  problemOf,
  startEdge,
  textMessage,
  verifyTokens,
  whatsappSignature,
} from './edge.ts';

/** Everything that leaves the edge keeps to its schema. */
function deliveriesOf(body: unknown) {
  const deliveries = whatsappDeliveries(body);
  for (const { type, data, dedupeKey } of deliveries) {
    assert.ok(isEventType(type));
    assert.ok(v.is(eventSchemas[type], data));
    assert.ok(dedupeKey.length >= 1 && dedupeKey.length <= 200);
  }
  return deliveries;
}

const about = (body: unknown) => deliveriesOf(body).map((delivery) => delivery.about);

suite("WhatsApp's handshake", () => {
  const query = (mode: string, token: string) =>
    `/webhooks/whatsapp?hub.mode=${mode}&hub.verify_token=${token}&hub.challenge=11%3Cb%3E58`;

  test('echoes the challenge as plain text, for each live token', async (t) => {
    const { url } = await startEdge(t);
    for (const token of verifyTokens) {
      const response = await fetch(url + query('subscribe', token));
      assert.equal(response.status, 200);
      assert.equal(response.headers.get('content-type'), 'text/plain; charset=utf-8');
      assert.equal(response.headers.get('x-content-type-options'), 'nosniff');
      assert.equal(await response.text(), '11<b>58');
    }
  });

  test('is refused with a wrong token or mode, repeated keys, or nothing', async (t) => {
    const { url } = await startEdge(t);
    const wrong = [
      query('subscribe', 'nope'),
      query('subscribe', ''),
      query('unsubscribe', verifyTokens[0]),
      `${query('subscribe', verifyTokens[0])}&hub.verify_token=${verifyTokens[0]}`,
      '/webhooks/whatsapp',
    ];
    for (const path of wrong) {
      const response = await fetch(url + path);
      assert.equal(response.status, 403);
      assert.equal((await problemOf(response)).code, 'forbidden');
    }
  });
});

suite("WhatsApp's signature", () => {
  test('matches the published vector', () => {
    const hex = '9e445fb0efa71760c3bb6ae17ce8d067089bf47673f776e75092d1225e40d132';
    const body = '{"object":"whatsapp_business_account","entry":[]}';
    assert.ok(isSigned(signingKeys(['app-secret-EXAMPLE']), [body], hex));
    assert.ok(!isSigned(signingKeys(['app-secret-EXAMPLE']), [`${body} `], hex));
  });

  test('is taken under each live secret, over the bytes as they came', async (t) => {
    const { url, intake } = await startEdge(t);
    for (const [index, secret] of appSecrets.entries()) {
      // Meta escapes slashes and everything that is not ASCII; to parse and print again would break the signature.
      const body = JSON.stringify(notification({ messages: [textMessage(`wamid.${index}`, '@')] }));
      const escaped = body.replace('"@"', String.raw`"\ud83d\ude00 a\/b"`);
      const signature = whatsappSignature(escaped, secret);
      const response = await postWhatsapp(url, escaped, { 'x-hub-signature-256': signature });
      assert.equal(response.status, 200);
    }
    assert.deepEqual(
      intake.received.map(({ data }) => (data as EventData['whatsapp.inbound']).message),
      [
        { kind: 'text', text: '😀 a/b' },
        { kind: 'text', text: '😀 a/b' },
      ],
    );
  });

  test('that is wrong, missing or of another form gets a 401 without detail', async (t) => {
    const { url, intake } = await startEdge(t);
    const body = JSON.stringify(notification({ messages: [textMessage('wamid.1')] }));
    const right = whatsappSignature(body);
    const wrong = [
      '',
      'sha256=',
      right.slice(7),
      right.replace('sha256', 'sha1'),
      `${right}00`,
      `sha256=${'zz'.repeat(32)}`,
      whatsappSignature(body, 'another secret'),
      whatsappSignature(`${body} `),
    ];
    for (const signature of wrong) {
      const response = await postWhatsapp(url, body, { 'x-hub-signature-256': signature });
      assert.equal(response.status, 401);
      const { code, detail } = await problemOf(response);
      assert.deepEqual([code, detail], ['bad_signature', undefined]);
    }
    assert.equal(intake.received.length, 0);
  });

  test('is looked at before the JSON is', async (t) => {
    const { url } = await startEdge(t);
    const response = await postWhatsapp(url, '{', { 'x-hub-signature-256': 'sha256=00' });
    assert.equal(response.status, 401);
  });

  test('needs a secret', () => {
    assert.throws(() => signingKeys([]), TypeError);
    assert.throws(() => signingKeys(['']), TypeError);
  });
});

suite('A WhatsApp notification', () => {
  test('becomes one delivery for a text', () => {
    const [delivery] = deliveriesOf(notification({ messages: [textMessage('wamid.1')] }));
    assert.deepEqual(delivery, {
      source: 'whatsapp',
      dedupeKey: messageKey('wamid.1'),
      type: 'whatsapp.inbound',
      data: {
        messageId: 'wamid.1',
        message: { kind: 'text', text: 'Merhaba' },
        lang: null,
        at: '2026-11-23T02:13:20.000Z',
        from: { userId: null, phone: '491700000001' },
        profileName: 'Anna K',
      },
      about: {
        kind: 'contact',
        account: '555666',
        userId: null,
        phone: '491700000001',
        profileName: 'Anna K',
      },
    });
  });

  test('may come from somebody without a phone number', () => {
    const { from: _, ...message } = { ...textMessage('wamid.1'), from_user_id: 'DE.1' };
    const body = notification({ messages: [message] });
    const { value } = body.entry[0]!.changes[0]!;
    Object.assign(value, { contacts: [{ profile: { username: 'anna' }, user_id: 'DE.1' }] });
    assert.deepEqual(about(body), [
      { kind: 'contact', account: '555666', userId: 'DE.1', phone: null, profileName: null },
    ]);
  });

  test('tells the status of what we sent, by effect', () => {
    const status = {
      id: 'wamid.B',
      status: 'failed',
      timestamp: '1795400100',
      recipient_id: '491700000001',
      biz_opaque_callback_data: 'effect-9',
      errors: [{ code: 131047, title: 'Re-engagement message' }],
    };
    const [delivery] = deliveriesOf(notification({ statuses: [status] }));
    assert.equal(delivery?.dedupeKey, `${messageKey('wamid.B')}:failed`);
    assert.deepEqual(delivery.about, { kind: 'effect', effectId: 'effect-9' });
    assert.deepEqual(delivery.data, {
      messageId: 'wamid.B',
      effectId: 'effect-9',
      status: 'failed',
      errorCode: '131047',
      at: '2026-11-23T02:15:00.000Z',
    });
  });

  test('looks up the status of a message without our echo by its id, and parks a status with a new word', () => {
    const status = { id: 'wamid.B', status: 'sent', timestamp: '1795400100' };
    const statuses = [status, { ...status, status: 'pondered' }];
    const parked = deliveriesOf(notification({ statuses }));
    assert.deepEqual(
      parked.map(({ type, dedupeKey, about }) => [type, dedupeKey, about.kind]),
      [
        ['whatsapp.status', `${messageKey('wamid.B')}:sent`, 'message'],
        ['unknown', `${messageKey('wamid.B')}:pondered`, 'nobody'],
      ],
    );
  });

  test('parks fields and products that it does not know', () => {
    const change = { field: 'account_update', value: { event: 'VERIFIED_ACCOUNT' } };
    const update = { object: 'whatsapp_business_account', entry: [{ id: '1', changes: [change] }] };
    const [delivery] = deliveriesOf(update);
    const reason = 'unknown event type: account_update VERIFIED_ACCOUNT';
    assert.deepEqual(delivery?.about, { kind: 'nobody', reason });
    assert.deepEqual(delivery.data, {
      providerType: 'whatsapp.account_update',
      body: { id: '1', ...change },
    });
    assert.equal(deliveriesOf(update)[0]?.dedupeKey, delivery.dedupeKey);
    assert.deepEqual(about({ object: 'page', entry: [] }), [
      { kind: 'nobody', reason: 'unknown event type' },
    ]);
  });

  test('of fifty messages with a bad one delivers forty-nine and parks one', async (t) => {
    const { url, intake } = await startEdge(t);
    const bad: unknown[] = [
      null,
      7,
      {},
      [],
      { id: 'wamid.bad.4' },
      { ...textMessage('wamid.bad.5'), timestamp: 'soon' },
      { ...textMessage('wamid.bad.6'), text: { body: {} } },
      { ...textMessage('x'.repeat(500)) },
    ];
    for (const [round, item] of bad.entries()) {
      intake.received.length = 0;
      const messages: unknown[] = Array.from({ length: 50 }, (_, index) =>
        textMessage(`wamid.${round}.${index}`),
      );
      messages[24] = item;
      const response = await postWhatsapp(url, notification({ messages }));
      assert.equal(response.status, 200);
      const reasons = intake.received.flatMap(({ about }) =>
        about.kind === 'nobody' ? [about.reason] : [],
      );
      assert.deepEqual([intake.received.length, reasons.length], [50, 1]);
      assert.ok(reasons.every((reason) => reason.startsWith('bad item: ')));
      assert.ok(
        reasons.every((reason) => !reason.includes('soon')),
        'says what was sent',
      );
    }
  });

  test('with a broken part has that part parked, with the field’s name', () => {
    const change = (value: unknown) => ({
      object: 'whatsapp_business_account',
      entry: [{ id: '1', changes: [value] }],
    });
    const metadata = { phone_number_id: '555666' };
    const faults: [unknown, string][] = [
      [[], 'bad envelope: object'],
      [7, 'bad envelope: value'],
      [{}, 'bad envelope: object'],
      [{ object: 'whatsapp_business_account' }, 'bad envelope: entry'],
      [{ object: 'whatsapp_business_account', entry: {} }, 'bad envelope: entry'],
      [{ object: 'whatsapp_business_account', entry: [null] }, 'bad entry: value'],
      [{ object: 'whatsapp_business_account', entry: [{ id: '1' }] }, 'bad entry: changes'],
      [change(null), 'bad change: value'],
      [change({ value: {} }), 'bad change: field'],
      [change({ field: ['messages'] }), 'bad change: field'],
      [change({ field: 'messages' }), 'bad change: value'],
      [change({ field: 'messages', value: [] }), 'bad change: value.metadata'],
      [change({ field: 'messages', value: {} }), 'bad change: value.metadata'],
      [change({ field: 'messages', value: { metadata: { phone_number_id: {} } } }), 'bad change: '],
      [change({ field: 'messages', value: { metadata } }), 'bad change: value: no items'],
      [notification({ messages: 'x' as never }), 'bad items: value.messages'],
      [notification({ statuses: { id: 'x' } as never }), 'bad items: value.statuses'],
    ];
    for (const [body, reason] of faults) {
      const parked = deliveriesOf(body).map(({ about }) => about);
      assert.equal(parked.length, 1, reason);
      const [one] = parked;
      assert.ok(one?.kind === 'nobody' && one.reason.startsWith(reason), JSON.stringify(one));
    }
  });

  test('loses no good message beside any broken part', async (t) => {
    const { url, intake } = await startEdge(t);
    const odd: unknown[] = [
      null,
      7,
      [],
      { id: 5, changes: 'none' },
      { id: '1', changes: [null, [], { field: 'account_update', value: null }] },
      { id: '1', changes: [{ field: 'messages', value: { messages: { id: 'x' } } }] },
      { id: '1', changes: [{ field: 'messages', value: { metadata: [], statuses: 7 } }] },
      { id: '1', changes: [{ field: 'messages', value: 'text' }] },
      ...(notification({ messages: { id: 'w' } as never }).entry as unknown[]),
    ];
    for (const [round, part] of odd.entries()) {
      intake.received.length = 0;
      const good = notification({ messages: [textMessage(`wamid.good.${round}`)] }).entry[0];
      const entry = [part, { ...good, round }];
      const body = { object: 'whatsapp_business_account', entry };
      // Nested deeper, and with a larger number, than anything of ours could be.
      const hostile = JSON.stringify(body).replace(
        `"round":${round}`,
        `"round":${round},"deep":${'['.repeat(500)}${']'.repeat(500)},"large":1e999`,
      );
      assert.equal((await postWhatsapp(url, hostile)).status, 200, JSON.stringify(part));
      const kinds = new Set(intake.received.map(({ type }) => type));
      assert.deepEqual([...kinds], ['unknown', 'whatsapp.inbound'], JSON.stringify(part));
    }
  });

  test('whose account is not named still tells of messages that we sent', () => {
    const status = { id: 'wamid.B', status: 'sent', timestamp: '1795400100' };
    const statuses = [status, { ...status, biz_opaque_callback_data: 'case-1.3.0' }];
    const body = notification({ statuses });
    Object.assign(body.entry[0]!.changes[0]!.value, { metadata: undefined });
    const about = deliveriesOf(body).map((delivery) => delivery.about.kind);
    assert.deepEqual(about, ['effect', 'nobody']);
  });

  test('with more items than Meta ever batches has the rest parked in one', () => {
    const messages = Array.from({ length: 2_003 }, (_, n) => textMessage(`wamid.${n}`));
    const deliveries = whatsappDeliveries(notification({ messages }));
    assert.equal(deliveries.length, 2_001);
    const { about, data } = deliveries.at(-1) as (typeof deliveries)[number];
    assert.match(about.kind === 'nobody' ? about.reason : '', /^bad items: more than 2000/);
    assert.equal((data as { body: unknown[] }).body.length, 3);
  });
});

suite('A webhook is answered', () => {
  test('200 for what is new, repeated, or repeated with another body', async (t) => {
    const { url, intake, registry } = await startEdge(t);
    const bodies = ['Merhaba', 'Merhaba', 'Hello'];
    const outcomes = [];
    for (const text of bodies) {
      const body = notification({ messages: [textMessage('wamid.1', text)] });
      const response = await postWhatsapp(url, body);
      assert.equal(response.status, 200);
      outcomes.push(await response.json());
    }
    assert.deepEqual(outcomes, [{ stored: 1 }, { duplicate: 1 }, { conflict: 1 }]);
    assert.equal(intake.received.length, 1);
    assert.match(
      await registry.metrics(),
      /webhook_deliveries_total\{source="whatsapp",outcome="conflict"\} 1/,
    );
  });

  test('with a trace id that its deliveries carry on', async (t) => {
    const { url, intake } = await startEdge(t);
    const response = await postWhatsapp(url, notification({ messages: [textMessage('w')] }));
    const correlationId = response.headers.get('x-correlation-id');
    assert.match(correlationId ?? '', /^[0-9a-f]{32}$/);
    assert.equal(intake.received[0]?.traceparent?.split('-')[1] ?? null, correlationId);
    assert.match(intake.received[0]?.traceparent ?? '', /^00-[0-9a-f]{32}-[0-9a-f]{16}-0[01]$/);
  });

  test('503 with Retry-After while the ledger cannot commit', async (t) => {
    const receive = () => Promise.reject(new IntakeUnavailable('down'));
    const { url } = await startEdge(t, { intake: { receive } });
    const response = await postWhatsapp(url, notification({ messages: [textMessage('w')] }));
    assert.equal(response.status, 503);
    assert.match(response.headers.get('retry-after') ?? '', /^\d+$/);
    assert.equal((await problemOf(response)).code, 'unavailable');
  });

  test('503 when the commit takes longer than its deadline', async (t) => {
    const receive = () => new Promise<never>(() => {});
    const limits = { commitDeadlineMs: 20 };
    const { url } = await startEdge(t, { intake: { receive }, limits });
    const response = await postWhatsapp(url, notification({ messages: [textMessage('w')] }));
    assert.equal(response.status, 503);
  });

  test('500 without a word of the error, which is reported', async (t) => {
    const reported: unknown[] = [];
    const failure = new Error('insert of Anna K failed');
    const { url } = await startEdge(t, {
      intake: { receive: () => Promise.reject(failure) },
      report: (...args) => reported.push(args),
    });
    const response = await postWhatsapp(url, notification({ messages: [textMessage('w')] }));
    assert.equal(response.status, 500);
    const { code, detail, correlationId } = await problemOf(response);
    assert.deepEqual([code, detail], ['internal', undefined]);
    assert.deepEqual(reported, [[failure, correlationId]]);
  });

  test('after the commit, never before', async (t) => {
    const steps: string[] = [];
    const commit = Promise.withResolvers<void>();
    const intake = memoryIntake();
    const { url } = await startEdge(t, {
      intake: {
        receive: async (deliveries) => {
          steps.push('received');
          await commit.promise;
          const receipts = await intake.receive(deliveries);
          steps.push('committed');
          return receipts;
        },
      },
    });
    const answer = postWhatsapp(url, notification({ messages: [textMessage('w')] })).then(
      ({ status }) => steps.push(`answered ${status}`),
    );
    await waitUntil(() => steps.length === 1, { what: 'the delivery' });
    // Another whole request through the same server: time enough for a hasty answer.
    await fetch(`${url}/webhooks/whatsapp`);
    assert.deepEqual(steps, ['received']);
    commit.resolve();
    await answer;
    assert.deepEqual(steps, ['received', 'committed', 'answered 200']);
  });

  test('200 without touching the ledger when it says nothing', async (t) => {
    const { url } = await startEdge(t, { intake: { receive: () => Promise.reject(new Error()) } });
    const response = await postWhatsapp(url, { object: 'whatsapp_business_account', entry: [] });
    assert.equal(response.status, 200);
  });

  test('and counted by route, method and status, with edges at 50 ms, 250 ms and 1 s', async (t) => {
    const { url, registry } = await startEdge(t);
    await postWhatsapp(url, notification({ messages: [textMessage('w')] }));
    await fetch(`${url}/no/such/route`);
    const metrics = await registry.metrics();
    assert.match(
      metrics,
      /http_requests_total\{route="\/webhooks\/whatsapp",method="POST",status="200"\} 1/,
    );
    assert.match(metrics, /http_requests_total\{route="none",method="GET",status="404"\} 1/);
    for (const edge of ['0.05', '0.25', '1']) {
      assert.match(metrics, new RegExp(`http_request_duration_seconds_bucket\\{le="${edge}"`));
    }
  });
});
