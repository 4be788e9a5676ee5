import { spawn, spawnSync } from 'node:child_process';
import { randomBytes, randomUUID } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';

import { freePort } from '../../deploy/local/ports.ts';
import { endProcess, identify, type ProcessIdentity } from '../../deploy/local/processes.ts';
import { noteProgram, removeFolder, runFolderVariable, temporaryFolder } from './folders.ts';
import { testSoftware, whyNot } from './software.ts';
import { waitUntil } from './wait.ts';

/** A real S3 server of our own, in memory. Disposing ends its processes and removes its folder. */
export interface CephGateway extends AsyncDisposable {
  /** `http://127.0.0.1:port` */
  readonly url: string;
  readonly accessKey: string;
  readonly secretKey: string;
  /** How long a day of its lifecycle rules lasts. */
  readonly lifecycleDayMs: number;
  /** What the disk holds of the objects whose keys have `text` in them: the bytes as they lie, one for each version. */
  objectsOnDisk(text: string): readonly Buffer[];
}

const lifecycleDaySeconds = 5;
/** 12 s on an idle machine of 2 cores. */
const startTimeoutMs = 120_000;

/** Why no gateway can be started here; null if one can. Installs Debian's Ceph where it is missing and can be had. */
export async function whyNoCeph(): Promise<string | null> {
  if (process.geteuid?.() !== 0) return 'Ceph is started as root only';
  return whyNot(testSoftware.ceph);
}

let shared: Promise<CephGateway> | null = null;

/**
 * One monitor, one OSD in memory and one gateway on free ports of 127.0.0.1: no manager is needed. In a run of test/run.ts
 * all files of a process share one, which ends with it.
 *
 * @throws {Error} a step failed or the gateway did not answer; with the end of what was written
 */
export async function startCeph(): Promise<CephGateway> {
  if (process.env[runFolderVariable] === undefined) return startOwn();
  shared ??= startOwn();
  return { ...(await shared), [Symbol.asyncDispose]: () => Promise.resolve() };
}

