import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';

import { startProgram } from '../support/proc.ts';

test(
  'the example in the kernel’s README is the program that runs here',
  { timeout: 60_000 },
  async () => {
    const readme = await readFile(
      join(import.meta.dirname, '..', '..', 'actors', 'kernel', 'README.md'),
      'utf8',
    );
    const program = await readFile(join(import.meta.dirname, 'example.ts'), 'utf8');
    assert.ok(
      readme.includes(`\`\`\`ts\n${program}\`\`\``),
      'the README shows test/kernel/example.ts as it is',
    );

    await using running = await startProgram('test/kernel/example.ts');
    assert.deepEqual(await running.exited, { code: 0, signal: null }, running.output());
    assert.deepEqual(running.output().trim().split('\n'), [
      '["travelling",{"to":"Ankara","label":"label-parcel-1.1.0"}]',
      '["delivered",[],"duplicate"]',
    ]);
  },
);
