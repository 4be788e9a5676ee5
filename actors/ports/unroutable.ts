import type { Staff } from './desk.ts';
import type { Delivery } from './intake.ts';

/** A delivery that has no case, as staff see it. */
export interface UnroutableDelivery {
  readonly id: string;
  /** `whatsapp`, `stripe`, … */
  readonly source: string;
  /** An event type of ours, or `unknown`. */
  readonly type: string;
  /** Why it has no case: a code. */
  readonly reason: string;
  /** ISO 8601 with offset. */
  readonly receivedAt: string;
  /** Its content, masked and cut; null where it cannot be read. */
  readonly summary: string | null;
  /** Whether enough of it is kept to look for its case again. */
  readonly retryable: boolean;
}

export interface UnroutableSearch {
  readonly source: string | null;
  /** The last id the reader has, oldest first. */
  readonly after: string | null;
  readonly limit: number;
}

/** Why a delivery is not routed. Stable codes for clients; the rest are reasons of the intake. */
export type RoutingRefusal = 'already_routed' | 'kept_without_its_address' | (string & {});

/** Deliveries without a case as they are stored. */
export interface UnroutableStore {
  /** Of a tenant, and with `isHome` of nobody, which the installation's own staff look after. */
  list(
    owner: { readonly tenant: string; readonly isHome: boolean },
    search: UnroutableSearch,
  ): Promise<readonly (Omit<UnroutableDelivery, 'summary'> & { readonly body: string | null })[]>;
  /** `delivery` is null where too little of it was kept. */
  find(
    owner: { readonly tenant: string; readonly isHome: boolean },
    id: string,
  ): Promise<{ readonly isRouted: boolean; readonly delivery: Delivery | null } | null>;
  markRouted(id: string): Promise<void>;
}

/** What staff do about deliveries that have no case. Audited before it is done. */
export interface UnroutableDeliveries {
  list(
    staff: Staff,
    search: UnroutableSearch,
  ): Promise<{ readonly deliveries: readonly UnroutableDelivery[]; readonly next: string | null }>;
  /** Looks for its case again. Null when there is no such delivery of theirs. */
  retry(staff: Staff, id: string): Promise<{ readonly refused: RoutingRefusal | null } | null>;
}
