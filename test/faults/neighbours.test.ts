import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';

import { startPgbouncer } from '../support/pgbouncer.ts';
import type { Proxy } from '../support/proxy.ts';
import { startRedisCluster } from '../support/redis-cluster.ts';
import { waitUntil } from '../support/wait.ts';
import { startNeighbours, type Neighbours, type Written } from './neighbours.ts';
import { full } from './scenario.ts';

/** Connections that died without a word are given up within 15 s; this machine may be slow. */
const givenUpMs = 15_000 * 2;

/** Each was stored or refused so that it comes again, and none was lost on the way. */
function stored(written: readonly Written[]): readonly Written[] {
  const statuses = written.map(({ status }) => status);
  assert.ok(
    statuses.every((status) => status === 200 || status === 503),
    `Answered ${statuses.join(' ')}`,
  );
  return written.filter(({ status }) => status === 200);
}

const isReady = (there: Neighbours) =>
  waitUntil(async () => (await there.unready()).length === 0, {
    what: 'it to be ready',
    timeoutMs: givenUpMs,
  });

suite('a neighbour', { timeout: 600_000 }, () => {
  let there: Neighbours;
  before(async () => {
    there = await startNeighbours();
    const first = await there.write(4);
    assert.equal(stored(first).length, first.length);
    await there.answered(first, 30_000);
  });
  after(() => there[Symbol.asyncDispose]());

  const neighbours = ['redis', 'postgres', 'provider'] as const;
  const silences: readonly (readonly [string, (proxy: Proxy) => void])[] = [
    ['goes silent', (proxy) => proxy.silence()],
    ...(full ? ([['forgets its connections', (proxy: Proxy) => proxy.halfOpen()]] as const) : []),
  ];
  for (const neighbour of neighbours) {
    for (const [what, fault] of silences) {
      test(`that ${what} (${neighbour}) is given up, and who writes is answered`, async () => {
        const proxy = there[neighbour];
        await there.write(2); // So that each kind of connection is in use or was so a moment ago.
        assert.ok(proxy.connections() > 0, 'Inconclusive: nobody is connected');
        fault(proxy);
        const meanwhile = await there.write(6);
        await waitUntil(() => proxy.silent() === 0, {
          what: 'all silent connections to be given up',
          timeoutMs: givenUpMs,
        });
        await isReady(there);
        const later = await there.write(6);
        assert.equal(stored(later).length, later.length);
        await there.answered(later, 30_000);
        // What was being sent to a provider that fell silent is in doubt, and staff see that.
        if (neighbour !== 'provider') await there.answered(stored(meanwhile), 30_000);
      });
    }

    test(`that is far away (${neighbour}) only takes longer`, { skip: !full }, async () => {
      there[neighbour].latency(80);
      const written = await there.write(6);
      there[neighbour].latency(0);
      assert.equal(stored(written).length, written.length);
      await there.answered(written, 30_000);
      await isReady(there);
    });
  }

  // Some cuts come between a commit and its answer: whoever lost a claim's gives back what it never began.
  test('that cuts all its connections, three times: all that were stored are answered', async () => {
    const written: Written[] = [];
    for (let times = 0; times < 3; times++) {
      const writing = there.write(16);
      await waitUntil(() => there.postgres.connections() > 2, {
        what: 'them to be in the database',
      });
      there.postgres.resetPeer();
      written.push(...(await writing));
    }
    const kept = stored(written);
    await isReady(there);
    assert.ok(kept.length > 0, 'Inconclusive: nothing was stored');
    await there.answered(kept, 60_000);
  });
});

suite('between us and PostgreSQL a pooler in transaction mode', { timeout: 180_000 }, () => {
  test('changes nothing for 30 who write at once', async () => {
    await using parts = new AsyncDisposableStack();
    await using there = await startNeighbours({
      databaseUrl: async ({ databaseUrl }) =>
        parts.use(await startPgbouncer(databaseUrl, { poolMode: 'transaction' })).url,
    });
    const written = await there.write(30);
    assert.deepEqual(new Set(written.map(({ status }) => status)), new Set([200]));
    await there.answered(written, 60_000);
    assert.deepEqual(await there.unready(), []);
  });
});

suite('a Redis Cluster', { timeout: 180_000 }, () => {
  for (const size of full ? [1, 3] : [3]) {
    test(`of ${size} carries a whole system`, async () => {
      await using cluster = await startRedisCluster(size);
      await using there = await startNeighbours({ redisUrl: cluster.url });
      const written = await there.write(12);
      assert.deepEqual(new Set(written.map(({ status }) => status)), new Set([200]));
      await there.answered(written, 60_000);
      assert.deepEqual(await there.unready(), []);
      assert.doesNotMatch(there.system.outputs(), /CROSSSLOT/);
    });
  }
});
