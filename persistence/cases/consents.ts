import type pg from 'pg';

import type { ConsentRecord, ConsentRegister } from '../../actors/ports/consents.ts';
import type { ConsentPurpose } from '../../actors/shapes/consents.ts';
import { reached } from '../database/pool.ts';
import { decrypt, encrypt, type Place } from '../encryption/cipher.ts';
import type { Keyring } from '../encryption/keyring.ts';
import {
  consentEvidence,
  hasTextHash,
  liveConsents,
  recordConsent,
  sameConsent,
} from './consents-sql.ts';

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
    async record(id, { tenant, caseId, purpose, status, text, lang, textHash, messageId, at }) {
      const hash = bytesOf(textHash);
      const key = await keyring.newDataKey(tenant, caseId);
      const evidence = encrypt(key, placeOf(tenant, caseId, id), JSON.stringify({ messageId }));
      const said = [tenant, caseId, purpose, status, text, lang, hash];
      const saidAt = new Date(at);
      const values = [id, ...said, evidence, saidAt, key.wrapped];
      const [recorded] = await reached('consents', recordConsent(pool, values));
      if (recorded) return;
      const [known] = await reached('consents', sameConsent(pool, [id, ...said, saidAt]));
      if (known?.same !== true) throw new Error(`Consent ${id} is recorded and says another thing`);
    },

    live: (tenant, caseId) => liveConsents(pool, [tenant, caseId]),

    async verify(tenant, id, textHash) {
      const [found] = await hasTextHash(pool, [tenant, id, Buffer.from(textHash, 'hex')]);
      return found?.same === true;
    },

    async messageIdOf(tenant, id) {
      const [found] = await consentEvidence(pool, [tenant, id]);
      if (!found) return null;
      const { case_id: caseId, evidence, wrapped } = found;
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
