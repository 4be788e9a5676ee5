import { assign, sendParent, setup, type DoneActorEvent, type PromiseActorLogic } from 'xstate';

/** An integer count of minor units as a decimal string, with its ISO 4217 code. */
export interface Money {
  readonly amountMinor: string;
  readonly currency: string;
}

/** Whom messages of this booking go to. At least one is there. */
export interface Recipient {
  readonly phone?: string;
  readonly userId?: string;
}

/** Times are ISO 8601 with offset, everywhere in this file. */
export interface BookingInput {
  readonly caseId: string;
  readonly bookingId: string;
  readonly recipient: Recipient;
  readonly lang: string;
  readonly total: Money;
  /** Shown on the provider's page. Nothing about health. */
  readonly title: string;
  /** When the patient accepted: the checkout's lifetime counts from here. */
  readonly acceptedAt: string;
}

export interface CheckoutOrder {
  readonly caseId: string;
  readonly bookingId: string;
  readonly total: Money;
  readonly title: string;
  readonly expiresAt: string;
}

export interface Checkout {
  readonly provider: string;
  readonly checkoutId: string;
  readonly url: string;
  readonly expiresAt: string;
}

export interface CheckoutState {
  readonly checkoutId: string;
  readonly bookingId: string | null;
  readonly status: 'open' | 'paid' | 'unpaid' | 'expired';
  readonly total: Money;
  readonly paymentId: string | null;
}

/** Why staff have to look at a booking. Part of what staff see, so a name never changes. */
export type HeldFor =
  | 'checkout-not-opened'
  | 'payment-not-readable'
  | 'payment-differs'
  | 'payment-unsettled'
  | 'other-checkout';

interface BookingContext extends BookingInput {
  readonly checkout: Checkout | null;
  readonly paymentId: string | null;
  /** A signed webhook said "paid". From then on the booking may be confirmed or held, but never quietly lapse. */
  readonly saidPaid: boolean;
  readonly confirmed: boolean;
  readonly heldFor: HeldFor | null;
}

interface PaymentWord {
  readonly provider: string;
  readonly checkoutId: string;
  readonly bookingId: string;
  readonly at: string;
}

export type BookingEvent =
  | ({ readonly type: 'payment.succeeded'; readonly amount: Money } & PaymentWord)
  | ({ readonly type: 'payment.expired' } & PaymentWord)
  | ({ readonly type: 'payment.failed' } & PaymentWord)
  | { readonly type: 'staff.resume'; readonly at: string };

export interface BookingOutput {
  readonly outcome: 'confirmed' | 'lapsed';
  readonly bookingId: string;
  readonly checkoutId: string | null;
  readonly paymentId: string | null;
}

interface Message {
  readonly recipient: Recipient;
  readonly lang: string;
  readonly text: 'payment.link' | 'payment.reminder';
  readonly values: { readonly url: string; readonly title: string; readonly total: Money };
  /** The patient was last heard then, or later. */
  readonly heardAt: string;
  readonly purpose: 'service';
}

interface StateMeta {
  readonly label: string;
  readonly waitsFor: 'patient' | 'provider' | 'staff' | 'nobody';
  /** How long a case may stand here before staff should look; null where time does not matter. */
  readonly targetMinutes: number | null;
}

interface Seen {
  readonly context: BookingContext;
}

const hour = 60 * 60 * 1_000; // ms

/**
 * Providers take at most 24 h from *their* now. One hour less leaves room for a queue and for clocks that
 * differ; ours never runs out first, because the machine waits `paymentLifetime` before its last look.
 */
const checkoutLifetime = 23 * hour;

const initialContext = ({ input }: { input: BookingInput }): BookingContext => ({
  ...input,
  checkout: null,
  paymentId: null,
  saidPaid: false,
  confirmed: false,
  heldFor: null,
});

const checkoutOrder = ({ context }: Seen): CheckoutOrder => ({
  caseId: context.caseId,
  bookingId: context.bookingId,
  total: context.total,
  title: context.title,
  expiresAt: new Date(Date.parse(context.acceptedAt) + checkoutLifetime).toISOString(),
});

const checkoutRead = ({ context }: Seen): { checkoutId: string } => ({
  checkoutId: context.checkout?.checkoutId ?? '',
});

const message = (context: BookingContext, text: Message['text']): Message => ({
  recipient: context.recipient,
  lang: context.lang,
  text,
  values: { url: context.checkout?.url ?? '', title: context.title, total: context.total },
  heardAt: context.acceptedAt,
  purpose: 'service',
});

