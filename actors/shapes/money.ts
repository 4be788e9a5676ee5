import * as v from 'valibot';

import type { Shape } from './basics.ts';

/** ISO 4217 code, upper case. */
export const Currency = v.pipe(v.string(), v.regex(/^[A-Z]{3}$/));
export type Currency = Shape<typeof Currency>;

/**
 * An amount of money: an integer count of the currency's minor units, as a decimal string so that it
 * survives JSON without loss (`'125000'` EUR is 1,250.00 €). Never a float. At most 18 digits, which a 64-bit integer
 * always holds.
 */
export const Money = v.object({
  amountMinor: v.pipe(v.string(), v.regex(/^(0|[1-9]\d{0,17})$/)),
  currency: Currency,
});
export type Money = Shape<typeof Money>;

/**
 * Decimal digits of the minor unit, where they are not 2. Providers have tables of their own that differ
 * (Stripe: MGA, ISK); those stay in their adapters.
 *
 * @see https://www.six-group.com/en/products-services/financial-information/data-standards.html ISO 4217 list one
 */
const EXPONENTS: Readonly<Record<string, number>> = {
  ...digits(0, 'BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF'),
  ...digits(3, 'BHD IQD JOD KWD LYD OMR TND'),
  ...digits(4, 'CLF UYW'),
};

function digits(exponent: number, codes: string): Record<string, number> {
  return Object.fromEntries(codes.split(' ').map((code) => [code, exponent]));
}

/**
 * How many decimal digits the currency's minor unit has: 2 for EUR, 0 for JPY, 3 for KWD.
 *
 * @throws {RangeError} not three upper-case letters
 */
export function currencyExponent(currency: Currency): number {
  if (!/^[A-Z]{3}$/.test(currency)) throw new RangeError('A currency is three upper-case letters');
  return EXPONENTS[currency] ?? 2;
}

/**
 * Reads `'1250.00'` EUR as 125000 minor units, without a float in between. More digits than the currency has
 * are accepted only if they are zeros (`'12500.00'` JPY): we never round somebody's price.
 *
 * @throws {RangeError} not a plain decimal of at most 18 digits before the point, or finer than the minor unit
 */
export function moneyFromDecimal(decimal: string, currency: Currency): Money {
  const exponent = currencyExponent(currency);
  const match = /^(-?)(\d{1,18})(?:\.(\d{1,18}))?$/.exec(decimal);
  if (!match) throw new RangeError('An amount is a plain decimal such as 1250.00');
  const [, sign = '', whole = '', fraction = ''] = match;
  if (/[1-9]/.test(fraction.slice(exponent))) {
    throw new RangeError(`An amount in ${currency} has at most ${exponent} decimals`);
  }
  const amount = BigInt(whole + fraction.slice(0, exponent).padEnd(exponent, '0'));
  return { amountMinor: String(sign ? -amount : amount), currency };
}

/** Writes minor units as a decimal: 125000 EUR is `'1250.00'`, 12500 JPY is `'12500'`. */
export function decimalFromMoney({ amountMinor, currency }: Money): string {
  const exponent = currencyExponent(currency);
  const amount = BigInt(amountMinor);
  const sign = amount < 0n ? '-' : '';
  const figures = String(amount < 0n ? -amount : amount).padStart(exponent + 1, '0');
  if (exponent === 0) return sign + figures;
  return `${sign}${figures.slice(0, -exponent)}.${figures.slice(-exponent)}`;
}

/** Nothing, in a currency. */
export function zeroMoney(currency: Currency): Money {
  currencyExponent(currency);
  return { amountMinor: '0', currency };
}

/** @throws {RangeError} different currencies */
export function addMoney(one: Money, other: Money): Money {
  return moneyOf(minorOf(one) + minorOf(other), sameCurrency(one, other));
}

/** `one` less `other`; below zero if that is what it is. @throws {RangeError} different currencies */
export function subtractMoney(one: Money, other: Money): Money {
  return moneyOf(minorOf(one) - minorOf(other), sameCurrency(one, other));
}

/** For sorting: negative if `one` is less. @throws {RangeError} different currencies, which have no order */
export function compareMoney(one: Money, other: Money): -1 | 0 | 1 {
  sameCurrency(one, other);
  const difference = minorOf(one) - minorOf(other);
  if (difference === 0n) return 0;
  return difference < 0n ? -1 : 1;
}

/** Whether both are the same amount of the same currency. Different currencies are never the same, zero or not. */
export function isSameMoney(one: Money, other: Money): boolean {
  return one.currency === other.currency && minorOf(one) === minorOf(other);
}

/** The sum of all; of none it is zero, which is why the currency is asked for. @throws {RangeError} another currency among them */
export function sumMoney(currency: Currency, all: readonly Money[]): Money {
  return all.reduce(addMoney, zeroMoney(currency));
}

/**
 * `numerator / denominator` of an amount, rounded half up away from zero (half away from zero: 2.5 is 3, -2.5 is -3), as
 * invoices round. Shares that were rounded one by one need not sum up to the whole: `allocated` of machines/money.ts is for those.
 *
 * @throws {RangeError} a denominator that is not above zero
 */
export function shareOfMoney(money: Money, numerator: bigint, denominator: bigint): Money {
  if (denominator <= 0n) throw new RangeError('A share has a denominator above zero');
  const product = minorOf(money) * numerator;
  const size = product < 0n ? -product : product;
  const rounded = (2n * size + denominator) / (2n * denominator);
  return moneyOf(product < 0n ? -rounded : rounded, money.currency);
}

function minorOf({ amountMinor }: Money): bigint {
  // BigInt would also take '', ' 1 ' and '0x1'.
  if (!/^-?\d+$/.test(amountMinor)) throw new RangeError('An amount is an integer in digits');
  return BigInt(amountMinor);
}

function moneyOf(amount: bigint, currency: Currency): Money {
  return { amountMinor: String(amount), currency };
}

function sameCurrency(one: Money, other: Money): Currency {
  if (one.currency !== other.currency) {
    throw new RangeError(`${one.currency} and ${other.currency} are different currencies`);
  }
  return one.currency;
}
