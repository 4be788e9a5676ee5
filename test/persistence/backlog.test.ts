import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';

import { fixPartitions } from '../../persistence/database/leases.ts';
import { readBacklog } from '../../persistence/ledger/backlog.ts';
import { testDatabase } from '../support/services.ts';
import {
  commitOf,
  effect,
  event,
  newCaseId,
  openLedger,
  outcomeEvent,
  stepped,
  tenant,
  type LedgerProcess,
} from './ledger-fixture.ts';

const hourMs = 60 * 60 * 1_000;
const nothing = {
  eventsPending: 0,
  oldestEventSeconds: 0,
  effects: {},
  timersOverdue: 0,
  deadLetters: 0,
  parkedDeliveries: 0,
  cases: {},
  outboxWaiting: 0,
  oldestPublicationSeconds: 0,
  deadLettersByProvider: {},
  casesWaiting: {},
  oldestWaiting: {},
};

suite('the backlog', { timeout: 60_000 }, () => {
  let database: Awaited<ReturnType<typeof testDatabase>>;
  let one: LedgerProcess;
  before(async () => {
    database = await testDatabase();
    one = openLedger(database.url);
  });
  after(async () => {
    await one[Symbol.asyncDispose]();
    await database[Symbol.asyncDispose]();
  });

  test('is nothing before anything happened', async () => {
    assert.deepEqual(await readBacklog(one.pool), nothing);
  });

  test('counts what waits, and not what is settled', async () => {
    await fixPartitions(one.pool, 1);
    const [lease] = await one.leases.hold('worker', 1, hourMs);
    const worker = { owner: 'worker', epoch: lease?.epoch ?? 0 };
    const [overdue, early, over, parked] = [newCaseId(), newCaseId(), newCaseId(), newCaseId()];
    await one.ledger.append([overdue, early, over, parked].map((caseId) => event(caseId)));
    const consumed = await one.ledger.pending([overdue, early, over, parked], 10, []);
    const effects = [effect(overdue), effect(overdue), effect(overdue, { cancelled: true })];
    const done = effect(early);
    await one.ledger.commit(
      commitOf(worker, {
        consumed,
        cases: [
          stepped(overdue, { wakeAt: Date.now() - hourMs, effects }),
          stepped(early, {
            wakeAt: Date.now() + hourMs,
            effects: [done],
            tags: ['with-staff', 'confirmed'],
          }),
          stepped(over, { status: 'done', wakeAt: Date.now() - hourMs }),
          stepped(parked),
        ],
        deadLetters: [
          { eventId: 'a', tenant, caseId: overdue, reason: 'guard_threw' },
          { eventId: 'b', tenant, caseId: overdue, reason: 'guard_threw' },
        ],
      }),
    );
    await one.ledger.commit(
      commitOf(worker, { parked: [{ caseId: parked, reason: 'no migration' }] }),
    );
    const [running] = effects;
    assert.ok(running);
    await one.ledger.claim([running.effectId, done.effectId], hourMs);
    await one.ledger.settle([
      {
        effectId: done.effectId,
        attempt: 1,
        outcome: { status: 'done', value: null },
        event: outcomeEvent(early, done.effectId),
      },
    ]);
    await one.ledger.append([event(early), event(over, { opens: false })]);
    await one.pool.query(
      `update events set received_at = received_at - interval '90 s' where source = 'effect'`,
    );
    await one.pool.query(`update dead_letters set resolved_at = now() where subject = 'b'`);
    await one.pool.query(
      `insert into parked_deliveries (id, source, dedupe_key, type, reason, wrapped_key, body, body_digest, resolved_at)
       values (gen_random_uuid(), 's', '1', 't', 'r', '', '', '', null), (gen_random_uuid(), 's', '2', 't', 'r', '', '', '', now())`,
    );
    const since = Date.now() - 2 * hourMs;
    await one.pool.query(`update case_tags set since = $1 where tag = 'with-staff'`, [
      new Date(since),
    ]);
    const { oldestEventSeconds, oldestWaiting, ...counts } = await readBacklog(one.pool, [
      'with-staff',
      'urgent',
    ]);
    assert.deepEqual(Object.keys(oldestWaiting), ['with-staff']);
    assert.ok((oldestWaiting['with-staff'] ?? 0) >= 7_200);
    assert.ok(oldestEventSeconds >= 90 && oldestEventSeconds < 150, String(oldestEventSeconds));
    assert.deepEqual(counts, {
      eventsPending: 3,
      effects: { started: 1, pending: 1 },
      timersOverdue: 1,
      deadLettersByProvider: {},
      outboxWaiting: 0,
      oldestPublicationSeconds: 0,
      deadLetters: 1,
      parkedDeliveries: 1,
      cases: { active: 2, done: 1, parked: 1 },
      casesWaiting: { 'with-staff': 1 },
    });
  });
});
