import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { after, before, suite, test } from 'node:test';

import { Unstorable } from '../../actors/kernel/errors.ts';
import type { NewEvent } from '../../actors/kernel/ports.ts';
import { query } from '../support/postgres.ts';
import { testDatabase } from '../support/services.ts';
import { event, newCaseId, openLedger, type LedgerProcess } from './ledger-fixture.ts';

const withBody = (original: NewEvent, body: string): NewEvent => ({
  ...original,
  body,
  content: body,
});

suite('appending to the ledger', { timeout: 120_000 }, () => {
  let database: Awaited<ReturnType<typeof testDatabase>>;
  let one: LedgerProcess;
  before(async () => {
    database = await testDatabase();
    // PostgreSQL looks for deadlocks after a second, and here they are made on purpose.
    const name = new URL(database.url).pathname.slice(1);
    await query(database.url, `alter database ${name} set deadlock_timeout = '20ms'`);
    one = openLedger(database.url);
  });
  after(async () => {
    await one[Symbol.asyncDispose]();
    await database[Symbol.asyncDispose]();
  });

  const outcomes = async (events: Parameters<typeof one.ledger.append>[0], by = one) =>
    (await by.ledger.append(events)).map(({ outcome }) => outcome);
  const conflictsOf = async (eventId: string | null) =>
    (await one.pool.query('select from event_conflicts where event_id = $1', [eventId])).rowCount;
  const keysOf = async (caseId: string) =>
    (await one.pool.query('select from data_keys where case_id = $1', [caseId])).rowCount;

  test('stores an event once, and gives it back as it was', async () => {
    const caseId = newCaseId();
    const first = event(caseId, {
      body: JSON.stringify({ event: { type: 'message', text: 'Zürih’ten İstanbul’a ✈' } }),
      traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
    });
    const [stored] = await one.ledger.append([first]);
    const again = await one.ledger.append([first]);
    assert.equal(stored?.outcome, 'stored');
    assert.deepEqual(again, [{ outcome: 'duplicate', eventId: stored.eventId }]);
    const [pending, ...rest] = await one.ledger.pending([caseId], 10, []);
    assert.deepEqual(rest, []);
    assert.ok(pending);
    const { body, type, eventId, tenant, traceparent, receivedAt } = pending;
    assert.deepEqual(
      { body, type, eventId, tenant, traceparent },
      {
        body: first.body,
        type: 'message',
        eventId: stored.eventId,
        tenant: first.tenant,
        traceparent: first.traceparent,
      },
    );
    assert.ok(Number.isInteger(receivedAt) && Math.abs(receivedAt - Date.now()) < 60_000);
    assert.equal(await conflictsOf(stored.eventId), 0);
  });

  test('flags the same key with another body, once', async () => {
    const caseId = newCaseId();
    const first = event(caseId);
    const [stored] = await one.ledger.append([first]);
    const other = withBody(first, '{"event":{"type":"other"}}');
    for (let times = 0; times < 3; times++) {
      assert.deepEqual(await one.ledger.append([other]), [
        { outcome: 'conflict', eventId: stored?.eventId },
      ]);
    }
    assert.equal(await conflictsOf(stored?.eventId ?? null), 1);
    await one.ledger.append([withBody(first, '{"event":{"type":"third"}}')]);
    assert.equal(await conflictsOf(stored?.eventId ?? null), 2);
    assert.equal((await one.ledger.pending([caseId], 10, [])).length, 1);
  });

  test('compares the event, and neither its case nor what would open it', async () => {
    const [first, again] = [newCaseId(), newCaseId()];
    const content = '{"type":"message"}';
    const opening = event(first, { body: `{"create":{},"event":${content}}`, content });
    const [stored] = await one.ledger.append([opening]);
    const later = { ...opening, caseId: again, body: `{"event":${content}}` };
    assert.deepEqual(await one.ledger.append([later]), [
      { outcome: 'duplicate', eventId: stored?.eventId },
    ]);
  });

  test('sees a key that stands twice in one batch, with the same body or another', async () => {
    const caseId = newCaseId();
    const [same, other] = [event(caseId), event(caseId)];
    const appended = await one.ledger.append([
      same,
      other,
      same,
      withBody(other, '{"event":{"type":"other"}}'),
    ]);
    assert.deepEqual(
      appended.map(({ outcome }) => outcome),
      ['stored', 'stored', 'duplicate', 'conflict'],
    );
    assert.equal(appended[2]?.eventId, appended[0]?.eventId);
    assert.equal(appended[3]?.eventId, appended[1]?.eventId);
    assert.equal(await conflictsOf(appended[1]?.eventId ?? null), 1);
    assert.equal((await one.ledger.pending([caseId], 10, [])).length, 2);
  });

  test('gives a body back the same, whether it is still in memory or not', async () => {
    const caseId = newCaseId();
    const bodies = ['{"event":{"type":"a"}}', '{"event":{"type":"b"}}'];
    const appended = await one.ledger.append(bodies.map((body) => event(caseId, { body })));
    const ids = appended.map(({ eventId }) => eventId as string);
    await using fresh = openLedger(database.url);
    // What is announced may also be the id of an effect or a case, or nothing of ours.
    for (const expected of [[], ids, ids.slice(1), [...ids, caseId, `${caseId}.1.0`, '']]) {
      for (const { ledger } of [one, fresh]) {
        const pending = await ledger.pending([caseId], 10, expected);
        assert.deepEqual(
          pending.map(({ eventId, body }) => ({ eventId, body })),
          bodies.map((body, i) => ({ eventId: ids[i], body })),
        );
      }
    }
  });

  test('keeps keys of one tenant and source apart from those of others', async () => {
    const dedupeKey = 'wamid.1';
    const cases = [newCaseId(), newCaseId(), newCaseId()] as const;
    const stored = await outcomes([
      event(cases[0], { dedupeKey }),
      event(cases[1], { dedupeKey, tenant: 'agency' }),
      event(cases[2], { dedupeKey, source: 'other' }),
    ]);
    assert.deepEqual(stored, ['stored', 'stored', 'stored']);
  });

  test('stores nothing for a case that does not exist, or that is another tenant’s', async () => {
    const [known, unknown] = [newCaseId(), newCaseId()];
    await one.ledger.append([event(known)]);
    const strangers = [
      event(unknown, { opens: false }),
      event(known, { tenant: 'agency', opens: false }),
      event(known, { tenant: 'agency' }),
    ];
    // A process that knows the case's key, and one that knows nothing yet.
    await using other = openLedger(database.url);
    for (const process of [one, other]) {
      assert.deepEqual(await process.ledger.append(strangers), [
        { outcome: 'no-case', eventId: null },
        { outcome: 'no-case', eventId: null },
        { outcome: 'no-case', eventId: null },
      ]);
    }
    assert.equal((await one.ledger.pending([known, unknown], 10, [])).length, 1);
    assert.equal(await keysOf(unknown), 0);
  });

  test('stores what is good beside what is not', async () => {
    const [good, unknown] = [newCaseId(), newCaseId()];
    const events = [event(unknown, { opens: false }), event(good), event(good, { opens: false })];
    assert.deepEqual(await outcomes(events), ['no-case', 'stored', 'stored']);
  });

  test('brings no key for a case whose only event came before', async () => {
    const [over, renewed] = [newCaseId(), newCaseId()];
    const first = event(over);
    await one.ledger.append([first]);
    const [again] = await one.ledger.append([{ ...first, caseId: renewed }]);
    assert.notEqual(again?.outcome, 'stored');
    assert.equal(await keysOf(renewed), 0);
  });

  test('keeps a batch in the order given', async () => {
    const cases = Array.from({ length: 7 }, newCaseId);
    const bodies = Array.from({ length: 1_000 }, (_, i) => `{"event":{"type":"message","i":${i}}}`);
    await one.ledger.append(
      bodies.map((body, i) => event(cases[i % cases.length] as string, { body })),
    );
    const pending = await one.ledger.pending(cases, 1_000, []);
    assert.deepEqual(
      pending.map(({ body }) => body),
      bodies,
    );
    const positions = pending.map(({ position }) => position);
    assert.ok(positions.every((position, i) => i === 0 || position > (positions[i - 1] as bigint)));
  });

  test('answers at most as many pending events of a case as asked, oldest first', async () => {
    const cases = [newCaseId(), newCaseId()] as const;
    const events = [1, 2, 3, 4].map((n) => event(cases[n % 2 ? 0 : 1], { type: `n${n}` }));
    await one.ledger.append(events);
    const types = async (limit: number) =>
      (await one.ledger.pending(cases, limit, [])).map(({ type }) => type);
    assert.deepEqual(await types(1), ['n1', 'n2']);
    assert.deepEqual(await types(9), ['n1', 'n2', 'n3', 'n4']);
  });

  test('lets two processes open one case at the same time: one key wins, and both events are readable', async () => {
    await using two = openLedger(database.url);
    for (let times = 0; times < 60; times++) {
      const caseId = newCaseId();
      // Other cases before and behind, in opposite orders, for the deadlock there might be.
      const others = [newCaseId(), newCaseId()];
      const events = [one, two].map(() => [...others, caseId].map((id) => event(id)));
      const stored = await Promise.all([
        outcomes(events[0] ?? [], one),
        outcomes((events[1] ?? []).toReversed(), two),
      ]);
      assert.deepEqual(stored.flat(), Array(6).fill('stored'));
      assert.equal(await keysOf(caseId), 1);
      for (const { ledger } of [one, two]) {
        assert.equal((await ledger.pending([caseId], 10, [])).length, 2);
      }
    }
  });

  test('lets two processes store the same events at the same time, in whatever order: each is stored once', async () => {
    await using two = openLedger(database.url);
    for (let times = 0; times < 100; times++) {
      const caseId = newCaseId();
      const events = Array.from({ length: 5 }, () => event(caseId));
      const differing = events.map((one, i) =>
        i === 2 ? withBody(one, '{"event":{"type":"other"}}') : one,
      );
      const second = differing.toReversed();
      const [first, last] = await Promise.all([
        one.ledger.append(events),
        two.ledger.append(second),
      ]);
      const ids = last.toReversed().map(({ eventId }) => eventId);
      assert.deepEqual(
        first.map(({ eventId }) => eventId),
        ids,
      );
      const all = [...first, ...last].map(({ outcome }) => outcome);
      assert.equal(all.filter((outcome) => outcome === 'stored').length, 5);
      assert.equal(all.filter((outcome) => outcome === 'conflict').length, 1);
      assert.equal((await one.ledger.pending([caseId], 10, [])).length, 5);
      assert.equal(await conflictsOf(ids[2] as string), 1);
    }
  });

  test('stores nothing for an erased case, and nothing of it can be read', async () => {
    await using two = openLedger(database.url);
    const [erased, alive] = [newCaseId(), newCaseId()];
    await one.ledger.append([event(erased), event(alive)]);
    await one.pool.query('delete from data_keys where case_id = $1', [erased]);
    // Whether it remembers the key or not.
    for (const process of [one, two]) {
      const answer = await outcomes([event(erased, { opens: false }), event(alive)], process);
      assert.deepEqual(answer, ['no-case', 'stored']);
      const pending = await process.ledger.pending([erased, alive], 10, []);
      assert.ok(pending.length > 0 && pending.every(({ caseId }) => caseId === alive));
    }
  });

  test('refuses a batch whole when PostgreSQL cannot store a part of it', async () => {
    const caseId = newCaseId();
    await assert.rejects(
      one.ledger.append([event(caseId), event(caseId, { type: 'a\0b' })]),
      Unstorable,
    );
    await assert.rejects(
      // Too long for the index, however well it is compressed.
      one.ledger.append([
        event(caseId),
        event(caseId, { dedupeKey: randomBytes(20_000).toString('hex') }),
      ]),
    );
    assert.deepEqual(await one.ledger.pending([caseId], 10, []), []);
    assert.deepEqual(await one.ledger.append([]), []);
  });
});
