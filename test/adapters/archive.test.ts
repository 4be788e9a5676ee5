import assert from 'node:assert/strict';
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { mkdtemp, readFile, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';

import { ProviderBusy, ProviderRefused } from '../../actors/errors.ts';
import {
  type InvoicePlace,
  type InvoiceEncryption,
  embeddedArchive,
} from '../../adapters/embedded-store/archive.ts';
import { applyArchiveBucket, minioArchive } from '../../adapters/minio/archive.ts';
import { type S3Server, s3Client } from '../../adapters/minio/client.ts';
import { minioPolicy } from '../../adapters/minio/documents.ts';
import { createTelemetry } from '../../telemetry.ts';
import { type CephGateway, startCeph, whyNoCeph } from '../support/ceph.ts';
import { archiveContract, fileAt, keyOf } from './archive-contract.ts';
import { quick } from './fixtures.ts';

const signal = () => AbortSignal.timeout(30_000);

/** AES-256-GCM that is bound to the place, with one key for all. */
function encryption(): {
  readonly encrypt: InvoiceEncryption;
  readonly decrypt: InvoiceEncryption;
} {
  const key = randomBytes(32);
  const aad = ({ tenant, key: of }: InvoicePlace) => Buffer.from(`${tenant}|${of}`);
  return {
    encrypt: async (place, bytes) => {
      const iv = randomBytes(12);
      const cipher = createCipheriv('aes-256-gcm', key, iv).setAAD(aad(place));
      const encrypted = Buffer.concat([cipher.update(bytes), cipher.final()]);
      return Buffer.concat([iv, cipher.getAuthTag(), encrypted]);
    },
    decrypt: async (place, encrypted) => {
      const decipher = createDecipheriv('aes-256-gcm', key, encrypted.subarray(0, 12))
        .setAAD(aad(place))
        .setAuthTag(encrypted.subarray(12, 28));
      return Buffer.concat([decipher.update(encrypted.subarray(28)), decipher.final()]);
    },
  };
}

suite('The archive on a disk:', () => {
  let folder: string;
  const encrypts = encryption();
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'invoices-'));
  });
  after(() => rm(folder, { recursive: true }));
  const archive = () => embeddedArchive({ folder, ...encrypts });

  archiveContract('the contract of archives', archive, false);

  test('lays encrypted files down that nobody may write, and no drafts', async () => {
    const file = fileAt(keyOf(), 'Jane Doe');
    await archive().keep(file, signal());
    const path = join(folder, file.tenant, file.key.slice('invoices/'.length));
    assert.equal((await stat(path)).mode & 0o777, 0o400);
    assert.ok(!(await readFile(path)).includes('Jane Doe'));
    assert.deepEqual(await readdir(join(folder, 'drafts~')), []);
  });

  test('keeps one of two different files that come at once', async () => {
    const key = keyOf();
    const outcomes = await Promise.allSettled(
      ['one', 'other'].map((text) => archive().keep(fileAt(key, text), signal())),
    );
    const [kept, ...more] = outcomes.filter(({ status }) => status === 'fulfilled');
    assert.ok(kept && more.length === 0);
    const refused = outcomes.find(({ status }) => status === 'rejected');
    assert.ok(refused?.status === 'rejected' && refused.reason instanceof ProviderRefused);
  });

  test('does nothing once it was aborted, and says that the disk failed without its path', async () => {
    await assert.rejects(archive().keep(fileAt(keyOf()), AbortSignal.abort()), ProviderBusy);
    const file = fileAt(keyOf());
    await archive().keep(file, signal());
    // A folder below a file can't be.
    const below = join(folder, file.tenant, file.key.slice('invoices/'.length));
    const broken = embeddedArchive({ folder: below, ...encrypts });
    await assert.rejects(
      broken.keep(fileAt(keyOf()), signal()),
      (error) => error instanceof ProviderBusy && !error.message.includes(folder),
    );
  });
});

const skip = (await whyNoCeph()) ?? false;

