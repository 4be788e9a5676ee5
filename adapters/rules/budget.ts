import { moneyFromDecimal, type Money } from '../../actors/shapes/money.ts';
import type { Sure } from '../../actors/shapes/understanding.ts';
import { inAllLanguages } from './lexicon/languages.ts';
import { phraseBook } from './phrases.ts';

/** Folded words and signs for each currency we may hear of; longer ones first where one begins another. */
const currencies: Readonly<Record<string, string>> = {
  EUR: '€|euros?|eur|avro\\p{L}{0,4}|euroya|евро|يورو|اورو',
  GBP: '£|gbp|quid|pounds? sterling|pounds?|sterlin|pfund|livres? sterling|фунт\\p{L}{0,3}|جنيه استرليني|باوند',
  USD: '\\$|usd|us dollars?|dollars?|dolar\\p{L}{0,4}|доллар\\p{L}{0,3}|бакс\\p{L}{0,3}|دولار|bucks',
  TRY: '₺|tl|try|turk liras\\p{L}|liras?|lirasi|lira\\p{L}{1,4}|лир\\p{L}?|ليره|ليرة|livres? turques?|turkische lira',
  RUB: '₽|rub|rubles?|rubel|roubles?|ruble|руб\\p{L}{0,5}|روبل',
  SAR: 'sar|riyals?|riyal|ريال',
  AED: 'aed|dirhams?|dirham|درهم',
  KWD: 'kwd|دينار كويتي',
  EGP: 'egp|جنيه مصري|جنيه مصريه',
  JOD: 'jod|دينار اردني',
  CHF: 'chf|franken|francs? suisses?',
};

/** What multiplies an amount, folded. */
const thousand = 'k|t|bin|thousand|tausend|mille|тыс\\p{L}{0,5}|т|к|الف|الاف';
const million = 'mio|million\\p{L}{0,2}|milyon|миллион\\p{L}{0,2}|млн|مليون';

const words: Readonly<Record<string, number>> = Object.fromEntries(
  [
    'one bir un ein один واحد',
    'two iki deux zwei два الفين',
    'three uc trois drei три ثلاثة ثلاث',
    'four dort quatre vier четыре اربعة',
    'five bes cinq funf пять خمسة',
    'six alti sechs шесть ستة',
    'seven yedi sept sieben семь سبعة',
    'eight sekiz huit acht восемь ثمانية',
    'nine dokuz neuf neun девять تسعة',
    'ten on dix zehn десять عشرة',
  ].flatMap((forms, index) => forms.split(' ').map((form): [string, number] => [form, index + 1])),
);

const sign = Object.values(currencies).join('|');
/** A figure and what people call money of several countries. */
const anyones =
  /\d ?(?:k|bin|الف|الاف)? ?(?:دينار|جنيه|dinars?|dinar|aud|cad|a\$|c\$|kronor|kronen)(?!\p{L})/u;

/** Talk of what somebody can pay, and no other use of the same word. */
const means =
  /budget|butce|бюджет|ميزاني|\bmax|hochstens|en fazla|en cok|максимум|afford|spend|ayirdim|ausgeben|depenser|потратить/;

const spent =
  /cost me|i paid|we paid|odedim|odemistim|bezahlt|gekostet|ai paye|a coute|заплатил|стоило|دفعت|كلفني/;

