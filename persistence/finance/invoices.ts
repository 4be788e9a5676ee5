import type pg from 'pg';

import { ProviderBusy } from '../../actors/errors.ts';
import type {
  CreditedInvoice,
  InvoiceRecord,
  InvoiceRegister,
  InvoiceTaxes,
  NewInvoice,
} from '../../actors/ports/invoicing.ts';
import { reached } from '../database/pool.ts';
import type { RowsOf } from '../database/statement.ts';
import { inTransaction } from '../database/transaction.ts';
import { decrypt, decryptBytes, encrypt, type Place } from '../encryption/cipher.ts';
import type { Keyring, NewDataKey } from '../encryption/keyring.ts';
import type { AuditEntry } from '../ledger/audit-chain.ts';
import { appendMoneyAudit, moneyChain } from './audit.ts';
import {
  advanceInvoice,
  creditedOf,
  invoiceById,
  lockCredited,
  lockSeries,
  noteInvalidInvoice,
  noteInvoiceArchive,
  storeInvoice,
} from './invoices-sql.ts';

/** Invoices of one series that wait in this process for their turn. */
const maxInLine = 100;
/** Looks at a series at most: the year turns once while we wait. */
const maxLooks = 3;
/** Steps of an invoice that are in the audit trail. That it was sent is not: the integrator's word comes after. */
const audited: ReadonlySet<string> = new Set(['accepted', 'rejected', 'cancelled', 'archived']);

export interface InvoiceRegisterOptions {
  readonly pool: pg.Pool;
  readonly keyring: Keyring;
  /** Epoch ms: of the audit trail's lines, and of nothing else. `Date.now` if absent. */
  readonly now?: () => number;
}

type Make = Parameters<InvoiceRegister['issue']>[1];

/** What issuing came to inside the transaction. What `make` threw is no error of the database's. */
type Issued =
  | { readonly kind: 'stored' | 'known' | 'year-turned' }
  | { readonly kind: 'thrown'; readonly error: unknown };

/**
 * Issued invoices in PostgreSQL, with numbers that have no gap within a tenant's series and year: whoever issues one holds
 * the series' row until the invoice is committed with its number. Document and alias are encrypted with a key of the
 * invoice's own, wrapped for its tenant, so that they outlive their case's key: the law wants them for ten years.
 *
 * That it was issued, accepted, rejected, cancelled or archived is a line of the tenant's chain of money, in the same
 * transaction.
 *
 * `find` knows only what has a number. `advance` and `noteArchived` throw an `Error` for an invoice that has none, `issue` a
 * `RangeError` for a series that is not three of `A-Z 0-9`, and all of it `ProviderUnreachable` when the database is away.
 * @throws {ProviderBusy} of `issue`: too many wait for this series here; nothing was done
 */
export function createInvoiceRegister(options: InvoiceRegisterOptions): InvoiceRegister {
  const { pool, keyring, now = Date.now } = options;
  /** Who issued last in each series. One after the other here, so that those who wait for a row do not hold all connections. */
  const lines = new Map<string, { last: Promise<unknown>; length: number }>();

  async function inLine<T>(name: string, work: () => Promise<T>): Promise<T> {
    const line = lines.get(name) ?? { last: Promise.resolve(), length: 0 };
    if (line.length >= maxInLine) throw new ProviderBusy('invoices', 'queue_full', 1_000);
    const done = line.last.then(work, work);
    line.last = done;
    line.length += 1;
    lines.set(name, line);
    try {
      return await done;
    } finally {
      line.length -= 1;
      if (line.length === 0) lines.delete(name);
    }
  }

  async function find(tenant: string, invoiceId: string): Promise<InvoiceRecord | null> {
    const [row] = await reached('invoices', invoiceById(pool, { tenant, invoiceId }));
    if (!row) return null;
    const key = await keyring.unwrap(tenant, row.caseId, row.wrappedKey);
    const alias = row.alias && decrypt(key, placeOf(row, 'alias'), row.alias);
    return { ...recordOf(row), alias, xml: decryptBytes(key, placeOf(row, 'xml'), row.xml) };
  }

  async function issueOnce(invoice: NewInvoice, key: NewDataKey, make: Make): Promise<Issued> {
    return inTransaction(pool, async (client) => {
      const issued = await issueIn(client, invoice, { key, make, at: now() });
      return { commit: issued.kind === 'stored', value: issued };
    });
  }

  return {
    find,

    async issue(invoice, make) {
      const { tenant, caseId, invoiceId, series } = invoice;
      if (!/^[A-Z0-9]{3}$/.test(series)) throw new RangeError('A series is three of A-Z 0-9');
      const known = await find(tenant, invoiceId);
      if (known) return known;
      // Before the row is locked: a keyring may be on another machine.
      const key = await keyring.newDataKey(tenant, caseId);
      for (let looks = 1; ; looks++) {
        const issued = await inLine(`${tenant}/${series}`, () =>
          reached('invoices', issueOnce(invoice, key, make)),
        );
        if (issued.kind === 'thrown') throw issued.error;
        if (issued.kind === 'year-turned' && looks < maxLooks) continue;
        const record = await find(tenant, invoiceId);
        if (!record) throw new Error(`Invoice ${invoiceId} could not be issued: ${issued.kind}`);
        return record;
      }
    },

    async noteInvalid({ tenant, caseId, bookingId, invoiceId }, findings) {
      const named = findings.map(({ rule, element, message }) => ({ rule, element, message }));
      const invoice = { tenant, invoiceId, caseId, bookingId };
      await reached('invoices', noteInvalidInvoice(pool, { ...invoice, findings: named }));
    },

    async advance(tenant, invoiceId, status, detail) {
      const step = { tenant, invoiceId, said: status, detail };
      const advanced = audited.has(status)
        ? inTransaction(pool, async (client) => {
            const found = await advanceInvoice(client, step);
            const [row] = found;
            if (row?.moved === true) {
              const { ettn, number, currency } = row;
              const amountMinor = String(row.payableMinor);
              const said = { number, ettn, amountMinor, currency, detail };
              const about = { tenant, caseId: row.caseId, invoiceId };
              await appendMoneyAudit(client, [auditOf(about, status, said, now())]);
            }
            return { commit: true, value: found };
          })
        : advanceInvoice(pool, step);
      const [found] = await reached('invoices', advanced);
      if (!found) throw new Error(`There is no invoice ${invoiceId}`);
    },

    async noteArchived(tenant, invoiceId, archived) {
      const { key, checksum, isLocked } = archived;
      const retainUntil = new Date(archived.retainUntil);
      const [found] = await reached(
        'invoices',
        noteInvoiceArchive(pool, { tenant, invoiceId, key, checksum, retainUntil, isLocked }),
      );
      if (!found) throw new Error(`There is no invoice ${invoiceId}`);
    },
  };
}

