import { activate, type Activation } from './activate.ts';
import { kindOf } from './errors.ts';
import type { PendingEvent, StoredCase } from './ports.ts';
import type { ActivationContext } from './run.ts';

/** A case that is there and cannot be read. */
export type BrokenCase = Omit<StoredCase, 'envelope'> & { readonly reason: string };

/** An event that is there and cannot be read. */
export type LostEvent = Omit<PendingEvent, 'body'> & { readonly reason: string };

/** What comes of a case and the events that wait for it. */
export interface Meeting extends Pick<Activation, 'commit' | 'deadLetters'> {
  /** The events that have their disposition with it; the others wait for the next meeting. */
  readonly takes: readonly Pick<PendingEvent, 'caseId' | 'position'>[];
  /** Why the case has to be parked; null if it goes on. */
  readonly parks: string | null;
  /** Lines of `log()` of the steps. */
  readonly log?: readonly string[];
}

/**
 * An activation that cannot throw, so that whatever is wrong with one case stays with it:
 *
 * - a case that cannot be read, or whose machine, migration or snapshot throws, is parked, and its events wait;
 * - an event that cannot be read, or is of a form we do not know, is dead-lettered, and its case goes on with the others;
 * - of a case that is over, or that is not there yet, nothing can be parked: there the event is dead-lettered.
 */
export function met(
  ref: { readonly tenant: string; readonly caseId: string },
  state: StoredCase | BrokenCase | null,
  waiting: readonly PendingEvent[],
  lost: readonly LostEvent[],
  context: ActivationContext,
): Meeting {
  const unreadable = lost.map(({ eventId, reason }) => ({ eventId, reason }));
  const all = [...waiting, ...lost];
  if (state && 'reason' in state) return over(state.status, state.reason, all);
  // What the case's key does not open, the case cannot be stored with either, though we may still remember it.
  const keyless = lost.find(({ reason }) => ofKey.has(reason));
  if (state && keyless) return over(state.status, keyless.reason, all);
  try {
    const { commit, deadLetters, parked, log } = activate(ref, state, waiting, context);
    if (parked !== null) return park(parked);
    return { commit, deadLetters: [...unreadable, ...deadLetters], takes: all, parks: null, log };
  } catch (error) {
    const unknown = waiting.filter(({ body }) => !isEventBody(body));
    if (unknown.length > 0) {
      const rest = waiting.filter((event) => !unknown.includes(event));
      const nowLost = unknown.map((event) => ({ ...event, reason: 'event_unreadable' }));
      return met(ref, state, rest, [...lost, ...nowLost], context);
    }
    const reason = `activation_failed ${kindOf(error)}`.slice(0, 200);
    if (state) return over(state.status, reason, all);
    const [first, ...others] = waiting;
    if (!first) return { commit: null, deadLetters: unreadable, takes: lost, parks: null };
    // One of them keeps the case from being opened. The first alone, and so on, until it is found.
    if (others.length > 0) return met(ref, null, [first], lost, { ...context, more: true });
    const letters = [...unreadable, { eventId: first.eventId, reason }];
    return { commit: null, deadLetters: letters, takes: all, parks: null };
  }
}

/** What the ledger says of an event when it is the key of its case that is wrong. */
const ofKey: ReadonlySet<string> = new Set(['key_unreadable', 'key_missing']);

/** Whether it is JSON of the form that `EventBody` has. Asked only once something was wrong. */
function isEventBody(text: string): boolean {
  try {
    const body: unknown = JSON.parse(text);
    if (typeof body !== 'object' || body === null) return false;
    const { event, outcome } = body as { event?: unknown; outcome?: unknown };
    if (outcome !== undefined)
      return typeof (outcome as { effectId?: unknown }).effectId === 'string';
    return event === undefined || typeof (event as { type?: unknown }).type === 'string';
  } catch {
    return false;
  }
}

const park = (reason: string): Meeting => ({
  commit: null,
  deadLetters: [],
  takes: [],
  parks: reason,
});

/** A case that is over is not parked: whoever wrote to it once may open another. */
function over(
  status: StoredCase['status'],
  reason: string,
  events: readonly Pick<PendingEvent, 'caseId' | 'position' | 'eventId'>[],
): Meeting {
  if (status !== 'done') return park(reason);
  const deadLetters = events.map(({ eventId }) => ({ eventId, reason }));
  return { commit: null, deadLetters, takes: events, parks: null };
}
