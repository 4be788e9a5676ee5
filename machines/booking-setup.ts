import { assign, cancel, emit, raise, sendParent, setup } from 'xstate';

import type { Effect } from '../actors/shapes/effects.ts';
import {
  askedMinor,
  checkoutLifetime,
  fullRefundUntil,
  halfLeftMinor,
  halfRefundUntil,
  hour,
  isAllReturned,
  isDead,
  isOver,
  isRight,
  isSameMoney,
  isSecond,
  isTaken,
  knownRefunds,
  leadTime,
  leftMinor,
  otherIn,
  otherOf,
  isReadAs,
  known,
  readingOf,
  refundable,
  refundedMinor,
  secondOf,
  stillInDoubt,
  withRefund,
} from './booking-rules.ts';
import type { BookingContext, BookingEvent, BookingInput } from './booking-types.ts';
import type { Say } from './family-types.ts';
import type {
  BookingRecord,
  Checkout,
  PaymentState,
  RefundState,
  StateMeta,
} from './money-types.ts';

/** What the states of machines/booking.ts name: its actions, guards and delays. */
export const bookingSetup = setup({
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
    tags: 'awaiting-patient' | 'awaiting-provider' | 'held' | 'paid';
  },
  actors: {
    openCheckout: {} as Effect<'openCheckout'>,
    closeCheckout: {} as Effect<'closeCheckout'>,
    readPayment: {} as Effect<'readPayment'>,
    refundPayment: {} as Effect<'refundPayment'>,
  },
  actions: {
    recordBooking: (_args, _record: BookingRecord) => {}, // The host performs it.
    say: sendParent((_, what: Say) => what),
    countRecord: assign(({ context }) => ({ revision: context.revision + 1 })),

    // Its clock. Beside the states, because it goes on whatever is being read meanwhile.
    startReminder: raise({ type: 'reminder.due' }, { delay: 'paymentReminder', id: 'reminder' }),
    startLifetime: raise({ type: 'time.over' }, { delay: 'paymentLifetime', id: 'lifetime' }),
    startLink: raise({ type: 'link.over' }, { delay: 'linkLifetime', id: 'link' }),
    stopReminder: cancel('reminder'),
    stopLifetime: cancel('lifetime'),
    stopLink: cancel('link'),
    setReminded: assign({ isReminded: true }),
    setLinkOver: assign({ isLinkOver: true }),
    setTimeOver: assign({ isTimeOver: true, cause: 'time.over' }),
    /** The patient has as long again as for the first one. */
    beginAnew: assign(({ event }) => ({
      isReminded: false,
      isTimeOver: false,
      ...('at' in event ? { acceptedAt: event.at } : {}),
    })),

    // Checkouts.
    setCheckout: assign(({ context }, checkout: Checkout) => {
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
    setLinkSent: assign({ isLinkSent: true }),
    setUnderWay: assign(({ context }) => ({
      reading: null,
      isUnderWay: readingOf(context).status === 'pending',
    })),
    setRenewalOffered: assign({ isRenewalOffered: true }),
    setClosed: assign({ isClosed: true }),
    countAttempt: assign(({ context }) => ({ attempt: context.attempt + 1 })),
    setLapsed: assign({ hasLapsed: true }),
    forgetPaidNotice: assign({ saidPaid: false }),
    acceptLate: assign({ isLateAccepted: true }),
    setQuiet: assign({ isQuiet: true, cause: 'booking.abandon' }),

    // What is heard.
    recordNotice: assign(({ context, event }) => {
      if (event.type !== 'payment.notified') return {};
      const { notice, at } = event;
      const other = otherIn(context, event);
      return {
        noticedAt: at,
        saidPaid: context.saidPaid || (notice === 'paid' && other === null),
        other: other ?? context.other,
      };
    }),
    setCause: assign(({ event }) => ({
      cause: event.type === 'payment.notified' ? `notified:${event.notice}` : event.type,
    })),
    /** Of what staff asked for, the cause stays that they did: its own webhook is faster than our reading. */
    setLesserCause: assign(({ context, event }) =>
      event.type === 'payment.notified' && !context.cause.startsWith('staff.')
        ? { cause: `notified:${event.notice}` }
        : {},
    ),
    // What was read is taken, or left aside.
    forgetReading: assign({ reading: null }),
    setReading: assign((_, reading: PaymentState) => ({ reading })),
    setPayment: assign(({ context }) => {
      const payment = known(context);
      return { reading: null, payment, refunding: stillInDoubt(context, payment) };
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
      reading: null,
      other: null,
    })),
    dropOther: assign({ reading: null, other: null }),
    setSecond: assign(({ context }) => {
      const second = secondOf(context, readingOf(context));
      return { reading: null, second, other: null, refunding: stillInDoubt(context, second) };
    }),
    /** Staff say that something changed: with the one that is to be given back, if there is one. */
    lookAtSecond: assign(({ context }) =>
      leftMinor(context.second) > 0n ? { other: context.second && otherOf(context.second) } : {},
    ),
    release: assign({ heldFor: null }),
    // Why staff have to look.
    holdUnopened: assign({ heldFor: 'checkout-not-opened' }),
    holdUnreadable: assign({ heldFor: 'payment-not-readable' }),
    holdDiffering: assign({ heldFor: 'payment-differs' }),
    holdUnsettled: assign({ heldFor: 'payment-unsettled' }),
    holdSuspected: assign({ heldFor: 'payment-suspected' }),
    holdLate: assign({ heldFor: 'paid-late' }),
    holdTwice: assign({ heldFor: 'paid-twice' }),
    holdRefundFailed: assign({ heldFor: 'refund-failed' }),
    holdRefundTooMuch: assign({ heldFor: 'refund-too-much' }),
    holdRefundOutsideRules: assign({ heldFor: 'refund-outside-rules' }),
    holdRefundDisputed: assign({ heldFor: 'refund-while-disputed' }),
    setSeenFailures: assign(({ context }) => ({
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
    setRefund: assign(({ context }, refund: RefundState) =>
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
    setAskedRefund: assign(({ event }) =>
      event.type === 'staff.refund' ? { askedRefund: event } : {},
    ),
    askAgain: raise(({ context }) => {
      if (context.askedRefund === null) throw new Error('Nobody asked');
      return context.askedRefund;
    }),
    dropAskedRefund: assign({ askedRefund: null }),

    // What is told.
    setAnnounced: assign({ isAnnounced: true }),
    setRefundTold: assign(({ context }) => ({
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
    isStanding: ({ context }) => context.isAnnounced,
    hasTaken: ({ context }) => isTaken(context.payment),
    hasTakenTwice: ({ context }) => isTaken(context.payment) && isTaken(context.second),
    waitsForLink: ({ context }) => !context.isQuiet,
    /** The patient has paid, by a word that we have not been able to check yet. */
    isPaidUnread: ({ context }) => context.saidPaid && !context.isAnnounced && !context.isQuiet,
    mustSendLink: ({ context }) => !context.isLinkSent && !context.isQuiet,
    maySendLink: ({ context }) =>
      context.isLinkSent && !context.isLinkOver && !context.isQuiet && !context.isUnderWay,
    mustOfferRenewal: ({ context }) => !context.isRenewalOffered,
    /** Held for nothing but a webhook's "paid", which the provider itself does not know of. Staff were told. */
    isHeldForNotice: ({ context }) =>
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
    isSecondToReturn: ({ context }) =>
      isSecond(context) && leftMinor(secondOf(context, readingOf(context))) > 0n,
    isSecond: ({ context }) => isSecond(context),
    isOtherPaid: ({ context }) =>
      context.other !== null && isTaken(readingOf(context)) && !isTaken(context.payment),
    isOtherOfNone: ({ context }) => context.other !== null && context.checkout === null,
    isOther: ({ context }) => context.other !== null,

    // What a reading of its own checkout means. Asked in this order.
    isPaidTwice: ({ context }) => isTaken(known(context)) && leftMinor(context.second) > 0n,
    isReturned: ({ context }) => isAllReturned(known(context)),
    isRefundLost: ({ context }) => stillInDoubt(context, known(context)) !== null,
    hasFailedRefund: ({ context }) =>
      known(context).refunds.some(
        ({ refundId, status }) => status === 'failed' && !context.seenFailures.includes(refundId),
      ),
    isTakenWrong: ({ context }) =>
      isTaken(known(context)) &&
      (!isRight(context, known(context)) || !isTaken(readingOf(context))),
    isSuspected: ({ context }) => isReadAs(context, ({ fraud }) => fraud === 'rejected'),
    isReviewedTooLong: ({ context }) =>
      isReadAs(context, ({ fraud }) => fraud === 'review') && isOver(context),
    isReviewed: ({ context }) => isReadAs(context, ({ fraud }) => fraud === 'review'),
    isPaidLate: ({ context }) =>
      isTaken(readingOf(context)) &&
      context.hasLapsed &&
      !context.isLateAccepted &&
      !context.isAnnounced,
    isDisputed: ({ context }) => isReadAs(context, ({ dispute }) => dispute?.status === 'open'),
    isChargedBack: ({ context }) => isReadAs(context, ({ dispute }) => dispute?.status === 'lost'),
    isPaid: ({ context }) => isTaken(readingOf(context)),
    // Nothing was taken. A payment under way (a bank debit takes days, a review some hours) isn't over.
    isUnsettledAtEnd: ({ context }) =>
      isOver(context) &&
      context.isClosed &&
      (readingOf(context).status === 'pending' || context.saidPaid),
    mustBeClosed: ({ context }) => isOver(context) && !context.isClosed,
    isOver: ({ context }) => isOver(context),
    isDeadButSaidPaid: ({ context }) => isDead(context) && context.saidPaid,
    // After the reminder another link is not worth it: the offer is stale.
    isDeadAndStale: ({ context }) => context.isReminded && isDead(context),
    isDead: ({ context }) => isDead(context),

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
    // Whoever waits for a provider that does not answer hears so within the minute.
    slowProvider: 30_000,
    paymentReminder: 20 * hour, // Within WhatsApp's 24 h after the patient's press; later free text is refused.
    paymentLifetime: 24 * hour,
    linkLifetime: ({ context }) => context.checkout?.lifetimeMs ?? checkoutLifetime,
  },
});
