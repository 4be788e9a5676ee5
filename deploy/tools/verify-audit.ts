import { loadAuditConfig } from '../../config.ts';
import { readCheckpoints, type Checkpoints } from '../../persistence/audit/checkpoint-reader.ts';
import { allRecords, recordFaults } from '../../persistence/audit/checkpoint-records.ts';
import { verifyAudit } from '../../persistence/audit/reader.ts';
import { createPool } from '../../persistence/database/pool.ts';
import { routeTo } from '../../persistence/database/route.ts';
import { KeysUnfit, verifyingKeyProblems } from '../../persistence/encryption/key-probes.ts';
import { createTelemetry } from '../../telemetry.ts';
import { openDatabase } from '../local/database.ts';
import { checkpointStoreOf } from '../wiring/checkpoint-store.ts';

/** Reading all checkpoints: 0.3 ms for each batch of a file, and a request more for each of a bucket. */
const storeTimeoutMs = 30 * 60_000;

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
  const telemetry = createTelemetry({ level: 'silent' });
  const now = Date.now();
  const say = (line: string) => void process.stdout.write(`${line}\n`);
  const found = { chains: 0, entries: 0, broken: 0, uncovered: 0 };
  const database = await openDatabase(where);
  const pool = createPool({
    url: database.url,
    max: 1,
    statementTimeoutMs: 60_000,
    route: await routeTo(database.url),
  });
  try {
    // Before a long read, if there is none.
    const wrong = await verifyingKeyProblems(pool, audit.publicKeys);
    if (wrong.length > 0) throw new KeysUnfit(wrong);
    const records = await allRecords(pool); // Before the store: what is recorded by now, it has.
    const checkpoints = await readCheckpoints(
      await checkpointStoreOf(audit, telemetry),
      audit.publicKeys,
      ({ place, why }) => say(`checkpoint ${place}: ${why}`),
      AbortSignal.timeout(storeTimeoutMs),
    );
    const coveredBefore = now - audit.coverMs;
    const forgotten = recordFaults(checkpoints, records, coveredBefore);
    for (const { place, why } of forgotten) say(`checkpoint ${place}: ${why}`);
    const faults = checkpoints.faults + forgotten.length;
    const signed = { anchors: checkpoints.anchors, coveredBefore };
    for await (const { chain, entries, verdict, uncovered } of verifyAudit(pool, { signed })) {
      found.chains += 1;
      found.entries += entries;
      if (!verdict.ok) {
        found.broken += 1;
        say(`broken ${chain} at ${verdict.seq}: ${verdict.why}`);
      }
      if (uncovered !== null) {
        found.uncovered += 1;
        say(`uncovered ${chain} from ${uncovered}: in no checkpoint`);
      }
    }
    say(summaryOf(found, { ...checkpoints, faults }, now));
    const { broken, uncovered } = found;
    return broken + uncovered + faults > 0 ? 1 : 0;
  } finally {
    await pool.end();
    await database.close();
  }
}

function summaryOf(
  { chains, entries, broken, uncovered }: Readonly<Record<string, number>>,
  { batches, faults, newestAt }: Checkpoints,
  now: number,
): string {
  const newest =
    newestAt === null
      ? 'there is none'
      : `the newest is ${Math.max(0, Math.round((now - newestAt) / 1_000))} s old`;
  return (
    `${chains} chains, ${entries} entries verified, ${broken} broken, ${uncovered} not covered; ` +
    `${batches} checkpoints verified, ${faults} bad or missing, ${newest}`
  );
}

try {
  process.exitCode = await main();
} catch (error) {
  process.stderr.write(`${(error as Error).message}\n`);
  process.exitCode = 2;
}
