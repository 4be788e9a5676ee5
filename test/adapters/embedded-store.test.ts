import assert from 'node:assert/strict';
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { existsSync, globSync, readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite, test } from 'node:test';

import { ProviderBusy } from '../../actors/errors.ts';
import { type DocumentEncryption, embeddedStore } from '../../adapters/embedded-store/documents.ts';
import { removeFolder, temporaryFolder } from '../support/folders.ts';
import { documentsContract } from './documents-contract.ts';

const key = randomBytes(32);
const day = 24 * 60 * 60 * 1_000;
const start = Date.parse('2026-11-23T08:00:00Z');
const signal = () => AbortSignal.timeout(20_000);
const at = { tenant: 'clinic-a', caseId: 'case-1', name: 'scan.pdf' };

/** As main.ts does it, but with one key for all. */
const encrypt: DocumentEncryption = async (place, bytes) => {
  const nonce = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(bound(place));
  return Buffer.concat([nonce, cipher.update(bytes), cipher.final(), cipher.getAuthTag()]);
};
const decrypt: DocumentEncryption = async (place, bytes) => {
  const encrypted = Buffer.from(bytes);
  const decipher = createDecipheriv('aes-256-gcm', key, encrypted.subarray(0, 12), {
    authTagLength: 16,
  });
  decipher.setAAD(bound(place)).setAuthTag(encrypted.subarray(-16));
  return Buffer.concat([decipher.update(encrypted.subarray(12, -16)), decipher.final()]);
};
const bound = (place: object) => Buffer.from(JSON.stringify(place));

documentsContract('the embedded store keeps the contract of documents:', async () => {
  const folder = await temporaryFolder();
  return {
    store: embeddedStore({ folder, encrypt, decrypt }),
    close: () => removeFolder(folder),
  };
});

