import type { FormClosing } from '../../actors/ports/travellers.ts';
import {
  bool,
  bytea,
  from,
  int4,
  orNull,
  statement,
  text,
  textOf,
  time,
  uuid,
} from '../database/statement.ts';

const ofTrip = { tenant: text, caseId: text, bookingId: text };

/** A trip's form with its newest version; the version is null where only the closing was noted. */
export const formOfTrip = statement('traveller_form', {
  takes: ofTrip,
  gives: {
    newest: from('f.newest', int4),
    closed: from('f.closed', orNull(textOf<FormClosing>())),
    count: from('t.count', orNull(int4)),
    body: from('t.body', orNull(bytea)),
    at: from('t.given_at', orNull(time)),
  },
  sql: ({ tenant, caseId, bookingId }, columns) => `
  select ${columns()} from traveller_forms f
  left join travellers t on t.booking_id = f.booking_id and t.version = f.newest and t.tenant = f.tenant
  where f.booking_id = ${bookingId} and f.tenant = ${tenant} and f.case_id = ${caseId}`,
});

export const formsOfCase = statement('traveller_forms_of_case', {
  takes: { tenant: text, caseId: text },
  gives: {
    bookingId: from('f.booking_id', text),
    newest: from('f.newest', int4),
    closed: from('f.closed', orNull(textOf<FormClosing>())),
    count: from('t.count', orNull(int4)),
    body: from('t.body', orNull(bytea)),
    at: from('t.given_at', orNull(time)),
  },
  sql: ({ tenant, caseId }, columns) => `
  select ${columns()} from traveller_forms f
  left join travellers t on t.booking_id = f.booking_id and t.version = f.newest and t.tenant = f.tenant
  where f.case_id = ${caseId} and f.tenant = ${tenant}
  order by f.booking_id
  limit 100`,
});

export const versionOfTrip = statement('travellers_version', {
  takes: { ...ofTrip, version: int4 },
  gives: { body: bytea },
  sql: ({ tenant, caseId, bookingId, version }, columns) => `
  select ${columns()} from travellers
  where booking_id = ${bookingId} and version = ${version} and tenant = ${tenant} and case_id = ${caseId}`,
});

/**
 * Stores a version after the one that was the newest when it was encrypted; nothing where another came first, the form was
 * closed, or the key that it is encrypted with is not the case's: nobody could ever read it.
 */
export const keepVersion = statement('keep_travellers', {
  takes: { ...ofTrip, version: int4, count: int4, body: bytea, keyId: uuid },
  gives: { at: from('given_at', time) },
  sql: ({ tenant, caseId, bookingId, version, count, body, keyId }, columns) => `
  with readable as (
    select from data_keys where case_id = ${caseId} and tenant = ${tenant} and key_id = ${keyId}
  ), next as (
    insert into traveller_forms as f (booking_id, tenant, case_id, newest)
    select ${bookingId}::text, ${tenant}::text, ${caseId}::text, ${version}::int4 from readable
    on conflict (booking_id) do update set newest = ${version}, updated_at = clock_timestamp()
      where f.newest = ${version} - 1 and f.closed is null and f.tenant = ${tenant} and f.case_id = ${caseId}
    returning booking_id
  )
  insert into travellers (booking_id, version, tenant, case_id, count, body)
  select booking_id, ${version}::int4, ${tenant}::text, ${caseId}::text, ${count}::int4, ${body}::bytea from next
  returning ${columns()}`,
});

export const closeForm = statement('close_traveller_form', {
  takes: { ...ofTrip, reason: textOf<FormClosing>() },
  gives: { newest: from('f.newest', int4) },
  sql: ({ tenant, caseId, bookingId, reason }, columns) => `
  insert into traveller_forms as f (booking_id, tenant, case_id, newest, closed)
  values (${bookingId}, ${tenant}, ${caseId}, 0, ${reason})
  on conflict (booking_id) do update set closed = ${reason}, updated_at = clock_timestamp()
    where f.tenant = ${tenant} and f.case_id = ${caseId}
  returning ${columns()}`,
});

export const reopenForm = statement('reopen_traveller_form', {
  takes: ofTrip,
  gives: { reopened: from('true', bool) },
  sql: ({ tenant, caseId, bookingId }, columns) => `
  update traveller_forms set closed = null, updated_at = clock_timestamp()
  where booking_id = ${bookingId} and tenant = ${tenant} and case_id = ${caseId} and closed is not null
  returning ${columns()}`,
});
