import { numbers } from '../../actors/masking/numbers.ts';
import { tokenise } from '../../actors/masking/tokens.ts';
import type { Details, Utterance } from '../../actors/shapes/understanding.ts';
import {
  type Calendar,
  calendarFrom,
  isoDay,
  dayNamed,
  monthStart,
  weekdayOf,
} from './calendar.ts';
import { type DaySketch, type DayToken, daySketchOf } from './day-sketch.ts';
import { fold } from './fold.ts';
import type { Language } from './lexicon/languages.ts';
import { type NamedDay, namedDays, upcoming } from './named-days.ts';

/** When the patient wants to travel, as far as a message tells. */
export interface Dates {
  readonly details: Pick<Details, 'departDate' | 'returnDate'>;
  readonly doubts: readonly ('departDate' | 'returnDate')[];
  /** What `departDate` may be where it is in doubt, earliest first, at most 3. */
  readonly days: readonly string[];
  /** Days with their month, or counted ones, were found: another language would only mistake the words. */
  readonly isRead: boolean;
}

const none: Dates = { details: {}, doubts: [], days: [], isRead: false };

/**
 * The days of travel, from the day of the message to a year after. A day counts only where nothing near it says that it is
 * another's: a birth, a passport, a call, what has been. Two readings, a bound, a vague time or an impossible day are a doubt.
 */
export function datesIn(
  text: string,
  language: Language,
  isCertain: boolean,
  { asked, at }: Pick<Utterance, 'asked' | 'at'>,
): Dates {
  const calendar = calendarFrom(at);
  const folded = fold(withoutNumbers(text));
  // A short text may not be in the language that it was taken for; a long one is.
  const languages = folded.length > 300 ? [language] : languagesOf(folded, language);
  let doubtful = none;
  for (const spoken of languages) {
    const isSpoken = spoken === language;
    const dates = read(daySketchOf(folded, spoken, calendar, isSpoken), calendar, asked);
    if (dates.isRead || Object.keys(dates.details).length > 0) return dates;
    if (isSpoken) doubtful = dates;
    // A month or a feast has been read; a bare number may be more in another language.
    if (isCertain && doubtful.doubts.length > 0 && doubtful.days.length === 0) break;
  }
  return doubtful;
}

/** The language it seems to be in, then the others written in its letters. */
function languagesOf(folded: string, first: Language): Language[] {
  const scripts: Language[] = [
    ...(/\p{Script=Latin}/u.test(folded) ? (['en', 'de', 'tr', 'fr'] as const) : []),
    ...(/\p{Script=Arabic}/u.test(folded) ? (['ar'] as const) : []),
    ...(/\p{Script=Cyrillic}/u.test(folded) ? (['ru'] as const) : []),
  ];
  return [...new Set([first, ...scripts])];
}

/** What masking knows for a number of somebody's, or for a birth, is no day of travel. */
function withoutNumbers(text: string): string {
  if (!/\p{N}/u.test(text)) return text;
  let result = '';
  let from = 0;
  for (const { start, end, kind } of numbers(text, tokenise(text), []).spans) {
    result += `${text.slice(from, start)}${kind === 'birth-date' ? ' ' : ' # '}`;
    from = end;
  }
  return result + text.slice(from);
}

type Role = 'depart' | 'return';

interface Meant extends NamedDay {
  readonly role: Role;
  /** Told as a day of travel, by a word near it or because we asked. */
  readonly isTravel: boolean;
}

/** How far a word reaches. */
const reach = 10;

