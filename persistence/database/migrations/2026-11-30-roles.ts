import { Migration } from '@mikro-orm/migrations';

/**
 * The application's role: a group that login roles are members of. It owns nothing, so it may not alter, drop or truncate
 * anything nor switch a trigger off, and of evidence and other facts it may add and read alone. What was made before this
 * is granted here, what comes later by default privileges; a later migration takes back what its table is not to have.
 * persistence/grants.ts says for each table what the outcome is to be, and a test holds the database against it.
 */
export class Roles20261130 extends Migration {
  override up(): void {
    // Roles belong to the whole server, and another database of it may be migrated at this moment.
    this.addSql(`
      do $$ begin
        if not exists (select from pg_roles where rolname = 'patient_cases_app') then
          create role patient_cases_app nologin;
        end if;
      exception
        when duplicate_object or unique_violation then null;
        when insufficient_privilege then
          raise exception 'The role patient_cases_app is missing and % may not make it', current_user
            using hint = 'Let a superuser run: create role patient_cases_app nologin';
      end $$`);
    this.addSql(`grant usage on schema public to patient_cases_app`);
    this.addSql(
      `grant select, insert, update, delete on all tables in schema public to patient_cases_app`,
    );
    this.addSql(
      `alter default privileges in schema public grant select, insert, update, delete on tables to patient_cases_app`,
    );
    this.addSql(
      `alter default privileges in schema public grant usage on sequences to patient_cases_app`,
    );
    // Facts: added once, never changed.
    this.addSql(`
      revoke update, delete on audit_entries, audit_logs, events, event_conflicts, consents, consent_keys, data_keys,
        money_movements, external_references, deployment from patient_cases_app`);
    this.addSql(`revoke insert on audit_logs from patient_cases_app`);
    // Rows that move on and stay.
    this.addSql(`
      revoke delete on tenants, cases, effects, dead_letters, parked_deliveries, partition_leases, message_receipts, bookings,
        invoice_series, invoices, reconciliation_findings from patient_cases_app`);
    // What was migrated is for the owner to write, and for the application to read when it starts.
    this.addSql(`revoke insert, update, delete on mikro_orm_migrations from patient_cases_app`);
    // Until PostgreSQL 15 anybody might make tables here.
    this.addSql(`revoke create on schema public from public`);
  }
}
