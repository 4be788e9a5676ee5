import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';

import { Deferred, ProviderRefused } from '../../actors/errors.ts';
import type { ImagingPort } from '../../actors/ports/imaging.ts';
import { imagingOnceStarted } from '../../deploy/local/imaging.ts';
import { identify } from '../../deploy/local/processes.ts';
import { localServers } from '../../deploy/local/servers.ts';
import { removeFolder, temporaryFolder } from '../support/folders.ts';
import { startProgram } from '../support/proc.ts';
import { withServices } from '../support/services.ts';
import { waitUntil } from '../support/wait.ts';

suite('an archive of our own', { timeout: 120_000 }, () => {
  const services = withServices();
  let folder: string;
  before(async () => {
    folder = await temporaryFolder();
  });
  after(async () => {
    await removeFolder(folder);
  });

  const given = () => ({
    databaseUrl: services.databaseUrl,
    redisUrl: services.redisUrl,
    orthanc: true,
  });

  test('starts with the local servers and stops with them', async () => {
    const lines: string[] = [];
    const servers = localServers({ ...given(), dataDir: join(folder, 'one') }, (line) => {
      lines.push(line);
    });
    await servers.start();
    servers.startOptional();
    const orthanc = await servers.orthanc;
    assert.ok(orthanc);
    assert.deepEqual(
      lines.filter((line) => line.startsWith('Imaging is')),
      ['Imaging is on: Orthanc answers'],
    );
    const answer = await fetch(`${orthanc.origin}/system`);
    assert.equal(answer.status, 401); // It answers, and not to everybody.
    await Promise.all([servers.stop(), servers.stopOrthanc()]);
    assert.equal(identify(orthanc.pid), null);
  });

  test('is done without where it cannot be had, and one line says so', async (t) => {
    const path = process.env['PATH'];
    t.after(() => {
      process.env['PATH'] = path;
    });
    process.env['PATH'] = join(folder, 'nowhere');
    const lines: string[] = [];
    const servers = localServers({ ...given(), dataDir: join(folder, 'two') }, (line) => {
      lines.push(line);
    });
    await servers.start();
    servers.startOptional();
    assert.equal(await servers.orthanc, null);
    assert.equal(lines.length, 1);
    assert.match(lines[0] ?? '', /^Imaging is off: .*apt-get install.*orthanc[^\n]*$/);
    await Promise.all([servers.stop(), servers.stopOrthanc()]);
  });

  test('is asked for nothing while it starts, and refuses for good when there is none', async () => {
    const later = Promise.withResolvers<ImagingPort | null>();
    const imaging = imagingOnceStarted(later.promise);
    const { signal } = new AbortController();
    await assert.rejects(imaging.studies('x', signal), Deferred);
    later.resolve(null);
    await later.promise;
    await assert.rejects(imaging.studies('x', signal), (error: unknown) => {
      assert.ok(error instanceof ProviderRefused);
      return error.reason === 'not_configured';
    });
  });

  test('serves a whole process, which is ready without it and takes it down when it drains', async () => {
    const dataDir = join(folder, 'three');
    await using program = await startProgram('main.ts', {
      env: {
        NODE_ENV: 'test',
        PORT: '0',
        OPS_PORT: '0',
        DATABASE_URL: services.databaseUrl,
        REDIS_URL: services.redisUrl,
        DATA_DIR: dataDir,
        LOG_LEVEL: 'error',
      },
    });
    await program.line(/^ready \S+/m);
    const owner = await waitUntil(
      async () => {
        const found = JSON.parse(
          await readFile(join(dataDir, 'orthanc', 'owner.json'), 'utf8'),
        ) as { server: { pid: number; port: number } | null };
        if (found.server === null) return null;
        await fetch(`http://127.0.0.1:${found.server.port}/system`);
        return found.server;
      },
      { what: 'Orthanc to answer', timeoutMs: 30_000 },
    );
    assert.deepEqual(await program.stop(), { code: 0, signal: null });
    assert.equal(identify(owner.pid), null);
    assert.doesNotMatch(program.output(), /Imaging is off/);
  });

  test('leaves a process without it ready', async () => {
    await using program = await startProgram('main.ts', {
      env: {
        NODE_ENV: 'test',
        PORT: '0',
        OPS_PORT: '0',
        DATABASE_URL: services.databaseUrl,
        REDIS_URL: services.redisUrl,
        DATA_DIR: join(folder, 'four'),
        LOG_LEVEL: 'error',
        PATH: join(folder, 'nowhere'),
      },
    });
    await program.line(/^ready \S+/m);
    await program.line(/^Imaging is off: .*$/m);
    assert.equal(program.output().match(/imaging is/gi)?.length, 1);
    assert.deepEqual(await program.stop(), { code: 0, signal: null });
  });
});
