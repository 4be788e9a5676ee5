import { numberAt } from './numbers.ts';
import { mannerOf, personAt, type Manner } from './people.ts';
import type { Reading } from './reading.ts';
import type { Span } from './span.ts';
import { maskedToken, type Token } from './tokens.ts';
import { createWindow } from './window.ts';

/**
 * How many tokens to its right and to its left a rule looks at most. Only an IBAN is longer; but a placeholder in it can
 * only end it, so none begins to be one by what is masked behind it.
 */
const rightReach = 12;
const leftReach = 10;

/** How often the whole text is read anew because its manner changed, before all manners are read at once. */
const mostReadings = 3;

const everyManner: readonly Manner[] = [false, true].flatMap((german) =>
  [false, true].map((shouting) => ({ german, shouting })),
);

/** What the first reading of a text found. */
export interface Findings {
  /** In order, without overlaps. */
  readonly spans: readonly Span[];
  /** What was found too, but gave way to one of `spans`. */
  readonly dropped: readonly Span[];
  /** Tokens at which a date that is no birth's begins, and how many it has. */
  readonly dates: ReadonlyMap<Token, number>;
}

/**
 * The spans of the first reading, and what is found once they are masked: a placeholder is no part of a sentence, so what
 * stands near one may be seen differently. Nothing is left to find afterwards, so masking twice is masking once. Linear:
 * after each find only the tokens that can see it are read again.
 */
export function settled(
  text: string,
  tokens: readonly Token[],
  { spans, dropped, dates }: Findings,
): readonly Span[] {
  const known = new Map(dates);
  let masked = collapsed(text, tokens, spans);
  let due = nearMasked(masked, dropped);
  let before = mannerOf(tokens);
  for (let readings = 1; ; readings++) {
    const manner = mannerOf(masked);
    const isSame = manner.german === before.german && manner.shouting === before.shouting;
    if (!isSame || readings > 1) due = masked.map(() => !isSame);
    if (isSame && readings > 1) break;
    // With every word that is masked a text may begin or cease to shout. Hostile ones do so again and again.
    const isLast = readings > mostReadings;
    masked = searched(text, masked, due, isLast ? everyManner : [manner], known);
    if (isLast) break;
    before = manner;
  }
  return masked.flatMap(({ masked: kind, start, end }) => (kind ? [{ kind, start, end }] : []));
}

/** The tokens of the masked text, but at their places in the text itself. */
function collapsed(text: string, tokens: readonly Token[], spans: readonly Span[]): Token[] {
  const all: Token[] = [];
  let index = 0;
  for (const span of spans) {
    for (let next = tokens[index]; next && next.end <= span.start; next = tokens[index]) {
      all.push(next);
      index++;
    }
    all.push(maskedToken(text, span, all.at(-1)));
    while ((tokens[index]?.start ?? Infinity) < span.end) index++;
  }
  return [...all, ...tokens.slice(index)];
}

/** The tokens that can see one that is masked, and those of spans that were dropped: nobody has looked at them one by one. */
function nearMasked(tokens: readonly Token[], dropped: readonly Span[]): boolean[] {
  const due = tokens.map(() => false);
  const inOrder = dropped.toSorted((left, right) => left.start - right.start);
  let next = 0;
  let until = -1;
  for (const [index, token] of tokens.entries()) {
    while ((inOrder[next]?.start ?? Infinity) < token.end) {
      const { end } = inOrder[next] as Span;
      let last = index;
      while ((tokens[last]?.start ?? Infinity) < end) last++;
      until = Math.max(until, last + leftReach);
      due.fill(true, Math.max(0, index - rightReach), index);
      next++;
    }
    if (token.masked) {
      due.fill(true, Math.max(0, index - rightReach), index);
      until = Math.max(until, index + leftReach);
    }
    if (index <= until) due[index] = true;
  }
  return due;
}

/**
 * Reads what is due from left to right, with what is masked on the left already a placeholder, and goes back a little after
 * each find. Keeps `dates` up to date.
 */
function searched(
  text: string,
  tokens: readonly Token[],
  due: readonly boolean[],
  manners: readonly Manner[],
  dates: Map<Token, number>,
): Token[] {
  const window = createWindow(tokens, due);
  const { words } = window;
  const readings = manners.map((manner): Reading => ({ text, words, ...manner }));
  for (; window.hasMore();) {
    const { index } = window;
    const find = window.isDue(index) ? (numberIn(index) ?? personIn(index)) : stepped(index);
    if (!find) {
      window.advance();
      continue;
    }
    const { first, next, span } = find;
    window.makeDue(first - rightReach, next + leftReach);
    window.replace(first, next, maskedToken(text, span, words[first - 1]), rightReach);
  }
  return window.all();

  function numberIn(index: number) {
    if (window.isSteppedOver(index)) return null;
    const token = words[index];
    const before = token && dates.get(token);
    const find = numberAt(text, words, index);
    if (token && before !== undefined && !(find && !find.span)) {
      // What was part of a date stands alone now.
      dates.delete(token);
      window.makeDue(index + 1, index + before);
    }
    if (find?.span) return { ...find, first: index };
    if (find && token) {
      dates.set(token, find.next - index);
      window.stepOver(find.next);
    }
    return null;
  }

  function personIn(index: number) {
    for (const reading of readings) {
      const find = personAt(reading, index, 0);
      if (find) return find;
    }
    return null;
  }

  function stepped(index: number): null {
    const token = words[index];
    const count = token && dates.get(token);
    if (count !== undefined && !window.isSteppedOver(index)) window.stepOver(index + count);
    return null;
  }
}
