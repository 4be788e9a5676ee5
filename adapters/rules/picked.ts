import type { Picked, Sure, Utterance } from '../../actors/shapes/understanding.ts';
import { inAllLanguages } from './lexicon/languages.ts';
import { cheapest, fastest, last, none, notPlaces, options, places } from './lexicon/picking.ts';
import { plainBook, type Sentence } from './reading.ts';

interface Pick {
  readonly picked: Picked | null;
  /** Named outright, and not by a number that may count something. */
  readonly isNamed: boolean;
}

const named = (picked: Picked): Pick => ({ picked, isNamed: true });

/** A later list wins where two hold the same phrase. */
const book = plainBook<Pick>([
  [
    ['agree', 'thanks', 'greeting', 'filler', 'bye', 'refuse']
      .map((list) => inAllLanguages((lexicon) => lexicon[list as 'agree']))
      .join('|'),
    { picked: null, isNamed: false },
  ],
  ...places.map(({ number }, index) => [number, { picked: index + 1, isNamed: false }] as const),
  ...Array.from(
    { length: 9 },
    (_, index) => [String(index + 1), { picked: index + 1, isNamed: false }] as const,
  ),
  [options, { picked: null, isNamed: true }],
  ...places.map(({ ordinal }, index) => [ordinal, named(index + 1)] as const),
  [last, named('last')],
  [fastest, named('fastest')],
  [cheapest, named('cheapest')],
  [none, named('none')],
  [notPlaces, { picked: null, isNamed: false }],
]);

const oneAlone = new Set((places[0]?.number ?? '').split('|'));

/** Only an offer has a price and a time; a day is told by numbers, too. */
const lists: ReadonlySet<Utterance['asked']> = new Set([
  'offer',
  'origin',
  'departDate',
  'confirm',
]);

/** More words than this are no answer to a list. */
const mostWords = 12;

/**
 * Which of a list the message picks, where one was offered: "the second please", "2 bitte", "en ucuzu". Undefined where it picks
 * nothing, more than one, or asks. What is left unread, and a number where numbers mean other things, make it unsure.
 */
export function pickedIn(
  sentences: readonly Sentence[],
  asked: Utterance['asked'],
): Sure<Picked> | undefined {
  if (!lists.has(asked) || sentences.some(({ asks }) => asks)) return undefined;
  const words = sentences
    .map((sentence) => sentence.words)
    .join(' ')
    .replaceAll(' ,', '');
  const all = words.split(' ');
  if (words === '' || all.length > mostWords) return undefined;
  if (oneAlone.has(words)) return asked === 'offer' ? { value: 1, confidence: 0.8 } : undefined;

  const found = book.find(words);
  const picks = found.filter(({ value }) => value.picked !== null);
  const [first, second] = picks;
  if (!first || first.value.picked === null) return undefined;
  // "The second or the third", "2 or 3": one that is named outright counts before a number beside it.
  const outright = picks.filter(({ value }) => value.isNamed);
  const values = new Set((outright.length > 0 ? outright : picks).map(({ value }) => value.picked));
  if (values.size > 1) return undefined;
  const { picked, isNamed } = outright[0]?.value ?? first.value;
  if (picked === null) return undefined;
  if ((picked === 'cheapest' || picked === 'fastest') && asked !== 'offer') return undefined;

  const read = found.reduce(
    (sum, { start, end }) => sum + words.slice(start, end).split(' ').length,
    0,
  );
  const unread = all.length - read;
  if (unread > 2 || (unread > 0 && (!isNamed || (second === undefined && !namesAnOption(found)))))
    return undefined;
  if (unread > 0) return { value: picked, confidence: 0.6 };
  if (isNamed)
    return { value: picked, confidence: asked === 'departDate' && picked !== 'none' ? 0.6 : 0.95 };
  // A bare number answers a list of offers; elsewhere it may be a day or a count.
  return { value: picked, confidence: asked === 'offer' ? 0.8 : asked === 'origin' ? 0.6 : 0.4 };
}

const namesAnOption = (found: readonly { readonly value: Pick }[]) =>
  found.some(({ value }) => value.picked === null && value.isNamed);
