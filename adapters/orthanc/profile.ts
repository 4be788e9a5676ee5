import type { DicomElement } from './dicom.ts';

/**
 * What an anonymised study keeps. Everything else is removed, so an element that nobody thought of goes.
 * Orthanc 1.10's own Basic Profile is a list of what to remove: it leaves unlisted text elements, overlays, and whatever
 * is inside a sequence that it does not know, patient's names included. README.md has the table for people.
 */

/** Grows with every change of what is below, so that copies made by an older profile are not taken for today's. */
export const profileVersion = '2';

/** Replaced by the pseudonym. */
export const pseudonymous = new Set(['00100010', '00100020']);

/** A new UID, the same for the same old one in the whole study. Orthanc does so. */
const remapped = ['00080018', '0020000D', '0020000E', '00200052'];

/** There and empty, because a standard object must have them (type 2). */
export const cleared = new Set([
  '00080020', // StudyDate
  '00080021', // SeriesDate
  '00080023', // ContentDate
  '00080030', // StudyTime
  '00080031', // SeriesTime
  '00080033', // ContentTime
  '00080050', // AccessionNumber
  '00080090', // ReferringPhysicianName
  '00100030', // PatientBirthDate
  '00100040', // PatientSex
  '00180010', // ContrastBolusAgent
  '00200010', // StudyID
]);

/** Written by Orthanc to say what was done. */
const written = ['00120062', '00120063', '00120064'];

/** Kept where the hospital chose to: free text that models like and that typists put names into. */
export const descriptions = ['00081030', '0008103E'];

/** Frames of enhanced objects. Of their contents `mayStayInside` says what is kept. */
export const keptSequences = new Set(['52009229', '52009230']);

/** Kept as they are: numbers, codes and the kinds of objects and devices, what a picture needs to be read. */
const kept = [
  // The object: character set, image type, SOP class, modality, conversion, intent, manufacturer, model.
  '00080005 00080008 00080016 00080060 00080064 00080068 00080070 00081090',
  // How it was taken.
  '00180015 00180020 00180021 00180022 00180023 00180050 00180060 00180080 00180081 00180082',
  '00180083 00180084 00180085 00180086 00180087 00180088 00180089 00180090 00180091 00180093',
  '00180094 00180095 00181050 00181100 00181110 00181111 00181120 00181130 00181140 00181150',
  '00181151 00181152 00181153 00181164 00181170 00181190 00181210 00181310 00181312 00181314',
  '00181315 00181316 00181405 00181508 00181510 00181511 00185100 00185101 00189306 00189307',
  '00189309 00189310 00189311 00189345',
  // Where it is.
  '00200011 00200012 00200013 00200020 00200032 00200037 00200060 00200062 00200100 00200105',
  '00200110 00201002 00201041',
  // The picture.
  '00280002 00280004 00280006 00280008 00280009 00280010 00280011 00280030 00280034 00280100',
  '00280101 00280102 00280103 00280106 00280107 00280108 00280109 00280120 00280121 00280300',
  '00280301 00280302 00281040 00281041 00281050 00281051 00281052 00281053 00281054 00281056',
  '00282110 00282112 00282114',
  // Nuclear medicine and PET.
  '00540081 00541000 00541001 00541002 00541102 00541300 00541321 00541330',
  '20500020 7FE00010',
].flatMap((line) => line.split(' '));

/** Of those, what functional groups repeat for each frame. */
const inside = new Set(kept.filter((tag) => /^(0018|0020|0028|0054)/.test(tag)));

/** File meta information that Orthanc writes: lengths, version, class, instance, syntax, implementation. */
const fileMeta = [
  '00020000 00020001 00020002 00020003 00020010 00020012 00020013 00020016',
].flatMap((line) => line.split(' '));

const basis = new Set([
  ...pseudonymous,
  ...remapped,
  ...cleared,
  ...written,
  ...keptSequences,
  ...kept,
]);
const meta = new Set(fileMeta);

/** Whether an element of this tag may be in the data set of an anonymised file, at its top. */
export function mayStay(tag: string, keepDescriptions: boolean): boolean {
  return basis.has(tag) || (keepDescriptions && descriptions.includes(tag));
}

const opaque = /^(O[BDFLVW]|UN)$/;
const binaryNumber = /^(US|SS|UL|SL|UV|SV|FD|FL|AT)$/;
/** Elements of these are binary numbers; AcquisitionMatrix is one among texts. */
const numbered = /^(0028|0054|00189|00209|00181310)/;
/** Of numbers a lookup table's description has the most, and a frame's indices; what is longer is something else. */
const maxNumberBytes = 64;

