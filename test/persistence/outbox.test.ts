import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, suite, test } from 'node:test';

import { Redis } from 'ioredis';

import type { NewPublication } from '../../actors/kernel/ports.ts';
import { syncPublication } from '../../actors/outward/publications.ts';
import { createPublisher, type PublisherOptions } from '../../actors/outward/publisher.ts';
import type { Outbox, OutwardStreams } from '../../actors/ports/outbox.ts';
import { createDataKeys } from '../../persistence/encryption/data-keys.ts';
import { createLocalKeyring } from '../../persistence/encryption/keyring.ts';
import { createOutbox } from '../../persistence/ledger/outbox.ts';
import { createOutwardStreams } from '../../streams/outward.ts';
import { withServices } from '../support/services.ts';
import { waitUntil } from '../support/wait.ts';
import { event, newCaseId, openLedger, rootKey, type LedgerProcess } from './ledger-fixture.ts';

const hourMs = 60 * 60 * 1_000;

suite('what the world outside is told', { timeout: 120_000 }, () => {
  const there = withServices();
  let one: LedgerProcess;
  let outbox: Outbox;
  let redis: Redis;
  before(async () => {
    one = openLedger(there.databaseUrl);
    const keys = createDataKeys(one.pool, createLocalKeyring([rootKey]));
    outbox = createOutbox({ pool: one.pool, keys });
    redis = new Redis(there.redisUrl);
    redis.on('error', () => {});
  });
  after(async () => {
    redis.disconnect();
    await one[Symbol.asyncDispose]();
  });

  const newStream = () => `news-${randomUUID()}`;
  const told = (stream: string, n: number): NewPublication => ({
    stream,
    type: 'news',
    source: 'edge',
    data: { n },
    isPersonal: true,
  });
  const say = (stream: string, caseId: string, from: number, to: number) =>
    one.ledger.append(
      Array.from({ length: to - from }, (_, i) =>
        event(caseId, { publication: told(stream, from + i) }),
      ),
    );
  const heard = async (stream: string) =>
    (await redis.xrange(stream, '-', '+')).map(([, fields]) => ({
      id: fields[fields.indexOf('id') + 1],
      n: (JSON.parse(fields[fields.indexOf('data') + 1] ?? '{}') as { n: number }).n,
    }));
  const numbers = async (stream: string) => (await heard(stream)).map(({ n }) => n);

  const outwardStreams = (hears: (error: unknown) => void = () => undefined): OutwardStreams =>
    createOutwardStreams({ redis, schemaVersion: 1, onTrouble: (_, error) => hears(error) });

  /** A publisher that runs until the block is left. */
  function publishing(names: readonly string[], more: Partial<PublisherOptions> = {}) {
    const ending = new AbortController();
    const troubles: unknown[] = [];
    const publisher = createPublisher({
      owner: randomUUID(),
      outbox,
      streams: outwardStreams((error) => void troubles.push(error)),
      names,
      bounds: { keptMs: hourMs, heldMs: hourMs, maxEntries: 10_000 },
      outboxKeptMs: hourMs,
      now: Date.now,
      random: () => 0,
      onTrouble: (_, error) => void troubles.push(error),
      onTrimmed: () => undefined,
      ...more,
    });
    const running = publisher.run(ending.signal);
    return {
      tidy: publisher.tidy,
      troubles,
      async [Symbol.asyncDispose]() {
        ending.abort();
        await running;
      },
    };
  }
  const until = (stream: string, expected: readonly number[]) =>
    waitUntil(async () => (await heard(stream)).length >= expected.length, {
      what: `${expected.length} entries`,
      timeoutMs: 30_000,
    });

  test('is on its stream once, in the order of its case, under the id of the event', async () => {
    const stream = newStream();
    const caseId = newCaseId();
    const stored = await say(stream, caseId, 0, 20);
    await say(stream, caseId, 20, 40);
    await using _ = publishing([stream]);
    const expected = Array.from({ length: 40 }, (__, n) => n);
    await until(stream, expected);
    assert.deepEqual(await numbers(stream), expected);
    assert.deepEqual(
      (await heard(stream)).slice(0, 20).map(({ id }) => id),
      stored.map(({ eventId }) => eventId),
    );
  });

  test('is not told for an event that was stored before, or not at all', async () => {
    const stream = newStream();
    const caseId = newCaseId();
    const first = event(caseId, { publication: told(stream, 1) });
    await one.ledger.append([first]);
    await one.ledger.append([first]);
    const nobody = event(newCaseId(), { opens: false, publication: told(stream, 2) });
    await one.ledger.append([nobody]);
    const { rows } = await one.pool.query('select 1 from outbox where stream = $1', [stream]);
    assert.equal(rows.length, 1);
  });

  test('comes again under the same id when the publisher dies between the stream and the mark', async () => {
    const stream = newStream();
    await say(stream, newCaseId(), 0, 3);
    {
      let deaths = 0;
      const streams = outwardStreams();
      const add: OutwardStreams['add'] = async (entries) => {
        const added = await streams.add(entries);
        if (deaths++ === 0) throw new Error('Killed');
        return added;
      };
      await using _ = publishing([stream], { streams: { ...streams, add } });
      await until(stream, [0, 1, 2, 0, 1, 2]);
    }
    const all = await heard(stream);
    assert.deepEqual(
      all.map(({ n }) => n),
      [0, 1, 2, 0, 1, 2],
    );
    assert.deepEqual(all.slice(0, 3), all.slice(3));
  });

  test('comes again when Redis lost it, in order and before what is new', async () => {
    const stream = newStream();
    const caseId = newCaseId();
    await say(stream, caseId, 0, 3);
    await using _ = publishing([stream]);
    await until(stream, [0, 1, 2]);
    await waitUntil(async () => (await outbox.newest()).has(stream), {
      what: 'the mark',
      timeoutMs: 10_000,
    });
    await redis.flushall();
    await say(stream, caseId, 3, 5);
    await until(stream, [0, 1, 2, 3, 4]);
    assert.deepEqual(await numbers(stream), [0, 1, 2, 3, 4]);
  });

  test('is found missing by tidying, too, where nothing new is said', async () => {
    const stream = newStream();
    await say(stream, newCaseId(), 0, 2);
    await using publisher = publishing([stream]);
    await until(stream, [0, 1]);
    await waitUntil(async () => (await outbox.newest()).has(stream), {
      what: 'the mark',
      timeoutMs: 10_000,
    });
    await redis.del(stream);
    await waitUntil(
      async () => {
        await publisher.tidy();
        return (await heard(stream)).length === 2;
      },
      { what: 'the entries', timeoutMs: 20_000 },
    );
  });

  test('waits while its stream takes nothing, and holds up no other', async () => {
    const [taken, free] = [newStream(), newStream()];
    const caseId = newCaseId();
    await redis.set(taken, 'something else');
    await say(taken, caseId, 0, 2);
    await say(free, caseId, 0, 2);
    let time = 0;
    await using _ = publishing([taken, free], { now: () => time });
    await until(free, [0, 1]);
    await redis.del(taken);
    time += hourMs;
    await until(taken, [0, 1]);
    assert.deepEqual(await numbers(taken), [0, 1]);
    assert.deepEqual(await numbers(free), [0, 1]);
  });

  test('is encrypted while it waits, and never told once its case is erased', async () => {
    const [stream, other] = [newStream(), newStream()];
    const [erased, alive] = [newCaseId(), newCaseId()];
    await say(stream, erased, 0, 1);
    const { rows } = await one.pool.query<{ body: string | null }>(
      'select body from outbox where stream = $1',
      [stream],
    );
    assert.deepEqual(rows, [{ body: null }]);
    await one.pool.query('delete from data_keys where case_id = $1', [erased]);
    await say(other, alive, 0, 1);
    await using _ = publishing([stream, other]);
    await until(other, [0]);
    assert.deepEqual(await heard(stream), []);
    // What was told is forgotten a moment after it was.
    await waitUntil(async () => (await outbox.waiting(10, [])).length === 0, {
      what: 'nothing to be left',
    });
  });

  test('is published by one process at a time', async () => {
    const [owner, other] = [randomUUID(), randomUUID()];
    assert.equal(await outbox.hold(owner, hourMs), true);
    assert.equal(await outbox.hold(other, hourMs), false);
    assert.equal(await outbox.hold(owner, hourMs), true);
    await outbox.release(owner);
    assert.equal(await outbox.hold(other, hourMs), true);
    await outbox.release(other);
  });

  test('is forgotten some time after it was published, and not before', async () => {
    const stream = newStream();
    await say(stream, newCaseId(), 0, 1);
    const [waiting] = await outbox.waiting(10, []);
    assert.equal((await outbox.forget(0, 10_000)) >= 0, true);
    assert.equal((await outbox.waiting(10, [])).length, 1, 'it waits');
    await outbox.published([{ position: waiting?.position ?? 0n, entryId: '5-0' }]);
    assert.equal(await outbox.forget(hourMs, 10), 0);
    assert.equal(await outbox.forget(0, 10), 1);
  });

  test('may come from no case: the catalogue’s sync has its stream', async () => {
    const sync = syncPublication(
      { id: 'sync-1', tenant: 'clinic' },
      { providers: [{ id: 'ushas-17' }], timestamp: '2026-11-30T12:00:00.000Z' },
    );
    await outbox.add([sync]);
    await using _ = publishing(['ushas.sync.completed']);
    await waitUntil(async () => (await redis.xlen('ushas.sync.completed')) > 0, {
      what: 'the entry',
      timeoutMs: 10_000,
    });
    const [[, fields] = ['', []]] = await redis.xrange('ushas.sync.completed', '-', '+');
    assert.equal(
      fields[fields.indexOf('data') + 1],
      '{"providers":[{"id":"ushas-17"}],"timestamp":"2026-11-30T12:00:00.000Z"}',
    );
  });
});
