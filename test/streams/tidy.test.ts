import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';

import fc from 'fast-check';

import type { Received } from '../../actors/kernel/ports.ts';
import { streamOf } from '../../streams/entries.ts';
import { waitUntil } from '../support/wait.ts';
import {
  announcement,
  connected,
  never,
  newTopic,
  redisServer,
  subscriptionTo,
  type TestRedis,
  type TestTransport,
} from './redis-fixture.ts';

/** Redis trims whole nodes of its tree only; it puts this many entries into one. */
const nodeEntries = 100;
const groups = ['cases', 'performers'] as const;

suite('tidying streams', { timeout: 120_000 }, () => {
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

  const announce = (topic: string, count: number) =>
    transport.announce(Array.from({ length: count }, () => announcement(topic)));
  const read = (topic: string, limit: number, group = 'cases', consumer = 'worker') =>
    transport.read(subscriptionTo(topic, { group, consumer, limit }), 1, never);
  const idsIn = async (topic: string) =>
    new Set((await there.redis.xrange(streamOf(topic, 0), '-', '+')).map(([id]) => id));
  const tidy = (...topics: string[]) => transport.tidy(topics, [0], groups);

  test('trims what every group has acknowledged', async () => {
    const topic = newTopic();
    await announce(topic, 1_000);
    for (const group of groups) await transport.ack(group, await read(topic, 1_000, group));
    await tidy(topic);
    assert.ok((await idsIn(topic)).size <= nodeEntries);
    await announce(topic, 1);
    assert.equal((await read(topic, 10)).length, 1);
  });

  test('lets a stream that is read and acknowledged not grow', async () => {
    const topic = newTopic();
    for (let round = 0; round < 20; round++) {
      await announce(topic, 200);
      await transport.ack('cases', await read(topic, 1_000));
      await tidy(topic);
      assert.ok((await idsIn(topic)).size <= 2 * nodeEntries);
    }
  });

  test('keeps what was not read by a group that is not among ours, and what ours has yet to be made for', async () => {
    const [foreign, unmade, empty] = [newTopic(), newTopic(), newTopic()];
    await announce(foreign, 500);
    await there.redis.xgroup('CREATE', streamOf(foreign, 0), 'reporting', '0');
    await transport.ack('cases', await read(foreign, 500));
    await announce(unmade, 500);
    await transport.ack('reporting', await read(unmade, 500, 'reporting'));
    await tidy(foreign, unmade, empty, newTopic());
    assert.equal((await idsIn(foreign)).size, 500);
    assert.equal((await idsIn(unmade)).size, 500);
    assert.equal((await read(unmade, 1_000)).length, 500);
    assert.equal(await there.redis.exists(streamOf(empty, 0)), 0, 'makes no stream');
  });

  type Step =
    | { readonly do: 'announce'; readonly count: number }
    | {
        readonly do: 'read';
        readonly group: number;
        readonly consumer: number;
        readonly limit: number;
      }
    | { readonly do: 'ack'; readonly group: number; readonly from: number; readonly share: number }
    | { readonly do: 'catch up'; readonly group: number }
    | { readonly do: 'tidy' };
  const group = fc.nat({ max: 1 });
  const step: fc.Arbitrary<Step> = fc.oneof(
    fc.record({ do: fc.constant('announce' as const), count: fc.integer({ min: 1, max: 300 }) }),
    fc.record({
      do: fc.constant('read' as const),
      group,
      consumer: fc.nat({ max: 1 }),
      limit: fc.integer({ min: 1, max: 300 }),
    }),
    fc.record({
      do: fc.constant('ack' as const),
      group,
      from: fc.double({ min: 0, max: 1, noNaN: true }),
      share: fc.double({ min: 0, max: 1, noNaN: true }),
    }),
    fc.record({ do: fc.constant('catch up' as const), group }),
    fc.constant({ do: 'tidy' as const }),
  );

  test('never trims an entry that a group has not read or not acknowledged, whatever came before', async () => {
    let [tidied, trimmed] = [0, 0];
    const property = fc.asyncProperty(
      fc.array(step, { minLength: 5, maxLength: 25 }),
      async (steps) => {
        const topic = newTopic();
        for (const name of groups)
          await there.redis.xgroup('CREATE', streamOf(topic, 0), name, '0', 'MKSTREAM');
        const announcedIds = new Set<string>();
        const unread = groups.map(() => new Set<string>());
        const pending = groups.map((): Received[] => []);
        for (const one of steps) {
          if (one.do === 'announce') {
            const before = announcedIds.size;
            await announce(topic, one.count);
            for (const id of await idsIn(topic)) {
              if (announcedIds.has(id)) continue;
              announcedIds.add(id);
              for (const ids of unread) ids.add(id);
            }
            assert.equal(announcedIds.size, before + one.count);
          } else if (one.do === 'read') {
            if (unread[one.group]?.size === 0) continue; // Redis would let us wait for its next tick.
            const received = await read(
              topic,
              one.limit,
              groups[one.group],
              `worker-${one.consumer}`,
            );
            assert.equal(
              received.length,
              Math.min(one.limit, unread[one.group]?.size ?? 0),
              'nothing unread is lost',
            );
            for (const { entryId } of received) unread[one.group]?.delete(entryId);
            pending[one.group]?.push(...received);
          } else if (one.do === 'ack') {
            const all = pending[one.group] ?? [];
            const from = Math.floor(one.from * all.length);
            const acked = all.splice(from, Math.ceil(one.share * (all.length - from)));
            await transport.ack(groups[one.group] ?? '', acked);
          } else if (one.do === 'catch up') {
            const name = groups[one.group] ?? '';
            const ids = unread[one.group];
            const rest = ids?.size ? await read(topic, 10_000, name) : [];
            assert.equal(rest.length, ids?.size);
            ids?.clear();
            await transport.ack(name, [...(pending[one.group]?.splice(0) ?? []), ...rest]);
          } else {
            const before = await idsIn(topic);
            await tidy(topic);
            const left = await idsIn(topic);
            for (const ids of unread) for (const id of ids) assert.ok(left.has(id), 'unread');
            for (const { entryId } of pending.flat()) assert.ok(left.has(entryId), 'pending');
            tidied += 1;
            trimmed += before.size - left.size;
          }
        }
        await there.redis.del(streamOf(topic, 0));
      },
    );
    await fc.assert(property, { numRuns: 150 });
    assert.ok(tidied > 50 && trimmed > 500, `${tidied} times, ${trimmed} entries`);
  });

  test('forgets consumers that are long gone, but none that holds something', async () => {
    const topic = newTopic();
    const stream = streamOf(topic, 0);
    const consumersOf = async (name: string) =>
      ((await there.redis.xinfo('CONSUMERS', stream, name)) as string[][])
        .map((fields) => fields[1] ?? '')
        .toSorted((one, other) => (one < other ? -1 : 1));
    await announce(topic, 2);
    const kept = await read(topic, 1, 'cases', 'holds');
    await transport.ack('cases', await read(topic, 1, 'cases', 'gone'));
    await read(topic, 1, 'reporting', 'foreign');

    await tidy(topic); // After 10 minutes by default.
    assert.deepEqual(await consumersOf('cases'), ['gone', 'holds']);
    await using impatient = await connected(there.server.url, { forgottenAfterMs: 50 });
    await waitUntil(
      async () => {
        await impatient.tidy([topic], [0], groups);
        return (await consumersOf('cases')).length === 1;
      },
      { what: 'the consumer to be forgotten' },
    );
    assert.deepEqual(await consumersOf('cases'), ['holds']);
    assert.deepEqual(await consumersOf('reporting'), ['foreign'], 'not ours to delete');
    const taken = await waitUntil(
      async () => {
        const found = await transport.reclaim(subscriptionTo(topic), 1);
        return found.length > 0 && found;
      },
      { what: 'the entry to be idle' },
    );
    assert.deepEqual(taken, kept);
  });
});
