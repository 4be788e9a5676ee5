import assert from 'node:assert/strict';
import { after, before, suite, test, type TestContext } from 'node:test';

import { Redis } from 'ioredis';

import { redisSeenRequests } from '../../adapters/seen-requests.ts';
import { patience } from '../support/patience.ts';
import { startProxy } from '../support/proxy.ts';
import { waitUntil } from '../support/wait.ts';
import { startRedis } from './fixtures.ts';

/** A connection as `main.ts` has it. */
async function connected(t: TestContext, url: string): Promise<Redis> {
  const redis = new Redis(url, { maxRetriesPerRequest: 1, retryStrategy: () => 20 });
  redis.on('error', () => {}); // Seen by what waits.
  t.after(() => redis.disconnect());
  await waitUntil(() => redis.status === 'ready', { what: 'a connection' });
  return redis;
}

suite('Requests seen, in Redis', () => {
  let server: Awaited<ReturnType<typeof startRedis>>;
  let url: string;
  before(async () => {
    server = await startRedis();
    url = `redis://127.0.0.1:${server.port}`;
  });
  after(() => server.close());

  test('are remembered for a day, under keys that say nothing', async (t) => {
    const redis = await connected(t, url);
    const seen = redisSeenRequests(redis);
    assert.deepEqual(await seen.digestsOf(['one', 'two']), [null, null]);
    seen.remember([
      { key: 'one', digest: 'd1' },
      { key: 'two', digest: 'd2' },
    ]);
    await waitUntil(async () => (await seen.digestsOf(['two']))[0], { what: 'the second' });
    assert.deepEqual(await seen.digestsOf(['two', 'none', 'one']), ['d2', null, 'd1']);
    const keys = await redis.keys('{x-idempotency-key}:*');
    assert.equal(keys.length, 2);
    for (const key of keys) {
      assert.match(key, /^\{x-idempotency-key\}:[0-9a-f]{64}$/);
      const ttl = await redis.ttl(key);
      assert.ok(ttl > 86_000 && ttl <= 86_400, String(ttl));
    }
    assert.deepEqual(await seen.digestsOf([]), []);
  });

  test('are asked for together by requests of one moment, and each gets its own', async (t) => {
    const redis = await connected(t, url);
    const seen = redisSeenRequests(redis);
    const keys = Array.from({ length: 50 }, (_, i) => `together-${i}`);
    seen.remember(keys.map((key) => ({ key, digest: `digest of ${key}` })));
    const before = await callsOf(redis, 'mget');
    const answers = await Promise.all(keys.map((key) => seen.digestsOf([key, 'none'])));
    assert.deepEqual(
      answers,
      keys.map((key) => [`digest of ${key}`, null]),
    );
    assert.equal((await callsOf(redis, 'mget')) - before, 1);
  });

  test('are none, at once, while Redis does not answer, and known again when it does', async (t) => {
    await using proxy = await startProxy(url);
    const redis = await connected(t, proxy.through(url));
    const seen = redisSeenRequests(redis);
    seen.remember([{ key: 'kept', digest: 'd' }]);
    await waitUntil(async () => (await seen.digestsOf(['kept']))[0], { what: 'what is kept' });

    proxy.blackhole();
    const startedAt = performance.now();
    assert.deepEqual(await seen.digestsOf(['kept']), [null]);
    const waitedMs = performance.now() - startedAt;
    assert.ok(waitedMs >= 45 && waitedMs < patience * 50, `${waitedMs} ms`);
    const next = performance.now();
    for (let i = 0; i < 20; i += 1) assert.deepEqual(await seen.digestsOf(['kept']), [null]);
    assert.ok(performance.now() - next < 10 * waitedMs, 'asks no more for a while');
    seen.remember([{ key: 'lost', digest: 'd' }]);

    await proxy.up();
    await waitUntil(async () => (await seen.digestsOf(['kept']))[0], { what: 'an answer' });
  });

  test('are none while Redis is stopped, and nothing throws or queues', async (t) => {
    const redis = await connected(t, url);
    const seen = redisSeenRequests(redis);
    seen.remember([{ key: 'before', digest: 'd' }]);
    await waitUntil(async () => (await seen.digestsOf(['before']))[0], { what: 'what was before' });
    const asking = seen.digestsOf(['before']);
    await server.close();
    assert.equal((await asking).length, 1);
    await waitUntil(() => redis.status !== 'ready', { what: 'the end of the connection' });
    assert.deepEqual(await seen.digestsOf(['before', 'x']), [null, null]);
    seen.remember([{ key: 'x', digest: 'd' }]);
  });
});

async function callsOf(redis: Redis, command: string): Promise<number> {
  const stats = await redis.info('commandstats');
  return Number(new RegExp(`cmdstat_${command}:calls=(\\d+)`).exec(stats)?.[1] ?? 0);
}
