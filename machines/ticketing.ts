import { assign, sendParent, setup, type DoneActorEvent, type ErrorActorEvent } from 'xstate';

import type { Effect } from '../actors/shapes/effects.ts';
import type { FlightOrder } from '../actors/shapes/flight-orders.ts';
import type { FamilyEventOf, Say } from './family-types.ts';
import type { StateMeta } from './money-types.ts';
import {
  firstAsking,
  initialContext,
  isTicketed,
  lookDelay,
  orderToFind,
  orderToRead,
  refusalIn,
  ticketed,
  ticketsDue,
  tripHeld,
} from './ticketing-rules.ts';
import type {
  TicketingContext,
  TicketingEvent,
  TicketingHeldFor,
  TicketingInput,
} from './ticketing-types.ts';

const hour = 60 * 60 * 1_000; // ms

/** After these it is a person's: the provider has had a day and more. */
const maxLooks = 28;

/** What airlines refuse three times, a person has to look at. */
const maxAttempts = 3;

const outputOf = <Output>({ event }: { event: DoneActorEvent<Output> }): Output => event.output;

/** The code of what an effect failed with, as the host tells it. */
const codeOf = ({ event }: { event: ErrorActorEvent }): string => {
  const { code } = (event.error ?? {}) as { code?: unknown };
  return typeof code === 'string' ? code : 'failed';
};

/**
 * The tickets of one trip: asks for its travellers once it is paid, orders its flights once they are given, and says so only when the
 * airline has issued a ticket for each. An order whose outcome nobody knows is looked for, and never made again but by a person.
 */
