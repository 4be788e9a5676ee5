import { Migration } from '@mikro-orm/migrations';

/** When a contact's number or id last changed, by the provider's clock: what came before that is news of yesterday. */
export class Contacts20261123 extends Migration {
  override up(): void {
    this.addSql(`alter table contacts add column moved_at timestamptz`);
  }
}
