import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json, text } from 'node:stream/consumers';
import { after, before, suite, test } from 'node:test';

import { applyBucket } from '../../adapters/minio/bucket.ts';
import { s3Client, type S3Server } from '../../adapters/minio/client.ts';
import { minioDocuments, minioPolicy } from '../../adapters/minio/documents.ts';
import { notificationDeliveries } from '../../http/webhooks/documents.ts';
import { createTelemetry } from '../../telemetry.ts';
import { startCeph, whyNoCeph, type CephGateway } from '../support/ceph.ts';
import { startProgram } from '../support/proc.ts';
import { waitUntil } from '../support/wait.ts';
import { documentLinksContract, documentsContract, pdfOf, sendForm } from './documents-contract.ts';
import { quick } from './fixtures.ts';

const skip = (await whyNoCeph()) ?? false;
const bucket = 'health-tourism-docs';
const signal = () => AbortSignal.timeout(30_000);
const at = () => ({ tenant: 'clinic-a', caseId: `case-${randomUUID()}`, name: 'scan.pdf' });

function documentsOn(server: S3Server, name = bucket) {
  return minioDocuments({
    server,
    publicUrl: server.baseUrl,
    bucket: name,
    policy: quick('minio', minioPolicy, { timeoutMs: 20_000, maxRetries: 1 }),
    telemetry: createTelemetry({ level: 'silent' }),
  });
}

