import { loadAuditConfig } from '../../config.ts';
import { createPool } from '../../persistence/database/pool.ts';
import { routeTo } from '../../persistence/database/route.ts';
import { createTelemetry } from '../../telemetry.ts';
import { openDatabase } from '../local/database.ts';
import { checkpointStoreOf } from '../wiring/checkpoint-store.ts';
import { reportOnAudit } from './audit-report.ts';

/**
 * `npm run audit:verify`: verifies every audit chain in the database of `DATABASE_URL`, or else in the local one under
 * `DATA_DIR`, whether that runs now or not, against its hashes and against the signed checkpoints of AUDIT_CHECKPOINTS.
 * Keys are those of AUDIT_SIGNING_KEY and AUDIT_RETIRED_KEYS; the latter alone are enough.
 *
 * Prints a line for each trouble and a summary. Exits with 1 if a chain is broken, if a checkpoint is bad or missing, or
 * if entries older than AUDIT_COVER_MINUTES are in no checkpoint; and with 2 if it could not look, or its public keys are
 * not those that signed. Checkpoints that were cut off the end of the store, or all of it, are found by what the database
 * recorded. What it cannot see: that entries, records and checkpoints were all cut off by somebody who can write to both
 * places. Then the newest checkpoint is older than the hour that one is signed in at least, wherever the system runs: the
 * summary says its age.
 */
async function main(): Promise<number> {
  const { audit, ...where } = loadAuditConfig(process.env);
  const database = await openDatabase(where);
  const pool = createPool({
    url: database.url,
    max: 1,
    statementTimeoutMs: 60_000,
    route: await routeTo(database.url),
  });
  try {
    const isWell = await reportOnAudit({
      pool,
      store: await checkpointStoreOf(audit, createTelemetry({ level: 'silent' })),
      publicKeys: audit.publicKeys,
      coverMs: audit.coverMs,
      now: Date.now(),
      say: (line) => void process.stdout.write(`${line}\n`),
    });
    return isWell ? 0 : 1;
  } finally {
    await pool.end();
    await database.close();
  }
}

try {
  process.exitCode = await main();
} catch (error) {
  process.stderr.write(`${(error as Error).message}\n`);
  process.exitCode = 2;
}
