import {
  assign,
  enqueueActions,
  sendParent,
  sendTo,
  setup,
  spawnChild,
  type ParameterizedObject,
} from 'xstate';

import type { bookingMachine } from './booking.ts';
import type { FamilyEventOf, Say } from './family-types.ts';
import type { invoiceMachine } from './invoice.ts';
import type { StateMeta } from './money-types.ts';
import {
  invoiceActorOf,
  isInDoubt,
  isToSettle,
  mayBeDisputed,
  owesNothing,
  resumedBy,
} from './money.ts';
import {
  answeringIn,
  asksOfSales,
  bookingChanged,
  bookingInput,
  bookingOf,
  creditsDue,
  differsFromBooks,
  initialContext,
  invoiceChanged,
  invoiceInput,
  invoicesOf,
  isOrdered,
  newestBookingId,
  nothingBought,
  refundNoted,
  renewedIn,
  saleOf,
  summaryOf,
  ticketingInput,
  ticketingOf,
  wordForAsker,
} from './sales-rules.ts';
import type { SalesContext, SalesEvent, SalesInput } from './sales-types.ts';
import type { ticketingMachine } from './ticketing.ts';

const day = 24 * 60 * 60 * 1_000; // ms

/** Card schemes give patients 120 days, and banks some more to tell us. */
const disputable = 150 * day;

/** `enqueueActions` with our types: inside `setup` it can't infer them while it infers the guards'. */
const enqueued = enqueueActions<
  SalesContext,
  SalesEvent,
  ParameterizedObject['params'] | undefined,
  SalesEvent,
  | { src: 'invoice'; logic: typeof invoiceMachine; id: string | undefined }
  | { src: 'ticketing'; logic: typeof ticketingMachine; id: string | undefined },
  never,
  never
>;

/** Said to the patient of a sale that is not the trip. */
const receipt = ({ context, event }: { context: SalesContext; event: SalesEvent }): Say => {
  const sold = context.bookings.find(({ bookingId }) => bookingId === bookingOf({ event }));
  if (sold === undefined) throw new Error('A receipt needs a booking');
  return {
    type: 'say',
    text: 'payment.received',
    values: { title: sold.title, total: sold.total },
  };
};
const lapseNews = (): Say => ({ type: 'say', text: 'payment.expired' });

/**
 * What is sold to the patient of one case, and who owes what: it begins a booking for each sale, and invoices and credit
 * notes for what was paid and given back. It lives as long as its case, whether the patient withdrew or not: then nothing
 * is sold any more, and what was paid is settled.
 */
