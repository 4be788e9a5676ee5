/** Who asks, from a verified token. `tenant` is where every answer stays. */
export interface Staff {
  readonly subject: string;
  readonly tenant: string;
  readonly roles: readonly string[];
}

/** A case as support staff may see it: where it stands and why it waits. No message text, no name, no number. */
export interface CaseView {
  readonly caseId: string;
  readonly machine: string;
  readonly version: string;
  readonly status: 'active' | 'done' | 'parked';
  /** Why it is parked, for developers. Null unless it is. */
  readonly parkedReason: string | null;
  /** XState state value. */
  readonly state: unknown;
  readonly tags: readonly string[];
  readonly seq: number;
  readonly createdAt: string;
  readonly updatedAt: string;
  /** Since when the state value is what it is. */
  readonly stateSince: string;
  readonly waitsFor: {
    readonly timers: readonly { readonly id: string; readonly dueAt: string }[];
    readonly effects: readonly {
      readonly effectId: string;
      readonly name: string;
      readonly status: string;
      readonly attempt: number;
      /** The last try's error, as a code. */
      readonly reason: string | null;
    }[];
    readonly pendingEvents: number;
  };
  /** What could not be done and waits for a person: an event's id, `timer:…` or `effect:…`. */
  readonly deadLetters: readonly {
    readonly subject: string;
    readonly reason: string;
    readonly at: string;
  }[];
}

export interface HistoryEntryView {
  readonly seq: number;
  readonly at: string;
  readonly kind: 'event' | 'timer';
  /** Event type or timer id. */
  readonly type: string;
  readonly disposition: 'applied' | 'ignored' | 'dead';
  readonly reason: string | null;
  readonly stateBefore: unknown;
  readonly stateAfter: unknown;
  readonly effects: readonly string[];
  readonly eventId: string | null;
}

/** What a member of staff tells a case: an event type of `actors/events.ts` that begins with `staff.`, and its data. */
export interface StaffAct {
  readonly type: string;
  readonly data: Readonly<Record<string, unknown>>;
  /** The same key again is the same act, and done once. */
  readonly dedupeKey: string;
  readonly traceparent: string;
}

/** What staff do. As what they read, it is in the audit trail before it is done. */
export interface StaffActions {
  /** Commits the act; the case decides what comes of it. Null when this tenant has no such case. */
  act(staff: Staff, caseId: string, act: StaffAct): Promise<'stored' | 'duplicate' | null>;
}

/** What staff read. Each call writes an audit entry first; if that fails the call fails. */
export interface Desk {
  /** Writes the audit entry of an access or an act; `what` is a route or an event type. */
  audit(staff: Staff, caseId: string, what: string): Promise<void>;
  /** Null when this tenant has no such case. */
  readCase(staff: Staff, caseId: string): Promise<CaseView | null>;
  /** Entries with `seq` greater than `after`, at most `limit` (1 to 500). Null when this tenant has no such case. */
  readHistory(
    staff: Staff,
    caseId: string,
    page: { readonly after: number; readonly limit: number },
  ): Promise<readonly HistoryEntryView[] | null>;
}
