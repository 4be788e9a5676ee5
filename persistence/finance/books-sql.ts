import type { Movement } from '../../actors/ports/books.ts';
import type { ProviderMovement } from '../../actors/ports/payments.ts';
import type { BookingState, PaymentProvider } from '../../actors/shapes/payments.ts';
import { statement } from '../database/pool.ts';
import { iso } from '../database/times.ts';

/** The newest revision of each booking, in the order of their ids, or two processes would deadlock. Gives back those that were written. */
export const recordBookings = statement<{ booking_id: string }>(
  'record_bookings',
  `
  insert into bookings as b (
    booking_id, tenant, case_id, revision, state, provider, checkout_id, payment_id, total_minor, currency, held_for, updated_at)
  select distinct on (booking_id) * from unnest(
    $1::text[], $2::text[], $3::text[], $4::int4[], $5::text[], $6::text[], $7::text[], $8::text[], $9::int8[], $10::text[],
    $11::text[], $12::timestamptz[]
  ) as o(
    booking_id, tenant, case_id, revision, state, provider, checkout_id, payment_id, total_minor, currency, held_for, at)
  order by booking_id, revision desc
  on conflict (booking_id) do update set
    revision = excluded.revision, state = excluded.state, provider = excluded.provider, checkout_id = excluded.checkout_id,
    payment_id = excluded.payment_id, total_minor = excluded.total_minor, currency = excluded.currency,
    held_for = excluded.held_for, updated_at = excluded.updated_at
  where b.revision < excluded.revision and b.tenant = excluded.tenant and b.case_id = excluded.case_id
  returning b.booking_id`,
);

/** Movements that were missing. Gives back those: the first of each in the order they came. */
export const recordMovements = statement<{
  provider: string;
  kind: Movement['kind'];
  movement_id: string;
}>(
  'record_movements',
  `
  insert into money_movements (provider, kind, movement_id, tenant, case_id, booking_id, payment_id, amount_minor, currency, at, cause)
  select provider, kind, movement_id, tenant, case_id, booking_id, payment_id, amount_minor, currency, at, cause
  from unnest(
    $1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::int8[], $9::text[],
    $10::timestamptz[], $11::text[]
  ) with ordinality as o(
    provider, kind, movement_id, tenant, case_id, booking_id, payment_id, amount_minor, currency, at, cause, ordinal)
  order by provider collate "C", kind collate "C", movement_id collate "C", ordinal
  on conflict do nothing
  returning provider, kind, movement_id`,
);

/** What provider ids are found by. The first booking that shows one has it. */
export const recordReferences = statement<{ external_id: string }>(
  'record_references',
  `
  insert into external_references (provider, kind, external_id, tenant, case_id, booking_id)
  select provider, kind, external_id, tenant, case_id, booking_id
  from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[])
    with ordinality as o(provider, kind, external_id, tenant, case_id, booking_id, ordinal)
  order by provider collate "C", kind collate "C", external_id collate "C", ordinal
  on conflict do nothing
  returning external_id`,
);

/** Bookings that are somebody else's. */
export const strangeBookings = statement<{ id: string }>(
  'strange_bookings',
  `
  select b.booking_id as id from unnest($1::text[], $2::text[], $3::text[]) as o(booking_id, tenant, case_id)
  cross join lateral (select * from bookings where booking_id = o.booking_id limit 1) b
  where (b.tenant, b.case_id) <> (o.tenant, o.case_id) limit 1`,
);

/** Movements that are another booking's. */
export const strangeMovements = statement<{ id: string }>(
  'strange_movements',
  `
  select m.kind || ' ' || m.movement_id as id
  from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[])
    as o(provider, kind, movement_id, tenant, booking_id)
  cross join lateral (
    select * from money_movements
    where provider = o.provider and kind = o.kind and movement_id = o.movement_id limit 1
  ) m
  where (m.tenant, m.booking_id) <> (o.tenant, o.booking_id)
  limit 1`,
);

/**
 * Keeps a finding for each movement that is recorded with another amount: ours is the recorded one. Not for the time: a provider's
 * word and ours may differ in that. In the order in which reconciliation keeps its own, or the two would deadlock.
 */
export const keepContradictions = statement(
  'keep_contradictions',
  `
  insert into reconciliation_findings as r (
    provider, day, subject, kind, tenant, booking_id, ours_minor, ours_currency, theirs_minor, theirs_currency)
  select distinct on (o.provider, o.movement_id) o.provider, (m.at at time zone 'UTC')::date, o.movement_id, 'amount-differs',
    m.tenant, m.booking_id, m.amount_minor, m.currency, o.amount_minor, o.currency
  from unnest($1::text[], $2::text[], $3::text[], $4::int8[], $5::text[]) with ordinality
    as o(provider, kind, movement_id, amount_minor, currency, ordinal)
  cross join lateral (
    select * from money_movements
    where provider = o.provider and kind = o.kind and movement_id = o.movement_id limit 1
  ) m
  where (m.amount_minor, m.currency) <> (o.amount_minor, o.currency)
  order by o.provider, o.movement_id, o.ordinal desc
  on conflict (provider, subject, kind) do update set
    day = excluded.day, tenant = excluded.tenant, booking_id = excluded.booking_id,
    ours_minor = excluded.ours_minor, ours_currency = excluded.ours_currency,
    theirs_minor = excluded.theirs_minor, theirs_currency = excluded.theirs_currency,
    since = case when r.closed_at is null then r.since else excluded.since end, closed_at = null`,
);

