import type pg from 'pg';

import type { ConsentRecord, ConsentRegister } from '../../actors/ports/consents.ts';
import type { ConsentPurpose } from '../../actors/shapes/consents.ts';
import { reached } from '../database/pool.ts';
import { bool, bytea, from, statement, text, textOf, time } from '../database/statement.ts';
import { decrypt, encrypt, type Place } from '../encryption/cipher.ts';
import type { Keyring } from '../encryption/keyring.ts';

/** What a record says. */
const said = {
  id: text,
  tenant: text,
  caseId: text,
  purpose: text,
  status: text,
  text,
  lang: text,
  textHash: bytea,
  saidAt: time,
};

/** The record and the key of its evidence, or neither: a record that is there stays as it is. */
const recordConsent = statement('record_consent', {
  takes: { ...said, evidence: bytea, wrapped: bytea },
  gives: { id: from('consent_id', text) },
  sql: ({
    id,
    tenant,
    caseId,
    purpose,
    status,
    text,
    lang,
    textHash,
    evidence,
    saidAt,
    wrapped,
  }) => `
  with recorded as (
    insert into consents (id, tenant, case_id, purpose, status, text, lang, text_hash, evidence, said_at)
    values (${id}, ${tenant}, ${caseId}, ${purpose}, ${status}, ${text}, ${lang}, ${textHash}, ${evidence}, ${saidAt})
    on conflict (id) do nothing
    returning id
  )
  insert into consent_keys (consent_id, wrapped) select id, ${wrapped}::bytea from recorded
  returning consent_id as id`,
});

/** Whether what is recorded under this id says the same. */
const sameConsent = statement('same_consent', {
  takes: said,
  gives: { same: bool },
  sql: ({
    id,
    tenant,
    caseId,
    purpose,
    status,
    text,
    lang,
    textHash,
    saidAt,
  }) => `select (tenant, case_id, purpose, status, text, lang, text_hash, said_at)
     = (${tenant}::text, ${caseId}::text, ${purpose}::text, ${status}::text, ${text}::text, ${lang}::text, ${textHash}::bytea, ${saidAt}::timestamptz) as same
   from consents where id = ${id}`,
});

/**
 * The newest answer for each purpose by when it was said. That clock has whole seconds: of two answers in one second
 * the one that is not `given` counts, whichever was recorded first.
 */
export const liveConsents = statement('live_consents', {
  takes: { tenant: text, caseId: text },
  gives: {
    purpose: textOf<ConsentPurpose>(),
    status: textOf<ConsentRecord['status']>(),
    text,
    lang: text,
    at: from('said_at', time),
  },
  sql: ({ tenant, caseId }, columns) => `select distinct on (purpose) ${columns()}
   from consents where tenant = ${tenant} and case_id = ${caseId}
   order by purpose, said_at desc, status = 'given', recorded_at desc, id desc`,
});

const hasTextHash = statement('has_text_hash', {
  takes: { tenant: text, id: text, textHash: bytea },
  gives: { same: bool },
  sql: ({ tenant, id, textHash }) =>
    `select text_hash = ${textHash} as same from consents where tenant = ${tenant} and id = ${id}`,
});

const consentEvidence = statement('consent_evidence', {
  takes: { tenant: text, id: text },
  gives: {
    caseId: from('c.case_id', text),
    evidence: from('c.evidence', bytea),
    wrapped: from('k.wrapped', bytea),
  },
  sql: (
    { tenant, id },
    columns,
  ) => `select ${columns()} from consents c join consent_keys k on k.consent_id = c.id
   where c.tenant = ${tenant} and c.id = ${id}`,
});

/** A purpose's newest answer. */
export interface LiveConsent {
  readonly purpose: ConsentPurpose;
  readonly status: ConsentRecord['status'];
  readonly text: string;
  readonly lang: string;
  /** When it was said: ISO 8601, UTC. */
  readonly at: string;
}

/** The register as auditors read it. Of another tenant's records it knows nothing. */
export interface ConsentProof {
  /** The newest answer for each purpose, by the time it was said. Empty if nothing was ever asked. */
  live(tenant: string, caseId: string): Promise<readonly LiveConsent[]>;
  /** Whether this record is about words with this SHA-256 (hex). False if there is no such record. */
  verify(tenant: string, id: string, textHash: string): Promise<boolean>;
  /**
   * The id of the message that answered. PHI: it encodes the phone number. Null if there is no such record, or its key
   * was destroyed.
   */
  messageIdOf(tenant: string, id: string): Promise<string | null>;
}

/**
 * Consents in a table that only grows. The message id is encrypted with a key of its own, wrapped for its tenant, so that
 * the proof does not go with the case's key.
 *
 * `record` throws `ProviderUnreachable` when the database is away, and an `Error` when `id` is there already and says
 * something else.
 */
export function createConsentRegister({
  pool,
  keyring,
}: {
  readonly pool: pg.Pool;
  readonly keyring: Keyring;
}): ConsentRegister & ConsentProof {
  return {
    async record(id, { messageId, at, textHash, ...record }) {
      const { tenant, caseId } = record;
      const said = { id, ...record, textHash: bytesOf(textHash), saidAt: new Date(at) };
      const key = await keyring.newDataKey(tenant, caseId);
      const evidence = encrypt(key, placeOf(tenant, caseId, id), JSON.stringify({ messageId }));
      const recorded = recordConsent(pool, { ...said, evidence, wrapped: key.wrapped });
      if ((await reached('consents', recorded)).length > 0) return;
      const [known] = await reached('consents', sameConsent(pool, said));
      if (known?.same !== true) throw new Error(`Consent ${id} is recorded and says another thing`);
    },

    live: (tenant, caseId) => liveConsents(pool, { tenant, caseId }),

    async verify(tenant, id, textHash) {
      const [found] = await hasTextHash(pool, {
        tenant,
        id,
        textHash: Buffer.from(textHash, 'hex'),
      });
      return found?.same === true;
    },

    async messageIdOf(tenant, id) {
      const [found] = await consentEvidence(pool, { tenant, id });
      if (!found) return null;
      const { caseId, evidence, wrapped } = found;
      const key = await keyring.unwrap(tenant, caseId, wrapped);
      const opened = decrypt(key, placeOf(tenant, caseId, id), evidence);
      return (JSON.parse(opened) as { messageId: string }).messageId;
    },
  };
}

function placeOf(tenant: string, caseId: string, id: string): Place {
  return { tenant, caseId, table: 'consents', column: 'evidence', row: id };
}

function bytesOf(textHash: string): Buffer {
  if (!/^[\da-f]{64}$/i.test(textHash)) throw new RangeError('Not the SHA-256 of a text, in hex');
  return Buffer.from(textHash, 'hex');
}
