/* oxlint-disable typescript/no-unnecessary-type-assertion -- it is how XState takes types */
import {
  assign,
  enqueueActions,
  sendTo,
  setup,
  spawnChild,
  stopChild,
  type ActorRefFrom,
} from 'xstate';

import type { Effect, Subject } from './subject.ts';

const worker = setup({
  types: {} as {
    context: { done: number };
    input: { done: number };
    events: { type: 'work' } | { type: 'retire' };
    output: { done: number };
  },
  actors: { dig: {} as Effect },
  actions: { count: assign({ done: ({ context }) => context.done + 1 }) },
}).createMachine({
  id: 'worker',
  context: ({ input }) => ({ done: input.done }),
  initial: 'idle',
  states: {
    idle: { on: { work: { target: 'digging' }, retire: { target: 'retired' } } },
    digging: {
      invoke: {
        src: 'dig',
        input: ({ context }: { context: { done: number } }) => ({ hole: context.done }),
        onDone: { target: 'idle', actions: 'count' },
        onError: { target: 'idle' },
      },
      after: { 3_000: 'idle' },
      on: { retire: { target: 'retired' } },
    },
    retired: { type: 'final' },
  },
  output: ({ context }) => ({ done: context.done }),
});

/** Children with an id, without one, kept in the context by `assign`, and stopped in each of these ways. */
const machine = setup({
  types: {} as {
    context: {
      hired: number;
      favourite: ActorRefFrom<typeof worker> | null;
      crew: ActorRefFrom<typeof worker>[];
    };
    events: {
      type:
        | 'named'
        | 'unnamed'
        | 'dismiss'
        | 'keep'
        | 'work'
        | 'workFavourite'
        | 'workCrew'
        | 'drop'
        | 'retire';
    };
  },
  actors: { worker, dig: {} as Effect },
  actions: {
    spawnNamed: spawnChild('worker', {
      id: 'named',
      input: ({ context }) => ({ done: context.hired }),
    }),
    // Without an id: they are numbered. (`spawnChild` cannot: see the test of what is refused.)
    enlist: assign({
      crew: ({ context, spawn }) => [...context.crew, spawn('worker', { input: { done: 100 } })],
    }),
    workCrew: enqueueActions(({ context, enqueue }) => {
      for (const member of context.crew) enqueue.sendTo(member, { type: 'work' });
    }),
    spawnEffect: spawnChild('dig', { id: 'spade', input: { hole: -1 } }),
    stopNamed: stopChild('named'),
    stopSpade: stopChild('spade'),
    hire: assign({ hired: ({ context }) => context.hired + 1 }),
    keep: assign({
      favourite: ({ spawn }) => spawn('worker', { id: 'favourite', input: { done: 7 } }),
    }),
    stopFavourite: stopChild('favourite'),
    forget: assign({ favourite: null }),
    work: sendTo('named', { type: 'work' }),
    retire: sendTo('named', { type: 'retire' }),
    workFavourite: sendTo(({ context }) => context.favourite as ActorRefFrom<typeof worker>, {
      type: 'work',
    }),
  },
  guards: {
    hasFavourite: ({ context }) => context.favourite !== null,
    hasNone: ({ context }) => context.favourite === null,
  },
}).createMachine({
  id: 'spawning',
  context: { hired: 0, favourite: null, crew: [] },
  on: {
    // `work` and `retire` fail when nobody was hired: such an event is dead-lettered.
    named: { actions: ['stopNamed', 'hire', 'spawnNamed'] },
    unnamed: { actions: ['hire', 'enlist'] },
    workCrew: { actions: 'workCrew' },
    dismiss: { actions: ['stopNamed', 'stopSpade', 'spawnEffect'] },
    keep: { guard: 'hasNone', actions: 'keep' },
    work: { actions: 'work' },
    retire: { actions: 'retire' },
    workFavourite: { guard: 'hasFavourite', actions: 'workFavourite' },
    drop: { guard: 'hasFavourite', actions: ['stopFavourite', 'forget'] },
    // A spawned effect's failure must be heard by somebody, or it fails the machine.
    'xstate.error.actor.spade': { actions: 'hire' },
  },
});

export const spawning: Subject = {
  machine,
  events: [
    'named',
    'unnamed',
    'dismiss',
    'keep',
    'work',
    'workFavourite',
    'workCrew',
    'drop',
    'retire',
  ].map((type) => ({ type })),
  effects: ['dig'],
};