function read(sketch: DaySketch, calendar: Calendar, asked: Utterance['asked']): Dates {
  const named = joined(sketch, calendar, namedDays(sketch, calendar));
  if (named.length === 0) return none;
  // Days were named, whatever they are of: no other language has to look.
  const isRead = named.some(({ kind }) => kind === 'date' || kind === 'counted');
  const isAsked = asked === 'departDate';
  const taken = new Set(
    named.flatMap(({ from, to }) => Array.from({ length: to - from }, (_, index) => from + index)),
  );
  const backs = rolesOf(sketch.letters, named, 'R');
  const left = leavingOf(sketch.letters, named);
  if (left) backs.add(left);
  const meant = named.flatMap((day): Meant[] => {
    const { other, past, travel } = costs(sketch, day, taken);
    if (other <= reach && other <= travel) return [];
    if (past <= travel && past <= 7 && !day.ahead) return [];
    const role: Role = backs.has(day) ? 'return' : 'depart';
    const isTravel = isAsked || travel <= reach || role === 'return';
    const isPaired = /[GR]$/.test(sketch.letters.slice(0, day.from));
    if (day.kind === 'part' && isPaired) return [{ ...day, role, isTravel }];
    if (day.kind === 'part' && !isAsked && !(isTravel && day.confidence >= 0.6)) return [];
    if (day.kind === 'counted' && !isTravel) return [];
    if (day.kind === 'vague' && !isTravel) return [];
    return [{ ...day, role, isTravel }];
  });
  return { ...settled(sketch, calendar, withMonths(sketch, calendar, meant)), isRead };
}

/** "Next Friday, the 12th of March" is one day, if the two agree. */
function joined(sketch: DaySketch, calendar: Calendar, named: readonly NamedDay[]): NamedDay[] {
  const result: NamedDay[] = [];
  for (const day of named) {
    const before = result.at(-1);
    const between = before ? sketch.letters.slice(before.to, day.from) : '';
    const met =
      before && /^,?$/.test(between) ? weekdayOfPart(sketch, calendar, before, day) : null;
    if (met) {
      result[result.length - 1] = met;
      continue;
    }
    // "Am 23. Nisan tatilinde" is some day of a holiday.
    const isFeast = day.kind === 'vague' && sketch.letters[day.from] === 'v';
    const fits = before && !isFeast && /^[,-]?$/.test(between) && before.kind !== day.kind;
    if (
      !before ||
      !fits ||
      before.kind === 'part' ||
      day.kind === 'part' ||
      (before.kind === 'vague' && day.kind === 'vague')
    ) {
      result.push(day);
      continue;
    }
    result.pop();
    const [exact, other] = day.kind === 'date' ? [day, before] : [before, day];
    const agree = exact.days.filter((one) => other.days.includes(one));
    const place = { from: before.from, to: day.to };
    if (other.kind === 'vague') result.push({ ...exact, ...place });
    else if (agree.length > 0) result.push({ ...exact, days: agree, confidence: 0.9, ...place });
    else result.push({ ...exact, days: [...exact.days, ...other.days], confidence: 0.4, ...place });
  }
  return result;
}

/** "Saturday the 20th": the next 20th that is a Saturday, this month or the next. */
function weekdayOfPart(
  { tokens, letters }: DaySketch,
  calendar: Calendar,
  before: NamedDay,
  day: NamedDay,
): NamedDay | null {
  const [part, weekday] = before.kind === 'part' ? [before, day] : [day, before];
  const isWeekday = /^[tc]?D$/.test(letters.slice(weekday.from, weekday.to));
  const wanted = weekday.days[0];
  if (part.kind !== 'part' || !isWeekday || wanted === undefined) return null;
  const all = upcoming(calendar, tokens[part.from]?.value ?? 0);
  const days = all.filter((one) => weekdayOf(one) === weekdayOf(wanted)).slice(0, 1);
  const place = { from: before.from, to: day.to, kind: 'counted' as const, ahead: false };
  return days.length > 0
    ? { ...place, days, confidence: 0.85 }
    : { ...place, days: all, confidence: 0.4 };
}

