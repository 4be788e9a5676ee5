import type pg from 'pg';

import { ProviderBusy, ProviderUnreachable } from '../../actors/errors.ts';
import type {
  BookedMovement,
  BookingRecord,
  Books,
  BooksReader,
  Movement,
} from '../../actors/ports/books.ts';
import type { PaymentProvider } from '../../actors/shapes/payments.ts';
import { reached } from '../database/pool.ts';
import type { RowsOf } from '../database/statement.ts';
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
  heldBookings,
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
      const page = { provider, before: new Date(before), after, limit };
      return reached('books', awaitingBookings(pool, page));
    },

    async setAside(provider, { before, lapsedSince, after, limit }) {
      const page = { provider, before: new Date(before), after, limit };
      const since = { lapsedSince: new Date(lapsedSince) };
      return reached('books', heldBookings(pool, { ...page, ...since }));
    },

    async byPayment(provider, paymentIds) {
      if (paymentIds.length === 0) return [];
      const asked = { provider, paymentIds: [...new Set(paymentIds)] };
      return reached('books', bookingsByPayment(pool, asked));
    },

    async movements(provider, { from, to }) {
      const times = { from: new Date(from), to: new Date(to) };
      const rows = await reached('books', movementsBetween(pool, { provider, ...times }));
      return rows.map((row) => bookedOf(provider, row));
    },

    async uninvoiced(provider, { from, to, before, tenants }) {
      if (tenants.length === 0) return [];
      const times = { from: new Date(from), to: new Date(to), before: new Date(before) };
      const rows = await reached(
        'books',
        uninvoicedCaptures(pool, { provider, tenants, ...times }),
      );
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
  readonly externalId: string;
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
    ...(checkoutId === null ? [] : [{ kind: 'checkout' as const, externalId: checkoutId }]),
    ...[...new Set(payments)].flatMap((id) =>
      id === null ? [] : [{ kind: 'payment' as const, externalId: id }],
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
  const bookings = prepared.map(({ record, total }) => ({
    ...record,
    totalMinor: total,
    currency: record.total.currency,
    updatedAt: Date.parse(record.at),
  }));
  const written = await recordBookings(client, { bookings });
  // Each look is a statement of its own: it has to see what another process committed while the one before it waited.
  if (written.length < bookings.length) {
    const [strange] = await strangeBookings(client, { bookings });
    if (strange) return `booking ${strange.id}`;
  }
  const movements = prepared.flatMap((one) => one.movements);
  const references = prepared.flatMap((one) => one.references);
  return (await writeReferences(client, references)) ?? writeMovements(client, movements, at);
}

async function writeReferences(
  client: pg.ClientBase,
  named: readonly Reference[],
): Promise<string | null> {
  if (named.length === 0) return null;
  const references = named.map(({ record: { tenant, caseId, bookingId }, ...reference }) => ({
    ...reference,
    tenant,
    caseId,
    bookingId,
  }));
  const written = await recordReferences(client, { references });
  if (written.length === references.length) return null;
  const [strange] = await strangeReferences(client, { references });
  return strange?.id ?? null;
}

async function writeMovements(
  client: pg.ClientBase,
  prepared: readonly PreparedMovement[],
  at: number,
): Promise<string | null> {
  if (prepared.length === 0) return null;
  const movements = prepared.map(({ record, minor, amount, ...movement }) => ({
    ...movement,
    tenant: record.tenant,
    caseId: record.caseId,
    bookingId: record.bookingId,
    amountMinor: minor,
    currency: amount.currency,
    at: Date.parse(movement.at),
    cause: record.cause,
  }));
  const written = await recordMovements(client, { movements });
  if (written.length < movements.length) {
    const [strange] = await strangeMovements(client, { movements });
    if (strange) return strange.id;
    await keepContradictions(client, { movements });
  }
  const missing = new Set(written.map((row) => keyOf(row.provider, row.kind, row.movementId)));
  // `delete`: one that stands twice in the batch moved once.
  const recorded = prepared.filter((m) => missing.delete(keyOf(m.provider, m.kind, m.movementId)));
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
  { amountMinor, currency, ...movement }: RowsOf<typeof movementsBetween>,
): BookedMovement {
  return { ...movement, provider, amount: { amountMinor: String(amountMinor), currency } };
}
