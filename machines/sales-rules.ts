import type { BookingInput } from './booking-types.ts';
import type { Say } from './family-types.ts';
import type { InvoiceInput } from './invoice.ts';
import type { BookingSummary, InvoiceSummary, Payer } from './money-types.ts';
import {
  creditedMore,
  creditLines,
  grossMinor,
  invoiceActorOf,
  isCreditDue,
  owesNothing,
  splitLines,
  wasNeverPaid,
} from './money.ts';
import type {
  Heard,
  SalesContext,
  SalesEvent,
  SalesInput,
  SalesSummary,
  Seen,
} from './sales-types.ts';
import type { TicketingInput } from './ticketing-types.ts';

// What machines/sales.ts decides by: pure readings of its context.

export const initialContext = ({ input }: { input: SalesInput }): SalesContext => ({
  tenant: input.tenant,
  caseId: input.caseId,
  isInvoicing: input.isInvoicing,
  phone: input.phone,
  lang: input.lang,
  mayQuote: false,
  tripBookingId: null,
  bookings: [],
  invoices: [],
  buyer: null,
  isLeaving: false,
  reason: null,
  told: { owesNothing: true, neverPaid: true },
});

/** What the journey has to know. */
export const summaryOf = (context: Pick<SalesContext, 'bookings' | 'invoices'>): SalesSummary => ({
  owesNothing: owesNothing(context),
  neverPaid: wasNeverPaid(context),
});

/** The booking that an event is about, which is also its actor's id; empty if it is about none. */
export const bookingOf = ({ event }: { event: SalesEvent }): string =>
  'bookingId' in event ? (event.bookingId ?? '') : '';

/**
 * The booking whose link the patient wants anew: by the button's id, or the one that was begun last and is not paid. Null if it is none
 * that can be paid.
 */
export const renewedIn = ({ context, event }: Heard): string | null => {
  const open = context.bookings.filter(({ status }) => status === 'open');
  if (event.type === 'link.wanted')
    return open.find(({ bookingId }) => bookingId === event.bookingId)?.bookingId ?? null;
  if (event.type !== 'patient.said') return null;
  const [, pressed] = /^pay:again:(.{1,200})$/.exec(event.buttonId ?? '') ?? [];
  if (pressed !== undefined)
    return open.find(({ bookingId }) => bookingId === pressed)?.bookingId ?? null;
  return event.intent === 'link' ? (open.at(-1)?.bookingId ?? null) : null;
};

/** What the patient asks of what they bought; null where they ask for nothing of it. */
const askedIn = (event: SalesEvent): 'trip' | 'payment' | null => {
  if (event.type !== 'patient.said' || event.late) return null;
  if (event.intent === 'itinerary' || event.intent === 'next') return 'trip';
  return event.intent === 'paid' || event.intent === 'paid-twice' ? 'payment' : null;
};

/** The booking that can answer it: for the trip one that stands or may still, for money the newest. */
export const answeringIn = ({ context, event }: Heard): string | null => {
  const asked = askedIn(event);
  if (asked === null) return null;
  const { bookings } = context;
  // Until the trip is paid, the journey says what comes next.
  const isPaid = bookings.some(({ status }) => status === 'paid');
  if (event.type === 'patient.said' && event.intent === 'next' && !isPaid) return null;
  const found =
    asked === 'payment'
      ? (bookings.findLast(({ status }) => status !== 'open' && status !== 'lapsed') ??
        bookings.at(-1))
      : (bookings.findLast(({ status }) => status === 'paid') ??
        bookings.findLast(({ status }) => status === 'open'));
  if (found === undefined) return null;
  // Of a trip that is paid, whoever sees to its tickets knows most.
  return asked === 'trip' && found.isOrdered === true && found.status === 'paid'
    ? ticketingOf(found.bookingId)
    : found.bookingId;
};

export const asksOfSales = ({ event }: Heard): boolean =>
  askedIn(event) !== null && !(event.type === 'patient.said' && event.intent === 'next');

export const wordForAsker = ({
  event,
}: Heard): { readonly type: 'trip.asked' | 'payment.asked' } => ({
  type: askedIn(event) === 'trip' ? 'trip.asked' : 'payment.asked',
});

