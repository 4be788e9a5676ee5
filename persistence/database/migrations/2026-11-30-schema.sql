-- The schema that every installation begins with. What changes it later is a migration of its own.

-- The ledger. What is hot is written by set-based SQL (`persistence/`); the entities describe the same tables to
-- the admin side. Ids are compared bytewise (`collate "C"`): it is faster, and a locale upgrade cannot break an index.
create table deployment (
  only_row boolean primary key default true check (only_row),
  partitions integer not null
);
create table tenants (
  tenant text collate "C" primary key,
  name text not null,
  whatsapp_account text collate "C" unique,
  created_at timestamptz not null default now()
);
create table contacts (
  id uuid primary key,
  tenant text collate "C" not null,
  user_index bytea,
  phone_index bytea,
  case_id text collate "C" not null,
  created_at timestamptz not null default now(),
  unique (tenant, user_index),
  unique (tenant, phone_index),
  check (user_index is not null or phone_index is not null)
);
-- One row for each case that was ever created: its key, and so the proof that it exists. Erasing a patient deletes it.
create table data_keys (
  case_id text collate "C" primary key,
  tenant text collate "C" not null,
  key_id uuid not null,
  wrapped bytea not null,
  created_at timestamptz not null default now()
);
-- Facts: inserted once, never changed. That an event waits is a row in pending_events, so that nothing wide is updated.
create table events (
  id uuid primary key,
  position bigint generated always as identity,
  tenant text collate "C" not null,
  case_id text collate "C" not null,
  source text collate "C" not null,
  dedupe_key text collate "C" not null,
  type text not null,
  body bytea storage main not null,
  body_digest bytea not null,
  traceparent text,
  received_at timestamptz not null default clock_timestamp(),
  unique (tenant, source, dedupe_key)
);
create table pending_events (
  case_id text collate "C" not null,
  position bigint not null,
  event_id uuid not null,
  partition integer not null,
  topic text not null,
  announced_at timestamptz not null default clock_timestamp(),
  primary key (case_id, position)
) with (fillfactor = 70, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000);
create table event_conflicts (
  id bigint generated always as identity primary key,
  event_id uuid not null,
  body_digest bytea not null,
  seen_at timestamptz not null default now(),
  unique (event_id, body_digest)
);
-- Envelopes stay inline ("storage main"): TOAST starts at 2 KB and costs a second table on every step.
create table cases (
  case_id text collate "C" primary key,
  tenant text collate "C" not null,
  partition integer not null,
  machine text not null,
  version text not null,
  status text not null check (status in ('active', 'done', 'parked')),
  state text not null,
  tags jsonb not null,
  seq integer not null,
  wake_at timestamptz,
  envelope bytea storage main not null,
  parked_reason text,
  state_since timestamptz not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
) with (fillfactor = 70);
create index cases_due on cases (wake_at) where wake_at is not null and status = 'active';
create index cases_parked on cases (partition) where status = 'parked';
create table effects (
  effect_id text collate "C" primary key,
  position bigint generated always as identity,
  tenant text collate "C" not null,
  case_id text collate "C" not null,
  partition integer not null,
  name text not null,
  port text not null,
  kind text not null check (kind in ('invoke', 'action', 'emit')),
  resolution text not null check (resolution in ('key', 'lookup', 'none')),
  in_order boolean not null,
  status text not null check (status in ('pending', 'started', 'retry', 'unknown', 'done', 'failed', 'cancelled')),
  attempt integer not null default 0,
  doubtful boolean not null default false,
  input bytea storage main not null,
  reason text,
  traceparent text,
  lease_until timestamptz,
  next_at timestamptz not null,
  created_at timestamptz not null default clock_timestamp(),
  settled_at timestamptz
) with (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 2000);
-- Claiming and retrying touch no indexed column, so they stay heap-only; settling leaves this index for good.
create index effects_open on effects (created_at) where settled_at is null;
create table dead_letters (
  id bigint generated always as identity primary key,
  tenant text collate "C" not null,
  case_id text collate "C" not null,
  subject text not null,
  reason text not null,
  at timestamptz not null default now(),
  resolved_at timestamptz
);
create index dead_letters_open on dead_letters (tenant, case_id) where resolved_at is null;
create table parked_deliveries (
  id uuid primary key,
  source text collate "C" not null,
  dedupe_key text collate "C" not null,
  type text not null,
  reason text not null,
  wrapped_key bytea not null,
  body bytea not null,
  body_digest bytea not null,
  received_at timestamptz not null default now(),
  resolved_at timestamptz,
  unique (source, dedupe_key)
);
create table external_references (
  provider text collate "C" not null,
  kind text collate "C" not null,
  external_id text collate "C" not null,
  tenant text collate "C" not null,
  case_id text collate "C" not null,
  effect_id text collate "C",
  created_at timestamptz not null default now(),
  primary key (provider, kind, external_id)
);
-- A case's history is its lines of the audit trail: one table, so what staff read is what the chain proves.
create table audit_entries (
  chain text collate "C" not null,
  seq bigint not null,
  at timestamptz not null,
  actor text not null,
  action text not null,
  case_id text collate "C",
  case_seq integer,
  subject text not null,
  detail text not null,
  hash bytea not null,
  primary key (chain, seq)
);
create unique index audit_history on audit_entries (case_id, case_seq) where case_seq is not null;
create table partition_leases (
  partition integer primary key,
  owner text,
  epoch bigint not null default 0,
  lease_until timestamptz not null default '-infinity'
) with (fillfactor = 50);
create table lease_owners (
  owner text collate "C" primary key,
  live_until timestamptz not null
);
-- One statement is one transaction; this is how it says no. The message is the reason, for CommitRefused.
create function refuse_unless(ok boolean, reason text) returns boolean language plpgsql as $$
begin
  if ok then return true; end if;
  raise exception using errcode = 'KR001', message = reason;
