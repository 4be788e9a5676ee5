import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';

import { projectRoot } from '../../deploy/tools/machines/catalogue.ts';
import { applyPatch, treeCopy, type TreeCopy } from './tree-copy.ts';

const text = readFileSync(join(projectRoot, 'CONTRIBUTING.md'), 'utf8');

interface Block {
  readonly kind: string;
  readonly walk: string;
  /** What the command has to say when it is meant to fail. */
  readonly fails: string | undefined;
  readonly body: string;
}

/** The fenced blocks that belong to a walk, in their order. */
const blocks: readonly Block[] = [
  ...text.matchAll(/^( *)```(diff|sh) walk=(\w+)(?: fails="([^"]+)")?\n([\s\S]*?)^ *```$/gm),
].map(([, indent = '', kind = '', walk = '', fails, body = '']) => ({
  kind,
  walk,
  fails,
  body: body
    .split('\n')
    .map((line) => line.slice(indent.length))
    .join('\n'),
}));

/** What a change has to touch at most; tests and what commands write do not count. */
const mostFiles: Readonly<Record<string, number>> = { provider: 8, state: 5, event: 3 };

suite('CONTRIBUTING.md', () => {
  let tree: TreeCopy;
  before(async () => {
    tree = await treeCopy();
  });
  after(async () => tree[Symbol.asyncDispose]());

  // One after the other in one copy, so that the compiler has to look at it once.
  for (const [walk, most] of Object.entries(mostFiles)) {
    test(`the walk "${walk}" applies, and its commands do what the text says`, async () => {
      const changed = new Set<string>();
      for (const { kind, walk: of, fails, body } of blocks) {
        if (of !== walk) continue;
        if (kind === 'diff') for (const file of applyPatch(tree, body)) changed.add(file);
        else
          for (const line of body.trim().split('\n')) {
            const [program, ...parts] = line.split(' ');
            assert.equal(program, 'node', line);
            // oxlint-disable-next-line no-await-in-loop -- as a reader would
            const { code, output } = await tree.node(...parts);
            if (fails === undefined) assert.equal(code, 0, `${line}\n${output}`);
            else assert.ok(code !== 0 && output.includes(fails), `${line}\n${output}`);
          }
      }
      const files = [...changed].filter((file) => !file.startsWith('test/'));
      assert.ok(files.length > 0 && files.length <= most, files.join(', '));
    });
  }

  test('leaves a project that compiles', async () => {
    const { code, output } = await tree.tsc();
    assert.equal(code, 0, output);
  });

  test('names at most eight files for the imaginary provider of SMS', () => {
    const [, table = ''] = /On paper: a provider of SMS([\s\S]*?)\n## /.exec(text) ?? [];
    const files = [...table.matchAll(/^\| `([^`]+)`/gm)].map(([, file]) => file);
    assert.ok(files.length > 4 && files.length <= 8, files.join(', '));
  });
});
