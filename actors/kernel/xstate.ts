/**
 * What we know of XState's internals (read on 5.33.3), with `snapshot.ts`. A move to v6 changes these two files and nothing else.
 *
 * It opens an actor whose clock, ids and timers are ours, so that a step is a pure function of what goes in:
 * - timers are kept with absolute deadlines instead of `setTimeout`, so that they survive a restore;
 * - session ids and unnamed timer ids come from counters stored with the case, because XState's own counter is one
 *   per process and `Math.random()`, and a replay would give other ids;
 * - promise actors do nothing: the first start is recorded as an effect, a later start (after a restore) is not.
 */
import { inspect } from 'node:util';

import { createActor, type AnyActorRef, type AnyStateMachine, type EventObject } from 'xstate';

import { EndlessStep, IncompatibleSnapshot, UnstorableSnapshot } from './errors.ts';
import {
  subjectOf,
  type Counters,
  type PersistedState,
  type StoredTimer,
} from './persisted-state.ts';
import { persisted, resolveActors, type Persisting } from './snapshot.ts';
import {
  ask,
  isEffectLogic,
  listenTo,
  outcomeEvent,
  type PromiseSnapshot,
  type Request,
} from './stand-ins.ts';
import { tagAt } from './tags.ts';
import {
  keep,
  revive,
  reviveActors,
  toError,
  type ActorPath,
  type Mark,
  type WhereIs,
} from './values.ts';

interface LiveTimer extends Omit<StoredTimer, 'source' | 'target'> {
  readonly source: AnyActorRef;
  readonly target: AnyActorRef;
}

/** The parts of XState's `ActorSystem` that are not in its public types. */
interface Internals {
  _bookId: () => string;
  _sendInspectionEvent: (event: InspectionEvent) => void;
  _relay: (source: AnyActorRef | undefined, target: AnyActorRef, event: EventObject) => void;
  scheduler: {
    schedule: (
      source: AnyActorRef,
      target: AnyActorRef,
      event: EventObject,
      delay: number,
      id?: string,
    ) => void;
    cancel: (source: AnyActorRef, id: string) => void;
    cancelAll: (source: AnyActorRef) => void;
  };
}

interface InspectionEvent {
  readonly type: string;
  readonly actorRef: AnyActorRef;
  readonly _transitions?: readonly TakenTransition[];
}

interface TakenTransition {
  readonly target: unknown;
  readonly actions: readonly unknown[];
}

/** Messages between actors in one step. More is two actors that answer each other for ever. */
const maxMessages = 10_000;

const noClock = { setTimeout: () => 0, clearTimeout: () => undefined };

/** What `log()` was given, as one line. */
function lineOf(parts: readonly unknown[]): string {
  const texts = parts.map((part) => {
    try {
      return typeof part === 'string' ? part : inspect(part, { breakLength: Infinity });
    } catch {
      return '(unreadable)';
    }
  });
  return texts.join(' ').slice(0, maxLineLength);
}
const maxLineLength = 500;

const pathOf = (ref: AnyActorRef): ActorPath => {
  const path: string[] = [];
  for (let at: AnyActorRef | undefined = ref; at?._parent; at = at._parent) path.unshift(at.id);
  return path;
};

const childrenOf = (ref: AnyActorRef): Record<string, AnyActorRef | undefined> =>
  (ref.getSnapshot() as { children?: Record<string, AnyActorRef> }).children ?? {};

const followPath = (root: AnyActorRef, path: ActorPath): AnyActorRef | undefined =>
  path.reduce<AnyActorRef | undefined>((ref, id) => ref && childrenOf(ref)[id], root);

/** How the root stands between two steps. */
export interface Standing {
  readonly status: 'active' | 'done' | 'error' | 'stopped';
  readonly value: unknown;
  /** Of the whole tree: see `tags.ts`. */
  readonly tags: readonly string[];
  readonly output: unknown;
  readonly error: unknown;
}

