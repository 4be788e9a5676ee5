import type { Details, Utterance } from '../../actors/shapes/understanding.ts';
import { type Calendar, calendarFrom, dayNamed, isoDay } from './calendar.ts';
import { inAllLanguages, type Language } from './lexicon/languages.ts';
import { phraseBook } from './phrases.ts';
import { relativeDays } from './relative-dates.ts';
import type { Sketch } from './sketch.ts';

/** A day that was named, and where in the text. */
interface Named {
  readonly day: number;
  readonly offset: number;
  readonly end: number;
  readonly confidence: number;
  /** The second end of a range. */
  readonly closes: boolean;
}

const travel = phraseBook([[inAllLanguages((lexicon) => lexicon.travel), true]]);

/** Talk of the past: a day in it is none of travel. */
const past =
  /\b(?:had|was|were|since|last|ago|born|birth\w*)\b|\b(?:gecen|dogum\w*|oldum|olmustum|seit|geboren\w*|hatte|letzte\w*|depuis le|ne le|nee le|dernier\w*)\b|родил|прошл|назад|منذ|الماضي|ولدت|مواليد/;

/** When the patient wants to travel and to be back, from the day of the message to a year after. */
export function datesIn(
  {
    folded,
    words,
    sketch,
    language,
  }: {
    readonly folded: string;
    readonly words: string;
    readonly sketch: Sketch;
    readonly language: Language;
  },
  { asked, at }: Pick<Utterance, 'asked' | 'at'>,
): Pick<Details, 'departDate' | 'returnDate'> {
  const calendar = calendarFrom(at);
  const numeric = numericDates(folded, calendar);
  const spoken = spokenDates(sketch, calendar, asked === 'departDate');
  const exact = [...numeric, ...spoken].filter(({ confidence }) => confidence >= 0.5);
  const isTravel = asked === 'departDate' || travel.has(words);
  const named =
    exact.length > 0
      ? exact
      : [...relative(folded, language, calendar, isTravel, asked !== null), ...spoken].slice(0, 3);
  if (named.length === 0) return {};
  const faded = past.test(folded) && asked !== 'departDate' ? 0.5 : 1;
  return journey(named, sketch, calendar, faded);
}

function relative(
  folded: string,
  language: Language,
  calendar: Calendar,
  isTravel: boolean,
  isAnswer: boolean,
): Named[] {
  // "I accept and will pay tomorrow": an answer to something else hardly names the day of travel.
  const otherwise = isAnswer ? 0.5 : 0.6;
  return relativeDays(folded, language, calendar)
    .filter(({ day }) => day >= calendar.today && day <= calendar.last)
    .map(({ day, offset, vague }) => {
      const asks = /[?؟]/.test(folded);
      const doubtful = vague || (!isTravel && (asks || day === calendar.today));
      const clear = doubtful ? 0.4 : isTravel ? 0.8 : otherwise;
      return { day, offset, end: offset + 8, confidence: clear, closes: false };
    });
}

/** Which of the days is the way out and which the way back. */
function journey(
  named: readonly Named[],
  { letters, offsets }: Sketch,
  calendar: Calendar,
  faded: number,
): Pick<Details, 'departDate' | 'returnDate'> {
  const days = named.toSorted((left, right) => left.offset - right.offset).slice(0, 6);
  const backs = new Set(days.filter(({ closes }) => closes));
  for (let index = letters.indexOf('R'); index >= 0; index = letters.indexOf('R', index + 1)) {
    const offset = offsets[index] ?? 0;
    const after = days.find((day) => day.offset > offset && day.offset - offset < 25);
    const before = days.findLast((day) => day.offset < offset && offset - day.end < 15);
    const meant = after ?? before;
    if (meant) backs.add(meant);
  }
  const outs = days.filter((day) => !backs.has(day));
  const [depart, other] = outs;
  const chosen = [...backs][0] ?? (other && depart && other.day > depart.day ? other : undefined);
  // "3 May or 5 May" is a choice, not a journey.
  const choice =
    depart && other && between(letters, offsets, depart.offset, other.offset).includes('|');
  const comes = choice ? undefined : chosen;
  const isLater = comes && (!depart || comes.day >= depart.day) && comes.day <= calendar.last;
  return {
    ...(depart && {
      departDate: {
        value: isoDay(depart.day),
        confidence: (choice ? 0.5 : depart.confidence) * faded,
      },
    }),
    ...(comes &&
      isLater && {
        returnDate: { value: isoDay(comes.day), confidence: comes.confidence * faded },
      }),
  };
}

function between(letters: string, offsets: readonly number[], from: number, to: number): string {
  return letters
    .split('')
    .filter((_, index) => (offsets[index] ?? 0) > from && (offsets[index] ?? 0) < to)
    .join('');
}

