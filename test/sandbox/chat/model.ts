/** What the model makes of a message: topics with a value and how sure it is, 0 to 1. */
export type Opinion = ReadonlyMap<Topic, { readonly value: unknown; readonly confidence: number }>;

export const topics = [
  'lang',
  'intent',
  'procedure',
  'origin',
  'departDate',
  'returnDate',
  'adults',
  'childrenAges',
  'budget',
] as const;
export type Topic = (typeof topics)[number];

// `\b` knows only ASCII: a letter is no border to it if it is ç or да.
const LANGUAGES: readonly (readonly [lang: string, words: RegExp])[] = [
  ['ar', /\p{Script=Arabic}/u],
  ['ru', /\p{Script=Cyrillic}/u],
  [
    'tr',
    /[ğışİ]|(?<!\p{L})(merhaba|var|çok|kötü|selam|istiyorum|kişi|evet|hayır|için|ve|ne kadar|uçuş)(?!\p{L})/iu,
  ],
  ['de', /[äöüß]|(?<!\p{L})(hallo|ich|möchte|und|wir|bitte|danke|eine?|ja|nein|ab|von)(?!\p{L})/iu],
  ['fr', /[éèçàœ]|(?<!\p{L})(bonjour|salut|je|nous|voudrais|et|merci|une?|oui|non)(?!\p{L})/iu],
  ['en', /(?<!\p{L})(hello|hi|i|we|want|would|like|please|thanks?|yes|no|the|from|and)(?!\p{L})/iu],
];

const INTENTS: readonly (readonly [intent: string, words: RegExp])[] = [
  ['stop', /^\s*(stop|dur|iptal|stopp|arrêt|стоп|إيقاف|توقف)\s*[.!]*\s*$/iu],
  [
    'urgent',
    /bleed|kanama|kanıyor|blut(e|ung)|saign|кровотеч|نزيف|accident|unfall|(?<!\p{L})kaza(?!\p{L})|severe pain|starke schmerzen/iu,
  ],
  ['human', /human|real person|agent|mensch|mitarbeiter|temsilci|yetkili|personne|человек|موظف/iu],
  ['thanks', /^\s*(thanks?|thank you|danke|teşekkür\w*|merci|спасибо|شكرا)/iu],
  ['agree', /^\s*(yes|ok|evet|ja|oui|да|نعم|kabul\p{L}*)(?!\p{L})/iu],
  ['refuse', /^\s*(no|hayır|nein|non|нет|لا)(?!\p{L})/iu],
];
const GREETING =
  /^\s*(hello|hi|hallo|merhaba|selam|bonjour|salut|привет|здравствуйте|مرحبا|السلام)/iu;

const PROCEDURES: readonly (readonly [procedure: string, words: RegExp])[] = [
  ['hair-transplant', /hair|saç|haar|cheveu|greffe|волос|شعر/iu],
  ['dental', /dental|tooth|teeth|implant|(?<!\p{L})diş|zahn|zähne|dent|зуб|أسنان/iu],
  ['eye', /(?<!\p{L})eyes?(?!\p{L})|lasik|(?<!\p{L})göz|auge|yeux|глаз|عيون/iu],
  ['nose', /nose|rhinoplast|burun|nase|(?<!\p{L})nez(?!\p{L})|нос(?!\p{L})|أنف/iu],
  ['breast', /breast|göğüs|meme|brust|sein|груд|ثدي/iu],
  ['liposuction', /liposu|fettabsaug|липосакц|شفط/iu],
  ['bariatric', /bariatric|gastric|mide|magen|sleeve|желуд|معدة/iu],
  ['orthopaedic', /orthop|knee|hip |diz|kalça|knie|hüfte|genou|колен|ركبة/iu],
  [
    'ivf',
    /(?<!\p{L})ivf(?!\p{L})|tüp bebek|künstliche befruchtung|(?<!\p{L})fiv(?!\p{L})|эко(?!\p{L})|أطفال الأنابيب/iu,
  ],
  ['oncology', /oncolog|cancer|kanser|krebs|онколог|سرطان/iu],
  ['cardiology', /cardio|heart|kalp|herz|cœur|сердц|قلب/iu],
  ['check-up', /check-?up|vorsorge|bilan de santé|чекап|فحص/iu],
];

const CITIES: readonly (readonly [airport: string, words: RegExp])[] = [
  ['BER', /berlin|берлин|برلين/iu],
  ['FRA', /frankfurt|francfort|франкфурт|فرانكفورت/iu],
  ['MUC', /münchen|munich|münih|мюнхен|ميونخ/iu],
  ['LHR', /london|londra|londres|лондон|لندن/iu],
  ['CDG', /paris|париж|باريس/iu],
  ['SVO', /moscow|moskova|moskau|moscou|москв|موسكو/iu],
  ['RUH', /riyadh|riyad|эр-рияд|الرياض/iu],
  ['DXB', /dubai|дубай|дубая|دبي/iu],
];

const MONTHS: readonly RegExp[] = [
  /^(jan|oca|jän|янв|يناير)/iu,
  /^(feb|fév|şub|фев|فبراير)/iu,
  /^(mar|mär|март|مارس)/iu,
  /^(apr|avr|nis|апр|أبريل)/iu,
  /^(may|mai|май|мая|مايو)/iu,
  /^(jun|juin|haz|июн|يونيو)/iu,
  /^(jul|juil|tem|июл|يوليو)/iu,
  /^(aug|aoû|ağu|авг|أغسطس)/iu,
  /^(sep|eyl|сен|سبتمبر)/iu,
  /^(oct|okt|eki|окт|أكتوبر)/iu,
  /^(nov|kas|ноя|نوفمبر)/iu,
  /^(dec|dez|déc|ara|дек|ديسمبر)/iu,
];

