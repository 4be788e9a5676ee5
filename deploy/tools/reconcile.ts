import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

import type pg from 'pg';
import * as v from 'valibot';

import { createIntake } from '../../actors/intake.ts';
import { createKernel } from '../../actors/kernel/kernel.ts';
import type { Transport } from '../../actors/kernel/ports.ts';
import type { Intake } from '../../actors/ports/intake.ts';
import { periodOf } from '../../actors/reconciliation/day.ts';
import type { DayReport } from '../../actors/reconciliation/report.ts';
import { textOf } from '../../actors/reconciliation/report.ts';
import { providerDispatcher } from '../../adapters/http.ts';
import { loadConfig, type Config } from '../../config.ts';
import { createReceipts } from '../../persistence/contacts/delivery-status.ts';
import { createDirectory } from '../../persistence/contacts/directory.ts';
import { createLeases } from '../../persistence/database/leases.ts';
import { createPool } from '../../persistence/database/pool.ts';
import { routeTo } from '../../persistence/database/route.ts';
import { createLedger } from '../../persistence/ledger/ledger.ts';
import { createTelemetry } from '../../telemetry.ts';
import { openDatabase } from '../local/database.ts';
import { checkDatabase, workingDatabaseUrl } from '../wiring/database.ts';
import { openKeys, type Keys } from '../wiring/keys.ts';
import { paymentsOf } from '../wiring/payments.ts';
import { reconcilerOf } from '../wiring/reconciler.ts';

const usage = `npm run reconcile -- [--day YYYY-MM-DD] [--json] [--dry-run]

  --day      the day in UTC; today as far as it is over if absent
  --json     prints the report as JSON
  --dry-run  only looks: tells no case, keeps no differences
`;

/** Of the whole command. */
const timeoutMs = 10 * 60_000;

interface Arguments {
  readonly day: string;
  readonly json: boolean;
  readonly dryRun: boolean;
}

/**
 * `npm run reconcile`: compares a day of the payment providers' books with ours, as `reconcileProvider` describes it, and
 * prints a report. Cases are told through the ledger: the running system, if there is one, does the rest while we wait,
 * and a later start does it if there is none. Without DATABASE_URL it takes the local database under DATA_DIR, and for a
 * provider without an address the sandbox of the `npm start` that runs there.
 *
 * Answers 0 if the books agree, 1 if they don't, and 2 if a provider or the database could not be looked at.
 */
async function main({ day, json, dryRun }: Arguments): Promise<number> {
  const settings = loadConfig(process.env);
  periodOf(day, Date.now(), 0); // A day to come is refused before anything is opened.
  const telemetry = createTelemetry({ level: 'silent' }); // Standard output is the report's.
  const dispatcher = providerDispatcher();
  const database = await openDatabase(settings);
  const url = await workingDatabaseUrl(database.url, settings);
  const pool = createPool({
    url,
    max: 4,
    statementTimeoutMs: 60_000,
    route: await routeTo(url),
  });
  try {
    await checkDatabase(pool, settings);
    const keys = await openKeys(pool, settings);
    const { providers, books } = paymentsOf({
      settings,
      sandboxOrigin: isPlayed(settings) ? sandboxOrigin(settings.dataDir) : '',
      returnTo: () => () => '', // It opens no checkouts.
      dispatcher,
      telemetry,
    });
    const reconciler = reconcilerOf({
      pool,
      providers,
      paymentBooks: books,
      intake: dryRun ? noIntake : intakeOf(settings, pool, keys),
      log: telemetry.log,
      invoicedTenants: settings.efatura === null ? [] : [settings.tenant.tenant],
      // Who asks wants to see it all, and waits until it is settled. And tells again what a round told hours ago: a payment that
      // was under review then may be clear now, and the webhook that said so lost.
      settings: { graceMs: 0, repeatMs: 60_000 },
    });
    const signal = AbortSignal.timeout(timeoutMs);
    const report = await reconciler.reconcileDay(day, signal, { repair: !dryRun });
    process.stdout.write(json ? `${JSON.stringify(report, null, 2)}\n` : textOf(report));
    return exitCodes[report.outcome];
  } finally {
    await pool.end();
    await database.close();
    await dispatcher.close();
  }
}

const exitCodes = { clean: 0, differences: 1, incomplete: 2 } as const satisfies Record<
  DayReport['outcome'],
  number
>;

const noIntake: Intake = {
  async receive() {
    throw new Error('A dry run tells nobody');
  },
};

/** Into the ledger only: nobody has to be there, and whoever is hears of it by the sweep, within seconds. */
function intakeOf(settings: Config, pool: pg.Pool, keys: Keys): Intake {
  const kernel = createKernel({
    machines: {},
    performers: {},
    ledger: createLedger({ pool, ...keys }),
    leases: createLeases(pool),
    transport: noTransport,
    partitions: settings.partitions,
  });
  return createIntake({
    kernel,
    directory: createDirectory({ pool, ...keys }),
    receipts: createReceipts({ pool }),
    languageOf: () => null,
    machine: 'case',
  });
}

const noTransport: Transport = {
  announce: async () => false,
  read: async () => [],
  reclaim: async () => [],
  ack: async () => {},
  tidy: async () => {},
};

/** Whether the sandbox plays a provider of payments. */
const isPlayed = ({ stripe, iyzico }: Config): boolean =>
  stripe.apiBase === null || iyzico?.apiBase === null;

/** Of the `npm start` that runs here. */
function sandboxOrigin(dataDir: string): string {
  const path = join(dataDir, 'running.json');
  const Running = v.pipe(v.string(), v.parseJson(), v.object({ sandbox: v.string() }));
  try {
    return v.parse(Running, readFileSync(path, 'utf8')).sandbox;
  } catch (cause) {
    throw new Error(
      `Start the system first: its sandbox plays a provider, and ${path} does not say where`,
      { cause },
    );
  }
}

/** Null where they make no sense. */
function argumentsOf(args: readonly string[]): Arguments | null {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        day: { type: 'string' },
        json: { type: 'boolean', default: false },
        'dry-run': { type: 'boolean', default: false },
      },
    });
    const { day = new Date().toISOString().slice(0, 10), json, 'dry-run': dryRun } = values;
    return v.is(Day, day) ? { day, json, dryRun } : null;
  } catch {
    return null;
  }
}

const Day = v.pipe(v.string(), v.isoDate());

const given = argumentsOf(process.argv.slice(2));
if (given === null) {
  process.stderr.write(usage);
  process.exitCode = 2;
} else {
  try {
    process.exitCode = await main(given);
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n`);
    process.exitCode = 2;
  }
}
