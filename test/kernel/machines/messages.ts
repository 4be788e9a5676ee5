/* oxlint-disable typescript/no-unnecessary-type-assertion -- it is how XState takes types */
import { assign, emit, raise, sendParent, sendTo, setup } from 'xstate';

import type { Subject } from './subject.ts';

const echo = setup({
  types: {} as {
    context: { calls: number };
    events: { type: 'call'; word: string } | { type: 'later' };
    emitted: { type: 'echoed'; word: string };
  },
  actions: {
    count: assign({ calls: ({ context }) => context.calls + 1 }),
    answer: sendParent(({ context }) => ({ type: 'answer', calls: context.calls })),
    answerLater: sendParent({ type: 'answer', calls: -1 }, { delay: 1_000 }),
    say: emit((_, { word }: { word: string }) => ({ type: 'echoed' as const, word })),
  },
}).createMachine({
  id: 'echo',
  context: { calls: 0 },
  entry: { type: 'say', params: { word: 'ready' } },
  on: {
    call: {
      actions: ['count', { type: 'say', params: ({ event }) => ({ word: event.word }) }, 'answer'],
    },
    later: { actions: 'answerLater' },
  },
});

/** Parent and child talk, at once and later; both emit; a named action is an effect, also in the child's parent's answer. */
const machine = setup({
  types: {} as {
    context: { answers: number[] };
    events:
      | { type: 'ask'; word: string }
      | { type: 'askLater' }
      | { type: 'answer'; calls: number }
      | { type: 'loud' }
      | { type: 'hush' };
    emitted: { type: 'asked'; word: string } | { type: 'quiet' };
  },
  actors: { echo },
  actions: {
    ask: sendTo('echo', (_, { word }: { word: string }) => ({ type: 'call' as const, word })),
    askLater: sendTo('echo', { type: 'later' }),
    keep: assign(({ context }, { calls }: { calls: number }) => ({
      answers: [...context.answers, calls],
    })),
    tell: emit((_, { word }: { word: string }) => ({ type: 'asked' as const, word })),
    quiet: emit({ type: 'quiet' }),
    again: raise({ type: 'ask', word: 'again' }),
    notify: (_all, _params: { answers: number }) => undefined,
  },
}).createMachine({
  id: 'messages',
  context: { answers: [] },
  initial: 'talking',
  entry: { type: 'tell', params: { word: 'hello' } },
  states: {
    talking: {
      invoke: { id: 'echo', src: 'echo' },
      on: {
        ask: {
          actions: [
            { type: 'tell', params: ({ event }) => ({ word: event.word }) },
            { type: 'ask', params: ({ event }) => ({ word: event.word }) },
          ],
        },
        askLater: { actions: 'askLater' },
        answer: {
          actions: [
            { type: 'keep', params: ({ event }) => ({ calls: event.calls }) },
            { type: 'notify', params: ({ context }) => ({ answers: context.answers.length }) },
          ],
        },
        loud: { actions: ['again', 'again'] },
        hush: { target: 'quiet' },
      },
      exit: 'quiet',
    },
    quiet: { on: { loud: { target: 'talking' } }, after: { 1_500: 'talking' } },
  },
});

export const messages: Subject = {
  machine,
  events: [
    { type: 'ask', word: 'one' },
    { type: 'askLater' },
    { type: 'answer', calls: 99 },
    { type: 'loud' },
    { type: 'hush' },
  ],
  effects: ['notify'],
};
