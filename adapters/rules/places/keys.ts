import { fold, wordsOf } from '../fold.ts';

/**
 * How a place's name is looked up: folded, words only, and the letters that Persian, Arabic and everyday spelling exchange
 * made one. Every letter becomes one letter, so places in a key are places in `wordsOf`.
 */
export function keyOf(words: string): string {
  return words
    .replaceAll('ة', 'ه')
    .replaceAll('ک', 'ك')
    .replaceAll('ی', 'ي')
    .replaceAll('ٱ', 'ا')
    .replaceAll('đ', 'd')
    .replaceAll('ø', 'o')
    .replaceAll('ł', 'l')
    .replaceAll('ħ', 'h')
    .replaceAll('ə', 'e');
}

/** The key of a name as it is written somewhere. */
export const nameKey = (name: string): string => keyOf(wordsOf(fold(name)));
