import * as v from 'valibot';

import { Id, Text, type Shape } from './basics.ts';
import { Money } from './money.ts';

/** An offer that was paid for, to be ordered for the travellers that its form was filled in for. */
export const FlightOrderRequest = v.strictObject({
  /** `{bookingId}-f{n}`: ours. It goes to the provider, and is what an order is looked for by. */
  orderId: Id,
  bookingId: Id,
  /** Who made the offer. */
  provider: Id,
  offerId: Id,
  /** What it may cost: what was paid for it, or more where staff said so. */
  expect: Money,
});
export type FlightOrderRequest = Shape<typeof FlightOrderRequest>;

/** An order that the provider has, to be read again. */
export const FlightOrderReference = v.strictObject({
  orderId: Id,
  provider: Id,
  /** The provider's own id. */
  orderRef: Id,
});
export type FlightOrderReference = Shape<typeof FlightOrderReference>;

/** Why nothing was bought. Part of what staff see, so a name never changes. */
export const flightRefusals = [
  'offer-gone',
  'price-changed',
  'schedule-changed',
  'passenger-data',
  'no-travellers',
  'balance',
  'airline-refused',
  'not-supported',
] as const;
export type FlightRefusal = (typeof flightRefusals)[number];

/** What a provider says of an order. */
export type FlightOrder =
  | {
      readonly state: 'ordered';
      readonly orderRef: string;
      /** The airline's booking reference. */
      readonly pnr: string;
      readonly total: Money;
      /** Numbers of the tickets, in the order of the travellers; fewer than they are: not all are issued yet. */
      readonly tickets: readonly string[];
      readonly travellers: number;
    }
  /** Perhaps bought: to be looked for, never to be ordered again. */
  | { readonly state: 'pending' }
  /** Certainly not bought. */
  | {
      readonly state: 'refused';
      readonly reason: FlightRefusal;
      /** The provider's own code. */
      readonly code: string | null;
      /** With `price-changed`: what it costs now. */
      readonly now: Money | null;
    };

/** What staff ordered by hand. */
export const HandMadeTickets = v.object({
  pnr: v.pipe(Text, v.maxLength(20)),
  tickets: v.pipe(v.array(v.pipe(Text, v.maxLength(40))), v.minLength(1), v.maxLength(9)),
});
