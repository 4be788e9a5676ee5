import { de, en, fr, ru } from 'chrono-node';

import { type Calendar, dayNumber, weekdayOf } from './calendar.ts';
import type { Language } from './lexicon/languages.ts';

/** A day counted from the message's: "tomorrow", "in two weeks", "next Friday". */
export interface RelativeDay {
  readonly day: number;
  readonly offset: number;
  /** Only a week or a month was named. */
  readonly vague: boolean;
}

/** chrono's time grows with the square of odd texts; what people say of a day stands early. */
const longestForChrono = 400;

const chronos = { de, en, fr, ru } as const;

/** Spares chrono the messages that cannot hold anything for it; folded. */
const hint =
  /tomorrow|week|month|days?\b|next|weekend|tonight|today|morgen|heute|woche|monat|tagen?\b|naechst|demain|semaine|mois|jours?\b|prochain|aujourd|завтра|сегодня|недел|месяц|дн[яеи]|через|следующ|(?:mon|tues|wednes|thurs|fri|satur|sun)day|(?:mon|diens|donners|frei|sams|sonn)tag|mittwoch|(?:lun|mar|mercre|jeu|vendre|same)di|dimanche|понедел|вторник|сред[ауы]|четверг|пятниц|суббот|воскрес/;

/** Days relative to the message's, in folded text. English, German, French and Russian are read by chrono. */
export function relativeDays(
  folded: string,
  language: Language,
  calendar: Calendar,
): RelativeDay[] {
  if (language === 'tr') return byRules(folded, turkish, calendar);
  if (language === 'ar') return byRules(folded, arabic, calendar);
  if (!hint.test(folded)) return [];
  const afterTomorrow = /apres.demain/.exec(folded);
  if (afterTomorrow) {
    return [{ day: calendar.today + 2, offset: afterTomorrow.index, vague: false }];
  }
  return byChrono(unfolded(folded.slice(0, longestForChrono)), language, calendar);
}

/** chrono knows a few words only with their accents, and takes a good morning for tomorrow. */
function unfolded(text: string): string {
  return text
    .replaceAll('guten morgen', 'guten xxxxxx')
    .replaceAll(/\bnachste/g, 'nächste')
    .replaceAll(/\bubermorgen/g, 'übermorgen')
    .replaceAll(/\bfunf\b/g, 'fünf')
    .replaceAll(/\bapres/g, 'après')
    .replaceAll(/следующии/g, 'следующий')
    .replaceAll(/днеи/g, 'дней');
}

function byChrono(
  text: string,
  language: 'de' | 'en' | 'fr' | 'ru',
  calendar: Calendar,
): RelativeDay[] {
  // Noon of the machine's own zone, and read back in it: the day is the same in every zone.
  const now = new Date(calendar.today * 86_400_000);
  const reference = new Date(now.getUTCFullYear(), now.getUTCMonth(), now.getUTCDate(), 12);
  const days: RelativeDay[] = [];
  for (const { text: said, index, start } of chronos[language].parse(text, reference, {
    forwardDate: true,
  })) {
    if (/^(?:now|jetzt|maintenant|сейчас|just now|right now)$/i.test(said)) continue;
    const known = start.isCertain('day') || start.isCertain('weekday');
    const dated = known || start.isCertain('month') || start.isCertain('year');
    if (!dated || /^[\d\s.:]+$/.test(said)) continue;
    const date = start.date();
    const day = dayNumber(date.getFullYear(), date.getMonth() + 1, date.getDate());
    if (day === null) continue;
    // "Next Friday" said on a Wednesday is in two days for some and in nine for others.
    const nextOrNot =
      start.isCertain('weekday') && !start.isCertain('day') && day > calendar.today + 7;
    const vague = !known || /month|monat|mois|месяц|\byear|jahr\b|\ban\b|\bгод/.test(said);
    const counted = /\d|через|\bin\b|dans/.test(said);
    days.push({ day, offset: index, vague: nextOrNot || (vague && !counted) });
  }
  return days;
}

/** How a language counts days. All patterns are of folded text. */
interface Counting {
  /** Fixed words and how many days ahead they are. */
  readonly fixed: readonly (readonly [pattern: RegExp, days: number, vague?: true])[];
  /** A count and a unit of so many days; `null` for months. The unit's own count, for duals, is the third. */
  readonly counted: RegExp;
  readonly units: readonly (readonly [pattern: RegExp, days: number | null, count?: number])[];
  /** Its last group is the day's name, one before it the word for the week after this. */
  readonly weekday: RegExp;
  readonly weekdays: readonly RegExp[];
  readonly nextWeek: RegExp;
  readonly numbers: readonly RegExp[];
}

