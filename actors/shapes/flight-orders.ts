import * as v from 'valibot';

import { Count, Country, Day, Id, Text, Time, type Shape } from './basics.ts';
import { FlightQuery, Legs } from './flights.ts';
import { Money } from './money.ts';

/**
 * A name as the passport's Latin line has it. Airlines take ASCII, Latin-1 and Latin Extended-A letters, but for those that are
 * two letters; anything else is asked for again, never transliterated by us.
 */
export const PassportName = v.pipe(
  v.string(),
  v.trim(),
  v.regex(/^(?![^]*[ÆæĲĳŒœÞþÐð×÷])[A-Za-z\u00C0-\u017F][A-Za-z\u00C0-\u017F '-]{0,39}$/u),
);

/** One traveller, as the passport says. Never in a snapshot, a log or a text to the patient. */
export const Traveller = v.strictObject({
  givenName: PassportName,
  familyName: PassportName,
  bornOn: Day,
  sex: v.picklist(['f', 'm']),
  passport: v.strictObject({
    number: v.pipe(v.string(), v.regex(/^[A-Z0-9]{5,20}$/)),
    issuingCountry: Country,
    expiresOn: Day,
  }),
});
export type Traveller = Shape<typeof Traveller>;

/** The travellers of a trip: adults first, then children from the eldest to the youngest. */
export const Travellers = v.pipe(v.array(Traveller), v.minLength(1), v.maxLength(9));
export type Travellers = Shape<typeof Travellers>;

/** What is ordered: the offer that was paid for, and where its travellers are kept. */
export const FlightOrderRequest = v.strictObject({
  /** `{bookingId}-f{n}`: deterministic, goes to the provider as our reference. */
  orderId: Id,
  bookingId: Id,
  provider: Id,
  offerId: Id,
  /** Duffel's offer request, of which one offer alone can be booked; null where the provider has no such thing. */
  offerRequestId: v.nullable(Id),
  /** What was searched, for providers whose offers have to be found again. */
  query: FlightQuery,
  legs: Legs,
  /** What may be spent: the price that was paid, or more where staff said so. */
  expect: Money,
  /** Which version of the travellers' data (`TravellersPort`). */
  travellers: Count,
});
export type FlightOrderRequest = Shape<typeof FlightOrderRequest>;

/** An order to look at. */
export const FlightOrderReference = v.strictObject({
  orderId: Id,
  provider: Id,
  orderRef: Id,
});
export type FlightOrderReference = Shape<typeof FlightOrderReference>;

export const flightRefusals = [
  'offer-gone',
  'price-changed',
  'schedule-changed',
  'passenger-data',
  'document-needed',
  'balance',
  'airline-refused',
  'not-supported',
] as const;

export const Ticket = v.object({
  number: Text,
  /** Whose: the place among the travellers, from 0. */
  travellers: v.array(Count),
});

/** What the provider says of an order. */
export const FlightOrder = v.variant('state', [
  v.object({
    state: v.literal('ordered'),
    /** The provider's id. */
    orderRef: Id,
    /** The airline's booking reference. */
    pnr: Text,
    total: Money,
    /** Empty until they are issued. All travellers have one: ticketed. */
    tickets: v.array(Ticket),
    /** As the order has it, which may differ from the offer; null where it does not say. */
    legs: v.nullable(Legs),
    cancelledAt: v.nullable(Time),
  }),
  /** The provider took it and does not know yet: look again, never order again. */
  v.object({ state: v.literal('pending'), orderRef: v.nullable(Id), requestId: v.nullable(Text) }),
  /** Nothing was bought. */
  v.object({
    state: v.literal('refused'),
    reason: v.picklist(flightRefusals),
    /** The provider's own code. */
    code: v.nullable(Text),
    /** With `price-changed`: what it costs now. */
    now: v.nullable(Money),
    /** With `passenger-data`: which field of which traveller, by its name and never by its text. */
    field: v.nullable(Text),
    traveller: v.nullable(Count),
  }),
]);
export type FlightOrder = Shape<typeof FlightOrder>;

/** What giving a flight back brings. */
export const CancelQuote = v.object({
  quoteId: Id,
  /** Null: the airline does not say. */
  refund: v.nullable(Money),
  expiresAt: v.nullable(Time),
});
export type CancelQuote = Shape<typeof CancelQuote>;
