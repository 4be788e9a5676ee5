import { statement } from '../database/pool.ts';

/** The further, the later in this list. `delivered` beats `failed`, whichever came first: the patient has it. */
const rank = (status: string) =>
  `array_position('{sent,failed,delivered,read}'::text[], ${status})`;

/**
 * A status only moves forward. Of two words for one status the earlier one stands, then the one with the lesser code, so
 * that no order of words ends in another row. In one order of effects for all, or two batches deadlock.
 */
export const advanceReceipts = statement(
  'advance_receipts',
  `
  insert into message_receipts as known (effect_id, tenant, case_id, status, at, error_code)
  select w.effect_id, e.tenant, e.case_id, w.status, w.at, w.error_code
  from (
    select distinct on (effect_id) effect_id, status, at, error_code
    from unnest($1::text[], $2::text[], $3::timestamptz[], $4::text[]) as word(effect_id, status, at, error_code)
    order by effect_id, ${rank('status')} desc, at, coalesce(error_code, '') collate "C"
  ) w
  cross join lateral (select tenant, case_id from effects where effect_id = w.effect_id limit 1) e
  order by w.effect_id
  on conflict (effect_id) do update set
    status = excluded.status, at = excluded.at, error_code = excluded.error_code, updated_at = clock_timestamp()
  where ${rank('known.status')} < ${rank('excluded.status')}
    or (known.status = excluded.status
      and (excluded.at, coalesce(excluded.error_code, '')) < (known.at, coalesce(known.error_code, '')))`,
);
