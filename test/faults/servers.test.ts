import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';

import { waitUntil } from '../support/wait.ts';
import type { Cluster } from './cluster.ts';
import { assertEachSees } from './judged.ts';
import { readGenerator, type GeneratorLine } from './patients.ts';
import { assertGreen, baseSeed, full, play } from './scenario.ts';

/** How requests ended that began and ended between two times (epoch ms): while a server was down. */
function endedWithin(cluster: Cluster, from: number, to: number): GeneratorLine[] {
  const lines = readGenerator(cluster.generatorFile);
  const begun = new Map(
    lines.filter(({ type }) => type === 'invoke').map(({ request, at }) => [request, at]),
  );
  return lines.filter(({ type, kind, request, at }) => {
    const since = begun.get(request) ?? 0;
    return type !== 'invoke' && kind === 'message' && since >= from && at <= to;
  });
}

/** What a phase of a fault lasts: the passing of time is the fault here. */
const lasting = (ms: number) => delay(ms);

suite('under load', () => {
  for (const shape of full
    ? (['one process', 'two processes'] as const)
    : (['one process'] as const)) {
    test(`PostgreSQL stops at once and comes back (${shape}): 503 meanwhile, and nothing is lost`, async (t) => {
      const findings = await play(t, {
        name: `PostgreSQL immediate, ${shape}`,
        seed: baseSeed + (shape === 'one process' ? 110 : 111),
        rampMs: 5_000,
        mayDoubt: true, // A claim that outlives its lease while nobody can renew it.
        boot: async (cluster) => {
          await cluster.start();
          if (shape === 'two processes') await cluster.start();
        },
        fault: async (cluster) => {
          await lasting(1_500);
          await cluster.stopPostgres('immediate');
          const downAt = Date.now();
          await lasting(full ? 5_000 : 3_000);
          await waitUntil(() => endedWithin(cluster, downAt, Date.now()).length > 0, {
            what: 'somebody to write while the ledger is down',
          });
          const upAt = Date.now();
          await cluster.startPostgres();
          const meanwhile = endedWithin(cluster, downAt, upAt);
          const refused = meanwhile.filter(
            ({ status, retryAfter }) => status === 503 && retryAfter,
          );
          assert.deepEqual(
            meanwhile.filter(({ type }) => type === 'ok'),
            [],
            'A 2xx while the ledger was down',
          );
          assert.ok(refused.length > 0, 'Inconclusive: nobody wrote while the ledger was down');
          assert.equal(refused.length, meanwhile.length, 'Every answer is 503 with Retry-After');
          return {
            healedAt: Date.now(),
            kills: 1,
            figures: { refused503: refused.length, downMs: Date.now() - downAt },
          };
        },
      });
      assertGreen(findings);
    });
  }

  const downMs = full ? 10_000 : 4_000;
  test(`Redis loses everything again and again, then is killed and away for ${downMs / 1_000} s: the edge goes on, within a second each, and nothing is lost`, async (t) => {
    const flushMs = full ? 10_000 : 2_000;
    const findings = await play(t, {
      name: 'FLUSHALL, then Redis down',
      seed: baseSeed + 120,
      rampMs: flushMs + downMs + 2_000,
      boot: async (cluster) => void (await cluster.start()),
      // Nobody is in doubt here: what this leaves is what the judges themselves are tried on.
      fillForm: true, // One of the judges looks at orders.
      judged: assertEachSees,
      fault: async (cluster) => {
        let keysLost = 0;
        for (const until = Date.now() + flushMs; Date.now() < until;) {
          await lasting(400);
          keysLost += await cluster.redis(async (redis) => {
            const keys = await redis.dbsize();
            await redis.flushall();
            return keys;
          });
        }
        assert.ok(keysLost > 0, 'Inconclusive: there was nothing to lose');
        await cluster.killRedis();
        const downAt = Date.now();
        await lasting(downMs);
        const meanwhile = endedWithin(cluster, downAt, Date.now());
        await cluster.startRedis();
        const slowest = Math.max(...meanwhile.map(({ ms = 0 }) => ms));
        assert.ok(meanwhile.length > 0, 'Inconclusive: nobody wrote while Redis was down');
        assert.deepEqual(
          meanwhile.filter(({ type }) => type !== 'ok'),
          [],
          'Without Redis every request is still taken',
        );
        assert.ok(slowest < 1_000, `The slowest answer took ${slowest} ms`);
        return {
          healedAt: Date.now(),
          kills: 1,
          figures: { keysLost, takenMeanwhile: meanwhile.length, slowestMs: slowest, downMs },
        };
      },
    });
    assertGreen(findings);
  });
});
