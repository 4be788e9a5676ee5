import { setTimeout as delay } from 'node:timers/promises';

import type { Cluster } from '../cluster.ts';

/** A booking as staff see it. */
export interface SeenBooking {
  readonly bookingId: string;
  readonly state: string;
  readonly checkoutId: string | null;
  readonly paymentId: string | null;
  /** Minor units that went back. */
  readonly refundedMinor: number;
}

interface Seen<Row> {
  readonly rows: Map<string, Row>;
  /** Called after each look; told that it was the last one, they end. */
  readonly waiting: Set<(isLast?: true) => void>;
}

/** Follows cases and bookings in the database, for as many who wait as there are, with one query each. */
export interface Watch extends AsyncDisposable {
  booking(bookingId: string): SeenBooking | undefined;
  /** Null if it did not come to that within `timeoutMs`. */
  untilBooking(
    bookingId: string,
    holds: (booking: SeenBooking) => boolean,
    timeoutMs: number,
  ): Promise<SeenBooking | null>;
  /** The same of a case, by its tags and its state as JSON. */
  untilCase(
    caseId: string,
    holds: (seen: { readonly tags: readonly string[]; readonly state: string }) => boolean,
    timeoutMs: number,
  ): Promise<boolean>;
}

const everyMs = 150;
/** A row shows some time after the time that is written in it. */
const overlapMs = 30_000;

interface SeenCase {
  readonly tags: readonly string[];
  readonly state: string;
}

export function watchOver(cluster: Cluster): Watch {
  const bookings: Seen<SeenBooking> = { rows: new Map(), waiting: new Set() };
  const cases: Seen<SeenCase> = { rows: new Map(), waiting: new Set() };
  const wanted = new Map<string, number>();
  const stopped = new AbortController();
  let since = 0;

  async function look(): Promise<void> {
    const rows = await cluster.query<SeenBooking & { at: number }>(
      `select booking_id as "bookingId", state, checkout_id as "checkoutId", payment_id as "paymentId",
         (extract(epoch from updated_at) * 1000)::float8 as at,
         coalesce((select sum(case kind when 'refund' then amount_minor when 'refund-failed' then -amount_minor else 0 end)
           from money_movements m where m.booking_id = b.booking_id), 0)::float8 as "refundedMinor"
       from bookings b where updated_at > to_timestamp($1::float8 / 1000)`,
      [Math.max(0, since - overlapMs)],
    );
    for (const row of rows) {
      bookings.rows.set(row.bookingId, row);
      since = Math.max(since, row.at);
    }
    if (wanted.size > 0) {
      const found = await cluster.query<SeenCase & { case_id: string }>(
        'select case_id, tags, state from cases where case_id = any($1)',
        [[...wanted.keys()]],
      );
      for (const { case_id: caseId, ...row } of found) cases.rows.set(caseId, row);
    }
    for (const check of [...bookings.waiting, ...cases.waiting]) check();
  }

  async function follow(): Promise<void> {
    while (!stopped.signal.aborted) {
      // A look that fails is followed by the next one.
      await look().catch(() => undefined);
      await delay(everyMs, undefined, { signal: stopped.signal }).catch(() => undefined);
    }
  }
  const following = follow();

  function until<Row>(
    { rows, waiting }: Seen<Row>,
    id: string,
    holds: (row: Row) => boolean,
    timeoutMs: number,
  ): Promise<Row | null> {
    const { promise, resolve } = Promise.withResolvers<Row | null>();
    const end = (row: Row | null) => {
      clearTimeout(timer);
      waiting.delete(check);
      resolve(row);
    };
    const timer = setTimeout(end, timeoutMs, null);
    const check = (isLast?: true) => {
      const row = rows.get(id);
      if (row !== undefined && holds(row)) end(row);
      else if (isLast) end(null);
    };
    waiting.add(check);
    check();
    return promise;
  }

  return {
    booking: (bookingId) => bookings.rows.get(bookingId),
    untilBooking: (bookingId, holds, timeoutMs) => until(bookings, bookingId, holds, timeoutMs),
    async untilCase(caseId, holds, timeoutMs) {
      wanted.set(caseId, (wanted.get(caseId) ?? 0) + 1);
      const found = await until(cases, caseId, holds, timeoutMs);
      wanted.delete(caseId);
      return found !== null;
    },
    async [Symbol.asyncDispose]() {
      stopped.abort();
      await following;
      for (const check of [...bookings.waiting, ...cases.waiting]) check(true);
    },
  };
}
