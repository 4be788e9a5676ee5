import assert from 'node:assert/strict';
import { hash } from 'node:crypto';
import { after, before, suite, test } from 'node:test';
import { setImmediate } from 'node:timers/promises';

import type { NewEffect, NewEvent } from '../../actors/kernel/ports.ts';
import type { MessageStatus } from '../../actors/ports/desk.ts';
import { createStaffActions } from '../../actors/staff/staff-actions.ts';
import { createConsentRegister } from '../../persistence/cases/consents.ts';
import { createReceipts } from '../../persistence/contacts/delivery-status.ts';
import { createLocalKeyring } from '../../persistence/encryption/keyring.ts';
import { foreigner, hourMs, staff, startDesk } from './desk-fixture.ts';
import {
  commitOf,
  effect,
  event,
  historyEntry,
  newCaseId,
  outcomeEvent,
  stepped,
  tenant,
} from './ledger-fixture.ts';

const secret = 'Şükriye';
const saidAt = '2026-11-23T10:00:00.000Z';
const file = { mediaId: 'media-1', contentType: 'image/jpeg', sha256: null };

function say(input: unknown): string {
  const { text, values } = input as { text: string; values: { name: string } };
  if (text === 'gone') throw new Error(`No text ${text}`);
  return `${text} ${values.name}`;
}

let slowOnes = 0;

function mask(text: string): string {
  if (text === 'slow') {
    slowOnes++;
    for (const until = performance.now() + 15; performance.now() < until;);
  }
  return text.replaceAll(secret, '[name]');
}