// The transition's own action runs before the entry of its target, so `checkout` is there when the link is sent.
const paymentLink = ({ context }: Seen): Message => message(context, 'payment.link');
const paymentReminder = ({ context }: Seen): Message => message(context, 'payment.reminder');

const outputOf = <Output>({ event }: { event: DoneActorEvent<Output> }): Output => event.output;

const bookingOutput = ({ context }: Seen): BookingOutput => ({
  outcome: context.confirmed ? 'confirmed' : 'lapsed',
  bookingId: context.bookingId,
  checkoutId: context.checkout?.checkoutId ?? null,
  paymentId: context.paymentId,
});

const sameMoney = (one: Money, other: Money): boolean =>
  one.amountMinor === other.amountMinor && one.currency === other.currency;

const isRight = (context: BookingContext, state: CheckoutState): boolean =>
  state.checkoutId === context.checkout?.checkoutId &&
  state.bookingId === context.bookingId &&
  sameMoney(state.total, context.total);

/**
 * One booking, from the accepted offer to the paid one: opens a checkout, sends its link, waits, and believes
 * in money only when the provider itself says so. Ends `confirmed` or `lapsed`; anything in doubt is held for staff.
 */
export const bookingMachine = setup({
  types: {} as {
    context: BookingContext;
    events: BookingEvent;
    input: BookingInput;
    output: BookingOutput;
    meta: StateMeta;
    tags: 'waiting-for-patient' | 'waiting-for-provider' | 'with-staff' | 'confirmed';
  },
  actors: {
    openCheckout: {} as PromiseActorLogic<Checkout, CheckoutOrder>,
    readCheckout: {} as PromiseActorLogic<CheckoutState, { checkoutId: string }>,
  },
  actions: {
    sendMessage: (_args, _message: Message) => {}, // The host performs it.
    keepCheckout: assign((_, checkout: Checkout) => ({ checkout, heldFor: null })),
    keepPayment: assign((_, { paymentId }: CheckoutState) => ({
      paymentId,
      confirmed: true,
      heldFor: null,
    })),
    noteSaidPaid: assign({ saidPaid: true }),
    noteHeld: assign((_, { heldFor }: { heldFor: HeldFor }) => ({ heldFor })),
    // A fresh lifetime: the old one may be over by the time staff come to it.
    restartLifetime: assign(({ event }) =>
      event.type === 'staff.resume' ? { acceptedAt: event.at } : {},
    ),
    tellParentHeld: sendParent(({ context }) => ({
      type: 'booking.held',
      bookingId: context.bookingId,
      heldFor: context.heldFor,
    })),
  },
  guards: {
    isThisCheckout: ({ context, event }) =>
      'checkoutId' in event && event.checkoutId === context.checkout?.checkoutId,
    isPaidRight: ({ context }, state: CheckoutState) =>
      state.status === 'paid' && isRight(context, state),
    isPaidWrong: ({ context }, state: CheckoutState) =>
      state.status === 'paid' && !isRight(context, state),
    isExpired: ({ context }, state: CheckoutState) =>
      state.status === 'expired' && !context.saidPaid,
    isExpiredButSaidPaid: ({ context }, state: CheckoutState) =>
      state.status === 'expired' && context.saidPaid,
    // "unpaid" is a payment under way (a bank debit takes days), so it isn't over.
    isUnsettled: ({ context }, state: CheckoutState) =>
      state.status === 'unpaid' || context.saidPaid,
    hasCheckout: ({ context }) => context.checkout !== null,
    wasSaidPaid: ({ context }) => context.saidPaid,
  },
  delays: {
    paymentReminder: 20 * hour, // Within WhatsApp's 24 h after the patient's press; later free text is refused.
    paymentLifetime: 24 * hour,
  },
}).createMachine({
  id: 'booking',
  version: '1',
  description: 'One booking: a checkout, its payment, and what the provider says of it.',
  meta: { label: 'Booking', waitsFor: 'nobody', targetMinutes: null },
  context: initialContext,
  output: bookingOutput,
  initial: 'opening',
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
            target: 'awaitingPayment.checking',
            actions: { type: 'keepCheckout', params: outputOf },
          },
          {
            target: 'awaitingPayment',
            actions: [
              { type: 'keepCheckout', params: outputOf },
              { type: 'sendMessage', params: paymentLink },
            ],
          },
        ],
        onError: {
          target: 'held',
          actions: { type: 'noteHeld', params: { heldFor: 'checkout-not-opened' } },
        },
      },
      on: {
        // The provider opened it, we missed its answer and ask again; meanwhile the patient paid by a link from staff.
        'payment.succeeded': { actions: 'noteSaidPaid' },
      },
    },
    awaitingPayment: {
      description:
        'The patient has the link. The timers run here, whatever the provider says meanwhile.',
      meta: { label: 'Awaiting payment', waitsFor: 'patient', targetMinutes: 1440 },
      initial: 'waiting',
      after: {
        paymentReminder: { actions: { type: 'sendMessage', params: paymentReminder } },
        paymentLifetime: { target: 'settling' },
      },
      states: {
        waiting: {
          description: 'Nothing heard yet, or nothing that decides.',
          meta: { label: 'Waiting for the payment', waitsFor: 'patient', targetMinutes: 1440 },
          tags: ['waiting-for-patient'],
          on: {
            'payment.succeeded': [
              { guard: 'isThisCheckout', target: 'checking', actions: 'noteSaidPaid' },
              {
                target: '#booking.held',
                actions: [
                  'noteSaidPaid',
                  { type: 'noteHeld', params: { heldFor: 'other-checkout' } },
                ],
              },
            ],
            'payment.expired': { guard: 'isThisCheckout', target: 'checking' },
            'payment.failed': { guard: 'isThisCheckout', target: 'checking' },
          },
        },
        checking: {
          description:
            'A webhook spoke of money; the provider itself is asked before anything is believed.',
          meta: { label: 'Checking the payment', waitsFor: 'provider', targetMinutes: 5 },
          tags: ['waiting-for-provider'],
          invoke: {
            id: 'checkPayment',
            src: 'readCheckout',
            input: checkoutRead,
            onDone: [
              {
                guard: { type: 'isPaidRight', params: outputOf },
                target: '#booking.confirmed',
                actions: { type: 'keepPayment', params: outputOf },
              },
              {
                guard: { type: 'isPaidWrong', params: outputOf },
                target: '#booking.held',
                actions: { type: 'noteHeld', params: { heldFor: 'payment-differs' } },
              },
              { guard: { type: 'isExpired', params: outputOf }, target: '#booking.lapsed' },
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
            'payment.succeeded': { target: 'checking', reenter: true, actions: 'noteSaidPaid' },
          },
        },
      },
    },
    settling: {
      description:
        'The lifetime is over. One last look at the provider, in case its webhook never came.',
      meta: { label: 'Last look at the payment', waitsFor: 'provider', targetMinutes: 5 },
      tags: ['waiting-for-provider'],
      invoke: {
        id: 'settlePayment',
        src: 'readCheckout',
        input: checkoutRead,
        onDone: [
          {
            guard: { type: 'isPaidRight', params: outputOf },
            target: 'confirmed',
            actions: { type: 'keepPayment', params: outputOf },
          },
          {
            guard: { type: 'isPaidWrong', params: outputOf },
            target: 'held',
            actions: { type: 'noteHeld', params: { heldFor: 'payment-differs' } },
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
        'payment.succeeded': { target: 'settling', reenter: true, actions: 'noteSaidPaid' },
      },
    },
    held: {
      description: 'Something does not add up. Staff look; on resume the provider is asked again.',
      meta: { label: 'Payment held for staff', waitsFor: 'staff', targetMinutes: 60 },
      tags: ['with-staff'],
      entry: 'tellParentHeld',
      on: {
        'payment.succeeded': [
          { guard: 'isThisCheckout', target: 'awaitingPayment.checking', actions: 'noteSaidPaid' },
          { actions: 'noteSaidPaid' },
        ],
        'staff.resume': [
          { guard: 'hasCheckout', target: 'awaitingPayment.checking' },
          { target: 'opening', actions: 'restartLifetime' },
        ],
      },
    },
    confirmed: {
      description: 'Paid in full, by the word of the provider.',
      meta: { label: 'Paid and confirmed', waitsFor: 'nobody', targetMinutes: null },
      tags: ['confirmed'],
      type: 'final',
    },
    lapsed: {
      description: 'Not paid in time.',
      meta: { label: 'Not paid in time', waitsFor: 'nobody', targetMinutes: null },
      type: 'final',
    },
  },
});
