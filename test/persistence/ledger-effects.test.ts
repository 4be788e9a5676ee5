import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';

import type { EffectOutcome, NewEffect, SettledEffect } from '../../actors/kernel/ports.ts';
import { fixPartitions } from '../../persistence/database/leases.ts';
import { testDatabase } from '../support/services.ts';
import { waitUntil } from '../support/wait.ts';
import {
  commitOf,
  effect,
  event,
  newCaseId,
  openLedger,
  outcomeEvent,
  partition,
  stepped,
  tenant,
  type LedgerProcess,
} from './ledger-fixture.ts';

const hourMs = 60 * 60 * 1_000;
const done: EffectOutcome = { status: 'done', value: null };
const failed: EffectOutcome = { status: 'failed', value: { code: 'no_seats', message: 'PHI' } };

suite('effects in the ledger', { timeout: 120_000 }, () => {
  let database: Awaited<ReturnType<typeof testDatabase>>;
  let one: LedgerProcess;
  let two: LedgerProcess;
  let worker: { owner: string; epoch: number };
  before(async () => {
    database = await testDatabase();
    one = openLedger(database.url);
    two = openLedger(database.url);
    await fixPartitions(one.pool, 1);
    const [lease] = await one.leases.hold('worker', 1, hourMs);
    worker = { owner: 'worker', epoch: lease?.epoch ?? 0 };
  });
  after(async () => {
    await one[Symbol.asyncDispose]();
    await two[Symbol.asyncDispose]();
    await database[Symbol.asyncDispose]();
  });

  /** A case that asked for one effect. */
  async function asked(
    more: Partial<NewEffect> = {},
  ): Promise<{ caseId: string; effectId: string }> {
    const caseId = newCaseId();
    const wanted = effect(caseId, more);
    await one.ledger.append([event(caseId)]);
    const consumed = await one.ledger.pending([caseId], 10, []);
    const cases = [stepped(caseId, { effects: [wanted] })];
    await one.ledger.commit(commitOf(worker, { cases, consumed }));
    return { caseId, effectId: wanted.effectId };
  }

  const attemptsOf = async (effectId: string, leaseMs = hourMs, by = one) =>
    (await by.ledger.claim([effectId], leaseMs)).map(({ attempt, doubtful }) => ({
      attempt,
      doubtful,
    }));
  const rowOf = async (effectId: string) => {
    const { rows } = await one.pool.query<{
      status: string;
      reason: string | null;
      settled: boolean;
      waits: boolean;
      leased: boolean;
    }>(
      `select status, reason, settled_at is not null as settled, next_at > clock_timestamp() as waits,
         lease_until > clock_timestamp() as leased
       from effects where effect_id = $1`,
      [effectId],
    );
    return rows[0];
  };
  const leaseOver = (effectId: string) =>
    waitUntil(async () => (await rowOf(effectId))?.leased === false, { what: 'the lease to end' });
  /** As if its time had come. */
  const hurry = (effectId: string) =>
    one.pool.query(`update effects set next_at = clock_timestamp() where effect_id = $1`, [
      effectId,
    ]);

  const settlement = (
    { caseId, effectId }: { caseId: string; effectId: string },
    attempt: number,
    outcome: EffectOutcome,
  ): SettledEffect => ({
    effectId,
    attempt,
    outcome,
    event:
      outcome.status === 'done' || outcome.status === 'failed'
        ? outcomeEvent(caseId, effectId)
        : null,
  });
  /** Answers the effects whose event was stored. */
  const settle = async (
    its: Parameters<typeof settlement>[0],
    attempt: number,
    outcome: EffectOutcome,
    by = one,
  ) => [...(await by.ledger.settle([settlement(its, attempt, outcome)])).keys()];
  const eventsOf = async (caseId: string) =>
    (await one.ledger.pending([caseId], 10, [])).map(({ type, body }) => ({ type, body }));
  const rungFor = async (effectId: string, graceMs = hourMs) =>
    (await one.ledger.overdue(graceMs, 1_000)).effects.filter(({ id }) => id === effectId);
  const unknown = async (effectId: string) =>
    (await one.ledger.unknown(1_000)).filter((row) => row.effectId === effectId);

  test('are claimed once, by one of two that hear of them', async () => {
    const ids: string[] = [];
    for (let n = 0; n < 20; n++) ids.push((await asked()).effectId);
    const claims = await Promise.all([
      one.ledger.claim(ids, hourMs),
      two.ledger.claim(ids.toReversed(), hourMs),
    ]);
    const claimed = claims.flat().map(({ effectId }) => effectId);
    assert.deepEqual(claimed.toSorted(), ids.toSorted());
    assert.ok(claims.flat().every(({ attempt, doubtful }) => attempt === 1 && !doubtful));
  });

  test('are permitted by what the case has when they start, and not when they were claimed', async () => {
    const agreed = (caseId: string, more = {}) =>
      stepped(caseId, {
        tags: ['agreed'],
        effects: [effect(caseId, { needs: 'agreed' })],
        ...more,
      });
    const permits = async (effectId: string) =>
      (await one.ledger.claim([effectId], hourMs)).map(({ permitted }) => permitted);
    const opened = async () => {
      const caseId = newCaseId();
      await one.ledger.append([event(caseId)]);
      const step = agreed(caseId);
      await one.ledger.commit(commitOf(worker, { cases: [step] }));
      return { caseId, effectId: step.effects[0]?.effectId ?? '' };
    };
    const withdraw = (caseId: string) =>
      one.ledger.commit(
        commitOf(worker, { cases: [agreed(caseId, { expectedSeq: 1, tags: [], effects: [] })] }),
      );
    assert.deepEqual(await permits((await opened()).effectId), [true]);
    const gone = await opened();
    await withdraw(gone.caseId);
    assert.deepEqual(await permits(gone.effectId), [false]);

    // A claim that waits for somebody who has the effect's row, while the tag goes.
    const between = await opened();
    const holder = await two.pool.connect();
    try {
      await holder.query('begin');
      await holder.query('select from effects where effect_id = $1 for update', [between.effectId]);
      const claiming = permits(between.effectId);
      await waitUntil(
        async () => (await two.pool.query('select from pg_locks where not granted')).rowCount,
        { what: 'the claim to wait' },
      );
      await withdraw(between.caseId);
      await holder.query('commit');
      assert.deepEqual(await claiming, [false]);
    } finally {
      holder.release();
    }
  });

  test('are not claimed when there is none, it is cancelled, abandoned or settled', async () => {
    const cancelled = await asked({ cancelled: true });
    const abandoned = await asked();
    const left = stepped(abandoned.caseId, { expectedSeq: 1, abandoned: [abandoned.effectId] });
    await one.ledger.commit(commitOf(worker, { cases: [left] }));
    const settled = await asked();
    await attemptsOf(settled.effectId);
    await settle(settled, 1, done);
    for (const { effectId } of [cancelled, abandoned, settled, { effectId: 'none' }]) {
      assert.deepEqual(await attemptsOf(effectId), []);
      assert.deepEqual(await rungFor(effectId), []);
    }
    assert.deepEqual(
      await one.ledger.openEffects([cancelled, abandoned, settled].map(({ effectId }) => effectId)),
      [],
    );
  });

  test('bring their outcome to the case as one event, whoever settles them and how often', async () => {
    const its = await asked();
    await attemptsOf(its.effectId);
    const stored = await one.ledger.settle([settlement(its, 1, done)]);
    assert.deepEqual([...stored.keys()], [its.effectId]);
    assert.deepEqual(await settle(its, 1, done), []);
    assert.deepEqual(await settle(its, 1, failed, two), []);
    const events = await one.ledger.pending([its.caseId], 10, []);
    assert.deepEqual(
      events.map(({ eventId }) => eventId),
      [...stored.values()],
    );
    assert.deepEqual(await eventsOf(its.caseId), [
      { type: 'search.done', body: outcomeEvent(its.caseId, its.effectId).body },
    ]);
    assert.equal((await rowOf(its.effectId))?.status, 'done');
  });

  test('bring one event when two settle them at the same time', async () => {
    for (let times = 0; times < 30; times++) {
      const its = await asked();
      await attemptsOf(its.effectId);
      const answers: string[][] = await Promise.all([
        settle(its, 1, done),
        settle(its, 1, failed, two),
      ]);
      assert.deepEqual(answers.flat(), [its.effectId]);
      assert.equal((await eventsOf(its.caseId)).length, 1);
    }
  });

  test('settle in batches, each for itself', async () => {
    const [finished, broken, again] = [await asked(), await asked(), await asked()];
    const ids = [finished, broken, again].map(({ effectId }) => effectId);
    await one.ledger.claim(ids, hourMs);
    const stored = await one.ledger.settle([
      settlement(finished, 1, done),
      settlement(broken, 1, failed),
      settlement(again, 1, { status: 'retry', delayMs: hourMs, doubtful: false, reason: 'busy' }),
    ]);
    assert.deepEqual(
      [...stored.keys()].toSorted(),
      [finished.effectId, broken.effectId].toSorted(),
    );
    assert.deepEqual(await Promise.all(ids.map(async (id) => (await rowOf(id))?.status)), [
      'done',
      'failed',
      'retry',
    ]);
    assert.deepEqual(
      (await one.ledger.openEffects(ids)).map(({ effectId, attempt }) => ({ effectId, attempt })),
      [{ effectId: again.effectId, attempt: 1 }],
    );
    assert.equal((await rowOf(broken.effectId))?.reason, 'no_seats');
  });

  test('count a late "done", and no late "failed" or "retry"', async () => {
    const its = await asked();
    assert.deepEqual(await attemptsOf(its.effectId, 1), [{ attempt: 1, doubtful: false }]);
    await leaseOver(its.effectId);
    // Another performer took over; it does not know whether the first one reached the provider.
    assert.deepEqual(await attemptsOf(its.effectId, hourMs, two), [{ attempt: 2, doubtful: true }]);
    await settle(its, 1, failed);
    await settle(its, 1, { status: 'retry', delayMs: 0, doubtful: false, reason: 'busy' });
    assert.equal((await rowOf(its.effectId))?.status, 'started');
    assert.deepEqual(await eventsOf(its.caseId), []);
    assert.deepEqual(await settle(its, 1, done), [its.effectId]);
    assert.deepEqual(await settle(its, 2, failed, two), []);
    assert.equal((await eventsOf(its.caseId)).length, 1);
  });

  test('ignore an outcome that nobody waits for any more', async () => {
    const its = await asked();
    await attemptsOf(its.effectId);
    const left = stepped(its.caseId, { expectedSeq: 1, abandoned: [its.effectId] });
    await one.ledger.commit(commitOf(worker, { cases: [left] }));
    assert.deepEqual(await settle(its, 1, done), []);
    assert.deepEqual(await eventsOf(its.caseId), []);
    assert.equal((await rowOf(its.effectId))?.status, 'cancelled');
  });

  test('are left to the performer that holds them, as long as it says so', async () => {
    const its = await asked();
    await attemptsOf(its.effectId, 1);
    await one.ledger.extend([its.effectId], hourMs);
    await hurry(its.effectId);
    assert.deepEqual(await attemptsOf(its.effectId, hourMs, two), []);
    assert.deepEqual(await rungFor(its.effectId), []);
    // Settled, cancelled and pending ones have no lease that could be extended.
    await settle(its, 1, done);
    const pending = await asked();
    await one.ledger.extend([its.effectId, pending.effectId], 1);
    assert.equal((await rowOf(its.effectId))?.leased, true);
    assert.deepEqual(await attemptsOf(pending.effectId), [{ attempt: 1, doubtful: false }]);
  });

  test('are rung for again when their announcement or their performer was lost, once per grace', async () => {
    const its = await asked();
    assert.deepEqual(await rungFor(its.effectId), []); // Was announced just now.
    await hurry(its.effectId);
    const ring = {
      topic: 'effects.flights',
      partition,
      id: its.effectId,
      type: 'search',
      tenant,
      caseId: its.caseId,
      traceparent: null,
    };
    assert.deepEqual(await rungFor(its.effectId), [ring]);
    assert.deepEqual(await rungFor(its.effectId), []);
    await attemptsOf(its.effectId, 1);
    await leaseOver(its.effectId);
    await hurry(its.effectId);
    assert.deepEqual(await rungFor(its.effectId), [ring]);
  });

  test('wait for their next try, however often the doorbell rings', async () => {
    const its = await asked();
    await attemptsOf(its.effectId);
    await settle(its, 1, { status: 'retry', delayMs: hourMs, doubtful: false, reason: 'busy' });
    assert.deepEqual(await attemptsOf(its.effectId), []);
    assert.deepEqual(await rungFor(its.effectId), []);
    await hurry(its.effectId);
    assert.equal((await rungFor(its.effectId)).length, 1);
    assert.deepEqual(await attemptsOf(its.effectId), [{ attempt: 2, doubtful: false }]);
    await settle(its, 2, { status: 'retry', delayMs: 0, doubtful: true, reason: 'no_answer' });
    assert.deepEqual(await attemptsOf(its.effectId), [{ attempt: 3, doubtful: true }]);
    await settle(its, 3, { status: 'retry', delayMs: 0, doubtful: false, reason: 'busy' });
    assert.deepEqual(
      await attemptsOf(its.effectId),
      [{ attempt: 4, doubtful: true }],
      'still in doubt',
    );
  });

  test('that may not be tried again are not, but become unknown when their performer is lost', async () => {
    const its = await asked({ resolution: 'none' });
    await attemptsOf(its.effectId, 1);
    await leaseOver(its.effectId);
    await hurry(its.effectId);
    assert.deepEqual(await attemptsOf(its.effectId), []);
    assert.deepEqual(await rungFor(its.effectId), []);
    const lost = (await one.ledger.lost(1_000)).filter((row) => row.effectId === its.effectId);
    assert.deepEqual(
      lost.map(({ attempt, input }) => ({ attempt, isReadable: input !== undefined })),
      [{ attempt: 1, isReadable: true }],
    );
    await settle(its, 1, { status: 'unknown', waitMs: hourMs, reason: 'performer_lost' });
    assert.deepEqual(await unknown(its.effectId), []); // The provider may still tell.
    const { status, reason, settled, waits } = (await rowOf(its.effectId)) ?? {};
    assert.deepEqual(
      { status, reason, settled, waits },
      { status: 'unknown', reason: 'performer_lost', settled: false, waits: true },
    );
    assert.deepEqual(await attemptsOf(its.effectId), []);
    await hurry(its.effectId);
    const row = {
      effectId: its.effectId,
      tenant,
      caseId: its.caseId,
      partition,
      name: 'search',
      kind: 'invoke',
      attempt: 1,
      traceparent: null,
    };
    assert.deepEqual(await unknown(its.effectId), [row]);
    const [open] = await one.ledger.openEffects([its.effectId]);
    assert.deepEqual(open, { ...row, input: open?.input });
    assert.ok(open?.input);
    assert.deepEqual(await settle(its, 1, failed), [its.effectId]);
    assert.deepEqual(await unknown(its.effectId), []);
  });

  test('that are unknown wait for the provider’s word', async () => {
    const its = await asked({ resolution: 'none' });
    await attemptsOf(its.effectId);
    await settle(its, 1, { status: 'unknown', waitMs: hourMs, reason: 'timed_out' });
    assert.deepEqual(await unknown(its.effectId), []);
    assert.deepEqual(await rungFor(its.effectId), []);
    assert.deepEqual(await attemptsOf(its.effectId), []);
    assert.deepEqual(await settle(its, 1, done, two), [its.effectId]);
    const second = await asked({ resolution: 'none' });
    await attemptsOf(second.effectId);
    await settle(second, 1, { status: 'unknown', waitMs: 0, reason: 'timed_out' });
    assert.equal((await unknown(second.effectId)).length, 1);
  });

  test('leave a dead letter when they fail, for staff where nobody waits for them', async () => {
    const [action, invoked] = [await asked({ kind: 'action' }), await asked()];
    for (const its of [action, invoked]) await attemptsOf(its.effectId);
    await one.ledger.settle([
      { ...settlement(action, 1, failed), event: null },
      settlement(invoked, 1, failed),
    ]);
    const { rows } = await one.pool.query<{ subject: string; resolution: string | null }>(
      `select subject, reason, name, attempts, resolution, resolved_at is null as open
       from dead_letters where case_id = any($1)`,
      [[action.caseId, invoked.caseId]],
    );
    const letter = { reason: 'no_seats', name: 'search', attempts: 1 };
    assert.deepEqual(
      rows.toSorted((a, b) => Number(a.resolution !== null) - Number(b.resolution !== null)),
      [
        { ...letter, subject: `effect:${action.effectId}`, resolution: null, open: true },
        { ...letter, subject: `effect:${invoked.effectId}`, resolution: 'case_told', open: false },
      ],
    );
    assert.deepEqual(await eventsOf(action.caseId), []);
  });

  test('of an erased case are settled without an event, and do not stop the batch they are in', async () => {
    const [erased, alive, waiting] = [await asked(), await asked(), await asked()];
    await one.ledger.claim([erased.effectId, alive.effectId], hourMs);
    await one.pool.query('delete from data_keys where case_id = any($1)', [
      [erased.caseId, waiting.caseId],
    ]);
    await using fresh = openLedger(database.url);
    assert.deepEqual(await fresh.ledger.claim([waiting.effectId], hourMs), []);
    const stored = await fresh.ledger.settle([
      settlement(erased, 1, done),
      settlement(alive, 1, done),
    ]);
    assert.deepEqual([...stored.keys()], [alive.effectId]);
    assert.equal((await rowOf(erased.effectId))?.settled, true);
  });
});
