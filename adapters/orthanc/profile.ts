/**
 * What an anonymised study keeps. Everything else is removed, so an element that nobody thought of goes.
 * Orthanc 1.10's own Basic Profile is a list of what to remove: it leaves unlisted text elements, overlays, and whatever
 * is inside a sequence that it does not know, patient's names included. README.md has the table for people.
 */

/** Grows with every change of what is below, so that copies made by an older profile are not taken for today's. */
export const profileVersion = '1';

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

/** Frames of enhanced objects. Kept with their contents, of which the inspection lets no free text pass. */
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
  '00281101 00281102 00281103 00281201 00281202 00281203 00282110 00282112 00282114',
  // Nuclear medicine and PET.
  '00540081 00541000 00541001 00541002 00541102 00541300 00541321 00541330',
  '20500020 7FE00001 7FE00002 7FE00008 7FE00009 7FE00010',
].flatMap((line) => line.split(' '));

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

/** The same for the file meta information. */
export function mayStayInMeta(tag: string): boolean {
  return meta.has(tag);
}
