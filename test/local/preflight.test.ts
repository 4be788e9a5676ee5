import assert from 'node:assert/strict';
import { execFile, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { after, before, suite, test, type TestContext } from 'node:test';

import { problemsBeforeStart } from '../../deploy/wiring/preflight.ts';
import { removeFolder, temporaryFolder } from '../support/folders.ts';
import { freePort } from '../support/ports.ts';
import { startProgram } from '../support/proc.ts';
import { withServices } from '../support/services.ts';

const host = '127.0.0.1';
const root = join(import.meta.dirname, '..', '..');
const mayMount = spawnSync('unshare', ['-m', 'sh', '-c', 'mount -t tmpfs tmpfs /mnt']).status === 0;

/** A server of a version that no package of this machine has any more: its greeting alone is played. */
async function played(t: TestContext, answer: (socket: Socket) => void): Promise<number> {
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    answer(socket);
  });
  return listening(t, server);
}

async function listening(t: TestContext, server: Server): Promise<number> {
  server.listen(0, host);
  await once(server, 'listening');
  t.after(() => server.close());
  return (server.address() as AddressInfo).port;
}

/** PostgreSQL's answer to a start-up message, and then to `show server_version_num`. */
function oldPostgres(socket: Socket): void {
  const message = (type: string, body: Buffer) => {
    const head = Buffer.alloc(5);
    head.write(type);
    head.writeInt32BE(body.length + 4, 1);
    return Buffer.concat([head, body]);
  };
  const ready = message('Z', Buffer.from('I'));
  const name = Buffer.from('server_version_num\0');
  const column = Buffer.concat([Buffer.from([0, 1]), name, Buffer.alloc(6), Buffer.alloc(12)]);
  column.writeInt32BE(25, 2 + name.length + 6); // text
  const version = Buffer.from('150008');
  const row = Buffer.concat([Buffer.from([0, 1, 0, 0, 0, version.length]), version]);
  socket.once('data', () => {
    socket.write(Buffer.concat([message('R', Buffer.alloc(4)), ready]));
    socket.on('data', (asked) => {
      const done = message('C', Buffer.from('SHOW\0'));
      if (asked.toString('latin1', 0, 1) === 'X') socket.end();
      else socket.write(Buffer.concat([message('T', column), message('D', row), done, ready]));
    });
  });
}

function oldRedis(socket: Socket): void {
  socket.on('data', (asked) => {
    const info = '# Server\r\nredis_version:6.2.14\r\n';
    for (const [, command = ''] of asked.toString().matchAll(/\*\d+\r\n\$\d+\r\n(\w+)/g)) {
      const hello = `-ERR unknown command '${command}'\r\n`;
      const answers: Record<string, string> = {
        info: `$${info.length}\r\n${info}\r\n`,
        hello,
        client: hello,
      };
      socket.write(answers[command.toLowerCase()] ?? '+OK\r\n');
    }
  });
}

/** Runs a program of ours until it ends. One that is not refused may go on: it is ended after a minute. */
async function ends(
  program: string,
  env: NodeJS.ProcessEnv,
): Promise<{ code: unknown; stdout: string; stderr: string }> {
  return new Promise((resolve) => {
    const options = { cwd: root, env: { ...process.env, ...env }, timeout: 60_000 };
    execFile(process.execPath, [program], options, (error, stdout, stderr) => {
      resolve({ code: error?.code ?? 0, stdout, stderr });
    });
  });
}

