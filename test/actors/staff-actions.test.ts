import assert from 'node:assert/strict';
import { suite, test } from 'node:test';

import type { Sending } from '../../actors/kernel/kernel.ts';
import type { Staff, StaffAct } from '../../actors/ports/desk.ts';
import { createStaffActions } from '../../actors/staff/staff-actions.ts';

const staff: Staff = { subject: 'staff-7', tenant: 'clinic', roles: ['support'] };
const act: StaffAct = {
  type: 'staff.close',
  data: { at: '2026-11-23T10:00:00Z', reason: 'asked for it' },
  dedupeKey: 'key-1',
  traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
};

/** What was done, in order, by a kernel that answers `outcome` and a desk that may be broken. */
function acting(outcome?: 'stored' | 'duplicate' | 'conflict' | 'no-case', broken?: Error) {
  const done: unknown[] = [];
  const actions = createStaffActions({
    desk: {
      async audit({ subject, tenant }, caseId, what) {
        if (broken) throw broken;
        done.push(['audit', subject, tenant, caseId, what]);
      },
    },
    kernel: {
      async sendAll(sendings: readonly Sending[]) {
        done.push(...sendings);
        return outcome ? [outcome] : [];
      },
    },
  });
  return { actions, done };
}

suite('an act of staff', () => {
  test('is audited, and then sent to the case as an event', async () => {
    const { actions, done } = acting('stored');
    assert.equal(await actions.act(staff, 'case-1', act), 'stored');
    assert.deepEqual(done, [
      ['audit', 'staff-7', 'clinic', 'case-1', 'staff.close'],
      {
        tenant: 'clinic',
        caseId: 'case-1',
        source: 'staff',
        dedupeKey: 'case-1:key-1',
        event: { type: 'staff.close', ...act.data },
        traceparent: act.traceparent,
      },
    ]);
  });

  test('keeps its type, whatever its data say', async () => {
    const { actions, done } = acting('stored');
    await actions.act(staff, 'case-1', { ...act, data: { type: 'payment.succeeded' } });
    assert.deepEqual((done[1] as Sending).event, { type: 'staff.close' });
  });

  test('never opens a case', async () => {
    const { actions, done } = acting('no-case');
    assert.equal(await actions.act(staff, 'case-1', act), null);
    assert.ok(!('create' in (done[1] as Sending)));
    assert.equal(done.length, 2, 'who tried is in the trail');
  });

  for (const outcome of ['duplicate', 'conflict'] as const) {
    test(`is a duplicate when the ledger says ${outcome}: each try has its own time`, async () => {
      assert.equal(await acting(outcome).actions.act(staff, 'case-1', act), 'duplicate');
    });
  }

  test('has one key for each case', async () => {
    const { actions, done } = acting('stored');
    await actions.act(staff, 'case-1', act);
    await actions.act(staff, 'case-2', act);
    const [, first, , second] = done as Sending[];
    assert.notEqual(first?.dedupeKey, second?.dedupeKey);
  });

  test('is not done when it cannot be audited', async () => {
    const broken = new Error('no database');
    const { actions, done } = acting('stored', broken);
    await assert.rejects(actions.act(staff, 'case-1', act), broken);
    assert.deepEqual(done, []);
  });

  test('fails when the ledger does', async () => {
    const broken = new Error('no database');
    const actions = createStaffActions({
      desk: { audit: async () => undefined },
      kernel: { sendAll: () => Promise.reject(broken) },
    });
    await assert.rejects(actions.act(staff, 'case-1', act), broken);
  });
});