/** For who has nothing booked. */
export const nothingBought = ({ event }: Heard): Say => ({
  type: 'say',
  text: askedIn(event) === 'trip' ? 'trip.none' : 'payment.none',
  purpose: 'service',
});

/** Believes to have paid twice, and our books say otherwise: a person looks. */
export const differsFromBooks = ({ context, event }: Heard): boolean =>
  event.type === 'patient.said' &&
  event.intent === 'paid-twice' &&
  !context.bookings.some(({ heldFor }) => heldFor === 'paid-twice');

const newestBooking = ({ bookings }: SalesContext): BookingSummary => {
  const newest = bookings.at(-1);
  if (newest === undefined) throw new Error('There is no booking');
  return newest;
};

export const newestBookingId = ({ context }: Seen): string => newestBooking(context).bookingId;

/** One sale more: a trip that the patient chose, or what staff quoted. */
export const saleOf = ({ context, event }: Heard): Partial<SalesContext> => {
  if (event.type !== 'sale.begun' && event.type !== 'staff.quote') return {};
  const { title, lines } = event;
  const bookingId = `${context.caseId}-b${context.bookings.length + 1}`;
  const booking: BookingSummary = {
    bookingId,
    title,
    lines,
    total: {
      amountMinor: String(grossMinor(lines)),
      currency: lines[0]?.gross.currency ?? '',
    },
    status: 'open',
    isKept: false,
    heldFor: null,
    refundedMinor: '0',
    ...(event.type === 'sale.begun' && event.order && event.trip ? { isOrdered: true } : {}),
    invoices: 0,
  };
  return {
    bookings: [...context.bookings, booking],
    ...(event.type === 'sale.begun' ? { tripBookingId: bookingId } : {}),
  };
};

const payerOf = ({ buyer, phone }: SalesContext): Payer => ({
  firstName: buyer?.firstName ?? null,
  familyName: buyer?.familyName ?? null,
  email: buyer?.email ?? null,
  phone,
  country: buyer?.residence ?? null,
  city: buyer?.address.city ?? null,
  address: buyer?.address.street ?? null,
});

/** Of the booking that was begun last. */
export const bookingInput = ({ context, event }: Heard): BookingInput => {
  const { bookingId, title, total } = newestBooking(context);
  const trip = event.type === 'sale.begun' ? event.trip : undefined;
  return {
    caseId: context.caseId,
    bookingId,
    lang: context.lang,
    total,
    title,
    ...(trip && { trip }),
    payer: payerOf(context),
    acceptedAt: 'at' in event ? (event.at ?? '') : '',
    beginsOn: 'beginsOn' in event ? (event.beginsOn ?? null) : null,
  };
};

/** The actor that sees to the tickets of a booking. */
export const ticketingOf = (bookingId: string): string => `${bookingId}-f`;

/** Whether the flights of the booking that an event is about are ordered by us. */
export const isOrdered = ({ context, event }: Heard): boolean =>
  context.bookings.some(
    (booking) => booking.bookingId === bookingOf({ event }) && booking.isOrdered === true,
  );

/** For the trip that was chosen just now; null where a person orders it. */
export const ticketingInput = ({ context, event }: Heard): TicketingInput | null => {
  if (event.type !== 'sale.begun' || event.order === undefined || event.trip === undefined)
    return null;
  const { bookingId, total } = newestBooking(context);
  return { bookingId, total, trip: event.trip, order: event.order };
};

/** What changes of the booking that an event is about. */
export const bookingChanged = (
  { bookings }: SalesContext,
  event: SalesEvent,
  change: Partial<BookingSummary>,
): Pick<SalesContext, 'bookings'> => ({
  bookings: bookings.map((booking) =>
    booking.bookingId === bookingOf({ event }) ? { ...booking, ...change } : booking,
  ),
});

