import type pg from 'pg';

import type { Receipts, ReceiptWord } from '../../actors/ports/receipts.ts';
import { orNull, rows, statement, text, time } from '../database/statement.ts';

/** The further, the later in this list. `delivered` beats `failed`, whichever came first: the patient has it. */
const rank = (status: string) =>
  `array_position('{sent,failed,delivered,read}'::text[], ${status})`;

/**
 * A status only moves forward. Of two reports of one status the earlier one stands, then the one with the lesser code, so
 * that no order of reports ends in another row. In one order of effects for all, or two batches deadlock.
 */
const advanceStatuses = statement('advance_statuses', {
  takes: { statuses: rows({ effectId: text, status: text, at: time, errorCode: orNull(text) }) },
  sql: ({ statuses }) => `
  insert into message_receipts as known (effect_id, tenant, case_id, status, at, error_code)
  select w.effect_id, e.tenant, e.case_id, w.status, w.at, w.error_code
  from (
    select distinct on (effect_id) effect_id, status, at, error_code
    from ${statuses.as('told')}
    order by effect_id, ${rank('status')} desc, at, coalesce(error_code, '') collate "C"
  ) w
  cross join lateral (select tenant, case_id from effects where effect_id = w.effect_id limit 1) e
  order by w.effect_id
  on conflict (effect_id) do update set
    status = excluded.status, at = excluded.at, error_code = excluded.error_code, updated_at = clock_timestamp()
  where ${rank('known.status')} < ${rank('excluded.status')}
    or (known.status = excluded.status
      and (excluded.at, coalesce(excluded.error_code, '')) < (known.at, coalesce(known.error_code, '')))`,
});

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
      await advanceStatuses(pool, {
        statuses: storable.map((told) => ({
          ...told,
          at: Date.parse(told.at),
          errorCode: codeOf(told),
        })),
      });
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
