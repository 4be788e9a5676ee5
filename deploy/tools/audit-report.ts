import type pg from 'pg';

import type { CheckpointStore } from '../../actors/ports/checkpoints.ts';
import { readCheckpoints, type Checkpoints } from '../../persistence/audit/checkpoint-reader.ts';
import { allRecords, recordFaults } from '../../persistence/audit/checkpoint-records.ts';
import { verifyAudit } from '../../persistence/audit/reader.ts';
import { KeysUnfit, verifyingKeyProblems } from '../../persistence/encryption/key-probes.ts';

/** Reading all checkpoints: 0.3 ms for each batch of a file, and a request more for each of a bucket. */
const storeTimeoutMs = 30 * 60_000;

export interface AuditReport {
  readonly pool: pg.Pool;
  readonly store: CheckpointStore;
  /** Those that sign and those that did, by id. */
  readonly publicKeys: Parameters<typeof readCheckpoints>[1];
  /** Entries younger than this need no checkpoint yet. */
  readonly coverMs: number;
  /** Epoch ms. */
  readonly now: number;
  /** Gets a line for each trouble, and then a summary. */
  readonly say: (line: string) => void;
}

/**
 * Verifies every audit chain against its hashes and the signed checkpoints. Answers whether all is well.
 *
 * @throws {KeysUnfit} the public keys are not those that signed
 */
export async function reportOnAudit(options: AuditReport): Promise<boolean> {
  const { pool, store, publicKeys, coverMs, now, say } = options;
  const found = { chains: 0, entries: 0, broken: 0, uncovered: 0 };
  // Before a long read, if there is none.
  const wrong = await verifyingKeyProblems(pool, publicKeys);
  if (wrong.length > 0) throw new KeysUnfit(wrong);
  const records = await allRecords(pool); // Before the store: what is recorded by now, it has.
  const checkpoints = await readCheckpoints(
    store,
    publicKeys,
    ({ place, why }) => say(`checkpoint ${place}: ${why}`),
    AbortSignal.timeout(storeTimeoutMs),
  );
  const coveredBefore = now - coverMs;
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
  return broken + uncovered + faults === 0;
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
