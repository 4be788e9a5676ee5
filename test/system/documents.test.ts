import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { glob, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';

import * as v from 'valibot';

import { createDocumentLinks } from '../../actors/performers/document-links.ts';
import type { DocumentKind } from '../../actors/shapes/documents.ts';
import { DEVELOPMENT_SECRETS } from '../../config.ts';
import { withServices } from '../support/services.ts';
import { waitUntil } from '../support/wait.ts';
import { canary, everyColumn, traceCollector } from './canary.ts';
import {
  inbound,
  staffHeader,
  startOrchestrator,
  textFrom,
  type Orchestrator,
} from './orchestrator.ts';
import { staffDesk } from './staff-desk.ts';

const Form = v.object({ url: v.string(), fields: v.record(v.string(), v.string()) });
type Form = v.InferOutput<typeof Form>;
const Documents = v.object({
  documents: v.array(v.object({ name: v.string(), size: v.number(), url: v.string() })),
});

const words = { name: 'Quillandra Passbrück', number: 'C01X00T47-zzq' };
const planted = canary(words);
/** A passport scan, as far as its bytes tell. */
const scan = Buffer.from(`%PDF-1.7\n${Object.values(words).join('\n').repeat(50)}\n%%EOF\n`);
const png = Buffer.from('89504e470d0a1a0a0000000d49484452000000010000000108020000009077', 'hex');
const hourMs = 60 * 60 * 1_000;

/** Through the same doors as a patient's browser, the staff's console and a thief of the disk. */
suite('documents in the running system', { timeout: 120_000 }, () => {
  const services = withServices();
  const parts = new AsyncDisposableStack();
  let system: Orchestrator;
  let caseId: string;

  before(async () => {
    const traces = parts.use(await traceCollector());
    system = parts.use(await startOrchestrator(services, traces.url));
    const greeting = inbound([textFrom('491599927441777', 'Guten Tag')]);
    assert.equal((await system.whatsapp(greeting)).status, 200);
    const found = await waitUntil(
      async () => (await system.query<{ case_id: string }>('select case_id from cases'))[0],
      { what: 'the case' },
    );
    caseId = found.case_id;
  });
  after(() => parts.disposeAsync());

  /** Of a link that we sent; its uses are the running system's to know. */
  const token = (kinds: readonly DocumentKind[], livesMs = hourMs) =>
    createDocumentLinks({
      keys: [Buffer.from(DEVELOPMENT_SECRETS.DOCUMENTS_LINK_KEY, 'base64')],
      newId: randomUUID,
      now: Date.now,
    }).tokenFor({ tenant: 'demo', caseId, kinds }, Date.now() + livesMs);

  const presign = async (link: string, size = scan.length, contentType = 'application/pdf') =>
    system.request(`${system.edge}/docs-visa/presign`, {
      method: 'POST',
      headers: { authorization: `Bearer ${link}`, 'content-type': 'application/json' },
      body: JSON.stringify({ kind: 'passport', contentType, size }),
    });

  async function formFor(size = scan.length): Promise<Form> {
    const answer = await presign(await token(['passport']), size);
    assert.equal(answer.status, 200, answer.text);
    return v.parse(Form, answer.json());
  }

  async function upload({ url, fields }: Form, file: Buffer<ArrayBuffer>) {
    const form = new FormData();
    for (const [name, value] of Object.entries(fields)) form.append(name, value);
    form.append('file', new Blob([file]), 'scan.pdf');
    return await system.request(url, { method: 'POST', body: form });
  }

  const listed = async () => {
    const answer = await staffDesk(system).get(`/${caseId}/documents`);
    assert.equal(answer.status, 200, answer.text);
    return v.parse(Documents, answer.json()).documents;
  };

  test('go by a form from the patient to the store, and the case is told', async () => {
    const answer = await upload(await formFor(), scan);
    assert.equal(answer.status, 204, answer.text);
    const told = await waitUntil(
      async () =>
        (await staffDesk(system).history(caseId)).filter(({ type }) => type === 'document.uploaded')
          .length,
      { what: 'the upload in the history', timeoutMs: 20_000 },
    );
    assert.equal(told, 1);
  });

  test('reach staff of the tenant by a link to the same bytes, and nobody else', async () => {
    const [document, ...others] = await listed();
    assert.ok(document);
    assert.deepEqual([others.length, document.size], [0, scan.length]);
    const download = await fetch(document.url);
    assert.equal(download.status, 200);
    assert.match(download.headers.get('content-disposition') ?? '', /^attachment/);
    assert.deepEqual(Buffer.from(await download.arrayBuffer()), scan);
    const stranger = await staffHeader({ tenant: 'other' });
    const refused = await staffDesk(system).get(`/${caseId}/documents`, stranger);
    assert.equal(refused.status, 404);
    const tampered = await fetch(document.url.replace(/.$/, (last) => (last === '0' ? '1' : '0')));
    assert.notEqual(tampered.status, 200);
  });

  test('are refused in the words of S3 when they are too large or of another type', async () => {
    const tooLarge = await upload(await formFor(100), scan);
    assert.equal(tooLarge.status, 400);
    assert.match(tooLarge.text, /<Code>EntityTooLarge<\/Code>/);
    const form = await formFor();
    const declared = { ...form, fields: { ...form.fields, 'Content-Type': 'image/png' } };
    const otherType = await upload(declared, png);
    assert.equal(otherType.status, 403);
    assert.match(otherType.text, /<Code>AccessDenied<\/Code>/);
    const otherBytes = await upload(await formFor(png.length), png);
    assert.ok(otherBytes.status >= 400 && otherBytes.status < 500, otherBytes.text);
    assert.match(otherBytes.text, /<Code>\w+<\/Code>/);
    assert.equal((await listed()).length, 1);
  });

  test('need a link that lives, is ours, and was not used before', async () => {
    const once = await token(['passport']);
    const asked = await presign(once);
    assert.equal(asked.status, 200);
    assert.equal((await upload(v.parse(Form, asked.json()), scan)).status, 204);
    for (const [link, status, code] of [
      [once, 403, 'link_used'],
      [await token(['passport'], -1_000), 403, 'link_expired'],
      [await token(['visa']), 403, 'kind_not_allowed'],
      ['nobody', 401, 'invalid_token'],
    ] as const) {
      const answer = await presign(link);
      assert.deepEqual([answer.status, answer.json()['code']], [status, code]);
    }
    const sized = await presign(await token(['passport']), 11 * 1_024 * 1_024);
    assert.deepEqual([sized.status, sized.json()['code']], [413, 'document_too_large']);
    const typed = await presign(await token(['passport']), 100, 'text/html');
    assert.deepEqual([typed.status, typed.json()['code']], [415, 'document_wrong_type']);
  });

  test('lie nowhere in the clear: not on the disk, in the database or in what was logged', async () => {
    let files = 0;
    for await (const name of glob('**/*', { cwd: system.dataDir })) {
      const path = join(system.dataDir, name);
      if (!(await stat(path)).isFile()) continue;
      files += name.startsWith('documents') ? 1 : 0;
      assert.deepEqual(planted.foundIn(await readFile(path)), [], name);
    }
    assert.equal(files, 2);
    for (const { where, value } of await everyColumn((sql) => system.query(sql))) {
      assert.deepEqual(planted.foundIn(value), [], where);
    }
    assert.deepEqual(planted.foundIn(system.outputs()), []);
    const [audit] = await system.query<{ count: number }>(
      `select count(*)::int as count from audit_entries where audit_entries::text like '%/docs-visa/presign%'`,
    );
    assert.ok(audit && audit.count >= 5);
  });
});
