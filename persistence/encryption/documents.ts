import type { DocumentPlace } from '../../actors/ports/documents.ts';
import { reached } from '../database/pool.ts';
import { decryptBytes, encrypt, type Place } from './cipher.ts';
import type { DataKeys } from './data-keys.ts';
import { KeyMissing } from './errors.ts';

/** Encrypts documents with their case's own key, so that destroying the key destroys them too, wherever copies lie. */
export interface DocumentEncryption {
  /**
   * @throws {KeyMissing} no such case, or its key was destroyed
   * @throws {KeyUnreadable} its key is broken
   * @throws {ProviderUnreachable} the database, which has the keys, is away
   */
  encrypt(place: DocumentPlace, bytes: Uint8Array): Promise<Uint8Array>;
  /** @throws {KeyMissing | KeyUnreadable | CiphertextBroken | ProviderUnreachable} */
  decrypt(place: DocumentPlace, encrypted: Uint8Array): Promise<Uint8Array>;
}

export function createDocumentEncryption(keys: Pick<DataKeys, 'load'>): DocumentEncryption {
  async function keyOf({ tenant, caseId }: DocumentPlace) {
    const { known, broken } = await reached('documents', keys.load([caseId]));
    const unreadable = broken.get(caseId);
    if (unreadable) throw unreadable;
    const key = known.get(caseId);
    if (key?.tenant !== tenant) throw new KeyMissing(caseId);
    return key;
  }
  return {
    encrypt: async (place, bytes) => encrypt(await keyOf(place), rowOf(place), asBuffer(bytes)),
    decrypt: async (place, encrypted) =>
      decryptBytes(await keyOf(place), rowOf(place), asBuffer(encrypted)),
  };
}

const rowOf = ({ tenant, caseId, name }: DocumentPlace): Place => ({
  tenant,
  caseId,
  table: 'documents',
  column: 'bytes',
  row: name,
});

const asBuffer = ({ buffer, byteOffset, byteLength }: Uint8Array): Buffer =>
  Buffer.from(buffer, byteOffset, byteLength);
