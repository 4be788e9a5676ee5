/* oxlint-disable typescript/no-unnecessary-type-assertion -- it is how XState takes types */
import { assign, sendTo, setup } from 'xstate';

import type { Effect, Subject } from './subject.ts';

const leg = setup({
  types: {} as {
    context: { km: number };
    input: { km: number };
    events: { type: 'step'; km: number } | { type: 'arrive' };
    output: { km: number; tired: boolean };
  },
  actions: { walk: assign(({ context }, { km }: { km: number }) => ({ km: context.km + km })) },
}).createMachine({
  id: 'leg',
  context: ({ input }) => input,
  initial: 'walking',
  states: {
    walking: {
      on: {
        step: { actions: { type: 'walk', params: ({ event }) => ({ km: event.km }) } },
        arrive: { target: 'there' },
      },
      after: { 10_000: 'there' },
    },
    there: { type: 'final' },
  },
  output: ({ context }) => ({ km: context.km, tired: context.km > 5 }),
});

/** A child's output goes to its parent, the parent's last state to the parent's own output; after it nothing counts. */
const machine = setup({
  types: {} as {
    context: { km: number; legs: number };
    events: { type: 'step'; km: number } | { type: 'arrive' } | { type: 'stop' };
    output: { km: number; legs: number };
  },
  actors: { leg, pay: {} as Effect },
  actions: {
    pass: sendTo('leg', ({ event }) => event as { type: 'arrive' }),
    add: assign(({ context }, { km }: { km: number }) => ({
      km: context.km + km,
      legs: context.legs + 1,
    })),
  },
  guards: { tired: (_, { tired }: { tired: boolean }) => tired },
}).createMachine({
  id: 'outputs',
  context: { km: 0, legs: 0 },
  initial: 'walking',
  states: {
    walking: {
      invoke: {
        id: 'leg',
        src: 'leg',
        input: ({ context }) => ({ km: context.legs }),
        onDone: [
          {
            guard: { type: 'tired', params: ({ event }) => event.output },
            target: 'paying',
            actions: { type: 'add', params: ({ event }) => event.output },
          },
          {
            target: 'walking',
            reenter: true,
            actions: { type: 'add', params: ({ event }) => event.output },
          },
        ],
      },
      on: { step: { actions: 'pass' }, arrive: { actions: 'pass' }, stop: { target: 'stopped' } },
    },
    paying: {
      invoke: [
        { id: 'pay', src: 'pay', onDone: { target: 'stopped' }, onError: { target: 'walking' } },
        { id: 'companion', src: 'leg', input: { km: 1 } },
      ],
      on: { stop: { target: 'stopped' } },
    },
    stopped: { type: 'final' },
  },
  output: ({ context }) => ({ km: context.km, legs: context.legs }),
});

export const outputs: Subject = {
  machine,
  events: [
    { type: 'step', km: 2 },
    { type: 'step', km: 5 },
    { type: 'arrive' },
    { type: 'arrive' },
    { type: 'stop' },
  ],
  effects: ['pay'],
};
