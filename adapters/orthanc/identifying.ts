import { asciiDigits, DIGIT, fold, kindOf, LETTER } from '../../actors/masking/letters.ts';
import type { IdentifyingValues } from '../../actors/ports/imaging.ts';
import type { LeakReason } from '../../actors/shapes/imaging.ts';
import { byteSearch } from './byte-search.ts';
import { asLatin, encoders, readingsOf } from './encodings.ts';
import { nameSearch } from './name-search.ts';

type Identity = Extract<LeakReason, 'name' | 'identifier' | 'birth_date' | 'phone' | 'uid_kept'>;

/** Looks for one patient's values in whatever a DICOM element holds. */
export interface Search {
  /** What of the patient is in an element's value. `vr` is empty where it is not known. */
  inValue(value: Buffer, vr: string): ReadonlySet<Identity>;
  /** The same in steps of a few milliseconds. */
  stepsIn(value: Buffer, vr: string): Iterable<ReadonlySet<Identity>>;
  /**
   * Looks through bulk data piece by piece, also for what lies across two pieces. One for each element. Of single bytes,
   * which pictures are made of, more have to be there than of wider pixels, in which letters do not turn up by chance.
   */
  inBulk(pixelBytes?: number): (piece: Buffer) => Identity | null;
}

interface Needle {
  readonly reason: Identity;
  /** Against text of folded letters, ASCII digits, and spaces for all else. */
  readonly pattern: RegExp;
  /** The same without what may stand between its characters; for numbers and UIDs, where nothing may. */
  readonly plain: string;
}

const digitsOnly = /^\d+$/;
/** Numbers like these are in any study: widths of windows, pixels, milliseconds, counts with zeros before them. */
const common = /^0*(\d{0,4}|\d{3}00)$/;
/** Elements of these hold numbers that a computer made: only a whole value counts. */
const numeric = /^(DS|IS)$/;
/** In these we look for longer values only, as in pixels. */
const binary = /^(O[BDFLVW]|US|SS|UL|SL|UV|SV|FL|FD|AT)$/;
/** Months are written out in these. */
const languages = ['en', 'tr', 'de', 'fr', 'ru', 'ar'];
/** A longer value is searched in pieces that overlap by more than a name or a number has. */
const pieceBytes = 512;
const overlapBytes = 128;
/** In bytes. With fewer we would find them in any picture. */
const leastInBulk = 5;
const leastInSingleBytes = 8;
/** In characters of two bytes: a picture's neighbouring pixels are often like letters. */
const leastWide = 6;
/** So many bytes tell enough. */
const mostInBulk = 24;

/**
 * A search for these values, and for the UIDs of the study among bulk data. Parts of names of one letter, and values of fewer than
 * four characters, are not looked for by themselves.
 */
export function searchFor(values: IdentifyingValues, studyUids: readonly string[] = []): Search {
  const names = nameSearch(values.names);
  const needles = [
    ...values.identifiers.flatMap((one) => needleOf('identifier', spaced(one), 4)),
    ...values.birthDates.flatMap(dates),
    ...values.phones.flatMap(phone),
  ];
  /** The usual encodings first, should there not be room for all. */
  function* inAnyBytes() {
    for (const [width, encode] of encoders.entries()) {
      const least = width === 2 ? 2 * leastWide : leastInBulk;
      const inBytes = (kind: Identity, text: string, most = mostInBulk) =>
        encode(text)
          .filter(({ length }) => length >= least)
          .map((bytes) => ({ kind, bytes: bytes.subarray(0, most) }));
      for (const uid of studyUids) yield* inBytes('uid_kept', uid, 128);
      for (const { reason, plain } of needles) yield* inBytes(reason, plain);
      for (const name of names.spellings) {
        for (const one of casesOf(name)) yield* inBytes('name', one);
      }
    }
  }
  const bulk = byteSearch(inAnyBytes());

  function inText(text: string, vr: string, found: Set<Identity>): void {
    if (names.has(text, vr === 'PN')) found.add('name');
    const line = spaced(text.normalize('NFKC'));
    for (const { reason, pattern } of needles) if (pattern.test(line)) found.add(reason);
  }

  function inNumbers(text: string, vr: string, found: Set<Identity>): void {
    const whole = text.split('\\').map((one) => one.replaceAll(/[\0 ]/g, ''));
    for (const { reason, plain } of needles) {
      if (!digitsOnly.test(plain) || (vr !== 'UI' && common.test(plain))) continue;
      // A random UID has some 30 digits: shorter values would turn up by chance unless a component starts with them.
      const there = whole.some((one) =>
        vr === 'UI'
          ? (plain.length >= 8 && `.${one}`.includes(`.${plain}`)) ||
            (plain.length >= 10 && one.includes(plain))
          : withoutZeros(one) === withoutZeros(plain),
      );
      if (there) found.add(reason);
    }
  }

  /** Values of six digits and more as numbers of the computer's own. */
  function inBinaryNumbers(value: Buffer, vr: string, found: Set<Identity>): void {
    const numbers = numbersIn(value, vr);
    for (const { reason, plain } of needles) {
      if (digitsOnly.test(plain) && plain.length >= 6 && numbers.has(Number(plain))) {
        found.add(reason);
      }
    }
  }

  function inBulk(pixelBytes = 2) {
    return bulk(pixelBytes === 1 ? leastInSingleBytes : leastInBulk);
  }

  function* inPiece(value: Buffer, vr: string): Generator<ReadonlySet<Identity>> {
    const found = new Set<Identity>();
    if (binary.test(vr)) {
      const reason = inBulk()(value);
      if (reason !== null) found.add(reason);
      inBinaryNumbers(value, vr, found);
      // Text in 16-bit characters lies in binary values, too.
      if (value.includes(0)) inText(value.toString('utf16le'), vr, found);
      yield found;
      return;
    }
    if (vr === 'UI' || numeric.test(vr)) {
      inNumbers(asLatin(value), vr, found);
      if (/[a-z]/i.test(asLatin(value))) inText(asLatin(value), vr, found);
      yield found;
      return;
    }
    for (const text of readingsOf(value)) {
      inText(text, vr, found);
      yield found;
    }
  }

  function* stepsIn(value: Buffer, vr: string): Generator<ReadonlySet<Identity>> {
    for (
      let at = 0;
      at === 0 || at + overlapBytes < value.length;
      at += pieceBytes - overlapBytes
    ) {
      yield* inPiece(value.subarray(at, at + pieceBytes), vr);
    }
  }

  return {
    stepsIn,
    inValue: (value, vr) => new Set(Array.from(stepsIn(value, vr), (found) => [...found]).flat()),
    inBulk,
  };
}

