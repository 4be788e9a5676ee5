/** What the ledger did and could not tell, since the connection ended between its commit and its answer. */
import assert from 'node:assert/strict';
import { suite, test, type TestContext } from 'node:test';

import type { CaseRef, CaseSnapshot, Kernel } from '../../actors/kernel/kernel.ts';
import type { Ledger, Performer } from '../../actors/kernel/ports.ts';
import { startProxy } from '../support/proxy.ts';
import { waitUntil } from '../support/wait.ts';
import { errand, hostsOf, newCase, withServer } from './host.ts';

withServer();

const within = 30_000; // ms; far above what a loaded machine takes.

const inState = (value: unknown) => (snapshot: CaseSnapshot) => snapshot.value === value;

/** A performer that must not be called twice, and how often it was. */
function once() {
  const calls: string[] = [];
  const performer: Performer = {
    resolution: 'none',
    async perform(_, { effectId }) {
      calls.push(effectId);
      return 'milk';
    },
  };
  return { performer, calls };
}

/** A kernel that works over a proxy, and one beside it that only sends and looks, over a connection nobody cuts. */
async function worked(t: TestContext, wrap?: (ledger: Ledger) => Partial<Ledger>) {
  const hosts = await hostsOf(t);
  const proxy = await startProxy(hosts.databaseUrl);
  t.after(() => proxy[Symbol.asyncDispose]());
  const databaseUrl = proxy.through(hosts.databaseUrl);
  const { performer, calls } = once();
  const { kernel: desk, query, ledger: whole } = await hosts.start({ roles: [] });
  const { trouble } = await hosts.start({
    databaseUrl,
    performers: { fetch: performer },
    ...(wrap ? { ledger: { ...whole, ...wrap(whole) } } : {}),
  });
  const effectOf = async ({ caseId }: CaseRef) =>
    (
      await query<{ status: string; attempt: number; deferred: number }>(
        `select status, attempt, deferred from effects where case_id = '${caseId}'`,
      )
    )[0];
  return { proxy, desk, calls, trouble, query, effectOf };
}

async function open(kernel: Kernel): Promise<CaseRef> {
  const ref = newCase();
  await kernel.send({ ...ref, source: 'test', dedupeKey: `${ref.caseId}:open`, create: errand });
  await kernel.waitFor(ref, inState('home'), within);
  return ref;
}

const go = (kernel: Kernel, ref: CaseRef) =>
  kernel.send({ ...ref, source: 'test', dedupeKey: `${ref.caseId}:go`, event: { type: 'go' } });

suite('an answer that is lost', { timeout: 180_000, concurrency: 2 }, () => {
  for (const [what, name] of [
    ['the claim of', 'claim'],
    ['the outcome of', 'settle'],
    ['the step that asked for', 'commit'],
  ] as const) {
    test(`to ${what} an effect: it is performed once, and its case hears of it`, async (t) => {
      const { proxy, desk, calls, trouble, effectOf } = await worked(t);
      const ref = await open(desk);
      const lost = proxy.dropReplyOnce(new RegExp(`\\0${name}_[0-9a-f]{8}\\0`));
      await go(desk, ref);
      await lost;
      const { context } = await desk.waitFor(ref, inState('back'), within);
      assert.deepEqual([context, calls.length], [{ wanted: 'milk', got: 'milk' }, 1]);
      const tries = (await effectOf(ref)) ?? { attempt: 0, deferred: 0 };
      assert.equal(tries.attempt - tries.deferred, 1);
      assert.ok(trouble.length > 0, 'Inconclusive: nobody missed the answer');
      const { seq } = await desk.read(ref);
      assert.equal(seq, 3, 'Opened, sent out, and back: each once');
    });
  }

  test('to a claim that is committed only after it was given up: it is given back all the same', async (t) => {
    let late: Promise<unknown> | null = null;
    const { desk, calls, effectOf } = await worked(t, (ledger) => ({
      claim(effectIds, leaseMs, options) {
        if (late) return ledger.claim(effectIds, leaseMs, options);
        late = new Promise((resolve) => setTimeout(resolve, 100)).then(() =>
          ledger.claim(effectIds, leaseMs, options),
        );
        return Promise.reject(new Error('Connection terminated'));
      },
    }));
    const ref = await open(desk);
    await go(desk, ref);
    await desk.waitFor(ref, inState('back'), within);
    assert.equal(calls.length, 1);
    assert.deepEqual(await effectOf(ref), { status: 'done', attempt: 2, deferred: 1 });
  });

  test('to a settling that was never committed: the outcome is not forgotten', async (t) => {
    let failures = 3;
    const { desk, calls, effectOf } = await worked(t, (ledger) => ({
      settle: (settled) =>
        failures-- > 0 ? Promise.reject(new Error('read ECONNRESET')) : ledger.settle(settled),
    }));
    const ref = await open(desk);
    await go(desk, ref);
    await desk.waitFor(ref, inState('back'), within);
    assert.equal(calls.length, 1);
    assert.deepEqual(await effectOf(ref), { status: 'done', attempt: 1, deferred: 0 });
  });

  test('to an append: sent again it is a duplicate, and happens once', async (t) => {
    const hosts = await hostsOf(t);
    const proxy = await startProxy(hosts.databaseUrl);
    t.after(() => proxy[Symbol.asyncDispose]());
    const { kernel: worker } = await hosts.start();
    const { kernel: edge } = await hosts.start({
      roles: [],
      databaseUrl: proxy.through(hosts.databaseUrl),
    });
    const ref = newCase();
    const opening = { ...ref, source: 'test', dedupeKey: ref.caseId, create: errand };
    const lost = proxy.dropReplyOnce(/\0append_[0-9a-f]{8}\0/);
    await assert.rejects(edge.send(opening));
    await lost;
    assert.deepEqual(await edge.send(opening), { outcome: 'duplicate' });
    const { seq } = await worker.waitFor(ref, inState('home'), within);
    assert.equal(seq, 1);
  });

  test('to taking partitions: their cases are stepped', async (t) => {
    const hosts = await hostsOf(t);
    const proxy = await startProxy(hosts.databaseUrl);
    t.after(() => proxy[Symbol.asyncDispose]());
    const lost = proxy.dropReplyOnce(/\0hold_leases_[0-9a-f]{8}\0/);
    const { kernel } = await hosts.start({ databaseUrl: proxy.through(hosts.databaseUrl) });
    await lost;
    const { kernel: desk } = await hosts.start({ roles: [] });
    await open(desk);
    assert.equal(typeof kernel.stalledMs()['cases'], 'number');
  });

  test('to resuming what waits in them: it is asked again', async (t) => {
    const asked: number[][] = [];
    await worked(t, (ledger) => ({
      async resume(partitions) {
        asked.push([...partitions]);
        if (asked.length === 1) throw new Error('Connection terminated unexpectedly');
        await ledger.resume(partitions);
      },
    }));
    await waitUntil(() => asked.length > 1, { what: 'the second call', timeoutMs: within });
    assert.deepEqual(asked[1], asked[0]);
  });
});
