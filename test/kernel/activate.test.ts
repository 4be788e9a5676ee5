/* oxlint-disable typescript/no-unnecessary-type-assertion -- it is how XState takes types */
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';

import {
  assign,
  emit,
  enqueueActions,
  fromTransition,
  raise,
  sendParent,
  sendTo,
  setup,
  spawnChild,
  type AnyActorRef,
} from 'xstate';

import { answered, effectIds, open } from './cases.ts';
import type { Effect } from './machines/subject.ts';
import { openCase } from './stored.ts';

const minute = 60_000;

/** One state for each row of the table in the design, section 4. */
const table = setup({
  types: {} as {
    context: { kept: unknown; note: string };
    events: { type: string; [field: string]: unknown };
    emitted: { type: 'told'; note: string };
  },
  actors: {
    search: {} as Effect,
    child: setup({ actors: { search: {} as Effect } }).createMachine({
      id: 'child',
      initial: 'one',
      states: {
        one: { on: { next: { target: 'two' } }, after: { 1_000: 'two' } },
        two: { invoke: { id: 'search', src: 'search', onDone: { target: 'three' } } },
        three: { type: 'final' },
      },
    }),
  },
  actions: {
    keep: assign((_, { output }: { output: unknown }) => ({ kept: output })),
    tell: emit(({ context }) => ({ type: 'told' as const, note: context.note })),
    notify: (_all, _params: { note: string }) => undefined,
    note: assign({ note: 'noted' }),
    toChild: sendTo('child', { type: 'next' }),
    later: raise({ type: 'late' }, { id: 'the-late', delay: 5_000 }),
    spawn: spawnChild('search', { id: 'spawned' }),
    fail: () => {
      throw new TypeError('patient Ayşe is not here');
    },
  },
  guards: {
    fail: () => {
      throw new TypeError('patient Ayşe is not here');
    },
  },
}).createMachine({
  id: 'table',
  context: { kept: null, note: 'none' },
  initial: 'idle',
  on: {
    tell: { actions: 'tell' },
    notify: { actions: { type: 'notify', params: ({ context }) => ({ note: context.note }) } },
    failAction: { actions: ['note', 'tell', 'spawn', 'fail'] },
    failGuard: { guard: 'fail', actions: 'note' },
    idle: { target: '.idle' },
    spawn: { actions: 'spawn' },
    flit: { target: '.flitting' },
  },
  states: {
    idle: {
      on: {
        search: { target: 'searching' },
        nest: { target: 'nesting' },
        wait: { target: 'waiting' },
      },
    },
    searching: {
      invoke: {
        id: 'search',
        src: 'search',
        input: ({ context }: { context: { note: string } }) => ({ note: context.note }),
        onDone: {
          target: 'idle',
          actions: { type: 'keep', params: ({ event }) => ({ output: event.output }) },
        },
        onError: {
          target: 'idle',
          actions: { type: 'keep', params: ({ event }) => ({ output: event.error }) },
        },
      },
    },
    nesting: {
      invoke: { id: 'child', src: 'child', onDone: { target: 'ended' } },
      on: { toChild: { actions: 'toChild' } },
    },
    waiting: {
      entry: 'later',
      after: { [minute]: 'idle' },
      on: { late: { actions: 'note' } },
    },
    flitting: { invoke: { id: 'search', src: 'search' }, always: { target: 'idle' } },
    ended: { type: 'final' },
  },
});
const effects = ['search', 'notify'];
const opened = () => open(table, effects);

