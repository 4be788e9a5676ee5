/**
 * Machines made up by fast-check: regions, histories, guards, transitions without an event, timers, messages, children
 * that are spawned, stopped and spawned again, references to them, effects, and values that JSON does not know.
 */
import fc from 'fast-check';
import {
  assign,
  cancel,
  createMachine,
  emit,
  enqueueActions,
  fromTransition,
  raise,
  sendParent,
  sendTo,
  spawnChild,
  stopChild,
  type AnyActorRef,
  type AnyStateMachine,
} from 'xstate';

import type { Subject } from './subject.ts';

interface Transition {
  readonly event: number;
  readonly target: number | 'history' | null;
  readonly reenter: boolean;
  readonly guard: 'even' | 'odd' | null;
  readonly actions: readonly ActionName[];
}

interface State {
  readonly transitions: readonly Transition[];
  readonly entry: readonly ActionName[];
  readonly exit: readonly ActionName[];
  readonly afterMs: number | null;
  readonly always: boolean;
  readonly invokes: 'dig' | 'worker' | 'count' | null;
  readonly deep: boolean;
}

interface Spec {
  readonly regions: readonly (readonly State[])[];
  /** Whether a failing child is heard, or fails the machine. */
  readonly hearsFailures: boolean;
}

type Context = Record<string, unknown> & {
  n: number;
  ref: AnyActorRef | null;
  crew: AnyActorRef[];
};
type Args = { readonly context: Context; readonly self: AnyActorRef };

const childrenOf = (self: AnyActorRef) =>
  (self.getSnapshot() as { children: Record<string, AnyActorRef | undefined> }).children;

const change = (update: (args: Args) => object) => assign(update as never);

/** Sends to whoever is meant, if there is somebody: to nobody would be to oneself. */
const tell = (who: (args: Args) => AnyActorRef | null | undefined, event: (args: Args) => object) =>
  enqueueActions((args) => {
    const to = who(args as unknown as Args);
    if (to) args.enqueue.sendTo(to, event(args as unknown as Args) as never);
  });

const ping = { type: 'ping' };
const a = ({ self }: Args) => childrenOf(self)['a'];

/** Those of the root. What raises says an event that raises nothing itself, so that steps end. */
const actions = {
  inc: change(({ context }) => ({ n: context.n + 1 })),
  undef: change(() => ({ u: undefined, deep: { a: undefined, b: [{ c: undefined }] } })),
  define: change(({ context }) => ({ u: context.n })),
  dropped: change(({ context }) => ({
    all: { u: 'kept', ...context, all: null, crew: null, ref: null },
  })),
  keys: change(({ context }) => ({ keys: [Object.keys(context).join(), 'u' in context] })),
  minus: change(({ context }) => ({ z: -0, wasMinus: Object.is(context['z'], -0) })),
  mistake: change(() => ({ mistake: new TypeError('mistaken', { cause: -0 }) })),
  wasMistake: change(({ context }) => ({
    was: [context['mistake'] instanceof TypeError, String(context['mistake'])],
  })),
  bare: change(() => ({ bare: Object.assign(Object.create(null), { a: 1 }) as object })),
  looksLike: change(() => ({ looks: { xstate$$type: 1, id: 'a' } })),
  date: change(() => ({ when: new Date(0) })),
  notANumber: change(({ context }) => ({ list: [context.n, Number.NaN] })),
  spawnA: spawnChild('worker', { id: 'a' }),
  stopA: stopChild('a'),
  spawnB: change((args) => ({ ref: (args as unknown as Spawning).spawn('worker', { id: 'b' }) })),
  stopB: stopChild('b'),
  forget: change(() => ({ ref: null })),
  enlist: change((args) => ({
    crew: [...args.context.crew, (args as unknown as Spawning).spawn('worker')].slice(-3),
  })),
  dismiss: stopChild((({ context }: Args) => context.crew[0]) as never),
  forgetCrew: change(({ context }) => ({ crew: context.crew.slice(1) })),
  count: spawnChild('count', { id: 'count' }),
  stopCount: stopChild('count'),
  tellCount: tell(
    ({ self }) => childrenOf(self)['count'],
    () => ({ type: 'one' }),
  ),
  pingA: sendTo('a', ping), // Fails where nobody is there.
  pingRef: tell(
    ({ context }) => context.ref,
    () => ping,
  ),
  pingCrew: tell(
    ({ context }) => context.crew.at(-1),
    () => ping,
  ),
  breakA: tell(a, () => ({ type: 'break' })),
  retireA: tell(a, () => ({ type: 'retire' })),
  digA: tell(a, () => ({ type: 'dig' })),
  meetB: tell(a, ({ self }) => ({ type: 'meet', friend: childrenOf(self)['b'] ?? null })),
  meetSelf: tell(a, ({ self }) => ({ type: 'meet', friend: self })),
  meetItself: tell(a, (args) => ({ type: 'meet', friend: a(args) })),
  greetA: tell(a, () => ({ type: 'greet' })),
  keepA: change((args) => ({ ref: a(args) ?? null })),
  keepSelf: change(({ self }) => ({ ref: self })),
  // One that is set twice fires once in the kernel, as its README says; so it is cancelled first.
  pingLater: enqueueActions(({ enqueue, self }) => {
    enqueue.cancel('ping');
    if (childrenOf(self)['a']) enqueue.sendTo('a', ping, { id: 'ping', delay: 700 });
  }),
  meetLater: enqueueActions(({ enqueue, self }) => {
    enqueue.cancel('meet');
    const friend = childrenOf(self)['b'] ?? null;
    if (childrenOf(self)['a'])
      enqueue.sendTo('a', { type: 'meet', friend }, { id: 'meet', delay: 400 });
  }),
  cancelPing: cancel('ping'),
  raise: raise({ type: 'e4' }),
  raiseLater: raise({ type: 'e3', u: undefined } as never, { delay: 500 }),
  say: emit(({ context }: { context: unknown }) => ({
    type: 'said',
    n: (context as Context).n,
    u: undefined,
  })),
  fail: () => {
    throw new RangeError('failed');
  },
} as const;

