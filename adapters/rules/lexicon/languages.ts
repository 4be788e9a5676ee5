import type { languages } from '../../../actors/texts/keys.ts';
import { arabic } from './ar.ts';
import { german } from './de.ts';
import { english } from './en.ts';
import { french } from './fr.ts';
import type { Lexicon } from './lexicon.ts';
import { russian } from './ru.ts';
import { turkish } from './tr.ts';

export type Language = (typeof languages)[number];

/** What each language says for what we listen for. */
export const lexicons: Readonly<Record<Language, Lexicon>> = {
  tr: turkish,
  en: english,
  de: german,
  ar: arabic,
  ru: russian,
  fr: french,
};

/** Every language's list for one thing, as one. */
export function inAllLanguages(list: (lexicon: Lexicon) => string): string {
  return Object.values(lexicons).map(list).join('|');
}
