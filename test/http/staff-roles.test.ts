import assert from 'node:assert/strict';
import { suite, test } from 'node:test';

import { staffEventTypes, type StaffEventType } from '../../actors/shapes/staff-events.ts';
import { memoryDesk, problemOf, staffToken, startEdge } from './edge.ts';

const amount = { amountMinor: '100', currency: 'EUR' };
const bookingId = 'case-1-b1';
const buyer = {
  kind: 'company',
  companyName: 'Example GmbH',
  nationality: 'DE',
  residence: 'DE',
  address: { street: 'Hauptstr. 1', district: 'Mitte', city: 'Berlin', country: 'DE' },
};

/** Of each event what its schema needs, and the roles that may tell a case of it. */
const rows: Record<StaffEventType, readonly [body: object, roles: string]> = {
  'staff.took': [{}, 'support clinician admin'],
  'staff.settled': [{ reason: 'urgent' }, 'support clinician admin'],
  'staff.resume': [{}, 'support clinician admin'],
  'staff.reply': [{ text: 'Merhaba' }, 'support clinician admin'],
  'staff.send': [{ document: 'plan.pdf' }, 'support clinician admin'],
  'staff.linked': [{ patientId: 'P-1' }, 'support clinician admin'],
  'staff.askDocument': [{ kind: 'passport' }, 'support clinician admin'],
  'staff.skipImaging': [{}, 'clinician admin'],
  'staff.cleared': [{}, 'clinician admin'],
  'staff.declined': [{}, 'clinician admin'],
  'staff.arrived': [{}, 'support clinician admin'],
  'staff.discharged': [{}, 'support clinician admin'],
  'staff.refunded': [{ bookingId }, 'finance admin'],
  'staff.keep': [{ bookingId }, 'finance admin'],
  'staff.refund': [{ bookingId, amount }, 'finance admin'],
  'staff.quote': [
    { title: 'Hotel', lines: [{ kind: 'accommodation', description: 'Room', gross: amount }] },
    'support finance admin',
  ],
  'staff.billing': [{ buyer }, 'support finance admin'],
  'staff.orderFlights': [{ bookingId, upTo: amount }, 'support finance admin'],
  'staff.ticketed': [
    { bookingId, pnr: 'ZQ4X7K', tickets: ['157-2400000001'] },
    'support finance admin',
  ],
  'staff.close': [{ reason: 'moved' }, 'support clinician admin'],
};

/** What is read under `/admin/cases`, and by whom. */
const reads: Record<string, string> = {
  '/case-1': 'support clinician finance admin',
  '/case-1/history': 'support clinician finance admin',
  '/case-1/conversation': 'support clinician admin',
  '/case-1/review': 'clinician admin',
  '?tag=with-staff': 'support clinician admin',
};

const roles = ['support', 'clinician', 'finance', 'admin', 'patient'];
const allowed = (may: string) => roles.map((role) => may.split(' ').includes(role));
const bearer = async (...of: string[]) => ({
  authorization: `Bearer ${await staffToken({ roles: of })}`,
});

suite('What staff of each role', () => {
  for (const type of staffEventTypes) {
    const [body, may] = rows[type];
    test(`may tell a case: ${type} by ${may}`, async (t) => {
      const desk = memoryDesk();
      const { url } = await startEdge(t, { staffActions: desk });
      const tell = async (headers: { authorization: string }) =>
        fetch(`${url}/admin/cases/case-1/events`, {
          method: 'POST',
          headers: { ...headers, 'content-type': 'application/json' },
          body: JSON.stringify({ type, ...body }),
        });
      const statuses: number[] = [];
      for (const role of roles) statuses.push((await tell(await bearer(role))).status);
      assert.deepEqual(
        statuses,
        allowed(may).map((is) => (is ? 202 : 403)),
      );
      assert.equal(
        (await tell(await bearer(...roles))).status,
        202,
        'one of several roles is enough',
      );
      assert.equal(desk.acts.length, may.split(' ').length + 1, 'nothing of the refused is kept');
    });
  }

  for (const [path, may] of Object.entries(reads)) {
    test(`may read: ${path} by ${may}`, async (t) => {
      const desk = memoryDesk();
      const { url } = await startEdge(t, { desk });
      const statuses: number[] = [];
      for (const role of roles) {
        const headers = await bearer(role);
        statuses.push((await fetch(`${url}/admin/cases${path}`, { headers })).status);
      }
      assert.deepEqual(
        statuses,
        allowed(may).map((is) => (is ? 200 : 403)),
      );
      assert.equal(desk.readers.length, may.split(' ').length, 'the desk was not even asked');
    });
  }

  test('may not learn what is wrong with an act that is not theirs', async (t) => {
    const { url } = await startEdge(t);
    const response = await fetch(`${url}/admin/cases/case-1/events`, {
      method: 'POST',
      headers: { ...(await bearer('clinician')), 'content-type': 'application/json' },
      body: JSON.stringify({ type: 'staff.refund' }),
    });
    const { status, code } = await problemOf(response);
    assert.deepEqual([status, code], [403, 'forbidden']);
  });

  test('is named by the token of who takes a case, whatever the body says', async (t) => {
    const desk = memoryDesk();
    const { url } = await startEdge(t, { staffActions: desk });
    const response = await fetch(`${url}/admin/cases/case-1/events`, {
      method: 'POST',
      headers: { ...(await bearer('support')), 'content-type': 'application/json' },
      body: JSON.stringify({ type: 'staff.took', by: 'somebody else' }),
    });
    assert.equal(response.status, 202);
    assert.deepEqual({ ...desk.acts[0]?.data, at: null }, { by: 'staff-1', at: null });
  });

  test('may name the booking or the invoice that a case should go on with', async (t) => {
    const desk = memoryDesk();
    const { url } = await startEdge(t, { staffActions: desk });
    const named = { bookingId, invoiceId: 'case-1-b1-i1' };
    const response = await fetch(`${url}/admin/cases/case-1/events`, {
      method: 'POST',
      headers: { ...(await bearer('support')), 'content-type': 'application/json' },
      body: JSON.stringify({ type: 'staff.resume', ...named }),
    });
    assert.equal(response.status, 202);
    const [act] = desk.acts;
    assert.ok(act);
    assert.deepEqual({ ...act.data, at: null }, { ...named, by: 'staff-1', at: null });
  });
});
