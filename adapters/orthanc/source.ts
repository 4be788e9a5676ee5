import type { IdentifyingValues } from '../../actors/ports/imaging.ts';
import { breather } from './breather.ts';
import { type DicomElement, UnreadableDicom, plain, readDicom } from './dicom.ts';
import { saidBy } from './encodings.ts';
import { gateOf } from './gate.ts';
import { type Found, findings } from './leaks.ts';
import { toRemoveInside } from './profile.ts';

/** Who a study's files say their people are, and why some of them may not leave. */
export interface Source {
  /** Reads a file of the study. What can't be read is a finding too; errors of `chunks` pass through. */
  read(chunks: AsyncIterable<Uint8Array>): Promise<Found>;
  readonly values: () => IdentifyingValues;
  /** All that the files name, but for those of the standard. */
  readonly uids: ReadonlySet<string>;
}

/** Of every person in the study: patient, relatives, physicians. The representation says so, unless it is left out. */
const names = new Set([
  '00100010',
  '00101001',
  '00101005',
  '00101060',
  '00080090',
  '00081048',
  '00081050',
  '00081060',
  '00081070',
  '00321032',
]);
/** Patient id, other ids, accession number, insurance, visit, medical record locator. */
const identifiers = new Set([
  '00100020',
  '00101000',
  '00080050',
  '00101050',
  '00101090',
  '00380010',
]);
const phones = new Set(['00102154', '00102155']);
const birthDates = new Set(['00100030']);
/** What kind of thing it is, not which. */
const kinds = new Set(['00020002', '00020010', '00020012', '00080016']);
const maxValues = 200;
const maxUids = 200_000;

/** Reads the files of one study one after the other. Each value is kept once, at most 200 of a kind. */
export function sourceStudy(): Source {
  const found = {
    names: new Set<string>(),
    identifiers: new Set<string>(),
    birthDates: new Set<string>(),
    phones: new Set<string>(),
  };
  const uids = new Set<string>();
  const add = (values: Set<string>, more: Iterable<string>, most = maxValues) => {
    for (const one of more) if (one !== '' && values.size < most) values.add(one);
  };

  function identity({ tag, vr, value }: DicomElement, charset: string): void {
    if (value === null || value.length === 0) return;
    const texts = () =>
      plain(value)
        .split('\\')
        .map((one) => one.trim());
    if (vr === 'PN' || names.has(tag)) add(found.names, namesIn(value, charset));
    else if (identifiers.has(tag)) add(found.identifiers, texts());
    else if (phones.has(tag)) add(found.phones, texts());
    else if (birthDates.has(tag)) add(found.birthDates, texts().map(isoDate));
    else if (vr === 'UI' && !kinds.has(tag)) {
      const own = texts().filter((uid) => !uid.startsWith('1.2.840.10008.'));
      add(uids, own, maxUids);
    }
  }

  return {
    async read(chunks) {
      const { found: why, add: hold, addUnreadable } = findings();
      const gate = gateOf('source', hold);
      const breathe = breather();
      let charset = '';
      try {
        for await (const element of readDicom(chunks, {
          onBulk: (...bulk) => gate.bulk(...bulk),
        })) {
          const { tag, parents, value } = element;
          if (tag === '00080005' && parents.length === 0) charset = plain(value);
          gate.element(element);
          identity(element, charset);
          await breathe();
        }
        gate.end();
      } catch (error) {
        addUnreadable(error);
      }
      return why;
    },
    values: () => ({
      names: [...found.names],
      identifiers: [...found.identifiers],
      birthDates: [...found.birthDates],
      phones: [...found.phones],
    }),
    uids,
  };
}

/**
 * The elements inside kept sequences that have to go, as far as the file can be read. It is read up to its pictures.
 */
export async function insideToRemove(
  chunks: AsyncIterable<Uint8Array>,
): Promise<ReadonlySet<string>> {
  const remove = new Set<string>();
  const breathe = breather();
  try {
    for await (const element of readDicom(chunks, { onBulk: () => {} })) {
      if (element.tag === '7FE00010' && element.parents.length === 0) break;
      // What goes with its sequence must not take its namesakes elsewhere along.
      const goesAnyway = element.parents.some((parent) => remove.has(parent));
      const tag = goesAnyway ? null : toRemoveInside(element);
      if (tag !== null) remove.add(tag);
      await breathe();
    }
  } catch (error) {
    if (!(error instanceof UnreadableDicom)) throw error;
  }
  return remove;
}

/** All of both. */
export function together(one: IdentifyingValues, other: IdentifyingValues): IdentifyingValues {
  return {
    names: [...one.names, ...other.names],
    identifiers: [...one.identifiers, ...other.identifiers],
    birthDates: [...one.birthDates, ...other.birthDates],
    phones: [...one.phones, ...other.phones],
  };
}

/** A name's groups (letters, ideographs, sounds) are names of their own. Read as the file says, and as is most in use. */
function namesIn(value: Buffer, charset: string): Set<string> {
  const readings = [...saidBy(value, charset)];
  return new Set(readings.flatMap((text) => text.split(/[\\=]/).map((name) => name.trim())));
}

function isoDate(date: string): string {
  return date.replace(/^(\d{4})(\d\d)(\d\d)$/, '$1-$2-$3');
}
