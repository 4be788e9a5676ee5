import { statement } from '../database/pool.ts';
import { iso } from '../database/times.ts';

interface Row {
  id: string;
  source: string;
  dedupe_key: string;
  type: string;
  reason: string;
  received_at: string;
  wrapped_key: Buffer;
  body: Buffer;
  address: Buffer | null;
  is_routed: boolean;
}

const columns = `id::text as id, source, dedupe_key, type, reason, ${iso('received_at')} as received_at,
    wrapped_key, body, address, resolved_at is not null as is_routed`;

/** Ids grow with time, so their order is the order of arrival. */
export const unroutablePage = statement<Row>(
  'unroutable_page',
  `
  select ${columns} from parked_deliveries
  where resolved_at is null and ($1::text is null or source = $1) and ($2::uuid is null or id > $2)
  order by id limit $3`,
);

export const unroutableById = statement<Row>(
  'unroutable_by_id',
  `select ${columns} from parked_deliveries where id = $1::uuid`,
);

export const markRouted = statement(
  'mark_routed',
  `update parked_deliveries set resolved_at = clock_timestamp(), resolution = 'routed'
   where id = $1::uuid and resolved_at is null`,
);
