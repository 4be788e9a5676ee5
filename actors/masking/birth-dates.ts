import { BIRTH_WORD, MONTH, OTHER_NUMBER, monthOf } from './lexicon.ts';
import { isBreak, isJoint, type Find, type Skip } from './surroundings.ts';
import type { Token } from './tokens.ts';

/**
 * Dates up to this year are a birth's without further proof: more than 15 years ago when this was written. A constant,
 * because masking must not depend on the clock; left unchanged it only grows more careful with what it masks unasked.
 */
const unaskedBirthYear = 2011;

/** The same in the Islamic calendar. */
const unaskedHijriYear = 1432;

/** A whole date. One that is no birth's is stepped over, so that its digits are taken for nothing else. */
export function dateAt(tokens: readonly Token[], index: number): Find | Skip | null {
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
  const first = tokens[index];
  const second = tokens[index + 1];
  const third = tokens[index + 2];
  if (first?.kind !== 'digits' || second?.kind !== 'digits' || third?.kind !== 'digits')
    return null;
  const separator = second.gap?.trim() ?? '';
  if (separator.length !== 1 || !'./-–،'.includes(separator) || third.gap?.trim() !== separator)
    return null;
  // A fourth group, masked or not, makes it an address or a phone number: 07.55.44.33.22.
  const fourth = tokens[index + 3];
  if (fourth && fourth.kind !== 'word' && fourth.gap === separator) return null;
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

const ordinalEndings: ReadonlySet<string> = new Set('st nd rd th er eme e го'.split(' '));

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
  if (tokens[at]?.kind === 'word' && ordinalEndings.has(tokens[at]?.key ?? '')) at++;
  if (first.kind === 'digits') {
    if (tokens[at]?.kind !== 'word') return null;
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
export function yearAt(tokens: readonly Token[], index: number): Find | null {
  const token = tokens[index];
  if (!token || token.key.length !== 4 || token.gap === '') return null;
  const year = Number(token.key);
  if (year < 1900 || year > 2099) return null;
  const following = tokens[index + 1];
  if (following?.kind === 'digits' && isJoint(following.gap, ' -/.')) return null;
  // "Valid until 2031. Born: …": what is to come is a birth's only in its own sentence.
  if (year > 2026 && /\.\s/.test(following?.gap ?? '')) return null;
  if (!announced(tokens, index, index + 1, 2)) {
    const [one, two] = [following, tokens[index + 2]];
    if (!/^(?:года|yili|yilinda|senesi)$/.test(one?.key ?? '') || !((two?.flags ?? 0) & BIRTH_WORD))
      return null;
  }
  return { span: { kind: 'birth-date', start: token.start, end: token.end }, next: index + 1 };
}