const PEOPLE =
  /(\d)\s*(people|persons?|adults?|kişi|yetişkin|personen|erwachsene|personnes?|adultes?|человек|взрослы|أشخاص|بالغ)/iu;
const CHILDREN = /(?:child\w*|kind\w*|çocuk\w*|enfants?)\D{0,20}(\d{1,2})/giu;
const BUDGET = /(\d[\d.,]*)\s*(€|eur\p{L}*|\$|usd|dol\p{L}*|£|gbp|tl\b|try|lira)/iu;

/**
 * The sandbox's own "model": a few rules in six languages. Good enough to take part in a conversation, and nothing that
 * a quality figure may rest on.
 */
export function opinionOn(words: string): Opinion {
  const { text, at, destination } = utteranceIn(words);
  const opinion = new Map<Topic, { readonly value: unknown; readonly confidence: number }>();
  const take = (topic: Topic, value: unknown, confidence = 0.9) => {
    if (value !== undefined) opinion.set(topic, { value, confidence });
  };
  const first = (table: readonly (readonly [string, RegExp])[]) =>
    table.find(([, pattern]) => pattern.test(text))?.[0];

  take('lang', first(LANGUAGES));
  take('procedure', first(PROCEDURES));
  take('origin', originIn(text, destination));
  const [departDate, returnDate] = datesIn(text, at);
  take('departDate', departDate);
  take('returnDate', returnDate);
  const people = PEOPLE.exec(text)?.[1];
  if (people !== undefined && people !== '0') take('adults', Number(people));
  const ages = [...text.matchAll(CHILDREN)].map(([, age]) => Number(age)).filter((age) => age < 18);
  if (ages.length > 0) take('childrenAges', ages);
  take('budget', budgetIn(text));

  const informs = [...opinion.keys()].some((topic) => topic !== 'lang');
  const intent = first(INTENTS);
  if (intent !== undefined) take('intent', intent, 0.95);
  else if (informs) take('intent', 'inform');
  else if (/[?؟]/u.test(text)) take('intent', 'question', 0.85);
  else if (GREETING.test(text)) take('intent', 'greeting', 0.95);
  else take('intent', 'unclear', 0.3);
  return opinion;
}

/** The prompt may be the bare words, or JSON with them and what they depend on. */
function utteranceIn(words: string): { text: string; at: string; destination: string | null } {
  const now = new Date().toISOString();
  const bare = { text: words, at: now, destination: null };
  try {
    const json = JSON.parse(words) as unknown;
    if (typeof json !== 'object' || json === null) return bare;
    const { text, message, at, destination } = json as Record<string, unknown>;
    const said = text ?? message;
    if (typeof said !== 'string') return bare;
    return {
      text: said,
      at: typeof at === 'string' ? at : now,
      destination: typeof destination === 'string' ? destination : null,
    };
  } catch {
    return bare;
  }
}

function originIn(text: string, destination: string | null): string | undefined {
  const known = new Set(CITIES.map(([airport]) => airport));
  const code = [...text.matchAll(/\b[A-Z]{3}\b/g)].find(([word]) => known.has(word))?.[0];
  const origin = code ?? CITIES.find(([, pattern]) => pattern.test(text))?.[0];
  return origin === destination ? undefined : origin;
}

/** In the order in which they stand; a day without a year is the next such day after `at`. */
function datesIn(text: string, at: string): readonly string[] {
  const pattern =
    /(\d{4})-(\d{2})-(\d{2})|(\d{1,2})[./](\d{1,2})[./](\d{4})|(\d{1,2})\.?\s+(\p{L}{3,})(?:\s+(\d{4}))?/gu;
  return [...text.matchAll(pattern)].flatMap((found) => {
    const [, isoYear, isoMonth, isoDay, day, month, year, wordDay, word, wordYear] = found;
    if (isoYear !== undefined) return dayOf(Number(isoYear), Number(isoMonth), Number(isoDay));
    if (day !== undefined) return dayOf(Number(year), Number(month), Number(day));
    const index = MONTHS.findIndex((name) => name.test(word ?? ''));
    if (index === -1) return [];
    const thisYear = Number(at.slice(0, 4));
    const [candidate] = dayOf(Number(wordYear ?? thisYear), index + 1, Number(wordDay));
    if (candidate === undefined) return [];
    const isPast = wordYear === undefined && candidate < at.slice(0, 10);
    return isPast ? dayOf(thisYear + 1, index + 1, Number(wordDay)) : [candidate];
  });
}

function dayOf(year: number, month: number, day: number): string[] {
  const time = new Date(Date.UTC(year, month - 1, day));
  return time.getUTCMonth() === month - 1 ? [time.toISOString().slice(0, 10)] : [];
}

function budgetIn(text: string): { amountMinor: string; currency: string } | undefined {
  const [, amount, unit] = BUDGET.exec(text) ?? [];
  if (amount === undefined || unit === undefined) return undefined;
  const whole = amount.replace(/[.,]\d{1,2}$/, '').replaceAll(/[.,]/g, '');
  if (whole === '' || whole.length > 12) return undefined;
  const currencies: readonly (readonly [string, RegExp])[] = [
    ['EUR', /€|eur/iu],
    ['USD', /\$|usd|dol/iu],
    ['GBP', /£|gbp/iu],
    ['TRY', /tl|try|lira/iu],
  ];
  const currency = currencies.find(([, pattern]) => pattern.test(unit))?.[0];
  if (currency === undefined) return undefined;
  return { amountMinor: String(BigInt(whole) * 100n), currency };
}