end $$;
-- The audit trail only grows, whoever asks.
create function refuse_change() returns trigger language plpgsql as $$
begin
  raise exception using errcode = 'KR002', message = tg_table_name || ' only grows';
end $$;
create trigger audit_entries_only_grow before update or delete or truncate on audit_entries
for each statement execute function refuse_change();

-- What an effect needs of its case to start, and how often it was put off without a try.
alter table effects
  add column needs text,
  add column deferred integer not null default 0;

-- What became of what we said, what patients agreed to, and the cases by tag for staff.
create table message_receipts (
  effect_id text collate "C" primary key,
  tenant text collate "C" not null,
  case_id text collate "C" not null,
  status text not null check (status in ('sent', 'delivered', 'read', 'failed')),
  at timestamptz not null,
  error_code text collate "C",
  updated_at timestamptz not null default clock_timestamp()
) with (fillfactor = 70);
-- Proof: a withdrawal is another row.
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
);
create index consents_newest on consents (tenant, case_id, purpose, said_at);
create trigger consents_only_grow before update or delete or truncate on consents
for each statement execute function refuse_change();
-- A table of its own, because a new root key wraps these anew, and because destroying one takes the phone number in
-- the evidence away and leaves the proof.
create table consent_keys (
  consent_id text collate "C" primary key,
  wrapped bytea not null
);
-- A row for each tag of a case, because an index on "cases" would get a new entry with every step whose timer moves.
-- 17 µs for a step that changes tags, nothing for one that does not.
-- "since" never changes while the case has the tag, so that pages in its order neither skip nor repeat a case.
create table case_tags (
  case_id text collate "C" not null,
  tag text collate "C" not null,
  tenant text collate "C" not null,
  since timestamptz not null,
  primary key (case_id, tag)
) with (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 2000);
create index case_tags_by_age on case_tags (tenant, tag, since, case_id);
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
end $$;
create trigger case_tagged after insert on cases
for each row when (new.tags <> '[]') execute function keep_case_tags();
create trigger case_retagged after update of tags on cases
for each row when (new.tags is distinct from old.tags) execute function keep_case_tags();
create trigger case_untagged after delete on cases
for each row execute function keep_case_tags();
insert into case_tags (case_id, tag, tenant, since)
select distinct case_id, tag, tenant, updated_at from cases, jsonb_array_elements_text(tags) as x(tag);

