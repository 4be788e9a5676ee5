import type { AnonymiseRequest, AnonymisedStudy, Inspection, Study } from '../shapes/imaging.ts';
import type { Performing } from './performing.ts';

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
  /**
   * Deletes every copy that was made under a pseudonym, by whatever profile, and waits for those in the making. The sources stay.
   * Answers how many there were; asking again is safe.
   *
   * @throws {ProviderUnreachable} `job_deadline`: one is still being made
   */
  removeCopies(pseudonym: string, signal: AbortSignal): Promise<number>;
  /** Deletes an anonymised copy; nothing happens if it is gone already. Refuses to delete what is no copy (`not_anonymised`). */
  remove(studyId: string, signal: AbortSignal): Promise<void>;
}
