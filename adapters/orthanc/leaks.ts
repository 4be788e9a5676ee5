import type { Leak, LeakReason } from '../../actors/shapes/imaging.ts';
import { type DicomElement, UnreadableDicom, plain, readDicom } from './dicom.ts';
import type { Search } from './identifying.ts';
import { cleared, keptSequences, mayStay, mayStayInMeta, pseudonymous } from './profile.ts';

export interface LeakRules {
  readonly search: Search;
  /** UIDs of the source study: none may be left. */
  readonly sourceUids: ReadonlySet<string>;
  /** What stands in for name and id. */
  readonly pseudonym: string;
  readonly keepDescriptions: boolean;
}

/** What was found in one instance, each kind at each place once: `reason` and `tag` with a space between. */
export type Found = ReadonlySet<string>;

/** Pictures with text in them as a matter of course, and documents. */
const heldModalities = new Set(['US', 'SC', 'OT', 'DOC', 'SR', 'XC', 'IVUS']);
/** Secondary capture, encapsulated documents, and structured reports. */
const heldClasses = /^1\.2\.840\.10008\.5\.1\.4\.1\.1\.(7|104|88)(\.|$)/;
const freeText = /^(AE|LO|LT|PN|SH|ST|UC|UN|UR|UT|)$/;
const maxKinds = 1_000;

/**
 * Looks through every element of a DICOM file: the preamble, the file meta information, the data set and its sequences.
 * What can't be read is a finding too. Never throws because of the file; errors of `chunks` pass through.
 */
export async function leaksIn(chunks: AsyncIterable<Uint8Array>, rules: LeakRules): Promise<Found> {
  const found = new Set<string>();
  const add = (reason: LeakReason, element: Pick<DicomElement, 'tag' | 'parents'>) => {
    if (found.size < maxKinds) found.add(`${reason} ${placeOf(element)}`);
  };
  const bulk = new Map<string, ReturnType<Search['inBulk']>>();
  const onBulk = (tag: string, piece: Buffer) => {
    const look = bulk.get(tag) ?? rules.search.inBulk();
    bulk.set(tag, look);
    const reason = look(piece);
    if (reason !== null) add(reason, { tag, parents: [] });
  };
  try {
    for await (const element of readDicom(chunks, { onBulk })) {
      for (const reason of held(element, rules)) add(reason, element);
      for (const reason of identifying(element, rules)) add(reason, element);
    }
  } catch (error) {
    if (!(error instanceof UnreadableDicom)) throw error;
    add('unreadable', { tag: error.tag === '' ? 'preamble' : error.tag, parents: [] });
  }
  return found;
}

/** Counts what was found in each instance, by tag and reason. */
export function leakCount() {
  const counted = new Map<string, number>();
  return {
    add(found: Found): void {
      for (const kind of found) {
        if (counted.has(kind) || counted.size < maxKinds) {
          counted.set(kind, (counted.get(kind) ?? 0) + 1);
        }
      }
    },
    /** By tag, at most `limit`. */
    leaks(limit: number): readonly Leak[] {
      return [...counted]
        .map(([kind, instances]) => {
          const [reason = '', tag = ''] = kind.split(' ');
          return { reason: reason as LeakReason, tag, instances };
        })
        .toSorted((one, other) => compare(one.tag, other.tag) || compare(one.reason, other.reason))
        .slice(0, limit);
    },
  };
}

function* held(element: DicomElement, { keepDescriptions }: LeakRules): Generator<LeakReason> {
  const { tag, parents, vr, value } = element;
  if (tag === 'preamble') return;
  const isEmpty = value !== null && plain(value) === '';
  if (parents.length === 0) {
    const may = tag.startsWith('0002') ? mayStayInMeta(tag) : mayStay(tag, keepDescriptions);
    if (!may || (cleared.has(tag) && !isEmpty)) yield 'not_in_profile';
    if (vr === 'SQ' && may && !keptSequences.has(tag)) yield 'not_in_profile';
  } else if (!keptSequences.has(parents[0] ?? '') || (freeText.test(vr) && !isEmpty)) {
    yield 'not_in_profile';
  } else if (isPrivate(tag)) {
    yield 'not_in_profile';
  }
  const text = value === null ? '' : plain(value);
  if (tag === '00280301' && text !== 'NO' && text !== '') yield 'burned_in';
  if (tag === '00280302' && text !== 'NO' && text !== '') yield 'recognisable';
  if (tag === '00080060' && heldModalities.has(text)) yield 'modality';
  if ((tag === '00080016' || tag === '00020002') && heldClasses.test(text)) yield 'modality';
  // A picture that was scanned, drawn or photographed from somewhere else, whatever modality it claims.
  if (tag === '00080064' && text !== '' && text !== 'DI') yield 'modality';
  if (tag.startsWith('60')) yield 'overlay';
  if (tag === '00420011') yield 'encapsulated';
}

function* identifying(element: DicomElement, rules: LeakRules): Generator<LeakReason> {
  const { tag, vr, value } = element;
  if (value === null || value.length === 0) return;
  if (pseudonymous.has(tag) && element.parents.length === 0) {
    if (plain(value) !== rules.pseudonym) yield tag === '00100010' ? 'name' : 'identifier';
    return;
  }
  yield* rules.search.inValue(value, vr);
  // Also where no representation is said, or text names an image.
  if (vr === 'UI' || freeText.test(vr)) {
    for (const [uid] of value.toString('latin1').matchAll(/\d[\d.]{8,63}/g)) {
      if (rules.sourceUids.has(uid)) {
        yield 'uid_kept';
        return;
      }
    }
  }
}

function isPrivate(tag: string): boolean {
  return Number.parseInt(tag.slice(0, 4), 16) % 2 === 1;
}

/** `0018,9346>0010,0010`. */
function placeOf({ tag, parents }: Pick<DicomElement, 'tag' | 'parents'>): string {
  return [...parents, tag]
    .map((one) =>
      one.length === 8 && one !== 'preamble' ? `${one.slice(0, 4)},${one.slice(4)}` : one,
    )
    .join('>');
}

function compare(one: string, other: string): number {
  return one < other ? -1 : Number(one > other);
}
