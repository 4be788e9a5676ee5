import * as v from 'valibot';

import { Count, Id, type Shape } from './basics.ts';

/** Stands for the patient's name and id: 1 to 64 of `A-Z a-z 0-9 -`, made by the caller and meaning nothing. */
const Pseudonym = v.pipe(v.string(), v.regex(/^[A-Za-z0-9-]{1,64}$/));

/** A patient's study as the archive has it. Its description may hold patient data: for staff, never for logs. */
export interface Study {
  /** The archive's own id. */
  readonly studyId: string;
  readonly studyInstanceUid: string;
  /** `YYYY-MM-DD`, local to the hospital; null where the study does not say. */
  readonly date: string | null;
  /** `CT`, `MR`, … sorted. */
  readonly modalities: readonly string[];
  readonly description: string | null;
  readonly instances: number;
  /** False while images may still be arriving. */
  readonly stable: boolean;
}

export const StudiesToFind = v.strictObject({ patientId: Id });
export type StudiesToFind = Shape<typeof StudiesToFind>;

export const AnonymiseRequest = v.strictObject({ studyId: Id, pseudonym: Pseudonym });
export type AnonymiseRequest = Shape<typeof AnonymiseRequest>;

/** A copy of a study without its patient; the source stays as it was. Not fit to leave before `inspect` says so. */
export const AnonymisedStudy = v.object({ studyId: Id, sourceStudyId: Id, instances: Count });
export type AnonymisedStudy = Shape<typeof AnonymisedStudy>;

/** A copy to inspect, and what we know of its patient that must not be found in it. */
export const StudyToInspect = v.strictObject({
  study: AnonymisedStudy,
  patientId: Id,
  phone: v.nullable(v.pipe(v.string(), v.regex(/^\+?\d{5,15}$/))),
});
export type StudyToInspect = Shape<typeof StudyToInspect>;

/** An anonymised study that was inspected and may leave. Only `inspect` makes one. */
export const StudyReference = v.object({
  /** The archive's own id. */
  studyId: Id,
  studyInstanceUid: v.pipe(v.string(), v.regex(/^[0-9.]{1,64}$/)),
  /** DICOMweb (WADO-RS): `https://pacs.example/dicom-web/studies/1.2.3`. Credentials are not part of it. */
  url: v.pipe(v.string(), v.url(), v.maxLength(2_000)),
  pseudonym: Pseudonym,
  instances: Count,
});
export type StudyReference = Shape<typeof StudyReference>;

export const StudyToAnalyse = v.strictObject({ reference: StudyReference });
export type StudyToAnalyse = Shape<typeof StudyToAnalyse>;

/** Why a study is held:
 *
 * - `name`, `identifier`, `birth_date`, `phone`, `uid_kept`: a value of the patient or the source is still there
 * - `not_in_profile`: an element that the profile lets nobody keep, or one with a value where it should be empty
 * - `sop_class`, `modality`, `image_type`, `colour`: not among the kinds of pictures that may leave, such as a photograph or a screen
 * - `burned_in`, `recognisable`, `overlay`, `encapsulated`: what is in the pixels or in a document can't be checked
 * - `high_bits`: there is something in the pixels beside the picture
 * - `no_pixels`, `pixels`: no picture, or one of another size than it says
 * - `transfer_syntax`, `unreadable`: we can't tell, so it counts as a leak
 * - `incomplete`: fewer or other instances than the source has
 */
export type LeakReason =
  | 'name'
  | 'identifier'
  | 'birth_date'
  | 'phone'
  | 'uid_kept'
  | 'not_in_profile'
  | 'sop_class'
  | 'image_type'
  | 'colour'
  | 'high_bits'
  | 'no_pixels'
  | 'pixels'
  | 'transfer_syntax'
  | 'burned_in'
  | 'recognisable'
  | 'modality'
  | 'overlay'
  | 'encapsulated'
  | 'unreadable'
  | 'incomplete';

/** One kind of leak at one place. Holds no value, so it is fit for staff lists and logs. */
export interface Leak {
  readonly reason: LeakReason;
  /** `0008,1030`, inside a sequence `0018,9346>0010,0010`; `preamble`, `file` or `study` where it is no element. */
  readonly tag: string;
  /** In how many instances. */
  readonly instances: number;
}

export type Inspection =
  | { readonly outcome: 'clean'; readonly reference: StudyReference }
  /** At most 100 leaks, by tag. */
  | { readonly outcome: 'held'; readonly leaks: readonly Leak[] };

/** What a model sees somewhere in a study. For clinicians to review, never for the patient. */
export interface Finding {
  /** The model's word, e.g. `opacity`. */
  readonly label: string;
  /** 0 to 1, as the model says. */
  readonly confidence: number;
  readonly seriesInstanceUid: string;
  /** Null when it concerns the series as a whole. */
  readonly sopInstanceUid: string | null;
}

export interface VisionResult {
  readonly model: { readonly name: string; readonly version: string };
  /** Surest first, at most 200. May be empty. */
  readonly findings: readonly Finding[];
}
