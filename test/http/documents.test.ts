import assert from 'node:assert/strict';
import { randomBytes, randomUUID } from 'node:crypto';
import { suite, test } from 'node:test';

import { SignJWT } from 'jose';
import * as v from 'valibot';

import { createDocumentLinks } from '../../actors/performers/document-links.ts';
import { pdfOf, sendForm } from '../adapters/documents-contract.ts';
import {
  bucket,
  linkKey,
  oldLinkKey,
  startDocumentsEdge,
  webhookTokens,
} from './documents-edge.ts';
import { problemOf, staffToken } from './edge.ts';

const Form = v.object({
  url: v.string(),
  fields: v.record(v.string(), v.string()),
  expiresAt: v.pipe(v.string(), v.isoTimestamp()),
});
const passport = { kind: 'passport', contentType: 'application/pdf', size: 1_000 };
const minute = 60_000;

suite('POST /docs-visa/presign', () => {
  test('gives a form that uploads this document to this case, once', async (t) => {
    const edge = await startDocumentsEdge(t);
    const answer = await edge.presign(passport);
    assert.equal(answer.status, 200);
    const form = v.parse(Form, await answer.json());
    assert.match(form.fields['key'] ?? '', /^docs\/tenant-a\/case-1\/passport-[\w-]{36}\.pdf$/);
    assert.ok(Math.abs(Date.parse(form.expiresAt) - Date.now() - 15 * minute) < minute);
    assert.deepEqual(await sendForm(form, pdfOf(1_001)), { status: 400, code: 'EntityTooLarge' });
    assert.equal((await sendForm(form, pdfOf(1_000))).status, 204);
    assert.deepEqual(
      edge.desk.accesses.map(({ subject, tenant, caseId, what }) => [
        subject,
        tenant,
        caseId,
        what,
      ]),
      [
        ['patient', 'tenant-a', 'case-1', 'POST /docs-visa/presign'],
        ['patient', 'tenant-a', 'case-1', 'POST /documents/upload'],
      ],
    );
  });

  test('takes a link until a document of the kind is stored, whatever was broken off before', async (t) => {
    const edge = await startDocumentsEdge(t);
    const token = await edge.links.tokenFor(edge.link, Date.now() + minute);
    const formOf = async (body: object) => {
      const answer = await edge.presign(body, token);
      assert.equal(answer.status, 200, await answer.clone().text());
      return v.parse(Form, await answer.json());
    };
    // Asked for many times together, refused as another type, and of another type before it is right.
    const forms = await Promise.all(Array.from({ length: 20 }, async () => formOf(passport)));
    assert.equal(new Set(forms.map(({ fields }) => fields['key'])).size, 1);
    assert.equal((await sendForm(forms[0]!, new TextEncoder().encode('<svg/>'))).status, 403);
    await formOf({ ...passport, contentType: 'image/png' });
    assert.equal((await sendForm(await formOf(passport), pdfOf(1_000))).status, 204);
    for (const contentType of ['application/pdf', 'image/jpeg']) {
      const again = await edge.presign({ ...passport, contentType }, token);
      assert.equal(again.status, 403);
      assert.equal((await problemOf(again)).code, 'link_used');
    }
    const xRay = { kind: 'x-ray', contentType: 'application/dicom', size: 40_000_000 };
    await formOf(xRay);
  });

  test('takes types as browsers name them', async (t) => {
    const edge = await startDocumentsEdge(t);
    for (const [kind, named, type] of [
      ['x-ray', '', 'application/dicom'],
      ['x-ray', 'application/octet-stream', 'application/dicom'],
      ['passport', 'image/jpg', 'image/jpeg'],
      ['passport', 'image/pjpeg', 'image/jpeg'],
      ['passport', 'IMAGE/JPEG', 'image/jpeg'],
      ['passport', 'application/pdf;charset=binary', 'application/pdf'],
    ] as const) {
      const answer = await edge.presign({ kind, contentType: named, size: 1_000 });
      const { fields } = v.parse(Form, await answer.json());
      assert.equal(fields['Content-Type'], type, named);
    }
    for (const named of ['', 'image/heic', 'image/svg+xml', 'application/zip', 'constructor']) {
      const answer = await edge.presign({ ...passport, contentType: named });
      assert.equal((await problemOf(answer)).code, 'document_wrong_type', named);
    }
  });

  test('refuses what the link or the kind does not allow, and leaves the link as it was', async (t) => {
    const edge = await startDocumentsEdge(t);
    const token = await edge.links.tokenFor(edge.link, Date.now() + minute);
    for (const [body, status, code] of [
      [{ ...passport, kind: 'visa' }, 403, 'kind_not_allowed'],
      [{ ...passport, kind: 'selfie' }, 400, 'invalid_body'],
      [{ ...passport, contentType: 'text/html' }, 415, 'document_wrong_type'],
      [{ ...passport, contentType: 'application/dicom' }, 415, 'document_wrong_type'],
      [{ ...passport, contentType: 'constructor' }, 415, 'document_wrong_type'],
      [{ ...passport, size: 10 * 1_024 * 1_024 + 1 }, 413, 'document_too_large'],
      [{ ...passport, size: 0 }, 400, 'invalid_body'],
      [{ ...passport, size: '5' }, 400, 'invalid_body'],
      [{ ...passport, caseId: 'case-2' }, 400, 'invalid_body'],
      ['{', 400, 'malformed_json'],
      [`{"kind":"${'x'.repeat(5_000)}"}`, 413, 'body_too_large'],
    ] as const) {
      const answer = await edge.presign(body, token);
      assert.equal(answer.status, status, code);
      assert.equal((await problemOf(answer)).code, code);
    }
    assert.equal((await edge.presign(passport, token)).status, 200);
  });

  test('tells an expired link from none of ours', async (t) => {
    let now = Date.now();
    const edge = await startDocumentsEdge(t, { now: () => now });
    const token = await edge.links.tokenFor(edge.link, now + minute);
    now += minute + 1_000;
    const expired = await edge.presign(passport, token);
    assert.equal(expired.status, 403);
    assert.equal((await problemOf(expired)).code, 'link_expired');

    const link = { ...edge.link, kinds: [...edge.link.kinds] };
    const signed = (typ: string, audience: string, key: Uint8Array, issuer = 'urn:patient-cases') =>
      new SignJWT(link)
        .setProtectedHeader({ alg: 'HS256', typ })
        .setIssuer(issuer)
        .setAudience(audience)
        .setJti(randomUUID())
        .setExpirationTime(new Date(now + minute))
        .sign(key);
    for (const forged of [
      'x',
      await staffToken(),
      await signed('document-link+jwt', 'docs-visa', randomBytes(32)),
      await signed('JWT', 'docs-visa', linkKey),
      await signed('document-link+jwt', 'admin', linkKey),
      await signed('document-link+jwt', 'docs-visa', linkKey, 'urn:other'),
      `${Buffer.from('{"alg":"none","typ":"document-link+jwt"}').toString('base64url')}.${Buffer.from(JSON.stringify(link)).toString('base64url')}.`,
    ]) {
      const answer = await edge.presign(passport, forged);
      assert.equal(answer.status, 401);
      assert.equal((await problemOf(answer)).code, 'invalid_token');
    }
    assert.equal((await edge.presign(passport)).status, 200);
  });

  test('takes links of the key before, and of no key before that', async (t) => {
    const edge = await startDocumentsEdge(t);
    const options = { newId: randomUUID, now: Date.now };
    const before = createDocumentLinks({ ...options, keys: [oldLinkKey] });
    const token = await before.tokenFor(edge.link, Date.now() + minute);
    assert.equal((await edge.presign(passport, token)).status, 200);
    assert.throws(() => createDocumentLinks({ ...options, keys: [] }), TypeError);
    assert.throws(() => createDocumentLinks({ ...options, keys: [randomBytes(31)] }), TypeError);
  });

  test('gives nothing away when it cannot be audited', async (t) => {
    const edge = await startDocumentsEdge(t);
    const token = await edge.links.tokenFor(edge.link, Date.now() + minute);
    const edgeDesk = { ...edge.desk };
    edge.desk.audit = async () => {
      throw new Error('No database');
    };
    const answer = await edge.presign(passport, token);
    assert.equal(answer.status, 503);
    assert.equal((await problemOf(answer)).code, 'unavailable');
    edge.desk.audit = async (...access) => edgeDesk.audit(...access);
    assert.equal((await edge.presign(passport, token)).status, 200, 'and the link is as it was');
  });

  test('counts what is refused again and again, and writes it down once', async (t) => {
    const clock = { now: Date.now() };
    const edge = await startDocumentsEdge(t, { now: () => clock.now });
    const token = await edge.links.tokenFor(edge.link, clock.now + 48 * 60 * minute);
    const form = v.parse(Form, await (await edge.presign(passport, token)).json());
    assert.equal((await sendForm(form, pdfOf(1_000))).status, 204);
    for (let round = 0; round < 100; round += 1) {
      const answers = await Promise.all(
        Array.from({ length: 4 }, async () => await edge.presign(passport, token)),
      );
      for (const answer of answers) assert.equal(answer.status, 403);
    }
    assert.equal(edge.desk.accesses.length, 2);
    assert.match(
      await edge.registry.metrics(),
      /http_refusals_total\{route="\/docs-visa\/presign",code="link_used"\} 400/,
    );
    clock.now += 24 * 60 * minute;
    assert.equal((await edge.presign(passport, token)).status, 403);
    assert.deepEqual(
      edge.desk.accesses.map(({ what }) => what),
      [
        'POST /docs-visa/presign',
        'POST /documents/upload',
        'POST /docs-visa/presign (401 times)',
        'POST /docs-visa/presign',
      ],
    );
  });

  test('costs little more than a refusal', async (t) => {
    const edge = await startDocumentsEdge(t);
    const times = { refused: [] as number[], given: [] as number[] };
    for (let round = 0; round < 220; round += 1) {
      const token = await edge.links.tokenFor(edge.link, Date.now() + minute);
      for (const [kind, shown] of [['refused', 'nonsense'] as const, ['given', token] as const]) {
        const startedAt = performance.now();
        await (await edge.presign(passport, shown)).text();
        if (round >= 20) times[kind].push(performance.now() - startedAt);
      }
    }
    const median = (of: readonly number[]) => of.toSorted((one, other) => one - other)[100] ?? NaN;
    const ratio = median(times.given) / median(times.refused);
    assert.ok(ratio < 15, `${ratio} times`);
  });
});

