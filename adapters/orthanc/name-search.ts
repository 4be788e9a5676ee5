import { fold } from '../../actors/masking/letters.ts';
import { alphabet, consonants } from './spellings.ts';

/** Whether a text has one of some people's names. */
export interface NameSearch {
  /** `isName`: the text says of itself that it is a name, so that parts of two letters count. */
  has(text: string, isName: boolean): boolean;
  /** Parts and whole names with their letters folded and as they were written, in lower case, for a search among bytes. */
  readonly spellings: ReadonlySet<string>;
}

interface Word {
  /** In lower case, as it was written. */
  readonly raw: string;
  readonly folded: string;
  /** As it is usually written with a to z. */
  readonly latin: string;
  /** Null where it has no other letters than a to z. */
  readonly spelling: Spelling | null;
  readonly length: number;
}

type Spelling = readonly {
  readonly ways: readonly string[];
  /** Vowels are not written after it, and it is written once where it is said twice. */
  readonly open: boolean;
}[];

const letters = /[^\p{L}\p{M}\d]+/u;
const ideographs = /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}ー]{2,}$/u;
const hangul = /^[\p{Script=Hangul}]+$/u;
const vowel = /[aeiouy]/;
/** Parts of names that are words of a language. Beside another part they count. */
const particles = new Set(['der', 'den', 'des', 'del', 'dos', 'das', 'von', 'van', 'ibn', 'the']);
/** "Li", but not the "LI" and "li" that texts of devices have for all kinds of things. */
const shortName = /(?<![\p{L}\d])\p{Lu}\p{Ll}(?![\p{L}\d])/gu;
/** A part or a whole name of so many letters counts inside another word, too. */
const longLetters = 5;
// What bounds the work.
const maxNames = 200;
const maxParts = 24;
/** Of so many first parts any two are looked for as one word. */
const maxPaired = 8;
const maxLetters = 64;
const maxRemembered = 20_000;

/** A search for names, in any order of their parts, in their own script and in the others that we have spellings of. */
export function nameSearch(names: Iterable<string>): NameSearch {
  const people = [...new Set(names)]
    .slice(0, maxNames)
    .map((name) => wordsIn(name).flatMap(koreanParts).slice(0, maxParts).map(wordOf));
  const parts = once(
    people.flat().flatMap((word) => [word, ...withoutArticle(word)]),
    (word) => word.length >= 2,
  );
  const pairs = people.flatMap((words) =>
    words
      .slice(0, maxPaired)
      .flatMap((one, _, paired) =>
        paired.filter((other) => other !== one).map((other) => [one, other] as const),
      ),
  );
  const wholes = once(
    [...people, ...people.map((words) => words.toReversed()), ...pairs]
      .filter((words) => words.length > 1)
      .map((words) => wordOf(words.map(({ raw }) => raw).join(''))),
    (word) => word.length >= 4 || ideographs.test(word.raw),
  );
  const beside = new Set(pairs.map((two) => two.map(({ folded }) => folded).join(' ')));
  const long = [...parts, ...wholes].filter(
    (word) => ideographs.test(word.raw) || word.length >= (isOpen(word) ? 4 : longLetters),
  );
  const remembered = new Map<string, boolean>();

  /** The same words are in each file of a study. */
  function remember(key: string, isFound: () => boolean): boolean {
    const known = remembered.get(key);
    if (known !== undefined) return known;
    const found = isFound();
    if (remembered.size >= maxRemembered) remembered.clear();
    remembered.set(key, found);
    return found;
  }

  function isNamed(raw: string, least: number): boolean {
    const counts = (part: Word) =>
      ideographs.test(part.raw) || (part.length >= least && !particles.has(part.folded));
    const said = wordOf(raw);
    return [said, ...withoutArticle(said)].some(
      (word) =>
        parts.some((part) => counts(part) && isSame(part, word)) ||
        wholes.some((whole) => isSame(whole, word)) ||
        long.some((part) => word.folded.includes(part.folded) || isInside(part, word)),
    );
  }

  /** Somebody wrote a part or a name as two words. */
  function isJoined(raw: string): boolean {
    const word = wordOf(raw);
    return [...long, ...wholes].some((part) => isSame(part, word));
  }

  return {
    has(text, isName) {
      const words = wordsIn(text);
      const least = isName ? 2 : 3;
      const isFound = (word: string) => remember(`${least} ${word}`, () => isNamed(word, least));
      if (words.some(isFound)) return true;
      if (text.match(shortName)?.some((word) => isNamed(word.toLowerCase(), 2))) return true;
      let spelt = '';
      for (const [index, word] of words.entries()) {
        const next = words[index + 1];
        // Written letter by letter.
        spelt = word.length === 1 ? spelt + word : '';
        if (spelt.length >= 3 && isFound(spelt.slice(-maxLetters))) return true;
        if (next === undefined) continue;
        if (beside.has(`${fold(word)} ${fold(next)}`)) return true;
        const two = (word + next).slice(0, maxLetters);
        if (remember(`2 words ${two}`, () => isJoined(two))) return true;
      }
      const run = words.map((word) => fold(word)).join('');
      return wholes.some(({ folded }) => folded.length >= longLetters && run.includes(folded));
    },
    spellings: new Set(
      [
        ...[...parts, ...wholes].flatMap((word) => spelt(word)),
        ...pairs.flatMap(([one, other]) => ['^', ' '].flatMap((sign) => spelt(one, sign, other))),
      ].filter((text) => text.length > 1),
    ),
  };
}

