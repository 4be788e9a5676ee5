import { DIGIT, LETTER, fold, asciiDigits, kindOf } from './letters.ts';
import { flagsOf } from './lexicon.ts';
import { type Listed, type Shape, lookUp, nothing } from './listed.ts';
import type { Kind, Span } from './span.ts';

/** A run of letters, a run of digits, or one of our own placeholders. */
export interface Token {
  readonly kind: 'word' | 'digits' | 'placeholder';
  readonly start: number;
  readonly end: number;
  /** A word folded, or digits in ASCII. */
  readonly key: string;
  /** What the lists say of a word; 0 for the rest. */
  readonly flags: number;
  /** The same of an inflected word. */
  readonly listed: Listed;
  readonly shape: Shape;
  /** The text between this token and the one before; `null` before the first. */
  readonly gap: string | null;
  /** What we masked here; `null` for words and digits, and for placeholders that came with the text. */
  readonly masked: Kind | null;
}

/** Longer gaps and words are cut to this, so that nothing that looks at them repeatedly gets slow. */
const longest = 40;

const PLACEHOLDER = /\[(?:NAME|PHONE|EMAIL|PASSPORT|TCKN|IBAN|CARD|BIRTH-DATE)\]/y;

/** The tokens of `text`, in order. Linear. */
export function tokenise(text: string): readonly Token[] {
  const tokens: Token[] = [];
  let index = 0;
  let previousEnd = -1;
  while (index < text.length) {
    const unit = text.charCodeAt(index);
    const kind = kindOf(unit);
    const start = index;
    if (kind === LETTER) {
      while (index < text.length && kindOf(text.charCodeAt(index)) === LETTER) index++;
      const key = fold(text, start, Math.min(index, start + longest));
      const shape = shapeOf(text, start, index);
      tokens.push({
        kind: 'word',
        start,
        end: index,
        key,
        flags: flagsOf(key),
        listed: lookUp(key, shape),
        shape,
        gap: gapOf(text, previousEnd, start),
        masked: null,
      });
    } else if (kind === DIGIT) {
      while (index < text.length && kindOf(text.charCodeAt(index)) === DIGIT) index++;
      tokens.push({
        kind: 'digits',
        start,
        end: index,
        key: asciiDigits(text, start, Math.min(index, start + longest)),
        flags: 0,
        listed: nothing,
        shape: 'uncased',
        gap: gapOf(text, previousEnd, start),
        masked: null,
      });
    } else {
      const end = unit === 0x5b ? placeholderEnd(text, index) : 0;
      if (end === 0) {
        index++;
        continue;
      }
      index = end;
      tokens.push(placeholder({ start, end }, gapOf(text, previousEnd, start), null));
    }
    previousEnd = index;
  }
  return tokens;
}

function placeholder(
  { start, end }: Pick<Span, 'start' | 'end'>,
  gap: string | null,
  masked: Kind | null,
): Token {
  return {
    kind: 'placeholder',
    start,
    end,
    key: '',
    flags: 0,
    listed: nothing,
    shape: 'uncased',
    gap,
    masked,
  };
}

/** The placeholder that takes a span's place: the token that `tokenise` finds there in the masked text. */
export function maskedToken(text: string, span: Span, previous: Token | undefined): Token {
  return placeholder(span, gapOf(text, previous?.end ?? -1, span.start), span.kind);
}

function placeholderEnd(text: string, index: number): number {
  PLACEHOLDER.lastIndex = index;
  return PLACEHOLDER.test(text) ? PLACEHOLDER.lastIndex : 0;
}

function gapOf(text: string, previousEnd: number, start: number): string | null {
  return previousEnd < 0 ? null : text.slice(previousEnd, Math.min(start, previousEnd + longest));
}

function shapeOf(text: string, start: number, end: number): Shape {
  const first = text.charAt(start);
  if (first.toLowerCase() === first.toUpperCase()) return 'uncased';
  if (first === first.toLowerCase()) return 'lower';
  if (end - start < 2) return 'capital';
  const second = text.charAt(start + 1);
  const last = text.charAt(end - 1);
  return isUpper(second) && isUpper(last) ? 'upper' : 'capital';
}

function isUpper(character: string): boolean {
  return character !== character.toLowerCase();
}
