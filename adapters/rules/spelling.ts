import { plainPhrases } from './reading.ts';

/** Below this many letters one wrong letter makes another word. */
const shortest = 5;

/** A stem is shorter than its word: six letters of it, or it is anybody's beginning. */
const shortestWrong = 6;

/** A message has at most this many different words looked at for a wrong letter. */
const mostWords = 150;

/** Longer words are no typos of ours. */
const longest = 20;

/** Puts right words that are one letter off a known one: a letter wrong, missing, too much, or two that changed places. */
export interface Speller {
  (words: string): string;
}

/**
 * Knows the words of some phrases, those of five letters and more. A word is put right only where it is none of the known, has their
 * first letter, and one known word alone is that near: nobody's word is changed into one of two. Words below `shortestRead` letters are read for swapped letters alone. Ordinary words are left as they are.
 */
export function speller(
  phrases: readonly string[],
  ordinary: readonly string[],
  shortestRead = shortest,
): Speller {
  const whole = new Set<string>();
  const stems = new Set<string>();
  for (const phrase of phrases.flatMap((list) => plainPhrases(list).split('|'))) {
    const isStem = phrase.endsWith('*');
    const words = phrase.replace('*', '').split(' ');
    for (const [index, word] of words.entries()) {
      if (isStem && index === words.length - 1) stems.add(word);
      else whole.add(word);
    }
  }
  const known = new Set(whole);
  const begun = new Set(stems);
  for (const phrase of ordinary.flatMap((list) => plainPhrases(list).split('|'))) {
    const words = phrase.replace('*', '').split(' ');
    for (const [index, word] of words.entries()) {
      if (!phrase.endsWith('*') || index < words.length - 1) known.add(word);
      else if (word.length >= shortest) begun.add(word);
    }
  }
  const shortestStem = 3;
  const isKnown = (word: string) => {
    if (known.has(word)) return true;
    for (let end = shortestStem; end <= word.length; end++)
      if (begun.has(word.slice(0, end))) return true;
    return false;
  };

  // Every known word under each of its spellings with one letter left out: so is a word that is one letter off.
  const near = new Map<string, string[]>();
  for (const word of [...whole, ...stems]) {
    if (
      word.length < (/\p{Script=Arabic}/u.test(word) ? shortestWrong : shortest) ||
      word.length > longest ||
      /[\d,]/.test(word)
    )
      continue;
    for (const one of [word, ...shortened(word)]) {
      const list = near.get(one);
      if (list) list.push(word);
      else near.set(one, [word]);
    }
  }

  // "Pian": four letters that changed places are seen, too.
  const swapped = new Map<string, string | null>();
  for (const word of whole) {
    if (word.length !== shortest - 1 || !/^[a-z]+$/.test(word)) continue;
    const two = word.charAt(0) + word.charAt(2) + word.charAt(1) + word.charAt(3);
    const three = word.slice(0, 2) + word.charAt(3) + word.charAt(2);
    for (const one of [two, three]) swapped.set(one, swapped.has(one) ? null : word);
  }

  const rightOf = (word: string): string => {
    if (word.length < shortestRead && !isKnown(word)) return swapped.get(word) ?? word;
    if (word.length < shortestRead || word.length > longest || isKnown(word)) return word;
    const found = new Set<string>();
    const look = (written: string, tail: string, only: ReadonlySet<string>) => {
      for (const one of [written, ...shortened(written)])
        for (const candidate of near.get(one) ?? [])
          if (
            only.has(candidate) &&
            candidate[0] === word[0] &&
            isOneOff(written, candidate) &&
            found.size < 8
          )
            found.add(candidate + tail);
    };
    look(word, '', whole);
    if (found.size === 0 && !/\p{Script=Arabic}/u.test(word))
      for (let end = Math.min(word.length, 12); end >= shortestWrong && found.size === 0; end--)
        look(word.slice(0, end), word.slice(end), stems);
    const [only] = found;
    return found.size === 1 && only !== undefined ? only : word;
  };

  return (words) => {
    const seen = new Map<string, string>();
    return words
      .split(' ')
      .map((word) => {
        const before = seen.get(word);
        if (before !== undefined) return before;
        if (word.length < shortest - 1 || seen.size >= mostWords) return word;
        const right = rightOf(word);
        seen.set(word, right);
        return right;
      })
      .join(' ');
  };
}

function shortened(word: string): string[] {
  const all: string[] = [];
  for (let index = 1; index < word.length; index++)
    all.push(word.slice(0, index) + word.slice(index + 1));
  return all;
}

/** Whether one letter wrong, missing or too much, or two neighbours swapped, makes one of the other. */
function isOneOff(left: string, right: string): boolean {
  const [short, long] = left.length <= right.length ? [left, right] : [right, left];
  if (long.length - short.length > 1) return false;
  let at = 0;
  while (at < short.length && short[at] === long[at]) at++;
  if (short.length < long.length) return short.slice(at) === long.slice(at + 1);
  if (short.slice(at + 1) === long.slice(at + 1)) return true;
  return (
    short[at] === long[at + 1] &&
    short[at + 1] === long[at] &&
    short.slice(at + 2) === long.slice(at + 2)
  );
}
