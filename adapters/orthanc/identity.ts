import type { IdentifyingValues } from '../../actors/ports/imaging.ts';
import { UnreadableDicom, plain, readDicom } from './dicom.ts';

export interface Identity {
  readonly values: IdentifyingValues;
  /** All that the file names, but for those of the standard. */
  readonly uids: readonly string[];
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

/**
 * Who a DICOM file says its people are. A file that can't be read to its end still says something: what comes later in it
 * is found by the values that were read, or by the caller's.
 */
export async function identityOf(chunks: AsyncIterable<Uint8Array>): Promise<Identity> {
  const found = { names: [], identifiers: [], birthDates: [], phones: [] } as {
    -readonly [Kind in keyof IdentifyingValues]: string[];
  };
  const uids: string[] = [];
  const add = (values: string[], more: readonly string[]) => {
    for (const one of more) if (one !== '' && values.length < maxValues) values.push(one);
  };
  try {
    for await (const { tag, vr, value } of readDicom(chunks, { onBulk: () => {} })) {
      if (value === null || value.length === 0) continue;
      const texts = () =>
        plain(value)
          .split('\\')
          .map((one) => one.trim());
      if (vr === 'PN' || names.has(tag)) add(found.names, namesIn(value));
      else if (identifiers.has(tag)) add(found.identifiers, texts());
      else if (phones.has(tag)) add(found.phones, texts());
      else if (birthDates.has(tag)) add(found.birthDates, texts().map(isoDate));
      else if (vr === 'UI' && !kinds.has(tag)) {
        add(
          uids,
          texts().filter((uid) => !uid.startsWith('1.2.840.10008.')),
        );
      }
    }
  } catch (error) {
    if (!(error instanceof UnreadableDicom)) throw error;
  }
  return { values: found, uids };
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

/** A name's groups (letters, ideographs, sounds) are names of their own. Read in the encodings most in use. */
function namesIn(value: Buffer): string[] {
  const readings = new Set(
    ['utf-8', 'windows-1254'].map((encoding) => new TextDecoder(encoding).decode(value)),
  );
  return [...readings].flatMap((text) => text.split(/[\\=]/).map((name) => name.trim()));
}

function isoDate(date: string): string {
  return date.replace(/^(\d{4})(\d\d)(\d\d)$/, '$1-$2-$3');
}
