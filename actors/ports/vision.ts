import type { StudyReference } from './imaging.ts';
import type { Performing } from './performing.ts';

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

/** A model that reads anonymised studies. It fetches the study itself, with credentials of its own. */
export interface VisionPort {
  /**
   * Analyses and waits, minutes for a large study. The effect's id is the idempotency key, so asking again is safe.
   *
   * @throws {ProviderRefused} `study_not_anonymous`, `study_not_found`, `analysis_failed` or the model's own code
   * @throws {ProviderCredentialsRefused} a person must act
   * @throws {ProviderBusy | ProviderUnreachable} ask again; `analysis_deadline` when it still works on it
   */
  analyse(study: StudyReference, performing: Performing): Promise<VisionResult>;
}
