/** Each method of the ledger again, after its answer was lost behind its commit. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, suite, test } from 'node:test';

import type { EffectOutcome, NewEffect, SettledEffect } from '../../actors/kernel/ports.ts';
import { fixPartitions } from '../../persistence/database/leases.ts';
import { createDataKeys } from '../../persistence/encryption/data-keys.ts';
import { createLocalKeyring } from '../../persistence/encryption/keyring.ts';
import { createOutbox } from '../../persistence/ledger/outbox.ts';
import { startProxy, type Proxy } from '../support/proxy.ts';
import { testDatabase } from '../support/services.ts';
import {
  commitOf,
  effect,
  event,
  newCaseId,
  openLedger,
  outcomeEvent,
  rootKey,
  stepped,
  type LedgerProcess,
} from './ledger-fixture.ts';

const hourMs = 60 * 60 * 1_000;

suite('the ledger, when its answer is lost', { timeout: 120_000 }, () => {
  let database: Awaited<ReturnType<typeof testDatabase>>;
  let proxy: Proxy;
  let one: LedgerProcess;
  let cut: LedgerProcess;
  let worker: { owner: string; epoch: number };
  before(async () => {
    database = await testDatabase();
    proxy = await startProxy(database.url);
    one = openLedger(database.url);
    cut = openLedger(proxy.through(database.url));
    await fixPartitions(one.pool, 1);
    const [lease] = await one.leases.hold('worker', 1, hourMs);
    worker = { owner: 'worker', epoch: lease?.epoch ?? 0 };
  });
  after(async () => {
    await one[Symbol.asyncDispose]();
    await cut[Symbol.asyncDispose]();
    await proxy[Symbol.asyncDispose]();
    await database[Symbol.asyncDispose]();
  });

  /** Has `work` do its statement of this name, and lose the answer. */
  async function losing(name: string, work: () => Promise<unknown>): Promise<void> {
    const lost = proxy.dropReplyOnce(new RegExp(`\\0${name}_[0-9a-f]{8}\\0`));
    await assert.rejects(work());
    await lost;
  }

  async function asked(more: Partial<NewEffect> = {}) {
    const caseId = newCaseId();
    const wanted = effect(caseId, { resolution: 'none', ...more });
    await one.ledger.append([event(caseId)]);
    const consumed = await one.ledger.pending([caseId], 10, []);
    const cases = [stepped(caseId, { effects: [wanted] })];
    await one.ledger.commit(commitOf(worker, { cases, consumed }));
    return { caseId, effectId: wanted.effectId };
  }
  const rowOf = async (effectId: string) => {
    const { rows } = await one.pool.query<Record<string, unknown>>(
      `select status, attempt, deferred, reason, next_at, lease_until from effects where effect_id = $1`,
      [effectId],
    );
    return rows[0] ?? {};
  };
  const statusOf = async (effectId: string) => (await rowOf(effectId))['status'];
  const leaseOver = (effectId: string) =>
    one.pool.query(
      `update effects set lease_until = clock_timestamp() - interval '1 ms' where effect_id = $1`,
      [effectId],
    );
  const settlement = (
    { caseId, effectId }: { caseId: string; effectId: string },
    attempt: number,
    outcome: EffectOutcome,
  ): SettledEffect => {
    const isTold = outcome.status === 'done' || outcome.status === 'failed';
    return { effectId, attempt, outcome, event: isTold ? outcomeEvent(caseId, effectId) : null };
  };
  /** Claims it, and loses the answer. Answers the id of that claim. */
  async function lostClaim(effectId: string): Promise<string> {
    const claimId = randomUUID();
    await losing('claim', () => cut.ledger.claim([effectId], hourMs, { claimId }));
    assert.equal(await statusOf(effectId), 'started');
    return claimId;
  }

  test('gives back what a claim took, once, and that was no try', async () => {
    const { effectId } = await asked();
    const claimId = await lostClaim(effectId);
    await losing('give_back', () => cut.ledger.giveBack([effectId], claimId));
    assert.equal(await statusOf(effectId), 'pending');
    assert.deepEqual(await cut.ledger.giveBack([effectId], claimId), []);
    const [claimed] = await cut.ledger.claim([effectId], hourMs, { claimId: randomUUID() });
    assert.deepEqual([claimed?.attempt, claimed?.deferred, claimed?.doubtful], [2, 1, false]);
    assert.deepEqual(await cut.ledger.giveBack([effectId], claimId), []);
    assert.equal(await statusOf(effectId), 'started');
  });

  test('answers whom to announce', async () => {
    const { caseId, effectId } = await asked();
    const claimId = await lostClaim(effectId);
    const [announced] = await one.ledger.giveBack([effectId], claimId);
    assert.deepEqual(
      [announced?.id, announced?.caseId, announced?.topic],
      [effectId, caseId, 'effects.flights'],
    );
  });

  test('gives back what the sweep thought was in doubt', async () => {
    const { effectId } = await asked();
    const claimId = await lostClaim(effectId);
    await leaseOver(effectId);
    const lost = (await one.ledger.lost(1_000)).filter((row) => row.effectId === effectId);
    const outcome = { status: 'unknown', waitMs: hourMs, reason: 'performer_lost' } as const;
    await one.ledger.settle(
      lost.map(({ attempt }) => ({ effectId, attempt, outcome, event: null })),
    );
    assert.equal(await statusOf(effectId), 'unknown');
    assert.equal((await one.ledger.giveBack([effectId], claimId)).length, 1);
    const { status, reason } = await rowOf(effectId);
    assert.deepEqual([status, reason], ['pending', null]);
  });

  test('never gives back what another claimed since, whichever release it is of', async () => {
    for (const byOlderRelease of [false, true]) {
      const { effectId } = await asked({ resolution: 'key' });
      const claimId = await lostClaim(effectId);
      await leaseOver(effectId);
      if (byOlderRelease) {
        await one.pool.query(
          `update effects set attempt = attempt + 1, lease_until = clock_timestamp() + interval '1 h' where effect_id = $1`,
          [effectId],
        );
      } else assert.equal((await one.ledger.claim([effectId], hourMs)).length, 1);
      const before = await rowOf(effectId);
      assert.deepEqual(await one.ledger.giveBack([effectId], claimId), []);
      assert.deepEqual(await rowOf(effectId), before);
    }
  });

  test('never gives back what is settled, or not known whether it was done', async () => {
    for (const outcome of [
      { status: 'done', value: null },
      { status: 'failed', value: { code: 'no' } },
      { status: 'unknown', waitMs: hourMs, reason: 'timeout' },
      { status: 'retry', delayMs: hourMs, doubtful: true, reason: 'timeout' },
    ] as const) {
      const its = await asked();
      const claimId = await lostClaim(its.effectId);
      await one.ledger.settle([settlement(its, 1, outcome)]);
      assert.deepEqual(await one.ledger.giveBack([its.effectId], claimId), []);
      assert.equal(await statusOf(its.effectId), outcome.status);
    }
  });

  test('settles again without a trace', async () => {
    for (const outcome of [
      { status: 'done', value: null },
      { status: 'failed', value: { code: 'no' } },
      { status: 'cancelled', reason: 'not_permitted' },
      { status: 'retry', delayMs: hourMs, doubtful: false, deferred: true, reason: 'later' },
    ] as const) {
      const its = await asked();
      await one.ledger.claim([its.effectId], hourMs);
      const settled = [settlement(its, 1, outcome)];
      await losing('settle', () => cut.ledger.settle(settled));
      const before = await rowOf(its.effectId);
      const events = await one.ledger.pending([its.caseId], 10, []);
      assert.equal((await cut.ledger.settle(settled)).size, 0);
      assert.deepEqual(await rowOf(its.effectId), before);
      assert.deepEqual(await one.ledger.pending([its.caseId], 10, []), events);
      const letters = await one.pool.query(`select from dead_letters where subject = $1`, [
        `effect:${its.effectId}`,
      ]);
      assert.equal(letters.rowCount, outcome.status === 'failed' ? 1 : 0);
    }
  });

  test('appends again as a duplicate', async () => {
    const caseId = newCaseId();
    const first = event(caseId);
    await losing('append', () => cut.ledger.append([first]));
    const [again] = await cut.ledger.append([first]);
    assert.equal(again?.outcome, 'duplicate');
    assert.equal((await one.ledger.pending([caseId], 10, [])).length, 1);
  });

  test('has announced again what a sweep could not tell of', async () => {
    const { effectId } = await asked();
    await one.pool.query(
      `update effects set next_at = clock_timestamp() - interval '1 ms' where effect_id = $1`,
      [effectId],
    );
    const rung = async () => (await cut.ledger.overdue(0, 1_000)).effects.map(({ id }) => id);
    await losing('overdue_effects', rung);
    assert.ok((await rung()).includes(effectId));
  });

  test('renews and takes leases again, without a second change of owner', async () => {
    const owner = randomUUID();
    await one.pool.query(`insert into partition_leases (partition) values (7)`);
    await losing('hold_leases', () => cut.leases.hold(owner, 1, hourMs));
    assert.deepEqual(await cut.leases.hold(owner, 1, hourMs), [{ partition: 7, epoch: 1 }]);
    await losing('release_leases', () => cut.leases.release(owner));
    await cut.leases.release(owner);
    assert.deepEqual(await one.leases.hold('next', 1, hourMs), [{ partition: 7, epoch: 2 }]);
  });

  test('holds the outbox and marks what was published again', async () => {
    const pool = cut.pool;
    const outbox = createOutbox({
      pool,
      keys: createDataKeys(pool, createLocalKeyring([rootKey])),
    });
    const id = randomUUID();
    const news = { id, stream: 'news', type: 'news', source: 'test', data: {}, isPersonal: false };
    await outbox.add([{ ...news, tenant: 'clinic', traceparent: null }]);
    await losing('hold_outbox', () => outbox.hold('me', hourMs));
    assert.equal(await outbox.hold('me', hourMs), true);
    const [entry] = await outbox.waiting(10, []);
    const marks = [{ position: entry?.position ?? 0n, entryId: '1-0' }];
    await losing('mark_published', () => outbox.published(marks));
    await outbox.published(marks);
    assert.deepEqual(await outbox.waiting(10, []), []);
  });

  // The last one: the audit heads that `one` remembers are old from here on.
  test('refuses the same commit, and shows the case as that commit left it', async () => {
    const caseId = newCaseId();
    await one.ledger.append([event(caseId)]);
    const consumed = await cut.ledger.pending([caseId], 10, []);
    const batch = commitOf(worker, { cases: [stepped(caseId)], consumed });
    await losing('commit', () => cut.ledger.commit(batch));
    await assert.rejects(cut.ledger.commit(batch), { name: 'CommitRefused', why: 'version' });
    assert.deepEqual(
      (await cut.ledger.load([caseId])).map(({ seq }) => seq),
      [1],
    );
    assert.deepEqual(await cut.ledger.pending([caseId], 10, []), []);
    // The audit trail goes on behind what the lost answer was about.
    await cut.ledger.commit(commitOf(worker, { cases: [stepped(caseId, { expectedSeq: 1 })] }));
    assert.equal((await one.ledger.history('clinic', caseId)).length, 2);
  });
});
