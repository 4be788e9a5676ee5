import assert from 'node:assert/strict';
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';

import { install, NotInstalled } from '../../deploy/local/installer.ts';
import { removeFolder, temporaryFolder } from '../support/folders.ts';
import { waitUntil } from '../support/wait.ts';

const installer = join(import.meta.dirname, '..', '..', 'deploy', 'local', 'install');
const policy = '/usr/sbin/policy-rc.d';
const isDebianRoot = process.geteuid?.() === 0 && spawnSync('dpkg-deb', ['--version']).status === 0;

/** The installer as a process of its own, and what it says. */
function startInstaller(name: string, ...packages: readonly string[]) {
  const child = spawn(installer, [name, ...packages], { stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => (output += text));
  }
  return { child, output: () => output, ended: once(child, 'close') as Promise<[number | null]> };
}

/** Holds a lock as apt does, until it is killed. */
async function holdLock(path: string): Promise<ChildProcess> {
  const script = `
    open(my $file, '+>>', $ARGV[0]) or die;
    my $lock = pack('s s x4 q q i', 1, 0, 0, 0, 0); # struct flock: F_WRLCK, all of it
    fcntl($file, 6, $lock) or die; # F_SETLK
    $| = 1; print "held\\n"; sleep;`;
  return waitUntil(
    async () => {
      const child = spawn('perl', ['-e', script, path], { stdio: ['ignore', 'pipe', 'ignore'] });
      const [said] = (await Promise.race([once(child.stdout, 'data'), once(child, 'exit')])) as [
        unknown,
      ];
      return Buffer.isBuffer(said) ? child : null; // Null: somebody else holds it for now.
    },
    { timeoutMs: 120_000, what: `the lock ${path}` },
  );
}

const skip = isDebianRoot ? false : 'needs root on Debian';

suite('the installer', { skip, timeout: 300_000 }, () => {
  let folder: string;
  const made: string[] = [];
  before(async () => {
    folder = await temporaryFolder();
    mkdirSync(folder, { recursive: true });
    spawnSync('chmod', ['755', folder]);
  });
  after(async () => {
    const purged = () => made.length === 0 || spawnSync('dpkg', ['--purge', ...made]).status === 0;
    await waitUntil(purged, {
      timeoutMs: 120_000,
      what: 'dpkg to take the packages of this test away',
    });
    await removeFolder(folder);
  });

  /** A package without files whose set-up runs `script`. */
  function makePackage(name: string, script: string): string {
    const tree = join(folder, name, 'DEBIAN');
    mkdirSync(tree, { recursive: true });
    const control = [
      `Package: ${name}`,
      'Version: 1',
      'Architecture: all',
      'Maintainer: Nobody <nobody@example.org>',
      'Description: of a test',
    ];
    writeFileSync(join(tree, 'control'), `${control.join('\n')}\n`);
    writeFileSync(join(tree, 'postinst'), `#!/bin/sh\nset -e\n${script}\n`, { mode: 0o755 });
    const file = join(folder, `${name}.deb`);
    const { status, stderr } = spawnSync('dpkg-deb', ['--build', join(folder, name), file]);
    assert.equal(status, 0, stderr.toString());
    made.push(name);
    return file;
  }

  const isInstalled = (name: string) =>
    spawnSync('dpkg-query', ['-W', '-f=${db:Status-Status}', name]).stdout.toString() ===
    'installed';

  test('tells of its progress, starts no service and leaves no file behind', async () => {
    const asked = join(folder, 'asked');
    const script = `command -v invoke-rc.d >${asked}; command -v deb-systemd-invoke >>${asked}`;
    const file = makePackage('case-test-service', `${script}; invoke-rc.d case-test start`);
    const hadPolicy = existsSync(policy);
    const lines: string[] = [];
    await install({ name: 'a service', packages: [file] }, (line) => void lines.push(line));
    assert.equal(lines[0], `Installing a service: ${file}`);
    assert.match(lines.at(-1) ?? '', /^Installed a service after \d+ s$/);
    assert.ok(isInstalled('case-test-service'));
    const shadows = join(import.meta.dirname, '..', '..', 'deploy', 'local', 'no-services');
    assert.equal(
      readFileSync(asked, 'utf8'),
      `${shadows}/invoke-rc.d\n${shadows}/deb-systemd-invoke\n`,
    );
    assert.equal(existsSync(policy), hadPolicy);
  });

  test('works once at a time, and finishes what dpkg has begun whoever signals it', async () => {
    const [begun, go] = [join(folder, 'begun'), join(folder, 'go')];
    const wait = `touch ${begun}; while [ ! -e ${go} ]; do sleep 0.1; done`;
    const slow = startInstaller('the slow one', makePackage('case-test-slow', wait));
    await waitUntil(() => existsSync(begun), { timeoutMs: 120_000, what: 'dpkg to begin' });
    const next = startInstaller('the next one', makePackage('case-test-next', 'true'));
    await waitUntil(() => /another installation of this project/.test(next.output()), {
      what: 'the second to wait for the first',
    });
    slow.child.kill('SIGTERM');
    slow.child.kill('SIGINT');
    assert.ok(!isInstalled('case-test-slow') && !isInstalled('case-test-next'));
    writeFileSync(go, '');
    assert.deepEqual(
      [await slow.ended, await next.ended],
      [
        [0, null],
        [0, null],
      ],
    );
    assert.ok(isInstalled('case-test-slow') && isInstalled('case-test-next'));
  });

  for (const lock of ['/var/lib/apt/lists/lock', '/var/lib/dpkg/lock-frontend']) {
    test(`waits while somebody else holds ${lock}, and stops waiting on SIGTERM`, async () => {
      const holder = await holdLock(lock);
      try {
        const waiting = startInstaller('a package', 'case-test-that-nobody-has');
        await waitUntil(() => /waiting for another program/.test(waiting.output()), {
          timeoutMs: 120_000,
          what: 'it to wait',
        });
        waiting.child.kill('SIGTERM');
        assert.deepEqual(await waiting.ended, [143, null]);
        assert.equal(holder.exitCode ?? holder.signalCode, null);
      } finally {
        holder.kill('SIGKILL');
      }
    });
  }

  test('says in one line why a package can’t be had, and the command for a person', async () => {
    const broken = join(folder, 'broken.deb');
    writeFileSync(broken, 'no package');
    await assert.rejects(
      install({ name: 'Nothing', packages: [broken] }, () => undefined),
      {
        name: 'NotInstalled',
        message:
          /^Nothing cannot be installed: [^\n]+\. By hand: apt-get update && apt-get install [^\n]+$/,
      },
    );
  });
});

test('software that can’t be installed from here is named with the commands that do it', async (t) => {
  const path = process.env['PATH'];
  t.after(() => {
    process.env['PATH'] = path;
  });
  process.env['PATH'] = '/nowhere';
  const software = { name: 'Redis', packages: ['redis-server'], instead: 'set REDIS_URL' };
  await assert.rejects(
    install(software, () => undefined),
    (error) => {
      assert.ok(error instanceof NotInstalled);
      assert.match(error.message, /^Redis is not on this machine: install it, or set REDIS_URL\n/);
      assert.match(
        error.message,
        /sudo apt-get update && sudo apt-get install -y .* redis-server$/,
      );
      return true;
    },
  );
});
