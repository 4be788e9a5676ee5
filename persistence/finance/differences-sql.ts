import type { Difference } from '../../actors/ports/books.ts';
import type { PaymentProvider } from '../../actors/shapes/payments.ts';
import { statement } from '../database/pool.ts';
import { iso } from '../database/times.ts';

/** What is open for a provider and day becomes what was found: the rest is closed, what comes back is opened again. */
export const keepFindings = statement(
  'keep_findings',
  `
  with found as (
    select distinct on (subject, kind) *
    from unnest($3::text[], $4::text[], $5::text[], $6::int8[], $7::text[], $8::int8[], $9::text[], $10::text[])
      as f(subject, kind, booking_id, ours_minor, ours_currency, theirs_minor, theirs_currency, case_id)
    order by subject, kind
  ), closed as (
    update reconciliation_findings r set closed_at = clock_timestamp()
    where r.provider = $1 and r.day = $2::date and r.closed_at is null
      and (r.subject, r.kind) not in (select subject, kind from found)
  )
  insert into reconciliation_findings as r (
    provider, day, subject, kind, tenant, booking_id, ours_minor, ours_currency, theirs_minor, theirs_currency)
  select $1, $2::date, f.subject, f.kind,
    coalesce(
      (select b.tenant from bookings b where b.booking_id = f.booking_id),
      (select k.tenant from data_keys k where k.case_id = f.case_id),
      (select x.tenant from external_references x where x.provider = $1 and x.kind = 'payment' and x.external_id = f.subject),
      (select x.tenant from external_references x where x.provider = $1 and x.kind = 'checkout' and x.external_id = f.subject)),
    f.booking_id, f.ours_minor, f.ours_currency, f.theirs_minor, f.theirs_currency
  from found f
  on conflict (provider, subject, kind) do update set
    day = excluded.day, tenant = excluded.tenant, booking_id = excluded.booking_id,
    ours_minor = excluded.ours_minor, ours_currency = excluded.ours_currency,
    theirs_minor = excluded.theirs_minor, theirs_currency = excluded.theirs_currency,
    since = case when r.closed_at is null then r.since else excluded.since end, closed_at = null`,
);

export interface FindingRow {
  readonly provider: PaymentProvider;
  readonly subject: string;
  readonly kind: Difference['kind'];
  readonly day: string;
  readonly booking_id: string | null;
  readonly ours_minor: bigint | null;
  readonly ours_currency: string | null;
  readonly theirs_minor: bigint | null;
  readonly theirs_currency: string | null;
  readonly since: string;
}

const columns = `provider, subject, kind, to_char(day, 'YYYY-MM-DD') as day, booking_id, ours_minor, ours_currency, theirs_minor,
  theirs_currency, ${iso('since')} as since`;

export const openFindings = statement<FindingRow>(
  'open_findings',
  `select ${columns} from reconciliation_findings where closed_at is null order by day, provider, subject, kind`,
);

export const openFindingsOf = statement<FindingRow>(
  'open_findings_of',
  `select ${columns} from reconciliation_findings where closed_at is null and tenant = $1
   order by day, provider, subject, kind limit 500`,
);
