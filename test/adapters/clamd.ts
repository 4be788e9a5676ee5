import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { arch } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';

import { startDaemon } from '../../deploy/local/daemon.ts';
import { removeFolder, temporaryFolder } from '../support/folders.ts';

export interface RealClamd {
  readonly port: number;
  close(): Promise<void>;
}

/** What the one signature looks for, so that no real malware and no EICAR file lies about. */
export const plantedMarker = 'CASE-TEST-MALWARE-MARKER';
export const plantedName = 'Test.Planted.Marker.UNOFFICIAL';
/** Its `StreamMaxLength`. */
export const streamMaxBytes = 2 * 1_024 * 1_024;

/**
 * ClamAV's own daemon, the machine's or else Debian's: then its packages (7 MB) are unpacked into a folder of the test, and
 * nothing is installed. With one signature in place of the 200 MB of real ones it starts in 0.3 s.
 * Answers why not, where neither can be had.
 */
export async function startClamd(): Promise<RealClamd | string> {
  const folder = await temporaryFolder();
  const program = installed() ? 'clamd' : unpacked(folder);
  if (program === undefined) {
    await removeFolder(folder);
    return 'clamd is not here, and its Debian packages cannot be had';
  }
  const dataDir = join(folder, 'clamd');
  const config = join(dataDir, 'clamd.conf');
  const daemon = await startDaemon({
    name: 'ClamAV',
    dataDir,
    port: undefined,
    startTimeoutMs: 30_000,
    prepare: async () => {
      const signatures = join(dataDir, 'signatures');
      mkdirSync(signatures);
      const planted = Buffer.from(plantedMarker).toString('hex');
      writeFileSync(join(signatures, 'planted.ndb'), `Test.Planted.Marker:0:*:${planted}\n`);
    },
    command: (port) => {
      const settings = [
        'Foreground yes',
        `DatabaseDirectory ${join(dataDir, 'signatures')}`,
        `TemporaryDirectory ${dataDir}`,
        `TCPSocket ${port}`,
        'TCPAddr 127.0.0.1',
        `StreamMaxLength ${streamMaxBytes}`,
        'MaxThreads 2',
        'SelfCheck 0',
        '',
      ];
      writeFileSync(config, settings.join('\n'));
      const libraries = `LD_LIBRARY_PATH=${librariesIn(folder).join(':')}`;
      return { file: 'env', args: [libraries, program, '-c', config] };
    },
    answers: ping,
    worthAnotherTry: () => false,
  });
  return {
    port: daemon.port,
    async close() {
      await daemon.end([
        { signal: 'SIGTERM', timeoutMs: 5_000 },
        { signal: 'SIGKILL', timeoutMs: 5_000 },
      ]);
      await removeFolder(folder);
    },
  };
}

function installed(): boolean {
  return spawnSync('clamd', ['--version']).status === 0;
}

/** The program, from Debian's packages and those of its libraries that are not here; undefined if they cannot be had. */
function unpacked(folder: string): string | undefined {
  const planned = spawnSync(
    'apt-get',
    ['-y', '--print-uris', '--no-install-recommends', 'install', 'clamav-daemon'],
    { encoding: 'utf8' },
  );
  // `'http://…/pool/…' name_version_arch.deb size checksum`. The updater of the real signatures is of no use here.
  const packages = Array.from(
    (planned.stdout ?? '').matchAll(/^'\S+' ([a-z0-9.+-]+)_\S+\.deb /gm),
    ([, name = '']) => name,
  ).filter((name) => name.startsWith('lib') || name === 'clamav-daemon');
  if (!packages.includes('clamav-daemon')) return undefined;
  const download = { cwd: folder, timeout: 60_000 };
  if (spawnSync('apt-get', ['download', ...packages], download).status !== 0) return undefined;
  for (const file of readdirSync(folder).filter((name) => name.endsWith('.deb'))) {
    if (spawnSync('dpkg', ['-x', file, 'root'], { cwd: folder }).status !== 0) return undefined;
  }
  return join(folder, 'root', 'usr', 'sbin', 'clamd');
}

function librariesIn(folder: string): string[] {
  const triplet = `${arch() === 'arm64' ? 'aarch64' : 'x86_64'}-linux-gnu`;
  return ['usr/lib', 'lib'].map((path) => join(folder, 'root', path, triplet));
}

async function ping(port: number): Promise<void> {
  const socket = connect({ host: '127.0.0.1', port });
  socket.setTimeout(2_000, () => socket.destroy(new Error('clamd does not answer')));
  await once(socket, 'connect');
  socket.write('zPING\0');
  if ((await text(socket)) !== 'PONG\0') throw new Error('clamd is not ready');
}
