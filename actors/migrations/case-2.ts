import type { Migration } from '../kernel/registry.ts';

interface Money {
  readonly amountMinor: string;
  readonly currency: string;
}

interface OldPayment {
  readonly provider: string;
  readonly checkoutId: string;
  readonly bookingId: string;
  readonly amount: Money;
  readonly at: string;
}

/** What is changed of a version 2 snapshot. The rest of its context fits as it is. */
interface Case2 {
  readonly value: string | { readonly withdrawn: string } | { readonly open: Open2 };
  readonly context: Context2;
  readonly children: Readonly<Record<string, unknown>> & { readonly booking?: RunningBooking };
}

interface Open2 {
  readonly journey: unknown;
  readonly money: string;
}

interface Context2 {
  readonly caseId: string;
  readonly recipient: { readonly phone?: string };
  readonly lang: string;
  readonly heardAt: string | null;
  readonly trip: { readonly departDate: string | null };
  readonly booking: {
    readonly bookingId: string;
    readonly offer: {
      readonly price: Money;
      readonly flight: string;
      readonly from: string;
      readonly to: string;
      readonly departLocal: string;
    };
    readonly acceptedAt: string;
    readonly isConfirmed: boolean;
    readonly paymentId: string | null;
  } | null;
  readonly payment: OldPayment | null;
  readonly strayPayments: readonly OldPayment[];
}

/** The booking actor as its version 1 stored it. */
interface RunningBooking {
  readonly snapshot: {
    readonly value: string | Readonly<Record<string, string>>;
    readonly context: {
      readonly bookingId: string;
      readonly acceptedAt: string;
      readonly total: Money;
      readonly title: string;
      readonly checkout: object | null;
      readonly saidPaid: boolean;
      readonly heldFor: string | null;
    };
    readonly children: Readonly<Record<string, unknown>>;
  };
}

/** A booking actor as version 3 keeps it. */
interface Booking {
  readonly value: unknown;
  readonly context: BookingContext;
  readonly children: Readonly<Record<string, unknown>>;
  readonly status: 'open' | 'paid' | 'lapsed';
}

interface BookingContext {
  readonly bookingId: string;
  readonly title: string;
  readonly total: Money;
  readonly acceptedAt: string;
  readonly heldFor: string | null;
}

const hour = 60 * 60 * 1_000; // ms
const checkoutLifetime = 23 * hour;

/**
 * Since version 3 bookings are actors of their own, which stay to see refunds and disputes, and invoices stand beside
 * them. A booking under way goes on under its own id. One that was paid, or paid for nothing that stood any more, gets an
 * actor that knows what the case knew. What was sold before is not invoiced by itself: staff did that by hand.
 */
export const caseFrom2: Migration = (rest) => {
  const snapshot = rest.snapshot as Case2;
  const { payment, strayPayments, ...context } = snapshot.context;
  const { booking: running, ...children } = snapshot.children;
  const current = running === undefined ? paidIn(context, payment) : underWay(context, running);
  const bookings = [
    ...strayPayments
      .filter(({ bookingId }) => bookingId !== current?.context.bookingId)
      .map((stray) => strayOf(context, stray)),
    ...(current === null ? [] : [current]),
  ];
  const isHeld = bookings.some((booking) => booking.context.heldFor !== null);
  return {
    ...rest,
    snapshot: {
      ...snapshot,
      value: valueOf(snapshot.value, isHeld),
      context: {
        ...context,
        standings: bookings.map(standingOf),
        invoices: [],
        buyer: null,
        isInvoicing: true,
      },
      children: {
        ...children,
        ...Object.fromEntries(
          bookings.map((booking) => [booking.context.bookingId, actorOf(booking)]),
        ),
      },
    },
    timers: [
      ...rest.timers.filter(({ source }) => source[0] !== 'booking'),
      ...(running !== undefined && current !== null ? timersOf(running, current) : []),
    ],
    awaited: rest.awaited.flatMap((awaited) => {
      const [child, ...path] = awaited.path;
      if (child !== 'booking') return [awaited];
      // What was being read is read anew; only a checkout that is being opened is waited for as before.
      return current !== null && path[0] === 'openCheckout'
        ? [{ ...awaited, path: [current.context.bookingId, ...path] }]
        : [];
    }),
  };
};

/** Where version 1 of the booking stood, in today's states. */
const placeOfOld: Readonly<Record<string, unknown>> = {
  opening: 'opening',
  awaitingPayment: 'waiting',
  settling: 'waiting',
  held: 'held',
};

const nameOf = (value: RunningBooking['snapshot']['value']): string =>
  typeof value === 'string' ? value : (Object.keys(value)[0] ?? '');

function underWay(context: Context2Kept, { snapshot }: RunningBooking): Booking | null {
  const { checkout, bookingId, acceptedAt, total, title, saidPaid, heldFor } = snapshot.context;
  const name = nameOf(snapshot.value);
  const value = placeOfOld[name];
  if (value === undefined) return null; // It had ended: its outcome is in the case's context.
  return {
    value,
    status: 'open',
    context: {
      ...contextOf(context, { bookingId, acceptedAt, total, title, heldFor }),
      checkout: checkout && { ...checkout, lifetimeMs: checkoutLifetime },
      saidPaid,
    } as BookingContext,
    children: name === 'opening' ? snapshot.children : {},
  };
}

