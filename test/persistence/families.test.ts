import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, suite, test } from 'node:test';

import { maxCompanions, type ContactCase, type ContactKey } from '../../actors/ports/directory.ts';
import { externalIdOf } from '../../persistence/contacts/delivery-status.ts';
import { createDirectory } from '../../persistence/contacts/directory.ts';
import { fixPartitions } from '../../persistence/database/leases.ts';
import { createPool } from '../../persistence/database/pool.ts';
import { createBlindIndex } from '../../persistence/encryption/blind-index.ts';
import { createDataKeys } from '../../persistence/encryption/data-keys.ts';
import { createLocalKeyring } from '../../persistence/encryption/keyring.ts';
import { asApplication } from '../support/postgres.ts';
import { testDatabase } from '../support/services.ts';
import { commitOf, event, openLedger, stepped, type LedgerProcess } from './ledger-fixture.ts';

const account = '100000000000001';
const tenant = 'clinic';
const rootKey = { id: 'root', key: new Uint8Array(32).fill(7) };

let lastDigits = 300_000_000;
const newPhone = () => `49170${(lastDigits += 1)}`;

suite('several cases of one contact', { timeout: 60_000 }, () => {
  let database: Awaited<ReturnType<typeof testDatabase>>;
  let ledger: LedgerProcess;
  let pool: ReturnType<typeof createPool>;
  let directory: ReturnType<typeof createDirectory>;
  let worker: { owner: string; epoch: number };
  before(async () => {
    database = await testDatabase();
    ledger = openLedger(database.url);
    await fixPartitions(ledger.pool, 1);
    const [lease] = await ledger.leases.hold('worker', 1, 60 * 60 * 1_000);
    worker = { owner: 'worker', epoch: lease?.epoch ?? 0 };
    pool = createPool({ url: asApplication(database.url), max: 4 });
    const keyring = createLocalKeyring([rootKey]);
    directory = createDirectory({
      pool,
      keyring,
      keys: createDataKeys(pool, keyring),
      blindIndex: createBlindIndex([rootKey]),
      digestKey: Buffer.alloc(32, 9),
    });
    await directory.setUpTenant({ tenant, name: 'Klinik Şifa', whatsappAccount: account });
  });
  after(async () => {
    await pool.end();
    await ledger[Symbol.asyncDispose]();
    await database[Symbol.asyncDispose]();
  });

  const keyOf = (phone: string): ContactKey => ({ account, userId: null, phone });
  async function found(phone: string): Promise<ContactCase> {
    const [one] = await directory.casesOf([keyOf(phone)]);
    assert.ok(one);
    return one;
  }
  /** A phone with a case that is open. */
  async function begun(): Promise<{ phone: string; caseId: string }> {
    const phone = newPhone();
    const { caseId } = await found(phone);
    await ledger.ledger.append([event(caseId, { tenant })]);
    return { phone, caseId };
  }
  const join = (phone: string, caseId: string, newCaseId = randomUUID()) =>
    directory.join({ tenant, userId: null, phone, caseId, newCaseId });
  async function joined(phone: string, caseId: string): Promise<string> {
    const newCaseId = randomUUID();
    assert.ok(Array.isArray(await join(phone, caseId, newCaseId)));
    await ledger.ledger.append([event(newCaseId, { tenant })]);
    return newCaseId;
  }
  async function close(caseId: string): Promise<void> {
    const consumed = await ledger.ledger.pending([caseId], 10, []);
    const cases = [stepped(caseId, { tenant, status: 'done' })];
    await ledger.ledger.commit(commitOf(worker, { cases, consumed }));
  }
  async function casesOf(phone: string): Promise<string[]> {
    const { several } = await found(phone);
    if (several === undefined) return [];
    const family = (await directory.familiesOf([several])).get(several);
    return family?.cases.map(({ caseId }) => caseId) ?? [];
  }

  test('a contact with one case says nothing of a family, and one with two says which contact it is', async () => {
    const { phone, caseId } = await begun();
    assert.deepEqual(Object.keys(await found(phone)), ['tenant', 'tenantName', 'caseId', 'opened']);
    const second = await joined(phone, caseId);
    const contact = await found(phone);
    assert.equal(contact.caseId, caseId);
    assert.match(contact.several ?? '', /^[\w-]{36}$/);
    assert.deepEqual(await casesOf(phone), [caseId, second]);
  });

  test('the same case is joined once, and answers its companions each time', async () => {
    const { phone, caseId } = await begun();
    const newCaseId = randomUUID();
    assert.deepEqual(await join(phone, caseId, newCaseId), [caseId]);
    assert.deepEqual(await join(phone, caseId, newCaseId), [caseId]);
    const third = randomUUID();
    assert.deepEqual(await join(phone, newCaseId, third), [caseId, newCaseId]);
    assert.deepEqual(await casesOf(phone), [caseId, newCaseId, third]);
  });

  test('a case whose number somebody else has now gets no companion', async () => {
    const [one, other] = [await begun(), await begun()];
    assert.equal(await join(other.phone, one.caseId), 'unknown');
    assert.equal(await join(newPhone(), one.caseId), 'unknown');
    assert.equal(await join('', one.caseId), 'unknown');
    assert.deepEqual(await casesOf(one.phone), []);
  });

  test('six are open at most, and one that is over makes room', async () => {
    const { phone, caseId } = await begun();
    const others: string[] = [];
    while (others.length < maxCompanions - 1) others.push(await joined(phone, caseId));
    assert.equal(await join(phone, caseId), 'too-many');
    assert.equal((await casesOf(phone)).length, maxCompanions);
    await close(others[0] ?? '');
    await joined(phone, caseId);
    assert.equal(await join(phone, caseId), 'too-many');
  });

  test('joined at once by two processes there are six all the same', async () => {
    const { phone, caseId } = await begun();
    const answers = await Promise.all(Array.from({ length: 12 }, () => join(phone, caseId)));
    assert.equal(answers.filter((one) => one === 'too-many').length, 12 - (maxCompanions - 1));
    assert.equal((await casesOf(phone)).length, maxCompanions);
  });

  test('whoever has an open case left gets no new one; when all are over, one that is alone', async () => {
    const { phone, caseId } = await begun();
    const second = await joined(phone, caseId);
    await close(caseId);
    assert.deepEqual(await casesOf(phone), [caseId, second]);
    await close(second);
    const renewed = await found(phone);
    assert.deepEqual([renewed.opened, renewed.several], [false, undefined]);
    assert.ok(![caseId, second].includes(renewed.caseId));
  });

  test('a new number takes all cases along', async () => {
    const { phone, caseId } = await begun();
    const second = await joined(phone, caseId);
    const next = newPhone();
    const at = '2026-12-01T10:00:00Z';
    const [from, to] = [keyOf(phone), keyOf(next)];
    await directory.change([{ account, from, to, at }]);
    assert.deepEqual(await casesOf(next), [caseId, second]);
    assert.notEqual((await found(phone)).caseId, caseId);
    assert.ok(Array.isArray(await join(next, second)));
  });

  test('a message is found by its key, by what it changes and by what it answers, in this order', async () => {
    const { phone, caseId } = await begun();
    const second = await joined(phone, caseId);
    const [said, changed] = [randomUUID(), randomUUID()];
    await ledger.ledger.append([
      event(caseId, { tenant, source: 'whatsapp', dedupeKey: said }),
      event(second, { tenant, source: 'whatsapp', dedupeKey: changed }),
    ]);
    const effectId = `${second}.1.0`;
    await ledger.pool.query(
      `insert into external_references (provider, kind, external_id, tenant, case_id, effect_id)
       values ('whatsapp', 'message', $4, $1, $2, $3)`,
      [tenant, second, effectId, externalIdOf('wamid.ours')],
    );
    const clue = (dedupeKeys: string[], answers: string | null, of = tenant) => ({
      tenant: of,
      source: 'whatsapp',
      dedupeKeys,
      answers,
    });
    assert.deepEqual(
      await directory.casesNamed([
        clue([said], null),
        clue([said], 'wamid.ours'),
        clue([randomUUID(), changed], null),
        clue([randomUUID()], 'wamid.ours'),
        clue([randomUUID()], 'wamid.ours', 'agency'),
        clue([randomUUID()], 'wamid.nobody’s'),
        clue([], null),
      ]),
      [caseId, caseId, second, second, null, null, null],
    );
  });

  test('when a case asked and was heard is noted by our own clock', async () => {
    const { phone, caseId } = await begun();
    const second = await joined(phone, caseId);
    await directory.heard([caseId, 'nobody’s']);
    await directory.asked(second);
    const { several = '' } = await found(phone);
    const family = (await directory.familiesOf([several])).get(several);
    const [first, last] = family?.cases ?? [];
    assert.ok(first?.heardAt && first.askedAt === null && last?.askedAt && last.heardAt === null);
    assert.ok(last.askedAt > first.heardAt && (family?.now ?? 0) >= last.askedAt);
  });
});