suite('a conversation at the desk', { timeout: 60_000 }, () => {
  let started: Awaited<ReturnType<typeof startDesk>>;
  before(async () => {
    started = await startDesk({ say, mask });
  });
  after(() => started[Symbol.asyncDispose]());

  const heard = (caseId: string, message: object, lang: string | null = 'tr'): NewEvent =>
    event(caseId, {
      type: 'whatsapp.inbound',
      body: JSON.stringify({
        event: {
          type: 'whatsapp.inbound',
          messageId: `wamid.${secret}`,
          message,
          lang,
          at: saidAt,
          from: { userId: null, phone: '491700000001' },
          profileName: secret,
        },
      }),
    });
  const said = (caseId: string, more: Partial<NewEffect> = {}): NewEffect =>
    effect(caseId, {
      name: 'sendMessage',
      port: 'messaging',
      kind: 'action',
      resolution: 'none',
      input: JSON.stringify({ text: 'hello', lang: 'tr', values: { name: secret } }),
      ...more,
    });

  /** Something else that reaches a case, of this message. */
  const told = (caseId: string, type: string, messageId: string, more: object): NewEvent =>
    event(caseId, {
      type,
      body: JSON.stringify({
        event: {
          type,
          messageId,
          lang: 'tr',
          at: saidAt,
          from: { userId: null, phone: '491700000001' },
          profileName: null,
          ...more,
        },
      }),
    });

  /** Lets the case hear these and answer with those, in one step. */
  async function exchange(
    caseId: string,
    events: readonly NewEvent[],
    effects: readonly NewEffect[] = [],
    expectedSeq = 0,
  ): Promise<void> {
    const { one, worker } = started;
    await one.ledger.append(events);
    const consumed = await one.ledger.pending([caseId], 100, []);
    const history = consumed.map(({ eventId, type }, i) =>
      historyEntry(expectedSeq + i + 1, { subject: eventId, type }),
    );
    const seq = expectedSeq + consumed.length;
    const envelope = JSON.stringify({ timers: [] });
    const change = stepped(caseId, { expectedSeq, seq, history, effects, envelope });
    await one.ledger.commit(commitOf(worker, { cases: [change], consumed }));
  }
  const read = (caseId: string, limit = 200, who = staff) =>
    started.front.desk.readConversation(who, caseId, { limit });
  /** Brings an effect to where a performer would. */
  async function settle(effectId: string, status: 'done' | 'failed' | 'retry' | 'unknown') {
    const { ledger } = started.one;
    await ledger.claim([effectId], hourMs);
    const reason = `${status}_reason`;
    const outcome =
      status === 'retry'
        ? ({ status, delayMs: hourMs, doubtful: false, reason } as const)
        : status === 'unknown'
          ? ({ status, waitMs: hourMs, reason } as const)
          : ({ status, value: { code: reason } } as const);
    await ledger.settle([{ effectId, attempt: 1, outcome, event: null }]);
  }

  test('lets others have their turn between texts that take long to mask', async () => {
    const caseId = newCaseId();
    const texts = Array.from({ length: 30 }, () => heard(caseId, { kind: 'text', text: 'slow' }));
    await exchange(caseId, texts);
    const reading = read(caseId);
    const atOnce: number[] = [];
    let seen = slowOnes;
    do {
      await setImmediate();
      atOnce.push(slowOnes - seen);
      seen = slowOnes;
    } while (seen < 30);
    assert.equal((await reading)?.length, 30);
    assert.equal(Math.max(...atOnce), 1);
  });

  test('has what both sides said, masked, newest last', async () => {
    const caseId = newCaseId();
    const first = said(caseId);
    await exchange(caseId, [heard(caseId, { kind: 'text', text: `I am ${secret}` })], [first]);
    await settle(first.effectId, 'done');
    await exchange(
      caseId,
      [heard(caseId, { kind: 'button', id: 'yes', title: 'Evet' }, null)],
      [said(caseId, { input: JSON.stringify({ text: 'bye', lang: 'de', values: { name: '' } }) })],
      1,
    );
    const lines = await read(caseId);
    assert.deepEqual(
      lines?.map(({ from, kind, text, lang, status }) => [from, kind, text, lang, status]),
      [
        ['patient', 'text', 'I am [name]', 'tr', null],
        ['us', 'text', 'hello [name]', 'tr', 'sent'],
        ['patient', 'button', 'Evet', null, null],
        ['us', 'text', 'bye ', 'de', 'waiting'],
      ],
    );
    assert.equal(lines?.[0]?.at, saidAt);
    assert.equal(new Date(lines?.[1]?.at ?? '').toISOString(), lines?.[1]?.at);
    assert.deepEqual(await read(caseId, 2), lines?.slice(2));
    assert.deepEqual(await read(caseId, 3), lines?.slice(1));
  });

  test('shows that there was a line which is damaged now, and the others', async () => {
    const caseId = newCaseId();
    const [first, last] = [said(caseId), said(caseId)];
    await exchange(caseId, [heard(caseId, { kind: 'text', text: 'one' })], [first]);
    await exchange(caseId, [heard(caseId, { kind: 'text', text: 'two' })], [last], 1);
    const flipped = (column: string) =>
      `${column} = set_byte(${column}, 30, get_byte(${column}, 30) # 1)`;
    const { pool } = started.one;
    await pool.query(
      `update events set ${flipped('body')} where case_id = $1 and position = (select min(position) from events where case_id = $1)`,
      [caseId],
    );
    await pool.query(`update effects set ${flipped('input')} where effect_id = $1`, [
      last.effectId,
    ]);
    const lines = await read(caseId);
    assert.deepEqual(
      lines?.map(({ from, kind, text }) => [from, kind, text]),
      [
        ['patient', 'unreadable', null],
        ['us', 'text', 'hello [name]'],
        ['patient', 'text', 'two'],
        ['us', 'unreadable', null],
      ],
    );
  });

  test('shows of files, places and cards that they came, and nothing of them', async () => {
    const caseId = newCaseId();
    const kinds = ['image', 'document', 'audio', 'video', 'sticker'];
    await exchange(caseId, [
      ...kinds.map((kind) =>
        heard(caseId, { kind, ...file, caption: 'my knee', filename: 'knee.jpg' }),
      ),
      heard(caseId, { kind: 'location', latitude: 41, longitude: 29, name: 'knee clinic' }),
      heard(caseId, { kind: 'contacts', phones: ['knee'] }),
      heard(caseId, { kind: 'reaction', toMessageId: 'knee', emoji: '👍' }),
      heard(caseId, { kind: 'unsupported', type: 'poll', errorCode: null }),
    ]);
    const lines = await read(caseId);
    assert.deepEqual(
      lines?.map(({ kind, text }) => [kind, text]),
      [
        ...kinds.map((kind) => [kind, null]),
        ['location', null],
        ['contacts', null],
        ['reaction', '👍'],
        ['unsupported', '[poll]'],
      ],
    );
    assert.doesNotMatch(JSON.stringify(lines), /knee|media-1|4917/);
  });

  test('shows the content of what has no shape of its own, masked, with the provider’s code', async () => {
    const caseId = newCaseId();
    await exchange(caseId, [
      heard(caseId, { kind: 'order', content: `name: ${secret}`, caption: 'lütfen' }),
      heard(caseId, { kind: 'form', content: `ad: ${secret}` }),
      heard(caseId, { kind: 'notice', type: 'poll_update', content: 'vote: 1' }),
      heard(caseId, { kind: 'unsupported', type: 'image', errorCode: '131052' }),
      heard(caseId, {
        kind: 'unsupported',
        type: 'video_note',
        errorCode: null,
        content: 'video_note.id: 77',
      }),
      heard(caseId, { kind: 'text', text: 'uzun ', rest: `ve ${secret}` }),
    ]);
    const lines = await read(caseId);
    assert.deepEqual(
      lines?.map(({ text }) => text),
      [
        'lütfen\nname: [name]',
        'ad: [name]',
        '[poll_update] vote: 1',
        '[image, 131052]',
        '[video_note] video_note.id: 77',
        'uzun ve [name]',
      ],
    );
  });

  test('marks lines that were edited or taken back, and shows what a colleague wrote beside us', async () => {
    const caseId = newCaseId();
    const text = (words: string) => ({ message: { kind: 'text', text: words } });
    await exchange(caseId, [
      told(caseId, 'whatsapp.inbound', 'wamid.1', text('ayın 12’si')),
      told(caseId, 'whatsapp.inbound', 'wamid.2', text('kardeşim bilmesin')),
      told(caseId, 'whatsapp.edited', 'wamid.3', { originalMessageId: 'wamid.1', ...text(secret) }),
      told(caseId, 'whatsapp.edited', 'wamid.4', { originalMessageId: null, message: null }),
      told(caseId, 'whatsapp.revoked', 'wamid.5', { originalMessageId: 'wamid.2' }),
      told(caseId, 'whatsapp.echoed', 'wamid.6', text('Sizi arıyoruz')),
    ]);
    const lines = await read(caseId);
    assert.deepEqual(
      lines?.map((line) => [line.from, line.kind, line.text, line.change]),
      [
        ['patient', 'text', 'ayın 12’si', 'edited'],
        ['patient', 'text', null, 'revoked'],
        ['patient', 'edit', '[name]', undefined],
        ['patient', 'edit', null, undefined],
        ['patient', 'revocation', null, undefined],
        ['us', 'text', 'Sizi arıyoruz', undefined],
      ],
    );
  });

  test('has what its case has not heard yet, and what another release wrote', async () => {
    const caseId = newCaseId();
    const older = event(caseId, {
      type: 'whatsapp.inbound',
      body: JSON.stringify({ event: { type: 'whatsapp.inbound', kind: 'text', text: secret } }),
    });
    const gone = JSON.stringify({ text: 'gone', values: { name: secret } });
    await exchange(caseId, [older, event(caseId)], [said(caseId, { input: gone })]);
    await started.one.ledger.append([
      heard(caseId, { kind: 'text', text: 'anybody there?' }),
      event(caseId, { body: JSON.stringify({ event: { type: 'staff.reply', text: secret } }) }),
    ]);
    assert.deepEqual(
      (await read(caseId))?.map(({ from, kind, text }) => [from, kind, text]),
      [
        ['patient', 'unsupported', null],
        ['us', 'text', null],
        ['patient', 'text', 'anybody there?'],
      ],
    );
  });

  test('has no message that the case took back, and other ports’ effects neither', async () => {
    const caseId = newCaseId();
    const taken = [said(caseId, { cancelled: true }), effect(caseId), effect(`${caseId}.1`)];
    await exchange(caseId, [event(caseId)], taken);
    assert.deepEqual(await read(caseId), []);
    assert.deepEqual((await started.front.desk.readCase(staff, caseId))?.messages, []);
  });

  test('is of the own tenant only, and audited', async () => {
    const caseId = newCaseId();
    await exchange(caseId, [heard(caseId, { kind: 'text', text: secret })]);
    assert.equal(await read(caseId, 10, foreigner), null);
    assert.equal(await read(newCaseId()), null);
    assert.equal((await read(caseId))?.length, 1);
    const { rows } = await started.one.pool.query(
      `select chain, actor, action, subject, detail from audit_entries
       where case_id = $1 and case_seq is null order by at, chain`,
      [caseId],
    );
    const entry = { action: 'access', subject: 'GET /admin/cases/{caseId}/conversation' };
    assert.deepEqual(rows, [
      {
        ...entry,
        chain: 'agency/desk',
        actor: 'staff-8',
        detail: JSON.stringify({ roles: foreigner.roles }),
      },
      {
        ...entry,
        chain: `${tenant}/desk`,
        actor: 'staff-7',
        detail: JSON.stringify({ roles: staff.roles }),
      },
    ]);
  });

  test('is gone with the case’s key', async () => {
    const caseId = newCaseId();
    await exchange(caseId, [heard(caseId, { kind: 'text', text: secret })], [said(caseId)]);
    await started.one.pool.query('delete from data_keys where case_id = $1', [caseId]);
    assert.deepEqual(await read(caseId), []);
  });

  test('shows how far each message got, and why it did not', async () => {
    const caseId = newCaseId();
    const receipts = createReceipts({ pool: started.one.pool });
    const effects = Array.from({ length: 10 }, () => said(caseId));
    await exchange(caseId, [event(caseId)], effects);
    const ids = effects.map(({ effectId }) => effectId) as [string, ...string[]];
    const [, limited, sent, refused, doubtful, found, delivered, readById, bounced, late] = ids;
    await settle(limited as string, 'retry');
    for (const id of [sent, delivered, readById, bounced]) await settle(id as string, 'done');
    for (const id of [refused, late]) await settle(id as string, 'failed');
    for (const id of [doubtful, found]) await settle(id as string, 'unknown');
    const word = { errorCode: null, at: saidAt };
    await receipts.advance([
      { ...word, effectId: found as string, status: 'sent' },
      { ...word, effectId: delivered as string, status: 'delivered' },
      { ...word, effectId: readById as string, status: 'read' },
      { ...word, effectId: bounced as string, status: 'failed', errorCode: '131026' },
      { ...word, effectId: late as string, status: 'delivered' },
    ]);
    const expected: [MessageStatus, string | null][] = [
      ['waiting', null],
      ['waiting', 'retry_reason'],
      ['sent', null],
      ['failed', 'failed_reason'],
      ['unknown', 'unknown_reason'],
      ['sent', null],
      ['delivered', null],
      ['read', null],
      ['failed', '131026'],
      ['delivered', null],
    ];
    const view = await started.front.desk.readCase(staff, caseId);
    assert.deepEqual(
      view?.messages.map(({ effectId, status, reason }) => [effectId, status, reason]),
      ids.map((id, i) => [id, ...(expected[i] as (typeof expected)[number])]),
    );
    assert.equal(view?.messages[6]?.at, saidAt);
    assert.deepEqual(
      (await read(caseId))?.map(({ status }) => status),
      expected.map(([status]) => status),
    );
    const waiting = view?.waitsFor.effects.find(({ effectId }) => effectId === limited);
    assert.ok(Date.parse(waiting?.nextTryAt ?? '') > Date.now());
  });

  test('shows the last 50 messages', async () => {
    const caseId = newCaseId();
    const effects = Array.from({ length: 60 }, () => said(caseId));
    await exchange(caseId, [event(caseId)], effects);
    assert.deepEqual(
      (await started.front.desk.readCase(staff, caseId))?.messages.map(({ effectId }) => effectId),
      effects.slice(10).map(({ effectId }) => effectId),
    );
  });

  test('shows what the patient agreed to', async () => {
    const caseId = newCaseId();
    await exchange(caseId, [event(caseId)]);
    const keyring = createLocalKeyring([{ id: 'root', key: new Uint8Array(32).fill(7) }]);
    const register = createConsentRegister({ pool: started.one.pool, keyring });
    const consent = {
      tenant,
      caseId,
      purpose: 'service',
      status: 'given',
      text: 'consent.service.1',
      lang: 'tr',
      textHash: hash('sha256', 'words'),
      messageId: `wamid.${secret}`,
      at: saidAt,
    } as const;
    await register.record(`${caseId}.1`, consent);
    const withdrawnAt = '2026-11-23T11:00:00.000Z';
    await register.record(`${caseId}.2`, { ...consent, status: 'withdrawn', at: withdrawnAt });
    const { purpose, text, lang } = consent;
    const view = await started.front.desk.readCase(staff, caseId);
    assert.deepEqual(view?.consents, [
      { purpose, status: 'withdrawn', text, lang, at: withdrawnAt },
    ]);
    assert.ok(!JSON.stringify(view).includes(secret));
  });

  test('leaves no word of a staff reply in the trail, nor in the clear anywhere', async () => {
    const caseId = newCaseId();
    await exchange(caseId, [event(caseId)]);
    const actions = createStaffActions({
      desk: started.front.desk,
      kernel: {
        async sendAll(sendings) {
          const events = sendings.map(({ caseId, dedupeKey, event: body }) =>
            event(caseId, {
              source: 'staff',
              dedupeKey,
              type: body?.type ?? '',
              body: JSON.stringify({ event: body }),
              opens: false,
            }),
          );
          return (await started.one.ledger.append(events)).map(({ outcome }) => outcome);
        },
      },
    });
    const canary = 'CanaryReply';
    const act = {
      type: 'staff.reply',
      data: { at: saidAt, text: canary },
      dedupeKey: 'reply-1',
      traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
    };
    assert.equal(await actions.act(staff, caseId, act), 'stored');
    const { rows: tables } = await started.one.pool.query<{ name: string }>(
      `select table_name as name from information_schema.tables where table_schema = 'public'`,
    );
    for (const { name } of tables) {
      const { rows } = await started.one.pool.query<{ n: number }>(
        `select count(*)::int4 as n from ${name} t where t::text like $1 or t::text like $2`,
        [`%${canary}%`, `%${Buffer.from(canary).toString('hex')}%`],
      );
      assert.equal(rows[0]?.n, 0, name);
    }
    const { rows } = await started.one.pool.query<{ subject: string }>(
      `select subject from audit_entries where case_id = $1 and action = 'access'`,
      [caseId],
    );
    assert.deepEqual(rows, [{ subject: 'staff.reply' }]);
  });

  test('takes an outcome event for no message', async () => {
    const caseId = newCaseId();
    const asked = said(caseId);
    await exchange(caseId, [event(caseId)], [asked]);
    await exchange(caseId, [outcomeEvent(caseId, asked.effectId)], [], 1);
    assert.equal((await read(caseId))?.length, 1);
  });

  test('reads no table from end to end', async () => {
    const { front } = started;
    const caseId = newCaseId();
    await exchange(caseId, [heard(caseId, { kind: 'text', text: 'hello' })], [said(caseId)]);
    await front.pool.query('analyze');
    front.sent.length = 0;
    await front.desk.readCase(staff, caseId);
    await read(caseId);
    const reads = front.sent.filter(({ name }) => name !== 'record_access');
    assert.ok(reads.length >= 10);
    for (const { name, text } of new Map(reads.map((sent) => [sent.name, sent])).values()) {
      const { rows } = await front.pool.query<{ 'QUERY PLAN': string }>(
        `explain (generic_plan) ${text}`,
      );
      const plan = rows.map((row) => row['QUERY PLAN']).join('\n');
      assert.doesNotMatch(plan, /Seq Scan/, name);
      if (name === 'heard_of') assert.match(plan, /Index Scan using events_pkey on events/);
      if (name === 'said_of')
        assert.match(plan, /Index Scan using message_receipts_pkey on message_receipts/);
    }
  });
});
