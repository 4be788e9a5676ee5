import type { DoneActorEvent, ErrorActorEvent } from 'xstate';

import type {
  BookingContext,
  BookingEvent,
  BookingInput,
  Heard,
  OtherCheckout,
  Seen,
} from './booking-types.ts';
import type { Say } from './family-types.ts';
import type {
  BookingRecord,
  CheckoutOrder,
  KnownRefund,
  Money,
  PaymentReference,
  PaymentState,
  RefundOrder,
  RefundState,
} from './money-types.ts';

// What machines/booking.ts decides by: pure readings of its context, and what it asks and says.

export const hour = 60 * 60 * 1_000; // ms
export const day = 24 * hour;

/**
 * Providers take at most 24 h from *their* now. One hour less leaves room for a queue and for clocks that
 * differ; ours never runs out first, because the machine waits `paymentLifetime` before its last look.
 */
export const checkoutLifetime = 23 * hour;

/** What is given back without anybody's decision: all of it until two weeks before, half of it until three days before. */
export const fullRefundUntil = 14 * day;
export const halfRefundUntil = 3 * day;

export const initialContext = ({ input }: { input: BookingInput }): BookingContext => ({
  ...input,
  attempt: 1,
  checkout: null,
  isLinkSent: false,
  isLinkOver: false,
  isRenewalOffered: false,
  isUnderWay: false,
  isClosed: false,
  isReminded: false,
  isTimeOver: false,
  hasLapsed: false,
  isLateAccepted: false,
  isQuiet: false,
  reading: null,
  payment: null,
  saidPaid: false,
  other: null,
  second: null,
  isAnnounced: false,
  heldFor: null,
  refunds: 0,
  refundsAsked: [],
  refunding: null,
  askedRefund: null,
  refundTold: '0',
  seenFailures: [],
  revision: 0,
  noticedAt: input.acceptedAt,
  cause: 'accepted',
});

export const checkoutOrder = ({ context }: Seen): CheckoutOrder => ({
  caseId: context.caseId,
  bookingId: context.bookingId,
  attempt: context.attempt,
  total: context.total,
  title: context.title,
  expiresAt: new Date(Date.parse(context.acceptedAt) + checkoutLifetime).toISOString(),
  payer: context.payer,
  lang: context.lang,
});

/** Of the checkout that has to be looked at. Payments of the others are named, so that none is taken for this one's. */
export const paymentReference = ({ context }: Seen): PaymentReference => {
  const { checkout, other, payment, second, bookingId } = context;
  const looked = other ?? checkout;
  if (looked === null) throw new Error('There is no checkout to look at');
  const { provider, checkoutId } = looked;
  const isSecond = second !== null && second.checkoutId === checkoutId;
  const own = isSecond ? second : other === null ? payment : null;
  return {
    provider,
    bookingId,
    checkoutId,
    paymentId: own?.paymentId ?? null,
    otherPaymentIds: [payment, second].flatMap((one) =>
      one === null || one === own || one.paymentId === null ? [] : [one.paymentId],
    ),
    knownRefunds: knownRefunds(context, own?.paymentId ?? null),
  };
};

/** Not every provider's list names the references that we gave. */
export const knownRefunds = ({ refundsAsked }: BookingContext, of: string | null): KnownRefund[] =>
  refundsAsked
    .filter(({ paymentId }) => paymentId === of)
    .map(({ reference, amount }) => ({ reference, amount }));

export const ownReference = ({ context }: Seen): PaymentReference =>
  paymentReference({ context: { ...context, other: null } });

export const refundOrder = ({ context }: Seen): RefundOrder => {
  if (context.refunding === null) throw new Error('There is nothing to give back');
  return context.refunding;
};

// What is said.

const aboutIt = (
  context: BookingContext,
  text: Say['text'],
  values: NonNullable<Say['values']> = {},
): Say => ({
  type: 'say',
  text,
  values: { title: context.trip ?? context.title, total: context.total, ...values },
  purpose: 'service',
});

/** With the link, and until when it can be paid. */
const toPay = (context: BookingContext, text: 'payment.link' | 'payment.reminder'): Say => {
  const { checkout, trip } = context;
  return aboutIt(context, text, {
    url: checkout?.url ?? '',
    ...(trip && checkout && { title: { ...trip, payableUntil: checkout.expiresAt } }),
  });
};
export const paymentLink = ({ context }: Seen): Say => toPay(context, 'payment.link');
export const paymentReminder = ({ context }: Seen): Say => toPay(context, 'payment.reminder');
export const linkLate = (): Say => ({ type: 'say', text: 'payment.slow', purpose: 'service' });
export const paymentUnread = (): Say => ({
  type: 'say',
  text: 'payment.checking',
  purpose: 'service',
});
/** What the patient chose, and whether it is paid. */
export const tripKnown = ({ context }: Seen): Say =>
  aboutIt(context, 'trip.known', { bookingId: { reference: context.bookingId } });