const turkish: Counting = {
  fixed: [
    [/(?<!\p{L})obur gun|(?<!\p{L})yarindan sonra/u, 2],
    [/(?<!\p{L})yarin(?!\p{L}{4})/u, 1],
    [/(?<!\p{L})bugun/u, 0],
    [/(?<!\p{L})haftaya(?! *(?:pazar|sali|carsamba|persembe|cuma))/u, 7],
    [/(?:gelecek|onumuzdeki|oteki) hafta(?! *(?:pazar|sali|carsamba|persembe|cuma))/u, 7],
    [/(?:gelecek|onumuzdeki) ay/u, 30, true],
    [/(?<!\p{L})ay sonu/u, 20, true],
  ],
  counted: /(?<![\p{L}\d])(\d{1,3}|\p{L}{2,6}) (gun|hafta|ay) (?:sonra|icinde)/u,
  units: [
    [/^gun/, 1],
    [/^hafta/, 7],
    [/^ay/, null],
  ],
  weekday:
    /(?<!\p{L})(?:(haftaya|gelecek hafta|onumuzdeki hafta) )?(?:(?:bu|gelecek|onumuzdeki) )?(pazartesi|cumartesi|carsamba|persembe|cuma|pazar|sali)(?:'?(?:ye|ya|si|den|dan|yi|a|e))?(?!\p{L})/u,
  weekdays: [/^pazar$/, /^pazartesi/, /^sali/, /^carsamba/, /^persembe/, /^cuma$/, /^cumartesi/],
  nextWeek: /^(?:haftaya|gelecek hafta|onumuzdeki hafta)/,
  numbers: [
    /^$/,
    /^bir$/,
    /^iki$/,
    /^uc$/,
    /^dort$/,
    /^bes$/,
    /^alti$/,
    /^yedi$/,
    /^sekiz$/,
    /^dokuz$/,
    /^on$/,
  ],
};

const arabic: Counting = {
  fixed: [
    [/بعد (?:غد|بكرا|بكره|بكرة)/u, 2],
    [/(?<!\p{L})(?:غدا|بكرة|بكره|بكرا|يوم غد)(?!\p{L})/u, 1],
    [/(?<!\p{L})(?:اليوم|النهارده|النهاردة)(?! (?:ال|الذي))(?!\p{L})/u, 0],
    [/الاسبوع (?:القادم|المقبل|الجاي|القادمه|التالي|الجي)/u, 7],
    [/الشهر (?:القادم|المقبل|الجاي|التالي)/u, 30, true],
    [/(?:اخر|نهايه|نهاية) الشهر/u, 20, true],
  ],
  counted:
    /(?:بعد|خلال) (?:(\d{1,3}|\p{L}{3,6}) )?(يومين|اسبوعين|شهرين|يوم|ايام|اسبوع|اسابيع|شهر|اشهر|شهور)(?!\p{L})/u,
  units: [
    [/^يومين/, 1, 2],
    [/^(?:يوم|ايام)/, 1],
    [/^اسبوعين/, 7, 2],
    [/^(?:اسبوع|اسابيع)/, 7],
    [/^شهرين/, null, 2],
    [/^(?:شهر|اشهر|شهور)/, null],
  ],
  weekday: /(?<!\p{L})(?:يوم )?(الاحد|الاثنين|الثلاثاء|الاربعاء|الخميس|الجمعة|الجمعه|السبت)(?!\p{L})/u,
  weekdays: [/احد$/, /اثنين$/, /ثلاثاء$/, /اربعاء$/, /خميس$/, /جمع[ةه]$/, /سبت$/],
  nextWeek: /^$/,
  numbers: [/^$/, /^واحد/, /^اثن/, /^ثلاث/, /^اربع/, /^خمس/, /^ست/, /^سبع/, /^ثمان/, /^تسع/, /^عشر/],
};

function byRules(folded: string, counting: Counting, calendar: Calendar): RelativeDay[] {
  const days: RelativeDay[] = [];
  for (const [pattern, ahead, vague = false] of counting.fixed) {
    const match = pattern.exec(folded);
    if (!match) continue;
    days.push({ day: calendar.today + ahead, offset: match.index, vague });
    break;
  }
  const counted = counting.counted.exec(folded);
  if (counted) {
    const [, told, unit = ''] = counted;
    const [, length = null, own] = counting.units.find(([pattern]) => pattern.test(unit)) ?? [];
    const count = own ?? countOf(told, counting.numbers);
    if (count !== null) {
      const day =
        length === null ? monthsAhead(calendar.today, count) : calendar.today + count * length;
      days.push({ day, offset: counted.index, vague: false });
    }
  }
  const weekday = counting.weekday.exec(folded);
  if (weekday && days.length === 0) {
    const name = weekday.at(-1) ?? '';
    const week = weekday.length > 2 ? weekday[1] : undefined;
    const wanted = counting.weekdays.findIndex((pattern) => pattern.test(name));
    const today = weekdayOf(calendar.today);
    // "Haftaya cuma" is Friday of the week after this one; weeks begin on Monday.
    const monday = calendar.today - ((today + 6) % 7);
    const day =
      week !== undefined && counting.nextWeek.test(week)
        ? monday + 7 + ((wanted + 6) % 7)
        : calendar.today + (((wanted - today + 6) % 7) + 1);
    if (wanted >= 0) days.push({ day, offset: weekday.index, vague: false });
  }
  return days;
}

function countOf(told: string | undefined, numbers: readonly RegExp[]): number | null {
  if (told === undefined) return 1;
  if (/^\d/.test(told)) return Number(told);
  const found = numbers.findIndex((pattern) => pattern.test(told));
  return found > 0 ? found : null;
}

function monthsAhead(today: number, months: number): number {
  const date = new Date(today * 86_400_000);
  for (let day = date.getUTCDate(); day > 0; day--) {
    const month = date.getUTCMonth() + months;
    const found = dayNumber(date.getUTCFullYear() + Math.floor(month / 12), (month % 12) + 1, day);
    if (found !== null) return found;
  }
  return today;
}
