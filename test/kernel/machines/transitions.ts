/* oxlint-disable typescript/no-unnecessary-type-assertion -- it is how XState takes types */
import { assign, fromTransition, sendTo, setup } from 'xstate';

import type { Subject } from './subject.ts';

const tally = fromTransition(
  (sum: { total: number }, event: { type: 'add'; by: number } | { type: 'clear' }) =>
    event.type === 'add' ? { total: sum.total + event.by } : { total: 0 },
  ({ input }: { input: { from: number } }) => ({ total: input.from }),
);

const light = setup({
  types: {} as { context: { changes: number }; events: { type: 'switch' } },
  actions: { change: assign({ changes: ({ context }) => context.changes + 1 }) },
}).createMachine({
  id: 'light',
  context: { changes: 0 },
  initial: 'off',
  states: {
    off: { on: { switch: { target: 'on', actions: 'change' } } },
    on: { on: { switch: { target: 'off', actions: 'change' } }, after: { 1_000: 'off' } },
  },
});

/** Reducers as children, and children whose every snapshot their parent watches with `onSnapshot`. */
const machine = setup({
  types: {} as {
    context: { looks: number; seen: string | null; totals: number[] };
    events: { type: 'add'; by: number } | { type: 'clear' } | { type: 'switch' } | { type: 'anew' };
  },
  actors: { tally, light },
  actions: {
    toTally: sendTo('tally', ({ event }) => event as { type: 'clear' }),
    toLight: sendTo('light', { type: 'switch' }),
    look: assign(({ context }, { seen }: { seen: string }) => ({ looks: context.looks + 1, seen })),
    lookAtTotal: assign(({ context }, { total }: { total: number }) => ({
      totals: [...context.totals, total],
    })),
  },
}).createMachine({
  id: 'transitions',
  context: { looks: 0, seen: null, totals: [] },
  initial: 'watching',
  states: {
    watching: {
      invoke: [
        {
          id: 'tally',
          src: 'tally',
          input: { from: 1 },
          onSnapshot: {
            actions: {
              type: 'lookAtTotal',
              params: ({ event }) => ({ total: event.snapshot.context.total }),
            },
          },
        },
        {
          id: 'light',
          src: 'light',
          onSnapshot: {
            actions: { type: 'look', params: ({ event }) => ({ seen: event.snapshot.value }) },
          },
        },
      ],
      on: {
        add: { actions: 'toTally' },
        clear: { actions: 'toTally' },
        switch: { actions: 'toLight' },
        anew: { target: 'watching', reenter: true },
      },
    },
  },
});

export const transitions: Subject = {
  machine,
  events: [{ type: 'add', by: 2 }, { type: 'clear' }, { type: 'switch' }, { type: 'anew' }],
};
