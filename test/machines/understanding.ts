import type { Understanding } from '../../actors/shapes/understanding.ts';

/** What the machine gives to be understood, as far as it matters here. */
export interface Asked {
  readonly text: string;
  readonly asked: string | null;
}

const airports: Readonly<Record<string, string>> = {
  berlin: 'BER',
  ber: 'BER',
  münchen: 'MUC',
  köln: 'CGN',
  istanbul: 'IST',
};
const agreeing = ['yes', 'evet', 'نعم', 'да', 'oui', 'ja'];
const refusing = ['no', 'hayır', 'нет', 'لا', 'non', 'nein'];

/** Two cities of one name. */
const places: NonNullable<Understanding['places']> = [
  { airport: 'FRA', city: 'Frankfurt', region: 'Hessen', country: 'DE', km: 12 },
  { airport: 'BER', city: 'Frankfurt', region: 'Brandenburg', country: 'DE', km: 75 },
];

function notBelieved(words: string): Pick<Understanding, 'doubts' | 'places' | 'days'> {
  if (words.includes('frankfurt')) return { doubts: ['origin'], places };
  if (words.includes('3.4.')) return { doubts: ['departDate'], days: ['2027-03-04', '2027-04-03'] };
  if (words.includes('the kids')) return { doubts: ['childrenAges'] };
  return {};
}

function pickedIn(words: string): Pick<Understanding, 'picked'> {
  if (words.includes('the second')) return { picked: sure(2) };
  if (words.includes('the last')) return { picked: sure('last') };
  if (words.includes('cheapest')) return { picked: sure('cheapest') };
  if (words.includes('fastest')) return { picked: sure('fastest') };
  return words.includes('none of them') ? { picked: sure('none') } : {};
}

const sure = <Value>(value: Value) => ({ value, confidence: 0.9 });

function intentOf(text: string): Understanding['intent']['value'] | null {
  const words = text.toLowerCase().replaceAll(/[.!]/g, '').trim();
  if (agreeing.includes(words)) return 'agree';
  if (refusing.includes(words)) return 'refuse';
  if (words.includes('leave me alone')) return 'stop';
  if (words.includes('new link')) return 'link';
  if (words.includes('when do i fly')) return 'itinerary';
  if (words.includes('paid twice')) return 'paid-twice';
  if (words.includes('i paid')) return 'paid';
  if (words.includes('what happens next')) return 'next';
  if (/bleeding|pain/.test(words)) return 'urgent';
  if (words.includes('a person')) return 'human';
  if (words.endsWith('?')) return 'question';
  if (words.startsWith('thanks')) return 'thanks';
  return /^(hi|hello|merhaba)\b/.test(words) ? 'greeting' : null;
}

/** Understands the few words of the walks, always the same way, where the real ports would take time and lexicons. */
export function understandingOf({ text, asked }: Asked): Understanding {
  const words = text.toLowerCase();
  const city = words.split(/[^\p{L}]+/u).find((word) => Object.hasOwn(airports, word));
  const origin = city === undefined ? undefined : airports[city];
  const [, departDate] = /(?<!back )\b(\d{4}-\d\d-\d\d)\b/.exec(words) ?? [];
  const [, returnDate] = /back (\d{4}-\d\d-\d\d)/.exec(words) ?? [];
  const [adults] =
    (asked === 'adults' ? /^\d$|\d(?= adults?)/ : /\d(?= adults?)/).exec(words) ?? [];
  const [, ages] =
    (asked === 'childrenAges' ? /^(\d+(?: \d+)*)$/ : /child (\d+(?: \d+)*)/).exec(words) ?? [];
  const details = {
    ...(words.includes('hair') ? { procedure: sure('hair-transplant' as const) } : {}),
    ...(origin === undefined ? {} : { origin: sure(origin) }),
    ...(departDate === undefined ? {} : { departDate: sure(departDate) }),
    ...(returnDate === undefined ? {} : { returnDate: sure(returnDate) }),
    ...(adults === undefined ? {} : { adults: sure(Number(adults)) }),
    ...(ages === undefined ? {} : { childrenAges: sure(ages.split(' ').map(Number)) }),
  };
  const informs = Object.keys(details).length > 0;
  return {
    lang: words.startsWith('merhaba') ? sure('tr' as const) : null,
    intent: sure(intentOf(text) ?? (informs ? 'inform' : 'unclear')),
    details,
    ...notBelieved(words),
    ...pickedIn(words),
    ...(words === 'change the date' ? { change: sure('dates' as const) } : {}),
    ...(words === 'change something' ? { change: sure('change' as const) } : {}),
    by: 'rules',
  };
}
