import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { suite, test } from 'node:test';

import type { UploadForm } from '../../actors/ports/documents.ts';
import { documentLinksContract, pdfOf, sendForm } from '../adapters/documents-contract.ts';
import { waitUntil } from '../support/wait.ts';
import { auditingDesk, startDocumentsEdge } from './documents-edge.ts';
import { memoryIntake, problemOf, rawExchange, startEdge } from './edge.ts';

/** What `startDocumentsEdge` needs of a test's context. */
function closable() {
  const closing: (() => unknown)[] = [];
  const t = { after: (close: () => unknown) => void closing.push(close) };
  return {
    t: t as Parameters<typeof startDocumentsEdge>[0],
    close: async () => {
      for (const close of closing) await close();
    },
  };
}

documentLinksContract(
  'the embedded store, served by the edge, keeps the contract of links:',
  async () => {
    const { t, close } = closable();
    const { store } = await startDocumentsEdge(t);
    return { store, close };
  },
);

const order = {
  tenant: 'tenant-a',
  caseId: 'case-1',
  name: 'passport.pdf',
  contentType: 'application/pdf',
  minBytes: 1,
  maxBytes: 1_000,
};
const signal = () => AbortSignal.timeout(10_000);

/** Sends parts as they are given, in that order. */
async function sendParts(
  { url }: UploadForm,
  parts: readonly (readonly [string, string | Blob])[],
) {
  const form = new FormData();
  for (const [name, value] of parts) {
    if (typeof value === 'string') form.append(name, value);
    else form.append(name, value, 'scan');
  }
  const answer = await fetch(url, { method: 'POST', body: form });
  const text = await answer.text();
  return [answer.status, /<Code>(\w+)<\/Code>/.exec(text)?.[1]];
}