/** Which of the days each word of going or coming back belongs to: the one behind it, or right ahead of it. */
function rolesOf(letters: string, named: readonly NamedDay[], cue: string): Set<NamedDay> {
  const found = new Set<NamedDay>();
  for (let index = letters.indexOf(cue); index >= 0; index = letters.indexOf(cue, index + 1)) {
    const after = named.find(({ from }) => from > index);
    const before = named.findLast(({ to }) => to <= index);
    const gapAfter = after ? gap(letters.slice(index + 1, after.from), 5) : Infinity;
    const gapBefore = before ? gap(letters.slice(before.to, index), 3) : Infinity;
    // "15 mart gidiş 22 mart dönüş": the day behind has a word of its own.
    const isOthers =
      after !== undefined && /^[GR]/.test(letters.slice(after.to)) && gapBefore === 0;
    const meant =
      gapAfter < Infinity && !isOthers ? after : gapBefore < Infinity ? before : undefined;
    if (meant) found.add(meant);
  }
  return found;
}

/** "We arrive on the 15th and leave on the 22nd": of two days the one of leaving is the way back. */
function leavingOf(letters: string, named: readonly NamedDay[]): NamedDay | undefined {
  const [first, second, ...more] = named;
  if (!first || !second || more.length > 0) return undefined;
  const arrives =
    /Y[^GR.]{0,4}$/.test(letters.slice(0, first.from).slice(-6)) ||
    /^x?Y/.test(letters.slice(first.to));
  const leaves =
    /G[^Y.]{0,3}$/.test(letters.slice(first.to, second.from)) ||
    /^x?G/.test(letters.slice(second.to));
  return arrives && leaves ? second : undefined;
}

/** How many words stand between; infinite across another sentence or list. */
function gap(letters: string, most: number): number {
  return letters.length > most || /[.!?;&|~GY]/.test(letters) ? Infinity : letters.length;
}

/** How far the nearest words are that say what the day is of. */
function costs({ letters, tokens }: DaySketch, day: NamedDay, taken: ReadonlySet<number>) {
  const found = { other: Infinity, past: Infinity, travel: Infinity };
  const walk = (from: number, step: 1 | -1) => {
    let cost = 0;
    for (let index = from; index >= 0 && index < letters.length && cost <= reach; index += step) {
      const letter = letters[index] ?? '';
      if (/[!?;]/.test(letter) || (letter === '.' && !isAbbreviated(tokens[index - 1]?.text)))
        return;
      cost += letter === ',' ? 2 : letter === '.' ? 0 : taken.has(index) ? 2 : 1;
      if (taken.has(index)) continue;
      if (letter === 'X') found.other = Math.min(found.other, cost);
      else if (letter === 'H' || letter === 'l') found.past = Math.min(found.past, cost);
      else if (/[VYGRB]/.test(letter)) found.travel = Math.min(found.travel, cost);
    }
  };
  // Whoever is expecting tells of a birth, however far off.
  if (letters.includes('π')) found.other = 0;
  walk(day.from - 1, -1);
  walk(day.to, 1);
  return found;
}

const isAbbreviated = (text: string | undefined) =>
  (text?.length ?? 0) > 0 && (text?.length ?? 0) <= 4;

/** "Hin am 15. und am 22. Februar zurück", "10 June, back on the 17th": a bare day has the month of the one beside it. */
function withMonths(sketch: DaySketch, calendar: Calendar, days: readonly Meant[]): Meant[] {
  return days.map((day, index) => {
    if (day.kind !== 'part') return day;
    const value = sketch.tokens[day.from]?.value ?? 0;
    const inMonth = (of: number, months: number) =>
      dayNamed(
        calendar,
        { year: null, month: monthStart(of, months).month, day: value },
        calendar.today,
      );
    const [next, before] = [days[index + 1], days[index - 1]];
    const [later, earlier] = [next?.days[0], before?.days[0]];
    if (next?.kind === 'date' && later !== undefined) {
      const found = inMonth(later, 0);
      if (found !== null && found <= later)
        return { ...day, days: [found], kind: 'date', confidence: 0.8 };
    }
    const isClosing =
      before !== undefined &&
      (day.role === 'return' || /^,?[~-]$/.test(sketch.letters.slice(before.to, day.from)));
    if (before?.kind === 'date' && earlier !== undefined && isClosing) {
      const found = [0, 1]
        .map((months) => inMonth(earlier, months))
        .find((one) => one !== null && one >= earlier);
      if (found) return { ...day, days: [found], kind: 'date', confidence: 0.8 };
    }
    return day;
  });
}

