import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';

import { verifyAudit } from '../../persistence/audit/reader.ts';
import { foreigner, hourMs, openDesk, staff, startDesk } from './desk-fixture.ts';
import {
  at,
  commitOf,
  effect,
  event,
  historyEntry,
  newCaseId,
  tenant,
  type LedgerProcess,
} from './ledger-fixture.ts';

const canary = 'CanaryŞükriye';

const sentBy = ({ sent }: ReturnType<typeof openDesk>) => sent.map(({ name }) => name);

suite('the desk', { timeout: 60_000 }, () => {
  let started: Awaited<ReturnType<typeof startDesk>>;
  let one: LedgerProcess;
  let front: ReturnType<typeof openDesk>;
  let worker: (typeof started)['worker'];
  let step: (typeof started)['step'];
  const caseId = newCaseId();
  const open = effect(caseId, { name: 'search', input: JSON.stringify({ canary }) });
  const retried = effect(caseId, { name: 'send', port: 'messaging' });
  const over = effect(caseId, { name: 'charge', cancelled: true });

  before(async () => {
    started = await startDesk();
    ({ one, front, worker, step } = started);
    await step(caseId, {
      state: '{"journey":"booking","talk":"bot"}',
      tags: ['waits_for_patient'],
      effects: [open, retried, over],
      envelope: JSON.stringify({
        timers: [
          { id: 'reminder', source: ['case', 'booking'], dueAt: at + hourMs, event: { canary } },
          { id: 'lapse', source: [], dueAt: at + 2 * hourMs },
        ],
        snapshot: { context: { canary } },
      }),
      history: [historyEntry(1, { effects: [open.effectId, retried.effectId, over.effectId] })],
    });
    await one.ledger.claim([retried.effectId], hourMs);
    await one.ledger.settle([
      {
        effectId: retried.effectId,
        attempt: 1,
        outcome: { status: 'retry', delayMs: hourMs, doubtful: false, reason: 'provider_busy' },
        event: null,
      },
    ]);
    const waiting = [event(caseId, { body: JSON.stringify({ canary }) }), event(caseId)];
    await one.ledger.append(waiting);
    const deadLetters = [{ eventId: 'event-1', tenant, caseId, reason: 'guard_threw' }];
    await one.ledger.commit(commitOf(worker, { deadLetters }));
  });
  after(async () => {
    await started[Symbol.asyncDispose]();
  });

  async function accesses(chain: string) {
    const { rows } = await one.pool.query<{
      seq: string;
      actor: string;
      case_id: string;
      case_seq: number | null;
      subject: string;
      detail: string;
    }>(
      `select seq, actor, case_id, case_seq, subject, detail from audit_entries
       where chain = $1 and action = 'access' order by seq`,
      [chain],
    );
    return rows;
  }
  async function assertWhole(): Promise<void> {
    for await (const { chain, verdict } of verifyAudit(one.pool))
      assert.ok(verdict.ok, `${chain}: ${JSON.stringify(verdict)}`);
  }

  test('shows where a case stands and what it waits for', async () => {
    const view = await front.desk.readCase(staff, caseId);
    assert.ok(view);
    const { waitsFor, deadLetters, createdAt, updatedAt, stateSince, messages, ...rest } = view;
    assert.deepEqual(rest, {
      caseId,
      machine: 'case',
      version: '1',
      status: 'active',
      parkedReason: null,
      state: { journey: 'booking', talk: 'bot' },
      tags: ['waits_for_patient'],
      seq: 1,
      consents: [],
      why: [],
      attention: null,
      trip: null,
    });
    assert.deepEqual(
      messages.map(({ effectId, status, reason }) => [effectId, status, reason]),
      [[retried.effectId, 'waiting', 'provider_busy']],
    );
    assert.deepEqual(waitsFor.timers, [
      { id: 'case/booking/reminder', dueAt: new Date(at + hourMs).toISOString() },
      { id: 'lapse', dueAt: new Date(at + 2 * hourMs).toISOString() },
    ]);
    const [search, send] = waitsFor.effects.toSorted((a, b) => (a.name < b.name ? -1 : 1));
    assert.deepEqual(search, {
      effectId: open.effectId,
      name: 'search',
      status: 'pending',
      attempt: 0,
      reason: null,
      nextTryAt: null,
    });
    assert.ok(send);
    const { nextTryAt, ...waiting } = send;
    assert.deepEqual(waiting, {
      effectId: retried.effectId,
      name: 'send',
      status: 'retry',
      attempt: 1,
      reason: 'provider_busy',
    });
    const inMs = Date.parse(nextTryAt ?? '') - Date.now();
    assert.ok(inMs > hourMs - 60_000 && inMs <= hourMs, `${inMs} ms`);
    assert.equal(waitsFor.pendingEvents, 2);
    assert.deepEqual(
      deadLetters.map(({ subject, reason }) => [subject, reason]),
      [['event-1', 'guard_threw']],
    );
    assert.equal(stateSince, new Date(at).toISOString());
    for (const time of [createdAt, updatedAt, deadLetters[0]?.at ?? ''])
      assert.equal(new Date(time).toISOString(), time);
  });

  test('shows nothing a patient said or is', async () => {
    const told = JSON.stringify([
      await front.desk.readCase(staff, caseId),
      await front.desk.readHistory(staff, caseId, { after: 0, limit: 500 }),
    ]);
    assert.ok(!told.includes(canary) && !told.includes('context'));
  });

  test('shows why a case is parked', async () => {
    const parked = newCaseId();
    await step(parked);
    const reason = 'case 2.0.0 has no migration from 1.0.0';
    await one.ledger.commit(commitOf(worker, { parked: [{ caseId: parked, reason }] }));
    const view = await front.desk.readCase(staff, parked);
    assert.deepEqual([view?.status, view?.parkedReason], ['parked', reason]);
    const { since, ...why } = view?.why[0] ?? assert.fail('It waits for nobody');
    assert.deepEqual(why, {
      actor: null,
      state: 'parked',
      label: 'Parked',
      waitsFor: 'staff',
      reason,
      targetAt: null,
      isOverdue: false,
    });
    assert.equal(since, view?.updatedAt);
    const search = { by: 'reference', reference: parked } as const;
    const { cases } = await front.desk.listCases(staff, { search, after: null, limit: 1 });
    assert.deepEqual(cases[0]?.why, view?.why[0]);
  });

  test('shows a case of a shape that nobody knows', async () => {
    const odd = newCaseId();
    await step(odd, { envelope: JSON.stringify({ timers: null, snapshot: null }) });
    const view = await front.desk.readCase(staff, odd);
    assert.deepEqual([view?.seq, view?.waitsFor.timers, view?.why, view?.trip], [1, [], [], null]);
  });

  test('shows no case that is only waiting to be opened, or that nobody knows', async () => {
    const unopened = newCaseId();
    await one.ledger.append([event(unopened)]);
    for (const id of [unopened, newCaseId()]) {
      assert.equal(await front.desk.readCase(staff, id), null);
      assert.equal(await front.desk.readHistory(staff, id, { after: 0, limit: 1 }), null);
    }
  });

  test('does not show a case whose key is destroyed more than its place', async () => {
    const erased = newCaseId();
    await step(erased, { envelope: JSON.stringify({ timers: [{ id: canary }] }) });
    await one.pool.query('delete from data_keys where case_id = $1', [erased]);
    const view = await front.desk.readCase(staff, erased);
    assert.deepEqual([view?.seq, view?.waitsFor.timers], [1, []]);
  });

  test('shows nothing of a case whose id begins like another’s', async () => {
    const short = newCaseId();
    const longer = `${short}.1`;
    await step(short);
    await step(longer, { effects: [effect(longer)] });
    assert.deepEqual((await front.desk.readCase(staff, short))?.waitsFor.effects, []);
    assert.equal((await front.desk.readCase(staff, longer))?.waitsFor.effects.length, 1);
  });

  test('shows another tenant’s case to nobody, and keeps who asked', async () => {
    const earlier = (await accesses('agency/desk')).length;
    assert.equal(await front.desk.readCase(foreigner, caseId), null);
    assert.equal(await front.desk.readHistory(foreigner, caseId, { after: 0, limit: 10 }), null);
    const asked = (await accesses('agency/desk')).slice(earlier);
    assert.deepEqual(
      asked.map(({ actor, case_id: id, case_seq: seq, subject }) => [actor, id, seq, subject]),
      [
        ['staff-8', caseId, null, 'GET /admin/cases/{caseId}'],
        ['staff-8', caseId, null, 'GET /admin/cases/{caseId}/history'],
      ],
    );
    assert.deepEqual(JSON.parse(asked[0]?.detail ?? ''), { roles: ['support', 'admin'] });
    await assertWhole();
  });

  test('writes an act down by its type', async () => {
    await front.desk.audit(staff, caseId, 'staff.resume');
    assert.equal((await accesses(`${tenant}/desk`)).at(-1)?.subject, 'staff.resume');
  });

  test('writes who asks before it reads', async () => {
    const list = { search: { by: 'tag', tag: 'with-staff' }, after: null, limit: 1 } as const;
    for (const [read, first] of [
      [() => front.desk.readCase(staff, caseId), 'case_view'],
      [() => front.desk.readHistory(staff, caseId, { after: 0, limit: 1 }), 'case_view'],
      [() => front.desk.readConversation(staff, caseId, { limit: 1 }), 'case_view'],
      [() => front.desk.listCases(staff, list), 'cases_by_need'],
    ] as const) {
      front.sent.length = 0;
      assert.ok(await read());
      assert.deepEqual(sentBy(front).slice(0, 3), ['heads_of', 'record_access', first]);
    }
  });

  test('answers nothing when that fails', async (t) => {
    await one.pool.query(
      `alter table audit_entries add constraint refused check (action <> 'access') not valid`,
    );
    t.after(() => one.pool.query('alter table audit_entries drop constraint refused'));
    front.sent.length = 0;
    const refused = { code: '23514' };
    await assert.rejects(front.desk.readCase(staff, caseId), refused);
    await assert.rejects(front.desk.readHistory(staff, caseId, { after: 0, limit: 1 }), refused);
    await assert.rejects(front.desk.readConversation(staff, caseId, { limit: 1 }), refused);
    const list = { search: { by: 'tag', tag: 'with-staff' }, after: null, limit: 1 } as const;
    await assert.rejects(front.desk.listCases(staff, list), refused);
    await assert.rejects(front.desk.audit(staff, caseId, 'staff.close'), refused);
    const auditing = new Set(['heads_of', 'record_access']);
    assert.deepEqual(
      sentBy(front).filter((name) => !auditing.has(name)),
      [],
    );
  });

  test('keeps the trail whole while many read at once, in more than one process', async () => {
    await using second = openDesk(started.url);
    await using third = openDesk(started.url);
    const earlier = (await accesses(`${tenant}/desk`)).length;
    const views = await Promise.all(
      Array.from({ length: 90 }, (_, n) =>
        ([front, second, third][n % 3] as typeof front).desk.readCase(
          { ...staff, subject: `staff-${n}` },
          caseId,
        ),
      ),
    );
    assert.ok(views.every((view) => view?.caseId === caseId));
    const asked = (await accesses(`${tenant}/desk`)).slice(earlier);
    assert.equal(asked.length, 90);
    assert.equal(new Set(asked.map(({ actor }) => actor)).size, 90);
    await assertWhole();
  });

  test('gives a history in pages', async () => {
    const long = newCaseId();
    await step(long, {
      seq: 3,
      history: [
        historyEntry(1, { subject: 'event-a', effects: ['effect-a'] }),
        historyEntry(2, {
          kind: 'timer',
          subject: 'case/reminder',
          type: 'reminder',
          at: at + 1,
        }),
        historyEntry(3, {
          subject: 'event-b',
          disposition: 'ignored',
          reason: 'not_accepted',
          stateBefore: '{"a":{"b":"c"}}',
          stateAfter: '{"a":{"b":"c"}}',
        }),
      ],
    });
    const page = (after: number, limit: number) =>
      front.desk.readHistory(staff, long, { after, limit });
    const all = await page(0, 500);
    assert.deepEqual(all, [
      {
        seq: 1,
        at: new Date(at).toISOString(),
        kind: 'event',
        type: 'message',
        disposition: 'applied',
        reason: null,
        stateBefore: null,
        stateAfter: 'waiting',
        effects: ['effect-a'],
        eventId: 'event-a',
      },
      {
        seq: 2,
        at: new Date(at + 1).toISOString(),
        kind: 'timer',
        type: 'reminder',
        disposition: 'applied',
        reason: null,
        stateBefore: 'waiting',
        stateAfter: 'waiting',
        effects: [],
        eventId: null,
      },
      {
        seq: 3,
        at: new Date(at).toISOString(),
        kind: 'event',
        type: 'message',
        disposition: 'ignored',
        reason: 'not_accepted',
        stateBefore: { a: { b: 'c' } },
        stateAfter: { a: { b: 'c' } },
        effects: [],
        eventId: 'event-b',
      },
    ]);
    assert.deepEqual(await page(0, 2), all.slice(0, 2));
    assert.deepEqual(await page(2, 2), all.slice(2));
    assert.deepEqual(await page(3, 2), []);
  });
});
