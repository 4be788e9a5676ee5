import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, suite, test } from 'node:test';

import type { TravellersPort, TripPlace } from '../../actors/ports/travellers.ts';
import type { Traveller } from '../../actors/shapes/travellers.ts';
import { fixPartitions } from '../../persistence/database/leases.ts';
import { createPool } from '../../persistence/database/pool.ts';
import { createDataKeys } from '../../persistence/encryption/data-keys.ts';
import { createLocalKeyring } from '../../persistence/encryption/keyring.ts';
import { createTravellers } from '../../persistence/travellers/travellers.ts';
import { asApplication } from '../support/postgres.ts';
import { testDatabase } from '../support/services.ts';
import { event, openLedger, rootKey, tenant, type LedgerProcess } from './ledger-fixture.ts';

const elif: Traveller = {
  givenName: 'Elif',
  familyName: 'Yılmaz',
  bornOn: '1990-05-17',
  sex: 'f',
  passport: { number: 'U12345678', issuingCountry: 'TR', expiresOn: '2031-02-01' },
};
const sukarno: Traveller = {
  ...elif,
  givenName: 'Sukarno',
  familyName: 'Sukarno',
  sex: 'm',
  passport: { ...elif.passport, number: 'C7654321', issuingCountry: 'ID' },
};

