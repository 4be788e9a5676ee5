import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { after, before, suite, test } from 'node:test';

import { startProxy } from './proxy.ts';
import { waitUntil } from './wait.ts';

suite('the proxy', { timeout: 30_000 }, () => {
  let url: string;
  let heard = '';
  /** Answers each chunk with itself. */
  const echo = createServer((socket) => {
    socket.on('error', () => {});
    socket.on('data', (chunk: Buffer) => {
      heard += chunk.toString();
      socket.write(chunk);
    });
  });
  before(async () => {
    echo.listen(0, '127.0.0.1');
    await once(echo, 'listening');
    const address = echo.address();
    assert.ok(address !== null && typeof address !== 'string');
    url = `tcp://127.0.0.1:${address.port}/path`;
  });
  after(() => echo.close());

  async function dial(port: number) {
    const socket: Socket = connect({ port, host: '127.0.0.1' });
    let got = '';
    let end: string | null = null;
    socket.on('data', (chunk: Buffer) => (got += chunk.toString()));
    socket.on('error', (error: NodeJS.ErrnoException) => (end = error.code ?? 'error'));
    socket.on('close', () => (end ??= 'closed'));
    await once(socket, 'connect');
    return {
      socket,
      got: () => got,
      hears: (text: string) => waitUntil(() => got.includes(text), { what: text }),
      ended: () => waitUntil(() => end, { what: 'the end' }),
    };
  }

  test('passes everything on, with the same path', async () => {
    await using proxy = await startProxy(url);
    assert.equal(proxy.through(url), `tcp://127.0.0.1:${proxy.port}/path`);
    const client = await dial(proxy.port);
    client.socket.write('hello');
    await client.hears('hello');
    assert.equal(proxy.connections(), 1);
    client.socket.end();
    await client.ended();
    await waitUntil(() => proxy.connections() === 0, { what: 'the connection to go' });
  });

  test('is down and up again on the same port', async () => {
    await using proxy = await startProxy(url);
    const client = await dial(proxy.port);
    await proxy.down();
    await client.ended();
    await assert.rejects(dial(proxy.port), { code: 'ECONNREFUSED' });
    await proxy.up();
    const again = await dial(proxy.port);
    again.socket.write('again');
    await again.hears('again');
  });

  test('holds everything back in a black hole, old connections and new ones', async () => {
    await using proxy = await startProxy(url);
    const old = await dial(proxy.port);
    proxy.blackhole();
    const young = await dial(proxy.port);
    heard = '';
    old.socket.write('from the old');
    young.socket.write('from the young');
    const other = await dial(Number(new URL(url).port));
    other.socket.write('in between');
    await other.hears('in between');
    assert.equal(heard, 'in between');
    assert.equal(old.got() + young.got(), '');
    await proxy.up();
    await old.hears('from the old');
    await young.hears('from the young');
    other.socket.destroy();
  });

  test('resets', async () => {
    await using proxy = await startProxy(url);
    const client = await dial(proxy.port);
    proxy.resetPeer();
    assert.equal(await client.ended(), 'ECONNRESET');
  });

  test('drops one reply, across chunks, after the server got the request', async () => {
    await using proxy = await startProxy(url);
    const dropped = proxy.dropReplyOnce(/XADD\r\n.*key/);
    const [one, two] = [await dial(proxy.port), await dial(proxy.port)];
    one.socket.write('other');
    await one.hears('other');
    heard = '';
    one.socket.write('XA');
    await one.hears('XA');
    one.socket.write('DD\r\nthe key');
    await dropped;
    await one.ended();
    assert.equal(heard, 'XADD\r\nthe key');
    assert.equal(one.got(), 'otherXA');
    two.socket.write('XADD\r\nkey');
    await two.hears('XADD\r\nkey');
  });

  test('cuts once the bytes are through', async () => {
    await using proxy = await startProxy(url);
    const cut = proxy.cutAfterOnce(/COMMIT/);
    const client = await dial(proxy.port);
    heard = '';
    client.socket.write('COMMIT');
    await cut;
    await client.ended();
    await waitUntil(() => heard === 'COMMIT', { what: 'the server to hear it' });
  });

  test('is slow, in order', async () => {
    await using proxy = await startProxy(url);
    proxy.latency(30);
    const client = await dial(proxy.port);
    const startedAt = performance.now();
    client.socket.write('a');
    client.socket.write('b');
    await client.hears('ab');
    assert.ok(performance.now() - startedAt >= 59);
  });
});
