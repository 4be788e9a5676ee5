/** New versions of machines that have others inside them. */
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';

import { assign, createMachine, sendTo, setup, type AnyStateMachine } from 'xstate';

import { actorAt, adopt, afterTimer, moveActor } from '../../actors/kernel/adoption.ts';
import type { Migration } from '../../actors/kernel/registry.ts';
import { effectIds } from './cases.ts';
import { openCase, type PersistedCase } from './stored.ts';

const day = 24 * 60 * 60 * 1_000; // ms

/** Version 1 of a shop: one machine that asks for consent, looks for wares and sells them, all by itself. */
const sale = createMachine({ id: 'sale', after: { 5_000: { actions: 'lapse' } } } as never, {
  actions: { lapse: () => undefined },
}) as AnyStateMachine;
const shop1 = createMachine(
  {
    id: 'shop',
    version: '1',
    type: 'parallel',
    context: { wares: [], lapsed: 0, reminded: 0 },
    states: {
      consent: {
        initial: 'asked',
        states: {
          asked: { after: { patience: { target: 'silent' } }, on: { yes: { target: 'given' } } },
          silent: {},
          given: {},
        },
      },
      search: {
        initial: 'idle',
        states: {
          idle: { on: { look: { target: 'looking' } } },
          looking: {
            initial: 'near',
            states: {
              near: { on: { wider: { target: 'far' } } },
              far: {},
              before: { type: 'history' },
            },
            invoke: {
              id: 'look',
              src: 'look',
              onDone: { target: 'idle', actions: 'setWares' },
            },
            on: { pause: { target: 'paused' } },
          },
          paused: { on: { look: { target: 'looking.before' } } },
        },
      },
    },
    on: { sell: { actions: 'sell' } },
  } as never,
  {
    actors: { sale },
    delays: { patience: 7 * day },
    actions: {
      setWares: assign(({ event }: { event: unknown }) => ({
        wares: (event as { output: unknown }).output,
      })),
      sell: assign(({ spawn }: { spawn: (src: string, options: object) => unknown }) => ({
        sold: spawn('sale', { id: 'sale-1' }),
      })),
    },
  } as never,
) as AnyStateMachine;

const consent = setup({ delays: { silence: 7 * day } }).createMachine({
  id: 'consent',
  version: '1',
  initial: 'asked',
  context: () => ({}),
  states: {
    asked: { after: { silence: { target: 'silent' } }, on: { yes: { target: 'given' } } },
    silent: {},
    given: {},
  },
});
const finder = createMachine(
  {
    id: 'finder',
    context: { wares: [] },
    initial: 'idle',
    states: {
      idle: { on: { look: { target: 'looking' } } },
      looking: {
        initial: 'near',
        states: {
          near: { on: { wider: { target: 'far' } } },
          far: {},
          before: { type: 'history' },
        },
        invoke: { id: 'look', src: 'look', onDone: { target: 'idle', actions: 'setWares' } },
        on: { pause: { target: 'paused' } },
      },
      paused: { on: { look: { target: 'looking.before' } } },
    },
  } as never,
  {
    actions: {
      setWares: assign(({ event }: { event: unknown }) => ({
        wares: (event as { output: unknown }).output,
      })),
    },
  } as never,
) as AnyStateMachine;
const till = createMachine({ id: 'till', context: {} } as never, { actors: { sale } });

/** Version 2: a family. `consents` stands in for a later consent machine. */
const shop2 = (consents: AnyStateMachine = consent, version = '2') =>
  setup({
    actors: { consent: consents, finder, till: till as AnyStateMachine },
    actions: {
      pass: ({ self: _self }) => undefined,
      toFinder: sendTo('finder', ({ event }) => event),
    },
  }).createMachine({
    id: 'shop',
    version,
    invoke: [
      { id: 'agreed', src: 'consent' },
      { id: 'finder', src: 'finder' },
      { id: 'till', src: 'till' },
    ],
    on: { '*': { actions: 'toFinder' } },
  }) as AnyStateMachine;

interface Shop1 {
  readonly value: { readonly consent: string; readonly search: unknown };
  readonly context: { readonly wares: unknown };
}

