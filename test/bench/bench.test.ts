import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { suite, test } from 'node:test';

import { createIngress, signatureHeader, signatureOf } from './ingress.ts';
import { createPlans } from './loadgen.ts';
import { topOf } from './profile.ts';
import type { Webhook } from './protocol.ts';
import { playRound } from './round.ts';
import type { RoundLine } from './round.ts';
import { median, percentile } from './statistics.ts';
import { found, startStub } from './stub.ts';
import { summaryOf } from './summary.ts';
import { cpuMsOf, readProcesses } from './usage.ts';

suite('the benchmark', () => {
  for (const pace of [
    { kind: 'closed', concurrency: 8 },
    { kind: 'open', concurrency: 8, casesPerSecond: 400 },
  ] as const) {
    test(`plays every case to its end, ${pace.kind} loop`, async (t) => {
      const stub = await startStub();
      t.after(() => stub.stop());
      const line = await playRound({
        round: 1,
        contender: { variant: 'memory', openCases: 0 },
        pace,
        warmupCases: 20,
        cases: 60,
        keep: 'all',
        stub,
        databases: null,
        profileDir: null,
      });
      assert.equal(line.effects.searches, line.effects.confirmations);
      assert.deepEqual(
        [line.effects.missing, line.effects.repeats, line.effects.doubles],
        [0, 0, 0],
      );
      assert.ok(line.effects.searches >= 80);
      assert.ok(line.casesPerSecond > 0);
      assert.ok(line.ackP50Ms > 0 && line.ackP99Ms >= line.ackP50Ms);
      assert.ok(line.endToEndP50Ms >= line.ackP50Ms);
    });
  }

  test('sends bodies and answers of the size that it claims', () => {
    const [plan] = createPlans(1, 'secret');
    assert.ok(plan !== undefined);
    for (const { body } of [plan.intake, plan.payment]) {
      assert.ok(body.length > 270 && body.length < 370, `${body.length} bytes`);
    }
    const bytes = JSON.stringify(found).length;
    assert.ok(bytes > 2_350 && bytes < 2_500, `${bytes} bytes`);
  });

  test('refuses what is unsigned, malformed or too large before it reaches a case', async (t) => {
    const accepted: Webhook[] = [];
    const handle = createIngress({
      secret: 'secret',
      accept: (webhook) => void accepted.push(webhook),
    }).callback();
    const server = createServer((request, response) => void handle(request, response));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    t.after(() => {
      server.close();
      server.closeAllConnections();
    });
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/webhooks/bench`;
    const post = async (body: string, signature = signatureOf('secret', body)): Promise<number> => {
      const response = await fetch(url, {
        method: 'POST',
        headers: { [signatureHeader]: signature },
        body,
      });
      await response.arrayBuffer();
      return response.status;
    };

    assert.equal(await post('{}', ''), 401);
    assert.equal(await post('{}', signatureOf('another', '{}')), 401);
    assert.equal(await post('{'), 400);
    assert.equal(await post('{"type":"intake"}'), 400);
    assert.equal(await post('x'.repeat(1_048_577)), 413);
    assert.deepEqual(accepted, []);
    const body = createPlans(1, 'secret')[0]?.payment.body.toString() ?? '';
    assert.equal(await post(body), 200);
    assert.equal(accepted.length, 1);
  });

  test('counts the processor time of this process', { skip: process.platform !== 'linux' }, () => {
    const before = cpuMsOf(readProcesses(), process.pid);
    const cpu = process.cpuUsage();
    let own = 0;
    while (own < 200) {
      const { user, system } = process.cpuUsage(cpu);
      own = (user + system) / 1_000;
    }
    const counted = cpuMsOf(readProcesses(), process.pid) - before;
    assert.ok(Math.abs(counted - own) <= 50, `${counted} ms for ${own} ms`);
    assert.equal(cpuMsOf(readProcesses(), null), 0);
  });

  test('takes medians and percentiles by rank', () => {
    assert.equal(median([3, 1, 2]), 2);
    assert.equal(median([4, 1, 2, 3]), 2.5);
    assert.equal(median([]), 0);
    const hundred = Array.from({ length: 100 }, (_, index) => 100 - index);
    assert.equal(percentile(hundred, 0.5), 50);
    assert.equal(percentile(hundred, 0.99), 99);
    assert.equal(percentile([], 0.99), 0);
  });

  test('compares contenders by the medians of their rounds, and says which targets are met', () => {
    const summary = summaryOf(
      [
        line('durable', 1_000, 400, 3.5),
        line('durable', 200_000, 300, 4.5),
        line('memory', 0, 1_000, 0.5),
        line('durable', 1_000, 500, 3),
        line('durable', 200_000, 350, 4.5),
        line('memory', 0, 1_200, 0.5),
      ],
      { kind: 'closed', concurrency: 64 },
    );
    const { medians, ...judgements } = summary as { medians: unknown[] };
    assert.equal(medians.length, 3);
    assert.deepEqual(judgements, {
      kind: 'summary',
      durableToMemory: { measured: 0.409, target: 0.3, met: true },
      durableCpuMsPerCase: { measured: 3.25, target: 4, met: true },
      mostToFewestOpenCases: { measured: 0.722, target: 0.8, met: false },
    });
  });

  test('reads a profile as shares of the time that was not idle', () => {
    const frame = (functionName: string, url: string): object => ({
      callFrame: { functionName, url, lineNumber: 4 },
    });
    const profile = {
      nodes: [
        { id: 1, ...frame('(idle)', '') },
        { id: 2, ...frame('step', 'file:///p/node_modules/xstate/dist/x.js') },
        { id: 3, ...frame('', 'node:internal/crypto/hash') },
      ] as Parameters<typeof topOf>[0]['nodes'],
      samples: [1, 2, 3, 2],
      timeDeltas: [100, 20, 10, 10],
    };
    assert.deepEqual(topOf(profile, 'package', 5), [
      { share: 0.75, name: 'xstate' },
      { share: 0.25, name: 'node:internal/crypto' },
    ]);
    assert.equal(topOf(profile, 'function', 1)[0]?.name, 'step xstate/dist/x.js:5');
  });
});

function line(
  variant: RoundLine['variant'],
  openCases: number,
  casesPerSecond: number,
  cpuMs: number,
): RoundLine {
  return {
    kind: 'round',
    round: 1,
    variant,
    openCases,
    cases: 1,
    casesPerSecond,
    ackP50Ms: 1,
    ackP99Ms: 1,
    endToEndP50Ms: 1,
    endToEndP99Ms: 1,
    cpuMsPerCase: { runtime: cpuMs, postgres: 0, redis: 0, client: 0, all: cpuMs },
    rssMb: { runtime: 1, postgres: 1, redis: 1, client: 1 },
    effects: { searches: 1, confirmations: 1, repeats: 0, doubles: 0, missing: 0 },
  };
}