export const salesMachine = setup({
  types: {} as {
    context: SalesContext;
    events: SalesEvent;
    input: SalesInput;
    meta: StateMeta;
    tags: 'with-staff' | 'refund-needed' | 'invoice-held';
  },
  actors: {
    // The machines beside this one, put in their places by the host.
    booking: {} as typeof bookingMachine,
    invoice: {} as typeof invoiceMachine,
    ticketing: {} as typeof ticketingMachine,
  },
  actions: {
    // Sales.
    beginSale: assign(saleOf),
    spawnBooking: spawnChild('booking', { id: newestBookingId, input: bookingInput }),
    /** Where we order the flights ourselves. */
    spawnTicketing: enqueued(({ context, event, enqueue }) => {
      const input = ticketingInput({ context, event });
      if (input !== null)
        enqueue.spawnChild('ticketing', { id: ticketingOf(input.bookingId), input });
    }),
    toTicketing: sendTo(
      ({ event }) => ticketingOf(bookingOf({ event })),
      ({ event }) => event,
    ),
    beginTicketing: enqueued(({ context, event, enqueue }) => {
      if (isOrdered({ context, event }))
        enqueue.sendTo(ticketingOf(bookingOf({ event })), { type: 'ticketing.begin' });
    }),
    stopTicketing: enqueued(({ context, event, enqueue }) => {
      if (event.type === 'booking.refunded' && event.isWhole && isOrdered({ context, event }))
        enqueue.sendTo(ticketingOf(event.bookingId), { type: 'ticketing.stop' });
    }),
    toBooking: sendTo(bookingOf, ({ event }) => event),
    /** As it is said since version 3. */
    toBookingAsNotice: sendTo(bookingOf, ({ event }) => ({
      type: 'payment.notified',
      provider: 'provider' in event ? event.provider : '',
      notice: event.type === 'payment.succeeded' ? 'paid' : 'failed',
      bookingId: bookingOf({ event }),
      checkoutId: 'checkoutId' in event ? event.checkoutId : null,
      paymentId: null,
      at: 'at' in event ? event.at : '',
    })),
    renewLink: sendTo(
      ({ context, event }) => renewedIn({ context, event }) ?? '',
      ({ event }) => ({ type: 'booking.renew', at: 'at' in event ? event.at : '' }),
    ),
    answer: sendTo(
      ({ context, event }) => answeringIn({ context, event }) ?? '',
      ({ context, event }) => wordForAsker({ context, event }),
    ),
    /** All of them, or the one that is named. */
    abandonBookings: enqueued(({ context, event, enqueue }) => {
      const { bookingId: named } = event.type === 'abandon' ? event : {};
      for (const { bookingId, isOrdered: hasTickets } of context.bookings) {
        if (named !== undefined && named !== bookingId) continue;
        enqueue.sendTo(bookingId, { type: 'booking.abandon' });
        if (hasTickets) enqueue.sendTo(ticketingOf(bookingId), { type: 'ticketing.stop' });
      }
    }),
    /** The trip that was chosen before the patient withdrew is none of the journey that begins anew. */
    forgetTrip: assign({ tripBookingId: null }),
    setQuotable: assign(({ event }) =>
      event.type === 'consent.changed' ? { mayQuote: event.status === 'given' } : {},
    ),
    forbidQuotes: assign({ mayQuote: false }),
    setContact: assign(({ event }) =>
      event.type === 'contact.changed'
        ? { phone: event.recipient.phone ?? null, lang: event.lang }
        : {},
    ),
    setPaid: assign(({ context, event }) =>
      bookingChanged(context, event, { status: 'paid', heldFor: null }),
    ),
    setChargedBack: assign(({ context, event }) =>
      bookingChanged(context, event, { status: 'chargedBack' }),
    ),
    setKept: assign(({ context, event }) => bookingChanged(context, event, { isKept: true })),
    setLapsed: assign(({ context, event }) => bookingChanged(context, event, { status: 'lapsed' })),
    setHeld: assign(({ context, event }) =>
      bookingChanged(context, event, { heldFor: 'heldFor' in event ? event.heldFor : null }),
    ),
    setSettled: assign(({ context, event }) => bookingChanged(context, event, { heldFor: null })),

    // Invoices.
    setBuyer: assign(({ event }) => (event.type === 'staff.billing' ? { buyer: event.buyer } : {})),
    setInvoice: assign(({ context, event }) => invoiceChanged(context, event)),
    setRefunded: assign(({ context, event }) => refundNoted(context, event)),
    toInvoice: sendTo(
      ({ event }) => invoiceActorOf('invoiceId' in event ? (event.invoiceId ?? '') : ''),
      ({ event }) => event,
    ),
    toHeldInvoices: enqueued(({ context, event, enqueue }) => {
      if (event.type !== 'staff.billing') return;
      const { buyer } = event;
      for (const { actorId, heldFor } of context.invoices)
        if (heldFor !== null) enqueue.sendTo(actorId, { type: 'invoice.buyer', buyer });
    }),
    /** One for what may be exempt, one for the rest. */
    beginInvoices: enqueued(({ context, event, enqueue }) => {
      const invoices = invoicesOf(context, event);
      if (invoices.length === 0) return;
      enqueue.assign({
        ...bookingChanged(context, event, { invoices: invoices.length }),
        invoices: [...context.invoices, ...invoices],
      });
      for (const invoice of invoices)
        enqueue.spawnChild('invoice', {
          id: invoice.actorId,
          input: invoiceInput(context, invoice, null),
        });
    }),
    /** A credit note names the invoice that it gives back, so it waits until that one stands. */
    beginCredits: enqueued(({ context, enqueue }) => {
      const { change, credits } = creditsDue(context);
      enqueue.assign(change);
      for (const { credit, credits: credited } of credits)
        enqueue.spawnChild('invoice', {
          id: credit.actorId,
          input: invoiceInput(context, credit, credited),
        });
    }),
    toResumed: enqueued(({ context, event, enqueue }) => {
      if (event.type !== 'staff.resume') return;
      for (const actorId of resumedBy(context, event)) enqueue.sendTo(actorId, event);
    }),

    // What the case is told.
    say: sendParent((_, what: Say) => what),
    /** What a booking says goes on as it is. */
    passOn: sendParent(({ event }) => event),
    handOver: sendParent((_, { reason }: Pick<FamilyEventOf<'handOver'>, 'reason'>) => ({
      type: 'handOver',
      reason,
    })),
    tellOpened: sendParent(({ context }) => ({
      type: 'sale.opened',
      bookingId: newestBookingId({ context }),
    })),
    tellConfirmed: sendParent(({ event }) => ({ ...event, type: 'sale.confirmed' })),
    tellLapsed: sendParent(({ event }) => ({
      type: 'sale.lapsed',
      bookingId: bookingOf({ event }),
    })),
    tellRefunded: sendParent(({ event }) => ({
      type: 'sale.refunded',
      bookingId: bookingOf({ event }),
      isWhole: event.type === 'booking.refunded' && event.isWhole,
    })),
    tellReopened: sendParent(({ event }) => ({
      type: 'reopened',
      message: event.type === 'reopen.wanted' ? event.message : null,
    })),
    tellChanged: sendParent(({ context }) => ({ type: 'sales.changed', ...summaryOf(context) })),
    setTold: assign(({ context }) => ({ told: summaryOf(context) })),
    setLeaving: assign(({ event }) => ({
      isLeaving: true,
      reason: event.type === 'staff.close' ? event.reason : null,
    })),
    tellOver: sendParent(({ context }) => ({ type: 'sales.over', reason: context.reason })),
  },
  guards: {
    mayQuote: ({ context }) => context.mayQuote,
    isOurBooking: ({ context, event }) =>
      context.bookings.some(({ bookingId }) => bookingId === bookingOf({ event })),
    isOurBookingOfOld: ({ context, event }) =>
      'checkoutId' in event &&
      context.bookings.some(({ bookingId }) => bookingId === bookingOf({ event })),
    isPaymentOfNobody: ({ event }) =>
      event.type === 'payment.notified' && event.notice !== 'returned',
    isOurInvoice: ({ context, event }) =>
      event.type === 'efatura.status.update' &&
      context.invoices.some(({ actorId }) => actorId === invoiceActorOf(event.invoiceId)),
    isOrdered,
    isQuote: ({ context, event }) => bookingOf({ event }) !== context.tripBookingId,
    isAboutService: ({ event }) => event.type === 'consent.changed' && event.purpose === 'service',
    asksOfSales,
    asksBooking: ({ context, event }) => answeringIn({ context, event }) !== null,
    asksInDoubt: ({ context, event }) =>
      answeringIn({ context, event }) !== null && differsFromBooks({ context, event }),
    wantsNewLink: ({ context, event }) => renewedIn({ context, event }) !== null,
    isInDoubt: ({ context }) => context.bookings.some(isInDoubt),
    isInNoDoubt: ({ context }) => !context.bookings.some(isInDoubt),
    isInvoiceHeld: ({ context }) => context.invoices.some(({ heldFor }) => heldFor !== null),
    isNoInvoiceHeld: ({ context }) => context.invoices.every(({ heldFor }) => heldFor === null),
    holdsMoney: ({ context }) => context.bookings.some(isToSettle),
    holdsNoMoney: ({ context }) => !context.bookings.some(isToSettle),
    owesNothing: ({ context }) => owesNothing(context),
    mayNotBeDisputed: ({ context }) => !mayBeDisputed(context),
    mayLeave: ({ context }) =>
      context.isLeaving && context.invoices.every(({ heldFor }) => heldFor === null),
    isNews: ({ context }) => {
      const { owesNothing: owes, neverPaid } = summaryOf(context);
      return owes !== context.told.owesNothing || neverPaid !== context.told.neverPaid;
    },
  },
  delays: {
    retention: ({ context }) => (mayBeDisputed(context) ? disputable : 30 * day),
  },
}).createMachine({
  id: 'sales',
  version: '4',
  description: 'What is sold to one patient: bookings, invoices, and who owes what.',
  meta: { label: 'Sales', waitsFor: 'nobody', targetMinutes: null },
  context: initialContext,
  initial: 'open',
  always: { guard: 'isNews', actions: ['tellChanged', 'setTold'] },
  on: {
    // What was paid has to be settled, and invoiced, whatever was withdrawn since.
    'payment.notified': [
      { guard: 'isOurBooking', actions: 'toBooking' },
      {
        guard: 'isPaymentOfNobody',
        actions: { type: 'handOver', params: { reason: 'payment-unknown' } },
      },
    ],
    'payment.succeeded': { guard: 'isOurBookingOfOld', actions: 'toBookingAsNotice' },
    'payment.failed': { guard: 'isOurBookingOfOld', actions: 'toBookingAsNotice' },
    'payment.expired': { guard: 'isOurBookingOfOld', actions: 'toBookingAsNotice' },
    'booking.confirmed': [
      {
        guard: 'isQuote',
        actions: ['setPaid', 'tellConfirmed', { type: 'say', params: receipt }, 'beginInvoices'],
      },
      { actions: ['setPaid', 'tellConfirmed', 'beginTicketing', 'beginInvoices'] },
    ],
    'booking.lapsed': [
      {
        guard: 'isQuote',
        actions: ['setLapsed', 'tellLapsed', { type: 'say', params: lapseNews }],
      },
      { actions: ['setLapsed', 'tellLapsed'] },
    ],
    'booking.held': {
      actions: ['setHeld', { type: 'handOver', params: { reason: 'booking-held' } }],
    },
    'booking.unsettled': { actions: 'setHeld' },
    'booking.settled': { actions: 'setSettled' },
    'booking.chargedBack': { actions: 'setChargedBack' },
    'booking.refunded': {
      actions: ['setRefunded', 'tellRefunded', 'stopTicketing', 'beginCredits'],
    },
    'invoice.held': { actions: 'setInvoice' },
    'invoice.settled': { actions: 'setInvoice' },
    'invoice.archived': { actions: ['setInvoice', 'beginCredits'] },
    'efatura.status.update': { guard: 'isOurInvoice', actions: 'toInvoice' },
    'travellers.given': { guard: 'isOrdered', actions: 'toTicketing' },
    'staff.orderFlights': { guard: 'isOrdered', actions: 'toTicketing' },
    'staff.ticketed': { guard: 'isOrdered', actions: 'toTicketing' },
    'travellers.wanted': { actions: 'passOn' },
    'trip.ticketed': { actions: 'passOn' },
    handOver: { actions: 'passOn' },
    'staff.refund': { guard: 'isOurBooking', actions: 'toBooking' },
    'staff.refunded': { guard: 'isOurBooking', actions: 'toBooking' },
    'staff.billing': { actions: ['setBuyer', 'toHeldInvoices'] },
    'staff.resume': { actions: 'toResumed' },
    'contact.changed': { actions: 'setContact' },
    say: { actions: 'passOn' },
  },
  states: {
    open: {
      description: 'Things are sold. A payment or an invoice may need staff.',
      meta: { label: 'Selling', waitsFor: 'nobody', targetMinutes: null },
      type: 'parallel',
      on: {
        'sale.begun': {
          actions: ['beginSale', 'spawnBooking', 'spawnTicketing', 'tellOpened'],
        },
        'staff.quote': { guard: 'mayQuote', actions: ['beginSale', 'spawnBooking'] },
        'consent.changed': { guard: 'isAboutService', actions: 'setQuotable' },
        'patient.said': [
          { guard: 'wantsNewLink', actions: 'renewLink' },
          {
            guard: 'asksInDoubt',
            actions: ['answer', { type: 'handOver', params: { reason: 'question' } }],
          },
          { guard: 'asksBooking', actions: 'answer' },
          { guard: 'asksOfSales', actions: { type: 'say', params: nothingBought } },
        ],
        'link.wanted': { guard: 'wantsNewLink', actions: 'renewLink' },
        abandon: { actions: 'abandonBookings' },
        withdrawn: { target: 'withdrawn' },
      },
      states: {
        payments: {
          description: 'Does a payment need a decision?',
          meta: { label: 'Payments', waitsFor: 'nobody', targetMinutes: null },
          initial: 'settled',
          states: {
            settled: {
              description: 'Nothing is in doubt.',
              meta: { label: 'Settled', waitsFor: 'nobody', targetMinutes: null },
              always: { guard: 'isInDoubt', target: 'refundDue' },
            },
            refundDue: {
              description:
                'A payment came late, differs, or is disputed: it stands, or goes back. Staff decide and say so.',
              meta: { label: 'Payment to settle', waitsFor: 'staff', targetMinutes: 1440 },
              tags: ['with-staff', 'refund-needed'],
              always: { guard: 'isInNoDoubt', target: 'settled' },
            },
          },
        },
        invoices: {
          description: 'Does an invoice need staff?',
          meta: { label: 'Invoices', waitsFor: 'nobody', targetMinutes: null },
          initial: 'settled',
          states: {
            settled: {
              description: 'Every invoice is on its way, or kept.',
              meta: { label: 'Settled', waitsFor: 'nobody', targetMinutes: null },
              always: { guard: 'isInvoiceHeld', target: 'withStaff' },
            },
            withStaff: {
              description:
                'An invoice lacks its buyer, is not valid, or was refused. Its booking says why.',
              meta: { label: 'Invoice to settle', waitsFor: 'staff', targetMinutes: 1440 },
              tags: ['invoice-held'],
              always: { guard: 'isNoInvoiceHeld', target: 'settled' },
            },
          },
        },
      },
    },
    withdrawn: {
      description: 'The patient withdrew: what is open is closed, and what was paid is settled.',
      meta: { label: 'Withdrawn', waitsFor: 'nobody', targetMinutes: null },
      entry: ['abandonBookings', 'forbidQuotes'],
      initial: 'deciding',
      on: {
        'staff.keep': { guard: 'isOurBooking', actions: 'setKept' },
        'staff.close': { guard: 'mayNotBeDisputed', target: '.leaving', actions: 'setLeaving' },
      },
      states: {
        deciding: {
          description: 'Is there money to settle?',
          meta: { label: 'Withdrawing', waitsFor: 'nobody', targetMinutes: null },
          always: [{ guard: 'holdsMoney', target: 'owing' }, { target: 'resting' }],
        },
        resting: {
          description:
            'Nothing to settle. A payment through a link sent before still finds the case.',
          meta: { label: 'Withdrawn', waitsFor: 'nobody', targetMinutes: null },
          always: [
            { guard: 'holdsMoney', target: 'owing' },
            { guard: 'isInvoiceHeld', target: 'invoiceHeld' },
          ],
          on: {
            'reopen.wanted': { target: '#sales.open', actions: ['forgetTrip', 'tellReopened'] },
          },
          after: { retention: { target: 'leaving', actions: 'setLeaving' } },
        },
        invoiceHeld: {
          description: 'An invoice lacks its buyer, is not valid, or was refused.',
          meta: { label: 'Withdrawn, invoice to settle', waitsFor: 'staff', targetMinutes: 1440 },
          tags: ['with-staff', 'invoice-held'],
          always: [
            { guard: 'holdsMoney', target: 'owing' },
            { guard: 'mayLeave', target: 'leaving' },
            { guard: 'isNoInvoiceHeld', target: 'resting' },
          ],
          on: {
            'reopen.wanted': { target: '#sales.open', actions: ['forgetTrip', 'tellReopened'] },
          },
        },
        leaving: {
          description: 'Its time is over. It ends as soon as no invoice is left to be settled.',
          meta: { label: 'Withdrawn, settling up', waitsFor: 'nobody', targetMinutes: null },
          always: [
            { guard: 'holdsMoney', target: 'owing' },
            { guard: 'isInvoiceHeld', target: 'invoiceHeld' },
            { guard: 'owesNothing', target: 'over', actions: 'tellOver' },
          ],
        },
        owing: {
          description:
            'The patient paid and withdrew: the money goes back, or staff say that it rightly stays.',
          meta: { label: 'Withdrawn, money to settle', waitsFor: 'staff', targetMinutes: 1440 },
          tags: ['with-staff', 'refund-needed'],
          always: { guard: 'holdsNoMoney', target: 'resting' },
        },
        over: {
          description: 'All is settled. The case ends by it.',
          meta: { label: 'All is settled', waitsFor: 'nobody', targetMinutes: null },
        },
      },
    },
  },
});
