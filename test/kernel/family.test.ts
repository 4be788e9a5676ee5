/** A case as a family: a root and machines below it. */
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';

import fc from 'fast-check';
import { sendTo, setup, stopChild, type AnyStateMachine } from 'xstate';

import { actorAt } from '../../actors/kernel/adoption.ts';
import { family as siblingsIn } from './machines/siblings.ts';
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

  test('are also what the host reads in its snapshot, each once, from the commit on that makes it so', () => {
    const read: unknown[] = [];
    const tagsOf = (snapshot: unknown) => {
      read.push(snapshot);
      const { talk: asked } = (snapshot as { children: { talk?: unknown } }).children;
      return asked === undefined ? ['open', 'alone'] : ['busy'];
    };
    const one = openCase({ family: { machine: family, tagsOf } });
    one.activate([{ create: { machine: 'family', input: {} } }]);
    assert.deepEqual(one.last?.tags, ['busy', 'open', 'open@talk/first', 'open@second']);
    one.send({ type: 'hangUp' });
    assert.deepEqual(one.last?.tags, ['open', 'alone', 'open@second']);
    assert.deepEqual(JSON.parse(JSON.stringify(read.at(-1))), one.envelope().snapshot);
    assert.equal(one.replayed(), one.text());
  });
});

suite('one event told to several children', () => {
  const names = ['a', 'b', 'c', 'd'];
  interface Tell {
    readonly type: 'tell';
    readonly word: string;
    readonly to: readonly string[];
    readonly next: readonly string[];
  }
  const some = fc.shuffledSubarray(names, { minLength: 1 });
  const tells = fc.array(
    fc.record({
      type: fc.constant('tell' as const),
      word: fc.constantFrom('x', 'y', 'z'),
      to: some,
      next: fc.shuffledSubarray(names, { maxLength: 2 }),
    }),
    { minLength: 1, maxLength: 3 },
  );
  const played = (machine: AnyStateMachine, events: readonly Tell[], together: boolean) => {
    const one = openCase({ family: { machine } });
    one.activate([{ create: { machine: 'family', input: {} } }]);
    if (together) one.activate(events.map((event) => ({ event })));
    else for (const event of events) one.send({ ...event });
    const state = one.envelope();
    const heard = names.map((name) => actorAt(state, [name])?.context);
    assert.equal(one.replayed(), one.text());
    const { answers } = (actorAt(state, []) ?? assert.fail()).context as { answers: string[] };
    return { answers, heard };
  };

  test('reaches them in the order it names, and their answers come back in that order', () => {
    fc.assert(
      fc.property(tells, (events) => {
        const expected = events.flatMap(({ word, to, next }) => [
          ...to.map((name) => `${name} ${word}`),
          // Each answer is heard before those that it causes, and those of the first before those of the second.
          ...to.flatMap(() => next.map((name) => `${name} ${word}!`)),
        ]);
        const { answers } = played(siblingsIn(names), events, false);
        assert.deepEqual(answers, expected.slice(-12));
      }),
    );
  });

  test('comes to the same in whatever order they are written and started, and however events are cut into activations', () => {
    fc.assert(
      fc.property(
        tells,
        fc.shuffledSubarray(names, { minLength: names.length }),
        fc.boolean(),
        (events, declared, together) => {
          assert.deepEqual(
            played(siblingsIn(declared), events, together),
            played(siblingsIn(names), events, false),
          );
        },
      ),
    );
  });
});

suite('a child that no event reaches', () => {
  test('is stored as it was, until something reaches it', () => {
    const one = openCase({ family: { machine: siblingsIn(['a', 'b']) } });
    one.activate([{ create: { machine: 'family', input: {} } }]);
    const before = one.envelope();
    const [a, b] = ['a', 'b'].map((name) => actorAt(before, [name]));
    one.send({ type: 'tell', word: 'x', to: ['b'] });
    assert.deepEqual(actorAt(one.envelope(), ['a']), a);
    assert.notDeepEqual(actorAt(one.envelope(), ['b']), b);
    one.wait(3_000);
    one.activate();
    assert.equal(actorAt(one.envelope(), ['b'])?.value, 'listening', 'its timer reaches it');
  });
});
