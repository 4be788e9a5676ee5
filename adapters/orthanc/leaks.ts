import type { Leak, LeakReason } from '../../actors/shapes/imaging.ts';
import { breather } from './breather.ts';
import { type DicomElement, UnreadableDicom, plain, readDicom } from './dicom.ts';
import { gateOf } from './gate.ts';
import type { Search } from './identifying.ts';
import {
  cleared,
  isOfItsKind,
  isStandardText,
  keptSequences,
  maxTextBytes,
  mayStay,
  mayStayInMeta,
  mayStayInside,
  pseudonymous,
} from './profile.ts';

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

/** Where something was found. */
export type Place = Pick<DicomElement, 'tag' | 'parents'>;

const freeText = /^(AE|LO|LT|PN|SH|ST|UC|UN|UR|UT|)$/;
/** What Orthanc writes of itself: PatientIdentityRemoved's method. */
const method = /^Orthanc [\d.]{1,10} - PS 3\.15-20\d\d[a-e] Table E\.1-1 Basic Profile$/;
/** Makers of scanners, who have names of people. */
const maker =
  /^(GE|SIEMENS|PHILIPS|CANON|TOSHIBA|HITACHI|FUJI(FILM)?|SAMSUNG|SHIMADZU|AGFA|CARESTREAM|HOLOGIC|KONICA MINOLTA)( (MEDICAL|HEALTH|HEALTHCARE|HEALTHINEERS|SYSTEMS|ELECTRONICS|CORPORATION|CORP\.?|AG|INC\.?))*$/i;
/** Words for kinds of pictures and parts of bodies, some of which are people's names, too. */
const terms = new Set(
  (
    'ORIGINAL PRIMARY AXIAL LOCALIZER VOLUME OTHER NONE HEAD SKULL BRAIN NECK CHEST HEART LUNG BREAST ABDOMEN LIVER KIDNEY PELVIS HIP ' +
    'SPINE CSPINE TSPINE LSPINE SHOULDER ARM ELBOW HAND WRIST FINGER THUMB LEG KNEE ANKLE FOOT TOE HEEL JAW NOSE EAR EYE FACE RIB'
  ).split(' '),
);
const maxKinds = 1_000;
/** Collects what is found in one instance, at most 1,000 kinds. */
export function findings() {
  const found = new Set<string>();
  const add = (reason: LeakReason, place: Place): void => {
    if (found.size < maxKinds) found.add(`${reason} ${placeOf(place)}`);
  };
  /** For what can't be read to its end; other errors pass through. */
  const addUnreadable = (error: unknown): void => {
    if (!(error instanceof UnreadableDicom)) throw error;
    const { tag } = error;
    const reason = tag === '00020010' ? 'transfer_syntax' : 'unreadable';
    add(reason, { tag: tag === '' ? 'preamble' : tag, parents: [] });
  };
  return { found, add, addUnreadable };
}

/**
 * Looks through every element of a copy's file: the preamble, the file meta information, the data set and its sequences.
 * What can't be read is a finding too. Never throws because of the file; errors of `chunks` pass through.
 */
export async function leaksIn(chunks: AsyncIterable<Uint8Array>, rules: LeakRules): Promise<Found> {
  const { found, add, addUnreadable } = findings();
  const gate = gateOf('copy', add);
  const breathe = breather();
  const bulk = new Map<string, ReturnType<Search['inBulk']>>();
  const onBulk = (place: Place, piece: Buffer) => {
    gate.bulk(place, piece);
    const key = placeOf(place);
    const isPixels = place.tag === '7FE00010';
    const look = bulk.get(key) ?? rules.search.inBulk(isPixels ? gate.pixelBytes() : undefined);
    if (bulk.size < maxKinds) bulk.set(key, look);
    const reason = look(piece);
    if (reason !== null) add(reason, place);
  };
  try {
    for await (const element of readDicom(chunks, { onBulk })) {
      if (found.size >= maxKinds) return found; // It is held, and staff are told no more.
      gate.element(element);
      for (const reason of held(element, rules)) add(reason, element);
      for (const reasons of identifying(element, rules)) {
        for (const reason of reasons) add(reason, element);
        await breathe();
      }
    }
    gate.end();
  } catch (error) {
    addUnreadable(error);
  }
  return found;
}