export const tripUnpaid = ({ context }: Seen): Say => aboutIt(context, 'trip.unpaid');
/** What came of the patient's money, by the word of the provider. */
export const paymentKnown = ({ context }: Seen): Say => {
  const { payment, noticedAt, total } = context;
  return aboutIt(context, 'payment.known', {
    total: payment?.captured ?? total,
    date: { day: (payment?.paidAt ?? noticedAt).slice(0, 10) },
  });
};
export const paymentTwice = ({ context }: Seen): Say => aboutIt(context, 'payment.twice');
export const paymentNone = (): Say => ({ type: 'say', text: 'payment.none', purpose: 'service' });
export const linkRenewal = ({ context }: Seen): Say => ({
  ...aboutIt(context, 'payment.renew'),
  choices: [`pay:again:${context.bookingId}`],
});
export const refundNews = ({ context }: Seen): Say => {
  const more = refundedMinor(context.payment) - BigInt(context.refundTold);
  const currency = context.payment?.captured.currency ?? context.total.currency;
  return aboutIt(context, 'payment.refunded', {
    amount: { amountMinor: String(more), currency },
  });
};

// Money.

export const isSameMoney = (one: Money, other: Money): boolean =>
  one.amountMinor === other.amountMinor && one.currency === other.currency;

export const isTaken = (payment: PaymentState | null): payment is PaymentState =>
  payment !== null && payment.status === 'paid' && payment.captured.amountMinor !== '0';

/** What is there, or on its way back, in minor units. */
export const returnedMinor = (payment: PaymentState | null, statuses: readonly string[]): bigint =>
  (payment?.refunds ?? [])
    .filter(({ status }) => statuses.includes(status))
    .reduce((sum, { amount }) => sum + BigInt(amount.amountMinor), 0n);

export const refundedMinor = (payment: PaymentState | null): bigint =>
  returnedMinor(payment, ['done']);

/** Pending refunds may still fail, so they are not enough. */
export const isAllReturned = (payment: PaymentState | null): boolean =>
  isTaken(payment) && refundedMinor(payment) === BigInt(payment.captured.amountMinor);

/** The payment that a refund is about: the second one of two, else the booking's own. */
export const refundable = ({ second, payment }: BookingContext): PaymentState | null =>
  leftMinor(second) > 0n ? second : payment;

export const leftMinor = (payment: PaymentState | null): bigint =>
  BigInt(payment?.captured.amountMinor ?? '0') -
  returnedMinor(payment, ['done', 'pending']) -
  lostMinor(payment);

/** What the bank took back for good. */
export const lostMinor = (payment: PaymentState | null): bigint =>
  payment?.dispute?.status === 'lost' &&
  payment.dispute.amount.currency === payment.captured.currency
    ? BigInt(payment.dispute.amount.amountMinor)
    : 0n;

/** Half of what was paid stays with us, rounded in the patient's favour. */
export const halfLeftMinor = (payment: PaymentState | null): bigint =>
  leftMinor(payment) - BigInt(payment?.captured.amountMinor ?? '0') / 2n;

export const leadTime = ({ beginsOn }: BookingContext, at: string): number =>
  beginsOn === null ? Number.POSITIVE_INFINITY : Date.parse(beginsOn) - Date.parse(at);

/** What a refund asked for by `event` gives back, in minor units. */
export const askedMinor = ({ context, event }: Heard): bigint => {
  if (event.type !== 'staff.refund') return 0n;
  if (event.amount !== undefined) return BigInt(event.amount.amountMinor);
  const payment = refundable(context);
  return payment === context.second || leadTime(context, event.at) >= fullRefundUntil
    ? leftMinor(payment)
    : halfLeftMinor(payment);
};

export const otherOf = ({ provider, checkoutId }: OtherCheckout): OtherCheckout => ({
  provider,
  checkoutId,
});

/** The checkout that a word is about, where it has to be looked at and is not the booking's own. */
export const otherIn = (
  { checkout, second }: BookingContext,
  { provider, notice, checkoutId, paymentId }: Extract<BookingEvent, { type: 'payment.notified' }>,
): OtherCheckout | null => {
  const isOfSecond =
    second !== null &&
    (second.checkoutId === checkoutId || (paymentId !== null && second.paymentId === paymentId));
  if (isOfSecond) return otherOf(second);
  return notice === 'paid' && checkoutId !== null && checkoutId !== checkout?.checkoutId
    ? { provider: provider as OtherCheckout['provider'], checkoutId }
    : null;
};

