import { statement } from './pool.ts';

/**
 * Renews what the owner holds up to `$3` partitions, gives back the rest, and takes free or expired ones until it has
 * as many. Taking a partition raises its epoch: whoever held it before can commit nothing any more. An owner that got
 * none yet shows itself too, or those that hold them all would never know to give some back.
 */
export const holdLeases = statement<{ partition: number; epoch: bigint }>(
  'hold_leases',
  `
  with present as (
    insert into lease_owners (owner, live_until) values ($1, clock_timestamp() + $2 * interval '1 ms')
    on conflict (owner) do update set live_until = excluded.live_until
  ), mine as (
    select partition, row_number() over (order by partition) as rank from partition_leases
    where owner = $1 and lease_until > clock_timestamp()
  ), kept as (
    update partition_leases l set lease_until = clock_timestamp() + $2 * interval '1 ms'
    from mine m where l.partition = m.partition and m.rank <= $3 and l.owner = $1 and l.lease_until > clock_timestamp()
    returning l.partition, l.epoch
  ), given_back as (
    update partition_leases l set owner = null, lease_until = '-infinity'
    from mine m where l.partition = m.partition and m.rank > $3 and l.owner = $1
  ), free as (
    select partition from partition_leases
    where lease_until <= clock_timestamp() and partition not in (select partition from mine)
    order by random() limit greatest(0, $3 - (select count(*) from mine))
    for update skip locked
  ), taken as (
    update partition_leases l set owner = $1, epoch = l.epoch + 1, lease_until = clock_timestamp() + $2 * interval '1 ms'
    from free f where l.partition = f.partition
    returning l.partition, l.epoch
  )
  select partition, epoch from kept union all select partition, epoch from taken`,
);

export const releaseLeases = statement(
  'release_leases',
  `
  with gone as (delete from lease_owners where owner = $1 or live_until < clock_timestamp() - interval '1 hour')
  update partition_leases set owner = null, lease_until = '-infinity' where owner = $1`,
);

/** Answers the number of partitions of this deployment, which the first start decided for ever: a case's stays its own. */
export const agreeOnPartitions = statement<{ partitions: number }>(
  'agree_on_partitions',
  `
  with chosen as (insert into deployment (partitions) values ($1) on conflict do nothing returning partitions)
  select partitions from chosen union all select partitions from deployment limit 1`,
);

export const makePartitions = statement(
  'make_partitions',
  `insert into partition_leases (partition) select generate_series(0, $1::int4 - 1) on conflict do nothing`,
);

export const liveOwners = statement<{ owners: number }>(
  'live_owners',
  `select count(*)::int4 as owners from lease_owners where live_until > clock_timestamp() and owner <> $1`,
);
