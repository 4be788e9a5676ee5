import assert from 'node:assert/strict';
import { setMaxListeners } from 'node:events';
import { suite, test } from 'node:test';

import { assign, createMachine, log, setup } from 'xstate';

import {
  CaseFinished,
  CaseNotFound,
  DedupeConflict,
  UnstorableEvent,
  WaitTimedOut,
} from '../../actors/kernel/errors.ts';
import type { CaseRef, CaseSnapshot, Kernel } from '../../actors/kernel/kernel.ts';
import type { Performance, Performer } from '../../actors/kernel/ports.ts';
import { waitUntil } from '../support/wait.ts';
import {
  errand,
  errandMachine,
  hostsOf,
  newCase,
  otherErrand,
  partitions,
  withServer,
} from './host.ts';

setMaxListeners(0); // Many waits share a deadline.

withServer();

const within = 20_000; // ms; far above what a loaded machine takes.

const inState = (value: unknown) => (snapshot: CaseSnapshot) => snapshot.value === value;

/** Opens a case and sends it these, each with a key of its own. */
async function openAnd(kernel: Kernel, ...types: string[]): Promise<CaseRef> {
  const ref = newCase();
  await kernel.send({ ...ref, source: 'test', dedupeKey: `${ref.caseId}:open`, create: errand });
  for (const type of types) {
    // oxlint-disable-next-line no-await-in-loop -- in order
    await tell(kernel, ref, type);
  }
  return ref;
}

let told = 0;
const tell = (kernel: Kernel, ref: CaseRef, type: string, fields: object = {}) =>
  kernel.send({ ...ref, source: 'test', dedupeKey: `told-${++told}`, event: { type, ...fields } });

/** A performer that remembers who called it. */
function recorded(
  work: (input: unknown, performance: Performance) => Promise<unknown>,
  more: Partial<Performer> = {},
) {
  const calls: Performance[] = [];
  const performer: Performer = {
    resolution: 'key',
    ...more,
    perform(input, performance) {
      calls.push(performance);
      return work(input, performance);
    },
  };
  return { performer, calls };
}

/** Never answers, until its signal says that nobody listens any more. */
const hanging = (_input: unknown, { signal }: Performance) =>
  new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
  });

const refused = (fields: object) => Object.assign(new Error('not now'), fields);

