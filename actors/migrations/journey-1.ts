import type { Offer, Trip, TripBooking } from '../../machines/case-types.ts';
import { summaries, tripKey, type OfferList } from '../../machines/flight-offers.ts';
import { initialContext } from '../../machines/journey-setup.ts';
import type { JourneyContext } from '../../machines/journey-types.ts';
import type { Migration } from '../kernel/registry.ts';

/** What a journey of version 1 knew that has another shape since. */
interface Journey1 {
  readonly trip: Trip;
  readonly searched?: unknown;
  readonly offers: OfferList;
  readonly booking: TripBooking | null;
}

type Value = string | Readonly<Record<string, string>>;

/** A journey of version 1, as it was stored. */
export interface Stored1 {
  readonly value: Value;
  readonly context: Journey1;
}

const asked = ['origin', 'departDate', 'adults'] as const;

/** Every flight of an offer is shown since, not those of its first way alone. */
const shown = (offers: readonly Offer[]): readonly Offer[] =>
  summaries({ provider: '', expiresAt: null, offers });

/**
 * Version 2: a trip is read back, and only searched for once it is confirmed. What was searched for before goes on as confirmed; the
 * procedure is not named before the patient agrees once more, for this version did not know of that consent.
 */
export function journey2({ value, context }: Stored1): {
  readonly value: Value;
  readonly context: JourneyContext;
} {
  const { searched: _searched, ...kept } = context;
  const question = typeof value === 'string' ? undefined : value['intake'];
  const key = tripKey(kept.trip);
  const [booked] = kept.booking === null ? [] : shown([kept.booking.offer]);
  const isTelling = value === 'contacted' || value === 'consent' || question !== undefined;
  const fresh = initialContext({
    input: { destination: '', currency: '', round: 0, owesNothing: true, neverPaid: true },
  });
  return {
    // Who waits for flights already is told of it when they ask.
    value: value === 'searching' ? { searching: 'slow' } : value,
    context: {
      ...fresh,
      ...kept,
      asking: asked.find((one) => one === question) ?? null,
      confirmed: key === null || isTelling ? null : { trip: key, procedure: kept.trip.procedure },
      offers: { ...kept.offers, list: shown(kept.offers.list) },
      booking: kept.booking && { ...kept.booking, offer: booked ?? kept.booking.offer },
      isPayable: value === 'booking',
    },
  };
}

export const journeyFrom1: Migration = (state) => ({
  ...state,
  snapshot: { ...(state.snapshot as object), ...journey2(state.snapshot as Stored1) },
});
