import type { StudyReference, VisionResult } from '../shapes/imaging.ts';
import type { Performing } from './performing.ts';

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
