import assert from 'node:assert/strict';
import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { suite, test } from 'node:test';

import type {
  DocumentPlace,
  DocumentStore,
  DocumentsPort,
  UploadForm,
  UploadOrder,
} from '../../actors/ports/documents.ts';
import { waitUntil } from '../support/wait.ts';

/** A store under test. Other suites may use the same one: each test has cases of its own. */
export interface StoreUnderTest {
  readonly store: DocumentsPort;
  close(): Promise<void>;
}

const signal = () => AbortSignal.timeout(20_000);
const bytesOf = (text: string) => new TextEncoder().encode(text);
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

/** Tests, in a suite called `title`, what any store of documents promises. */
export function documentsContract(title: string, makeStore: () => Promise<StoreUnderTest>): void {
  suite(title, () => {
    const place = (more: Partial<DocumentPlace> = {}): DocumentPlace => ({
      tenant: 'clinic-a',
      caseId: `case-${randomUUID()}`,
      name: 'passport.pdf',
      ...more,
    });
    const pdf = { contentType: 'application/pdf' };

    async function withStore(run: (store: DocumentsPort) => Promise<void>): Promise<void> {
      const made = await makeStore();
      try {
        await run(made.store);
      } finally {
        await made.close();
      }
    }

    test('gives back what was put, and says where and what it is', async () => {
      await withStore(async (store) => {
        const at = place();
        const bytes = randomBytes(100_001);
        assert.deepEqual(await store.put({ ...at, ...pdf, bytes }, signal()), {
          key: `docs/${at.tenant}/${at.caseId}/${at.name}`,
          size: 100_001,
          checksum: sha256(bytes),
          contentType: 'application/pdf',
        });
        const found = await store.get(at, signal());
        assert.deepEqual(found?.contentType, 'application/pdf');
        assert.equal(sha256(found.bytes), sha256(bytes));
      });
    });

    test('keeps an empty document, and one of 20 MB', async () => {
      await withStore(async (store) => {
        for (const bytes of [new Uint8Array(0), randomBytes(20 * 1_024 * 1_024)]) {
          const at = place();
          await store.put({ ...at, ...pdf, bytes }, signal());
          const found = await store.get(at, signal());
          assert.equal(found && sha256(found.bytes), sha256(bytes));
        }
      });
    });

    test('has nothing where nothing was put: another name, case or tenant', async () => {
      await withStore(async (store) => {
        const at = place();
        await store.put({ ...at, ...pdf, bytes: bytesOf('mine') }, signal());
        for (const other of [
          { name: 'passport.pd' },
          { name: 'passport.pdf.1' },
          { caseId: `${at.caseId}1` },
          { tenant: 'clinic-b' },
        ]) {
          assert.equal(await store.get({ ...at, ...other }, signal()), null);
        }
      });
    });

    test('shows the newest version of a name', async () => {
      await withStore(async (store) => {
        const at = place();
        for (const text of ['first', 'second', 'first']) {
          await store.put({ ...at, ...pdf, bytes: bytesOf(text) }, signal());
          assert.deepEqual(
            (await store.get(at, signal()))?.bytes.toString(),
            Buffer.from(text).toString(),
          );
        }
      });
    });

    test('answers the same for the same put again', async () => {
      await withStore(async (store) => {
        const document = { ...place(), ...pdf, bytes: bytesOf('once') };
        const first = await store.put(document, signal());
        assert.deepEqual(await store.put(document, signal()), first);
      });
    });

    test('takes many puts at a time, to one name and to many', async () => {
      await withStore(async (store) => {
        const at = place();
        const texts = Array.from({ length: 20 }, (_, index) => `version ${index % 10}`);
        const stored = await Promise.all(
          texts.map((text) => store.put({ ...at, ...pdf, bytes: bytesOf(text) }, signal())),
        );
        assert.deepEqual(
          stored.map(({ checksum }) => checksum),
          texts.map((text) => sha256(bytesOf(text))),
        );
        const found = await store.get(at, signal());
        assert.ok(found && texts.includes(Buffer.from(found.bytes).toString()));

        const names = texts.map((_, index) => `scan-${index}.pdf`);
        await Promise.all(
          names.map((name) => store.put({ ...at, name, ...pdf, bytes: bytesOf(name) }, signal())),
        );
        for (const name of names) {
          const one = await store.get({ ...at, name }, signal());
          assert.equal(one && Buffer.from(one.bytes).toString(), name);
        }
      });
    });

    test('takes names up to 150 characters, dots in front too', async () => {
      await withStore(async (store) => {
        for (const name of ['a', '.hidden', '...', '-x_Y.9', 'n'.repeat(150)]) {
          const at = place({ name });
          await store.put({ ...at, ...pdf, bytes: bytesOf(name) }, signal());
          assert.ok(await store.get(at, signal()));
        }
      });
    });

    test('refuses a place that leads elsewhere or is malformed', async () => {
      await withStore(async (store) => {
        const bad = [
          '',
          '.',
          '..',
          'a/b',
          '../x',
          '..\\x',
          'a\0',
          'é',
          'a b',
          'n'.repeat(201),
          '%2e%2e',
        ];
        for (const part of bad) {
          for (const key of ['tenant', 'caseId', 'name'] as const) {
            const at = place({ [key]: part });
            await assert.rejects(
              store.put({ ...at, ...pdf, bytes: bytesOf('x') }, signal()),
              RangeError,
            );
            await assert.rejects(store.get(at, signal()), RangeError);
          }
        }
      });
    });

    test('starts nothing for a caller who has gone', async () => {
      await withStore(async (store) => {
        const at = place();
        const gone = AbortSignal.abort();
        await assert.rejects(store.put({ ...at, ...pdf, bytes: bytesOf('x') }, gone), {
          code: 'provider_busy',
        });
        assert.equal(await store.get(at, signal()), null);
      });
    });
  });
}

