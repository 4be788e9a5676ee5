import assert from 'node:assert/strict';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';

import { Redis } from 'ioredis';

import { identify } from '../../deploy/local/processes.ts';
import { startRedis } from '../../deploy/local/redis.ts';
import { removeFolder, temporaryFolder } from '../support/folders.ts';
import { startProgram } from '../support/proc.ts';

async function withRedis<T>(url: string, use: (redis: Redis) => Promise<T>): Promise<T> {
  const redis = new Redis(url);
  redis.on('error', () => {}); // It also rejects the call that waits on it.
  try {
    return await use(redis);
  } finally {
    redis.disconnect();
  }
}

suite('the local Redis', { timeout: 60_000 }, () => {
  let folder: string;
  let dataDir: string;
  before(async () => {
    folder = await temporaryFolder();
    dataDir = join(folder, 'made', 'on demand');
  });
  after(async () => {
    await removeFolder(folder);
  });

  test('starts with an append-only file, never evicts, and lets in only who has the password', async () => {
    const server = await startRedis({ dataDir });
    const wanted = [
      ['appendonly', 'yes'],
      ['appendfsync', 'everysec'],
      ['maxmemory-policy', 'noeviction'],
      ['bind', '127.0.0.1'],
    ] as const;
    await withRedis(server.url, async (redis) => {
      for (const [name, value] of wanted) {
        assert.deepEqual(await redis.config('GET', name), [name, value]);
      }
    });
    assert.equal(statSync(join(dataDir, 'redis.conf')).mode & 0o777, 0o600);
    const stranger = new URL(server.url);
    stranger.password = '';
    await withRedis(stranger.href, (redis) => assert.rejects(redis.get('x'), /NOAUTH/));
    await server.stop();
    assert.equal(identify(server.pid), null);
  });

  for (const how of ['stop', 'kill'] as const) {
    test(`keeps its data over ${how}, on the same port and with the same password`, async () => {
      const server = await startRedis({ dataDir, appendfsync: 'always' });
      await withRedis(server.url, (redis) => redis.xadd('stream', '*', 'how', how));
      await server[how]();
      const again = await startRedis({ dataDir, port: server.port });
      assert.equal(again.url, server.url);
      const entries = await withRedis(again.url, (redis) => redis.xrevrange('stream', '+', '-'));
      assert.deepEqual(entries[0]?.[1], ['how', how]);
      await again.stop();
    });
  }

  test('refuses a second process, and is taken over once the first was killed', async () => {
    const program = await startProgram('test/local/sleeper.ts', { args: ['redis', dataDir] });
    const [, port, pid] = await program.line(/^started (\d+) (\d+)$/m);
    await assert.rejects(startRedis({ dataDir }), {
      message: new RegExp(`in use by process ${program.pid}\\b`),
    });
    await program.kill();
    const taken = await startRedis({ dataDir });
    assert.deepEqual([taken.port, taken.pid], [Number(port), Number(pid)]);
    assert.equal(await withRedis(taken.url, (redis) => redis.xlen('stream')), 2);
    await taken.stop();
  });

  test('names the command to install it where it is missing and apt is too', async (t) => {
    const path = process.env['PATH'];
    t.after(() => {
      process.env['PATH'] = path;
    });
    process.env['PATH'] = join(folder, 'nowhere');
    await assert.rejects(
      startRedis({ dataDir: join(folder, 'other') }),
      /apt-get install[^]*dnf install[^]*brew install/,
    );
  });
});
