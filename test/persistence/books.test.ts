import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';

import fc from 'fast-check';
import pg from 'pg';

import type { BookingRecord, Movement } from '../../actors/ports/books.ts';
import { verifyAudit } from '../../persistence/audit/reader.ts';
import { createDirectory, type DirectoryOptions } from '../../persistence/contacts/directory.ts';
import { createPool } from '../../persistence/database/pool.ts';
import { createBooks } from '../../persistence/finance/books.ts';
import { createDifferenceRegister } from '../../persistence/finance/differences.ts';
import { asApplication } from '../support/postgres.ts';
import { testDatabase } from '../support/services.ts';
import { newCaseId } from './ledger-fixture.ts';

const tenant = 'clinic';
const eur = (amountMinor: number | string) => ({
  amountMinor: String(amountMinor),
  currency: 'EUR',
});
const minute = (minutes: number) =>
  new Date(Date.UTC(2026, 10, 23, 10) + minutes * 60_000).toISOString();

/** As one process has them, working as the application's role; its `pool` is the owner's. */
function openBooks(url: string) {
  const [pool, working] = [
    createPool({ url, max: 4 }),
    createPool({ url: asApplication(url), max: 4 }),
  ];
  const end = async () => void (await Promise.all([pool.end(), working.end()]));
  return { books: createBooks({ pool: working }), pool, [Symbol.asyncDispose]: end };
}

let made = 0;
/** A paid booking nobody else has. */
function record(more: Partial<BookingRecord> = {}): BookingRecord {
  const n = ++made;
  const caseId = more.caseId ?? newCaseId();
  return {
    tenant,
    caseId,
    bookingId: `${caseId}-b1`,
    revision: 1,
    state: 'confirmed',
    provider: 'stripe',
    checkoutId: `cs_${n}`,
    paymentId: `pi_${n}`,
    total: eur(125_000),
    heldFor: null,
    at: minute(0),
    cause: 'payment.notified',
    movements: [captured(`pi_${n}`)],
    ...more,
  };
}
const captured = (movementId: string, amount = 125_000): Movement => ({
  movementId,
  kind: 'capture',
  amount: eur(amount),
  at: minute(0),
});
const refunded = (movementId: string, amount: number, kind: Movement['kind'] = 'refund') => ({
  ...captured(movementId, amount),
  kind,
});

