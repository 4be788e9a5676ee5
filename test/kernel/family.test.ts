/** A case as a family: a root and machines below it. */
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';

import { sendTo, setup, stopChild } from 'xstate';

import { openCase } from './stored.ts';

/** A question that is open, then agreed to or not; it is over once it was refused for good. */
const question = setup({
  // oxlint-disable-next-line typescript/no-unnecessary-type-assertion -- it is how XState takes types
  types: {} as {
    events: { type: 'yes' } | { type: 'no' } | { type: 'never' };
    tags: 'open' | 'agreed' | 'over';
  },
}).createMachine({
  id: 'question',
  initial: 'asked',
  states: {
    asked: { tags: ['open'], on: { yes: { target: 'agreed' }, never: { target: 'over' } } },
    agreed: { tags: ['agreed'], on: { no: { target: 'asked' } } },
    over: { type: 'final', tags: ['over'] },
  },
});

const talk = setup({
  actors: { question },
  actions: { pass: sendTo('first', ({ event }) => event) },
}).createMachine({
  id: 'talk',
  initial: 'going',
  states: {
    going: {
      invoke: { id: 'first', src: 'question' },
      on: { '*': { actions: 'pass' } },
    },
  },
});

const family = setup({
  // oxlint-disable-next-line typescript/no-unnecessary-type-assertion -- it is how XState takes types
  types: {} as { tags: 'open' | 'closed' },
  actors: { question, talk },
  actions: {
    toTalk: sendTo('talk', ({ event }) => ({ type: (event as { say?: string }).say ?? '' })),
    toSecond: sendTo('second', ({ event }) => ({ type: (event as { say?: string }).say ?? '' })),
    hangUp: stopChild('talk'),
  },
}).createMachine({
  id: 'family',
  initial: 'open',
  states: {
    open: {
      tags: ['open'],
      invoke: [
        { id: 'talk', src: 'talk' },
        { id: 'second', src: 'question' },
      ],
      on: {
        talk: { actions: 'toTalk' },
        second: { actions: 'toSecond' },
        hangUp: { actions: 'hangUp' },
        close: { target: 'closed' },
      },
    },
    closed: { tags: ['closed'] },
  },
});

suite("a case's tags", () => {
  const opened = () => {
    const one = openCase({ family: { machine: family } });
    one.activate([{ create: { machine: 'family', input: {} } }]);
    return one;
  };

  test('are those of its root and of every running machine below it, by name and by place', () => {
    const one = opened();
    assert.deepEqual(one.last?.tags, ['open', 'open@talk/first', 'open@second']);
    one.send({ type: 'talk', say: 'yes' });
    assert.deepEqual(one.last?.tags, ['open', 'agreed', 'agreed@talk/first', 'open@second']);
    one.send({ type: 'second', say: 'yes' });
    assert.deepEqual(one.last?.tags, ['open', 'agreed', 'agreed@talk/first', 'agreed@second']);
  });

  test('lose what a machine gave them in the commit of the event that stopped it', () => {
    const one = opened();
    one.send({ type: 'talk', say: 'yes' });
    one.send({ type: 'hangUp' });
    assert.deepEqual(one.last?.tags, ['open', 'open@second']);
    one.send({ type: 'second', say: 'never' });
    assert.deepEqual(one.last?.tags, ['open'], 'what is over has none');
    one.send({ type: 'close' });
    assert.deepEqual(one.last?.tags, ['closed']);
  });
});
