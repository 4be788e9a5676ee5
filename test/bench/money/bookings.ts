/** `npm run bench -- bookings`: what one booking costs, from the quote to its invoice in the archive, in a closed loop. */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, cpus, loadavg } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { parseArgs } from 'node:util';

import * as v from 'valibot';

import { startDatabases } from '../databases.ts';
import type { Databases } from '../databases.ts';
import { median, percentile, rounded } from '../statistics.ts';
import { billing, forEachOf, openCases, quote } from './patients.ts';
import { coresOfOthers, cpuPerOne, startMoneySystem } from './system.ts';
import type { CpuReading, MoneySystem } from './system.ts';

const Count = v.pipe(v.string(), v.regex(/^\d+$/), v.transform(Number));

const Options = v.object({
  bookings: Count,
  warmup: Count,
  rounds: Count,
  concurrency: v.pipe(Count, v.minValue(1)),
  'data-dir': v.string(),
  profile: v.boolean(),
  statements: v.boolean(),
});
type Options = v.InferOutput<typeof Options>;

interface BookingLine {
  readonly kind: 'round';
  readonly round: number;
  readonly bookings: number;
  readonly bookingsPerSecond: number;
  /** From the quote to the archived invoice. */
  readonly endToEndP50Ms: number;
  readonly endToEndP99Ms: number;
  readonly cpuMsPerBooking: ReturnType<typeof cpuPerOne>;
  /** Transactions and bytes of write-ahead log for each booking. */
  readonly commitsPerBooking: number;
  readonly walKbPerBooking: number;
  /** Events applied to the case, and effects performed for it; the snapshot's size is of all cases, at the end. */
  readonly stepsPerBooking: number;
  readonly effectsPerBooking: number;
  readonly envelopeKb: number;
  /** Cores that were busy with other things than this benchmark. */
  readonly coresOfOthers: number;
  readonly runtimeRssMb: number;
  /** From the ledger: bookings that are not confirmed with one capture and one archived invoice. */
  readonly wrong: number;
}

/** How often the ledger is asked where bookings stand. One question for all of them. */
const lookEveryMs = 25;
const stuckAfterMs = 60_000;

const options = v.parse(
  Options,
  parseArgs({
    options: {
      bookings: { type: 'string', default: '600' },
      warmup: { type: 'string', default: '200' },
      rounds: { type: 'string', default: '3' },
      concurrency: { type: 'string', default: '64' },
      'data-dir': { type: 'string', default: '.data' },
      profile: { type: 'boolean', default: false },
      statements: { type: 'boolean', default: false },
    },
  }).values,
);

mkdirSync(options['data-dir'], { recursive: true });
const dataDir = mkdtempSync(join(options['data-dir'], 'bench-'));
const profileDir = options.profile ? mkdtempSync(join(options['data-dir'], 'profile-')) : null;
const stack = new AsyncDisposableStack();
let cleaning: Promise<void> | null = null;
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => void cleanUp().finally(() => process.exit(130)));
}

try {
  stack.defer(() => rmSync(dataDir, { recursive: true, force: true }));
  const databases = await startDatabases(
    dataDir,
    options.statements ? { shared_preload_libraries: 'pg_stat_statements' } : {},
  );
  stack.defer(() => databases.stop());
  print({
    kind: 'conditions',
    node: process.version,
    cores: availableParallelism(),
    processor: cpus()[0]?.model ?? 'unknown',
    loadAverage: loadavg()[0],
    postgres: databases.durability,
    ...options,
  });
  const lines: BookingLine[] = [];
  for (let round = 1; round <= options.rounds; round += 1) {
    const line = await playRound(options, databases, round);
    print(line);
    lines.push(line);
  }
  print(summaryOf(lines));
  if (profileDir !== null) print({ kind: 'profile', folder: profileDir });
  if (lines.some(({ wrong }) => wrong > 0)) process.exitCode = 1;
} finally {
  await cleanUp();
}

