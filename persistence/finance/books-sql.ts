import type { Movement } from '../../actors/ports/books.ts';
import type { ProviderMovement } from '../../actors/ports/payments.ts';
import type { BookingState, PaymentProvider } from '../../actors/shapes/payments.ts';
import {
  from,
  int4,
  int8,
  list,
  orNull,
  rows,
  statement,
  text,
  textOf,
  time,
  type ParametersOf,
} from '../database/statement.ts';

const bookingColumns = {
  bookingId: text,
  tenant: text,
  caseId: text,
  revision: int4,
  state: text,
  provider: orNull(text),
  checkoutId: orNull(text),
  paymentId: orNull(text),
  totalMinor: int8,
  currency: text,
  heldFor: orNull(text),
  updatedAt: time,
};

const movementColumns = {
  provider: text,
  kind: text,
  movementId: text,
  tenant: text,
  caseId: text,
  bookingId: text,
  paymentId: text,
  amountMinor: int8,
  currency: text,
  at: time,
  cause: text,
};

const referenceColumns = {
  provider: text,
  kind: text,
  externalId: text,
  tenant: text,
  caseId: text,
  bookingId: text,
};

/** The newest revision of each booking, in the order of their ids, or two processes would deadlock. Gives back those that were written. */
export const recordBookings = statement('record_bookings', {
  takes: { bookings: rows(bookingColumns) },
  gives: { bookingId: from('b.booking_id', text) },
  sql: ({ bookings }, columns) => `
  insert into bookings as b (${bookings.names})
  select distinct on (booking_id) * from ${bookings.as('o')}
  order by booking_id, revision desc
  on conflict (booking_id) do update set
    revision = excluded.revision, state = excluded.state, provider = excluded.provider, checkout_id = excluded.checkout_id,
    payment_id = excluded.payment_id, total_minor = excluded.total_minor, currency = excluded.currency,
    held_for = excluded.held_for, updated_at = excluded.updated_at
  where b.revision < excluded.revision and b.tenant = excluded.tenant and b.case_id = excluded.case_id
  returning ${columns()}`,
});

/** Movements that were missing. Gives back those: the first of each in the order they came. */
export const recordMovements = statement('record_movements', {
  takes: { movements: rows(movementColumns) },
  gives: { provider: text, kind: textOf<Movement['kind']>(), movementId: text },
  sql: ({ movements }, columns) => `
  insert into money_movements (${movements.names})
  select ${movements.names} from ${movements.as('o', 'ordinal')}
  order by provider collate "C", kind collate "C", movement_id collate "C", ordinal
  on conflict do nothing
  returning ${columns()}`,
});

/** What provider ids are found by. The first booking that shows one has it. */
export const recordReferences = statement('record_references', {
  takes: { references: rows(referenceColumns) },
  gives: { externalId: text },
  sql: ({ references }, columns) => `
  insert into external_references (${references.names})
  select ${references.names} from ${references.as('o', 'ordinal')}
  order by provider collate "C", kind collate "C", external_id collate "C", ordinal
  on conflict do nothing
  returning ${columns()}`,
});

/** Bookings that are somebody else's. */
export const strangeBookings = statement('strange_bookings', {
  takes: { bookings: rows(bookingColumns) },
  gives: { id: text },
  sql: ({ bookings }) => `
  select b.booking_id as id from ${bookings.as('o')}
  cross join lateral (select * from bookings where booking_id = o.booking_id limit 1) b
  where (b.tenant, b.case_id) <> (o.tenant, o.case_id) limit 1`,
});

/** Movements that are another booking's. */
export const strangeMovements = statement('strange_movements', {
  takes: { movements: rows(movementColumns) },
  gives: { id: text },
  sql: ({ movements }) => `
  select m.kind || ' ' || m.movement_id as id
  from ${movements.as('o')}
  cross join lateral (
    select * from money_movements
    where provider = o.provider and kind = o.kind and movement_id = o.movement_id limit 1
  ) m
  where (m.tenant, m.booking_id) <> (o.tenant, o.booking_id)
  limit 1`,
});

/**
 * Keeps a difference for each movement that is recorded with another amount: ours is the recorded one. Not for the time: a provider's
 * word and ours may differ in that. In the order in which reconciliation keeps its own, or the two would deadlock.
 */