export const ticketingMachine = setup({
  types: {} as {
    context: TicketingContext;
    events: TicketingEvent;
    input: TicketingInput;
    meta: StateMeta;
    tags: 'awaiting-patient' | 'awaiting-provider' | 'held' | 'ticketed';
  },
  actors: {
    orderFlights: {} as Effect<'orderFlights'>,
    findFlightOrder: {} as Effect<'findFlightOrder'>,
    readFlightOrder: {} as Effect<'readFlightOrder'>,
  },
  actions: {
    say: sendParent((_, what: Say) => what),
    handOver: sendParent({ type: 'handOver', reason: 'flight-held' }),
    askForTravellers: sendParent(
      (
        { context: { bookingId, trip } },
        { text }: Pick<FamilyEventOf<'travellers.wanted'>, 'text'>,
      ): FamilyEventOf<'travellers.wanted'> => ({
        type: 'travellers.wanted',
        bookingId,
        trip,
        text,
      }),
    ),
    setOrder: assign((_, standing: FlightOrder | null) =>
      standing === null ? {} : { standing, heldFor: null },
    ),
    setByHand: assign(({ context, event }) =>
      event.type === 'staff.ticketed'
        ? {
            heldFor: null,
            standing: {
              state: 'ordered' as const,
              orderRef: '',
              pnr: event.pnr,
              total: context.upTo ?? context.total,
              tickets: event.tickets,
              travellers: event.tickets.length,
            },
          }
        : {},
    ),
    countLook: assign(({ context }) => ({ looks: context.looks + 1 })),
    countAttempt: assign(({ context, event }) => ({
      attempt: context.attempt + 1,
      looks: 0,
      heldFor: null,
      ...(event.type === 'staff.orderFlights' && event.upTo ? { upTo: event.upTo } : {}),
    })),
    hold: assign((_, { heldFor }: { heldFor: TicketingHeldFor }) => ({ heldFor })),
    holdRefused: assign(({ context }) => ({ heldFor: refusalIn(context) })),
    setUnwanted: assign({ isUnwanted: true }),
    tellTicketed: sendParent(({ context: { bookingId } }) => ({
      type: 'trip.ticketed',
      bookingId,
    })),
  },
  guards: {
    isTicketed: ({ context }) => isTicketed(context.standing),
    isTicketedInVain: ({ context }) => isTicketed(context.standing) && context.isUnwanted,
    isOrdered: ({ context }) => context.standing?.state === 'ordered',
    isRefused: ({ context }) => context.standing?.state === 'refused',
    isGivenUp: ({ context }) => context.standing?.state === 'refused' && context.isUnwanted,
    isHeldForTravellers: ({ context: { heldFor } }) =>
      heldFor === 'passenger-data' || heldFor === 'no-travellers',
    mayBeOrdered: ({ context: { heldFor } }) =>
      heldFor === 'order-unknown' || heldFor === 'tickets-late',
    /** By the host's word: it was not begun, or the provider said no, or that it did nothing. */
    wasNotOrdered: (_, code: string) =>
      [
        'not_permitted',
        'provider_refused',
        'provider_credentials_refused',
        'provider_busy',
      ].includes(code),
    /** What the travellers gave: they can correct it, some times. */
    isToBeCorrected: ({ context: { standing, attempt } }) =>
      standing?.state === 'refused' &&
      standing.reason === 'passenger-data' &&
      attempt < maxAttempts,
    isLookedForTooLong: ({ context }) => context.looks >= maxLooks,
  },
  delays: { reminder: 20 * hour, patience: 48 * hour, nextLook: lookDelay },
}).createMachine({
  id: 'ticketing',
  version: '1',
  description: 'The tickets of one trip: travellers, order, tickets.',
  meta: { label: 'Ticketing', waitsFor: 'nobody', targetMinutes: null },
  context: initialContext,
  initial: 'unpaid',
  on: {
    'trip.asked': { actions: { type: 'say', params: ticketsDue } },
    // While the provider is asked: it counts once that is known.
    'ticketing.stop': { actions: 'setUnwanted' },
  },
  states: {
    unpaid: {
      description: 'Nothing is ordered before it is paid, and nobody asked for a passport.',
      meta: { label: 'Not paid yet', waitsFor: 'nobody', targetMinutes: null },
      on: {
        'ticketing.begin': { target: 'travellers' },
        'ticketing.stop': { target: 'over' },
      },
    },
    travellers: {
      description: 'The patient gives the travellers’ passport data, on a page of its own.',
      meta: { label: 'Travellers asked for', waitsFor: 'patient', targetMinutes: 2880 },
      tags: ['awaiting-patient'],
      entry: { type: 'askForTravellers', params: firstAsking },
      on: {
        'travellers.given': { target: 'ordering' },
        'trip.asked': {
          actions: [
            { type: 'say', params: ticketsDue },
            { type: 'askForTravellers', params: { text: 'travellers.again' } },
          ],
        },
        'ticketing.stop': { target: 'over' },
        'staff.ticketed': { target: 'weighing', actions: 'setByHand' },
      },
      after: {
        reminder: {
          actions: { type: 'askForTravellers', params: { text: 'travellers.reminder' } },
        },
        // The bot goes on waiting; a person may call.
        patience: { actions: 'handOver' },
      },
    },
    ordering: {
      description: 'The offer is priced anew and ordered, for what was paid.',
      meta: { label: 'Ordering the flights', waitsFor: 'provider', targetMinutes: 10 },
      tags: ['awaiting-provider'],
      invoke: {
        id: 'orderFlights',
        src: 'orderFlights',
        input: orderToFind,
        onDone: { target: 'weighing', actions: { type: 'setOrder', params: outputOf } },
        onError: [
          {
            guard: { type: 'wasNotOrdered', params: codeOf },
            target: 'held',
            actions: { type: 'hold', params: { heldFor: 'not-ordered' } },
          },
          { target: 'unknown' },
        ],
      },
    },
    weighing: {
      description: 'What the provider says of the order is weighed, here and nowhere else.',
      meta: { label: 'Judging the order', waitsFor: 'nobody', targetMinutes: null },
      always: [
        { guard: 'isTicketedInVain', target: 'toGiveBack' },
        { guard: 'isTicketed', target: 'ticketed' },
        { guard: 'isOrdered', target: 'ordered' },
        { guard: 'isGivenUp', target: 'over' },
        { guard: 'isToBeCorrected', target: 'travellers', actions: 'countAttempt' },
        { guard: 'isRefused', target: 'held', actions: 'holdRefused' },
        { target: 'unknown' },
      ],
    },
    unknown: {
      description: 'It may be ordered. It is looked for again and again, and never ordered twice.',
      meta: { label: 'Order in doubt', waitsFor: 'provider', targetMinutes: 60 },
      tags: ['awaiting-provider'],
      always: {
        guard: 'isLookedForTooLong',
        target: 'held',
        actions: { type: 'hold', params: { heldFor: 'order-unknown' } },
      },
      after: { nextLook: { target: 'looking', actions: 'countLook' } },
    },
    looking: {
      description: 'Does the provider have our order?',
      meta: { label: 'Looking for the order', waitsFor: 'provider', targetMinutes: 10 },
      tags: ['awaiting-provider'],
      invoke: {
        id: 'findFlightOrder',
        src: 'findFlightOrder',
        input: orderToFind,
        onDone: { target: 'weighing', actions: { type: 'setOrder', params: outputOf } },
        onError: { target: 'unknown' },
      },
    },
    ordered: {
      description: 'The airline has the booking, and issues the tickets.',
      meta: { label: 'Waiting for the tickets', waitsFor: 'provider', targetMinutes: 60 },
      tags: ['awaiting-provider'],
      always: {
        guard: 'isLookedForTooLong',
        target: 'held',
        actions: { type: 'hold', params: { heldFor: 'tickets-late' } },
      },
      after: { nextLook: { target: 'reading', actions: 'countLook' } },
      on: { 'staff.ticketed': { target: 'weighing', actions: 'setByHand' } },
    },
    reading: {
      description: 'Are the tickets there?',
      meta: { label: 'Reading the order', waitsFor: 'provider', targetMinutes: 10 },
      tags: ['awaiting-provider'],
      invoke: {
        id: 'readFlightOrder',
        src: 'readFlightOrder',
        input: orderToRead,
        onDone: { target: 'weighing', actions: { type: 'setOrder', params: outputOf } },
        onError: { target: 'ordered' },
      },
    },
    ticketed: {
      description: 'Every traveller has a ticket: patient, clinic and case are told.',
      meta: { label: 'Ticketed', waitsFor: 'nobody', targetMinutes: null },
      tags: ['ticketed'],
      entry: [{ type: 'say', params: ticketed }, 'tellTicketed'],
      on: {
        'trip.asked': { actions: { type: 'say', params: ticketed } },
        // Money went back, or the patient withdrew: what becomes of the tickets, the fare decides, and a person.
        'ticketing.stop': { target: 'toGiveBack' },
      },
    },
    toGiveBack: {
      description:
        'There are tickets that nobody is to fly with: staff give them back as the fare allows.',
      meta: { label: 'Tickets to give back', waitsFor: 'staff', targetMinutes: 1440 },
      tags: ['held'],
      entry: 'handOver',
    },
    held: {
      description:
        'Not ordered, or nobody knows: staff order once more, for more money if need be, order by hand, or give the money back.',
      meta: { label: 'Flights held for staff', waitsFor: 'staff', targetMinutes: 60 },
      tags: ['held'],
      entry: ['handOver', { type: 'say', params: tripHeld }],
      on: {
        'trip.asked': { actions: { type: 'say', params: tripHeld } },
        'travellers.given': {
          guard: 'isHeldForTravellers',
          target: 'ordering',
          actions: 'countAttempt',
        },
        'staff.orderFlights': { target: 'ordering', actions: 'countAttempt' },
        'staff.ticketed': { target: 'weighing', actions: 'setByHand' },
        // What may be ordered is not over because nobody wants it any more.
        'ticketing.stop': [
          { guard: 'mayBeOrdered', target: 'toGiveBack', actions: 'setUnwanted' },
          { target: 'over' },
        ],
      },
    },
    over: {
      description: 'There are no tickets, and none are wanted.',
      meta: { label: 'Given up', waitsFor: 'nobody', targetMinutes: null },
    },
  },
});