-- When a contact's number or id last changed, by the provider's clock: what came before that is news of yesterday.
alter table contacts add column moved_at timestamptz;

-- Whether a case has a tag, as it is committed when this runs. Volatile, as PL/pgSQL is by itself: then it looks anew,
-- where a part of the statement would see what was there when the statement began, which may have waited for a row since.
create function has_tag_now(asked_case text, asked_tag text) returns boolean volatile language plpgsql as $$
begin
  return coalesce((select k.tags ? asked_tag from cases k where k.case_id = asked_case), false);
end $$;

-- Our books: bookings as staff see them, money that moved, invoices with their numbers, and differences from providers' books.
create table bookings (
  booking_id text collate "C" primary key,
  tenant text collate "C" not null,
  case_id text collate "C" not null,
  revision integer not null,
  state text not null check (state in
    ('opening', 'awaiting-payment', 'held', 'confirmed', 'refunding', 'refunded', 'disputed', 'lapsed')),
  provider text collate "C",
  checkout_id text collate "C",
  payment_id text collate "C",
  total_minor bigint not null check (total_minor >= 0),
  currency text not null check (currency ~ '^[A-Z]{3}$'),
  held_for text,
  updated_at timestamptz not null,
  created_at timestamptz not null default clock_timestamp()
) with (fillfactor = 80);
-- Pages go by "created_at", which never changes: a booking that moves on between two pages is neither skipped nor repeated.
create index bookings_by_age on bookings (tenant, created_at, booking_id);
create index bookings_by_state on bookings (tenant, state, created_at, booking_id);
create index bookings_of_case on bookings (case_id);
create index bookings_awaiting on bookings (provider, created_at, booking_id)
where state in ('opening', 'awaiting-payment') and checkout_id is not null;
create table money_movements (
  provider text collate "C" not null,
  kind text collate "C" not null
    check (kind in ('capture', 'refund', 'refund-failed', 'chargeback', 'chargeback-reversed')),
  movement_id text collate "C" not null,
  tenant text collate "C" not null,
  case_id text collate "C" not null,
  booking_id text collate "C" not null,
  payment_id text collate "C" not null,
  amount_minor bigint not null check (amount_minor >= 0),
  currency text not null check (currency ~ '^[A-Z]{3}$'),
  at timestamptz not null,
  cause text not null,
  recorded_at timestamptz not null default clock_timestamp(),
  primary key (provider, kind, movement_id)
);
create index money_movements_of_booking on money_movements (booking_id, at);
create index money_movements_by_day on money_movements (provider, at);
create trigger money_movements_only_grow before update or delete or truncate on money_movements
for each statement execute function refuse_change();
alter table external_references add column booking_id text collate "C";
create table invoice_series (
  tenant text collate "C" not null,
  series text collate "C" not null check (series ~ '^[A-Z0-9]{3}$'),
  year integer not null,
  last_number bigint not null check (last_number between 0 and 999999999),
  last_issued_at timestamptz not null,
  primary key (tenant, series, year)
) with (fillfactor = 50);
-- One that was refused before it had a number has neither number nor document.
create table invoices (
  tenant text collate "C" not null,
  invoice_id text collate "C" not null,
  case_id text collate "C" not null,
  booking_id text collate "C" not null,
  status text not null check (status in
    ('queued', 'invalid', 'submitted', 'accepted', 'rejected', 'cancelled', 'archived')),
  status_detail text,
  ettn uuid unique,
  number text collate "C",
  issued_at timestamptz,
  profile text,
  type text,
  payable_minor bigint,
  tax_minor bigint,
  currency text check (currency ~ '^[A-Z]{3}$'),
  credits text collate "C",
  replaces text collate "C",
  alias bytea,
  xml bytea,
  wrapped_key bytea,
  findings text not null default '[]',
  pdf_key text,
  pdf_checksum text,
  retain_until timestamptz,
  is_locked boolean,
  created_at timestamptz not null default clock_timestamp(),
  updated_at timestamptz not null default clock_timestamp(),
  primary key (tenant, invoice_id),
  unique (tenant, number),
  check ((status = 'invalid') = (number is null)),
  check ((number is null) = (xml is null))
) with (fillfactor = 80);
-- Ciphertext does not get smaller.
alter table invoices alter column xml set storage external;
create index invoices_of_booking on invoices (booking_id);
-- Kept for ten years, and never another document under the same number.
create trigger invoices_stay before delete or truncate on invoices
for each statement execute function refuse_change();
create trigger invoices_keep_their_document before update on invoices
for each row when (
  old.number is not null and
  row(new.tenant, new.invoice_id, new.number, new.ettn, new.xml, new.issued_at, new.payable_minor, new.tax_minor, new.currency)
  is distinct from
  row(old.tenant, old.invoice_id, old.number, old.ettn, old.xml, old.issued_at, old.payable_minor, old.tax_minor, old.currency)
) execute function refuse_change();
create table reconciliation_findings (
  provider text collate "C" not null,
  subject text collate "C" not null,
  kind text collate "C" not null,
  day date not null,
  tenant text collate "C",
  booking_id text collate "C",
  ours_minor bigint,
  ours_currency text,
  theirs_minor bigint,
  theirs_currency text,
  since timestamptz not null default clock_timestamp(),
  closed_at timestamptz,
  primary key (provider, subject, kind)
);
create index reconciliation_findings_open on reconciliation_findings (provider, day) where closed_at is null;
-- The platform's documents call the trail so.
create view audit_logs as
select split_part(chain, '/', 1) as tenant, chain, seq, at, actor, action, case_id, case_seq, subject, detail, hash
from audit_entries;

