/**
 * What we know of XState's internals (read on 5.33.3), with
 * `tree.ts`, `dormant.ts`, `stand-ins.ts` and `snapshot.ts`. A move to v6 changes these files and nothing else.
 *
 * It opens an actor whose clock, ids and timers are ours, so that a step is a pure function of what goes in:
 * - timers are kept with absolute deadlines instead of `setTimeout`, so that they survive a restore;
 * - session ids and unnamed timer ids come from counters stored with the case, because XState's own counter is one
 *   per process and `Math.random()`, and a replay would give other ids;
 * - promise actors do nothing: the first start is recorded as an effect, a later start (after a restore) is not.
 */
import { inspect } from 'node:util';

import { createActor, type AnyActorRef, type AnyStateMachine, type EventObject } from 'xstate';

import { isEffectLogic } from './definitions.ts';
import { wakeWith } from './dormant.ts';
import { EndlessStep, IncompatibleSnapshot, UnstorableSnapshot } from './errors.ts';
import {
  subjectOf,
  type Counters,
  type PersistedState,
  type StoredTimer,
} from './persisted-state.ts';
import { persisted, resolveActors, restoredContextOf, type Persisting } from './snapshot.ts';
import { ask, listenTo, outcomeEvent, type PromiseSnapshot, type Request } from './stand-ins.ts';
import {
  childrenOf,
  followPath,
  logicOf,
  pathOf,
  refuseIncompatible,
  refuseLost,
  statusOf,
  tagsOf,
  valueOf,
  type StoredTree,
} from './tree.ts';
import {
  copied,
  keep,
  revive,
  reviveActors,
  toError,
  type ActorPath,
  type Mark,
  type WhereIs,
} from './values.ts';

interface LiveTimer extends Omit<StoredTimer, 'source' | 'target'> {
  /** Null as long as it is inside an actor that sleeps. */
  source: AnyActorRef | null;
  target: AnyActorRef | null;
  readonly sourcePath: ActorPath;
  readonly targetPath: ActorPath;
  /** As it was stored, if it was. */
  readonly stored?: StoredTimer;
}

