import assert from 'node:assert/strict';
import { suite, test } from 'node:test';

import * as v from 'valibot';

import type { Delivery } from '../../actors/ports/intake.ts';
import { eventSchemas, isEventType, type EventData } from '../../actors/shapes/events.ts';
import { whatsappDeliveries } from '../../http/webhooks/whatsapp.ts';
import { notification, textMessage } from './edge.ts';

/** The delivery of one message, which keeps to its event's schema. */
function deliveryOf(item: unknown): Delivery {
  const [delivery, ...more] = whatsappDeliveries(notification({ messages: [item] }));
  assert.ok(delivery && more.length === 0);
  assert.ok(isEventType(delivery.type));
  assert.ok(v.is(eventSchemas[delivery.type], delivery.data));
  return delivery;
}

const { text: _, type: __, ...head } = textMessage('wamid.1');
const message = (type: string, body: unknown, more: object = {}) => ({
  ...head,
  type,
  [type]: body,
  ...more,
});
/** What a message says, in our words. */
function saidBy(item: unknown) {
  const { type, data } = deliveryOf(item);
  assert.equal(type, 'whatsapp.inbound');
  return (data as EventData['whatsapp.inbound']).message;
}
function reasonOf(item: unknown): string {
  const { about } = deliveryOf(item);
  assert.ok(about.kind === 'nobody');
  return about.reason;
}

suite('A message of WhatsApp that is not one of today’s kinds', () => {
  test('has what was ordered, with the words beside it', () => {
    const order = {
      catalog_id: '77',
      product_items: [
        { product_retailer_id: 'ZAHN-4', quantity: 2, item_price: 1200, currency: 'EUR' },
      ],
    };
    const content =
      'catalog_id: 77\nproduct_items.1.product_retailer_id: ZAHN-4\nproduct_items.1.quantity: 2\n' +
      'product_items.1.item_price: 1200\nproduct_items.1.currency: EUR';
    assert.deepEqual(saidBy(message('order', { ...order, text: '' })), { kind: 'order', content });
    assert.deepEqual(saidBy(message('order', { ...order, text: 'Lütfen arayın' })), {
      kind: 'order',
      content,
      caption: 'Lütfen arayın',
    });
  });

  test('has the fields of a form, also where they are no JSON', () => {
    const form = (response_json: unknown) =>
      saidBy(
        message('interactive', { type: 'nfm_reply', nfm_reply: { name: 'flow', response_json } }),
      );
    const fields = { flow_token: 'secret', tarih: '2027-05-04', misafir: { sayi: 3, ad: null } };
    const content = 'tarih: 2027-05-04\nmisafir.sayi: 3';
    assert.deepEqual(form(JSON.stringify(fields)), { kind: 'form', content });
    assert.deepEqual(form(fields), { kind: 'form', content });
    assert.deepEqual(form('{"half'), { kind: 'form', content: '{"half' });
    assert.deepEqual(form('7'), { kind: 'form', content: '7' });
    const long = form(JSON.stringify(Array.from({ length: 5_000 }, (_, n) => `answer ${n}`)));
    assert.ok(long.kind === 'form' && long.content.length <= 4_096);
  });

  test('is a notice where it tells of something earlier, and unsupported where it is something new', () => {
    const kindOf = (item: unknown) => {
      const { kind } = saidBy(item);
      return kind;
    };
    for (const type of ['poll_update', 'poll_vote', 'pin', 'keep_in_chat', 'request_welcome'])
      assert.equal(kindOf(message(type, { x: 1 })), 'notice', type);
    const permission = { response: 'reject', response_source: 'automatic' };
    const call = { type: 'call_permission_reply', call_permission_reply: permission };
    assert.deepEqual(saidBy(message('interactive', call)), {
      kind: 'notice',
      type: 'call_permission_reply',
      content: 'response: reject\nresponse_source: automatic',
    });
    for (const type of ['poll_creation', 'event', 'gif', 'product_list', 'video_note'])
      assert.equal(kindOf(message(type, { x: 1 })), 'unsupported', type);
    const told = (type: string) => message('unsupported', undefined, { unsupported: { type } });
    assert.equal(kindOf(told('poll_update')), 'notice');
    assert.deepEqual(saidBy(told('group_invite')), {
      kind: 'unsupported',
      type: 'group_invite',
      errorCode: null,
    });
    assert.deepEqual(saidBy(message('text', { body: ' \n' })), { kind: 'notice', type: 'empty' });
    assert.equal(reasonOf(message('text', { body: 'Hi' }, { group_id: 'G' })), 'group message');
  });

  test('keeps what a text is too long for', () => {
    const said = saidBy(message('text', { body: `${'a'.repeat(32_768)}und noch etwas` }));
    assert.deepEqual(said, { kind: 'text', text: 'a'.repeat(32_768), rest: 'und noch etwas' });
  });

  test('changes or takes back an earlier one', () => {
    const original = { originalMessageId: 'wamid.0' };
    const changed = (item: unknown) => {
      const { type, data } = deliveryOf(item);
      const { messageId, message: now, originalMessageId } = data as EventData['whatsapp.edited'];
      assert.equal(messageId, 'wamid.1');
      return [type, originalMessageId, now];
    };
    const edit = (inner: unknown) =>
      message('edit', { original_message_id: 'wamid.0', message: inner });
    assert.deepEqual(changed(edit({ type: 'text', text: { body: 'yarın' }, context: null })), [
      'whatsapp.edited',
      'wamid.0',
      { kind: 'text', text: 'yarın' },
    ]);
    const image = { id: '7', mime_type: 'image/png', sha256: null, caption: 'yeni' };
    assert.deepEqual(changed(edit({ type: 'image', image }))[2], {
      kind: 'image',
      mediaId: '7',
      contentType: 'image/png',
      sha256: null,
      caption: 'yeni',
    });
    for (const inner of [undefined, null, 'x', { type: 'text' }, { type: 'text', text: {} }])
      assert.deepEqual(changed(edit(inner)), ['whatsapp.edited', 'wamid.0', null]);
    assert.deepEqual(changed(message('edit', null)), ['whatsapp.edited', null, null]);
    const told = (type: string) => message('unsupported', undefined, { unsupported: { type } });
    assert.deepEqual(changed(told('edit')), ['whatsapp.edited', null, null]);
    assert.deepEqual(changed(told('revoke')), ['whatsapp.revoked', null, undefined]);
    const revoke = message('revoke', { original_message_id: 'wamid.0' });
    assert.deepEqual(changed(revoke), ['whatsapp.revoked', original.originalMessageId, undefined]);
    const { about: who } = deliveryOf(revoke);
    assert.ok(who.kind === 'contact' && who.opens === false);
  });
});

