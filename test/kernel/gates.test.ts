import assert from 'node:assert/strict';
import { suite, test } from 'node:test';

import { assign, sendTo, setup } from 'xstate';

import type { Performer } from '../../actors/kernel/ports.ts';
import { waitUntil } from '../support/wait.ts';
import { hostsOf, newCase, withServer, type Hosted } from './host.ts';
import type { Effect } from './machines/subject.ts';

withServer();

/** May speak and fetch while it is open, and hears what could not be said. */
const speaker = setup({
  // oxlint-disable-next-line typescript/no-unnecessary-type-assertion -- it is how XState takes types
  types: {} as {
    context: { unsaid: readonly string[] };
    events:
      | { type: 'speak'; word: string }
      | { type: 'shut' }
      | { type: 'fetch' }
      | { type: 'unsaid'; code: string };
    tags: 'may-speak';
  },
  actors: { fetch: {} as Effect },
  actions: {
    say: (..._args: [seen: unknown, params: { word: string }]) => undefined,
    keepUnsaid: assign(({ context, event }) => ({
      unsaid: event.type === 'unsaid' ? [...context.unsaid, event.code] : context.unsaid,
    })),
  },
}).createMachine({
  id: 'speaker',
  context: { unsaid: [] },
  type: 'parallel',
  states: {
    door: {
      initial: 'open',
      states: { open: { tags: ['may-speak'], on: { shut: { target: 'shut' } } }, shut: {} },
    },
    mouth: {
      on: {
        speak: {
          actions: {
            type: 'say',
            params: ({ event }: { event: { word?: string } }) => ({ word: event.word ?? '' }),
          },
        },
        unsaid: { actions: 'keepUnsaid' },
      },
    },
    hands: {
      initial: 'idle',
      states: {
        idle: { on: { fetch: { target: 'fetching' } } },
        fetching: { invoke: { id: 'fetch', src: 'fetch', onDone: 'idle', onError: 'refused' } },
        refused: {},
      },
    },
  },
});

/** Speaks for itself, and may while the lodger in it has not left. */
const house = setup({
  actors: {
    lodger: setup({
      // oxlint-disable-next-line typescript/no-unnecessary-type-assertion -- it is how XState takes types
      types: {} as { events: { type: 'leave' }; tags: 'may-speak' },
    }).createMachine({
      id: 'lodger',
      initial: 'in',
      states: { in: { tags: ['may-speak'], on: { leave: { target: 'gone' } } }, gone: {} },
    }),
  },
  actions: {
    say: (..._args: [seen: unknown, params: { word: string }]) => undefined,
    sendAway: sendTo('lodger', { type: 'leave' }),
  },
}).createMachine({
  id: 'house',
  invoke: { id: 'lodger', src: 'lodger' },
  on: {
    speak: {
      actions: {
        type: 'say',
        params: ({ event }: { event: { type: string; word?: string } }) => ({
          word: event.word ?? '',
        }),
      },
    },
    shut: { actions: 'sendAway' },
  },
});

const open = async ({ kernel }: Hosted, machine = 'speaker') => {
  const ref = newCase();
  let events = 0;
  const send = (event: { type: string; word?: string }) =>
    kernel.send({ ...ref, source: 'test', dedupeKey: `${ref.caseId}.${++events}`, event });
  await kernel.send({
    ...ref,
    source: 'test',
    dedupeKey: ref.caseId,
    create: { machine, input: {} },
  });
  return { ref, send };
};

const hosting = (performers: Record<string, Performer>) => ({
  machines: { speaker: { machine: speaker }, house: { machine: house } },
  performers,
});

