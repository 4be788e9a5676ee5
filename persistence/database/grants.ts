/** What the application's role may do with a table's rows. Nobody but the owner may truncate one or refer to one. */
export type Privilege = 'SELECT' | 'INSERT' | 'UPDATE' | 'DELETE';

/** The group that every login role of the application is a member of. */
export const applicationRole = 'patient_cases_app';

const read: readonly Privilege[] = ['SELECT'];
/** Facts: evidence, and whatever is written once. */
const added: readonly Privilege[] = ['SELECT', 'INSERT'];
/** Rows that move on and stay. */
const changed: readonly Privilege[] = ['SELECT', 'INSERT', 'UPDATE'];
/** Rows that come and go: what waits, who leads, what is looked up by. This is what default privileges give. */
const free: readonly Privilege[] = ['SELECT', 'INSERT', 'UPDATE', 'DELETE'];

/**
 * What the application may do with each table and view: one line for each, decided when it is made. The migrations grant
 * and revoke; a test compares the migrated database with this, and fails for a table that is missing here.
 */
export const grants: Readonly<Record<string, readonly Privilege[]>> = {
  audit_checkpoints: added,
  audit_entries: added,
  audit_logs: read,
  bookings: changed,
  case_tags: free,
  cases: changed,
  consent_keys: added,
  consents: added,
  contact_aliases: free,
  contact_cases: free,
  contacts: free,
  data_keys: added,
  dead_letters: changed,
  deployment: added,
  effects: changed,
  event_conflicts: added,
  events: added,
  external_references: added,
  invoice_series: changed,
  invoices: changed,
  key_probes: ['SELECT', 'INSERT', 'DELETE'],
  lease_owners: free,
  message_receipts: changed,
  mikro_orm_migrations: read,
  money_movements: added,
  outbox: free,
  outbox_lease: free,
  parked_deliveries: changed,
  partition_leases: changed,
  pending_events: free,
  reconciliation_findings: changed,
  tenants: changed,
  traveller_forms: changed,
  travellers: added,
};
