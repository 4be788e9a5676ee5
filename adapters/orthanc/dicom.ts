/** One element of a DICOM file. */
export interface DicomElement {
  /** Eight hex digits, upper case: `00100010`. */
  readonly tag: string;
  /** The sequences around it, outermost first; `[]` at the top. Shared: don't keep and change it. */
  readonly parents: readonly string[];
  /** Two letters; empty where the file does not say. */
  readonly vr: string;
  /** Null for a sequence, whose elements follow, and for bulk data, which `onBulk` got. */
  readonly value: Buffer | null;
}

export interface DicomReading {
  /** What is too long to be a value, pixel data first of all, in pieces as they come. */
  readonly onBulk: (element: Pick<DicomElement, 'tag' | 'parents'>, piece: Buffer) => void;
}

/** The bytes can't be understood to their end. The message holds the tag, never a value. */
export class UnreadableDicom extends Error {
  override readonly name = 'UnreadableDicom';
  /** As in `DicomElement`; empty at the beginning of the file. */
  readonly tag: string;

  constructor(tag: string, why: string) {
    super(`DICOM can't be read at ${tag === '' ? 'its beginning' : tag}: ${why}`);
    this.tag = tag;
  }
}

interface Syntax {
  readonly explicit: boolean;
}

/** Hands out bytes in the amounts that are asked for, and holds little more than that. */
interface Bytes {
  /** How many were handed out or skipped. */
  position(): number;
  /** Null where they end before `length` bytes; `ended()` says whether there were none. */
  take(length: number): Promise<Buffer | null>;
  ended(): Promise<boolean>;
  /** Hands out `length` bytes in pieces. False where they end before. */
  pass(length: number, to: (piece: Buffer) => void): Promise<boolean>;
}

const explicit: Syntax = { explicit: true };
const implicit: Syntax = { explicit: false };
const undefinedLength = 0xffffffff;
const itemTag = 'FFFEE000';
const itemEnd = 'FFFEE00D';
const sequenceEnd = 'FFFEE0DD';
const implicitLittleEndian = '1.2.840.10008.1.2';
/** Explicit, but not in a way that we read: deflated, and big endian. */
const otherEncodings = ['1.2.840.10008.1.2.1.99', '1.2.840.10008.1.2.2'];
/** Their length has four bytes. @see https://dicom.nema.org/medical/dicom/current/output/chtml/part05/sect_7.1.2.html */
const longForms = /^(O[BDFLVW]|S[QV]|U[CNRTV])$/;
const binary = /^O[BDFLVW]$/;
const pixelData = /^7FE000(08|09|10)$/;
const maxValueBytes = 256 * 1_024;
/** A real file has some 5 levels and a few thousand elements. */
const maxDepth = 16;
const maxElements = 200_000;

/**
 * Reads a DICOM file element by element as its bytes arrive, the file meta information and the preamble (as tag
 * `preamble`) included. Sequences, also those hidden in elements of unknown representation, are entered. Memory is
 * bounded by the largest value that is not bulk.
 *
 * @see https://dicom.nema.org/medical/dicom/current/output/chtml/part10/chapter_7.html
 * @throws {UnreadableDicom} cut short, malformed, too deep, or in a transfer syntax that we don't read
 */
export async function* readDicom(
  chunks: AsyncIterable<Uint8Array>,
  reading: DicomReading,
): AsyncGenerator<DicomElement> {
  const bytes = bytesOf(chunks);
  const preamble = await bytes.take(128);
  const prefix = await bytes.take(4);
  if (preamble === null || prefix?.toString('latin1') !== 'DICM') {
    throw new UnreadableDicom('', 'no DICM prefix');
  }
  yield { tag: 'preamble', parents: [], vr: '', value: preamble };

  const count = counter();
  const metaLength = await bytes.take(12);
  if (metaLength === null || tagOf(metaLength) !== '00020000') {
    throw new UnreadableDicom('00020000', 'no group length');
  }
  const metaEnd = bytes.position() + metaLength.readUInt32LE(8);
  let transferSyntax = '';
  for await (const element of elements(bytes, explicit, metaEnd, [], reading, count)) {
    if (element.tag === '00020010') transferSyntax = plain(element.value);
    yield element;
  }
  if (!transferSyntax.startsWith('1.2.840.10008.1.2') || otherEncodings.includes(transferSyntax)) {
    throw new UnreadableDicom('00020010', 'unsupported transfer syntax');
  }
  const syntax = transferSyntax === implicitLittleEndian ? implicit : explicit;
  yield* elements(bytes, syntax, Number.POSITIVE_INFINITY, [], reading, count);
}

/** A value as text without its padding, for codes and UIDs. */
export function plain(value: Buffer | null): string {
  return (value ?? Buffer.alloc(0)).toString('latin1').replace(/[\0 ]+$/, '');
}

