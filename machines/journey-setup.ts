import {
  assign,
  enqueueActions,
  sendParent,
  setup,
  type DoneActorEvent,
  type ParameterizedObject,
} from 'xstate';

import type { DocumentKind } from '../actors/shapes/documents.ts';
import type { Effect } from '../actors/shapes/effects.ts';
import type {
  CaseEvent,
  CaseOutcome,
  ConsentPurpose,
  FlightOffers,
  FlightQuery,
  HandOverReason,
  Question,
  TextKey,
  Trip,
  TripBooking,
} from './case-types.ts';
import type { Ask, ConsentChanged, FamilyEventOf, PatientSaid, Say } from './family-types.ts';
import {
  choiceIn,
  isStillValid,
  offerChoices,
  offerSummaries,
  summaries,
  tripKey,
  tripTitle,
  type OfferList,
} from './flight-offers.ts';
import type { StateMeta } from './money-types.ts';

export interface JourneyInput {
  readonly destination: string;
  readonly currency: string;
  /** Of the last list of flights that this case offered; 0 if there was none. */
  readonly round: number;
  /** What sales says of what the case sold before. */
  readonly owesNothing: boolean;
  readonly neverPaid: boolean;
}

export interface JourneyContext extends Omit<JourneyInput, 'round'> {
  readonly trip: Trip;
  /** When each detail was said. A message that comes late does not undo a later one. */
  readonly toldAt: { readonly [Key in keyof Trip]?: string };
  /** The trip that flights were last searched for. */
  readonly searched: string | null;
  /** Answers in a row that we did not understand. */
  readonly misses: number;
  /** What the clinic says. */
  readonly review: FamilyEventOf<'review.changed'>['review'];
  readonly offers: OfferList;
  readonly booking: TripBooking | null;
  readonly ending: Pick<JourneyOutput, 'outcome' | 'reason'>;
}

export interface JourneyOutput {
  readonly outcome: CaseOutcome;
  /** Staff's own words when they closed it. */
  readonly reason: string | null;
  /** What there was of the trip. */
  readonly last: {
    readonly destination: string;
    readonly trip: Trip;
    readonly booking: TripBooking | null;
  };
}

type JourneyEvent =
  | PatientSaid
  | ConsentChanged
  | FamilyEventOf<
      | 'consent.asked'
      | 'trip.told'
      | 'review.changed'
      | 'sale.opened'
      | 'sale.confirmed'
      | 'sale.lapsed'
      | 'sale.refunded'
      | 'sales.changed'
    >
  | Extract<
      CaseEvent,
      {
        readonly type: 'staff.resume' | 'staff.arrived' | 'staff.discharged' | 'staff.close';
      }
    >;

interface Seen {
  readonly context: JourneyContext;
}
interface Heard extends Seen {
  readonly event: JourneyEvent;
}

const hour = 60 * 60 * 1_000; // ms
const day = 24 * hour;

/** The second miss goes to staff. */
const maxMisses = 2;

/** Card schemes give patients 120 days, and banks some more to tell us. */
const disputable = 150 * day;

const emptyTrip: Trip = {
  procedure: null,
  origin: null,
  departDate: null,
  returnDate: null,
  adults: null,
  childrenAges: null,
  budget: null,
};

export const initialContext = ({ input }: { input: JourneyInput }): JourneyContext => ({
  destination: input.destination,
  currency: input.currency,
  owesNothing: input.owesNothing,
  neverPaid: input.neverPaid,
  trip: emptyTrip,
  toldAt: {},
  searched: null,
  misses: 0,
  review: 'unneeded',
  offers: { round: input.round, expiresAt: null, list: [] },
  booking: null,
  ending: { outcome: 'lapsed', reason: null },
});

export const journeyOutput = ({ context }: Seen): JourneyOutput => ({
  ...context.ending,
  last: { destination: context.destination, trip: context.trip, booking: context.booking },
});

export const flightQuery = ({ context: { trip, destination, currency } }: Seen): FlightQuery => ({
  origin: trip.origin ?? '',
  destination,
  departDate: trip.departDate ?? '',
  ...(trip.returnDate === null ? {} : { returnDate: trip.returnDate }),
  adults: trip.adults ?? 1,
  childrenAges: trip.childrenAges ?? [],
  currency,
});

export const outputOf = <Output>({ event }: { event: DoneActorEvent<Output> }): Output =>
  event.output;

// What is said. One function for each, so that the config names it.

const say = (text: TextKey, values: Say['values'] = {}): Say => ({ type: 'say', text, values });

export const searching = ({ context: { trip, destination } }: Seen): Say =>
  say('flights.searching', {
    origin: trip.origin ?? '',
    destination,
    date: trip.departDate ?? '',
  });
export const noFlights = ({ context: { trip } }: Seen): Say =>
  say('flights.none', { date: trip.departDate ?? '' });