function paidIn(context: Context2Kept, payment: OldPayment | null): Booking | null {
  const { booking } = context;
  if (booking === null) return null;
  const { bookingId, acceptedAt, offer, paymentId } = booking;
  const title = `${offer.flight} ${offer.from}-${offer.to} ${offer.departLocal.slice(0, 10)}`;
  const known = contextOf(context, {
    bookingId,
    acceptedAt,
    total: offer.price,
    title,
    heldFor: booking.isConfirmed ? null : 'payment-unsettled',
  });
  if (payment === null) return null;
  return {
    value: booking.isConfirmed ? { paid: 'confirmed' } : 'held',
    status: booking.isConfirmed ? 'paid' : 'open',
    context: { ...known, ...paymentOf(payment, paymentId, offer.price, booking.isConfirmed) },
    children: {},
  };
}

function strayOf(context: Context2Kept, stray: OldPayment): Booking {
  const { bookingId, amount, at } = stray;
  const known = {
    bookingId,
    acceptedAt: at,
    total: amount,
    title: bookingId,
    heldFor: 'paid-late',
  };
  return {
    value: 'held',
    status: 'lapsed',
    context: {
      ...contextOf(context, known),
      ...paymentOf(stray, null, amount, false),
      hasLapsed: true,
    } as BookingContext,
    children: {},
  };
}

type Context2Kept = Omit<Context2, 'payment' | 'strayPayments'>;

function contextOf(
  { caseId, recipient, lang, heardAt, trip }: Context2Kept,
  known: BookingContext,
): BookingContext {
  return {
    ...known,
    caseId,
    recipient,
    lang,
    heardAt,
    payer: {
      firstName: null,
      familyName: null,
      email: null,
      phone: recipient.phone ?? null,
      country: null,
      city: null,
      address: null,
    },
    beginsOn: trip.departDate,
    attempt: 1,
    checkout: null,
    payment: null,
    saidPaid: false,
    isLinkSent: true,
    isLinkOver: false,
    isRenewalOffered: false,
    isUnderWay: false,
    isClosed: false,
    isReminded: false,
    isTimeOver: false,
    hasLapsed: false,
    isLateAccepted: false,
    isQuiet: false,
    other: null,
    second: null,
    isAnnounced: false,
    refunds: 0,
    refundsAsked: [],
    refunding: null,
    askedRefund: null,
    refundTold: '0',
    seenFailures: [],
    revision: 0,
    noticedAt: known.acceptedAt,
    cause: 'migrated',
  } as BookingContext;
}

/** As the case heard of it. What the provider says of it is read before anything is done with it. */
function paymentOf(
  { provider, checkoutId, bookingId, amount, at }: OldPayment,
  paymentId: string | null,
  total: Money,
  isConfirmed: boolean,
) {
  return {
    saidPaid: true,
    isAnnounced: isConfirmed,
    checkout: { provider, checkoutId, url: '', expiresAt: at, lifetimeMs: checkoutLifetime },
    payment: isConfirmed
      ? {
          provider,
          checkoutId,
          bookingId,
          paymentId,
          status: 'paid',
          fraud: 'clear',
          total,
          captured: amount,
          paidAt: at,
          refunds: [],
          dispute: null,
        }
      : null,
  };
}

const actorOf = ({ value, context, children }: Booking) => ({
  src: 'booking',
  syncSnapshot: false,
  snapshot: { status: 'active', value, historyValue: {}, context, children },
});

const standingOf = ({ status, context }: Booking) => {
  const { bookingId, title, total, heldFor } = context;
  return {
    bookingId,
    title,
    lines: [{ kind: 'travel', description: title, quantity: 1, gross: total }],
    total,
    status,
    isKept: false,
    heldFor,
    refundedMinor: '0',
    // As if they had been asked for: the one of a booking of version 2 was written by hand.
    invoices: 1,
  };
};

/** The timers of today's states, from when the offer was accepted. A payment that was being read is read now. */
function timersOf({ snapshot }: RunningBooking, { context }: Booking) {
  const name = nameOf(snapshot.value);
  if (name === 'held') return [];
  const accepted = Date.parse(context.acceptedAt);
  const isReading = JSON.stringify(snapshot.value).includes('checking');
  const look = {
    type: 'payment.notified',
    provider: 'unknown',
    notice: 'reconciled',
    bookingId: context.bookingId,
    checkoutId: null,
    paymentId: null,
    at: context.acceptedAt,
  };
  return [
    { id: 'reminder', event: { type: 'reminder.due' }, dueAt: accepted + 20 * hour },
    { id: 'lifetime', event: { type: 'time.over' }, dueAt: accepted + 24 * hour },
    ...(name === 'opening'
      ? []
      : [{ id: 'link', event: { type: 'link.over' }, dueAt: accepted + checkoutLifetime }]),
    ...(isReading ? [{ id: 'look', event: look, dueAt: accepted }] : []),
  ].map(({ id, event, dueAt }) => {
    const path = [context.bookingId];
    return { id, source: path, target: path, event, dueAt };
  });
}

function valueOf(value: Case2['value'], isHeld: boolean): unknown {
  if (typeof value === 'string' || !('open' in value)) return value;
  const { journey, ...open } = value.open;
  return {
    open: {
      ...open,
      // Staff had it there. Now its booking, if there is one, is held for itself.
      journey: journey === 'bookingFailed' ? 'dormant' : journey,
      money: { payments: isHeld ? 'refundDue' : 'settled', invoices: 'settled' },
    },
  };
}
