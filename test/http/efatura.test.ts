import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { suite, test } from 'node:test';

import * as v from 'valibot';

import { eventSchemas } from '../../actors/shapes/events.ts';
import { efaturaDelivery } from '../../http/webhooks/efatura.ts';
import { efaturaSecrets, memorySeen, postWebhook, problemOf, startEdge } from './edge.ts';

const nowMs = 1_795_400_000_000;
const now = () => nowMs;
const update = { invoiceId: 'case-1-b1-i1', status: 'accepted' };

async function post(url: string, body: unknown, secret: string = efaturaSecrets[0]) {
  const bytes = typeof body === 'string' ? body : JSON.stringify(body);
  const signature = `sha256=${createHmac('sha256', secret).update(bytes).digest('hex')}`;
  return await postWebhook(url, 'efatura', bytes, { 'x-signature': signature });
}

suite("An integrator's update", () => {
  test('says what became of an invoice, to its case', () => {
    const at = '2026-11-23T02:00:00+03:00';
    const delivery = efaturaDelivery({ ...update, code: '1300', eventId: 'e-1', at }, nowMs);
    assert.deepEqual(delivery, {
      source: 'efatura',
      dedupeKey: 'e-1',
      type: 'efatura.status.update',
      data: { ...update, code: '1300', at },
      about: { kind: 'case', caseId: 'case-1' },
    });
    assert.ok(v.is(eventSchemas['efatura.status.update'], delivery.data));
  });

  test('has the platform’s words and the integrators’, in any case', () => {
    const said = (status: string) => {
      const { type, data } = efaturaDelivery({ ...update, status }, nowMs);
      return type === 'unknown' ? null : (data as { status: string }).status;
    };
    for (const word of ['approved', 'APPROVED', 'Approved', ' accepted ', 'Accepted'])
      assert.equal(said(word), 'accepted', word);
    for (const word of ['rejected', 'REJECTED', 'Rejected']) assert.equal(said(word), 'rejected');
    assert.deepEqual(['SUBMİTTED', 'ARCHIVED'].map(said), ['submitted', 'archived']);
    assert.deepEqual(efaturaDelivery({ ...update, invoiceId: 5, code: 1300 }, nowMs).about, {
      kind: 'nobody',
      reason: 'invoice of no case',
    });
  });

  test('without an id is known by what it says', () => {
    const keyOf = (changes: Record<string, unknown>) =>
      efaturaDelivery({ ...update, ...changes }, nowMs).dedupeKey;
    assert.equal(keyOf({}), keyOf({ code: null, unread: 1 }));
    const others = [
      { status: 'rejected' },
      { code: '1' },
      { at: '2026-11-23T02:00:00Z' },
      { invoiceId: 'case-1-b1-i2' },
    ];
    assert.equal(new Set([{}, ...others].map(keyOf)).size, 5);
  });

  test('of a status without a word of ours, or of nobody, is parked', () => {
    const parkedAs = (changes: Record<string, unknown>) => {
      const { type, about } = efaturaDelivery({ ...update, ...changes }, nowMs);
      assert.equal(type, 'unknown');
      return about.kind === 'nobody' ? about.reason : null;
    };
    assert.equal(parkedAs({ status: 'lost' }), 'unknown invoice status');
    assert.equal(parkedAs({ status: 'constructor' }), 'unknown invoice status');
    for (const invoiceId of ['INV-1', 'case-1-b1', 'case-1-i1', 'case-1-b1-i0', '-b1-i1']) {
      assert.equal(parkedAs({ invoiceId }), 'invoice of no case', invoiceId);
    }
  });
});

suite('POST /webhooks/efatura', () => {
  test('takes a signed update under each live secret, once', async (t) => {
    const { url, intake } = await startEdge(t, { now, seen: memorySeen() });
    const outcomes = [];
    for (const secret of efaturaSecrets) {
      const response = await post(url, update, secret);
      assert.equal(response.status, 200);
      outcomes.push(await response.json());
    }
    outcomes.push(await (await post(url, { ...update, status: 'lost' })).json());
    assert.deepEqual(outcomes, [{ stored: 1 }, { duplicate: 1 }, { parked: 1 }]);
    assert.equal(intake.received[0]?.type, 'efatura.status.update');
  });

  test('flags an id that says another thing', async (t) => {
    const { url } = await startEdge(t, { now, seen: memorySeen() });
    await post(url, { ...update, eventId: 'e-1' });
    const other = await post(url, { ...update, eventId: 'e-1', status: 'rejected' });
    assert.deepEqual(await other.json(), { conflict: 1 });
  });

  test('answers 401 without detail to what is forged or of a day to come', async (t) => {
    const { url, intake } = await startEdge(t, { now });
    const unsigned = await postWebhook(url, 'efatura', update, {});
    const bare = createHmac('sha256', efaturaSecrets[0]).update(JSON.stringify(update));
    const unnamed = await postWebhook(url, 'efatura', update, {
      'x-signature': bare.digest('hex'),
    });
    const forged = await post(url, update, 'efatura-other');
    const ahead = await post(url, { ...update, at: '2026-11-24T02:13:20.001Z' });
    for (const response of [unsigned, unnamed, forged, ahead]) {
      const { status, code, detail } = await problemOf(response);
      assert.deepEqual([status, code, detail], [401, 'bad_signature', undefined]);
    }
    assert.equal(intake.received.length, 0);
    assert.equal((await post(url, { ...update, at: '2026-11-24T02:13:20.000Z' })).status, 200);
  });

  test('takes a byte order mark before the JSON', async (t) => {
    const { url } = await startEdge(t, { now });
    const answer = await post(url, `\ufeff${JSON.stringify({ ...update, status: 'Approved' })}`);
    assert.deepEqual([answer.status, await answer.json()], [200, { stored: 1 }]);
  });

  test('takes a list, and parks by itself what of it cannot be read', async (t) => {
    const { url, intake } = await startEdge(t, { now });
    const answer = await post(url, [
      null,
      { ...update, status: {} },
      { ...update, at: '2027-11-24T02:13:20.001Z' },
      update,
    ]);
    assert.deepEqual([answer.status, await answer.json()], [200, { parked: 3, stored: 1 }]);
    const reasons = intake.received.map(({ about }) => about.kind === 'nobody' && about.reason);
    assert.deepEqual(reasons, [
      'bad update: value: expected Object',
      'bad update: status: expected string',
      'bad update: at: not acceptable',
      false,
    ]);
  });

  test('answers 400 naming the field', async (t) => {
    const { url } = await startEdge(t, { now });
    const faults: readonly (readonly [unknown, string])[] = [
      [{ status: 'accepted' }, 'invoiceId'],
      [{ ...update, invoiceId: [] }, 'invoiceId'],
      [{ ...update, status: null }, 'status'],
      [{ ...update, code: {} }, 'code'],
      [{ ...update, eventId: '' }, 'eventId'],
      [{ ...update, at: 'yesterday' }, 'at'],
      ['"text"', 'value'],
      [null, 'value'],
    ];
    for (const [body, field] of faults) {
      const { status, detail } = await problemOf(await post(url, body));
      assert.equal(status, 400);
      assert.ok(detail?.startsWith(`${field}: `), detail ?? 'no detail');
    }
    assert.equal((await problemOf(await post(url, '{'))).code, 'malformed_json');
  });
});
