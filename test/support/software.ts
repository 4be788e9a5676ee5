import { spawnSync } from 'node:child_process';
import { existsSync, globSync } from 'node:fs';

import { install, missing } from '../../deploy/local/installer.ts';
import { isOrthancHere } from '../../deploy/local/orthanc.ts';
import { redisVersion } from '../../deploy/local/redis.ts';
import { orthancSoftware, redisSoftware, type Software } from '../../deploy/local/software.ts';

/** What tests run that npm does not bring. */
export interface TestSoftware extends Software {
  isHere(): boolean;
}

const answers = (...programs: string[]) =>
  programs.every((program) => spawnSync(program, ['--version']).status === 0);

const cephPrograms = [
  'ceph-mon',
  'ceph-osd',
  'ceph-authtool',
  'ceph',
  'rados',
  'monmaptool',
  'radosgw',
];

/** Absolute, because the path of a user who is not root often has no /usr/sbin. */
export const pgbouncerProgram = '/usr/sbin/pgbouncer';

/** Debian's, or what another system or a person put there; undefined where there is none. */
export const chromiumProgram = (): string | undefined =>
  ['chromium', 'chromium-browser', 'google-chrome']
    .map((name) => `/usr/bin/${name}`)
    .find((program) => existsSync(program));

/** What a whole `npm test` uses, and test/run.ts therefore installs before the files start. */
export const testSoftware = {
  redis: { ...redisSoftware, isHere: () => redisVersion() !== null },
  orthanc: { ...orthancSoftware, isHere: isOrthancHere },
  clamav: { name: 'ClamAV', packages: ['clamav-daemon'], isHere: () => answers('clamd') },
  /** 115 packages, 20 to 40 s. */
  ceph: {
    name: 'Ceph',
    packages: ['radosgw', 'ceph-mon', 'ceph-osd', 'ceph-common'],
    isHere: () => answers(...cephPrograms),
  },
  openssl: {
    name: 'openssl',
    packages: ['openssl'],
    isHere: () => spawnSync('openssl', ['version']).status === 0,
  },
  prometheus: {
    name: 'Prometheus',
    packages: ['prometheus'],
    isHere: () => answers('prometheus'),
  },
  pgbouncer: {
    name: 'PgBouncer',
    packages: ['pgbouncer'],
    isHere: () => answers(pgbouncerProgram),
  },
  /** For the pages of patients. */
  chromium: {
    name: 'Chromium',
    packages: ['chromium'],
    isHere: () => chromiumProgram() !== undefined,
  },
  ps: { name: 'ps', packages: ['procps'], isHere: () => answers('ps') },
  /** Of every Debian, but not of every container. */
  utilLinux: {
    name: 'util-linux',
    packages: ['util-linux', 'mount'],
    isHere: () => answers('setpriv', 'unshare', 'mount'),
  },
} as const satisfies Record<string, TestSoftware>;

/** libfaketime for programs with threads; undefined where there is none. */
export const faketimeLibrary = (): string | undefined =>
  globSync('/usr/lib/*/faketime/libfaketimeMT.so.1')[0];

/** What only `npm run thorough` uses, and installs when it comes to it. */
export const thoroughSoftware = {
  faketime: {
    name: 'faketime',
    packages: ['faketime'],
    isHere: () => faketimeLibrary() !== undefined && answers('faketime'),
  },
} as const satisfies Record<string, TestSoftware>;

/**
 * Puts software here if it is missing and can be installed, one at a time on this machine however many test files ask.
 * Answers null once it is here, or else in one line why not. `TEST_INSTALL=0` installs nothing.
 */
export async function whyNot(software: TestSoftware): Promise<string | null> {
  if (software.isHere()) return null;
  const reason =
    process.env['TEST_INSTALL'] === '0'
      ? missing(software)
      : await install(software, say).then(
          () => (software.isHere() ? null : `${software.name} was installed and does not run`),
          (error: Error) => error.message,
        );
  return reason?.replaceAll(/\s*\n\s*/g, ' ') ?? null;
}

/** @throws {Error} it is not here and can't be installed; says why in one line */
export async function need(software: TestSoftware): Promise<void> {
  const reason = await whyNot(software);
  if (reason !== null) throw new Error(reason);
}

const say = (line: string) => void process.stderr.write(`${line}\n`);