/** The elements up to `end`, or up to the end of an item whose length is not said. */
async function* elements(
  bytes: Bytes,
  syntax: Syntax,
  end: number,
  parents: readonly string[],
  reading: DicomReading,
  count: (tag: string) => void,
): AsyncGenerator<DicomElement> {
  if (parents.length > maxDepth) throw new UnreadableDicom(parents.at(-1) ?? '', 'too deep');
  while (bytes.position() < end) {
    if (parents.length === 0 && (await bytes.ended())) return;
    const { tag, vr, length } = await headerOf(bytes, syntax, parents.at(-1) ?? '');
    if (tag === itemEnd && parents.length > 0) return;
    count(tag);
    if (length !== undefinedLength && bytes.position() + length > end) {
      throw new UnreadableDicom(tag, 'longer than what holds it');
    }
    if (vr === 'SQ' || (length === undefinedLength && !pixelData.test(tag))) {
      yield { tag, parents, vr: 'SQ', value: null };
      // Unknown representations hold implicit little endian, whatever the file is in (PS3.5, 6.2.2).
      const inner = vr === 'UN' ? implicit : syntax;
      const stop =
        length === undefinedLength ? Number.POSITIVE_INFINITY : bytes.position() + length;
      yield* items(bytes, inner, stop, [...parents, tag], reading, count);
    } else if (length === undefinedLength) {
      await fragments(bytes, { tag, parents }, reading);
      yield { tag, parents, vr, value: null };
    } else if (pixelData.test(tag) || (length > maxValueBytes && binary.test(vr))) {
      const whole = await bytes.pass(length, (piece) => reading.onBulk({ tag, parents }, piece));
      if (!whole) throw new UnreadableDicom(tag, 'cut short');
      yield { tag, parents, vr, value: null };
    } else {
      if (length > maxValueBytes) throw new UnreadableDicom(tag, 'value too long');
      const value = await bytes.take(length);
      if (value === null) throw new UnreadableDicom(tag, 'cut short');
      yield { tag, parents, vr, value };
      if ((vr === 'UN' || vr === '') && looksLikeItems(value)) {
        const within = bytesOf([value]);
        yield* items(within, implicit, value.length, [...parents, tag], reading, count);
      }
    }
  }
}

async function* items(
  bytes: Bytes,
  syntax: Syntax,
  end: number,
  parents: readonly string[],
  reading: DicomReading,
  count: (tag: string) => void,
): AsyncGenerator<DicomElement> {
  const sequence = parents.at(-1) ?? '';
  while (bytes.position() < end) {
    const { tag, length } = await headerOf(bytes, implicit, sequence);
    count(tag);
    if (tag === sequenceEnd) return;
    if (tag !== itemTag) throw new UnreadableDicom(sequence, 'not an item');
    const stop = length === undefinedLength ? Number.POSITIVE_INFINITY : bytes.position() + length;
    if (stop !== Number.POSITIVE_INFINITY && stop > end) {
      throw new UnreadableDicom(sequence, 'longer than what holds it');
    }
    yield* elements(bytes, syntax, stop, parents, reading, count);
  }
}

/** Compressed pixel data: a table of offsets, then pieces. */
async function fragments(
  bytes: Bytes,
  element: Pick<DicomElement, 'tag' | 'parents'>,
  reading: DicomReading,
): Promise<void> {
  const { tag } = element;
  for (;;) {
    const { tag: piece, length } = await headerOf(bytes, implicit, tag);
    if (piece === sequenceEnd) return;
    if (piece !== itemTag || length === undefinedLength) {
      throw new UnreadableDicom(tag, 'not a fragment');
    }
    const whole = await bytes.pass(length, (part) => reading.onBulk(element, part));
    if (!whole) throw new UnreadableDicom(tag, 'cut short');
  }
}

async function headerOf(
  bytes: Bytes,
  { explicit: says }: Syntax,
  within: string,
): Promise<{ tag: string; vr: string; length: number }> {
  const head = await bytes.take(8);
  if (head === null) throw new UnreadableDicom(within, 'cut short');
  const tag = tagOf(head);
  // Items and their ends say no representation in any syntax.
  if (!says || tag.startsWith('FFFE')) return { tag, vr: '', length: head.readUInt32LE(4) };
  const vr = head.toString('latin1', 4, 6);
  if (!/^[A-Z]{2}$/.test(vr)) throw new UnreadableDicom(tag, 'no value representation');
  if (!longForms.test(vr)) return { tag, vr, length: head.readUInt16LE(6) };
  const long = await bytes.take(4);
  if (long === null) throw new UnreadableDicom(tag, 'cut short');
  return { tag, vr, length: long.readUInt32LE(0) };
}

function looksLikeItems(value: Buffer): boolean {
  return value.length >= 8 && tagOf(value) === itemTag;
}

function tagOf(head: Buffer): string {
  const [group, element] = [head.readUInt16LE(0), head.readUInt16LE(2)];
  return (group * 0x10000 + element).toString(16).padStart(8, '0').toUpperCase();
}

function counter(): (tag: string) => void {
  let left = maxElements;
  return (tag) => {
    if (--left < 0) throw new UnreadableDicom(tag, 'too many elements');
  };
}

function bytesOf(chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): Bytes {
  const iterator =
    Symbol.asyncIterator in chunks ? chunks[Symbol.asyncIterator]() : chunks[Symbol.iterator]();
  let held = Buffer.alloc(0);
  let position = 0;

  /** False at the end. */
  async function more(): Promise<boolean> {
    const { done, value } = await iterator.next();
    if (done === true) return false;
    held = held.length === 0 ? Buffer.from(value) : Buffer.concat([held, value]);
    return true;
  }

  function cut(length: number): Buffer {
    const piece = held.subarray(0, length);
    held = held.subarray(length);
    position += length;
    return piece;
  }

  return {
    position: () => position,
    async take(length) {
      while (held.length < length) if (!(await more())) return null;
      return cut(length);
    },
    async ended() {
      while (held.length === 0) if (!(await more())) return true;
      return false;
    },
    async pass(length, to) {
      let left = length;
      while (left > 0) {
        if (held.length === 0 && !(await more())) return false;
        const piece = cut(Math.min(left, held.length));
        left -= piece.length;
        to(piece);
      }
      return true;
    },
  };
}
