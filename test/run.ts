import { globSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join, relative, sep } from 'node:path';
import { run } from 'node:test';
import { spec } from 'node:test/reporters';

import { removeFolder, runFolderVariable } from './support/folders.ts';
import { serverVariable, startTestServer } from './support/postgres.ts';
import { testSoftware, whyNot } from './support/software.ts';

// `FAULTS=full`, which `npm run faults` sets, asks the files in test/faults for the whole matrix.
// `npm run thorough` sets `THOROUGH=full` where it wants a longer search.
const full = process.env['FAULTS'] === 'full' || process.env['THOROUGH'] === 'full';
const timeoutMs = (full ? 60 : 5) * 60_000; // Of one test or suite.
const runTimeoutMs = (full ? 240 : 15) * 60_000; // CI gives us 20 minutes.
const watchingTheClock = ['faults', 'conversation'].map((name) => join('test', name) + sep);

interface Counts {
  passed: number;
  failed: number;
}

/**
 * `npm test [-- file or glob …]`: before a run of everything installs what its tests need and the machine lacks, then gives all test files one PostgreSQL server and one folder to leave things in, runs
 * them, and clears up after them. Files in test/faults and test/conversation kill and pause things and watch the
 * clock, so they run one at a time, after the others. Ends with the line "N passed, N failed", and with exit code 1 if a test failed, none was
 * found, or a signal or its time limit stopped the run.
 */
async function main(patterns: readonly string[]): Promise<void> {
  const found = globSync(patterns.length > 0 ? patterns : ['test/**/*.test.ts']);
  const files = found.map((file) => relative('', file)).toSorted();
  const stopped = new AbortController();
  let isInstalling = patterns.length === 0;
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.once(signal, () => {
      if (isInstalling) process.exit(1);
      stopped.abort(new Error(`Stopped by ${signal}`));
    });
  }
  if (isInstalling && !(await hasSoftware())) {
    process.exitCode = 1;
    return;
  }
  isInstalling = false;
  // The clock starts once everything is here.
  const signal = AbortSignal.any([stopped.signal, AbortSignal.timeout(runTimeoutMs)]);
  const folder = await mkdtemp(join(tmpdir(), 'case-tests-'));
  const counts: Counts = { passed: 0, failed: 0 };
  try {
    process.env[runFolderVariable] = folder;
    const server = await startTestServer();
    process.env[serverVariable] = server.url;
    const [alone, together] = [files.filter(runsAlone), files.filter((file) => !runsAlone(file))];
    await runFiles(together, availableParallelism(), signal, counts);
    await runFiles(alone, 1, signal, counts);
  } finally {
    await removeFolder(folder);
  }
  process.stdout.write(`${counts.passed} passed, ${counts.failed} failed\n`);
  if (files.length === 0) process.stderr.write('No test file was found\n');
  if (counts.failed > 0 || files.length === 0 || signal.aborted) process.exitCode = 1;
}

/**
 * Installs what is missing, before any test has a time limit, and says what can't be had: tests of that are skipped or
 * fail with the same line. Without Redis hardly one passes, so then the answer is false and nothing runs.
 */
async function hasSoftware(): Promise<boolean> {
  const reasons: string[] = [];
  for (const software of Object.values(testSoftware)) {
    const reason = await whyNot(software);
    if (reason !== null) reasons.push(reason);
  }
  for (const reason of reasons) process.stderr.write(`Not here: ${reason}\n`);
  return testSoftware.redis.isHere();
}

async function runFiles(
  files: string[],
  concurrency: number,
  signal: AbortSignal,
  counts: Counts,
): Promise<void> {
  if (files.length === 0 || signal.aborted) return;
  const events = run({
    files,
    concurrency,
    signal,
    timeout: timeoutMs,
    // Not `forceExit`: it ends a file before all of its results are written, and those are then missing from the counts.
  });
  events.on('test:summary', (summary) => {
    if (summary.file !== undefined) return; // Of one file; the last is of all.
    const { tests, passed, skipped, todo } = summary.counts;
    const failed = tests - passed - skipped - todo; // Cancelled ones too.
    counts.passed += passed;
    // A suite whose `after` threw is no test, but no success either.
    counts.failed += summary.success ? failed : Math.max(failed, 1);
  });
  for await (const text of events.compose(spec)) process.stdout.write(text);
}

function runsAlone(file: string): boolean {
  return watchingTheClock.some((folder) => file.startsWith(folder));
}

await main(process.argv.slice(2));
