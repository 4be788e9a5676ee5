import type { PlaceChoice, Sure, Utterance } from '../../actors/shapes/understanding.ts';
import { isAirportCode } from './places/codes.ts';
import { airportOf, airportsOf, cityOf } from './places/gazetteer.ts';
import { isBeside, type Mark, type Message, messageOf } from './places/message.ts';
import { mostChoices, resolve, type Resolved } from './places/resolve.ts';
import { misspelled, type Span, spansIn } from './places/spans.ts';

/** Where a message says that the patient flies from. */
export interface Origin {
  /** The one meaning, to be read back. */
  readonly origin?: Sure<string>;
  /** A place was told, but not which: two of one name, none with an airport, a country, two places. */
  readonly isDoubtful: boolean;
  /** What to choose from, likeliest first; beside a certain origin, what else it could have been. */
  readonly places: readonly PlaceChoice[];
  /** The message is the name of a place and nothing else: Peking is no pain, and Kabul no consent. */
  readonly isAll: boolean;
}

/** How surely a place is where the journey begins. */
const rank = { departs: 3, lives: 2, from: 1, perhapsFrom: 0.5, bare: 0, no: -1 } as const;

interface Candidate {
  readonly span: Span;
  readonly rank: number;
  readonly confidence: number;
  /** Only to be asked about. */
  readonly isGuess: boolean;
}

export const nowhere: Origin = { isDoubtful: false, places: [], isAll: false };

/**
 * Where the patient flies from. A place counts where one was asked for, or where the words beside it say so ("aus München",
 * "Berlin'den", "из Москвы"); where somebody lives counts more than where they come from, and the words of a journey count
 * most. The clinic's own city is never an origin.
 *
 * @param text as written: codes are told by their capitals
 */
export function originIn(
  text: string,
  folded: string,
  words: string,
  { asked, destination }: Pick<Utterance, 'asked' | 'destination'>,
): Origin {
  const isAsked = asked === 'origin';
  const message = messageOf(text, folded, words);
  const isHome = homeOf(destination);
  const code = codeIn(message, text, isAsked);
  if (code && isHome(code)) return nowhere;
  if (code) {
    const origin = { value: code, confidence: 0.95 };
    return { origin, isDoubtful: false, places: [], isAll: message.tokens.length === 1 };
  }
  const spans = spansIn(message, isAsked);
  const context = { message, spans, isAsked, isHome };
  let candidates: Candidate[] = [];
  for (const span of spans) {
    const candidate = candidateOf(context, span, alternativeTo(message, candidates, span));
    if (candidate) candidates.push(candidate);
  }
  if (!candidates.some(({ span }) => !isCountry(span))) {
    candidates = [...candidates, ...misspelledIn(message, spans, isAsked)];
  }
  return decided(candidates, message, isHome);
}

const isCountry = ({ meanings }: Span): boolean =>
  meanings.every(({ kind }) => kind !== 'city' && kind !== 'airport');

/** A code alone as the answer, or in capitals after a word that asks for a place. */
function codeIn(message: Message, text: string, isAsked: boolean): string | null {
  const alone = /^\W*([a-z]{3})\W*$/i.exec(text)?.[1];
  if (alone && isAsked) return isAirportCode(alone, true) ? alone.toUpperCase() : null;
  for (const [index, { written }] of message.tokens.entries()) {
    if (!/^[A-Z]{3}$/.test(written) || !isAirportCode(written, false)) continue;
    const direction = directionAt(message, index, index + 1);
    if (direction >= rank.from || (isAsked && isRest(message, index, index + 1))) return written;
  }
  return null;
}

/** Whether nothing is said beside these tokens. */
function isRest({ words, tokens }: Message, start: number, end: number): boolean {
  const before = words.slice(0, Math.max(0, (tokens[start]?.start ?? 0) - 1));
  const after = tokens[end] ? words.slice(tokens[end].start) : '';
  return isBeside(before) && isBeside(after);
}

