/* oxlint-disable typescript/no-unnecessary-type-assertion -- it is how XState takes types */
import { assign, setup } from 'xstate';

import type { Effect, Subject } from './subject.ts';

/** Promises with both ends, with one, with none; in series, in parallel, left early, and asked again. */
const machine = setup({
  types: {} as {
    context: { found: unknown[]; failures: string[] };
    events: { type: 'search' | 'leave' | 'race' | 'careless' | 'retry' };
  },
  actors: { search: {} as Effect, book: {} as Effect },
  actions: {
    keep: assign(({ context }, { output }: { output: unknown }) => ({
      found: [...context.found, output],
    })),
    fail: assign(({ context }, { error }: { error: unknown }) => ({
      failures: [...context.failures, String((error as { code?: unknown }).code)],
    })),
    warn: (_all, _params: { failures: number }) => undefined,
    blameBook: assign({ failures: ['book'] }),
  },
  guards: { tooMany: ({ context }) => context.found.length > 3 },
}).createMachine({
  id: 'promises',
  context: { found: [], failures: [] },
  initial: 'idle',
  states: {
    idle: {
      on: {
        search: { target: 'searching' },
        race: { target: 'racing' },
        careless: { target: 'careless' },
      },
    },
    searching: {
      invoke: {
        id: 'search',
        src: 'search',
        input: ({ context }: { context: { found: unknown[] } }) => ({
          page: context.found.length,
          note: undefined,
        }),
        onDone: {
          target: 'booking',
          actions: { type: 'keep', params: ({ event }) => ({ output: event.output }) },
        },
        onError: {
          target: 'failed',
          actions: { type: 'fail', params: ({ event }) => ({ error: event.error }) },
        },
      },
      on: { leave: { target: 'idle' }, retry: { target: 'searching', reenter: true } },
      after: { 2_000: 'idle' },
    },
    booking: {
      // No id: XState makes one of the state's.
      invoke: { src: 'book', onDone: { target: 'idle' }, onError: { actions: 'blameBook' } },
      on: { leave: { target: 'idle' } },
    },
    racing: {
      invoke: [
        {
          id: 'first',
          src: 'search',
          input: { page: 1 },
          onDone: { target: 'idle' },
          onError: {},
        },
        {
          id: 'second',
          src: 'search',
          input: { page: 2 },
          onDone: { target: 'idle' },
          onError: {},
        },
      ],
      on: { leave: { target: 'idle' } },
      always: { guard: 'tooMany', target: 'idle' },
    },
    careless: {
      // Its failure fails the machine: in the kernel that outcome is dead-lettered.
      invoke: { id: 'careless', src: 'book', onDone: { target: 'idle' } },
      on: { leave: { target: 'idle' }, retry: { target: 'careless', reenter: true } },
    },
    failed: {
      entry: { type: 'warn', params: ({ context }) => ({ failures: context.failures.length }) },
      on: { retry: { target: 'searching' }, leave: { target: 'idle' } },
    },
  },
});

export const promises: Subject = {
  machine,
  events: ['search', 'leave', 'race', 'careless', 'retry'].map((type) => ({ type })),
  effects: ['search', 'book', 'warn'],
};
