import { writeFileSync } from 'node:fs';
import { glob, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import * as v from 'valibot';

import { endProcess, identify } from '../../deploy/local/processes.ts';

/** In the environment of test files that test/run.ts started: the folder that it clears up after them. */
export const runFolderVariable = 'TEST_RUN_FOLDER';

const Identity = v.object({ pid: v.number(), startedAt: v.string() });
/** What deploy/local/daemon.ts and `noteProgram` write down about what was started. */
const Left = v.pipe(
  v.string(),
  v.parseJson(),
  v.union([v.object({ server: Identity }), v.object({ program: Identity })]),
);

/** A new, empty folder. Whoever asked removes it with `removeFolder`; at the latest test/run.ts does. */
export async function temporaryFolder(): Promise<string> {
  return mkdtemp(join(process.env[runFolderVariable] ?? tmpdir(), 'case-test-'));
}

/**
 * Notes in a folder of tests, for `removeFolder`, which program works there: a test file that is killed ends nothing
 * itself. One note for each folder.
 */
export function noteProgram(folder: string, pid: number | undefined): void {
  const program = pid === undefined ? null : identify(pid);
  if (program !== null) writeFileSync(join(folder, 'program.json'), JSON.stringify({ program }));
}

/** Ends the servers and programs that were left running in a folder of tests, then removes it. */
export async function removeFolder(folder: string): Promise<void> {
  const notes = glob('**/{owner,program}.json', { cwd: folder, exclude: ['**/cluster'] });
  for await (const name of notes) {
    const left = v.safeParse(Left, await readFile(join(folder, name), 'utf8'));
    if (!left.success) continue; // Nothing runs, or a killed test wrote half a note.
    const running = 'server' in left.output ? left.output.server : left.output.program;
    // Both servers end on SIGINT; PostgreSQL would leave its shared memory behind if it were just killed.
    const gone = 'server' in left.output && (await endProcess(running, 'SIGINT', 5_000));
    if (!gone) await endProcess(running, 'SIGKILL', 5_000);
  }
  await rm(folder, { recursive: true, force: true, maxRetries: 5 });
}
