import { fold } from './answers.ts';
import type { ButtonId, FlightOffers, Offer, OfferSummary, Trip } from './case-types.ts';
import type { PatientSaid } from './family-types.ts';

// The flights that are offered, and what a patient chooses of them.

/** WhatsApp's lists take ten rows, and nobody compares ten flights in a chat. */
const maxOffers = 5;

/** `round` tells a button of an old list from one of this list. */
export interface OfferList {
  readonly round: number;
  readonly expiresAt: string | null;
  readonly list: readonly Offer[];
}

/** What a search is made for, as one word. Null while something is missing. */
export const tripKey = (trip: Trip): string | null => {
  const { origin, departDate, returnDate, adults, childrenAges } = trip;
  if (origin === null || departDate === null || adults === null) return null;
  return [origin, departDate, returnDate, adults, ...(childrenAges ?? [])].join(' ');
};

export const summaries = ({ offers }: FlightOffers): Offer[] =>
  offers
    .flatMap(({ id, price, expiresAt, legs }): Offer[] => {
      const segments = legs[0]?.segments ?? [];
      const first = segments[0];
      const last = segments.at(-1);
      if (first === undefined || last === undefined) return [];
      return [
        {
          id,
          price: { amountMinor: price.amountMinor, currency: price.currency },
          flight: `${first.carrier}${first.flightNumber}`,
          from: first.from,
          to: last.to,
          departLocal: first.departLocal,
          arriveLocal: last.arriveLocal,
          stops: segments.length - 1,
          ...(expiresAt === undefined ? {} : { expiresAt }),
          legs,
        },
      ];
    })
    .slice(0, maxOffers);

/** What the patient chose of the list: its index, `none`, `old` for a choice of an earlier list, or null. */
export const choiceIn = (
  { list, round }: OfferList,
  said: PatientSaid,
): number | 'none' | 'old' | null => {
  const button = /^offer:([1-5]|none)(?::(\d{1,4}))?$/.exec(said.buttonId ?? '');
  if (button && Number(button[2] ?? 1) !== round) return 'old';
  // A "2" said before the list is no choice of it, and once staff talk with the patient it may answer them.
  const choice = button?.[1] ?? (said.isAnswer ? fold(said.text ?? '') : null);
  if (choice === 'none' || choice === '0' || choice === '٠') return 'none';
  const digit = choice?.replaceAll(/[٠-٩]/g, (n) => String(n.charCodeAt(0) - 0x0660)) ?? '';
  const index = /^[1-5]$/.test(digit) ? Number(digit) - 1 : -1;
  return index >= 0 && index < list.length ? index : null;
};

/** Whether the flight that was chosen can still be had: by its own expiry, whatever became of the others in the list. */
export const isStillValid = (offers: OfferList, said: PatientSaid): boolean => {
  const choice = choiceIn(offers, said);
  const chosen = typeof choice === 'number' ? offers.list[choice] : undefined;
  const { expiresAt = offers.expiresAt } = chosen ?? {};
  return expiresAt === null || Date.parse(said.at) < Date.parse(expiresAt);
};

export const tripTitle = ({ flight, from, to, departLocal }: OfferSummary): string =>
  `${flight} ${from}-${to} ${departLocal.slice(0, 10)}`;

/** What stands under a list: its flights, and none of them. */
export const offerChoices = ({ list, round }: OfferList): readonly ButtonId[] => {
  const mark = round === 1 ? ('' as const) : (`:${round}` as const);
  const chosen = list.map((_, index): ButtonId => `offer:${index + 1}${mark}`);
  return [...chosen, `offer:none${mark}`];
};

export const offerSummaries = ({ list }: OfferList): readonly OfferSummary[] =>
  list.map(({ legs: _legs, expiresAt: _expiresAt, ...summary }): OfferSummary => summary);
