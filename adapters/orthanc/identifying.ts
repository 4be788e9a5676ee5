import { asciiDigits, DIGIT, fold, kindOf, LETTER } from '../../actors/masking/letters.ts';
import type { IdentifyingValues } from '../../actors/ports/imaging.ts';
import type { LeakReason } from '../../actors/shapes/imaging.ts';

type Identity = Extract<LeakReason, 'name' | 'identifier' | 'birth_date' | 'phone'>;

/** Looks for one patient's values in whatever a DICOM element holds. */
export interface Search {
  /** What of the patient is in an element's value. `vr` is empty where it is not known. */
  inValue(value: Buffer, vr: string): ReadonlySet<Identity>;
  /** Looks through bulk data piece by piece, also for what lies across two pieces. One for each element. */
  inBulk(): (piece: Buffer) => Identity | null;
}

interface Needle {
  readonly reason: Identity;
  /** Against text of folded letters, ASCII digits, and spaces for all else. */
  readonly pattern: RegExp;
  /** The same without what may stand between its characters; for numbers and UIDs, where nothing may. */
  readonly plain: string;
}

const digitsOnly = /^\d+$/;
/** Elements of these hold numbers that a computer made: only a whole value counts. */
const numeric = /^(DS|IS)$/;
/** In these we look for longer values only, as in pixels. */
const binary = /^(O[BDFLVW]|US|SS|UL|SL|UV|SV|FL|FD|AT)$/;
/** Written without spaces, and two of them are a whole name. */
const ideographs = /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]{2,}$/u;
/** Months are written out in these. */
const languages = ['en', 'tr', 'de', 'fr', 'ru', 'ar'];
/** With fewer characters we would find them in any picture. */
const leastInBulk = 6;

/**
 * Every encoding that DICOM has a character set for and Node can read, whatever the file says: a typist's console and
 * the declaration in the file differ often enough.
 */
const decoders = [
  'utf-8',
  'windows-1252',
  'windows-1254',
  'iso-8859-2',
  'iso-8859-5',
  'windows-1251',
  'iso-8859-6',
  'iso-8859-7',
  'iso-8859-8',
  'gb18030',
  'shift_jis',
  'iso-2022-jp',
  'euc-kr',
  'utf-16le',
  'utf-16be',
].map((encoding) => new TextDecoder(encoding));
const ascii = new TextDecoder('latin1');

/** A search for these values. Parts of names of one letter, and values of fewer than four characters, are not looked for. */
export function searchFor(values: IdentifyingValues): Search {
  const parts = new Set<string>();
  const joined = new Set<string>();
  for (const name of values.names) {
    for (const spelt of [name, transliterated(name)]) {
      const words = spaced(spelt)
        .split(' ')
        .filter((word) => word !== '');
      for (const word of words) if (word.length > 1) parts.add(word);
      if (words.length > 1) joined.add(words.join('')).add(words.toReversed().join(''));
    }
  }
  const needles = [
    ...values.identifiers.flatMap((one) => needleOf('identifier', spaced(one), 4)),
    ...values.birthDates.flatMap(dates),
    ...values.phones.flatMap(phone),
  ];
  const long = [...parts, ...joined].filter((word) => word.length >= 5 || ideographs.test(word));
  const wanted: readonly (readonly [Identity, string])[] = [
    ...long.map((word) => ['name', word] as const),
    ...needles.map(({ reason, plain }) => [reason, plain] as const),
  ].filter(([, text]) => text.length >= leastInBulk && /^[\u0020-\u007E]+$/.test(text));

  function inText(text: string, vr: string, found: Set<Identity>): void {
    const line = spaced(text);
    const words = line.split(' ').filter((word) => word !== '');
    // Short parts are words of many languages; in a person's name they are names.
    const least = vr === 'PN' ? 2 : 3;
    const isNamed = (word: string) => {
      const letters = word.replaceAll(/\d/g, '');
      return (
        (letters.length >= least && parts.has(letters)) ||
        long.some((part) => letters.includes(part))
      );
    };
    if (words.some(isNamed)) found.add('name');
    const run = words.join('');
    if ([...joined].some((name) => name.length >= 5 && run.includes(name))) found.add('name');
    for (const { reason, pattern } of needles) if (pattern.test(line)) found.add(reason);
  }

  function inNumbers(text: string, vr: string, found: Set<Identity>): void {
    const whole = text.split('\\').map((one) => one.replaceAll(/[\0 ]/g, ''));
    for (const { reason, plain } of needles) {
      if (vr === 'UI') {
        // A random UID has some 30 digits: shorter values would turn up by chance unless a component starts with them.
        const there = whole.some(
          (uid) =>
            (plain.length >= 8 && `.${uid}`.includes(`.${plain}`)) ||
            (plain.length >= 10 && uid.includes(plain)),
        );
        if (digitsOnly.test(plain) && there) found.add(reason);
      } else if (whole.includes(plain)) {
        found.add(reason);
      }
    }
  }

  function inBulk(): (piece: Buffer) => Identity | null {
    const most = Math.max(leastInBulk, ...wanted.map(([, text]) => text.length));
    let tail = '';
    return (piece) => {
      const text = (tail + piece.toString('latin1')).toLowerCase();
      tail = text.slice(-(most - 1));
      return wanted.find(([, needle]) => text.includes(needle))?.[0] ?? null;
    };
  }

  return {
    inValue(value, vr) {
      const found = new Set<Identity>();
      if (binary.test(vr)) {
        const reason = inBulk()(value);
        if (reason !== null) found.add(reason);
        // Text in 16-bit characters lies in binary values, too.
        if (value.includes(0)) inText(value.toString('utf16le'), vr, found);
        return found;
      }
      if (vr === 'UI' || numeric.test(vr)) {
        inNumbers(ascii.decode(value), vr, found);
        if (/[a-z]/i.test(ascii.decode(value))) inText(ascii.decode(value), vr, found);
        return found;
      }
      for (const decoder of isAscii(value) ? [ascii] : decoders) {
        inText(decoder.decode(value), vr, found);
      }
      return found;
    },
    inBulk,
  };
}