/** Payments and checkouts that are another booking's. */
export const strangeReferences = statement<{ id: string }>(
  'strange_references',
  `
  select r.kind || ' ' || r.external_id as id
  from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[])
    as o(provider, kind, external_id, tenant, booking_id)
  cross join lateral (
    select * from external_references
    where provider = o.provider and kind = o.kind and external_id = o.external_id limit 1
  ) r
  where r.tenant <> o.tenant or r.booking_id is distinct from o.booking_id
  limit 1`,
);

/** One after the other for each chain, until the transaction ends. Ask in the order of their names. */
export const lockChains = statement<{ locked: string }>(
  'lock_chains',
  `select pg_advisory_xact_lock(hashtextextended('audit ' || chain, 0))::text as locked from unnest($1::text[]) as c(chain)`,
);

export const appendToChains = statement(
  'append_to_chains',
  `
  insert into audit_entries (chain, seq, at, actor, action, case_id, subject, detail, hash)
  select * from unnest(
    $1::text[], $2::int8[], $3::timestamptz[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::bytea[])`,
);

interface OpenRow {
  readonly tenant: string;
  readonly case_id: string;
  readonly booking_id: string;
  readonly provider: PaymentProvider;
  readonly checkout_id: string;
  readonly payment_id: string | null;
  readonly state: BookingState;
  readonly updated_at: string;
}

/** By when they were made, which never changes: a page's place holds whatever happens to its bookings meanwhile. */
const openPage = (name: string, inState: string) =>
  statement<OpenRow>(
    name,
    `
  select tenant, case_id, booking_id, provider, checkout_id, payment_id, state, ${iso('updated_at')} as updated_at
  from bookings b
  where provider = $1 and ${inState} and checkout_id is not null and updated_at < $2
    and not exists (select from cases c where c.case_id = b.case_id and c.status = 'done')
    and (created_at, booking_id) >
      (coalesce((select p.created_at from bookings p where p.booking_id = $3), '-infinity'), coalesce($3, ''))
  order by created_at, booking_id limit $4`,
  );

export const awaitingBookings = openPage(
  'awaiting_bookings',
  `state in ('opening', 'awaiting-payment')`,
);
export const setAsideBookings = openPage(
  'set_aside_bookings',
  `state in ('held', 'lapsed') and (state = 'held' or updated_at >= $5)`,
);

/** With the payment that was asked for: a booking that was paid twice has two. */
export const bookingsByPayment = statement<OpenRow>(
  'bookings_by_payment',
  `
  select b.tenant, b.case_id, b.booking_id, b.provider, b.checkout_id, r.external_id as payment_id, b.state,
    ${iso('b.updated_at')} as updated_at
  from unnest($2::text[]) as p(payment_id)
  cross join lateral (
    select * from external_references where provider = $1 and kind = 'payment' and external_id = p.payment_id limit 1
  ) r
  cross join lateral (select * from bookings where booking_id = r.booking_id limit 1) b
  where b.checkout_id is not null`,
);

interface MovementRow {
  readonly kind: ProviderMovement['kind'];
  readonly movement_id: string;
  readonly tenant: string;
  readonly case_id: string;
  readonly booking_id: string;
  readonly payment_id: string;
  readonly amount_minor: bigint;
  readonly currency: string;
  readonly at: string;
}

const movementColumns = `m.kind, m.movement_id, m.tenant, m.case_id, m.booking_id, m.payment_id, m.amount_minor, m.currency,
  ${iso('m.at')} as at`;

export const movementsBetween = statement<MovementRow>(
  'movements_between',
  `
  select ${movementColumns}
  from money_movements m
  where m.provider = $1 and m.at >= $2 and m.at < $3 and m.kind <> 'refund-failed'
    and (
      select true from money_movements f
      where m.kind = 'refund' and f.provider = m.provider and f.kind = 'refund-failed' and f.movement_id = m.movement_id
    ) is not true
  order by m.at, m.movement_id`,
);

/** Captures that nobody made an invoice for. One that we learned of late has its time from then on. At most 10,000: more is no list for people. */
export const uninvoicedCaptures = statement<MovementRow>(
  'uninvoiced_captures',
  `
  select distinct on (m.booking_id) ${movementColumns}
  from money_movements m
  where m.provider = $1 and m.at >= $2 and m.at < $3 and m.kind = 'capture' and m.amount_minor > 0
    and greatest(m.at, m.recorded_at) < $4 and m.tenant = any($5::text[])
    and not exists (
      select from invoices i
      where i.booking_id = m.booking_id and i.tenant = m.tenant and i.credits is null and i.status <> 'invalid'
    )
  order by m.booking_id, m.at, m.movement_id limit 10000`,
);
