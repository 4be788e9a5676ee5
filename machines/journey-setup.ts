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
import { answeredBySales } from './answers.ts';
import type {
  CaseOutcome,
  ConsentPurpose,
  FlightOffers,
  HandOverReason,
  TextKey,
  Trip,
} from './case-types.ts';
import type { Ask, FamilyEventOf, Say } from './family-types.ts';
import { isStillValid, offersUntil, summaries, tripKey } from './flight-offers.ts';
import {
  agreesToPick,
  bookedIndex,
  bookingAsked,
  choice,
  confirms,
  isThisBooking,
  offersSaid,
  otherChoice,
  pickAt,
  saleOf,
  wordedPick,
} from './journey-offer-rules.ts';
import {
  agrees,
  changeIn,
  confirmsIn,
  doubtsIn,
  isAnswered,
  isChange,
  isConfirmed,
  isPast,
  lacksAdults,
  lacksAges,
  lacksDates,
  lacksEarlier,
  lacksOrigin,
  lacksProcedure,
  nothingTold,
  partIn,
  pickedIn,
  questionAgain,
  questionOf,
  readBackOf,
  said,
  toldIn,
  toldOf,
  wantsNews,
  whichSaid,
  withDoubts,
  withOpened,
  withPicked,
  withoutTold,
} from './journey-rules.ts';
import type {
  Asking,
  Heard,
  JourneyContext,
  JourneyEvent,
  JourneyInput,
  JourneyOutput,
  Seen,
} from './journey-types.ts';
import type { StateMeta } from './money-types.ts';

const minute = 60 * 1_000; // ms
const hour = 60 * minute;
const day = 24 * hour;

/** The second miss goes to staff. */
const maxMisses = 2;

/** Card schemes give patients 120 days, and banks some more to tell us. */
const disputable = 150 * day;

export const initialContext = ({ input }: { input: JourneyInput }): JourneyContext => ({
  destination: input.destination,
  currency: input.currency,
  owesNothing: input.owesNothing,
  neverPaid: input.neverPaid,
  ...nothingTold,
  asking: null,
  readBack: { round: 0, since: 1, trip: null, procedure: null },
  confirmed: null,
  mayNameProcedure: false,
  misses: 0,
  review: 'unneeded',
  offers: { round: input.round, expiresAt: null, list: [] },
  picked: null,
  booking: null,
  isPayable: false,
  newsAt: null,
  ending: { outcome: 'lapsed', reason: null },
});

export const journeyOutput = ({ context }: Seen): JourneyOutput => ({
  ...context.ending,
  last: { destination: context.destination, trip: context.trip, booking: context.booking },
});

export const outputOf = <Output>({ event }: { event: DoneActorEvent<Output> }): Output =>
  event.output;

const say = (text: TextKey): Say => ({ type: 'say', text, values: {} });

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

/** What happens next, or why it takes so long. Who has paid hears it of the booking. */
const asksNext = ({ context, event }: Heard): boolean =>
  event.type === 'patient.said' &&
  event.intent === 'next' &&
  !event.isAside &&
  context.booking?.isConfirmed !== true;

