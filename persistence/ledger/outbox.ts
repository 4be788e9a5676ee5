/** The outbox on PostgreSQL. What a case causes is stored by the ledger, in the statement that stores the cause. */
import type pg from 'pg';

import type { Outbox } from '../../actors/ports/outbox.ts';
import { int8Array, textArray } from '../database/array-codec.ts';
import { decrypt, type Place } from '../encryption/cipher.ts';
import type { DataKeys } from '../encryption/data-keys.ts';
import {
  addToOutbox,
  forgetPublished,
  holdOutbox,
  markPublished,
  newestPublished,
  releaseOutbox,
  unpublish,
  waitingInOutbox,
} from './outbox-sql.ts';

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
  type Row = Awaited<ReturnType<typeof waitingInOutbox>>[number];

  function dataOf({ id, tenant, case_id: caseId, body, sealed }: Row): string | null {
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
      const [row] = await holdOutbox(pool, [owner, leaseMs]);
      return row?.held === true;
    },

    release: async (owner) => void (await releaseOutbox(pool, [owner])),

    async add(publications) {
      await addToOutbox(pool, [
        textArray(publications.map(({ id }) => id)),
        textArray(publications.map(({ stream }) => stream)),
        textArray(publications.map(({ type }) => type)),
        textArray(publications.map(({ source }) => source)),
        textArray(publications.map(({ tenant }) => tenant)),
        textArray(publications.map(({ traceparent }) => traceparent)),
        textArray(publications.map(({ data }) => JSON.stringify(data))),
      ]);
    },

    async waiting(limit, without) {
      const rows = await waitingInOutbox(pool, [limit, textArray(without)]);
      await keys.load(rows.flatMap((row) => (row.sealed && row.case_id ? [row.case_id] : [])));
      return rows.map((row) => {
        const { position, id, stream, type, source, tenant, time, traceparent } = row;
        return { position, id, stream, type, source, tenant, time, traceparent, data: dataOf(row) };
      });
    },

    published: async (entries) =>
      void (await markPublished(pool, [
        int8Array(entries.map(({ position }) => position)),
        textArray(entries.map(({ entryId }) => entryId)),
      ])),

    async newest() {
      const rows = await newestPublished(pool, []);
      return new Map(rows.map(({ stream, entry_id: entryId }) => [stream, entryId]));
    },

    async lost(stream, entryId) {
      const [row] = await unpublish(pool, [stream, entryId]);
      return row?.n ?? 0;
    },

    async forget(keptMs, limit) {
      const [row] = await forgetPublished(pool, [keptMs, limit]);
      return row?.n ?? 0;
    },
  };
}
