import * as v from 'valibot';

import { Count, Id, type Shape } from './basics.ts';
import { Legs } from './flights.ts';
import { Money } from './money.ts';

/** What the clinic and the patient agree on, as far as a journey needs it. Nothing that says who the patient is. */
export interface Deal {
  /** The clinic's own id of it. */
  readonly id: string;
  readonly status: 'open' | 'offered' | 'accepted' | 'scheduled' | 'completed' | 'cancelled';
  /** In the clinic's words; null while none is chosen. Health data as soon as it is next to a case. */
  readonly treatment: string | null;
  /** What the patient may spend in all, flights among it. */
  readonly budget: Money;
  /** What the clinic asks for the treatment; null while nothing is offered. */
  readonly price: Money | null;
  /** `YYYY-MM-DD`, at the clinic's place: the days of the treatment; null while they are not fixed. */
  readonly beginsOn: string | null;
  readonly endsOn: string | null;
  readonly clinicName: string;
}

export const DealToRead = v.strictObject({ dealId: Id, mayKeepTreatment: v.boolean() });
export type DealToRead = Shape<typeof DealToRead>;

/**
 * The flights of a booked case, as the clinic is told of them: no names, no birth dates, nothing about health. Strict, for
 * a stray field could say who the patient is.
 */
export const ClinicFlights = v.strictObject({
  dealId: Id,
  caseId: Id,
  booking: v.strictObject({
    bookingId: Id,
    adults: v.pipe(Count, v.minValue(1), v.maxValue(9)),
    children: v.pipe(Count, v.maxValue(9)),
  }),
  flights: Legs,
  total: Money,
});
export type ClinicFlights = Shape<typeof ClinicFlights>;

/** The clinic has the flights. The same again, word for word, whenever it is told the same again. */
export interface ClinicFlightsReceipt {
  /** The clinic's own id of what it was told. */
  readonly receiptId: string;
  /** ISO 8601 with offset, by the clinic's clock. */
  readonly receivedAt: string;
  /** The itinerary that has the flights now; null where the clinic names none. */
  readonly itineraryId: string | null;
}

export const PlanToCompare = v.strictObject({ itineraryId: Id, flights: Legs });
export type PlanToCompare = Shape<typeof PlanToCompare>;

/** Where the clinic's plan and the patient's flights differ. Local times of the place, `YYYY-MM-DDTHH:MM`. */
export interface PlanDifference {
  readonly what: 'arrival' | 'departure' | 'treatment-before-arrival' | 'treatment-after-departure';
  readonly ours: string;
  readonly theirs: string;
}

/** The plan as it was compared. `isPlanned`: it has the arrival, and the departure if there is a way back. */
export interface ComparedPlan {
  readonly isPlanned: boolean;
  readonly differences: readonly PlanDifference[];
}
