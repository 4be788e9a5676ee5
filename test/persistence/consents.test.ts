import assert from 'node:assert/strict';
import { hash, randomUUID } from 'node:crypto';
import { after, before, suite, test } from 'node:test';

import fc from 'fast-check';
import pg from 'pg';

import type { ConsentRecord } from '../../actors/ports/consents.ts';
import { createConsentRegister } from '../../persistence/cases/consents.ts';
import { createLocalKeyring } from '../../persistence/encryption/keyring.ts';
import { testDatabase } from '../support/services.ts';
import { newCaseId, openLedger, tenant, type LedgerProcess } from './ledger-fixture.ts';

const rootKey = { id: 'root', key: new Uint8Array(32).fill(7) };
const words = 'Kabul ediyor musunuz?';
const textHash = hash('sha256', words);
/** As Meta makes them: the number is in it, in base64. */
const messageId = `wamid.${Buffer.from('491700000001 canary').toString('base64')}`;
const second = (seconds: number) =>
  new Date(Date.UTC(2026, 10, 23) + seconds * 1_000).toISOString();

suite('the consent register', { timeout: 60_000 }, () => {
  let database: Awaited<ReturnType<typeof testDatabase>>;
  let one: LedgerProcess;
  let register: ReturnType<typeof createConsentRegister>;
  before(async () => {
    database = await testDatabase();
    one = openLedger(database.url);
    register = createConsentRegister({ pool: one.pool, keyring: createLocalKeyring([rootKey]) });
  });
  after(async () => {
    await one[Symbol.asyncDispose]();
    await database[Symbol.asyncDispose]();
  });

  const consent = (caseId: string, more: Partial<ConsentRecord> = {}): ConsentRecord => ({
    tenant,
    caseId,
    purpose: 'service',
    status: 'given',
    text: 'consent.service.1',
    lang: 'tr',
    textHash,
    messageId,
    at: second(0),
    ...more,
  });
  const count = async (table: string) =>
    (await one.pool.query<{ n: number }>(`select count(*)::int4 as n from ${table}`)).rows[0]?.n;

  test('asks to be tried again where the database is away, and not where it refuses', async () => {
    const away = new pg.Pool({ host: '127.0.0.1', port: 1 });
    const lost = createConsentRegister({ pool: away, keyring: createLocalKeyring([rootKey]) });
    const caseId = newCaseId();
    await assert.rejects(lost.record('away.1', consent(caseId)), {
      name: 'ProviderUnreachable',
      retryable: true,
      message: 'consents gave no usable answer: database_away',
    });
    await away.end();
    const strange = consent(caseId, { purpose: 'curiosity' as ConsentRecord['purpose'] });
    await assert.rejects(register.record('refused.1', strange), { code: '23514' });
  });

  test('keeps an answer with its evidence', async () => {
    const caseId = newCaseId();
    await register.record('keeps.1', consent(caseId, { at: '2026-11-23T13:00:00+03:00' }));
    assert.deepEqual(await register.live(tenant, caseId), [
      {
        purpose: 'service',
        status: 'given',
        text: 'consent.service.1',
        lang: 'tr',
        at: '2026-11-23T10:00:00.000Z',
      },
    ]);
    assert.equal(await register.messageIdOf(tenant, 'keeps.1'), messageId);
    assert.equal(await register.verify(tenant, 'keeps.1', textHash), true);
    assert.equal(await register.verify(tenant, 'keeps.1', textHash.toUpperCase()), true);
  });

  test('knows other words from those that were shown', async () => {
    await register.record('words.1', consent(newCaseId()));
    for (const other of [hash('sha256', `${words} `), '', 'not hex', textHash.slice(2)])
      assert.equal(await register.verify(tenant, 'words.1', other), false);
    assert.equal(await register.verify(tenant, 'words.2', textHash), false);
  });

  test('tells another tenant nothing', async () => {
    const caseId = newCaseId();
    await register.record('tenant.1', consent(caseId));
    assert.deepEqual(await register.live('agency', caseId), []);
    assert.equal(await register.verify('agency', 'tenant.1', textHash), false);
    assert.equal(await register.messageIdOf('agency', 'tenant.1'), null);
  });

  test('records one id once, also when it is said again and at the same time', async () => {
    const caseId = newCaseId();
    const before = await count('consents');
    const said = consent(caseId);
    await Promise.all(Array.from({ length: 8 }, () => register.record('once.1', said)));
    await register.record('once.1', said);
    assert.equal(await count('consents'), (before ?? 0) + 1);
    assert.equal(await count('consent_keys'), await count('consents'));
    assert.equal(await register.messageIdOf(tenant, 'once.1'), messageId);
  });

  test('does not let an id say another thing later', async () => {
    const caseId = newCaseId();
    await register.record('other.1', consent(caseId));
    for (const more of [
      { status: 'withdrawn' as const },
      { tenant: 'agency' },
      { textHash: hash('sha256', 'other') },
      { at: second(1) },
    ])
      await assert.rejects(
        register.record('other.1', consent(caseId, more)),
        /other\.1 is recorded/,
      );
    assert.equal((await register.live(tenant, caseId))[0]?.status, 'given');
  });

  test('takes no text hash that is none', async () => {
    const wrong = consent(newCaseId(), { textHash: textHash.slice(1) });
    await assert.rejects(register.record('hash.1', wrong), RangeError);
  });

  test('answers the newest for each purpose, in whatever order they were recorded', async () => {
    const answer = fc.record({
      purpose: fc.constantFrom('service', 'health-data', 'transfer-abroad', 'marketing'),
      status: fc.constantFrom('given', 'refused', 'withdrawn'),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.array(answer, { minLength: 1, maxLength: 6 }).chain((answers) =>
          fc.record({
            answers: fc.constant(answers),
            order: fc.shuffledSubarray([...answers.keys()], { minLength: answers.length }),
          }),
        ),
        async ({ answers, order }) => {
          const caseId = newCaseId();
          for (const place of order)
            await register.record(
              `${caseId}.${place}`,
              consent(caseId, { ...answers[place], at: second(place) }),
            );
          const live = await register.live(tenant, caseId);
          assert.deepEqual(
            Object.fromEntries(live.map(({ purpose, status }) => [purpose, status])),
            Object.fromEntries(answers.map(({ purpose, status }) => [purpose, status])),
          );
        },
      ),
      { numRuns: 30 },
    );
  });

  test('takes a withdrawal for newer than a yes of the same second', async () => {
    for (const statuses of [
      ['given', 'withdrawn'],
      ['withdrawn', 'given'],
    ] as const) {
      const caseId = newCaseId();
      for (const status of statuses)
        await register.record(randomUUID(), consent(caseId, { status }));
      assert.equal((await register.live(tenant, caseId))[0]?.status, 'withdrawn');
    }
  });

  test('only grows', async () => {
    await register.record('grows.1', consent(newCaseId()));
    for (const change of [
      `update consents set status = 'withdrawn'`,
      `update consents set evidence = ''`,
      'delete from consents',
      'truncate consents',
    ])
      await assert.rejects(one.pool.query(change), { code: 'KR002' });
  });

  test('holds no message id and no number in the clear', async () => {
    await register.record('sealed.1', consent(newCaseId()));
    const { rows } = await one.pool.query(
      `select *, encode(evidence, 'escape') as seen from consents where id = 'sealed.1'`,
    );
    const told = JSON.stringify(rows);
    assert.ok(!told.includes(messageId) && !told.includes('wamid') && !told.includes('4917'));
  });

  test('keeps its evidence through a new root key, and loses it with its key', async () => {
    const caseId = newCaseId();
    await register.record('root.1', consent(caseId));
    const newRoot = { id: 'root-2', key: new Uint8Array(32).fill(8) };
    const { rows } = await one.pool.query<{ wrapped: Buffer }>(
      `select wrapped from consent_keys where consent_id = 'root.1'`,
    );
    const wrapped = createLocalKeyring([newRoot, rootKey]).rewrap(
      tenant,
      caseId,
      rows[0]?.wrapped as Buffer,
    );
    await one.pool.query(`update consent_keys set wrapped = $1 where consent_id = 'root.1'`, [
      wrapped,
    ]);
    const renewed = createConsentRegister({
      pool: one.pool,
      keyring: createLocalKeyring([newRoot]),
    });
    assert.equal(await renewed.messageIdOf(tenant, 'root.1'), messageId);
    await one.pool.query(`delete from consent_keys where consent_id = 'root.1'`);
    assert.equal(await renewed.messageIdOf(tenant, 'root.1'), null);
    assert.equal(await renewed.verify(tenant, 'root.1', textHash), true);
  });
});
