import type pg from 'pg';

import type { StoreFault, Checkpoints } from './checkpoint-reader.ts';
import { checkpointsAfter, newestCheckpoints, recordCheckpoints } from './statements.ts';

/** A batch that was signed, as the database knows it. */
export interface CheckpointRecord {
  /** The batch's hash, in hex. */
  readonly id: string;
  readonly number: number;
}

/** Adds what is not recorded yet. To be called when the store has them, never before. */
export async function record(pool: pg.Pool, batches: readonly CheckpointRecord[]): Promise<void> {
  if (batches.length === 0) return;
  await recordCheckpoints(pool, { checkpoints: batches });
}

/** The highest numbers. Asked before the store is read: what is recorded then must be in it. */
export async function newestRecords(pool: pg.Pool, limit: number): Promise<CheckpointRecord[]> {
  const rows = await newestCheckpoints(pool, { limit });
  return rows.map(({ id, number }) => ({ id, number: Number(number) }));
}

const pageRows = 10_000;

/** All of them: some 100 bytes each. None from a database that is older than the table. */
export async function allRecords(pool: pg.Pool): Promise<Map<string, number>> {
  const records = new Map<string, number>();
  const { rows: found } = await pool.query<{ there: string | null }>(
    `select to_regclass('public.audit_checkpoints')::text as there`,
  );
  if (found[0]?.there == null) return records;
  for (let last: CheckpointRecord = { id: '', number: -1 }; ;) {
    const rows = await checkpointsAfter(pool, { ...last, limit: pageRows });
    for (const { id, number } of rows) {
      last = { id, number: Number(number) };
      records.set(last.id, last.number);
    }
    if (rows.length < pageRows) return records;
  }
}

/** Lines that a report shows of one kind of fault; the rest is counted. */
const shown = 20;

/**
 * Holds a store against what the database recorded before the store was read.
 * - `cut`: recorded, and neither in the store nor named in it: its end was cut off, or all of it is gone;
 * - `unrecorded`: in the store since before `coveredBefore` and not recorded: the database was put back to an older state,
 *   or a process ended between the two, which the next round of a running system makes good.
 *
 * Both can be cut together by whoever can write to both; the age of the newest checkpoint is all that tells then.
 */
export function recordFaults(
  { has, isNamed, all }: Checkpoints,
  records: ReadonlyMap<string, number>,
  coveredBefore: number,
): StoreFault[] {
  if (records.size === 0) return [];
  const cut = [...records].filter(([id]) => !has(id) && !isNamed(id));
  let first = Number.POSITIVE_INFINITY;
  for (const number of records.values()) first = Math.min(first, number);
  const unrecorded = [...all()].filter(
    ({ id, number, at }) => number >= first && at < coveredBefore && !records.has(id),
  );
  return [
    ...listed(
      cut.map(([, number]) => number),
      'cut',
    ),
    ...listed(
      unrecorded.map(({ number }) => number),
      'unrecorded',
    ),
  ];
}

function listed(numbers: readonly number[], why: 'cut' | 'unrecorded'): StoreFault[] {
  const sorted = numbers.toSorted((one, other) => one - other);
  const rest = sorted.length - shown;
  return [
    ...sorted.slice(0, shown).map((number) => ({ place: `batch ${number}`, why })),
    ...(rest > 0 ? [{ place: `and ${rest} more, up to batch ${sorted.at(-1)}`, why }] : []),
  ];
}
