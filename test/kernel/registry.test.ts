import assert from 'node:assert/strict';
import { suite, test } from 'node:test';

import {
  and,
  assign,
  createMachine,
  enqueueActions,
  fromCallback,
  fromPromise,
  fromTransition,
  not,
  raise,
  sendTo,
  setup,
  spawnChild,
  type AnyStateMachine,
} from 'xstate';

import { UnfitMachine } from '../../actors/kernel/errors.ts';
import { prepareMachines } from '../../actors/kernel/registry.ts';
import { effectIds, open } from './cases.ts';
import { openCase, performersOf, ref } from './stored.ts';

function findings(machine: AnyStateMachine, performers: readonly string[] = []): readonly string[] {
  try {
    prepareMachines({ subject: { machine } }, performersOf(performers));
    return [];
  } catch (error) {
    assert.ok(error instanceof UnfitMachine, String(error));
    assert.match(error.message, /^Machine "subject" cannot be hosted:/);
    return error.findings;
  }
}

/** Names as config strings, which `setup` would not let through. */
const loose = (config: object) => createMachine(config as never) as AnyStateMachine;

suite('a machine is not hosted', () => {
  const promise = fromPromise(() => Promise.resolve(1));
  const callback = fromCallback(() => undefined);

  test('with actors written in place', () => {
    const machine = loose({
      id: 'm',
      initial: 'a',
      entry: spawnChild(promise, { id: 'spawned' }),
      states: { a: { invoke: { id: 'one', src: promise } } },
    });
    assert.deepEqual(findings(machine), [
      'm: spawns an inline actor; give it a name in setup({ actors })',
      'm.a: invokes an inline actor; give it a name in setup({ actors })',
    ]);
  });

  test('with a name for which there is nothing', () => {
    const machine = loose({
      id: 'm',
      initial: 'a',
      entry: ['enter', { type: 'greet', params: {} }],
      states: {
        a: {
          invoke: { src: 'search', onDone: { target: 'b', actions: 'keep' } },
          on: {
            go: [
              { guard: 'may', target: 'b' },
              { guard: and(['one', not('two')]), target: 'b' },
            ],
            later: {
              actions: [
                raise({ type: 'x' }, { delay: 'aWhile' as never }),
                sendTo('c', { type: 'x' }, { delay: 'longer' as never }),
              ],
            },
          },
          after: { patience: 'b', 1_000: 'b' },
          exit: 'leave',
        },
        b: { always: { guard: { type: 'ready' }, target: 'a', actions: { type: 'note' } } },
      },
    });
    assert.deepEqual(
      new Set(findings(machine)),
      new Set([
        'actor "search": register a performer of this name; only machines and pure logic run inside a case',
        ...['enter', 'greet', 'keep', 'leave', 'note'].map(
          (name) => `action "${name}": has neither an implementation nor a performer`,
        ),
        ...['may', 'one', 'two', 'ready'].map((name) => `guard "${name}": has no implementation`),
        ...['aWhile', 'longer', 'patience'].map((name) => `delay "${name}": has no implementation`),
      ]),
    );
  });

  test('with promises or callbacks that no performer stands in for, also where only code spawns them', () => {
    const machine = setup({ actors: { promise, callback } }).createMachine({
      id: 'm',
      invoke: { src: 'callback' },
      entry: assign(({ spawn }) => ({ ref: spawn('promise') })),
    });
    const finding = (name: string) =>
      `actor "${name}": register a performer of this name; only machines and pure logic run inside a case`;
    assert.deepEqual(findings(machine), [finding('callback'), finding('promise')]);
    assert.deepEqual(findings(machine, ['callback', 'promise']), []);
  });

  test('with children that `spawnChild` gives no id', () => {
    const machine = setup({
      actors: { promise },
      actions: { spawn: spawnChild('promise') },
    }).createMachine({
      id: 'm',
      on: { inline: { actions: spawnChild('promise') }, named: { actions: 'spawn' } },
    });
    assert.deepEqual(findings(machine, ['promise']), [
      'm: spawnChild("promise") needs an id',
      'action "spawn": spawnChild("promise") needs an id',
    ]);
    const hidden = setup({
      actors: { promise },
      actions: {
        spawn: enqueueActions(({ enqueue }) => {
          enqueue.spawnChild('promise' as never);
        }),
      },
    }).createMachine({ id: 'm', on: { spawn: { actions: 'spawn' } } });
    const one = open(hidden, ['promise']);
    const { deadLetters } = one.send({ type: 'spawn' });
    assert.deepEqual(
      deadLetters.map(({ reason }) => reason),
      ['UnstorableSnapshot unstorable_snapshot: children holds one spawned without an id'],
    );
  });

  test('that contains itself', () => {
    const actors: Record<string, AnyStateMachine> = {};
    const machine: AnyStateMachine = setup({ actors }).createMachine({
      id: 'm',
      invoke: { src: 'self' },
    });
    machine.implementations.actors['self'] = machine;
    assert.deepEqual(findings(machine), ['actor "self": machine "m" contains itself']);
  });

  test('when a machine inside it is unfit', () => {
    const inner = setup({ actors: { callback } }).createMachine({
      id: 'inner',
      invoke: { src: 'callback' },
    });
    const outer = setup({ actors: { inner } }).createMachine({
      id: 'outer',
      invoke: { src: 'inner' },
    });
    assert.equal(findings(outer).length, 1);
  });
});