interface Spawning {
  readonly spawn: (src: string, options?: object) => AnyActorRef;
}

type ActionName = keyof typeof actions | 'report';

const quiet: readonly ActionName[] = [
  'inc',
  'undef',
  'define',
  'keys',
  'minus',
  'say',
  'report',
  'forget',
];
const all = [...(Object.keys(actions) as ActionName[]), 'report' as const];

const worker = createMachine({
  id: 'worker',
  context: { n: 0, friend: null, u: undefined },
  initial: 'idle',
  on: {
    ping: {
      actions: [change(({ context }) => ({ n: context.n + 1 })), sendParent({ type: 'e4' })],
    },
    meet: {
      actions: assign((({ event }: { event: { friend: unknown } }) => ({
        friend: event.friend,
      })) as never),
    },
    greet: {
      actions: tell(
        ({ context }) => context['friend'] as AnyActorRef | null,
        () => ({ type: 'e4' }),
      ),
    },
    e4: { actions: change(({ context }) => ({ n: context.n + 10, u: undefined })) },
    break: {
      actions: () => {
        throw Object.assign(new TypeError('broken'), { code: 'worn' });
      },
    },
    retire: '.retired',
    dig: '.digging',
  },
  states: {
    idle: { after: { 900: 'tired' } },
    tired: { entry: emit({ type: 'tired' }), after: { 600: 'idle' } },
    digging: {
      invoke: {
        id: 'dig',
        src: 'dig',
        input: { hole: undefined },
        onDone: 'idle',
        onError: {
          target: 'tired',
          actions: assign((({ event }: { event: { error: unknown } }) => ({
            u: event.error,
          })) as never),
        },
      },
    },
    retired: { type: 'final' },
  },
  output: { done: undefined, n: -0 },
} as never).provide({ actors: { dig: {} as never } } as never) as AnyStateMachine;

const count = fromTransition(
  (n: { total: number | undefined }) => ({ total: n.total === undefined ? -0 : n.total + 1 }),
  {
    total: undefined,
  },
);

const someActions = (max: number): fc.Arbitrary<ActionName[]> =>
  fc.array(fc.constantFrom(...all), { maxLength: max });

