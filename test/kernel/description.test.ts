import assert from 'node:assert/strict';
import { suite, test } from 'node:test';

import { createMachine, type AnyStateMachine } from 'xstate';

import { activeStates, describe, eventsTaken } from '../../actors/kernel/description.ts';
import { caseMachine } from '../../machines/case.ts';

const inner = createMachine({ id: 'inner', version: '3' });
const machine = createMachine(
  {
    id: 'outer',
    on: { stop: '.end' },
    initial: 'going',
    states: {
      going: {
        description: 'It goes.',
        meta: { label: 'Going' },
        tags: ['busy'],
        type: 'parallel',
        invoke: [
          { id: 'one', src: 'inner' },
          { id: 'two', src: 'fetch' },
        ],
        after: { patience: 'end', 500: 'end', varying: 'end' },
        states: {
          left: {
            initial: 'a',
            states: { a: { on: { 'step.*': 'b', refused: {} } }, b: {}, last: { type: 'history' } },
          },
          right: { on: { turn: { actions: 'turned' } } },
        },
      },
      end: { type: 'final' },
    },
  } as never,
  {
    actors: { inner },
    delays: { patience: 9_000, varying: () => 1 },
    actions: { turned: () => undefined },
  } as never,
) as AnyStateMachine;

suite('the description of a machine', () => {
  const described = describe(machine);

  test('says of each state what staff and checks ask for', () => {
    assert.deepEqual(described.machines['inner']?.version, '3');
    const { states, ...going } = described.root.states['going'] ?? assert.fail();
    assert.deepEqual(going, {
      id: 'outer.going',
      path: 'going',
      type: 'parallel',
      initial: null,
      description: 'It goes.',
      meta: { label: 'Going' },
      tags: ['busy'],
      events: [],
      timers: [
        { name: '500', delayMs: 500 },
        { name: 'patience', delayMs: 9_000 },
        { name: 'varying', delayMs: null },
      ],
      invokes: [
        { id: 'one', src: 'inner', isMachine: true },
        { id: 'two', src: 'fetch', isMachine: false },
      ],
    });
    assert.equal(states['left']?.initial, 'a');
    assert.equal(states['left'].states['last']?.type, 'history');
    assert.deepEqual(states['left'].states['a']?.events, ['step.*'], 'what it forbids is left out');
  });

  test('tells what is active, and what is taken then', () => {
    const value = { going: { left: 'a', right: {} } };
    assert.deepEqual(
      activeStates(described, value).map(({ path }) => path),
      ['', 'going', 'going.left', 'going.left.a', 'going.right'],
    );
    assert.deepEqual(eventsTaken(described, value), ['stop', 'step.*', 'turn']);
    assert.deepEqual(eventsTaken(described, 'end'), ['stop']);
  });

  test('is plain JSON, also of the machine of a case', () => {
    for (const one of [described, describe(caseMachine as AnyStateMachine)])
      assert.deepEqual(JSON.parse(JSON.stringify(one)), one);
  });
});