/** Letters beyond a to z are other bytes when they are large. */
function casesOf(name: string): readonly string[] {
  const upper = name.toUpperCase();
  const turkish = name.toLocaleUpperCase('tr');
  return [...new Set([name, upper, turkish, upper.slice(0, 1) + name.slice(1)])];
}

function withoutZeros(number: string): string {
  return number.replace(/^[+0]+/, '').replace(/\.0*$/, '');
}

function numbersIn(value: Buffer, vr: string): ReadonlySet<number> {
  const size = { UL: 4, SL: 4, FL: 4, FD: 8, UV: 8, SV: 8 }[vr];
  const numbers = new Set<number>();
  if (size === undefined) return numbers;
  for (let at = 0; at + size <= value.length; at += size) {
    if (vr === 'FD') numbers.add(value.readDoubleLE(at));
    else if (vr === 'FL') numbers.add(value.readFloatLE(at));
    else if (size === 8) numbers.add(Number(value.readBigUInt64LE(at)));
    else numbers.add(value.readUInt32LE(at));
  }
  return numbers;
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

/** A value of letters and digits, with up to two others between any two of its own. */
function needleOf(reason: Identity, line: string, least: number): Needle[] {
  const plain = line.replaceAll(' ', '');
  if (plain.length < least) return [];
  const body = Array.from(plain).join(' {0,2}');
  // A short one inside a longer number or word is something else, but for zeros before it.
  const [before, after] =
    plain.length < 8
      ? ['(?<![\\p{L}\\d])0{0,20}', '(?![\\p{L}\\d])']
      : ['(?<!\\d)0{0,20}', '(?!\\d)'];
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
  const written = [...monthsOf(Number(m))].flatMap((name) =>
    [d, day].flatMap((one) =>
      [`${one} ${name} ${year}`, `${name} ${one} ${year}`].map((line) => exactly(line)),
    ),
  );
  return [...numbers.flatMap((one) => needleOf('birth_date', one, 6)), ...apart, ...written];
}

const months = new Map<number, ReadonlySet<string>>();

/** A month's names, 1 to 12. Kept, because making them takes 20 ms. */
function monthsOf(month: number): ReadonlySet<string> {
  const known = months.get(month);
  if (known !== undefined) return known;
  const at = new Date(Date.UTC(2000, month - 1, 15));
  const names = languages.flatMap((language) =>
    (['long', 'short'] as const).flatMap((style) => {
      const shape = { month: style, timeZone: 'UTC' } as const;
      // Russian has another form of a month beside a day than alone.
      const beside = new Intl.DateTimeFormat(language, { ...shape, day: 'numeric' });
      return [
        new Intl.DateTimeFormat(language, shape).format(at),
        beside.formatToParts(at).find(({ type }) => type === 'month')?.value ?? '',
      ];
    }),
  );
  const folded = new Set(names.map((name) => spaced(name).trim()));
  months.set(month, folded);
  return folded;
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