const toFamily: Migration = (state) => {
  const { value, context } = state.snapshot as Shop1;
  const asked = adopt(state, {
    path: ['agreed'],
    src: 'consent',
    value: value.consent,
    context: {},
    states: { 'shop.consent': 'consent' },
    delays: { patience: 'silence' },
  });
  const found = adopt(asked, {
    path: ['finder'],
    src: 'finder',
    value: value.search,
    context: { wares: context.wares },
    states: { 'shop.search': 'finder' },
    children: { look: 'look' },
  });
  const sold = adopt(found, {
    path: ['till'],
    src: 'till',
    value: {},
    context: {},
    children: { 'sale-1': 'sale-1' },
  });
  const root = sold.snapshot as { readonly [key: string]: unknown };
  const { marks: _marks, ...bare } = root;
  return { ...sold, snapshot: { ...bare, value: {}, context: {} } };
};

const actor = (one: PersistedCase, ...path: string[]) => actorAt(one.envelope(), path);
const opened = (machine: AnyStateMachine, events: readonly string[] = []) => {
  const one = openCase({ shop: { machine } }, ['look']);
  one.activate([{ create: { machine: 'shop', input: {} } }]);
  for (const type of events) one.send({ type });
  return one;
};
const hosted = (
  migrations: Readonly<Record<string, Migration | 'compatible'>> = { '1': toFamily },
) => ({
  shop: { machine: shop2(), migrations },
});

suite('a case of one machine that is a family now', () => {
  test('goes on where it was: states, contexts, timers and awaited effects are those of its children', () => {
    const old = opened(shop1, ['look', 'wider', 'sell']);
    const before = old.envelope();
    const one = old.under(hosted(), ['look']);
    one.wait(1_000);
    assert.equal(one.send({ type: 'nothing' }).parked, null);
    const { awaited, timers } = one.envelope();
    assert.deepEqual(actor(one, 'agreed')?.value, 'asked');
    assert.deepEqual(actor(one, 'finder')?.value, { looking: 'far' });
    assert.deepEqual(actor(one, 'till', 'sale-1')?.status, 'active');
    const [effectId] = effectIds(old);
    assert.deepEqual(awaited, [{ path: ['finder', 'look'], effectId }], 'nothing is asked twice');
    assert.deepEqual(
      timers.map(({ id, source, target, dueAt }) => [id, source, target, dueAt]),
      [
        ['xstate.after.silence.consent.asked', ['agreed'], ['agreed'], before.timers[0]?.dueAt],
        ['xstate.after.5000.sale', ['till', 'sale-1'], ['till', 'sale-1'], before.timers[1]?.dueAt],
      ],
    );
    one.settle(effectId ?? '', true, ['a lamp']);
    assert.deepEqual(actor(one, 'finder')?.context, { wares: ['a lamp'] });
    one.wait(7 * day);
    one.activate();
    assert.equal(actor(one, 'agreed')?.value, 'silent');
    assert.deepEqual(one.envelope().timers, []);
  });

  test('remembers in a child what a history state of the old machine remembered', () => {
    const one = opened(shop1, ['look', 'wider', 'pause']).under(hosted(), ['look']);
    one.send({ type: 'look' });
    assert.deepEqual(actor(one, 'finder')?.value, { looking: 'far' });
  });

  test('is parked with the reason when a child is missing, or a timer stayed behind', () => {
    const reason = (migration: Migration) =>
      opened(shop1)
        .under(hosted({ '1': migration }), ['look'])
        .send({ type: 'nothing' }).parked ?? '';
    const without =
      (id: string): Migration =>
      (state) => {
        const whole = toFamily(state);
        const { children, ...snapshot } = whole.snapshot as { children: Record<string, unknown> };
        const { [id]: _gone, ...others } = children;
        return { ...whole, snapshot: { ...snapshot, children: others } };
      };
    assert.match(
      reason(without('till')),
      /"shop" 1 does not fit 2: .*invokes "till", which was never started/,
    );
    const stays: Migration = (state) => {
      const whole = toFamily(state);
      return {
        ...whole,
        timers: [...whole.timers, afterTimer([], 'patience', 'shop.consent.asked', 1)],
      };
    };
    assert.match(
      reason(stays),
      /timer "xstate.after.patience.shop.consent.asked" runs, but no current state/,
    );
    const twice: Migration = (state) =>
      adopt(toFamily(state), { path: ['till'], src: 'till', value: {}, context: {} });
    assert.match(reason(twice), /The migration of "shop" from 1 failed: RangeError/);
  });
});

