/** XState as it is, on a clock of ours: what the kernel is measured against. */
import {
  createActor,
  fromPromise,
  type AnyActorLogic,
  type AnyActorRef,
  type AnyEventObject,
  type AnyMachineSnapshot,
  type AnyStateMachine,
  type SimulatedClock,
} from 'xstate';

import type { Subject } from './machines/subject.ts';
import {
  answerTo,
  outward,
  plain,
  thrownBy,
  timerText,
  type Disposition,
  type Happening,
  type Observation,
} from './observation.ts';

interface Call {
  readonly self: AnyActorRef;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: unknown) => void;
}

/** The machine with recorders where the kernel has effects, in itself and in the machines it hosts. */
function recording(
  machine: AnyStateMachine,
  effects: ReadonlySet<string>,
  asked: unknown[],
  calls: Call[],
): AnyStateMachine {
  const actors: Record<string, AnyActorLogic> = {};
  const actions: Record<string, unknown> = {};
  for (const [name, logic] of Object.entries(machine.implementations.actors)) {
    if (effects.has(name)) {
      actors[name] = fromPromise(({ input, self }) => {
        asked.push(['invoke', name, outward(input)]);
        const { promise, resolve, reject } = Promise.withResolvers<unknown>();
        calls.push({ self, resolve, reject });
        return promise;
      });
    } else if (typeof logic === 'object' && logic !== null && 'root' in logic) {
      actors[name] = recording(logic as AnyStateMachine, effects, asked, calls);
    }
  }
  for (const name of effects) {
    actions[name] = (_: unknown, params: unknown) =>
      void asked.push(['action', name, outward(params)]);
  }
  return machine.provide({ actors, actions } as never);
}

/** A promise that was settled is heard a few turns of the microtask queue later. */
const heard = () => new Promise<void>((resolve) => setImmediate(resolve));

interface Live {
  readonly actor: AnyActorRef;
  /** Whether the first message since `null` was put here went to an actor that had not stopped. */
  readonly first: { heard: boolean | null };
  readonly asked: unknown[];
  readonly calls: Call[];
  /** Every actor there ever was. */
  readonly born: AnyActorRef[];
}

function start(
  { machine, input, effects = [] }: Subject,
  clock: Pick<SimulatedClock, 'setTimeout' | 'clearTimeout'>,
): Live {
  const asked: unknown[] = [];
  const calls: Call[] = [];
  const born: AnyActorRef[] = [];
  const first: Live['first'] = { heard: null };
  const numberActors = createNumbering();
  const actor: AnyActorRef = createActor(recording(machine, new Set(effects), asked, calls), {
    id: machine.id,
    clock,
    input,
    logger: () => undefined,
    inspect: (event) => {
      const ref = event.actorRef as AnyActorRef;
      numberActors(ref.system);
      if (event.type === '@xstate.event') first.heard ??= ref.getSnapshot()?.status === 'active';
      if (event.type !== '@xstate.actor') return;
      born.push(ref);
      ref.on('*', (emitted) => void asked.push(['emit', emitted.type, outward(emitted)]));
    },
  });
  actor.subscribe({ error: () => undefined });
  actor.start();
  return { actor, asked, calls, first, born };
}

/** XState numbers actors per process, so that two cases stepped in turn are numbered in turn; the kernel, per case. */
function createNumbering() {
  let system: object | null = null;
  let booked = 0;
  return (seen: object) => {
    if (system) return;
    system = seen;
    Object.assign(seen, { _bookId: () => `x:${booked++}` });
  };
}

const pathOf = (ref: AnyActorRef): string =>
  ref._parent ? `${pathOf(ref._parent)}/${ref.id}` : '';

/** Whether it is heard: XState lets the children of an actor that failed run on, and the kernel does not. */
const lives = (ref: AnyActorRef): boolean =>
  ref.getSnapshot()?.status === 'active' && (!ref._parent || lives(ref._parent));

const childrenOf = (ref: AnyActorRef): Record<string, AnyActorRef | undefined> =>
  (ref.getSnapshot() as { children?: Record<string, AnyActorRef> } | undefined)?.children ?? {};

