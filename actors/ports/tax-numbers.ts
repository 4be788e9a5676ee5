import type { Buyer } from '../shapes/invoices.ts';

/**
 * Turkish tax and identity numbers. The checksums find typing errors; they do not say that a number was ever given to
 * anybody (`1234567890` passes).
 */

/** Stands for a Turkish consumer whose TCKN nobody knows. Fails its checksum, and is accepted all the same. */
export const UNKNOWN_TCKN = '11111111111';
/** Stands for a foreign buyer, who has no Turkish number at all. Fails its checksum, and is accepted all the same. */
export const FOREIGN_VKN = '2222222222';

/** Whether it is a tax number (VKN): ten digits, of which the last is the checksum. The dummy is none. */
export function isVkn(number: string): boolean {
  if (!/^\d{10}$/.test(number)) return false;
  const digits = Array.from(number, Number);
  let sum = 0;
  for (const [index, digit] of digits.slice(0, 9).entries()) {
    const shifted = (digit + 9 - index) % 10;
    const weighted = (shifted * 2 ** (9 - index)) % 9;
    sum += shifted !== 0 && weighted === 0 ? 9 : weighted;
  }
  return digits[9] === (10 - (sum % 10)) % 10;
}

/**
 * Whether it is a citizen's number (TCKN), or a foreign resident's, which begins with 99: eleven digits, of which the last two
 * are checksums. The dummy is none.
 */
export function isTckn(number: string): boolean {
  if (!/^[1-9]\d{10}$/.test(number)) return false;
  const digits = Array.from(number, Number);
  const sumOf = (wanted: (index: number) => boolean): number =>
    digits.reduce((sum, digit, index) => (wanted(index) ? sum + digit : sum), 0);
  const odd = sumOf((index) => index < 9 && index % 2 === 0);
  const even = sumOf((index) => index < 8 && index % 2 === 1);
  // The difference can be below zero; 70 is a multiple of ten above anything it can lack.
  if (digits[9] !== (odd * 7 - even + 70) % 10) return false;
  return digits[10] === sumOf((index) => index < 10) % 10;
}

/** The number a buyer is invoiced under, and perhaps registered as an e-Fatura user with; null if they have none. */
export function taxNumberOf({
  kind,
  tckn,
  vkn,
}: Pick<Buyer, 'kind' | 'tckn' | 'vkn'>): string | null {
  return kind === 'company' ? vkn : (tckn ?? vkn);
}
