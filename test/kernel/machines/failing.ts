/* oxlint-disable typescript/no-unnecessary-type-assertion -- it is how XState takes types */
import { assign, raise, sendTo, setup, spawnChild, type ActorRefFrom } from 'xstate';

import type { Effect, Subject } from './subject.ts';

const fragile = setup({
  types: {} as { context: { hits: number }; events: { type: 'hit' } | { type: 'break' } },
  actions: {
    hit: assign({ hits: ({ context }) => context.hits + 1 }),
    breakDown: () => {
      throw new TypeError('broken');
    },
  },
}).createMachine({
  id: 'fragile',
  context: { hits: 0 },
  on: { hit: { actions: 'hit' }, break: { actions: 'breakDown' } },
  after: { 8_000: { actions: 'breakDown' } },
});

/** Guards, assigns, actions, delays and children that throw: with and without somebody to hear it. */
const machine = setup({
  types: {} as {
    context: { good: number; heard: number; kept: ActorRefFrom<typeof fragile> | null };
    events: {
      type:
        | 'good'
        | 'badGuard'
        | 'badAssign'
        | 'badAction'
        | 'badTimer'
        | 'badLater'
        | 'careful'
        | 'careless'
        | 'keeping'
        | 'hit'
        | 'break'
        | 'keep'
        | 'hitKept'
        | 'leave';
    };
  },
  actors: { fragile, work: {} as Effect },
  actions: {
    good: assign({ good: ({ context }) => context.good + 1 }),
    heard: assign({ heard: ({ context }) => context.heard + 1 }),
    throwing: () => {
      throw new RangeError('action');
    },
    badAssign: assign(() => {
      throw new RangeError('assign');
    }),
    later: raise({ type: 'badAction' }, { delay: 600 }),
    spawnWork: spawnChild('work', { id: 'work' }),
    keep: assign({ kept: ({ spawn }) => spawn('fragile', { id: 'kept' }) }),
    hitKept: sendTo(({ context }) => context.kept as ActorRefFrom<typeof fragile>, { type: 'hit' }),
    pass: sendTo('fragile', ({ event }) => ({ type: event.type as 'hit' })),
  },
  guards: {
    throwing: () => {
      throw new RangeError('guard');
    },
    keepsNone: ({ context }) => context.kept === null,
    keepsOne: ({ context }) => context.kept !== null,
  },
}).createMachine({
  id: 'failing',
  context: { good: 0, heard: 0, kept: null },
  initial: 'idle',
  on: {
    good: { actions: 'good' },
    badGuard: { guard: 'throwing', actions: 'good' },
    badAssign: { actions: ['good', 'badAssign'] },
    badAction: { actions: ['good', 'spawnWork', 'throwing'] },
    badLater: { actions: 'later' },
    keep: { guard: 'keepsNone', actions: 'keep' },
    hitKept: { guard: 'keepsOne', actions: 'hitKept' },
  },
  states: {
    idle: {
      on: {
        badTimer: { target: 'timed' },
        careful: { target: 'careful' },
        careless: { target: 'careless' },
        keeping: { target: 'keeping' },
      },
    },
    timed: { after: { 1_000: { target: 'idle', actions: 'badAssign' }, 1_500: 'idle' } },
    careful: {
      invoke: { id: 'fragile', src: 'fragile', onError: { target: 'idle', actions: 'heard' } },
      on: { hit: { actions: 'pass' }, break: { actions: 'pass' }, leave: { target: 'idle' } },
    },
    careless: {
      invoke: { id: 'fragile', src: 'fragile' },
      on: { hit: { actions: 'pass' }, break: { actions: 'pass' }, leave: { target: 'idle' } },
    },
    keeping: {
      // The broken child stays: its error is part of the snapshot.
      invoke: { id: 'fragile', src: 'fragile', onError: { actions: 'heard' } },
      on: { hit: { actions: 'pass' }, break: { actions: 'pass' }, leave: { target: 'idle' } },
    },
  },
});

export const failing: Subject = {
  machine,
  events: [
    'good',
    'badGuard',
    'badAssign',
    'badAction',
    'badTimer',
    'badLater',
    'careful',
    'careless',
    'keeping',
    'hit',
    'break',
    'keep',
    'hitKept',
    'leave',
  ].map((type) => ({ type })),
  effects: ['work'],
};