/** Whether the case came to something that the kernel says it does not keep: another way of finding out than the kernel's. */
function isBeyondKeeping({ actor, born }: Live): boolean {
  const tree = (ref: AnyActorRef): AnyActorRef[] => [
    ref,
    ...Object.values(childrenOf(ref)).flatMap((child) => (child ? tree(child) : [])),
  ];
  const there = new Set(tree(actor));
  const isOdd = (value: unknown): boolean => {
    if (typeof value === 'number') return !Number.isFinite(value);
    if (typeof value !== 'object' || value === null) return false;
    if (value instanceof Date) return true;
    if ('sessionId' in value) return !there.has(value as AnyActorRef);
    return Object.values(value).some(isOdd);
  };
  const events = Object.values(actor.system.getSnapshot()._scheduledEvents)
    .filter(({ target }) => lives(target))
    .map(({ event }) => event);
  const contexts = [...there].map((ref) => (ref.getSnapshot() as { context?: unknown }).context);
  const isRunning = (ref: AnyActorRef) =>
    (ref as unknown as { _processingStatus: number })._processingStatus === 1;
  const isLost = (ref: AnyActorRef) =>
    isRunning(ref) &&
    ref._parent &&
    isRunning(ref._parent) &&
    childrenOf(ref._parent)[ref.id] !== ref;
  return [...contexts, ...events].some(isOdd) || born.some(isLost);
}

const standing = (actor: AnyActorRef) => actor.getSnapshot() as AnyMachineSnapshot;

/** Lets XState forget a timer as it does when it fires, but delivers nothing. */
function unheard(actor: AnyActorRef, fire: () => void): void {
  const system = actor.system as unknown as { _relay: (...message: unknown[]) => void };
  const relay = system._relay;
  system._relay = () => undefined;
  fire();
  system._relay = relay;
}

function canTake(actor: AnyActorRef, event: AnyEventObject): boolean {
  try {
    return standing(actor).can(event);
  } catch {
    return true; // A guard threw: it will again when the event is sent.
  }
}

function stateOf({ actor, asked }: Live) {
  return { snapshot: plain(actor.getPersistedSnapshot()), tags: tagsOf(actor), asked };
}

/** Those of the root, then those of what runs below it, each once; then the latter with the path of whose they are. */
function tagsOf(root: AnyActorRef): string[] {
  const whose = (ref: AnyActorRef, path: string): { tag: string; at: string }[] => {
    const { tags, status } = standing(ref) as { tags?: Set<string>; status: string };
    if (status !== 'active' && path !== '') return [];
    const below = status === 'active' ? Object.entries(childrenOf(ref)) : [];
    return [
      ...[...(tags ?? [])].map((tag) => ({ tag, at: path })),
      ...below.flatMap(([id, child]) => (child ? whose(child, `${path}/${id}`) : [])),
    ];
  };
  const all = whose(root, '');
  return [
    ...new Set(all.map(({ tag }) => tag)),
    ...all.filter(({ at }) => at !== '').map(({ tag, at }) => `${tag}@${at.slice(1)}`),
  ];
}

/** `unheard`: a timer meant for an actor that has stopped, which the kernel forgets. */
type Played = Disposition | 'unheard';

type Step =
  | { readonly kind: 'send'; readonly event: AnyEventObject }
  | { readonly kind: 'settle'; readonly call: number; readonly ok: boolean }
  | { readonly kind: 'fire'; readonly timer: number }
  | { readonly kind: 'drop'; readonly timer: number }
  | { readonly kind: 'wait'; readonly ms: number };

/**
 * A case in memory. A step that fails its root is undone as the kernel undoes it: everything before it is played again
 * on a new actor, and a timer whose step failed is gone.
 */
