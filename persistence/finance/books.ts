import type pg from 'pg';

import { ProviderBusy, ProviderUnreachable } from '../../actors/errors.ts';
import type {
  BookedMovement,
  BookingRecord,
  Books,
  BooksReader,
  Movement,
  OpenBooking,
} from '../../actors/ports/books.ts';
import type { PaymentProvider } from '../../actors/shapes/payments.ts';
import { int4Array, int8Array, textArray, timestamptzArray } from '../database/array-codec.ts';
import { reached } from '../database/pool.ts';
import { inTransaction } from '../database/transaction.ts';
import type { AuditEntry } from '../ledger/audit-chain.ts';
import { appendMoneyAudit, moneyChain } from './audit.ts';
import {
  awaitingBookings,
  bookingsByPayment,
  keepContradictions,
  movementsBetween,
  recordBookings,
  recordMovements,
  recordReferences,
  setAsideBookings,
  strangeBookings,
  strangeMovements,
  strangeReferences,
  uninvoicedCaptures,
} from './books-sql.ts';

/** Records in one transaction: about 100 KB of parameters. */
const maxBatch = 256;
/** Records that wait for their transaction. */
const maxQueue = 10_000;

export interface BooksOptions {
  readonly pool: pg.Pool;
  /** Epoch ms. */
  readonly now?: () => number;
}

/**
 * Our books in PostgreSQL. Concurrent records share transactions: 4,000 (beside other work) to
 * 14,800 records a second into one database on 2 cores, each with a capture, its audit line and two references.
 *
 * `record` also throws an `Error`, with nothing of the record kept, when it contradicts whose something is: a movement, a
 * payment or a checkout that is another booking's, or a booking of another case. And a `RangeError` when there is money in it
 * but no provider or no payment that it moved by.
 * @throws {ProviderBusy} too many records wait; nothing was done
 */
export function createBooks({ pool, now = Date.now }: BooksOptions): Books & BooksReader {
  let queue: Waiting[] = [];
  let isWriting = false;

  /** While one batch is written the next one gathers. */
  async function write(): Promise<void> {
    isWriting = true;
    while (queue.length > 0) {
      const batch = queue.slice(0, maxBatch);
      queue = queue.slice(maxBatch);
      try {
        await writeTogether(batch.map(({ prepared }) => prepared));
        for (const { resolve } of batch) resolve();
      } catch (error) {
        if (batch.length === 1 || error instanceof ProviderUnreachable) {
          for (const { reject } of batch) reject(error);
        } else await writeAlone(batch);
      }
    }
    isWriting = false;
  }

  /** One of them cannot be written, and the others must not suffer for it. */
  async function writeAlone(batch: readonly Waiting[]): Promise<void> {
    for (const { prepared, resolve, reject } of batch) {
      try {
        await writeTogether([prepared]);
        resolve();
      } catch (error) {
        reject(error);
      }
    }
  }

  async function writeTogether(records: readonly Prepared[]): Promise<void> {
    const contradiction = await reached(
      'books',
      inTransaction(pool, async (client) => {
        const strange = await writeRecords(client, records, now());
        return { commit: strange === null, value: strange };
      }),
    );
    if (contradiction !== null)
      throw new Error(`The books have another word on ${contradiction}; nothing was recorded`);
  }

  return {
    async record(record) {
      const prepared = prepare(record); // What is wrong with it meets this record alone.
      if (queue.length >= maxQueue) throw new ProviderBusy('books', 'queue_full', 1_000);
      await new Promise<void>((resolve, reject) => {
        queue.push({ prepared, resolve, reject });
        if (!isWriting) {
          isWriting = true;
          setImmediate(() => void write());
        }
      });
    },

    async awaiting(provider, { before, after, limit }) {
      const values = [provider, new Date(before), after, limit];
      return (await reached('books', awaitingBookings(pool, values))).map(openBookingOf);
    },

    async setAside(provider, { before, lapsedSince, after, limit }) {
      const values = [provider, new Date(before), after, limit, new Date(lapsedSince)];
      return (await reached('books', setAsideBookings(pool, values))).map(openBookingOf);
    },

    async byPayment(provider, paymentIds) {
      if (paymentIds.length === 0) return [];
      const values = [provider, textArray([...new Set(paymentIds)])];
      return (await reached('books', bookingsByPayment(pool, values))).map(openBookingOf);
    },

    async movements(provider, { from, to }) {
      const values = [provider, new Date(from), new Date(to)];
      const rows = await reached('books', movementsBetween(pool, values));
      return rows.map((row) => bookedOf(provider, row));
    },

    async uninvoiced(provider, { from, to, before, tenants }) {
      if (tenants.length === 0) return [];
      const values = [provider, new Date(from), new Date(to), new Date(before), textArray(tenants)];
      const rows = await reached('books', uninvoicedCaptures(pool, values));
      return rows.map((row) => bookedOf(provider, row));
    },
  };
}

