/**
 * Tools for migrations: state of one machine that another machine of the family has from now on. All of it is on stored JSON.
 */
import type { PersistedState, StoredTimer } from './persisted-state.ts';
import type { ActorPath, Mark } from './values.ts';

/** An actor as it is stored, as far as migrations look into it. */
export interface StoredActor {
  readonly status: string;
  readonly value?: unknown;
  readonly context?: unknown;
  readonly historyValue?: Readonly<Record<string, readonly { readonly id: string }[]>>;
  readonly children?: Readonly<Record<string, StoredChild>>;
  readonly marks?: readonly Mark[];
}

export interface StoredChild {
  readonly snapshot: StoredActor;
  readonly src: string;
  /** Version and fingerprint of its machine. Without it the child counts as one of today's machine. */
  readonly is?: string;
}

/** What a new child takes over from its parent. */
export interface Adoption {
  /** Where the child runs: ids from the root, of which the last is that of its `invoke` or `spawn`. */
  readonly path: ActorPath;
  /** What the parent's `setup({ actors })` calls it. */
  readonly src: string;
  /** Of the child's machine. */
  readonly value: unknown;
  /** JSON, complete: nothing is asked of the machine's `context` any more. */
  readonly context: object;
  /**
   * Ids of the parent's states, as they were, and of the child's states that they are now: `{ 'case.open.journey': 'journey' }`.
   * With a state go those inside it, unless they are named themselves. Their `after` timers go along with their due times, and what
   * history states remember of them.
   */
  readonly states?: Readonly<Record<string, string>>;
  /** Delays that the child calls otherwise, by their old names. */
  readonly delays?: Readonly<Record<string, string>>;
  /** Other timers, of `raise` with an id: their old ids and their new ones. */
  readonly timers?: Readonly<Record<string, string>>;
  /**
   * Children of the parent that are the child's now, by their old ids: with all that is inside them, their timers and the effects
   * that they or, for an effect, they themselves wait for. Those that do not run now are passed over.
   */
  readonly children?: Readonly<Record<string, string>>;
}

/**
 * A child out of a part of its parent. The parent's own value and context stay as they are: they are the migration's to say, before or
 * after. Adopt parents before their children.
 *
 * The kernel checks the outcome as it checks every migration. One thing it cannot see: an `after` of the child's state that no state of
 * the parent had. Add its timer with `afterTimer`.
 *
 * @throws if there is no such parent, or the child is there already
 */
export function adopt(state: PersistedState, adoption: Adoption): PersistedState {
  const { path, src, value, context, states = {}, delays = {}, timers = {} } = adoption;
  const parentPath = path.slice(0, -1);
  const id = path.at(-1) ?? '';
  const parent = actorAt(state, parentPath);
  if (!parent) throw new RangeError(`There is no actor "${parentPath.join('/')}" to adopt from`);
  if (parent.children?.[id]) throw new RangeError(`There is an actor "${path.join('/')}" already`);

  const stateNow = (old: string): string | null => {
    const outer = Object.keys(states)
      .filter((one) => old === one || old.startsWith(`${one}.`))
      .reduce<string | null>((best, one) => (best && best.length > one.length ? best : one), null);
    return outer === null ? null : `${String(states[outer])}${old.slice(outer.length)}`;
  };
  const historyValue: Record<string, readonly { readonly id: string }[]> = {};
  const remembered: Record<string, readonly { readonly id: string }[]> = {};
  for (const [of, nodes] of Object.entries(parent.historyValue ?? {})) {
    const now = stateNow(of);
    if (now === null) remembered[of] = nodes;
    else historyValue[now] = nodes.map((node) => ({ id: stateNow(node.id) ?? node.id }));
  }
  const isOwn = (timer: StoredTimer) =>
    isAt(timer.source, parentPath) && isAt(timer.target, parentPath);
  const moved = state.timers.map((timer): StoredTimer => {
    if (!isOwn(timer)) return timer;
    const named = timers[timer.id];
    if (named !== undefined) return { ...timer, id: named, source: path, target: path };
    const [, delay, of] = /^xstate\.after\.([^.]+)\.(.+)$/.exec(timer.id) ?? [];
    const now = of === undefined ? null : stateNow(of);
    if (delay === undefined || now === null) return timer;
    return afterTimer(path, delays[delay] ?? delay, now, timer.dueAt);
  });
  const child: StoredChild = {
    src,
    snapshot: { status: 'active', value, context, historyValue, children: {} },
  };
  const adopted = withActor({ ...state, timers: moved }, parentPath, (snapshot) => ({
    ...snapshot,
    historyValue: remembered,
    children: { ...snapshot.children, [id]: child },
  }));
  return Object.entries(adoption.children ?? {}).reduce(
    (at, [old, now]) => moveActor(at, [...parentPath, old], [...path, now]),
    adopted,
  );
}

/** The timer of an `after`, as it is stored: of the actor at `path`, while it is in the state with this id. `dueAt`: epoch ms. */
export function afterTimer(
  path: ActorPath,
  delay: string | number,
  stateId: string,
  dueAt: number,
): StoredTimer {
  const type = `xstate.after.${delay}.${stateId}`;
  return { id: type, source: path, target: path, event: { type }, dueAt };
}

