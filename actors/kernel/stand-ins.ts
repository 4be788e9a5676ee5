/**
 * What stands in a machine in the place of I/O: promise actors do nothing, and named actions with a performer do nothing. Both
 * only tell the step that runs what is asked of the world. Read on 5.33.3.
 */
import type { AnyActorLogic, AnyActorRef, EventObject } from 'xstate';

import { countAsEffect } from './definitions.ts';
import { keepSnapshot, restoreKept, type Persisting } from './snapshot.ts';

/** Something a step asked of the world. */
export type Request =
  | { readonly kind: 'invoke'; readonly name: string; readonly input: unknown }
  | { readonly kind: 'action'; readonly name: string; readonly input: unknown }
  | { readonly kind: 'emit'; readonly name: string; readonly input: unknown };

type Listener = (request: Request, from: AnyActorRef) => void;

/** Who hears what the actors of one system ask for. */
const listeners = new WeakMap<object, Listener>();

export const listenTo = (system: object, listener: Listener): void =>
  void listeners.set(system, listener);

/** Tells whoever listens to the actor's system. */
export const ask = (ref: AnyActorRef, request: Request): void =>
  listeners.get(ref.system)?.(request, ref);

const RESOLVE = 'xstate.promise.resolve';
const REJECT = 'xstate.promise.reject';

export interface PromiseSnapshot {
  readonly status: 'active' | 'done' | 'error' | 'stopped';
  readonly output: unknown;
  readonly error: unknown;
  readonly input: unknown;
}

/** Stands in for a promise actor: its snapshots are those of `fromPromise`, its work is an effect named `name`. */
export function effectLogic(name: string): AnyActorLogic {
  const logic = {
    config: name,
    getInitialSnapshot: (_scope: unknown, input: unknown): PromiseSnapshot => ({
      status: 'active',
      output: undefined,
      error: undefined,
      input,
    }),
    transition(state: PromiseSnapshot, event: { type: string; data?: unknown }): PromiseSnapshot {
      if (state.status !== 'active') return state;
      if (event.type === RESOLVE)
        return { ...state, status: 'done', output: event.data, input: undefined };
      if (event.type === REJECT)
        return { ...state, status: 'error', error: event.data, input: undefined };
      if (event.type === 'xstate.stop') return { ...state, status: 'stopped', input: undefined };
      return state;
    },
    start(state: PromiseSnapshot, { self }: { self: AnyActorRef }) {
      if (state.status === 'active') ask(self, { kind: 'invoke', name, input: state.input });
    },
    getPersistedSnapshot: (state: PromiseSnapshot, persisting: Persisting) =>
      keepSnapshot(state, persisting),
    restoreSnapshot: restoreKept,
  };
  countAsEffect(logic);
  return logic as unknown as AnyActorLogic;
}

/** What tells a promise actor's stand-in how its effect ended. */
export const outcomeEvent = (ok: boolean, data: unknown): EventObject =>
  ({ type: ok ? RESOLVE : REJECT, data }) as EventObject;

/** Stands in for a named action that has a performer: running it records an effect. */
export function effectAction(name: string) {
  return ({ self }: { self: AnyActorRef }, params: unknown) =>
    ask(self, { kind: 'action', name, input: params });
}