/** As MinIO's source writes it. */
function minioNotification(key: string, more: Record<string, unknown> = {}) {
  return {
    EventName: 's3:ObjectCreated:Post',
    Key: `${bucket}/${key}`,
    Records: [
      {
        eventVersion: '2.0',
        eventSource: 'minio:s3',
        awsRegion: 'us-east-1',
        eventTime: '2026-11-23T08:00:00.000Z',
        eventName: 's3:ObjectCreated:Post',
        userIdentity: { principalId: 'app' },
        requestParameters: { principalId: 'app', region: 'us-east-1', sourceIPAddress: '10.0.0.5' },
        responseElements: { 'x-amz-request-id': '17CDC1F4D7E69123' },
        s3: {
          s3SchemaVersion: '1.0',
          configurationId: 'Config',
          bucket: { name: bucket, arn: `arn:aws:s3:::${bucket}` },
          object: {
            key,
            size: 1_234,
            eTag: '9fe77772b085e3533101d59d33a51f19',
            contentType: 'application/pdf',
            versionId: 'f6e5',
            sequencer: '17CDC1F4D9A1',
          },
        },
        source: { host: '10.0.0.5', port: '', userAgent: 'MinIO' },
        ...more,
      },
    ],
  };
}

suite('POST /webhooks/documents', () => {
  const send = (url: string, body: unknown, token: string = webhookTokens[0]) =>
    fetch(`${url}/webhooks/documents`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });
  const key = 'docs%2Ftenant-a%2Fcase-1%2Fpassport-1.pdf';

  test('tells the case of an upload, once for each version', async (t) => {
    const edge = await startDocumentsEdge(t);
    const first = await send(edge.url, minioNotification(key));
    assert.equal(first.status, 200);
    assert.deepEqual(await first.json(), { stored: 1 });
    const again = await send(edge.url, minioNotification(key), webhookTokens[1]);
    assert.deepEqual(await again.json(), { duplicate: 1 });
    const [delivery] = edge.intake.received;
    assert.equal(delivery?.type, 'document.uploaded');
    assert.deepEqual(delivery.about, { kind: 'case', caseId: 'case-1' });
    assert.deepEqual(delivery.data, {
      caseId: 'case-1',
      key: 'docs/tenant-a/case-1/passport-1.pdf',
      size: 1_234,
      checksum: 'etag:9fe77772b085e3533101d59d33a51f19',
    });
    assert.match(delivery.dedupeKey, /^sha256:[0-9a-f]{64}$/);

    const [record] = minioNotification(key).Records;
    const { s3 } = record ?? assert.fail();
    const next = { ...s3, object: { ...s3.object, versionId: 'f6e6', sequencer: '17CDC1F4D9A2' } };
    const newer = await send(edge.url, minioNotification(key, { s3: next }));
    assert.deepEqual(await newer.json(), { stored: 1 });
  });

  test('takes each way of an upload, with or without s3: in front', async (t) => {
    const edge = await startDocumentsEdge(t);
    const ways = ['Put', 'Post', 'CompleteMultipartUpload', 'Copy'];
    for (const [index, way] of ways.entries()) {
      for (const prefix of ['s3:', '']) {
        const body = minioNotification(key.replace('-1.pdf', `-${index}${prefix && 's'}.pdf`), {
          eventName: `${prefix}ObjectCreated:${way}`,
        });
        assert.deepEqual(await (await send(edge.url, body)).json(), { stored: 1 });
      }
    }
  });

  test('parks what is no upload to a case of the tenant in its key', async (t) => {
    const edge = await startDocumentsEdge(t);
    const [record] = minioNotification(key).Records;
    const { s3 } = record ?? assert.fail();
    const bodies = [
      minioNotification(key, { eventName: 's3:ObjectCreated:PutTagging' }),
      minioNotification(key, { eventName: 's3:ObjectRemoved:Delete' }),
      minioNotification(key, { eventName: 's3:ObjectCreated:*' }),
      minioNotification(key, { eventName: 7 }),
      minioNotification(key, { s3: { ...s3, object: { key } } }),
      minioNotification(key, { s3: { ...s3, bucket: { name: 'other' } } }),
      minioNotification('docs%2Ftenant-a%2Fcase-2%2Fa.pdf'),
      minioNotification('docs%2Ftenant-a%2Fcase-9%2Fa.pdf'),
      minioNotification('docs%2Ftenant-a%2Fcase-1'),
      minioNotification('docs%2Ftenant-a%2Fcase-1%2Fa%2Fb.pdf'),
      minioNotification('docs%2Ftenant-a%2F..%2Fa.pdf'),
      minioNotification('docs%2Ftenant-a%2Fcase-1%2Frapor+1.pdf'),
      minioNotification('docs%2Ftenant-a%2Fcase-1%2F%zz'),
      minioNotification('u%2F42%2Frapor+1.pdf'),
      { Records: [] },
      { Event: 's3:TestEvent' },
      [],
      'null',
    ];
    for (const body of bodies) {
      const answer = await send(edge.url, body);
      assert.equal(answer.status, 200);
      assert.deepEqual(await answer.json(), { parked: 1 }, JSON.stringify(body));
    }
  });

  test('spoils no record with a bad one beside it', async (t) => {
    const edge = await startDocumentsEdge(t);
    const good = minioNotification(key).Records;
    const answer = await send(edge.url, { Records: [7, ...good, { eventName: 'x' }, null] });
    assert.deepEqual(await answer.json(), { parked: 3, stored: 1 });
  });

  test('refuses who has no token, and bad JSON', async (t) => {
    const edge = await startDocumentsEdge(t);
    for (const token of ['', 'x', `${webhookTokens[0]}x`, 'notify-ne']) {
      const answer = await send(edge.url, minioNotification(key), token);
      assert.equal(answer.status, 401);
      assert.equal((await problemOf(answer)).code, 'bad_signature');
    }
    assert.equal((await send(edge.url, '{')).status, 400);
    assert.equal(edge.intake.received.length, 0);
  });
});