/** The tags of a case, in the form of `tags.ts`. */
function tagsOf(root: AnyActorRef): string[] {
  const named = new Set<string>();
  const located: string[] = [];
  const visit = (ref: AnyActorRef, path: ActorPath) => {
    const { status, tags = [], children = {} } = ref.getSnapshot() as TaggedSnapshot;
    // What has stopped says nothing any more, but for the root: a case that is over has the tags of its final state.
    if (status !== 'active' && ref !== root) return;
    for (const tag of tags) {
      named.add(tag);
      if (ref !== root) located.push(tagAt(tag, path));
    }
    if (status !== 'active') return;
    for (const [id, child] of Object.entries(children)) visit(child, [...path, id]);
  };
  visit(root, []);
  return [...named, ...located];
}

interface TaggedSnapshot {
  readonly status: Standing['status'];
  readonly tags?: Iterable<string>;
  readonly children?: Readonly<Record<string, AnyActorRef>>;
}

/** A live actor tree for the length of one step. Everything on it is synchronous. */
export interface LiveActor {
  standing(): Standing;
  /** Sends to the root. True if some transition was taken. */
  send(event: EventObject): boolean;
  /** Gives an awaited effect's outcome to its promise actor. False if nobody waits for it (any more). */
  settle(effectId: string, outcome: { readonly ok: boolean; readonly value: unknown }): boolean;
  /** Fires one timer by its subject. False if there is no such timer. */
  fire(subject: string): boolean;
  /**
   * The tree as it is stored, and the effects that were awaited but are no longer: their states were left. Throws what a step
   * did that the machine cannot be blamed for where it happened, since XState would hand that to the machine's `onError`.
   */
  persist(): { readonly state: PersistedState; readonly abandoned: readonly string[] };
}

/** Who hears what a step asks for and says. */
export interface Host {
  /** Called once for each effect that a step asks for; gives its id. */
  idOf(request: Request): string;
  /** A line of `log()`, at most 500 characters. It may hold data of the case. */
  log(line: string): void;
}

/**
 * Opens a new actor from `input`, or a stored one from `state`, which must have been parsed for it alone. `now` (epoch
 * ms) is the only time the step can see.
 *
 * A machine that throws while it starts or steps ends in status `error`; see `standing()`.
 *
 * @throws {IncompatibleSnapshot} when an actor of `state` cannot be restored
 */