suite('an activation', () => {
  test('turns an invoked promise into an effect, and its outcome into done or error of that child', () => {
    const one = opened();
    one.send({ type: 'search' });
    assert.deepEqual(
      one.effects.map(({ effectId, name, port, kind, input, cancelled }) => ({
        effectId,
        name,
        port,
        kind,
        input: JSON.parse(input),
        cancelled,
      })),
      [
        {
          effectId: 'case-1.2.0',
          name: 'search',
          port: 'search',
          kind: 'invoke',
          input: { note: 'none' },
          cancelled: false,
        },
      ],
    );
    one.settle('case-1.2.0', true, { flights: 3 });
    assert.deepEqual(answered(one), ['idle', { flights: 3 }]);
    one.send({ type: 'search' });
    const error = { name: 'Refused', code: 'refused', message: 'no' };
    one.settle(effectIds(one).at(-1)!, false, error);
    assert.deepEqual(answered(one), ['idle', error]);
  });

  test('hosts an invoked machine in the same tree, with its timers and effects', () => {
    const one = opened();
    one.send({ type: 'nest' });
    assert.deepEqual(
      one.envelope().timers.map(({ source }) => source),
      [['child']],
    );
    one.send({ type: 'toChild' });
    assert.deepEqual(one.envelope().timers, []);
    const { awaited } = one.envelope();
    assert.deepEqual(
      awaited.map(({ path }) => path),
      [['child', 'search']],
    );
    one.settle(awaited[0]!.effectId, true, null);
    assert.equal(one.last?.status, 'done');
    assert.equal(one.last?.state, '"ended"');
  });

  test('stores timers with absolute deadlines, and forgets them when their state is left', () => {
    const one = opened();
    one.send({ type: 'wait' });
    assert.deepEqual(
      one.envelope().timers.map(({ id, dueAt }) => [id, dueAt - one.now()]),
      [
        ['the-late', 5_000],
        ['xstate.after.60000.table.waiting', minute],
      ],
    );
    assert.equal(one.last?.wakeAt, one.now() + 5_000);
    one.wait(3 * minute);
    const { history } = one.activate();
    assert.deepEqual(
      history.map(({ kind, type, disposition }) => [kind, type, disposition]),
      [
        ['timer', 'late', 'applied'],
        ['timer', 'xstate.after.60000.table.waiting', 'applied'],
      ],
    );
    assert.deepEqual(one.envelope().timers, []);
    assert.equal(one.last?.wakeAt, null);
    one.send({ type: 'wait' });
    one.send({ type: 'idle' });
    assert.deepEqual(
      one.envelope().timers.map(({ id }) => id),
      ['the-late'],
      'a delayed raise stays until it is cancelled, as in memory',
    );
  });

  test('turns a named action with a performer into an effect nobody waits for', () => {
    const one = opened();
    one.send({ type: 'notify' });
    const [effect] = one.effects;
    assert.deepEqual(
      [effect?.kind, effect?.name, effect?.input],
      ['action', 'notify', '{"note":"none"}'],
    );
    assert.deepEqual(one.envelope().awaited, []);
  });

  test('turns what is emitted into an effect for the transport', () => {
    const one = opened();
    one.send({ type: 'tell' });
    const [effect] = one.effects;
    assert.deepEqual(
      [effect?.kind, effect?.port, effect?.input],
      ['emit', 'emit', '{"type":"told","note":"none"}'],
    );
  });

  test('abandons the effect of a state that is left, and ignores its late outcome with the reason', () => {
    const one = opened();
    one.send({ type: 'search' });
    one.send({ type: 'idle' });
    assert.deepEqual(one.abandoned, effectIds(one));
    const { history, deadLetters } = one.settle(effectIds(one)[0]!, true, { flights: 3 });
    assert.deepEqual(
      history.map(({ disposition, reason }) => [disposition, reason]),
      [['ignored', 'effect_not_awaited']],
    );
    assert.deepEqual([deadLetters, answered(one)], [[], ['idle', null]]);
  });

  test('marks an effect cancelled whose state was left in the activation that asked for it', () => {
    const one = opened();
    one.activate([{ event: { type: 'search' } }, { event: { type: 'idle' } }]);
    assert.deepEqual(
      one.effects.map(({ cancelled }) => cancelled),
      [true],
    );
    assert.deepEqual([one.abandoned, one.envelope().awaited], [[], []]);
    one.send({ type: 'flit' });
    assert.equal(one.effects.length, 1, 'what is left in the same step was never started');
  });

  test('records an event that no state accepts as ignored, with the state it met', () => {
    const one = opened();
    const before = one.envelope();
    const { history } = one.send({ type: 'unheard' });
    assert.deepEqual(
      history.map(({ disposition, reason, stateBefore, stateAfter }) => [
        disposition,
        reason,
        stateBefore,
        stateAfter,
      ]),
      [['ignored', 'not_accepted_in_state', '"idle"', '"idle"']],
    );
    assert.deepEqual({ ...one.envelope(), seq: before.seq }, before);
    assert.equal(one.envelope().seq, before.seq + 1);
  });

  test('ignores what comes after the end, and events that only XState may send', () => {
    const one = opened();
    const { history } = one.send({ type: 'xstate.stop' });
    assert.deepEqual(
      [history[0]?.disposition, history[0]?.reason],
      ['ignored', 'reserved_event_type'],
    );
    one.send({ type: 'nest' });
    one.send({ type: 'toChild' });
    one.settle(effectIds(one)[0]!, true, null);
    const late = one.send({ type: 'search' });
    assert.deepEqual(
      [late.history[0]?.disposition, late.history[0]?.reason],
      ['ignored', 'case_done'],
    );
    assert.equal(one.last?.status, 'done');
  });

  for (const type of ['failAction', 'failGuard']) {
    test(`dead-letters an event whose step throws and keeps the last good state: ${type}`, () => {
      const one = opened();
      one.send({ type: 'search' });
      const before = one.envelope();
      const asked = effectIds(one);
      const { deadLetters, history } = one.activate([
        { event: { type } },
        { event: { type: 'tell' } },
      ]);
      assert.deepEqual(
        history.map(({ disposition }) => disposition),
        ['dead', 'applied'],
      );
      const reason = type === 'failGuard' ? 'Error in guard fail' : 'TypeError';
      assert.deepEqual(deadLetters, [{ eventId: history[0]?.subject, reason }]);
      assert.deepEqual({ ...one.envelope(), seq: before.seq }, before);
      // The failed step's effects are gone; the next step's have its own number.
      assert.deepEqual(effectIds(one), [...asked, 'case-1.4.0']);
      assert.equal(one.replayed(), one.text());
    });
  }

  test('leaves no case behind when a machine cannot even start', () => {
    const broken = setup({}).createMachine({
      id: 'broken',
      context: () => {
        throw new TypeError('no context');
      },
    });
    const one = openCase({ subject: { machine: broken } });
    const { commit, deadLetters } = one.activate([{ create: { machine: 'subject', input: null } }]);
    assert.deepEqual([commit, deadLetters], [null, [{ eventId: 'event-1', reason: 'TypeError' }]]);
    const unknown = one.activate([
      { create: { machine: 'nobody', input: null } },
      { event: { type: 'x' } },
    ]);
    assert.deepEqual(
      unknown.deadLetters.map(({ reason }) => reason),
      ['unknown_machine nobody', 'case_not_open'],
    );
  });

  test('opens a case once: a second create changes nothing, its event is still played', () => {
    const one = opened();
    const create = { machine: 'subject', input: null };
    const [second] = one.activate([{ create }]).history;
    assert.deepEqual([second?.disposition, second?.reason], ['ignored', 'already_open']);
    assert.deepEqual(
      one.activate([{ create, event: { type: 'search' } }]).history.map(({ type }) => type),
      ['search'],
    );
    assert.equal(one.replayed(), one.text());
  });
});