interface Waiting {
  readonly prepared: Prepared;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/** A movement with what its row needs of the record. */
interface PreparedMovement extends Movement {
  readonly provider: PaymentProvider;
  readonly paymentId: string;
  readonly minor: bigint;
  readonly record: BookingRecord;
}

interface Reference {
  readonly kind: 'checkout' | 'payment';
  readonly id: string;
  readonly provider: PaymentProvider;
  readonly record: BookingRecord;
}

/** A record that PostgreSQL can store, as far as one can tell without asking it. */
interface Prepared {
  readonly record: BookingRecord;
  readonly total: bigint;
  readonly movements: readonly PreparedMovement[];
  readonly references: readonly Reference[];
}

function prepare(record: BookingRecord): Prepared {
  const { provider, bookingId, checkoutId, paymentId } = record;
  // PostgreSQL has no such character, and would refuse the whole batch for it.
  if (JSON.stringify(record).includes(String.raw`\u0000`))
    throw new RangeError('A record has a U+0000');
  if (Number.isNaN(Date.parse(record.at))) throw new RangeError('A record needs its time');
  const movements = record.movements.map((movement): PreparedMovement => {
    // A capture's id is its payment's, which need not be the booking's: it may have been paid twice.
    const movedBy = movement.kind === 'capture' ? movement.movementId : paymentId;
    if (provider === null || movedBy === null)
      throw new RangeError(`A movement of ${bookingId} names no payment`);
    if (Number.isNaN(Date.parse(movement.at))) throw new RangeError('A movement needs its time');
    const minor = minorOf(movement.amount.amountMinor);
    return { ...movement, provider, paymentId: movedBy, minor, record };
  });
  const payments = [paymentId, ...movements.map((movement) => movement.paymentId)];
  const named = [
    ...(checkoutId === null ? [] : [{ kind: 'checkout' as const, id: checkoutId }]),
    ...[...new Set(payments)].flatMap((id) =>
      id === null ? [] : [{ kind: 'payment' as const, id }],
    ),
  ];
  const references =
    provider === null ? [] : named.map((reference) => ({ ...reference, provider, record }));
  return { record, total: minorOf(record.total.amountMinor), movements, references };
}

/** At most 18 digits, as the events have it: 64 bits always hold it. */
function minorOf(amount: string): bigint {
  if (!/^(?:0|[1-9]\d{0,17})$/.test(amount)) throw new RangeError('Not an amount in minor units');
  return BigInt(amount);
}

/** Writes all of them, or answers what contradicts the books, and then the transaction has to be undone. */
async function writeRecords(
  client: pg.ClientBase,
  prepared: readonly Prepared[],
  at: number,
): Promise<string | null> {
  const records = prepared.map(({ record }) => record);
  const movements = prepared.flatMap((one) => one.movements);
  const references = prepared.flatMap((one) => one.references);

  const bookingIds = textArray(records.map((r) => r.bookingId));
  const tenants = textArray(records.map((r) => r.tenant));
  const caseIds = textArray(records.map((r) => r.caseId));
  const written = await recordBookings(client, [
    bookingIds,
    tenants,
    caseIds,
    int4Array(records.map((r) => r.revision)),
    textArray(records.map((r) => r.state)),
    textArray(records.map((r) => r.provider)),
    textArray(records.map((r) => r.checkoutId)),
    textArray(records.map((r) => r.paymentId)),
    int8Array(prepared.map(({ total }) => total)),
    textArray(records.map((r) => r.total.currency)),
    textArray(records.map((r) => r.heldFor)),
    timestamptzArray(records.map((r) => Date.parse(r.at))),
  ]);
  // Each look is a statement of its own: it has to see what another process committed while the one before it waited.
  if (written.length < records.length) {
    const [strange] = await strangeBookings(client, [bookingIds, tenants, caseIds]);
    if (strange) return `booking ${strange.id}`;
  }
  const strange =
    (await writeReferences(client, references)) ?? (await writeMovements(client, movements, at));
  return strange;
}

async function writeReferences(
  client: pg.ClientBase,
  references: readonly Reference[],
): Promise<string | null> {
  if (references.length === 0) return null;
  const named = [
    textArray(references.map((r) => r.provider)),
    textArray(references.map((r) => r.kind)),
    textArray(references.map((r) => r.id)),
    textArray(references.map((r) => r.record.tenant)),
  ];
  const bookingIds = textArray(references.map((r) => r.record.bookingId));
  const caseIds = textArray(references.map((r) => r.record.caseId));
  const written = await recordReferences(client, [...named, caseIds, bookingIds]);
  if (written.length === references.length) return null;
  const [strange] = await strangeReferences(client, [...named, bookingIds]);
  return strange?.id ?? null;
}

async function writeMovements(
  client: pg.ClientBase,
  movements: readonly PreparedMovement[],
  at: number,
): Promise<string | null> {
  if (movements.length === 0) return null;
  const ids = [
    textArray(movements.map((m) => m.provider)),
    textArray(movements.map((m) => m.kind)),
    textArray(movements.map((m) => m.movementId)),
  ];
  const named = [...ids, textArray(movements.map((m) => m.record.tenant))];
  const bookingIds = textArray(movements.map((m) => m.record.bookingId));
  const amounts = int8Array(movements.map((m) => m.minor));
  const currencies = textArray(movements.map((m) => m.amount.currency));
  const written = await recordMovements(client, [
    ...named,
    textArray(movements.map((m) => m.record.caseId)),
    bookingIds,
    textArray(movements.map((m) => m.paymentId)),
    amounts,
    currencies,
    timestamptzArray(movements.map((m) => Date.parse(m.at))),
    textArray(movements.map((m) => m.record.cause)),
  ]);
  if (written.length < movements.length) {
    const [strange] = await strangeMovements(client, [...named, bookingIds]);
    if (strange) return strange.id;
    await keepContradictions(client, [...ids, amounts, currencies]);
  }
  const missing = new Set(written.map((row) => keyOf(row.provider, row.kind, row.movement_id)));
  // `delete`: one that stands twice in the batch moved once.
  const recorded = movements.filter((m) => missing.delete(keyOf(m.provider, m.kind, m.movementId)));
  await appendMoneyAudit(
    client,
    recorded.map((movement) => auditOf(movement, at)),
  );
  return null;
}

const keyOf = (provider: string, kind: string, id: string) => `${provider} ${kind} ${id}`;

function auditOf(
  { kind, movementId, provider, amount, record }: PreparedMovement,
  at: number,
): AuditEntry {
  const { tenant, caseId, bookingId, cause } = record;
  const { amountMinor, currency } = amount;
  return {
    chain: moneyChain(tenant),
    at,
    actor: 'performers',
    action: `money.${kind}`,
    caseId,
    caseSeq: null,
    subject: movementId,
    detail: JSON.stringify({ provider, bookingId, amountMinor, currency, cause }),
  };
}

function bookedOf(
  provider: PaymentProvider,
  row: Awaited<ReturnType<typeof movementsBetween>>[number],
): BookedMovement {
  return {
    provider,
    movementId: row.movement_id,
    kind: row.kind,
    paymentId: row.payment_id,
    bookingId: row.booking_id,
    amount: { amountMinor: String(row.amount_minor), currency: row.currency },
    at: row.at,
    caseId: row.case_id,
    tenant: row.tenant,
  };
}

function openBookingOf(row: Awaited<ReturnType<typeof awaitingBookings>>[number]): OpenBooking {
  return {
    tenant: row.tenant,
    caseId: row.case_id,
    bookingId: row.booking_id,
    provider: row.provider,
    checkoutId: row.checkout_id,
    paymentId: row.payment_id,
    state: row.state,
    updatedAt: row.updated_at,
  };
}
