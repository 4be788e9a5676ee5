import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';

import { withoutServices } from './install-redis.ts';

const hint =
  'Debian, Ubuntu:  sudo apt-get install -y orthanc orthanc-dicomweb && sudo systemctl disable --now orthanc';

/**
 * Puts Orthanc and its DICOMweb plugin on this machine with apt if we are root and apt is here, and tells `note` so in
 * one line. The service that Debian's package would start is neither started nor enabled.
 *
 * @throws {Error} it can't be installed from here; the message has the command
 */
export async function installOrthanc(note: (line: string) => void): Promise<void> {
  if (process.geteuid?.() !== 0 || spawnSync('apt-get', ['--version']).status !== 0) {
    throw new Error(`There is no Orthanc on this machine. Install it.\n  ${hint}`);
  }
  note('Orthanc is not installed: installing orthanc and orthanc-dicomweb with apt-get');
  await withoutServices(async () => {
    await aptGet(['update']);
    await aptGet(['install', '-y', '--no-install-recommends', 'orthanc', 'orthanc-dicomweb']);
  });
  if (existsSync('/run/systemd/system')) {
    spawnSync('systemctl', ['disable', '--now', 'orthanc']);
  }
}

async function aptGet(args: readonly string[]): Promise<void> {
  const apt = spawn('apt-get', ['-q', '-o', 'DPkg::Lock::Timeout=120', ...args], {
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let errors = '';
  apt.stderr.setEncoding('utf8').on('data', (text: string) => (errors += text));
  const [code] = await once(apt, 'close');
  if (code === 0) return;
  const tail = errors.trim().split('\n').slice(-5).join('\n');
  throw new Error(`apt-get ${args[0]} failed, so there is no Orthanc.\n  ${hint}\n${tail}`);
}
