/* oxlint-disable typescript/no-unnecessary-type-assertion -- it is how XState takes types */
import { assign, setup } from 'xstate';

import type { Effect, Subject } from './subject.ts';

/** Two regions that end apart; the parent goes on when both have. One of them waits on a timer, one on an effect. */
const machine = setup({
  types: {} as {
    context: { done: string[] };
    events: { type: 'left' } | { type: 'right' } | { type: 'both' } | { type: 'again' };
  },
  actors: { check: {} as Effect },
  actions: {
    note: assign(({ context }, { what }: { what: string }) => ({ done: [...context.done, what] })),
  },
}).createMachine({
  id: 'parallel',
  context: { done: [] },
  initial: 'working',
  states: {
    working: {
      type: 'parallel',
      onDone: { target: 'worked', actions: { type: 'note', params: { what: 'all' } } },
      states: {
        left: {
          initial: 'waiting',
          states: {
            waiting: {
              on: { left: { target: 'checking' }, both: { target: 'over' } },
              after: { 5_000: 'over' },
            },
            checking: {
              invoke: {
                src: 'check',
                onDone: { target: 'over' },
                onError: { target: 'waiting' },
              },
            },
            over: { type: 'final', entry: { type: 'note', params: { what: 'left' } } },
          },
        },
        right: {
          initial: 'waiting',
          states: {
            waiting: { on: { right: { target: 'half' }, both: { target: 'half' } } },
            half: { on: { right: { target: 'over' }, left: { target: 'waiting' } } },
            over: { type: 'final', entry: { type: 'note', params: { what: 'right' } } },
          },
        },
      },
    },
    worked: { on: { again: { target: 'working' } } },
  },
});

export const parallel: Subject = {
  machine,
  events: ['left', 'right', 'both', 'again'].map((type) => ({ type })),
  effects: ['check'],
};
