import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { appendFile, readFile, stat, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';

import { ProviderBusy, ProviderRefused } from '../../actors/errors.ts';
import {
  longestLine,
  type CheckpointStore,
  type KeptLine,
} from '../../actors/ports/checkpoints.ts';
import { checkpointFile } from '../../adapters/embedded-store/checkpoints.ts';
import { minioCheckpoints } from '../../adapters/minio/checkpoints.ts';
import { s3Client, type S3Server } from '../../adapters/minio/client.ts';
import { minioPolicy } from '../../adapters/minio/documents.ts';
import { createTelemetry } from '../../telemetry.ts';
import { startCeph, whyNoCeph, type CephGateway } from '../support/ceph.ts';
import { removeFolder, temporaryFolder } from '../support/folders.ts';
import { quick } from './fixtures.ts';

const skip = (await whyNoCeph()) ?? false;
const signal = () => AbortSignal.timeout(30_000);
const hourMs = 60 * 60 * 1_000;

function line(number: number, size = 10) {
  const id = randomBytes(32).toString('hex');
  return { number, id, text: JSON.stringify({ number, fill: 'x'.repeat(size) }) };
}

async function readAll(
  store: CheckpointStore,
  from: string | null = null,
): Promise<{ lines: readonly KeptLine[]; texts: readonly string[]; cursor: string | null }> {
  const lines: KeptLine[] = [];
  let cursor = from;
  for await (const page of store.read(from, signal())) {
    lines.push(...page.lines);
    cursor = page.cursor;
  }
  return { lines, texts: lines.map(({ text }) => text), cursor };
}

/** What holds for every store of checkpoints. */
function contract(open: () => Promise<{ store: () => CheckpointStore; close(): Promise<void> }>) {
  let made: Awaited<ReturnType<typeof open>>;
  before(async () => {
    made = await open();
  });
  after(() => made.close());

  test('is empty first, and then gives all lines in their order, from any cursor', async () => {
    const store = made.store();
    assert.deepEqual(await readAll(store), { lines: [], texts: [], cursor: null });
    const lines = Array.from({ length: 150 }, (_, index) => line(index + 1));
    for (const one of lines.slice(0, 100)) await store.append(one, signal());
    const first = await readAll(made.store());
    assert.deepEqual(
      first.texts,
      lines.slice(0, 100).map(({ text }) => text),
    );
    assert.equal(new Set(first.lines.map(({ place }) => place)).size, 100);
    assert.deepEqual(
      (await readAll(store, first.cursor)).texts.filter((text) => !first.texts.includes(text)),
      [],
    );
    for (const one of lines.slice(100)) await store.append(one, signal());
    // Some in front of the cursor may come again; then all behind those do.
    const { texts } = await readAll(store, first.cursor);
    assert.deepEqual(
      texts,
      lines.slice(150 - texts.length).map(({ text }) => text),
    );
    assert.ok(texts.length >= 50);
  });

  test('keeps what several append at once', async () => {
    const lines = Array.from({ length: 16 }, () => line(151, 9_000));
    await Promise.all(lines.map((one) => made.store().append(one, signal())));
    const { texts } = await readAll(made.store());
    assert.deepEqual(texts.slice(150).toSorted(), lines.map(({ text }) => text).toSorted());
  });

  test('does nothing once the signal has aborted', async () => {
    await assert.rejects(made.store().append(line(1), AbortSignal.abort()), ProviderBusy);
    const reading = async () => {
      for await (const page of made.store().read(null, AbortSignal.abort())) assert.ok(page);
    };
    await assert.rejects(reading(), ProviderBusy);
  });
}

suite('a file of checkpoints:', () => {
  contract(async () => {
    const folder = await temporaryFolder();
    const store = () => checkpointFile(join(folder, 'new', 'checkpoints.jsonl'));
    return { store, close: () => removeFolder(folder) };
  });

  async function withFile(run: (path: string, store: CheckpointStore) => Promise<void>) {
    const folder = await temporaryFolder();
    try {
      const path = join(folder, 'checkpoints.jsonl');
      await run(path, checkpointFile(path));
    } finally {
      await removeFolder(folder);
    }
  }

  test('is ours alone, and only grows', async () => {
    await withFile(async (path, store) => {
      const lines = [line(1), line(2)];
      for (const one of lines) await store.append(one, signal());
      assert.equal((await stat(path)).mode & 0o777, 0o600);
      assert.equal(await readFile(path, 'utf8'), lines.map(({ text }) => `${text}\n`).join(''));
    });
  });

  test('passes over a line that a crash tore, at the end and later in the middle', async () => {
    await withFile(async (path, store) => {
      const lines = [line(1), line(2), line(3)];
      await store.append(line(1), signal());
      const whole = `${lines[0]?.text}\n`;
      const torn = `${lines[1]?.text}\n`;
      for (const length of [1, 10, torn.length - 1]) {
        await writeFile(path, whole + torn.slice(0, length));
        const before = await readAll(store);
        assert.deepEqual(before.texts, [lines[0]?.text]);
        await store.append(lines[2] ?? line(3), signal());
        assert.deepEqual((await readAll(store)).texts, [lines[0]?.text, lines[2]?.text]);
        assert.deepEqual((await readAll(store, before.cursor)).texts, [lines[2]?.text]);
        const now = await readFile(path, 'utf8');
        assert.ok(now.startsWith(whole + torn.slice(0, length)), 'nothing was taken away');
      }
    });
  });

  test('gives a line damaged in the middle as it is', async () => {
    await withFile(async (path, store) => {
      for (const number of [1, 2]) await store.append(line(number), signal());
      await writeFile(path, (await readFile(path, 'utf8')).replace('number":1', 'nu\n'));
      const { lines } = await readAll(store);
      assert.deepEqual(
        lines.map(({ place }) => place),
        ['line 1', 'line 2', 'line 3'],
      );
    });
  });

  test('reads anew what was cut off behind its back', async () => {
    await withFile(async (path, store) => {
      for (const number of [1, 2, 3]) await store.append(line(number), signal());
      const { cursor, texts } = await readAll(store);
      await truncate(path, (texts[0]?.length ?? 0) + 1);
      assert.deepEqual((await readAll(store, cursor)).texts, [texts[0]]);
    });
  });

  test('holds no more than a line of what has no end', async () => {
    await withFile(async (path, store) => {
      await store.append(line(1), signal());
      await appendFile(path, 'x'.repeat(3 * longestLine));
      await appendFile(path, `\n${line(2).text}\n`);
      const { lines, texts } = await readAll(store);
      assert.equal(texts.at(-1), line(2).text);
      assert.ok(lines.length > 2 && lines.every(({ text }) => text.length <= longestLine));
    });
  });

  test('fails with the system’s code, and names no path', async () => {
    await withFile(async (path, store) => {
      await store.append(line(1), signal());
      const inside = checkpointFile(join(path, 'file.jsonl'));
      await assert.rejects(inside.append(line(1), signal()), (error) => {
        assert.ok(error instanceof ProviderBusy);
        assert.ok(!error.message.includes(path));
        return /EEXIST|ENOTDIR/.test(error.reason);
      });
    });
  });
});

suite('checkpoints on a real S3 server (Ceph):', { skip }, () => {
  let ceph: CephGateway;
  let server: S3Server;
  before(async () => {
    ceph = await startCeph();
    const { url: baseUrl, accessKey, secretKey } = ceph;
    server = { baseUrl, accessKey, secretKey, region: 'us-east-1' };
    const { client } = s3Client(server);
    await client.makeBucket('plain', 'us-east-1');
    await client.makeBucket('locked', 'us-east-1', { ObjectLocking: true });
  });
  after(() => ceph[Symbol.asyncDispose]());

  const storeIn = (bucket: string, prefix: string) =>
    minioCheckpoints({
      server,
      bucket,
      prefix,
      // COMPLIANCE cannot be taken back, but this gateway's disk is memory.
      retainForMs: hourMs,
      now: Date.now,
      policy: quick('minio', minioPolicy, { timeoutMs: 20_000, maxRetries: 1 }),
      telemetry: createTelemetry({ level: 'silent' }),
    });

  suite('in a bucket without locks', () => {
    contract(async () => ({ store: () => storeIn('plain', ''), close: async () => {} }));
  });

  suite('in a bucket with locks, under a prefix', () => {
    contract(async () => ({ store: () => storeIn('locked', 'cases/'), close: async () => {} }));
  });

  test('are retained where the bucket can do it, version by version', async () => {
    const { client, run } = s3Client(server);
    const store = storeIn('locked', 'retained/');
    const one = line(1);
    await store.append(one, signal());
    await store.append(one, signal());
    const name = `retained/000000000001-${one.id}.json`;
    const retention: unknown = await client.getObjectRetention('locked', name);
    assert.match(JSON.stringify(retention), /COMPLIANCE/);
    const { versionId } = await client.statObject('locked', name);
    assert.ok(versionId);
    const removing = run(signal(), () => client.removeObject('locked', name, { versionId }));
    await assert.rejects(
      removing,
      (error) => error instanceof Error && !(error instanceof RangeError),
    );
    assert.deepEqual((await readAll(store)).texts, [one.text]);
  });

  test('leave out what is not theirs, and an object without end', async () => {
    const { client } = s3Client(server);
    const store = storeIn('plain', 'mixed/');
    const one = line(1);
    await store.append(one, signal());
    await client.putObject('plain', 'mixed/readme.txt', 'hello');
    const huge = `mixed/000000000002-${line(2).id}.json`;
    await client.putObject('plain', huge, 'x'.repeat(longestLine + 1));
    const { lines } = await readAll(store);
    assert.deepEqual(lines, [
      { place: `mixed/000000000001-${one.id}.json`, text: one.text },
      { place: huge, text: '' },
    ]);
  });

  test('come again if they are in front of the cursor by a little', async () => {
    const store = storeIn('plain', 'late/');
    for (const number of [1, 2, 3]) await store.append(line(number), signal());
    const { cursor } = await readAll(store);
    const late = line(2);
    await store.append(late, signal());
    assert.ok((await readAll(store, cursor)).texts.includes(late.text));
  });

  test('need a bucket', async () => {
    await assert.rejects(storeIn('nowhere', '').append(line(1), signal()), ProviderRefused);
  });
});