/** `2027-12-31`, `31.12.2027`, `31/12`, `3.-10.5.`: the day comes first unless it cannot be one. */
function numericDates(folded: string, calendar: Calendar): Named[] {
  const found: Named[] = [];
  const pattern =
    /(?<![\d.,/])(?:(20\d\d)[-./](\d{1,2})[-./](\d{1,2})|(?:(\d{1,2})\.? ?- ?)?(\d{1,2})([-./]) ?(\d{1,2})(?:\6 ?(20\d\d|\d\d)|\.)?)(?![\d/]|[.,]\d| ?(?:k|bin|euro|eur|€|\$|tl|usd|%|mm|cm|kg))/g;
  for (const match of folded.matchAll(pattern)) {
    const [text, isoYear, isoMonth, isoDate, first, day, separator, month, year] = match;
    const place = { offset: match.index, end: match.index + text.length, closes: false };
    if (isoYear) {
      const named = { year: Number(isoYear), month: Number(isoMonth), day: Number(isoDate) };
      const number = dayNamed(calendar, named);
      if (number !== null) found.push({ day: number, confidence: 0.95, ...place });
      continue;
    }
    // "3-10" alone is a range of something, and "2.5" a number; "03.05", "3.5." and "3/5" are days.
    const told =
      year !== undefined ||
      separator === '/' ||
      (separator === '.' && (text.endsWith('.') || (month?.length === 2 && day?.length === 2)));
    if (!told) continue;
    const swapped = Number(month) > 12;
    const named = {
      year: year === undefined ? null : Number(year) + (year.length === 2 ? 2_000 : 0),
      month: Number(swapped ? day : month),
      day: Number(swapped ? month : day),
    };
    const confidence = year === undefined ? 0.8 : 0.95;
    const opens = first ? dayNamed(calendar, { ...named, day: Number(first) }) : null;
    if (opens !== null) found.push({ day: opens, confidence, ...place });
    const number = dayNamed(calendar, named, opens ?? calendar.today);
    if (number === null) continue;
    found.push({ day: number, confidence, ...place, closes: opens !== null });
  }
  return found;
}

/** "From 3 to 10 May", "3. Mai", "May 3rd 2027", "٣ أيار": read off the sketch. */
function spokenDates(
  { letters, values, offsets }: Sketch,
  calendar: Calendar,
  isAsked: boolean,
): Named[] {
  const found: Named[] = [];
  const pattern =
    /(N)[.o]{0,2}([-~&]|\|)?(?:[~&-])?[u]?(?:(?<=[-~&|]u?)(N)[.o]{0,2})?[u]{0,2}(M)[.]?,?(Z)?|(M)[.]?u?(N)o?(?:[-~](N)o?)?(?![APKYN])(?:,?(Z))?|(M)(Z)?/g;
  for (const match of letters.matchAll(pattern)) {
    const at = (group: number): number | undefined => {
      const text = match[group];
      return text === undefined ? undefined : positionOf(match, group);
    };
    const value = (group: number): number | undefined => {
      const position = at(group);
      return position === undefined ? undefined : values[position];
    };
    const start = offsets[match.index] ?? 0;
    const end = (offsets[match.index + match[0].length - 1] ?? start) + 4;
    const place = { offset: start, end, closes: false };
    const month = value(4) ?? value(6) ?? value(10);
    if (month === undefined) continue;
    const year = value(5) ?? value(9) ?? value(11) ?? null;
    const first = value(1) ?? value(7);
    if (first === undefined) {
      // Only a month: its first day to come is a guess that nobody should act on.
      const guess = dayNamed(calendar, { year, month, day: 1 });
      if (guess !== null && (isAsked || year !== null || match.index > 0)) {
        found.push({ day: guess, confidence: 0.4, ...place });
      }
      continue;
    }
    const second = value(3) ?? value(8);
    const opens = dayNamed(calendar, { year, month, day: first });
    if (opens === null) continue;
    const isChoice = match[2] === '|';
    found.push({ day: opens, confidence: isChoice ? 0.5 : 0.95, ...place });
    if (second === undefined || isChoice) continue;
    const closes = dayNamed(calendar, { year, month, day: second }, opens);
    if (closes !== null) found.push({ day: closes, confidence: 0.95, ...place, closes: true });
  }
  return found;
}

/** Where in the sketch a one-letter group of a match stands: its letters are unique in order. */
function positionOf(match: RegExpExecArray, group: number): number {
  let position = match.index;
  let from = 0;
  for (let earlier = 1; earlier <= group; earlier++) {
    const letter = match[earlier];
    if (letter === undefined || earlier === 2) continue;
    const found = match[0].indexOf(letter, from);
    position = match.index + found;
    from = found + 1;
  }
  return position;
}