suite('POST /documents/upload', () => {
  const soon = () => ({ ...order, expiresAt: Date.now() + 60_000 });
  const file = () => new Blob([pdfOf(500)], { type: 'application/pdf' });

  test('tells the case before it answers, once for the same file', async (t) => {
    const edge = await startDocumentsEdge(t);
    const form = await edge.store.presignUpload(soon());
    for (let times = 0; times < 3; times += 1) {
      assert.equal((await sendForm(form, pdfOf(500))).status, 204);
    }
    const [delivery, ...more] = edge.intake.received;
    assert.equal(more.length, 0);
    const version = await edge.store.stat(order, signal());
    assert.deepEqual(delivery?.about, { kind: 'case', caseId: 'case-1' });
    assert.deepEqual(delivery?.data, {
      caseId: 'case-1',
      key: 'docs/tenant-a/case-1/passport.pdf',
      size: 500,
      checksum: version?.checksum,
    });
    assert.equal((await sendForm(form, pdfOf(501))).status, 204);
    assert.equal(edge.intake.received.length, 2);
  });

  test('refuses a file that is not what it was declared to be', async (t) => {
    const edge = await startDocumentsEdge(t);
    const form = await edge.store.presignUpload(soon());
    for (const content of ['<script>alert(1)</script>', 'MZ\x90\0', '', ' %PDF-1.7']) {
      const sent = await sendForm(form, new TextEncoder().encode(content));
      assert.equal(sent.status, content === '' ? 400 : 403, content);
    }
    assert.equal(await edge.store.get(order, signal()), null);
    assert.equal(edge.intake.received.length, 0);
  });

  test('refuses a form whose fields come after the file, twice, or besides its policy', async (t) => {
    const edge = await startDocumentsEdge(t);
    const form = await edge.store.presignUpload(soon());
    const fields = Object.entries(form.fields);
    const denied = [403, 'SignatureDoesNotMatch'];
    assert.deepEqual(await sendParts(form, [['file', file()], ...fields]), denied);
    const wrong = [400, 'InvalidArgument'];
    assert.deepEqual(await sendParts(form, fields), wrong);
    assert.deepEqual(await sendParts(form, [...fields, ['other', file()]]), wrong);
    assert.deepEqual(await sendParts(form, [['key', 'x'], ...fields, ['file', file()]]), wrong);
    const extra = [['acl', 'public-read'], ...fields, ['file', file()]] as const;
    assert.deepEqual(await sendParts(form, extra), [403, 'AccessDenied']);
    const many = Array.from({ length: 30 }, (_, index) => [`f${index}`, 'x'] as const);
    assert.deepEqual(await sendParts(form, [...many, ...fields, ['file', file()]]), wrong);
    const long = [
      ['policy', 'x'.repeat(100_000)],
      ['file', file()],
    ] as const;
    assert.notEqual((await sendParts(form, long))[0], 204);
    assert.equal(await edge.store.get(order, signal()), null);
  });

  test('refuses what is no form', async (t) => {
    const edge = await startDocumentsEdge(t);
    const url = `${edge.url}/documents/upload`;
    for (const [type, body] of [
      ['application/json', '{}'],
      ['multipart/form-data', 'x'],
      ['multipart/form-data; boundary=b', 'no boundary here'],
      [
        'multipart/form-data; boundary=b',
        '--b\r\nContent-Disposition: form-data; name="a"\r\n\r\n1',
      ],
      ['text/plain', ''],
    ] as const) {
      const answer = await fetch(url, { method: 'POST', headers: { 'content-type': type }, body });
      assert.equal(answer.status, 400, type);
      assert.match(await answer.text(), /<Code>InvalidArgument<\/Code>/);
    }
  });

  test('reads no further than the policy allows, whatever is announced', async (t) => {
    const edge = await startDocumentsEdge(t);
    const form = await edge.store.presignUpload(soon());
    const { port } = edge;
    const boundary = 'b';
    const head = Object.entries(form.fields)
      .map(
        ([name, value]) =>
          `--${boundary}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`,
      )
      .join('');
    const fileHead = `--${boundary}\r\nContent-Disposition: form-data; name="file"; filename="a"\r\nContent-Type: application/pdf\r\n\r\n`;
    const announced = 60 * 1_024 * 1_024;
    const socket = connect(port, '127.0.0.1');
    const { promise, resolve } = Promise.withResolvers<string>();
    const answer: Buffer[] = [];
    socket.on('data', (bytes) => answer.push(Buffer.from(bytes)));
    socket.on('error', () => {});
    socket.on('close', () => resolve(Buffer.concat(answer).toString('latin1')));
    socket.write(
      `POST /documents/upload HTTP/1.1\r\nHost: x\r\nContent-Type: multipart/form-data; boundary=${boundary}\r\nContent-Length: ${announced}\r\n\r\n${head}${fileHead}`,
    );
    let sent = 0;
    const chunk = Buffer.alloc(64 * 1_024, 0x20);
    const more = () => {
      while (!socket.destroyed && answer.length === 0 && sent < announced / 2) {
        sent += chunk.length;
        if (socket.write(chunk)) continue;
        socket.once('drain', more);
        return;
      }
    };
    more();
    const answered = await promise;
    assert.match(answered, /^HTTP\/1\.1 400 /);
    assert.match(answered, /<Code>EntityTooLarge<\/Code>/);
    assert.ok(sent < 20 * 1_024 * 1_024, `${sent} bytes were taken`);
  });

  test('needs a length, and refuses one that no policy allows', async (t) => {
    const edge = await startDocumentsEdge(t);
    const post = (headers: string, body = '') =>
      new Promise<string>((resolve) => {
        const socket = connect(edge.port, '127.0.0.1');
        let answer = '';
        socket.on('data', (bytes) => (answer += bytes.toString('latin1')));
        socket.on('error', () => {});
        socket.on('close', () => resolve(answer));
        socket.write(
          `POST /documents/upload HTTP/1.1\r\nHost: x\r\nContent-Type: multipart/form-data; boundary=b\r\n${headers}\r\n\r\n${body}`,
        );
      });
    assert.match(await post('Transfer-Encoding: chunked', '0\r\n\r\n'), /^HTTP\/1\.1 411 /);
    assert.match(await post('Content-Length: 99999999999'), /EntityTooLarge/);
  });

  test('stores nothing that it cannot audit, and asks to come again while the ledger is away', async (t) => {
    const desk = auditingDesk();
    desk.audit = async () => {
      throw Object.assign(new Error('No database'), { retryable: true });
    };
    const edge = await startDocumentsEdge(t, { desk });
    const form = await edge.store.presignUpload(soon());
    assert.equal((await sendForm(form, pdfOf(500))).status, 503);
    assert.equal(await edge.store.get(order, signal()), null);

    const away = { ...memoryIntake() };
    away.receive = async () => {
      throw Object.assign(new Error('No database'), { retryable: true });
    };
    const later = await startDocumentsEdge(t, { intake: away });
    const again = await later.store.presignUpload(soon());
    assert.equal((await sendForm(again, pdfOf(500))).status, 503);
  });

  test('holds no more files in memory than it can: the oldest unfinished one makes way', async (t) => {
    const uploads = { requests: 10, requestsOfSource: 10, bytes: 50_000, bytesOfSource: 50_000 };
    const edge = await startDocumentsEdge(t, { limits: { uploads } });
    const form = await edge.store.presignUpload({ ...soon(), maxBytes: 1_000_000 });
    const fields = Object.entries(form.fields)
      .map(
        ([name, value]) =>
          `--b\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`,
      )
      .join('');
    const start =
      `POST /documents/upload HTTP/1.1\r\nHost: x\r\nContent-Type: multipart/form-data; boundary=b\r\n` +
      `Content-Length: 900000\r\n\r\n${fields}--b\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n` +
      `Content-Type: application/pdf\r\n\r\n%PDF-1.7${' '.repeat(30_000)}`;
    const held = rawExchange(edge.port, start);
    await waitUntil(async () => (await sendForm(form, pdfOf(40_000))).status === 204, {
      what: 'a file beside a held one',
    });
    assert.match(await held, /^$|^HTTP\/1\.1 503 /);
    assert.equal((await sendForm(form, pdfOf(60_000))).status, 503, 'more than there is');
    assert.equal((await sendForm(form, pdfOf(50_000))).status, 204, 'as much as there is');
  });

  test('writes down once what is done again and again with one form or one link', async (t) => {
    const edge = await startDocumentsEdge(t);
    const form = await edge.store.presignUpload(soon());
    for (let round = 0; round < 20; round += 1) {
      assert.equal((await sendForm(form, Buffer.from('no PDF'))).status, 403);
    }
    assert.equal((await sendForm(form, pdfOf(500))).status, 204, 'the form still works');
    const link = { expiresAt: Date.now() + 60_000, filename: 'a.pdf' };
    const address = await edge.store.presignDownload(order, link);
    for (let round = 0; round < 20; round += 1) {
      const answer = await fetch(address);
      assert.equal(answer.status, 200);
      await answer.arrayBuffer();
    }
    assert.deepEqual(
      edge.desk.accesses.map(({ what }) => what),
      ['POST /documents/upload', 'GET /documents/{signed}'],
    );
  });

  test('reads no body of another type, however large, and answers at once', async (t) => {
    const edge = await startDocumentsEdge(t);
    const url = `${edge.url}/documents/upload`;
    const most = 60 * 1_024 * 1_024;
    const before = process.memoryUsage();
    for (const [type, unit] of [
      ['application/x-www-form-urlencoded', 'a=1&'],
      ['application/json', '1,'],
      ['application/octet-stream', '1'],
      ['multipart/related; boundary=b', '1'],
    ] as const) {
      let sent = 0;
      const chunk = Buffer.from(unit.repeat(32_768));
      const body = new ReadableStream<Uint8Array>({
        pull(controller) {
          sent += chunk.length;
          if (sent > most) controller.close();
          else controller.enqueue(chunk);
        },
      });
      const headers = { 'content-type': type, 'content-length': String(most) };
      const whole = most - (most % chunk.length);
      const answer = await fetch(url, {
        method: 'POST',
        headers: { ...headers, 'content-length': String(whole) },
        body,
        duplex: 'half',
      });
      assert.equal(answer.status, 400, type);
      assert.match(await answer.text(), /<Code>InvalidArgument<\/Code>/);
      assert.ok(sent < most / 2, `${sent} bytes were taken first`);
    }
    const { arrayBuffers, heapUsed } = process.memoryUsage();
    assert.ok(arrayBuffers + heapUsed - before.arrayBuffers - before.heapUsed < most, 'was held');
    const compressed = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'multipart/form-data; boundary=b', 'content-encoding': 'gzip' },
      body: 'x',
    });
    assert.equal(compressed.status, 415);
  });

  test('has no such route where nothing is served', async (t) => {
    const edge = await startEdge(t);
    const answer = await fetch(`${edge.url}/documents/upload`, { method: 'POST' });
    assert.equal((await problemOf(answer)).code, 'not_found');
  });
});

