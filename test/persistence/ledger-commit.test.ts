import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, suite, test } from 'node:test';

import { CommitRefused } from '../../actors/kernel/errors.ts';
import type { CaseCommit, Commit, PendingEvent } from '../../actors/kernel/ports.ts';
import { fixPartitions } from '../../persistence/database/leases.ts';
import { testDatabase } from '../support/services.ts';
import { waitUntil } from '../support/wait.ts';
import {
  at,
  commitOf,
  effect,
  event,
  historyEntry,
  newCaseId,
  openLedger,
  partition,
  stepped,
  tenant,
  type LedgerProcess,
} from './ledger-fixture.ts';

const hourMs = 60 * 60 * 1_000;
const refused = (why: CommitRefused['why']) => (error: unknown) =>
  error instanceof CommitRefused && error.why === why;

/** Everything a commit may change, as text. */
const tables = [
  'cases',
  'effects',
  'events',
  'pending_events',
  'audit_entries',
  'dead_letters',
] as const;

suite('committing to the ledger', { timeout: 120_000 }, () => {
  let database: Awaited<ReturnType<typeof testDatabase>>;
  let one: LedgerProcess;
  let worker: { owner: string; epoch: number };
  before(async () => {
    database = await testDatabase();
    one = openLedger(database.url);
    await fixPartitions(one.pool, 1);
    worker = await takeOver('worker');
  });
  after(async () => {
    await one[Symbol.asyncDispose]();
    await database[Symbol.asyncDispose]();
  });

  /** Whoever held the partition is gone; now `owner` does. */
  async function takeOver(owner: string, leaseMs = hourMs) {
    await one.pool.query(`update partition_leases set lease_until = '-infinity'`);
    const [lease] = await one.leases.hold(owner, 1, leaseMs);
    assert.ok(lease);
    return { owner, epoch: lease.epoch };
  }

  async function opened(events = 1): Promise<{ caseId: string; waiting: readonly PendingEvent[] }> {
    const caseId = newCaseId();
    await one.ledger.append(Array.from({ length: events }, () => event(caseId)));
    return { caseId, waiting: await one.ledger.pending([caseId], 1_000, []) };
  }

  async function everything(): Promise<Record<string, unknown>> {
    const found: Record<string, unknown> = {};
    for (const table of tables) {
      const { rows } = await one.pool.query<{ row: string }>(
        `select t::text as row from ${table} t order by 1`,
      );
      found[table] = rows.map(({ row }) => row);
    }
    return found;
  }

  async function assertRefused(commit: Commit, why: CommitRefused['why'], by = one): Promise<void> {
    const before = await everything();
    await assert.rejects(by.ledger.commit(commit), refused(why));
    assert.deepEqual(await everything(), before);
  }

  /** A commit that changes something in every table. */
  function ofEverything(caseId: string, waiting: readonly PendingEvent[], expectedSeq = 0): Commit {
    const [asked, cancelled] = [effect(caseId), effect(caseId, { cancelled: true })];
    const history = [
      historyEntry(expectedSeq + 1, {
        subject: waiting[0]?.eventId ?? randomUUID(),
        effects: [asked.effectId, cancelled.effectId],
      }),
    ];
    const change: Partial<CaseCommit> = { expectedSeq, history, effects: [asked, cancelled] };
    return commitOf(worker, {
      cases: [stepped(caseId, change)],
      consumed: waiting,
      deadLetters: [{ eventId: 'timer:late', tenant, caseId, reason: 'timer_gone' }],
    });
  }

  test('writes snapshot, effects, history and dead letters, and gives them back as they were', async () => {
    const { caseId, waiting } = await opened(3);
    const envelope = JSON.stringify({ snapshot: { context: { name: 'Ünal ✈' } } });
    const asked = effect(caseId, { input: '{"to":"ESB"}', traceparent: '00-1-2-01' });
    const history = waiting.map(({ eventId, type }, i) =>
      historyEntry(i + 1, {
        at: at + i,
        subject: eventId,
        type,
        disposition: (['applied', 'ignored', 'dead'] as const)[i] ?? 'applied',
        reason: i === 0 ? null : 'not_accepted',
        effects: i === 0 ? [asked.effectId] : [],
      }),
    );
    history.push(historyEntry(4, { kind: 'timer', subject: 'root/reminder', type: 'after' }));
    const tags = ['waiting', 'with "quotes"'];
    const change = stepped(caseId, { seq: 4, envelope, history, effects: [asked], tags });
    await one.ledger.commit(
      commitOf(worker, {
        cases: [change],
        consumed: waiting,
        deadLetters: [
          { eventId: waiting[2]?.eventId ?? '', tenant, caseId, reason: 'guard_threw' },
        ],
      }),
    );

    const stored = { caseId, tenant, seq: 4, status: 'active', tags, envelope } as const;
    await using other = openLedger(database.url);
    for (const { ledger } of [one, other]) {
      assert.deepEqual(await ledger.load([caseId, newCaseId()]), [stored]);
      assert.deepEqual(await ledger.read(tenant, caseId), stored);
      assert.equal(await ledger.read('agency', caseId), null);
      assert.deepEqual(await ledger.pending([caseId], 10, []), []);
      const told = history.map((entry, i) => ({ ...entry, body: waiting[i]?.body ?? null }));
      assert.deepEqual(await ledger.history(tenant, caseId), told);
      assert.deepEqual(await ledger.history('agency', caseId), []);
    }
    const [claimed] = await one.ledger.claim([asked.effectId], 1_000);
    const { effectId, name, kind, input, traceparent } = asked;
    const told = { effectId, name, kind, input, traceparent, tenant, caseId, partition };
    const ageMs = claimed?.ageMs ?? -1;
    assert.ok(ageMs >= 0 && ageMs < 60_000, String(ageMs));
    const first = { attempt: 1, doubtful: false, deferred: 0, permitted: true, ageMs };
    assert.deepEqual(claimed, { ...told, ...first });

    const { rows } = await one.pool.query<{ subject: string; reason: string }>(
      'select subject, reason from dead_letters where case_id = $1',
      [caseId],
    );
    assert.deepEqual(rows, [{ subject: waiting[2]?.eventId, reason: 'guard_threw' }]);
    const row = await one.pool.query(
      'select tags, state_since, wake_at from cases where case_id = $1',
      [caseId],
    );
    assert.deepEqual(row.rows, [{ tags, state_since: new Date(at), wake_at: null }]);
  });

  test('goes on from the last commit, and moves `state_since` only with the state', async () => {
    const { caseId, waiting } = await opened();
    await one.ledger.commit(ofEverything(caseId, waiting));
    const times = [at + 1, at + 2];
    for (const [i, time] of times.entries()) {
      const change = {
        expectedSeq: 1 + i,
        stateChanged: i === 1,
        status: i === 1 ? 'done' : 'active',
      } as const;
      await one.ledger.commit(commitOf(worker, { cases: [stepped(caseId, change)], at: time }));
      const { rows } = await one.pool.query(
        'select state_since, updated_at from cases where case_id = $1',
        [caseId],
      );
      const since = new Date(i === 1 ? time : at);
      assert.deepEqual(rows, [{ state_since: since, updated_at: new Date(time) }]);
    }
    assert.deepEqual(
      (await one.ledger.history(tenant, caseId)).map(({ seq }) => seq),
      [1, 2, 3],
    );
    assert.equal((await one.ledger.load([caseId]))[0]?.status, 'done');
  });

  test('refuses who does not hold the lease, and changes nothing', async () => {
    const { caseId, waiting } = await opened();
    const commit = ofEverything(caseId, waiting);
    const lease = { partition, epoch: worker.epoch };
    await assertRefused({ ...commit, owner: 'stranger' }, 'lease');
    await assertRefused({ ...commit, leases: [{ partition, epoch: worker.epoch - 1 }] }, 'lease');
    await assertRefused({ ...commit, leases: [{ partition, epoch: worker.epoch + 1 }] }, 'lease');
    await assertRefused({ ...commit, leases: [lease, { partition: 77, epoch: 1 }] }, 'lease');
    await one.pool.query('update partition_leases set lease_until = clock_timestamp()');
    await assertRefused(commit, 'lease');
    worker = await takeOver('worker');
    await one.ledger.commit(ofEverything(caseId, waiting));
  });

  test('refuses a paused owner when its partition was taken over, whatever it believes', async () => {
    const { caseId, waiting } = await opened();
    const commit = ofEverything(caseId, waiting);
    const other = await takeOver('other');
    assert.ok(other.epoch > worker.epoch);
    await assertRefused(commit, 'lease');
    worker = await takeOver('worker'); // The same owner again: still another epoch.
    await assertRefused(commit, 'lease');
    await one.ledger.commit(ofEverything(caseId, waiting));
  });

  test('refuses a case that is not as it was read, with all others of the batch', async () => {
    const [old, young] = [await opened(2), await opened()];
    await one.ledger.commit(ofEverything(old.caseId, old.waiting.slice(0, 1)));
    const good = stepped(young.caseId);
    for (const expectedSeq of [0, 2, 7]) {
      const cases = [good, stepped(old.caseId, { expectedSeq })];
      await assertRefused(commitOf(worker, { cases, consumed: young.waiting }), 'version');
    }
    const foreign = stepped(old.caseId, { expectedSeq: 1, tenant: 'agency' });
    await assertRefused(commitOf(worker, { cases: [foreign] }), 'version');
    const gone = stepped(young.caseId, { expectedSeq: 1 }); // Was never opened.
    await assertRefused(commitOf(worker, { cases: [gone] }), 'version');
  });

  test('refuses an event that is consumed twice, or was never there', async () => {
    const { caseId, waiting } = await opened(2);
    const [first, second] = waiting;
    assert.ok(first && second);
    await one.ledger.commit(ofEverything(caseId, [first]));
    const next = { cases: [stepped(caseId, { expectedSeq: 1 })] };
    await assertRefused(commitOf(worker, { ...next, consumed: [first, second] }), 'version');
    const never = { caseId, position: second.position + 1_000_000n };
    await assertRefused(commitOf(worker, { ...next, consumed: [second, never] }), 'version');
    await one.ledger.commit(commitOf(worker, { ...next, consumed: [second] }));
  });

  test('refuses an effect that was asked for before', async () => {
    const { caseId } = await opened();
    const asked = effect(caseId);
    await one.ledger.commit(commitOf(worker, { cases: [stepped(caseId, { effects: [asked] })] }));
    const again = stepped(caseId, { expectedSeq: 1, effects: [asked] });
    await assertRefused(commitOf(worker, { cases: [again] }), 'version');
  });

  test('lets one of two that step a case at the same time win', async () => {
    await using two = openLedger(database.url);
    for (let times = 0; times < 30; times++) {
      const { caseId, waiting } = await opened();
      const results = await Promise.allSettled(
        [one, two].map(({ ledger }) => ledger.commit(ofEverything(caseId, waiting))),
      );
      const reasons = results.flatMap((result) =>
        result.status === 'rejected' ? [result.reason as unknown] : [],
      );
      assert.equal(reasons.length, 1);
      // Which of the two it meets first is chance, and so is whether it knew the chain's head.
      assert.ok(refused('version')(reasons[0]) || refused('chain')(reasons[0]), String(reasons[0]));
      assert.equal((await one.ledger.history(tenant, caseId)).length, 1);
    }
  });

  test('refuses a second writer on an audit chain, who then reads its head anew', async () => {
    await using two = openLedger(database.url);
    const [mine, others] = [await opened(), await opened()];
    const stepOf = (caseId: string, expectedSeq: number) =>
      commitOf(worker, { cases: [stepped(caseId, { expectedSeq })] });
    await one.ledger.commit(stepOf(mine.caseId, 0));
    await two.ledger.commit(stepOf(others.caseId, 0)); // Reads the head, and moves it.
    await assertRefused(stepOf(mine.caseId, 1), 'chain');
    await one.ledger.commit(stepOf(mine.caseId, 1));
    await assertRefused(stepOf(others.caseId, 1), 'chain', two);
    await two.ledger.commit(stepOf(others.caseId, 1));
  });

  test('finds the chain’s head again after a database that was away', async () => {
    const { caseId } = await opened();
    await using two = openLedger(database.url);
    await two.ledger.load([caseId]); // Its key is known, so that the head is the first thing to be read.
    await one.pool.query('alter table audit_entries rename to audit_entries_away');
    await assert.rejects(two.ledger.commit(commitOf(worker, { cases: [stepped(caseId)] })));
    await one.pool.query('alter table audit_entries_away rename to audit_entries');
    await two.ledger.commit(commitOf(worker, { cases: [stepped(caseId)] }));
    await assert.rejects(
      one.ledger.commit(commitOf(worker, { cases: [stepped(caseId, { expectedSeq: 1 })] })),
      refused('chain'),
    );
  });

  test('parks a case and holds its events back, until a new owner tries again', async () => {
    const { caseId, waiting } = await opened(2);
    await one.ledger.commit(ofEverything(caseId, waiting.slice(0, 1)));
    await one.ledger.commit(
      commitOf(worker, { parked: [{ caseId, reason: 'no machine "case"' }] }),
    );
    const { rows } = await one.pool.query(
      'select status, parked_reason from cases where case_id = $1',
      [caseId],
    );
    assert.deepEqual(rows, [{ status: 'parked', parked_reason: 'no machine "case"' }]);
    const overdue = async () =>
      (await one.ledger.overdue(0, 1_000)).events.filter((one) => one.caseId === caseId);
    assert.deepEqual(await overdue(), []);
    assert.equal((await one.ledger.pending([caseId], 10, [])).length, 1);

    await one.ledger.resume([partition]);
    assert.equal((await overdue()).length, 1);
    await one.ledger.commit(ofEverything(caseId, waiting.slice(1), 1));
    const after = await one.pool.query(
      'select status, parked_reason from cases where case_id = $1',
      [caseId],
    );
    assert.deepEqual(after.rows, [{ status: 'active', parked_reason: null }]);
  });

  test('rings again for a parked case that waits for a timer only, once there is a new owner', async () => {
    const { caseId, waiting } = await opened();
    const change = stepped(caseId, { wakeAt: at - 1 });
    await one.ledger.commit(commitOf(worker, { cases: [change], consumed: waiting }));
    await one.ledger.commit(commitOf(worker, { parked: [{ caseId, reason: 'old machine' }] }));
    const due = async () =>
      (await one.ledger.due(at, 1_000)).some((ring) => ring.caseId === caseId);
    assert.equal(await due(), false);
    await one.ledger.resume([partition + 1]);
    assert.equal(await due(), false);
    await one.ledger.resume([partition]);
    assert.equal(await due(), true);
  });

  test('knows which cases are due, earliest first', async () => {
    const times = { soon: at + 10, late: at - 10, later: at - 5, done: at - 20 };
    const ids = { soon: newCaseId(), late: newCaseId(), later: newCaseId(), done: newCaseId() };
    await one.ledger.append(Object.values(ids).map((caseId) => event(caseId)));
    const cases = (['soon', 'later', 'done', 'late'] as const).map((name) =>
      stepped(ids[name], { wakeAt: times[name], status: name === 'done' ? 'done' : 'active' }),
    );
    await one.ledger.commit(commitOf(worker, { cases }));
    const due = async (now: number, limit = 1_000) =>
      (await one.ledger.due(now, limit)).filter(({ caseId }) =>
        Object.values(ids).includes(caseId),
      );
    const ring = (caseId: string, dueAt: number) => ({
      topic: 'case-events',
      partition,
      id: `${caseId}@${dueAt}`,
      type: 'timer.due',
      tenant,
      caseId,
      traceparent: null,
    });
    assert.deepEqual(await due(at - 11), []);
    assert.deepEqual(await due(at), [ring(ids.late, times.late), ring(ids.later, times.later)]);
    assert.deepEqual(
      (await due(at + 10)).map(({ caseId }) => caseId),
      [ids.late, ids.later, ids.soon],
    );
    assert.equal((await one.ledger.due(at, 1)).length, 1);
    const off = stepped(ids.late, { expectedSeq: 1, wakeAt: null });
    await one.ledger.commit(commitOf(worker, { cases: [off] }));
    assert.deepEqual(await due(at), [ring(ids.later, times.later)]);
  });

  test('answers an overdue event once per grace, and all at once to a new owner', async () => {
    const { caseId, waiting } = await opened();
    const overdue = async (graceMs: number) =>
      (await one.ledger.overdue(graceMs, 1_000)).events.filter((ring) => ring.caseId === caseId);
    assert.deepEqual(await overdue(hourMs), []);
    const [ring] = await waitUntil(
      async () => {
        const found = await overdue(20);
        return found.length > 0 && found;
      },
      { what: 'the grace to pass' },
    );
    const { eventId: id, type } = waiting[0] as PendingEvent;
    assert.deepEqual(ring, {
      topic: 'events',
      partition,
      id,
      type,
      tenant,
      caseId,
      traceparent: null,
    });
    assert.deepEqual(await overdue(hourMs), []);
    await one.ledger.resume([partition]);
    assert.equal((await overdue(hourMs)).length, 1);
    assert.deepEqual(await overdue(hourMs), []);
    await one.ledger.commit(ofEverything(caseId, waiting));
    await one.ledger.resume([partition]);
    assert.deepEqual(await overdue(0), []);
  });

  test('tells nothing of an erased case, and the rest of the batch as ever', async () => {
    const [erased, alive] = [await opened(), await opened()];
    for (const { caseId, waiting } of [erased, alive]) {
      await one.ledger.commit(ofEverything(caseId, waiting));
    }
    await one.pool.query('delete from data_keys where case_id = $1', [erased.caseId]);
    await using other = openLedger(database.url);
    const ids = [erased.caseId, alive.caseId];
    assert.deepEqual(
      (await other.ledger.load(ids)).map(({ caseId }) => caseId),
      [alive.caseId],
    );
    assert.equal(await other.ledger.read(tenant, erased.caseId), null);
    assert.deepEqual(await other.ledger.history(tenant, erased.caseId), []);
  });
});
