/** What is wrong with one item of a batch stays with it. */
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';

import { createMachine } from 'xstate';

import { CaseUnreadable } from '../../actors/kernel/errors.ts';
import type { CaseRef, Kernel } from '../../actors/kernel/kernel.ts';
import { met } from '../../actors/kernel/meeting.ts';
import type { Noted, Observer } from '../../actors/kernel/observing.ts';
import type { PendingEvent, StoredCase } from '../../actors/kernel/ports.ts';
import { prepareMachines, type Migration } from '../../actors/kernel/registry.ts';
import { waitUntil } from '../support/wait.ts';
import { errandMachine, hostsOf, newCase, withServer, type Hosted } from './host.ts';

withServer();

const within = 20_000; // ms; far above what a loaded machine takes.
const healthy = 15;

const create = (wanted: string) => ({ machine: 'errand', input: { wanted } });

async function open(kernel: Kernel, wanted = 'milk'): Promise<CaseRef> {
  const ref = newCase();
  const opening = { ...ref, source: 'test', dedupeKey: `${ref.caseId}:open` };
  await kernel.send({ ...opening, create: create(wanted) });
  await kernel.waitFor(ref, ({ seq }) => seq >= 1, within);
  return ref;
}

const openMany = async (kernel: Kernel) =>
  Promise.all(Array.from({ length: healthy }, async () => open(kernel)));

let told = 0;
const sending = (ref: CaseRef, type: string, fields: object = {}) => ({
  ...ref,
  source: 'test',
  dedupeKey: `told-${++told}`,
  event: { type, ...fields },
});

/** Hears what is noted, as staff would. */
function hearing() {
  const heard: (Noted & { readonly what: string })[] = [];
  const observer: Observer = { note: (what, about) => void heard.push({ what, ...about }) };
  return { heard, observer };
}

const rowOf = async ({ query }: Hosted, { caseId }: CaseRef) => {
  const [row] = await query<{ status: string; parked_reason: string | null; waiting: number }>(
    `select status, parked_reason, (select count(*)::int4 from pending_events p where p.case_id = k.case_id) as waiting
     from cases k where case_id = '${caseId}'`,
  );
  return row;
};

const flip = (column: string, at: string) =>
  `${column} = set_byte(${column}, ${at}, get_byte(${column}, ${at}) # 1)`;

/** Each breaks one case of many; `mend` undoes it. */
const breakages = [
  [
    'a flipped byte in its key',
    'data_keys',
    flip('wrapped', 'length(wrapped) - 1'),
    'key_unreadable',
  ],
  ['a key of a root key that nobody has', 'data_keys', flip('wrapped', '2'), 'key_unreadable'],
  ['a key cut short', 'data_keys', 'wrapped = substr(wrapped, 1, 7)', 'key_unreadable'],
  ['an empty key', 'data_keys', `wrapped = ''`, 'key_unreadable'],
  ['another key’s id', 'data_keys', 'key_id = gen_random_uuid()', 'key_unreadable'],
  ['a flipped byte in its snapshot', 'cases', flip('envelope', '40'), 'seal_broken'],
  ['a snapshot cut short', 'cases', 'envelope = substr(envelope, 1, 20)', 'seal_broken'],
  ['an empty snapshot', 'cases', `envelope = ''`, 'seal_broken'],
  ['a snapshot of an unknown form', 'cases', 'envelope = set_byte(envelope, 0, 9)', 'seal_broken'],
  ['a snapshot of another step', 'cases', 'seq = seq + 1', 'seal_broken'],
  ['no key', 'data_keys', null, 'key_missing'],
] as const;