/** Right before a name: it is the patient's own. */
const selves = new Set([
  'ben',
  'i',
  'im',
  'am',
  'm',
  'ich',
  'bin',
  'я',
  'انا',
  'je',
  'moi',
  'c',
  'est',
]);

interface Context {
  readonly message: Message;
  readonly spans: readonly Span[];
  readonly isAsked: boolean;
  readonly isHome: (airport: string) => boolean;
}

/** The airports of the clinic's city. */
function homeOf(destination: string): (airport: string) => boolean {
  const home = airportOf(destination)?.city ?? null;
  return (airport) =>
    airport === destination || (home !== null && airportOf(airport)?.city === home);
}

/** "From Toulouse or Bordeaux": how surely the journey begins at the one counts for the other. */
function alternativeTo(
  { endingAt }: Message,
  candidates: readonly Candidate[],
  span: Span,
): number {
  const before = candidates.at(-1);
  const mark = endingAt.get(span.start);
  const isOr = mark?.way === 'or' && mark.start === before?.span.end;
  return before && isOr ? before.rank : rank.bare;
}

function candidateOf(context: Context, span: Span, least: number): Candidate | null {
  const { message, isAsked } = context;
  const told = directionOf(message, span);
  if (told < 0) return null;
  const direction = Math.max(told, least);
  const { isWord, isPerson, by } = span;
  const sureness = by === 'name' ? 0.95 : by === 'stem' ? 0.85 : 0.7;
  const accept = (confidence: number, isGuess = false): Candidate => ({
    span,
    rank: direction,
    confidence: Math.min(confidence, sureness),
    isGuess,
  });
  const written = message.tokens[span.start]?.written ?? '';
  const isCapital = /^\P{Ll}/u.test(written);
  if (isAsked) {
    const isWhole = isRestOf(context);
    const isAlone = span.start === 0 && span.end === message.tokens.length;
    const isMarked = direction >= rank.from || (direction === rank.perhapsFrom && isWhole);
    if (isWord) {
      if (direction >= rank.departs || (isWhole && isMarked)) return accept(0.8);
      return isAlone && isMain(span) ? accept(0.5, true) : null;
    }
    if (isMarked) return accept(0.95);
    // "Ben Bahar" says who, and not from where.
    if (isWhole) {
      const isIntroduced = selves.has(message.tokens[span.start - 1]?.key ?? '');
      return isIntroduced && !isLarge(span, 1_000) ? null : accept(0.95);
    }
    if (isCountry(span)) return null;
    const isKnown = isMain(span) || (isCapital && isLarge(span, 300));
    const isNamed = by === 'name' && !isPerson && isKnown && isLarge(span);
    const isShown = isCapital || span.start <= 1;
    // "De Lyon le 3 avril 2027, deux adultes et une petite de 4 ans": a whole trip in one answer.
    const isShort = message.tokens.length <= (direction === rank.perhapsFrom ? 40 : 12);
    return isNamed && isShown && isShort ? accept(0.75) : null;
  }
  if (isCountry(span)) return direction >= rank.from ? accept(0.5, true) : null;
  if (!isWord && isRoute(context, span)) return accept(0.8);
  if (direction === rank.bare) return null;
  if (isWord) return direction >= rank.departs && !(span.isCut && !isCapital) ? accept(0.7) : null;
  if (isPerson && !isMeant(context, span, direction)) return null;
  const isNative = !/^[a-z]/.test(message.tokens[span.start]?.key ?? 'a');
  if (direction === rank.perhapsFrom) {
    // "Von Paris Hilton".
    const isNamed = /^\p{Lu}/u.test(message.tokens[span.end]?.written ?? '') && isCapital;
    return isLarge(span) && (isNative || (isCapital && !isNamed)) ? accept(0.75) : null;
  }
  if (isLarge(span)) return accept(0.9);
  const length = message.tokens[span.start]?.key.length ?? 0;
  return direction >= rank.lives || (!isNative && length >= 5) ? accept(0.8) : null;
}