/** What is kept is short; of what is not, no more is searched. */
export const maxTextBytes = 4_096;

/** Whether an element is of a kind that its tag is meant for: a text as bytes would be looked at as bytes. */
export function isOfItsKind({ tag, vr, value }: DicomElement): boolean {
  if (opaque.test(vr)) return tag === '7FE00010' || tag === '00020001';
  if (!binaryNumber.test(vr)) return (value?.length ?? 0) <= maxTextBytes;
  const isNumber = tag.startsWith('0002') || numbered.test(tag);
  return isNumber && (value?.length ?? 0) <= maxNumberBytes;
}

/** The same for the file meta information. */
export function mayStayInMeta(tag: string): boolean {
  return meta.has(tag);
}

/** What the standard demands inside functional groups beyond numbers, codes and sequences of its own. */
const insideTexts = new Set([
  '00181210', // ConvolutionKernel
  '00281054', // RescaleType
  '00209056', // StackID
]);
/** An anatomic region or structure, its modifiers, and the phantom of a dose. */
const codeSequences = new Set(['00082218', '00082220', '00082228', '00082230', '00189346']);
/** Value, scheme and meaning of a code, and its scheme's version. */
const codeParts = new Set(['00080100', '00080102', '00080103', '00080104']);
const publicSchemes = /^(SRT|SCT|SNM3|99SDM|DCM|FMA|UMLS|RADLEX)$/;
const codeValue = /^([A-Z]{1,2}-[\dA-F]{4,6}|\d{3,18}|RID\d{1,8}|C\d{7})$/;
/** Numbers, codes and sequences. An element that does not say what it is has none. */
const machineValue = /^(US|SS|UL|SL|UV|SV|FD|FL|DS|IS|CS|SQ)$/;
/** Kinds and properties of frames, all of them codes. */
const frameKinds = /^00089(007|20[5-9])$/;
/** What enhanced objects were made with. */
const enhanced = /^(0018|0020|0028)9/;
/** Of those, where the file says no representations: dates, texts, binary data and UIDs. */
const enhancedTexts = new Set(
  [
    '00189005 00189041 00189046 00189047 00189050 00189074 00189080 00189151 00189423 00189424',
    '00189516 00189517 00189623 00189701 00189804 00189918 00189919 00209158 00209161 00209164',
    '00209213 00209238 00209421 00209453 00209533',
  ].flatMap((line) => line.split(' ')),
);

/** Where an element is: the sequences around it, outermost first. */
type Place = Pick<DicomElement, 'tag' | 'parents' | 'vr'>;

/** Whether an element may be inside a sequence of an anonymised file. */
export function mayStayInside({ tag, parents, vr }: Place): boolean {
  if (!keptSequences.has(parents[0] ?? '')) return false;
  if (codeSequences.has(tag)) return vr === 'SQ';
  if (codeParts.has(tag)) return codeSequences.has(parents.at(-1) ?? '');
  if (insideTexts.has(tag)) return true;
  if (!machineValue.test(vr)) return false;
  return (enhanced.test(tag) && !enhancedTexts.has(tag)) || frameKinds.test(tag) || inside.has(tag);
}

/** Whether such a text is one of the kind that a standard has a list of. */
export function isStandardText(tag: string, text: string): boolean {
  if (tag === '00080100') return codeValue.test(text);
  if (tag === '00080102') return publicSchemes.test(text);
  if (tag === '00080103') return /^[\d.]{0,16}$/.test(text);
  if (tag === '00080104') return /^[A-Za-z][A-Za-z ,()/-]{0,63}$/.test(text);
  if (tag === '00209056') return /^[A-Za-z]{0,2}[\d.]{0,8}$/.test(text);
  if (tag === '00281054') return /^[A-Za-z_]{0,12}$/.test(text);
  return true;
}

/**
 * What has to be named for the removal of an element inside a sequence of the source: the element, or the whole sequence of a
 * code that is not kept; null for what stays. The archive removes by tag, at the top and inside alike, so what is kept at the top
 * stays inside and is left to the inspection.
 */
export function toRemoveInside(element: Place): string | null {
  const { tag, parents, vr } = element;
  if (!keptSequences.has(parents[0] ?? '')) return null;
  // Where representations are not said, the tag has to do.
  const said = vr === '' ? (codeSequences.has(tag) ? 'SQ' : 'CS') : vr;
  if (mayStayInside({ ...element, vr: said })) return null;
  const gone = codeParts.has(tag) && parents.length > 1 ? (parents.at(-1) ?? tag) : tag;
  return basis.has(gone) ? null : gone;
}
