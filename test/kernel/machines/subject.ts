import type { AnyEventObject, AnyStateMachine, PromiseActorLogic } from 'xstate';

/** A machine that must behave in the kernel as it does in memory, and what to try on it. */
export interface Subject {
  readonly machine: AnyStateMachine;
  readonly input?: unknown;
  /** Events to choose from; some that no state accepts are chosen anyway. */
  readonly events: readonly AnyEventObject[];
  /** Actors and actions that performers stand behind. */
  readonly effects?: readonly string[];
}

/** A declared actor without an implementation: whoever hosts the machine gives one. */
export type Effect = PromiseActorLogic<unknown>;
