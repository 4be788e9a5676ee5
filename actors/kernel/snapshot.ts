/** Persisted snapshots in the one form we store: JSON and marks, however XState came to it. Read on 5.33.3. */
import {
  createActor,
  StateMachine,
  type AnyActorLogic,
  type AnyActorRef,
  type AnyMachineSnapshot,
  type AnyStateMachine,
} from 'xstate';

import type { StoredChild } from './adoption.ts';
import { asleepAs, dormant, maySleep, recordOf } from './dormant.ts';
import {
  copied,
  keep,
  maxDepth,
  revive,
  reviveActors,
  type ActorPath,
  type Mark,
  type WhereIs,
} from './values.ts';

/** How we ask for a persisted snapshot: XState hands it on to every actor of the tree. */
export interface Persisting {
  readonly whereIs: WhereIs;
  /** Of the actor that is being persisted. */
  readonly path: string[];
  /** The context that the actor was restored with, if it was. */
  before?: unknown;
}

/** What an actor's snapshot is stored with beside what XState stores. */
interface Marked {
  readonly marks?: readonly Mark[];
  /** Before there were marks, references in a context were found by their look. */
  readonly refs?: true;
}

type Stored = Record<string, unknown> & Marked;

interface Scope {
  readonly system: object;
  readonly self: AnyActorRef;
}

/** The contexts that actors were restored with. What is still the same object in one was parsed, and has no getters and the like. */
const restoredContexts = new WeakMap<object, unknown>();

export const restoredContextOf = (ref: AnyActorRef): unknown => restoredContexts.get(ref);

/** References to actors that wait for the whole tree to be restored. */
const unresolved = new WeakMap<object, { holder: object; marks: readonly Mark[] }[]>();

/** Puts the references back into a tree that was just restored. False if one of the actors is not there. */
export function resolveActors(
  system: object,
  actorAt: (path: ActorPath) => AnyActorRef | undefined,
): boolean {
  let isWhole = true;
  for (const { holder, marks } of unresolved.get(system) ?? []) {
    reviveActors(holder, marks, (path) => {
      const ref = actorAt(path);
      if (!ref) isWhole = false;
      return ref;
    });
  }
  unresolved.delete(system);
  return isWhole;
}

/** What was kept of a snapshot's own values, restored. All of it is new, since machines may change what they hold in place. */
function unmark(stored: Stored, { system }: Scope, given?: object): Stored {
  const { marks, ...kept } = stored;
  const holder = copied(kept) as Stored;
  if (!marks) return holder;
  revive(holder, marks, given);
  if (marks.some(([, kind]) => kind === 'actor')) {
    const waiting = unresolved.get(system) ?? [];
    waiting.push({ holder, marks });
    unresolved.set(system, waiting);
  }
  return holder;
}

/** XState's types leave out that an actor takes options here. */
export function persisted(ref: AnyActorRef, persisting: Persisting): unknown {
  return (ref as { getPersistedSnapshot(options: unknown): unknown }).getPersistedSnapshot(
    persisting,
  );
}

/** A snapshot of any logic that is no machine: an effect's, or a reducer's. */
export function keepSnapshot(snapshot: object, { whereIs, path }: Persisting): object {
  const marks: Mark[] = [];
  const stored: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(snapshot)) {
    const lenient = key === 'error';
    // XState's own keys stand there whether they have a value or not.
    if (value !== undefined)
      stored[key] = keep(value, path.join('/'), [key], { marks, whereIs, lenient });
  }
  return marks.length > 0 ? { ...stored, marks } : stored;
}

export const restoreKept = (stored: unknown, scope: unknown): Stored =>
  unmark(stored as Stored, scope as Scope);

/** Logic other than a machine's with its snapshots kept as all are. */
export function storable(logic: AnyActorLogic): AnyActorLogic {
  const kept = Object.create(logic) as AnyActorLogic;
  return Object.assign(kept, {
    getPersistedSnapshot: (snapshot: never, persisting: unknown) =>
      keepSnapshot(
        logic.getPersistedSnapshot(snapshot, persisting) as object,
        persisting as Persisting,
      ),
    restoreSnapshot(stored: unknown, scope: never) {
      const snapshot = restoreKept(stored, scope);
      return logic.restoreSnapshot
        ? (logic.restoreSnapshot(snapshot as never, scope) as unknown)
        : snapshot;
    },
  });
}