const isForStaff = ({ event }: Pick<Heard, 'event'>): boolean =>
  event.type === 'patient.said' &&
  !event.late &&
  event.text !== null &&
  !['thanks', 'next', ...answeredBySales].includes(event.intent) &&
  !event.answersConsent;

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
    sayReview: sendParent(({ context }) =>
      say(context.review === 'declined' ? 'review.declined' : 'review.waiting'),
    ),
    /** What the clinic declined, staff tell. */
    sayWaiting: enqueued(({ context, enqueue }) => {
      if (context.review === 'needed') enqueue(sendParent(say('review.waiting')));
    }),
    remind: sendParent(say('intake.reminder')),
    sayNext: sendParent(say('intake.next')),
    askStaff: sendParent({ type: 'handOver', reason: 'question' }),
    sayText: sendParent((_, { text }: { text: TextKey }) => say(text)),
    /** The next question: it stays the one that is asked until another is, or none. */
    ask: enqueued(({ context, enqueue }, params) => {
      const { asking } = params as { asking: Asking };
      enqueue.assign({ asking });
      enqueue(sendParent(questionOf(context, asking)));
    }),
    askAgain: sendParent(({ context }) => questionAgain(context, false)),
    askPlainly: sendParent(({ context }) => questionAgain(context, true)),
    askForChoice: sendParent(({ context }): Ask => ({
      type: 'ask',
      question: 'offer',
      ...offersSaid(context, 'offer.list'),
      ...offersUntil(context.offers),
    })),
    /** Another flight than the booked one needs a word on what becomes of that. */
    askToBook: sendParent(({ context }) => bookingAsked(context)),
    unask: sendParent({ type: 'unask' }),
    stopAsking: assign({ asking: null }),
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
      const before = context.toldAt.procedure;
      const told = toldOf(context, event.details, event.at);
      const { messageId = '' } = event;
      const by = Object.keys(event.details).filter(
        (key) => told.toldAt[key as keyof Trip] === event.at,
      );
      enqueue.assign({
        ...told,
        toldBy: { ...context.toldBy, ...Object.fromEntries(by.map((key) => [key, messageId])) },
      });
      if ('procedure' in event.details && (told.toldAt.procedure !== before || before === event.at))
        enqueue(sendParent({ type: 'procedure.told' }));
    }),
    setDoubts: assign(withDoubts),
    openPart: assign(withOpened),
    /** Whatever the message changes: a part that is opened or picked, or something that is in doubt. */
    takeChange: assign(({ context, event }) => changeIn({ context, event })),
    setPart: assign(withPicked),
    setReadBack: assign(({ context }) => ({ readBack: readBackOf(context) })),
    setConfirmed: assign(({ context, event }) => {
      const key = tripKey(context.trip);
      return {
        confirmed: key === null ? null : { trip: key, procedure: context.trip.procedure },
        newsAt: said(event)?.at ?? null, // What follows is news enough for a minute.
        misses: 0,
      };
    }),
    setConsent: assign(({ event }) =>
      event.type === 'consent.changed' && event.purpose === 'health-data'
        ? { mayNameProcedure: event.status === 'given', misses: 0 }
        : { misses: 0 },
    ),
    /** The patient took the message back, or does not want to be arranged anything. */
    forgetTold: assign(({ context, event }) =>
      event.type === 'whatsapp.revoked' ? withoutTold(context, event.originalMessageId) : {},
    ),
    forgetTrip: assign({ ...nothingTold }),
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
      confirmed: null,
      misses: 0,
    })),
    /** A journey that slept is read back before anything is searched, without a day that is over. */
    forgetOldDate: assign(({ context, event }) => ({
      trip: isPast(context.trip.departDate, event)
        ? { ...context.trip, departDate: null, returnDate: null }
        : context.trip,
      confirmed: null,
      misses: 0,
    })),
    setReview: assign(({ event }) =>
      event.type === 'review.changed' ? { review: event.review } : {},
    ),

    // Offers and booking.
    setNews: assign(({ event }) => (event.type === 'patient.said' ? { newsAt: event.at } : {})),
    setOffers: enqueued(({ context, enqueue }, found) => {
      const { expiresAt, provider, isOrderable } = found as unknown as FlightOffers;
      const ordered = isOrderable === true ? { orderedAt: provider } : {};
      const round = context.offers.round + 1;
      const list = summaries(found as unknown as FlightOffers);
      const offers = { ...ordered, round, expiresAt, list };
      enqueue.assign({ offers, picked: null, newsAt: null, misses: 0 });
      enqueue(sendParent({ type: 'offers.made', round }));
    }),
    /** Chosen by its button, or by its bare number. */
    setChosen: assign(({ context, event }) => {
      const chosen = choice({ context, event });
      return { picked: pickAt(typeof chosen === 'number' ? chosen : null, event) };
    }),
    /** Picked, and still to be read back. */
    setWordedPick: assign(({ context, event }) => ({
      picked: pickAt(otherChoice({ context, event }), event),
      misses: 0,
    })),
    /** It counts from when the patient said yes to it. */
    timePick: assign(({ context: { picked }, event }) => ({
      picked: picked && { ...picked, at: said(event)?.at ?? picked.at },
    })),
    forgetPick: assign({ picked: null }),
    beginSale: enqueued(({ context, enqueue }) => {
      const sale = saleOf(context);
      if (sale === null) return;
      enqueue.assign({ picked: null, booking: sale.booking, isPayable: true, misses: 0 });
      enqueue(sendParent(sale.begun));
    }),
    setBookingId: assign(({ context, event }) =>
      event.type === 'sale.opened'
        ? { booking: context.booking && { ...context.booking, bookingId: event.bookingId } }
        : {},
    ),
    setPaid: assign(({ context, event }) => ({
      booking: context.booking && {
        ...context.booking,
        isConfirmed: true,
        paymentId: event.type === 'sale.confirmed' ? event.payment.paymentId : null,
      },
      isPayable: false,
    })),
    setUnpayable: assign({ isPayable: false }),
    /** Once it is paid, or where we order the flights, once they have tickets: before that nobody flies. */
    tellTrip: enqueued(({ context: { booking, trip }, event, enqueue }) => {
      if (booking === null) return;
      if (booking.isOrdered === true && event.type !== 'trip.ticketed') return;
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
    /** What was chosen before is not to be paid any more. Other bookings of the case are none of this. */
    giveUpBooking: enqueued(({ context: { booking, isPayable }, enqueue }) => {
      if (booking !== null && isPayable)
        enqueue(sendParent({ type: 'abandon', bookingId: booking.bookingId }));
    }),
    askForLink: enqueued(({ context: { booking }, event, enqueue }) => {
      const { at } = said(event) ?? {};
      if (booking !== null && at !== undefined)
        enqueue(sendParent({ type: 'link.wanted', bookingId: booking.bookingId, at }));
    }),
    setEnding: assign(({ event }, { outcome }: { outcome: CaseOutcome }) => ({
      ending: { outcome, reason: event.type === 'staff.close' ? event.reason : null },
    })),
  },
  guards: {
    isServiceAsked: ({ event }) => event.type === 'consent.asked' && event.purpose === 'service',
    isServiceGiven: ({ event }) =>
      event.type === 'consent.changed' && event.purpose === 'service' && event.status === 'given',
    isServiceRefused: ({ event }) =>
      event.type === 'consent.changed' && event.purpose === 'service' && event.status === 'refused',
    takesBackDetails: ({ context, event }) =>
      event.type === 'whatsapp.revoked' &&
      !isConfirmed(context) &&
      toldIn(context, event.originalMessageId).length > 0,
    isHealthDataRefused: ({ event }) =>
      event.type === 'consent.changed' &&
      event.purpose === 'health-data' &&
      event.status === 'refused',
    /** The read-back that is open now leaves out what it may name from here on. */
    mayNameMore: ({ context, event }) =>
      event.type === 'consent.changed' &&
      event.purpose === 'health-data' &&
      event.status === 'given' &&
      context.trip.procedure !== null,
    isAside: ({ event }) => said(event)?.isAside ?? true,
    saysSomethingElse: ({ event }) =>
      event.type === 'patient.said' &&
      (event.informs || event.intent === 'greeting' || event.intent === 'next'),
    asksNext,
    wantsToGoOn: ({ event }) => said(event)?.intent === 'next' || partIn(event) !== null,
    isFirstMiss: ({ context }) => context.misses + 1 < maxMisses,
    isForStaff,
    wantsAnswer: (seen) => isForStaff(seen) || asksNext(seen),
    wakes: ({ event }) => event.type === 'patient.said' && !event.late,

    awaitsReview: ({ context }) => context.review === 'needed' || context.review === 'declined',
    awaitsNoReview: ({ context }) => context.review === 'unneeded' || context.review === 'cleared',
    isDeclined: ({ context }) => context.review === 'declined',

    // What is known of the trip, and what the patient does about it.
    lacksOrigin: ({ context }) => lacksOrigin(context),
    lacksDates: ({ context }) => lacksDates(context),
    lacksEarlier: ({ context, event }) => lacksEarlier(context, event),
    lacksAdults: ({ context }) => lacksAdults(context),
    lacksAges: ({ context }) => lacksAges(context),
    lacksProcedure: ({ context }) => lacksProcedure(context),
    isUnconfirmed: ({ context }) => !isConfirmed(context),
    isAnswered: ({ context, event }) => isAnswered(context, event),
    isDoubtful: ({ context, event }) => doubtsIn(event).length > 0 && context.misses < maxMisses,
    asksWhich: ({ event }) => whichSaid(event) !== null,
    opensPart: ({ event }) => partIn(event) !== null,
    changesTrip: ({ context, event }) =>
      isChange({ context, event }) ||
      (doubtsIn(event).length > 0 && !(said(event)?.isAside ?? true)),
    changesPaidTrip: isChange,
    asksToChange: ({ event }) => said(event)?.buttonId === 'trip:change',
    picksPart: ({ context, event }) => pickedIn({ context, event }) !== null,
    confirms,
    pressesOldYes: ({ context, event }) => confirmsIn(context, event) === false,
    deniesReadBack: ({ context, event }) =>
      agrees(event, 'refuse') && tripKey(context.trip) === context.readBack.trip,
    wantsNews,
    tellsNothing: ({ context, event }) =>
      event.type === 'patient.said' &&
      (event.late || !event.informs) &&
      partIn(event) === null &&
      pickedIn({ context, event }) === null &&
      event.buttonId !== 'trip:change',

    // Offers and booking.
    hasOffers: (_, found: FlightOffers) => summaries(found).length > 0,
    accepts: ({ context, event }) => {
      const chosen = choice({ context, event });
      return (
        typeof chosen === 'number' && isStillValid(context.offers, chosen, said(event)?.at ?? '')
      );
    },
    acceptsTooLate: ({ context, event }) =>
      typeof choice({ context, event }) === 'number' || agreesToPick({ context, event }),
    /** None of the list can be had any more when it went. */
    areOffersOver: ({ context: { offers }, event }) => {
      const at = event.type === 'question.sent' ? event.at : null;
      return at !== null && offers.list.every((_, index) => !isStillValid(offers, index, at));
    },
    picksInWords: ({ context, event }) => wordedPick({ context, event }) !== null,
    agreesToPick: ({ context, event }) =>
      agreesToPick({ context, event }) &&
      isStillValid(context.offers, context.picked?.index ?? null, said(event)?.at ?? ''),
    agreesTooLate: ({ context, event }) =>
      agreesToPick({ context, event }) &&
      !isStillValid(context.offers, context.picked?.index ?? null, said(event)?.at ?? ''),
    deniesPick: ({ context, event }) => context.picked !== null && agrees(event, 'refuse'),
    declines: ({ context, event }) => choice({ context, event }) === 'none',
    pressesOldButton: ({ context, event }) => choice({ context, event }) === 'old',
    pressesOffer: ({ event }) => said(event)?.buttonId?.startsWith('offer:') ?? false,
    pressesPart: ({ event }) => /^(?:trip|place|day):/.test(said(event)?.buttonId ?? ''),
    choosesOther: ({ context, event }) => otherChoice({ context, event }) !== null,
    choosesSame: ({ context, event }) => {
      const chosen = choice({ context, event });
      return typeof chosen === 'number' && chosen === bookedIndex(context);
    },
    wantsLink: ({ event }) => said(event)?.intent === 'link',
    isPayable: ({ context }) => context.isPayable,
    isSettled: ({ context }) => !context.isPayable,
    isSettledForPick: ({ context }) => !context.isPayable && context.picked !== null,
    isThisBooking,
    isThisBookingGivenUp: ({ context, event }) =>
      isThisBooking({ context, event }) && (!isConfirmed(context) || context.picked !== null),
    isWhollyRefunded: ({ context, event }) =>
      event.type === 'sale.refunded' && event.isWhole && isThisBooking({ context, event }),
    wasNeverPaid: ({ context }) => context.neverPaid,
    owesNothing: ({ context }) => context.owesNothing,
  },
  delays: {
    // What a timer says is said within 23 h where it can be, so that free text still reaches the patient.
    reminder: 23 * hour,
    patience: 7 * day,
    // Whoever waits is told within the minute.
    slowSearch: 45_000,
    offerReminder: 20 * hour,
    offerLifetime: 23 * hour,
    unsentPatience: 3 * day,
    dormancy: 30 * day,
    aftercare: 30 * day,
    disputes: disputable,
  },
});