suite('GET /admin/cases/{caseId}/documents', () => {
  const read = async (url: string, caseId: string, claims: Record<string, unknown> = {}) =>
    await fetch(`${url}/admin/cases/${caseId}/documents`, {
      headers: { authorization: `Bearer ${await staffToken(claims)}` },
    });
  const Listed = v.object({
    documents: v.array(v.object({ name: v.string(), size: v.number(), url: v.string() })),
  });

  test("lists a case's documents with addresses that download them, audited", async (t) => {
    const edge = await startDocumentsEdge(t);
    const place = { tenant: 'tenant-a', caseId: 'case-1', name: 'scan.pdf' };
    const document = { ...place, contentType: 'application/pdf', bytes: pdfOf(77) };
    await edge.store.put(document, AbortSignal.timeout(5_000));
    const answer = await read(edge.url, 'case-1');
    assert.equal(answer.status, 200);
    const { documents } = v.parse(Listed, await answer.json());
    assert.deepEqual(
      documents.map(({ name, size }) => [name, size]),
      [['scan.pdf', 77]],
    );
    const download = await fetch(documents[0]?.url ?? '');
    assert.equal((await download.arrayBuffer()).byteLength, 77);
    assert.equal(download.headers.get('cache-control'), 'no-store');
    assert.deepEqual(
      edge.desk.accesses.map(({ subject, what }) => [subject, what]),
      [
        ['staff-1', 'GET /admin/cases/{caseId}/documents'],
        ['document-link', 'GET /documents/{signed}'],
      ],
    );
  });

  test('shows no tenant what another has, and nobody without a role anything', async (t) => {
    const edge = await startDocumentsEdge(t);
    assert.equal((await read(edge.url, 'case-2')).status, 404);
    assert.equal((await read(edge.url, 'case-9')).status, 404);
    assert.equal((await read(edge.url, 'case-1', { roles: [] })).status, 403);
    assert.equal((await fetch(`${edge.url}/admin/cases/case-1/documents`)).status, 401);
  });
});
