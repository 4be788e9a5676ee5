import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import { suite, test } from 'node:test';
import { gzipSync } from 'node:zlib';

import {
  notification,
  postWhatsapp,
  rawExchange,
  startEdge,
  textMessage,
  whatsappSignature,
} from './edge.ts';

const path = '/webhooks/whatsapp';
let last = 0;
const freshBody = () =>
  JSON.stringify(notification({ messages: [textMessage(`wamid.${(last += 1)}`)] }));

/** A request as bytes, signed; closed by the server after its answer unless `more` says otherwise. */
function request(body: string, more: readonly string[] = ['connection: close'], at = path): string {
  const head = [
    `POST ${at} HTTP/1.1`,
    'host: x',
    'content-type: application/json',
    `content-length: ${Buffer.byteLength(body)}`,
    `x-hub-signature-256: ${whatsappSignature(body)}`,
    ...more,
  ];
  return `${head.join('\r\n')}\r\n\r\n${body}`;
}

suite('The door of WhatsApp takes', () => {
  test('a path in capitals or with a slash at its end, and a signature in capitals', async (t) => {
    const { url, port, intake } = await startEdge(t);
    for (const at of ['/WEBHOOKS/WhatsApp', `${path}/`]) {
      assert.match(
        await rawExchange(port, request(freshBody(), undefined, at)),
        /^HTTP\/1\.1 200 /,
      );
    }
    const body = freshBody();
    const signature = whatsappSignature(body).replace(/[0-9a-f]{64}/, (hex) => hex.toUpperCase());
    const answer = await postWhatsapp(url, body, { 'x-hub-signature-256': signature });
    assert.equal(answer.status, 200);
    assert.equal(intake.received.length, 3);
  });

  test('a quoted charset, and letters as Meta escapes them', async (t) => {
    const { url, intake } = await startEdge(t);
    const charset = { 'content-type': 'application/json; charset="UTF-8"' };
    const body = freshBody().replace('Merhaba', String.raw`\u015eifa \ud83d\ude00`);
    assert.equal((await postWhatsapp(url, body, charset)).status, 200);
    const said = intake.received.map(({ data }) => (data as { message: unknown }).message);
    assert.deepEqual(said, [{ kind: 'text', text: 'Şifa 😀' }]);
  });

  test('a body that waits to be asked for', async (t) => {
    const { port, intake } = await startEdge(t);
    const [head = '', body = ''] = request(freshBody(), [
      'expect: 100-continue',
      'connection: close',
    ]).split(/(?<=\r\n\r\n)/, 2);
    const socket = connect(port, '127.0.0.1');
    let answer = '';
    socket.on('data', (bytes) => (answer += bytes.toString()));
    socket.write(head);
    await once(socket, 'data');
    assert.match(answer, /^HTTP\/1\.1 100 /);
    socket.write(body);
    await once(socket, 'close');
    assert.match(answer, /HTTP\/1\.1 200 /);
    assert.equal(intake.received.length, 1);
  });

  test('chunks with an extension and a trailer', async (t) => {
    const { port, intake } = await startEdge(t);
    const body = freshBody();
    const head = [
      `POST ${path} HTTP/1.1`,
      'host: x',
      'content-type: application/json',
      'transfer-encoding: chunked',
      `x-hub-signature-256: ${whatsappSignature(body)}`,
      'connection: close',
    ];
    const size = Buffer.byteLength(body).toString(16);
    const chunks = `${size};ext="1"\r\n${body}\r\n0\r\nx-trailer: 1\r\n\r\n`;
    const answer = await rawExchange(port, `${head.join('\r\n')}\r\n\r\n${chunks}`);
    assert.match(answer, /^HTTP\/1\.1 200 /);
    assert.equal(intake.received.length, 1);
  });

  test('two requests in one go, and answers both in order', async (t) => {
    const { port, intake } = await startEdge(t);
    const both = request(freshBody(), []) + request(freshBody());
    const answer = await rawExchange(port, both);
    assert.equal(answer.match(/HTTP\/1\.1 200 /g)?.length, 2);
    assert.equal(intake.received.length, 2);
  });
});

suite('No door', () => {
  test('takes a compressed body', async (t) => {
    const { port, intake } = await startEdge(t);
    const zipped = gzipSync(freshBody());
    for (const at of [path, '/webhooks/payments', '/webhooks/efatura']) {
      const head = [
        `POST ${at} HTTP/1.1`,
        'host: x',
        'content-type: application/json',
        'content-encoding: gzip',
        `content-length: ${zipped.length}`,
        'connection: close',
      ];
      const answer = await rawExchange(port, `${head.join('\r\n')}\r\n\r\n`, zipped);
      assert.match(answer, /^HTTP\/1\.1 415 /, at);
    }
    assert.equal(intake.received.length, 0);
  });

  test('takes two lengths, a length that is none, or one that no number holds', async (t) => {
    const { port } = await startEdge(t);
    for (const lengths of [
      ['content-length: 1', 'content-length: 2'],
      ['content-length: -1'],
      ['content-length: 1e3'],
      [`content-length: ${'9'.repeat(30)}`],
    ]) {
      const head = [`POST ${path} HTTP/1.1`, 'host: x', 'content-type: application/json'];
      const answer = await rawExchange(port, `${[...head, ...lengths].join('\r\n')}\r\n\r\n{}`);
      assert.match(answer, /^HTTP\/1\.1 4\d\d /, lengths.join());
    }
  });

  test('is found by a way around its path', async (t) => {
    const { port } = await startEdge(t);
    for (const at of [
      '//webhooks/whatsapp',
      '/webhooks/../webhooks/whatsapp',
      '/webhooks%2fwhatsapp',
      '/%77ebhooks/whatsapp',
      '/webhooks/whatsapp%00',
      '/webhooks/whatsapp;x=1',
      '*',
    ]) {
      const answer = await rawExchange(port, request(freshBody(), undefined, at));
      assert.match(answer, /^HTTP\/1\.1 40[04] /, at);
    }
  });

  test('is opened by a second header of the same name', async (t) => {
    const { port, intake } = await startEdge(t);
    const twice = ['x-hub-signature-256: sha256=00', 'connection: close'];
    assert.match(await rawExchange(port, request(freshBody(), twice)), /^HTTP\/1\.1 401 /);
    assert.equal(intake.received.length, 0);
  });

  test('minds a query that is long, repeated or a prototype', async (t) => {
    const { url } = await startEdge(t);
    for (const query of [
      'hub.mode=subscribe&'.repeat(300),
      '__proto__[x]=1&constructor=2',
      'hub.mode=subscribe&hub.verify_token=a&hub.verify_token=b&hub.challenge=1',
      '%00=%ff%fe',
    ]) {
      const { status } = await fetch(`${url}${path}?${query}`);
      assert.equal(status, 403, query.slice(0, 40));
    }
    assert.equal(({} as { x?: unknown }).x, undefined);
  });
});
