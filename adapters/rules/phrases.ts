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
      // Every way to cut it: "tamam kabul" is a phrase, and so are "tamam" and "kabul ediyorum".
      const starts = new Set([0]);
      for (const start of starts) {
        for (const end of endsAt(root, words, start)) {
          if (end >= words.length) return words.length > 0;
          starts.add(end + 1);
        }
      }
      return false;
    },
  };
}

/** Where phrases end that begin at a place. A set of starts grows while it is read: each is read once. */
function endsAt<Value>(root: Node<Value>, words: string, start: number): Set<number> {
  const ends = new Set<number>();
  const longest = at(root, words, start);
  if (!longest) return ends;
  ends.add(longest.end);
  let node: Node<Value> | undefined = root;
  for (let index = start; index < longest.end; index++) {
    node = node.next.get(words.charCodeAt(index));
    if (!node) break;
    const next = index + 1;
    if (node.whole && words.charCodeAt(next) === 32) ends.add(next);
    else if (node.stem && endOfWord(words, next) - next <= longestTail)
      ends.add(endOfWord(words, next));
  }
  return ends;
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
