import assert from 'node:assert/strict';
import { randomBytes, randomUUID } from 'node:crypto';
import { after, before, suite, test } from 'node:test';

import { messageKey } from '../../http/server/pipeline.ts';
import { withServices } from '../support/services.ts';
import { waitUntil } from '../support/wait.ts';
import { traceCollector } from '../system/canary.ts';
import { startOrchestrator, type Orchestrator } from '../system/orchestrator.ts';
import { control } from '../system/phones.ts';
import { staffDesk, type StaffDesk } from '../system/staff-desk.ts';

const account = '555666777888999';
let numbers = 0;
const newPhone = () => `4915${String(70_000_000 + ++numbers).padStart(9, '1')}`;
const newId = () => `wamid.${randomBytes(18).toString('base64')}`;
const newUserId = () => `EG.${randomUUID().replaceAll(/\D/g, '').padEnd(15, '7').slice(0, 15)}`;

interface Sent {
  readonly messageId: string;
  readonly body: string;
  readonly kind: string;
  readonly effectId: string;
}

/** A patient as Meta tells of them: an item's fields, and who stands beside it. */
class Sender {
  at = Math.floor(Date.now() / 1_000) - 600;
  phone: string | null;
  userId: string | null;

  constructor(phone: string | null = newPhone(), userId: string | null = null) {
    this.phone = phone;
    this.userId = userId;
  }

  item(type: string, body: unknown, more: object = {}) {
    this.at += 2;
    return {
      ...(this.phone === null ? {} : { from: this.phone }),
      ...(this.userId === null ? {} : { from_user_id: this.userId }),
      id: newId(),
      timestamp: String(this.at),
      type,
      ...(body === undefined ? {} : { [type]: body }),
      ...more,
    };
  }

  text(body: string, more: object = {}) {
    return this.item('text', { body }, more);
  }

  contacts(more: object = {}) {
    return [
      {
        profile: { name: 'Samira T' },
        ...(this.phone === null ? {} : { wa_id: this.phone }),
        ...(this.userId === null ? {} : { user_id: this.userId }),
        ...more,
      },
    ];
  }
}

const ours = { display_phone_number: '902120000000', phone_number_id: account };
const entryOf = (value: object, field = 'messages', metadata: object | null = ours) => ({
  id: '100200300400500',
  changes: [
    {
      field,
      value: {
        messaging_product: 'whatsapp',
        metadata,
        ...value,
      },
    },
  ],
});
const bodyOf = (...entry: object[]) => ({ object: 'whatsapp_business_account', entry });

