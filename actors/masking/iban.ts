import { ibanLengths, isIban } from './checks.ts';
import { ID_WORD } from './lexicon.ts';
import { isJoint, near, type Find } from './surroundings.ts';
import type { Token } from './tokens.ts';

/** Two letters and two digits, then letters and digits as long as the country's are. */
export function ibanAt(tokens: readonly Token[], index: number): Find | null {
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
