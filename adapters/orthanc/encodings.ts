/**
 * Every encoding that DICOM has a character set for and Node can read, whatever the file says: a typist's console and
 * the declaration in the file differ often enough.
 */
const labels =
  'utf-8 windows-1252 windows-1254 windows-1251 windows-1256 koi8-r iso-8859-2 iso-8859-3 iso-8859-4 iso-8859-5 iso-8859-6 ' +
  'iso-8859-7 iso-8859-8 iso-8859-13 windows-874 gb18030 big5 shift_jis iso-2022-jp euc-jp euc-kr utf-16le utf-16be';
const decoders = labels.split(' ').map((label) => new TextDecoder(label));
const ascii = new TextDecoder('latin1');

/**
 * What follows an escape sequence, by the sequence without its escape (PS3.3, C.12.1.1.2). Japanese ones are read by a
 * decoder that knows them itself.
 */
const sets: Readonly<Record<string, string>> = {
  '-A': 'windows-1252',
  '-B': 'iso-8859-2',
  '-C': 'iso-8859-3',
  '-D': 'iso-8859-4',
  '-F': 'iso-8859-7',
  '-G': 'iso-8859-6',
  '-H': 'iso-8859-8',
  '-L': 'iso-8859-5',
  '-M': 'windows-1254',
  '-T': 'windows-874',
  ')I': 'shift_jis',
  '$)A': 'gb18030',
  '$)C': 'euc-kr',
  $B: 'euc-jp',
  '$@': 'euc-jp',
  '$(D': 'euc-jp',
};
const escape = 0x1b;

/** All that the bytes may mean; one reading where they are plain ASCII. */
export function* readingsOf(value: Buffer): Generator<string> {
  if (isAscii(value)) {
    yield ascii.decode(value);
    return;
  }
  if (value.includes(escape)) yield bySets(value);
  for (const decoder of decoders) yield decoder.decode(value);
}

/** SpecificCharacterSet's words (PS3.3, C.12.1.1.2), with and without code extensions. */
const declared: Readonly<Record<string, string>> = {
  '100': 'windows-1252',
  '101': 'iso-8859-2',
  '109': 'iso-8859-3',
  '110': 'iso-8859-4',
  '144': 'iso-8859-5',
  '127': 'iso-8859-6',
  '126': 'iso-8859-7',
  '138': 'iso-8859-8',
  '148': 'windows-1254',
  '13': 'shift_jis',
  '166': 'windows-874',
  '192': 'utf-8',
  GB18030: 'gb18030',
  GBK: 'gb18030',
};

/**
 * A text as the file's character set has it, and as is most in use where the declaration is wrong or none: a name that is
 * read wrong is found nowhere, one too many seldom.
 */
export function saidBy(value: Buffer, charset: string): ReadonlySet<string> {
  if (isAscii(value)) return new Set([ascii.decode(value)]);
  const [first = ''] = charset.split('\\');
  const label = declared[first.replace(/^(ISO_IR|ISO 2022 IR) /, '').trim()];
  const labelled = [...(label === undefined ? [] : [label]), 'utf-8', 'windows-1254'];
  return new Set([
    ...(value.includes(escape) ? [bySets(value, label)] : []),
    ...labelled.map((one) => new TextDecoder(one).decode(value)),
  ]);
}

/** As latin letters, for codes and numbers. */
export function asLatin(value: Buffer): string {
  return ascii.decode(value);
}

/** A value whose parts say by escape sequences what they are in (ISO 2022). */
function bySets(value: Buffer, first = 'utf-8'): string {
  let text = '';
  let at = 0;
  let label = first;
  let sequence = '';
  while (at < value.length) {
    const found = value.indexOf(escape, at);
    const end = found < 0 ? value.length : found;
    text += new TextDecoder(label).decode(inSet(sequence, value.subarray(at, end)));
    if (found < 0) break;
    const [, name = ''] =
      /^(\$?[()\-$,]?[@-~])/.exec(value.toString('latin1', end + 1, end + 5)) ?? [];
    sequence = name;
    label = sets[name] ?? 'latin1';
    at = end + 1 + name.length;
  }
  return text;
}

/** JIS is seven bits of what EUC has in eight. */
function inSet(sequence: string, bytes: Buffer): Buffer {
  if (sequence === '$B' || sequence === '$@') return Buffer.from(bytes.map((byte) => byte | 0x80));
  if (sequence !== '$(D') return bytes;
  const wide = Buffer.alloc(Math.floor(bytes.length / 2) * 3, 0x8f);
  for (let pair = 0; pair + 1 < bytes.length; pair += 2) {
    wide[pair * 1.5 + 1] = (bytes[pair] ?? 0) | 0x80;
    wide[pair * 1.5 + 2] = (bytes[pair + 1] ?? 0) | 0x80;
  }
  return wide;
}

/** ASCII but for zeros at its end. Escape changes character sets, and other zeros are the halves of wider characters. */
function isAscii(value: Buffer): boolean {
  let end = value.length;
  while (end > 0 && value[end - 1] === 0) end -= 1;
  for (let at = 0; at < end; at++) {
    const byte = value[at] ?? 0;
    if (byte >= 0x80 || byte === escape || byte === 0) return false;
  }
  return true;
}

const singleBytes = ['windows-1252', 'windows-1254', 'windows-1251', 'windows-1256', 'koi8-r']
  .concat([2, 5, 6, 7, 8].map((part) => `iso-8859-${part}`))
  .map((label) => {
    const all = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte));
    const signs = new TextDecoder(label).decode(all);
    return new Map(Array.from(signs, (sign, byte) => [sign, byte] as const));
  });

/** A text as bytes: in UTF-8, which is ASCII where that is enough, in the encodings of one byte, and in those of two. */
export const encoders: readonly ((text: string) => readonly Buffer[])[] = [
  (text) => [Buffer.from(text)],
  (text) =>
    /^[\0-\x7F]*$/.test(text)
      ? []
      : singleBytes.flatMap((bytes) => {
          const all = Array.from(text, (sign) => bytes.get(sign));
          return all.every((byte) => byte !== undefined) ? [Buffer.from(all)] : [];
        }),
  (text) => {
    const utf16 = Buffer.from(text, 'utf16le');
    return [utf16, Buffer.from(utf16).swap16()];
  },
];
