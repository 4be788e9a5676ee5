import type {
  FlightOrder,
  FlightOrderReference,
  FlightOrderRequest,
} from '../actors/shapes/flight-orders.ts';
import type { FamilyEventOf, Say } from './family-types.ts';
import type {
  Seen,
  TicketingContext,
  TicketingHeldFor,
  TicketingInput,
} from './ticketing-types.ts';

// What machines/ticketing.ts decides by, and what it asks and says.

const minute = 60 * 1_000; // ms

export const initialContext = ({ input }: { input: TicketingInput }): TicketingContext => ({
  ...input,
  attempt: 1,
  upTo: null,
  standing: null,
  looks: 0,
  heldFor: null,
  isUnwanted: false,
});

const orderId = ({ bookingId, attempt }: TicketingContext): string => `${bookingId}-f${attempt}`;

export const orderToFind = ({ context }: Seen): FlightOrderRequest => ({
  orderId: orderId(context),
  bookingId: context.bookingId,
  ...context.order,
  expect: context.upTo ?? context.total,
});

export const orderToRead = ({ context }: Seen): FlightOrderReference => {
  const { standing, order } = context;
  if (standing?.state !== 'ordered') throw new Error('There is no order to read');
  return { orderId: orderId(context), provider: order.provider, orderRef: standing.orderRef };
};

/** After 10 s, a minute, 5 and 15 minutes, then each hour: some orders are there at once, others after hours. */
export const lookDelay = ({ context: { looks } }: Seen): number =>
  [10_000, minute, 5 * minute, 15 * minute][looks] ?? 60 * minute;

/** A ticket for each traveller. */
export const isTicketed = (order: FlightOrder | null): boolean =>
  order?.state === 'ordered' && order.tickets.length >= order.travellers;

export const refusalIn = ({ standing }: TicketingContext): TicketingHeldFor =>
  standing?.state === 'refused' ? standing.reason : 'not-ordered';

/** The airline did not take what they gave, or it is asked for the first time. */
export const firstAsking = ({
  context: { standing },
}: Seen): Pick<FamilyEventOf<'travellers.wanted'>, 'text'> => ({
  text: standing?.state === 'refused' ? 'travellers.wrong' : 'travellers.ask',
});

const say = ({ trip, bookingId }: TicketingContext, text: Say['text']): Say => ({
  type: 'say',
  text,
  values: { title: trip, bookingId: { reference: bookingId } },
});

/** Paid, and being ticketed: nothing else is true before there are tickets. */
export const ticketsDue = ({ context }: Seen): Say => say(context, 'trip.ticketing');
export const tripHeld = ({ context }: Seen): Say => say(context, 'trip.held');
export const ticketed = ({ context }: Seen): Say => {
  const { standing } = context;
  const told = say(context, 'trip.ticketed');
  return standing?.state === 'ordered'
    ? {
        ...told,
        values: { ...told.values, pnr: standing.pnr, tickets: standing.tickets.join(', ') },
      }
    : told;
};
