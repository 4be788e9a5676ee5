/**
 * Stored children that nothing has reached yet: of a family of ten, most steps concern two. Such a child is an actor like any other to its
 * parent, but it is restored only when somebody looks at it or sends to it, and until then is stored again as it was. Read on XState 5.33.3.
 */
import { Actor, type AnyActorLogic, type AnyActorRef, type AnyStateMachine } from 'xstate';

import type { StoredActor, StoredChild } from './adoption.ts';
import { isEffectLogic, isMachine } from './definitions.ts';

/** What we use of XState's `Actor` that is not in its public types, and what we add. `_snapshot` is an accessor here. */
interface Bare {
  readonly logic: AnyActorLogic & { start?: (snapshot: unknown, scope: unknown) => void };
  readonly system: { _register(sessionId: string, ref: unknown): void };
  readonly sessionId: string;
  readonly mailbox: { start(): void };
  readonly options: { readonly record: StoredChild };
  readonly _actorScope: unknown;
  _processingStatus: number;
  _initState(stored: unknown): void;
  start(): unknown;
}
const XStateActor = Actor as unknown as new (logic: AnyActorLogic, options: object) => Bare;

/** XState's `ProcessingStatus.Running`. */
export const running = 1;

/** A class, because XState's is one: its constructor calls what is overridden here. */
class DormantActor extends XStateActor {
  declare asleep: StoredActor | undefined;
  declare live: unknown;

  get _snapshot(): unknown {
    if (this.asleep) wake(this);
    return this.live;
  }

  set _snapshot(snapshot: unknown) {
    this.live = snapshot;
  }

  override _initState(stored: unknown): void {
    this.asleep = stored as StoredActor;
  }

  override start(): unknown {
    if (!this.asleep) return super.start();
    if (this.asleep.status !== 'active' || this._processingStatus === running) return this;
    this.system._register(this.sessionId, this);
    this._processingStatus = running;
    this.mailbox.start();
    return this;
  }

  /** As XState does it for any actor. */
  restore(stored: StoredActor): void {
    super._initState(stored);
  }
}

/** Restores an actor in its step: `restore` makes its snapshot, then `start` starts its children. */
type Waker = (ref: AnyActorRef, restore: () => void, start: () => void) => void;
const wakers = new WeakMap<object, Waker>();

/** Whoever runs the actors of this system restores them too. */
export const wakeWith = (system: object, waker: Waker): void => void wakers.set(system, waker);

function wake(actor: DormantActor): void {
  const { asleep, logic } = actor;
  if (!asleep) return;
  actor.asleep = undefined;
  const restore = () => actor.restore(asleep);
  const start = () => {
    if (actor._processingStatus === running) logic.start?.(actor.live, actor._actorScope);
  };
  const waker = wakers.get(actor.system);
  if (!waker) throw new TypeError('An actor is woken outside of a step');
  waker(actor as unknown as AnyActorRef, restore, start);
}

/** What an actor is stored as, if nothing has reached it yet. */
export const asleepAs = (ref: object): StoredActor | undefined =>
  ref instanceof DormantActor ? ref.asleep : undefined;

/** The same with what its parent stores beside it. */
export const recordOf = (ref: object): StoredChild | undefined =>
  ref instanceof DormantActor && ref.asleep ? ref.options.record : undefined;

/** A child of `parent` that sleeps. `record` is neither changed nor handed on: it can be stored again, by many steps. */
export const dormant = (
  logic: AnyActorLogic,
  id: string,
  record: StoredChild,
  parent: AnyActorRef,
): AnyActorRef =>
  new DormantActor(logic, {
    id,
    parent,
    src: record.src,
    snapshot: record.snapshot,
    record,
  }) as unknown as AnyActorRef;

/** Records that were found fit to sleep, or not. Records live from step to step, so most are looked at once. */
const known = new WeakMap<object, boolean>();

/** Whether the machine says of a state value which states it stands for. */
type KnowsValue = (machine: AnyStateMachine, value: unknown) => boolean;

/**
 * Whether a stored child may sleep: a machine of today's definition, with nothing in or below it that others find by another way than by
 * its place, and nothing that restoring it would find wrong.
 */
export function maySleep(
  logic: unknown,
  record: StoredChild,
  definition: (logic: object) => string | undefined,
  knows: KnowsValue,
): boolean {
  if (!isMachine(logic) || record.is === undefined) return false;
  const before = known.get(record);
  if (before !== undefined) return before;
  const { status, value, marks, children = {} } = record.snapshot;
  const fits =
    record.is === definition(logic) &&
    isPlain(record) &&
    (status === 'active' || status === 'done') &&
    'context' in record.snapshot &&
    !('refs' in record.snapshot) &&
    !marks &&
    knows(logic, value) &&
    Object.values(children).every((child) => {
      const inside: unknown = logic.implementations.actors[child.src];
      if (isMachine(inside)) return maySleep(inside, child, definition, knows);
      return (
        typeof inside === 'object' && inside !== null && isPlain(child) && isOfKind(inside, child)
      );
    });
  known.set(record, fits);
  return fits;
}

const isPlain = (record: object) => !('systemId' in record) && !('syncSnapshot' in record);

/** Any snapshot would be taken for that of an effect. */
const isOfKind = (logic: object, { snapshot }: StoredChild) =>
  !snapshot.marks && !(isEffectLogic(logic) && ('context' in snapshot || 'children' in snapshot));
