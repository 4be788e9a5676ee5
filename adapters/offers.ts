import * as v from 'valibot';

import {
  ProviderAnswerInvalid,
  ProviderCredentialsRefused,
  ProviderRefused,
  ProviderUnreachable,
} from '../actors/errors.ts';
import type { FlightOffer, FlightOffers } from '../actors/shapes/flights.ts';
import { type Money, moneyFromDecimal } from '../actors/shapes/money.ts';
import { durationMinutes } from './durations.ts';

/** The port's promise. */
const maxOffers = 5;

/** Local to the airport, without an offset. */
const local = /^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d+)?)?$/;

/** What adapters must know of an offer before anybody is shown it: a price, a time or a flight is never guessed. */
const Readable = v.object({
  id: v.pipe(v.string(), v.minLength(1), v.maxLength(200)),
  legs: v.pipe(
    v.array(
      v.object({
        durationMinutes: v.number(),
        segments: v.pipe(
          v.array(
            v.object({
              carrier: v.pipe(v.string(), v.regex(/^[A-Z0-9]{2,3}$/)),
              flightNumber: v.pipe(v.string(), v.regex(/^[A-Z0-9]{1,6}$/)),
              from: v.pipe(v.string(), v.regex(/^[A-Z]{3}$/)),
              to: v.pipe(v.string(), v.regex(/^[A-Z]{3}$/)),
              departLocal: v.pipe(v.string(), v.regex(local)),
              arriveLocal: v.pipe(v.string(), v.regex(local)),
              durationMinutes: v.number(),
            }),
          ),
          v.minLength(1),
        ),
      }),
    ),
    v.minLength(1),
  ),
});

/** An offer as a provider words it, with its price still decimal. */
export interface WordedOffer extends Omit<FlightOffer, 'price'> {
  readonly expiresAt: string | null;
  readonly price: { readonly decimal: string; readonly currency: string };
}

export interface OfferReading {
  readonly provider: string;
  /** Null for what is no offer of this provider. */
  readonly read: (offer: unknown) => WordedOffer | null;
  /** How many legs the trip has. */
  readonly legs: number;
  /** Epoch ms. */
  readonly nowMs: number;
}

/**
 * What a provider's list comes to: cheapest first, at most 5. An offer that cannot be read, or is over, is left out, and
 * costs the patient none of the others.
 *
 * @throws {ProviderAnswerInvalid} there were some, and none is left
 */
export function offeredOf(
  list: readonly unknown[],
  { provider, read, legs, nowMs }: OfferReading,
): FlightOffers {
  const readable = list.flatMap((one) => offerOf(read(one), legs) ?? []);
  if (list.length > 0 && readable.length === 0)
    throw new ProviderAnswerInvalid(provider, 'no_offer_readable');
  const current = readable.filter(
    ({ expiresAt }) => expiresAt === null || Date.parse(expiresAt) > nowMs,
  );
  if (readable.length > 0 && current.length === 0)
    throw new ProviderAnswerInvalid(provider, 'every_offer_over');
  const offers = cheapest(current);
  const [earliest = null] = offers
    .flatMap(({ expiresAt = null }) => expiresAt ?? [])
    .toSorted((one, other) => Date.parse(one) - Date.parse(other));
  return { provider, expiresAt: earliest, offers };
}

function offerOf(
  worded: WordedOffer | null,
  legs: number,
): (FlightOffer & Pick<WordedOffer, 'expiresAt'>) | null {
  if (!worded || worded.legs.length < legs || !v.is(Readable, worded)) return null;
  try {
    const price = moneyFromDecimal(worded.price.decimal, worded.price.currency);
    return BigInt(price.amountMinor) > 0n ? { ...worded, price } : null;
  } catch {
    return null;
  }
}

/** Amounts compare within one currency, and a provider prices an answer in one; what it prices in others is left out. */
function cheapest(offers: readonly FlightOffer[]): readonly FlightOffer[] {
  const [usual = []] = Map.groupBy(offers, ({ price }) => price.currency)
    .values()
    .toArray()
    .toSorted((one, other) => other.length - one.length);
  return usual
    .toSorted((one, other) => {
      const difference = BigInt(one.price.amountMinor) - BigInt(other.price.amountMinor);
      return difference < 0n ? -1 : difference > 0n ? 1 : 0;
    })
    .slice(0, maxOffers);
}

/**
 * Minutes of a leg and of each of its segments. A leg of one segment takes as long as that does, so either may say it;
 * otherwise null, because it cannot be worked out from local times without their zones.
 */
export function minutesOf(
  leg: string | null | undefined,
  segments: readonly (string | null | undefined)[],
): { readonly leg: number; readonly segments: readonly number[] } | null {
  const [only, ...others] = segments;
  const one = others.length === 0;
  const whole = durationMinutes(leg ?? null) ?? (one ? durationMinutes(only ?? null) : undefined);
  if (whole === undefined) return null;
  const each = segments.map((text) => durationMinutes(text ?? null) ?? (one ? whole : undefined));
  return each.every((minutes) => minutes !== undefined) ? { leg: whole, segments: each } : null;
}

/**
 * A provider's decimal price.
 *
 * @throws {ProviderUnreachable} it is not a price we can read to the last minor unit
 */
export function priceOf(provider: string, decimal: string, currency: string): Money {
  try {
    return moneyFromDecimal(decimal, currency);
  } catch {
    throw new ProviderUnreachable(provider, 'unexpected_price');
  }
}

/** What a provider's error, or an answer that is neither offers nor an error, means. `status` is HTTP's. */
export function refusalOf(
  provider: string,
  status: number,
  code: string | undefined,
): ProviderRefused | ProviderCredentialsRefused | ProviderAnswerInvalid {
  if (status < 400 && code === undefined)
    return new ProviderAnswerInvalid(provider, 'unexpected_body');
  const reason = code ?? `status_${status}`;
  if (status === 401 || status === 403) return new ProviderCredentialsRefused(provider, reason);
  return new ProviderRefused(provider, reason);
}