suite('timers in an activation', () => {
  const clock = setup({
    types: {} as {
      context: { log: string[] };
      events:
        | { type: 'event' }
        | { type: 'set'; id: string; inMs: number }
        | { type: 'ring'; id: string }
        | { type: 'setNever' };
    },
    actions: {
      log: assign(({ context }, { entry }: { entry: string }) => ({
        log: [...context.log, entry],
      })),
      set: enqueueActions(({ enqueue }, { id, inMs }: { id: string; inMs: number }) => {
        enqueue.raise({ type: 'ring', id }, { id, delay: inMs });
      }),
    },
  }).createMachine({
    id: 'clock',
    context: { log: [] },
    on: {
      event: { actions: { type: 'log', params: { entry: 'event' } } },
      ring: { actions: { type: 'log', params: ({ event }) => ({ entry: event.id }) } },
      set: { actions: { type: 'set', params: ({ event }) => event } },
      setNever: { actions: { type: 'set', params: { id: 'never', inMs: Number.NaN } } },
    },
  });
  const logOf = (one: ReturnType<typeof open>) =>
    (one.envelope().snapshot as { context: { log: string[] } }).context.log;
  const set = (id: string, inMs: number) => ({ event: { type: 'set', id, inMs } });

  test('that were due before an event reached us fire before it, the rest after it', () => {
    const one = open(clock);
    one.activate([set('b', 2_000), set('a', 1_000), set('c', 3_000), set('d', 9_000)]);
    one.wait(5_000);
    one.activate([{ event: { type: 'event' } }], 2_500); // Received 2.5 s after the timers were set.
    assert.deepEqual(logOf(one), ['a', 'b', 'event', 'c']);
    assert.deepEqual(
      one.envelope().timers.map(({ id }) => id),
      ['d'],
    );
  });

  test('fire in the order they were set when they are due at once', () => {
    const one = open(clock);
    one.activate([set('b', 1_000), set('a', 1_000)]);
    one.send({ type: 'set', id: 'c', inMs: 1_000 });
    one.wait(1_000);
    one.activate();
    assert.deepEqual(logOf(one), ['b', 'a', 'c']);
  });

  test('replace one of the same id that has not fired', () => {
    const one = open(clock);
    one.activate([set('a', 1_000), set('a', 3_000)]);
    one.wait(2_000);
    one.activate();
    assert.deepEqual(logOf(one), []);
    one.wait(1_000);
    one.activate();
    assert.deepEqual(logOf(one), ['a']);
  });

  test('all fire before an event that came after them, however many there are', () => {
    const one = open(clock);
    const ids = Array.from({ length: 250 }, (_, i) => `timer-${i}`);
    one.activate(ids.map((id, i) => set(id, 1_000 + i)));
    one.wait(minute);
    one.send({ type: 'event' });
    assert.deepEqual(logOf(one), [...ids, 'event']);
    assert.equal(one.replayed(), one.text());
  });

  test('that set themselves anew at once leave room for others', () => {
    const restless = setup({
      types: {} as { context: { count: number }; events: { type: 'go' | 'tick' } },
      actions: {
        count: assign({ count: ({ context }) => context.count + 1 }),
        again: raise({ type: 'tick' }, { delay: 0 }),
      },
    }).createMachine({
      id: 'restless',
      context: { count: 0 },
      on: { go: { actions: 'again' }, tick: { actions: ['count', 'again'] } },
    });
    const one = open(restless);
    one.send({ type: 'go' });
    const count = () => (one.envelope().snapshot as { context: { count: number } }).context.count;
    assert.equal(count(), 100);
    assert.equal(one.last?.wakeAt, one.now(), 'and is woken again');
    one.activate();
    assert.ok(count() > 100);
  });

  test('with a delay that is no number dead-letter the event that set them', () => {
    const one = open(clock);
    const { deadLetters } = one.send({ type: 'setNever' });
    assert.deepEqual(
      deadLetters.map(({ reason }) => reason),
      ['RangeError'],
    );
    assert.deepEqual(one.envelope().timers, []);
  });
});

