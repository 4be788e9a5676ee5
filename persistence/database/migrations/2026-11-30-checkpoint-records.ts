import { Migration } from '@mikro-orm/migrations';

/** Which checkpoints were signed, so that cutting the last ones off their store is found. Evidence: it only grows. */
export class CheckpointRecords20261130 extends Migration {
  override up(): void {
    this.addSql(`
      create table audit_checkpoints (
        id text collate "C" primary key check (id ~ '^[0-9a-f]{64}$'),
        number bigint not null,
        recorded_at timestamptz not null default clock_timestamp()
      )`);
    this.addSql(`create index audit_checkpoints_newest on audit_checkpoints (number, id)`);
    this.addSql(`
      create trigger audit_checkpoints_only_grow before update or delete or truncate on audit_checkpoints
      for each statement execute function refuse_change()`);
    this.addSql(`revoke update, delete on audit_checkpoints from patient_cases_app`);
  }
}
