import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

import type { Software } from './software.ts';

/** Software is missing, and could not be put on this machine from here. The message has the commands that do it. */
export class NotInstalled extends Error {
  override readonly name = 'NotInstalled';
}

/** The installation that this process waits for; the next one follows it. */
let previous: Promise<unknown> = Promise.resolve();

/**
 * Puts software on this machine with apt, if we are root and apt is here. One at a time in this process and, by
 * `deploy/local/install`, on this machine; it waits for whoever else uses apt. No service is started or enabled. `note`
 * is told when it begins, every 10 s while it works, and when it is done. It takes seconds to minutes and has limits of
 * its own, so whoever has a deadline begins it afterwards.
 *
 * If this process ends meanwhile, an installation that waits or downloads ends too, and one that dpkg has begun finishes.
 *
 * @throws {NotInstalled} it can't be installed from here, or apt failed
 */
export async function install(software: Software, note: (line: string) => void): Promise<void> {
  const installed = previous.then(async () => installNow(software, note));
  previous = installed.catch(() => undefined);
  return installed;
}

/** Whether `install` could do something here. */
export function canInstall(): boolean {
  return process.geteuid?.() === 0 && spawnSync('apt-get', ['--version']).status === 0;
}

async function installNow(software: Software, note: (line: string) => void): Promise<void> {
  if (!canInstall()) throw new NotInstalled(missing(software));
  const installer = spawn(
    join(import.meta.dirname, 'install'),
    [software.name, ...software.packages],
    // In a session of its own, so that Ctrl+C and a signal to our group don't interrupt dpkg.
    { detached: true, stdio: ['ignore', 'pipe', 'pipe'] },
  );
  const stop = () => void installer.kill('SIGTERM');
  process.once('exit', stop);
  let errors = '';
  installer.stderr.setEncoding('utf8').on('data', (text: string) => (errors += text));
  createInterface({ input: installer.stdout }).on('line', note);
  try {
    const [code] = (await once(installer, 'close')) as [number | null];
    if (code === 0) return;
    const reason = errors.trim().split('\n').at(-1);
    throw new NotInstalled(reason || `${software.name}: its installation was stopped`);
  } finally {
    process.off('exit', stop);
  }
}

/** That there is none, and how a person gets one. */
export function missing({ name, packages, services, elsewhere = [], instead }: Software): string {
  const apt = `sudo apt-get update && sudo apt-get install -y --no-install-recommends ${packages.join(' ')}`;
  const quiet =
    services === undefined ? '' : ` && sudo systemctl disable --now ${services.join(' ')}`;
  return [
    `${name} is not on this machine: install it${instead === undefined ? '' : `, or ${instead}`}`,
    `Debian, Ubuntu: ${apt}${quiet}`,
    ...elsewhere,
  ].join('\n  ');
}
