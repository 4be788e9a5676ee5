import {
  assign,
  cancel,
  emit,
  raise,
  sendParent,
  setup,
  type DoneActorEvent,
  type ErrorActorEvent,
  type PromiseActorLogic,
} from 'xstate';

import type {
  BookingRecord,
  Checkout,
  CheckoutOrder,
  KnownRefund,
  Money,
  Payer,
  PaymentReference,
  PaymentState,
  Recipient,
  RefundOrder,
  RefundState,
  StateMeta,
} from './money-types.ts';

/** Times are ISO 8601 with offset, everywhere in this file. */
export interface BookingInput {
  readonly caseId: string;
  readonly bookingId: string;
  readonly recipient: Recipient;
  readonly lang: string;
  readonly total: Money;
  /** Shown on the provider's page. Nothing about health. */
  readonly title: string;
  readonly payer: Payer;
  /** When the patient accepted: the checkout's lifetime counts from here. */
  readonly acceptedAt: string;
  /** `YYYY-MM-DD`: when what is paid for begins; null if that is open. Refund rules count from it. */
  readonly beginsOn: string | null;
  /** When the patient was last heard, or null. */
  readonly heardAt: string | null;
}

/** Why staff have to look at a booking. Part of what staff see, so a name never changes. */
export type HeldFor =
  | 'checkout-not-opened'
  | 'payment-not-readable'
  | 'payment-differs'
  | 'payment-unsettled'
  | 'payment-suspected'
  | 'paid-late'
  | 'paid-twice'
  | 'refund-failed'
  | 'refund-too-much'
  | 'refund-outside-rules'
  | 'refund-while-disputed';

/** Another checkout than the booking's own: an older link, or one whose opening we never heard of. */
interface OtherCheckout {
  readonly provider: Checkout['provider'];
  readonly checkoutId: string;
}

interface BookingContext extends BookingInput {
  /** How many checkouts were opened. */
  readonly attempt: number;
  readonly checkout: Checkout | null;
  readonly isLinkSent: boolean;
  readonly isLinkOver: boolean;
  /** The patient was asked whether they want another link. */
  readonly isRenewalOffered: boolean;
  /** By the last reading a payment is on its way: nobody is reminded to pay meanwhile. */
  readonly isUnderWay: boolean;
  /** The provider was asked to take no payment any more. */
  readonly isClosed: boolean;
  readonly isReminded: boolean;
  readonly isTimeOver: boolean;
  readonly hasLapsed: boolean;
  /** Staff take a payment that came after it lapsed. */
  readonly isLateAccepted: boolean;
  /** The patient withdrew: nothing is said any more, and nothing more is to be paid. */
  readonly isQuiet: boolean;
  /** As the provider last told it. What was taken is never forgotten for a reading that knows less. */
  readonly payment: PaymentState | null;
  /** A signed webhook said "paid". From then on the booking may be confirmed or held, but never quietly lapse. */
  readonly saidPaid: boolean;
  /** A webhook said "paid" of another checkout, which has to be looked at. */
  readonly other: OtherCheckout | null;
  /** A second payment for the same booking, to be given back. */
  readonly second: PaymentState | null;
  readonly isAnnounced: boolean;
  readonly heldFor: HeldFor | null;
  /** How many refunds were asked for; makes their references. */
  readonly refunds: number;
  /** All that were asked for, without those that the provider refused. */
  readonly refundsAsked: readonly AskedRefund[];
  /** The refund that is being made, or whose outcome is in doubt: asked for again it is the same one. */
  readonly refunding: RefundOrder | null;
  /** What staff asked for while something else was under way. */
  readonly askedRefund: RefundWish | null;
  /** Minor units given back that patient and case were told of: the most there ever were. */
  readonly refundTold: string;
  /** Failed refunds that staff have seen. */
  readonly seenFailures: readonly string[];
  readonly revision: number;
  /** When we last heard of it. */
  readonly noticedAt: string;
  /** What led here last, for the books. */
  readonly cause: string;
}

interface AskedRefund extends KnownRefund {
  readonly paymentId: string;
}

interface RefundWish {
  readonly type: 'staff.refund';
  readonly bookingId: string;
  readonly amount?: Money;
  readonly at: string;
}

export type BookingEvent =
  | {
      readonly type: 'payment.notified';
      readonly provider: string;
      readonly notice: string;
      readonly bookingId: string | null;
      readonly checkoutId: string | null;
      readonly paymentId: string | null;
      readonly at: string;
    }
  /** The patient asks for another link. */
  | { readonly type: 'booking.renew'; readonly at: string }
  /** The patient withdrew, or staff close the case: what is open is closed. */
  | { readonly type: 'booking.abandon' }
  | { readonly type: 'staff.resume'; readonly at: string }
  | RefundWish
  /** Given back in the provider's dashboard. */
  | { readonly type: 'staff.refunded'; readonly bookingId: string; readonly at: string }
  // From its own clock.
  | { readonly type: 'reminder.due' }
  | { readonly type: 'link.over' }
  | { readonly type: 'time.over' }
  // From itself.
  | { readonly type: 'all.told' };

interface Message {
  readonly recipient: Recipient;
  readonly lang: string;
  readonly text: 'payment.link' | 'payment.reminder' | 'payment.renew' | 'payment.refunded';
  readonly values: Readonly<Record<string, string | Money>>;
  readonly choices?: readonly string[];
  /** The patient was last heard then, or later. */
  readonly heardAt: string | null;
  readonly purpose: 'service';
}

interface Seen {
  readonly context: BookingContext;
}

interface Heard extends Seen {
  readonly event: BookingEvent;
}

const hour = 60 * 60 * 1_000; // ms
const day = 24 * hour;

/**
 * Providers take at most 24 h from *their* now. One hour less leaves room for a queue and for clocks that
 * differ; ours never runs out first, because the machine waits `paymentLifetime` before its last look.
 */
const checkoutLifetime = 23 * hour;

/** What is given back without anybody's decision: all of it until two weeks before, half of it until three days before. */
const fullRefundUntil = 14 * day;
const halfRefundUntil = 3 * day;