suite('the books', { timeout: 120_000 }, () => {
  let database: Awaited<ReturnType<typeof testDatabase>>;
  let one: ReturnType<typeof openBooks>;
  let two: ReturnType<typeof openBooks>;
  before(async () => {
    database = await testDatabase();
    [one, two] = [openBooks(database.url), openBooks(database.url)];
  });
  after(async () => {
    await one[Symbol.asyncDispose]();
    await two[Symbol.asyncDispose]();
    await database[Symbol.asyncDispose]();
  });

  const rows = async <T extends pg.QueryResultRow>(sql: string, values: unknown[] = []) =>
    (await one.pool.query<T>(sql, values)).rows;
  const bookingOf = async ({ bookingId }: BookingRecord) =>
    (await rows('select * from bookings where booking_id = $1', [bookingId]))[0];
  const movementsOf = async ({ bookingId }: BookingRecord) =>
    (
      await rows<{ kind: string; movement_id: string; amount_minor: string }>(
        'select * from money_movements where booking_id = $1 order by kind, movement_id',
        [bookingId],
      )
    ).map((row) => [row.kind, row.movement_id, row.amount_minor]);
  const auditOf = async ({ caseId }: BookingRecord) =>
    rows(
      'select chain, actor, action, subject, detail from audit_entries where case_id = $1 order by seq',
      [caseId],
    );
  const findingsOf = async ({ bookingId }: BookingRecord) =>
    (await createDifferenceRegister({ pool: one.pool }).open()).flatMap(
      ({ since: _since, ...finding }) => (finding.bookingId === bookingId ? finding : []),
    );
  async function assertWhole(): Promise<number> {
    let entries = 0;
    for await (const report of verifyAudit(one.pool)) {
      assert.ok(report.verdict.ok, JSON.stringify(report));
      if (report.chain.endsWith('/money')) entries += report.entries;
    }
    return entries;
  }

  test('have a booking, its movements, a line of audit with the cause, and its references', async () => {
    const booking = record();
    await one.books.record(booking);
    const row = await bookingOf(booking);
    assert.deepEqual(
      [row?.['tenant'], row?.['state'], row?.['revision'], row?.['total_minor'], row?.['currency']],
      [tenant, 'confirmed', 1, '125000', 'EUR'],
    );
    assert.deepEqual(await movementsOf(booking), [['capture', booking.paymentId, '125000']]);
    assert.deepEqual(await auditOf(booking), [
      {
        chain: `${tenant}/money`,
        actor: 'performers',
        action: 'money.capture',
        subject: booking.paymentId,
        detail: JSON.stringify({
          provider: 'stripe',
          bookingId: booking.bookingId,
          amountMinor: '125000',
          currency: 'EUR',
          cause: 'payment.notified',
        }),
      },
    ]);
    const logs = await rows('select tenant from audit_logs where case_id = $1', [booking.caseId]);
    assert.deepEqual(logs, [{ tenant }]);
    assert.deepEqual(
      await rows(
        'select provider, kind, external_id, tenant, case_id, booking_id from external_references where case_id = $1 order by kind',
        [booking.caseId],
      ),
      [
        ['checkout', booking.checkoutId],
        ['payment', booking.paymentId],
      ].map(([kind, id]) => ({
        provider: 'stripe',
        kind,
        external_id: id,
        tenant,
        case_id: booking.caseId,
        booking_id: booking.bookingId,
      })),
    );
  });

  test('do not change by the same record again, from anywhere and at the same time', async () => {
    const booking = record();
    await Promise.all(
      Array.from({ length: 20 }, (_, n) => (n % 2 ? one : two).books.record(booking)),
    );
    await one.books.record(booking);
    assert.equal((await movementsOf(booking)).length, 1);
    assert.equal((await auditOf(booking)).length, 1);
    await assertWhole();
  });

  test('take of an older revision the movements that were missing, and nothing else', async () => {
    const booking = record({ revision: 3, state: 'refunded', cause: 'new' });
    await one.books.record(booking);
    const refund = refunded('re_older', 5_000);
    await one.books.record({
      ...booking,
      revision: 2,
      state: 'refunding',
      cause: 'old',
      movements: [...booking.movements, refund],
    });
    const row = await bookingOf(booking);
    assert.deepEqual([row?.['revision'], row?.['state']], [3, 'refunded']);
    assert.deepEqual(await movementsOf(booking), [
      ['capture', booking.paymentId, '125000'],
      ['refund', 're_older', '5000'],
    ]);
    const causes = (await auditOf(booking)).map(
      ({ detail }) => (JSON.parse(detail as string) as { cause: string }).cause,
    );
    assert.deepEqual(causes, ['new', 'old']);
  });

  test('come to the same whatever the order of the revisions', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.shuffledSubarray([1, 2, 3, 4], { minLength: 4 }),
        fc.boolean(),
        async (order, together) => {
          const first = record({ state: 'awaiting-payment' });
          const refunds = [1, 2, 3, 4].map((n) => refunded(`${first.paymentId}-re${n}`, n));
          const records = order.map((revision) => ({
            ...first,
            revision,
            state: revision === 4 ? ('refunded' as const) : ('refunding' as const),
            movements: [...first.movements, ...refunds.slice(0, revision)],
          }));
          if (together) await Promise.all(records.map((each) => one.books.record(each)));
          else for (const each of records) await one.books.record(each);
          const row = await bookingOf(first);
          assert.deepEqual([row?.['revision'], row?.['state']], [4, 'refunded']);
          assert.equal((await movementsOf(first)).length, 5);
          assert.equal((await auditOf(first)).length, 5);
        },
      ),
      { numRuns: 20 },
    );
  });

  test('refuse a record of what is somebody else’s, all of it, and not the others of its batch', async () => {
    const paid = record();
    const movements = [...paid.movements, refunded(`${paid.paymentId}-re`, 5)];
    const booking = { ...paid, movements };
    await one.books.record(booking);
    const other = record();
    const contradicting: BookingRecord[] = [
      { ...booking, revision: 2, tenant: 'agency' },
      { ...booking, revision: 2, caseId: other.caseId },
      // Somebody else's payment, and somebody else's checkout.
      record({ paymentId: booking.paymentId, movements: [] }),
      record({ checkoutId: booking.checkoutId, movements: [] }),
      record({ movements: [captured(booking.paymentId as string)] }),
      record({ movements: [refunded(`${booking.paymentId}-re`, 5)] }),
    ];
    const settled = await Promise.allSettled([
      ...contradicting.map((each) => one.books.record(each)),
      one.books.record(other),
    ]);
    assert.deepEqual(
      settled.map(({ status }) => status),
      [...contradicting.map(() => 'rejected'), 'fulfilled'],
    );
    for (const result of settled)
      if (result.status === 'rejected') assert.match(String(result.reason), /another word on/);
    const row = await bookingOf(booking);
    assert.deepEqual([row?.['revision'], row?.['tenant']], [1, tenant]);
    for (const each of contradicting.slice(2)) assert.equal(await bookingOf(each), undefined);
    assert.equal((await movementsOf(booking)).length, 2);
    assert.equal((await movementsOf(other)).length, 1);
    await assertWhole();
  });

  test('go on after a movement that has another amount now, which becomes a finding', async () => {
    const dispute = (id: string, amount: number) => refunded(id, amount, 'chargeback');
    const booking = record({ state: 'disputed' });
    const [capture] = booking.movements as [Movement];
    const id = `${booking.paymentId}-dp`;
    await one.books.record({ ...booking, movements: [capture, dispute(id, 4_000)] });
    assert.deepEqual(await findingsOf(booking), []);
    // A bank changes what it disputes; every record of this booking from now on has the new amount in it.
    const next: BookingRecord = {
      ...booking,
      revision: 2,
      state: 'refunding',
      movements: [
        { ...capture, amount: { amountMinor: '125000', currency: 'USD' } },
        dispute(id, 4_500),
        refunded(`${booking.paymentId}-re`, 500),
      ],
    };
    const others = [record(), record()];
    await Promise.all([next, ...others].map((each) => one.books.record(each)));
    assert.equal((await bookingOf(booking))?.['state'], 'refunding');
    assert.deepEqual(await movementsOf(booking), [
      ['capture', booking.paymentId, '125000'],
      ['chargeback', id, '4000'],
      ['refund', `${booking.paymentId}-re`, '500'],
    ]);
    const shared = {
      provider: 'stripe',
      kind: 'amount-differs',
      bookingId: booking.bookingId,
      day: '2026-11-23',
    };
    const found = [
      {
        ...shared,
        subject: booking.paymentId,
        ours: eur(125_000),
        theirs: { amountMinor: '125000', currency: 'USD' },
      },
      { ...shared, subject: id, ours: eur(4_000), theirs: eur(4_500) },
    ];
    assert.deepEqual(await findingsOf(booking), found);
    const [own] = await rows('select tenant from reconciliation_findings where subject = $1', [id]);
    assert.deepEqual(own, { tenant });
    await two.books.record(next);
    assert.deepEqual(await findingsOf(booking), found, 'the same again is the same finding');
    for (const each of others) assert.equal((await movementsOf(each)).length, 1);
    assert.equal((await auditOf(booking)).length, 3);
    await assertWhole();
  });

  test('keep contradictions of many bookings at once, from two processes', async () => {
    const bookings = Array.from({ length: 60 }, () => record());
    for (const booking of bookings) await one.books.record(booking);
    const changed = bookings.map((booking) => ({
      ...booking,
      revision: 2,
      movements: [captured(booking.paymentId as string, 7)],
    }));
    await Promise.all([
      ...changed.map((each) => one.books.record(each)),
      ...changed.toReversed().map((each) => two.books.record(each)),
    ]);
    for (const booking of bookings) assert.equal((await findingsOf(booking)).length, 1);
  });

  test('know two that contradict one another in one batch', async () => {
    const booking = record();
    const other = { ...booking, movements: [captured(booking.paymentId as string, 7)] };
    const settled = await Promise.allSettled([
      one.books.record(booking),
      one.books.record(other),
      one.books.record(record()),
    ]);
    assert.deepEqual(
      settled.map(({ status }) => status),
      ['fulfilled', 'fulfilled', 'fulfilled'],
    );
    assert.deepEqual(await movementsOf(booking), [['capture', booking.paymentId, '125000']]);
    assert.deepEqual(
      (await findingsOf(booking)).map(({ ours, theirs }) => [ours, theirs]),
      [[eur(125_000), eur(7)]],
    );
  });

  test('refuse what cannot be money, before anything is written', async () => {
    const wrong: Partial<BookingRecord>[] = [
      { total: eur('1.5') },
      { total: eur('-1') },
      { total: eur('9'.repeat(19)) },
      { movements: [captured('pi_wrong', 1.5)] },
      { provider: null },
      { paymentId: null, movements: [refunded('re_wrong', 1)] },
      { cause: 'a\0b' },
      { at: 'yesterday' },
    ];
    for (const more of wrong) {
      const booking = record(more);
      await assert.rejects(one.books.record(booking), RangeError, JSON.stringify(more));
      assert.equal(await bookingOf(booking), undefined);
    }
    const unknown = record({ state: 'paid' as BookingRecord['state'] });
    const settled = await Promise.allSettled([
      one.books.record(unknown),
      one.books.record(record()),
    ]);
    assert.deepEqual(
      settled.map(({ status }) => status),
      ['rejected', 'fulfilled'],
    );
  });

  test('ask to be tried again where the database is away', async () => {
    const away = new pg.Pool({ host: '127.0.0.1', port: 1 });
    const books = createBooks({ pool: away });
    await assert.rejects(books.record(record()), { name: 'ProviderUnreachable', retryable: true });
    await assert.rejects(books.byPayment('stripe', ['pi_1']), { name: 'ProviderUnreachable' });
    await away.end();
  });

  test('lose nothing and double nothing while their connections are killed', async () => {
    const bookings = Array.from({ length: 300 }, () => record());
    const killer = new pg.Client({ connectionString: database.url });
    await killer.connect();
    const progress = { left: bookings.length };
    async function untilRecorded(booking: BookingRecord, n: number): Promise<void> {
      for (let tries = 0; tries < 200; tries++) {
        try {
          await (n % 2 ? one : two).books.record(booking);
          progress.left -= 1;
          return;
        } catch (error) {
          assert.equal((error as Error).name, 'ProviderUnreachable');
        }
      }
      assert.fail('never recorded');
    }
    const kill = async () => {
      for (let kills = 0; kills < 20 && progress.left > 0; kills++)
        await killer.query(
          `select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'orchestrator' and datname = current_database()`,
        );
    };
    await Promise.all([...bookings.map(untilRecorded), kill()]);
    await killer.end();
    for (const booking of bookings) {
      assert.equal((await movementsOf(booking)).length, 1);
      assert.equal((await auditOf(booking)).length, 1);
    }
    await assertWhole();
  });

  test('only grow', async () => {
    await one.books.record(record());
    for (const change of [
      'update money_movements set amount_minor = 1',
      'delete from money_movements',
      'truncate money_movements',
    ])
      await assert.rejects(one.pool.query(change), { code: 'KR002' });
  });

  test('name the bookings that wait for a payment, in pages that hold', async () => {
    const waiting = Array.from({ length: 5 }, () =>
      record({ provider: 'iyzico', state: 'awaiting-payment', paymentId: null, movements: [] }),
    );
    const others = [
      record({ provider: 'iyzico', state: 'confirmed' }),
      record({
        provider: 'iyzico',
        state: 'opening',
        checkoutId: null,
        paymentId: null,
        movements: [],
      }),
      record({
        provider: 'iyzico',
        state: 'awaiting-payment',
        paymentId: null,
        movements: [],
        at: minute(60),
      }),
      record({ provider: 'stripe', state: 'awaiting-payment', movements: [] }),
    ];
    for (const each of [...waiting, ...others]) await one.books.record(each);
    const page = (after: string | null, limit: number) =>
      one.books.awaiting('iyzico', { before: minute(30), after, limit });
    const first = await page(null, 2);
    // Shown already, and touched again before the next page.
    await one.books.record({ ...(waiting[1] as BookingRecord), revision: 2, at: minute(10) });
    const second = await page(first.at(-1)?.bookingId ?? null, 2);
    const third = await page(second.at(-1)?.bookingId ?? null, 2);
    assert.deepEqual(
      [...first, ...second, ...third].map(({ bookingId }) => bookingId),
      waiting.map(({ bookingId }) => bookingId),
    );
    const { caseId, bookingId, checkoutId } = waiting[0] as BookingRecord;
    assert.deepEqual(first[0], {
      tenant,
      caseId,
      bookingId,
      provider: 'iyzico',
      checkoutId,
      paymentId: null,
      state: 'awaiting-payment',
      updatedAt: minute(0),
    });
  });

  test('name no bookings of a case that is done', async () => {
    const waiting = () =>
      record({ provider: 'iyzico', state: 'awaiting-payment', paymentId: null, movements: [] });
    const [done, parked] = [waiting(), waiting()];
    for (const [{ caseId }, status] of [
      [done, 'done'],
      [parked, 'parked'],
    ] as const)
      await rows(
        `insert into cases (case_id, tenant, partition, machine, version, status, state, tags, seq, envelope, state_since)
         values ($1, $2, 0, 'case', '1', $3, '"closed"', '[]', 1, '', now())`,
        [caseId, tenant, status],
      );
    await one.books.record(done);
    await one.books.record(parked);
    const page = { before: minute(30), after: null, limit: 1_000 };
    const named = (await one.books.awaiting('iyzico', page)).map(({ bookingId }) => bookingId);
    assert.ok(named.includes(parked.bookingId));
    assert.ok(!named.includes(done.bookingId));
    await one.books.record({ ...done, revision: 2, state: 'held' });
    await one.books.record({ ...parked, revision: 2, state: 'held' });
    const held = await one.books.setAside('iyzico', { ...page, lapsedSince: minute(0) });
    assert.deepEqual(
      held.map(({ bookingId, state }) => [bookingId, state]),
      [[parked.bookingId, 'held']],
    );
  });

  test('name the bookings that are held, and those that lapsed lately', async () => {
    const aside = (state: BookingRecord['state'], minutes: number) =>
      record({ state, at: minute(minutes), paymentId: null, movements: [] });
    const held = aside('held', -10_000);
    const [before, since, late] = [aside('lapsed', -1), aside('lapsed', 0), aside('lapsed', 1)];
    const others = [aside('confirmed', 0), aside('lapsed', 31), aside('awaiting-payment', 0)];
    for (const each of [held, before, since, late, ...others]) await one.books.record(each);
    const page = { before: minute(30), lapsedSince: minute(0) };
    const first = await one.books.setAside('stripe', { ...page, after: null, limit: 2 });
    const after = first.at(-1)?.bookingId ?? null;
    const second = await one.books.setAside('stripe', { ...page, after, limit: 2 });
    assert.deepEqual(
      [...first, ...second].map(({ bookingId }) => bookingId),
      [held, since, late].map(({ bookingId }) => bookingId),
    );
  });

  test('name the bookings that have money and no invoice', async () => {
    const day = { from: '2026-02-01T00:00:00Z', to: '2026-02-02T00:00:00Z' };
    const at = '2026-02-01T10:00:00Z';
    const capturedAt = (movementId: string) => ({ ...captured(movementId), at });
    const paid = () => {
      const made = record();
      return { ...made, movements: [capturedAt(made.paymentId as string)] };
    };
    const [none, sale, invalid, credited, cancelled] = [paid(), paid(), paid(), paid(), paid()];
    const [twice, elsewhere] = [paid(), paid()];
    const second = capturedAt(`${twice.paymentId}-z`);
    const more = [
      none,
      sale,
      invalid,
      credited,
      cancelled,
      { ...twice, movements: [...twice.movements, second] },
      { ...elsewhere, tenant: 'agency' },
      record({ state: 'awaiting-payment', movements: [] }),
      record({ movements: [{ ...captured('pi_free', 0), at }] }),
    ];
    for (const each of more) await one.books.record(each);
    const invoice = async (
      { caseId, bookingId }: BookingRecord,
      status: string,
      credits: string | null = null,
    ) =>
      rows(
        `insert into invoices (tenant, invoice_id, case_id, booking_id, status, number, xml, credits)
         values ($1, $2, $3, $4, $5, $6, $7, $8)`,
        [
          tenant,
          `${bookingId}-i1`,
          caseId,
          bookingId,
          status,
          status === 'invalid' ? null : bookingId,
          status === 'invalid' ? null : '',
          credits,
        ],
      );
    await invoice(sale, 'queued');
    await invoice(invalid, 'invalid');
    await invoice(credited, 'accepted', 'another-i1');
    await invoice(cancelled, 'cancelled');
    const inAnHour = new Date(Date.now() + 3_600_000).toISOString();
    const named = async (before: string, tenants = [tenant]) =>
      (await one.books.uninvoiced('stripe', { ...day, before, tenants })).map(
        ({ bookingId, movementId, caseId, amount }) => [bookingId, movementId, caseId, amount],
      );
    assert.deepEqual(
      new Set(await named(inAnHour)),
      new Set(
        [none, invalid, credited, twice].map((each) => [
          each.bookingId,
          each.paymentId,
          each.caseId,
          eur(125_000),
        ]),
      ),
    );
    assert.deepEqual(await named(inAnHour, []), []);
    assert.equal((await named(inAnHour, [tenant, 'agency'])).length, 5);
    assert.deepEqual(await named(at), [], 'captured later');
    const justNow = new Date(Date.now() - 3_600_000).toISOString();
    assert.deepEqual(await named(justNow), [], 'captured long ago, but we have known it for less');
    const later = { ...day, before: inAnHour, tenants: [tenant] };
    assert.deepEqual(
      await one.books.uninvoiced('stripe', { ...later, from: day.to, to: '2026-02-03T00:00:00Z' }),
      [],
    );
  });

  test('find bookings by each payment they ever had', async () => {
    const booking = record();
    await one.books.record(booking);
    const again = {
      ...booking,
      revision: 2,
      paymentId: `${booking.paymentId}-second`,
      movements: [captured(`${booking.paymentId}-second`)],
    };
    await one.books.record(again);
    const found = await one.books.byPayment('stripe', [
      booking.paymentId as string,
      again.paymentId,
      'pi_nobody',
    ]);
    assert.deepEqual(
      new Set(found.map((each) => `${each.paymentId} ${each.bookingId} ${each.tenant}`)),
      new Set(
        [booking.paymentId, again.paymentId].map((id) => `${id} ${booking.bookingId} ${tenant}`),
      ),
    );
    assert.deepEqual(await one.books.byPayment('iyzico', [booking.paymentId as string]), []);
    const directory = createDirectory({ pool: one.pool } as DirectoryOptions);
    const keys = ['pi_nobody', booking.paymentId as string].map((paymentId) => ({
      provider: 'stripe',
      paymentId,
    }));
    assert.deepEqual(
      await directory.bookingsOf([
        ...keys,
        { provider: 'iyzico', paymentId: keys[1]?.paymentId ?? '' },
      ]),
      [null, { tenant, caseId: booking.caseId, bookingId: booking.bookingId }, null],
    );
  });

  test('give the movements of a period, without refunds that failed', async () => {
    const day = (at: string, movement: Movement): Movement => ({ ...movement, at });
    const booking = record({ provider: 'iyzico' });
    const id = (name: string) => `${booking.paymentId}-${name}`;
    const [from, to] = ['2026-01-01T00:00:00Z', '2026-01-02T00:00:00Z'];
    await one.books.record({
      ...booking,
      movements: [
        day(from, captured(id('on'))),
        day('2026-01-01T23:59:59.999Z', refunded(id('kept'), 10)),
        day('2026-01-01T12:00:00+03:00', refunded(id('failed'), 20)),
        day('2026-01-05T00:00:00Z', refunded(id('failed'), 20, 'refund-failed')),
        day('2026-01-01T12:00:00Z', refunded(id('dispute'), 30, 'chargeback')),
        day('2026-01-03T00:00:00Z', refunded(id('dispute'), 30, 'chargeback-reversed')),
        day(to, captured(id('after'))),
        day('2025-12-31T23:59:59Z', captured(id('before'))),
      ],
    });
    assert.deepEqual(await one.books.movements('iyzico', { from, to }), [
      {
        provider: 'iyzico',
        movementId: id('on'),
        kind: 'capture',
        paymentId: id('on'),
        bookingId: booking.bookingId,
        amount: eur(125_000),
        at: '2026-01-01T00:00:00.000Z',
        caseId: booking.caseId,
        tenant,
      },
      {
        provider: 'iyzico',
        movementId: id('dispute'),
        kind: 'chargeback',
        paymentId: booking.paymentId,
        bookingId: booking.bookingId,
        amount: eur(30),
        at: '2026-01-01T12:00:00.000Z',
        caseId: booking.caseId,
        tenant,
      },
      {
        provider: 'iyzico',
        movementId: id('kept'),
        kind: 'refund',
        paymentId: booking.paymentId,
        bookingId: booking.bookingId,
        amount: eur(10),
        at: '2026-01-01T23:59:59.999Z',
        caseId: booking.caseId,
        tenant,
      },
    ]);
  });

  test('take thousands of records at once, and their trail stays whole', async () => {
    const before = await assertWhole();
    const bookings = Array.from({ length: 4_000 }, (_, n) =>
      record({ tenant: n % 4 === 0 ? 'agency' : tenant }),
    );
    await Promise.all(bookings.map((booking, n) => (n % 2 ? one : two).books.record(booking)));
    assert.equal((await assertWhole()) - before, bookings.length);
  });
});
