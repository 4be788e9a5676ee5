import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { after, before, beforeEach, suite, test } from 'node:test';

import type { SentMessage } from '../sandbox/meta.ts';
import { type Receiver, startReceiver } from '../sandbox/receiver.ts';
import { sandboxAccount, sandboxSecrets, startSandbox } from '../sandbox/sandbox.ts';
import { type Provider, call, startProvider, until } from './fixtures.ts';

const phone = '491700000001';
const userId = 'DE.10000000000000000001';
const templates = [
  {
    name: 'appointment',
    language: 'tr',
    parameters: 2,
    body: 'Merhaba {{1}}, randevunuz {{2}}.',
    buttons: ['Tamam', 'Değiştir'],
  },
  { name: 'code', language: 'en_US', parameters: 1, category: 'authentication' },
] as const;

interface Answer {
  readonly status: number;
  readonly json: {
    readonly error?: { readonly code: number; readonly error_data: { readonly details: string } };
    readonly messages?: readonly { readonly id: string }[];
    readonly [key: string]: unknown;
  };
}

suite('the sandbox of WhatsApp', () => {
  let provider: Provider;
  let receiver: Receiver;
  let clockMs = 1_795_400_000_000;

  before(async () => {
    receiver = await startReceiver();
    provider = await startProvider({
      webhooks: { whatsappUrl: receiver.url },
      whatsappTemplates: templates,
      now: () => clockMs,
    });
  });
  after(async () => {
    await provider.close();
    await receiver.close();
  });
  beforeEach(() => provider.fault({ provider: 'whatsapp', mode: 'none' }));

  async function graph(
    method: string,
    path: string,
    { body, token = sandboxSecrets.whatsappAccessToken }: { body?: object; token?: string } = {},
  ): Promise<Answer> {
    const isForm = body instanceof FormData;
    const answer = await fetch(`${provider.sandbox.origin}/v26.0/${path}`, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        ...(isForm ? {} : { 'content-type': 'application/json' }),
      },
      ...(body ? { body: isForm ? body : JSON.stringify(body) } : {}),
    });
    return { status: answer.status, json: (await answer.json()) as Answer['json'] };
  }
  const send = (message: object) =>
    graph('POST', `${sandboxAccount.phoneNumberId}/messages`, {
      body: { messaging_product: 'whatsapp', to: phone, ...message },
    });
  const control = (path: string, body: object) =>
    call(provider.sandbox, 'POST', `/_sandbox/whatsapp/${path}`, body);
  async function lastTo(to = phone): Promise<Omit<SentMessage, 'at' | 'messageId'>> {
    const path = `/_sandbox/whatsapp/messages?to=${to}`;
    const { messages } = (await call(provider.sandbox, 'GET', path)) as { messages: SentMessage[] };
    const { at: _, messageId: __, ...last } = messages.at(-1) as SentMessage;
    return last;
  }
  async function refusedWith(code: number, message: object): Promise<void> {
    const count = (await provider.applied('message')).length;
    const { json } = await send(message);
    assert.equal(json.error?.code, code, JSON.stringify(json));
    assert.equal((await provider.applied('message')).length, count);
  }
  async function uploaded(bytes: string, type: string): Promise<Answer> {
    const form = new FormData();
    form.set('messaging_product', 'whatsapp');
    form.set('type', type);
    form.set('file', new File([bytes], 'scan.pdf', { type }));
    return graph('POST', `${sandboxAccount.phoneNumberId}/media`, { body: form });
  }

  suite('takes', () => {
    test('a list, and shows its rows', async () => {
      const rows = [
        { id: 'r1', title: 'Hair', description: 'Transplant' },
        { id: 'r2', title: 'Teeth' },
      ];
      const action = { button: 'Choose', sections: [{ title: 'All', rows }] };
      const interactive = { type: 'list', body: { text: 'What for?' }, action };
      await send({ type: 'interactive', interactive, context: { message_id: 'wamid.asked' } });
      assert.deepEqual(await lastTo(), {
        to: phone,
        kind: 'list',
        body: 'What for?',
        buttons: [],
        list: action,
        replyTo: 'wamid.asked',
        effectId: null,
      });
      const many = Array.from({ length: 11 }, (_, index) => ({ id: `r${index}`, title: 'x' }));
      for (const wrong of [
        { button: 'A button of more than 20', sections: [{ rows }] },
        { button: 'Choose', sections: [{ rows: many }] },
        { button: 'Choose', sections: [{ rows: [...rows, { id: 'r1', title: 'Again' }] }] },
        { button: 'Choose', sections: [{ rows: [{ id: 'r', title: 'x'.repeat(25) }] }] },
        {
          button: 'Choose',
          sections: [{ rows: [{ id: 'r', title: 'x', description: 'x'.repeat(73) }] }],
        },
        { button: 'Choose', sections: [{ rows }, { rows: [{ id: 'r3', title: 'x' }] }] },
      ]) {
        await refusedWith(100, {
          type: 'interactive',
          interactive: { ...interactive, action: wrong },
        });
      }
    });

    test('a registered template with all its parameters, and no other', async () => {
      const template = (name: string, code: string, ...texts: readonly string[]) => ({
        type: 'template',
        template: {
          name,
          language: { code },
          components: [
            { type: 'body', parameters: texts.map((text) => ({ type: 'text', text })) },
            {
              type: 'button',
              sub_type: 'quick_reply',
              index: '1',
              parameters: [{ type: 'payload', payload: 'change' }],
            },
          ],
        },
      });
      await send(template('appointment', 'tr', 'Ayşe', '3 Mart'));
      const shown = await lastTo();
      assert.equal(shown.body, 'Merhaba Ayşe, randevunuz 3 Mart.');
      // A button without a payload comes back with its title.
      assert.deepEqual(shown.buttons, [
        { id: 'Tamam', title: 'Tamam' },
        { id: 'change', title: 'Değiştir' },
      ]);
      assert.deepEqual(shown.template, {
        name: 'appointment',
        language: 'tr',
        parameters: ['Ayşe', '3 Mart'],
      });
      await refusedWith(132001, template('appointment', 'de', 'Ayşe', '3 Mart'));
      await refusedWith(132001, template('farewell', 'tr'));
      await refusedWith(132000, template('appointment', 'tr', 'Ayşe'));
      await refusedWith(132018, template('appointment', 'tr', 'Ayşe\nFatma', '3 Mart'));
      await control('templates', {
        templates: [{ name: 'farewell', language: 'tr', parameters: 0 }],
      });
      await refusedWith(132001, template('appointment', 'tr', 'Ayşe', '3 Mart'));
      assert.equal((await send(template('farewell', 'tr'))).status, 200);
      await control('templates', { templates });
      await refusedWith(131062, {
        ...template('code', 'en_US', '123456'),
        to: undefined,
        recipient: userId,
      });
    });

    test('media by id or link', async () => {
      const { json } = await uploaded('%PDF-1.7', 'application/pdf');
      const id = String(json['id']);
      const document = { id, caption: 'Your plan', filename: 'plan.pdf' };
      assert.equal((await send({ type: 'document', document })).status, 200);
      const shown = await lastTo();
      assert.deepEqual([shown.kind, shown.body], ['media', 'Your plan']);
      assert.deepEqual(shown.media, {
        type: 'document',
        id,
        link: null,
        filename: 'plan.pdf',
        mimeType: 'application/pdf',
        sha256: createHash('sha256').update('%PDF-1.7').digest('hex'),
      });
      const link = 'https://files.example/a.jpg';
      assert.equal((await send({ type: 'image', image: { link } })).status, 200);
      await refusedWith(131053, { type: 'image', image: { id } });
      await refusedWith(100, { type: 'image', image: { id: '404' } });
      await refusedWith(100, { type: 'image', image: { id, link } });
      await refusedWith(100, { type: 'audio', audio: { id, caption: 'Not for audio' } });
      assert.equal((await uploaded('MZ', 'application/x-msdownload')).json.error?.code, 131053);
    });

    test('a read mark with a typing indicator, which is no message', async () => {
      const count = (await provider.applied('message')).length;
      const { json } = await graph('POST', `${sandboxAccount.phoneNumberId}/messages`, {
        body: {
          messaging_product: 'whatsapp',
          status: 'read',
          message_id: 'wamid.in',
          typing_indicator: { type: 'text' },
        },
      });
      assert.deepEqual(json, { success: true });
      assert.deepEqual((await provider.applied('read')).at(-1)?.detail, {
        messageId: 'wamid.in',
        typing: true,
      });
      assert.equal((await provider.applied('message')).length, count);
    });
  });

  suite('keeps media', () => {
    const bytes = Buffer.from('a photo, more or less');
    const sha256 = createHash('sha256').update(bytes).digest();
    const stored = async () =>
      (await control('media', { base64: bytes.toString('base64'), mimeType: 'image/jpeg' })) as {
        mediaId: string;
      };
    const download = (url: string, token = sandboxSecrets.whatsappAccessToken) =>
      fetch(url, { headers: { authorization: `Bearer ${token}` }, redirect: 'manual' });

    test('in two steps, both with the token, until it is deleted', async () => {
      const { mediaId } = await stored();
      const path = `${mediaId}?phone_number_id=${sandboxAccount.phoneNumberId}`;
      const { json } = await graph('GET', path);
      const { url, ...about } = json;
      assert.deepEqual(about, {
        messaging_product: 'whatsapp',
        mime_type: 'image/jpeg',
        sha256: sha256.toString('hex'),
        file_size: String(bytes.length),
        id: mediaId,
      });
      const answer = await download(String(url));
      assert.equal(answer.headers.get('content-type'), 'image/jpeg');
      assert.deepEqual(Buffer.from(await answer.arrayBuffer()), bytes);
      assert.equal((await download(String(url), 'wrong')).status, 401);
      assert.equal((await graph('GET', `${mediaId}?phone_number_id=1`)).json.error?.code, 100);
      assert.deepEqual((await graph('DELETE', mediaId)).json, { success: true });
      assert.equal((await graph('GET', mediaId)).json.error?.code, 100);
      assert.equal((await download(String(url))).status, 404);
    });

    test('at a URL that lives for five minutes', async () => {
      const { mediaId } = await stored();
      const url = String((await graph('GET', mediaId)).json['url']);
      clockMs += 5 * 60_000 - 1;
      assert.equal((await download(url)).status, 200);
      clockMs += 1;
      assert.equal((await download(url)).status, 404);
    });

    test('and breaks what a control says', async () => {
      const { mediaId } = await stored();
      const elsewhere = 'http://203.0.113.1/';
      await control('media-faults', { mediaId, gone: 1, corrupt: true, claimedSize: 7 });
      const { json } = await graph('GET', mediaId);
      assert.equal(json['file_size'], '7');
      assert.equal((await download(String(json['url']))).status, 404);
      const broken = Buffer.from(await (await download(String(json['url']))).arrayBuffer());
      assert.equal(broken.length, bytes.length);
      assert.notDeepEqual(broken, bytes);
      await control('media-faults', { mediaId, redirectTo: elsewhere });
      const redirected = await download(String(json['url']));
      assert.deepEqual([redirected.status, redirected.headers.get('location')], [302, elsewhere]);
      await control('media-faults', { mediaId, url: elsewhere });
      assert.equal((await graph('GET', mediaId)).json['url'], elsewhere);
    });

    test('that outlive its process', async () => {
      const { mediaId } = await stored();
      const again = await startSandbox({
        port: 0,
        ledgerFile: provider.ledgerFile,
        webhooks: {},
        secrets: sandboxSecrets,
        now: () => clockMs,
      });
      const answer = await fetch(`${again.origin}/v26.0/${mediaId}`, {
        headers: { authorization: `Bearer ${sandboxSecrets.whatsappAccessToken}` },
      });
      const about = (await answer.json()) as Record<string, unknown>;
      await again.close();
      assert.equal(about['sha256'], sha256.toString('hex'));
    });
  });

  suite('posts', () => {
    const posted = async (body: object) => {
      await control('inbound', { from: phone, userId, timestamp: 1_795_400_000, ...body });
      const value = receiver.webhooks.at(-1)?.entry[0]?.changes[0]?.value;
      const { id: _, from, from_user_id, timestamp, ...message } = value?.messages?.[0] ?? {};
      assert.deepEqual([from, from_user_id, timestamp], [phone, userId, '1795400000']);
      return { message, contacts: value?.contacts };
    };
    const base64 = Buffer.from('bytes').toString('base64');
    const sha256 = createHash('sha256').update('bytes').digest('base64');

    for (const kind of ['image', 'document', 'audio', 'video', 'sticker'] as const) {
      test(`${kind} with the id of the file`, async () => {
        const more = kind === 'document' ? { caption: 'Report', filename: 'mri.pdf' } : {};
        const sent = { [kind]: { base64, mimeType: 'x/y', ...more } };
        const { message } = await posted(sent);
        const { id, ...file } = message[kind] as Record<string, unknown>;
        assert.match(String(id), /^\d{15}$/);
        assert.equal(message['type'], kind);
        assert.deepEqual(file, { mime_type: 'x/y', sha256, ...more });
      });
    }

    const location = { latitude: 41.01, longitude: 28.97, name: 'Clinic' };
    const contacts = [{ name: { formatted_name: 'Ali' }, phones: [{ phone: '+90 532' }] }];
    const order = { catalog_id: '1', product_items: [] };
    for (const [sent, message] of [
      [{ location }, { type: 'location', location }],
      [{ contacts }, { type: 'contacts', contacts }],
      [{ order }, { type: 'order', order }],
      [
        { reaction: { messageId: 'wamid.x', emoji: '👍' } },
        { type: 'reaction', reaction: { message_id: 'wamid.x', emoji: '👍' } },
      ],
      [
        { reaction: { messageId: 'wamid.x', emoji: null } },
        { type: 'reaction', reaction: { message_id: 'wamid.x' } },
      ],
      [
        { quickReply: { payload: 'change', text: 'Değiştir' }, replyTo: 'wamid.t' },
        {
          type: 'button',
          button: { payload: 'change', text: 'Değiştir' },
          context: { from: sandboxAccount.displayPhoneNumber, id: 'wamid.t' },
        },
      ],
      [
        { list: { id: 'r1', title: 'Hair', description: 'd' }, replyTo: 'wamid.l' },
        {
          type: 'interactive',
          interactive: {
            type: 'list_reply',
            list_reply: { id: 'r1', title: 'Hair', description: 'd' },
          },
          context: { from: sandboxAccount.displayPhoneNumber, id: 'wamid.l' },
        },
      ],
      [
        { text: 'Hi', referral: { source_type: 'ad' }, extra: { hologram: true } },
        { type: 'text', text: { body: 'Hi' }, referral: { source_type: 'ad' }, hologram: true },
      ],
    ] as const) {
      test(`${Object.keys(sent)[0]} as ${JSON.stringify(message).slice(0, 60)}`, async () => {
        assert.deepEqual((await posted(sent)).message, message);
      });
    }

    test('what is not supported with error 131051', async () => {
      const { message } = await posted({ unsupported: {} });
      assert.equal(message['type'], 'unsupported');
      assert.equal((message['errors'] as { code: number }[])[0]?.code, 131051);
    });

    test('a changed number without contacts, and knows both from then on', async () => {
      const newPhone = '491700000009';
      const { message, contacts: none } = await posted({ system: { waId: newPhone } });
      assert.equal(none, undefined);
      assert.deepEqual(message['system'], {
        type: 'user_changed_number',
        wa_id: newPhone,
        body: 'User changed number',
      });
      await send({ to: newPhone, type: 'text', text: { body: 'To the new number' } });
      assert.equal((await lastTo(phone)).body, 'To the new number');
    });

    test('a batch in several entries, for other numbers too', async () => {
      await control('inbound-batch', [
        { from: phone, text: 'one' },
        { userId, username: 'anna', text: 'two' },
        { from: phone, text: 'three', entry: 1 },
        { from: phone, text: 'four', phoneNumberId: '1' },
      ]);
      const entries = receiver.webhooks.at(-1)?.entry ?? [];
      const summary = entries.map(({ changes: [change] }) => [
        change?.value.metadata.phone_number_id,
        change?.value.messages?.map(({ text }) => (text as { body: string }).body),
      ]);
      assert.deepEqual(summary, [
        [sandboxAccount.phoneNumberId, ['one', 'two']],
        [sandboxAccount.phoneNumberId, ['three']],
        ['1', ['four']],
      ]);
      assert.deepEqual(entries[0]?.changes[0]?.value.contacts, [
        { profile: {}, wa_id: phone },
        { profile: { username: 'anna' }, user_id: userId },
      ]);
    });

    test('changes of other fields', async () => {
      await control('change', { field: 'user_id_update', value: { previous: 'DE.1' } });
      const change = receiver.webhooks.at(-1)?.entry[0]?.changes[0];
      assert.deepEqual(change, { field: 'user_id_update', value: { previous: 'DE.1' } });
    });

    test('nothing when a control says two things, or a word too much', async () => {
      for (const body of [
        { from: phone, text: 'a', location },
        { from: phone },
        { from: phone, text: 'a', colour: 'red' },
      ]) {
        await assert.rejects(control('inbound', body), /^Error: 400/);
      }
    });
  });

  suite('tells of a message', () => {
    const said = async (plan: object, callback: string, count: number) => {
      await control('statuses', plan);
      await send({ type: 'text', text: { body: 'x' }, biz_opaque_callback_data: callback });
      const statuses = () =>
        receiver.statuses().filter((one) => one['biz_opaque_callback_data'] === callback);
      await until(() => statuses().length === count);
      await control('statuses', { of: phone });
      return statuses();
    };
    const words = (statuses: readonly Record<string, unknown>[]) =>
      statuses.map(({ status }) => status);

    test('that it was read', async () => {
      const statuses = await said({ of: phone, read: true }, 'read-1', 3);
      assert.deepEqual(words(statuses), ['sent', 'delivered', 'read']);
    });

    test('out of order, and again and again', async () => {
      const plan = { of: phone, read: true, order: 'reversed', times: 2 };
      const reversed = ['read', 'read', 'delivered', 'delivered', 'sent', 'sent'];
      assert.deepEqual(words(await said(plan, 'reversed-1', 6)), reversed);
    });

    test('that it failed, and the patient has got nothing', async () => {
      const before = await lastTo();
      const [failed] = await said({ of: phone, failWith: 131026 }, 'failed-1', 1);
      assert.equal(failed?.['status'], 'failed');
      assert.equal((failed['errors'] as { code: number }[])[0]?.code, 131026);
      assert.deepEqual(await lastTo(), before);
      assert.equal((await provider.applied('undelivered')).at(-1)?.key, 'failed-1');
    });

    test('nothing, until a control does', async () => {
      await control('statuses', { of: phone, withheld: true, count: 1 });
      const callback = 'withheld-1';
      const { json } = await send({
        type: 'text',
        text: { body: 'x' },
        biz_opaque_callback_data: callback,
      });
      const messageId = json.messages?.[0]?.id;
      await control('status', { messageId, status: 'failed', code: 131000 });
      const statuses = receiver
        .statuses()
        .filter((one) => one['biz_opaque_callback_data'] === callback);
      assert.deepEqual(words(statuses), ['failed']);
      await assert.rejects(control('status', { messageId: 'no', status: 'read' }), /404/);
    });
  });

  suite('gives tokens', () => {
    const query = {
      grant_type: 'fb_exchange_token',
      client_id: sandboxSecrets.whatsappAppId,
      client_secret: sandboxSecrets.whatsappAppSecret,
      fb_exchange_token: sandboxSecrets.whatsappAccessToken,
    };
    const exchange = (more: object = {}) =>
      graph('GET', `oauth/access_token?${new URLSearchParams({ ...query, ...more }).toString()}`);
    const tryWith = async (token: string) => {
      const body = { messaging_product: 'whatsapp', to: phone, type: 'text', text: { body: 'x' } };
      const { status, json } = await graph('POST', `${sandboxAccount.phoneNumberId}/messages`, {
        body,
        token,
      });
      return [status, json.error?.code];
    };

    test('for others, for 60 days, until they are revoked', async () => {
      const { json } = await exchange();
      const { access_token, ...rest } = json;
      const token = String(access_token);
      assert.deepEqual(rest, { token_type: 'bearer', expires_in: 5_184_000 });
      assert.deepEqual(await tryWith(token), [200, undefined]);
      assert.deepEqual(await tryWith(`${token.slice(0, -1)}g`), [401, 190]);

      await control('revoke', {});
      assert.deepEqual(await tryWith(token), [401, 190]);
      assert.deepEqual(await tryWith(sandboxSecrets.whatsappAccessToken), [401, 190]);
      assert.equal((await exchange()).json.error?.code, 190);
      await control('restore', {});
      const renewed = String((await exchange()).json['access_token']);
      assert.deepEqual(await tryWith(renewed), [200, undefined]);
      assert.deepEqual(await tryWith(token), [401, 190]);
      clockMs += 5_184_000_000;
      assert.deepEqual(await tryWith(renewed), [401, 190]);
      assert.ok(!JSON.stringify(await provider.applied('token')).includes(renewed));
    });

    test('to its app alone', async () => {
      assert.equal((await exchange({ client_id: '1' })).json.error?.code, 101);
      assert.equal((await exchange({ client_secret: 'x' })).status, 400);
      assert.equal((await exchange({ fb_exchange_token: 'x' })).json.error?.code, 190);
      assert.equal((await exchange({ scope: 'all' })).json.error?.code, 100);
    });
  });

  test("answers an injected code with Meta's own status", async () => {
    await control('inbound', { from: phone, text: 'Hello' }); // The window has long closed.
    for (const [code, status] of [
      [190, 401],
      [10, 403],
      [132001, 404],
      [131016, 500],
      [131056, 400],
    ] as const) {
      const fault = { provider: 'whatsapp', mode: 'refuse', operation: 'send', code, count: 1 };
      await provider.fault(fault);
      const refused = await send({ type: 'text', text: { body: 'x' } });
      assert.deepEqual([refused.status, refused.json.error?.code], [status, code]);
    }
    assert.equal((await send({ type: 'text', text: { body: 'x' } })).status, 200);
  });
});