suite('the embedded store', () => {
  async function withFolder(run: (folder: string) => Promise<void>): Promise<void> {
    const folder = await temporaryFolder();
    try {
      await run(folder);
    } finally {
      await removeFolder(folder);
    }
  }
  const document = (text: string, name = at.name) => ({
    ...at,
    name,
    contentType: 'application/pdf',
    bytes: Buffer.from(text),
  });
  const files = (folder: string, pattern = '**') =>
    globSync(pattern, { cwd: folder })
      .filter((path) => statSync(join(folder, path)).isFile())
      .toSorted();

  test('keeps each version, and writes nothing for the same again', async () => {
    await withFolder(async (folder) => {
      const store = embeddedStore({ folder, encrypt, decrypt });
      for (const text of ['one', 'one', 'two', 'two', 'one'])
        await store.put(document(text), signal());
      assert.deepEqual(files(folder), [
        'docs/clinic-a/case-1/scan.pdf/000000000001',
        'docs/clinic-a/case-1/scan.pdf/000000000002',
        'docs/clinic-a/case-1/scan.pdf/000000000003',
      ]);
    });
  });

  test('loses no version of puts through several stores at once', async () => {
    await withFolder(async (folder) => {
      const texts = Array.from({ length: 32 }, (_, index) => `text ${index}`);
      await Promise.all(
        texts.map((text) =>
          embeddedStore({ folder, encrypt, decrypt }).put(document(text), signal()),
        ),
      );
      const versions = files(folder).map((path) => readFileSync(join(folder, path)).subarray(8));
      const opened = await Promise.all(versions.map((encrypted) => decrypt(at, encrypted)));
      const found = opened.map((plain) => /text \d+$/.exec(Buffer.from(plain).toString())?.[0]);
      assert.deepEqual(new Set(found), new Set(texts));
    });
  });

  test('writes nothing that can be read, and lets nobody else look', async () => {
    await withFolder(async (folder) => {
      const store = embeddedStore({ folder: join(folder, 'store'), encrypt, decrypt });
      const { checksum } = await store.put(document('Blood group 0 negative'), signal());
      const [path = ''] = files(folder);
      const written = readFileSync(join(folder, path)).toString('latin1');
      for (const plain of ['Blood', 'application/pdf', checksum]) {
        assert.ok(!written.includes(plain) && !path.includes(plain), plain);
      }
      assert.equal(statSync(join(folder, path)).mode & 0o777, 0o600);
      assert.equal(statSync(join(folder, 'store', 'docs')).mode & 0o777, 0o700);
    });
  });

  test('opens nothing that was changed or moved', async () => {
    await withFolder(async (folder) => {
      const store = embeddedStore({ folder, encrypt, decrypt });
      await store.put(document('mine', 'a'), signal());
      await store.put(document('yours', 'b'), signal());
      const [first = '', second = ''] = files(folder).map((path) => join(folder, path));
      writeFileSync(first, readFileSync(second));
      await assert.rejects(store.get({ ...at, name: 'a' }, signal()));
      const changed = readFileSync(second);
      changed.writeUInt8(changed.readUInt8(40) ^ 1, 40);
      writeFileSync(second, changed);
      await assert.rejects(store.get({ ...at, name: 'b' }, signal()));
    });
  });

  test('leaves no draft behind when encryption fails, and reads nothing from a draft', async () => {
    await withFolder(async (folder) => {
      const failing = embeddedStore({
        folder,
        decrypt,
        encrypt: async () => {
          throw new Error('No key');
        },
      });
      await assert.rejects(failing.put(document('x'), signal()), { message: 'No key' });
      assert.deepEqual(files(folder), []);
      assert.equal(await failing.get(at, signal()), null);
    });
  });

  test('says by its code alone that the disk fails, and that it may be tried again', async () => {
    await withFolder(async (folder) => {
      writeFileSync(join(folder, 'drafts'), 'a file where the folder should be');
      const store = embeddedStore({ folder, encrypt, decrypt });
      await assert.rejects(store.put(document('x'), signal()), (error: Error) => {
        assert.ok(error instanceof ProviderBusy);
        assert.equal(error.message, 'documents is busy: EEXIST');
        assert.equal(error.cause, undefined);
        return true;
      });
    });
  });

  test('removes a version 180 days after it was stored, and not a millisecond before', async () => {
    await withFolder(async (folder) => {
      let now = start;
      const store = embeddedStore({ folder, encrypt, decrypt, now: () => now });
      await store.put(document('old'), signal());
      now += day;
      await store.put(document('new'), signal());
      await store.put(document('other', 'other.pdf'), signal());

      assert.equal(await store.expire(start + 180 * day), 0);
      assert.equal(await store.expire(start + 180 * day + 1), 1);
      assert.deepEqual(files(folder), [
        'docs/clinic-a/case-1/other.pdf/000000000001',
        'docs/clinic-a/case-1/scan.pdf/000000000002',
      ]);
      assert.equal(Buffer.from((await store.get(at, signal()))?.bytes ?? []).toString(), 'new');
      assert.equal(await store.expire(start + 181 * day + 1), 2);
      assert.equal(await store.get(at, signal()), null);
      assert.ok(!existsSync(join(folder, 'docs', 'clinic-a')), 'and the empty folders');
      assert.equal((await store.put(document('again'), signal())).size, 5);
    });
  });

  test('expires while puts go on, and loses none of them', async () => {
    await withFolder(async (folder) => {
      let now = start;
      const store = embeddedStore({ folder, encrypt, decrypt, now: () => now });
      for (let round = 0; round < 20; round += 1) {
        now += 200 * day;
        const [stored] = await Promise.all([
          store.put(document(`round ${round}`), signal()),
          store.expire(now),
        ]);
        assert.equal(stored.size, `round ${round}`.length);
        const found = await store.get(at, signal());
        assert.equal(Buffer.from(found?.bytes ?? []).toString(), `round ${round}`);
      }
    });
  });

  test('takes what somebody else left beside the versions for none of them', async () => {
    await withFolder(async (folder) => {
      const store = embeddedStore({ folder, encrypt, decrypt });
      await store.put(document('x'), signal());
      const versions = join(folder, 'docs', at.tenant, at.caseId, at.name);
      for (const stray of ['.left-by-a-desktop', '7']) writeFileSync(join(versions, stray), '');
      const found = await store.get(at, signal());
      assert.equal(Buffer.from(found?.bytes ?? []).toString(), 'x');
    });
  });

  test('clears up a draft that a crash left a day ago, and not one being written', async () => {
    await withFolder(async (folder) => {
      const store = embeddedStore({ folder, encrypt, decrypt });
      await store.put(document('x'), signal());
      for (const [name, hours] of [
        ['left', 25],
        ['being-written', 1],
      ] as const) {
        const draft = join(folder, 'drafts', name);
        writeFileSync(draft, 'half');
        const time = new Date(start - hours * 60 * 60 * 1_000);
        utimesSync(draft, time, time);
      }
      await store.expire(start);
      assert.deepEqual(files(folder, 'drafts/*'), ['drafts/being-written']);
    });
  });
});