export const keepContradictions = statement('keep_contradictions', {
  takes: { movements: rows(movementColumns) },
  sql: ({ movements }) => `
  insert into reconciliation_findings as r (
    provider, day, subject, kind, tenant, booking_id, ours_minor, ours_currency, theirs_minor, theirs_currency)
  select distinct on (o.provider, o.movement_id) o.provider, (m.at at time zone 'UTC')::date, o.movement_id, 'amount-differs',
    m.tenant, m.booking_id, m.amount_minor, m.currency, o.amount_minor, o.currency
  from ${movements.as('o', 'ordinal')}
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
});

/** Payments and checkouts that are another booking's. */
export const strangeReferences = statement('strange_references', {
  takes: { references: rows(referenceColumns) },
  gives: { id: text },
  sql: ({ references }) => `
  select r.kind || ' ' || r.external_id as id
  from ${references.as('o')}
  cross join lateral (
    select * from external_references
    where provider = o.provider and kind = o.kind and external_id = o.external_id limit 1
  ) r
  where r.tenant <> o.tenant or r.booking_id is distinct from o.booking_id
  limit 1`,
});

const openBooking = {
  tenant: text,
  caseId: text,
  bookingId: text,
  provider: textOf<PaymentProvider>(),
  checkoutId: text,
  paymentId: orNull(text),
  state: textOf<BookingState>(),
  updatedAt: time,
};

/** What a page of open bookings is asked by: `after` is a booking's id. */
const pageTakes = { provider: text, before: time, after: orNull(text), limit: int4 };

/** By when they were made, which never changes: a page's place holds whatever happens to its bookings meanwhile. */
const openPage = (
  { provider, before, after, limit }: ParametersOf<typeof pageTakes>,
  columns: () => string,
  inState: string,
) => `
  select ${columns()}
  from bookings b
  where provider = ${provider} and ${inState} and checkout_id is not null and updated_at < ${before}
    and not exists (select from cases c where c.case_id = b.case_id and c.status = 'done')
    and (created_at, booking_id) >
      (coalesce((select p.created_at from bookings p where p.booking_id = ${after}), '-infinity'), coalesce(${after}, ''))
  order by created_at, booking_id limit ${limit}`;

export const awaitingBookings = statement('awaiting_bookings', {
  takes: pageTakes,
  gives: openBooking,
  sql: (page, columns) => openPage(page, columns, `state in ('opening', 'awaiting-payment')`),
});

export const heldBookings = statement('held_bookings', {
  takes: { ...pageTakes, lapsedSince: time },
  gives: openBooking,
  sql: (page, columns) =>
    openPage(
      page,
      columns,
      `state in ('held', 'lapsed') and (state = 'held' or updated_at >= ${page.lapsedSince})`,
    ),
});

/** With the payment that was asked for: a booking that was paid twice has two. */
export const bookingsByPayment = statement('bookings_by_payment', {
  takes: { provider: text, paymentIds: list(text) },
  gives: { ...openBooking, paymentId: from('r.external_id', text) },
  sql: ({ provider, paymentIds }, columns) => `
  select ${columns('b')}
  from unnest(${paymentIds}) as p(payment_id)
  cross join lateral (
    select * from external_references where provider = ${provider} and kind = 'payment' and external_id = p.payment_id limit 1
  ) r
  cross join lateral (select * from bookings where booking_id = r.booking_id limit 1) b
  where b.checkout_id is not null`,
});

const bookedMovement = {
  kind: textOf<ProviderMovement['kind']>(),
  movementId: text,
  tenant: text,
  caseId: text,
  bookingId: text,
  paymentId: text,
  amountMinor: int8,
  currency: text,
  at: time,
};

export const movementsBetween = statement('movements_between', {
  takes: { provider: text, from: time, to: time },
  gives: bookedMovement,
  sql: ({ provider, from, to }, columns) => `
  select ${columns('m')}
  from money_movements m
  where m.provider = ${provider} and m.at >= ${from} and m.at < ${to} and m.kind <> 'refund-failed'
    and (
      select true from money_movements f
      where m.kind = 'refund' and f.provider = m.provider and f.kind = 'refund-failed' and f.movement_id = m.movement_id
    ) is not true
  order by m.at, m.movement_id`,
});

/** Captures that nobody made an invoice for. One that we learned of late has its time from then on. At most 10,000: more is no list for people. */
export const uninvoicedCaptures = statement('uninvoiced_captures', {
  takes: { provider: text, from: time, to: time, before: time, tenants: list(text) },
  gives: bookedMovement,
  sql: ({ provider, from, to, before, tenants }, columns) => `
  select distinct on (m.booking_id) ${columns('m')}
  from money_movements m
  where m.provider = ${provider} and m.at >= ${from} and m.at < ${to} and m.kind = 'capture' and m.amount_minor > 0
    and greatest(m.at, m.recorded_at) < ${before} and m.tenant = any(${tenants})
    and not exists (
      select from invoices i
      where i.booking_id = m.booking_id and i.tenant = m.tenant and i.credits is null and i.status <> 'invalid'
    )
  order by m.booking_id, m.at, m.movement_id limit 10000`,
});
