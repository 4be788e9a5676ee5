import { type Calendar, dayNamed, monthStart, monthsAhead, weekdayOf } from './calendar.ts';
import type { DaySketch, DayToken } from './day-sketch.ts';

/** A day that a message names. */
export interface NamedDay {
  /** Tokens of the sketch it takes up, `to` excluded. */
  readonly from: number;
  readonly to: number;
  /** The days that may be meant, likeliest first; none where it is no day of the year to come, or none in particular. */
  readonly days: readonly number[];
  /** How sure we are when there is one. */
  readonly confidence: number;
  /**
   * `date`: day and month. `counted`: counted from today, or a weekday. `part`: only the day of a month. `vague`: a month, a
   * week, a feast.
   */
  readonly kind: 'date' | 'counted' | 'part' | 'vague';
  /** With its year, so that it lies ahead for sure. */
  readonly ahead: boolean;
}

type Reading = Omit<NamedDay, 'from' | 'to'>;
type At = (group: number) => DayToken | undefined;
interface Rule {
  readonly pattern: RegExp;
  read(at: At, calendar: Calendar, sketch: DaySketch): Reading | null;
}

const nothing: Reading = { days: [], confidence: 0, kind: 'vague', ahead: false };

function counted(days: readonly number[], confidence: number): Reading {
  return { days: [...new Set(days)], confidence, kind: 'counted', ahead: false };
}

function dated(
  calendar: Calendar,
  day: DayToken | undefined,
  month: DayToken | undefined,
  year: DayToken | undefined,
): Reading {
  const named = { day: day?.value ?? 0, month: month?.value ?? 0, year: year?.value ?? null };
  const found = dayNamed(calendar, named);
  return {
    days: found === null ? [] : [found],
    confidence: year ? 0.95 : 0.85,
    kind: 'date',
    ahead: year !== undefined && found !== null,
  };
}

/** A weekday beside a date has to be that date's. */
function checked(reading: Reading, weekday: DayToken | undefined): Reading {
  if (!weekday) return reading;
  const right = reading.days.filter((day) => weekdayOf(day) === weekday.value);
  if (right.length > 0) return { ...reading, days: right, confidence: 0.95 };
  return { ...reading, confidence: 0.4 };
}

function nextWeekday(calendar: Calendar, weekday: number): number {
  return calendar.today + (((weekday - weekdayOf(calendar.today) + 6) % 7) + 1);
}

/** Weeks begin on Monday. */
function weekdayInWeek(day: number, weekday: number): number {
  return day - ((weekdayOf(day) + 6) % 7) + ((weekday + 6) % 7);
}

const lengths: Readonly<Record<string, number>> = { d: 1, w: 7 };

function countedFrom(
  { words }: DaySketch,
  calendar: Calendar,
  count: DayToken | undefined,
  unit: DayToken | undefined,
): Reading {
  const times = (count?.value ?? 1) * (unit?.value ?? 1);
  if (unit?.letter === 'm') return counted([monthsAhead(calendar.today, times)], 0.65);
  const days = times * (lengths[unit?.letter ?? ''] ?? 1);
  const idiom =
    unit?.letter === 'd' ? words.idioms.find(([said]) => said === times)?.[1] : undefined;
  const ahead = calendar.today + days;
  return counted(idiom === undefined ? [ahead] : [calendar.today + idiom, ahead], 0.85);
}

/** "Saturday in three weeks": of that week, or three weeks after the next; where the two differ, nobody can tell. */
function weekdayIn(
  calendar: Calendar,
  weekday: DayToken | undefined,
  count: DayToken | undefined,
  unit: DayToken | undefined,
): Reading {
  const days = 7 * (count?.value ?? 1) * (unit?.value ?? 1);
  const wanted = weekday?.value ?? 0;
  return counted(
    [weekdayInWeek(calendar.today + days, wanted), nextWeekday(calendar, wanted) + days],
    0.85,
  );
}

/** A day of this month or the next; what is past this month is of the next. */
export function upcoming(calendar: Calendar, day: number): number[] {
  return [0, 1, 2]
    .map((months) => dayOfMonth(calendar, months, day))
    .filter((found) => found !== null && found >= calendar.today)
    .slice(0, 2) as number[];
}

function dayOfMonth(calendar: Calendar, months: number, day: number): number | null {
  const { year, month } = monthStart(calendar.today, months);
  const found = dayNamed({ ...calendar, today: 0 }, { year, month, day }, 0);
  return found !== null && found <= calendar.last ? found : null;
}

