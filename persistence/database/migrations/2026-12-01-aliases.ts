import { Migration } from '@mikro-orm/migrations';

/**
 * What contacts had before: numbers and ids that lead to them still. `until` is when the change was, by the provider's clock.
 */
export class Aliases20261201 extends Migration {
  override up(): void {
    this.addSql(`
create table contact_aliases (
  tenant text collate "C" not null,
  kind text not null check (kind in ('user', 'phone')),
  alias bytea not null,
  contact_id uuid not null,
  until timestamptz not null,
  primary key (tenant, kind, alias)
);
create index contact_aliases_of on contact_aliases (contact_id);`);
  }
}
