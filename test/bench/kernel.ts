import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { availableParallelism, cpus, loadavg } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

import * as v from 'valibot';

import type { Databases } from './databases.ts';
import type { Pace } from './loadgen.ts';
import { playRound } from './round.ts';
import type { Contender, RoundLine } from './round.ts';
import { startStub } from './stub.ts';
import { summaryOf } from './summary.ts';

const Count = v.pipe(v.string(), v.regex(/^\d+$/), v.transform(Number));

const Options = v.object({
  variant: v.picklist(['durable', 'memory', 'both']),
  cases: Count,
  warmup: Count,
  rounds: Count,
  concurrency: Count,
  /** Cases a second; 0 is the closed loop. */
  rate: Count,
  keep: v.picklist(['all', 'best']),
  'open-cases': v.pipe(
    v.string(),
    v.transform((text) => text.split(',')),
    v.array(Count),
  ),
  'data-dir': v.string(),
  profile: v.boolean(),
});

const options = v.parse(
  Options,
  parseArgs({
    options: {
      variant: { type: 'string', default: 'both' },
      cases: { type: 'string', default: '4000' },
      warmup: { type: 'string', default: '1000' },
      rounds: { type: 'string', default: '3' },
      concurrency: { type: 'string', default: '64' },
      rate: { type: 'string', default: '0' },
      keep: { type: 'string', default: 'all' },
      'open-cases': { type: 'string', default: '0' },
      'data-dir': { type: 'string', default: '.data' },
      profile: { type: 'boolean', default: false },
    },
  }).values,
);

const pace: Pace =
  options.rate > 0
    ? { kind: 'open', concurrency: options.concurrency, casesPerSecond: options.rate }
    : { kind: 'closed', concurrency: options.concurrency };

const contenders: Contender[] = [
  ...(options.variant === 'memory'
    ? []
    : options['open-cases'].map((openCases) => ({ variant: 'durable' as const, openCases }))),
  ...(options.variant === 'durable' ? [] : [{ variant: 'memory' as const, openCases: 0 }]),
];

mkdirSync(options['data-dir'], { recursive: true });
const dataDir = mkdtempSync(join(options['data-dir'], 'bench-'));
const profileDir = options.profile ? mkdtempSync(join(options['data-dir'], 'profile-')) : null;
const stub = await startStub();
let databases: Databases | null = null;
let failed = false;
let cleaning: Promise<void> | null = null;

// Both servers outlive us unless they are stopped; the runtime ends by itself when its channel to us closes.
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => void cleanUp().finally(() => process.exit(130)));
}

try {
  if (options.variant !== 'memory') {
    // The in-memory figures can be had on a machine without either server.
    const { startDatabases } = await import('./databases.ts');
    databases = await startDatabases(dataDir);
  }
  print({
    kind: 'conditions',
    node: process.version,
    cores: availableParallelism(),
    processor: cpus()[0]?.model ?? 'unknown',
    loadAverage: loadavg()[0],
    postgres: databases?.durability ?? null,
    ...options,
  });

  const lines: RoundLine[] = [];
  for (let round = 1; round <= options.rounds; round += 1) {
    for (const contender of contenders) {
      const line = await playRound({
        round,
        contender,
        pace,
        warmupCases: options.warmup,
        cases: options.cases,
        keep: options.keep,
        stub,
        databases,
        profileDir,
      });
      print(line);
      lines.push(line);
    }
  }
  print(summaryOf(lines, pace));
  failed = lines.some(({ effects }) => effects.doubles > 0 || effects.missing > 0);
  if (profileDir !== null) {
    for (const file of readdirSync(profileDir)) {
      print({ kind: 'profile', file: join(profileDir, file) });
    }
  }
} finally {
  await cleanUp();
}
if (failed) process.exitCode = 1;

function cleanUp(): Promise<void> {
  cleaning ??= (async () => {
    await databases?.stop();
    await stub.stop();
    rmSync(dataDir, { recursive: true, force: true });
  })();
  return cleaning;
}

function print(line: object): void {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}
