/** ISO 4217 code, upper case. */
export type Currency = string;

/**
 * An amount of money: an integer count of the currency's minor units, as a decimal string so that it
 * survives JSON without loss (`'125000'` EUR is 1,250.00 €). Never a float.
 */
export interface Money {
  readonly amountMinor: string;
  readonly currency: Currency;
}

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