/** Which day is the way out and which the way back, and what of it is in doubt. */
function settled(
  sketch: DaySketch,
  calendar: Calendar,
  meant: readonly Meant[],
): Omit<Dates, 'isRead'> {
  const { letters } = sketch;
  const standing = replaced(
    letters,
    meant.filter((day) => !isNegated(letters, day)),
  );
  if (standing.length === 0) {
    return meant.length === 0 ? none : { ...none, doubts: ['departDate'] };
  }
  const outs = told(
    letters,
    standing.filter(({ role }) => role === 'depart'),
  );
  const backs = standing.filter(({ role }) => role === 'return');
  const [depart, ...more] = outs;
  const closing =
    depart && more.length === 1 && isRange(letters, depart, more[0] as Meant) ? more[0] : undefined;
  const back = closing ?? backs[0];
  const doubts: ('departDate' | 'returnDate')[] = [];
  const exact = (day: Meant | undefined): number | null => {
    if (!day || day.days.length !== 1 || day.confidence < 0.6) return null;
    return isClear(letters, day, day === closing) ? (day.days[0] ?? null) : null;
  };
  const isAlone =
    closing !== undefined || more.every((day) => day.kind === 'vague' && !letters.includes('|'));
  const out = isAlone ? exact(depart) : sameDay(outs);
  if (depart && out === null) doubts.push('departDate');
  let home = back ? exact(back) : null;
  if (back && out !== null && /^i?[N1]?[dw]s?$/.test(letters.slice(back.from, back.to))) {
    // "And back two weeks later" counts from the way out.
    home = home === null ? null : out + home - calendar.today;
  }
  if (home !== null && out !== null && home < out) home = null;
  if (home !== null && home > calendar.last) home = null;
  if (back && home === null) doubts.push('returnDate');
  if (backs.length > 1 || (closing && backs.length > 0 && exact(backs[0]) !== home)) {
    if (!doubts.includes('returnDate')) doubts.push('returnDate');
    home = null;
  }
  const stay = !back && depart && out !== null ? staysIn(sketch, depart) : null;
  if (stay !== null && out !== null) {
    if (stay.days === null) doubts.push('returnDate');
    else if (out + stay.days <= calendar.last) home = out + stay.days;
  }
  const days = doubts.includes('departDate')
    ? [...new Set(outs.flatMap((day) => day.days))]
        .filter((day) => day >= calendar.today && day <= calendar.last)
        .toSorted((left, right) => left - right)
        .slice(0, 3)
        .map(isoDay)
    : [];
  const sure = depart && out !== null ? depart.confidence : 0;
  return {
    details: {
      ...(out !== null && { departDate: { value: isoDay(out), confidence: sure } }),
      ...(home !== null &&
        (!depart || out !== null) && {
          returnDate: { value: isoDay(home), confidence: back?.confidence ?? 0.8 },
        }),
    },
    doubts,
    days,
  };
}

/** A month or a feast beside a day says no more than the day, unless it is another choice. */
function told(letters: string, outs: readonly Meant[]): readonly Meant[] {
  const days = outs.filter(({ kind }) => kind !== 'vague');
  const [first, last] = [outs[0], outs.at(-1)];
  if (days.length === 0 || !first || !last) return outs;
  return letters.slice(first.from, last.to).includes('|') ? outs : days;
}

function sameDay(days: readonly Meant[]): number | null {
  const [first] = days;
  const day = first?.days[0];
  if (first === undefined || day === undefined || first.confidence < 0.6) return null;
  return days.every((other) => other.days.length === 1 && other.days[0] === day) ? day : null;
}

