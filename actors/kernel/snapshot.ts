/** Persisted snapshots in the one form we store: JSON and nothing else, however XState came to it. Read on 5.33.3. */
import type { AnyStateMachine } from 'xstate';

import { UnstorableSnapshot } from './errors.ts';

/** A persisted snapshot with its children. */
interface PersistedTree {
  readonly output?: unknown;
  readonly error?: unknown;
  readonly historyValue?: Readonly<Record<string, readonly { readonly id: string }[]>>;
  readonly children?: Readonly<Record<string, { readonly snapshot: PersistedTree }>>;
}

/**
 * One form for what XState has several of. A failed child that its parent keeps holds its error, of which JSON would
 * leave nothing; and the states that a history state remembers come in another order after a restore.
 */
export function settledForm(tree: PersistedTree): PersistedTree {
  let settled = tree;
  const { error, historyValue = {}, children = {} } = tree;
  if (error instanceof Error)
    settled = { ...settled, error: { name: error.name, message: error.message } };
  for (const [id, states] of Object.entries(historyValue)) {
    if (states.length < 2) continue;
    const sorted = states.toSorted((a, b) => (a.id < b.id ? -1 : 1));
    settled = { ...settled, historyValue: { ...settled.historyValue, [id]: sorted } };
  }
  for (const [id, child] of Object.entries(children)) {
    const snapshot = settledForm(child.snapshot);
    if (snapshot !== child.snapshot)
      settled = { ...settled, children: { ...settled.children, [id]: { ...child, snapshot } } };
  }
  return settled;
}

/** A reference to an actor in a context, as XState stores it. */
const refType = 'xstate$$type';

type StoredMachine = PersistedTree & { context: unknown; refs?: true };

/**
 * Makes a machine walk each context once a step. XState walks it twice, on persist and on restore, to look for
 * references to actors; and we would walk it again to see whether JSON can keep it. With a context of 2.4 KB that was
 * 13 % of all CPU time. A snapshot whose context holds references says so by `refs`.
 */
export function walkContextsOnce(machine: AnyStateMachine): AnyStateMachine {
  const getPersistedSnapshot = machine.getPersistedSnapshot.bind(machine);
  const restoreSnapshot = machine.restoreSnapshot.bind(machine);
  const none = {};
  machine.getPersistedSnapshot = (snapshot, options) => {
    const stored = getPersistedSnapshot(
      { ...snapshot, context: none } as never,
      options,
    ) as unknown as StoredMachine;
    const found = { refs: false };
    stored.context = storedForm(snapshot.context, 'context', found);
    if (found.refs) stored.refs = true;
    return stored as never;
  };
  machine.restoreSnapshot = (snapshot, scope) => {
    const { refs, context, ...stored } = snapshot as unknown as StoredMachine;
    if (refs) return restoreSnapshot({ ...stored, context } as never, scope);
    const restored = restoreSnapshot({ ...stored, context: none } as never, scope);
    restored.context = context as never;
    return restored;
  };
  return machine;
}

/** The value with its actor references as JSON; the value itself where it holds none. Throws as `refuseUnstorable`. */
function storedForm(value: unknown, place: string, found: { refs: boolean }): unknown {
  if (typeof value !== 'object' || value === null) {
    refuseUnstorable(value, place);
    return value;
  }
  if (Array.isArray(value)) {
    let copy: unknown[] | undefined;
    for (let i = 0; i < value.length; i++) {
      if (value[i] === undefined) throw new UnstorableSnapshot(`${place}[${i}]`, 'undefined');
      const stored = storedForm(value[i], place, found);
      if (stored !== value[i]) (copy ??= value.slice())[i] = stored;
    }
    return copy ?? value;
  }
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) {
    if (!('sessionId' in value && 'send' in value && 'id' in value))
      throw new UnstorableSnapshot(place, `a ${value.constructor.name}`);
    found.refs = true;
    return { [refType]: 1, id: value.id };
  }
  let copy: Record<string, unknown> | undefined;
  for (const key in value) {
    const item = (value as Record<string, unknown>)[key];
    const stored = storedForm(item, key, found);
    if (stored !== item) (copy ??= { ...value })[key] = stored;
  }
  return copy ?? value;
}

/** Everything in a persisted tree but the machines' contexts, which were looked at when they were walked. */
export function refuseUnstorableTree(tree: PersistedTree): void {
  refuseUnstorable(tree.output, 'output');
  refuseUnstorable(tree.error, 'error');
  for (const [id, { snapshot }] of Object.entries(tree.children ?? {})) {
    if ('value' in snapshot && 'children' in snapshot) refuseUnstorableTree(snapshot);
    else refuseUnstorable(snapshot, id);
  }
}

/**
 * Throws where JSON would not give back what it got: dates, maps, functions, NaN, `undefined` in an array.
 * XState does not check this in production builds, and the case would come back different without a word.
 */
export function refuseUnstorable(value: unknown, place: string): void {
  switch (typeof value) {
    case 'string':
    case 'boolean':
    case 'undefined':
      return;
    case 'number':
      if (!Number.isFinite(value)) throw new UnstorableSnapshot(place, String(value));
      return;
    case 'object': {
      if (value === null) return;
      if (Array.isArray(value)) {
        for (let i = 0; i < value.length; i++) {
          if (value[i] === undefined) throw new UnstorableSnapshot(`${place}[${i}]`, 'undefined');
          refuseUnstorable(value[i], place);
        }
        return;
      }
      const prototype: unknown = Object.getPrototypeOf(value);
      if (prototype !== Object.prototype && prototype !== null) {
        throw new UnstorableSnapshot(place, `a ${value.constructor.name}`);
      }
      for (const key in value) refuseUnstorable((value as Record<string, unknown>)[key], key);
      return;
    }
    case 'bigint':
    case 'function':
    case 'symbol':
      throw new UnstorableSnapshot(place, `a ${typeof value}`);
  }
}
