import { Migration } from '@mikro-orm/migrations';

/**
 * The ledger. What is hot is written by set-based SQL (`persistence/`); the entities describe the same tables to
 * the admin side. Ids are compared bytewise (`collate "C"`): it is faster, and a locale upgrade cannot break an index.
 */
export class Ledger20261123 extends Migration {
  override up(): void {
    this.addSql(`
      create table deployment (
        only_row boolean primary key default true check (only_row),
        partitions integer not null
      )`);
    this.addSql(`
      create table tenants (
        tenant text collate "C" primary key,
        name text not null,
        whatsapp_account text collate "C" unique,
        created_at timestamptz not null default now()
      )`);
    this.addSql(`
      create table contacts (
        id uuid primary key,
        tenant text collate "C" not null,
        user_index bytea,
        phone_index bytea,
        case_id text collate "C" not null,
        created_at timestamptz not null default now(),
        unique (tenant, user_index),
        unique (tenant, phone_index),
        check (user_index is not null or phone_index is not null)
      )`);
    // One row for each case that was ever created: its key, and so the proof that it exists. Erasing a patient deletes it.
    this.addSql(`
      create table data_keys (
        case_id text collate "C" primary key,
        tenant text collate "C" not null,
        key_id uuid not null,
        wrapped bytea not null,
        created_at timestamptz not null default now()
      )`);
    // Facts: inserted once, never changed. That an event waits is a row in pending_events, so that nothing wide is updated.
    this.addSql(`
      create table events (
        id uuid primary key,
        position bigint generated always as identity,
        tenant text collate "C" not null,
        case_id text collate "C" not null,
        source text collate "C" not null,
        dedupe_key text collate "C" not null,
        type text not null,
        body bytea storage main not null,
        body_digest bytea not null,
        traceparent text,
        received_at timestamptz not null default clock_timestamp(),
        unique (tenant, source, dedupe_key)
      )`);
    this.addSql(`
      create table pending_events (
        case_id text collate "C" not null,
        position bigint not null,
        event_id uuid not null,
        partition integer not null,
        topic text not null,
        announced_at timestamptz not null default clock_timestamp(),
        primary key (case_id, position)
      ) with (fillfactor = 70, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000)`);
    this.addSql(`
      create table event_conflicts (
        id bigint generated always as identity primary key,
        event_id uuid not null,
        body_digest bytea not null,
        seen_at timestamptz not null default now(),
        unique (event_id, body_digest)
      )`);
    // Envelopes stay inline ("storage main"): TOAST starts at 2 KB and costs a second table on every step.
    this.addSql(`
      create table cases (
        case_id text collate "C" primary key,
        tenant text collate "C" not null,
        partition integer not null,
        machine text not null,
        version text not null,
        status text not null check (status in ('active', 'done', 'parked')),
        state text not null,
        tags jsonb not null,
        seq integer not null,
        wake_at timestamptz,
        envelope bytea storage main not null,
        parked_reason text,
        state_since timestamptz not null,
        created_at timestamptz not null default now(),
        updated_at timestamptz not null default now()
      ) with (fillfactor = 70)`);
    this.addSql(
      `create index cases_due on cases (wake_at) where wake_at is not null and status = 'active'`,
    );
    this.addSql(`create index cases_parked on cases (partition) where status = 'parked'`);
    this.addSql(`
      create table effects (
        effect_id text collate "C" primary key,
        position bigint generated always as identity,
        tenant text collate "C" not null,
        case_id text collate "C" not null,
        partition integer not null,
        name text not null,
        port text not null,
        kind text not null check (kind in ('invoke', 'action', 'emit')),
        resolution text not null check (resolution in ('key', 'lookup', 'none')),
        in_order boolean not null,
        status text not null check (status in ('pending', 'started', 'retry', 'unknown', 'done', 'failed', 'cancelled')),
        attempt integer not null default 0,
        doubtful boolean not null default false,
        input bytea storage main not null,
        reason text,
        traceparent text,
        lease_until timestamptz,
        next_at timestamptz not null,
        created_at timestamptz not null default clock_timestamp(),
        settled_at timestamptz
      ) with (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 2000)`);
    // Claiming and retrying touch no indexed column, so they stay heap-only; settling leaves this index for good.
    this.addSql(`create index effects_open on effects (created_at) where settled_at is null`);
    this.addSql(`
      create table dead_letters (
        id bigint generated always as identity primary key,
        tenant text collate "C" not null,
        case_id text collate "C" not null,
        subject text not null,
        reason text not null,
        at timestamptz not null default now(),
        resolved_at timestamptz
      )`);
    this.addSql(
      `create index dead_letters_open on dead_letters (tenant, case_id) where resolved_at is null`,
    );
    this.addSql(`
      create table parked_deliveries (
        id uuid primary key,
        source text collate "C" not null,
        dedupe_key text collate "C" not null,
        type text not null,
        reason text not null,
        wrapped_key bytea not null,
        body bytea not null,
        body_digest bytea not null,
        received_at timestamptz not null default now(),
        resolved_at timestamptz,
        unique (source, dedupe_key)
      )`);
    this.addSql(`
      create table external_references (
        provider text collate "C" not null,
        kind text collate "C" not null,
        external_id text collate "C" not null,
        tenant text collate "C" not null,
        case_id text collate "C" not null,
        effect_id text collate "C",
        created_at timestamptz not null default now(),
        primary key (provider, kind, external_id)
      )`);
    // A case's history is its lines of the audit trail: one table, so what staff read is what the chain proves.
    this.addSql(`
      create table audit_entries (
        chain text collate "C" not null,
        seq bigint not null,
        at timestamptz not null,
        actor text not null,
        action text not null,
        case_id text collate "C",
        case_seq integer,
        subject text not null,
        detail text not null,
        hash bytea not null,
        primary key (chain, seq)
      )`);
    this.addSql(
      `create unique index audit_history on audit_entries (case_id, case_seq) where case_seq is not null`,
    );
    this.addSql(`
      create table partition_leases (
        partition integer primary key,
        owner text,
        epoch bigint not null default 0,
        lease_until timestamptz not null default '-infinity'
      ) with (fillfactor = 50)`);
    this.addSql(`
      create table lease_owners (
        owner text collate "C" primary key,
        live_until timestamptz not null
      )`);
    // One statement is one transaction; this is how it says no. The message is the reason, for CommitRefused.
    this.addSql(`
      create function refuse_unless(ok boolean, reason text) returns boolean language plpgsql as $$
      begin
        if ok then return true; end if;
        raise exception using errcode = 'KR001', message = reason;
      end $$`);
    // The audit trail only grows, whoever asks.
    this.addSql(`
      create function refuse_change() returns trigger language plpgsql as $$
      begin
        raise exception using errcode = 'KR002', message = tg_table_name || ' only grows';
      end $$`);
    this.addSql(`
      create trigger audit_entries_only_grow before update or delete or truncate on audit_entries
      for each statement execute function refuse_change()`);
  }
}
