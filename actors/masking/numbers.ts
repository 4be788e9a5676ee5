import { ibanLengths, isIban, isTckn, passesLuhn } from './checks.ts';
import { asciiDigits, kindOf } from './letters.ts';
import {
  BIRTH_WORD,
  ID_WORD,
  MONTH,
  OTHER_NUMBER,
  PASSPORT_WORD,
  PHONE_WORD,
  monthOf,
} from './lexicon.ts';
import type { Span } from './span.ts';
import type { Token } from './tokens.ts';

/**
 * Dates up to this year are a birth's without further proof: more than 15 years ago when this was written. A constant,
 * because masking must not depend on the clock; left unchanged it only grows more careful with what it masks unasked.
 */
const unaskedBirthYear = 2011;
/** The same in the Islamic calendar. */
const unaskedHijriYear = 1432;

/** What is found at a token: the span, and the first token after it. */
interface Find {
  readonly span: Span;
  readonly next: number;
}

/** E-mail addresses in `text`. Linear: neither side of an @ may hold another. */
export function emails(text: string): readonly Span[] {
  const spans: Span[] = [];
  for (let at = text.indexOf('@'); at >= 0; at = text.indexOf('@', at + 1)) {
    let start = at;
    while (start > 0 && isLocal(text, start - 1)) start--;
    while (start < at && !isAlphanumeric(text, start)) start++;
    let end = at + 1;
    let dot = -1;
    while (end < text.length && isDomain(text, end)) {
      if (text[end] === '.') dot = end;
      end++;
    }
    while (end > at && !isAlphanumeric(text, end - 1)) end--;
    if (start < at && dot > at + 1 && text.lastIndexOf('.', end - 1) > at)
      spans.push({ kind: 'email', start, end });
  }
  return spans;
}

function isAlphanumeric(text: string, index: number): boolean {
  return kindOf(text.charCodeAt(index)) !== 0;
}

function isLocal(text: string, index: number): boolean {
  return isAlphanumeric(text, index) || '._%+-'.includes(text.charAt(index));
}

function isDomain(text: string, index: number): boolean {
  return isAlphanumeric(text, index) || '.-'.includes(text.charAt(index));
}

/** Dates of birth and the numbers of persons, in order. `taken` are spans already found, in order. */
export function numbers(
  text: string,
  tokens: readonly Token[],
  taken: readonly Span[],
): readonly Span[] {
  const spans: Span[] = [];
  let index = 0;
  let covered = 0;
  while (index < tokens.length) {
    const token = tokens[index];
    if (!token) break;
    while ((taken[covered]?.end ?? Infinity) <= token.start) covered++;
    if ((taken[covered]?.start ?? Infinity) < token.end) {
      index++;
      continue;
    }
    const find = findAt(text, tokens, index);
    if (find?.span) spans.push(find.span);
    index = find ? find.next : index + 1;
  }
  return spans;
}

function findAt(
  text: string,
  tokens: readonly Token[],
  index: number,
): Find | { span: null; next: number } | null {
  const token = tokens[index];
  if (!token || token.kind === 'placeholder') return null;
  if (token.kind === 'word') {
    const digitsNear = tokens[index + 1]?.kind === 'digits' || tokens[index + 2]?.kind === 'digits';
    if (!digitsNear) return null;
    return ibanAt(tokens, index) ?? passportAt(text, tokens, index) ?? dateAt(tokens, index);
  }
  return (
    dateAt(tokens, index) ??
    yearAt(tokens, index) ??
    passportAt(text, tokens, index) ??
    runAt(text, tokens, index)
  );
}

// Identifiers

/** Two letters and two digits, then letters and digits as long as the country's are. */
function ibanAt(tokens: readonly Token[], index: number): Find | null {
  const token = tokens[index];
  if (!token || token.end - token.start !== 2 || token.key.length !== 2) return null;
  if (index > 0 && token.gap === '') return null;
  const length = ibanLengths.get(token.key.toUpperCase());
  if (length === undefined) return null;
  let iban = '';
  let at = index;
  while (iban.length < length && at < tokens.length) {
    const part = tokens[at];
    if (!part || part.kind === 'placeholder' || (at > index && !isJoint(part.gap, ' -'))) break;
    iban += part.key;
    at++;
  }
  if (iban.length !== length || !/^[a-z]{2}\d\d[a-z0-9]+$/.test(iban)) return null;
  const end = tokens[at - 1]?.end ?? token.end;
  const cued = near(tokens, index, 4, ID_WORD);
  return isIban(iban.toUpperCase()) || cued
    ? { span: { kind: 'iban', start: token.start, end }, next: at }
    : null;
}

