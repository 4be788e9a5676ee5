import { isId } from './request.ts';

/** The case in a booking's reference `{caseId}-b{n}`, n from 1 to 9999; null where it is none of ours. */
export function caseOfBooking(bookingId: string): string | null {
  if (!isId(bookingId)) return null;
  return /^(.+)-b[1-9]\d{0,3}$/.exec(bookingId)?.[1] ?? null;
}

/** The case in an invoice's id `{caseId}-b{n}-i{m}`, both from 1 to 9999; null where it is none of ours. */
export function caseOfInvoice(invoiceId: string): string | null {
  if (!isId(invoiceId)) return null;
  const bookingId = /^(.+)-i[1-9]\d{0,3}$/.exec(invoiceId)?.[1];
  return bookingId === undefined ? null : caseOfBooking(bookingId);
}
