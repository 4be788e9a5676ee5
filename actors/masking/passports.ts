import { BIRTH_WORD, OTHER_NUMBER, PASSPORT_WORD, PHONE_WORD } from './lexicon.ts';
import { isBreak, isJoint, near, type Find } from './surroundings.ts';
import type { Token } from './tokens.ts';

/**
 * Six to ten letters and digits after "passport", or in a form that only passports have: a letter and eight digits,
 * two letters and seven, or two digits, two letters, five digits.
 */
export function passportAt(text: string, tokens: readonly Token[], index: number): Find | null {
  const token = tokens[index];
  if (!token || (token.gap === '' && index > 0)) return null;
  let at = index;
  let code = '';
  let form = '';
  while (at < tokens.length) {
    const part = tokens[at];
    if (!part || part.kind === 'placeholder') break;
    if (at > index && part.gap !== '') break;
    if (part.key.length > 10 || code.length > 10 || at - index > 10) return null;
    code += part.key;
    form += (part.kind === 'word' ? 'a' : '0').repeat(part.end - part.start);
    at++;
  }
  const cued = passportNear(tokens, index, at);
  // "S 01234567", "45 10 123456", "71 № 1234567": parts, where the word passport says so.
  while (at < tokens.length && form.length < 10) {
    const part = tokens[at];
    if (!cued || part?.kind !== 'digits' || part.key.length < 2) break;
    if (!isJoint(part.gap, ' -№/') || (form.includes('a') && form.length > 2)) break;
    if (form.length + part.key.length > 10) break;
    code += part.key;
    form += '0'.repeat(part.end - part.start);
    at++;
  }
  const exact = form.length === 9 && /^(?:a0{8}|aa0{7}|00aa0{5})$/.test(form);
  if (!cued && !exact) return null;
  const end = tokens[at - 1]?.end ?? token.end;
  if (!/^[a-z0-9]+$/.test(code.normalize('NFKD')) && !/[а-я]/.test(code)) return null;
  const digitCount = form.replaceAll('a', '').length;
  const find: Find = { span: { kind: 'passport', start: token.start, end }, next: at };
  if (cued && form.length >= 6 && form.length <= 10 && digitCount >= 4) return find;
  // Without the word only in the exact forms, and in capitals; not where another number is announced.
  if (!exact) return null;
  if (text.slice(token.start, end) !== text.slice(token.start, end).toUpperCase()) return null;
  if (near(tokens, index, 3, OTHER_NUMBER)) return null;
  return text[end] === '-' || text[token.start - 1] === '-' ? null : find;
}

/** Up to six words before, or two after, with no other number between. */
function passportNear(tokens: readonly Token[], index: number, after: number): boolean {
  for (let at = index; at > Math.max(0, index - 7); at--) {
    if (at < index && tokens[at]?.kind !== 'word') {
      // The series of a Russian passport stands before its number, and other passports before this one.
      return false;
    }
    if (isBreak(tokens, at)) return false;
    const flags = tokens[at - 1]?.flags ?? 0;
    if (isPassportWord(tokens[at - 1])) return true;
    if (
      flags & (OTHER_NUMBER | PHONE_WORD) &&
      !(flags & BIRTH_WORD) &&
      !isNumberWord(tokens[at - 1])
    )
      return false;
  }
  for (let at = after; at < Math.min(tokens.length, after + 2); at++) {
    if (tokens[at]?.kind !== 'word' || isBreak(tokens, at)) return false;
    if (isPassportWord(tokens[at])) return true;
  }
  return false;
}

function isPassportWord(token: Token | undefined): boolean {
  if (!token) return false;
  return (
    (token.flags & PASSPORT_WORD) !== 0 ||
    /^(?:pasaport|passport|reisepass|passeport|(?:загран)?паспорт|[ولب]?(?:ال)?جواز)/.test(
      token.key,
    )
  );
}

/** "number" itself announces a phone number only where no passport does. */
function isNumberWord(token: Token | undefined): boolean {
  return token !== undefined && /^(?:numara|номер|رقم|code|ref)/.test(token.key);
}
