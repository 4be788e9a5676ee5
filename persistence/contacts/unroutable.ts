/** Deliveries that have no case. Each is encrypted with a key of its own, which belongs to no tenant. */
import type pg from 'pg';

import type { Delivery } from '../../actors/ports/intake.ts';
import type { UnroutableStore } from '../../actors/ports/unroutable.ts';
import { decrypt, type Place } from '../encryption/cipher.ts';
import type { Keyring } from '../encryption/keyring.ts';
import { markRouted, unroutableById, unroutablePage } from './unroutable-sql.ts';

/** Whose key encrypts what belongs to no tenant. */
export const nobody = '-';

/** Where the parts of a delivery without a case stand. */
export const unroutablePlace = (id: string, column: 'body' | 'address'): Place => ({
  tenant: nobody,
  caseId: id,
  table: 'parked_deliveries',
  column,
  row: id,
});

export function createUnroutableStore({
  pool,
  keyring,
}: {
  readonly pool: pg.Pool;
  readonly keyring: Keyring;
}): UnroutableStore {
  type Row = Awaited<ReturnType<typeof unroutablePage>>[number];

  /** One that cannot be read is shown without its content. */
  async function read({ id, wrapped_key: wrapped, body, address }: Row) {
    try {
      const key = await keyring.unwrap(nobody, id, wrapped);
      return {
        body: decrypt(key, unroutablePlace(id, 'body'), body),
        address: address && decrypt(key, unroutablePlace(id, 'address'), address),
      };
    } catch {
      return { body: null, address: null };
    }
  }

  return {
    async list({ isHome }, { source, after, limit }) {
      if (!isHome) return [];
      const rows = await unroutablePage(pool, [source, after, limit]);
      return Promise.all(
        rows.map(async (row) => {
          const { body, address } = await read(row);
          const { id, type, reason, received_at: receivedAt } = row;
          const retryable = address !== null && type !== 'unknown';
          return { id, source: row.source, type, reason, receivedAt, body, retryable };
        }),
      );
    },

    async find({ isHome }, id) {
      const [row] = isHome ? await unroutableById(pool, [id]) : [];
      if (!row) return null;
      const { source, dedupe_key: dedupeKey, type, is_routed: isRouted } = row;
      const { body, address } = await read(row);
      if (body === null || address === null) return { isRouted, delivery: null };
      const known = JSON.parse(address) as Pick<Delivery, 'about' | 'traceparent'>;
      const data: unknown = JSON.parse(body);
      return { isRouted, delivery: { source, dedupeKey, type, data, ...known } };
    },

    markRouted: async (id) => void (await markRouted(pool, [id])),
  };
}