suite('a start that could not end well', { timeout: 300_000 }, () => {
  const services = withServices();
  let folder: string;
  before(async () => {
    folder = await temporaryFolder();
  });
  after(async () => {
    await removeFolder(folder);
  });

  /** What main.ts writes and ends with. Nothing of ours may have been started for it. */
  async function refused(env: Readonly<Record<string, string | undefined>>): Promise<string[]> {
    const given = { NODE_ENV: 'test', PORT: '0', OPS_PORT: '0', ORTHANC_API_BASE: 'none', ...env };
    const { code, stderr } = await ends('main.ts', given);
    assert.equal(code, 2, stderr);
    const dataDir = env['DATA_DIR'];
    if (dataDir !== undefined) assert.ok(!existsSync(join(dataDir, 'postgres')));
    const [head, ...problems] = stderr.trimEnd().split('\n');
    assert.equal(head, 'Not started:');
    return problems.map((line) => line.trim());
  }

  test('is refused with all its reasons at once, each with what to do', async (t) => {
    const taken = await listening(t, createServer());
    const file = join(folder, 'file');
    writeFileSync(file, '');
    const problems = await refused({
      PORT: String(taken),
      OPS_PORT: String(taken),
      DATA_DIR: join(file, 'data'),
      DATABASE_URL: `postgresql://u:secret@${host}:${await played(t, oldPostgres)}/x`,
      REDIS_URL: `redis://${host}:${await played(t, oldRedis)}`,
    });
    assert.deepEqual(problems, [
      `Port ${taken} is taken: stop what listens there, or set PORT to another`,
      `Port ${taken} is taken: stop what listens there, or set OPS_PORT to another`,
      `PORT and OPS_PORT are both ${taken}: set one of them to another port`,
      `DATA_DIR ${file}/data is or lies in a file: set DATA_DIR to a folder that can be written`,
      'PostgreSQL at DATABASE_URL is version 15, and 16 or newer is needed: upgrade it, or name another',
      'Redis at REDIS_URL is version 6, and 7 or newer is needed: upgrade it, or name another',
    ]);
  });

  test('tries each port at the address where it will be listened on', async (t) => {
    const server = createServer().listen(0, '127.0.0.2');
    await once(server, 'listening');
    t.after(() => server.close());
    const { port } = server.address() as AddressInfo;
    const env = {
      HOST: host,
      OPS_HOST: '127.0.0.2',
      PORT: String(port), // Free at HOST, and no clash with the same port at another address.
      OPS_PORT: String(port),
      DATABASE_URL: services.databaseUrl,
      REDIS_URL: services.redisUrl,
    };
    assert.deepEqual(await refused(env), [
      `Port ${port} is taken: stop what listens there, or set OPS_PORT to another`,
    ]);
  });

  test('says that an address is none of this machine, and when two of them clash', async () => {
    const free = await freePort();
    const problems = (one: string, other: string) =>
      problemsBeforeStart({
        addresses: [
          { host: one, hostVariable: 'HOST', port: free, portVariable: 'PORT' },
          { host: other, hostVariable: 'OPS_HOST', port: free, portVariable: 'OPS_PORT' },
        ],
        dataDir: null,
        databaseUrl: services.databaseUrl,
        migrationDatabaseUrl: null,
        redisUrl: services.redisUrl,
      });
    assert.deepEqual(await problems(host, '192.0.2.1'), [
      'OPS_HOST 192.0.2.1 is no address of this machine: set it to one, or to 127.0.0.1',
    ]);
    const clash = `PORT and OPS_PORT are both ${free}: set one of them to another port`;
    for (const [one, other] of [
      [host, host],
      [host, 'localhost'],
      ['0.0.0.0', host],
    ] as const) {
      assert.deepEqual(await problems(one, other), [clash], `${one} ${other}`);
    }
  });

  test('is refused where PostgreSQL does not answer, without its password', async (t) => {
    const server = createServer();
    const port = await listening(t, server);
    server.close();
    const problems = await refused({
      DATABASE_URL: `postgresql://u:secret@${host}:${port}/x`,
      REDIS_URL: services.redisUrl,
      DATA_DIR: join(folder, 'one'),
    });
    assert.equal(problems.length, 1);
    assert.match(
      problems[0] ?? '',
      /^PostgreSQL at DATABASE_URL can't be used \(.*ECONNREFUSED.*\): start it, or correct DATABASE_URL$/,
    );
    assert.doesNotMatch(problems[0] ?? '', /secret/);
  });

  test('and a migration is, in one line for each kind of server that it can’t work on', async (t) => {
    const old = `postgresql://u:secret@${host}:${await played(t, oldPostgres)}/x`;
    const server = createServer();
    const none = `postgresql://u:secret@${host}:${await listening(t, server)}/x`;
    server.close();
    const migrated = (DATABASE_URL: string, MIGRATION_DATABASE_URL: string) =>
      ends('deploy/tools/migrate.ts', { DATABASE_URL, MIGRATION_DATABASE_URL });
    const upgrade = 'and 16 or newer is needed: upgrade it, or name another';
    assert.deepEqual(await migrated(old, ''), {
      code: 2,
      stdout: '',
      stderr: `PostgreSQL at DATABASE_URL is version 15, ${upgrade}\n`,
    });
    assert.deepEqual(await migrated(services.databaseUrl, old), {
      code: 2,
      stdout: '',
      stderr: `PostgreSQL at MIGRATION_DATABASE_URL is version 15, ${upgrade}\n`,
    });
    const { code, stdout, stderr } = await migrated(none, '');
    assert.deepEqual([code, stdout], [2, '']);
    assert.match(
      stderr,
      /^PostgreSQL at DATABASE_URL can't be used \(.*ECONNREFUSED.*\): [^\n]+\n$/,
    );
    assert.doesNotMatch(stderr, /secret/);
    const env = { DATABASE_URL: services.databaseUrl, REDIS_URL: services.redisUrl };
    assert.deepEqual(
      await refused({ ...env, MIGRATION_DATABASE_URL: old, DATA_DIR: join(folder, 'migrating') }),
      [`PostgreSQL at MIGRATION_DATABASE_URL is version 15, ${upgrade}`],
    );
  });

  test('is refused where Redis does not take the password', async () => {
    const url = new URL(services.redisUrl);
    url.password = 'wrong';
    const problems = await refused({
      DATABASE_URL: services.databaseUrl,
      REDIS_URL: url.href,
      DATA_DIR: join(folder, 'two'),
    });
    assert.match(problems.join('\n'), /^Redis at REDIS_URL refuses us \(WRONGPASS .*\): correct/);
  });

  test('is refused where the machine’s own Redis is too old, or missing and not to be had', async () => {
    const programs = join(folder, 'programs');
    mkdirSync(programs);
    const server = join(programs, 'redis-server');
    writeFileSync(server, '#!/bin/sh\necho "Redis server v=6.0.16 sha=00000000:0"\n');
    chmodSync(server, 0o755);
    const env = {
      DATABASE_URL: services.databaseUrl,
      REDIS_URL: '',
      DATA_DIR: join(folder, 'three'),
    };
    assert.deepEqual(await refused({ ...env, PATH: `${programs}:${process.env['PATH']}` }), [
      'redis-server of this machine is version 6, and 7 or newer is needed: upgrade it, or set REDIS_URL',
    ]);
    const [line, ...more] = await refused({ ...env, PATH: join(folder, 'nowhere') });
    assert.deepEqual(more, []);
    assert.match(
      line ?? '',
      /^Redis is not on this machine: install it, or set REDIS_URL; Debian.*apt-get update && sudo apt-get install/,
    );
  });

  test('is refused while another process runs its servers in the same folder', async () => {
    const dataDir = join(folder, 'four');
    const args = ['redis', join(dataDir, 'redis')];
    await using other = await startProgram('test/local/sleeper.ts', { args });
    await other.line(/^started/m);
    assert.deepEqual(
      await refused({ DATABASE_URL: services.databaseUrl, REDIS_URL: '', DATA_DIR: dataDir }),
      [
        `DATA_DIR ${dataDir} is in use by process ${other.pid}: stop that first, or set DATA_DIR to another folder`,
      ],
    );
  });

  for (const [title, options, expected] of [
    ['full', 'size=2m', /^The disk of DATA_DIR \S+ has \d MiB left, and 256 are needed: free some/],
    ['read-only', 'ro', /^DATA_DIR \S+ is on a read-only file system: set DATA_DIR to a folder/],
  ] as const) {
    const skip = mayMount ? false : 'file systems can’t be mounted here';
    test(`is refused where the disk is ${title}`, { skip }, () => {
      const dataDir = join(folder, title);
      mkdirSync(dataDir);
      const script = `mount -t tmpfs -o ${options} tmpfs "$0" && exec "$1" main.ts`;
      const { status, stderr } = spawnSync(
        'unshare',
        ['-m', 'sh', '-c', script, dataDir, process.execPath],
        {
          encoding: 'utf8',
          cwd: root,
          env: {
            ...process.env,
            NODE_ENV: 'test',
            PORT: '0',
            OPS_PORT: '0',
            DATA_DIR: dataDir,
            DATABASE_URL: services.databaseUrl,
            REDIS_URL: services.redisUrl,
          },
        },
      );
      assert.equal(status, 2, stderr);
      const [head, problem = '', ...more] = stderr.trimEnd().split('\n');
      assert.deepEqual([head, more], ['Not started:', []]);
      assert.match(problem.trim(), expected);
    });
  }

  test('finds nothing where all is well, and lets a silent Redis be', async () => {
    const address = { host, hostVariable: 'HOST', port: 0, portVariable: 'PORT' };
    const dataDir = join(folder, 'fine');
    const all = {
      addresses: [address, address],
      dataDir,
      databaseUrl: services.databaseUrl,
      migrationDatabaseUrl: null,
    };
    assert.deepEqual(await problemsBeforeStart({ ...all, redisUrl: services.redisUrl }), []);
    assert.deepEqual(await problemsBeforeStart({ ...all, redisUrl: 'redis://127.0.0.1:1' }), []);
  });
});
