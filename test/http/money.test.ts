import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { suite, test } from 'node:test';

import type { BookingDetail, BookingLine, MoneyDesk, Staff } from '../../actors/ports/desk.ts';
import { problemOf, staffToken, startEdge } from './edge.ts';

const eur = (amountMinor: string) => ({ amountMinor, currency: 'EUR' });
const line: BookingLine = {
  bookingId: 'case-1-b1',
  caseId: 'case-1',
  state: 'confirmed',
  provider: 'stripe',
  checkoutId: 'cs_1',
  paymentId: 'pi_1',
  total: eur('1000'),
  captured: eur('1000'),
  refunded: eur('0'),
  chargedBack: eur('0'),
  heldFor: null,
  updatedAt: '2026-11-23T10:00:00.000Z',
};
const detail: BookingDetail = { ...line, movements: [], invoices: [] };
const pdf = Buffer.from('%PDF-1.7 of an invoice');
const checksum = createHash('sha256').update(pdf).digest('hex');

/** Knows one booking of `tenant-a`, with one invoice whose PDF is kept. */
function memoryMoney() {
  const readers: Staff[] = [];
  const pages: Parameters<MoneyDesk['listBookings']>[1][] = [];
  const asked: [tenant: string, key: string][] = [];
  const isOurs = (staff: Staff) => {
    readers.push(staff);
    return staff.tenant === 'tenant-a';
  };
  const desk: MoneyDesk = {
    listBookings: async (staff, page) => {
      pages.push(page);
      return { bookings: isOurs(staff) ? [line] : [], next: null };
    },
    readBooking: async (staff, bookingId) =>
      isOurs(staff) && bookingId === line.bookingId ? detail : null,
    bookingsOfCase: async (staff, caseId) =>
      isOurs(staff) && caseId === line.caseId ? [line] : null,
    readFindings: async (staff) => ({ findings: [], unplaced: isOurs(staff) ? 1 : 2 }),
    invoicePdf: async (staff, invoiceId) =>
      isOurs(staff) && invoiceId.startsWith('case-1-b1-i')
        ? { key: `invoices/${invoiceId}.pdf`, number: 'AAA2026000000001', checksum }
        : null,
  };
  const archive = {
    read: async (tenant: string, key: string, signal: AbortSignal) => {
      assert.ok(!signal.aborted);
      asked.push([tenant, key]);
      return key === 'invoices/case-1-b1-i1.pdf' ? pdf : null;
    },
  };
  return { desk, archive, readers, pages, asked };
}

const ask = (url: string, token?: string) =>
  fetch(url, token === undefined ? {} : { headers: { authorization: `Bearer ${token}` } });
const paths = [
  '/admin/bookings',
  '/admin/bookings/case-1-b1',
  '/admin/cases/case-1/bookings',
  '/admin/reconciliation',
  '/admin/invoices/case-1-b1-i1/pdf',
];

