/* oxlint-disable typescript/no-unnecessary-type-assertion -- it is how XState takes types */
import { assign, sendTo, setup } from 'xstate';

import type { Subject } from './subject.ts';

/** A machine in a machine in a machine, each with a timer, a state of its own and an output for the one above. */
const innermost = setup({
  types: {} as {
    context: { count: number };
    input: { from: number };
    output: { count: number };
    events: { type: 'add' } | { type: 'finish' };
    tags: 'busy' | 'quiet';
  },
  actions: { add: assign({ count: ({ context }) => context.count + 1 }) },
}).createMachine({
  id: 'innermost',
  context: ({ input }) => ({ count: input.from }),
  initial: 'counting',
  states: {
    counting: {
      tags: ['busy'],
      on: { add: { actions: 'add' }, finish: { target: 'finished' } },
      after: { 4_000: { actions: 'add', target: 'resting' } },
    },
    resting: {
      tags: ['quiet'],
      on: { add: { target: 'counting', actions: 'add' } },
      after: { 9_000: 'finished' },
    },
    finished: { type: 'final' },
  },
  output: ({ context }) => ({ count: context.count }),
});

const middle = setup({
  types: {} as {
    context: { seen: number };
    input: { from: number };
    output: { total: number };
    events: { type: 'add' } | { type: 'finish' } | { type: 'pause' } | { type: 'resume' };
    tags: 'busy' | 'quiet';
  },
  actors: { innermost },
  actions: {
    passOn: sendTo('innermost', ({ event }) => ({ type: event.type as 'add' })),
    keep: assign((_, { count }: { count: number }) => ({ seen: count })),
  },
}).createMachine({
  id: 'middle',
  context: ({ input }) => ({ seen: input.from }),
  initial: 'working',
  states: {
    working: {
      tags: ['busy'],
      invoke: {
        id: 'innermost',
        src: 'innermost',
        input: ({ context }) => ({ from: context.seen }),
        onDone: {
          target: 'worked',
          actions: { type: 'keep', params: ({ event }) => event.output },
        },
      },
      on: {
        add: { actions: 'passOn' },
        finish: { actions: 'passOn' },
        pause: { target: 'paused' },
      },
    },
    paused: { tags: ['quiet'], on: { resume: { target: 'working' } }, after: { 7_000: 'working' } },
    worked: { type: 'final' },
  },
  output: ({ context }) => ({ total: context.seen * 10 }),
});

const outermost = setup({
  types: {} as {
    context: { totals: number[] };
    events:
      | { type: 'add' }
      | { type: 'finish' }
      | { type: 'pause' }
      | { type: 'resume' }
      | { type: 'restart' };
  },
  actors: { middle },
  actions: {
    passOn: sendTo('middle', ({ event }) => ({ type: event.type as 'add' })),
    keep: assign(({ context }, { total }: { total: number }) => ({
      totals: [...context.totals, total],
    })),
  },
}).createMachine({
  id: 'outermost',
  context: { totals: [] },
  initial: 'open',
  states: {
    open: {
      invoke: {
        id: 'middle',
        src: 'middle',
        input: ({ context }) => ({ from: context.totals.length }),
        onDone: {
          target: 'closed',
          actions: { type: 'keep', params: ({ event }) => event.output },
        },
      },
      on: {
        add: { actions: 'passOn' },
        finish: { actions: 'passOn' },
        pause: { actions: 'passOn' },
        resume: { actions: 'passOn' },
        restart: { target: 'open', reenter: true },
      },
    },
    closed: { on: { restart: { target: 'open' } } },
  },
});

export const nested: Subject = {
  machine: outermost,
  events: ['add', 'finish', 'pause', 'resume', 'restart'].map((type) => ({ type })),
};