suite('references to an actor', () => {
  test('lead to it where it has moved', () => {
    const state = opened(shop1, ['sell']).envelope();
    const given = adopt(state, { path: ['till'], src: 'till', value: {}, context: {} });
    const moved = moveActor(given, ['sale-1'], ['till', 'first']);
    assert.deepEqual((moved.snapshot as { marks?: unknown }).marks, [
      [['context', 'sold'], 'actor', ['till', 'first']],
    ]);
    assert.deepEqual(moved.timers.at(-1)?.source, ['till', 'first']);
    assert.equal(moveActor(state, ['nobody'], ['till']), state);
  });
});

suite('a child whose machine alone has changed', () => {
  const later = setup({ delays: { silence: 7 * day } }).createMachine({
    id: 'consent',
    version: '2',
    initial: 'open',
    context: () => ({ words: '' }),
    states: {
      open: { after: { silence: { target: 'silent' } }, on: { yes: { target: 'given' } } },
      silent: {},
      given: {},
    },
  });
  const renamed: Migration = (state) => {
    const { value, ...snapshot } = state.snapshot as { readonly value: string };
    return {
      ...state,
      snapshot: {
        ...snapshot,
        value: value === 'asked' ? 'open' : value,
        context: { words: 'old' },
      },
      timers: state.timers.map(({ dueAt }) => afterTimer([], 'silence', 'consent.open', dueAt)),
    };
  };
  const under = (one: PersistedCase, machine: AnyStateMachine, child: object | null) =>
    one.under(
      {
        shop: {
          machine: shop2(machine),
          ...(child ? { children: { consent: child as never } } : {}),
        },
      },
      ['look'],
    );

  test('is migrated alone, as if it were a case, and its timers keep their time', () => {
    const old = opened(shop2(), ['look']);
    const [timer] = old.envelope().timers;
    const one = under(old, later, { '1': renamed });
    assert.equal(one.send({ type: 'nothing' }).parked, null);
    assert.deepEqual(actor(one, 'agreed')?.value, 'open');
    assert.deepEqual(actor(one, 'agreed')?.context, { words: 'old' });
    assert.deepEqual(actor(one, 'finder'), actor(old, 'finder'));
    assert.deepEqual(one.envelope().timers, [
      afterTimer(['agreed'], 'silence', 'consent.open', timer?.dueAt ?? 0),
    ]);
    assert.equal(one.envelope().definitionHash, old.envelope().definitionHash);
    assert.deepEqual(one.effects, [], 'nothing is asked twice');
  });

  test('parks its case when it declares no migration, does not fit, or kept its version', () => {
    const reason = (machine: AnyStateMachine, child: object | null = null) =>
      under(opened(shop2()), machine, child).send({ type: 'nothing' }).parked ?? '';
    assert.equal(reason(later), '"shop/consent" 2 declares no migration from 1');
    assert.match(
      reason(later, { '1': 'compatible' }),
      /^"shop\/consent" 1 does not fit 2: shop\/agreed: the state "asked" is no more/,
    );
    const { version: _version, ...unversioned } = later.config;
    const same = createMachine(
      { ...unversioned, version: '1' } as never,
      later.implementations as never,
    ) as AnyStateMachine;
    assert.match(
      reason(same, { '1': renamed }),
      /^"shop\/consent" changed but is still called version 1/,
    );
  });

  test('is not asked for a migration when only another machine has changed', () => {
    const one = opened(shop2()).under(
      { shop: { machine: shop2(consent, '3'), migrations: { '2': 'compatible' } } },
      ['look'],
    );
    assert.equal(one.send({ type: 'nothing' }).parked, null);
    assert.equal(one.envelope().version, '3');
  });

  test('needs its migrations under a name that leads to a machine', () => {
    assert.throws(
      () => openCase({ shop: { machine: shop2(), children: { 'finder/look': {} } } }, ['look']),
      /migrations of "finder\/look": there is no such machine/,
    );
  });
});
