import type { Language } from '../languages.ts';
import { arabicDays } from './ar.ts';
import type { DayWords } from './day-words.ts';
import { germanDays } from './de.ts';
import { englishDays } from './en.ts';
import { frenchDays } from './fr.ts';
import { russianDays } from './ru.ts';
import { turkishDays } from './tr.ts';

export const dayWords: Readonly<Record<Language, DayWords>> = {
  tr: turkishDays,
  en: englishDays,
  de: germanDays,
  ar: arabicDays,
  ru: russianDays,
  fr: frenchDays,
};