async function startOwn(): Promise<CephGateway> {
  await using parts = new AsyncDisposableStack();
  const folder = parts.adopt(await temporaryFolder(), removeFolder);
  const [v2, v1, port] = [await freePort(), await freePort(), await freePort()];
  const at = (name: string) => join(folder, name);
  const fsid = randomUUID();
  const osd = randomUUID();
  const [accessKey, secretKey] = [randomBytes(10).toString('hex'), randomBytes(20).toString('hex')];
  const address = `[v2:127.0.0.1:${v2},v1:127.0.0.1:${v1}]`;
  for (const name of ['run', 'mon', 'osd', 'rgw']) mkdirSync(at(name));
  writeFileSync(at('ceph.conf'), configuration({ fsid, address, port, folder }));

  const run = (program: string, ...args: string[]) => {
    const done = spawnSync(program, args, { encoding: 'utf8', cwd: folder, timeout: 60_000 });
    if (done.status !== 0) throw new Error(`${program} failed: ${done.stderr?.slice(-2_000)}`);
  };
  const keyring = (name: string, ...caps: string[]) =>
    run('ceph-authtool', at('keyring'), '--gen-key', '-n', name, ...caps.flatMap(capability));
  run('ceph-authtool', '--create-keyring', at('keyring'));
  // With no authentication at all the gateway never connects.
  keyring('mon.', 'mon=allow *');
  keyring('client.admin', 'mon=allow *', 'osd=allow *', 'mgr=allow *');
  keyring('osd.0', 'mon=allow profile osd', 'osd=allow *');
  keyring('client.rgw', 'mon=allow rwx', 'osd=allow rwx');

  const ceph = ['-c', at('ceph.conf')];
  run('monmaptool', '--create', '--fsid', fsid, '--addv', 'a', address, at('monmap'));
  run(
    'ceph-mon',
    ...ceph,
    '-i',
    'a',
    '--mkfs',
    '--monmap',
    at('monmap'),
    '--keyring',
    at('keyring'),
  );
  const started = async (program: string, ...args: string[]) => {
    const log = await open(at(`${program}.out`), 'a');
    const child = spawn(program, [...ceph, ...args], {
      cwd: folder,
      stdio: ['ignore', log.fd, log.fd],
    });
    child.on('error', () => {}); // Seen below: there is no pid.
    child.unref();
    await log.close();
    mkdirSync(at(`${program}.d`));
    noteProgram(at(`${program}.d`), child.pid);
    const identity = child.pid === undefined ? null : identify(child.pid);
    if (identity === null) throw new Error(`${program} could not be run`);
    parts.adopt(identity, ended);
    const onExit = () => void child.kill('SIGKILL'); // If a test file ends without disposing.
    process.once('exit', onExit);
    parts.defer(() => void process.off('exit', onExit));
  };
  await started('ceph-mon', '-i', 'a', '-f');
  run('ceph', ...ceph, '--connect-timeout', '30', 'osd', 'new', osd);
  run('ceph-osd', ...ceph, '-i', '0', '--mkfs', '--osd-uuid', osd);
  await started('ceph-osd', '-i', '0', '-f');
  await started('radosgw', '-n', 'client.rgw', '--no-mon-config', '-f');

  const url = `http://127.0.0.1:${port}`;
  const answers = async () => (await fetch(url)).ok;
  await waitUntil(answers, { timeoutMs: startTimeoutMs, what: 'the gateway to answer' });
  const user = ['--uid', 'tests', '--display-name', 'Tests'];
  const keys = ['--access-key', accessKey, '--secret-key', secretKey];
  run(
    'radosgw-admin',
    ...ceph,
    '-n',
    'client.rgw',
    '--no-mon-config',
    'user',
    'create',
    ...user,
    ...keys,
  );

  const whole = parts.move();
  return {
    url,
    accessKey,
    secretKey,
    lifecycleDayMs: lifecycleDaySeconds * 1_000,
    objectsOnDisk(text) {
      const rados = (...args: string[]) => {
        const pool = [...ceph, '-p', 'default.rgw.buckets.data'];
        const done = spawnSync('rados', [...pool, ...args], { cwd: folder, timeout: 30_000 });
        if (done.status !== 0) throw new Error(`rados failed: ${done.stderr.toString()}`);
        return done.stdout;
      };
      const names = rados('ls').toString().split('\n');
      // Of a versioned object there is one entry without bytes beside those of its versions.
      return names
        .filter((name) => name.includes(text))
        .map((name) => rados('get', name, '-'))
        .filter(({ length }) => length > 0);
    },
    [Symbol.asyncDispose]: () => whole.disposeAsync(),
  };
}

const capability = (caps: string): string[] => {
  const equals = caps.indexOf('=');
  return ['--cap', caps.slice(0, equals), caps.slice(equals + 1)];
};

async function ended(identity: ProcessIdentity): Promise<void> {
  // Everything is in memory, so there is nothing to save.
  await endProcess(identity, 'SIGKILL', 10_000);
}

interface Layout {
  readonly fsid: string;
  readonly address: string;
  readonly port: number;
  readonly folder: string;
}

function configuration({ fsid, address, port, folder }: Layout): string {
  const at = (name: string) => join(folder, name);
  return [
    '[global]',
    `fsid = ${fsid}`,
    `mon host = ${address}`,
    'mon initial members = a',
    'auth cluster required = cephx',
    'auth service required = cephx',
    'auth client required = cephx',
    `keyring = ${at('keyring')}`,
    `run dir = ${at('run')}`,
    `admin socket = ${at('run')}/$cluster-$name.asok`,
    `log file = ${at('$name.log')}`,
    'public addr = 127.0.0.1',
    'osd pool default size = 1',
    'osd pool default min size = 1',
    'osd pool default pg num = 8',
    'mon allow pool size one = true',
    'mon max pg per osd = 1000',
    'osd crush chooseleaf type = 0',
    '[mon]',
    `mon data = ${at('mon')}`,
    '[osd]',
    `osd data = ${at('osd')}`,
    'osd objectstore = memstore',
    'memstore device bytes = 2147483648',
    '[client.rgw]',
    `rgw data = ${at('rgw')}`,
    `rgw frontends = beast endpoint=127.0.0.1:${port}`,
    // The tests speak plain HTTP to 127.0.0.1; the gateway would refuse to encrypt without TLS.
    'rgw crypt require ssl = false',
    `rgw crypt default encryption key = ${randomBytes(32).toString('base64')}`,
    `rgw lc debug interval = ${lifecycleDaySeconds}`,
    '',
  ].join('\n');
}
