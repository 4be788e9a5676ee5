import { globSync } from 'node:fs';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join, relative, resolve, sep } from 'node:path';
import { run } from 'node:test';
import { spec } from 'node:test/reporters';

import { removeFolder, runFolderVariable } from './support/folders.ts';
import { serverVariable, startTestServer } from './support/postgres.ts';
import { testSoftware, whyNot } from './support/software.ts';

// `FAULTS=full`, which `npm run faults` sets, asks the files in test/faults for the whole matrix.
// `npm run thorough` sets `THOROUGH=full` where it wants a longer search.
const full = process.env['FAULTS'] === 'full' || Boolean(process.env['THOROUGH']);
const timeoutMs = (full ? 60 : 5) * 60_000; // Of one test or suite.
/** Of a whole run, once everything is installed. Some 6 minutes are what it takes on 2 idle cores; this is for loaded ones. */
const limitVariable = 'TEST_LIMIT_MINUTES';
const usualLimitMinutes = full ? 240 : 40;
/** They kill and pause their own processes, and say how long somebody may wait then. */
const watchingTheClock = ['faults', 'conversation'].map((name) => join('test', name) + sep);
/** It holds the locks of apt, for which a file that lacks software would wait. */
const holdingLocks = join('test', 'local', 'installer.test.ts');
/** Those that take longest begin first, or one of them would run on when all others have ended. Longest first. */
const long = [
  'faults/soak',
  'faults/neighbours',
  'faults/crashes',
  'conversation/limits',
  'faults/servers',
  'adapters/minio',
  'adapters/orthanc',
  'system/',
  'bench/money',
  'local/',
  'kernel/',
  'persistence/',
].map(inTest);

/** Files that run in one process, one after the other: they share a server that starts slowly, or do so little that a start costs more. */
const sharing: Readonly<Record<string, readonly string[]>> = {
  ceph: ['adapters/minio.', 'adapters/archive.', 'adapters/checkpoints.'].map(inTest),
  actors: [inTest('actors/')],
};

/** The files that each one made of several imports. */
const bundles = new Map<string, readonly string[]>();

interface Outcome {
  passed: number;
  failed: number;
  /** Files that came to their end. */
  readonly ended: Set<string>;
}

/**
 * `npm test [-- file or glob …]`: before a run of everything installs what its tests need and the machine lacks, then gives all test files one PostgreSQL server and one folder to leave things in, runs
 * them, and clears up after them. Files in test/faults and test/conversation kill and pause things and watch the
 * clock, so they run after the others, one on each core; the others wait for something half of the time, so one more runs
 * than there are cores. The installer's runs alone. Ends with the line "N passed, N failed",
 * and with exit code 1 if a test failed, none was found, or a signal or its time limit stopped the run: then the line before
 * it names the files that had not ended. `TEST_LIMIT_MINUTES` sets another limit than 40 minutes, as a CI may want.
 */
async function main(patterns: readonly string[]): Promise<void> {
  const found = globSync(patterns.length > 0 ? patterns : ['test/**/*.test.ts']);
  const files = found.map((file) => relative('', file)).toSorted();
  const limitMinutes = Number(process.env[limitVariable] || usualLimitMinutes);
  if (!(limitMinutes > 0 && limitMinutes <= 24 * 60)) {
    process.stderr.write(`${limitVariable} must be a number of minutes, up to ${24 * 60}\n`);
    process.exitCode = 1;
    return;
  }
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
  const limit = AbortSignal.timeout(Math.ceil(limitMinutes * 60_000));
  const signal = AbortSignal.any([stopped.signal, limit]);
  const folder = await mkdtemp(join(tmpdir(), 'case-tests-'));
  const outcome: Outcome = { passed: 0, failed: 0, ended: new Set() };
  try {
    process.env[runFolderVariable] = folder;
    const server = await startTestServer();
    process.env[serverVariable] = server.url;
    const cores = availableParallelism();
    const parts = Map.groupBy(files.toSorted(byLength), partOf);
    parts.set('together', await bundled(parts.get('together') ?? [], folder));
    await runFiles(parts.get('together') ?? [], cores + 1, signal, outcome);
    await runFiles(parts.get('watching') ?? [], cores, signal, outcome);
    await runFiles(parts.get('alone') ?? [], 1, signal, outcome);
  } finally {
    await removeFolder(folder);
  }
  if (signal.aborted) {
    const why = limit.aborted ? `at its limit of ${limitMinutes} min` : 'by a signal';
    const open = files.filter((file) => !outcome.ended.has(file));
    process.stderr.write(
      `The run was stopped ${why}: ${open.length} of ${files.length} files had not ended: ${open.join(' ')}\n`,
    );
  }
  process.stdout.write(`${outcome.passed} passed, ${outcome.failed} failed\n`);
  if (files.length === 0) process.stderr.write('No test file was found\n');
  if (outcome.failed > 0 || files.length === 0 || signal.aborted) process.exitCode = 1;
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

/** Puts a file that imports them in the place of the first of those that share a process. */
async function bundled(files: readonly string[], folder: string): Promise<string[]> {
  const bundleOf = (file: string) =>
    Object.keys(sharing).find((name) => sharing[name]?.some((start) => file.startsWith(start)));
  const groups = Map.groupBy(files, (file) => bundleOf(file) ?? file);
  const made: string[] = [];
  for (const [name, members] of groups) {
    const [first, ...more] = members;
    if (first === undefined || more.length === 0) {
      made.push(...members);
      continue;
    }
    const bundle = join(folder, `${name}.test.ts`);
    const imports = members.map((file) => `import ${JSON.stringify(resolve(file))};\n`);
    await writeFile(bundle, imports.join(''));
    bundles.set(bundle, members);
    made.push(bundle);
  }
  return made;
}

async function runFiles(
  files: string[],
  concurrency: number,
  signal: AbortSignal,
  outcome: Outcome,
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
    // Of one file; the last is of all.
    if (summary.file !== undefined) {
      const file = relative('', summary.file);
      for (const ended of bundles.get(summary.file) ?? [file]) outcome.ended.add(ended);
      return;
    }
    const { tests, passed, skipped, todo } = summary.counts;
    const failed = tests - passed - skipped - todo; // Cancelled ones too.
    outcome.passed += passed;
    // A suite whose `after` threw is no test, but no success either.
    outcome.failed += summary.success ? failed : Math.max(failed, 1);
  });
  for await (const text of events.compose(spec)) process.stdout.write(text);
}

function inTest(name: string): string {
  return join('test', name);
}

function partOf(file: string): 'alone' | 'watching' | 'together' {
  if (file === holdingLocks) return 'alone';
  return watchingTheClock.some((folder) => file.startsWith(folder)) ? 'watching' : 'together';
}

function byLength(one: string, other: string): number {
  const place = (file: string) => {
    const index = long.findIndex((start) => file.startsWith(start));
    return index === -1 ? long.length : index;
  };
  return place(one) - place(other);
}

await main(process.argv.slice(2));
