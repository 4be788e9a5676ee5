import { fold, wordsOf } from './fold.ts';

/** A phrase found in a text of words: `end` is exclusive, `tail` what followed a stem up to the end of its word. */
export interface Found<Value> {
  readonly value: Value;
  readonly start: number;
  readonly end: number;
  readonly tail: string;
}

/**
 * Finds a fixed set of phrases in a text of words (see `wordsOf`), all in one walk: time grows with the text, not
 * with the set. The longest phrase at a place wins, and found phrases never overlap.
 */
export interface PhraseBook<Value> {
  find(words: string): Found<Value>[];
  /** Whether phrases and nothing else make up the text. */
  covers(words: string): boolean;
  has(words: string): boolean;
}

interface Node<Value> {
  readonly next: Map<number, Node<Value>>;
  whole: { readonly value: Value } | null;
  stem: { readonly value: Value } | null;
}

/** What may follow a stem in one word; a longer tail is another word. */
const longestTail = 16;

/**
 * Reads phrases written `one|two words|stem*`. A star lets the last word go on (inflection). Where two lists hold the
 * same phrase, the later one wins. Arabic words are found behind their one-letter prefixes and the article, too.
 */
export function phraseBook<Value>(
  lists: Iterable<readonly [phrases: string, value: Value]>,
): PhraseBook<Value> {
  const root: Node<Value> = { next: new Map(), whole: null, stem: null };
  for (const [phrases, value] of lists) {
    for (const phrase of phrases.split('|')) {
      const written = wordsOf(fold(phrase));
      if (written === '') continue;
      let node = root;
      for (let index = 0; index < written.length; index++) {
        const code = written.charCodeAt(index);
        let next = node.next.get(code);
        if (!next) node.next.set(code, (next = { next: new Map(), whole: null, stem: null }));
        node = next;
      }
      if (phrase.trim().endsWith('*')) node.stem = { value };
      else node.whole = { value };
    }
  }

  const find = (words: string): Found<Value>[] => {
    const found: Found<Value>[] = [];
    let start = 0;
    while (start < words.length) {
      const match = at(root, words, start);
      if (match) found.push(match);
      const end = match ? match.end : endOfWord(words, start);
      start = end + 1;
    }
    return found;
  };

  return {
    find,
    has: (words) => find(words).length > 0,
    covers: (words) => {
      let start = 0;
      while (start < words.length) {
        const match = at(root, words, start);
        if (!match) return false;
        start = match.end + 1;
      }
      return words.length > 0;
    },
  };
}

function at<Value>(root: Node<Value>, words: string, start: number): Found<Value> | null {
  const plain = walk(root, words, start, start);
  if (plain || !isArabic(words.charCodeAt(start))) return plain;
  for (const prefix of arabicPrefixes) {
    if (!words.startsWith(prefix, start)) continue;
    const match = walk(root, words, start + prefix.length, start);
    // "For you" is no "how much": two letters behind a prefix are a word of their own.
    if (match && match.end - start - prefix.length > 2) return match;
  }
  return null;
}

/** And, so, with, for, like, the; and what they become together. */
const arabicPrefixes = [
  'وال',
  'بال',
  'فال',
  'كال',
  'لل',
  'ال',
  'وب',
  'ول',
  'و',
  'ف',
  'ب',
  'ل',
  'ك',
];

const isArabic = (code: number) => code >= 0x600 && code <= 0x6ff;

function walk<Value>(
  root: Node<Value>,
  words: string,
  from: number,
  start: number,
): Found<Value> | null {
  let best: Found<Value> | null = null;
  let node: Node<Value> | undefined = root;
  for (let index = from; index <= words.length; index++) {
    const ended = index === words.length || words.charCodeAt(index) === 32;
    if (node.whole && ended) best = { value: node.whole.value, start, end: index, tail: '' };
    else if (node.stem) {
      const end = endOfWord(words, index);
      if (end - index <= longestTail && !(best && best.end >= end && best.tail === '')) {
        best = { value: node.stem.value, start, end, tail: words.slice(index, end) };
      }
    }
    if (index === words.length) break;
    node = node.next.get(words.charCodeAt(index));
    if (!node) break;
  }
  return best;
}

function endOfWord(words: string, from: number): number {
  const space = words.indexOf(' ', from);
  return space < 0 ? words.length : space;
}