suite('a kernel on PostgreSQL and Redis', { timeout: 120_000, concurrency: 4 }, () => {
  test('opens a case once: a second create never touches a live one', async (t) => {
    const hosts = await hostsOf(t);
    const { kernel } = await hosts.start();
    const ref = await openAnd(kernel, 'nap');
    const create = { machine: 'errand', input: { wanted: 'other' } };
    const again = { ...ref, source: 'test', dedupeKey: `${ref.caseId}:again`, create };
    assert.equal((await kernel.send(again)).outcome, 'stored');
    await kernel.send({
      ...again,
      dedupeKey: `${ref.caseId}:tell`,
      event: { type: 'want', what: 'tea' },
    });
    // Opened, napping, two that changed nothing, and the timer: home was left and reached again.
    await kernel.waitFor(ref, ({ value, seq }) => value === 'home' && seq === 5, within);
    await tell(kernel, ref, 'want', { what: 'bread' });
    const { context } = await kernel.waitFor(
      ref,
      ({ context }) => wantedIn(context) === 'bread',
      within,
    );
    assert.deepEqual(context, { wanted: 'bread', got: null });
    const { seq, status, machine, version } = await kernel.read(ref);
    assert.deepEqual([seq, status, machine, version], [6, 'active', 'errand', '1']);
  });

  test('takes an event once, and says when the same key comes with other content', async (t) => {
    const hosts = await hostsOf(t);
    const { kernel } = await hosts.start();
    const ref = await openAnd(kernel);
    const one = {
      ...ref,
      source: 'test',
      dedupeKey: `${ref.caseId}:1`,
      event: { type: 'want', what: 'tea' },
    };
    assert.equal((await kernel.send(one)).outcome, 'stored');
    assert.equal((await kernel.send(one)).outcome, 'duplicate');
    const other = { ...one, event: { type: 'want', what: 'coffee' } };
    await assert.rejects(kernel.send(other), DedupeConflict);
    const nobody = { ...one, ...newCase() };
    assert.deepEqual(await kernel.sendAll([one, other, { ...nobody, dedupeKey: 'new' }]), [
      'duplicate',
      'conflict',
      'no-case',
    ]);
    const { seq } = await kernel.waitFor(ref, ({ context }) => wantedIn(context) === 'tea', within);
    assert.equal(seq, 2);
  });

  test('gives a hint with the event, and does not compare it when the key comes again', async (t) => {
    const hosts = await hostsOf(t);
    const { kernel } = await hosts.start();
    const ref = await openAnd(kernel);
    const one = {
      ...ref,
      source: 'test',
      dedupeKey: `${ref.caseId}:hint`,
      event: { type: 'want' },
    };
    assert.equal((await kernel.send({ ...one, hint: { what: 'tea' } })).outcome, 'stored');
    assert.equal((await kernel.send({ ...one, hint: { what: 'coffee' } })).outcome, 'duplicate');
    assert.equal((await kernel.send(one)).outcome, 'duplicate');
    const { seq } = await kernel.waitFor(ref, ({ context }) => wantedIn(context) === 'tea', within);
    assert.equal(seq, 2);
  });

  test('refuses a sending that no database can hold, by its field, and no neighbour of it', async (t) => {
    const { kernel } = await (await hostsOf(t)).start({ roles: [] });
    const ref = newCase();
    await kernel.send({ ...ref, source: 'test', dedupeKey: 'open', create: errand });
    const event = { type: 'go' };
    const wrong = [
      ['source', { source: 'te\0st', dedupeKey: 'a', event }],
      ['dedupeKey', { source: 'test', dedupeKey: 'a\0', event }],
      ['type', { source: 'test', dedupeKey: 'a', event: { type: 'g\0o' } }],
      ['traceparent', { source: 'test', dedupeKey: 'a', event, traceparent: '\0' }],
      ['tenant', { source: 'test', dedupeKey: 'a', event, tenant: 't\0' }],
    ] as const;
    const sent = await Promise.allSettled([
      ...wrong.map(([, one]) => kernel.send({ ...ref, ...one })),
      kernel.send({ ...ref, source: 'test', dedupeKey: 'good', event: { ...event, note: 'a\0' } }),
    ]);
    const outcomes = sent.map((one) =>
      one.status === 'rejected' ? (one.reason as Error).message : one.value.outcome,
    );
    assert.deepEqual(outcomes, [...wrong.map(([field]) => `${field} has a U+0000`), 'stored']);
  });

  test('knows no case that was not created, nor another tenant’s', async (t) => {
    const hosts = await hostsOf(t);
    const { kernel } = await hosts.start();
    await assert.rejects(tell(kernel, newCase(), 'go'), CaseNotFound);
    await assert.rejects(kernel.read(newCase()), CaseNotFound);
    const ref = await openAnd(kernel);
    await kernel.waitFor(ref, inState('home'), within);
    await assert.rejects(tell(kernel, { ...ref, tenant: 'other' }, 'go'), CaseNotFound);
    await assert.rejects(kernel.read({ ...ref, tenant: 'other' }), CaseNotFound);
  });

  test('waits for a condition until its deadline', async (t) => {
    const hosts = await hostsOf(t);
    const { kernel } = await hosts.start();
    const ref = await openAnd(kernel);
    await assert.rejects(kernel.waitFor(ref, inState('nowhere'), 300), WaitTimedOut);
    await assert.rejects(
      kernel.waitFor(newCase(), () => true, 100),
      WaitTimedOut,
    );
  });

  test('no longer waits for a case that is done, but still tells how it ended', async (t) => {
    const hosts = await hostsOf(t);
    const { kernel } = await hosts.start();
    const ref = await openAnd(kernel, 'end');
    await kernel.waitFor(ref, inState('over'), within);
    await assert.rejects(kernel.waitFor(ref, inState('home'), within), CaseFinished);
    assert.equal((await kernel.waitFor(ref, inState('over'), within)).status, 'done');
    const late = await openAnd(kernel);
    await kernel.waitFor(late, inState('home'), within);
    const waiting = assert.rejects(kernel.waitFor(late, inState('nowhere'), within), CaseFinished);
    await tell(kernel, late, 'end');
    await waiting;
  });

  test('tells tags, logs lines once, and gives a machine what was sent as it was', async (t) => {
    const lines: unknown[] = [];
    const diary = setup({
      // oxlint-disable-next-line typescript/no-unnecessary-type-assertion -- it is how XState takes types
      types: {} as {
        context: { kept: object };
        input: { a?: undefined };
        events: { type: 'keep'; [field: string]: unknown };
      },
    }).createMachine({
      id: 'diary',
      context: ({ input }) => ({ kept: { a: 1, ...input } }),
      initial: 'open',
      states: {
        open: {
          tags: ['readable', 'thin'],
          on: {
            keep: {
              actions: [
                log(({ event }) => Object.keys(event), 'kept'),
                assign({ kept: ({ context, event }) => ({ before: context.kept, event }) }),
              ],
            },
          },
        },
      },
    });
    const hosts = await hostsOf(t);
    const { kernel } = await hosts.start({
      machines: { diary: { machine: diary } },
      observer: { log: (line, about) => void lines.push([line, about]) },
    });
    const ref = newCase();
    const said = { ...ref, source: 'test', dedupeKey: ref.caseId };
    const create = { machine: 'diary', input: { a: undefined } };
    const event = { type: 'keep', u: undefined, z: -0, looks: { xstate$$type: 1, id: 'x' } };
    await kernel.send({ ...said, create, event });
    assert.equal((await kernel.send({ ...said, create, event })).outcome, 'duplicate');
    const { tags, context } = await kernel.waitFor(ref, ({ seq }) => seq === 2, within);
    assert.deepEqual(
      [tags, context],
      [['readable', 'thin'], { kept: { before: { a: undefined }, event } }],
    );
    assert.deepEqual(lines, [["kept [ 'type', 'u', 'z', 'looks' ]", ref]]);
  });

  test('refuses to send what JSON would change, with the place, and stores nothing', async (t) => {
    const hosts = await hostsOf(t);
    const { kernel } = await hosts.start({ roles: [] });
    const ref = await openAnd(kernel);
    const odd: readonly (readonly [unknown, string])[] = [
      [new Date(0), 'event.odd holds a Date'],
      [{ list: [1, Number.NaN] }, 'event.odd.list[1] holds NaN'],
      [1n, 'event.odd holds a bigint'],
      [new Map(), 'event.odd holds a Map'],
      [[undefined], 'event.odd[0] holds undefined'],
      [() => 1, 'event.odd holds a function'],
    ];
    for (const [value, finding] of odd) {
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      await assert.rejects(
        async () => tell(kernel, ref, 'want', { odd: value }),
        (error) => error instanceof UnstorableEvent && error.message.endsWith(finding),
      );
    }
    const create = { machine: 'errand', input: { wanted: new Date(0) } };
    await assert.rejects(
      async () => kernel.send({ ...newCase(), source: 'test', dedupeKey: 'x', create }),
      /create\.input\.wanted holds a Date/,
    );
    await assert.rejects(async () => tell(kernel, ref, 5 as never), UnstorableEvent);
  });

  test('performs an effect and brings its outcome home', async (t) => {
    const hosts = await hostsOf(t);
    const { performer, calls } = recorded(() => Promise.resolve({ litres: 1 }));
    const { kernel, ledger } = await hosts.start({ performers: { fetch: performer } });
    const ref = await openAnd(kernel, 'go');
    await kernel.waitFor(ref, inState('back'), within);
    await tell(kernel, ref, 'end');
    const { output, status } = await kernel.waitFor(ref, inState('over'), within);
    assert.deepEqual([output, status], [{ litres: 1 }, 'done']);
    assert.deepEqual(
      calls.map(({ effectId, attempt }) => [effectId, attempt]),
      [[`${ref.caseId}.2.0`, 1]],
    );
    const history = await ledger.history(ref.tenant, ref.caseId);
    assert.deepEqual(
      history.map(({ seq, type, disposition }) => [seq, type, disposition]),
      [
        [1, 'xstate.init', 'applied'],
        [2, 'go', 'applied'],
        [3, 'fetch.done', 'applied'],
        [4, 'end', 'applied'],
      ],
    );
  });

  test('stores what a machine emits for the world outside, in the commit that emitted it', async (t) => {
    const hosts = await hostsOf(t);
    const { kernel, query } = await hosts.start({
      outward: {
        emitted: (event, { caseId }) => ({
          stream: event.type,
          type: event.type,
          source: 'errand',
          data: { caseId, event },
          isPersonal: false,
        }),
      },
    });
    const ref = await openAnd(kernel, 'tell');
    const told = await waitUntil(
      async () => {
        const rows = await query<{ id: string; stream: string; tenant: string; body: string }>(
          'select id, stream, tenant, body from outbox',
        );
        return rows.length > 0 && rows;
      },
      { what: 'the news', timeoutMs: within },
    );
    assert.deepEqual(
      told.map(({ body, ...row }) => [row, JSON.parse(body)]),
      [
        [
          { id: `${ref.caseId}.2.0`, stream: 'errand.news', tenant: 'clinic' },
          { caseId: ref.caseId, event: { type: 'errand.news', wanted: 'milk' } },
        ],
      ],
    );
    const effects = await query<{ status: string }>(
      `select status from effects where kind = 'emit'`,
    );
    assert.deepEqual(effects, [{ status: 'done' }], 'nobody has to perform it');
  });

  test('goes on when what is told of a case cannot be made out', async (t) => {
    const hosts = await hostsOf(t);
    const { kernel, trouble } = await hosts.start({
      outward: {
        emitted: () => {
          throw new Error('No such word');
        },
        done: () => {
          throw new Error('Nor such');
        },
      },
    });
    await openAnd(kernel, 'tell');
    const ref = await openAnd(kernel, 'go');
    await kernel.waitFor(ref, inState('back'), within);
    assert.deepEqual(
      trouble.map((one) => (one as { where: string }).where),
      ['outward', 'outward'],
    );
  });

  test('tries again what may be tried again, with the same id, until it works or has failed often enough', async (t) => {
    const hosts = await hostsOf(t);
    const { performer, calls } = recorded((_, { attempt }) =>
      attempt < 3 ? Promise.reject(refused({ retryable: true })) : Promise.resolve('at last'),
    );
    const stubborn = recorded(() => Promise.reject(refused({ retryable: true, code: 'busy' })));
    const { kernel } = await hosts.start({
      machines: { errand: { machine: errandMachine }, other: { machine: otherErrand } },
      performers: { fetch: performer, dig: { ...stubborn.performer, attempts: 2 } },
    });
    const ref = await openAnd(kernel, 'go');
    const unlucky = newCase();
    const create = { machine: 'other', input: { wanted: 'gold' } };
    await kernel.send({ ...unlucky, source: 'test', dedupeKey: unlucky.caseId, create });
    await kernel.waitFor(ref, inState('back'), within);
    await kernel.waitFor(unlucky, inState('failed'), within);
    assert.deepEqual(
      calls.map(({ attempt }) => attempt),
      [1, 2, 3],
    );
    assert.equal(new Set(calls.map(({ effectId }) => effectId)).size, 1);
    assert.equal(stubborn.calls.length, 2);
  });

  test('asks the provider after a doubt, and calls it again only if it knows nothing', async (t) => {
    const hosts = await hostsOf(t);
    const doubt = () => Promise.reject(refused({ unknown: true }));
    const known = recorded(doubt, {
      resolution: 'lookup',
      lookup: () => Promise.resolve({ output: 'was done' }),
    });
    const forgotten = recorded(
      (_, { attempt }) => (attempt === 1 ? doubt() : Promise.resolve('done now')),
      {
        resolution: 'lookup',
        lookup: () => Promise.resolve(null),
      },
    );
    const { kernel } = await hosts.start({
      machines: { errand: { machine: errandMachine }, other: { machine: otherErrand } },
      performers: { fetch: known.performer, dig: forgotten.performer },
    });
    const ref = await openAnd(kernel, 'go');
    const other = newCase();
    const create = { machine: 'other', input: { wanted: 'gold' } };
    await kernel.send({ ...other, source: 'test', dedupeKey: other.caseId, create });
    const back = await kernel.waitFor(ref, inState('back'), within);
    assert.deepEqual([back.context, known.calls.length], [{ wanted: 'milk', got: 'was done' }, 1]);
    await kernel.waitFor(other, inState('done'), within);
    assert.equal(forgotten.calls.length, 2);
  });

  test('never calls again what may not be called again; the provider’s later word settles it, once', async (t) => {
    const hosts = await hostsOf(t);
    const once = recorded(() => Promise.reject(refused({ unknown: true })), { resolution: 'none' });
    const { kernel, query } = await hosts.start({ performers: { fetch: once.performer } });
    const ref = await openAnd(kernel, 'go');
    const effectId = `${ref.caseId}.2.0`;
    const statusOf = async () =>
      (
        await query<{ status: string }>(
          `select status from effects where effect_id = '${effectId}'`,
        )
      )[0]?.status;
    await waitUntil(async () => (await statusOf()) === 'unknown', {
      what: 'the doubt',
      timeoutMs: within,
    });
    await kernel.resolveAll([{ effectId, ok: true, value: 'it was' }]);
    await kernel.resolveAll([
      { effectId, ok: false, value: { code: 'too_late' } },
      { effectId: 'nobody.1.0', ok: true, value: null },
    ]);
    const { context } = await kernel.waitFor(ref, inState('back'), within);
    assert.deepEqual(
      [context, once.calls.length, await statusOf()],
      [{ wanted: 'milk', got: 'it was' }, 1, 'done'],
    );
  });

  test('fails an effect whose answer is no JSON, instead of trying for ever', async (t) => {
    const hosts = await hostsOf(t);
    const { performer, calls } = recorded(() => Promise.resolve({ amount: 10n }));
    const { kernel } = await hosts.start({ performers: { fetch: performer } });
    const ref = await openAnd(kernel, 'go');
    const { context } = await kernel.waitFor(ref, inState('emptyHanded'), within);
    assert.equal((context as { got: { code: string } }).got.code, 'unstorable_output');
    assert.equal(calls.length, 1);
  });
});

