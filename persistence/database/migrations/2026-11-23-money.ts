import { Migration } from '@mikro-orm/migrations';

/** Our books: bookings as staff see them, money that moved, invoices with their numbers, and differences from providers' books. */
export class Money20261123 extends Migration {
  override up(): void {
    this.addSql(`
      create table bookings (
        booking_id text collate "C" primary key,
        tenant text collate "C" not null,
        case_id text collate "C" not null,
        revision integer not null,
        state text not null check (state in
          ('opening', 'awaiting-payment', 'held', 'confirmed', 'refunding', 'refunded', 'disputed', 'lapsed')),
        provider text collate "C",
        checkout_id text collate "C",
        payment_id text collate "C",
        total_minor bigint not null check (total_minor >= 0),
        currency text not null check (currency ~ '^[A-Z]{3}$'),
        held_for text,
        updated_at timestamptz not null,
        created_at timestamptz not null default clock_timestamp()
      ) with (fillfactor = 80)`);
    // Pages go by "created_at", which never changes: a booking that moves on between two pages is neither skipped nor repeated.
    this.addSql(`create index bookings_by_age on bookings (tenant, created_at, booking_id)`);
    this.addSql(
      `create index bookings_by_state on bookings (tenant, state, created_at, booking_id)`,
    );
    this.addSql(`create index bookings_of_case on bookings (case_id)`);
    this.addSql(`
      create index bookings_awaiting on bookings (provider, created_at, booking_id)
      where state in ('opening', 'awaiting-payment') and checkout_id is not null`);
    this.addSql(`
      create table money_movements (
        provider text collate "C" not null,
        kind text collate "C" not null
          check (kind in ('capture', 'refund', 'refund-failed', 'chargeback', 'chargeback-reversed')),
        movement_id text collate "C" not null,
        tenant text collate "C" not null,
        case_id text collate "C" not null,
        booking_id text collate "C" not null,
        payment_id text collate "C" not null,
        amount_minor bigint not null check (amount_minor >= 0),
        currency text not null check (currency ~ '^[A-Z]{3}$'),
        at timestamptz not null,
        cause text not null,
        recorded_at timestamptz not null default clock_timestamp(),
        primary key (provider, kind, movement_id)
      )`);
    this.addSql(`create index money_movements_of_booking on money_movements (booking_id, at)`);
    this.addSql(`create index money_movements_by_day on money_movements (provider, at)`);
    this.addSql(`
      create trigger money_movements_only_grow before update or delete or truncate on money_movements
      for each statement execute function refuse_change()`);
    this.addSql(`alter table external_references add column booking_id text collate "C"`);

    this.addSql(`
      create table invoice_series (
        tenant text collate "C" not null,
        series text collate "C" not null check (series ~ '^[A-Z0-9]{3}$'),
        year integer not null,
        last_number bigint not null check (last_number between 0 and 999999999),
        last_issued_at timestamptz not null,
        primary key (tenant, series, year)
      ) with (fillfactor = 50)`);
    // One that was refused before it had a number has neither number nor document.
    this.addSql(`
      create table invoices (
        tenant text collate "C" not null,
        invoice_id text collate "C" not null,
        case_id text collate "C" not null,
        booking_id text collate "C" not null,
        status text not null check (status in
          ('queued', 'invalid', 'submitted', 'accepted', 'rejected', 'cancelled', 'archived')),
        status_detail text,
        ettn uuid unique,
        number text collate "C",
        issued_at timestamptz,
        profile text,
        type text,
        payable_minor bigint,
        tax_minor bigint,
        currency text check (currency ~ '^[A-Z]{3}$'),
        credits text collate "C",
        replaces text collate "C",
        alias bytea,
        xml bytea,
        wrapped_key bytea,
        findings text not null default '[]',
        pdf_key text,
        pdf_checksum text,
        retain_until timestamptz,
        is_locked boolean,
        created_at timestamptz not null default clock_timestamp(),
        updated_at timestamptz not null default clock_timestamp(),
        primary key (tenant, invoice_id),
        unique (tenant, number),
        check ((status = 'invalid') = (number is null)),
        check ((number is null) = (xml is null))
      ) with (fillfactor = 80)`);
    // Ciphertext does not get smaller.
    this.addSql(`alter table invoices alter column xml set storage external`);
    this.addSql(`create index invoices_of_booking on invoices (booking_id)`);
    // Kept for ten years, and never another document under the same number.
    this.addSql(`
      create trigger invoices_stay before delete or truncate on invoices
      for each statement execute function refuse_change()`);
    this.addSql(`
      create trigger invoices_keep_their_document before update on invoices
      for each row when (
        old.number is not null and
        row(new.tenant, new.invoice_id, new.number, new.ettn, new.xml, new.issued_at, new.payable_minor, new.tax_minor, new.currency)
        is distinct from
        row(old.tenant, old.invoice_id, old.number, old.ettn, old.xml, old.issued_at, old.payable_minor, old.tax_minor, old.currency)
      ) execute function refuse_change()`);

    this.addSql(`
      create table reconciliation_findings (
        provider text collate "C" not null,
        subject text collate "C" not null,
        kind text collate "C" not null,
        day date not null,
        tenant text collate "C",
        booking_id text collate "C",
        ours_minor bigint,
        ours_currency text,
        theirs_minor bigint,
        theirs_currency text,
        since timestamptz not null default clock_timestamp(),
        closed_at timestamptz,
        primary key (provider, subject, kind)
      )`);
    this.addSql(
      `create index reconciliation_findings_open on reconciliation_findings (provider, day) where closed_at is null`,
    );
    // The platform's documents call the trail so.
    this.addSql(`
      create view audit_logs as
      select split_part(chain, '/', 1) as tenant, chain, seq, at, actor, action, case_id, case_seq, subject, detail, hash
      from audit_entries`);
  }
}
