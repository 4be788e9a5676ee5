/** Days are counted from 1970-01-01: a calendar day has no time and no zone. */
export interface Calendar {
  /** The day of the message. */
  readonly today: number;
  /** The last day we plan for: a year ahead. */
  readonly last: number;
}

const dayMs = 24 * 60 * 60 * 1_000;

/** The calendar from the day of `at` (ISO 8601 with offset) where it was said. */
export function calendarFrom(at: string): Calendar {
  const [year = 0, month = 1, day = 1] = at.slice(0, 10).split('-').map(Number);
  const today = dayNumber(year, month, day) ?? 0;
  return { today, last: dayNumber(year + 1, month, day) ?? today + 365 };
}

/** The day's number, or null for a day that is in no calendar. */
export function dayNumber(year: number, month: number, day: number): number | null {
  const time = Date.UTC(year, month - 1, day);
  const date = new Date(time);
  if (date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day) return null;
  return time / dayMs;
}

/** `YYYY-MM-DD` of a day. */
export function isoDay(day: number): string {
  return new Date(day * dayMs).toISOString().slice(0, 10);
}

/** 0 is Sunday. */
export function weekdayOf(day: number): number {
  return (((day + 4) % 7) + 7) % 7;
}

/** The day named, on or after `from`; null when there is none within the calendar. */
export function dayNamed(
  calendar: Calendar,
  named: { readonly year: number | null; readonly month: number; readonly day: number },
  from = calendar.today,
): number | null {
  const thisYear = new Date(from * dayMs).getUTCFullYear();
  const years = named.year === null ? [thisYear, thisYear + 1] : [named.year];
  for (const year of years) {
    const day = dayNumber(year, named.month, named.day);
    if (day !== null && day >= from && day <= calendar.last) return day;
  }
  return null;
}

/** The month so many months after that of `today`: its year, and 1 to 12. */
export function monthStart(today: number, months: number): { year: number; month: number } {
  const date = new Date(today * dayMs);
  const month = date.getUTCMonth() + months;
  return { year: date.getUTCFullYear() + Math.floor(month / 12), month: (month % 12) + 1 };
}

/** The same day of a later month, or the last that it has. */
export function monthsAhead(today: number, months: number): number {
  const { year, month } = monthStart(today, months);
  for (let day = new Date(today * dayMs).getUTCDate(); day > 0; day--) {
    const found = dayNumber(year, month, day);
    if (found !== null) return found;
  }
  return today;
}