suite('kernels that come and go', { timeout: 120_000, concurrency: 4 }, () => {
  test('do not start an effect that was cancelled while nobody performed', async (t) => {
    const hosts = await hostsOf(t);
    const { performer, calls } = recorded(() => Promise.resolve('got it'));
    const performers = { fetch: performer };
    const { kernel } = await hosts.start({ performers, roles: ['cases', 'timekeeper'] });
    const ref = await openAnd(kernel, 'go', 'leave');
    await kernel.waitFor(ref, ({ seq }) => seq === 3, within);
    await tell(kernel, ref, 'go');
    await kernel.waitFor(ref, inState('out'), within);
    kernel.start(['performers']);
    await kernel.waitFor(ref, inState('back'), within);
    assert.deepEqual(
      calls.map(({ effectId }) => effectId),
      [`${ref.caseId}.4.0`],
    );
  });

  test('give up a call that is under way, and the next one calls again only what may be called again', async (t) => {
    const hosts = await hostsOf(t);
    const repeatable = recorded(hanging);
    const unrepeatable = recorded(hanging, { resolution: 'none' });
    const machines = { errand: { machine: errandMachine }, other: { machine: otherErrand } };
    const first = await hosts.start({
      machines,
      performers: { fetch: repeatable.performer, dig: unrepeatable.performer },
    });
    const ref = await openAnd(first.kernel, 'go');
    const other = newCase();
    const create = { machine: 'other', input: null };
    await first.kernel.send({ ...other, source: 'test', dedupeKey: other.caseId, create });
    await waitUntil(() => repeatable.calls.length === 1 && unrepeatable.calls.length === 1, {
      what: 'both calls',
      timeoutMs: within,
    });
    await first.kernel.stop();

    const answering = recorded(() => Promise.resolve('now'));
    const never = recorded(() => Promise.resolve('twice'), { resolution: 'none' });
    const second = await hosts.start({
      machines,
      performers: { fetch: answering.performer, dig: never.performer },
    });
    await second.kernel.waitFor(ref, inState('back'), within);
    assert.deepEqual(
      answering.calls.map(({ attempt }) => attempt),
      [2],
    );
    await second.kernel.resolveAll([{ effectId: `${other.caseId}.1.0`, ok: true, value: null }]);
    await second.kernel.waitFor(other, inState('done'), within);
    assert.deepEqual([never.calls.length, unrepeatable.calls.length], [0, 1]);
  });

  test('lose nothing between a stop and the next start, and keep each case’s order', async (t) => {
    const hosts = await hostsOf(t);
    const { performer } = recorded((input) => Promise.resolve(input));
    const performers = { fetch: performer };
    const first = await hosts.start({ performers });
    const refs = await Promise.all(Array.from({ length: 60 }, () => openAnd(first.kernel, 'go')));
    const late = first.kernel.stop();
    // `send` needs no role: what is sent while nobody works waits in the ledger.
    await Promise.all(refs.map((ref) => tell(first.kernel, ref, 'want', { what: 'nothing' })));
    await late;
    const second = await hosts.start({ performers });
    await Promise.all(
      refs.map((ref) =>
        second.kernel.waitFor(
          ref,
          (snapshot) => snapshot.value === 'back' && snapshot.seq === 4,
          within,
        ),
      ),
    );
    const history = await second.ledger.history('clinic', refs[0]!.caseId);
    assert.deepEqual(
      history.map(({ seq }) => seq),
      [1, 2, 3, 4],
    );
    assert.deepEqual(second.trouble, []);
  });

  test('fire late, and once, a timer that was due while nobody was there', async (t) => {
    const hosts = await hostsOf(t);
    const first = await hosts.start();
    const ref = await openAnd(first.kernel, 'nap');
    const { timers } = await first.kernel.waitFor(ref, inState('napping'), within);
    await first.kernel.stop();
    await waitUntil(() => Date.now() > timers[0]!.dueAt + 100, { what: 'the time to pass' });
    const second = await hosts.start();
    const { seq } = await second.kernel.waitFor(ref, inState('home'), within);
    assert.equal(seq, 3);
  });

  test('share the partitions, and one takes over when the other is gone', async (t) => {
    const hosts = await hostsOf(t);
    const probe = await hosts.start({ roles: [] });
    const first = await hosts.start({ keepsLeases: true });
    const second = await hosts.start();
    const owners = () =>
      probe.query<{ owner: string; held: number }>(
        `select owner, count(*)::int4 as held from partition_leases
           where lease_until > clock_timestamp() group by owner order by owner`,
      );
    const halves = async () => {
      const held = (await owners()).map((row) => row.held);
      return held.length === 2 && held.every((n) => n === partitions / 2);
    };
    await waitUntil(halves, { what: 'both to hold half', timeoutMs: within });
    const refs = await Promise.all(Array.from({ length: 20 }, () => openAnd(probe.kernel)));
    await Promise.all(refs.map((ref) => probe.kernel.waitFor(ref, inState('home'), within)));
    await first.kernel.stop();
    await waitUntil(async () => (await owners())[0]?.held === partitions, {
      what: 'one to hold all',
      timeoutMs: within,
    });
    await Promise.all(refs.map((ref) => tell(probe.kernel, ref, 'want', { what: 'tea' })));
    await Promise.all(
      refs.map((ref) =>
        probe.kernel.waitFor(ref, ({ context }) => wantedIn(context) === 'tea', within),
      ),
    );
    assert.deepEqual([first.trouble, second.trouble], [[], []]);
  });

  const version = (name: string, home: string) =>
    createMachine({
      id: 'errand',
      version: name,
      initial: home,
      states: { [home]: { on: { go: { target: 'out' } }, after: { 600: 'out' } }, out: {} },
    } as never) as typeof errandMachine;

  test('park a case they do not understand, and go on with it once a migration is declared', async (t) => {
    const hosts = await hostsOf(t);
    const first = await hosts.start({ machines: { errand: { machine: version('1', 'home') } } });
    const refs = [await openAnd(first.kernel), await openAnd(first.kernel)] as const;
    await Promise.all(refs.map((ref) => first.kernel.waitFor(ref, inState('home'), within)));
    await first.kernel.stop();

    const second = await hosts.start({
      machines: { errand: { machine: version('2', 'start') } },
    });
    await tell(second.kernel, refs[0], 'go');
    // One is parked by its event, the other by its timer.
    const parked = await Promise.all(
      refs.map((ref) => second.kernel.waitFor(ref, ({ status }) => status === 'parked', within)),
    );
    assert.deepEqual(
      parked.map(({ value, version: from }) => [value, from]),
      [
        ['home', '1'],
        ['home', '1'],
      ],
    );
    const reasons = await second.query<{ parked_reason: string }>(
      'select parked_reason from cases',
    );
    assert.deepEqual(
      reasons.map((row) => row.parked_reason),
      refs.map(() => '"errand" 2 declares no migration from 1'),
    );
    await second.kernel.stop();

    const third = await hosts.start({
      machines: {
        errand: {
          machine: version('2', 'start'),
          migrations: {
            '1': (state) => ({
              ...state,
              snapshot: { ...(state.snapshot as object), value: 'start' },
              timers: state.timers.map((timer) => ({
                ...timer,
                id: timer.id.replace('home', 'start'),
                event: { type: timer.event.type.replace('home', 'start') },
              })),
            }),
          },
        },
      },
    });
    const after = await Promise.all(
      refs.map((ref) => third.kernel.waitFor(ref, inState('out'), within)),
    );
    assert.deepEqual(
      after.map(({ status, version: to }) => [status, to]),
      [
        ['active', '2'],
        ['active', '2'],
      ],
    );
  });
});

const wantedIn = (context: unknown) => (context as { wanted: string }).wanted;