suite('an effect that needs a tag', () => {
  test('starts while its case has it, and not once the case that lacks it is committed', async (t) => {
    const hosts = await hostsOf(t);
    const heard: string[] = [];
    const inDoor = Promise.withResolvers<void>();
    const say: Performer = {
      resolution: 'none',
      inOrder: true,
      needs: () => 'may-speak',
      async perform(input) {
        const { word } = input as { word: string };
        heard.push(word);
        if (word === 'one') await inDoor.promise;
      },
    };
    const fetch: Performer = {
      resolution: 'key',
      needs: () => 'may-speak',
      perform: () => Promise.resolve('fetched'),
    };
    const host = await hosts.start(hosting({ say, fetch }));
    const { ref, send } = await open(host);

    await send({ type: 'speak', word: 'one' });
    await waitUntil(() => heard.length === 1, { what: 'the first word' });
    await send({ type: 'speak', word: 'two' }); // Waits for the first, in order.
    await send({ type: 'shut' });
    await host.kernel.waitFor(
      ref,
      ({ value }) => (value as { door: string }).door === 'shut',
      10_000,
    );
    inDoor.resolve();
    const statuses = () =>
      host.query<{ status: string; reason: string | null }>(
        `select status, reason from effects where name = 'say' order by position`,
      );
    await waitUntil(async () => (await statuses())[1]?.status === 'cancelled', {
      what: 'the second word to be given up',
      timeoutMs: 10_000,
    });
    assert.deepEqual(heard, ['one']);
    assert.deepEqual(await statuses(), [
      { status: 'done', reason: null },
      { status: 'cancelled', reason: 'not_permitted' },
    ]);
    assert.deepEqual(await host.query('select 1 from dead_letters'), [], 'nobody has to look');

    await send({ type: 'fetch' });
    await host.kernel.waitFor(
      ref,
      ({ value }) => (value as { hands: string }).hands === 'refused',
      10_000,
    );
  });
});

suite('an effect that needs a tag of a machine inside its case', () => {
  test('starts while that machine has it, asked for by name or by place, and not after', async (t) => {
    const hosts = await hostsOf(t);
    const heard: string[] = [];
    const needed: Readonly<Record<string, string>> = {
      named: 'may-speak',
      placed: 'may-speak@lodger',
      elsewhere: 'may-speak@cellar',
    };
    const say: Performer = {
      resolution: 'none',
      inOrder: true,
      needs: (input) => needed[(input as { word: string }).word] ?? null,
      perform: async (input) => void heard.push((input as { word: string }).word),
    };
    const host = await hosts.start(hosting({ say, fetch: neverFetch }));
    const { send } = await open(host, 'house');
    const statuses = async () =>
      (
        await host.query<{ status: string }>(
          `select status from effects where name = 'say' order by position`,
        )
      ).map(({ status }) => status);
    const until = (expected: readonly string[]) =>
      waitUntil(async () => String(await statuses()) === String(expected), {
        what: expected.join(', '),
        timeoutMs: 10_000,
      });
    for (const word of ['named', 'placed', 'elsewhere']) await send({ type: 'speak', word });
    await until(['done', 'done', 'cancelled']);
    await send({ type: 'shut' });
    await send({ type: 'speak', word: 'named' });
    await until(['done', 'done', 'cancelled', 'cancelled']);
    assert.deepEqual(heard, ['named', 'placed']);
  });
});

suite('an effect whose performer stood still', () => {
  test('is asked for anew when its lease is over, so that it does not start after the tag is gone', async (t) => {
    const hosts = await hostsOf(t);
    const heard: unknown[] = [];
    const say: Performer = {
      resolution: 'none',
      attempts: 1,
      needs: () => 'may-speak',
      perform: async (input) => void heard.push(input),
    };
    const shut = Promise.withResolvers<void>();
    const claimed = Promise.withResolvers<void>();
    const now = performance.now.bind(performance);
    let stoodStillMs = 0;
    t.mock.method(performance, 'now', () => now() + stoodStillMs);
    const host = await hosts.start({
      ...hosting({ say, fetch: neverFetch }),
      around: (ledger) => ({
        ...ledger,
        async claim(...call) {
          const effects = await ledger.claim(...call);
          if (effects.length === 0 || stoodStillMs > 0) return effects;
          claimed.resolve();
          await shut.promise;
          stoodStillMs = 10_000;
          return effects;
        },
      }),
    });
    const { ref, send } = await open(host);
    await send({ type: 'speak', word: 'one' });
    await claimed.promise;
    await send({ type: 'shut' });
    await host.kernel.waitFor(
      ref,
      ({ value }) => (value as { door: string }).door === 'shut',
      10_000,
    );
    shut.resolve();
    const effects = () =>
      host.query<{ status: string; reason: string }>('select status, reason from effects');
    await waitUntil(async () => (await effects())[0]?.status === 'cancelled', {
      what: 'the word to be given up',
      timeoutMs: 30_000, // By a clock that jumps by ten.,
    });
    assert.deepEqual(heard, []);
    assert.equal((await effects())[0]?.reason, 'not_permitted');
  });
});

