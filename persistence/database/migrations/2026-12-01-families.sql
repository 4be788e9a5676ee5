-- Several patients on one phone: the cases of such a contact, open or over. A contact with one case has no row here, and its
-- messages cost no look at it: "contacts.several" says so at the look-up that they need anyway.
create table contact_cases (
  case_id text collate "C" primary key,
  contact_id uuid not null,
  -- By our own clock: when the case last asked the patient something, and when it was last written to. They tell whose
  -- question the next words answer.
  asked_at timestamptz,
  heard_at timestamptz,
  created_at timestamptz not null default clock_timestamp()
) with (fillfactor = 70);
create index contact_cases_of_contact on contact_cases (contact_id, created_at);

alter table contacts add column several boolean not null default false;
