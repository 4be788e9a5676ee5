import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, suite, test } from 'node:test';

import type {
  ContactCase,
  ContactChange,
  ContactKey,
  Directory,
} from '../../actors/ports/directory.ts';
import { createDirectory } from '../../persistence/contacts/directory.ts';
import { fixPartitions } from '../../persistence/database/leases.ts';
import { createPool } from '../../persistence/database/pool.ts';
import { createBlindIndex } from '../../persistence/encryption/blind-index.ts';
import { createDataKeys } from '../../persistence/encryption/data-keys.ts';
import { createLocalKeyring } from '../../persistence/encryption/keyring.ts';
import { asApplication } from '../support/postgres.ts';
import { testDatabase } from '../support/services.ts';
import {
  commitOf,
  event,
  newCaseId,
  openLedger,
  stepped,
  type LedgerProcess,
} from './ledger-fixture.ts';

const account = '100000000000001';
const otherAccount = '100000000000002';
const clinic = { tenant: 'clinic', name: 'Klinik Şifa', whatsappAccount: account };
const agency = { tenant: 'agency', name: 'Agency', whatsappAccount: otherAccount };
// As the ledger of the fixture has it, so that each decrypts what the other encrypted.
const rootKey = { id: 'root', key: new Uint8Array(32).fill(7) };

/** A directory as one process has it, working as the application's role; its `pool` is the owner's. */
function openDirectory(url: string) {
  const [pool, working] = [
    createPool({ url, max: 4 }),
    createPool({ url: asApplication(url), max: 4 }),
  ];
  const keyring = createLocalKeyring([rootKey]);
  const directory = createDirectory({
    pool: working,
    keyring,
    keys: createDataKeys(working, keyring),
    blindIndex: createBlindIndex([rootKey]),
    digestKey: Buffer.alloc(32, 9),
  });
  const end = async () => void (await Promise.all([pool.end(), working.end()]));
  return { pool, directory, [Symbol.asyncDispose]: end };
}

let lastDigits = 100_000_000;
/** A number nobody else has. */
const newPhone = () => `49170${(lastDigits += 1)}`;
const newUser = () => `DE.${randomUUID()}`;
const contact = (more: Partial<ContactKey>): ContactKey => ({
  account,
  userId: null,
  phone: null,
  ...more,
});