/** A sum without a currency; not what is counted otherwise. */
const sum =
  /(?<![\p{L}\d.,+-])(?:\d{1,3}(?:[.,' ]\d{3}){1,2}|\d{3,6}|\d{1,3} ?(?:k|bin|tausend|thousand|mille|тыс\p{L}{0,5}|الف|الاف))(?![\d.,]*\d)(?! ?(?:gr[ae]f|граф|kg|cm|calor|بصيل|mg|ml))/u;

const figures = "\\d{1,3}(?:[.,' ]\\d{3}){1,3}(?:[.,]\\d{1,2})?|\\d{1,9}(?:[.,]\\d{1,2})?";
const spelt = Object.keys(words).join('|');
const after = new RegExp(
  `(?<![\\p{L}\\d.,])(?:(${figures})(?:,-{1,2})?|(${spelt})(?= (?:${thousand}|${million})(?!\\p{L})))(?: ?(${thousand}|${million})(?!\\p{L}))? ?'?(${sign})(?![\\p{L}])`,
  'gu',
);
const before = new RegExp(
  `(?<!\\p{L})(€|£|\\$|₺|₽|usd|eur|gbp|try|tl|sar|aed|chf) ?(${figures})(?: ?(${thousand}|${million})(?!\\p{L}))?`,
  'gu',
);
const dual = new RegExp(`(?<!\\p{L})(الفين|الفي|الف) (${sign})(?!\\p{L})`, 'u');

const spoken = phraseBook([[inAllLanguages((lexicon) => lexicon.budget), true]]);
const codes = new Map<RegExp, string>(
  Object.entries(currencies).map(([code, forms]) => [new RegExp(`^(?:${forms})$`, 'u'), code]),
);

/** `isDoubtful` where a sum was told, but not in which country's money. */
export interface Budget {
  readonly budget: Sure<Money> | undefined;
  readonly isDoubtful: boolean;
}

/**
 * What the patient can pay. An amount without a currency is a doubt; of several the largest of the last currency is meant
 * ("between 2,000 and 3,000 euros").
 */
export function budgetIn(folded: string, plainWords: string): Budget {
  const budget = amountIn(folded, plainWords);
  const isDoubtful = !budget && (anyones.test(folded) || (means.test(folded) && sum.test(folded)));
  return { budget, isDoubtful };
}

function amountIn(folded: string, plainWords: string): Sure<Money> | undefined {
  // What it has cost once is no budget.
  if (spent.test(folded)) return undefined;
  if (!/[\d€£$₺₽]|thousand|bin|tausend|mille|тыс|لف/.test(folded)) return undefined;
  const amounts: Money[] = [];
  for (const [, figure, spelling, multiplier, currency] of folded.matchAll(after)) {
    amounts.push(...moneyOf(figure ?? String(words[spelling ?? ''] ?? ''), multiplier, currency));
  }
  if (amounts.length === 0) {
    for (const [, currency, figure, multiplier] of folded.matchAll(before)) {
      amounts.push(...moneyOf(figure, multiplier, currency));
    }
  }
  if (amounts.length === 0) {
    const [, count, currency] = dual.exec(folded) ?? [];
    if (count) amounts.push(...moneyOf(count === 'الف' ? '1000' : '2000', undefined, currency));
  }
  const value = amounts.at(-1);
  if (!value || BigInt(value.amountMinor) === 0n) return undefined;
  return { value, confidence: spoken.has(plainWords) ? 0.95 : 0.8 };
}

function moneyOf(
  figure: string | undefined,
  multiplier: string | undefined,
  sign: string | undefined,
): Money[] {
  const currency = [...codes].find(([pattern]) => pattern.test(sign ?? ''))?.[1];
  if (!figure || !currency) return [];
  const [whole = '', fraction = ''] = decimalOf(figure).split('.');
  const zeros = multiplier === undefined ? 0 : thousands.test(multiplier) ? 3 : 6;
  const moved = fraction.padEnd(zeros, '0');
  const decimal = `${whole}${moved.slice(0, zeros)}.${moved.slice(zeros) || '0'}`;
  return /^\d{1,15}\.\d{1,3}$/.test(decimal) ? [moneyFromDecimal(decimal, currency)] : [];
}

const thousands = new RegExp(`^(?:${thousand})$`, 'u');

/** `3.000` and `3,000` are three thousand, `3.000,50` and `3,000.50` have cents: only one or two last digits are cents. */
function decimalOf(figure: string): string {
  const cents = /^(.*)[.,](\d{1,2})$/.exec(figure);
  const whole = (cents?.[1] ?? figure).replaceAll(/\D/g, '');
  return cents?.[2] ? `${whole}.${cents[2]}` : whole;
}
