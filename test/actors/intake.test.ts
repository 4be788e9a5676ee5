import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { suite, test } from 'node:test';

import { createIntake, type IntakeOptions } from '../../actors/intake.ts';
import type { Sending } from '../../actors/kernel/kernel.ts';
import type { ContactCase, ContactKey, Directory, Unplaced } from '../../actors/ports/directory.ts';
import { IntakeUnavailable, type Delivery } from '../../actors/ports/intake.ts';

type Word = Parameters<IntakeOptions['kernel']['resolveAll']>[0][number];

const account = '100000000000001';
const phone = '491700000001';

/** The ports' contracts in memory: who is known by number, what was sent and parked, and in which order things came. */
function memoryWorld() {
  const contacts = new Map<string, ContactCase>();
  const opened = new Map<string, string>([['case-open', 'clinic']]);
  const bodies = new Map<string, string>();
  const world = {
    sendings: [] as Sending[],
    words: [] as Word[],
    parked: [] as Unplaced[],
    lookups: [] as number[],
    order: [] as string[],
    /** Cases that are gone by the time the ledger looks. */
    gone: new Set<string>(),
    contacts,
    fault: null as null | 'casesOf' | 'tenantsOf' | 'park' | 'sendAll' | 'resolveAll',
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
    async tenantsOf(caseIds) {
      enter('tenantsOf');
      return new Map([...opened].filter(([caseId]) => caseIds.includes(caseId)));
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
        const outcome = kept(key, JSON.stringify(sending.event), 'stored');
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
  return { world, broken, intake: createIntake({ kernel, directory, machine: 'case' }) };
}

const said = (text: string, more: Partial<Delivery> = {}): Delivery => ({
  source: 'whatsapp',
  dedupeKey: randomUUID(),
  type: 'whatsapp.inbound',
  data: { text },
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
  type: 'payment.succeeded',
  data: { bookingId: 'booking-1' },
  about: { kind: 'case', caseId },
  ...more,
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
      { ...again, data: { text: 'other words' } },
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

  test('answers an empty batch', async () => {
    const { world, intake } = memoryWorld();
    assert.deepEqual(await intake.receive([]), []);
    assert.deepEqual(world.lookups, []);
  });

  test('sends an event to its case, on its topic, with its trace', async () => {
    const { world, intake } = memoryWorld();
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    const delivery = paid('case-open', { traceparent, data: { type: 'forged', bookingId: 'b' } });
    await intake.receive([delivery]);
    assert.deepEqual(world.sendings, [
      {
        tenant: 'clinic',
        caseId: 'case-open',
        source: 'stripe',
        dedupeKey: delivery.dedupeKey,
        topic: 'payment.succeeded',
        event: { type: 'payment.succeeded', bookingId: 'b' },
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
    assert.deepEqual(world.sendings[0]?.event, { type: 'whatsapp.inbound', text: 'hello' });
  });

  test('parks again what came again, once', async () => {
    const { world, intake } = memoryWorld();
    const lost = paid('case-nowhere');
    assert.deepEqual(await intake.receive([lost]), [{ outcome: 'parked' }]);
    assert.deepEqual(await intake.receive([lost, { ...lost, data: {} }]), [
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
      { effectId: 'case-open.1.0', ok: true, value: { messageId: 'wamid.1' } },
      { effectId: 'case-open.2.0', ok: false, value: { ...failed, code: '131047' } },
      { effectId: 'case-nowhere.3.0', ok: false, value: { ...failed, code: 'failed' } },
    ]);
    assert.deepEqual(world.order, ['resolveAll', 'tenantsOf', 'sendAll', 'park']);
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

  for (const fault of ['casesOf', 'tenantsOf', 'park', 'sendAll', 'resolveAll'] as const) {
    test(`is unavailable when ${fault} fails, and takes the same again later`, async () => {
      const { world, broken, intake } = memoryWorld();
      const batch = [
        said('hello'),
        status('case-open.1.0', 'read'),
        paid('case-open'),
        paid('case-nowhere'),
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
      assert.deepEqual([world.sendings.length, world.parked.length], [3, 1]);
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
