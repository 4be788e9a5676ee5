import { fold, wordsOf } from './fold.ts';
import { type PhraseBook, phraseBook } from './phrases.ts';

/** A sentence of a message, as the grammars of danger, of stopping and of answers read it. */
export interface Sentence {
  /** Plain words, one space between; a comma is a word of its own. */
  readonly words: string;
  /** Ends with a question mark. */
  readonly asks: boolean;
}

/** The most sentences that are read one by one; what comes after them is read as one more. */
const mostSentences = 60;

/** The sentences of a text, at most 4,096 characters of it. */
export function sentencesOf(text: string): Sentence[] {
  const folded = fold(keptApart(text.slice(0, 4_096)));
  const parts = folded.split(/((?<!\d)[.]|[.](?!\d)|[!?؟;…]+)/u);
  const sentences: Sentence[] = [];
  const last = 2 * mostSentences;
  for (let index = 0; index < parts.length && index <= last; index += 2) {
    const isRest = index === last;
    const part = plainWords(isRest ? parts.slice(index).join(',') : (parts[index] ?? ''));
    const asks = !isRest && /[?؟]/.test(parts[index + 1] ?? '');
    const before = sentences.at(-1);
    if (part !== '') sentences.push({ words: part, asks });
    else if (asks && before) sentences[sentences.length - 1] = { ...before, asks };
  }
  return sentences;
}

/** What folding would make one: Turkish "öl-" (die) and "ol-" (be), and lines. */
function keptApart(text: string): string {
  return text.replaceAll(/(?<!\p{L})[öÖ](?=l)/gu, 'oe').replaceAll('\n', '. ');
}

/** Folded text as plain words with its commas. */
function plainWords(folded: string): string {
  const clauses = folded.split(/(?<!\d),|,(?!\d)|[،:()"“”«»]+| - | – |\.\.+/u);
  return plain(
    clauses
      .map(wordsOf)
      .filter((clause) => clause !== '')
      .join(' , '),
  );
}

/** What somebody announces, who leaves the apostrophe out: "ill message you later". */
const willBe =
  /\bill (?=(?:also |just |probably |maybe |then )?(?:add|answer|arrange|arrive|ask|be|book|bring|call|cancel|change|check|choose|come|confirm|contact|decide|discuss|do|find|fly|get|give|go|have|keep|leave|let|look|make|message|miss|need|pay|phone|pick|prefer|read|reply|say|see|send|show|speak|start|stay|stick|take|talk|tell|text|think|travel|try|upload|visit|wait|want|write)\b)/g;

/** One spelling for what is written with, without and instead of an apostrophe, for drawn-out letters and for Arabic endings. */
export function plain(words: string): string {
  return (
    words
      .replaceAll(/(\p{L})\1{2,}/gu, '$1')
      .replaceAll('ة', 'ه')
      .replaceAll(/\b(\w+n) t\b/g, '$1t')
      // Before it is one word: "I'll" is not ill, nor is "he'll" a place. Without its apostrophe it is read by the verb after it.
      .replaceAll(/\b(i|it|that|he|she|what|there|who|you|we|they) ll\b/g, '$1 will')
      .replaceAll(willBe, 'i will ')
      .replaceAll(
        /\b(i|it|that|he|she|what|there|who|where|how|you|we|they|let) (m|s|d|ve|re)\b/g,
        '$1$2',
      )
      .replaceAll(/\b(?:[dl]|qu) (?=[aeiouyh]\w)/g, '')
      .replaceAll(/\b([jmnstc]) (?=[aeiouyh]\w)/g, '$1e ')
      .replaceAll(/\b([jn])(?=ai\b)/g, '$1e ')
      .replaceAll(/\b([cs])(?=est\b)/g, '$1e ')
      .replaceAll(/\b([jn])(?=(?:arriv|etouff|accept|autoris|aimer|ecriv|envoy|appel)\w)/g, '$1e ')
      .replaceAll(/\bdaccord\b/g, 'accord')
      .replaceAll(/\bplu\b/g, 'plus')
      .replaceAll(/\bpa\b/g, 'pas')
      .replaceAll(
        /\b(\w{3,16})(schmerz|schmerzen|weh|krampf|krampfe|entzundung|blutung|schwellung)\b/g,
        '$1 $2',
      )
  );
}

/** Phrases in plain words: what a phrase book of sentences is made of. */
export function plainPhrases(phrases: string): string {
  return phrases
    .split('|')
    .map((phrase) => plain(wordsOf(fold(keptApart(phrase)))) + (phrase.endsWith('*') ? '*' : ''))
    .join('|');
}

/** A phrase book for plain words. */
export function plainBook<Value>(
  lists: Iterable<readonly [phrases: string, value: Value]>,
): PhraseBook<Value> {
  return phraseBook([...lists].map(([phrases, value]) => [plainPhrases(phrases), value] as const));
}