export const bookingConfirmed = ({ context: { booking } }: Seen): Say => {
  if (booking === null) throw new Error('A confirmation needs a booking');
  const { bookingId, offer } = booking;
  return say('booking.confirmed', { bookingId, title: tripTitle(offer), total: offer.price });
};
const offersSaid = ({ offers }: JourneyContext, text: TextKey): Omit<Say, 'type'> => ({
  text,
  values: { offers: offerSummaries(offers) },
  choices: offerChoices(offers),
});
export const offersShown = ({ context }: Seen): Say => ({
  type: 'say',
  ...offersSaid(context, 'offer.list'),
});
export const offerReminder = ({ context }: Seen): Say => ({
  type: 'say',
  ...offersSaid(context, 'offer.reminder'),
});

const said = (event: JourneyEvent): PatientSaid | null =>
  event.type === 'patient.said' ? event : null;

const choice = ({ context, event }: Heard): ReturnType<typeof choiceIn> => {
  const words = said(event);
  return words === null ? null : choiceIn(context.offers, words);
};

const isThisBooking = ({ context, event }: Heard): boolean =>
  'bookingId' in event && event.bookingId === context.booking?.bookingId;

/** `enqueueActions` with our types: inside `setup` it can't infer them while it infers the guards'. */
const enqueued = enqueueActions<
  JourneyContext,
  JourneyEvent,
  ParameterizedObject['params'] | undefined,
  JourneyEvent,
  never,
  never,
  never
>;

