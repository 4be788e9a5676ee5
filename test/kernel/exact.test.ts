/* oxlint-disable typescript/no-unnecessary-type-assertion -- it is how XState takes types */
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';

import {
  assign,
  createActor,
  enqueueActions,
  fromPromise,
  fromTransition,
  log,
  raise,
  sendTo,
  setup,
  spawnChild,
  stopChild,
  type AnyActorLogic,
  type AnyActorRef,
  type AnyStateMachine,
} from 'xstate';

import { effectIds, open } from './cases.ts';
import type { Effect } from './machines/subject.ts';
import { unmarked } from './observation.ts';
import type { PersistedCase } from './stored.ts';

type Said = { readonly type: string; readonly [field: string]: unknown };

const contextOf = (one: PersistedCase) =>
  (unmarked(one.envelope().snapshot) as { context: Record<string, unknown> }).context;

/** A machine that keeps what `make` makes of its context, and looks at it in a later step. */
function keeper(
  make: (context: Record<string, unknown>) => object,
  look: (kept: unknown) => unknown,
) {
  return setup({
    types: {} as { context: Record<string, unknown>; events: Said },
    actions: {
      keep: assign(({ context }) => make(context) as Record<string, unknown>),
      look: assign(({ context }) => ({ seen: look(context['kept']) })),
    },
  }).createMachine({
    id: 'keeper',
    context: {},
    on: { keep: { actions: 'keep' }, look: { actions: 'look' } },
  });
}

/** What the machine sees of a value a step later: in memory, one by one, in one activation, and replayed. */
function seenLater(make: () => unknown, look: (kept: unknown) => unknown): unknown {
  const machine = keeper(() => ({ kept: make() }), look);
  const actor = createActor(machine).start();
  actor.send({ type: 'keep' });
  actor.send({ type: 'look' });
  const apart = open(machine);
  apart.send({ type: 'keep' });
  apart.send({ type: 'look' });
  const together = open(machine);
  together.activate([{ event: { type: 'keep' } }, { event: { type: 'look' } }]);
  const inMemory = actor.getSnapshot().context['seen'];
  assert.deepEqual(contextOf(apart)['seen'], inMemory);
  assert.equal(together.text(), apart.text());
  assert.equal(apart.replayed(), apart.text());
  return inMemory;
}

suite('a value that JSON would change is the same in the next step', () => {
  test('undefined, with its place among the keys', () => {
    const look = (kept: unknown) => Object.entries({ b: 1, ...(kept as object) }).map(String);
    assert.deepEqual(
      seenLater(() => ({ a: undefined, b: undefined, c: { d: undefined } }), look),
      ['b,', 'a,', 'c,[object Object]'],
    );
  });

  test('minus zero, in lists too', () => {
    const look = (kept: unknown) => (kept as number[]).map((n) => Object.is(n, -0));
    assert.deepEqual(
      seenLater(() => [0, -0], look),
      [false, true],
    );
  });

  test('an object without a prototype', () => {
    assert.equal(
      seenLater(
        () => Object.assign(Object.create(null), { a: 1 }) as unknown,
        (kept) => 'toString' in (kept as object),
      ),
      false,
    );
  });

  test('an error, with its type, its code and its cause', () => {
    const make = () =>
      Object.assign(new TypeError('no', { cause: new Error('why') }), { code: 'refused' });
    const look = (kept: unknown) => {
      const error = kept as TypeError & { code: string; cause: Error };
      return [
        error instanceof TypeError,
        String(error),
        error.code,
        error.cause instanceof Error,
        Object.keys(error),
      ];
    };
    assert.deepEqual(seenLater(make, look), [true, 'TypeError: no', 'refused', true, ['code']]);
  });

  test('a key called __proto__', () => {
    const make = () => JSON.parse('{"__proto__":{"a":1},"b":2}') as unknown;
    assert.deepEqual(
      seenLater(make, (kept) => Object.keys(kept as object)),
      ['__proto__', 'b'],
    );
  });

  test('data that looks like a stored reference', () => {
    const looksLike = { xstate$$type: 1, id: 'child' };
    assert.deepEqual(
      seenLater(
        () => ({ ref: looksLike }),
        (kept) => kept,
      ),
      { ref: looksLike },
    );
    const machine = setup({
      types: {} as { context: { kept: unknown }; events: Said },
      actors: { child: setup({}).createMachine({ id: 'child' }) },
      actions: { keep: assign({ kept: ({ event }) => event['data'] }) },
    }).createMachine({
      id: 'm',
      context: ({ spawn }) => ({ kept: null, child: spawn('child', { id: 'child' }) }),
      on: { keep: { actions: 'keep' } },
    });
    const one = open(machine as AnyStateMachine);
    one.send({ type: 'keep', data: [looksLike] });
    one.send({ type: 'nothing' });
    assert.deepEqual(contextOf(one)['kept'], [looksLike]);
  });
});

