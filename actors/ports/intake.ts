/**
 * What a verified webhook says, in our words. `about` tells the ledger whose case it is.
 *
 * The edge makes these; the core commits them. Nothing here is trusted for money or identity beyond the signature.
 */
export type Delivery = {
  /** `whatsapp`, `stripe`, … with `dedupeKey` unique for ever. */
  readonly source: string;
  /** The provider's own id of the fact (a message id, an event id), at most 200 characters. */
  readonly dedupeKey: string;
  /** An event type of `actors/shapes/events.ts`, or `unknown` when the provider's type is not one of ours: stored and parked. */
  readonly type: string;
  /** JSON value, checked by that type's schema. PHI allowed: it is encrypted before it is stored. */
  readonly data: unknown;
  /** W3C trace context of the request. */
  readonly traceparent?: string;
  readonly about:
    | {
        /** The receiving account tells the tenant; the sender tells the contact and so the case. */
        readonly kind: 'contact';
        readonly account: string;
        readonly userId: string | null;
        readonly phone: string | null;
        readonly profileName: string | null;
        /** The contact's new number or id, where the provider tells of a change. Made before the event reaches its case. */
        readonly becomes?: { readonly userId: string | null; readonly phone: string | null };
        /** False of what is no patient's word: it goes to a case that is there, and never begins one. */
        readonly opens?: false;
      }
    /** A case or an effect of ours that the provider echoes back; checked against the ledger. */
    | { readonly kind: 'case'; readonly caseId: string }
    | { readonly kind: 'effect'; readonly effectId: string; readonly recipient?: SentTo }
    /** A message of ours that the provider names by its own id only. Found by what we noted when it was sent. */
    | { readonly kind: 'message'; readonly messageId: string; readonly recipient?: SentTo }
    /** A payment that the provider names by its own id only. Found by what the books know; `bookingId` in the data is filled in. */
    | { readonly kind: 'payment'; readonly provider: string; readonly paymentId: string }
    /** Something we cannot attach to a case: stored and parked with the reason. */
    | { readonly kind: 'nobody'; readonly reason: string };
};

/** Whom the provider says a message of ours went to: the number and the id of one person. */
export interface SentTo {
  /** The account it was sent from. */
  readonly account: string;
  readonly userId: string;
  readonly phone: string;
}

export interface Receipt {
  /** `stored`: will reach its case. `duplicate`: seen before. `conflict`: same key, other body; flagged. `parked`: kept for staff. */
  readonly outcome: 'stored' | 'duplicate' | 'conflict' | 'parked';
}

/** The ledger cannot commit now; the sender should try again. */
export class IntakeUnavailable extends Error {
  override readonly name = 'IntakeUnavailable';
  readonly code = 'intake_unavailable';
  readonly retryable = true;
}

/** For deliveries that were parked: looks for their case once more. */
export interface Rerouting {
  /** `reason` says why it has no case still; nothing is stored then. As `receive` otherwise. @throws {IntakeUnavailable} */
  reroute(
    delivery: Delivery,
  ): Promise<
    | { readonly outcome: 'stored' | 'duplicate' | 'conflict' }
    | { readonly outcome: 'parked'; readonly reason: string }
  >;
}

/** Where the edge hands over what providers post. */
export interface Intake {
  /**
   * Resolves after the commit, with a receipt for each delivery in order. Concurrent calls share commits.
   *
   * @throws {IntakeUnavailable} not all is stored; the same deliveries again find as duplicates what is
   */
  receive(deliveries: readonly Delivery[]): Promise<readonly Receipt[]>;
}
