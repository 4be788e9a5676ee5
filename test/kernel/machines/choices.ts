/* oxlint-disable typescript/no-unnecessary-type-assertion -- it is how XState takes types */
import { assign, cancel, enqueueActions, setup } from 'xstate';

import type { Effect, Subject } from './subject.ts';

/** Wildcards, forbidden events, re-entering and internal self-transitions, tags, entry and exit, actions chosen by code. */
const machine = setup({
  types: {} as {
    context: { entries: number; exits: number; others: string[] };
    events: {
      type:
        | 'self'
        | 'reenter'
        | 'go'
        | 'forbidden'
        | 'order.placed'
        | 'order.sent'
        | 'pick'
        | 'any';
    };
    tags: 'busy' | 'quiet';
  },
  actions: {
    enter: assign({ entries: ({ context }) => context.entries + 1 }),
    leave: assign({ exits: ({ context }) => context.exits + 1 }),
    other: assign(({ context, event }) => ({ others: [...context.others, event.type] })),
    pick: enqueueActions(({ context, enqueue }) => {
      // By name, where no walk over the definition can see it. (XState has no types for that inside `setup`.)
      enqueue({ type: 'report', params: { entries: context.entries } } as never);
      if (context.entries > 2) enqueue('other' as never);
      enqueue.raise({ type: 'reenter' });
      enqueue.spawnChild('errand', { id: `errand-${context.entries}`, input: context.entries });
      enqueue.raise({ type: 'any' }, { id: 'picked', delay: 500 });
      enqueue.stopChild(`errand-${context.entries - 1}`);
    }),
    cancelPicked: cancel('picked'),
    report: (_all, _params: { entries: number }) => undefined,
  },
  actors: { errand: {} as Effect },
}).createMachine({
  id: 'choices',
  context: { entries: 0, exits: 0, others: [] },
  initial: 'a',
  on: { '*': { actions: 'other' } },
  states: {
    a: {
      tags: ['busy'],
      entry: 'enter',
      exit: 'leave',
      on: {
        self: { target: 'a' },
        reenter: { target: 'a', reenter: true },
        go: { target: 'b' },
        forbidden: {},
        'order.*': { actions: 'other' },
        pick: { actions: ['cancelPicked', 'pick'] },
      },
    },
    b: {
      tags: ['quiet'],
      initial: 'c',
      entry: 'enter',
      exit: 'leave',
      on: {
        self: { target: '.c' },
        reenter: { target: 'b', reenter: true },
        go: { target: 'a' },
      },
      states: {
        c: { on: { 'order.placed': { target: 'd' } } },
        d: { tags: ['busy'], on: { forbidden: {} }, exit: 'leave' },
      },
    },
  },
});

export const choices: Subject = {
  machine,
  events: [
    'self',
    'reenter',
    'go',
    'forbidden',
    'order.placed',
    'order.sent',
    'pick',
    'any',
    'nobody.asked',
  ].map((type) => ({ type })),
  effects: ['errand', 'report'],
};
