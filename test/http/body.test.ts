import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { suite, test } from 'node:test';

import { routeClasses, type AdmissionLimits } from '../../http/server/admission.ts';
import type { PoolLimits } from '../../http/server/pool.ts';
import { waitUntil } from '../support/wait.ts';
import {
  memoryIntake,
  notification,
  postWhatsapp,
  problemOf,
  rawExchange,
  startEdge,
  textMessage,
  whatsappSignature,
} from './edge.ts';

const limit = 1_024 * 1_024;

/** The same budget for each class. */
const bodiesOf = (pool: PoolLimits) =>
  Object.fromEntries(routeClasses.map((name) => [name, pool])) as AdmissionLimits['bodies'];

/** A good notification of exactly so many bytes. */
function bodyOf(bytes: number): string {
  const body = JSON.stringify(notification({ messages: [textMessage('wamid.1')] }));
  return body + ' '.repeat(bytes - Buffer.byteLength(body));
}

function head(...headers: string[]): string {
  const lines = [
    'POST /webhooks/whatsapp HTTP/1.1',
    'host: x',
    'content-type: application/json',
    ...headers,
  ];
  return `${lines.join('\r\n')}\r\n\r\n`;
}

suite('A body', () => {
  test('of 1 MiB is taken, and one byte more is a 413', async (t) => {
    const { url, intake } = await startEdge(t);
    const large = await postWhatsapp(url, bodyOf(limit + 1));
    assert.equal(large.status, 413);
    assert.equal((await problemOf(large)).code, 'body_too_large');
    assert.equal(intake.received.length, 0);
    assert.equal((await postWhatsapp(url, bodyOf(limit))).status, 200);
  });

  test('without a length is counted as it comes', async (t) => {
    const { url } = await startEdge(t);
    const send = async (bytes: number) => {
      const body = bodyOf(bytes);
      return await fetch(`${url}/webhooks/whatsapp`, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          'x-hub-signature-256': whatsappSignature(body),
        },
        body: new Blob([body]).stream(),
        duplex: 'half',
      });
    };
    assert.equal((await send(limit)).status, 200);
    assert.equal((await send(limit + 1)).status, 413);
  });

  test('that claims to be huge is refused before it comes', async (t) => {
    const { port } = await startEdge(t);
    const answer = await rawExchange(port, head(`content-length: ${2 ** 40}`));
    assert.match(answer, /^HTTP\/1\.1 413 /);
  });

  test('that never ends is cut off', async (t) => {
    const { port } = await startEdge(t);
    const chunk = `10000\r\n${'x'.repeat(0x10000)}\r\n`;
    const answer = await rawExchange(port, head('transfer-encoding: chunked'), chunk.repeat(200));
    // Who writes on and on may meet the closed socket before the answer.
    assert.match(answer, /^$|^HTTP\/1\.1 413 /);
  });

  test('longer than its length is not smuggled in as another request with it', async (t) => {
    const { port, intake } = await startEdge(t);
    const body = bodyOf(500);
    const signature = `x-hub-signature-256: ${whatsappSignature(body)}`;
    const request = head(signature, 'content-length: 500');
    const answer = await rawExchange(port, `${request}${body}{"more":1}`);
    // Node may close before the first answer is out; then the sender comes again and finds a duplicate.
    assert.match(answer, /HTTP\/1\.1 400 Bad Request/);
    assert.ok(intake.received.length <= 1);
  });

  test('with both a length and chunks is refused', async (t) => {
    const { port } = await startEdge(t);
    const request = head('content-length: 5', 'transfer-encoding: chunked');
    assert.match(await rawExchange(port, `${request}0\r\n\r\nX`), /^HTTP\/1\.1 400 /);
  });

  test('with a content encoding, or of another type, is a 415', async (t) => {
    const { url } = await startEdge(t);
    const body = notification({ messages: [textMessage('wamid.1')] });
    const refused: Record<string, string>[] = [
      { 'content-encoding': 'gzip' },
      { 'content-encoding': 'identity' },
      { 'content-type': 'text/plain' },
      { 'content-type': 'application/json-seq' },
      { 'content-type': '' },
    ];
    for (const headers of refused) {
      const response = await postWhatsapp(url, body, headers);
      assert.equal(response.status, 415, JSON.stringify(headers));
      assert.equal((await problemOf(response)).code, 'unsupported_media_type');
    }
    const charset = { 'content-type': 'Application/JSON; charset=utf-8' };
    assert.equal((await postWhatsapp(url, body, charset)).status, 200);
  });

  test('that comes too slowly is a 408', async (t) => {
    const { port, intake } = await startEdge(t, { limits: { bodyDeadlineMs: 30 } });
    const answer = await rawExchange(port, head('content-length: 100'), '{');
    assert.match(answer, /^HTTP\/1\.1 408 [^]*body_timeout/);
    assert.equal(intake.received.length, 0);
  });

  test('that breaks off leaves nothing behind', async (t) => {
    const { port, url, intake, registry } = await startEdge(t);
    const socket = connect(port, '127.0.0.1').on('error', () => {});
    const body = bodyOf(500);
    const signature = `x-hub-signature-256: ${whatsappSignature(body)}`;
    socket.write(head(signature, 'content-length: 500') + body.slice(0, 499), () =>
      socket.resetAndDestroy(),
    );
    await waitUntil(async () => /status="400"\} 1/.test(await registry.metrics()), {
      what: 'the broken request to be over',
    });
    assert.equal(intake.received.length, 0);
    assert.equal((await postWhatsapp(url, body)).status, 200);
  });

  test('that is unfinished makes way for one that needs its memory, and memory comes back', async (t) => {
    const pool = { requests: 10, requestsOfSource: 10, bytes: 1_000, bytesOfSource: 1_000 };
    const { url, port, intake } = await startEdge(t, {
      limits: { bodies: bodiesOf(pool), bodyDeadlineMs: 60_000 },
    });
    const held = rawExchange(port, head('content-length: 900') + ' '.repeat(800));
    await waitUntil(async () => (await postWhatsapp(url, bodyOf(500))).status === 200, {
      what: 'a good body beside a held one',
    });
    assert.match(await held, /^HTTP\/1\.1 503 [^]*overloaded/);
    assert.equal((await postWhatsapp(url, bodyOf(1_000))).status, 200);
    assert.equal((await postWhatsapp(url, bodyOf(1_001))).status, 503);
    assert.equal(intake.received.length, 1);
  });
});