/** A gap inside one number: nothing, or one of `characters`, with or without spaces around it. */
function isJoint(gap: string | null, characters: string): boolean {
  if (gap === null) return false;
  if (gap.length > 3) return false;
  let marks = 0;
  for (const character of gap) {
    if (character === '\u00a0' || character === '\u202f' || character === '\u2009') continue;
    if (!characters.includes(character)) return false;
    if (character !== ' ') marks++;
  }
  return marks <= 2;
}

/**
 * Six to ten letters and digits after "passport", or in a form that only passports have: a letter and eight digits,
 * two letters and seven, or two digits, two letters, five digits.
 */
function passportAt(text: string, tokens: readonly Token[], index: number): Find | null {
  const token = tokens[index];
  if (!token || (token.gap === '' && index > 0)) return null;
  let at = index;
  let code = '';
  let form = '';
  while (at < tokens.length) {
    const part = tokens[at];
    if (!part || part.kind === 'placeholder') break;
    if (at > index && part.gap !== '') break;
    if (part.key.length > 10 || code.length > 10) return null;
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
  const end = tokens[at - 1]?.end ?? token.end;
  if (!/^[a-z0-9]+$/.test(code.normalize('NFKD')) && !/[а-я]/.test(code)) return null;
  const digitCount = form.replaceAll('a', '').length;
  const find: Find = { span: { kind: 'passport', start: token.start, end }, next: at };
  if (cued && form.length >= 6 && form.length <= 10 && digitCount >= 4) return find;
  // Without the word only in the exact forms, and in capitals; not where another number is announced.
  if (!/^(?:a0{8}|aa0{7}|00aa0{5})$/.test(form)) return null;
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

/** Whether a sentence ends before the token at `at`. "Nr. ", "tel. ", "geb. " end none. */
function isBreak(tokens: readonly Token[], at: number): boolean {
  const gap = tokens[at]?.gap;
  if (gap === null || gap === undefined || /[!?;\n؟]/.test(gap)) return true;
  return /\.\s/.test(gap) && (tokens[at - 1]?.key.length ?? 0) > 4;
}

/** Whether one of the `count` words before `index` has a flag, in the same sentence. */
function near(tokens: readonly Token[], index: number, count: number, flag: number): boolean {
  for (let at = index - 1; at >= Math.max(0, index - count); at--) {
    const flags = tokens[at]?.flags ?? 0;
    if (flags & flag) return true;
    if (isBreak(tokens, at + 1)) return false;
  }
  return false;
}

// Dates

/** A whole date. One that is no birth's is stepped over, so that its digits are taken for nothing else. */
function dateAt(
  tokens: readonly Token[],
  index: number,
): Find | { span: null; next: number } | null {
  const date = numericDate(tokens, index) ?? writtenDate(tokens, index);
  if (!date) return null;
  const first = tokens[index];
  let { next } = date;
  if (!first) return null;
  if (!isBirth(tokens, index, next, date.year)) return { span: null, next };
  // "1975 года", "1990 yılı": the word belongs to the date.
  if (/^(?:года|год|yili|yilinda)$/.test(tokens[next]?.key ?? '')) next++;
  const end = tokens[next - 1]?.end ?? first.end;
  return { span: { kind: 'birth-date', start: first.start, end }, next };
}

function numericDate(
  tokens: readonly Token[],
  index: number,
): { year: number; next: number } | null {
  const [first, second, third] = [tokens[index], tokens[index + 1], tokens[index + 2]];
  if (first?.kind !== 'digits' || second?.kind !== 'digits' || third?.kind !== 'digits')
    return null;
  const separator = second.gap?.trim() ?? '';
  if (!/^[./\-–،]$/.test(separator) || third.gap?.trim() !== separator) return null;
  // A fourth group makes it an address or a phone number: 07.55.44.33.22.
  const fourth = tokens[index + 3];
  if (fourth?.kind === 'digits' && fourth.gap === separator) return null;
  if (first.gap === '' && index > 0 && tokens[index - 1]?.kind === 'word') return null;
  if (/\d?[-/.]$/.test(first.gap ?? '') && tokens[index - 1]?.kind === 'digits') return null;
  const [a, b, c] = [Number(first.key), Number(second.key), Number(third.key)];
  if (first.key.length === 4 && second.key.length <= 2 && third.key.length <= 2)
    return isDayAndMonth(c, b) ? { year: a, next: index + 3 } : null;
  if (first.key.length > 2 || second.key.length > 2) return null;
  if (!isDayAndMonth(a, b) && !isDayAndMonth(b, a)) return null;
  if (third.key.length === 4) return { year: c, next: index + 3 };
  if (third.key.length !== 2) return null;
  return { year: c >= 30 ? 1900 + c : 2000 + c, next: index + 3 };
}

function isDayAndMonth(day: number, month: number): boolean {
  return day >= 1 && day <= 31 && month >= 1 && month <= 12;
}

/** "12 Mart 1980", "23. März 1984", "17 августа 1975", "1er mars 1958", "May 3rd, 1985", "3rd of May 1985". */
function writtenDate(
  tokens: readonly Token[],
  index: number,
): { year: number; next: number } | null {
  const first = tokens[index];
  if (!first) return null;
  let at = index;
  if (first.kind === 'word') {
    if (!(first.flags & MONTH)) return null;
    at++;
    if (!isDay(tokens[at])) return null;
    at++;
  } else {
    if (!isDay(first)) return null;
    at++;
  }
  if (/^(?:st|nd|rd|th|er|eme|e|го)$/.test(tokens[at]?.key ?? '')) at++;
  if (first.kind === 'digits') {
    if (/^(?:of|de|من|شهر)$/.test(tokens[at]?.key ?? '')) at++;
    const month = tokens[at];
    if (!month || !monthOf(month.key) || (month.gap?.length ?? 9) > 3) return null;
    at++;
    if (/^(?:of|de|عام|سنه)$/.test(tokens[at]?.key ?? '')) at++;
  }
  const year = tokens[at];
  if (year?.kind !== 'digits' || year.key.length !== 4 || (year.gap?.length ?? 9) > 3) return null;
  return { year: Number(year.key), next: at + 1 };
}

function isDay(token: Token | undefined): boolean {
  return (
    token?.kind === 'digits' &&
    token.key.length <= 2 &&
    Number(token.key) >= 1 &&
    Number(token.key) <= 31
  );
}

function isBirth(tokens: readonly Token[], start: number, next: number, year: number): boolean {
  if (year >= 1300 && year < 1500)
    return year <= unaskedHijriYear || announced(tokens, start, next, 6);
  if (year < 1880 || year > 2099) return false;
  return year <= unaskedBirthYear || announced(tokens, start, next, 6);
}

/** Whether a word of birth stands up to `count` words before, or two after. */
function announced(tokens: readonly Token[], start: number, next: number, count: number): boolean {
  for (let at = next; at < Math.min(tokens.length, next + 2); at++) {
    const token = tokens[at];
    if (token?.kind !== 'word' || /[!?;\n؟,،]/.test(token.gap ?? '')) break;
    if (isBirthCue(tokens, at)) return true;
  }
  for (let at = start - 1; at >= Math.max(0, start - count); at--) {
    const token = tokens[at];
    if (isBirthCue(tokens, at)) return true;
    if (token?.kind !== 'word' || token.flags & OTHER_NUMBER) return false;
    if (isBreak(tokens, at + 1)) return false;
  }
  return false;
}

/** Also "né", which without its accent is the French "not", and the Russian abbreviations г.р. and д.р. */
function isBirthCue(tokens: readonly Token[], at: number): boolean {
  const token = tokens[at];
  if (!token) return false;
  if (token.flags & BIRTH_WORD) return true;
  if (token.key === 'nee') return true;
  if (token.key === 'ne') return /^(?:le|en|e|a)$/.test(tokens[at + 1]?.key ?? '');
  if (token.key === 'р') return /^[гд]$/.test(tokens[at - 1]?.key ?? '');
  return /^[гд]$/.test(token.key) && tokens[at + 1]?.key === 'р';
}

/** "1980 doğumluyum", "born in 1980", "مواليد 1990": a year alone, with the word of birth very near. */
function yearAt(tokens: readonly Token[], index: number): Find | null {
  const token = tokens[index];
  if (!token || token.key.length !== 4 || token.gap === '') return null;
  const year = Number(token.key);
  if (year < 1900 || year > 2026) return null;
  const following = tokens[index + 1];
  if (following?.kind === 'digits' && isJoint(following.gap, ' -/.')) return null;
  if (!announced(tokens, index, index + 1, 2)) {
    const [one, two] = [following, tokens[index + 2]];
    if (!/^(?:года|yili|yilinda|senesi)$/.test(one?.key ?? '') || !((two?.flags ?? 0) & BIRTH_WORD))
      return null;
  }
  return { span: { kind: 'birth-date', start: token.start, end: token.end }, next: index + 1 };
}

// Runs of digit groups: cards, identity numbers, phones

const phoneJoints = ' -./()–‑';
const longestRun = 8;

function runAt(
  text: string,
  tokens: readonly Token[],
  index: number,
): Find | { span: null; next: number } | null {
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

/** Numbers of countries our patients call from, with the country's code but without the plus. */
const INTERNATIONAL =
  /^(?:905\d{9}|90[2-4]\d{9}|79\d{9}|77\d{9}|9665\d{8}|9715\d{8}|97[34]\d{8}|965[569]\d{7}|9627\d{8}|9647\d{9}|961\d{7,8}|491[567]\d{8,9}|447\d{9}|33[67]\d{8}|201[0125]\d{8}|2126\d{8}|213[567]\d{8}|436\d{8,11}|417\d{8}|380\d{9}|375\d{9}|994\d{9}|998\d{9}|316\d{8})$/;
/** The same inside a country: a zero, or Russia's eight, and as many digits as are used there. */
const NATIONAL = /^(?:0[1-9]\d{7,10}|8[3489]\d{9})$/;
/** The last chance, by its groups: (555) 123-4567, 532 111 22 33. */
const GROUPS = /^(?:3,3,4|3,3,2,2|3,7|3,3,2,2|10)$/;
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
function phoneGroups(
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
  for (let groups = counts.length; groups > 0; groups--) {
    const part = digits.slice(0, counts[groups - 1]);
    if (isDecimal(text, tokens, index, groups)) continue;
    if (NATIONAL.test(part) && (cued || !other)) return groups;
    if (INTERNATIONAL.test(part) && (cued || !other)) return groups;
    if (other && !cued) continue;
    const sizes = sizesOf(counts, groups);
    const opened = text[(tokens[index]?.start ?? 0) - 1] === '(';
    if (GROUPS.test(sizes) && /^[2-9]/.test(part) && (groups > 1 || part.startsWith('5')))
      if (opened || cued || part.startsWith('5') || /^3,3,4$/.test(sizes)) return groups;
  }
  return cued && !other ? longest(counts, 7, 15) : 0;
}

function sizesOf(counts: readonly number[], groups: number): string {
  let sizes = '';
  for (let at = 0; at < groups; at++) {
    sizes += `${at > 0 ? ',' : ''}${(counts[at] ?? 0) - (at > 0 ? (counts[at - 1] ?? 0) : 0)}`;
  }
  return sizes;
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
    if (/[!?;\n؟,]|\.\s/.test(tokens[at]?.gap ?? '')) return false;
    if ((tokens[at]?.flags ?? 0) & PHONE_WORD) return true;
  }
  return false;
}

/** Followed by a comma or point and digits, or a currency: money. */
function isDecimal(text: string, tokens: readonly Token[], index: number, groups: number): boolean {
  const last = tokens[index + groups - 1];
  const following = tokens[index + groups];
  if (!last) return false;
  if (following?.kind === 'digits' && /^[.,]$/.test(following.gap ?? '')) return true;
  return /^\s?[€$£₺₽%]/.test(text.slice(last.end, last.end + 2));
}
