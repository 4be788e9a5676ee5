/* oxlint-disable typescript/no-unnecessary-type-assertion -- it is how XState takes types */
import { assign, cancel, raise, sendTo, setup } from 'xstate';

import type { Subject } from './subject.ts';

const listener = setup({
  types: {} as { context: { heard: number }; events: { type: 'tell' } | { type: 'self' } },
  actions: {
    hear: assign({ heard: ({ context }) => context.heard + 1 }),
    tellSelf: raise({ type: 'self' }, { delay: 700 }),
  },
}).createMachine({
  id: 'listener',
  context: { heard: 0 },
  on: { tell: { actions: ['hear', 'tellSelf'] }, self: { actions: 'hear' } },
});

/** Delayed `raise` and `sendTo`, with and without an id, cancelled by id, and to a child that may be gone by then. */
const machine = setup({
  types: {} as {
    context: { rung: number };
    events:
      | { type: 'ring' }
      | { type: 'set'; inMs: number }
      | { type: 'setUnnamed' }
      | { type: 'cancel' }
      | { type: 'tell' }
      | { type: 'tellNamed' }
      | { type: 'cancelTell' }
      | { type: 'close' }
      | { type: 'open' };
  },
  actors: { listener },
  delays: { tellDelay: 1_200 },
  actions: {
    count: assign({ rung: ({ context }) => context.rung + 1 }),
    set: raise(
      { type: 'ring' },
      { id: 'the-alarm', delay: (_, { inMs }: { inMs: number }) => inMs },
    ),
    setUnnamed: raise({ type: 'ring' }, { delay: 900 }),
    stopAlarm: cancel('the-alarm'),
    tell: sendTo('listener', { type: 'tell' }, { delay: 400 }),
    tellNamed: sendTo('listener', { type: 'tell' }, { id: 'the-word', delay: 'tellDelay' }),
    keepWord: cancel('the-word'),
    chime: raise({ type: 'ring' }),
  },
}).createMachine({
  id: 'sends',
  context: { rung: 0 },
  initial: 'open',
  on: {
    ring: { actions: 'count' },
    // An alarm that is set twice rings once in the kernel; see its README. So it is cancelled first.
    set: { actions: ['stopAlarm', { type: 'set', params: ({ event }) => ({ inMs: event.inMs }) }] },
    setUnnamed: { actions: 'setUnnamed' },
    cancel: { actions: ['stopAlarm', 'chime'] },
  },
  states: {
    open: {
      invoke: { id: 'listener', src: 'listener' },
      on: {
        tell: { actions: 'tell' },
        tellNamed: { actions: ['keepWord', 'tellNamed'] },
        cancelTell: { actions: 'keepWord' },
        close: { target: 'closed' },
        open: { target: 'open', reenter: true },
      },
    },
    closed: { on: { open: { target: 'open' } }, after: { 800: 'open' } },
  },
});

export const sends: Subject = {
  machine,
  events: [
    { type: 'set', inMs: 0 },
    { type: 'set', inMs: 1_000 },
    { type: 'set', inMs: 2_500 },
    ...['ring', 'setUnnamed', 'cancel', 'tell', 'tellNamed', 'cancelTell', 'close', 'open'].map(
      (type) => ({ type }),
    ),
  ],
};
