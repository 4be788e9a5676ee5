import { Migration } from '@mikro-orm/migrations';

/**
 * What the world outside is told waits in `outbox`, written by the statement that stores its cause. Dead letters and
 * deliveries that have no case say what staff need to try them again.
 */
export class Outbox20261130 extends Migration {
  override up(): void {
    // `body` where nobody is meant by it, `sealed` where somebody is, if only by a pseudonym: that goes with the case's key.
    this.addSql(`
      create table outbox (
        position bigint generated always as identity primary key,
        id text collate "C" not null,
        stream text collate "C" not null,
        type text not null,
        source text not null,
        tenant text collate "C" not null,
        case_id text collate "C",
        time timestamptz not null default clock_timestamp(),
        traceparent text,
        body text,
        sealed bytea,
        published_at timestamptz,
        entry_id text collate "C",
        check (num_nonnulls(body, sealed) = 1)
      ) with (fillfactor = 70, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000)`);
    this.addSql(`create index outbox_waiting on outbox (position) where published_at is null`);
    this.addSql(
      `create index outbox_published on outbox (published_at) where published_at is not null`,
    );
    // One publisher at a time, or entries of one case would overtake each other.
    this.addSql(`
      create table outbox_lease (
        only_row boolean primary key default true check (only_row),
        owner text,
        lease_until timestamptz not null default '-infinity'
      ) with (fillfactor = 50)`);
    this.addSql(`insert into outbox_lease default values`);
    this.addSql(`
      alter table dead_letters
        add column name text,
        add column attempts integer,
        add column stream text,
        add column resolution text`);
    this.addSql(`create index dead_letters_at on dead_letters (at)`);
    this.addSql(`create index dead_letters_listed on dead_letters (tenant, id)`);
    this.addSql(`
      alter table parked_deliveries
        add column address bytea,
        add column resolution text`);
    this.addSql(
      `create index parked_deliveries_listed on parked_deliveries (received_at, id) where resolved_at is null`,
    );
    // All events of cases are announced on one stream from here on; nothing reads those that an older release named.
    this.addSql(`update pending_events set topic = 'case-events' where topic <> 'case-events'`);
    // What was emitted had an effect that put ids on a stream. Nobody performs those any more.
    this.addSql(`
      update effects set status = 'done', settled_at = clock_timestamp()
      where kind = 'emit' and settled_at is null`);
  }
}
