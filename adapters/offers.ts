import { ProviderUnreachable } from '../actors/errors.ts';
import type { FlightOffer } from '../actors/ports/flights.ts';
import { type Money, moneyFromDecimal } from '../actors/ports/money.ts';

/** The port's promise: cheapest first, at most 5. Providers price one answer in one currency, so amounts compare. */
export function cheapest(offers: readonly FlightOffer[]): readonly FlightOffer[] {
  return offers
    .toSorted((one, other) => {
      const difference = BigInt(one.price.amountMinor) - BigInt(other.price.amountMinor);
      return difference < 0n ? -1 : difference > 0n ? 1 : 0;
    })
    .slice(0, 5);
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
