import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, suite, test } from 'node:test';

import type { BookingRecord } from '../../actors/ports/books.ts';
import type { MoneyDesk } from '../../actors/ports/desk.ts';
import { createLocalKeyring } from '../../persistence/encryption/keyring.ts';
import { createBooks } from '../../persistence/finance/books.ts';
import { createDifferenceRegister } from '../../persistence/finance/differences.ts';
import { createInvoiceRegister } from '../../persistence/finance/invoices.ts';
import { createMoneyDesk } from '../../persistence/finance/views.ts';
import { foreigner, staff, startDesk } from './desk-fixture.ts';
import { newCaseId, tenant } from './ledger-fixture.ts';

const at = '2026-11-23T10:00:00.000Z';
const eur = (amountMinor: string) => ({ amountMinor, currency: 'EUR' });

suite('what staff read of money', { timeout: 120_000 }, () => {
  let started: Awaited<ReturnType<typeof startDesk>>;
  let desk: MoneyDesk;
  let books: ReturnType<typeof createBooks>;
  before(async () => {
    started = await startDesk();
    const { pool } = started.front;
    desk = createMoneyDesk({ pool, desk: started.front.desk });
    books = createBooks({ pool: started.one.pool });
  });
  after(() => started[Symbol.asyncDispose]());

  async function booked(more: Partial<BookingRecord> = {}): Promise<BookingRecord> {
    const caseId = more.caseId ?? newCaseId();
    const record: BookingRecord = {
      tenant,
      caseId,
      bookingId: `${caseId}-b1`,
      revision: 1,
      state: 'confirmed',
      provider: 'stripe',
      checkoutId: `cs_${randomUUID()}`,
      paymentId: `pi_${randomUUID()}`,
      total: eur('1000'),
      heldFor: null,
      at,
      cause: 'payment.notified',
      movements: [],
      ...more,
    };
    await books.record(record);
    return record;
  }
  const list = (
    page: Partial<Parameters<MoneyDesk['listBookings']>[1]> = {},
    who = staff,
  ): ReturnType<MoneyDesk['listBookings']> =>
    desk.listBookings(who, { state: null, provider: null, after: null, limit: 200, ...page });
  const accesses = async (of = tenant) =>
    (
      await started.one.pool.query<{ case_id: string | null; subject: string; actor: string }>(
        'select case_id, subject, actor from audit_entries where chain = $1 order by seq',
        [`${of}/desk`],
      )
    ).rows;

  test('is a booking with its sums, its movements and its invoices', async () => {
    const name = randomUUID();
    const caseId = newCaseId();
    const movement = (
      kind: BookingRecord['movements'][number]['kind'],
      id: string,
      amount: string,
    ) => ({
      kind,
      movementId: `${id}-${name}`,
      amount: eur(amount),
      at,
    });
    const movements = [
      movement('capture', 'pi', '1000'),
      movement('refund', 're1', '300'),
      movement('refund', 're2', '200'),
      movement('refund-failed', 're2', '200'),
      movement('chargeback', 'dp1', '400'),
      movement('chargeback-reversed', 'dp1', '400'),
      movement('chargeback', 'dp2', '50'),
      { ...movement('capture', 'other', '7'), amount: { amountMinor: '7', currency: 'USD' } },
    ];
    const record = await booked({
      caseId,
      paymentId: `pi-${name}`,
      heldFor: 'payment-differs',
      movements,
    });
    const keyring = createLocalKeyring([{ id: 'root', key: new Uint8Array(32).fill(7) }]);
    const register = createInvoiceRegister({ pool: started.one.pool, keyring });
    const invoiceId = (n: number) => `${record.bookingId}-i${n}`;
    const { bookingId } = record;
    const issued = await register.issue(
      {
        tenant,
        caseId,
        bookingId,
        invoiceId: invoiceId(1),
        ettn: randomUUID(),
        series: 'DSK',
        profile: 'EARSIVFATURA',
        type: 'ISTISNA',
        alias: null,
        payable: eur('1000'),
        tax: eur('0'),
        credits: null,
        replaces: null,
        taxes: { percents: { health: 0 }, exemption: null },
      },
      () => Buffer.from('<Invoice/>'),
    );
    await register.noteInvalid({ tenant, caseId, bookingId, invoiceId: invoiceId(2) }, [
      { rule: 'TR-ID-FORMAT', element: '/Invoice/cbc:ID', message: 'is not an id' },
    ]);
    assert.equal(await desk.invoicePdf(staff, invoiceId(1)), null);
    const key = `invoices/${issued.ettn}.pdf`;
    const retainUntil = '2036-11-23T00:00:00.000Z';
    const archive = { key, checksum: 'sum', retainUntil, isLocked: true };
    await register.noteArchived(tenant, invoiceId(1), archive);
    await register.advance(tenant, invoiceId(1), 'accepted', '1300');

    const view = await desk.readBooking(staff, bookingId);
    assert.ok(view);
    const { movements: seen, invoices, ...line } = view;
    assert.deepEqual(line, {
      bookingId,
      caseId,
      state: 'confirmed',
      provider: 'stripe',
      checkoutId: record.checkoutId,
      paymentId: record.paymentId,
      total: eur('1000'),
      captured: eur('1000'),
      refunded: eur('300'),
      chargedBack: eur('50'),
      heldFor: 'payment-differs',
      updatedAt: at,
    });
    const order = (one: { kind: string; movementId: string }) => `${one.kind} ${one.movementId}`;
    assert.deepEqual(
      seen.toSorted((a, b) => (order(a) < order(b) ? -1 : 1)),
      movements
        .map((one) => ({ ...one, cause: 'payment.notified' }))
        .toSorted((a, b) => (order(a) < order(b) ? -1 : 1)),
    );
    const [first, second, ...others] = invoices;
    const { issuedAt, ...rest } = first ?? {};
    assert.ok(issuedAt);
    assert.deepEqual(rest, {
      invoiceId: invoiceId(1),
      number: issued.number,
      ettn: issued.ettn,
      type: 'ISTISNA',
      payable: eur('1000'),
      status: 'accepted',
      statusDetail: '1300',
      findings: [],
      credits: null,
      replaces: null,
      pdfKey: key,
      retainUntil,
    });
    assert.deepEqual(
      [second?.status, second?.number, second?.payable, second?.findings, others],
      ['invalid', null, null, [{ rule: 'TR-ID-FORMAT', element: '/Invoice/cbc:ID' }], []],
    );
    const { number } = issued;
    const kept = { key, number, checksum: 'sum' };
    assert.deepEqual(await desk.invoicePdf(staff, invoiceId(1)), kept);
    assert.deepEqual(await desk.bookingsOfCase(staff, caseId), [line]);

    // And nothing of it is another tenant's.
    assert.equal(await desk.readBooking(foreigner, bookingId), null);
    assert.equal(await desk.bookingsOfCase(foreigner, caseId), null);
    assert.equal(await desk.invoicePdf(foreigner, invoiceId(1)), null);
    assert.ok((await list({}, foreigner)).bookings.every((one) => one.caseId !== caseId));
  });

  test('is an empty list for a case without bookings, and nothing for no case', async () => {
    const caseId = newCaseId();
    await started.step(caseId);
    assert.deepEqual(await desk.bookingsOfCase(staff, caseId), []);
    assert.equal(await desk.bookingsOfCase(staff, newCaseId()), null);
    assert.equal(await desk.bookingsOfCase(foreigner, caseId), null);
  });

  test('is a list by state and provider, newest first, in pages that neither skip nor repeat', async () => {
    const held: BookingRecord[] = [];
    for (let n = 0; n < 7; n++) {
      held.push(await booked({ state: 'held', provider: n % 2 ? 'iyzico' : 'stripe' }));
      await booked({ tenant: 'agency', state: 'held' });
      await booked({ state: 'lapsed' });
    }
    const ids = held.map(({ bookingId }) => bookingId).toReversed();
    const seen: string[] = [];
    let after: string | null = null;
    let pages = 0;
    do {
      const page: Awaited<ReturnType<MoneyDesk['listBookings']>> = await list({
        state: 'held',
        limit: 3,
        after,
      });
      seen.push(...page.bookings.map(({ bookingId }) => bookingId));
      after = page.next;
      pages += 1;
      if (pages === 1) {
        // Shown already, and gone before the next page is read; and a new one.
        await books.record({ ...(held[6] as BookingRecord), revision: 2, state: 'confirmed' });
        await booked({ state: 'held' });
      }
    } while (after !== null);
    assert.deepEqual([seen, pages], [ids, 3]);
    const iyzico = await list({ state: 'held', provider: 'iyzico' });
    assert.deepEqual(
      iyzico.bookings.map(({ bookingId }) => bookingId),
      ids.filter((_, n) => n % 2 === 1),
    );
    const all = await list({ limit: 5 });
    assert.equal(all.bookings.length, 5);
    assert.ok(all.next);
    const more = await list({ after: all.next });
    assert.equal(more.next, null);
    const everything = (await list()).bookings.map(({ bookingId }) => bookingId);
    assert.deepEqual(
      [...all.bookings, ...more.bookings].map(({ bookingId }) => bookingId),
      everything,
    );
    const theirs = await list({ state: 'held' }, foreigner);
    assert.equal(theirs.bookings.length, 7);
  });

  test('is the open differences about the tenant’s own bookings', async () => {
    const [mine, theirs] = [await booked(), await booked({ tenant: 'agency' })];
    const erased = newCaseId(); // Opened, but never booked.
    await started.step(erased);
    const findings = createDifferenceRegister({ pool: started.one.pool });
    const difference = (subject: string, bookingId: string | null) => ({
      provider: 'stripe' as const,
      subject,
      bookingId,
      kind: 'amount-differs' as const,
      ours: eur('1'),
      theirs: eur('2'),
    });
    await findings.keep('stripe', '2026-11-23', [
      difference('by-booking', mine.bookingId),
      difference('by-case', `${erased}-b7`),
      difference(mine.paymentId as string, null),
      difference(mine.checkoutId as string, null),
      difference('theirs', theirs.bookingId),
      difference('nobodys', null),
    ]);
    const seen = await desk.readFindings(staff);
    assert.deepEqual(
      new Set(seen.findings.map(({ subject }) => subject)),
      new Set(['by-booking', 'by-case', mine.paymentId, mine.checkoutId]),
    );
    assert.equal(seen.unplaced, 1);
    const { since, ...found } = seen.findings.find(({ subject }) => subject === 'by-booking') ?? {};
    assert.ok(since);
    assert.deepEqual(found, { ...difference('by-booking', mine.bookingId), day: '2026-11-23' });
    const others = await desk.readFindings(foreigner);
    assert.deepEqual(
      others.findings.map(({ subject }) => subject),
      ['theirs'],
    );
  });

  test('is in the audit trail, whether there is something to read or not', async () => {
    const { caseId, bookingId } = await booked();
    const before = (await accesses()).length;
    await list();
    await desk.readBooking(staff, bookingId);
    await desk.readBooking(staff, 'nothing');
    await desk.bookingsOfCase(staff, caseId);
    await desk.readFindings(staff);
    await desk.invoicePdf(staff, `${bookingId}-i1`);
    assert.deepEqual(
      (await accesses()).slice(before).map((one) => [one.subject, one.case_id, one.actor]),
      [
        ['GET /admin/bookings', null, staff.subject],
        ['GET /admin/bookings/{bookingId}', caseId, staff.subject],
        ['GET /admin/bookings/{bookingId}', null, staff.subject],
        ['GET /admin/cases/{caseId}/bookings', caseId, staff.subject],
        ['GET /admin/reconciliation', null, staff.subject],
        ['GET /admin/invoices/{invoiceId}/pdf', caseId, staff.subject],
      ],
    );
  });

  test('is nothing without its entry in the audit trail', async () => {
    const { caseId, bookingId } = await booked();
    const refused = new Error('no entry');
    const silent = createMoneyDesk({
      pool: started.front.pool,
      desk: { audit: () => Promise.reject(refused) },
    });
    started.front.sent.length = 0;
    const page = { state: null, provider: null, after: null, limit: 1 };
    await assert.rejects(silent.listBookings(staff, page), refused);
    await assert.rejects(silent.readBooking(staff, bookingId), refused);
    await assert.rejects(silent.bookingsOfCase(staff, caseId), refused);
    await assert.rejects(silent.readFindings(staff), refused);
    await assert.rejects(silent.invoicePdf(staff, `${bookingId}-i1`), refused);
    assert.equal(started.front.sent.length, 0);
  });

  test('is read by indexes alone', async () => {
    started.front.sent.length = 0;
    const { bookingId, caseId } = await booked();
    await list();
    await list({ state: 'held' });
    await desk.readBooking(staff, bookingId);
    await desk.bookingsOfCase(staff, caseId);
    const auditing = new Set(['heads_of', 'record_access']);
    const statements = new Map(
      started.front.sent
        .filter(({ name }) => !auditing.has(name))
        .map((one) => [one.name, one.text]),
    );
    assert.ok(statements.size >= 5);
    for (const [name, text] of statements) {
      const { rows } = await started.front.pool.query<{ 'QUERY PLAN': string }>(
        `explain (generic_plan) ${text}`,
      );
      const plan = rows.map((row) => row['QUERY PLAN']).join('\n');
      assert.doesNotMatch(plan, /Seq Scan/, name);
    }
  });
});