/** An actor at another place in the family, with all that is inside it, waits for it, or refers to it. One that is not there is no fault. */
export function moveActor(state: PersistedState, from: ActorPath, to: ActorPath): PersistedState {
  const [parent, id] = [from.slice(0, -1), from.at(-1) ?? ''];
  const child = actorAt(state, parent)?.children?.[id];
  if (!child) return state;
  const newId = to.at(-1) ?? '';
  const taken = withActor(state, parent, (snapshot) => {
    const { [id]: _taken, ...children } = snapshot.children ?? {};
    return { ...snapshot, children };
  });
  if (actorAt(taken, to)) throw new RangeError(`There is an actor "${to.join('/')}" already`);
  const given = withActor(taken, to.slice(0, -1), (snapshot) => ({
    ...snapshot,
    children: { ...snapshot.children, [newId]: child },
  }));
  const now = (path: ActorPath) =>
    isAt(path.slice(0, from.length), from) ? [...to, ...path.slice(from.length)] : path;
  return {
    ...given,
    snapshot: withReferences(given.snapshot as StoredActor, now),
    timers: given.timers.map((timer) => {
      const { source, target, marks } = timer;
      const found = { ...timer, source: now(source), target: now(target) };
      return marks ? { ...found, marks: marks.map((mark) => referring(mark, now)) } : found;
    }),
    awaited: given.awaited.map(({ path, effectId }) => ({ path: now(path), effectId })),
  };
}

/** The stored actor at a path; null if there is none. */
export const actorAt = ({ snapshot }: PersistedState, path: ActorPath): StoredActor | null =>
  path.reduce<StoredActor | null>(
    (at, id) => at?.children?.[id]?.snapshot ?? null,
    snapshot as StoredActor,
  );

/** The state with the actor at a path changed. @throws if it is not there */
export function withActor(
  state: PersistedState,
  path: ActorPath,
  change: (actor: StoredActor) => StoredActor,
): PersistedState {
  const within = (actor: StoredActor, [id, ...rest]: ActorPath): StoredActor => {
    if (id === undefined) return change(actor);
    const child = actor.children?.[id];
    if (!child) throw new RangeError(`There is no actor "${path.join('/')}"`);
    return {
      ...actor,
      children: { ...actor.children, [id]: { ...child, snapshot: within(child.snapshot, rest) } },
    };
  };
  return { ...state, snapshot: within(state.snapshot as StoredActor, path) };
}

/**
 * What belongs to the actor at a path, as if it were the root, but that marks name actors from the real root, as ever. Timers between
 * it and others are left out. Null if it is not there.
 */
export function subtree(state: PersistedState, path: ActorPath): PersistedState | null {
  const snapshot = actorAt(state, path);
  if (!snapshot) return null;
  const inside = (at: ActorPath) => isAt(at.slice(0, path.length), path);
  const below = (at: ActorPath) => at.slice(path.length);
  return {
    snapshot,
    timers: state.timers
      .filter(({ source, target }) => inside(source) && inside(target))
      .map((timer) => ({ ...timer, source: below(timer.source), target: below(timer.target) })),
    awaited: state.awaited
      .filter((one) => inside(one.path))
      .map(({ path: at, effectId }) => ({ path: below(at), effectId })),
    counters: state.counters,
  };
}

/** The state with another subtree at a path. Its timers and awaited effects stand behind those of the others. */
export function withSubtree(
  state: PersistedState,
  path: ActorPath,
  { snapshot, timers, awaited, counters }: PersistedState,
): PersistedState {
  const inside = (at: ActorPath) => isAt(at.slice(0, path.length), path);
  const above = (at: ActorPath) => [...path, ...at];
  const changed = withActor(state, path, () => snapshot as StoredActor);
  return {
    ...changed,
    timers: [
      ...state.timers.filter(({ source, target }) => !(inside(source) && inside(target))),
      ...timers.map((timer) => ({
        ...timer,
        source: above(timer.source),
        target: above(timer.target),
      })),
    ],
    awaited: [
      ...state.awaited.filter((one) => !inside(one.path)),
      ...awaited.map(({ path: at, effectId }) => ({ path: above(at), effectId })),
    ],
    counters,
  };
}

const isAt = (one: ActorPath, other: ActorPath): boolean =>
  one.length === other.length && one.every((id, i) => id === other[i]);

type Now = (path: ActorPath) => ActorPath;

const referring = (mark: Mark, now: Now): Mark =>
  mark[1] === 'actor' ? [mark[0], mark[1], now(mark[2])] : mark;

/** A stored tree whose references to actors say where these are now. */
function withReferences(actor: StoredActor, now: Now): StoredActor {
  const { marks, children } = actor;
  return {
    ...actor,
    ...(marks ? { marks: marks.map((mark) => referring(mark, now)) } : {}),
    ...(children
      ? {
          children: Object.fromEntries(
            Object.entries(children).map(([id, child]) => [
              id,
              { ...child, snapshot: withReferences(child.snapshot, now) },
            ]),
          ),
        }
      : {}),
  };
}
