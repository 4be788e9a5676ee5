/** What a UTF-16 code unit is to us. Surrogates are none of these, so they only ever separate. */
export const OTHER = 0;
export const LETTER = 1;
export const DIGIT = 2;

// Tables, because asking a regular expression about every character took half of the time we have for a text.
const units = 0x10000;
const kinds = new Uint8Array(units);
const values = new Uint8Array(units);
const folded = Array.from<string>({ length: units }).fill('');

const special: Readonly<Record<string, string>> = {
  ı: 'i',
  ß: 'ss',
  ё: 'е',
  æ: 'ae',
  œ: 'oe',
  ø: 'o',
  ə: 'e',
  ł: 'l',
  đ: 'd',
  أ: 'ا',
  إ: 'ا',
  آ: 'ا',
  ٱ: 'ا',
  ة: 'ه',
  ؤ: 'و',
  ئ: 'ي',
  ی: 'ي',
  ک: 'ك',
  й: 'й',
  ـ: '',
  // Not to ي: على is "on", علي is a man.
  ى: 'ى',
};

/** Where the digits 0 to 9 of a script start: Latin, Arabic, Persian, full width. */
const zeros = [0x30, 0x660, 0x6f0, 0xff10] as const;

for (let unit = 0; unit < units; unit++) {
  const character = String.fromCharCode(unit);
  if (!/^[\p{L}\p{M}]$/u.test(character)) continue;
  kinds[unit] = LETTER;
  folded[unit] = foldLetter(character.toLowerCase());
}
for (const zero of zeros) {
  for (let digit = 0; digit < 10; digit++) {
    kinds[zero + digit] = DIGIT;
    values[zero + digit] = digit;
  }
}

function foldLetter(lower: string): string {
  return (
    special[lower] ??
    special[lower[0] ?? ''] ??
    lower.normalize('NFKD').replaceAll(/[^\p{L}]/gu, '')
  );
}

/** `LETTER`, `DIGIT` or `OTHER`. */
export function kindOf(unit: number): number {
  return kinds[unit] ?? OTHER;
}

/** The letters of a word without case, accents, Arabic vowel signs and letter variants, as the word lists have them. */
export function fold(text: string, start = 0, end = text.length): string {
  let key = '';
  for (let index = start; index < end; index++) key += folded[text.charCodeAt(index)] ?? '';
  return key;
}

/** Digits of any script as ASCII ones. */
export function asciiDigits(text: string, start: number, end: number): string {
  let digits = '';
  for (let index = start; index < end; index++) digits += values[text.charCodeAt(index)] ?? 0;
  return digits;
}