suite('a step that would never end', () => {
  test('in a loop of `always` is dead-lettered', () => {
    const spinning = setup({}).createMachine({
      id: 'spinning',
      initial: 'still',
      states: {
        still: { on: { spin: { target: 'left' } } },
        left: { always: { target: 'right' } },
        right: { always: { target: 'left' } },
      },
    });
    const one = open(spinning);
    assert.deepEqual(
      one.send({ type: 'spin' }).deadLetters.map(({ reason }) => reason),
      ['endless_step'],
    );
    assert.equal(one.last?.state, '"still"');
  });

  test('between two actors is dead-lettered', () => {
    const wall = setup({ actions: { back: sendParent({ type: 'ball' }) } }).createMachine({
      id: 'wall',
      on: { ball: { actions: 'back' } },
    });
    const player = setup({
      actors: { wall },
      actions: { serve: sendTo('wall', { type: 'ball' }) },
    }).createMachine({
      id: 'player',
      invoke: { id: 'wall', src: 'wall' },
      on: { serve: { actions: 'serve' }, ball: { actions: 'serve' } },
    });
    const one = open(player);
    assert.deepEqual(
      one.send({ type: 'serve' }).deadLetters.map(({ reason }) => reason),
      ['EndlessStep endless_step'],
    );
    assert.deepEqual(
      one.activate().history.map(({ disposition }) => disposition),
      [],
    );
  });
});

