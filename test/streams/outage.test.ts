import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';

import { streamOf } from '../../streams/entries.ts';
import { patience } from '../support/patience.ts';
import { startProxy, type Proxy } from '../support/proxy.ts';
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

/** What the transport gives an announcement and a read of a second before it takes the connection for dead, ms. */
const announceMs = 1_000;
const readMs = 3_000;

/** How long it took, ms, and how it ended. */
async function timed<T>(work: Promise<T>): Promise<{ ms: number; value?: T; error?: unknown }> {
  const startedAt = performance.now();
  const end = await work.then(
    (value) => ({ value }),
    (error: unknown) => ({ error }),
  );
  return { ...end, ms: performance.now() - startedAt };
}

suite('the transport in an outage', { timeout: 120_000 }, () => {
  let there: TestRedis;
  before(async () => {
    there = await redisServer();
  });
  after(async () => {
    process.kill(there.server.pid, 'SIGCONT'); // In case a test failed while it was stopped.
    await there[Symbol.asyncDispose]();
  });

  /** A transport behind a proxy of its own. */
  async function behindProxy(): Promise<
    { proxy: Proxy; transport: TestTransport } & AsyncDisposable
  > {
    const proxy = await startProxy(there.server.url);
    const transport = await connected(proxy.through(there.server.url));
    return {
      proxy,
      transport,
      async [Symbol.asyncDispose]() {
        await transport[Symbol.asyncDispose]();
        await proxy[Symbol.asyncDispose]();
      },
    };
  }

  async function works(transport: TestTransport, topic = newTopic()): Promise<void> {
    const one = announcement(topic);
    await waitUntil(() => transport.announce([one]), { what: 'Redis to take it' });
    const received = await waitUntil(
      async () => {
        const found = await transport.read(subscriptionTo(topic), 1_000, never);
        return found.length > 0 && found;
      },
      { what: 'the announcement' },
    );
    assert.ok(received.map(announced).some(({ id }) => id === one.id));
  }

  test('announces false at once while nobody listens, and goes on when Redis is back', async () => {
    await using parts = await behindProxy();
    const { proxy, transport } = parts;
    await works(transport);
    await proxy.down();
    for (let times = 0; times < 3; times++) {
      const { ms, value } = await timed(transport.announce([announcement(newTopic())]));
      assert.equal(value, false);
      assert.ok(ms < patience * announceMs, `${ms} ms`);
    }
    assert.ok(transport.trouble.some(({ where }) => where === 'announce'));
    await assert.rejects(transport.ping());
    await transport.ack('cases', [{ ...announcement('t'), stream: 'some:{p0}', entryId: '1-1' }]); // Best effort.
    await transport.tidy(['t'], [0], ['cases']).catch(() => {});
    await assert.rejects(transport.read(subscriptionTo('t'), 1_000, never));
    await proxy.up();
    await works(transport);
  });

  test('is asked for its health while a lost connection is opened again, and is well', async () => {
    await using transport = await connected(there.server.url);
    await works(transport);
    for (let times = 0; times < 3; times++) {
      await there.redis.call('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes');
      await transport.ping();
    }
  });

  test('announces false into a black hole, and goes on over a new connection', async () => {
    await using parts = await behindProxy();
    const { proxy, transport } = parts;
    await works(transport);
    proxy.blackhole();
    const { ms, value } = await timed(transport.announce([announcement(newTopic())]));
    assert.equal(value, false);
    assert.ok(ms < patience * announceMs, `${ms} ms`);
    // The old connections never come back; what helps is that we give them up.
    await proxy.down();
    await proxy.up();
    await works(transport);
  });

  test('gives up a connection from which no answer comes, though nobody closes it', async () => {
    await using parts = await behindProxy();
    const { proxy, transport } = parts;
    await works(transport);
    const old = proxy.connections();
    assert.ok(old >= 2);
    proxy.blackhole();
    const gone = waitUntil(
      () =>
        transport.trouble.filter(({ error }) => /Socket timeout/.test(String(error))).length >= 2,
      {
        what: 'producer and reader to give up',
      },
    );
    const reading = transport.read(subscriptionTo(newTopic()), 1_000, never);
    await Promise.all([
      gone,
      transport.announce([announcement(newTopic())]),
      assert.rejects(reading),
    ]);
    await proxy.up();
    await works(transport);
  });

  test('fails a blocked read when Redis stops answering, and goes on when it resumes', async () => {
    await using transport = await connected(there.server.url);
    const topic = newTopic();
    await transport.read(subscriptionTo(topic), 1, never);
    process.kill(there.server.pid, 'SIGSTOP');
    const [reading, announcing] = await Promise.all([
      timed(transport.read(subscriptionTo(topic), 1_000, never)),
      timed(transport.announce([announcement(topic)])),
    ]);
    assert.ok(reading.error instanceof Error);
    assert.ok(reading.ms < patience * readMs, `${reading.ms} ms`);
    assert.equal(announcing.value, false);
    assert.ok(announcing.ms < patience * announceMs, `${announcing.ms} ms`);
    const again = await timed(transport.read(subscriptionTo(topic), 1_000, never));
    assert.ok(again.error instanceof Error && again.ms < patience * readMs, `${again.ms} ms`);
    process.kill(there.server.pid, 'SIGCONT');
    await works(transport, topic);
  });

  test('takes over what a read fetched whose reply never came', async () => {
    await using parts = await behindProxy();
    const { proxy, transport } = parts;
    const topic = newTopic();
    await transport.read(subscriptionTo(topic), 1, never);
    const one = announcement(topic);
    await transport.announce([one]);
    const dropped = proxy.dropReplyOnce(/xreadgroup/i);
    await assert.rejects(transport.read(subscriptionTo(topic), 1_000, never));
    await dropped;
    assert.deepEqual(
      await transport.read(subscriptionTo(topic), 1, never),
      [],
      'Redis believes we have it',
    );
    const taken = await waitUntil(
      async () => {
        const found = await transport.reclaim(subscriptionTo(topic), 10);
        return found.length > 0 && found;
      },
      { what: 'the entry to be idle' },
    );
    assert.deepEqual(taken.map(announced), [one]);
  });

  test('sends no command again when its reply is lost', async () => {
    await using parts = await behindProxy();
    const { proxy, transport } = parts;
    for (let times = 0; times < 5; times++) {
      const topic = newTopic();
      await works(transport);
      const dropped = proxy.dropReplyOnce(new RegExp(`xadd[^]*${topic}`, 'i'));
      const { ms, value } = await timed(transport.announce([announcement(topic)]));
      await dropped;
      assert.equal(value, false, 'whether Redis has it is not known');
      assert.ok(ms < patience * announceMs, `${ms} ms`);
      await works(transport); // Connected again: here a client that resends would do so.
      assert.equal(await there.redis.xlen(streamOf(topic, 0)), 1);
    }
  });

  test('sends no command again when the connection is cut behind it', async () => {
    await using parts = await behindProxy();
    const { proxy, transport } = parts;
    const topic = newTopic();
    await works(transport);
    const cut = proxy.cutAfterOnce(new RegExp(`xadd[^]*${topic}`, 'i'));
    const all = Array.from({ length: 50 }, () => announcement(topic));
    assert.equal(await transport.announce(all), false);
    await cut;
    await works(transport);
    assert.ok((await there.redis.xlen(streamOf(topic, 0))) <= all.length);
  });

  test('ends at once when it is closed, whatever it waits for', async () => {
    const transport = await connected(there.server.url);
    const reading = timed(transport.read(subscriptionTo(newTopic()), 1_000, never));
    await waitUntil(async () => /blocked_clients:1\b/.test(await there.redis.info('clients')), {
      what: 'the read to block',
    });
    await transport.close();
    const { ms, error } = await reading;
    assert.ok(error instanceof Error);
    assert.ok(ms < patience * readMs, `${ms} ms`);
    assert.equal(await transport.announce([announcement(newTopic())]), false);
  });
});
