import { isDeepStrictEqual } from 'node:util';

import type { AnyStateMachine } from 'xstate';

import type { PersistedState } from './persisted-state.ts';

/** The parts of a persisted machine snapshot that decide whether it fits. */
interface MachineSnapshot {
  readonly status: string;
  readonly value: unknown;
  readonly context: unknown;
  readonly children?: Readonly<
    Record<string, { readonly src: unknown; readonly snapshot: unknown }>
  >;
  /** For each history state's parent: where it was left. */
  readonly historyValue?: Readonly<Record<string, readonly { readonly id: string }[]>>;
}

/**
 * Why a stored case does not fit a machine; empty when it does. XState itself accepts most of these without a
 * word: an invoke added to the current state never starts, a child of a renamed source is dropped, a new parallel
 * region is filled in but never entered. The case would wait for ever.
 *
 * One thing it cannot see: an `after` that the current state did not have. Whether its timer was never set or has
 * fired looks the same, so a migration has to set it.
 */
export function incompatibilities(
  machine: AnyStateMachine,
  { snapshot, timers }: Pick<PersistedState, 'snapshot' | 'timers'>,
): string[] {
  return incompatibilitiesOf(machine, snapshot as MachineSnapshot, timers, [], machine.id);
}

function incompatibilitiesOf(
  machine: AnyStateMachine,
  snapshot: MachineSnapshot,
  timers: PersistedState['timers'],
  path: readonly string[],
  place: string,
): string[] {
  if (snapshot.status !== 'active') return [];
  const children = snapshot.children ?? {};
  const found: string[] = [];

  let resolved;
  try {
    resolved = machine.resolveState({
      value: snapshot.value as never,
      context: snapshot.context,
    });
  } catch {
    return [`${place}: the state ${JSON.stringify(snapshot.value)} is no more`];
  }
  if (!isDeepStrictEqual(resolved.value, snapshot.value)) {
    found.push(
      `${place}: the state ${JSON.stringify(snapshot.value)} has grown regions or substates that were never entered`,
    );
  }
  for (const node of resolved._nodes) {
    for (const { id, src } of node.invoke) {
      const child = children[id];
      if (!child) found.push(`${place}: "${node.id}" now invokes "${id}", which was never started`);
      else if (child.src !== src)
        found.push(
          `${place}: "${node.id}" now invokes another actor as "${id}" than the one that runs`,
        );
    }
  }
  const delayed = new Set(
    resolved._nodes.flatMap((node) => node.after.map(({ eventType }) => eventType)),
  );
  for (const { id, source, event } of timers) {
    if (!event.type.startsWith('xstate.after.') || !isDeepStrictEqual(source, path)) continue;
    if (!delayed.has(event.type))
      found.push(`${place}: timer "${id}" runs, but no current state has such an "after"`);
  }
  for (const { id } of Object.values(snapshot.historyValue ?? {}).flat()) {
    if (!hasNode(machine, id))
      found.push(`${place}: a history state remembers "${id}", which is no more`);
  }
  for (const [id, child] of Object.entries(children)) {
    const logic =
      typeof child.src === 'string'
        ? (machine.implementations.actors[child.src] as AnyStateMachine | undefined)
        : undefined;
    if (!logic)
      found.push(`${place}: child "${id}" comes from an actor that is not registered any more`);
    else if ('root' in logic) {
      found.push(
        ...incompatibilitiesOf(
          logic,
          child.snapshot as MachineSnapshot,
          timers,
          [...path, id],
          `${place}/${id}`,
        ),
      );
    }
  }
  return found;
}

function hasNode(machine: AnyStateMachine, id: string): boolean {
  try {
    return machine.getStateNodeById(id) !== undefined;
  } catch {
    return false;
  }
}
