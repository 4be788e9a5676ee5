/** A copy of the project in which a test may change files and run its commands. No links: commands write into files. */
import { execFile } from 'node:child_process';
import {
  constants,
  copyFileSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';

import { projectRoot } from '../../deploy/tools/machines/catalogue.ts';
import { temporaryFolder } from '../support/folders.ts';

const notCopied = new Set(['node_modules', '.git', '.data']);

export interface Ran {
  readonly code: number;
  readonly output: string;
}

export interface TreeCopy extends AsyncDisposable {
  readonly root: string;
  read(file: string): string;
  write(file: string, text: string): void;
  remove(file: string): void;
  /** Replaces what stands there exactly once. */
  replace(file: string, from: string, to: string): void;
  /** Runs a file of the copy with this Node. */
  node(...parts: string[]): Promise<Ran>;
  /** Compiles the copy. */
  tsc(): Promise<Ran>;
}

export async function treeCopy(): Promise<TreeCopy> {
  const root = await temporaryFolder();
  const lay = (folder: string) => {
    mkdirSync(join(root, folder), { recursive: true });
    for (const entry of readdirSync(join(projectRoot, folder), { withFileTypes: true })) {
      const path = join(folder, entry.name);
      if (notCopied.has(entry.name)) continue;
      if (entry.isDirectory()) lay(path);
      else if (entry.isFile())
        copyFileSync(join(projectRoot, path), join(root, path), constants.COPYFILE_FICLONE);
    }
  };
  lay('.');
  symlinkSync(join(projectRoot, 'node_modules'), join(root, 'node_modules'));

  const run = async (command: string, parts: readonly string[]): Promise<Ran> =>
    new Promise((resolve) => {
      const options = { cwd: root, maxBuffer: 1 << 24 };
      execFile(command, parts, options, (error, stdout, stderr) => {
        const code = error ? (typeof error.code === 'number' ? error.code : 1) : 0;
        resolve({ code, output: `${stdout}${stderr}` });
      });
    });
  const copy: TreeCopy = {
    root,
    read: (file) => readFileSync(join(root, file), 'utf8'),
    write(file, text) {
      mkdirSync(dirname(join(root, file)), { recursive: true });
      writeFileSync(join(root, file), text);
    },
    remove: (file) => rmSync(join(root, file)),
    replace(file, from, to) {
      const parts = copy.read(file).split(from);
      if (parts.length !== 2)
        throw new Error(`${file} has ${parts.length - 1} times, and not once:\n${from}`);
      copy.write(file, parts.join(to));
    },
    node: async (...parts) => run(process.execPath, parts),
    tsc: async () =>
      run(join(projectRoot, 'node_modules/.bin/tsc'), ['-p', '.', '--pretty', 'false']),
    [Symbol.asyncDispose]: async () => rmSync(root, { recursive: true, force: true }),
  };
  return copy;
}

/**
 * Applies a patch as it stands in CONTRIBUTING.md: `--- a/file` (or `/dev/null`) and `+++ b/file`, then hunks that begin with
 * `@@` and need no line numbers, because what they replace stands in the file once.
 */
export function applyPatch(tree: TreeCopy, patch: string): string[] {
  const changed: string[] = [];
  for (const part of patch.split(/^(?=--- )/m).filter((text) => text.startsWith('--- '))) {
    const [from = '', to = '', ...lines] = part.trimEnd().split('\n');
    const file = to.replace(/^\+\+\+ b\//, '');
    changed.push(file);
    if (from === '--- /dev/null') {
      tree.write(
        file,
        `${lines
          .filter((line) => line.startsWith('+'))
          .map(bare)
          .join('\n')}\n`,
      );
      continue;
    }
    for (const hunk of lines
      .join('\n')
      .split(/^@@.*\n?/m)
      .filter((text) => text.trim() !== '')) {
      const own = hunk.replace(/\n$/, '').split('\n');
      const before = own.filter((line) => !line.startsWith('+')).map(bare);
      const after = own.filter((line) => !line.startsWith('-')).map(bare);
      tree.replace(file, `${before.join('\n')}\n`, `${after.join('\n')}\n`);
    }
  }
  return changed;
}

/** Editors take the space off an empty line. */
const bare = (line: string): string => line.slice(1);