suite('a machine is hosted', () => {
  test('with machines and reducers inside, and performers for actions that only code runs', () => {
    const reducer = fromTransition((n: number) => n + 1, 0);
    const inner = setup({ actors: { reducer } }).createMachine({
      id: 'inner',
      invoke: { src: 'reducer' },
    });
    const machine = setup({
      actors: { inner },
      actions: {
        choose: enqueueActions(({ enqueue }) => {
          enqueue({ type: 'report', params: { n: 1 } } as never);
        }),
      },
    }).createMachine({ id: 'm', invoke: { src: 'inner' }, on: { go: { actions: 'choose' } } });
    assert.deepEqual(findings(machine, ['report']), []);
    const one = open(machine, ['report']);
    one.send({ type: 'go' });
    assert.deepEqual(
      one.effects.map(({ name, input }) => [name, input]),
      [['report', '{"n":1}']],
    );
    assert.equal(effectIds(one).length, 1);
  });

  const hashOf = (config: object) =>
    prepareMachines({ subject: { machine: loose(config) } }, {}).get('subject')?.hash;
  const config = { id: 'm', initial: 'a', states: { a: { on: { go: { target: 'b' } } }, b: {} } };

  test('under a fingerprint that labels do not change', () => {
    const labelled = {
      ...config,
      version: '7',
      description: 'new words',
      states: { ...config.states, b: { description: 'the end', meta: { staff: 'Done' } } },
    };
    assert.equal(hashOf(labelled), hashOf(config));
  });

  test('under a fingerprint with the names that only code spawns, and cases with one of before go on', () => {
    const reducer = fromTransition((n: number) => n + 1, 0);
    const named = (name: string) =>
      setup({
        actors: { [name]: reducer },
        actions: { spawn: assign(({ spawn }) => ({ ref: spawn(name, { id: 'child' }) })) },
      }).createMachine({ id: 'm', on: { spawn: { actions: 'spawn' } } }) as AnyStateMachine;
    const prepared = (name: string, performers: readonly string[] = []) => {
      const registry = prepareMachines(
        { subject: { machine: named(name) } },
        performersOf(performers),
      );
      return registry.get('subject') ?? assert.fail();
    };
    const hashes = [prepared('count'), prepared('counts'), prepared('count', ['count'])];
    assert.equal(new Set(hashes.map(({ hash }) => hash)).size, 3);
    assert.equal(new Set(hashes.map(({ treeHashes }) => treeHashes[1])).size, 1);

    const one = open(named('count'));
    one.send({ type: 'spawn' });
    const { hash, treeHashes } = prepared('count');
    for (const earlier of treeHashes) {
      const envelope = one.text().replace(hash, earlier);
      const { tenant, caseId } = ref;
      const stored = { tenant, caseId, seq: 2, status: 'active', envelope } as const;
      const hosted = { subject: { machine: named('count') } };
      const again = openCase(hosted, [], { stored, now: one.now() });
      assert.equal(again.send({ type: 'spawn' }).parked, null);
      assert.equal(again.envelope().definitionHash, hash);
    }
  });

  test('under another fingerprint when states, transitions, invokes or their order change', () => {
    const { a, b } = config.states;
    const changed = [
      { ...config, id: 'n' },
      { ...config, initial: 'b' },
      { ...config, states: { b, a } },
      { ...config, states: { a, b, c: {} } },
      { ...config, states: { a: { on: { go: { target: 'b', reenter: true } } }, b } },
      { ...config, states: { a, b: { after: { 10: 'a' } } } },
      { ...config, states: { a: { ...a, initial: 'meta', states: { meta: {} } }, b } },
    ];
    assert.equal(new Set([config, ...changed].map(hashOf)).size, changed.length + 1);
  });
});