-- How an invoice was taxed, which its credit notes need, and what they give back of it.
alter table invoices add column taxes text;
create index invoices_by_credited on invoices (tenant, credits) where credits is not null;
drop trigger invoices_keep_their_document on invoices;
create trigger invoices_keep_their_document before update on invoices
for each row when (
  old.number is not null and
  row(new.tenant, new.invoice_id, new.number, new.ettn, new.xml, new.issued_at, new.payable_minor, new.tax_minor, new.currency,
    new.credits, new.taxes)
  is distinct from
  row(old.tenant, old.invoice_id, old.number, old.ettn, old.xml, old.issued_at, old.payable_minor, old.tax_minor, old.currency,
    old.credits, old.taxes)
) execute function refuse_change();

-- Reconciliation looks at bookings that are held or lapsed, too: few of them, among many that are settled.
create index bookings_set_aside on bookings (provider, created_at, booking_id)
where state in ('held', 'lapsed') and checkout_id is not null;

-- Staff's list of all cases goes by "created_at", which never changes, so a step writes no entry of this index.
create index cases_by_age on cases (tenant, created_at, case_id);

-- The application's role: a group that login roles are members of. It owns nothing, so it may not alter, drop or truncate
-- anything nor switch a trigger off, and of evidence and other facts it may add and read alone. What was made before this
-- is granted here, what comes later by default privileges; a later migration takes back what its table is not to have.
-- persistence/grants.ts says for each table what the outcome is to be, and a test holds the database against it.
-- Roles belong to the whole server, and another database of it may be migrated at this moment.
do $$ begin
  if not exists (select from pg_roles where rolname = 'patient_cases_app') then
    create role patient_cases_app nologin;
  end if;
