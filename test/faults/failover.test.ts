import assert from 'node:assert/strict';
import { suite, test } from 'node:test';

import { Redis } from 'ioredis';

import { startRedis } from '../../deploy/local/redis.ts';
import { removeFolder, temporaryFolder } from '../support/folders.ts';
import { waitUntil } from '../support/wait.ts';
import { startNeighbours } from './neighbours.ts';

suite('Redis fails over', { timeout: 180_000 }, () => {
  test('and the old primary lives on, read-only, with its connections open: who writes then is answered', async () => {
    await using parts = new AsyncDisposableStack();
    await using there = await startNeighbours();
    const client = (url: string) =>
      parts.adopt(
        new Redis(url).on('error', () => {}),
        (redis) => redis.disconnect(),
      );
    const old = client(there.services.redisUrl);
    const folder = parts.adopt(await temporaryFolder(), removeFolder);
    const server = await startRedis({ dataDir: folder });
    const next = client(server.url);
    // One name, so one password for whoever has it.
    const { password } = new URL(there.services.redisUrl);
    const addressOf = (url: string) => ['127.0.0.1', Number(new URL(url).port)] as const;
    await next.config('SET', 'masterauth', password);
    await old.config('SET', 'masterauth', password);
    await next.replicaof(...addressOf(there.services.redisUrl));
    await waitUntil(async () => /master_link_status:up/.test(await next.info('replication')), {
      what: 'the replica to be in step',
    });

    const before = await there.write(3);
    assert.deepEqual(new Set(before.map(({ status }) => status)), new Set([200]));
    await there.answered(before, 20_000);

    await next.replicaof('NO', 'ONE');
    await next.config('SET', 'requirepass', password);
    await old.replicaof(...addressOf(server.url));
    await waitUntil(async () => /^role:slave/m.test(await old.info('replication')), {
      what: 'the old primary to follow',
    });
    // Redis itself ends the reads that block; those that were between two commands stay.
    assert.ok(
      there.redis.connections() >= 2,
      'Inconclusive: nobody was connected to the old primary',
    );
    there.redis.retarget(server.url);

    const written = await there.write(8);
    assert.deepEqual(new Set(written.map(({ status }) => status)), new Set([200]));
    await there.answered(written, 15_000);
    await waitUntil(async () => (await there.unready()).length === 0, { what: 'it to be ready' });
    assert.match(await old.info('commandstats'), /cmdstat_ping|cmdstat_info/); // It lived on.
  });
});
