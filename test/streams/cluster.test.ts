import assert from 'node:assert/strict';
import { suite, test } from 'node:test';

import { streamOf } from '../../streams/entries.ts';
import { startRedisCluster, type RedisCluster } from '../support/redis-cluster.ts';
import { waitUntil } from '../support/wait.ts';
import {
  announced,
  announcement,
  connected,
  never,
  newTopic,
  subscriptionTo,
  type TestTransport,
} from './redis-fixture.ts';

const partitions = Array.from({ length: 8 }, (_, partition) => partition);

suite('the transport on a Redis Cluster', { timeout: 180_000 }, () => {
  for (const size of [1, 3]) {
    const nodesAre = size === 1 ? 'one node' : `${size} nodes`;

    test(`reads, takes over, acknowledges and tidies over all partitions with ${nodesAre}`, async () => {
      await using cluster = await startRedisCluster(size);
      await using transport = await connected(cluster.url);
      const topics = [newTopic(), newTopic()];
      const subscription = subscriptionTo(topics[0] as string, { topics, partitions });
      const sent = topics.flatMap((topic) =>
        partitions.map((partition) => announcement(topic, { partition })),
      );
      assert.equal(await transport.announce(sent), true);
      const got = await drained(transport, subscription, sent.length);
      assert.deepEqual(new Set(got.map(({ id }) => id)), new Set(sent.map(({ id }) => id)));
      assert.deepEqual(
        got.map(announced).toSorted((one, other) => (one.id < other.id ? -1 : 1)),
        sent.toSorted((one, other) => (one.id < other.id ? -1 : 1)),
      );

      const taken = await waitUntil(
        async () => {
          const found = await transport.reclaim({ ...subscription, consumer: 'another' }, 1);
          return found.length > 0 && found;
        },
        { what: 'what the first one holds to be idle' },
      );
      assert.equal(taken.length, sent.length);
      await transport.ack(subscription.group, taken);
      await transport.tidy(topics, partitions, [subscription.group]);
      assert.deepEqual(await pending(cluster, topics, subscription.group), 0);
      assert.deepEqual(transport.trouble, []);
      if (size > 1) {
        const keys = await Promise.all(cluster.nodes.map((node) => node.dbsize()));
        assert.ok(
          keys.every((count) => count > 0),
          `Not spread: ${keys.join(' ')}`,
        );
      }
    });
  }

  test('waits for what is yet to come, and no longer than told', async () => {
    await using cluster = await startRedisCluster(3);
    await using transport = await connected(cluster.url);
    const topic = newTopic();
    const subscription = subscriptionTo(topic, { partitions });
    assert.deepEqual(await transport.read(subscription, 50, never), []);
    const reading = drained(transport, subscription, 1);
    const one = announcement(topic, { partition: 5 });
    await transport.announce([one]);
    assert.deepEqual((await reading).map(announced), [one]);
  });

  test('makes its groups again where they are gone, and goes on when a node was away', async () => {
    await using cluster = await startRedisCluster(3);
    await using transport = await connected(cluster.url);
    const topic = newTopic();
    const subscription = subscriptionTo(topic, { partitions });
    await transport.read(subscription, 1, never);
    await cluster.nodes[1]!.flushall();
    for (const node of cluster.nodes)
      await node.call('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes');
    const sent = partitions.map((partition) => announcement(topic, { partition }));
    await waitUntil(() => transport.announce(sent), { what: 'all nodes to take it' });
    const got = await drained(transport, subscription, sent.length);
    assert.deepEqual(new Set(got.map(({ id }) => id)), new Set(sent.map(({ id }) => id)));
  });

  test('follows when the only node of a cluster gets company', async () => {
    await using cluster = await startRedisCluster(1);
    await using other = await startRedisCluster(1);
    await using transport = await connected(cluster.url);
    const topic = newTopic();
    const subscription = subscriptionTo(topic, { partitions });
    await transport.read(subscription, 1, never);
    const [first, second] = [cluster.nodes[0]!, other.nodes[0]!];
    await second.call('CLUSTER', 'FLUSHSLOTS');
    const { port } = second.options;
    const bus = /@(\d+)/.exec(String(await second.call('CLUSTER', 'NODES')))?.[1];
    await first.call('CLUSTER', 'MEET', '127.0.0.1', String(port), String(bus));
    await waitUntil(
      async () => /known_nodes:2/.test(String(await second.call('CLUSTER', 'INFO'))),
      {
        what: 'the two to know each other',
      },
    );
    await first.flushall();
    const id = await second.cluster('MYID');
    for (const partition of partitions) {
      const slot = String(await first.call('CLUSTER', 'KEYSLOT', streamOf(topic, partition)));
      for (const node of [second, first]) await node.call('CLUSTER', 'SETSLOT', slot, 'NODE', id);
    }
    const sent = partitions.map((partition) => announcement(topic, { partition }));
    await waitUntil(() => transport.announce(sent), { what: 'the new node to take it' });
    const got = await drained(transport, subscription, sent.length);
    assert.deepEqual(new Set(got.map(({ id: one }) => one)), new Set(sent.map((one) => one.id)));
  });
});

type Subscription = ReturnType<typeof subscriptionTo>;

/** Reads until so many came, each once. */
async function drained(transport: TestTransport, subscription: Subscription, count: number) {
  const got: Awaited<ReturnType<TestTransport['read']>>[number][] = [];
  await waitUntil(
    async () => {
      const known = new Set(got.map(({ entryId, stream }) => `${stream} ${entryId}`));
      for (const one of await transport.read(subscription, 500, never))
        if (!known.has(`${one.stream} ${one.entryId}`)) got.push(one);
      return new Set(got.map(({ id }) => id)).size >= count;
    },
    { what: `${count} announcements` },
  );
  return got;
}

async function pending(cluster: RedisCluster, topics: readonly string[], group: string) {
  let found = 0;
  for (const topic of topics) {
    for (const partition of partitions) {
      const stream = streamOf(topic, partition);
      for (const node of cluster.nodes) {
        const reply = await node.xpending(stream, group).catch((error: Error) => {
          if (error.message.startsWith('MOVED')) return [0];
          throw error;
        });
        found += Number(reply[0]);
      }
    }
  }
  return found;
}
