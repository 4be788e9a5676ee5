-- Travellers' passport data, encrypted under their case's key: each filling-in of a trip's form is a version of its own, and no
-- version is ever changed, because an order may be reading it.
create table travellers (
  booking_id text collate "C" not null,
  version integer not null,
  tenant text collate "C" not null,
  case_id text collate "C" not null,
  count integer not null,
  body bytea not null,
  given_at timestamptz not null default date_trunc('milliseconds', clock_timestamp()),
  primary key (booking_id, version)
);
-- One row for each trip whose form was filled in or closed. Who writes a version or closes the form holds it, so that no version
-- slips in between an order's last look and the order.
create table traveller_forms (
  booking_id text collate "C" primary key,
  tenant text collate "C" not null,
  case_id text collate "C" not null,
  newest integer not null,
  closed text check (closed in ('ordered', 'over')),
  updated_at timestamptz not null default clock_timestamp()
);
create index traveller_forms_of_case on traveller_forms (case_id);

revoke update, delete on travellers from patient_cases_app;
revoke delete on traveller_forms from patient_cases_app;