const transition: fc.Arbitrary<Transition> = fc
  .record({
    event: fc.nat(5),
    target: fc.oneof(fc.nat(3), fc.constantFrom(null, null, 'history' as const)),
    reenter: fc.boolean(),
    guard: fc.constantFrom(null, null, 'even' as const, 'odd' as const),
    actions: someActions(4),
  })
  // What others raise and send raises and sends nothing.
  .map((one) =>
    one.event < 3 ? one : { ...one, actions: one.actions.filter((name) => quiet.includes(name)) },
  );

const state: fc.Arbitrary<State> = fc.record({
  transitions: fc.array(transition, { minLength: 2, maxLength: 6 }),
  entry: fc.array(fc.constantFrom(...quiet), { maxLength: 2 }),
  exit: fc.array(fc.constantFrom(...quiet), { maxLength: 1 }),
  afterMs: fc.constantFrom(null, null, 500, 1_000),
  always: fc.constantFrom(false, false, true),
  invokes: fc.constantFrom(null, null, null, 'dig' as const, 'worker' as const, 'count' as const),
  deep: fc.boolean(),
});

export const specs: fc.Arbitrary<Spec> = fc.record({
  regions: fc.array(fc.array(state, { minLength: 2, maxLength: 4 }), {
    minLength: 1,
    maxLength: 2,
  }),
  hearsFailures: fc.boolean(),
});

export function subjectOf({ regions, hearsFailures }: Spec): Subject {
  const states = regions.map((region, r) => [`r${r}`, regionOf(region, r)] as const);
  const config = {
    id: 'generated',
    type: 'parallel',
    context: { n: 0, ref: null, crew: [], u: undefined },
    states: Object.fromEntries(states),
    ...(hearsFailures ? { on: { 'xstate.error.*': { actions: 'inc' } } } : {}),
  };
  const machine = createMachine(config as never).provide({
    actors: { worker, count, dig: {} as never },
    actions: { ...actions, report: () => undefined },
    guards: {
      even: ({ context }: Args) => context.n % 2 === 0,
      odd: ({ context }: Args) => context.n % 2 === 1,
      // Each time it is taken `n` grows, so it ends.
      third: ({ context }: Args) => context.n % 3 === 1 && context.n < 60,
    },
  } as never) as AnyStateMachine;
  const events = ['e0', 'e1', 'e2', 'e3', 'e4', 'e5'].map((type) => ({ type }));
  return { machine, events, effects: ['dig', 'report'] };
}

function regionOf(region: readonly State[], r: number) {
  const name = (index: number) => `s${index % region.length}`;
  const targetOf = (target: number | 'history', reenter: boolean) =>
    target === 'history'
      ? // Without it XState enters a state anew that it has not left, when the history is still empty.
        { target: `#r${r}.last`, reenter: true }
      : { target: `#r${r}.${name(target)}`, reenter };
  const one = ({ target, reenter, guard, actions: names }: Transition) => ({
    ...(target === null ? {} : targetOf(target, reenter)),
    ...(guard ? { guard } : {}),
    actions: names.map((type) =>
      type === 'report' ? { type, params: { r, u: undefined } } : type,
    ),
  });
  const states = region.map((given, index) => {
    const on: Record<string, object[]> = {};
    for (const each of given.transitions) (on[`e${each.event}`] ??= []).push(one(each));
    return [
      name(index),
      {
        on,
        entry: given.entry,
        exit: given.exit,
        ...(given.afterMs === null
          ? {}
          : { after: { [given.afterMs]: `#r${r}.${name(index + 1)}` } }),
        ...(given.always
          ? { always: { guard: 'third', target: `#r${r}.${name(index + 1)}`, actions: 'inc' } }
          : {}),
        ...(given.invokes
          ? { invoke: { id: `i${r}`, src: given.invokes, onDone: `#r${r}.${name(index + 1)}` } }
          : {}),
        ...(given.deep
          ? { initial: 'x', states: { x: { on: { e5: 'y' } }, y: { on: { e5: 'x' } } } }
          : {}),
      },
    ];
  });
  return {
    id: `r${r}`,
    initial: 's0',
    states: { ...Object.fromEntries(states), last: { type: 'history', history: 'deep' } },
  };
}
