export { maxCompanions } from '../../machines/companions-rules.ts';

/** Somebody a tenant's account heard from. At least one of `userId` and `phone` is there. */
export interface ContactKey {
  /** The receiving account, e.g. Meta's phone number id. */
  readonly account: string;
  readonly userId: string | null;
  /** E.164 digits. */
  readonly phone: string | null;
  /** When they said what is to be placed, by the provider's clock: ISO 8601 with offset. Who had the number then is meant. */
  readonly at?: string;
}

/** Whose case a contact's words go to. */
export interface ContactCase {
  readonly tenant: string;
  /** What patients know the tenant by. */
  readonly tenantName: string;
  readonly caseId: string;
  /** False until the case's first event is committed: that event must open it. */
  readonly opened: boolean;
  /** The contact's id, where it has several cases: `familiesOf` says which. `caseId` is the oldest then. */
  readonly several?: string;
}

/** One of a contact's several cases. Times are epoch ms by the database's clock. */
export interface FamilyCase {
  readonly caseId: string;
  readonly opened: boolean;
  readonly over: boolean;
  /** When it last asked the patient something; null if never since it had companions. */
  readonly askedAt: number | null;
  /** When the patient last wrote to it. */
  readonly heardAt: number | null;
}

/** A contact's cases, oldest first, and the time they were read at. */
export interface Family {
  readonly cases: readonly FamilyCase[];
  readonly now: number;
}

/** What may name a message's case: its own dedupe key or that of the message it changes, and the message of ours that it answers. */
export interface MessageClue {
  readonly tenant: string;
  readonly source: string;
  readonly dedupeKeys: readonly string[];
  readonly answers: string | null;
}

/** A second case for a contact. */
export interface NewCompanion {
  readonly tenant: string;
  /** The contact, as the case knows it. */
  readonly userId: string | null;
  readonly phone: string | null;
  /** The case that asks for it, and the id of the one that is to be. */
  readonly caseId: string;
  readonly newCaseId: string;
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
   * nor does one from before the contact's last change. A contact we never heard of is left out. What a contact had before
   * still leads to it, until somebody else shows it as theirs. A number or an id that somebody else with an open case
   * had before the change is never taken: such changes are not made, and come back, for a person to look at.
   */
  change(changes: readonly ContactChange[]): Promise<readonly ContactChange[]>;
  /** Teaches contacts what the provider says is theirs: who is known by number their id. Begins no contact, takes nothing from anybody. */
  learn(shown: readonly ContactKey[]): Promise<void>;
  /** The cases of contacts that have several. */
  familiesOf(contactIds: readonly string[]): Promise<ReadonlyMap<string, Family>>;
  /** The case that each message names, in order: which has it already, or heard what it changes, or else said what it answers. */
  casesNamed(clues: readonly MessageClue[]): Promise<readonly (string | null)[]>;
  /** Notes that these cases are being written to now; what is no case of several is left out. */
  heard(caseIds: readonly string[]): Promise<void>;
  /** The tenant of each case that was ever opened; others are left out. */
  tenantsOf(caseIds: readonly string[]): Promise<ReadonlyMap<string, string>>;
  /** The booking of each payment, in order; null for one that the books do not know. */
  bookingsOf(payments: readonly PaymentKey[]): Promise<readonly (PaidBooking | null)[]>;
  /** Keeps what has no case. A repeated key with another body is a `conflict`, and the first one stands. */
  park(unplaced: readonly Unplaced[]): Promise<readonly ('parked' | 'duplicate' | 'conflict')[]>;
}

/** Who else is a patient on the same phone. */
export interface Companions {
  /**
   * Gives the contact of a case one more. Answers the contact's other open cases; the same again changes nothing. `unknown`:
   * the case is not the contact's any more. `too-many`: it has `maxCompanions` open.
   */
  join(one: NewCompanion): Promise<readonly string[] | 'unknown' | 'too-many'>;
  /** Notes that this case asks its patient something now. */
  asked(caseId: string): Promise<void>;
  heard(caseIds: readonly string[]): Promise<void>;
  /** Whether nobody hears any more what this case is told. */
  isOver(caseId: string): Promise<boolean>;
}
