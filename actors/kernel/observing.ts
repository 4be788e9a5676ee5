import type { CaseStatus } from './ports.ts';

/** Hears what happens, for metrics and traces. Must be cheap and must not throw. */
export interface Observer {
  committed?(updates: readonly CaseUpdate[]): void;
  count?(what: CountedFact, n: number): void;
  /** A machine emitted an event of this type, and it is committed. */
  emitted?(type: string): void;
  /** Something that waits for a person now. `subject` is an event id, `timer:…` or an effect id; `reason` a code. */
  note?(what: NotedFact, about: Noted): void;
  /**
   * A line of `log()` of a machine, at most 500 characters, after the commit of its step; at most 50 of one turn of a
   * case. It may hold data of the case. Never heard at a replay.
   */
  log?(line: string, about: { readonly tenant: string; readonly caseId: string }): void;
  /** An error the kernel lives with; `where` names the loop. */
  trouble?(where: string, error: unknown): void;
  /** Runs `work` inside a span that continues `traceparent`. */
  trace?<T>(name: string, traceparent: string | null, work: () => Promise<T>): Promise<T>;
}

export type NotedFact = 'dead_letter' | 'case_parked' | 'effect_failed' | 'effect_unknown';

export interface Noted {
  readonly tenant: string | null;
  readonly caseId: string;
  readonly subject: string;
  readonly reason: string;
}

export type CountedFact =
  | 'events_applied'
  | 'events_ignored'
  | 'events_dead'
  | 'timers_fired'
  | 'effects_done'
  | 'effects_failed'
  | 'effects_retried'
  | 'effects_unknown'
  | 'effects_not_permitted'
  | 'entries_swept'
  | 'commits_refused';

export interface CaseUpdate {
  readonly tenant: string;
  readonly caseId: string;
  readonly status: CaseStatus;
  /** JSON text of the state value. */
  readonly state: string;
  readonly tags: readonly string[];
}

/**
 * An observer whose faults are its own: what it throws is reported as trouble and stops nobody's work. What it traces
 * is done once, whether it does it, drops it or throws before or after.
 */
export function guarded(outside: Observer): Observer {
  const report = (error: unknown) => {
    try {
      outside.trouble?.('observer', error);
    } catch {
      // Then nobody can hear of it.
    }
  };
  const safely = (work: () => void) => {
    try {
      work();
    } catch (error) {
      report(error);
    }
  };

  async function traced<T>(
    name: string,
    traceparent: string | null,
    work: () => Promise<T>,
  ): Promise<T> {
    let done: Promise<T> | null = null;
    const once = () => (done ??= work());
    try {
      await outside.trace?.(name, traceparent, once);
    } catch (error) {
      if (!done) report(error); // Else it is most likely the work's own error, which its caller gets.
    }
    return once();
  }

  return {
    committed: (updates) => safely(() => outside.committed?.(updates)),
    count: (what, n) => safely(() => outside.count?.(what, n)),
    emitted: (type) => safely(() => outside.emitted?.(type)),
    note: (what, about) => safely(() => outside.note?.(what, about)),
    // Left out where nobody listens, so that nothing is gathered.
    ...(outside.log ? { log: (line, about) => safely(() => outside.log?.(line, about)) } : {}),
    trouble: (where, error) => safely(() => outside.trouble?.(where, error)),
    trace: traced,
  };
}
