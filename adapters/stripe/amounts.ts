import { ProviderRefused } from '../../actors/errors.ts';
import { type Money, currencyExponent } from '../../actors/ports/money.ts';

/** Stripe's own exponents, where they differ from ISO 4217's. @see https://docs.stripe.com/currencies#zero-decimal */
const STRIPE_EXPONENTS: Readonly<Record<string, number>> = {
  MGA: 0, // ISO has a minor unit, of a fifth.
  ISK: 2, // "×100 for compatibility", though it has no decimals since 2023.
};
/** Stripe's page has it both as zero-decimal and as ×100. A guess would be wrong by a hundred, so we refuse. */
const AMBIGUOUS: ReadonlySet<string> = new Set(['UGX']);
/** The amounts Stripe takes have at most eight digits. */
const MAX_AMOUNT = 99_999_999n;

/**
 * An amount to charge, in Stripe's integer units.
 *
 * @throws {ProviderRefused} Stripe can't take that amount to the last unit
 */
export function stripeAmount({ amountMinor, currency }: Money): number {
  const shift = shiftOf(currency);
  const minor = BigInt(amountMinor);
  const scale = 10n ** BigInt(Math.abs(shift));
  if (shift < 0 && minor % scale !== 0n) throw new ProviderRefused('stripe', 'amount_too_fine');
  const amount = shift < 0 ? minor / scale : minor * scale;
  // Three-decimal currencies are charged to two decimals.
  if (currencyExponent(currency) === 3 && amount % 10n !== 0n) {
    throw new ProviderRefused('stripe', 'amount_too_fine');
  }
  if (amount < 1n || amount > MAX_AMOUNT)
    throw new ProviderRefused('stripe', 'amount_out_of_range');
  return Number(amount);
}

/**
 * What Stripe says was charged. `currency` is in Stripe's lower case.
 *
 * @throws {ProviderRefused} a currency whose unit we are not sure of
 */
export function moneyFromStripe(amount: number, currency: string): Money {
  const code = currency.toUpperCase();
  const shift = shiftOf(code);
  const scale = 10n ** BigInt(Math.abs(shift));
  if (shift > 0 && BigInt(amount) % scale !== 0n)
    throw new ProviderRefused('stripe', 'amount_too_fine');
  const minor = shift < 0 ? BigInt(amount) * scale : BigInt(amount) / scale;
  return { amountMinor: String(minor), currency: code };
}

/** By how many digits Stripe's unit is finer than ISO's. */
function shiftOf(currency: string): number {
  if (AMBIGUOUS.has(currency)) throw new ProviderRefused('stripe', 'currency_ambiguous');
  const exponent = currencyExponent(currency);
  return (STRIPE_EXPONENTS[currency] ?? exponent) - exponent;
}