async function playRound(
  { warmup, bookings: wanted, concurrency, statements }: Options,
  databases: Databases,
  round: number,
): Promise<BookingLine> {
  const name = `bookings_${round}`;
  const system = await startMoneySystem({
    databases,
    name,
    dataDir,
    seen: true,
    webhooks: true,
    profileDir,
  });
  try {
    // The integrator has each invoice accepted by the time it is asked: the authority's time would be waiting and no work.
    await system.control('nilvera/next', { count: 10_000, code: 'succeed' });
    const cases = await openCases(system, warmup + wanted + 2 * concurrency);
    await forEachOf(cases, concurrency, async (caseId) => system.staff(caseId, billing));
    await databases.analyse(name);
    await databases.settle();
    if (statements) await system.query('create extension if not exists pg_stat_statements');

    const played = await play(system, { cases, warmup, bookings: wanted, concurrency });
    if (statements) await printStatements(system, wanted);
    const { windowMs, endToEndMs, before, after } = played;
    // A look finds several at once, so the window may have a few more than were asked for.
    const bookings = endToEndMs.length;
    const perOne = (from: bigint, to: bigint) => Number(to - from) / bookings;
    return {
      kind: 'round',
      round,
      bookings,
      bookingsPerSecond: rounded((bookings / windowMs) * 1_000, 1),
      endToEndP50Ms: rounded(percentile(endToEndMs, 0.5)),
      endToEndP99Ms: rounded(percentile(endToEndMs, 0.99)),
      cpuMsPerBooking: cpuPerOne(before.cpu, after.cpu, bookings),
      commitsPerBooking: rounded(perOne(before.commits, after.commits)),
      walKbPerBooking: rounded(perOne(before.walBytes, after.walBytes) / 1_024),
      stepsPerBooking: rounded((after.steps - before.steps) / bookings, 1),
      effectsPerBooking: rounded((after.effects - before.effects) / bookings, 1),
      envelopeKb: rounded(after.envelopeBytes / 1_024, 1),
      coresOfOthers: coresOfOthers(before.cpu, after.cpu, windowMs),
      runtimeRssMb: rounded(system.runtimeRssMb(), 0),
      wrong: await wrongOf(system, cases.length),
    };
  } finally {
    await system.stop();
  }
}

interface Reading {
  readonly cpu: CpuReading;
  readonly steps: number;
  readonly effects: number;
  readonly envelopeBytes: number;
  readonly commits: bigint;
  readonly walBytes: bigint;
}

/**
 * Keeps `concurrency` bookings on their way: staff quote, the patient pays as soon as there is a checkout, and the next
 * case is quoted when the invoice is archived.
 *
 * @throws when nothing was archived for a minute, or the sandbox or the edge refuses something
 */
async function play(
  system: MoneySystem,
  load: {
    readonly cases: readonly string[];
    readonly warmup: number;
    readonly bookings: number;
    readonly concurrency: number;
  },
): Promise<{
  readonly windowMs: number;
  readonly endToEndMs: readonly number[];
  readonly before: Reading;
  readonly after: Reading;
}> {
  const { cases, warmup, bookings, concurrency } = load;
  const startedAtMs = new Map<string, number>();
  const paid = new Set<string>();
  const accepted = new Set<string>();
  const archived = new Set<string>();
  const failures: unknown[] = [];
  const failed = (error: unknown) => void failures.push(error);
  let endToEndMs: number[] = [];
  let before = await readingOf(system);
  let beganAtMs = performance.now();
  let lastMs = performance.now();
  let started = 0;

  const startNext = (): void => {
    const caseId = cases[started];
    if (caseId === undefined) return;
    started += 1;
    startedAtMs.set(`${caseId}-b1`, performance.now());
    system.staff(caseId, quote(started % 2 === 0 ? 'stripe' : 'iyzico')).catch(failed);
  };
  for (let slot = 0; slot < concurrency; slot += 1) startNext();

  for (let isWarm = false; ;) {
    await new Promise((resolve) => setTimeout(resolve, lookEveryMs));
    if (failures.length > 0) throw failures[0];
    if (performance.now() - lastMs > stuckAfterMs) throw new Error('nothing was archived for 60 s');
    for (const { booking_id, provider, checkout_id } of await unpaid(system)) {
      if (paid.has(booking_id)) continue;
      paid.add(booking_id);
      const pages = provider === 'stripe' ? 'stripe/sessions' : 'iyzico/checkouts';
      system.control(`${pages}/${checkout_id}/pay`, {}).catch(failed);
    }
    const underWay = [...startedAtMs.keys()];
    for (const { booking_id: bookingId, invoice_id: invoiceId, status } of await invoicesOf(
      system,
      underWay,
    )) {
      if (status === 'submitted' && !accepted.has(invoiceId)) {
        accepted.add(invoiceId);
        system.control('efatura/push', { invoiceId, status: 'accepted' }).catch(failed);
      }
      if (status !== 'archived') continue;
      archived.add(bookingId);
      endToEndMs.push(performance.now() - (startedAtMs.get(bookingId) ?? 0));
      startedAtMs.delete(bookingId);
      lastMs = performance.now();
      startNext();
    }
    if (!isWarm && archived.size >= warmup) {
      isWarm = true;
      endToEndMs = [];
      before = await readingOf(system);
      beganAtMs = performance.now();
      await resetStatements(system);
    } else if (isWarm && endToEndMs.length >= bookings) {
      const windowMs = performance.now() - beganAtMs;
      const after = await readingOf(system);
      return { windowMs, endToEndMs, before, after };
    }
  }
}

async function unpaid(system: MoneySystem) {
  return system.query<{ booking_id: string; provider: 'stripe' | 'iyzico'; checkout_id: string }>(
    `select booking_id, provider, checkout_id from bookings
     where state in ('opening', 'awaiting-payment') and checkout_id is not null`,
  );
}