suite('Money for staff', () => {
  test('is shown to support, finance and admins of its tenant, and never cached', async (t) => {
    const money = memoryMoney();
    const { url } = await startEdge(t, { money });
    const answers: unknown[] = [];
    for (const role of ['support', 'finance', 'admin'])
      for (const path of paths.slice(0, 4)) {
        const response = await ask(url + path, await staffToken({ roles: [role] }));
        assert.equal(response.status, 200);
        assert.equal(response.headers.get('cache-control'), 'no-store');
        answers.push(await response.json());
      }
    assert.deepEqual(answers.slice(0, 4), [
      { bookings: [line], next: null },
      detail,
      { bookings: [line] },
      { findings: [], unplaced: 1 },
    ]);
  });

  test('needs a token and a role', async (t) => {
    const money = memoryMoney();
    const { url } = await startEdge(t, { money });
    for (const path of paths) {
      assert.equal((await ask(url + path)).status, 401);
      for (const roles of [[], ['clinician'], ['patient'], ['Finance']]) {
        const { status, code } = await problemOf(
          await ask(url + path, await staffToken({ roles })),
        );
        assert.deepEqual([status, code], [403, 'forbidden']);
      }
    }
    assert.equal(money.readers.length, 0);
  });

  test('is a 404 for another tenant, and for an id that can be none', async (t) => {
    const money = memoryMoney();
    const { url } = await startEdge(t, { money });
    const stranger = await staffToken({ tenant: 'tenant-b' });
    for (const path of [1, 2, 4].map((n) => paths[n] as string))
      assert.equal((await problemOf(await ask(url + path, stranger))).code, 'not_found');
    assert.deepEqual(await (await ask(`${url}/admin/bookings`, stranger)).json(), {
      bookings: [],
      next: null,
    });
    const asked = money.readers.length;
    const token = await staffToken();
    for (const id of ['%00', '%20', 'x'.repeat(201), 'a%2Fb'])
      for (const path of [
        `/admin/bookings/${id}`,
        `/admin/invoices/${id}/pdf`,
        `/admin/cases/${id}/bookings`,
      ])
        assert.equal((await ask(url + path, token)).status, 404);
    assert.equal(money.readers.length, asked);
    assert.equal(money.asked.length, 0);
  });

  test('comes in the pages that were asked for, and names a parameter that is wrong', async (t) => {
    const money = memoryMoney();
    const { url } = await startEdge(t, { money });
    const token = await staffToken();
    await ask(`${url}/admin/bookings`, token);
    await ask(`${url}/admin/bookings?state=held&provider=iyzico&limit=7&after=12.case-1-b1`, token);
    assert.deepEqual(money.pages, [
      { state: null, provider: null, after: null, limit: 50 },
      { state: 'held', provider: 'iyzico', after: '12.case-1-b1', limit: 7 },
    ]);
    for (const query of [
      'state=paid',
      'state=held&state=held',
      'provider=paypal',
      'limit=0',
      'limit=201',
      'after=case-1-b1',
      'after=',
      `after=1.${'x'.repeat(201)}`,
    ]) {
      const response = await ask(`${url}/admin/bookings?${query}`, token);
      const { status, code, detail: told } = await problemOf(response);
      assert.deepEqual([status, code], [400, 'invalid_parameter']);
      assert.equal(told?.split(':')[0], query.split('=')[0]);
    }
    assert.equal(money.pages.length, 2);
  });

  test('has invoices as PDF, named by their number', async (t) => {
    const money = memoryMoney();
    const { url } = await startEdge(t, { money });
    const response = await ask(url + paths[4], await staffToken({ roles: ['finance'] }));
    assert.equal(response.status, 200);
    assert.equal(response.headers.get('content-type'), 'application/pdf');
    assert.equal(response.headers.get('cache-control'), 'no-store');
    assert.equal(
      response.headers.get('content-disposition'),
      'attachment; filename="AAA2026000000001.pdf"',
    );
    assert.deepEqual(Buffer.from(await response.arrayBuffer()), pdf);
    assert.deepEqual(money.asked, [['tenant-a', 'invoices/case-1-b1-i1.pdf']]);
  });

  test('says that a PDF is gone to us and not to the client, and asks to come again while the archive is away', async (t) => {
    const reported: unknown[] = [];
    const report = (error: unknown) => void reported.push(error);
    const money = memoryMoney();
    const token = await staffToken();
    const { url } = await startEdge(t, { money, report });
    const gone = await ask(`${url}/admin/invoices/case-1-b1-i2/pdf`, token);
    assert.equal(gone.status, 500);
    assert.match(String(reported[0]), /not in the archive/);
    assert.doesNotMatch(await gone.text(), /archive/);
    const away = Object.assign(new Error('down'), { retryable: true });
    const archive = { read: () => Promise.reject(away) };
    const second = await startEdge(t, { money: { ...money, archive }, report });
    assert.equal((await ask(second.url + paths[4], token)).status, 503);
  });

  test('does not hand out a PDF that is not the one that was kept, and tells us', async (t) => {
    const reported: unknown[] = [];
    const report = (error: unknown) => void reported.push(error);
    const money = memoryMoney();
    const archive = { read: async () => Buffer.from('%PDF-1.7 of another invoice') };
    const { url } = await startEdge(t, { money: { ...money, archive }, report });
    const response = await ask(url + paths[4], await staffToken({ roles: ['finance'] }));
    assert.equal(response.status, 502);
    assert.equal((await problemOf(response)).code, 'bad_copy');
    assert.equal(reported.length, 1);
  });

  test('has no routes where it is not set up', async (t) => {
    const { url } = await startEdge(t);
    assert.equal((await ask(url + paths[0], await staffToken())).status, 404);
  });
});
