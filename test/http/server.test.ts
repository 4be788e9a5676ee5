import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import { suite, test } from 'node:test';

import { Counter, Registry } from 'prom-client';

import { createOps, type ReadinessCheck } from '../../http/server/ops.ts';
import { serve } from '../../http/server/serve.ts';
import { waitUntil } from '../support/wait.ts';
import { rawExchange, startEdge } from './edge.ts';

async function connected(port: number) {
  const socket = connect(port, '127.0.0.1').on('error', () => {});
  await once(socket, 'connect');
  return socket;
}

const impatient = { headersTimeoutMs: 50, requestTimeoutMs: 100, checkingIntervalMs: 20 };

suite('The server', () => {
  test('closes on headers and bodies that trickle', async (t) => {
    const { port } = await startEdge(t, { server: impatient });
    assert.match(
      await rawExchange(port, 'GET / HTTP/1.1\r\nhost: x\r\nx-slow: '),
      /^HTTP\/1\.1 408 /,
    );
    const head =
      'POST /webhooks/whatsapp HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 9\r\n\r\n';
    assert.match(await rawExchange(port, `${head}{`), /^HTTP\/1\.1 408 /);
  });

  test('closes connections that say nothing', async (t) => {
    const { port } = await startEdge(t, { server: impatient });
    assert.match(await rawExchange(port), /^$|^HTTP\/1\.1 408 /);
  });

  test('refuses headers over 8 KiB, requests without a host and what is no HTTP', async (t) => {
    const { port } = await startEdge(t);
    const large = `GET / HTTP/1.1\r\nhost: x\r\nx-large: ${'x'.repeat(9_000)}\r\n\r\n`;
    assert.match(await rawExchange(port, large), /^HTTP\/1\.1 431 /);
    assert.match(await rawExchange(port, 'GET / HTTP/1.1\r\nconnection: close\r\n\r\n'), / 400 /);
    assert.match(await rawExchange(port, '\x16\x03\x01\0\0'), / 400 /);
    assert.match(
      await rawExchange(port, 'GET / HTTP/1.1\r\nhost: x\r\nbad\nname: 1\r\n\r\n'),
      / 400 /,
    );
  });

  test('closes the oldest connection that says nothing for one that comes', async (t) => {
    const { port, url } = await startEdge(t, { server: { maxConnectionsOfSource: 3 } });
    const silent = await Promise.all(Array.from({ length: 3 }, () => connected(port)));
    const closed = silent.map((socket) => once(socket, 'close'));
    assert.equal((await fetch(url, { headers: { connection: 'close' } })).status, 404);
    await closed[0];
    assert.deepEqual(
      silent.map(({ destroyed }) => destroyed),
      [true, false, false],
    );
    for (const socket of silent) socket.destroy();
  });

  test('closes a newcomer when everybody else is being worked for', async (t) => {
    const gate = Promise.withResolvers<void>();
    let asked = 0;
    const running = await serve(
      async (_, response) => {
        asked += 1;
        await gate.promise;
        response.end('done');
      },
      { host: '127.0.0.1', port: 0 },
      { maxConnections: 1 },
    );
    t.after(() => running.drain(0));
    const first = fetch(running.url);
    await waitUntil(() => asked === 1, { what: 'the request' });
    await assert.rejects(fetch(running.url));
    gate.resolve();
    assert.equal(await (await first).text(), 'done');
  });

  test('cuts who asks for much and takes nothing', async (t) => {
    const running = await serve(
      (_, response) => response.end(Buffer.alloc(64 * 1_024 * 1_024)),
      {
        host: '127.0.0.1',
        port: 0,
      },
      { silenceTimeoutMs: 100 },
    );
    t.after(() => running.drain(0));
    const socket = await connected(running.port);
    socket.write('GET / HTTP/1.1\r\nhost: x\r\n\r\n');
    socket.pause();
    await waitUntil(async () => (await running.connections()) === 0, { what: 'the cut' });
    socket.destroy();
  });

  test('drains: finishes what it has, takes nothing new', async (t) => {
    const gate = Promise.withResolvers<void>();
    let asked = 0;
    const running = await serve(
      async (_, response) => {
        asked += 1;
        await gate.promise;
        response.end('done');
      },
      { host: '127.0.0.1', port: 0 },
    );
    t.after(() => running.drain(0));
    const answer = fetch(running.url);
    await waitUntil(() => asked === 1, { what: 'the request' });
    const drained = running.drain(60_000);
    await assert.rejects(fetch(running.url));
    gate.resolve();
    assert.equal(await (await answer).text(), 'done');
    await drained;
  });

  test('cuts what is not finished by the deadline', async () => {
    let asked = 0;
    const running = await serve(() => (asked += 1), { host: '127.0.0.1', port: 0 });
    const answer = assert.rejects(fetch(running.url));
    await waitUntil(() => asked === 1, { what: 'the request' });
    await running.drain(30);
    await answer;
  });

  test('says so when its port is taken', async (t) => {
    const { port } = await startEdge(t);
    await assert.rejects(
      serve(() => {}, { host: '127.0.0.1', port }),
      { code: 'EADDRINUSE' },
    );
  });
});

suite('The ops port', () => {
  test('says live, ready and what was counted', async (t) => {
    const registry = new Registry();
    const counter = new Counter({ name: 'turns_total', help: 'Turns', registers: [registry] });
    counter.inc(3);
    let down: ReadinessCheck['check'] = async () => {};
    const checks: ReadinessCheck[] = [
      { name: 'ledger', check: (signal) => down(signal), deadlineMs: 50 },
      { name: 'transport', check: async () => {} },
    ];
    const app = createOps({ registry, checks });
    const running = await serve(app.callback(), { host: '127.0.0.1', port: 0 });
    t.after(() => running.drain(0));
    const ready = async () => {
      const response = await fetch(`${running.url}/health/ready`);
      const { status, checks } = (await response.json()) as {
        status: string;
        checks: { name: string; ok: boolean }[];
      };
      return [response.status, status, checks.map(({ name, ok }) => `${name} ${ok}`)];
    };

    assert.equal((await fetch(`${running.url}/health/live`)).status, 200);
    assert.deepEqual(await ready(), [200, 'ready', ['ledger true', 'transport true']]);
    const unready = [503, 'unready', ['ledger false', 'transport true']];
    down = () => Promise.reject(new Error('no route to 10.0.0.1'));
    assert.deepEqual(await ready(), unready);
    down = () => new Promise(() => {});
    assert.deepEqual(await ready(), unready);
    down = () => {
      throw new Error('at once');
    };
    assert.deepEqual(await ready(), unready);
    const metrics = await fetch(`${running.url}/metrics`);
    assert.match(metrics.headers.get('content-type') ?? '', /^text\/plain/);
    assert.match(await metrics.text(), /turns_total 3/);
  });
});
