import type { InferEntity } from '@mikro-orm/core';
import type pg from 'pg';

import type { Movement } from '../../actors/ports/books.ts';
import type { BookingLine, Desk, InvoiceView, MoneyDesk } from '../../actors/ports/desk.ts';
import type { InvoiceFinding } from '../../actors/ports/invoicing.ts';
import { readReference } from '../../actors/ports/references.ts';
import type { BookingState, PaymentProvider } from '../../actors/shapes/payments.ts';
import { reading, type Reading } from '../database/orm.ts';
import {
  from,
  int4,
  int8,
  microseconds,
  orNull,
  statement,
  text,
  textOf,
  time,
  type ParametersOf,
  type RowsOf,
} from '../database/statement.ts';
import { differencesOf, moneyOf } from './differences.ts';

const bookingLine = {
  bookingId: from('b.booking_id', text),
  caseId: from('b.case_id', text),
  state: from('b.state', textOf<BookingState>()),
  provider: from('b.provider', orNull(textOf<PaymentProvider>())),
  checkoutId: from('b.checkout_id', orNull(text)),
  paymentId: from('b.payment_id', orNull(text)),
  totalMinor: from('b.total_minor', int8),
  currency: from('b.currency', text),
  captured: from('m.captured', int8),
  refunded: from('m.refunded', int8),
  chargedBack: from('m.charged_back', int8),
  heldFor: from('b.held_for', orNull(text)),
  updatedAt: from('b.updated_at', time),
  createdUs: from('b.created_at', microseconds),
};

const sumOf = (kind: Movement['kind']) =>
  `coalesce(sum(amount_minor) filter (where kind = '${kind}'), 0)`;

/** Sums in the booking's own currency: money of another one stands among the movements alone. */
const sums = `cross join lateral (
    select ${sumOf('capture')}::int8 as captured,
      (${sumOf('refund')} - ${sumOf('refund-failed')})::int8 as refunded,
      (${sumOf('chargeback')} - ${sumOf('chargeback-reversed')})::int8 as charged_back
    from money_movements where booking_id = b.booking_id and currency = b.currency
  ) m`;

const pageTakes = {
  tenant: text,
  provider: orNull(text),
  createdUs: orNull(text),
  bookingId: text,
  limit: int4,
};

/** From a place on, newest first. The page is cut before its sums are made. */
const page = (
  { tenant, provider, createdUs, bookingId, limit }: ParametersOf<typeof pageTakes>,
  columns: () => string,
  ofState: string,
) => `
  select ${columns()}
  from (
    select * from bookings
    where tenant = ${tenant} and (${provider}::text is null or provider = ${provider}) ${ofState}
      and (created_at, booking_id) <
        (case when ${createdUs}::int8 is null then 'infinity'::timestamptz else 'epoch'::timestamptz + ${createdUs}::int8 * interval '1 us' end, ${bookingId})
    order by created_at desc, booking_id desc limit ${limit}
  ) b
  ${sums}
  order by b.created_at desc, b.booking_id desc`;

const bookingPage = statement('booking_page', {
  takes: pageTakes,
  gives: bookingLine,
  sql: (parameters, columns) => page(parameters, columns, ''),
});

const bookingPageOfState = statement('booking_page_of_state', {
  takes: { ...pageTakes, state: text },
  gives: bookingLine,
  sql: (parameters, columns) => page(parameters, columns, `and state = ${parameters.state}`),
});

const bookingById = statement('booking_by_id', {
  takes: { tenant: text, bookingId: text },
  gives: bookingLine,
  sql: ({ tenant, bookingId }, columns) =>
    `select ${columns()} from bookings b ${sums} where b.booking_id = ${bookingId} and b.tenant = ${tenant}`,
});

const bookingsOfCase = statement('bookings_of_case', {
  takes: { tenant: text, caseId: text },
  gives: bookingLine,
  sql: ({ tenant, caseId }, columns) => `
  select ${columns()} from bookings b ${sums} where b.case_id = ${caseId} and b.tenant = ${tenant}
  order by b.created_at, b.booking_id limit 200`,
});

export interface MoneyDeskOptions {
  readonly pool: pg.Pool;
  readonly desk: Pick<Desk, 'audit'>;
}

