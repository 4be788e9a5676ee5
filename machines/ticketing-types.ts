import type { FlightOrder } from '../actors/shapes/flight-orders.ts';
import type { SoldTrip } from './flight-types.ts';
import type { Money, TripToOrder } from './money-types.ts';

/** What starts the ticketing of a trip that was chosen. */
export interface TicketingInput {
  readonly bookingId: string;
  /** What is to be paid, and may be spent then. */
  readonly total: Money;
  /** As messages show it. */
  readonly trip: SoldTrip;
  readonly order: TripToOrder;
}

/** Why staff have to look at flights. Part of what staff see, so a name never changes. */
export type TicketingHeldFor =
  | Extract<FlightOrder, { readonly state: 'refused' }>['reason']
  | 'not-ordered'
  | 'order-unknown'
  | 'tickets-late';

/** What the ticketing of a trip remembers. */
export interface TicketingContext extends TicketingInput {
  /** How often it was ordered; makes the orders' ids. */
  readonly attempt: number;
  /** What it may cost where staff said so, instead of the total. */
  readonly upTo: Money | null;
  /** What the provider said last of the order; null before. */
  readonly standing: FlightOrder | null;
  /** How often it was looked for since it was ordered. */
  readonly looks: number;
  readonly heldFor: TicketingHeldFor | null;
  /** Nobody wants it any more, heard while the provider was asked. */
  readonly isUnwanted: boolean;
}

/** What it hears. */
export type TicketingEvent =
  /** The trip is paid. */
  | { readonly type: 'ticketing.begin' }
  /** The form for the travellers was filled in: who they are is kept elsewhere. */
  | { readonly type: 'travellers.given'; readonly bookingId: string }
  /** The patient asks for their trip. */
  | { readonly type: 'trip.asked' }
  /** All of it went back, or the patient withdrew. */
  | { readonly type: 'ticketing.stop' }
  | { readonly type: 'staff.orderFlights'; readonly bookingId: string; readonly upTo?: Money }
  | {
      readonly type: 'staff.ticketed';
      readonly bookingId: string;
      readonly pnr: string;
      readonly tickets: readonly string[];
    };

export interface Seen {
  readonly context: TicketingContext;
}
