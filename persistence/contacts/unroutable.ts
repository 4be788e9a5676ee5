/** Deliveries that have no case. Each is encrypted with a key of its own, which belongs to no tenant. */
import type { InferEntity } from '@mikro-orm/core';
import type pg from 'pg';

import type { Delivery } from '../../actors/ports/intake.ts';
import type { UnroutableStore } from '../../actors/ports/unroutable.ts';
import { reading, type Reading } from '../database/orm.ts';
import { statement, text } from '../database/statement.ts';
import { decrypt, type Place } from '../encryption/cipher.ts';
import type { Keyring } from '../encryption/keyring.ts';

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

const markRouted = statement('mark_routed', {
  takes: { id: text },
  sql: ({ id }) => `
  update parked_deliveries set resolved_at = clock_timestamp(), resolution = 'routed'
  where id = ${id}::uuid and resolved_at is null`,
});

export function createUnroutableStore({
  pool,
  keyring,
}: {
  readonly pool: pg.Pool;
  readonly keyring: Keyring;
}): UnroutableStore {
  /** One that cannot be read is shown without its content. */
  async function read({
    id,
    wrappedKey,
    body,
    address,
  }: InferEntity<Reading['UnroutableDelivery']>) {
    try {
      const key = await keyring.unwrap(nobody, id, wrappedKey);
      return {
        body: decrypt(key, unroutablePlace(id, 'body'), body),
        address: address ? decrypt(key, unroutablePlace(id, 'address'), address) : null,
      };
    } catch {
      return { body: null, address: null };
    }
  }

  return {
    async list({ isHome }, { source, after, limit }) {
      if (!isHome) return [];
      const { em, UnroutableDelivery } = await reading(pool);
      const waiting = await em.find(
        UnroutableDelivery,
        {
          resolvedAt: null,
          ...(source === null ? {} : { source }),
          ...(after === null ? {} : { id: { $gt: after } }),
        },
        // Ids grow with time, so their order is the order of arrival.
        { orderBy: { id: 'asc' }, limit },
      );
      return Promise.all(
        waiting.map(async (delivery) => {
          const { body, address } = await read(delivery);
          const { id, type, reason } = delivery;
          const retryable = address !== null && type !== 'unknown';
          const receivedAt = delivery.receivedAt.toISOString();
          return { id, source: delivery.source, type, reason, receivedAt, body, retryable };
        }),
      );
    },

    async find({ isHome }, id) {
      if (!isHome) return null;
      const { em, UnroutableDelivery } = await reading(pool);
      const found = await em.findOne(UnroutableDelivery, { id });
      if (!found) return null;
      const { source, dedupeKey, type } = found;
      const isRouted = found.resolvedAt !== null;
      const { body, address } = await read(found);
      if (body === null || address === null) return { isRouted, delivery: null };
      const known = JSON.parse(address) as Pick<Delivery, 'about' | 'traceparent'>;
      const data: unknown = JSON.parse(body);
      return { isRouted, delivery: { source, dedupeKey, type, data, ...known } };
    },

    markRouted: async (id) => void (await markRouted(pool, { id })),
  };
}
