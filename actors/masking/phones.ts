import { OTHER_NUMBER, PHONE_WORD } from './lexicon.ts';
import { near } from './surroundings.ts';
import type { Token } from './tokens.ts';

/** Numbers of countries our patients call from, with the country's code but without the plus. */
const INTERNATIONAL =
  /^(?:905\d{9}|90[2-4]\d{9}|79\d{9}|77\d{9}|9665\d{8}|9715\d{8}|97[34]\d{8}|965[569]\d{7}|9627\d{8}|9647\d{9}|961\d{7,8}|491[567]\d{8,9}|447\d{9}|33[67]\d{8}|201[0125]\d{8}|2126\d{8}|213[567]\d{8}|436\d{8,11}|417\d{8}|380\d{9}|375\d{9}|994\d{9}|998\d{9}|316\d{8})$/;

/** The same inside a country: a zero, or Russia's eight, and as many digits as are used there. */
const NATIONAL = /^(?:0[1-9]\d{7,10}|8[3489]\d{9})$/;

/** The last chance, by its groups: (555) 123-4567, 532 111 22 33. */
const GROUPS = /^(?:3,3,4|3,3,2,2|3,7|3,3,2,2|10)$/;

/** Fewer or more digits than these are in none of the three forms above. */
const leastDigits = 9;
const mostDigits = 14;

/** How many digits a number has that begins so. */
const EXACT: readonly (readonly [RegExp, number])[] = [
  [/^90/, 12],
  [/^7/, 11],
  [/^1/, 11],
  [/^33/, 11],
  [/^44/, 12],
  [/^966/, 12],
  [/^971/, 12],
  [/^375/, 12],
  [/^0090/, 14],
  [/^007/, 13],
  [/^0033/, 13],
  [/^0044/, 14],
];

/** How many groups from the first are one phone number; 0 if none are. */
export function phoneGroups(
  text: string,
  tokens: readonly Token[],
  index: number,
  digits: string,
  counts: readonly number[],
  plus: boolean,
): number {
  const total = counts.at(-1) ?? 0;
  if (total < 7) return 0;
  if (plus || digits.startsWith('00')) {
    const exact = EXACT.find(([prefix]) => prefix.test(digits))?.[1];
    const groups = exact === undefined ? -1 : counts.indexOf(exact);
    if (groups >= 0) return groups + 1;
    return longest(counts, plus ? 8 : 10, plus ? 15 : 16);
  }
  const other = near(tokens, index, 3, OTHER_NUMBER);
  const cued = near(tokens, index, 5, PHONE_WORD) || phoneAfter(tokens, index + counts.length);
  if (other && !cued) return 0;
  const opened = text[(tokens[index]?.start ?? 0) - 1] === '(';
  for (let groups = counts.length; groups > 0; groups--) {
    const count = counts[groups - 1] ?? 0;
    if (count < leastDigits || count > mostDigits) continue;
    const part = digits.slice(0, count);
    const isPhone =
      NATIONAL.test(part) ||
      INTERNATIONAL.test(part) ||
      isGrouped(part, counts.slice(0, groups), opened || cued);
    if (isPhone && !isDecimal(text, tokens, index, groups)) return groups;
  }
  return cued && !other ? longest(counts, 7, 15) : 0;
}

/** Whether it is written in the groups of a phone number; some of these only where one is `expected`. */
function isGrouped(digits: string, counts: readonly number[], expected: boolean): boolean {
  const isMobile = digits.startsWith('5');
  if (digits.length !== 10 || digits < '2' || (counts.length === 1 && !isMobile)) return false;
  const sizes = counts.map((count, at) => count - (at > 0 ? (counts[at - 1] ?? 0) : 0)).join(',');
  return GROUPS.test(sizes) && (expected || isMobile || sizes === '3,3,4');
}

/** The most groups with `least` to `most` digits. */
function longest(counts: readonly number[], least: number, most: number): number {
  for (let groups = counts.length; groups > 0; groups--) {
    const count = counts[groups - 1] ?? 0;
    if (count >= least && count <= most) return groups;
  }
  return 0;
}

function phoneAfter(tokens: readonly Token[], next: number): boolean {
  for (let at = next; at < Math.min(tokens.length, next + 2); at++) {
    const token = tokens[at];
    if (token?.kind === 'placeholder') return false;
    const gap = token?.gap ?? '';
    if (gap !== ' ' && /[!?;\n؟,]|\.\s/.test(gap)) return false;
    if ((token?.flags ?? 0) & PHONE_WORD) return true;
  }
  return false;
}

/** Followed by a comma or point and digits, masked ones too, or a currency: money. */
function isDecimal(text: string, tokens: readonly Token[], index: number, groups: number): boolean {
  const last = tokens[index + groups - 1];
  const following = tokens[index + groups];
  if (!last) return false;
  if (following && following.kind !== 'word' && (following.gap === '.' || following.gap === ','))
    return true;
  return /^\s?[€$£₺₽%]/.test(text.slice(last.end, last.end + 2));
}