/** As written, folded, and with a to z where that has all its vowels. */
function spelt(one: Word, sign = '', other?: Word): string[] {
  const both = other === undefined ? [one] : [one, other];
  const of = (letters: (word: Word) => string) => both.map((word) => letters(word)).join(sign);
  const plain = [of(({ raw }) => raw), of(({ folded }) => folded)];
  return both.some(isOpen) ? plain : [...plain, of(({ latin }) => latin)];
}

/** A family name of one syllable, and a given one. */
function koreanParts(word: string): string[] {
  return hangul.test(word) && /^.{3,4}$/.test(word) ? [word.slice(0, 1), word.slice(1)] : [word];
}

/**
 * In lower case and without digits; a longer one in pieces. Wide, bold and joined forms of letters are those letters, and signs that
 * nobody sees part no words.
 */
function wordsIn(text: string): string[] {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll(/\p{Cf}|\u00AD/gu, '')
    .split(letters)
    .map((word) => word.replaceAll(/\d/g, ''))
    .filter((word) => fold(word) !== '')
    .flatMap((word) =>
      word.length <= maxLetters
        ? [word]
        : Array.from({ length: Math.ceil(word.length / (maxLetters / 2)) }, (_, piece) =>
            word.slice((piece * maxLetters) / 2, ((piece + 2) * maxLetters) / 2),
          ),
    );
}

function once(words: readonly Word[], keep: (word: Word) => boolean): readonly Word[] {
  return [...new Map(words.filter(keep).map((word) => [word.raw, word])).values()];
}

function wordOf(raw: string): Word {
  const folded = fold(raw);
  if (/^[a-z]+$/.test(raw)) return { raw, folded, latin: raw, spelling: null, length: raw.length };
  const spelling = spellingOf(raw, folded);
  const latin = spelling.map(({ ways }) => ways[0]).join('');
  return { raw, folded, latin, spelling, length: hangul.test(raw) ? latin.length : folded.length };
}

function spellingOf(raw: string, folded: string): Spelling {
  const isAbjad = Array.from(folded).some((sign) => consonants.has(sign));
  const signs = isAbjad
    ? folded
    : Array.from(raw, (sign) => (hangul.test(sign) ? sign.normalize('NFD') : sign)).join('');
  return Array.from(signs, (sign, index) => {
    // Katakana lie 96 code points above the same hiragana.
    const kana = sign >= 'ァ' && sign <= 'ヶ' ? String.fromCharCode(sign.charCodeAt(0) - 96) : sign;
    const plain = fold(sign);
    const ways = consonants.get(sign) ?? alphabet.get(kana) ?? alphabet.get(plain) ?? [plain];
    const said = ways.filter((way) => way !== '');
    return { ways: index === 0 && said.length > 0 ? said : ways, open: consonants.has(sign) };
  });
}

/** Arabic's article is written with the word, apart or not at all. */
function withoutArticle({ raw, folded }: Word): Word[] {
  return folded.startsWith('ال') && folded.length >= 5 ? [wordOf(raw.slice(2))] : [];
}

function isSame(part: Word, word: Word): boolean {
  if (part.folded === word.folded) return true;
  if (part.spelling === null && word.spelling === null) return false;
  // Two letters are the beginning of too much.
  if (part.latin.length < 3 || word.latin.length < 3) return false;
  return (
    (part.spelling !== null && isSpelt(part.spelling, word.latin, false)) ||
    (word.spelling !== null && isSpelt(word.spelling, part.latin, false))
  );
}

/** The long name in a word of another script that has more in it. */
function isInside({ spelling, length }: Word, { latin }: Word): boolean {
  if (spelling === null || latin.length <= length) return false;
  const firm = spelling.filter(({ ways }) => ways.every((way) => /[^aeiouy]/.test(way))).length;
  return firm >= (spelling.some(({ open }) => open) ? 4 : 3) && isSpelt(spelling, latin, true);
}

function isOpen({ spelling }: Word): boolean {
  return spelling?.some(({ open }) => open) === true;
}

/** All places that the letters so far may reach are kept, so the work is bounded by letters times places. */
function isSpelt(spelling: Spelling, text: string, inside: boolean): boolean {
  if (!inside && !spelling[0]?.ways.some((way) => text.startsWith(way))) return false;
  let reached = new Set(inside ? Array.from(text, (_, index) => index) : [0]);
  for (const { ways, open } of spelling) {
    const next = new Set<number>();
    for (const from of reached) {
      for (const way of ways) {
        if (!text.startsWith(way, from)) continue;
        const end = from + way.length;
        next.add(end);
        if (!open) continue;
        const twice = way !== '' && text.startsWith(way, end) ? [end, end + way.length] : [end];
        for (const after of twice) {
          next.add(after);
          if (!vowel.test(text[after] ?? '')) continue;
          next.add(after + 1);
          if (vowel.test(text[after + 1] ?? '')) next.add(after + 2);
        }
      }
    }
    if (next.size === 0) return false;
    reached = next;
  }
  return inside || reached.has(text.length);
}
