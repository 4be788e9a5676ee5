import type { Staff } from './desk.ts';
import type { ProviderName } from './providers.ts';

/** Something that failed for good, as staff see it. No patient data: ids, codes and times. */
export interface DeadLetter {
  readonly id: string;
  /** `event` and `timer`: the machine failed on it. `case`: its contact's messages go to another one. */
  readonly kind: 'effect' | 'event' | 'timer' | 'case';
  /** The effect's, event's or timer's own id. */
  readonly subject: string;
  readonly caseId: string;
  /** Whom the effect depends on; null where it is nobody the platform's documents name. */
  readonly provider: ProviderName | null;
  /** What was to be done; null for what is no effect. */
  readonly name: string | null;
  readonly code: string;
  readonly attempts: number | null;
  /** ISO 8601 with offset. */
  readonly at: string;
  /** `open` waits for staff. `case_told`: the case waited for it and went on without. `retried`: staff had it tried again. */
  readonly state: 'open' | 'case_told' | 'retried' | 'resolved';
}

export interface DeadLetterSearch {
  readonly provider: ProviderName | null;
  readonly caseId: string | null;
  readonly state: DeadLetter['state'] | null;
  /** The last id the reader has, newest first. */
  readonly after: string | null;
  readonly limit: number;
}

/** Why a dead letter is not tried again. Stable codes for clients. */
export type RetryRefusal =
  | 'case_closed'
  | 'case_erased'
  | 'case_not_there'
  | 'already_retried'
  /** The provider may have done it: another try could do it twice. */
  | 'outcome_unknown'
  /** The case waited for it, heard that it failed, and is where it does not ask for it any more. */
  | 'case_went_on'
  | 'timer_gone'
  | 'contact_moved';

/** A letter with what decides whether it may be tried again. */
export interface DeadLetterDetail extends DeadLetter {
  readonly caseStatus: 'active' | 'done' | 'parked' | null;
  readonly isErased: boolean;
  readonly effect: { readonly awaited: boolean; readonly doubtful: boolean } | null;
}

/** Dead letters as they are stored. Each method is one transaction. */
export interface DeadLetterStore {
  list(tenant: string, search: DeadLetterSearch): Promise<readonly DeadLetter[]>;
  find(tenant: string, id: string): Promise<DeadLetterDetail | null>;
  /** The effect waits to be performed again, with all its tries. False: another call was first, or it is not failed. */
  retryEffect(id: string): Promise<boolean>;
  /** The event waits for its case again. False as above. */
  retryEvent(id: string): Promise<boolean>;
  /** The case was told to ask again. False: another call was first. */
  markRetried(id: string): Promise<boolean>;
}

/** What staff do about dead letters. Audited before it is done. */
export interface DeadLetters {
  list(
    staff: Staff,
    search: DeadLetterSearch,
  ): Promise<{ readonly deadLetters: readonly DeadLetter[]; readonly next: string | null }>;
  /** Null when this tenant has no such letter. */
  find(staff: Staff, id: string): Promise<DeadLetter | null>;
  /** Tries again what failed. Null as above. */
  retry(staff: Staff, id: string): Promise<{ readonly refused: RetryRefusal | null } | null>;
}
