import { numberAt } from './numbers.ts';
import { mannerOf, personAt, type Manner } from './people.ts';
import type { Reading } from './reading.ts';
import type { Span } from './span.ts';
import { maskedToken, type Token } from './tokens.ts';
import { createWindow } from './window.ts';

/**
 * How many tokens to its right a rule looks at most. Only an IBAN is longer; but a placeholder in it can only end it, so
 * none begins to be one by what is masked behind it.
 */
export const rightReach = 12;

/** How often the whole text is read anew because its manner changed, before all manners are read at once. */
const mostReadings = 3;

const everyManner: readonly Manner[] = [false, true].flatMap((german) =>
  [false, true].map((shouting) => ({ german, shouting })),
);

/**
 * `found`, and what is found once that is masked: a placeholder is no part of a sentence, so what stands beside one may
 * be seen differently. Nothing is left to find afterwards, and so masking twice is masking once. Linear: what is masked
 * changes only what is at most `rightReach` tokens before it, so no more than that is looked at again.
 */
export function settled(
  text: string,
  tokens: readonly Token[],
  found: readonly Span[],
): readonly Span[] {
  let masked = collapsed(text, tokens, found);
  let manner = mannerOf(masked);
  for (let readings = 1; ; readings++) {
    // With every word that is masked a text may begin or cease to shout. Hostile ones do so again and again.
    const isLast = readings > mostReadings;
    masked = searched(text, masked, isLast ? everyManner : [manner]);
    const before = manner;
    manner = mannerOf(masked);
    if (isLast || (manner.german === before.german && manner.shouting === before.shouting)) break;
  }
  return masked.flatMap(({ masked: kind, start, end }) => (kind ? [{ kind, start, end }] : []));
}

/** The tokens of the masked text, but at their places in the text itself. */
function collapsed(text: string, tokens: readonly Token[], found: readonly Span[]): Token[] {
  const all: Token[] = [];
  let index = 0;
  for (const span of found) {
    for (let next = tokens[index]; next && next.end <= span.start; next = tokens[index]) {
      all.push(next);
      index++;
    }
    all.push(maskedToken(text, span, all.at(-1)));
    while ((tokens[index]?.start ?? Infinity) < span.end) index++;
  }
  return [...all, ...tokens.slice(index)];
}

/** Reads from left to right, with what is masked on the left already a placeholder, and goes back a little after each find. */
function searched(text: string, tokens: readonly Token[], manners: readonly Manner[]): Token[] {
  const window = createWindow(tokens);
  const { words } = window;
  const readings = manners.map((manner): Reading => ({ text, words, ...manner }));
  for (; window.hasMore();) {
    const { index } = window;
    const find = numberIn(index) ?? personIn(index);
    if (!find) {
      window.advance();
      continue;
    }
    const { first, next, span } = find;
    window.replace(first, next, maskedToken(text, span, words[first - 1]), rightReach);
  }
  return window.all();

  function numberIn(index: number) {
    if (window.isSteppedOver(index)) return null;
    const find = numberAt(text, words, index);
    if (find?.span) return { ...find, first: index };
    if (find) window.stepOver(find.next);
    return null;
  }

  function personIn(index: number) {
    for (const reading of readings) {
      const find = personAt(reading, index, 0);
      if (find) return find;
    }
    return null;
  }
}
