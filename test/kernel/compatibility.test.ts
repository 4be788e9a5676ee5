import assert from 'node:assert/strict';
import { suite, test } from 'node:test';

import { createMachine, type AnyStateMachine } from 'xstate';

import type { HostedMachine, Migration } from '../../actors/kernel/registry.ts';
import { valueOf } from './cases.ts';
import { openCase, type PersistedCase } from './stored.ts';

/** A machine as a config, so that two versions of it differ in one place. */
const versioned = (version: string, config: object, actors: object = {}) =>
  createMachine({ id: 'm', version, ...config } as never, { actors } as never) as AnyStateMachine;

const states = {
  waiting: { on: { go: { target: 'searching' }, leave: { target: 'left' } } },
  searching: { invoke: { id: 'search', src: 'search', onDone: { target: 'left' } } },
  timed: { after: { 1_000: { target: 'left' } } },
  left: { on: { back: { target: 'waiting' } } },
};
const first = { initial: 'waiting', states };
const effects = ['search', 'find'];

/** A case of version 1 that has seen these events. */
function stored(
  config: object,
  events: readonly string[] = [],
  actors: object = {},
): PersistedCase {
  const one = openCase({ subject: { machine: versioned('1', config, actors) } }, effects);
  one.activate([{ create: { machine: 'subject', input: null } }]);
  for (const type of events) one.send({ type });
  return one;
}

interface Next {
  readonly migration?: Migration | 'compatible';
  readonly actors?: object;
}

/** Why it is parked under the next version; null when it goes on. */
function parked(
  one: PersistedCase,
  config: object,
  { migration = 'compatible', actors = {} }: Next = {},
): string | null {
  const hosted: HostedMachine = {
    machine: versioned('2', config, actors),
    migrations: { '1': migration },
  };
  const activation = one.under({ subject: hosted }).send({ type: 'nothing' });
  assert.equal(activation.parked === null, activation.commit !== null);
  return activation.parked;
}

