import { spawn, spawnSync } from 'node:child_process';
import { globSync, readFileSync } from 'node:fs';
import { constants } from 'node:os';
import { join } from 'node:path';

import { plantedBugs } from './faults/planted-bugs.ts';
import { faketimeLibrary, thoroughSoftware, whyNot } from './support/software.ts';

/** One run of test files; every one of them has to be green. */
interface Part {
  readonly name: string;
  /** For test/run.ts; none for all. */
  readonly files: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
}

const dayMs = 24 * 60 * 60 * 1_000;
/** Properties draw another seed in each process. */
const propertyRounds = 3;

/**
 * `npm run thorough [-- hostile | properties | planted | clock …]`: what takes too long for `npm test`. Hostile texts are searched for
 * with a new seed; each small bug of test/faults/planted-bugs.ts is planted and has to be found; each property is tried thirty times as often; and all of `npm test` runs with the clock at other days: in
 * 200 days, over a new year, and when summer time begins and ends where people live by it. Takes about an hour and a half.
 * Test files named too are the only ones that run at other days. Ends with one line for each part, and with exit code 1 if one was not green.
 */
async function main(words: readonly string[]): Promise<void> {
  const only = words.filter((word) => word.endsWith('.test.ts'));
  const chosen = words.filter((word) => !only.includes(word));
  const wanted = (name: string) => chosen.length === 0 || chosen.includes(name);
  const parts: Part[] = [];
  if (wanted('hostile')) {
    const environment = { THOROUGH: 'full' };
    parts.push({ name: 'hostile texts', files: ['test/hostile/*.test.ts'], environment });
  }
  if (wanted('properties')) {
    const files = globSync('test/**/*.test.ts').filter((file) =>
      /from 'fast-check'/.test(readFileSync(file, 'utf8')),
    );
    for (let round = 1; round <= propertyRounds; round++)
      parts.push({ name: `properties, round ${round}`, files, environment: { THOROUGH: 'full' } });
  }
  if (wanted('clock')) {
    const reason = await whyNot(thoroughSoftware.faketime);
    if (reason !== null) throw new Error(reason);
    for (const [name, at, zone] of clocks(Date.now()))
      parts.push({ name, files: only, environment: shifted(at - Date.now(), zone) });
  }
  const plants = wanted('planted') ? Object.entries(plantedBugs) : [];
  if (parts.length === 0 && plants.length === 0)
    throw new Error(`Nothing is called ${chosen.join(' or ')}`);

  const lines: string[] = [];
  for (const part of parts) {
    const startedAt = performance.now();
    const code = await testRun(part);
    const minutes = ((performance.now() - startedAt) / 60_000).toFixed(1);
    lines.push(`${code === 0 ? 'green' : 'RED  '}  ${part.name} (${minutes} min)`);
    if (code !== 0) process.exitCode = 1;
    if (code > 128) break; // A signal, which was meant for us too.
  }
  for (const [name, { what, foundBy }] of plants) {
    if (foundBy === undefined) continue; // A fault test plants it.
    const found = plantedRun(name, foundBy);
    lines.push(
      `${found === null ? 'found' : 'RED  '}  planted: ${what}${found === null ? '' : ` (${found})`}`,
    );
    if (found !== null) process.exitCode = 1;
  }
  process.stdout.write(`\n${lines.join('\n')}\n`);
}

/** Runs test files on code with that bug. Answers null if they turned red by it, else what is wrong. */
function plantedRun(name: string, files: readonly string[]): string | null {
  process.stdout.write(`\n== planted: ${name}\n`);
  const preload = join(import.meta.dirname, 'faults', 'preload.ts');
  const { status, stdout } = spawnSync(
    process.execPath,
    ['--import', preload, '--test', '--test-reporter=dot', ...files],
    { encoding: 'utf8', env: { ...process.env, PLANTED_BUG: name, THOROUGH: 'full' } },
  );
  if (stdout.includes('To plant "')) return 'its edit does not fit';
  return status === 0 ? `not found by ${files.join(' ')}` : null;
}

/** The days to run at: their names, when they begin in epoch ms, and in which zone. */
function* clocks(now: number): Generator<readonly [name: string, at: number, zone: string]> {
  yield ['in 200 days', now + 200 * dayMs, 'UTC'];
  const year = new Date(now).getUTCFullYear();
  const next = (timeIn: (year: number) => number) => {
    const [this_, following] = [timeIn(year), timeIn(year + 1)];
    return this_ > now ? this_ : following;
  };
  // A few minutes before, so that it happens while the tests run.
  const shortly = 5 * 60_000;
  yield ['over a new year', next((of) => Date.UTC(of + 1, 0, 1)) - shortly, 'UTC'];
  const lastSunday = (of: number, month: number) => {
    const last = new Date(Date.UTC(of, month + 1, 0, 1));
    return last.getTime() - last.getUTCDay() * dayMs;
  };
  yield ['as summer time begins', next((of) => lastSunday(of, 2)) - shortly, 'Europe/Berlin'];
  yield ['as summer time ends', next((of) => lastSunday(of, 9)) - shortly, 'Europe/Berlin'];
}

/** The clock of a process and of all that it starts, PostgreSQL and Redis too. What measures durations is left alone. */
function shifted(aheadMs: number, zone: string): Record<string, string> {
  return {
    // libc stands behind it for its malloc: Redis brings another, which asks for the time before faketime can tell it.
    LD_PRELOAD: `${faketimeLibrary() ?? ''}:libc.so.6`,
    FAKETIME: `+${Math.round(aheadMs / 1_000)}`,
    FAKETIME_DONT_FAKE_MONOTONIC: '1',
    DONT_FAKE_MONOTONIC: '1',
    TZ: zone,
  };
}

async function testRun({ name, files, environment }: Part): Promise<number> {
  process.stdout.write(`\n== ${name}\n`);
  const runner = spawn(process.execPath, ['test/run.ts', ...files], {
    stdio: 'inherit',
    env: { ...process.env, ...environment },
  });
  const pass = (signal: NodeJS.Signals) => void runner.kill(signal);
  process.on('SIGTERM', pass).on('SIGHUP', pass).on('SIGINT', pass);
  try {
    const { promise, resolve, reject } = Promise.withResolvers<number>();
    runner.once('error', reject);
    runner.once('exit', (code, signal) =>
      resolve(code ?? 128 + (signal ? constants.signals[signal] : 0)),
    );
    return await promise;
  } finally {
    process.off('SIGTERM', pass).off('SIGHUP', pass).off('SIGINT', pass);
  }
}

await main(process.argv.slice(2));