suite('documents on a real S3 server (Ceph):', { skip }, () => {
  let ceph: CephGateway;
  let server: S3Server;
  before(async () => {
    ceph = await startCeph();
    const { url: baseUrl, accessKey, secretKey } = ceph;
    server = { baseUrl, accessKey, secretKey, region: 'us-east-1' };
    await applyBucket(server, { bucket, notifyArn: null }, signal());
  });
  after(() => ceph[Symbol.asyncDispose]());

  const made = async () => ({ store: documentsOn(server), close: async () => {} });
  documentsContract('the contract of documents', made);
  documentLinksContract('the contract of links', made);

  test('makes the bucket so, says what the server refuses, and changes nothing again', async () => {
    const wanted = { bucket: 'applied', notifyArn: 'arn:minio:sqs:us-east-1:cases:webhook' };
    const outcomes = async () =>
      Object.fromEntries(
        (await applyBucket(server, wanted, signal())).map(({ property, outcome }) => [
          property,
          outcome,
        ]),
      );
    // Ceph 16 has no default encryption by this call (its own key does that), and no targets of MinIO's form.
    const refused = { encryption: 'refused', notification: 'refused', policy: 'skipped' };
    const [first, second] = [await outcomes(), await outcomes()];
    assert.deepEqual(first, { bucket: 'made', versioning: 'made', lifecycle: 'made', ...refused });
    assert.deepEqual(second, { bucket: 'kept', versioning: 'kept', lifecycle: 'kept', ...refused });
  });

  test('is made so by the command, which prints what is so', async () => {
    const env = {
      S3_ENDPOINT: server.baseUrl,
      S3_ACCESS_KEY: server.accessKey,
      S3_SECRET_KEY: server.secretKey,
      S3_BUCKET: 'by-command',
      INVOICES_BUCKET: 'invoices-by-command',
    };
    for (const said of [/^4 changed$/m, /^Nothing was changed$/m]) {
      await using program = await startProgram('deploy/tools/storage.ts', { env });
      await program.line(said);
      assert.match(program.output(), /^lifecycle +(made|kept) +current and older versions go/m);
      assert.match(program.output(), /^invoices +(made|kept) +files are locked until their date/m);
      assert.deepEqual(await program.exited, { code: 0, signal: null });
      assert.ok(!program.output().includes(server.secretKey));
    }
    await using without = await startProgram('deploy/tools/storage.ts', {
      env: { ...env, S3_SECRET_KEY: undefined },
    });
    await without.line(/S3_SECRET_KEY must be set/);
    assert.equal((await without.exited).code, 2);
  });

  test('lays nothing down that can be read, put or uploaded', async () => {
    const store = documentsOn(server);
    const [put, uploaded] = [at(), at()];
    await store.put({ ...put, contentType: 'application/pdf', bytes: pdfOf(50) }, signal());
    const order = { contentType: 'application/pdf', minBytes: 1, maxBytes: 50 };
    const form = await store.presignUpload({
      ...uploaded,
      ...order,
      expiresAt: Date.now() + 60_000,
    });
    assert.equal((await sendForm(form, pdfOf(50))).status, 204);
    for (const { caseId } of [put, uploaded]) {
      const [lying, ...more] = ceph.objectsOnDisk(caseId);
      assert.equal(lying?.length, 50);
      assert.equal(more.length, 0);
      assert.ok(!lying.includes('%PDF'));
    }
  });

  test('keeps older versions, and lets current and older ones expire', async () => {
    const { client, run } = s3Client(server);
    const name = 'expiring';
    await applyBucket(server, { bucket: name, notifyArn: null }, signal());
    // The rules are those that the platform has; only the days are fewer, since a day of the gateway's is 5 s long.
    const lifecycle = await run(signal(), () => client.getBucketLifecycle(name));
    const rule = [lifecycle?.Rule].flat()[0];
    assert.equal(Number(rule?.Expiration?.Days), 180);
    const store = documentsOn(server, name);
    const place = at();
    const document = { ...place, contentType: 'application/pdf' };
    for (const length of [20, 30]) await store.put({ ...document, bytes: pdfOf(length) }, signal());
    const versions = async () => {
      const found: unknown[] = [];
      const listed = client.listObjects(name, 'docs/', true, { IncludeVersion: true });
      await run(signal(), async () => {
        for await (const version of listed as AsyncIterable<unknown>) found.push(version);
      });
      return found.length;
    };
    assert.equal(await versions(), 2);
    assert.equal((await store.stat(place, signal()))?.size, 30);

    await run(signal(), () =>
      client.setBucketLifecycle(name, {
        Rule: [
          {
            ID: 'documents-expire',
            Status: 'Enabled',
            Filter: { Prefix: 'docs/' },
            Expiration: { Days: 1 },
            NoncurrentVersionExpiration: { NoncurrentDays: 1 },
          },
        ],
      }),
    );
    await waitUntil(async () => (await store.stat(place, signal())) === null, {
      what: 'the newest version to expire',
      timeoutMs: 20 * ceph.lifecycleDayMs,
    });
    // What hides an expired document is a marker; the bytes of both versions go too.
    await waitUntil(async () => (await versions()) <= 1, {
      what: 'the older versions to expire',
      timeoutMs: 20 * ceph.lifecycleDayMs,
    });
    const [again] = (await applyBucket(server, { bucket: name, notifyArn: null }, signal())).filter(
      ({ property }) => property === 'lifecycle',
    );
    assert.equal(again?.outcome, 'made', 'and rules that differ are put right');
  });

  test('tells of each upload in a form that we read', async () => {
    const name = 'telling';
    const told: unknown[] = [];
    await using receiver = await listening((request, response) => {
      const keep = async () => {
        told.push(await json(request));
        response.end();
      };
      void keep();
    });
    const { client, run } = s3Client(server);
    const endpoint = encodeURIComponent(receiver.url);
    const query = `Action=CreateTopic&Name=uploads&push-endpoint=${endpoint}`;
    const answer = await run(signal(), () =>
      client.makeRequestAsync({ method: 'POST', query }, '', [200], server.region),
    );
    answer.resume();
    const wanted = { bucket: name, notifyArn: 'arn:aws:sns:default::uploads' };
    const outcomeOf = async () =>
      (await applyBucket(server, wanted, signal())).find(
        ({ property }) => property === 'notification',
      )?.outcome;
    assert.deepEqual([await outcomeOf(), await outcomeOf()], ['made', 'kept']);

    const store = documentsOn(server, name);
    const [put, uploaded] = [at(), at()];
    const contentType = 'application/pdf';
    await store.put({ ...put, contentType, bytes: pdfOf(30) }, signal());
    const order = { ...uploaded, contentType, minBytes: 1, maxBytes: 50 };
    const form = await store.presignUpload({ ...order, expiresAt: Date.now() + 60_000 });
    assert.equal((await sendForm(form, pdfOf(50))).status, 204);
    await waitUntil(() => told.length >= 2, { what: 'the gateway to tell of both' });

    const tenantOf = async () => put.tenant;
    const deliveries = await Promise.all(
      told.map((body) => notificationDeliveries(body, { bucket: name, tenantOf })),
    );
    const version = await store.stat(uploaded, signal());
    assert.deepEqual(
      deliveries.flat().map(({ type, about }) => [type, about]),
      [put, uploaded].map(({ caseId }) => ['document.uploaded', { kind: 'case', caseId }]),
    );
    assert.deepEqual(deliveries.flat()[1]?.data, {
      caseId: uploaded.caseId,
      key: version?.key,
      size: 50,
      checksum: version?.checksum,
    });
  });

  test('says by its type what went wrong', async () => {
    const wrongKeys = documentsOn({ ...server, secretKey: 'wrong' });
    const document = { ...at(), contentType: 'application/pdf', bytes: pdfOf(20) };
    await assert.rejects(wrongKeys.get(document, signal()), {
      code: 'provider_credentials_refused',
    });
    await assert.rejects(documentsOn(server, 'no-such-bucket').put(document, signal()), {
      code: 'provider_refused',
      reason: 'NoSuchBucket',
    });
  });
});

