import type pg from 'pg';

import type { Leases } from '../../actors/kernel/ports.ts';
import { float8, int4, int8, statement, text } from './statement.ts';

/**
 * Renews what the owner holds up to `want` partitions, gives back the rest, and takes free or expired ones until it has
 * as many. Taking a partition raises its epoch: whoever held it before can commit nothing any more. An owner that got
 * none yet shows itself too, or those that hold them all would never know to give some back.
 */
const holdLeases = statement('hold_leases', {
  takes: { owner: text, leaseMs: float8, want: int4 },
  gives: { partition: int4, epoch: int8 },
  sql: ({ owner, leaseMs, want }) => `
  with present as (
    insert into lease_owners (owner, live_until) values (${owner}, clock_timestamp() + ${leaseMs} * interval '1 ms')
    on conflict (owner) do update set live_until = excluded.live_until
  ), mine as (
    select partition, row_number() over (order by partition) as rank from partition_leases
    where owner = ${owner} and lease_until > clock_timestamp()
  ), kept as (
    update partition_leases l set lease_until = clock_timestamp() + ${leaseMs} * interval '1 ms'
    from mine m where l.partition = m.partition and m.rank <= ${want} and l.owner = ${owner} and l.lease_until > clock_timestamp()
    returning l.partition, l.epoch
  ), given_back as (
    update partition_leases l set owner = null, lease_until = '-infinity'
    from mine m where l.partition = m.partition and m.rank > ${want} and l.owner = ${owner}
  ), free as (
    select partition from partition_leases
    where lease_until <= clock_timestamp() and partition not in (select partition from mine)
    order by random() limit greatest(0, ${want} - (select count(*) from mine))
    for update skip locked
  ), taken as (
    update partition_leases l set owner = ${owner}, epoch = l.epoch + 1, lease_until = clock_timestamp() + ${leaseMs} * interval '1 ms'
    from free f where l.partition = f.partition
    returning l.partition, l.epoch
  )
  select partition, epoch from kept union all select partition, epoch from taken`,
});

const releaseLeases = statement('release_leases', {
  takes: { owner: text },
  sql: ({ owner }) => `
  with gone as (delete from lease_owners where owner = ${owner} or live_until < clock_timestamp() - interval '1 hour')
  update partition_leases set owner = null, lease_until = '-infinity' where owner = ${owner}`,
});

/** Answers the number of partitions of this deployment, which the first start decided for ever: a case's stays its own. */
const agreeOnPartitions = statement('agree_on_partitions', {
  takes: { wanted: int4 },
  gives: { partitions: int4 },
  sql: ({ wanted }) => `
  with chosen as (insert into deployment (partitions) values (${wanted}) on conflict do nothing returning partitions)
  select partitions from chosen union all select partitions from deployment limit 1`,
});

const makePartitions = statement('make_partitions', {
  takes: { partitions: int4 },
  sql: ({ partitions }) =>
    `insert into partition_leases (partition) select generate_series(0, ${partitions}::int4 - 1) on conflict do nothing`,
});

const liveOwners = statement('live_owners', {
  takes: { owner: text },
  gives: { owners: int4 },
  sql: ({ owner }) =>
    `select count(*)::int4 as owners from lease_owners where live_until > clock_timestamp() and owner <> ${owner}`,
});

/** Partition leases as rows: one owner each, an epoch that grows with every change, and the database's clock. */
export function createLeases(pool: pg.Pool): Leases {
  return {
    async hold(owner, want, leaseMs) {
      const rows = await holdLeases(pool, { owner, leaseMs, want });
      return rows.map(({ partition, epoch }) => ({ partition, epoch: Number(epoch) }));
    },
    async others(owner) {
      const [row] = await liveOwners(pool, { owner });
      return row?.owners ?? 0;
    },
    release: async (owner) => void (await releaseLeases(pool, { owner })),
  };
}

/**
 * Fixes the number of partitions on the first start. A case's partition follows from its id and this number, so a
 * later start with another number would look for old cases in the wrong place.
 *
 * @throws {RangeError} naming both numbers
 */
export async function fixPartitions(pool: pg.Pool, partitions: number): Promise<void> {
  let [agreed] = await agreeOnPartitions(pool, { wanted: partitions });
  agreed ??= (await agreeOnPartitions(pool, { wanted: partitions }))[0]; // Another process was deciding at the same moment.
  if (agreed?.partitions !== partitions) {
    throw new RangeError(
      `PARTITIONS is ${partitions}, but this database was set up with ${agreed?.partitions}`,
    );
  }
  await makePartitions(pool, { partitions });
}
