import { ExpectedError } from '../errors.ts';
import type { Performing } from './performing.ts';

/** A number that somebody outside gave a patient, e.g. a passport's or a hospital's. Personal data. */
export interface PatientIdentifier {
  /** A URI that says whose numbers these are. */
  readonly system: string;
  readonly value: string;
}

/** What we need of a patient's record at the clinic, and no more. */
export interface ClinicalPatient {
  /** The clinic's own id of the record. */
  readonly id: string;
  /** Names this state of the record; null where the clinic's server keeps no versions. */
  readonly version: string | null;
  /** False for a record that is no longer in use. */
  readonly active: boolean;
  readonly givenNames: readonly string[];
  readonly familyName: string | null;
  /** Every name of theirs that the record has, in any form: texts, nicknames, maiden and former names. For looking for them, and for nothing else. */
  readonly allNames: readonly string[];
  /** `YYYY`, `YYYY-MM` or `YYYY-MM-DD`. */
  readonly birthDate: string | null;
  readonly sex: 'male' | 'female' | 'other' | 'unknown' | null;
  /** As the clinic wrote it. */
  readonly phone: string | null;
}

export interface ClinicalCode {
  /** A URI such as `http://loinc.org`; null where the clinic has words only. */
  readonly system: string | null;
  readonly code: string | null;
  readonly text: string | null;
}

/** What was measured or found: a number with its unit, or words. */
export type ClinicalValue =
  | {
      readonly kind: 'quantity';
      readonly amount: number;
      readonly unit: string | null;
      /** Where the amount is only a bound of the true one. */
      readonly comparator: '<' | '<=' | '>=' | '>' | null;
    }
  | { readonly kind: 'text'; readonly text: string };

export interface ClinicalObservation {
  readonly id: string;
  readonly code: ClinicalCode;
  /** Null where the value is in the components, is missing, or is of a kind we have no use for. */
  readonly value: ClinicalValue | null;
  /** Parts with codes of their own: a blood pressure has two. */
  readonly components: readonly {
    readonly code: ClinicalCode;
    readonly value: ClinicalValue | null;
  }[];
  /** `YYYY`, `YYYY-MM`, `YYYY-MM-DD`, or ISO 8601 with offset. */
  readonly at: string | null;
  /** FHIR's word: `final`, `preliminary`, `amended`, …; never `entered-in-error`. */
  readonly status: string;
}

export interface ObservationQuery {
  /** FHIR's category, e.g. `vital-signs` or `laboratory`. */
  readonly category?: string;
  readonly code?: { readonly system: string; readonly code: string };
  /** `YYYY-MM-DD`, or ISO 8601 with offset; included. */
  readonly since?: string;
  /** 1 to 500. */
  readonly limit: number;
}

export interface ClinicalImagingStudy {
  readonly id: string;
  /** DICOM's UID, digits and dots; null where the clinic gives none. */
  readonly studyInstanceUid: string | null;
  /** As an observation's `at`. */
  readonly startedAt: string | null;
  /** DICOM's codes: `CT`, `MR`, `DX`, … */
  readonly modalities: readonly string[];
  readonly description: string | null;
  readonly seriesCount: number | null;
  readonly instanceCount: number | null;
  /**
   * The base address of the DICOMweb service that has the images; null where the clinic names none. It is a
   * stranger's word: whoever fetches from it has to check it against the hosts they trust.
   */
  readonly wadoEndpoint: string | null;
}

/** What a clinic has of one kind. `unreadable` counts entries that are not as FHIR has them and were left out. */
export interface ClinicalList<Item> {
  readonly items: readonly Item[];
  readonly unreadable: number;
}

/** What became of a record that we knew. */
export type PatientReading =
  | { readonly outcome: 'unchanged' }
  | { readonly outcome: 'read'; readonly patient: ClinicalPatient }
  /** There is none, or no longer. */
  | { readonly outcome: 'gone' };

/**
 * The records that clinics keep of their patients, each tenant's at its own clinic. Reading only, so an unknown outcome
 * is settled by reading again. What comes back is health data: it goes into encrypted columns, never into a log.
 *
 * Every method throws:
 * @throws {ProviderRefused | ProviderCredentialsRefused | ClinicalAnswerUnusable} and will again
 * @throws {ProviderBusy | ProviderUnreachable} ask again
 */
export interface ClinicalPort {
  /**
   * The one patient with this identifier; null if there is none. A record that another one has replaced counts only
   * where there is no other.
   */
  findPatient(
    identifier: PatientIdentifier,
    performing: Performing,
  ): Promise<ClinicalPatient | null>;
  /** Reads the record again, unless it still is the `version` that we know; null reads it in any case. */
  readPatient(
    patientId: string,
    version: string | null,
    performing: Performing,
  ): Promise<PatientReading>;
  /** Newest first, at most `limit`; those without a time last. */
  observations(
    patientId: string,
    query: ObservationQuery,
    performing: Performing,
  ): Promise<ClinicalList<ClinicalObservation>>;
  /** All of them, newest first. */
  imagingStudies(
    patientId: string,
    performing: Performing,
  ): Promise<ClinicalList<ClinicalImagingStudy>>;
}

/** Why an answer of a clinic's server is of no use. */
export type ClinicalFault =
  /** Longer than we read. */
  | 'too_large'
  /** A page names itself, or an earlier one, as the next. */
  | 'page_loop'
  | 'too_many_pages'
  | 'too_many_entries'
  /** The next page is on another server, where our token has no business. */
  | 'foreign_link'
  /** Another type of resource, or a bundle that is no result of a search. */
  | 'wrong_resource'
  /** A resource that is not as FHIR has it, where we have to read it. */
  | 'malformed'
  /** Says that there are results and has none. */
  | 'empty_bundle'
  /** About somebody else than the patient asked for. */
  | 'wrong_patient'
  /** Several patients with one identifier. */
  | 'ambiguous_patient';

/** A clinic's server answered, and asking again would get the same. Tells nothing of what the answer said. */
export class ClinicalAnswerUnusable extends ExpectedError {
  override readonly name = 'ClinicalAnswerUnusable';
  readonly code: `clinical_${ClinicalFault}`;
  readonly retryable = false;
  readonly reason: ClinicalFault;
  override readonly errorType = 'invalid_answer';

  constructor(reason: ClinicalFault, options?: ErrorOptions) {
    super(`The clinic's answer cannot be used: ${reason}`, options);
    this.code = `clinical_${reason}`;
    this.reason = reason;
  }
}
