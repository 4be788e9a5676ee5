import { currencyExponent } from '../../actors/shapes/money.ts';

// Decimals as integers of 10⁻⁸, so that no sum is ever rounded.
const DIGITS = 8;
export const ONE = 10n ** BigInt(DIGITS);
export const HUNDREDTH = ONE / 100n;

/** Null for what is no plain decimal of at most 18 digits before the point and 8 behind it. */
export function scaled(decimal: string): bigint | null {
  const match = /^(\d{1,18})(?:\.(\d{1,8}))?$/.exec(decimal);
  return match ? BigInt(`${match[1]}${(match[2] ?? '').padEnd(DIGITS, '0')}`) : null;
}

/** Whether the parts add up to the total exactly; false if one of them is no decimal. */
export function isSum(total: string, parts: readonly string[]): boolean {
  let sum = 0n;
  for (const part of parts) {
    const amount = scaled(part);
    if (amount === null) return false;
    sum += amount;
  }
  return scaled(total) === sum;
}

export function magnitude(difference: bigint): bigint {
  return difference < 0n ? -difference : difference;
}

/** What a total is rounded to: a hundredth, or one where the currency has no smaller unit. */
export function smallestUnit(currency: string): bigint {
  return /^[A-Z]{3}$/.test(currency) && currencyExponent(currency) === 0 ? ONE : HUNDREDTH;
}
