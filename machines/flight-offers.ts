import { fold } from './answers.ts';
import type { ButtonId, FlightOffers, Offer, OfferSummary, Trip } from './case-types.ts';
import type { PatientSaid } from './family-types.ts';
import type { Legs, OfferWay, Party, SoldTrip } from './flight-types.ts';
import type { TripToOrder } from './money-types.ts';

// The flights that are offered, and what a patient chooses of them.

/** WhatsApp's lists take ten rows, and nobody compares ten flights in a chat. */
const maxOffers = 5;

/** `round` tells a button of an old list from one of this list. */
export interface OfferList {
  /** The provider at which we order what is paid for; absent where a person does. */
  readonly orderedAt?: string;
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

/** A way with each of its flights, where there are several. Only what messages need: the legs are kept beside it. */
const wholeWayOf = (leg: Legs[number]): OfferWay[] =>
  wayOf(leg).map((way) =>
    way.stops === 0
      ? way
      : {
          ...way,
          flights: leg.segments.map((segment) => ({
            flight: `${segment.carrier}${segment.flightNumber}`,
            from: segment.from,
            to: segment.to,
            departLocal: segment.departLocal,
            arriveLocal: segment.arriveLocal,
          })),
        },
  );

const wayOf = ({ segments }: Legs[number]): OfferWay[] => {
  const [first] = segments;
  const last = segments.at(-1);
  if (first === undefined || last === undefined) return [];
  return [
    {
      flight: `${first.carrier}${first.flightNumber}`,
      from: first.from,
      to: last.to,
      departLocal: first.departLocal,
      arriveLocal: last.arriveLocal,
      stops: segments.length - 1,
    },
  ];
};

/** An offer without flights is none, nor is one that has them for one way of two. */
export const summaries = ({ offers }: FlightOffers): Offer[] =>
  offers
    .flatMap(({ id, price, expiresAt, legs, baggage }): Offer[] => {
      const [first, ...more] = legs.flatMap(wayOf);
      if (first === undefined || more.length + 1 < legs.length) return [];
      return [
        {
          id,
          price: { amountMinor: price.amountMinor, currency: price.currency },
          ...first,
          ...(more.length === 0 ? {} : { more }),
          ...(expiresAt === undefined ? {} : { expiresAt }),
          ...(baggage && { baggage }),
          legs,
        },
      ];
    })
    .slice(0, maxOffers);

/** The cheapest, unless prices are in several currencies: those have no order. */
const cheapest = (list: readonly Offer[]): number =>
  new Set(list.map(({ price }) => price.currency)).size === 1 ? least(list, minorOf) : -1;

const minorOf = ({ price }: Offer): bigint => BigInt(price.amountMinor);

const minutesOf = ({ legs }: Offer): number =>
  legs.reduce((sum, { durationMinutes }) => sum + durationMinutes, 0);

const least = (list: readonly Offer[], valueOf: (offer: Offer) => bigint | number): number =>
  list.reduce((best, offer, index) => {
    const before = list[best];
    return before !== undefined && valueOf(offer) < valueOf(before) ? index : best;
  }, 0);

/** A number and nothing else. Western or Arabic digits. */
const digitIn = (text: string | null): string => {
  const digit = fold(text ?? '').replaceAll(/[٠-٩]/g, (n) => String(n.charCodeAt(0) - 0x0660));
  return /^[0-5]$/.test(digit) ? digit : '';
};

/** Whether the patient had seen the list when they wrote: a "2" said before it answers something else. */
const hasSeenList = ({ asked }: PatientSaid): boolean =>
  asked === undefined || asked === 'offer' || asked === 'confirm';

/** Which of the list is meant in words, whoever has the conversation: its index, or null. */
export const pickIn = ({ list }: OfferList, said: PatientSaid): number | null => {
  if (said.late || said.answersConsent || list.length === 0 || !hasSeenList(said)) return null;
  const { picked = Number(digitIn(said.text)) } = said;
  const index =
    picked === 'last'
      ? list.length - 1
      : picked === 'cheapest'
        ? cheapest(list)
        : picked === 'fastest'
          ? least(list, minutesOf)
          : picked === 'none'
            ? -1
            : picked - 1;
  return index >= 0 && index < list.length ? index : null;
};

/**
 * What the patient chose of the list: its index, `none`, `old` for a choice of an earlier list, or null. A button says what it
 * chooses; in words only a bare number does, written after the list: money needs a press, or to be read back.
 */
export const choiceIn = (
  { list, round }: OfferList,
  said: PatientSaid,
): number | 'none' | 'old' | null => {
  const button = /^offer:([1-5]|none)(?::(\d{1,4}))?$/.exec(said.buttonId ?? '');
  if (button && Number(button[2] ?? 1) !== round) return 'old';
  const words = said.isAnswer ? digitIn(said.text) || (said.picked === 'none' ? 'none' : '') : '';
  const choice = button?.[1] ?? words;
  if (choice === 'none' || choice === '0') return 'none';
  const index = choice === '' ? -1 : Number(choice) - 1;
  return index >= 0 && index < list.length ? index : null;
};

/** Whether a flight of the list can still be had: by its own expiry, whatever became of the others in the list. */
export const isStillValid = (offers: OfferList, index: number | null, at: string): boolean => {
  const chosen = index === null ? undefined : offers.list[index];
  const { expiresAt = offers.expiresAt } = chosen ?? {};
  return chosen !== undefined && (expiresAt === null || Date.parse(at) < Date.parse(expiresAt));
};

/** Until when something of the list can be had; empty where that has no end. */
export const offersUntil = ({ list, expiresAt: ofAll }: OfferList): { readonly until?: string } => {
  const ends = list.map(({ expiresAt = ofAll }) => Date.parse(expiresAt ?? ''));
  return ends.length === 0 || ends.some(Number.isNaN)
    ? {}
    : { until: new Date(Math.max(...ends)).toISOString() };
};

/** Every flight of the offer: what is paid for. */
export const tripTitle = (offer: OfferSummary): string =>
  [offer, ...(offer.more ?? [])]
    .map(
      ({ flight, from, to, departLocal }) => `${flight} ${from}-${to} ${departLocal.slice(0, 10)}`,
    )
    .join(', ');

const markOf = ({ round }: OfferList) => (round === 1 ? ('' as const) : (`:${round}` as const));

/** The button of one flight of the list, counted from 0, or of none of them. */
export const offerId = (offers: OfferList, index: number | 'none'): ButtonId =>
  `offer:${index === 'none' ? index : index + 1}${markOf(offers)}`;

/** What stands under a list: its flights, and none of them. */
export const offerChoices = (offers: OfferList): readonly ButtonId[] => [
  ...offers.list.map((_, index) => offerId(offers, index)),
  offerId(offers, 'none'),
];

/** Who travels, as messages say it; null while nobody said how many. */
const partyOf = ({ adults, childrenAges }: Trip): Party | null =>
  adults === null ? null : { adults, childrenAges: childrenAges ?? [] };

/** Offers as a message shows them, each with all of its flights. */
export const offerSummaries = (
  { list }: Pick<OfferList, 'list'>,
  trip: Trip,
): readonly OfferSummary[] => {
  const party = partyOf(trip);
  return list.map(({ legs, expiresAt: _expiresAt, ...summary }): OfferSummary => {
    const [first, ...more] = legs.flatMap(wholeWayOf);
    return {
      ...summary,
      ...first,
      ...(more.length === 0 ? {} : { more }),
      ...(party && { party }),
    };
  });
};

/** Where an offer of the list is ordered. Airlines take nine travellers in one order. */
export const orderOf = (
  { orderedAt }: OfferList,
  { id }: Offer,
  { adults, childrenAges }: Trip,
): TripToOrder | null =>
  orderedAt === undefined || (adults ?? 10) + (childrenAges?.length ?? 0) > 9
    ? null
    : { provider: orderedAt, offerId: id };

/** What is sold with an offer, as messages show it. */
export const soldTrip = ({ legs, baggage }: Offer, trip: Trip): SoldTrip => {
  const party = partyOf(trip);
  return { ways: legs.flatMap(wholeWayOf), ...(party && { party }), ...(baggage && { baggage }) };
};
