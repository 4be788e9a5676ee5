/**
 * How one language speaks of days, besides the names of months and weekdays. Lists are written `one|two words|stem*` as in
 * the rest of the lexicon.
 */
export interface DayWords {
  /** Other names of months and frequent misspellings: the month, 1 to 12, and its words. */
  readonly months: readonly (readonly [month: number, words: string])[];
  /** Other names of weekdays, Sunday is 0. */
  readonly weekdays: readonly (readonly [weekday: number, words: string])[];
  /** Words for 1 to 31, as a count. */
  readonly counts: readonly (readonly [count: number, words: string])[];
  /** Words for 1 to 31, as the day of a month. */
  readonly ordinals: readonly (readonly [day: number, words: string])[];
  /** What is written right behind the digits of a day: "3rd", "3'ünde". */
  readonly endings: string;
  /** "A" and "one" before a week: no day of a month. */
  readonly one: string;
  /** Says nothing between the parts of a day: "the", "of", "am". */
  readonly filler: string;
  /** Says that the number behind it is a day: "on the 20th", "am 20.". */
  readonly leads: string;
  /** Today is 0. */
  readonly fixed: readonly (readonly [daysAhead: number, words: string])[];
  /** This week is 0. */
  readonly weeks: readonly (readonly [weeksAhead: number, words: string])[];
  /** This month is 0. */
  readonly monthsAhead: readonly (readonly [monthsAhead: number, words: string])[];
  /** Units of time, and how many of them one word is: "fortnight" is 2 weeks. */
  readonly units: readonly (readonly [unit: 'd' | 'w' | 'm', count: number, words: string])[];
  /** "In fifteen days" is two weeks in French, "in acht Tagen" one in German: the days said, and those that may be meant. */
  readonly idioms: readonly (readonly [said: number, meant: number])[];
  /** Ahead of a count: "in two weeks". */
  readonly ahead: string;
  /** Behind a count: "two weeks later". */
  readonly later: string;
  /** A day that is only a bound: "after 10 March". */
  readonly bound: string;
  /** The same behind the day: "10 Mart'tan sonra". */
  readonly boundAfter: string;
  readonly next: string;
  /** The one after the next: "übernächsten Montag", "Monday after next". */
  readonly afterNext: string;
  readonly coming: string;
  readonly this: string;
  readonly last: string;
  /** Whether "next Friday" may be the one of this week: always the nearest, always that of next week, or nobody can tell. */
  readonly nextWeekday: 'nearest' | 'next-week' | 'either';
  /** Whether `3/4` may be the fourth of March. */
  readonly monthFirst: boolean;
  /** Part of a month: "end of", "early". */
  readonly part: string;
  /** A time that is no day: feasts, seasons, weekends, "a few". */
  readonly vague: string;
  /** "About", "maybe": the day is not meant to the day. */
  readonly about: string;
  readonly or: string;
  readonly and: string;
  readonly until: string;
  readonly between: string;
  /** The way out, ahead of or behind its day. */
  readonly out: string;
  readonly back: string;
  readonly travel: string;
  /** Arriving: a later day of leaving is the way back. */
  readonly arrives: string;
  /** Whoever expects a child tells of its birth. */
  readonly expecting: string;
  /** What else a day may be of: birth, passports, calls, payments. */
  readonly otherwise: string;
  /** What has been. */
  readonly past: string;
  readonly stay: string;
  /** Ahead of how long somebody stays. */
  readonly during: string;
  readonly not: string;
  /** A day behind which it stands is not meant. */
  readonly notAfter: string;
  /** "Sorry", "instead": what follows replaces what was said. */
  readonly correction: string;
  /** "Move from … to …". */
  readonly change: string;
  /** Ahead of a time of day. */
  readonly clock: string;
  /** Behind a number that counts something else than days: people, years, hours, money. */
  readonly counted: string;
}