export function openActor(
  machine: AnyStateMachine,
  from: { readonly input: unknown } | { readonly state: PersistedState },
  now: number,
  host: Host,
): LiveActor {
  const stored = 'state' in from ? from.state : null;
  const counters: Counters = { actors: 0, timers: stored?.counters.timers ?? 0 };
  const timers = new Map<string, LiveTimer>();
  const awaited = new Map<AnyActorRef, string>();
  const abandoned: string[] = [];
  const born: AnyActorRef[] = [];
  let transitionsTaken = 0;
  let messages = 0;
  let refused: unknown = null;
  let root: AnyActorRef | undefined;

  const keyOf = (source: AnyActorRef, id: string) => `${source.sessionId}.${id}`;
  const set = (
    source: AnyActorRef,
    target: AnyActorRef,
    event: EventObject,
    dueAt: number,
    id: string,
  ) => {
    const key = keyOf(source, id);
    timers.delete(key); // So that a timer set anew goes to the end of the order.
    timers.set(key, { source, target, event, dueAt, id });
  };

  const takeOver = (system: Internals) => {
    const prefix = stored ? 'r:' : 'x:'; // Restored actors have their ids; what they book here is never stored.
    system._bookId = () => `${prefix}${counters.actors++}`;
    system.scheduler.schedule = (source, target, event, delay, id = `t:${counters.timers++}`) => {
      if (!Number.isFinite(delay))
        throw new RangeError(`Delay of "${event.type}" is not a finite number`);
      set(source, target, event, now + Math.max(0, delay), id);
    };
    system.scheduler.cancel = (source, id) => void timers.delete(keyOf(source, id));
    system.scheduler.cancelAll = (source) => {
      for (const [key, timer] of timers) if (timer.source === source) timers.delete(key);
    };
    system._sendInspectionEvent = (event) => {
      if (event.type === '@xstate.actor') {
        hearEmitted(event.actorRef);
        born.push(event.actorRef);
        // Thrown before it could start: its work would be done here and now.
        if (typeof event.actorRef.src !== 'string') {
          const unnamed = withoutName(event.actorRef);
          refused ??= unnamed;
          throw unnamed;
        }
      } else if (
        event.type === '@xstate.microstep' &&
        event.actorRef === root &&
        event._transitions?.some(doesSomething)
      ) {
        transitionsTaken++;
      }
    };
    const relay = system._relay;
    system._relay = (source, target, event) => {
      if (++messages <= maxMessages) relay(source, target, event);
      else refused ??= new EndlessStep(maxMessages);
    };
  };
  const hearEmitted = (ref: AnyActorRef) =>
    void ref.on('*', (event) => ask(ref, { kind: 'emit', name: event.type, input: event }));

  // XState announces each actor before it makes its first snapshot: the one moment to take over the system in time.
  let taken = false;
  const actor = createActor(machine, {
    id: machine.id,
    clock: noClock,
    logger: (...parts: unknown[]) => host.log(lineOf(parts)),
    ...(stored
      ? { snapshot: stored.snapshot as never }
      : { input: (from as { input: unknown }).input }),
    inspect: (event) => {
      if (taken) return;
      taken = true;
      root = event.actorRef as AnyActorRef;
      takeOver(root.system as unknown as Internals);
      hearEmitted(root);
    },
  }) as AnyActorRef;
  root = actor;
  const system = actor.system as unknown as Internals;
  const actorAt = (path: ActorPath) => followPath(actor, path);

  if (stored) {
    refuseIncompatible(actor, stored.snapshot as StoredTree, machine.id);
    if (!resolveActors(actor.system, actorAt))
      throw new IncompatibleSnapshot('A context refers to an actor that is not there');
    // Before `start()`: an actor that starts and is already awaited is a restored one, and asks for nothing new.
    for (const { path, effectId } of stored.awaited) {
      const ref = actorAt(path);
      if (ref && !isEffectLogic(logicOf(ref)))
        throw new IncompatibleSnapshot(`Actor "${path.join('/')}" has no performer any more`);
      if (ref) awaited.set(ref, effectId);
    }
    system._bookId = () => `x:${counters.actors++}`;
    counters.actors = stored.counters.actors;
  }
  listenTo(actor.system, (request, ref) => {
    try {
      if (request.kind !== 'invoke') host.idOf(request);
      else if (!awaited.has(ref)) awaited.set(ref, host.idOf(request));
    } catch (error) {
      refused ??= error;
    }
  });
  actor.subscribe({ error: () => undefined }); // Without an observer XState throws the error in a later macrotask.
  const relay = system._relay;
  // A restored child with `onSnapshot` would tell its parent once more what it told before it was stored.
  if (stored) system._relay = () => undefined;
  actor.start();
  system._relay = relay;
  for (const timer of stored?.timers ?? []) {
    const source = actorAt(timer.source);
    const target = actorAt(timer.target);
    if (timer.marks) revive(timer, timer.marks);
    if (timer.marks) reviveActors(timer, timer.marks, actorAt);
    // A target that has stopped would not have heard the event in memory either.
    if (source && target) set(source, target, timer.event, timer.dueAt, timer.id);
  }

  /** Whether it is a part of the tree that still runs. XState lets the children of an actor that failed run on, unheard. */
  const lives = (ref: AnyActorRef): boolean => {
    for (let at = ref; ; at = at._parent) {
      if ((at.getSnapshot() as PromiseSnapshot).status !== 'active') return false;
      if (!at._parent) return at === actor;
      if (childrenOf(at._parent)[at.id] !== at) return false;
    }
  };
  const whereIs: WhereIs = (ref) => {
    const path = pathOf(ref as AnyActorRef);
    return actorAt(path) === ref ? path : null;
  };
  const timerAsStored = ({ source, target, event, dueAt, id }: LiveTimer): StoredTimer => {
    const marks: Mark[] = [];
    const kept = keep(event, `timer ${id}`, ['event'], { marks, whereIs }) as EventObject;
    const timer = { id, source: pathOf(source), target: pathOf(target), event: kept, dueAt };
    return marks.length > 0 ? { ...timer, marks } : timer;
  };

  return {
    standing() {
      const { status, value, output, error } = actor.getSnapshot() as Standing;
      return { status, value, tags: tagsOf(actor), output, error };
    },
    send(event) {
      messages = 0;
      const before = transitionsTaken;
      system._relay(undefined, actor, event);
      return transitionsTaken > before;
    },
    settle(effectId, { ok, value }) {
      for (const [ref, id] of awaited) {
        if (id !== effectId || !lives(ref)) continue;
        awaited.delete(ref);
        messages = 0;
        const data = ok ? value : failureOf(value);
        system._relay(ref, ref, outcomeEvent(ok, data));
        return true;
      }
      return false;
    },
    fire(subject) {
      const found = [...timers].find(
        ([, { source, id }]) => subjectOf({ source: pathOf(source), id }) === subject,
      );
      if (!found) return false;
      const [key, timer] = found;
      timers.delete(key);
      messages = 0;
      system._relay(timer.source, timer.target, timer.event);
      return true;
    },
    persist() {
      if (refused) throw refused as Error;
      for (const ref of born) refuseLost(ref);
      for (const [ref, effectId] of awaited) {
        if (lives(ref)) continue;
        awaited.delete(ref);
        abandoned.push(effectId);
      }
      // What an actor that has stopped would not hear must not reach another that was given its id since.
      for (const [key, { target }] of timers)
        if (target !== actor && !lives(target)) timers.delete(key);
      const before = stored?.snapshot as Persisting['before'];
      const persisting: Persisting = { whereIs, path: [], before };
      const state: PersistedState = {
        snapshot: persisted(actor, persisting),
        timers: [...timers.values()].map(timerAsStored),
        awaited: [...awaited].map(([ref, effectId]) => ({ path: pathOf(ref), effectId })),
        counters: { ...counters },
      };
      return { state, abandoned };
    },
  };
}