/** A server of our own, closed with its connections. */
async function listening(answer: RequestListener): Promise<{ url: string } & AsyncDisposable> {
  const http = createServer(answer).listen(0, '127.0.0.1');
  await once(http, 'listening');
  const { port } = http.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    [Symbol.asyncDispose]: async () => {
      http.closeAllConnections();
      http.close();
      await once(http, 'close');
    },
  };
}

suite('the bucket on a server with all that MinIO has', () => {
  test('is made so once, and kept', async () => {
    // Keeps each configuration as it was put and gives it back, as MinIO does.
    const kept = new Map<string, string>();
    await using http = await listening((request, response) => {
      const what = new URL(request.url ?? '', 'http://x').search;
      const answer = async () => {
        const body = await text(request);
        if (request.method === 'PUT') kept.set(what, body);
        const found = kept.get(what);
        if (found === undefined) {
          response.writeHead(404).end('<Error><Code>NoSuchConfiguration</Code></Error>');
        } else response.end(request.method === 'GET' ? found : '');
      };
      void answer();
    });
    const server = { baseUrl: http.url, region: 'us-east-1', accessKey: 'k', secretKey: 's' };
    const wanted = { bucket, notifyArn: 'arn:minio:sqs:us-east-1:cases:webhook' };
    const outcomes = async () =>
      (await applyBucket(server, wanted, signal())).map(({ outcome }) => outcome);
    const all = (outcome: string) => [...Array.from({ length: 5 }, () => outcome), 'skipped'];
    assert.deepEqual(await outcomes(), all('made'));
    assert.deepEqual(await outcomes(), all('kept'));
    assert.match(kept.get('?notification') ?? '', /<Queue>arn:minio:sqs:us-east-1:cases:webhook</);
    assert.match(kept.get('?encryption') ?? '', /<SSEAlgorithm>AES256</);
  });
});

suite('documents on an S3 server that fails', () => {
  async function failing(
    answer: RequestListener,
    run: (store: ReturnType<typeof documentsOn>) => Promise<void>,
  ): Promise<void> {
    await using http = await listening(answer);
    const keys = { accessKey: 'key', secretKey: 'secret' };
    await run(documentsOn({ baseUrl: http.url, region: 'us-east-1', ...keys }));
  }
  const place = at();

  test('tells a busy server from a broken one, whatever it writes', async () => {
    for (const [status, code] of [
      [503, 'provider_busy'],
      [429, 'provider_busy'],
      [500, 'provider_unreachable'],
      [502, 'provider_unreachable'],
      [403, 'provider_credentials_refused'],
    ] as const) {
      await failing(
        (_, response) => void response.writeHead(status).end('<html>'),
        async (store) => {
          await assert.rejects(store.stat(place, signal()), { code }, String(status));
        },
      );
    }
  });

  test('ends a request with its signal', async () => {
    await failing(
      () => {},
      async (store) => {
        await assert.rejects(store.get(place, AbortSignal.timeout(50)), {
          code: 'provider_unreachable',
          reason: 'timeout',
        });
      },
    );
  });

  test('takes an answer that breaks off for none', async () => {
    await failing(
      (_, response) => {
        response.writeHead(200, { 'content-length': '100' });
        response.write('half', () => response.destroy());
      },
      async (store) => {
        await assert.rejects(store.get(place, signal()), { code: 'provider_unreachable' });
      },
    );
  });

  test('knows that nothing was sent where nobody listens', async () => {
    const baseUrl = 'http://127.0.0.1:1';
    const store = documentsOn({ baseUrl, region: 'us-east-1', accessKey: 'k', secretKey: 's' });
    await assert.rejects(store.get(place, signal()), {
      code: 'provider_busy',
      reason: 'not_connected',
    });
  });

  test('signs the host that a browser sees, and asks nobody for it', async () => {
    const store = minioDocuments({
      server: { baseUrl: 'http://127.0.0.1:1', region: 'eu-1', accessKey: 'k', secretKey: 's' },
      publicUrl: 'https://files.example.org',
      bucket,
      policy: quick('minio', minioPolicy),
      telemetry: createTelemetry({ level: 'silent' }),
    });
    const order = { contentType: 'application/pdf', minBytes: 1, maxBytes: 9 };
    const { url } = await store.presignUpload({
      ...place,
      ...order,
      expiresAt: Date.now() + 1_000,
    });
    assert.equal(url, `https://files.example.org/${bucket}`);
    const link = { expiresAt: Date.now() + 60_000, filename: 'scan.pdf' };
    const download = new URL(await store.presignDownload(place, link));
    assert.equal(download.origin, 'https://files.example.org');
  });
});