const none = {};

/** What stands with stored children: by which definition they were made. */
const definitions = new WeakMap<object, string>();

/** Of a machine that was made storable. */
export const definitionOfLogic = (logic: object): string | undefined => definitions.get(logic);

/**
 * Makes a machine walk each context once a step. XState walks it twice, on persist and on restore, to look for
 * references to actors; and we would walk it again to see whether JSON can keep it. With a context of 2.4 KB that was
 * 13 % of all CPU time.
 */
export function storableMachine(machine: AnyStateMachine, definition: string): AnyStateMachine {
  definitions.set(machine, definition);
  const getPersistedSnapshot = machine.getPersistedSnapshot.bind(machine);
  const restoreSnapshot = machine.restoreSnapshot.bind(machine);
  const { context: start } = machine.config as { readonly context?: unknown };
  const given = { context: start };
  // A context that is written down is one object for all cases, and a step may change it in place.
  if (typeof start === 'object' && start !== null)
    machine.config = { ...machine.config, context: () => copyOf(start) as never };

  machine.getPersistedSnapshot = (snapshot, options) => {
    const { whereIs, path, before } = options as Persisting;
    const { context, output, error } = snapshot;
    const bare = { ...snapshot, context: none, children: none };
    const stored = getPersistedSnapshot(bare as never) as unknown as Record<string, unknown>;
    const marks: Mark[] = [];
    const place = path.join('/');
    stored['context'] = keep(context, place, ['context'], {
      marks,
      whereIs,
      given,
      before,
    });
    if (output !== undefined)
      stored['output'] = keep(output, place, ['output'], { marks, whereIs });
    if (error !== undefined)
      stored['error'] = keep(error, place, ['error'], { marks, whereIs, lenient: true });
    // What is as nearly always is left out.
    if (Object.keys(stored['historyValue'] as HistoryValue).length === 0)
      delete stored['historyValue'];
    else stored['historyValue'] = sorted(stored['historyValue'] as HistoryValue);
    const children = childrenOf(snapshot.children as Children, options as Persisting);
    if (Object.keys(children).length === 0) delete stored['children'];
    else stored['children'] = children;
    if (marks.length > 0) stored['marks'] = marks;
    return stored as never;
  };

  const restoreStates = statesOnce(machine);
  machine.restoreSnapshot = (snapshot, scope) => {
    const { refs, children = {}, ...marked } = snapshot as unknown as Stored & StoredChildren;
    if (refs) return restoreSnapshot(copied({ ...marked, children }) as never, scope);
    const { context, ...stored } = unmark(marked, scope, given);
    restoredContexts.set(scope.self, context);
    const restored = restoreStates({ ...stored, context: none }, scope);
    restored.context = context as never;
    restored.children = restoredChildren(machine, children, scope.self) as never;
    return restored;
  };
  // As XState's own, but that it wakes nobody.
  machine.start = ({ children }) => {
    for (const child of Object.values(children as Children))
      if (asleepAs(child) || (child.getSnapshot() as { status: string }).status === 'active')
        child.start();
  };
  return machine;
}

interface StoredChildren {
  readonly children?: Readonly<
    Record<string, StoredChild & { readonly syncSnapshot?: boolean; readonly systemId?: string }>
  >;
}

/** As XState restores children, but that those sleep which may. */
function restoredChildren(
  machine: AnyStateMachine,
  stored: NonNullable<StoredChildren['children']>,
  parent: AnyActorRef,
): Record<string, AnyActorRef> {
  const children: Record<string, AnyActorRef> = {};
  const actors = machine.implementations.actors as Record<string, AnyActorLogic | undefined>;
  for (const [id, record] of Object.entries(stored)) {
    const { src, snapshot, systemId, syncSnapshot } = record;
    const logic = typeof src === 'string' ? actors[src] : undefined;
    if (!logic) continue;
    const options = { id, parent, syncSnapshot, snapshot, src, systemId };
    children[id] = maySleep(logic, record, definitionOfLogic, knowsValue)
      ? dormant(logic, id, record, parent)
      : createActor(logic, options as never);
  }
  return children;
}

/** The tags of a machine in a state, by its stored value. */
export const tagsOfValue = (machine: AnyStateMachine, value: unknown): Iterable<string> =>
  statesOf.get(machine)?.(value).tags ?? [];