suite('a stored case is parked', () => {
  test('when its state was removed', () => {
    const { waiting: _, ...others } = states;
    assert.match(
      parked(stored(first), { initial: 'left', states: { ...others, left: {} } }) ?? '',
      /^"subject" 1 does not fit 2: m: the state "waiting" is no more$/,
    );
  });

  test('when a region was added beside it', () => {
    const regions = { a: { initial: 'x', states: { x: {} } } };
    const more = { ...regions, b: { initial: 'y', states: { y: { entry: 'never' } } } };
    const reason = parked(stored({ type: 'parallel', states: regions }), {
      type: 'parallel',
      states: { ...more, b: { initial: 'y', states: { y: {} } } },
    });
    assert.match(reason ?? '', /has grown regions or substates that were never entered/);
  });

  test('when its state got states inside', () => {
    const grown = { ...states, waiting: { ...states.waiting, initial: 'in', states: { in: {} } } };
    assert.match(parked(stored(first), { ...first, states: grown }) ?? '', /has grown/);
  });

  test('when its state now invokes something', () => {
    const grown = {
      ...states,
      waiting: { ...states.waiting, invoke: { id: 'extra', src: 'search' } },
    };
    assert.match(
      parked(stored(first), { ...first, states: grown }) ?? '',
      /"m.waiting" now invokes "extra", which was never started/,
    );
  });

  test('when the actor of a child has another name', () => {
    const renamed = {
      ...states,
      searching: { invoke: { id: 'search', src: 'found', onDone: { target: 'left' } } },
    };
    const found = createMachine({ id: 'found' });
    assert.match(
      parked(stored(first, ['go']), { ...first, states: renamed }, { actors: { found } }) ?? '',
      /"m.searching" now invokes another actor as "search" than the one that runs/,
    );
    const inner = createMachine({ id: 'inner' });
    const nesting = (src: string) => ({ invoke: { id: 'child', src } });
    assert.match(
      parked(stored(nesting('inner'), [], { inner }), nesting('outer'), {
        actors: { outer: inner },
      }) ?? '',
      /child "child" comes from an actor that is not registered any more/,
    );
  });

  test('when the machine has another id, and its timers or history with it', () => {
    const timed = { ...first, initial: 'timed' };
    assert.match(
      parked(stored(timed), { ...timed, id: 'other' }) ?? '',
      /timer "xstate.after.1000.m.timed" runs, but no current state has such an "after"/,
    );
    const remembering = {
      initial: 'in',
      states: {
        in: {
          initial: 'a',
          states: { a: {}, last: { type: 'history' } },
          on: { out: { target: 'out' } },
        },
        out: { on: { back: { target: 'in.last' } } },
      },
    };
    assert.match(
      parked(stored(remembering, ['out']), { ...remembering, id: 'other' }) ?? '',
      /a history state remembers "m.in.a", which is no more/,
    );
  });

  test('when a machine inside changed and kept its version', () => {
    const outer = { invoke: { id: 'child', src: 'inner' } };
    const inner = (name: string) =>
      createMachine({ id: 'inner', initial: name, states: { [name]: {} } });
    assert.match(
      parked(stored(outer, [], { inner: inner('old') }), outer, {
        actors: { inner: inner('new') },
      }) ?? '',
      /^"subject\/inner" changed but is still called version 1/,
    );
  });

  test('when the machine changed and kept its version', () => {
    const changed = { ...first, states: { ...states, extra: {} } };
    const { parked: reason, commit } = stored(first)
      .under({ subject: { machine: versioned('1', changed) } })
      .send({ type: 'go' });
    assert.equal(commit, null);
    assert.equal(
      reason,
      '"subject" changed but is still called version 1: raise its version and declare a migration',
    );
  });

  test('when nobody declared a migration, the machine is unknown, or the migration fails', () => {
    const one = stored(first);
    const next = versioned('2', first);
    assert.equal(
      one.under({ subject: { machine: next } }).activate().parked,
      '"subject" 2 declares no migration from 1',
    );
    assert.equal(
      one.under({ other: { machine: next } }).activate().parked,
      'No machine "subject" is registered',
    );
    const failing = () => {
      throw new TypeError('Ayşe has no such field');
    };
    assert.equal(
      parked(one, first, { migration: failing }),
      'The migration of "subject" from 1 failed: TypeError',
    );
  });

  test('when a migration leads to what does not fit', () => {
    const migration: Migration = (state) => ({
      ...state,
      snapshot: { ...(state.snapshot as object), value: 'nowhere' },
    });
    assert.match(
      parked(stored(first), first, { migration }) ?? '',
      /the state "nowhere" is no more/,
    );
  });
});

suite('a stored case goes on', () => {
  test('when only labels changed', () => {
    const labelled = { ...first, description: 'new words', meta: { staff: 'x' } };
    const one = stored(first).under({ subject: { machine: versioned('1', labelled) } });
    assert.equal(one.send({ type: 'go' }).history[0]?.disposition, 'applied');
  });

  test('under a version that is said to be compatible and is, with its timer and its effect', () => {
    const grown = { ...first, states: { ...states, extra: {} } };
    const hosted: HostedMachine = {
      machine: versioned('2', grown),
      migrations: { '1': 'compatible' },
    };
    const searching = stored(first, ['go']).under({ subject: hosted });
    searching.settle('case-1.2.0', true, null);
    assert.deepEqual([valueOf(searching), searching.envelope().version], ['left', '2']);

    const timed = stored({ ...first, initial: 'timed' }).under({
      subject: {
        machine: versioned('2', { ...grown, initial: 'timed' }),
        migrations: { '1': 'compatible' },
      },
    });
    timed.wait(1_000);
    timed.activate();
    assert.equal(valueOf(timed), 'left');
  });

  test('through the migration that its version declares, once', () => {
    const { waiting, ...others } = states;
    let migrated = 0;
    const machine = versioned('2', {
      initial: 'pending',
      states: { pending: waiting, ...others, left: { on: { back: { target: 'pending' } } } },
    });
    const migration: Migration = (state) => {
      migrated++;
      return { ...state, snapshot: { ...(state.snapshot as object), value: 'pending' } };
    };
    const one = stored(first).under({ subject: { machine, migrations: { '1': migration } } });
    one.send({ type: 'go' });
    one.settle(one.effects[0]!.effectId, true, null);
    one.send({ type: 'back' });
    assert.deepEqual([valueOf(one), one.envelope().version, migrated], ['pending', '2', 1]);
  });
});
