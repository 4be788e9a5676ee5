import type { Movement } from '../../actors/ports/books.ts';
import type { InvoiceStatus } from '../../actors/ports/invoicing.ts';
import type { InvoiceType } from '../../actors/shapes/invoices.ts';
import type { BookingState, PaymentProvider } from '../../actors/shapes/payments.ts';
import { statement } from '../database/pool.ts';
import { iso } from '../database/times.ts';

export interface BookingRow {
  readonly booking_id: string;
  readonly case_id: string;
  readonly state: BookingState;
  readonly provider: PaymentProvider | null;
  readonly checkout_id: string | null;
  readonly payment_id: string | null;
  readonly total_minor: bigint;
  readonly currency: string;
  readonly captured: bigint;
  readonly refunded: bigint;
  readonly charged_back: bigint;
  readonly held_for: string | null;
  readonly updated_at: string;
  readonly created_us: bigint;
}

const columns = `b.booking_id, b.case_id, b.state, b.provider, b.checkout_id, b.payment_id, b.total_minor, b.currency,
  m.captured, m.refunded, m.charged_back, b.held_for, ${iso('b.updated_at')} as updated_at,
  (extract(epoch from b.created_at) * 1000000)::int8 as created_us`;

const sumOf = (kind: Movement['kind']) =>
  `coalesce(sum(amount_minor) filter (where kind = '${kind}'), 0)`;

/** Sums in the booking's own currency: money of another one stands among the movements alone. */
const sums = `cross join lateral (
    select ${sumOf('capture')}::int8 as captured,
      (${sumOf('refund')} - ${sumOf('refund-failed')})::int8 as refunded,
      (${sumOf('chargeback')} - ${sumOf('chargeback-reversed')})::int8 as charged_back
    from money_movements where booking_id = b.booking_id and currency = b.currency
  ) m`;

/** From a place on, newest first. The page is cut before its sums are made. */
const page = (name: string, ofState: string) =>
  statement<BookingRow>(
    name,
    `
  select ${columns}
  from (
    select * from bookings
    where tenant = $1 and ($2::text is null or provider = $2) ${ofState}
      and (created_at, booking_id) <
        (case when $3::int8 is null then 'infinity'::timestamptz else 'epoch'::timestamptz + $3::int8 * interval '1 us' end, $4)
    order by created_at desc, booking_id desc limit $5
  ) b
  ${sums}
  order by b.created_at desc, b.booking_id desc`,
  );

export const bookingPage = page('booking_page', '');
export const bookingPageOfState = page('booking_page_of_state', 'and state = $6');

export const bookingById = statement<BookingRow>(
  'booking_by_id',
  `select ${columns} from bookings b ${sums} where b.booking_id = $2 and b.tenant = $1`,
);

export const bookingsOfCase = statement<BookingRow>(
  'bookings_of_case',
  `select ${columns} from bookings b ${sums} where b.case_id = $2 and b.tenant = $1
   order by b.created_at, b.booking_id limit 200`,
);

export const hasCase = statement<{ found: boolean }>(
  'has_case',
  `select true as found from cases where case_id = $2 and tenant = $1`,
);

export const movementsOf = statement<{
  movement_id: string;
  kind: Movement['kind'];
  amount_minor: bigint;
  currency: string;
  at: string;
  cause: string;
}>(
  'movements_of',
  `select movement_id, kind, amount_minor, currency, ${iso('at')} as at, cause from money_movements
   where booking_id = $2 and tenant = $1 order by at, recorded_at, kind, movement_id limit 1000`,
);

export const invoicesOf = statement<{
  invoice_id: string;
  number: string | null;
  ettn: string | null;
  type: InvoiceType | null;
  issued_at: string | null;
  payable_minor: bigint | null;
  currency: string | null;
  status: InvoiceStatus;
  status_detail: string | null;
  findings: string;
  credits: string | null;
  replaces: string | null;
  pdf_key: string | null;
  retain_until: string | null;
}>(
  'invoices_of',
  `select invoice_id, number, ettn::text as ettn, type, ${iso('issued_at')} as issued_at, payable_minor, currency, status,
     status_detail, findings, credits, replaces, pdf_key, ${iso('retain_until')} as retain_until
   from invoices where booking_id = $2 and tenant = $1 order by created_at, invoice_id limit 200`,
);

export const pdfOfInvoice = statement<{
  pdf_key: string;
  pdf_checksum: string;
  number: string;
}>(
  'pdf_of_invoice',
  `select pdf_key, pdf_checksum, number from invoices
   where tenant = $1 and invoice_id = $2 and pdf_key is not null and number is not null`,
);

export const unplacedFindings = statement<{ unplaced: number }>(
  'unplaced_findings',
  `select count(*)::int4 as unplaced from reconciliation_findings where closed_at is null and tenant is null`,
);
