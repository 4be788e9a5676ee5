import type pg from 'pg';

import type { Leases } from '../../actors/kernel/ports.ts';
import {
  agreeOnPartitions,
  holdLeases,
  liveOwners,
  makePartitions,
  releaseLeases,
} from './leases-sql.ts';

/** Partition leases as rows: one owner each, an epoch that grows with every change, and the database's clock. */
export function createLeases(pool: pg.Pool): Leases {
  return {
    async hold(owner, want, leaseMs) {
      const rows = await holdLeases(pool, [owner, leaseMs, want]);
      return rows.map(({ partition, epoch }) => ({ partition, epoch: Number(epoch) }));
    },
    async others(owner) {
      const [row] = await liveOwners(pool, [owner]);
      return row?.owners ?? 0;
    },
    release: async (owner) => void (await releaseLeases(pool, [owner])),
  };
}

/**
 * Fixes the number of partitions on the first start. A case's partition follows from its id and this number, so a
 * later start with another number would look for old cases in the wrong place.
 *
 * @throws {RangeError} naming both numbers
 */
export async function fixPartitions(pool: pg.Pool, partitions: number): Promise<void> {
  let [agreed] = await agreeOnPartitions(pool, [partitions]);
  agreed ??= (await agreeOnPartitions(pool, [partitions]))[0]; // Another process was deciding at the same moment.
  if (agreed?.partitions !== partitions) {
    throw new RangeError(
      `PARTITIONS is ${partitions}, but this database was set up with ${agreed?.partitions}`,
    );
  }
  await makePartitions(pool, [partitions]);
}
