import { type Calendar, dayNamed, dayNumber } from './calendar.ts';

/** A date in figures: the days it may mean, none where there is no such day within the year to come. */
export interface NumericDay {
  readonly days: readonly number[];
  /** The first day of `3.-10.5.`. */
  readonly opens: number | null;
  readonly withYear: boolean;
  /** `3/4`: day or month first, and no sign that it is a day at all. */
  readonly weak: boolean;
  /** `10.5`: a day only where a word says so. */
  readonly bare: boolean;
  /** Written with a slash or dashes, so that the month may come first. */
  readonly eitherOrder: boolean;
}

/** `2027-12-31`, `31.12.2027`, `31/12`, `3.-10.5.`; null for what is only two numbers. */
export function numericDay(text: string, calendar: Calendar): NumericDay | null {
  const iso = /^(20\d\d)[-./](\d{1,2})[-./](\d{1,2})$/.exec(text);
  if (iso) {
    const [, year, month, day] = iso.map(Number) as [number, number, number, number];
    const days = within(calendar, { year, month, day });
    return { days, opens: null, withYear: true, weak: false, bare: false, eitherOrder: false };
  }
  const parts =
    /^(?:(\d{1,2})\.? ?- ?)?(\d{1,2})([-./]) ?(\d{1,2})(?:\3 ?(20\d\d|\d\d)|(\.))?$/.exec(text);
  if (!parts) return null;
  const [, first, one = '', separator, two = '', year, dot] = parts;
  // "3-10" alone is a range of something, and "2.5" a number; "03.05", "3.5." and "3/5" are days.
  const isTold =
    year !== undefined ||
    separator === '/' ||
    (separator === '.' &&
      (dot !== undefined || (one.length === 2 && two.length === 2) || two.startsWith('0')));
  const bare = !isTold && separator === '.' && first === undefined;
  if ((!isTold && !bare) || text === '24/7') return null;
  const [left, right] = [Number(one), Number(two)];
  const numbered = year === undefined ? null : Number(year) + (year.length === 2 ? 2_000 : 0);
  if (left > 31 || right > 31 || (left > 12 && right > 12) || left === 0 || right === 0)
    return null;
  const swaps = right > 12 || (separator !== '.' && left <= 12 && left !== right);
  const opens =
    first === undefined
      ? null
      : (within(calendar, { year: numbered, month: right, day: Number(first) })[0] ?? null);
  const straight =
    right > 12
      ? []
      : within(calendar, { year: numbered, month: right, day: left }, opens ?? undefined);
  const swapped = swaps ? within(calendar, { year: numbered, month: left, day: right }) : [];
  return {
    days: [...straight, ...swapped],
    opens,
    withYear: year !== undefined,
    weak: year === undefined && (separator === '/' || (one.length < 2 && dot === undefined)),
    bare,
    eitherOrder: straight.length > 0 && swapped.length > 0,
  };
}

function within(
  calendar: Calendar,
  named: { readonly year: number | null; readonly month: number; readonly day: number },
  from?: number,
): number[] {
  if (named.year !== null && dayNumber(named.year, named.month, named.day) === null) return [];
  const day = dayNamed(calendar, named, from);
  return day === null ? [] : [day];
}
