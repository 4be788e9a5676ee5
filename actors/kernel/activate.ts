import { IncompatibleSnapshot } from './errors.ts';
import { reopen } from './opening.ts';
import type { CaseCommit, PendingEvent, StoredCase } from './ports.ts';
import { create, type ActivationContext, type Run } from './run.ts';
import { bodyOf, playOf, timerStep } from './steps.ts';

/** What one activation of a case comes to. */
export interface Activation {
  /** Null when nothing changed: no event, no timer due. */
  readonly commit: CaseCommit | null;
  readonly deadLetters: readonly { readonly eventId: string; readonly reason: string }[];
  /** Why the case could not be opened; its events stay pending. */
  readonly parked: string | null;
  /** Lines of `log()`, those of steps that failed too. */
  readonly log: readonly string[];
}

/** A timer that sets itself anew at once would otherwise keep us here; beyond this they wait for the next activation. */
const maxNewTimersFired = 100;

/**
 * One pure step of a case: stored state and events in; new state, history, effects and timers out. No I/O, no clock.
 *
 * Timers fire in the order they would have fired had we never been down: one that was due before an event reached the
 * ledger fires before that event. A step that throws changes nothing but the history: its event is dead-lettered and
 * the case keeps its last good state.
 *
 * Each step starts from what the one before it would be stored as. So it does not matter how events are cut into
 * activations: history, effects, ids, timers and snapshots are the same.
 */
export function activate(
  ref: { readonly tenant: string; readonly caseId: string },
  stored: StoredCase | null,
  events: readonly PendingEvent[],
  context: ActivationContext,
): Activation {
  const log: string[] = [];
  let run: Run | null;
  try {
    run = stored && reopen(ref.caseId, stored.envelope, context, log);
  } catch (error) {
    if (!(error instanceof IncompatibleSnapshot)) throw error;
    return { commit: null, deadLetters: [], parked: error.message, log };
  }
  const deadLetters: { eventId: string; reason: string }[] = [];
  const deadLetter = (eventId: string, reason: string) =>
    void deadLetters.push({ eventId, reason });
  let timersLeft = 0;
  // Those that are set already all fire, so that no event overtakes a timer that was due before it.
  const renewTimersLeft = () => void (timersLeft = maxNewTimersFired + (run?.timersWaiting() ?? 0));

  const fireUntil = (time: number) => {
    const stepping = run;
    if (!stepping) return;
    while (timersLeft > 0) {
      const due = stepping.nextTimer();
      if (!due || due.dueAt > time) return;
      timersLeft--;
      const { subject, type } = due;
      const reason = stepping.step(timerStep(subject, type));
      if (reason) deadLetter(`timer:${subject}`, reason);
    }
  };

  let until = context.now;
  renewTimersLeft();
  for (const event of events) {
    const body = bodyOf(event.body);
    until = Math.min(event.receivedAt, context.now);
    fireUntil(until);
    renewTimersLeft();
    fireUntil(until);
    const isThere = run !== null;
    if (!run && 'create' in body && body.create) {
      const opened = create(ref.caseId, body.create, event, context, log);
      if ('reason' in opened) {
        deadLetter(event.eventId, opened.reason);
        continue;
      }
      run = opened.run;
      renewTimersLeft();
    }
    if (!run) {
      deadLetter(event.eventId, 'case_not_open');
      continue;
    }
    // Nothing but a creation: of a case that is there it changes nothing, and the history says so.
    const play = playOf(body) ?? (isThere ? () => 'already_open' : null);
    if (!play) continue;
    const step = {
      kind: 'event',
      subject: event.eventId,
      type: event.type,
      traceparent: event.traceparent,
      play,
    } as const;
    const reason = run.step(step);
    if (reason) deadLetter(event.eventId, reason);
  }
  fireUntil(context.more ? until : context.now);
  return { commit: run && run.commit(ref.tenant), deadLetters, parked: null, log };
}