/** What is known of the second payment after a reading of it. */
export const secondOf = ({ second }: BookingContext, state: PaymentState): PaymentState =>
  merged(second?.paymentId === state.paymentId ? second : null, state);

/**
 * What is known of a payment after a reading. Refunds of ours that a provider's list does not have (yet) stay, and so does
 * all of a payment that was taken, where the reading has none.
 */
export const merged = (before: PaymentState | null, now: PaymentState): PaymentState => {
  if (isTaken(before) && !isTaken(now)) return before;
  const listed = new Set(now.refunds.flatMap(({ refundId, reference }) => [refundId, reference]));
  const missing = (before?.refunds ?? []).filter(
    ({ refundId, reference }) =>
      reference !== null && !listed.has(refundId) && !listed.has(reference),
  );
  return { ...now, refunds: [...missing, ...now.refunds] };
};

/** The refund in doubt, unless the provider's list has it by now. */
export const stillInDoubt = (
  { refunding }: BookingContext,
  payment: PaymentState | null,
): RefundOrder | null =>
  payment?.refunds.some(({ reference }) => reference === refunding?.reference) === true
    ? null
    : refunding;

export const withRefund = (
  payment: PaymentState | null,
  refund: RefundState,
): PaymentState | null =>
  payment && {
    ...payment,
    refunds: [
      ...payment.refunds.filter(
        ({ refundId, reference }) =>
          refundId !== refund.refundId && (reference === null || reference !== refund.reference),
      ),
      refund,
    ],
  };

/** What the provider has just told. */
export const readingOf = ({ reading }: BookingContext): PaymentState => {
  if (reading === null) throw new Error('Nothing was read');
  return reading;
};

/** What is known of the booking's payment after the reading. */
export const known = (context: BookingContext): PaymentState =>
  merged(context.payment, readingOf(context));

/** Whether it was just read that money was taken, and that this is so of it. */
export const isReadAs = (
  context: BookingContext,
  isSo: (state: PaymentState) => boolean,
): boolean => isTaken(readingOf(context)) && isSo(readingOf(context));

/** What was read is another payment than the booking's, and taken besides it. */
export const isSecond = (context: BookingContext): boolean => {
  const { other, payment } = context;
  const state = readingOf(context);
  return (
    other !== null && isTaken(state) && isTaken(payment) && state.paymentId !== payment.paymentId
  );
};

/** Paid, and just as it was ordered. */
export const isRight = (context: BookingContext, payment: PaymentState): boolean =>
  isTaken(payment) &&
  payment.bookingId === context.bookingId &&
  isSameMoney(payment.total, context.total) &&
  isSameMoney(payment.captured, context.total);

/** The link can't be paid any more, by the provider's word or by the lifetime that it named. */
export const isDead = (context: BookingContext): boolean => {
  const { status } = readingOf(context);
  return status === 'expired' || (context.isLinkOver && status !== 'pending');
};

/** Nothing more is to be paid: its time is over, or the patient withdrew. */
export const isOver = ({ isTimeOver, isQuiet, hasLapsed }: BookingContext): boolean =>
  isTimeOver || isQuiet || hasLapsed;

export const record = (context: BookingContext, state: BookingRecord['state']): BookingRecord => ({
  caseId: context.caseId,
  bookingId: context.bookingId,
  revision: context.revision,
  state,
  provider: context.checkout?.provider ?? null,
  checkoutId: context.checkout?.checkoutId ?? null,
  total: context.total,
  payments: [context.payment, context.second].filter((payment) => payment !== null),
  heldFor: context.heldFor,
  cause: context.cause,
});
export const asOpening = ({ context }: Seen): BookingRecord => record(context, 'opening');
export const asAwaiting = ({ context }: Seen): BookingRecord => record(context, 'awaiting-payment');
export const asHeld = ({ context }: Seen): BookingRecord => record(context, 'held');
export const asConfirmed = ({ context }: Seen): BookingRecord => record(context, 'confirmed');
export const asRefunding = ({ context }: Seen): BookingRecord => record(context, 'refunding');
export const asRefunded = ({ context }: Seen): BookingRecord => record(context, 'refunded');
export const asDisputed = ({ context }: Seen): BookingRecord => record(context, 'disputed');
export const asLapsed = ({ context }: Seen): BookingRecord => record(context, 'lapsed');

/** What an effect answered. */
export const outputOf = <Output>({ event }: { event: DoneActorEvent<Output> }): Output =>
  event.output;

/** The code of what an effect failed with, as the host tells it. */
export const codeOf = ({ event }: { event: ErrorActorEvent }): string => {
  const { code } = (event.error ?? {}) as { code?: unknown };
  return typeof code === 'string' ? code : 'failed';
};
