import type { InvoiceStatus } from '../../actors/ports/invoicing.ts';
import type { InvoiceProfile, InvoiceType } from '../../actors/shapes/invoices.ts';
import {
  bool,
  bytea,
  from,
  int4,
  int8,
  json,
  orNull,
  statement,
  text,
  textOf,
  time,
  uuid,
} from '../database/statement.ts';

/** Turkey is three hours ahead of UTC, summer and winter, since 2016. An interval and not a zone's name: that needs the server's zone files. */
const inTurkey = (column: string) => `(${column} at time zone interval '03:00')`;

/**
 * Locks a series in the year it is now in Turkey, and gives the next number with the time to issue it at. Not before the
 * last of its series: clocks go back. Who waited for the lock over New Year's midnight gets a time of another year, and has
 * to ask again.
 */
export const lockSeries = statement('lock_series', {
  takes: { tenant: text, series: text },
  gives: {
    year: int4,
    issuedYear: from(`extract(year from ${inTurkey('at')})::int4`, int4),
    nextNumber: from('last_number + 1', int8),
    issuedAt: from('at::text', text),
    issueDate: from(`to_char(${inTurkey('at')}, 'YYYY-MM-DD')`, text),
    issueTime: from(`to_char(${inTurkey('at')}, 'HH24:MI:SS')`, text),
  },
  sql: ({ tenant, series }, columns) => `
  with moment as (
    select greatest(clock_timestamp(), max(last_issued_at)) as at from invoice_series where tenant = ${tenant} and series = ${series}
  ), locked as (
    insert into invoice_series as s (tenant, series, year, last_number, last_issued_at)
    select ${tenant}, ${series}, extract(year from ${inTurkey('at')})::int4, 0, at from moment
    on conflict (tenant, series, year) do update set last_issued_at = greatest(s.last_issued_at, clock_timestamp())
    returning year, last_number, last_issued_at as at
  )
  select ${columns()}
  from locked`,
});

/** The number is taken where the invoice is stored. */
export const storeInvoice = statement('store_invoice', {
  takes: {
    tenant: text,
    invoiceId: text,
    caseId: text,
    bookingId: text,
    ettn: text,
    number: text,
    issuedAt: text,
    profile: text,
    type: text,
    payableMinor: text,
    taxMinor: text,
    currency: text,
    credits: orNull(text),
    replaces: orNull(text),
    alias: orNull(bytea),
    xml: bytea,
    wrappedKey: bytea,
    series: text,
    year: int4,
    nextNumber: int8,
    taxes: json,
  },
  gives: { invoiceId: text },
  sql: ({
    tenant,
    invoiceId,
    caseId,
    bookingId,
    ettn,
    number,
    issuedAt,
    profile,
    type,
    payableMinor,
    taxMinor,
    currency,
    credits,
    replaces,
    alias,
    xml,
    wrappedKey,
    series,
    year,
    nextNumber,
    taxes,
  }) => `
  with stored as (
    insert into invoices as i (
      tenant, invoice_id, case_id, booking_id, status, ettn, number, issued_at, profile, type, payable_minor, tax_minor, currency,
      credits, replaces, alias, xml, wrapped_key, taxes)
    values (${tenant}, ${invoiceId}, ${caseId}, ${bookingId}, 'queued', ${ettn}, ${number}, ${issuedAt}::timestamptz, ${profile}, ${type}, ${payableMinor}, ${taxMinor}, ${currency}, ${credits}, ${replaces}, ${alias}, ${xml}, ${wrappedKey}, ${taxes})
    on conflict (tenant, invoice_id) do update set
      case_id = excluded.case_id, booking_id = excluded.booking_id, status = excluded.status, status_detail = null,
      ettn = excluded.ettn, number = excluded.number, issued_at = excluded.issued_at, profile = excluded.profile,
      type = excluded.type, payable_minor = excluded.payable_minor, tax_minor = excluded.tax_minor,
      currency = excluded.currency, credits = excluded.credits, replaces = excluded.replaces, alias = excluded.alias,
      xml = excluded.xml, wrapped_key = excluded.wrapped_key, taxes = excluded.taxes, findings = '[]', updated_at = clock_timestamp()
    where i.number is null
    returning invoice_id
  ), counted as (
    update invoice_series set last_number = ${nextNumber} where tenant = ${tenant} and series = ${series} and year = ${year} and last_number = ${nextNumber} - 1
    returning 1
  )
  select invoice_id from stored where exists (select from counted)`,
});

