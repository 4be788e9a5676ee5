/* oxlint-disable typescript/no-unnecessary-type-assertion -- it is how XState takes types */
import { and, assign, not, or, setup, stateIn } from 'xstate';

import type { Subject } from './subject.ts';

/** `always` with guards, alone and combined, that runs until it comes to rest. */
const machine = setup({
  types: {} as {
    context: { left: number; rounds: number };
    events: { type: 'load'; left: number } | { type: 'go' } | { type: 'hold' };
  },
  actions: {
    load: assign((_, { left }: { left: number }) => ({ left })),
    take: assign({ left: ({ context }) => context.left - 1 }),
    round: assign({ rounds: ({ context }) => context.rounds + 1 }),
  },
  guards: {
    some: ({ context }) => context.left > 0,
    even: ({ context }) => context.left % 2 === 0,
    moreThan: ({ context }, { n }: { n: number }) => context.left > n,
  },
}).createMachine({
  id: 'loops',
  context: { left: 0, rounds: 0 },
  type: 'parallel',
  states: {
    work: {
      initial: 'idle',
      states: {
        idle: {
          on: {
            load: { actions: { type: 'load', params: ({ event }) => ({ left: event.left }) } },
            go: { target: 'odd', guard: and(['some', not(stateIn({ brake: 'on' }))]) },
          },
        },
        odd: {
          always: [
            { guard: and(['some', 'even']), target: 'even', actions: 'take' },
            { guard: 'some', target: 'even', actions: ['take', 'round'] },
            { target: 'idle' },
          ],
        },
        even: {
          always: [
            { guard: or([{ type: 'moreThan', params: { n: 5 } }, not('even')]), target: 'odd' },
            { guard: 'some', actions: 'take' },
            { target: 'odd' },
          ],
        },
      },
    },
    brake: {
      initial: 'off',
      states: {
        off: { on: { hold: { target: 'on' } } },
        on: { on: { hold: { target: 'off' } }, after: { 1_000: 'off' } },
      },
    },
  },
});

export const loops: Subject = {
  machine,
  events: [{ type: 'load', left: 3 }, { type: 'load', left: 8 }, { type: 'go' }, { type: 'hold' }],
};
