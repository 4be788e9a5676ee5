import type { TextKey } from './case-types.ts';
import type { Ask, FamilyEventOf, Say } from './family-types.ts';
import {
  choiceIn,
  offerChoices,
  offerId,
  offerSummaries,
  orderOf,
  pickIn,
  soldTrip,
  tripKey,
  tripTitle,
} from './flight-offers.ts';
import { agrees, confirmsIn, said, whichSaid } from './journey-rules.ts';
import type { Heard, JourneyContext, JourneyEvent, Seen } from './journey-types.ts';

// What is said of flights, and what the patient chooses of them. One function for each sentence, so that the config names it.

const say = (text: TextKey, values: Say['values'] = {}): Say => ({ type: 'say', text, values });

export const bookingConfirmed = ({ context: { booking, trip } }: Seen): Say => {
  if (booking === null) throw new Error('A confirmation needs a booking');
  const { bookingId, offer } = booking;
  return say('booking.confirmed', {
    bookingId: { reference: bookingId },
    title: soldTrip(offer, trip),
    total: offer.price,
  });
};
/** What was paid is no more what the patient wants: it arrived, and staff see to the rest. */
export const oldBookingPaid = ({ context: { booking, trip } }: Seen): Say => {
  if (booking === null) throw new Error('A receipt needs a booking');
  const { offer } = booking;
  return say('payment.received', { title: soldTrip(offer, trip), total: offer.price });
};
export const offersSaid = ({ offers, trip }: JourneyContext, text: TextKey): Omit<Say, 'type'> => ({
  text,
  values: { offers: offerSummaries(offers, trip) },
  choices: offerChoices(offers),
});
export const offersShown = ({ context }: Seen): Say => ({
  type: 'say',
  ...offersSaid(context, 'offer.list'),
});
export const offersOld = ({ context }: Seen): Say =>
  context.offers.list.length === 0
    ? say('offer.gone')
    : { type: 'say', ...offersSaid(context, 'offer.old') };
export const offerReminder = ({ context }: Seen): Say => ({
  type: 'say',
  ...offersSaid(context, 'offer.reminder'),
});
export const whichMeant = ({ event }: Heard): Say => whichSaid(event) ?? say('intake.dates');

export const choice = ({ context, event }: Heard): ReturnType<typeof choiceIn> => {
  const words = said(event);
  return words === null ? null : choiceIn(context.offers, words);
};

/** Picked in words that may be read in more than one way, or while staff talk with the patient: it is read back. */
export const wordedPick = ({ context, event }: Heard): number | null => {
  const words = said(event);
  return words === null || words.buttonId !== null ? null : pickIn(context.offers, words);
};

/** Yes to the trip as it was read back, by its button or in words. */
export const confirms = ({ context, event }: Heard): boolean => {
  const { readBack, trip } = context;
  const procedure = context.mayNameProcedure ? trip.procedure : null;
  return (
    tripKey(trip) === readBack.trip &&
    (readBack.procedure === null || procedure === null || procedure === readBack.procedure) &&
    (confirmsIn(context, event) ?? agrees(event, 'agree'))
  );
};

/** The flight of the list that is booked now. */
export const bookedIndex = ({ offers, booking, isPayable }: JourneyContext): number =>
  isPayable ? offers.list.findIndex(({ id }) => id === booking?.offer.id) : -1;

/** Another flight of the newest list than the booked one, however it was chosen. */
export const otherChoice = ({ context, event }: Heard): number | null => {
  const chosen = choice({ context, event });
  const index = typeof chosen === 'number' ? chosen : wordedPick({ context, event });
  return index === null || index === bookedIndex(context) ? null : index;
};

/** The patient said yes to the flight that was read back: by its own button, or in words. */
export const agreesToPick = ({ context, event }: Heard): boolean =>
  context.picked !== null &&
  (agrees(event, 'agree') || choice({ context, event }) === context.picked.index);

export const isThisBooking = ({ context, event }: Heard): boolean =>
  'bookingId' in event && event.bookingId === context.booking?.bookingId;

/** A flight of the list, and when it was chosen. */
export const pickAt = (index: number | null, event: JourneyEvent): JourneyContext['picked'] =>
  index === null ? null : { index, at: said(event)?.at ?? '' };

/** Reads back the flight that was picked. If another one is booked, with a word on what becomes of that. */
export const bookingAsked = (context: JourneyContext): Ask => {
  const { offers, booking, picked, isPayable, trip } = context;
  const offer = picked === null ? undefined : offers.list[picked.index];
  if (offer === undefined || picked === null) throw new Error('No flight is picked');
  const shown = offerSummaries({ list: [offer] }, trip).map((one) => ({
    ...one,
    number: picked.index + 1,
  }));
  const asked = { type: 'ask', question: 'confirm' } as const;
  if (!isPayable || booking === null)
    return {
      ...asked,
      text: 'offer.confirm',
      values: { offers: shown },
      choices: [offerId(offers, picked.index), offerId(offers, 'none')],
    };
  const booked = bookedIndex(context);
  return {
    ...asked,
    text: 'offer.change',
    values: { offers: shown, title: soldTrip(booking.offer, trip) },
    choices: [offerId(offers, picked.index), ...(booked < 0 ? [] : [offerId(offers, booked)])],
  };
};

/** What is sold with the flight that was picked, and what stays known of it; null where none is. */
export const saleOf = (
  context: JourneyContext,
): {
  readonly booking: NonNullable<JourneyContext['booking']>;
  readonly begun: FamilyEventOf<'sale.begun'>;
} | null => {
  const { offers, picked, trip } = context;
  const offer = picked === null ? undefined : offers.list[picked.index];
  if (offer === undefined || picked === null) return null;
  const { at } = picked;
  const title = tripTitle(offer);
  const order = orderOf(offers, offer, trip);
  return {
    booking: {
      bookingId: '', // Sales gives it one, with its answer.
      offer,
      acceptedAt: at,
      isConfirmed: false,
      ...(order && { isOrdered: true }),
      paymentId: null,
    },
    begun: {
      type: 'sale.begun',
      kind: 'trip',
      title,
      trip: soldTrip(offer, trip),
      ...(order && { order }),
      lines: [{ kind: 'travel', description: title, quantity: 1, gross: offer.price }],
      beginsOn: trip.departDate,
      at,
    },
  };
};
