import { ProviderRefused } from '../actors/errors.ts';
import {
  type Money,
  currencyExponent,
  decimalFromMoney,
  moneyFromDecimal,
} from '../actors/shapes/money.ts';

/**
 * How money is written for each provider, and read from it: the only place that knows. Stripe has integers of its own
 * units, iyzico decimals without trailing zeros, UBL decimals with a fixed number of them.
 */

/** Stripe's own exponents, where they differ from ISO 4217's. @see https://docs.stripe.com/currencies#zero-decimal */
const STRIPE_EXPONENTS: Readonly<Record<string, number>> = {
  MGA: 0, // ISO has a minor unit, of a fifth.
  ISK: 2, // "×100 for compatibility", though it has no decimals since 2023.
};
/** Stripe's page has it both as zero-decimal and as ×100. A guess would be wrong by a hundred, so we refuse. */
const STRIPE_AMBIGUOUS: ReadonlySet<string> = new Set(['UGX']);
/** The amounts Stripe takes have at most eight digits, but where a unit is worth so little that nothing could be paid with them. */
const STRIPE_MAX_DIGITS: Readonly<Record<string, number>> = { IDR: 12 };

/** What iyzico charges in. */
const IYZICO_CURRENCIES: ReadonlySet<string> = new Set(
  'TRY EUR USD GBP CHF NOK RUB IRR'.split(' '),
);

/** Of UBL amounts, where the currency itself has fewer. */
const UBL_LEAST_DECIMALS = 2;

/**
 * An amount to charge or to refund, in Stripe's integer units.
 *
 * @throws {ProviderRefused} Stripe can't take that amount to the last unit
 */
export function stripeAmount({ amountMinor, currency }: Money): number {
  const shift = stripeShiftOf(currency);
  const minor = BigInt(amountMinor);
  const scale = 10n ** BigInt(Math.abs(shift));
  if (shift < 0 && minor % scale !== 0n) throw new ProviderRefused('stripe', 'amount_too_fine');
  const amount = shift < 0 ? minor / scale : minor * scale;
  // Three-decimal currencies are charged to two decimals.
  if (currencyExponent(currency) === 3 && amount % 10n !== 0n) {
    throw new ProviderRefused('stripe', 'amount_too_fine');
  }
  const digits = STRIPE_MAX_DIGITS[currency] ?? 8;
  if (amount < 1n || amount >= 10n ** BigInt(digits))
    throw new ProviderRefused('stripe', 'amount_out_of_range');
  return Number(amount);
}

/**
 * What Stripe says was charged, or zero. `currency` is in Stripe's lower case.
 *
 * @throws {ProviderRefused} a currency whose unit we are not sure of, or no count of units that we can read exactly
 */
export function moneyFromStripe(amount: number, currency: string): Money {
  if (!Number.isSafeInteger(amount)) throw new ProviderRefused('stripe', 'amount_not_whole');
  const code = currency.toUpperCase();
  const shift = stripeShiftOf(code);
  const scale = 10n ** BigInt(Math.abs(shift));
  if (shift > 0 && BigInt(amount) % scale !== 0n)
    throw new ProviderRefused('stripe', 'amount_too_fine');
  const minor = shift < 0 ? BigInt(amount) * scale : BigInt(amount) / scale;
  return { amountMinor: String(minor), currency: code };
}

/** By how many digits Stripe's unit is finer than ISO's. */
function stripeShiftOf(currency: string): number {
  if (STRIPE_AMBIGUOUS.has(currency)) throw new ProviderRefused('stripe', 'currency_ambiguous');
  const exponent = currencyExponent(currency);
  return (STRIPE_EXPONENTS[currency] ?? exponent) - exponent;
}

/**
 * A price as iyzico signs it, without trailing zeros: 125050 EUR is `'1250.5'`, 10000 EUR is `'100'`.
 *
 * @throws {ProviderRefused} a currency that iyzico does not charge in, or an amount that is not above zero
 */
export function iyzicoPrice(money: Money): string {
  if (!IYZICO_CURRENCIES.has(money.currency)) {
    throw new ProviderRefused('iyzico', 'currency_unsupported');
  }
  if (!/^0*[1-9]\d*$/.test(money.amountMinor)) {
    throw new ProviderRefused('iyzico', 'amount_out_of_range');
  }
  return withoutTrailingZeros(decimalFromMoney(money));
}

/**
 * What iyzico says was charged. A JSON number is read by its shortest decimal string, which is what iyzico wrote: no
 * arithmetic is done on it. A number too large for its decimals to survive has lost them before we see it, so at most
 * 15 figures are read.
 *
 * @throws {ProviderRefused} no plain decimal (`1e21` is none), negative, finer than the currency, or another currency
 */
export function moneyFromIyzico(price: number | string, currency: string): Money {
  if (!IYZICO_CURRENCIES.has(currency)) throw new ProviderRefused('iyzico', 'currency_unsupported');
  const decimal = String(price);
  // A double keeps any decimal of 15 figures, and not all of 16.
  if (!/^\d+(\.\d+)?$/.test(decimal) || decimal.replace('.', '').length > 15) {
    throw new ProviderRefused('iyzico', 'amount_unreadable');
  }
  try {
    return moneyFromDecimal(decimal, currency);
  } catch (error) {
    throw new ProviderRefused('iyzico', 'amount_too_fine', { cause: error });
  }
}

/** An amount in UBL: a decimal point, and as many decimals as the currency has, but at least two. 12500 JPY is `'12500.00'`. */
export function ublAmount(money: Money): string {
  const decimal = decimalFromMoney(money);
  const [whole = '', fraction = ''] = decimal.split('.');
  return `${whole}.${fraction.padEnd(UBL_LEAST_DECIMALS, '0')}`;
}

function withoutTrailingZeros(decimal: string): string {
  return decimal.includes('.') ? decimal.replace(/\.?0+$/, '') : decimal;
}