suite('GET /documents/{signed}', () => {
  test('leads nowhere but where we signed', async (t) => {
    const edge = await startDocumentsEdge(t);
    await edge.store.put({ ...order, bytes: pdfOf(20) }, signal());
    const link = { expiresAt: Date.now() + 60_000, filename: 'a.pdf' };
    const good = await edge.store.presignDownload(order, link);
    const [encoded = '', mac = ''] = good.slice(`${edge.url}/documents/`.length).split('.');
    const other = Buffer.from(
      JSON.stringify({ key: 'docs/tenant-b/case-2/a.pdf', filename: 'a', expiresAt: 9e15 }),
    ).toString('base64url');
    const form = await edge.store.presignUpload({ ...order, expiresAt: Date.now() + 60_000 });
    const { policy = '', 'x-amz-signature': signature = '' } = form.fields;
    for (const signed of [
      'x',
      encoded,
      `${other}.${mac}`,
      `${encoded}.${mac}.x`,
      `${encoded}.`,
      `${encodeURIComponent(policy)}.${signature}`,
    ]) {
      const answer = await fetch(`${edge.url}/documents/${signed}`);
      assert.equal(answer.status, 403, signed);
      assert.match(await answer.text(), /<Code>AccessDenied<\/Code>/);
    }
    const missing = await edge.store.presignDownload({ ...order, name: 'none.pdf' }, link);
    assert.equal((await fetch(missing)).status, 403);
    assert.equal((await fetch(good)).status, 200);
  });
});