suite('an effect that is put off', () => {
  test('waits as long as it is asked to without using up its tries, and staff see why', async (t) => {
    const hosts = await hostsOf(t);
    const tries: number[] = [];
    const limit = { retryable: true, deferred: true, reason: 'daily_limit', retryAfterMs: 50 };
    const say: Performer = {
      resolution: 'none',
      attempts: 2,
      async perform(_input, { attempt }) {
        tries.push(attempt);
        if (tries.length <= 3) throw Object.assign(new Error('later'), limit);
        if (tries.length === 4) throw Object.assign(new Error('busy'), { retryable: true });
      },
    };
    const host = await hosts.start(hosting({ say, fetch: neverFetch }));
    const { send } = await open(host);
    await send({ type: 'speak', word: 'one' });
    await waitUntil(() => tries.length === 1, { what: 'the first try' });
    const row = () =>
      host.query<{ status: string; reason: string | null; deferred: number }>(
        `select status, reason, deferred from effects where name = 'say'`,
      );
    await waitUntil(async () => (await row())[0]?.reason === 'daily_limit', { what: 'the reason' });
    await waitUntil(async () => (await row())[0]?.status === 'done', {
      what: 'the message to be said',
      timeoutMs: 30_000,
    });
    assert.deepEqual(tries, [1, 2, 3, 4, 5], 'three were put off, one failed, one worked');
    assert.equal((await row())[0]?.deferred, 3);
  });

  test('fails when it waited past its patience, and the case is told', async (t) => {
    const hosts = await hostsOf(t);
    const limit = { code: 'must_wait', retryable: true, deferred: true, retryAfterMs: 50 };
    const say: Performer = {
      resolution: 'none',
      patienceMs: 0,
      failedAs: 'unsaid',
      perform: () => Promise.reject(Object.assign(new Error('later'), limit)),
    };
    const host = await hosts.start(hosting({ say, fetch: neverFetch }));
    const { ref, send } = await open(host);
    await send({ type: 'speak', word: 'one' });
    const told = await host.kernel.waitFor(
      ref,
      ({ context }) => (context as { unsaid: string[] }).unsaid.length > 0,
      10_000,
    );
    assert.deepEqual(told.context, { unsaid: ['must_wait'] });
    const [letter] = await host.query<{ reason: string }>('select reason from dead_letters');
    assert.equal(letter?.reason, 'must_wait');
  });
});

suite('an effect that nobody awaits', () => {
  test('tells its case of a doubt at once, and of the outcome when the provider’s word comes', async (t) => {
    const hosts = await hostsOf(t);
    const say: Performer = {
      resolution: 'none',
      doneAs: { type: 'unsaid', tell: (_, output) => ({ code: `done: ${String(output)}` }) },
      doubtedAs: {
        type: 'unsaid',
        tell: (input) => ({ code: `doubted: ${JSON.stringify(input)}` }),
      },
      perform: () => Promise.reject(Object.assign(new Error('no answer'), { unknown: true })),
    };
    const host = await hosts.start(hosting({ say, fetch: neverFetch }));
    const { ref, send } = await open(host);
    await send({ type: 'speak', word: 'one' });
    const unsaid = async (count: number) => {
      const { context } = await host.kernel.waitFor(
        ref,
        (read) => (read.context as { unsaid: string[] }).unsaid.length === count,
        10_000,
      );
      return (context as { unsaid: string[] }).unsaid;
    };
    const [doubt] = await unsaid(1);
    assert.match(doubt ?? '', /^doubted: .*one/);
    const [effect] = await host.query<{ id: string }>(
      `select effect_id as id from effects where name = 'say' and status = 'unknown'`,
    );
    await host.kernel.resolveAll([{ effectId: effect?.id ?? '', ok: true, value: 'delivered' }]);
    assert.deepEqual(await unsaid(2), [doubt, 'done: delivered']);
  });
});

const neverFetch: Performer = { resolution: 'key', perform: () => Promise.resolve(null) };
