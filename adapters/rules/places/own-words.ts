import { lexicons } from '../lexicon/languages.ts';
import { ways } from '../lexicon/ways.ts';
import { nameKey } from './keys.ts';

const lists = Object.values(lexicons).flatMap(({ travel: _travel, procedures, ...lexicon }) => [
  ...Object.values(lexicon),
  ...Object.values(procedures),
]);

/** Words that we listen for ourselves: a city of that name needs more than the word alone. */
export const ownWords: ReadonlySet<string> = new Set(
  [...lists, ways.beside, ways.instead, ways.between]
    .flatMap((list) => (typeof list === 'string' ? list.split('|') : list))
    .map(nameKey)
    .filter((key) => key !== '' && !key.includes(' ')),
);