export async function openInMemory(subject: Subject) {
  let clock = createHandClock();
  let live = start(subject, clock);
  const good: Step[] = [];
  const setAt = new WeakMap<object, number>();

  async function play(step: Step): Promise<Played> {
    const { actor, calls } = live;
    const { status } = standing(actor);
    switch (step.kind) {
      case 'wait':
        clock.wait(step.ms);
        return 'applied';
      case 'drop':
        unheard(actor, () => clock.fire(step.timer));
        return 'applied';
      case 'fire':
        live.first.heard = null;
        clock.fire(step.timer);
        return live.first.heard === false ? 'unheard' : 'applied';
      case 'send': {
        const can = status === 'active' && canTake(actor, step.event);
        actor.send(step.event);
        return can ? 'applied' : 'ignored';
      }
      case 'settle': {
        const call = calls[step.call];
        if (!call) return 'ignored';
        const waits = lives(call.self);
        const { ok } = step;
        if (!waits) return 'ignored';
        if (ok) call.resolve(answerTo(step.call, ok));
        else call.reject(thrownBy(step.call));
        await heard();
        return waits ? 'applied' : 'ignored';
      }
      default:
        return step satisfies never;
    }
  }

  function noteTimers(): void {
    for (const timer of Object.values(live.actor.system.getSnapshot()._scheduledEvents)) {
      if (!setAt.has(timer)) setAt.set(timer, clock.now());
    }
  }

  async function attempt(step: Step): Promise<Played> {
    const disposition = await play(step);
    if (standing(live.actor).status !== 'error' && !isBeyondKeeping(live)) {
      good.push(step);
      noteTimers();
      return disposition;
    }
    if (step.kind === 'fire') good.push({ kind: 'drop', timer: step.timer });
    clock = createHandClock();
    live = start(subject, clock);
    noteTimers();
    for (const earlier of good) {
      // oxlint-disable-next-line no-await-in-loop -- in order
      await play(earlier);
      noteTimers();
    }
    return 'dead';
  }

  function timers(): string[] {
    const found = Object.values(live.actor.system.getSnapshot()._scheduledEvents).flatMap(
      (timer) => {
        const { id, source, target, event, delay } = timer;
        // What is meant for an actor that has stopped comes to nothing; the kernel forgets it at once.
        if (!lives(target)) return [];
        const dueAt = (setAt.get(timer) ?? Number.NaN) + Math.max(0, delay);
        const from = pathOf(source);
        const to = pathOf(target);
        return [
          timerText({ id, source: from, target: to, event: plain(event) }, dueAt - clock.now()),
        ];
      },
    );
    return found.toSorted();
  }

  async function fireDue(dispositions: Disposition[]): Promise<void> {
    for (let due = clock.due(); due !== null; due = clock.due()) {
      // oxlint-disable-next-line no-await-in-loop -- in order
      const disposition = await attempt({ kind: 'fire', timer: due });
      if (disposition !== 'unheard') dispositions.push(disposition);
    }
  }

  noteTimers();
  await fireDue([]);
  return {
    /** How many promises were asked for so far. */
    calls: () => live.calls.length,
    async happens(happening: Happening): Promise<Observation> {
      const dispositions: Disposition[] = [];
      const disposition = await attempt(happening);
      if (happening.kind !== 'wait' && disposition !== 'unheard') dispositions.push(disposition);
      await fireDue(dispositions);
      return { dispositions, ...stateOf(live), timers: timers() };
    },
  };
}

/** The whole sequence on XState's own simulated clock: the end it comes to, if nothing fails on the way. */
export async function playPlainly(
  subject: Subject,
  clock: SimulatedClock,
  happenings: readonly Happening[],
) {
  const live = start(subject, clock);
  clock.increment(0);
  for (const happening of happenings) {
    if (happening.kind === 'send') live.actor.send(happening.event);
    else if (happening.kind === 'wait') clock.increment(happening.ms);
    else {
      const { call, ok } = happening;
      if (ok) live.calls[call]?.resolve(answerTo(call, ok));
      else live.calls[call]?.reject(thrownBy(call));
      // oxlint-disable-next-line no-await-in-loop -- in order
      await heard();
    }
    clock.increment(0);
  }
  return stateOf(live);
}

/** XState's `SimulatedClock` fires all that is due at once; on this one we look at the case between two timers. */
function createHandClock() {
  const waiting = new Map<number, { readonly dueAt: number; readonly fire: () => void }>();
  let time = 0;
  let made = 0;
  return {
    now: () => time,
    wait: (ms: number) => void (time += ms),
    /** The first that is due, ties in the order they were set; null if none is. */
    due(): number | null {
      let first: number | null = null;
      let firstAt = time;
      for (const [id, { dueAt }] of waiting) {
        if (dueAt > firstAt || (dueAt === firstAt && first !== null)) continue;
        first = id;
        firstAt = dueAt;
      }
      return first;
    },
    fire(id: number): void {
      const timer = waiting.get(id);
      waiting.delete(id);
      timer?.fire();
    },
    setTimeout(fire: () => void, ms: number): number {
      waiting.set(made, { dueAt: time + Math.max(0, ms), fire });
      return made++;
    },
    clearTimeout: (id: number) => void waiting.delete(id),
  };
}
