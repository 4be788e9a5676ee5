/** How what a case meets is played on its actor. */
import { UnstorableEvent } from './errors.ts';
import { withoutTimer, type PersistedState } from './persisted-state.ts';
import type { EventBody } from './ports.ts';
import { revive } from './values.ts';
import type { LiveActor } from './xstate.ts';

/** One thing that a case meets: an event, or a timer that is due. */
export interface Step {
  readonly kind: 'event' | 'timer';
  readonly subject: string;
  readonly type: string;
  readonly traceparent: string | null;
  readonly play: (actor: LiveActor) => string | null;
  /** What of the case goes when the step comes to nothing. */
  readonly without?: (state: PersistedState) => PersistedState;
}

/** An event's body with what its JSON could not say. */
export function bodyOf(text: string): EventBody {
  const body = JSON.parse(text) as EventBody;
  if ('marks' in body && body.marks) revive(body, body.marks);
  return body;
}

export const timerStep = (subject: string, type: string): Step => ({
  kind: 'timer',
  subject,
  type,
  traceparent: null,
  play: (actor) => (actor.fire(subject) ? null : 'timer_gone'),
  without: (state) => withoutTimer(state, subject),
});

/** How an event meets the actor: null when it was taken, else why it was ignored. Null instead of a function: nothing to play. */
export function playOf(body: EventBody): ((actor: LiveActor) => string | null) | null {
  if ('outcome' in body) {
    const { effectId, ok, value } = body.outcome;
    return (actor) => (actor.settle(effectId, { ok, value }) ? null : 'effect_not_awaited');
  }
  const { event } = body;
  if (!event) return null;
  // Not ignored but dead-lettered, so that staff find it: nobody can say what it was meant to be.
  if (typeof event.type !== 'string')
    return () => {
      throw new UnstorableEvent('the event has no type');
    };
  if (event.type.startsWith('xstate.')) return () => 'reserved_event_type'; // XState's own, `xstate.stop` among them.
  return (actor) => {
    if (actor.standing().status !== 'active') return 'case_done';
    return actor.send(event) ? null : 'not_accepted_in_state';
  };
}
