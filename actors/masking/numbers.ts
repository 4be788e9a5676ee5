import { dateAt, yearAt } from './birth-dates.ts';
import { runAt } from './digit-runs.ts';
import { ibanAt } from './iban.ts';
import { passportAt } from './passports.ts';
import type { Span } from './span.ts';
import type { Find, Skip } from './surroundings.ts';
import type { Token } from './tokens.ts';

/**
 * Dates of birth and the numbers of persons, in order. `taken` are spans already found, in order. `dates` are the tokens at
 * which another date begins, and how many it has.
 */
export function numbers(
  text: string,
  tokens: readonly Token[],
  taken: readonly Span[],
): { readonly spans: readonly Span[]; readonly dates: ReadonlyMap<Token, number> } {
  const spans: Span[] = [];
  const dates = new Map<Token, number>();
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
    const find = numberAt(text, tokens, index);
    if (find?.span) spans.push(find.span);
    else if (find) dates.set(token, find.next - index);
    index = find ? find.next : index + 1;
  }
  return { spans, dates };
}

/** What starts at `index`, if it is a number of a person's: looks a fixed number of tokens around. */
export function numberAt(
  text: string,
  tokens: readonly Token[],
  index: number,
): Find | Skip | null {
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
