import { ar } from './ar.ts';
import { de } from './de.ts';
import { en } from './en.ts';
import { fr } from './fr.ts';
import { languages, type Language, type TextKey, type Wording } from './keys.ts';
import { ru } from './ru.ts';
import { tr } from './tr.ts';

/** What we say, in every language. */
export const wordings: Readonly<Record<Language, Wording>> = checked({ tr, en, de, ar, ru, fr });

/** @throws {TypeError} a text has other gaps in one language than in English, and would be sent half-said */
function checked(all: Readonly<Record<Language, Wording>>): Readonly<Record<Language, Wording>> {
  for (const [language, { texts }] of Object.entries(all)) {
    for (const [key, text] of Object.entries(texts)) {
      const expected = gapsOf(en.texts[key as TextKey])
        .toSorted()
        .join();
      if (gapsOf(text).toSorted().join() !== expected) {
        throw new TypeError(
          `Text ${key} has other gaps in ${language} than in English: ${expected}`,
        );
      }
    }
  }
  return all;
}

/** @param lang BCP 47 tag */
export const wordingIn = (lang: string): Wording => wordings[languageOf(lang)];

/** The gaps of a text in the order they first appear. */
export function gapsOf(text: string): string[] {
  return [...new Set([...text.matchAll(/\{(\w+)\}/g)].map(([, gap = '']) => gap))];
}

/** The language to write in for a BCP 47 tag: `de-AT` is `de`; what we do not have is `en`. */
export function languageOf(tag: string): Language {
  const primary = tag.toLowerCase().split('-')[0];
  return languages.find((language) => language === primary) ?? 'en';
}
