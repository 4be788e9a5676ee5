import type { InvoiceStatus } from '../../actors/ports/invoicing.ts';
import type { InvoiceProfile, InvoiceType } from '../../actors/shapes/invoices.ts';
import { statement } from '../database/pool.ts';

/** Turkey is three hours ahead of UTC, summer and winter, since 2016. An interval and not a zone's name: that needs the server's zone files. */
const inTurkey = (column: string) => `(${column} at time zone interval '03:00')`;

/**
 * Locks a series in the year it is now in Turkey, and gives the next number with the time to issue it at. Not before the
 * last of its series: clocks go back. Who waited for the lock over New Year's midnight gets a time of another year, and has
 * to ask again.
 */
export const lockSeries = statement<{
  year: number;
  issued_year: number;
  next_number: bigint;
  issued_at: string;
  issue_date: string;
  issue_time: string;
}>(
  'lock_series',
  `
  with moment as (
    select greatest(clock_timestamp(), max(last_issued_at)) as at from invoice_series where tenant = $1 and series = $2
  ), locked as (
    insert into invoice_series as s (tenant, series, year, last_number, last_issued_at)
    select $1, $2, extract(year from ${inTurkey('at')})::int4, 0, at from moment
    on conflict (tenant, series, year) do update set last_issued_at = greatest(s.last_issued_at, clock_timestamp())
    returning year, last_number, last_issued_at as at
  )
  select year, extract(year from ${inTurkey('at')})::int4 as issued_year, last_number + 1 as next_number, at::text as issued_at,
    to_char(${inTurkey('at')}, 'YYYY-MM-DD') as issue_date, to_char(${inTurkey('at')}, 'HH24:MI:SS') as issue_time
  from locked`,
);

/** The number is taken where the invoice is stored. */
export const storeInvoice = statement<{ invoice_id: string }>(
  'store_invoice',
  `
  with stored as (
    insert into invoices as i (
      tenant, invoice_id, case_id, booking_id, status, ettn, number, issued_at, profile, type, payable_minor, tax_minor, currency,
      credits, replaces, alias, xml, wrapped_key, taxes)
    values ($1, $2, $3, $4, 'queued', $5, $6, $7::timestamptz, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $21)
    on conflict (tenant, invoice_id) do update set
      case_id = excluded.case_id, booking_id = excluded.booking_id, status = excluded.status, status_detail = null,
      ettn = excluded.ettn, number = excluded.number, issued_at = excluded.issued_at, profile = excluded.profile,
      type = excluded.type, payable_minor = excluded.payable_minor, tax_minor = excluded.tax_minor,
      currency = excluded.currency, credits = excluded.credits, replaces = excluded.replaces, alias = excluded.alias,
      xml = excluded.xml, wrapped_key = excluded.wrapped_key, taxes = excluded.taxes, findings = '[]', updated_at = clock_timestamp()
    where i.number is null
    returning invoice_id
  ), counted as (
    update invoice_series set last_number = $20 where tenant = $1 and series = $18 and year = $19 and last_number = $20 - 1
    returning 1
  )
  select invoice_id from stored where exists (select from counted)`,
);

export interface InvoiceRow {
  readonly tenant: string;
  readonly invoice_id: string;
  readonly case_id: string;
  readonly booking_id: string;
  readonly status: InvoiceStatus;
  readonly ettn: string;
  readonly number: string;
  readonly issue_date: string;
  readonly profile: InvoiceProfile;
  readonly type: InvoiceType;
  readonly payable_minor: bigint;
  readonly tax_minor: bigint;
  readonly currency: string;
  readonly credits: string | null;
  readonly alias: Buffer | null;
  readonly xml: Buffer;
  readonly wrapped_key: Buffer;
  readonly taxes: string | null;
}

/** Of those that have a number. */
export const invoiceById = statement<InvoiceRow>(
  'invoice_by_id',
  `
  select tenant, invoice_id, case_id, booking_id, status, ettn::text as ettn, number,
    to_char(${inTurkey('issued_at')}, 'YYYY-MM-DD') as issue_date, profile, type, payable_minor, tax_minor, currency, credits, alias,
    xml, wrapped_key, taxes
  from invoices where tenant = $1 and invoice_id = $2 and number is not null`,
);

/** Holds an invoice until the transaction ends, so that what credits it does so one after the other. */
export const lockCredited = statement<
  Pick<InvoiceRow, 'status' | 'type' | 'payable_minor' | 'currency'>
>(
  'lock_credited',
  `
  select status, type, payable_minor, currency from invoices
  where tenant = $1 and invoice_id = $2 and number is not null
  for no key update`,
);

/** What stands of an invoice's credit notes. A statement of its own: it has to see what was committed while the lock was waited for. */
export const creditedOf = statement<{ credited_minor: bigint }>(
  'credited_of',
  `
  select coalesce(sum(payable_minor), 0)::int8 as credited_minor from invoices
  where tenant = $1 and credits = $2 and number is not null and status not in ('rejected', 'cancelled')`,
);

/** One that has a number meanwhile stays as it is. */
export const noteInvalidInvoice = statement(
  'note_invalid_invoice',
  `
  insert into invoices as i (tenant, invoice_id, case_id, booking_id, status, findings)
  values ($1, $2, $3, $4, 'invalid', $5)
  on conflict (tenant, invoice_id) do update set findings = excluded.findings, updated_at = clock_timestamp()
  where i.number is null and i.findings <> excluded.findings`,
);

/** How far each status is; the last ones are left for one another only. */
const rank = (status: string) =>
  `case ${status} when 'invalid' then 0 when 'queued' then 1 when 'submitted' then 2 when 'accepted' then 3 else 4 end`;

/** The invoice, and whether it moved; nothing if there is none. What is kept for ten years is not given up without a reason. */
export const advanceInvoice = statement<
  Pick<InvoiceRow, 'case_id' | 'ettn' | 'number' | 'payable_minor' | 'currency'> & {
    readonly moved: boolean;
  }
>(
  'advance_invoice',
  `
  with moved as (
    update invoices set status = $3, status_detail = $4, updated_at = clock_timestamp()
    where tenant = $1 and invoice_id = $2 and number is not null and status <> $3
      and (${rank('$3')} > ${rank('status')} or (${rank('$3')} = 4 and ${rank('status')} = 4))
      and (status <> 'archived' or $4::text is not null)
    returning true as moved
  )
  select case_id, ettn::text as ettn, number, payable_minor, currency, exists (select from moved) as moved
  from invoices where tenant = $1 and invoice_id = $2 and number is not null`,
);

/** A promise to keep it is never shortened or taken back. */
export const noteInvoiceArchive = statement<{ known: boolean }>(
  'note_invoice_archive',
  `
  update invoices set pdf_key = $3, pdf_checksum = $4, retain_until = greatest(retain_until, $5::timestamptz),
    is_locked = coalesce(is_locked, false) or $6, updated_at = clock_timestamp()
  where tenant = $1 and invoice_id = $2 and number is not null
  returning true as known`,
);
