import { Migration } from '@mikro-orm/migrations';

/** What became of what we said, what patients agreed to, and the cases by tag for staff. */
export class Conversation20261123 extends Migration {
  override up(): void {
    this.addSql(`
      create table message_receipts (
        effect_id text collate "C" primary key,
        tenant text collate "C" not null,
        case_id text collate "C" not null,
        status text not null check (status in ('sent', 'delivered', 'read', 'failed')),
        at timestamptz not null,
        error_code text collate "C",
        updated_at timestamptz not null default clock_timestamp()
      ) with (fillfactor = 70)`);
    // Proof: a withdrawal is another row.
    this.addSql(`
      create table consents (
        id text collate "C" primary key,
        tenant text collate "C" not null,
        case_id text collate "C" not null,
        purpose text not null check (purpose in ('service', 'health-data', 'transfer-abroad', 'marketing')),
        status text not null check (status in ('given', 'refused', 'withdrawn')),
        text text not null,
        lang text not null,
        text_hash bytea not null check (length(text_hash) = 32),
        evidence bytea not null,
        said_at timestamptz not null,
        recorded_at timestamptz not null default clock_timestamp()
      )`);
    this.addSql(`create index consents_newest on consents (tenant, case_id, purpose, said_at)`);
    this.addSql(`
      create trigger consents_only_grow before update or delete or truncate on consents
      for each statement execute function refuse_change()`);
    // A table of its own, because a new root key wraps these anew, and because destroying one takes the phone number in
    // the evidence away and leaves the proof.
    this.addSql(`
      create table consent_keys (
        consent_id text collate "C" primary key,
        wrapped bytea not null
      )`);
    // A row for each tag of a case, because an index on "cases" would get a new entry with every step whose timer moves.
    // 17 µs for a step that changes tags, nothing for one that does not.
    // "since" never changes while the case has the tag, so that pages in its order neither skip nor repeat a case.
    this.addSql(`
      create table case_tags (
        case_id text collate "C" not null,
        tag text collate "C" not null,
        tenant text collate "C" not null,
        since timestamptz not null,
        primary key (case_id, tag)
      ) with (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 2000)`);
    this.addSql(`create index case_tags_by_age on case_tags (tenant, tag, since, case_id)`);
    this.addSql(`
      create function keep_case_tags() returns trigger language plpgsql as $$
      begin
        if tg_op = 'DELETE' then
          delete from case_tags t where t.case_id = old.case_id;
          return null;
        end if;
        delete from case_tags t where t.case_id = new.case_id and not new.tags ? t.tag;
        insert into case_tags (case_id, tag, tenant, since)
        select new.case_id, tag, new.tenant,
          -- The time the step saw, of both: a new case's "updated_at" is the database's.
          case when tg_op = 'INSERT' then new.state_since else new.updated_at end
        from jsonb_array_elements_text(new.tags) as x(tag)
        on conflict do nothing;
        return null;
      end $$`);
    this.addSql(`
      create trigger case_tagged after insert on cases
      for each row when (new.tags <> '[]') execute function keep_case_tags()`);
    this.addSql(`
      create trigger case_retagged after update of tags on cases
      for each row when (new.tags is distinct from old.tags) execute function keep_case_tags()`);
    this.addSql(`
      create trigger case_untagged after delete on cases
      for each row execute function keep_case_tags()`);
    this.addSql(`
      insert into case_tags (case_id, tag, tenant, since)
      select distinct case_id, tag, tenant, updated_at from cases, jsonb_array_elements_text(tags) as x(tag)`);
  }
}