/** An effect that a promise actor waits for. */
interface Awaited {
  /** Null as long as it is inside an actor that sleeps. */
  ref: AnyActorRef | null;
  readonly path: ActorPath;
  readonly effectId: string;
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

/** How the root stands between two steps. */
export interface Standing {
  readonly status: 'active' | 'done' | 'error' | 'stopped';
  /** With the machines right below the root: see `valueOf`. */
  readonly value: unknown;
  readonly output: unknown;
  readonly error: unknown;
}

/** A live actor tree for the length of one step. Everything on it is synchronous. */
export interface LiveActor {
  standing(): Standing;
  /** Of the whole tree: see `tags.ts`. */
  tags(): readonly string[];
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
 * Opens a new actor from `input`, or a stored one from `state`, which it leaves as it is. `now` (epoch
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
  const timers = new Set<LiveTimer>();
  const awaited: Awaited[] = [];
  const abandoned: string[] = [];
  const born: AnyActorRef[] = [];
  let transitionsTaken = 0;
  let messages = 0;
  let refused: unknown = null;
  let root: AnyActorRef | undefined;

  let isRestoring = stored !== null;
  let restored = 0;

  const forget = (source: AnyActorRef, id: string) => {
    for (const timer of timers)
      if (timer.source === source && timer.id === id) timers.delete(timer);
  };

  const takeOver = (system: Internals) => {
    // Restored actors have their ids; what they book here is never stored.
    system._bookId = () => (isRestoring ? `r:${restored++}` : `x:${counters.actors++}`);
    system.scheduler.schedule = (source, target, event, delay, id = `t:${counters.timers++}`) => {
      if (!Number.isFinite(delay))
        throw new RangeError(`Delay of "${event.type}" is not a finite number`);
      forget(source, id); // So that a timer set anew goes to the end of the order.
      const [sourcePath, targetPath] = [pathOf(source), pathOf(target)];
      timers.add({
        id,
        source,
        target,
        sourcePath,
        targetPath,
        event,
        dueAt: now + Math.max(0, delay),
      });
    };
    system.scheduler.cancel = forget;
    system.scheduler.cancelAll = (source) => {
      for (const timer of timers) if (timer.source === source) timers.delete(timer);
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
  const actorAt = (path: ActorPath): AnyActorRef | undefined => {
    for (;;) {
      const found = followPath(actor, path);
      if (!found?.isAbove) return found?.ref;
      found.ref.getSnapshot(); // Wakes it.
    }
  };
  const awakeAt = (path: ActorPath): AnyActorRef | null => {
    const found = followPath(actor, path);
    return found && !found.isAbove ? found.ref : null;
  };
  /** Timers and effects of actors that are there now. */
  const bind = () => {
    for (const timer of timers) {
      timer.source ??= awakeAt(timer.sourcePath);
      timer.target ??= awakeAt(timer.targetPath);
    }
    for (const one of awaited) one.ref ??= awakeAt(one.path);
  };
  const quietly = (work: () => void) => {
    const relay = system._relay;
    system._relay = () => undefined;
    work();
    system._relay = relay;
  };
  wakeWith(actor.system, (ref, restore, start) => {
    const before = isRestoring;
    isRestoring = true;
    restore();
    isRestoring = before;
    if ((ref.getSnapshot() as PromiseSnapshot).status === 'error')
      refused ??= new IncompatibleSnapshot(`Actor "${pathOf(ref).join('/')}" cannot be restored`);
    bind();
    quietly(start);
  });

  if (stored) {
    refuseIncompatible(actor, stored.snapshot as StoredTree, machine.id);
    if (!resolveActors(actor.system, actorAt))
      throw new IncompatibleSnapshot('A context refers to an actor that is not there');
    // Before `start()`: an actor that starts and is already awaited is a restored one, and asks for nothing new.
    for (const { path, effectId } of stored.awaited) {
      const found = followPath(actor, path);
      if (found && !found.isAbove && !isEffectLogic(logicOf(found.ref)))
        throw new IncompatibleSnapshot(`Actor "${path.join('/')}" has no performer any more`);
      if (found) awaited.push({ ref: found.isAbove ? null : found.ref, path, effectId });
    }
    isRestoring = false;
    counters.actors = stored.counters.actors;
  }
  listenTo(actor.system, (request, ref) => {
    try {
      if (request.kind !== 'invoke') host.idOf(request);
      else if (!awaited.some((one) => one.ref === ref))
        awaited.push({ ref, path: pathOf(ref), effectId: host.idOf(request) });
    } catch (error) {
      refused ??= error;
    }
  });
  actor.subscribe({ error: () => undefined }); // Without an observer XState throws the error in a later macrotask.
  // A restored child with `onSnapshot` would tell its parent once more what it told before it was stored.
  if (stored) quietly(() => actor.start());
  else actor.start();
  for (const one of stored?.timers ?? []) {
    const source = followPath(actor, one.source);
    const target = followPath(actor, one.target);
    // A target that has stopped would not have heard the event in memory either.
    if (!source || !target) continue;
    const { id, source: sourcePath, target: targetPath, dueAt, marks } = one;
    const timer = marks ? (copied(one) as StoredTimer) : one;
    if (marks) revive(timer, marks);
    if (marks) reviveActors(timer, marks, actorAt);
    timers.add({
      id,
      source: source.isAbove ? null : source.ref,
      target: target.isAbove ? null : target.ref,
      sourcePath,
      targetPath,
      event: timer.event,
      dueAt,
      stored: one,
    });
  }

  /** Whether it is a part of the tree that still runs. XState lets the children of an actor that failed run on, unheard. */
  const lives = (ref: AnyActorRef): boolean => {
    for (let at = ref; ; at = at._parent) {
      if (statusOf(at) !== 'active') return false;
      if (!at._parent) return at === actor;
      if (childrenOf(at._parent)[at.id] !== at) return false;
    }
  };
  const whereIs: WhereIs = (ref) => {
    const path = pathOf(ref as AnyActorRef);
    return actorAt(path) === ref ? path : null;
  };
  /** Whether the actor at a path is a part of the tree that runs, asleep or not. */
  const livesAt = (path: ActorPath): boolean => {
    const found = followPath(actor, path);
    return found !== undefined && lives(found.ref);
  };
  const timerAsStored = (timer: LiveTimer): StoredTimer => {
    if (timer.stored) return timer.stored;
    const { sourcePath: source, targetPath: target, event, dueAt, id } = timer;
    const marks: Mark[] = [];
    const kept = keep(event, `timer ${id}`, ['event'], { marks, whereIs }) as EventObject;
    const bare = { id, source, target, event: kept, dueAt };
    return marks.length > 0 ? { ...bare, marks } : bare;
  };

  return {
    standing() {
      const { status, output, error } = actor.getSnapshot() as Standing;
      return { status, value: valueOf(actor), output, error };
    },
    tags: () => tagsOf(actor),
    send(event) {
      messages = 0;
      const before = transitionsTaken;
      system._relay(undefined, actor, event);
      return transitionsTaken > before;
    },
    settle(effectId, { ok, value }) {
      const found = awaited.findIndex((one) => one.effectId === effectId);
      const ref = actorAt(awaited[found]?.path ?? []);
      if (found === -1 || !ref || awaited[found]?.ref !== ref || !lives(ref)) return false;
      awaited.splice(found, 1);
      messages = 0;
      system._relay(ref, ref, outcomeEvent(ok, ok ? value : failureOf(value)));
      return true;
    },
    fire(subject) {
      for (const timer of timers) {
        if (subjectOf({ source: timer.sourcePath, id: timer.id }) !== subject) continue;
        const source = timer.source ?? actorAt(timer.sourcePath);
        const target = timer.target ?? actorAt(timer.targetPath);
        timers.delete(timer);
        if (!source || !target) return false;
        messages = 0;
        const { event, stored: before } = timer;
        system._relay(
          source,
          target,
          before && !before.marks ? (copied(event) as EventObject) : event,
        );
        return true;
      }
      return false;
    },
    persist() {
      if (refused) throw refused as Error;
      for (const ref of born) refuseLost(ref);
      const waiting = awaited.filter(({ ref, path, effectId }) => {
        const isThere = ref ? lives(ref) : livesAt(path);
        if (!isThere) abandoned.push(effectId);
        return isThere;
      });
      // What an actor that has stopped would not hear must not reach another that was given its id since.
      for (const timer of timers) {
        const { target, targetPath } = timer;
        if (target !== actor && !(target ? lives(target) : livesAt(targetPath)))
          timers.delete(timer);
      }
      const persisting: Persisting = { whereIs, path: [], before: restoredContextOf(actor) };
      const state: PersistedState = {
        snapshot: persisted(actor, persisting),
        timers: [...timers].map(timerAsStored),
        awaited: waiting.map(({ path, effectId }) => ({ path, effectId })),
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
