import {
  assign,
  emit,
  sendParent,
  setup,
  type DoneActorEvent,
  type PromiseActorLogic,
} from 'xstate';

import type {
  BookingRecord,
  Checkout,
  CheckoutOrder,
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
  | 'other-checkout'
  | 'refund-failed'
  | 'refund-too-much'
  | 'refund-outside-rules'
  | 'refund-while-disputed';

interface BookingContext extends BookingInput {
  /** How many checkouts were opened. */
  readonly attempt: number;
  readonly checkout: Checkout | null;
  /** As the provider last told it. */
  readonly payment: PaymentState | null;
  /** A signed webhook said "paid". From then on the booking may be confirmed or held, but never quietly lapse. */
  readonly saidPaid: boolean;
  readonly announced: boolean;
  /** The patient withdrew: nothing is said any more. */
  readonly isQuiet: boolean;
  readonly hasLapsed: boolean;
  readonly heldFor: HeldFor | null;
  readonly refunds: number;
  readonly refunding: RefundOrder | null;
  /** Minor units given back that the case was told of. */
  readonly refundTold: string;
  readonly revision: number;
  /** When we last heard of it. */
  readonly noticedAt: string;
  /** What led here last, for the books. */
  readonly cause: string;
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
  /** The patient withdrew: the open checkout is closed. */
  | { readonly type: 'booking.abandon' }
  | { readonly type: 'staff.resume'; readonly at: string }
  | {
      readonly type: 'staff.refund';
      readonly bookingId: string;
      readonly amount?: Money;
      readonly at: string;
    }
  /** Given back in the provider's dashboard. */
  | { readonly type: 'staff.refunded'; readonly bookingId: string; readonly at: string };

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

/** A checkout that lives shorter than this is worth another one; after a longer one the offer is stale. */
const renewableLifetime = 12 * hour;

/** What is given back without anybody's decision: all of it until two weeks before, half of it until three days before. */
const fullRefundUntil = 14 * day;
const halfRefundUntil = 3 * day;

const initialContext = ({ input }: { input: BookingInput }): BookingContext => ({
  ...input,
  attempt: 1,
  checkout: null,
  payment: null,
  saidPaid: false,
  announced: false,
  isQuiet: false,
  hasLapsed: false,
  heldFor: null,
  refunds: 0,
  refunding: null,
  refundTold: '0',
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

const paymentReference = ({ context }: Seen): PaymentReference => {
  const { checkout, payment, bookingId } = context;
  if (checkout === null) throw new Error('There is no checkout to look at');
  const { provider, checkoutId } = checkout;
  return { provider, bookingId, checkoutId, paymentId: payment?.paymentId ?? null };
};

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

// The transition's own action runs before the entry of its target, so `checkout` is there when the link is sent.
const paymentLink = ({ context }: Seen): Message =>
  message(context, 'payment.link', { url: context.checkout?.url ?? '' });
const paymentReminder = ({ context }: Seen): Message =>
  message(context, 'payment.reminder', { url: context.checkout?.url ?? '' });
const linkRenewal = ({ context }: Seen): Message => ({
  ...message(context, 'payment.renew'),
  choices: [`pay:again:${context.bookingId}`],
});
const refundNews = ({ context }: Seen): Message =>
  message(context, 'payment.refunded', {
    amount: money(context, refundedMinor(context.payment) - BigInt(context.refundTold)),
  });

const outputOf = <Output>({ event }: { event: DoneActorEvent<Output> }): Output => event.output;

// Money.

const money = ({ total }: BookingContext, minor: bigint): Money => ({
  amountMinor: String(minor),
  currency: total.currency,
});

const isSameMoney = (one: Money, other: Money): boolean =>
  one.amountMinor === other.amountMinor && one.currency === other.currency;

/** What is on its way back or there, in minor units. */
const returnedMinor = (payment: PaymentState | null, statuses: readonly string[]): bigint =>
  (payment?.refunds ?? [])
    .filter(({ status }) => statuses.includes(status))
    .reduce((sum, { amount }) => sum + BigInt(amount.amountMinor), 0n);

const refundedMinor = (payment: PaymentState | null): bigint => returnedMinor(payment, ['done']);

const leftMinor = ({ payment }: BookingContext): bigint =>
  BigInt(payment?.captured.amountMinor ?? '0') - returnedMinor(payment, ['done', 'pending']);

/** What comes back without staff naming an amount: half of what was paid, in whole minor units, in the patient's favour. */
const halfLeftMinor = (context: BookingContext): bigint => {
  const captured = BigInt(context.payment?.captured.amountMinor ?? '0');
  return leftMinor(context) - captured / 2n;
};

const leadTime = ({ beginsOn }: BookingContext, at: string): number =>
  beginsOn === null ? Number.POSITIVE_INFINITY : Date.parse(beginsOn) - Date.parse(at);

/** What a refund asked for by `event` gives back. */
const askedMinor = ({ context, event }: Heard): bigint => {
  if (event.type !== 'staff.refund') return 0n;
  if (event.amount !== undefined) return BigInt(event.amount.amountMinor);
  return leadTime(context, event.at) >= fullRefundUntil
    ? leftMinor(context)
    : halfLeftMinor(context);
};

/** Refunds that a provider's list does not have (yet) stay known to us. */
const withKnownRefunds = (before: PaymentState | null, now: PaymentState): PaymentState => {
  const listed = new Set(now.refunds.flatMap(({ refundId, reference }) => [refundId, reference]));
  const missing = (before?.refunds ?? []).filter(
    ({ refundId, reference }) =>
      reference !== null && !listed.has(refundId) && !listed.has(reference),
  );
  return { ...now, refunds: [...missing, ...now.refunds] };
};

const record = (context: BookingContext, state: BookingRecord['state']): BookingRecord => ({
  caseId: context.caseId,
  bookingId: context.bookingId,
  revision: context.revision,
  state,
  provider: context.checkout?.provider ?? null,
  checkoutId: context.checkout?.checkoutId ?? null,
  total: context.total,
  payment: context.payment,
  heldFor: context.heldFor,
  cause: context.cause,
});
const asAwaiting = ({ context }: Seen): BookingRecord => record(context, 'awaiting-payment');
const asHeld = ({ context }: Seen): BookingRecord => record(context, 'held');
const asConfirmed = ({ context }: Seen): BookingRecord => record(context, 'confirmed');
const asRefunding = ({ context }: Seen): BookingRecord => record(context, 'refunding');
const asRefunded = ({ context }: Seen): BookingRecord => record(context, 'refunded');
const asDisputed = ({ context }: Seen): BookingRecord => record(context, 'disputed');
const asLapsed = ({ context }: Seen): BookingRecord => record(context, 'lapsed');

/** Paid, and just as it was ordered. */
const isRight = (context: BookingContext, state: PaymentState): boolean =>
  state.status === 'paid' &&
  state.fraud === 'clear' &&
  state.bookingId === context.bookingId &&
  isSameMoney(state.total, context.total) &&
  isSameMoney(state.captured, context.total);

const isWhollyReturned = (state: PaymentState): boolean =>
  state.status === 'paid' &&
  state.captured.amountMinor !== '0' &&
  refundedMinor(state) === BigInt(state.captured.amountMinor);

/**
 * One booking, from the accepted offer on: opens a checkout, sends its link, waits, and believes in money only when the
 * provider itself says so. Once paid it stays to see refunds and disputes; anything in doubt is held for staff. It never
 * ends by itself: money may come late, and go back late.
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
    keepCheckout: assign((_, checkout: Checkout) => ({ checkout, heldFor: null })),
    keepPayment: assign(({ context }, payment: PaymentState) => ({
      payment: withKnownRefunds(context.payment, payment),
      heldFor: null,
    })),
    keepRefund: assign(({ context }, refund: RefundState) => ({
      payment: context.payment && {
        ...context.payment,
        refunds: [
          ...context.payment.refunds.filter(({ refundId }) => refundId !== refund.refundId),
          refund,
        ],
      },
      refunding: null,
    })),
    noteNotice: assign(({ context, event }) =>
      event.type === 'payment.notified'
        ? {
            cause: `notified:${event.notice}`,
            saidPaid: context.saidPaid || event.notice === 'paid',
            noticedAt: event.at,
          }
        : { cause: event.type },
    ),
    noteCause: assign((_, { cause }: { cause: string }) => ({ cause })),
    noteHeld: assign((_, { heldFor }: { heldFor: HeldFor }) => ({ heldFor })),
    noteQuiet: assign({ isQuiet: true }),
    noteLapsed: assign({ hasLapsed: true }),
    acceptLate: assign({ hasLapsed: false }),
    // A fresh lifetime: the old one may be over by then.
    restartLifetime: assign(({ event }) => ('at' in event ? { acceptedAt: event.at } : {})),
    countAttempt: assign(({ context }) => ({ attempt: context.attempt + 1 })),
    beginRefund: assign(({ context, event }) => {
      const { payment, refunds, bookingId } = context;
      if (payment === null || payment.paymentId === null) return {};
      const amount = money(context, askedMinor({ context, event }));
      const { provider, checkoutId, paymentId, captured } = payment;
      return {
        refunds: refunds + 1,
        refunding: {
          provider,
          bookingId,
          checkoutId,
          paymentId,
          reference: `${bookingId}-r${refunds + 1}`,
          amount,
          whole: isSameMoney(amount, captured),
        },
      };
    }),
    noteAnnounced: assign({ announced: true }),
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
      isWhole: leftMinor(context) === 0n,
    })),
    /** Nothing for staff to decide yet, but not the end of it either. */
    tellUnsettled: sendParent(({ context }, { why }: { why: 'refunding' | 'disputed' }) => ({
      type: 'booking.unsettled',
      bookingId: context.bookingId,
      heldFor: why,
    })),
    tellSettled: sendParent(({ context }) => ({
      type: 'booking.settled',
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
    // A word about no checkout in particular may be about this one, and reading it does no harm.
    isAboutThis: ({ context, event }) =>
      event.type === 'payment.notified' &&
      context.checkout !== null &&
      (event.checkoutId === null || event.checkoutId === context.checkout?.checkoutId),
    saysPaid: ({ event }) => event.type === 'payment.notified' && event.notice === 'paid',
    hasCheckout: ({ context }) => context.checkout !== null,
    isLate: ({ context }) => context.hasLapsed && context.checkout !== null,
    wasSaidPaid: ({ context }) => context.saidPaid,
    // What the provider itself says.
    isPaidRight: ({ context }, state: PaymentState) => isRight(context, state),
    isPaidRightButLate: ({ context }, state: PaymentState) =>
      context.hasLapsed && isRight(context, state),
    isReturned: (_, state: PaymentState) => isWhollyReturned(state),
    // A blocked card is the patient's to replace, as long as the page is open.
    isSuspected: (_, state: PaymentState) => state.fraud === 'rejected' && state.status !== 'open',
    isPaidWrong: ({ context }, state: PaymentState) =>
      state.status === 'paid' && state.fraud === 'clear' && !isRight(context, state),
    isExpired: ({ context }, state: PaymentState) =>
      state.status === 'expired' && !context.saidPaid,
    isExpiredButRenewable: ({ context }, state: PaymentState) =>
      state.status === 'expired' &&
      !context.saidPaid &&
      (context.checkout?.lifetimeMs ?? 0) < renewableLifetime,
    isExpiredButSaidPaid: ({ context }, state: PaymentState) =>
      state.status === 'expired' && context.saidPaid,
    // A payment under way (a bank debit takes days, a review some hours) isn't over.
    isUnsettled: ({ context }, state: PaymentState) =>
      state.status === 'pending' || state.status === 'paid' || context.saidPaid,
    isUnannounced: ({ context }) => !context.announced,
    hasUntoldRefund: ({ context }) =>
      refundedMinor(context.payment) !== BigInt(context.refundTold) &&
      context.payment?.status === 'paid',
    hasUntoldRefundInQuiet: ({ context }) =>
      context.isQuiet &&
      refundedMinor(context.payment) !== BigInt(context.refundTold) &&
      context.payment?.status === 'paid',
    isDisputed: ({ context }) => {
      const status = context.payment?.dispute?.status;
      return status === 'open' || status === 'lost';
    },
    // The refund rules.
    refundsWhileDisputed: ({ context, event }) =>
      event.type === 'staff.refund' && context.payment?.dispute?.status === 'open',
    refundsMoreThanIsLeft: ({ context, event }) =>
      event.type === 'staff.refund' &&
      event.amount !== undefined &&
      (event.amount.currency !== context.total.currency ||
        BigInt(event.amount.amountMinor) > leftMinor(context) ||
        event.amount.amountMinor === '0'),
    refundsByStaffDecision: ({ event }) =>
      event.type === 'staff.refund' && event.amount !== undefined,
    refundsAllInTime: ({ context, event }) =>
      event.type === 'staff.refund' &&
      leftMinor(context) > 0n &&
      leadTime(context, event.at) >= fullRefundUntil,
    refundsHalfInTime: ({ context, event }) =>
      event.type === 'staff.refund' &&
      halfLeftMinor(context) > 0n &&
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
  initial: 'paying',
  on: { 'booking.abandon': { actions: 'noteQuiet' } },
  states: {
    paying: {
      description: 'Not paid yet. The timers run here, whatever happens inside.',
      meta: { label: 'To be paid', waitsFor: 'patient', targetMinutes: 1440 },
      initial: 'opening',
      after: {
        paymentReminder: {
          guard: 'hasCheckout',
          actions: { type: 'sendMessage', params: paymentReminder },
        },
        paymentLifetime: [
          {
            guard: 'hasCheckout',
            target: 'settling',
            actions: { type: 'noteCause', params: { cause: 'lifetime' } },
          },
          { target: 'lapsed' },
        ],
      },
      on: {
        'booking.abandon': [
          {
            guard: 'hasCheckout',
            target: 'abandoning',
            actions: ['noteQuiet', { type: 'noteCause', params: { cause: 'withdrawn' } }],
          },
          { target: 'lapsed', actions: 'noteQuiet' },
        ],
      },
      states: {
        opening: {
          description: 'A checkout is being opened at the payment provider.',
          meta: { label: 'Opening the checkout', waitsFor: 'provider', targetMinutes: 5 },
          tags: ['waiting-for-provider'],
          invoke: {
            id: 'openCheckout',
            src: 'openCheckout',
            input: checkoutOrder,
            onDone: [
              {
                guard: 'wasSaidPaid',
                target: 'awaiting.checking',
                actions: { type: 'keepCheckout', params: outputOf },
              },
              {
                target: 'awaiting',
                actions: [
                  { type: 'keepCheckout', params: outputOf },
                  { type: 'sendMessage', params: paymentLink },
                ],
              },
            ],
            onError: {
              target: '#booking.held',
              actions: { type: 'noteHeld', params: { heldFor: 'checkout-not-opened' } },
            },
          },
          on: {
            // The provider opened it, we missed its answer and ask again; meanwhile the patient paid by a link from staff.
            'payment.notified': { actions: 'noteNotice' },
          },
        },
        awaiting: {
          description: 'The patient has a link that can be paid.',
          meta: { label: 'Awaiting payment', waitsFor: 'patient', targetMinutes: 1440 },
          entry: ['countRecord', { type: 'recordBooking', params: asAwaiting }, 'tellSettled'],
          initial: 'waiting',
          after: {
            linkLifetime: { target: 'lastLook' },
          },
          states: {
            waiting: {
              description: 'Nothing heard yet, or nothing that decides.',
              meta: { label: 'Waiting for the payment', waitsFor: 'patient', targetMinutes: 1440 },
              tags: ['waiting-for-patient'],
              on: {
                'payment.notified': [
                  { guard: 'isAboutThis', target: 'checking', actions: 'noteNotice' },
                  {
                    guard: 'saysPaid',
                    target: '#booking.held',
                    actions: [
                      'noteNotice',
                      { type: 'noteHeld', params: { heldFor: 'other-checkout' } },
                    ],
                  },
                ],
                'staff.resume': { target: 'checking' },
              },
            },
            checking: {
              description:
                'A webhook spoke of money; the provider itself is asked before anything is believed.',
              meta: { label: 'Checking the payment', waitsFor: 'provider', targetMinutes: 5 },
              tags: ['waiting-for-provider'],
              invoke: {
                id: 'checkPayment',
                src: 'readPayment',
                input: paymentReference,
                onDone: [
                  {
                    guard: { type: 'isSuspected', params: outputOf },
                    target: '#booking.held',
                    actions: [
                      { type: 'keepPayment', params: outputOf },
                      { type: 'noteHeld', params: { heldFor: 'payment-suspected' } },
                    ],
                  },
                  {
                    guard: { type: 'isReturned', params: outputOf },
                    target: '#booking.refunded',
                    actions: { type: 'keepPayment', params: outputOf },
                  },
                  {
                    guard: { type: 'isPaidRight', params: outputOf },
                    target: '#booking.paid',
                    actions: { type: 'keepPayment', params: outputOf },
                  },
                  {
                    guard: { type: 'isPaidWrong', params: outputOf },
                    target: '#booking.held',
                    actions: [
                      { type: 'keepPayment', params: outputOf },
                      { type: 'noteHeld', params: { heldFor: 'payment-differs' } },
                    ],
                  },
                  {
                    guard: { type: 'isExpiredButRenewable', params: outputOf },
                    target: '#booking.paying.linkExpired',
                  },
                  {
                    guard: { type: 'isExpired', params: outputOf },
                    target: '#booking.lapsed',
                  },
                  {
                    guard: { type: 'isExpiredButSaidPaid', params: outputOf },
                    target: '#booking.held',
                    actions: { type: 'noteHeld', params: { heldFor: 'payment-differs' } },
                  },
                  { target: 'waiting' },
                ],
                onError: {
                  target: '#booking.held',
                  actions: { type: 'noteHeld', params: { heldFor: 'payment-not-readable' } },
                },
              },
              on: {
                // What is being read may be older than this word, so it is read again.
                'payment.notified': {
                  guard: 'isAboutThis',
                  target: 'checking',
                  reenter: true,
                  actions: 'noteNotice',
                },
              },
            },
          },
        },
        lastLook: {
          description: 'The link is over. A look at the provider, in case its webhook never came.',
          meta: { label: 'Looking at the old link', waitsFor: 'provider', targetMinutes: 5 },
          tags: ['waiting-for-provider'],
          invoke: {
            id: 'lookAgain',
            src: 'readPayment',
            input: paymentReference,
            onDone: [
              {
                guard: { type: 'isSuspected', params: outputOf },
                target: '#booking.held',
                actions: [
                  { type: 'keepPayment', params: outputOf },
                  { type: 'noteHeld', params: { heldFor: 'payment-suspected' } },
                ],
              },
              {
                guard: { type: 'isReturned', params: outputOf },
                target: '#booking.refunded',
                actions: { type: 'keepPayment', params: outputOf },
              },
              {
                guard: { type: 'isPaidRight', params: outputOf },
                target: '#booking.paid',
                actions: { type: 'keepPayment', params: outputOf },
              },
              {
                guard: { type: 'isPaidWrong', params: outputOf },
                target: '#booking.held',
                actions: [
                  { type: 'keepPayment', params: outputOf },
                  { type: 'noteHeld', params: { heldFor: 'payment-differs' } },
                ],
              },
              {
                guard: { type: 'isUnsettled', params: outputOf },
                target: 'awaiting',
              },
              { target: 'linkExpired' },
            ],
            onError: {
              target: '#booking.held',
              actions: { type: 'noteHeld', params: { heldFor: 'payment-not-readable' } },
            },
          },
          on: {
            'payment.notified': { target: 'lastLook', reenter: true, actions: 'noteNotice' },
          },
        },
        linkExpired: {
          description: 'The link ran out unpaid. The patient may ask for another one.',
          meta: { label: 'Link expired', waitsFor: 'patient', targetMinutes: 1440 },
          tags: ['waiting-for-patient'],
          entry: { type: 'sendMessage', params: linkRenewal },
          on: {
            'booking.renew': { target: 'opening', actions: ['countAttempt', 'restartLifetime'] },
            'payment.notified': { target: 'lastLook', actions: 'noteNotice' },
          },
        },
      },
    },
    abandoning: {
      description: 'The patient withdrew. The open checkout is closed, so that nobody pays it.',
      meta: { label: 'Closing the checkout', waitsFor: 'provider', targetMinutes: 5 },
      tags: ['waiting-for-provider'],
      invoke: {
        id: 'closeCheckout',
        src: 'closeCheckout',
        input: paymentReference,
        onDone: { target: 'settling' },
        onError: { target: 'settling' },
      },
      on: { 'payment.notified': { actions: 'noteNotice' } },
    },
    settling: {
      description:
        'The time is over. One last look at the provider, in case its webhook never came.',
      meta: { label: 'Last look at the payment', waitsFor: 'provider', targetMinutes: 5 },
      tags: ['waiting-for-provider'],
      invoke: {
        id: 'settlePayment',
        src: 'readPayment',
        input: paymentReference,
        onDone: [
          {
            guard: { type: 'isSuspected', params: outputOf },
            target: 'held',
            actions: [
              { type: 'keepPayment', params: outputOf },
              { type: 'noteHeld', params: { heldFor: 'payment-suspected' } },
            ],
          },
          {
            guard: { type: 'isReturned', params: outputOf },
            target: 'refunded',
            actions: { type: 'keepPayment', params: outputOf },
          },
          {
            guard: { type: 'isPaidRightButLate', params: outputOf },
            target: 'held',
            actions: [
              { type: 'keepPayment', params: outputOf },
              { type: 'noteHeld', params: { heldFor: 'paid-late' } },
            ],
          },
          {
            guard: { type: 'isPaidRight', params: outputOf },
            target: 'paid',
            actions: { type: 'keepPayment', params: outputOf },
          },
          {
            guard: { type: 'isPaidWrong', params: outputOf },
            target: 'held',
            actions: [
              { type: 'keepPayment', params: outputOf },
              { type: 'noteHeld', params: { heldFor: 'payment-differs' } },
            ],
          },
          {
            guard: { type: 'isUnsettled', params: outputOf },
            target: 'held',
            actions: { type: 'noteHeld', params: { heldFor: 'payment-unsettled' } },
          },
          { target: 'lapsed' },
        ],
        onError: {
          target: 'held',
          actions: { type: 'noteHeld', params: { heldFor: 'payment-not-readable' } },
        },
      },
      on: {
        'payment.notified': { target: 'settling', reenter: true, actions: 'noteNotice' },
      },
    },
    held: {
      description:
        'Something does not add up. Staff look: on resume the provider is asked again, or what was paid goes back.',
      meta: { label: 'Payment held for staff', waitsFor: 'staff', targetMinutes: 60 },
      tags: ['with-staff'],
      entry: ['countRecord', { type: 'recordBooking', params: asHeld }, 'tellHeld'],
      on: {
        'payment.notified': [
          { guard: 'isLate', target: 'settling', actions: 'noteNotice' },
          { guard: 'isAboutThis', target: 'paying.awaiting.checking', actions: 'noteNotice' },
          { actions: 'noteNotice' },
        ],
        'staff.resume': [
          {
            guard: 'hasCheckout',
            target: 'paying.awaiting.checking',
            actions: ['noteNotice', 'acceptLate'],
          },
          { target: 'paying', actions: ['noteNotice', 'restartLifetime'] },
        ],
        'staff.refund': [
          { guard: 'refundsMoreThanIsLeft' },
          { guard: 'refundsByStaffDecision', target: 'returning', actions: 'beginRefund' },
          { guard: 'refundsAllInTime', target: 'returning', actions: 'beginRefund' },
        ],
        'staff.refunded': { guard: 'hasCheckout', target: 'settling', actions: 'noteNotice' },
        'booking.abandon': [
          { guard: 'hasCheckout', target: 'abandoning', actions: ['noteQuiet', 'noteNotice'] },
          { target: 'lapsed', actions: ['noteQuiet', 'noteNotice'] },
        ],
      },
    },
    returning: {
      description: 'What was paid, but not as ordered, goes back.',
      meta: { label: 'Giving money back', waitsFor: 'provider', targetMinutes: 15 },
      tags: ['waiting-for-provider'],
      entry: { type: 'tellUnsettled', params: { why: 'refunding' } },
      invoke: {
        id: 'returnPayment',
        src: 'refundPayment',
        input: refundOrder,
        onDone: { target: 'settling', actions: { type: 'keepRefund', params: outputOf } },
        onError: {
          target: 'held',
          actions: { type: 'noteHeld', params: { heldFor: 'refund-failed' } },
        },
      },
    },
    paid: {
      description: 'Paid as ordered, by the word of the provider.',
      meta: { label: 'Paid', waitsFor: 'nobody', targetMinutes: null },
      tags: ['confirmed'],
      initial: 'confirmed',
      always: [
        { guard: 'isUnannounced', actions: ['publishPaid', 'tellConfirmed', 'noteAnnounced'] },
        { guard: 'hasUntoldRefundInQuiet', actions: ['tellRefunded', 'noteRefundTold'] },
        {
          guard: 'hasUntoldRefund',
          actions: ['tellRefunded', { type: 'sendMessage', params: refundNews }, 'noteRefundTold'],
        },
      ],
      states: {
        confirmed: {
          description: 'Nothing is to be done, unless the provider or staff say something.',
          meta: { label: 'Paid and confirmed', waitsFor: 'nobody', targetMinutes: null },
          entry: ['countRecord', { type: 'recordBooking', params: asConfirmed }, 'tellSettled'],
          always: { guard: 'isDisputed', target: 'disputed' },
          on: {
            'payment.notified': { target: 'checking', actions: 'noteNotice' },
            'staff.resume': { target: 'checking', actions: 'noteNotice' },
            'staff.refunded': { target: 'checking', actions: 'noteNotice' },
            'staff.refund': [
              {
                guard: 'refundsWhileDisputed',
                target: 'refundHeld',
                actions: { type: 'noteHeld', params: { heldFor: 'refund-while-disputed' } },
              },
              {
                guard: 'refundsMoreThanIsLeft',
                target: 'refundHeld',
                actions: { type: 'noteHeld', params: { heldFor: 'refund-too-much' } },
              },
              {
                guard: 'refundsByStaffDecision',
                target: 'refunding',
                actions: ['noteNotice', 'beginRefund'],
              },
              {
                guard: 'refundsAllInTime',
                target: 'refunding',
                actions: ['noteNotice', 'beginRefund'],
              },
              {
                guard: 'refundsHalfInTime',
                target: 'refunding',
                actions: ['noteNotice', 'beginRefund'],
              },
              {
                target: 'refundHeld',
                actions: { type: 'noteHeld', params: { heldFor: 'refund-outside-rules' } },
              },
            ],
          },
        },
        checking: {
          description: 'Something changed at the provider; it is asked what.',
          meta: { label: 'Checking the payment', waitsFor: 'provider', targetMinutes: 5 },
          tags: ['waiting-for-provider'],
          invoke: {
            id: 'recheckPayment',
            src: 'readPayment',
            input: paymentReference,
            onDone: [
              {
                guard: { type: 'isReturned', params: outputOf },
                target: '#booking.refunded',
                actions: { type: 'keepPayment', params: outputOf },
              },
              {
                guard: { type: 'isPaidRight', params: outputOf },
                target: 'confirmed',
                actions: { type: 'keepPayment', params: outputOf },
              },
              {
                target: '#booking.held',
                actions: [
                  { type: 'keepPayment', params: outputOf },
                  { type: 'noteHeld', params: { heldFor: 'payment-differs' } },
                ],
              },
            ],
            onError: {
              target: 'refundHeld',
              actions: { type: 'noteHeld', params: { heldFor: 'payment-not-readable' } },
            },
          },
          on: {
            'payment.notified': { target: 'checking', reenter: true, actions: 'noteNotice' },
          },
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
            onDone: { target: 'checking', actions: { type: 'keepRefund', params: outputOf } },
            onError: {
              target: 'refundHeld',
              actions: { type: 'noteHeld', params: { heldFor: 'refund-failed' } },
            },
          },
          // Its own webhook is faster than its answer. What it says is read when the answer is there.
          on: { 'payment.notified': { actions: 'noteNotice' } },
        },
        refundHeld: {
          description:
            'A refund was not made, or the payment could not be read. Staff decide; on resume the provider is asked.',
          meta: { label: 'Refund held for staff', waitsFor: 'staff', targetMinutes: 60 },
          tags: ['with-staff'],
          entry: ['countRecord', { type: 'recordBooking', params: asHeld }, 'tellHeld'],
          on: {
            'payment.notified': { target: 'checking', actions: 'noteNotice' },
            'staff.resume': { target: 'checking', actions: 'noteNotice' },
            'staff.refunded': { target: 'checking', actions: 'noteNotice' },
            'staff.refund': [
              { guard: 'refundsWhileDisputed' },
              { guard: 'refundsMoreThanIsLeft' },
              {
                guard: 'refundsByStaffDecision',
                target: 'refunding',
                actions: ['noteNotice', 'beginRefund'],
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
            'payment.notified': { target: 'checking', actions: 'noteNotice' },
            'staff.resume': { target: 'checking', actions: 'noteNotice' },
          },
        },
      },
    },
    refunded: {
      description: 'All of it went back. A refund may still fail at the bank.',
      meta: { label: 'Refunded', waitsFor: 'nobody', targetMinutes: null },
      entry: ['countRecord', { type: 'recordBooking', params: asRefunded }, 'tellSettled'],
      always: [
        { guard: 'hasUntoldRefundInQuiet', actions: ['tellRefunded', 'noteRefundTold'] },
        {
          guard: 'hasUntoldRefund',
          actions: ['tellRefunded', { type: 'sendMessage', params: refundNews }, 'noteRefundTold'],
        },
      ],
      on: {
        'payment.notified': { target: 'settling', actions: 'noteNotice' },
      },
    },
    lapsed: {
      description: 'Not paid in time. Late money still finds it.',
      meta: { label: 'Not paid in time', waitsFor: 'nobody', targetMinutes: null },
      entry: [
        'noteLapsed',
        'countRecord',
        { type: 'recordBooking', params: asLapsed },
        'tellLapsed',
        'tellSettled',
      ],
      on: {
        'payment.notified': { guard: 'hasCheckout', target: 'settling', actions: 'noteNotice' },
      },
    },
  },
});