/** Those that an integrator has, or that are archived. */
async function invoicesOf(system: MoneySystem, bookingIds: readonly string[]) {
  return system.query<{ booking_id: string; invoice_id: string; status: string }>(
    `select booking_id, invoice_id, status from invoices
     where booking_id = any($1) and status in ('submitted', 'archived')`,
    [bookingIds],
  );
}

async function readingOf(system: MoneySystem): Promise<Reading> {
  const [row] = await system.query<{
    commits: string;
    wal: string;
    steps: number;
    effects: number;
    bytes: number;
  }>(
    `select xact_commit::text as commits, pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0')::text as wal,
       (select sum(seq)::int from cases) as steps, (select count(*)::int from effects) as effects,
       (select avg(length(envelope))::int from cases) as bytes
     from pg_stat_database where datname = current_database()`,
  );
  return {
    cpu: system.cpuMs(),
    commits: BigInt(row?.commits ?? 0),
    walBytes: BigInt(row?.wal ?? 0),
    steps: row?.steps ?? 0,
    effects: row?.effects ?? 0,
    envelopeBytes: row?.bytes ?? 0,
  };
}

/** Waits for the stragglers, then compares what was done with what should have been. */
async function wrongOf(system: MoneySystem, cases: number): Promise<number> {
  const deadlineMs = performance.now() + stuckAfterMs;
  for (;;) {
    const [row] = await system.query<{ right: number; begun: number }>(
      `select count(*)::int as begun, (count(*) filter (where b.state = 'confirmed'
         and (select count(*) from money_movements m where m.booking_id = b.booking_id and m.kind = 'capture') = 1
         and (select count(*) from invoices i where i.booking_id = b.booking_id and i.status = 'archived') = 1))::int as right
       from bookings b`,
    );
    const wrong = (row?.begun ?? 0) - (row?.right ?? 0);
    const isLate = performance.now() > deadlineMs || (row?.begun ?? 0) > cases;
    if (wrong === 0 || isLate) return wrong;
    await payRest(system);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** Bookings that the window left on their way. */
async function payRest(system: MoneySystem): Promise<void> {
  const submitted = await system.query<{ invoice_id: string }>(
    `select invoice_id from invoices where status = 'submitted'`,
  );
  for (const { invoice_id: invoiceId } of submitted)
    await system.control('efatura/push', { invoiceId, status: 'accepted' });
  for (const { provider, checkout_id } of await unpaid(system)) {
    const pages = provider === 'stripe' ? 'stripe/sessions' : 'iyzico/checkouts';
    await system.control(`${pages}/${checkout_id}/pay`, {}).catch(() => undefined); // Paid, and not heard of yet.
  }
}

async function resetStatements(system: MoneySystem): Promise<void> {
  if (options.statements) await system.query('select pg_stat_statements_reset()');
}

/** What the database spent its time with, longest first: execution alone, without waiting for the commit's fsync. */
async function printStatements(system: MoneySystem, bookings: number): Promise<void> {
  const rows = await system.query<{ query: string; calls: number; ms: number; rows: number }>(
    `select left(regexp_replace(query, '\\s+', ' ', 'g'), 120) as query, calls::int, rows::int,
       round(total_exec_time::numeric, 1)::float8 as ms
     from pg_stat_statements order by total_exec_time desc limit 15`,
  );
  for (const { query, calls, ms, rows: touched } of rows) {
    const each = {
      msPerBooking: rounded(ms / bookings, 3),
      callsPerBooking: rounded(calls / bookings),
    };
    print({ kind: 'statement', ...each, rowsPerCall: rounded(touched / calls, 1), query });
  }
}

function summaryOf(lines: readonly BookingLine[]): object {
  const of = (pick: (line: BookingLine) => number, digits = 2) =>
    rounded(median(lines.map(pick)), digits);
  return {
    kind: 'summary',
    rounds: lines.length,
    bookingsPerSecond: of((line) => line.bookingsPerSecond, 1),
    endToEndP50Ms: of((line) => line.endToEndP50Ms),
    endToEndP99Ms: of((line) => line.endToEndP99Ms),
    cpuMsPerBooking: {
      runtime: of((line) => line.cpuMsPerBooking.runtime),
      postgres: of((line) => line.cpuMsPerBooking.postgres),
      redis: of((line) => line.cpuMsPerBooking.redis),
      client: of((line) => line.cpuMsPerBooking.client),
      all: of((line) => line.cpuMsPerBooking.all),
    },
    commitsPerBooking: of((line) => line.commitsPerBooking),
    walKbPerBooking: of((line) => line.walKbPerBooking),
  };
}

function cleanUp(): Promise<void> {
  cleaning ??= stack.disposeAsync();
  return cleaning;
}

function print(line: object): void {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}
