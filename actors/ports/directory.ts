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
  /** JSON text of what is needed to look for its case again, stored encrypted. */
  readonly address: string;
}

/** A contact whose number or id is another from now on: the provider says so. At least one part of each side is there. */
export interface ContactChange {
  /** The receiving account. */
  readonly account: string;
  readonly from: { readonly userId: string | null; readonly phone: string | null };
  readonly to: { readonly userId: string | null; readonly phone: string | null };
  /** When it changed, by the provider's clock: ISO 8601 with offset. */
  readonly at: string;
}

/** A payment by the id its provider gave it. */
export interface PaymentKey {
  readonly provider: string;
  readonly paymentId: string;
}

/** Whose booking a payment is for, by our books. */
export interface PaidBooking {
  readonly tenant: string;
  readonly caseId: string;
  readonly bookingId: string;
}

/** Who is who. Set-based: one call for a batch. */
export interface Directory {
  /**
   * The case of each contact, in order; null for an account that no tenant has, and for a sender with neither an id
   * nor a number that can be looked up. A contact never heard of gets one, and so does one whose case is over. A
   * number that changed hands is the contact's who showed it last. A contact learns what it shows: one known by number
   * its id, one known by id its number. Where two turn out to be one person, the one known by its id is that person.
   * Number and id are kept as keyed hashes only.
   */
  casesOf(contacts: readonly ContactKey[]): Promise<readonly (ContactCase | null)[]>;
  /**
   * Gives contacts their new number or id; what is null in `to` stays as it is. The same change again changes nothing,
   * nor does one from before the contact's last change. A contact we never heard of is left out. Whoever had the
   * number or the id before loses it.
   */
  change(changes: readonly ContactChange[]): Promise<void>;
  /** The tenant of each case that was ever opened; others are left out. */
  tenantsOf(caseIds: readonly string[]): Promise<ReadonlyMap<string, string>>;
  /** The booking of each payment, in order; null for one that the books do not know. */
  bookingsOf(payments: readonly PaymentKey[]): Promise<readonly (PaidBooking | null)[]>;
  /** Keeps what has no case. A repeated key with another body is a `conflict`, and the first one stands. */
  park(unplaced: readonly Unplaced[]): Promise<readonly ('parked' | 'duplicate' | 'conflict')[]>;
}
