import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { suite, test } from 'node:test';

import { createIntake, type IntakeOptions } from '../../actors/intake.ts';
import type { Sending } from '../../actors/kernel/kernel.ts';
import { mask } from '../../actors/masking/mask.ts';
import type {
  ContactCase,
  ContactChange,
  ContactKey,
  Directory,
  FamilyCase,
  MessageClue,
  PaidBooking,
  PaymentKey,
  Unplaced,
} from '../../actors/ports/directory.ts';
import { IntakeUnavailable, type Delivery } from '../../actors/ports/intake.ts';
import type { Receipts, ReceiptWord } from '../../actors/ports/receipts.ts';

type Word = Parameters<IntakeOptions['kernel']['resolveAll']>[0][number];

const account = '100000000000001';
const phone = '491700000001';

/** The ports' contracts in memory: who is known by number, what was sent and parked, and in which order things came. */
function memoryWorld(more: Partial<IntakeOptions> = {}) {
  const contacts = new Map<string, ContactCase>();
  const opened = new Map<string, string>([['case-open', 'clinic']]);
  const bodies = new Map<string, string>();
  const world = {
    sendings: [] as Sending[],
    words: [] as Word[],
    parked: [] as Unplaced[],
    lookups: [] as number[],
    /** Whose payments are known, and which were asked for at once. */
    bookings: new Map<string, PaidBooking>(),
    payments: [] as (readonly PaymentKey[])[],
    order: [] as string[],
    /** Cases that are gone by the time the ledger looks. */
    gone: new Set<string>(),
    contacts,
    changes: [] as ContactChange[],
    receipts: [] as ReceiptWord[],
    openedCases: (...caseIds: string[]) => {
      for (const caseId of caseIds) opened.set(caseId, 'clinic');
    },
    /** Cases by contact, of those that have several; the cases that sent our messages; what was asked and noted. */
    families: new Map<string, readonly FamilyCase[]>(),
    answered: new Map<string, string>(),
    clues: [] as MessageClue[],
    heard: [] as string[],
    /** The new number of a change that is refused. */
    takenNumber: null as string | null,
    learned: [] as ContactKey[],
    /** Effects by the ids of the messages they sent. */
    sent: new Map<string, string>(),
    fault: null as
      | null
      | 'casesOf'
      | 'change'
      | 'tenantsOf'
      | 'bookingsOf'
      | 'park'
      | 'sendAll'
      | 'resolveAll'
      | 'advance'
      | 'learn'
      | 'effectsOf',
  };
  const broken = new TypeError('a bug, or a broken connection');
  function enter(what: NonNullable<typeof world.fault>): void {
    world.order.push(what);
    if (world.fault === what) throw broken;
  }
  /** As the ledger's and the directory's dedupe keys. */
  function kept<T extends string>(key: string, body: string, first: T) {
    const seen = bodies.get(key);
    if (seen !== undefined) return seen === body ? ('duplicate' as const) : ('conflict' as const);
    bodies.set(key, body);
    return first;
  }
  const directory: Directory = {
    async casesOf(keys: readonly ContactKey[]) {
      enter('casesOf');
      world.lookups.push(keys.length);
      return keys.map((key) => {
        if (key.account !== account) return null;
        const who = key.userId ?? key.phone ?? '';
        const known = contacts.get(who);
        if (known) return { ...known, opened: opened.has(known.caseId) };
        const newcomer = {
          tenant: 'clinic',
          tenantName: 'Klinik Şifa',
          caseId: `case-of-${who}`,
          opened: false,
        };
        contacts.set(who, newcomer);
        return newcomer;
      });
    },
    async change(changes) {
      enter('change');
      for (const change of changes) {
        world.changes.push(change);
        const known = contacts.get(change.from.phone ?? '');
        if (!known || !change.to.phone || change.to.phone === world.takenNumber) continue;
        contacts.delete(change.from.phone ?? '');
        contacts.set(change.to.phone, known);
      }
      return changes.filter(({ to }) => to.phone === world.takenNumber);
    },
    async learn(shown) {
      enter('learn');
      world.learned.push(...shown);
    },
    async familiesOf(contactIds) {
      return new Map(
        contactIds.flatMap((id) => {
          const family = world.families.get(id);
          return family === undefined ? [] : [[id, { cases: family, now: 1_000_000 }] as const];
        }),
      );
    },
    async casesNamed(clues) {
      world.clues.push(...clues);
      return clues.map(({ answers }) => world.answered.get(answers ?? '') ?? null);
    },
    async heard(caseIds) {
      world.heard.push(...caseIds);
    },
    async tenantsOf(caseIds) {
      enter('tenantsOf');
      return new Map([...opened].filter(([caseId]) => caseIds.includes(caseId)));
    },
    async bookingsOf(payments) {
      enter('bookingsOf');
      world.payments.push(payments);
      return payments.map(
        ({ provider, paymentId }) => world.bookings.get(`${provider} ${paymentId}`) ?? null,
      );
    },
    async park(unplaced) {
      enter('park');
      return unplaced.map((one) => {
        const outcome = kept(`parked ${one.source} ${one.dedupeKey}`, one.body, 'parked');
        if (outcome === 'parked') world.parked.push(one);
        return outcome;
      });
    },
  };
  const kernel: IntakeOptions['kernel'] = {
    async sendAll(sendings) {
      enter('sendAll');
      return sendings.map((sending) => {
        if (world.gone.has(sending.caseId)) return 'no-case' as const;
        if (!opened.has(sending.caseId) && !sending.create) return 'no-case' as const;
        const key = `${sending.source} ${sending.dedupeKey}`;
        const outcome = kept(key, JSON.stringify(sending.sameness ?? sending.event), 'stored');
        if (outcome !== 'stored') return outcome;
        opened.set(sending.caseId, sending.tenant);
        world.sendings.push(sending);
        return outcome;
      });
    },
    async resolveAll(words) {
      enter('resolveAll');
      world.words.push(...words);
    },
  };
  const receipts: Receipts = {
    async advance(words) {
      enter('advance');
      world.receipts.push(...words);
    },
    async note() {},
    async effectsOf(messageIds) {
      enter('effectsOf');
      return messageIds.map((id) => world.sent.get(id) ?? null);
    },
  };
  const languageOf = (text: string) => (text.startsWith('Merhaba') ? 'tr' : null);
  const options = { kernel, directory, receipts, languageOf, machine: 'case', ...more };
  return { world, broken, intake: createIntake(options) };
}

