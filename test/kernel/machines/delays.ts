/* oxlint-disable typescript/no-unnecessary-type-assertion -- it is how XState takes types */
import { assign, setup } from 'xstate';

import type { Subject } from './subject.ts';

/** Several `after` in one state, named and computed delays, and re-entry that starts them anew. */
const machine = setup({
  types: {} as {
    context: { reminded: number; patienceMs: number };
    input: { patienceMs: number };
    events: { type: 'touch' } | { type: 'hurry' } | { type: 'open' } | { type: 'noted' };
  },
  actions: {
    remind: assign({ reminded: ({ context }) => context.reminded + 1 }),
    hurry: assign({ patienceMs: ({ context }) => Math.max(0, context.patienceMs - 1_500) }),
  },
  guards: { often: ({ context }) => context.reminded > 2 },
  delays: {
    reminder: 1_000,
    patience: ({ context }) => context.patienceMs,
  },
}).createMachine({
  id: 'delays',
  context: ({ input }) => ({ reminded: 0, patienceMs: input.patienceMs }),
  initial: 'waiting',
  states: {
    waiting: {
      on: {
        touch: { target: 'waiting', reenter: true },
        noted: { actions: 'remind' },
        hurry: { target: 'waiting', reenter: true, actions: 'hurry' },
      },
      after: {
        reminder: { actions: 'remind' },
        patience: [{ guard: 'often', target: 'lost' }, { target: 'late' }],
        2_000: { actions: 'remind' },
      },
    },
    late: {
      initial: 'a',
      states: {
        a: { after: { 1_000: 'b' } },
        b: { after: { 1_000: 'a', 500: { actions: 'remind' } } },
      },
      after: { 3_500: 'waiting' },
      on: { open: { target: 'waiting' } },
    },
    lost: { on: { open: { target: 'waiting' } }, after: { 0: { actions: 'remind' } } },
  },
});

export const delays: Subject = {
  machine,
  input: { patienceMs: 3_000 },
  events: ['touch', 'hurry', 'open', 'noted'].map((type) => ({ type })),
};
