import { Migration } from '@mikro-orm/migrations';

/** What each key of the application made of a known value, so that a start with another key is found before it works. */
export class KeyProbes20261130 extends Migration {
  override up(): void {
    this.addSql(`
      create table key_probes (
        name text collate "C" primary key,
        probe bytea not null,
        created_at timestamptz not null default clock_timestamp()
      )`);
    this.addSql(`revoke update on key_probes from patient_cases_app`);
  }
}