/** A message's data around what was said. */
const heard = (message: object, lang: string | null = null) => ({
  messageId: 'wamid.said',
  message,
  lang,
  at: '2026-11-23T10:00:00Z',
  from: { userId: null, phone },
  profileName: null,
});
/** What Stripe says of a payment of ours. */
const notified = (bookingId: string) => ({
  provider: 'stripe',
  notice: 'paid',
  bookingId,
  checkoutId: null,
  paymentId: null,
  at: '2026-11-23T10:00:00Z',
});
const said = (text: string, more: Partial<Delivery> = {}): Delivery => ({
  source: 'whatsapp',
  dedupeKey: randomUUID(),
  type: 'whatsapp.inbound',
  data: heard({ kind: 'text', text }),
  about: { kind: 'contact', account, userId: null, phone, profileName: null },
  ...more,
});
const byPhone = (from: string | null): Delivery['about'] => ({
  kind: 'contact',
  account,
  userId: from === null ? 'DE.1' : null,
  phone: from,
  profileName: 'Anna',
});
const status = (
  effectId: string,
  word: 'sent' | 'delivered' | 'read' | 'failed',
  errorCode: string | null = null,
): Delivery => ({
  source: 'whatsapp',
  dedupeKey: `wamid.1:${word}`,
  type: 'whatsapp.status',
  data: { messageId: 'wamid.1', effectId, status: word, errorCode, at: '2026-11-23T10:00:00Z' },
  about: { kind: 'effect', effectId },
});
const paid = (caseId: string, more: Partial<Delivery> = {}): Delivery => ({
  source: 'stripe',
  dedupeKey: randomUUID(),
  type: 'payment.notified',
  data: notified('booking-1'),
  about: { kind: 'case', caseId },
  ...more,
});