/** A transition that is there only to forbid: XState's own `snapshot.can(event)` does not count it either. */
const doesSomething = ({ target, actions }: TakenTransition) =>
  target !== undefined || actions.length > 0;

/** What a performer threw is an error again for the machine, as it would be in memory. */
function failureOf(value: unknown): unknown {
  const { name, message } = (value ?? {}) as { name?: unknown; message?: unknown };
  return typeof name === 'string' && typeof message === 'string' ? toError(value) : value;
}

const withoutName = ({ id }: AnyActorRef) =>
  new UnstorableSnapshot(
    `children.${id}`,
    'an actor that was not spawned by its name in setup({ actors })',
  );

const running = 1; // XState's `ProcessingStatus.Running`.

/** Refuses an actor that runs on although its parent lost it: nobody could restore it. */
function refuseLost(ref: AnyActorRef): void {
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

interface StoredTree {
  readonly status?: unknown;
  readonly children?: Readonly<
    Record<string, { readonly src: unknown; readonly snapshot: StoredTree }>
  >;
}

const logicOf = (ref: AnyActorRef) => (ref as unknown as { logic: object }).logic;

/** XState leaves out a child whose source it does not know, and takes any snapshot for that of an effect. */
function refuseIncompatible(ref: AnyActorRef, stored: StoredTree, place: string): void {
  const { status } = ref.getSnapshot() as PromiseSnapshot;
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
