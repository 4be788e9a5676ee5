import { isTckn, passesLuhn } from './checks.ts';
import { asciiDigits } from './letters.ts';
import { ID_WORD, PASSPORT_WORD, PHONE_WORD } from './lexicon.ts';
import { phoneGroups } from './phones.ts';
import { isJoint, near, type Find, type Skip } from './surroundings.ts';
import type { Token } from './tokens.ts';

const phoneJoints = ' -./()–‑';
/** Groups of digits that are looked at as one number. */
const longestRun = 8;

/** A card, a TCKN or a phone number in the groups of digits from `index` on; of two the longer. */
export function runAt(text: string, tokens: readonly Token[], index: number): Find | Skip | null {
  const first = tokens[index];
  if (!first || isInsideId(tokens, index)) return null;
  const ends: number[] = [];
  let digits = '';
  const counts: number[] = [];
  let at = index;
  while (at < tokens.length && ends.length < longestRun) {
    const part = tokens[at];
    if (part?.kind !== 'digits' || (at > index && !isJoint(part.gap, phoneJoints))) break;
    // "U12345678", "2E": a letter right behind makes it something else.
    const following = tokens[at + 1];
    if (following?.kind === 'word' && following.gap === '') break;
    digits += asciiDigits(text, part.start, Math.min(part.end, part.start + 24));
    counts.push(digits.length);
    ends.push(part.end);
    at++;
    if (digits.length > 24) break;
  }
  for (let groups = ends.length; groups > 0; groups--) {
    const count = counts[groups - 1] ?? 0;
    const part = digits.slice(0, count);
    const end = ends[groups - 1] ?? first.end;
    const next = index + groups;
    if (count >= 13 && count <= 19 && isCard(part))
      return { span: { kind: 'card', start: first.start, end }, next };
  }
  const plus =
    text[first.start - 1] === '+' ||
    (text[first.start - 1] === '(' && text[first.start - 2] === '+');
  for (let groups = ends.length; groups > 0; groups--) {
    if (plus || counts[groups - 1] !== 11) continue;
    const part = digits.slice(0, 11);
    if (isTckn(part) || (near(tokens, index, 4, ID_WORD) && /^[1-9]/.test(part)))
      return {
        span: { kind: 'tckn', start: first.start, end: ends[groups - 1] ?? first.end },
        next: index + groups,
      };
  }
  const groups = phoneGroups(text, tokens, index, digits, counts, plus);
  if (groups > 0) {
    let start = first.start;
    while (start > 0 && '+('.includes(text.charAt(start - 1))) start--;
    return {
      span: { kind: 'phone', start, end: ends[groups - 1] ?? first.end },
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

function isCard(digits: string): boolean {
  return CARD.test(digits) && passesLuhn(digits);
}