suite('a value that nothing could give back is refused at its step, with its place', () => {
  class Money {
    readonly amount = 1;
  }
  class Refusal extends Error {}
  const values: Readonly<Record<string, readonly [make: () => unknown, finding: string]>> = {
    date: [() => ({ when: new Date(0) }), 'context.kept.when holds a Date'],
    notANumber: [() => [1, Number.NaN], 'context.kept[1] holds NaN'],
    infinity: [() => -Infinity, 'context.kept holds -Infinity'],
    bigint: [() => ({ a: [{ b: 1n }] }), 'context.kept.a[0].b holds a bigint'],
    map: [() => new Map(), 'context.kept holds a Map'],
    typed: [() => new Uint8Array(2), 'context.kept holds a Uint8Array'],
    // oxlint-disable-next-line no-sparse-arrays -- that is the point
    hole: [() => [1, , 2], 'context.kept[1] holds a hole'],
    match: [() => 'a-1'.match(/-/), 'context.kept holds a list with properties'],
    symbolKey: [() => ({ [Symbol('a')]: 1 }), 'context.kept holds a property without a name'],
    hidden: [
      () => Object.defineProperty({}, 'a', { value: 1 }),
      'context.kept holds a hidden property',
    ],
    getter: [
      () => ({
        get total() {
          return 1;
        },
      }),
      'context.kept.total holds a getter',
    ],
    toJson: [() => ({ toJSON: () => 1 }), 'context.kept.toJSON holds a function'],
    instance: [() => new Money(), 'context.kept holds a Money'],
    ownError: [() => new Refusal('x'), 'context.kept holds a Refusal'],
    dataKey: [() => ({ 'Ayşe Yılmaz': new Date(0) }), 'context.kept[…] holds a Date'],
  };
  for (const [name, [make, finding]] of Object.entries(values)) {
    test(`in a context: ${name}`, () => {
      const one = open(
        keeper(
          () => ({ kept: make() }),
          () => null,
        ),
      );
      const { deadLetters } = one.activate([
        { event: { type: 'keep' } },
        { event: { type: 'look' } },
      ]);
      assert.deepEqual(
        deadLetters.map(({ reason }) => reason),
        [`UnstorableSnapshot unstorable_snapshot: ${finding}`],
      );
      assert.deepEqual(contextOf(one), { seen: null });
    });
  }

  test('a cycle', () => {
    const circle: { self?: unknown } = {};
    circle.self = circle;
    const one = open(
      keeper(
        () => ({ kept: circle }),
        () => null,
      ),
    );
    const [letter] = one.send({ type: 'keep' }).deadLetters;
    assert.match(
      letter?.reason ?? '',
      /^UnstorableSnapshot unstorable_snapshot: context\.kept\.self\.self.*a cycle/,
    );
  });

  test('in the context of a child, in an output and in a timer', () => {
    const child = setup({
      types: {} as { context: { when: unknown }; events: Said },
      actions: {
        keep: assign({ when: () => new Date(0) }),
        later: raise(() => ({ type: 'late', when: new Date(0) }), { id: 'the-late', delay: 10 }),
      },
    }).createMachine({
      id: 'child',
      context: { when: null },
      initial: 'on',
      states: {
        on: {
          on: { keep: { actions: 'keep' }, later: { actions: 'later' }, end: { target: 'over' } },
        },
        over: { type: 'final' },
      },
      output: () => ({ ended: [new Date(0)] }),
    });
    const parent = setup({
      types: {} as { events: Said },
      actors: { child },
      actions: { pass: sendTo('child', ({ event }) => ({ type: String(event['say']) })) },
    }).createMachine({
      id: 'parent',
      invoke: { id: 'child', src: 'child' },
      on: { pass: { actions: 'pass' } },
    });
    const one = open(parent);
    const reasons = ['keep', 'later', 'end'].map(
      (say) => one.send({ type: 'pass', say }).deadLetters[0]?.reason,
    );
    const place = (text: string) => `UnstorableSnapshot unstorable_snapshot: ${text} holds a Date`;
    assert.deepEqual(reasons, [
      place('child.context.when'),
      place('timer the-late.event.when'),
      place('child.output.ended[0]'),
    ]);
  });
});

