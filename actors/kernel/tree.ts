/** The actors of a case while it is stepped: where each is, how it stands, and what XState would let pass about them. Read on 5.33.3. */
import type { AnyActorRef } from 'xstate';

import type { StoredActor } from './adoption.ts';
import { isEffectLogic, isMachine } from './definitions.ts';
import { asleepAs, running } from './dormant.ts';
import { IncompatibleSnapshot, UnstorableSnapshot } from './errors.ts';
import { tagsOfValue } from './snapshot.ts';
import type { PromiseSnapshot } from './stand-ins.ts';
import { tagAt } from './tags.ts';
import type { ActorPath } from './values.ts';

/** Ids of children from the root down to it. */
export const pathOf = (ref: AnyActorRef): ActorPath => {
  const path: string[] = [];
  for (let at: AnyActorRef | undefined = ref; at?._parent; at = at._parent) path.unshift(at.id);
  return path;
};

export const childrenOf = (ref: AnyActorRef): Record<string, AnyActorRef | undefined> =>
  (ref.getSnapshot() as { children?: Record<string, AnyActorRef> }).children ?? {};

/** Wakes nobody. */
export const statusOf = (ref: AnyActorRef): unknown =>
  (asleepAs(ref) ?? (ref.getSnapshot() as PromiseSnapshot)).status;

/** The actor at a path, and whether it is only the nearest one above, which sleeps. Undefined if there is none. */
export function followPath(
  root: AnyActorRef,
  path: ActorPath,
): { readonly ref: AnyActorRef; readonly isAbove: boolean } | undefined {
  let ref = root;
  for (const id of path) {
    if (asleepAs(ref)) return { ref, isAbove: true };
    const child = childrenOf(ref)[id];
    if (!child) return undefined;
    ref = child;
  }
  return { ref, isAbove: false };
}

/** The tags of a case, in the form of `tags.ts`. Wakes nobody. */
export function tagsOf(root: AnyActorRef): string[] {
  const named = new Set<string>();
  const located: string[] = [];
  const add = (tags: Iterable<string>, path: ActorPath) => {
    for (const tag of tags) {
      named.add(tag);
      if (path.length > 0) located.push(tagAt(tag, path));
    }
  };
  const visitStored = (
    logic: unknown,
    { status, value, children = {} }: StoredActor,
    path: ActorPath,
  ) => {
    if (status !== 'active' || !isMachine(logic)) return;
    add(tagsOfValue(logic, value), path);
    for (const [id, { src, snapshot }] of Object.entries(children))
      visitStored(logic.implementations.actors[src], snapshot, [...path, id]);
  };
  const visit = (ref: AnyActorRef, path: ActorPath) => {
    const asleep = asleepAs(ref);
    if (asleep) return visitStored(logicOf(ref), asleep, path);
    const { status, tags = [], children = {} } = ref.getSnapshot() as TaggedSnapshot;
    // What has stopped says nothing any more, but for the root: a case that is over has the tags of its final state.
    if (status !== 'active' && ref !== root) return;
    add(tags, path);
    if (status !== 'active') return;
    for (const [id, child] of Object.entries(children)) visit(child, [...path, id]);
  };
  visit(root, []);
  return [...named, ...located];
}

/**
 * Where a case stands: its root's state value, in which each machine that runs right below the root stands like a region of
 * the state that the root is in: `{ open: { journey: 'offer', … } }`. Wakes nobody.
 */
export function valueOf(root: AnyActorRef): unknown {
  const { status, value } = root.getSnapshot() as StoredActor;
  if (status !== 'active') return value;
  const below = Object.entries(childrenOf(root)).flatMap(([id, child]) => {
    if (!child || !isMachine(logicOf(child))) return [];
    const stored = asleepAs(child) ?? (child.getSnapshot() as StoredActor);
    return stored.status === 'active' ? [[id, stored.value]] : [];
  });
  if (below.length === 0) return value;
  const inside = (of: unknown) => ({ ...regionsOf(of), ...Object.fromEntries(below) });
  const states = Object.entries(regionsOf(value));
  const [first] = states;
  return states.length === 1 && first ? { [first[0]]: inside(first[1]) } : inside(value);
}

const regionsOf = (value: unknown): Record<string, unknown> =>
  typeof value === 'string' ? { [value]: {} } : ((value ?? {}) as Record<string, unknown>);

interface TaggedSnapshot {
  readonly status: PromiseSnapshot['status'];
  readonly tags?: Iterable<string>;
  readonly children?: Readonly<Record<string, AnyActorRef>>;
}

/** Refuses an actor that runs on although its parent lost it: nobody could restore it. */
export function refuseLost(ref: AnyActorRef): void {
  const parent = ref._parent as AnyActorRef | undefined;
  if (!parent) return;
  const own = childrenOf(parent);
  if (ref.id === ref.sessionId && own['undefined'] === ref)
    throw new UnstorableSnapshot('children', 'one spawned without an id');
  const runs = (one: AnyActorRef) =>
    (one as unknown as { _processingStatus: number })._processingStatus === running;
  if (own[ref.id] !== ref && runs(ref) && runs(parent))
    throw new UnstorableSnapshot(`children.${ref.id}`, 'two that run under one id: stop the first');
}

export interface StoredTree {
  readonly status?: unknown;
  readonly children?: Readonly<
    Record<string, { readonly src: unknown; readonly snapshot: StoredTree }>
  >;
}

export const logicOf = (ref: AnyActorRef) => (ref as unknown as { logic: object }).logic;

/** XState leaves out a child whose source it does not know, and takes any snapshot for that of an effect. */
export function refuseIncompatible(ref: AnyActorRef, stored: StoredTree, place: string): void {
  if (asleepAs(ref)) return; // Looked through before it was let sleep.
  const status = statusOf(ref);
  const isOther = isEffectLogic(logicOf(ref)) && ('context' in stored || 'children' in stored);
  if (status !== stored.status || isOther)
    throw new IncompatibleSnapshot(`${place}: the stored actor is of another kind`);
  const children = childrenOf(ref);
  for (const [id, { src, snapshot }] of Object.entries(stored.children ?? {})) {
    const child = children[id];
    if (!child || typeof src !== 'string')
      throw new IncompatibleSnapshot(
        `${place}: child "${id}" comes from an actor that is not registered any more`,
      );
    refuseIncompatible(child, snapshot, `${place}/${id}`);
  }
}
