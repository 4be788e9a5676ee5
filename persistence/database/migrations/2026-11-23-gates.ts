import { Migration } from '@mikro-orm/migrations';

/** What an effect needs of its case to start, and how often it was put off without a try. */
export class Gates20261123 extends Migration {
  override up(): void {
    this.addSql(`
      alter table effects
        add column needs text,
        add column deferred integer not null default 0`);
  }
}
