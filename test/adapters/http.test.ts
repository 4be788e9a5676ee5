import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type RequestListener, type Server, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, suite, test } from 'node:test';

import { ProviderBusy, ProviderUnreachable } from '../../actors/errors.ts';
import { exchange, providerDispatcher, sendJson, waitMs } from '../../adapters/http.ts';

const answers: Readonly<Record<string, RequestListener>> = {
  '/json': (_, response) => response.end('{"ok":true}'),
  '/html': (_, response) => response.end('<html>'),
  '/empty': (_, response) => response.end(),
  '/moved': (_, response) => response.writeHead(302, { location: '/json' }).end('{}'),
  '/refused': (_, response) => response.writeHead(401).end('{"why":1}'),
  '/broken': (_, response) => response.writeHead(502).end('{}'),
  '/busy': (_, response) => response.writeHead(429, { 'retry-after': '7' }).end('{}'),
  '/absurd': (_, response) => response.writeHead(429, { 'retry-after': '999999999' }).end('{}'),
  '/long': (_, response) => response.end(`"${'x'.repeat(300 * 1_024)}"`),
  '/endless': (_, response) => {
    const write = () => {
      while (response.write('x'.repeat(16_384)));
      response.once('drain', write);
    };
    write();
  },
  '/cut': (_, response) => {
    response.writeHead(200, { 'content-length': '100' });
    response.write('{"half":', () => response.destroy());
  },
  '/trickle': (_, response) => {
    response.write('{');
  },
};

suite('a request to a provider', () => {
  let server: Server;
  let baseUrl: string;
  const dispatcher = providerDispatcher();
  before(async () => {
    server = createServer((request, response) => answers[request.url ?? '']?.(request, response));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  });
  after(async () => {
    await dispatcher.destroy();
    server.closeAllConnections();
    server.close();
  });

  const to = (path: string, signal = AbortSignal.timeout(5_000)) =>
    ({ provider: 'acme', dispatcher, baseUrl, path, method: 'GET', headers: {}, signal }) as const;

  test('gives JSON, and a refusal to whom it may concern', async () => {
    assert.deepEqual((await sendJson(to('/json'))).json, { ok: true });
    const { status, json } = await sendJson(to('/refused'));
    assert.deepEqual([status, json], [401, { why: 1 }]);
  });

  for (const [path, reason] of [
    ['/html', 'not_json'],
    ['/empty', 'not_json'],
    ['/moved', 'status_302'],
    ['/broken', 'status_502'],
    ['/long', 'body_too_long'],
    ['/endless', 'body_too_long'],
    ['/cut', 'connection_broken'],
  ] as const) {
    test(`is in doubt after ${path}: ${reason}`, async () => {
      await assert.rejects(
        sendJson(to(path)),
        (error) => error instanceof ProviderUnreachable && error.reason === reason,
      );
    });
  }

  test('is in doubt when the body does not end in time', async () => {
    await assert.rejects(
      exchange(to('/trickle', AbortSignal.timeout(50))),
      (error) => error instanceof ProviderUnreachable && error.reason === 'timeout',
    );
  });

  test('learns when to come back, but at most an hour', async () => {
    for (const [path, retryAfterMs] of [
      ['/busy', 7_000],
      ['/absurd', 3_600_000],
    ] as const) {
      await assert.rejects(
        sendJson(to(path)),
        (error) => error instanceof ProviderBusy && error.retryAfterMs === retryAfterMs,
      );
    }
    const inAMinute = waitMs(new Date(Date.now() + 60_000).toUTCString());
    assert.ok(inAMinute !== undefined && inAMinute > 58_000 && inAMinute <= 60_000);
    assert.equal(waitMs('soon'), undefined);
    assert.equal(waitMs(undefined), undefined);
  });

  test('was certainly not sent if the signal had aborted, or nobody listens', async () => {
    await assert.rejects(
      exchange(to('/json', AbortSignal.abort())),
      (error) => error instanceof ProviderBusy && error.reason === 'not_sent',
    );
    const deaf = createServer();
    deaf.listen(0, '127.0.0.1');
    await once(deaf, 'listening');
    const { port } = deaf.address() as AddressInfo;
    deaf.close();
    await once(deaf, 'close');
    for (const host of ['127.0.0.1', 'nobody.invalid']) {
      await assert.rejects(
        exchange({ ...to('/json'), baseUrl: `http://${host}:${port}` }),
        (error) => error instanceof ProviderBusy && error.reason === 'not_connected',
      );
    }
  });
});
