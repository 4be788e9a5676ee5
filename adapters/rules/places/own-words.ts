import { lexicons } from '../lexicon/languages.ts';
import { nameKey } from './keys.ts';

/** Words that we listen for ourselves: a city of that name needs more than the word alone. */
export const ownWords: ReadonlySet<string> = new Set(
  Object.values(lexicons)
    .flatMap(({ travel: _travel, ...lexicon }) => [
      ...Object.values(lexicon),
      ...Object.values(lexicon.procedures),
    ])
    .flatMap((list) =>
      typeof list === 'string' ? list.split('|') : Array.isArray(list) ? list : [],
    )
    .map((phrase) => nameKey(String(phrase)))
    .filter((key) => key !== '' && !key.includes(' ')),
);
