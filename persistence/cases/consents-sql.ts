import type { ConsentRecord } from '../../actors/ports/consents.ts';
import type { ConsentPurpose } from '../../actors/shapes/consents.ts';
import { statement } from '../database/pool.ts';
import { iso } from '../database/times.ts';

/** The record and the key of its evidence, or neither: a record that is there stays as it is. */
export const recordConsent = statement<{ id: string }>(
  'record_consent',
  `
  with recorded as (
    insert into consents (id, tenant, case_id, purpose, status, text, lang, text_hash, evidence, said_at)
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
    on conflict (id) do nothing
    returning id
  )
  insert into consent_keys (consent_id, wrapped) select id, $11::bytea from recorded
  returning consent_id as id`,
);

/** Whether what is recorded under this id says the same. */
export const sameConsent = statement<{ same: boolean }>(
  'same_consent',
  `select (tenant, case_id, purpose, status, text, lang, text_hash, said_at)
     = ($2::text, $3::text, $4::text, $5::text, $6::text, $7::text, $8::bytea, $9::timestamptz) as same
   from consents where id = $1`,
);

/**
 * The newest answer for each purpose by when it was said. That clock has whole seconds: of two answers in one second
 * the one that is not `given` counts, whichever was recorded first.
 */
export const liveConsents = statement<{
  purpose: ConsentPurpose;
  status: ConsentRecord['status'];
  text: string;
  lang: string;
  at: string;
}>(
  'live_consents',
  `select distinct on (purpose) purpose, status, text, lang, ${iso('said_at')} as at
   from consents where tenant = $1 and case_id = $2
   order by purpose, said_at desc, status = 'given', recorded_at desc, id desc`,
);

export const hasTextHash = statement<{ same: boolean }>(
  'has_text_hash',
  `select text_hash = $3 as same from consents where tenant = $1 and id = $2`,
);

export const consentEvidence = statement<{
  case_id: string;
  evidence: Buffer;
  wrapped: Buffer;
}>(
  'consent_evidence',
  `select c.case_id, c.evidence, k.wrapped from consents c join consent_keys k on k.consent_id = c.id
   where c.tenant = $1 and c.id = $2`,
);