const invoice = {
  tenant: text,
  invoiceId: text,
  caseId: text,
  bookingId: text,
  status: textOf<InvoiceStatus>(),
  ettn: uuid,
  number: text,
  issueDate: from(`to_char(${inTurkey('issued_at')}, 'YYYY-MM-DD')`, text),
  profile: textOf<InvoiceProfile>(),
  type: textOf<InvoiceType>(),
  payableMinor: int8,
  taxMinor: int8,
  currency: text,
  credits: orNull(text),
  alias: orNull(bytea),
  xml: bytea,
  wrappedKey: bytea,
  taxes: orNull(text),
};

/** Of those that have a number. */
export const invoiceById = statement('invoice_by_id', {
  takes: { tenant: text, invoiceId: text },
  gives: invoice,
  sql: ({ tenant, invoiceId }, columns) => `
  select ${columns()}
  from invoices where tenant = ${tenant} and invoice_id = ${invoiceId} and number is not null`,
});

/** Holds an invoice until the transaction ends, so that what credits it does so one after the other. */
export const lockCredited = statement('lock_credited', {
  takes: { tenant: text, credits: text },
  gives: { status: invoice.status, type: invoice.type, payableMinor: int8, currency: text },
  sql: ({ tenant, credits }, columns) => `
  select ${columns()} from invoices
  where tenant = ${tenant} and invoice_id = ${credits} and number is not null
  for no key update`,
});

/** What stands of an invoice's credit notes. A statement of its own: it has to see what was committed while the lock was waited for. */
export const creditedOf = statement('credited_of', {
  takes: { tenant: text, credits: text },
  gives: { creditedMinor: from('coalesce(sum(payable_minor), 0)::int8', int8) },
  sql: ({ tenant, credits }, columns) => `
  select ${columns()} from invoices
  where tenant = ${tenant} and credits = ${credits} and number is not null and status not in ('rejected', 'cancelled')`,
});

/** One that has a number meanwhile stays as it is. */
export const noteInvalidInvoice = statement('note_invalid_invoice', {
  takes: { tenant: text, invoiceId: text, caseId: text, bookingId: text, findings: json },
  sql: ({ tenant, invoiceId, caseId, bookingId, findings }) => `
  insert into invoices as i (tenant, invoice_id, case_id, booking_id, status, findings)
  values (${tenant}, ${invoiceId}, ${caseId}, ${bookingId}, 'invalid', ${findings})
  on conflict (tenant, invoice_id) do update set findings = excluded.findings, updated_at = clock_timestamp()
  where i.number is null and i.findings <> excluded.findings`,
});

/** How far each status is; the last ones are left for one another only. */
const rank = (status: string) =>
  `case ${status} when 'invalid' then 0 when 'queued' then 1 when 'submitted' then 2 when 'accepted' then 3 else 4 end`;

/** The invoice, and whether it moved; nothing if there is none. What is kept for ten years is not given up without a reason. */
export const advanceInvoice = statement('advance_invoice', {
  takes: { tenant: text, invoiceId: text, said: text, detail: orNull(text) },
  gives: {
    caseId: text,
    ettn: uuid,
    number: text,
    payableMinor: int8,
    currency: text,
    moved: from('exists (select from moved)', bool),
  },
  sql: ({ tenant, invoiceId, said, detail }, columns) => `
  with moved as (
    update invoices set status = ${said}, status_detail = ${detail}, updated_at = clock_timestamp()
    where tenant = ${tenant} and invoice_id = ${invoiceId} and number is not null and status <> ${said}
      and (${rank(said)} > ${rank('status')} or (${rank(said)} = 4 and ${rank('status')} = 4))
      and (status <> 'archived' or ${detail}::text is not null)
    returning true as moved
  )
  select ${columns()}
  from invoices where tenant = ${tenant} and invoice_id = ${invoiceId} and number is not null`,
});

/** A promise to keep it is never shortened or taken back. */
export const noteInvoiceArchive = statement('note_invoice_archive', {
  takes: {
    tenant: text,
    invoiceId: text,
    key: text,
    checksum: text,
    retainUntil: time,
    isLocked: bool,
  },
  gives: { known: bool },
  sql: ({ tenant, invoiceId, key, checksum, retainUntil, isLocked }) => `
  update invoices set pdf_key = ${key}, pdf_checksum = ${checksum}, retain_until = greatest(retain_until, ${retainUntil}::timestamptz),
    is_locked = coalesce(is_locked, false) or ${isLocked}, updated_at = clock_timestamp()
  where tenant = ${tenant} and invoice_id = ${invoiceId} and number is not null
  returning true as known`,
});
