import type { Performing } from './performing.ts';

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

export interface AnonymiseRequest {
  readonly studyId: string;
  /** Stands for the patient's name and id: 1 to 64 of `A-Z a-z 0-9 -`, made by the caller and meaning nothing. */
  readonly pseudonym: string;
}

/** A copy of a study without its patient; the source stays as it was. Not fit to leave before `inspect` says so. */
export interface AnonymisedStudy {
  readonly studyId: string;
  readonly sourceStudyId: string;
  readonly instances: number;
}

/** What must not be found in an anonymised study. What the source study itself says of its patient is added to it. */
export interface IdentifyingValues {
  /** In any order of parts and any spelling: `Ayşe Yılmaz`. */
  readonly names: readonly string[];
  /** Patient ids, national ids, passport and accession numbers. */
  readonly identifiers: readonly string[];
  /** `YYYY-MM-DD`. */
  readonly birthDates: readonly string[];
  /** E.164. */
  readonly phones: readonly string[];
}

/** Why a study is held:
 *
 * - `name`, `identifier`, `birth_date`, `phone`, `uid_kept`: a value of the patient or the source is still there
 * - `not_in_profile`: an element that the profile lets nobody keep, or one with a value where it should be empty
 * - `burned_in`, `recognisable`, `modality`, `overlay`, `encapsulated`: what is in the pixels or in a document can't be checked
 * - `unreadable`: we can't tell, so it counts as a leak
 * - `incomplete`: fewer or other instances than the source has
 */
export type LeakReason =
  | 'name'
  | 'identifier'
  | 'birth_date'
  | 'phone'
  | 'uid_kept'
  | 'not_in_profile'
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
  /** `0008,1030`, inside a sequence `0018,9346>0010,0010`; `preamble` or `study` where it is no element. */
  readonly tag: string;
  /** In how many instances. */
  readonly instances: number;
}

/** An anonymised study that was inspected and may leave. Only `inspect` makes one. */
export interface StudyReference {
  /** The archive's own id. */
  readonly studyId: string;
  readonly studyInstanceUid: string;
  /** DICOMweb (WADO-RS): `https://pacs.example/dicom-web/studies/1.2.3`. Credentials are not part of it. */
  readonly url: string;
  readonly pseudonym: string;
  readonly instances: number;
}

export type Inspection =
  | { readonly outcome: 'clean'; readonly reference: StudyReference }
  /** At most 100 leaks, by tag. */
  | { readonly outcome: 'held'; readonly leaks: readonly Leak[] };

/**
 * The hospital's image archive. All methods may also throw:
 *
 * @throws {ProviderRefused} no such study, or too large, and will be again
 * @throws {ProviderCredentialsRefused} a person must act
 * @throws {ProviderBusy | ProviderUnreachable} ask again
 */
export interface ImagingPort {
  /** At most 100 studies, newest first, of exactly this patient id. */
  studies(patientId: string, signal: AbortSignal): Promise<readonly Study[]>;
  /**
   * Makes the anonymised copy and waits for it, minutes for a large study: give the effect that time. Asking again, also
   * after a crash, finds the copy or the work in progress instead of making a second one; unfinished leftovers are removed.
   *
   * @throws {ProviderRefused} `job_failed`: the archive could not do it
   * @throws {ProviderUnreachable} `job_deadline`: it still works on it; ask again, or `lookup`
   */
  anonymise(request: AnonymiseRequest, performing: Performing): Promise<AnonymisedStudy>;
  /** For `Performer.lookup`: the finished copy that an earlier `anonymise` made, or null. Changes nothing. */
  lookup(request: AnonymiseRequest, performing: Performing): Promise<AnonymisedStudy | null>;
  /**
   * Looks through every element of every instance, one instance at a time. Fails closed: what can't be read is held.
   * Reading only.
   */
  inspect(
    study: AnonymisedStudy,
    values: IdentifyingValues,
    signal: AbortSignal,
  ): Promise<Inspection>;
  /** The archive's ids of a study's instances, in the order of their series. */
  instanceIds(studyId: string, signal: AbortSignal): Promise<readonly string[]>;
  /**
   * Hands an instance's DICOM file to `read` as it arrives. A broken transfer calls `read` again from the start.
   */
  readInstance<T>(
    instanceId: string,
    read: (chunks: AsyncIterable<Uint8Array>) => Promise<T>,
    signal: AbortSignal,
  ): Promise<T>;
  /** Deletes an anonymised copy; nothing happens if it is gone already. Refuses to delete what is no copy (`not_anonymised`). */
  remove(studyId: string, signal: AbortSignal): Promise<void>;
}
