import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { basename, dirname, join, relative } from 'node:path';
import { after, before, suite, test } from 'node:test';

import { Redis } from 'ioredis';
import type pg from 'pg';
import * as v from 'valibot';

import type { Language, TextKey } from '../../actors/texts/keys.ts';
import { templates } from '../../actors/texts/templates.ts';
import { renderText } from '../../actors/texts/texts.ts';
import { embeddedStore } from '../../adapters/embedded-store/documents.ts';
import { DEVELOPMENT_SECRETS, loadConfig } from '../../config.ts';
import { messageKey } from '../../http/server/pipeline.ts';
import { createConsentRegister } from '../../persistence/cases/consents.ts';
import { createPool } from '../../persistence/database/pool.ts';
import { createDataKeys } from '../../persistence/encryption/data-keys.ts';
import { createDocumentEncryption } from '../../persistence/encryption/documents.ts';
import { createLocalKeyring } from '../../persistence/encryption/keyring.ts';
import { sandboxSecrets, startSandbox } from '../sandbox/sandbox.ts';
import { removeFolder, temporaryFolder } from '../support/folders.ts';
import { dayAhead, written } from '../support/patience.ts';
import { withServices } from '../support/services.ts';
import { waitUntil } from '../support/wait.ts';
import { canary, everyColumn, traceCollector, watchRedis } from './canary.ts';
import { staffHeader, startOrchestrator, type Orchestrator } from './orchestrator.ts';
import { caseOf, consenting, phoneOf, type Message, type Phone } from './phones.ts';
import { staffDesk, type StaffDesk } from './staff-desk.ts';
import { worldOf, type World } from './world.ts';

const Exchanged = v.object({ access_token: v.string() });

/** A name, an id, words and a file that nothing else can hold. Their bearers' numbers come from `newNumber`. */
const planted = {
  name: 'Zyxquandra Vörbelheim',
  userId: 'DE.77123456789012345678',
  words: 'Knorpelschaden-Quux',
  inPhoto: 'pixel-of-Zyxquandra-quuxed',
  card: '+49 1599 7777 4242',
  reply: 'Knorpelschaden-Reply-Quux',
};

/** A grey square with a comment: the smallest JPEG that is one, and that a search can find. */
const photo = jpegWith(planted.inPhoto);

/** What understands messages abroad, at the sandbox. */
const modelAt = (sandbox: string) => ({
  UNDERSTANDING_API_BASE: `${sandbox}/v1`,
  UNDERSTANDING_API_KEY: sandboxSecrets.chatApiKey,
  UNDERSTANDING_MODEL: 'sandbox-1',
});

