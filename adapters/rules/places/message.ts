import { ways } from '../lexicon/ways.ts';
import { type Found, phraseBook } from '../phrases.ts';
import { turkishCase } from './endings.ts';
import { keyOf } from './keys.ts';

export type Way = Exclude<keyof typeof ways, 'beside'>;

/** A word of a message, with what is left of how it was written. */
export interface Token {
  readonly key: string;
  /** In the text of words. */
  readonly start: number;
  readonly end: number;
  /** Nothing but an apostrophe stands before it. */
  readonly isTail: boolean;
  /** A sentence, or a part of one, begins with it. */
  readonly begins: boolean;
  /** A comma stands before it. */
  readonly pauses: boolean;
  /** As written; empty where the two can't be laid side by side. */
  readonly written: string;
}

/** A way word, by the tokens it takes; `end` is exclusive. */
export interface Mark {
  readonly way: Way;
  readonly start: number;
  readonly end: number;
}

export interface Message {
  readonly words: string;
  readonly tokens: readonly Token[];
  /** The mark that ends before a token, and the one that begins at it. */
  readonly endingAt: ReadonlyMap<number, Mark>;
  readonly startingAt: ReadonlyMap<number, Mark>;
}

const kinds = [
  'or',
  'between',
  'perhapsFrom',
  'to',
  'from',
  'lives',
  'departs',
  'livesAfter',
  'departsAfter',
  'over',
  'once',
  'instead',
  'not',
  'notAfter',
] as const satisfies readonly Way[];
const before: readonly Way[] = kinds.filter((kind) => !kind.endsWith('After'));

const booksOf = (wanted: readonly Way[]) =>
  phraseBook<Way>(wanted.map((kind): [string, Way] => [ways[kind], kind]));
const beforeBook = booksOf(before);
const afterBook = booksOf(['livesAfter', 'departsAfter', 'once', 'notAfter']);

const besideBook = phraseBook<true>(
  Object.values(ways).map((list): [string, true] => [list, true]),
);

/** Whether these words add nothing to a place that is the answer. */
export const isBeside = (words: string): boolean => words === '' || besideBook.covers(words);

/** More than three hundred words are no answer, and what is after them is not read. */
const mostTokens = 300;

export function messageOf(text: string, folded: string, words: string): Message {
  const written = text.match(/[\p{L}\p{M}\p{N}]+/gu) ?? [];
  const found = [...folded.matchAll(/[\p{L}\p{N}]+/gu)];
  const isAligned = written.length === found.length;
  const tokens: Token[] = [];
  let position = 0;
  let last = 0;
  for (const [index, { 0: word, index: at }] of found.slice(0, mostTokens).entries()) {
    const gap = folded.slice(last, at);
    tokens.push({
      key: keyOf(word),
      start: position,
      end: position + word.length,
      isTail: gap === "'",
      pauses: /[,،]/.test(gap),
      begins: index === 0 || /[.;:!?؟\n()]/.test(gap),
      written: isAligned ? (written[index] ?? '') : '',
    });
    position += word.length + 1;
    last = at + word.length;
  }
  const read = words.slice(0, Math.max(0, position - 1));
  return {
    words: read,
    tokens,
    endingAt: marksBy(beforeBook.find(read), tokens, 'end'),
    startingAt: marksBy(afterBook.find(read), tokens, 'start'),
  };
}

function marksBy(
  found: readonly Found<Way>[],
  tokens: readonly Token[],
  by: 'start' | 'end',
): Map<number, Mark> {
  const starts = new Map(tokens.map(({ start }, index) => [start, index]));
  const ends = new Map(tokens.map(({ end }, index) => [end, index + 1]));
  const marks = new Map<number, Mark>();
  for (const { value, start, end } of found) {
    const first = starts.get(start);
    const last = ends.get(end);
    if (first === undefined || last === undefined) continue;
    // "İstanbul'a" is an ending and no French word.
    const token = tokens[first];
    if (token?.isTail && turkishCase(token.key) !== undefined) continue;
    const mark = { way: value, start: first, end: last };
    marks.set(mark[by], mark);
  }
  return marks;
}