/** Folded letters and ASCII digits; one space for each character that is neither. */
function spaced(text: string): string {
  let line = '';
  for (let index = 0; index < text.length; index++) {
    const kind = kindOf(text.charCodeAt(index));
    if (kind === LETTER) line += fold(text, index, index + 1);
    else line += kind === DIGIT ? asciiDigits(text, index, index + 1) : ' ';
  }
  return line;
}

/** As machines without umlauts write it. */
function transliterated(name: string): string {
  const pairs = { ä: 'ae', ö: 'oe', ü: 'ue', å: 'aa' } as const;
  return name
    .normalize('NFC')
    .toLowerCase()
    .replaceAll(/[äöüå]/g, (letter) => pairs[letter as keyof typeof pairs]);
}

/** A value of letters and digits, with up to two others between any two of its own. */
function needleOf(reason: Identity, line: string, least: number): Needle[] {
  const plain = line.replaceAll(' ', '');
  if (plain.length < least) return [];
  const body = Array.from(plain).join(' {0,2}');
  // A short one inside a longer number or word is something else.
  const [before, after] =
    plain.length < 8 ? ['(?<![\\p{L}\\d])', '(?![\\p{L}\\d])'] : ['(?<!\\d)', '(?!\\d)'];
  const open = plain.length >= 9;
  return [{ reason, plain, pattern: new RegExp(open ? body : before + body + after, 'u') }];
}

/** The last nine digits: what is the same with and without country code and leading zero. */
function phone(number: string): Needle[] {
  const digits = spaced(number).replaceAll(/\D/g, '');
  return needleOf('phone', digits.slice(-9), 7);
}

function dates(iso: string): Needle[] {
  const [, year, month, day] = /^(\d{4})-(\d\d)-(\d\d)$/.exec(iso) ?? [];
  if (year === undefined || month === undefined || day === undefined) return [];
  const [d, m] = [String(Number(day)), String(Number(month))];
  const numbers = [
    [year, month, day],
    [day, month, year],
    [month, day, year],
    [year.slice(2), month, day],
    [day, month, year.slice(2)],
  ].map((one) => one.join(''));
  const apart = [`${d} ${m} ${year}`, `${m} ${d} ${year}`, `${year} ${m} ${d}`].map((line) =>
    exactly(line),
  );
  const at = new Date(`${iso}T12:00:00Z`);
  const written = languages.flatMap((language) =>
    (['long', 'short'] as const).flatMap((style) => {
      const format = new Intl.DateTimeFormat(language, { month: style, timeZone: 'UTC' });
      // Russian has another form of a month beside a day than alone.
      const beside = new Intl.DateTimeFormat(language, {
        month: style,
        day: 'numeric',
        timeZone: 'UTC',
      });
      const names = [
        format.format(at),
        beside.formatToParts(at).find(({ type }) => type === 'month')?.value ?? '',
      ].map((name) => spaced(name).trim());
      return [...new Set(names)].flatMap((name) => [
        exactly(`${d} ${name} ${year}`),
        exactly(`${day} ${name} ${year}`),
        exactly(`${name} ${d} ${year}`),
        exactly(`${name} ${day} ${year}`),
      ]);
    }),
  );
  return [...numbers.flatMap((one) => needleOf('birth_date', one, 6)), ...apart, ...written];
}

/** A date in words or with unpadded numbers: all of it must be there, apart. */
function exactly(line: string): Needle {
  const body = line.replaceAll(/ +/g, ' {1,3}');
  return {
    reason: 'birth_date',
    plain: line.replaceAll(' ', '.'),
    pattern: new RegExp(`(?<![\\p{L}\\d])${body}(?![\\p{L}\\d])`, 'u'),
  };
}

function isAscii(value: Buffer): boolean {
  // Escape (0x1B) changes character sets, and zeros are the halves of wider characters.
  return value.every((byte) => byte < 0x80 && byte !== 0x1b && byte !== 0) || isPadded(value);
}

/** ASCII but for zeros at its end. */
function isPadded(value: Buffer): boolean {
  const end = value.indexOf(0);
  return (
    end >= 0 &&
    value.subarray(end).every((byte) => byte === 0) &&
    value.subarray(0, end).every((byte) => byte < 0x80 && byte !== 0x1b)
  );
}