/** Whether nothing is said beside the places. */
function isRestOf({ message, spans }: Context): boolean {
  const { tokens, words } = message;
  let from = 0;
  for (const { start, end } of [...spans, { start: tokens.length, end: tokens.length }]) {
    const last = tokens[start - 1];
    const some = start > from && last ? words.slice(tokens[from]?.start, last.end) : '';
    if (!isBeside(some)) return false;
    from = end;
  }
  return true;
}

/** "I am from Sydney" is a city; "thanks from Sydney" may be a person. */
function isMeant({ message }: Context, span: Span, direction: number): boolean {
  if (direction >= rank.lives) return true;
  const mark = message.endingAt.get(span.start);
  const isTold = mark !== undefined && mark.end - mark.start > 1;
  const isCapital = /^\P{Ll}/u.test(message.tokens[span.start]?.written ?? '');
  return isCapital && isLarge(span, isTold ? 100 : 1_000);
}

const isMain = ({ meanings }: Span): boolean =>
  meanings.some(
    (meaning) => meaning.kind === 'airport' || (meaning.kind === 'city' && meaning.main),
  );

function isLarge({ meanings }: Span, thousands = 100): boolean {
  return meanings.some((meaning) => {
    if (meaning.kind === 'airport' || meaning.kind === 'country') return true;
    if (meaning.kind !== 'city') return false;
    return cityOf(meaning.id).thousands >= thousands;
  });
}

function directionOf(message: Message, span: Span): number {
  const said = directionAt(message, span.start, span.end);
  if (said < 0) return said;
  const after = afterOf(message, span.end);
  if (span.ending === 'from') return rank.departs;
  if (span.ending === 'in')
    return after === 'livesAfter' || endsInBeing(message, span) ? rank.lives : said;
  if (span.ending === 'to') return said > 0 ? said : rank.no;
  if (said === rank.bare && after === 'departsAfter') return rank.from;
  return said;
}

const endsInBeing = ({ tokens }: Message, { end }: Span): boolean =>
  /[dt][ae]y[iu][mz]$/.test(tokens[end - 1]?.key ?? '');

/** What follows a place within two words. */
function afterOf({ startingAt }: Message, end: number): Mark['way'] | null {
  for (const at of [end, end + 1, end + 2]) {
    const mark = startingAt.get(at);
    if (mark) return mark.way;
  }
  return null;
}

const ranked: Partial<Record<Mark['way'], number>> = {
  departs: rank.departs,
  lives: rank.lives,
  from: rank.from,
  perhapsFrom: rank.perhapsFrom,
  to: rank.no,
  over: rank.no,
  once: rank.no,
  not: rank.no,
};

/** What the words in front of a place say of it, read backwards from it. */
function directionAt(message: Message, start: number, end: number): number {
  const { endingAt, startingAt, tokens } = message;
  let direction: number = rank.bare;
  let at = start;
  for (let steps = 0; steps < 6; steps++) {
    const mark = endingAt.get(at);
    if (!mark) break;
    const value = ranked[mark.way];
    const denies = mark.way === 'once' || mark.way === 'not' || mark.way === 'over';
    if (denies) return rank.no;
    if (direction === rank.bare || direction === rank.perhapsFrom) {
      if (value !== undefined && (direction === rank.bare || value > direction)) direction = value;
      else if (mark.way === 'instead') break;
    } else if (value !== undefined && value > direction) direction = value;
    else if (mark.way === 'to' || mark.way === 'instead') break;
    at = mark.start;
    if (tokens[at]?.begins) break;
  }
  if (direction < 0) return direction;
  // "I don't fly from": a word or two in between.
  for (let back = 1; back <= 2; back++) {
    const next = tokens[at - back + 1];
    if (next?.begins || next?.pauses) break;
    const mark = endingAt.get(at - back);
    if (mark?.way === 'not') return rank.no;
    if (mark && mark.way !== 'between') break;
  }
  for (const [offset, next] of [end, end + 1, end + 2].entries()) {
    if (offset > 0 && tokens[next]?.begins) break;
    const mark = startingAt.get(next);
    if (mark?.way === 'once') return rank.no;
    if (mark?.way === 'notAfter' && offset === 0 && isEnd(message, mark.end)) return rank.no;
  }
  return direction;
}

