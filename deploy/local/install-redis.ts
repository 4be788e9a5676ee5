import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, rmSync, writeFileSync } from 'node:fs';

const commands = [
  'Debian, Ubuntu:  sudo apt-get install -y redis-server && sudo systemctl disable --now redis-server',
  'Fedora:          sudo dnf install -y redis',
  'macOS:           brew install redis',
].join('\n  ');

/**
 * Puts `redis-server` on this machine with apt if we are root and apt is here, and tells `note` so in one line. The
 * service that Debian's package would start, on the default port and without our settings, is neither started nor enabled.
 *
 * @throws {Error} it can't be installed from here; the message has the commands for Debian, Fedora and macOS
 */
export async function installRedis(note: (line: string) => void): Promise<void> {
  if (process.geteuid?.() !== 0 || spawnSync('apt-get', ['--version']).status !== 0) {
    throw new Error(
      `There is no redis-server on this machine. Install it, or set REDIS_URL.\n  ${commands}`,
    );
  }
  note('Redis is not installed: installing redis-server with apt-get');
  await withoutServices(async () => {
    await aptGet(['update']);
    await aptGet(['install', '-y', '--no-install-recommends', 'redis-server']);
  });
  if (existsSync('/run/systemd/system')) {
    spawnSync('systemctl', ['disable', '--now', 'redis-server']);
  }
}

/**
 * Debian's packages ask this program before they start a service; 101 means no. Containers often have it already.
 *
 * @see https://people.debian.org/~hmh/invokerc.d-policyrc.d-specification.txt
 */
export async function withoutServices(install: () => Promise<void>): Promise<void> {
  const policy = '/usr/sbin/policy-rc.d';
  if (existsSync(policy)) return install();
  writeFileSync(policy, '#!/bin/sh\nexit 101\n', { mode: 0o755 });
  try {
    await install();
  } finally {
    rmSync(policy, { force: true });
  }
}

async function aptGet(args: readonly string[]): Promise<void> {
  const apt = spawn('apt-get', ['-q', '-o', 'DPkg::Lock::Timeout=120', ...args], {
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [apt.stdout, apt.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => (output += text));
  }
  const [code] = await once(apt, 'close');
  if (code === 0) return;
  const tail = output.trim().split('\n').slice(-5).join('\n');
  throw new Error(
    `apt-get ${args[0]} failed, so there is no redis-server. Install it, or set REDIS_URL.\n  ${commands}\n${tail}`,
  );
}