suite('one case among healthy ones', { timeout: 240_000, concurrency: 3 }, () => {
  for (const [what, table, change, reason] of breakages) {
    test(`with ${what} is parked, its events wait, and the others go on`, async (t) => {
      const hosts = await hostsOf(t);
      const first = await hosts.start();
      const [broken, ...others] = [await open(first.kernel), ...(await openMany(first.kernel))];
      await first.kernel.stop();

      const { heard, observer } = hearing();
      const second = await hosts.start({ roles: [], observer });
      const own = `case_id = '${broken.caseId}'`;
      // What waited before it broke; and, for what breaks later, the others' events around it.
      await second.kernel.sendAll(
        [others[0]!, broken, ...others.slice(1)].map((ref) => sending(ref, 'go')),
      );
      await second.query(`create table kept as select * from ${table} where ${own}`);
      await second.query(
        change === null
          ? `delete from ${table} where ${own}`
          : `update ${table} set ${change} where ${own}`,
      );
      const third = await hosts.start({ observer });
      await Promise.all(
        others.map(async (ref) =>
          third.kernel.waitFor(ref, ({ value }) => value === 'back', within),
        ),
      );
      const row = await waitUntil(
        async () => {
          const found = await rowOf(third, broken);
          return found?.status === 'parked' && found;
        },
        { what: 'it to be parked', timeoutMs: within },
      );
      assert.deepEqual([row.parked_reason, row.waiting], [reason, 1]);
      assert.deepEqual(
        heard
          .filter((one) => one.what === 'case_parked')
          .map((one) => [one.caseId, one.reason, one.tenant]),
        [[broken.caseId, reason, 'clinic']],
      );
      assert.deepEqual(third.trouble, []);
      if (reason !== 'key_missing')
        await assert.rejects(third.kernel.read(broken), (error) => {
          assert.ok(error instanceof CaseUnreadable);
          assert.deepEqual([error.caseId, error.reason], [broken.caseId, reason]);
          return true;
        });
      // Nothing can be sealed for it; the others of the same batch are stored.
      if (reason === 'key_unreadable') {
        const fresh = await hosts.start({ roles: [] });
        const batch = [others[0]!, broken, others[1]!].map((ref) => sending(ref, 'leave'));
        assert.deepEqual(await fresh.kernel.sendAll(batch), ['stored', 'unreadable', 'stored']);
        const opening = { ...sending(broken, 'leave'), create: create('tea') };
        await assert.rejects(fresh.kernel.send(opening), CaseUnreadable);
      }
      await third.kernel.stop();

      // Mended, a worker that starts goes on where it stood.
      await second.query(`delete from ${table} where ${own}`);
      await second.query(`insert into ${table} select * from kept`);
      const last = await hosts.start();
      await last.kernel.waitFor(broken, ({ value }) => value === 'back', within);
      assert.equal((await rowOf(last, broken))?.parked_reason, null);
    });
  }

  test('whose event is damaged goes on without it, and staff find the event', async (t) => {
    const hosts = await hostsOf(t);
    const first = await hosts.start();
    const [damaged, ...others] = [await open(first.kernel), ...(await openMany(first.kernel))];
    await first.kernel.stop();
    const { heard, observer } = hearing();
    const second = await hosts.start({ roles: [], observer });
    await second.kernel.sendAll([
      sending(damaged, 'nap'),
      ...others.map((ref) => sending(ref, 'go')),
    ]);
    await second.query(
      `update events set ${flip('body', '30')} where case_id = '${damaged.caseId}' and type = 'nap'`,
    );
    await second.kernel.send(sending(damaged, 'go'));
    const third = await hosts.start({ observer });
    for (const ref of [damaged, ...others])
      await third.kernel.waitFor(ref, ({ value }) => value === 'back', within);
    const letters = await third.query('select case_id, reason from dead_letters');
    assert.deepEqual(letters, [{ case_id: damaged.caseId, reason: 'seal_broken' }]);
    assert.deepEqual(
      heard.map(({ what, caseId }) => [what, caseId]),
      [['dead_letter', damaged.caseId]],
    );
    assert.deepEqual(third.trouble, []);
  });

  test('whose migration throws what nobody expected is parked at once, and retried by nobody', async (t) => {
    const hosts = await hostsOf(t);
    const first = await hosts.start();
    const [poisoned, ...others] = [
      await open(first.kernel, 'poison'),
      ...(await openMany(first.kernel)),
    ];
    await first.kernel.stop();
    let tries = 0;
    const odd: Migration = (state) => {
      const { wanted } = (state.snapshot as { context: { wanted: string } }).context;
      if (wanted !== 'poison') return state;
      tries++;
      return null as never;
    };
    const { heard, observer } = hearing();
    const next = {
      machine: createMachine(
        { ...errandMachine.config, version: '2' } as never,
        errandMachine.implementations as never,
      ) as never,
      migrations: { '1': odd },
    };
    const second = await hosts.start({ machines: { errand: next }, observer });
    await second.kernel.sendAll([poisoned, ...others].map((ref) => sending(ref, 'go')));
    await Promise.all(
      others.map(async (ref) =>
        second.kernel.waitFor(ref, ({ value }) => value === 'back', within),
      ),
    );
    const row = await rowOf(second, poisoned);
    assert.deepEqual([row?.status, row?.waiting], ['parked', 1]);
    assert.match(row?.parked_reason ?? '', /^activation_failed TypeError/);
    assert.deepEqual(
      heard.map(({ what, caseId }) => [what, caseId]),
      [['case_parked', poisoned.caseId]],
    );
    assert.equal(tries, 1);
    assert.deepEqual(second.trouble, []);
  });

  test('that PostgreSQL refuses is found in a few commits, and the others are not tried one by one', async (t) => {
    const hosts = await hostsOf(t);
    // JSON of PostgreSQL has no U+0000, so a case in this state can never be stored.
    const machine = createMachine({
      id: 'errand',
      initial: 'home',
      states: {
        home: { on: { go: 'out', spoil: 'spoilt' } },
        out: {},
        spoilt: { tags: 'a\0b' },
      },
    } as never) as never;
    const { heard, observer } = hearing();
    const first = await hosts.start({ machines: { errand: { machine } }, roles: ['cases'] });
    const [poisoned, ...others] = [await open(first.kernel), ...(await openMany(first.kernel))];
    await first.kernel.stop();
    const quiet = await hosts.start({ machines: { errand: { machine } }, roles: [] });
    await quiet.kernel.sendAll([
      ...others.map((ref) => sending(ref, 'go')),
      sending(poisoned, 'spoil'),
    ]);
    let commits = 0;
    const { ledger } = quiet;
    const counting = {
      ...ledger,
      commit: async (commit: Parameters<typeof ledger.commit>[0]) => {
        commits++;
        await ledger.commit(commit);
      },
    };
    const second = await hosts.start({
      machines: { errand: { machine } },
      observer,
      ledger: counting,
    });
    await Promise.all(
      others.map(async (ref) => second.kernel.waitFor(ref, ({ value }) => value === 'out', within)),
    );
    await waitUntil(async () => (await rowOf(second, poisoned))?.status === 'parked', {
      what: 'it to be parked',
    });
    const row = await rowOf(second, poisoned);
    assert.deepEqual([row?.parked_reason, row?.waiting], ['commit_failed 22P05', 1]);
    assert.ok(
      commits <= 2 * Math.log2(2 * healthy) + 4,
      `${commits} commits for ${healthy + 1} cases`,
    );
    assert.deepEqual(
      heard.map(({ what, caseId }) => [what, caseId]),
      [['case_parked', poisoned.caseId]],
    );
  });

  test('that cannot even be opened is dead-lettered, and the contact may begin again', async (t) => {
    const hosts = await hostsOf(t);
    const machine = createMachine({
      id: 'errand',
      context: ({ input }: { input: { wanted: string } }) => ({ wanted: input.wanted }),
      initial: 'home',
      states: {
        home: {
          always: {
            guard: ({ context }: { context: { wanted: string } }) => context.wanted === 'spoil',
            target: 'spoilt',
          },
        },
        spoilt: { tags: 'a\0b' },
      },
    } as never) as never;
    const { heard, observer } = hearing();
    const { kernel, query } = await hosts.start({ machines: { errand: { machine } }, observer });
    const ref = newCase();
    await kernel.send({ ...ref, source: 'test', dedupeKey: 'spoiling', create: create('spoil') });
    await waitUntil(() => heard.length > 0, { what: 'the dead letter', timeoutMs: within });
    assert.deepEqual(await query('select reason from dead_letters'), [
      { reason: 'commit_failed 22P05' },
    ]);
    await kernel.send({ ...ref, source: 'test', dedupeKey: 'again', create: create('milk') });
    await kernel.waitFor(ref, ({ value }) => value === 'home', within);
  });

  test('whose effect cannot be read has it failed, and its port goes on', async (t) => {
    const hosts = await hostsOf(t);
    const first = await hosts.start({ roles: ['cases'] });
    const [broken, ...others] = [await open(first.kernel), ...(await openMany(first.kernel))];
    await first.kernel.sendAll([broken, ...others].map((ref) => sending(ref, 'go')));
    for (const ref of [broken, ...others])
      await first.kernel.waitFor(ref, ({ value }) => value === 'out', within);
    await first.query(
      `update effects set ${flip('input', '20')} where case_id = '${broken.caseId}'`,
    );
    const { heard, observer } = hearing();
    const second = await hosts.start({ observer });
    const { context } = await second.kernel.waitFor(
      broken,
      ({ value }) => value === 'emptyHanded',
      within,
    );
    assert.deepEqual((context as { got: { code: string } }).got.code, 'seal_broken');
    for (const ref of others)
      await second.kernel.waitFor(ref, ({ value }) => value === 'back', within);
    assert.deepEqual(
      await second.query(`select status, reason from effects where case_id = '${broken.caseId}'`),
      [{ status: 'failed', reason: 'seal_broken' }],
    );
    assert.deepEqual(
      heard.map(({ what, reason }) => [what, reason]),
      [['effect_failed', 'seal_broken']],
    );
    assert.deepEqual(second.trouble, []);
  });

  test('whose outcome cannot be stored fails alone, and so does a wait without end', async (t) => {
    const hosts = await hostsOf(t);
    const { heard, observer } = hearing();
    const perform = async (input: unknown) => {
      const { wanted } = input as { wanted: string };
      if (wanted === 'odd code') throw Object.assign(new Error('no'), { code: 'a\0b' });
      if (wanted === 'odd wait')
        throw Object.assign(new Error('later'), {
          retryable: true,
          retryAfterMs: Number.POSITIVE_INFINITY,
        });
      return 'fetched';
    };
    const { kernel, query, trouble } = await hosts.start({
      observer,
      performers: { fetch: { resolution: 'key', perform } },
    });
    const others = await openMany(kernel);
    const odd = await open(kernel, 'odd code');
    const waits = await open(kernel, 'odd wait');
    await kernel.sendAll([odd, waits, ...others].map((ref) => sending(ref, 'go')));
    for (const ref of others) await kernel.waitFor(ref, ({ value }) => value === 'back', within);
    await kernel.waitFor(odd, ({ value }) => value === 'emptyHanded', within);
    await waitUntil(
      async () =>
        (
          await query(
            `select from effects where status = 'retry' and next_at < now() + interval '31 days'`,
          )
        ).length === 1,
      { what: 'the other to wait', timeoutMs: within },
    );
    assert.deepEqual(trouble, []);
    assert.deepEqual(
      heard.map(({ what, caseId }) => [what, caseId]),
      [['effect_failed', odd.caseId]],
    );
  });

  test('and an observer that throws at everything, and nothing is lost', async (t) => {
    const hosts = await hostsOf(t);
    const fail = () => {
      throw new Error('The observer is broken');
    };
    const observer = {
      committed: fail,
      count: fail,
      note: fail,
      trouble: fail,
      trace: fail,
    } as Observer;
    const { kernel } = await hosts.start({ observer });
    const refs = await openMany(kernel);
    await kernel.sendAll(refs.map((ref) => sending(ref, 'go')));
    for (const ref of refs) await kernel.waitFor(ref, ({ value }) => value === 'back', within);
  });
});

