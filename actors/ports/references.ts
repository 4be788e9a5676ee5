/** What one of our own references names. */
export interface OwnReference {
  readonly kind: 'booking' | 'invoice' | 'refund';
  readonly caseId: string;
  /** The booking itself, or whose invoice or refund it is. */
  readonly bookingId: string;
}

const suffixes = { i: 'invoice', r: 'refund' } as const;

/**
 * Reads a reference that we gave and somebody gives back: a booking's `{caseId}-b{n}`, an invoice's `{bookingId}-i{n}` or a
 * refund's `{bookingId}-r{n}`, n from 1 to 9999, of at most 200 visible ASCII characters without `/`. Null where it is none of
 * ours. That it has the form says nothing about whether we have such a case.
 */
export function readReference(id: string): OwnReference | null {
  if (!/^[\x21-\x2e\x30-\x7e]{1,200}$/.test(id)) return null;
  const [, bookingId, caseId, suffix] =
    /^((.+)-b[1-9]\d{0,3})(?:-([ir])[1-9]\d{0,3})?$/.exec(id) ?? [];
  if (bookingId === undefined || caseId === undefined) return null;
  const kind = suffix === undefined ? 'booking' : suffixes[suffix as keyof typeof suffixes];
  return { kind, caseId, bookingId };
}

/** The case of a booking's reference; null where it is none. */
export function caseOfBooking(bookingId: string): string | null {
  const reference = readReference(bookingId);
  return reference?.kind === 'booking' ? reference.caseId : null;
}

/** The case of an invoice's id; null where it is none. */
export function caseOfInvoice(invoiceId: string): string | null {
  const reference = readReference(invoiceId);
  return reference?.kind === 'invoice' ? reference.caseId : null;
}

/**
 * A booking by a name that a patient can read out: the first eight of its case's id, and its own number: `3F9A27C1-1`. Staff find
 * the case by it (`caseBeginOf`). An id that is none of ours stays as it is.
 */
export function shortReference(bookingId: string): string {
  const [, begin, number] = /^([0-9a-f]{8})-[0-9a-f-]{27}-b(\d+)$/.exec(bookingId) ?? [];
  return begin === undefined || number === undefined
    ? bookingId
    : `${begin.toUpperCase()}-${number}`;
}

/** How the id of a case begins whose booking a patient calls so; null where it is no such name. More than one case may begin so. */
export function caseBeginOf(reference: string): string | null {
  const [, begin] = /^([0-9a-f]{8})(?:-\d{1,4})?$/i.exec(reference) ?? [];
  return begin?.toLowerCase() ?? null;
}
