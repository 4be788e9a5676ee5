import type pg from 'pg';

import type { Receipts, ReceiptWord } from '../../actors/ports/receipts.ts';
import { textArray, timestamptzArray } from '../database/array-codec.ts';
import { advanceReceipts } from './delivery-status-sql.ts';

/** Years 2000 to 2200, ms. What a provider dates elsewhere is no time. */
const earliest = Date.UTC(2000);
const latest = Date.UTC(2200);

/**
 * How far messages got, in `message_receipts`. The same words end in the same rows whatever their order and however
 * often they come, also from several processes at once: `delivered` and `read` beat `failed`, and that beats `sent`.
 */
export function createReceipts({ pool }: { readonly pool: pg.Pool }): Receipts {
  return {
    async advance(words) {
      const storable = words.filter(isStorable);
      if (storable.length === 0) return;
      await advanceReceipts(pool, [
        textArray(storable.map(({ effectId }) => effectId)),
        textArray(storable.map(({ status }) => status)),
        timestamptzArray(storable.map(({ at }) => Date.parse(at))),
        textArray(storable.map(codeOf)),
      ]);
    },
  };
}

/** One word that PostgreSQL refuses must not stop the batch it is in. No effect of ours has such an id. */
function isStorable({ effectId, at }: ReceiptWord): boolean {
  const time = Date.parse(at);
  return !effectId.includes('\0') && time >= earliest && time < latest;
}

const codeOf = ({ status, errorCode }: ReceiptWord): string | null =>
  status === 'failed' ? (errorCode?.replaceAll('\0', '') ?? null) : null;
