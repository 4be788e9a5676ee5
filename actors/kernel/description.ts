/** What a machine is, as a value: for consoles, checks and drawings, which then need not know XState. */
import type { AnyStateMachine, AnyStateNode } from 'xstate';

import { isMachine } from './definitions.ts';

export interface MachineDescription {
  readonly id: string;
  readonly version: string;
  readonly root: StateDescription;
  /** The machines of its `setup({ actors })`, by their names there. */
  readonly machines: Readonly<Record<string, MachineDescription>>;
}

export interface StateDescription {
  /** Of the whole machine: `case.open.speaker`. */
  readonly id: string;
  /** Keys from the root, joined with a dot: `open.speaker`; empty for the root. */
  readonly path: string;
  readonly type: 'atomic' | 'compound' | 'parallel' | 'final' | 'history';
  /** Key of the state inside that is entered first. */
  readonly initial: string | null;
  readonly description: string | null;
  readonly meta: unknown;
  readonly tags: readonly string[];
  /** Types of the events that it takes itself, with wildcards as they are written. Those that it forbids are left out. */
  readonly events: readonly string[];
  readonly timers: readonly TimerDescription[];
  readonly invokes: readonly InvokeDescription[];
  /** In the order in which they are written. */
  readonly states: Readonly<Record<string, StateDescription>>;
}

/** An `after`. */
export interface TimerDescription {
  /** What the definition calls its delay; of a delay without a name, its milliseconds. */
  readonly name: string;
  /** Null where it depends on the case. */
  readonly delayMs: number | null;
}

export interface InvokeDescription {
  readonly id: string;
  readonly src: string;
  /** True for a machine inside the case: see `MachineDescription.machines`. */
  readonly isMachine: boolean;
}

/** A plain value that JSON can say. `machine`: as it is written, or as it is hosted. */
export function describe(machine: AnyStateMachine): MachineDescription {
  const inside = Object.entries(machine.implementations.actors as Record<string, unknown>)
    .filter((entry): entry is [string, AnyStateMachine] => isMachine(entry[1]))
    .map(([name, child]) => [name, describe(child)] as const);
  return {
    id: machine.id,
    version: machine.version ?? '1',
    root: describeState(machine, machine.root as AnyStateNode),
    machines: Object.fromEntries(inside),
  };
}

function describeState(machine: AnyStateMachine, node: AnyStateNode): StateDescription {
  const { actors, delays } = machine.implementations as {
    actors: Record<string, unknown>;
    delays: Record<string, unknown>;
  };
  const timerOf = ({ delay }: { delay?: unknown }): TimerDescription => {
    const given = typeof delay === 'string' && delay in delays ? delays[delay] : Number(delay);
    const isKnown = typeof given === 'number' && Number.isFinite(given);
    return { name: String(delay), delayMs: isKnown ? given : null };
  };
  const timers = new Map(node.after.map((one) => [String(one.delay), timerOf(one)]));
  return {
    id: node.id,
    path: node.path.join('.'),
    type: node.type,
    initial: node.initial?.target?.[0]?.key ?? null,
    description: node.description ?? null,
    meta: (node.meta as unknown) ?? null,
    tags: [...node.tags],
    events: [...node.transitions]
      .filter(([type]) => !type.startsWith('xstate.'))
      .filter(([, taken]) => taken.some(({ target, actions }) => target ?? actions.length > 0))
      .map(([type]) => type),
    timers: [...timers.values()],
    invokes: node.invoke.map(({ id, src }) => ({
      id,
      src: typeof src === 'string' ? src : '(inline)',
      isMachine: typeof src === 'string' && isMachine(actors[src]),
    })),
    states: Object.fromEntries(
      Object.values(node.states).map((state) => [state.key, describeState(machine, state)]),
    ),
  };
}

/** The states that are active when a machine has this value, outer ones before those inside them. Keys that it does not know are passed over. */
export function activeStates({ root }: MachineDescription, value: unknown): StateDescription[] {
  const inside = (state: StateDescription, of: unknown): StateDescription[] => {
    const keys = typeof of === 'string' ? { [of]: undefined } : ((of as object | undefined) ?? {});
    const below = Object.entries(keys).flatMap(([key, deeper]) => {
      const next = state.states[key];
      return next ? inside(next, deeper) : [];
    });
    return [state, ...below];
  };
  return inside(root, value);
}

/** Types of the events that a machine takes when it has this value, each once. A guard may still turn one down. */
export const eventsTaken = (description: MachineDescription, value: unknown): string[] => [
  ...new Set(activeStates(description, value).flatMap(({ events }) => events)),
];
