import type pg from 'pg';

import type { BookingLine, Desk, InvoiceView, MoneyDesk } from '../../actors/ports/desk.ts';
import type { InvoiceFinding } from '../../actors/ports/invoicing.ts';
import { readReference } from '../../actors/ports/references.ts';
import { openFindingsOf } from './differences-sql.ts';
import { findingOf, moneyOf } from './differences.ts';
import {
  bookingById,
  bookingPage,
  bookingPageOfState,
  bookingsOfCase,
  hasCase,
  invoicesOf,
  movementsOf,
  pdfOfInvoice,
  unplacedFindings,
  type BookingRow,
} from './views-sql.ts';

export interface MoneyDeskOptions {
  readonly pool: pg.Pool;
  readonly desk: Pick<Desk, 'audit'>;
}

/** What staff read of money, each time with an entry in the tenant's audit trail first: without the entry there is no answer. */
export function createMoneyDesk({ pool, desk }: MoneyDeskOptions): MoneyDesk {
  return {
    async listBookings(staff, { state, provider, after, limit }) {
      await desk.audit(staff, null, 'GET /admin/bookings');
      const [, created = null, bookingId = ''] = /^(\d+)\.(.*)$/s.exec(after ?? '') ?? [];
      const values = [staff.tenant, provider, created, bookingId, limit + 1];
      const rows = await (state === null
        ? bookingPage(pool, values)
        : bookingPageOfState(pool, [...values, state]));
      const page = rows.slice(0, limit);
      const last = rows.length > limit ? page.at(-1) : undefined;
      return {
        bookings: page.map(lineOf),
        next: last ? `${last.created_us}.${last.booking_id}` : null,
      };
    },

    async readBooking(staff, bookingId) {
      await desk.audit(staff, caseNamedBy(bookingId), 'GET /admin/bookings/{bookingId}');
      const of = [staff.tenant, bookingId];
      const [row] = await bookingById(pool, of);
      if (!row) return null;
      const [movements, invoices] = await Promise.all([
        movementsOf(pool, of),
        invoicesOf(pool, of),
      ]);
      return {
        ...lineOf(row),
        movements: movements.map(({ movement_id: movementId, kind, at, cause, ...amount }) => ({
          movementId,
          kind,
          amount: { amountMinor: String(amount.amount_minor), currency: amount.currency },
          at,
          cause,
        })),
        invoices: invoices.map(invoiceOf),
      };
    },

    async bookingsOfCase(staff, caseId) {
      await desk.audit(staff, caseId, 'GET /admin/cases/{caseId}/bookings');
      const of = [staff.tenant, caseId];
      const rows = await bookingsOfCase(pool, of);
      // Books outlive their case, so they are asked first.
      if (rows.length === 0 && (await hasCase(pool, of)).length === 0) return null;
      return rows.map(lineOf);
    },

    async readFindings(staff) {
      await desk.audit(staff, null, 'GET /admin/reconciliation');
      const [rows, [count]] = await Promise.all([
        openFindingsOf(pool, [staff.tenant]),
        unplacedFindings(pool, []),
      ]);
      return { findings: rows.map(findingOf), unplaced: count?.unplaced ?? 0 };
    },

    async invoicePdf(staff, invoiceId) {
      await desk.audit(staff, caseNamedBy(invoiceId), 'GET /admin/invoices/{invoiceId}/pdf');
      const [row] = await pdfOfInvoice(pool, [staff.tenant, invoiceId]);
      return row ? { key: row.pdf_key, number: row.number, checksum: row.pdf_checksum } : null;
    },
  };
}

const caseNamedBy = (id: string) => readReference(id)?.caseId ?? null;

function lineOf(row: BookingRow): BookingLine {
  const inItsCurrency = (minor: bigint) => ({
    amountMinor: String(minor),
    currency: row.currency,
  });
  return {
    bookingId: row.booking_id,
    caseId: row.case_id,
    state: row.state,
    provider: row.provider,
    checkoutId: row.checkout_id,
    paymentId: row.payment_id,
    total: inItsCurrency(row.total_minor),
    captured: inItsCurrency(row.captured),
    refunded: inItsCurrency(row.refunded),
    chargedBack: inItsCurrency(row.charged_back),
    heldFor: row.held_for,
    updatedAt: row.updated_at,
  };
}

function invoiceOf(row: Awaited<ReturnType<typeof invoicesOf>>[number]): InvoiceView {
  const findings = JSON.parse(row.findings) as InvoiceFinding[];
  return {
    invoiceId: row.invoice_id,
    number: row.number,
    ettn: row.ettn,
    type: row.type,
    issuedAt: row.issued_at,
    payable: moneyOf(row.payable_minor, row.currency),
    status: row.status,
    statusDetail: row.status_detail,
    findings: findings.map(({ rule, element }) => ({ rule, element })),
    credits: row.credits,
    replaces: row.replaces,
    pdfKey: row.pdf_key,
    retainUntil: row.retain_until,
  };
}
