/** A case as it is stored, all of it JSON. Nothing here knows XState. */
import type { EventObject } from 'xstate';

import type { ActorPath, Mark } from './values.ts';

/** A timer as it is stored. `event` goes from `source` to `target` at `dueAt` (epoch ms). */
export interface StoredTimer {
  readonly id: string;
  readonly source: ActorPath;
  readonly target: ActorPath;
  readonly event: EventObject;
  readonly dueAt: number;
  /** What JSON cannot keep of the event. */
  readonly marks?: readonly Mark[];
}

/** Counters that make generated ids repeatable: actors spawned without an id, delayed sends without an id. */
export interface Counters {
  actors: number;
  timers: number;
}

/** An actor tree as it is stored, all of it JSON. `awaited` maps a waiting promise actor's path to its effect id. */
export interface PersistedState {
  readonly snapshot: unknown;
  readonly timers: readonly StoredTimer[];
  readonly awaited: readonly { readonly path: ActorPath; readonly effectId: string }[];
  readonly counters: Readonly<Counters>;
}

/** A timer by its name in the history: the path of the actor that set it, and its id. */
export interface DueTimer {
  readonly subject: string;
  /** Type of the event it sends. */
  readonly type: string;
  readonly dueAt: number;
}

/** What names a timer: the path of the actor that set it, and its id. */
export const subjectOf = ({ source, id }: Pick<StoredTimer, 'source' | 'id'>) =>
  `${source.join('/')}#${id}`;

/** The timer due soonest, ties in the order they were set; null if none is set. */
export function nextTimer({ timers }: PersistedState): DueTimer | null {
  let next: StoredTimer | null = null;
  for (const timer of timers) if (!next || timer.dueAt < next.dueAt) next = timer;
  return next && { subject: subjectOf(next), type: next.event.type, dueAt: next.dueAt };
}

/** Without one timer: what it would do has failed before. */
export const withoutTimer = (state: PersistedState, subject: string): PersistedState => ({
  ...state,
  timers: state.timers.filter((timer) => subjectOf(timer) !== subject),
});

/** A case as it is stored: which machine made it, and everything that machine needs to go on. */
export interface Envelope extends PersistedState {
  readonly machine: string;
  readonly version: string;
  readonly definitionHash: string;
  readonly format: 'xstate5';
  readonly seq: number;
}

export const parseEnvelope = (text: string) => JSON.parse(text) as Envelope;

/** The part of an envelope that a step works on. */
export const stateIn = ({
  snapshot,
  timers,
  awaited,
  counters,
}: PersistedState): PersistedState => ({
  snapshot,
  timers,
  awaited,
  counters,
});
