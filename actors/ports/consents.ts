import type { ConsentPurpose } from '../shapes/consents.ts';
/** One answer, with its evidence. Never changed: a withdrawal is another record. */
export interface ConsentRecord {
  readonly tenant: string;
  readonly caseId: string;
  readonly purpose: ConsentPurpose;
  readonly status: 'given' | 'refused' | 'withdrawn';
  /** Which wording was shown, e.g. `consent.service.1`. */
  readonly text: string;
  /** BCP 47 primary tag of the language it was shown in. */
  readonly lang: string;
  /** SHA-256 (hex) of the words as the patient saw them, UTF-8. */
  readonly textHash: string;
  /** The message that answered. */
  readonly messageId: string;
  /** When it was said, by the provider's clock: ISO 8601 with offset. */
  readonly at: string;
}

/** The proof of what patients agreed to. It outlives the case's own data. */
export interface ConsentRegister {
  /**
   * `id` names the record for ever: the same again changes nothing.
   *
   * @throws {ProviderUnreachable} perhaps not recorded; record it again
   */
  record(id: string, consent: ConsentRecord): Promise<void>;
}