suite('The archive on a real S3 server (Ceph):', { skip }, () => {
  let ceph: CephGateway;
  let server: S3Server;
  const locked = 'health-tourism-invoices';
  const plain = 'without-lock';
  before(async () => {
    ceph = await startCeph();
    const { url: baseUrl, accessKey, secretKey } = ceph;
    server = { baseUrl, accessKey, secretKey, region: 'us-east-1' };
    const { client, run } = s3Client(server);
    await run(signal(), () => client.makeBucket(plain, server.region));
    const made = await applyArchiveBucket(server, locked, signal());
    assert.deepEqual(made, { outcome: 'made', isLocked: true });
  });
  after(() => ceph[Symbol.asyncDispose]());

  const archiveIn = (bucket: string) =>
    minioArchive({
      server,
      bucket,
      policy: quick('minio', minioPolicy, { timeoutMs: 20_000, maxRetries: 1 }),
      telemetry: createTelemetry({ level: 'silent' }),
    });

  archiveContract('the contract of archives, with object lock', () => archiveIn(locked), true);
  archiveContract('the contract of archives, without', () => archiveIn(plain), false);

  test('says again whether a bucket that is there locks', async () => {
    const kept = { outcome: 'kept' };
    assert.deepEqual(await applyArchiveBucket(server, locked, signal()), {
      ...kept,
      isLocked: true,
    });
    assert.deepEqual(await applyArchiveBucket(server, plain, signal()), {
      ...kept,
      isLocked: false,
    });
  });

  test('locks each version until its date: no one deletes it, shortens it, or writes over it', async () => {
    const { client, run } = s3Client(server);
    const file = fileAt(keyOf());
    await archiveIn(locked).keep(file, signal());
    const { versionId } = await run(signal(), () => client.statObject(locked, file.key));
    assert.ok(versionId);
    const retention = await run(signal(), () =>
      client.getObjectRetention(locked, file.key, { versionId }),
    );
    assert.equal(retention?.mode, 'COMPLIANCE');
    assert.equal(Date.parse(retention?.retainUntilDate ?? ''), Date.parse(file.retainUntil));

    const deleting = run(signal(), () => client.removeObject(locked, file.key, { versionId }));
    await assert.rejects(deleting, /AccessDenied/);
    const shortening = run(signal(), () =>
      client.putObjectRetention(locked, file.key, {
        mode: 'COMPLIANCE' as never,
        retainUntilDate: '2027-01-01T00:00:00Z',
        versionId,
      }),
    );
    await assert.rejects(shortening);

    // Somebody writes over it past us: what was kept is still there, as the older version.
    await run(signal(), () => client.putObject(locked, file.key, Buffer.from('forged')));
    const older = await run(signal(), () => client.statObject(locked, file.key, { versionId }));
    assert.equal(older.size, file.bytes.length);
    await assert.rejects(archiveIn(locked).keep(file, signal()), ProviderRefused);
  });

  test('brings a file back that was deleted without its version', async () => {
    const { client, run } = s3Client(server);
    const file = fileAt(keyOf());
    await archiveIn(locked).keep(file, signal());
    await run(signal(), () => client.removeObject(locked, file.key));
    assert.equal(await archiveIn(locked).read(file.tenant, file.key, signal()), null);
    await archiveIn(locked).keep(file, signal());
    assert.ok(await archiveIn(locked).read(file.tenant, file.key, signal()));
  });

  test('keeps a lock that ends later, and lengthens one that ends earlier', async () => {
    const { client, run } = s3Client(server);
    const file = fileAt(keyOf());
    const archive = archiveIn(locked);
    const until = async () => {
      const found = await run(signal(), () =>
        client.getObjectRetention(locked, file.key, { versionId: '' }),
      );
      return new Date(found?.retainUntilDate ?? '').toISOString();
    };
    await archive.keep({ ...file, retainUntil: '2030-12-31T23:59:59Z' }, signal());
    await archive.keep(file, signal());
    assert.equal(await until(), file.retainUntil);
    await archive.keep({ ...file, retainUntil: '2031-12-31T23:59:59Z' }, signal());
    assert.equal(await until(), file.retainUntil);
  });

  test('refuses a date that could never be taken back', async () => {
    const late = { ...fileAt(keyOf()), retainUntil: '2136-12-31T23:59:59Z' };
    await assert.rejects(archiveIn(locked).keep(late, signal()), RangeError);
  });

  test('notices a file that was changed past us', async () => {
    const { client, run } = s3Client(server);
    const file = fileAt(keyOf());
    await archiveIn(plain).keep(file, signal());
    const { metaData } = await run(signal(), () => client.statObject(plain, file.key));
    await run(signal(), () =>
      client.putObject(plain, file.key, Buffer.from('forged'), 6, metaData),
    );
    await assert.rejects(archiveIn(plain).read(file.tenant, file.key, signal()), ProviderRefused);
  });

  test('fails where the bucket is not there', async () => {
    await assert.rejects(archiveIn('nowhere').keep(fileAt(keyOf()), signal()), ProviderRefused);
  });
});