suite('A change of another field of WhatsApp', () => {
  const told = (field: string, items: unknown, more: object = {}) =>
    whatsappDeliveries({
      object: 'whatsapp_business_account',
      entry: [
        {
          id: '1',
          changes: [
            { field, value: { metadata: { phone_number_id: '555666' }, [field]: items, ...more } },
          ],
        },
      ],
    });
  const about = { kind: 'contact', account: '555666', profileName: null };

  test('tells what a colleague wrote on the telephone', () => {
    const echo = { from: '90212', to: '491700000001', id: 'wamid.E', timestamp: '1795400000' };
    const echoes = [
      { ...echo, type: 'text', text: { body: 'Wir rufen Sie an' } },
      { ...echo, id: 'wamid.F', type: 'revoke', revoke: { original_message_id: 'wamid.E' } },
      { ...echo, id: 'wamid.G', to: undefined, type: 'text', text: { body: 'x' } },
    ];
    const [first, ...parked] = told('smb_message_echoes', undefined, { message_echoes: echoes });
    assert.equal(first?.type, 'whatsapp.echoed');
    assert.deepEqual(first.data, {
      messageId: 'wamid.E',
      at: '2026-11-23T02:13:20.000Z',
      message: { kind: 'text', text: 'Wir rufen Sie an' },
    });
    assert.deepEqual(first.about, { ...about, userId: null, phone: '491700000001', opens: false });
    assert.deepEqual(
      parked.map((one) => one.about.kind === 'nobody' && one.about.reason),
      ['echo of type revoke', 'bad item: to: expected string'],
    );
  });

  test('is a stop where the patient pressed one in WhatsApp’s own menu', () => {
    const stop = { wa_id: '491700000001', value: 'stop', timestamp: 1_795_400_000, detail: 'x' };
    const [first, second] = told('user_preferences', [stop, { ...stop, value: 'resume' }]);
    assert.equal(first?.type, 'whatsapp.inbound');
    const { message: said } = first.data as EventData['whatsapp.inbound'];
    assert.deepEqual(said, { kind: 'text', text: 'STOP' });
    assert.deepEqual(first.about, { ...about, userId: null, phone: '491700000001', opens: false });
    assert.equal(second?.about.kind === 'nobody' && second.about.reason, 'preference resume');
    assert.equal(told('user_preferences', [stop])[0]?.dedupeKey, first.dedupeKey);
  });

  test('tells of another id in a reseller’s words', () => {
    const update = {
      wa_id: '491700000001',
      user_id: { previous: 'DE.1', current: 'DE.2' },
      timestamp: '1795400000',
    };
    const [first, second] = told('user_id_update', [update, { ...update, user_id: 'DE.2' }]);
    const becomes = { userId: 'DE.2', phone: null };
    assert.equal(first?.type, 'whatsapp.contact');
    assert.deepEqual(first.about, { ...about, userId: 'DE.1', phone: '491700000001', becomes });
    assert.match(second?.about.kind === 'nobody' ? second.about.reason : '', /^bad item: user_id/);
  });

  test('is kept whole, with its reason, in every other case', () => {
    const reasonIn = (field: string, value: unknown) => {
      const [one, ...more] = whatsappDeliveries({
        object: 'whatsapp_business_account',
        entry: [{ id: '1', changes: [{ field, value }] }],
      });
      assert.ok(one && more.length === 0);
      assert.deepEqual((one.data as { body: unknown }).body, { id: '1', field, value });
      return one.about.kind === 'nobody' ? one.about.reason : '';
    };
    const kind = 'unknown event type: ';
    assert.equal(reasonIn('account_update', null), `${kind}account_update`);
    assert.equal(
      reasonIn('template_category_update', { new_category: 'MARKETING' }),
      `${kind}template_category_update MARKETING`,
    );
    assert.equal(reasonIn('calls', { event: 'two words' }), `${kind}calls`);
    assert.equal(reasonIn('user_id_update', { user_id_update: [{}] }), `${kind}user_id_update`);
    assert.equal(reasonIn('A Field', {}), `${kind}unnamed`);
    for (const field of ['history', 'standby', 'group_lifecycle_update', 'smb_message_echoes'])
      assert.equal(reasonIn(field, { messages: [] }), `${kind}${field}`);
  });
});