suite('The edge', () => {
  test('sheds what is more than it works on at one time', async (t) => {
    const gate = Promise.withResolvers<void>();
    const intake = memoryIntake();
    let waiting = 0;
    const { url } = await startEdge(t, {
      limits: { inFlight: 1 },
      intake: {
        receive: async (deliveries) => {
          waiting += 1;
          await gate.promise;
          return await intake.receive(deliveries);
        },
      },
    });
    const body = notification({ messages: [textMessage('wamid.1')] });
    const first = postWhatsapp(url, body);
    await waitUntil(() => waiting === 1, { what: 'the first request' });
    const shed = await postWhatsapp(url, body);
    assert.equal(shed.status, 503);
    assert.equal(shed.headers.get('retry-after'), '1');
    assert.equal((await problemOf(shed)).code, 'overloaded');
    gate.resolve();
    assert.equal((await first).status, 200);
    assert.equal((await postWhatsapp(url, body)).status, 200);
  });

  test('answers what it does not have with a problem', async (t) => {
    const { url } = await startEdge(t);
    const asked: [string, string, number, string][] = [
      ['GET', '/', 404, 'not_found'],
      ['GET', '/admin/', 404, 'not_found'],
      ['GET', '/%E0%A4%A', 404, 'not_found'],
      ['POST', '/admin/cases/case-1', 405, 'method_not_allowed'],
      ['DELETE', '/webhooks/whatsapp', 405, 'method_not_allowed'],
      ['GET', '/webhooks/payments', 405, 'method_not_allowed'],
      ['GET', '/metrics', 404, 'not_found'],
      ['GET', '/health/live', 404, 'not_found'],
    ];
    for (const [method, path, status, code] of asked) {
      const response = await fetch(url + path, { method });
      const problem = await problemOf(response);
      assert.deepEqual([response.status, problem.status, problem.code], [status, status, code]);
      assert.equal(response.headers.get('cache-control'), 'no-store');
      assert.equal(response.headers.get('x-correlation-id'), problem.correlationId);
    }
  });
});
