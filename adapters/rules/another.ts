import { spans } from '../../actors/masking/mask.ts';
import type { Sure } from '../../actors/shapes/understanding.ts';
import { fold, wordsOf } from './fold.ts';
import type { Language } from './lexicon/languages.ts';
import { type RelativeWords, relativeWords } from './lexicon/relatives.ts';
import { type PhraseBook, phraseBook } from './phrases.ts';

/** Longest name for somebody that we hand on. */
const longest = 40;

/** How far around somebody their sentence says what they are to have. */
const reach = 7;

interface Kind {
  /** R a relative, B one bound to a "for", F and f "for", N needs, T a treatment, X what else, S the patient, & and, ø nothing. */
  readonly letter: string;
  readonly called: string | null;
}

interface Word extends Kind {
  /** As it was written, and where. */
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

const books = new Map<Language, PhraseBook<Kind>>();

function bookOf(language: Language): PhraseBook<Kind> {
  const known = books.get(language);
  if (known) return known;
  const words = relativeWords[language];
  const list = (phrases: string, letter: string, called: string | null = null) =>
    [phrases, { letter, called }] as const;
  const people = (of: RelativeWords['bound'] | RelativeWords['relatives'], letter: string) =>
    of.map(([called, phrases]) => list(phrases, letter, called));
  const book = phraseBook<Kind>([
    list(words.filler, 'ø'),
    list(words.and, '&'),
    list(words.needs, 'N'),
    list(words.treatment, 'T'),
    list(words.otherwise, 'X'),
    list(words.forBefore, 'F'),
    list(words.forAfter, 'f'),
    list(words.self, 'S'),
    ...people(words.relatives, 'R'),
    ...people(words.bound, 'B'),
  ]);
  books.set(language, book);
  return book;
}

/**
 * Whether somebody else than the patient is to be treated, and what the patient calls them: "for my mother", "annem Fatma diz
 * protezi olacak". Not who comes along ("me and my wife"), and not who told them of us.
 *
 * @param hasProcedure a treatment is named in the message
 */
export function anotherIn(
  text: string,
  language: Language,
  hasProcedure: boolean,
): Sure<string> | undefined {
  const words = wordsIn(text, language);
  const letters = words.map(({ letter }) => letter).join('');
  for (const match of letters.matchAll(/[RB]/g)) {
    const word = words[match.index];
    if (!word) continue;
    const before = sentenceBefore(letters.slice(Math.max(0, match.index - reach), match.index));
    const after = sentenceAfter(letters.slice(match.index + 1, match.index + 1 + reach));
    if (isListed(before, after)) continue;
    const confidence = treated(word.letter, before, after, hasProcedure);
    if (confidence > 0) return { value: named(text, word), confidence };
  }
  return undefined;
}

const sentenceBefore = (letters: string) => letters.slice(letters.lastIndexOf('.') + 1);
const sentenceAfter = (letters: string) => letters.split('.')[0] ?? '';

/** With the patient in one list: a party that travels. */
function isListed(before: string, after: string): boolean {
  return /S[&,]?[R&,]{0,4}$/.test(before) || /^x?,?&S/.test(after) || before.endsWith('&');
}

function treated(letter: string, before: string, after: string, hasProcedure: boolean): number {
  const isOtherwise = /X/.test(after.slice(0, 5)) || /X[xFT]{0,1}$/.test(before);
  if (isOtherwise) return 0;
  // "My daughter is 5" tells her age.
  if (letter === 'B' && /^#[^,]*$/.test(after) && !/[NT]/.test(after)) return 0;
  const isMedical = hasProcedure || /T/.test(before + after);
  const isFor = letter === 'B' || before.endsWith('F') || /^x{0,2}f/.test(after);
  if (isFor)
    return isMedical || /^x{0,2}f/.test(after) || before.length + after.length <= 4 ? 0.85 : 0.65;
  const needs = /^x{0,2}[TRxf]{0,4}N/.test(after) || before.endsWith('N');
  return needs && isMedical ? 0.8 : 0;
}

/** Their name, where it stands right behind; else what they are to the patient. */
function named(text: string, { text: written, called, start, end }: Word): string {
  const name = spans(text).find(
    (span) => span.kind === 'name' && span.start >= start && span.start <= end + 2,
  );
  const own = name ? text.slice(Math.max(name.start, end), name.end).trim() : '';
  return (own === '' ? (called ?? written) : own).slice(0, longest);
}

function wordsIn(text: string, language: Language): Word[] {
  const read = [...text.slice(0, 1_500).matchAll(/[\p{L}\p{M}\p{N}]+|[.!?;؟\n,،]/gu)];
  let sentence = '';
  const starts: number[] = [];
  for (const [token] of read) {
    const folded = /^[\p{L}\p{N}]/u.test(token) ? wordsOf(fold(token)) : '';
    starts.push(folded === '' ? -1 : sentence.length + (sentence === '' ? 0 : 1));
    if (folded !== '') sentence += sentence === '' ? folded : ` ${folded}`;
  }
  const phrases = new Map(
    bookOf(language)
      .find(sentence)
      .map((phrase) => [phrase.start, phrase]),
  );
  const words: Word[] = [];
  let skipTo = 0;
  for (const [index, { 0: token, index: start }] of read.entries()) {
    const at = starts[index] ?? -1;
    const end = start + token.length;
    if (at < 0) {
      words.push({ letter: /[,،]/.test(token) ? ',' : '.', called: null, text: token, start, end });
      continue;
    }
    if (at < skipTo) {
      const last = words.at(-1);
      if (last && last.letter !== ',' && last.letter !== '.') {
        words[words.length - 1] = { ...last, text: text.slice(last.start, end), end };
      }
      continue;
    }
    const phrase = phrases.get(at);
    if (phrase) skipTo = phrase.end;
    const other = /^\p{N}/u.test(token) ? '#' : 'x';
    const { letter, called } = phrase?.value ?? { letter: other, called: null };
    if (letter !== 'ø') words.push({ letter, called, text: token, start, end });
    else skipTo = phrase?.end ?? skipTo;
  }
  return words;
}