/** "From Basel, not Zurich": the word is about what follows it. */
function isEnd({ tokens, endingAt }: Message, at: number): boolean {
  const before = tokens[at - 1]?.key ?? '';
  if (!/^(?:not|nicht|pas|مش|لا)$/.test(before)) return true;
  const next = tokens[at];
  return !next || next.begins || endingAt.get(at + 1)?.way === 'instead';
}

/** "Munich to Istanbul", "Berlin - Istanbul": from one place to another. */
function isRoute({ message, spans, isHome }: Context, span: Span): boolean {
  const next = spans[spans.indexOf(span) + 1];
  if (!next) return false;
  const between = message.endingAt.get(next.start);
  if (next.start === span.end) {
    return next.meanings.some(
      (meaning) =>
        meaning.kind === 'city' && airportsOf(meaning.id).some(({ iata }) => isHome(iata)),
    );
  }
  return between?.way === 'to' && between.start === span.end;
}

/** Names with a wrong letter, where a place was to be expected. */
function misspelledIn(message: Message, spans: readonly Span[], isAsked: boolean): Candidate[] {
  const { tokens } = message;
  const found: Candidate[] = [];
  let tries = 0;
  for (const [index, token] of tokens.entries()) {
    if (tries >= 3 || found.length > 0) break;
    if (spans.some(({ start, end }) => start <= index && index < end)) continue;
    const direction = directionAt(message, index, index + 1);
    const isTurkishFrom = /[dt][ae]n$/.test(token.key) || tokens[index + 1]?.isTail === true;
    const isMarked = direction >= rank.from || (isTurkishFrom && direction >= 0);
    if (!isMarked && !(isAsked && direction >= 0 && tokens.length <= 5)) continue;
    if (isBeside(token.key)) continue;
    const isCapital = /^\P{Ll}/u.test(token.written);
    if (!isAsked && (!isCapital || token.key.length < 6)) continue;
    tries++;
    const span = misspelled(message, index);
    if (!span) continue;
    const isWhole = isRest(message, span.start, span.end);
    // "Dikişten" is out of the stitches: an ending makes a place of a capital or of the whole answer.
    const isFrom = span.ending === 'from' && (isCapital || isWhole || !span.isCut);
    const isExpected = direction >= rank.from || isFrom;
    if (!isExpected && !isWhole) continue;
    const isGuess = isExpected ? !isAsked && token.key.length < 7 : token.key.length < 6;
    found.push({ span, rank: Math.max(direction, 0), confidence: 0.7, isGuess });
  }
  return found;
}

