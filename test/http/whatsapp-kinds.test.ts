import assert from 'node:assert/strict';
import { suite, test } from 'node:test';

import * as v from 'valibot';

import type { Delivery } from '../../actors/ports/intake.ts';
import { eventSchemas, isEventType, type EventData } from '../../actors/shapes/events.ts';
import { parseTolerantly } from '../../http/server/json.ts';
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

suite('A WhatsApp message', () => {
  test('with a file says where it is, what it is said to be, and what stands under it', () => {
    const file = { id: '777', mime_type: 'image/jpeg', sha256: 'QUJD' };
    const said = { mediaId: '777', contentType: 'image/jpeg', sha256: 'QUJD' };
    for (const kind of ['image', 'document', 'audio', 'video', 'sticker']) {
      assert.deepEqual(saidBy(message(kind, file)), { kind, ...said });
      assert.deepEqual(saidBy(message(kind, { ...file, caption: 'Dişlerim' })), {
        kind,
        ...said,
        caption: 'Dişlerim',
      });
    }
    assert.deepEqual(saidBy(message('document', { ...file, filename: 'röntgen.pdf' })), {
      kind: 'document',
      ...said,
      filename: 'röntgen.pdf',
    });
  });

  test('with a file arrives without what it can do without', () => {
    assert.deepEqual(saidBy(message('image', { id: '777', mime_type: 5, sha256: {} })), {
      kind: 'image',
      mediaId: '777',
      contentType: 'application/octet-stream',
      sha256: null,
    });
    const filename = 'x'.repeat(2_000);
    const { kind, ...said } = saidBy(message('document', { id: '7', filename }));
    assert.deepEqual([kind, 'filename' in said], ['document', false]);
  });

  test('tells a place', () => {
    const place = { latitude: 41.01, longitude: 28.97, name: 'Otel', address: 'Şişli', url: 'x' };
    const { url: __url, ...said } = place;
    assert.deepEqual(saidBy(message('location', place)), { kind: 'location', ...said });
    assert.deepEqual(saidBy(message('location', { latitude: 0, longitude: -180, name: {} })), {
      kind: 'location',
      latitude: 0,
      longitude: -180,
    });
    assert.match(reasonOf(message('location', { latitude: 91, longitude: 0 })), /^bad item: /);
    assert.match(reasonOf(message('location', { latitude: 'x', longitude: 0 })), /^bad item: /);
  });

  test('tells the numbers on contact cards, as written', () => {
    const cards = [
      { name: { formatted_name: 'Ali' }, phones: [{ phone: '+90 532 111 22 33', wa_id: '905' }] },
      { phones: [{ wa_id: '491701' }, { phone: '' }, null, { phone: 'x'.repeat(100) }] },
      { phones: 'none' },
      null,
      { phones: [{ phone: '+90 532 111 22 33' }] },
      {
        vcard:
          'BEGIN:VCARD\r\nVERSION:3.0\r\nFN:TEL:1\r\nitem1.TEL;type=CELL;waid=49170:+49 170 1\r\nTEL;VALUE=uri:tel:+4930123\r\nTEL:\r\nEND:VCARD',
      },
    ];
    assert.deepEqual(saidBy(message('contacts', cards)), {
      kind: 'contacts',
      phones: ['+90 532 111 22 33', '491701', '+49 170 1', '+4930123'],
    });
    assert.deepEqual(saidBy(message('contacts', [])), { kind: 'contacts', phones: [] });
    const many = Array.from({ length: 500 }, (_card, n) => ({ phones: [{ phone: `+49${n}` }] }));
    const said = saidBy(message('contacts', many));
    assert.equal(said.kind === 'contacts' && said.phones.length, 100);
  });

  test('tells which button was pressed, of ours and of a template', () => {
    const reply = { id: 'yes', title: 'Evet' };
    const said = { kind: 'button', id: 'yes', title: 'Evet' };
    for (const type of ['button_reply', 'list_reply']) {
      assert.deepEqual(saidBy(message('interactive', { type, [type]: reply })), said);
    }
    assert.deepEqual(saidBy(message('button', { payload: 'yes', text: 'Evet' })), said);
    assert.deepEqual(saidBy(message('button', { payload: 'yes' })), { kind: 'button', id: 'yes' });
    assert.match(reasonOf(message('button', { payload: '' })), /^bad item: /);
  });

  test('tells a reaction, and that it was taken back', () => {
    const to = { kind: 'reaction', toMessageId: 'wamid.0' };
    const reacted = (more: object) =>
      saidBy(message('reaction', { message_id: 'wamid.0', ...more }));
    assert.deepEqual(reacted({ emoji: '👍' }), { ...to, emoji: '👍' });
    for (const none of [{}, { emoji: null }, { emoji: '' }]) {
      assert.deepEqual(reacted(none), { ...to, emoji: null });
    }
  });

  test('of a kind we cannot read still arrives, with the provider’s word for it', () => {
    const errors = [{ code: 131051, title: 'Message type unknown', error_data: { details: '' } }];
    const unsupported = (type: string, errorCode: string | null = null) => ({
      kind: 'unsupported',
      type,
      errorCode,
    });
    const interactive = (type: string) => ({
      ...unsupported(`interactive.${type}`),
      content: `interactive.type: ${type}`,
    });
    const items: [unknown, object][] = [
      [message('unsupported', undefined, { errors }), unsupported('unsupported', '131051')],
      [message('hologram', {}), unsupported('hologram')],
      [message('constructor', {}), unsupported('constructor')],
      [message('interactive', { type: 'address_reply' }), interactive('address_reply')],
      [
        message('interactive', { type: 'nfm_reply' }),
        { ...interactive('nfm_reply'), type: 'interactive' },
      ],
      [message('a word\nwith 5 lines', {}), unsupported('other')],
      [message('x'.repeat(300), {}), unsupported('other')],
      [message('poll', {}, { errors: 'many' }), unsupported('poll')],
      // The provider could not load the picture: there is an error in the place of the file.
      [message('image', undefined, { errors: [{ code: 131052 }] }), unsupported('image', '131052')],
    ];
    for (const [item, said] of items) assert.deepEqual(saidBy(item), said);
  });

  test('has numbers taken where texts are meant, and texts where numbers are', () => {
    const item = { ...textMessage('w'), id: 7, from: 491700000001, timestamp: 1_795_400_000 };
    const { about, data } = deliveryOf({ ...item, text: { body: 42 }, context: { id: 8 } });
    const from = { userId: null, phone: '491700000001' };
    assert.deepEqual(about, { kind: 'contact', account: '555666', ...from, profileName: 'Anna K' });
    const { messageId, message: said, replyTo, at } = data as EventData['whatsapp.inbound'];
    assert.deepEqual(
      [messageId, said, replyTo, at],
      ['7', { kind: 'text', text: '42' }, '8', '2026-11-23T02:13:20.000Z'],
    );
    assert.deepEqual(saidBy(message('location', { latitude: '41.01', longitude: '-28.5' })), {
      kind: 'location',
      latitude: 41.01,
      longitude: -28.5,
    });
    assert.deepEqual(saidBy(message('audio', undefined, { errors: [7, { code: '131052' }] })), {
      kind: 'unsupported',
      type: 'audio',
      errorCode: '131052',
    });
  });

  test('with U+0000 in its type is parked alone, with the field’s name', () => {
    const bytes = Buffer.from(
      JSON.stringify(
        notification({ messages: [{ ...head, type: 'te\0xt', text: { body: 'x' } }, head] }),
      ),
    );
    const [nul] = whatsappDeliveries(parseTolerantly(bytes).value);
    assert.deepEqual(nul?.about, { kind: 'nobody', reason: 'bad item: type: not acceptable' });
  });

  test('of a kind we cannot read is parked if nobody can be answered', () => {
    const { from: __from, ...nameless } = head;
    const item = { ...nameless, type: 'order', order: {} };
    const body = notification({ messages: [item] });
    Object.assign(body.entry[0]!.changes[0]!.value, { contacts: undefined });
    const [delivery] = whatsappDeliveries(body);
    assert.equal(delivery?.about.kind, 'nobody');
    assert.match(reasonOf({ ...item, id: undefined }), /^bad item: id/);
    assert.match(reasonOf({ ...item, timestamp: 'today' }), /^bad item: timestamp/);
    assert.match(reasonOf({ ...head, timestamp: '9999999999', type: 'order' }), /timestamp/);
  });

  test('tells which message it answers', () => {
    const replyTo = (context: unknown) =>
      (deliveryOf({ ...textMessage('w'), context }).data as EventData['whatsapp.inbound']).replyTo;
    assert.equal(replyTo({ from: '1', id: 'wamid.0' }), 'wamid.0');
    for (const none of [undefined, null, 'x', {}, { forwarded: true }, { id: {} }]) {
      assert.equal(replyTo(none), undefined);
    }
  });

  test('is from whom it says, or from the one contact beside it', () => {
    const by = (item: object, contacts: unknown) => {
      const body = notification({ messages: [{ ...textMessage('w'), ...item }] });
      Object.assign(body.entry[0]!.changes[0]!.value, { contacts });
      const [delivery] = whatsappDeliveries(body);
      const about = delivery?.about;
      return about?.kind === 'contact' ? [about.userId, about.phone, about.profileName] : null;
    };
    const anna = { wa_id: '491700000001', user_id: 'DE.1', profile: { name: 'Anna' } };
    const ali = { user_id: 'TR.2', profile: { username: 'ali' } };
    assert.deepEqual(by({}, [ali, anna]), ['DE.1', '491700000001', 'Anna']);
    assert.deepEqual(by({ from: undefined, from_user_id: 'TR.2' }, [anna, ali]), [
      'TR.2',
      null,
      null,
    ]);
    assert.deepEqual(by({ from: '5219981112233' }, [{ ...anna, wa_id: '529981112233' }]), [
      'DE.1',
      '5219981112233',
      'Anna',
    ]);
    assert.deepEqual(by({ from: {} }, [{ ...anna, profile: 5 }]), ['DE.1', '491700000001', null]);
    assert.deepEqual(by({}, 'nobody'), [null, '491700000001', null]);
    assert.equal(by({ from: undefined }, [anna, ali]), null);
  });

  test('from what has the form of a user id is from that user, wherever it stands', () => {
    const by = (item: object, contacts: unknown) => {
      const body = notification({ messages: [{ ...textMessage('w'), ...item }] });
      Object.assign(body.entry[0]!.changes[0]!.value, { contacts });
      const about = whatsappDeliveries(body)[0]?.about;
      return about?.kind === 'contact' ? [about.userId, about.phone] : null;
    };
    assert.deepEqual(by({ from: 'EG.123456789012345' }, [{ wa_id: 'EG.123456789012345' }]), [
      'EG.123456789012345',
      null,
    ]);
    assert.deepEqual(by({ from: 'US.ENT.11815799212886844830' }, null), [
      'US.ENT.11815799212886844830',
      null,
    ]);
    assert.deepEqual(by({ from: '' }, [{ user_id: 'EG.1', wa_id: '' }]), ['EG.1', null]);
    assert.equal(by({ from: '' }, []), null);
  });

  test('has a name that is too long cut, and never to half a character', () => {
    const nameIn = (name: unknown) => {
      const body = notification({ messages: [textMessage('w')] });
      const contacts = [{ wa_id: '491700000001', profile: { name } }];
      Object.assign(body.entry[0]!.changes[0]!.value, { contacts });
      const about = whatsappDeliveries(body)[0]?.about;
      return about?.kind === 'contact' ? about.profileName : undefined;
    };
    assert.equal(nameIn('N'.repeat(5_000))?.length, 200);
    assert.ok(nameIn(`${'N'.repeat(199)}😀`)?.isWellFormed());
    assert.equal(nameIn(7), '7');
    assert.equal(nameIn(null), null);
  });
});