/** In the order they are tried; the first that fits at a place is taken. */
const rules: readonly Rule[] = [
  // "3 to 10 May": the first lends its month from the second.
  {
    pattern: /(D,?)?([NO])(?=[~-](?:D,?)?[NO](M),?(Z)?)/dy,
    read: (at, calendar) => checked(dated(calendar, at(2), at(3), at(4)), at(1)),
  },
  { pattern: /([NO])[|&](?:D,?)?([NO])(M),?(Z)?/dy, read: (at, calendar) => either(at, calendar) },
  { pattern: /(O),([NO])(M),?(Z)?/dy, read: (at, calendar) => either(at, calendar) },
  {
    pattern: /(D)?,?([NO])(M)(?:,?(Z))?(?:,?(D))?/dy,
    read: (at, calendar) => checked(dated(calendar, at(2), at(3), at(4)), at(1) ?? at(5)),
  },
  {
    pattern: /(D)?,?(M),?([NO])(?!j)(?:,?(Z))?(?:,?(D))?/dy,
    read: (at, calendar) => checked(dated(calendar, at(3), at(2), at(4)), at(1) ?? at(5)),
  },
  {
    pattern: /(D)?,?(I)(?:,?(D))?/dy,
    read: (at, _calendar, { words }) => {
      const numeric = at(2)?.numeric;
      if (!numeric) return null;
      const ordered =
        words.monthFirst || !numeric.eitherOrder ? numeric.days : numeric.days.slice(0, 1);
      const reading: Reading = {
        days: ordered,
        confidence: numeric.withYear ? 0.95 : 0.8,
        kind: numeric.weak ? 'counted' : 'date',
        ahead: numeric.withYear && numeric.days.length > 0,
      };
      const weekday = at(1) ?? at(3);
      return weekday ? checked({ ...reading, days: numeric.days }, weekday) : reading;
    },
  },
  {
    pattern: /(N)([N])(Z)/dy,
    read: (at, calendar, { words }) => {
      const [one, two, year] = [at(1), at(2), at(3)];
      const straight = dated(calendar, one, two, year);
      if (!words.monthFirst) return straight;
      const swapped = dated(calendar, two, one, year);
      return { ...straight, days: [...new Set([...straight.days, ...swapped.days])] };
    },
  },
  {
    // "Am zwölften vierten" is the twelfth of April.
    pattern: /(O)(O)(?![MNL])/dy,
    read: (at, calendar) =>
      at(1)?.led === true && !/\d/.test(at(2)?.text ?? '0')
        ? dated(calendar, at(1), at(2), undefined)
        : null,
  },
  {
    pattern: /([NO])(?:[tnc]?)(L)|(L),?([NO])(?![jdwm])/dy,
    read: (at, calendar) => {
      const day = at(1) ?? at(4);
      const found = dayOfMonth(calendar, (at(2) ?? at(3))?.value ?? 0, day?.value ?? 0);
      if (found === null || found < calendar.today) return { ...nothing, kind: 'date' };
      return { ...counted([found], 0.85), kind: 'date' };
    },
  },
  {
    pattern: /(D),?(W)|(W),?(D)/dy,
    read: (at, calendar) => {
      const weeks = (at(2) ?? at(3))?.value ?? 0;
      const wanted = (at(1) ?? at(4))?.value ?? 0;
      const found = weekdayInWeek(calendar.today + 7 * weeks, wanted);
      return found < calendar.today ? nothing : counted([found], 0.85);
    },
  },
  {
    pattern: /(W)(T)|(T)(W)/dy,
    read: (at, calendar) =>
      counted(
        [calendar.today + 7 * ((at(1) ?? at(4))?.value ?? 0) + ((at(2) ?? at(3))?.value ?? 0)],
        0.85,
      ),
  },
  {
    pattern: /(T)i?([N1])?(w)(?!s)|([1N])(w)(T)/dy,
    read: (at, calendar) => {
      const count = at(2) ?? at(4);
      const unit = at(3) ?? at(5);
      const days = 7 * (count?.value ?? 1) * (unit?.value ?? 1);
      return counted([calendar.today + ((at(1) ?? at(6))?.value ?? 0) + days], 0.85);
    },
  },
  {
    pattern: /(D),?i([N1])?(w)|i([N1])?(w),?(D)|([N1])(w)s,?(D)/dy,
    read: (at, calendar) =>
      weekdayIn(
        calendar,
        at(1) ?? at(6) ?? at(9),
        at(2) ?? at(4) ?? at(7),
        at(3) ?? at(5) ?? at(8),
      ),
  },
  {
    // "Two weeks from Monday".
    pattern: /([N1])(w)F?(D)|(D)(w)/dy,
    read: (at, calendar) =>
      counted(
        [
          nextWeekday(calendar, (at(3) ?? at(4))?.value ?? 0) +
            7 * (at(1)?.value ?? 1) * ((at(2) ?? at(5))?.value ?? 1),
        ],
        0.85,
      ),
  },
  {
    pattern: /a?i[NO][~|&-][NO][dwm]|a?[NO][~|&-][NO][dwm]s|[ap]i?[N1]?[dwm]s?|[N1]?[dwm]s?[ap]/dy,
    read: () => nothing,
  },
  {
    pattern: /i([N1])?([dwm])|([N1])([dwm])s/dy,
    read: (at, calendar, sketch) => countedFrom(sketch, calendar, at(1) ?? at(3), at(2) ?? at(4)),
  },
  { pattern: /l[tnc]?D|Dl/dy, read: () => null },
  {
    pattern: /y(D)|(D)y/dy,
    read: (at, calendar) => {
      const wanted = (at(1) ?? at(2))?.value ?? 0;
      const far = weekdayInWeek(calendar.today + 14, wanted);
      return counted([nextWeekday(calendar, wanted) + 7, far], 0.8);
    },
  },
  {
    pattern: /n(D)|(D)n/dy,
    read: (at, calendar, { words }) => {
      const wanted = (at(1) ?? at(2))?.value ?? 0;
      const near = nextWeekday(calendar, wanted);
      const far = weekdayInWeek(calendar.today + 7, wanted);
      if (words.nextWeekday === 'nearest') return counted([near], 0.75);
      return counted(words.nextWeekday === 'next-week' ? [far] : [near, far], 0.8);
    },
  },
  {
    pattern: /[ct]+(D)|(D)c|t(D)|(D)/dy,
    read: (at, calendar, { letters }) => {
      const token = at(1) ?? at(2) ?? at(3) ?? at(4);
      const wanted = token?.value ?? 0;
      const found = nextWeekday(calendar, wanted);
      const isThis = letters.includes('t') && at(1) !== undefined;
      // "This Monday" on a Wednesday, and a Wednesday on a Wednesday.
      const isOdd = isThis && found !== weekdayInWeek(calendar.today, wanted);
      return counted([found], isOdd || found === calendar.today + 7 ? 0.5 : 0.8);
    },
  },
  {
    pattern: /[NO]wM|p+[tnc]?[LWTD]|[LWTD]p|p*[tnc]?M,?Z?p*|v|W|L|[ncl][dwm]|[dwm][ncl]/dy,
    read: () => nothing,
  },
  {
    pattern: /(T)/dy,
    read: (at, calendar) => counted([calendar.today + (at(1)?.value ?? 0)], 0.85),
  },
  {
    pattern: /(O)(?!j)/dy,
    read: (at, calendar) => {
      const token = at(1);
      const day = token?.value ?? 0;
      const found = day <= 31 ? upcoming(calendar, day) : [];
      const isFigure = token?.led === true || /^\d/.test(token?.text ?? '');
      // "The second" may be the second of a list.
      if (day <= 3 || !isFigure) return { ...counted(found, 0.5), kind: 'part' };
      return { ...counted(found.slice(0, 1), 0.75), kind: 'part' };
    },
  },
  {
    pattern: /(N)(?![Ndwmj#])/dy,
    read: (at, calendar) => {
      const token = at(1);
      const day = token?.value ?? 0;
      if (day < 1 || day > 31) return null;
      const found = upcoming(calendar, day);
      if (token?.led === true && day > 3)
        return { ...counted(found.slice(0, 1), 0.7), kind: 'part' };
      return { ...counted(found, 0.4), kind: 'part' };
    },
  },
];

/** "The 5th or the 6th of March". */
function either(at: At, calendar: Calendar): Reading {
  const [one, two] = [at(1), at(2)].map((day) => dated(calendar, day, at(3), at(4)));
  return { ...nothing, kind: 'date', days: [...(one?.days ?? []), ...(two?.days ?? [])] };
}

/** More days than this are no journey's, and reading them would take the time of a hundred messages. */
const most = 24;

/** The days that are named, in order, at most `most`. Linear: each rule looks at no more than a dozen tokens. */
export function namedDays(sketch: DaySketch, calendar: Calendar): NamedDay[] {
  const { letters, tokens } = sketch;
  const found: NamedDay[] = [];
  let index = 0;
  while (index < letters.length && found.length < most) {
    const match = matchAt(sketch, index);
    if (!match) {
      index++;
      continue;
    }
    const { rule, end, at } = match;
    const reading = rule.read(at, calendar, sketch);
    if (reading) found.push({ ...reading, from: index, to: end });
    index = Math.max(end, index + 1);
  }
  return found.filter(({ from }) => tokens[from] !== undefined);
}

/** Letters that may begin a day; the rest is stepped over. */
const begins = /[DNOMILWT1iplnyctvadwm]/;

function matchAt(
  { letters, tokens }: DaySketch,
  index: number,
): { rule: Rule; end: number; at: At } | null {
  if (!begins.test(letters[index] ?? '')) return null;
  for (const rule of rules) {
    const { pattern } = rule;
    pattern.lastIndex = index;
    const match = pattern.exec(letters);
    if (!match || match[0].length === 0) continue;
    const at = (group: number) => {
      const place = match.indices?.[group]?.[0];
      return place === undefined ? undefined : tokens[place];
    };
    return { rule, end: index + match[0].length, at };
  }
  return null;
}
