/** Somebody a tenant's account heard from. At least one of `userId` and `phone` is there. */
export interface ContactKey {
  /** The receiving account, e.g. Meta's phone number id. */
  readonly account: string;
  readonly userId: string | null;
  /** E.164 digits. */
  readonly phone: string | null;
}

/** Whose case a contact's words go to. */
export interface ContactCase {
  readonly tenant: string;
  /** What patients know the tenant by. */
  readonly tenantName: string;
  readonly caseId: string;
  /** False until the case's first event is committed: that event must open it. */
  readonly opened: boolean;
}

/** A delivery that belongs to no case, kept for staff. */
export interface Unplaced {
  readonly source: string;
  readonly dedupeKey: string;
  readonly type: string;
  /** A code, without data. */
  readonly reason: string;
  /** JSON text, stored encrypted. */
  readonly body: string;
}

/** Who is who. Set-based: one call for a batch. */
export interface Directory {
  /**
   * The case of each contact, in order; null for an account that no tenant has, and for a sender with neither an id
   * nor a number that can be looked up. A contact never heard of gets one, and so does one whose case is over. A
   * number that changed hands is the contact's who showed it last. Number and id are kept as keyed hashes only.
   */
  casesOf(contacts: readonly ContactKey[]): Promise<readonly (ContactCase | null)[]>;
  /** The tenant of each case that was ever opened; others are left out. */
  tenantsOf(caseIds: readonly string[]): Promise<ReadonlyMap<string, string>>;
  /** Keeps what has no case. A repeated key with another body is a `conflict`, and the first one stands. */
  park(unplaced: readonly Unplaced[]): Promise<readonly ('parked' | 'duplicate' | 'conflict')[]>;
}
