import assert from 'node:assert/strict';
import { suite, test } from 'node:test';

import { Redis } from 'ioredis';

import { redisLinkUses } from '../../adapters/link-uses.ts';
import { startRedis } from './fixtures.ts';

suite('uses of links in Redis', () => {
  test('are first once, for all processes, until the link expires', async () => {
    const server = await startRedis();
    try {
      const [one, other] = [server.connect(), server.connect()];
      const expiresAt = Date.now() + 60_000;
      const answers = await Promise.all(
        [one, other, one, other].map((redis) =>
          redisLinkUses(redis).first('link:passport', expiresAt),
        ),
      );
      assert.equal(answers.filter((isFirst) => isFirst).length, 1);
      assert.equal(await redisLinkUses(one).first('link:visa', expiresAt), true);
      assert.ok((await one.pttl('document-link:link:passport')) <= 60_000);
    } finally {
      await server.close();
    }
  });

  test('cannot be known while Redis is away', async () => {
    const redis = new Redis({
      port: 1,
      host: '127.0.0.1',
      lazyConnect: true,
      maxRetriesPerRequest: 0,
    });
    redis.on('error', () => {});
    try {
      await assert.rejects(redisLinkUses(redis).first('link', Date.now() + 1_000), {
        code: 'provider_busy',
      });
    } finally {
      redis.disconnect();
    }
  });
});