function decided(
  all: readonly Candidate[],
  message: Message,
  isHome: (airport: string) => boolean,
): Origin {
  const cities = all.filter(({ span }) => !isCountry(span));
  const named = cities.length > 0 ? cities : all;
  const countries = new Set(
    all.flatMap(({ span }) =>
      span.meanings.flatMap((meaning) => (meaning.kind === 'country' ? [meaning.country] : [])),
    ),
  );
  const places = distinct(named, message).flatMap((candidate) => {
    const { span } = candidate;
    const hint = {
      countries: span.countries.size > 0 ? span.countries : countries,
      regions: span.regions,
      written: writtenName(message, span),
    };
    const resolved = resolve(span.meanings, hint);
    if (!resolved || (resolved.kind === 'exact' && isHome(resolved.airport))) return [];
    return [{ candidate, resolved }];
  });
  const top = Math.max(...places.map(({ candidate }) => candidate.rank));
  const highest = places.filter(({ candidate }) => candidate.rank === top);
  const meant = afterCorrection(highest, message);
  const [first] = meant;
  if (!first) return nowhere;
  const { candidate, resolved } = first;
  const isOne = meant.every((other) => keyOfResolved(other.resolved) === keyOfResolved(resolved));
  if (isOne && resolved.kind === 'exact' && !candidate.isGuess) {
    const { confidence } = candidate;
    const places = resolved.others.filter(({ airport }) => !isHome(airport));
    const value = resolved.airport;
    return {
      origin: { value, confidence },
      isDoubtful: false,
      places,
      isAll: isAll(message, candidate),
    };
  }
  const choices = (isOne ? [first] : meant).flatMap((other) =>
    choicesOf(other.resolved, message, other.candidate.span),
  );
  const unique = new Map(
    choices.filter(({ airport }) => !isHome(airport)).map((one) => [one.airport, one]),
  );
  const shown = [...unique.values()].slice(0, mostChoices);
  return {
    isDoubtful: unique.size > 0,
    places: shown,
    isAll: shown.length > 0 && isOne && isAll(message, candidate),
  };
}

/** A city whose name is a word is meant by it alone only with its capital. */
function isAll(message: Message, { span }: Candidate): boolean {
  const written = message.tokens[span.start]?.written ?? '';
  if (span.isWord && !/^\p{Lu}\p{Ll}/u.test(written)) return false;
  return span.by !== 'spelling' && isRest(message, span.start, span.end);
}

/** Nobody names more places than these to fly from. */
const mostPlaces = 8;

/** Each name once, where it counts most; the last of equals, for it may be a correction. */
function distinct(all: readonly Candidate[], { words, tokens }: Message): Candidate[] {
  const byName = new Map<string, Candidate>();
  for (const candidate of all) {
    const { start, nameEnd, end } = candidate.span;
    const name = words.slice(tokens[start]?.start, tokens[Math.max(end, nameEnd) - 1]?.end);
    const before = byName.get(name);
    if (before && before.rank > candidate.rank) continue;
    byName.delete(name);
    byName.set(name, candidate);
    if (byName.size >= mostPlaces) break;
  }
  return [...byName.values()];
}

function afterCorrection<Place extends { readonly candidate: Candidate }>(
  places: readonly Place[],
  message: Message,
): readonly Place[] {
  if (places.length < 2) return places;
  const last = places.at(-1);
  const before = places.at(-2);
  if (!last || !before) return places;
  for (let at = before.candidate.span.end; at <= last.candidate.span.start; at++) {
    if (message.endingAt.get(at)?.way === 'instead') return [last];
  }
  return places;
}

const keyOfResolved = (resolved: Resolved): string =>
  resolved.kind === 'exact'
    ? resolved.airport
    : resolved.choices.map(({ airport }) => airport).join();

function choicesOf(resolved: Resolved, message: Message, span: Span): readonly PlaceChoice[] {
  if (resolved.kind === 'choose') return resolved.choices;
  const airport = airportOf(resolved.airport);
  if (!airport) return [];
  const written = writtenName(message, span);
  const city = airport.city === null ? null : cityOf(airport.city);
  const choice = {
    airport: airport.iata,
    city: written || (city?.name ?? airport.name),
    region: null,
    country: airport.country,
    km: 0,
  };
  return [choice, ...resolved.others];
}

/** A name as the patient wrote it, with capitals; empty where it had an ending. */
function writtenName({ tokens }: Message, span: Span): string {
  if (span.by !== 'name') return '';
  const words = tokens.slice(span.start, span.nameEnd).map(({ written }) => written);
  if (words.includes('')) return '';
  return words
    .map((word) => `${word.slice(0, 1).toLocaleUpperCase('en')}${word.slice(1)}`)
    .join(' ');
}