/** What the journey does and asks; its states are in journey.ts. */
export const journeySetup = setup({
  types: {} as {
    context: JourneyContext;
    events: JourneyEvent;
    input: JourneyInput;
    output: JourneyOutput;
    meta: StateMeta;
    tags: 'waiting-for-patient' | 'waiting-for-provider' | 'clinical-review' | 'confirmed';
  },
  actors: { searchFlights: {} as Effect<'searchFlights'> },
  actions: {
    say: sendParent((_, what: Say) => what),
    sayText: sendParent((_, { text }: { text: TextKey }) => say(text)),
    ask: sendParent((_, { question, text }: { question: Question; text: TextKey }): Ask => ({
      type: 'ask',
      question,
      text,
    })),
    askForChoice: sendParent(({ context }): Ask => ({
      type: 'ask',
      question: 'offer',
      ...offersSaid(context, 'offer.list'),
    })),
    unask: sendParent({ type: 'unask' }),
    handOver: sendParent((_, { reason }: { reason: HandOverReason }) => ({
      type: 'handOver',
      reason,
    })),
    needConsent: sendParent((_, { purpose }: { purpose: ConsentPurpose }) => ({
      type: 'consent.needed',
      purpose,
    })),
    askForDocument: sendParent((_, { kind }: { kind: DocumentKind }) => ({
      type: 'document.wanted',
      kind,
    })),
    countMiss: assign(({ context }) => ({ misses: context.misses + 1 })),
    forgetMisses: assign({ misses: 0 }),

    // The trip.
    setTrip: enqueued(({ context, event, enqueue }) => {
      if (event.type !== 'trip.told') return;
      const { details, at } = event;
      const news = Object.entries(details).filter(([key]) => {
        const before = context.toldAt[key as keyof Trip];
        return before === undefined || Date.parse(at) >= Date.parse(before);
      });
      const toldAt = Object.fromEntries(news.map(([key]) => [key, at]));
      enqueue.assign({
        trip: { ...context.trip, ...Object.fromEntries(news) },
        toldAt: { ...context.toldAt, ...toldAt },
      });
      if ('procedure' in toldAt) enqueue(sendParent({ type: 'procedure.told' }));
    }),
    forgetProcedure: enqueued(({ context, enqueue }) => {
      enqueue.assign({ trip: { ...context.trip, procedure: null } });
      enqueue(sendParent({ type: 'procedure.forgotten' }));
    }),
    forgetDepartDate: assign(({ context, event }) => ({
      trip: { ...context.trip, departDate: null, returnDate: null },
      toldAt: {
        ...context.toldAt,
        ...(event.type === 'patient.said' ? { departDate: event.at, returnDate: event.at } : {}),
      },
      searched: null,
      misses: 0,
    })),
    /** The date of a journey that slept is over, unless this message says another. */
    forgetOldDate: assign(({ context, event }) => {
      const isNew = event.type === 'patient.said' && context.toldAt.departDate === event.at;
      return {
        trip: isNew ? context.trip : { ...context.trip, departDate: null, returnDate: null },
        searched: null,
        misses: 0,
      };
    }),
    setReview: assign(({ event }) =>
      event.type === 'review.changed' ? { review: event.review } : {},
    ),

    // Offers and booking.
    setSearched: assign(({ context }) => ({ searched: tripKey(context.trip) })),
    setOffers: enqueued(({ context, enqueue }, found) => {
      const { expiresAt } = found as unknown as FlightOffers;
      const round = context.offers.round + 1;
      const list = summaries(found as unknown as FlightOffers);
      enqueue.assign({ offers: { round, expiresAt, list }, misses: 0 });
      enqueue(sendParent({ type: 'offers.made', round }));
    }),
    beginSale: enqueued(({ context, event, enqueue }) => {
      const chosen = choice({ context, event });
      const offer = typeof chosen === 'number' ? context.offers.list[chosen] : undefined;
      if (offer === undefined || event.type !== 'patient.said') return;
      enqueue.assign({
        offers: { ...context.offers, list: [] }, // Nothing else of the list is needed.
        booking: {
          bookingId: '', // Sales gives it one, with its answer.
          offer,
          acceptedAt: event.at,
          isConfirmed: false,
          paymentId: null,
        },
        misses: 0,
      });
      const title = tripTitle(offer);
      enqueue(
        sendParent({
          type: 'sale.begun',
          kind: 'trip',
          title,
          lines: [{ kind: 'travel', description: title, quantity: 1, gross: offer.price }],
          beginsOn: context.trip.departDate,
          at: event.at,
        } satisfies FamilyEventOf<'sale.begun'>),
      );
    }),
    setBookingId: assign(({ context, event }) =>
      event.type === 'sale.opened'
        ? { booking: context.booking && { ...context.booking, bookingId: event.bookingId } }
        : {},
    ),
    setConfirmed: assign(({ context, event }) => ({
      booking: context.booking && {
        ...context.booking,
        isConfirmed: true,
        paymentId: event.type === 'sale.confirmed' ? event.payment.paymentId : null,
      },
    })),
    tellTrip: enqueued(({ context: { booking, trip }, enqueue }) => {
      if (booking === null) return;
      const { bookingId, offer } = booking;
      enqueue(
        sendParent({
          type: 'trip.confirmed',
          booking: {
            bookingId,
            adults: trip.adults ?? 1,
            children: trip.childrenAges?.length ?? 0,
          },
          flights: offer.legs,
          total: offer.price,
        } satisfies FamilyEventOf<'trip.confirmed'>),
      );
    }),
    setSales: assign(({ event }) =>
      event.type === 'sales.changed'
        ? { owesNothing: event.owesNothing, neverPaid: event.neverPaid }
        : {},
    ),
    abandon: sendParent({ type: 'abandon' }),
    setEnding: assign(({ event }, { outcome }: { outcome: CaseOutcome }) => ({
      ending: { outcome, reason: event.type === 'staff.close' ? event.reason : null },
    })),
  },
  guards: {
    isServiceAsked: ({ event }) => event.type === 'consent.asked' && event.purpose === 'service',
    isServiceGiven: ({ event }) =>
      event.type === 'consent.changed' && event.purpose === 'service' && event.status === 'given',
    isHealthDataRefused: ({ event }) =>
      event.type === 'consent.changed' &&
      event.purpose === 'health-data' &&
      event.status === 'refused',
    isAside: ({ event }) => said(event)?.isAside ?? true,
    saysSomethingElse: ({ event }) =>
      event.type === 'patient.said' && (event.informs || event.intent === 'greeting'),
    isFirstMiss: ({ context }) => context.misses + 1 < maxMisses,
    isForStaff: ({ event }) =>
      event.type === 'patient.said' &&
      !event.late &&
      event.text !== null &&
      event.intent !== 'thanks' &&
      !event.answersConsent,
    wakes: ({ event }) => event.type === 'patient.said' && !event.late,

    awaitsReview: ({ context }) => context.review === 'needed' || context.review === 'declined',
    awaitsNoReview: ({ context }) => context.review === 'unneeded' || context.review === 'cleared',
    isDeclined: ({ context }) => context.review === 'declined',

    lacksOrigin: ({ context }) => context.trip.origin === null,
    lacksDepartDate: ({ context }) => context.trip.departDate === null,
    lacksAdults: ({ context }) => context.trip.adults === null,
    knowsOrigin: ({ context }) => context.trip.origin !== null,
    knowsDepartDate: ({ context }) => context.trip.departDate !== null,
    knowsAdults: ({ context }) => context.trip.adults !== null,
    isAnotherTrip: ({ context: { trip, searched } }) =>
      tripKey(trip) !== null && tripKey(trip) !== searched,
    hasOffers: (_, found: FlightOffers) => summaries(found).length > 0,
    accepts: ({ context, event }) =>
      event.type === 'patient.said' &&
      typeof choice({ context, event }) === 'number' &&
      isStillValid(context.offers, event),
    acceptsTooLate: ({ context, event }) => typeof choice({ context, event }) === 'number',
    declines: ({ context, event }) => choice({ context, event }) === 'none',
    pressesOldButton: ({ context, event }) => choice({ context, event }) === 'old',

    isThisBooking,
    isWhollyRefunded: ({ context, event }) =>
      event.type === 'sale.refunded' && event.isWhole && isThisBooking({ context, event }),
    wasNeverPaid: ({ context }) => context.neverPaid,
    owesNothing: ({ context }) => context.owesNothing,
  },
  delays: {
    // What a timer says is said within 23 h where it can be, so that free text still reaches the patient.
    reminder: 23 * hour,
    patience: 7 * day,
    offerReminder: 20 * hour,
    offerLifetime: 23 * hour,
    dormancy: 30 * day,
    aftercare: 30 * day,
    disputes: disputable,
  },
});
