import { Migration } from '@mikro-orm/migrations';

/** Staff's list of all cases goes by "created_at", which never changes, so a step writes no entry of this index. */
export class CaseSearch20261130 extends Migration {
  override up(): void {
    this.addSql(`create index cases_by_age on cases (tenant, created_at, case_id)`);
  }
}