/** What each kind of webhook has to lead to, with one process in all its roles and the sandbox as Meta. */
suite('each kind of WhatsApp webhook', { timeout: 300_000 }, () => {
  const services = withServices();
  const parts = new AsyncDisposableStack();
  let system: Orchestrator;
  let desk: StaffDesk;
  before(async () => {
    const traces = parts.use(await traceCollector());
    system = parts.use(await startOrchestrator(services, traces.url));
    desk = staffDesk(system);
  });
  after(() => parts.disposeAsync());

  const post = async (body: object): Promise<Record<string, unknown>> => {
    const answer = await system.whatsapp(JSON.stringify(body));
    assert.equal(answer.status, 200, answer.text);
    return answer.json();
  };
  const said = (sender: Sender, item: object, contacts: unknown = sender.contacts()) =>
    post(bodyOf(entryOf({ messages: [item], contacts })));
  const sentTo = async (address: string) =>
    (await system.messagesTo(address)) as unknown as readonly Sent[];
  const answersTo = async (address: string, count: number) =>
    waitUntil(
      async () => {
        const sent = await sentTo(address);
        return sent.length >= count && sent;
      },
      { what: `${count} answers to ${address}`, timeoutMs: 30_000 },
    );
  /** Until a message has reached its case; which case that is. */
  const caseWith = async (messageId: string): Promise<string> =>
    waitUntil(
      async () => {
        const [found] = await system.query<{ case_id: string }>(
          `select e.case_id from events e
           join audit_entries a on a.subject = e.id::text and a.action = 'transition'
           where e.dedupe_key = $1`,
          [messageKey(messageId)],
        );
        return found?.case_id ?? false;
      },
      { what: 'the message to reach its case', timeoutMs: 30_000 },
    );
  const parked = async (dedupeKey: string): Promise<string | undefined> => {
    const [found] = await system.query<{ reason: string }>(
      'select reason from parked_deliveries where dedupe_key like $1',
      [`${dedupeKey}%`],
    );
    return found?.reason;
  };
  /** Nothing of the case is under way any more. */
  const rested = async (caseId: string) =>
    waitUntil(
      async () => {
        const [row] = await system.query<{ n: number }>(
          `select (select count(*) from pending_events where case_id = $1)::int4
             + (select count(*) from effects where case_id = $1 and settled_at is null)::int4 as n`,
          [caseId],
        );
        return row?.n === 0;
      },
      { what: 'the case to rest', timeoutMs: 30_000 },
    );
  const greeting = /Demo Clinic[^]*STOP/;
  /** Somebody whose first message was greeted with the consent question, and nothing else. */
  async function greeted(sender: Sender, words = 'Hallo') {
    const first = sender.text(words);
    await said(sender, first);
    const address = sender.phone ?? sender.userId ?? '';
    const [question] = await answersTo(address, 1);
    assert.match(question?.body ?? '', greeting);
    const caseId = await caseWith(first.id);
    await rested(caseId);
    return { address, caseId, first, question: question as Sent };
  }
  /** How many answers there are once this message was heard and all came to rest. */
  async function answersAfter(address: string, messageId: string) {
    const caseId = await caseWith(messageId);
    await rested(caseId);
    return { caseId, sent: await sentTo(address) };
  }
  const departDateOf = async (caseId: string): Promise<unknown> => {
    const { trip } = (await desk.get(`/${caseId}`)).json();
    return (trip as { departDate?: unknown } | null)?.departDate;
  };
  const lineWith = async (caseId: string, words: RegExp) =>
    (await desk.conversation(caseId)).find(({ text }) => words.test(text ?? ''));

  for (const [name, more, contactsOf] of [
    ['forwarded', { context: { forwarded: true, frequently_forwarded: true } }, null],
    ['text with errors', { errors: [{ code: 131000 }] }, null],
    ['no contacts', {}, () => null],
    ['a profile that is null', {}, (one: Sender) => [{ profile: null, wa_id: one.phone }]],
    [
      'a name of 6,000',
      {},
      (one: Sender) => one.contacts({ profile: { name: 'x'.repeat(6_000) } }),
    ],
    ['another number beside it', {}, (one: Sender) => one.contacts({ wa_id: `${one.phone}1` })],
  ] as const) {
    test(`first contact, ${name}: greeted once`, async () => {
      const one = new Sender();
      const item = one.text('Guten Tag, was kostet eine neue Zahnreihe?', more);
      await said(one, item, contactsOf === null ? one.contacts() : contactsOf(one));
      const { sent } = await answersAfter(one.phone ?? '', item.id);
      assert.equal(sent.filter(({ body }) => greeting.test(body)).length, 1);
    });
  }

  test('first contact by an advertisement, with an empty text: the greeting alone', async () => {
    const one = new Sender();
    const referral = { source_url: 'https://ads.example/q', source_id: '7', source_type: 'ad' };
    const item = one.text('', { referral });
    await said(one, item);
    const { sent } = await answersAfter(one.phone ?? '', item.id);
    assert.deepEqual(
      sent.map(({ body }) => greeting.test(body)),
      [true],
    );
  });

  test('first contact that nobody can read: the greeting alone', async () => {
    for (const [type, body, more] of [
      ['unsupported', undefined, { errors: [{ code: 131060 }], unsupported: { type: 'hsm' } }],
      ['hologram', { depth: 3 }, {}],
      ['sticker', { id: '5', mime_type: 'image/webp' }, {}],
      ['request_welcome', undefined, {}],
    ] as const) {
      const one = new Sender();
      const item = one.item(type, body, more);
      await said(one, item);
      const { sent } = await answersAfter(one.phone ?? '', item.id);
      assert.deepEqual(
        sent.map((each) => greeting.test(each.body)),
        [true],
        type,
      );
    }
  });

  test('first contact by an advertisement, spoken: as any other voice message', async () => {
    const one = new Sender();
    const audio = { id: '31', mime_type: 'audio/ogg; codecs=opus', voice: true };
    const item = one.item('audio', audio, { referral: { source_type: 'ad', ctwa_clid: 'A' } });
    await said(one, item);
    await answersTo(one.phone ?? '', 1);
    const caseId = await caseWith(item.id);
    const [line] = await desk.conversation(caseId);
    assert.equal(line?.kind, 'audio');
  });

  test('an id where a number is meant is the id, and the same person as the id alone', async () => {
    const userId = newUserId();
    const misplaced = new Sender(userId);
    const first = misplaced.text('Bonjour, je cherche un dentiste');
    await said(misplaced, first);
    await answersTo(userId, 1);
    const alone = new Sender(null, userId);
    alone.at = misplaced.at;
    const second = alone.text('Vous êtes là ?', { from: '' });
    await said(alone, second);
    assert.equal(await caseWith(second.id), await caseWith(first.id));
  });

  suite('of something that is no text', () => {
    const apology = /cannot read|nicht lesen/;
    test('unknown: one polite answer a minute, kept with its code', async () => {
      const one = new Sender();
      const { address, caseId } = await greeted(one);
      const before = (await sentTo(address)).length;
      for (let n = 0; n < 3; n++) {
        const item = one.item('unknown', undefined, { errors: [{ code: 131051, title: 'x' }] });
        await said(one, item);
        await caseWith(item.id);
      }
      await rested(caseId);
      assert.equal((await sentTo(address)).length, before + 1);
      assert.ok(await lineWith(caseId, /131051/));
    });

    test('an order and a form: kept whole, and shown to staff', async () => {
      const one = new Sender();
      const { caseId } = await greeted(one);
      const product = { product_retailer_id: 'ZIRKON-8', quantity: '3', item_price: '410' };
      const order = one.item('order', {
        catalog_id: '5',
        product_items: [product],
        text: 'Wann geht das?',
      });
      await said(one, order);
      const form = one.item('interactive', {
        type: 'nfm_reply',
        nfm_reply: {
          name: 'flow',
          body: 'Sent',
          response_json: '{"flow_token":"t","ankunft":"2027-05-09","begleiter":2}',
        },
      });
      await said(one, form);
      await caseWith(form.id);
      assert.ok(await lineWith(caseId, /Wann geht das\?[^]*ZIRKON-8[^]*quantity: 3/));
      assert.ok(await lineWith(caseId, /ankunft: 2027-05-09[^]*begleiter: 2/));
      assert.equal(await lineWith(caseId, /flow_token/), undefined);
    });

    test('a vote and a permission to call: kept, and no apology', async () => {
      const one = new Sender();
      const { address, caseId } = await greeted(one);
      const before = (await sentTo(address)).length;
      const vote = one.item('poll_update', { option: 'Dienstag' });
      const call = one.item('interactive', {
        type: 'call_permission_reply',
        call_permission_reply: { response: 'reject', response_source: 'user_action' },
      });
      for (const item of [vote, call]) {
        await said(one, item);
        await caseWith(item.id);
      }
      await rested(caseId);
      assert.equal((await sentTo(address)).length, before);
      assert.ok(await lineWith(caseId, /Dienstag/));
      assert.ok(await lineWith(caseId, /call_permission_reply[^]*reject/));
    });

    test('a video note: kept with the id of its file, one polite answer at most', async () => {
      const one = new Sender();
      const { address, caseId } = await greeted(one);
      const before = (await sentTo(address)).length;
      const item = one.item('video_note', { id: '98765', mime_type: 'video/mp4' });
      await said(one, item);
      const { sent } = await answersAfter(address, item.id);
      assert.ok(sent.length <= before + 1);
      assert.ok(await lineWith(caseId, /video_note[^]*98765/));
    });

    test('a photo that Meta lost: asked for again, with the code for staff', async () => {
      const one = new Sender();
      const { address, caseId } = await greeted(one);
      const item = one.item('image', undefined, { errors: [{ code: 131052, title: 'x' }] });
      await said(one, item);
      const { sent } = await answersAfter(address, item.id);
      assert.match(sent.at(-1)?.body ?? '', /noch einmal|send it again/);
      assert.doesNotMatch(sent.at(-1)?.body ?? '', apology);
      assert.ok(await lineWith(caseId, /131052/));
    });
  });

  suite('about an earlier message', () => {
    test('an edit: the new words stand, the old line is marked, and nobody is told we cannot read', async () => {
      const one = new Sender();
      const { address, caseId, first } = await greeted(one, 'Ich fliege am 7. April ab Köln');
      const before = (await sentTo(address)).length;
      const item = one.item('edit', {
        original_message_id: first.id,
        message: { type: 'text', text: { body: 'Ich meine den 17. April' } },
      });
      await said(one, item);
      const { sent } = await answersAfter(address, item.id);
      assert.doesNotMatch(
        sent
          .slice(before)
          .map(({ body }) => body)
          .join(),
        /nicht lesen/,
      );
      const lines = await desk.conversation(caseId);
      assert.ok(lines.some(({ kind, text }) => kind === 'edit' && text?.includes('17. April')));
      const answer = await desk.get(`/${caseId}/conversation`);
      assert.match(answer.text, /"change":"edited"/);
      assert.equal(await departDateOf(caseId), '2027-04-17');
    });

    test('an edit without its words: staff see that there was one', async () => {
      const one = new Sender();
      const { address, caseId } = await greeted(one, 'Ich fliege am 7. April ab Köln');
      const before = (await sentTo(address)).length;
      const item = one.item('unsupported', undefined, {
        errors: [{ code: 131051 }],
        unsupported: { type: 'edit' },
      });
      await said(one, item);
      const { sent } = await answersAfter(address, item.id);
      assert.doesNotMatch(
        sent
          .slice(before)
          .map(({ body }) => body)
          .join(),
        /nicht lesen/,
      );
      assert.ok(
        (await desk.conversation(caseId)).some(({ kind, text }) => kind === 'edit' && !text),
      );
    });

    test('a message taken back: no answer, and its words are shown to nobody', async () => {
      const one = new Sender();
      const { address, caseId } = await greeted(one);
      const secret = one.text('Mein Chef darf das nicht wissen');
      await said(one, secret);
      await answersAfter(address, secret.id);
      const before = (await sentTo(address)).length;
      const item = one.item('revoke', { original_message_id: secret.id });
      await said(one, item);
      const { sent } = await answersAfter(address, item.id);
      assert.equal(sent.length, before);
      const answer = await desk.get(`/${caseId}/conversation`);
      assert.match(answer.text, /"change":"revoked"/);
      assert.doesNotMatch(answer.text, /Chef/);
    });
  });

  suite('in which somebody is another number or id', () => {
    /** The last message is in the case of the first, and nobody was greeted twice. */
    async function sameCase(
      addresses: readonly string[],
      first: { id: string },
      last: { id: string },
    ) {
      const caseId = await caseWith(first.id);
      assert.equal(await caseWith(last.id), caseId);
      await rested(caseId);
      const all = new Map<string, Sent>();
      for (const address of addresses)
        for (const one of await sentTo(address)) all.set(one.messageId, one);
      const questions = [...all.values()].filter(({ body }) =>
        /Hallo, hier ist|Hello, this is|مرحبا/.test(body),
      );
      assert.ok(questions.length <= 1, 'greeted twice');
    }

    test('user_changed_number and its older names', async () => {
      for (const change of [
        (to: string) => ({ type: 'user_changed_number', wa_id: to, body: 'changed' }),
        (to: string, from: string) => ({
          type: 'customer_changed_number',
          customer: from,
          new_wa_id: Number(to),
        }),
        (to: string) => ({ type: 'customer_changed_number', new_wa_id: to }),
      ]) {
        const one = new Sender();
        const { first, address } = await greeted(one);
        const next = newPhone();
        const news = one.item('system', change(next, address));
        await said(one, news, undefined);
        await caseWith(news.id);
        one.phone = next;
        const last = one.text('Neue Nummer, gleiche Nase');
        await said(one, last);
        await sameCase([address, next], first, last);
      }
    });

    test('user_changed_user_id, and what resellers make of it', async () => {
      const one = new Sender(null, newUserId());
      const { first, address } = await greeted(one);
      const next = newUserId();
      const system = { type: 'user_changed_user_id', previous_user_id: one.userId, user_id: next };
      await said(one, one.item('system', system), undefined);
      one.userId = next;
      const last = one.text('Ich bin noch da');
      await said(one, last);
      await sameCase([address, next], first, last);

      const other = new Sender(newPhone(), newUserId());
      const begun = await greeted(other);
      const other2 = newUserId();
      const update = {
        wa_id: other.phone,
        user_id: { previous: other.userId, current: other2 },
        timestamp: String(other.at + 1),
      };
      await post(bodyOf(entryOf({ user_id_update: [update] }, 'user_id_update')));
      other.userId = other2;
      const again = other.text('Und ich auch');
      await said(other, again);
      await sameCase([begun.address, other2], begun.first, again);
    });

    test('an id seen first beside the number, or first in a receipt', async () => {
      const one = new Sender();
      const { first, address } = await greeted(one);
      const userId = newUserId();
      one.userId = userId;
      await said(one, one.text('jetzt mit Namen'));
      const idOnly = new Sender(null, userId);
      idOnly.at = one.at;
      const last = idOnly.text('und nur noch der Name');
      await said(idOnly, last);
      await sameCase([address, userId], first, last);

      const other = new Sender();
      const begun = await greeted(other);
      const otherId = newUserId();
      const status = {
        id: begun.question.messageId,
        status: 'played',
        timestamp: String(other.at + 1),
        recipient_id: other.phone,
        recipient_user_id: otherId,
        biz_opaque_callback_data: begun.question.effectId,
      };
      await post(bodyOf(entryOf({ statuses: [status] })));
      const named = new Sender(null, otherId);
      named.at = other.at + 2;
      const again = named.text('ich schon wieder');
      await said(named, again);
      await sameCase([begun.address, otherId], begun.first, again);
    });

    test('the number of somebody else: nobody’s case is taken, staff look', async () => {
      const [one, other] = [new Sender(), new Sender()];
      const mine = await greeted(one);
      const theirs = await greeted(other);
      one.at = Math.floor(Date.now() / 1_000) + 2;
      const news = one.item('system', { type: 'user_changed_number', wa_id: other.phone });
      await said(one, news, undefined);
      assert.equal(await parked(messageKey(news.id)), 'number_or_id_of_another_contact');
      other.at = one.at;
      const last = other.text('Was kostet das?');
      await said(other, last);
      assert.equal(await caseWith(last.id), theirs.caseId);
      const still = one.text('Hallo?');
      await said(one, still);
      assert.equal(await caseWith(still.id), mine.caseId);
    });
  });

  suite('that is odd beside a good message', () => {
    for (const [name, odd] of [
      [
        'a change without metadata',
        () =>
          entryOf(
            { statuses: [{ id: newId(), status: 'sent', timestamp: '1796062604' }] },
            'messages',
            null,
          ),
      ],
      [
        'messages that are no list',
        () => entryOf({ messages: { from: newPhone(), id: newId(), type: 'text' } }),
      ],
      [
        'an account update of null',
        () => ({
          id: '1',
          time: 1_796_062_604,
          changes: [{ field: 'account_update', value: null }],
        }),
      ],
      [
        'a status of nobody’s message',
        () =>
          entryOf({
            statuses: [
              { id: newId(), status: 'delivered', timestamp: '1796062604', recipient_id: '49151' },
            ],
          }),
      ],
    ] as const) {
      test(`${name}: the good one is answered, the odd one parked`, async () => {
        const one = new Sender();
        const item = one.text('Guten Abend, ich brauche neue Zähne');
        const answer = await post(
          bodyOf(entryOf({ messages: [item], contacts: one.contacts() }), odd()),
        );
        assert.deepEqual(answer, { stored: 1, parked: 1 });
        await answersTo(one.phone ?? '', 1);
      });
    }

    test('alone: parked with the reason, and nobody is answered', async () => {
      const one = new Sender();
      const foreign = { display_phone_number: '1', phone_number_id: '998' };
      const category = { message_template_id: 4, new_category: 'MARKETING' };
      for (const entry of [
        entryOf({ messages: [one.text('Hallo')] }, 'messages', foreign),
        entryOf({
          contacts: [{ wa_id: one.phone, user_id: newUserId() }],
          statuses: [
            { id: newId(), status: 'read', timestamp: '1796062604', recipient_id: one.phone },
          ],
        }),
        entryOf(category, 'template_category_update'),
        entryOf({ messages: [one.text('Hallo', { group_id: 'G1' })] }),
      ])
        assert.deepEqual(await post(bodyOf(entry)), { parked: 1 });
      assert.deepEqual(await sentTo(one.phone ?? ''), []);
    });
  });

  test('a failure without our echo is found by the message’s id', async () => {
    const one = new Sender();
    await control(system.sandbox, 'whatsapp/statuses', { of: one.phone, count: 1, withheld: true });
    const { caseId, question } = await greeted(one);
    await desk.messageIs(caseId, question.effectId, 'sent');
    const status = {
      id: question.messageId,
      status: 'failed',
      timestamp: String(one.at + 1),
      recipient_id: one.phone,
      errors: [{ code: 131026, title: 'Message undeliverable' }],
    };
    assert.deepEqual(await post(bodyOf(entryOf({ statuses: [status] }))), { stored: 1 });
    await desk.messageIs(caseId, question.effectId, 'failed', '131026');
  });

  test('the same message again with more in it is a duplicate', async () => {
    const one = new Sender();
    const item = one.text('Hallo, was kostet ein Lifting?');
    assert.deepEqual(await said(one, item), { stored: 1 });
    one.userId = newUserId();
    const again = { ...item, from_user_id: one.userId, context: { forwarded: true } };
    assert.deepEqual(await said(one, again), { duplicate: 1 });
    const [conflicts] = await system.query<{ n: number }>(
      `select count(*)::int4 as n from event_conflicts c join events e on e.id = c.event_id where e.dedupe_key = $1`,
      [messageKey(item.id)],
    );
    assert.equal(conflicts?.n, 0);
  });

  test('a stop in WhatsApp’s own menu is a stop', async () => {
    const one = new Sender();
    const { caseId } = await greeted(one);
    const stop = { wa_id: one.phone, category: 'marketing_messages', value: 'stop' };
    const entry = entryOf(
      { user_preferences: [{ ...stop, timestamp: one.at + 2 }] },
      'user_preferences',
    );
    assert.deepEqual(await post(bodyOf(entry)), { stored: 1 });
    await desk.caseIs(caseId, 'withdrawn', ({ tags }) => tags.includes('consent-withdrawn'));
    const stranger = { ...stop, wa_id: newPhone(), timestamp: one.at };
    assert.deepEqual(
      await post(bodyOf(entryOf({ user_preferences: [stranger] }, 'user_preferences'))),
      { parked: 1 },
    );
  });

  test('a colleague’s answer on the telephone is shown to staff', async () => {
    const one = new Sender();
    const { caseId, address } = await greeted(one);
    const echo = {
      ...one.text('Wir rufen Sie gleich zurück'),
      from: '902120000000',
      to: address,
    };
    assert.deepEqual(
      await post(bodyOf(entryOf({ message_echoes: [echo] }, 'smb_message_echoes'))),
      { stored: 1 },
    );
    await caseWith(echo.id);
    const line = await lineWith(caseId, /Wir rufen/);
    assert.equal(line?.from, 'us');
  });

  test('a long text is kept: staff can read the rest', async () => {
    const one = new Sender();
    const { caseId } = await greeted(one);
    const item = one.text(`${'Das ist lang. '.repeat(3_000)}Und das ist das Ende.`);
    await said(one, item);
    await caseWith(item.id);
    assert.ok(await lineWith(caseId, /Und das ist das Ende\.$/));
  });
});