/** What an invoice says of itself. */
export const invoiceChanged = (
  { invoices }: SalesContext,
  event: SalesEvent,
): Partial<SalesContext> => {
  if (
    event.type !== 'invoice.held' &&
    event.type !== 'invoice.settled' &&
    event.type !== 'invoice.archived'
  )
    return {};
  const change: Partial<InvoiceSummary> = {
    heldFor: event.type === 'invoice.held' ? event.heldFor : null,
    ...(event.type === 'invoice.archived' ? { keptAs: event.invoiceId } : {}),
  };
  return {
    invoices: invoices.map((invoice) =>
      invoice.actorId === invoiceActorOf(event.invoiceId) ? { ...invoice, ...change } : invoice,
    ),
  };
};

/** The invoices of a booking that was just paid: none if it has some, or if nothing is invoiced here. */
export const invoicesOf = (
  { bookings, isInvoicing }: SalesContext,
  event: SalesEvent,
): readonly InvoiceSummary[] => {
  if (event.type !== 'booking.confirmed' || !isInvoicing) return [];
  const booking = bookings.find(({ bookingId }) => bookingId === event.bookingId);
  if (booking === undefined || booking.invoices > 0) return [];
  const { provider, paymentId, paidAt } = event.payment;
  return splitLines(booking.lines).map((lines, index) => ({
    actorId: `${event.bookingId}-i${index + 1}`,
    bookingId: event.bookingId,
    lines,
    paidAt: paidAt ?? event.at,
    payment: { provider, paymentId: paymentId ?? '' },
    isCredit: false,
    keptAs: null,
    heldFor: null,
    credited: lines.map(() => '0'),
    toCredit: lines.map(() => '0'),
  }));
};

export const invoiceInput = (
  { tenant, caseId, buyer }: SalesContext,
  { actorId, bookingId, lines, paidAt, payment }: InvoiceSummary,
  credits: string | null,
): InvoiceInput => ({
  tenant,
  caseId,
  bookingId,
  invoiceId: actorId,
  lines,
  paidAt,
  payment,
  buyer,
  credits,
});

/** Puts what went back since the last time on the lines of the booking's invoices. */
export const refundNoted = (context: SalesContext, event: SalesEvent): Partial<SalesContext> => {
  if (event.type !== 'booking.refunded') return {};
  const booking = context.bookings.find(({ bookingId }) => bookingId === event.bookingId);
  if (booking === undefined) return {};
  const sold = context.invoices.filter(
    ({ bookingId, isCredit }) => bookingId === event.bookingId && !isCredit,
  );
  const before = BigInt(booking.refundedMinor);
  const more = BigInt(event.refundedMinor) - before;
  const { invoices, allocatedMinor } = creditedMore(sold, more > 0n ? more : 0n);
  return {
    ...bookingChanged(context, event, {
      refundedMinor: String(before + allocatedMinor),
      ...(event.isWhole ? { status: 'refunded' } : {}),
    }),
    invoices: context.invoices.map((invoice) => invoices[sold.indexOf(invoice)] ?? invoice),
  };
};

/** The credit notes that can be made out now, each with the id of the invoice that it gives back, and what changes by them. */
export const creditsDue = (
  context: SalesContext,
): {
  readonly change: Partial<SalesContext>;
  readonly credits: readonly { readonly credit: InvoiceSummary; readonly credits: string | null }[];
} => {
  const due = context.invoices.filter((invoice) => invoice.keptAs !== null && isCreditDue(invoice));
  if (due.length === 0) return { change: {}, credits: [] };
  const counts = new Map(context.bookings.map((one) => [one.bookingId, one.invoices]));
  const credits = due.map((invoice) => {
    const count = (counts.get(invoice.bookingId) ?? 0) + 1;
    counts.set(invoice.bookingId, count);
    const credit: InvoiceSummary = {
      ...invoice,
      actorId: `${invoice.bookingId}-i${count}`,
      lines: creditLines(invoice),
      isCredit: true,
      keptAs: null,
      heldFor: null,
      credited: [],
      toCredit: [],
    };
    return { credit, credits: invoice.keptAs };
  });
  const change = {
    bookings: context.bookings.map((one) => ({
      ...one,
      invoices: counts.get(one.bookingId) ?? one.invoices,
    })),
    invoices: [
      ...context.invoices.map((invoice) =>
        due.includes(invoice) ? { ...invoice, toCredit: invoice.lines.map(() => '0') } : invoice,
      ),
      ...credits.map(({ credit }) => credit),
    ],
  };
  return { change, credits };
};