suite('a reference to another actor', () => {
  const member = setup({
    types: {} as {
      context: { friend: AnyActorRef | null; heard: number };
      events: { type: 'meet'; friend: AnyActorRef } | { type: 'greet' } | { type: 'hello' };
      input: { friend: AnyActorRef } | undefined;
    },
    actions: {
      meet: assign({ friend: ({ event }) => (event.type === 'meet' ? event.friend : null) }),
      greet: enqueueActions(({ context, enqueue }) => {
        if (context.friend) enqueue.sendTo(context.friend, { type: 'hello' });
      }),
      hear: assign({ heard: ({ context }) => context.heard + 1 }),
    },
  }).createMachine({
    id: 'member',
    context: ({ input }) => ({ friend: input?.friend ?? null, heard: 0 }),
    on: { meet: { actions: 'meet' }, greet: { actions: 'greet' }, hello: { actions: 'hear' } },
  });
  const group = setup({
    types: {} as { context: { heard: number; self: unknown; gone: unknown }; events: Said },
    actors: { member },
    actions: {
      hear: assign({ heard: ({ context }) => context.heard + 1 }),
      introduce: enqueueActions(({ self, enqueue, event }) => {
        const { children } = self.getSnapshot() as { children: Record<string, AnyActorRef> };
        const friend = event['to'] === 'parent' ? self : children[String(event['to'])];
        enqueue.sendTo(children[String(event['who'])]!, { type: 'meet', friend } as never);
      }),
      greet: sendTo(
        ({ self, event }) =>
          (self.getSnapshot() as unknown as { children: Record<string, AnyActorRef> }).children[
            String(event['who'])
          ]!,
        { type: 'greet' },
      ),
      keepSelf: assign({ self: ({ self }) => self }),
      keepGone: assign({
        gone: ({ self }) =>
          (self.getSnapshot() as unknown as { children: Record<string, AnyActorRef> }).children[
            'b'
          ],
      }),
      stop: stopChild('b'),
      respawn: spawnChild('member', { id: 'b' }),
      later: sendTo('a', ({ self }) => ({ type: 'meet', friend: self }) as never, { delay: 1_000 }),
    },
  }).createMachine({
    id: 'group',
    context: { heard: 0, self: null, gone: null },
    invoke: [
      { id: 'a', src: 'member' },
      { id: 'c', src: 'member', input: ({ self }) => ({ friend: self }) },
    ],
    entry: 'respawn',
    on: {
      hello: { actions: 'hear' },
      introduce: { actions: 'introduce' },
      greet: { actions: 'greet' },
      keepSelf: { actions: 'keepSelf' },
      keepGone: { actions: 'keepGone' },
      stop: { actions: 'stop' },
      change: { actions: ['stop', 'respawn'] },
      double: { actions: 'respawn' },
      later: { actions: 'later' },
    },
  });
  const heardBy = (one: PersistedCase, id: string) =>
    (
      one.envelope().snapshot as {
        children: Record<string, { snapshot: { context: { heard: number } } }>;
      }
    ).children[id]?.snapshot.context.heard;
  const heard = (one: PersistedCase) => contextOf(one)['heard'];

  test('to a sibling, a parent and itself is the live one again', () => {
    const one = open(group);
    one.send({ type: 'introduce', who: 'a', to: 'b' });
    one.send({ type: 'greet', who: 'a' });
    assert.equal(heardBy(one, 'b'), 1);
    one.send({ type: 'introduce', who: 'a', to: 'parent' });
    one.send({ type: 'greet', who: 'a' });
    one.send({ type: 'greet', who: 'c' }); // Was given its parent as input.
    assert.equal(heard(one), 2);
    one.send({ type: 'introduce', who: 'a', to: 'a' });
    one.send({ type: 'greet', who: 'a' });
    assert.equal(heardBy(one, 'a'), 1);
    assert.deepEqual(one.send({ type: 'keepSelf' }).deadLetters, []);
    assert.equal(one.replayed(), one.text());
  });

  test('in an event that waits is the live one when it fires', () => {
    const one = open(group);
    one.send({ type: 'later' });
    one.wait(1_000);
    one.activate();
    one.send({ type: 'greet', who: 'a' });
    assert.equal(heard(one), 1);
    assert.equal(one.replayed(), one.text());
  });

  const refused = (one: PersistedCase, event: Said) => {
    const before = one.envelope().snapshot;
    const [letter] = one.send(event).deadLetters;
    assert.deepEqual(one.envelope().snapshot, before);
    return letter?.reason.replace('UnstorableSnapshot unstorable_snapshot: ', '');
  };

  test('that has stopped, and was perhaps replaced, is refused with its place', () => {
    const one = open(group);
    one.send({ type: 'introduce', who: 'a', to: 'b' });
    const gone =
      'a.context.friend holds a reference to an actor that is no part of its case any more';
    assert.equal(refused(one, { type: 'stop' }), gone);
    assert.equal(refused(one, { type: 'change' }), gone);
    one.send({ type: 'introduce', who: 'a', to: 'parent' });
    assert.equal(refused(one, { type: 'change' }), undefined);
    one.send({ type: 'keepGone' });
    assert.equal(refused(one, { type: 'stop' })?.slice(0, 22), 'context.gone holds a r');
  });

  test('is not needed to lose one: two that run under one id are refused', () => {
    assert.equal(
      refused(open(group), { type: 'double' }),
      'children.b holds two that run under one id: stop the first',
    );
  });
});