function knowsValue(machine: AnyStateMachine, value: unknown): boolean {
  try {
    return statesOf.get(machine)?.(value) !== undefined;
  } catch {
    return false;
  }
}

const statesOf = new WeakMap<object, (value: unknown) => States>();

type RestoringScope = Parameters<AnyStateMachine['restoreSnapshot']>[1];
type States = Pick<AnyMachineSnapshot, '_nodes' | 'value' | 'tags'>;

/** State values whose states a machine remembers: a machine with many regions has more of them than cases to open. */
const maxValues = 1_000;

/**
 * A machine's `restoreSnapshot` that works out which states a value stands for once, not in every step: with a dozen
 * regions that was 12 % of a step. Children and history are restored by XState, of a machine that is one atomic state.
 */
function statesOnce(
  machine: AnyStateMachine,
): (stored: Stored, scope: RestoringScope) => AnyMachineSnapshot {
  const restoreSnapshot = machine.restoreSnapshot.bind(machine);
  const root = { machine: {}, type: 'atomic', states: {}, tags: [] };
  const stateless = Object.create(machine, { root: { value: root } }) as AnyStateMachine;
  root.machine = stateless;
  // The machine's own is bound to it.
  const restoreWithoutStates = StateMachine.prototype.restoreSnapshot.bind(stateless);
  const known = new Map<string, States>();
  const find = (value: unknown): States => {
    const text = JSON.stringify(value);
    const before = known.get(text);
    if (before) return before;
    const alone = { status: 'active', value, context: none, children: {}, historyValue: {} };
    const nobody = {} as RestoringScope; // It has no children.
    const { _nodes, value: whole, tags } = restoreSnapshot(alone as never, nobody);
    const states = { _nodes, value: whole, tags };
    if (known.size >= maxValues) known.clear();
    known.set(text, states);
    return states;
  };
  statesOf.set(machine, find);
  return (stored, scope) => {
    const { _nodes, value, tags } = find(stored['value']);
    const restored = restoreWithoutStates(
      { historyValue: none, ...stored, children: none, value: {} } as never,
      scope,
    );
    return Object.assign(restored, { machine, _nodes, value, tags: new Set(tags) });
  };
}

/** A copy of what is JSON in it; the rest is shared. */
function copyOf(value: unknown, depth = 0): unknown {
  if (depth > maxDepth) return value; // A cycle, which is refused when it is stored.
  if (Array.isArray(value)) return value.map((item) => copyOf(item, depth + 1));
  if (typeof value !== 'object' || value === null) return value;
  if (Object.getPrototypeOf(value) !== Object.prototype) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, copyOf(item, depth + 1)]),
  );
}

type Children = Readonly<
  Record<
    string,
    AnyActorRef & {
      readonly logic: object;
      readonly systemId?: string;
      readonly _syncSnapshot?: boolean;
    }
  >
>;

function childrenOf(children: Children, persisting: Persisting): Record<string, unknown> {
  const stored: Record<string, unknown> = {};
  for (const [id, child] of Object.entries(children)) {
    const asBefore = recordOf(child);
    if (asBefore) {
      stored[id] = asBefore;
      continue;
    }
    persisting.path.push(id);
    persisting.before = restoredContexts.get(child);
    const { src, systemId, _syncSnapshot, logic } = child;
    stored[id] = {
      snapshot: persisted(child, persisting),
      src,
      ...(definitions.has(logic) ? { is: definitions.get(logic) } : {}),
      ...(systemId === undefined ? {} : { systemId }),
      ...(_syncSnapshot ? { syncSnapshot: true } : {}),
    };
    persisting.path.pop();
  }
  return stored;
}

type HistoryValue = Readonly<Record<string, readonly { readonly id: string }[]>>;

/** The states that a history state remembers come in another order after a restore, so we store them in one. */
function sorted(historyValue: HistoryValue): HistoryValue {
  const ids = Object.keys(historyValue);
  if (ids.every((id) => (historyValue[id]?.length ?? 0) < 2)) return historyValue;
  return Object.fromEntries(
    Object.entries(historyValue).map(([id, states]) => [
      id,
      states.toSorted((a, b) => (a.id < b.id ? -1 : 1)),
    ]),
  );
}
