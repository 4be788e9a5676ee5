import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { suite, test } from 'node:test';

const file = 'test/local/token.test.ts';

/** test/run.ts for one file, as another run than the one that we are in. */
function run(env: NodeJS.ProcessEnv) {
  const { NODE_TEST_CONTEXT: _, ...inherited } = process.env;
  return spawnSync(process.execPath, ['test/run.ts', file], {
    cwd: join(import.meta.dirname, '..', '..'),
    env: { ...inherited, ...env },
    encoding: 'utf8',
    timeout: 120_000,
  });
}

suite('npm test', () => {
  test('that is stopped at its limit names the files that had not ended', () => {
    // It strikes while PostgreSQL starts, before any file does.
    const { status, stdout, stderr } = run({ TEST_LIMIT_MINUTES: '0.001' });
    assert.equal(status, 1, stderr);
    assert.equal(
      stderr,
      `The run was stopped at its limit of 0.001 min: 1 of 1 files had not ended: ${file}\n`,
    );
    assert.equal(stdout, '0 passed, 0 failed\n');
  });

  for (const limit of ['soon', '0', '-1', '2000']) {
    test(`refuses a limit of "${limit}"`, () => {
      const { status, stderr } = run({ TEST_LIMIT_MINUTES: limit });
      assert.deepEqual(
        [status, stderr],
        [1, 'TEST_LIMIT_MINUTES must be a number of minutes, up to 1440\n'],
      );
    });
  }
});
