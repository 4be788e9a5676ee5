import { spawnSync } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';

import type { Command } from './daemon.ts';

/** Somebody of the machine, by number. */
export interface User {
  readonly uid: number;
  readonly gid: number;
}

/**
 * As whom to run a server that refuses to be root, or `undefined` if we aren't root and it can run as we do.
 * Files that exist keep their owner; new ones belong to `postgres`, or to `nobody` if there is none.
 */
export function serverUser(files: string): User | undefined {
  if (process.geteuid?.() !== 0) return undefined;
  const { uid, gid } = statSync(files, { throwIfNoEntry: false }) ?? { uid: 0, gid: 0 };
  if (uid !== 0) return { uid, gid };
  const user = fromPasswd('postgres') ?? fromPasswd('nobody');
  if (user === undefined) {
    throw new Error(
      'PostgreSQL does not run as root, and this machine has no user "postgres" or "nobody"',
    );
  }
  return user;
}

/**
 * The command that runs `file` as `user`, who must get to it and into `folder`.
 * Where only root may pass (a clone under /root, or in a folder of mktemp), the server keeps that one right of root's:
 * to pass. Loosening the folders instead would let everybody in, and for good.
 *
 * @throws {Error} the user can't pass, and util-linux's `setpriv` isn't here to help
 */
export function commandAs(
  user: User | undefined,
  file: string,
  folder: string,
  args: readonly string[],
): Command {
  if (user === undefined) return { file, args };
  if (spawnSync('test', ['-x', file, '-a', '-x', folder], user).status === 0) {
    return { file, args, ...user };
  }
  const right = passingRight();
  if (right === undefined || spawnSync('setpriv', ['--version']).status !== 0) {
    throw new Error(
      `PostgreSQL does not run as root, and user ${user.uid} may not pass to ${folder} and ${file}: ` +
        'move the project where everybody may pass, run it as another user, or set DATABASE_URL',
    );
  }
  const privileges = [
    `--reuid=${user.uid}`,
    `--regid=${user.gid}`,
    '--clear-groups',
    `--inh-caps=+${right}`,
    `--ambient-caps=+${right}`,
    // Without it access(2), which PostgreSQL asks about its own program, doesn't count capabilities.
    '--securebits=+no_setuid_fixup',
  ];
  return { file: 'setpriv', args: [...privileges, file, ...args] };
}

/** The least of our capabilities with which one passes any folder; containers often have the second alone. */
function passingRight(): 'dac_read_search' | 'dac_override' | undefined {
  if (process.platform !== 'linux') return undefined;
  const effective = /^CapEff:\s*(\w+)$/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1];
  const bits = BigInt(`0x${effective ?? '0'}`);
  if ((bits & 0b100n) !== 0n) return 'dac_read_search';
  return (bits & 0b10n) === 0n ? undefined : 'dac_override';
}

function fromPasswd(name: string): User | undefined {
  const line = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .find((entry) => entry.startsWith(`${name}:`));
  const [, , uid, gid] = line?.split(':') ?? [];
  return uid === undefined || gid === undefined
    ? undefined
    : { uid: Number(uid), gid: Number(gid) };
}
