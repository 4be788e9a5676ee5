import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, suite, test } from 'node:test';

import type { OutboxEntry, OutwardStreams, TrimBounds } from '../../actors/ports/outbox.ts';
import { createOutwardStreams } from '../../streams/outward.ts';
import { redisServer, type TestRedis } from './redis-fixture.ts';

type Told = OutboxEntry & { readonly data: string };

const dayMs = 24 * 60 * 60 * 1_000;
const bounds: TrimBounds = { keptMs: 7 * dayMs, heldMs: 30 * dayMs, maxEntries: 1_000 };
const now = 1_795_424_461_789;

suite('outward streams', { timeout: 60_000 }, () => {
  let there: TestRedis;
  let streams: OutwardStreams;
  const troubles: unknown[] = [];
  before(async () => {
    there = await redisServer();
    streams = createOutwardStreams({
      redis: there.redis,
      schemaVersion: 1,
      onTrouble: (_, error) => void troubles.push(error),
    });
  });
  after(() => there[Symbol.asyncDispose]());

  const newStream = () => `news-${randomUUID()}`;
  const entry = (stream: string, more: Partial<Told> = {}): Told => ({
    position: 1n,
    id: randomUUID(),
    stream,
    type: stream,
    source: 'edge',
    tenant: 'clinic',
    time: '2026-11-30T12:00:00.000Z',
    traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
    data: '{"n":1}',
    ...more,
  });
  /** An entry as old as a test wants it. */
  const added = (stream: string, daysOld: number, count = 0) =>
    there.redis.xadd(stream, `${now - daysOld * dayMs}-${count}`, 'id', 'x');
  const agesIn = async (stream: string) =>
    (await there.redis.xrange(stream, '-', '+')).map(
      ([id]) => (now - Number(id.split('-')[0])) / dayMs,
    );
  const read = (stream: string, group: string, count: number) =>
    there.redis.xreadgroup('GROUP', group, 'one', 'COUNT', count, 'STREAMS', stream, '>');

  test('give each entry its envelope as fields, and its data as JSON text', async () => {
    const stream = newStream();
    const told = entry(stream);
    const [id] = await streams.add([told]);
    const [[entryId, fields] = ['', []]] = await there.redis.xrange(stream, '-', '+');
    assert.equal(entryId, id);
    const pairs = Object.fromEntries(
      fields.flatMap((name, i) => (i % 2 === 0 ? [[name, fields[i + 1]]] : [])),
    );
    const { position: _, stream: __, ...envelope } = told;
    assert.deepEqual(pairs, { ...envelope, schemaVersion: '1' });
  });

  test('give what no request caused the same trace each time', async () => {
    const stream = newStream();
    const told = entry(stream, { traceparent: null });
    await streams.add([told]);
    await streams.add([told]);
    const traces = (await there.redis.xrange(stream, '-', '+')).map(
      ([, fields]) => fields[fields.indexOf('traceparent') + 1],
    );
    assert.match(traces[0] ?? '', /^00-[0-9a-f]{32}-[0-9a-f]{16}-00$/);
    assert.equal(traces[0], traces[1]);
  });

  test('a key of another kind in the place of one stream takes nothing, and the others do', async () => {
    const [taken, free] = [newStream(), newStream()];
    await there.redis.set(taken, 'something else');
    const ids = await streams.add([entry(taken), entry(free), entry(taken)]);
    assert.deepEqual(
      ids.map((id) => id !== null),
      [false, true, false],
    );
    assert.equal(troubles.length, 1);
  });

  test('answer the last entry, trimmed or not, and none for what is not there', async () => {
    const stream = newStream();
    const [, id] = await streams.add([entry(stream), entry(stream)]);
    await there.redis.xtrim(stream, 'MAXLEN', 0);
    const absent = newStream();
    assert.deepEqual(
      [...(await streams.lastIds([stream, absent]))],
      [
        [stream, id],
        [absent, '0-0'],
      ],
    );
  });

  test('lose by time what nobody reads, and nothing else', async () => {
    const stream = newStream();
    for (const age of [40, 8, 6, 0]) await added(stream, age);
    const [found] = await streams.trim([stream], bounds, now);
    assert.deepEqual(await agesIn(stream), [6, 0]);
    assert.deepEqual(found, { stream, length: 2, unacknowledgedMs: 0, dropped: 0 });
  });

  test('keep what a group has not acknowledged, read or not, and say how long it waits', async () => {
    for (const isRead of [true, false]) {
      const stream = newStream();
      for (const age of [20, 19, 8, 6]) await added(stream, age);
      await there.redis.xgroup('CREATE', stream, 'slow', '0');
      await there.redis.xgroup('CREATE', stream, 'quick', '0');
      await read(stream, 'quick', 10);
      for (const [id] of await there.redis.xrange(stream, '-', '+'))
        await there.redis.xack(stream, 'quick', id);
      const [first] = await there.redis.xrange(stream, '-', '+');
      await read(stream, 'slow', isRead ? 10 : 1);
      await there.redis.xack(stream, 'slow', first?.[0] ?? '');
      const [found] = await streams.trim([stream], bounds, now);
      assert.deepEqual(await agesIn(stream), [19, 8, 6], `read: ${isRead}`);
      assert.deepEqual(found, { stream, length: 3, unacknowledgedMs: 19 * dayMs, dropped: 0 });
    }
  });

  test('let go by time what a group has acknowledged, up to the last entry', async () => {
    const stream = newStream();
    for (const age of [20, 8]) await added(stream, age);
    await there.redis.xgroup('CREATE', stream, 'group', '0');
    await read(stream, 'group', 10);
    for (const [id] of await there.redis.xrange(stream, '-', '+'))
      await there.redis.xack(stream, 'group', id);
    const [found] = await streams.trim([stream], bounds, now);
    assert.deepEqual(await agesIn(stream), []);
    assert.deepEqual(found, { stream, length: 0, unacknowledgedMs: 0, dropped: 0 });
  });

  test('are held back up to the bound by whoever does not acknowledge; then the oldest go, and are counted', async () => {
    const stream = newStream();
    for (const age of [40, 31, 29, 1]) await added(stream, age);
    await there.redis.xgroup('CREATE', stream, 'dead', '0');
    const [found] = await streams.trim([stream], bounds, now);
    assert.deepEqual(await agesIn(stream), [29, 1]);
    assert.deepEqual(found, { stream, length: 2, unacknowledgedMs: 29 * dayMs, dropped: 2 });
  });

  test('have no more entries than the bound, of which those count that a group still needed', async () => {
    const stream = newStream();
    for (let n = 0; n < 1_010; n++) await added(stream, 0, n);
    await there.redis.xgroup('CREATE', stream, 'group', '0');
    await read(stream, 'group', 4);
    for (const [id] of await there.redis.xrange(stream, '-', '+', 'COUNT', 4))
      await there.redis.xack(stream, 'group', id);
    const [found] = await streams.trim([stream], bounds, now);
    assert.deepEqual(found, { stream, length: 1_000, unacknowledgedMs: 0, dropped: 6 });
  });

  test('are not made by being looked at', async () => {
    const stream = newStream();
    assert.deepEqual(await streams.trim([stream], bounds, now), []);
    assert.equal(await there.redis.exists(stream), 0);
  });
});