suite('travellers', { timeout: 60_000 }, () => {
  let database: Awaited<ReturnType<typeof testDatabase>>;
  let ledger: LedgerProcess;
  let pool: ReturnType<typeof createPool>;
  /** Keeps no keys: each call asks the database, as another process would. */
  const portOf = (): TravellersPort =>
    createTravellers({ pool, keys: createDataKeys(pool, createLocalKeyring([rootKey])) });
  let travellers: TravellersPort;
  before(async () => {
    database = await testDatabase();
    ledger = openLedger(database.url);
    await fixPartitions(ledger.pool, 1);
    pool = createPool({ url: asApplication(database.url), max: 4 });
    travellers = portOf();
  });
  after(async () => {
    await pool.end();
    await ledger[Symbol.asyncDispose]();
    await database[Symbol.asyncDispose]();
  });

  async function newTrip(number = 1): Promise<TripPlace> {
    const caseId = randomUUID();
    await ledger.ledger.append([event(caseId)]);
    return { tenant, caseId, bookingId: `${caseId}-b${number}` };
  }

  test('each change is a version of its own, and the same again is none', async () => {
    const trip = await newTrip();
    assert.deepEqual(await travellers.form(trip), { given: null, closed: null });
    const first = await travellers.keep(trip, [elif]);
    assert.deepEqual([first.version, first.count], [1, 1]);
    assert.deepEqual(await travellers.keep(trip, [elif]), first);
    const second = await travellers.keep(trip, [elif, sukarno]);
    assert.deepEqual([second.version, second.count], [2, 2]);
    assert.deepEqual(await travellers.read(trip, 1), [elif]);
    assert.deepEqual(await travellers.read(trip, 2), [elif, sukarno]);
    assert.equal(await travellers.read(trip, 3), null);
    assert.deepEqual(await travellers.form(trip), { given: second, closed: null });
  });

  test('taps at one moment, from several processes, are one version', async () => {
    const trip = await newTrip();
    const ports = [travellers, portOf(), portOf()];
    const taps = ports.flatMap((port) => [port, port, port, port]);
    const kept = await Promise.all(taps.map((port) => port.keep(trip, [elif])));
    assert.deepEqual([...new Set(kept.map(({ version }) => version))], [1]);
    const { rows } = await ledger.pool.query(
      'select version from travellers where booking_id = $1',
      [trip.bookingId],
    );
    assert.equal(rows.length, 1);
  });

  test('a closed form takes nothing new, but knows what it was given', async () => {
    const trip = await newTrip();
    const given = await travellers.keep(trip, [elif]);
    assert.equal(await travellers.close(trip, 'ordered'), 1);
    assert.deepEqual(await travellers.keep(trip, [elif]), given);
    await assert.rejects(travellers.keep(trip, [sukarno]), { code: 'travellers_ordered' });
    assert.deepEqual(await travellers.form(trip), { given, closed: 'ordered' });
    await travellers.reopen(trip);
    assert.equal((await travellers.keep(trip, [sukarno])).version, 2);
    assert.equal(await travellers.close(trip, 'over'), 2);
    await assert.rejects(travellers.keep(trip, [elif]), { code: 'travellers_over' });
  });

  test('a form that was closed before anybody filled it in has no version', async () => {
    const trip = await newTrip();
    assert.equal(await travellers.close(trip, 'over'), 0);
    assert.deepEqual(await travellers.form(trip), { given: null, closed: 'over' });
    await travellers.reopen(trip);
    assert.equal((await travellers.keep(trip, [elif])).version, 1);
  });

  test('nothing can be written between the closing and the version that it answers', async () => {
    for (let round = 0; round < 10; round++) {
      // oxlint-disable-next-line no-await-in-loop -- a race for each trip
      const trip = await newTrip();
      const keeping = [elif, sukarno].map((one) =>
        travellers.keep(trip, [one]).then(
          ({ version }) => version,
          () => 0,
        ),
      );
      // oxlint-disable-next-line no-await-in-loop
      const [closed, ...kept] = await Promise.all([travellers.close(trip, 'ordered'), ...keeping]);
      // oxlint-disable-next-line no-await-in-loop
      assert.equal((await travellers.form(trip)).given?.version ?? 0, closed);
      assert.ok(kept.every((version) => version <= closed));
    }
  });

  test('nobody fills in a form for ever', async () => {
    const trip = await newTrip();
    for (let n = 0; n < 50; n++) {
      const passport = { ...elif.passport, number: `U${10_000 + n}` };
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      await travellers.keep(trip, [{ ...elif, passport }]);
    }
    await assert.rejects(travellers.keep(trip, [sukarno]), { code: 'travellers_too_often' });
  });

  test('belong to one tenant and one case', async () => {
    const trip = await newTrip();
    await travellers.keep(trip, [elif]);
    for (const other of [
      { ...trip, tenant: 'other' },
      { ...trip, caseId: (await newTrip()).caseId },
    ]) {
      // oxlint-disable-next-line no-await-in-loop
      assert.equal(await travellers.read(other, 1), null);
      // oxlint-disable-next-line no-await-in-loop
      assert.deepEqual(await travellers.form(other), { given: null, closed: null });
      // oxlint-disable-next-line no-await-in-loop
      assert.equal(await travellers.close(other, 'over'), 0);
      // oxlint-disable-next-line no-await-in-loop
      await assert.rejects(travellers.keep(other, [sukarno]));
    }
    assert.deepEqual(await travellers.names({ ...trip, tenant: 'other' }), []);
    assert.deepEqual((await travellers.form(trip)).closed, null);
  });

  test('a case has the names of the newest versions of all its trips, each once', async () => {
    const trip = await newTrip();
    const again = { ...trip, bookingId: `${trip.caseId}-b2` };
    await travellers.keep(trip, [{ ...elif, familyName: 'Yilmas' }]);
    await travellers.keep(trip, [elif]);
    await travellers.keep(again, [elif, sukarno]);
    await travellers.close({ ...trip, bookingId: `${trip.caseId}-b3` }, 'over');
    assert.deepEqual(await travellers.names(trip), ['Elif Yılmaz', 'Sukarno']);
    assert.deepEqual(
      (await travellers.formsOf(trip)).map(({ bookingId, given, closed }) => [
        bookingId.slice(-2),
        given?.count,
        closed,
      ]),
      [
        ['b1', 1, null],
        ['b2', 2, null],
        ['b3', undefined, 'over'],
      ],
    );
  });

  test('cannot be read without the key of their case, nor kept any more', async () => {
    const trip = await newTrip();
    await travellers.keep(trip, [elif]);
    await ledger.pool.query('delete from data_keys where case_id = $1', [trip.caseId]);
    assert.equal(await portOf().read(trip, 1), null);
    assert.deepEqual(await portOf().names(trip), []);
    await assert.rejects(portOf().keep(trip, [sukarno]), { code: 'travellers_erased' });
    // A process that still has the key writes nothing that nobody could read.
    await assert.rejects(travellers.keep(trip, [sukarno]), { code: 'travellers_erased' });
  });

  test('lie encrypted, each version bound to its row', async () => {
    const trip = await newTrip();
    await travellers.keep(trip, [elif]);
    await travellers.keep(trip, [sukarno]);
    const { rows } = await ledger.pool.query<{ row: string }>(
      `select encode(body, 'escape') || t::text as row from travellers t where booking_id = $1`,
      [trip.bookingId],
    );
    for (const { row } of rows) {
      for (const value of ['Elif', 'Sukarno', 'U12345678', '1990']) assert.ok(!row.includes(value));
    }
    // As the owner, who alone may change a row.
    await ledger.pool.query(
      `update travellers set body = (select body from travellers where booking_id = $1 and version = 1)
       where booking_id = $1 and version = 2`,
      [trip.bookingId],
    );
    await assert.rejects(travellers.read(trip, 2), { code: 'seal_broken' });
  });
});
