import { isTckn, passesLuhn } from './checks.ts';
import { ID_WORD, PASSPORT_WORD, PHONE_WORD } from './lexicon.ts';
import { phoneGroups } from './phones.ts';
import { isJoint, near, type Find, type Skip } from './surroundings.ts';
import type { Token } from './tokens.ts';

const phoneJoints = ' -./()–‑';
/** Groups of digits that are looked at as one number. */
const longestRun = 8;
/** A phone number has the fewest. */
const fewestDigits = 7;
/** More than a card has. */
const mostDigits = 24;

/** A card, a TCKN or a phone number in the groups of digits from `index` on; of two the longer. */
export function runAt(text: string, tokens: readonly Token[], index: number): Find | Skip | null {
  const first = tokens[index];
  if (!first || isInsideId(tokens, index)) return null;
  /** How many digits the first groups have together: of one, of two and so on. */
  const counts: number[] = [];
  let total = 0;
  for (let at = index; at < tokens.length && counts.length < longestRun; at++) {
    const part = tokens[at];
    if (part?.kind !== 'digits' || (at > index && !isJoint(part.gap, phoneJoints))) break;
    // "U12345678", "2E": a letter right behind makes it something else.
    const following = tokens[at + 1];
    if (following?.kind === 'word' && following.gap === '') break;
    total += Math.min(part.key.length, mostDigits);
    counts.push(total);
    if (total > mostDigits) break;
  }
  if (total < fewestDigits) return null;
  let digits = '';
  for (let at = index; at < index + counts.length; at++)
    digits += tokens[at]?.key.slice(0, mostDigits) ?? '';
  const endOf = (groups: number) => tokens[index + groups - 1]?.end ?? first.end;
  for (let groups = CARD.test(digits) ? counts.length : 0; groups > 0; groups--) {
    const count = counts[groups - 1] ?? 0;
    if (count < 13 || count > 19 || !passesLuhn(digits.slice(0, count))) continue;
    const span = { kind: 'card' as const, start: first.start, end: endOf(groups) };
    return { span, next: index + groups };
  }
  const plus =
    text[first.start - 1] === '+' ||
    (text[first.start - 1] === '(' && text[first.start - 2] === '+');
  for (let groups = counts.length; groups > 0; groups--) {
    if (plus || counts[groups - 1] !== 11) continue;
    const part = digits.slice(0, 11);
    if (isTckn(part) || (near(tokens, index, 4, ID_WORD) && /^[1-9]/.test(part)))
      return {
        span: { kind: 'tckn', start: first.start, end: endOf(groups) },
        next: index + groups,
      };
  }
  const groups = phoneGroups(text, tokens, index, digits, counts, plus);
  if (groups > 0) {
    let start = first.start;
    while (start > 0 && '+('.includes(text.charAt(start - 1))) start--;
    return {
      span: { kind: 'phone', start, end: endOf(groups) },
      next: index + groups,
    };
  }
  return null;
}

/** A number tied to letters before it, as in `BK-2027`, `ORD_7` or a uuid, is part of an id. */
function isInsideId(tokens: readonly Token[], index: number): boolean {
  for (let at = index; at > Math.max(0, index - longestRun); at--) {
    const previous = tokens[at - 1];
    const gap = tokens[at]?.gap;
    if (!previous || previous.kind === 'placeholder') return false;
    if (gap === '' || gap === '_') return true;
    if (gap !== '-' && gap !== '#') return false;
    if (previous.kind === 'word') return !(previous.flags & (PHONE_WORD | ID_WORD | PASSPORT_WORD));
  }
  return false;
}

/** Visa, Mastercard, American Express, Diners, Discover, JCB, Maestro, Mir, Troy, UnionPay. */
const CARD = /^(?:4|5[0-9]|2[2-7]|3[0-9]|6|9792|81)/;