exception
  when duplicate_object or unique_violation then null;
  when insufficient_privilege then
    raise exception 'The role patient_cases_app is missing and % may not make it', current_user
      using hint = 'Let a superuser run: create role patient_cases_app nologin';
end $$;
grant usage on schema public to patient_cases_app;
grant select, insert, update, delete on all tables in schema public to patient_cases_app;
alter default privileges in schema public grant select, insert, update, delete on tables to patient_cases_app;
alter default privileges in schema public grant usage on sequences to patient_cases_app;
-- Facts: added once, never changed.
revoke update, delete on audit_entries, audit_logs, events, event_conflicts, consents, consent_keys, data_keys,
  money_movements, external_references, deployment from patient_cases_app;
revoke insert on audit_logs from patient_cases_app;
-- Rows that move on and stay.
revoke delete on tenants, cases, effects, dead_letters, parked_deliveries, partition_leases, message_receipts, bookings,
  invoice_series, invoices, reconciliation_findings from patient_cases_app;
-- What was migrated is for the owner to write, and for the application to read when it starts.
revoke insert, update, delete on mikro_orm_migrations from patient_cases_app;
-- Until PostgreSQL 15 anybody might make tables here.
revoke create on schema public from public;

-- What the world outside is told waits in `outbox`, written by the statement that stores its cause. Dead letters and
-- deliveries that have no case say what staff need to try them again.
-- `body` where nobody is meant by it, `sealed` where somebody is, if only by a pseudonym: that goes with the case's key.
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
) with (fillfactor = 70, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000);
create index outbox_waiting on outbox (position) where published_at is null;
create index outbox_published on outbox (published_at) where published_at is not null;
-- One publisher at a time, or entries of one case would overtake each other.
create table outbox_lease (
  only_row boolean primary key default true check (only_row),
  owner text,
  lease_until timestamptz not null default '-infinity'
) with (fillfactor = 50);
insert into outbox_lease default values;
alter table dead_letters
  add column name text,
  add column attempts integer,
  add column stream text,
  add column resolution text;
create index dead_letters_at on dead_letters (at);
create index dead_letters_listed on dead_letters (tenant, id);
alter table parked_deliveries
  add column address bytea,
  add column resolution text;
create index parked_deliveries_listed on parked_deliveries (received_at, id) where resolved_at is null;
-- All events of cases are announced on one stream from here on; nothing reads those that an older release named.
update pending_events set topic = 'case-events' where topic <> 'case-events';
-- What was emitted had an effect that put ids on a stream. Nobody performs those any more.
update effects set status = 'done', settled_at = clock_timestamp()
where kind = 'emit' and settled_at is null;

-- What each key of the application made of a known value, so that a start with another key is found before it works.
create table key_probes (
  name text collate "C" primary key,
  probe bytea not null,
  created_at timestamptz not null default clock_timestamp()
);
revoke update on key_probes from patient_cases_app;

-- Which checkpoints were signed, so that cutting the last ones off their store is found. Evidence: it only grows.
create table audit_checkpoints (
  id text collate "C" primary key check (id ~ '^[0-9a-f]{64}$'),
  number bigint not null,
  recorded_at timestamptz not null default clock_timestamp()
);
create index audit_checkpoints_newest on audit_checkpoints (number, id);
create trigger audit_checkpoints_only_grow before update or delete or truncate on audit_checkpoints
for each statement execute function refuse_change();
revoke update, delete on audit_checkpoints from patient_cases_app;

-- Which claim started an effect, so that whoever lost the answer to its claim can give back what it never began. It has no
-- index: the effects are known by their ids. The number of the try stands behind the claim's own id, so that a claim by
-- the release before this one, which leaves the column as it is, ends the right to give back.
alter table effects add column claimed_as text collate "C";