suite('A system message of WhatsApp', () => {
  const system = (body: object, more: object = {}) => message('system', body, more);
  const about = { kind: 'contact', account: '555666', profileName: null };

  test('tells that a number is another now', () => {
    const body = { type: 'user_changed_number', wa_id: '4915123456789', body: 'Anna changed' };
    const notice = notification({ messages: [system(body, { id: 'wamid.S' })] });
    Object.assign(notice.entry[0]!.changes[0]!.value, { contacts: undefined });
    const [delivery] = whatsappDeliveries(notice);
    const becomes = { userId: null, phone: '4915123456789' };
    assert.equal(delivery?.type, 'whatsapp.contact');
    assert.deepEqual(delivery.data, {
      messageId: 'wamid.S',
      contact: becomes,
      at: '2026-11-23T02:13:20.000Z',
    });
    assert.deepEqual(delivery.about, { ...about, userId: null, phone: '491700000001', becomes });
    assert.ok(v.is(eventSchemas['whatsapp.contact'], delivery.data));
  });

  test('may name ids beside numbers, or in their place', () => {
    const body = { type: 'user_changed_number', user_id: 'DE.2' };
    const { about: who } = deliveryOf(system(body, { from: undefined, from_user_id: 'DE.1' }));
    const becomes = { userId: 'DE.2', phone: null };
    assert.deepEqual(who, { ...about, userId: 'DE.1', phone: null, becomes });
  });

  test('tells so in each of the provider’s words, of today and of before', () => {
    const changed = (body: object, more: object = {}) => {
      const { type, about: who } = deliveryOf(system(body, more));
      assert.equal(type, 'whatsapp.contact');
      assert.ok(who.kind === 'contact');
      return [who.userId, who.phone, who.becomes?.userId, who.becomes?.phone];
    };
    const [old, now] = ['491700000001', '4915123456789'];
    assert.deepEqual(
      changed({ type: 'customer_changed_number', customer: old, new_wa_id: 4_915_123_456_789 }),
      [null, old, null, now],
    );
    assert.deepEqual(changed({ type: 'customer_changed_number', new_wa_id: now }), [
      null,
      old,
      null,
      now,
    ]);
    assert.deepEqual(
      changed({ type: 'a_word_of_tomorrow', customer: '49170', wa_id: now }, { from: undefined }),
      [null, '49170', null, now],
    );
    const ids = { user_id: 'DE.2', previous_user_id: 'DE.1', parent_user_id: 'DE.ENT.2' };
    assert.deepEqual(changed({ type: 'user_changed_number', wa_id: now, ...ids }), [
      'DE.1',
      old,
      'DE.2',
      now,
    ]);
    // The frame may have the new id already.
    const framed = { from: undefined, from_user_id: 'DE.2' };
    assert.deepEqual(changed({ type: 'user_changed_user_id', ...ids }, framed), [
      'DE.1',
      null,
      'DE.2',
      null,
    ]);
  });

  test('tells that an id is another now', () => {
    const body = { type: 'user_changed_user_id', previous_user_id: 'DE.1', user_id: 'DE.2' };
    const { about: who } = deliveryOf(system(body, { from: undefined }));
    const becomes = { userId: 'DE.2', phone: null };
    assert.deepEqual(who, { ...about, userId: 'DE.1', phone: null, becomes });
  });

  test('that says anything else, or not enough, is parked', () => {
    const changed = { type: 'user_changed_number', wa_id: '4915123456789' };
    const identity = saidBy(system({ type: 'customer_identity_changed', identity: { hash: 'h' } }));
    assert.deepEqual(identity, {
      kind: 'notice',
      type: 'system.customer_identity_changed',
      content: 'system.type: customer_identity_changed\nsystem.identity.hash: h',
    });
    for (const item of [
      system({ ...changed, wa_id: undefined }),
      system({ ...changed, wa_id: [5] }),
      system(changed, { from: undefined }),
      system([]),
      { ...head, type: 'system' },
    ]) {
      assert.match(reasonOf(item), /^bad item: /);
    }
  });
});

suite('Errors of a WhatsApp account', () => {
  const withErrors = (errors: unknown) => {
    const body = notification({ messages: [textMessage('w')] });
    Object.assign(body.entry[0]!.changes[0]!.value, { errors });
    return whatsappDeliveries(body);
  };

  test('are parked for staff, each by itself, beside what was said', () => {
    const errors = [{ code: 131031, title: 'Account locked' }, { code: 'x' }, 7];
    const [said, ...parked] = withErrors(errors);
    assert.equal(said?.type, 'whatsapp.inbound');
    assert.deepEqual(
      parked.map(({ about }) => about.kind === 'nobody' && about.reason),
      ['provider error 131031', 'provider error', 'provider error'],
    );
    assert.deepEqual(parked[0]?.data, {
      providerType: 'whatsapp.errors',
      body: { account: '555666', error: errors[0] },
    });
    assert.equal(new Set(parked.map(({ dedupeKey }) => dedupeKey)).size, 3);
  });

  test('of any form cost nobody a message', () => {
    for (const [errors, count] of [
      [undefined, 1],
      [null, 1],
      [[], 1],
      ['down', 2],
      [{ code: 1 }, 2],
    ] as const) {
      assert.equal(withErrors(errors).length, count);
    }
  });
});
