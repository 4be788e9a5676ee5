import { createHash } from 'node:crypto';

import { Router } from '@koa/router';
import type { ParameterizedContext } from 'koa';
import * as v from 'valibot';

import type { MoneyDesk } from '../../actors/ports/desk.ts';
import type { InvoiceArchive } from '../../actors/ports/invoicing.ts';
import { bookingStates, paymentProviders } from '../../actors/shapes/payments.ts';
import { permissions } from '../../actors/shapes/permissions.ts';
import { Refusal } from '../server/errors.ts';
import { isId, type EdgeState } from '../server/request.ts';
import { parseOr } from '../server/schema.ts';
import { caseIdOf, readerOf, wholeNumber } from './cases.ts';
import type { ReadStaff } from './tokens.ts';

/** What the routes for money work with. */
export interface MoneyEdge {
  readonly desk: MoneyDesk;
  readonly archive: Pick<InvoiceArchive, 'read'>;
}

const archiveDeadlineMs = 10_000;

/** `after` is the `next` of the page before. */
const List = v.object({
  state: v.optional(v.picklist(bookingStates)),
  provider: v.optional(v.picklist(paymentProviders)),
  after: v.optional(v.pipe(v.string(), v.regex(/^\d{1,16}\.[\x21-\x2e\x30-\x7e]{1,200}$/))),
  limit: wholeNumber(1, 200, 50),
});

/**
 * What staff read of money: audited, never cached, of their own tenant only. 401 without a valid token, 403 without the role
 * `support`, `finance` or `admin`, 404 for what the tenant does not have, 400 naming a bad page parameter.
 *
 * `GET /admin/bookings?state=held&provider=stripe&limit=50&after=` answers `{ bookings, next }`, newest first; `next` is null at
 * the end. `GET /admin/bookings/{bookingId}` answers a BookingDetail, with movements and invoices;
 * `GET /admin/cases/{caseId}/bookings` answers `{ bookings }`; `GET /admin/reconciliation` answers `{ findings, unplaced }`;
 * `GET /admin/invoices/{invoiceId}/pdf` answers the PDF, named by the invoice's number, or 502 if the archive
 * has another one than was put there: nobody is to take that for the invoice.
 */
export function moneyRoutes({ desk, archive }: MoneyEdge, readStaff: ReadStaff): Router<EdgeState> {
  const router = new Router<EdgeState>();

  const reader = (ctx: ParameterizedContext<EdgeState>) =>
    readerOf(readStaff, ctx.get('authorization'), permissions.readMoney);
  const found = <T>(value: T | null): T => {
    if (value === null) throw new Refusal('not_found');
    return value;
  };

  router.get('/admin/bookings', async (ctx) => {
    const staff = await reader(ctx);
    const page = parseOr('invalid_parameter', List, ctx.query);
    const { state = null, provider = null, after = null, limit } = page;
    ctx.body = await desk.listBookings(staff, { state, provider, after, limit });
  });

  router.get('/admin/bookings/:bookingId', async (ctx) => {
    const staff = await reader(ctx);
    ctx.body = found(await desk.readBooking(staff, idOf(ctx.params['bookingId'])));
  });

  router.get('/admin/cases/:caseId/bookings', async (ctx) => {
    const staff = await reader(ctx);
    ctx.body = { bookings: found(await desk.bookingsOfCase(staff, caseIdOf(ctx.params))) };
  });

  router.get('/admin/reconciliation', async (ctx) => {
    const staff = await reader(ctx);
    ctx.body = await desk.readFindings(staff);
  });

  router.get('/admin/invoices/:invoiceId/pdf', async (ctx) => {
    const staff = await reader(ctx);
    const { key, number, checksum } = found(
      await desk.invoicePdf(staff, idOf(ctx.params['invoiceId'])),
    );
    const pdf = await archive.read(staff.tenant, key, AbortSignal.timeout(archiveDeadlineMs));
    // We promised to keep it: that is no matter of the client's, and somebody has to be told.
    if (pdf === null) throw new Error('The PDF of an archived invoice is not in the archive');
    if (createHash('sha256').update(pdf).digest('hex') !== checksum) throw new Refusal('bad_copy');
    ctx.set('content-disposition', `attachment; filename="${number}.pdf"`);
    ctx.type = 'application/pdf';
    ctx.body = Buffer.from(pdf.buffer, pdf.byteOffset, pdf.byteLength);
  });

  return router;
}

/** @throws {Refusal} 404: nothing of ours has such an id */
function idOf(id = ''): string {
  if (!isId(id)) throw new Refusal('not_found');
  return id;
}
