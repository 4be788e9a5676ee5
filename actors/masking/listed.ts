import {
  AMBIGUOUS,
  AMBIGUOUS_LOWER,
  COMMON,
  GIVEN,
  PLACE,
  SURNAME,
  TURKISH_GIVEN,
  flagsOf,
} from './lexicon.ts';

/** How a word is written. Scripts without case are `uncased`. */
export type Shape = 'lower' | 'capital' | 'upper' | 'uncased';

const NAME = GIVEN | SURNAME;
/** Turkish case endings that follow a name directly in careless writing: "ayşenin", "Mehmetle". */
const TURKISH_ENDING = /(?:[ny]?[iu]n|y?l[ae]|[dt][ae]n?|y[aeiu]|c[iu]g[iu]m)$/;
const PATRONYMIC = /(?:ович|евич|ьич|овн|евн|ичн)(?:а|у|ем|ом|е|ы|ой|и)?$/;
const ARABIC = /^[\u0600-\u06ff]/;
const CYRILLIC = /^[\u0400-\u04ff]/;

/** What the lists say of a word, also of an inflected one. */
export interface Listed {
  readonly flags: number;
  /** Whether it took a Turkish ending or an Arabic particle off to find it. */
  readonly stripped: boolean;
}

export const nothing: Listed = { flags: 0, stripped: false };

/** Looks a folded word up; if it is none, without its Turkish, German or Arabic inflection. */
export function lookUp(key: string, shape: Shape): Listed {
  const own = flagsOf(key);
  if (own & NAME) return { flags: own, stripped: false };
  if (ARABIC.test(key)) return strippedArabic(key, own);
  if (own & (COMMON | PLACE)) return { flags: own, stripped: false };
  if (CYRILLIC.test(key)) return { flags: own | shapeName(key, shape), stripped: false };
  const ending = TURKISH_ENDING.exec(key);
  if (ending && ending.index >= 4) {
    const flags = flagsOf(key.slice(0, ending.index));
    if (flags & TURKISH_GIVEN && !(flags & (AMBIGUOUS | AMBIGUOUS_LOWER | PLACE)))
      return { flags, stripped: true };
  }
  if (key.endsWith('s') && shape === 'capital') {
    const flags = flagsOf(key.slice(0, -1));
    if (flags & GIVEN && !(flags & (AMBIGUOUS | PLACE))) return { flags, stripped: true };
  }
  return { flags: own, stripped: false };
}

function shapeName(key: string, shape: Shape): number {
  if (shape === 'lower' || key.length < 6) return 0;
  return PATRONYMIC.test(key) ? SURNAME : 0;
}

/** و "and", ل "to", ب "with", ك "as", ف "so" are written on to the word. */
function strippedArabic(key: string, own: number): Listed {
  if (own & (COMMON | PLACE) || !/^[وفلبك]/.test(key)) return { flags: own, stripped: false };
  for (const length of [1, 2]) {
    const stem = key.slice(length);
    if (stem.length < 3 || (length === 2 && !/^[وف][لب]/.test(key))) continue;
    const flags = flagsOf(stem);
    if (flags & (NAME | PLACE | COMMON)) return { flags, stripped: true };
  }
  return { flags: own, stripped: false };
}