suite('a child', () => {
  let ran = 0;
  const hasty = fromPromise(() => Promise.resolve(++ran));
  /** As from code without types, which may spawn anything. */
  const loosely = (spawn: unknown) => spawn as (src: unknown, options?: object) => unknown;

  test('that is no name is refused at its step, and never starts', () => {
    const machine = setup({
      types: {} as { context: { kept: unknown }; events: Said },
      actions: {
        spawn: assign({ kept: ({ spawn }) => loosely(spawn)(hasty) }),
        enqueue: enqueueActions(({ enqueue }) => {
          enqueue.spawnChild(hasty as never, { id: 'hasty' } as never);
        }),
      },
    }).createMachine({
      id: 'm',
      context: { kept: null },
      on: { spawn: { actions: 'spawn' }, enqueue: { actions: 'enqueue' } },
    });
    const one = open(machine);
    for (const type of ['spawn', 'enqueue']) {
      const [letter] = one.send({ type }).deadLetters;
      assert.match(
        letter?.reason ?? '',
        /^UnstorableSnapshot unstorable_snapshot: children\.(x:\d|hasty) holds an actor that was not spawned by its name/,
      );
    }
    const atOnce = setup({}).createMachine({
      id: 'm',
      context: ({ spawn }) => ({ kept: loosely(spawn)(hasty) }),
    });
    assert.throws(() => open(atOnce as AnyStateMachine).text(), /never opened/);
    assert.equal(ran, 0);
  });

  const waiting = (name: string, actors: Record<string, AnyActorLogic>) =>
    setup({
      types: {} as { context: { ref: unknown }; events: Said },
      actors: actors as Record<string, Effect>,
      actions: { spawn: assign({ ref: ({ spawn }) => loosely(spawn)(name, { id: 'child' }) }) },
    }).createMachine({
      id: 'm',
      context: { ref: null },
      on: { spawn: { actions: 'spawn' }, [`xstate.done.actor.child`]: {} },
    });
  const hosted = (machine: AnyStateMachine) => ({ subject: { machine } });

  test('that waits under a name which is no more parks its case, under the same version', () => {
    const reducer = fromTransition((n: number) => n + 1, 0);
    const effect = open(waiting('dig', { dig: hasty }), ['dig']);
    effect.send({ type: 'spawn' });
    const counting = open(waiting('count', { count: reducer }));
    counting.send({ type: 'spawn' });
    const parked = (one: PersistedCase, machine: AnyStateMachine, effects: string[]) => {
      const { parked: reason, commit } = one.under(hosted(machine), effects).send({ type: 'any' });
      assert.equal(commit, null);
      return reason ?? '';
    };
    assert.match(parked(effect, waiting('dug', { dug: hasty }), ['dug']), /still called version 1/);
    assert.match(
      parked(counting, waiting('counts', { counts: reducer }), []),
      /still called version 1/,
    );
    // A performer that takes the place of a reducer, or the other way round.
    assert.match(
      parked(counting, waiting('count', { count: hasty }), ['count']),
      /still called version 1/,
    );
    assert.match(parked(effect, waiting('dig', { dig: reducer }), []), /still called version 1/);
  });

  test('of a name that only code knows parks its case too', () => {
    const bare = (name: string) =>
      setup({
        types: {} as { context: { ref: unknown }; events: Said },
        actions: {
          spawn: assign({ ref: ({ spawn }) => loosely(spawn)(name, { id: 'child' }) }),
        },
      }).createMachine({ id: 'm', context: { ref: null }, on: { spawn: { actions: 'spawn' } } });
    const one = open(bare('dig'), ['dig']);
    one.send({ type: 'spawn' });
    const { parked } = one.under(hosted(bare('dug')), ['dug']).send({ type: 'any' });
    assert.match(parked ?? '', /child "child" comes from an actor that is not registered any more/);
  });

  test('that failed keeps an error that is one', () => {
    const fragile = setup({
      types: {} as { events: { type: 'break' } },
      actions: {
        fail: () => {
          throw Object.assign(new RangeError('broken'), { code: 'worn' });
        },
      },
    }).createMachine({ id: 'fragile', on: { break: { actions: 'fail' } } });
    const parent = setup({
      types: {} as { context: { seen: unknown }; events: Said },
      actors: { fragile },
      actions: {
        pass: sendTo('fragile', { type: 'break' }),
        look: assign({
          seen: ({ self }) => {
            const { children } = self.getSnapshot() as unknown as {
              children: Record<string, AnyActorRef>;
            };
            const { error } = children['fragile']!.getSnapshot() as {
              error: RangeError & { code: string };
            };
            return [error instanceof RangeError, error.message, error.code];
          },
        }),
      },
    }).createMachine({
      id: 'parent',
      context: { seen: null },
      invoke: { id: 'fragile', src: 'fragile', onError: { actions: [] } },
      on: { pass: { actions: 'pass' }, look: { actions: 'look' } },
    });
    const one = open(parent);
    one.send({ type: 'pass' });
    one.send({ type: 'look' });
    assert.deepEqual(contextOf(one)['seen'], [true, 'broken', 'worn']);
  });
});

