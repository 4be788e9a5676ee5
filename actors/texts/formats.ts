import type { Party } from '../shapes/flights.ts';
import { decimalFromMoney, currencyExponent, type Money } from '../shapes/money.ts';
import type { Counted, Language } from './keys.ts';
import { comma } from './places.ts';
import { languageOf, wordingIn } from './wordings.ts';

/** A language as `Intl` takes it: western digits everywhere, and in English the day before the month: most of those who read it
 * here write it so, and nobody misreads it. */
const localeOf = (language: Language): string =>
  `${language === 'en' ? 'en-GB' : language}-u-ca-gregory-nu-latn`;

/** Making one takes longer than a hundred uses of it. */
function kept<Made>(make: (language: Language, key: string) => Made) {
  const all = new Map<string, Made>();
  return (language: Language, key: string): Made => {
    const made = all.get(`${language} ${key}`) ?? make(language, key);
    all.set(`${language} ${key}`, made);
    return made;
  };
}

const moneyFormat = kept((language, currency) => {
  // As many decimals as the currency has: some are left out in one language and not in another.
  const digits = currencyExponent(currency);
  return new Intl.NumberFormat(localeOf(language), {
    style: 'currency',
    currency,
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  });
});

/** `{ amountMinor: '125000', currency: 'EUR' }` is `€1,250.00`, in German `1.250,00 €`. */
export function moneyText(money: Money, lang: string): string {
  // As a decimal, which no float rounds.
  const decimal = decimalFromMoney(money) as `${number}`;
  return moneyFormat(languageOf(lang), money.currency).format(decimal);
}

export const shortDay = { weekday: 'short', day: 'numeric', month: 'short' } as const;
const dayStyles = {
  short: shortDay,
  year: { ...shortDay, year: 'numeric' },
  numeric: { day: 'numeric', month: 'short', year: 'numeric' },
  full: { dateStyle: 'full' },
} as const satisfies Record<string, Intl.DateTimeFormatOptions>;

const dayFormat = kept(
  (language, style) =>
    new Intl.DateTimeFormat(localeOf(language), {
      ...dayStyles[style as keyof typeof dayStyles],
      timeZone: 'UTC',
    }),
);

/** What is no day stands as it came: a provider may call a time what it likes. */
export function dayIn(day: string, lang: string, style: keyof typeof dayStyles): string {
  const at = Date.parse(`${day}T00:00:00Z`);
  return Number.isNaN(at) ? day : dayFormat(languageOf(lang), style).format(at);
}

/** A day with its weekday, as the language writes it: "Monday, 15 February 2027". */
export const dayText = (day: string, lang: string): string => dayIn(day, lang, 'full');

const instantFormat = kept(
  (language) =>
    new Intl.DateTimeFormat(localeOf(language), {
      ...shortDay,
      hour: '2-digit',
      minute: '2-digit',
      hourCycle: 'h23',
      // Where the clinics are. Nothing tells where the patient is, so the zone is named.
      timeZone: 'Europe/Istanbul',
      timeZoneName: 'shortOffset',
    }),
);

/** A moment: "Wed, 2 Dec, 14:30 GMT+3". */
export function instantText(instant: string, lang: string): string {
  const at = Date.parse(instant);
  return Number.isNaN(at) ? instant : instantFormat(languageOf(lang), '').format(at);
}

export function countedText(forms: Counted, count: number, lang: string): string {
  const form = forms[new Intl.PluralRules(languageOf(lang)).select(count)] ?? forms.other;
  return form.replace('{n}', String(count));
}

/** "2 adults, 2 children (ages 0 and 7)". */
export function partyText({ adults, childrenAges }: Party, lang: string): string {
  const wording = wordingIn(lang);
  const grown = countedText(wording.adults, adults, lang);
  if (childrenAges.length === 0) return grown;
  const ages = new Intl.ListFormat(languageOf(lang)).format(childrenAges.map(String));
  const children = countedText(wording.children, childrenAges.length, lang);
  return `${grown}${comma(languageOf(lang))}${children.replace('{ages}', ages)}`;
}

/** At most `limit` UTF-16 units, with `…` where something was cut, and never half a surrogate pair. */
export function shortened(text: string, limit: number): string {
  if (text.length <= limit) return text;
  return `${text.slice(0, limit - 1).replace(/[\uD800-\uDBFF]$/, '')}…`;
}
