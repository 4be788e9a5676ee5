import assert from 'node:assert/strict';
import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { suite, test } from 'node:test';

import type { DocumentPlace, DocumentsPort } from '../../actors/ports/documents.ts';

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
