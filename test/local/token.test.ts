import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { suite, test } from 'node:test';

import { decodeJwt } from 'jose';

import { loadConfig } from '../../config.ts';
import { staffReader } from '../../http/staff/tokens.ts';

function token(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ['deploy/tools/token.ts', ...args],
    {
      encoding: 'utf8',
      cwd: join(import.meta.dirname, '..', '..'),
      env: { ...process.env, ...env },
    },
  );
  return { status, stdout: stdout.trim(), stderr };
}

suite('npm run token', () => {
  test('prints a token that the admin API takes', async () => {
    const readStaff = staffReader(loadConfig({}).staffTokens);
    const own = token(['--role', 'support']);
    assert.equal(own.status, 0, own.stderr);
    assert.deepEqual(await readStaff(`Bearer ${own.stdout}`), {
      subject: 'developer',
      tenant: 'demo',
      roles: ['support'],
    });
    const given = token(
      '--role finance --role clinician --tenant clinic-a --subject ayse --minutes 90'.split(' '),
    );
    assert.deepEqual(await readStaff(`Bearer ${given.stdout}`), {
      subject: 'ayse',
      tenant: 'clinic-a',
      roles: ['finance', 'clinician'],
    });
    const { iat = 0, exp = 0 } = decodeJwt(given.stdout);
    assert.equal(exp - iat, 90 * 60);
    assert.ok(iat <= Date.now() / 1_000);
  });

  test('signs with ADMIN_JWT_SECRET where one is set', async () => {
    const env = { ADMIN_JWT_SECRET: 'another-secret-that-has-at-least-32-bytes' };
    const { stdout } = token(['--role', 'admin'], env);
    const readers = [env, {}].map((settings) => staffReader(loadConfig(settings).staffTokens));
    assert.deepEqual((await readers[0]?.(`Bearer ${stdout}`))?.roles, ['admin']);
    await assert.rejects(readers[1]?.(`Bearer ${stdout}`) ?? Promise.resolve());
  });

  for (const [args, reason] of [
    [['--role', 'boss'], '--role boss is none of support, clinician, finance, admin'],
    [[], '--role is needed: support, clinician, finance, admin'],
    [['support'], "Unexpected argument 'support'"], // As npm hands it on without its `--`.
    [['--rol', 'support'], "Unknown option '--rol'"],
    [['--role', 'support', '--minutes', '1440'], '--minutes must be under a day: at most 1439'],
    [['--role', 'support', '--subject', 'a\nb'], '--subject must be 1 to 200 characters'],
  ] as const) {
    test(`refuses ${JSON.stringify(args)}`, () => {
      const { status, stdout, stderr } = token(args);
      assert.deepEqual([status, stdout], [2, '']);
      assert.ok(stderr.startsWith(reason), stderr);
      assert.match(stderr, /npm run -s token -- --role support/);
    });
  }

  test('refuses where an identity provider gives the tokens', () => {
    const { status, stderr } = token(['--role', 'admin'], {
      ADMIN_JWT_JWKS_URL: 'https://127.0.0.1/keys', // One elsewhere would want all secrets to be set.
    });
    assert.equal(status, 2);
    assert.match(stderr, /^ADMIN_JWT_JWKS_URL is set/);
  });
});
