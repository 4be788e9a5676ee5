/** What an ending says of a place: away from it, towards it, in it; null for nothing. */
export type Case = 'from' | 'to' | 'in' | null;

export interface Stem {
  readonly key: string;
  readonly ending: Case;
}

/** Turkish endings after an apostrophe, or run on: `den`, `ye`, `deyim`, `de`. */
const turkish: readonly (readonly [ending: RegExp, means: Case])[] = [
  [/[dt][ae]n(?:im|iz|dir)?$/, 'from'],
  [/n[dt][ae]n(?:im|iz|dir)?$/, 'from'],
  [/[dt][ae]y(?:im|iz|di[mk]?)$/, 'in'],
  [/[dt][ae](?:ki)?$/, 'in'],
  [/n[dt][ae](?:ki)?$/, 'in'],
  [/(?:[yn]?[ae])$/, 'to'],
  [/(?:l[iu](?:y[iu][mz])?|n?[iu]n|[yn]?[iu])$/, null],
];

/** What a word that stands by itself behind a name's apostrophe says; undefined for no ending. */
export function turkishCase(word: string): Case | undefined {
  for (const [ending, means] of turkish) if (ending.exec(word)?.index === 0) return means;
  return undefined;
}

/** "berlinden" is Berlin with an ending, or a name of its own. Without an apostrophe only what says where from or in is cut. */
export function turkishStems(word: string): Stem[] {
  const stems: Stem[] = [];
  for (const [ending, means] of turkish) {
    const at = ending.exec(word)?.index ?? -1;
    if (at >= 3) stems.push({ key: word.slice(0, at), ending: means });
  }
  return stems;
}

/** Folded, as the words are: the short i has lost its mark. */
const softened: readonly (readonly [ending: string, nominative: readonly string[]])[] = [
  ['ого', ['ыи', 'ии', 'ое', 'ои']],
  ['его', ['ии', 'ее']],
  ['ому', ['ыи', 'ии', 'ое']],
  ['ом', ['ыи', 'ое', '']],
  ['ем', ['ии', 'ь', 'и']],
  ['ои', ['ая', 'а', 'ыи']],
  ['еи', ['ь', 'я', 'а']],
  ['ых', ['ые']],
  ['их', ['ие']],
  ['ов', ['ы', '']],
  ['ии', ['ия']],
  ['ия', ['ии']],
  ['ы', ['а', '']],
  ['и', ['а', 'я', 'ь', 'и', '']],
  ['а', ['', 'о']],
  ['я', ['ь', 'и', 'е']],
  ['е', ['а', '', 'о', 'ь', 'я', 'и']],
  ['у', ['а', '']],
  ['ю', ['я', 'ь', 'и']],
];

const softenedLatin: readonly (readonly [ending: string, nominative: readonly string[]])[] = [
  ['ogo', ['y', 'iy', 'oe']],
  ['y', ['a', '']],
  ['i', ['a', 'ya', '', 'j']],
  ['a', ['', 'o']],
  ['e', ['a', '']],
  ['u', ['a', '']],
];

/** What a Russian word in some case may be in the nominative, `in Latin letters` too. At most eight. */
export function russianStems(word: string): string[] {
  const endings = /^[a-z]/.test(word) ? softenedLatin : softened;
  const stems: string[] = [];
  for (const [ending, nominatives] of endings) {
    if (!word.endsWith(ending) || word.length - ending.length < 2) continue;
    const stem = word.slice(0, word.length - ending.length);
    for (const nominative of nominatives) stems.push(stem + nominative);
  }
  return stems.slice(0, 8);
}

const prefixes = [
  'وبال',
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

/** An Arabic word without what is written together with it, and with the article that the table may have. */
export function arabicStems(word: string): Stem[] {
  const stems: Stem[] = [];
  for (const prefix of prefixes) {
    if (!word.startsWith(prefix) || word.length - prefix.length < 3) continue;
    const bare = word.slice(prefix.length);
    const ending = /^و?ل(?!ا)/.test(prefix) ? 'to' : /ب/.test(prefix) ? 'in' : null;
    stems.push({ key: bare, ending }, { key: `ال${bare}`, ending });
  }
  if (!word.startsWith('ال')) stems.push({ key: `ال${word}`, ending: null });
  return stems;
}