/** "Not the 5th", "5'i değil". */
function isNegated(letters: string, { from, to }: NamedDay): boolean {
  const before = letters.slice(Math.max(0, from - 4), from);
  const after = letters.slice(to, to + 3);
  return /q[xVB]{0,3}$/.test(before) || /^[xV]{0,1}Q/.test(after);
}

/** Of a day and its correction, the correction. */
function replaced(letters: string, days: readonly Meant[]): Meant[] {
  let kept = [...days];
  for (let index = 1; index < days.length; index++) {
    const [before, day] = [days[index - 1], days[index]];
    if (!before || !day || before.role !== day.role) continue;
    const between = letters.slice(before.to, day.from);
    const isMoved =
      letters.slice(0, before.from).includes('E') || letters.slice(day.to).includes('E');
    const isCorrected = between.length <= 12 && between.includes('e') && !between.includes('|');
    if (isCorrected || (isMoved && /^[x,V]{0,3}[~f-]?[x,V]{0,2}$/.test(between))) {
      kept = kept.filter((one) => one !== before);
    }
  }
  return kept;
}

/** Only a word of range stands between the two. */
function isRange(letters: string, first: NamedDay, second: NamedDay): boolean {
  if (/z[x]?$/.test(letters.slice(Math.max(0, first.from - 2), first.from))) return false;
  const between = letters.slice(first.to, second.from);
  return /^,?[x]?[~-]x?$/.test(between) && !(second.kind === 'vague');
}

/** Nothing beside the day makes a bound or a guess of it, and no number beside it is left unread. */
function isClear(letters: string, { from, to, kind }: NamedDay, isEnd = false): boolean {
  const before = letters.slice(Math.max(0, from - 3), from);
  const after = letters.slice(to, to + 3);
  if (/[FSa|z]$|a[xV]$|(?:^|[^N1])[dwm]$/.test(before) || /^[av|]|^xa|^p/.test(after)) return false;
  if (after.startsWith('S') && !isEnd) return false;
  if (kind !== 'counted' && before.endsWith('i')) return false;
  if (kind === 'date' && after.startsWith('s')) return false;
  if (/[NO]$/.test(before)) return false;
  return !/^[NO](?![jdwmM])/.test(after);
}

/** How long somebody stays, in days; `days` is null where it is told, but not to the day. */
function staysIn(
  { letters, tokens }: DaySketch,
  depart: NamedDay,
): { readonly days: number | null } | null {
  const ahead = /(?<![is])([N1])([dw])F?$/d.exec(letters.slice(0, depart.from).slice(-4));
  const behind = /^,?([N1])([dw])(?![sSHFi])/d.exec(letters.slice(depart.to, depart.to + 4));
  const beside = ahead ?? behind;
  if (beside) {
    // "One week from 9 June", "9 June, 5 nights".
    const base = ahead ? depart.from - Math.min(4, depart.from) : depart.to;
    const place = base + (beside.indices?.[1]?.[0] ?? 0);
    return lengthOf(tokens[place], tokens[place + 1]);
  }
  const match =
    /f(a)?(v|[NO1][~|-])?([NO1])?([dwm])|([NO1][~|-])?([NO1])([dwm])x{0,1}B|B[xf]{0,2}(a)?([NO1][~|-])?([NO1])?([dwm])/d.exec(
      letters,
    );
  if (!match) return null;
  if (/[Hq]/.test(letters.slice(Math.max(0, match.index - 4), match.index))) return null;
  const token = (group: number) => tokens[match.indices?.[group]?.[0] ?? -1];
  if (match[1] ?? match[2] ?? match[5] ?? match[8] ?? match[9]) return { days: null };
  const unit = token(4) ?? token(7) ?? token(11);
  const count = token(3) ?? token(6) ?? token(10);
  return lengthOf(count, unit);
}

function lengthOf(count: DayToken | undefined, unit: DayToken | undefined) {
  const times = (count?.value ?? 1) * (unit?.value ?? 1);
  if (unit?.letter === 'm' || times < 1) return { days: null };
  return { days: times * (unit?.letter === 'w' ? 7 : 1) };
}