async function issueIn(
  client: pg.ClientBase,
  invoice: NewInvoice,
  { key, make, at }: { readonly key: NewDataKey; readonly make: Make; readonly at: number },
): Promise<Issued> {
  const { tenant, caseId, invoiceId, series, payable, tax } = invoice;
  const [turn] = await lockSeries(client, { tenant, series });
  if (!turn || turn.issuedYear !== turn.year) return { kind: 'year-turned' };
  // Now that we hold the row: it may have been issued while we waited.
  const [known] = await invoiceById(client, { tenant, invoiceId });
  if (known) return { kind: 'known' };

  const number = `${series}${turn.year}${String(turn.nextNumber).padStart(9, '0')}`;
  const { issueDate, issueTime } = turn;
  const credited = await creditedIn(client, invoice);
  const row = { tenant, caseId, invoiceId };
  let alias: Buffer | null;
  let xml: Buffer;
  try {
    if (payable.currency !== tax.currency) throw new RangeError('An invoice has one currency');
    const made = make({ number, issueDate, issueTime, credited });
    const bytes = Buffer.from(made.buffer, made.byteOffset, made.byteLength);
    xml = encrypt(key, placeOf(row, 'xml'), bytes);
    alias = invoice.alias === null ? null : encrypt(key, placeOf(row, 'alias'), invoice.alias);
  } catch (error) {
    return { kind: 'thrown', error };
  }
  const [stored] = await storeInvoice(client, {
    ...invoice,
    number,
    issuedAt: turn.issuedAt,
    payableMinor: payable.amountMinor,
    taxMinor: tax.amountMinor,
    currency: payable.currency,
    alias,
    xml,
    wrappedKey: key.wrapped,
    year: turn.year,
    nextNumber: turn.nextNumber,
  });
  if (!stored) return { kind: 'known' };
  const { ettn, type, credits, replaces } = invoice;
  const said = { number, ettn, ...payable, type, credits, replaces };
  await appendMoneyAudit(client, [auditOf(invoice, 'issued', said, at)]);
  return { kind: 'stored' };
}

async function creditedIn(
  client: pg.ClientBase,
  { tenant, credits }: NewInvoice,
): Promise<CreditedInvoice | null> {
  if (credits === null) return null;
  const [row] = await lockCredited(client, { tenant, credits });
  if (!row) return null;
  const { status, type, currency } = row;
  const [sum] = await creditedOf(client, { tenant, credits });
  return {
    status,
    type,
    payable: { amountMinor: String(row.payableMinor), currency },
    credited: { amountMinor: String(sum?.creditedMinor ?? 0n), currency },
  };
}

/** Nothing of the buyer's: the trail is never erased. */
function auditOf(
  { tenant, caseId, invoiceId }: Pick<NewInvoice, 'tenant' | 'caseId' | 'invoiceId'>,
  step: string,
  said: Readonly<Record<string, string | null>>,
  at: number,
): AuditEntry {
  return {
    chain: moneyChain(tenant),
    at,
    actor: 'performers',
    action: `invoice.${step}`,
    caseId,
    caseSeq: null,
    subject: invoiceId,
    detail: JSON.stringify(said),
  };
}

type Located = Pick<NewInvoice, 'tenant' | 'caseId' | 'invoiceId'>;

function placeOf({ tenant, caseId, invoiceId: row }: Located, column: string): Place {
  return { tenant, caseId, table: 'invoices', column, row };
}

function recordOf({
  wrappedKey: _wrappedKey,
  payableMinor,
  taxMinor,
  currency,
  taxes,
  ...row
}: RowsOf<typeof invoiceById>) {
  return {
    ...row,
    payable: { amountMinor: String(payableMinor), currency },
    tax: { amountMinor: String(taxMinor), currency },
    // As we stored it, and it never changes.
    taxes: taxes === null ? null : (JSON.parse(taxes) as InvoiceTaxes),
  };
}
