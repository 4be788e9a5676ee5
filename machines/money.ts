import type { BookingSummary, InvoiceSummary, SaleLine } from './money-types.ts';

// Sums of money, as pure functions. All amounts are minor units.

/** Currencies of three decimals are charged and invoiced to two. */
const threeDecimals: ReadonlySet<string> = new Set([
  'BHD',
  'IQD',
  'JOD',
  'KWD',
  'LYD',
  'OMR',
  'TND',
]);

/** The least that can be charged or given back. */
const unitOf = (currency: string): bigint => (threeDecimals.has(currency) ? 10n : 1n);

/**
 * Shares `minor` out by weight, in whole units: what is left over goes to the largest remainders, of equal ones to the
 * first. The shares sum up to `minor` as far as it is whole units; all are zero where no weight is above zero. No share is
 * more than its weight, as long as all together is not.
 */
export const allocated = (
  minor: bigint,
  weights: readonly bigint[],
  unit: bigint = 1n,
): readonly bigint[] => {
  const whole = weights.reduce((sum, weight) => sum + weight, 0n);
  if (whole === 0n) return weights.map(() => 0n);
  const units = minor / unit;
  const shares = weights.map((weight) => (units * weight) / whole);
  let left = units - shares.reduce((sum, share) => sum + share, 0n);
  const byRemainder = weights
    .map((weight, index) => ({ index, remainder: (units * weight) % whole }))
    .toSorted(
      (one, other) =>
        Number(other.remainder > one.remainder) - Number(other.remainder < one.remainder),
    );
  for (const { index } of byRemainder) {
    if (left === 0n) break;
    shares[index] = (shares[index] ?? 0n) + 1n;
    left -= 1n;
  }
  return shares.map((share) => share * unit);
};

/** What all lines cost. */
export const grossMinor = (lines: readonly SaleLine[]): bigint =>
  lines.reduce((sum, { gross }) => sum + BigInt(gross.amountMinor), 0n);

/**
 * The groups of a booking's lines that may share an invoice: health by itself, because it may be exempt from VAT and
 * nothing else is, then the rest. Empty groups are left out.
 */
export const splitLines = (lines: readonly SaleLine[]): readonly (readonly SaleLine[])[] =>
  [
    lines.filter(({ kind }) => kind === 'health'),
    lines.filter(({ kind }) => kind !== 'health'),
  ].filter((group) => group.length > 0);

/** Whether something of the invoice went back that is on no credit note yet. */
export const isCreditDue = ({ toCredit }: InvoiceSummary): boolean =>
  toCredit.some((minor) => minor !== '0');

/** The lines of a credit note: what went back of each line of the invoice that it gives back. */
export const creditLines = ({ lines, toCredit }: InvoiceSummary): SaleLine[] =>
  lines.flatMap((line, index) => {
    const amountMinor = toCredit[index] ?? '0';
    return amountMinor === '0'
      ? []
      : [{ ...line, quantity: 1, gross: { ...line.gross, amountMinor } }];
  });

/**
 * Puts what went back since the last time on the lines of a booking's invoices, by what is left of each. `allocatedMinor`
 * is what found a place: no more than is left, in whole units.
 */
export const creditedMore = (
  sold: readonly InvoiceSummary[],
  minor: bigint,
): { readonly invoices: readonly InvoiceSummary[]; readonly allocatedMinor: bigint } => {
  const left = sold.flatMap(({ lines, credited }) =>
    lines.map(({ gross }, index) => BigInt(gross.amountMinor) - BigInt(credited[index] ?? '0')),
  );
  const shares = allocated(minor, left, unitOf(sold[0]?.lines[0]?.gross.currency ?? ''));
  let next = 0;
  const invoices = sold.map((invoice) => {
    const own = invoice.lines.map(() => shares[next++] ?? 0n);
    const plus = (list: readonly string[]) =>
      list.map((value, index) => String(BigInt(value) + (own[index] ?? 0n)));
    return { ...invoice, credited: plus(invoice.credited), toCredit: plus(invoice.toCredit) };
  });
  return { invoices, allocatedMinor: shares.reduce((sum, share) => sum + share, 0n) };
};

// Where the sales of a case stand.

interface Sold {
  readonly bookings: readonly BookingSummary[];
  readonly invoices: readonly InvoiceSummary[];
}

/** Paid, but not for something that stands, or not surely: it stands, or goes back, as staff decide. */
export const isInDoubt = ({ heldFor }: BookingSummary): boolean =>
  heldFor !== null &&
  !['checkout-not-opened', 'payment-not-readable', 'refunding'].includes(heldFor);

/** Of a patient who withdrew: the money goes back, or staff say that it stays. */
export const isToSettle = ({ status, heldFor, isKept }: BookingSummary): boolean =>
  (status === 'paid' && !isKept) || heldFor !== null;

/** Something was paid and stays with us: the patient's bank may still take it back. */
export const mayBeDisputed = ({ bookings }: Sold): boolean =>
  bookings.some(({ status }) => status === 'paid');

/** Every booking has come to an end that stands, and every invoice and credit note is kept. */
export const owesNothing = ({ bookings, invoices }: Sold): boolean =>
  bookings.every(({ status, heldFor }) => status !== 'open' && heldFor === null) &&
  invoices.every((invoice) => invoice.keptAs !== null && !isCreditDue(invoice));

/** Nothing was ever paid, and nothing can be any more. */
export const wasNeverPaid = (sold: Sold): boolean =>
  owesNothing(sold) && sold.bookings.every(({ status }) => status === 'lapsed');

/**
 * What staff may simply have tried again. A late payment that is accepted, or an invoice that is issued anew, is a decision:
 * it takes the booking's or the invoice's name.
 */
const triedAgain: ReadonlySet<string> = new Set([
  'checkout-not-opened',
  'payment-not-readable',
  'payment-unsettled',
  'payment-suspected',
  'refund-failed',
  'invoice-invalid',
  'invoice-not-queued',
  'invoice-not-sent',
  'invoice-not-settled',
  'invoice-not-archived',
]);

/** Corrections count in hundreds and stay with the actor that made them. */
export const invoiceActorOf = (invoiceId: string): string =>
  invoiceId.replace(/\d+$/, (number) => String(Number(number) % 100));

/** The actors that staff's "try again" reaches: the one they name, or all that are held for what needs no decision. */
export const resumedBy = (
  { bookings, invoices }: Sold,
  named: { readonly bookingId?: string; readonly invoiceId?: string },
): readonly string[] => {
  const { bookingId: booking, invoiceId: invoice } = named;
  const isNamed = booking !== undefined || invoice !== undefined;
  return [
    ...bookings.map(({ bookingId, heldFor }) => ({ id: bookingId, named: booking, heldFor })),
    ...invoices.map(({ actorId, heldFor }) => ({
      id: actorId,
      named: invoice === undefined ? undefined : invoiceActorOf(invoice),
      heldFor,
    })),
  ].flatMap((one) =>
    (isNamed ? one.id === one.named : triedAgain.has(one.heldFor ?? '')) ? [one.id] : [],
  );
};