const initialContext = ({ input }: { input: BookingInput }): BookingContext => ({
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

const checkoutOrder = ({ context }: Seen): CheckoutOrder => ({
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
const paymentReference = ({ context }: Seen): PaymentReference => {
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
const knownRefunds = ({ refundsAsked }: BookingContext, of: string | null): KnownRefund[] =>
  refundsAsked
    .filter(({ paymentId }) => paymentId === of)
    .map(({ reference, amount }) => ({ reference, amount }));

const ownReference = ({ context }: Seen): PaymentReference =>
  paymentReference({ context: { ...context, other: null } });

const refundOrder = ({ context }: Seen): RefundOrder => {
  if (context.refunding === null) throw new Error('There is nothing to give back');
  return context.refunding;
};

const message = (
  context: BookingContext,
  text: Message['text'],
  values: Message['values'] = {},
): Message => ({
  recipient: context.recipient,
  lang: context.lang,
  text,
  values: { title: context.title, total: context.total, ...values },
  heardAt: context.heardAt ?? context.acceptedAt,
  purpose: 'service',
});

const paymentLink = ({ context }: Seen): Message =>
  message(context, 'payment.link', { url: context.checkout?.url ?? '' });
const paymentReminder = ({ context }: Seen): Message =>
  message(context, 'payment.reminder', { url: context.checkout?.url ?? '' });
const linkRenewal = ({ context }: Seen): Message => ({
  ...message(context, 'payment.renew'),
  choices: [`pay:again:${context.bookingId}`],
});
const refundNews = ({ context }: Seen): Message => {
  const more = refundedMinor(context.payment) - BigInt(context.refundTold);
  const currency = context.payment?.captured.currency ?? context.total.currency;
  return message(context, 'payment.refunded', { amount: { amountMinor: String(more), currency } });
};

const outputOf = <Output>({ event }: { event: DoneActorEvent<Output> }): Output => event.output;

/** The code of what an effect failed with, as the host tells it. */
const codeOf = ({ event }: { event: ErrorActorEvent }): string => {
  const { code } = (event.error ?? {}) as { code?: unknown };
  return typeof code === 'string' ? code : 'failed';
};

// Money.

const isSameMoney = (one: Money, other: Money): boolean =>
  one.amountMinor === other.amountMinor && one.currency === other.currency;

const isTaken = (payment: PaymentState | null): payment is PaymentState =>
  payment !== null && payment.status === 'paid' && payment.captured.amountMinor !== '0';

/** What is there, or on its way back, in minor units. */
const returnedMinor = (payment: PaymentState | null, statuses: readonly string[]): bigint =>
  (payment?.refunds ?? [])
    .filter(({ status }) => statuses.includes(status))
    .reduce((sum, { amount }) => sum + BigInt(amount.amountMinor), 0n);

const refundedMinor = (payment: PaymentState | null): bigint => returnedMinor(payment, ['done']);

/** Pending refunds may still fail, so they are not enough. */
const isAllReturned = (payment: PaymentState | null): boolean =>
  isTaken(payment) && refundedMinor(payment) === BigInt(payment.captured.amountMinor);

/** The payment that a refund is about: the second one of two, else the booking's own. */
const refundable = ({ second, payment }: BookingContext): PaymentState | null =>
  leftMinor(second) > 0n ? second : payment;

const leftMinor = (payment: PaymentState | null): bigint =>
  BigInt(payment?.captured.amountMinor ?? '0') -
  returnedMinor(payment, ['done', 'pending']) -
  lostMinor(payment);

/** What the bank took back for good. */
const lostMinor = (payment: PaymentState | null): bigint =>
  payment?.dispute?.status === 'lost' &&
  payment.dispute.amount.currency === payment.captured.currency
    ? BigInt(payment.dispute.amount.amountMinor)
    : 0n;

/** Half of what was paid stays with us, rounded in the patient's favour. */
const halfLeftMinor = (payment: PaymentState | null): bigint =>
  leftMinor(payment) - BigInt(payment?.captured.amountMinor ?? '0') / 2n;

const leadTime = ({ beginsOn }: BookingContext, at: string): number =>
  beginsOn === null ? Number.POSITIVE_INFINITY : Date.parse(beginsOn) - Date.parse(at);

/** What a refund asked for by `event` gives back, in minor units. */
const askedMinor = ({ context, event }: Heard): bigint => {
  if (event.type !== 'staff.refund') return 0n;
  if (event.amount !== undefined) return BigInt(event.amount.amountMinor);
  const payment = refundable(context);
  return payment === context.second || leadTime(context, event.at) >= fullRefundUntil
    ? leftMinor(payment)
    : halfLeftMinor(payment);
};

const otherOf = ({ provider, checkoutId }: OtherCheckout): OtherCheckout => ({
  provider,
  checkoutId,
});

/** The checkout that a word is about, where it has to be looked at and is not the booking's own. */
const otherIn = (
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
const secondOf = ({ second }: BookingContext, state: PaymentState): PaymentState =>
  merged(second?.paymentId === state.paymentId ? second : null, state);

/**
 * What is known of a payment after a reading. Refunds of ours that a provider's list does not have (yet) stay, and so does
 * all of a payment that was taken, where the reading has none.
 */
const merged = (before: PaymentState | null, now: PaymentState): PaymentState => {
  if (isTaken(before) && !isTaken(now)) return before;
  const listed = new Set(now.refunds.flatMap(({ refundId, reference }) => [refundId, reference]));
  const missing = (before?.refunds ?? []).filter(
    ({ refundId, reference }) =>
      reference !== null && !listed.has(refundId) && !listed.has(reference),
  );
  return { ...now, refunds: [...missing, ...now.refunds] };
};

/** The refund in doubt, unless the provider's list has it by now. */
const stillInDoubt = (
  { refunding }: BookingContext,
  payment: PaymentState | null,
): RefundOrder | null =>
  payment?.refunds.some(({ reference }) => reference === refunding?.reference) === true
    ? null
    : refunding;

const withRefund = (payment: PaymentState | null, refund: RefundState): PaymentState | null =>
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

/** What was read is another payment than the booking's, and taken besides it. */
const isSecond = ({ other, payment }: BookingContext, state: PaymentState): boolean =>
  other !== null && isTaken(state) && isTaken(payment) && state.paymentId !== payment.paymentId;

/** Paid, and just as it was ordered. */
const isRight = (context: BookingContext, payment: PaymentState): boolean =>
  isTaken(payment) &&
  payment.bookingId === context.bookingId &&
  isSameMoney(payment.total, context.total) &&
  isSameMoney(payment.captured, context.total);

/** The link can't be paid any more, by the provider's word or by the lifetime that it named. */
const isDead = ({ isLinkOver }: BookingContext, { status }: PaymentState): boolean =>
  status === 'expired' || (isLinkOver && status !== 'pending');

/** Nothing more is to be paid: its time is over, or the patient withdrew. */
const isOver = ({ isTimeOver, isQuiet, hasLapsed }: BookingContext): boolean =>
  isTimeOver || isQuiet || hasLapsed;

const record = (context: BookingContext, state: BookingRecord['state']): BookingRecord => ({
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
const asOpening = ({ context }: Seen): BookingRecord => record(context, 'opening');
const asAwaiting = ({ context }: Seen): BookingRecord => record(context, 'awaiting-payment');
const asHeld = ({ context }: Seen): BookingRecord => record(context, 'held');
const asConfirmed = ({ context }: Seen): BookingRecord => record(context, 'confirmed');
const asRefunding = ({ context }: Seen): BookingRecord => record(context, 'refunding');
const asRefunded = ({ context }: Seen): BookingRecord => record(context, 'refunded');
const asDisputed = ({ context }: Seen): BookingRecord => record(context, 'disputed');
const asLapsed = ({ context }: Seen): BookingRecord => record(context, 'lapsed');

/**
 * One booking, from the accepted offer on: opens a checkout, sends its link, waits, and believes in money only when the
 * provider itself says so. Whatever is heard, the payment is read, and `reading` alone decides what it means. Once paid
 * it stays to see refunds and disputes; anything in doubt is held for staff. It never ends by itself: money may come
 * late, and go back late.
 */
export const bookingMachine = setup({
  types: {} as {
    context: BookingContext;
    events: BookingEvent;
    emitted: {
      readonly type: 'payment.succeeded';
      readonly bookingId: string;
      readonly amountMinor: string;
      readonly currency: string;
    };
    input: BookingInput;
    meta: StateMeta;
    tags: 'waiting-for-patient' | 'waiting-for-provider' | 'with-staff' | 'confirmed';
  },
  actors: {
    openCheckout: {} as PromiseActorLogic<Checkout, CheckoutOrder>,
    closeCheckout: {} as PromiseActorLogic<unknown, PaymentReference>,
    readPayment: {} as PromiseActorLogic<PaymentState, PaymentReference>,
    refundPayment: {} as PromiseActorLogic<RefundState, RefundOrder>,
  },
  actions: {
    sendMessage: (_args, _message: Message) => {}, // The host performs it.
    recordBooking: (_args, _record: BookingRecord) => {}, // So it does this.
    countRecord: assign(({ context }) => ({ revision: context.revision + 1 })),

    // Its clock. Beside the states, because it goes on whatever is being read meanwhile.
    startReminder: raise({ type: 'reminder.due' }, { delay: 'paymentReminder', id: 'reminder' }),
    startLifetime: raise({ type: 'time.over' }, { delay: 'paymentLifetime', id: 'lifetime' }),
    startLink: raise({ type: 'link.over' }, { delay: 'linkLifetime', id: 'link' }),
    stopReminder: cancel('reminder'),
    stopLifetime: cancel('lifetime'),
    stopLink: cancel('link'),
    noteReminded: assign({ isReminded: true }),
    noteLinkOver: assign({ isLinkOver: true }),
    noteTimeOver: assign({ isTimeOver: true, cause: 'time.over' }),
    /** The patient has as long again as for the first one. */
    beginAnew: assign(({ event }) => ({
      isReminded: false,
      isTimeOver: false,
      ...('at' in event ? { acceptedAt: event.at } : {}),
    })),

    // Checkouts.
    keepCheckout: assign(({ context }, checkout: Checkout) => {
      const { checkout: before, other, saidPaid } = context;
      const isOwn = other?.checkoutId === checkout.checkoutId;
      return {
        checkout,
        // What was said meanwhile of the older one, or of this one before we knew of it.
        other: isOwn ? null : (other ?? (saidPaid ? before && otherOf(before) : null)),
        saidPaid: saidPaid || isOwn,
        isLinkSent: false,
        isLinkOver: false,
        isRenewalOffered: false,
        isUnderWay: false,
        isClosed: false,
      };
    }),
    noteLinkSent: assign({ isLinkSent: true }),
    noteWhetherUnderWay: assign((_, { status }: PaymentState) => ({
      isUnderWay: status === 'pending',
    })),
    noteRenewalOffered: assign({ isRenewalOffered: true }),
    noteClosed: assign({ isClosed: true }),
    countAttempt: assign(({ context }) => ({ attempt: context.attempt + 1 })),
    noteLapsed: assign({ hasLapsed: true }),
    forgetWord: assign({ saidPaid: false }),
    acceptLate: assign({ isLateAccepted: true }),
    noteQuiet: assign({ isQuiet: true, cause: 'booking.abandon' }),

    // What is heard.
    noteNotice: assign(({ context, event }) => {
      if (event.type !== 'payment.notified') return {};
      const { notice, at } = event;
      const other = otherIn(context, event);
      return {
        noticedAt: at,
        saidPaid: context.saidPaid || (notice === 'paid' && other === null),
        other: other ?? context.other,
      };
    }),
    noteCause: assign(({ event }) => ({
      cause: event.type === 'payment.notified' ? `notified:${event.notice}` : event.type,
    })),
    /** Of what staff asked for, the cause stays that they did: its own webhook is faster than our reading. */
    noteLesserCause: assign(({ context, event }) =>
      event.type === 'payment.notified' && !context.cause.startsWith('staff.')
        ? { cause: `notified:${event.notice}` }
        : {},
    ),
    keepPayment: assign(({ context }, state: PaymentState) => {
      const payment = merged(context.payment, state);
      return { payment, refunding: stillInDoubt(context, payment) };
    }),
    /** The link that was paid is the booking's. */
    adoptOther: assign(({ context }) => ({
      checkout: context.other && {
        ...(context.checkout ?? { expiresAt: context.noticedAt, lifetimeMs: 0 }),
        ...context.other,
        url: '',
      },
      isLinkSent: true,
      saidPaid: true,
      other: null,
    })),
    dropOther: assign({ other: null }),
    keepSecond: assign(({ context }, state: PaymentState) => {
      const second = secondOf(context, state);
      return { second, other: null, refunding: stillInDoubt(context, second) };
    }),
    /** Staff say that something changed: with the one that is to be given back, if there is one. */
    lookAtSecond: assign(({ context }) =>
      leftMinor(context.second) > 0n ? { other: context.second && otherOf(context.second) } : {},
    ),
    forgetHeld: assign({ heldFor: null }),
    noteHeld: assign((_, { heldFor }: { heldFor: HeldFor }) => ({ heldFor })),
    noteFailures: assign(({ context }) => ({
      seenFailures: (context.payment?.refunds ?? [])
        .filter(({ status }) => status === 'failed')
        .map(({ refundId }) => refundId),
    })),

    // Refunds.
    beginRefund: assign(({ context, event }) => {
      const { refunds, bookingId } = context;
      const payment = refundable(context);
      if (payment === null || payment.paymentId === null) return {};
      const { provider, checkoutId, paymentId, captured } = payment;
      const amountMinor = String(askedMinor({ context, event }));
      const amount = { amountMinor, currency: captured.currency };
      const reference = `${bookingId}-r${refunds + 1}`;
      return {
        refunds: refunds + 1,
        refundsAsked: [...context.refundsAsked, { paymentId, reference, amount }],
        askedRefund: null,
        refunding: {
          provider,
          bookingId,
          checkoutId,
          paymentId,
          reference,
          amount,
          whole: isSameMoney(amount, captured),
          knownRefunds: knownRefunds(context, paymentId),
        },
      };
    }),
    keepRefund: assign(({ context }, refund: RefundState) =>
      context.refunding?.paymentId === context.second?.paymentId
        ? { second: withRefund(context.second, refund), refunding: null }
        : { payment: withRefund(context.payment, refund), refunding: null },
    ),
    dropRefund: assign(({ context }) => ({
      refunding: null,
      refundsAsked: context.refundsAsked.filter(
        ({ reference }) => reference !== context.refunding?.reference,
      ),
    })),
    keepAsked: assign(({ event }) => (event.type === 'staff.refund' ? { askedRefund: event } : {})),
    askAgain: raise(({ context }) => {
      if (context.askedRefund === null) throw new Error('Nobody asked');
      return context.askedRefund;
    }),
    dropAsked: assign({ askedRefund: null }),

    // What is told.
    noteAnnounced: assign({ isAnnounced: true }),
    noteRefundTold: assign(({ context }) => ({
      refundTold: String(refundedMinor(context.payment)),
    })),
    publishPaid: emit(({ context }) => ({
      type: 'payment.succeeded' as const,
      bookingId: context.bookingId,
      amountMinor: context.total.amountMinor,
      currency: context.total.currency,
    })),
    tellConfirmed: sendParent(({ context }) => ({
      type: 'booking.confirmed',
      bookingId: context.bookingId,
      payment: context.payment,
      at: context.noticedAt,
    })),
    tellRefunded: sendParent(({ context }) => ({
      type: 'booking.refunded',
      bookingId: context.bookingId,
      refundedMinor: String(refundedMinor(context.payment)),
      isWhole: isAllReturned(context.payment),
    })),
    /** Nothing for staff to decide yet, but not the end of it either. */
    tellUnsettled: sendParent(({ context }, { why }: { why: 'refunding' | 'disputed' }) => ({
      type: 'booking.unsettled',
      bookingId: context.bookingId,
      heldFor: why,
    })),
    /** After all there is to tell: a case that waits for nothing else may end by it. */
    settleLast: raise({ type: 'all.told' }),
    tellSettled: sendParent(({ context }) => ({
      type: 'booking.settled',
      bookingId: context.bookingId,
    })),
    tellChargedBack: sendParent(({ context }) => ({
      type: 'booking.chargedBack',
      bookingId: context.bookingId,
    })),
    tellLapsed: sendParent(({ context }) => ({
      type: 'booking.lapsed',
      bookingId: context.bookingId,
    })),
    tellHeld: sendParent(({ context }) => ({
      type: 'booking.held',
      bookingId: context.bookingId,
      heldFor: context.heldFor,
    })),
  },
  guards: {
    hasCheckout: ({ context }) => context.checkout !== null,
    hasSomethingToRead: ({ context }) => context.checkout !== null || context.other !== null,
    hasNews: ({ context }) => context.saidPaid || context.other !== null,
    mustSendLink: ({ context }) => !context.isLinkSent && !context.isQuiet,
    mustOfferRenewal: ({ context }) => !context.isRenewalOffered,
    /** Held for nothing but a webhook's "paid", which the provider itself does not know of. Staff were told. */
    isHeldForWord: ({ context }) =>
      context.saidPaid &&
      context.checkout !== null &&
      !isTaken(context.payment) &&
      ['payment-unsettled', 'payment-differs'].includes(context.heldFor ?? ''),
    isHeldLate: ({ context }) => context.heldFor === 'paid-late',
    mayRemind: ({ context }) =>
      context.checkout !== null &&
      context.isLinkSent &&
      !context.isLinkOver &&
      !context.isUnderWay &&
      !isOver(context) &&
      !isTaken(context.payment),
    isQuiet: ({ context }) => context.isQuiet,
    isLapsedFirst: ({ context }) => !context.hasLapsed,
    hasNothingTaken: ({ context }) =>
      !isTaken(context.payment) && !context.saidPaid && context.other === null,
    wasSaidPaid: ({ context }) => context.saidPaid,
    /** A word that can mean that money moved. Browsers that come back and links that end say nothing of it. */
    saysMoney: ({ event }) =>
      event.type === 'payment.notified' &&
      !['returned', 'expired', 'failed'].includes(event.notice),

    // What a reading of another checkout means.
    isSecondToReturn: ({ context }, state: PaymentState) =>
      isSecond(context, state) && leftMinor(secondOf(context, state)) > 0n,
    isSecond: ({ context }, state: PaymentState) => isSecond(context, state),
    isOtherPaid: ({ context }, state: PaymentState) =>
      context.other !== null && isTaken(state) && !isTaken(context.payment),
    isOtherOfNone: ({ context }) => context.other !== null && context.checkout === null,
    isOther: ({ context }) => context.other !== null,

    // What a reading of its own checkout means. Asked in this order.
    isPaidTwice: ({ context }, state: PaymentState) =>
      isTaken(merged(context.payment, state)) && leftMinor(context.second) > 0n,
    isReturned: ({ context }, state: PaymentState) => isAllReturned(merged(context.payment, state)),
    isRefundLost: ({ context }, state: PaymentState) =>
      stillInDoubt(context, merged(context.payment, state)) !== null,
    hasFailedRefund: ({ context }, state: PaymentState) =>
      merged(context.payment, state).refunds.some(
        ({ refundId, status }) => status === 'failed' && !context.seenFailures.includes(refundId),
      ),
    isTakenWrong: ({ context }, state: PaymentState) => {
      const payment = merged(context.payment, state);
      return isTaken(payment) && (!isRight(context, payment) || !isTaken(state));
    },
    isSuspected: (_, state: PaymentState) => isTaken(state) && state.fraud === 'rejected',
    isReviewedTooLong: ({ context }, state: PaymentState) =>
      isTaken(state) && state.fraud === 'review' && isOver(context),
    isReviewed: (_, state: PaymentState) => isTaken(state) && state.fraud === 'review',
    isPaidLate: ({ context }, state: PaymentState) =>
      isTaken(state) && context.hasLapsed && !context.isLateAccepted && !context.isAnnounced,
    isDisputed: (_, state: PaymentState) => isTaken(state) && state.dispute?.status === 'open',
    isChargedBack: (_, state: PaymentState) => isTaken(state) && state.dispute?.status === 'lost',
    isPaid: (_, state: PaymentState) => isTaken(state),
    // Nothing was taken. A payment under way (a bank debit takes days, a review some hours) isn't over.
    isUnsettledAtEnd: ({ context }, state: PaymentState) =>
      isOver(context) && context.isClosed && (state.status === 'pending' || context.saidPaid),
    mustBeClosed: ({ context }) => isOver(context) && !context.isClosed,
    isOver: ({ context }) => isOver(context),
    isDeadButSaidPaid: ({ context }, state: PaymentState) =>
      isDead(context, state) && context.saidPaid,
    // After the reminder another link is not worth it: the offer is stale.
    isDeadAndStale: ({ context }, state: PaymentState) =>
      context.isReminded && isDead(context, state),
    isDead: ({ context }, state: PaymentState) => isDead(context, state),

    // Refunds.
    isRefused: (_, code: string) => code === 'provider_refused',
    isFailedRefund: (_, { status }: RefundState) => status === 'failed',
    isRefundInDoubt: ({ context }) => context.refunding !== null,
    hasAskedRefund: ({ context }) => context.askedRefund !== null,
    mayHaveToReturn: ({ context }) =>
      leftMinor(refundable(context)) > 0n ||
      (!isTaken(context.payment) && (context.saidPaid || context.other !== null)),
    /** What is being made, asked for once more: a button pressed twice. */
    refundsTheSame: ({ context, event }) =>
      event.type === 'staff.refund' &&
      (event.amount === undefined ||
        event.amount.currency === context.refunding?.amount.currency) &&
      String(askedMinor({ context, event })) === context.refunding?.amount.amountMinor,
    isUnannounced: ({ context }) => !context.isAnnounced,
    hasUntoldRefund: ({ context }) =>
      !context.isQuiet && refundedMinor(context.payment) > BigInt(context.refundTold),
    hasUntoldRefundInQuiet: ({ context }) =>
      context.isQuiet && refundedMinor(context.payment) > BigInt(context.refundTold),
    // The refund rules.
    refundsWhileDisputed: ({ context, event }) =>
      event.type === 'staff.refund' && refundable(context)?.dispute?.status === 'open',
    refundsMoreThanIsLeft: ({ context, event }) => {
      if (event.type !== 'staff.refund' || event.amount === undefined) return false;
      const payment = refundable(context);
      return (
        event.amount.currency !== payment?.captured.currency ||
        BigInt(event.amount.amountMinor) > leftMinor(payment) ||
        event.amount.amountMinor === '0'
      );
    },
    refundsByStaffDecision: ({ event }) =>
      event.type === 'staff.refund' && event.amount !== undefined,
    refundsWhatWasPaidTwice: ({ context, event }) =>
      event.type === 'staff.refund' && leftMinor(context.second) > 0n,
    refundsAllInTime: ({ context, event }) =>
      event.type === 'staff.refund' &&
      leftMinor(context.payment) > 0n &&
      leadTime(context, event.at) >= fullRefundUntil,
    refundsHalfInTime: ({ context, event }) =>
      event.type === 'staff.refund' &&
      halfLeftMinor(context.payment) > 0n &&
      leadTime(context, event.at) >= halfRefundUntil,
  },
  delays: {
    paymentReminder: 20 * hour, // Within WhatsApp's 24 h after the patient's press; later free text is refused.
    paymentLifetime: 24 * hour,
    linkLifetime: ({ context }) => context.checkout?.lifetimeMs ?? checkoutLifetime,
  },
}).createMachine({
  id: 'booking',
  version: '2',
  description: 'One booking: its checkouts, its payment, refunds and disputes.',
  meta: { label: 'Booking', waitsFor: 'nobody', targetMinutes: null },
  context: initialContext,
  initial: 'opening',
  on: {
    // Where nothing else is said, these are noted, and count as soon as something is decided.
    'reminder.due': [
      {
        guard: 'mayRemind',
        actions: ['noteReminded', { type: 'sendMessage', params: paymentReminder }],
      },
      { actions: 'noteReminded' },
    ],
    'link.over': { actions: 'noteLinkOver' },
    'time.over': { actions: 'noteTimeOver' },
    'payment.notified': { actions: 'noteNotice' },
    'booking.abandon': { actions: 'noteQuiet' },
    'staff.refund': { guard: 'mayHaveToReturn', actions: 'keepAsked' },
  },
  states: {
    opening: {
      description: 'A checkout is being opened at the payment provider.',
      meta: { label: 'Opening the checkout', waitsFor: 'provider', targetMinutes: 5 },
      tags: ['waiting-for-provider'],
      entry: [
        // A timer that is started while it runs would fire twice.
        'stopReminder',
        'stopLifetime',
        'stopLink',
        'startReminder',
        'startLifetime',
        'countRecord',
        { type: 'recordBooking', params: asOpening },
      ],
      invoke: {
        id: 'openCheckout',
        src: 'openCheckout',
        input: checkoutOrder,
        onDone: [
          {
            // The provider opened it, we missed its answer and asked again; meanwhile somebody paid.
            guard: 'hasNews',
            target: 'reading',
            actions: [{ type: 'keepCheckout', params: outputOf }, 'startLink'],
          },
          {
            target: 'waiting',
            actions: [{ type: 'keepCheckout', params: outputOf }, 'startLink'],
          },
        ],
        onError: [
          { guard: 'isOther', target: 'reading' },
          {
            target: 'held',
            actions: { type: 'noteHeld', params: { heldFor: 'checkout-not-opened' } },
          },
        ],
      },
      on: {
        'booking.abandon': [
          { guard: 'hasSomethingToRead', target: 'reading', actions: 'noteQuiet' },
          {
            guard: 'wasSaidPaid',
            target: 'held',
            actions: ['noteQuiet', { type: 'noteHeld', params: { heldFor: 'payment-unsettled' } }],
          },
          { target: 'lapsed', actions: 'noteQuiet' },
        ],
        'time.over': [
          { guard: 'hasSomethingToRead', target: 'reading', actions: 'noteTimeOver' },
          {
            guard: 'wasSaidPaid',
            target: 'held',
            actions: [
              'noteTimeOver',
              { type: 'noteHeld', params: { heldFor: 'payment-unsettled' } },
            ],
          },
          { target: 'lapsed', actions: 'noteTimeOver' },
        ],
      },
    },
    waiting: {
      description:
        'The patient has a link that can be paid. Nothing heard yet, or nothing that decides.',
      meta: { label: 'Awaiting payment', waitsFor: 'patient', targetMinutes: 1440 },
      tags: ['waiting-for-patient'],
      entry: ['countRecord', { type: 'recordBooking', params: asAwaiting }, 'tellSettled'],
      always: {
        guard: 'mustSendLink',
        actions: [{ type: 'sendMessage', params: paymentLink }, 'noteLinkSent'],
      },
      on: {
        'payment.notified': { target: 'reading', actions: ['noteNotice', 'noteCause'] },
        'staff.resume': { target: 'reading', actions: 'noteCause' },
        'link.over': { target: 'reading', actions: ['noteLinkOver', 'noteCause'] },
        'time.over': { target: 'closing', actions: 'noteTimeOver' },
        'booking.abandon': { target: 'closing', actions: 'noteQuiet' },
      },
    },
    linkExpired: {
      description: 'The link ran out unpaid. The patient may ask for another one.',
      meta: { label: 'Link expired', waitsFor: 'patient', targetMinutes: 1440 },
      tags: ['waiting-for-patient'],
      entry: ['countRecord', { type: 'recordBooking', params: asAwaiting }, 'tellSettled'],
      always: {
        guard: 'mustOfferRenewal',
        actions: [{ type: 'sendMessage', params: linkRenewal }, 'noteRenewalOffered'],
      },
      on: {
        'booking.renew': {
          target: 'opening',
          actions: ['countAttempt', 'beginAnew', 'noteCause'],
        },
        'payment.notified': { target: 'reading', actions: ['noteNotice', 'noteCause'] },
        'staff.resume': { target: 'reading', actions: 'noteCause' },
        'time.over': { target: 'closing', actions: 'noteTimeOver' },
        'booking.abandon': { target: 'closing', actions: 'noteQuiet' },
      },
    },
    closing: {
      description:
        'Its time is over: the open checkout is closed, so that nobody pays it any more.',
      meta: { label: 'Closing the checkout', waitsFor: 'provider', targetMinutes: 5 },
      tags: ['waiting-for-provider'],
      invoke: {
        id: 'closeCheckout',
        src: 'closeCheckout',
        input: ownReference,
        onDone: { target: 'reading', actions: 'noteClosed' },
        // It may live on; a payment that comes late is held.
        onError: { target: 'reading', actions: 'noteClosed' },
      },
    },
    reading: {
      description:
        'The provider itself is asked before anything is believed. What its answer means is decided here and nowhere else.',
      meta: { label: 'Checking the payment', waitsFor: 'provider', targetMinutes: 5 },
      tags: ['waiting-for-provider'],
      invoke: {
        id: 'readPayment',
        src: 'readPayment',
        input: paymentReference,
        onDone: [
          {
            guard: { type: 'isSecondToReturn', params: outputOf },
            target: 'held',
            actions: [
              { type: 'keepSecond', params: outputOf },
              { type: 'noteHeld', params: { heldFor: 'paid-twice' } },
            ],
          },
          {
            guard: { type: 'isSecond', params: outputOf },
            target: 'reading',
            reenter: true,
            actions: { type: 'keepSecond', params: outputOf },
          },
          {
            guard: { type: 'isOtherPaid', params: outputOf },
            target: 'reading',
            reenter: true,
            actions: 'adoptOther',
          },
          {
            guard: 'isOtherOfNone',
            target: 'held',
            actions: ['dropOther', { type: 'noteHeld', params: { heldFor: 'payment-unsettled' } }],
          },
          { guard: 'isOther', target: 'reading', reenter: true, actions: 'dropOther' },
          {
            guard: { type: 'isPaidTwice', params: outputOf },
            target: 'held',
            actions: [
              { type: 'keepPayment', params: outputOf },
              { type: 'noteHeld', params: { heldFor: 'paid-twice' } },
            ],
          },
          {
            guard: { type: 'isReturned', params: outputOf },
            target: 'refunded',
            actions: { type: 'keepPayment', params: outputOf },
          },
          {
            guard: { type: 'hasFailedRefund', params: outputOf },
            target: 'held',
            actions: [
              { type: 'keepPayment', params: outputOf },
              'noteFailures',
              { type: 'noteHeld', params: { heldFor: 'refund-failed' } },
            ],
          },
          {
            // Before it is known, nothing else may be given back.
            guard: { type: 'isRefundLost', params: outputOf },
            target: 'held',
            actions: [
              { type: 'keepPayment', params: outputOf },
              { type: 'noteHeld', params: { heldFor: 'refund-failed' } },
            ],
          },
          {
            guard: { type: 'isTakenWrong', params: outputOf },
            target: 'held',
            actions: [
              { type: 'keepPayment', params: outputOf },
              { type: 'noteHeld', params: { heldFor: 'payment-differs' } },
            ],
          },
          {
            guard: { type: 'isSuspected', params: outputOf },
            target: 'held',
            actions: [
              { type: 'keepPayment', params: outputOf },
              { type: 'noteHeld', params: { heldFor: 'payment-suspected' } },
            ],
          },
          {
            guard: { type: 'isReviewedTooLong', params: outputOf },
            target: 'held',
            actions: [
              { type: 'keepPayment', params: outputOf },
              { type: 'noteHeld', params: { heldFor: 'payment-unsettled' } },
            ],
          },
          {
            guard: { type: 'isReviewed', params: outputOf },
            target: 'waiting',
            actions: [{ type: 'keepPayment', params: outputOf }, 'noteLinkSent'],
          },
          {
            guard: { type: 'isPaidLate', params: outputOf },
            target: 'held',
            actions: [
              { type: 'keepPayment', params: outputOf },
              { type: 'noteHeld', params: { heldFor: 'paid-late' } },
            ],
          },
          {
            guard: { type: 'isDisputed', params: outputOf },
            target: 'paid.disputed',
            actions: { type: 'keepPayment', params: outputOf },
          },
          {
            guard: { type: 'isChargedBack', params: outputOf },
            target: 'paid.chargedBack',
            actions: { type: 'keepPayment', params: outputOf },
          },
          {
            guard: { type: 'isPaid', params: outputOf },
            target: 'paid',
            actions: { type: 'keepPayment', params: outputOf },
          },
          {
            guard: { type: 'isUnsettledAtEnd', params: outputOf },
            target: 'held',
            actions: { type: 'noteHeld', params: { heldFor: 'payment-unsettled' } },
          },
          { guard: 'mustBeClosed', target: 'closing' },
          { guard: 'isOver', target: 'lapsed' },
          {
            guard: { type: 'isDeadButSaidPaid', params: outputOf },
            target: 'held',
            actions: { type: 'noteHeld', params: { heldFor: 'payment-differs' } },
          },
          {
            guard: { type: 'isDeadAndStale', params: outputOf },
            target: 'closing',
            actions: 'noteTimeOver',
          },
          {
            guard: { type: 'isDead', params: outputOf },
            target: 'linkExpired',
            actions: 'noteLinkOver',
          },
          { target: 'waiting', actions: { type: 'noteWhetherUnderWay', params: outputOf } },
        ],
        onError: [
          {
            // Another checkout that the provider does not know is no reason to look at it for ever.
            guard: { type: 'isRefused', params: codeOf },
            target: 'held',
            actions: [
              'dropOther',
              { type: 'noteHeld', params: { heldFor: 'payment-not-readable' } },
            ],
          },
          {
            target: 'held',
            actions: { type: 'noteHeld', params: { heldFor: 'payment-not-readable' } },
          },
        ],
      },
      on: {
        // What is being read may be older than this word, so it is read again.
        'payment.notified': {
          target: 'reading',
          reenter: true,
          actions: ['noteNotice', 'noteLesserCause'],
        },
      },
    },
    held: {
      description:
        'Something does not add up. Staff look: on resume the provider is asked again, or what was paid goes back.',
      meta: { label: 'Payment held for staff', waitsFor: 'staff', targetMinutes: 60 },
      tags: ['with-staff'],
      entry: ['countRecord', { type: 'recordBooking', params: asHeld }, 'tellHeld'],
      exit: 'forgetHeld',
      always: { guard: 'hasAskedRefund', actions: ['askAgain', 'dropAsked'] },
      on: {
        'payment.notified': [
          { guard: 'hasSomethingToRead', target: 'reading', actions: ['noteNotice', 'noteCause'] },
          { actions: 'noteNotice' },
        ],
        'staff.resume': [
          { guard: 'isRefundInDoubt', target: 'refunding', actions: 'noteCause' },
          { guard: 'isHeldLate', target: 'reading', actions: ['noteCause', 'acceptLate'] },
          { guard: 'isHeldForWord', target: 'reading', actions: ['noteCause', 'forgetWord'] },
          {
            guard: 'hasSomethingToRead',
            target: 'reading',
            actions: ['noteCause', 'lookAtSecond'],
          },
          { guard: 'isQuiet', target: 'lapsed', actions: 'noteCause' },
          { target: 'opening', actions: ['noteCause', 'beginAnew'] },
        ],
        'staff.refunded': {
          guard: 'hasSomethingToRead',
          target: 'reading',
          actions: ['noteCause', 'lookAtSecond'],
        },
        'staff.refund': [
          // Another one before the first is known might give it back twice.
          { guard: 'isRefundInDoubt', target: 'refunding', actions: 'noteCause' },
          {
            guard: 'refundsWhileDisputed',
            target: 'held',
            reenter: true,
            actions: { type: 'noteHeld', params: { heldFor: 'refund-while-disputed' } },
          },
          {
            guard: 'refundsMoreThanIsLeft',
            target: 'held',
            reenter: true,
            actions: { type: 'noteHeld', params: { heldFor: 'refund-too-much' } },
          },
          {
            guard: 'refundsByStaffDecision',
            target: 'refunding',
            actions: ['noteCause', 'beginRefund'],
          },
          {
            guard: 'refundsWhatWasPaidTwice',
            target: 'refunding',
            actions: ['noteCause', 'beginRefund'],
          },
          { guard: 'refundsAllInTime', target: 'refunding', actions: ['noteCause', 'beginRefund'] },
          {
            guard: 'refundsHalfInTime',
            target: 'refunding',
            actions: ['noteCause', 'beginRefund'],
          },
          {
            target: 'held',
            reenter: true,
            actions: { type: 'noteHeld', params: { heldFor: 'refund-outside-rules' } },
          },
        ],
        'booking.abandon': [
          {
            guard: 'hasNothingTaken',
            target: 'abandoned',
            actions: 'noteQuiet',
          },
          { actions: 'noteQuiet' },
        ],
      },
    },
    abandoned: {
      description:
        'Held without any money, and the patient withdrew: is there a checkout to close?',
      meta: { label: 'Given up', waitsFor: 'nobody', targetMinutes: null },
      always: [{ guard: 'hasCheckout', target: 'closing' }, { target: 'lapsed' }],
    },
    refunding: {
      description: 'Money goes back through the provider, once for each reference.',
      meta: { label: 'Giving money back', waitsFor: 'provider', targetMinutes: 15 },
      tags: ['waiting-for-provider'],
      entry: [
        'countRecord',
        { type: 'recordBooking', params: asRefunding },
        { type: 'tellUnsettled', params: { why: 'refunding' } },
      ],
      invoke: {
        id: 'refundPayment',
        src: 'refundPayment',
        input: refundOrder,
        onDone: [
          {
            guard: { type: 'isFailedRefund', params: outputOf },
            target: 'held',
            actions: [
              { type: 'keepRefund', params: outputOf },
              'noteFailures',
              { type: 'noteHeld', params: { heldFor: 'refund-failed' } },
            ],
          },
          { target: 'reading', actions: { type: 'keepRefund', params: outputOf } },
        ],
        onError: [
          {
            guard: { type: 'isRefused', params: codeOf },
            target: 'held',
            actions: ['dropRefund', { type: 'noteHeld', params: { heldFor: 'refund-failed' } }],
          },
          // In doubt: asked for again, it is this one again.
          {
            target: 'held',
            actions: { type: 'noteHeld', params: { heldFor: 'refund-failed' } },
          },
        ],
      },
      on: {
        'staff.refund': [{ guard: 'refundsTheSame' }, { actions: 'keepAsked' }],
      },
    },
    paid: {
      description: 'Paid as ordered, by the word of the provider.',
      meta: { label: 'Paid', waitsFor: 'nobody', targetMinutes: null },
      tags: ['confirmed'],
      initial: 'confirmed',
      entry: ['stopReminder', 'stopLifetime', 'stopLink'],
      always: [
        { guard: 'isUnannounced', actions: ['publishPaid', 'tellConfirmed', 'noteAnnounced'] },
        { guard: 'hasUntoldRefundInQuiet', actions: ['tellRefunded', 'noteRefundTold'] },
        {
          guard: 'hasUntoldRefund',
          actions: ['tellRefunded', { type: 'sendMessage', params: refundNews }, 'noteRefundTold'],
        },
      ],
      on: {
        'payment.notified': { target: 'reading', actions: ['noteNotice', 'noteCause'] },
        'staff.resume': { target: 'reading', actions: 'noteCause' },
        'staff.refunded': { target: 'reading', actions: 'noteCause' },
      },
      states: {
        confirmed: {
          description: 'Nothing is to be done, unless the provider or staff say something.',
          meta: { label: 'Paid and confirmed', waitsFor: 'nobody', targetMinutes: null },
          entry: ['countRecord', { type: 'recordBooking', params: asConfirmed }, 'settleLast'],
          always: { guard: 'hasAskedRefund', actions: ['askAgain', 'dropAsked'] },
          on: {
            'all.told': { actions: 'tellSettled' },
            'staff.refund': [
              {
                guard: 'refundsMoreThanIsLeft',
                target: '#booking.held',
                actions: { type: 'noteHeld', params: { heldFor: 'refund-too-much' } },
              },
              {
                guard: 'refundsByStaffDecision',
                target: '#booking.refunding',
                actions: ['noteCause', 'beginRefund'],
              },
              {
                guard: 'refundsAllInTime',
                target: '#booking.refunding',
                actions: ['noteCause', 'beginRefund'],
              },
              {
                guard: 'refundsHalfInTime',
                target: '#booking.refunding',
                actions: ['noteCause', 'beginRefund'],
              },
              {
                target: '#booking.held',
                actions: { type: 'noteHeld', params: { heldFor: 'refund-outside-rules' } },
              },
            ],
          },
        },
        disputed: {
          description:
            'The patient’s bank disputes the payment. Staff answer it at the provider; no refund meanwhile, or it is paid back twice.',
          meta: { label: 'Payment disputed', waitsFor: 'staff', targetMinutes: 1440 },
          tags: ['with-staff'],
          entry: [
            'countRecord',
            { type: 'recordBooking', params: asDisputed },
            { type: 'tellUnsettled', params: { why: 'disputed' } },
          ],
          on: {
            'staff.refund': {
              target: '#booking.held',
              actions: { type: 'noteHeld', params: { heldFor: 'refund-while-disputed' } },
            },
          },
        },
        chargedBack: {
          description:
            'The bank took the money back for good. What follows for the sale, staff decide.',
          meta: { label: 'Charged back', waitsFor: 'nobody', targetMinutes: null },
          entry: [
            'countRecord',
            { type: 'recordBooking', params: asDisputed },
            'tellChargedBack',
            'settleLast',
          ],
          on: {
            'all.told': { actions: 'tellSettled' },
            'staff.refund': {
              target: '#booking.held',
              actions: { type: 'noteHeld', params: { heldFor: 'refund-outside-rules' } },
            },
          },
        },
      },
    },
    refunded: {
      description: 'All of it went back. A refund may still fail at the bank.',
      meta: { label: 'Refunded', waitsFor: 'nobody', targetMinutes: null },
      entry: [
        'stopReminder',
        'stopLifetime',
        'stopLink',
        'dropAsked',
        'countRecord',
        { type: 'recordBooking', params: asRefunded },
        'settleLast',
      ],
      always: [
        { guard: 'hasUntoldRefundInQuiet', actions: ['tellRefunded', 'noteRefundTold'] },
        {
          guard: 'hasUntoldRefund',
          actions: ['tellRefunded', { type: 'sendMessage', params: refundNews }, 'noteRefundTold'],
        },
      ],
      on: {
        'all.told': { actions: 'tellSettled' },
        'payment.notified': {
          guard: 'saysMoney',
          target: 'reading',
          actions: ['noteNotice', 'noteCause'],
        },
        'staff.resume': { target: 'reading', actions: 'noteCause' },
      },
    },
    lapsed: {
      description: 'Not paid in time. Late money still finds it.',
      meta: { label: 'Not paid in time', waitsFor: 'nobody', targetMinutes: null },
      entry: [
        'stopReminder',
        'stopLifetime',
        'stopLink',
        'dropAsked',
        'countRecord',
        { type: 'recordBooking', params: asLapsed },
        'tellSettled',
      ],
      always: { guard: 'isLapsedFirst', actions: ['noteLapsed', 'tellLapsed'] },
      on: {
        'payment.notified': {
          guard: 'saysMoney',
          target: 'lateWord',
          actions: ['noteNotice', 'noteCause'],
        },
      },
    },
    lateWord: {
      description: 'A word about money after it lapsed. Is there a checkout to look at?',
      meta: { label: 'Late word', waitsFor: 'nobody', targetMinutes: null },
      always: [{ guard: 'hasSomethingToRead', target: 'reading' }, { target: 'lapsed' }],
    },
  },
});