/** A payment that the provider names by its own id. */
const refunded = (paymentId: string, more: Partial<Delivery> = {}): Delivery => ({
  source: 'stripe',
  dedupeKey: randomUUID(),
  type: 'payment.notified',
  data: { ...notified(''), notice: 'refund', bookingId: null, paymentId },
  about: { kind: 'payment', provider: 'stripe', paymentId },
  ...more,
});

/** The provider says that a number is another now. */
const moved = (from: string, to: string): Delivery => ({
  source: 'whatsapp',
  dedupeKey: randomUUID(),
  type: 'whatsapp.contact',
  data: {
    messageId: 'wamid.moved',
    contact: { userId: null, phone: to },
    at: '2026-11-23T10:00:00Z',
  },
  about: {
    kind: 'contact',
    account,
    userId: null,
    phone: from,
    profileName: null,
    becomes: { userId: null, phone: to },
  },
});

suite('the intake', () => {
  test('answers a mixed batch in its order', async () => {
    const { world, intake } = memoryWorld();
    const again = said('hello');
    assert.deepEqual(await intake.receive([again]), [{ outcome: 'stored' }]);
    const batch: Delivery[] = [
      paid('case-nowhere'),
      said('how are you?'),
      { ...said('?'), type: 'unknown', data: { providerType: 'whatsapp.poke', body: 1 } },
      again,
      paid('case-open'),
      { ...again, data: said('other words').data },
      said('hi', { about: { ...byPhone(phone), account: '999' } as Delivery['about'] }),
      status('case-open.3.0', 'read'),
      { ...paid(''), about: { kind: 'nobody', reason: 'no booking' }, data: undefined },
      status('case-nowhere.3.0', 'read'),
    ];
    const receipts = await intake.receive(batch);
    assert.deepEqual(
      receipts.map(({ outcome }) => outcome),
      [
        'parked',
        'stored',
        'parked',
        'duplicate',
        'stored',
        'conflict',
        'parked',
        'stored',
        'parked',
        'parked',
      ],
    );
    assert.deepEqual(
      Object.fromEntries(world.parked.map(({ dedupeKey, reason }) => [dedupeKey, reason])),
      {
        [batch[0]?.dedupeKey ?? '']: 'no_such_case',
        [batch[2]?.dedupeKey ?? '']: 'unknown_type',
        [batch[6]?.dedupeKey ?? '']: 'unknown_account_or_sender',
        [batch[8]?.dedupeKey ?? '']: 'no booking',
        [batch[9]?.dedupeKey ?? '']: 'no_such_case',
      },
    );
    assert.equal(world.parked.find(({ reason }) => reason === 'no booking')?.body, 'null');
  });

  test('finds a status without our echo by its message, and parks one of a message that nobody noted', async () => {
    const { world, intake } = memoryWorld();
    world.sent.set('wamid.ours', 'case-open.3.0');
    const unechoed = (messageId: string): Delivery => {
      const { data, ...failed } = status('', 'failed', '131026');
      return {
        ...failed,
        dedupeKey: `${messageId}:failed`,
        data: { ...(data as object), messageId, effectId: null },
        about: { kind: 'message', messageId },
      };
    };
    assert.deepEqual(await intake.receive([unechoed('wamid.ours'), unechoed('wamid.theirs')]), [
      { outcome: 'stored' },
      { outcome: 'parked' },
    ]);
    const [sending] = world.sendings;
    assert.deepEqual(
      [sending?.caseId, sending?.event?.['effectId']],
      ['case-open', 'case-open.3.0'],
    );
    assert.deepEqual(
      world.receipts.map(({ effectId, errorCode }) => [effectId, errorCode]),
      [['case-open.3.0', '131026']],
    );
    assert.equal(world.parked[0]?.reason, 'status of a message we did not send');
  });

  test('learns from receipts whose id belongs to which number, before anything is placed', async () => {
    const { world, intake } = memoryWorld();
    const recipient = { account, userId: 'DE.7', phone };
    const read = { ...status('case-open.3.0', 'read') };
    await intake.receive([
      said('hi'),
      { ...read, about: { kind: 'effect', effectId: 'case-open.3.0', recipient } },
    ]);
    assert.deepEqual(world.learned, [recipient]);
    assert.ok(world.order.indexOf('learn') < world.order.indexOf('casesOf'));
  });

  test('parks a change to the number of somebody else', async () => {
    const { world, intake } = memoryWorld();
    await intake.receive([said('hello')]);
    world.takenNumber = '491709999999';
    const taken = moved(phone, world.takenNumber);
    assert.deepEqual(await intake.receive([taken, moved(phone, '491708888888')]), [
      { outcome: 'parked' },
      { outcome: 'stored' },
    ]);
    assert.equal(world.parked[0]?.reason, 'number_or_id_of_another_contact');
  });

  test('takes the same message with more in it for the same, and other words under its key for a conflict', async () => {
    const { intake } = memoryWorld();
    const first = said('Hallo');
    const more = { ...heard({ kind: 'text', text: 'Hallo' }), profileName: 'Anna', replyTo: 'w' };
    const words = heard({ kind: 'text', text: 'Tschüss' });
    assert.deepEqual(await intake.receive([first, { ...first, data: more }]), [
      { outcome: 'stored' },
      { outcome: 'duplicate' },
    ]);
    assert.deepEqual(await intake.receive([{ ...first, data: words }]), [{ outcome: 'conflict' }]);
  });

  test('begins a case with the new words of somebody’s first message, and none with what is nobody’s word', async () => {
    const { world, intake } = memoryWorld();
    const edited = (message: object | null): Partial<Delivery> => ({
      type: 'whatsapp.edited',
      data: { ...heard({}), message, originalMessageId: 'wamid.0' },
    });
    const words = { kind: 'text', text: 'Merhaba, yarın' };
    assert.deepEqual(await intake.receive([said('', edited(words))]), [{ outcome: 'stored' }]);
    const [begun] = world.sendings;
    assert.deepEqual(
      [begun?.event?.type, begun?.event?.['message'], begun?.event?.['lang']],
      ['whatsapp.inbound', words, 'tr'],
    );
    assert.deepEqual(await intake.receive([said('', edited(words))]), [{ outcome: 'stored' }]);
    assert.equal(world.sendings.at(-1)?.event?.type, 'whatsapp.edited');
    const stranger = { ...byPhone('491700000777'), opens: false } as Delivery['about'];
    assert.deepEqual(await intake.receive([said('STOP', { about: stranger })]), [
      { outcome: 'parked' },
    ]);
  });

  test('finds the bookings of payments that a batch names, at once, and fills them in', async () => {
    const { world, intake } = memoryWorld();
    const booking = { tenant: 'clinic', caseId: 'case-open', bookingId: 'case-open-b1' };
    world.bookings.set('stripe pi_1', booking);
    const [known, strange, odd] = [
      refunded('pi_1'),
      refunded('pi_2'),
      refunded('pi_1', { type: 'unknown' }),
    ];
    assert.deepEqual(await intake.receive([known, said('hello'), strange, odd, known]), [
      { outcome: 'stored' },
      { outcome: 'stored' },
      { outcome: 'parked' },
      { outcome: 'parked' },
      { outcome: 'duplicate' },
    ]);
    assert.deepEqual(
      world.payments.map((keys) => keys.map(({ paymentId }) => paymentId)),
      [['pi_1', 'pi_2', 'pi_1']],
    );
    const { tenant, caseId, event } = world.sendings[0] ?? {};
    assert.deepEqual([tenant, caseId], ['clinic', 'case-open']);
    assert.deepEqual(event, {
      ...(known.data as object),
      bookingId: 'case-open-b1',
      type: known.type,
    });
    assert.deepEqual(
      world.parked.map(({ dedupeKey, reason, body }) => [dedupeKey, reason, body]),
      [
        [strange.dedupeKey, 'unknown_payment', JSON.stringify(strange.data)],
        [odd.dedupeKey, 'unknown_type', JSON.stringify(odd.data)],
      ],
    );
  });

  test('parks a payment whose case is erased meanwhile', async () => {
    const { world, intake } = memoryWorld();
    const booking = { tenant: 'clinic', caseId: 'case-open', bookingId: 'case-open-b1' };
    world.bookings.set('stripe pi_1', booking);
    world.gone.add('case-open');
    assert.deepEqual(await intake.receive([refunded('pi_1')]), [{ outcome: 'parked' }]);
    assert.equal(world.parked[0]?.reason, 'no_such_case');
  });

  test('parks alone what no database can hold, with the field’s name, and keeps the rest', async () => {
    const { world, intake } = memoryWorld();
    const wrong: Delivery[] = [
      said('a', { dedupeKey: 'x\0' }),
      said('b', { traceparent: '\0' }),
      said('c', { about: byPhone('49\0') }),
      said('d', { about: { kind: 'case', caseId: 'case\0' } }),
      said('e', { about: { kind: 'effect', effectId: 'case\0.1.0' } }),
      said('f', { about: { kind: 'payment', provider: 'stripe', paymentId: 'pi\0' } }),
      said('g', { type: 'whatsapp.in\0bound' }),
    ];
    const answers = await intake.receive([said('first'), ...wrong, said('last')]);
    const outcomes = answers.map(({ outcome }) => outcome);
    assert.deepEqual(outcomes, ['stored', ...wrong.map(() => 'parked'), 'stored']);
    const fields = ['dedupeKey', 'traceparent', 'phone', 'caseId', 'effectId', 'paymentId', 'type'];
    assert.deepEqual(
      world.parked.map(({ reason }) => reason),
      fields.map((field) => `${field} has a U+0000`),
    );
    for (const { source, dedupeKey, type, reason } of world.parked) {
      assert.ok(![source, dedupeKey, type, reason].join('').includes('\0'));
    }
  });

  test('answers an empty batch', async () => {
    const { world, intake } = memoryWorld();
    assert.deepEqual(await intake.receive([]), []);
    assert.deepEqual(world.lookups, []);
  });

  test('sends an event to its case, with its trace', async () => {
    const { world, intake } = memoryWorld();
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    const delivery = paid('case-open', { traceparent, data: { type: 'forged', ...notified('b') } });
    await intake.receive([delivery]);
    assert.deepEqual(world.sendings, [
      {
        tenant: 'clinic',
        caseId: 'case-open',
        source: 'stripe',
        dedupeKey: delivery.dedupeKey,
        event: { type: 'payment.notified', ...notified('b') },
        traceparent,
      },
    ]);
  });

  test('has a newcomer’s case opened, until it is', async () => {
    const { world, intake } = memoryWorld();
    await intake.receive([said('hello'), said('anybody there?')]);
    await intake.receive([said('hello?')]);
    const input = {
      tenant: 'clinic',
      tenantName: 'Klinik Şifa',
      caseId: `case-of-${phone}`,
      contact: { userId: null, phone },
      lang: 'de',
    };
    assert.deepEqual(
      world.sendings.map(({ caseId, create }) => [caseId, create]),
      [
        [input.caseId, { machine: 'case', input }],
        [input.caseId, { machine: 'case', input }],
        [input.caseId, undefined],
      ],
    );
    assert.deepEqual(world.sendings[0]?.event, {
      type: 'whatsapp.inbound',
      ...heard({ kind: 'text', text: 'hello' }),
    });
  });

  test('tells the platform’s other services of a message, masked or not at all', async () => {
    const words = 'Merhaba, ben Ayşe Yılmaz, numaram +90 532 111 22 33';
    const image = { kind: 'image', mediaId: '1', contentType: 'image/jpeg', sha256: null };
    for (const message of ['masked', 'omitted'] as const) {
      const { world, intake } = memoryWorld({ outward: { mask, message } });
      await intake.receive([
        said(words),
        said('', { data: heard(image, 'tr') }),
        paid('case-open'),
        said('', { data: { message: { kind: 'text' } } }),
      ]);
      const caseId = `case-of-${phone}`;
      const told = (text: string) => (message === 'masked' ? { message: text } : {});
      assert.deepEqual(
        world.sendings.map(({ publication }) => publication?.data),
        [
          { caseId, ...told('Merhaba, ben [NAME], numaram [PHONE]'), lang: 'tr' },
          { caseId, ...told('[image]'), lang: 'tr' },
          undefined,
        ],
      );
    }
  });

  test('parks again what came again, once', async () => {
    const { world, intake } = memoryWorld();
    const lost = paid('case-nowhere');
    assert.deepEqual(await intake.receive([lost]), [{ outcome: 'parked' }]);
    assert.deepEqual(await intake.receive([lost, { ...lost, data: notified('another') }]), [
      { outcome: 'duplicate' },
      { outcome: 'conflict' },
    ]);
    assert.equal(world.parked.length, 1);
  });

  test('parks what belongs to a case that is erased meanwhile', async () => {
    const { world, intake } = memoryWorld();
    world.gone.add('case-open');
    const [lost, kept] = [paid('case-open'), said('hello')];
    assert.deepEqual(await intake.receive([lost, kept]), [
      { outcome: 'parked' },
      { outcome: 'stored' },
    ]);
    assert.deepEqual(
      world.parked.map(({ dedupeKey, reason, body }) => [dedupeKey, reason, body]),
      [[lost.dedupeKey, 'no_such_case', JSON.stringify(lost.data)]],
    );
  });

  test('settles effects by their status before it stores the event', async () => {
    const { world, intake } = memoryWorld();
    await intake.receive([
      status('case-open.1.0', 'delivered'),
      status('case-open.2.0', 'failed', '131047'),
      status('case-nowhere.3.0', 'failed'),
    ]);
    const failed = { name: 'MessageFailed', message: 'The provider could not deliver it' };
    assert.deepEqual(world.words, [
      {
        effectId: 'case-open.1.0',
        ok: true,
        value: { messageId: 'wamid.1', at: '2026-11-23T10:00:00Z' },
      },
      { effectId: 'case-open.2.0', ok: false, value: { ...failed, code: '131047' } },
      { effectId: 'case-nowhere.3.0', ok: false, value: { ...failed, code: 'failed' } },
    ]);
    assert.deepEqual(world.order, ['resolveAll', 'advance', 'tenantsOf', 'sendAll', 'park']);
    assert.equal(world.sendings[0]?.event?.['errorCode'], null);
  });

  test('settles an effect of which one batch says two things by the first', async () => {
    const { world, intake } = memoryWorld();
    const receipts = await intake.receive([
      status('case-open.1.0', 'sent'),
      status('case-open.2.0', 'read'),
      status('case-open.1.0', 'failed', '131047'),
    ]);
    assert.deepEqual(
      world.words.map(({ effectId, ok }) => [effectId, ok]),
      [
        ['case-open.1.0', true],
        ['case-open.2.0', true],
      ],
    );
    assert.ok(receipts.every(({ outcome }) => outcome === 'stored'));
  });

  test('hands every word of a batch on how far messages got, before the events are stored', async () => {
    const { world, intake } = memoryWorld();
    const words = ['sent', 'failed', 'read'] as const;
    await intake.receive(words.map((word) => status('case-open.1.0', word)));
    assert.deepEqual(
      world.receipts.map(({ effectId, status: word, at }) => [effectId, word, at]),
      words.map((word) => ['case-open.1.0', word, '2026-11-23T10:00:00Z']),
    );
    assert.ok(world.order.indexOf('advance') < world.order.indexOf('sendAll'));
    await intake.receive([said('hello')]);
    assert.equal(world.order.filter((what) => what === 'advance').length, 1, 'nothing to say');
  });

  test('makes a change of number between what was said before it and after it', async () => {
    const { world, intake } = memoryWorld();
    const next = '4915123456789';
    const receipts = await intake.receive([
      said('from the old number'),
      moved(phone, next),
      said('from the new number', { about: byPhone(next) }),
    ]);
    assert.ok(receipts.every(({ outcome }) => outcome === 'stored'));
    const caseId = `case-of-${phone}`;
    assert.deepEqual(
      world.sendings.map((sending) => [sending.caseId, sending.event?.type]),
      [
        [caseId, 'whatsapp.inbound'],
        [caseId, 'whatsapp.contact'],
        [caseId, 'whatsapp.inbound'],
      ],
    );
    assert.deepEqual(world.changes, [
      {
        account,
        from: { userId: null, phone },
        to: { userId: null, phone: next },
        at: '2026-11-23T10:00:00Z',
      },
    ]);
  });

  test('looks a contact with an id up by it after a change, and makes changes that follow one another at once', async () => {
    const { world, intake } = memoryWorld();
    await intake.receive([said('hello', { about: byPhone(null) })]);
    const change = moved(phone, '4915123456789');
    const withId = { ...change, about: { ...change.about, userId: 'DE.1' } as Delivery['about'] };
    await intake.receive([withId, moved('4915100000001', '4915100000002')]);
    assert.equal(world.order.filter((what) => what === 'change').length, 1);
    assert.deepEqual(
      world.sendings.map(({ caseId }) => caseId),
      ['case-of-DE.1', 'case-of-DE.1'],
    );
  });

  test('opens no case for a change of number of somebody it does not know', async () => {
    const { world, intake } = memoryWorld();
    assert.deepEqual(await intake.receive([moved(phone, '4915123456789')]), [
      { outcome: 'parked' },
    ]);
    assert.equal(world.parked[0]?.reason, 'no_such_case');
  });

  test('asks nothing of families where everybody has one case', async () => {
    const { world, intake } = memoryWorld();
    await intake.receive([said('hello'), said('hello', { about: byPhone('491700000002') })]);
    assert.deepEqual([world.clues, world.heard], [[], []]);
    assert.ok(world.sendings.every(({ hint }) => hint === undefined));
  });

  test('gives each message of a phone with several patients to the case that it is for', async () => {
    const { world, intake } = memoryWorld();
    const ayse = { tenant: 'clinic', tenantName: 'Klinik Şifa', caseId: 'case-of-ayse' };
    world.contacts.set(phone, { ...ayse, opened: true, several: 'contact-1' });
    await intake.receive([paid('case-open')]); // So that its case is there.
    const one = (caseId: string, askedAt: number) => ({
      caseId,
      opened: true,
      over: false,
      askedAt,
      heardAt: 50,
    });
    world.families.set('contact-1', [one('aaaaaaaa-1', 40), one('bbbbbbbb-2', 60)]);
    world.answered.set('wamid.ours', 'aaaaaaaa-1');
    world.openedCases('aaaaaaaa-1', 'bbbbbbbb-2');
    const press = (id: string) => said('', { data: heard({ kind: 'button', id }) });
    const reply = said('', {
      data: { ...heard({ kind: 'text', text: 'Berlin' }), replyTo: 'wamid.ours' },
    });
    await intake.receive([said('Berlin'), reply, press('consent:yes~bbbbbbbb'), press('offer:1')]);
    const given = world.sendings.slice(-4).map(({ caseId, hint, event, create }) => {
      const { message } = event as unknown as { message: { id?: string; text?: string } };
      return [caseId, hint?.['routed'], message.id ?? message.text, create];
    });
    assert.deepEqual(given, [
      ['bbbbbbbb-2', 'likely', 'Berlin', undefined],
      ['aaaaaaaa-1', 'sure', 'Berlin', undefined],
      ['bbbbbbbb-2', 'sure', 'consent:yes', undefined],
      ['aaaaaaaa-1', 'sure', 'offer:1', undefined],
    ]);
    assert.deepEqual(world.heard, ['bbbbbbbb-2', 'aaaaaaaa-1']);
  });

  test('takes the case off a button also where it has become the only one', async () => {
    const { world, intake } = memoryWorld();
    await intake.receive([
      said('', { data: heard({ kind: 'button', id: 'pay:again:b1~0f1e2d3c' }) }),
    ]);
    const [sending] = world.sendings;
    assert.deepEqual(sending?.event?.['message'], { kind: 'button', id: 'pay:again:b1' });
  });

  test('says the language of texts and captions, where they tell', async () => {
    const { world, intake } = memoryWorld();
    const file = { mediaId: '1', contentType: 'image/jpeg', sha256: null };
    const messages = [
      { kind: 'text', text: 'Merhaba' },
      { kind: 'text', text: '?' },
      { kind: 'image', ...file, caption: 'Merhaba' },
      { kind: 'image', ...file },
      { kind: 'button', id: 'yes', title: 'Merhaba' },
    ];
    await intake.receive(messages.map((message) => said('', { data: heard(message) })));
    assert.deepEqual(
      world.sendings.map(({ event }) => event?.['lang']),
      ['tr', null, 'tr', null, null],
    );
  });

  test('settles nothing by an event that is no status', async () => {
    const { world, intake } = memoryWorld();
    await intake.receive([paid('', { about: { kind: 'effect', effectId: 'case-open.1.0' } })]);
    assert.deepEqual(world.words, []);
    assert.equal(world.sendings[0]?.caseId, 'case-open');
  });

  test('looks the senders of concurrent requests up together', async () => {
    const { world, intake } = memoryWorld();
    await Promise.all(
      Array.from({ length: 20 }, (_, n) =>
        intake.receive([said('hello', { about: byPhone(`4917000000${n + 10}`) })]),
      ),
    );
    assert.ok(world.lookups.length <= 3, String(world.lookups));
    assert.equal(
      world.lookups.reduce((sum, n) => sum + n),
      20,
    );
  });

  for (const fault of [
    'casesOf',
    'change',
    'tenantsOf',
    'bookingsOf',
    'park',
    'sendAll',
    'resolveAll',
    'advance',
  ] as const) {
    test(`is unavailable when ${fault} fails, and takes the same again later`, async () => {
      const { world, broken, intake } = memoryWorld();
      const batch = [
        said('hello'),
        status('case-open.1.0', 'read'),
        moved(phone, '4915123456789'),
        paid('case-open'),
        paid('case-nowhere'),
        refunded('pi_1'),
      ];
      world.fault = fault;
      await assert.rejects(intake.receive(batch), (error) => {
        assert.ok(error instanceof IntakeUnavailable && error.retryable);
        assert.equal(error.code, 'intake_unavailable');
        assert.equal(error.cause, broken);
        return true;
      });
      world.fault = null;
      const receipts = await intake.receive(batch);
      assert.ok(receipts.every(({ outcome }) => outcome !== 'conflict'));
      assert.deepEqual([world.sendings.length, world.parked.length], [4, 2]);
    });
  }

  const languages: readonly (readonly [from: string | null, lang: string])[] = [
    ['905321112233', 'tr'],
    ['491700000001', 'de'],
    ['436641234567', 'de'],
    ['41791234567', 'de'],
    ['33612345678', 'fr'],
    ['32470123456', 'fr'],
    ['79161234567', 'ru'],
    ['77011234567', 'ru'], // Kazakhstan shares Russia's code.
    ['375291234567', 'ru'],
    ['966501234567', 'ar'],
    ['201001234567', 'ar'],
    ['212612345678', 'ar'],
    ['971501234567', 'ar'],
    ['972501234567', 'en'],
    ['27821234567', 'en'],
    ['14155550123', 'en'],
    ['447700900123', 'en'],
    ['37060012345', 'en'],
    [null, 'en'],
  ];
  for (const [from, lang] of languages) {
    test(`begins in ${lang} with ${from ?? 'somebody without a number'}`, async () => {
      const { world, intake } = memoryWorld();
      await intake.receive([said('hello', { about: byPhone(from) })]);
      const input = world.sendings[0]?.create?.input as { lang: string } | undefined;
      assert.equal(input?.lang, lang);
    });
  }
});
