/* oxlint-disable typescript/no-unnecessary-type-assertion -- it is how XState takes types */
import { setup } from 'xstate';

import type { Subject } from './subject.ts';

/** Leaves a deep state and comes back to it, shallowly or deeply, or to a default if it was never there. */
const machine = setup({
  types: {} as {
    context: Record<string, never>;
    events: {
      type: 'in' | 'next' | 'deeper' | 'out' | 'back' | 'backDeep' | 'reset';
    };
  },
}).createMachine({
  id: 'history',
  context: {},
  initial: 'outside',
  states: {
    outside: {
      on: {
        in: { target: 'inside' },
        back: { target: 'inside.shallow' },
        backDeep: { target: 'inside.deep' },
      },
      after: { 6_000: 'inside.deep' },
    },
    inside: {
      initial: 'one',
      on: { out: { target: 'outside' }, reset: { target: 'inside', reenter: true } },
      states: {
        one: { on: { next: { target: 'two' } } },
        two: {
          initial: 'upper',
          on: { next: { target: 'three' } },
          states: {
            upper: { on: { deeper: { target: 'lower' } }, after: { 2_500: 'lower' } },
            lower: { on: { deeper: { target: 'upper' } } },
          },
        },
        three: {
          type: 'parallel',
          states: {
            a: {
              initial: 'off',
              states: { off: { on: { deeper: { target: 'on' } } }, on: {} },
            },
            b: {
              initial: 'off',
              states: { off: { on: { next: { target: 'on' } } }, on: {} },
            },
          },
        },
        shallow: { type: 'history', target: 'two' },
        deep: { type: 'history', history: 'deep', target: 'three' },
      },
    },
  },
});

export const history: Subject = {
  machine,
  events: ['in', 'next', 'deeper', 'out', 'back', 'backDeep', 'reset'].map((type) => ({ type })),
};
