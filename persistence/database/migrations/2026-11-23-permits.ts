import { Migration } from '@mikro-orm/migrations';

/**
 * Whether a case has a tag, as it is committed when this runs. Volatile, as PL/pgSQL is by itself: then it looks anew,
 * where a part of the statement would see what was there when the statement began, which may have waited for a row since.
 */
export class Permits20261123 extends Migration {
  override up(): void {
    this.addSql(`
      create function has_tag_now(asked_case text, asked_tag text) returns boolean volatile language plpgsql as $$
      begin
        return coalesce((select k.tags ? asked_tag from cases k where k.case_id = asked_case), false);
      end $$`);
  }
}