suite('a failed effect', () => {
  test('arrives as an error, and may be kept', () => {
    const machine = setup({
      types: {} as { context: { error: unknown; isError: boolean }; events: Said },
      actors: { search: {} as Effect },
    }).createMachine({
      id: 'm',
      context: { error: null, isError: false },
      invoke: {
        src: 'search',
        onError: {
          actions: assign({
            error: ({ event }) => event.error,
            isError: ({ event }) => event.error instanceof Error,
          }),
        },
      },
    });
    const one = open(machine, ['search']);
    one.settle(effectIds(one)[0]!, false, { name: 'Refused', code: 'refused', message: 'no' });
    const { error, isError } = contextOf(one) as {
      error: Error & { code: string };
      isError: boolean;
    };
    assert.ok(isError && error instanceof Error);
    assert.deepEqual([error.name, error.code, error.message], ['Refused', 'refused', 'no']);
    assert.equal(one.replayed(), one.text());
  });
});

suite('a context that is written down', () => {
  test('is a copy for each case, and its functions are those of the definition', () => {
    const twice = (n: number) => n * 2;
    const machine = setup({
      types: {} as { context: { list: number[]; twice: (n: number) => number }; events: Said },
      actions: {
        // Against all rules, but what happens in one case must not be seen in another.
        push: ({ context }) => void context.list.push(1),
        double: assign({ list: ({ context }) => context.list.map(context.twice) }),
      },
    }).createMachine({
      id: 'm',
      context: { list: [2], twice },
      on: { push: { actions: 'push' }, double: { actions: 'double' } },
    });
    const [first, second] = [open(machine), open(machine)];
    for (const type of ['push', 'double', 'double']) first.send({ type });
    assert.deepEqual(contextOf(first)['list'], [8, 4]);
    second.send({ type: 'double' });
    assert.deepEqual(contextOf(second)['list'], [4]);
    assert.equal(first.replayed(), first.text());
  });
});

