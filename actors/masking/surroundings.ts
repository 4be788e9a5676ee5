import type { Span } from './span.ts';
import type { Token } from './tokens.ts';

/** What is found at a token: the span, and the first token after it. */
export interface Find {
  readonly span: Span;
  readonly next: number;
}

/** Something stepped over, so that its parts are taken for nothing else. */
export interface Skip {
  readonly span: null;
  readonly next: number;
}

/** A gap inside one number: nothing, or one of `characters`, with or without spaces around it. */
export function isJoint(gap: string | null, characters: string): boolean {
  if (gap === null || gap.length > 3) return false;
  if (gap === '') return true;
  if (gap.length === 1 && characters.includes(gap)) return true;
  let marks = 0;
  for (const character of gap) {
    if (character === '\u00a0' || character === '\u202f' || character === '\u2009') continue;
    if (!characters.includes(character)) return false;
    if (character !== ' ') marks++;
  }
  return marks <= 2;
}

/** Whether a sentence ends before the token at `at`. "Nr. ", "tel. ", "geb. " end none. */
export function isBreak(tokens: readonly Token[], at: number): boolean {
  const gap = tokens[at]?.gap;
  if (gap === null || gap === undefined) return true;
  if (gap.length <= 1) return gap !== '' && '!?;\n؟'.includes(gap); // Nearly all are so short.
  if (/[!?;\n؟]/.test(gap)) return true;
  return /\.\s/.test(gap) && (tokens[at - 1]?.key.length ?? 0) > 4;
}

/** Whether one of the `count` words before `index` has a flag, in the same sentence. */
export function near(
  tokens: readonly Token[],
  index: number,
  count: number,
  flag: number,
): boolean {
  for (let at = index - 1; at >= Math.max(0, index - count); at--) {
    const flags = tokens[at]?.flags ?? 0;
    if (flags & flag) return true;
    if (isBreak(tokens, at + 1)) return false;
  }
  return false;
}