suite('a case meets its events', () => {
  const registry = prepareMachines(
    { errand: { machine: errandMachine } },
    { fetch: { resolution: 'key', perform: async () => null } },
  );
  const context = { registry, performers: {}, partition: 0, now: 1_000 };
  const ref = { tenant: 'clinic', caseId: 'case-1' };
  const event = (n: number, body: unknown): PendingEvent => ({
    ...ref,
    eventId: `event-${n}`,
    position: BigInt(n),
    type: 'go',
    body: typeof body === 'string' ? body : JSON.stringify(body),
    receivedAt: 1_000,
    traceparent: null,
  });
  const opening = event(1, { create: create('milk') });
  const opened = (): StoredCase => {
    const { commit } = met(ref, null, [opening], [], context);
    assert.ok(commit);
    return { ...ref, seq: commit.seq, status: 'active', envelope: commit.envelope };
  };

  for (const [what, envelope] of [
    ['no JSON', '{'],
    ['null', 'null'],
    ['a list', '[]'],
    ['nothing', ''],
    ['no timers', JSON.stringify({ ...JSON.parse(opened().envelope), timers: null })],
  ] as const) {
    test(`parked when its envelope is ${what}`, () => {
      const { parks, takes, commit } = met(
        ref,
        { ...opened(), envelope },
        [event(2, { event: { type: 'go' } })],
        [],
        context,
      );
      assert.ok(parks, 'parked');
      assert.deepEqual([takes, commit], [[], null]);
    });
  }

  for (const body of ['', '{', 'null', '5', '{"event":{"type":5}}', '{"outcome":null}']) {
    test(`and buries one that says ${JSON.stringify(body)}, alone`, () => {
      const events = [event(2, body), event(3, { event: { type: 'go' } })];
      const { commit, deadLetters, parks, takes } = met(ref, opened(), events, [], context);
      assert.equal(parks, null);
      assert.deepEqual(
        deadLetters.map(({ eventId }) => eventId),
        ['event-2'],
      );
      assert.equal(commit?.state, '"out"');
      assert.equal(takes.length, 2);
    });
  }

  test('and one that is over is never parked: its contact must be able to open another', () => {
    const broken = { ...opened(), status: 'done' as const, reason: 'seal_broken' };
    const { parks, deadLetters } = met(
      ref,
      broken,
      [event(2, { event: { type: 'go' } })],
      [],
      context,
    );
    assert.equal(parks, null);
    assert.deepEqual(deadLetters, [{ eventId: 'event-2', reason: 'seal_broken' }]);
  });
});