export interface LeakCount {
  add(found: Found): void;
  /** Of each kind as many as one of the two has. */
  orMore(other: LeakCount): LeakCount;
  /** By tag, at most `limit`. */
  leaks(limit: number): readonly Leak[];
  readonly counted: ReadonlyMap<string, number>;
}

/** Counts what was found in each instance, by tag and reason. */
export function leakCount(counted = new Map<string, number>()): LeakCount {
  return {
    counted,
    add(found) {
      for (const kind of found) {
        if (counted.has(kind) || counted.size < maxKinds) {
          counted.set(kind, (counted.get(kind) ?? 0) + 1);
        }
      }
    },
    orMore(other) {
      const most = new Map(counted);
      for (const [kind, count] of other.counted)
        most.set(kind, Math.max(count, most.get(kind) ?? 0));
      return leakCount(most);
    },
    leaks(limit) {
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

/** What the profile does not let stay where it is. */
function* held(element: DicomElement, { keepDescriptions }: LeakRules): Generator<LeakReason> {
  const { tag, parents, vr, value } = element;
  if (tag === 'preamble') return;
  const text = value === null ? '' : plain(value);
  if (parents.length > 0) {
    // An element that the archive emptied says no more than that there was one.
    if (cleared.has(tag) && value?.length === 0) return;
    const may =
      mayStayInside(element) &&
      (vr === 'SQ' || isOfItsKind(element)) &&
      (!freeText.test(vr) || isStandardText(tag, text.trim()));
    if (!may) yield 'not_in_profile';
    return;
  }
  const may = tag.startsWith('0002') ? mayStayInMeta(tag) : mayStay(tag, keepDescriptions);
  const isFilled = cleared.has(tag) && text !== '';
  const isOther = vr === 'SQ' ? !keptSequences.has(tag) : !isOfItsKind(element);
  if (!may || isFilled || isOther) yield 'not_in_profile';
}

function* identifying(element: DicomElement, rules: LeakRules): Generator<Iterable<LeakReason>> {
  const { tag, vr, value } = element;
  if (value === null || value.length === 0) return;
  if (pseudonymous.has(tag) && element.parents.length === 0) {
    if (plain(value) !== rules.pseudonym) yield [tag === '00100010' ? 'name' : 'identifier'];
    return;
  }
  if (isKnownText(element)) return;
  yield* rules.search.stepsIn(value.subarray(0, maxTextBytes), vr);
  // Also where no representation is said, or text names an image.
  if (vr !== 'UI' && !freeText.test(vr)) return;
  const start = value.toString('latin1', 0, maxTextBytes);
  for (const [uid] of start.matchAll(/\d[\d.]{8,63}/g)) {
    if (rules.sourceUids.has(uid)) {
      yield ['uid_kept'];
      return;
    }
  }
}

/** What is the same in other people's studies, even where somebody has it for a name. */
function isKnownText({ tag, parents, vr, value }: DicomElement): boolean {
  if (parents.length > 0) return false;
  const text = plain(value).trim();
  if (vr === 'CS' && text.split('\\').every((one) => terms.has(one.trim()))) return true;
  if (tag === '00120063') return method.test(text);
  return tag === '00080070' && maker.test(text);
}

/** `0018,9346>0010,0010`. */
function placeOf({ tag, parents }: Place): string {
  return [...parents, tag]
    .map((one) =>
      one.length === 8 && one !== 'preamble' ? `${one.slice(0, 4)},${one.slice(4)}` : one,
    )
    .join('>');
}

function compare(one: string, other: string): number {
  return one < other ? -1 : Number(one > other);
}
