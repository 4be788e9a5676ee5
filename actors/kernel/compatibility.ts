import { isDeepStrictEqual } from 'node:util';

import type { AnyStateMachine } from 'xstate';

/** The parts of a persisted machine snapshot that decide whether it fits. */
interface MachineSnapshot {
  readonly status: string;
  readonly value: unknown;
  readonly context: unknown;
  readonly children?: Readonly<Record<string, { readonly src: unknown; readonly snapshot: unknown }>>;
}

/**
 * Why a stored snapshot does not fit a machine; empty when it does. XState itself accepts most of these without a
 * word: an invoke added to the current state never starts, a child of a renamed source is dropped, a new parallel
 * region is filled in but never entered. The case would wait for ever.
 */
export function misfits(machine: AnyStateMachine, stored: unknown, place = machine.id): string[] {
  const snapshot = stored as MachineSnapshot;
  if (snapshot.status !== 'active') return [];
  const children = snapshot.children ?? {};
  const found: string[] = [];

  let resolved;
  try {
    resolved = machine.resolveState({ value: snapshot.value as never, context: snapshot.context as never });
  } catch {
    return [`${place}: the state ${JSON.stringify(snapshot.value)} is no more`];
  }
  if (!isDeepStrictEqual(resolved.value, snapshot.value)) {
    found.push(`${place}: the state ${JSON.stringify(snapshot.value)} has grown regions or substates that were never entered`);
  }
  for (const node of resolved._nodes) {
    for (const { id } of node.invoke) {
      if (!children[id]) found.push(`${place}: "${node.id}" now invokes "${id}", which was never started`);
    }
  }
  for (const [id, child] of Object.entries(children)) {
    const logic = typeof child.src === 'string' ? (machine.implementations.actors[child.src] as AnyStateMachine | undefined) : undefined;
    if (!logic) found.push(`${place}: child "${id}" comes from an actor that is not registered any more`);
    else if ('root' in logic) found.push(...misfits(logic, child.snapshot, `${place}/${id}`));
  }
  return found;
}