/** What staff read of money, each time with an entry in the tenant's audit trail first: without the entry there is no answer. */
export function createMoneyDesk({ pool, desk }: MoneyDeskOptions): MoneyDesk {
  return {
    async listBookings(staff, { state, provider, after, limit }) {
      await desk.audit(staff, null, 'GET /admin/bookings');
      const [, createdUs = null, bookingId = ''] = /^(\d+)\.(.*)$/s.exec(after ?? '') ?? [];
      const asked = { tenant: staff.tenant, provider, createdUs, bookingId, limit: limit + 1 };
      const rows = await (state === null
        ? bookingPage(pool, asked)
        : bookingPageOfState(pool, { ...asked, state }));
      const page = rows.slice(0, limit);
      const last = rows.length > limit ? page.at(-1) : undefined;
      return {
        bookings: page.map(lineOf),
        next: last ? `${last.createdUs}.${last.bookingId}` : null,
      };
    },

    async readBooking(staff, bookingId) {
      await desk.audit(staff, caseNamedBy(bookingId), 'GET /admin/bookings/{bookingId}');
      const of = { tenant: staff.tenant, bookingId };
      const [row] = await bookingById(pool, of);
      if (!row) return null;
      const { em, Invoice, MoneyMovement } = await reading(pool);
      const [movements, invoices] = await Promise.all([
        em.find(MoneyMovement, of, {
          orderBy: { at: 'asc', recordedAt: 'asc', kind: 'asc', movementId: 'asc' },
          limit: 1_000,
        }),
        em.find(Invoice, of, { orderBy: { createdAt: 'asc', invoiceId: 'asc' }, limit: 200 }),
      ]);
      return {
        ...lineOf(row),
        movements: movements.map(({ movementId, kind, at, cause, amountMinor, currency }) => ({
          movementId,
          kind,
          amount: { amountMinor: String(amountMinor), currency },
          at: at.toISOString(),
          cause,
        })),
        invoices: invoices.map(invoiceOf),
      };
    },

    async bookingsOfCase(staff, caseId) {
      await desk.audit(staff, caseId, 'GET /admin/cases/{caseId}/bookings');
      const of = { tenant: staff.tenant, caseId };
      const rows = await bookingsOfCase(pool, of);
      if (rows.length > 0) return rows.map(lineOf);
      // Books outlive their case, so they are asked first.
      const { em, Case } = await reading(pool);
      return (await em.findOne(Case, of)) === null ? null : [];
    },

    async readFindings(staff) {
      await desk.audit(staff, null, 'GET /admin/reconciliation');
      return differencesOf(pool, staff.tenant);
    },

    async invoicePdf(staff, invoiceId) {
      await desk.audit(staff, caseNamedBy(invoiceId), 'GET /admin/invoices/{invoiceId}/pdf');
      const { em, Invoice } = await reading(pool);
      const found = await em.findOne(Invoice, { tenant: staff.tenant, invoiceId });
      const { pdfKey: key, pdfChecksum: checksum, number } = found ?? {};
      return key && checksum && number ? { key, number, checksum } : null;
    },
  };
}

const caseNamedBy = (id: string) => readReference(id)?.caseId ?? null;

function lineOf({
  totalMinor,
  currency,
  captured,
  refunded,
  chargedBack,
  createdUs: _createdUs,
  ...row
}: RowsOf<typeof bookingById>): BookingLine {
  const inItsCurrency = (minor: bigint) => ({ amountMinor: String(minor), currency });
  return {
    ...row,
    total: inItsCurrency(totalMinor),
    captured: inItsCurrency(captured),
    refunded: inItsCurrency(refunded),
    chargedBack: inItsCurrency(chargedBack),
  };
}

function invoiceOf(row: InferEntity<Reading['Invoice']>): InvoiceView {
  const findings = JSON.parse(row.findings) as InvoiceFinding[];
  return {
    invoiceId: row.invoiceId,
    number: row.number ?? null,
    ettn: row.ettn ?? null,
    type: row.type ?? null,
    issuedAt: row.issuedAt?.toISOString() ?? null,
    payable: moneyOf(row.payableMinor ?? null, row.currency ?? null),
    status: row.status,
    statusDetail: row.statusDetail ?? null,
    findings: findings.map(({ rule, element }) => ({ rule, element })),
    credits: row.credits ?? null,
    replaces: row.replaces ?? null,
    pdfKey: row.pdfKey ?? null,
    retainUntil: row.retainUntil?.toISOString() ?? null,
  };
}