suite('the directory', { timeout: 60_000 }, () => {
  let database: Awaited<ReturnType<typeof testDatabase>>;
  let one: ReturnType<typeof openDirectory>;
  let two: ReturnType<typeof openDirectory>;
  let ledger: LedgerProcess;
  let worker: { owner: string; epoch: number };
  before(async () => {
    database = await testDatabase();
    [one, two] = [openDirectory(database.url), openDirectory(database.url)];
    ledger = openLedger(database.url);
    await fixPartitions(ledger.pool, 1);
    const [lease] = await ledger.leases.hold('worker', 1, 60 * 60 * 1_000);
    worker = { owner: 'worker', epoch: lease?.epoch ?? 0 };
    await one.directory.setUpTenant(clinic);
    await one.directory.setUpTenant(agency);
  });
  after(async () => {
    await Promise.all([one, two, ledger].map((each) => each[Symbol.asyncDispose]()));
    await database[Symbol.asyncDispose]();
  });

  async function caseOf(key: ContactKey, from = one): Promise<ContactCase> {
    const [found] = await from.directory.casesOf([key]);
    assert.ok(found);
    return found;
  }
  /** Brings a case to its end, as the kernel would. */
  async function close(caseId: string, tenant = clinic.tenant): Promise<void> {
    await ledger.ledger.append([event(caseId, { tenant })]);
    const consumed = await ledger.ledger.pending([caseId], 10, []);
    const cases = [stepped(caseId, { tenant, status: 'done' })];
    await ledger.ledger.commit(commitOf(worker, { cases, consumed }));
  }
  async function contactsWith(caseIds: readonly string[]): Promise<number> {
    const { rows } = await one.pool.query<{ n: number }>(
      'select count(*)::int4 as n from contacts where case_id = any($1)',
      [caseIds],
    );
    return rows[0]?.n ?? 0;
  }

  async function contacts(): Promise<number> {
    const { rows } = await one.pool.query<{ n: number }>(
      'select count(*)::int4 as n from contacts',
    );
    return rows[0]?.n ?? 0;
  }
  async function deadLettersOf(caseId: string): Promise<string[][]> {
    const { rows } = await one.pool.query<{ reason: string; subject: string }>(
      'select reason, subject from dead_letters where case_id = $1',
      [caseId],
    );
    return rows.map(({ reason, subject }) => [reason, subject]);
  }

  test('gives a newcomer a case that waits to be opened', async () => {
    const { caseId, ...more } = await caseOf(contact({ userId: newUser(), phone: newPhone() }));
    assert.match(caseId, /^[\w-]{36}$/);
    assert.deepEqual(more, { tenant: 'clinic', tenantName: 'Klinik Şifa', opened: false });
  });

  test('says that a case is open once its first event is committed', async () => {
    const key = contact({ phone: newPhone() });
    const { caseId } = await caseOf(key);
    assert.equal((await caseOf(key)).opened, false);
    await ledger.ledger.append([event(caseId)]);
    assert.deepEqual(await caseOf(key, two), { ...(await caseOf(key)), caseId, opened: true });
  });

  test('finds a contact by user id, by number, and by both', async () => {
    const both = contact({ userId: newUser(), phone: newPhone() });
    const { caseId } = await caseOf(both);
    const found = await two.directory.casesOf([
      { ...both, phone: null },
      { ...both, userId: null },
      both,
      { ...both, phone: newPhone() },
    ]);
    assert.deepEqual(
      found.map((each) => each?.caseId),
      [caseId, caseId, caseId, caseId],
    );
  });

  test('finds a contact without a number again', async () => {
    const key = contact({ userId: newUser() });
    const { caseId } = await caseOf(key);
    assert.equal((await caseOf(key, two)).caseId, caseId);
    assert.notEqual((await caseOf(contact({ userId: newUser() }))).caseId, caseId);
  });

  test('writes numbers alike before it looks', async () => {
    const phone = newPhone();
    const { caseId } = await caseOf(contact({ phone }));
    assert.equal((await caseOf(contact({ phone: `+${phone}` }))).caseId, caseId);
  });

  test('learns the user id of a contact that was known by its number', async () => {
    const [phone, userId] = [newPhone(), newUser()];
    const { caseId } = await caseOf(contact({ phone }));
    assert.equal((await caseOf(contact({ phone, userId }))).caseId, caseId);
    assert.equal((await caseOf(contact({ userId }), two)).caseId, caseId, 'the number is missing');
  });

  test('learns a user id once: the same number with another one is another person', async () => {
    const [phone, userId, nextOwner] = [newPhone(), newUser(), newUser()];
    await caseOf(contact({ phone }));
    const { caseId } = await caseOf(contact({ phone, userId }));
    const next = await caseOf(contact({ phone, userId: nextOwner }));
    assert.notEqual(next.caseId, caseId, 'a number that changed hands opens nobody else’s case');
    assert.equal((await caseOf(contact({ phone, userId }))).caseId, caseId);
    assert.equal((await caseOf(contact({ userId }))).caseId, caseId);
    assert.equal((await caseOf(contact({ phone, userId: nextOwner }))).caseId, next.caseId);
    assert.equal((await caseOf(contact({ phone }))).caseId, next.caseId, 'who has it now');
  });

  test('tells two newcomers with one number in one batch apart', async () => {
    const phone = newPhone();
    const keys = [contact({ phone, userId: newUser() }), contact({ phone, userId: newUser() })];
    const found = await one.directory.casesOf(keys);
    assert.equal(new Set(found.map((each) => each?.caseId)).size, 2);
    assert.deepEqual(await two.directory.casesOf(keys), found);
  });

  test('learns the number of a contact that was known by its id', async () => {
    const [phone, next, userId] = [newPhone(), newPhone(), newUser()];
    const { caseId } = await caseOf(contact({ userId }));
    assert.equal((await caseOf(contact({ phone, userId }))).caseId, caseId);
    assert.equal((await caseOf(contact({ phone }), two)).caseId, caseId, 'the id is missing');
    assert.equal((await caseOf(contact({ phone: next, userId }))).caseId, caseId);
    assert.equal((await caseOf(contact({ phone: next }))).caseId, caseId, 'the number is new');
    assert.notEqual((await caseOf(contact({ phone }))).caseId, caseId, 'the old one is free');
  });

  test('takes a number that moved to another known id from the old one', async () => {
    const [phone, one_, other] = [newPhone(), newUser(), newUser()];
    const first = await caseOf(contact({ phone, userId: one_ }));
    const second = await caseOf(contact({ userId: other }));
    assert.equal((await caseOf(contact({ phone, userId: other }))).caseId, second.caseId);
    assert.equal((await caseOf(contact({ phone }))).caseId, second.caseId);
    assert.equal((await caseOf(contact({ userId: one_ }))).caseId, first.caseId);
  });

  test('gives a number that two show in one batch to the last', async () => {
    const phone = newPhone();
    const users = [newUser(), newUser(), newUser()] as const;
    const known = await one.directory.casesOf(users.map((userId) => contact({ userId })));
    const shown = await one.directory.casesOf(users.map((userId) => contact({ userId, phone })));
    assert.deepEqual(shown, known);
    assert.deepEqual(await caseOf(contact({ phone })), known[2]);
  });

  test('finds that a number and an id are one person: the one with the id', async () => {
    const [phone, userId] = [newPhone(), newUser()];
    const byPhone = await caseOf(contact({ phone }));
    const byUser = await caseOf(contact({ userId }));
    await ledger.ledger.append([event(byPhone.caseId)]);
    assert.equal((await caseOf(contact({ phone, userId }))).caseId, byUser.caseId);
    assert.equal((await caseOf(contact({ phone }))).caseId, byUser.caseId);
    assert.equal(await contactsWith([byPhone.caseId]), 0);
    assert.deepEqual(await deadLettersOf(byPhone.caseId), [
      ['contact_merged', `case:${byUser.caseId}`],
    ]);
  });

  test('troubles nobody with a case that was never opened, or is over', async () => {
    const userId = newUser();
    const [unopened, over] = [newPhone(), newPhone()];
    await caseOf(contact({ userId }));
    const lost = [
      await caseOf(contact({ phone: unopened })),
      await caseOf(contact({ phone: over })),
    ];
    await close(lost[1]?.caseId ?? '');
    for (const phone of [unopened, over]) await caseOf(contact({ phone, userId }));
    for (const { caseId } of lost) {
      assert.equal(await contactsWith([caseId]), 0);
      assert.deepEqual(await deadLettersOf(caseId), []);
    }
  });

  test('lives with a number that two processes give away at once', async () => {
    for (let round = 0; round < 10; round++) {
      const [phone, users] = [newPhone(), [newUser(), newUser()] as const];
      const known = await one.directory.casesOf(users.map((userId) => contact({ userId })));
      const shown = await Promise.all([
        caseOf(contact({ phone, userId: users[0] }), one),
        caseOf(contact({ phone, userId: users[1] }), two),
      ]);
      assert.deepEqual(shown, known);
      const { caseId } = await caseOf(contact({ phone }));
      assert.ok(known.some((each) => each?.caseId === caseId));
    }
  });

  test('learns a whole batch where another process is quicker with some of it', async () => {
    const people = Array.from({ length: 40 }, () => ({ phone: newPhone(), userId: newUser() }));
    const doubles = people.map(({ userId }) => ({ phone: newPhone(), userId }));
    await one.directory.casesOf([...people, ...doubles].map(({ phone }) => contact({ phone })));
    await Promise.all([
      one.directory.casesOf(people.map(contact)),
      two.directory.casesOf(doubles.toReversed().slice(0, 20).map(contact)),
    ]);
    // Learned by one of the two: none of them is a newcomer now.
    const before = await contacts();
    await one.directory.casesOf(people.map(({ userId }) => contact({ userId })));
    assert.equal(await contacts(), before);
  });

  test('lives with a user id that two numbers show in one batch', async () => {
    const [userId, phones] = [newUser(), [newPhone(), newPhone()]];
    const known = await one.directory.casesOf(phones.map((phone) => contact({ phone })));
    const shown = await one.directory.casesOf(phones.map((phone) => contact({ phone, userId })));
    assert.deepEqual(shown, known);
    const { caseId } = await caseOf(contact({ userId }));
    assert.ok(known.some((each) => each?.caseId === caseId));
  });

  test('lives with a user id that two processes learn at once', async () => {
    for (let round = 0; round < 10; round++) {
      const [userId, phones] = [newUser(), [newPhone(), newPhone()] as const];
      await one.directory.casesOf(phones.map((phone) => contact({ phone })));
      const [left, right] = await Promise.all([
        caseOf(contact({ phone: phones[0], userId }), one),
        caseOf(contact({ phone: phones[1], userId }), two),
      ]);
      const { caseId } = await caseOf(contact({ userId }));
      assert.ok([left.caseId, right.caseId].includes(caseId));
    }
  });

  test('gives the same newcomer, twice in one batch, one case', async () => {
    const both = contact({ userId: newUser(), phone: newPhone() });
    const byPhone = contact({ phone: newPhone() });
    const [a, b, c, d] = await one.directory.casesOf([both, byPhone, both, byPhone]);
    assert.ok(a && b);
    assert.deepEqual([c, d], [a, b]);
    assert.equal(await contactsWith([a.caseId, b.caseId]), 2);
  });

  test('gives newcomers that two processes meet at once one case each', async () => {
    const keys = Array.from({ length: 100 }, (_, n) =>
      contact(n % 2 ? { phone: newPhone(), userId: newUser() } : { phone: newPhone() }),
    );
    // In the other order: they would wait for each other's rows.
    const [forth, back] = await Promise.all([
      one.directory.casesOf(keys),
      two.directory.casesOf(keys.toReversed()),
    ]);
    assert.deepEqual(back.toReversed(), forth);
    const caseIds = forth.flatMap((each) => each?.caseId ?? []);
    assert.equal(new Set(caseIds).size, keys.length);
    assert.equal(await contactsWith(caseIds), keys.length);
  });

  test('gives a contact whose case is over a new one', async () => {
    const key = contact({ userId: newUser(), phone: newPhone() });
    const { caseId } = await caseOf(key);
    await close(caseId);
    const [renewed, again] = await one.directory.casesOf([key, key]);
    assert.ok(renewed && again);
    assert.notEqual(renewed.caseId, caseId);
    assert.deepEqual(again, renewed);
    assert.equal(renewed.opened, false);
    assert.deepEqual(await caseOf(key, two), renewed);
  });

  test('gives it one new case when two processes see at once that the old one is over', async () => {
    for (let round = 0; round < 5; round++) {
      const key = contact({ phone: newPhone() });
      const { caseId } = await caseOf(key);
      await close(caseId);
      const [left, right] = await Promise.all([caseOf(key, one), caseOf(key, two)]);
      assert.notEqual(left.caseId, caseId);
      assert.deepEqual(right, left);
    }
  });

  const at = (minute: number) => new Date(Date.UTC(2026, 10, 23, 10, minute)).toISOString();
  type Side = ContactChange['from'];
  const moved = (minute: number, from: Partial<Side>, to: Partial<Side>): ContactChange => ({
    account,
    from: { userId: null, phone: null, ...from },
    to: { userId: null, phone: null, ...to },
    at: at(minute),
  });

  test('finds a contact by its new number, and not by the old one', async () => {
    const [old, next, userId] = [newPhone(), newPhone(), newUser()];
    for (const from of [{ phone: old }, { phone: old, userId }]) {
      const { caseId } = await caseOf(contact(from));
      await one.directory.change([moved(1, from, { phone: next })]);
      assert.equal((await caseOf(contact({ phone: next }), two)).caseId, caseId);
      assert.notEqual((await caseOf(contact({ phone: old }))).caseId, caseId);
      await one.directory.change([moved(2, { phone: next }, { phone: newPhone() })]);
    }
  });

  test('finds a contact by its new id, with the number it has, and by the old one too', async () => {
    const [phone, userId, next] = [newPhone(), newUser(), newUser()];
    const { caseId } = await caseOf(contact({ userId, phone }));
    await one.directory.change([moved(1, { userId }, { userId: next })]);
    assert.equal((await caseOf(contact({ userId: next }))).caseId, caseId);
    assert.equal((await caseOf(contact({ phone }))).caseId, caseId);
    assert.equal((await caseOf(contact({ userId }))).caseId, caseId);
    // The old id beside a number that nobody had shown: still the same person.
    assert.equal((await caseOf(contact({ userId, phone: newPhone() }))).caseId, caseId);
  });

  test('finds a contact by the old number in what was said until a week after it changed', async () => {
    const [old, next] = [newPhone(), newPhone()];
    const { caseId } = await caseOf(contact({ phone: old }));
    await one.directory.change([moved(1, { phone: old }, { phone: next })]);
    const days = (n: number) => new Date(Date.parse(at(1)) + n * 86_400_000).toISOString();
    for (const day of [-1, 0, 6])
      assert.equal((await caseOf(contact({ phone: old, at: days(day) }))).caseId, caseId);
    // With an id of its own it is somebody else, at any time.
    const stranger = await caseOf(contact({ phone: old, userId: newUser(), at: days(0) }));
    assert.notEqual(stranger.caseId, caseId);
    assert.equal((await caseOf(contact({ phone: old, at: days(0) }))).caseId, stranger.caseId);
  });

  test('learns the new id of a contact whose number changed, and keeps the old one', async () => {
    const [old, next, userId, newId] = [newPhone(), newPhone(), newUser(), newUser()];
    const { caseId } = await caseOf(contact({ userId, phone: old }));
    await one.directory.change([moved(1, { phone: old }, { phone: next })]);
    for (const key of [{ userId: newId, phone: next }, { userId: newId }, { userId }])
      assert.equal((await caseOf(contact(key))).caseId, caseId);
  });

  test('takes neither number nor id from somebody else with an open case: that change comes back', async () => {
    const [mine, theirs, myId, theirId] = [newPhone(), newPhone(), newUser(), newUser()];
    const me = await caseOf(contact({ phone: mine, userId: myId }));
    const they = await caseOf(contact({ phone: theirs, userId: theirId }));
    await ledger.ledger.append([event(me.caseId), event(they.caseId)]);
    const later = (to: object) => ({
      ...moved(0, { userId: myId }, to),
      at: new Date(Date.now() + 60_000).toISOString(),
    });
    for (const to of [{ phone: theirs }, { userId: theirId }]) {
      const change = later(to);
      assert.deepEqual(await one.directory.change([change]), [change]);
    }
    assert.equal((await caseOf(contact({ userId: myId }))).caseId, me.caseId);
    assert.equal((await caseOf(contact({ phone: mine }))).caseId, me.caseId);
    assert.equal((await caseOf(contact({ userId: theirId }))).caseId, they.caseId);
    assert.equal((await caseOf(contact({ phone: theirs }))).caseId, they.caseId);
    assert.deepEqual(await deadLettersOf(they.caseId), []);
  });

  test('learns from a receipt which id and which number are one person’s, and takes nothing for it', async () => {
    const [phone, userId] = [newPhone(), newUser()];
    const { caseId } = await caseOf(contact({ phone }));
    const before = await contacts();
    await one.directory.learn([
      contact({ phone, userId }),
      contact({ phone: newPhone(), userId: newUser() }),
    ]);
    assert.equal(await contacts(), before);
    assert.equal((await caseOf(contact({ userId }))).caseId, caseId);
    const other = await caseOf(contact({ phone: newPhone(), userId: newUser() }));
    await one.directory.learn([contact({ phone: newPhone(), userId }), contact({ phone, userId })]);
    assert.equal((await caseOf(contact({ phone }))).caseId, caseId);
    assert.notEqual(other.caseId, caseId);
  });

  test('changes nothing by a change that comes again, whoever has the old number by then', async () => {
    const [old, next] = [newPhone(), newPhone()];
    const change = moved(1, { phone: old }, { phone: next });
    const { caseId } = await caseOf(contact({ phone: old }));
    await one.directory.change([change, change]);
    const nextOwner = await caseOf(contact({ phone: old }));
    await two.directory.change([change]);
    assert.equal((await caseOf(contact({ phone: next }))).caseId, caseId);
    assert.equal((await caseOf(contact({ phone: old }))).caseId, nextOwner.caseId);
  });

  test('changes nothing by a change from before the last one', async () => {
    const [home, away] = [newPhone(), newPhone()];
    const { caseId } = await caseOf(contact({ phone: home }));
    const [there, back] = [
      moved(1, { phone: home }, { phone: away }),
      moved(2, { phone: away }, { phone: home }),
    ];
    await one.directory.change([there]);
    await one.directory.change([back]);
    await one.directory.change([there]);
    assert.equal((await caseOf(contact({ phone: home }))).caseId, caseId);
  });

  test('makes changes that follow one another in one batch, in any order', async () => {
    const [a, b, c, d] = [newPhone(), newPhone(), newPhone(), newPhone()];
    const { caseId } = await caseOf(contact({ phone: a }));
    const steps = [
      moved(1, { phone: a }, { phone: b }),
      moved(2, { phone: b }, { phone: c }),
      moved(3, { phone: c }, { phone: d }),
    ];
    await one.directory.change([...steps.toReversed(), ...steps]);
    assert.equal((await caseOf(contact({ phone: d }))).caseId, caseId);
  });

  test('takes a new number from whoever has it: the case that is known longer goes on', async () => {
    const [old, next] = [newPhone(), newPhone()];
    const { caseId } = await caseOf(contact({ phone: old }));
    const early = await caseOf(contact({ phone: next })); // Wrote before the provider told us.
    await ledger.ledger.append([event(early.caseId)]);
    await one.directory.change([moved(1, { phone: old }, { phone: next })]);
    assert.equal((await caseOf(contact({ phone: next }))).caseId, caseId);
    assert.deepEqual(await deadLettersOf(early.caseId), [['contact_merged', `case:${caseId}`]]);

    const userId = newUser();
    const other = await caseOf(contact({ userId, phone: newPhone() }));
    await one.directory.change([moved(2, { userId }, { phone: next })]);
    assert.equal((await caseOf(contact({ phone: next }))).caseId, other.caseId);
  });

  test('leaves out contacts, accounts and numbers it does not know', async () => {
    const before = await contacts();
    await one.directory.change([]);
    await one.directory.change([
      moved(1, { phone: newPhone() }, { phone: newPhone() }),
      moved(1, { phone: 'not a number' }, { phone: newPhone() }),
      moved(1, { phone: newPhone() }, { phone: 'not a number' }),
      { ...moved(1, { phone: newPhone() }, { phone: newPhone() }), account: '999' },
    ]);
    assert.equal(await contacts(), before);
  });

  test('makes the same change once when two processes hear of it', async () => {
    const people = Array.from({ length: 50 }, () => [newPhone(), newPhone()] as const);
    const known = await one.directory.casesOf(people.map(([phone]) => contact({ phone })));
    const changes = people.map(([phone, next]) => moved(1, { phone }, { phone: next }));
    await Promise.all([one.directory.change(changes), two.directory.change(changes.toReversed())]);
    const found = await two.directory.casesOf(people.map(([, phone]) => contact({ phone })));
    assert.deepEqual(found, known);
  });

  test('reads what it is asked for, and no more, among thousands of contacts', async () => {
    // A process of its own: its statements are planned while the table is small, as in a new deployment.
    await using fresh = openDirectory(database.url);
    const keys = Array.from({ length: 100 }, () =>
      contact({ userId: newUser(), phone: newPhone() }),
    );
    const exercise = async (minute: number) => {
      await fresh.directory.casesOf(keys.map((key) => ({ ...key, phone: newPhone() })));
      await fresh.directory.casesOf(keys);
      await fresh.directory.change(keys.map((key) => moved(minute, key, { phone: newPhone() })));
    };
    for (let minute = 1; minute <= 8; minute++) await exercise(minute); // A plan for all values is made on the sixth call.
    await one.pool.query(
      `insert into contacts (id, tenant, user_index, phone_index, case_id)
       select gen_random_uuid(), 'clinic', sha256(n::text::bytea), sha256(('p' || n)::bytea), gen_random_uuid()::text
       from generate_series(1, 20000) n`,
    );
    const read = async () => {
      // Each connection keeps counts of its own until it is told to hand them in.
      for (const { pool } of [fresh, one, two, ledger])
        await Promise.all(
          Array.from({ length: 4 }, async () => pool.query('select pg_stat_force_next_flush()')),
        );
      await one.pool.query('select pg_stat_clear_snapshot()');
      // By scans of the whole table alone: what indexes read depends on when a vacuum was there.
      const { rows } = await one.pool.query<{ n: number }>(
        `select sum(seq_tup_read)::int4 as n from pg_stat_user_tables where relname = 'contacts'`,
      );
      return rows[0]?.n ?? 0;
    };
    const before = await read();
    await exercise(9);
    const tuples = (await read()) - before;
    assert.ok(tuples < 10_000, `${tuples} rows scanned for 100 contacts`);
  });

  test('knows nobody at an account that no tenant has', async () => {
    const key = contact({ phone: newPhone() });
    const found = await one.directory.casesOf([{ ...key, account: '999' }, key]);
    assert.equal(found[0], null);
    assert.ok(found[1]);
    assert.deepEqual(await one.directory.casesOf([]), []);
  });

  test('is not stopped by a sender it cannot look up', async () => {
    const [userId, phone] = [newUser(), newPhone()];
    const found = await one.directory.casesOf([
      contact({ phone: 'not a number' }),
      contact({}),
      contact({ phone: '123', userId }),
      contact({ phone, userId: ' ' }),
    ]);
    assert.deepEqual(found.slice(0, 2), [null, null]);
    assert.equal((await caseOf(contact({ userId }))).caseId, found[2]?.caseId);
    assert.equal((await caseOf(contact({ phone }))).caseId, found[3]?.caseId);
  });

  test('keeps tenants apart: the same person at another one is another contact', async () => {
    const key = contact({ userId: newUser(), phone: newPhone() });
    const [here, there] = await one.directory.casesOf([key, { ...key, account: otherAccount }]);
    assert.ok(here && there);
    assert.deepEqual([here.tenant, there.tenant], ['clinic', 'agency']);
    assert.notEqual(here.caseId, there.caseId);
    const { rows } = await one.pool.query<{ user_index: Buffer; phone_index: Buffer }>(
      'select user_index, phone_index from contacts where case_id = any($1)',
      [[here.caseId, there.caseId]],
    );
    assert.equal(rows.length, 2);
    assert.notDeepEqual(rows[0]?.user_index, rows[1]?.user_index);
    assert.notDeepEqual(rows[0]?.phone_index, rows[1]?.phone_index);
  });

  test('answers the tenants of cases that were opened, and of no others', async () => {
    const [{ caseId: opened }, { caseId: unopened }] = await Promise.all([
      caseOf(contact({ phone: newPhone() })),
      caseOf(contact({ phone: newPhone() })),
    ]);
    const foreign = newCaseId();
    await ledger.ledger.append([event(opened), event(foreign, { tenant: 'agency' })]);
    const found = await two.directory.tenantsOf([opened, unopened, foreign, 'nowhere', opened]);
    assert.deepEqual(Object.fromEntries(found), { [opened]: 'clinic', [foreign]: 'agency' });
  });

  const unplaced = (dedupeKey: string, body: string, source = 'whatsapp') => ({
    source,
    dedupeKey,
    type: 'unknown',
    reason: 'unknown_type',
    body: JSON.stringify(body),
    address: JSON.stringify({ about: { kind: 'nobody', reason: body } }),
  });

  test('parks what has no case once, and tells a repetition from a conflict', async () => {
    const [key, other] = [randomUUID(), randomUUID()];
    const park: Directory['park'] = (parcels) => two.directory.park(parcels);
    assert.deepEqual(await park([]), []);
    assert.deepEqual(await park([unplaced(key, 'a'), unplaced(other, 'a')]), ['parked', 'parked']);
    assert.deepEqual(
      await park([unplaced(key, 'a'), unplaced(other, 'b'), unplaced(key, 'a', 'stripe')]),
      ['duplicate', 'conflict', 'parked'],
    );
    assert.deepEqual(await park([unplaced(other, 'a')]), ['duplicate'], 'the first one stands');
  });

  test('does so for a key that stands twice in one batch', async () => {
    const key = randomUUID();
    assert.deepEqual(
      await one.directory.park([unplaced(key, 'a'), unplaced(key, 'a'), unplaced(key, 'b')]),
      ['parked', 'duplicate', 'conflict'],
    );
  });

  test('keeps no number, id or word of a patient in plain text', async () => {
    const [userId, phone, word] = ['DE.13490000000000042', '491709998887766', 'canary-diagnosis'];
    const key = contact({ userId, phone });
    const { caseId } = await caseOf(key);
    await close(caseId);
    await caseOf(key);
    await one.directory.park([unplaced(randomUUID(), `${userId} ${phone} ${word}`)]);
    const { rows: columns } = await one.pool.query<{ table: string; column: string; type: string }>(
      `select table_name as table, column_name as column, data_type as type from information_schema.columns
       where table_schema = 'public'`,
    );
    let looked = 0;
    for (const { table, column, type } of columns) {
      const bytes = type === 'bytea' ? `"${column}"` : `convert_to("${column}"::text, 'UTF8')`;
      const { rows } = await one.pool.query<{ bytes: Buffer }>(
        `select ${bytes} as bytes from ${table} where "${column}" is not null`,
      );
      for (const canary of [userId, phone, word]) {
        const needles = [canary, Buffer.from(canary).toString('base64').slice(0, -4)];
        assert.ok(
          !rows.some((row) => needles.some((needle) => row.bytes.includes(needle))),
          column,
        );
      }
      looked += rows.length;
    }
    assert.ok(columns.length > 80 && looked > 500, `${columns.length} columns, ${looked} values`);
  });

  test('sets a tenant up again under another name', async () => {
    const setup = { tenant: 'spa', name: 'Spa', whatsappAccount: '100000000000003' };
    const key = contact({ account: setup.whatsappAccount, phone: newPhone() });
    await one.directory.setUpTenant(setup);
    const { caseId } = await caseOf(key);
    await one.directory.setUpTenant({ ...setup, name: 'New Spa' });
    assert.deepEqual(await caseOf(key), {
      tenant: 'spa',
      tenantName: 'New Spa',
      caseId,
      opened: false,
    });
  });
});