suite('machines without an id', () => {
  test('three in one another are hosted', () => {
    const inner = setup({}).createMachine({ initial: 'a', states: { a: {} } });
    const middle = setup({ actors: { inner } }).createMachine({ invoke: { src: 'inner' } });
    const outer = setup({ actors: { middle } }).createMachine({ invoke: { src: 'middle' } });
    const one = open(outer);
    assert.equal(one.send({ type: 'any' }).parked, null);
  });
});

suite('log()', () => {
  const machine = setup({
    types: {} as { context: { name: string }; events: Said },
  }).createMachine({
    id: 'm',
    context: { name: 'a'.repeat(1_000) },
    on: {
      say: { actions: [log('heard'), log(({ context }) => context, 'context')] },
      fail: {
        actions: [
          log('about to fail'),
          () => {
            throw new Error('failed');
          },
        ],
      },
      chatter: { actions: Array.from({ length: 80 }, () => log('again')) },
    },
  });

  test('comes out of the activation in order, each line bounded, and once', () => {
    const one = open(machine);
    const { log: lines } = one.activate(
      ['say', 'fail', 'say'].map((type) => ({ event: { type } })),
    );
    assert.deepEqual(
      lines.map((line) => line.slice(0, 15)),
      ['heard', 'context { name:', 'about to fail', 'heard', 'context { name:'],
    );
    assert.ok(lines.every((line) => line.length <= 500));
    assert.equal(one.send({ type: 'chatter' }).log.length, 50);
    assert.equal(one.replayed(), one.text());
  });
});
