import * as v from 'valibot';

import { Airport, Count, Day, Text, Time, type Shape } from './basics.ts';
import { Currency, Money } from './money.ts';

export const FlightQuery = v.strictObject({
  origin: Airport,
  destination: Airport,
  /** Local to the airport. */
  departDate: Day,
  returnDate: v.exactOptional(Day),
  adults: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(9)),
  childrenAges: v.array(v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(17))),
  /** Wanted currency; a provider may answer in another. */
  currency: v.exactOptional(Currency),
});
export type FlightQuery = Shape<typeof FlightQuery>;

/** One flight. Times are local to its airports, without an offset: never make a `Date` of them. */
export const FlightSegment = v.object({
  carrier: Text,
  flightNumber: Text,
  from: Airport,
  to: Airport,
  departLocal: Text,
  arriveLocal: Text,
  durationMinutes: Count,
});
export type FlightSegment = Shape<typeof FlightSegment>;

/** Each way of a trip, with every flight of it. */
export const Legs = v.pipe(
  v.array(
    v.object({
      durationMinutes: Count,
      segments: v.pipe(v.array(FlightSegment), v.maxLength(8)),
    }),
  ),
  v.minLength(1),
  v.maxLength(4),
);
export type Legs = Shape<typeof Legs>;

export interface FlightOffer {
  /** Only meaningful to the provider that made it. */
  readonly id: string;
  readonly price: Money;
  /** ISO 8601 with offset; null where the provider does not say. Absent: as the whole answer. */
  readonly expiresAt?: string | null;
  readonly legs: Legs;
  readonly baggage?: Baggage;
}

export interface FlightOffers {
  readonly provider: string;
  /** ISO 8601 with offset; when the earliest of `offers` lapses, or null where the provider does not say. Each has its own. */
  readonly expiresAt: string | null;
  /** We order at this provider what is paid for; absent where a person does. */
  readonly isOrderable?: boolean;
  /** Cheapest first, at most 5, none of them over. Empty where nothing was found: an answer, and no error. */
  readonly offers: readonly FlightOffer[];
}

/** One flight, as a message shows it. Local times, without offset. */
const offerFlight = { flight: Text, from: Text, to: Text, departLocal: Text, arriveLocal: Text };
export const OfferFlight = v.object(offerFlight);
export type OfferFlight = Shape<typeof OfferFlight>;

/** One way of an offer, as a message shows it. */
export const OfferWay = v.object({
  ...offerFlight,
  stops: v.number(),
  /** Each flight of it, where there are several. */
  flights: v.exactOptional(v.pipe(v.array(OfferFlight), v.maxLength(8))),
});
export type OfferWay = Shape<typeof OfferWay>;

/** Pieces for each traveller; null where nobody says. */
export const Baggage = v.object({ carryOn: v.nullable(Count), checked: v.nullable(Count) });
export type Baggage = Shape<typeof Baggage>;

/** Who travels. Ages on the day of the flight. */
export const Party = v.strictObject({ adults: v.number(), childrenAges: v.array(v.number()) });
export type Party = Shape<typeof Party>;

/** An offer, as a message shows it: its first way. */
export const OfferLine = v.object({
  ...OfferWay.entries,
  /** For everybody who travels. */
  price: Money,
  /** The ways after the first: back again. */
  more: v.exactOptional(v.pipe(v.array(OfferWay), v.maxLength(3))),
  /** Its number in the list, where it stands alone. */
  number: v.exactOptional(v.number()),
  baggage: v.exactOptional(Baggage),
  party: v.exactOptional(Party),
});
export type OfferLine = Shape<typeof OfferLine>;

/** A trip as it was sold, as a message shows it: every flight of each way. */
export const SoldTrip = v.object({
  ways: v.pipe(v.array(OfferWay), v.minLength(1), v.maxLength(4)),
  party: v.exactOptional(Party),
  baggage: v.exactOptional(Baggage),
  /** While it is not paid. */
  payableUntil: v.exactOptional(Time),
});
export type SoldTrip = Shape<typeof SoldTrip>;
