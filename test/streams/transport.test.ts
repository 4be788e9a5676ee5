import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';

import { SCHEMA_VERSION } from '../../actors/shapes/events.ts';
import { streamOf } from '../../streams/entries.ts';
import { waitUntil } from '../support/wait.ts';
import {
  announced,
  announcement,
  connected,
  never,
  newTopic,
  redisServer,
  subscriptionTo,
  type TestRedis,
  type TestTransport,
} from './redis-fixture.ts';

suite('the transport', { timeout: 60_000 }, () => {
  let there: TestRedis;
  let transport: TestTransport;
  before(async () => {
    there = await redisServer();
    transport = await connected(there.server.url);
  });
  after(async () => {
    await transport[Symbol.asyncDispose]();
    await there[Symbol.asyncDispose]();
  });

  const pendingOf = async (stream: string, group = 'cases') =>
    ((await there.redis.xpending(stream, group)) as [number])[0];

  test('hands over what was announced, once to a group, until it is acknowledged', async () => {
    const topic = newTopic();
    const stream = streamOf(topic, 0);
    const all = [
      announcement(topic, {
        traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
      }),
      announcement(topic, { type: 'Nachricht ✈', tenant: 'Ünal' }),
    ];
    assert.equal(await transport.announce(all), true);
    const received = await transport.read(subscriptionTo(topic), 1_000, never);
    assert.deepEqual(received.map(announced), all);
    assert.ok(received.every((one) => one.stream === stream));
    assert.equal(await pendingOf(stream), 2);
    for (const consumer of ['worker', 'other']) {
      assert.deepEqual(await transport.read(subscriptionTo(topic, { consumer }), 1, never), []);
    }
    const elsewhere = await transport.read(
      subscriptionTo(topic, { group: 'performers' }),
      1,
      never,
    );
    assert.deepEqual(elsewhere.map(announced), all);
    await transport.ack('cases', received);
    assert.equal(await pendingOf(stream), 0);
    assert.equal(await pendingOf(stream, 'performers'), 2);
    await transport.ack('cases', received);
    await transport.ack('cases', []);
    assert.deepEqual(transport.trouble, []);
  });

  test('reads topics and partitions together, each in its order, at most as many as asked', async () => {
    const topics = [newTopic(), newTopic()];
    const all = topics.flatMap((topic) =>
      [0, 1, 2].flatMap((partition) =>
        [1, 2, 3].map((n) => announcement(topic, { partition, id: `${topic} ${partition} ${n}` })),
      ),
    );
    assert.equal(await transport.announce(all), true);
    const subscription = subscriptionTo('', { topics, partitions: [0, 2] });
    const some = await transport.read({ ...subscription, limit: 1 }, 1_000, never);
    assert.equal(some.length, 4); // One of each stream: COUNT is by stream.
    const received = [...some, ...(await transport.read(subscription, 1_000, never))];
    const wanted = all.filter(({ partition }) => partition !== 1);
    assert.equal(received.length, wanted.length);
    for (const { topic, partition } of wanted) {
      const ids = received
        .filter((one) => one.topic === topic && one.partition === partition)
        .map(({ id }) => id);
      assert.deepEqual(
        ids,
        [1, 2, 3].map((n) => `${topic} ${partition} ${n}`),
      );
    }
    const [left] = topics;
    assert.equal(
      (await transport.read(subscriptionTo(left ?? '', { partitions: [1] }), 1_000, never)).length,
      3,
    );
  });

  test('waits for what is yet to come, and finds what came before the group', async () => {
    const topic = newTopic();
    const reading = transport.read(subscriptionTo(topic), 1_000, never);
    await waitUntil(() => there.redis.exists(streamOf(topic, 0)), { what: 'the group' });
    await transport.announce([announcement(topic)]);
    assert.equal((await reading).length, 1);
    const early = newTopic();
    await transport.announce([announcement(early)]);
    assert.equal((await transport.read(subscriptionTo(early), 1_000, never)).length, 1);
  });

  test('acknowledges and reports what is not ours, without its content', async () => {
    const topic = newTopic();
    const stream = streamOf(topic, 0);
    const fields = [
      'v',
      String(SCHEMA_VERSION),
      'id',
      'x',
      'type',
      'x',
      'tenant',
      'x',
      'caseId',
      'x',
    ];
    const foreign = [
      ['secret-canary', 'x'],
      [...fields.slice(0, -1), 'c'.repeat(101)],
      ['v', String(SCHEMA_VERSION + 1), ...fields.slice(2)],
      fields.slice(0, -2),
      ['__proto__', 'polluted'],
      [...fields, 'trace', 'secret-canary'.repeat(20)],
    ];
    for (const entry of foreign) await there.redis.xadd(stream, '*', ...entry);
    const good = announcement(topic);
    await transport.announce([good]);
    const received = await transport.read(subscriptionTo(topic), 1_000, never);
    assert.deepEqual(received.map(announced), [good]);
    assert.equal(await pendingOf(stream), 1);
    assert.equal(transport.trouble.length, foreign.length);
    for (const { where, error } of transport.trouble.splice(0)) {
      assert.equal(where, 'streams');
      assert.match(String(error), /^TypeError: Entry \d+-\d+ of topic-\S+ is not an announcement$/);
    }
    const more = await there.redis.xadd(stream, '*', ...fields, 'more', 'x'); // A field of a later version of ours.
    assert.equal((await transport.read(subscriptionTo(topic), 1_000, never))[0]?.entryId, more);
  });

  test('makes its groups again after FLUSHALL, from the start', async () => {
    const [topic, other] = [newTopic(), newTopic()];
    const subscription = subscriptionTo('', { topics: [topic, other] });
    assert.deepEqual(await transport.read(subscription, 1, never), []);
    assert.deepEqual(await transport.reclaim(subscription, 0), []);
    await there.redis.flushall();
    await transport.announce([announcement(topic), announcement(other)]); // Before anybody makes a group.
    assert.equal((await transport.read(subscription, 1_000, never)).length, 2);
    await there.redis.flushall();
    assert.deepEqual(await transport.reclaim(subscription, 0), []);
    await there.redis.del(streamOf(topic, 0)); // One of them alone.
    await transport.announce([announcement(topic)]);
    assert.equal((await transport.read(subscription, 1_000, never)).length, 1);
  });

  test('survives FLUSHALL while it waits', async () => {
    const topic = newTopic();
    await transport.read(subscriptionTo(topic), 1, never);
    const blocked = transport.read(subscriptionTo(topic), 1_000, never).catch(() => []);
    const isBlocked = async () => /blocked_clients:1\b/.test(await there.redis.info('clients'));
    await waitUntil(isBlocked, { what: 'the read to block' });
    await there.redis.flushall();
    await transport.announce([announcement(topic)]);
    const received = await waitUntil(
      async () => {
        const found = [
          ...(await blocked),
          ...(await transport.read(subscriptionTo(topic), 100, never)),
        ];
        return found.length > 0 && found;
      },
      { what: 'the announcement' },
    );
    assert.equal(received.length, 1);
  });

  test('takes over what a dead consumer left, once it is idle long enough', async () => {
    const topic = newTopic();
    const stream = streamOf(topic, 0);
    const all = Array.from({ length: 5 }, () => announcement(topic));
    await transport.announce(all);
    const dead = await transport.read(subscriptionTo(topic, { consumer: 'dead' }), 1_000, never);
    assert.deepEqual(await transport.reclaim(subscriptionTo(topic), 60_000), []);
    const [first, second] = dead;
    assert.ok(first && second);
    await there.redis.xdel(stream, second.entryId); // Trimmed while it was pending.
    const taken = await waitUntil(
      async () => {
        const found = await transport.reclaim(subscriptionTo(topic), 20);
        return found.length > 0 && found;
      },
      { what: 'the entries to be idle' },
    );
    assert.deepEqual(
      taken,
      dead.filter((one) => one !== second),
    );
    await transport.ack('cases', taken);
    assert.equal(await pendingOf(stream), 0, 'the deleted one too');
    assert.deepEqual(transport.trouble, []);
  });

  test('gives each idle entry to one of two that take over at the same time', async () => {
    const topic = newTopic();
    await transport.announce(Array.from({ length: 300 }, () => announcement(topic)));
    await transport.read(subscriptionTo(topic, { consumer: 'dead', limit: 300 }), 1_000, never);
    await using other = await connected(there.server.url);
    const idleMs = 100;
    const isIdle = async () =>
      ((await there.redis.xpending(streamOf(topic, 0), 'cases', 'IDLE', idleMs, '-', '+', 1)) as [])
        .length > 0;
    await waitUntil(isIdle, { what: 'the entries to be idle' });
    const [mine, others] = await Promise.all([
      transport.reclaim(subscriptionTo(topic, { limit: 300 }), idleMs),
      other.reclaim(subscriptionTo(topic, { consumer: 'other', limit: 300 }), idleMs),
    ]);
    const ids = [...mine, ...others].map(({ entryId }) => entryId);
    assert.equal(ids.length, 300);
    assert.equal(new Set(ids).size, 300);
  });

  test('keeps Redis free of anything but ids', async () => {
    const topic = newTopic();
    await transport.announce([announcement(topic)]);
    const [[, fields] = []] = (await there.redis.xrange(streamOf(topic, 0), '-', '+')) as [
      string,
      string[],
    ][];
    assert.deepEqual(
      fields?.filter((_, i) => i % 2 === 0),
      ['v', 'id', 'type', 'tenant', 'caseId'],
    );
  });

  test('announces nothing in no time, and many at once', async () => {
    assert.equal(await transport.announce([]), true);
    const topic = newTopic();
    const all = Array.from({ length: 2_000 }, (_, n) => announcement(topic, { partition: n % 8 }));
    assert.equal(await transport.announce(all), true);
    let found = 0;
    for (let partition = 0; partition < 8; partition++)
      found += await there.redis.xlen(streamOf(topic, partition));
    assert.equal(found, all.length);
  });
});
