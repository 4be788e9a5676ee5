import { ProviderUnreachable } from '../../actors/errors.ts';
import type { ClinicItinerary } from '../../actors/ports/clinic.ts';
import type { Deal, ClinicFlights, ClinicFlightsReceipt } from '../../actors/shapes/clinic.ts';
import { decimalFromMoney } from '../../actors/shapes/money.ts';
import { priceOf } from '../offers.ts';

/** `FlightData` of openapi.yaml, which is checked after the mapping. */
export interface FlightData {
  readonly dealId: string;
  readonly caseId: string;
  readonly bookingId: string;
  readonly travellers: { readonly adults: number; readonly children: number };
  readonly legs: ClinicFlights['flights'];
  readonly total: DecimalMoney;
}

/** What is read of `Deal`, after it was checked. */
export interface DealAnswer {
  readonly id: string;
  readonly status: Deal['status'];
  readonly treatment?: string;
  readonly budget: DecimalMoney;
  readonly price?: DecimalMoney;
  readonly startsOn?: string;
  readonly endsOn?: string;
  readonly clinic: { readonly name: string };
}

/** What is read of `Itinerary`, after it was checked. */
export interface ItineraryAnswer {
  readonly id: string;
  readonly items: readonly {
    readonly kind: string;
    readonly at: string;
    readonly place?: string;
    readonly note?: string;
  }[];
}

/** `FlightDataReceipt`. */
export interface ReceiptAnswer {
  readonly receiptId: string;
  readonly dealId: string;
  readonly receivedAt: string;
  readonly itineraryId?: string;
}

interface DecimalMoney {
  readonly amount: string;
  readonly currency: string;
}

/**
 * What Doktor365 is told. Field by field, so that what a caller's objects hold besides does not leave us; and always in this
 * order, since a repeated idempotency key must bring the same bytes.
 */
export function flightDataOf(told: ClinicFlights): FlightData {
  const { dealId, caseId, booking, flights, total } = told;
  return {
    dealId,
    caseId,
    bookingId: booking.bookingId,
    travellers: { adults: booking.adults, children: booking.children },
    legs: flights.map(({ durationMinutes, segments }) => ({
      durationMinutes,
      segments: segments.map((segment) => ({
        carrier: segment.carrier,
        flightNumber: segment.flightNumber,
        from: segment.from,
        to: segment.to,
        departLocal: segment.departLocal,
        arriveLocal: segment.arriveLocal,
        durationMinutes: segment.durationMinutes,
      })),
    })),
    total: { amount: decimalFromMoney(total), currency: total.currency },
  };
}

/** @throws {ProviderUnreachable} an amount finer than its currency, or another deal than was asked for */
export function dealOf(asked: string, answer: DealAnswer): Deal {
  const { id, status, treatment = null, budget, price, clinic } = answer;
  same(asked, id);
  return {
    id,
    status,
    treatment,
    budget: priceOf('doktor365', budget.amount, budget.currency),
    price: price === undefined ? null : priceOf('doktor365', price.amount, price.currency),
    beginsOn: answer.startsOn ?? null,
    endsOn: answer.endsOn ?? null,
    clinicName: clinic.name,
  };
}

/** @throws {ProviderUnreachable} another itinerary than was asked for */
export function itineraryOf(asked: string, answer: ItineraryAnswer): ClinicItinerary {
  const { id, items } = answer;
  same(asked, id);
  return {
    id,
    items: items
      .map(({ kind, at, place = null, note = null }) => ({ kind: kindOf(kind), at, place, note }))
      .toSorted((one, other) => Date.parse(one.at) - Date.parse(other.at)),
  };
}

/** @throws {ProviderUnreachable} the receipt of another deal */
export function receiptOf(dealId: string, answer: ReceiptAnswer): ClinicFlightsReceipt {
  same(dealId, answer.dealId);
  const { receiptId, receivedAt, itineraryId = null } = answer;
  return { receiptId, receivedAt, itineraryId };
}

/** A proxy or a cache in between that mixes answers up would show one patient's data in another's case. */
function same(asked: string, answered: string): void {
  if (asked !== answered) throw new ProviderUnreachable('doktor365', 'answer_mixed_up');
}

type Kind = ClinicItinerary['items'][number]['kind'];

const KINDS: ReadonlySet<string> = new Set<Kind>([
  'arrival',
  'transfer',
  'accommodation',
  'consultation',
  'treatment',
  'checkup',
  'departure',
]);

function kindOf(kind: string): Kind {
  return KINDS.has(kind) ? (kind as Kind) : 'other';
}
