/* oxlint-disable typescript/no-unnecessary-type-assertion -- it is how XState takes types */
import { assign, enqueueActions, sendParent, setup, type AnyStateMachine } from 'xstate';

import type { Subject } from './subject.ts';

/** Hears words, answers some through its parent, and tells the next of those who are still to hear. */
const sibling = setup({
  types: {} as {
    context: { name: string; heard: string[] };
    input: { name: string };
    events: { type: 'word'; word: string; next: readonly string[] } | { type: 'leave' };
    tags: 'listening' | 'dozing';
  },
  actions: {
    hear: assign(({ context, event }) => ({
      heard: [...context.heard, event.type === 'word' ? event.word : ''].slice(-3),
    })),
    answer: sendParent(({ context, event }) => ({
      type: 'answer',
      by: context.name,
      word: event.type === 'word' ? event.word : '',
      next: event.type === 'word' ? event.next : [],
    })),
  },
  guards: { isLast: ({ event }) => event.type === 'word' && event.next.length === 0 },
}).createMachine({
  id: 'sibling',
  version: '1',
  context: ({ input }) => ({ name: input.name, heard: [] }),
  initial: 'listening',
  states: {
    listening: {
      tags: ['listening'],
      on: { word: { target: 'dozing', actions: ['hear', 'answer'] }, leave: { target: 'gone' } },
    },
    dozing: {
      tags: ['dozing'],
      on: { word: { actions: ['hear', 'answer'] } },
      after: { 3_000: { target: 'listening' } },
    },
    gone: { type: 'final' },
  },
});

const word = (said: string, next: readonly string[]) => ({ type: 'word', word: said, next });

/**
 * A root that tells one event to several children, in the order that the event names, and keeps what they answer in the order it comes.
 * An answer that names others goes on to them. `declared` is the order in which the children are written and started.
 */
export const family = (declared: readonly string[]): AnyStateMachine =>
  setup({
    types: {} as {
      context: { answers: string[] };
      events:
        | { type: 'tell'; word: string; to: readonly string[]; next?: readonly string[] }
        | { type: 'answer'; by: string; word: string; next: readonly string[] }
        | { type: 'leave'; to: string };
    },
    actors: { sibling },
    actions: {
      tell: enqueueActions(({ event, enqueue }) => {
        if (event.type !== 'tell') return;
        for (const id of event.to)
          enqueue.sendTo(id as never, word(event.word, event.next ?? []) as never);
      }),
      goOn: enqueueActions(({ event, enqueue }) => {
        if (event.type !== 'answer') return;
        for (const id of event.next)
          enqueue.sendTo(id as never, word(`${event.word}!`, []) as never);
      }),
      keep: assign(({ context, event }) => ({
        answers:
          event.type === 'answer'
            ? [...context.answers, `${event.by} ${event.word}`].slice(-12)
            : context.answers,
      })),
      leave: enqueueActions(({ event, enqueue }) => {
        if (event.type === 'leave') enqueue.sendTo(event.to as never, { type: 'leave' } as never);
      }),
    },
  }).createMachine({
    id: 'family',
    context: { answers: [] },
    invoke: declared.map((id) => ({ id, src: 'sibling' as const, input: { name: id } })),
    on: {
      tell: { actions: 'tell' },
      answer: { actions: ['keep', 'goOn'] },
      leave: { actions: 'leave' },
    },
  }) as AnyStateMachine;

export const siblings: Subject = {
  machine: family(['a', 'b', 'c']),
  events: [
    { type: 'tell', word: 'x', to: ['a', 'b', 'c'] },
    { type: 'tell', word: 'y', to: ['c', 'a'], next: ['b', 'c'] },
    { type: 'tell', word: 'z', to: ['b', 'b'], next: ['a'] },
    { type: 'leave', to: 'b' },
  ],
};
