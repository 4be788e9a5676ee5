/** The outbox on PostgreSQL. What a case causes is stored by the ledger, in the statement that stores the cause. */
import type pg from 'pg';

import type { Outbox } from '../../actors/ports/outbox.ts';
import {
  bool,
  bytea,
  float8,
  int4,
  int8,
  list,
  orNull,
  rows,
  statement,
  text,
  time,
  type RowsOf,
} from '../database/statement.ts';
import { decrypt, type Place } from '../encryption/cipher.ts';
import type { DataKeys } from '../encryption/data-keys.ts';

/** Written only when half of the lease is over: an idle publisher asks four times a second. */
const holdOutbox = statement('hold_outbox', {
  takes: { owner: text, leaseMs: float8 },
  gives: { held: bool },
  sql: ({ owner, leaseMs }) => `
  with taken as (
    update outbox_lease set owner = ${owner}, lease_until = clock_timestamp() + ${leaseMs} * interval '1 ms'
    where lease_until < clock_timestamp()
      or (owner = ${owner} and lease_until < clock_timestamp() + ${leaseMs} / 2 * interval '1 ms')
    returning owner
  )
  select exists (select from taken)
    or exists (select from outbox_lease where owner = ${owner} and lease_until > clock_timestamp()) as held`,
});

const releaseOutbox = statement('release_outbox', {
  takes: { owner: text },
  sql: ({ owner }) => `update outbox_lease set lease_until = '-infinity' where owner = ${owner}`,
});

const addToOutbox = statement('add_to_outbox', {
  takes: {
    publications: rows({
      id: text,
      stream: text,
      type: text,
      source: text,
      tenant: text,
      traceparent: orNull(text),
      body: text,
    }),
  },
  sql: ({ publications }) => `
  insert into outbox (${publications.names})
  select ${publications.names} from ${publications.as('p', 'ordinal')}
  order by ordinal`,
});

const waitingInOutbox = statement('waiting_in_outbox', {
  takes: { limit: int4, without: list(text) },
  gives: {
    position: int8,
    id: text,
    stream: text,
    type: text,
    source: text,
    tenant: text,
    caseId: orNull(text),
    time,
    traceparent: orNull(text),
    body: orNull(text),
    sealed: orNull(bytea),
  },
  sql: ({ limit, without }, columns) => `
  select ${columns()} from outbox where published_at is null and stream <> all(${without})
  order by position limit ${limit}`,
});

const markPublished = statement('mark_published', {
  takes: { entries: rows({ position: int8, entryId: orNull(text) }) },
  sql: ({ entries }) => `
  update outbox o set published_at = clock_timestamp(), entry_id = p.entry_id
  from ${entries.as('p')}
  where o.position = p.position`,
});

/** An entry id as a number that sorts as Redis does: milliseconds, then the count within one. */
const order = (entryId: string) =>
  `row(split_part(${entryId}, '-', 1)::int8, split_part(${entryId}, '-', 2)::int8)`;

const newestPublished = statement('newest_published', {
  gives: { stream: text, entryId: text },
  sql: (_, columns) => `
  select distinct on (stream) ${columns()} from outbox
  where published_at is not null and entry_id is not null
  order by stream, split_part(entry_id, '-', 1)::int8 desc, split_part(entry_id, '-', 2)::int8 desc`,
});

const unpublish = statement('unpublish', {
  takes: { stream: text, entryId: text },
  gives: { n: int4 },
  sql: ({ stream, entryId }) => `
  with again as (
    update outbox set published_at = null, entry_id = null
    where published_at is not null and entry_id is not null and stream = ${stream}
      and ${order('entry_id')} > ${order(`${entryId}::text`)}
    returning 1
  )
  select count(*)::int4 as n from again`,
});

const forgetPublished = statement('forget_published', {
  takes: { keptMs: float8, limit: int4 },
  gives: { n: int4 },
  sql: ({ keptMs, limit }) => `
  with old as (
    select position from outbox
    where published_at is not null and published_at <= clock_timestamp() - ${keptMs} * interval '1 ms'
    order by published_at limit ${limit}
  ), gone as (
    delete from outbox o using old where o.position = old.position returning 1
  )
  select count(*)::int4 as n from gone`,
});

/** Where the encrypted data of a publication stand. */
export const outboxPlace = (tenant: string, caseId: string, id: string): Place => ({
  tenant,
  caseId,
  table: 'outbox',
  column: 'sealed',
  row: id,
});

export function createOutbox({
  pool,
  keys,
  onTrouble = () => undefined,
}: {
  readonly pool: pg.Pool;
  readonly keys: DataKeys;
  /** Hears of what cannot be read: it is given up, so that the others go on. */
  readonly onTrouble?: (where: string, error: unknown) => void;
}): Outbox {
  function dataOf({
    id,
    tenant,
    caseId,
    body,
    sealed,
  }: RowsOf<typeof waitingInOutbox>): string | null {
    if (sealed === null || caseId === null) return body;
    const key = keys.known(caseId);
    if (!key) return null;
    try {
      return decrypt(key, outboxPlace(tenant, caseId, id), sealed);
    } catch (error) {
      onTrouble('outbox', error);
      return null;
    }
  }

  return {
    async hold(owner, leaseMs) {
      const [row] = await holdOutbox(pool, { owner, leaseMs });
      return row?.held === true;
    },

    release: async (owner) => void (await releaseOutbox(pool, { owner })),

    async add(publications) {
      await addToOutbox(pool, {
        publications: publications.map(({ data, ...publication }) => ({
          ...publication,
          body: JSON.stringify(data),
        })),
      });
    },

    async waiting(limit, without) {
      const rows = await waitingInOutbox(pool, { limit, without });
      await keys.load(rows.flatMap((row) => (row.sealed && row.caseId ? [row.caseId] : [])));
      return rows.map((row) => {
        const { position, id, stream, type, source, tenant, time, traceparent } = row;
        return { position, id, stream, type, source, tenant, time, traceparent, data: dataOf(row) };
      });
    },

    published: async (entries) => void (await markPublished(pool, { entries })),

    async newest() {
      const rows = await newestPublished(pool);
      return new Map(rows.map(({ stream, entryId }) => [stream, entryId]));
    },

    async lost(stream, entryId) {
      const [row] = await unpublish(pool, { stream, entryId });
      return row?.n ?? 0;
    },

    async forget(keptMs, limit) {
      const [row] = await forgetPublished(pool, { keptMs, limit });
      return row?.n ?? 0;
    },
  };
}