/** A store with links under test. */
export interface LinkedStoreUnderTest {
  readonly store: DocumentStore;
  close(): Promise<void>;
}

const minute = 60_000;
/** A whole file of its type, as far as anybody looks, of `length` bytes. */
export function pdfOf(length: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(new ArrayBuffer(length), 0, length).fill(0x20);
  bytes.set(bytesOf('%PDF-1.7\n').subarray(0, length));
  return bytes;
}

/** Sends a form as a browser does: its fields first, then the file. */
export async function sendForm(
  { url, fields }: UploadForm,
  file: Uint8Array<ArrayBuffer>,
  type = fields['Content-Type'] ?? '',
): Promise<{ readonly status: number; readonly code: string | undefined }> {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.append(name, value);
  form.append('file', new Blob([file], { type }), 'scan');
  const answer = await fetch(url, { method: 'POST', body: form });
  const text = await answer.text();
  return { status: answer.status, code: /<Code>(\w+)<\/Code>/.exec(text)?.[1] };
}

/** Tests, in a suite called `title`, what any store promises of its links and of what it knows of documents. */
export function documentLinksContract(
  title: string,
  makeStore: () => Promise<LinkedStoreUnderTest>,
): void {
  suite(title, () => {
    const order = (more: Partial<UploadOrder> = {}): UploadOrder => ({
      tenant: 'clinic-a',
      caseId: `case-${randomUUID()}`,
      name: 'passport.pdf',
      contentType: 'application/pdf',
      minBytes: 10,
      maxBytes: 1_000,
      expiresAt: Date.now() + 15 * minute,
      ...more,
    });

    async function withStore(run: (store: DocumentStore) => Promise<void>): Promise<void> {
      const made = await makeStore();
      try {
        await run(made.store);
      } finally {
        await made.close();
      }
    }

    test('takes an upload of the right size and type, and gives it back', async () => {
      await withStore(async (store) => {
        for (const length of [10, 999, 1_000]) {
          const upload = order();
          const form = await store.presignUpload(upload);
          assert.deepEqual(await sendForm(form, pdfOf(length)), { status: 204, code: undefined });
          const found = await store.get(upload, signal());
          assert.equal(found?.contentType, 'application/pdf');
          assert.equal(sha256(found.bytes), sha256(pdfOf(length)));
          const version = await store.stat(upload, signal());
          assert.equal(version?.size, length);
          assert.equal(version.key, `docs/${upload.tenant}/${upload.caseId}/${upload.name}`);
          assert.equal(version.contentType, 'application/pdf');
          assert.ok(version.version.length > 0 && version.checksum.length > 0);
          assert.ok(Math.abs(Date.parse(version.storedAt) - Date.now()) < 5 * minute);
        }
      });
    });

    test('refuses a file that is too large or too small', async () => {
      await withStore(async (store) => {
        const upload = order();
        const form = await store.presignUpload(upload);
        for (const length of [1_001, 100_000]) {
          const sent = await sendForm(form, pdfOf(length));
          assert.deepEqual(sent, { status: 400, code: 'EntityTooLarge' });
        }
        assert.deepEqual(await sendForm(form, pdfOf(9)), { status: 400, code: 'EntityTooSmall' });
        assert.equal(await store.get(upload, signal()), null);
      });
    });

    test('refuses another key, another type, no encryption and a changed policy', async () => {
      await withStore(async (store) => {
        const upload = order();
        const other = order();
        const { url, fields } = await store.presignUpload(upload);
        const key = `docs/${other.tenant}/${other.caseId}/${other.name}`;
        const { 'x-amz-server-side-encryption': _sse, ...plain } = fields;
        const wider = Buffer.from(
          Buffer.from(fields['policy'] ?? '', 'base64')
            .toString()
            .replace('1000', '9000'),
        ).toString('base64');
        assert.notEqual(wider, fields['policy']);
        for (const changed of [
          { ...fields, key },
          { ...fields, 'Content-Type': 'text/html' },
          plain,
        ]) {
          const sent = await sendForm({ url, fields: changed }, pdfOf(500));
          assert.deepEqual(sent, { status: 403, code: 'AccessDenied' });
        }
        const sent = await sendForm({ url, fields: { ...fields, policy: wider } }, pdfOf(500));
        assert.equal(sent.status, 403);
        // Ceph says the first, AWS and MinIO the second.
        assert.match(sent.code ?? '', /^(AccessDenied|SignatureDoesNotMatch)$/);
        assert.equal(await store.get(upload, signal()), null);
        assert.equal(await store.get(other, signal()), null);
      });
    });

    test('refuses a form that is too late', async () => {
      await withStore(async (store) => {
        const form = await store.presignUpload(order({ expiresAt: Date.now() - 1_000 }));
        assert.deepEqual(await sendForm(form, pdfOf(500)), { status: 403, code: 'AccessDenied' });
      });
    });

    test('makes a form for a well-formed place alone', async () => {
      await withStore(async (store) => {
        for (const part of ['', '..', 'a/b', '../x', 'é', 'a+b']) {
          for (const name of ['tenant', 'caseId', 'name'] as const) {
            await assert.rejects(store.presignUpload(order({ [name]: part })), RangeError);
          }
        }
      });
    });

    test('gives a download to whoever has the link, as a download, until it expires', async () => {
      await withStore(async (store) => {
        const at = order();
        await store.put({ ...at, bytes: pdfOf(500) }, signal());
        const link = { expiresAt: Date.now() + minute, filename: 'passport "é".pdf' };
        const url = await store.presignDownload(at, link);
        const answer = await fetch(url);
        assert.equal(answer.status, 200);
        assert.equal(sha256(new Uint8Array(await answer.arrayBuffer())), sha256(pdfOf(500)));
        assert.equal(
          answer.headers.get('content-disposition'),
          'attachment; filename="passport____.pdf"',
        );
        assert.match(answer.headers.get('content-type') ?? '', /^application\/(pdf|octet-stream)$/);

        const changed = await fetch(url.replace(/.$/, (last) => (last === '0' ? '1' : '0')));
        assert.equal(changed.status, 403);
        await changed.arrayBuffer();

        const soon = await store.presignDownload(at, { ...link, expiresAt: Date.now() + 1_500 });
        await waitUntil(
          async () => {
            const late = await fetch(soon);
            await late.arrayBuffer();
            return late.status === 403;
          },
          { what: 'the link to expire' },
        );
      });
    });

    test('never lets a page of an uploader run in a browser', async () => {
      await withStore(async (store) => {
        const at = order({ name: 'page.html' });
        const bytes = bytesOf('<script>alert(1)</script>');
        await store.put({ ...at, contentType: 'text/html', bytes }, signal());
        const link = { expiresAt: Date.now() + minute, filename: 'page.html' };
        const answer = await fetch(await store.presignDownload(at, link));
        assert.equal(answer.headers.get('content-type'), 'application/octet-stream');
        assert.match(answer.headers.get('content-disposition') ?? '', /^attachment;/);
        await answer.arrayBuffer();
      });
    });

    test('knows the newest version of a document, and nothing of none', async () => {
      await withStore(async (store) => {
        const at = order();
        assert.equal(await store.stat(at, signal()), null);
        const versions = new Set<string>();
        for (const text of ['one', 'two', 'two', 'three']) {
          await store.put({ ...at, bytes: bytesOf(text) }, signal());
          const found = await store.stat(at, signal());
          assert.equal(found?.checksum, sha256(bytesOf(text)));
          assert.equal(found.name, at.name);
          versions.add(found.version);
        }
        assert.equal(versions.size, 3, 'and the same again is no new one');
      });
    });

    test("lists a case's documents, and nobody else's", async () => {
      await withStore(async (store) => {
        const at = order();
        assert.deepEqual(await store.list(at, signal()), []);
        const others = [{ caseId: `${at.caseId}1` }, { tenant: 'clinic-b' }];
        for (const other of others)
          await store.put({ ...at, ...other, bytes: bytesOf('other') }, signal());
        for (const name of ['b.pdf', 'a.pdf'])
          await store.put({ ...at, name, bytes: bytesOf(name) }, signal());
        const found = await store.list(at, signal());
        assert.deepEqual(
          found.map(({ name, size, checksum, contentType }) => [name, size, checksum, contentType]),
          ['a.pdf', 'b.pdf'].map((name) => [name, 5, sha256(bytesOf(name)), 'application/pdf']),
        );
        await assert.rejects(store.list({ ...at, caseId: '..' }, signal()), RangeError);
      });
    });
  });
}