/** What patients say on WhatsApp and what they get, with one process in all its roles, and two at the end. */
suite('the conversation', () => {
  const services = withServices();
  const parts = new AsyncDisposableStack();
  let system: Orchestrator;
  let desk: StaffDesk;
  let world: World;
  let sandbox: Awaited<ReturnType<typeof startSandbox>>;
  let ledgerFile: string;
  let traces: Awaited<ReturnType<typeof traceCollector>>;
  let monitor: Awaited<ReturnType<typeof watchRedis>>;
  let redis: Redis;
  let pool: pg.Pool;
  /** Everything that was said or is somebody's, and must be found nowhere. */
  const secrets: Record<string, string> = { ...planted };
  /** The second process of the last tests. */
  let other: Orchestrator;
  let exchangesBefore = 0;

  before(async () => {
    const folder = parts.adopt(await temporaryFolder(), removeFolder);
    ledgerFile = join(folder, 'sandbox.jsonl');
    sandbox = parts.adopt(
      await startSandbox({
        port: 0,
        ledgerFile,
        webhooks: {},
        whatsappTemplates: templates(),
        secrets: {
          ...sandboxSecrets,
          whatsappAccessToken: DEVELOPMENT_SECRETS.WHATSAPP_TOKEN,
          whatsappAppSecret: DEVELOPMENT_SECRETS.WHATSAPP_APP_SECRET,
        },
      }),
      (started) => started.close(),
    );
    traces = parts.use(await traceCollector());
    monitor = parts.use(await watchRedis(services.redisUrl));
    redis = parts.adopt(new Redis(services.redisUrl), (client) => client.disconnect());
    redis.on('error', () => {}); // The server may go before us.
    pool = parts.adopt(createPool({ url: services.databaseUrl, max: 2 }), (made) => made.end());
    system = parts.use(
      await startOrchestrator(services, traces.url, {
        sandbox: sandbox.origin,
        env: { ...modelAt(sandbox.origin), OUTWARD_MESSAGE: 'omitted' },
      }),
    );
    takeWebhooks();
    desk = staffDesk(system);
    world = worldOf(sandbox.origin, ledgerFile);
  });
  after(() => parts.disposeAsync());

  const takeWebhooks = () =>
    sandbox.pointWebhooksAt({ whatsappUrl: `${system.edge}/webhooks/whatsapp` });

  function newNumber(prefix: string): string {
    const number = `${prefix}1599${String(Object.keys(secrets).length).padStart(6, '9')}`;
    secrets[`number ${number}`] = number;
    return number;
  }

  /** Somebody new, whose number begins like those of their country. */
  function somebody(prefix: string, lang: Language, agoSeconds?: number): Phone {
    return phoneOf(sandbox.origin, { phone: newNumber(prefix), lang }, agoSeconds);
  }

  /** Until a message of the patient's has reached its case. */
  const disposed = async (messageId: string) =>
    waitUntil(
      async () =>
        (
          await system.query(
            `select from events e join audit_entries a on a.subject = e.id::text and a.action = 'transition'
             where e.dedupe_key = $1`,
            [messageKey(messageId)],
          )
        ).length > 0,
      { what: 'the message to reach its case' },
    );

  /** Agrees to service and to health data; ends with the question about services abroad. */
  async function agreeing(phone: Phone, words: string): Promise<string> {
    const caseId = await consenting(phone, words);
    await phone.hears('consent.health-data.1');
    await phone.press('consent:health-data:yes');
    await phone.hears('consent.noted');
    await phone.hears('consent.transfer-abroad.1');
    return caseId;
  }

  /** Every file of the running processes, from their folder on. */
  async function files(): Promise<string[]> {
    const found = await readdir(system.dataDir, { recursive: true, withFileTypes: true });
    return found
      .filter((entry) => entry.isFile())
      .map((entry) => join(relative(system.dataDir, entry.parentPath), entry.name));
  }

  /** Where the versions of a case's documents are, each in a folder with the document's name. */
  const documentsOf = async (caseId: string) =>
    (await files()).filter((file) => file.startsWith(`documents/docs/demo/${caseId}/`));

  const keyring = () =>
    createLocalKeyring(
      loadConfig({}).keyring.map(({ id, key }) => ({ id, key: Buffer.from(key) })),
    );
  const store = () => {
    const keys = createDataKeys(pool, keyring());
    return embeddedStore({
      folder: join(system.dataDir, 'documents'),
      ...createDocumentEncryption(keys),
    });
  };

  /** As if the minute were over that a message waits before it is tried again. */
  const hurry = async () =>
    system.query(`update effects set next_at = clock_timestamp() where status = 'retry'`);

  const metricsOf = async (of: Orchestrator) => (await of.request(`${of.ops}/metrics`)).text;
  async function metric(of: Orchestrator, pattern: RegExp): Promise<number> {
    return Number(pattern.exec(await metricsOf(of))?.[1] ?? 0);
  }
  const deadGauge = async (one: Orchestrator) => metric(one, /^whatsapp_token_dead (\d)/m);
  const callsBy = async (one: Orchestrator) =>
    metric(one, /^integration_requests_total\{provider="whatsapp",status="success"\} (\d+)/m);

  test('takes templates in the patient’s language for who was silent for a day, until they write again', async () => {
    const day = 24 * 60 * 60;
    const late = somebody('90', 'tr', 2 * day);
    await late.write('Merhaba');
    const question = await late.hears('consent.service.1');
    assert.deepEqual(question.template, {
      name: 'consent_service_1_yes_no',
      language: 'tr',
      parameters: ['Demo Clinic'],
    });
    const caseId = caseOf(question);
    late.wait(2 * day - 600);
    await late.write('Evet');
    assert.equal((await late.hears('intake.origin')).kind, 'text');

    // Taken with 200, and refused later.
    await world.control('whatsapp/statuses', { of: late.address, count: 1, withheld: true });
    await late.write('Berlin');
    const { messageId, effectId } = await late.hears('intake.date');
    await desk.messageIs(caseId, effectId, 'sent');
    await world.control('whatsapp/status', { messageId, status: 'failed', code: 131047 });
    const reopening = await late.hears('conversation.reopen');
    assert.deepEqual(reopening.template, {
      name: 'conversation_reopen_1_continue',
      language: 'tr',
      parameters: [],
    });
    const closed = await desk.caseIs(caseId, 'a closed window', ({ tags }) =>
      tags.includes('window-closed'),
    );
    assert.equal(closed.tags.includes('with-staff'), false);
    await desk.messageIs(caseId, effectId, 'failed', '131047');

    await late.write('Buradayım');
    await desk.caseIs(caseId, 'an open window', ({ tags }) => !tags.includes('window-closed'));
    await desk.act(caseId, { type: 'staff.reply', text: 'Görüşmek üzere' });
    assert.equal((await late.hears('staff.reply', { text: 'Görüşmek üzere' })).kind, 'text');

    // WhatsApp counts from another message than we do: it refuses at once, and the template goes in its place.
    const refusedBefore = await world.refusals(131047);
    await world.control('whatsapp/close-window', { of: late.address });
    await desk.act(caseId, { type: 'staff.reply', text: 'Bir sorumuz var' });
    assert.equal((await late.hears('conversation.reopen')).kind, 'template');
    assert.equal(await world.refusals(131047), refusedBefore + 1);
  });

  test('hands over once what could not be delivered, and shows how far each message got', async () => {
    const patient = somebody('49', 'de');
    const caseId = await consenting(patient, 'Guten Tag');
    await world.control('whatsapp/statuses', {
      of: patient.address,
      count: 1,
      read: true,
      order: 'reversed',
      times: 2,
    });
    await patient.write('Berlin');
    const { effectId } = await patient.hears('intake.date');
    const words = async () =>
      system.query(`select from events where case_id = $1 and type = 'whatsapp.status'`, [caseId]);
    await waitUntil(async () => (await words()).length === 7, { what: 'every word once' });
    await desk.messageIs(caseId, effectId, 'read');

    await world.control('whatsapp/statuses', {
      of: patient.address,
      count: 1,
      failWith: 131026,
      times: 3,
    });
    await patient.write(written(dayAhead(90)));
    const { messages } = await desk.caseIs(caseId, 'the hand-over', ({ tags }) =>
      tags.includes('with-staff'),
    );
    await waitUntil(async () => (await words()).length === 8, { what: 'the failure, once' });
    assert.deepEqual(
      messages.map(({ status, reason }) => [status, reason]),
      [
        ['delivered', null],
        ['delivered', null],
        ['read', null],
        ['failed', '131026'],
      ],
    );
    const failed = world.ledger('undelivered').filter(({ key }) => key?.startsWith(caseId));
    const failedId = v.parse(v.object({ messageId: v.string() }), failed[0]?.detail).messageId;
    await world.control('whatsapp/status', { messageId: failedId, status: 'sent' }); // As late as can be.
    await waitUntil(async () => (await words()).length === 9, { what: 'the late word' });
    await desk.messageIs(caseId, messages.at(-1)?.effectId ?? '', 'failed', '131026');
    assert.equal(failed.length, 1);
    assert.equal(await desk.handOvers(caseId), 1);
    assert.equal((await desk.listed('with-staff')).filter((id) => id === caseId).length, 1);
  });

  test('never says twice what may have been said, and believes the status that tells', async () => {
    /** Loses the answer to a message that went out, and says nothing of it either. */
    async function lost(phone: Phone, mode: 'process-then-hang' | 'process-then-drop') {
      const caseId = await consenting(phone, 'Bonjour');
      await world.control('whatsapp/statuses', { of: phone.address, count: 1, withheld: true });
      await world.setFault({ mode, operation: 'send', count: 1 });
      const hitsBefore = await world.hits();
      await phone.write('Berlin');
      await waitUntil(async () => (await world.hits()) > hitsBefore, { what: 'the lost answer' });
      return { phone, caseId, message: await phone.hears('intake.date') };
    }
    const all = [
      await lost(somebody('33', 'fr'), 'process-then-hang'),
      await lost(somebody('33', 'fr'), 'process-then-drop'),
    ];
    for (const { phone, caseId, message } of all) {
      await desk.messageIs(caseId, message.effectId, 'unknown', 'provider_unreachable');
      // Whatever comes next is said, and this not again.
      await phone.write(written(dayAhead(90)));
      await phone.hears('intake.adults');
      assert.equal(world.sentFor(message.effectId), 1);
      await world.control('whatsapp/status', { messageId: message.messageId, status: 'delivered' });
      await desk.messageIs(caseId, message.effectId, 'delivered');
      const settled = await system.query('select status from effects where effect_id = $1', [
        message.effectId,
      ]);
      assert.deepEqual(settled, [{ status: 'done' }]);
      assert.equal(world.sentFor(message.effectId), 1);
    }
  });

  test('keeps a photo encrypted, where only the key of its case opens it', async () => {
    const patient = phoneOf(sandbox.origin, {
      phone: newNumber('49'),
      userId: planted.userId,
      name: planted.name,
      lang: 'de',
    });
    const caseId = await agreeing(
      patient,
      `Guten Tag, ich möchte eine Haartransplantation (${planted.words})`,
    );
    await patient.sendPhoto({ base64: photo.toString('base64') });
    await patient.hears('media.received');

    const [file = '', ...others] = await documentsOf(caseId);
    assert.deepEqual(others, []);
    const name = basename(dirname(file));
    assert.match(name, /\.jpg$/);
    const place = { tenant: 'demo', caseId, name };
    const kept = await store().get(place, AbortSignal.timeout(5_000));
    assert.equal(kept?.contentType, 'image/jpeg');
    assert.deepEqual(Buffer.from(kept?.bytes ?? []), photo);
    const sealed = await readFile(join(system.dataDir, file));
    assert.equal(sealed.includes(planted.inPhoto), false);
    assert.ok(sealed.length > photo.length);

    await patient.sendPhoto({ base64: photo.toString('base64') });
    await patient.hears('media.received');
    assert.equal((await documentsOf(caseId)).length, 2);
  });

  test('tells in the patient’s language why a file was not taken, and keeps nothing of it', async () => {
    const sending = async (bytes: Buffer, fault: object) => {
      const kept = await world.control('whatsapp/media', {
        base64: bytes.toString('base64'),
        mimeType: 'image/jpeg',
      });
      const { mediaId } = v.parse(v.object({ mediaId: v.string() }), kept);
      await world.control('whatsapp/media-faults', { mediaId, ...fault });
      return { mediaId };
    };
    const mega = 1_024 * 1_024;
    const files: [Phone, string, [TextKey, Buffer, object][]][] = [
      [
        somebody('90', 'tr'),
        'Merhaba, saç ekimi istiyorum',
        [
          ['media.tooLarge', photo, { claimedSize: 6 * mega }],
          ['media.wrongType', Buffer.from('MZ is how a program begins'.repeat(9)), {}],
        ],
      ],
      [
        somebody('971', 'ar'),
        'السلام عليكم، أريد زراعة شعر',
        [
          ['media.damaged', photo, { corrupt: true }],
          ['media.gone', photo, { gone: 2 }],
        ],
      ],
    ];
    for (const [patient, greeting, cases] of files) {
      const caseId = await agreeing(patient, greeting);
      for (const [text, bytes, fault] of cases) {
        await patient.sendPhoto(await sending(bytes, fault));
        await patient.hears(text, { limit: 5 });
      }
      assert.deepEqual(await documentsOf(caseId), []);
      assert.equal((await desk.view(caseId)).tags.includes('with-staff'), false);
    }
  });

  test('fetches no photo before the consent to health data, nor after it was withdrawn', async () => {
    const patient = somebody('971', 'ar');
    const caseId = await consenting(patient, 'السلام عليكم');
    const fetched = await world.counting('media-url');
    const photoSent = async () => patient.sendPhoto({ base64: photo.toString('base64') });

    await photoSent();
    await patient.hears('consent.health-data.1');
    assert.equal(await fetched(), 0);
    await patient.press('consent:health-data:no');
    await patient.hears('media.refused');
    assert.equal(await fetched(), 0);

    await patient.press('consent:health-data:yes');
    await patient.hears('consent.transfer-abroad.1');
    await photoSent();
    await patient.hears('media.received');
    assert.equal(await fetched(), 1); // It would have been seen.

    await patient.press('consent:health-data:no');
    await desk.caseIs(
      caseId,
      'the withdrawal',
      ({ tags }) => !tags.includes('consent:health-data'),
    );
    await photoSent();
    await patient.hears('media.refused');
    await patient.write('إيقاف');
    await desk.caseIs(caseId, 'the stop', ({ tags }) => tags.includes('consent-withdrawn'));
    await disposed(await photoSent());
    assert.equal(await fetched(), 1);
    assert.equal((await documentsOf(caseId)).length, 1);
    await world.noFault();
  });

  test('can prove each consent: the words that were seen, the message that answered, the withdrawal', async () => {
    const patient = somebody('90', 'tr');
    const ids: Record<string, string> = {};
    await patient.write('Merhaba, saç ekimi istiyorum');
    const seen: Record<string, Message> = { service: await patient.hears('consent.service.1') };
    const caseId = caseOf(seen['service'] as Message);
    for (const [purpose, answer, next] of [
      ['service', 'yes', 'health-data'],
      ['health-data', 'yes', 'transfer-abroad'],
      ['transfer-abroad', 'no', null],
    ] as const) {
      ids[purpose] = await patient.press(`consent:${purpose}:${answer}`);
      if (next === null) await disposed(ids[purpose]);
      else seen[next] = await patient.hears(`consent.${next}.1`);
    }
    const stop = await patient.write('DUR');
    await desk.caseIs(caseId, 'the withdrawal', ({ tags }) => tags.includes('consent-withdrawn'));
    const rows = await waitUntil(
      async () => {
        const found = await system.query<{
          id: string;
          purpose: string;
          status: string;
          hash: string;
          evidence: Buffer;
        }>(
          `select id, purpose, status, encode(text_hash, 'hex') as hash, evidence from consents
           where case_id = $1 order by said_at, purpose`,
          [caseId],
        );
        return found.length >= 5 && found;
      },
      { what: 'five answers in the register' },
    );
    assert.deepEqual(
      rows.map(({ purpose, status }) => [purpose, status]),
      [
        ['service', 'given'],
        ['health-data', 'given'],
        ['transfer-abroad', 'refused'],
        ['health-data', 'withdrawn'],
        ['service', 'withdrawn'],
      ],
    );
    await assert.rejects(system.query('delete from consents'), /consents/);

    // The proof outlives the patient's own data.
    await system.query('delete from data_keys where case_id = $1', [caseId]);
    const register = createConsentRegister({ pool, keyring: keyring() });
    for (const { id, purpose, status, hash, evidence } of rows) {
      const words = seen[purpose]?.body ?? '';
      assert.equal(hash, createHash('sha256').update(words).digest('hex'), purpose);
      assert.ok(await register.verify('demo', id, hash));
      const answered = status === 'withdrawn' ? stop : (ids[purpose] ?? '');
      assert.equal(await register.messageIdOf('demo', id), answered);
      assert.equal(evidence.includes(answered), false);
    }
  });

  test('follows a patient to another number, and answers who has none', async () => {
    const patient = somebody('49', 'de');
    const caseId = await consenting(patient, 'Guten Tag');
    const number = newNumber('49');
    await disposed(await patient.send({ system: { waId: number } }));
    patient.changeNumber(number);
    await patient.write('Berlin');
    const answer = await patient.hears('intake.date');
    assert.deepEqual([caseOf(answer), answer.to], [caseId, number]);

    const userId = 'GB.66123456789012345678';
    secrets['user id'] = userId;
    const nameless = phoneOf(sandbox.origin, { userId, lang: 'en' });
    const itsCase = await consenting(nameless, 'Hello there');
    await nameless.write('Berlin');
    const last = await nameless.hears('intake.date');
    assert.deepEqual([caseOf(last), last.to], [itsCase, userId]);
  });

  test('answers what it cannot read once, politely, and remembers it', async () => {
    const patient = somebody('90', 'tr', 1_800);
    const caseId = await consenting(patient, 'Merhaba');
    const sticker = {
      sticker: { base64: Buffer.from('RIFF').toString('base64'), mimeType: 'image/webp' },
    };
    const card = { name: { formatted_name: planted.name }, phones: [{ phone: planted.card }] };
    const kinds: [kind: string, content: object, shown: string | null][] = [
      ['sticker', sticker, null],
      ['unsupported', { unsupported: { code: 131051 } }, '[unsupported, 131051]'],
      ['contacts', { contacts: [card] }, null],
    ];
    for (const [, content] of kinds) {
      patient.wait(120);
      await patient.send(content);
      await patient.hears('conversation.unreadable');
    }
    await patient.send(sticker); // In the same minute.
    await patient.write('Berlin');
    await patient.hears('intake.date');
    const apology = renderText('conversation.unreadable', 'tr', {});
    const got = (await patient.messages()).filter(({ body }) => body === apology);
    assert.equal(got.length, kinds.length);

    const lines = await desk.conversation(caseId);
    const unread = lines.filter(
      ({ from, kind }) => from === 'patient' && !/text|button/.test(kind),
    );
    assert.deepEqual(
      unread.map(({ kind, text }) => [kind, text]),
      [...kinds.map(([kind, , shown]) => [kind, shown]), ['sticker', null]],
    );
    const inbound = (await desk.history(caseId)).filter(({ type }) => type === 'whatsapp.inbound');
    assert.equal(inbound.length, 3 + kinds.length + 1);
  });

  test('parks what was sent to a number that is not ours', async () => {
    const from = newNumber('49');
    const sent = await world.control('whatsapp/inbound-batch', [
      { from, text: planted.words, profileName: planted.name, phoneNumberId: '1000' },
    ]);
    const { messageIds, webhook } = v.parse(
      v.object({ messageIds: v.tuple([v.string()]), webhook: v.object({ status: v.number() }) }),
      sent,
    );
    assert.equal(webhook.status, 200);
    assert.deepEqual(
      await system.query('select reason from parked_deliveries where dedupe_key = $1', [
        messageKey(messageIds[0]),
      ]),
      [{ reason: 'unknown_account_or_sender' }],
    );
    const reached = await world.control(`whatsapp/messages?to=${from}`);
    assert.deepEqual(reached, { messages: [] });
  });

  test('is handed to staff of its tenant, who read it masked, answer, and give it back', async () => {
    const number = newNumber('49');
    const patient = phoneOf(sandbox.origin, { phone: number, name: planted.name, lang: 'de' });
    const caseId = await consenting(patient, 'Guten Tag');
    const words = `Ich möchte mit einem Menschen sprechen. Ich heiße ${planted.name}, meine Nummer ist +${number}.`;
    await patient.write(words);
    await patient.hears('staff.handover');
    assert.ok((await desk.listed('with-staff')).includes(caseId));

    const lines = await desk.conversation(caseId);
    const masked = words.replace(planted.name, '[NAME]').replace(`+${number}`, '[PHONE]');
    assert.equal(lines.filter(({ from }) => from === 'patient').at(-1)?.text, masked);
    await desk.act(caseId, { type: 'staff.reply', text: planted.reply });
    await patient.hears('staff.reply', { text: planted.reply });
    await desk.act(caseId, { type: 'staff.resume' });
    await desk.caseIs(caseId, 'the bot again', ({ tags }) => !tags.includes('with-staff'));
    assert.equal((await desk.listed('with-staff')).includes(caseId), false);
    await patient.write('Berlin');
    await patient.hears('intake.date');

    const elsewhere = await staffHeader({ tenant: 'another' });
    for (const path of ['', '/history', '/conversation'])
      assert.equal((await desk.get(`/${caseId}${path}`, elsewhere)).status, 404, path);
    const foreign = await desk.tell(caseId, { type: 'staff.resume' }, elsewhere);
    assert.equal(foreign.status, 404);
    assert.deepEqual(await desk.listed('with-staff', elsewhere), []);

    const trail = await system.query<{ chain: string; subject: string }>(
      `select chain, subject from audit_entries where action = 'access' and case_id = $1 order by chain, seq`,
      [caseId],
    );
    const route = 'GET /admin/cases/{caseId}';
    const by = (tenant: string) =>
      trail.filter(({ chain }) => chain === `${tenant}/desk`).map(({ subject }) => subject);
    assert.deepEqual(
      by('demo').filter((subject, i, all) => subject !== all[i - 1]),
      [`${route}/conversation`, 'staff.reply', 'staff.resume', route],
    );
    assert.deepEqual(by('another'), [
      route,
      `${route}/history`,
      `${route}/conversation`,
      'staff.resume',
    ]);
  });

  test('lets a service abroad read only with consent, only what is masked, and does without it in time', async () => {
    const number = newNumber('49');
    const patient = phoneOf(sandbox.origin, { phone: number, name: planted.name, lang: 'de' });
    await agreeing(patient, 'Guten Tag, ich möchte eine Haartransplantation');
    // Nobody has agreed to it so far, in none of the tests above.
    assert.deepEqual(world.ledger('chat'), []);
    await patient.press('consent:transfer-abroad:yes');
    await patient.hears('consent.noted');
    await patient.write(
      `Ich heiße ${planted.name}, meine Nummer ist +${number}, ich fliege ab Berlin.`,
    );
    await patient.hears('intake.date');
    const [request, ...others] = world.ledger('chat');
    assert.deepEqual(others, []);
    const left = JSON.stringify(request?.detail);
    assert.match(left, /\[NAME\].*\[PHONE\].*Berlin/);
    assert.deepEqual(canary({ name: planted.name, number }).foundIn(left), []);

    await world.setFault({ provider: 'chat', mode: 'hang' });
    await patient.write(`Am ${written(dayAhead(90))}`);
    await patient.hears('intake.adults');
    assert.ok((await world.hits('chat')) > 0);
    await world.setFault({ provider: 'chat', mode: 'none' });
  });

  test('waits with a dead token, says so, and goes on with a new one', async (t) => {
    const waiting: { phone: Phone; caseId: string }[] = [];
    for (let n = 0; n < 4; n++) {
      const phone = somebody('49', 'de');
      waiting.push({ phone, caseId: await consenting(phone, 'Guten Tag') });
    }
    // Meta's own way to a second token, while the first one lives.
    const query = new URLSearchParams({
      grant_type: 'fb_exchange_token',
      client_id: sandboxSecrets.whatsappAppId,
      client_secret: DEVELOPMENT_SECRETS.WHATSAPP_APP_SECRET,
      fb_exchange_token: DEVELOPMENT_SECRETS.WHATSAPP_TOKEN,
    });
    const answer = await fetch(`${sandbox.origin}/v26.0/oauth/access_token?${query.toString()}`);
    const { access_token: second } = v.parse(Exchanged, await answer.json());

    other = parts.use(
      await startOrchestrator(services, traces.url, {
        sandbox: sandbox.origin,
        dataDir: system.dataDir,
      }),
    );
    await world.control('whatsapp/revoke', { token: DEVELOPMENT_SECRETS.WHATSAPP_TOKEN });
    const calls = await world.counting();
    t.after(async () => world.noFault());
    const stuck: string[] = [];
    for (const { phone, caseId } of waiting) {
      await phone.write('Berlin');
      const { messages } = await desk.caseIs(caseId, 'a message that waits', (found) =>
        found.messages.some(
          ({ status, reason }) => status === 'waiting' && reason === 'token_dead',
        ),
      );
      stuck.push(messages.at(-1)?.effectId ?? '');
    }
    const triedOnce = `select from effects where effect_id = any($1) and attempt < 2`;
    // Until both processes have looked for a token, and every message was tried again.
    await waitUntil(
      async () => {
        await hurry();
        const gauges = await Promise.all([system, other].map(deadGauge));
        return (
          gauges.every((value) => value === 1) &&
          (await system.query(triedOnce, [stuck])).length === 0
        );
      },
      { what: 'both processes to know that the token is dead', timeoutMs: 20_000 },
    );
    assert.equal(await calls(), 1);
    assert.deepEqual(
      stuck.map((id) => world.sentFor(id)),
      [0, 0, 0, 0],
    );

    exchangesBefore = world.ledger('token').length;
    for (const process of [system, other])
      assert.deepEqual(await process.program.stop(), { code: 0, signal: null });
    const env = { WHATSAPP_TOKEN: second, WHATSAPP_APP_ID: sandboxSecrets.whatsappAppId };
    await Promise.all([system.startAgain(env), other.startAgain(env)]);
    takeWebhooks();
    await hurry();
    for (const { phone } of waiting) await phone.hears('intake.date');
    assert.deepEqual(
      stuck.map((id) => world.sentFor(id)),
      [1, 1, 1, 1],
    );
    assert.ok((await Promise.all([system, other].map(deadGauge))).every((value) => value !== 1));
  });

  test('exchanges its token once for all processes, and keeps it for an hour at most', async () => {
    // As long as one of the two has not sent anything, somebody else says hello.
    await waitUntil(
      async () => {
        const phone = somebody('49', 'de');
        await phone.write('Guten Tag');
        await phone.hears('consent.service.1');
        return (await Promise.all([system, other].map(callsBy))).every((count) => count > 1);
      },
      { what: 'both processes to send', timeoutMs: 20_000 },
    );
    assert.equal(world.ledger('token').length, exchangesBefore + 1);
    const leftMs = await redis.pttl('whatsapp:access_token');
    assert.ok(leftMs > 0 && leftMs <= 60 * 60 * 1_000, String(leftMs));
  });

  test('leaves nothing of a patient in logs, metrics, traces, Redis, columns or files (I7)', async () => {
    const everything = canary(secrets);
    const columns = await everyColumn((sql) => system.query(sql));
    assert.ok(columns.length > 1_000);
    const leaking = columns.filter(({ value }) => everything.foundIn(value).length > 0);
    assert.deepEqual([...new Set(leaking.map(({ where }) => where))], []);

    const contents = await monitor.contents();
    for (const key of ['whatsapp:access_token', 'whatsapp:token_dead', '{whatsapp}:limit:pair:'])
      assert.ok(contents.includes(key), key);
    const metrics = await Promise.all([system, other].map(metricsOf));
    for (const process of [system, other])
      assert.deepEqual(await process.program.stop(), { code: 0, signal: null }); // Sends the last spans.
    const spans = traces.exported();
    assert.ok(spans.includes('http.route'));
    const kept = await files();
    assert.ok(kept.length >= 3);
    const bytes = await Promise.all(kept.map(async (file) => readFile(join(system.dataDir, file))));
    const places: Record<string, string | Buffer> = {
      commands: monitor.commands(),
      contents,
      metrics: metrics.join('\n'),
      spans,
      log: system.outputs() + other.outputs(),
      'names of files': kept.join('\n'),
      files: Buffer.concat(bytes),
    };
    for (const [place, text] of Object.entries(places))
      assert.deepEqual(everything.foundIn(text), [], place);
    // Staff may read what was said, and never who said it.
    const said = new Set<string>([planted.words, planted.reply]);
    const persons = canary(
      Object.fromEntries(Object.entries(secrets).filter(([, secret]) => !said.has(secret))),
    );
    assert.deepEqual(persons.foundIn(system.answers() + other.answers()), []);
    // The search itself works: the sandbox, which stands for the world, knows them.
    const world = await readFile(ledgerFile);
    assert.ok(everything.foundIn(world).length > 10);
  });
});

/** A grey square of one pixel, as a JPEG with this comment. */
function jpegWith(comment: string): Buffer {
  const square = Buffer.from(
    '/9j/4AAQSkZJRgABAQEASABIAAD/2wBDAAMCAgMCAgMDAwMEAwMEBQgFBQQEBQoHBwYIDAoMDAsKCwsNDhIQDQ4RDgsLEBYQERMUFRUVDA8XGBYUGBIUFRT/wAALCAABAAEBAREA/8QAFAABAAAAAAAAAAAAAAAAAAAACf/EABQQAQAAAAAAAAAAAAAAAAAAAAD/2gAIAQEAAD8AVN//2Q==',
    'base64',
  );
  const text = Buffer.from(comment);
  const head = Buffer.from([0xff, 0xfe, 0, text.length + 2]); // The length counts itself.
  return Buffer.concat([square.subarray(0, 2), head, text, square.subarray(2)]);
}
