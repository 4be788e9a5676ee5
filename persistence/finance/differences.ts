import type pg from 'pg';

import type { Difference, DifferenceRegister } from '../../actors/ports/books.ts';
import { readReference } from '../../actors/ports/references.ts';
import type { Money } from '../../actors/shapes/money.ts';
import type { PaymentProvider } from '../../actors/shapes/payments.ts';
import { reached } from '../database/pool.ts';
import {
  from,
  int4,
  int8,
  orNull,
  rows,
  statement,
  text,
  textOf,
  time,
  type RowsOf,
} from '../database/statement.ts';
import { withoutNul } from '../database/storable.ts';

/** What is open for a provider and day becomes what was found: the rest is closed, what comes back is opened again. */
const keepDifferences = statement('keep_differences', {
  takes: {
    provider: text,
    day: text,
    found: rows({
      subject: text,
      kind: text,
      bookingId: orNull(text),
      oursMinor: orNull(int8),
      oursCurrency: orNull(text),
      theirsMinor: orNull(int8),
      theirsCurrency: orNull(text),
      caseId: orNull(text),
    }),
  },
  sql: ({ provider, day, found }) => `
  with found as (
    select distinct on (subject, kind) *
    from ${found.as('f')}
    order by subject, kind
  ), closed as (
    update reconciliation_findings r set closed_at = clock_timestamp()
    where r.provider = ${provider} and r.day = ${day}::date and r.closed_at is null
      and (r.subject, r.kind) not in (select subject, kind from found)
  )
  insert into reconciliation_findings as r (
    provider, day, subject, kind, tenant, booking_id, ours_minor, ours_currency, theirs_minor, theirs_currency)
  select ${provider}, ${day}::date, f.subject, f.kind,
    coalesce(
      (select b.tenant from bookings b where b.booking_id = f.booking_id),
      (select k.tenant from data_keys k where k.case_id = f.case_id),
      (select x.tenant from external_references x where x.provider = ${provider} and x.kind = 'payment' and x.external_id = f.subject),
      (select x.tenant from external_references x where x.provider = ${provider} and x.kind = 'checkout' and x.external_id = f.subject)),
    f.booking_id, f.ours_minor, f.ours_currency, f.theirs_minor, f.theirs_currency
  from found f
  on conflict (provider, subject, kind) do update set
    day = excluded.day, tenant = excluded.tenant, booking_id = excluded.booking_id,
    ours_minor = excluded.ours_minor, ours_currency = excluded.ours_currency,
    theirs_minor = excluded.theirs_minor, theirs_currency = excluded.theirs_currency,
    since = case when r.closed_at is null then r.since else excluded.since end, closed_at = null`,
});

const open = {
  provider: textOf<PaymentProvider>(),
  subject: text,
  kind: textOf<Difference['kind']>(),
  day: from(`to_char(day, 'YYYY-MM-DD')`, text),
  bookingId: orNull(text),
  oursMinor: orNull(int8),
  oursCurrency: orNull(text),
  theirsMinor: orNull(int8),
  theirsCurrency: orNull(text),
  since: time,
};

const openDifferences = statement('open_differences', {
  gives: open,
  sql: (_, columns) =>
    `select ${columns()} from reconciliation_findings where closed_at is null order by day, provider, subject, kind`,
});

const openDifferencesOf = statement('open_differences_of', {
  takes: { tenant: text },
  gives: open,
  sql: ({ tenant }, columns) => `
  select ${columns()} from reconciliation_findings where closed_at is null and tenant = ${tenant}
  order by day, provider, subject, kind limit 500`,
});

/** Differences of which nobody knows whose they are. */
const unassigned = statement('unassigned_differences', {
  gives: { n: int4 },
  sql: () =>
    'select count(*)::int4 as n from reconciliation_findings where closed_at is null and tenant is null',
});

/**
 * Differences in `reconciliation_findings`, each with the tenant whose booking it is about where that can be told.
 * One that was seen before keeps its `since`; one that comes back after it was closed has a new one.
 *
 * All of it throws `ProviderUnreachable` when the database is away; the same call again does no harm.
 */
export function createDifferenceRegister({ pool }: { readonly pool: pg.Pool }): DifferenceRegister {
  return {
    async keep(provider, day, differences) {
      const found = differences.map(({ subject, kind, bookingId, ours, theirs }) => ({
        subject: withoutNul(subject),
        kind,
        bookingId,
        oursMinor: minorOf(ours),
        oursCurrency: ours?.currency ?? null,
        theirsMinor: minorOf(theirs),
        theirsCurrency: theirs?.currency ?? null,
        caseId: readReference(bookingId ?? '')?.caseId ?? null,
      }));
      await reached('findings', keepDifferences(pool, { provider, day, found }));
    },
    async open() {
      return (await reached('findings', openDifferences(pool))).map(differenceOf);
    },
  };
}

const minorOf = (money: Money | null): bigint | null =>
  money === null ? null : BigInt(money.amountMinor);

/** A tenant's open differences, at most 500, and how many are nobody's whom we know. */
export async function differencesOf(pool: pg.Pool, tenant: string) {
  const [rows, [count]] = await Promise.all([
    openDifferencesOf(pool, { tenant }),
    unassigned(pool),
  ]);
  return { findings: rows.map(differenceOf), unplaced: count?.n ?? 0 };
}

function differenceOf({
  oursMinor,
  oursCurrency,
  theirsMinor,
  theirsCurrency,
  ...row
}: RowsOf<typeof openDifferences>) {
  return {
    ...row,
    ours: moneyOf(oursMinor, oursCurrency),
    theirs: moneyOf(theirsMinor, theirsCurrency),
  };
}

/** Money of two columns; null where there is none. */
export function moneyOf(minor: bigint | null, currency: string | null): Money | null {
  return minor === null || currency === null ? null : { amountMinor: String(minor), currency };
}