suite('what JSON cannot keep', () => {
  const values: Readonly<Record<string, () => unknown>> = {
    date: () => new Date(0),
    map: () => new Map([['Ayşe', 1]]),
    set: () => new Set(['Ayşe']),
    nan: () => Number.NaN,
    infinity: () => Number.POSITIVE_INFINITY,
    undefinedInArray: () => ['Ayşe', undefined],
    bigint: () => 10n,
    function: () => () => 'Ayşe',
    symbol: () => Symbol('Ayşe'),
    circular: () => {
      const circle: { self?: unknown } = {};
      circle.self = circle;
      return circle;
    },
  };
  const store = setup({
    types: {} as { context: { value: unknown; good: number }; events: { type: string } },
    actors: { search: {} as Effect },
    actions: {
      good: assign({ good: ({ context }) => context.good + 1 }),
      keep: assign((_, { of }: { of: string }) => ({ value: { deep: [values[of]?.()] } })),
      notify: (_all, _params: { value: unknown }) => undefined,
      tell: emit((_, { of }: { of: string }) => ({ type: 'told', value: values[of]?.() })),
      later: raise((_, { of }: { of: string }) => ({ type: 'late', value: values[of]?.() }), {
        delay: 10,
      }),
    },
  }).createMachine({
    id: 'store',
    context: { value: null, good: 0 },
    initial: 'idle',
    on: {
      good: { actions: 'good' },
      'keep.*': { actions: { type: 'keep', params: ({ event }) => ({ of: event.type.slice(5) }) } },
      'tell.*': { actions: { type: 'tell', params: ({ event }) => ({ of: event.type.slice(5) }) } },
      'late.*': {
        actions: { type: 'later', params: ({ event }) => ({ of: event.type.slice(5) }) },
      },
      'note.*': {
        actions: {
          type: 'notify',
          params: ({ event }) => ({ value: values[event.type.slice(5)]?.() }),
        },
      },
      'call.*': { target: '.calling' },
    },
    states: {
      idle: {},
      calling: {
        invoke: {
          id: 'search',
          src: 'search',
          input: ({ event }: { event: { type: string } }) => ({
            value: values[event.type.slice(5)]?.(),
          }),
          onError: { target: 'idle', actions: 'good' },
        },
      },
    },
  });

  for (const [name] of Object.entries(values)) {
    test(`dead-letters the event that made it, and never names the value: ${name}`, () => {
      for (const place of ['keep', 'tell', 'late', 'note', 'call']) {
        const one = open(store, ['search', 'notify']);
        one.send({ type: 'good' });
        const { deadLetters, history } = one.send({ type: `${place}.${name}` });
        assert.equal(deadLetters.length, 1, `${place} ${JSON.stringify(history)}`);
        assert.match(
          deadLetters[0]!.reason,
          /^UnstorableSnapshot unstorable_snapshot: (context|input of \w+|timer t:0\.event)\.[\w.[\]…]+ holds /,
          place,
        );
        assert.ok(!JSON.stringify([deadLetters, history]).includes('Ayşe'));
        assert.deepEqual((one.envelope().snapshot as { context: unknown }).context, {
          value: null,
          good: 1,
        });
        assert.deepEqual([one.effects, one.envelope().timers, one.last?.state], [[], [], '"idle"']);
        assert.equal(one.replayed(), one.text());
      }
    });
  }
});

suite('a replay', () => {
  const counter = fromTransition((count: number) => count + 1, 0);
  const crowd = setup({
    types: {} as { context: { last: unknown }; events: { type: 'more' | 'tick' } },
    actors: { counter, search: {} as Effect },
    actions: {
      spawn: assign({ last: ({ spawn }) => spawn('search') }),
      spawnCounter: assign({ last: ({ spawn }) => spawn('counter') }),
      tick: raise({ type: 'tick' }, { delay: 1_000 }),
    },
  }).createMachine({
    id: 'crowd',
    context: { last: null },
    on: { more: { actions: ['spawn', 'spawnCounter', 'tick'] }, tick: { actions: 'spawn' } },
  });

  test('gives children and timers without an id the names they had', () => {
    const one = open(crowd, ['search']);
    one.send({ type: 'more' });
    one.activate([{ event: { type: 'more' } }, { event: { type: 'more' } }]);
    one.wait(5_000);
    one.send({ type: 'more' });
    const names = Object.keys((one.envelope().snapshot as { children: object }).children);
    assert.equal(new Set(names).size, 4 * 2 + 3);
    assert.ok(
      names.every((id) => /^x:\d+$/.test(id)),
      names.join(),
    );
    assert.deepEqual(
      one.envelope().timers.map(({ id }) => id),
      ['t:3'],
    );
    assert.equal(one.replayed(), one.text());
  });

  test('names its effects by case, step and place', () => {
    const one = open(crowd, ['search']);
    one.activate([{ event: { type: 'more' } }, { event: { type: 'more' } }]);
    assert.deepEqual(effectIds(one), ['case-1.2.0', 'case-1.3.0']);
    assert.deepEqual(
      one.history.map((entry) => entry.effects),
      [[], ['case-1.2.0'], ['case-1.3.0']],
    );
  });
});

suite('a restored child', () => {
  const box = setup({
    types: {} as { context: { things: number }; events: { type: 'put' } },
    actions: { put: assign({ things: ({ context }) => context.things + 1 }) },
  }).createMachine({ id: 'box', context: { things: 0 }, on: { put: { actions: 'put' } } });

  test('that the context refers to is the live one again, also after a failed step in between', () => {
    const shelf = setup({
      types: {} as {
        context: { box: AnyActorRef | null };
        events: { type: string };
      },
      actors: { box },
      actions: {
        keep: assign({ box: ({ spawn }) => spawn('box', { id: 'box' }) }),
        put: sendTo(({ context }) => context.box!, { type: 'put' }),
        fail: () => {
          throw new TypeError('fell');
        },
      },
    }).createMachine({
      id: 'shelf',
      context: { box: null },
      on: {
        keep: { actions: 'keep' },
        put: { actions: 'put' },
        fail: { actions: ['put', 'fail'] },
      },
    });
    const one = open(shelf);
    one.send({ type: 'keep' });
    one.send({ type: 'put' });
    one.activate(['put', 'fail', 'put', 'fail', 'put'].map((type) => ({ event: { type } })));
    const { children } = one.envelope().snapshot as {
      children: { box: { snapshot: { context: { things: number } } } };
    };
    assert.equal(children.box.snapshot.context.things, 4);
  });
});
